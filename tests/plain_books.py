"""The workbooks of units as plain XlsxWriter writes them, for comparing; and workbooks as what their parts say.

Nothing is remembered here: every sheet is drawn anew, every format made, every cell written by XlsxWriter.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Collection, Mapping
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import xlsxwriter
from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from parxl.books.plate import Plate
from parxl.books.unit import book as unit_book

FONT = "Times New Roman"
NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LISTS = ("numFmts", "fonts", "fills", "borders", "cellXfs", "dxfs")


class PlainSheet(Worksheet):
    """What parxl asks of a sheet, by XlsxWriter's own methods."""

    def __init__(self) -> None:
        super().__init__()
        self.heights: dict[int, float] = {}
        self.is_sealed = False

    def _xml_start_tag_unencoded(self, tag: str, attributes: Any = ()) -> None:
        super()._xml_start_tag_unencoded(tag, [pair for pair in attributes if pair[0] != "customHeight"])

    def _xml_empty_tag_unencoded(self, tag: str, attributes: Any = ()) -> None:
        super()._xml_empty_tag_unencoded(tag, [pair for pair in attributes if pair[0] != "customHeight"])

    def _xml_formula_element(self, formula: Any, result: Any, attributes: Any = ()) -> None:
        super()._xml_formula_element(
            formula, result, [*attributes, ("t", "str")] if result == "" else attributes
        )

    def validate(self, first: str, options: dict[str, Any]) -> None:
        assert self.data_validation(first, {**options, "ignore_blank": True}) == 0

    def tall(self, number: int, points: float, **options: Any) -> None:
        self.heights[number] = min(points, 409.5)
        self.set_row(number - 1, self.heights[number], None, options)

    # As a stamped sheet -----------------------------------------------------------------------

    def put(self, cell: str, value: str | float | None) -> None:
        row, col = xl_cell_to_rowcol(cell)
        look = self.table[row][col].format
        if value is None:
            self.write_blank(row, col, None, look)
        elif isinstance(value, str):
            self.write_string(row, col, value, look)
        else:
            self.write_number(row, col, value, look)

    def results(self, values: Mapping[str, str | float]) -> None:
        for cell, value in values.items():
            row, col = xl_cell_to_rowcol(cell)
            self.table[row][col] = self.table[row][col]._replace(value=value)

    def formula(self, cell: str, formula: str, value: str | float) -> None:
        row, col = xl_cell_to_rowcol(cell)
        self.write_formula(row, col, formula, self.table[row][col].format, value)

    def erase(self, cell: str) -> None:
        row, col = xl_cell_to_rowcol(cell)
        del self.table[row][col]

    def unvalidate(self, cells: Collection[str]) -> None:
        kept = [one for one in self.validations if xl_rowcol_to_cell(*one["cells"][0][:2]) not in cells]
        self.validations = kept


class PlainBook:
    """``Book``, and with a plate ``PlateBook``."""

    def __init__(self, year: int, title: str, author: str, plate: Plate | None = None):
        self.buffer, self.plate, self.looks = io.BytesIO(), plate, {}
        default = {"font_name": FONT, "font_size": 11}
        never = {f"strings_to_{kind}": False for kind in ("formulas", "urls", "numbers")}
        options = {"in_memory": True, "default_format_properties": default, **never}
        self.workbook = xlsxwriter.Workbook(self.buffer, options)
        self.workbook.set_properties({"title": title, "author": author, "created": dt.datetime(year, 1, 1)})

    def sheet(self, name: str) -> PlainSheet:
        sheet: PlainSheet = self.workbook.add_worksheet(name, worksheet_class=PlainSheet)
        return sheet

    def stamped(self, name: str) -> PlainSheet:
        sheet = self.sheet(name)
        assert self.plate
        self.plate.draws[name](self, sheet)  # type: ignore[arg-type]
        return sheet

    def style(self, **properties: Any) -> Any:
        standard = {"font_name": FONT, "font_size": 12, "valign": "vcenter", "text_wrap": True}
        full = standard | properties
        return self.looks.setdefault(tuple(sorted(full.items())), self.workbook.add_format(full))

    def cell(self, **properties: Any) -> Any:
        return self.style(border=1, **properties)

    def chart(self, draw: Any, *rests_on: Any) -> Any:
        chart = self.workbook.add_chart({"type": "bar"})
        draw(chart, *rests_on)
        return chart

    def close(self) -> bytes:
        self.workbook.close()
        return self.buffer.getvalue()


def write_plainly(patch: pytest.MonkeyPatch) -> None:
    """From now on the workbooks of units are plain ones."""
    patch.setattr(Plate, "book", lambda plate, *facts: PlainBook(*facts, plate))
    patch.setattr(unit_book, "Book", PlainBook)


# What a workbook says -----------------------------------------------------------------------------


def parts_of(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


def said(content: bytes) -> dict[str, str]:
    """Name of a part -> its XML, with each cell's look and text in place of their numbers."""
    parts = parts_of(content)
    sheet = ET.fromstring(parts.pop("xl/styles.xml"))
    looks, conditional = _looks(sheet)
    texts = [_xml(item) for item in ET.fromstring(parts.pop("xl/sharedStrings.xml"))]
    for name, text in parts.items():
        if name.startswith("xl/worksheets/sheet"):
            text = re.sub(r' t="s"><v>(\d+)</v>', lambda m: f' t="s">{texts[int(m[1])]}', text)
            text = re.sub(r'(<(?:c|row|col) [^>]*?) (s|style)="(\d+)"', lambda m: m[1] + looks[int(m[3])], text)
            parts[name] = re.sub(r'dxfId="(\d+)"', lambda m: conditional[int(m[1])], text)
    parts["xl/styles.xml"] = "".join(_xml(one) for one in sheet if one.tag not in {NS + part for part in LISTS})
    return parts


def _looks(sheet: ET.Element) -> tuple[list[str], list[str]]:
    """Each cell format with all that it refers to; the conditional ones."""
    lists = {name: list(sheet.find(NS + name) or ()) for name in LISTS}
    digits = {one.get("numFmtId"): one.get("formatCode") for one in lists["numFmts"]}
    looks = []
    for one in lists["cellXfs"]:
        own = dict(one.attrib)
        number = own.pop("numFmtId")
        found = [_xml(lists[f"{name}s"][int(own.pop(f"{name}Id"))]) for name in ("font", "fill", "border")]
        looks.append(f"{{{digits.get(number, number)} {found} {sorted(own.items())} {[_xml(x) for x in one]}}}")
    return looks, [_xml(one) for one in lists["dxfs"]]


def _xml(one: ET.Element) -> str:
    return ET.tostring(one, encoding="unicode")
