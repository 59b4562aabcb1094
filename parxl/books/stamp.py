"""Whose a workbook is: hidden metadata sheet and document properties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields

from parxl.books.stamped import Stamped
from parxl.books.styles import Book, Sheet
from parxl.identity import NOTHING, PROPERTY_PREFIX, Identity
from parxl.layout import SHEET_META
from parxl.results import Results

DIGEST_FIELD = "typed"


FIELDS = tuple(Identity(*("" for _ in fields(Identity))).fields())


def stamp(book: Book, identity: Identity, own: Mapping[str, str]) -> None:
    """Write both. ``own``: what the sheet alone keeps, the digest of what parxl typed and the seals."""
    _write_fields(book.sheet(SHEET_META), identity.fields() | dict(own))
    _properties(book, identity)


def draw_stamp(sheet: Sheet, own: Iterable[str]) -> None:
    """The metadata sheet of a plate; ``own``: the names of those fields."""
    # In each place another text, for texts are numbered as drawn.
    _write_fields(sheet, {key: f"({key})" for key in (*FIELDS, *own)})


def fill_stamp(book: Book, sheet: Stamped, identity: Identity, own: Mapping[str, str]) -> None:
    """The same as ``stamp``, on the sheet that was drawn."""
    for number, value in enumerate((identity.fields() | dict(own)).values(), start=1):
        sheet.put(f"B{number}", value)
    _properties(book, identity)


def _write_fields(sheet: Sheet, fields: Mapping[str, str]) -> None:
    for row, (key, value) in enumerate(fields.items()):
        sheet.write_string(row, 0, key)
        sheet.write_string(row, 1, value)
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
