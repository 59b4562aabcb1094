"""The page *Tóm tắt* as a sheet: its columns, its head, the lines that stand on it; always one page of A4."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from parxl.books.form.frame import COUNTRY, MOTTO
from parxl.books.metrics import row_height
from parxl.books.styles import COLOURS, SIZE, Book, Sheet, landscape
from parxl.books.tables import number_cell
from parxl.results import Results, UnitResult

COLUMNS = (21.0, 22.0, *[10.5] * 6)
# A line's label stands in the first column, the name of a table's row in the first two, figures behind them.
NAME = sum(COLUMNS[:2])
FIGURES, LAST = 2, len(COLUMNS) - 1
WIDE = sum(COLUMNS)
TEXT_SIZE = 11
TITLE = "KẾT QUẢ CHẤM ĐIỂM CHỈ SỐ CẢI CÁCH HÀNH CHÍNH"


class Page:
    """``row``: the last one that is written, numbered from 1."""

    def __init__(self, book: Book, sheet: Sheet, results: Results, result: UnitResult):
        self.book, self.sheet, self.settings, self.unit = book, sheet, results.settings, result.unit
        self.decision = results.criteria.decision
        self.row = 0
        for column, width in enumerate(COLUMNS):
            sheet.set_column(column, column, width)

    def next_row(self, height: float) -> int:
        self.row += 1
        self.sheet.tall(self.row, height)
        return self.row

    def head(self) -> None:
        """National header, title, unit, campaign."""
        centre, bold = self.book.style(align="center"), self.book.style(align="center", bold=True)
        motto = self.book.style(align="center", bold=True, underline=1)
        beside = ((self.settings.authority, COUNTRY, centre, bold), (self.settings.lead, MOTTO, bold, motto))
        for left, right, left_style, right_style in beside:
            row = self.next_row(row_height([(left.upper(), NAME, float(SIZE), True)]))
            self.merged(row, 0, FIGURES - 1, left.upper(), left_style)
            self.merged(row, FIGURES, LAST, right, right_style)
        self.next_row(6)
        self._over_all(f"{TITLE} NĂM {self.settings.year}", bold=True, font_size=14)
        self._over_all(self.unit.name, bold=True, font_size=13)
        group = f"Khối: {self.unit.group} – " if self.unit.group else ""
        self._over_all(f"{group}{self.settings.name} – {self.decision}", italic=True, font_size=12)

    def _over_all(self, text: str, **look: Any) -> None:
        size, bold = float(look["font_size"]), bool(look.get("bold"))
        row = self.next_row(row_height([(text, WIDE, size, bold)]) + 2)
        self.merged(row, 0, LAST, text, self.book.style(align="center", **look))

    def heading(self, text: str) -> None:
        row = self.next_row(24)
        style = self.book.style(bold=True, font_size=13, text_wrap=False, valign="bottom")
        self.sheet.write_string(row - 1, 0, text, style)

    def note(self, text: str) -> None:
        row = self.next_row(row_height([(text, WIDE, float(TEXT_SIZE), False)]) + 4)
        style = self.book.style(italic=True, font_size=TEXT_SIZE)
        self.merged(row, 0, LAST, text, style)

    # Lines ------------------------------------------------------------------------------------

    def line(self, label: str, text: str, sheet: str = "") -> None:
        """A label and what is said. ``sheet``: where the label leads, "" for nowhere."""
        size = float(TEXT_SIZE)
        row = self.next_row(
            row_height([(label, COLUMNS[0], size, True), (text, sum(COLUMNS[1:]), size, False)])
        )
        look = {"bold": True, "font_size": TEXT_SIZE, "bg_color": COLOURS["group"]}
        if sheet:
            link = self.book.cell(**look, font_color="#0563C1", underline=1)
            self.sheet.write_url(row - 1, 0, f"internal:'{sheet}'!A1", link, label)
        else:
            self.sheet.write_string(row - 1, 0, label, self.book.cell(**look))
        self.merged(row, 1, LAST, text, self.book.cell(font_size=TEXT_SIZE))

    def merged(self, row: int, first: int, last: int, value: float | str, style: Any) -> None:
        """A value over some columns of a row; a number stays one."""
        if last > first:
            self.sheet.merge_range(row - 1, first, row - 1, last, "", style)
        if isinstance(value, str):
            self.sheet.write_string(row - 1, first, value, style)
        else:
            self.sheet.write_number(row - 1, first, value, style)

    # A table of figures -----------------------------------------------------------------------

    def headings(self, texts: Sequence[str]) -> int:
        """The row of a table's headings: of the names, then of the figures."""
        widths = [NAME, *COLUMNS[FIGURES:]]
        size = float(TEXT_SIZE)
        cells = [(text, width - 1, size, True) for text, width in zip(texts, widths, strict=False)]
        row = self.next_row(row_height(cells))
        style = self.book.cell(bold=True, align="center", bg_color=COLOURS["area"], font_size=TEXT_SIZE)
        self.merged(row, 0, FIGURES - 1, texts[0], style)
        for column, text in enumerate(texts[1:], start=FIGURES):
            self.sheet.write_string(row - 1, column, text, style)
        return row

    def named_row(self, name: str) -> int:
        row = self.next_row(row_height([(name, NAME, float(TEXT_SIZE), False)]))
        self.merged(row, 0, FIGURES - 1, name, self.book.cell(font_size=TEXT_SIZE))
        return row

    def number(self, row: int, column: int, units: Any, digits: str, scale: int, bold: bool = False) -> None:
        style = self.book.cell(align="center", num_format=digits, bold=bold, font_size=TEXT_SIZE)
        number_cell(self.sheet, row, column, units, style, scale)

    def close(self) -> None:
        """One page of A4, upright."""
        landscape(self.sheet, self.unit.name)
        self.sheet.set_portrait()
        self.sheet.fit_to_pages(1, 1)
        self.sheet.print_area(0, 0, self.row - 1, LAST)
