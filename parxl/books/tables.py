"""What the league workbook's tables share: headings, and points as numbers."""

from __future__ import annotations

from typing import Any

import pandas as pd

from parxl.books.metrics import row_height
from parxl.books.styles import COLOURS, SIZE, Book, Sheet
from parxl.exact import points_number


def headings(book: Book, sheet: Sheet, row: int, heads: list[str], widths: list[float]) -> None:
    style = book.cell(bold=True, align="center", bg_color=COLOURS["area"])
    for column, (text, width) in enumerate(zip(heads, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(row - 1, column, text, style)
    cells = [(t, w - 1, float(SIZE), True) for t, w in zip(heads, widths, strict=True)]
    sheet.tall(row, row_height(cells))


def number_cell(sheet: Sheet, row: int, column: int, units: Any, style: Any, scale: int) -> None:
    if units is None or pd.isna(units):
        sheet.write_blank(row - 1, column, None, style)
    else:
        value = int(units) if scale == 1 else points_number(int(units), len(str(scale)) - 1)
        sheet.write_number(row - 1, column, value, style)
