"""The workbook of one area in one round of the appraisal: what the council types into.

Whatever is typed in it already is carried over as it was typed.
"""

from __future__ import annotations

from typing import Any

from parxl.appraisal import FIRST, SECOND
from parxl.books.appraisal.check import FINE, NOT_COUNTED, at, check_formula, check_value, valid_condition
from parxl.books.appraisal.lines import Line, Sources, lines_of
from parxl.books.metrics import row_height
from parxl.books.stamp import stamp
from parxl.books.styles import COLOURS, Book, Sheet, landscape, number_format
from parxl.criteria import Node
from parxl.desk import (
    APPRAISAL,
    FIRST_ROW,
    HEADER_ROW,
    KIND_APPRAISAL,
    SEPARATOR,
    SHEET_APPRAISAL,
    Typed,
    row_key,
)
from parxl.exact import points_number
from parxl.identity import Identity
from parxl.reading.appraisal_rows import SEAL, row_seal
from parxl.results import Results

SIZE = 11.0
GUIDE_ROW, GUIDE_LAST = 4, "I"  # as wide as a screen
IDENTITY_CELL = "B5"
FROZEN = 4  # columns
MARGIN = 10 / 25.4  # inches; the list is wide
LONGEST_TEXT = 32_767  # of a cell
NUMBERS = ("maximum", "self", "computed", "last_year", "first")
CENTRED = (*NUMBERS, "code", "points", "check")
GUIDE = {
    FIRST: "Cách làm: cột Điểm thẩm định để trống = đồng ý với điểm tính; ghi lý do khi điểm khác điểm tính. ",
    SECOND: "Cách làm: cột Điểm thẩm định để trống = giữ điểm thẩm định lần 1, nếu lần 1 không ghi điểm thì "
    "giữ điểm tính; ghi lý do khi điểm khác điểm đó. ",
}
COPIES = (
    "Có thể chép tệp này cho nhiều người, mỗi người làm một số đơn vị, rồi để tất cả các bản vào thư mục này. "
    "Chỉ nhập vào hai cột màu vàng; có thể lọc và in."
)
AGREED = {FIRST: "điểm tính", SECOND: "điểm thẩm định lần 1 (hoặc điểm tính)"}


def write_appraisal(results: Results, area: Node, number: int, sources: Sources) -> bytes:
    """The workbook as bytes. ``number``: the round. Nothing in ``sources.typed`` is left out or changed."""
    settings = results.settings
    book = Book(settings.year, f"Thẩm định lần {number} – {area.title}", settings.lead or "parxl")
    sheet = book.sheet(SHEET_APPRAISAL)
    sheet.is_sealed = True
    identity = _identity(results, area, number)
    lines = list(lines_of(results, area, number, sources))
    _head(book, sheet, results, area, number, identity)
    _Writer(book, sheet, results.criteria.decimals, number).write(lines)
    _page(sheet, lines, f"{settings.name} – thẩm định lần {number}, lĩnh vực {area.code}")
    stamp(book, identity, _seals(sheet))
    return book.close()


def _identity(results: Results, area: Node, number: int) -> Identity:
    criteria, campaign = results.criteria, results.register.campaign if results.register else ""
    return Identity(
        kind=KIND_APPRAISAL,
        set=criteria.id,
        edition=criteria.edition,
        wording=criteria.wording,
        campaign=campaign,
        unit=area.code,
        serial=str(number),
    )


# The head -----------------------------------------------------------------------------------------


def _head(book: Book, sheet: Sheet, results: Results, area: Node, number: int, identity: Identity) -> None:
    settings = results.settings
    title = f"THẨM ĐỊNH LẦN {number} – LĨNH VỰC {area.code}. {' '.join(area.title.split())}"
    plain = {"text_wrap": False}
    sheet.write_string("A1", settings.lead.upper(), book.style(bold=True, **plain))
    sheet.write_string("A2", title, book.style(bold=True, font_size=14, **plain))
    where = f"{settings.name} – {results.criteria.decision}"
    sheet.write_string("A3", where, book.style(italic=True, **plain))
    guide = GUIDE[number] + COPIES
    area_of_guide = f"A{GUIDE_ROW}:{GUIDE_LAST}{GUIDE_ROW}"
    sheet.merge_range(area_of_guide, guide, book.style(font_size=SIZE, bg_color=COLOURS["input"]))
    width = sum(column.width for column in APPRAISAL.values() if column.letter <= GUIDE_LAST)
    sheet.tall(GUIDE_ROW, row_height([(guide, width, SIZE, False)]))
    tiny = book.style(font_size=8, font_color=COLOURS["grey"], **plain)
    sheet.write_string(IDENTITY_CELL, identity.line, tiny)


# The list -----------------------------------------------------------------------------------------


class _Writer:
    def __init__(self, book: Book, sheet: Sheet, decimals: int, number: int):
        self.book, self.sheet, self.decimals, self.number = book, sheet, decimals, number

    def write(self, lines: list[Line]) -> None:
        self._headings()
        unit = ""
        for row, line in enumerate(lines, start=FIRST_ROW):
            self._row(row, line, {"top": 2} if line.unit != unit else {})
            unit = line.unit
        counted = sum(line.maximum is not None for line in lines)
        if counted:
            self._guide_hands(FIRST_ROW + counted - 1)
        if lines:
            self._colours(FIRST_ROW + len(lines) - 1)

    def _headings(self) -> None:
        style = self.book.cell(bold=True, align="center", bg_color=COLOURS["area"], font_size=SIZE)
        for name, column in APPRAISAL.items():
            hidden = name == "key" or (column.second and self.number == FIRST)
            area = f"{column.letter}:{column.letter}"
            self.sheet.set_column(area, column.width, None, {"hidden": hidden})
            self.sheet.write_string(at(name, HEADER_ROW), column.heading, style)
        # The button of the filter takes its room.
        cells = [(c.heading, c.width - 2, SIZE, True) for c in APPRAISAL.values() if c.letter < "Q"]
        self.sheet.tall(HEADER_ROW, row_height(cells))

    def _row(self, row: int, line: Line, edge: dict[str, int]) -> None:
        for name, column in APPRAISAL.items():
            if not (column.typed or name in ("check", "key")):
                self._locked(at(name, row), name, line.contents.get(name), edge)
        self._typed(row, line.typed, edge)
        style = self.book.cell(**self._look("check"), **edge)
        if line.maximum is None:
            self.sheet.write_string(at("check", row), NOT_COUNTED, style)
        else:
            value = check_value(line.typed, line.standing, line.maximum, self.decimals)
            self.sheet.write_formula(at("check", row), check_formula(row, self.decimals), style, value)
        self.sheet.write_string(at("key", row), row_key(line.unit, line.code))
        self.sheet.tall(row, self._height(line))

    def _look(self, name: str) -> dict[str, Any]:
        look: dict[str, Any] = {"font_size": SIZE, "align": "center" if name in CENTRED else "left"}
        if name in (*NUMBERS, "points"):
            look["num_format"] = number_format(self.decimals)
        return look

    def _locked(self, cell: str, name: str, content: Any, edge: dict[str, int]) -> None:
        style = self.book.cell(**self._look(name), **edge)
        if content is None or content == "":
            self.sheet.write_blank(cell, None, style)
        elif isinstance(content, str):
            self.sheet.write_string(cell, _readable(content), style)
        else:
            self.sheet.write_number(cell, points_number(content, self.decimals), style)

    def _typed(self, row: int, typed: Typed, edge: dict[str, int]) -> None:
        """What people typed, as they typed it; never a formula again."""
        for name, content in zip(("points", "reason"), typed, strict=True):
            cell = at(name, row)
            open_look = {"bg_color": COLOURS["input"], "locked": False}
            style = self.book.cell(**self._look(name), **open_look, **edge)
            if content is None or content == "":
                self.sheet.write_blank(cell, None, style)
            elif isinstance(content, str):
                self.sheet.write_string(cell, content, style)
            else:
                self.sheet.write_number(cell, content, style)

    def _height(self, line: Line) -> float:
        texts = {name: str(text) for name, text in line.contents.items() if name not in NUMBERS}
        texts["reason"] = line.typed.reason
        widths = {name: APPRAISAL[name].width for name in texts}
        return row_height([(text, widths[name], SIZE, False) for name, text in texts.items() if text])

    # Help for the hand ------------------------------------------------------------------------

    def _guide_hands(self, last: int) -> None:
        words = f"số từ 0 đến điểm tối đa của dòng{_decimals_words(self.decimals)}"
        condition = f"=AND(ISNUMBER({at('points', FIRST_ROW)}),{valid_condition(FIRST_ROW, self.decimals)})"
        agreed = AGREED[self.number]
        self.sheet.validate(
            f"{at('points', FIRST_ROW)}:{at('points', last)}",
            {
                "validate": "custom",
                "value": condition,
                "input_title": APPRAISAL["points"].heading,
                "input_message": f"Để trống nếu đồng ý với {agreed}. Nếu không, ghi {words}, và ghi lý do.",
                "error_title": "Chưa đúng",
                "error_message": f"Ghi {words}; hoặc để trống nếu đồng ý với {agreed}.",
            },
        )
        self.sheet.validate(
            f"{at('reason', FIRST_ROW)}:{at('reason', last)}",
            {
                "validate": "any",
                "input_title": APPRAISAL["reason"].heading,
                "input_message": f"Ghi lý do khi điểm thẩm định khác {agreed}; nêu rõ văn bản căn cứ nếu có.",
            },
        )

    def _colours(self, last: int) -> None:
        cells = f"{at('check', FIRST_ROW)}:{at('check', last)}"
        for begins, colour in ((FINE, "done"), ("◄ ghi", "missing"), ("◄", "wrong")):
            look = self.book.workbook.add_format({"bg_color": COLOURS[colour]})
            options = {"type": "text", "criteria": "begins with", "value": begins, "format": look}
            self.sheet.conditional_format(cells, {**options, "stop_if_true": True})


def _decimals_words(decimals: int) -> str:
    return f", tối đa {decimals} chữ số thập phân" if decimals else ", không có chữ số thập phân"


def _readable(text: str) -> str:
    """Text of an agency without characters that steer a program, and no longer than a cell may be."""
    return "".join(c for c in text if c.isprintable() or c in "\n\u00a0")[:LONGEST_TEXT]


# The sheet ----------------------------------------------------------------------------------------


def _page(sheet: Sheet, lines: list[Line], footer: str) -> None:
    last = FIRST_ROW + max(len(lines), 1) - 1
    sheet.autofilter(f"A{HEADER_ROW}:{at('check', last)}")
    sheet.freeze_panes(HEADER_ROW, FROZEN)
    sheet.repeat_rows(HEADER_ROW - 1)
    landscape(sheet, footer)
    sheet.set_margins(left=MARGIN, right=MARGIN, top=MARGIN, bottom=1.5 * MARGIN)
    sheet.print_area(f"A1:{at('check', last)}")
    sheet.fit_to_pages(1, 0)
    sheet.ignore_errors({"number_stored_as_text": f"A{FIRST_ROW}:{at('code', last)}"})
    sheet.protect("", {"autofilter": True, "format_rows": True, "select_locked_cells": True})


def _seals(sheet: Sheet) -> dict[str, str]:
    """What the locked cells hold, a short digest a row, packed by unit: so that later changes can be told."""
    rows: dict[int, dict[str, Any]] = {}
    check = APPRAISAL["check"].letter
    for cell, content in sheet.locked_cells.items():
        if cell[0] != check or int(cell[1:]) <= HEADER_ROW:
            rows.setdefault(int(cell[1:]), {})[cell[0]] = content
    packed: dict[str, list[str]] = {}
    key = APPRAISAL["key"].letter
    for row, cells in rows.items():
        name = str(cells[key]) if row > HEADER_ROW else str(row)
        digest = row_seal([cells[letter] for letter in sorted(cells)])
        packed.setdefault(SEAL + name.partition(SEPARATOR)[0], []).append(f"{name}={digest}")
    return {name: " ".join(pairs) for name, pairs in packed.items()}
