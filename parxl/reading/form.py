"""One filled form -> identity, inputs, evidence and what the form itself showed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from parxl.findings import Finding, finding
from parxl.grid import EMPTY, Cell, Unreadable, Workbook, column_values, read_workbook, tidy
from parxl.identity import Identity
from parxl.layout import EVIDENCE, INPUT, SCORE, Layout
from parxl.reading.compact import usual
from parxl.reading.owner import read_identity
from parxl.reading.places import COLUMN, Places, find_table
from parxl.reading.rejection import Rejected, unreadable
from parxl.reading.unusable import doubtful_places, lost_rows
from parxl.reading.values import Reading, read_input, shown_score
from parxl.rules import BLANK, DAMAGED

MAX_EVIDENCE = 32_767
MAX_TYPED = 200  # characters of a text in an input cell that are shown again


@dataclass(frozen=True)
class FormRead:
    """What one form says. Inputs as in an inputs frame; scores in units; cells by input key.

    Of a rejected form: what could still be read, keys whose rows are lost left out.
    """

    identity: Identity
    submission: int
    inputs: Mapping[str, int]
    sheet_inputs: Mapping[str, int]  # as the sheet cleans them: what its checksum is made of
    evidence: Mapping[str, str]
    self_scores: Mapping[str, int | None]  # leaves, groups and areas
    self_total: int | None
    sheet: str
    cells: Mapping[str, str]  # input key -> its cell; code of the tree or "total" -> the cell of its score
    findings: tuple[Finding, ...] = field(default=())
    # Input key -> what stands in its cell, as a person typed it; blank cells are left out.
    typed: Mapping[str, int | float | str] = field(default_factory=dict)


def peek_identity(content: bytes, file: str) -> tuple[Workbook, Identity]:
    """The workbook and whose it is, before its table is looked at. Rejected where it is no form."""
    try:
        book = read_workbook(content)
    except Unreadable as error:
        raise unreadable(error, file) from error
    return book, read_identity(book, file)


def read_table(
    book: Workbook, file: str, layout: Layout, identity: Identity, year: int | None = None
) -> FormRead:
    """The table of a workbook whose identity has been accepted. ``year``: of the campaign.

    Rejected, with what could be read, where rows are lost or it is not certain which figures were meant.
    """
    return read_places(find_table(book, layout), file, identity, year)


def read_places(places: Places, file: str, identity: Identity, year: int | None = None) -> FormRead:
    """The same of a table that has been found."""
    if not places.sheet:
        raise Rejected([finding("PX349", file=file)], identity)
    form = _Table(places, file, identity, year).read()
    if doubts := doubtful_places(places, file):
        # Nothing is said of figures that may belong to other rows.
        raise Rejected(doubts, identity, replace(form, findings=()))
    if lost := lost_rows(places, file):
        raise Rejected([*lost, *form.findings], identity, form)
    return form


# What stands in it --------------------------------------------------------------------------------


class _Table:
    def __init__(self, places: Places, file: str, identity: Identity, year: int | None):
        self.places, self.file, self.identity, self.year = places, file, identity, year
        self.layout = places.layout
        self.criteria = places.layout.criteria
        self.scores = column_values(places.book.sheets[places.sheet], COLUMN[SCORE])
        # A row that stands twice says nothing for certain.
        self.rows = places.rows
        if not places.is_as_issued:
            self.rows = {key: row for key, row in places.rows.items() if places.counts[key] == 1}
        self.inputs = places.contents.column(COLUMN[INPUT])
        self.typed: dict[str, Cell] = {}
        self.findings: list[Finding] = []

    def read(self) -> FormRead:
        rows = self.rows
        readings = {key: self._input(key) for key in self.layout.input_rows if key in rows}
        leaves = [node for node in self.criteria.leaves if node.parts and node.code in rows]
        evidence = {node.code: self._evidence(node.code) for node in leaves}
        return FormRead(
            identity=self.identity,
            submission=self._submission(),
            inputs={key: reading.value for key, reading in readings.items()},
            sheet_inputs={key: reading.sheet for key, reading in readings.items()},
            evidence={code: text for code, text in evidence.items() if text},
            self_scores={node.code: self._score(node.code) for node in self.criteria.criterion},
            self_total=self._score("total"),
            sheet=self.places.sheet,
            typed={key: raw for key, cell in self.typed.items() if (raw := _raw(cell)) is not None},
            cells=self._cells(),
            findings=tuple(self.findings),
        )

    def _cells(self) -> Mapping[str, str]:
        common, rows = usual(self.layout), self.rows
        if self.places.is_in_place and len(rows) == len(self.layout.rows):
            return common.cells
        inputs = {key: f"{INPUT}{rows[key]}" for key in common.inputs if key in rows}
        scores = (*self.criteria.by_code, "total")
        return inputs | {key: f"{SCORE}{rows[key]}" for key in scores if key in rows}

    def _input(self, key: str) -> Reading:
        row, wanted = self.rows[key], self.criteria.inputs[key]
        if row not in self.inputs:
            return read_input(EMPTY, wanted, self.year)
        cell = self.typed[key] = self.places.cell(INPUT, row)
        reading = read_input(cell, wanted, self.year)
        if reading.code:
            self._report(reading.code, f"{INPUT}{row}", key.split("/")[0], **reading.facts)
        return reading

    def _evidence(self, code: str) -> str:
        row = self.rows[code]
        content = self.places.contents.at.get((row, COLUMN[EVIDENCE]))
        if isinstance(content, str):
            return self._written(row, code, content)
        cell = self.places.cell(EVIDENCE, row)
        if cell.formula:
            self._report("PX408", f"{EVIDENCE}{row}", code)
            return tidy(cell.source)[:MAX_EVIDENCE]
        return tidy(str(cell.value))[:MAX_EVIDENCE] if cell.value is not None else ""

    def _written(self, row: int, code: str, content: str) -> str:
        text = tidy(content)[:MAX_EVIDENCE]
        if text != tidy_spaces(content):
            self._report("PX412", f"{EVIDENCE}{row}", code)
        return text

    def _score(self, key: str) -> int | None:
        if key not in self.rows:
            return None
        return shown_score(self.scores.get(self.rows[key]), self.criteria.decimals)

    def _submission(self) -> int:
        row = self.places.submission_row
        cell = self.places.cell(EVIDENCE, row)
        number = read_submission(cell)
        if number is None:
            self._report("PX320", f"{EVIDENCE}{row}", None, value=cell.text[:20])
        return number or 1

    def _report(self, code: str, cell: str, criterion: str | None, **facts: Any) -> None:
        place = {"file": self.file, "sheet": self.places.sheet, "cell": cell, "criterion": criterion}
        self.findings.append(finding(code, **place, **facts))


def read_submission(cell: Cell) -> int | None:
    """*Lần nộp*; None where the cell says no number from 1 to 99."""
    text = "" if cell.formula else cell.text
    return int(text) if re.fullmatch(r"0{0,3}[1-9][0-9]?", text) else None


def _raw(cell: Cell) -> int | float | str | None:
    """What a person typed, to be shown again; never what a formula made of it."""
    if cell.formula:
        return cell.source[:MAX_TYPED]
    number = isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool)
    if number and not cell.is_percent:
        return cell.value
    return _as_seen(cell)[:MAX_TYPED] or None


def _as_seen(cell: Cell) -> str:
    """A value as the sheet shows it to the one who typed it: TRUE, 95%, 1/5/2026."""
    value = cell.value
    if isinstance(value, bool):
        return str(value).upper()
    if cell.is_percent:
        return f"{(Decimal(str(value)) * 100).normalize():f}%".replace(".", ",")
    if isinstance(value, dt.date):
        return f"{value.day}/{value.month}/{value.year}"
    return cell.text


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
