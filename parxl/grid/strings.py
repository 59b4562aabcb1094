"""The texts that cells refer to by number."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from parxl.grid.container import Parts
from parxl.grid.markup import NAMESPACES, NO_END, Markup
from parxl.grid.memory import Declined, Memory
from parxl.grid.model import Unreadable
from parxl.grid.parts import Quiet, longer, unescape
from parxl.grid.plain import PROLOG, meant

MAIN = NAMESPACES[0].encode("ascii")
ROOT = re.compile(
    PROLOG + rb'<sst xmlns="' + re.escape(MAIN) + rb'"( count="[0-9]*")?( uniqueCount="[0-9]*")? ?>'
)
ITEM = re.compile(rb'<si><t( xml:space="preserve")?(?:/|>([^<]*)</t)>')
END, END_ITEM = b"</sst>", b"</si>"
SMALL = 2**16  # bytes of a text in several formats that is looked at by itself


class _SharedStrings(Quiet):
    def __init__(self) -> None:
        self.found: list[str] = []
        self._text = ""
        self._inside = self._phonetic = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "si":
            self._text = ""
        elif name == "rPh":
            self._phonetic = True
        self._inside = name == "t" and not self._phonetic

    def end(self, name: str) -> None:
        self._inside = False
        if name == "rPh":
            self._phonetic = False
        elif name == "si":
            self.found.append(unescape(self._text))
            self._text = ""

    def text(self, data: str) -> None:
        if self._inside:
            self._text = longer(self._text, data)


def shared_strings(parts: Parts, markup: Markup, part: str) -> Sequence[str]:
    """The shared texts; the runs of a rich text joined, phonetics left out."""
    content, left = parts.read(part), markup.left
    if not content:
        return ()
    try:
        return _swept(content, markup)
    except (Declined, Unreadable):
        markup.left = left
    heard = _SharedStrings()
    markup.parse(content, heard)
    return heard.found


def _swept(content: bytes, markup: Markup) -> Sequence[str]:
    """Text by text, each of which is read once a process."""
    root, end = ROOT.match(content), content.rfind(END)
    if root is None or root.end() > SMALL or end < root.end() or content[end + len(END) :].strip():
        raise Declined
    *items, last = content[root.end() : end].split(END_ITEM)
    if last or not items:
        raise Declined
    found = list(map(_ITEMS.__getitem__, items))
    texts, weights = zip(*found, strict=True)
    markup.count(3 + sum(map(bool, root.groups())) + sum(weights))
    return texts


def _item(raw: bytes) -> tuple[str, int]:
    """(a text, the weight of its markup)."""
    simple = ITEM.fullmatch(raw)
    if simple:
        return unescape(meant(simple[2] or b"")), 4 + bool(simple[1])
    if len(raw) > SMALL or b"<!" in raw or b"<?" in raw:
        raise Declined
    markup, heard = Markup(NO_END), _SharedStrings()
    try:
        markup.parse(b'<sst xmlns="' + MAIN + b'">' + raw + END_ITEM + END, heard)
    except Unreadable as error:
        raise Declined from error
    if len(heard.found) != 1:
        raise Declined
    return heard.found[0], NO_END - markup.left - 3


_ITEMS = Memory(_item)
