"""One form read back: whatever somebody did to the sheet, the right value or a finding at its place."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from campaigns import TTHC, full_answers, issued_campaign, return_form

from parxl.books.control.reading import read_control
from parxl.books.form.book import write_form
from parxl.books.form.data import form_data
from parxl.campaign import Folder, load_register
from parxl.criteria import load_set
from parxl.layout import EVIDENCE, INPUT, KEY, SHEET_META, SHEET_TABLE, TITLE, Layout
from parxl.reading.form import FormRead, peek_identity, read_table
from parxl.reading.rejection import Rejected
from parxl.rules import DAMAGED
from parxl.scoring import blank_inputs, score

FILE = "2-nop/phiếu.xlsx"
LAYOUT = Layout(load_set(TTHC))
ANSWERS = full_answers(LAYOUT.criteria)
EVIDENCES = {"1.6": "Báo cáo số 12/BC-CT ngày 01/12/2026", "7.2.1": "Công văn 5"}
Book = Any
Change = Callable[[Book], None]


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = issued_campaign(tmp_path_factory.mktemp("reading") / "đợt", TTHC)
    return_form(root, "cuc-thue", ANSWERS, evidence=EVIDENCES, submission=2)
    return root


@pytest.fixture(scope="module")
def content(campaign: Path) -> bytes:
    return (campaign / "2-nop" / "cuc-thue.xlsx").read_bytes()


def changed(content: bytes, change: Change) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read(content: bytes) -> FormRead:
    book, identity = peek_identity(content, FILE)
    return read_table(book, FILE, LAYOUT, identity)


def refused(content: bytes) -> list[tuple[str, str]]:
    """(code, message) of every reason why a file is rejected."""
    with pytest.raises(Rejected) as caught:
        read(content)
    assert all(found.file == FILE for found in caught.value.findings)
    return [(found.code, found.message) for found in caught.value.findings]


def in_table(change: Change) -> Change:
    return lambda book: change(book[SHEET_TABLE])


def expected() -> dict[str, int]:
    return {
        key: 1 if value == "x" else 0 if value is None else int(str(value)) for key, value in ANSWERS.items()
    }


def table_rows(sheet: Any) -> Iterator[int]:
    yield from range(LAYOUT.rows[0].number, LAYOUT.total_row + 1)


# Where things stand -------------------------------------------------------------------------------


def test_a_filled_form(content: bytes) -> None:
    form = read(content)
    assert form.inputs == form.sheet_inputs == expected()
    assert form.evidence == EVIDENCES
    assert (form.submission, form.sheet, form.findings) == (2, SHEET_TABLE, ())
    assert form.identity.unit == "cuc-thue"
    assert form.cells["1.6/a"] == LAYOUT.input_cell("1.6/a")
    # openpyxl keeps no cached values.
    assert set(form.self_scores.values()) == {None}


def test_rows_inserted_in_the_table(content: bytes) -> None:
    row = LAYOUT.row_of("3.2.3")
    form = read(changed(content, in_table(lambda sheet: sheet.insert_rows(row, 3))))
    assert (form.inputs, form.evidence, form.submission) == (expected(), EVIDENCES, 2)
    assert form.cells["1.6/a"] == LAYOUT.input_cell("1.6/a")
    moved = LAYOUT.input_rows["7.2.1/a"].number + 3
    assert form.cells["7.2.1/a"] == f"{INPUT}{moved}"


def test_rows_inserted_above_everything(content: bytes) -> None:
    form = read(changed(content, in_table(lambda sheet: sheet.insert_rows(1, 2))))
    assert (form.inputs, form.submission, form.findings) == (expected(), 2, ())


def reverse_rows(sheet: Any) -> None:
    numbers = list(table_rows(sheet))
    blocks = [[sheet.cell(n, c).value for c in range(1, 12)] for n in numbers]
    for number, block in zip(numbers, reversed(blocks), strict=True):
        for column, value in enumerate(block, start=1):
            sheet.cell(number, column).value = value


def test_sorted_rows_are_found_by_their_keys(content: bytes) -> None:
    form = read(changed(content, in_table(reverse_rows)))
    assert (form.inputs, form.evidence) == (expected(), EVIDENCES)
    assert (form.submission, form.findings) == (2, ())
    assert form.cells["1.6/a"] != LAYOUT.input_cell("1.6/a")


def test_a_row_of_mere_text_is_not_missed(content: bytes) -> None:
    row = next(row.number for row in LAYOUT.rows if row.kind == "band")
    form = read(changed(content, in_table(lambda sheet: sheet.delete_rows(row))))
    assert (form.inputs, form.findings) == (expected(), ())


def test_missing_rows_are_all_named(content: bytes) -> None:
    def delete(sheet: Any) -> None:
        for key in ("3.4.4/1", "1.6/b"):
            sheet.delete_rows(LAYOUT.input_rows[key].number)

    found = refused(changed(content, in_table(delete)))
    assert [code for code, _ in found] == ["PX307", "PX307"]
    for (_, message), key in zip(found, ("1.6/b", "3.4.4/1"), strict=True):
        assert f"“mục {key.split('/')[0]}: {LAYOUT.input_rows[key].text[:30]}" in message


def test_a_doubled_row_is_refused(content: bytes) -> None:
    def double(sheet: Any) -> None:
        sheet[f"{KEY}{LAYOUT.total_row + 3}"].value = "1.6/a"

    found = refused(changed(content, in_table(double)))
    assert [code for code, _ in found] == ["PX310"]
    assert f"“mục 1.6: {LAYOUT.input_rows['1.6/a'].text}”" in found[0][1]


def test_a_renamed_sheet_is_found_by_its_keys(content: bytes) -> None:
    def rename(sheet: Any) -> None:
        sheet.title = "Bảng của tôi"
        sheet[LAYOUT.input_cell("1.6/a")].value = "abc"

    form = read(changed(content, in_table(rename)))
    assert form.sheet == "Bảng của tôi"
    assert (form.inputs["1.6/b"], form.inputs["1.6/a"]) == (expected()["1.6/b"], DAMAGED)
    assert [found.sheet for found in form.findings] == ["Bảng của tôi"]


def test_a_deleted_table_is_refused(content: bytes) -> None:
    def delete(book: Book) -> None:
        del book[SHEET_TABLE]

    found = refused(changed(content, delete))
    assert [code for code, _ in found] == ["PX349"]


def test_names_are_never_trusted(content: bytes) -> None:
    """A cut and pasted cell takes its defined name along; the reader goes by row and column."""

    def swap(book: Book) -> None:
        book.defined_names["in_1_6_a"].attr_text = book.defined_names["in_7_2_1_b"].attr_text
        del book.defined_names["in_3_1_1_n"]

    assert read(changed(content, swap)).inputs == expected()


# Identity -----------------------------------------------------------------------------------------


def edit_cell(book: Book) -> None:
    cell = book[SHEET_TABLE][LAYOUT.identity_cell]
    cell.value = cell.value.replace("cuc-thue", "kbnn")


def edit_property(book: Book) -> None:
    book.custom_doc_props["parxl_unit"].value = "kbnn"


def edit_meta(book: Book) -> None:
    sheet = book[SHEET_META]
    row = next(row for row in sheet.iter_rows() if row[0].value == "unit")
    row[1].value = "kbnn"


@pytest.mark.parametrize("edit", [edit_cell, edit_property, edit_meta])
def test_an_identity_at_odds_with_itself_is_refused(content: bytes, edit: Change) -> None:
    found = refused(changed(content, edit))
    assert [code for code, _ in found] == ["PX311"]
    # The places, not what they say: the finding may reach a unit whose identity it is not.
    assert "trang ẩn, thuộc tính của tệp, ô nhận dạng cuối phiếu" in found[0][1]
    assert "cuc-thue" not in found[0][1]
    assert "kbnn" not in found[0][1]


def delete_meta(book: Book) -> None:
    del book[SHEET_META]


def delete_properties(book: Book) -> None:
    for name in list(book.custom_doc_props.names):
        del book.custom_doc_props[name]


def delete_cell(book: Book) -> None:
    book[SHEET_TABLE][LAYOUT.identity_cell].value = None


@pytest.mark.parametrize("lose", [delete_meta, delete_properties, delete_cell])
def test_one_of_the_three_may_be_lost(content: bytes, lose: Change) -> None:
    form = read(changed(content, lose))
    assert (form.identity, form.inputs) == (read(content).identity, expected())


def test_the_locked_cell_alone_still_tells_whose_form_it_is(content: bytes) -> None:
    """The sheet copied into a new workbook: its hidden neighbour and the properties stay behind."""

    def lose(book: Book) -> None:
        delete_meta(book)
        delete_properties(book)

    _, identity = peek_identity(changed(content, lose), FILE)
    whole = peek_identity(content, FILE)[1]
    assert identity == replace(whole, wording="")


def test_without_identity_it_is_no_form(content: bytes) -> None:
    def lose(book: Book) -> None:
        delete_meta(book)
        delete_properties(book)
        book[SHEET_TABLE][LAYOUT.identity_cell].value = None

    assert [code for code, _ in refused(changed(content, lose))] == ["PX302"]


def test_a_copied_second_identity_is_refused(content: bytes) -> None:
    def paste(book: Book) -> None:
        line = book[SHEET_TABLE][LAYOUT.identity_cell].value
        book[SHEET_TABLE][f"{TITLE}{LAYOUT.identity_row + 5}"].value = line.replace("cuc-thue", "ca")

    assert [code for code, _ in refused(changed(content, paste))] == ["PX311"]


# What was typed -----------------------------------------------------------------------------------

MISTAKES = {
    "1.6/a": ("1,5", "PX402"),
    "1.6/b": ("-3", "PX403"),
    "3.1.1/n": ("=1+1", "PX404"),
    "3.1.2/a": ("#REF!", "PX405"),
    "3.2.3/tinh/a": (True, "PX401"),
    "3.2.3/tinh/b": ("95%", "PX414"),
    "3.4.4/1": ("có", "PX407"),
    "7.2.1/b": ("abc", "PX401"),
    "7.2.1/a": (" 57 ", "PX411"),
}


def test_every_mistake_at_once_each_at_its_cell(content: bytes) -> None:
    def spoil(sheet: Any) -> None:
        for key, (value, _) in MISTAKES.items():
            sheet[LAYOUT.input_cell(key)].value = value

    form = read(changed(content, in_table(spoil)))
    found = {(f.cell, f.criterion, f.code) for f in form.findings}
    assert found == {(LAYOUT.input_cell(key), key.split("/")[0], code) for key, (_, code) in MISTAKES.items()}
    assert {(f.file, f.sheet) for f in form.findings} == {(FILE, SHEET_TABLE)}
    assert form.typed["7.2.1/b"] == "abc"
    spoiled = {key for key, value in form.inputs.items() if value == DAMAGED}
    assert spoiled == set(MISTAKES) - {"7.2.1/a"}
    assert spoiled <= set(form.typed)
    assert {key for key, value in form.inputs.items() if value != expected()[key]} == set(MISTAKES)


TYPED: dict[str, tuple[Any, str | None, str | None]] = {  # leaf -> typed, kept, code of the finding
    "1.6": ("\u00a0 " + unicodedata.normalize("NFD", "Quyết định số 5") + "\n", "Quyết định số 5", "PX412"),
    "3.1.1": ('=HYPERLINK("http://x")', '=HYPERLINK("http://x")', "PX408"),
    "3.1.2": (12, "12", None),
    "3.2.1": ("   ", None, None),
    "3.2.2": ("#REF!", "#REF!", None),
    "7.2.1": (None, None, None),
}


def test_evidence_is_text_whatever_was_typed(content: bytes) -> None:
    def write(sheet: Any) -> None:
        for code, (value, _, _) in TYPED.items():
            sheet[LAYOUT.evidence_cell(code)].value = value

    form = read(changed(content, in_table(write)))
    assert form.evidence == {code: kept for code, (_, kept, _) in TYPED.items() if kept}
    found = {f.criterion: (f.code, f.cell) for f in form.findings}
    assert found == {c: (x, f"{EVIDENCE}{LAYOUT.row_of(c)}") for c, (_, _, x) in TYPED.items() if x}
    assert "error" not in {f.severity for f in form.findings}


# Lần nộp ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "number", "codes"),
    [
        (3, 3, []),
        (3.0, 3, []),
        (" 3 ", 3, []),
        ("03", 3, []),
        (99, 99, []),
        (0, 1, ["PX320"]),
        (100, 1, ["PX320"]),
        (-1, 1, ["PX320"]),
        (1.5, 1, ["PX320"]),
        (None, 1, ["PX320"]),
        ("hai", 1, ["PX320"]),
        ("²", 1, ["PX320"]),
        ("1" * 5000, 1, ["PX320"]),
        ("=1+1", 1, ["PX320"]),
    ],
)
def test_the_number_of_the_submission(content: bytes, typed: Any, number: int, codes: list[str]) -> None:
    book, identity = peek_identity(content, FILE)
    cells = dict(book.sheets[SHEET_TABLE])
    at = (LAYOUT.submission_row, 6)
    formula = isinstance(typed, str) and typed.startswith("=")
    cells[at] = replace(cells[at], value=typed, formula=formula)
    form = read_table(replace(book, sheets={**book.sheets, SHEET_TABLE: cells}), FILE, LAYOUT, identity)
    assert (form.submission, [f.code for f in form.findings]) == (number, codes)


# What the form itself showed ----------------------------------------------------------------------


def test_self_scores_are_those_the_form_shows(campaign: Path) -> None:
    """XlsxWriter writes the true cached values, so a form written with inputs shows its scores."""
    folder = Folder(campaign)
    settings, register = read_control(folder.control, LAYOUT.criteria), load_register(folder.register)
    assert register is not None
    data = form_data(LAYOUT, settings, settings.units[0], register)
    form = read(write_form(replace(data, inputs=expected())))
    row = blank_inputs(LAYOUT.criteria, ["x"]).assign(**expected())
    scores = score(LAYOUT.criteria, row)
    shown = {**scores.leaves.loc["x"].to_dict(), **scores.groups.loc["x"].to_dict()}
    assert form.self_scores == shown
    assert form.self_total == 2025
