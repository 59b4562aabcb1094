"""*Bảng điểm*: the official table with self score, computed, appraised and final score, and why.

Drawn once: the table itself, row for row the form's, so that both can be read side by side. Filled in for each
unit: the head, figures, scores and texts.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from parxl.books.form.table import line_look, row_look
from parxl.books.metrics import row_height
from parxl.books.paging import Page, page_breaks, table_blocks
from parxl.books.stamped import Stamped
from parxl.books.styles import COLOURS, SIZE, Book, Sheet, count_format, landscape, number_format
from parxl.books.tables import shown_number
from parxl.books.unit.ground import Ground
from parxl.books.unit.own import HEAD_LOOKS, STATUS_WORDS, Own, head_height, head_texts
from parxl.explain import adjustments_text
from parxl.findings import Finding
from parxl.layout import INPUT, SCORE, Layout, Row
from parxl.reading.form import shown, typed_value
from parxl.rules import DAMAGED, State

INDENT = 2  # characters that an indented line loses
WIDTHS = dict(zip("ABCDEFGHIJ", (9.0, 46.0, 8.0, 11.0, 9.0, 9.0, 9.0, 9.0, 40.0, 27.0), strict=True))
WIDE = sum(WIDTHS.values())
SCALE = 69  # percent at which the columns fill A4 landscape; Excel ignores page breaks with fit-to-page
TITLE = "BẢNG ĐIỂM CHỈ SỐ CẢI CÁCH HÀNH CHÍNH"
NOTE_LOOK = {"x_scale": 2.5, "y_scale": 1.5, "author": "parxl"}
HEAD = len(HEAD_LOOKS) + 1  # the row of the headings
SMALL = 11.0
Measured = tuple[str, float, float, bool]  # as ``row_height`` takes it


def _shift(layout: Layout) -> int:
    """How much lower a row stands here than in the form."""
    return HEAD + 1 - layout.rows[0].number


# What all units have ------------------------------------------------------------------------------


def draw_table(book: Book, sheet: Sheet, ground: Ground) -> None:
    """The sheet without anything of a unit's own."""
    layout = ground.layout
    for number, look in enumerate(HEAD_LOOKS, start=1):
        sheet.merge_range(f"A{number}:J{number}", "…", book.style(**look))
        sheet.tall(number, 15)
    for column, width in WIDTHS.items():
        sheet.set_column(f"{column}:{column}", width)
    _draw_headings(book, sheet, layout)
    shift, digits = _shift(layout), number_format(layout.criteria.decimals)
    for row in layout.rows:
        _draw_row(book, sheet, layout, row, row.number + shift, digits)
    sheet.freeze_panes(HEAD, 2)
    sheet.repeat_rows(HEAD - 1)
    sheet.set_print_scale(SCALE)
    sheet.ignore_errors({"number_stored_as_text": f"A{HEAD}:C{layout.total_row + shift}"})


def _draw_headings(book: Book, sheet: Sheet, layout: Layout) -> None:
    stt, title, maximum, self_score, evidence = layout.criteria.headings
    texts = [stt, title, maximum, "Số liệu", self_score, "Điểm tính"]
    texts += ["Điểm thẩm định", "Điểm cuối", "Giải thích", evidence]
    style = book.cell(bold=True, align="center", bg_color=COLOURS["area"])
    for column, text in zip(WIDTHS, texts, strict=True):
        sheet.write_string(f"{column}{HEAD}", text, style)
    cells = [(t, w, float(SIZE), True) for t, w in zip(texts, WIDTHS.values(), strict=True)]
    sheet.tall(HEAD, row_height(cells))


def _draw_row(book: Book, sheet: Sheet, layout: Layout, row: Row, at: int, digits: str) -> None:
    look = row_look(row)
    centre = book.cell(align="center", **look)
    sheet.write_string(f"A{at}", row.stt, centre)
    sheet.write_string(f"B{at}", layout.text(row), book.cell(**line_look(row)))
    sheet.write_string(f"C{at}", layout.maximum(row), centre)
    if row.input:
        style = book.cell(align="center", num_format=count_format(row.input), **look)
        sheet.write_string(f"D{at}", "", style)
    else:
        sheet.write_blank(f"D{at}", None, book.cell(**look))
    for column in "EFGH":
        sheet.write_blank(f"{column}{at}", None, book.cell(align="center", num_format=digits, **look))
    plain = book.cell(**{**look, "bold": False, "font_size": 11})
    for column in "IJ":
        sheet.write_string(f"{column}{at}", "", plain)
    sheet.tall(at, row_height([_wording(layout, row)]))


def _wording(layout: Layout, row: Row) -> Measured:
    """For the height of a row: the decision's own text in it."""
    width = WIDTHS["B"] - (INDENT if row.line is not None else 0)
    return layout.text(row), width, float(SIZE), bool(row_look(row).get("bold"))


# What is the unit's own ---------------------------------------------------------------------------


def fill_table(book: Book, sheet: Stamped, ground: Ground, own: Own, findings: list[Finding]) -> None:
    """Write what is the unit's own on the drawn sheet."""
    words = f"Tình trạng: {STATUS_WORDS[own.result.status]}."
    words += f"\n{ground.note}" if ground.note else ""
    lines = zip(head_texts(own, TITLE, words), HEAD_LOOKS, strict=True)
    for number, (text, look) in enumerate(lines, start=1):
        sheet.put(f"A{number}", text)
        sheet.tall(number, head_height(text, WIDE, look))
    _Filling(book, sheet, own).fill(findings)
    landscape(sheet, own.unit.name)


@lru_cache(maxsize=4)
def _headings(layout: Layout) -> list[tuple[Row, str, Measured]]:
    """Of the areas, groups and leaves: row, code and wording."""
    rows = [row for row in layout.rows if row.is_heading]
    return [(row, row.node.code, _wording(layout, row)) for row in rows if row.node]


@lru_cache(maxsize=4)
def _blocks(layout: Layout) -> list[list[int]]:
    """Rows that belong on one page."""
    return [[row + _shift(layout) for row in block] for block in table_blocks(layout)]


class _Filling:
    def __init__(self, book: Book, sheet: Stamped, own: Own):
        self.book, self.sheet, self.own = book, sheet, own
        self.layout: Layout = own.results.layout
        self.shift = _shift(self.layout)

    def fill(self, findings: list[Finding]) -> None:
        for key, row in self.layout.input_rows.items():
            self._input(key, row)
        for at in self.own.criteria.parts:
            if at.part.id:  # the others share the row of their criterion
                self._score(f"F{self.layout.part_rows[at.key] + self.shift}", self.own.parts[at.key])
        for row, code, wording in _headings(self.layout):
            self._heading(row, code, wording)
        self._total()
        self._comments(findings)
        breaks = page_breaks(self.sheet, _blocks(self.layout), Page(HEAD, 1, SCALE / 100))
        self.sheet.set_h_pagebreaks(breaks)

    def _input(self, key: str, row: Row) -> None:
        assert row.input is not None
        cell, value = f"D{row.number + self.shift}", self.own.form.inputs[key]
        if value == DAMAGED:
            wrong = self.book.cell(align="center", bg_color=COLOURS["wrong"])
            self.sheet.write_string(cell, shown(self.own.form.typed[key]), wrong)
        elif (typed := typed_value(value, row.input.decimals, row.input.kind)) is not None:
            self.sheet.put(cell, typed)

    def _heading(self, row: Row, code: str, wording: Measured) -> None:
        """The scores of an area, group or leaf, and why."""
        own, at = self.own, row.number + self.shift
        computed = own.computed[code]
        self._score(f"E{at}", own.form.self_scores.get(code))
        self._score(f"F{at}", self._why_null(code) if computed is None else computed)
        self._score(f"G{at}", own.appraised.get(code))
        self._score(f"H{at}", own.final[code])
        self._texts(at, wording, self._explanation(code), own.form.evidence.get(code, ""))

    def _total(self) -> None:
        own, row = self.own, self.layout.rows[-1]
        at = row.number + self.shift
        self._score(f"E{at}", own.form.self_total)
        self._score(f"F{at}", int(own.results.scores.totals[own.unit.code]))
        self._score(f"H{at}", own.standing["total"])
        text = adjustments_text(own.settings, own.unit.code, own.decimals)
        self._texts(at, _wording(self.layout, row), text, "")

    def _score(self, cell: str, units: Any) -> None:
        if isinstance(units, str):
            self.sheet.put(cell, units)
        elif units is not None:
            self.sheet.put(cell, shown_number(units, self.own.scale))

    def _texts(self, at: int, wording: Measured, explanation: str, evidence: str) -> None:
        self.sheet.put(f"I{at}", explanation)
        self.sheet.put(f"J{at}", evidence)
        own = [(explanation, WIDTHS["I"], SMALL, False), (evidence, WIDTHS["J"], SMALL, False)]
        self.sheet.tall(at, row_height([wording, *own]))

    def _explanation(self, code: str) -> str:
        """How the score came about, and what the appraisal said of it."""
        explained = self.own.result.explanations
        return "\n".join([explained[code].text, *self.own.appraisals(code)]) if code in explained else ""

    def _why_null(self, code: str) -> str | None:
        node = self.own.criteria.by_code[code]
        if node.kind == "group":
            return None
        states = {self.own.states[node.key(part)] for part in node.parts}
        if State.AWAITING in states:
            return "chờ"
        return "không áp dụng" if states == {State.NOT_APPLICABLE} else None

    # Findings ---------------------------------------------------------------------------------

    def _comments(self, findings: list[Finding]) -> None:
        """Each finding as a note on the cell that shows what it is about; of one criterion, on its score."""
        theirs = {cell: key for key, cell in self.own.form.cells.items()}
        notes: dict[str, list[str]] = {}
        for found in findings:
            if cell := self._cell(found, theirs):
                notes.setdefault(cell, []).append(found.message)
        for cell, messages in notes.items():
            self.sheet.write_comment(cell, "\n".join(messages), NOTE_LOOK)

    def _cell(self, found: Finding, theirs: dict[str, str]) -> str:
        """``theirs``: cell of the unit's own form -> input key, or code of the score that it shows."""
        key = theirs.get(found.cell or "") if found.sheet == self.own.form.sheet else None
        row = self.layout.by_key.get(key or "")
        if row:
            return f"{INPUT if row.input_key else SCORE}{row.number + self.shift}"
        code = (found.criterion or "").split("/")[0]
        return f"F{self.layout.row_of(code) + self.shift}" if code else ""
