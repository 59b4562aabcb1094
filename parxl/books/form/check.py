"""The sheet *Kiểm tra*: what is done, missing or contradictory, per area and in all, with links."""

from __future__ import annotations

from parxl.books.form.data import FormData
from parxl.books.form.frame import status_text
from parxl.books.metrics import row_height
from parxl.books.styles import BAR, COLOURS, SIZE, Book, Sheet, landscape, number_format
from parxl.criteria import Node
from parxl.exact import points_literal, points_number
from parxl.layout import CHECK, EVIDENCE, INPUT, SCORE, SHEET_TABLE, STATE, TITLE
from parxl.live import (
    CONTRADICTORY,
    DAMAGE,
    DONE,
    MISSING,
    OUT,
    STATUS,
    WAITING,
    WORST_FIRST,
    Live,
)
from parxl.rules import State

# The table per area, and under it the table per leaf, share these columns.
WIDTHS: dict[str, float] = {
    **dict.fromkeys("ABCDEFGHIJKL", 12.0),
    **{"A": 9.0, "B": 50.0, "G": 15.0, "H": 14.0},
}
AREA_HEAD, FIRST_AREA = 5, 6
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
NO_EVIDENCE = "Chưa có"
# The words that each count column of the area table counts.
COUNTED = {"I": (DONE, OUT), "J": (MISSING,), "K": (CONTRADICTORY, DAMAGE), "L": (WAITING,)}
SUMMED = ("D", "E", "F")


def write_check(book: Book, sheet: Sheet, data: FormData, live: Live) -> None:
    """Write the whole sheet; every count and sum is live."""
    _Check(book, sheet, data, live).write()


class _Check:
    def __init__(self, book: Book, sheet: Sheet, data: FormData, live: Live):
        self.book, self.sheet, self.data, self.live = book, sheet, data, live
        self.layout = data.layout
        self.criteria = data.layout.criteria
        self.leaves = [node for node in self.criteria.leaves if node.parts]
        self.areas = [area for area in self.criteria.areas if area.kind != "entered"]
        first = FIRST_AREA + len(self.areas) + 3
        self.rows = {node.code: first + k for k, node in enumerate(self.leaves)}
        self.digits = number_format(self.criteria.decimals)
        self.shown = live.values()

    def write(self) -> None:
        for column, width in WIDTHS.items():
            self.sheet.set_column(f"{column}:{column}", width)
        heading = self.book.style(bold=True, font_size=14, align="center")
        self.sheet.merge_range("A1:L1", "KIỂM TRA TRƯỚC KHI NỘP", heading)
        self.sheet.tall(1, 26)
        self._head(AREA_HEAD, AREA_HEADS)
        for row, area in enumerate(self.areas, start=FIRST_AREA):
            self._area(row, area)
        self._total(FIRST_AREA + len(self.areas))
        self._status(FIRST_AREA + len(self.areas))
        self._head(next(iter(self.rows.values())) - 1, LEAF_HEADS)
        for node in self.leaves:
            self._leaf(node, self.rows[node.code])
        self._colours()
        landscape(self.sheet, self.data.unit_name or self.criteria.title)
        self.sheet.repeat_rows(next(iter(self.rows.values())) - 2)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.protect("", {"format_rows": True})

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
        self.sheet.write_formula("A3", formula, style, status_text(self.live))
        self.sheet.tall(3, 26)
        done = self.book.workbook.add_format({"bg_color": COLOURS["done"]})
        whole = {"type": "formula", "criteria": f"={count}=0", "format": done}
        self.sheet.conditional_format("A3:L3", whole)

    def _area(self, row: int, area: Node) -> None:
        centre = self.book.cell(align="center")
        inside = [node for node in self.criteria.under(area.code) if node.parts]
        first, last = self.rows[inside[0].code], self.rows[inside[-1].code]
        self.sheet.write_string(f"A{row}", area.stt, centre)
        self.sheet.write_string(f"B{row}", area.title, self.book.cell())
        self.sheet.tall(row, row_height([(area.title, WIDTHS["B"], float(SIZE), False)]))
        self.sheet.write_formula(f"C{row}", f"=ROWS(G{first}:G{last})", centre, len(inside))
        for column, words in COUNTED.items():
            counts = "+".join(f'COUNTIF(G{first}:G{last},"{word}")' for word in words)
            self.sheet.write_formula(f"{column}{row}", f"={counts}", centre, self._count(inside, words))
        formula = f'=COUNTIF(H{first}:H{last},"{NO_EVIDENCE}")'
        self.sheet.write_formula(f"H{row}", formula, centre, self._unproven(inside))
        for column, value in zip(SUMMED, self._sums(inside), strict=True):
            total = f"=ROUND(SUM({column}{first}:{column}{last}),{self.criteria.decimals})"
            self._points(f"{column}{row}", total, value, bold=False)
        self._progress(row, inside)

    def _total(self, row: int) -> None:
        look = {"bold": True, "align": "center", "bg_color": COLOURS["group"]}
        style = self.book.cell(**look)
        self.sheet.write_string(f"A{row}", "", style)
        self.sheet.write_string(f"B{row}", "Cộng", style)
        counts = [len(self.leaves), *(self._count(self.leaves, words) for words in COUNTED.values())]
        values = dict(zip("CIJKL", counts, strict=True)) | {"H": self._unproven(self.leaves)}
        for column, value in values.items():
            formula = f"=SUM({column}{FIRST_AREA}:{column}{row - 1})"
            self.sheet.write_formula(f"{column}{row}", formula, style, value)
        for column, value in zip(SUMMED, self._sums(self.leaves), strict=True):
            formula = f"=ROUND(SUM({column}{FIRST_AREA}:{column}{row - 1}),{self.criteria.decimals})"
            self._points(f"{column}{row}", formula, value, bold=True)
        self._progress(row, self.leaves)
        self.sheet.tall(row, row_height([("Cộng", WIDTHS["B"], float(SIZE), True)]))

    def _progress(self, row: int, nodes: list[Node]) -> None:
        """Done of all as a percentage with a bar behind it."""
        style = self.book.cell(align="center", num_format="0%")
        share = self._count(nodes, COUNTED["I"]) / len(nodes)
        self.sheet.write_formula(f"G{row}", f"=I{row}/C{row}", style, share)
        bar = {"type": "data_bar", "bar_color": BAR}
        limits = {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1}
        self.sheet.conditional_format(f"G{row}", {**bar, **limits})

    # Leaves -----------------------------------------------------------------------------------

    def _leaf(self, node: Node, row: int) -> None:
        cell, centre = self.book.cell(), self.book.cell(align="center")
        self.sheet.write_string(f"A{row}", node.stt, centre)
        self.sheet.write_string(f"B{row}", node.title, cell)
        link = self.book.cell(align="center", font_color="#0563C1", underline=1)
        formula, target = self._link(node)
        self.sheet.write_formula(f"C{row}", formula, link, target)
        status = f"={_at(CHECK, self.layout.row_of(node.code))}"
        self.sheet.write_formula(f"G{row}", status, centre, self._word(node))
        points = self.live.leaf_points(node)
        self._points(f"D{row}", f"={_at(SCORE, self.layout.row_of(node.code))}", points, bold=False)
        self._points(f"E{row}", "=" + self._reachable_formula(node), self._reachable(node), bold=False)
        self._points(f"F{row}", "=" + self._maximum_formula(node), self._maximum(node), bold=False)
        evidence = NO_EVIDENCE if self._is_unproven(node) else ""
        self.sheet.write_formula(f"H{row}", self._evidence_formula(node, row), centre, evidence)
        self.sheet.tall(row, row_height([(node.title, WIDTHS["B"], float(SIZE), False)]))

    def _link(self, node: Node) -> tuple[str, str]:
        """To the first cell that is blank or wrong, else to the criterion's first cell."""
        keys = [node.input_key(part, i.id) for part in node.parts for i in part.rule.inputs]
        rows = [self.layout.input_rows[key].number for key in keys]
        number = f"ROW({_at(TITLE, rows[0])})"
        for row in reversed(rows):
            number = f'IF({_at(CHECK, row)}="",{number},ROW({_at(TITLE, row)}))'
        open_rows = [row for row in rows if self.shown[f"{CHECK}{row}"]]
        formula = f'=HYPERLINK("#\'{SHEET_TABLE}\'!{INPUT}"&{number},"{INPUT}"&{number})'
        return formula, f"{INPUT}{(open_rows or rows)[0]}"

    def _points(self, cell: str, formula: str, units: int | None, bold: bool) -> None:
        style = self.book.cell(align="center", num_format=self.digits, bold=bold)
        value = "" if units is None else points_number(units, self.criteria.decimals)
        self.sheet.write_formula(cell, formula, style, value)

    def _word(self, node: Node) -> str:
        return STATUS.get(self.live.leaf_state(node), DONE)

    def _count(self, nodes: list[Node], words: tuple[str, ...]) -> int:
        return sum(self._word(node) in words for node in nodes)

    def _sums(self, nodes: list[Node]) -> tuple[int, int, int]:
        """Units so far, reachable, and the unit's own maximum."""
        points = sum(self.live.leaf_points(node) or 0 for node in nodes)
        return points, sum(map(self._reachable, nodes)), sum(map(self._maximum, nodes))

    # Each part still open may yet earn its maximum; what does not apply has none.

    def _reachable(self, node: Node) -> int:
        found = 0
        for part in node.parts:
            state = self.live.states[node.key(part)]
            # An empty checklist counts as done, but may still be marked.
            unmarked = part.rule.rule == "checklist" and not self.live.points.get(node.key(part))
            is_open = state in WORST_FIRST or unmarked
            found += part.rule.max_units if is_open else self.live.points.get(node.key(part), 0)
        return found

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

    def _maximum(self, node: Node) -> int:
        out = State.NOT_APPLICABLE
        return sum(p.rule.max_units for p in node.parts if self.live.states[node.key(p)] != out)

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

    def _is_unproven(self, node: Node) -> bool:
        return bool(self.live.leaf_points(node)) and not self.data.evidence.get(node.code, "").strip(" ")

    def _unproven(self, nodes: list[Node]) -> int:
        return sum(map(self._is_unproven, nodes))

    def _colours(self) -> None:
        first, *_, last = self.rows.values()
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
