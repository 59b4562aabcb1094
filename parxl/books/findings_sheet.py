"""The sheet *Ghi nhận*: findings as a table, the same in every workbook."""

from __future__ import annotations

from parxl.books.metrics import row_height
from parxl.books.styles import COLOURS, SIZE, Book, landscape
from parxl.findings import SEVERITY_NAMES, Finding

WIDTHS = {"Mã": 9, "Mức độ": 11, "Tệp": 34, "Trang": 18, "Ô": 8, "Mục": 12, "Nội dung": 84}
COLOUR = {"error": "wrong", "warning": "missing", "note": "computed"}
NOTHING = "Không có lỗi, cảnh báo hay ghi chú nào."


def write_findings(book: Book, findings: list[Finding], name: str, by_unit: bool = False) -> None:
    """Write the sheet; it says so where there is nothing. ``by_unit``: file names without folders."""
    sheet = book.sheet(name)
    head = book.cell(bold=True, align="center", bg_color=COLOURS["area"])
    for column, (text, width) in enumerate(WIDTHS.items()):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, text, head)
    if not findings:
        sheet.write_string(1, 0, NOTHING, book.style(text_wrap=False, italic=True))
    plain = book.cell()
    for row, found in enumerate(findings, start=1):
        colour = book.cell(align="center", bg_color=COLOURS[COLOUR[found.severity]])
        file = (found.file or "").rpartition("/")[2] if by_unit else found.file or ""
        place = (file, found.sheet or "", found.cell or "", found.criterion or "")
        texts = (found.code, SEVERITY_NAMES[found.severity], *place, found.message)
        for column, text in enumerate(texts):
            sheet.write_string(row, column, text, colour if column == 1 else plain)
        cells = [(found.message, 84.0, float(SIZE), False), (file, 34.0, float(SIZE), False)]
        sheet.tall(row + 1, row_height(cells))
    sheet.freeze_panes(1, 0)
    if findings:
        sheet.autofilter(0, 0, len(findings), len(WIDTHS) - 1)
    sheet.repeat_rows(0)
    landscape(sheet, name)
    sheet.fit_to_pages(1, 0)
