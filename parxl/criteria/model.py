"""The criteria set as a frozen model: areas, groups and leaves, and the parts that are scored.

A leaf has one part or more. A leaf with a rule of its own has one part, whose id is ""; a leaf with
``parts`` has one a level ("tinh", "huyen" …). Everything downstream walks over parts and their inputs.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from parxl.exact import to_units
from parxl.rules import AnyRule, Input
from parxl.rules.lines import Number, TextLine

Code = Annotated[str, Field(pattern=r"^[1-9][0-9]*(\.[1-9][0-9]*){0,4}$")]
# Keys that only word the table: they do not make another edition.
WORDING = frozenset(
    [
        "title",
        "text",
        "headings",
        "preamble",
        "decision",
        "issued",
        "place",
        "source",
        "slips",
        "stt",
        "restored",
        "valid_from",
        "valid_to",
        "remedy",
        "max_blank",
        "deadline",
    ]
)


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Part(Frozen):
    """One scored part of a leaf. ``title`` is ours and only names it in messages."""

    id: Annotated[str, Field(pattern=r"^([a-z][a-z0-9_]*)?$")] = ""
    title: str = ""
    rule: AnyRule


class Node(Frozen):
    """An area, a group, a leaf with rules, or a leaf whose points the department enters.

    ``deadline``: ours, for suggestions only: points hang on a date, and only next year can mend a missed one.
    """

    code: Code
    stt: str
    title: str
    max: Number
    max_blank: bool = False
    source: str
    kind: Literal["group", "leaf", "entered"]
    full_when_zero: str | None = None
    deadline: bool = False
    lines: tuple[TextLine, ...] = ()
    parts: tuple[Part, ...] = ()

    @property
    def depth(self) -> int:
        return self.code.count(".") + 1

    @property
    def printed_max(self) -> str:
        """The maximum as the decision prints it: its own digits, or blank."""
        return "" if self.max_blank else str(self.max)

    def key(self, part: Part) -> str:
        """``3.2.3/tinh``, or the leaf's own code where it has one part."""
        return f"{self.code}/{part.id}" if part.id else self.code

    def input_key(self, part: Part, input_id: str) -> str:
        """``3.2.3/tinh/a``, ``1.6/a``, ``1.1/1``: the input's key everywhere."""
        return f"{self.key(part)}/{input_id}"


class PreambleLine(Frozen):
    role: Literal["annex", "title", "decision"]
    text: str


class TotalLine(Frozen):
    text: str
    max: Number
    added: bool


class ZeroTest(Frozen):
    kind: Literal["zero"]
    input: str


class BelowTest(Frozen):
    kind: Literal["below"]
    input: str
    than: str


class MarkedTest(Frozen):
    kind: Literal["marked"]
    input: str


CrossTest = Annotated[ZeroTest | BelowTest | MarkedTest, Field(discriminator="kind")]


class CrossCheck(Frozen):
    """A warning, never points: all tests hold at once."""

    id: str
    criteria: tuple[Code, ...]
    when: Annotated[tuple[CrossTest, ...], Field(min_length=1)]
    text: str
    remedy: str


class PartAt(NamedTuple):
    """A part with its leaf; ``key`` is the part's key."""

    key: str
    node: Node
    part: Part


class CriteriaSet(Frozen):
    """One decision's whole table. Points in the model are as written; ``units`` makes them whole."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    title: str
    decision: str
    issued: dt.date
    place: str
    valid_from: dt.date
    valid_to: dt.date | None = None
    decimals: Annotated[int, Field(ge=0, le=4)]
    headings: Annotated[tuple[str, ...], Field(min_length=5, max_length=5)]
    slips: tuple[str, ...] = ()
    preamble: tuple[PreambleLine, ...]
    total: TotalLine
    criterion: Annotated[tuple[Node, ...], Field(min_length=1)]
    cross_check: tuple[CrossCheck, ...] = ()

    # The tree ---------------------------------------------------------------------------------

    @cached_property
    def by_code(self) -> dict[str, Node]:
        return {node.code: node for node in self.criterion}

    @cached_property
    def children(self) -> dict[str, tuple[Node, ...]]:
        """Code of a group -> its direct children in printed order; "" -> the areas."""
        found: dict[str, list[Node]] = {"": []}
        for node in self.criterion:
            found.setdefault(self.parent(node.code), []).append(node)
        return {code: tuple(nodes) for code, nodes in found.items()}

    def parent(self, code: str) -> str:
        """The nearest code above that the table has; "" for an area (1.6 may stand under 1)."""
        while "." in code:
            code = code.rpartition(".")[0]
            if code in self.by_code:
                return code
        return ""

    @property
    def areas(self) -> tuple[Node, ...]:
        return self.children[""]

    @cached_property
    def groups(self) -> tuple[Node, ...]:
        return tuple(node for node in self.criterion if node.kind == "group")

    @cached_property
    def leaves(self) -> tuple[Node, ...]:
        """Every leaf in printed order, the department's own included."""
        return tuple(node for node in self.criterion if node.kind != "group")

    @cached_property
    def entered(self) -> tuple[Node, ...]:
        return tuple(node for node in self.leaves if node.kind == "entered")

    @cached_property
    def parts(self) -> tuple[PartAt, ...]:
        return tuple(PartAt(n.key(p), n, p) for n in self.leaves for p in n.parts)

    def under(self, code: str) -> tuple[Node, ...]:
        """The leaves under a code, or the leaf itself."""
        return self._leaves_under.get(code, ())

    @cached_property
    def _leaves_under(self) -> dict[str, tuple[Node, ...]]:
        found: dict[str, list[Node]] = {}
        for node in self.leaves:
            for above in _codes_above(node.code):
                found.setdefault(above, []).append(node)
        return {code: tuple(nodes) for code, nodes in found.items()}

    @cached_property
    def keys_under(self) -> dict[str, tuple[str, ...]]:
        """A code of any depth, or a part key -> the part keys, and the entered leaves, that it covers."""
        found: dict[str, list[str]] = {}
        for key, node, _ in self.parts:
            for above in dict.fromkeys((key, *_codes_above(node.code))):
                found.setdefault(above, []).append(key)
        for node in self.entered:
            for above in _codes_above(node.code):
                found.setdefault(above, []).append(node.code)
        return {code: tuple(keys) for code, keys in found.items()}

    # Inputs -----------------------------------------------------------------------------------

    @cached_property
    def inputs(self) -> dict[str, Input]:
        """Input key -> input, in printed order."""
        return {node.input_key(part, i.id): i for _, node, part in self.parts for i in part.rule.inputs}

    @cached_property
    def waivers(self) -> dict[str, str]:
        """Part key -> the input whose 0 gives the part its full points (``full_when_zero``)."""
        return {
            node.key(part): group.full_when_zero
            for group in self.groups
            if group.full_when_zero
            for node in self.under(group.code)
            for part in node.parts
            if not group.full_when_zero.startswith(node.code + "/")
        }

    def units(self, points: Decimal) -> int:
        return to_units(points, self.decimals)

    @property
    def scale(self) -> int:
        return int(10**self.decimals)

    @property
    def restored(self) -> tuple[str, ...]:
        """The leaves that rest on a restored formula."""
        return tuple(n.code for n in self.leaves if any(p.rule.restored for p in n.parts))

    # Editions ---------------------------------------------------------------------------------

    @cached_property
    def edition(self) -> str:
        """Hash of everything that scores; wording, comments and layout of the file do not count."""
        return _digest(_without_wording(self.model_dump()))

    @cached_property
    def wording(self) -> str:
        """Hash of all that scores or is printed, wording included."""
        unprinted = {"criterion": {"__all__": {"deadline"}}}
        return _digest(self.model_dump(mode="json", exclude=unprinted))


def _codes_above(code: str) -> list[str]:
    """``3.2.1`` -> 3, 3.2 and itself."""
    numbers = code.split(".")
    return [".".join(numbers[:depth]) for depth in range(1, len(numbers) + 1)]


def _without_wording(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_wording(v) for k, v in value.items() if k not in WORDING}
    if isinstance(value, (list, tuple)):
        return [_without_wording(v) for v in value]
    # 1.0 and 1 are printed differently but score the same.
    return str(value.normalize()) if isinstance(value, Decimal) else value


def _digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:12]
