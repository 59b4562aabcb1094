"""A sheet in one sweep: its text is cut at the values, and what stands between them is known from other files.

The careful way of ``sheets`` reads whatever is declined here, with the same answer or its reason to refuse.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from operator import attrgetter
from typing import Any

from parxl.grid.markup import Markup
from parxl.grid.memory import Declined, Memory
from parxl.grid.model import Cell, Cells, Content, Contents, Place, Unreadable, content_of
from parxl.grid.parts import unescape
from parxl.grid.pieces import KNOWN, Head, Manner, Sharing, piece
from parxl.grid.plain import PROLOG, checked, known_meaning, meant
from parxl.grid.sheets import Frame, SheetPart
from parxl.grid.values import Formulas, Values

BEGIN, END, END_ROOT = b"<sheetData>", b"</sheetData>", b"</worksheet>"
ROOT = re.compile(PROLOG + rb"(<worksheet(?: [A-Za-z0-9:_.-]+=\"[^\"<>]*\")* ?>)")
EXTENSIONS = b' xmlns:x14ac="'
LARGEST = 4 * 2**20  # bytes of a part; a form's table has about 300,000
LARGEST_FRAME = 256 * 2**10  # bytes of what stands above and below
VALUE = re.compile(rb"<v>([^<]*)</v>")
# Where a workbook has no shared texts, they stand in the cells.
INLINE = re.compile(rb'<(v|is><t(?: xml:space="preserve")?)>([^<]*)</(v|t></is)>')
ENDS = {b"v": b"v", b"is><t": b"t></is", b'is><t xml:space="preserve"': b"t></is"}  # of INLINE's beginnings
IN_CELL = b' t="inlineStr">'  # before a text
FORMULA, BEFORE, WEIGHT = (attrgetter(name) for name in ("formula", "before", "weight"))
WEIGHTS = {b"v": 2, b"is><t": 4, b'is><t xml:space="preserve"': 5}


class SweptCells(Mapping[Place, Cell]):
    """The cells of one sheet, each made when it is asked for."""

    def __init__(self, values: Values, heads: Sequence[Head], texts: Sequence[bytes]):
        self._values, self._heads, self._texts = values, heads, texts
        self._full = self._held()
        if len(self._full) < len(heads):
            raise Declined  # one cell twice: perhaps with two contents
        if not all(self._full.values()):
            self._full = {place: content for place, content in self._full.items() if content}
        self.contents = Contents(self._full)

    def _held(self) -> dict[Place, Any]:
        """Place -> what the cell holds, or something false where it is blank."""
        numbered, made = self._values.numbered, self._constant
        rows = zip(self._heads, self._texts, strict=True)
        try:
            return {
                place: formula or (numbered[text] if kind == "s" else text and made(kind, style, text))
                for (place, kind, style, formula, _, _), text in rows
            }
        except KeyError as error:
            raise Declined from error

    def _constant(self, kind: str, style: int, text: bytes) -> Content | None:
        if kind == "inlineStr":
            return _INLINE[text]
        return content_of(self._values.cell(kind, style, known_meaning(text), None))

    def shown(self, column: int) -> dict[int, Any]:
        """Row -> what the cell of a column shows."""
        rows, value = zip(self._heads, self._texts, strict=True), self._values.value
        return {
            head.place[0]: value(head.kind, head.style, text) for head, text in rows if head.place[1] == column
        }

    def __getitem__(self, place: Place) -> Cell:
        if place not in self._full:
            raise KeyError(place)
        head, text = self._at[place]
        source = head.formula[0] if head.formula else None
        return self._values.cell(head.kind, head.style, known_meaning(text), source)

    @cached_property
    def _at(self) -> dict[Place, tuple[Head, bytes]]:
        places = map(attrgetter("place"), self._heads)
        return dict(zip(places, zip(self._heads, self._texts, strict=True), strict=True))

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
    root, frame = _frame(content[:start], content[end + len(END) :], markup)
    data = content[start + len(BEGIN) : end]
    manner = Manner(EXTENSIONS in root, inline=not values.strings)
    between, texts, weight = _cut_inline(data) if manner.inline else _cut(data)
    checked(b"\n".join(texts))
    markup.count(weight)
    heads, texts = _heads(between, texts, manner, markup)
    return frame, SweptCells(values, heads, texts)


# Above and below ----------------------------------------------------------------------------------


def _frame(above: bytes, below: bytes, markup: Markup) -> tuple[bytes, Frame]:
    """(the root, what is heard around the cells).

    Both halves are parsed, each as if it were the whole: so nothing that is only quoted is taken for the data.
    """
    begin = ROOT.match(above)
    if begin is None or max(len(above), len(below)) > LARGEST_FRAME:
        raise Declined
    root = begin[1]
    head = markup.learn(above + BEGIN + END + END_ROOT, Frame)
    foot = markup.learn(root + below, Frame)
    if (head.tables, foot.tables) != (1, 0) or head.rows or foot.rows or head.protected or head.validated:
        raise Declined
    markup.count(-2 - root.count(b'="'))  # the root was counted twice
    return root, foot


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
) -> tuple[list[Head], list[bytes]]:
    """(the cells that may hold something, what stands in each; behind them a head that is no cell's)."""
    heads = list(map(KNOWN[manner].__getitem__, between[1:-1]))
    heads.insert(0, piece(manner, between[0], first=True, last=not texts))
    heads += [piece(manner, between[-1], last=True)] if texts else []
    texts = [*texts, b""]
    markup.count(sum(map(WEIGHT, heads)))
    if any(map(BEFORE, heads)):
        heads, texts = _interleaved(heads, texts)
    return _spelled(heads) if Sharing in set(map(type, map(FORMULA, heads))) else heads, texts


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
