"""What a unit's own workbook tells of its findings: it goes out by mail, so it names no other unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from parxl.campaign import Settings, Unit, plain_words
from parxl.findings import Finding
from parxl.results import Results, UnitResult

# The department's own slip, which quotes whatever it typed: only the department can mend it.
DEPARTMENT = ("PX309",)
UNNAMED = "tệp phiếu của đơn vị"  # in place of a file's name that names another unit


def own_findings(results: Results, result: UnitResult) -> list[Finding]:
    """The unit's findings as ``told_to`` tells them."""
    files = [file.name for file in results.files_of.get(result.unit.code, ())]
    return told_to(result.unit, results.settings, files, result.findings)


def told_to(unit: Unit, settings: Settings, files: Iterable[str], findings: Iterable[Finding]) -> list[Finding]:
    """What a unit may read of the findings on it. ``files``: its own; they are told by their names alone."""
    shown = {name: shown_name(name, unit, settings) for name in files}
    return [_told(found, shown) for found in findings if found.code not in DEPARTMENT]


def _told(found: Finding, shown: dict[str, str]) -> Finding:
    message = found.message
    for name in sorted(shown, key=len, reverse=True):
        message = message.replace(name, shown[name])
    return replace(found, message=message, file=shown.get(found.file or "", found.file))


def shown_name(file: str, unit: Unit, settings: Settings) -> str:
    """The name of a unit's file, without its folder; not where it names another unit, as mixed-up ones do."""
    name = file.rpartition("/")[2]
    return UNNAMED if _names_another(name, unit, settings) else name


def _names_another(text: str, unit: Unit, settings: Settings) -> bool:
    left = f" {plain_words(text)} "
    for own in (unit.name, unit.code):
        left = left.replace(f" {plain_words(own)} ", " | ")
    # A bare number in a file's name is a date or a count, whatever unit has it for its code.
    return any(settings.names.get(run, set()) - {unit.code} for run in _runs(left.split()) if not run.isdigit())


def _runs(words: list[str]) -> Iterator[str]:
    """Any number of words beside each other."""
    for first in range(len(words)):
        yield from (" ".join(words[first:end]) for end in range(first + 1, len(words) + 1))
