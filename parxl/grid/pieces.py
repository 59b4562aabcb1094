"""The markup between the values of a sheet, piece by piece: rows, cells, formulas, but nothing that is typed.

It is nearly the same in all forms of a set that one program saved, so each piece is read once a process.
"""

from __future__ import annotations

import re
from functools import lru_cache, partial
from itertools import product, starmap
from typing import NamedTuple

from parxl.grid.memory import Declined, Memory
from parxl.grid.model import LAST_ROW, Place, cell_place
from parxl.grid.parts import unescape
from parxl.grid.plain import meant

LONGEST = 2**16  # bytes of a piece
LEAVING = b"</c>"  # how every piece but the first begins: the cell before ends
TOKEN = re.compile(
    rb"<row(?P<row>(?: [A-Za-z0-9:]+=\"[A-Za-z0-9:. -]*\")*) ?(?P<no_cells>/?)>"
    rb"|(?P<row_end></row>)"
    rb"|<c r=\"(?P<place>[A-Z]{1,3}[1-9][0-9]{0,6})\"(?: s=\"(?P<style>[0-9]{1,6})\")?"
    rb"(?: t=\"(?P<kind>s|str|n|b|e|inlineStr)\")? ?(?:/>|(?P<open>>)"
    rb"(?:<f(?P<of>(?: [A-Za-z0-9]+=\"[A-Za-z0-9:$ ]*\")*) ?(?:/>|>(?P<formula>[^<]*)</f>))?"
    rb"(?P<no_value><v ?/>)?(?P<end></c>)?)"
)
ATTRIBUTE = re.compile(rb' ([A-Za-z0-9:]+)="([^"]*)"')


class Sharing(NamedTuple):
    """A formula that gives its text to others, or takes it from one. ``text``: "" where it takes."""

    text: str
    attributes: dict[str, str]


class Head(NamedTuple):
    """A cell but for what stands in it, and the markup before that.

    ``formula``: a plain one as (its text with "=",), so that it is no text. ``before``: cells with a formula
    and no value between the last cell and this; blank ones are left out. ``weight``: of all, as ``markup``
    counts.
    """

    place: Place
    kind: str
    style: int
    formula: tuple[str] | Sharing | None
    before: tuple[Head, ...] = ()
    weight: int = 0


class Manner(NamedTuple):
    """How a part is written. ``extended``: may rows have attributes of the prefix x14ac? ``inline``: do texts
    stand in the cells?
    """

    extended: bool
    inline: bool


NOWHERE: Place = (0, 0)  # of the head behind the last value, which is no cell


def piece(manner: Manner, raw: bytes, first: bool = False, last: bool = False) -> Head:
    """What a piece says, the ``first`` or ``last`` of its sheet or another.

    Declined unless every byte of it is as programs write it.
    """
    reading = _Reading(manner, in_row=not first)
    at = 0 if first else len(LEAVING)
    if len(raw) > LONGEST or (not first and not raw.startswith(LEAVING)):
        raise Declined
    while at < len(raw):
        token = TOKEN.match(raw, at)
        if token is None or reading.head:
            raise Declined
        reading.take(token)
        at = token.end()
    if last is not (reading.head is None) or reading.in_row is last:
        raise Declined
    head = reading.head or Head(NOWHERE, "", 0, None)
    return head._replace(before=tuple(reading.before), weight=reading.weight)


class _Reading:
    def __init__(self, manner: Manner, in_row: bool):
        self.manner, self.in_row = manner, in_row
        self.weight = 0
        self.before: list[Head] = []
        self.head: Head | None = None

    def take(self, token: re.Match[bytes]) -> None:
        if token["place"]:
            self._cell(token)
        elif self.in_row is not bool(token["row_end"]):
            raise Declined
        elif token["row_end"]:
            self.in_row = False
        else:
            self._row(token)

    def _row(self, token: re.Match[bytes]) -> None:
        attributes = self._attributes(token["row"])
        number = attributes.get("r", "1")
        if not (number.isdecimal() and len(number) < 8 and 1 <= int(number) <= LAST_ROW):
            raise Declined
        self.weight += 2
        self.in_row = not token["no_cells"]

    def _cell(self, token: re.Match[bytes]) -> None:
        if not self.in_row or (token["no_value"] and not token["end"]):
            raise Declined
        if token["kind"] in (b"s", b"inlineStr") and token["of"] is not None:
            raise Declined  # a formula's result stands in the cell, and as a value
        self.weight += 3 + bool(token["style"]) + bool(token["kind"]) + 2 * bool(token["no_value"])
        place = _place(token["place"])
        formula = None if token["of"] is None else self._formula(token["of"], token["formula"])
        if not token["open"] or (token["end"] and not formula):
            return  # blank
        kind = (token["kind"] or b"n").decode("ascii")
        head = Head(place, kind, int(token["style"] or 0), formula)
        if token["end"]:
            self.before.append(head)
        elif (kind == "inlineStr") is not self.manner.inline and kind in ("s", "inlineStr"):
            raise Declined  # a text that does not stand where the part has them
        else:
            self.head = head

    def _formula(self, of: bytes, text: bytes | None) -> tuple[str] | Sharing:
        self.weight += 2
        attributes, source = self._attributes(of), meant(text or b"")
        return Sharing(source, attributes) if attributes.get("t") == "shared" else (f"={unescape(source)}",)

    def _attributes(self, raw: bytes) -> dict[str, str]:
        found = ATTRIBUTE.findall(raw)
        attributes = {name.decode("ascii"): value.decode("ascii") for name, value in found}
        prefixed = {name for name in attributes if ":" in name}
        if len(attributes) < len(found) or prefixed - ({"x14ac:dyDescent"} if self.manner.extended else set()):
            raise Declined
        self.weight += len(found)
        return attributes


def _place(name: bytes) -> Place:
    try:
        return cell_place(name.decode("ascii"))
    except ValueError as error:
        raise Declined from error


# Manner -> piece -> what it says.
KNOWN = {
    manner: Memory[bytes, Head](partial(piece, manner))
    for manner in starmap(Manner, product((False, True), repeat=2))
}
edge = lru_cache(maxsize=256)(piece)  # the first and the last of a sheet
