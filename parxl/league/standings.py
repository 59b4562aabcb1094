"""Scores -> totals, index, ranks and bands: the order score → index → rank is fixed here.

scored  = sum of the final scores (already rounded): appraised + entered
total   = scored, and what the department adds or takes away, each up to its cap; never below 0
index   = 100 × total / the unit's own maximum, half up to the set's decimals
rank    = by the printed index, high to low, equal index equal rank, each group apart
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from parxl.campaign import TIES, Settings
from parxl.criteria import CriteriaSet
from parxl.exact import half_up
from parxl.frames import arrays, known_sum, nullable
from parxl.scoring import Scores


def standings(criteria: CriteriaSet, settings: Settings, scores: Scores) -> pd.DataFrame:
    """Index: unit code. Columns, in units of the last decimal (Int64, null where there is none):

    ``appraised`` (final points of what agencies answer for), ``entered`` (of what the department enters; null
    while nothing is entered), ``scored`` (both), ``short`` (of the maximum), ``adjustment``, ``total``,
    ``total_low``, ``total_high``, ``maximum``, ``index`` (percent); ``open`` (bool: something awaits guidance
    or entered points are absent); ``group`` (str); ``rank`` (Int64); ``tied`` (bool); ``band`` (str, "" for
    none).
    """
    scored = scores.totals
    entered = _entered(criteria, scores)
    adjusted = [adjustment_of(settings, str(unit)) for unit in scored.index]
    adjustment = pd.Series(adjusted, index=scored.index, dtype="Int64")
    total = (scored + adjustment).clip(lower=0)
    maximum = scores.maxima.sum(axis=1)
    open_points = scores.open_points.sum(axis=1)
    groups = {unit.code: unit.group for unit in settings.units}
    frame = pd.DataFrame(
        {
            "appraised": scored - entered.fillna(0),
            "entered": entered,
            "scored": scored,
            "short": maximum - scored,
            "adjustment": adjustment,
            "total": total,
            "total_low": total,
            "total_high": (scored + open_points + adjustment).clip(lower=0),
            "maximum": maximum,
            "open": open_points > 0,
            "group": [groups.get(str(code), "") for code in total.index],
        },
        index=scores.leaves.index,
    )
    frame["index"] = index_of(total, maximum, criteria.scale)
    frame["rank"] = ranks(frame["index"], frame["group"], settings.ties)
    frame["tied"] = frame.duplicated(["group", "rank"], keep=False) & frame["rank"].notna()
    frame["band"] = [
        band_of(settings, group, index) for group, index in zip(frame["group"], frame["index"], strict=True)
    ]
    return frame


def _entered(criteria: CriteriaSet, scores: Scores) -> pd.Series:
    """What the department entered for each unit, null while it entered nothing."""
    points, known = known_sum(*arrays(scores.leaves[[node.code for node in criteria.entered]]))
    return nullable(points[:, None], known[:, None], scores.leaves.index, ["entered"])["entered"]


def adjustment_of(settings: Settings, unit: str) -> int:
    """What is added to a unit's total in the end, less what is taken away; each sum up to its cap."""
    points = [one.points for one in settings.adjustments_of(unit)]
    bonus = _capped(sum(p for p in points if p > 0), settings.bonus_cap)
    return bonus - _capped(-sum(p for p in points if p < 0), settings.penalty_cap)


def _capped(points: int, cap: int | None) -> int:
    return points if cap is None else min(points, cap)


def index_of(total: pd.Series, maximum: pd.Series, scale: int) -> pd.Series:
    """100 × total / maximum in units of the last decimal, half up; null where nothing applies."""
    numerator = total.to_numpy(dtype="int64") * 100 * scale
    whole = maximum.to_numpy(dtype="int64")
    index = half_up(numerator, np.maximum(whole, 1))
    return pd.Series(index, index=total.index, dtype="Int64").where(whole > 0)


def ranks(index: pd.Series, group: pd.Series, ties: str) -> pd.Series:
    """Ranks within each group by the printed index, 1 the best; ``ties``: "1-1-3" or "1-1-2"."""
    ranked = index.astype("Float64").groupby(group).rank(method=TIES[ties], ascending=False)
    return ranked.astype("Int64")


def band_of(settings: Settings, group: str, index: int | None) -> str:
    """The name of the highest band whose lower bound the index reaches; a group's own bands first."""
    if index is None or index is pd.NA:
        return ""
    reached = [band for band in settings.bands_of(group) if band.start <= index]
    return max(reached, key=lambda band: band.start).name if reached else ""
