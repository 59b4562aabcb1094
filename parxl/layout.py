"""Where everything stands in the official table: rows, columns, cells, names.

The form, the reader and the result workbook all ask this module; none of them counts rows itself.
Pure: a criteria set in, places out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from parxl.criteria import CriteriaSet, Node, Part
from parxl.rules import Input
from parxl.rules.lines import Line

SHEET_GUIDE = "Hướng dẫn"
SHEET_TABLE = "Phiếu chấm điểm"
SHEET_CHECK = "Kiểm tra"
SHEET_MENDING = "Cần sửa"  # the first sheet of a form that goes back to its unit
SHEET_META = "_parxl"

# Columns of the form's table; from KEY to DIGEST they are hidden.
STT, TITLE, MAX, INPUT, SCORE, EVIDENCE = "A", "B", "C", "D", "E", "F"
CHECK, KEY, VALUE, STATE, DIGEST = "G", "H", "I", "J", "K"
LAST_YEAR = "L"  # shown only where last year is known; outside the print area, as the check column is

INPUT_HEADING = "Số liệu/ Chọn (x)"
COMPUTED_HINT = "tự tính"  # where a computed line has no input
SUBMISSION_LABEL = "Lần nộp (1, 2, 3 …):"

RowKind = Literal[
    "area", "group", "leaf", "text", "option", "none", "input", "band", "term", "tier", "item", "total"
]
HEAD_ROWS = 3  # national header: agency and country, unit and motto, place and date
GAP = 1


@dataclass(frozen=True)
class Row:
    """One row of the table. ``key`` is unique and never changes its meaning within an edition."""

    number: int
    key: str
    kind: RowKind
    node: Node | None = None
    part: Part | None = None
    line: Line | None = None
    input: Input | None = None
    input_key: str = ""

    @property
    def stt(self) -> str:
        return self.node.stt if self.node and self.is_heading else ""

    @property
    def text(self) -> str:
        if self.line is not None:
            return self.line.text
        return self.node.title if self.node else ""

    @property
    def printed_max(self) -> str:
        """The maximum as printed on this row, "" where the decision leaves it blank."""
        if self.line is not None:
            found = getattr(self.line, "max", None)
            return "" if found is None else str(found)
        return self.node.printed_max if self.node else ""

    @property
    def is_heading(self) -> bool:
        return self.kind in ("area", "group", "leaf")

    @property
    def is_computed(self) -> bool:
        """A band line: found by parxl, never marked by hand."""
        return self.kind in ("band", "tier")


@dataclass(frozen=True, eq=False)
class Layout:
    """The places of one set's table. Rows are numbered from 1, as in the sheet.

    Equal only to itself, so that what is made once for a layout can be kept under it.
    """

    criteria: CriteriaSet

    # Above the table --------------------------------------------------------------------------

    @property
    def preamble_row(self) -> int:
        return HEAD_ROWS + GAP + 1

    @property
    def title_row(self) -> int:
        """Our own line: which form, which year."""
        return self.preamble_row + len(self.criteria.preamble)

    @property
    def status_row(self) -> int:
        return self.title_row + 1

    @property
    def submission_row(self) -> int:
        return self.status_row

    @property
    def header_row(self) -> int:
        return self.status_row + 1

    @property
    def number_row(self) -> int:
        """The row (1) (2) (3) … under the headings."""
        return self.header_row + 1

    # The table --------------------------------------------------------------------------------

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Every printed row of the table in order, the total last."""
        first = self.number_row + 1
        made = [*_table_rows(self.criteria), Row(0, "total", "total")]
        return tuple(
            Row(number, r.key, r.kind, r.node, r.part, r.line, r.input, r.input_key)
            for number, r in enumerate(made, start=first)
        )

    def text(self, row: Row) -> str:
        """What the wording column prints in a row."""
        return self.criteria.total.text if row.kind == "total" else row.text

    def maximum(self, row: Row) -> str:
        """What the column of maxima prints in a row."""
        return str(self.criteria.total.max) if row.kind == "total" else row.printed_max

    @cached_property
    def by_key(self) -> dict[str, Row]:
        return {row.key: row for row in self.rows}

    @property
    def total_row(self) -> int:
        return self.rows[-1].number

    @cached_property
    def input_rows(self) -> dict[str, Row]:
        """Input key -> its row, in printed order."""
        return {row.input_key: row for row in self.rows if row.input_key}

    @cached_property
    def part_rows(self) -> dict[str, int]:
        """Part key -> the row that holds its live state and score."""
        return {
            node.key(part): self.by_key[node.code].number if not part.id else self._first(node, part)
            for _, node, part in self.criteria.parts
        }

    def _first(self, node: Node, part: Part) -> int:
        return next(r.number for r in self.rows if r.node is node and r.part is part)

    def row_of(self, code: str) -> int:
        """The row of an area, group or leaf."""
        return self.by_key[code].number

    # Below the table --------------------------------------------------------------------------

    @property
    def note_row(self) -> int:
        """Ours: the note on restored formulas, blank where none is restored."""
        return self.total_row + 1

    @property
    def sign_row(self) -> int:
        """First of the signature block's rows: place and date, posts, hint, room, names."""
        return self.note_row + 1

    SIGN_ROWS = 5

    @property
    def checksum_row(self) -> int:
        return self.sign_row + self.SIGN_ROWS

    @property
    def identity_row(self) -> int:
        return self.checksum_row + 1

    @property
    def last_row(self) -> int:
        return self.identity_row

    # Cells and names --------------------------------------------------------------------------

    @property
    def submission_cell(self) -> str:
        return f"{EVIDENCE}{self.submission_row}"

    @property
    def checksum_cell(self) -> str:
        return f"{EVIDENCE}{self.checksum_row}"

    @property
    def identity_cell(self) -> str:
        return f"{TITLE}{self.identity_row}"

    def holds(self, cell: str) -> bool:
        """Is this a cell of the table's own rows, not of its head, its foot or last year's column?"""
        column, number = cell[0], int(cell[1:])
        return column != LAST_YEAR and self.rows[0].number <= number <= self.total_row

    def input_cell(self, input_key: str) -> str:
        return f"{INPUT}{self.input_rows[input_key].number}"

    def value_cell(self, input_key: str) -> str:
        """The hidden cell with the cleaned value."""
        return f"{VALUE}{self.input_rows[input_key].number}"

    def evidence_cell(self, code: str) -> str:
        return f"{EVIDENCE}{self.row_of(code)}"

    def names(self) -> Iterator[tuple[str, str]]:
        """(defined name, cell) for every input, evidence cell and live score, in printed order."""
        for key, row in self.input_rows.items():
            yield input_name(key), f"{INPUT}{row.number}"
        for node in self.criteria.criterion:
            row_number = self.row_of(node.code)
            if node.kind == "leaf":
                yield f"ev_{_flat(node.code)}", f"{EVIDENCE}{row_number}"
            yield f"score_{_flat(node.code)}", f"{SCORE}{row_number}"
        yield "score_total", f"{SCORE}{self.total_row}"
        yield "lan_nop", self.submission_cell


def input_name(input_key: str) -> str:
    """``3.2.3/tinh/a`` -> ``in_3_2_3_tinh_a``: the workbook's defined name of an input."""
    return f"in_{_flat(input_key)}"


def _flat(key: str) -> str:
    return key.replace(".", "_").replace("/", "_")


def _table_rows(criteria: CriteriaSet) -> Iterator[Row]:
    for node in criteria.criterion:
        kind: RowKind = "leaf" if node.parts else ("area" if node.depth == 1 else "group")
        yield Row(0, node.code, kind, node)
        for number, line in enumerate(node.lines, start=1):
            yield Row(0, f"{node.code}#{number}", "text", node, line=line)
        for part in node.parts:
            yield from _part_rows(node, part)


def _part_rows(node: Node, part: Part) -> Iterator[Row]:
    """The printed lines of one part; each input finds its own line."""
    inputs = {i.id: i for i in part.rule.inputs}
    option = 0
    for number, line in enumerate(part.rule.lines, start=1):
        if not line.text:
            continue  # the unprinted zero band
        option += line.kind == "option"
        found = inputs.get(_input_id(line, option))
        key = node.input_key(part, found.id) if found else ""
        row_key = key or f"{node.key(part)}#{number}"
        yield Row(0, row_key, line.kind, node, part, line, found, key)


def _input_id(line: Line, option: int) -> str:
    if line.kind in ("input", "item"):
        return line.id
    return {"option": str(option), "none": "none"}.get(line.kind, "")
