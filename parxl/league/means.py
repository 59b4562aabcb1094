"""What a group has on average: the last row of a table that is published."""

from __future__ import annotations

import pandas as pd

from parxl.exact import half_up

MEASURES = ("appraised", "entered", "adjustment", "total", "maximum")


def means(table: pd.DataFrame) -> pd.DataFrame:
    """Index: group. Columns: ``MEASURES`` of ``standings`` (Int64, units of the last decimal).

    The mean over the ranked units that have a figure, half up away from 0; null where none has one. The mean
    of the index is in ``spread``: it is not that of the total over that of the maximum.
    """
    ranked = table[table["index"].notna()]
    rows = {
        group: [_mean(own[name]) for name in MEASURES] for group, own in ranked.groupby("group", sort=False)
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(MEASURES), dtype="Int64")


def _mean(column: pd.Series) -> int | None:
    found = [int(units) for units in column.dropna()]
    if not found:
        return None
    size = half_up(abs(sum(found)), len(found))
    return size if sum(found) >= 0 else -size
