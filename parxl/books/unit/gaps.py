"""*Tiêu chí chưa đạt điểm tối đa*: each with what is short, why, and how many of the group have it all."""

from __future__ import annotations

from typing import Any

import pandas as pd

from parxl.books.listing import Column, Table
from parxl.books.styles import COLOURS, Book, Sheet, landscape
from parxl.books.tables import area_name, number_cell
from parxl.books.unit.own import DASH, Own, write_title

TITLE = "TIÊU CHÍ CHƯA ĐẠT ĐIỂM TỐI ĐA"
NOTHING = "Đơn vị đạt điểm tối đa ở tất cả tiêu chí."
WORDS = (
    "Xếp theo chênh lệch giữa điểm tối đa của đơn vị và điểm cuối, từ lớn đến nhỏ. "
    "Tiêu chí còn chờ được tính 0 điểm cho đến khi có kết quả."
)
POINTS, GAP = 4, 5  # columns


def write_gaps(book: Book, sheet: Sheet, own: Own) -> None:
    """Write the whole sheet; it says so where nothing is short."""
    columns = _columns(own)
    width = sum(column.width for column in columns)
    top = write_title(book, sheet, own, width, len(columns), TITLE, WORDS if own.gaps else "")
    if own.gaps:
        table = Table(book, sheet, columns, top)
        for code, gap in own.gaps:
            _row(table, own, code, gap)
        _total(table, own)
        sheet.freeze_panes(top, 2)
        sheet.repeat_rows(top - 1)
    else:
        for number, column in enumerate(columns):
            sheet.set_column(number, number, column.width)
        sheet.write_string(top - 1, 0, NOTHING, book.style(bold=True, text_wrap=False))
    landscape(sheet, own.unit.name)
    sheet.fit_to_pages(1, 0)


def _columns(own: Own) -> list[Column]:
    return [
        Column("Mã", 8.0, align="center"),
        Column("Tiêu chí", 42.0),
        Column("Lĩnh vực", 24.0),
        own.column("Điểm tối đa", 9.0),
        own.column("Điểm đạt được", 10.0),
        own.column("Chênh lệch", 10.0),
        Column("Vì sao", 56.0),
        Column(f"Đơn vị trong {own.group} đạt điểm tối đa", 13.0, "0"),
        own.column(f"Điểm bình quân của {own.group}", 12.0),
    ]


def _row(table: Table, own: Own, code: str, gap: dict[str, Any]) -> None:
    node, peers = own.criteria.by_code[code], own.peers[code]
    area = area_name(own.criteria.by_code[code.split(".")[0]])
    why = "\n".join([own.result.explanations[code].sentence, *own.appraisals(code)])
    texts = [code, node.title.replace("\n", " "), area]
    figures = [gap["maximum"], gap["points"], gap["gap"]]
    # Of one unit alone there is no mean.
    has_peers = peers["scored"] > 1
    beside = [peers["full"], peers["mean"]] if has_peers else [None, None]
    looks: list[dict[str, Any]] = [{} for _ in table.columns]
    looks[GAP] = {"bold": True}
    looks[-2] = {"num_format": f'0"/{peers["scored"]}"'}
    table.row([*texts, *figures, why, *beside], looks)
    centre = table.book.cell(align="center")
    if pd.isna(gap["points"]):
        table.sheet.write_string(table.last - 1, POINTS, own.why_open(code), centre)
    if not has_peers:
        for column in (-2, -1):
            table.sheet.write_string(table.last - 1, len(table.columns) + column, DASH, centre)


def _total(table: Table, own: Own) -> None:
    """What the gaps add up to; what the department adds or takes away in the end is no gap."""
    book, sheet, row = table.book, table.sheet, table.last + 2
    bold = {"bold": True, "bg_color": COLOURS["area"]}
    label = "Toàn bộ các tiêu chí của đơn vị (chưa kể điểm cộng, điểm trừ)"
    sheet.merge_range(row - 1, 0, row - 1, 2, label, book.cell(**bold))
    number = book.cell(align="center", num_format=own.digits, **bold)
    for column, name in enumerate(("maximum", "scored", "short"), start=3):
        number_cell(sheet, row, column, own.standing[name], number, own.scale)
    sheet.tall(row, 20)
