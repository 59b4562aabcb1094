"""What is to mend in a form that goes back: findings on the agency's file, at the cells of the new form."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cached_property

from parxl.books.form.data import Remark
from parxl.criteria import PartAt
from parxl.findings import Finding
from parxl.layout import EVIDENCE, INPUT, Layout
from parxl.reading.form import FormRead, shown
from parxl.rules import BLANK

SHORT = 120  # characters of a text that is quoted
EMPTY = "(để trống)"
# What is said to the department: nothing in the form would change it, or each of its cells says so itself.
DEPARTMENT = ("PX308", "PX309", "PX323", "PX504", "PX508", "PX512")
# What the new form itself sets right: its locked cells, rows and sheets are again as they were issued.
HEALED = (
    *("PX320", "PX329", "PX330", "PX331", "PX334", "PX335", "PX336", "PX337", "PX341", "PX346", "PX347"),
    *("PX348", "PX511"),
)
ADDRESS = re.compile(r"([A-Z]+)(\d+)")


def is_told(found: Finding) -> bool:
    """Is it something for the unit to mend?"""
    return found.severity != "note" and found.code not in (*DEPARTMENT, *HEALED)


def short(text: str) -> str:
    return text if len(text) <= SHORT else text[: SHORT - 1].rstrip() + "…"


def remark_at(found: Finding, cells: tuple[str, ...], typed: str = "") -> Remark:
    criterion = (found.criterion or "").split("/")[0]
    return Remark(found.severity, criterion, cells, typed, f"{found.message} ({found.code})")


class Places:
    """From the cells of an agency's own file, wherever they stand there, to those of the new form.

    ``exempt``: keys of parts that are locked in the new form, so that nothing is to mend in them.
    """

    def __init__(self, layout: Layout, exempt: Collection[str]):
        self.layout, self.exempt = layout, exempt
        self.parts = {at.key: at for at in layout.criteria.parts}
        self._leaves = {at.node.code for at in layout.criteria.parts}

    def remark(self, found: Finding, form: FormRead | None) -> Remark:
        """A finding as a remark. ``form``: what could be read of the file that it is on."""
        cells = self.cells(found, form)
        return remark_at(found, cells, self._typed(form, cells) if form else "")

    def cells(self, found: Finding, form: FormRead | None) -> tuple[str, ...]:
        """The one that it names comes first; then what else its criterion asks to be looked at."""
        first = self._first_cell(found, form)
        at = self.parts.get(found.criterion or "")
        others = _part_keys(found, at, form) if at and form and first else []
        cells = dict.fromkeys([first, *map(self.layout.input_cell, others)] if first else [])
        return tuple(cell for cell in cells if not self.is_exempt(self._keys[cell]))

    def is_exempt(self, key: str) -> bool:
        """Is this the input of a part that does not apply to the unit?"""
        row = self.layout.input_rows.get(key)
        return bool(row and row.node and row.part and row.node.key(row.part) in self.exempt)

    @cached_property
    def _keys(self) -> dict[str, str]:
        """Cell of the new form -> input key, or leaf code for its evidence."""
        keys = {self.layout.input_cell(key): key for key in self.layout.input_rows}
        return keys | {self.layout.evidence_cell(code): code for code in self._leaves}

    def _first_cell(self, found: Finding, form: FormRead | None) -> str:
        column, key = _their_key(found, form)
        if column == INPUT and key in self.layout.input_rows:
            return self.layout.input_cell(key)
        if column == EVIDENCE and key in self._leaves:
            return self.layout.evidence_cell(key)
        # A cell in another column is a locked one: it stands in the new form as it should.
        return "" if column else self._criterion_cell(found.criterion or "")

    def _criterion_cell(self, criterion: str) -> str:
        for at in self.parts.values():
            if criterion in (at.key, at.node.code):
                return self.layout.input_cell(at.node.input_key(at.part, at.part.rule.inputs[0].id))
        return ""

    def _typed(self, form: FormRead, cells: tuple[str, ...]) -> str:
        """What stood in the file in the place of these cells of the new form."""
        if len(cells) > 1:
            ordered = sorted(cells, key=lambda cell: int(cell[1:]))
            return "; ".join(f"{cell}: {self._typed_in(form, cell)}" for cell in ordered)
        return self._typed_in(form, cells[0]) if cells else ""

    def _typed_in(self, form: FormRead, cell: str) -> str:
        key = self._keys[cell]
        if cell.startswith(EVIDENCE):
            return short(form.evidence.get(key, EMPTY))
        return short(shown(form.typed[key])) if key in form.typed else EMPTY


def _their_key(found: Finding, form: FormRead | None) -> tuple[str, str]:
    """(column, what stands in the row) of a cell in the agency's file; blank where that is unknown."""
    address = ADDRESS.fullmatch(found.cell or "")
    if not address or not form or found.sheet != form.sheet:
        return "", ""
    rows = {int(cell[1:]): key for key, cell in form.cells.items()}
    return address[1], rows.get(int(address[2]), "")


def _part_keys(found: Finding, at: PartAt, form: FormRead) -> list[str]:
    """Every blank one where something is missing; all that take part in a contradiction."""
    rule = at.part.rule
    keys = {i.id: at.node.input_key(at.part, i.id) for i in rule.inputs}
    kinds = {i.id: i.kind for i in rule.inputs}
    values = {i: form.inputs.get(key, BLANK) for i, key in keys.items()}
    marks = [i for i in values if kinds[i] == "mark" and values[i] == 1]
    counts = [i for i in values if kinds[i] == "count" and values[i] >= 0]
    wanted = {
        "PX501": [i for i in rule.needed(values) if kinds[i] == "count"],
        "PX509": [i for i in rule.needed(values) if kinds[i] == "mark"],
        "PX502": marks if len(marks) > 1 else counts,
    }
    return [keys[i] for i in wanted.get(found.code, [])]
