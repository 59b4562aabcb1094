"""The live check beside each row of an appraisal list: its formula, and its value for what is typed."""

from __future__ import annotations

from parxl.appraisal import as_typed, typed_units
from parxl.desk import APPRAISAL, Typed

FINE, NO_REASON, WRONG, NOT_COUNTED = "✓", "◄ ghi lý do", "◄ sai", "◄ không tính"
SPACE = " "  # the only blank that the sheet's TRIM knows


def at(name: str, row: int) -> str:
    """The cell of a column."""
    return f"{APPRAISAL[name].letter}{row}"


def check_formula(row: int, decimals: int) -> str:
    """Blank while nothing is typed; else what is to be done about the row."""
    points, reason = at("points", row), at("reason", row)
    first, computed = at("first", row), at("computed", row)
    unexplained = f'AND({points}<>IF({first}="",{computed},{first}),TRIM({reason})="")'
    judged = f'IF({valid_condition(row, decimals)},IF({unexplained},"{NO_REASON}","{FINE}"),"{WRONG}")'
    remark = f'IF(TRIM({reason})="","","{FINE}")'
    typed = f'IF(TRIM({points})="",{remark},IF(ISNUMBER({points}),{judged},"{WRONG}"))'
    return f'=IF(OR(ISERROR({points}),ISERROR({reason})),"{WRONG}",{typed})'


def valid_condition(row: int, decimals: int) -> str:
    """A number from 0 to the row's maximum, in the set's decimals."""
    points, maximum = at("points", row), at("maximum", row)
    return f"AND({points}>=0,{points}<={maximum},{points}=ROUND({points},{decimals}))"


def check_value(typed: Typed, standing: int | None, maximum: int, decimals: int) -> str:
    """What the formula gives. ``standing``: the score that a blank agrees with."""
    reason = typed.reason.strip(SPACE)
    if typed.points is None or (isinstance(typed.points, str) and not typed.points.strip(SPACE)):
        return FINE if reason else ""
    units = None if isinstance(typed.points, str) else typed_units(as_typed(typed.points), maximum, decimals)
    if units is None:
        return WRONG
    return NO_REASON if units != standing and not reason else FINE
