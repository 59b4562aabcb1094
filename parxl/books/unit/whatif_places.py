"""Where everything stands on *Tính thử*, and what of one unit stays while somebody tries other inputs."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from parxl.appraisal import FIRST, SECOND
from parxl.criteria import CriteriaSet, Node, Part
from parxl.exact import points_literal
from parxl.results import Results
from parxl.rules import BLANK, IfZero, Input
from parxl.scoring import settled_case

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

    @property
    def key(self) -> str:
        """Code, part key or input key."""
        if self.part is None:
            return self.node.code
        return self.node.input_key(self.part, self.input.id) if self.input else self.node.key(self.part)

    @property
    def part_key(self) -> str:
        """The key of the part that the row belongs to; of an entered leaf its code."""
        return self.node.key(self.part) if self.part else self.node.code


def lines(criteria: CriteriaSet) -> tuple[Line, ...]:
    """Every row in printed order; a leaf that is its own only part has no row for the part."""
    made: list[tuple[Node, Part | None, Input | None]] = []
    for node in criteria.criterion:
        made.append((node, None, None))
        for part in node.parts:
            made += [(node, part, None)] if part.id else []
            made += [(node, part, wanted) for wanted in part.rule.inputs]
    return tuple(Line(number, *one) for number, one in enumerate(made, start=HEAD_ROW + 1))


class WhatIf:
    """One unit that has scores, and the places of its sheet. Points in units of the last decimal."""

    def __init__(self, results: Results, unit: str):
        self.unit, self.criteria, self.settings = unit, results.criteria, results.settings
        self.scale, self.decimals = self.criteria.scale, self.criteria.decimals
        self.lines = lines(self.criteria)
        self.rows = {line.key: line.number for line in self.lines}
        self.exempt = self.settings.exempt(self.criteria, unit)
        self.inputs: dict[str, int] = results.inputs.loc[unit].to_dict()
        self.states: dict[str, str] = results.scores.states.loc[unit].to_dict()
        self.parts = _units(results.scores.parts.loc[unit])
        self.maxima: dict[str, int] = results.scores.maxima.loc[unit].to_dict()
        self.computed = _units(results.scores.leaves.loc[unit])
        self.finals = _units(results.finals.leaves.loc[unit]) | _units(results.finals.groups.loc[unit])
        self.appraised = {node.code: _appraised(results, unit, node.code) for node in self.criteria.leaves}
        self.standing = _units(results.standings.loc[unit, ["adjustment", "total", "maximum", "index"]])

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
        return self.settings.survey.get((self.unit, code), BLANK)

    def zero_case(self, key: str, part: Part) -> IfZero | None:
        """What a = 0 earns in this campaign."""
        return settled_case(part.rule, self.settings.rulings.get(key))

    def literal(self, units: int) -> str:
        """Points as a formula writes them."""
        return points_literal(units, self.decimals)


def is_independent(part: Part, wanted: Input) -> bool:
    """Does an input stand by itself? The marks of a choice do not: a new one takes the place of the old."""
    return wanted.kind == "count" or part.rule.rule == "checklist"


def _appraised(results: Results, unit: str, code: str) -> tuple[int, ...]:
    """The council's scores of a leaf, the one that decides first."""
    answers = (results.appraisal.answers.get((number, unit, code)) for number in (SECOND, FIRST))
    return tuple(answer.points for answer in answers if answer and answer.points is not None)


def _units(row: pd.Series) -> dict[str, int | None]:
    return {str(key): None if pd.isna(units) else int(units) for key, units in row.items()}
