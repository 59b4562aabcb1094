"""The form's live cells: each formula, and beside it the value it has for one unit's inputs.

``formulas`` and ``values`` are keyed by the same cells. The formulas reach an input only through its
cleaned value in a hidden, locked column, and that column reaches the input by a fixed block and its
locked label's row, so that cutting one input onto another rewrites no formula.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import pandas as pd

from parxl.checksum import FACTOR, MODULUS, START, checksum, running_digests
from parxl.criteria import Node, Part
from parxl.exact import points_literal, points_number
from parxl.layout import CHECK, DIGEST, INPUT, SCORE, STATE, TITLE, VALUE, Layout, Row
from parxl.rules import BLANK, DAMAGED, State
from parxl.rules.base import TOLERANCE, TOP
from parxl.rules.marks import MARKS
from parxl.scoring import Scores, score

Value = str | float

DONE, MISSING, CONTRADICTORY, DAMAGE, WAITING, OUT = (
    "Đủ",
    "Còn thiếu",
    "Mâu thuẫn",
    "Sai số liệu",
    "Chờ hướng dẫn",
    "Không áp dụng",
)
STATUS = {
    State.DAMAGED: DAMAGE,
    State.CONTRADICTORY: CONTRADICTORY,
    State.MISSING: MISSING,
    State.AWAITING: WAITING,
    State.NOT_APPLICABLE: OUT,
}
# The state of a leaf is the first of these that one of its parts has.
WORST_FIRST = (State.DAMAGED, State.CONTRADICTORY, State.MISSING, State.AWAITING)
FORM = "form"
TYPE_HERE, NOT_VALID = "◄ nhập", "◄ sai"
EARNING = (State.SCORED, State.ZERO, State.WAIVED)


# Formulas -----------------------------------------------------------------------------------------


def formulas(layout: Layout, exempt: Collection[str] = ()) -> dict[str, str]:
    """Cell -> formula, for every live cell of the table."""
    found: dict[str, str] = {}
    for maker in (_cleaned, _digests, _part_cells, _leaf_cells, _sum_cells):
        found.update(maker(layout, exempt))
    return found


def _cleaned(layout: Layout, exempt: Collection[str]) -> Iterator[tuple[str, str]]:
    """Column VALUE: a number, "" for blank, "!" for anything else; and the arrow beside the input."""
    for key, row in layout.input_rows.items():
        assert row.input is not None
        assert row.node is not None
        assert row.part is not None
        typed = f"INDEX(${INPUT}$1:${INPUT}${layout.last_row},ROW(${TITLE}${row.number}))"
        cell = layout.value_cell(key)
        clean = _clean_mark(typed) if row.input.kind == "mark" else _clean_count(typed, row.input.decimals)
        yield cell, clean
        state = f"{STATE}{layout.part_rows[row.node.key(row.part)]}"
        hint = f'IF(AND({cell}="",{state}="{State.MISSING}"),"{TYPE_HERE}","")'
        if row.number not in layout.part_rows.values():
            yield f"{CHECK}{row.number}", f'=IF({cell}="!","{NOT_VALID}",{hint})'


def _clean_count(typed: str, decimals: int) -> str:
    scaled = f"{typed}*{10**decimals}" if decimals else typed
    whole = f"ROUND({scaled},0)"
    sound = f"AND({typed}>=0,{typed}<={TOP},ABS({scaled}-{whole})<{TOLERANCE})"
    text = f'IF(TRIM({typed})="","","!")'
    return f'=IF(ISERROR({typed}),"!",IF(ISNUMBER({typed}),IF({sound},{whole},"!"),{text}))'


def _clean_mark(typed: str) -> str:
    marks = ",".join(f'LOWER(TRIM({typed}))="{mark}"' for mark in MARKS)
    return f'=IF(ISERROR({typed}),"!",IF(TRIM({typed})="",0,IF(OR({marks}),1,"!")))'


def _digests(layout: Layout, exempt: Collection[str]) -> Iterator[tuple[str, str]]:
    """Column DIGEST: a running checksum of the cleaned values; the last one is shown."""
    before = str(START)
    for row in layout.input_rows.values():
        cell = f"{VALUE}{row.number}"
        code = f'IF({cell}="",1,IF({cell}="!",2,{cell}+3))'
        yield f"{DIGEST}{row.number}", f"=MOD({before}*{FACTOR}+{code},{MODULUS})"
        before = f"{DIGEST}{row.number}"
    thirds = (f"INT({before}/1000000)", f"MOD(INT({before}/1000),1000)", f"MOD({before},1000)")
    yield layout.checksum_cell, "=" + '&"-"&'.join(f'TEXT({third},"000")' for third in thirds)


def _part_cells(layout: Layout, exempt: Collection[str]) -> Iterator[tuple[str, str]]:
    for key, node, part in layout.criteria.parts:
        row = layout.part_rows[key]
        yield f"{STATE}{row}", _state_formula(layout, node, part, key in exempt)
        yield f"{SCORE}{row}", "=" + _score_formula(layout, node, part)
        yield f"{CHECK}{row}", f"={_status_formula(f'{STATE}{row}')}"


def _state_formula(layout: Layout, node: Node, part: Part, exempt: bool) -> str:
    if exempt:
        return f'="{State.NOT_APPLICABLE}"'
    formula = part.rule.state_formula(lambda i: layout.value_cell(node.input_key(part, i)))
    waiver = layout.criteria.waivers.get(node.key(part))
    if waiver:
        formula = f'IF({layout.value_cell(waiver)}=0,"{State.WAIVED}",{formula})'
    return f"={formula}"


def _score_formula(layout: Layout, node: Node, part: Part) -> str:
    state = f"{STATE}{layout.part_rows[node.key(part)]}"
    points = part.rule.points_formula(lambda i: layout.value_cell(node.input_key(part, i)))
    full = points_literal(part.rule.max_units, part.rule.decimals)
    cases = [(State.SCORED, points)]
    if part.rule.zero_case in ("full", "zero"):
        cases.append((State.ZERO, full if part.rule.zero_case == "full" else "0"))
    if node.key(part) in layout.criteria.waivers:
        cases.append((State.WAIVED, full))
    formula = '""'
    for name, value in reversed(cases):
        formula = f'IF({state}="{name}",{value},{formula})'
    return formula


def _leaf_cells(layout: Layout, exempt: Collection[str]) -> Iterator[tuple[str, str]]:
    """The row of a leaf with several parts: its worst state, and the sum of what its parts earn."""
    for node in layout.criteria.leaves:
        if (len(node.parts) == 1 and not node.parts[0].id) or not node.parts:
            continue
        row = layout.row_of(node.code)
        rows = [layout.part_rows[node.key(part)] for part in node.parts]
        yield f"{STATE}{row}", "=" + _worst_formula([f"{STATE}{r}" for r in rows])
        scores = ",".join(f"{SCORE}{r}" for r in rows)
        rest = f'IF(COUNT({scores})=0,"",ROUND(SUM({scores}),{layout.criteria.decimals}))'
        # Whatever else is open: one part awaiting makes the whole leaf null.
        waits = ",".join(f'{STATE}{r}="{State.AWAITING}"' for r in rows)
        yield f"{SCORE}{row}", f'=IF(OR({waits}),"",{rest})'
        yield f"{CHECK}{row}", "=" + _status_formula(f"{STATE}{row}")


def _worst_formula(cells: list[str]) -> str:
    every = ",".join(f'{cell}="{State.NOT_APPLICABLE}"' for cell in cells)
    formula = f'IF(AND({every}),"{State.NOT_APPLICABLE}","{State.SCORED}")'
    for state in reversed(WORST_FIRST):
        some = ",".join(f'{cell}="{state}"' for cell in cells)
        formula = f'IF(OR({some}),"{state}",{formula})'
    return formula


def _status_formula(cell: str) -> str:
    formula = f'"{DONE}"'
    for state, words in reversed(STATUS.items()):
        formula = f'IF({cell}="{state}","{words}",{formula})'
    return formula


def _sum_cells(layout: Layout, exempt: Collection[str]) -> Iterator[tuple[str, str]]:
    for code, children in layout.criteria.children.items():
        row = layout.row_of(code) if code else layout.total_row
        cells = ",".join(f"{SCORE}{layout.row_of(child.code)}" for child in children)
        total = f"ROUND(SUM({cells}),{layout.criteria.decimals})"
        yield f"{SCORE}{row}", f'=IF(COUNT({cells})=0,"",{total})'


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
        states = [self.states[node.key(part)] for part in node.parts]
        worst = [state for state in WORST_FIRST if state in states]
        if worst:
            return worst[0]
        out = all(state == State.NOT_APPLICABLE for state in states)
        return State.NOT_APPLICABLE if out else (states[0] if len(states) == 1 else State.SCORED)

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
            yield f"{VALUE}{row.number}", {BLANK: "", DAMAGED: "!"}.get(value, value)
            if row.number not in heads:
                yield f"{CHECK}{row.number}", self._hint(row, value)

    def _hint(self, row: Row, value: int) -> str:
        assert row.node is not None
        assert row.part is not None
        missing = self.states[row.node.key(row.part)] == State.MISSING
        hints = {DAMAGED: NOT_VALID, BLANK: TYPE_HERE if missing else ""}
        return hints.get(value, "")

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
