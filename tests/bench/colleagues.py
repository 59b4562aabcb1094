"""What a colleague would write: three programs that do parxl's work with the usual libraries.

Each reads a form's table by the hidden row keys, hands the inputs to parxl's own engine (``score_intake``), and
writes the same sheets, cells and styles into a unit's workbook. No program here checks a file before it opens
it, looks at locked cells, says what is wrong in a form, writes a league workbook, or writes atomically.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pandas as pd
import xlsxwriter
from openpyxl.cell.cell import Cell as OpenpyxlCell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from python_calamine import CalamineWorkbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bench.recording import Cell, Recording, Sheet, Style
from parxl.identity import FORM, from_fields
from parxl.layout import EVIDENCE, INPUT, KEY, SCORE, SHEET_META, SHEET_TABLE, Layout
from parxl.reading.file import FileRead
from parxl.reading.form import FormRead
from parxl.rules import BLANK

Rows = Iterable[list[Any]]
Tables = tuple[Rows, Rows]  # of the table, of the hidden sheet
SHEETS = [SHEET_TABLE, SHEET_META]
# XlsxWriter numbers the styles of borders.
BORDERS = {"thin": 1, "medium": 2, "dashed": 3, "dotted": 4, "thick": 5, "double": 6, "hair": 7}

PADDING = 0.7109375  # what XlsxWriter adds to a width


class Program(NamedTuple):
    """One colleague's program: how it reads a workbook, and how it writes one."""

    tables: Callable[[Path], Tables]
    write: Callable[[Recording, Path], None]


# In -----------------------------------------------------------------------------------------------


def with_pandas(path: Path) -> Tables:
    """pandas.read_excel, which hands the file to openpyxl."""
    found = pd.read_excel(path, sheet_name=SHEETS, header=None, na_filter=False, dtype=object)
    table, meta = (found[name].to_numpy().tolist() for name in SHEETS)
    return table, meta


def with_openpyxl(path: Path) -> Tables:
    book = openpyxl.load_workbook(path, data_only=True, read_only=True)
    table, meta = ([list(row) for row in book[name].iter_rows(values_only=True)] for name in SHEETS)
    book.close()
    return table, meta


def with_calamine(path: Path) -> Tables:
    book = CalamineWorkbook.from_path(path)
    table, meta = (book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in SHEETS)
    return table, meta


class Reader:
    """Rows of a form -> what ``score_intake`` needs of it."""

    def __init__(self, layout: Layout, tables: Callable[[Path], Tables]):
        self.layout, self.criteria, self.tables = layout, layout.criteria, tables

    def read(self, path: Path) -> FileRead:
        table, meta = self.tables(path)
        form = self._form(table, meta)
        return FileRead(f"2-nop/{path.name}", "", "scored", form.identity.unit, form, ())

    def _form(self, table: Rows, meta: Rows) -> FormRead:
        identity = from_fields({str(row[0]): str(row[1]) for row in meta})
        if identity is None or identity.kind != FORM:
            raise ValueError("no form")
        rows = {row[_at(KEY)]: row for row in table if len(row) > _at(KEY) and row[_at(KEY)]}
        inputs = {key: self._input(key, rows[key][_at(INPUT)]) for key in self.layout.input_rows}
        leaves = [leaf.code for leaf in self.criteria.leaves if leaf.parts]
        evidence = {code: str(rows[code][_at(EVIDENCE)] or "") for code in leaves}
        numbers = {row.key: row.number for row in self.layout.rows}
        return FormRead(
            identity=identity,
            submission=1,
            inputs=inputs,
            sheet_inputs=inputs,
            evidence={code: text for code, text in evidence.items() if text},
            self_scores={n.code: self._points(rows[n.code][_at(SCORE)]) for n in self.criteria.criterion},
            self_total=self._points(rows["total"][_at(SCORE)]),
            sheet=SHEET_TABLE,
            cells={key: f"{INPUT}{numbers[key]}" for key in inputs}
            | {n.code: f"{SCORE}{numbers[n.code]}" for n in self.criteria.criterion}
            | {"total": f"{SCORE}{numbers['total']}"},
            typed={key: rows[key][_at(INPUT)] for key in inputs if rows[key][_at(INPUT)] not in ("", None)},
        )

    def _input(self, key: str, value: Any) -> int:
        wanted = self.criteria.inputs[key]
        if wanted.kind == "mark":
            return int(value == "x")
        return BLANK if value in ("", None) else int(value * 10**wanted.decimals)

    def _points(self, value: Any) -> int | None:
        return None if value in ("", None) else int(value * self.criteria.scale + 0.5)


def _at(column: str) -> int:
    return ord(column) - ord("A")


# Out: openpyxl ------------------------------------------------------------------------------------


Dress = Callable[[OpenpyxlCell, int], None]  # gives a cell the style of this number


def looks(style: Style) -> dict[str, Any]:
    """The style objects that openpyxl wants, by their names."""
    sides = {side: Side(style=look, color=colour) for side, (look, colour) in style.borders.items()}
    return {
        "font": Font(**style.font),
        "fill": PatternFill("solid", fgColor=style.fill) if style.fill else PatternFill(),
        "border": Border(**sides),
        "alignment": Alignment(**style.alignment),
        "protection": Protection(locked=style.locked, hidden=style.hidden),
        "number_format": style.number_format,
    }


def naive_openpyxl(recording: Recording, path: Path) -> None:
    """Styles made anew for each cell, as most scripts do."""

    def dress(cell: OpenpyxlCell, number: int) -> None:
        for name, look in looks(recording.styles[number]).items():
            setattr(cell, name, look)

    _save_openpyxl(recording, path, openpyxl.Workbook(), dress)


def shared_openpyxl(recording: Recording, path: Path) -> None:
    """Each style once a workbook, under a name: four times as fast as giving the same objects to each cell."""
    book = openpyxl.Workbook()
    for number, style in enumerate(recording.styles):
        book.add_named_style(NamedStyle(name=f"look {number}", **looks(style)))

    def dress(cell: OpenpyxlCell, number: int) -> None:
        cell.style = f"look {number}"

    _save_openpyxl(recording, path, book, dress)


def _save_openpyxl(recording: Recording, path: Path, book: openpyxl.Workbook, dress: Dress) -> None:
    book.remove(book.worksheets[0])
    for one in recording.sheets:
        sheet = book.create_sheet(one.name)
        sheet.sheet_state = one.state
        for first, last, width in one.widths:
            for column in range(first, min(last, 100) + 1):
                sheet.column_dimensions[get_column_letter(column)].width = width
        for row, height in one.heights.items():
            sheet.row_dimensions[row].height = height
        for cell in one.cells:
            _put(sheet.cell(cell.row, cell.column), cell, dress)
        for area in one.merges:
            sheet.merge_cells(area)
    book.save(path)


def _put(target: OpenpyxlCell, cell: Cell, dress: Dress) -> None:
    """openpyxl can keep no result beside a formula."""
    dress(target, cell.style)
    target.value = cell.formula or cell.value
    if not cell.formula and isinstance(cell.value, str):
        target.data_type = "s"  # what begins with "=" is text all the same


# Out: XlsxWriter ----------------------------------------------------------------------------------


class Unsearched(Worksheet):
    """Does not look for newer functions in a formula, which takes half of the time here; nor does parxl's."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")


def plain_xlsxwriter(recording: Recording, path: Path, kind: type[Worksheet] = Worksheet) -> None:
    """In memory, each format once a workbook: as its manual advises for speed."""
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(path, options)
    formats = [book.add_format(_properties(style)) for style in recording.styles]
    for one in recording.sheets:
        _fill_sheet(book.add_worksheet(one.name, worksheet_class=kind), one, formats)
    book.close()


def _fill_sheet(sheet: Worksheet, one: Sheet, formats: list[Format]) -> None:
    if one.state != "visible":
        sheet.hide()
    for first, last, width in one.widths:
        sheet.set_column(first - 1, last - 1, width - PADDING)
    for row, height in one.heights.items():
        sheet.set_row(row - 1, height)
    for area in one.merges:
        sheet.merge_range(area, "")
    for cell in one.cells:
        _write_cell(sheet, cell, formats[cell.style])


def _write_cell(sheet: Worksheet, cell: Cell, look: Format) -> None:
    row, column, value = cell.row - 1, cell.column - 1, cell.value
    if cell.formula:
        sheet.write_formula(row, column, cell.formula, look, value)
    elif value is None:
        sheet.write_blank(row, column, None, look)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, look)
    else:
        sheet.write_number(row, column, value, look)


def _properties(style: Style) -> dict[str, Any]:
    vertical = style.alignment.get("vertical", "")
    found: dict[str, Any] = {
        "font_name": style.font["name"],
        "font_size": style.font["size"],
        "bold": style.font["bold"],
        "italic": style.font["italic"],
        "underline": 1 if style.font["underline"] else 0,
        "font_color": f"#{style.font['color']}",
        "num_format": style.number_format,
        "locked": style.locked,
        "hidden": style.hidden,
        "align": style.alignment.get("horizontal", ""),
        "valign": "vcenter" if vertical == "center" else vertical,
        "text_wrap": style.alignment.get("wrap_text", False),
        "indent": int(style.alignment.get("indent", 0)),
    }
    if style.fill:
        found["bg_color"] = f"#{style.fill}"
    for side, (look, colour) in style.borders.items():
        found |= {side: BORDERS[look], f"{side}_color": f"#{colour}"}
    return found


PROGRAMS = {
    "naive": Program(with_pandas, naive_openpyxl),
    "shared": Program(with_openpyxl, shared_openpyxl),
    "calamine": Program(with_calamine, plain_xlsxwriter),
}
