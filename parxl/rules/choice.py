"""choice: an x beside one of the decision's option lines, or beside "Không phát sinh"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Literal

from parxl.late import np
from parxl.rules import marks, words
from parxl.rules.base import (
    Array,
    Columns,
    IfZero,
    Input,
    Mistake,
    Ref,
    Rule,
    Rung,
    State,
    Values,
    changed,
    is_value,
)

NONE = "none"


class Choice(Rule):
    """Points of the marked option. ``none``: what "Không phát sinh" earns, where that line exists."""

    allowed = ("option", "none", "text")
    rule: Literal["choice"]
    none: IfZero | None = None

    @property
    def zero_case(self) -> IfZero | None:
        return self.none

    @cached_property
    def inputs(self) -> tuple[Input, ...]:
        options = [
            Input(id=str(k), kind="mark", text=line.text)
            for k, line in enumerate(self.of_kind("option"), start=1)
        ]
        return (
            *options,
            *(Input(id=NONE, kind="mark", text=n.text) for n in self.of_kind("none")),
        )

    @cached_property
    def ids(self) -> list[str]:
        return [i.id for i in self.inputs]

    def best(self) -> Decimal:
        return max((line.points for line in self.of_kind("option")), default=Decimal(0))

    def mistakes(self) -> Iterator[Mistake]:
        yield from super().mistakes()
        if len(self.of_kind("option")) < 2:
            yield Mistake(code="PX117")
        if len(self.of_kind("none")) != (self.none is not None):
            yield Mistake(code="PX118")

    def rungs(self) -> list[Rung]:
        none = [is_value(NONE, 1, State.ZERO)] if self.none else []
        return [*marks.exclusive(self.ids), *none]

    def points(self, columns: Columns) -> Array:
        options = list(enumerate(self.of_kind("option"), start=1))
        return np.select(
            [columns[str(k)] == 1 for k, _ in options],
            [self.units(line.points) for _, line in options],
            default=0,
        )

    def points_formula(self, ref: Ref) -> str:
        formula = "0"
        for k, line in reversed(list(enumerate(self.of_kind("option"), start=1))):
            formula = f"IF({ref(str(k))}=1,{self.literal(line.points)},{formula})"
        return formula

    def reach(self, values: Values, target: int) -> dict[str, int] | None:
        found = []
        for k, line in enumerate(self.of_kind("option"), start=1):
            changes = changed(values, {i: int(i == str(k)) for i in self.ids})
            if self.units(line.points) >= target:
                found.append((len(changes), line.points, k, changes))
        return min(found, key=lambda one: one[:3])[3] if found else None

    def change_words(self, values: Values, changes: Mapping[str, int]) -> str:
        new = {**values, **changes}
        return words.sentence([words.lines(f"đạt mức {self._marked(new)}", [self.resting_line(new)])])

    def explain(self, values: Values, points: int) -> str:
        return f"Đã chọn mức {self._marked(values)} → {self.earned(points)}"

    def resting_line(self, values: Values) -> str:
        return str(self.of_kind("option")[self._marked(values) - 1].text)

    def needed(self, values: Values) -> list[str]:
        return self.ids

    def validation(self, input_id: str, cell: Ref) -> tuple[str, str]:
        return marks.only_one(self.ids, cell)

    def _marked(self, values: Values) -> int:
        return next(int(i) for i in self.ids if i != NONE and values[i] == 1)
