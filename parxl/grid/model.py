"""What a workbook holds once it is read: plain cells, and a few facts about each sheet."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from string import ascii_uppercase
from typing import Any

ERRORS = (
    "#NULL!",
    "#DIV/0!",
    "#VALUE!",
    "#REF!",
    "#NAME?",
    "#NUM!",
    "#N/A",
    "#GETTING_DATA",
    "#SPILL!",
    "#CALC!",
)


class Unreadable(Exception):
    """The bytes are not a workbook that is read. ``code``: of the register; ``reason``: Vietnamese."""

    def __init__(self, code: str, reason: str):
        self.code, self.reason = code, reason
        super().__init__(code, reason)

    def __str__(self) -> str:
        return self.reason


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. With a formula, ``value`` is what the file keeps as its result, ``source`` its text.

    A number shown as a date has a date as its ``value``, and what is stored as its ``number``.
    """

    value: Any
    formula: bool = False
    source: str = ""
    number_format: str = "General"
    number: int | float | None = None

    @property
    def is_error(self) -> bool:
        return isinstance(self.value, str) and self.value in ERRORS

    @property
    def is_date(self) -> bool:
        return isinstance(self.value, (dt.date, dt.time, dt.timedelta))

    @property
    def is_percent(self) -> bool:
        """A number that is shown as a percentage: 0.95 shown as 95%."""
        return isinstance(self.value, (int, float)) and "%" in self.number_format

    @property
    def text(self) -> str:
        """The value as text: NFC, no-break spaces as spaces, trimmed; whole floats without ".0"."""
        if self.value is None:
            return ""
        if isinstance(self.value, float) and self.value.is_integer():
            return str(int(self.value))
        return tidy(str(self.value))


EMPTY = Cell(None)
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
LONGEST_TEXT = 32_767  # characters in a cell of Excel; what is longer is cut
MOST_MARKS = 30  # on one letter; Unicode's own limit for streams
MARKS = re.compile(r"[^\w\s]{31,}")
REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


def cell_name(row: int, column: int) -> str:
    """(9, 4) -> D9."""
    return f"{_letters(column)}{row}"


@lru_cache(maxsize=1024)
def _letters(column: int) -> str:
    """28 -> AB. Here and below by our own hand: a library that knows it takes a tenth of a second to load."""
    before, letter = divmod(column - 1, len(ascii_uppercase))
    return (_letters(before) if before else "") + ascii_uppercase[letter]


@lru_cache(maxsize=1024)
def _column(letters: str) -> int:
    """AB -> 28."""
    number = 0
    for letter in letters:
        number = number * len(ascii_uppercase) + ascii_uppercase.index(letter) + 1
    return number


@lru_cache(maxsize=4096)
def cell_place(name: str) -> tuple[int, int]:
    """D9 -> (9, 4). ValueError where no sheet has such a cell."""
    found = REFERENCE.fullmatch(name)
    row, column = (int(found[2]), _column(found[1])) if found else (0, 0)
    if not (1 <= row <= LAST_ROW and 1 <= column <= LAST_COLUMN):
        raise ValueError(name)
    return row, column


Place = tuple[int, int]  # (row, column) from 1
Cells = Mapping[Place, Cell]
# What a cell holds, so that equal contents are the same content: a text; (a formula's text with "=",); or
# (type of its value, the cell), because 1, 1.0 and TRUE are equal.
Content = str | tuple[str] | tuple[type, Cell]


def content_of(cell: Cell) -> Content | None:
    """None where it is blank."""
    if cell.formula:
        return (cell.source,)
    if cell.value is None or isinstance(cell.value, str):
        return cell.value or None
    return type(cell.value), cell


class Contents:
    """What the cells of one sheet hold, of those that are not blank. ``at``: by place."""

    def __init__(self, at: Mapping[Place, Content]):
        self.at = at

    def column(self, number: int) -> Mapping[int, Content]:
        """Row -> what the cell of a column holds."""
        return self._columns.get(number, {})

    @cached_property
    def _columns(self) -> Mapping[int, Mapping[int, Content]]:
        found = defaultdict[int, dict[int, Content]](dict)
        for (row, number), content in self.at.items():
            found[number][row] = content
        return found


def contents_of(cells: Cells) -> Contents:
    """Cells that were swept know it; of others it is found out."""
    known: Contents | None = getattr(cells, "contents", None)
    if known is None:
        held = ((place, content_of(cell)) for place, cell in cells.items())
        known = Contents({place: content for place, content in held if content})
    return known


def column_texts(cells: Cells, column: int) -> dict[int, str]:
    """Row -> the text of its cell in one column; blank cells are left out."""
    held = contents_of(cells).column(column).items()
    return {row: tidy(one) if isinstance(one, str) else cells[row, column].text for row, one in held}


def column_values(cells: Cells, column: int) -> dict[int, Any]:
    """Row -> what the cell of a column shows: for a formula, its result."""
    shown = getattr(cells, "shown", None)
    if shown is not None:
        return shown(column)
    return {row: cell.value for (row, at), cell in cells.items() if at == column}


@lru_cache(maxsize=256)  # thousands of cells may share one long text
def tidy(text: str) -> str:
    """NFC, no-break spaces as spaces, trimmed."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFC", MARKS.sub(_fewer, text)).replace("\u00a0", " ").strip()


def _fewer(run: re.Match[str]) -> str:
    """A run of signs with at most as many combining marks as any language has: sorting more is slow."""
    marks = [k for k, sign in enumerate(run[0]) if unicodedata.combining(sign)]
    return run[0] if len(marks) <= MOST_MARKS else run[0][: marks[MOST_MARKS]]


@dataclass(frozen=True)
class SheetFacts:
    """What a sheet is besides its cells. ``validated``: areas with data validation, as ``D9:D12``."""

    hidden: bool = False
    protected: bool = False
    validated: tuple[str, ...] = ()


@dataclass(frozen=True)
class Workbook:
    """Sheet name -> (row, column) from 1 -> cell; the sheets' facts; and what belongs to the whole."""

    sheets: Mapping[str, Cells]
    properties: Mapping[str, str] = field(default_factory=dict)  # the custom document properties
    facts: Mapping[str, SheetFacts] = field(default_factory=dict)
    names: frozenset[str] = frozenset()  # the defined names
    links: bool = False  # does it refer to other workbooks?
    notes: bool = False  # has it notes or comments on its cells?

    def cell(self, sheet: str, row: int, column: int) -> Cell:
        return self.sheets.get(sheet, {}).get((row, column), EMPTY)
