"""Exact numbers: rounding, and points, counts and rates put into text."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parxl.exact import (
    count_text,
    half_up,
    points_literal,
    points_number,
    points_text,
    rate_text,
    short_text,
    to_units,
)

TOP = 10**9
# The thresholds of the two shipped sets, rule by rule, and a few of no set.
THRESHOLDS = [
    (95, 100), (100,), (85, 70, 100), (80, 60), (50,), (20,), (10, 30), (10, 20), (98, 100),
    ("99.5", "66.67"), ("0.01",), (1, 2, 3), (),
]  # fmt: skip

properties = settings(max_examples=500, deadline=None, database=None)
wholes = st.integers(0, TOP) | st.integers(0, 300)
thresholds_drawn = st.sampled_from([tuple(Decimal(t) for t in row) for row in THRESHOLDS])


# Rounding -----------------------------------------------------------------------------------------


@properties
@given(numerator=st.integers(0, 10**15) | wholes, denominator=st.integers(1, TOP))
def test_half_up_is_the_floor_of_the_fraction_and_a_half(numerator: int, denominator: int) -> None:
    wanted = floor(Fraction(numerator, denominator) + Fraction(1, 2))
    assert half_up(numerator, denominator) == wanted


@properties
@given(number=st.decimals(0, 10**6, places=4))
def test_half_up_is_the_half_up_of_decimals(number: Decimal) -> None:
    wanted = number.quantize(Decimal(1), rounding=ROUND_HALF_UP)
    assert half_up(int(number * 10**4), 10**4) == int(wanted)


@properties
@given(k=st.integers(0, 10**6), half=st.integers(1, 10**6))
def test_an_exact_half_goes_up_and_a_hair_less_goes_down(k: int, half: int) -> None:
    a = 2 * half
    assert half_up(k * a + half, a) == k + 1
    assert half_up(k * a + half - 1, a) == k


@properties
@given(pairs=st.lists(st.tuples(wholes, st.integers(1, TOP)), min_size=1, max_size=20))
def test_half_up_of_arrays_is_half_up_of_each(pairs: list[tuple[int, int]]) -> None:
    numerators, denominators = (np.array(side, dtype="int64") for side in zip(*pairs, strict=True))
    found = half_up(300 * numerators, denominators)
    assert found.dtype == np.int64
    assert found.tolist() == [half_up(300 * n, d) for n, d in pairs]


# Units --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("points", "decimals", "units"),
    [("0.25", 2, 25), ("1.50", 2, 150), ("20", 2, 2000), ("1E+1", 2, 1000), ("0.500", 1, 5),
     ("3", 0, 3), ("0", 2, 0)],
)  # fmt: skip
def test_points_become_whole_units(points: str, decimals: int, units: int) -> None:
    assert to_units(Decimal(points), decimals) == units


@pytest.mark.parametrize(("points", "decimals"), [("0.255", 2), ("0.5", 0), ("1.001", 2)])
def test_too_many_decimals_are_refused(points: str, decimals: int) -> None:
    with pytest.raises(ValueError, match=f"more than {decimals} decimals"):
        to_units(Decimal(points), decimals)


@properties
@given(units=st.integers(0, 10**6), decimals=st.integers(0, 4))
def test_units_survive_every_way_of_writing_them(units: int, decimals: int) -> None:
    literal = points_literal(units, decimals)
    text = points_text(units, decimals)
    assert to_units(Decimal(literal), decimals) == units
    assert to_units(Decimal(text.replace(",", ".")), decimals) == units
    assert points_number(units, decimals) == float(literal)


# Text ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("units", "decimals", "text"),
    [(143, 2, "1,43"), (0, 2, "0,00"), (5, 2, "0,05"), (150, 2, "1,50"), (2000, 2, "20,00"),
     (7, 0, "7"), (12345, 1, "1234,5")],
)  # fmt: skip
def test_points_are_printed_with_all_their_decimals(units: int, decimals: int, text: str) -> None:
    assert points_text(units, decimals) == text


@pytest.mark.parametrize(("units", "literal"), [(25, "0.25"), (150, "1.5"), (1000, "10"), (0, "0")])
def test_a_formula_writes_points_without_needless_zeros(units: int, literal: str) -> None:
    assert points_literal(units, 2) == literal


@pytest.mark.parametrize(("number", "text"), [("1.50", "1,5"), ("100", "100"), ("0.25", "0,25"), ("0", "0")])
def test_numbers_of_the_decision_are_printed_short(number: str, text: str) -> None:
    assert short_text(Decimal(number)) == text


@pytest.mark.parametrize(
    ("count", "decimals", "text"),
    [(0, 0, "0"), (999, 0, "999"), (1000, 0, "1.000"), (12345, 0, "12.345"),
     (TOP, 0, "1.000.000.000"), (8550, 2, "85,50"), (5, 2, "0,05"), (100_000, 2, "1.000,00"),
     (100 * TOP, 2, "1.000.000.000,00"), (0, 2, "0,00")],
)  # fmt: skip
def test_counts_are_printed_as_typed(count: int, decimals: int, text: str) -> None:
    assert count_text(count, decimals) == text


@properties
@given(count=wholes, decimals=st.integers(0, 4))
def test_a_printed_count_is_the_count(count: int, decimals: int) -> None:
    text = count_text(count, decimals).replace(".", "").replace(",", ".")
    assert Fraction(text) == Fraction(count, 10**decimals)


# Rates --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("b", "a", "thresholds", "text"),
    [
        (57, 60, ("95",), "95,00"),
        (18_999, 20_000, ("95",), "94,995"),
        (18_999, 20_000, (), "95,00"),
        (19_000, 20_000, ("95",), "95,00"),
        (19_001, 20_000, ("95",), "95,01"),
        (190_001, 200_000, ("95",), "95,001"),
        (99_999, 100_000, ("100", "95"), "99,999"),
        (1, 3, ("30",), "33,33"),
        (2, 3, ("60",), "66,67"),
        (0, 7, ("95",), "0,00"),
        (7, 7, ("100",), "100,00"),
        # Eight decimals still fall on 95: the last one is cut, or put up, to stay on its side.
        (949_999_999, TOP, ("95",), "94,9999999"),
        (9_499_999_999_999, 10**13, ("95",), "94,99999999"),
        (9_500_000_000_001, 10**13, ("95",), "95,00000001"),
    ],
)
def test_a_rate_in_text(b: int, a: int, thresholds: tuple[str, ...], text: str) -> None:
    assert rate_text(b, a, tuple(Decimal(t) for t in thresholds)) == text


def sides(rate: Fraction, thresholds: tuple[Decimal, ...]) -> list[int]:
    """Where a rate stands to every threshold, and to 0 and 100, which always count."""
    return [side(rate, t) for t in (*thresholds, Decimal(0), Decimal(100))]


def side(rate: Fraction, threshold: Decimal) -> int:
    return (rate > Fraction(threshold)) - (rate < Fraction(threshold))


@st.composite
def rates(draw: st.DrawFn) -> tuple[int, int, tuple[Decimal, ...]]:
    """(b, a, thresholds): b anywhere from 0 to a, often within two of a threshold."""
    thresholds = draw(thresholds_drawn)
    a = draw(st.integers(1, TOP) | st.integers(TOP - 1000, TOP) | st.integers(1, 100 * TOP))
    marks = [int(Fraction(t) * a // 100) for t in thresholds]
    near = [st.integers(min(max(m - 2, 0), a), min(m + 2, a)) for m in marks]
    return draw(st.one_of(st.integers(0, a), *near)), a, thresholds


@settings(properties, max_examples=3000)
@given(case=rates())
def test_a_rate_never_lies_about_its_side(case: tuple[int, int, tuple[Decimal, ...]]) -> None:
    b, a, thresholds = case
    text = rate_text(b, a, thresholds)
    shown, true = Fraction(text.replace(",", ".")), Fraction(100 * b, a)
    assert sides(shown, thresholds) == sides(true, thresholds)
    places = len(text.partition(",")[2])
    assert 2 <= places <= 8
    assert abs(shown - true) < Fraction(1, 10**places)


@settings(properties, max_examples=1000)
@given(case=rates())
def test_a_rate_has_no_more_decimals_than_it_needs(
    case: tuple[int, int, tuple[Decimal, ...]],
) -> None:
    b, a, thresholds = case
    true = Fraction(100 * b, a)
    places = len(rate_text(b, a, thresholds).partition(",")[2])
    for fewer in range(2, places):
        shown = Fraction(floor(true * 10**fewer + Fraction(1, 2)), 10**fewer)
        assert sides(shown, thresholds) != sides(true, thresholds)
