"""What one command costs: CPU of all its processes, wall time, and the most memory they hold together."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parent.parent
PROC = Path("/proc")
BETWEEN_SAMPLES = 0.1  # seconds
PR_SET_CHILD_SUBREAPER = 36


class Failed(Exception):
    """A measured command did not do its work."""


@dataclass(frozen=True)
class Measured:
    """``cpu``, ``wall``: seconds; ``peak``: bytes of all processes together, 0 where not asked for."""

    cpu: float
    wall: float
    peak: int
    output: str


# From outside: a command as a whole ---------------------------------------------------------------


def measure(command: Sequence[str], good: Sequence[int] = (0,), peak: bool = False) -> Measured:
    """Run it to its end. Failed unless its exit code is one of ``good``."""
    others = set(descendants(os.getpid()))
    with _adopting(), tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=errors, env=_environment())
        with _watching(others) if peak else nullcontext([0]) as sums:
            _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        cpu = usage.ru_utime + usage.ru_stime + _cpu_of_orphans(others)
        output.seek(0)
        errors.seek(0)
        if process.returncode not in good:
            told = errors.read().decode(errors="replace")[-3000:]
            raise Failed(f"{' '.join(command)[:300]}: exit code {process.returncode}\n{told}")
        return Measured(cpu, wall, max(sums, default=0), output.read().decode())


def measure_case(case: str, peak: bool = False, **arguments: Any) -> tuple[Measured, Any]:
    """Run one case of ``bench.cases`` in a process of its own; what it cost, and what it answers."""
    command = [sys.executable, "-m", "bench.cases", json.dumps({"case": case, **arguments})]
    measured = measure(command, peak=peak)
    return measured, json.loads(measured.output)


def _environment() -> dict[str, str]:
    """``bench`` and the other test modules can be imported; a failure of parxl shows where it stands.

    Every program keeps its compiled modules, as an installed one does, whatever this machine says.
    """
    paths = [str(TESTS), *filter(None, [os.environ.get("PYTHONPATH")])]
    own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**own, "PYTHONPATH": os.pathsep.join(paths), "PARXL_DEBUG": "1"}


@contextmanager
def _adopting() -> Iterator[None]:
    """A process that outlives its parent becomes ours: else its CPU time would be counted nowhere."""
    control = ctypes.CDLL(None).prctl
    control(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    yield
    control(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def _cpu_of_orphans(others: set[int]) -> float:
    """Wait for every process that is left, but for these, and add up what they used."""
    total = 0.0
    while left := set(descendants(os.getpid())) - others:
        for process in left:
            # One that is not ours yet becomes it as soon as its parent has ended.
            with suppress(ChildProcessError):
                _, _, usage = os.wait4(process, 0)
                total += usage.ru_utime + usage.ru_stime
    return total


@contextmanager
def _watching(others: set[int]) -> Iterator[list[int]]:
    """Again and again how much memory all processes below this one hold, but for these."""
    sums: list[int] = []
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(BETWEEN_SAMPLES):
            sums.append(sum(map(memory_of, set(descendants(os.getpid())) - others)))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    yield sums
    ended.set()
    thread.join()


def memory_of(process: int) -> int:
    """Bytes; what several processes share is divided among them, where the system tells."""
    try:
        rollup = (PROC / str(process) / "smaps_rollup").read_text(encoding="ascii")
        return next(int(line.split()[1]) * 1024 for line in rollup.splitlines() if line.startswith("Pss:"))
    except (OSError, StopIteration):
        return _resident(process)


def _resident(process: int) -> int:
    try:
        pages = (PROC / str(process) / "statm").read_text(encoding="ascii").split()[1]
        return int(pages) * resource.getpagesize()
    except (OSError, IndexError):
        return 0  # it has ended


def descendants(root: int) -> list[int]:
    """The processes below this one, without it."""
    children: dict[int, list[int]] = {}
    for process, parent in _processes():
        children.setdefault(parent, []).append(process)
    found, left = [], children.get(root, [])
    while left:
        found += left
        left = [child for process in left for child in children.get(process, [])]
    return found


def _processes() -> Iterator[tuple[int, int]]:
    """(process, its parent) of everything that runs."""
    for entry in os.listdir(PROC):
        if entry.isdecimal():
            try:
                # The name of a process may hold anything, and stands in brackets.
                facts = (PROC / entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2]
            except OSError:
                continue
            yield int(entry), int(facts.split()[1])


# From inside: stages of one process ---------------------------------------------------------------


@dataclass
class Stopwatch:
    """Adds up what named stages cost, all in this process. ``cpu``, ``wall``: stage -> seconds."""

    cpu: dict[str, float] = field(default_factory=dict)
    wall: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        cpu, wall = time.process_time(), time.perf_counter()
        yield
        self.cpu[name] = self.cpu.get(name, 0.0) + time.process_time() - cpu
        self.wall[name] = self.wall.get(name, 0.0) + time.perf_counter() - wall
