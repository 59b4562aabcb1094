"""The league's analyses on small frames whose figures are written out."""

from __future__ import annotations

import pandas as pd
import pytest
from campaigns import HA_TINH
from leagues import plain

from parxl.campaign import Settings
from parxl.criteria import load_set
from parxl.league.areas import area_table
from parxl.league.differences import differences
from parxl.league.division import divided
from parxl.league.shortfall import EVERYONE, criteria_table, gap_table
from parxl.scoring import Scores

Cells = dict[str, list[int | None]]  # leaf -> a value a unit


def codes(count: int) -> list[str]:
    return list("abcdefgh"[:count])


def frame(set_id: str, cells: Cells, dtype: str = "Int64", rest: object = None) -> pd.DataFrame:
    """Units a, b, c …; the leaves that are not given are ``rest`` (null)."""
    count = len(next(iter(cells.values())))
    leaves = [node.code for node in load_set(set_id).leaves]
    return pd.DataFrame({n: cells.get(n, [rest] * count) for n in leaves}, index=codes(count), dtype=dtype)


def scores(set_id: str, points: Cells, maxima: Cells) -> Scores:
    leaves, whole = frame(set_id, points), frame(set_id, maxima, "int64", 0)
    empty = pd.DataFrame(index=leaves.index)
    return Scores(empty, empty, leaves, whole, whole.where(leaves.isna(), 0), empty)


def groups(names: str) -> pd.Series:
    return pd.Series(list(names), index=codes(len(names)), dtype=str)


def nullable(values: list[int | None]) -> pd.Series:
    return pd.Series(values, dtype="Int64")


def test_division_is_half_up_and_null_by_nothing() -> None:
    found = divided(pd.Series([1, 3, 5, 0, 7]), pd.Series([2, 2, 4, 3, 0]))
    assert found.equals(nullable([1, 2, 1, 0, None]))


# Areas and criteria -------------------------------------------------------------------------------

# Two criteria of area 4, and the survey: three units of X, one of Y.
POINTS: Cells = {"4.1.1": [100, 0, None, 50], "4.2.1": [25, 50, None, None], "5": [1999, 1000, None, None]}
MAXIMA: Cells = {"4.1.1": [100, 100, 100, 100], "4.2.1": [200, 100, 0, 0], "5": [2000, 2000, 0, 2000]}


def test_areas_written_out() -> None:
    found = area_table(
        load_set(HA_TINH), Settings("Đợt", 2026), scores(HA_TINH, POINTS, MAXIMA), groups("XXXY")
    )
    assert plain(found.points[["4", "5"]]) == {
        "a": {"4": 125, "5": 1999},
        "b": {"4": 50, "5": 1000},
        "c": {"4": None, "5": None},
        "d": {"4": 50, "5": None},
    }
    assert found.maxima["4"].to_list() == [300, 200, 100, 100]
    assert found.percent["4"].to_list() == [4167, 2500, 0, 5000]  # what awaits counts 0
    assert found.percent["5"].equals(pd.Series([9995, 5000, None, 0], found.percent.index, "Int64"))
    assert found.rank["4"].to_list() == [1, 2, 3, 1]
    assert found.mean["4"].to_dict() == {"X": 2222, "Y": 5000}  # 6667 / 3
    assert found.mean["5"].to_dict() == {"X": 7498, "Y": 0}  # 14995 / 2
    assert found.best["4"].to_dict() == {"X": 4167, "Y": 5000}
    assert found.mean["1"].isna().all()


@pytest.mark.parametrize(("ties", "places"), [("1-1-3", [1, 1, 3, None]), ("1-1-2", [1, 1, 2, None])])
def test_ties_of_areas_count_as_the_campaign_says(ties: str, places: list[int | None]) -> None:
    points: Cells = {"4.1.1": [50, 50, 10, None]}
    made = scores(HA_TINH, points, {"4.1.1": [100, 100, 100, 0]})
    found = area_table(load_set(HA_TINH), Settings("Đợt", 2026, ties=ties), made, groups("XXXX"))
    assert found.rank["4"].equals(pd.Series(places, found.rank.index, "Int64"))
    assert found.tied["4"].to_list() == [True, True, False, False]


def test_criteria_written_out() -> None:
    found = plain(criteria_table(scores(HA_TINH, POINTS, MAXIMA), groups("XXXY"), 100))
    assert list(found)[:1] == [(EVERYONE, "1.1")]
    assert found[EVERYONE, "4.1.1"] == {
        "units": 4,
        "scored": 3,
        "full": 1,
        "zero": 1,
        "open": 1,
        "maximum": 100,
        "mean": 50,
        "percent": 5000,
        "gap": 150,
        "passed": "",
    }
    # 25 of 200 and 50 of 100: 25%, not the mean of 12,5% and 50%.
    assert {n: found["X", "4.2.1"][n] for n in ("units", "maximum", "mean", "percent")} == {
        "units": 2,
        "maximum": 150,
        "mean": 38,
        "percent": 2500,
    }
    assert found["Y", "4.2.1"]["percent"] is None


@pytest.mark.parametrize(
    ("points", "passed"),
    [
        ([10, 20], "all"),
        ([10, None], "all"),
        ([0, 0], "none"),
        ([0, 20], ""),
        ([9, 20], ""),
        ([None, None], ""),
    ],
)
def test_criteria_that_all_or_none_pass(points: list[int | None], passed: str) -> None:
    made = scores(HA_TINH, {"4.1.1": points}, {"4.1.1": [10, 20]})
    assert criteria_table(made, groups("XX"), 100).loc[(EVERYONE, "4.1.1"), "passed"] == passed


def test_only_those_to_whom_a_criterion_applies_are_scored() -> None:
    made = scores(HA_TINH, {"4.1.1": [0, 10]}, {"4.1.1": [0, 10]})
    found = criteria_table(made, groups("XX"), 100).loc[(EVERYONE, "4.1.1")]
    assert found[["units", "scored", "full", "zero", "open"]].to_list() == [1, 1, 1, 0, 0]
    assert found["passed"] == "all"


@pytest.mark.parametrize(("scale", "percent"), [(1, 67), (10, 667), (100, 6667), (10_000, 666_667)])
def test_percents_of_criteria_have_the_set_s_decimals(scale: int, percent: int) -> None:
    made = scores(HA_TINH, {"4.1.1": [2]}, {"4.1.1": [3]})
    assert criteria_table(made, groups("X"), scale).loc[("X", "4.1.1"), "percent"] == percent


def test_gaps_written_out() -> None:
    found = gap_table(scores(HA_TINH, POINTS, MAXIMA))
    assert [(unit, leaf, row["gap"]) for (unit, leaf), row in plain(found).items()] == [
        ("a", "4.2.1", 175),
        ("a", "5", 1),
        ("b", "5", 1000),
        ("b", "4.1.1", 100),
        ("b", "4.2.1", 50),
        ("c", "4.1.1", 100),
        ("d", "5", 2000),
        ("d", "4.1.1", 50),
    ]
    assert plain(found)["c", "4.1.1"] == {"maximum": 100, "points": None, "gap": 100}


def test_equal_gaps_stand_as_printed() -> None:
    points: Cells = {"4.2.1": [0], "1.1": [0], "4.1.1": [5]}
    found = gap_table(scores(HA_TINH, points, {"4.2.1": [10], "1.1": [10], "4.1.1": [25]}))
    assert [leaf for _, leaf in found.index] == ["4.1.1", "1.1", "4.2.1"]


# Self scores --------------------------------------------------------------------------------------


def test_differences_written_out() -> None:
    told = frame(HA_TINH, {"4.1.1": [100, 50, None, 60], "4.2.1": [50, 50, 50, 10], "5": [2000, 0, 0, 0]})
    found = differences(load_set(HA_TINH), scores(HA_TINH, POINTS, MAXIMA), told)
    assert "5" not in found.leaves
    assert "5" not in found.areas
    assert found.leaves["4.1.1"].equals(pd.Series([0, 50, None, 10], list("abcd"), "Int64"))
    assert found.leaves["4.2.1"].equals(pd.Series([25, 0, None, None], list("abcd"), "Int64"))
    assert found.areas["4"].equals(pd.Series([25, 50, None, 10], list("abcd"), "Int64"))
    assert [list(row.values()) for row in plain(found.totals).values()] == [
        [150, 125, 25, 1, 0, 2],
        [100, 50, 50, 1, 0, 2],
        [None, None, None, 0, 0, 0],
        [60, 50, 10, 1, 0, 1],
    ]
