"""Random rounds as plain dicts, and what the league ought to say of them: fractions and loops, no pandas.

pandas stands here only to hand a round to parxl (``Round.scores`` …) and to read frames (``plain``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import groupby
from math import floor
from random import Random
from typing import Any

import pandas as pd
import pytest
from campaigns import HA_TINH, SET_IDS, TTHC

from parxl.campaign import Adjustment, Band, Settings, Unit
from parxl.criteria import CriteriaSet, load_set
from parxl.frames import arrays
from parxl.league import standings
from parxl.league.areas import Areas, area_table
from parxl.scoring import Scores, group_sums

ENTERED = {TTHC: set[str](), HA_TINH: {"5"}}
SIZES = (0, 1, 2, 7, 25)
Points = dict[str, dict[str, int | None]]  # unit -> leaf -> units of the last decimal
Row = dict[str, Any]


def plain(frame: pd.DataFrame) -> dict[Any, Row]:
    """Index -> column -> value, None for null; in order."""
    rows = frame.astype(object).to_dict("index")
    return {key: {name: None if v is pd.NA else v for name, v in row.items()} for key, row in rows.items()}


def in_order(found: pd.DataFrame, wanted: dict[Any, Row]) -> None:
    assert plain(found) == wanted
    assert list(found.index) == list(wanted)


def kinds(frame: pd.DataFrame) -> set[str]:
    return {str(dtype) for dtype in frame.dtypes}


def has_counted(frame: pd.DataFrame, counts: set[str]) -> None:
    """These columns are never null, the others may be."""
    wanted = {name: "int64" if name in counts else "Int64" for name in frame}
    assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == wanted


def half_up(number: Fraction) -> int:
    return floor(number + Fraction(1, 2))


def mean(values: list[int]) -> int | None:
    return half_up(Fraction(sum(values), len(values))) if values else None


def place(own: int, others: Iterable[int], ties: str) -> int:
    above = [one for one in others if one > own]
    return 1 + (len(above) if ties == "1-1-3" else len(set(above)))


@dataclass(frozen=True)
class Round:
    """Points and maxima as they are in the end."""

    criteria: CriteriaSet
    settings: Settings
    maxima: dict[str, dict[str, int]]
    points: Points
    told: Points
    appraised: Points
    evidence: dict[str, dict[str, bool]]

    @cached_property
    def group(self) -> dict[str, str]:
        return {unit.code: unit.group for unit in self.settings.units}

    @cached_property
    def groups(self) -> list[str]:
        return list(dict.fromkeys(self.group.values()))

    @cached_property
    def leaves(self) -> list[str]:
        return [node.code for node in self.criteria.criterion if node.kind != "group"]

    @cached_property
    def areas(self) -> dict[str, list[str]]:
        return {area: list(own) for area, own in groupby(self.leaves, lambda leaf: leaf.split(".")[0])}

    def members(self, group: str) -> list[str]:
        return [unit for unit, own in self.group.items() if own == group]

    # As frames ------------------------------------------------------------------------------------

    def frame(self, values: dict[str, dict[str, Any]], dtype: str) -> pd.DataFrame:
        rows = [[row[leaf] for leaf in self.leaves] for row in values.values()]
        return pd.DataFrame(rows, index=list(values), columns=self.leaves, dtype=dtype)

    @cached_property
    def scores(self) -> Scores:
        leaves, maxima = self.frame(self.points, "Int64"), self.frame(self.maxima, "int64")
        still = maxima.where(leaves.isna(), 0)
        empty = pd.DataFrame(index=leaves.index)
        return Scores(
            empty, empty, leaves, maxima, still, group_sums(self.criteria, *arrays(leaves), leaves.index)
        )

    @cached_property
    def table(self) -> pd.DataFrame:
        return standings(self.criteria, self.settings, self.scores)

    @cached_property
    def found_areas(self) -> Areas:
        return area_table(self.criteria, self.settings, self.scores, self.table["group"])

    # What comes of it -----------------------------------------------------------------------------

    def scored(self, unit: str) -> int:
        return sum(p or 0 for p in self.points[unit].values())

    def maximum(self, unit: str) -> int:
        return sum(self.maxima[unit].values())

    def open(self, unit: str) -> int:
        return sum(top for leaf, top in self.maxima[unit].items() if self.points[unit][leaf] is None)

    def unproven(self, unit: str) -> dict[str, int]:
        return {leaf: self._unproven(unit, leaf) for leaf in self.leaves}

    def _unproven(self, unit: str, leaf: str) -> int:
        entered = leaf in ENTERED[self.criteria.id]
        proven = entered or self.evidence[unit][leaf] or self.appraised[unit][leaf] is not None
        return 0 if proven else self.points[unit][leaf] or 0

    def total(self, unit: str, more: int = 0) -> int:
        added = sum(one.points for one in self.settings.adjustments if one.unit == unit)
        return max(0, self.scored(unit) + more + added)

    def percent(self, points: int, maximum: int) -> int | None:
        scale = 10**self.criteria.decimals
        return half_up(Fraction(100 * points * scale, maximum)) if maximum else None

    def index(self, unit: str, more: int = 0) -> int | None:
        return self.percent(self.total(unit, more), self.maximum(unit))

    def low(self, unit: str) -> int | None:
        return self.index(unit, -sum(self.unproven(unit).values()))

    def high(self, unit: str) -> int | None:
        return self.index(unit, self.open(unit))

    def area_points(self, unit: str, area: str) -> tuple[int | None, int]:
        """(points, own maximum)"""
        known = [p for leaf in self.areas[area] if (p := self.points[unit][leaf]) is not None]
        return sum(known) if known else None, sum(self.maxima[unit][leaf] for leaf in self.areas[area])

    def area_percent(self, unit: str, area: str) -> int | None:
        points, maximum = self.area_points(unit, area)
        return self.percent(points or 0, maximum)


# Making one ---------------------------------------------------------------------------------------


def random_round(set_id: str, seed: int) -> Round:
    """Every size with three numbers of decimals; ties and groups by chance; many units are alike."""
    rng = Random(f"{set_id} {seed}")
    criteria = load_set(set_id).model_copy(update={"decimals": seed % 5})
    codes = [f"u{number:02}" for number in range(SIZES[(seed + seed // 5) % len(SIZES)])]
    leaves = [node.code for node in criteria.leaves]
    rows = {code: _row(rng, leaves) for code in codes}
    for code in codes[1:]:
        if rng.random() < 0.3:
            rows[code] = rows[rng.choice(codes)]
    named: Row = {name: {code: row[name] for code, row in rows.items()} for name in ROW}
    return Round(criteria, _settings(rng, codes, criteria.scale), **named)


ROW = ("maxima", "points", "told", "appraised", "evidence")


def _row(rng: Random, leaves: list[str]) -> Row:
    applies = rng.choice([0, 0.8, 0.95, 1, 1, 1])
    maxima = {leaf: rng.choice([1, 3, 50, 75, 100]) if rng.random() < applies else 0 for leaf in leaves}
    good = rng.choice([0, 0.5, 0.9, 1])
    points = {leaf: _points(rng, top, good) for leaf, top in maxima.items()}
    told = {
        leaf: None if rng.random() < 0.1 else rng.choice([p, rng.randint(0, 100)]) for leaf, p in points.items()
    }
    appraised = {leaf: p if rng.random() < 0.2 else None for leaf, p in points.items()}
    evidence = {leaf: rng.random() < 0.8 for leaf in leaves}
    return dict(zip(ROW, (maxima, points, told, appraised, evidence), strict=True))


def _points(rng: Random, top: int, good: float) -> int | None:
    if not top or rng.random() < 0.05:
        return None
    return top if rng.random() < good else rng.choice([0, rng.randint(0, top)])


def _settings(rng: Random, codes: list[str], scale: int) -> Settings:
    groups = rng.choice([[""], ["B", "A"], ["A", "", "C", "D"]])
    added = [Adjustment(code, rng.choice([-9999, -70, -5, 60]), "", "") for code in codes if rng.random() < 0.2]
    bands = [("*", "Tốt", 90), ("*", "Khá", 50), ("A", "Đạt", 70)][: rng.randrange(4)]
    return Settings(
        "Đợt",
        2026,
        ties=rng.choice(["1-1-3", "1-1-2"]),
        units=tuple(Unit(code, code, rng.choice(groups)) for code in codes),
        adjustments=tuple(added),
        bands=tuple(Band(group, name, start * scale) for group, name, start in bands),
    )


SEEDS = range(15)
MADE = {f"{set_id[:2]}{seed}": random_round(set_id, seed) for set_id in SET_IDS for seed in SEEDS}
every_round = pytest.mark.parametrize("made", MADE.values(), ids=MADE)
