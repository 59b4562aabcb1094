"""The rows of an appraisal workbook in which something is typed, and what a person wrote there besides.

Rows are found by their hidden keys and columns by their headings, in every sheet that has them: lines may have
been inserted, sorted or deleted, sheets renamed or copied.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from parxl import seal
from parxl.appraisal import as_typed
from parxl.desk import APPRAISAL, Typed, parse_key
from parxl.exact import short_text
from parxl.grid import EMPTY, Cell, Cells, Workbook, cell_name, tidy
from parxl.layout import SHEET_META
from parxl.reading.texts import bare
from parxl.reading.values import read_score

ASKED = ("unit", "code", "computed", "first", "points", "reason", "key")  # without them no row is certain
UNSEALED = ("points", "reason", "check")
SEAL = "rows:"  # in the hidden sheet: rows:<unit> -> <key>=12ab …; the head's rows stand under their numbers
LARGEST = 1e300  # a number beyond it is kept as text


@dataclass(frozen=True)
class Table:
    """A list in one sheet, whatever the sheet is called and wherever its columns stand now."""

    sheet: str
    cells: Cells
    header: int
    columns: Mapping[str, int]

    def cell(self, row: int, name: str) -> Cell:
        return self.cells.get((row, self.columns[name]), EMPTY)

    @property
    def rows(self) -> list[int]:
        return sorted({row for row, _ in self.cells if row > self.header})


@dataclass(frozen=True)
class Line:
    """A row in which something is typed."""

    table: Table
    row: int
    typed: Typed

    @property
    def sheet(self) -> str:
        return self.table.sheet

    @property
    def key(self) -> str:
        return self.text("key")

    @property
    def place(self) -> str:
        """The cell to look at first."""
        name = "reason" if self.typed.points is None else "points"
        return cell_name(self.row, self.table.columns[name])

    @property
    def reason(self) -> str:
        """The reason as it counts: an error value is none."""
        return "" if self.table.cell(self.row, "reason").is_error else bare_text(self.typed.reason)

    def text(self, name: str) -> str:
        return self.table.cell(self.row, name).text

    def score(self, name: str, decimals: int) -> int | None:
        return read_score(self.table.cell(self.row, name), decimals)


def bare_text(text: str) -> str:
    """A reason as it is quoted; "" where nothing is to be seen."""
    return tidy(text) if bare(text) else ""


def tables(book: Workbook) -> Iterator[Table]:
    heading = APPRAISAL["key"].heading
    for sheet, cells in book.sheets.items():
        headers = sorted(row for (row, _), cell in cells.items() if cell.text == heading)
        found = (_columns(cells, row) for row in headers)
        known = next(((row, own) for row, own in zip(headers, found, strict=True) if own), None)
        if known:
            yield Table(sheet, cells, *known)


def _columns(cells: Cells, header: int) -> dict[str, int]:
    """Name -> column of one row's headings; {} unless every one that is asked for stands there once."""
    heads: dict[str, list[int]] = {}
    for (row, column), cell in cells.items():
        if row == header:
            heads.setdefault(" ".join(cell.text.split()), []).append(column)
    once = {name: heads[c.heading][0] for name, c in APPRAISAL.items() if len(heads.get(c.heading, ())) == 1}
    return once if all(name in once for name in ASKED) else {}


def typed_lines(book: Workbook) -> Iterator[Line]:
    for table in tables(book):
        for row in table.rows:
            typed = Typed(_raw_points(table.cell(row, "points")), _raw_reason(table.cell(row, "reason")))
            if typed != Typed(None, ""):
                yield Line(table, row, typed)


def _raw_points(cell: Cell) -> int | float | str | None:
    """What a person typed, a formula as its own text; None where nothing is to be seen."""
    value: Any = cell.value
    if cell.formula:
        return cell.source
    if isinstance(value, str):
        return value if bare(value) else None
    if isinstance(value, bool):
        return str(value).upper()
    if cell.is_percent:
        return f"{short_text(as_typed(value) * 100)}%"
    if isinstance(value, (int, float)) and abs(value) < LARGEST:
        return value
    return cell.text or None


def _raw_reason(cell: Cell) -> str:
    text = cell.source if cell.formula else cell.value if isinstance(cell.value, str) else cell.text
    return text if bare(text) else ""


# Writing a workbook anew --------------------------------------------------------------------------


def typed_of(book: Workbook) -> dict[tuple[str, str], Typed]:
    """(unit, leaf code) -> what is typed in a workbook, valid or not."""
    found: dict[tuple[str, str], Typed] = {}
    for line in typed_lines(book):
        if key := parse_key(line.key):
            found.setdefault(key, line.typed)
    return found


def beyond_typed(book: Workbook) -> list[str]:
    """The sheets and rows with content of people's own that ``typed_of`` does not hold.

    A workbook with any must not be written over: sheets added, rows or columns added, locked cells changed.
    """
    lists = {table.sheet: table for table in tables(book)}
    own = [name for name in book.sheets if name not in lists and name != SHEET_META]
    found = [f"trang {name}" for name in own if any(cell.text for cell in book.sheets[name].values())]
    seals, seen = _seals(book), set[str]()
    for table in lists.values():
        for row in sorted({row for row, _ in table.cells}):
            name, digest = _row_seal(table, row)
            if digest and (seals.get(name) != digest or name in seen):
                found.append(f"trang {table.sheet} dòng {row}")
            seen.add(name)
    return found


def row_seal(contents: list[Any]) -> str:
    """The digest of a row's locked cells, from left to right; "" where they are blank."""
    texts = [text for text in map(seal.same, contents) if text]
    return seal.digest("\n".join(texts)) if texts else ""


def _row_seal(table: Table, row: int) -> tuple[str, str]:
    """(name of the row, its digest now). What is typed under no key counts as changed."""
    key = table.cell(row, "key").text if row > table.header else ""
    open_columns = [table.columns[name] for name in UNSEALED if key and name in table.columns]
    cells = sorted((column, cell) for (at, column), cell in table.cells.items() if at == row)
    contents = [cell.value for column, cell in cells if column not in open_columns and cell.value is not None]
    return key or str(row), row_seal(contents)


def _seals(book: Workbook) -> dict[str, str]:
    """Row -> its digest when parxl wrote it."""
    rows = {row for row, _ in book.sheets.get(SHEET_META, {})}
    fields = {book.cell(SHEET_META, row, 1).text: book.cell(SHEET_META, row, 2).text for row in rows}
    packed = (line for name, line in fields.items() if name.startswith(SEAL))
    return {name: digest for line in packed for name, digest in seal.unpack(line).items()}
