"""*Khoảng cách thứ hạng* of the league workbook: how firm each rank is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from parxl.books.league.long import LongBook
from parxl.books.league.sheets import PLAIN, LongTable, by_unit, close_sheet, of_group, open_sheet, tie_look
from parxl.books.listing import Column
from parxl.books.styles import COLOURS, number_format
from parxl.books.tables import ranked_units
from parxl.league.closeness import NEAR_TIE
from parxl.results import Results, UnitResult

SHEET = "Khoảng cách thứ hạng"
WORDS = (
    "Cách hạng trên, hạng dưới: Chỉ số thấp hơn, cao hơn Chỉ số liền kề trong khối bao nhiêu điểm phần trăm; "
    "sát nhau: không quá {near}. Chỉ số thấp nhất: bỏ các điểm chưa có tài liệu kiểm chứng và chưa được thẩm "
    "định; cao nhất: nội dung còn chờ đạt đủ điểm. Hạng tốt nhất có thể: đơn vị ở mức cao nhất, các đơn vị "
    "khác ở mức thấp nhất; hạng thấp nhất có thể: ngược lại."
)
GAPS = ("behind", "ahead", "near")
RANGE = ("open", "unproven", "index_low", "index_high", "best_rank", "worst_rank")
NEAR = {"bg_color": COLOURS["missing"]}


def near_words() -> str:
    """The widest gap of a near tie, with a decimal comma."""
    return f"{NEAR_TIE:.2f}".replace(".", ",")


def write_closeness(book: LongBook, results: Results) -> None:
    """A row a ranked unit, group by group in the order of the ranks."""
    words = WORDS.format(near=near_words())
    table = open_sheet(book, results, SHEET, "KHOẢNG CÁCH THỨ HẠNG", words, _columns(results))
    figures, groups = by_unit(results.analysis.closeness[[*GAPS, *RANGE]]), len(of_group(results, ""))
    for group in results.groups:
        for result in ranked_units(results, group):
            if result.standing and not pd.isna(result.standing["rank"]):
                _row(table, [group] * groups, result, result.standing, figures[result.unit.code])
    close_sheet(table, results, groups + 3)


def _columns(results: Results) -> list[Column]:
    points, scale = number_format(results.criteria.decimals), results.criteria.scale
    return [
        *of_group(results, Column("Khối", 24)),
        Column("Hạng", 8, "0"),
        Column("Mã đơn vị", 15),
        Column("Đơn vị", 36),
        Column("Chỉ số (%)", 9, points, scale),
        Column("Cách hạng trên", 9, points, scale),
        Column("Cách hạng dưới", 9, points, scale),
        Column("Đồng hạng, sát nhau", 13, align="center"),
        Column("Điểm còn chờ", 9, points, scale),
        Column("Điểm chưa có tài liệu kiểm chứng", 12, points, scale),
        Column("Chỉ số thấp nhất (%)", 10, points, scale),
        Column("Chỉ số cao nhất (%)", 10, points, scale),
        Column("Hạng tốt nhất có thể", 10, "0"),
        Column("Hạng thấp nhất có thể", 10, "0"),
    ]


def _row(
    table: LongTable, group: list[str], result: UnitResult, standing: Mapping[str, Any], figures: list[Any]
) -> None:
    """``figures``: one of each of ``GAPS`` and ``RANGE``."""
    unit, (behind, ahead, near, *reach) = result.unit, figures
    marks = (["Đồng hạng"] if standing["tied"] else []) + (["Sát nhau"] if near else [])
    words = ", ".join(marks).capitalize()
    left = [*group, standing["rank"], unit.code, unit.name]
    rank = {"bold": True, **tie_look(standing["tied"])}
    looks = [PLAIN] * len(table.columns)
    looks[len(group)] = rank
    looks[len(left) + 3] = NEAR if marks else PLAIN
    table.row([*left, standing["index"], behind, ahead, words, *reach], looks)
