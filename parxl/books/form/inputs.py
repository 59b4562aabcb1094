"""What guides the hand in the table: validation with Vietnamese prompts, colours and notes.

Pasting overwrites validation, so it is help for the one who types, never the gate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from parxl.books.metrics import column_pixels, line_count
from parxl.books.styles import COLOURS, FONT, Book, Sheet
from parxl.criteria import Node, Part
from parxl.layout import CHECK, INPUT, STATE, STT, VALUE, Layout, Row
from parxl.live import CONTRADICTORY, DAMAGE, DONE, MISSING, WAITING
from parxl.rules import Input, Rule, State
from parxl.rules.base import Ref
from parxl.rules.marks import MARKS

TITLE_LIMIT, MESSAGE_LIMIT = 32, 255
NOTE_WIDTH, NOTE_SIZE, NOTE_LINE = 45, 10, 18  # characters; points; pixels a line
NOTE_AUTHOR = "parxl"
MARK_HINT = "Gõ x để chọn dòng này."


def open_look(to_mend: bool) -> dict[str, Any]:
    """A cell that a person types into; one to mend keeps its red frame whatever is typed."""
    frame = {"border": 2, "border_color": COLOURS["mend"]} if to_mend else {"border": 1}
    return {**frame, "bg_color": COLOURS["input"], "locked": False}


def validate_inputs(sheet: Sheet, layout: Layout) -> None:
    """One validation for each input cell, and one for *Lần nộp*."""
    for row in layout.input_rows.values():
        assert row.node is not None
        assert row.part is not None
        _validate(sheet, layout, row, row.node, row.part)
    sheet.validate(layout.submission_cell, submission_validation())


def _validate(sheet: Sheet, layout: Layout, row: Row, node: Node, part: Part) -> None:
    assert row.input is not None
    options = input_validation(
        node.code, part.rule, row.input, lambda i: layout.input_cell(node.input_key(part, i))
    )
    sheet.validate(layout.input_cell(row.input_key), options)


def input_validation(
    code: str, rule: Rule, wanted: Input, cell: Ref, marks: Sequence[str] = MARKS, mark_hint: str = MARK_HINT
) -> dict[str, Any]:
    """What may be typed for one input of a criterion; ``cell`` gives the address of an input's own cell."""
    condition, words = rule.validation(wanted.id, cell)
    is_mark, own = wanted.kind == "mark", cell(wanted.id)
    typed = _mark_condition(own, marks) if is_mark else _count_condition(own, wanted.decimals)
    hint = mark_hint if is_mark else _count_hint(wanted)
    return {
        "validate": "custom",
        "value": f"=AND({typed},{condition})" if condition else f"=AND({typed})",
        "input_title": f"Mục {code}"[:TITLE_LIMIT],
        "input_message": _message(wanted.text, hint, words),
        "error_title": "Chưa đúng",
        "error_message": _message("", hint, words),
    }


def _count_condition(cell: str, decimals: int) -> str:
    whole = f"{cell}=ROUND({cell},{decimals})" if decimals else f"{cell}=INT({cell})"
    return f"ISNUMBER({cell}),{whole},{cell}>=0,{cell}<=10^9"


def _mark_condition(cell: str, marks: Sequence[str]) -> str:
    return "OR(" + ",".join(f'LOWER({cell})="{mark}"' for mark in marks) + ")"


def _count_hint(found: Input) -> str:
    kind = f"số có tối đa {found.decimals} chữ số thập phân" if found.decimals else "số nguyên"
    return f"Nhập {kind} từ 0 đến 1.000.000.000; nhập 0 nếu không có."


def _message(label: str, hint: str, words: str) -> str:
    """Label, hint and rule within Excel's 255 characters; only the label is ever cut."""
    tail = f"{hint} {words}".strip()
    room = MESSAGE_LIMIT - len(tail) - 1
    if not label:
        return tail
    short = label if len(label) <= room else label[: room - 1].rstrip() + "…"
    return f"{short}\n{tail}"


def submission_validation() -> dict[str, Any]:
    """What *Lần nộp* may be."""
    return {
        "validate": "integer",
        "criteria": "between",
        "minimum": 1,
        "maximum": 99,
        "input_title": "Lần nộp",
        "input_message": "Nộp lần đầu ghi 1; mỗi lần nộp lại ghi thêm 1.",
        "error_title": "Chưa đúng",
        "error_message": "Ghi số nguyên từ 1 đến 99.",
    }


# Colours ------------------------------------------------------------------------------------------


def add_formats(book: Book, sheet: Sheet, layout: Layout) -> None:
    """Colour what is missing and what contradicts, beside the input and in the check column."""
    missing = book.workbook.add_format({"bg_color": COLOURS["missing"]})
    wrong = book.workbook.add_format({"bg_color": COLOURS["wrong"]})
    done = book.workbook.add_format({"bg_color": COLOURS["done"]})
    for key, node, part in layout.criteria.parts:
        state = f"${STATE}${layout.part_rows[key]}"
        cells = [layout.input_rows[node.input_key(part, i.id)] for i in part.rule.inputs]
        blank = f'OR(${VALUE}{cells[0].number}="",${VALUE}{cells[0].number}=0)'
        _colour(sheet, cells, f'=OR({state}="{State.CONTRADICTORY}",{_bad(cells[0])})', wrong)
        _colour(sheet, cells, f'=AND({state}="{State.MISSING}",{blank})', missing)
    first, last = layout.rows[0].number, layout.rows[-1].number
    for words, look in ((DONE, done), (MISSING, missing), (WAITING, missing), (CONTRADICTORY, wrong)):
        _words(sheet, f"{CHECK}{first}:{CHECK}{last}", words, look)
    for words in (DAMAGE, "◄ sai"):
        _words(sheet, f"{CHECK}{first}:{CHECK}{last}", words, wrong)
    whole = f'=LEFT(${STT}${layout.status_row},2)="ĐÃ"'
    area = f"{STT}{layout.status_row}"
    sheet.conditional_format(area, {"type": "formula", "criteria": whole, "format": done})
    opened = f'=LEFT(${STT}${layout.status_row},2)<>"ĐÃ"'
    sheet.conditional_format(area, {"type": "formula", "criteria": opened, "format": missing})


def _bad(row: Row) -> str:
    return f'${VALUE}{row.number}="!"'


def _colour(sheet: Sheet, cells: list[Row], formula: str, look: Any) -> None:
    """A format on all inputs of a part; the formula is written for the first and moves along."""
    first = f"{INPUT}{cells[0].number}"
    many = " ".join(f"{INPUT}{row.number}" for row in cells)
    options = {"type": "formula", "criteria": formula, "format": look, "multi_range": many}
    sheet.conditional_format(first, options)


def _words(sheet: Sheet, area: str, words: str, look: Any) -> None:
    options = {"type": "cell", "criteria": "==", "value": f'"{words}"', "format": look}
    sheet.conditional_format(area, options)


# Notes --------------------------------------------------------------------------------------------


def add_notes(sheet: Sheet, notes: Mapping[str, str]) -> None:
    """What is to be mended, as a note that shows itself when the mouse is over the cell."""
    sheet.set_comments_author(NOTE_AUTHOR)
    for cell, text in notes.items():
        lines = line_count(text, NOTE_WIDTH, NOTE_SIZE)
        size = {"width": column_pixels(NOTE_WIDTH), "height": (lines + 1) * NOTE_LINE}
        sheet.write_comment(cell, text, {**size, "font_name": FONT, "font_size": NOTE_SIZE})
