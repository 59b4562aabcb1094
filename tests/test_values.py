"""What one cell of a form may hold, and what is refused under which code (DESIGN §7)."""

from __future__ import annotations

import datetime as dt
import string
import sys
import time
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parxl.findings import REGISTER, finding
from parxl.grid import Cell
from parxl.reading.texts import UNITS, bare, shown
from parxl.reading.values import Reading, read_input, read_score
from parxl.rules import BLANK, DAMAGED, Input
from parxl.rules.lines import short_label

TOP = 10**9
COUNT = Input(id="a", kind="count", text="a – Tổng số hồ sơ")
POINTS = Input(id="b", kind="count", text="b – Số điểm đạt được", decimals=2)
MARK = Input(id="1", kind="mark", text="Đúng quy định: 1,0")

properties = settings(max_examples=300, deadline=None, database=None)


def read(value: Any, wanted: Input = COUNT) -> Reading:
    return read_input(Cell(value), wanted)


def parted(number: int, mark: str) -> str:
    """A whole number with its thousands parted."""
    return f"{number:,}".replace(",", mark)


# Counts -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", [57, 57.0, 0, 0.0, TOP, float(TOP)])
def test_a_number_is_taken_without_a_word(typed: float) -> None:
    assert read(typed) == Reading(int(typed), int(typed))


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("57", 57),
        ("57 ", 57),
        (" 57", 57),
        ("\u00a057\u00a0", 57),
        ("\t57\n", 57),
        ("57.0", 57),
        ("57.00", 57),
        ("57,0", 57),
        ("0", 0),
        ("007", 7),
        ("1.234", 1234),
        ("1 234", 1234),
        ("1\u00a0234", 1234),
        ("1\u202f234", 1234),
        ("20.000", 20_000),
        ("1.000", 1000),
        ("999.999.999", 999_999_999),
        ("1 000 000 000", TOP),
        ("1.000.000.000", TOP),
        ("1000000000", TOP),
        ("５７", 57),
        ("１．２３４", 1234),
    ],
)
def test_a_number_as_text_is_taken_with_a_note(typed: str, value: int) -> None:
    reading = read(typed)
    assert (reading.value, reading.code) == (value, "PX411")
    # The sheet itself cleans no text: its own score and checksum see damage.
    assert reading.sheet == DAMAGED
    assert REGISTER["PX411"].severity == "note"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (1.5, "PX402"),
        (0.95, "PX402"),
        (57.001, "PX402"),
        ("1,5", "PX402"),
        ("1.5", "PX402"),
        ("0.950", "PX402"),
        ("0,95", "PX402"),
        ("57,000", "PX402"),
        ("1,234", "PX402"),
        ("1.2345", "PX402"),
        (-3, "PX403"),
        (-0.5, "PX403"),
        ("-3", "PX403"),
        ("–3", "PX403"),
        ("- 1.234", "PX403"),
        (TOP + 1, "PX403"),
        (TOP + 0.5, "PX403"),
        (1e300, "PX403"),
        (float("inf"), "PX403"),
        (float("nan"), "PX403"),
        (10**400, "PX403"),
        ("1000000001", "PX403"),
        ("9.000.000.000", "PX403"),
        ("95%", "PX414"),
        ("abc", "PX401"),
        ("57/60", "PX401"),
        ("1e3", "PX401"),
        ("1.23", "PX402"),
        ("12.34.56", "PX401"),
        ("1.234 567", "PX401"),
        ("1.234,5", "PX401"),
        ("x", "PX401"),
        ("không", "PX401"),
        ("9" * 16, "PX401"),
        (True, "PX401"),
        (False, "PX401"),
        ("#REF!", "PX405"),
        ("#N/A", "PX405"),
        ("#DIV/0!", "PX405"),
        ("#VALUE!", "PX405"),
        (dt.datetime(2026, 3, 1), "PX406"),
        (dt.date(2026, 3, 1), "PX406"),
        (dt.time(3, 4), "PX406"),
        (dt.timedelta(hours=30), "PX406"),
    ],
)
def test_anything_else_is_refused_under_its_code(typed: Any, code: str) -> None:
    reading = read(typed)
    assert (reading.value, reading.sheet, reading.code) == (DAMAGED, DAMAGED, code)
    found = finding(code, **reading.facts)
    assert found.severity == "error"
    assert COUNT.text in found.message
    assert len(found.message) < 400


@pytest.mark.parametrize("value", [57, "57", None, "#REF!", "x"])
@pytest.mark.parametrize("wanted", [COUNT, POINTS, MARK])
def test_a_formula_is_refused_whatever_it_shows(value: Any, wanted: Input) -> None:
    reading = read_input(Cell(value, formula=True, source="=50+7"), wanted)
    assert (reading.value, reading.code) == (DAMAGED, "PX404")


@pytest.mark.parametrize("typed", [None, "", " ", "\u00a0", "\n"])
def test_nothing_is_blank_and_never_zero(typed: str | None) -> None:
    assert (read(typed).value, read(typed).code) == (BLANK, "")
    assert (read(typed, MARK).value, read(typed, MARK).code) == (0, "")


@pytest.mark.parametrize(
    ("noisy", "value"), [(11.999999999999998, 12), (12.000000000000002, 12), (56.99999999999999, 57)]
)
def test_binary_noise_is_no_decimal(noisy: float, value: int) -> None:
    assert read(noisy) == Reading(value, value)


# What else people type ----------------------------------------------------------------------------

# typed -> what it is taken as
TAKEN = {
    "57\u202f": 57,
    "\u200957": 57,
    "\u300057": 57,
    "1\u2009234": 1234,
    "12\u2007345": 12_345,
    "\u200b57": 57,
    "5\u200b7": 57,
    "57\ufeff": 57,
    "5\u00ad7": 57,
    "\u206057\u2060": 57,
    "\u200e57\u200f": 57,
    "\u2068 57 \u2069": 57,
    "\r\n\t57\r\n": 57,
    "57\u2028": 57,
    "１２": 12,
    "１．２３４": 1234,
    "１２３４５": 12_345,
    "５７，０": 57,
    "＋５": 5,
    "'57": 57,
    "’57": 57,
    "‘57": 57,
    "`57": 57,
    "＇57": 57,
    "' 57": 57,
    "'1.234": 1234,
    "'+5": 5,
    "+5": 5,
    "+ 5": 5,
    "+0": 0,
    "05": 5,
    "00": 0,
    "57 hồ sơ": 57,
    "57hồ sơ": 57,
    "57 Hồ sơ": 57,
    "57  HỒ  SƠ": 57,
    "57 hồ sơ.": 57,
    "57\u00a0hồ\u00a0sơ": 57,
    unicodedata.normalize("NFD", "57 hồ sơ"): 57,
    "0 hồ sơ": 0,
    "1.234 hồ sơ TTHC": 1234,
    "1 234 hồ sơ": 1234,
    "12 văn bản": 12,
    "12 văn bản QPPL": 12,
    "3 TTHC": 3,
    "3 thủ tục hành chính": 3,
    "20 cuộc": 20,
    "2 lần": 2,
    "15 người": 15,
    "6 đơn vị": 6,
    "+6 xã": 6,
    "'9 phường": 9,
    "57.0 huyện": 57,
}


@pytest.mark.parametrize(("typed", "value"), TAKEN.items())
def test_decorated_numbers_are_taken_with_a_note(typed: str, value: int) -> None:
    reading = read(typed)
    assert (reading.value, reading.sheet, reading.code) == (value, DAMAGED, "PX411")
    assert f"được hiểu là {value}." in finding("PX411", **reading.facts).message


SEVERAL, NOUGHT, ABOUT, DIGITS = "Nếu là hai số liệu", "hãy nhập 0", "chính xác", "Nhập số nguyên từ 0"

# typed -> code, part of the message that says what was probably meant
REFUSED = {
    "1O": ("PX401", "Có lẽ là 10;"),
    "2o": ("PX401", "Có lẽ là 20;"),
    "1О": ("PX401", "Có lẽ là 10;"),  # Cyrillic
    "1Ο": ("PX401", "Có lẽ là 10;"),  # Greek
    "1O.OOO": ("PX401", "Có lẽ là 10000;"),
    "O": ("PX401", "Có lẽ là 0;"),
    "l5": ("PX401", "Có lẽ là 15;"),
    "I5": ("PX401", "Có lẽ là 15;"),
    "5|": ("PX401", "Có lẽ là 51;"),
    "57|60": ("PX401", SEVERAL),
    "II": ("PX401", DIGITS),
    "XII": ("PX401", DIGITS),
    "Ⅻ": ("PX401", DIGITS),
    "5²": ("PX401", DIGITS),
    "½": ("PX401", DIGITS),
    "⑤": ("PX401", DIGITS),
    "5⃣": ("PX401", DIGITS),
    "٥٧": ("PX401", DIGITS),  # Arabic-Indic digits are nobody's here
    "५७": ("PX401", DIGITS),
    "𝟓𝟕": ("PX401", DIGITS),
    "1_000": ("PX401", DIGITS),
    "0x1F": ("PX401", DIGITS),
    "1E3": ("PX401", "Có lẽ là 1000;"),
    "1e3": ("PX401", "Có lẽ là 1000;"),
    "１e3": ("PX401", "Có lẽ là 1000;"),
    "1,5E+03": ("PX401", "Có lẽ là 1500;"),
    "1E-3": ("PX401", DIGITS),
    "1E99": ("PX401", DIGITS),
    "NaN": ("PX401", DIGITS),
    "Infinity": ("PX401", DIGITS),
    "5 triệu": ("PX401", "Có lẽ là 5000000;"),
    "1,5 nghìn": ("PX401", "Có lẽ là 1500;"),
    "2 nghìn hồ sơ": ("PX401", "Có lẽ là 2000;"),
    "5k": ("PX401", "Có lẽ là 5000;"),
    "5 trăm nghìn": ("PX401", DIGITS),
    "9 tỷ": ("PX401", DIGITS),
    "57/60": ("PX401", SEVERAL),
    "57 / 60": ("PX401", SEVERAL),
    "57 trên 60": ("PX401", SEVERAL),
    "57 hồ sơ trên 60 hồ sơ": ("PX401", SEVERAL),
    "57 (95%)": ("PX401", SEVERAL),
    "57\n60": ("PX401", SEVERAL),
    "1/5/2026": ("PX401", SEVERAL),
    "khoảng 50": ("PX401", ABOUT),
    "Trên 50": ("PX401", ABOUT),
    ">10": ("PX401", ABOUT),
    "~ 50": ("PX401", ABOUT),
    "không quá 50": ("PX401", ABOUT),
    "95% hồ sơ": ("PX401", "không nhập tỷ lệ phần trăm"),
    "57 bánh mì": ("PX401", DIGITS),
    "57 hồ sơ trễ hẹn": ("PX401", DIGITS),
    "57 hồ sơ x": ("PX401", DIGITS),
    "57 điểm": ("PX401", DIGITS),
    "hồ sơ 57": ("PX401", DIGITS),
    "hồ sơ": ("PX401", DIGITS),
    "-": ("PX401", NOUGHT),
    "–": ("PX401", NOUGHT),
    "—": ("PX401", NOUGHT),
    "---": ("PX401", NOUGHT),
    "/": ("PX401", NOUGHT),
    "…": ("PX401", NOUGHT),
    "không": ("PX401", NOUGHT),
    "Không có": ("PX401", NOUGHT),
    "KHÔNG": ("PX401", NOUGHT),
    unicodedata.normalize("NFD", "không có"): ("PX401", NOUGHT),
    "ko": ("PX401", NOUGHT),
    "k có": ("PX401", NOUGHT),
    "không phát sinh": ("PX401", NOUGHT),
    "không có hồ sơ nào.": ("PX401", NOUGHT),
    "chưa có": ("PX401", NOUGHT),
    "0 có": ("PX401", NOUGHT),
    "0 phát sinh": ("PX401", NOUGHT),
    "n/a": ("PX401", NOUGHT),
    "không 5": ("PX401", DIGITS),
    "57.": ("PX401", "Có lẽ là 57;"),
    "“57”": ("PX401", "Có lẽ là 57;"),
    '"57"': ("PX401", "Có lẽ là 57;"),
    "'57'": ("PX401", "Có lẽ là 57;"),
    "=57": ("PX401", "Có lẽ là 57;"),
    "1,234,567": ("PX401", "Có lẽ là 1234567;"),
    "1.234,567": ("PX401", DIGITS),
    ".5": ("PX401", DIGITS),
    "'": ("PX401", DIGITS),
    "''57": ("PX401", "Có lẽ là 57;"),
    "++5": ("PX401", DIGITS),
    "+-5": ("PX401", DIGITS),
    "5 7": ("PX401", SEVERAL),
    "1  234": ("PX401", SEVERAL),
    "5\u03017": ("PX401", SEVERAL),
    "\u202e75": ("PX401", "đảo chiều"),
    "57" + " " * 100 + "60": ("PX401", DIGITS),
    "9" * 32_767: ("PX401", DIGITS),
    "1,234": ("PX402", "Nếu là 1234, hãy gõ liền"),
    "57.000,0": ("PX401", DIGITS),
    "57,000": ("PX402", "Nếu là 57000, hãy gõ liền"),
    "57,000 hồ sơ": ("PX402", "Nếu là 57000, hãy gõ liền"),
    "95,5": ("PX402", "không phải là số nguyên"),
    "95,5 hồ sơ": ("PX402", "không phải là số nguyên"),
    "-3 hồ sơ": ("PX401", DIGITS),
    "−3": ("PX403", "ngoài phạm vi"),
    "'-3": ("PX403", "ngoài phạm vi"),
    "－３": ("PX403", "ngoài phạm vi"),
    "2000000000 hồ sơ": ("PX403", "ngoài phạm vi"),
    "95 %": ("PX414", "“a – Tổng số hồ sơ” ghi 95 %, là tỷ lệ phần trăm"),
    "95,5%": ("PX414", "tỷ lệ phần trăm"),
    "９５％": ("PX414", "tỷ lệ phần trăm"),
    "'95%": ("PX414", "tỷ lệ phần trăm"),
    "95\u00a0%": ("PX414", "tỷ lệ phần trăm"),
    "95 phần trăm": ("PX414", "tỷ lệ phần trăm"),
    "95 Phần Trăm": ("PX414", "tỷ lệ phần trăm"),
    "+5%": ("PX414", "tỷ lệ phần trăm"),
}


@pytest.mark.parametrize(("typed", "code", "said"), [(typed, *rest) for typed, rest in REFUSED.items()])
def test_what_is_refused_says_what_was_probably_meant(typed: str, code: str, said: str) -> None:
    reading = read(typed)
    assert (reading.value, reading.sheet, reading.code) == (DAMAGED, DAMAGED, code)
    found = finding(code, **reading.facts)
    assert said in found.message
    assert found.severity == "error"
    assert len(found.message) < 400


@pytest.mark.parametrize("typed", ["\u200b", "\ufeff \u2060", "\u00ad", "\u2009\t\u202f", " \u200b" * 10_000])
@pytest.mark.parametrize("wanted", [COUNT, MARK])
def test_what_cannot_be_seen_is_blank(typed: str, wanted: Input) -> None:
    # The sheet does not know it: its TRIM takes away the plain space alone.
    assert read(typed, wanted) == Reading(BLANK if wanted is COUNT else 0, DAMAGED)


def test_plain_spaces_are_blank_in_the_sheet_too() -> None:
    assert read("   ") == Reading(BLANK, BLANK)
    assert read("   ", MARK) == Reading(0, 0)


def test_every_space_and_every_invisible_character_of_unicode() -> None:
    every = [chr(code) for code in range(sys.maxunicode + 1)]
    spaces = [c for c in every if unicodedata.category(c) == "Zs"]
    hidden = [c for c in every if unicodedata.category(c) == "Cf" and c != "\u202e"]
    assert len(spaces) > 15
    assert len(hidden) > 100
    assert {read(f"{c}1{c}234{c}").value for c in spaces} == {1234}
    assert {read(f"{c}1{c}234{c}").value for c in hidden} == {1234}


def test_no_other_character_is_a_digit() -> None:
    digits = [c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.numeric(c, None) is not None]
    taken = {c for c in digits if read(c).value != DAMAGED}
    assert taken == set("0123456789０１２３４５６７８９")


@pytest.mark.parametrize(
    "piece",
    [
        "5",
        "5.",
        "5 ",
        " ",
        "-",
        "x",
        "O1",
        "+",
        "'",
        "1 000",
        "không ",
        "0 ",
        "%",
        "1e",
        "a\u0301\u0323",
        "\u0301\u0323",
        "\u200b",
    ],
)
def test_the_longest_text_is_read_in_no_time(piece: str) -> None:
    text = (piece * 32_767)[:32_766] + "!"
    start = time.process_time()
    for wanted in (COUNT, POINTS, MARK):
        reading = read(text, wanted)
        assert len(reading.facts.get("value", "")) <= 40
    assert time.process_time() - start < 0.25


# Percentages, dates, and dates that became numbers ------------------------------------------------


@pytest.mark.parametrize(
    ("number", "shown", "sheet"),
    [
        (0.95, "95%", DAMAGED),
        (1, "100%", 1),
        (1.0, "100%", 1),
        (0, "0%", 0),
        (0.955, "95,5%", DAMAGED),
        (57, "5700%", 57),
    ],
)
def test_a_number_shown_as_a_percentage_is_no_count(number: float, shown: str, sheet: int) -> None:
    reading = read_input(Cell(number, number_format="0.00%"), COUNT)
    assert (reading.value, reading.sheet, reading.code) == (DAMAGED, sheet, "PX414")
    assert f"ghi {shown}, là tỷ lệ" in finding("PX414", **reading.facts).message


def test_a_percentage_where_decimals_are_allowed_counts_in_the_sheet() -> None:
    reading = read_input(Cell(0.95, number_format="0%"), POINTS)
    assert (reading.value, reading.sheet, reading.code) == (DAMAGED, 95, "PX414")
    assert read_input(Cell(-0.5, number_format="0%"), COUNT).sheet == DAMAGED
    assert read_input(Cell(True, number_format="0%"), COUNT).code == "PX401"


PROGRAMS = "Excel và LibreOffice tự đổi"


@pytest.mark.parametrize(
    ("value", "number", "year", "sheet", "said"),
    [
        (dt.datetime(2026, 5, 1), 46_143, 2026, 46_143, "(01/05/2026)"),
        (dt.datetime(2026, 5, 1), 46_143, 2026, 46_143, "Có lẽ đã gõ “1/5” hoặc “5/1”."),
        (dt.datetime(2026, 5, 1), 46_143, None, 46_143, "Có lẽ đã gõ “1/5” hoặc “5/1”."),
        (dt.datetime(2026, 5, 5), 46_147.0, 2026, 46_147, "Có lẽ đã gõ “5/5”."),
        (dt.datetime(1960, 5, 1), 22_037, 2026, 22_037, "Có lẽ đã gõ “5/60”."),
        (dt.datetime(2005, 5, 1), 38_473, 2026, 38_473, "Có lẽ đã gõ “5/05”."),
        (dt.datetime(1960, 5, 2), 22_038, 2026, 22_038, PROGRAMS),
        (dt.datetime(2026, 5, 1, 12), 46_143.5, 2026, DAMAGED, PROGRAMS),
        (dt.date(2026, 5, 1), None, 2026, DAMAGED, "“1/5”"),
        (dt.time(3, 4), 0.12777777, 2026, DAMAGED, "(03:04:00)"),
        (dt.time(0, 0), 0, 2026, 0, PROGRAMS),
        (dt.timedelta(hours=57, minutes=5), 2.378472, 2026, DAMAGED, "(57:05)"),
        (dt.timedelta(days=2), 2, 2026, 2, PROGRAMS),
    ],
)
def test_a_date_is_refused_though_the_sheet_counts_it(
    value: Any, number: float | None, year: int | None, sheet: int, said: str
) -> None:
    reading = read_input(Cell(value, number=number), COUNT, year)
    assert (reading.value, reading.sheet, reading.code) == (DAMAGED, sheet, "PX406")
    message = finding("PX406", **reading.facts).message
    assert said in message
    assert PROGRAMS in message


def test_a_date_in_a_mark_is_no_mark() -> None:
    reading = read_input(Cell(dt.datetime(2026, 5, 1), number=46_143), MARK, 2026)
    assert (reading.value, reading.sheet, reading.code) == (DAMAGED, DAMAGED, "PX407")
    assert reading.facts["value"] == "01/05/2026"


@pytest.mark.parametrize(
    ("number", "day"),
    [(46_143, "01/05/2026"), (46_143.0, "01/05/2026"), (45_658, "01/01/2025"), (46_752, "31/12/2027")],
)
def test_a_count_that_is_the_number_of_a_near_day_is_kept_with_a_warning(number: float, day: str) -> None:
    reading = read_input(Cell(number), COUNT, 2026)
    assert (reading.value, reading.sheet, reading.code) == (int(number), int(number), "PX413")
    found = finding("PX413", **reading.facts)
    assert found.severity == "warning"
    assert day in found.message


def test_the_warning_says_what_was_perhaps_typed() -> None:
    reading = read_input(Cell(46_143), COUNT, 2026)
    assert "“1/5” hoặc “5/1”" in finding("PX413", **reading.facts).message
    assert read_input(Cell(46_143), POINTS, 2026).value == 4_614_300
    assert read_input(Cell(46_143), POINTS, 2026).code == "PX413"


@pytest.mark.parametrize(
    ("value", "year"),
    [
        (45_657, 2026),
        (46_753, 2026),
        (46_143, None),
        (46_143, 2028),
        (46_143.0000001, 2026),
        (60, 1900),
        (TOP, 9999),
        (5, 1),
    ],
)
def test_other_numbers_are_no_days(value: float, year: int | None) -> None:
    assert read_input(Cell(value), COUNT, year).code == ""


def test_a_number_as_text_is_no_day() -> None:
    assert read_input(Cell("46143"), COUNT, 2026).code == "PX411"


def test_a_number_with_three_decimals_may_be_thousands() -> None:
    message = finding("PX402", **read(1.234).facts).message
    assert "ghi 1,234, không phải là số nguyên. Nếu là 1234, hãy gõ liền" in message
    assert "số có tối đa 2 chữ số thập phân" in finding("PX402", **read(1.2345, POINTS).facts).message


# Inputs with decimals -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "value", "code"),
    [
        (87.55, 8755, ""),
        (87, 8700, ""),
        (0.1 + 0.2, 30, ""),
        (100.0, 10_000, ""),
        (float(TOP), 100 * TOP, ""),
        ("87,55", 8755, "PX411"),
        ("87.55", 8755, "PX411"),
        ("87,5", 8750, "PX411"),
        ("87", 8700, "PX411"),
        ("87,5500", 8755, "PX411"),
        ("1.234.567", 123_456_700, "PX411"),
        ("1 234", 123_400, "PX411"),
        (87.555, DAMAGED, "PX402"),
        ("87.555", DAMAGED, "PX402"),
        ("87,555", DAMAGED, "PX402"),
        ("1.234", DAMAGED, "PX402"),
        ("87,550", DAMAGED, "PX402"),
        (-0.01, DAMAGED, "PX403"),
        ("-87,55", DAMAGED, "PX403"),
        (TOP + 0.01, DAMAGED, "PX403"),
        ("87,55%", DAMAGED, "PX414"),
    ],
)
def test_two_decimals_where_the_input_allows_them(typed: Any, value: int, code: str) -> None:
    reading = read(typed, POINTS)
    assert (reading.value, reading.code) == (value, code)


# Marks --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["x", "X", "×", "✓", "✔", "х", "Х", " x "])
def test_every_usual_mark_is_taken(typed: str) -> None:
    reading = read(typed, MARK)
    assert (reading.value, reading.code) == (1, "")


@pytest.mark.parametrize(
    "typed", ["x\u00a0", "X\n", "\u200bx", "x\ufeff", "\u202fх\u2009", "✔\ufe0f", "✓\u200b", "\tx"]
)
def test_a_mark_beside_something_unseen_is_taken_with_a_note(typed: str) -> None:
    # In the sheet, whose TRIM leaves all but the plain space, it is no mark.
    assert read(typed, MARK) == Reading(1, DAMAGED, "PX415", {"label": MARK.text, "value": shown(typed)})
    assert finding("PX415", **read(typed, MARK).facts).severity == "note"


LIKE, CLEAR, CHOOSE = "Có lẽ là dấu chọn", "Nếu không chọn dòng này, hãy xóa", "Nếu chọn dòng này, hãy gõ x"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (t, LIKE)
        for t in (
            "X.",
            "(x)",
            "[x]",
            "[ X ]",
            "☑",
            "☒",
            "v",
            "V",
            "1",
            1,
            1.0,
            True,
            "có",
            "Có",
            "ｘ",
            "✗",
            "yes",
        )
    ]
    + [(t, CLEAR) for t in ("0", 0, 0.0, False, "-", "–", "không", "Không chọn", "ko", "…")]
    + [(t, CHOOSE) for t in ("y x", "2", 2, "60%", "xxx", "đạt", "x 5", dt.time(3, 4), 0.5)],
)
def test_a_refused_mark_says_what_to_do(typed: Any, said: str) -> None:
    reading = read(typed, MARK)
    assert (reading.value, reading.sheet, reading.code) == (DAMAGED, DAMAGED, "PX407")
    assert said in finding("PX407", **reading.facts).message


@pytest.mark.parametrize("typed", ["xx", "0", 0, 1, 1.0, True, False, "có", "v", "-", "x x", "ок"])
def test_anything_else_is_no_mark(typed: Any) -> None:
    reading = read(typed, MARK)
    assert (reading.value, reading.sheet, reading.code) == (DAMAGED, DAMAGED, "PX407")
    assert MARK.text in finding("PX407", **reading.facts).message


def test_an_error_value_in_a_mark_is_an_error_value() -> None:
    assert read("#REF!", MARK).code == "PX405"


# For every number ---------------------------------------------------------------------------------


@properties
@given(st.integers(0, TOP))
def test_every_whole_number_is_read_exactly(number: int) -> None:
    assert read(number) == read(float(number)) == Reading(number, number)
    typed = (str(number), f" {number} ", f"{number}.0", parted(number, "."), parted(number, " "))
    for text in (*typed, parted(number, "\u00a0")):
        assert (read(text).value, read(text).code) == (number, "PX411"), text


INVISIBLE = st.text(st.characters(categories=["Zs", "Cf"], exclude_characters="\u202e"), max_size=4)
BEFORE = st.sampled_from(["", "'", "’", "+", "'+", "+ ", "00"])
BEHIND = st.one_of(st.just(""), st.sampled_from(sorted(UNITS)).map(lambda unit: f" {unit}"))
WIDE = str.maketrans(string.digits, "０１２３４５６７８９")


@properties
@given(st.integers(0, TOP), INVISIBLE, BEFORE, BEHIND, INVISIBLE, st.booleans())
def test_decoration_never_changes_the_number(
    number: int, left: str, before: str, behind: str, right: str, wide: bool
) -> None:
    digits = str(number).translate(WIDE) if wide else str(number)
    reading = read(left + before + digits + behind.upper() + right)
    assert (reading.value, reading.sheet, reading.code) == (number, DAMAGED, "PX411")


# Texts that come close to what is taken: pieces of it, put together at random.
NEARLY = st.lists(
    st.sampled_from(
        [*"0159.,-+'% \n/eOlx|", "\u00a0", "\u200b", " hồ sơ", " triệu", "không", "hơn ", "５", "²", "1.000"]
    ),
    max_size=9,
).map("".join)


@properties
@given(NEARLY)
def test_what_is_taken_has_exactly_the_digits_typed(text: str) -> None:
    """Independent of the patterns: no digit is lost, added or moved, and nothing else becomes one."""
    reading = read(text)
    if reading.code == "PX411":
        seen = bare(text).translate(str.maketrans("５", "5"))
        digits = "".join(c for c in seen if c in string.digits)
        fraction = next((part for mark in ".," for part in [seen.partition(mark)[2]] if set(part) == {"0"}), "")
        whole = digits[: -len(fraction)] if fraction and len(fraction) != 3 else digits
        assert reading.value == int(whole)
        assert not set("Olx|/%e²-\n") & set(seen.replace("hồ sơ", "").strip())


@properties
@given(st.one_of(NEARLY, st.text(max_size=60)), st.sampled_from([COUNT, POINTS, MARK]))
def test_no_text_breaks_a_message(text: str, wanted: Input) -> None:
    reading = read_input(Cell(text), wanted, 2026)
    if reading.code:
        message = finding(reading.code, **reading.facts).message
        assert message.isprintable()
        assert len(message) < 400
        assert len(reading.facts["value"]) <= 40


@properties
@given(st.integers(0, 100 * TOP))
def test_every_hundredth_is_read_exactly(hundredths: int) -> None:
    assert read(hundredths / 100, POINTS).value == hundredths
    text = f"{hundredths // 100},{hundredths % 100:02d}"
    assert read(text, POINTS).value == hundredths
    assert read(text.replace(",", "."), POINTS).value == hundredths


@properties
@given(st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.booleans(), st.datetimes()))
def test_a_cell_is_read_or_refused_never_more(value: Any) -> None:
    for wanted in (COUNT, POINTS, MARK):
        reading = read(value, wanted)
        refused = bool(reading.code) and REGISTER[reading.code].severity == "error"
        assert (reading.value == DAMAGED) == refused
        assert reading.value == DAMAGED or BLANK <= reading.value <= TOP * 10**wanted.decimals
        if reading.code:
            assert finding(reading.code, **reading.facts).message


# Labels and shown scores --------------------------------------------------------------------------


def test_a_label_is_one_short_line() -> None:
    assert short_label("a – Tổng số.\nGhi chú") == "a – Tổng số"
    assert len(short_label("số liệu " * 30)) <= 80
    assert short_label("số liệu " * 30).endswith("…")


@pytest.mark.parametrize(
    ("shown", "units"),
    [(1.43, 143), (0, 0), (1.005, 101), (20.25, 2025), ("1,43", None), (None, None), (True, None)],
)
def test_a_shown_score_in_units(shown: Any, units: int | None) -> None:
    assert read_score(Cell(shown), 2) == units


@pytest.mark.parametrize("shown", [-1, float("nan"), float("inf"), 1e300, "#REF!"])
def test_a_shown_score_that_is_none(shown: Any) -> None:
    assert read_score(Cell(shown), 2) is None
