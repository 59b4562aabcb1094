"""Which forms go back to their units, and what stands in them: what was typed, and what to mend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from parxl.books.form_data import Cause, FormData, Mending, Remark, form_data
from parxl.books.remarks import Places, is_told, remark_at, short
from parxl.campaign import Register
from parxl.diagnosis import diagnose
from parxl.findings import Finding, finding
from parxl.grid import Cell, tidy
from parxl.layout import SCORE, SHEET_TABLE
from parxl.previous import Typed, of_unit
from parxl.reading.form import FormRead, shown, typed_value
from parxl.reading.intake import FileRead
from parxl.reading.values import read_input
from parxl.results import Results, UnitResult
from parxl.rules import DAMAGED
from parxl.scoring import blank_row, score

MOST_SUBMISSIONS = 99
LARGEST = 1e300  # a number beyond it is given back as text
MISSING = ("PX501", "PX509")
DOUBTFUL = ("PX339", "PX345")  # nobody knows which figures were meant: none of them goes into the form again
Reads = list[tuple[str, FormRead]]  # (a file's own name, what could be read of it)


def forms_to_mend(results: Results, previous: Mapping[str, Typed]) -> Iterator[FormData]:
    """The form of each unit that has something to mend, in roster order."""
    for result in results.units:
        if to_mend(results, result):
            yield _Case(results, result).data(of_unit(previous, result.unit))


def to_mend(results: Results, result: UnitResult) -> bool:
    """Has the unit sent something that it must mend? Mere warnings send no form back."""
    if not _register(results, result).serial(result.unit.code):
        return False  # nothing was ever issued to it: a form made now would be refused too
    if result.status == "conflict":
        # Not where *Tệp chính thức* is wrong: that is the department's own slip.
        return any(found.code == "PX308" for found in result.findings)
    return result.status == "rejected" or any(map(_is_serious, result.findings))


def _is_serious(found: Finding) -> bool:
    return found.severity == "error" or found.code in MISSING


def _register(results: Results, result: UnitResult) -> Register:
    """The register; where it is lost, what the unit's own form says of itself."""
    if results.register:
        return results.register
    reads = _reads(_files(results, result))
    known = reads[0][1].identity if reads else None
    serials = {result.unit.code: known.serial} if known else {}
    return Register(known.campaign if known else "", "", "", serials)


def _files(results: Results, result: UnitResult) -> tuple[FileRead, ...]:
    """The files that a returned form answers."""
    if result.file:
        return (result.file,)
    intake, code = results.intake, result.unit.code
    return intake.conflicts.get(code) or intake.rejected.get(code) or ()


def _reads(files: tuple[FileRead, ...]) -> Reads:
    """What could be read for certain of those with the highest *Lần nộp*."""
    reads = [(_own_name(f), form) for f in files if (form := f.form or f.partial) and not _is_doubtful(f)]
    top = max((form.submission for _, form in reads), default=0)
    return [(name, form) for name, form in reads if form.submission == top]


def _is_doubtful(file: FileRead) -> bool:
    return any(found.code in DOUBTFUL for found in file.findings)


def _own_name(file: FileRead) -> str:
    return file.name.rpartition("/")[2]


@dataclass
class _Content:
    """What goes into the form again; ``remarks`` where the files differ."""

    inputs: dict[str, int]
    typed: dict[str, int | float | str] = field(default_factory=dict)
    evidence: dict[str, str] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)


class _Case:
    """One unit's form on its way back."""

    def __init__(self, results: Results, result: UnitResult):
        self.results, self.result = results, result
        self.layout, self.criteria = results.layout, results.criteria
        self.files = _files(results, result)
        self.reads = _reads(self.files)
        exempt = results.settings.exempt(results.criteria, result.unit.code)
        self.places = Places(results.layout, exempt)

    def data(self, last_year: Typed) -> FormData:
        register = _register(self.results, self.result)
        blank = form_data(self.layout, self.results.settings, self.result.unit, register, last_year)
        content = self._content()
        mending = Mending(
            cause=self._cause(),
            files=tuple(map(_own_name, self.files)),
            submission=self.reads[0][1].submission if self.reads else None,
            remarks=tuple(sorted(self._remarks(content), key=_in_the_table)),
        )
        return replace(
            blank,
            typed=content.typed,
            inputs=content.inputs,
            evidence=content.evidence,
            submission=self._submission(),
            mending=mending,
        )

    def _cause(self) -> Cause:
        if self.result.status == "conflict":
            return "conflict"
        if self.result.status == "rejected":
            return "damaged" if self.reads else "unusable"
        return "figures"

    def _submission(self) -> int:
        """One higher than any that the unit has sent, whatever became of it."""
        own = [file for file in self.results.intake.files if file.unit == self.result.unit.code]
        sent = [form.submission for file in own if (form := file.form or file.partial)]
        return min(max(sent, default=0) + 1, MOST_SUBMISSIONS)

    # What stands in the form ------------------------------------------------------------------

    def _content(self) -> _Content:
        content = _Content(blank_row(self.criteria))
        for key in self.layout.input_rows:
            if not self.places.is_exempt(key):
                self._input(content, key)
        for node in self.criteria.leaves:
            self._evidence(content, node.code)
        return content

    def _input(self, content: _Content, key: str) -> None:
        """What all files say that have this row; where they differ, the cell stays blank."""
        reads = [(name, form) for name, form in self.reads if key in form.inputs]
        told = [(name, self._told(form, key)) for name, form in reads]
        if len({value for _, value in told}) > 1:
            values = "; ".join(f"{name} {_says(shown(value))}" for name, value in told)
            found = finding("PX611", criterion=key.split("/")[0], values=values)
            content.remarks.append(remark_at(found, (self.layout.input_cell(key),)))
        elif told and told[0][1] != "":
            content.typed[key] = told[0][1]
            content.inputs[key] = reads[0][1].inputs[key]

    def _told(self, form: FormRead, key: str) -> int | float | str:
        """A value that was understood as it should have been typed, one that was not as it was."""
        wanted, value = self.criteria.inputs[key], form.inputs[key]
        if value != DAMAGED:
            clean = typed_value(value, wanted.decimals, wanted.kind)
            return "" if clean is None else clean
        raw = form.typed.get(key, "")
        if isinstance(raw, str) or not abs(raw) < LARGEST:
            raw = tidy(str(raw))
        # What was refused must never come back as something that would be taken.
        return raw if read_input(Cell(raw), wanted).value == DAMAGED else ""

    def _evidence(self, content: _Content, code: str) -> None:
        """What the first file says that says anything; the others are quoted where they differ."""
        told = [(name, tidy(form.evidence.get(code, ""))) for name, form in self.reads]
        texts = [text for _, text in told if text]
        if texts:
            content.evidence[code] = texts[0]
        if len({text for _, text in told}) > 1:
            values = "; ".join(f"{name} {_says(text)}" for name, text in told)
            found = finding("PX612", criterion=code, values=values)
            content.remarks.append(remark_at(found, (self.layout.evidence_cell(code),)))

    # What is to mend --------------------------------------------------------------------------

    def _remarks(self, content: _Content) -> list[Remark]:
        """On each file; and, where it was never scored, on what stands in the form now."""
        remarks = [*content.remarks, *(r for file in self.files for r in self._on_file(file))]
        if self.reads and not self.result.has_scores:
            taken = {cell for remark in remarks for cell in remark.cells}
            remarks += [r for r in self._diagnosed(content) if not taken & set(r.cells)]
        return remarks

    def _on_file(self, file: FileRead) -> Iterator[Remark]:
        form = file.form or file.partial
        listed = self.result.findings if self.result.file else file.findings
        # Without repetition: a rejected file may or may not list what could still be read of it.
        for found in dict.fromkeys((*listed, *(form.findings if form else ()))):
            if is_told(found):
                remark = self.places.remark(found, form)
                of_many = len(self.files) > 1
                name = f"{_own_name(file)}: " if of_many else ""
                yield replace(remark, message=name + remark.message)

    def _diagnosed(self, content: _Content) -> Iterator[Remark]:
        settings, code = self.results.settings, self.result.unit.code
        form = self._as_it_stands(content)
        scores = score(self.criteria, pd.DataFrame([content.inputs], index=[code], dtype="int64"), settings)
        found = diagnose(self.criteria, settings, scores, form, "", code)
        yield from (self.places.remark(one, form) for one in found if is_told(one))

    def _as_it_stands(self, content: _Content) -> FormRead:
        """The form that goes back as if it had been read."""
        layout = self.layout
        cells = {key: layout.input_cell(key) for key in layout.input_rows}
        cells |= {node.code: f"{SCORE}{layout.row_of(node.code)}" for node in self.criteria.leaves}
        form = replace(self.reads[0][1], sheet=SHEET_TABLE, cells=cells, findings=())
        return replace(form, inputs=content.inputs, typed=content.typed, evidence=content.evidence)


def _says(text: str) -> str:
    return f"ghi “{short(text)}”" if text else "để trống"


def _in_the_table(remark: Remark) -> tuple[int, str]:
    """In the order of the table; what stands at no cell comes first."""
    return (int(remark.cells[0][1:]), remark.cells[0]) if remark.cells else (0, "")
