"""The locked cells of a form that came back: each one that was changed, and what stands where nothing belongs.

No score rests on any of them: the engine computes from the inputs alone. A table row is compared with what
the layout prints there; what stands outside the table with the form's own seal.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from parxl import seal
from parxl.findings import Finding, finding
from parxl.grid import Cell, Workbook, cell_name, cell_place
from parxl.layout import (
    COMPUTED_HINT,
    EVIDENCE,
    INPUT,
    KEY,
    LAST_YEAR,
    MAX,
    SHEET_META,
    SHEET_TABLE,
    STATE,
    STT,
    TITLE,
    Layout,
    Row,
)
from parxl.live import formulas
from parxl.reading.places import COLUMN, Places
from parxl.rules import State

OWN_COLUMNS = "ABCDEFGHIJK"  # of the table's rows, hidden ones included
MOST_TOLD = 30  # changed cells of one sheet that are told one by one; the others are listed
SHOWN = 60  # characters of a cell that a message quotes
OUT = f'="{State.NOT_APPLICABLE}"'


class Issued:
    """What a set's table says as it is issued, in the form in which two cells are compared."""

    def __init__(self, layout: Layout):
        self.layout = layout
        keys = {row.number: row.key for row in layout.rows}
        live = ((cell[0], int(cell[1:]), text) for cell, text in formulas(layout).items())
        # (row key, column) -> text or formula; "" where the row prints nothing.
        self.content = {
            (row.key, column): seal.same(text) for row in layout.rows for column, text in _texts(layout, row)
        }
        self.content |= {
            (keys[number], column): seal.same(text) for column, number, text in live if number in keys
        }


def _texts(layout: Layout, row: Row) -> Iterator[tuple[str, str]]:
    yield from dict.fromkeys(OWN_COLUMNS, "").items()
    yield from ((STT, row.stt), (TITLE, layout.text(row)), (MAX, layout.maximum(row)), (KEY, row.key))
    if row.is_computed:
        yield INPUT, COMPUTED_HINT


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
    issued: Issued,
    places: Places,
    sealed: Sealed,
    exempt: Collection[str],
    renamed: Mapping[str, str],
    file: str,
) -> list[Finding]:
    """Every changed locked cell, the first ones of a sheet one by one.

    ``exempt``: parts that do not apply to the unit. ``renamed``: sheet as issued -> its name now.
    """
    comparison = _Comparison(issued, places, sealed, exempt, renamed)
    changes = [*comparison.table(), *comparison.sealed(), *comparison.stray()]
    told: list[Finding] = []
    for sheet in dict.fromkeys(change.sheet for change in changes):
        own = sorted((c for c in changes if c.sheet == sheet), key=lambda c: (c.row, c.column))
        told += [_told(change, file) for change in own[:MOST_TOLD]]
        if more := own[MOST_TOLD:]:
            cells = ", ".join(change.address for change in more)
            told.append(finding("PX348", file=file, sheet=sheet, number=len(more), cells=cells))
    return told


def _told(change: Change, file: str) -> Finding:
    place = {"file": file, "sheet": change.sheet, "cell": change.address, "criterion": change.criterion}
    found = _quote(_content(change.found))
    if change.wanted == "":
        return finding("PX332", **place, found=found)
    if change.wanted is None:
        return finding("PX347", **place, found=found)
    if change.wanted.startswith("="):
        return finding("PX331", **place, found=found)
    return finding("PX330", **place, found=found, wanted=_quote(change.wanted))


def _quote(text: Any) -> str:
    short = " ".join(str(text).split())
    return short if len(short) <= SHOWN else short[: SHOWN - 1] + "…"


def _content(cell: Cell) -> Any:
    """What a cell holds, a formula as its text."""
    return cell.source if cell.formula else ("" if cell.value is None else cell.value)


class _Comparison:
    def __init__(
        self,
        issued: Issued,
        places: Places,
        sealed: Sealed,
        exempt: Collection[str],
        renamed: Mapping[str, str],
    ):
        self.issued, self.places, self.renamed = issued, places, renamed
        self.layout = issued.layout
        rows = self.layout.part_rows
        self.out = {rows[key] for key in exempt if key in rows}
        self.seals = sealed.cells

    def _same(self, cell: Cell) -> str:
        """A formula names sheets as they are called now; compared is how they were called."""
        text = _content(cell)
        if cell.formula:
            for issued, now in self.renamed.items():
                text = text.replace(f"'{now}'!", f"'{issued}'!").replace(f"{now}!", f"'{issued}'!")
        return seal.same(text)

    def _may_differ(self, cell: Cell, wanted: str) -> bool:
        """Inserted, deleted or sorted rows rewrite every formula; it is enough that one is there."""
        return wanted.startswith("=") and cell.formula and not self.places.is_in_place

    def table(self) -> Iterator[Change]:
        """The table's own rows."""
        for row, number in self.places.kept():
            for column in OWN_COLUMNS:
                typed = (column == INPUT and row.input_key) or (column == EVIDENCE and row.kind == "leaf")
                if not typed:
                    yield from self._cell(row, number, column)

    def _cell(self, row: Row, number: int, column: str) -> Iterator[Change]:
        cell, wanted = self.places.cell(column, number), self.issued.content[row.key, column]
        found = self._same(cell)
        is_out = column == STATE and row.number in self.out and found == OUT
        if found != wanted and not is_out and not self._may_differ(cell, wanted):
            code = row.node.code if row.node else None
            yield Change(self.places.sheet, number, COLUMN[column], cell, wanted, code)

    def sealed(self) -> Iterator[Change]:
        """The guide, the check sheet, and the table's head and foot."""
        for issued, sheet, address, wanted in self._sealed_cells():
            row, column = self._now(issued, address)
            cell = self.places.book.cell(sheet, row, column)
            if not self._may_differ(cell, wanted) and seal.digest(self._same(cell)) != wanted:
                yield Change(sheet, row, column, cell, None)

    def _sealed_cells(self) -> Iterator[tuple[str, str, str, str]]:
        """(sheet as issued, its name now, cell as issued, digest)."""
        for issued, cells in self.seals.items():
            sheet = self.places.sheet if issued == SHEET_TABLE else self.renamed.get(issued, issued)
            if sheet in self.places.book.sheets:
                yield from ((issued, sheet, cell, wanted) for cell, wanted in cells.items())

    def _now(self, issued: str, address: str) -> tuple[int, int]:
        row, column = cell_place(address)
        return self.places.moved(row) if issued == SHEET_TABLE else row, column

    def stray(self) -> Iterator[Change]:
        """What stands on the table's sheet where nothing was issued, lines inserted included."""
        sealed = {self._now(SHEET_TABLE, address) for address in self.seals.get(SHEET_TABLE, {})}
        if not sealed:
            return
        known, typed = set(self.places.rows.values()), (self.places.submission_row, COLUMN[EVIDENCE])
        for (row, column), cell in self.places.book.sheets[self.places.sheet].items():
            inside = row in known and column < COLUMN[LAST_YEAR]
            if not inside and (row, column) not in sealed and (row, column) != typed:
                yield Change(self.places.sheet, row, column, cell, "")


class Sealed:
    """The seals of a form. ``cells``: sheet as issued -> cell -> digest, as the hidden sheet has them."""

    def __init__(self, book: Workbook):
        self.book = book
        rows = {c.text: row for (row, column), c in book.sheets.get(SHEET_META, {}).items() if column == 1}
        self.cells = {
            name.removeprefix(seal.FIELD): _readable(seal.unpack(book.cell(SHEET_META, row, 2).text))
            for name, row in rows.items()
            if name.startswith(seal.FIELD)
        }

    def like(self, issued: str, sheets: Collection[str]) -> str:
        """The sheet that holds most of what was issued under another name; "" where none does."""
        texts = {cell: digest for cell, digest in self.cells.get(issued, {}).items() if digest[:1] != "="}
        for sheet in sheets:
            held = [seal.digest(_content(self.book.cell(sheet, *cell_place(c)))) == d for c, d in texts.items()]
            if 2 * sum(held) > len(held):
                return sheet
        return ""


def _readable(cells: Mapping[str, str]) -> dict[str, str]:
    """Without what names no cell: the hidden sheet too may have been typed into."""
    found = {}
    for cell, digest in cells.items():
        with suppress(ValueError):
            cell_place(cell)
            found[cell] = digest
    return found
