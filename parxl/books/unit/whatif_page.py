"""*Tính thử*: its columns, its sizes, and the look of each row."""

from __future__ import annotations

from typing import Any

from parxl.books.styles import COLOURS, SIZE, count_format, number_format
from parxl.books.unit.whatif_places import (
    CHANGE,
    CODE,
    COUNTED,
    INDEX_ROW,
    MAX,
    MAXIMUM_ROW,
    NOTE,
    NOW,
    SENT,
    STATE,
    TITLE,
    TOTAL_ROW,
    TRIED,
    TRY,
    TYPED,
    VALUE,
    Line,
)

SHEET = "Tính thử"
COLUMNS = {
    CODE: ("Mã", 8.5),
    TITLE: ("Nội dung", 60.0),
    MAX: ("Điểm tối đa", 8.0),
    SENT: ("Số liệu đã nộp", 13.0),
    TRY: ("Số liệu thử", 13.0),
    NOW: ("Điểm hiện nay", 9.0),
    TRIED: ("Điểm thử", 9.0),
    CHANGE: ("Thay đổi", 9.0),
    NOTE: ("Ghi chú", 19.0),
}
WIDE = sum(width for _, width in COLUMNS.values())
HIDDEN = {TYPED: "đã gõ", VALUE: "được tính", STATE: "tình trạng", COUNTED: "điểm tính"}
TOTAL = "Tổng điểm"
TOP_NAMES = {TOTAL_ROW: "total", MAXIMUM_ROW: "maximum", INDEX_ROW: "index"}
TITLE_SIZE, SMALL = 13, 11
SCALE = 82  # percent at which the columns fill A4 landscape; Excel ignores page breaks with fit-to-page
Look = dict[str, Any]


def wording(line: Line) -> tuple[str, float, float, bool]:
    """For the height of a row: what it is about."""
    width = COLUMNS[TITLE][1] - 2 * indent_of(line)
    return text_of(line), width, float(SIZE), bool(look_of(line).get("bold"))


def text_of(line: Line) -> str:
    if line.input:
        return line.input.text
    return line.part.title if line.part else line.node.title


def indent_of(line: Line) -> int:
    if line.input:
        return 2 if line.part and line.part.id else 1
    return 1 if line.part else 0


def look_of(line: Line) -> Look:
    if line.part:
        return {} if line.input else {"italic": True}
    if line.node.depth == 1:
        return {"bold": True, "bg_color": COLOURS["area"]}
    return {"bold": True, "bg_color": COLOURS["group"]} if line.node.kind == "group" else {"bold": True}


def input_look(line: Line, decimals: int) -> Look:
    """Of what is submitted and tried: a number as it is counted, a mark, or points."""
    if line.input is None:
        return {**look_of(line), "num_format": number_format(decimals)}
    if line.input.kind == "mark":
        return look_of(line)
    return {**look_of(line), "num_format": count_format(line.input)}
