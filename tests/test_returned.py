"""``4-ket-qua/tra-lai``: a form that goes back can be mended and sent again; nothing typed is lost."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from campaigns import (
    HA_TINH,
    TTHC,
    fill_form,
    full_answers,
    intake_of,
    issued_campaign,
    return_form,
    set_rows,
    unit_of,
)

from parxl.actions import Report, issue_forms, score_campaign
from parxl.books.control.reading import read_control
from parxl.books.form.book import write_form
from parxl.books.form.data import FormData, form_data
from parxl.books.form.remarks import DEPARTMENT, HEALED
from parxl.books.form.returned import DOUBTFUL, form_to_mend
from parxl.campaign import Folder, load_register
from parxl.checksum import typed_digest
from parxl.criteria import load_set
from parxl.findings import REGISTER
from parxl.issuing import is_untouched
from parxl.layout import SHEET_CHECK, SHEET_GUIDE, SHEET_MENDING, SHEET_META, SHEET_TABLE, Layout, input_name
from parxl.reading.file import FileRead
from parxl.reading.form import FormRead, peek_identity, read_table
from parxl.reading.intake import Intake
from parxl.results import score_intake
from parxl.terminal import summary_text

LAYOUT = Layout(load_set(TTHC))
ANSWERS = full_answers(LAYOUT.criteria)
UNIT = "ca"
RED = "FFC00000"
# b greater than a, text, a formula, two options, a blank: what each says and where it stands
WRONG: dict[str, object] = {
    "1.6/b": 25,
    "3.1.1/n": "không rõ",
    "3.3.2/b": "=1+1",
    "3.2.1/1": "x",
    "3.2.1/2": "x",
    "3.1.2/b": None,
}
WRONG_CODES = {"PX501", "PX502", "PX401", "PX404"}
LEAVES = [node.code for node in LAYOUT.criteria.leaves if node.parts]
EVIDENCE = dict.fromkeys(LEAVES, "- Kế hoạch số 3\n- Biên bản") | {"1.6": "Báo cáo số 12/BC-CT"}


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    units = [(UNIT, "Công an tỉnh", ""), ("kb", "Kho bạc Nhà nước", "")]
    return issued_campaign(tmp_path_factory.mktemp("issued") / "c", TTHC, units)


@pytest.fixture
def root(issued: Path, tmp_path: Path) -> Path:
    shutil.copytree(issued, tmp_path / "c")
    return tmp_path / "c"


def back(root: Path, unit: str = UNIT) -> Path:
    return root / "4-ket-qua" / "tra-lai" / f"{unit}.xlsx"


def sent(root: Path, changes: dict[str, object], name: str = "", **more: Any) -> Path:
    """A form with full answers and evidence but for these changes, in 2-nop."""
    return return_form(root, UNIT, {**ANSWERS, **changes}, name, **{"evidence": EVIDENCE, **more})


def returned(root: Path, changes: dict[str, object], **more: Any) -> Path:
    """What the unit gets back for such a form."""
    sent(root, changes, **more)
    score_campaign(root)
    return back(root)


def read(path: Path) -> FormRead:
    book, identity = peek_identity(path.read_bytes(), path.name)
    return read_table(book, path.name, LAYOUT, identity)


def table(path: Path) -> Any:
    return openpyxl.load_workbook(path)[SHEET_TABLE]


def listed(path: Path) -> list[tuple[Any, ...]]:
    """The table of the sheet *Cần sửa*: number, criterion, cell, severity, what was typed, what to do."""
    sheet = openpyxl.load_workbook(path)[SHEET_MENDING]
    return [tuple(cell or "" for cell in row) for row in sheet.iter_rows(min_row=8, values_only=True)]


def noted(path: Path) -> dict[str, str]:
    """Cell -> note, on the table."""
    return {c.coordinate: c.comment.text for row in table(path).iter_rows() for c in row if c.comment}


def told(report: Report) -> list[tuple[str, str | None]]:
    return [(found.code, found.file) for found in report.findings]


def codes(root: Path) -> list[tuple[str, str]]:
    """Code and criterion of each finding of the unit."""
    return [(f["code"], f["criterion"]) for f in unit_of(root, UNIT)["findings"]]


# Which units --------------------------------------------------------------------------------------


def test_only_a_unit_with_something_to_mend_gets_its_form_back(root: Path) -> None:
    sent(root, {"1.6/b": 25})
    report = score_campaign(root)
    assert [path.name for path in back(root).parent.iterdir()] == [f"{UNIT}.xlsx"]  # kb has sent nothing
    assert back(root) in report.written
    assert report.results is not None
    assert "1 phiếu trả lại đơn vị để sửa, trong 4-ket-qua/tra-lai." in summary_text(report.results)


@pytest.mark.parametrize(
    ("changes", "goes_back"),
    [
        ({}, False),
        ({"3.2.4/b": "18 "}, False),  # a note
        ({"3.1.2/a": 0, "3.1.2/b": 0}, False),  # awaits the department's guidance
        ({"3.1.2/b": None}, True),
        ({"3.2.1/1": None}, True),
        ({"3.1.1/n": "abc"}, True),
    ],
)
def test_warnings_alone_send_no_form_back(root: Path, changes: dict[str, object], goes_back: bool) -> None:
    assert returned(root, changes).exists() == goes_back


def test_the_league_leads_to_the_form(root: Path) -> None:
    returned(root, {"1.6/b": 25})
    sheet = openpyxl.load_workbook(root / "4-ket-qua" / "bang-xep-hang.xlsx")["Tình hình nộp phiếu"]
    links = {row[0].value: row[9].hyperlink and row[9].hyperlink.target for row in sheet.iter_rows(min_row=2)}
    assert links == {UNIT: f"tra-lai\\{UNIT}.xlsx", "kb": None}


# What stands in it --------------------------------------------------------------------------------


def test_it_is_the_units_own_form_with_what_it_typed(root: Path) -> None:
    source = sent(root, WRONG)
    score_campaign(root)
    before, after = read(source), read(back(root))
    assert after.identity == before.identity
    assert (before.submission, after.submission) == (1, 2)
    assert after.typed == before.typed
    assert after.evidence == before.evidence == EVIDENCE
    assert table(back(root))[LAYOUT.submission_cell].value == 2


def test_what_was_understood_is_written_as_a_number(root: Path) -> None:
    path = returned(root, {"1.6/a": "1.234", "1.6/b": " 57", "3.2.2/1": "Х", "3.1.1/n": "abc"})
    sheet = table(path)
    values = [sheet[LAYOUT.input_cell(key)].value for key in ("1.6/a", "1.6/b", "3.2.2/1", "3.1.1/n")]
    assert values == [1234, 57, "x", "abc"]


HOSTILE = ["=1+1", '=HYPERLINK("http://x.example","a")', "+1+1", "@SUM(A1)", "http://x.example", "-"]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_an_agency_never_becomes_a_formula_or_a_link(root: Path, text: str) -> None:
    book = openpyxl.load_workbook(
        returned(root, {"3.1.1/n": text, "1.6/b": 99}, evidence={**EVIDENCE, "1.6": text})
    )
    for sheet in (book[SHEET_TABLE], book[SHEET_MENDING]):
        cells = [cell for row in sheet.iter_rows() for cell in row if text in str(cell.value)]
        own = {LAYOUT.evidence_cell("1.6")} if sheet.title == SHEET_TABLE else set()
        assert own <= {cell.coordinate for cell in cells}
        assert {cell.data_type for cell in cells if text == cell.value} <= {"s"}
        links = [cell.hyperlink for row in sheet.iter_rows() for cell in row if cell.hyperlink]
        assert all(link.location.startswith(f"'{SHEET_TABLE}'!") and not link.target for link in links)


def test_exempt_parts_stay_locked_and_blank(root: Path) -> None:
    set_rows(root, "Không áp dụng", [[UNIT, "3.1.1", "Không được giao"]])
    path = returned(root, {"3.1.1/n": "abc", "1.6/b": 25})
    cell = table(path)[LAYOUT.input_cell("3.1.1/n")]
    assert (cell.value, cell.protection.locked, cell.comment) == (None, True, None)
    assert is_untouched(path.read_bytes(), LAYOUT)


# What is marked -----------------------------------------------------------------------------------


def test_every_cell_to_mend_is_framed_and_explained(root: Path) -> None:
    path = returned(root, WRONG)
    wanted = ["1.6/a", "1.6/b", "1.6/c", "3.1.1/n", "3.1.2/b", "3.2.1/1", "3.2.1/2", "3.3.2/b"]
    cells = {LAYOUT.input_cell(key) for key in wanted}
    notes = noted(path)
    assert set(notes) == cells
    assert "PX404" in notes[LAYOUT.input_cell("3.3.2/b")]
    sheet = table(path)
    framed = {c.coordinate for row in sheet.iter_rows() for c in row if c.border.left.style == "medium"}
    assert framed == cells
    assert {sheet[cell].border.left.color.rgb for cell in cells} == {RED}
    assert {sheet[cell].comment.author for cell in cells} == {"parxl"}
    assert not any(sheet[cell].protection.locked for cell in cells)


def test_the_first_sheet_lists_everything_to_mend(root: Path) -> None:
    path = returned(root, WRONG)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == [SHEET_MENDING, SHEET_GUIDE, SHEET_TABLE, SHEET_CHECK, SHEET_META]
    assert book.active.title == SHEET_MENDING
    sheet = book[SHEET_MENDING]
    assert sheet.protection.sheet
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    assert sheet.print_title_rows == "$7:$7"
    rows = listed(path)
    assert [row[:3] for row in rows] == [
        (1, "1.6", LAYOUT.input_cell("1.6/c")),
        (2, "3.1.1", LAYOUT.input_cell("3.1.1/n")),
        (3, "3.1.2", LAYOUT.input_cell("3.1.2/b")),
        (4, "3.2.1", LAYOUT.input_cell("3.2.1/2")),
        (5, "3.3.2", LAYOUT.input_cell("3.3.2/b")),
    ]
    typed = [row[4] for row in rows]
    assert typed[1:3] == ["không rõ", "(để trống)"]
    assert typed[4] == "=1+1"
    assert f"{LAYOUT.input_cell('1.6/b')}: 25" in typed[0]
    links = [row[2].hyperlink.location for row in sheet.iter_rows(min_row=8)]
    assert links == [f"'{SHEET_TABLE}'!{row[2]}" for row in rows]


def test_the_first_sheet_says_what_to_do(root: Path) -> None:
    sheet = openpyxl.load_workbook(returned(root, WRONG, name="Phiếu CA.xlsx"))[SHEET_MENDING]
    texts = [sheet.cell(row, 1).value for row in range(1, 6)]
    assert texts[1] == "Công an tỉnh"
    assert texts[3] == "Trả lời tệp: Phiếu CA.xlsx (Lần nộp 1)"
    assert "sửa các ô viền đỏ" in texts[4]
    assert "Lần nộp đã ghi sẵn 2" in texts[4]


def test_a_warning_on_the_evidence_is_marked_too(root: Path) -> None:
    """Once a form goes back: points that nothing written supports."""
    evidence = {code: text for code, text in EVIDENCE.items() if code != "3.1.2"}
    path = returned(root, {"3.1.1/n": "abc"}, evidence=evidence)
    cell = LAYOUT.evidence_cell("3.1.2")
    assert "PX510" in noted(path)[cell]
    assert table(path)[cell].border.top.style == "medium"
    assert (cell, "Cảnh báo", "(để trống)") in [row[2:5] for row in listed(path)]


def test_the_guide_of_a_returned_form_knows_that_it_is_one(root: Path) -> None:
    texts = [[c.value for c in openpyxl.load_workbook(p)[SHEET_GUIDE]["B"]] for p in issued_and_back(root)]
    issued, back_again = ["\n".join(filter(None, text)) for text in texts]
    assert "tăng ô “Lần nộp” ở đầu phiếu thêm 1" in issued
    assert "tăng ô “Lần nộp”" not in back_again
    assert f"xem trang “{SHEET_MENDING}”" in back_again


def issued_and_back(root: Path) -> tuple[Path, Path]:
    return root / "1-phieu" / f"{UNIT}.xlsx", returned(root, {"1.6/b": 25})


def test_every_blank_input_of_a_criterion_is_marked(root: Path) -> None:
    path = returned(root, {"3.2.4/a": None, "3.2.4/b": None, "3.4.4/1": None})
    marks = {key for key in LAYOUT.input_rows if key.startswith("3.4.4/")}
    wanted = {"3.2.4/a", "3.2.4/b"} | marks
    assert set(noted(path)) == {LAYOUT.input_cell(key) for key in wanted}


def test_cells_of_a_moved_table_are_found_in_the_new_form(root: Path) -> None:
    """The agency's own file may have more rows: D30 there is not D30 here."""
    path = sent(root, {"3.1.1/n": "abc"})
    book = openpyxl.load_workbook(path)
    book[SHEET_TABLE].insert_rows(LAYOUT.row_of("1.6") + 1, 3)
    book.save(path)
    score_campaign(root)
    found = next(f for f in unit_of(root, UNIT)["findings"] if f["code"] == "PX401")
    cell = LAYOUT.input_cell("3.1.1/n")
    assert found["cell"] != cell
    assert "PX401" in noted(back(root))[cell]


# The way back -------------------------------------------------------------------------------------


def test_mended_and_sent_back_it_is_scored_and_takes_the_older_ones_place(root: Path) -> None:
    path = returned(root, WRONG)
    mended = fill_form(path, root / "2-nop" / "mended.xlsx", {key: ANSWERS[key] for key in WRONG})
    report = score_campaign(root)
    assert report.exit_code == 0
    unit = unit_of(root, UNIT)
    assert (unit["status"], unit["file"], unit["index"]) == ("scored", f"2-nop/{mended.name}", 100.0)
    assert unit["evidence"] == EVIDENCE
    assert report.results is not None
    assert {f.fate for f in report.results.intake.files} == {"scored", "superseded"}
    assert not path.exists()  # nothing is left to mend


def test_sent_back_as_it_is_it_comes_back_the_same(root: Path) -> None:
    changes = {key: value for key, value in WRONG.items() if key != "3.3.2/b"}
    first = returned(root, changes)
    found = codes(root)
    first = Path(shutil.copy(first, root / "2-nop" / "again.xlsx"))
    score_campaign(root)
    assert codes(root) == found
    second = back(root)
    assert read(second).submission == read(first).submission + 1
    assert listed(second) == listed(first)
    assert noted(second) == noted(first)
    assert values_of(second) == values_of(first)


def values_of(path: Path) -> dict[str, Any]:
    cells = {c.coordinate: c.value for row in table(path).iter_rows() for c in row}
    return {cell: value for cell, value in cells.items() if cell != LAYOUT.submission_cell}


def test_a_refused_formula_is_refused_again_as_text(root: Path) -> None:
    path = returned(root, {"3.3.2/b": "=1+1"})
    for _ in range(2):
        shutil.copy(path, root / "2-nop" / f"{read(path).submission}.xlsx")
        score_campaign(root)
        assert {criterion for _, criterion in codes(root)} == {"3.3.2"}
        assert table(path)[LAYOUT.input_cell("3.3.2/b")].value == "=1+1"


def test_the_highest_submission_of_all_counts(root: Path) -> None:
    set_rows(root, "Đơn vị", [[UNIT, "Công an tỉnh", "", None, None, "a.xlsx"]])
    sent(root, {"1.6/b": 25}, "a.xlsx", submission=2)
    sent(root, {}, "b.xlsx", submission=7)
    score_campaign(root)
    assert read(back(root)).submission == 8


def test_there_is_no_submission_after_99(root: Path) -> None:
    assert read(returned(root, {"1.6/b": 25}, submission=99)).submission == 99


def test_without_the_register_the_form_keeps_its_own_identity(root: Path) -> None:
    source = sent(root, {"1.6/b": 25})
    (root / "1-phieu" / "phat-hanh.json").unlink()
    score_campaign(root)
    assert read(back(root)).identity == read(source).identity


def test_the_other_set_comes_back_too(tmp_path: Path) -> None:
    root = issued_campaign(tmp_path / "c", HA_TINH, [(UNIT, "Công an tỉnh", "")])
    criteria = load_set(HA_TINH)
    evidence = {node.code: "Báo cáo" for node in criteria.leaves if node.parts}
    return_form(root, UNIT, {**full_answers(criteria), "3.3/b": 99}, evidence=evidence)
    score_campaign(root)
    assert is_untouched(back(root).read_bytes(), Layout(criteria))
    assert [row[1] for row in listed(back(root))] == ["3.3"]


# Conflicts ----------------------------------------------------------------------------------------


def conflict(root: Path) -> Path:
    texts = {**EVIDENCE, "3.1.1": "Văn bản A"}
    sent(root, {"1.6/b": 18, "3.1.2/b": None}, "a.xlsx", evidence=texts)
    sent(root, {"1.6/b": 19, "3.1.2/b": None}, "b.xlsx", evidence={**texts, "3.1.1": "Văn bản B"})
    score_campaign(root)
    return back(root)


def test_files_in_conflict_come_back_with_what_they_agree_on(root: Path) -> None:
    form = read(conflict(root))
    assert form.submission == 2
    agreed = {key: value for key, value in ANSWERS.items() if value is not None}
    assert form.typed == {k: v for k, v in agreed.items() if k not in ("1.6/b", "3.1.2/b")}
    assert form.evidence == {**EVIDENCE, "3.1.1": "Văn bản A"}


def test_what_the_files_differ_in_is_quoted(root: Path) -> None:
    notes = noted(conflict(root))
    assert set(notes) == {
        LAYOUT.input_cell("1.6/b"),
        LAYOUT.evidence_cell("3.1.1"),
        LAYOUT.input_cell("3.1.2/b"),
    }
    assert "a.xlsx ghi “18”; b.xlsx ghi “19”" in notes[LAYOUT.input_cell("1.6/b")]
    assert "PX611" in notes[LAYOUT.input_cell("1.6/b")]
    assert "a.xlsx ghi “Văn bản A”; b.xlsx ghi “Văn bản B”" in notes[LAYOUT.evidence_cell("3.1.1")]
    assert "PX612" in notes[LAYOUT.evidence_cell("3.1.1")]
    assert "PX501" in notes[LAYOUT.input_cell("3.1.2/b")]


def test_a_blank_against_a_figure_is_a_difference(root: Path) -> None:
    sent(root, {"3.2.1/1": None, "3.2.1/2": "x"}, "a.xlsx")
    sent(root, {}, "b.xlsx")
    score_campaign(root)
    notes = noted(back(root))
    assert "a.xlsx để trống; b.xlsx ghi “x”" in notes[LAYOUT.input_cell("3.2.1/1")]
    assert "a.xlsx ghi “x”; b.xlsx để trống" in notes[LAYOUT.input_cell("3.2.1/2")]


def test_a_conflict_that_is_mended_is_settled(root: Path) -> None:
    path = conflict(root)
    fill_form(path, root / "2-nop" / "c.xlsx", {key: ANSWERS[key] for key in ("1.6/b", "3.1.2/b")})
    score_campaign(root)
    assert unit_of(root, UNIT)["status"] == "scored"
    assert not path.exists()


def test_a_wrong_name_of_the_official_file_is_not_the_units_to_mend(root: Path) -> None:
    sent(root, {})
    set_rows(root, "Đơn vị", [[UNIT, "Công an tỉnh", "", None, None, "khác.xlsx"]])
    score_campaign(root)
    assert unit_of(root, UNIT)["status"] == "conflict"
    assert not back(root).exists()


# Rejected -----------------------------------------------------------------------------------------


def blank(root: Path) -> FormData:
    """The data of the unit's form as it was issued."""
    folder = Folder(root)
    settings, register = read_control(folder.control, LAYOUT.criteria), load_register(folder.register)
    assert register is not None
    return form_data(LAYOUT, settings, settings.unit_by_code[UNIT], register)


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"edition": "0" * 12}, "PX303"), ({"campaign": "khac"}, "PX304"), ({"serial": "0" * 12}, "PX306")],
)
def test_an_unusable_form_comes_back_blank_with_the_reason(
    root: Path, changes: dict[str, str], code: str
) -> None:
    data = blank(root)
    forged = replace(data, identity=replace(data.identity, **changes), evidence={"1.6": "Của người khác"})
    (root / "2-nop" / "x.xlsx").write_bytes(write_form(forged))
    score_campaign(root)
    form = read(back(root))
    assert (form.identity, form.typed, form.evidence, form.submission) == (data.identity, {}, {}, 1)
    ((_, _, cell, severity, _, message),) = listed(back(root))
    assert (cell, severity) == ("", "Lỗi")
    assert f"({code})" in message
    assert noted(back(root)) == {}
    assert score_campaign(root).exit_code == 4  # the same again


def test_a_file_of_nobody_sends_no_form(root: Path) -> None:
    (root / "2-nop" / "x.xlsx").write_bytes(b"PK")
    score_campaign(root)
    assert not back(root).parent.exists()


def with_partial(root: Path, lost: set[str]) -> FormData:
    """What goes back for a rejected form of which these inputs are lost."""
    folder, data = Folder(root), blank(root)
    settings, register = read_control(folder.control, LAYOUT.criteria), load_register(folder.register)
    form = read(sent(root, {"3.1.1/n": "abc"}, submission=4))
    kept = {name: _without(getattr(form, name), lost) for name in ("inputs", "typed", "cells")}
    found = intake_of(folder, LAYOUT, settings, register).files[0].findings
    file = FileRead("2-nop/x.xlsx", "", "rejected", UNIT, None, found, replace(form, **kept))
    intake = Intake((file,), {}, {}, {UNIT: (file,)})
    results = score_intake(LAYOUT, settings, register, intake)
    made = form_to_mend(results, results.by_code[UNIT], {})
    assert made
    assert made.identity == data.identity
    return made


def _without(found: dict[str, Any], lost: set[str]) -> dict[str, Any]:
    return {key: value for key, value in found.items() if key not in lost}


def test_a_damaged_form_comes_back_with_what_could_be_read(root: Path) -> None:
    lost = {"1.6/a", "1.6/b", "1.6/c"}
    data = with_partial(root, lost)
    assert data.submission == 5
    assert data.evidence == EVIDENCE
    wanted = {k: v for k, v in ANSWERS.items() if v is not None and k not in lost} | {"3.1.1/n": "abc"}
    assert data.typed == wanted
    # A blank c of 1.6 may be meant: it is no missing figure.
    assert set(data.notes) == {LAYOUT.input_cell(key) for key in ("1.6/a", "1.6/b", "3.1.1/n")}
    assert "PX501" in data.notes[LAYOUT.input_cell("1.6/a")]
    assert is_untouched(write_form(data), LAYOUT)


def changed(root: Path, change: Callable[[Any], object]) -> Path:
    """What the unit gets back for a full form whose workbook has been changed like this."""
    path = sent(root, {})
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    score_campaign(root)
    return back(root)


def test_a_form_that_lost_a_row_comes_back_whole(root: Path) -> None:
    row = LAYOUT.input_rows["3.1.1/n"].number
    path = changed(root, lambda book: book[SHEET_TABLE].delete_rows(row))
    assert unit_of(root, UNIT)["status"] == "rejected"
    form = read(path)
    assert set(ANSWERS) - set(form.typed) == {"3.1.1/n"} | {k for k, v in ANSWERS.items() if v is None}
    assert form.evidence == EVIDENCE
    assert set(noted(path)) == {LAYOUT.input_cell("3.1.1/n")}
    assert "PX307" in listed(path)[0][5]
    fill_form(path, root / "2-nop" / "again.xlsx", {"3.1.1/n": ANSWERS["3.1.1/n"]})
    score_campaign(root)
    assert unit_of(root, UNIT)["index"] == 100
    assert not path.exists()


def _rival(book: Any) -> None:
    book.copy_worksheet(book[SHEET_TABLE])[LAYOUT.input_cell("1.6/b")].value = 3


def _shuffled(book: Any) -> None:
    cells = [f"B{LAYOUT.input_rows[key].number}" for key in ("1.6/a", "1.6/b")]
    one, two = (book[SHEET_TABLE][cell] for cell in cells)
    one.value, two.value = two.value, one.value


@pytest.mark.parametrize(("change", "code"), [(_rival, "PX339"), (_shuffled, "PX345")])
def test_doubtful_figures_are_never_filled_in(root: Path, change: Callable[[Any], None], code: str) -> None:
    """Sent back as it is, the form would be scored by figures that nobody meant."""
    path = changed(root, change)
    form = read(path)
    assert (form.typed, form.evidence, form.submission) == ({}, {}, 2)
    assert code in listed(path)[0][5]


def test_what_is_left_out_or_doubted_are_codes_of_the_register() -> None:
    assert set(REGISTER) >= {*DEPARTMENT, *HEALED, *DOUBTFUL}
    assert not {code for code in (*DEPARTMENT, *HEALED, *DOUBTFUL) if REGISTER[code].severity == "note"}


def test_what_the_new_form_sets_right_itself_is_not_asked_for(root: Path) -> None:
    sent(root, {"3.1.1/n": "abc"})
    path = root / "2-nop" / f"{UNIT}.xlsx"
    resave(path, {"A1": "Tên khác", f"C{LAYOUT.row_of('1.6')}": "99", f"E{LAYOUT.row_of('1.6')}": 1.5})
    score_campaign(root)
    assert [row[1] for row in listed(back(root))] == ["3.1.1"]


# Nothing typed is lost ----------------------------------------------------------------------------


def resave(path: Path, changes: dict[str, Any]) -> bytes:
    """Somebody opens the file, types this by cell, and saves it."""
    book = openpyxl.load_workbook(path)
    for cell, value in changes.items():
        book[SHEET_TABLE][cell].value = value
    book.save(path)
    return path.read_bytes()


TYPED = [
    {LAYOUT.input_cell("1.6/b"): 20},
    {LAYOUT.input_cell("1.6/b"): None},
    {LAYOUT.input_cell("3.1.1/n"): "=1"},
    {LAYOUT.evidence_cell("3.2.1"): "Công văn số 1"},
    {LAYOUT.submission_cell: 9},
    {LAYOUT.submission_cell: "lần hai"},
]


@pytest.mark.parametrize("typed", TYPED, ids=str)
def test_what_somebody_typed_straight_into_it_is_never_written_over(root: Path, typed: dict[str, Any]) -> None:
    path = returned(root, {"1.6/b": 25})
    content = resave(path, typed)
    for changes in ({"1.6/b": 26}, {}):  # it would be replaced; it would be removed
        sent(root, changes)
        report = score_campaign(root)
        assert told(report) == [("PX602", f"4-ket-qua/tra-lai/{UNIT}.xlsx")]
        assert report.exit_code == 1
        assert path not in report.written
        assert path.read_bytes() == content
    path.rename(root / "2-nop" / "filled.xlsx")
    assert told(score_campaign(root)) == []


@pytest.mark.parametrize("typed", TYPED, ids=str)
def test_nor_what_somebody_typed_into_an_issued_form(root: Path, typed: dict[str, Any]) -> None:
    path = root / "1-phieu" / f"{UNIT}.xlsx"
    content = resave(path, typed if None not in typed.values() else {LAYOUT.input_cell("1.6/b"): 0})
    set_rows(root, "Đơn vị", [[UNIT, "Tên mới"]])
    report = issue_forms(root)
    assert told(report) == [("PX602", f"1-phieu/{UNIT}.xlsx")]
    assert path.read_bytes() == content


def test_a_form_that_was_only_opened_and_saved_is_replaced(root: Path) -> None:
    path = returned(root, {"1.6/b": 25})
    for saved in (path, root / "1-phieu" / f"{UNIT}.xlsx"):
        resave(saved, {})
    set_rows(root, "Đơn vị", [[UNIT, "Tên mới"]])
    assert told(issue_forms(root)) == told(score_campaign(root)) == []
    for written in (path, root / "1-phieu" / f"{UNIT}.xlsx"):
        assert table(written)["A2"].value == "TÊN MỚI"
    sent(root, {})
    resave(path, {})
    score_campaign(root)
    assert not path.exists()


@pytest.mark.parametrize("make", [lambda p: p.write_bytes(b"PK something else"), lambda p: p.mkdir()])
def test_something_else_in_the_way_is_left_alone(root: Path, make: Callable[[Path], object]) -> None:
    path = back(root)
    path.parent.mkdir(parents=True)
    make(path)
    sent(root, {"1.6/b": 25})
    report = score_campaign(root)
    assert [code for code, _ in told(report)] == ["PX602" if path.is_file() else "PX601"]
    assert (root / "4-ket-qua" / "ket-qua.json").exists()
    assert path.is_dir() or path.read_bytes() == b"PK something else"


def test_files_that_are_nobodys_form_stay(root: Path) -> None:
    path = returned(root, {"1.6/b": 25})
    for name in ("ghi chú.txt", "khac.xlsx"):
        shutil.copy(path, path.parent / name)
    sent(root, {})
    assert told(score_campaign(root)) == []
    assert sorted(p.name for p in path.parent.iterdir()) == ["ghi chú.txt", "khac.xlsx"]


def test_a_second_run_touches_nothing(root: Path) -> None:
    path = returned(root, WRONG)
    before = (path.read_bytes(), path.stat().st_mtime_ns)
    assert path in score_campaign(root).written
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


# The digest of what is typed ----------------------------------------------------------------------


def test_the_digest_is_of_values_not_of_their_order_or_type() -> None:
    one = typed_digest({"a": 20, "b": 0.30000000000000004}, {"1": "x"}, 1)
    assert one == typed_digest({"b": 0.3, "a": 20.0}, {"1": "x"}, 1)
    others = [
        typed_digest({"a": "20", "b": 0.3}, {"1": "x"}, 1),
        typed_digest({"a": 20, "b": 0.3}, {"1": "y"}, 1),
        typed_digest({"a": 20, "b": 0.3}, {"1": "x"}, 2),
        typed_digest({"a": 20}, {"1": "x"}, 1),
    ]
    assert len({one, *others}) == 5
    assert len(one) == 16


@pytest.mark.parametrize(
    "text", ["_x0041_", "a\r\nb", "a\x07b", "  hai  dấu cách", "“ngoặc” & <thẻ>", "dài " * 8000, "'", "0057"]
)
def test_any_text_reads_back_as_it_was_written(root: Path, text: str) -> None:
    """Else parxl would take its own form for one that somebody has typed into."""
    data = replace(blank(root), evidence={"1.6": text, "3.1.1": "Khác"}, typed={"3.1.1/n": text})
    (root / "2-nop" / "x.xlsx").write_bytes(write_form(data))
    score_campaign(root)
    assert read(back(root)).evidence["3.1.1"] == "Khác"
    assert is_untouched(back(root).read_bytes(), LAYOUT)


@pytest.mark.parametrize("number", [0.1 + 0.2, -3, 1e-9, 10**15, 123456789.123456789, 1e299])
def test_any_number_reads_back_as_it_was_written(root: Path, number: float) -> None:
    assert is_untouched(write_form(replace(blank(root), typed={"1.6/a": number})), LAYOUT)


def test_a_form_without_a_digest_may_hold_anything(root: Path) -> None:
    path = root / "1-phieu" / f"{UNIT}.xlsx"
    book = openpyxl.load_workbook(path)
    book[SHEET_META].delete_rows(9)
    book.save(path)
    assert not is_untouched(path.read_bytes(), LAYOUT)
    assert input_name("1.6/b") in book.defined_names
