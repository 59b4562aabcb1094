"""The league's analyses against fractions and loops, over random rounds of both sets."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from campaigns import SET_IDS
from leagues import ENTERED, Points, Round, Row, every_round, half_up, has_counted, in_order, kinds, mean, place
from provinces import province

from parxl.league.differences import Differences, differences
from parxl.league.shortfall import EVERYONE, criteria_table, gap_table
from parxl.results import Results


def differences_of(made: Round) -> Differences:
    return differences(made.criteria, made.scores, made.frame(made.told, "Int64"))


# Areas --------------------------------------------------------------------------------------------


def by_area(made: Round, figure: Callable[[str, str], Any]) -> dict[Any, Row]:
    return {unit: {area: figure(unit, area) for area in made.areas} for unit in made.group}


def area_rank(made: Round, unit: str, area: str) -> int | None:
    own = made.area_percent(unit, area)
    peers = [made.area_percent(other, area) for other in made.members(made.group[unit])]
    return None if own is None else place(own, [p for p in peers if p is not None], made.settings.ties)


def is_tied(made: Round, unit: str, area: str) -> bool:
    peers = [made.area_percent(other, area) for other in made.members(made.group[unit])]
    own = made.area_percent(unit, area)
    return own is not None and peers.count(own) > 1


@every_round
def test_each_unit_s_areas(made: Round) -> None:
    found = made.found_areas
    in_order(found.points, by_area(made, lambda unit, area: made.area_points(unit, area)[0]))
    in_order(found.maxima, by_area(made, lambda unit, area: made.area_points(unit, area)[1]))
    in_order(found.percent, by_area(made, made.area_percent))
    in_order(found.rank, by_area(made, lambda unit, area: area_rank(made, unit, area)))
    in_order(found.tied, by_area(made, lambda unit, area: is_tied(made, unit, area)))


@every_round
def test_each_group_s_areas(made: Round) -> None:
    means, best = {}, {}
    for group in made.groups:
        own = {
            area: [p for u in made.members(group) if (p := made.area_percent(u, area)) is not None]
            for area in made.areas
        }
        means[group] = {area: mean(percents) for area, percents in own.items()}
        best[group] = {area: max(percents, default=None) for area, percents in own.items()}
    found = made.found_areas
    in_order(found.mean, means)
    in_order(found.best, best)


# Where points are short ---------------------------------------------------------------------------


def criterion_row(made: Round, units: list[str], leaf: str) -> Row:
    applies = [unit for unit in units if made.maxima[unit][leaf]]
    pairs = [(p, made.maxima[u][leaf]) for u in applies if (p := made.points[u][leaf]) is not None]
    got, tops = [p for p, _ in pairs], [top for _, top in pairs]
    full, zero = sum(p == top for p, top in pairs), got.count(0)
    percent = Fraction(100 * 10**made.criteria.decimals * sum(got), sum(tops)) if pairs else None
    return {
        "units": len(applies),
        "scored": len(pairs),
        "full": full,
        "zero": zero,
        "open": len(applies) - len(pairs),
        "maximum": mean(tops),
        "mean": mean(got),
        "percent": None if percent is None else half_up(percent),
        "gap": sum(tops) - sum(got),
        "passed": "" if not pairs else "all" if full == len(pairs) else "none" if zero == len(pairs) else "",
    }


@every_round
def test_criteria_over_everyone_and_each_group(made: Round) -> None:
    units = {EVERYONE: list(made.group)} | {group: made.members(group) for group in made.groups}
    wanted = {(g, leaf): criterion_row(made, own, leaf) for g, own in units.items() for leaf in made.leaves}
    in_order(criteria_table(made.scores, made.table["group"], made.criteria.scale), wanted)


def unit_gaps(made: Round, unit: str) -> list[tuple[str, Row]]:
    gaps = []
    for leaf, top in made.maxima[unit].items():
        points = made.points[unit][leaf]
        gaps.append((leaf, {"maximum": top, "points": points, "gap": top - (points or 0)}))
    return sorted((one for one in gaps if one[1]["gap"]), key=lambda one: -one[1]["gap"])


@every_round
def test_each_unit_s_gaps_the_largest_first(made: Round) -> None:
    in_order(gap_table(made.scores), {(u, leaf): row for u in made.group for leaf, row in unit_gaps(made, u)})


@every_round
def test_gaps_add_up_to_what_is_missing(made: Round) -> None:
    gaps = gap_table(made.scores)["gap"].groupby(level=0).sum()
    short = made.table["maximum"] - made.table["scored"]
    assert short.to_dict() == gaps.reindex(made.table.index, fill_value=0).to_dict()


# Self scores --------------------------------------------------------------------------------------


def own_leaves(made: Round) -> list[str]:
    return [leaf for leaf in made.leaves if leaf not in ENTERED[made.criteria.id]]


def known_differences(made: Round, unit: str, leaves: list[str]) -> dict[str, int]:
    told, final = made.told[unit], made.points[unit]
    pairs = {leaf: (told[leaf], final[leaf]) for leaf in leaves}
    return {leaf: t - f for leaf, (t, f) in pairs.items() if t is not None and f is not None}


@every_round
def test_differences_by_leaf_and_area(made: Round) -> None:
    own, areas, leaves = own_leaves(made), {}, {}
    for unit in made.group:
        found = known_differences(made, unit, own)
        leaves[unit] = {leaf: found.get(leaf) for leaf in own}
        within = {area: [found[c] for c in below if c in found] for area, below in made.areas.items()}
        areas[unit] = {
            a: sum(d) if d else None for a, d in within.items() if a not in ENTERED[made.criteria.id]
        }
    in_order(differences_of(made).leaves, leaves)
    in_order(differences_of(made).areas, areas)


def difference_totals(made: Round, unit: str) -> Row:
    found = known_differences(made, unit, own_leaves(made))

    def added(points: Points) -> int | None:
        return sum(points[unit][leaf] or 0 for leaf in found) if found else None

    return {
        "self_score": added(made.told),
        "final": added(made.points),
        "difference": sum(found.values()) if found else None,
        "above": sum(d > 0 for d in found.values()),
        "below": sum(d < 0 for d in found.values()),
        "compared": len(found),
    }


@every_round
def test_differences_in_all(made: Round) -> None:
    in_order(differences_of(made).totals, {unit: difference_totals(made, unit) for unit in made.group})


@every_round
def test_differences_sum_up_from_the_leaves(made: Round) -> None:
    found = differences_of(made)
    whole = found.leaves.fillna(0).sum(axis=1)
    assert whole.to_list() == found.areas.fillna(0).sum(axis=1).to_list()
    assert whole.to_list() == found.totals["difference"].fillna(0).to_list()
    assert whole.to_list() == (found.totals["self_score"] - found.totals["final"]).fillna(0).to_list()


# Types, whatever the size -------------------------------------------------------------------------


@every_round
def test_the_types_of_plain_frames(made: Round) -> None:
    areas, found = made.found_areas, differences_of(made)
    whole = [areas.points, areas.percent, areas.rank, areas.mean, areas.best, found.leaves, found.areas]
    assert [kinds(frame) for frame in whole] == [{"Int64"}] * len(whole)
    assert kinds(areas.maxima) == {"int64"}
    assert kinds(areas.tied) == {"bool"}


@every_round
def test_the_types_of_mixed_frames(made: Round) -> None:
    per_criterion = criteria_table(made.scores, made.table["group"], made.criteria.scale)
    assert str(per_criterion.pop("passed").dtype) == "str"
    has_counted(per_criterion, {"units", "scored", "full", "zero", "open", "gap"})
    has_counted(gap_table(made.scores), {"maximum", "gap"})
    has_counted(differences_of(made).totals, {"above", "below", "compared"})


# All of it together -------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=SET_IDS)
def whole(request: pytest.FixtureRequest) -> Results:
    return province(request.param, 24, groups=2, appraised=True, adjusted=True)


def test_a_province_s_analysis_agrees_with_its_standings(whole: Results) -> None:
    analysis, table = whole.analysis, whole.standings
    assert analysis.areas.points.sum(axis=1).to_list() == table["scored"].to_list()
    assert analysis.areas.maxima.sum(axis=1).to_list() == table["maximum"].to_list()
    assert analysis.gaps["gap"].sum() == (table["maximum"] - table["scored"]).sum()
    assert analysis.criteria.loc[EVERYONE]["scored"].to_list() == whole.finals.leaves.count().to_list()
    assert (analysis.closeness["index_low"] <= table["index"]).all()
    assert (table["index"] <= analysis.closeness["index_high"]).all()


def test_unproven_points_of_a_province_are_not_appraised(whole: Results) -> None:
    unproven, appraised = whole.analysis.unproven > 0, whole.finals.appraised.notna()
    assert unproven.any(axis=None)
    assert not (unproven & appraised).any(axis=None)
