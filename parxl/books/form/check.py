"""The sheet *Kiểm tra*: what is done, missing or contradictory, per area and in all, with links."""

from __future__ import annotations

from collections.abc import Mapping

from xlsxwriter.format import Format

from parxl.books.form.checked import COUNTED, FIRST_AREA, NO_EVIDENCE, STATUS_CELL, SUMMED, CheckPlaces
from parxl.books.metrics import row_height
from parxl.books.stamped import Stamped
from parxl.books.styles import BAR, COLOURS, SIZE, Book, Sheet, landscape, number_format
from parxl.criteria import Node
from parxl.exact import points_literal
from parxl.layout import CHECK, EVIDENCE, INPUT, SCORE, SHEET_TABLE, STATE, TITLE, Layout
from parxl.live import CONTRADICTORY, DAMAGE, DONE, MISSING, WAITING, WORST_FIRST, Value
from parxl.rules import State

# The table per area, and under it the table per leaf, share these columns.
WIDTHS: dict[str, float] = {
    **dict.fromkeys("ABCDEFGHIJKL", 12.0),
    **{"A": 9.0, "B": 50.0, "G": 15.0, "H": 14.0},
}
AREA_HEAD = FIRST_AREA - 1
AREA_HEADS = {
    "A": "Lĩnh vực",
    "B": "Tên lĩnh vực",
    "C": "Số tiêu chí",
    "D": "Điểm tự chấm",
    "E": "Có thể đạt đến",
    "F": "Điểm tối đa",
    "G": "Tiến độ",
    "H": "Có điểm, chưa có tài liệu",
    "I": "Đã xong",
    "J": MISSING,
    "K": "Mâu thuẫn, sai",
    "L": WAITING,
}
LEAF_HEADS = {
    "A": "Mục",
    "B": "Tiêu chí",
    "C": "Đến ô",
    "D": "Điểm tự chấm",
    "E": "Có thể đạt đến",
    "F": "Điểm tối đa",
    "G": "Tình trạng",
    "H": "Tài liệu kiểm chứng",
}


def draw_check(book: Book, sheet: Sheet, layout: Layout, values: Mapping[str, Value]) -> None:
    """Draw the whole sheet; every count and sum is live. ``values``: those of a blank form."""
    sheet.is_sealed = True
    _Check(book, sheet, layout, values).draw()


def fill_check(sheet: Stamped, footer: str) -> None:
    """All but the results of the formulas."""
    landscape(sheet, footer)


class _Check:
    def __init__(self, book: Book, sheet: Sheet, layout: Layout, values: Mapping[str, Value]):
        self.book, self.sheet, self.layout, self.values = book, sheet, layout, values
        self.criteria = layout.criteria
        self.places = CheckPlaces(layout)
        self.digits = number_format(self.criteria.decimals)

    def draw(self) -> None:
        for column, width in WIDTHS.items():
            self.sheet.set_column(f"{column}:{column}", width)
        heading = self.book.style(bold=True, font_size=14, align="center")
        self.sheet.merge_range("A1:L1", "KIỂM TRA TRƯỚC KHI NỘP", heading)
        self.sheet.tall(1, 26)
        self._head(AREA_HEAD, AREA_HEADS)
        for row, area in self.places.areas.items():
            self._area(row, area)
        self._total(self.places.total_row)
        self._status(self.places.total_row)
        leaf_head = next(iter(self.places.rows.values())) - 1
        self._head(leaf_head, LEAF_HEADS)
        for node in self.places.leaves:
            self._leaf(node, self.places.rows[node.code])
        self._colours()
        self.sheet.repeat_rows(leaf_head - 1)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.protect("", {"format_rows": True})

    def _live(self, cell: str, formula: str, style: Format) -> None:
        self.sheet.write_formula(cell, formula, style, self.values[cell])

    def _head(self, row: int, texts: dict[str, str]) -> None:
        style = self.book.cell(bold=True, align="center", bg_color=COLOURS["area"])
        for column, text in texts.items():
            self.sheet.write_string(f"{column}{row}", text, style)
        cells = [(text, WIDTHS[column], float(SIZE), True) for column, text in texts.items()]
        self.sheet.tall(row, row_height(cells))

    # Status and areas -------------------------------------------------------------------------

    def _status(self, total: int) -> None:
        style = self.book.style(bold=True, font_size=13, align="center", bg_color=COLOURS["missing"])
        self.sheet.merge_range("A3:L3", "", style)
        count = f"(J{total}+K{total})"
        words = f'"CÒN "&{count}&" TIÊU CHÍ CHƯA NHẬP XONG"'
        formula = f'=IF({count}=0,"ĐÃ NHẬP ĐỦ SỐ LIỆU",{words})'
        self._live(STATUS_CELL, formula, style)
        self.sheet.tall(3, 26)
        done = self.book.workbook.add_format({"bg_color": COLOURS["done"]})
        whole = {"type": "formula", "criteria": f"={count}=0", "format": done}
        self.sheet.conditional_format("A3:L3", whole)

    def _area(self, row: int, area: Node) -> None:
        centre = self.book.cell(align="center")
        inside = self.places.inside(area)
        first, last = self.places.rows[inside[0].code], self.places.rows[inside[-1].code]
        self.sheet.write_string(f"A{row}", area.stt, centre)
        self.sheet.write_string(f"B{row}", area.title, self.book.cell())
        self.sheet.tall(row, row_height([(area.title, WIDTHS["B"], float(SIZE), False)]))
        self._live(f"C{row}", f"=ROWS(G{first}:G{last})", centre)
        for column, words in COUNTED.items():
            counts = "+".join(f'COUNTIF(G{first}:G{last},"{word}")' for word in words)
            self._live(f"{column}{row}", f"={counts}", centre)
        self._live(f"H{row}", f'=COUNTIF(H{first}:H{last},"{NO_EVIDENCE}")', centre)
        for column in SUMMED:
            total = f"=ROUND(SUM({column}{first}:{column}{last}),{self.criteria.decimals})"
            self._points(f"{column}{row}", total, bold=False)
        self._progress(row)

    def _total(self, row: int) -> None:
        look = {"bold": True, "align": "center", "bg_color": COLOURS["group"]}
        style = self.book.cell(**look)
        self.sheet.write_string(f"A{row}", "", style)
        self.sheet.write_string(f"B{row}", "Cộng", style)
        for column in ("C", *COUNTED, "H"):
            self._live(f"{column}{row}", f"=SUM({column}{FIRST_AREA}:{column}{row - 1})", style)
        for column in SUMMED:
            formula = f"=ROUND(SUM({column}{FIRST_AREA}:{column}{row - 1}),{self.criteria.decimals})"
            self._points(f"{column}{row}", formula, bold=True)
        self._progress(row)
        self.sheet.tall(row, row_height([("Cộng", WIDTHS["B"], float(SIZE), True)]))

    def _progress(self, row: int) -> None:
        """Done of all as a percentage with a bar behind it."""
        style = self.book.cell(align="center", num_format="0%")
        self._live(f"G{row}", f"=I{row}/C{row}", style)
        bar = {"type": "data_bar", "bar_color": BAR}
        limits = {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1}
        self.sheet.conditional_format(f"G{row}", {**bar, **limits})

    # Leaves -----------------------------------------------------------------------------------

    def _leaf(self, node: Node, row: int) -> None:
        cell, centre = self.book.cell(), self.book.cell(align="center")
        self.sheet.write_string(f"A{row}", node.stt, centre)
        self.sheet.write_string(f"B{row}", node.title, cell)
        link = self.book.cell(align="center", font_color="#0563C1", underline=1)
        self._live(f"C{row}", self._link(node), link)
        self._live(f"G{row}", f"={_at(CHECK, self.layout.row_of(node.code))}", centre)
        self._points(f"D{row}", f"={_at(SCORE, self.layout.row_of(node.code))}", bold=False)
        self._points(f"E{row}", "=" + self._reachable_formula(node), bold=False)
        self._points(f"F{row}", "=" + self._maximum_formula(node), bold=False)
        self._live(f"H{row}", self._evidence_formula(node, row), centre)
        self.sheet.tall(row, row_height([(node.title, WIDTHS["B"], float(SIZE), False)]))

    def _link(self, node: Node) -> str:
        """To the first cell that is blank or wrong, else to the criterion's first cell."""
        rows = self.places.input_rows(node)
        number = f"ROW({_at(TITLE, rows[0])})"
        for row in reversed(rows):
            number = f'IF({_at(CHECK, row)}="",{number},ROW({_at(TITLE, row)}))'
        return f'=HYPERLINK("#\'{SHEET_TABLE}\'!{INPUT}"&{number},"{INPUT}"&{number})'

    def _points(self, cell: str, formula: str, bold: bool) -> None:
        self._live(cell, formula, self.book.cell(align="center", num_format=self.digits, bold=bold))

    def _reachable_formula(self, node: Node) -> str:
        terms = []
        for part in node.parts:
            row = self.layout.part_rows[node.key(part)]
            states = ",".join(f'{_at(STATE, row)}="{state}"' for state in WORST_FIRST)
            most = points_literal(part.rule.max_units, self.criteria.decimals)
            score = f"N({_at(SCORE, row)})"
            states += f",{score}=0" if part.rule.rule == "checklist" else ""
            terms.append(f"IF(OR({states}),{most},{score})")
        return f"ROUND({'+'.join(terms)},{self.criteria.decimals})"

    def _maximum_formula(self, node: Node) -> str:
        terms = []
        for part in node.parts:
            state = _at(STATE, self.layout.part_rows[node.key(part)])
            most = points_literal(part.rule.max_units, self.criteria.decimals)
            terms.append(f'IF({state}="{State.NOT_APPLICABLE}",0,{most})')
        return f"ROUND({'+'.join(terms)},{self.criteria.decimals})"

    # Points that nothing written supports -----------------------------------------------------

    def _evidence_formula(self, node: Node, row: int) -> str:
        """Through a fixed block, as inputs are reached: an evidence cell may be cut too."""
        block = f"'{SHEET_TABLE}'!${EVIDENCE}$1:${EVIDENCE}${self.layout.last_row}"
        text = f"INDEX({block},ROW({_at(TITLE, self.layout.row_of(node.code))}))"
        blank = f'IF(ISERROR({text}),FALSE,TRIM({text})="")'
        return f'=IF(N(D{row})>0,IF({blank},"{NO_EVIDENCE}",""),"")'

    def _colours(self) -> None:
        first, *_, last = self.places.rows.values()
        for words in (MISSING, WAITING, CONTRADICTORY, DAMAGE, DONE):
            colour = {DONE: "done", MISSING: "missing", WAITING: "missing"}.get(words, "wrong")
            self._colour(f"G{first}:G{last}", words, colour)
        self._colour(f"H{first}:H{last}", NO_EVIDENCE, "missing")

    def _colour(self, area: str, words: str, colour: str) -> None:
        look = self.book.workbook.add_format({"bg_color": COLOURS[colour]})
        options = {"type": "cell", "criteria": "==", "value": f'"{words}"', "format": look}
        self.sheet.conditional_format(area, options)


def _at(column: str, row: int) -> str:
    """A locked cell of the table sheet."""
    return f"'{SHEET_TABLE}'!${column}${row}"
