"""The sheet *Tính thử* of a unit's workbook: type another figure, and see score, total and index at once.

It is drawn as it is of all units (``whatif_drawing``). Filled in for each unit: what stands in the cells, and
the formulas that its own case changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from parxl.books.metrics import row_height
from parxl.books.paging import Page, page_breaks
from parxl.books.stamped import Stamped
from parxl.books.styles import COLOURS, Book, landscape
from parxl.books.unit.whatif_formulas import KEPT, Overlay, own_formulas
from parxl.books.unit.whatif_page import (
    COLUMNS,
    SCALE,
    SHEET,
    SMALL,
    TITLE_SIZE,
    TOP_NAMES,
    TOTAL,
    WIDE,
    look_of,
    wording,
)
from parxl.books.unit.whatif_places import (
    CODE,
    HEAD_ROW,
    NOTE,
    NOW,
    SENT,
    TITLE_ROW,
    TOTAL_ROW,
    TRY,
    TYPED,
    WORDS_ROW,
    Line,
    WhatIf,
    lines,
)
from parxl.books.unit.whatif_values import number, values
from parxl.exact import points_text
from parxl.layout import Layout
from parxl.live import WAITING, Value
from parxl.reading.form import FormRead, shown, typed_value
from parxl.results import UnitResult
from parxl.rules import BLANK, DAMAGED, Input

__all__ = ["SHEET", "fill_whatif"]

WORDS = (
    "Nhập số liệu khác vào ô màu vàng để xem điểm, tổng điểm và chỉ số tương ứng; ô để trống được tính theo số "
    "liệu đã nộp. Tiêu chí chọn một mức: gõ x ở mức khác. Tiêu chí nhiều nội dung: gõ x để tính, gõ 0 để bỏ "
    "nội dung đã chọn. Trang này chỉ để tính thử, không làm thay đổi kết quả chấm điểm."
)
KEPT_WORDS = (
    " Điểm thử của tiêu chí đã có điểm thẩm định chỉ để tham khảo; tổng điểm vẫn tính theo điểm thẩm định."
)
LONGEST_NOTE = f"{KEPT}; {WAITING}"  # the row must have room for whatever is tried
Overlays = Mapping[str, Overlay]


def fill_whatif(
    book: Book, sheet: Stamped, places: WhatIf, result: UnitResult, known: Overlays
) -> dict[str, str]:
    """Write what is the unit's own on the drawn sheet; part key -> the first cell to type into."""
    assert result.file is not None
    assert result.file.form is not None
    _Filling(book, sheet, places, result.file.form, result.unit.name).fill(known)
    return places.first_cells


class _Filling:
    def __init__(self, book: Book, sheet: Stamped, places: WhatIf, form: FormRead, name: str):
        self.book, self.sheet, self.places, self.form, self.name = book, sheet, places, form, name

    def fill(self, known: Overlays) -> None:
        self._head()
        self._constants()
        shown, own = values(self.places), own_formulas(self.places, known)
        self.sheet.results({cell: value for cell, value in shown.items() if cell not in own})
        for cell, formula in own.items():
            self.sheet.formula(cell, formula, shown[cell])
        if self.places.exempt:
            self._close_exempt()
        landscape(self.sheet, self.name)
        blocks = _blocks(self.places.layout)
        self.sheet.set_h_pagebreaks(page_breaks(self.sheet, blocks, Page(HEAD_ROW, 1, SCALE / 100)))

    def _head(self) -> None:
        title = f"TÍNH THỬ ĐIỂM VÀ CHỈ SỐ – {self.name}"
        words = WORDS + KEPT_WORDS * any(self.places.appraised.values())
        for row, text, size, bold in ((TITLE_ROW, title, TITLE_SIZE, True), (WORDS_ROW, words, SMALL, False)):
            self.sheet.put(f"{CODE}{row}", text)
            self.sheet.tall(row, row_height([(text, WIDE, float(size), bold)]))
        self.sheet.put(f"{CODE}{TOTAL_ROW}", self._total_label())
        for row, name in TOP_NAMES.items():
            self._constant(f"{NOW}{row}", number(self.places, self.places.standing[name]))

    def _total_label(self) -> str:
        adjustment = self.places.standing["adjustment"]
        if not adjustment:
            return TOTAL
        sign = "+" if adjustment > 0 else "−"
        points = points_text(abs(adjustment), self.places.decimals)
        return f"{TOTAL} (gồm điểm cộng, trừ: {sign}{points})"

    def _constants(self) -> None:
        for line in self.places.lines:
            if line.part is None:
                self._constant(f"{NOW}{line.number}", number(self.places, self.places.finals[line.key]))
                if self.places.appraised.get(line.key):
                    note = (LONGEST_NOTE, COLUMNS[NOTE][1], float(SMALL), False)
                    self.sheet.tall(line.number, row_height([wording(line), note]))
            if line.input:
                self._sent(f"{SENT}{line.number}", line.key, line.input)
            elif line.node.kind == "entered":
                entered = self.places.entered(line.key)
                points = number(self.places, None if entered == BLANK else entered)
                self._constant(f"{SENT}{line.number}", points)

    def _sent(self, cell: str, key: str, wanted: Input) -> None:
        """As it counts; what could not be read as it was typed."""
        value = self.form.inputs[key]
        if value == DAMAGED:
            wrong = self.book.cell(align="center", bg_color=COLOURS["wrong"])
            typed = shown(self.form.typed.get(key, ""))
            if typed:
                self.sheet.write_string(cell, typed, wrong)
            else:
                self.sheet.write_blank(cell, None, wrong)
        elif (found := typed_value(value, wanted.decimals, wanted.kind)) is not None:
            self.sheet.put(cell, found)

    def _constant(self, cell: str, value: Value) -> None:
        if value != "":
            self.sheet.put(cell, value)

    def _close_exempt(self) -> None:
        """Rows that ask nothing of this unit."""
        asking = (line for line in self.places.lines if line.input or line.node.kind == "entered")
        closed = [line for line in asking if not self.places.is_open(line)]
        for line in closed:
            self._close(line)
        self.sheet.unvalidate({f"{TRY}{line.number}" for line in closed})

    def _close(self, line: Line) -> None:
        look, row = look_of(line), line.number
        style = self.book.cell(**look)
        self.sheet.write_blank(f"{TRY}{row}", None, style)
        self.sheet.erase(f"{TYPED}{row}")
        if line.input:
            self.sheet.write_blank(f"{NOTE}{row}", None, style)


@lru_cache(maxsize=4)
def _blocks(layout: Layout) -> list[list[int]]:
    """Rows that belong on one page: a criterion, with the headings right above it."""
    blocks: list[list[int]] = []
    after_group = False
    for line in lines(layout.criteria):
        if line.part or after_group:
            blocks[-1].append(line.number)
        else:
            blocks.append([line.number])
        after_group = line.node.kind == "group"
    return blocks
