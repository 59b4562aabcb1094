"""The sheet *Cần sửa*: the first of a form that goes back, with everything to mend and links to the cells."""

from __future__ import annotations

from parxl.books.form.data import FormData, Mending, Remark
from parxl.books.metrics import row_height
from parxl.books.styles import COLOURS, SIZE, Book, Sheet, landscape
from parxl.findings import SEVERITY_NAMES
from parxl.layout import SHEET_TABLE

HEADS = ("STT", "Mục", "Ô", "Mức độ", "Đã nhập", "Nội dung")
WIDTHS = (6.0, 11.0, 9.0, 12.0, 23.0, 67.0)
WIDE = sum(WIDTHS)
TITLE_ROW, UNIT_ROW, ANSWER_ROW, LEAD_ROW, HEAD_ROW = 1, 2, 4, 5, 7
COLOUR = {"error": "wrong", "warning": "missing"}
HERE = "ngay trong tệp này"
LEADS = {
    "figures": "Số liệu đã nhập còn nguyên trong phiếu này. Xin sửa các ô viền đỏ nêu dưới đây " + HERE,
    "conflict": "Các tệp trên có cùng Lần nộp nhưng khác nội dung. Ô mà các tệp ghi giống nhau đã điền sẵn; "
    "xin nhập lại các ô viền đỏ nêu dưới đây " + HERE,
    "damaged": "Phiếu đã gửi bị hỏng một phần. Phiếu này có sẵn những gì còn đọc được; "
    "xin kiểm tra, nhập phần còn thiếu " + HERE,
    "unusable": "Tệp đã gửi không dùng được vì các lý do dưới đây. Đây là phiếu mới, chưa có số liệu; "
    "xin nhập số liệu " + HERE,
    "merged": "Phiếu này gộp từ các tệp trên. Xin xem lại, sửa các ô viền đỏ nêu dưới đây " + HERE,
}


def write_mending(book: Book, sheet: Sheet, data: FormData) -> None:
    """Write the whole sheet. Links lead only to the form's own cells; all else is plain text."""
    assert data.mending is not None
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    _head(book, sheet, data, data.mending)
    style = book.cell(bold=True, align="center", bg_color=COLOURS["area"])
    for column, text in enumerate(HEADS):
        sheet.write_string(HEAD_ROW - 1, column, text, style)
    sheet.tall(HEAD_ROW, row_height([("STT", WIDTHS[0], float(SIZE), True)]) + 4)
    for number, remark in enumerate(data.mending.remarks, start=1):
        _remark(book, sheet, number, remark)
    if not data.mending.remarks:
        nothing = "Không có ô nào phải sửa riêng."
        sheet.write_string(HEAD_ROW, 0, nothing, book.style(italic=True, text_wrap=False))
    sheet.freeze_panes(HEAD_ROW, 0)
    sheet.repeat_rows(HEAD_ROW - 1)
    landscape(sheet, data.unit_name)
    sheet.fit_to_pages(1, 0)
    sheet.protect("", {"format_rows": True})


def _head(book: Book, sheet: Sheet, data: FormData, mending: Mending) -> None:
    centre = {"bold": True, "align": "center"}
    _line(book, sheet, TITLE_ROW, "NHỮNG CHỖ CẦN SỬA TRONG PHIẾU CHẤM ĐIỂM", **centre, font_size=14)
    _line(book, sheet, UNIT_ROW, data.unit_name, **centre)
    _line(book, sheet, ANSWER_ROW, _answer(mending))
    _line(book, sheet, LEAD_ROW, _lead(data, mending), bold=True, bg_color=COLOURS["missing"], border=1)


def _line(book: Book, sheet: Sheet, row: int, text: str, **look: object) -> None:
    """One text over all columns."""
    sheet.merge_range(row - 1, 0, row - 1, len(WIDTHS) - 1, text, book.style(**look))
    size = float(SIZE) + (2 if "font_size" in look else 0)
    sheet.tall(row, row_height([(text, WIDE, size, bool(look.get("bold")))]) + 4)


def _answer(mending: Mending) -> str:
    known = f" (Lần nộp {mending.submission})" if mending.submission else ""
    told = "Gộp từ tệp" if mending.cause == "merged" else "Trả lời tệp"
    return f"{told}: {', '.join(mending.files)}{known}"


def _lead(data: FormData, mending: Mending) -> str:
    where = f" cho {data.lead}" if data.lead else ""
    number = f"Ô Lần nộp đã ghi sẵn {data.submission}, không cần sửa."
    return f"{LEADS[mending.cause]}, lưu lại rồi gửi chính tệp này{where}. {number}"


def _remark(book: Book, sheet: Sheet, number: int, remark: Remark) -> None:
    row = HEAD_ROW + number
    cell, centre = book.cell(), book.cell(align="center")
    severity = book.cell(align="center", bg_color=COLOURS[COLOUR[remark.severity]])
    sheet.write_number(row - 1, 0, number, centre)
    sheet.write_string(row - 1, 1, remark.criterion, centre)
    if remark.cells:
        link = book.cell(align="center", font_color="#0563C1", underline=1)
        sheet.write_url(row - 1, 2, f"internal:'{SHEET_TABLE}'!{remark.cells[0]}", link, remark.cells[0])
    else:
        sheet.write_string(row - 1, 2, "", centre)
    sheet.write_string(row - 1, 3, SEVERITY_NAMES[remark.severity], severity)
    sheet.write_string(row - 1, 4, remark.typed, cell)
    sheet.write_string(row - 1, 5, remark.message, cell)
    texts = zip((remark.criterion, remark.typed, remark.message), (WIDTHS[1], *WIDTHS[4:]), strict=True)
    sheet.tall(row, row_height([(text, width, float(SIZE), False) for text, width in texts]))
