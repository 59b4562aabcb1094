"""Work for a process of a crew: what a hostile file might make of it."""

from __future__ import annotations

import ctypes
import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from parxl.reading.many import reader as READER
from parxl.workshop import Campaign

SECONDS = 20  # for what should take one: a busy machine takes its time
DEADLY = "chết"  # in the name of a file that kills its reader


def obey(order: str) -> Any:
    """Do what the order says, or give it back with the number of the process."""
    return ORDERS.get(order.split()[0], _echo)(order)


def obeying(context: Any) -> Callable[[Any, str], Any]:
    """The work: an order, done in the process."""
    return lambda shared, order: obey(order)


def _echo(order: str) -> tuple[str, int]:
    return order, os.getpid()


def _exit(order: str) -> None:
    os._exit(0)


def _crash(order: str) -> None:
    ctypes.string_at(0)


def _sleep(order: str) -> None:
    time.sleep(3600)


def _spin(order: str) -> None:
    """In C, without ever letting another thread of Python run."""
    re.match(r"(a|a)*b", "a" * 64)


def _eat(order: str) -> int:
    return len([bytes(2**20) for _ in range(2**14)])


def _fail(order: str) -> None:
    raise ZeroDivisionError(order)


def _late(order: str) -> tuple[str, int]:
    time.sleep(2)
    return _echo(order)


ORDERS = {
    "exit": _exit,
    "crash": _crash,
    "sleep": _sleep,
    "spin": _spin,
    "eat": _eat,
    "fail": _fail,
    "late": _late,
}


class DeadlyReader:
    """``many.reader``, which dies of some files."""

    def __init__(self, campaign: Campaign):
        self.read = READER(campaign)

    def __call__(self, shared: None, task: tuple[str, Path]) -> bytes:
        if DEADLY in task[0]:
            os._exit(1)
        return self.read(shared, task)


class FailingReader(DeadlyReader):
    """The same for two numbers of the fuzzer's files: it dies of one, and fails over the other."""

    def __call__(self, shared: None, task: tuple[str, Path]) -> bytes:
        if task[0].endswith("000003.xlsx"):
            os._exit(1)
        if task[0].endswith("000004.xlsx"):
            raise ZeroDivisionError(task[0])
        return self.read(shared, task)


def ended(process: int) -> bool:
    """Is there no such process any more, or only its name?"""
    for _ in range(SECONDS * 10):
        try:
            state = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.1)
    return False
