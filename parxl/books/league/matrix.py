"""*Ma trận tiêu chí* of the league workbook: a row a unit, a column a leaf."""

from __future__ import annotations

import pandas as pd

from parxl.books.league.limits import too_large, write_left_out
from parxl.books.league.long import LongBook
from parxl.books.league.sheets import PLAIN, LongTable, Look, by_unit, has_groups
from parxl.books.listing import TOP, Column
from parxl.books.styles import COLOURS, PAPER_A3, landscape, number_format
from parxl.books.tables import number_cell
from parxl.results import Results, UnitResult

SHEET, TITLE = "Ma trận tiêu chí", "ĐIỂM TỪNG TIÊU CHÍ"
CODE, NAME, GROUP, LEAF = 15.0, 36.0, 22.0, 7.5  # widths
FROZEN = 2
WORDS = (
    "Chữ đậm trên nền xanh: đạt điểm tối đa của đơn vị; nền hồng: 0 điểm; ô trống: không áp dụng, còn chờ "
    "hoặc chưa chấm. Tên tiêu chí: trang “Kết quả theo tiêu chí”."
)


FULL: Look = {"bg_color": COLOURS["done"], "bold": True}
NOTHING: Look = {"bg_color": COLOURS["wrong"]}


def write_matrix(book: LongBook, results: Results) -> None:
    """Every unit's final scores; blank where a score is null."""
    columns = _columns(results)
    if words := too_large(results, len(columns)):
        write_left_out(book, results, SHEET, TITLE, words)
    else:
        _Matrix(book, results, columns).write()


def _columns(results: Results) -> list[Column]:
    texts = {"Mã đơn vị": CODE, "Đơn vị": NAME, **({"Khối": GROUP} if has_groups(results) else {})}
    digits, scale = number_format(results.criteria.decimals), results.criteria.scale
    leaves = (Column(leaf.code, LEAF, digits, scale) for leaf in results.criteria.leaves)
    return [*(Column(head, width, align="") for head, width in texts.items()), *leaves]


class _Matrix:
    """The maxima stand in the row of the filter's buttons, so that sorting leaves them in place."""

    def __init__(self, book: LongBook, results: Results, columns: list[Column]):
        self.book, self.results = book, results
        self.sheet, self.leaves = book.sheet(SHEET), results.criteria.leaves
        self.table = LongTable(book, self.sheet, columns)
        self.texts = len(columns) - len(self.leaves)

    def write(self) -> None:
        title = self.book.style(bold=True, font_size=14, text_wrap=False)
        self.sheet.write_string(0, 0, TITLE, title)
        # Beside the columns that every page repeats: there it would be cut off.
        words = self.book.style(italic=True, font_size=11, text_wrap=False)
        self.sheet.write_string(0, FROZEN, WORDS, words)
        self._comments()
        self._maxima()
        codes = [leaf.code for leaf in self.leaves]
        finals = by_unit(self.results.finals.leaves[codes])
        maxima = by_unit(self.results.scores.maxima[codes])
        for result in self.results.units:
            self._row(result, finals.get(result.unit.code), maxima.get(result.unit.code))
        self._page()

    def _comments(self) -> None:
        for column, leaf in enumerate(self.leaves, start=self.texts):
            comment = f"{leaf.stt} {leaf.title}"
            self.sheet.write_comment(TOP - 1, column, comment, {"x_scale": 2, "author": "parxl"})

    def _maxima(self) -> None:
        # The filter's button covers the lower right corner of the cell.
        look = {"bold": True, "bg_color": COLOURS["group"], "valign": "top"}
        self.table.last += 1
        row = self.table.last
        for column, text in enumerate(("", "Điểm tối đa", "")[: self.texts]):
            self.sheet.write_string(row - 1, column, text, self.book.cell(**look))
        criteria = self.results.criteria
        style = self.book.cell(align="center", num_format=number_format(criteria.decimals), **look)
        for column, leaf in enumerate(self.leaves, start=self.texts):
            number_cell(self.sheet, row, column, criteria.units(leaf.max), style, criteria.scale)
        self.sheet.tall(row, 34)

    def _row(self, result: UnitResult, finals: list[int] | None, maxima: list[int] | None) -> None:
        unit = result.unit
        texts = (unit.code, unit.name, unit.group)[: self.texts]
        blank = [None] * len(self.leaves)
        points = finals or blank
        looks = [_look(*pair) for pair in zip(points, maxima or blank, strict=True)]
        self.table.row([*texts, *points], [*[PLAIN] * len(texts), *looks])

    def _page(self) -> None:
        sheet = self.sheet
        sheet.freeze_panes(TOP + 1, FROZEN)
        sheet.autofilter(TOP, 0, self.table.last - 1, len(self.table.columns) - 1)
        sheet.repeat_rows(TOP - 1, TOP)
        sheet.repeat_columns(0, FROZEN - 1)
        landscape(sheet, self.results.settings.name)
        # Fifty criteria on one page would be too small to read: A3, as many pages as it takes.
        sheet.set_paper(PAPER_A3)
        sheet.set_print_scale(80)


def _look(units: int | None, maximum: int | None) -> Look:
    """Full marks and zero, not told by colour alone: full marks are bold, and a zero is a zero."""
    if units is None or units is pd.NA:
        return PLAIN
    if units == maximum:
        return FULL
    return NOTHING if units == 0 else PLAIN
