"""The control workbook: exactly the promised sheets and columns, read back as typed, and every mistake
at its sheet and cell, all at once."""

from __future__ import annotations

import datetime as dt
import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from campaigns import HA_TINH, ROSTER, TTHC, make_campaign, set_items, set_rows
from openpyxl.workbook import Workbook

from parxl.actions import issue_forms, score_campaign
from parxl.books.control.book import default_settings, write_control
from parxl.books.control.reading import read_control
from parxl.campaign import Adjustment, Band, Exemption, Ruling, Settings
from parxl.criteria import load_set
from parxl.findings import Finding, NothingUsable

YEAR = 2026
TWO_ENTERED = str(Path(__file__).parent / "sets" / "good" / "two-entered.toml")
# DESIGN.md, section 6: written out here again, because the promise is to officials and scripts.
SHEETS = ["Đợt chấm", "Đơn vị", "Không áp dụng", "Trường hợp a = 0", "Khảo sát", "Xếp loại", "Thư"]
COLUMNS = {
    "Đợt chấm": ["Mục", "Giá trị"],
    "Đơn vị": [
        "Mã đơn vị",
        "Tên đơn vị",
        "Khối",
        "Email",
        "Ngày nộp",
        "Tệp chính thức",
        "Mã năm trước",
        "Cơ quan chủ quản",
        "Chức vụ người ký",
        "Người ký",
    ],
    "Không áp dụng": ["Mã đơn vị", "Mã tiêu chí", "Lý do", "Văn bản căn cứ"],
    "Trường hợp a = 0": ["Mã tiêu chí", "Xử lý", "Văn bản căn cứ"],
    "Khảo sát": ["Mã đơn vị", "Điểm"],
    "Xếp loại": ["Khối", "Xếp loại", "Từ"],
    "Thư": ["Mục", "Giá trị"],
}
# What came later: a workbook without it is still read.
ADDED_COLUMNS = {"Khảo sát": ["Mã tiêu chí"]}
ADJUSTMENTS = "Điểm cộng, điểm trừ"
ADJUSTMENT_COLUMNS = ["Mã đơn vị", "Điểm", "Lý do", "Văn bản căn cứ"]
ADDED_ITEMS = ["Trần điểm cộng", "Trần điểm trừ"]
SETTING_ITEMS = [
    "Tên đợt chấm",
    "Năm",
    "Cơ quan chủ quản",
    "Cơ quan chủ trì",
    "Địa danh",
    "Hạn nộp",
    "Kiểu đồng hạng",
    "Công thức đã đối chiếu",
    "Kết quả năm trước",
]
MAIL_ITEMS = ["Máy chủ SMTP", "Cổng", "Bảo mật", "Tài khoản", "Người gửi"]

Edit = Callable[[Workbook], object]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A Hà Tĩnh campaign with three units."""
    return make_campaign(tmp_path / "dot", HA_TINH)


def read(root: Path, set_id: str = HA_TINH) -> Settings:
    return read_control(root / "dot-cham.xlsx", load_set(set_id))


def mistakes(root: Path, set_id: str = HA_TINH) -> list[Finding]:
    with pytest.raises(NothingUsable) as caught:
        read(root, set_id)
    return list(caught.value.findings)


def places(found: list[Finding]) -> list[tuple[str, str | None, str | None]]:
    return sorted((f.code, f.sheet, f.cell) for f in found)


def edit(root: Path, change: Edit) -> None:
    book = openpyxl.load_workbook(root / "dot-cham.xlsx")
    change(book)
    book.save(root / "dot-cham.xlsx")


def heads(book: Workbook, sheet: str) -> list[Any]:
    return [cell.value for cell in book[sheet][1] if cell.value is not None]


def awaiting(set_id: str) -> list[str]:
    return [at.key for at in load_set(set_id).parts if at.part.rule.zero_case == "guidance"]


# As written ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("set_id", [TTHC, HA_TINH])
def test_new_workbook_has_the_promised_sheets_and_columns(tmp_path: Path, set_id: str) -> None:
    root = make_campaign(tmp_path / "dot", set_id, [])
    book = openpyxl.load_workbook(root / "dot-cham.xlsx")
    assert book.sheetnames[: len(SHEETS)] == SHEETS
    assert {name: heads(book, name) for name in SHEETS} == {
        name: columns + ADDED_COLUMNS.get(name, []) for name, columns in COLUMNS.items()
    }
    assert heads(book, ADJUSTMENTS) == ADJUSTMENT_COLUMNS
    assert [cell.value for cell in book["Đợt chấm"]["A"][1:]] == SETTING_ITEMS + ADDED_ITEMS
    assert [cell.value for cell in book["Thư"]["A"][1 : len(MAIL_ITEMS) + 1]] == MAIL_ITEMS


def test_code_columns_are_text(root: Path) -> None:
    book = openpyxl.load_workbook(root / "dot-cham.xlsx")
    for sheet, columns in COLUMNS.items():
        for number, name in enumerate(columns, start=1):
            if name in ("Mã đơn vị", "Mã tiêu chí", "Mã năm trước"):
                assert book[sheet].cell(9, number).number_format == "@", (sheet, name)


def test_written_workbook_explains_and_checks_itself(root: Path) -> None:
    book = openpyxl.load_workbook(root / "dot-cham.xlsx")
    assert all(cell.comment for name in ("Đơn vị", ADJUSTMENTS) for cell in book[name][1])
    rules = book["Trường hợp a = 0"].data_validations.dataValidation
    assert [rule.formula1 for rule in rules] == ['"đủ điểm,0 điểm,không áp dụng"']


def test_same_campaign_same_bytes() -> None:
    criteria = load_set(TTHC)
    made = {write_control(criteria, default_settings(criteria, YEAR), YEAR) for _ in range(2)}
    assert len(made) == 1


# Round trip ---------------------------------------------------------------------------------------


def test_what_new_writes_reads_back(tmp_path: Path) -> None:
    criteria, key = load_set(TTHC), awaiting(TTHC)[0]
    items = default_settings(criteria, YEAR) | {"Hạn nộp": dt.date(2026, 12, 20), "Kiểu đồng hạng": "1-1-2"}
    rows: dict[str, list[list[Any]]] = {
        "Đơn vị": [["a", "Đơn vị A", "K", "a@b.vn", dt.date(2026, 12, 1), "t.xlsx", "cu", "BỘ", "CT", "Ông A"]],
        "Không áp dụng": [["*", "3.2.3/huyen", "Không còn cấp huyện", "Luật 72"]],
        "Trường hợp a = 0": [[key, "đủ điểm", "CV 1"]],
        "Xếp loại": [["*", "Tốt", 80], ["K", "Khá", 70.25]],
    }
    path = tmp_path / "dot-cham.xlsx"
    path.write_bytes(write_control(criteria, items, YEAR, rows))
    found = read_control(path, criteria)
    unit = found.units[0]
    assert (found.deadline, found.ties, found.year) == (dt.date(2026, 12, 20), "1-1-2", YEAR)
    assert (unit.code, unit.name, unit.group, unit.email) == ("a", "Đơn vị A", "K", "a@b.vn")
    assert (unit.submitted, unit.official_file, unit.last_year_code) == (dt.date(2026, 12, 1), "t.xlsx", "cu")
    assert (unit.parent, unit.post, unit.signer) == ("BỘ", "CT", "Ông A")
    assert found.exemptions == (Exemption("*", "3.2.3/huyen", "Không còn cấp huyện", "Luật 72"),)
    assert found.rulings == {key: Ruling("full", "CV 1")}
    assert found.bands == (Band("*", "Tốt", 8000), Band("K", "Khá", 7025))


def test_new_campaign_settings(root: Path) -> None:
    found = read(root)
    assert found.name == "Chấm điểm Chỉ số cải cách hành chính năm 2026"
    assert (found.year, found.ties, found.deadline) == (2026, "1-1-3", None)
    assert (found.authority, found.place) == ("UBND tỉnh Hà Tĩnh", "Hà Tĩnh")
    assert [(u.code, u.name, u.group) for u in found.units] == ROSTER
    assert not found.rulings
    assert not found.exemptions
    assert not found.survey
    assert not found.bands
    assert (found.adjustments, found.bonus_cap, found.penalty_cap) == ((), None, None)


def test_codes_typed_as_numbers(root: Path) -> None:
    set_rows(root, "Đơn vị", [[12, "Đơn vị mười hai"], [3.5, "Ba phẩy năm"], ["007", "Bảy"]])
    set_rows(root, "Không áp dụng", [[12, 3.2, "Lý do"], ["*", 2, "Lý do"]])
    set_rows(root, "Khảo sát", [[3.5, 10]])
    found = read(root)
    assert [unit.code for unit in found.units] == ["12", "3.5", "007"]
    assert [(e.unit, e.code) for e in found.exemptions] == [("12", "3.2"), ("*", "2")]
    assert found.survey == {("3.5", "5"): 1000}


@pytest.mark.parametrize(
    "typed",
    [
        dt.date(2026, 3, 9),
        dt.datetime(2026, 3, 9, 14, 30),
        "09/03/2026",
        "9/3/2026",
        " 09-03-2026 ",
        "09.03.2026",
        "2026-03-09",
    ],
)
def test_dates(root: Path, typed: object) -> None:
    set_items(root, {"Hạn nộp": typed})
    set_rows(root, "Đơn vị", [["cuc-thue", "Cục Thuế", None, None, typed]])
    found = read(root)
    assert (found.deadline, found.units[0].submitted) == (dt.date(2026, 3, 9), dt.date(2026, 3, 9))


@pytest.mark.parametrize(
    ("typed", "units"),
    [
        (17.5, 1750),
        ("17,5", 1750),
        ("17.5", 1750),
        (" 17,50 ", 1750),
        (0, 0),
        ("0", 0),
        (20, 2000),
        (17.1, 1710),
    ],
)
def test_survey_points(root: Path, typed: object, units: int) -> None:
    set_rows(root, "Khảo sát", [["KBNN", typed]])
    assert read(root).survey == {("kbnn", "5"): units}  # the roster's own spelling


def test_text_is_composed_and_trimmed(root: Path) -> None:
    set_rows(root, "Đơn vị", [["cuc-thue ", "\u00a0Cục Thuê\u0301 tỉnh "]])
    assert (read(root).units[0].code, read(root).units[0].name) == ("cuc-thue", "Cục Thuế tỉnh")


@pytest.mark.parametrize(
    ("words", "treatment"),
    [("đủ điểm", "full"), ("0 điểm", "zero"), ("Không áp dụng", "not-applicable"), (" ĐỦ ĐIỂM ", "full")],
)
def test_treatment_words(root: Path, words: str, treatment: str) -> None:
    key = awaiting(HA_TINH)[0]
    set_rows(root, "Trường hợp a = 0", [[key, words]])
    assert read(root).rulings[key].treatment == treatment


def _reversed_columns(book: Workbook) -> None:
    """Every table's columns from the last to the first, with a stranger between."""
    for name in SHEETS:
        rows = [[cell.value for cell in row] for row in book[name].iter_rows(max_row=20)]
        del book[name]
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([*reversed(row), None, "Ghi chú riêng"])


def test_order_of_columns_and_strangers_do_not_matter(root: Path) -> None:
    set_rows(root, "Khảo sát", [["ca", "17,5"]])
    set_rows(root, "Xếp loại", [["*", "Tốt", 80]])
    before = read(root)
    edit(root, lambda book: (_reversed_columns(book), book.create_sheet("Nháp").append(["=1/0", "gì đó"])))
    assert read(root) == before


def test_blank_lines_between_units_are_fine(root: Path) -> None:
    set_rows(root, "Đơn vị", [["a", "A"], [None, None, None], [None, None, "  "], ["b", "B"]])
    assert [unit.code for unit in read(root).units] == ["a", "b"]


# Mistakes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("sheet", SHEETS)
def test_missing_sheet(root: Path, sheet: str) -> None:
    edit(root, lambda book: book.remove(book[sheet]))
    assert [(f.code, f.sheet) for f in mistakes(root)] == [("PX204", sheet)]


@pytest.mark.parametrize(("sheet", "column"), [(s, c) for s, names in COLUMNS.items() for c in names])
def test_missing_column_is_told_once(root: Path, sheet: str, column: str) -> None:
    if sheet == "Khảo sát":
        set_rows(root, sheet, [["ca", 10]])
    cell = f"{'ABCDEFGHIJ'[COLUMNS[sheet].index(column)]}1"
    edit(root, lambda book: book[sheet].__setitem__(cell, "Cột khác"))
    found = mistakes(root)
    assert [(f.code, f.sheet, f.cell) for f in found] == [("PX205", sheet, "1:1")]
    assert f"“{column}”" in found[0].message


def test_missing_items(root: Path) -> None:
    edit(root, lambda book: book["Đợt chấm"].delete_rows(2, 2))  # Tên đợt chấm, Năm
    found = mistakes(root)
    assert [(f.code, f.sheet) for f in found] == [("PX209", "Đợt chấm")] * 2
    assert [word for f in found for word in ("Tên đợt chấm", "Năm") if f"“{word}”" in f.message] == [
        "Tên đợt chấm",
        "Năm",
    ]


def test_empty_roster(tmp_path: Path) -> None:
    root = make_campaign(tmp_path / "dot", TTHC, [])
    assert places(mistakes(root, TTHC)) == [("PX206", "Đơn vị", "A2")]


BAD_CODES = [
    "CON",
    "nul",
    "Com1",
    "LPT9.x",
    "aux.xlsx",
    "a.",
    "đơn-vị",
    "a" * 41,
    "a/b",
    "a\\b",
    "-a",
    ".a",
    "_a",
    "a b",
    "a*",
    "..",
    "ａ",
]


@pytest.mark.parametrize("code", BAD_CODES)
def test_bad_unit_code(root: Path, code: str) -> None:
    set_rows(root, "Đơn vị", [[code, "Tên"]])
    found = mistakes(root)
    assert places(found) == [("PX207", "Đơn vị", "A2")]
    assert f"“{code}”" in found[0].message


@pytest.mark.parametrize("code", ["a", "A-1", "KBNN.01", "x_y", "a" * 40, "console", "0", "com10"])
def test_good_unit_code(root: Path, code: str) -> None:
    set_rows(root, "Đơn vị", [[code, "Tên"]])
    assert read(root).units[0].code == code


def test_duplicate_codes_ignore_case(root: Path) -> None:
    set_rows(root, "Đơn vị", [["ca", "Một"], ["kbnn", "Hai"], ["CA", "Ba"]])
    found = mistakes(root)
    assert places(found) == [("PX208", "Đơn vị", "A4")]
    assert "dòng 2" in found[0].message


def test_unit_without_code_or_name(root: Path) -> None:
    set_rows(root, "Đơn vị", [["a", None], [None, "Tên"], [None, "C"]])
    assert places(mistakes(root)) == [
        ("PX209", "Đơn vị", "A3"),
        ("PX209", "Đơn vị", "A4"),
        ("PX209", "Đơn vị", "B2"),
    ]


@pytest.mark.parametrize(
    ("item", "value", "cell"),
    [
        ("Hạn nộp", "31/02/2026", "B7"),
        ("Hạn nộp", "cuối năm", "B7"),
        ("Hạn nộp", 46000.5, "B7"),
        ("Năm", "26", "B3"),
        ("Năm", "năm nay", "B3"),
        ("Năm", 1999, "B3"),
        ("Năm", 2026.5, "B3"),
        ("Kiểu đồng hạng", "1-2-3", "B8"),
    ],
)
def test_bad_setting(root: Path, item: str, value: object, cell: str) -> None:
    edit(root, lambda book: setattr(book["Đợt chấm"]["B7"], "number_format", "General"))
    set_items(root, {item: value})
    assert places(mistakes(root)) == [("PX210", "Đợt chấm", cell)]


@pytest.mark.parametrize(("item", "cell"), [("Tên đợt chấm", "B2"), ("Năm", "B3")])
def test_needed_setting(root: Path, item: str, cell: str) -> None:
    set_items(root, {item: None})
    assert places(mistakes(root)) == [("PX209", "Đợt chấm", cell)]


def test_bad_date_of_a_unit(root: Path) -> None:
    set_rows(root, "Đơn vị", [["a", "A", None, None, "hôm qua"]])
    assert places(mistakes(root)) == [("PX210", "Đơn vị", "E2")]


@pytest.mark.parametrize("points", [20.01, 21, -1, "-1", "1,555", 1.555, "mười", "1.000,5", "1e1", True])
def test_bad_survey_points(root: Path, points: object) -> None:
    set_rows(root, "Khảo sát", [["ca", points]])
    found = mistakes(root)
    assert places(found) == [("PX210", "Khảo sát", "B2")]
    assert "số từ 0 đến 20, tối đa 2 chữ số thập phân" in found[0].message


def test_survey_of_strangers_and_twice(root: Path) -> None:
    set_rows(root, "Khảo sát", [["ca", 1], ["lạ", 2], ["CA", 3], ["kbnn", None]])
    assert places(mistakes(root)) == [
        ("PX209", "Khảo sát", "B5"),
        ("PX211", "Khảo sát", "A3"),
        ("PX212", "Khảo sát", "A4"),
    ]


@pytest.mark.parametrize("start", [100.01, 101, -5, "tốt", "80,123", "80%"])
def test_bad_band(root: Path, start: object) -> None:
    set_rows(root, "Xếp loại", [["*", "Tốt", start]])
    assert places(mistakes(root)) == [("PX210", "Xếp loại", "C2")]


def test_band_of_an_unknown_group(root: Path) -> None:
    set_rows(root, "Xếp loại", [["Khối lạ", "Tốt", 80], ["Lực lượng", "Tốt", 80]])
    assert places(mistakes(root)) == [("PX211", "Xếp loại", "A2")]


def test_bad_exemptions(root: Path) -> None:
    rows = [["lạ", "1.1", "Lý do"], ["*", "9.9", "Lý do"], ["ca", "1.1", None], ["ca", "3.2.3/xã", "Lý do"]]
    set_rows(root, "Không áp dụng", rows)
    assert places(mistakes(root)) == [
        ("PX209", "Không áp dụng", "C4"),
        ("PX211", "Không áp dụng", "A2"),
        ("PX211", "Không áp dụng", "B3"),
        ("PX211", "Không áp dụng", "B5"),
    ]


def test_bad_rulings(root: Path) -> None:
    key = awaiting(HA_TINH)[0]
    never = next(at.key for at in load_set(HA_TINH).parts if not at.part.rule.zero_case)
    group = load_set(HA_TINH).groups[0].code
    rows = [[never, "đủ điểm"], [group, "0 điểm"], ["9.9", "0 điểm"], [key, "một nửa"]]
    set_rows(root, "Trường hợp a = 0", [*rows, [key, "0 điểm"], [key, "đủ điểm"], [key, None]])
    assert places(mistakes(root)) == [
        ("PX209", "Trường hợp a = 0", "B8"),
        ("PX210", "Trường hợp a = 0", "B5"),
        ("PX211", "Trường hợp a = 0", "A2"),
        ("PX211", "Trường hợp a = 0", "A3"),
        ("PX211", "Trường hợp a = 0", "A4"),
        ("PX212", "Trường hợp a = 0", "A6"),
        ("PX212", "Trường hợp a = 0", "A7"),
        ("PX212", "Trường hợp a = 0", "A8"),
    ]


def test_ruling_of_a_criterion_covers_its_parts(tmp_path: Path) -> None:
    root = make_campaign(tmp_path / "dot", TTHC)
    set_rows(root, "Trường hợp a = 0", [["3.2.3", "0 điểm"]])
    assert list(read(root, TTHC).rulings) == ["3.2.3/tinh", "3.2.3/huyen", "3.2.3/xa"]
    set_rows(root, "Trường hợp a = 0", [["3.2.3/huyen", "0 điểm"], ["3.2.3", "đủ điểm"]])
    assert places(mistakes(root, TTHC)) == [("PX212", "Trường hợp a = 0", "A3")]


# Points that the department enters -----------------------------------------------------------------


@pytest.fixture
def entered(tmp_path: Path) -> Path:
    """A campaign of a set with two criteria whose points the department enters: 65 and 35."""
    return make_campaign(tmp_path / "hai", TWO_ENTERED)


def test_each_entered_criterion_gets_its_points(entered: Path) -> None:
    set_rows(entered, "Khảo sát", [["CA", 65, 1], ["ca", "34,5", "2"], ["kbnn", 0, "1"]])
    found = read(entered, TWO_ENTERED).survey
    assert found == {("ca", "1"): 6500, ("ca", "2"): 3450, ("kbnn", "1"): 0}


def test_the_only_entered_criterion_may_be_named(root: Path) -> None:
    set_rows(root, "Khảo sát", [["ca", 1, 5], ["kbnn", 2, "5"], ["cuc-thue", 3, None]])
    assert read(root).survey == {("ca", "5"): 100, ("kbnn", "5"): 200, ("cuc-thue", "5"): 300}


def test_entered_points_go_wrong_in_every_way_at_once(entered: Path) -> None:
    rows: list[list[object]] = [
        ["ca", 35.01, "2"],
        ["ca", 35.01, "1"],
        ["ca", 1.234, "1"],
        ["kbnn", 10, None],
        ["kbnn", 10, "3"],
        ["kbnn", "mười", "3"],
        ["lạ", 66, "1"],
        ["CA", 1, "1"],
    ]
    set_rows(entered, "Khảo sát", rows)
    found = mistakes(entered, TWO_ENTERED)
    assert places(found) == [
        ("PX209", "Khảo sát", "C5"),
        ("PX210", "Khảo sát", "B2"),
        ("PX210", "Khảo sát", "B4"),
        ("PX210", "Khảo sát", "B7"),
        ("PX210", "Khảo sát", "B8"),
        ("PX211", "Khảo sát", "A8"),
        ("PX211", "Khảo sát", "C6"),
        ("PX211", "Khảo sát", "C7"),
        ("PX212", "Khảo sát", "A4"),
        ("PX212", "Khảo sát", "A9"),
    ]
    told = {f.cell: f.message for f in found}
    assert "số từ 0 đến 35, tối đa 2 chữ số thập phân" in told["B2"]
    assert "số từ 0 đến 65, tối đa 2 chữ số thập phân" in told["B4"]
    assert "số các mã: 1, 2" in told["C6"]
    assert "dòng 3" in told["A9"]


def test_several_entered_criteria_need_the_column(entered: Path) -> None:
    edit(entered, lambda book: book["Khảo sát"].delete_cols(3))
    found = mistakes(entered, TWO_ENTERED)
    assert [(f.code, f.sheet, f.cell) for f in found] == [("PX205", "Khảo sát", "1:1")]


@pytest.mark.parametrize("row", [["ca", 0], ["ca", 5], ["ca", 5, "1.6"]])
def test_a_set_without_entered_criteria_takes_no_points(tmp_path: Path, row: list[object]) -> None:
    root = make_campaign(tmp_path / "dot", TTHC)
    set_rows(root, "Khảo sát", [row])
    wanted = [("PX210", "Khảo sát", "B2")] + [("PX211", "Khảo sát", "C2")] * (len(row) > 2)
    assert places(mistakes(root, TTHC)) == wanted


@pytest.mark.parametrize(("unit", "code"), [("*", "5"), ("ca", "5")])
def test_points_where_nothing_applies_contradict(root: Path, unit: str, code: str) -> None:
    set_rows(root, "Không áp dụng", [[unit, code, "Không khảo sát"]])
    set_rows(root, "Khảo sát", [["CA", 10]])
    assert places(mistakes(root)) == [("PX229", "Khảo sát", "A2")]


# Points added and taken away ----------------------------------------------------------------------


def test_adjustments_and_caps(root: Path) -> None:
    set_rows(root, ADJUSTMENTS, [["CA", "1,5", "Sáng kiến", "QĐ 1"], ["ca", -0.25, "Nộp muộn", "CV 2"]])
    set_items(root, {"Trần điểm cộng": "2,5", "Trần điểm trừ": 0})
    found = read(root)
    assert found.adjustments == (
        Adjustment("ca", 150, "Sáng kiến", "QĐ 1"),
        Adjustment("ca", -25, "Nộp muộn", "CV 2"),
    )
    assert (found.bonus_cap, found.penalty_cap) == (250, 0)
    assert found.adjustments_of("kbnn") == ()


@pytest.mark.parametrize("typed", ["-0,5", "−0.5", -0.5, " -0,50 "])
def test_a_minus_however_it_is_typed(root: Path, typed: object) -> None:
    set_rows(root, ADJUSTMENTS, [["ca", typed, "Lý do", "CV 1"]])
    assert read(root).adjustments[0].points == -50


@pytest.mark.parametrize("points", [0, "0", 0.001, 60.01, -61, "--1", "một", "1-2", True])
def test_bad_adjustments(root: Path, points: object) -> None:
    set_rows(root, ADJUSTMENTS, [["ca", points, "Lý do", "CV 1"]])
    assert places(mistakes(root)) == [("PX210", ADJUSTMENTS, "B2")]


def test_adjustments_go_wrong_in_every_way_at_once(root: Path) -> None:
    rows = [["*", 1, "Lý do", "CV"], ["ca", 1, None, None], [None, 1, "Lý do", "CV"]]
    same = ["ca", 1, "Lý do", "CV"]
    set_rows(root, ADJUSTMENTS, [*rows, same, ["ca", None, "Lý do", "CV"], same, ["ca", "=1", "Lý do", "CV"]])
    assert places(mistakes(root)) == [
        ("PX209", ADJUSTMENTS, "A4"),
        ("PX209", ADJUSTMENTS, "B6"),
        ("PX209", ADJUSTMENTS, "C3"),
        ("PX209", ADJUSTMENTS, "D3"),
        ("PX211", ADJUSTMENTS, "A2"),
        ("PX212", ADJUSTMENTS, "A7"),
        ("PX213", ADJUSTMENTS, "B8"),
    ]


@pytest.mark.parametrize("cap", [-1, "nhiều", 60.01, "1,234", "5%"])
def test_bad_caps(root: Path, cap: object) -> None:
    set_items(root, {"Trần điểm trừ": cap})
    found = mistakes(root)
    assert places(found) == [("PX210", "Đợt chấm", "B12")]
    assert "“Trần điểm trừ”" in found[0].message


def _as_before(book: Workbook) -> None:
    """The workbook of an earlier version: no sheet of adjustments, no caps, no codes beside points."""
    del book[ADJUSTMENTS]
    book["Đợt chấm"].delete_rows(11, 2)
    book["Khảo sát"].delete_cols(3)


def test_an_older_workbook_is_still_read(root: Path) -> None:
    set_rows(root, "Khảo sát", [["ca", 10]])
    before = read(root)
    edit(root, _as_before)
    assert read(root) == before


# Contradictions and gaps --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([["ca", "3.4"], ["CA", "3.4"]], ["B3"]),
        ([["*", "3.4"], ["ca", "3.4"]], ["B3"]),
        ([["ca", "3.4"], ["*", "3.4"]], ["B3"]),
        ([["ca", "3.4"], ["kbnn", "3.4"], ["ca", "3"], ["*", "3.3"]], []),
    ],
)
def test_exemptions_declared_twice(root: Path, rows: list[list[str]], told: list[str]) -> None:
    set_rows(root, "Không áp dụng", [[*row, f"Lý do {number}"] for number, row in enumerate(rows)])
    if told:
        assert places(mistakes(root)) == [("PX212", "Không áp dụng", cell) for cell in told]
    else:
        assert len(read(root).exemptions) == len(rows)


def test_bands_declared_twice(root: Path) -> None:
    bands = [["*", "Tốt", 80], ["*", "Khá", 80], ["*", "Tốt", 90], ["Lực lượng", "Tốt", 80], ["*", "Yếu", 0]]
    set_rows(root, "Xếp loại", bands)
    assert places(mistakes(root)) == [("PX212", "Xếp loại", "B4"), ("PX212", "Xếp loại", "C3")]


def test_a_band_as_a_percentage_is_told(root: Path) -> None:
    """Excel makes 0.8 of a typed 80%: that would be a band from less than one percent up."""
    set_rows(root, "Xếp loại", [["*", "Tốt", 0.8]])
    edit(root, lambda book: setattr(book["Xếp loại"]["C2"], "number_format", "0%"))
    assert places(mistakes(root)) == [("PX210", "Xếp loại", "C2")]


@pytest.mark.parametrize(
    ("email", "is_right"),
    [
        ("a@b.vn", True),
        ("a@b.vn; c.d@e-f.gov.vn", True),
        ("a@b.vn, c@d.vn", True),
        ("chưa có", False),
        ("a@b", False),
        ("a@b.vn; ", True),
        ("a.@b.vn", False),
        ("vănthư@b.vn", False),
        ("<a@b.vn>", False),
    ],
)
def test_addresses(root: Path, email: str, is_right: bool) -> None:
    set_rows(root, "Đơn vị", [["a", "A", None, email]])
    if is_right:
        assert read(root).units[0].email == email.strip()
    else:
        assert places(mistakes(root)) == [("PX210", "Đơn vị", "D2")]


@pytest.mark.parametrize(
    ("item", "value"),
    [("Cổng", "0"), ("Cổng", 65536), ("Cổng", "cổng"), ("Bảo mật", "SSL"), ("Người gửi", "A")],
)
def test_bad_mail_settings(root: Path, item: str, value: object) -> None:
    set_items(root, {item: value}, "Thư")
    assert places(mistakes(root)) == [("PX210", "Thư", f"B{MAIL_ITEMS.index(item) + 2}")]


def test_good_mail_settings(root: Path) -> None:
    typed = {"Cổng": 587, "Bảo mật": "STARTTLS", "Người gửi": "snv@example.vn"}
    set_items(root, typed, "Thư")
    assert {name: read(root).mail[name] for name in typed} == {**typed, "Cổng": "587"}


def test_an_item_told_twice(root: Path) -> None:
    edit(root, lambda book: book["Đợt chấm"].append(["Năm", 2020]))
    assert places(mistakes(root)) == [("PX212", "Đợt chấm", "A13")]


def test_a_column_told_twice(root: Path) -> None:
    edit(root, lambda book: book["Đơn vị"].__setitem__("L1", "Tên đơn vị"))
    assert places(mistakes(root)) == [("PX222", "Đơn vị", "L1")]


def test_a_line_of_nothing_but_a_formula_is_seen(root: Path) -> None:
    set_rows(root, "Khảo sát", [["=A1", None]])
    assert ("PX213", "Khảo sát", "A2") in places(mistakes(root))


# Formulas -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sheet", "row", "cell"),
    [
        ("Đơn vị", ["a", '="A"&"B"'], "B2"),
        ("Đơn vị", ["a", "A", None, None, "=TODAY()"], "E2"),
        ("Đơn vị", ["a", "#REF!"], "B2"),
        ("Khảo sát", ["ca", "=1+1"], "B2"),
        ("Không áp dụng", ["ca", "=1", "Lý do"], "B2"),
    ],
)
def test_formula_in_a_cell(root: Path, sheet: str, row: list[object], cell: str) -> None:
    set_rows(root, sheet, [row])
    assert places(mistakes(root)) == [("PX213", sheet, cell)]


def test_formula_with_a_kept_result_is_still_a_formula(root: Path) -> None:
    """Excel keeps =TODAY()'s result beside it; tomorrow the deadline would be another."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheets = {name: book.add_worksheet(name) for name in SHEETS}
    for name, columns in COLUMNS.items():
        sheets[name].write_row(0, 0, columns)
    date = book.add_format({"num_format": "dd/mm/yyyy"})
    sheets["Đợt chấm"].write_column(1, 0, ["Tên đợt chấm", "Năm", "Hạn nộp"])
    sheets["Đợt chấm"].write_column(1, 1, ["Đợt", 2026])
    sheets["Đợt chấm"].write_formula(3, 1, "=TODAY()", date, 46000)
    sheets["Đơn vị"].write_row(1, 0, ["a", "A"])
    sheets["Đơn vị"].write_formula(2, 0, '="b"', None, "b")
    sheets["Đơn vị"].write(2, 1, "B")
    book.close()
    (root / "dot-cham.xlsx").write_bytes(out.getvalue())
    assert places(mistakes(root)) == [("PX213", "Đơn vị", "A3"), ("PX213", "Đợt chấm", "B4")]


# All at once, and no harm done --------------------------------------------------------------------


def _spoil(root: Path) -> list[tuple[str, str, str]]:
    """Ten mistakes of different kinds; where they stand."""
    set_items(root, {"Năm": "hai nghìn", "Kiểu đồng hạng": "x", "Hạn nộp": "mai"})
    set_rows(root, "Đơn vị", [["CON", "A"], ["b", None], ["B", "=1"]])
    set_rows(root, "Khảo sát", [["lạ", 99]])
    set_rows(root, "Xếp loại", [["*", "Tốt", 101]])
    set_rows(root, "Không áp dụng", [["b", "7.7", "Lý do"]])
    set_rows(root, "Trường hợp a = 0", [[awaiting(HA_TINH)[0], "có"]])
    return [
        ("PX207", "Đơn vị", "A2"),
        ("PX208", "Đơn vị", "A4"),
        ("PX209", "Đơn vị", "B3"),
        ("PX210", "Khảo sát", "B2"),
        ("PX210", "Trường hợp a = 0", "B2"),
        ("PX210", "Xếp loại", "C2"),
        ("PX210", "Đợt chấm", "B3"),
        ("PX210", "Đợt chấm", "B7"),
        ("PX210", "Đợt chấm", "B8"),
        ("PX211", "Khảo sát", "A2"),
        ("PX211", "Không áp dụng", "B2"),
        ("PX213", "Đơn vị", "B4"),
    ]


def test_every_mistake_at_once(root: Path) -> None:
    wanted = _spoil(root)
    found = mistakes(root)
    assert places(found) == sorted(wanted)
    assert {f.file for f in found} == {"dot-cham.xlsx"}
    assert {f.severity for f in found} == {"error"}


def test_nothing_is_written_over_a_bad_control_workbook(root: Path) -> None:
    _spoil(root)
    before = dict(_tree(root))
    for command in (issue_forms, score_campaign):
        with pytest.raises(NothingUsable):
            command(root)
        assert dict(_tree(root)) == before


def _tree(root: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.name != ".parxl.lock":
            yield path.relative_to(root).as_posix(), path.read_bytes()


def test_old_workbook_is_never_touched_by_a_run(root: Path) -> None:
    before = (root / "dot-cham.xlsx").read_bytes()
    issue_forms(root)
    score_campaign(root)
    assert (root / "dot-cham.xlsx").read_bytes() == before


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04",
        os.urandom(4096),
        b"<html><table></table></html>",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 9,
    ],
    ids=["empty", "cut", "random", "html", "xls"],
)
def test_unreadable(root: Path, content: bytes) -> None:
    (root / "dot-cham.xlsx").write_bytes(content)
    found = mistakes(root)
    assert [(f.code, f.file, f.severity) for f in found] == [("PX203", "dot-cham.xlsx", "error")]


def test_cut_short(root: Path) -> None:
    content = (root / "dot-cham.xlsx").read_bytes()
    (root / "dot-cham.xlsx").write_bytes(content[: len(content) // 2])
    assert [f.code for f in mistakes(root)] == ["PX203"]


def test_no_permission(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    (found,) = mistakes(root)
    assert (found.code, "không có quyền đọc tệp" in found.message) == ("PX203", True)
