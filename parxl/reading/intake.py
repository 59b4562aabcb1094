"""The folder ``2-nop``: every file gets exactly one fate, every unit at most one form that counts."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from parxl.campaign import Folder, Register, Settings, Unit
from parxl.findings import Finding, finding
from parxl.grid import Unreadable, Workbook
from parxl.grid.isolation import read_apart
from parxl.identity import EXPLANATION, FORM, TEMPLATE, Identity
from parxl.layout import Layout
from parxl.reading.form import FormRead, read_table
from parxl.reading.locked import Issued, Sealed, locked_findings
from parxl.reading.owner import lost_identity, read_identity
from parxl.reading.places import find_table
from parxl.reading.rejection import Rejected, unreadable
from parxl.reading.structure import renamed_sheets, structure_findings

Fate = Literal["scored", "superseded", "duplicate", "conflict", "rejected", "skipped"]


@dataclass(frozen=True)
class FileRead:
    """One file of ``2-nop``. ``unit``: the roster's code, "" where it belongs to none.

    ``partial``: what could still be read of a rejected form; keys whose rows are lost are left out.
    """

    name: str
    sha256: str
    fate: Fate
    unit: str = ""
    form: FormRead | None = None
    findings: tuple[Finding, ...] = field(default=())
    partial: FormRead | None = None


@dataclass(frozen=True)
class Intake:
    """What came back: all files in order of name, and for each unit the form that counts."""

    files: tuple[FileRead, ...]
    chosen: dict[str, FileRead]
    conflicts: dict[str, tuple[FileRead, ...]]
    rejected: dict[str, tuple[FileRead, ...]]


def read_intake(folder: Folder, layout: Layout, settings: Settings, register: Register | None) -> Intake:
    """Read every file below ``2-nop``; one bad file never stops the others."""
    reader = _FileReader(folder, layout, settings, register)
    files = [reader.read(path) for path in _paths(folder.returned)]
    return _settle(files, settings.units)


def _paths(root: Path) -> list[Path]:
    """Everything below a folder that is no folder, in an order that does not depend on the file system.

    Links are never followed; a folder that cannot be opened stands for what is in it.
    """
    if not root.exists():
        return []
    found: list[Path] = []
    closed: list[OSError] = []
    for folder, folders, files in os.walk(root, onerror=closed.append):
        linked = [name for name in folders if Path(folder, name).is_symlink()]
        found += [Path(folder, name) for name in (*linked, *files)]
    found += [Path(error.filename) for error in closed]
    return sorted(found, key=lambda p: (unicodedata.normalize("NFC", p.as_posix()), p.as_posix()))


def _not_a_file(path: Path) -> str:
    """What something in the folder is that must not even be opened; "" for an ordinary file."""
    if path.is_symlink():
        return "một liên kết tới nơi khác"
    if path.is_dir():
        return "một thư mục không mở được"
    return "" if path.is_file() else "một tệp đặc biệt của hệ điều hành"


def _is_owner_file(name: str) -> bool:
    """Office programs keep these beside an open file; other dot files are the system's own."""
    return name.startswith(("~$", ".")) or name.lower() in ("thumbs.db", "desktop.ini")


class _FileReader:
    def __init__(self, folder: Folder, layout: Layout, settings: Settings, register: Register | None):
        self.folder, self.layout = folder, layout
        self.settings, self.register = settings, register
        self.units = settings.unit_by_code
        self.issued = Issued(layout)

    def read(self, path: Path) -> FileRead:
        name = self.folder.name(path)
        if _is_owner_file(path.name):
            return FileRead(name, "", "skipped", findings=(finding("PX324", file=name),))
        if reason := _not_a_file(path):
            return FileRead(name, "", "rejected", findings=(finding("PX319", file=name, reason=reason),))
        try:
            digest, book = read_apart(path)
        except OSError:
            found = finding("PX301", file=name, reason="không có quyền mở, hoặc đang mở ở chương trình khác")
            return FileRead(name, "", "rejected", findings=(found,))
        return self._read(name, digest, book)

    def _read(self, name: str, digest: str, book: Workbook | Unreadable) -> FileRead:
        try:
            if isinstance(book, Unreadable):
                raise unreadable(book, name)
            identity = read_identity(book, name)
            if identity.kind == EXPLANATION:
                # It stands beside the score form; only the appraisal reads it.
                note = finding("PX327", file=name)
                return FileRead(name, digest, "skipped", self._unit_of(identity), findings=(note,))
            notes = [*lost_identity(book, name), *self._check(identity, name)]
            form = read_table(book, name, self.layout, identity, self.settings.year)
            notes += self._changes(book, identity, name)
        except Rejected as rejected:
            unit = self._unit_of(rejected.identity)
            found = tuple(rejected.findings)
            return FileRead(name, digest, "rejected", unit, findings=found, partial=rejected.partial)
        form = replace(form, findings=(*form.findings, *notes))
        unit = self._unit_of(identity)
        return FileRead(name, digest, "scored", unit, form, form.findings)

    def _changes(self, book: Workbook, identity: Identity, name: str) -> list[Finding]:
        """What was changed besides the inputs and the evidence; no score rests on it."""
        places, sealed = find_table(book, self.layout), Sealed(book)
        exempt = self.settings.exempt(self.layout.criteria, self._unit_of(identity))
        renamed = renamed_sheets(places, sealed)
        return [
            *structure_findings(places, exempt, renamed, name),
            *locked_findings(self.issued, places, sealed, exempt, renamed, name),
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
        if identity.kind != FORM:
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


# Several files of one unit ------------------------------------------------------------------------


def _settle(files: list[FileRead], units: Iterable[Unit]) -> Intake:
    settled = {file.name: file for file in files}
    chosen: dict[str, FileRead] = {}
    conflicts: dict[str, tuple[FileRead, ...]] = {}
    rejected: dict[str, tuple[FileRead, ...]] = {}
    for unit in units:
        own = [file for file in files if file.unit == unit.code]
        for file in _settle_unit(unit, [f for f in own if f.form]):
            settled[file.name] = file
            if file.fate == "scored":
                chosen[unit.code] = file
        torn = [settled[f.name] for f in own if settled[f.name].fate == "conflict"]
        if torn:
            conflicts[unit.code] = tuple(torn)
        bad = tuple(file for file in own if file.fate == "rejected")
        if bad and unit.code not in chosen and not torn:
            rejected[unit.code] = bad
    return Intake(tuple(settled[file.name] for file in files), chosen, conflicts, rejected)


def _settle_unit(unit: Unit, forms: list[FileRead]) -> list[FileRead]:
    """The unit's readable files with their fates."""
    if not forms:
        return []
    if unit.official_file:
        return _official(unit, forms)
    distinct, duplicates = _without_duplicates(forms)
    top = max(_submission(file) for file in distinct)
    latest = [file for file in distinct if _submission(file) == top]
    older = [_superseded(file, latest[0]) for file in distinct if _submission(file) < top]
    if len(latest) > 1:
        latest = _conflict(latest)
    return [*latest, *older, *duplicates]


def _submission(file: FileRead) -> int:
    assert file.form is not None
    return file.form.submission


def _without_duplicates(forms: list[FileRead]) -> tuple[list[FileRead], list[FileRead]]:
    """(first file of each content, the others): the same bytes, or the same number and content."""
    first: dict[object, FileRead] = {}
    duplicates = []
    for file in forms:
        same = first.setdefault(_content(file), file)
        if same is not file:
            duplicates.append(_duplicate(file, same))
    return list(first.values()), duplicates


def _duplicate(file: FileRead, of: FileRead) -> FileRead:
    note = finding("PX322", file=file.name, name=of.name)
    return replace(file, fate="duplicate", findings=(note,))


def _content(file: FileRead) -> object:
    """What two files of one unit must share to be the same form."""
    assert file.form is not None
    form = file.form
    return form.submission, tuple(form.inputs.items()), tuple(form.evidence.items())


def _superseded(file: FileRead, by: FileRead) -> FileRead:
    note = finding("PX321", file=file.name, name=by.name, submission=_submission(by))
    return replace(file, fate="superseded", findings=(note,))


def _conflict(files: list[FileRead]) -> list[FileRead]:
    names = ", ".join(file.name for file in files)
    facts: dict[str, Any] = {
        "submission": _submission(files[0]),
        "files": names,
        "cells": _differences(files),
    }
    return [
        replace(f, fate="conflict", findings=(finding("PX308", file=f.name, **facts), *f.findings))
        for f in files
    ]


def _differences(files: list[FileRead]) -> str:
    """The cells in which the files differ, as the first file names them."""
    forms = [file.form for file in files if file.form]
    keys = [k for k in forms[0].inputs if len({form.inputs[k] for form in forms}) > 1]
    told = dict.fromkeys(code for form in forms for code in form.evidence)
    codes = [c for c in told if len({form.evidence.get(c) for form in forms}) > 1]
    cells = [f"{forms[0].cells[key]} ({key})" for key in keys]
    cells += [f"tài liệu kiểm chứng mục {code}" for code in codes]
    return ", ".join(cells[:20]) + (" …" if len(cells) > 20 else "")


def _official(unit: Unit, forms: list[FileRead]) -> list[FileRead]:
    """The department has named the file that counts."""
    wanted = unicodedata.normalize("NFC", unit.official_file).replace("\\", "/").casefold()
    named = [file for file in forms if _is_named(file.name, wanted)]
    if len(named) != 1:
        facts = {"name": unit.official_file}
        return [
            replace(f, fate="conflict", findings=(finding("PX309", file=f.name, **facts), *f.findings))
            for f in forms
        ]
    others = [file for file in forms if file is not named[0]]
    return [named[0], *(_beside(file, named[0]) for file in others)]


def _beside(file: FileRead, official: FileRead) -> FileRead:
    same = _content(file) == _content(official)
    return _duplicate(file, official) if same else _superseded(file, official)


def _is_named(name: str, wanted: str) -> bool:
    own = unicodedata.normalize("NFC", name).casefold()
    return own == wanted or own.endswith("/" + wanted)
