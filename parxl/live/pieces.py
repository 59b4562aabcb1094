"""What live sheets are made of, wherever their cells stand: each expression, and the value it has.

An expression has no "=" before it. What is typed is cleaned first: a value is a number, "" (blank) or "!"
(anything else), so that no formula ever errs.
"""

from __future__ import annotations

from collections.abc import Sequence

from parxl.exact import points_literal
from parxl.rules import BLANK, DAMAGED, IfZero, Rule, State
from parxl.rules.base import TOLERANCE, TOP
from parxl.rules.marks import MARKS

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
TYPE_HERE, NOT_VALID = "◄ nhập", "◄ sai"


# What is typed ------------------------------------------------------------------------------------


def clean_count(typed: str, decimals: int, top: str = str(TOP)) -> str:
    """An expression for what stands in the cell ``typed``: a scaled whole number, "" or "!"."""
    scaled = f"{typed}*{10**decimals}" if decimals else typed
    whole = f"ROUND({scaled},0)"
    sound = f"AND({typed}>=0,{typed}<={top},ABS({scaled}-{whole})<{TOLERANCE})"
    text = f'IF(TRIM({typed})="","","!")'
    return f'IF(ISERROR({typed}),"!",IF(ISNUMBER({typed}),IF({sound},{whole},"!"),{text}))'


def clean_mark(typed: str, blank: str = "0") -> str:
    """The same for a mark: 1, "!", or ``blank``."""
    marks = ",".join(f'LOWER(TRIM({typed}))="{mark}"' for mark in MARKS)
    return f'IF(ISERROR({typed}),"!",IF(TRIM({typed})="",{blank},IF(OR({marks}),1,"!")))'


def cleaned_value(value: int) -> Value:
    """A value of an inputs frame as the cleaned column shows it."""
    return {BLANK: "", DAMAGED: "!"}.get(value, value)


def hint_formula(value: str, state: str) -> str:
    """What to do about one input, from its cleaned value and its part's state."""
    blank = f'IF(AND({value}="",{state}="{State.MISSING}"),"{TYPE_HERE}","")'
    return f'IF({value}="!","{NOT_VALID}",{blank})'


def hint(value: int, state: State) -> str:
    """What ``hint_formula`` gives."""
    return {DAMAGED: NOT_VALID, BLANK: TYPE_HERE if state == State.MISSING else ""}.get(value, "")


# States and points --------------------------------------------------------------------------------


def waived_formula(waiver: str, state: str) -> str:
    """The state of a part that is waived while the cleaned value in the cell ``waiver`` is 0."""
    return f'IF({waiver}=0,"{State.WAIVED}",{state})'


def score_formula(
    rule: Rule, points: str, state: str, case: IfZero | None, waivable: bool, broken: str = '""'
) -> str:
    """A part's points by its state; ``case``: what a = 0 earns; ``broken``: what any other state shows."""
    full = points_literal(rule.max_units, rule.decimals)
    cases = [(State.SCORED, points)]
    if case in ("full", "zero"):
        cases.append((State.ZERO, full if case == "full" else "0"))
    if waivable:
        cases.append((State.WAIVED, full))
    formula = broken
    for name, value in reversed(cases):
        formula = f'IF({state}="{name}",{value},{formula})'
    return formula


def worst_formula(states: Sequence[str]) -> str:
    """The state of a leaf from the cells of its parts' states."""
    every = ",".join(f'{cell}="{State.NOT_APPLICABLE}"' for cell in states)
    formula = f'IF(AND({every}),"{State.NOT_APPLICABLE}","{State.SCORED}")'
    for state in reversed(WORST_FIRST):
        some = ",".join(f'{cell}="{state}"' for cell in states)
        formula = f'IF(OR({some}),"{state}",{formula})'
    return formula


def worst_state(states: Sequence[State]) -> State:
    """What ``worst_formula`` gives; of one part: its own state."""
    worst = [state for state in WORST_FIRST if state in states]
    if worst or len(states) == 1:
        return (worst or list(states))[0]
    out = all(state == State.NOT_APPLICABLE for state in states)
    return State.NOT_APPLICABLE if out else State.SCORED


def parts_sum_formula(states: Sequence[str], scores: Sequence[str], decimals: int) -> str:
    """What the parts of a leaf earn together, from the cells of their states and points."""
    # Whatever else is open: one part awaiting makes the whole leaf null.
    waits = ",".join(f'{cell}="{State.AWAITING}"' for cell in states)
    return f'IF(OR({waits}),"",{sum_formula(scores, decimals)})'


def sum_formula(cells: Sequence[str], decimals: int) -> str:
    """Points added up; blank while there are none."""
    some = ",".join(cells)
    return f'IF(COUNT({some})=0,"",ROUND(SUM({some}),{decimals}))'


def status_formula(state: str, fine: str = DONE) -> str:
    """The words for the state in a cell; ``fine`` where nothing is to be said of it."""
    formula = f'"{fine}"'
    for name, words in reversed(STATUS.items()):
        formula = f'IF({state}="{name}","{words}",{formula})'
    return formula
