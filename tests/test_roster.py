"""A roster out of somebody's own list: columns by their headings, every mistake at its cell, codes made."""

from __future__ import annotations

import contextlib
import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from campaigns import HA_TINH, ROSTER, TTHC, make_campaign, set_rows
from hypothesis import given, settings
from hypothesis import strategies as st
from test_cli import run

from parxl.actions import new_campaign
from parxl.books.control.reading import read_control
from parxl.books.control.spec import TABLES, UNITS
from parxl.campaign import Unit, is_unit_code
from parxl.criteria import load_set
from parxl.findings import Finding, NothingUsable, WrongUsage
from parxl.roster import read_roster
from parxl.roster.rows import with_codes
from parxl.roster.tables import HEADINGS, PAST, plain

Rows = Iterable[Sequence[Any]]
HEAD = ["Mã đơn vị", "Tên đơn vị", "Khối", "Email"]
PLAIN_ROWS = [HEAD, ["stc", "Sở Tài chính", "Sở", "a@b.vn"], ["ct", "Cục Thuế", "Ngành", ""]]
PLAIN_UNITS = (Unit("stc", "Sở Tài chính", "Sở", "a@b.vn"), Unit("ct", "Cục Thuế", "Ngành"))


def workbook(**sheets: Rows) -> bytes:
    """A workbook with these sheets of rows."""
    book = openpyxl.Workbook()
    del book["Sheet"]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def comma(rows: Rows, delimiter: str = ",") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def units(rows: Rows) -> tuple[Unit, ...]:
    """The same rows as a workbook and as text give the same units."""
    rows = [list(row) for row in rows]
    found = read_roster(workbook(Danh_sách=rows), "ds.xlsx").units
    blank = [["" if value is None else value for value in row] for row in rows]
    assert read_roster(comma(blank).encode(), "ds.csv").units == found
    return found


def mistakes(content: bytes, file: str = "ds.xlsx") -> list[Finding]:
    with pytest.raises(NothingUsable) as caught:
        read_roster(content, file)
    assert {f.file for f in caught.value.findings} == {file}
    return list(caught.value.findings)


def places(found: Iterable[Finding]) -> list[tuple[str, str | None, str | None]]:
    return sorted((f.code, f.sheet, f.cell) for f in found)


# Headings -----------------------------------------------------------------------------------------


def test_headings_are_the_control_workbook_s_own() -> None:
    own = {headings[0] for headings in HEADINGS.values()} | set(PAST)
    assert own == {column.name for column in TABLES[UNITS]}


def test_no_heading_means_two_things() -> None:
    known = [plain(heading) for headings in HEADINGS.values() for heading in headings]
    assert len(known) == len(set(known))


@pytest.mark.parametrize(
    "heads",
    [
        HEAD,
        [head.upper() for head in HEAD],
        ["Ma don vi", "TEN DON VI", "khoi", "E-mail"],
        ["Mã", "Cơ quan, đơn vị", "Khối/Nhóm", "Thư điện tử"],
        ["Mã cơ quan", "Tên cơ quan", "Nhóm", "Địa chỉ email"],
        [" Mã  đơn vị (*)", "Tên\nđơn vị:", "KHỐI (nếu có)", "E.mail"],
        [unicodedata.normalize("NFD", head) for head in HEAD],
    ],
)
def test_headings_of_other_lists(heads: list[str]) -> None:
    assert units([heads, *PLAIN_ROWS[1:]]) == PLAIN_UNITS


def test_every_column_of_the_roster_is_taken() -> None:
    heads = [headings[0] for headings in HEADINGS.values()]
    row = ["a", "Đơn vị A", "K", "a@b.vn", "a0", "Bộ", "Giám đốc", "Ông A"]
    unit = Unit(
        "a", "Đơn vị A", "K", "a@b.vn", last_year_code="a0", parent="Bộ", post="Giám đốc", signer="Ông A"
    )
    assert units([heads, row]) == (unit,)
    assert units([heads[::-1], row[::-1]]) == (unit,)


def test_titles_above_strange_columns_blank_rows_and_numbered_columns() -> None:
    rows = [
        ["UBND TỈNH"],
        [],
        ["DANH SÁCH CƠ QUAN, ĐƠN VỊ"],
        ["STT", "Tên đơn vị", "Ghi chú", "Mã", "Khối", "Email"],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
        [1, "Sở Tài chính", "x", "stc", "Sở", "a@b.vn"],
        [],
        [2, "  Cục \n Thuế ", None, "ct", "Ngành", None],
        ["Tổng cộng: 2"],
    ]
    assert units(rows) == PLAIN_UNITS


def test_a_heading_s_word_elsewhere_is_no_heading() -> None:
    rows = [["CƠ QUAN"], ["Tên đơn vị", "Nhóm"], ["Sở Y tế", "Cơ quan"], ["Trường Chính trị", "Đơn vị"]]
    assert [(u.name, u.group) for u in units(rows)] == [("Sở Y tế", "Cơ quan"), ("Trường Chính trị", "Đơn vị")]


def test_only_names_are_needed() -> None:
    found = units([["Cơ quan, đơn vị"], ["Sở Y tế"], ["Sở Nông nghiệp, Môi trường"]])
    assert [(u.code, u.name) for u in found] == [
        ("so-y-te", "Sở Y tế"),
        ("so-nong-nghiep-moi-truong", "Sở Nông nghiệp, Môi trường"),
    ]


def test_codes_typed_as_numbers_and_results_of_formulas() -> None:
    assert [u.code for u in units([HEAD[:2], [12, "Mười hai"], [3.5, "Ba phẩy năm"], ["007", "Bảy"]])] == [
        "12",
        "3.5",
        "007",
    ]


def test_several_addresses_are_kept_apart() -> None:
    assert units([HEAD, ["a", "A", "K", "a@b.vn, c@d.vn\ne@f.vn"]])[0].email == "a@b.vn; c@d.vn; e@f.vn"


def test_a_column_s_own_name_comes_before_another() -> None:
    """A list may number its agencies under *Mã số*, and say *Mã đơn vị* too."""
    assert units([["Mã số", "Mã đơn vị", "Tên đơn vị"], ["1", "a", "A"]])[0].code == "a"


# Text files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_and_delimiters(encoding: str, delimiter: str) -> None:
    content = comma(PLAIN_ROWS, delimiter).encode(encoding)
    for file in ("ds.csv", "DS.CSV", "ds.txt", "ds.tsv"):
        assert read_roster(content, file).units == PLAIN_UNITS


def in_1258(text: str) -> bytes:
    """Windows-1258 has the marks of tones apart, and â ê ô ă ơ ư đ whole."""
    parts = []
    for sign in text:
        bare = unicodedata.normalize("NFD", sign)
        tones = [mark for mark in bare if mark in "\u0300\u0301\u0303\u0309\u0323"]
        letter = unicodedata.normalize("NFC", "".join(mark for mark in bare if mark not in tones))
        parts.append(letter + "".join(tones))
    return "".join(parts).encode("cp1258")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_windows_1258(delimiter: str) -> None:
    rows = [*PLAIN_ROWS, ["x", "Huyện ủy Thạch Hà – Ủy ban Kiểm tra", "Đảng, đoàn thể", ""]]
    found = read_roster(in_1258(comma(rows, delimiter)), "ds.csv").units
    assert found == (*PLAIN_UNITS, Unit("x", "Huyện ủy Thạch Hà – Ủy ban Kiểm tra", "Đảng, đoàn thể"))


def test_excel_s_line_that_names_the_delimiter() -> None:
    assert read_roster(("sep=;\r\n" + comma(PLAIN_ROWS, ";")).encode(), "ds.csv").units == PLAIN_UNITS


def test_names_with_the_delimiter_in_them() -> None:
    rows = [HEAD[:3], ["a", "Sở A, B; C", 'Khối "1"'], ["b", "Hai\ndòng", "K"]]
    for delimiter in ",;\t":
        found = read_roster(comma(rows, delimiter).encode(), "ds.csv").units
        assert [(u.name, u.group) for u in found] == [("Sở A, B; C", 'Khối "1"'), ("Hai dòng", "K")]


def test_an_unquoted_delimiter_is_told() -> None:
    text = "Mã,Tên đơn vị,Khối\na,Sở A, B,K\nb,Sở B,K\n"
    assert places(mistakes(text.encode(), "ds.csv")) == [("PX230", None, "D2")]


@pytest.mark.parametrize(
    "content",
    [
        b'M\xc3\xa3,T\xc3\xaan \xc4\x91\xc6\xa1n v\xe1\xbb\x8b\na,"b\n',
        b"M\x8a,\x9d",
        b"\xff\xfea",
        b"\xd0\xcf\x11\xe0",
    ],
    ids=["open quote", "no encoding", "half a sign", "xls"],
)
def test_unreadable_text(content: bytes) -> None:
    assert places(mistakes(content, "ds.csv")) == [("PX223", None, None)]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"<html></html>", b"\xd0\xcf\x11\xe0" * 9])
def test_unreadable_workbook(content: bytes) -> None:
    assert places(mistakes(content)) == [("PX223", None, None)]


def test_a_workbook_under_a_wrong_name() -> None:
    assert read_roster(workbook(A=PLAIN_ROWS), "ds.csv").units == PLAIN_UNITS


# Sheets -------------------------------------------------------------------------------------------


def test_the_sheet_that_has_a_list() -> None:
    other = [["Ghi chú", "Nội dung"], ["a", "b"]]
    assert read_roster(workbook(Bìa=other, Danh_sách=PLAIN_ROWS), "ds.xlsx").units == PLAIN_UNITS


def test_two_lists_are_told_unless_one_is_the_roster_s_own_sheet() -> None:
    content = workbook(Một=PLAIN_ROWS, Hai=[["x"], *PLAIN_ROWS])
    (found,) = mistakes(content)
    assert places([found]) == [("PX225", "Hai", "2:2")]
    assert "trang “Một”, dòng 1" in found.message
    own = workbook(**{"Một": [["Tên đơn vị"], ["A"]], "Đơn vị": PLAIN_ROWS})
    assert read_roster(own, "ds.xlsx").units == PLAIN_UNITS


def test_hidden_sheets_are_left_alone() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(Cũ=[["Tên đơn vị"], ["A"]], Mới=PLAIN_ROWS)))
    book["Cũ"].sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    assert read_roster(out.getvalue(), "ds.xlsx").units == PLAIN_UNITS


def test_an_earlier_round_s_control_workbook(tmp_path: Path) -> None:
    """Its roster is taken; what belongs to that round is not, and is named."""
    old = make_campaign(tmp_path / "cu", HA_TINH)
    set_rows(old, "Đơn vị", [[*ROSTER[0], "a@b.vn", "01/12/2025", "a.xlsx", "cu", "BỘ", "CT", "Ông A"]])
    found = read_roster((old / "dot-cham.xlsx").read_bytes(), "dot-cham.xlsx")
    first = Unit("cuc-thue", "Cục Thuế tỉnh", "Ngành dọc", "a@b.vn", parent="BỘ", post="CT", signer="Ông A")
    assert found.units == (first, *(Unit(*row) for row in ROSTER[1:]))
    assert [(note.code, note.severity) for note in found.notes] == [("PX228", "note")]
    assert "“Ngày nộp”, “Tệp chính thức”, “Mã năm trước”" in found.notes[0].message


# Mistakes -----------------------------------------------------------------------------------------


def test_every_mistake_at_once() -> None:
    rows = [
        ["Danh sách"],
        HEAD,
        ["a", "Một", "K", "a@b.vn"],
        ["A", "Hai", "K", "không có"],
        ["b", None, "K", None],
        ["đ", "Ba", "K", "a@b"],
        ["con", "một", "K", None],
        [None, "Một", "L", None],
        HEAD,
        ["c", "#REF!", "K", None],
        ["d", "=1", "K", None],
    ]
    found = mistakes(workbook(S=rows))
    assert places(found) == sorted(
        [
            ("PX208", "S", "A4"),
            ("PX210", "S", "D4"),
            ("PX209", "S", "B5"),
            ("PX207", "S", "A6"),
            ("PX210", "S", "D6"),
            ("PX207", "S", "A7"),
            ("PX226", "S", "B7"),
            ("PX225", "S", "9:9"),
            ("PX213", "S", "B10"),
            ("PX213", "S", "B11"),
        ]
    )
    told = {f.cell: f.message for f in found}
    assert "dòng 3" in told["A4"]
    assert "dòng 3" in told["B7"]
    assert "dòng 2" in told["9:9"]


def test_places_in_a_text_file() -> None:
    text = comma([["Danh sách"], [], HEAD, ["a b", "Một", "", "x"]])
    assert places(mistakes(text.encode(), "ds.csv")) == [("PX207", None, "A4"), ("PX210", None, "D4")]


def test_no_headings() -> None:
    assert places(mistakes(workbook(S=PLAIN_ROWS[1:]))) == [("PX224", None, None)]


@pytest.mark.parametrize("rows", [[HEAD], [["Danh sách"], HEAD, [], ["(1)", "(2)", "(3)", "(4)"]]])
def test_no_rows(rows: list[list[str]]) -> None:
    found = mistakes(workbook(S=rows))
    assert places(found) == [("PX223", "S", None)]
    assert "không có đơn vị nào" in found[0].message


def test_a_code_without_a_name_is_no_numbering() -> None:
    assert places(mistakes(workbook(S=[HEAD, [12, None], ["a", "A"]]))) == [("PX209", "S", "B2")]


def test_two_columns_for_one_thing() -> None:
    rows = [["Mã", "Tên cơ quan", "Đơn vị"], ["a", "A", "B"]]
    assert places(mistakes(workbook(S=rows))) == [("PX222", "S", "C1")]


def test_units_of_one_name_in_two_groups_are_two() -> None:
    found = units([["Tên đơn vị", "Khối"], ["UBND xã Tân Lập", "Huyện A"], ["UBND xã Tân Lập", "Huyện B"]])
    assert [u.code for u in found] == ["ubnd-xa-tan-lap", "ubnd-xa-tan-lap-2"]


def test_groups_that_are_blank_in_some_rows_are_told() -> None:
    rows = [HEAD, ["a", "A", "K", ""], ["b", "B", "", ""], ["c", "C", "", ""]]
    (note,) = read_roster(workbook(S=rows), "ds.xlsx").notes
    assert (note.code, note.severity, note.sheet, note.cell) == ("PX231", "warning", "S", "C3")
    assert "Có 2 đơn vị" in note.message


# Codes made from names ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Sở Nội vụ", "so-noi-vu"),
        ("Đài PT–TH (tỉnh)", "dai-pt-th-tinh"),
        ("Văn phòng Đoàn đại biểu Quốc hội và Hội đồng nhân dân", "van-phong-doan-dai-bieu-quoc-hoi-va-hoi"),
        ("CON", "con-2"),
        ("…", "don-vi"),
        ("a" * 50, "a" * 40),
    ],
)
def test_codes_of_names(name: str, code: str) -> None:
    assert with_codes([Unit("", name)])[0].code == code


def test_made_codes_stand_clear_of_given_ones_and_are_told() -> None:
    rows = [HEAD[:2], [None, "Sở Y tế"], [None, "Sở Y Té"], ["So-Y-Te", "Sở Yên Tế"], ["x", "X"]]
    found = read_roster(workbook(S=rows), "ds.xlsx")
    assert [u.code for u in found.units] == ["so-y-te-2", "so-y-te-3", "So-Y-Te", "x"]
    (note,) = found.notes
    assert (note.code, note.severity) == ("PX227", "note")
    assert "4 đơn vị; trong đó 2 mã" in note.message


@settings(max_examples=200, deadline=None, database=None)
@given(st.lists(st.tuples(st.sampled_from(["", "a", "CON", "so-y-te"]), st.text(max_size=60)), max_size=12))
def test_made_codes_are_valid_and_unique(drawn: list[tuple[str, str]]) -> None:
    given_codes = [code for code, _ in drawn if is_unit_code(code)]
    blank = [Unit("", name) for code, name in drawn if not is_unit_code(code)]
    made = with_codes([*(Unit(code, code) for code in dict.fromkeys(given_codes)), *blank])
    codes = [unit.code.lower() for unit in made]
    assert all(is_unit_code(code) for code in codes)
    assert len(set(codes)) == len(codes)
    assert with_codes(made) == made


@settings(max_examples=300, deadline=None, database=None)
@given(st.binary(max_size=300), st.sampled_from(["ds.csv", "ds.xlsx"]))
def test_any_bytes_give_units_or_mistakes(content: bytes, file: str) -> None:
    """Never another exception, and never an empty roster."""
    with contextlib.suppress(NothingUsable):
        assert read_roster(content, file).units


# parxl new --units --------------------------------------------------------------------------------


def test_new_takes_the_roster(tmp_path: Path) -> None:
    source = tmp_path / "danh sách.csv"
    source.write_bytes(comma([*PLAIN_ROWS, ["", "Kho bạc", "Ngành", ""]], ";").encode("utf-8-sig"))
    report = new_campaign(tmp_path / "dot", TTHC, 2026, source)
    found = read_control(tmp_path / "dot" / "dot-cham.xlsx", load_set(TTHC)).units
    assert found == (*PLAIN_UNITS, Unit("kho-bac", "Kho bạc", "Ngành"))
    assert (report.exit_code, [note.code for note in report.findings]) == (0, ["PX227"])


def test_new_with_a_long_roster(tmp_path: Path) -> None:
    source = tmp_path / "ds.xlsx"
    source.write_bytes(workbook(S=[HEAD[:2], *([f"u{n}", f"Đơn vị {n}"] for n in range(600))]))
    new_campaign(tmp_path / "dot", TTHC, 2026, source)
    found = read_control(tmp_path / "dot" / "dot-cham.xlsx", load_set(TTHC)).units
    assert [u.code for u in found] == [f"u{n}" for n in range(600)]


def test_new_with_a_bad_roster_writes_nothing(tmp_path: Path) -> None:
    source = tmp_path / "ds.csv"
    source.write_text("Tên đơn vị,Email\nA,x\n", encoding="utf-8")
    with pytest.raises(NothingUsable) as caught:
        new_campaign(tmp_path / "dot", TTHC, 2026, source)
    assert (caught.value.exit_code, places(caught.value.findings)) == (4, [("PX210", None, "B2")])
    assert not (tmp_path / "dot").exists()


def test_new_with_a_roster_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage) as caught:
        new_campaign(tmp_path / "dot", TTHC, 2026, tmp_path / "none.xlsx")
    assert [f.code for f in caught.value.findings] == ["PX223"]
    assert not (tmp_path / "dot").exists()


def test_the_command_line(tmp_path: Path) -> None:
    source, root = tmp_path / "danh sách.csv", tmp_path / "dot"
    source.write_text("Cơ quan\nSở Y tế\nSở Nội vụ\n", encoding="utf-8")
    done = run("new", root, "--set", TTHC, "--units", source)
    assert (done.code, done.codes) == (0, ["PX227"])
    assert "kiểm tra trang “Đơn vị”" in done.out
    again = run("forms", root)
    assert (again.code, sorted(path.name for path in (root / "1-phieu").glob("*.xlsx"))) == (
        0,
        ["so-noi-vu.xlsx", "so-y-te.xlsx"],
    )


def test_the_command_line_with_a_bad_roster(tmp_path: Path) -> None:
    source = tmp_path / "ds.csv"
    source.write_text("Tên đơn vị,Mã,Email\nA,a b,x\nA,,\n", encoding="utf-8")
    done = run("new", tmp_path / "dot", "--set", TTHC, "--units", source)
    assert (done.code, sorted(done.codes)) == (4, ["PX207", "PX210", "PX226"])
    assert all(f"ds.csv › {cell}" in done.err for cell in ("B2", "C2", "A3"))
    assert not (tmp_path / "dot").exists()
