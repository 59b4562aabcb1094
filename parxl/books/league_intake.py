"""The league workbook's sheets on what came back, and on what the figures rest on."""

from __future__ import annotations

from parxl import __version__
from parxl.books.form_frame import restored_note
from parxl.books.metrics import row_height
from parxl.books.result import STATUS_WORDS
from parxl.books.returned import to_mend
from parxl.books.styles import SIZE, Book, Sheet, landscape
from parxl.books.tables import headings, number_cell
from parxl.identity import FORM
from parxl.results import Results, UnitResult

FATES = {
    "scored": "Được chấm",
    "superseded": "Đã được thay",
    "duplicate": "Trùng",
    "conflict": "Mâu thuẫn",
    "rejected": "Trả lại",
    "skipped": "Bỏ qua",
}
TIE_WORDS = {
    "1-1-3": "các đơn vị bằng Chỉ số cùng hạng, hạng sau bỏ cách (1, 1, 3)",
    "1-1-2": "các đơn vị bằng Chỉ số cùng hạng, hạng sau liền kề (1, 1, 2)",
}


def write_returns(book: Book, results: Results) -> None:
    """*Tình hình nộp phiếu*: a row a unit; missing and rejected ones first."""
    sheet = book.sheet("Tình hình nộp phiếu")
    heads = ["Mã đơn vị", "Đơn vị", "Khối", "Tình trạng", "Tệp", "Lần nộp"]
    heads += ["Lỗi", "Cảnh báo", "Ghi chú", "Phiếu trả lại"]
    headings(book, sheet, 1, heads, [16, 40, 18, 40, 40, 10, 8, 11, 10, 18])
    order = {"missing": 0, "rejected": 1, "conflict": 2, "provisional": 3, "scored": 4}
    units = sorted(results.units, key=lambda u: order[u.status])
    for row, result in enumerate(units, start=2):
        form = result.file.form if result.file else None
        severities = [found.severity for found in result.findings]
        counts = [severities.count(s) for s in ("error", "warning", "note")]
        unit = result.unit
        file = result.file.name if result.file else _file_names(results, result)
        texts = (unit.code, unit.name, unit.group, STATUS_WORDS[result.status], file)
        for column, text in enumerate(texts):
            sheet.write_string(row - 1, column, text, book.cell())
        for column, value in enumerate((form and form.submission, *counts), start=5):
            number_cell(sheet, row, column, value, book.cell(align="center"), scale=1)
        _returned(book, sheet, row, len(heads) - 1, unit.code if to_mend(results, result) else "")
        widths = (16.0, 40.0, 18.0, 40.0, 40.0)
        sheet.tall(row, row_height([(t, w, float(SIZE), False) for t, w in zip(texts, widths, strict=True)]))
    _finish(sheet, len(units), len(heads), results)


def _returned(book: Book, sheet: Sheet, row: int, column: int, code: str) -> None:
    """A link to the form that goes back to the unit, where one does."""
    if code:
        link = book.cell(align="center", font_color="#0563C1", underline=1)
        sheet.write_url(row - 1, column, f"external:tra-lai/{code}.xlsx", link, code)
    else:
        sheet.write_string(row - 1, column, "", book.cell())


def _file_names(results: Results, result: UnitResult) -> str:
    own = [f.name for f in results.intake.files if f.unit == result.unit.code and f.kind == FORM]
    return "; ".join(own)


def write_files(book: Book, results: Results) -> None:
    """*Tệp đã nhận*: every file of 2-nop with its one fate."""
    sheet = book.sheet("Tệp đã nhận")
    heads = ["Tệp", "Mã đơn vị", "Kết quả", "Lý do", "SHA-256"]
    headings(book, sheet, 1, heads, [46, 16, 16, 80, 68])
    for row, file in enumerate(results.intake.files, start=2):
        why = [f for f in file.findings if file.fate != "scored" or f.severity == "error"]
        reasons = "\n".join(f"[{f.code}] {f.message}" for f in why)
        texts = (file.name, file.unit, FATES[file.fate], reasons, file.sha256)
        for column, text in enumerate(texts):
            sheet.write_string(row - 1, column, text[:32_000], book.cell())
        cells = [(file.name, 46.0, float(SIZE), False), (reasons, 80.0, float(SIZE), False)]
        sheet.tall(row, row_height(cells))
    _finish(sheet, len(results.intake.files), len(heads), results)


def _finish(sheet: Sheet, rows: int, columns: int, results: Results) -> None:
    sheet.freeze_panes(1, 0)
    if rows:
        sheet.autofilter(0, 0, rows, columns - 1)
    sheet.repeat_rows(0)
    landscape(sheet, results.settings.name)
    sheet.fit_to_pages(1, 0)


def write_method(book: Book, results: Results) -> None:
    """*Cách tính*: what the figures rest on."""
    settings, criteria = results.settings, results.criteria
    sheet = book.sheet("Cách tính")
    sheet.set_column("A:A", 34)
    sheet.set_column("B:B", 100)
    lines = [
        ("Bộ tiêu chí", f"{criteria.title} ({criteria.id}, phiên bản {criteria.edition})"),
        ("Văn bản", criteria.decision),
        ("Đợt chấm", f"{settings.name} ({results.register.campaign if results.register else '–'})"),
        ("Tổng điểm", "Cộng điểm các tiêu chí đã làm tròn (làm tròn nửa lên)."),
        ("Chỉ số", "100 × Tổng điểm / Điểm tối đa của đơn vị, không tính nội dung không áp dụng."),
        ("Xếp hạng", f"Theo Chỉ số đã làm tròn, riêng từng khối; {TIE_WORDS[settings.ties]}."),
        ("Công thức khôi phục", _restored(results)),
        ("Phần mềm", f"parxl {__version__}"),
    ]
    for row, (label, text) in enumerate(lines, start=1):
        sheet.write_string(f"A{row}", label, book.cell(bold=True))
        sheet.write_string(f"B{row}", text, book.cell())
        sheet.tall(row, row_height([(text, 100, float(SIZE), False)]))
    landscape(sheet, settings.name)
    sheet.fit_to_pages(1, 0)


def _restored(results: Results) -> str:
    codes, checked = ", ".join(results.criteria.restored), results.settings.formula_checked
    if not codes:
        return "Không có."
    return restored_note(results.criteria, checked) or f"Mục {codes}: đã đối chiếu ({checked})."
