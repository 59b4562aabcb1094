"""Work in processes of their own, several at once: what ends one of them takes no neighbour along.

A task is one file to read or one workbook to write. Answers come in the order in which they are ready, so
nothing may depend on it. Every process is spawned, not forked: a copy of a process with threads may stand
still for ever, and it is the same on all systems.
"""

from __future__ import annotations

import contextlib
import faulthandler
import multiprocessing
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import ModuleType
from typing import Any

SECONDS = 30  # for one task: a slow disk and a virus scanner may take their time
MOST = 60  # processes: Windows waits for 63 things at once
GRACE = 5  # seconds after which a process ends that nobody has ended
MEMORY = 2**30  # bytes of address space for the tasks, where the system can hold a process to it

Work = Callable[[Any, Any], Any]  # (what a batch shares, task) -> answer
Maker = Callable[[Any], Work]  # the context -> the work; a function or class of a module


@dataclass(frozen=True)
class Batch:
    """Tasks that one process does one after the other; ``shared`` is sent once for all of them."""

    tasks: Sequence[Any]
    shared: Any = None


@dataclass(frozen=True)
class Lost:
    """In place of an answer: the task ended its process, or took longer than so many ``seconds``."""

    seconds: float = 0

    def reason(self, work: str) -> str:
        """Why, in Vietnamese; ``work``: what was being done with a file, as "đọc"."""
        if self.seconds:
            return f"việc {work} tệp kéo dài quá {self.seconds:g} giây"
        return f"chương trình {work} tệp dừng đột ngột"


@dataclass(frozen=True)
class _Failed:
    """The work itself raised this; it is raised again where the answer is fetched."""

    error: Exception


@dataclass(frozen=True)
class _Context:
    """From now on the works are made of this."""

    content: Any


class Crew:
    """Processes that are started when there is work for them, kept for the next, and replaced when one is lost.

    Call ``stop`` in the end, or leave it to the end of the program.
    """

    def __init__(self, seconds: float = SECONDS):
        self.seconds = seconds
        self._idle: list[_Process] = []
        self._busy: list[_Process] = []

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def each(
        self, maker: Maker, batches: Iterable[Batch], context: Any = None, jobs: int = 1
    ) -> Iterator[tuple[Any, Any]]:
        """(task, its answer or ``Lost``) of every task, as they come. What the work raises is raised here.

        ``context``: sent to each process once, not with every batch; None where the work asks for none.
        ``jobs``: how many work at once.
        RuntimeError if no process can be started.
        """
        todo, again, most = iter(batches), deque[Batch](), min(max(jobs, 1), MOST)
        try:
            while self._hand_out(maker, context, todo, again, most):
                for process in self._ready():
                    yield from self._fetch(process, again)
        finally:
            # Nobody will fetch what is still being done: it must not be taken for the next answer.
            self._end(self._busy)

    def stop(self) -> None:
        """End all processes, whatever they are doing."""
        self._end(self._busy)
        self._end(self._idle)

    def _hand_out(
        self, maker: Maker, context: Any, todo: Iterator[Batch], again: deque[Batch], most: int
    ) -> bool:
        """Give every free place a batch. Is anybody at work?"""
        while len(self._busy) < most:
            batch = again.popleft() if again else next(todo, None)
            if batch is None:
                break
            if batch.tasks:
                process = self._idle.pop() if self._idle else _Process(self.seconds)
                self._busy.append(process)
                process.begin(maker, batch, context)
        return bool(self._busy)

    def _ready(self) -> list[_Process]:
        """Those that have an answer, were lost, or take too long."""
        rest = min(process.deadline for process in self._busy) - time.monotonic()
        found = set(wait([process.pipe for process in self._busy], max(rest, 0)))
        late = time.monotonic()
        return [p for p in self._busy if p.pipe in found or p.deadline <= late]

    def _fetch(self, process: _Process, again: deque[Batch]) -> Iterator[tuple[Any, Any]]:
        task, answer = process.fetch(self.seconds)
        if isinstance(answer, _Failed):
            raise answer.error
        if isinstance(answer, Lost):
            self._end([process])
            again.append(process.rest)
        elif not process.rest.tasks:
            self._busy.remove(process)
            self._idle.append(process)
        yield task, answer

    def _end(self, processes: list[_Process]) -> None:
        for process in list(processes):
            process.stop()
            for own in (self._busy, self._idle):
                if process in own:
                    own.remove(process)


CREW = Crew()  # one for all commands of a program: starting a process takes longer than reading fifty forms


class _Process:
    """One process, and the batch that it is at."""

    _known: Any = None  # the context that it was told last

    def __init__(self, seconds: float):
        spawning = multiprocessing.get_context("spawn")
        self.pipe, theirs = spawning.Pipe()
        arguments = (theirs, seconds)
        self._process = spawning.Process(target=_serve, args=arguments, daemon=True)
        try:
            with _no_main():
                self._process.start()
        except OSError as error:  # no task's fault
            raise RuntimeError("no process can be started") from error
        finally:
            theirs.close()
        self._seconds = seconds
        self.rest = Batch(())
        self.deadline = 0.0

    def begin(self, maker: Maker, batch: Batch, context: Any) -> None:
        self.rest, self.deadline = batch, time.monotonic() + self._seconds
        with contextlib.suppress(OSError):  # it is gone already: noticed when the answer is fetched
            if context is not None and self._known is not context:
                self.pipe.send(_Context(context))
                self._known = context
            self.pipe.send((maker, batch))

    def fetch(self, seconds: float) -> tuple[Any, Any]:
        """(the task in hand, its answer)."""
        task, *others = self.rest.tasks
        self.rest = Batch(others, self.rest.shared)
        self.deadline = time.monotonic() + seconds
        try:
            if not self.pipe.poll(0):
                return task, Lost(seconds)
            return task, self.pipe.recv()
        except (EOFError, OSError):
            return task, Lost()

    def stop(self) -> None:
        self._process.kill()
        self._process.join()
        self.pipe.close()


@contextlib.contextmanager
def _no_main() -> Iterator[None]:
    """A child would import the parent's main module: a script without a guard would run a second time."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


# In the process -----------------------------------------------------------------------------------


def _serve(pipe: Connection, seconds: float) -> None:
    """An answer a task, until the other end is closed."""
    _limit_memory()
    with contextlib.suppress(EOFError, KeyboardInterrupt, OSError), open(os.devnull, "w") as nowhere:
        context: Any = None
        made: dict[Maker, Work] = {}
        while True:
            order = pipe.recv()
            if isinstance(order, _Context):
                context, made = order.content, {}
                continue
            maker, batch = order
            for task in batch.tasks:
                # Whatever the work is caught in, and also where the parent was killed before it could end us.
                faulthandler.dump_traceback_later(seconds + GRACE, exit=True, file=nowhere)
                _tell(pipe, _answer(made, maker, context, batch.shared, task))
                faulthandler.cancel_dump_traceback_later()


def _tell(pipe: Connection, answer: Any) -> None:
    try:
        pipe.send(answer)
    except MemoryError as error:
        pipe.send(_Failed(error))


def _answer(made: dict[Maker, Work], maker: Maker, context: Any, shared: Any, task: Any) -> Any:
    try:
        if maker not in made:
            made[maker] = maker(context)
        return made[maker](shared, task)
    except Exception as error:  # it is the parent's to tell
        return _Failed(error)


def _limit_memory() -> None:
    """Beside what the libraries have taken already: on many processors that may be much."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        limit = pages * resource.getpagesize() + MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
