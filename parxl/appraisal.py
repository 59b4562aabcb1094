"""The appraisal: what the council decided on each unit's criteria, merged from many hands.

Final = second appraisal, else first, else computed. What awaits guidance may be appraised too, and awaits
nothing then; what does not apply has no score to appraise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

import numpy as np
import pandas as pd

from parxl.criteria import CriteriaSet
from parxl.desk import ROUNDS
from parxl.exact import points_text
from parxl.findings import Finding, finding
from parxl.frames import Array, arrays, nullable
from parxl.scoring import Scores, group_sums

FIRST, SECOND = ROUNDS
Key = tuple[int, str, str]  # round, unit code, leaf code


@dataclass(frozen=True)
class Answer:
    """What one hand wrote about one criterion of one unit, and where.

    ``points``: units of the last decimal, None for a remark without a score. ``computed``: the score that the
    workbook showed beside it, None where it showed none.
    """

    number: int  # of the round
    unit: str
    code: str
    points: int | None
    reason: str
    computed: int | None
    file: str
    sheet: str
    cell: str

    @property
    def key(self) -> Key:
        return self.number, self.unit, self.code

    @property
    def says_anything(self) -> bool:
        return self.points is not None or bool(self.reason)

    @property
    def place(self) -> dict[str, str]:
        return {"file": self.file, "sheet": self.sheet, "cell": self.cell, "criterion": self.code}


@dataclass(frozen=True)
class Appraisal:
    """The one answer to each question; ``findings``: on what could not be taken."""

    answers: Mapping[Key, Answer] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


NOTHING_APPRAISED = Appraisal()


def merge(answers: Iterable[Answer], decimals: int, findings: Iterable[Finding] = ()) -> Appraisal:
    """One answer a question. Two different scores are a conflict (PX705 at each), and neither counts."""
    by_key: dict[Key, list[Answer]] = {}
    for answer in answers:
        by_key.setdefault(answer.key, []).append(answer)
    kept: dict[Key, Answer] = {}
    told = list(findings)
    for key, own in by_key.items():
        if len({answer.points for answer in own if answer.points is not None}) > 1:
            told += _conflict(own, decimals)
        else:
            kept[key] = _joined(own)
    return Appraisal(kept, tuple(told))


def _joined(own: list[Answer]) -> Answer:
    """The same score by several hands: every reason is kept."""
    decided = next((answer for answer in own if answer.points is not None), own[0])
    reasons = dict.fromkeys(answer.reason for answer in own if answer.reason)
    return replace(decided, reason="; ".join(reasons))


def _conflict(own: list[Answer], decimals: int) -> Iterator[Finding]:
    said = [(answer, answer.points) for answer in own if answer.points is not None]
    texts = "; ".join(f"{a.file} ô {a.cell}: {points_text(points, decimals)}" for a, points in said)
    yield from (finding("PX705", **answer.place, unit=answer.unit, answers=texts) for answer, _ in said)


# What is a score ----------------------------------------------------------------------------------

SHEET_DIGITS = 15  # as many as a spreadsheet program compares


def typed_units(number: Decimal, maximum: int, decimals: int) -> int | None:
    """Points -> units; None unless they lie between 0 and the maximum, in the set's decimals."""
    scaled = number.scaleb(decimals)
    if not 0 <= scaled <= maximum or scaled != scaled.to_integral_value():
        return None
    return int(scaled)


def as_typed(number: int | float) -> Decimal:
    """A number of a sheet as a person sees it: without the noise behind its fifteenth digit."""
    return Decimal(number) if isinstance(number, int) else Decimal(f"{number:.{SHEET_DIGITS}g}")


def checked(
    answers: Iterable[Answer], scores: Scores, decimals: int
) -> tuple[tuple[Answer, ...], list[Finding]]:
    """The answers that today's scores leave room for, and what is to be told of them and of the others.

    An answer for a unit that has no scores now is kept: it counts again as soon as the unit has some.
    """
    kept, told, answers = [], [], list(answers)
    firsts = {(a.unit, a.code): a.points for a in answers if a.number == FIRST and a.points is not None}
    today = _Today(scores)
    for answer in answers:
        first = firsts.get((answer.unit, answer.code)) if answer.number == SECOND else None
        found = _against(answer, today, first, decimals)
        told += [found] if found else []
        if found is None or found.severity == "warning":
            kept.append(answer)
    return tuple(kept), told


class _Today:
    """Today's computed scores, to be asked one at a time."""

    def __init__(self, scores: Scores):
        self.rows = {unit: row for row, unit in enumerate(scores.maxima.index)}
        self.columns = {code: column for column, code in enumerate(scores.maxima)}
        self._maxima = scores.maxima.to_numpy(dtype="int64")
        self._scores, self._known = arrays(scores.leaves)

    def maximum(self, unit: str, code: str) -> int:
        return int(self._maxima[self.rows[unit], self.columns[code]])

    def score(self, unit: str, code: str) -> int | None:
        at = self.rows[unit], self.columns[code]
        return int(self._scores[at]) if self._known[at] else None


def _against(answer: Answer, today: _Today, first: int | None, decimals: int) -> Finding | None:
    unit, code = answer.unit, answer.code
    if unit not in today.rows:
        return finding("PX707", **answer.place, unit=unit)
    maximum = today.maximum(unit, code)
    if not maximum:
        return finding("PX710", **answer.place, unit=unit)
    if answer.points is None:
        return None
    points = points_text(answer.points, decimals)
    if answer.points > maximum:
        own = points_text(maximum, decimals)
        return finding("PX709", **answer.place, unit=unit, points=points, maximum=own)
    now = today.score(unit, code)
    if answer.points != (now if first is None else first) and not answer.reason:
        return finding(
            "PX702", **answer.place, unit=unit, points=points, standing=standing(first, now, decimals)
        )
    if now == answer.computed:
        return None
    facts = {"then": _score_text(answer.computed, decimals), "now": _score_text(now, decimals)}
    return finding("PX706", **answer.place, unit=unit, points=points, **facts)


def standing(first: int | None, computed: int | None, decimals: int) -> str:
    """The score that a blank agrees with, in words."""
    if first is not None:
        return f"điểm thẩm định lần 1 ({points_text(first, decimals)})"
    return f"điểm tính ({_score_text(computed, decimals)})"


def _score_text(units: int | None, decimals: int) -> str:
    return "chưa có" if units is None else points_text(units, decimals)


# Final scores -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Finals:
    """Index of each frame: unit code. Points in units of the last decimal.

    ``leaves``, ``open_points``: a column a leaf. ``groups``: a column a group or area. ``appraised``: a column
    a leaf, null where nothing was appraised. ``rounds``: the round that decided, 0 for none.
    """

    leaves: pd.DataFrame  # Int64; null: awaiting, absent or not applicable
    open_points: pd.DataFrame  # int64
    groups: pd.DataFrame  # Int64
    appraised: pd.DataFrame  # Int64
    rounds: pd.DataFrame  # int64

    def applied_to(self, scores: Scores) -> Scores:
        """The computed scores with the final ones in their places: what totals rest on."""
        return replace(scores, leaves=self.leaves, open_points=self.open_points, groups=self.groups)


def finals(criteria: CriteriaSet, scores: Scores, appraisal: Appraisal) -> Finals:
    """Final = second appraisal, else first, else computed."""
    if not appraisal.answers:
        return _as_computed(scores)
    index, codes = scores.leaves.index, scores.leaves.columns
    decided, rounds = _decided(scores, appraisal)
    is_appraised = rounds > 0
    values, known = arrays(scores.leaves)
    still_open = scores.open_points.to_numpy(dtype="int64")
    values, known = np.where(is_appraised, decided, values), known | is_appraised
    return Finals(
        leaves=nullable(values, known, index, codes),
        open_points=pd.DataFrame(np.where(is_appraised, 0, still_open), index=index, columns=codes),
        groups=group_sums(criteria, values, known, index),
        appraised=nullable(decided, is_appraised, index, codes),
        rounds=pd.DataFrame(rounds, index=index, columns=codes),
    )


def _as_computed(scores: Scores) -> Finals:
    """The same where nothing is appraised, without a second copy of every frame."""
    index, codes = scores.leaves.index, scores.leaves.columns
    nothing = np.zeros((len(index), 1), dtype="int64")
    null = nullable(nothing, nothing > 0, index, [""])
    return Finals(
        leaves=scores.leaves,
        open_points=scores.open_points,
        groups=scores.groups,
        appraised=pd.DataFrame(dict.fromkeys(codes, null[""].array), index=index, columns=codes, copy=False),
        rounds=pd.DataFrame(np.broadcast_to(np.int64(0), scores.leaves.shape), index, codes, copy=False),
    )


def _decided(scores: Scores, appraisal: Appraisal) -> tuple[Array, Array]:
    """(points, round that decided or 0), int64; a row a unit, a column a leaf."""
    today = _Today(scores)
    points, rounds = (np.zeros(scores.maxima.shape, dtype="int64") for _ in range(2))
    for (number, unit, code), answer in appraisal.answers.items():
        if unit in today.rows and answer.points is not None and today.maximum(unit, code):
            at = today.rows[unit], today.columns[code]
            if number > rounds[at]:
                points[at], rounds[at] = answer.points, number
    return points, rounds
