"""Several files of one unit's form, cell by cell: what they say together, and where they differ.

They are rivals, of which one should count: a blank is an answer too. Or they are parts, filled in by
colleagues: a blank says nothing, so what stands in one file only is taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import pandas as pd

from parxl.books.form.data import Remark
from parxl.books.form.remarks import Places, remark_at, short
from parxl.campaign import Register, Settings
from parxl.diagnosis import diagnose
from parxl.findings import Finding, finding
from parxl.grid import Cell, tidy
from parxl.identity import Identity
from parxl.layout import SCORE, SHEET_TABLE, Layout
from parxl.reading.form import MAX_EVIDENCE, FormRead, shown, typed_value
from parxl.reading.values import read_input
from parxl.rules import DAMAGED, Input
from parxl.scoring import blank_row, score

LARGEST = 1e300  # a number beyond it is given back as text
Reads = Sequence[tuple[str, FormRead]]  # (a file's own name, what could be read of it)
Value = int | float | str  # of an input cell; "" where nothing stands


@dataclass
class Content:
    """What goes into the form that is made of the files."""

    inputs: dict[str, int]
    typed: dict[str, Value] = field(default_factory=dict)
    evidence: dict[str, str] = field(default_factory=dict)
    # Where the files differ, each at its cell of the new form.
    differences: list[Finding] = field(default_factory=list)
    # Input key or leaf code of every cell that is filled -> the files that fill it.
    sources: dict[str, list[str]] = field(default_factory=dict)

    @property
    def remarks(self) -> list[Remark]:
        return [remark_at(found, (found.cell or "",)) for found in self.differences]


def rivals(layout: Layout, places: Places, reads: Reads) -> Content:
    """What the files agree on; of texts that differ the first stands, and the others are quoted."""
    together = _Together(layout, places, reads)
    for key in together.keys:
        together.settle_input(key, together.inputs(key))
    for code in together.leaves:
        told = together.texts(code)
        filled = _filled(told)
        together.settle_text(code, filled, str(filled[0].value) if filled else "")
        if _differ(told):
            together.tell("PX612", code, layout.evidence_cell(code), told)
    return together.content


def parts(layout: Layout, places: Places, reads: Reads) -> Content:
    """All that is filled in; inputs that differ stay blank, texts that differ are joined."""
    together = _Together(layout, places, reads)
    for key in together.keys:
        together.settle_input(key, _filled(together.inputs(key)))
    for code in together.leaves:
        filled = _filled(together.texts(code))
        whole = joined(str(one.value) for one in filled)
        together.settle_text(code, filled, whole)
        if whole not in ("", *(one.value for one in filled)):
            is_long = len(whole) > MAX_EVIDENCE
            together.tell("PX614" if is_long else "PX613", code, layout.evidence_cell(code), filled)
    return together.content


class _Told(NamedTuple):
    """What one file says in one cell. Files in two folders may have one name: no key is made of it."""

    file: str
    value: Value
    form: FormRead


def _filled(told: list[_Told]) -> list[_Told]:
    return [one for one in told if one.value != ""]


def _differ(told: list[_Told]) -> bool:
    return len({one.value for one in told}) > 1


class _Together:
    """The files side by side."""

    def __init__(self, layout: Layout, places: Places, reads: Reads):
        self.layout, self.criteria, self.reads = layout, layout.criteria, reads
        self.keys = [key for key in layout.input_rows if not places.is_exempt(key)]
        self.leaves = [node.code for node in self.criteria.leaves]
        self.content = Content(blank_row(self.criteria))

    def inputs(self, key: str) -> list[_Told]:
        """Of the files that have the row."""
        wanted = self.criteria.inputs[key]
        return [_Told(n, _typed(form, key, wanted), form) for n, form in self.reads if key in form.inputs]

    def texts(self, code: str) -> list[_Told]:
        return [_Told(name, tidy(form.evidence.get(code, "")), form) for name, form in self.reads]

    def settle_input(self, key: str, told: list[_Told]) -> None:
        """The one value that is told; where there are several, the cell stays blank."""
        if _differ(told):
            self.tell("PX611", key, self.layout.input_cell(key), told)
        elif _filled(told):
            self.content.typed[key] = told[0].value
            self.content.inputs[key] = told[0].form.inputs[key]
            self.content.sources[key] = [one.file for one in told]

    def settle_text(self, code: str, told: list[_Told], text: str) -> None:
        if text:
            self.content.evidence[code] = text
            self.content.sources[code] = [one.file for one in told]

    def tell(self, code: str, key: str, cell: str, told: list[_Told]) -> None:
        """That the files differ in a cell, with what each says."""
        values = "; ".join(f"{one.file} {_says(shown(one.value))}" for one in told)
        place = {"sheet": SHEET_TABLE, "cell": cell, "criterion": key.split("/")[0]}
        self.content.differences.append(finding(code, **place, values=values))


def _says(text: str) -> str:
    return f"ghi “{short(text)}”" if text else "để trống"


def _typed(form: FormRead, key: str, wanted: Input) -> Value:
    """A value that was understood as it should have been typed, one that was not as it was."""
    value = form.inputs[key]
    if value != DAMAGED:
        clean = typed_value(value, wanted.decimals, wanted.kind)
        return "" if clean is None else clean
    raw = form.typed.get(key, "")
    if isinstance(raw, str) or not abs(raw) < LARGEST:
        raw = tidy(str(raw))
    # What was refused must never come back as something that would be taken.
    return raw if read_input(Cell(raw), wanted).value == DAMAGED else ""


def joined(texts: Iterable[str]) -> str:
    """Every line of every text, as often as the text that has it most often: nothing is lost.

    So a joined text that is joined with its own parts again stays as it is. Blanks around a line do not count.
    """
    lines: list[str] = []
    for text in texts:
        have = Counter(line.strip() for line in lines)
        for line in text.split("\n"):
            have[line.strip()] -= 1
            if have[line.strip()] < 0:
                lines.append(line)
    return tidy("\n".join(lines))


# The form that is made of them --------------------------------------------------------------------


def as_it_stands(layout: Layout, form: FormRead, content: Content) -> FormRead:
    """The form with this content as if it had been read. ``form``: one of the files."""
    cells = {key: layout.input_cell(key) for key in layout.input_rows}
    cells |= {node.code: f"{SCORE}{layout.row_of(node.code)}" for node in layout.criteria.leaves}
    form = replace(form, sheet=SHEET_TABLE, cells=cells, findings=())
    return replace(form, inputs=content.inputs, typed=content.typed, evidence=content.evidence)


def diagnosed(layout: Layout, settings: Settings, form: FormRead, unit: str, file: str = "") -> list[Finding]:
    """Every finding on a form of which nothing else has been scored."""
    frame = pd.DataFrame([form.inputs], index=[unit], dtype="int64")
    scores = score(layout.criteria, frame, settings)
    return diagnose(layout.criteria, settings, scores, form, file, unit)


def register_of(identity: Identity | None, unit: str) -> Register:
    """What a form says of its campaign, where the register is lost."""
    serials = {unit: identity.serial} if identity else {}
    return Register(identity.campaign if identity else "", "", "", serials)


def in_the_table(remark: Remark) -> tuple[int, str]:
    """In the order of the table; what stands at no cell comes first."""
    return (int(remark.cells[0][1:]), remark.cells[0]) if remark.cells else (0, "")
