"""Findings that stand at a place, and parxl's own exceptions.

A code never changes its meaning. Every message is one Vietnamese sentence that says what is wrong
and one that says what to do; the place (file, sheet, cell, criterion) is kept beside it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]
SEVERITY_NAMES = {"error": "Lỗi", "warning": "Cảnh báo", "note": "Ghi chú"}


def printable(text: str) -> str:
    """One line for a terminal: what would steer it, or turn the order of letters, as \\xNN or \\uNNNN."""
    shown = (c if c.isprintable() or unicodedata.category(c) == "Zs" else _escaped(c) for c in text)
    return "".join(shown)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


@dataclass(frozen=True)
class Kind:
    """One entry of the register. ``sentence`` and ``remedy`` are filled in from a finding's facts."""

    severity: Severity
    name: str
    sentence: str
    remedy: str


@dataclass(frozen=True, slots=True)  # there are many
class Finding:
    """One message at its place; ``message`` is the sentence and the remedy, ready to read."""

    code: str
    severity: Severity
    message: str
    file: str | None = None
    sheet: str | None = None
    cell: str | None = None
    criterion: str | None = None

    @property
    def place(self) -> str:
        """``tệp › trang!ô › mục 1.6``, as far as it is known."""
        cell = f"!{self.cell}" if self.sheet and self.cell else (self.cell or "")
        parts = [self.file, (self.sheet or "") + cell]
        parts.append(f"mục {self.criterion}" if self.criterion else None)
        return " › ".join(part for part in parts if part)

    def __str__(self) -> str:
        head = f"[{self.code}] {SEVERITY_NAMES[self.severity]}"
        return printable(f"{head} – {self.place}: {self.message}" if self.place else f"{head}: {self.message}")


class ParxlError(Exception):
    """parxl could not do what was asked; carries every finding that says why."""

    exit_code = 1

    def __init__(self, findings: Iterable[Finding]):
        self.findings = tuple(findings)
        super().__init__("\n".join(str(f) for f in self.findings))


class WrongUsage(ParxlError):
    """The command was called with something that does not exist or does not fit."""

    exit_code = 2


class NothingUsable(ParxlError):
    """What parxl was given to work on (a set, a control workbook, forms) cannot be used."""

    exit_code = 4


def entries(severity: Severity, rows: dict[str, tuple[str, str, str]]) -> dict[str, Kind]:
    return {code: Kind(severity, *row) for code, row in rows.items()}
