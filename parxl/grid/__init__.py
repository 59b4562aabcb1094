"""Cells of somebody's workbook as plain values, read within fixed limits.

This is parxl's gate: whatever comes by mail passes here and nowhere else. openpyxl hangs on a row
number of 10²⁰ and on a merge over the whole grid, python-calamine ends the process on one cell at
XFD1048576; so every cell would have to be looked at before either might see a file. This package looks
at every cell once, and keeps it. Tests hold its answers equal to openpyxl's on all sound workbooks. Zip
archives, XML, number formats and shared formulas are the libraries' business: zipfile, expat, openpyxl.
"""

from __future__ import annotations

import io
from typing import BinaryIO

from parxl.grid.container import ARRIVED, OWN, Limits, Parts
from parxl.grid.markup import Markup
from parxl.grid.memory import Memory, forget
from parxl.grid.model import (
    EMPTY,
    Cell,
    Cells,
    Content,
    Contents,
    Place,
    SheetFacts,
    Unreadable,
    Workbook,
    cell_name,
    cell_place,
    column_texts,
    column_values,
    contents_of,
    tidy,
)
from parxl.grid.parts import contents, custom_properties, number_formats
from parxl.grid.strings import shared_strings
from parxl.grid.sweep import read_sheet
from parxl.grid.values import Values


def read_workbook(source: bytes | BinaryIO, limits: Limits = ARRIVED) -> Workbook:
    """All cells of an .xlsx. Unreadable with a register code and a reason in Vietnamese where it is not one."""
    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    parts, markup = Parts(stream, limits), Markup(limits.weight)
    listed = contents(parts, markup)
    strings = shared_strings(parts, markup, listed.strings)
    values = Values(strings, number_formats(parts, markup, listed.styles), listed.from_1904)
    cells, facts = {}, {}
    for entry in listed.sheets:
        part, cells[entry.name] = read_sheet(parts.read(entry.part), markup, values)
        facts[entry.name] = SheetFacts(entry.hidden, part.protected, tuple(part.validated))
    return Workbook(
        cells, custom_properties(parts, markup), facts, listed.names, parts.has_links, parts.has_notes
    )


__all__ = [
    "ARRIVED",
    "EMPTY",
    "OWN",
    "Cell",
    "Cells",
    "Content",
    "Contents",
    "Limits",
    "Memory",
    "Place",
    "SheetFacts",
    "Unreadable",
    "Workbook",
    "cell_name",
    "cell_place",
    "column_texts",
    "column_values",
    "contents_of",
    "forget",
    "read_workbook",
    "tidy",
]
