"""Everything that the result and league workbooks say beyond the standings, computed once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from parxl.appraisal import Finals
from parxl.campaign import Settings
from parxl.criteria import CriteriaSet
from parxl.league.areas import Areas, area_table
from parxl.league.closeness import closeness, unproven_points
from parxl.league.differences import Differences, differences
from parxl.league.gains import Gain, gains
from parxl.league.shortfall import criteria_table, gap_table
from parxl.league.spread import grades, spread
from parxl.scoring import Scores


@dataclass(frozen=True)
class Analysis:
    """See the function of each for shapes and units."""

    areas: Areas
    criteria: pd.DataFrame
    gaps: pd.DataFrame
    gains: Mapping[str, tuple[Gain, ...]]  # unit code -> its suggestions
    differences: Differences
    unproven: pd.DataFrame
    closeness: pd.DataFrame
    spread: pd.DataFrame
    grades: pd.DataFrame


def analyse(
    criteria: CriteriaSet,
    settings: Settings,
    inputs: pd.DataFrame,
    computed: Scores,
    finals: Finals,
    table: pd.DataFrame,
    self_scores: pd.DataFrame,
    evidence: pd.DataFrame,
) -> Analysis:
    """Index of every frame given: unit code. ``self_scores`` (Int64), ``evidence`` (bool): a column a leaf."""
    scores = finals.applied_to(computed)
    areas = area_table(criteria, settings, scores, table["group"])
    per_criterion = criteria_table(scores, table["group"], criteria.scale)
    unproven = unproven_points(criteria, scores, finals.appraised, evidence)
    return Analysis(
        areas=areas,
        criteria=per_criterion,
        gaps=gap_table(scores),
        gains=gains(criteria, settings, inputs, computed, finals, table),
        differences=differences(criteria, scores, self_scores),
        unproven=unproven,
        closeness=closeness(criteria, settings, table, unproven),
        spread=spread(table, areas),
        grades=grades(settings, table),
    )
