"""Whole numbers divided half up, a column at a time: every mean and every percentage of the league."""

from __future__ import annotations

import numpy as np
import pandas as pd

from parxl.exact import half_up


def divided(numerator: pd.Series, denominator: pd.Series) -> pd.Series:
    """numerator / denominator, both >= 0 and without nulls, half up (Int64); null where the latter is 0."""
    below = denominator.to_numpy(dtype="int64")
    found = half_up(numerator.to_numpy(dtype="int64"), np.maximum(below, 1))
    return pd.Series(found, index=numerator.index, dtype="Int64").where(below > 0)
