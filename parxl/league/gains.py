"""The cheapest way up: each proposal with what it would give, first what most peers hold.

Each gain stands by itself: its total, index and rank are those of the unit with this one change, all others
as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from parxl.appraisal import Finals
from parxl.campaign import TIES, Settings
from parxl.criteria import CriteriaSet
from parxl.league.proposals import Proposal, proposals
from parxl.league.standings import index_of
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
    settings: Settings,
    inputs: pd.DataFrame,
    computed: Scores,
    finals: Finals,
    table: pd.DataFrame,
) -> dict[str, tuple[Gain, ...]]:
    """Unit code -> its gains: by the share of peers that hold as much, then by the points, then as printed."""
    found = proposals(criteria, inputs, computed, finals, table["group"])
    weighed = _weighed(criteria, settings, found, computed, finals, table)
    by_unit: dict[str, list[Gain]] = {str(unit): [] for unit in table.index}
    for one in weighed:
        by_unit[one.unit].append(one)
    return {unit: tuple(sorted(own, key=_first_what_most_hold)) for unit, own in by_unit.items()}


def _first_what_most_hold(one: Gain) -> tuple[Fraction, int]:
    return -Fraction(one.holders, one.peers), -one.gain


def _weighed(
    criteria: CriteriaSet,
    settings: Settings,
    found: Sequence[Proposal],
    computed: Scores,
    finals: Finals,
    table: pd.DataFrame,
) -> list[Gain]:
    own = table.loc[[one.unit for one in found]]
    added = np.array([one.after - one.before for one in found], dtype="int64")
    total = (own["scored"] + own["adjustment"] + added).clip(lower=0)
    index = index_of(total, own["maximum"], criteria.scale)
    ranks = _ranks(table, own["group"], index, settings.ties)
    held = _Held(computed, finals, table["group"])
    weighed = []
    for one, t, i, r in zip(found, total, index, ranks, strict=True):
        holders, peers = held.by(one)
        facts: dict[str, Any] = {"holders": holders, "peers": peers, "total": int(t), "index": int(i)}
        weighed.append(Gain(**vars(one), **facts, rank=int(r)))
    return weighed


def _ranks(table: pd.DataFrame, group: pd.Series, index: pd.Series, ties: str) -> np.ndarray:
    """The rank of each new index in its group as it stands (int64); no gain falls below its own old index."""
    ranks = np.zeros(len(index), dtype="int64")
    for name, own in table["index"].dropna().groupby(table["group"]):
        values = own.to_numpy(dtype="int64")
        known = np.unique(values) if TIES[ties] == "dense" else np.sort(values)
        mask = (group == name).to_numpy()
        at = np.searchsorted(known, index.to_numpy(dtype="int64", na_value=0)[mask], side="right")
        ranks[mask] = 1 + len(known) - at
    return ranks


class _Held:
    """How many units of a group hold how much on a part or leaf."""

    def __init__(self, computed: Scores, finals: Finals, group: pd.Series):
        self.computed, self.finals, self.group = computed, finals, group
        self.sorted: dict[tuple[str, str], np.ndarray] = {}

    def by(self, one: Proposal) -> tuple[int, int]:
        """(holders, peers)"""
        name = str(self.group[one.unit])
        if (name, one.key) not in self.sorted:
            # Of a part the final score is not known apart, where its leaf has several.
            whole = one.key in self.finals.leaves
            points = self.finals.leaves[one.key] if whole else self.computed.parts[one.key]
            own = points[self.group == name].dropna()
            self.sorted[name, one.key] = np.sort(own.to_numpy(dtype="int64"))
        known = self.sorted[name, one.key]
        below = int(np.searchsorted(known, one.after, side="left"))
        return len(known) - below, len(known)
