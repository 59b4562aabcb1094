"""*Tính thử* as it is of all units: drawn once, where nothing is exempt, submitted, appraised or adjusted."""

from __future__ import annotations

from typing import Any

from xlsxwriter.format import Format

from parxl.books.form.inputs import open_look
from parxl.books.metrics import row_height
from parxl.books.styles import COLOURS, SIZE, Book, Sheet, number_format, signed
from parxl.books.unit.ground import Ground
from parxl.books.unit.whatif_formulas import formulas
from parxl.books.unit.whatif_inputs import try_validation
from parxl.books.unit.whatif_page import (
    COLUMNS,
    HIDDEN,
    SCALE,
    SMALL,
    TITLE_SIZE,
    TOP_NAMES,
    TOTAL,
    WIDE,
    Look,
    indent_of,
    input_look,
    look_of,
    text_of,
    wording,
)
from parxl.books.unit.whatif_places import (
    CHANGE,
    CODE,
    COUNTED,
    HEAD_ROW,
    MAX,
    NOTE,
    NOW,
    SENT,
    TITLE,
    TITLE_ROW,
    TOP_ROW,
    TOTAL_ROW,
    TRIED,
    TRY,
    TYPED,
    WORDS_ROW,
    Line,
    Places,
)
from parxl.live import CONTRADICTORY, DAMAGE, MISSING, NOT_VALID, TYPE_HERE, WAITING

NOTE_COLOURS = {
    CONTRADICTORY: "wrong",
    DAMAGE: "wrong",
    NOT_VALID: "wrong",
    MISSING: "missing",
    TYPE_HERE: "missing",
    WAITING: "missing",
}


def draw_whatif(book: Book, sheet: Sheet, ground: Ground) -> None:
    """The sheet without anything of a unit's own."""
    for column, (_, width) in COLUMNS.items():
        sheet.set_column(f"{column}:{column}", width)
    sheet.set_column(f"{TYPED}:{COUNTED}", 12, None, {"hidden": True})
    _Drawing(book, sheet, Places(ground.layout, ground.zero_cases)).draw(ground.note)


class _Drawing:
    def __init__(self, book: Book, sheet: Sheet, places: Places):
        self.book, self.sheet, self.places = book, sheet, places
        self.formulas, self.digits = formulas(places), number_format(places.decimals)

    def draw(self, note: str) -> None:
        self._across(TITLE_ROW, TITLE_SIZE, bold=True)
        self._across(WORDS_ROW, SMALL, italic=True)
        if note:
            row = self.places.last_row + 1
            self._across(row, SMALL, note, italic=True)
            self.sheet.tall(row, row_height([(note, WIDE, float(SMALL), False)]))
        self._top()
        self._headings()
        for line in self.places.lines:
            self._line(line)
        self._colours()
        self._page()

    def _across(self, row: int, size: int, text: str = "…", **look: Any) -> None:
        """A text over the whole width."""
        style = self.book.style(font_size=size, **look)
        self.sheet.merge_range(f"{CODE}{row}:{NOTE}{row}", text, style)

    def _top(self) -> None:
        head = self.book.cell(bold=True, align="center", bg_color=COLOURS["area"])
        for column, text in ((NOW, "Hiện nay"), (TRIED, "Thử"), (CHANGE, "Thay đổi")):
            self.sheet.write_string(f"{column}{TOP_ROW}", text, head)
        labels = (TOTAL, "Điểm tối đa của đơn vị", "Chỉ số CCHC (%)")
        for row, label in zip(TOP_NAMES, labels, strict=True):
            style = self.book.style(bold=True, align="right", indent=1)
            self.sheet.merge_range(f"{CODE}{row}:{TRY}{row}", label, style)
            self.sheet.write_blank(f"{NOW}{row}", None, self._points({}))
            self._live(row, {"bold": True})
            self.sheet.tall(row, 18)

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
        row, look = line.number, look_of(line)
        code = "" if line.part else line.node.code
        self.sheet.write_string(f"{CODE}{row}", code, self.book.cell(align="center", **look))
        self.sheet.write_string(f"{TITLE}{row}", text_of(line), self.book.cell(indent=indent_of(line), **look))
        for column in (MAX, SENT, TRY, NOW, TRIED, CHANGE, NOTE):
            self.sheet.write_blank(f"{column}{row}", None, self.book.cell(**look))
        if line.input or line.node.kind == "entered":
            self._inputs(line)
        if line.part is None:
            self.sheet.write_blank(f"{NOW}{row}", None, self._points(look))
        self._live(row, look)
        self.sheet.tall(row, row_height([wording(line)]))

    def _inputs(self, line: Line) -> None:
        """What was submitted, and what is tried."""
        look, cell = input_look(line, self.places.decimals), f"{TRY}{line.number}"
        self.sheet.write_blank(f"{SENT}{line.number}", None, self.book.cell(align="center", **look))
        style = self.book.style(**{**look, **open_look(False), "align": "center", "text_wrap": False})
        self.sheet.write_blank(cell, None, style)
        self.sheet.validate(cell, try_validation(self.places, line))

    def _live(self, row: int, look: Look) -> None:
        """Every live cell of a row."""
        plain = self.book.style(text_wrap=False)
        note = self.book.cell(**{**look, "bold": False, "font_size": SMALL})
        points, change = self._points(look), self._points(look, is_change=True)
        styles = {MAX: points, TRIED: points, CHANGE: change, NOTE: note}
        for column in (*styles, *HIDDEN):
            cell = f"{column}{row}"
            if cell in self.formulas:
                self.sheet.write_formula(cell, self.formulas[cell], styles.get(column, plain), "")

    def _points(self, look: Look, is_change: bool = False) -> Format:
        shown_as = signed(self.digits, zero='"–"') if is_change else self.digits
        return self.book.cell(align="center", num_format=shown_as, **look)

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
        self.sheet.set_print_scale(SCALE)
        self.sheet.freeze_panes(HEAD_ROW, 2)
        self.sheet.repeat_rows(HEAD_ROW - 1)
        self.sheet.print_area(f"{CODE}1:{NOTE}{self.places.last_row + 1}")
        self.sheet.ignore_errors({"number_stored_as_text": f"{CODE}1:{SENT}{self.places.last_row}"})
