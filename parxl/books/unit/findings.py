"""What a unit's own workbook tells of its findings: it goes out by mail, so it names no other unit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from parxl.campaign import Unit
from parxl.findings import Finding
from parxl.results import Results, UnitResult

# The department's own slip, which quotes whatever it typed: only the department can mend it.
DEPARTMENT = ("PX309",)
UNNAMED = "tệp phiếu của đơn vị"  # in place of a file's name that names another unit


def own_findings(results: Results, result: UnitResult) -> list[Finding]:
    """The unit's findings as ``told_to`` tells them."""
    files = [file.name for file in results.intake.files if file.unit == result.unit.code]
    return told_to(result.unit, results.settings.units, files, result.findings)


def told_to(
    unit: Unit, units: Iterable[Unit], files: Iterable[str], findings: Iterable[Finding]
) -> list[Finding]:
    """What a unit may read of the findings on it. ``files``: its own; they are told by their names alone."""
    known = tuple(units)
    shown = {name: shown_name(name, unit, known) for name in files}
    return [_told(found, shown) for found in findings if found.code not in DEPARTMENT]


def _told(found: Finding, shown: dict[str, str]) -> Finding:
    message = found.message
    for name in sorted(shown, key=len, reverse=True):
        message = message.replace(name, shown[name])
    return replace(found, message=message, file=shown.get(found.file or "", found.file))


def shown_name(file: str, unit: Unit, units: Iterable[Unit]) -> str:
    """The name of a unit's file, without its folder; not where it names another unit, as mixed-up ones do."""
    name = file.rpartition("/")[2]
    return UNNAMED if _names_another(name, unit, units) else name


def _names_another(text: str, unit: Unit, units: Iterable[Unit]) -> bool:
    left = f" {_words(text)} "
    for own in (unit.name, unit.code):
        left = left.replace(f" {_words(own)} ", " | ")
    others = (_words(label) for one in units if one.code != unit.code for label in (one.name, one.code))
    # A bare number in a file's name is a date or a count, whatever unit has it for its code.
    return any(f" {words} " in left for words in others if words and not words.isdigit())


@cache
def _words(text: str) -> str:
    """The words of a text, without case and marks: file names are often written so."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", plain))
