"""Several files of one unit: which one counts, and what becomes of the others. Never by file date."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from parxl.campaign import Unit
from parxl.findings import finding

if TYPE_CHECKING:
    from parxl.reading.file import FileRead

MOST_NAMED = 20  # cells that one message lists


def settle_unit(unit: Unit, forms: list[FileRead]) -> list[FileRead]:
    """The unit's readable files with their fates."""
    if unit.official_file and forms:
        return _official(unit, forms)
    latest, others = _latest(forms)
    return [*(_conflict(latest) if len(latest) > 1 else latest), *others]


def settle_explanations(files: list[FileRead]) -> list[FileRead]:
    """The same for a unit's explanation forms; of two that differ, none is used."""
    latest, others = _latest(files)
    return [*(_torn_explanations(latest) if len(latest) > 1 else latest), *others]


def _latest(files: list[FileRead]) -> tuple[list[FileRead], list[FileRead]]:
    """(those of the highest *Lần nộp*, each content once; the others, with their fates)."""
    distinct, duplicates = _without_duplicates(files)
    top = max(map(_submission, distinct), default=0)
    latest = [file for file in distinct if _submission(file) == top]
    older = [_superseded(file, latest[0]) for file in distinct if _submission(file) < top]
    return latest, [*older, *duplicates]


def _submission(file: FileRead) -> int:
    read = file.form or file.explanation
    assert read is not None
    return read.submission


def _without_duplicates(forms: list[FileRead]) -> tuple[list[FileRead], list[FileRead]]:
    """(first file of each content, the others): the same bytes, or the same number and content."""
    if len(forms) < 2:
        return forms, []
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
    if file.explanation:
        return file.explanation.digest
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


def _torn_explanations(files: list[FileRead]) -> list[FileRead]:
    reads = [file.explanation for file in files if file.explanation]
    cells = dict.fromkeys(cell for other in reads[1:] for cell in reads[0].differences(other))
    facts: dict[str, Any] = {
        "submission": reads[0].submission,
        "files": ", ".join(file.name for file in files),
        "cells": _some(list(cells)),
    }
    return [replace(f, fate="conflict", findings=(finding("PX328", file=f.name, **facts),)) for f in files]


def _differences(files: list[FileRead]) -> str:
    """The cells in which the files differ, as the first file names them."""
    forms = [file.form for file in files if file.form]
    keys = [k for k in forms[0].inputs if len({form.inputs[k] for form in forms}) > 1]
    told = dict.fromkeys(code for form in forms for code in form.evidence)
    codes = [c for c in told if len({form.evidence.get(c) for form in forms}) > 1]
    cells = [f"{forms[0].cells[key]} ({key})" for key in keys]
    cells += [f"tài liệu kiểm chứng mục {code}" for code in codes]
    return _some(cells)


def _some(cells: list[str]) -> str:
    return ", ".join(cells[:MOST_NAMED]) + (" …" if len(cells) > MOST_NAMED else "")


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
