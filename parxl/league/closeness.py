"""How firm a rank is: near ties, the way to the next rank, and the ranks that are still possible."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd

from parxl.campaign import TIES, Settings
from parxl.criteria import CriteriaSet
from parxl.frames import arrays
from parxl.league.standings import index_of
from parxl.scoring import Scores

NEAR_TIE = Decimal("0.5")  # percent points of the index


def unproven_points(
    criteria: CriteriaSet, scores: Scores, appraised: pd.DataFrame, evidence: pd.DataFrame
) -> pd.DataFrame:
    """Points that no evidence supports and no council has confirmed. Index: unit; int64, a column a leaf.

    ``evidence``: index unit, bool, a column a leaf. ``appraised``: Int64, null where nothing was appraised.
    Criteria whose points the department enters need none.
    """
    frame = scores.leaves
    points, is_scored = arrays(frame)
    own = [criteria.by_code[code].kind == "leaf" for code in frame]
    said, written = (one.loc[frame.index, frame.columns] for one in (appraised, evidence))
    counts = is_scored & said.isna().to_numpy() & ~written.to_numpy() & own
    return pd.DataFrame(np.where(counts, points, 0), index=frame.index, columns=frame.columns)


def closeness(
    criteria: CriteriaSet, settings: Settings, table: pd.DataFrame, unproven: pd.DataFrame
) -> pd.DataFrame:
    """Index: unit code. Columns, in units of the last decimal (Int64, null where there is none):

    ``behind``: how far the index lies below the next better one of the group (null for the best);
    ``ahead``: above the next worse one (null for the worst); ``near`` (bool: one of both is at most NEAR_TIE;
    an equal index is a tie, not near); ``unproven``, ``open`` (points; ``open``: what the total can still gain,
    less than the open points where a deduction exceeds what is scored); ``index_low``: without the unproven
    points; ``index_high``: with all that is open granted; ``best_rank``: the unit at its high, all others
    at their low; ``worst_rank``: the unit at its low, all others at their high. ``table``: of ``standings``.
    """
    points, scale = unproven.sum(axis=1), criteria.scale
    low_total = (table["scored"] - points + table["adjustment"]).clip(lower=0)
    low = index_of(low_total, table["maximum"], scale)
    high = index_of(table["total_high"], table["maximum"], scale)
    found = _in_groups(table["group"], table["index"], low, high, settings.ties)
    near = found[["behind", "ahead"]] <= int(NEAR_TIE.scaleb(criteria.decimals))
    columns = {
        "behind": found["behind"],
        "ahead": found["ahead"],
        "near": near.any(axis=1).astype(bool),
        "unproven": points.astype("Int64"),
        "open": (table["total_high"] - table["total"]).astype("Int64"),
        "index_low": low,
        "index_high": high,
        "best_rank": found["best_rank"],
        "worst_rank": found["worst_rank"],
    }
    return pd.DataFrame(columns, index=table.index)


def _in_groups(group: pd.Series, index: pd.Series, low: pd.Series, high: pd.Series, ties: str) -> pd.DataFrame:
    """What is found within each group, the units with an index alone (Int64)."""
    names = ["behind", "ahead", "best_rank", "worst_rank"]
    found = np.zeros((len(names), len(group)), dtype="int64")
    known = np.flatnonzero(index.notna())
    now, least, most = (column.to_numpy(dtype="int64", na_value=0) for column in (index, low, high))
    for within in group.iloc[known].groupby(group.iloc[known].to_numpy()).indices.values():
        at = known[within]
        found[:2, at] = _distances(now[at])
        found[2:, at] = _possible(least[at], most[at], TIES[ties] == "dense")
    frame = pd.DataFrame(found.T, index=group.index, columns=names, dtype="Int64")
    return frame.where(frame > 0)  # no distance and no rank is 0


def _distances(index: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(to the next better, to the next worse) among the different ones; 0 where there is none."""
    known, at = np.unique(index, return_inverse=True)
    steps = np.diff(known)
    return np.append(steps, 0)[at], np.insert(steps, 0, 0)[at]


def _possible(low: np.ndarray, high: np.ndarray, dense: bool) -> tuple[np.ndarray, np.ndarray]:
    """(best ranks, worst ranks)"""
    best = 1 + _above(low, high, dense)  # the own low is never above the own high
    _, at, count = np.unique(high, return_inverse=True, return_counts=True)
    own = (high > low) & ((count[at] == 1) | (not dense))
    return best, 1 + _above(high, low, dense) - own


def _above(values: np.ndarray, marks: np.ndarray, dense: bool) -> np.ndarray:
    """How many values, or different values, lie above each mark."""
    known = np.unique(values) if dense else np.sort(values)
    return len(known) - np.searchsorted(known, marks, side="right")
