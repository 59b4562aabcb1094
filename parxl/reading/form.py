"""One filled form -> identity, inputs, evidence and what the form itself showed."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from parxl.findings import Finding, finding
from parxl.grid import Unreadable, Workbook, read_workbook, tidy
from parxl.identity import LINE_PREFIX, Identity, from_fields, from_properties
from parxl.layout import EVIDENCE, INPUT, KEY, SCORE, SHEET_META, SHEET_TABLE, TITLE, Layout
from parxl.reading.values import Reading, read_input, read_score
from parxl.rules import BLANK, DAMAGED

COLUMN = {letter: number for number, letter in enumerate("ABCDEFGHIJK", start=1)}
MAX_EVIDENCE = 32_767
MAX_TYPED = 200  # characters of a text in an input cell that are shown again


@dataclass(frozen=True)
class FormRead:
    """What one form says. Inputs as in an inputs frame; scores in units; cells by input key."""

    identity: Identity
    submission: int
    inputs: dict[str, int]
    sheet_inputs: dict[str, int]  # as the sheet cleans them: what its checksum is made of
    evidence: dict[str, str]
    self_scores: dict[str, int | None]  # leaves, groups and areas
    self_total: int | None
    sheet: str
    cells: dict[str, str]  # input key, or leaf code for its score row -> cell
    findings: tuple[Finding, ...] = field(default=())
    # Input key -> what stands in its cell, as a person typed it; blank cells are left out.
    typed: dict[str, int | float | str] = field(default_factory=dict)


class Rejected(Exception):
    """The file cannot be scored; the findings say why. ``identity`` and ``partial``: what could be read."""

    def __init__(
        self, findings: list[Finding], identity: Identity | None = None, partial: FormRead | None = None
    ):
        self.findings, self.identity, self.partial = findings, identity, partial
        super().__init__(findings)


def peek_identity(content: bytes, file: str) -> tuple[Workbook, Identity]:
    """The workbook and whose it is, before its table is looked at. Rejected where it is no form."""
    try:
        book = read_workbook(content)
    except Unreadable as error:
        raise unreadable(error, file) from error
    return book, read_identity(book, file)


def unreadable(error: Unreadable, file: str) -> Rejected:
    """The same as a rejection that can be told."""
    return Rejected([finding(error.code, file=file, reason=error.reason)])


def read_table(book: Workbook, file: str, layout: Layout, identity: Identity) -> FormRead:
    """The table of a workbook whose identity has been accepted."""
    return _Table(book, file, layout, identity).read()


def read_identity(book: Workbook, file: str) -> Identity:
    """The identity that the metadata sheet, the properties and the locked cell agree on.

    A message names the places that differ, never what they say: it may be another unit's identity.
    """
    meta = book.sheets.get(SHEET_META, {})
    rows = {row for row, _ in meta}
    fields = {book.cell(SHEET_META, r, 1).text: book.cell(SHEET_META, r, 2).text for r in rows}
    places = {"trang ẩn": from_fields(fields), "thuộc tính của tệp": from_properties(book.properties)}
    found = {place: identity for place, identity in places.items() if identity}
    if not found:
        raise Rejected([finding("PX302", file=file)])
    lines = {place: {identity.line} for place, identity in found.items()}
    lines |= {"ô nhận dạng cuối phiếu": own} if (own := _identity_lines(book)) else {}
    first = next(iter(found.values()))
    if len(set().union(*lines.values())) > 1:
        raise Rejected([finding("PX311", file=file, facts=", ".join(lines))], first)
    return first


def _identity_lines(book: Workbook) -> set[str]:
    """The locked identity cells found on the table sheet."""
    cells = book.sheets.get(SHEET_TABLE, {})
    texts = {cell.text for (_, column), cell in cells.items() if column == COLUMN[TITLE]}
    return {text for text in texts if text.startswith(LINE_PREFIX + "|")}


class _Table:
    def __init__(self, book: Workbook, file: str, layout: Layout, identity: Identity):
        self.book, self.file, self.layout, self.identity = book, file, layout, identity
        self.criteria = layout.criteria
        self.findings: list[Finding] = []
        self.sheet = self._sheet()
        self.rows = self._rows()

    def read(self) -> FormRead:
        self._check_rows()
        readings = {key: self._input(key) for key in self.layout.input_rows}
        leaves = [node for node in self.criteria.leaves if node.parts]
        evidence = {node.code: self._evidence(node.code) for node in leaves}
        scores = {node.code: self._score(node.code) for node in self.criteria.criterion}
        cells = {key: f"{INPUT}{self.rows[key]}" for key in readings}
        return FormRead(
            identity=self.identity,
            submission=self._submission(),
            inputs={key: reading.value for key, reading in readings.items()},
            sheet_inputs={key: reading.sheet for key, reading in readings.items()},
            evidence={code: text for code, text in evidence.items() if text},
            self_scores=scores,
            self_total=self._score("total"),
            sheet=self.sheet,
            typed={key: raw for key in readings if (raw := self._raw(key)) is not None},
            cells=cells | {n.code: f"{SCORE}{self.rows[n.code]}" for n in leaves},
            findings=tuple(self.findings),
        )

    # Rows -------------------------------------------------------------------------------------

    def _sheet(self) -> str:
        """The table's sheet: the one with the most row keys, whatever it is called now."""
        names = sorted(self.book.sheets, key=lambda name: name != SHEET_TABLE)
        return max(names, key=lambda name: len(self._keys(name)), default="")

    def _keys(self, sheet: str) -> dict[int, str]:
        known = self.layout.by_key
        cells = self.book.sheets.get(sheet, {})
        found = {row: cell.text for (row, column), cell in cells.items() if column == COLUMN[KEY]}
        return {row: key for row, key in found.items() if key in known}

    def _rows(self) -> dict[str, int]:
        return {key: row for row, key in self._keys(self.sheet).items()}

    def _check_rows(self) -> None:
        """Every row that is read must be there, once."""
        counts = Counter(self._keys(self.sheet).values())
        wanted = [*self.layout.input_rows, *self.criteria.by_code, "total"]
        place = {"file": self.file, "sheet": self.sheet or None}
        found = [finding("PX307", **place, key=key) for key in wanted if not counts[key]]
        found += [finding("PX310", **place, key=key) for key, n in counts.items() if n > 1]
        if found:
            raise Rejected(found, self.identity)

    # Cells ------------------------------------------------------------------------------------

    def _input(self, key: str) -> Reading:
        wanted = self.criteria.inputs[key]
        row = self.rows[key]
        reading = read_input(self.book.cell(self.sheet, row, COLUMN[INPUT]), wanted)
        if reading.code:
            self._report(reading.code, f"{INPUT}{row}", key.split("/")[0], **reading.facts)
        return reading

    def _raw(self, key: str) -> int | float | str | None:
        """What a person typed, to be shown again; never what a formula made of it."""
        cell = self.book.cell(self.sheet, self.rows[key], COLUMN[INPUT])
        number = isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool)
        if number and not (cell.formula or cell.is_percent):
            return cell.value
        return (cell.source or cell.text)[:MAX_TYPED] or None

    def _evidence(self, code: str) -> str:
        row = self.rows[code]
        cell = self.book.cell(self.sheet, row, COLUMN[EVIDENCE])
        if cell.formula:
            self._report("PX408", f"{EVIDENCE}{row}", code)
            return tidy(cell.source)[:MAX_EVIDENCE]
        text = tidy(str(cell.value))[:MAX_EVIDENCE] if cell.value is not None else ""
        if isinstance(cell.value, str) and text != tidy_spaces(cell.value):
            self._report("PX412", f"{EVIDENCE}{row}", code)
        return text

    def _score(self, key: str) -> int | None:
        cell = self.book.cell(self.sheet, self.rows[key], COLUMN[SCORE])
        return read_score(cell, self.criteria.decimals)

    def _submission(self) -> int:
        """*Lần nộp*: above the table, so never moved by rows inside it."""
        moved = min(self.rows.values()) - self.layout.rows[0].number
        row = self.layout.submission_row + moved
        cell = self.book.cell(self.sheet, row, COLUMN[EVIDENCE])
        text = "" if cell.formula else cell.text
        if re.fullmatch(r"0{0,3}[1-9][0-9]?", text):
            return int(text)
        self._report("PX320", f"{EVIDENCE}{row}", None, value=cell.text[:20])
        return 1

    def _report(self, code: str, cell: str, criterion: str | None, **facts: Any) -> None:
        place = {"file": self.file, "sheet": self.sheet, "cell": cell, "criterion": criterion}
        self.findings.append(finding(code, **place, **facts))


def tidy_spaces(text: str) -> str:
    """``tidy`` without the change to NFC: differs from it only where letters were decomposed."""
    return text.replace("\u00a0", " ").strip()


def typed_value(value: int, decimals: int, kind: str) -> int | float | str | None:
    """A value of an inputs frame as it stood in the cell; None where nothing readable stood there."""
    if value in (BLANK, DAMAGED) or (kind == "mark" and not value):
        return None
    if kind == "mark":
        return "x"
    return value / 10**decimals if decimals else value


def shown(typed: int | float | str) -> str:
    """What stands in an input cell, as text."""
    return str(typed).replace(".", ",") if isinstance(typed, float) else str(typed)
