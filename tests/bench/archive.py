"""Parts of an .xlsx and the archive around them, so that a part once deflated need not be deflated again."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable
from typing import Any, NamedTuple

JANUARY_1980 = 0x21
DEFLATED, VERSION = 8, 20


class Deflated(NamedTuple):
    """One part as it stands in an archive."""

    crc: int
    size: int
    body: bytes


def parts_of(content: bytes) -> dict[str, bytes]:
    """Name -> inflated part, in the order of the archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def deflate(body: bytes, level: int = 6, library: Any = zlib) -> Deflated:
    """``library``: zlib, or one that answers to the same names."""
    maker = library.compressobj(level, zlib.DEFLATED, -15)
    return Deflated(zlib.crc32(body), len(body), maker.compress(body) + maker.flush())


def zipped(parts: Iterable[tuple[str, Deflated]]) -> bytes:
    """The archive of these parts."""
    made, directory, count = bytearray(), bytearray(), 0
    for name, part in parts:
        raw = name.encode("ascii")
        facts = (VERSION, 0, DEFLATED, 0, JANUARY_1980, part.crc, len(part.body), part.size, len(raw), 0)
        directory += struct.pack("<4s6H3L2H", b"PK\x01\x02", VERSION, *facts)
        directory += struct.pack("<3H2L", 0, 0, 0, 0, len(made)) + raw
        made += struct.pack("<4s5H3L2H", b"PK\x03\x04", *facts) + raw + part.body
        count += 1
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(directory), len(made), 0)
    return bytes(made + directory + end)
