"""Reading in a process of its own: a file that kills its reader takes no neighbour along.

The limits of this package keep every file that we know of below a second and 100 MB; the process is the fuse
for what nobody knows of yet.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from parxl.crew import CREW, Batch, Lost
from parxl.grid import ARRIVED, Limits, read_workbook
from parxl.grid.model import Unreadable, Workbook

STOPPED = "PX318"
TOO_MUCH = "nội dung tệp đòi hỏi quá nhiều bộ nhớ"
CHUNK = 2**20
Read = tuple[str, Workbook | Unreadable]  # (SHA-256 of the file, its workbook or why it cannot be read)


def read_file(path: Path, limits: Limits = ARRIVED) -> Read:
    """(SHA-256 of the file, its workbook or why it cannot be read). OSError if it cannot be opened.

    A file that is too large is not read at all: no SHA-256.
    """
    with path.open("rb") as stream:
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


def read_apart(path: Path, limits: Limits = ARRIVED) -> Read:
    """``read_file`` in a process of its own; a file that ends its process is Unreadable too."""
    ((_, answer),) = CREW.each(_reader, [Batch([(path, limits)])])
    if isinstance(answer, Lost):
        with path.open("rb") as stream:
            return _digest(stream, limits), Unreadable(STOPPED, answer.reason("đọc"))
    found: Read = answer
    return found


def _reader(context: object) -> Callable[[None, tuple[Path, Limits]], Read]:
    return lambda shared, task: read_file(*task)
