"""Which programs computed and wrote a result."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path

from parxl import __version__

LIBRARIES = {"pandas": "pandas", "XlsxWriter": "xlsxwriter", "openpyxl": "openpyxl"}


@cache
def _versions() -> tuple[tuple[str, str], ...]:
    libraries = tuple((name, version(package)) for name, package in LIBRARIES.items())
    return (("parxl", __version__), ("Python", platform.python_version()), *libraries)


def software() -> dict[str, str]:
    """Name -> version of what computes and writes."""
    return dict(_versions())


@cache
def build() -> str:
    """A digest of these programs as they are installed here: another one trusts nothing that this one kept."""
    root = Path(__file__).parent
    files = sorted(root.rglob("*.py")) + sorted(root.rglob("*.toml"))
    facts = [(str(file.relative_to(root)), file.stat().st_size, file.stat().st_mtime_ns) for file in files]
    return hashlib.sha256(repr([_versions(), facts]).encode()).hexdigest()
