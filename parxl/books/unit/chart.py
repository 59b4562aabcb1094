"""The chart of *Tóm tắt*: how much of each area the unit has, beside its group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from parxl.books.bar_chart import FULL, STEP, font, look
from parxl.books.metrics import column_pixels
from parxl.books.unit.own import SHEET_SUMMARY, Own
from parxl.books.unit.page import COLUMNS, FIGURES, Page

OWN, MEAN, BEST = FIGURES + 2, FIGURES + 3, FIGURES + 4  # columns of the table
WIDTH = sum(map(column_pixels, COLUMNS)) - 8
HEAD, FOOT, AREA = 32, 52, 38  # pixels over the bars, under them, and of an area
# Parts of the chart's width: names of areas are long, and wrap beside the bars.
NAMES, BARS = 0.40, 0.56
POINTS_PER_PIXEL = 0.75
TITLE = "Tỷ lệ điểm đạt được theo lĩnh vực (%)"


def insert_chart(page: Page, own: Own, first: int, last: int) -> None:
    """Bars of the table's rows ``first`` to ``last``, in a row of their own."""
    height = _height(first, last)
    row = page.next_row(height * POINTS_PER_PIXEL + 10)
    chart = page.book.chart(_draw, tuple(_named_columns(own)), first, last)
    chart.set_size({"width": WIDTH, "height": height})
    options = {"x_offset": 4, "y_offset": 6, "object_position": 2, "description": _description(own)}
    page.sheet.insert_chart(row - 1, 0, chart, options)


def _height(first: int, last: int) -> int:
    return HEAD + AREA * (last - first + 1) + FOOT


def _draw(chart: Any, columns: Sequence[tuple[str, int]], first: int, last: int) -> None:
    for number, (name, column) in enumerate(columns):
        chart.add_series(_series(name, column, first, last) | look(number))
    height = _height(first, last)
    _dress(chart, HEAD / height, AREA * (last - first + 1) / height)


def _named_columns(own: Own) -> list[tuple[str, int]]:
    if not own.has_peers:
        return [("Đơn vị", OWN)]
    return [("Đơn vị", OWN), (f"Bình quân của {own.group}", MEAN), (f"Cao nhất của {own.group}", BEST)]


def _series(name: str, column: int, first: int, last: int) -> dict[str, Any]:
    series: dict[str, Any] = {
        "name": name,
        "categories": [SHEET_SUMMARY, first - 1, 0, last - 1, 0],
        "values": [SHEET_SUMMARY, first - 1, column, last - 1, column],
        "gap": 40,
    }
    if column == OWN:
        series["data_labels"] = {"value": True, "font": font(9, bold=True)}
    return series


def _dress(chart: Any, top: float, bars: float) -> None:
    """``top``, ``bars``: of the plot, as parts of the chart's height."""
    chart.set_plotarea({"layout": {"x": NAMES, "y": top, "width": BARS, "height": bars}})
    chart.set_title({"name": TITLE, "name_font": font(11, bold=True), "overlay": False})
    chart.set_legend({"position": "bottom", "font": font(10)})
    # The first area on top, and the axis of the figures at the bottom all the same.
    category = {"reverse": True, "crossing": "max", "interval_unit": 1, "major_tick_mark": "none"}
    chart.set_y_axis({**category, "num_font": font(10)})
    grid = {"visible": True, "line": {"color": "#D0D0D0"}}
    ends = {"min": 0, "max": FULL, "major_unit": STEP}
    chart.set_x_axis({**ends, "num_font": font(9), "num_format": "0", "major_gridlines": grid})


def _description(own: Own) -> str:
    beside = f", so với bình quân và mức cao nhất của {own.group}" if own.has_peers else ""
    return f"Biểu đồ thanh: {TITLE.lower()} của đơn vị{beside}; số liệu ở bảng ngay trên biểu đồ."
