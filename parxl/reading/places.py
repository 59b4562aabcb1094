"""Where the table stands in a workbook that came back: its sheet, and the row of each key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from parxl.grid import EMPTY, Cell, Cells, Content, Contents, Workbook, contents_of, tidy
from parxl.layout import INPUT, KEY, SHEET_TABLE, SUBMISSION_LABEL, Layout, Row

OWN_COLUMNS = "ABCDEFGHIJK"  # of the table's rows, hidden ones included
Found = tuple[tuple[int, str], ...]  # (row, key) from the top
COLUMN = {letter: number for number, letter in enumerate("ABCDEFGHIJKL", start=1)}


class Standing:
    """Where the rows of a table stand as it is issued. ``titles``: row -> its wording."""

    def __init__(self, layout: Layout):
        self.found = tuple((row.number, row.key) for row in layout.rows)
        self.rows = {row.key: row.number for row in layout.rows}
        self.counts = Counter(self.rows.keys())
        self.titles = {row.number: layout.text(row) for row in layout.rows}


text_cell = lru_cache(maxsize=256)(Cell)  # the same marks and headings stand in all forms


@lru_cache(maxsize=8)
def standing(layout: Layout) -> Standing:
    """Made once a set."""
    return Standing(layout)


@dataclass(frozen=True)
class Places:
    """The table as it stands in ``sheet``. ``found``: (row, key) from the top, keys of this set only."""

    book: Workbook
    layout: Layout
    sheet: str
    found: Found
    copies: tuple[str, ...] = ()  # other sheets that hold most of the table too

    @cached_property
    def rows(self) -> dict[str, int]:
        """Key -> row; of a key that stands twice, the first."""
        return standing(self.layout).rows if self.is_as_issued else {k: row for row, k in reversed(self.found)}

    @cached_property
    def counts(self) -> Mapping[str, int]:
        return standing(self.layout).counts if self.is_as_issued else Counter(key for _, key in self.found)

    @cached_property
    def contents(self) -> Contents:
        """What each cell of the sheet holds, of those that are not blank."""
        return contents_of(self.book.sheets[self.sheet])

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
        return self.is_as_issued or all(self.rows.get(r.key) == r.number for r in self.layout.rows)

    @cached_property
    def is_as_issued(self) -> bool:
        """And is there no row of the table besides?"""
        return self.found == standing(self.layout).found

    def cell(self, column: str, row: int) -> Cell:
        place = row, COLUMN[column]
        content = self.contents.at.get(place)
        if content is None:
            return EMPTY
        if isinstance(content, str):
            return text_cell(content)
        return self.book.sheets[self.sheet][place] if len(content) == 1 else content[1]

    def kept(self) -> Iterator[tuple[Row, int]]:
        """Each row of the layout that is still there, with its present number."""
        return ((row, self.rows[row.key]) for row in self.layout.rows if row.key in self.rows)


def find_table(book: Workbook, layout: Layout, only: str = "") -> Places:
    """The sheet with the table, whatever it is called now; its own name counts first among equals.

    ``only``: look at no other sheet.
    """
    names = [name for name in book.sheets if only in ("", name)]
    held = {name: contents_of(book.sheets[name]).column(COLUMN[KEY]) for name in names}
    keys: dict[str, Found] = {}
    most = 0
    # A sheet with too few cells there to hold most of a table is not looked at.
    for name in sorted(names, key=lambda name: -len(held[name])):
        keys[name] = _keys(book.sheets[name], held[name], layout) if 2 * len(held[name]) > most else ()
        most = max(most, len(keys[name]))
    full = [name for name in names if most and 2 * len(keys[name]) > most]
    full.sort(key=lambda name: (name != SHEET_TABLE, -len(keys[name])))
    sheet = full[0] if full else ""
    return Places(book, layout, sheet, keys.get(sheet, ()), tuple(full[1:]))


def _keys(cells: Cells, held: Mapping[int, Content], layout: Layout) -> Found:
    """``held``: what stands in the column of the keys: mostly a heading, and below it all of them."""
    issued, items = standing(layout).found, tuple(held.items())
    above = items[: max(0, len(items) - len(issued))]
    if items[len(above) :] == issued and not _known(cells, above, layout):
        return issued
    return tuple(sorted(_known(cells, items, layout)))


def _known(cells: Cells, items: tuple[tuple[int, Content], ...], layout: Layout) -> list[tuple[int, str]]:
    texts = (
        (row, tidy(content) if isinstance(content, str) else cells[row, COLUMN[KEY]].text)
        for row, content in items
    )
    return [(row, key) for row, key in texts if key in layout.by_key]
