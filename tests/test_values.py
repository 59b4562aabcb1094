"""What one cell of a form may hold, and what is refused under which code (DESIGN §7)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parxl.findings import REGISTER, finding
from parxl.grid import Cell
from parxl.reading.values import Reading, read_input, read_score, short_label
from parxl.rules import BLANK, DAMAGED, Input

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
        ("95%", "PX401"),
        ("abc", "PX401"),
        ("57 hồ sơ", "PX401"),
        ("57/60", "PX401"),
        ("1e3", "PX401"),
        ("+5", "PX401"),
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
        ("87,55%", DAMAGED, "PX401"),
    ],
)
def test_two_decimals_where_the_input_allows_them(typed: Any, value: int, code: str) -> None:
    reading = read(typed, POINTS)
    assert (reading.value, reading.code) == (value, code)


# Marks --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["x", "X", "×", "✓", "✔", "х", "Х", " x ", "x\u00a0", "X\n"])
def test_every_usual_mark_is_taken(typed: str) -> None:
    reading = read(typed, MARK)
    assert (reading.value, reading.code) == (1, "")


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
        refused = bool(reading.code) and reading.code != "PX411"
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
