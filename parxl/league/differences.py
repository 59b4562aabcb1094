"""What agencies gave themselves, beside what counts in the end."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from parxl.criteria import CriteriaSet
from parxl.scoring import Scores


@dataclass(frozen=True)
class Differences:
    """Self score − final score, in units of the last decimal. Index of each frame: unit code.

    Only criteria that agencies answer for; null where the form showed no score, or there is no final one.
    """

    leaves: pd.DataFrame  # Int64; a column a leaf
    # Int64: sums of the leaves, null where every leaf is; a column an area with such leaves.
    areas: pd.DataFrame
    # Columns self_score, final, difference (Int64: over the compared leaves); above, below, compared (int: how
    # many leaves have a self score above or below the final one, and how many have both).
    totals: pd.DataFrame


def differences(criteria: CriteriaSet, scores: Scores, self_scores: pd.DataFrame) -> Differences:
    """``scores``: with the final scores in their places. ``self_scores``: Int64, a column a leaf."""
    own = [node.code for node in criteria.leaves if node.kind == "leaf"]
    told, final = self_scores[own], scores.leaves[own]
    leaves = told - final
    both = leaves.notna()
    by_area = {a.code: [n.code for n in criteria.under(a.code) if n.kind == "leaf"] for a in criteria.areas}
    areas = {code: _sum(leaves[below]) for code, below in by_area.items() if below}
    totals = {
        "self_score": _sum(told.where(both)),
        "final": _sum(final.where(both)),
        "difference": _sum(leaves),
        "above": (leaves > 0).sum(axis=1).astype("int64"),
        "below": (leaves < 0).sum(axis=1).astype("int64"),
        "compared": both.sum(axis=1).astype("int64"),
    }
    index = leaves.index
    return Differences(leaves, pd.DataFrame(areas, index=index), pd.DataFrame(totals, index=index))


def _sum(frame: pd.DataFrame) -> pd.Series:
    """Row sums that are null only where every column is."""
    return frame.sum(axis=1, min_count=1).astype("Int64")
