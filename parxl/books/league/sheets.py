"""The tables of the league workbook: what each says above, one row of headings, rows that filter and print."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import repeat
from typing import Any, TypeVar

import pandas as pd
from xlsxwriter.utility import xl_col_to_name

from parxl.books.league.long import LongBook, LongSheet
from parxl.books.listing import TOP, Column, Table
from parxl.books.metrics import row_height
from parxl.books.styles import PAPER_A3, SIZE, landscape
from parxl.exact import points_number
from parxl.results import Results

WORDS_SIZE = 11
A4_WIDTH = 210  # characters that A4 landscape holds in a legible size
MOST_LINKED = 2000  # units
MOST_KEPT = 2000  # texts of one column in one look, for the rows that say the same
Look = dict[str, Any]
PLAIN: Look = {}
TIED: Look = {"num_format": '0"="'}  # a rank that is shared: "=" behind the number
# On the code, not on the name: LibreOffice does not wrap a cell that holds a link.
LINK: Look = {"font_color": "#0563C1", "underline": 1}
OWN = "don-vi"  # the folder of the units' own workbooks, beside this one
T = TypeVar("T")


class _Face:
    """A look: its number in the file, and what of it makes a row tall."""

    def __init__(self, number: int, size: float, bold: bool):
        self.size, self.bold = size, bold
        self.blank, self.text, self.figure = (
            f'" s="{number}"/>',
            f'" s="{number}" t="s"><v>',
            f'" s="{number}"><v>',
        )
        self.texts: dict[str, tuple[str, float]] = {}  # text -> its number with the end of the cell; the height


class _Cells:
    """The cells of one column as XML."""

    def __init__(self, book: LongBook, sheet: LongSheet, at: int, column: Column):
        self.book, self.sheet, self.column = book, sheet, column
        self.opening = f'<c r="{xl_col_to_name(at)}'
        align = "center" if column.digits else column.align
        self.words: Look = {"align": align} if align else {}
        self.figures: Look = {**self.words, "num_format": column.digits} if column.digits else self.words
        self._faces: dict[Any, _Face] = {}

    def face(self, is_text: bool, look: Look) -> _Face:
        """How a cell looks: a column of figures may hold words."""
        key = (is_text, *look.items()) if look else is_text
        found = self._faces.get(key)
        if found is None:
            full = {**(self.words if is_text else self.figures), **look}
            number = self.book.cell(**full)._get_xf_index()
            found = self._faces[key] = _Face(number, float(full.get("font_size", SIZE)), bool(full.get("bold")))
        return found

    def blank(self, row: int, look: Look) -> str:
        return f"{self.opening}{row}{self.face(False, look).blank}"

    def text(self, row: int, text: str, look: Look) -> tuple[str, float]:
        """The cell, and the height that it asks for."""
        face = self.face(True, look)
        if known := face.texts.get(text):
            self.sheet.count_again()
        end, height = known or self._measured(face, text)
        return f"{self.opening}{row}{face.text}{end}", height

    def _measured(self, face: _Face, text: str) -> tuple[str, float]:
        if len(face.texts) >= MOST_KEPT:
            face.texts.clear()
        height = row_height([(text, self.column.width, face.size, face.bold)])
        found = face.texts[text] = f"{self.sheet.text_index(text)}</v></c>", height
        return found

    def figure(self, row: int, units: Any, look: Look) -> str:
        number = _number(int(units), self.column.scale)
        return f"{self.opening}{row}{self.face(False, look).figure}{number}</v></c>"


@lru_cache(maxsize=65536)
def _number(units: int, scale: int) -> str:
    """As it stands in the file. ``scale``: how many units make 1."""
    return f"{units if scale == 1 else points_number(units, len(str(scale)) - 1):.16G}"


class LongTable(Table):
    """A table whose rows are rendered as they come (``long``); nothing else may be written into them."""

    def __init__(self, book: LongBook, sheet: LongSheet, columns: Sequence[Column], top: int = TOP):
        super().__init__(book, sheet, columns, top)
        self._long = sheet
        self._cells = [_Cells(book, sheet, at, column) for at, column in enumerate(columns)]

    def row(self, values: Sequence[Any], looks: Sequence[Look] = ()) -> None:
        """One row, a value a column: a text, units, or a blank for None, null and "".

        ``looks``: more of each cell's looks.
        """
        self.last += 1
        row, cells, heights = self.last, [], []
        for column, value, look in zip(self._cells, values, looks or repeat(PLAIN, len(values)), strict=True):
            if value is None or value is pd.NA or value == "":
                cells.append(column.blank(row, look))
            elif isinstance(value, str):
                cell, height = column.text(row, value, look)
                cells.append(cell)
                heights.append(height)
            else:
                cells.append(column.figure(row, value, look))
        self._long.line(row, cells, max(heights, default=row_height([])))

    def link(self, column: int, folder: str, code: str) -> None:
        """From a cell of the last row, which shows the code, to a workbook of the unit in this folder."""
        self._long.link(self.last, column, f"external:{folder}/{code}.xlsx", code)


def write_head(
    book: LongBook, results: Results, name: str, title: str, words: str, widths: Sequence[float]
) -> LongSheet:
    """A sheet with its title, and what its figures are across at least two columns of these widths."""
    sheet = book.sheet(name)
    bold = book.style(bold=True, font_size=14, text_wrap=False)
    sheet.write_string(0, 0, f"{title} – {results.settings.name}", bold)
    sheet.tall(1, 22)
    italic = book.style(italic=True, font_size=WORDS_SIZE, valign="top")
    sheet.merge_range(1, 0, 1, len(widths) - 1, words, italic)
    sheet.tall(2, row_height([(words, sum(widths), float(WORDS_SIZE), False)]) + 4)
    return sheet


def open_sheet(
    book: LongBook, results: Results, name: str, title: str, words: str, columns: Sequence[Column]
) -> LongTable:
    """The same with its table below."""
    sheet = write_head(book, results, name, title, words, [column.width for column in columns])
    return LongTable(book, sheet, columns)


def close_sheet(table: LongTable, results: Results, frozen: int) -> None:
    """Filter, frozen and repeated headings, one page wide. ``frozen``: how many columns stay in sight."""
    table.can_filter()
    sheet = table.sheet
    sheet.freeze_panes(table.top, frozen)
    sheet.repeat_rows(table.top - 1)
    landscape(sheet, results.settings.name)
    sheet.fit_to_pages(1, 0)


def fit_paper(table: LongTable) -> None:
    """A3 where the columns would be too small to read on A4."""
    if sum(column.width for column in table.columns) > A4_WIDTH:
        table.sheet.set_paper(PAPER_A3)


def has_groups(results: Results) -> bool:
    """Are there several groups, so that a table must name them?"""
    return len(results.groups) > 1


def by_unit(frame: pd.DataFrame) -> dict[str, list[Any]]:
    """Index -> the row's values, null as ``pd.NA``: for one step through all units."""
    return dict(zip(frame.index, frame.to_numpy(dtype=object).tolist(), strict=True))


def of_group(results: Results, said: T) -> list[T]:
    """What a table says of the group, a column or a name: nothing where there is one only."""
    return [said] if has_groups(results) else []


def are_linked(results: Results) -> bool:
    """Do the codes lead to the units' workbooks on every sheet? In the rankings they always do."""
    return len(results.units) <= MOST_LINKED


def tie_look(is_tied: Any) -> Look:
    return TIED if is_tied else PLAIN
