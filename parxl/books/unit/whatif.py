"""The sheet *Tính thử* of a unit's workbook: type another figure, and see score, total and index at once."""

from __future__ import annotations

from typing import Any

from xlsxwriter.format import Format

from parxl.books.form.frame import restored_note
from parxl.books.form.inputs import open_look
from parxl.books.metrics import row_height
from parxl.books.paging import Page, page_breaks
from parxl.books.styles import COLOURS, SIZE, Book, Sheet, count_format, landscape, number_format, signed
from parxl.books.unit.whatif_formulas import KEPT, formulas
from parxl.books.unit.whatif_inputs import try_validation
from parxl.books.unit.whatif_places import (
    CHANGE,
    CODE,
    COUNTED,
    HEAD_ROW,
    INDEX_ROW,
    MAX,
    MAXIMUM_ROW,
    NOTE,
    NOW,
    SENT,
    STATE,
    TITLE,
    TITLE_ROW,
    TOP_ROW,
    TOTAL_ROW,
    TRIED,
    TRY,
    TYPED,
    VALUE,
    WORDS_ROW,
    Line,
    WhatIf,
)
from parxl.books.unit.whatif_values import number, values
from parxl.exact import points_text
from parxl.live import CONTRADICTORY, DAMAGE, MISSING, NOT_VALID, TYPE_HERE, WAITING, Value
from parxl.reading.form import FormRead, shown, typed_value
from parxl.results import Results, UnitResult
from parxl.rules import BLANK, DAMAGED, Input

SHEET = "Tính thử"
COLUMNS = {
    CODE: ("Mã", 8.5),
    TITLE: ("Nội dung", 60.0),
    MAX: ("Điểm tối đa", 8.0),
    SENT: ("Số liệu đã nộp", 13.0),
    TRY: ("Số liệu thử", 13.0),
    NOW: ("Điểm hiện nay", 9.0),
    TRIED: ("Điểm thử", 9.0),
    CHANGE: ("Thay đổi", 9.0),
    NOTE: ("Ghi chú", 19.0),
}
HIDDEN = {TYPED: "đã gõ", VALUE: "được tính", STATE: "tình trạng", COUNTED: "điểm tính"}
TOP_NAMES = {TOTAL_ROW: "total", MAXIMUM_ROW: "maximum", INDEX_ROW: "index"}
WORDS = (
    "Nhập số liệu khác vào ô màu vàng để xem điểm, tổng điểm và chỉ số tương ứng; ô để trống được tính theo số "
    "liệu đã nộp. Tiêu chí chọn một mức: gõ x ở mức khác. Tiêu chí nhiều nội dung: gõ x để tính, gõ 0 để bỏ "
    "nội dung đã chọn. Trang này chỉ để tính thử, không làm thay đổi kết quả chấm điểm."
)
KEPT_WORDS = (
    " Điểm thử của tiêu chí đã có điểm thẩm định chỉ để tham khảo; tổng điểm vẫn tính theo điểm thẩm định."
)
LONGEST_NOTE = f"{KEPT}; {WAITING}"  # the row must have room for whatever is tried
SMALL = 11.0
SCALE = 82  # percent at which the columns fill A4 landscape; Excel ignores page breaks with fit-to-page
NOTE_COLOURS = {
    CONTRADICTORY: "wrong",
    DAMAGE: "wrong",
    NOT_VALID: "wrong",
    MISSING: "missing",
    TYPE_HERE: "missing",
    WAITING: "missing",
}
Look = dict[str, Any]


def write_whatif(book: Book, sheet: Sheet, results: Results, result: UnitResult) -> dict[str, str]:
    """Fill the sheet of a unit that has scores; part key -> the first cell to type into."""
    return _Writer(book, sheet, results, result).write()


class _Writer:
    def __init__(self, book: Book, sheet: Sheet, results: Results, result: UnitResult):
        assert result.file is not None
        assert result.file.form is not None
        self.book, self.sheet, self.unit = book, sheet, result.unit
        self.form: FormRead = result.file.form
        self.criteria, self.settings = results.criteria, results.settings
        self.places = WhatIf(results, result.unit.code)
        self.formulas, self.values = formulas(self.places), values(self.places)

    def write(self) -> dict[str, str]:
        for column, (_, width) in COLUMNS.items():
            self.sheet.set_column(f"{column}:{column}", width)
        self.sheet.set_column(f"{TYPED}:{COUNTED}", 12, None, {"hidden": True})
        self._head()
        self._top()
        self._headings()
        for line in self.places.lines:
            self._line(line)
        self._colours()
        self._page()
        return self.places.first_cells

    # Over and under the table -----------------------------------------------------------------

    def _head(self) -> None:
        self._across(TITLE_ROW, f"TÍNH THỬ ĐIỂM VÀ CHỈ SỐ – {self.unit.name}", 13.0, bold=True)
        appraised = any(self.places.appraised.values())
        self._across(WORDS_ROW, WORDS + KEPT_WORDS * appraised, SMALL, italic=True)
        if note := restored_note(self.criteria, self.settings.formula_checked):
            self._across(self.places.last_row + 1, note, SMALL, italic=True)

    def _across(self, row: int, text: str, size: float, **look: Any) -> None:
        """A text over the whole width."""
        style = self.book.style(font_size=size, **look)
        self.sheet.merge_range(f"{CODE}{row}:{NOTE}{row}", text, style)
        width = sum(width for _, width in COLUMNS.values())
        self.sheet.tall(row, row_height([(text, width, size, bool(look.get("bold")))]))

    def _top(self) -> None:
        head = self.book.cell(bold=True, align="center", bg_color=COLOURS["area"])
        for column, text in ((NOW, "Hiện nay"), (TRIED, "Thử"), (CHANGE, "Thay đổi")):
            self.sheet.write_string(f"{column}{TOP_ROW}", text, head)
        labels = (self._total_label(), "Điểm tối đa của đơn vị", "Chỉ số CCHC (%)")
        for (row, name), label in zip(TOP_NAMES.items(), labels, strict=True):
            style = self.book.style(bold=True, align="right", indent=1)
            self.sheet.merge_range(f"{CODE}{row}:{TRY}{row}", label, style)
            self._constant(f"{NOW}{row}", number(self.places, self.places.standing[name]), self._points({}))
            self._live(row, {"bold": True})
            self.sheet.tall(row, 18)

    def _total_label(self) -> str:
        adjustment = self.places.standing["adjustment"]
        if not adjustment:
            return "Tổng điểm"
        sign = "+" if adjustment > 0 else "−"
        return f"Tổng điểm (gồm điểm cộng, trừ: {sign}{points_text(abs(adjustment), self.places.decimals)})"

    def _headings(self) -> None:
        style = self.book.cell(bold=True, align="center", bg_color=COLOURS["area"])
        for column, (text, _) in COLUMNS.items():
            self.sheet.write_string(f"{column}{HEAD_ROW}", text, style)
        for column, text in HIDDEN.items():
            self.sheet.write_string(f"{column}{HEAD_ROW}", text, self.book.style(text_wrap=False))
        cells = [(text, width, float(SIZE), True) for text, width in COLUMNS.values()]
        self.sheet.tall(HEAD_ROW, row_height(cells))

    # The table --------------------------------------------------------------------------------

    def _line(self, line: Line) -> None:
        row, look = line.number, _look(line)
        text, indent = _text(line), _indent(line)
        code = "" if line.part else line.node.code
        self.sheet.write_string(f"{CODE}{row}", code, self.book.cell(align="center", **look))
        self.sheet.write_string(f"{TITLE}{row}", text, self.book.cell(indent=indent, **look))
        for column in (MAX, SENT, TRY, NOW, TRIED, CHANGE, NOTE):
            self.sheet.write_blank(f"{column}{row}", None, self.book.cell(**look))
        self._inputs(line, look)
        if line.part is None:
            now = number(self.places, self.places.finals[line.key])
            self._constant(f"{NOW}{row}", now, self._points(look))
        self._live(row, look)
        note = LONGEST_NOTE if line.part is None and self.places.appraised.get(line.key) else ""
        title = (text, COLUMNS[TITLE][1] - 2 * indent, float(SIZE), bool(look.get("bold")))
        self.sheet.tall(row, row_height([title, (note, COLUMNS[NOTE][1], SMALL, False)]))

    def _live(self, row: int, look: Look) -> None:
        """Every live cell of a row."""
        plain = self.book.style(text_wrap=False)
        note = self.book.cell(**{**look, "bold": False, "font_size": SMALL})
        points, change = self._points(look), self._points(look, is_change=True)
        styles = {MAX: points, TRIED: points, CHANGE: change, NOTE: note}
        for column in (*styles, *HIDDEN):
            cell = f"{column}{row}"
            if cell in self.formulas:
                style = styles.get(column, plain)
                self.sheet.write_formula(cell, self.formulas[cell], style, self.values[cell])

    def _points(self, look: Look, is_change: bool = False) -> Format:
        digits = number_format(self.places.decimals)
        shown_as = signed(digits, zero='"–"') if is_change else digits
        return self.book.cell(align="center", num_format=shown_as, **look)

    def _constant(self, cell: str, value: Value, style: Format) -> None:
        if isinstance(value, str):
            self.sheet.write_string(cell, value, style) if value else self.sheet.write_blank(cell, None, style)
        else:
            self.sheet.write_number(cell, value, style)

    # What was submitted, and what is tried ----------------------------------------------------

    def _inputs(self, line: Line, look: Look) -> None:
        if line.input:
            look = {**look, "num_format": count_format(line.input)} if line.input.kind == "count" else look
            self._sent(f"{SENT}{line.number}", line.key, line.input, look)
        elif line.node.kind == "entered":
            look = {**look, "num_format": number_format(self.places.decimals)}
            entered = self.places.entered(line.key)
            points = number(self.places, None if entered == BLANK else entered)
            self._constant(f"{SENT}{line.number}", points, self.book.cell(align="center", **look))
        if self.places.is_open(line):
            self._try(line, look)

    def _sent(self, cell: str, key: str, wanted: Input, look: Look) -> None:
        """As it counts; what could not be read as it was typed."""
        value = self.form.inputs[key]
        if value == DAMAGED:
            wrong = self.book.cell(align="center", bg_color=COLOURS["wrong"])
            self._constant(cell, shown(self.form.typed.get(key, "")), wrong)
        else:
            typed = typed_value(value, wanted.decimals, wanted.kind)
            self._constant(cell, "" if typed is None else typed, self.book.cell(align="center", **look))

    def _try(self, line: Line, look: Look) -> None:
        cell = f"{TRY}{line.number}"
        style = self.book.style(**{**look, **open_look(False), "align": "center", "text_wrap": False})
        self.sheet.write_blank(cell, None, style)
        self.sheet.validate(cell, try_validation(self.places, line))

    # The sheet --------------------------------------------------------------------------------

    def _colours(self) -> None:
        last, add = self.places.last_row, self.book.workbook.add_format
        looks = {name: add({"bg_color": COLOURS[name]}) for name in ("done", "wrong", "missing")}
        for sign, name in ((">", "done"), ("<", "wrong")):
            # A blank result is a text, and a text is more than any number.
            condition = f"=AND(ISNUMBER({CHANGE}{TOTAL_ROW}),{CHANGE}{TOTAL_ROW}{sign}0)"
            options = {"type": "formula", "criteria": condition, "format": looks[name]}
            self.sheet.conditional_format(f"{CHANGE}{TOTAL_ROW}:{CHANGE}{last}", options)
        for words, name in NOTE_COLOURS.items():
            options = {"type": "cell", "criteria": "==", "value": f'"{words}"', "format": looks[name]}
            self.sheet.conditional_format(f"{NOTE}{HEAD_ROW + 1}:{NOTE}{last}", options)

    def _page(self) -> None:
        landscape(self.sheet, self.unit.name)
        self.sheet.set_print_scale(SCALE)
        blocks = _blocks(self.places.lines)
        self.sheet.set_h_pagebreaks(page_breaks(self.sheet, blocks, Page(HEAD_ROW, 1, SCALE / 100)))
        self.sheet.freeze_panes(HEAD_ROW, 2)
        self.sheet.repeat_rows(HEAD_ROW - 1)
        self.sheet.print_area(f"{CODE}1:{NOTE}{self.places.last_row + 1}")
        self.sheet.ignore_errors({"number_stored_as_text": f"{CODE}1:{SENT}{self.places.last_row}"})


def _blocks(lines: tuple[Line, ...]) -> list[list[int]]:
    """Rows that belong on one page: a criterion, with the headings right above it."""
    blocks: list[list[int]] = []
    after_group = False
    for line in lines:
        if line.part or after_group:
            blocks[-1].append(line.number)
        else:
            blocks.append([line.number])
        after_group = line.node.kind == "group"
    return blocks


def _text(line: Line) -> str:
    if line.input:
        return line.input.text
    return line.part.title if line.part else line.node.title


def _indent(line: Line) -> int:
    if line.input:
        return 2 if line.part and line.part.id else 1
    return 1 if line.part else 0


def _look(line: Line) -> Look:
    if line.part:
        return {} if line.input else {"italic": True}
    if line.node.depth == 1:
        return {"bold": True, "bg_color": COLOURS["area"]}
    return {"bold": True, "bg_color": COLOURS["group"]} if line.node.kind == "group" else {"bold": True}
