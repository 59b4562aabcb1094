"""How far each unit gets in each area, beside its group."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pandas as pd

from parxl.campaign import Settings
from parxl.criteria import CriteriaSet
from parxl.league.division import divided
from parxl.league.standings import index_of, ranks
from parxl.scoring import Scores


@dataclass(frozen=True)
class Areas:
    """A column an area code. Index: unit code, but for ``mean`` and ``best``: group.

    Points in units of the last decimal; percents too: 100 × points / own maximum, half up. What awaits counts
    0, as in the index; null where nothing of the area applies to the unit.
    """

    points: pd.DataFrame  # Int64
    maxima: pd.DataFrame  # int64: the unit's own
    percent: pd.DataFrame  # Int64
    rank: pd.DataFrame  # Int64: by the percent within the group, ties as in the campaign
    tied: pd.DataFrame  # bool
    mean: pd.DataFrame  # Int64: of the percents of the group, half up
    best: pd.DataFrame  # Int64: the highest percent of the group

    def of(self, units: Sequence[str], groups: Collection[str]) -> Areas:
        """Of these units alone, and of these groups."""
        return Areas(
            points=self.points.loc[units],
            maxima=self.maxima.loc[units],
            percent=self.percent.loc[units],
            rank=self.rank.loc[units],
            tied=self.tied.loc[units],
            mean=self.mean[self.mean.index.isin(list(groups))],
            best=self.best[self.best.index.isin(list(groups))],
        )


def area_table(criteria: CriteriaSet, settings: Settings, scores: Scores, group: pd.Series) -> Areas:
    """``scores``: with the final scores in their places. ``group``: index unit, str."""
    codes = {area.code: [node.code for node in criteria.under(area.code)] for area in criteria.areas}
    units = scores.leaves.index
    points = {a: scores.leaves[own].sum(axis=1, min_count=1) for a, own in codes.items()}
    maxima = {a: scores.maxima[own].sum(axis=1) for a, own in codes.items()}
    percent = {a: index_of(points[a].fillna(0), maxima[a], criteria.scale) for a in codes}
    rank = {a: ranks(percent[a], group, settings.ties) for a in codes}
    tied = {a: _tied(rank[a], group) for a in codes}
    by_group = {a: percent[a].groupby(group, sort=False) for a in codes}
    return Areas(
        points=pd.DataFrame(points, index=units).astype("Int64"),
        maxima=pd.DataFrame(maxima, index=units).astype("int64"),
        percent=pd.DataFrame(percent, index=units),
        rank=pd.DataFrame(rank, index=units),
        tied=pd.DataFrame(tied, index=units).astype(bool),
        mean=pd.DataFrame({a: divided(own.sum(), own.count()) for a, own in by_group.items()}),
        best=pd.DataFrame({a: own.max() for a, own in by_group.items()}),
    )


def _tied(rank: pd.Series, group: pd.Series) -> pd.Series:
    places = pd.DataFrame({"group": group, "rank": rank})
    return places.duplicated(keep=False) & rank.notna()
