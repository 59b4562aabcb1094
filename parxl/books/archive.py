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


def packed(pieces: Iterable[str]) -> Packed:
    """The part that these texts make up."""
    stream, made, crc, size = _deflating(), [], 0, 0
    for content, deflated in _runs(pieces):
        crc, size = zlib_ng.crc32(content, crc), size + len(content)
        # What is deflated apart knows nothing of what stands before it, nor must what follows.
        made.append(stream.flush(zlib_ng.Z_FULL_FLUSH) + deflated if deflated else stream.compress(content))
    whole = b"".join([*made, stream.flush()])
    return Packed((crc, len(whole), size), whole)


def _runs(pieces: Iterable[str]) -> Iterator[tuple[bytes, bytes]]:
    """(content; the same deflated apart, or nothing)"""
    for kind, some in groupby(pieces, type):
        if kind is Same:
            yield from map(_apart, some)
        else:
            # Piece by piece: most are ASCII, which costs next to nothing.
            yield b"".join(map(str.encode, some)), b""


@lru_cache(maxsize=64)
def _apart(text: Same) -> tuple[bytes, bytes]:
    """As it is, and deflated, so that more may follow."""
    content, stream = text.encode(), _deflating()
    return content, stream.compress(content) + stream.flush(zlib_ng.Z_FULL_FLUSH)


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
