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
from parxl.grid.model import EMPTY, Cell, Cells, SheetFacts, Unreadable, Workbook, cell_name, cell_place, tidy
from parxl.grid.parts import Contents, SheetEntry, contents, custom_properties, number_formats, shared_strings
from parxl.grid.sheets import SheetPart


def read_workbook(source: bytes | BinaryIO, limits: Limits = ARRIVED) -> Workbook:
    """All cells of an .xlsx. Unreadable with a register code and a reason in Vietnamese where it is not one."""
    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    parts, markup = Parts(stream, limits), Markup(limits.weight)
    listed = contents(parts, markup)
    strings = shared_strings(parts, markup, listed.strings)
    formats = number_formats(parts, markup, listed.styles)
    cells, facts = {}, {}
    for entry in listed.sheets:
        part = _sheet(parts, markup, entry, listed, strings, formats)
        cells[entry.name] = part.cells
        facts[entry.name] = SheetFacts(entry.hidden, part.protected, tuple(part.validated))
    return Workbook(
        cells, custom_properties(parts, markup), facts, listed.names, parts.has_links, parts.has_notes
    )


def _sheet(
    parts: Parts, markup: Markup, entry: SheetEntry, listed: Contents, strings: list[str], formats: list[str]
) -> SheetPart:
    heard = SheetPart(strings, formats, listed.from_1904)
    if content := parts.read(entry.part):
        markup.parse(content, heard)
    return heard


__all__ = [
    "ARRIVED",
    "EMPTY",
    "OWN",
    "Cell",
    "Cells",
    "Limits",
    "SheetFacts",
    "Unreadable",
    "Workbook",
    "cell_name",
    "cell_place",
    "read_workbook",
    "tidy",
]
