"""This year beside last year: the change of the index, of the place, and of each criterion still the same.

Points and places are told apart, and groups apart; what was not measured alike is not compared.
"""

from __future__ import annotations

import unicodedata
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

import pandas as pd

from parxl.campaign import Settings, Unit
from parxl.criteria import CriteriaSet
from parxl.frames import nones
from parxl.previous import Before, Previous

Status = Literal["compared", "new", "not-comparable"]
WORDS: dict[Status, str] = {
    "compared": "so sánh được",
    "new": "không có kết quả năm trước",
    "not-comparable": "không so sánh được",
}
FIGURES = ("index_before", "index", "points", "rank_before", "rank", "places")
NAME_IT = "ghi Mã năm trước nếu vẫn là một đơn vị"


class Leaves(Mapping[str, int]):
    """Leaf code -> change in units of the last decimal. Small: there is one for every unit."""

    __slots__ = ("_changes", "_codes")

    def __init__(self, codes: tuple[str, ...] = (), changes: Iterable[int] = ()):
        self._codes, self._changes = codes, array("q", changes)

    def __getitem__(self, code: str) -> int:
        if code not in self._codes:
            raise KeyError(code)
        return self._changes[self._codes.index(code)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._codes)

    def __len__(self) -> int:
        return len(self._codes)

    def items(self) -> Any:
        return dict(zip(self._codes, self._changes, strict=True)).items()

    def __repr__(self) -> str:
        return repr(dict(self.items()))


@dataclass(frozen=True)
class Change:
    """One unit beside its own result of last year. Points in units of the last decimal.

    ``reason``: why it is not compared. ``points``: of the index. ``places``: better above 0; None where the
    group is another one. ``leaves``: leaf code -> change, in printed order; only criteria still the same.
    """

    status: Status
    reason: str = ""
    before: Before | None = None
    points: int | None = None
    places: int | None = None
    leaves: Mapping[str, int] = field(default_factory=Leaves)

    @property
    def words(self) -> str:
        """What is said in place of a change; "" where there is one."""
        if self.status == "compared":
            return ""
        return f"{WORDS[self.status]} ({self.reason})" if self.reason else WORDS[self.status]


@dataclass(frozen=True)
class Comparison:
    """``units``: code -> change, of those with a result this year. ``leaves``: the criteria still the same."""

    units: Mapping[str, Change]
    leaves: tuple[str, ...]


def compare(
    criteria: CriteriaSet,
    settings: Settings,
    standings: pd.DataFrame,
    finals: pd.DataFrame,
    maxima: pd.DataFrame,
    previous: Previous,
) -> Comparison:
    """Compare all units with a standing. ``finals``, ``maxima``: index unit, a column a leaf."""
    same = _same_leaves(criteria, previous)
    matching, years = _Matching(criteria, settings, previous), _years(standings, finals[same], maxima[same])
    changes = {}
    for unit in settings.units:
        if unit.code in years:
            found = matching.of(unit)
            changes[unit.code] = found if isinstance(found, Change) else _change(found, unit, years[unit.code])
    return Comparison(changes, tuple(same))


# Which unit of last year --------------------------------------------------------------------------


def _claimed(unit: Unit) -> str:
    """The code of last year that a unit goes by."""
    return (unit.last_year_code or unit.code).lower()


class _Matching:
    """Which result of last year is a unit's own."""

    def __init__(self, criteria: CriteriaSet, settings: Settings, previous: Previous):
        self.is_same_set = previous.set == criteria.id
        self.units = previous.units
        self.claims = Counter(_claimed(unit) for unit in settings.units)
        self.names = {_name(before.name): before.code for before in previous.units.values() if before.name}

    def of(self, unit: Unit) -> Before | Change:
        """The unit's own result of last year; or why there is none."""
        if not self.is_same_set:
            return _not_comparable("kết quả năm trước của bộ tiêu chí khác")
        code = _claimed(unit)
        before = self.units.get(code)
        if before is None:
            return self._without_result(unit)
        if self.claims[code] > 1:
            return _not_comparable(f"nhiều đơn vị năm nay cùng ứng với mã năm trước “{before.code}”")
        if not unit.last_year_code and before.name and _name(before.name) != _name(unit.name):
            return _not_comparable(f"năm trước mã này là của “{before.name}”; {NAME_IT}")
        return before

    def _without_result(self, unit: Unit) -> Change:
        if unit.last_year_code:
            return _not_comparable(f"kết quả năm trước không có mã “{unit.last_year_code}”")
        if code := self.names.get(_name(unit.name)):
            return _not_comparable(f"năm trước đơn vị cùng tên mang mã “{code}”; {NAME_IT}")
        return Change("new")


def _not_comparable(reason: str) -> Change:
    return Change("not-comparable", reason)


def _plain(text: str) -> str:
    """A text whatever its spaces, and however its letters are composed."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _name(text: str) -> str:
    return _plain(text).casefold()


# What has changed ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Year:
    """What a unit has this year. ``finals``, ``maxima``: of the criteria still the same; None for no score."""

    index: int | None
    rank: int | None
    finals: dict[str, int | None]
    maxima: dict[str, int]


def _years(standings: pd.DataFrame, finals: pd.DataFrame, maxima: pd.DataFrame) -> dict[str, _Year]:
    """Unit code -> its year; index of each frame: unit."""
    codes, placed = list(finals), standings[["index", "rank"]]
    columns: list[Any] = [nones(placed), nones(finals), maxima.to_numpy().tolist()]
    return {
        str(unit): _Year(index, rank, dict(zip(codes, scores, strict=True)), dict(zip(codes, own, strict=True)))
        for unit, (index, rank), scores, own in zip(standings.index, *columns, strict=True)
    }


def _change(before: Before, unit: Unit, now: _Year) -> Change:
    if before.index is None:
        return _not_comparable("năm trước đơn vị không có kết quả")
    if now.index is None:
        return _not_comparable("năm nay đơn vị không có Chỉ số")
    is_same_group = before.group is not None and _plain(before.group) == _plain(unit.group)
    places = before.rank - now.rank if is_same_group and before.rank and now.rank else None
    return Change("compared", "", before, now.index - before.index, places, _leaves(before, now))


def _same_leaves(criteria: CriteriaSet, previous: Previous) -> list[str]:
    """The criteria with the code, title and maximum that they had last year.

    A result that does not tell titles is taken at its edition: the same one scores the same criteria.
    """
    if not previous.criteria:
        return [node.code for node in criteria.leaves if previous.edition == criteria.edition]
    then = {code: (_plain(one.title), one.maximum) for code, one in previous.criteria.items()}
    now = {node.code: (_plain(node.title), criteria.units(node.max)) for node in criteria.leaves}
    return [code for code, one in now.items() if then.get(code) == one]


def _leaves(before: Before, now: _Year) -> Leaves:
    """Of the criteria for which both years have a score out of the same own maximum."""
    found = {
        code: units - before.final[code]
        for code, units in now.finals.items()
        if units is not None and code in before.final and before.maxima.get(code) == now.maxima[code]
    }
    return Leaves(_same(tuple(found)), found.values())


@lru_cache(maxsize=1024)
def _same(codes: tuple[str, ...]) -> tuple[str, ...]:
    """The same codes as one object, however many units have them."""
    return codes


# As a table, and what changed most ----------------------------------------------------------------


def changes_table(
    criteria: CriteriaSet, settings: Settings, standings: pd.DataFrame, comparison: Comparison
) -> pd.DataFrame:
    """Index: unit code, of all with a standing; group by group in the order of the roster, the largest fall of
    the index first, what is not comparable last.

    Columns: ``FIGURES`` (Int64, null where unknown: percents and their change in units of the last decimal,
    ranks, places as in ``Change``); a column an area code (Int64: sum of the changes of its comparable criteria
    in units of the last decimal, null where none is comparable); ``compared`` (int64: how many criteria are);
    ``words`` (str: why there is no change, "" where there is one).
    """
    groups = list(dict.fromkeys(unit.group for unit in settings.units))
    places, own = {group: place for place, group in enumerate(groups)}, standings["group"].to_dict()
    placed = standings[["index", "rank"]]
    now = dict(zip(standings.index, nones(placed), strict=True))

    def place(code: str) -> tuple[int, bool, int]:
        points = comparison.units[code].points
        return places[own[code]], points is None, points or 0

    codes = sorted(comparison.units, key=place)
    rows = [_row(criteria, comparison.units[code], *now[code]) for code in codes]
    numbers = [*FIGURES, *(area.code for area in criteria.areas)]
    frame = pd.DataFrame(rows, index=codes, columns=[*numbers, "compared", "words"])
    return frame.astype({**dict.fromkeys(numbers, "Int64"), "compared": "int64", "words": "str"})


def _row(criteria: CriteriaSet, change: Change, index: int | None, rank: int | None) -> list[object]:
    before = (change.before.index, change.before.rank) if change.before else (None, None)
    figures = [before[0], index, change.points, before[1], rank, change.places]
    leaves = dict(change.leaves.items())
    areas = [_sum(leaves, [node.code for node in criteria.under(a.code)]) for a in criteria.areas]
    return [*figures, *areas, len(leaves), change.words]


def _sum(leaves: Mapping[str, int], codes: list[str]) -> int | None:
    """Of those that are comparable; None where none is."""
    own = [leaves[code] for code in codes if code in leaves]
    return sum(own) if own else None


def largest(change: Change, limit: int = 3) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """(falls, rises): the criteria that changed most, as (leaf code, change in units of the last decimal).

    The largest first, equal ones in printed order, at most ``limit`` each; what did not change is in neither.
    """
    falls = sorted((one for one in change.leaves.items() if one[1] < 0), key=lambda one: one[1])
    rises = sorted((one for one in change.leaves.items() if one[1] > 0), key=lambda one: -one[1])
    return falls[:limit], rises[:limit]
