"""The register of coded messages: findings, where they stand, and parxl's own exceptions.

A code never changes its meaning. PX1xx criteria sets, PX2xx the campaign, PX3xx files that came back,
PX4xx what was typed, PX5xx scoring, PX6xx writing, PX7xx the appraisal, PX8xx mail, PX9xx parxl itself.
"""

from __future__ import annotations

from sys import intern
from typing import Any

from parxl.findings import appraisal, campaign, changes, files, mail, output, scoring, sets, values
from parxl.findings.model import (
    SEVERITY_NAMES,
    Finding,
    Kind,
    NothingUsable,
    ParxlError,
    WrongUsage,
    printable,
)

REGISTER: dict[str, Kind] = {
    **sets.KINDS,
    **campaign.KINDS,
    **files.KINDS,
    **changes.KINDS,
    **values.KINDS,
    **scoring.KINDS,
    **output.KINDS,
    **appraisal.KINDS,
    **mail.KINDS,
}


def finding(
    code: str,
    /,
    *,
    file: str | None = None,
    sheet: str | None = None,
    cell: str | None = None,
    criterion: str | None = None,
    **facts: Any,
) -> Finding:
    """A finding of the registered kind ``code``; ``facts`` fill in its sentence. KeyError if unknown."""
    kind = REGISTER[code]
    # Thousands of units are told the very same.
    message = intern(f"{kind.sentence} {kind.remedy}".format(**facts))
    return Finding(code, kind.severity, message, file, sheet, cell, criterion)


__all__ = [
    "REGISTER",
    "SEVERITY_NAMES",
    "Finding",
    "Kind",
    "NothingUsable",
    "ParxlError",
    "WrongUsage",
    "finding",
    "printable",
]
