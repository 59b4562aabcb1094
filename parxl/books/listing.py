"""A table of the league workbook: what it says above, one row of headings, rows that filter and print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from parxl.books.looks import Look
from parxl.books.metrics import row_height
from parxl.books.styles import SIZE, Book, Sheet
from parxl.books.tables import headings, number_cell

WORDS_SIZE = 11
TOP = 3  # the row of the headings, under the title and the words
T = TypeVar("T")
NOTHING = "Chưa có số liệu."


@dataclass(frozen=True)
class Column:
    """``digits``: the number format, "" for text. ``scale``: how many units make 1."""

    head: str
    width: float
    digits: str = ""
    scale: int = 1
    align: str = "left"


class Table:
    """Headings at ``top``, then the rows. Text is wrapped, and its row as tall as it needs."""

    def __init__(self, book: Book, sheet: Sheet, columns: Sequence[Column], top: int = TOP):
        self.book, self.sheet, self.columns, self.top, self.last = book, sheet, columns, top, top
        # Of each column: its format, and those with more of a look, by that look.
        self._plain: list[dict[str, Any]] = [{} for _ in columns]
        self._styles = [self._style(column, {}) for column in columns]
        self._known: dict[tuple[Any, ...], Look] = {}
        headings(book, sheet, top, [c.head for c in columns], [c.width for c in columns])

    def row(self, values: Sequence[Any], looks: Sequence[dict[str, Any]] = ()) -> None:
        """One row, a value a column; None or null is a blank. ``looks``: more of each cell's looks."""
        sheet, row, measured = self.sheet, self.last, []
        self.last += 1
        cells = zip(self.columns, values, looks or self._plain, strict=True)
        for number, (column, value, look) in enumerate(cells):
            style = self._known_style(number, column, look) if look else self._styles[number]
            if column.digits:
                number_cell(sheet, self.last, number, value, style, column.scale)
                continue
            measured.append((value, column.width, float(look.get("font_size", SIZE)), bool(look.get("bold"))))
            if value:
                sheet.write_string(row, number, value, style)
            else:
                sheet.write_blank(row, number, None, style)
        sheet.tall(self.last, row_height(measured))

    def _known_style(self, number: int, column: Column, look: dict[str, Any]) -> Look:
        key = (number, *look.items())
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._style(column, look)
        return found

    def _style(self, column: Column, look: dict[str, Any]) -> Look:
        if column.digits:
            return self.book.cell(**{"align": "center", "num_format": column.digits, **look})
        return self.book.cell(**{"align": column.align, **look})

    def can_filter(self) -> None:
        if self.last > self.top:
            self.sheet.autofilter(self.top - 1, 0, self.last - 1, len(self.columns) - 1)
        else:
            style = self.book.style(italic=True, text_wrap=False)
            self.sheet.write_string(self.top, 0, NOTHING, style)
