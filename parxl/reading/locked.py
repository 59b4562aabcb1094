"""The locked cells of a form that came back: each one that was changed, and what stands where nothing belongs.

No score rests on any of them: the engine computes from the inputs alone. A table row is compared with what
the layout prints there; what stands outside the table with the form's own seal.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from parxl import seal
from parxl.findings import Finding, finding
from parxl.grid import (
    Cell,
    Cells,
    Place,
    cell_name,
    contents_of,
)
from parxl.layout import (
    EVIDENCE,
    LAST_YEAR,
    SHEET_TABLE,
    STATE,
    Row,
)
from parxl.reading.issued import is_typed, issued_content
from parxl.reading.places import COLUMN, OWN_COLUMNS, Places
from parxl.reading.sealed import Sealed, content_as_text
from parxl.rules import State

MOST_TOLD = 30  # changed cells of one sheet that are told one by one; the others are listed
MOST_LISTED = 500  # cells that one message lists
SHOWN = 60  # characters of a cell that a message quotes
MOST_MOVED = 20  # rows by which a row of the head or the foot is looked for above and below its place
OUT = f'="{State.NOT_APPLICABLE}"'
_Lines = dict[int, dict[int, str]]  # row -> column -> digest


@dataclass(frozen=True)
class Change:
    """One locked cell that is not as it was issued. ``wanted``: None where only its digest is known."""

    sheet: str
    row: int
    column: int
    found: Cell
    wanted: str | None
    criterion: str | None = None

    @property
    def address(self) -> str:
        return cell_name(self.row, self.column)


def locked_findings(
    places: Places,
    sealed: Sealed,
    renamed: Mapping[str, str],
    file: str,
) -> list[Finding]:
    """Every changed locked cell, the first ones of a sheet one by one.

    ``renamed``: sheet as issued -> its name now.
    """
    comparison = _Comparison(places, sealed, renamed)
    changes = [*comparison.table(), *comparison.sealed(), *comparison.stray()]
    told: list[Finding] = []
    for sheet in dict.fromkeys(change.sheet for change in changes):
        own = sorted((c for c in changes if c.sheet == sheet), key=lambda c: (c.row, c.column))
        told += [_told(change, file) for change in own[:MOST_TOLD]]
        if more := own[MOST_TOLD:]:
            cells = ", ".join(change.address for change in more[:MOST_LISTED])
            cells += " …" if len(more) > MOST_LISTED else ""
            told.append(finding("PX348", file=file, sheet=sheet, number=len(more), cells=cells))
    return told


def _told(change: Change, file: str) -> Finding:
    place = {"file": file, "sheet": change.sheet, "cell": change.address, "criterion": change.criterion}
    found = _quote(content_as_text(change.found))
    if change.wanted == "":
        return finding("PX332", **place, found=found)
    if change.wanted is None:
        return finding("PX347", **place, found=found)
    if change.wanted.startswith("="):
        return finding("PX331", **place, found=found)
    return finding("PX330", **place, found=found, wanted=_quote(change.wanted))


def _quote(text: Any) -> str:
    short = " ".join(str(text).split()) or "(để trống)"
    return short if len(short) <= SHOWN else short[: SHOWN - 1] + "…"


class _Comparison:
    def __init__(self, places: Places, sealed: Sealed, renamed: Mapping[str, str]):
        self.places, self.renamed, self.layout = places, renamed, places.layout
        self.issued = issued_content(places.layout)
        self.part_rows = set(self.layout.part_rows.values())
        self.seals = sealed.cells
        self._contents: dict[tuple[type, Any, bool], str] = {}
        self._digests: dict[str, str] = {}
        self.whole = {issued for issued in self.seals if self._is_whole(issued)}
        lost = {issued for issued in self.seals if not self._name(issued)}
        # Sheet as issued, unless whole -> row as issued -> its row now, of every row with a sealed cell.
        self.rows = {issued: self._rows(issued) for issued in self.seals if issued not in self.whole | lost}
        stands = all(row == now for rows in self.rows.values() for row, now in rows.items())
        self.is_in_place = places.is_in_place and stands
        self.is_torn = bool(lost)

    @cached_property
    def beside(self) -> Collection[Place]:
        """The cells of the table's sheet in which something stands; those of the table itself are left out."""
        if not self.places.is_as_issued:
            return self.places.contents.at
        return set(self.places.contents.at) - self.issued.known

    def _name(self, issued: str) -> str:
        """The sheet's name now, "" where it is lost."""
        name = self.places.sheet if issued == SHEET_TABLE else self.renamed.get(issued, issued)
        return name if name in self.places.book.sheets else ""

    def _rows(self, issued: str) -> dict[int, int]:
        """The table's rows are found by their keys, all others by what they say."""
        lines = _lines(self.seals[issued])
        sheet = self.places.book.sheets[self._name(issued)]
        if issued != SHEET_TABLE:
            return dict(self._aligned(sheet, lines, 0))
        first, last = self.layout.rows[0].number, self.layout.total_row
        head = {row: line for row, line in lines.items() if row < first}
        foot = {row: line for row, line in lines.items() if row > last}
        table = {row.number: now for row, now in self.places.kept() if row.number in lines}
        below = self._aligned(sheet, foot, self.places.shift_below)
        return {**dict(self._aligned(sheet, head, 0)), **table, **dict(below)}

    def _is_whole(self, issued: str) -> bool:
        """Does every sealed cell of a sheet stand in its place, as it was issued?"""
        if self._name(issued) != issued or self.renamed:
            return False
        if issued == SHEET_TABLE and not self.places.is_as_issued:
            return False
        return self.seals[issued].hold(contents_of(self.places.book.sheets[issued]).at)

    def _aligned(self, sheet: Cells, lines: _Lines, shift: int) -> Iterator[tuple[int, int]]:
        """(row as issued, row now) from the top: rows may have been inserted or deleted between any two.

        A row of which nothing is found any more is taken to stand under the row above it.
        """
        for row, line in lines.items():
            near = (*range(shift, shift + MOST_MOVED), *range(shift - 1, shift - MOST_MOVED, -1))
            shift = next((by for by in near if self._holds(sheet, row + by, line)), shift)
            yield row, row + shift

    def _holds(self, sheet: Cells, row: int, line: Mapping[int, str]) -> bool:
        there = {column: sheet[row, column] for column in line if (row, column) in sheet}
        same = sum(self._digest(cell) == line[column] for column, cell in there.items())
        return 2 * same > len(line)

    def _digest(self, cell: Cell) -> str:
        content = self._same(cell)
        if content not in self._digests:
            self._digests[content] = seal.digest(content)
        return self._digests[content]

    def _same(self, cell: Cell) -> str:
        """Each content is looked at once: thousands of cells may share one long text."""
        content = content_as_text(cell)
        known = type(content), content, cell.formula
        if known not in self._contents:
            self._contents[known] = seal.same(self._as_issued(content) if cell.formula else content)
        return self._contents[known]

    def _as_issued(self, formula: str) -> str:
        """A formula names sheets as they are called now; compared is how they were called."""
        for issued, now in self.renamed.items():
            quoted = now.replace("'", "''")
            formula = formula.replace(f"'{quoted}'!", f"'{issued}'!").replace(f"{now}!", f"'{issued}'!")
        return formula

    def _may_differ(self, cell: Cell, wanted: str) -> bool:
        """Moved rows rewrite every formula, a lost sheet those that name it; it is enough that one is there."""
        rewritten = not self.is_in_place or (self.is_torn and "#REF!" in cell.source)
        return wanted.startswith("=") and cell.formula and rewritten

    def table(self) -> Iterator[Change]:
        """The table's own rows."""
        if self.places.is_as_issued and not self.renamed:
            yield from self._table_in_place()
            return
        for row, number in self.places.kept():
            for column in OWN_COLUMNS:
                if not is_typed(row, column):
                    yield from self._cell(row, number, column)

    def _table_in_place(self) -> Iterator[Change]:
        """Most cells are letter for letter as issued; only the others are looked at."""
        contents, issued = self.places.contents.at, self.issued
        doubtful = issued.others(contents)
        more = [place for place in self.beside if place in issued.cells]
        changes = [
            change
            for place in (*doubtful, *more)
            for change in self._cell(issued.cells[place][0], place[0], issued.cells[place][1])
        ]
        if doubtful and not changes and self.is_in_place and not self.is_torn:
            issued.same = list(map(contents.get, issued.printed))
        yield from changes

    def _cell(self, row: Row, number: int, column: str) -> Iterator[Change]:
        cell, wanted = self.places.cell(column, number), self.issued.content[row.key, column]
        is_alive = cell.formula or not wanted.startswith("=")  # not a formula's text, which computes nothing
        if is_alive and (content_as_text(cell) == wanted or self._may_differ(cell, wanted)):
            return
        found = self._same(cell)
        # Parts that did not apply when the form was issued have this state, whatever applies now.
        is_out = column == STATE and row.number in self.part_rows and found == OUT
        if not is_alive or (found != seal.same(wanted) and not is_out):
            code = row.node.code if row.node else None
            yield Change(self.places.sheet, number, COLUMN[column], cell, wanted, code)

    def sealed(self) -> Iterator[Change]:
        """The guide, the check sheet, and the table's head and foot."""
        for issued, rows in self.rows.items():
            sheet = self._name(issued)
            for (row, column), wanted in self.seals[issued].items():
                cell = self.places.book.cell(sheet, rows.get(row, 0), column)
                same = self._may_differ(cell, wanted) or self._digest(cell) == wanted
                if row in rows and not same:
                    yield Change(sheet, rows[row], column, cell, None)

    def stray(self) -> Iterator[Change]:
        """What stands on the table's sheet where nothing was issued, lines inserted included."""
        sealed: Collection[Place] = self.seals.get(SHEET_TABLE, {})
        if SHEET_TABLE not in self.whole:
            rows = self.rows.get(SHEET_TABLE, {})
            sealed = {(rows[row], column) for row, column in sealed if row in rows}
        if not sealed:
            return
        known, typed = set(self.places.rows.values()), (self.places.submission_row, COLUMN[EVIDENCE])
        cells = self.places.book.sheets[self.places.sheet]
        for row, column in self.beside:
            inside = row in known and column < COLUMN[LAST_YEAR]
            if not inside and (row, column) not in sealed and (row, column) != typed:
                yield Change(self.places.sheet, row, column, cells[row, column], "")


def _lines(seals: Mapping[Place, str]) -> _Lines:
    """Row -> column -> digest, of the texts and numbers: formulas are rewritten as rows move."""
    found: _Lines = {}
    for (row, column), digest in sorted(seals.items()):
        line = found.setdefault(row, {})
        if not digest.startswith("="):
            line[column] = digest
    return found
