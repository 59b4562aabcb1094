"""The form: one locked workbook for one unit, or the blank template of a set."""

from __future__ import annotations

from parxl.books.form_check import write_check
from parxl.books.form_data import FormData
from parxl.books.form_guide import write_guide
from parxl.books.form_table import write_table
from parxl.books.stamp import stamp
from parxl.books.styles import Book
from parxl.layout import SHEET_CHECK, SHEET_GUIDE, SHEET_TABLE
from parxl.live import formulas, live_of
from parxl.scoring import Scores, blank_row


def write_form(data: FormData, scores: Scores | None = None) -> bytes:
    """A whole form as the bytes of an .xlsx file; the same data gives the same bytes.

    ``scores``: ``live.form_scores`` of the same inputs, where several forms share them.
    """
    criteria = data.layout.criteria
    live = live_of(data.layout, blank_row(criteria) | dict(data.inputs), frozenset(data.exempt), scores)
    book = Book(data.year, f"Phiếu chấm điểm – {data.unit_name or criteria.title}", data.lead or "parxl")
    guide, table, check = (book.sheet(name) for name in (SHEET_GUIDE, SHEET_TABLE, SHEET_CHECK))
    live_formulas = formulas(data.layout, frozenset(data.exempt))
    write_guide(book, guide, data)
    write_table(book, table, data, live_formulas, live)
    write_check(book, check, data, live)
    stamp(book, data.identity)
    for name, cell in data.layout.names():
        column, row = cell[0], cell[1:]
        book.workbook.define_name(name, f"='{SHEET_TABLE}'!${column}${row}")
    table.activate()
    return book.close()
