"""Live cells: what they are made of (``pieces``), and all of the form's table (``table``)."""

from parxl.live.pieces import (
    CONTRADICTORY,
    DAMAGE,
    DONE,
    MISSING,
    NOT_VALID,
    OUT,
    STATUS,
    TYPE_HERE,
    WAITING,
    WORST_FIRST,
    Value,
)
from parxl.live.table import EXEMPT_FORMULA, Live, form_scores, formulas, live_of

__all__ = [
    "CONTRADICTORY",
    "DAMAGE",
    "DONE",
    "EXEMPT_FORMULA",
    "MISSING",
    "NOT_VALID",
    "OUT",
    "STATUS",
    "TYPE_HERE",
    "WAITING",
    "WORST_FIRST",
    "Live",
    "Value",
    "form_scores",
    "formulas",
    "live_of",
]
