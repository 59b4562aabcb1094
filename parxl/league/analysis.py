"""Everything that the result and league workbooks say beyond the standings."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from parxl.appraisal import Finals
from parxl.campaign import Settings
from parxl.criteria import CriteriaSet
from parxl.league.areas import Areas, area_table
from parxl.league.closeness import closeness, unproven_points
from parxl.league.differences import Differences, differences
from parxl.league.gains import Gain, gains
from parxl.league.peers import Peers, peers
from parxl.league.shortfall import criteria_table, gap_table
from parxl.league.spread import grades, spread
from parxl.league.told import Told
from parxl.scoring import Scores


@dataclass(frozen=True)
class Basis:
    """What an analysis rests on. Index of every frame: unit code; ``table``: of ``standings``."""

    criteria: CriteriaSet
    settings: Settings
    computed: Scores
    finals: Finals
    table: pd.DataFrame
    told: Told

    @property
    def scores(self) -> Scores:
        """With the final scores in their places."""
        return self.finals.applied_to(self.computed)


@dataclass(frozen=True)
class League:
    """What a unit's figures are beside those of others. See the function of each for shapes and units."""

    areas: Areas
    criteria: pd.DataFrame
    closeness: pd.DataFrame
    spread: pd.DataFrame
    grades: pd.DataFrame
    peers: Peers

    def of(self, units: Sequence[str], groups: Collection[str]) -> League:
        """Of these units alone, and of these groups."""
        return League(
            areas=self.areas.of(units, groups),
            criteria=_of_groups(self.criteria, groups),
            closeness=self.closeness.loc[units],
            spread=_of_groups(self.spread, groups),
            grades=_of_groups(self.grades, groups),
            peers=self.peers.of(groups),
        )


def _of_groups(frame: pd.DataFrame, groups: Collection[str]) -> pd.DataFrame:
    """``frame``: index (group, something else)."""
    own = frame[frame.index.get_level_values(0).isin(list(groups))]
    # What is sent elsewhere does not name the other groups.
    return own.set_axis(own.index.remove_unused_levels())


@dataclass(frozen=True)
class Analysis(League):
    """And what follows of one unit's own figures, made when it is first asked for."""

    basis: Basis

    @cached_property
    def gaps(self) -> pd.DataFrame:
        return gap_table(self.basis.scores)

    @cached_property
    def gains(self) -> Mapping[str, tuple[Gain, ...]]:
        """Unit code -> its suggestions."""
        on = self.basis
        return gains(on.criteria, on.told.inputs, on.computed, on.finals, on.table, self.peers)

    @cached_property
    def differences(self) -> Differences:
        return differences(self.basis.criteria, self.basis.scores, self.basis.told.self_scores)

    @cached_property
    def unproven(self) -> pd.DataFrame:
        return unproven(self.basis)


def analyse(basis: Basis) -> Analysis:
    """Of all units of a round."""
    criteria, settings, table, scores = basis.criteria, basis.settings, basis.table, basis.scores
    areas = area_table(criteria, settings, scores, table["group"])
    return Analysis(
        areas=areas,
        criteria=criteria_table(scores, table["group"], criteria.scale),
        closeness=closeness(criteria, settings, table, unproven(basis)),
        spread=spread(table, areas),
        grades=grades(settings, table),
        peers=peers(criteria, settings, basis.computed, basis.finals, table),
        basis=basis,
    )


def unproven(basis: Basis) -> pd.DataFrame:
    """See ``closeness.unproven_points``."""
    return unproven_points(basis.criteria, basis.scores, basis.finals.appraised, basis.told.evidence)
