"""The sheet *Phiếu chấm điểm*: the official table, its inputs and its live scores."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xlsxwriter.format import Format

from parxl.books.form.data import Common, FormData
from parxl.books.form.frame import draw_foot, draw_head, fill_frame, slot
from parxl.books.form.inputs import add_formats, add_notes, open_look, validate_inputs
from parxl.books.metrics import row_height
from parxl.books.paging import Page, page_breaks, table_blocks
from parxl.books.stamped import Stamped
from parxl.books.styles import COLOURS, SIZE, Book, Sheet, count_format, landscape, number_format
from parxl.criteria import PartAt
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
from parxl.live import EXEMPT_FORMULA, Value, formulas
from parxl.rules import State

Content = str | float | None
WIDTHS = {STT: 8.5, TITLE: 54, MAX: 8, INPUT: 11, SCORE: 9, EVIDENCE: 33, CHECK: 17}


def draw_table(book: Book, sheet: Sheet, common: Common, values: Mapping[str, Value], status: str) -> None:
    """Draw the whole sheet. ``values``, ``status``: what the formulas of a blank form show."""
    layout = common.layout
    sheet.is_sealed = True
    _columns(sheet)
    draw_head(book, sheet, common, status)
    _heading_rows(book, sheet, layout)
    for row in layout.rows:
        _table_row(book, sheet, layout, row)
    draw_foot(book, sheet, common)
    cells = _CellStyles(book, layout)
    for cell, formula in formulas(layout).items():
        sheet.write_formula(cell, formula, cells.of(cell), values[cell])
    _keys(book, sheet, layout)
    if common.has_last_year:
        _last_year(book, sheet, layout)
    validate_inputs(sheet, layout)
    add_formats(book, sheet, layout)
    _page(sheet, layout)
    # The layout knows the table's own rows: they need no seal. Of last year, only what is filled in has one.
    locked = outside(layout, sheet)
    sheet.locked_cells = {cell: content for cell, content in locked.items() if content != slot(cell)}


def outside(layout: Layout, sheet: Sheet) -> dict[str, Any]:
    """The locked cells but for those of the table's own rows."""
    return {cell: content for cell, content in sheet.locked_cells.items() if not layout.holds(cell)}


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


def _table_row(book: Book, sheet: Sheet, layout: Layout, row: Row) -> None:
    look, number = row_look(row), row.number
    text, printed = layout.text(row), layout.maximum(row)
    sheet.write_string(f"{STT}{number}", row.stt, book.cell(align="center", **look))
    sheet.write_string(f"{TITLE}{number}", text, book.cell(**line_look(row)))
    sheet.write_string(f"{MAX}{number}", printed, book.cell(align="center", **look))
    sheet.write_blank(f"{SCORE}{number}", None, book.cell(**look))
    _input_cell(book, sheet, row)
    _evidence_cell(book, sheet, row)
    title_width = WIDTHS[TITLE] - (2 if row.line is not None else 0)
    bold = bool(look.get("bold"))
    texts = [(text, title_width, float(SIZE), bold), (row.stt, WIDTHS[STT], float(SIZE), bold)]
    sheet.tall(number, row_height(texts))


def _input_cell(book: Book, sheet: Sheet, row: Row) -> None:
    cell, look = f"{INPUT}{row.number}", row_look(row)
    if row.is_computed:
        hint = book.cell(align="center", font_size=10, italic=True, **look)
        sheet.write_string(cell, COMPUTED_HINT, hint)
    elif row.input_key:
        sheet.write_string(cell, slot(cell), open_style(book, row, INPUT))
    else:
        sheet.write_blank(cell, None, book.cell(**look))


def _evidence_cell(book: Book, sheet: Sheet, row: Row) -> None:
    cell = f"{EVIDENCE}{row.number}"
    if row.kind == "leaf":
        sheet.write_string(cell, slot(cell), open_style(book, row, EVIDENCE))
    else:
        sheet.write_blank(cell, None, book.cell(**row_look(row)))


def open_style(book: Book, row: Row, column: str, to_mend: bool = False) -> Format:
    """The look of a cell to type in: an input or the evidence of a criterion."""
    look = open_look(to_mend)
    if column == EVIDENCE:
        return book.style(**look, valign="top")
    assert row.input is not None
    digits = {"num_format": count_format(row.input)} if row.input.kind == "count" else {"bold": True}
    return book.style(**look, align="center", text_wrap=False, **digits)


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


def _last_year(book: Book, sheet: Sheet, layout: Layout) -> None:
    """What the unit typed last year, beside each input."""
    grey = COLOURS["grey"]
    sheet.set_column(f"{LAST_YEAR}:{LAST_YEAR}", WIDTHS[CHECK])
    head = book.style(italic=True, align="center", font_size=10, font_color=grey)
    sheet.write_string(f"{LAST_YEAR}{layout.header_row}", "Năm trước (không in)", head)
    look = {"font_size": 10, "align": "center", "font_color": grey, "text_wrap": False}
    for row in layout.input_rows.values():
        assert row.input is not None
        cell, style = f"{LAST_YEAR}{row.number}", book.style(num_format=count_format(row.input), **look)
        sheet.write_string(cell, slot(cell), style)


def _page(sheet: Sheet, layout: Layout) -> None:
    sheet.repeat_rows(layout.header_row - 1, layout.number_row - 1)
    sheet.print_area(f"{STT}1:{EVIDENCE}{layout.last_row}")
    sheet.protect("", {"format_rows": True, "select_locked_cells": True})
    sheet.ignore_errors({"number_stored_as_text": f"{STT}1:{MAX}{layout.last_row}"})


# What is the unit's own ---------------------------------------------------------------------------


def fill_table(book: Book, sheet: Stamped, data: FormData) -> None:
    """All but the results of the formulas."""
    fill_frame(sheet, data)
    for cell, content in _contents(data).items():
        if cell in data.notes:
            _write_red(book, sheet, data.layout, cell, content)
        else:
            sheet.put(cell, content)
    for at in data.layout.criteria.parts:
        if at.key in data.exempt:
            _exempt(book, sheet, data.layout, at)
    for code, text in data.evidence.items():
        _make_room(sheet, data.layout.row_of(code), text)
    add_notes(sheet, data.notes)
    landscape(sheet, data.footer)
    sheet.set_h_pagebreaks(_breaks(sheet, data.layout))


def _contents(data: FormData) -> dict[str, Content]:
    """What stands in each cell that is open, and in last year's column; None: nothing."""
    layout, typed = data.layout, data.filled
    found: dict[str, Content] = {}
    for key, row in layout.input_rows.items():
        found[f"{INPUT}{row.number}"] = typed.get(key)
        if data.last_year:
            found[f"{LAST_YEAR}{row.number}"] = data.last_year.get(key)
    for row in layout.rows:
        if row.kind == "leaf":
            found[f"{EVIDENCE}{row.number}"] = data.evidence.get(row.key) or None
    return found


def _write_red(book: Book, sheet: Stamped, layout: Layout, cell: str, content: Content) -> None:
    """A cell to mend has its red frame, whatever is typed in it."""
    row = layout.rows[int(cell[1:]) - layout.rows[0].number]
    style = open_style(book, row, cell[0], to_mend=True)
    if content is None:
        sheet.write_blank(cell, None, style)
    elif isinstance(content, str):
        sheet.write_string(cell, content, style)
    else:
        sheet.write_number(cell, content, style)


def _exempt(book: Book, sheet: Stamped, layout: Layout, at: PartAt) -> None:
    """A part that does not apply: its state says so, and its inputs are closed."""
    sheet.formula(f"{STATE}{layout.part_rows[at.key]}", EXEMPT_FORMULA, State.NOT_APPLICABLE.value)
    rows = [layout.input_rows[at.node.input_key(at.part, i.id)] for i in at.part.rule.inputs]
    for row in rows:
        sheet.write_blank(f"{INPUT}{row.number}", None, book.cell(**row_look(row)))
    sheet.unvalidate({f"{INPUT}{row.number}" for row in rows})


def _make_room(sheet: Stamped, number: int, text: str) -> None:
    """Let the row be as high as the evidence in it, if it is not already."""
    points = row_height([(text, WIDTHS[EVIDENCE], float(SIZE), False)])
    if points > sheet.heights[number]:
        sheet.tall(number, points)


def _breaks(sheet: Sheet, layout: Layout) -> list[int]:
    """Rows after which a new page begins, from the heights set on the sheet."""
    blocks = table_blocks(layout)
    # Nobody signs an empty page: the signatures stay with the last criterion.
    blocks[-1].extend(range(layout.note_row, layout.last_row + 1))
    return page_breaks(sheet, blocks, Page(layout.number_row, repeated=2))
