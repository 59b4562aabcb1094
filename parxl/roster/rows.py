"""The rows of a list as units: every mistake at its cell, and a code for a unit that has none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, count
from typing import Any

from parxl.campaign import ADDRESS_WORDS, Unit, addresses, are_addresses, is_unit_code
from parxl.findings import Finding, finding
from parxl.grid import EMPTY, Cell, cell_name
from parxl.roster.tables import HEADINGS, Table, columns_of, heading, plain

# What often stands between headings and rows: the columns' numbers or letters.
NUMBERING = re.compile(r"\(?(\d{1,2}|[A-Z])\)?")
LONGEST_CODE = 40


class RowsReader:
    """One list's rows; ``findings`` keeps every mistake, ``notes`` what else there is to tell."""

    def __init__(self, file: str, table: Table, other_heads: list[int]):
        self.file, self.table = file, table
        self.findings: list[Finding] = []
        self.notes: list[Finding] = []
        found = columns_of(table, table.head)
        self.columns = {name: columns[0] for name, columns in found.items()}
        for name, columns in found.items():
            for column in columns[1:]:
                self._tell("PX222", cell_name(table.head, column), name=HEADINGS[name][0])
        below = [row for row in table.rows if row > table.head and row not in other_heads]
        self.numbers = below[1:] if below and self._only_numbers(table.rows[below[0]]) else below

    def _only_numbers(self, row: dict[int, Cell]) -> bool:
        """Is this the row that only numbers the columns, as official tables have it?"""
        return self.columns["name"] in row and all(NUMBERING.fullmatch(cell.text) for cell in row.values())

    def units(self) -> tuple[Unit, ...]:
        mine = set(self.columns.values())
        units = {row: self._unit(row) for row in self.numbers if mine & set(self.table.rows[row])}
        if not units:
            self._tell("PX223", None, reason="không có đơn vị nào dưới dòng tiêu đề")
        self._doubles(units)
        self._notes(units)
        return with_codes(units.values())

    def _tell(self, code: str, cell: str | None, /, **facts: Any) -> None:
        self.findings.append(finding(code, file=self.file, sheet=self.table.sheet, cell=cell, **facts))

    def wrong(self, code: str, at: int, name: str, /, **facts: Any) -> None:
        """A mistake in a row, at the column of a field (where there is none, at that of names)."""
        self._tell(code, cell_name(at, self.columns.get(name, self.columns["name"])), **facts)

    def _unit(self, row: int) -> Unit:
        cells = self.table.rows[row]
        if not cells.get(self.columns["name"]):
            self.wrong("PX209", row, "name", name=HEADINGS["name"][0])
        last = max(self.table.rows[self.table.head])
        if self.table.sheet is None and max(cells) > last:
            self._tell("PX230", cell_name(row, last + 1))
        return Unit(
            code=self._code(row),
            name=self._text(row, "name"),
            group=self._text(row, "group"),
            email=self._email(row),
            last_year_code=self._text(row, "last_year_code"),
            parent=self._text(row, "parent"),
            post=self._text(row, "post"),
            signer=self._text(row, "signer"),
        )

    def _code(self, row: int) -> str:
        code = self._text(row, "code")
        if code and not is_unit_code(code):
            self.wrong("PX207", row, "code", value=code)
        return code

    def _email(self, row: int) -> str:
        text = self._text(row, "email")
        if not are_addresses(text):
            self.wrong("PX210", row, "email", name="Email", value=text, expected=ADDRESS_WORDS)
        return "; ".join(addresses(text))

    def _text(self, row: int, name: str) -> str:
        """What a cell shows: the kept result of a formula too, but no error."""
        cell = self.table.rows[row].get(self.columns.get(name, 0), EMPTY)
        if cell.is_error or (cell.formula and not cell.text):
            self.wrong("PX213", row, name)
            return ""
        return " ".join(cell.text.split())

    def _doubles(self, units: dict[int, Unit]) -> None:
        codes: dict[str, int] = {}
        names: dict[tuple[str, str], int] = {}
        for at, unit in units.items():
            code, name = unit.code.lower(), (unit.group.lower(), unit.name.lower())
            if code and codes.setdefault(code, at) != at:
                self.wrong("PX208", at, "code", value=unit.code, row=codes[code])
            if unit.name and names.setdefault(name, at) != at:
                self.wrong("PX226", at, "name", value=unit.name, row=names[name])

    def _notes(self, units: dict[int, Unit]) -> None:
        place = {"file": self.file, "sheet": self.table.sheet}
        if made := sum(not unit.code for unit in units.values()):
            self.notes.append(finding("PX227", **place, count=len(units), made=made))
        apart = [row for row, unit in units.items() if not unit.group]
        if 0 < len(apart) < len(units):
            cell = cell_name(apart[0], self.columns["group"])
            self.notes.append(finding("PX231", **place, cell=cell, count=len(apart)))
        heads = self.table.rows[self.table.head].items()
        past = {plain(heading): heading for heading in self.table.past}
        left = {past[heading(cell)]: column for column, cell in heads if heading(cell) in past}
        names = [
            f"“{name}”" for name, column in left.items() if any(column in self.table.rows[r] for r in units)
        ]
        if names:
            self.notes.append(finding("PX228", **place, names=", ".join(names)))


# Codes --------------------------------------------------------------------------------------------


def with_codes(units: Iterable[Unit]) -> tuple[Unit, ...]:
    """The same units; those without a code get one made from their name."""
    units = list(units)
    taken = {unit.code.lower() for unit in units}
    made = []
    for unit in units:
        code = unit.code or next(code for code in _codes(unit.name) if code not in taken)
        taken.add(code)
        made.append(replace(unit, code=code))
    return tuple(made)


def _codes(name: str) -> Iterator[str]:
    """Codes that a name may have: ``so-noi-vu``, ``so-noi-vu-2`` …, cut between words."""
    whole = plain(name).replace(" ", "-") or "don-vi"
    for end in chain([""], (f"-{number}" for number in count(2))):
        code = _cut(whole, LONGEST_CODE - len(end)) + end
        if is_unit_code(code):
            yield code


def _cut(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    return text[: length + 1].rpartition("-")[0] or text[:length]
