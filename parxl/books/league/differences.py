"""*Chênh lệch tự chấm – thẩm định* of the league workbook: unit by unit, and area by area."""

from __future__ import annotations

from typing import Any

import pandas as pd

from parxl.books.league.long import LongBook
from parxl.books.league.sheets import LongTable, by_unit, close_sheet, of_group, open_sheet
from parxl.books.listing import Column
from parxl.books.styles import number_format, signed
from parxl.books.tables import area_name
from parxl.league.differences import Differences
from parxl.results import Results

SHEET = "Chênh lệch tự chấm – thẩm định"
WORDS = (
    "Chênh lệch = điểm tự chấm trên phiếu − điểm cuối (điểm thẩm định; nội dung không thẩm định lấy điểm "
    "tính), chỉ cộng các tiêu chí có cả hai điểm: dấu + là tự chấm cao hơn, dấu − là thấp hơn. Không so sánh "
    "điểm do cơ quan chủ trì nhập, nội dung không áp dụng hoặc còn chờ, và tiêu chí mà phiếu không hiện điểm. "
    "Chênh lệch có thể do cách hiểu tiêu chí, số liệu hoặc tài liệu kiểm chứng; bảng dùng để rà soát, trao "
    "đổi với đơn vị."
)
POINTS, COUNTS = ("self_score", "final", "difference"), ("above", "below", "compared")
# Two colours that people with any colour vision tell apart; the sign says the same.
BELOW, EQUAL, ABOVE = "#9DC3E6", "#FFFFFF", "#F4B183"


def write_differences(book: LongBook, results: Results) -> None:
    """A row a unit with scores, the largest difference first; those without one last."""
    found = results.analysis.differences
    totals = found.totals.sort_values("difference", ascending=False, kind="stable", na_position="last")
    table = open_sheet(book, results, SHEET, "CHÊNH LỆCH TỰ CHẤM – THẨM ĐỊNH", WORDS, _columns(results))
    units, areas = {unit.code: unit for unit in results.settings.units}, by_unit(found.areas)
    groups = len(of_group(results, ""))
    for code, (*points, above, below, compared) in by_unit(totals[[*POINTS, *COUNTS]]).items():
        unit = units[code]
        row = [unit.code, unit.name, *[unit.group] * groups, *points, *areas[code], above, below, compared]
        table.row(row)
    _colour(table, found, len(table.columns) - len(COUNTS))
    close_sheet(table, results, 2)


def _columns(results: Results) -> list[Column]:
    criteria = results.criteria
    points, scale = number_format(criteria.decimals), criteria.scale
    change = signed(points)
    areas = [area_name(criteria.by_code[code]) for code in results.analysis.differences.areas]
    return [
        Column("Mã đơn vị", 15),
        Column("Đơn vị", 38),
        *of_group(results, Column("Khối", 24)),
        Column("Điểm tự chấm", 10, points, scale),
        Column("Điểm cuối", 10, points, scale),
        Column("Chênh lệch", 11, change, scale),
        *(Column(area, 17, change, scale) for area in areas),
        Column("Số tiêu chí tự chấm cao hơn", 11, "0"),
        Column("Số tiêu chí tự chấm thấp hơn", 11, "0"),
        Column("Số tiêu chí được so sánh", 11, "0"),
    ]


def _colour(table: LongTable, found: Differences, end: int) -> None:
    """White at 0; the total has a scale of its own, as its figures are larger."""
    if table.last == table.top:
        return
    first = end - found.areas.shape[1]
    for columns, figures in (
        ((first - 1, first - 1), found.totals[["difference"]]),
        ((first, end - 1), found.areas),
    ):
        most = _largest(figures) / table.columns[first].scale
        options: dict[str, Any] = {
            "type": "3_color_scale",
            "min_type": "num",
            "mid_type": "num",
            "max_type": "num",
        }
        options |= {"min_value": -most, "mid_value": 0, "max_value": most}
        options |= {"min_color": BELOW, "mid_color": EQUAL, "max_color": ABOVE}
        table.sheet.conditional_format(table.top, columns[0], table.last - 1, columns[1], options)


def _largest(figures: pd.DataFrame) -> int:
    """What the deepest colour stands for: 1 unit where nothing differs."""
    sizes = figures.abs().max().max()
    return 1 if pd.isna(sizes) else max(1, int(sizes))
