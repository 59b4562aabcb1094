"""How tall a wrapped cell is: the advance widths of Times New Roman and a word wrap.

The widths are those of Liberation Serif, which is metrically equal to Times New Roman. Vietnamese
letters are as wide as their base letter, but for ơ, ư and đ.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

# Width in thousandths of the font size -> characters.
_REGULAR = {
    180: "'", 200: "|", 250: " ,.\u00a0", 278: "/:;\\ijlt", 333: "!()-I[]`fr‘’·", 389: "Js", 408: '"',
    444: "?acez“”", 500: "#$*0123456789_bdghknopquvxyđ–§«»", 529: "ơ", 541: "~ư", 549: "≥≤",
    556: "FPS", 564: "+−<=>×", 611: "ELTZ", 667: "BCR", 722: "ADGHKNOQUVXYwĐƠ", 776: "Ư", 778: "&m",
    833: "%", 889: "M", 921: "@", 944: "W", 1000: "—…→",
}  # fmt: skip
_BOLD = {
    220: "|", 250: " ,.\u00a0", 278: "'/\\il", 333: "!()-:;[]`fjt‘’·", 389: "Is", 444: "cerz",
    500: "#$*0123456789?J_agovxy–“”§«»", 549: "≥≤", 554: "ơ", 556: "Sbdhknpquđ", 570: "+−<=>×",
    600: "ư", 611: "FP", 667: "BELTZ", 722: "ACDNRUVXYwĐ", 778: "GHKOQƠ", 796: "Ư", 833: "&m",
    930: "@", 944: "M", 1000: "%W—…→",
}  # fmt: skip
_UNKNOWN = 1000  # wide, so that a row is rather too tall than clipped
WIDTHS = {
    bold: {char: width for width, chars in table.items() for char in chars}
    for bold, table in ((False, _REGULAR), (True, _BOLD))
}

PIXELS_PER_POINT = 4 / 3
CELL_PADDING = 9  # pixels that Excel keeps free at both sides together
SAFETY = 1.02  # Excel's own rounding of glyph widths on screen
LINE_FACTOR = 1.32  # height of a line over the font size: Excel's, which is the taller one
ROW_PADDING = 2.0  # points
# What is kept of texts that were measured: words, and whole texts that are not very long.
MOST_SIZES, MOST_WORDS, MOST_TEXTS, LONG_TEXT, MOST_LONG = 16, 8192, 8192, 400, 128


def column_pixels(width: float) -> int:
    """A column's width in characters -> pixels, as Excel does it with a 7-pixel digit."""
    return int(width * 7 + 5)


class _Words(dict[str, float]):
    """Words of one size -> their widths, each measured when it is first asked for."""

    def __init__(self, size: float, bold: bool):
        super().__init__()
        self.size, self.widths = size, WIDTHS[bold]

    def __missing__(self, word: str) -> float:
        if len(self) >= MOST_WORDS:
            self.clear()
        width = sum(_char(c, self.widths) for c in word) * self.size * PIXELS_PER_POINT / 1000
        self[word] = width
        return width


_words = lru_cache(maxsize=MOST_SIZES)(_Words)


def text_pixels(text: str, size: float, bold: bool = False) -> float:
    """The width of one line of text in pixels at 96 dpi."""
    return _words(size, bold)[text]


def _char(char: str, widths: dict[str, int]) -> int:
    if char in widths:
        return widths[char]
    plain = unicodedata.normalize("NFD", char)
    horn = {"o\u031b": "ơ", "u\u031b": "ư", "O\u031b": "Ơ", "U\u031b": "Ư"}.get(plain[:2])
    return widths.get(horn or plain[0], _UNKNOWN)


def line_count(text: str, width: float, size: float, bold: bool = False) -> int:
    """How many lines a text takes in a cell ``width`` characters wide."""
    count = _long if len(text) > LONG_TEXT else _remembered
    return count(text, width, size, bold)


def _counted(text: str, width: float, size: float, bold: bool) -> int:
    room, words = (column_pixels(width) - CELL_PADDING) / SAFETY, _words(size, bold)
    return sum([_wrapped(paragraph, room, words) for paragraph in text.split("\n")])


_remembered = lru_cache(maxsize=MOST_TEXTS)(_counted)
_long = lru_cache(maxsize=MOST_LONG)(_counted)


def _wrapped(paragraph: str, room: float, words: _Words) -> int:
    lines, used = 1, 0.0
    space = words[" "]
    for length in map(words.__getitem__, paragraph.split(" ")):
        longer = used + space + length
        if used and longer <= room:
            used = longer
            continue
        lines += 1 if used else 0
        # A word longer than the cell is broken over as many lines as it takes.
        extra = int(length // room) if length > room else 0
        lines, used = lines + extra, length - extra * room
    return lines


def row_height(texts: Sequence[tuple[str, float, float, bool]]) -> float:
    """Points that a row needs for its cells: (text, column width, font size, bold) each."""
    heights = [
        line_count(text, width, size, bold) * size * LINE_FACTOR for text, width, size, bold in texts if text
    ]
    return max(heights, default=12 * LINE_FACTOR) + ROW_PADDING
