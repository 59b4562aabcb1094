"""The sheet *Hướng dẫn*: one page that leads a newcomer to a complete form."""

from __future__ import annotations

from parxl.books.form.data import Common
from parxl.books.metrics import row_height
from parxl.books.styles import COLOURS, MARGINS, PAPER_A4, SIZE, Book, Sheet
from parxl.layout import SHEET_CHECK, SHEET_MENDING, SHEET_TABLE

NUMBER_WIDTH, TEXT_WIDTH, VALUE_WIDTH = 6, 74, 12


def draw_guide(book: Book, sheet: Sheet, common: Common) -> None:
    """Draw the whole sheet."""
    sheet.is_sealed = True
    sheet.set_column("A:A", NUMBER_WIDTH)
    sheet.set_column("B:B", TEXT_WIDTH)
    sheet.set_column("C:C", VALUE_WIDTH)
    sheet.hide_gridlines(2)
    sheet.merge_range("A1:C1", "HƯỚNG DẪN ĐIỀN PHIẾU", book.style(bold=True, font_size=14, align="center"))
    sheet.tall(1, 26)
    row = _lead(book, sheet, common)
    row = _steps(book, sheet, row, "Các bước thực hiện", _steps_text(common))
    row = _legend(book, sheet, row)
    row = _example(book, sheet, row)
    row = _steps(book, sheet, row, "Cần lưu ý", _notes(common))
    sheet.set_portrait()
    sheet.set_paper(PAPER_A4)
    sheet.set_margins(**MARGINS)
    sheet.fit_to_pages(1, 1)
    sheet.protect("", {"format_rows": True})


def _line(book: Book, sheet: Sheet, row: int, number: str, text: str, **look: object) -> None:
    sheet.write_string(f"A{row}", number, book.style(align="center", valign="top", **look))
    sheet.write_string(f"B{row}", text, book.style(valign="top", **look))
    sheet.tall(row, row_height([(text, TEXT_WIDTH, float(SIZE), bool(look.get("bold")))]))


def _lead(book: Book, sheet: Sheet, common: Common) -> int:
    first = (
        "TRƯỚC TIÊN: nếu phía trên màn hình có thanh màu vàng, bấm “Bật chỉnh sửa” (Enable Editing). "
        "Chưa bấm thì chưa nhập được và điểm không tự tính."
    )
    style = book.style(bold=True, bg_color=COLOURS["missing"], border=1)
    sheet.merge_range("A2:C2", first, style)
    sheet.tall(2, row_height([(first, NUMBER_WIDTH + TEXT_WIDTH + VALUE_WIDTH, float(SIZE), True)]) + 4)
    return 4


def _steps(book: Book, sheet: Sheet, row: int, title: str, texts: list[str]) -> int:
    _line(book, sheet, row, "", title, bold=True)
    for number, text in enumerate(texts, start=1):
        _line(book, sheet, row + number, f"{number}.", text)
    return row + len(texts) + 2


def _steps_text(common: Common) -> list[str]:
    return [
        f"Mở trang “{SHEET_TABLE}”. Chỉ nhập vào các ô màu vàng nhạt; các ô khác đã khóa và tự tính.",
        "Cột “Số liệu/ Chọn (x)”: nhập số đếm được (nhập 0 nếu không có), hoặc gõ x vào dòng được chọn "
        f"({_how_many(common)}). Không nhập tỷ lệ phần trăm; điểm do phiếu tự tính.",
        f"Cột “{common.layout.criteria.headings[4]}”: ghi số, ký hiệu, trích yếu văn bản chứng minh ngay "
        "tại dòng của tiêu chí.",
        f"Mở trang “{SHEET_CHECK}”: sửa các mục còn thiếu hoặc mâu thuẫn cho đến khi hiện "
        "“ĐÃ NHẬP ĐỦ SỐ LIỆU”.",
        "Lưu tệp (giữ dạng .xlsx), in, ký, đóng dấu nếu được yêu cầu, rồi gửi lại " + _where(common),
    ]


def _how_many(common: Common) -> str:
    lists = [at.node.stt.rstrip(".") for at in common.layout.criteria.parts if at.part.rule.rule == "checklist"]
    if not lists:
        return "mỗi tiêu chí đúng một dòng"
    return f"mỗi tiêu chí đúng một dòng; riêng mục {', '.join(lists)} đánh dấu mọi dòng đạt yêu cầu"


def _where(common: Common) -> str:
    lead = common.lead or "cơ quan chủ trì"
    deadline = f", chậm nhất ngày {common.deadline:%d/%m/%Y}" if common.deadline else " đúng thời hạn quy định"
    return f"{lead}{deadline}."


def _legend(book: Book, sheet: Sheet, row: int) -> int:
    _line(book, sheet, row, "", "Ý nghĩa các màu", bold=True)
    texts = {
        "input": "Ô để nhập số liệu, đánh dấu x hoặc ghi tài liệu kiểm chứng",
        "missing": "Còn thiếu số liệu, hoặc đang chờ hướng dẫn",
        "wrong": "Số liệu mâu thuẫn (ví dụ b lớn hơn a, chọn hai dòng) hoặc không phải là số",
        "computed": "Dòng tự tính theo số liệu, không đánh dấu",
        "done": "Đã nhập đủ",
    }
    for number, (colour, text) in enumerate(texts.items(), start=row + 1):
        sheet.write_blank(f"A{number}", None, book.cell(bg_color=COLOURS[colour]))
        sheet.write_string(f"B{number}", text, book.style(indent=1))
        sheet.tall(number, 18)
    return row + len(texts) + 2


def _example(book: Book, sheet: Sheet, row: int) -> int:
    """Three lines as they look in the table, filled in."""
    _line(book, sheet, row, "", "Ví dụ: đơn vị tiếp nhận 60 hồ sơ, giải quyết đúng hạn 57 hồ sơ", bold=True)
    typed = book.cell(align="center", bold=True, bg_color=COLOURS["input"])
    found = book.cell(align="center", bg_color=COLOURS["computed"])
    lines = (
        ("a – Tổng số hồ sơ tiếp nhận trong năm", "60", typed),
        ("b – Số hồ sơ được giải quyết đúng hạn (nhập 57, không nhập 95%)", "57", typed),
        ("Phiếu tự tính: tỷ lệ 57/60 = 95% và điểm tương ứng", "tự tính", found),
    )
    for number, (text, value, style) in enumerate(lines, start=row + 1):
        sheet.write_blank(f"A{number}", None, book.cell())
        sheet.write_string(f"B{number}", text, book.cell(indent=1))
        sheet.write_string(f"C{number}", value, style)
        sheet.tall(number, 18)
    return row + len(lines) + 2


def _resubmission(common: Common) -> str:
    highest = "Phiếu có Lần nộp cao nhất là phiếu được chấm."
    if common.is_resubmission:
        return f"Đây là phiếu gửi lại để sửa, xem trang “{SHEET_MENDING}”. Lần nộp đã tăng sẵn. {highest}"
    return f"Nếu nộp lại, tăng ô “Lần nộp” ở đầu phiếu thêm 1. {highest}"


def _notes(common: Common) -> list[str]:
    notes = [
        "Không dùng Cắt (Ctrl+X) rồi dán: ô gốc sẽ mất định dạng. Nếu cần chép số liệu, dùng Sao chép "
        "(Ctrl+C) và Dán giá trị (Paste Values).",
        _resubmission(common),
        "“Chờ hướng dẫn”: không có trường hợp phát sinh (a = 0) mà quyết định không quy định điểm; "
        "cơ quan chủ trì sẽ quyết định. Đơn vị không phải làm gì thêm.",
        "“Mã đối chiếu” ở cuối phiếu thay đổi theo số liệu: mã trên bản giấy phải trùng với mã trong tệp.",
    ]
    codes = ", ".join(common.layout.criteria.restored)
    if codes and not common.formula_checked:
        notes.append(
            f"Công thức tại các mục {codes} bị mất hình trong văn bản gốc. "
            "Công thức tạm khôi phục, chờ đối chiếu với bản gốc."
        )
    if common.has_last_year:
        notes.append(
            "Cột “Năm trước” bên phải bảng là số liệu đơn vị đã nhập năm trước, để đối chiếu; không in."
        )
    if common.lead:
        notes.append(f"Khi có vướng mắc, xin liên hệ {common.lead}.")
    return notes
