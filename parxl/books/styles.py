"""The look of every workbook, and the few places where XlsxWriter needs a firm hand."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from parxl.rules import Input

FONT = "Times New Roman"
SIZE = 12
# Named once; the guide's legend shows the same colours.
COLOURS = {
    "input": "#FFF9DB",  # to fill in
    "missing": "#FFE8A3",
    "wrong": "#F8C9C4",
    "area": "#D9E2EF",
    "group": "#EEF2F8",
    "computed": "#F2F2F2",
    "done": "#D8EBD5",
    "grey": "#6B6B6B",
    "mend": "#C00000",  # the frame of a cell to mend
}
BAR = "#7DB87D"  # progress
MARGINS = {"left": 30 / 25.4, "right": 15 / 25.4, "top": 20 / 25.4, "bottom": 20 / 25.4}
PAPER_A4, PAPER_A3 = 9, 8
MAX_VALIDATION_FORMULA = 255
MAX_ROW_HEIGHT = 409.5  # points; Excel's own limit


class Sheet(Worksheet):
    """A worksheet whose computed row heights may still grow, and whose blank results are text."""

    def __init__(self) -> None:
        super().__init__()
        self.heights: dict[int, float] = {}
        self.is_sealed = False
        self.locked_cells: dict[str, Any] = {}  # of a sealed sheet: cell -> text, number or formula

    def _xml_start_tag_unencoded(self, tag: str, attributes: Any = ()) -> None:
        super()._xml_start_tag_unencoded(tag, _without_custom_height(tag, attributes))

    def _xml_empty_tag_unencoded(self, tag: str, attributes: Any = ()) -> None:
        super()._xml_empty_tag_unencoded(tag, _without_custom_height(tag, attributes))

    def _xml_formula_element(self, formula: Any, result: Any, attributes: Any = ()) -> None:
        # XlsxWriter writes an empty result as a number without digits; it is an empty string.
        if result == "" and isinstance(result, str):
            attributes = [*attributes, ("t", "str")]
        super()._xml_formula_element(formula, result, attributes)

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        # XlsxWriter looks for functions newer than Excel 2010, a hundred searches a formula; we use none.
        return formula.removeprefix("=")

    def _write_string(self, row: int, col: int, string: str, cell_format: Any = None) -> Any:
        self._keep(row, col, string, cell_format)
        return super()._write_string(row, col, string, cell_format)

    def _write_number(self, row: int, col: int, number: Any, cell_format: Any = None) -> Any:
        self._keep(row, col, number, cell_format)
        return super()._write_number(row, col, number, cell_format)

    def _write_formula(self, row: int, col: int, formula: str, cell_format: Any = None, value: Any = 0) -> Any:
        self._keep(row, col, formula, cell_format)
        return super()._write_formula(row, col, formula, cell_format, value)

    def _keep(self, row: int, col: int, content: Any, cell_format: Any) -> None:
        if self.is_sealed and (cell_format is None or cell_format.locked):
            self.locked_cells[xl_rowcol_to_cell(row, col)] = content

    def validate(self, first: str, options: dict[str, Any]) -> None:
        """``data_validation`` that fails loudly: XlsxWriter only warns and leaves it out."""
        formula = options.get("value", "")
        if isinstance(formula, str) and len(formula) > MAX_VALIDATION_FORMULA:
            raise ValueError(f"{first}: validation formula of {len(formula)} characters")
        if self.data_validation(first, {**options, "ignore_blank": True}) != 0:
            raise ValueError(f"{first}: XlsxWriter refused the validation {options}")

    def tall(self, number: int, points: float, **options: Any) -> None:
        """Height of a row, numbered from 1; kept for the page breaks."""
        points = min(points, MAX_ROW_HEIGHT)
        self.heights[number] = points
        self.set_row(number - 1, points, None, options)


def _without_custom_height(tag: str, attributes: Any) -> Any:
    # customHeight would freeze the row: it could not grow with a long evidence text.
    if tag != "row":
        return attributes
    return [pair for pair in attributes if pair[0] != "customHeight"]


class Book:
    """A workbook in memory: same input, same bytes. Text is never taken for a formula or a link."""

    def __init__(self, year: int, title: str, author: str):
        self._buffer = io.BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_format_properties": {"font_name": FONT, "font_size": 11},
        }
        self.workbook = xlsxwriter.Workbook(self._buffer, options)
        self.workbook.set_properties({"title": title, "author": author, "created": dt.datetime(year, 1, 1)})
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def sheet(self, name: str) -> Sheet:
        return self.workbook.add_worksheet(name, worksheet_class=Sheet)

    def style(self, **properties: Any) -> Format:
        """One shared format per look; Times New Roman 12, wrapped, top unless told otherwise."""
        full = {
            "font_name": FONT,
            "font_size": SIZE,
            "valign": "vcenter",
            "text_wrap": True,
            **properties,
        }
        key = tuple(sorted(full.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(full)
        return self._formats[key]

    def cell(self, **properties: Any) -> Format:
        """A bordered cell of a table."""
        return self.style(border=1, **properties)

    def close(self) -> bytes:
        self.workbook.close()
        return self._buffer.getvalue()


def landscape(sheet: Sheet, footer: str) -> None:
    """A4 landscape with the margins of official documents and page numbers."""
    sheet.set_landscape()
    sheet.set_paper(PAPER_A4)
    sheet.set_margins(**MARGINS)
    sheet.set_footer(f'&L&"{FONT},Italic"&9{_footer_text(footer)}&R&"{FONT}"&9Trang &P/&N')


def _footer_text(text: str) -> str:
    """Agency text in a footer: & begins a code there, and 255 characters are the limit in all."""
    return text.replace("&", "&&")[:120].rstrip("&")


def number_format(decimals: int) -> str:
    return "0." + "0" * decimals if decimals else "0"


def signed(digits: str, zero: str = "") -> str:
    """A change: with its sign, the minus as it is printed. ``digits``: a number format; ``zero``: for none."""
    return f'+{digits};"−"{digits};{zero or digits}'


def count_format(wanted: Input) -> str:
    """Thousands parted, and the decimals that the input allows."""
    return "#,##0" + ("." + "0" * wanted.decimals if wanted.decimals else "")
