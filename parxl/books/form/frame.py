"""What stands over and under the official table: national header, titles, status, signatures."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from parxl.books.form.data import FormData
from parxl.books.metrics import row_height
from parxl.books.styles import COLOURS, SIZE, Book, Sheet
from parxl.criteria import CriteriaSet
from parxl.layout import EVIDENCE, INPUT, MAX, SCORE, SHEET_CHECK, STT, SUBMISSION_LABEL, TITLE, Layout
from parxl.live import Live

COUNTRY, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
RESTORED_NOTE = (
    "Ghi chú: công thức tính điểm tại các mục {codes} là công thức tạm khôi phục, chờ đối chiếu với bản gốc."
)
SEE_CHECK = f" – xem trang {SHEET_CHECK}"
DOTS = "…………………………………"


def restored_note(criteria: CriteriaSet, checked: str | bool, among: Collection[str] | None = None) -> str:
    """What stands on everything that rests on a restored formula, until somebody has checked it.

    ``among``: the criteria shown, where not all are.
    """
    codes = [code for code in criteria.restored if among is None or code in among]
    if checked or not codes:
        return ""
    return RESTORED_NOTE.format(codes=", ".join(codes))


# Over the table -----------------------------------------------------------------------------------


def write_head(book: Book, sheet: Sheet, data: FormData, live: Live) -> None:
    centre = {"align": "center"}
    bold = book.style(bold=True, **centre)
    left, right = f"{STT}{{0}}:{TITLE}{{0}}", f"{MAX}{{0}}:{EVIDENCE}{{0}}"
    sheet.merge_range(left.format(1), (data.authority or DOTS).upper(), book.style(**centre))
    sheet.merge_range(left.format(2), (data.unit_name or DOTS).upper(), bold)
    sheet.merge_range(right.format(1), COUNTRY, bold)
    sheet.merge_range(right.format(2), MOTTO, book.style(bold=True, underline=1, **centre))
    where = f"{data.place or '…………'}, ngày …… tháng …… năm ………"
    sheet.merge_range(right.format(3), where, book.style(italic=True, **centre))
    sheet.tall(2, row_height([((data.unit_name or DOTS).upper(), 63, SIZE, True)]))
    _titles(book, sheet, data)
    _status(book, sheet, data.layout, data.submission, live)


def _titles(book: Book, sheet: Sheet, data: FormData) -> None:
    layout = data.layout
    looks: dict[str, dict[str, Any]] = {
        "annex": {"bold": True},
        "title": {"bold": True, "font_size": 13},
        "decision": {"italic": True},
    }
    for number, line in enumerate(layout.criteria.preamble, start=layout.preamble_row):
        style = book.style(align="center", **looks[line.role])
        sheet.merge_range(f"{STT}{number}:{EVIDENCE}{number}", line.text, style)
        sheet.tall(number, row_height([(line.text, 128, 13, True)]))
    text = f"PHIẾU CHẤM ĐIỂM NĂM {data.year}"
    if data.campaign_name:
        text += f" – {data.campaign_name}"
    row = layout.title_row
    sheet.merge_range(f"{STT}{row}:{EVIDENCE}{row}", text, book.style(bold=True, align="center", font_size=13))
    sheet.tall(row, 24)


def _status(book: Book, sheet: Sheet, layout: Layout, submission: int, live: Live) -> None:
    row = layout.status_row
    sheet.merge_range(f"{STT}{row}:{MAX}{row}", "", book.style(bold=True))
    found = f"'{SHEET_CHECK}'!$A$3"
    formula = f'=IF(LEFT({found},3)="CÒN",{found}&"{SEE_CHECK}",{found})'
    text = status_text(live)
    text += SEE_CHECK if text.startswith("CÒN") else ""
    sheet.write_formula(f"{STT}{row}", formula, book.style(bold=True), text)
    label = book.style(align="right")
    sheet.merge_range(f"{INPUT}{row}:{SCORE}{row}", SUBMISSION_LABEL, label)
    style = book.cell(align="center", bold=True, bg_color=COLOURS["input"], locked=False)
    sheet.write_number(layout.submission_cell, submission, style)
    sheet.tall(row, 22)


def status_text(live: Live) -> str:
    """The value of the status line on the check sheet; the table's repeats it."""
    count = unfinished(live)
    if not count:
        return "ĐÃ NHẬP ĐỦ SỐ LIỆU"
    return f"CÒN {count} TIÊU CHÍ CHƯA NHẬP XONG"


def unfinished(live: Live) -> int:
    """How many leaves are missing, contradictory or damaged."""
    return sum(
        str(live.leaf_state(node)) in ("missing", "contradictory", "damaged")
        for node in live.criteria.leaves
        if node.parts
    )


# Under the table ----------------------------------------------------------------------------------


def write_foot(book: Book, sheet: Sheet, data: FormData) -> None:
    layout = data.layout
    if text := restored_note(layout.criteria, data.formula_checked):
        row = layout.note_row
        sheet.merge_range(f"{STT}{row}:{EVIDENCE}{row}", text, book.style(italic=True, font_size=11))
        sheet.tall(row, row_height([(text, 125, 11, False)]))
    _signatures(book, sheet, data)
    label = book.style(align="right", italic=True)
    row = layout.checksum_row
    sheet.merge_range(f"{MAX}{row}:{SCORE}{row}", "Mã đối chiếu:", label)
    tiny = book.style(font_size=8, font_color=COLOURS["grey"], text_wrap=False)
    sheet.write_string(layout.identity_cell, data.identity.line, tiny)


def _signatures(book: Book, sheet: Sheet, data: FormData) -> None:
    first = data.layout.sign_row
    left, right = f"{STT}{{0}}:{TITLE}{{0}}", f"{INPUT}{{0}}:{EVIDENCE}{{0}}"
    bold = book.style(bold=True, align="center")
    italic = book.style(italic=True, align="center")
    sheet.merge_range(left.format(first + 1), "NGƯỜI LẬP PHIẾU", bold)
    post = (data.post or "Thủ trưởng đơn vị").upper()
    sheet.merge_range(right.format(first + 1), post, bold)
    sheet.merge_range(left.format(first + 2), "(Ký, ghi rõ họ tên)", italic)
    sheet.merge_range(right.format(first + 2), "(Ký tên, đóng dấu)", italic)
    sheet.tall(first + 3, 60)
    if data.signer:
        sheet.merge_range(right.format(first + 4), data.signer, bold)
