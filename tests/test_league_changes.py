"""*So với năm trước* of the league workbook, read back and compared with the table it is made of."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import openpyxl
import pandas as pd
import pytest
from campaigns import HA_TINH, TTHC
from openpyxl.worksheet.worksheet import Worksheet
from provinces import province

from parxl.books.league.book import write_league
from parxl.books.league.changes import SHEET, write_changes
from parxl.books.league.long import LongBook
from parxl.comparison import Comparison, changes_table, largest
from parxl.results import Results

TOP = 3
FIGURES = {
    "Chỉ số năm trước (%)": "index_before",
    "Chỉ số năm nay (%)": "index",
    "Thay đổi Chỉ số": "points",
}
PLACES = {"Hạng năm trước": "rank_before", "Hạng năm nay": "rank", "Thay đổi hạng": "places"}
FALLS, RISES = "Tiêu chí giảm nhiều nhất", "Tiêu chí tăng nhiều nhất"
Row = dict[str, Any]


def sheet_of(results: Results) -> Worksheet:
    book = LongBook(results.settings.year, "", "")
    write_changes(book, results)
    return openpyxl.load_workbook(io.BytesIO(book.close()))[SHEET]


def rows(sheet: Worksheet) -> list[Row]:
    head, *lines = sheet.iter_rows(min_row=TOP, values_only=True)
    return [dict(zip([str(text) for text in head], line, strict=True)) for line in lines]


@pytest.fixture(scope="module", params=[(HA_TINH, 16, 2), (TTHC, 63, 1), (HA_TINH, 3, 1)], ids=str)
def results(request: pytest.FixtureRequest) -> Results:
    set_id, units, groups = request.param
    return province(set_id, units, 3, groups=groups, appraised=True, last_year=True, adjusted=True)


@pytest.fixture(scope="module")
def sheet(results: Results) -> Worksheet:
    return sheet_of(results)


def table(results: Results) -> pd.DataFrame:
    assert results.comparison
    return changes_table(results.criteria, results.settings, results.standings, results.comparison)


def number(results: Results, units: Any) -> float | None:
    return None if pd.isna(units) else float(Decimal(int(units)).scaleb(-results.criteria.decimals))


# What it says -------------------------------------------------------------------------------------


def test_every_figure_of_every_unit(results: Results, sheet: Worksheet) -> None:
    found = table(results)
    shown = rows(sheet)
    assert [row["Mã đơn vị"] for row in shown] == list(found.index)
    for row, (_, own) in zip(shown, found.iterrows(), strict=True):
        assert [row[head] for head in FIGURES] == [number(results, own[name]) for name in FIGURES.values()]
        assert [row[head] for head in PLACES] == [
            None if pd.isna(own[name]) else own[name] for name in PLACES.values()
        ]
        areas = [value for head, value in row.items() if re.match(r"\d\. ", head)]
        assert areas == [number(results, own[area.code]) for area in results.criteria.areas]
        assert row["Số tiêu chí so sánh được"] == own["compared"]
        assert (row["Ghi chú"] or "") == own["words"]


def test_units_and_groups_are_named(results: Results, sheet: Worksheet) -> None:
    units = {unit.code: unit for unit in results.settings.units}
    for row in rows(sheet):
        unit = units[row["Mã đơn vị"]]
        assert row["Đơn vị"] == unit.name
        assert row.get("Khối") == (unit.group if len(results.groups) > 1 else None)


def told(text: str | None) -> list[tuple[str, Decimal]]:
    """``3.3 (−0,45); 1.4.2 (−0,20)`` read as a person does."""
    found = [re.fullmatch(r"([\d.]+)\s\(([+−])(\d+,\d+)\)", one) for one in text.split("; ")] if text else []
    assert all(found)
    return [(m[1], Decimal(m[3].replace(",", ".")) * (1 if m[2] == "+" else -1)) for m in found if m]


def test_the_criteria_that_changed_most(results: Results, sheet: Worksheet) -> None:
    assert results.comparison
    seen = 0
    for row in rows(sheet):
        wanted = largest(results.comparison.units[row["Mã đơn vị"]])
        for head, own in zip((FALLS, RISES), wanted, strict=True):
            points = [(code, Decimal(units).scaleb(-results.criteria.decimals)) for code, units in own]
            assert told(row[head]) == points
            seen += len(points)
    assert seen > 5


def test_falls_and_rises_are_told_by_their_sign(sheet: Worksheet) -> None:
    formats = {str(one.value): sheet.cell(TOP + 1, one.column).number_format for one in sheet[TOP]}
    assert formats["Thay đổi Chỉ số"] == '+0.00;"−"0.00;0.00'
    assert formats["Thay đổi hạng"] == '+0;"−"0;0'
    assert {formats[head] for head in formats if re.match(r"\d\. ", head)} == {'+0.00;"−"0.00;0.00'}


def test_a_shared_rank_is_marked(results: Results, sheet: Worksheet) -> None:
    column = next(one.column for one in sheet[TOP] if one.value == "Hạng năm nay")
    marks = []
    for at, row in enumerate(rows(sheet), start=TOP + 1):
        tied = bool(results.standings.loc[row["Mã đơn vị"], "tied"])
        marks.append(tied)
        assert sheet.cell(at, column).number_format == ('0"="' if tied else "0")
    assert any(marks)


def test_what_is_compared_is_said_above(sheet: Worksheet) -> None:
    words = sheet["A2"].value
    for said in ("mã, tên, điểm tối đa", "điểm tối đa đối với đơn vị", "Không so", "vẫn ở khối cũ"):
        assert said in words


def test_it_filters_stays_in_sight_and_prints(results: Results, sheet: Worksheet) -> None:
    last = sheet.cell(TOP, sheet.max_column).column_letter
    assert sheet.auto_filter.ref == f"A{TOP}:{last}{TOP + len(results.standings)}"
    assert sheet.freeze_panes == ("D4" if len(results.groups) > 1 else "C4")
    assert sheet.print_title_rows == "$3:$3"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 8)
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)


# When it is there ---------------------------------------------------------------------------------


def test_without_last_year_there_is_no_sheet() -> None:
    made = openpyxl.load_workbook(io.BytesIO(write_league(province(TTHC, 3))))
    assert SHEET not in made.sheetnames


def test_only_the_index_is_known(results: Results) -> None:
    """As after last year's league workbook."""
    assert results.comparison
    bare = {code: replace(one, leaves={}) for code, one in results.comparison.units.items()}
    found = rows(sheet_of(replace(results, comparison=Comparison(bare, ()))))
    shown = [row["Thay đổi Chỉ số"] for row in found]
    assert shown == [number(results, units) for units in table(results)["points"]]
    assert {(row["Số tiêu chí so sánh được"], row[FALLS], row[RISES]) for row in found} == {(0, None, None)}


def test_before_anything_has_come_back(results: Results) -> None:
    empty = replace(results, standings=results.standings.iloc[:0], comparison=Comparison({}, ()))
    sheet = sheet_of(empty)
    assert sheet.cell(TOP + 1, 1).value == "Chưa có số liệu."
    assert sheet.auto_filter.ref is None
