"""Whole numbers that may be missing, many at once: as two arrays beside each other, and as a frame.

pandas keeps such numbers (``Int64``) a column at a time, so whatever is done to a whole frame is done column by
column. As one array of values and one of what is known it is done at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from parxl.late import np, pd

Array: TypeAlias = "np.ndarray"
UNKNOWN = -(2**63)  # no score and no count is so low


def arrays(frame: pd.DataFrame) -> tuple[Array, Array]:
    """(values, int64, 0 where unknown; known, bool); both shaped as the frame, which is of whole numbers."""
    found = marked(frame)
    known = found != UNKNOWN
    return np.where(known, found, 0), known


def marked(frame: pd.DataFrame) -> Array:
    """The values (int64), ``UNKNOWN`` for null."""
    return frame.to_numpy(dtype="int64", na_value=UNKNOWN)


def nullable(values: Array, known: Array, index: Sequence[str], columns: Sequence[str]) -> pd.DataFrame:
    """The Int64 frame of these arrays; rows: ``index``, null where not known."""
    masked = {
        name: pd.arrays.IntegerArray(np.array(values[:, at]), ~known[:, at]) for at, name in enumerate(columns)
    }
    return pd.DataFrame(masked, index=index, columns=columns, copy=False)


def known_sum(values: Array, known: Array) -> tuple[Array, Array]:
    """(sums of the rows, what is unknown counting 0; is anything of the row known?)"""
    return np.where(known, values, 0).sum(axis=1), np.any(known, axis=1)


def known_sums(values: Array, known: Array, columns: Iterable[Sequence[int]]) -> tuple[Array, Array]:
    """The same of several groups of columns: a column a group."""
    found = [known_sum(values[:, own], known[:, own]) for own in map(list, columns)]
    shape = len(found), len(values)
    sums = np.array([total for total, _ in found], dtype="int64").reshape(shape)
    return sums.T, np.array([some for _, some in found], dtype=bool).reshape(shape).T


class Rows:
    """A frame of whole numbers, to be asked for one row after the other: column -> value, None for null."""

    def __init__(self, frame: pd.DataFrame):
        self._places = {label: place for place, label in enumerate(frame.index)}
        self._columns = [str(name) for name in frame]
        self._values, self._known = arrays(frame)

    def of(self, label: str) -> dict[str, int | None]:
        place = self._places[label]
        columns = (self._columns, self._values[place].tolist(), self._known[place].tolist())
        return {name: value if is_known else None for name, value, is_known in zip(*columns, strict=True)}


class Row(Mapping[str, Any]):
    """Column -> plain value. The columns stand once for all rows."""

    __slots__ = ("_places", "_values")

    def __init__(self, places: Mapping[str, int], values: tuple[Any, ...]):
        self._places, self._values = places, values

    def __getitem__(self, column: str) -> Any:
        return self._values[self._places[column]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._values)


def rows(frame: pd.DataFrame) -> dict[str, Row]:
    """Index -> column -> plain value (int, str, bool; None for null): of few units, or of few columns."""
    places = {str(name): at for at, name in enumerate(frame)}
    same: dict[int, int] = {}  # thousands of units, few different figures
    columns = ([_plain(value, same) for value in frame[name].tolist()] for name in frame)
    return {code: Row(places, row) for code, row in zip(frame.index, zip(*columns, strict=True), strict=True)}


def _plain(value: Any, same: dict[int, int]) -> Any:
    if value is pd.NA:
        return None
    return same.setdefault(value, value) if type(value) is int else value


def nones(frame: pd.DataFrame) -> list[list[int | None]]:
    """The rows of a frame of whole numbers, None for null."""
    values, known = arrays(frame)
    found = values.astype(object)
    found[~known] = None
    return found.tolist()
