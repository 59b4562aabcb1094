"""The hidden metadata sheet and the document properties of a workbook that comes back."""

from __future__ import annotations

from parxl.books.styles import Book
from parxl.identity import NOTHING, PROPERTY_PREFIX, Identity
from parxl.layout import SHEET_META


def stamp(book: Book, identity: Identity) -> None:
    """Write both."""
    sheet = book.sheet(SHEET_META)
    for row, (key, value) in enumerate(identity.fields().items()):
        sheet.write_string(row, 0, key)
        sheet.write_string(row, 1, value)
        book.workbook.set_custom_property(PROPERTY_PREFIX + key, value or NOTHING, "text")
    sheet.protect()
    sheet.very_hidden()
