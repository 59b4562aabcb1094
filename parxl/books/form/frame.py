"""What stands over and under the official table: national header, titles, status, signatures."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from parxl.books.form.data import Common, FormData
from parxl.books.metrics import row_height
from parxl.books.stamped import Stamped
from parxl.books.styles import COLOURS, SIZE, Book, Sheet
from parxl.criteria import CriteriaSet
from parxl.layout import (
    EVIDENCE,
    INPUT,
    MAX,
    SCORE,
    SHEET_CHECK,
    STT,
    SUBMISSION_LABEL,
    TITLE,
    Layout,
)

COUNTRY, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
RESTORED_NOTE = (
    "Ghi chú: công thức tính điểm tại các mục {codes} là công thức tạm khôi phục, chờ đối chiếu với bản gốc."
)
SEE_CHECK = f" – xem trang {SHEET_CHECK}"
DOTS = "…………………………………"
UNIT_ROW, UNIT_WIDTH = 2, 63


def restored_note(criteria: CriteriaSet, checked: str | bool, among: Collection[str] | None = None) -> str:
    """What stands on everything that rests on a restored formula, until somebody has checked it.

    ``among``: the criteria shown, where not all are.
    """
    codes = [code for code in criteria.restored if among is None or code in among]
    if checked or not codes:
        return ""
    return RESTORED_NOTE.format(codes=", ".join(codes))


def slot(name: str) -> str:
    """What is drawn where a text of the unit's own may stand: in each place another, for texts are numbered
    in the order in which they are drawn.
    """
    return DOTS + name


# Over the table -----------------------------------------------------------------------------------


def draw_head(book: Book, sheet: Sheet, common: Common, status: str) -> None:
    centre = {"align": "center"}
    bold = book.style(bold=True, **centre)
    left, right = f"{STT}{{0}}:{TITLE}{{0}}", f"{MAX}{{0}}:{EVIDENCE}{{0}}"
    sheet.merge_range(left.format(1), slot("authority"), book.style(**centre))
    sheet.merge_range(left.format(UNIT_ROW), slot("unit"), bold)
    sheet.merge_range(right.format(1), COUNTRY, bold)
    sheet.merge_range(right.format(2), MOTTO, book.style(bold=True, underline=1, **centre))
    where = f"{common.place or '…………'}, ngày …… tháng …… năm ………"
    sheet.merge_range(right.format(3), where, book.style(italic=True, **centre))
    _titles(book, sheet, common)
    _status(book, sheet, common.layout, status)


def _titles(book: Book, sheet: Sheet, common: Common) -> None:
    layout = common.layout
    looks: dict[str, dict[str, Any]] = {
        "annex": {"bold": True},
        "title": {"bold": True, "font_size": 13},
        "decision": {"italic": True},
    }
    for number, line in enumerate(layout.criteria.preamble, start=layout.preamble_row):
        style = book.style(align="center", **looks[line.role])
        sheet.merge_range(f"{STT}{number}:{EVIDENCE}{number}", line.text, style)
        sheet.tall(number, row_height([(line.text, 128, 13, True)]))
    text = f"PHIẾU CHẤM ĐIỂM NĂM {common.year}"
    if common.campaign_name:
        text += f" – {common.campaign_name}"
    row = layout.title_row
    sheet.merge_range(f"{STT}{row}:{EVIDENCE}{row}", text, book.style(bold=True, align="center", font_size=13))
    sheet.tall(row, 24)


def _status(book: Book, sheet: Sheet, layout: Layout, status: str) -> None:
    row = layout.status_row
    sheet.merge_range(f"{STT}{row}:{MAX}{row}", "", book.style(bold=True))
    found = f"'{SHEET_CHECK}'!$A$3"
    formula = f'=IF(LEFT({found},3)="CÒN",{found}&"{SEE_CHECK}",{found})'
    sheet.write_formula(f"{STT}{row}", formula, book.style(bold=True), _status_text(status))
    label = book.style(align="right")
    sheet.merge_range(f"{INPUT}{row}:{SCORE}{row}", SUBMISSION_LABEL, label)
    style = book.cell(align="center", bold=True, bg_color=COLOURS["input"], locked=False)
    sheet.write_number(layout.submission_cell, 1, style)
    sheet.tall(row, 22)


def _status_text(status: str) -> str:
    """``status``: the line on the check sheet, which this one repeats."""
    return status + (SEE_CHECK if status.startswith("CÒN") else "")


# Under the table ----------------------------------------------------------------------------------


def draw_foot(book: Book, sheet: Sheet, common: Common) -> None:
    layout = common.layout
    if text := restored_note(layout.criteria, common.formula_checked):
        row = layout.note_row
        sheet.merge_range(f"{STT}{row}:{EVIDENCE}{row}", text, book.style(italic=True, font_size=11))
        sheet.tall(row, row_height([(text, 125, 11, False)]))
    _signatures(book, sheet, common)
    label = book.style(align="right", italic=True)
    row = layout.checksum_row
    sheet.merge_range(f"{MAX}{row}:{SCORE}{row}", "Mã đối chiếu:", label)
    tiny = book.style(font_size=8, font_color=COLOURS["grey"], text_wrap=False)
    sheet.write_string(layout.identity_cell, slot("identity"), tiny)


def _signatures(book: Book, sheet: Sheet, common: Common) -> None:
    first = common.layout.sign_row
    left, right = f"{STT}{{0}}:{TITLE}{{0}}", f"{INPUT}{{0}}:{EVIDENCE}{{0}}"
    bold = book.style(bold=True, align="center")
    italic = book.style(italic=True, align="center")
    sheet.merge_range(left.format(first + 1), "NGƯỜI LẬP PHIẾU", bold)
    sheet.merge_range(right.format(first + 1), slot("post"), bold)
    sheet.merge_range(left.format(first + 2), "(Ký, ghi rõ họ tên)", italic)
    sheet.merge_range(right.format(first + 2), "(Ký tên, đóng dấu)", italic)
    sheet.tall(first + 3, 60)
    if common.is_signed:
        sheet.merge_range(right.format(first + 4), slot("signer"), bold)


# What is the unit's own ---------------------------------------------------------------------------


def fill_frame(sheet: Stamped, data: FormData) -> None:
    """Whose the form is; empty strings print as dotted room to write on."""
    layout, unit = data.layout, (data.unit_name or DOTS).upper()
    sheet.put(f"{STT}1", (data.authority or DOTS).upper())
    sheet.put(f"{STT}{UNIT_ROW}", unit)
    sheet.tall(UNIT_ROW, row_height([(unit, UNIT_WIDTH, float(SIZE), True)]))
    sheet.put(layout.submission_cell, data.submission)
    sheet.put(f"{INPUT}{layout.sign_row + 1}", (data.post or "Thủ trưởng đơn vị").upper())
    if data.signer:
        sheet.put(f"{INPUT}{layout.sign_row + 4}", data.signer)
    sheet.put(layout.identity_cell, data.identity.line)


def fill_status(sheet: Stamped, layout: Layout, status: str) -> None:
    sheet.result(f"{STT}{layout.status_row}", _status_text(status))
