"""*So với năm trước* of the league workbook: who fell, who rose, and by which criteria."""

from __future__ import annotations

from typing import Any

import pandas as pd

from parxl.books.listing import Column, Table, close_sheet, of_group, open_sheet
from parxl.books.styles import PAPER_A3, Book, number_format, signed
from parxl.books.tables import area_name, code_width, unit_cell
from parxl.comparison import FIGURES, Change, changes_table, largest
from parxl.exact import points_text
from parxl.results import Results, UnitResult

SHEET = "So với năm trước"
WORDS = (
    "Thay đổi = năm nay − năm trước; dấu + là tăng Chỉ số, tăng điểm, lên hạng. Trong từng khối, Chỉ số giảm "
    "nhiều nhất đứng đầu, đơn vị không so sánh được đứng cuối. Hạng chỉ so khi đơn vị vẫn ở khối cũ. Các cột "
    "lĩnh vực và tiêu chí: chỉ so tiêu chí có điểm cả hai năm mà mã, tên, điểm tối đa và điểm tối đa đối với "
    "đơn vị còn như năm trước; cột lĩnh vực là tổng thay đổi điểm của các tiêu chí ấy. Không so: tiêu chí "
    "mới hoặc đã đổi, nội dung không áp dụng hoặc còn chờ, điểm cộng, điểm trừ; vì vậy các cột này có thể "
    "chưa nói hết vì sao Chỉ số thay đổi."
)
A4_WIDTH = 210  # characters that A4 landscape holds in a legible size


def write_changes(book: Book, results: Results) -> None:
    """A row a unit with a standing, the largest fall of each group first; no sheet without last year."""
    compared = results.comparison
    if compared is None:
        return
    columns = _columns(results)
    table = open_sheet(book, results, SHEET, "SO VỚI NĂM TRƯỚC", WORDS, columns)
    found = changes_table(results.criteria, results.settings, results.standings, compared)
    units = {result.unit.code: result for result in results.units}
    for code in found.index:
        _row(table, results, units[code], found.loc[code], compared.units[code])
    close_sheet(table, results, len(of_group(results, "")) + 2)
    if sum(column.width for column in columns) > A4_WIDTH:
        table.sheet.set_paper(PAPER_A3)


def _columns(results: Results) -> list[Column]:
    points, scale = number_format(results.criteria.decimals), results.criteria.scale
    change = signed(points)
    return [
        *of_group(results, Column("Khối", 24)),
        Column("Mã đơn vị", code_width(results)),
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


def _row(table: Table, results: Results, result: UnitResult, figures: pd.Series, change: Change) -> None:
    unit, left = result.unit, of_group(results, result.unit.group)
    areas = [area.code for area in results.criteria.areas]
    most = [_text(found, results.criteria.decimals) for found in largest(change)]
    values = [*left, unit.code, unit.name, *figures[[*FIGURES, *areas, "compared"]], *most, figures["words"]]
    looks: list[dict[str, Any]] = [{} for _ in values]
    first = len(left) + 2
    looks[first + FIGURES.index("points")] = {"bold": True}
    if result.standing and result.standing["tied"]:
        looks[first + FIGURES.index("rank")] = {"num_format": '0"="'}
    table.row(values, looks)
    unit_cell(table.book, table.sheet, table.last, len(left), result)


def _text(found: list[tuple[str, int]], decimals: int) -> str:
    """``3.3 (−0,45); 1.4.2 (−0,20)``; no line ends between a criterion and its points."""
    signs = ((code, "+" if units > 0 else "−", points_text(abs(units), decimals)) for code, units in found)
    return "; ".join(f"{code}\u00a0({sign}{points})" for code, sign, points in signs)
