"""This year beside last year: points and places apart, and only what was measured alike."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pytest
from campaigns import HA_TINH, TTHC
from hypothesis import given, settings
from hypothesis import strategies as st
from provinces import province

from parxl.campaign import Settings, Unit
from parxl.comparison import FIGURES, WORDS, Change, Comparison, changes_table, compare, largest
from parxl.criteria import load_set
from parxl.previous import Before, Criterion, Previous
from parxl.results import Results

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


# As a table, and what changed most ----------------------------------------------------------------


def table_of(results: Results) -> pd.DataFrame:
    assert results.comparison
    return changes_table(results.criteria, results.settings, results.standings, results.comparison)


@pytest.fixture(scope="module", params=[(HA_TINH, 16, 2), (TTHC, 63, 3), (TTHC, 3, 1)], ids=str)
def year(request: pytest.FixtureRequest) -> Results:
    """A province with criteria that changed: another title, another maximum, a new one."""
    set_id, units, groups = request.param
    return changed_province(set_id, units, groups)


def changed_province(set_id: str, units: int, groups: int) -> Results:
    results = province(set_id, units, 7, groups=groups, last_year=True, appraised=True, adjusted=True)
    last = previous_of(results)
    first, second, third, *_ = last.criteria
    known = {**last.criteria, first: replace(last.criteria[first], title="Tên cũ")}
    known[second] = replace(known[second], maximum=1)
    del known[third]
    compared = compare(
        results.criteria,
        results.settings,
        results.standings,
        results.finals.leaves,
        results.scores.maxima,
        replace(last, criteria=known),
    )
    return replace(results, comparison=compared)


def previous_of(results: Results) -> Previous:
    """Last year's result as the province made it, out of what each unit was compared with."""
    assert results.comparison
    criteria = results.criteria
    units = [one.before for one in results.comparison.units.values() if one.before]
    known = {node.code: Criterion(node.title, criteria.units(node.max)) for node in criteria.leaves}
    return Previous(criteria.id, criteria.edition, {one.code.lower(): one for one in units}, known)


def plain(value: object) -> int | None:
    return None if pd.isna(value) else int(value)  # type: ignore[call-overload]


def alike(results: Results, unit: str) -> dict[str, int]:
    """Leaf -> change, told anew: out of the two years' scores, whatever the comparison says of its leaves."""
    assert results.comparison
    last, found = results.comparison.units[unit].before, {}
    maxima = results.scores.maxima.loc[unit]
    for leaf in [node.code for node in results.criteria.leaves][3:] if last else []:
        now = plain(results.finals.leaves.loc[unit, leaf])
        if now is not None and last.maxima[leaf] == maxima[leaf]:
            found[leaf] = now - last.final[leaf]
    return found


def test_the_table_tells_every_unit_with_a_standing(year: Results) -> None:
    found, now = table_of(year), year.standings
    assert sorted(found.index) == sorted(now.index)
    assert year.comparison
    for unit, row in found.iterrows():
        change = year.comparison.units[str(unit)]
        assert row["words"] == change.words
        assert [plain(row[name]) for name in ("index", "rank")] == [
            plain(now.loc[unit, name]) for name in ("index", "rank")
        ]
        assert (plain(row["points"]), plain(row["places"])) == (change.points, change.places)


def test_a_change_is_the_difference_of_what_stands_beside_it(year: Results) -> None:
    seen = 0
    for _, row in table_of(year).iterrows():
        told = row[["index_before", "points", "rank_before", "places"]].notna()
        if row["words"]:
            assert not told.any()
        else:
            assert row["points"] == row["index"] - row["index_before"]
            assert row["places"] == row["rank_before"] - row["rank"]
            seen += 1
    assert seen > 1


def test_the_largest_fall_of_each_group_stands_first(year: Results) -> None:
    found = table_of(year)
    units = [unit.code for unit in year.settings.units]
    groups = [unit.group for unit in year.settings.units]
    keys = []
    for unit, row in found.iterrows():
        group = groups[units.index(str(unit))]
        fall = (0, int(row["points"])) if not row["words"] else (1, 0)
        keys.append((groups.index(group), *fall, units.index(str(unit))))
    assert keys == sorted(keys)


def test_the_areas_add_up_what_is_alike(year: Results) -> None:
    found = table_of(year)
    areas = [area.code for area in year.criteria.areas]
    for unit, row in found.iterrows():
        own = alike(year, str(unit))
        assert row["compared"] == len(own)
        for area in areas:
            below = [points for leaf, points in own.items() if leaf.split(".")[0] == area]
            assert plain(row[area]) == (sum(below) if below else None)
    assert (found["compared"] > 0).sum() > 1


def test_the_figures_are_whole(year: Results) -> None:
    types = table_of(year).dtypes.astype(str)
    areas = [area.code for area in year.criteria.areas]
    assert list(types.index) == [*FIGURES, *areas, "compared", "words"]
    assert set(types[[*FIGURES, *areas]]) == {"Int64"}
    assert types["compared"] == "int64"


def test_units_without_comparable_criteria_have_no_area(year: Results) -> None:
    results = replace(year, comparison=without_leaves(year))
    found, areas = table_of(results), [area.code for area in year.criteria.areas]
    assert found[areas].isna().all(axis=None)
    assert (found["compared"] == 0).all()
    assert found["points"].equals(table_of(year)["points"])


def without_leaves(results: Results) -> Comparison:
    assert results.comparison
    units = {code: replace(one, leaves={}) for code, one in results.comparison.units.items()}
    return Comparison(units, ())


def test_nothing_has_come_back_yet() -> None:
    results = province(TTHC, 3, last_year=True)
    found = changes_table(results.criteria, results.settings, results.standings.iloc[:0], Comparison({}, ()))
    assert found.empty
    assert list(found)[:6] == list(FIGURES)


@properties
@given(st.lists(st.integers(-4, 4), max_size=12), st.integers(1, 4))
def test_the_largest_changes(points: list[int], limit: int) -> None:
    falls, rises = largest(Change("compared", leaves=dict(zip(LEAVES, points, strict=False))), limit)
    for found, sign in ((falls, -1), (rises, 1)):
        own = [(LEAVES[at], one) for at, one in enumerate(points) if one * sign > 0]
        wanted = [pair for size in range(4, 0, -1) for pair in own if pair[1] == size * sign]
        assert found == wanted[:limit]


def test_three_are_told_unless_asked_otherwise() -> None:
    change = Change("compared", leaves={"1.1": -20, "1.2": 0, "1.3": -45, "3.3": -20, "3.4": -20, "4.1": 1})
    assert largest(change) == ([("1.3", -45), ("1.1", -20), ("3.3", -20)], [("4.1", 1)])
