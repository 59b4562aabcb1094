"""A file that cannot be scored, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parxl.findings import Finding, finding
from parxl.grid import Unreadable
from parxl.identity import Identity

if TYPE_CHECKING:
    from parxl.reading.form import FormRead


class Rejected(Exception):
    """The file cannot be scored; the findings say why. ``identity`` and ``partial``: what could be read."""

    def __init__(
        self, findings: list[Finding], identity: Identity | None = None, partial: FormRead | None = None
    ):
        self.findings, self.identity, self.partial = findings, identity, partial
        super().__init__(findings)


def unreadable(error: Unreadable, file: str) -> Rejected:
    """The same as a rejection that can be told."""
    return Rejected([finding(error.code, file=file, reason=error.reason)])
