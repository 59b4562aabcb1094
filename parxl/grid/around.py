"""What stands above and below the cells of a sheet: its protection, its validation, how it is printed.

Below a form's table stands much that is the same in all forms, and a little that is in each another: it is cut
into pieces, of which each is parsed once a process.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from parxl.grid.markup import NO_END, Markup
from parxl.grid.memory import Declined, Memory
from parxl.grid.model import Unreadable
from parxl.grid.plain import PROLOG, checked
from parxl.grid.sheets import MOST_AREAS, Frame

BEGIN, END, END_ROOT = b"<sheetData>", b"</sheetData>", b"</worksheet>"
ROOT = re.compile(PROLOG + rb"(<worksheet(?: [A-Za-z0-9:_.-]+=\"[^\"<>]*\")* ?>)")
LARGEST = 256 * 2**10  # bytes of what stands above and below
FORMATS, END_FORMATS = b"<conditionalFormatting", b"</conditionalFormatting>"
VALIDATIONS, END_VALIDATIONS, END_VALIDATION = b"<dataValidations", b"</dataValidations>", b"</dataValidation>"
HEADINGS, END_HEADINGS = b"<headerFooter>", b"</headerFooter>"
PRINTED = re.compile(rb"(?<=Header>|Footer>)[^<]+")
SHORT = 2**12  # bytes of a root under which pieces are parsed, and of markup without its texts
PROTECTION = b"sheetProtection"
Piece = tuple[bytes, bytes, bytes]  # (markup, the tag that ends it, the root under which it stands)


def around(above: bytes, below: bytes, markup: Markup) -> tuple[bytes, Frame]:
    """(the root, what is heard around the cells). Declined or Unreadable where it is written in another way.

    Each part is parsed as if it were the whole: so nothing that is only quoted is taken for the data.
    """
    begin = ROOT.match(above)
    if begin is None or max(len(above), len(below)) > LARGEST:
        raise Declined
    root = begin[1]
    head = markup.learn(above + BEGIN + END + END_ROOT, Frame)
    foot = _foot(root, below, markup)
    if head.tables != 1 or head.rows or head.protected or head.validated:
        raise Declined
    return root, foot


def _foot(root: bytes, below: bytes, markup: Markup) -> Frame:
    formats, begin, rest = below.partition(VALIDATIONS)
    start = formats.find(FORMATS)
    if start < 0 or not begin or len(root) > SHORT:  # a long root would be parsed with every piece
        return _plain(root, below, markup)
    attributes, _, rest = rest.partition(b">")
    validations, _, after = rest.partition(END_VALIDATIONS)
    if b"xmlns" in attributes or PROTECTION in after:
        raise Declined
    pieces = [
        *_pieces(formats[start:], END_FORMATS, root),
        (begin + attributes, b"/>", root),
        *_pieces(validations, END_VALIDATION, root),
    ]
    areas, weights = zip(*map(PIECES.__getitem__, pieces), strict=True)
    markup.count(sum(weights))
    front, back = _plain(root, below[:start] + END_ROOT, markup), _plain(root, after, markup)
    return _joined(front, [*front.validated, *(area for some in areas for area in some), *back.validated])


def _pieces(content: bytes, end: bytes, root: bytes) -> Iterator[Piece]:
    *pieces, last = content.split(end)
    yield from ((piece, end, root) for piece in pieces)
    yield last, b"", root


def _joined(front: Frame, validated: list[str]) -> Frame:
    frame = Frame()
    frame.protected, frame.validated = front.protected, validated[:MOST_AREAS]
    return frame


def _plain(root: bytes, content: bytes, markup: Markup) -> Frame:
    """What is heard in the content of a root, with its end; the root itself was counted before."""
    frame = markup.learn(root + _unprinted(content), Frame)
    if frame.tables or frame.rows:
        raise Declined
    markup.count(-_weight(root))
    return frame


def _unprinted(content: bytes) -> bytes:
    """Without what is printed above and below each page, which is often the unit's name.

    Nobody hears it, so it is enough that a parser would take it; but in a comment nothing is what it seems.
    """
    before, begin, rest = content.partition(HEADINGS)
    printed, end, after = rest.partition(END_HEADINGS)
    if not end or len(content) > SHORT or b"<!" in content or b"<?" in content:
        return content
    checked(b"\n".join(PRINTED.findall(printed)))
    return b"".join((before, begin, PRINTED.sub(b"", printed), end, after))


def _weight(root: bytes) -> int:
    return 2 + root.count(b'="')


def _piece(key: Piece) -> tuple[list[str], int]:
    """(the areas validated, the weight) of whole elements: what is heard of several is that of each."""
    content, end, root = key
    markup, frame = Markup(NO_END), Frame()
    try:
        markup.parse(root + content + end + END_ROOT, frame)
    except Unreadable as error:
        raise Declined from error
    if frame.tables or frame.rows or PROTECTION in content:
        raise Declined
    return frame.validated, NO_END - markup.left - _weight(root)


PIECES = Memory(_piece)
