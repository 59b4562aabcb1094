"""The look of every workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable
from typing import Any

from parxl.books.drawn_chart import Draw, drawn_chart
from parxl.books.looks import FONT, Look, Properties
from parxl.books.package import OwnWorkbook
from parxl.books.sheet import MAX_ROW_HEIGHT, MAX_VALIDATION_FORMULA, Sheet
from parxl.rules import Input

__all__ = ["FONT", "MAX_ROW_HEIGHT", "MAX_VALIDATION_FORMULA", "SIZE", "Book", "Sheet"]

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
STANDARD = {"font_name": FONT, "font_size": SIZE, "valign": "vcenter", "text_wrap": True}


class Book:
    """A workbook in memory: same input, same bytes. Text is never taken for a formula or a link."""

    def __init__(self, year: int, title: str, author: str):
        self.workbook = OwnWorkbook()
        self.workbook.set_properties({"title": title, "author": author, "created": dt.datetime(year, 1, 1)})
        # Looks by what was asked for, and by all their properties: the same ones in any order are one look.
        self.asked: dict[Properties, Look] = {}
        self.known: dict[Properties, Look] = {}

    def sheet(self, name: str) -> Sheet:
        return self.workbook.add_worksheet(name, worksheet_class=Sheet)

    def style(self, **properties: Any) -> Look:
        """One shared format per look; Times New Roman 12, wrapped, top unless told otherwise."""
        asked = tuple(properties.items())
        found = self.asked.get(asked)
        if found is None:
            found = self.asked[asked] = self._look({**STANDARD, **properties})
        return found

    def _look(self, properties: dict[str, Any]) -> Look:
        book = self.workbook
        full = tuple(sorted({**book.default_format_properties, **properties}.items()))
        if full not in self.known:
            look = Look(full, book.xf_format_indices, book.dxf_format_indices)
            self.known[full] = book.looks.setdefault(look.key, look)
        return self.known[full]

    def cell(self, **properties: Any) -> Look:
        """A bordered cell of a table."""
        return self.style(border=1, **properties)

    def chart(self, draw: Draw, *rests_on: Hashable) -> Any:
        """A bar chart that ``draw`` draws: once for all workbooks in which the same is handed to it."""
        chart = drawn_chart(draw, *rests_on).of_another()
        self.workbook.charts.append(chart)
        return chart

    def close(self) -> bytes:
        self.workbook.close()
        # Or the workbook and its sheets hold each other, and the garbage collector finds them late.
        for sheet in self.workbook.worksheets():
            sheet.workbook_add_format = None
        return self.workbook.archive()


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
