"""A sheet in one sweep: its text is cut at the values, and what stands between them is known from other files.

The careful way of ``sheets`` reads whatever is declined here, with the same answer or its reason to refuse.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import compress
from typing import Any, NamedTuple

from parxl.grid.around import BEGIN, END, around
from parxl.grid.markup import Markup
from parxl.grid.memory import Declined, Memory
from parxl.grid.model import Cell, Cells, Content, Contents, Place, Unreadable
from parxl.grid.parts import unescape
from parxl.grid.pieces import KNOWN, Head, Manner, Sharing, edge
from parxl.grid.plain import checked, known_meaning, meant
from parxl.grid.sheets import Frame, SheetPart
from parxl.grid.values import Formulas, Values

EXTENSIONS = b' xmlns:x14ac="'
LARGEST = 4 * 2**20  # bytes of a part; a form's table has about 300,000
VALUE = re.compile(rb"<v>([^<]*)</v>")
# Where a workbook has no shared texts, they stand in the cells.
INLINE = re.compile(rb'<(v|is><t(?: xml:space="preserve")?)>([^<]*)</(v|t></is)>')
ENDS = {b"v": b"v", b"is><t": b"t></is", b'is><t xml:space="preserve"': b"t></is"}  # of INLINE's beginnings
IN_CELL = b' t="inlineStr">'  # before a text
WEIGHTS = {b"v": 2, b"is><t": 4, b'is><t xml:space="preserve"': 5}


class Heads(NamedTuple):
    """The heads of a sheet, turned: all places, all kinds … What is done to all of them is quick that way."""

    places: tuple[Place, ...]
    kinds: tuple[str, ...]
    styles: tuple[int, ...]
    formulas: tuple[Any, ...]
    before: tuple[tuple[Head, ...], ...]
    weights: tuple[int, ...]


class SweptCells(Mapping[Place, Cell]):
    """The cells of one sheet, each made when it is asked for."""

    def __init__(self, values: Values, heads: Heads, texts: Sequence[bytes]):
        self._values, self._heads, self._texts = values, heads, texts
        self._held = self._all_held()
        full = list(filter(None, self._held))
        self._full = dict(zip(compress(heads.places, self._held), full, strict=True))
        if len(self._full) < len(full):
            raise Declined  # one cell twice: perhaps with two contents
        self.contents = Contents(self._full)

    def _all_held(self) -> list[Any]:
        """What each cell holds, or something false where it is blank."""
        numbered, made = self._values.numbered, self._constant
        rows = zip(self._heads.kinds, self._heads.styles, self._heads.formulas, self._texts, strict=True)
        try:
            return [
                formula or (numbered[text] if kind == "s" else text and made(kind, style, text))
                for kind, style, formula, text in rows
            ]
        except KeyError as error:
            raise Declined from error

    def _constant(self, kind: str, style: int, text: bytes) -> Content | None:
        return _INLINE[text] if kind == "inlineStr" else self._values.content(kind, style, text)

    def shown(self, column: int) -> dict[int, Any]:
        """Row -> what the cell of a column shows."""
        kinds, styles, value = self._heads.kinds, self._heads.styles, self._values.value
        there = [(at, place[0]) for at, place in enumerate(self._heads.places) if place[1] == column]
        return {row: value(kinds[at], styles[at], self._texts[at]) for at, row in there if self._held[at]}

    def __getitem__(self, place: Place) -> Cell:
        if place not in self._full:
            raise KeyError(place)
        at = self._at[place]
        kind, style, formula = self._heads.kinds[at], self._heads.styles[at], self._heads.formulas[at]
        return self._values.cell(kind, style, known_meaning(self._texts[at]), formula[0] if formula else None)

    @cached_property
    def _at(self) -> dict[Place, int]:
        places = zip(self._heads.places, range(len(self._texts)), strict=True)
        return dict(compress(places, self._held))

    def __contains__(self, place: object) -> bool:
        return place in self._full

    def __iter__(self) -> Iterator[Place]:
        return iter(self._full)

    def __len__(self) -> int:
        return len(self._full)

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self),)


def read_sheet(content: bytes, markup: Markup, values: Values) -> tuple[Frame, Cells]:
    """What one part says of its sheet. Unreadable as ``Markup.parse`` is."""
    left = markup.left
    try:
        return _swept(content, markup, values)
    except (Declined, Unreadable):
        markup.left = left
    heard = SheetPart(values)
    if content:
        markup.parse(content, heard)
    return heard, heard.cells


def _swept(content: bytes, markup: Markup, values: Values) -> tuple[Frame, SweptCells]:
    start, end = content.find(BEGIN), content.rfind(END)
    if not 0 <= start < end or len(content) > LARGEST:
        raise Declined
    root, frame = around(content[:start], content[end + len(END) :], markup)
    data = content[start + len(BEGIN) : end]
    manner = Manner(EXTENSIONS in root, inline=not values.strings)
    between, texts, weight = _cut_inline(data) if manner.inline else _cut(data)
    checked(b"\n".join(texts))
    markup.count(weight)
    heads, texts = _heads(between, texts, manner, markup)
    return frame, SweptCells(values, heads, texts)


# Cells --------------------------------------------------------------------------------------------


def _cut(data: bytes) -> tuple[list[bytes], list[bytes], int]:
    """(what stands between the values, the values, the weight of their elements)."""
    cut = VALUE.split(data)
    return cut[::2], cut[1::2], 2 * (len(cut) // 2)


def _cut_inline(data: bytes) -> tuple[list[bytes], list[bytes], int]:
    """The same where texts stand in the cells."""
    cut = INLINE.split(data)
    begins, ends = cut[1::4], cut[3::4]
    if list(map(ENDS.__getitem__, begins)) != ends:
        raise Declined
    between = cut[::4]
    pairs = zip(between, begins, strict=False)
    if any(before.endswith(IN_CELL) is (begin == b"v") for before, begin in pairs):
        raise Declined
    return between, cut[2::4], sum(map(WEIGHTS.__getitem__, begins))


def _heads(
    between: list[bytes], texts: list[bytes], manner: Manner, markup: Markup
) -> tuple[Heads, list[bytes]]:
    """(the cells that may hold something, what stands in each; behind them a head that is no cell's)."""
    found = list(map(KNOWN[manner].__getitem__, between[1:-1]))
    found.insert(0, edge(manner, between[0], first=True, last=not texts))
    found += [edge(manner, between[-1], last=True)] if texts else []
    texts = [*texts, b""]
    heads = _turned(found)
    markup.count(sum(heads.weights))
    if any(heads.before):
        found, texts = _interleaved(found, texts)
        heads = _turned(found)
    return _turned(_spelled(found)) if Sharing in map(type, heads.formulas) else heads, texts


def _turned(heads: list[Head]) -> Heads:
    return Heads(*zip(*heads, strict=True))


def _interleaved(heads: list[Head], texts: list[bytes]) -> tuple[list[Head], list[bytes]]:
    """The same with the cells before each that have a formula and no value, all in order."""
    found, values = list[Head](), list[bytes]()
    for head, text in zip(heads, texts, strict=True):
        found += (*head.before, head)
        values += [b""] * len(head.before)
        values.append(text)
    return found, values


def _spelled(heads: list[Head]) -> list[Head]:
    formulas = Formulas()
    return [
        head._replace(formula=(formulas.source(*head.formula, head.place),))
        if isinstance(head.formula, Sharing)
        else head
        for head in heads
    ]


_INLINE = Memory[bytes, str](lambda raw: unescape(meant(raw)))
