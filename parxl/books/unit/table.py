"""*Bảng điểm*: the official table with self score, computed, appraised and final score, and why."""

from __future__ import annotations

from typing import Any

import pandas as pd

from parxl.books.form.frame import restored_note
from parxl.books.form.table import line_look, row_look
from parxl.books.metrics import row_height
from parxl.books.paging import Page, page_breaks, table_blocks
from parxl.books.styles import COLOURS, SIZE, Book, Sheet, count_format, landscape
from parxl.books.unit.own import STATUS_WORDS, Own, write_title
from parxl.exact import points_number
from parxl.explain import adjustments_text
from parxl.findings import Finding
from parxl.layout import INPUT, SCORE, Row
from parxl.reading.form import shown, typed_value
from parxl.rules import DAMAGED, State

INDENT = 2  # characters that an indented line loses
WIDTHS = dict(zip("ABCDEFGHIJ", (9.0, 46.0, 8.0, 11.0, 9.0, 9.0, 9.0, 9.0, 40.0, 27.0), strict=True))
SCALE = 69  # percent at which the columns fill A4 landscape; Excel ignores page breaks with fit-to-page
TITLE = "BẢNG ĐIỂM CHỈ SỐ CẢI CÁCH HÀNH CHÍNH"
NOTE_LOOK = {"x_scale": 2.5, "y_scale": 1.5, "author": "parxl"}


def write_table(book: Book, sheet: Sheet, own: Own, findings: list[Finding]) -> None:
    """Write the whole sheet; row for row the form's table, so that both can be read side by side."""
    for column, width in WIDTHS.items():
        sheet.set_column(f"{column}:{column}", width)
    words = f"Tình trạng: {STATUS_WORDS[own.result.status]}."
    if note := restored_note(own.criteria, own.settings.formula_checked):
        words += f"\n{note}"
    head = write_title(book, sheet, own, sum(WIDTHS.values()), len(WIDTHS), TITLE, words)
    _Table(book, sheet, own, head).write(findings)
    landscape(sheet, own.unit.name)


class _Table:
    """``head``: the row of the headings."""

    def __init__(self, book: Book, sheet: Sheet, own: Own, head: int):
        self.book, self.sheet, self.own, self.head = book, sheet, own, head
        self.layout = own.results.layout
        self.shift = head + 1 - self.layout.rows[0].number
        self.part_keys = {number: key for key, number in self.layout.part_rows.items()}

    def write(self, findings: list[Finding]) -> None:
        self._headings()
        for row in self.layout.rows:
            self._row(row, row.number + self.shift)
        self._comments(findings)
        self.sheet.freeze_panes(self.head, 2)
        self.sheet.repeat_rows(self.head - 1)
        self.sheet.set_print_scale(SCALE)
        blocks = [[row + self.shift for row in block] for block in table_blocks(self.layout)]
        self.sheet.set_h_pagebreaks(page_breaks(self.sheet, blocks, Page(self.head, 1, SCALE / 100)))
        last = self.layout.total_row + self.shift
        self.sheet.ignore_errors({"number_stored_as_text": f"A{self.head}:C{last}"})

    def _headings(self) -> None:
        stt, title, maximum, self_score, evidence = self.own.criteria.headings
        texts = [stt, title, maximum, "Số liệu", self_score, "Điểm tính"]
        texts += ["Điểm thẩm định", "Điểm cuối", "Giải thích", evidence]
        style = self.book.cell(bold=True, align="center", bg_color=COLOURS["area"])
        for column, text in zip(WIDTHS, texts, strict=True):
            self.sheet.write_string(f"{column}{self.head}", text, style)
        cells = [(t, w, float(SIZE), True) for t, w in zip(texts, WIDTHS.values(), strict=True)]
        self.sheet.tall(self.head, row_height(cells))

    def _row(self, row: Row, at: int) -> None:
        look, book = row_look(row), self.book
        text, printed = self.layout.text(row), self.layout.maximum(row)
        code = row.node.code if row.node and row.is_heading else ""
        explanation = self._explanation(code) if row.kind != "total" else self._adjustments()
        evidence = self.own.form.evidence.get(code, "")
        centre = book.cell(align="center", **look)
        self.sheet.write_string(f"A{at}", row.stt, centre)
        self.sheet.write_string(f"B{at}", text, book.cell(**line_look(row)))
        self.sheet.write_string(f"C{at}", printed, centre)
        self._input(row, at, look)
        self._score(f"E{at}", self._self_score(row), look)
        self._score(f"F{at}", self._computed(row), look)
        self._score(f"G{at}", self.own.appraised.get(code), look)
        self._score(f"H{at}", self._final(row), look)
        plain = {**look, "bold": False, "font_size": 11}
        self.sheet.write_string(f"I{at}", explanation, book.cell(**plain))
        self.sheet.write_string(f"J{at}", evidence, book.cell(**plain))
        title = WIDTHS["B"] - (INDENT if row.line is not None else 0)
        cells = [(text, title, float(SIZE), bool(look.get("bold")))]
        cells += [(explanation, WIDTHS["I"], 11.0, False), (evidence, WIDTHS["J"], 11.0, False)]
        self.sheet.tall(at, row_height(cells))

    def _input(self, row: Row, at: int, look: dict[str, Any]) -> None:
        cell = f"D{at}"
        wanted = row.input
        if wanted is None:
            self.sheet.write_blank(cell, None, self.book.cell(**look))
            return
        style = self.book.cell(align="center", num_format=count_format(wanted), **look)
        value = self.own.form.inputs[row.input_key]
        if value == DAMAGED:
            wrong = self.book.cell(align="center", bg_color=COLOURS["wrong"])
            self.sheet.write_string(cell, shown(self.own.form.typed[row.input_key]), wrong)
            return
        typed = typed_value(value, wanted.decimals, wanted.kind)
        if isinstance(typed, (int, float)):
            self.sheet.write_number(cell, typed, style)
        else:
            self.sheet.write_string(cell, typed or "", style)

    def _score(self, cell: str, units: Any, look: dict[str, Any]) -> None:
        style = self.book.cell(align="center", num_format=self.own.digits, **look)
        if isinstance(units, str):
            self.sheet.write_string(cell, units, style)
        elif units is None or pd.isna(units):
            self.sheet.write_blank(cell, None, style)
        else:
            self.sheet.write_number(cell, points_number(int(units), self.own.decimals), style)

    def _self_score(self, row: Row) -> int | None:
        form = self.own.form
        if row.kind == "total":
            return form.self_total
        return form.self_scores.get(row.node.code) if row.node and row.is_heading else None

    def _computed(self, row: Row) -> Any:
        """Units of a heading or of a part's own line; words where the score is null."""
        if row.kind == "total":
            return self.own.results.scores.totals[self.own.unit.code]
        if row.is_heading and row.node:
            points = self.own.computed[row.node.code]
            return self._why_null(row.node.code) if pd.isna(points) else points
        key = self.part_keys.get(row.number)
        return self.own.parts[key] if key else None

    def _final(self, row: Row) -> Any:
        """Units of a heading: what counts. A part's own line has no final score of its own."""
        if row.kind == "total":
            return self.own.standing["total"]
        return self.own.final[row.node.code] if row.is_heading and row.node else None

    def _explanation(self, code: str) -> str:
        """How the score came about, and what the appraisal said of it."""
        explained = self.own.result.explanations
        return "\n".join([explained[code].text, *self.own.appraisals(code)]) if code in explained else ""

    def _adjustments(self) -> str:
        return adjustments_text(self.own.settings, self.own.unit.code, self.own.decimals)

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
