"""Where everything stands on *Tính thử*, and what of one unit stays while somebody tries other inputs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from parxl.appraisal import FIRST, SECOND
from parxl.books.unit.ground import Ground, ground_of
from parxl.books.unit.rows import row_of
from parxl.criteria import CriteriaSet, Node, Part
from parxl.exact import points_literal
from parxl.layout import Layout
from parxl.results import Results
from parxl.rules import BLANK, IfZero, Input

CODE, TITLE, MAX, SENT, TRY, NOW, TRIED, CHANGE, NOTE = "ABCDEFGHI"
# Hidden: what is typed, cleaned; what counts of it; the state; the points that count upwards.
TYPED, VALUE, STATE, COUNTED = "JKLM"
TITLE_ROW, WORDS_ROW, TOP_ROW, TOTAL_ROW, MAXIMUM_ROW, INDEX_ROW, HEAD_ROW = range(1, 8)


@dataclass(frozen=True)
class Line:
    """One row under the headings: of an area, group or leaf; of one of a leaf's parts; of an input."""

    number: int
    node: Node
    part: Part | None = None
    input: Input | None = None

    @cached_property
    def key(self) -> str:
        """Code, part key or input key."""
        if self.part is None:
            return self.node.code
        return self.node.input_key(self.part, self.input.id) if self.input else self.node.key(self.part)

    @cached_property
    def part_key(self) -> str:
        """The key of the part that the row belongs to; of an entered leaf its code."""
        return self.node.key(self.part) if self.part else self.node.code

    def at(self, column: str) -> str:
        return f"{column}{self.number}"


def lines(criteria: CriteriaSet) -> tuple[Line, ...]:
    """Every row in printed order; a leaf that is its own only part has no row for the part."""
    made: list[tuple[Node, Part | None, Input | None]] = []
    for node in criteria.criterion:
        made.append((node, None, None))
        for part in node.parts:
            made += [(node, part, None)] if part.id else []
            made += [(node, part, wanted) for wanted in part.rule.inputs]
    return tuple(Line(number, *one) for number, one in enumerate(made, start=HEAD_ROW + 1))


class _Printed(NamedTuple):
    """``rows``: by key; ``leaves_under``: codes, by code of an area or group."""

    lines: tuple[Line, ...]
    rows: dict[str, int]
    leaves_under: dict[str, tuple[str, ...]]


@lru_cache(maxsize=4)
def _printed(layout: Layout) -> _Printed:
    criteria, made = layout.criteria, lines(layout.criteria)
    under = {node.code: tuple(leaf.code for leaf in criteria.under(node.code)) for node in criteria.groups}
    return _Printed(made, {line.key: line.number for line in made}, under)


class Places:
    """The sheet as it is of all units: nothing exempt, submitted, appraised or adjusted.

    ``cases``: part key -> what a = 0 earns in this campaign. Points in units of the last decimal.
    """

    def __init__(self, layout: Layout, cases: Mapping[str, IfZero | None]):
        self.layout, self.criteria, self.cases = layout, layout.criteria, cases
        self.scale, self.decimals = self.criteria.scale, self.criteria.decimals
        self.lines, self.rows, self.leaves_under = _printed(layout)
        self.exempt: Collection[str] = ()
        self.inputs: Mapping[str, int] = dict.fromkeys(self.criteria.inputs, BLANK)
        self.appraised: dict[str, tuple[int, ...]] = {node.code: () for node in self.criteria.leaves}
        self.standing: dict[str, Any] = {"adjustment": 0}

    @property
    def last_row(self) -> int:
        return self.lines[-1].number

    def at(self, column: str, key: str) -> str:
        """The cell of a node, part or input in a column."""
        return f"{column}{self.rows[key]}"

    def is_open(self, line: Line) -> bool:
        """Is there something to type into this row?"""
        asked = line.input is not None or line.node.kind == "entered"
        return asked and line.part_key not in self.exempt

    @property
    def first_cells(self) -> dict[str, str]:
        """Part key, or code of an entered leaf -> the first cell to type into."""
        found: dict[str, str] = {}
        for line in self.lines:
            if self.is_open(line):
                found.setdefault(line.part_key, f"{TRY}{line.number}")
        return found

    def entered(self, code: str) -> int:
        """The points that the department entered for a leaf; BLANK for none."""
        return BLANK

    def literal(self, units: int) -> str:
        """Points as a formula writes them."""
        return points_literal(units, self.decimals)


class WhatIf(Places):
    """The sheet of one unit that has scores."""

    def __init__(self, results: Results, unit: str, ground: Ground | None = None):
        super().__init__(results.layout, (ground or ground_of(results)).zero_cases)
        scores, decided = results.scores, results.finals
        self.unit, self.settings = unit, results.settings
        self.exempt = self.settings.exempt(self.criteria, unit)
        self.inputs = row_of(results.inputs, unit)
        self.states: dict[str, str] = row_of(scores.states, unit)
        self.parts = row_of(scores.parts, unit)
        self.maxima: dict[str, int] = row_of(scores.maxima, unit)
        self.computed = row_of(scores.leaves, unit)
        self.finals = row_of(decided.leaves, unit) | row_of(decided.groups, unit)
        self.standing = row_of(results.standings, unit)
        if results.appraisal.answers:
            self.appraised = {code: _appraised(results, unit, code) for code in self.appraised}

    def entered(self, code: str) -> int:
        return self.settings.survey.get((self.unit, code), BLANK)

    def own_maximum(self, code: str) -> int:
        """Of an area, group or leaf, without what does not apply to the unit."""
        maxima = self.maxima
        return maxima[code] if code in maxima else sum([maxima[leaf] for leaf in self.leaves_under[code]])


def is_independent(part: Part, wanted: Input) -> bool:
    """Does an input stand by itself? The marks of a choice do not: a new one takes the place of the old."""
    return wanted.kind == "count" or part.rule.rule == "checklist"


def _appraised(results: Results, unit: str, code: str) -> tuple[int, ...]:
    """The council's scores of a leaf, the one that decides first."""
    answers = (results.appraisal.answers.get((number, unit, code)) for number in (SECOND, FIRST))
    return tuple(answer.points for answer in answers if answer and answer.points is not None)
