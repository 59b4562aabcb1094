"""*Gợi ý cải thiện điểm số*: what the unit can do, what each step would give, and where to try it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parxl.books.listing import Column, Table
from parxl.books.styles import Book, Sheet, landscape, signed
from parxl.books.unit.own import DASH, Own, write_title
from parxl.books.unit.whatif import SHEET as SHEET_WHATIF
from parxl.league.gains import Gain

TITLE = "GỢI Ý CẢI THIỆN ĐIỂM SỐ"
KINDS = {
    "cases": "Thêm kết quả",
    "document": "Hoàn thành công việc, văn bản",
    "deadline": "Thực hiện đúng thời hạn",
    "figures": "Nhập, sửa số liệu",
    "survey": "Nâng mức hài lòng",
    "appraisal": "Giải trình thẩm định",
}
STEPS = {"next": "Bước gần nhất", "full": "Đạt điểm tối đa"}
WORDS = (
    "Mỗi dòng là một việc riêng: điểm, Chỉ số và hạng mới là của đơn vị nếu chỉ thực hiện việc đó, mọi số liệu "
    "khác và kết quả của các đơn vị khác giữ nguyên. Hai bước của cùng một tiêu chí không cộng với nhau. "
    "Xếp trước là những mức mà nhiều đơn vị trong {group} đã đạt. Việc đã quá thời hạn thì chỉ có thể làm đúng "
    "ở năm sau. Với số liệu phải nhập, sửa, điểm mới là mức cao nhất có thể đạt. "
    "Đây là gợi ý tính từ số liệu đã nộp; kết quả chính thức do thẩm định quyết định."
)
TRY = " Bấm vào địa chỉ ở cột cuối để thử số liệu khác."
NO_GAPS = "Đơn vị đạt điểm tối đa ở tất cả tiêu chí, nên không có gợi ý."
NOTHING = (
    "Không có gợi ý: phần điểm chưa đạt không thay đổi được bằng số liệu của đơn vị (còn chờ hướng dẫn, chờ "
    "điểm khảo sát, hoặc đã được thẩm định)."
)
HELD = 8  # column


def write_gains(book: Book, sheet: Sheet, own: Own, cells: Mapping[str, str]) -> None:
    """Write the whole sheet. ``cells``: part key -> the cell of the what-if sheet to type into."""
    gains, columns = own.results.analysis.gains[own.unit.code], _columns(own)
    width = sum(column.width for column in columns)
    words = WORDS.format(group=own.group) + (TRY if any(one.key in cells for one in gains) else "")
    if not gains:
        words = NOTHING if own.gaps else NO_GAPS
    top = write_title(book, sheet, own, width, len(columns), TITLE, words)
    if gains:
        table = Table(book, sheet, columns, top)
        for gain in gains:
            _row(table, own, gain, cells.get(gain.key, ""))
        sheet.freeze_panes(top, 2)
        sheet.repeat_rows(top - 1)
    else:
        for number, column in enumerate(columns):
            sheet.set_column(number, number, column.width)
    landscape(sheet, own.unit.name)
    sheet.fit_to_pages(1, 0)


def _columns(own: Own) -> list[Column]:
    return [
        Column("Mã", 8.0, align="center"),
        Column("Tiêu chí", 36.0),
        Column("Loại việc", 17.0, align="center"),
        Column("Việc cần làm", 50.0),
        Column("Bước", 12.0, align="center"),
        own.column("Điểm hiện nay", 9.0),
        own.column("Điểm mới", 9.0),
        Column("Tăng", 9.0, signed(own.digits), own.scale),
        Column(f"Đơn vị trong {own.group} đã đạt", 11.0, "0"),
        own.column("Tổng điểm mới", 9.0),
        own.column("Chỉ số mới (%)", 9.0),
        Column("Hạng mới", 8.0, "0"),
        Column(SHEET_WHATIF, 8.0, align="center"),
    ]


def _row(table: Table, own: Own, gain: Gain, cell: str) -> None:
    texts = [gain.code, _title(own, gain), KINDS[gain.kind], own.suggested(gain), STEPS[gain.step]]
    held = gain.holders if own.has_peers else None
    figures = [gain.before, gain.after, gain.gain, held, gain.total, gain.index, gain.rank]
    looks: list[dict[str, Any]] = [{} for _ in table.columns]
    looks[HELD - 1] = {"bold": True}
    looks[HELD] = {"num_format": f'0"/{gain.peers}"'}
    table.row([*texts, *figures, ""], looks)
    if held is None:
        table.sheet.write_string(table.last - 1, HELD, DASH, table.book.cell(align="center"))
    if cell:
        # On the address: LibreOffice does not wrap a cell that holds a link.
        link = table.book.cell(align="center", font_color="#0563C1", underline=1)
        at = f"internal:'{SHEET_WHATIF}'!{cell}"
        table.sheet.write_url(table.last - 1, len(table.columns) - 1, at, link, cell)


def _title(own: Own, gain: Gain) -> str:
    """The criterion's, with the name of the part that the suggestion is about."""
    title = own.criteria.by_code[gain.code].title.replace("\n", " ")
    parts = {at.key: at.part for at in own.criteria.parts if at.part.id}
    return f"{title} – {parts[gain.key].title}" if gain.key in parts else title
