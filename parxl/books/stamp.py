"""Whose a workbook is: hidden metadata sheet and document properties."""

from __future__ import annotations

from collections.abc import Mapping

from parxl.books.styles import Book
from parxl.identity import NOTHING, PROPERTY_PREFIX, Identity
from parxl.layout import SHEET_META
from parxl.results import Results

DIGEST_FIELD = "typed"


def stamp(book: Book, identity: Identity, own: Mapping[str, str]) -> None:
    """Write both. ``own``: what the sheet alone keeps, the digest of what parxl typed and the seals."""
    sheet = book.sheet(SHEET_META)
    for row, (key, value) in enumerate((identity.fields() | dict(own)).items()):
        sheet.write_string(row, 0, key)
        sheet.write_string(row, 1, value)
    _properties(book, identity)
    sheet.protect()
    sheet.very_hidden()


def stamp_going_out(book: Book, results: Results, kind: str, unit: str = "") -> None:
    """A workbook that only goes out: whose it is, to be checked before it is mailed. No serial."""
    criteria, register = results.criteria, results.register
    campaign = register.campaign if register else ""
    _properties(book, Identity(kind, criteria.id, criteria.edition, criteria.wording, campaign, unit, ""))


def _properties(book: Book, identity: Identity) -> None:
    for key, value in identity.fields().items():
        book.workbook.set_custom_property(PROPERTY_PREFIX + key, value or NOTHING, "text")
