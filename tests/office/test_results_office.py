"""The result workbooks in a real LibreOffice: its own figures, its pages, its row heights."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from office import REQUIRED, Office, what_is_missing
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from provinces import province, write_to

from parxl.results import Results, UnitResult

pytestmark = pytest.mark.skipif(
    not REQUIRED and bool(what_is_missing()), reason=what_is_missing() or "LibreOffice is here"
)

PROVINCES: dict[str, tuple[str, int, int, dict[str, Any]]] = {
    "ha-tinh": ("ha-tinh-2019-iv", 36, 3, {"groups": 2, "adjusted": True}),
    "tthc": ("par-index-tthc-2022", 14, 4, {}),
}
SUMMARY = "Tóm tắt"
A3 = 8
POINT_TOLERANCE = 0.5  # LibreOffice keeps heights in hundredths of a millimetre


@dataclass(frozen=True)
class Seen:
    """A workbook, and what LibreOffice made of it."""

    file: Path
    pdf: Path
    answer: dict[str, Any]
    places: list[tuple[str, str]]

    @cached_property
    def book(self) -> Workbook:
        return load_workbook(self.file, data_only=True)

    @cached_property
    def pages(self) -> dict[str, list[str]]:
        """Sheet -> the words of its pages; sheets begin where the outline of the PDF says."""
        command = ["pdftotext", "-layout", str(self.pdf), "-"]
        text = subprocess.run(command, capture_output=True, check=True).stdout.decode()
        every, starts = text.split("\f")[:-1], list(_outline(self.pdf))
        ends = [*(page for _, page in starts[1:]), len(every) + 1]
        return {name: every[page - 1 : end - 1] for (name, page), end in zip(starts, ends, strict=True)}


def _outline(pdf: Path) -> Iterator[tuple[str, int]]:
    """(sheet, its first page)"""
    command = ["pdftohtml", "-xml", "-i", "-stdout", str(pdf)]
    found = subprocess.run(command, capture_output=True, check=True).stdout
    outline = found[found.index(b"<outline>") : found.index(b"</outline>") + len(b"</outline>")]
    for item in ElementTree.fromstring(outline).iter("item"):
        yield item.text or "", int(item.get("page", "0"))


def look_at(office: Office, file: Path, **more: Any) -> Seen:
    pdf = file.with_suffix(".pdf")
    cells = ((sheet.title, cell) for sheet in load_workbook(file) for row in sheet for cell in row)
    places = [(title, cell.coordinate) for title, cell in cells if cell.data_type == "f"]
    read = [[sheet, f"{cell}:{cell}"] for sheet, cell in places]
    return Seen(file, pdf, office.ask({"file": str(file), "pdf": str(pdf), "read": read, **more}), places)


# The workbooks ------------------------------------------------------------------------------------


def telling(results: Results) -> list[UnitResult]:
    """The units that put most on a page, the one with least to say, and one of each without scores."""
    scored = [unit for unit in results.units if unit.has_scores]
    gaps = {
        unit: sum(1 for code, _ in results.analysis.gaps.index if code == unit)
        for unit in results.standings.index
    }
    keys = (
        lambda unit: len(unit.unit.name),
        lambda unit: len(unit.findings),
        lambda unit: gaps[unit.unit.code],
        lambda unit: -gaps[unit.unit.code],
        lambda unit: len(results.settings.adjustments_of(unit.unit.code)),
        lambda unit: len(results.analysis.gains[unit.unit.code]),
    )
    chosen = [max(scored, key=key) for key in keys]
    chosen += [
        next(u for u in results.units if u.status == status) for status in ("missing", "rejected", "conflict")
    ]
    return list({unit.unit.code: unit for unit in chosen}.values())


@pytest.fixture(scope="module", params=PROVINCES)
def results(request: pytest.FixtureRequest) -> Results:
    set_id, units, seed, more = PROVINCES[request.param]
    return province(set_id, units, seed, appraised=True, last_year=True, **more)


@pytest.fixture(scope="module")
def folder(results: Results, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ket-qua")
    write_to(results, path)
    return path


@pytest.fixture(scope="module")
def league(folder: Path, office: Office) -> Seen:
    return look_at(office, folder / "bang-xep-hang.xlsx")


@pytest.fixture(scope="module")
def units(results: Results, folder: Path, office: Office) -> dict[str, Seen]:
    """Unit code -> its workbook."""
    codes = [unit.unit.code for unit in telling(results)]
    return {code: look_at(office, folder / "don-vi" / f"{code}.xlsx") for code in codes}


# Figures ------------------------------------------------------------------------------------------


def differences(seen: Seen, moment: str) -> list[str]:
    """Cells whose cached value is not what LibreOffice has; type and value count."""
    found = zip(seen.places, seen.answer[moment], strict=True)
    wrong = []
    for (sheet, cell), ((value,),) in found:
        cached = seen.book[sheet][cell].value
        if not same("" if cached is None else cached, value):
            wrong.append(f"{seen.file.name} {sheet}!{cell}: LibreOffice {value!r}, parxl {cached!r}")
    return wrong


def same(wanted: Any, found: Any) -> bool:
    if isinstance(wanted, str) or isinstance(found, str):
        return bool(wanted == found)
    return float(wanted) == float(found)


@pytest.mark.parametrize("moment", ["loaded", "recalculated"])
def test_every_formula_has_its_true_value(league: Seen, units: dict[str, Seen], moment: str) -> None:
    every = [league, *units.values()]
    assert sum(len(seen.places) for seen in every) > 1000
    assert [line for seen in every for line in differences(seen, moment)] == []
    assert [seen.answer["errors"] for seen in every if seen.answer["errors"]] == []


def test_sheets_keep_their_names(league: Seen, units: dict[str, Seen]) -> None:
    for seen in (league, *units.values()):
        assert list(seen.pages) == seen.book.sheetnames


# Pages --------------------------------------------------------------------------------------------


def test_the_summary_is_one_page(units: dict[str, Seen]) -> None:
    assert {code: len(seen.pages[SUMMARY]) for code, seen in units.items()} == dict.fromkeys(units, 1)
    assert all(seen.book.sheetnames[0] == SUMMARY for seen in units.values())


def is_fit(sheet: Worksheet) -> bool:
    """Is it to be one page wide?"""
    properties = sheet.sheet_properties.pageSetUpPr
    return bool(properties and properties.fitToPage)


def heads(sheet: Worksheet) -> set[str]:
    """Every word of a table's headings; a column that is hidden has none."""
    _, head, last, _ = range_boundaries(sheet.auto_filter.ref)
    hidden = {n for one in sheet.column_dimensions.values() if one.hidden for n in range(one.min, one.max + 1)}
    shown = [column for column in range(1, last + 1) if column not in hidden]
    return {word for column in shown for word in str(sheet.cell(head, column).value).split()}


def tables(seen: Seen) -> list[Worksheet]:
    return [sheet for sheet in seen.book if sheet.auto_filter.ref and is_fit(sheet)]


def test_league_tables_are_one_page_wide(league: Seen) -> None:
    """Every page shows all headings, so none continues a page beside it."""
    assert len(tables(league)) >= 8
    for sheet in tables(league):
        for number, page in enumerate(league.pages[sheet.title], start=1):
            assert heads(sheet) <= set(page.split()), (sheet.title, number)


def test_only_the_matrix_is_wider_than_a_page(league: Seen) -> None:
    """A3, and as many pages as it takes; charts and text fit by themselves."""
    wide = [sheet.title for sheet in league.book if sheet.auto_filter.ref and not is_fit(sheet)]
    assert wide == ["Ma trận tiêu chí"]
    assert int(league.book[wide[0]].page_setup.paperSize) == A3


def test_chart_sheets_break_where_the_file_says(league: Seen) -> None:
    """No chart is cut by a page's end, nor continued on a page beside it."""
    charts = [sheet for sheet in league.book if sheet.title.startswith("Biểu đồ") and not is_fit(sheet)]
    assert charts
    for sheet in charts:
        assert len(league.pages[sheet.title]) == len(sheet.row_breaks.brk) + 1, sheet.title


def test_no_page_is_empty(league: Seen, units: dict[str, Seen]) -> None:
    """A page has more on it than its number and the round's name."""
    for seen in (league, *units.values()):
        for sheet, pages in seen.pages.items():
            assert all(len(page.split()) > 20 for page in pages), (seen.file.name, sheet)


# Row heights --------------------------------------------------------------------------------------


def clipped(office: Office, seen: Seen, sheet: Worksheet) -> list[str]:
    """Rows that need more height than the file gives; merged cells do not count for LibreOffice.

    A row without a height grows by itself, and a row without words needs none.
    """
    answer = office.ask({"file": str(seen.file), "read": [], "sheet": sheet.title, "rows": sheet.max_row})
    found = []
    for row, needs in enumerate(answer["needed"], start=1):
        has = sheet.row_dimensions[row].height
        is_filled = any(cell.value is not None for cell in sheet[row])
        if has and is_filled and needs > has + POINT_TOLERANCE:
            found.append(f"{sheet.title} row {row}: needs {needs:.1f}, has {has:.1f} points")
    return found


def test_no_row_of_the_league_is_clipped(league: Seen, office: Office) -> None:
    assert [line for sheet in league.book for line in clipped(office, league, sheet)] == []


def test_no_row_of_a_unit_s_workbook_is_clipped(units: dict[str, Seen], office: Office) -> None:
    for seen in list(units.values())[:3]:
        assert [line for sheet in seen.book for line in clipped(office, seen, sheet)] == []


# Whose workbook it is -----------------------------------------------------------------------------


def test_no_page_names_another_unit(results: Results, units: dict[str, Seen]) -> None:
    names = {unit.code: unit.name for unit in results.settings.units}
    for code, seen in units.items():
        text = " ".join(" ".join(page.split()) for pages in seen.pages.values() for page in pages)
        others = [name for other, name in names.items() if other != code and name not in names[code]]
        assert [name for name in others if name in text] == []
