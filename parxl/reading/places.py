"""Where the table stands in a workbook that came back: its sheet, and the row of each key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from parxl.grid import EMPTY, Cell, Workbook
from parxl.layout import INPUT, KEY, SHEET_TABLE, SUBMISSION_LABEL, Layout, Row

OWN_COLUMNS = "ABCDEFGHIJK"  # of the table's rows, hidden ones included
COLUMN = {letter: number for number, letter in enumerate("ABCDEFGHIJKL", start=1)}


@dataclass(frozen=True)
class Places:
    """The table as it stands in ``sheet``. ``found``: (row, key) from the top, keys of this set only."""

    book: Workbook
    layout: Layout
    sheet: str
    found: tuple[tuple[int, str], ...]
    copies: tuple[str, ...] = ()  # other sheets that hold most of the table too

    @cached_property
    def rows(self) -> dict[str, int]:
        """Key -> row; of a key that stands twice, the first."""
        return {key: row for row, key in reversed(self.found)}

    @cached_property
    def counts(self) -> Counter[str]:
        return Counter(key for _, key in self.found)

    @property
    def shift_above(self) -> int:
        """By how many rows the head of the table has moved down."""
        return self.found[0][0] - self.layout.rows[0].number if self.found else 0

    @property
    def shift_below(self) -> int:
        """By how many rows the foot of the table has moved down."""
        return self.found[-1][0] - self.layout.total_row if self.found else 0

    @cached_property
    def submission_row(self) -> int:
        """The row of *Lần nộp*: found by its label, for lines may have been inserted above it or below."""
        for row in range(1, min(self.rows.values(), default=1)):
            if self.cell(INPUT, row).text == SUBMISSION_LABEL:
                return row
        return self.layout.submission_row + self.shift_above

    @cached_property
    def is_in_place(self) -> bool:
        """Does every row of the table stand where it was issued?"""
        return all(self.rows.get(row.key) == row.number for row in self.layout.rows)

    def cell(self, column: str, row: int) -> Cell:
        return self.book.sheets[self.sheet].get((row, COLUMN[column]), EMPTY)

    def kept(self) -> Iterator[tuple[Row, int]]:
        """Each row of the layout that is still there, with its present number."""
        return ((row, self.rows[row.key]) for row in self.layout.rows if row.key in self.rows)


def find_table(book: Workbook, layout: Layout, only: str = "") -> Places:
    """The sheet with the table, whatever it is called now; its own name counts first among equals.

    ``only``: look at no other sheet.
    """
    keys = {name: _keys(book, layout, name) for name in book.sheets if only in ("", name)}
    most = max((len(found) for found in keys.values()), default=0)
    full = [name for name in keys if most and 2 * len(keys[name]) > most]
    full.sort(key=lambda name: (name != SHEET_TABLE, -len(keys[name])))
    sheet = full[0] if full else ""
    return Places(book, layout, sheet, tuple(keys.get(sheet, ())), tuple(full[1:]))


def _keys(book: Workbook, layout: Layout, sheet: str) -> list[tuple[int, str]]:
    known, column = layout.by_key, COLUMN[KEY]
    found = [(row, cell.text) for (row, at), cell in book.sheets[sheet].items() if at == column]
    return sorted((row, key) for row, key in found if key in known)
