"""*Ma trận tiêu chí* of the league workbook: a row a unit, a column a leaf."""

from __future__ import annotations

from typing import Any

import pandas as pd

from parxl.books.listing import has_groups
from parxl.books.metrics import row_height
from parxl.books.styles import COLOURS, PAPER_A3, SIZE, Book, landscape, number_format
from parxl.books.tables import headings, number_cell
from parxl.results import Results, UnitResult

CODE, NAME, GROUP, LEAF = 15.0, 36.0, 22.0, 7.5  # widths
FROZEN = 2
WORDS = (
    "Chữ đậm trên nền xanh: đạt điểm tối đa của đơn vị; nền hồng: 0 điểm; ô trống: không áp dụng, còn chờ "
    "hoặc chưa chấm. Tên tiêu chí: trang “Kết quả theo tiêu chí”."
)


def write_matrix(book: Book, results: Results) -> None:
    """Every unit's final scores; blank where a score is null."""
    _Matrix(book, results).write()


class _Matrix:
    """The maxima stand in the row of the filter's buttons, so that sorting leaves them in place."""

    TOP = 3

    def __init__(self, book: Book, results: Results):
        self.book, self.results = book, results
        self.sheet = book.sheet("Ma trận tiêu chí")
        self.leaves = results.criteria.leaves
        self.scale = results.criteria.scale
        self.digits = number_format(results.criteria.decimals)
        self.finals = results.finals.leaves.to_dict("index")
        self.maxima = results.scores.maxima.to_dict("index")
        self.heads = {"Mã đơn vị": CODE, "Đơn vị": NAME, **({"Khối": GROUP} if has_groups(results) else {})}

    def write(self) -> None:
        title = self.book.style(bold=True, font_size=14, text_wrap=False)
        self.sheet.write_string(0, 0, "ĐIỂM TỪNG TIÊU CHÍ", title)
        # Beside the columns that every page repeats: there it would be cut off.
        words = self.book.style(italic=True, font_size=11, text_wrap=False)
        self.sheet.write_string(0, FROZEN, WORDS, words)
        self._headings()
        self._maxima(self.TOP + 1)
        for row, result in enumerate(self.results.units, start=self.TOP + 2):
            self._row(row, result)
        self._page(self.TOP + 1 + len(self.results.units))

    def _headings(self) -> None:
        heads = [*self.heads, *[leaf.code for leaf in self.leaves]]
        widths = [*self.heads.values(), *[LEAF] * len(self.leaves)]
        headings(self.book, self.sheet, self.TOP, heads, widths)
        for column, leaf in enumerate(self.leaves, start=len(self.heads)):
            comment = f"{leaf.stt} {leaf.title}"
            self.sheet.write_comment(self.TOP - 1, column, comment, {"x_scale": 2, "author": "parxl"})

    def _maxima(self, row: int) -> None:
        # The filter's button covers the lower right corner of the cell.
        look = {"bold": True, "bg_color": COLOURS["group"], "valign": "top"}
        for column, text in enumerate(("", "Điểm tối đa", "")[: len(self.heads)]):
            self.sheet.write_string(row - 1, column, text, self.book.cell(**look))
        style = self.book.cell(align="center", num_format=self.digits, **look)
        for column, leaf in enumerate(self.leaves, start=len(self.heads)):
            units = self.results.criteria.units(leaf.max)
            number_cell(self.sheet, row, column, units, style, self.scale)
        self.sheet.tall(row, 34)

    def _row(self, row: int, result: UnitResult) -> None:
        unit = result.unit
        texts = (unit.code, unit.name, unit.group)[: len(self.heads)]
        for column, text in enumerate(texts):
            self.sheet.write_string(row - 1, column, text, self.book.cell())
        finals, maxima = self.finals.get(unit.code, {}), self.maxima.get(unit.code, {})
        for column, leaf in enumerate(self.leaves, start=len(self.heads)):
            units = finals.get(leaf.code)
            style = self.book.cell(
                align="center", num_format=self.digits, **_look(units, maxima.get(leaf.code))
            )
            number_cell(self.sheet, row, column, units, style, self.scale)
        widths = self.heads.values()
        self.sheet.tall(
            row, row_height([(t, w, float(SIZE), False) for t, w in zip(texts, widths, strict=True)])
        )

    def _page(self, last: int) -> None:
        sheet = self.sheet
        sheet.freeze_panes(self.TOP + 1, FROZEN)
        sheet.autofilter(self.TOP, 0, last - 1, len(self.heads) + len(self.leaves) - 1)
        sheet.repeat_rows(self.TOP - 1, self.TOP)
        sheet.repeat_columns(0, FROZEN - 1)
        landscape(sheet, self.results.settings.name)
        # Fifty criteria on one page would be too small to read: A3, as many pages as it takes.
        sheet.set_paper(PAPER_A3)
        sheet.set_print_scale(80)


def _look(units: Any, maximum: Any) -> dict[str, Any]:
    """Full marks and zero, not told by colour alone: full marks are bold, and a zero is a zero."""
    if units is None or pd.isna(units):
        return {}
    if units == maximum:
        return {"bg_color": COLOURS["done"], "bold": True}
    return {"bg_color": COLOURS["wrong"]} if units == 0 else {}
