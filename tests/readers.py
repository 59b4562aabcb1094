"""Work for a ``Reader``'s child: what a hostile file might make of it."""

from __future__ import annotations

import ctypes
import os
import re
import time
from pathlib import Path
from typing import Any

from parxl.grid.isolation import read_file

DEADLY = "chết"  # in the name of a file that kills its reader


def obey(order: str) -> Any:
    """Do what the order says, or give it back with the number of the process."""
    return ORDERS.get(order.split()[0], _echo)(order)


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


def read_or_die(path: str, *limits: Any) -> Any:
    """``read_file``, but for one name."""
    if DEADLY in Path(path).name:
        os._exit(1)
    return read_file(path, *limits)


def read_or_fail(path: str, *limits: Any) -> Any:
    """``read_file``, but for two numbers of the fuzzer's files."""
    if path.endswith("000003.xlsx"):
        os._exit(1)
    if path.endswith("000004.xlsx"):
        raise ZeroDivisionError(path)
    return read_file(path, *limits)
