"""Totals, index, ranks and bands against naive calculations in fractions."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import floor
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from campaigns import HA_TINH, TTHC, full_answers, issued_campaign, return_form, set_items, set_rows
from hypothesis import given, settings
from hypothesis import strategies as st

from parxl.actions import score_campaign
from parxl.campaign import Adjustment, Band, Exemption, Settings, Unit
from parxl.criteria import load_set
from parxl.exact import points_text
from parxl.league import adjustment_of, band_of, index_of, ranks, standings
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

SURVEY = {("a", "5"): 2000, ("b", "5"): 1000, ("c", "5"): 1000, ("d", "5"): 500}
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


def test_what_agencies_answer_for_and_what_the_department_enters() -> None:
    """b waits for its survey points, to c they do not apply."""
    criteria = load_set(HA_TINH)
    chosen = Settings(
        "Đợt", 2026, survey={("a", "5"): 2000}, exemptions=(Exemption("c", "5", "Lý do", "CV 1"),)
    )
    scores = score(criteria, blank_inputs(criteria, list("abc")), chosen)
    earned = pd.DataFrame({"1.1": [75, 50, 0], "3.3": [100, pd.NA, 150]}, index=list("abc"), dtype="Int64")
    table = standings(criteria, chosen, replace(scores, leaves=scores.leaves.assign(**earned)))
    assert table["appraised"].to_list() == [175, 50, 150]
    assert table["entered"].to_list() == [2000, pd.NA, pd.NA]
    assert table["scored"].to_list() == [2175, 50, 150]
    assert {str(table[name].dtype) for name in ("appraised", "entered")} == {"Int64"}


def test_a_set_without_points_of_the_department() -> None:
    criteria = load_set(TTHC)
    table = standings(criteria, Settings("Đợt", 2026), score(criteria, blank_inputs(criteria, ["a"])))
    assert table["entered"].isna().all()
    assert table["appraised"].to_list() == table["scored"].to_list()


# Points added and taken away ----------------------------------------------------------------------


def adjusted(points: list[int], **caps: int | None) -> Settings:
    given_points = tuple(Adjustment("u", one, "Lý do", "CV 1") for one in points)
    return Settings("Đợt", 2026, adjustments=(*given_points, Adjustment("v", 7, "Khác", "CV 2")), **caps)


@properties
@given(
    st.lists(st.integers(-500, 500).filter(bool), max_size=6),
    st.none() | st.integers(0, 900),
    st.none() | st.integers(0, 900),
)
def test_additions_and_deductions_each_have_their_cap(
    points: list[int], bonus: int | None, penalty: int | None
) -> None:
    added, taken = 0, 0
    for one in points:
        if one > 0:
            added = added + one if bonus is None else min(bonus, added + one)
        else:
            taken = taken - one if penalty is None else min(penalty, taken - one)
    assert adjustment_of(adjusted(points, bonus_cap=bonus, penalty_cap=penalty), "u") == added - taken


def test_without_adjustments_nothing_is_added() -> None:
    assert adjustment_of(adjusted([]), "u") == 0


def adjusted_table(points: dict[str, int]) -> pd.DataFrame:
    """Units whose survey points are 0, 10 and 20 of 20, all else blank, with these adjustments."""
    criteria = load_set(HA_TINH)
    survey = {("a", "5"): 0, ("b", "5"): 1000, ("c", "5"): 2000}
    made = tuple(Adjustment(unit, one, "Lý do", "CV 1") for unit, one in points.items())
    units = tuple(Unit(code, code) for code in "abcd")
    chosen = Settings("Đợt", 2026, units=units, survey=survey, adjustments=made)
    return standings(criteria, chosen, score(criteria, blank_inputs(criteria, list("abcd")), chosen))


def test_adjustments_come_last_and_never_below_nothing() -> None:
    table = adjusted_table({"a": -100, "b": 50, "c": -25, "d": 300})
    assert table["scored"].to_list() == [0, 1000, 2000, 0]
    assert table["adjustment"].to_list() == [-100, 50, -25, 300]
    assert table["total"].to_list() == table["total_low"].to_list() == [0, 1050, 1975, 300]
    assert table["total_high"].to_list() == [0, 1050, 1975, 2300]
    assert table["maximum"].to_list() == [6000] * 4
    assert table["index"].to_list() == [half_up_percent(total, 6000, 100) for total in (0, 1050, 1975, 300)]
    assert table["rank"].to_list() == [4, 2, 1, 3]


def test_a_deduction_from_what_is_still_open_is_not_lost() -> None:
    """d has no survey points yet: with all 20 it would have 20 - 3."""
    table = adjusted_table({"d": -300})
    assert (table["total_low"]["d"], table["total_high"]["d"]) == (0, 1700)


def test_without_adjustments_the_total_is_what_was_scored() -> None:
    table = adjusted_table({})
    assert (table["adjustment"] == 0).all()
    assert table["total"].to_list() == table["scored"].to_list()
    assert {str(table[name].dtype) for name in ("scored", "adjustment", "total", "total_high")} <= {
        "int64",
        "Int64",
    }


def test_nobody_to_rank() -> None:
    criteria = load_set(HA_TINH)
    chosen = Settings("Đợt", 2026)
    assert standings(criteria, chosen, score(criteria, blank_inputs(criteria, []), chosen)).empty


@pytest.fixture(scope="module")
def adjusted_campaign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two units with full marks, 20,25 points; one of them 3 up (cap 2) and 0,25 down."""
    root = issued_campaign(tmp_path_factory.mktemp("adjusted") / "dot", TTHC)
    for unit in ("ca", "kbnn"):
        return_form(root, unit, full_answers(load_set(TTHC)))
    given_points = [["kbnn", 2, "+Sáng kiến", "QĐ 1"], ["kbnn", 1, "Giải thưởng", "QĐ 2"]]
    set_rows(root, "Điểm cộng, điểm trừ", [*given_points, ["kbnn", -0.25, "Nộp muộn", "CV 3"]])
    set_items(root, {"Trần điểm cộng": 2})
    score_campaign(root)
    return root


def cells(path: Path, sheet: str) -> list[list[object]]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(path)[sheet].iter_rows()]


def test_adjustments_stand_apart_in_the_unit_s_workbook(adjusted_campaign: Path) -> None:
    path = adjusted_campaign / "4-ket-qua" / "don-vi" / "kbnn.xlsx"
    facts = [[value for value in row if value is not None][:2] for row in cells(path, "Tóm tắt")]
    apart = [["Trong đó: điểm chấm", 20.25], ["Trong đó: điểm cộng, điểm trừ", 1.75]]
    start = facts.index(["Tổng điểm", 22])
    assert facts[start + 1 : start + 4] == [*apart, ["Điểm tối đa của đơn vị", 20.25]]
    told = [str(value) for row in cells(path, "Bảng điểm") for value in row if value is not None]
    why = (
        "Điểm cộng 2,00: +Sáng kiến (QĐ 1)\nĐiểm cộng 1,00: Giải thưởng (QĐ 2)\nĐiểm trừ 0,25: Nộp muộn (CV 3)"
    )
    assert f"{why}\nTheo quy định: điểm cộng tối đa 2,00" in told
    other = adjusted_campaign / "4-ket-qua" / "don-vi" / "ca.xlsx"
    assert not any("Điểm cộng" in str(value) for row in cells(other, "Bảng điểm") for value in row)
    facts = [[value for value in row if value is not None][:2] for row in cells(other, "Tóm tắt")]
    assert facts[facts.index(["Tổng điểm", 20.25]) + 1] == ["Điểm tối đa của đơn vị", 20.25]


def test_adjustments_have_a_column_in_the_league(adjusted_campaign: Path) -> None:
    book = adjusted_campaign / "4-ket-qua" / "bang-xep-hang.xlsx"
    rows = [row for name in ("Xếp hạng 1", "Xếp hạng 2") for row in cells(book, name)]
    heads = next(row for row in rows if row[0] == "Hạng")
    at = heads.index("Điểm cộng, trừ")
    assert heads[at + 1 : at + 4] == ["Tổng điểm", "Điểm tối đa", "Chỉ số (%)"]
    found = {row[1]: row[at : at + 4] for row in rows if row[1] in ("kbnn", "ca")}
    assert found == {"kbnn": [1.75, 22, 20.25, 108.64], "ca": [0, 20.25, 20.25, 100]}
