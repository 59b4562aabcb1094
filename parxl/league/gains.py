"""The cheapest way up: each proposal with what it would give, first what most peers hold.

Each gain stands by itself: its total, index and rank are those of the unit with this one change, all others
as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

import pandas as pd

from parxl.appraisal import Finals
from parxl.criteria import CriteriaSet
from parxl.exact import half_up
from parxl.league.peers import Peers
from parxl.league.proposals import Proposal, proposals
from parxl.scoring import Scores


@dataclass(frozen=True)
class Gain(Proposal):
    """One suggestion. Points in units of the last decimal.

    ``key``: of the part, or the leaf's code where the whole leaf changes (survey, appraisal).
    ``changes``: input key -> new value, as in the inputs frame; {} for survey and appraisal.
    ``step``: "next" the smallest change that earns anything, "full" the smallest that earns the maximum
    (alone where both are the same). ``before``, ``after``: points of ``key``.
    ``holders`` of ``peers``: units of the group with a score on ``key`` that have at least ``after``.
    ``total``, ``index``, ``rank``: of the unit after it.
    """

    holders: int
    peers: int
    total: int
    index: int
    rank: int

    @property
    def gain(self) -> int:
        return self.after - self.before


def gains(
    criteria: CriteriaSet,
    inputs: pd.DataFrame,
    computed: Scores,
    finals: Finals,
    table: pd.DataFrame,
    peers: Peers,
) -> dict[str, tuple[Gain, ...]]:
    """Unit code -> its gains: by the share of peers that hold as much, then by the points, then as printed."""
    figures = table[OWN].to_numpy(dtype="int64").tolist()
    standing = {str(unit): _Standing(*row) for unit, row in zip(table.index, figures, strict=True)}
    groups = dict(zip(table.index, table["group"], strict=True))
    by_unit: dict[str, list[Gain]] = {unit: [] for unit in standing}
    for one in proposals(criteria, inputs, computed, finals, groups, peers):
        by_unit[one.unit].append(_weighed(one, standing[one.unit], groups[one.unit], peers, criteria.scale))
    return {unit: tuple(sorted(own, key=_first_what_most_hold)) for unit, own in by_unit.items()}


def _first_what_most_hold(one: Gain) -> tuple[Fraction, int]:
    return -Fraction(one.holders, one.peers), -one.gain


OWN = ["scored", "adjustment", "maximum"]


class _Standing(NamedTuple):
    """A unit's own row of the columns ``OWN``."""

    scored: int
    adjustment: int
    maximum: int


def _weighed(one: Proposal, own: _Standing, group: str, peers: Peers, scale: int) -> Gain:
    """No gain falls below the unit's own old index, so it stands among the others as they are."""
    total = max(own.scored + own.adjustment + one.after - one.before, 0)
    index = half_up(total * 100 * scale, own.maximum)
    held = peers.held(group, one.key)
    facts: dict[str, Any] = {"holders": held.holders(one.after), "peers": held.units}
    return Gain(**vars(one), **facts, total=total, index=index, rank=peers.rank(group, index))
