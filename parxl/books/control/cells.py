"""Rows and cells of the control workbook by sheet and column name; what is wrong with them is kept."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from parxl.books.control.spec import ITEM, ITEMS, NOT_IN_OLD, SETTINGS, TABLES, VALUE
from parxl.exact import to_units
from parxl.findings import Finding, finding
from parxl.grid import Cell, Workbook, cell_name, tidy

COLUMN_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class ControlCells:
    """A control workbook's rows; ``findings`` collects every mistake that reading meets."""

    def __init__(self, book: Workbook, file: str):
        self.book, self.file = book, file
        self.findings: list[Finding] = []

    def items(self, sheet: str) -> dict[str, Line]:
        """Item name -> its line, for a Mục/Giá trị sheet; unknown items are left alone."""
        columns = self._columns(sheet, (ITEM, VALUE))
        names = {item.name for item in ITEMS[sheet]}
        found: dict[str, Line] = {}
        for row in self._row_numbers(sheet):
            line = Line(self, sheet, row, columns)
            name = self.book.cell(sheet, row, columns.get(ITEM, 1)).text
            if name in found:
                line.wrong("PX212", ITEM, row=found[name].row)
            elif name in names:
                found[name] = line
        if sheet == SETTINGS and columns:
            for name in ("Tên đợt chấm", "Năm"):
                if name not in found:
                    self.findings.append(finding("PX209", file=self.file, sheet=sheet, name=name))
        return found

    def lines(self, sheet: str, also: Collection[str] = ()) -> Iterator[Line]:
        """The rows of a table in which something is typed. ``also``: optional columns needed this time."""
        if sheet in NOT_IN_OLD and sheet not in self.book.sheets:
            return
        needed = tuple(c.name for c in TABLES[sheet] if not c.optional or c.name in also)
        optional = tuple(c.name for c in TABLES[sheet] if c.name not in needed)
        columns = self._columns(sheet, needed, optional)
        for row in self._row_numbers(sheet):
            line = Line(self, sheet, row, columns)
            if not all(line.is_blank(name) for name in columns):
                yield line

    def _row_numbers(self, sheet: str) -> list[int]:
        return sorted({row for row, _ in self.book.sheets.get(sheet, {}) if row > 1})

    def _columns(self, sheet: str, names: tuple[str, ...], optional: tuple[str, ...] = ()) -> dict[str, int]:
        """Column name -> number; a missing sheet or column, and one that is there twice, is a finding."""
        if sheet not in self.book.sheets:
            if not any(f.sheet == sheet and f.code == "PX204" for f in self.findings):
                self.findings.append(finding("PX204", file=self.file, sheet=sheet, name=sheet))
            return {}
        heads: dict[str, int] = {}
        for column in sorted(column for row, column in self.book.sheets[sheet] if row == 1):
            text = self.book.cell(sheet, 1, column).text
            if text in (*names, *optional) and column <= len(COLUMN_LETTERS):
                if text in heads:
                    facts = {"file": self.file, "sheet": sheet, "cell": cell_name(1, column)}
                    self.findings.append(finding("PX222", **facts, name=text))
                heads.setdefault(text, column)
        for name in names:
            if name not in heads:
                facts = {"file": self.file, "sheet": sheet, "cell": "1:1"}
                self.findings.append(finding("PX205", **facts, name=name))
        return heads


@dataclass(frozen=True)
class Wanted:
    """What a number may be, in units of the last decimal, and the same in words."""

    decimals: int
    most: int
    words: str
    least: int = 0


class Line:
    """One row of a table: cells by column name."""

    def __init__(self, cells: ControlCells, sheet: str, row: int, columns: dict[str, int]):
        self.cells, self.sheet, self.row, self.columns = cells, sheet, row, columns
        self._made: dict[str, Cell] = {}

    def cell(self, name: str) -> Cell:
        if name not in self._made:
            column = self.columns.get(name)
            self._made[name] = self.cells.book.cell(self.sheet, self.row, column) if column else Cell(None)
        return self._made[name]

    def is_blank(self, name: str) -> bool:
        cell = self.cell(name)
        return not (cell.text or cell.formula)

    def text(self, name: str) -> str:
        cell = self.cell(name)
        if cell.formula or cell.is_error:
            self.wrong("PX213", name)
            return ""
        return cell.text

    def wrong(self, code: str, at: str, /, **facts: Any) -> None:
        column = COLUMN_LETTERS[self.columns.get(at, 1) - 1]
        place = {"file": self.cells.file, "sheet": self.sheet, "cell": f"{column}{self.row}"}
        self.cells.findings.append(finding(code, **place, **facts))

    def needed(self, name: str) -> str:
        text, cell = self.text(name), self.cell(name)
        if not text and name in self.columns and not (cell.formula or cell.is_error):
            self.wrong("PX209", name, name=name)
        return text

    def date(self, name: str) -> dt.date | None:
        text, value = self.text(name), self.cell(name).value
        if text and isinstance(value, dt.date):
            return value.date() if isinstance(value, dt.datetime) else value
        if not text:
            return None
        found = _date(text)
        if found is None:
            expected = "ngày dạng ngày/tháng/năm"
            self.wrong("PX210", name, name=name, value=text, expected=expected)
        return found

    def units(self, name: str, wanted: Wanted, label: str = "") -> int | None:
        """A number of points or percents as whole units; None with a finding where it is not one.

        ``label``: what the number is, where its column's name does not say it.
        """
        text = self.needed(name)
        number = _decimal(text)
        try:
            units = None if number is None else to_units(number, wanted.decimals)
        except ValueError:
            units = None
        # Excel keeps 80% as 0.8, which would be taken for less than one percent.
        if text and (units is None or not wanted.least <= units <= wanted.most or self.cell(name).is_percent):
            self.wrong("PX210", name, name=label or name, value=text, expected=wanted.words)
            return None
        return units


def _date(text: str) -> dt.date | None:
    for pattern in ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"):
        try:
            return dt.datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    return None


def _decimal(text: str) -> Decimal | None:
    """``17,5``, ``-17.5``: a number as typed in a Vietnamese or an English Excel."""
    plain = unicodedata.normalize("NFKC", tidy(text)).replace(",", ".").replace("\N{MINUS SIGN}", "-")
    try:
        return Decimal(plain) if re.fullmatch(r"[-+]?\d+(\.\d+)?", plain) else None
    except InvalidOperation:
        return None
