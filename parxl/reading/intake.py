"""The folder ``2-nop``: every file gets exactly one fate, every unit at most one form that counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from parxl.campaign import Unit
from parxl.identity import EXPLANATION
from parxl.reading.explanation import ExplanationRead
from parxl.reading.file import FileRead
from parxl.reading.listing import files_below
from parxl.reading.many import read_many
from parxl.reading.settling import settle_explanations, settle_unit
from parxl.workshop import Workshop


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


def read_intake(shop: Workshop) -> Intake:
    """Read every file below ``2-nop``; one bad file never stops the others."""
    folder, settings = shop.campaign.folder, shop.campaign.settings
    paths = {folder.name(path): path for path in files_below(folder.returned)}
    return settle(read_many(paths, shop), settings.units)


# Units --------------------------------------------------------------------------------------------


def settle(files: list[FileRead], units: Iterable[Unit]) -> Intake:
    """Which file of each unit counts. ``files``: each as if it lay alone in the folder."""
    settled = {file.name: file for file in files}
    whole = Intake((), {}, {}, {})
    theirs: dict[str, list[FileRead]] = {}
    for file in files:
        theirs.setdefault(file.unit, []).append(file)
    for unit in units:
        _settle_unit(unit, theirs.get(unit.code, []), settled, whole)
    return replace(whole, files=tuple(settled[file.name] for file in files))


def _settle_unit(unit: Unit, files: list[FileRead], settled: dict[str, FileRead], whole: Intake) -> None:
    for file in settle_explanations([f for f in files if f.explanation]):
        settled[file.name] = file
        if file.fate == "skipped" and file.explanation:
            whole.explanations[unit.code] = file.explanation
    own = [file for file in files if file.kind != EXPLANATION]
    for file in settle_unit(unit, [f for f in own if f.form]):
        settled[file.name] = file
        if file.fate == "scored":
            whole.chosen[unit.code] = file
    torn = [settled[f.name] for f in own if settled[f.name].fate == "conflict"]
    if torn:
        whole.conflicts[unit.code] = tuple(torn)
    bad = tuple(file for file in own if file.fate == "rejected")
    if bad and unit.code not in whole.chosen and not torn:
        whole.rejected[unit.code] = bad
