"""What a command wrote and has to tell; outputs at the rim, never over what somebody typed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from parxl.campaign import Folder
from parxl.files import read_existing, write_atomically, write_pieces
from parxl.findings import Finding, ParxlError, finding
from parxl.issuing import is_untouched
from parxl.layout import Layout
from parxl.results import Results

NOT_WRITTEN = ("PX601", "PX602", "PX603", "PX620", "PX711")


@dataclass
class Report:
    """What a command wrote and what it has to tell."""

    written: list[Path] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    results: Results | None = None
    books: dict[str, str] = field(default_factory=dict)  # result workbooks of this run: name -> SHA-256

    @property
    def exit_code(self) -> int:
        """0 all well, 1 something could not be written, 3 error findings, 4 nothing usable."""
        if any(found.code in NOT_WRITTEN for found in self.findings):
            return 1
        if self.results is None:
            return 3 if any(found.severity == "error" for found in self.findings) else 0
        bad = any(f.fate in ("rejected", "conflict") for f in self.results.intake.files)
        if bad and not self.results.intake.chosen:
            return 4
        errors = any(found.severity == "error" for found in self.results.findings)
        return 3 if bad or errors else 0


@contextmanager
def told(report: Report) -> Iterator[None]:
    """A failure is told, and the rest is still done."""
    try:
        yield
    except ParxlError as error:
        report.findings.extend(error.findings)


def write(report: Report, path: Path, content: bytes | Iterable[bytes]) -> bool:
    """Write one output, whole or in pieces. Is it written? A failure names its folder too: several hold a file
    of that name."""
    try:
        if isinstance(content, bytes):
            write_atomically(path, content)
        else:
            write_pieces(path, content)
    except ParxlError as error:
        report.findings += [replace(f, file=f"{path.parent.name}/{path.name}") for f in error.findings]
        return False
    report.written.append(path)
    return True


def write_form_file(folder: Folder, path: Path, content: bytes, layout: Layout, report: Report) -> None:
    """Write a form, unless the one in its place holds what somebody typed."""
    if may_replace(folder, path, content, layout, report):
        write(report, path, content)


def may_replace(folder: Folder, path: Path, content: bytes | None, layout: Layout, report: Report) -> bool:
    """Is there nothing in place, or nothing but what parxl itself wrote?"""
    with told(report):
        found = read_existing(path)
        if found is None or found == content or is_untouched(found, layout):
            return True
        report.findings.append(finding("PX602", file=folder.name(path)))
    return False
