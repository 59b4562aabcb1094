"""What may be typed into the cells of *Tính thử*: what the form's own cells take, and a little more."""

from __future__ import annotations

from typing import Any

from parxl.books.form.inputs import input_validation
from parxl.books.unit.whatif_places import TRY, Line, Places, is_independent
from parxl.exact import points_text
from parxl.rules.marks import MARKS

UNMARKED, ITEM_HINT = "0", "Gõ x để tính nội dung này; gõ 0 để bỏ nội dung đã chọn."


def try_validation(places: Places, line: Line) -> dict[str, Any]:
    """The validation of the cell to type into; only what is tried is compared, in any order of typing."""
    part, wanted = line.part, line.input
    if part is None or wanted is None:
        return _points_validation(places, line)

    def cell(input_id: str) -> str:
        return places.at(TRY, line.node.input_key(part, input_id))

    if wanted.kind == "mark" and is_independent(part, wanted):
        return input_validation(line.node.code, part.rule, wanted, cell, (*MARKS, UNMARKED), ITEM_HINT)
    return input_validation(line.node.code, part.rule, wanted, cell)


def _points_validation(places: Places, line: Line) -> dict[str, Any]:
    """Of a leaf whose points the department enters."""
    cell, decimals = f"{TRY}{line.number}", places.decimals
    units = places.criteria.units(line.node.max)
    words = f"Nhập điểm từ 0 đến {points_text(units, decimals)}, tối đa {decimals} chữ số thập phân."
    bounds = f"{cell}>=0,{cell}<={places.literal(units)},{cell}=ROUND({cell},{decimals})"
    return {
        "validate": "custom",
        "value": f"=AND(ISNUMBER({cell}),{bounds})",
        "input_title": f"Mục {line.node.code}",
        "input_message": words,
        "error_title": "Chưa đúng",
        "error_message": words,
    }
