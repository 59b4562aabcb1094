"""How firm a rank is: against fractions and loops over random rounds, and written out."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd
import pytest
from campaigns import HA_TINH
from leagues import Round, Row, every_round, in_order, kinds, place, plain
from test_league_figures import MAXIMA, POINTS, codes, frame, nullable, scores

from parxl.campaign import Settings
from parxl.criteria import load_set
from parxl.league.closeness import closeness, unproven_points

# Random rounds ------------------------------------------------------------------------------------


def unproven_of(made: Round) -> pd.DataFrame:
    appraised, evidence = made.frame(made.appraised, "Int64"), made.frame(made.evidence, "bool")
    return unproven_points(made.criteria, made.scores, appraised, evidence)


def closeness_of(made: Round) -> pd.DataFrame:
    return closeness(made.criteria, made.settings, made.table, unproven_of(made))


@every_round
def test_unproven_points(made: Round) -> None:
    in_order(unproven_of(made), {unit: made.unproven(unit) for unit in made.group})


def closeness_row(made: Round, unit: str) -> Row:
    peers = [u for u in made.members(made.group[unit]) if u != unit and made.maximum(u)]
    own, low, high = made.index(unit), made.low(unit), made.high(unit)
    row: Row = dict.fromkeys(["behind", "ahead"]) | {"near": False}
    row |= {
        "unproven": sum(made.unproven(unit).values()),
        "open": made.total(unit, made.open(unit)) - made.total(unit),
    }
    row |= {"index_low": low, "index_high": high, "best_rank": None, "worst_rank": None}
    if own is None or low is None or high is None:
        return row
    steps = [i - own for u in peers if (i := made.index(u)) is not None]
    row["behind"] = min((s for s in steps if s > 0), default=None)
    row["ahead"] = min((-s for s in steps if s < 0), default=None)
    scale, ties = 10**made.criteria.decimals, made.settings.ties
    row["near"] = any(Fraction(abs(s), scale) <= Fraction(1, 2) for s in steps if s)
    row["best_rank"] = place(high, [i for u in peers if (i := made.low(u)) is not None], ties)
    row["worst_rank"] = place(low, [i for u in peers if (i := made.high(u)) is not None], ties)
    return row


@every_round
def test_closeness(made: Round) -> None:
    in_order(closeness_of(made), {unit: closeness_row(made, unit) for unit in made.group})


@every_round
def test_the_types_of_closeness(made: Round) -> None:
    found = closeness_of(made)
    assert str(found.pop("near").dtype) == "bool"
    assert kinds(found) == {"Int64"}
    assert kinds(unproven_of(made)) == {"int64"}


@every_round
def test_the_index_lies_between_low_and_high(made: Round) -> None:
    found, index = closeness_of(made), made.table["index"]
    assert (found["index_low"] <= index).fillna(True).all()
    assert (index <= found["index_high"]).fillna(True).all()
    assert found["index_low"].isna().to_list() == index.isna().to_list()


@every_round
def test_the_rank_lies_between_best_and_worst(made: Round) -> None:
    if made.settings.ties == "1-1-3":
        found, rank = closeness_of(made), made.table["rank"]
        assert (found["best_rank"] <= rank).fillna(True).all()
        assert (rank <= found["worst_rank"]).fillna(True).all()


# Written out --------------------------------------------------------------------------------------


def test_points_without_evidence_or_council_are_unproven() -> None:
    """a: 4.1.1 has evidence, 4.2.1 has none; b: 4.2.1 is appraised; the survey needs no evidence."""
    evidence = frame(HA_TINH, {"4.1.1": [True, False, False, False]}, "bool", False)
    appraised = frame(HA_TINH, {"4.2.1": [None, 50, None, None]})
    found = unproven_points(load_set(HA_TINH), scores(HA_TINH, POINTS, MAXIMA), appraised, evidence)
    assert found.loc["a"].loc[lambda row: row > 0].to_dict() == {"4.2.1": 25}
    assert not found.loc["b"].any()
    assert found["5"].to_list() == [0] * 4
    assert found["4.1.1"].to_list() == [0, 0, 0, 50]


def standing(rows: list[tuple[int, int, int]], scale: int = 100) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(table, unproven) of (points, unproven, open), each maximum 100 points: the index is the points."""
    index = codes(len(rows))
    points, unproven, still = ([row[at] for row in rows] for at in range(3))
    table = pd.DataFrame({"scored": points, "adjustment": 0, "total": points}, index=index)
    table["total_high"] = table["total"] + still
    table["maximum"] = 100 * scale
    table["index"], table["group"] = pd.Series(points, index=index, dtype="Int64"), "X"
    return table, pd.DataFrame({"4.1.1": unproven}, index=index)


def near(rows: list[tuple[int, int, int]], ties: str = "1-1-3", decimals: int = 2) -> pd.DataFrame:
    criteria = load_set(HA_TINH).model_copy(update={"decimals": decimals})
    return closeness(criteria, Settings("Đợt", 2026, ties=ties), *standing(rows, criteria.scale))


def test_closeness_written_out() -> None:
    found = near([(9000, 100, 0), (8950, 0, 30), (8950, 0, 200), (8000, 500, 0)])
    assert plain(found) == {
        unit: dict(zip(found.columns, row, strict=True))
        for unit, row in {
            "a": [None, 50, True, 100, 0, 8900, 9000, 1, 3],
            "b": [50, 950, True, 0, 30, 8950, 8980, 1, 3],
            "c": [50, 950, True, 0, 200, 8950, 9150, 1, 3],
            "d": [950, None, False, 500, 0, 7500, 8000, 4, 4],
        }.items()
    }


@pytest.mark.parametrize(
    ("decimals", "distance", "is_near"),
    [
        (0, 1, False),
        (1, 5, True),
        (1, 6, False),
        (2, 50, True),
        (2, 51, False),
        (4, 5000, True),
        (4, 5001, False),
    ],
)
def test_near_is_half_a_percent_point(decimals: int, distance: int, is_near: bool) -> None:
    top = 90 * 10**decimals
    assert near([(top, 0, 0), (top - distance, 0, 0)], decimals=decimals)["near"].to_list() == [is_near] * 2


def test_an_equal_index_is_not_near() -> None:
    found = near([(9000, 0, 0), (9000, 0, 0)])
    assert found["near"].to_list() == [False, False]
    assert found[["behind", "ahead"]].isna().all(axis=None)


# Without its unproven points the first stands behind the two others, which are equal.
@pytest.mark.parametrize(("ties", "worst"), [("1-1-3", 3), ("1-1-2", 2)])
def test_equal_highs_of_others_count_as_the_campaign_says(ties: str, worst: int) -> None:
    found = near([(5000, 1500, 0), (4000, 0, 0), (4000, 0, 0)], ties)
    assert found["worst_rank"]["a"] == worst


def test_the_own_high_never_stands_above_the_own_low() -> None:
    """Also where another unit has the very same high: then that one counts, once."""
    alone = [(5000, 1000, 0), (1000, 0, 0)]
    shared = [(5000, 1000, 0), (4500, 0, 500)]
    for ties in ("1-1-3", "1-1-2"):
        assert near(alone, ties)["worst_rank"].to_list() == [1, 2]
        assert near(shared, ties)["worst_rank"].to_list() == [2, 2]


def test_a_deduction_takes_from_what_is_proven() -> None:
    """10 points of which 4 unproven, and 8 off: 2 as it stands, nothing without the 4."""
    table, unproven = standing([(1000, 400, 0)])
    table["adjustment"], table["total"], table["total_high"], table["index"] = (
        -800,
        200,
        200,
        nullable([200]).array,
    )
    found = closeness(load_set(HA_TINH), Settings("Đợt", 2026), table, unproven)
    assert (found["index_low"]["a"], found["index_high"]["a"]) == (0, 200)


def test_a_unit_without_an_index_has_no_rank_and_counts_for_nobody() -> None:
    table, unproven = standing([(5000, 0, 0), (0, 0, 0)])
    table.loc["b", ["maximum", "index"]] = [0, None]
    found = closeness(load_set(HA_TINH), Settings("Đợt", 2026), table, unproven)
    assert plain(found)["a"]["worst_rank"] == 1
    assert {name for name, value in plain(found)["b"].items() if value is None} == {
        "behind",
        "ahead",
        "index_low",
        "index_high",
        "best_rank",
        "worst_rank",
    }
