"""*Giải trình*: what the appraisal took from the computed score, what the unit answered, what came of it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from parxl.appraisal import FIRST, SECOND, Answer
from parxl.books.listing import Column, Table
from parxl.books.styles import Book, Sheet, landscape
from parxl.books.unit.own import Own, write_title
from parxl.desk import ROUNDS
from parxl.reading.explanation import Reply

TITLE = "GIẢI TRÌNH VÀ KẾT QUẢ THẨM ĐỊNH"
CAME = "Ý kiến giải trình lấy từ phiếu giải trình của đơn vị (Lần nộp {submission})."
ABSENT = "Chưa nhận được phiếu giải trình của đơn vị."


def to_explain(own: Own) -> list[str]:
    """The criteria that a round cut below the computed score, or that the unit has explained."""
    leaves = (node.code for node in own.criteria.leaves)
    return [code for code in leaves if code in own.replies or any(_is_cut(own, n, code) for n in ROUNDS)]


def _is_cut(own: Own, number: int, code: str) -> bool:
    answer, computed = own.answers.get((number, code)), own.computed[code]
    if answer is None or answer.points is None or pd.isna(computed):
        return False
    return answer.points < int(computed)


def write_explanations(book: Book, sheet: Sheet, own: Own, codes: list[str]) -> None:
    """Write the whole sheet, a row a criterion."""
    columns = _columns(own)
    read = own.results.intake.explanations.get(own.unit.code)
    words = CAME.format(submission=read.submission) if read else ABSENT
    width = sum(column.width for column in columns)
    top = write_title(book, sheet, own, width, len(columns), TITLE, words)
    table = Table(book, sheet, columns, top)
    for code in codes:
        _row(table, own, code)
    sheet.freeze_panes(top, 2)
    sheet.repeat_rows(top - 1)
    landscape(sheet, own.unit.name)
    sheet.fit_to_pages(1, 0)


def _columns(own: Own) -> list[Column]:
    return [
        Column("Mã", 8.0, align="center"),
        Column("Tiêu chí", 36.0),
        own.column("Điểm tối đa", 8.0),
        own.column("Điểm tính", 8.0),
        own.column("Thẩm định lần 1", 9.0),
        Column("Lý do lần 1", 30.0),
        Column("Giải trình của đơn vị", 36.0),
        Column("Tài liệu bổ sung", 24.0),
        own.column("Thẩm định lần 2", 9.0),
        Column("Lý do lần 2", 30.0),
        own.column("Điểm cuối", 8.0),
    ]


def _row(table: Table, own: Own, code: str) -> None:
    title = own.criteria.by_code[code].title.replace("\n", " ")
    reply = own.replies.get(code, Reply())
    first, second = (_said(own.answers.get((number, code))) for number in (FIRST, SECOND))
    points = [own.maxima[code], own.computed[code]]
    looks: list[dict[str, Any]] = [{} for _ in table.columns]
    looks[-1] = {"bold": True}
    values = [code, title, *points, *first, reply.answer, reply.documents, *second, own.final[code]]
    table.row(values, looks)


def _said(answer: Answer | None) -> tuple[int | None, str]:
    return (answer.points, answer.reason) if answer else (None, "")
