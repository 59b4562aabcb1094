"""Has anybody saved a workbook since parxl wrote it? It carries an imprint of itself to tell by.

Of every part but the one that carries it: a date typed in, a stamp put on, a column made wider all count. So
does saving alone, for no program saves a file as it found it; better kept for nothing than lost.
"""

from __future__ import annotations

import io
import json
import zipfile

from parxl.books.styles import Book
from parxl.files import sha256
from parxl.grid import OWN, Unreadable, read_workbook
from parxl.identity import NOTHING, PROPERTY_PREFIX

PROPERTY = PROPERTY_PREFIX + "imprint"
CARRIER = "docProps/custom.xml"


def put_imprint(book: Book, found: str = NOTHING) -> None:
    """``found``: of the same workbook with ``NOTHING`` in its place."""
    book.workbook.set_custom_property(PROPERTY, found, "text")


def imprint(content: bytes) -> str:
    """16 digits over the names, sizes and checksums of the parts. ``content``: an .xlsx."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [
            (one.filename, one.file_size, one.CRC) for one in archive.infolist() if one.filename != CARRIER
        ]
    return sha256(json.dumps(parts).encode())[:16]


def carried_imprint(content: bytes) -> str | None:
    """What a workbook had for its imprint when parxl wrote it; None if it is not one of parxl's."""
    try:
        return read_workbook(content, OWN).properties.get(PROPERTY)
    except Unreadable:
        return None


def is_as_written(content: bytes) -> bool:
    """Is this, part by part, what parxl wrote?"""
    found = carried_imprint(content)
    return found is not None and found == imprint(content)
