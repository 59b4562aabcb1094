"""Scores -> totals, index, ranks and bands: the order score → index → rank is fixed here.

total   = sum of the final scores (already rounded)
index   = 100 × total / the unit's own maximum, half up to the set's decimals
rank    = by the printed index, high to low, equal index equal rank, each group apart
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from parxl.campaign import TIES, Settings
from parxl.criteria import CriteriaSet
from parxl.exact import half_up
from parxl.scoring import Scores


def standings(criteria: CriteriaSet, settings: Settings, scores: Scores) -> pd.DataFrame:
    """Index: unit code. Columns, in units of the last decimal (Int64, null where there is none):

    ``total``, ``total_low``, ``total_high``, ``maximum``, ``index`` (percent); ``open`` (bool: something
    awaits guidance or the survey is absent); ``group`` (str); ``rank`` (Int64); ``tied`` (bool);
    ``band`` (str, "" for none).
    """
    total = scores.leaves.sum(axis=1).astype("int64")
    maximum = scores.maxima.sum(axis=1)
    open_points = scores.open_points.sum(axis=1)
    groups = {unit.code: unit.group for unit in settings.units}
    frame = pd.DataFrame(
        {
            "total": total,
            "total_low": total,
            "total_high": total + open_points,
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
    own = [band for band in settings.bands if band.group == group]
    bands = own or [band for band in settings.bands if band.group == "*"]
    reached = [band for band in bands if band.start <= index]
    return max(reached, key=lambda band: band.start).name if reached else ""
