"""The sheet *Kiểm tra*: where everything stands in it, and the values that its formulas have for one unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from parxl.criteria import Node
from parxl.exact import points_number
from parxl.layout import CHECK, INPUT, Layout
from parxl.live import CONTRADICTORY, DAMAGE, DONE, MISSING, OUT, STATUS, WAITING, WORST_FIRST, Live, Value
from parxl.rules import State

FIRST_AREA = 6
STATUS_CELL = "A3"
NO_EVIDENCE = "Chưa có"
# The words that each count column of the area table counts.
COUNTED = {"I": (DONE, OUT), "J": (MISSING,), "K": (CONTRADICTORY, DAMAGE), "L": (WAITING,)}
SUMMED = ("D", "E", "F")
UNFINISHED = (State.MISSING, State.CONTRADICTORY, State.DAMAGED)


@dataclass(frozen=True)
class CheckPlaces:
    """The rows of the sheet: one an area, their sum, and under them one a leaf that is filled in."""

    layout: Layout

    @cached_property
    def leaves(self) -> list[Node]:
        return [node for node in self.layout.criteria.leaves if node.parts]

    @cached_property
    def areas(self) -> dict[int, Node]:
        areas = [area for area in self.layout.criteria.areas if area.kind != "entered"]
        return dict(enumerate(areas, start=FIRST_AREA))

    @property
    def total_row(self) -> int:
        return FIRST_AREA + len(self.areas)

    @cached_property
    def rows(self) -> dict[str, int]:
        """Leaf code -> row."""
        return {node.code: number for number, node in enumerate(self.leaves, start=self.total_row + 3)}

    def inside(self, area: Node) -> list[Node]:
        return [node for node in self.layout.criteria.under(area.code) if node.parts]

    def input_rows(self, node: Node) -> list[int]:
        """The rows of the table in which the inputs of a leaf stand."""
        keys = [node.input_key(part, i.id) for part in node.parts for i in part.rule.inputs]
        return [self.layout.input_rows[key].number for key in keys]


@dataclass(frozen=True)
class _Leaf:
    """What the row of one leaf shows; points in units, None for a blank."""

    word: str
    points: int | None
    reachable: int
    maximum: int
    is_unproven: bool


class Checked:
    """The values for one unit. ``evidence``: leaf code -> what is typed there."""

    def __init__(self, places: CheckPlaces, live: Live, evidence: Mapping[str, str]):
        self.places, self.live = places, live
        self.decimals = places.layout.criteria.decimals
        self.leaves = {node.code: self._of(node, evidence) for node in places.leaves}

    def _of(self, node: Node, evidence: Mapping[str, str]) -> _Leaf:
        points, state = self.live.leaf_points(node), self.live.leaf_state(node)
        is_unproven = bool(points) and not evidence.get(node.code, "").strip(" ")
        return _Leaf(STATUS.get(state, DONE), points, self._reachable(node), self._maximum(node), is_unproven)

    # Each part still open may yet earn its maximum; what does not apply has none.

    def _reachable(self, node: Node) -> int:
        found = 0
        for part in node.parts:
            state, points = self.live.states[node.key(part)], self.live.points.get(node.key(part), 0)
            # An empty checklist counts as done, but may still be marked.
            unmarked = part.rule.rule == "checklist" and not points
            found += part.rule.max_units if state in WORST_FIRST or unmarked else points
        return found

    def _maximum(self, node: Node) -> int:
        out = State.NOT_APPLICABLE
        return sum(p.rule.max_units for p in node.parts if self.live.states[node.key(p)] != out)

    def values(self, shown: Mapping[str, Value]) -> dict[str, Value]:
        """Cell -> the formula's value; ``shown``: the values of the table's live cells."""
        found: dict[str, Value] = {STATUS_CELL: self.status()}
        for row, area in self.places.areas.items():
            found.update(self._sum(row, self.places.inside(area)))
        found.update(self._sum(self.places.total_row, self.places.leaves))
        for node in self.places.leaves:
            found.update(self._row(node, self.places.rows[node.code], shown))
        return found

    def status(self) -> str:
        """The status line, which the table's own repeats."""
        count = self._count([*self.leaves.values()], (*COUNTED["J"], *COUNTED["K"]))
        return f"CÒN {count} TIÊU CHÍ CHƯA NHẬP XONG" if count else "ĐÃ NHẬP ĐỦ SỐ LIỆU"

    def _count(self, leaves: Sequence[_Leaf], words: tuple[str, ...]) -> int:
        return sum(leaf.word in words for leaf in leaves)

    def _sum(self, row: int, nodes: Sequence[Node]) -> Iterator[tuple[str, Value]]:
        """An area, or all of them."""
        leaves = [self.leaves[node.code] for node in nodes]
        yield f"C{row}", len(leaves)
        for column, words in COUNTED.items():
            yield f"{column}{row}", self._count(leaves, words)
        yield f"H{row}", sum(leaf.is_unproven for leaf in leaves)
        sums = (
            sum(leaf.points or 0 for leaf in leaves),
            sum(leaf.reachable for leaf in leaves),
            sum(leaf.maximum for leaf in leaves),
        )
        for column, units in zip(SUMMED, sums, strict=True):
            yield f"{column}{row}", self._number(units)
        yield f"G{row}", self._count(leaves, COUNTED["I"]) / len(leaves)

    def _row(self, node: Node, row: int, shown: Mapping[str, Value]) -> Iterator[tuple[str, Value]]:
        leaf, rows = self.leaves[node.code], self.places.input_rows(node)
        open_rows = [number for number in rows if shown[f"{CHECK}{number}"]]
        yield f"C{row}", f"{INPUT}{(open_rows or rows)[0]}"
        yield f"G{row}", leaf.word
        for column, units in zip(SUMMED, (leaf.points, leaf.reachable, leaf.maximum), strict=True):
            yield f"{column}{row}", self._number(units)
        yield f"H{row}", NO_EVIDENCE if leaf.is_unproven else ""

    def _number(self, units: int | None) -> Value:
        return "" if units is None else points_number(units, self.decimals)
