"""How a group's results are spread: mean, median, lowest, highest, standard deviation; grades."""

from __future__ import annotations

from math import isqrt

import pandas as pd

from parxl.campaign import Settings
from parxl.exact import half_up
from parxl.league.areas import Areas

INDEX = "index"  # the measure beside the area codes
MEASURES = ("mean", "median", "lowest", "highest", "deviation")


def spread(table: pd.DataFrame, areas: Areas) -> pd.DataFrame:
    """Index: (group, measure), measure ``INDEX`` or an area code. Columns:

    ``count`` (int), ``mean``, ``median``, ``lowest``, ``highest``, ``deviation`` (Int64: percents in units of
    the last decimal, half up, null where count is 0). ``deviation``: of the whole group (population),
    exact: the root is taken of whole numbers.
    """
    values = {INDEX: table["index"].tolist()} | {code: areas.percent[code].tolist() for code in areas.percent}
    rows = {
        (group, measure): _summary([v for v in (column[at] for at in own) if v is not pd.NA])
        for group, own in _members(table["group"]).items()
        for measure, column in values.items()
    }
    return _frame(rows, ["group", "measure"], ["count", *MEASURES])


def _members(group: pd.Series) -> dict[str, list[int]]:
    """Group -> the places of its units, in the order given."""
    found: dict[str, list[int]] = {}
    for at, name in enumerate(group):
        found.setdefault(name, []).append(at)
    return found


def _summary(values: list[int]) -> list[int | None]:
    """count and ``MEASURES``"""
    count = len(values)
    if not values:
        return [0, *(None for _ in MEASURES)]
    values = sorted(values)
    middle = values[(count - 1) // 2] + values[count // 2]
    mean = half_up(sum(values), count)
    return [count, mean, half_up(middle, 2), values[0], values[-1], _deviation(values)]


def _deviation(values: list[int]) -> int:
    """Half up, and exact: floor(√v / n + 1/2) is that of whole numbers, v being n² times the variance."""
    count = len(values)
    v = count * sum(x * x for x in values) - sum(values) ** 2
    return (isqrt(4 * v) + count) // (2 * count)


def _frame(rows: dict[tuple[str, str], list[int | None]], names: list[str], columns: list[str]) -> pd.DataFrame:
    index = pd.MultiIndex.from_arrays([[key[level] for key in rows] for level in (0, 1)], names=names)
    found = pd.DataFrame(list(rows.values()), index=index, columns=columns, dtype="Int64")
    return found.astype({"count": "int64"})


def grades(settings: Settings, table: pd.DataFrame) -> pd.DataFrame:
    """Index: (group, band name), bands from the highest down, "" last for units below all bands. Columns:

    ``count`` (int), ``percent`` (Int64: tenths of a percent of the group's ranked units, half up).
    Only groups that have bands.
    """
    ranked = table[table["index"].notna()]
    counts = ranked.groupby(["group", "band"]).size().to_dict()
    rows: dict[tuple[str, str], list[int | None]] = {}
    for group in _members(table["group"]):
        names = _band_names(settings, group)
        own = [counts.get((group, name), 0) for name in names]
        for name, count in zip(names, own, strict=True):
            rows[group, name] = [count, half_up(1000 * count, sum(own)) if sum(own) else None]
    return _frame(rows, ["group", "band"], ["count", "percent"])


def _band_names(settings: Settings, group: str) -> list[str]:
    """From the highest down, "" last; [] where the group has no bands."""
    names = [band.name for band in sorted(settings.bands_of(group), key=lambda band: -band.start)]
    return [*dict.fromkeys(names), ""] if names else []
