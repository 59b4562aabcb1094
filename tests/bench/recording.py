"""What parxl put into one unit's workbook, for others to write the same: cells, styles, widths, heights.

Taken from the finished workbook, so it does not matter how parxl made it. Charts, validations, conditional
formats, notes, links and page setup are left out: a colleague's program is measured without them.
"""

from __future__ import annotations

import pickle
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple
from xml.etree import ElementTree

from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.styles.stylesheet import Stylesheet
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

from bench.archive import parts_of

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
BLACK = "000000"
SIDES = ("left", "right", "top", "bottom")


class Cell(NamedTuple):
    """``row``, ``column`` from 1; ``formula`` with "="; ``value``: None of a cell that has only a style."""

    row: int
    column: int
    style: int
    value: str | float | None
    formula: str = ""


@dataclass(frozen=True)
class Style:
    """The arguments of openpyxl's styles; ``borders``: side -> (style, colour)."""

    font: dict[str, Any]
    fill: str
    borders: dict[str, tuple[str, str]]
    alignment: dict[str, Any]
    number_format: str
    locked: bool
    hidden: bool


@dataclass(frozen=True)
class Sheet:
    """``widths``: (first column, last, width); ``heights``: row -> points; ``merges``: areas."""

    name: str
    state: Literal["visible", "hidden", "veryHidden"]
    widths: list[tuple[int, int, float]]
    heights: dict[int, float]
    merges: list[str]
    cells: list[Cell]


@dataclass(frozen=True)
class Recording:
    """One workbook. ``Cell.style`` counts in ``styles``."""

    sheets: list[Sheet]
    styles: list[Style]

    def save(self, path: Path) -> None:
        path.write_bytes(pickle.dumps(self))


def load(path: Path) -> Recording:
    """One that ``save`` of this very run wrote."""
    found: Recording = pickle.loads(path.read_bytes())
    return found


def record(content: bytes) -> Recording:
    parts = parts_of(content)
    strings = _strings(parts.get("xl/sharedStrings.xml"))
    relations = ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])
    targets = {one.get("Id"): one.get("Target", "") for one in relations}
    listed = ElementTree.fromstring(parts["xl/workbook.xml"]).iter(f"{MAIN}sheet")
    sheets = []
    for one in listed:
        part = parts[posixpath.join("/xl", targets[one.get(RELATION)]).lstrip("/")]
        state: Any = one.get("state", "visible")
        sheets.append(_sheet(one.get("name", ""), state, ElementTree.fromstring(part), strings))
    return Recording(sheets, _styles(parts["xl/styles.xml"]))


def _strings(part: bytes | None) -> list[str]:
    if part is None:
        return []
    return ["".join(t.text or "" for t in one.iter(f"{MAIN}t")) for one in ElementTree.fromstring(part)]


def _sheet(
    name: str, state: Literal["visible", "hidden", "veryHidden"], root: ElementTree.Element, strings: list[str]
) -> Sheet:
    columns = [
        (int(c.get("min", "1")), int(c.get("max", "1")), float(c.get("width", "9")))
        for c in root.iter(f"{MAIN}col")
    ]
    heights = {int(r.get("r", "0")): float(r.get("ht", "0")) for r in root.iter(f"{MAIN}row") if r.get("ht")}
    merges = [m.get("ref", "") for m in root.iter(f"{MAIN}mergeCell")]
    return Sheet(name, state, columns, heights, merges, list(_cells(root, strings)))


def _cells(root: ElementTree.Element, strings: list[str]) -> Iterator[Cell]:
    for cell in root.iter(f"{MAIN}c"):
        column, row = coordinate_from_string(cell.get("r", ""))
        formula = cell.findtext(f"{MAIN}f")
        place = (row, column_index_from_string(column), int(cell.get("s", "0")))
        yield Cell(*place, _value(cell, strings), f"={formula}" if formula else "")


def _value(cell: ElementTree.Element, strings: list[str]) -> str | float | None:
    found, kind = cell.findtext(f"{MAIN}v"), cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(t.text or "" for t in cell.iter(f"{MAIN}t"))
    if kind == "str":
        return found or ""
    if not found:
        return found  # XlsxWriter calls an empty result a number
    if kind == "s":
        return strings[int(found)]
    return float(found) if kind == "n" else found


# Styles -------------------------------------------------------------------------------------------


@lru_cache(64)
def _styles(part: bytes) -> list[Style]:
    root: Any = ElementTree.fromstring(part)
    sheet: Any = Stylesheet.from_tree(root)
    formats = {one.numFmtId: one.formatCode for one in sheet.numFmts.numFmt}
    return [_style(sheet, formats, one) for one in sheet.cellXfs.xf]


def _style(sheet: Any, formats: dict[int, str], xf: Any) -> Style:
    font, border = sheet.fonts[xf.fontId], sheet.borders[xf.borderId]
    protection = xf.protection
    return Style(
        font={
            "name": font.name,
            "size": font.sz,
            "bold": bool(font.b),
            "italic": bool(font.i),
            "underline": font.u,
            "color": _colour(font.color),
        },
        fill=_fill(sheet.fills[xf.fillId]),
        borders={side: (one.style, _colour(one.color)) for side, one in _sides(border) if one.style},
        alignment=_alignment(xf.alignment),
        number_format=formats.get(xf.numFmtId) or BUILTIN_FORMATS[xf.numFmtId],
        locked=protection.locked if protection else True,
        hidden=protection.hidden if protection else False,
    )


def _fill(fill: Any) -> str:
    return _colour(fill.fgColor) if fill.fill_type == "solid" else ""


def _sides(border: Any) -> Iterator[tuple[str, Any]]:
    yield from ((side, found) for side in SIDES if (found := getattr(border, side)) is not None)


def _colour(colour: Any) -> str:
    """RRGGBB; what is left to the theme or to the program is black."""
    return colour.rgb[-6:] if colour is not None and colour.type == "rgb" else BLACK


def _alignment(found: Any) -> dict[str, Any]:
    names = ("horizontal", "vertical", "wrap_text", "indent", "text_rotation", "shrink_to_fit")
    return {name: value for name in names if (value := getattr(found, name, None))}
