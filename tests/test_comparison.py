"""This year beside last year: points and places apart, and only what was measured alike."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pytest
from campaigns import HA_TINH
from hypothesis import given, settings
from hypothesis import strategies as st

from parxl.campaign import Settings, Unit
from parxl.comparison import WORDS, Change, Comparison, compare
from parxl.criteria import load_set
from parxl.previous import Before, Criterion, Previous

CRITERIA = load_set(HA_TINH)
LEAVES = [node.code for node in CRITERIA.leaves]
FULL = {node.code: CRITERIA.units(node.max) for node in CRITERIA.leaves}
KNOWN = {node.code: Criterion(node.title, FULL[node.code]) for node in CRITERIA.leaves}
properties = settings(max_examples=200, deadline=None, database=None)


def before(code: str = "a", name: str = "Đơn vị A", **more: object) -> Before:
    values = {"group": "Khối", "total": 5000, "maximum": 6000, "index": 8333, "rank": 3, **more}
    return Before(code, name, final=dict(FULL), maxima=dict(FULL), **values)  # type: ignore[arg-type]


def previous(*units: Before, criteria: Mapping[str, Criterion] = KNOWN, **more: str) -> Previous:
    named = {"set": CRITERIA.id, "edition": CRITERIA.edition, **more}
    return Previous(units={unit.code.lower(): unit for unit in units}, criteria=criteria, **named)


def unit(code: str = "a", name: str = "Đơn vị A", **more: str) -> Unit:
    return Unit(code, name, **{"group": "Khối", **more})


def compared(
    last: Previous,
    *units: Unit,
    index: int | None = 9000,
    rank: int | None = 1,
    finals: Mapping[str, int | None] | None = None,
    maxima: Mapping[str, int] | None = None,
) -> Comparison:
    """All these units have the same result this year: full marks, but for what is given."""
    codes = [one.code for one in units]
    standings = pd.DataFrame({"index": [index], "rank": [rank]}, dtype="Int64").loc[[0] * len(codes)]
    frames = [
        pd.DataFrame([{**FULL, **(given or {})}] * len(codes), index=codes, dtype=kind)
        for given, kind in ((finals, "Int64"), (maxima, "int64"))
    ]
    year = Settings("Năm nay", 2027, units=units)
    return compare(CRITERIA, year, standings.set_axis(codes), *frames, last)


def change(last: Previous, one: Unit | None = None, **more: object) -> Change:
    one = one or unit()
    return compared(last, one, **more).units[one.code]  # type: ignore[arg-type]


# Points and places --------------------------------------------------------------------------------


def test_points_and_places_are_told_apart() -> None:
    found = change(previous(before()))
    assert (found.status, found.points, found.places, found.words) == ("compared", 667, 2, "")
    assert found.before == before()


@properties
@given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(1, 99), st.integers(1, 99))
def test_changes_are_exact(then: int, now: int, place: int, better: int) -> None:
    found = change(previous(before(index=then, rank=place)), index=now, rank=better)
    assert found.points is not None
    assert Decimal(then) / 100 + Decimal(found.points) / 100 == Decimal(now) / 100
    assert found.places == place - better
    assert all(type(number) is int for number in (found.points, found.places))


@pytest.mark.parametrize(
    ("then", "now"),
    [("Khối", "Khối khác"), ("", "Khối"), (None, "Khối")],
)
def test_places_in_another_group_are_not_compared(then: str | None, now: str) -> None:
    found = change(previous(before(group=then)), unit(group=now))
    assert (found.status, found.points, found.places) == ("compared", 667, None)


def test_a_group_is_the_same_however_it_is_spaced() -> None:
    group = unicodedata.normalize("NFD", " Khối  một ")
    assert change(previous(before(group="Khối một")), unit(group=group)).places == 2


def test_without_a_place_there_is_no_change_of_places() -> None:
    assert change(previous(before(rank=None))).places is None
    assert change(previous(before()), rank=None).places is None


# Which unit it was --------------------------------------------------------------------------------


def test_a_unit_without_a_result_last_year_is_new() -> None:
    found = change(previous(before()), unit("b", "Đơn vị B"))
    assert (found.status, found.points, found.places, found.leaves) == ("new", None, None, {})
    assert found.words == WORDS["new"] == "không có kết quả năm trước"


def test_codes_are_the_same_whatever_their_case() -> None:
    assert change(previous(before("A"))).status == "compared"


def test_names_are_the_same_whatever_their_spaces_and_capitals() -> None:
    name = unicodedata.normalize("NFD", " ĐƠN VỊ  a")
    assert change(previous(before()), unit(name=name)).status == "compared"


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (unit("b", "Đơn vị A"), "cùng tên mang mã “a”"),
        (unit("a", "Tên mới"), "của “Đơn vị A”"),
        (unit("b", last_year_code="x"), "không có mã “x”"),
    ],
)
def test_a_renamed_unit_is_not_compared(one: Unit, said: str) -> None:
    found = change(previous(before()), one)
    assert (found.status, found.points, found.before) == ("not-comparable", None, None)
    assert found.words.startswith("không so sánh được (")
    assert said in found.words


@pytest.mark.parametrize("code", ["a", "A"])
@pytest.mark.parametrize("own", ["a", "b"])
def test_ma_nam_truoc_names_it(code: str, own: str) -> None:
    found = change(previous(before()), unit(own, "Tên mới", last_year_code=code))
    assert (found.status, found.points) == ("compared", 667)


def test_two_units_that_were_one_are_not_compared() -> None:
    halves = (unit(), unit("b", "Đơn vị B", last_year_code="a"))
    found = compared(previous(before()), *halves).units
    assert [one.status for one in found.values()] == ["not-comparable"] * 2
    assert "cùng ứng với mã năm trước “a”" in found["b"].words


def test_a_code_that_was_given_away_is_named_by_both() -> None:
    """Two units changed their codes with each other, and both say so."""
    last = previous(before(), before("b", "Đơn vị B", index=7000))
    units = (unit("a", "Đơn vị B", last_year_code="b"), unit("b", "Đơn vị A", last_year_code="a"))
    found = compared(last, *units).units
    assert [one.points for one in found.values()] == [2000, 667]


def test_a_unit_that_had_or_has_no_result_is_not_compared() -> None:
    assert change(previous(before(index=None))).status == "not-comparable"
    assert "năm trước" in change(previous(before(index=None))).words
    assert "năm nay" in change(previous(before()), index=None, rank=None).words


def test_a_unit_without_a_standing_is_left_out() -> None:
    one, standings = unit(), pd.DataFrame({"index": [], "rank": []}, dtype="Int64")
    empty = pd.DataFrame(columns=LEAVES, dtype="Int64")
    year = Settings("Năm nay", 2027, units=(one,))
    assert compare(CRITERIA, year, standings, empty, empty, previous(before())).units == {}


def test_another_set_is_not_compared() -> None:
    found = compared(Previous("bo-khac", "", {}), unit())
    assert found.units["a"].words == "không so sánh được (kết quả năm trước của bộ tiêu chí khác)"


# Criteria -----------------------------------------------------------------------------------------


def test_every_criterion_that_is_the_same_is_compared() -> None:
    found = compared(previous(before()), unit(), finals={"1.1": 25, "3.3": None})
    assert found.leaves == tuple(LEAVES)
    own = found.units["a"].leaves
    assert own["1.1"] == 25 - FULL["1.1"]
    assert set(LEAVES) - set(own) == {"3.3"}
    assert {code for code, points in own.items() if points} == {"1.1"}


@pytest.mark.parametrize(
    ("changed", "is_same"),
    [
        (Criterion("Kế hoạch khác", FULL["1.1"]), False),
        (Criterion(CRITERIA.by_code["1.1"].title, FULL["1.1"] + 1), False),
        (Criterion(CRITERIA.by_code["1.1"].title, None), False),
        (Criterion(CRITERIA.by_code["1.1"].title.upper(), FULL["1.1"]), False),
        (Criterion(f" {CRITERIA.by_code['1.1'].title}\n ", FULL["1.1"]), True),
        (Criterion(unicodedata.normalize("NFD", CRITERIA.by_code["1.1"].title), FULL["1.1"]), True),
    ],
)
def test_a_criterion_that_changed_is_not_compared(changed: Criterion, is_same: bool) -> None:
    found = compared(previous(before(), criteria={**KNOWN, "1.1": changed}, edition="khac"), unit())
    assert ("1.1" in found.leaves) is is_same
    assert ("1.1" in found.units["a"].leaves) is is_same
    # The index is compared all the same.
    assert found.units["a"].points == 667


def test_a_criterion_that_is_new_is_not_compared() -> None:
    known = {code: one for code, one in KNOWN.items() if code != "1.1"}
    assert "1.1" not in compared(previous(before(), criteria=known), unit()).leaves


def test_a_criterion_out_of_another_own_maximum_is_not_compared() -> None:
    found = change(previous(before()), maxima={"1.1": FULL["1.1"] - 1}, finals={"1.1": 10})
    assert "1.1" not in found.leaves


def test_a_criterion_without_a_score_last_year_is_not_compared() -> None:
    last = before()
    final = {code: units for code, units in FULL.items() if code != "1.1"}
    assert "1.1" not in change(previous(replace(last, final=final))).leaves


def test_without_titles_only_the_same_edition_is_compared() -> None:
    assert compared(previous(before(), criteria={}), unit()).leaves == tuple(LEAVES)
    other = compared(previous(before(), criteria={}, edition="khac"), unit())
    assert (other.leaves, other.units["a"].leaves, other.units["a"].points) == ((), {}, 667)


def test_a_league_workbook_knows_no_criteria() -> None:
    last = replace(before(), final={}, maxima={})
    found = change(previous(last, criteria={}))
    assert (found.status, found.points, found.places, found.leaves) == ("compared", 667, 2, {})
