"""Where points are short: criterion by criterion over all units, and unit by unit."""

from __future__ import annotations

import numpy as np
import pandas as pd

from parxl.league.division import divided
from parxl.scoring import Scores

EVERYONE = "\0"  # in place of a group: all units; no cell can hold it


def criteria_table(scores: Scores, group: pd.Series, scale: int) -> pd.DataFrame:
    """Index: (group or ``EVERYONE``, leaf code), both in the order given. Columns, points in units:

    ``units`` (int: to how many the criterion applies), ``scored`` (of them, with a score), ``full`` (with
    their own maximum), ``zero`` (with 0), ``open`` (without a score yet), ``maximum`` (Int64: mean of the own
    maxima of the scored, half up), ``mean`` (Int64: of the scores, half up), ``percent`` (Int64: 100 × sum of
    scores / sum of own maxima of the scored, half up, in units of the last decimal), ``gap`` (int: sum of
    own maximum − score over the scored), ``passed`` (str: "all" where all scored have full marks, "none"
    where all have 0, "" else). Null where nobody is scored. ``scores``: with the final scores in their places.
    ``scale``: units in a point.
    """
    sums = _sums(scores, group)
    full, zero = (sums[name] == sums["scored"] for name in ("full", "zero"))
    anybody = sums["scored"] > 0
    means = {
        "maximum": divided(sums["own"], sums["scored"]),
        "mean": divided(sums["points"], sums["scored"]),
        "percent": divided(100 * scale * sums["points"], sums["own"]),
        "gap": sums["own"] - sums["points"],
        "passed": np.select([anybody & full, anybody & zero], ["all", "none"], ""),
    }
    return sums[["units", "scored", "full", "zero", "open"]].assign(**means)


def _sums(scores: Scores, group: pd.Series) -> pd.DataFrame:
    """The same index; int64: what is counted and what is summed over the units."""
    maxima, points = scores.maxima, scores.leaves
    applies = maxima > 0
    known = points.notna() & applies
    facts = {
        "units": applies,
        "scored": known,
        "full": (known & (points == maxima)).fillna(False),
        "zero": (known & (points == 0)).fillna(False),
        "open": applies & ~known,
        "own": maxima.where(known, 0),
        "points": points.where(known, 0),
    }
    return pd.DataFrame({name: _summed(fact.astype("int64"), group) for name, fact in facts.items()})


def _summed(fact: pd.DataFrame, group: pd.Series) -> pd.Series:
    """Sums over all units, and over each group."""
    everyone = fact.sum().to_frame(EVERYONE).T
    return pd.concat([everyone, fact.groupby(group, sort=False).sum()]).stack()


def gap_table(scores: Scores) -> pd.DataFrame:
    """What each unit lacks. Index: (unit, leaf code), the largest gap of a unit first, then in printed order.

    Columns in units: ``maximum`` (int: own), ``points`` (Int64; null while open), ``gap`` (int > 0: maximum −
    points, the whole maximum while open). The gaps of a unit add up to its maximum − ``scored``.
    """
    points = scores.leaves.fillna(0).to_numpy(dtype="int64")
    maxima = scores.maxima.to_numpy(dtype="int64")
    gap = maxima - points
    row, column = np.nonzero(gap > 0)
    order = np.lexsort((column, -gap[row, column], row))
    at = row[order], column[order]
    known = pd.Series(points[at], dtype="Int64").where(scores.leaves.notna().to_numpy()[at])
    index = pd.MultiIndex.from_arrays([scores.leaves.index[at[0]], scores.leaves.columns[at[1]]])
    found = pd.DataFrame({"maximum": maxima[at], "points": known, "gap": gap[at]})
    return found.set_axis(index)
