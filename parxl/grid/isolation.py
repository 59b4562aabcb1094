"""Reading in a process of its own: a file that kills its reader takes no neighbour along.

The limits of this package keep every file that we know of below a second and 100 MB; this is the fuse
for what nobody knows of yet.
"""

from __future__ import annotations

import contextlib
import faulthandler
import hashlib
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO

from parxl.grid import ARRIVED, Limits, read_workbook
from parxl.grid.model import Unreadable, Workbook

STOPPED = "PX318"
SECONDS = 30  # for one file: a slow disk and a virus scanner may take their time
GRACE = 5  # seconds after which a child ends that nobody has ended
MEMORY = 2**30  # bytes of address space for one file, where the system can hold a process to it
TOO_MUCH = "nội dung tệp đòi hỏi quá nhiều bộ nhớ"
CHUNK = 2**20


def read_file(path: str, limits: Limits = ARRIVED) -> tuple[str, Workbook | Unreadable]:
    """(SHA-256 of the file, its workbook or why it cannot be read). OSError if it cannot be opened.

    A file that is too large is not read at all: no SHA-256.
    """
    with Path(path).open("rb") as stream:
        digest = _digest(stream, limits)
        try:
            return digest, read_workbook(stream, limits)
        except Unreadable as error:
            return digest, error
        except MemoryError:
            return digest, Unreadable(STOPPED, TOO_MUCH)
        except Exception as error:  # a mistake of ours over one file must not stop the others
            return digest, Unreadable(STOPPED, f"chương trình gặp lỗi {type(error).__name__} khi đọc tệp")


def _digest(stream: BinaryIO, limits: Limits) -> str:
    if stream.seek(0, os.SEEK_END) > limits.file:
        return ""
    stream.seek(0)
    digest = hashlib.sha256()
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


class Reader:
    """Calls ``work`` in a child process, which is started when it is needed and again after it died."""

    def __init__(self, work: Callable[..., Any], seconds: float = SECONDS):
        self._work, self._seconds = work, seconds
        self._process: Any = None
        self._pipe: Any = None

    def read(self, *arguments: Any) -> Any:
        """What ``work`` returns or raises. Unreadable PX318 if the child dies of it, or never ends."""
        if self._process is None:
            self._start()
        try:
            self._pipe.send(arguments)
            if not self._pipe.poll(self._seconds):
                raise Unreadable(STOPPED, f"việc đọc tệp kéo dài quá {self._seconds:g} giây")
            answer = self._pipe.recv()
        except (EOFError, OSError) as error:
            self.stop()
            raise Unreadable(STOPPED, "chương trình đọc tệp dừng đột ngột") from error
        except BaseException:
            # Nobody will fetch this answer: it must not be taken for the next file's.
            self.stop()
            raise
        if isinstance(answer, Exception):
            raise answer
        return answer

    def stop(self) -> None:
        """End the child, whatever it is doing."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._pipe.close()
            self._process = None

    def _start(self) -> None:
        # Not forked: a copy of a process with threads may stand still for ever.
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        arguments = (theirs, self._work, self._seconds)
        self._process = context.Process(target=_serve, args=arguments, daemon=True)
        try:
            with _no_main():
                self._process.start()
        except OSError as error:  # no file's fault
            self._process = None
            raise RuntimeError("no process to read files can be started") from error
        theirs.close()


@contextlib.contextmanager
def _no_main() -> Iterator[None]:
    """A child would import the parent's main module: a script without a guard would run a second time."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _serve(pipe: Connection, work: Callable[..., Any], seconds: float) -> None:
    """The child: one answer a file, until the other end is closed."""
    _limit_memory()
    with contextlib.suppress(EOFError, KeyboardInterrupt, BrokenPipeError), open(os.devnull, "w") as nowhere:
        while True:
            arguments = pipe.recv()
            # Whatever the work is caught in, and also where the parent was killed before it could end us.
            faulthandler.dump_traceback_later(seconds + GRACE, exit=True, file=nowhere)
            _answer(pipe, work, arguments)
            faulthandler.cancel_dump_traceback_later()


def _answer(pipe: Connection, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    try:
        answer: Any = work(*arguments)
    except Exception as error:  # it is the parent's to tell
        answer = error
    try:
        pipe.send(answer)
    except MemoryError:
        pipe.send(Unreadable(STOPPED, TOO_MUCH))


def _limit_memory() -> None:
    """Beside what the libraries have taken already: on many processors that may be much."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        limit = pages * resource.getpagesize() + MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


READER = Reader(read_file)


def read_apart(path: Path, limits: Limits = ARRIVED) -> tuple[str, Workbook | Unreadable]:
    """``read_file`` in the child; a file that ends its child is Unreadable too."""
    try:
        answer: tuple[str, Workbook | Unreadable] = READER.read(str(path), limits)
        return answer
    except Unreadable as error:
        with path.open("rb") as stream:
            return _digest(stream, limits), error
