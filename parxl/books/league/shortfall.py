"""*Kết quả theo tiêu chí* of the league workbook: where the whole province is short of points."""

from __future__ import annotations

from typing import Any

import pandas as pd

from parxl.books.bar_chart import NAVY, BarChart, solid
from parxl.books.league.charts import shortened
from parxl.books.league.long import LongBook
from parxl.books.league.sheets import close_sheet, has_groups, open_sheet
from parxl.books.listing import Column, Table
from parxl.books.metrics import column_pixels
from parxl.books.styles import landscape, number_format
from parxl.books.tables import area_name
from parxl.criteria import Node
from parxl.exact import points_text
from parxl.league.shortfall import EVERYONE
from parxl.results import Results

SHEET = "Kết quả theo tiêu chí"
GAP = "Tổng điểm còn thiếu"
CHART = "Biểu đồ tiêu chí"
MOST_BARS, LABEL_LENGTH = 10, 60
CHART_ROW, MOST_PIXELS, ROW_PIXELS = 4, 480, 20
CHART_WORDS = (
    "Nhiều nhất mười tiêu chí do đơn vị kê khai, tính trên mọi đơn vị đã chấm. Số liệu của biểu đồ ở bảng bên "
    "dưới."
)
WORDS = (
    "Tính trên mọi đơn vị đã chấm. Tổng điểm còn thiếu: cộng phần còn thiếu so với điểm tối đa của từng đơn "
    "vị đã có điểm cuối. Tỷ lệ: tổng điểm đạt được / tổng điểm tối đa của các đơn vị đó. Chờ: số đơn vị chưa "
    "có điểm."
)
PASSED = {"all": "Tất cả đạt điểm tối đa", "none": "Không đơn vị nào có điểm"}
FIGURES = ("units", "mean", "percent", "full", "zero", "open", "gap")
NO_GROUP = "đơn vị không ghi khối"


def write_shortfall(book: LongBook, results: Results) -> None:
    """A row a criterion, the largest gap first; then a sheet with the chart of the first ones."""
    shortfall = _Shortfall(book, results)
    shortfall.write()
    shortfall.write_chart()


class _Shortfall:
    def __init__(self, book: LongBook, results: Results):
        self.book, self.results = book, results
        self.criteria = results.criteria
        self.frame = results.analysis.criteria
        self.everyone = self.frame.loc[EVERYONE].sort_values("gap", ascending=False, kind="stable")
        self.groups = results.groups if has_groups(results) else []

    def write(self) -> None:
        title = "KẾT QUẢ THEO TIÊU CHÍ"
        table = open_sheet(self.book, self.results, SHEET, title, WORDS, self._columns())
        for code, figures in self.everyone.iterrows():
            table.row(self._values(str(code), figures))
        close_sheet(table, self.results, 2)

    def _columns(self) -> list[Column]:
        scale, points = self.criteria.scale, number_format(self.criteria.decimals)
        return [
            Column("Mục", 8),
            Column("Tiêu chí", 46),
            Column("Lĩnh vực", 24),
            Column("Điểm tối đa", 9, points, scale),
            Column("Số đơn vị áp dụng", 9, "0"),
            Column("Điểm bình quân", 9, points, scale),
            Column("Tỷ lệ (%)", 9, points, scale),
            Column("Số đơn vị đạt tối đa", 9, "0"),
            Column("Số đơn vị 0 điểm", 9, "0"),
            Column("Chờ", 8, "0"),
            Column(GAP, 11, points, scale),
            Column("Nhận xét", 18),
            *(Column(f"Bình quân: {group or NO_GROUP}", 13, points, scale) for group in self.groups),
        ]

    def _values(self, code: str, figures: pd.Series) -> list[Any]:
        node = self.criteria.by_code[code]
        return [
            node.code,
            node.title,
            self._area(node),
            self.criteria.units(node.max),
            *(figures[name] for name in FIGURES),
            self._remark(figures),
            *(self._mean(group, code) for group in self.groups),
        ]

    def _area(self, node: Node) -> str:
        return area_name(self.criteria.by_code[node.code.split(".")[0]])

    def _mean(self, group: str, code: str) -> Any:
        """Null where no unit of the group has a result."""
        known = (group, code) in self.frame.index
        return self.frame.loc[(group, code), "mean"] if known else None

    def _remark(self, figures: pd.Series) -> str:
        if figures["scored"]:
            return PASSED.get(figures["passed"], "")
        # Without any unit with scores nothing is known of what applies.
        applies = figures["units"] or self.results.standings.empty
        return "Chưa có điểm" if applies else "Không áp dụng với đơn vị nào"

    # The chart ------------------------------------------------------------------------------------

    def write_chart(self) -> None:
        """Nothing where nothing is short. On a sheet of its own: filters must not squeeze it."""
        # A survey of a third of all points would make every other bar a dot.
        by_units = ~self.everyone.index.isin([node.code for node in self.criteria.entered])
        short = self.everyone.index[by_units & (self.everyone["gap"] > 0)]
        codes = [str(code) for code in short[:MOST_BARS]]
        if not codes:
            return
        sheet, chart = self.book.sheet(CHART), self._chart(codes)
        title = self.book.style(bold=True, font_size=14, text_wrap=False)
        sheet.write_string(0, 0, f"TIÊU CHÍ CÒN THIẾU NHIỀU ĐIỂM NHẤT – {self.results.settings.name}", title)
        sheet.write_string(1, 0, CHART_WORDS, self.book.style(italic=True, font_size=11, text_wrap=False))
        sheet.tall(1, 22)
        width = sum(column_pixels(column.width) for column in self._chart_columns())
        height = chart.height(width, MOST_PIXELS)
        table = Table(self.book, sheet, self._chart_columns(), CHART_ROW + height // ROW_PIXELS + 2)
        for code, label in zip(codes, chart.labels, strict=True):
            figures = self.everyone.loc[code]
            table.row([label, self._area(self.criteria.by_code[code]), figures["gap"], figures["percent"]])
        chart.insert(self.book, sheet, CHART_ROW, table, width, height)
        landscape(sheet, self.results.settings.name)
        sheet.fit_to_pages(1, 1)

    def _chart_columns(self) -> list[Column]:
        scale, points = self.criteria.scale, number_format(self.criteria.decimals)
        figures = [Column(head, 12, points, scale) for head in (GAP, "Tỷ lệ (%)")]
        return [Column("Tiêu chí", 62), Column("Lĩnh vực", 46), *figures]

    def _chart(self, codes: list[str]) -> BarChart:
        labels = [shortened(f"{code} {self.criteria.by_code[code].title}", LABEL_LENGTH) for code in codes]
        gaps = [points_text(int(self.everyone.loc[code, "gap"]), self.criteria.decimals) for code in codes]
        bars = "; ".join(f"mục {code}: {gap}" for code, gap in zip(codes, gaps, strict=True))
        return BarChart(
            title=f"{GAP} của mọi đơn vị, theo tiêu chí",
            described=f"Biểu đồ thanh ngang: tổng điểm còn thiếu của mọi đơn vị, theo tiêu chí. {bars}.",
            column=2,
            series={GAP: solid(NAVY)},
            labels=labels,
            digits=number_format(self.criteria.decimals),
        )
