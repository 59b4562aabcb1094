"""What is written in a cell -> its value, its formula, and how it is shown."""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache, partial
from math import copysign, isfinite, isnan
from typing import Any

from parxl.grid.container import DAMAGED
from parxl.grid.memory import Memory
from parxl.grid.model import Cell, Content, Place, Unreadable, cell_name, content_of
from parxl.grid.parts import MOST_FORMATS, unescape
from parxl.grid.plain import known_meaning

INTEGER = re.compile(r"-?[0-9]{1,18}")
MOST_SPELLED = 50_000  # characters of shared formulas that are spelled out; a form has none
LONGEST_KEPT = 400  # characters of a shared formula whose spellings are remembered
MAY_BE_DATE = re.compile("[dmhysDMHYS]")
PLAIN_DAY = re.compile("dd?/mm?/yy(yy)?")  # as the control workbook shows a day
DAY_0 = dt.datetime(1899, 12, 30)  # of days after February 1900, which Excel gives a day too many
NUMBERS = [b"%d" % number for number in range(2**12)]


def written(count: int) -> Sequence[bytes]:
    """The whole numbers from 0, at least so many of them, as they are written."""
    return NUMBERS if count <= len(NUMBERS) else [b"%d" % number for number in range(count)]


# openpyxl takes a tenth of a second to load: only a file with unusual dates or shared formulas brings it in.


@lru_cache(MOST_FORMATS)
def is_date(shown: str) -> bool:
    """Does a number format show dates, times or durations? Asked once a format, not once a cell."""
    if not MAY_BE_DATE.search(shown):
        return False
    if PLAIN_DAY.fullmatch(shown):
        return True
    from openpyxl.styles.numbers import is_date_format

    return bool(is_date_format(shown))


@lru_cache(MOST_FORMATS)
def _dating(shown: str, from_1904: bool) -> Callable[[int | float], Any]:
    """What makes a date, a time or a duration of a number in this format."""
    is_plain = PLAIN_DAY.fullmatch(shown) and not from_1904
    return partial(_day, shown) if is_plain else _careful_dating(shown, from_1904)


def _day(shown: str, number: int | float) -> Any:
    is_plain = isinstance(number, int) and number > 60
    return DAY_0 + dt.timedelta(days=number) if is_plain else _careful_dating(shown, False)(number)


@lru_cache(MOST_FORMATS)
def _careful_dating(shown: str, from_1904: bool) -> Callable[[int | float], Any]:
    """openpyxl's own."""
    from openpyxl.styles.numbers import is_timedelta_format
    from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

    epoch = CALENDAR_MAC_1904 if from_1904 else CALENDAR_WINDOWS_1900
    return partial(from_excel, epoch=epoch, timedelta=is_timedelta_format(shown))


class Values:
    """Makes the cells of one workbook. ``strings``, ``formats``: its shared texts and number formats."""

    def __init__(self, strings: Sequence[str], formats: Sequence[str], from_1904: bool):
        self.strings, self.formats = strings, formats
        self._from_1904 = from_1904

    @cached_property
    def numbered(self) -> dict[bytes, str]:
        """The shared texts by their numbers, as these are written; that of nothing is nothing."""
        found = dict(zip(written(len(self.strings)), self.strings, strict=False))
        found[b""] = ""
        return found

    def cell(self, kind: str, style: int, text: str, source: str | None) -> Cell:
        """``kind``: the cell's ``t``; ``text``: what stands in it; ``source``: of its formula, None without."""
        shown = self._shown(style)
        value, stored = self._value(kind, text, shown)
        return Cell(value, source is not None, source or "", shown, stored)

    def content(self, kind: str, style: int, raw: bytes) -> Content | None:
        """What such a cell holds without a formula, of text as it is written, which was checked before."""
        shown = self._shown(style)
        if kind == "n" and not is_date(shown):
            return NUMBERS_SHOWN[raw, shown]
        return content_of(self.cell(kind, style, known_meaning(raw), None))

    def value(self, kind: str, style: int, raw: bytes) -> Any:
        """The value alone, of such text."""
        shown = self._shown(style)
        if kind == "n" and not is_date(shown):
            return WRITTEN[raw]
        return self._value(kind, known_meaning(raw), shown)[0]

    def _shown(self, style: int) -> str:
        return self.formats[style] if style < len(self.formats) else "General"

    def _value(self, kind: str, text: str, shown: str) -> tuple[Any, int | float | None]:
        """(value, the number behind a date)."""
        if kind == "inlineStr":
            return unescape(text), None
        if not text:
            return None, None
        if kind == "s":
            return self._string(text), None
        if kind in ("str", "e"):
            return unescape(text), None
        if kind == "b":
            return text.strip() in ("1", "true"), None
        if kind == "d":
            return _iso_date(text), None
        number = _number(text)
        if isinstance(number, (int, float)) and is_date(shown):
            return self._date(number, shown), number
        return number, None

    def _string(self, text: str) -> str:
        number = int(text) if text.strip().isdecimal() and len(text) < 10 else -1
        if not 0 <= number < len(self.strings):
            raise Unreadable(DAMAGED, "ô trỏ tới một chuỗi chữ không có trong tệp")
        return self.strings[number]

    def _date(self, number: int | float, shown: str) -> Any:
        try:
            return _dating(shown, self._from_1904)(number)
        except (ValueError, OverflowError):
            return number


class Formulas:
    """The formulas of one sheet, of which some share another's text."""

    def __init__(self) -> None:
        self._masters: dict[str, tuple[str, str]] = {}
        self._spelled = 0

    def source(self, text: str, attributes: Mapping[str, str], place: Place) -> str:
        """With "="; one that shares another's text is spelled out for its own place."""
        source = f"={unescape(text)}"
        shared = attributes.get("si", "") if attributes.get("t") == "shared" else ""
        if shared and shared in self._masters:
            return self._spell(*self._masters[shared], cell_name(*place))
        if shared and text:
            self._masters[shared] = (source, cell_name(*place))
        return source

    def _spell(self, text: str, origin: str, place: str) -> str:
        self._spelled += len(text)
        if self._spelled > MOST_SPELLED:
            return text
        return (_spelled if len(text) <= LONGEST_KEPT else _spelled.__wrapped__)(text, origin, place)


@lru_cache(maxsize=8192)
def _spelled(text: str, origin: str, place: str) -> str:
    from openpyxl.formula.translate import Translator

    try:
        return str(Translator(text, origin=origin).translate_formula(place))
    except Exception:  # a formula that the library cannot take apart is kept as it stands
        return text


def _number(text: str) -> int | float | str | None:
    """A number as it is stored; what is none stays text, and is told at its cell."""
    text = text.strip()
    if not text:
        return None
    if INTEGER.fullmatch(text):
        return int(text)
    try:
        return _finite(float(text), text) if text.isascii() and "_" not in text else text[:40]
    except ValueError:
        return text[:40]


def _finite(number: float, text: str) -> float | str:
    """Without infinities, which neither JSON nor a workbook can hold: a number too large is the largest."""
    if isnan(number):
        return text[:40]
    return number if isfinite(number) else copysign(sys.float_info.max, number)


def _iso_date(text: str) -> Any:
    try:
        return dt.datetime.fromisoformat(text.strip()).replace(tzinfo=None)
    except ValueError:
        return text


# The same figures stand in many forms.
WRITTEN = Memory[bytes, int | float | str | None](lambda raw: _number(known_meaning(raw)))
NUMBERS_SHOWN = Memory[tuple[bytes, str], Content | None](
    lambda key: content_of(Cell(WRITTEN[key[0]], number_format=key[1]))
)
