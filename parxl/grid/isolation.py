"""Reading in a process of its own: a file that kills its reader takes no neighbour along.

The limits of this package keep every file that we know of below a second and 100 MB; the process is the fuse
for what nobody knows of yet.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from parxl.crew import CREW, Batch, Lost
from parxl.grid import ARRIVED, Limits, read_workbook
from parxl.grid.model import Unreadable, Workbook

STOPPED = "PX318"
TOO_MUCH = "nội dung tệp đòi hỏi quá nhiều bộ nhớ"
Read = tuple[str, Workbook | Unreadable]  # (SHA-256 of the file, its workbook or why it cannot be read)


def read_file(path: Path, limits: Limits = ARRIVED) -> Read:
    """(SHA-256 of the file, its workbook or why it cannot be read). OSError if it cannot be opened.

    A file that is too large is not read at all: no SHA-256.
    """
    content = _content(path, limits)
    digest = _digest(content, limits)
    try:
        return digest, read_workbook(content, limits)
    except Unreadable as error:
        return digest, error
    except MemoryError:
        return digest, Unreadable(STOPPED, TOO_MUCH)
    except Exception as error:  # a mistake of ours over one file must not stop the others
        return digest, Unreadable(STOPPED, f"chương trình gặp lỗi {type(error).__name__} khi đọc tệp")


def _content(path: Path, limits: Limits) -> bytes:
    """All of a file; of one that is too large, enough to know."""
    with path.open("rb") as stream:
        return stream.read(min(os.fstat(stream.fileno()).st_size, limits.file) + 1)


def _digest(content: bytes, limits: Limits) -> str:
    return hashlib.sha256(content).hexdigest() if len(content) <= limits.file else ""


def read_apart(path: Path, limits: Limits = ARRIVED) -> Read:
    """``read_file`` in a process of its own; a file that ends its process is Unreadable too."""
    ((_, answer),) = CREW.each(_reader, [Batch([(path, limits)])])
    if isinstance(answer, Lost):
        return _digest(_content(path, limits), limits), Unreadable(STOPPED, answer.reason("đọc"))
    found: Read = answer
    return found


def _reader(context: object) -> Callable[[None, tuple[Path, Limits]], Read]:
    return lambda shared, task: read_file(*task)
