"""The folder ``2-nop``: every file gets exactly one fate, every unit at most one form that counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from parxl.campaign import Folder, Register, Settings, Unit
from parxl.findings import Finding, finding
from parxl.grid import Unreadable, Workbook
from parxl.grid.isolation import read_apart
from parxl.identity import EXPLANATION, FORM, TEMPLATE, Identity
from parxl.layout import Layout
from parxl.reading.explanation import ExplanationRead, read_explanation
from parxl.reading.form import FormRead, read_table
from parxl.reading.listing import files_below, is_owner_file, not_a_file
from parxl.reading.locked import Issued, Sealed, locked_findings
from parxl.reading.owner import lost_identity, read_identity
from parxl.reading.places import find_table
from parxl.reading.rejection import Rejected, unreadable
from parxl.reading.settling import settle_explanations, settle_unit
from parxl.reading.structure import renamed_sheets, structure_findings

Fate = Literal["scored", "superseded", "duplicate", "conflict", "rejected", "skipped"]


@dataclass(frozen=True)
class FileRead:
    """One file of ``2-nop``. ``unit``: the roster's code, "" where it belongs to none.

    ``partial``: what could still be read of a rejected form; keys whose rows are lost are left out.
    ``kind``: what its identity says it is; a file without one counts as a form.
    """

    name: str
    sha256: str
    fate: Fate
    unit: str = ""
    form: FormRead | None = None
    findings: tuple[Finding, ...] = field(default=())
    partial: FormRead | None = None
    kind: str = FORM
    explanation: ExplanationRead | None = None


@dataclass(frozen=True)
class Intake:
    """What came back: all files in order of name, and for each unit the form that counts.

    ``explanations``: unit code -> the explanation form in use. No other field speaks of one.
    """

    files: tuple[FileRead, ...]
    chosen: dict[str, FileRead]
    conflicts: dict[str, tuple[FileRead, ...]]
    rejected: dict[str, tuple[FileRead, ...]]
    explanations: dict[str, ExplanationRead] = field(default_factory=dict)


def read_intake(folder: Folder, layout: Layout, settings: Settings, register: Register | None) -> Intake:
    """Read every file below ``2-nop``; one bad file never stops the others."""
    reader = _FileReader(layout, settings, register)
    files = [reader.read(path, folder.name(path)) for path in files_below(folder.returned)]
    return _settle(files, settings.units)


def read_files(
    paths: Mapping[str, Path], layout: Layout, settings: Settings, register: Register | None
) -> list[FileRead]:
    """Files that lie anywhere, each for itself, told under these names."""
    reader = _FileReader(layout, settings, register)
    return [reader.read(path, name) for name, path in paths.items()]


class _FileReader:
    def __init__(self, layout: Layout, settings: Settings, register: Register | None):
        self.layout, self.settings, self.register = layout, settings, register
        self.units = settings.unit_by_code
        self.issued = Issued(layout)

    def read(self, path: Path, name: str) -> FileRead:
        if is_owner_file(path.name):
            return FileRead(name, "", "skipped", findings=(finding("PX324", file=name),))
        if reason := not_a_file(path):
            return FileRead(name, "", "rejected", findings=(finding("PX319", file=name, reason=reason),))
        try:
            digest, book = read_apart(path)
        except OSError:
            found = finding("PX301", file=name, reason="không có quyền mở, hoặc đang mở ở chương trình khác")
            return FileRead(name, "", "rejected", findings=(found,))
        try:
            return self._read(name, digest, book)
        except Exception as error:  # a mistake of ours over one file must not stop the others
            reason = f"chương trình gặp lỗi {type(error).__name__} khi đọc nội dung"
            return FileRead(name, digest, "rejected", findings=(finding("PX318", file=name, reason=reason),))

    def _read(self, name: str, digest: str, book: Workbook | Unreadable) -> FileRead:
        try:
            if isinstance(book, Unreadable):
                raise unreadable(book, name)
            identity = read_identity(book, name)
            notes = [*lost_identity(book, name), *self._check(identity, name)]
            if identity.kind == EXPLANATION:
                return self._explanation(name, digest, book, identity, notes)
            form = read_table(book, name, self.layout, identity, self.settings.year)
            notes += self._changes(book, identity, name)
        except Rejected as rejected:
            return self._rejected(name, digest, rejected)
        form = replace(form, findings=(*form.findings, *notes))
        unit = self._unit_of(identity)
        return FileRead(name, digest, "scored", unit, form, form.findings)

    def _rejected(self, name: str, digest: str, why: Rejected) -> FileRead:
        unit, kind = self._unit_of(why.identity), why.identity.kind if why.identity else FORM
        found = tuple(why.findings)
        return FileRead(name, digest, "rejected", unit, findings=found, partial=why.partial, kind=kind)

    def _explanation(
        self, name: str, digest: str, book: Workbook, identity: Identity, notes: list[Finding]
    ) -> FileRead:
        """It stands beside the score form; only the appraisal makes use of it."""
        read = read_explanation(book, name, self.layout.criteria, identity)
        note = finding("PX327", file=name, submission=read.submission)
        unit, found = self._unit_of(identity), (note, *notes, *read.findings)
        return FileRead(name, digest, "skipped", unit, findings=found, kind=EXPLANATION, explanation=read)

    def _changes(self, book: Workbook, identity: Identity, name: str) -> list[Finding]:
        """What was changed besides the inputs and the evidence; no score rests on it."""
        places, sealed = find_table(book, self.layout), Sealed(book)
        exempt = self.settings.exempt(self.layout.criteria, self._unit_of(identity))
        renamed = renamed_sheets(places, sealed)
        return [
            *structure_findings(places, sealed, exempt, renamed, name),
            *locked_findings(self.issued, places, sealed, renamed, name),
        ]

    def _unit_of(self, identity: Identity | None) -> str:
        unit = self.units.get(identity.unit.lower()) if identity else None
        return unit.code if unit else ""

    def _check(self, identity: Identity, name: str) -> list[Finding]:
        """Notes on an identity that belongs here; Rejected with every reason where it does not."""
        reasons = list(self._reasons(identity, name))
        if reasons:
            raise Rejected(reasons, identity)
        notes = [] if self.register else [finding("PX323", file=name)]
        if identity.wording not in ("", self.layout.criteria.wording):
            notes.append(finding("PX325", file=name))
        return notes

    def _reasons(self, identity: Identity, name: str) -> Iterator[Finding]:
        criteria = self.layout.criteria
        if identity.kind not in (FORM, EXPLANATION):
            yield finding("PX326" if identity.kind == TEMPLATE else "PX302", file=name)
            return
        if (identity.set, identity.edition) != (criteria.id, criteria.edition):
            found, wanted = f"{identity.set} {identity.edition}", f"{criteria.id} {criteria.edition}"
            yield finding("PX303", file=name, found=found, wanted=wanted)
        if self.register and identity.campaign != self.register.campaign:
            yield finding("PX304", file=name, found=identity.campaign)
            return
        unit = self.units.get(identity.unit.lower())
        if unit is None:
            yield finding("PX305", file=name, unit=identity.unit)
        elif self.register and self.register.serial(unit.code) != identity.serial:
            yield finding("PX306", file=name, unit=identity.unit)


# Units --------------------------------------------------------------------------------------------


def _settle(files: list[FileRead], units: Iterable[Unit]) -> Intake:
    settled = {file.name: file for file in files}
    chosen: dict[str, FileRead] = {}
    conflicts: dict[str, tuple[FileRead, ...]] = {}
    rejected: dict[str, tuple[FileRead, ...]] = {}
    explanations: dict[str, ExplanationRead] = {}
    for unit in units:
        for file in settle_explanations([f for f in files if f.unit == unit.code and f.explanation]):
            settled[file.name] = file
            if file.fate == "skipped" and file.explanation:
                explanations[unit.code] = file.explanation
        own = [file for file in files if file.unit == unit.code and file.kind != EXPLANATION]
        for file in settle_unit(unit, [f for f in own if f.form]):
            settled[file.name] = file
            if file.fate == "scored":
                chosen[unit.code] = file
        torn = [settled[f.name] for f in own if settled[f.name].fate == "conflict"]
        if torn:
            conflicts[unit.code] = tuple(torn)
        bad = tuple(file for file in own if file.fate == "rejected")
        if bad and unit.code not in chosen and not torn:
            rejected[unit.code] = bad
    return Intake(tuple(settled[file.name] for file in files), chosen, conflicts, rejected, explanations)
