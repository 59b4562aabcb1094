"""The seal of a form: a short digest of each locked cell outside the table's own rows.

The form carries it in its hidden sheet, so that a reader can tell which locked cell was changed since,
though the form's head may by now be worded otherwise in the campaign. The table's own rows need none: the
layout knows them.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from typing import Any

from parxl.grid import tidy

FIELD = "seal:"  # in the hidden sheet: seal:<sheet> -> B1=12ab C4==34cd …
SPACE = re.compile(r"\s+")
TRUTH = re.compile(r"\b(TRUE|FALSE)\(\)", re.IGNORECASE)


def same(content: Any) -> str:
    """A cell's content in the one form in which two are compared.

    Programs break lines, compose letters and space formulas in their own ways; LibreOffice writes
    ``FALSE()``.
    """
    if isinstance(content, (int, float)) and not isinstance(content, bool):
        return f"{content:.15g}"
    text = tidy(str(content))
    if text.startswith("="):
        return TRUTH.sub(r"\1", SPACE.sub("", text)).replace("_xlfn.", "")
    return SPACE.sub(" ", text)


def pack(cells: Mapping[str, Any]) -> str:
    """Cell -> content, as one line. A formula is marked, because inserted rows rewrite it."""
    return " ".join(f"{cell}={digest(content)}" for cell, content in cells.items() if same(content))


def unpack(line: str) -> dict[str, str]:
    """Cell -> digest."""
    pairs = (pair.partition("=") for pair in line.split())
    return {cell: found for cell, _, found in pairs}


def digest(content: Any) -> str:
    """Four digits; ``=`` before them for a formula."""
    text = same(content)
    return ("=" if text.startswith("=") else "") + f"{zlib.crc32(text.encode()) & 0xFFFF:04x}"
