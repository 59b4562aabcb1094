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

    Rejected where there is none (PX302) or they differ (PX311). A message names the places that differ, never
    what they say: it may be another unit's identity.
    """
    found = _found(book)
    if not found:
        raise Rejected([finding("PX302", file=file)])
    first = next(iter(found.values()))[0]
    if len({identity.line for own in found.values() for identity in own}) > 1:
        raise Rejected([finding("PX311", file=file, facts=", ".join(found))], first)
    return first


def _found(book: Workbook) -> dict[str, list[Identity]]:
    """Place -> what stands there; the most complete first."""
    rows = {row for row, _ in book.sheets.get(SHEET_META, {})}
    fields = {book.cell(SHEET_META, r, 1).text: book.cell(SHEET_META, r, 2).text for r in rows}
    places = {
        HIDDEN_SHEET: [from_fields(fields)],
        PROPERTIES: [from_properties(book.properties)],
        LOCKED_CELL: [from_line(line) for line in _lines(book)],
    }
    known = {place: [one for one in own if one] for place, own in places.items()}
    return {place: own for place, own in known.items() if own}


def _lines(book: Workbook) -> Iterator[str]:
    """The locked identity cells of the table, whatever its sheet is called, and of its copies."""
    for cells in book.sheets.values():
        for (_, column), cell in cells.items():
            if column == COLUMN[TITLE] and not cell.formula and cell.text.startswith(LINE_PREFIX + "|"):
                yield cell.text


def lost_identity(book: Workbook, file: str) -> Iterator[Finding]:
    """A warning where some of the three places are lost: the file was taken apart, or saved elsewhere."""
    found = _found(book)
    lost = [place for place in (HIDDEN_SHEET, PROPERTIES, LOCKED_CELL) if place not in found]
    if lost:
        yield finding("PX329", file=file, places=", ".join(lost))
