"""One sheet's part -> its cells and facts. Blank cells are left out; sizes that a file states are ignored."""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections.abc import Mapping
from functools import lru_cache
from math import copysign, isfinite, isnan
from typing import Any

from openpyxl.formula.translate import Translator
from openpyxl.styles.numbers import is_date_format, is_timedelta_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from parxl.grid.container import DAMAGED
from parxl.grid.model import LAST_COLUMN, LAST_ROW, Cell, Cells, Unreadable, cell_name, cell_place
from parxl.grid.parts import MOST_FORMATS, longer, unescape

INTEGER = re.compile(r"-?[0-9]{1,18}")
MOST_SPELLED = 50_000  # characters of shared formulas that are spelled out; a form has none
MOST_AREAS = 10_000
# Asked once a number format, not once a cell.
is_date, is_duration = lru_cache(MOST_FORMATS)(is_date_format), lru_cache(MOST_FORMATS)(is_timedelta_format)
TEXTS = ("v", "f", "t")


class SheetPart:
    """Hears one sheet. ``strings``, ``formats``: the workbook's shared texts and number formats."""

    def __init__(self, strings: list[str], formats: list[str], from_1904: bool):
        self.cells: Cells = {}
        self.protected = False
        self.validated: list[str] = []
        self._strings, self._formats = strings, formats
        self._epoch = CALENDAR_MAC_1904 if from_1904 else CALENDAR_WINDOWS_1900
        self._row = self._column = 0
        self._cell: dict[str, Any] | None = None
        self._inside = ""
        self._phonetic = False
        self._masters: dict[str, tuple[str, str]] = {}
        self._spelled = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._cell is not None:
            self._start_inside(name, attributes)
        elif name == "c":
            self._start_cell(attributes)
        elif name == "row":
            self._row, self._column = _row_number(attributes.get("r"), self._row + 1), 0
        elif name == "sheetProtection":
            self.protected = attributes.get("sheet", "0") in ("1", "true")
        elif name == "dataValidation":
            room = MOST_AREAS - len(self.validated)
            self.validated.extend(attributes.get("sqref", "").split()[:room])

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            self._row, self._column = _checked(max(self._row, 1), self._column + 1)
        else:
            self._row, self._column = _place(reference)
        style = attributes.get("s", "0")
        self._cell = {"type": attributes.get("t", "n"), "style": style, "v": "", "f": "", "t": ""}

    def _start_inside(self, name: str, attributes: Mapping[str, str]) -> None:
        assert self._cell is not None
        if name == "rPh":
            self._phonetic = True
        elif name == "f":
            self._cell["formula"] = attributes
        self._inside = name if name in TEXTS and not self._phonetic else ""

    def text(self, data: str) -> None:
        if self._inside and self._cell is not None:
            self._cell[self._inside] = longer(self._cell[self._inside], data)

    def end(self, name: str) -> None:
        self._inside = ""
        if name == "rPh":
            self._phonetic = False
        elif name == "c" and self._cell is not None:
            found, self._cell = self._made(self._cell), None
            if found.formula or found.value not in (None, ""):
                self._keep(found)

    def _keep(self, found: Cell) -> None:
        place = self._row, self._column
        if place in self.cells:
            raise Unreadable(DAMAGED, "tệp ghi hai nội dung cho cùng một ô")
        self.cells[place] = found

    # A cell -----------------------------------------------------------------------------------

    def _made(self, cell: dict[str, Any]) -> Cell:
        style = cell["style"]
        number = int(style) if style.isdecimal() and len(style) < 7 else 0
        shown = self._formats[number] if number < len(self._formats) else "General"
        value, stored = self._value(cell, shown)
        if "formula" in cell:
            return Cell(value, True, self._source(cell), shown, stored)
        return Cell(value, False, "", shown, stored)

    def _value(self, cell: dict[str, Any], shown: str) -> tuple[Any, int | float | None]:
        """(value, the number behind a date)."""
        kind, text = cell["type"], cell["v"]
        if kind == "inlineStr":
            return unescape(cell["t"]), None
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
            return self._date(number, is_duration(shown)), number
        return number, None

    def _string(self, text: str) -> str:
        number = int(text) if text.strip().isdecimal() and len(text) < 10 else -1
        if not 0 <= number < len(self._strings):
            raise Unreadable(DAMAGED, "ô trỏ tới một chuỗi chữ không có trong tệp")
        return self._strings[number]

    def _date(self, number: int | float, is_duration: bool) -> Any:
        try:
            return from_excel(number, self._epoch, timedelta=is_duration)
        except (ValueError, OverflowError):
            return number

    # A formula --------------------------------------------------------------------------------

    def _source(self, cell: dict[str, Any]) -> str:
        """The formula's text with "="; one that shares another's text is spelled out for its own place."""
        text, attributes = f"={unescape(cell['f'])}", cell["formula"]
        shared = attributes.get("si", "") if attributes.get("t") == "shared" else ""
        place = cell_name(self._row, self._column)
        if shared and shared in self._masters:
            return self._spell(*self._masters[shared], place)
        if shared and cell["f"]:
            self._masters[shared] = (text, place)
        return text

    def _spell(self, text: str, origin: str, place: str) -> str:
        self._spelled += len(text)
        if self._spelled > MOST_SPELLED:
            return text
        try:
            return str(Translator(text, origin=origin).translate_formula(place))
        except Exception:  # a formula that the library cannot take apart is kept as it stands
            return text


def _row_number(text: str | None, following: int) -> int:
    if text is None:
        return following
    if not (text.isdecimal() and len(text) < 8 and 1 <= int(text) <= LAST_ROW):
        raise Unreadable(DAMAGED, "tệp có số thứ tự dòng không hợp lệ")
    return int(text)


def _place(reference: str) -> tuple[int, int]:
    try:
        return cell_place(reference)
    except ValueError as error:
        raise Unreadable(DAMAGED, "tệp có địa chỉ ô không hợp lệ") from error


def _checked(row: int, column: int) -> tuple[int, int]:
    if row > LAST_ROW or column > LAST_COLUMN:
        raise Unreadable(DAMAGED, "tệp có địa chỉ ô không hợp lệ")
    return row, column


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
