"""``3-tham-dinh``: from scores to a workbook, through many hands, and back; nothing typed is ever lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from campaigns import HA_TINH, SET_IDS, TTHC, full_answers, intake_of, issued_campaign, return_form, set_rows
from hypothesis import given, settings
from hypothesis import strategies as st

from parxl.actions import open_campaign
from parxl.appraisal import FIRST, SECOND, Answer, Appraisal, checked, merge
from parxl.books.appraisal.book import write_appraisal
from parxl.books.appraisal.check import FINE, NO_REASON, NOT_COUNTED, WRONG, check_value
from parxl.books.appraisal.lines import Sources
from parxl.desk import (
    APPRAISAL,
    FIRST_ROW,
    SHEET_APPRAISAL,
    Typed,
    appraised,
    appraised_areas,
    area_file,
    row_key,
)
from parxl.grid import Workbook, read_workbook
from parxl.layout import Layout
from parxl.reading.appraisal import Appraisals, read_appraisals, why_foreign
from parxl.reading.appraisal_rows import beyond_typed, typed_of
from parxl.reading.texts import bare
from parxl.results import Results, score_intake

CODES = {TTHC: ("3.1.1", "3.3.2"), HA_TINH: ("1.2", "1.3")}
EVIL = '=HYPERLINK("http://x","y")'
Key = tuple[str, str]
Cells = Mapping[Key, tuple[Any, Any]]


def scored(root: Path, appraisal: Appraisal | None = None) -> Results:
    opened = open_campaign(root)
    layout = Layout(opened.criteria)
    intake = intake_of(opened.folder, layout, opened.settings, opened.register)
    return score_intake(
        layout, opened.settings, opened.register, intake, lambda scores: appraisal or Appraisal()
    )


@pytest.fixture(scope="module", params=SET_IDS)
def campaign(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two of three units have sent their forms."""
    root = issued_campaign(tmp_path_factory.mktemp("issued") / "c", request.param)
    answers = full_answers(open_campaign(root).criteria)
    return_form(root, "kbnn", answers, evidence={CODES[request.param][0]: EVIL})
    return_form(root, "cuc-thue", answers)
    return root


@pytest.fixture(scope="module")
def results(campaign: Path) -> Results:
    return scored(campaign)


@pytest.fixture(scope="module")
def tthc_campaign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = issued_campaign(tmp_path_factory.mktemp("tthc") / "c", TTHC)
    return_form(root, "kbnn", full_answers(open_campaign(root).criteria))
    return root


@pytest.fixture(scope="module")
def tthc(tthc_campaign: Path) -> Results:
    return scored(tthc_campaign)


def area_of(results: Results, code: str) -> Any:
    return next(a for a in appraised_areas(results.criteria) if code.split(".")[0] == a.code)


def written(results: Results, number: int = FIRST, **sources: Any) -> bytes:
    """The workbook of the area that ``CODES`` stand in."""
    area = area_of(results, CODES[results.criteria.id][0])
    return write_appraisal(results, area, number, Sources(**sources))


def hands(
    content: bytes, folder: Path, name: str, cells: Cells, change: Callable[[Any], None] | None = None
) -> Path:
    """A copy in a round's folder in which somebody types; ``change``: what else is done to its sheet."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    book = openpyxl.load_workbook(path)
    sheet = book[SHEET_APPRAISAL]
    rows = {sheet[f"{APPRAISAL['key'].letter}{r}"].value: r for r in range(FIRST_ROW, sheet.max_row + 1)}
    for (unit, code), (points, reason) in cells.items():
        row = rows[row_key(unit, code)]
        sheet[f"{APPRAISAL['points'].letter}{row}"].value = points
        sheet[f"{APPRAISAL['reason'].letter}{row}"].value = reason
    if change:
        change(sheet)
    book.save(path)
    return path


def read(root: Path, number: int = FIRST) -> Appraisals:
    opened = open_campaign(root)
    return read_appraisals(opened.folder, number, opened.criteria, opened.settings, opened.register)


def copy_of(campaign: Path, tmp_path: Path) -> Path:
    """The campaign's own files without its forms: enough to read an appraisal."""
    root = tmp_path / "c"
    root.mkdir()
    for name in ("dot-cham.xlsx", "bo-tieu-chi.toml", "1-phieu/phat-hanh.json"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_bytes((campaign / name).read_bytes())
    return root


@pytest.fixture
def root(campaign: Path, tmp_path: Path) -> Path:
    return copy_of(campaign, tmp_path)


def codes(found: Appraisals) -> list[str]:
    return [one.code for one in found.findings]


# What is written ----------------------------------------------------------------------------------


def test_a_row_a_unit_and_criterion(results: Results) -> None:
    units = ["cuc-thue", "kbnn"]
    for area in appraised_areas(results.criteria):
        book = read_workbook(write_appraisal(results, area, FIRST, Sources()))
        column = ord(APPRAISAL["key"].letter) - 64
        cells = book.sheets[SHEET_APPRAISAL]
        keys = [cell.text for (row, at), cell in sorted(cells.items()) if at == column and row >= FIRST_ROW]
        assert keys == [row_key(u, n.code) for u in units for n in appraised(results.criteria, area)]


def test_same_input_same_bytes(results: Results) -> None:
    assert written(results) == written(results)


def test_locked_but_for_two_columns(results: Results, tmp_path: Path) -> None:
    path = hands(written(results), tmp_path, "a.xlsx", {})
    sheet = openpyxl.load_workbook(path)[SHEET_APPRAISAL]
    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert not sheet.protection.autoFilter, "the filter works under protection"
    letters = {c.column_letter for row in sheet.iter_rows() for c in row if not c.protection.locked}
    assert letters == {APPRAISAL["points"].letter, APPRAISAL["reason"].letter}
    hidden = {k for k, d in sheet.column_dimensions.items() if d.hidden}
    assert {"K", "Q"} <= hidden


def test_agency_text_is_data(results: Results) -> None:
    code = CODES[results.criteria.id][0]
    explained = {"kbnn": {code: "=1+1"}}
    cells = read_workbook(written(results, SECOND, explained=explained)).sheets[SHEET_APPRAISAL].values()
    assert {"=1+1", EVIL} <= {cell.value for cell in cells}
    check = APPRAISAL["check"].letter
    assert all(check in cell.source or not cell.formula or "N" in cell.source for cell in cells)
    assert not any(cell.formula and cell.value in ("=1+1", EVIL) for cell in cells)


def shown_row(book: Workbook, unit: str, code: str) -> dict[str, Any]:
    """Column name -> value of one row."""
    cells = book.sheets[SHEET_APPRAISAL]
    place = {name: ord(column.letter) - 64 for name, column in APPRAISAL.items()}
    row = next(r for (r, c), v in cells.items() if c == place["key"] and v.text == row_key(unit, code))
    return {name: book.cell(SHEET_APPRAISAL, row, column).value for name, column in place.items()}


def test_what_the_council_sees(results: Results, campaign: Path) -> None:
    code = CODES[results.criteria.id][0]
    first = Answer(FIRST, "kbnn", code, 10, "thiếu văn bản", None, "f", "s", "N7")
    again = scored(campaign, merge([first], results.criteria.decimals))
    file = next(unit.file for unit in again.units if unit.unit.code == "kbnn")
    assert file is not None
    assert file.form is not None
    # openpyxl saves a form without what its formulas showed
    object.__setattr__(file.form, "self_scores", {**file.form.self_scores, code: 75})
    sources = {"explained": {"kbnn": {code: "Đã bổ sung"}}, "previous": {"kbnn": {code: 25}}}
    row = shown_row(read_workbook(written(again, SECOND, **sources)), "kbnn", code)
    top = float(results.criteria.by_code[code].max)
    numbers = [row[name] for name in ("maximum", "self", "computed", "last_year", "first")]
    assert numbers == [top, 0.75, top, 0.25, 0.1]
    assert [row[name] for name in ("first_reason", "explanation")] == ["thiếu văn bản", "Đã bổ sung"]
    assert row["name"] == "Kho bạc Nhà nước"
    assert "→" in row["sentence"]
    blank = shown_row(read_workbook(written(again, FIRST, **sources)), "kbnn", code)
    assert [blank[name] for name in ("first", "first_reason", "explanation")] == [None] * 3


def test_what_does_not_apply_is_left_out(tthc: Results, tmp_path: Path) -> None:
    root = issued_campaign(tmp_path / "c", TTHC)
    set_rows(root, "Không áp dụng", [["kbnn", "3.1.1", "không có", ""]])
    return_form(root, "kbnn", full_answers(tthc.criteria))
    again = scored(root)
    keys = [cell.text for cell in read_workbook(written(again)).sheets[SHEET_APPRAISAL].values()]
    assert row_key("kbnn", "3.1.1") not in keys
    assert row_key("kbnn", "3.1.2") in keys


# The live check -----------------------------------------------------------------------------------

CHECKS = [
    (None, "", ""),
    (None, " ", ""),
    (None, "xem lại", FINE),
    (0.5, "", FINE),
    (0.25, "", NO_REASON),
    (0.25, "   ", NO_REASON),
    (0.25, "thiếu", FINE),
    (0, "thiếu", FINE),
    (0.51, "cao quá", WRONG),
    (-0.25, "thiếu", WRONG),
    (0.255, "thiếu", WRONG),
    ("0,25", "thiếu", WRONG),  # a text is told, though the reader takes it
    ("abc", "", WRONG),
    ("  ", "", ""),
]


@pytest.mark.parametrize(("points", "reason", "wanted"), CHECKS)
def test_the_check_beside_a_row(points: Any, reason: str, wanted: str, tthc: Results) -> None:
    assert tthc.scores.maxima.loc["kbnn", "3.1.1"] == tthc.scores.leaves.loc["kbnn", "3.1.1"] == 50
    assert check_value(Typed(points, reason), 50, 50, 2) == wanted
    book = read_workbook(written(tthc, typed={("kbnn", "3.1.1"): Typed(points, reason)}))
    assert (shown_row(book, "kbnn", "3.1.1")["check"] or "") == wanted


def test_in_the_second_round_a_blank_agrees_with_the_first() -> None:
    assert check_value(Typed(0.25, ""), 25, 50, 2) == FINE
    assert check_value(Typed(0.5, ""), 25, 50, 2) == NO_REASON


# There and back -----------------------------------------------------------------------------------


def test_two_people_and_one_conflict(results: Results, root: Path, campaign: Path) -> None:
    one, other = CODES[results.criteria.id]
    lan, content = root / "3-tham-dinh" / "lan-1", written(results)
    hands(content, lan, "an.xlsx", {("kbnn", one): (0.25, "thiếu"), ("cuc-thue", other): (0.1, "chậm")})
    hands(
        content, lan, "sub/bình (2).xlsx", {("kbnn", one): (0.25, "thiếu"), ("cuc-thue", other): ("0,2", "ít")}
    )
    (lan / "~$an.xlsx").write_bytes(b"x")
    found = read(root)
    assert [f.name for f in found.files] == ["3-tham-dinh/lan-1/an.xlsx", "3-tham-dinh/lan-1/sub/bình (2).xlsx"]
    answers, told = checked(found.answers, results.scores, 2)
    merged = merge(answers, 2, (*found.findings, *told))
    assert [f.code for f in merged.findings] == ["PX705", "PX705"]
    final = scored(campaign, merged).finals
    assert final.leaves.loc["kbnn", one] == 25
    assert final.leaves.loc["cuc-thue", other] == results.scores.leaves.loc["cuc-thue", other]


def test_a_blank_workbook_gives_no_answers(results: Results, root: Path) -> None:
    for area in appraised_areas(results.criteria):
        content = write_appraisal(results, area, FIRST, Sources())
        hands(content, root / "3-tham-dinh" / "lan-1", area_file(area), {})
    found = read(root)
    assert found[:2] == ((), ())
    assert all(file.usable and file.sha256 for file in found.files)


def taken(root: Path, results: Results, points: Any, reason: Any = "vì") -> tuple[list[int | None], list[str]]:
    """(points that are taken, codes that are told) for one cell of a criterion worth 0.5."""
    lan = root / "3-tham-dinh" / "lan-1"
    hands(written(results), lan, "a.xlsx", {("kbnn", "3.1.1"): (points, reason)})
    found = read(root)
    assert all((f.cell, f.criterion, f.sheet) == ("N7", "3.1.1", SHEET_APPRAISAL) for f in found.findings)
    return [one.points for one in found.answers], codes(found)


@pytest.fixture
def tthc_root(tthc_campaign: Path, tmp_path: Path) -> Path:
    return copy_of(tthc_campaign, tmp_path)


ACCEPTED = [
    (0.25, 25),
    (0, 0),
    (0.5, 50),
    ("0,25", 25),
    (" 0.25 ", 25),
    ("0", 0),
    ("0,5 điểm", 50),
    (0.1 + 0.2, 30),
]
REFUSED = [0.51, -0.01, 0.255, "abc", "1/2", "=0.25", True, "50%", dt.date(2026, 5, 1), "0,255", 1e305, "#N/A"]


@pytest.mark.parametrize(("points", "units"), ACCEPTED)
def test_scores_that_are_taken(points: Any, units: int, tthc: Results, tthc_root: Path) -> None:
    assert taken(tthc_root, tthc, points) == ([units], [])


@pytest.mark.parametrize("points", REFUSED)
def test_scores_that_are_refused(points: Any, tthc: Results, tthc_root: Path) -> None:
    assert taken(tthc_root, tthc, points) == ([], ["PX701"])


def test_a_score_without_a_reason(tthc: Results, tthc_root: Path) -> None:
    assert taken(tthc_root, tthc, 0.25, None) == ([], ["PX702"])
    assert taken(tthc_root, tthc, 0.25, "\u200b ") == ([], ["PX702"])
    assert taken(tthc_root, tthc, 0.25, "#REF!") == ([], ["PX702"])
    assert taken(tthc_root, tthc, 0.5, None) == ([50], [])
    assert taken(tthc_root, tthc, None, "xem lại") == ([None], [])
    assert taken(tthc_root, tthc, "  ", None) == ([], [])


def test_reasons_in_the_second_round_are_asked_against_the_first(tthc_campaign: Path, tthc_root: Path) -> None:
    first = merge([Answer(FIRST, "kbnn", "3.1.1", 25, "thiếu", 50, "f", "s", "N7")], 2)
    content, lan = written(scored(tthc_campaign, first), SECOND), tthc_root / "3-tham-dinh" / "lan-2"
    hands(content, lan, "a.xlsx", {("kbnn", "3.1.1"): (0.25, None), ("kbnn", "3.1.2"): (0.25, None)})
    hands(content, lan, "b.xlsx", {("kbnn", "3.1.1"): (0.5, None)})
    found = read(tthc_root, SECOND)
    assert [(one.code, one.points, one.computed) for one in found.answers] == [("3.1.1", 25, 50)]
    told = {(f.code, f.file, f.criterion) for f in found.findings}
    assert told == {
        ("PX702", "3-tham-dinh/lan-2/a.xlsx", "3.1.2"),
        ("PX702", "3-tham-dinh/lan-2/b.xlsx", "3.1.1"),
    }
    assert "lần 1 (0,25)" in next(f.message for f in found.findings if f.criterion == "3.1.1")


# What people do to a workbook ---------------------------------------------------------------------

MANY: Cells = {("kbnn", "3.1.1"): (0.25, "một"), ("kbnn", "3.3.2"): (0, "hai"), ("kbnn", "3.2.1"): (None, "ba")}
TAKEN = {("3.1.1", 25, "một"), ("3.3.2", 0, "hai"), ("3.2.1", None, "ba")}


def insert_row(sheet: Any) -> None:
    sheet.insert_rows(8)
    sheet.insert_rows(2)


def insert_column(sheet: Any) -> None:
    sheet.insert_cols(3)
    sheet["C6"].value = "Ghi chú"


def delete_blank_rows(sheet: Any) -> None:
    for row in reversed(range(FIRST_ROW, sheet.max_row + 1)):
        if not (sheet[f"N{row}"].value or sheet[f"O{row}"].value):
            sheet.delete_rows(row)


def upside_down(sheet: Any) -> None:
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=FIRST_ROW)]
    for number, row in enumerate(reversed(rows), start=FIRST_ROW):
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column).value = value


def rename(sheet: Any) -> None:
    sheet.title = "Bản của tôi"
    sheet.parent.create_sheet("Nháp", 0)["A1"].value = "khóa"


@pytest.mark.parametrize("change", [insert_row, insert_column, delete_blank_rows, upside_down, rename])
def test_rows_are_read_by_their_keys(change: Callable[[Any], None], tthc: Results, tthc_root: Path) -> None:
    hands(written(tthc), tthc_root / "3-tham-dinh" / "lan-1", "x.xlsx", MANY, change)
    found = read(tthc_root)
    assert {(one.code, one.points, one.reason) for one in found.answers} == TAKEN
    assert found.findings == ()


def test_rows_sorted_without_their_keys_are_not_taken(tthc: Results, tthc_root: Path) -> None:
    def sort(sheet: Any) -> None:
        for column in range(1, 17):
            for a, b in ((7, 8), (9, 10)):
                one, other = sheet.cell(a, column), sheet.cell(b, column)
                one.value, other.value = other.value, one.value

    hands(written(tthc), tthc_root / "3-tham-dinh" / "lan-1", "x.xlsx", {("kbnn", "3.1.1"): (0.1, "vì")}, sort)
    found = read(tthc_root)
    assert found.answers == ()
    assert [(f.code, f.cell) for f in found.findings] == [("PX708", "N8")]


def test_rows_of_nobody_are_told(tthc: Results, tthc_root: Path) -> None:
    def more(sheet: Any) -> None:
        for row, key in ((200, "xyz|3.1.1"), (201, "kbnn|9.9"), (202, None), (203, "kbnn")):
            sheet[f"N{row}"].value, sheet[f"Q{row}"].value = 0.1, key

    hands(written(tthc), tthc_root / "3-tham-dinh" / "lan-1", "x.xlsx", {}, more)
    found = read(tthc_root)
    assert [(f.code, f.cell) for f in found.findings] == [("PX704", f"N{row}") for row in range(200, 204)]


def test_one_row_twice_in_a_file_is_two_answers(tthc: Results, tthc_root: Path) -> None:
    def again(sheet: Any) -> None:
        for column in range(1, 18):
            sheet.cell(200, column).value = sheet.cell(7, column).value
        sheet["N200"].value = 0.1

    hands(
        written(tthc), tthc_root / "3-tham-dinh" / "lan-1", "x.xlsx", {("kbnn", "3.1.1"): (0.25, "vì")}, again
    )
    found = read(tthc_root)
    assert [one.points for one in found.answers] == [25, 10]
    assert [f.code for f in merge(found.answers, 2).findings] == ["PX705"] * 2


# Files that are none of this round's --------------------------------------------------------------


def why(root: Path, content: bytes) -> str:
    path = root / "3-tham-dinh" / "lan-1" / "x.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    found = read(root)
    assert found.answers == ()
    assert not found.files[0].usable
    (told,) = found.findings
    return f"{told.code}: {told.message}"


def test_files_of_something_else(tthc: Results, tthc_campaign: Path, tthc_root: Path, tmp_path: Path) -> None:
    form = (tthc_campaign / "1-phieu" / "kbnn.xlsx").read_bytes()
    assert why(tthc_root, form).startswith("PX703: ")
    assert "là phiếu chấm điểm" in why(tthc_root, form)
    assert "lần thẩm định 2" in why(tthc_root, written(tthc, SECOND))
    assert why(tthc_root, b"%PDF-1.4").startswith("PX314")
    other = issued_campaign(tmp_path / "other", TTHC)
    return_form(other, "kbnn", full_answers(tthc.criteria))
    assert "thuộc đợt chấm khác" in why(tthc_root, written(scored(other)))
    plain = openpyxl.Workbook()
    plain.save(tmp_path / "p.xlsx")
    assert "không có thông tin nhận dạng" in why(tthc_root, (tmp_path / "p.xlsx").read_bytes())


def test_a_list_without_its_columns(tthc: Results, tthc_root: Path) -> None:
    def retitle(sheet: Any) -> None:
        sheet["O6"].value = "Ghi chú"

    path = hands(written(tthc), tthc_root, "x.xlsx", {}, retitle)
    assert "đủ các cột" in why(tthc_root, path.read_bytes())


def test_links_are_not_opened(tthc: Results, tthc_root: Path, tmp_path: Path) -> None:
    (tmp_path / "real.xlsx").write_bytes(written(tthc))
    lan = tthc_root / "3-tham-dinh" / "lan-1"
    lan.mkdir(parents=True)
    (lan / "x.xlsx").symlink_to(tmp_path / "real.xlsx")
    assert codes(read(tthc_root)) == ["PX319"]


# Written anew -------------------------------------------------------------------------------------

# A sheet takes fifteen digits from a keyboard, and knows no minus zero.
NUMBERS = st.floats(allow_nan=False, allow_infinity=False, width=32).map(lambda n: float(f"{n:.15g}") + 0.0)
NUMBERS |= st.integers(-10, 10**12)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12).filter(lambda t: bool(t.strip()))
JUNK = st.sampled_from(
    ["=1+1", "_x0041_", "0,5", "x\ny", " 1 ", "{=A1}", "http://x", "<b>&amp;", "'", "1/5", "#N/A"]
)
PLACES = st.tuples(
    st.sampled_from(["kbnn", "ca", "mất"]), st.sampled_from(["3.1.1", "3.3.2", "7.1.6", "1.6", "9.9"])
)
TYPED = st.builds(Typed, st.none() | NUMBERS | TEXTS | JUNK, st.just("") | TEXTS | JUNK)


def seen(typed: Mapping[Key, Typed]) -> dict[Key, tuple[Any, str]]:
    """What a person sees of it: fifteen digits, and no row in which nothing is to be seen."""

    def points(value: Any) -> Any:
        return f"{value:.15g}" if isinstance(value, (int, float)) else value

    return {key: (points(one.points), one.reason) for key, one in typed.items() if one != Typed(None, "")}


@pytest.fixture(scope="module")
def write(tthc: Results) -> Callable[[Mapping[Key, Typed]], Workbook]:
    return lambda typed: read_workbook(written(tthc, typed=typed))


@settings(max_examples=25, deadline=None)
@given(typed=st.dictionaries(PLACES, TYPED, max_size=6))
def test_whatever_is_typed_is_carried_over(
    write: Callable[[Mapping[Key, Typed]], Workbook], typed: dict[Key, Typed]
) -> None:
    once = typed_of(write(typed))
    again = write(once)
    assert seen(typed_of(again)) == seen(once)
    visible = {k: t for k, t in typed.items() if _visible(t.points) or _visible(t.reason)}
    assert set(once) == set(visible)
    for key, one in visible.items():
        assert not _visible(one.reason) or once[key].reason == one.reason
        assert not _visible(one.points) or seen({key: once[key]})[key][0] == seen({key: one})[key][0]
    assert beyond_typed(again) == []


def _visible(value: Any) -> bool:
    return value is not None and (not isinstance(value, str) or bool(bare(value)))


def test_typed_in_excel_and_carried_over(tthc: Results, tmp_path: Path) -> None:
    junk: list[Any] = ["=1+1", True, dt.date(2026, 5, 1), "50%", 1e305, "#REF!", 7]
    keys = [("kbnn", node.code) for node in appraised(tthc.criteria, area_of(tthc, "3.1.1"))]
    cells = {key: (value, value) for key, value in zip(keys, junk, strict=False)}
    path = hands(written(tthc), tmp_path, "x.xlsx", cells)
    once = typed_of(read_workbook(path.read_bytes()))
    again = read_workbook(written(tthc, typed=once))
    assert typed_of(again) == once
    assert len(once) == len(junk)
    assert not any(cell.source == "=1+1" for cell in again.sheets[SHEET_APPRAISAL].values())
    assert once[keys[0]] == Typed("=1+1", "=1+1")
    assert once[keys[6]] == Typed(7, "7")


def test_rows_that_are_no_longer_listed_stand_at_the_end(tthc: Results) -> None:
    typed = {
        ("ca", "3.1.1"): Typed(0.1, "cũ"),
        ("kbnn", "7.1.6"): Typed(0.2, "khác lĩnh vực"),
        ("x", "9.9"): Typed("?", ""),
    }
    book = read_workbook(written(tthc, typed=typed))
    assert typed_of(book) == typed
    shown = {key: shown_row(book, *key) for key in typed}
    assert [shown[key]["check"] for key in typed] == [NOT_COUNTED, FINE, NOT_COUNTED]
    assert shown["ca", "3.1.1"]["name"] == "Công an tỉnh"
    assert shown["kbnn", "7.1.6"]["maximum"] == float(tthc.criteria.by_code["7.1.6"].max)
    assert shown["x", "9.9"]["title"] is None


def test_content_of_people_s_own_is_told(tthc: Results, tmp_path: Path) -> None:
    def own(change: Callable[[Any], None]) -> list[str]:
        path = hands(written(tthc), tmp_path, "x.xlsx", MANY, change)
        return beyond_typed(read_workbook(path.read_bytes()))

    def note(cell: str) -> Callable[[Any], None]:
        return lambda sheet: setattr(sheet[cell], "value", "xem")

    assert own(lambda sheet: None) == []
    assert own(upside_down) == []
    assert own(delete_blank_rows) == []
    assert own(note("H9")) == [f"trang {SHEET_APPRAISAL} dòng 9"]
    assert own(note("R9")) == [f"trang {SHEET_APPRAISAL} dòng 9"]
    assert own(note("A2")) == [f"trang {SHEET_APPRAISAL} dòng 2"]
    assert own(note("N300")) == [f"trang {SHEET_APPRAISAL} dòng 300"]
    assert own(lambda sheet: sheet.parent.create_sheet("Nháp").append(["x"])) == ["trang Nháp"]


def test_a_file_in_the_way_of_another_round_is_foreign(tthc: Results) -> None:
    book = read_workbook(written(tthc))
    assert why_foreign(book, FIRST, tthc.criteria, tthc.register) == ""
    assert why_foreign(book, SECOND, tthc.criteria, tthc.register)
