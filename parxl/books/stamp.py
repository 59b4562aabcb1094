"""The hidden metadata sheet and the document properties of a workbook that comes back."""

from __future__ import annotations

from collections.abc import Mapping

from parxl.books.styles import Book
from parxl.identity import NOTHING, PROPERTY_PREFIX, Identity
from parxl.layout import SHEET_META

DIGEST_FIELD = "typed"


def stamp(book: Book, identity: Identity, own: Mapping[str, str]) -> None:
    """Write both. ``own``: what the sheet alone keeps, the digest of what parxl typed and the seals."""
    sheet = book.sheet(SHEET_META)
    for row, (key, value) in enumerate((identity.fields() | dict(own)).items()):
        sheet.write_string(row, 0, key)
        sheet.write_string(row, 1, value)
    for key, value in identity.fields().items():
        book.workbook.set_custom_property(PROPERTY_PREFIX + key, value or NOTHING, "text")
    sheet.protect()
    sheet.very_hidden()
