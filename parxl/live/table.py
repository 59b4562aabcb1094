"""The form's live cells: each formula, and beside it the value it has for one unit's inputs.

``formulas`` and ``values`` are keyed by the same cells. The formulas reach an input only through its
cleaned value in a hidden, locked column, and that column reaches the input by a fixed block and its
locked label's row, so that cutting one input onto another rewrites no formula.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from parxl.checksum import FACTOR, MODULUS, START, checksum, running_digests
from parxl.criteria import Node, Part
from parxl.exact import points_number
from parxl.late import pd
from parxl.layout import CHECK, DIGEST, INPUT, SCORE, STATE, TITLE, VALUE, Layout
from parxl.live.pieces import (
    DONE,
    STATUS,
    Value,
    clean_count,
    clean_mark,
    cleaned_value,
    hint,
    hint_formula,
    parts_sum_formula,
    score_formula,
    status_formula,
    sum_formula,
    waived_formula,
    worst_formula,
    worst_state,
)
from parxl.rules import State
from parxl.scoring import Scores, score

FORM = "form"
EARNING = (State.SCORED, State.ZERO, State.WAIVED)
EXEMPT_FORMULA = f'="{State.NOT_APPLICABLE}"'  # the state of a part that does not apply to the unit


# Formulas -----------------------------------------------------------------------------------------


def formulas(layout: Layout) -> dict[str, str]:
    """Cell -> formula, for every live cell of the table. The state of an exempt part is ``EXEMPT_FORMULA``."""
    found: dict[str, str] = {}
    for maker in (_cleaned, _digests, _part_cells, _leaf_cells, _sum_cells):
        found.update(maker(layout))
    return found


def _cleaned(layout: Layout) -> Iterator[tuple[str, str]]:
    """Column VALUE: a number, "" for blank, "!" for anything else; and the arrow beside the input."""
    for key, row in layout.input_rows.items():
        assert row.input is not None
        assert row.node is not None
        assert row.part is not None
        typed = f"INDEX(${INPUT}$1:${INPUT}${layout.last_row},ROW(${TITLE}${row.number}))"
        cell = layout.value_cell(key)
        clean = clean_mark(typed) if row.input.kind == "mark" else clean_count(typed, row.input.decimals)
        yield cell, f"={clean}"
        if row.number not in layout.part_rows.values():
            state = f"{STATE}{layout.part_rows[row.node.key(row.part)]}"
            yield f"{CHECK}{row.number}", f"={hint_formula(cell, state)}"


def _digests(layout: Layout) -> Iterator[tuple[str, str]]:
    """Column DIGEST: a running checksum of the cleaned values; the last one is shown."""
    before = str(START)
    for row in layout.input_rows.values():
        cell = f"{VALUE}{row.number}"
        code = f'IF({cell}="",1,IF({cell}="!",2,{cell}+3))'
        yield f"{DIGEST}{row.number}", f"=MOD({before}*{FACTOR}+{code},{MODULUS})"
        before = f"{DIGEST}{row.number}"
    thirds = (f"INT({before}/1000000)", f"MOD(INT({before}/1000),1000)", f"MOD({before},1000)")
    yield layout.checksum_cell, "=" + '&"-"&'.join(f'TEXT({third},"000")' for third in thirds)


def _part_cells(layout: Layout) -> Iterator[tuple[str, str]]:
    for key, node, part in layout.criteria.parts:
        row = layout.part_rows[key]
        yield f"{STATE}{row}", _state_formula(layout, node, part)
        yield f"{SCORE}{row}", "=" + _score_formula(layout, node, part)
        yield f"{CHECK}{row}", f"={status_formula(f'{STATE}{row}')}"


def _state_formula(layout: Layout, node: Node, part: Part) -> str:
    formula = part.rule.state_formula(lambda i: layout.value_cell(node.input_key(part, i)))
    waiver = layout.criteria.waivers.get(node.key(part))
    return "=" + (waived_formula(layout.value_cell(waiver), formula) if waiver else formula)


def _score_formula(layout: Layout, node: Node, part: Part) -> str:
    key = node.key(part)
    state = f"{STATE}{layout.part_rows[key]}"
    points = part.rule.points_formula(lambda i: layout.value_cell(node.input_key(part, i)))
    return score_formula(part.rule, points, state, part.rule.zero_case, key in layout.criteria.waivers)


def _leaf_cells(layout: Layout) -> Iterator[tuple[str, str]]:
    """The row of a leaf with several parts: its worst state, and the sum of what its parts earn."""
    for node in layout.criteria.leaves:
        if (len(node.parts) == 1 and not node.parts[0].id) or not node.parts:
            continue
        row = layout.row_of(node.code)
        rows = [layout.part_rows[node.key(part)] for part in node.parts]
        states, scores = ([f"{column}{r}" for r in rows] for column in (STATE, SCORE))
        yield f"{STATE}{row}", f"={worst_formula(states)}"
        yield f"{SCORE}{row}", f"={parts_sum_formula(states, scores, layout.criteria.decimals)}"
        yield f"{CHECK}{row}", f"={status_formula(f'{STATE}{row}')}"


def _sum_cells(layout: Layout) -> Iterator[tuple[str, str]]:
    for code, children in layout.criteria.children.items():
        row = layout.row_of(code) if code else layout.total_row
        cells = [f"{SCORE}{layout.row_of(child.code)}" for child in children]
        yield f"{SCORE}{row}", f"={sum_formula(cells, layout.criteria.decimals)}"


# Values -------------------------------------------------------------------------------------------


class Live:
    """The values that the formulas have for one unit."""

    def __init__(
        self,
        layout: Layout,
        inputs: Mapping[str, int],
        scores: Scores,
        unit: str,
        exempt: Collection[str] = (),
    ):
        self.layout = layout
        self.criteria = layout.criteria
        self.inputs = inputs
        self.states: dict[str, State] = {
            key: State.NOT_APPLICABLE if key in exempt else State(state)
            for key, state in scores.states.loc[unit].items()
        }
        self.points: dict[str, int] = {
            key: int(points) for key, points in scores.parts.loc[unit].items() if self.states[key] in EARNING
        }

    def values(self) -> dict[str, Value]:
        """Cell -> the formula's value."""
        found: dict[str, Value] = {}
        for maker in (self._cleaned, self._digests, self._part_cells, self._leaf_cells, self._sums):
            found.update(maker())
        return found

    def leaf_state(self, node: Node) -> State:
        return worst_state([self.states[node.key(part)] for part in node.parts])

    def leaf_points(self, node: Node) -> int | None:
        """Units as the sheet shows them, or None where it shows a blank."""
        keys = [node.key(part) for part in node.parts]
        waits = any(self.states[key] == State.AWAITING for key in keys)
        earned = [self.points[key] for key in keys if key in self.points]
        return sum(earned) if earned and not waits else None

    def shown(self, code: str) -> int | None:
        """Units of a group, area, leaf or ("") the total as the sheet shows them; None: blank."""
        if code in self.criteria.by_code and self.criteria.by_code[code].kind != "group":
            return self.leaf_points(self.criteria.by_code[code])
        below = [self.shown(child.code) for child in self.criteria.children[code]]
        known = [points for points in below if points is not None]
        return sum(known) if known else None

    def checksum(self) -> str:
        return checksum(self.criteria, self.inputs)

    def _number(self, units: int | None) -> Value:
        return "" if units is None else points_number(units, self.criteria.decimals)

    def _cleaned(self) -> Iterator[tuple[str, Value]]:
        heads = set(self.layout.part_rows.values())
        for key, row in self.layout.input_rows.items():
            value = self.inputs[key]
            yield f"{VALUE}{row.number}", cleaned_value(value)
            if row.number not in heads:
                assert row.node is not None
                assert row.part is not None
                yield f"{CHECK}{row.number}", hint(value, self.states[row.node.key(row.part)])

    def _digests(self) -> Iterator[tuple[str, Value]]:
        digests = running_digests(self.criteria, self.inputs)
        for row, digest in zip(self.layout.input_rows.values(), digests, strict=True):
            yield f"{DIGEST}{row.number}", digest
        yield self.layout.checksum_cell, self.checksum()

    def _part_cells(self) -> Iterator[tuple[str, Value]]:
        for key, row in self.layout.part_rows.items():
            yield f"{STATE}{row}", str(self.states[key])
            yield f"{SCORE}{row}", self._number(self.points.get(key))
            yield f"{CHECK}{row}", STATUS.get(self.states[key], DONE)

    def _leaf_cells(self) -> Iterator[tuple[str, Value]]:
        for node in self.criteria.leaves:
            if not node.parts:
                continue
            row, state = self.layout.row_of(node.code), self.leaf_state(node)
            yield f"{STATE}{row}", str(state)
            yield f"{SCORE}{row}", self._number(self.leaf_points(node))
            yield f"{CHECK}{row}", STATUS.get(state, DONE)

    def _sums(self) -> Iterator[tuple[str, Value]]:
        for code in self.criteria.children:
            row = self.layout.row_of(code) if code else self.layout.total_row
            yield f"{SCORE}{row}", self._number(self.shown(code))


def live_of(
    layout: Layout, inputs: Mapping[str, int], exempt: Collection[str] = (), scores: Scores | None = None
) -> Live:
    """The live values for one unit's inputs, with nothing ruled or surveyed.

    ``scores``: ``form_scores`` of the same inputs, where several forms share them.
    """
    return Live(layout, inputs, scores or form_scores(layout, inputs), FORM, exempt)


def form_scores(layout: Layout, inputs: Mapping[str, int]) -> Scores:
    """What a form with these inputs shows by itself; index: one row, ``FORM``."""
    frame = pd.DataFrame([dict(inputs)], index=[FORM], dtype="int64")
    return score(layout.criteria, frame)
