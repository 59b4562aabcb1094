"""The first sheets of the league workbook: rankings, charts, areas; cell by cell against the results."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from posixpath import basename
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest
from campaigns import HA_TINH, TTHC
from openpyxl.utils import get_column_letter, range_boundaries
from provinces import province

from parxl.books.bar_chart import SOLID, look
from parxl.books.league.areas import SHEET as AREAS
from parxl.books.league.book import write_league
from parxl.books.league.changes import SHEET as CHANGES
from parxl.books.league.charts import MOST, NO_RANK, shortened, shown, write_charts
from parxl.books.styles import Book
from parxl.exact import points_text
from parxl.results import Results, UnitResult

Sheet = Any
Row = dict[str, Any]  # heading -> cell
TOP = 5  # row of the ranking's headings
ALWAYS = ["Hạng", "Mã đơn vị", "Đơn vị", "Điểm tự chấm"]
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


@dataclass(frozen=True)
class League:
    """Results and the workbook made of them."""

    results: Results
    content: bytes

    @cached_property
    def book(self) -> Any:
        return openpyxl.load_workbook(io.BytesIO(self.content))

    def names(self, kind: str) -> list[str]:
        """The sheets of this kind, in the order of the groups."""
        count = len(self.results.groups)
        return [kind] if count == 1 else [f"{kind} {number}" for number in range(1, count + 1)]

    def number(self, units: Any) -> float | None:
        return None if pd.isna(units) else int(units) / self.results.criteria.scale

    def ranked(self, group: str) -> list[UnitResult]:
        """By rank; in roster order among equals."""
        own = [one for one in self.results.units if one.unit.group == group]
        have = [one for one in own if one.standing and not pd.isna(one.standing["rank"])]
        return sorted(have, key=lambda one: int((one.standing or {})["rank"]))

    def compared(self, group: str) -> list[UnitResult]:
        known = self.results.comparison.units if self.results.comparison else {}
        return [one for one in self.ranked(group) if one.unit.code in known and not known[one.unit.code].words]


def league(results: Results) -> League:
    return League(results, write_league(results))


@pytest.fixture(scope="module")
def few() -> League:
    """Three units, nothing appraised, nothing to compare with."""
    return league(province(HA_TINH, 3))


@pytest.fixture(scope="module")
def some() -> League:
    """One group with everything there is; some units without scores."""
    return league(province(HA_TINH, 16, appraised=True, last_year=True, adjusted=True))


@pytest.fixture(scope="module")
def many() -> League:
    """Two groups of more units than a chart shows."""
    return league(province(TTHC, 84, groups=2, last_year=True))


@pytest.fixture(params=["few", "some", "many"])
def any_league(request: pytest.FixtureRequest) -> League:
    found: League = request.getfixturevalue(request.param)
    return found


def table(sheet: Sheet, top: int, key: str = "Mã đơn vị") -> list[Row]:
    """The rows under the headings in row ``top``, down to the first one without a ``key``."""
    heads = [str(cell.value) for cell in sheet[top]]
    found = []
    for cells in sheet.iter_rows(min_row=top + 1):
        row = dict(zip(heads, cells, strict=True))
        if not row[key].value:
            break
        found.append(row)
    return found


def values(row: Row) -> Row:
    return {head: cell.value for head, cell in row.items()}


def test_the_sheets_and_their_order(some: League, many: League) -> None:
    after = [AREAS, CHANGES, "Ma trận tiêu chí"]
    assert some.book.sheetnames[:5] == ["Xếp hạng", "Biểu đồ", *after]
    assert many.book.sheetnames[:7] == ["Xếp hạng 1", "Xếp hạng 2", "Biểu đồ 1", "Biểu đồ 2", *after]


def test_the_same_results_make_the_same_bytes(any_league: League) -> None:
    assert write_league(any_league.results) == any_league.content


# Rankings -----------------------------------------------------------------------------------------


def rankings(found: League) -> Iterator[tuple[str, list[Row]]]:
    for group, name in zip(found.results.groups, found.names("Xếp hạng"), strict=True):
        yield group, table(found.book[name], TOP)


def test_the_columns_are_those_that_say_something(few: League, some: League, many: League) -> None:
    whole = ["Tổng điểm", "Điểm tối đa", "Chỉ số (%)", "Xếp loại"]
    change = ["Thay đổi Chỉ số", "Thay đổi hạng"]
    heads = [[cell.value for cell in one.book[one.names("Xếp hạng")[0]][TOP]] for one in (few, some, many)]
    assert heads == [
        [*ALWAYS, "Điểm tính", "Điểm khảo sát", *whole, "Tình trạng"],
        [*ALWAYS, "Điểm thẩm định", "Điểm khảo sát", "Điểm cộng, trừ", *whole, *change, "Tình trạng"],
        [*ALWAYS, "Điểm tính", *whole, *change, "Tình trạng"],
    ]


def test_each_unit_has_its_row_and_its_figures(any_league: League) -> None:
    keys = {"Điểm khảo sát": "entered", "Điểm cộng, trừ": "adjustment", "Tổng điểm": "total"}
    keys |= {"Điểm thẩm định": "appraised", "Điểm tính": "appraised"}
    keys |= {"Điểm tối đa": "maximum", "Chỉ số (%)": "index"}
    for group, rows in rankings(any_league):
        own = {one.unit.code: one for one in any_league.results.units if one.unit.group == group}
        assert sorted(row["Mã đơn vị"].value for row in rows) == sorted(own)
        for row in rows:
            one = own[row["Mã đơn vị"].value]
            standing = one.standing or {}
            wanted = {head: any_league.number(standing.get(keys[head], pd.NA)) for head in keys if head in row}
            assert {head: row[head].value for head in wanted} == wanted
            assert row["Đơn vị"].value == one.unit.name
            assert (row["Xếp loại"].value or "") == standing.get("band", "")


def test_self_scores_are_what_the_forms_showed(some: League) -> None:
    ((_, rows),) = rankings(some)
    shown_then = {
        one.unit.code: one.file.form.self_total if one.file and one.file.form else None
        for one in some.results.units
    }
    found = {row["Mã đơn vị"].value: row["Điểm tự chấm"].value for row in rows}
    assert found == {code: None if u is None else u / 100 for code, u in shown_then.items()}
    assert any(found.values())


def test_points_add_up_in_each_row(some: League) -> None:
    ((_, rows),) = rankings(some)
    parts = ("Điểm thẩm định", "Điểm khảo sát", "Điểm cộng, trừ")
    for row in rows[: len(some.ranked(""))]:
        assert sum(round(100 * (row[head].value or 0)) for head in parts) == round(100 * row["Tổng điểm"].value)


def test_best_first_and_ties_marked_behind_a_number(any_league: League) -> None:
    seen = set()
    for group, rows in rankings(any_league):
        ranked = any_league.ranked(group)
        assert [row["Mã đơn vị"].value for row in rows[: len(ranked)]] == [one.unit.code for one in ranked]
        assert all(row["Hạng"].value is None for row in rows[len(ranked) :])
        for row, one in zip(rows, ranked, strict=False):
            standing = one.standing or {}
            assert row["Hạng"].value == standing["rank"]
            assert row["Hạng"].number_format == ('0"="' if standing["tied"] else "0")
            seen.add(standing["tied"])
    assert seen == {True, False}


def test_change_from_last_year(some: League) -> None:
    ((_, rows),) = rankings(some)
    assert some.results.comparison
    for row in rows:
        change = some.results.comparison.units.get(row["Mã đơn vị"].value)
        points, places = row["Thay đổi Chỉ số"], row["Thay đổi hạng"]
        assert places.value == (change and change.places)
        if change and change.words:
            assert points.value == change.words
        else:
            assert points.value == (some.number(change.points) if change else None)
            assert points.number_format == '+0.00;"−"0.00;0.00'


def test_codes_lead_to_the_units_workbooks(any_league: League) -> None:
    scored = {one.unit.code for one in any_league.results.units if one.has_scores}
    for _, rows in rankings(any_league):
        for row in rows:
            cell = row["Mã đơn vị"]
            wanted = f"don-vi\\{cell.value}.xlsx" if cell.value in scored else None
            assert (cell.hyperlink and cell.hyperlink.target) == wanted


def notes(sheet: Sheet) -> list[str]:
    texts = [sheet.cell(row, 1).value for row in range(TOP + 1, sheet.max_row + 1)]
    return [text for text in texts if isinstance(text, str)]


def test_the_notes_say_what_the_columns_are(few: League, some: League) -> None:
    told, appraised = notes(few.book["Xếp hạng"]), notes(some.book["Xếp hạng"])
    assert any(text.startswith("Điểm tính: ") and "không gồm điểm khảo sát." in text for text in told)
    assert not any(text.startswith("Điểm thẩm định") for text in told)
    assert any(
        text.startswith("Điểm thẩm định: ") and text.endswith("không gồm điểm khảo sát, điểm cộng, trừ.")
        for text in appraised
    )
    assert all(any(text.startswith(head) for text in appraised) for head in ("Dấu “=”", "Điểm tự chấm: "))


# How the tables lie on their sheets ---------------------------------------------------------------


def tables(found: League) -> Iterator[tuple[Sheet, int, int]]:
    """(sheet, row of the headings, rows) of the rankings and of the areas."""
    for name, (_, rows) in zip(found.names("Xếp hạng"), rankings(found), strict=True):
        yield found.book[name], TOP, len(rows)
    top, rows = area_rows(found)
    yield found.book[AREAS], top, len(rows)


def test_tables_filter_and_sort(any_league: League) -> None:
    for sheet, top, rows in tables(any_league):
        assert sheet.auto_filter.ref == f"A{top}:{get_column_letter(sheet.max_column)}{top + rows}"
        merged = [area.bounds for area in sheet.merged_cells.ranges]
        assert all(bottom < top or first > top + rows for _, first, _, bottom in merged)
        heads = [cell.value for cell in sheet[top]]
        assert len(set(heads)) == len(heads)
        assert not sheet.protection.sheet


def test_headings_stay_in_sight_and_are_printed_on_every_page(any_league: League) -> None:
    for sheet, top, _ in tables(any_league):
        column, row = re.fullmatch(r"([A-Z]+)(\d+)", sheet.freeze_panes).groups()  # type: ignore[union-attr]
        assert (sheet.cell(top, openpyxl.utils.column_index_from_string(column) - 1).value, int(row)) == (
            "Đơn vị",
            top + 1,
        )
        assert sheet.print_title_rows == f"${top}:${top}"


def test_tables_print_one_page_wide(any_league: League) -> None:
    for sheet, *_ in tables(any_league):
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        setup = sheet.page_setup
        assert (setup.orientation, setup.fitToWidth or 1, setup.fitToHeight) == ("landscape", 1, 0)
        assert sheet.title == AREAS or int(setup.paperSize) == 9


# Areas --------------------------------------------------------------------------------------------


def area_rows(found: League) -> tuple[int, list[Row]]:
    sheet = found.book[AREAS]
    top = next(row for row in range(1, 10) if "Mã đơn vị" in [cell.value for cell in sheet[row]])
    return top, table(sheet, top)


def area_heads(found: League) -> dict[str, list[str]]:
    """Area code -> its three headings."""
    top, _ = area_rows(found)
    heads = [cell.value for cell in found.book[AREAS][top]]
    first = heads.index("Đơn vị") + 1
    areas = found.results.criteria.areas
    return {area.code: heads[first + 3 * at : first + 3 * at + 3] for at, area in enumerate(areas)}


def test_headings_of_areas(many: League) -> None:
    top, _ = area_rows(many)
    heads = [cell.value for cell in many.book[AREAS][top]]
    assert heads[:4] == ["Khối", "Hạng", "Mã đơn vị", "Đơn vị"]
    assert area_heads(many) == {
        "1": ["1. Công tác chỉ đạo điều hành CCHC – điểm (1,5)", "Lĩnh vực 1 – tỷ lệ (%)", "Lĩnh vực 1 – hạng"],
        "3": ["3. Cải cách thủ tục hành chính – điểm (13,5)", "Lĩnh vực 3 – tỷ lệ (%)", "Lĩnh vực 3 – hạng"],
        "7": ["7. Hiện đại hóa hành chính – điểm (5,25)", "Lĩnh vực 7 – tỷ lệ (%)", "Lĩnh vực 7 – hạng"],
    }


def test_areas_of_every_unit_group_by_group(any_league: League) -> None:
    _, rows = area_rows(any_league)
    wanted = [one for group in any_league.results.groups for one in any_league.ranked(group)]
    assert [row["Mã đơn vị"].value for row in rows] == [one.unit.code for one in wanted]
    heads, areas = area_heads(any_league), any_league.results.analysis.areas
    for row, one in zip(rows, wanted, strict=True):
        assert row["Hạng"].value == (one.standing or {})["rank"]
        assert row["Đơn vị"].value == one.unit.name
        assert ("Khối" not in row) or row["Khối"].value == one.unit.group
        for code, (points, percent, rank) in heads.items():
            at = one.unit.code, code
            assert row[points].value == any_league.number(areas.points.loc[at])
            assert row[percent].value == any_league.number(areas.percent.loc[at])
            assert row[rank].value == (None if pd.isna(areas.rank.loc[at]) else areas.rank.loc[at])
            assert row[rank].number_format == ('0"="' if areas.tied.loc[at] else "0")


def test_means_stand_apart_below(any_league: League) -> None:
    top, rows = area_rows(any_league)
    sheet, areas = any_league.book[AREAS], any_league.results.analysis.areas
    head = top + len(rows) + 2
    assert all(cell.value is None for cell in sheet[head - 1])
    heads, grouped = [cell.value for cell in sheet[top]], len(any_league.results.groups) > 1
    found = {}
    for cells in sheet.iter_rows(min_row=head + 1):
        row = dict(zip(heads, (cell.value for cell in cells), strict=True))
        assert row["Mã đơn vị"] in (None, "")
        group = row["Khối"] if grouped else ""
        found[group, row["Đơn vị"]] = [row[percent] for _, percent, _ in area_heads(any_league).values()]
    kinds = {"Trung bình": areas.mean, "Cao nhất": areas.best}
    assert found == {
        (group, kind): [any_league.number(units) for units in frame.loc[group]]
        for group in any_league.results.groups
        for kind, frame in kinds.items()
    }


def test_the_heat_map_covers_the_percents_and_nothing_else(any_league: League) -> None:
    top, rows = area_rows(any_league)
    ((area, rules),) = any_league.book[AREAS].conditional_formatting._cf_rules.items()
    covered = {rows[0][head].column for head in rows[0] if "tỷ lệ" in head}
    for one in str(area.sqref).split():
        column, first, last_column, last = range_boundaries(one)
        assert (column, first, last) == (last_column, top + 1, top + len(rows))
        covered.remove(column)
    assert not covered
    scale = rules[0].colorScale
    shades = [lightness(f"#{colour.rgb[2:]}") for colour in scale.color]
    assert shades == sorted(shades, reverse=True)
    assert [point.type for point in scale.cfvo] == ["min", "percentile", "max"]


# Charts -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Chart:
    """What a chart's XML says."""

    described: str
    title: str
    series: list[tuple[str, str, str]]  # references: name, labels, values
    fonts: set[str]
    grouping: str
    cached: list[int]  # points a series


def charts(content: bytes, number: int) -> list[Chart]:
    """The charts on a sheet (from 1), from the top."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        drawing = related(parts, f"xl/worksheets/_rels/sheet{number}.xml.rels", "drawing")
        if not drawing:
            return []
        tree = ElementTree.fromstring(parts.read(f"xl/drawings/{drawing}"))
        texts = [one.get("descr", "") for one in tree.iter(f"{DRAWN}cNvPr")]
        links = [next(iter(one.attrib.values())) for one in tree.iter(f"{CHART}chart")]
        targets = relations(parts, f"xl/drawings/_rels/{drawing}.rels")
        return [
            chart(parts.read(f"xl/charts/{basename(targets[link])}"), text)
            for link, text in zip(links, texts, strict=True)
        ]


def relations(parts: zipfile.ZipFile, name: str) -> dict[str, str]:
    if name not in parts.namelist():
        return {}
    tree = ElementTree.fromstring(parts.read(name))
    return {one.get("Id", ""): one.get("Target", "") for one in tree}


def related(parts: zipfile.ZipFile, name: str, kind: str) -> str:
    """The one target with this word in its name, "" for none."""
    return next((basename(t) for t in relations(parts, name).values() if f"/{kind}" in t), "")


def chart(xml: bytes, described: str) -> Chart:
    tree = ElementTree.fromstring(xml)
    paths = [f"{CHART}{kind}//{CHART}f" for kind in ("tx", "cat", "val")]
    series = [tuple(one.findtext(path, "") for path in paths) for one in tree.iter(f"{CHART}ser")]
    title = "".join(node.text or "" for node in tree.find(f"{CHART}chart/{CHART}title").iter(f"{TEXT}t"))  # type: ignore[union-attr]
    cached = [int(one.get("val", "")) for one in tree.iter(f"{CHART}ptCount")]
    return Chart(
        described,
        title,
        series,  # type: ignore[arg-type]
        {one.get("typeface", "") for one in tree.iter(f"{TEXT}latin")},
        tree.find(f".//{CHART}grouping").get("val", ""),  # type: ignore[union-attr]
        cached,
    )


def drawn(found: League) -> Iterator[tuple[str, Sheet, list[Chart]]]:
    """(group, sheet, charts) of every group."""
    for group, name in zip(found.results.groups, found.names("Biểu đồ"), strict=True):
        number = found.book.sheetnames.index(name) + 1
        yield group, found.book[name], charts(found.content, number)


def cells(sheet: Sheet, reference: str) -> list[Any]:
    """The values that a reference leads to; it must be on this sheet."""
    name, _, area = reference.rpartition("!")
    assert name == f"'{sheet.title}'"
    found = sheet[area.replace("$", "")]
    return [row[0].value for row in found] if isinstance(found, tuple) else [found.value]


def label(one: UnitResult) -> str:
    standing = one.standing or {}
    return f"{int(standing['rank'])}{'=' if standing['tied'] else '.'} {shortened(one.unit.name, 40)}"


def test_which_charts_there_are(few: League, some: League, many: League) -> None:
    kinds = [[(one.grouping, len(one.series)) for one in own] for _, _, own in (*drawn(few), *drawn(some))]
    index, areas, years = ("clustered", 1), ("stacked", 5), ("clustered", 2)
    assert kinds == [[index, areas], [index, areas, years]]
    for _, _, own in drawn(many):
        assert [(one.grouping, len(one.series)) for one in own] == [index, ("stacked", 3), years]


def test_the_index_by_rank(any_league: League) -> None:
    for group, sheet, (first, *_) in drawn(any_league):
        units = shown(any_league.ranked(group))
        ((name, labels, numbers),) = first.series
        assert cells(sheet, name) == ["Chỉ số (%)"]
        assert cells(sheet, labels) == [label(one) for one in units]
        assert cells(sheet, numbers) == [any_league.number((one.standing or {})["index"]) for one in units]


def test_points_by_area(any_league: League) -> None:
    points = any_league.results.analysis.areas.points
    for group, sheet, (_, second, *_) in drawn(any_league):
        units = shown(any_league.ranked(group))
        for (name, labels, numbers), area in zip(second.series, any_league.results.criteria.areas, strict=True):
            assert str(cells(sheet, name)[0]).startswith(area.stt.rstrip(".") + ". ")
            assert cells(sheet, labels) == [label(one) for one in units]
            own = points[area.code]
            assert cells(sheet, numbers) == [any_league.number(own[one.unit.code]) for one in units]


def test_last_year_beside_this_year(some: League, many: League) -> None:
    for found in (some, many):
        assert found.results.comparison
        changes = found.results.comparison.units
        for group, sheet, (*_, third) in drawn(found):
            units = shown(found.compared(group))
            then = [changes[one.unit.code].before.index for one in units]  # type: ignore[union-attr]
            now = [(one.standing or {})["index"] for one in units]
            for (_, labels, numbers), wanted in zip(third.series, (then, now), strict=True):
                assert cells(sheet, labels) == [label(one) for one in units]
                assert cells(sheet, numbers) == [found.number(units_) for units_ in wanted]


def test_never_more_than_thirty_units_in_a_chart(any_league: League) -> None:
    for group, _, own in drawn(any_league):
        is_cut = [len(any_league.ranked(group)) > MOST] * 2 + [len(any_league.compared(group)) > MOST]
        for one, cut in zip(own, is_cut, strict=False):
            assert max(one.cached) <= 30
            assert ("15 đơn vị đầu và 15 đơn vị cuối" in one.title) == cut
            assert ("15 đơn vị đầu và 15 đơn vị cuối" in one.described) == cut


def test_of_many_the_first_and_the_last(many: League) -> None:
    ranked = many.ranked(many.results.groups[0])
    assert len(ranked) > MOST == 30
    assert shown(ranked) == ranked[:15] + ranked[-15:]
    assert shown(ranked[:30]) == ranked[:30]


def test_charts_say_in_words_what_they_show(any_league: League) -> None:
    spread = any_league.results.analysis.spread
    for group, _, (first, second, *_) in drawn(any_league):
        ranked = any_league.ranked(group)
        index, scored = (
            [points_text(int((one.standing or {})[key]), 2) for one in ranked] for key in ("index", "scored")
        )
        mean = points_text(int(spread.loc[(group, "index"), "mean"]), 2)
        best, worst = ranked[0].unit.name, ranked[-1].unit.name
        wanted = f"Cao nhất: {best} {index[0]}%; thấp nhất: {worst} {index[-1]}%; trung bình: {mean}%."
        assert first.described.endswith(wanted)
        assert f"Xếp đầu: {best} {scored[0]} điểm; xếp cuối: {worst} {scored[-1]} điểm." in second.described
        assert "Tỷ lệ trung bình cao nhất: lĩnh vực " in second.described
        assert group in first.described


def test_the_words_of_the_comparison(some: League) -> None:
    ((_, _, (*_, third)),) = drawn(some)
    assert some.results.comparison
    changes = some.results.comparison.units
    points = {one.unit.name: changes[one.unit.code].points or 0 for one in some.compared("")}
    low, high = min(points.values()), max(points.values())
    said = re.search(
        r"(\d+) đơn vị so sánh được; thay đổi từ (\S+) \((.+?)\) đến (\S+) \((.+?)\) điểm", third.described
    )
    assert said
    assert int(said[1]) == len(points)
    assert (points[said[3]], points[said[5]]) == (low, high)
    signed = [("+" if units > 0 else "") + points_text(units, 2) for units in (low, high)]
    assert [said[2], said[4]] == signed


def test_fonts_of_charts(any_league: League) -> None:
    assert {font for _, _, own in drawn(any_league) for one in own for font in one.fonts} == {"Times New Roman"}


def test_their_figures_have_the_full_names(any_league: League) -> None:
    for group, sheet, (first, *_) in drawn(any_league):
        _, labels, _ = first.series[0]
        names = cells(sheet, labels.replace("$A$", "$B$"))
        assert names == [one.unit.name for one in shown(any_league.ranked(group))]


def test_charts_lie_whole_on_their_pages(any_league: League) -> None:
    """Between two page breaks; a frame that ends in the row of a break ends above it."""
    for name in any_league.names("Biểu đồ"):
        sheet = any_league.book[name]
        breaks = [one.id for one in sheet.row_breaks.brk]
        for one in sheet._charts:
            first, last = one.anchor._from.row + 1, one.anchor.to.row + 1
            assert not any(first <= row < last for row in breaks)
        assert sheet.page_setup.orientation == "landscape"
        assert not sheet.sheet_properties.pageSetUpPr or not sheet.sheet_properties.pageSetUpPr.fitToPage


def lightness(colour: str) -> int:
    """What is left of a colour in grey, of 255."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return (299 * red + 587 * green + 114 * blue) // 1000


@pytest.mark.filterwarnings("error")  # XlsxWriter only warns of a pattern that it does not know
def test_areas_look_different_in_grey_too() -> None:
    plain = sorted(lightness(colour) for colour in SOLID)
    assert all(after - before >= 25 for before, after in pairwise(plain))
    looks = [look(number) for number in range(8)]
    assert len({repr(one) for one in looks}) == 8
    book = Book(2026, "Biểu đồ", "parxl")
    made = book.workbook.add_chart({"type": "bar"})
    for one in looks:
        made.add_series({"values": "=Sheet1!$A$1:$A$2", **one})


# Odd cases ----------------------------------------------------------------------------------------


def charts_of(results: Results) -> bytes:
    book = Book(2026, "Biểu đồ", "parxl")
    write_charts(book, results)
    return book.close()


def test_without_a_ranked_unit_there_is_no_chart(few: League) -> None:
    units = tuple(replace(one, standing=None) for one in few.results.units)
    content = charts_of(replace(few.results, units=units))
    assert charts(content, 1) == []
    texts = [
        cell.value for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows() for cell in row
    ]
    assert NO_RANK in texts


ODD = "=1+1 \"Sở\" & <Nội vụ> 'A'\n]]> {=2}"


def test_names_that_are_no_plain_text(few: League) -> None:
    units = tuple(replace(one, unit=replace(one.unit, name=ODD)) for one in few.results.units)
    content = charts_of(replace(few.results, units=units))
    book = openpyxl.load_workbook(io.BytesIO(content))
    first, *_ = charts(content, 1)
    assert ODD in first.described.replace("\r\n", "\n")
    _, labels, _ = first.series[0]
    assert [text[3:] for text in cells(book.active, labels)] == [" ".join(ODD.split())] * 3
    assert {cell.data_type for row in book.active.iter_rows() for cell in row if cell.value is not None} == {
        "s",
        "n",
    }


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("Sở Nội vụ", "Sở Nội vụ"),
        ("Sở  Nội\nvụ", "Sở Nội vụ"),
        ("Ủy ban nhân dân", "Ủy ban nhân dân"),  # just fits
        ("Ủy ban nhân dân xã", "Ủy ban nhân…"),
        ("Ban Quản lý, các khu", "Ban Quản lý…"),
        ("x" * 20, "x" * 14 + "…"),
        ("Sở " + "x" * 20, "Sở " + "x" * 11 + "…"),
        ("", ""),
    ],
)
def test_names_are_shortened_between_words(text: str, short: str) -> None:
    assert shortened(text, 15) == short
    assert len(shortened(text, 15)) <= 15
