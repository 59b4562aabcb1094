"""One unit's rows of a round's frames. Each frame is turned into arrays once, for all the units to come."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

import pandas as pd

from parxl.frames import arrays

T = TypeVar("T")
Row = dict[str, Any]
MOST_FRAMES = 40  # of a round there are some twenty
# What was made of a frame last: the frame itself, which keeps its id, and the result; oldest first.
_kept: dict[tuple[int, Any], tuple[pd.DataFrame, Any]] = {}


def row_of(frame: pd.DataFrame, unit: str) -> Row:
    """Column -> plain value, None for null. Index of the frame: unit."""
    take: Callable[[str], Row] = _once(frame, _taker)
    return take(unit)


def rows_under(frame: pd.DataFrame, first: str) -> dict[str, Row]:
    """Second level of the index -> its row, in the frame's order. ``first``: the first level."""
    found: dict[str, dict[str, Row]] = _once(frame, _by_first)
    return found.get(first, {})


def _once(frame: pd.DataFrame, make: Callable[[pd.DataFrame], T]) -> T:
    key = (id(frame), make)
    if key not in _kept:
        _kept[key] = (frame, make(frame))
        if len(_kept) > MOST_FRAMES:
            del _kept[next(iter(_kept))]
    made: T = _kept[key][1]
    return made


def _taker(frame: pd.DataFrame) -> Callable[[str], Row]:
    # Several sheets of a unit's workbook ask for the same row, one after the other.
    return lru_cache(maxsize=1)(_any_taker(frame))


def _any_taker(frame: pd.DataFrame) -> Callable[[str], Row]:
    names = [str(name) for name in frame.columns]
    place = {str(unit): number for number, unit in enumerate(frame.index)}
    if all(dtype.kind == "i" for dtype in frame.dtypes):
        values, known = arrays(frame)
        return lambda unit: dict(zip(names, _numbers(values[place[unit]], known[place[unit]]), strict=True))
    table = frame.to_numpy(dtype=object, na_value=None)
    return lambda unit: dict(zip(names, table[place[unit]].tolist(), strict=True))


def _numbers(values: Any, known: Any) -> list[int | None]:
    listed: list[int | None] = values.tolist()
    return (
        listed
        if known.all()
        else [one if is_there else None for one, is_there in zip(listed, known, strict=True)]
    )


def _by_first(frame: pd.DataFrame) -> dict[str, dict[str, Row]]:
    names = [str(name) for name in frame.columns]
    table = frame.to_numpy(dtype=object, na_value=None).tolist()
    found: dict[str, dict[str, Row]] = {}
    for (first, second), values in zip(frame.index, table, strict=True):
        found.setdefault(str(first), {})[str(second)] = dict(zip(names, values, strict=True))
    return found
