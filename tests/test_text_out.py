"""Nothing that an agency typed becomes a formula, a link, a sheet's name or a path: it comes out as text."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from campaigns import TTHC, full_answers, issued_campaign, make_campaign, return_form, unit_of
from mutations import NS, Form

from parxl.actions import issue_forms, score_campaign
from parxl.books.unit.whatif import SHEET as SHEET_WHATIF
from parxl.criteria import load_set
from parxl.layout import SHEET_CHECK, SHEET_GUIDE, SHEET_MENDING, SHEET_META, SHEET_TABLE, Layout

LAYOUT = Layout(load_set(TTHC))
ANSWERS = full_answers(LAYOUT.criteria)
FORMULAS = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    "-2+3",
    "{=A1}",
    '=HYPERLINK("http://x.example","y")',
    "\t=1+1",
    "＝1+1",
]
LINKS = ["http://x.example", "https://x.example/?a=1&b=<c>", "mailto:a@x.example", "internal:'_parxl'!A1"]
LINKS += ["external:\\\\x\\y.xlsx", "file:///C:/x.xlsx", "ftp://x.example"]
ODD = [
    "_x003D_1+1",
    "_x0041_",
    "a\u202e12/CB",
    "\u200fmột\u200e",
    "dòng 1\ndòng 2",
    "<r><b>&amp;</t></r>",
    "1.0",
    "007",
]
ODD += ["x\nBcc: a@x.example", "&P&[File]", "{0} {file} %s", "dai " * 8_191 + "abc"]
TEXTS = [*FORMULAS, *LINKS, *ODD]
NAMES = ["=1+1", "+cmd|' /C calc'!A0 & <b>", "@SUM(A1) _x0041_", "http://x.example"]
CODES = [f"u{number}" for number in range(len(NAMES))]
FILES = ["=1+1.xlsx", "+cmd|calc.xlsx", "@SUM(A1).xlsx", "-2+3\nBcc: x.xlsx"]
OWN_SHEETS = {SHEET_GUIDE, SHEET_TABLE, SHEET_CHECK, SHEET_META, SHEET_MENDING}
RESULT_SHEETS = {"Tóm tắt", "Bảng điểm", "Tiêu chí chưa đạt điểm tối đa", "Gợi ý cải thiện điểm số", "Ghi nhận"}
RESULT_SHEETS |= {SHEET_WHATIF}
RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


def leaves() -> list[str]:
    return [node.code for node in LAYOUT.criteria.leaves if node.parts]


def escaped(text: str) -> str:
    """As a spreadsheet program keeps a text that looks like an escape itself."""
    return re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)


def arrived(text: str) -> str:
    return unicodedata.normalize("NFC", text).replace("\u00a0", " ").strip()


def told() -> dict[str, str]:
    """Leaf -> what the first unit writes there."""
    return dict(zip(leaves(), TEXTS, strict=False))


def spoil(content: bytes, texts: dict[str, str]) -> bytes:
    """A form with these texts beside its leaves, four of them in input cells, and in its sheets' names."""
    form = Form(content, LAYOUT)
    for code, text in texts.items():
        form.put_text(LAYOUT.evidence_cell(code), escaped(text))
    for key, text in zip(inputs(), [*FORMULAS[:3], LINKS[0]], strict=True):
        form.put_text(LAYOUT.input_cell(key), text)
    form.put_text("B{leaf}", FORMULAS[0])
    form.put_text("N{leaf}", LINKS[0])
    form.rename(SHEET_TABLE, "=1+1")
    form.rename(SHEET_GUIDE, "@SUM(A1)")
    return form.content()


def inputs() -> list[str]:
    return [key for key, wanted in LAYOUT.criteria.inputs.items() if wanted.kind == "count"][:4]


def name_units(root: Path) -> None:
    """The roster as a person types it: with an apostrophe, so that nothing is a formula."""
    book = openpyxl.load_workbook(root / "dot-cham.xlsx")
    for row, (code, name) in enumerate(zip(CODES, NAMES, strict=True), start=2):
        for column, text in ((1, code), (2, name), (3, name), (8, name), (9, name), (10, name)):
            cell = book["Đơn vị"].cell(row, column)
            cell.value, cell.data_type = escaped(text), "s"
    book.save(root / "dot-cham.xlsx")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = make_campaign(tmp_path_factory.mktemp("out") / "c", TTHC, [])
    name_units(root)
    issue_forms(root)
    for code, file in zip(CODES, FILES, strict=True):
        path = return_form(root, code, ANSWERS, file)
        path.write_bytes(spoil(path.read_bytes(), told() if code == "u0" else {}))
    score_campaign(root)
    return root


def books(root: Path) -> list[Path]:
    found = sorted((root / "4-ket-qua").rglob("*.xlsx"))
    assert {path.parent.name for path in found} == {"don-vi", "tra-lai", "4-ket-qua"}
    return [*found, *sorted((root / "1-phieu").glob("*.xlsx"))]


def parts(path: Path, pattern: str) -> Iterator[tuple[str, ET.Element]]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if re.fullmatch(pattern, name):
                yield name, ET.fromstring(archive.read(name))


def formulas(path: Path) -> dict[tuple[str, str], str]:
    """(sheet, cell) -> formula, of the raw XML."""
    names = openpyxl.load_workbook(path).sheetnames
    return {
        (names[int(re.sub(r"\D", "", part)) - 1], cell.get("r", "")): cell.findtext(f"{NS}f", "")
        for part, tree in parts(path, r"xl/worksheets/sheet\d+\.xml")
        for cell in tree.iter(f"{NS}c")
        if cell.find(f"{NS}f") is not None
    }


def texts(path: Path) -> list[str]:
    """Every shared text, from the raw XML."""
    found = [item for _, tree in parts(path, "xl/sharedStrings.xml") for item in tree]
    raw = ["".join(t.text or "" for t in item.iter(f"{NS}t")) for item in found]
    return [re.sub("_x([0-9A-F]{4})_", lambda m: chr(int(m[1], 16)), text) for text in raw]


# Nothing but text ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A form of the same set in which nothing odd was ever written."""
    root = issued_campaign(tmp_path_factory.mktemp("plain") / "c", TTHC)
    return root / "1-phieu" / "kbnn.xlsx"


def test_the_only_formulas_are_our_own(root: Path, plain: Path) -> None:
    own = formulas(plain)
    assert len(own) > 300
    for path in books(root):
        found = formulas(path)
        if path.parent.name == "don-vi":
            assert {sheet for sheet, _ in found} == {SHEET_WHATIF}
            assert [
                one for one in found.values() if any(text in one for text in [*FORMULAS, *LINKS, *NAMES])
            ] == []
        else:
            assert found == (own if path.parent.name in ("tra-lai", "1-phieu") else {}), path.name


def test_the_only_links_lead_to_our_own_files_and_cells(root: Path) -> None:
    files = {f"{folder}/{code}.xlsx" for folder in ("don-vi", "tra-lai") for code in CODES}
    for path in books(root):
        for name, tree in parts(path, r"xl/(worksheets/)?_rels/.*\.rels"):
            outside = [rel for rel in tree.iter(RELATION) if rel.get("TargetMode") == "External"]
            targets = {(rel.get("Target") or "").replace("\\", "/") for rel in outside}
            assert targets <= files, (path.name, name)
        for _, tree in parts(path, r"xl/worksheets/sheet\d+\.xml"):
            inside = {link.get("location", "") for link in tree.iter(f"{NS}hyperlink")} - {""}
            sheets = "|".join(OWN_SHEETS | RESULT_SHEETS)
            assert all(re.fullmatch(rf"'({sheets})'!\$?[A-Z]\$?\d+", at) for at in inside)


def test_no_sheet_or_name_is_made_of_their_text(root: Path) -> None:
    own = OWN_SHEETS | {"Ma trận tiêu chí", "Tình hình nộp phiếu", "Tệp đã nhận", "Ghi nhận", "Cách tính"}
    own |= {"Lĩnh vực", "Kết quả theo tiêu chí", "Chênh lệch tự chấm – thẩm định", "Khoảng cách thứ hạng"}
    own |= {"Biểu đồ tiêu chí", "Thống kê", "Xếp loại", "Tiêu chí như nhau"} | RESULT_SHEETS
    own |= {f"{kind} {number}" for kind in ("Xếp hạng", "Biểu đồ") for number in range(1, len(NAMES) + 1)}
    for path in books(root):
        book = openpyxl.load_workbook(path)
        assert set(book.sheetnames) <= own, path.name
        names = [*book.defined_names, *(name for sheet in book for name in sheet.defined_names)]
        assert all(re.fullmatch(r"[A-Za-z_.0-9]+", name) for name in names)


def test_no_path_is_made_of_their_text(root: Path) -> None:
    made = {
        p.relative_to(root / "4-ket-qua").as_posix() for p in (root / "4-ket-qua").rglob("*") if p.is_file()
    }
    units = {f"{folder}/{code}.xlsx" for folder in ("don-vi", "tra-lai") for code in CODES}
    assert made == units | {"bang-xep-hang.xlsx", "ket-qua.json"}


def test_what_was_read_was_text(root: Path) -> None:
    """So that the tests above are not about formulas that the reader refused."""
    codes = {one["code"] for one in unit_of(root, "u0")["findings"]}
    assert codes >= {"PX330", "PX332", "PX337", "PX401"}
    assert not codes & {"PX404", "PX408"}


# Unchanged ----------------------------------------------------------------------------------------


def test_evidence_arrives_as_it_was_typed(root: Path) -> None:
    assert len(TEXTS) <= len(leaves())
    expected = {code: arrived(text) for code, text in told().items()}
    assert unit_of(root, "u0")["evidence"] == expected
    for folder in ("don-vi", "tra-lai"):
        found = set(texts(root / "4-ket-qua" / folder / "u0.xlsx"))
        assert set(expected.values()) - found == set(), folder


def test_names_of_units_arrive_as_they_stand_in_the_roster(root: Path) -> None:
    league = set(texts(root / "4-ket-qua" / "bang-xep-hang.xlsx"))
    assert set(NAMES) <= league
    for code, name in zip(CODES, NAMES, strict=True):
        assert unit_of(root, code)["name"] == name
        for folder in ("4-ket-qua/don-vi", "4-ket-qua/tra-lai", "1-phieu"):
            assert name.upper() in {text.upper() for text in texts(root / folder / f"{code}.xlsx")}, folder


def test_names_of_files_are_told_as_they_are(root: Path) -> None:
    league = set(texts(root / "4-ket-qua" / "bang-xep-hang.xlsx"))
    assert {f"2-nop/{file}" for file in FILES} <= league


def test_typed_texts_come_back_in_their_cells(root: Path) -> None:
    sheet = openpyxl.load_workbook(root / "4-ket-qua" / "tra-lai" / "u0.xlsx")[SHEET_TABLE]
    for key, text in zip(inputs(), [*FORMULAS[:3], LINKS[0]], strict=True):
        cell = sheet[LAYOUT.input_cell(key)]
        assert (cell.value, cell.data_type) == (text, "s") or cell.value == text
        assert cell.hyperlink is None


def test_a_footer_shows_names_and_runs_no_code(root: Path) -> None:
    """& begins a code there: every one of theirs is doubled."""
    for path in books(root):
        for _, tree in parts(path, r"xl/worksheets/sheet\d+\.xml"):
            for footer in tree.iter(f"{NS}oddFooter"):
                rest = re.sub(r'&[LR]|&"Times New Roman(,Italic)?"|&9|&P/&N|&&', "", footer.text or "")
                assert "&" not in rest
