"""Whose workbook it is: what its three places say of it, and which of them are lost."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from parxl.findings import Finding, finding
from parxl.grid import Cells, Workbook, column_texts, contents_of, tidy
from parxl.identity import LINE_PREFIX, Identity, from_fields, from_line, from_properties
from parxl.layout import SHEET_META, TITLE
from parxl.reading.places import COLUMN
from parxl.reading.rejection import Rejected

SIGN = f"{LINE_PREFIX}|"
HIDDEN_SHEET, PROPERTIES, LOCKED_CELL = "trang ẩn", "thuộc tính của tệp", "ô nhận dạng cuối phiếu"


def read_identity(book: Workbook, file: str) -> Identity:
    """The identity that the metadata sheet, the properties and the locked cell agree on.

    Rejected where there is none (PX302) or they differ (PX311).
    """
    return read_owner(book, file)[0]


def read_owner(book: Workbook, file: str) -> tuple[Identity, list[Finding]]:
    """(the same, a warning where some of the three places are lost). Rejected as ``read_identity`` is.

    A message names the places that differ, never what they say: it may be another unit's identity.
    """
    whole, lines = _whole(book), _lines(book)
    first = next(iter(whole.values()), None) or next(filter(None, map(from_line, lines)), None)
    if first is None:
        raise Rejected([finding("PX302", file=file)])
    found = [*whole, *([LOCKED_CELL] if lines else [])]
    if {identity.line for identity in whole.values()} | set(lines) != {first.line}:
        raise Rejected([finding("PX311", file=file, facts=", ".join(found))], first)
    return first, list(_lost(found, file))


def _lost(found: Collection[str], file: str) -> Iterator[Finding]:
    """The file was taken apart, or saved elsewhere."""
    lost = [place for place in (HIDDEN_SHEET, PROPERTIES, LOCKED_CELL) if place not in found]
    if lost:
        yield finding("PX329", file=file, places=", ".join(lost))


def _whole(book: Workbook) -> dict[str, Identity]:
    """Place -> the identity that stands there, of the two places that hold all of it."""
    meta = book.sheets.get(SHEET_META, {})
    names, texts = column_texts(meta, 1), column_texts(meta, 2)
    fields = {names.get(row, ""): texts.get(row, "") for row in {row for row, _ in meta}}
    places = {HIDDEN_SHEET: from_fields(fields), PROPERTIES: from_properties(book.properties)}
    return {place: identity for place, identity in places.items() if identity}


def _lines(book: Workbook) -> list[str]:
    """The locked identity cells of the table, whatever its sheet is called, and of its copies."""
    return [line for cells in book.sheets.values() for line in _lines_of(cells)]


def _lines_of(cells: Cells) -> Iterator[str]:
    column = COLUMN[TITLE]
    for row, content in contents_of(cells).column(column).items():
        value = content if isinstance(content, str) else str(cells[row, column].value)
        if SIGN in value[:200]:
            yield tidy(value)
