"""What a group holds, counted: enough to place any one of its units that would have something else.

Small beside the group itself, so that it can be taken along where only a few units are.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from parxl.appraisal import Finals
from parxl.campaign import TIES, Settings
from parxl.criteria import CriteriaSet
from parxl.exact import half_up
from parxl.frames import Array, arrays
from parxl.scoring import Scores


@dataclass(frozen=True)
class Held:
    """The different values that units hold, ascending; for each, how many units hold it or a higher one."""

    values: tuple[int, ...] = ()
    at_least: tuple[int, ...] = ()

    @property
    def units(self) -> int:
        return self.at_least[0] if self.at_least else 0

    def holders(self, least: int) -> int:
        """How many units hold this value or a higher one."""
        place = bisect_left(self.values, least)
        return self.at_least[place] if place < len(self.values) else 0

    def different_above(self, value: int) -> int:
        """How many different values are higher."""
        return len(self.values) - bisect_left(self.values, value + 1)


NOTHING = Held()


@dataclass(frozen=True)
class Peers:
    """Of each group: what its units hold. Values in units of the last decimal.

    ``indices``: group -> the indices. ``points``: (group, leaf code, or key of a part where the leaf has
    several) -> final points of a leaf, computed ones of a part. ``surveyed``: (group, entered leaf) -> (mean,
    half up; highest) of the points that no appraisal has replaced.
    """

    ties: str
    indices: Mapping[str, Held]
    points: Mapping[tuple[str, str], Held]
    surveyed: Mapping[tuple[str, str], tuple[int, int]]

    def rank(self, group: str, index: int) -> int:
        """The rank of a unit that would have this index, above the one it has, in the group as it stands."""
        held = self.indices.get(group, NOTHING)
        return 1 + (held.different_above(index) if TIES[self.ties] == "dense" else held.holders(index + 1))

    def held(self, group: str, key: str) -> Held:
        return self.points.get((group, key), NOTHING)

    def of(self, groups: Iterable[str]) -> Peers:
        """Of these groups alone."""
        own = set(groups)
        return replace(
            self,
            indices={group: held for group, held in self.indices.items() if group in own},
            points={key: held for key, held in self.points.items() if key[0] in own},
            surveyed={key: facts for key, facts in self.surveyed.items() if key[0] in own},
        )


def peers(
    criteria: CriteriaSet, settings: Settings, computed: Scores, finals: Finals, table: pd.DataFrame
) -> Peers:
    """``table``: of ``standings``. Index of every frame: unit."""
    places = {str(name): at for name, at in table.groupby("group", sort=False).indices.items()}
    index, ranked = arrays(table[["index"]])
    keys = [at.key for at in criteria.parts if at.key not in finals.leaves]
    (leaves, known), (parts, earned) = arrays(finals.leaves), arrays(computed.parts[keys])
    values, is_held = np.hstack([leaves, parts]), np.hstack([known, earned])
    is_own = known & ~arrays(finals.appraised)[1]
    entered = [(node.code, finals.leaves.columns.get_loc(node.code)) for node in criteria.entered]
    return Peers(
        settings.ties,
        {group: _held(index[at, 0], ranked[at, 0]) for group, at in places.items()},
        {
            (group, key): _held(values[at, column], is_held[at, column])
            for group, at in places.items()
            for column, key in enumerate([*finals.leaves, *keys])
        },
        {
            (group, code): (half_up(int(own.sum()), len(own)), int(own.max()))
            for group, at in places.items()
            for code, column in entered
            if len(own := leaves[at, column][is_own[at, column]])
        },
    )


def _held(values: Array, known: Array) -> Held:
    found, counts = np.unique(values[known], return_counts=True)
    return Held(tuple(found.tolist()), tuple(counts[::-1].cumsum()[::-1].tolist()))
