"""checklist: independent items, each marked by an x; an unmarked item earns nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Literal

from parxl.exact import short_text
from parxl.rules import marks, words
from parxl.rules.base import Array, Columns, Input, Mistake, Ref, Rule, Rung, Values, changed
from parxl.rules.lines import ItemLine


class Checklist(Rule):
    """The sum of the marked items' points."""

    allowed = ("item", "text")
    rule: Literal["checklist"]

    @cached_property
    def items(self) -> list[ItemLine]:
        return self.of_kind("item")

    @cached_property
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

    def points(self, columns: Columns) -> Array:
        earned = [self.units(item.points) * (columns[item.id] == 1) for item in self.items]
        return sum(earned, start=0 * columns[self.items[0].id])

    def points_formula(self, ref: Ref) -> str:
        terms = "+".join(f"{self.units(item.points)}*{ref(item.id)}" for item in self.items)
        return f"ROUND({terms},0)/{10**self.decimals}"

    def reach(self, values: Values, target: int) -> dict[str, int] | None:
        earned = sum(self.units(item.points) for item in self.items if values[item.id] == 1)
        # A damaged cell has to change whether it becomes an x or empty; an empty one only for an x.
        enough = [
            (empty, len(chosen), units, chosen)
            for (empty, units), chosen in self._sums(values).items()
            if earned + units >= target
        ]
        if not enough:
            return None
        chosen = min(enough)[3]
        new = {i.id: int(values[i.id] == 1 or k in chosen) for k, i in enumerate(self.items)}
        return changed(values, new)

    def _sums(self, values: Values) -> dict[tuple[int, int], tuple[int, ...]]:
        """(how many empty cells get an x, their units) -> the fewest items, first in printed order."""
        found: dict[tuple[int, int], tuple[int, ...]] = {(0, 0): ()}
        for k, item in enumerate(self.items):
            if values[item.id] == 1:
                continue
            for (empty, units), chosen in list(found.items()):
                key = empty + (values[item.id] == 0), units + self.units(item.points)
                found[key] = min(found.get(key, (*chosen, k)), (*chosen, k), key=lambda c: (len(c), c))
        return found

    def change_words(self, values: Values, changes: Mapping[str, int]) -> str:
        marked, cleared = ([i.text for i in self.items if changes.get(i.id) == mark] for mark in (1, 0))
        return words.sentence([words.lines("đạt thêm", marked), words.lines("bỏ dấu chọn", cleared)])

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
