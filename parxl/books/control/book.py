"""Writing the control workbook: what is scored, who, by when, and what the department decides."""

from __future__ import annotations

import datetime as dt
from typing import Any

from parxl.books.control.spec import (
    ADJUSTMENTS,
    BANDS,
    EXEMPT,
    ITEM,
    ITEMS,
    LISTS,
    MAIL,
    RULINGS,
    SETTINGS,
    SURVEY,
    TABLES,
    UNITS,
    VALUE,
    Column,
    Item,
)
from parxl.books.metrics import row_height
from parxl.books.styles import COLOURS, SIZE, Book, Sheet, landscape
from parxl.campaign import Unit
from parxl.criteria import CriteriaSet
from parxl.letters import LETTERS

EMPTY_ROWS = 400  # rows prepared for typing
GUIDE = "Hướng dẫn"
GUIDE_WIDTHS = (22.0, 100.0)
ITEM_WIDTHS = {SETTINGS: (28.0, 70.0), MAIL: (28.0, 100.0)}  # room for letters longer than ours
SHORT_COMMENT = 160  # characters that a comment shows in its usual height
ORDER = (SETTINGS, UNITS, EXEMPT, RULINGS, SURVEY, BANDS, MAIL, ADJUSTMENTS)
STEPS = (
    "Trang “Đợt chấm”: kiểm tra tên đợt chấm, năm, cơ quan chủ trì, hạn nộp.",
    "Trang “Đơn vị”: mỗi đơn vị một dòng; mã đơn vị là tên tệp phiếu của đơn vị đó.",
    "Chạy lệnh: parxl forms THƯ_MỤC – các phiếu có trong thư mục 1-phieu, gửi cho từng đơn vị.",
    "Phiếu đơn vị gửi về: chép vào thư mục 2-nop (tên tệp tùy ý, có thể chia thư mục con).",
    "Chạy lệnh: parxl score THƯ_MỤC – kết quả có trong thư mục 4-ket-qua. Có thể chạy lại bất cứ lúc nào.",
    "Các trang “Không áp dụng”, “Trường hợp a = 0”, “Khảo sát”, “Điểm cộng, điểm trừ”, “Xếp loại” nhập khi "
    "có; sửa xong chạy lại parxl score.",
    "Gửi bằng thư điện tử: nhập trang “Thư”, rồi chạy lệnh parxl mail THƯ_MỤC forms (phiếu), reminders (thư "
    "nhắc) hoặc results (kết quả); thêm --dry-run để xem trước.",
)
EXAMPLES = (
    (UNITS, "cuc-thue | Cục Thuế tỉnh | Ngành dọc | vanthu@example.vn"),
    (EXEMPT, "* | 3.4.2 | Không còn cấp huyện từ ngày 01/7/2025 | Luật số 72/2025/QH15"),
    (RULINGS, "1.4.4.2 | không áp dụng | Công văn số …/SNV-CCHC ngày …"),
    (SURVEY, "cuc-thue | 17,5"),
    (ADJUSTMENTS, "cuc-thue | 0,5 | Có sáng kiến được công nhận | Quyết định số …/QĐ-UBND ngày …"),
    (BANDS, "* | Tốt | 80"),
)


def write_control(
    criteria: CriteriaSet,
    settings: dict[str, Any],
    year: int,
    rows: dict[str, list[list[Any]]] | None = None,
) -> bytes:
    """The workbook as bytes. ``settings``: item -> value; ``rows``: sheet -> rows of values."""
    book = Book(year, "Sổ điều hành đợt chấm", "parxl")
    for name in ORDER:
        if name in ITEMS:
            _items(book, name, ITEMS[name], settings)
        else:
            _table(book, name, TABLES[name], (rows or {}).get(name, []))
    _lists(book, criteria)
    _guide(book, criteria)
    return book.close()


def unit_row(unit: Unit) -> list[Any]:
    """A line of the sheet *Đơn vị*, as it is typed."""
    where = [unit.code, unit.name, unit.group, unit.email, unit.submitted, unit.official_file]
    return [*where, unit.last_year_code, unit.parent, unit.post, unit.signer]


def default_settings(criteria: CriteriaSet, year: int) -> dict[str, Any]:
    """What a new campaign begins with."""
    place = criteria.place
    return {
        "Tên đợt chấm": f"Chấm điểm Chỉ số cải cách hành chính năm {year}",
        "Năm": year,
        "Cơ quan chủ quản": f"UBND tỉnh {place}" if place else "",
        "Cơ quan chủ trì": f"Sở Nội vụ tỉnh {place}" if place else "Sở Nội vụ",
        "Địa danh": place,
        "Kiểu đồng hạng": "1-1-3",
        **{one.subject_item: one.subject for one in LETTERS.values()},
        **{one.body_item: one.body.strip() for one in LETTERS.values()},
    }


def _head(book: Book, sheet: Sheet, names: dict[str, str]) -> None:
    style = book.cell(bold=True, align="center", bg_color=COLOURS["area"])
    for column, (name, comment) in enumerate(names.items()):
        sheet.write_string(0, column, name, style)
        if comment:
            _comment(sheet, 0, column, comment)
    sheet.tall(1, 24)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    landscape(sheet, sheet.get_name())
    sheet.fit_to_pages(1, 0)


def _items(book: Book, name: str, items: tuple[Item, ...], values: dict[str, Any]) -> None:
    sheet = book.sheet(name)
    for number, width in enumerate(ITEM_WIDTHS[name]):
        sheet.set_column(number, number, width)
    _head(book, sheet, {ITEM: "Không sửa cột này.", VALUE: "Nhập vào cột này."})
    for row, item in enumerate(items, start=1):
        sheet.write_string(row, 0, item.name, book.cell(valign="top"))
        _comment(sheet, row, 1, item.comment)
        value = values.get(item.name)
        _value(book, sheet, row, 1, item.kind, value)
        sheet.tall(row + 1, row_height([(str(value or ""), ITEM_WIDTHS[name][1], float(SIZE), False)]))
        _validate(sheet, row, row, 1, item.kind, item.choices)


def _comment(sheet: Sheet, row: int, column: int, text: str) -> None:
    tall = max(1.0, len(text) / SHORT_COMMENT)
    sheet.write_comment(row, column, text, {"x_scale": 2, "y_scale": tall, "author": "parxl"})


def _table(book: Book, name: str, columns: tuple[Column, ...], rows: list[list[Any]]) -> None:
    sheet = book.sheet(name)
    _head(book, sheet, {c.name: c.comment for c in columns})
    for number, column in enumerate(columns):
        sheet.set_column(number, number, column.width)
        _validate(sheet, 1, EMPTY_ROWS, number, column.kind, column.choices)
        for row in range(1, max(EMPTY_ROWS, len(rows)) + 1):
            value = rows[row - 1][number] if row <= len(rows) else None
            _value(book, sheet, row, number, column.kind, value)
    for row, values in enumerate(rows, start=2):
        texts = zip(values, columns, strict=True)
        sheet.tall(row, row_height([(str(v or ""), c.width, float(SIZE), False) for v, c in texts]))


def _value(book: Book, sheet: Sheet, row: int, column: int, kind: str, value: Any) -> None:
    formats = {"code": "@", "date": "dd/mm/yyyy", "text": "@"}
    look = {"bg_color": COLOURS["input"], "align": "left", "valign": "top" if kind == "letter" else "vcenter"}
    style = book.cell(**look, **({"num_format": formats[kind]} if kind in formats else {}))
    if value is None or value == "":
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, column, dt.datetime(value.year, value.month, value.day), style)
    elif isinstance(value, (int, float)):
        sheet.write_number(row, column, value, style)
    else:
        sheet.write_string(row, column, str(value), style)


def _validate(sheet: Sheet, first: int, last: int, column: int, kind: str, choices: tuple[str, ...]) -> None:
    area = f"{chr(65 + column)}{first + 1}:{chr(65 + column)}{last + 1}"
    if choices:
        options: dict[str, Any] = {"validate": "list", "source": list(choices)}
        message = "Chọn một trong: " + "; ".join(choices) + "."
    elif kind == "date":
        options = {"validate": "date", "criteria": ">", "value": dt.date(2000, 1, 1)}
        message = "Ghi ngày dạng ngày/tháng/năm."
    elif kind == "number":
        options = {"validate": "decimal", "criteria": ">=", "value": 0}
        message = "Ghi một số không âm."
    elif kind == "signed":
        options = {"validate": "decimal", "criteria": "!=", "value": 0}
        message = "Ghi số dương để cộng, số âm để trừ."
    else:
        return
    sheet.validate(area, {**options, "error_title": "Chưa đúng", "error_message": message})


def _lists(book: Book, criteria: CriteriaSet) -> None:
    """The codes that the other sheets may name; for looking up, never read."""
    sheet = book.sheet(LISTS)
    for number, width in enumerate((18, 90, 12)):
        sheet.set_column(number, number, width)
    _head(book, sheet, {"Mã tiêu chí": "", "Tên": "", "Điểm tối đa": ""})
    lines = [(n.code, n.title, str(n.max)) for n in criteria.criterion]
    lines += [(key, f"{n.title} – {p.title}", str(p.rule.max)) for key, n, p in criteria.parts if p.id]
    for row, line in enumerate(lines, start=1):
        for column, text in enumerate(line):
            sheet.write_string(row, column, text, book.cell())
        sheet.tall(row + 1, row_height([(line[1], 90, float(SIZE), False)]))
    sheet.protect()


def _guide(book: Book, criteria: CriteriaSet) -> None:
    sheet = book.sheet(GUIDE)
    sheet.set_column("A:A", GUIDE_WIDTHS[0])
    sheet.set_column("B:B", GUIDE_WIDTHS[1])
    _line(book, sheet, 1, "Bộ tiêu chí", f"{criteria.title} ({criteria.decision})")
    for number, text in enumerate(STEPS, start=1):
        _line(book, sheet, number + 2, f"Bước {number}", text)
    first = len(STEPS) + 4
    _line(book, sheet, first, "Ví dụ", "Giá trị các cột, từ trái sang phải, cách nhau bằng dấu |")
    for row, (name, text) in enumerate(EXAMPLES, start=first + 1):
        _line(book, sheet, row, name, text, italic=True)
    landscape(sheet, GUIDE)
    sheet.fit_to_pages(1, 0)
    sheet.protect()


def _line(book: Book, sheet: Sheet, row: int, label: str, text: str, italic: bool = False) -> None:
    sheet.write_string(f"A{row}", label, book.style(bold=not italic, valign="top"))
    sheet.write_string(f"B{row}", text, book.style(italic=italic, valign="top"))
    sheet.tall(row, row_height([(text, GUIDE_WIDTHS[1], float(SIZE), False)]))
