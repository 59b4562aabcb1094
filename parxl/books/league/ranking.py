"""The league tables of ``bang-xep-hang.xlsx``: a sheet a group, best first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from parxl.books.form.frame import restored_note
from parxl.books.metrics import row_height
from parxl.books.styles import COLOURS, SIZE, Book, Sheet, landscape, number_format, signed
from parxl.books.tables import (
    SHORT_STATUS,
    appraised_name,
    code_width,
    headings,
    is_appraised,
    number_cell,
    rank_cell,
    ranked_units,
    unit_cell,
)
from parxl.comparison import Change
from parxl.results import Results, UnitResult

NAME, BAND, CHANGE = 38.0, 16.0, 21.0  # widths of the columns whose words may wrap
SMALL = 10.0
TIED = "Dấu “=” sau thứ hạng: đồng hạng. Chỉ số = 100 × Tổng điểm / Điểm tối đa của đơn vị."
PROVISIONAL = (
    "Tạm tính: nội dung chờ hướng dẫn và điểm khảo sát chưa có được tính 0 điểm, vẫn nằm trong điểm tối đa."
)
SELF = "Điểm tự chấm: tổng điểm trên phiếu của đơn vị{without}."
APPRAISED = (
    "Điểm thẩm định: điểm cuối của các tiêu chí do đơn vị kê khai (điểm thẩm định; nội dung không thẩm định "
    "lấy điểm tính){without}."
)
COMPUTED = (
    "Điểm tính: điểm tính từ số liệu của đơn vị{without}. Đợt chấm này chưa có nội dung nào được thẩm định."
)


def write_rankings(book: Book, results: Results) -> None:
    """*Xếp hạng*, or *Xếp hạng 1*, *Xếp hạng 2* …, in the order of the groups."""
    for number, group in enumerate(results.groups, start=1):
        name = "Xếp hạng" if len(results.groups) == 1 else f"Xếp hạng {number}"
        _Ranking(book, book.sheet(name), results, group).write()


class _Column(NamedTuple):
    """``write``: row (from 1), column (from 0), unit."""

    heading: str
    width: float
    write: Callable[[int, int, UnitResult], None]


class _Ranking:
    """One group's league table: unlocked, filterable, numbers as numbers."""

    TOP = 5

    def __init__(self, book: Book, sheet: Sheet, results: Results, group: str):
        self.book, self.sheet, self.results, self.group = book, sheet, results, group
        self.criteria, self.settings = results.criteria, results.settings
        self.digits = number_format(self.criteria.decimals)
        self.columns = list(self._columns())

    def write(self) -> None:
        self._title()
        heads, widths = [one.heading for one in self.columns], [one.width for one in self.columns]
        headings(self.book, self.sheet, self.TOP, heads, widths)
        units = ranked_units(self.results, self.group)
        for row, unit in enumerate(units, start=self.TOP + 1):
            self._row(row, unit)
        last = self.TOP + len(units)
        self.sheet.autofilter(self.TOP - 1, 0, last - 1, len(heads) - 1)
        self.sheet.freeze_panes(self.TOP, 3)
        self.sheet.repeat_rows(self.TOP - 1)
        self._notes(last + 2)
        landscape(self.sheet, self.settings.name)
        self.sheet.fit_to_pages(1, 0)

    def _title(self) -> None:
        settings, last = self.settings, len(self.columns) - 1
        text = f"BẢNG XẾP HẠNG CHỈ SỐ CẢI CÁCH HÀNH CHÍNH NĂM {settings.year}"
        words = f"Khối: {self.group} – {settings.name}" if self.group else settings.name
        words = f"{words} – {self.criteria.decision}"
        bold = {"bold": True, "align": "center"}
        italic = self.book.style(italic=True, align="center")
        self.sheet.merge_range(0, 0, 0, 2, settings.lead.upper(), self.book.style(**bold))
        self.sheet.merge_range(1, 0, 1, last, text, self.book.style(**bold, font_size=14))
        self.sheet.merge_range(2, 0, 2, last, words, italic)
        width = sum(one.width for one in self.columns)
        left = sum(one.width for one in self.columns[:3])
        self.sheet.tall(1, row_height([(settings.lead.upper(), left, float(SIZE), True)]))
        self.sheet.tall(2, row_height([(text, width, 14.0, True)]))
        self.sheet.tall(3, row_height([(words, width, float(SIZE), False)]))

    # Columns --------------------------------------------------------------------------------------

    def _columns(self) -> Iterator[_Column]:
        yield _Column("Hạng", 7, self._rank)
        yield _Column("Mã đơn vị", code_width(self.results), self._code)
        yield _Column("Đơn vị", NAME, self._name)
        yield _Column("Điểm tự chấm", 10, self._self_score)
        yield _Column(appraised_name(self.results), 10, self._figure("appraised"))
        if self.criteria.entered:
            yield _Column("Điểm khảo sát", 10, self._figure("entered"))
        if self.settings.adjustments:
            yield _Column("Điểm cộng, trừ", 10, self._figure("adjustment"))
        yield _Column("Tổng điểm", 10, self._figure("total"))
        yield _Column("Điểm tối đa", 10, self._figure("maximum"))
        yield _Column("Chỉ số (%)", 10, self._figure("index", bold=True))
        yield _Column("Xếp loại", BAND, self._band)
        if self.results.comparison:
            yield _Column("Thay đổi Chỉ số", CHANGE, self._points)
            yield _Column("Thay đổi hạng", 10, self._places)
        yield _Column("Tình trạng", 12, self._status)

    def _row(self, row: int, result: UnitResult) -> None:
        for column, one in enumerate(self.columns):
            one.write(row, column, result)
        cells = [(result.unit.name, NAME, float(SIZE), False), (self._words(result), CHANGE, SMALL, False)]
        self.sheet.tall(row, row_height([*cells, (_band(result), BAND, float(SIZE), False)]))

    def _rank(self, row: int, column: int, result: UnitResult) -> None:
        standing = result.standing or {}
        rank_cell(
            self.book, self.sheet, row, column, standing.get("rank"), bool(standing.get("tied")), bold=True
        )

    def _code(self, row: int, column: int, result: UnitResult) -> None:
        unit_cell(self.book, self.sheet, row, column, result)

    def _name(self, row: int, column: int, result: UnitResult) -> None:
        self.sheet.write_string(row - 1, column, result.unit.name, self.book.cell())

    def _self_score(self, row: int, column: int, result: UnitResult) -> None:
        form = result.file.form if result.file else None
        self._number(row, column, form and form.self_total)

    def _figure(self, name: str, **look: Any) -> Callable[[int, int, UnitResult], None]:
        """Writes one column of the standings."""

        def write(row: int, column: int, result: UnitResult) -> None:
            self._number(row, column, (result.standing or {}).get(name), **look)

        return write

    def _number(self, row: int, column: int, units: Any, **look: Any) -> None:
        style = self.book.cell(align="center", **{"num_format": self.digits, **look})
        number_cell(self.sheet, row, column, units, style, self.criteria.scale)

    def _band(self, row: int, column: int, result: UnitResult) -> None:
        self.sheet.write_string(row - 1, column, _band(result), self.book.cell(align="center"))

    def _points(self, row: int, column: int, result: UnitResult) -> None:
        """From last year, in points of the index; words where the two cannot be compared."""
        change, words = self._change(result), self._words(result)
        if words:
            style = self.book.cell(align="center", font_size=SMALL)
            self.sheet.write_string(row - 1, column, words, style)
        else:
            self._number(row, column, change and change.points, num_format=signed(self.digits))

    def _places(self, row: int, column: int, result: UnitResult) -> None:
        change = self._change(result)
        style = self.book.cell(align="center", num_format=signed("0"))
        number_cell(self.sheet, row, column, change and change.places, style, scale=1)

    def _change(self, result: UnitResult) -> Change | None:
        compared = self.results.comparison
        return compared.units.get(result.unit.code) if compared else None

    def _words(self, result: UnitResult) -> str:
        change = self._change(result)
        return change.words if change else ""

    def _status(self, row: int, column: int, result: UnitResult) -> None:
        colours = {"scored": "done", "provisional": "missing", "missing": "computed"}
        colour = COLOURS[colours.get(result.status, "wrong")]
        style = self.book.cell(align="center", bg_color=colour)
        self.sheet.write_string(row - 1, column, SHORT_STATUS[result.status], style)

    # Notes ----------------------------------------------------------------------------------------

    def _notes(self, row: int) -> None:
        style = self.book.style(italic=True, font_size=11)
        last, width = len(self.columns) - 1, sum(one.width for one in self.columns)
        for at, note in enumerate(self._told(), start=row):
            self.sheet.merge_range(at - 1, 0, at - 1, last, note, style)
            self.sheet.tall(at, row_height([(note, width, 11.0, False)]))

    def _told(self) -> Iterator[str]:
        yield TIED
        for note in (SELF, APPRAISED if is_appraised(self.results) else COMPUTED):
            yield note.format(without=self._without())
        if any(one.status == "provisional" for one in self.results.units if one.unit.group == self.group):
            yield PROVISIONAL
        if note := restored_note(self.criteria, self.settings.formula_checked):
            yield note

    def _without(self) -> str:
        """What stands in columns of its own."""
        parts = ["điểm khảo sát"] if self.criteria.entered else []
        parts += ["điểm cộng, trừ"] if self.settings.adjustments else []
        return f", không gồm {', '.join(parts)}" if parts else ""


def _band(result: UnitResult) -> str:
    return str(result.standing["band"]) if result.standing else ""
