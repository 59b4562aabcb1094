"""The archive around a workbook's parts: byte for byte what XlsxWriter's ``ZipFile`` would make with zlib-ng.

Written here, because zipfile takes nothing that is deflated already: most small parts of a workbook are those
of the one before, and so are long runs of others (``Same``), which alone are deflated apart.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from zlib_ng import zlib_ng

# As the description of the format has them (APPNOTE 4.3.7, 4.3.12, 4.3.16).
LOCAL, CENTRAL, END = struct.Struct("<4s5H3L2H"), struct.Struct("<4s2B5H3L5H2L"), struct.Struct("<4s4H2LH")
VERSION, DEFLATED = 20, 8
LEVEL = 5  # of compression: as small as zlib makes it at its usual 6, in less than half the time
SYSTEM = 0 if sys.platform == "win32" else 3
DAY = 0 << 9 | 1 << 5 | 1  # 1 January 1980, at midnight
MODE = 0o600 << 16


class Packed(NamedTuple):
    """A part as it stands in the archive. ``facts``: checksum, size deflated, size."""

    facts: tuple[int, int, int]
    deflated: bytes


class Same(str):
    """A long text that stands in many parts."""

    __slots__ = ()


class Run(NamedTuple):
    """A piece of a part that is deflated apart, so that more may follow: its checksum and size as it is."""

    crc: int
    size: int
    deflated: bytes


class Running:
    """A run in the making: its texts are deflated as they come."""

    def __init__(self) -> None:
        self._stream, self._made, self._crc, self._size = _deflating(), list[bytes](), 0, 0

    def add(self, text: str) -> None:
        content = text.encode()
        self._crc, self._size = zlib_ng.crc32(content, self._crc), self._size + len(content)
        self._made.append(self._stream.compress(content))

    def run(self) -> Run:
        """To be asked once, at the end."""
        return Run(self._crc, self._size, b"".join([*self._made, self._stream.flush(zlib_ng.Z_FULL_FLUSH)]))


def packed(pieces: Iterable[str | Run]) -> Packed:
    """The part that these texts and runs make up."""
    stream, made, crc, size = _deflating(), [], 0, 0
    for one in _runs(pieces):
        if isinstance(one, Run):
            # What is deflated apart knows nothing of what stands before it, nor must what follows.
            made.append(stream.flush(zlib_ng.Z_FULL_FLUSH) + one.deflated)
            crc, size = zlib_ng.crc32_combine(crc, one.crc, one.size), size + one.size
        else:
            made.append(stream.compress(one))
            crc, size = zlib_ng.crc32(one, crc), size + len(one)
    whole = b"".join([*made, stream.flush()])
    return Packed((crc, len(whole), size), whole)


def _runs(pieces: Iterable[Any]) -> Iterator[bytes | Run]:
    """The pieces, what is not deflated yet as it is."""
    for kind, some in groupby(pieces, type):
        if kind is Run:
            yield from some
        elif kind is Same:
            yield from map(_apart, some)
        else:
            # Piece by piece: most are ASCII, which costs next to nothing.
            yield b"".join(map(str.encode, some))


@lru_cache(maxsize=64)
def _apart(text: Same) -> Run:
    made = Running()
    made.add(text)
    return made.run()


def _deflating() -> Any:
    return zlib_ng.compressobj(LEVEL, zlib_ng.DEFLATED, -zlib_ng.MAX_WBITS)


def archive(parts: Iterable[tuple[str, Packed]]) -> bytes:
    """``parts``: by name, in their order."""
    written: list[bytes] = []
    listed: list[bytes] = []
    at = 0
    for text, part in parts:
        name = text.encode("ascii")
        about = (VERSION, 0, DEFLATED, 0, DAY, *part.facts, len(name), 0)
        written += [LOCAL.pack(b"PK\3\4", *about), name, part.deflated]
        listed += [CENTRAL.pack(b"PK\1\2", VERSION, SYSTEM, *about, 0, 0, 0, MODE, at), name]
        at += LOCAL.size + len(name) + len(part.deflated)
    size, count = sum(map(len, listed)), len(listed) // 2
    return b"".join([*written, *listed, END.pack(b"PK\5\6", 0, 0, count, count, size, at, 0)])
