"""Whose workbook it is: what its three places say of it, and which of them are lost."""

from __future__ import annotations

from collections.abc import Iterator

from parxl.findings import Finding, finding
from parxl.grid import Workbook
from parxl.identity import LINE_PREFIX, Identity, from_fields, from_line, from_properties
from parxl.layout import SHEET_META, TITLE
from parxl.reading.places import COLUMN
from parxl.reading.rejection import Rejected

HIDDEN_SHEET, PROPERTIES, LOCKED_CELL = "trang ẩn", "thuộc tính của tệp", "ô nhận dạng cuối phiếu"


def read_identity(book: Workbook, file: str) -> Identity:
    """The identity that the metadata sheet, the properties and the locked cell agree on.

    Rejected where there is none (PX302) or they differ (PX311). A message names the places that differ,
    never what they say: it may be another unit's identity.
    """
    whole, lines = _whole(book), _lines(book)
    first = next(iter(whole.values()), None) or next(filter(None, map(from_line, lines)), None)
    if first is None:
        raise Rejected([finding("PX302", file=file)])
    if {identity.line for identity in whole.values()} | set(lines) != {first.line}:
        places = [*whole, *([LOCKED_CELL] if lines else [])]
        raise Rejected([finding("PX311", file=file, facts=", ".join(places))], first)
    return first


def _whole(book: Workbook) -> dict[str, Identity]:
    """Place -> the identity that stands there, of the two places that hold all of it."""
    rows = {row for row, _ in book.sheets.get(SHEET_META, {})}
    fields = {book.cell(SHEET_META, r, 1).text: book.cell(SHEET_META, r, 2).text for r in rows}
    places = {HIDDEN_SHEET: from_fields(fields), PROPERTIES: from_properties(book.properties)}
    return {place: identity for place, identity in places.items() if identity}


def _lines(book: Workbook) -> list[str]:
    """The locked identity cells of the table, whatever its sheet is called, and of its copies."""
    return [
        cell.text
        for cells in book.sheets.values()
        for (_, column), cell in cells.items()
        if column == COLUMN[TITLE] and f"{LINE_PREFIX}|" in str(cell.value)[:200]
    ]


def lost_identity(book: Workbook, file: str) -> Iterator[Finding]:
    """A warning where some of the three places are lost: the file was taken apart, or saved elsewhere."""
    found = [*_whole(book), *([LOCKED_CELL] if _lines(book) else [])]
    lost = [place for place in (HIDDEN_SHEET, PROPERTIES, LOCKED_CELL) if place not in found]
    if lost:
        yield finding("PX329", file=file, places=", ".join(lost))
