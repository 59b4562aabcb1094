"""The league workbook with 3, 16, 63 and 700 units: nothing is lost, and every sheet stays legible."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest
from campaigns import HA_TINH, TTHC
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from provinces import province

from parxl.books.league.book import write_league
from parxl.results import Results

SIZES = {3: (HA_TINH, 1), 16: (TTHC, 2), 63: (HA_TINH, 3), 700: (TTHC, 3)}  # units -> set, groups
MOST_POINTS = 30  # of one series
LEAST_BAR = 12  # points of height for each unit in a chart
LEAST_SCALE = 45  # percent: smaller print than that is not read any more
WIDE = {9: 125, 8: 180}  # paper -> characters that fit across it (A4, A3, landscape)
NOT_TABLES = re.compile(r"Biểu đồ( .+)?|Cách tính")
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


@dataclass(frozen=True)
class Made:
    units: int
    results: Results
    content: bytes

    @cached_property
    def book(self) -> Workbook:
        return load_workbook(BytesIO(self.content))

    @property
    def tables(self) -> list[Worksheet]:
        """Every sheet but charts and the one on the method."""
        return [sheet for sheet in self.book if not NOT_TABLES.fullmatch(sheet.title)]

    def files(self, folder: str) -> Iterator[ElementTree.Element]:
        with zipfile.ZipFile(BytesIO(self.content)) as opened:
            for name in opened.namelist():
                if re.fullmatch(rf"{folder}[0-9]+\.xml", name):
                    yield ElementTree.fromstring(opened.read(name))

    def values(self, reference: str) -> list[Any]:
        """The cells of ``'Sheet'!$A$1:$A$9``, in one list."""
        name, _, area = reference.rpartition("!")
        rows = self.book[name.strip("'")][area.replace("$", "")]
        return [cell.value for row in rows for cell in row]


@pytest.fixture(scope="module", params=SIZES)
def made(request: pytest.FixtureRequest) -> Made:
    units = request.param
    set_id, groups = SIZES[units]
    results = province(set_id, units, 11, groups=groups, appraised=True, last_year=True, adjusted=units > 3)
    return Made(units, results, write_league(results))


# Tables -------------------------------------------------------------------------------------------


def test_every_table_filters_and_keeps_its_headings(made: Made) -> None:
    for sheet in made.tables:
        first, head, last, end = range_boundaries(sheet.auto_filter.ref)
        assert (first, last) == (1, sheet.max_column), sheet.title
        assert end > head, sheet.title
        repeated = [int(number) for number in re.findall(r"[0-9]+", sheet.print_title_rows)]
        named = [any(sheet.cell(r, column).value for r in repeated) for column in range(first, last + 1)]
        assert all(named), sheet.title
        assert repeated[0] <= head <= repeated[-1], sheet.title
        assert int(re.sub(r"[A-Z]+", "", sheet.freeze_panes)) == repeated[-1] + 1, sheet.title


def test_a_filter_covers_every_row_of_its_table(made: Made) -> None:
    """Below it stands nothing, or a blank row first."""
    for sheet in made.tables:
        *_, width, end = range_boundaries(sheet.auto_filter.ref)
        assert not any(sheet.cell(end + 1, column).value is not None for column in range(1, width + 1)), (
            sheet.title
        )


def test_no_sheet_is_without_content(made: Made) -> None:
    titles = made.book.sheetnames
    assert len(titles) == len(set(titles)) >= 13
    for sheet in made.book:
        filled = [row for row in sheet.iter_rows(values_only=True) if any(value is not None for value in row)]
        assert len(filled) > 1 or sheet._charts, sheet.title
    charts = [sheet for sheet in made.book if sheet.title.startswith("Biểu đồ")]
    assert charts
    assert all(sheet._charts for sheet in charts)


def rows_of(made: Made, title: str) -> int:
    _, head, _, end = range_boundaries(made.book[title].auto_filter.ref)
    return int(end - head)


def numbered(made: Made, title: str) -> list[str]:
    """The sheets of this kind, in the order of the groups."""
    many = [f"{title} {number}" for number in range(1, len(made.results.groups) + 1)]
    return [title] if len(many) == 1 else many


def test_every_table_has_its_rows(made: Made) -> None:
    results = made.results
    scored = sum(unit.has_scores for unit in results.units)
    areas, leaves, groups = len(results.criteria.areas), len(results.criteria.leaves), len(results.groups)
    for group, title in zip(results.groups, numbered(made, "Xếp hạng"), strict=True):
        assert rows_of(made, title) == sum(unit.group == group for unit in results.settings.units)
    wanted = {
        "Lĩnh vực": scored,
        "So với năm trước": scored,
        "Ma trận tiêu chí": made.units,
        "Kết quả theo tiêu chí": leaves,
        "Chênh lệch tự chấm – thẩm định": scored,
        "Khoảng cách thứ hạng": scored,
        "Thống kê": groups * (1 + areas),
        "Tiêu chí như nhau": groups * 2,
        "Tình hình nộp phiếu": made.units,
        "Tệp đã nhận": len(results.intake.files),
        "Ghi nhận": len(results.findings),
    }
    found = {title: rows_of(made, title) for title in wanted}
    assert found == wanted


def column_of(made: Made, title: str, heading: str) -> list[Any]:
    """What stands under a heading of a table."""
    sheet = made.book[title]
    _, head, last, end = range_boundaries(sheet.auto_filter.ref)
    # The matrix filters below its row of maxima, which stands under the headings.
    column = next(
        c for c in range(1, last + 1) for row in (head, head - 1) if sheet.cell(row, c).value == heading
    )
    return [sheet.cell(row, column).value for row in range(head + 1, end + 1)]


@pytest.mark.parametrize(
    ("title", "has_all"),
    [
        ("Xếp hạng", True),
        ("Ma trận tiêu chí", True),
        ("Tình hình nộp phiếu", True),
        ("Lĩnh vực", False),
        ("So với năm trước", False),
        ("Chênh lệch tự chấm – thẩm định", False),
        ("Khoảng cách thứ hạng", False),
    ],
)
def test_every_unit_stands_in_it_once(made: Made, title: str, has_all: bool) -> None:
    wanted = sorted(u.unit.code for u in made.results.units if has_all or u.has_scores)
    titles = numbered(made, title) if title == "Xếp hạng" else [title]
    assert sorted(code for one in titles for code in column_of(made, one, "Mã đơn vị")) == wanted


def test_the_ranking_is_in_order(made: Made) -> None:
    table = made.results.standings
    for title in numbered(made, "Xếp hạng"):
        places = [place for place in column_of(made, title, "Hạng") if place is not None]
        codes = column_of(made, title, "Mã đơn vị")[: len(places)]
        assert places == sorted(places)
        assert places == [table.loc[code, "rank"] for code in codes]


# Legible ------------------------------------------------------------------------------------------


def widths(sheet: Worksheet) -> dict[int, float]:
    """The columns that are shown and printed: their widths in characters."""
    every = [one for one in sheet.column_dimensions.values() if not one.hidden]
    return {number: one.width for one in every for number in range(one.min, one.max + 1)}


def test_print_is_never_too_small(made: Made) -> None:
    for sheet in made.tables:
        if sheet.sheet_properties.pageSetUpPr and sheet.sheet_properties.pageSetUpPr.fitToPage:
            assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0), sheet.title
            scale = 100 * WIDE[int(sheet.page_setup.paperSize)] / sum(widths(sheet).values())
        else:
            scale = sheet.page_setup.scale or 100
        assert scale >= LEAST_SCALE, (sheet.title, scale)
        assert sheet.page_setup.orientation == "landscape"


def test_what_is_frozen_leaves_room_to_scroll(made: Made) -> None:
    """At most half of a small laptop's screen: 1366 pixels, 7 a character."""
    for sheet in made.tables:
        _, _, last, _ = range_boundaries(f"A1:{sheet.freeze_panes}")
        frozen = sum(width for column, width in widths(sheet).items() if column < last)
        assert frozen <= 1366 / 7 / 2, sheet.title


# Charts -------------------------------------------------------------------------------------------


def references(series: ElementTree.Element, kind: str) -> list[str]:
    return [found.text or "" for found in series.findall(f"./{CHART}{kind}//{CHART}f")]


def test_no_chart_becomes_a_smear(made: Made) -> None:
    seen = 0
    for chart in made.files("xl/charts/chart"):
        for series in chart.iter(f"{CHART}ser"):
            (labels,), (figures,) = references(series, "cat"), references(series, "val")
            names, numbers = made.values(labels), made.values(figures)
            assert 1 <= len(names) == len(numbers) <= MOST_POINTS
            assert all(isinstance(name, str) and name for name in names)
            assert any(isinstance(number, int | float) for number in numbers)
            cached = [int(one.get("val", "0")) for one in series.iter(f"{CHART}ptCount")]
            assert cached
            assert max(cached) <= MOST_POINTS
            seen += 1
    assert seen >= 3 * len(made.results.groups)


def test_every_bar_has_room(made: Made) -> None:
    """A chart is as many rows high as its anchors say, 15 points each."""
    lengths = [
        max(int(one.get("val", "0")) for one in chart.iter(f"{CHART}ptCount"))
        for chart in made.files("xl/charts/chart")
    ]
    anchors = [
        anchor
        for drawing in made.files("xl/drawings/drawing")
        for anchor in drawing.iter(f"{DRAWING}twoCellAnchor")
    ]
    rows = [
        int(a.findtext(f"{DRAWING}to/{DRAWING}row")) - int(a.findtext(f"{DRAWING}from/{DRAWING}row"))
        for a in anchors
    ]  # type: ignore[arg-type]
    assert len(rows) == len(lengths)
    # Both in the order in which they were inserted.
    assert all(height * 15 >= points * LEAST_BAR for height, points in zip(rows, lengths, strict=True))


def test_charts_are_described(made: Made) -> None:
    described = [
        one.get("descr") or ""
        for drawing in made.files("xl/drawings/drawing")
        for one in drawing.iter(f"{DRAWING}cNvPr")
    ]
    assert len(described) == len(list(made.files("xl/charts/chart")))
    assert all(len(text) > 40 for text in described)
    assert len(set(described)) == len(described)


def test_the_first_and_the_last_are_shown(made: Made) -> None:
    """Of more than 30 units the first 15 and the last 15, in the order of the ranking."""
    names = {unit.code: unit.name for unit in made.results.settings.units}
    titles = zip(numbered(made, "Biểu đồ"), numbered(made, "Xếp hạng"), strict=True)
    for chart_sheet, ranking in titles:
        ranks = column_of(made, ranking, "Hạng")
        codes = column_of(made, ranking, "Mã đơn vị")
        ranked = [names[code] for code, rank in zip(codes, ranks, strict=True) if rank is not None]
        wanted = ranked if len(ranked) <= MOST_POINTS else ranked[:15] + ranked[-15:]
        assert shown_names(made.book[chart_sheet]) == wanted


def shown_names(sheet: Worksheet) -> list[str]:
    """The units in the first table of figures under the charts."""
    rows = list(sheet.iter_rows(values_only=True))
    head = next(number for number, row in enumerate(rows) if row[1] == "Đơn vị")
    found = []
    for row in rows[head + 1 :]:
        if row[1] is None:
            break
        found.append(str(row[1]))
    return found


def test_numbers_are_numbers(made: Made) -> None:
    """No figure of the ranking is a text, however many units there are."""
    for title in numbered(made, "Xếp hạng"):
        for heading in ("Hạng", "Tổng điểm", "Điểm tối đa", "Chỉ số (%)"):
            values = column_of(made, title, heading)
            assert all(value is None or isinstance(value, int | float) for value in values)
    indices = [v for title in numbered(made, "Xếp hạng") for v in column_of(made, title, "Chỉ số (%)")]
    scale = made.results.criteria.scale
    known = made.results.standings["index"]
    assert sorted(v for v in indices if v is not None) == sorted(
        int(v) / scale for v in known if not pd.isna(v)
    )
