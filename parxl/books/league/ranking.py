"""The league tables of ``bang-xep-hang.xlsx``: a sheet a group, best first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from parxl.books.form.frame import restored_note
from parxl.books.league.long import LongBook, LongSheet
from parxl.books.league.sheets import LINK, OWN, PLAIN, LongTable, Look, tie_look
from parxl.books.listing import Column
from parxl.books.metrics import row_height
from parxl.books.styles import COLOURS, SIZE, landscape, number_format, signed
from parxl.books.tables import SHORT_STATUS, appraised_name, code_width, is_appraised, ranked_units
from parxl.comparison import Change
from parxl.results import Results, UnitResult

NAME, BAND, CHANGE = 38.0, 16.0, 21.0  # widths of the columns whose words may wrap
SMALL = 10.0
CODE = 1  # the column of the units' codes
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


def write_rankings(book: LongBook, results: Results) -> None:
    """*Xếp hạng*, or *Xếp hạng 1*, *Xếp hạng 2* …, in the order of the groups."""
    for number, group in enumerate(results.groups, start=1):
        name = "Xếp hạng" if len(results.groups) == 1 else f"Xếp hạng {number}"
        _Ranking(book, book.sheet(name), results, group).write()


Cell = tuple[Any, Look]  # a value, and more of its looks


class _Row(NamedTuple):
    """One unit: its result, its row of the standings ({} without scores), its change from last year."""

    result: UnitResult
    standing: Mapping[str, Any]
    change: Change | None


class _Shown(NamedTuple):
    """A column, and what of a unit stands in it."""

    column: Column
    cell: Callable[[_Row], Cell]


class _Ranking:
    """One group's league table: unlocked, filterable, numbers as numbers."""

    TOP = 5

    def __init__(self, book: LongBook, sheet: LongSheet, results: Results, group: str):
        self.book, self.sheet, self.results, self.group = book, sheet, results, group
        self.criteria, self.settings = results.criteria, results.settings
        self.digits = number_format(self.criteria.decimals)
        self.shown = list(self._columns())
        self.columns = [one.column for one in self.shown]

    def write(self) -> None:
        self._title()
        table = LongTable(self.book, self.sheet, self.columns, self.TOP)
        for result in ranked_units(self.results, self.group):
            self._row(table, result)
        table.can_filter()
        self.sheet.freeze_panes(self.TOP, 3)
        self.sheet.repeat_rows(self.TOP - 1)
        self._notes(table.last + 2)
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

    def _columns(self) -> Iterator[_Shown]:
        yield _Shown(Column("Hạng", 7, "0"), _rank)
        yield _Shown(Column("Mã đơn vị", code_width(self.results), align=""), _code)
        yield _Shown(Column("Đơn vị", NAME, align=""), lambda row: (row.result.unit.name, PLAIN))
        yield _Shown(self._column("Điểm tự chấm"), _self_score)
        yield _Shown(self._column(appraised_name(self.results)), _figure("appraised"))
        if self.criteria.entered:
            yield _Shown(self._column("Điểm khảo sát"), _figure("entered"))
        if self.settings.adjustments:
            yield _Shown(self._column("Điểm cộng, trừ"), _figure("adjustment"))
        yield _Shown(self._column("Tổng điểm"), _figure("total"))
        yield _Shown(self._column("Điểm tối đa"), _figure("maximum"))
        yield _Shown(self._column("Chỉ số (%)"), _figure("index", {"bold": True}))
        yield _Shown(Column("Xếp loại", BAND, align="center"), _figure("band"))
        if self.results.comparison:
            digits = signed(self.digits)
            yield _Shown(Column("Thay đổi Chỉ số", CHANGE, digits, self.criteria.scale), _points)
            yield _Shown(Column("Thay đổi hạng", 10, signed("0")), _places)
        yield _Shown(Column("Tình trạng", 12, align="center"), _status)

    def _column(self, head: str) -> Column:
        return Column(head, 10, self.digits, self.criteria.scale)

    def _row(self, table: LongTable, result: UnitResult) -> None:
        compared, code = self.results.comparison, result.unit.code
        row = _Row(result, result.standing or {}, compared.units.get(code) if compared else None)
        values, looks = zip(*(one.cell(row) for one in self.shown), strict=True)
        table.row(values, looks)
        if result.has_scores:
            table.link(CODE, OWN, code)

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


# What stands in the columns -----------------------------------------------------------------------


def _rank(row: _Row) -> Cell:
    return row.standing.get("rank"), {"bold": True, **tie_look(row.standing.get("tied"))}


def _code(row: _Row) -> Cell:
    return row.result.unit.code, LINK if row.result.has_scores else PLAIN


def _self_score(row: _Row) -> Cell:
    form = row.result.file.form if row.result.file else None
    return form and form.self_total, PLAIN


def _figure(name: str, look: Look = PLAIN) -> Callable[[_Row], Cell]:
    """Shows one column of the standings."""
    return lambda row: (row.standing.get(name), look)


def _points(row: _Row) -> Cell:
    """From last year, in points of the index; words where the two cannot be compared."""
    if row.change is None:
        return None, PLAIN
    return (row.change.words, {"font_size": SMALL}) if row.change.words else (row.change.points, PLAIN)


def _places(row: _Row) -> Cell:
    return row.change and row.change.places, PLAIN


def _status(row: _Row) -> Cell:
    status = row.result.status
    colours = {"scored": "done", "provisional": "missing", "missing": "computed"}
    return SHORT_STATUS[status], {"bg_color": COLOURS[colours.get(status, "wrong")]}
