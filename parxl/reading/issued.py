"""What a set's table says as it is issued, cell by cell; and what was found to mean the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from parxl.grid import Content, Place
from parxl.layout import COMPUTED_HINT, EVIDENCE, INPUT, KEY, MAX, STT, TITLE, Layout, Row
from parxl.live import formulas
from parxl.reading.places import COLUMN, OWN_COLUMNS


class Issued:
    """What a set's table says as it is issued."""

    def __init__(self, layout: Layout):
        self.layout = layout
        keys = {row.number: row.key for row in layout.rows}
        live = ((cell[0], int(cell[1:]), text) for cell, text in formulas(layout).items())
        # (row key, column) -> text or formula; "" where the row prints nothing.
        self.content = {(row.key, column): text for row in layout.rows for column, text in _texts(layout, row)}
        self.content |= {(keys[number], column): text for column, number, text in live if number in keys}
        self.cells = dict(self._cells())  # place as issued -> (row, column) of each cell that is locked
        self.printed = [place for place, (row, column) in self.cells.items() if self.content[row.key, column]]
        # What stands in those, as it was last found to be the same; programs write a formula in their own ways.
        self.same: list[Content | None] = [_as_content(self._wanted(place)) for place in self.printed]
        self.known = frozenset({*self.printed, *self._typed()})

    def _cells(self) -> Iterator[tuple[Place, tuple[Row, str]]]:
        for row in self.layout.rows:
            for column in OWN_COLUMNS:
                if not is_typed(row, column):
                    yield (row.number, COLUMN[column]), (row, column)

    def _typed(self) -> Iterator[Place]:
        for row in self.layout.rows:
            yield from ((row.number, COLUMN[column]) for column in (INPUT, EVIDENCE) if is_typed(row, column))

    def _wanted(self, place: Place) -> str:
        row, column = self.cells[place]
        return self.content[row.key, column]

    def others(self, contents: Mapping[Place, Content]) -> list[Place]:
        """The cells of the printed ones, the rows in their places, that may not be as issued."""
        found = list(map(contents.get, self.printed))
        if found == self.same:
            self.same = found  # which is what other forms will be made of, too: compared at once
            return []
        return [place for place, now, same in zip(self.printed, found, self.same, strict=True) if now != same]


@lru_cache(maxsize=8)
def issued_content(layout: Layout) -> Issued:
    """Made once a set."""
    return Issued(layout)


def is_typed(row: Row, column: str) -> bool:
    """Is this a cell to type in?"""
    return bool(column == INPUT and row.input_key) or (column == EVIDENCE and row.kind == "leaf")


def _as_content(text: str) -> Content:
    return (text,) if text.startswith("=") else text


def _texts(layout: Layout, row: Row) -> Iterator[tuple[str, str]]:
    yield from dict.fromkeys(OWN_COLUMNS, "").items()
    yield from ((STT, row.stt), (TITLE, layout.text(row)), (MAX, layout.maximum(row)), (KEY, row.key))
    if row.is_computed:
        yield INPUT, COMPUTED_HINT
