"""The form: one locked workbook for one unit, or the blank template of a set."""

from __future__ import annotations

from typing import Any

from parxl import seal
from parxl.books.form.check import write_check
from parxl.books.form.data import FormData
from parxl.books.form.guide import write_guide
from parxl.books.form.mending import write_mending
from parxl.books.form.table import write_table
from parxl.books.stamp import DIGEST_FIELD, stamp
from parxl.books.styles import Book, Sheet
from parxl.layout import SHEET_CHECK, SHEET_GUIDE, SHEET_MENDING, SHEET_TABLE, Layout
from parxl.live import formulas, live_of
from parxl.scoring import Scores, blank_row


def write_form(data: FormData, scores: Scores | None = None) -> bytes:
    """A whole form as the bytes of an .xlsx file; the same data gives the same bytes.

    ``scores``: ``live.form_scores`` of the same inputs, where several forms share them.
    """
    criteria = data.layout.criteria
    live = live_of(data.layout, blank_row(criteria) | dict(data.inputs), frozenset(data.exempt), scores)
    book = Book(data.year, f"Phiếu chấm điểm – {data.unit_name or criteria.title}", data.lead or "parxl")
    mending = book.sheet(SHEET_MENDING) if data.mending else None
    sealed = guide, table, check = [book.sheet(name) for name in (SHEET_GUIDE, SHEET_TABLE, SHEET_CHECK)]
    for sheet in sealed:
        sheet.is_sealed = True
    live_formulas = formulas(data.layout, frozenset(data.exempt))
    write_guide(book, guide, data)
    write_table(book, table, data, live_formulas, live)
    write_check(book, check, data, live)
    if mending:
        write_mending(book, mending, data)
    seals = {seal.FIELD + sheet.name: seal.pack(_outside(data.layout, sheet)) for sheet in sealed}
    stamp(book, data.identity, {DIGEST_FIELD: data.digest, **seals})
    for name, cell in data.layout.names():
        column, row = cell[0], cell[1:]
        book.workbook.define_name(name, f"='{SHEET_TABLE}'!${column}${row}")
    (mending or table).activate()
    return book.close()


def _outside(layout: Layout, sheet: Sheet) -> dict[str, Any]:
    """The locked cells of a sheet but for the table's own rows, which the layout knows."""
    if sheet.name != SHEET_TABLE:
        return sheet.locked_cells
    return {cell: found for cell, found in sheet.locked_cells.items() if not layout.holds(cell)}
