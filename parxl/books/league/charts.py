"""The charts of the league workbook: a sheet a group, native charts over small tables of their figures.

No chart shows more than ``MOST`` units: of more, the first and the last ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from math import ceil
from typing import Any

import pandas as pd

from parxl.books.bar_chart import FULL, NAVY, PALE, BarChart, look, solid
from parxl.books.listing import Column, Table
from parxl.books.metrics import column_pixels
from parxl.books.paging import Page, page_breaks
from parxl.books.styles import Book, Sheet, landscape, number_format
from parxl.books.tables import area_name, ranked_units
from parxl.comparison import Change
from parxl.exact import points_text
from parxl.league.spread import INDEX
from parxl.results import Results, UnitResult

MOST = 30
HALF = MOST // 2
ENDS = f" – {HALF} đơn vị đầu và {HALF} đơn vị cuối"
NAME_LENGTH, AREA_LENGTH = 40, 48  # characters of a name in a chart
WORDS = "Số trước tên đơn vị là thứ hạng, dấu “=” là đồng hạng. Số liệu của biểu đồ ở cuối trang tính này."
NO_RANK = "Chưa có đơn vị nào được xếp hạng nên chưa có biểu đồ."
PAGE_WIDTH, PAGE_HEIGHT = 870, 620  # pixels of A4 landscape, less what LibreOffice draws larger
LARGEST = 75  # percent in print: so that thirty rows of figures are one page
ROW_PIXELS, DIGIT_PIXELS = 20, 7
FIRST_ROW, TITLE_PIXELS = 4, 120  # of the first chart; what stands above it, and a row to spare
LABEL, NAME, FIGURE, AREA = 44, 44, 11, 13  # widths of the tables' columns


def write_charts(book: Book, results: Results) -> None:
    """*Biểu đồ*, or *Biểu đồ 1*, *Biểu đồ 2* …, in the order of the groups."""
    for number, group in enumerate(results.groups, start=1):
        name = "Biểu đồ" if len(results.groups) == 1 else f"Biểu đồ {number}"
        _Charts(book, book.sheet(name), results, group).write()


def shortened(text: str, length: int) -> str:
    """One line of at most ``length`` characters, cut between words where that leaves enough of it."""
    text = " ".join(text.split())
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    words = cut if text[length - 1] == " " else cut.rpartition(" ")[0]
    return (words if len(words) > length // 2 else cut).rstrip(" ,;–-") + "…"


def shown(units: list[UnitResult]) -> list[UnitResult]:
    """All of them, or the first and the last."""
    return units if len(units) <= MOST else [*units[:HALF], *units[-HALF:]]


def _pixels(name: int, areas: int) -> int:
    """How wide the table is with a column of this width for the names."""
    return sum(column_pixels(width) for width in (LABEL, name, FIGURE, *[AREA] * areas))


class _Charts:
    """The charts of one group, each whole on its page; then what they are drawn from."""

    def __init__(self, book: Book, sheet: Sheet, results: Results, group: str):
        self.book, self.sheet, self.results, self.group = book, sheet, results, group
        self.criteria, self.year = results.criteria, results.settings.year
        own = ranked_units(results, group)
        self.ranked = [one for one in own if one.standing and not pd.isna(one.standing["rank"])]
        self.changes = [(one, change) for one in self.ranked if (change := self._change(one))]
        self.digits = number_format(self.criteria.decimals)
        self.areas = [shortened(area_name(area), AREA_LENGTH) for area in self.criteria.areas]
        narrowest = _pixels(NAME, len(self.areas))
        self.scale = min(LARGEST, 100 * PAGE_WIDTH // narrowest)
        # The columns fill the page, so that charts as wide as the table do.
        self.name = NAME + (100 * PAGE_WIDTH // self.scale - narrowest) // DIGIT_PIXELS
        self.width = _pixels(self.name, len(self.areas))

    def write(self) -> None:
        title = f"BIỂU ĐỒ – {self.results.settings.name}" + (f" – Khối: {self.group}" if self.group else "")
        words = WORDS if self.ranked else NO_RANK
        self.sheet.write_string(0, 0, title, self.book.style(bold=True, font_size=14, text_wrap=False))
        self.sheet.write_string(1, 0, words, self.book.style(italic=True, font_size=11, text_wrap=False))
        self.sheet.tall(1, 22)
        landscape(self.sheet, self.results.settings.name)
        if self.ranked:
            self._draw()

    def _draw(self) -> None:
        ranked, compared = [self._by_index(), self._by_area()], list(self._by_year())
        most = 100 * PAGE_HEIGHT // self.scale - TITLE_PIXELS
        heights = [chart.height(self.width, most) for chart in (*ranked, *compared)]
        rows = [FIRST_ROW]
        for height in heights:
            rows.append(rows[-1] + ceil(height / ROW_PIXELS) + 1)
        tables = [self._ranked_table(rows[-1])]
        tables += [self._compared_table(tables[0].last + 2) for _ in compared]
        pairs = [*((chart, tables[0]) for chart in ranked), *((chart, tables[-1]) for chart in compared)]
        for (chart, table), row, height in zip(pairs, rows, heights, strict=False):
            chart.insert(self.book, self.sheet, row, table, self.width, height)
        blocks = [list(range(first, after)) for first, after in pairwise(rows)]
        self._break_pages(blocks + [list(range(table.top - 1, table.last + 1)) for table in tables])

    def _break_pages(self, blocks: list[list[int]]) -> None:
        self.sheet.set_print_scale(self.scale)
        page = Page(FIRST_ROW - 1, 0, self.scale / 100)
        self.sheet.set_h_pagebreaks(page_breaks(self.sheet, blocks, page))

    # What the charts show -------------------------------------------------------------------------

    def _by_index(self) -> BarChart:
        mean = self._text(self.results.analysis.spread.loc[(self.group, INDEX), "mean"])
        best, worst = (self._told(at, "index") for at in (0, -1))
        title = f"Chỉ số cải cách hành chính năm {self.year} theo thứ hạng (%)"
        words = f"Cao nhất: {best}%; thấp nhất: {worst}%; trung bình: {mean}%."
        chart = self._chart(title, words, {"Chỉ số": solid(NAVY)}, self.ranked)
        return replace(chart, top=self._top((self.ranked[0].standing or {})["index"]))

    def _by_area(self) -> BarChart:
        best, worst = (self._told(at, "scored") for at in (0, -1))
        words = f"Xếp đầu: {best} điểm; xếp cuối: {worst} điểm."
        mean = self.results.analysis.areas.mean.loc[self.group].dropna()
        if len(mean):
            high, low = (self._area_told(str(code), mean) for code in (mean.idxmax(), mean.idxmin()))
            words += f" Tỷ lệ trung bình cao nhất: lĩnh vực {high}; thấp nhất: lĩnh vực {low}."
        title = f"Điểm từng lĩnh vực năm {self.year}, đơn vị xếp theo thứ hạng"
        series = {name: look(number) for number, name in enumerate(self.areas)}
        return replace(self._chart(title, words, series, self.ranked), column=3, is_stacked=True)

    def _by_year(self) -> Iterator[BarChart]:
        """Nothing where nobody is compared."""
        if not self.changes:
            return
        points = [(change.points or 0, one.unit.name) for one, change in self.changes]
        low, high = (f"{self._signed(one)} ({name})" for one, name in (min(points), max(points)))
        words = f"{len(points)} đơn vị so sánh được; thay đổi từ {low} đến {high} điểm phần trăm."
        title = f"Chỉ số cải cách hành chính năm trước và năm {self.year} (%)"
        series = dict(zip(self._years(), (solid(PALE), solid(NAVY)), strict=True))
        chart = self._chart(title, words, series, [one for one, _ in self.changes])
        then = max(change.before.index or 0 for _, change in self.changes if change.before)
        yield replace(chart, top=self._top(max(then, (self.changes[0][0].standing or {})["index"])))

    def _chart(self, title: str, words: str, series: dict[str, Any], units: list[UnitResult]) -> BarChart:
        cut = ENDS if len(units) > MOST else ""
        group = f", khối {self.group}" if self.group else ""
        return BarChart(
            title=title + cut,
            described=f"Biểu đồ thanh ngang: {title}{group}{cut}. {words}",
            column=2,
            series=series,
            labels=[self._label(one) for one in shown(units)],
            digits=self.digits,
        )

    def _top(self, highest: int) -> int | None:
        """Where the axis of an index ends: bonus points may lead beyond 100."""
        return FULL if highest <= 100 * self.criteria.scale else None

    def _told(self, at: int, name: str) -> str:
        """The first or last unit with one of its figures."""
        unit = self.ranked[at]
        return f"{unit.unit.name} {self._text((unit.standing or {})[name])}"

    def _area_told(self, code: str, mean: pd.Series) -> str:
        return f"{area_name(self.criteria.by_code[code])} ({self._text(mean[code])}%)"

    def _text(self, units: Any) -> str:
        return points_text(int(units), self.criteria.decimals)

    def _signed(self, units: int) -> str:
        return ("+" if units > 0 else "") + self._text(units)

    def _label(self, result: UnitResult) -> str:
        standing = result.standing or {}
        mark = "=" if standing["tied"] else "."
        return f"{int(standing['rank'])}{mark} {shortened(result.unit.name, NAME_LENGTH)}"

    def _change(self, result: UnitResult) -> Change | None:
        """From last year, where the unit is compared."""
        compared = self.results.comparison
        change = compared.units.get(result.unit.code) if compared else None
        return change if change and change.status == "compared" else None

    # Their figures --------------------------------------------------------------------------------

    def _years(self) -> list[str]:
        return ["Chỉ số năm trước (%)", f"Chỉ số năm {self.year} (%)"]

    def _table(self, row: int, title: str, figures: list[Column]) -> Table:
        """Its title in this row, its headings in the next."""
        bold = self.book.style(bold=True, text_wrap=False)
        self.sheet.write_string(row - 1, 0, f"Số liệu của biểu đồ: {title}", bold)
        columns = [Column("Nhãn trên biểu đồ", LABEL), Column("Đơn vị", self.name), *figures]
        return Table(self.book, self.sheet, columns, row + 1)

    def _figure(self, head: str, width: float) -> Column:
        return Column(head, width, self.digits, self.criteria.scale)

    def _ranked_table(self, row: int) -> Table:
        areas = [self._figure(name, AREA) for name in self.areas]
        table = self._table(row, "Chỉ số và điểm từng lĩnh vực", [self._figure("Chỉ số (%)", FIGURE), *areas])
        points = self.results.analysis.areas.points
        for one in shown(self.ranked):
            own = [points.loc[one.unit.code, area.code] for area in self.criteria.areas]
            table.row([self._label(one), one.unit.name, (one.standing or {})["index"], *own])
        return table

    def _compared_table(self, row: int) -> Table:
        widths = (FIGURE, AREA)
        figures = [self._figure(head, width) for head, width in zip(self._years(), widths, strict=True)]
        table = self._table(row, "Chỉ số năm trước và năm nay", figures)
        changes = {one.unit.code: change for one, change in self.changes}
        for one in shown([unit for unit, _ in self.changes]):
            before = changes[one.unit.code].before
            table.row([self._label(one), one.unit.name, before and before.index, (one.standing or {})["index"]])
        return table
