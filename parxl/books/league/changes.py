"""*So với năm trước* of the league workbook: who fell, who rose, and by which criteria."""

from __future__ import annotations

from typing import Any

from parxl.books.league.limits import too_large, write_left_out
from parxl.books.league.long import LongBook
from parxl.books.league.sheets import (
    LINK,
    OWN,
    PLAIN,
    LongTable,
    are_linked,
    by_unit,
    close_sheet,
    fit_paper,
    of_group,
    open_sheet,
    tie_look,
)
from parxl.books.listing import Column
from parxl.books.styles import number_format, signed
from parxl.books.tables import area_name, code_width
from parxl.comparison import FIGURES, Change, Comparison, changes_table, largest
from parxl.exact import points_text
from parxl.results import Results, UnitResult

SHEET, TITLE = "So với năm trước", "SO VỚI NĂM TRƯỚC"
WORDS = (
    "Thay đổi = năm nay − năm trước; dấu + là tăng Chỉ số, tăng điểm, lên hạng. Trong từng khối, Chỉ số giảm "
    "nhiều nhất đứng đầu, đơn vị không so sánh được đứng cuối. Hạng chỉ so khi đơn vị vẫn ở khối cũ. Các cột "
    "lĩnh vực và tiêu chí: chỉ so tiêu chí có điểm cả hai năm mà mã, tên, điểm tối đa và điểm tối đa đối với "
    "đơn vị còn như năm trước; cột lĩnh vực là tổng thay đổi điểm của các tiêu chí ấy. Không so: tiêu chí "
    "mới hoặc đã đổi, nội dung không áp dụng hoặc còn chờ, điểm cộng, điểm trừ; vì vậy các cột này có thể "
    "chưa nói hết vì sao Chỉ số thay đổi."
)


def write_changes(book: LongBook, results: Results) -> None:
    """A row a unit with a standing, the largest fall of each group first; no sheet without last year."""
    compared = results.comparison
    if compared is None:
        return
    columns = _columns(results)
    if words := too_large(results, len(columns)):
        write_left_out(book, results, SHEET, TITLE, words)
        return
    table = open_sheet(book, results, SHEET, TITLE, WORDS, columns)
    _Rows(table, results).write(compared)
    close_sheet(table, results, len(of_group(results, "")) + 2)
    fit_paper(table)


def _columns(results: Results) -> list[Column]:
    points, scale = number_format(results.criteria.decimals), results.criteria.scale
    change = signed(points)
    return [
        *of_group(results, Column("Khối", 24)),
        Column("Mã đơn vị", code_width(results), align=""),
        Column("Đơn vị", 36),
        Column("Chỉ số năm trước (%)", 10, points, scale),
        Column("Chỉ số năm nay (%)", 10, points, scale),
        Column("Thay đổi Chỉ số", 10, change, scale),
        Column("Hạng năm trước", 9, "0"),
        Column("Hạng năm nay", 9, "0"),
        Column("Thay đổi hạng", 9, signed("0")),
        *(Column(area_name(area), 17, change, scale) for area in results.criteria.areas),
        Column("Số tiêu chí so sánh được", 11, "0"),
        Column("Tiêu chí giảm nhiều nhất", 30),
        Column("Tiêu chí tăng nhiều nhất", 30),
        Column("Ghi chú", 32),
    ]


class _Rows:
    """What is the same for every row."""

    def __init__(self, table: LongTable, results: Results):
        self.table, self.results = table, results
        self.decimals = results.criteria.decimals
        self.names = [*FIGURES, *(area.code for area in results.criteria.areas), "compared"]
        self.code = len(of_group(results, ""))  # its column
        self.links = are_linked(results)

    def write(self, compared: Comparison) -> None:
        results = self.results
        found = changes_table(results.criteria, results.settings, results.standings, compared)
        units = {result.unit.code: result for result in results.units}
        for code, figures in by_unit(found[[*self.names, "words"]]).items():
            self._row(units[code], figures, compared.units[code])

    def _row(self, result: UnitResult, figures: list[Any], change: Change) -> None:
        """``figures``: one of each of ``names``, then the words."""
        unit, words = result.unit, figures.pop()
        most = [_text(found, self.decimals) for found in largest(change)]
        looks = [PLAIN] * len(self.table.columns)
        looks[self.code] = LINK if self.links else PLAIN
        first = self.code + 2
        looks[first + FIGURES.index("points")] = {"bold": True}
        looks[first + FIGURES.index("rank")] = tie_look(result.standing and result.standing["tied"])
        left = [unit.group] * self.code
        self.table.row([*left, unit.code, unit.name, *figures, *most, words], looks)
        if self.links:
            self.table.link(self.code, OWN, unit.code)


def _text(found: list[tuple[str, int]], decimals: int) -> str:
    """``3.3 (−0,45); 1.4.2 (−0,20)``; no line ends between a criterion and its points."""
    signs = ((code, "+" if units > 0 else "−", points_text(abs(units), decimals)) for code, units in found)
    return "; ".join(f"{code}\u00a0({sign}{points})" for code, sign, points in signs)
