"""Which forms go back to their units, and what stands in them: what was typed, and what to mend."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from parxl.books.form.data import Cause, FormData, Mending, Remark, form_data
from parxl.books.form.merging import Content, Reads, as_it_stands, diagnosed, in_the_table, register_of, rivals
from parxl.books.form.remarks import Places, is_told
from parxl.campaign import Register
from parxl.findings import Finding
from parxl.previous import Typed
from parxl.reading.file import FileRead
from parxl.results import Results, UnitResult

MOST_SUBMISSIONS = 99
MISSING = ("PX501", "PX509")
DOUBTFUL = ("PX339", "PX345")  # nobody knows which figures were meant: none of them goes into the form again


def form_to_mend(results: Results, result: UnitResult, last_year: Typed) -> FormData | None:
    """The form that goes back to a unit; None where it has nothing to mend.

    ``last_year``: input key -> what the unit typed then.
    """
    return _Case(results, result).data(last_year) if to_mend(results, result) else None


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
    return register_of(reads[0][1].identity if reads else None, result.unit.code)


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


class _Case:
    """One unit's form on its way back."""

    def __init__(self, results: Results, result: UnitResult):
        self.results, self.result = results, result
        self.layout = results.layout
        self.files = _files(results, result)
        self.reads = _reads(self.files)
        exempt = results.settings.exempt(results.criteria, result.unit.code)
        self.places = Places(results.layout, exempt)

    def data(self, last_year: Typed) -> FormData:
        register = _register(self.results, self.result)
        blank = form_data(self.layout, self.results.settings, self.result.unit, register, last_year)
        content = rivals(self.layout, self.places, self.reads)
        mending = Mending(
            cause=self._cause(),
            files=tuple(map(_own_name, self.files)),
            submission=self.reads[0][1].submission if self.reads else None,
            remarks=tuple(sorted(self._remarks(content), key=in_the_table)),
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
        own = self.results.files_of.get(self.result.unit.code, ())
        sent = [form.submission for file in own if (form := file.form or file.partial)]
        return min(max(sent, default=0) + 1, MOST_SUBMISSIONS)

    # What is to mend --------------------------------------------------------------------------

    def _remarks(self, content: Content) -> list[Remark]:
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

    def _diagnosed(self, content: Content) -> Iterator[Remark]:
        form = as_it_stands(self.layout, self.reads[0][1], content)
        found = diagnosed(self.layout, self.results.settings, form, self.result.unit.code)
        yield from (self.places.remark(one, form) for one in found if is_told(one))
