"""The rule kinds: one module each, all its faces side by side."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from parxl.rules.base import (
    BLANK,
    DAMAGED,
    PLACES,
    IfZero,
    Input,
    Mistake,
    Rule,
    State,
    state_names,
    zero_state,
)
from parxl.rules.checklist import Checklist
from parxl.rules.choice import Choice
from parxl.rules.count import Count
from parxl.rules.ratio import Ratio
from parxl.rules.tiers import Tiers
from parxl.rules.weighted import Weighted

AnyRule = Annotated[Choice | Ratio | Count | Weighted | Tiers | Checklist, Field(discriminator="rule")]
RULE_KINDS = ("choice", "ratio", "count", "weighted", "tiers", "checklist")

__all__ = [
    "BLANK",
    "DAMAGED",
    "PLACES",
    "RULE_KINDS",
    "AnyRule",
    "IfZero",
    "Input",
    "Mistake",
    "Rule",
    "State",
    "state_names",
    "zero_state",
]
