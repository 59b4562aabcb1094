"""*Khoảng cách thứ hạng* of the league workbook: how firm each rank is."""

from __future__ import annotations

from typing import Any

import pandas as pd

from parxl.books.listing import Column, Table, close_sheet, of_group, open_sheet
from parxl.books.styles import COLOURS, Book, number_format
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
RANGE = ("open", "unproven", "index_low", "index_high", "best_rank", "worst_rank")


def near_words() -> str:
    """The widest gap of a near tie, with a decimal comma."""
    return f"{NEAR_TIE:.2f}".replace(".", ",")


def write_closeness(book: Book, results: Results) -> None:
    """A row a ranked unit, group by group in the order of the ranks."""
    words = WORDS.format(near=near_words())
    table = open_sheet(book, results, SHEET, "KHOẢNG CÁCH THỨ HẠNG", words, _columns(results))
    for group in results.groups:
        for result in ranked_units(results, group):
            if result.standing and not pd.isna(result.standing["rank"]):
                _row(table, results, result, result.standing)
    close_sheet(table, results, len(of_group(results, "")) + 3)


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


def _row(table: Table, results: Results, result: UnitResult, standing: dict[str, Any]) -> None:
    unit, figures = result.unit, results.analysis.closeness.loc[result.unit.code]
    group = of_group(results, unit.group)
    marks = (["Đồng hạng"] if standing["tied"] else []) + (["Sát nhau"] if figures["near"] else [])
    gaps = [standing["index"], figures["behind"], figures["ahead"]]
    words = ", ".join(marks).capitalize()
    values = [*group, standing["rank"], unit.code, unit.name, *gaps, words, *figures[list(RANGE)]]
    rank = {"bold": True, "num_format": '0"="' if standing["tied"] else "0"}
    mark = {"bg_color": COLOURS["missing"]} if marks else {}
    before: list[dict[str, Any]] = [{} for _ in group]
    table.row(values, [*before, rank, {}, {}, {}, {}, {}, mark, *({} for _ in RANGE)])
