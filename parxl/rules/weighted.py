"""weighted: (b/a)·w₁ + (c/a)·w₂, one division, half up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Literal

from parxl.exact import count_text, half_up, short_text
from parxl.late import np
from parxl.rules import words
from parxl.rules.base import (
    BLANK,
    DAMAGED,
    Array,
    Columns,
    IfZero,
    Mistake,
    Ref,
    Rule,
    Rung,
    State,
    Values,
    changed,
    exceeds,
    input_mistakes,
    is_value,
    readable,
    whole,
)
from parxl.rules.lines import TermLine


class Weighted(Rule):
    """The sum of the terms' shares of a. A blank c counts as 0 where b = a: nothing is left for c."""

    allowed = ("input", "term", "text")
    rule: Literal["weighted"]
    if_zero: IfZero

    @cached_property
    def terms(self) -> list[TermLine]:
        return self.of_kind("term")

    def best(self) -> Decimal:
        return max((term.points for term in self.terms), default=Decimal(0))

    def mistakes(self) -> Iterator[Mistake]:
        yield from super().mistakes()
        yield from input_mistakes(self, {"a", "b", "c"})
        if [term.input for term in self.terms] != ["b", "c"]:
            yield Mistake(code="PX123")

    def rungs(self) -> list[Rung]:
        return [
            *readable("a"),
            is_value("a", 0, State.ZERO),
            *readable("b"),
            exceeds("b", "a"),
            is_value("c", DAMAGED, State.DAMAGED),
            Rung(State.MISSING, _c_missing, lambda r: f'AND({r("c")}="",{r("b")}<{r("a")})'),
            Rung(State.CONTRADICTORY, _too_many, lambda r: f"SUM({r('b')},{r('c')})>{r('a')}"),
        ]

    def points(self, columns: Columns) -> Array:
        total = sum(self.units(term.points) * np.maximum(columns[term.input], 0) for term in self.terms)
        return half_up(np.asarray(total), np.maximum(columns["a"], 1))

    def points_formula(self, ref: Ref) -> str:
        # N() turns the "" of a blank c into 0.
        terms = "+".join(f"{self.units(t.points)}*N({ref(t.input)})" for t in self.terms)
        return f"ROUND(({terms})/{ref('a')},0)/{10**self.decimals}"

    def reach(self, values: Values, target: int) -> dict[str, int] | None:
        a = whole(values, "a", ["b", "c"], self.inputs[0].decimals)
        if a == 0:
            return None
        better, lesser = sorted(self.terms, key=lambda term: term.points, reverse=True)
        high, low = (max(values[term.input], 0) for term in (better, lesser))
        over = max(high + low - a, 0)  # too many: the cases that earn less go first
        high, low = high - max(over - low, 0), max(low - over, 0)
        moved = self._moved(a, high, low, target)
        if moved is None:
            return None
        new = {"a": a, better.input: high + sum(moved), lesser.input: low - moved[1]}
        return self._changed(values, new)

    def _moved(self, a: int, high: int, low: int, target: int) -> tuple[int, int] | None:
        """How many cases have to go to the better term: of those in neither, then of the lesser's."""
        lesser, better = sorted(self.units(term.points) for term in self.terms)
        lack = -(-(2 * target - 1) * a // 2) - better * high - lesser * low  # half up
        moved = []
        for cases, gain in ((a - high - low, better), (low, better - lesser)):
            step = min(cases, -(-lack // gain)) if lack > 0 and gain else 0
            lack -= step * gain
            moved.append(step)
        return (moved[0], moved[1]) if lack <= 0 else None

    def _changed(self, values: Values, new: dict[str, int]) -> dict[str, int]:
        """A blank c may stay where it counts as 0."""
        may_stay = values["c"] == BLANK and new["c"] == 0 and new["b"] == new["a"]
        return changed(values, new | {"c": BLANK} if may_stay else new)

    def change_words(self, values: Values, changes: Mapping[str, int]) -> str:
        return words.sentence(words.count_changes(self.inputs, values, {**values, **changes}))

    def explain(self, values: Values, points: int) -> str:
        formula = " + ".join(f"({t.input}/a) × {short_text(t.points)}" for t in self.terms)
        shares = " + ".join(
            f"({self._text(values, t.input)}/{self._text(values, 'a')}) × {short_text(t.points)}"
            for t in self.terms
        )
        return f"{formula} = {shares} = {self.earned(points)}"

    def _text(self, values: Values, input_id: str) -> str:
        return count_text(max(values[input_id], 0), self.inputs[0].decimals)

    def resting_line(self, values: Values) -> str:
        """The decision's own formula line."""
        return next((line.text for line in self.of_kind("text") if "b/a" in line.text), "")

    def assumed(self, values: Values) -> list[str]:
        return ["c"] if values["c"] == BLANK else []

    def needed(self, values: Values) -> list[str]:
        blank = super().needed(values)
        return [i for i in blank if i != "c" or values["b"] != values["a"]] or blank

    def validation(self, input_id: str, cell: Ref) -> tuple[str, str]:
        a, b, c = cell("a"), cell("b"), cell("c")
        return f"OR(NOT(ISNUMBER({a})),SUM({b},{c})<={a})", "b + c không được lớn hơn a."


def _c_missing(columns: Columns) -> Array:
    return (columns["c"] == BLANK) & (columns["b"] < columns["a"])


def _too_many(columns: Columns) -> Array:
    return columns["b"] + np.maximum(columns["c"], 0) > columns["a"]
