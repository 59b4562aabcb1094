"""The sheet *Phiếu chấm điểm*: the official table, its inputs and its live scores."""

from __future__ import annotations

from typing import Any

from xlsxwriter.format import Format

from parxl.books.form.data import FormData
from parxl.books.form.frame import write_foot, write_head
from parxl.books.form.inputs import add_formats, add_notes, open_look, validate_inputs
from parxl.books.metrics import row_height
from parxl.books.paging import Page, page_breaks, table_blocks
from parxl.books.styles import COLOURS, SIZE, Book, Sheet, count_format, landscape, number_format
from parxl.layout import (
    CHECK,
    COMPUTED_HINT,
    DIGEST,
    EVIDENCE,
    INPUT,
    INPUT_HEADING,
    KEY,
    LAST_YEAR,
    MAX,
    SCORE,
    STATE,
    STT,
    TITLE,
    VALUE,
    Layout,
    Row,
)
from parxl.live import Live

WIDTHS = {STT: 8.5, TITLE: 54, MAX: 8, INPUT: 11, SCORE: 9, EVIDENCE: 33, CHECK: 17}


def write_table(book: Book, sheet: Sheet, data: FormData, formulas: dict[str, str], live: Live) -> None:
    """Write the whole sheet. ``formulas`` and ``live`` give each live cell its two faces."""
    layout = data.layout
    values = live.values()
    _columns(sheet)
    write_head(book, sheet, data, live)
    _heading_rows(book, sheet, layout)
    for row in layout.rows:
        _table_row(book, sheet, data, row)
    write_foot(book, sheet, data)
    cells = _CellStyles(book, layout)
    for cell, formula in formulas.items():
        sheet.write_formula(cell, formula, cells.of(cell), values[cell])
    _keys(book, sheet, layout)
    if data.last_year:
        _last_year(book, sheet, data)
    validate_inputs(sheet, layout, data.exempt)
    add_formats(book, sheet, layout)
    add_notes(sheet, data.notes)
    _page(sheet, data)


def _columns(sheet: Sheet) -> None:
    for column, width in WIDTHS.items():
        sheet.set_column(f"{column}:{column}", width)
    sheet.set_column(f"{KEY}:{DIGEST}", 12, None, {"hidden": True})


def _heading_rows(book: Book, sheet: Sheet, layout: Layout) -> None:
    stt, title, maximum, score, evidence = layout.criteria.headings
    texts = (stt, title, maximum, INPUT_HEADING, score, evidence)
    style = book.cell(bold=True, align="center", bg_color=COLOURS["area"])
    small = book.cell(italic=True, align="center", font_size=10)
    for number, (column, text) in enumerate(zip(WIDTHS, texts, strict=False), start=1):
        sheet.write_string(f"{column}{layout.header_row}", text, style)
        sheet.write_string(f"{column}{layout.number_row}", f"({number})", small)
    grey = book.style(italic=True, align="center", font_size=10, font_color=COLOURS["grey"])
    sheet.write_string(f"{CHECK}{layout.header_row}", "Kiểm tra (không in)", grey)
    cells = [(text, WIDTHS[c], float(SIZE), True) for c, text in zip(WIDTHS, texts, strict=False)]
    sheet.tall(layout.header_row, row_height(cells))
    sheet.freeze_panes(layout.number_row, 2)


# The table ----------------------------------------------------------------------------------------


def row_look(row: Row) -> dict[str, Any]:
    """Weight and colour of a row, the same in the form and in the result workbook."""
    looks: dict[str, dict[str, Any]] = {
        "area": {"bold": True, "bg_color": COLOURS["area"]},
        "group": {"bold": True, "bg_color": COLOURS["group"]},
        "leaf": {"bold": True},
        "total": {"bold": True, "bg_color": COLOURS["area"]},
    }
    if row.is_computed:
        return {"font_color": COLOURS["grey"], "bg_color": COLOURS["computed"]}
    return looks.get(row.kind, {})


def line_look(row: Row) -> dict[str, Any]:
    """The same for the wording column: what parxl added is in italics, lines are indented."""
    look = dict(row_look(row))
    if row.line is not None:
        look["indent"] = 1
        look["italic"] = row.line.added
    return look


def _table_row(book: Book, sheet: Sheet, data: FormData, row: Row) -> None:
    look, number = row_look(row), row.number
    text, printed = data.layout.text(row), data.layout.maximum(row)
    sheet.write_string(f"{STT}{number}", row.stt, book.cell(align="center", **look))
    sheet.write_string(f"{TITLE}{number}", text, book.cell(**line_look(row)))
    sheet.write_string(f"{MAX}{number}", printed, book.cell(align="center", **look))
    sheet.write_blank(f"{SCORE}{number}", None, book.cell(**look))
    _input_cell(book, sheet, data, row, look)
    evidence = _evidence_cell(book, sheet, data, row, look)
    title_width = WIDTHS[TITLE] - (2 if row.line is not None else 0)
    bold = bool(look.get("bold"))
    texts = [(text, title_width, float(SIZE), bold), (row.stt, WIDTHS[STT], float(SIZE), bold)]
    sheet.tall(number, row_height([*texts, (evidence, WIDTHS[EVIDENCE], float(SIZE), False)]))


def _input_cell(book: Book, sheet: Sheet, data: FormData, row: Row, look: dict[str, Any]) -> None:
    cell = f"{INPUT}{row.number}"
    if row.is_computed:
        hint = book.cell(align="center", font_size=10, italic=True, **look)
        sheet.write_string(cell, COMPUTED_HINT, hint)
        return
    if not row.input_key or data.is_exempt(row):
        sheet.write_blank(cell, None, book.cell(**look))
        return
    assert row.input is not None
    digits = {"num_format": count_format(row.input)}
    look = {**open_look(cell in data.notes), "align": "center", "text_wrap": False}
    style = book.style(**look, **(digits if row.input.kind == "count" else {"bold": True}))
    typed = data.filled.get(row.input_key)
    if typed is None:
        sheet.write_blank(cell, None, style)
    elif isinstance(typed, str):
        sheet.write_string(cell, typed, style)
    else:
        sheet.write_number(cell, typed, style)


def _evidence_cell(book: Book, sheet: Sheet, data: FormData, row: Row, look: dict[str, Any]) -> str:
    cell = f"{EVIDENCE}{row.number}"
    if row.kind != "leaf":
        sheet.write_blank(cell, None, book.cell(**look))
        return ""
    assert row.node is not None
    style = book.style(**open_look(cell in data.notes), valign="top")
    text = data.evidence.get(row.node.code, "")
    if text:
        sheet.write_string(cell, text, style)
    else:
        sheet.write_blank(cell, None, style)
    return text


class _CellStyles:
    """The look of each live cell."""

    def __init__(self, book: Book, layout: Layout):
        self._book = book
        self._digits = number_format(layout.criteria.decimals)
        self._rows = {row.number: row for row in layout.rows}
        self._plain = book.style(text_wrap=False)
        self._checksum = book.style(bold=True, align="center")

    def of(self, cell: str) -> Format:
        column, number = cell[0], int(cell[1:])
        if column == SCORE:
            look = row_look(self._rows[number])
            look = {**look, "num_format": self._digits, "align": "center"}
            return self._book.cell(**look)
        if column == CHECK:
            return self._book.style(font_size=10, text_wrap=False, font_color=COLOURS["grey"])
        return self._checksum if column == EVIDENCE else self._plain


def _keys(book: Book, sheet: Sheet, layout: Layout) -> None:
    style = book.style(text_wrap=False)
    names = {KEY: "khóa", VALUE: "giá trị", STATE: "tình trạng", DIGEST: "mã"}
    for column, name in names.items():
        sheet.write_string(f"{column}{layout.header_row}", name, style)
    for row in layout.rows:
        sheet.write_string(f"{KEY}{row.number}", row.key, style)


def _last_year(book: Book, sheet: Sheet, data: FormData) -> None:
    """What the unit typed last year, beside each input."""
    layout, grey = data.layout, COLOURS["grey"]
    sheet.set_column(f"{LAST_YEAR}:{LAST_YEAR}", WIDTHS[CHECK])
    head = book.style(italic=True, align="center", font_size=10, font_color=grey)
    sheet.write_string(f"{LAST_YEAR}{layout.header_row}", "Năm trước (không in)", head)
    for key, value in data.last_year.items():
        cell, digits = f"{LAST_YEAR}{layout.input_rows[key].number}", count_format(layout.criteria.inputs[key])
        look = {"font_size": 10, "align": "center", "font_color": grey, "text_wrap": False}
        style = book.style(num_format=digits, **look)
        if isinstance(value, str):
            sheet.write_string(cell, value, style)
        else:
            sheet.write_number(cell, value, style)


def _page(sheet: Sheet, data: FormData) -> None:
    layout = data.layout
    landscape(sheet, data.unit_name or layout.criteria.title)
    sheet.repeat_rows(layout.header_row - 1, layout.number_row - 1)
    sheet.print_area(f"{STT}1:{EVIDENCE}{layout.last_row}")
    blocks = table_blocks(layout)
    # Nobody signs an empty page: the signatures stay with the last criterion.
    blocks[-1].extend(range(layout.note_row, layout.last_row + 1))
    sheet.set_h_pagebreaks(page_breaks(sheet, blocks, Page(layout.number_row, repeated=2)))
    sheet.protect("", {"format_rows": True, "select_locked_cells": True})
    sheet.ignore_errors({"number_stored_as_text": f"{STT}1:{MAX}{layout.last_row}"})
