"""checklist: independent items, each marked by an x; an unmarked item earns nothing."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

import pandas as pd

from parxl.exact import short_text
from parxl.rules import marks
from parxl.rules.base import Array, Input, Mistake, Ref, Rule, Rung, Values, column
from parxl.rules.lines import ItemLine


class Checklist(Rule):
    """The sum of the marked items' points."""

    allowed = ("item", "text")
    rule: Literal["checklist"]

    @property
    def items(self) -> list[ItemLine]:
        return self.of_kind("item")

    @property
    def inputs(self) -> tuple[Input, ...]:
        return tuple(Input(id=item.id, kind="mark", text=item.text) for item in self.items)

    def best(self) -> Decimal:
        return sum((item.points for item in self.items), start=Decimal(0))

    def mistakes(self) -> Iterator[Mistake]:
        yield from super().mistakes()
        if not self.items:
            yield Mistake(code="PX124")

    def rungs(self) -> list[Rung]:
        return [marks.damaged([item.id for item in self.items])]

    def points(self, frame: pd.DataFrame) -> Array:
        earned = [self.units(item.points) * (column(frame, item.id) == 1) for item in self.items]
        return sum(earned, start=0 * column(frame, self.items[0].id))

    def points_formula(self, ref: Ref) -> str:
        terms = "+".join(f"{self.units(item.points)}*{ref(item.id)}" for item in self.items)
        return f"ROUND({terms},0)/{10**self.decimals}"

    def explain(self, values: Values, points: int) -> str:
        marked = [item for item in self.items if values[item.id] == 1]
        if not marked:
            return f"Không có nội dung nào được đánh dấu → {self.earned(points)}"
        terms = " + ".join(short_text(item.points) for item in marked)
        facts = f"Đạt {len(marked)}/{len(self.items)} nội dung"
        return f"{facts}: {terms} = {self.earned(points)}"

    def resting_line(self, values: Values) -> str:
        return next((line.text for line in self.of_kind("text")), "")

    def needed(self, values: Values) -> list[str]:
        return []
