"""The workbooks as somebody opens them: what they show, and what no agency's text can do to them."""

from __future__ import annotations

import itertools
import random
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from campaigns import HA_TINH, fill_form, full_answers, ket_qua, make_campaign, set_rows
from test_trip import random_answers

from parxl.actions import issue_forms, score_campaign
from parxl.books.form.inputs import MESSAGE_LIMIT, TITLE_LIMIT
from parxl.books.styles import MAX_VALIDATION_FORMULA
from parxl.books.unit.whatif import SHEET as SHEET_WHATIF
from parxl.criteria import load_set
from parxl.layout import SHEET_TABLE, Layout

CRITERIA = load_set(HA_TINH)
LAYOUT = Layout(CRITERIA)
HOSTILE = ['=HYPERLINK("http://x")', "+cmd|' /C calc'!A0", "@SUM(1)", "-1+1", "{=1+1}", "javascript:alert(1)"]
LINKS = [
    "http://example.org/x",
    "mailto:a@example.org",
    "external:c:\\x.exe",
    "internal:'Ghi nhận'!A1",
    "=1+1",
]
GROUPS = ("Ngành dọc", "Lực lượng")
NAMES = {  # code -> name; every name has a word that no other has
    "zq-mot": '=HYPERLINK("http://x","Ổi")',
    "zq-hai": "+cmd|' /C calc'!A0 Xoài",
    "zq-ba": "@SUM(1) Mít",
    "zq-bon": "-1+1 Chuối",
    "zq-nam": "{=1+1} & <Đào>",
    "zq-sau": "http://example.org/Bưởi",
}
FRUIT = dict(zip(NAMES, ("Ổi", "Xoài", "Mít", "Chuối", "Đào", "Bưởi"), strict=True))
FULL, EQUAL, RANDOM, MISSING, REJECTED, ALONE = NAMES
SELF = {"1.1": 0.75, "1": 8.5}
TYPED_WRONG = {"3.3/a": "@SUM(1)", "3.3/b": "+1+1"}  # shown as typed, counted as nothing
Book = Any


@dataclass(frozen=True)
class Shelf:
    """A scored campaign and its workbooks, read once."""

    root: Path
    units: dict[str, Book]
    league: Book

    @property
    def json(self) -> dict[str, dict[str, Any]]:
        return {unit["code"]: unit for unit in ket_qua(self.root)["units"]}

    @property
    def books(self) -> Iterator[tuple[str, Book]]:
        yield from (("bang-xep-hang", self.league), *self.units.items())


def roster(root: Path) -> None:
    """Names that begin like formulas, written as the text they are."""
    make_campaign(root, HA_TINH, [])
    book = openpyxl.load_workbook(root / "dot-cham.xlsx")
    for row, (code, name) in enumerate(NAMES.items(), start=2):
        group = GROUPS[code == ALONE]
        for column, text in enumerate((code, name, group), start=1):
            cell = book["Đơn vị"].cell(row, column)
            cell.value = text
            cell.data_type = "s"
    book.save(root / "dot-cham.xlsx")
    set_rows(root, "Khảo sát", [[code, 18.5] for code in (FULL, EQUAL, RANDOM)])
    set_rows(root, "Không áp dụng", [[RANDOM, "4.2.7", "+không có", "@CV 3"]])
    set_rows(root, "Xếp loại", [["*", "Tốt", 90]])


def as_text(path: Path, cells: dict[str, object]) -> None:
    """Type these into the table's cells, never as formulas."""
    book = openpyxl.load_workbook(path)
    for address, value in cells.items():
        cell = book[SHEET_TABLE][address]
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
    book.save(path)


def send(root: Path) -> None:
    forms, back = root / "1-phieu", root / "2-nop"
    full = full_answers(CRITERIA)
    first = fill_form(forms / f"{FULL}.xlsx", back / "=HYPERLINK(x).xlsx", full)
    as_text(first, {f"E{LAYOUT.row_of(code)}": points for code, points in SELF.items()})
    as_text(first, {f"E{LAYOUT.total_row}": 39.25})
    fill_form(forms / f"{EQUAL}.xlsx", back / "@hai.xlsx", full, submission=2)
    fill_form(forms / f"{EQUAL}.xlsx", back / "cũ.xlsx", full)
    answers = random_answers(CRITERIA, random.Random(3))
    odd = fill_form(
        forms / f"{RANDOM}.xlsx", back / "-3.xlsx", {**answers, "1.2/a": 9, "1.2/b": 10, "1.1/1": None}
    )
    leaves = [leaf.code for leaf in CRITERIA.leaves if leaf.parts]
    texts = dict(zip(leaves, [*HOSTILE, *LINKS, "dài " * 8000], strict=False))
    as_text(odd, {LAYOUT.evidence_cell(code): text for code, text in texts.items()})
    as_text(odd, {LAYOUT.input_cell(key): text for key, text in TYPED_WRONG.items()})
    gone = fill_form(forms / f"{REJECTED}.xlsx", back / "=nam.xlsx", {})
    as_text(gone, {LAYOUT.identity_cell: f"parxl|form|=1+1|{REJECTED}"})
    fill_form(forms / f"{ALONE}.xlsx", back / "sáu.xlsx", answers)
    (back / "~$sáu.xlsx").write_bytes(b"x")
    (back / "@SUM(1).pdf").write_bytes(b"%PDF")


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    root = tmp_path_factory.mktemp("books") / "c"
    roster(root)
    issue_forms(root)
    send(root)
    score_campaign(root)
    results = root / "4-ket-qua"
    units = {code: openpyxl.load_workbook(results / "don-vi" / f"{code}.xlsx") for code in NAMES}
    return Shelf(root, units, openpyxl.load_workbook(results / "bang-xep-hang.xlsx"))


def cells_of(book: Book) -> Iterator[Any]:
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            yield from (cell for cell in row if cell.value is not None)


def rows_of(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def parts_of(path: Path) -> dict[str, str]:
    """The XML parts of a workbook, inflated."""
    with zipfile.ZipFile(path) as container:
        return {name: container.read(name).decode("utf-8") for name in container.namelist()}


# The unit's workbook ------------------------------------------------------------------------------

HEAD = 5  # the row of the table's headings
SHIFT = HEAD + 1 - LAYOUT.rows[0].number


def column(shelf: Shelf, unit: str, letter: str) -> dict[str, Any]:
    """Code of a heading -> what its row shows in one column."""
    sheet = shelf.units[unit]["Bảng điểm"]
    return {code: sheet[f"{letter}{LAYOUT.row_of(code) + SHIFT}"].value for code in CRITERIA.by_code}


def test_the_table_is_the_official_one_row_for_row(shelf: Shelf) -> None:
    sheet = shelf.units[RANDOM]["Bảng điểm"]
    heads = [cell.value for cell in sheet[HEAD]]
    assert heads[:3] == list(CRITERIA.headings[:3])
    assert heads[4] == CRITERIA.headings[3]
    for row in LAYOUT.rows[:-1]:
        shown = [sheet.cell(row.number + SHIFT, c).value or "" for c in (1, 2, 3)]
        assert shown == [row.stt, row.text, row.printed_max]
    assert sheet.cell(LAYOUT.total_row + SHIFT, 2).value == CRITERIA.total.text


@pytest.mark.parametrize("unit", [FULL, EQUAL, RANDOM, ALONE])
def test_computed_scores_are_those_of_the_json(shelf: Shelf, unit: str) -> None:
    found, body = column(shelf, unit, "F"), shelf.json[unit]
    numbers = {code: None if isinstance(value, str) else value for code, value in found.items()}
    assert {code: numbers[code] for code in body["scores"]} == body["scores"]
    assert {code: numbers[code] for code in body["group_scores"]} == body["group_scores"]
    words = {code: value for code, value in found.items() if isinstance(value, str)}
    gone = set(body["not_applicable"])
    waiting = {c for c, v in body["scores"].items() if v is None} - gone - {"5"}
    assert words == {**dict.fromkeys(waiting, "chờ"), **dict.fromkeys(gone, "không áp dụng")}


def test_self_scores_stand_beside_the_computed(shelf: Shelf) -> None:
    found = column(shelf, FULL, "E")
    assert {code: value for code, value in found.items() if value is not None} == SELF
    assert shelf.units[FULL]["Bảng điểm"][f"E{LAYOUT.total_row + SHIFT}"].value == 39.25
    body = shelf.json[FULL]
    assert {code: value for code, value in body["self_scores"].items() if value is not None} == {"1.1": 0.75}
    assert body["scores"]["1.1"] == 1.0


def test_inputs_and_evidence_are_shown(shelf: Shelf) -> None:
    sheet, body = shelf.units[RANDOM]["Bảng điểm"], shelf.json[RANDOM]
    for key, row in LAYOUT.input_rows.items():
        value = sheet[f"D{row.number + SHIFT}"].value
        assert (None if value == "" else value) == {**body["inputs"], **TYPED_WRONG}.get(key), key
    evidence = {code: text for code, text in column(shelf, RANDOM, "J").items() if text}
    assert evidence == body["evidence"]
    assert [evidence[leaf.code] for leaf in CRITERIA.leaves[: len(HOSTILE)]] == HOSTILE


def test_every_criterion_is_explained(shelf: Shelf) -> None:
    for unit in (FULL, RANDOM):
        found = column(shelf, unit, "I")
        assert all(found[leaf.code] for leaf in CRITERIA.leaves)
        assert not any(found[group.code] for group in CRITERIA.groups)
    found = column(shelf, RANDOM, "I")
    assert found["1.2"] == "Số liệu mâu thuẫn → 0 điểm"
    assert found["3.3"] == "Số liệu không hợp lệ → 0 điểm"
    assert found["4.2.7"] == "Không áp dụng: +không có (@CV 3)"


SHOWN_AGAIN = ("D", "E")  # columns that the table has from the form: inputs, the form's own scores


def noted_at(found: dict[str, Any]) -> str:
    """The cell of the result that a finding is a note on: the one it names, or its criterion's score."""
    letter, row = (found["cell"] or "A0")[0], int((found["cell"] or "A0")[1:])
    if found["sheet"] == SHEET_TABLE and letter in SHOWN_AGAIN:
        return f"{letter}{row + SHIFT}"
    return f"F{LAYOUT.row_of(found['criterion'].split('/')[0]) + SHIFT}" if found["criterion"] else ""


@pytest.mark.parametrize("unit", [FULL, RANDOM])
def test_findings_are_notes_on_what_they_are_about(shelf: Shelf, unit: str) -> None:
    sheet, body = shelf.units[unit]["Bảng điểm"], shelf.json[unit]
    wanted: dict[str, list[str]] = {}
    for found in body["findings"]:
        if cell := noted_at(found):
            wanted.setdefault(cell, []).append(found["message"])
    assert {cell[0] for cell in wanted} == ({"E", "F"} if unit == FULL else {"D", "F"})
    noted = {cell.coordinate: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment}
    assert noted == {cell: "\n".join(messages) for cell, messages in wanted.items()}


@pytest.mark.parametrize("unit", list(NAMES))
def test_the_sheet_of_findings_lists_them_all(shelf: Shelf, unit: str) -> None:
    body = shelf.json[unit]
    if body["status"] == "missing":
        assert shelf.units[unit].sheetnames == ["Tóm tắt"]
        return
    rows = rows_of(shelf.units[unit]["Ghi nhận"])[1:]
    if not body["findings"]:
        assert rows[0][0].startswith("Không có")
        return
    assert [(row[0], row[4] or None, row[6]) for row in rows] == [
        (found["code"], found["cell"], found["message"]) for found in body["findings"]
    ]


@pytest.mark.parametrize(
    ("unit", "words"),
    [(MISSING, "Chưa nộp phiếu."), (REJECTED, "Chưa chấm: phiếu bị trả lại."), (FULL, "Đã chấm.")],
)
def test_the_summary_says_how_it_stands(shelf: Shelf, unit: str, words: str) -> None:
    texts = [value for row in rows_of(shelf.units[unit]["Tóm tắt"]) for value in row]
    assert words in texts
    assert NAMES[unit] in texts


def test_the_summary_says_total_index_and_rank(shelf: Shelf) -> None:
    sheet = shelf.units[FULL]["Tóm tắt"]
    rows = [[cell for cell in row if cell.value is not None] for row in sheet.iter_rows()]
    facts = {label.value: cell for row in rows for label, cell in itertools.pairwise(row)}
    wanted = {"Tổng điểm": 58.5, "Điểm tối đa của đơn vị": 60, "Chỉ số CCHC (%)": 97.5, "Xếp loại": "Tốt"}
    assert {label: facts[label].value for label in wanted} == wanted
    rank = facts["Thứ hạng trong khối"]
    assert (rank.value, rank.number_format) == (1, '0"/3 (đồng hạng)"')


def test_a_unit_reads_nothing_of_the_others(shelf: Shelf) -> None:
    for unit in NAMES:
        text = "".join(parts_of(shelf.root / "4-ket-qua" / "don-vi" / f"{unit}.xlsx").values())
        assert FRUIT[unit] in text
        others = [*(set(NAMES) - {unit}), *(set(FRUIT.values()) - {FRUIT[unit]})]
        assert [word for word in others if word in text] == []


# The league workbook ------------------------------------------------------------------------------


def ranking(shelf: Shelf, sheet: str) -> dict[str, dict[str, Any]]:
    """Unit code -> heading -> cell, in the order of the rows."""
    rows = list(shelf.league[sheet].iter_rows(min_row=5))
    heads = [cell.value for cell in rows[0]]
    units = [dict(zip(heads, row, strict=True)) for row in rows[1:]]
    return {row["Mã đơn vị"].value: row for row in units if row["Mã đơn vị"].value}


def test_each_group_is_ranked_apart_with_ties_marked(shelf: Shelf) -> None:
    found = ranking(shelf, "Xếp hạng 1")
    assert list(found) == [FULL, EQUAL, RANDOM, MISSING, REJECTED]
    assert [row["Hạng"].value for row in found.values()] == [1, 1, 3, None, None]
    assert [row["Hạng"].number_format for row in found.values()][:3] == ['0"="', '0"="', "0"]
    assert [row["Đơn vị"].value for row in found.values()] == [NAMES[code] for code in found]
    assert list(ranking(shelf, "Xếp hạng 2")) == [ALONE]
    titles = [shelf.league[name]["A3"].value for name in ("Xếp hạng 1", "Xếp hạng 2")]
    assert all(group in title for group, title in zip(GROUPS, titles, strict=True))


@pytest.mark.parametrize("sheet", ["Xếp hạng 1", "Xếp hạng 2"])
def test_the_ranking_shows_what_the_json_says(shelf: Shelf, sheet: str) -> None:
    names = {"Tổng điểm": "total", "Điểm tối đa": "maximum", "Chỉ số (%)": "index", "Hạng": "rank"}
    for code, row in ranking(shelf, sheet).items():
        body = shelf.json[code]
        assert {name: row[name].value for name in names} == {n: body[key] for n, key in names.items()}
        assert (row["Xếp loại"].value or None) == body["band"]
    assert ranking(shelf, "Xếp hạng 1")[FULL]["Điểm tự chấm"].value == 39.25


def test_the_areas_show_what_the_json_says(shelf: Shelf) -> None:
    heads, *rows = rows_of(shelf.league["Lĩnh vực"])[2:]
    points = [at for at, head in enumerate(heads) if re.match(r"\d\. ", head)]
    scored = {code: body for code, body in shelf.json.items() if body["scores"]}
    found = {row[2]: [row[at] for at in points] for row in rows if row[2] in scored}
    assert set(found) == set(scored)
    for code, body in scored.items():
        known = {**body["scores"], **body["group_scores"]}
        assert found[code] == [known[area.code] for area in CRITERIA.areas]


def test_the_matrix_equals_the_json(shelf: Shelf) -> None:
    heads, maxima, *rows = rows_of(shelf.league["Ma trận tiêu chí"])[2:]
    leaves = [leaf.code for leaf in CRITERIA.leaves]
    assert heads[3:] == leaves
    assert maxima[3:] == [float(leaf.max) for leaf in CRITERIA.leaves]
    assert [row[0] for row in rows] == list(NAMES)
    for row in rows:
        scores = shelf.json[row[0]]["scores"]
        assert row[3:] == [scores.get(code) for code in leaves]


def test_what_came_back_is_listed_worst_first(shelf: Shelf) -> None:
    rows = rows_of(shelf.league["Tình hình nộp phiếu"])[1:]
    assert sorted(row[0] for row in rows) == sorted(NAMES)
    assert [row[0] for row in rows[:2]] == [MISSING, REJECTED]
    assert rows[0][3] == "Chưa nộp phiếu"
    assert (rows[1][3], rows[1][4], rows[1][6]) == ("Chưa chấm: phiếu bị trả lại", "2-nop/=nam.xlsx", 1)
    assert next(row for row in rows if row[0] == EQUAL)[5] == 2


def test_every_file_is_listed_with_its_fate(shelf: Shelf) -> None:
    words = {
        "scored": "Được chấm",
        "superseded": "Đã được thay",
        "rejected": "Trả lại",
        "skipped": "Bỏ qua",
    }
    rows = rows_of(shelf.league["Tệp đã nhận"])[1:]
    files = ket_qua(shelf.root)["files"]
    assert [(row[0], row[1] or "", row[2], row[4] or "") for row in rows] == [
        (file["file"], file["unit"], words[file["fate"]], file["sha256"]) for file in files
    ]
    assert len(rows) == len([p for p in (shelf.root / "2-nop").rglob("*") if p.is_file()])
    assert {file["fate"] for file in files} == set(words)
    assert all(row[3] for row in rows if row[2] != "Được chấm")


def test_all_findings_stand_in_the_league_workbook(shelf: Shelf) -> None:
    rows = rows_of(shelf.league["Ghi nhận"])[1:]
    messages = [row[6] for row in rows]
    for body in (*shelf.json.values(), *ket_qua(shelf.root)["files"]):
        for found in body["findings"]:
            assert found["message"] in messages


def test_the_league_is_unlocked_sortable_and_filterable(shelf: Shelf) -> None:
    for sheet in shelf.league.worksheets:
        assert not sheet.protection.sheet
    for name in ("Xếp hạng 1", "Lĩnh vực", "Ma trận tiêu chí", "Tệp đã nhận", "Tình hình nộp phiếu"):
        assert shelf.league[name].auto_filter.ref


# Hostile text -------------------------------------------------------------------------------------


def test_no_formula_arises_from_anybodys_text(shelf: Shelf) -> None:
    seen = set()
    for name, book in shelf.books:
        for cell in cells_of(book):
            is_ours = cell.parent.title == SHEET_WHATIF
            assert cell.data_type in ("s", "n") or is_ours, (name, cell.coordinate, cell.value)
            seen.add(cell.value)
    assert {*HOSTILE, *LINKS, *NAMES.values()} <= seen


def result_files(root: Path) -> list[Path]:
    """All but the forms that go back: those are forms, with formulas of their own."""
    found = sorted((root / "4-ket-qua").rglob("*.xlsx"))
    return [path for path in found if path.parent.name != "tra-lai"]


WHATIF_PART = "xl/worksheets/sheet5.xml"  # of a unit's workbook: the one sheet with formulas, all of them ours


def test_no_result_holds_a_formula_or_link_in_its_xml(shelf: Shelf) -> None:
    wanted = {f"don-vi\\{code}.xlsx" for code in (FULL, EQUAL, RANDOM, ALONE)}
    wanted |= {f"tra-lai\\{path.name}" for path in (shelf.root / "4-ket-qua" / "tra-lai").iterdir()}
    for path in result_files(shelf.root):
        parts = parts_of(path)
        links = []
        for name, text in parts.items():
            is_ours = path.parent.name == "don-vi" and name == WHATIF_PART
            has_formula = name.startswith("xl/worksheets/sheet") and re.search(r"<f[ >]", text)
            assert is_ours or not has_formula, (path, name)
            links += re.findall(r'Target="([^"]*)" TargetMode="External"', text)
        assert set(links) == (wanted if path.name == "bang-xep-hang.xlsx" else set()), path
        assert not [name for name in parts if "externalLink" in name or "vba" in name.lower()]


EXCELS_TALLEST_ROW = 409.5

# Language and looks -------------------------------------------------------------------------------

ENGLISH = re.compile(
    r"\b(score|scored|scores|total|rank|ranking|sheet|file|error|warning|missing|rejected|conflict|unit|"
    r"index|note|name|group|status|value|input|output|the|and|for|with|not|true|false|none|nan|page)\b",
    re.IGNORECASE,
)
OURS = "parxl"


def shown_texts(book: Book) -> Iterator[str]:
    """Every text that somebody sees: visible cells, comments, prompts, sheet names."""
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        yield sheet.title
        hidden = set("HIJK") if sheet.title == SHEET_TABLE else set()
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "s" and cell.column_letter not in hidden:
                    yield str(cell.value)
                if cell.comment:
                    yield cell.comment.text
        for rule in sheet.data_validations.dataValidation:
            yield from (t for t in (rule.promptTitle, rule.prompt, rule.errorTitle, rule.error) if t)


def test_nobody_reads_a_word_of_english(shelf: Shelf) -> None:
    form = openpyxl.load_workbook(shelf.root / "1-phieu" / f"{ALONE}.xlsx")
    hostile = [*HOSTILE, *LINKS, *NAMES.values()]
    for name, book in (*shelf.books, ("phiếu", form)):
        for text in shown_texts(book):
            if text not in hostile and "parxl|" not in text:
                assert not ENGLISH.search(text), (name, text)


def test_rows_have_heights_that_may_still_grow(shelf: Shelf) -> None:
    forms = [shelf.root / "1-phieu" / f"{ALONE}.xlsx", *(shelf.root / "4-ket-qua" / "tra-lai").iterdir()]
    for path in [*result_files(shelf.root), *forms]:
        for name, text in parts_of(path).items():
            if name.startswith("xl/worksheets/sheet"):
                rows = re.findall(r"<row [^>]*>", text)
                assert not any("customHeight" in row for row in rows), (path, name)
                heights = [float(points) for points in re.findall(r'<row [^>]*\bht="([^"]*)"', text)]
                assert max(heights, default=0) <= EXCELS_TALLEST_ROW, (path, name)
        assert any(' ht="' in text for text in parts_of(path).values())


# The form -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def form(shelf: Shelf) -> Any:
    return openpyxl.load_workbook(shelf.root / "1-phieu" / f"{ALONE}.xlsx")


def test_every_input_has_a_validation_within_excels_limits(form: Any) -> None:
    rules = form[SHEET_TABLE].data_validations.dataValidation
    cells = {str(rule.sqref): rule for rule in rules}
    assert set(cells) == {*map(LAYOUT.input_cell, LAYOUT.input_rows), LAYOUT.submission_cell}
    for rule in rules:
        assert 0 < len(rule.promptTitle) <= TITLE_LIMIT
        assert 0 < len(rule.errorTitle) <= TITLE_LIMIT
        assert 0 < len(rule.prompt) <= MESSAGE_LIMIT
        assert 0 < len(rule.error) <= MESSAGE_LIMIT
        assert len(rule.formula1) <= MAX_VALIDATION_FORMULA
    for key, one in CRITERIA.inputs.items():
        rule = cells[LAYOUT.input_cell(key)]
        assert ("nhập 0 nếu không có" in rule.prompt) == (one.kind == "count")
        assert rule.type == "custom"
        assert rule.showErrorMessage


def test_only_inputs_evidence_and_the_submission_are_unlocked(form: Any) -> None:
    sheet = form[SHEET_TABLE]
    assert sheet.protection.sheet
    open_cells = {c.coordinate for row in sheet.iter_rows() for c in row if not c.protection.locked}
    wanted = {LAYOUT.input_cell(key) for key in LAYOUT.input_rows} | {LAYOUT.submission_cell}
    assert open_cells == wanted | {LAYOUT.evidence_cell(leaf.code) for leaf in CRITERIA.leaves if leaf.parts}


def test_every_fixed_name_is_defined(form: Any) -> None:
    found = {name: next(iter(d.destinations)) for name, d in form.defined_names.items()}
    for name, cell in LAYOUT.names():
        sheet, address = found[name]
        assert (sheet, address.replace("$", "")) == (SHEET_TABLE, cell)


def test_a_hostile_unit_name_is_text_in_its_form(shelf: Shelf) -> None:
    for code, name in NAMES.items():
        text = "".join(parts_of(shelf.root / "1-phieu" / f"{code}.xlsx").values())
        assert "HYPERLINK(&quot;" not in re.sub(r"<t[ >].*?</t>", "", text, flags=re.DOTALL) or code != FULL
        assert FRUIT[code].upper() in text
        assert "TargetMode" not in text, name


# Twice the same -----------------------------------------------------------------------------------


def test_two_runs_write_the_same_bytes(shelf: Shelf, tmp_path: Path) -> None:
    """In another folder, from nothing: every result and every form again."""
    again = tmp_path / "nơi khác"
    shutil.copytree(shelf.root, again)
    shutil.rmtree(again / "4-ket-qua")
    for path in (again / "1-phieu").glob("*.xlsx"):
        path.unlink()
    issue_forms(again)
    score_campaign(again)
    for folder in ("1-phieu", "4-ket-qua"):
        paths = [path for path in (shelf.root / folder).rglob("*") if path.is_file()]
        assert paths
        for path in paths:
            twin = again / path.relative_to(shelf.root)
            assert twin.read_bytes() == path.read_bytes(), path.name
