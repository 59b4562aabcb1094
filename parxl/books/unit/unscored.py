"""*Tóm tắt* of a unit that has no scores: why, and what to do."""

from __future__ import annotations

from collections.abc import Iterator

from parxl.books.form.returned import to_mend
from parxl.books.styles import Book, Sheet
from parxl.books.unit.findings import shown_name
from parxl.books.unit.own import SHEET_FINDINGS, STATUS_WORDS
from parxl.books.unit.page import Page
from parxl.books.unit.words import counted, mending
from parxl.findings import Finding
from parxl.results import Results, UnitResult

WHY = {
    "conflict": "Đơn vị có nhiều phiếu khác nội dung, chưa xác định được phiếu nào là chính thức.",
    "rejected": "Tệp đã gửi không dùng được để chấm điểm.",
    "missing": "Cơ quan chủ trì chưa nhận được phiếu của đơn vị.",
}
FILL = "Điền phiếu chấm điểm đã nhận (tệp “{code}.xlsx”) và gửi cho cơ quan chủ trì."
WAIT = "Cơ quan chủ trì đang xác định phiếu chính thức; đơn vị liên hệ với cơ quan chủ trì."
ASK = "Liên hệ với cơ quan chủ trì để nhận phiếu chấm điểm."


def write_unscored(
    book: Book, sheet: Sheet, results: Results, result: UnitResult, findings: list[Finding]
) -> None:
    """Write the whole page."""
    page = Page(book, sheet, results, result)
    page.head()
    page.heading("Chưa có kết quả chấm điểm")
    for label, text, link in _lines(results, result, findings):
        page.line(label, text, link)
    page.close()


def _lines(results: Results, result: UnitResult, findings: list[Finding]) -> Iterator[tuple[str, str, str]]:
    yield "Tình trạng", f"{STATUS_WORDS[result.status]}.", ""
    yield "Lý do", WHY[result.status], ""
    if files := [file.name for file in results.files_of.get(result.unit.code, ())]:
        shown = (shown_name(file, result.unit, results.settings) for file in files)
        yield "Tệp đã gửi", "; ".join(shown), ""
    if findings:
        yield "Lỗi, cảnh báo", counted(findings), SHEET_FINDINGS
    yield "Việc cần làm", _to_do(results, result), ""
    if deadline := results.settings.deadline:
        yield "Hạn nộp", f"{deadline:%d/%m/%Y}", ""


def _to_do(results: Results, result: UnitResult) -> str:
    if result.status == "missing":
        return FILL.format(code=result.unit.code)
    if to_mend(results, result):
        return mending(result)
    return WAIT if result.status == "conflict" else ASK
