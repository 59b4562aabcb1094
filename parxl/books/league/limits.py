"""What the league workbook of a very large campaign does not list, so that it still opens quickly.

Nothing is left out in silence: the sheet says so, and where it is to be found, and so does *Cách tính*.
Rankings are always whole.
"""

from __future__ import annotations

from collections.abc import Sequence

from parxl.books.league.long import LongBook, LongSheet
from parxl.books.league.sheets import write_head
from parxl.books.styles import landscape
from parxl.exact import count_text
from parxl.results import Results

MOST_CELLS = 500_000  # of a table that says of every unit what its own workbook says too
NO_TABLE = (
    "Không lập bảng này vì quá lớn: {units} đơn vị × {columns} cột = {cells} ô, vượt mức {most} ô của một "
    "bảng, làm tệp mở chậm. Số liệu của từng đơn vị: xem tệp kết quả riêng của đơn vị (thư mục don-vi) hoặc "
    "tệp ket-qua.json."
)
WIDTHS = (75.0, 75.0)


def too_large(results: Results, columns: int) -> str:
    """What to say in place of a table with a row a unit; "" where it is not too large."""
    units = len(results.units)
    told = {"units": units, "columns": columns, "cells": units * columns, "most": MOST_CELLS}
    if told["cells"] <= MOST_CELLS:
        return ""
    return NO_TABLE.format(**{name: count_text(number) for name, number in told.items()})


def write_left_out(
    book: LongBook, results: Results, name: str, title: str, words: str, widths: Sequence[float] = WIDTHS
) -> LongSheet:
    """The sheet that has no table: its title, and why."""
    sheet = write_head(book, results, name, title, words, widths)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    landscape(sheet, results.settings.name)
    sheet.fit_to_pages(1, 0)
    book.left_out.append((name, words))
    return sheet
