"""Explanation forms: what was cut goes out, answers come back through 2-nop, and no score moves."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from campaigns import HA_TINH, full_answers, intake_of, issued_campaign, ket_qua, return_form, unit_of

from parxl.actions import score_campaign
from parxl.appraisal import FIRST, SECOND, Answer, Appraisal
from parxl.books.appraisal.explanation import Cut, cut_criteria, write_explanation
from parxl.books.control.reading import read_control
from parxl.campaign import Folder, load_register
from parxl.criteria import load_set
from parxl.desk import EXPLANATION, FIRST_ROW, HEADER_ROW, SHEET_EXPLANATION, SUBMISSION_CELL
from parxl.identity import PROPERTY_PREFIX, from_line
from parxl.issuing import is_untouched
from parxl.layout import SHEET_META, Layout
from parxl.reading.explanation import Reply
from parxl.reading.file import FileRead
from parxl.reading.intake import Intake
from parxl.results import Results

CRITERIA = load_set(HA_TINH)
LAYOUT = Layout(CRITERIA)
CODES = ("1.1", "1.5", "3.3")  # what is cut, in the order of the table
ANSWER, DOCUMENTS, KEY = (EXPLANATION[name].letter for name in ("answer", "documents", "key"))
REASON = "Chưa có văn bản kiểm chứng."
FORM = "2-nop/giai-trinh.xlsx"


def answer(code: str, points: int | None, unit: str = "cuc-thue", number: int = FIRST) -> Answer:
    return Answer(number, unit, code, points, REASON, None, "lan-1.xlsx", "Thẩm định", "N7")


def appraisal(*answers: Answer) -> Appraisal:
    return Appraisal({one.key: one for one in answers})


@dataclass(frozen=True)
class Desk:
    """A scored campaign and a blank explanation form of one unit."""

    root: Path
    results: Results
    cut: list[Cut]
    form: bytes

    def written(self, unit: str = "cuc-thue", submission: int = 1, **typed: Reply) -> bytes:
        found = next(one for one in self.results.settings.units if one.code == unit)
        replies = {code.removeprefix("m").replace("_", "."): reply for code, reply in typed.items()}
        return write_explanation(self.results, found, self.cut, replies, submission)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    root = issued_campaign(tmp_path_factory.mktemp("giai-trinh") / "dot", HA_TINH)
    return_form(root, "cuc-thue", full_answers(CRITERIA))
    results = score_campaign(root).results
    assert results is not None
    cut = cut_criteria(results, appraisal(*(answer(code, 25) for code in CODES)))["cuc-thue"]
    unit = next(one for one in results.settings.units if one.code == "cuc-thue")
    return Desk(root, results, cut, write_explanation(results, unit, cut, {}, 1))


def typed(content: bytes, cells: Mapping[str, object], change: Callable[[Any], None] | None = None) -> bytes:
    """The workbook with these cells of the table typed, saved by openpyxl."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for cell, value in cells.items():
        book[SHEET_EXPLANATION][cell].value = value
    if change:
        change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


Receive = Callable[..., Intake]


@pytest.fixture
def receive(desk: Desk, tmp_path: Path) -> Receive:
    """Put these files into 2-nop and read them."""

    def put(**files: bytes) -> Intake:
        for name, content in files.items():
            path = tmp_path / "2-nop" / f"{name}.xlsx"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
        register = load_register(Folder(desk.root).register)
        return intake_of(Folder(tmp_path), LAYOUT, desk.results.settings, register)

    return put


def codes(file: FileRead) -> list[str]:
    return [found.code for found in file.findings]


def fates(intake: Intake) -> dict[str, str]:
    return {file.name.removeprefix("2-nop/").removesuffix(".xlsx"): file.fate for file in intake.files}


def only(intake: Intake) -> FileRead:
    (file,) = intake.files
    return file


# What is cut --------------------------------------------------------------------------------------


def test_a_cut_says_every_score(desk: Desk) -> None:
    assert [one.code for one in desk.cut] == list(CODES)
    first = desk.cut[0]
    assert (first.maximum, first.computed, first.appraised, first.reason) == (100, 100, 25, REASON)
    assert first.title == CRITERIA.by_code["1.1"].title
    form = desk.results.units[0].file
    assert form is not None
    assert form.form is not None
    assert first.self == form.form.self_scores["1.1"]


@pytest.mark.parametrize(
    "given",
    [
        answer("1.1", 100),  # agreed
        answer("1.1", None),  # a remark only
        answer("1.1", 25, number=SECOND),
        answer("1.1", 25, unit="kbnn"),  # no scores
        answer("5", 25),  # the survey is absent: nothing was computed
    ],
)
def test_what_is_no_cut(desk: Desk, given: Answer) -> None:
    assert cut_criteria(desk.results, appraisal(given)) == {}


# The form -----------------------------------------------------------------------------------------


def test_the_form_shows_what_was_cut(desk: Desk) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(desk.form))[SHEET_EXPLANATION]
    heads = [sheet[f"{column.letter}{HEADER_ROW}"].value for column in EXPLANATION.values()]
    assert heads == [column.heading for column in EXPLANATION.values()]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(FIRST_ROW, FIRST_ROW + 2)]
    assert [row[1] for row in rows] == [row[10] for row in rows] == list(CODES)
    assert rows[2][3:8] == [3, None, 3, 0.25, REASON]
    assert "PHIẾU GIẢI TRÌNH KẾT QUẢ THẨM ĐỊNH NĂM 2026" in sheet["A3"].value
    assert sheet["I1"].value == "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    assert "Cục Thuế tỉnh" in sheet["A4"].value


def test_only_the_answers_and_the_submission_are_open(desk: Desk) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(desk.form))[SHEET_EXPLANATION]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    opened = {cell.coordinate for cell in cells if not cell.protection.locked}
    rows = range(FIRST_ROW, FIRST_ROW + len(CODES))
    assert opened == {f"{c}{row}" for c in (ANSWER, DOCUMENTS) for row in rows} | {SUBMISSION_CELL}
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    assert sheet.column_dimensions[KEY].hidden
    assert sheet.print_title_rows == f"${HEADER_ROW}:${HEADER_ROW}"
    ((validation),) = sheet.data_validations.dataValidation
    assert (str(validation.sqref), validation.formula1, validation.formula2) == (SUBMISSION_CELL, "1", "99")


def test_the_same_data_give_the_same_bytes(desk: Desk) -> None:
    assert desk.written() == desk.form
    reply = Reply("Xin giải trình.", "Số 12/KH")
    assert desk.written(m1_1=reply) == desk.written(m1_1=reply) != desk.form


def test_agency_text_is_never_a_formula(desk: Desk) -> None:
    cut = [replace(desk.cut[0], reason="=1+1")]
    unit = desk.results.settings.units[0]
    content = write_explanation(desk.results, unit, cut, {"1.1": Reply("=2+2", "@x")}, 1)
    sheet = openpyxl.load_workbook(io.BytesIO(content))[SHEET_EXPLANATION]
    for name, text in {"reason": "=1+1", "answer": "=2+2", "documents": "@x"}.items():
        cell = sheet[f"{EXPLANATION[name].letter}{FIRST_ROW}"]
        assert (cell.value, cell.data_type) == (text, "s")


def test_a_note_on_restored_formulas_where_one_decided(desk: Desk) -> None:
    unit = desk.results.settings.units[0]

    def note(cut: list[Cut]) -> str:
        sheet = openpyxl.load_workbook(io.BytesIO(write_explanation(desk.results, unit, cut, {}, 1)))[
            SHEET_EXPLANATION
        ]
        return str(sheet[f"A{FIRST_ROW + len(cut)}"].value)

    shown = {one.code for one in desk.cut} & set(CRITERIA.restored)
    assert "3.3" in shown
    assert f"tại các mục {', '.join(c for c in CRITERIA.restored if c in shown)} là công thức tạm" in note(
        desk.cut
    )
    assert "tạm khôi phục" not in note(desk.cut[:1])


# Has somebody typed into it? ----------------------------------------------------------------------


def test_a_blank_form_is_untouched(desk: Desk) -> None:
    assert is_untouched(desk.form, LAYOUT)
    assert is_untouched(typed(desk.form, {}), LAYOUT)
    assert is_untouched(desk.written(submission=3, m1_1=Reply("Đã giải trình", "")), LAYOUT)


@pytest.mark.parametrize("cell", [f"{ANSWER}8", f"{DOCUMENTS}9", SUBMISSION_CELL])
@pytest.mark.parametrize("value", [2, "xin giải trình"])
def test_a_form_with_something_typed_is_not(desk: Desk, cell: str, value: object) -> None:
    assert not is_untouched(typed(desk.form, {cell: value}), LAYOUT)


def test_an_answer_taken_out_again_is_somebody_s_doing(desk: Desk) -> None:
    content = desk.written(m1_1=Reply("Đã giải trình", ""))
    assert not is_untouched(typed(content, {f"{ANSWER}7": None}), LAYOUT)


# What comes back ----------------------------------------------------------------------------------


def test_answers_come_back(desk: Desk, receive: Receive) -> None:
    decomposed = unicodedata.normalize("NFD", " Đã ban hành đúng hạn. ")
    content = typed(desk.form, {f"{ANSWER}7": decomposed, f"{DOCUMENTS}9": "Số 12/KH-CT", f"{ANSWER}9": 7})
    intake = receive(a=content)
    assert (fates(intake), codes(only(intake))) == ({"a": "skipped"}, ["PX327"])
    read = intake.explanations["cuc-thue"]
    replies = {"1.1": Reply("Đã ban hành đúng hạn."), "3.3": Reply("7", "Số 12/KH-CT")}
    assert (read.replies, read.submission) == (replies, 1)
    assert read.replies["3.3"].text == "7\nTài liệu bổ sung: Số 12/KH-CT"
    assert intake.chosen == intake.conflicts == intake.rejected == {}


def test_an_answer_written_by_parxl_reads_back(desk: Desk, receive: Receive) -> None:
    reply = Reply("Dòng một\nDòng hai = “3”", "=1+1")
    intake = receive(a=desk.written(submission=2, m1_5=reply))
    assert intake.explanations["cuc-thue"].replies == {"1.5": reply}
    assert intake.explanations["cuc-thue"].submission == 2


def test_a_blank_form_that_comes_back_is_a_note(desk: Desk, receive: Receive) -> None:
    file = only(receive(a=desk.form))
    assert codes(file) == ["PX327", "PX362"]
    assert {found.severity for found in file.findings} == {"note"}


def test_a_formula_is_kept_as_its_text(desk: Desk, receive: Receive) -> None:
    intake = receive(a=typed(desk.form, {f"{ANSWER}8": '=HYPERLINK("http://x")'}))
    assert intake.explanations["cuc-thue"].replies["1.5"].answer == '=HYPERLINK("http://x")'
    (told,) = [found for found in only(intake).findings if found.code == "PX408"]
    assert (told.cell, told.criterion, told.severity) == (f"{ANSWER}8", "1.5", "warning")


def test_a_wrong_submission_counts_as_the_first(desk: Desk, receive: Receive) -> None:
    intake = receive(a=typed(desk.form, {SUBMISSION_CELL: "hai", f"{ANSWER}7": "x"}))
    assert "PX320" in codes(only(intake))
    assert intake.explanations["cuc-thue"].submission == 1


def rows_inserted(book: Any) -> None:
    book[SHEET_EXPLANATION].insert_rows(2)


def test_rows_are_found_by_their_keys(desk: Desk, receive: Receive) -> None:
    content = typed(desk.form, {f"{ANSWER}7": "một", SUBMISSION_CELL: 4}, rows_inserted)
    intake = receive(a=content)
    assert intake.explanations["cuc-thue"].replies == {"1.1": Reply("một")}
    assert intake.explanations["cuc-thue"].submission == 4
    assert codes(only(intake)) == ["PX327", "PX363"]


@pytest.mark.parametrize("cell", ["G7", "A3", "L40", f"{ANSWER}12"])
def test_a_changed_locked_cell_is_a_warning(desk: Desk, receive: Receive, cell: str) -> None:
    file = only(receive(a=typed(desk.form, {f"{ANSWER}7": "một", cell: "đã sửa"})))
    assert (file.fate, codes(file)) == ("skipped", ["PX327", "PX363"])
    assert f": {cell}." in file.findings[1].message
    assert (file.findings[1].severity, file.findings[1].cell) == ("warning", cell)


def doubled(book: Any) -> None:
    sheet = book[SHEET_EXPLANATION]
    sheet["B8"].value = sheet[f"{KEY}8"].value = "1.1"


def swapped(book: Any) -> None:
    """Sorted without the hidden column."""
    sheet = book[SHEET_EXPLANATION]
    sheet["B7"].value, sheet["B8"].value = sheet["B8"].value, sheet["B7"].value


def without_keys(book: Any) -> None:
    book[SHEET_EXPLANATION].delete_cols(11)


def two_copies(book: Any) -> None:
    copy = book.copy_worksheet(book[SHEET_EXPLANATION])
    copy[f"{ANSWER}8"].value = "khác"


@pytest.mark.parametrize("damage", [doubled, swapped, without_keys, two_copies])
def test_a_table_that_cannot_be_trusted_is_rejected(
    desk: Desk, receive: Receive, damage: Callable[[Any], None]
) -> None:
    intake = receive(a=typed(desk.form, {f"{ANSWER}7": "một"}, damage))
    file = only(intake)
    assert (file.fate, file.unit, set(codes(file))) == ("rejected", "cuc-thue", {"PX361"})
    # It says nothing of the unit's score form.
    assert intake.rejected == intake.explanations == {}


def test_an_equal_copy_of_the_table_does_no_harm(desk: Desk, receive: Receive) -> None:
    def copied(book: Any) -> None:
        book.copy_worksheet(book[SHEET_EXPLANATION])

    intake = receive(a=typed(desk.form, {f"{ANSWER}7": "một"}, copied))
    assert intake.explanations["cuc-thue"].replies == {"1.1": Reply("một")}


# Whose it is --------------------------------------------------------------------------------------


def forged(content: bytes, **changes: str) -> bytes:
    """The same form with another identity in all its three places."""

    def change(book: Any) -> None:
        meta = {row[0].value: row[1] for row in book[SHEET_META].iter_rows(max_col=2)}
        properties = {one.name: one for one in book.custom_doc_props.props}
        lines = [cell for row in book[SHEET_EXPLANATION].iter_rows() for cell in row]
        (line,) = [cell for cell in lines if str(cell.value).startswith("parxl|")]
        own = from_line(line.value)
        assert own is not None
        line.value = replace(own, **changes).line
        for name, value in changes.items():
            meta[name].value = properties[PROPERTY_PREFIX + name].value = value

    return typed(content, {}, change)


@pytest.mark.parametrize(
    ("changes", "code", "unit"),
    [
        ({"set": "bo-khac"}, "PX303", "cuc-thue"),
        ({"edition": "000000000000"}, "PX303", "cuc-thue"),
        ({"campaign": "dot-khac"}, "PX304", "cuc-thue"),
        ({"unit": "khong-co"}, "PX305", ""),
        ({"unit": "kbnn"}, "PX306", "kbnn"),
        ({"serial": "123456abcdef"}, "PX306", "cuc-thue"),
        ({"kind": "template"}, "PX326", "cuc-thue"),
        ({"kind": "other"}, "PX302", "cuc-thue"),
    ],
)
def test_a_form_that_does_not_belong_is_rejected(
    desk: Desk, receive: Receive, changes: dict[str, str], code: str, unit: str
) -> None:
    intake = receive(a=forged(desk.form, **changes))
    file = only(intake)
    assert (file.fate, file.unit) == ("rejected", unit)
    assert codes(file) == [code]
    assert intake.explanations == {}


def test_another_unit_s_identity_in_one_place_is_told(desk: Desk, receive: Receive) -> None:
    def one_place(book: Any) -> None:
        book[SHEET_META]["B7"].value = "kbnn"

    assert codes(only(receive(a=typed(desk.form, {}, one_place)))) == ["PX311"]


def test_a_lost_place_is_a_warning(desk: Desk, receive: Receive) -> None:
    def without_meta(book: Any) -> None:
        del book[SHEET_META]

    file = only(receive(a=typed(desk.form, {f"{ANSWER}7": "một"}, without_meta)))
    assert (file.fate, codes(file)) == ("skipped", ["PX327", "PX329"])


# Several of one unit ------------------------------------------------------------------------------


def test_the_highest_submission_is_used(desk: Desk, receive: Receive) -> None:
    first, second = desk.written(m1_1=Reply("một")), desk.written(submission=2, m1_1=Reply("hai"))
    intake = receive(a=second, b=first, c=second)
    assert fates(intake) == {"a": "skipped", "b": "superseded", "c": "duplicate"}
    assert [codes(file) for file in intake.files] == [["PX327"], ["PX321"], ["PX322"]]
    assert intake.explanations["cuc-thue"].replies == {"1.1": Reply("hai")}


def test_the_same_answers_in_other_bytes_are_no_conflict(desk: Desk, receive: Receive) -> None:
    content = desk.written(m1_1=Reply("một"))
    assert fates(receive(a=content, b=typed(content, {}))) == {"a": "skipped", "b": "duplicate"}


def test_different_answers_of_one_submission_are_a_conflict(desk: Desk, receive: Receive) -> None:
    one = desk.written(m1_1=Reply("một", "A"), m1_5=Reply("giống"))
    two = desk.written(m1_1=Reply("hai", "A"), m1_5=Reply("giống"), m3_3=Reply("", "B"))
    intake = receive(a=one, b=two)
    assert fates(intake) == {"a": "conflict", "b": "conflict"}
    assert [codes(file) for file in intake.files] == [["PX328"], ["PX328"]]
    message = intake.files[0].findings[0].message
    assert f"khác nhau ở: {ANSWER}7 (mục 1.1), {DOCUMENTS}9 (mục 3.3)." in message
    assert intake.explanations == {}
    # The unit's score form is in no conflict.
    assert intake.conflicts == {}


# Beside the score form ----------------------------------------------------------------------------


def test_the_score_is_untouched_by_explanations(tmp_path: Path) -> None:
    root = issued_campaign(tmp_path / "dot", HA_TINH)
    return_form(root, "cuc-thue", full_answers(CRITERIA))
    results = score_campaign(root).results
    assert results is not None
    alone, before = unit_of(root, "cuc-thue"), ket_qua(root)
    cut = cut_criteria(results, appraisal(answer("1.1", 0)))["cuc-thue"]
    for number, name in enumerate("ab"):
        reply = {"1.1": Reply(f"Ý kiến {number}")}
        content = write_explanation(results, results.settings.units[0], cut, reply, 1)
        (root / "2-nop" / f"{name}.xlsx").write_bytes(content)
    report = score_campaign(root)
    assert unit_of(root, "cuc-thue") == alone
    after = ket_qua(root)
    assert after["units"] == before["units"]
    assert [file["fate"] for file in after["files"]] == ["conflict", "conflict", "scored"]
    assert report.exit_code == 3


def test_a_unit_with_nothing_but_a_rejected_explanation_is_missing(tmp_path: Path, desk: Desk) -> None:
    root = issued_campaign(tmp_path / "dot", HA_TINH)
    return_form(root, "kbnn", full_answers(CRITERIA))
    (root / "2-nop" / "a.xlsx").write_bytes(desk.form)  # of another campaign
    score_campaign(root)
    assert unit_of(root, "cuc-thue")["status"] == "missing"
    assert not (root / "4-ket-qua" / "tra-lai" / "cuc-thue.xlsx").exists()


def test_tep_chinh_thuc_is_about_score_forms_only(tmp_path: Path) -> None:
    root = issued_campaign(tmp_path / "dot", HA_TINH)
    return_form(root, "cuc-thue", full_answers(CRITERIA), name="chinh-thuc.xlsx")
    results = score_campaign(root).results
    assert results is not None
    cut = cut_criteria(results, appraisal(answer("1.1", 0)))["cuc-thue"]
    content = write_explanation(results, results.settings.units[0], cut, {"1.1": Reply("một")}, 1)
    (root / FORM).write_bytes(content)
    settings = read_control(root / "dot-cham.xlsx", CRITERIA)
    named = replace(settings.units[0], official_file="chinh-thuc.xlsx")
    settings = replace(settings, units=(named, *settings.units[1:]))
    intake = intake_of(Folder(root), LAYOUT, settings, results.register)
    assert fates(intake) == {"chinh-thuc": "scored", "giai-trinh": "skipped"}
    assert intake.explanations["cuc-thue"].replies == {"1.1": Reply("một")}
