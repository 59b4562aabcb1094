"""One file of ``2-nop``, whatever it is -> its fate and all that it says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from parxl.campaign import Register, Settings
from parxl.cycles import no_search_for_cycles
from parxl.findings import Finding, finding
from parxl.grid import Unreadable, Workbook
from parxl.grid.isolation import read_file
from parxl.identity import EXPLANATION, FORM, TEMPLATE, Identity
from parxl.layout import Layout
from parxl.reading.explanation import ExplanationRead, read_explanation
from parxl.reading.form import FormRead, read_places
from parxl.reading.listing import is_owner_file, not_a_file
from parxl.reading.locked import locked_findings
from parxl.reading.owner import read_owner
from parxl.reading.places import Places, find_table
from parxl.reading.rejection import Rejected, unreadable
from parxl.reading.sealed import Sealed
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


class FileReader:
    """Reads files of one campaign, one after the other, in this very process."""

    def __init__(self, layout: Layout, settings: Settings, register: Register | None):
        self.layout, self.settings, self.register = layout, settings, register
        self.units = settings.unit_by_code

    def read(self, path: Path, name: str) -> FileRead:
        """Its fate as if it lay alone in the folder. Raises nothing: whatever is wrong is a finding."""
        with no_search_for_cycles():
            return self._read_path(path, name)

    def _read_path(self, path: Path, name: str) -> FileRead:
        if is_owner_file(path.name):
            return FileRead(name, "", "skipped", findings=(finding("PX324", file=name),))
        if reason := not_a_file(path):
            return FileRead(name, "", "rejected", findings=(finding("PX319", file=name, reason=reason),))
        try:
            digest, book = read_file(path)
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
            identity, lost = read_owner(book, name)
            notes = [*lost, *self._check(identity, name)]
            if identity.kind == EXPLANATION:
                return self._explanation(name, digest, book, identity, notes)
            places = find_table(book, self.layout)
            form = read_places(places, name, identity, self.settings.year)
            notes += self._changes(places, identity, name)
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

    def _changes(self, places: Places, identity: Identity, name: str) -> list[Finding]:
        """What was changed besides the inputs and the evidence; no score rests on it."""
        sealed = Sealed(places.book)
        exempt = self.settings.exempt(self.layout.criteria, self._unit_of(identity))
        renamed = renamed_sheets(places, sealed)
        return [
            *structure_findings(places, sealed, exempt, renamed, name),
            *locked_findings(places, sealed, renamed, name),
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
