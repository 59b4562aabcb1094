"""A table of the league workbook: what it says above, one row of headings, rows that filter and print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from parxl.books.metrics import row_height
from parxl.books.styles import SIZE, Book, Sheet, landscape
from parxl.books.tables import headings, number_cell
from parxl.results import Results

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
        headings(book, sheet, top, [c.head for c in columns], [c.width for c in columns])

    def row(self, values: Sequence[Any], looks: Sequence[dict[str, Any]] = ()) -> None:
        """One row, a value a column; None or null is a blank. ``looks``: more of each cell's looks."""
        self.last += 1
        more = looks or [{}] * len(values)
        for number, (column, value, look) in enumerate(zip(self.columns, values, more, strict=True)):
            if column.digits:
                style = self.book.cell(**{"align": "center", "num_format": column.digits, **look})
                number_cell(self.sheet, self.last, number, value, style, column.scale)
            else:
                style = self.book.cell(**{"align": column.align, **look})
                if value:
                    self.sheet.write_string(self.last - 1, number, value, style)
                else:
                    self.sheet.write_blank(self.last - 1, number, None, style)
        cells = [
            (value, column.width, float(look.get("font_size", SIZE)), bool(look.get("bold")))
            for column, value, look in zip(self.columns, values, more, strict=True)
            if not column.digits
        ]
        self.sheet.tall(self.last, row_height(cells))

    def can_filter(self) -> None:
        if self.last > self.top:
            self.sheet.autofilter(self.top - 1, 0, self.last - 1, len(self.columns) - 1)
        else:
            style = self.book.style(italic=True, text_wrap=False)
            self.sheet.write_string(self.top, 0, NOTHING, style)


def open_sheet(
    book: Book, results: Results, name: str, title: str, words: str, columns: Sequence[Column]
) -> Table:
    """A sheet with its title, what its figures are, and its table."""
    sheet = book.sheet(name)
    bold = book.style(bold=True, font_size=14, text_wrap=False)
    sheet.write_string(0, 0, f"{title} – {results.settings.name}", bold)
    sheet.tall(1, 22)
    italic = book.style(italic=True, font_size=WORDS_SIZE, valign="top")
    sheet.merge_range(1, 0, 1, len(columns) - 1, words, italic)
    width = sum(column.width for column in columns)
    sheet.tall(2, row_height([(words, width, float(WORDS_SIZE), False)]) + 4)
    return Table(book, sheet, columns)


def close_sheet(table: Table, results: Results, frozen: int) -> None:
    """Filter, frozen and repeated headings, one page wide. ``frozen``: how many columns stay in sight."""
    table.can_filter()
    sheet = table.sheet
    sheet.freeze_panes(table.top, frozen)
    sheet.repeat_rows(table.top - 1)
    landscape(sheet, results.settings.name)
    sheet.fit_to_pages(1, 0)


def has_groups(results: Results) -> bool:
    """Are there several groups, so that a table must name them?"""
    return len(results.groups) > 1


def of_group(results: Results, said: T) -> list[T]:
    """What a table says of the group, a column or a name: nothing where there is one only."""
    return [said] if has_groups(results) else []
