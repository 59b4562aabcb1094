"""Marks (x) shared by the rule kinds that have them: choice, tiers, checklist."""

from __future__ import annotations

from collections.abc import Sequence

from parxl.rules.base import DAMAGED, Array, Columns, Ref, Rung, State

# What counts as an x; the last one is Cyrillic. Whatever the case.
MARKS = ("x", "×", "✓", "х")


def total(columns: Columns, ids: Sequence[str]) -> Array:
    """How many of these marks each unit made; int64, one a unit."""
    return sum((columns[i] for i in ids), start=0 * columns[ids[0]])


def damaged(ids: Sequence[str]) -> Rung:
    """The rung "something other than an x stands in one of these cells"."""
    return Rung(
        State.DAMAGED,
        lambda columns: sum((columns[i] == DAMAGED).astype("int64") for i in ids) > 0,
        lambda ref: "OR(" + ",".join(f'{ref(i)}="!"' for i in ids) + ")",
    )


def exclusive(ids: Sequence[str]) -> list[Rung]:
    """The ladder of a choice: damaged, none marked, more than one marked."""

    def count(ref: Ref) -> str:
        return "SUM(" + ",".join(ref(i) for i in ids) + ")"

    return [
        damaged(ids),
        Rung(State.MISSING, lambda columns: total(columns, ids) == 0, lambda ref: f"{count(ref)}=0"),
        Rung(State.CONTRADICTORY, lambda columns: total(columns, ids) > 1, lambda ref: f"{count(ref)}>1"),
    ]


def only_one(ids: Sequence[str], cell: Ref) -> tuple[str, str]:
    """Excel's check on typing: one mark among these cells."""
    cells = ",".join(cell(i) for i in ids)
    return f"COUNTA({cells})<=1", "Chỉ đánh dấu x vào một dòng."
