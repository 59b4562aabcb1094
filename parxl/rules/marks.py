"""Marks (x) shared by the rule kinds that have them: choice, tiers, checklist."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from parxl.rules.base import DAMAGED, Array, Ref, Rung, State, column

# What counts as an x; the last one is Cyrillic. Whatever the case.
MARKS = ("x", "×", "✓", "х")


def total(frame: pd.DataFrame, ids: Sequence[str]) -> Array:
    """How many of these marks each unit made; int64, rows as in the frame."""
    return sum((column(frame, i) for i in ids), start=0 * column(frame, ids[0]))


def damaged(ids: Sequence[str]) -> Rung:
    """The rung "something other than an x stands in one of these cells"."""
    return Rung(
        State.DAMAGED,
        lambda frame: sum((column(frame, i) == DAMAGED).astype("int64") for i in ids) > 0,
        lambda ref: "OR(" + ",".join(f'{ref(i)}="!"' for i in ids) + ")",
    )


def exclusive(ids: Sequence[str]) -> list[Rung]:
    """The ladder of a choice: damaged, none marked, more than one marked."""

    def count(ref: Ref) -> str:
        return "SUM(" + ",".join(ref(i) for i in ids) + ")"

    return [
        damaged(ids),
        Rung(State.MISSING, lambda f: total(f, ids) == 0, lambda ref: f"{count(ref)}=0"),
        Rung(State.CONTRADICTORY, lambda f: total(f, ids) > 1, lambda ref: f"{count(ref)}>1"),
    ]


def only_one(ids: Sequence[str], cell: Ref) -> tuple[str, str]:
    """Excel's check on typing: one mark among these cells."""
    cells = ",".join(cell(i) for i in ids)
    return f"COUNTA({cells})<=1", "Chỉ đánh dấu x vào một dòng."
