"""The explanation form: the criteria of one unit that were cut at the first appraisal, with room to answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from parxl import seal
from parxl.appraisal import FIRST, Appraisal
from parxl.books.form.data import FormData, form_data
from parxl.books.form.frame import COUNTRY, DOTS, MOTTO, restored_note
from parxl.books.form.inputs import open_look, submission_validation
from parxl.books.metrics import row_height
from parxl.books.paging import Page, page_breaks
from parxl.books.stamp import DIGEST_FIELD, stamp
from parxl.books.styles import COLOURS, SIZE, Book, Sheet, landscape, number_format
from parxl.books.tables import number_cell
from parxl.campaign import Unit
from parxl.criteria import Node
from parxl.desk import EXPLANATION, FIRST_ROW, HEADER_ROW, SHEET_EXPLANATION, SUBMISSION_CELL
from parxl.grid import cell_place
from parxl.identity import EXPLANATION as KIND
from parxl.layout import SUBMISSION_LABEL
from parxl.reading.explanation import Reply, replies_digest
from parxl.results import Results, UnitResult

PRINTED = [column for name, column in EXPLANATION.items() if name != "key"]
LAST = PRINTED[-1].letter
WIDE = sum(column.width for column in PRINTED)
POINTS = ("maximum", "self", "computed", "appraised")
SCALE = 64  # percent at which all columns fit A4; Excel ignores manual breaks with "fit to page"
SIGN_ROWS = 6  # place and date, posts, hint, room, name, identity


@dataclass(frozen=True)
class Cut:
    """One criterion that was given fewer points than computed. Points in units of the last decimal."""

    code: str
    title: str
    maximum: int
    self: int | None  # None where the unit's form showed none
    computed: int
    appraised: int
    reason: str


def cut_criteria(results: Results, appraisal: Appraisal) -> dict[str, list[Cut]]:
    """Unit code -> what the first appraisal cut; only units to which that happened."""
    found = {unit.unit.code: _cuts(results, unit, appraisal) for unit in results.units if unit.has_scores}
    return {code: cuts for code, cuts in found.items() if cuts}


def _cuts(results: Results, unit: UnitResult, appraisal: Appraisal) -> list[Cut]:
    cuts = (_cut(results, unit, appraisal, node) for node in results.criteria.leaves)
    return [cut for cut in cuts if cut]


def _cut(results: Results, unit: UnitResult, appraisal: Appraisal, node: Node) -> Cut | None:
    code = unit.unit.code
    answer = appraisal.answers.get((FIRST, code, node.code))
    computed = results.scores.leaves.loc[code, node.code]
    if answer is None or answer.points is None or pd.isna(computed) or answer.points >= computed:
        return None
    form = unit.file.form if unit.file else None
    return Cut(
        code=node.code,
        title=node.title,
        maximum=int(results.scores.maxima.loc[code, node.code]),
        self=form.self_scores.get(node.code) if form else None,
        computed=int(computed),
        appraised=answer.points,
        reason=answer.reason,
    )


def write_explanation(
    results: Results, unit: Unit, cut: Sequence[Cut], typed: Mapping[str, Reply], submission: int
) -> bytes:
    """The form of one unit as bytes. ``typed``: leaf code -> what the unit has answered already."""
    assert results.register is not None
    data = form_data(results.layout, results.settings, unit, results.register)
    data = replace(data, identity=replace(data.identity, kind=KIND), submission=submission)
    replies = {one.code: typed[one.code] for one in cut if one.code in typed}
    book = Book(data.year, f"Phiếu giải trình – {unit.name}", data.lead or "parxl")
    sheet = book.sheet(SHEET_EXPLANATION)
    sheet.is_sealed = True
    _Form(book, sheet, data).write(cut, replies)
    own = {seal.FIELD + SHEET_EXPLANATION: seal.pack(sheet.locked_cells)}
    stamp(book, data.identity, {DIGEST_FIELD: replies_digest(replies, submission), **own})
    return book.close()


class _Form:
    def __init__(self, book: Book, sheet: Sheet, data: FormData):
        self.book, self.sheet, self.data = book, sheet, data
        self.criteria = data.layout.criteria

    def write(self, cut: Sequence[Cut], replies: Mapping[str, Reply]) -> None:
        for column in PRINTED:
            self.sheet.set_column(f"{column.letter}:{column.letter}", column.width)
        key = EXPLANATION["key"]
        self.sheet.set_column(f"{key.letter}:{key.letter}", key.width, None, {"hidden": True})
        self._head()
        self._headings()
        for number, one in enumerate(cut, start=1):
            self._row(FIRST_ROW + number - 1, number, one, replies.get(one.code, Reply()))
        after = FIRST_ROW + len(cut)
        last = self._foot(after, {one.code for one in cut})
        self._page(after, last)

    # Over the table ---------------------------------------------------------------------------

    def _head(self) -> None:
        data, centre = self.data, self.book.style(align="center")
        bold = self.book.style(bold=True, align="center")
        name = (data.unit_name or DOTS).upper()
        self.sheet.merge_range("A1:D1", (data.authority or DOTS).upper(), centre)
        self.sheet.merge_range("A2:D2", name, bold)
        self.sheet.merge_range(f"I1:{LAST}1", COUNTRY, bold)
        self.sheet.merge_range(f"I2:{LAST}2", MOTTO, self.book.style(bold=True, underline=1, align="center"))
        self.sheet.tall(2, row_height([(name, 57, SIZE, True)]))
        title = f"PHIẾU GIẢI TRÌNH KẾT QUẢ THẨM ĐỊNH NĂM {data.year}"
        title += f" – {data.campaign_name}" if data.campaign_name else ""
        self._line(3, title, 14, bold=True, align="center", font_size=13)
        self._submission()
        self._line(5, self._lead(), 6, italic=True)

    def _line(self, row: int, text: str, room: float, **look: object) -> None:
        """One text over all columns, with some room round it."""
        self.sheet.merge_range(f"A{row}:{LAST}{row}", text, self.book.style(**look))
        self.sheet.tall(row, row_height([(text, WIDE, SIZE, bool(look.get("bold")))]) + room)

    def _submission(self) -> None:
        row, column = cell_place(SUBMISSION_CELL)
        unit = f"Đơn vị: {self.data.unit_name} (mã {self.data.identity.unit})"
        self.sheet.merge_range(f"A{row}:G{row}", unit, self.book.style(bold=True))
        self.sheet.write_string(row - 1, column - 2, SUBMISSION_LABEL, self.book.style(align="right"))
        style = self.book.style(**open_look(False), bold=True, align="center")
        self.sheet.write_number(SUBMISSION_CELL, self.data.submission, style)
        self.sheet.validate(SUBMISSION_CELL, submission_validation())
        self.sheet.tall(row, row_height([(unit, 90, SIZE, True)]) + 6)

    def _lead(self) -> str:
        lead = self.data.lead or "cơ quan chủ trì"
        return (
            "Các tiêu chí dưới đây có điểm thẩm định thấp hơn điểm tính từ số liệu của đơn vị. "
            "Xin ghi ý kiến giải trình và tài liệu bổ sung vào các ô màu vàng nhạt; để trống nếu đơn vị "
            f"thống nhất. Lưu lại rồi gửi chính tệp này cho {lead} trong thời hạn ghi tại văn bản gửi kèm. "
            "Nếu gửi lại, tăng ô Lần nộp thêm 1."
        )

    # The table --------------------------------------------------------------------------------

    def _headings(self) -> None:
        style = self.book.cell(bold=True, align="center", bg_color=COLOURS["area"])
        for column in PRINTED:
            self.sheet.write_string(f"{column.letter}{HEADER_ROW}", column.heading, style)
        key = EXPLANATION["key"]
        self.sheet.write_string(f"{key.letter}{HEADER_ROW}", key.heading, self.book.style(text_wrap=False))
        self.sheet.tall(HEADER_ROW, row_height([(c.heading, c.width, SIZE, True) for c in PRINTED]))

    def _row(self, row: int, number: int, cut: Cut, reply: Reply) -> None:
        centre = self.book.cell(align="center")
        self.sheet.write_number(self._at("number", row), number, centre)
        self.sheet.write_string(self._at("code", row), cut.code, centre)
        digits = {"align": "center", "num_format": number_format(self.criteria.decimals)}
        for name in POINTS:
            style = self.book.cell(**digits, bold=name == "appraised")
            column = cell_place(self._at(name, row))[1] - 1
            number_cell(self.sheet, row, column, getattr(cut, name), style, self.criteria.scale)
        texts = {"title": cut.title, "reason": cut.reason, "answer": reply.answer, "documents": reply.documents}
        for name, text in texts.items():
            self._text(name, row, text)
        self.sheet.write_string(self._at("key", row), cut.code, self.book.style(text_wrap=False))
        cells = [(text, EXPLANATION[name].width, float(SIZE), False) for name, text in texts.items()]
        self.sheet.tall(row, row_height(cells))

    def _at(self, name: str, row: int) -> str:
        return f"{EXPLANATION[name].letter}{row}"

    def _text(self, name: str, row: int, text: str) -> None:
        look = open_look(False) if EXPLANATION[name].typed else {"border": 1}
        style = self.book.style(**look, valign="top" if EXPLANATION[name].typed else "vcenter")
        if text:
            self.sheet.write_string(self._at(name, row), text, style)
        else:
            self.sheet.write_blank(self._at(name, row), None, style)

    # Under the table --------------------------------------------------------------------------

    def _foot(self, row: int, codes: set[str]) -> int:
        """Note and signatures from this row on; the last row."""
        if note := restored_note(self.criteria, self.data.formula_checked, codes):
            self._line(row, note, 2, italic=True)
        self._signatures(row + 1)
        last = row + SIGN_ROWS
        tiny = self.book.style(font_size=8, font_color=COLOURS["grey"], text_wrap=False)
        self.sheet.write_string(f"B{last}", self.data.identity.line, tiny)
        return last

    def _signatures(self, first: int) -> None:
        data, left, right = self.data, "A{0}:D{0}", f"I{{0}}:{LAST}{{0}}"
        bold = self.book.style(bold=True, align="center")
        italic = self.book.style(italic=True, align="center")
        date = f"{data.place or '…………'}, ngày …… tháng …… năm ………"
        self.sheet.merge_range(right.format(first), date, italic)
        self.sheet.merge_range(left.format(first + 1), "NGƯỜI LẬP PHIẾU", bold)
        post = (data.post or "Thủ trưởng đơn vị").upper()
        self.sheet.merge_range(right.format(first + 1), post, bold)
        self.sheet.merge_range(left.format(first + 2), "(Ký, ghi rõ họ tên)", italic)
        self.sheet.merge_range(right.format(first + 2), "(Ký tên, đóng dấu)", italic)
        self.sheet.tall(first + 3, 60)
        if data.signer:
            self.sheet.merge_range(right.format(first + 4), data.signer, bold)

    def _page(self, after: int, last: int) -> None:
        self.sheet.freeze_panes(HEADER_ROW, 0)
        landscape(self.sheet, self.data.unit_name)
        self.sheet.set_print_scale(SCALE)
        self.sheet.repeat_rows(HEADER_ROW - 1)
        # Nobody signs an empty page: the signatures stay with the last criterion.
        blocks = [[row] for row in range(FIRST_ROW, after)]
        blocks[-1].extend(range(after, last + 1))
        page = Page(HEADER_ROW, repeated=1, scale=SCALE / 100)
        self.sheet.set_h_pagebreaks(page_breaks(self.sheet, blocks, page))
        self.sheet.print_area(f"A1:{LAST}{last}")
        self.sheet.protect("", {"format_rows": True, "select_locked_cells": True})
        self.sheet.ignore_errors({"number_stored_as_text": f"A{FIRST_ROW}:C{last}"})
