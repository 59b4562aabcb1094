"""Totals, index, ranks and bands against naive calculations in fractions."""

from __future__ import annotations

from fractions import Fraction
from math import floor

import pandas as pd
import pytest
from campaigns import HA_TINH
from hypothesis import given, settings
from hypothesis import strategies as st

from parxl.campaign import Band, Settings, Unit
from parxl.criteria import load_set
from parxl.exact import points_text
from parxl.league import band_of, index_of, ranks, standings
from parxl.scoring import blank_inputs, score

properties = settings(max_examples=200, deadline=None, database=None)
maxima = st.integers(1, 10_000)


def series(values: list[int]) -> pd.Series:
    return pd.Series(values, dtype="int64")


def half_up_percent(total: int, maximum: int, scale: int) -> int:
    return floor(Fraction(100 * total * scale, maximum) + Fraction(1, 2))


# The index ----------------------------------------------------------------------------------------


@properties
@given(st.lists(st.tuples(st.integers(0, 10_000), maxima), min_size=1), st.sampled_from([1, 10, 100, 1000]))
def test_the_index_is_half_up(pairs: list[tuple[int, int]], scale: int) -> None:
    totals, wholes = (series(list(column)) for column in zip(*pairs, strict=True))
    found = index_of(totals, wholes, scale).to_list()
    assert found == [half_up_percent(total, maximum, scale) for total, maximum in pairs]


@pytest.mark.parametrize(
    ("total", "maximum", "index"),
    [
        (1, 800, 13),  # 0,125% goes up
        (3, 800, 38),
        (0, 2025, 0),
        (2025, 2025, 10_000),
        (1725, 1725, 10_000),
        (4263, 4800, 8881),
        (4351, 5000, 8702),
        (1, 3, 3333),
        (2, 3, 6667),
    ],
)
def test_the_index_at_its_edges(total: int, maximum: int, index: int) -> None:
    assert index_of(series([total]), series([maximum]), 100).to_list() == [index]


def test_where_nothing_applies_there_is_no_index() -> None:
    found = index_of(series([0, 5]), series([0, 10]), 100)
    assert found.isna().to_list() == [True, False]
    placed = ranks(found, pd.Series(["", ""]), "1-1-3")
    assert placed.isna().to_list() == [True, False]
    assert placed[1] == 1


# Ranks --------------------------------------------------------------------------------------------


def naive_rank(index: list[int], group: list[str], ties: str) -> list[int]:
    places = []
    for own, where in zip(index, group, strict=True):
        better = [i for i, g in zip(index, group, strict=True) if g == where and i > own]
        places.append(1 + (len(better) if ties == "1-1-3" else len(set(better))))
    return places


@properties
@given(
    st.lists(st.tuples(st.integers(0, 8), st.sampled_from(["", "a", "b"])), min_size=1, max_size=30),
    st.sampled_from(["1-1-3", "1-1-2"]),
)
def test_ranks_in_each_group_apart(units: list[tuple[int, str]], ties: str) -> None:
    index, group = (list(column) for column in zip(*units, strict=True))
    found = ranks(pd.Series(index, dtype="Int64"), pd.Series(group), ties)
    assert found.to_list() == naive_rank(index, group, ties)


@pytest.mark.parametrize(("ties", "places"), [("1-1-3", [1, 1, 3, 4, 4, 6]), ("1-1-2", [1, 1, 2, 3, 3, 4])])
def test_equal_index_equal_rank(ties: str, places: list[int]) -> None:
    index = pd.Series([90, 90, 80, 70, 70, 10], dtype="Int64")
    assert ranks(index, pd.Series([""] * 6), ties).to_list() == places


def test_the_printed_index_ranks_not_the_points() -> None:
    """42,63 of 48 is more than 43,51 of 50."""
    index = index_of(series([4351, 4263]), series([5000, 4800]), 100)
    assert [points_text(int(i), 2) for i in index] == ["87,02", "88,81"]
    assert ranks(index, pd.Series(["", ""]), "1-1-3").to_list() == [2, 1]


def test_two_rates_that_print_alike_are_equal() -> None:
    index = index_of(series([20_000, 20_001]), series([30_000_0, 30_001_0]), 100)
    assert index.nunique() == 1
    assert ranks(index, pd.Series(["", ""]), "1-1-3").to_list() == [1, 1]


BINH_DUONG_2017 = [
    (5175, 3283),
    (4875, 3325),
    (4745, 3282),
    (4680, 3224),
    (4650, 3156),
    (4575, 3208),
    (4400, 3222),
    (4600, 3003),
    (4045, 3101),
]


def test_the_table_of_binh_duong_2017() -> None:
    totals = series([own + survey for own, survey in BINH_DUONG_2017])
    index = index_of(totals, series([10_000] * 9), 100)
    assert index.to_list() == totals.to_list()
    assert ranks(index, pd.Series([""] * 9), "1-1-3").to_list() == list(range(1, 10))
    mean = floor(Fraction(int(totals.sum()), 9) + Fraction(1, 2))
    assert points_text(mean, 2) == "78,39"


# Bands --------------------------------------------------------------------------------------------

BANDS = (
    Band("*", "Khá", 8000),
    Band("*", "Tốt", 9000),
    Band("Lực lượng", "Đạt", 5000),
)


@pytest.mark.parametrize(
    ("group", "index", "name"),
    [
        ("", 10_000, "Tốt"),
        ("", 9000, "Tốt"),
        ("", 8999, "Khá"),
        ("", 8000, "Khá"),
        ("", 7999, ""),
        ("", 0, ""),
        ("", None, ""),
        ("Lực lượng", 10_000, "Đạt"),
        ("Lực lượng", 5000, "Đạt"),
        ("Lực lượng", 4999, ""),
    ],
)
def test_bands_include_their_lower_bound_and_a_group_has_its_own(
    group: str, index: int | None, name: str
) -> None:
    chosen = Settings("Đợt", 2026, bands=BANDS)
    assert band_of(chosen, group, index) == name
    assert band_of(Settings("Đợt", 2026, bands=BANDS[::-1]), group, index) == name


def test_without_bands_there_is_none() -> None:
    assert band_of(Settings("Đợt", 2026), "", 10_000) == ""


# A whole table ------------------------------------------------------------------------------------

SURVEY = {"a": 2000, "b": 1000, "c": 1000, "d": 500}
GROUPS = {"a": "X", "b": "X", "c": "X", "d": "Y", "e": "Y"}


def test_standings_put_it_all_together() -> None:
    criteria = load_set(HA_TINH)
    units = tuple(Unit(code, code.upper(), group) for code, group in GROUPS.items())
    chosen = Settings("Đợt", 2026, units=units, survey=SURVEY, bands=(Band("*", "Có", 1667),))
    table = standings(criteria, chosen, score(criteria, blank_inputs(criteria, list(GROUPS)), chosen))
    assert table["total"].to_list() == [2000, 1000, 1000, 500, 0]
    assert table["maximum"].to_list() == [6000] * 5
    assert table["index"].to_list() == [3333, 1667, 1667, 833, 0]
    assert table["rank"].to_list() == [1, 2, 2, 1, 2]
    assert table["tied"].to_list() == [False, True, True, False, False]
    assert table["band"].to_list() == ["Có", "Có", "Có", "", ""]
    assert table["open"].to_list() == [False, False, False, False, True]
    assert (table["total_high"] - table["total_low"]).to_list() == [0, 0, 0, 0, 2000]
    assert table["total_low"].to_list() == table["total"].to_list()
