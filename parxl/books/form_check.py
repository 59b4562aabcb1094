"""The sheet *Kiểm tra*: what is done, missing or contradictory, per area and in all, with links."""

from __future__ import annotations

from parxl.books.form_data import FormData
from parxl.books.form_table import status_text
from parxl.books.live import CONTRADICTORY, DAMAGE, DONE, MISSING, OUT, STATUS, WAITING, Live
from parxl.books.metrics import row_height
from parxl.books.styles import COLOURS, SIZE, Book, Sheet, landscape
from parxl.criteria import Node
from parxl.layout import CHECK, SHEET_TABLE, Layout
from parxl.rules import State

WIDTHS = {"A": 12, "B": 62, "C": 12, "D": 12, "E": 12, "F": 15, "G": 15}
AREA_HEAD, FIRST_AREA = 5, 6
HEADS = ("Lĩnh vực", "Tên lĩnh vực", "Số tiêu chí", "Đã xong", MISSING, "Mâu thuẫn, sai", WAITING)
ROWS = "CÁC TIÊU CHÍ"


def write_check(book: Book, sheet: Sheet, data: FormData, live: Live) -> None:
    """Write the whole sheet; every count is live."""
    layout = data.layout
    for column, width in WIDTHS.items():
        sheet.set_column(f"{column}:{column}", width)
    heading = book.style(bold=True, font_size=14, align="center")
    sheet.merge_range("A1:G1", "KIỂM TRA TRƯỚC KHI NỘP", heading)
    sheet.tall(1, 26)
    places = _places(layout)
    last = _areas(book, sheet, layout, live, places)
    _status(book, sheet, live, last)
    _leaves(book, sheet, layout, live, places)
    landscape(sheet, data.unit_name or layout.criteria.title)
    sheet.fit_to_pages(1, 0)
    sheet.protect("", {"format_rows": True})


def _scored_areas(layout: Layout) -> list[Node]:
    return [area for area in layout.criteria.areas if area.kind != "entered"]


def _places(layout: Layout) -> dict[str, int]:
    """Leaf code -> its row on this sheet."""
    first = FIRST_AREA + len(_scored_areas(layout)) + 4
    leaves = [node for node in layout.criteria.leaves if node.parts]
    return {node.code: first + k for k, node in enumerate(leaves)}


def _status(book: Book, sheet: Sheet, live: Live, total_row: int) -> None:
    style = book.style(bold=True, font_size=13, align="center", bg_color=COLOURS["missing"])
    sheet.merge_range("A3:G3", "", style)
    count = f"(E{total_row}+F{total_row})"
    words = f'"CÒN "&{count}&" TIÊU CHÍ CHƯA NHẬP XONG – xem trang Kiểm tra"'
    formula = f'=IF({count}=0,"ĐÃ NHẬP ĐỦ SỐ LIỆU",{words})'
    sheet.write_formula("A3", formula, style, status_text(live))
    sheet.tall(3, 26)
    done = book.workbook.add_format({"bg_color": COLOURS["done"]})
    whole = {"type": "formula", "criteria": f"={count}=0", "format": done}
    sheet.conditional_format("A3:G3", whole)


def _areas(book: Book, sheet: Sheet, layout: Layout, live: Live, places: dict[str, int]) -> int:
    """The table per area; returns the row of its total."""
    head = book.cell(bold=True, align="center", bg_color=COLOURS["area"])
    for column, text in zip(WIDTHS, HEADS, strict=True):
        sheet.write_string(f"{column}{AREA_HEAD}", text, head)
    sheet.tall(AREA_HEAD, 36)
    areas = _scored_areas(layout)
    for number, area in enumerate(areas, start=FIRST_AREA):
        inside = [n for n in layout.criteria.under(area.code) if n.parts]
        span = f"$F${places[inside[0].code]}:$F${places[inside[-1].code]}"
        _area_row(book, sheet, number, area, span, [live.leaf_state(n) for n in inside])
    total = FIRST_AREA + len(areas)
    every = [live.leaf_state(n) for n in layout.criteria.leaves if n.parts]
    _total_row(book, sheet, total, every)
    return total


def _counted(states: list[State]) -> tuple[int, int, int, int, int]:
    """(all, done, missing, wrong, waiting)."""
    words = [STATUS.get(state, DONE) for state in states]
    done = sum(word in (DONE, OUT) for word in words)
    wrong = words.count(CONTRADICTORY) + words.count(DAMAGE)
    return len(words), done, words.count(MISSING), wrong, words.count(WAITING)


def _area_row(book: Book, sheet: Sheet, row: int, area: Node, span: str, states: list[State]) -> None:
    centre = book.cell(align="center")
    sheet.write_string(f"A{row}", area.stt, centre)
    sheet.write_string(f"B{row}", area.title, book.cell())
    sheet.tall(row, row_height([(area.title, WIDTHS["B"], float(SIZE), False)]))
    groups = ((), (DONE, OUT), (MISSING,), (CONTRADICTORY, DAMAGE), (WAITING,))
    for column, words, value in zip("CDEFG", groups, _counted(states), strict=True):
        counts = "+".join(f'COUNTIF({span},"{word}")' for word in words)
        formula = f"={counts}" if words else f"=ROWS({span})"
        sheet.write_formula(f"{column}{row}", formula, centre, value)


def _total_row(book: Book, sheet: Sheet, row: int, states: list[State]) -> None:
    style = book.cell(bold=True, align="center", bg_color=COLOURS["group"])
    sheet.write_string(f"A{row}", "", style)
    sheet.write_string(f"B{row}", "Cộng", style)
    for column, value in zip("CDEFG", _counted(states), strict=True):
        sheet.write_formula(f"{column}{row}", f"=SUM({column}{FIRST_AREA}:{column}{row - 1})", style, value)


def _leaves(book: Book, sheet: Sheet, layout: Layout, live: Live, places: dict[str, int]) -> None:
    first = next(iter(places.values()))
    sheet.repeat_rows(first - 2)
    head = book.cell(bold=True, align="center", bg_color=COLOURS["area"])
    texts = ("Mục", "Tiêu chí", "Tối đa", "Đến ô", "Tự chấm", "Tình trạng")
    for column, text in zip("ABCDEF", texts, strict=True):
        sheet.write_string(f"{column}{first - 1}", text, head)
    for code, row in places.items():
        _leaf_row(book, sheet, layout, live, layout.criteria.by_code[code], row)
    last = list(places.values())[-1]
    for words in (MISSING, WAITING, CONTRADICTORY, DAMAGE, DONE):
        colour = {DONE: "done", MISSING: "missing", WAITING: "missing"}.get(words, "wrong")
        look = book.workbook.add_format({"bg_color": COLOURS[colour]})
        options = {"type": "cell", "criteria": "==", "value": f'"{words}"', "format": look}
        sheet.conditional_format(f"F{first}:F{last}", options)


def _leaf_row(book: Book, sheet: Sheet, layout: Layout, live: Live, node: Node, row: int) -> None:
    centre = book.cell(align="center")
    sheet.write_string(f"A{row}", node.stt, centre)
    sheet.write_string(f"B{row}", node.title, book.cell())
    sheet.write_string(f"C{row}", str(node.max), centre)
    target = _first_input(layout, node)
    link = book.cell(align="center", font_color="#0563C1", underline=1)
    sheet.write_url(f"D{row}", f"internal:'{SHEET_TABLE}'!{target}", link, target)
    score = f"'{SHEET_TABLE}'!E{layout.row_of(node.code)}"
    points = live.leaf_points(node)
    shown = "" if points is None else points / layout.criteria.scale
    digits = book.cell(align="center", num_format="0.00")
    sheet.write_formula(f"E{row}", f"={score}", digits, shown)
    status = f"='{SHEET_TABLE}'!{CHECK}{layout.row_of(node.code)}"
    sheet.write_formula(f"F{row}", status, centre, STATUS.get(live.leaf_state(node), DONE))
    sheet.tall(row, row_height([(node.title, WIDTHS["B"], float(SIZE), False)]))


def _first_input(layout: Layout, node: Node) -> str:
    part = node.parts[0]
    return layout.input_cell(node.input_key(part, part.rule.inputs[0].id))
