"""Native bar charts: horizontal, the first one on top, labels whole, with a text for those who cannot see them.

Plot areas are laid out here from the widths of the texts, so that no program cuts or skips a label.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from parxl.books.listing import Table
from parxl.books.metrics import text_pixels
from parxl.books.styles import FONT, Book, Sheet

NAVY, PALE = "#1F4E79", "#9DC3E6"
# Blue and yellow for every kind of colour-blindness, each of another lightness: they differ in grey too.
SOLID = (NAVY, "#F2C879", "#4A90C2", "#DDE8F0")
HATCHED = ("dark_upward_diagonal", "large_check", "horizontal_brick", "dark_downward_diagonal")
BROWN = "#8C4A00"
FRAME = "#404040"

FONT_SIZE, SMALLEST = 11, 7
LINE = 0.6  # points of a font that a pixel of a line holds
HEAD, FOOT, EDGE, LEFT, RIGHT = 50, 30, 10, 20, 65  # pixels around the plot area
LEGEND_LINE, LEGEND_KEY = 24, 60
BAR, PAIR = 34, 44  # pixels that a category asks for
MOST_LABELS = 30
FULL, STEP = 115, 20  # percent: room for the figure behind a bar of 100


@dataclass(frozen=True)
class BarChart:
    """A chart of ``labels``. Its ``series``, name -> look, stand side by side from ``column`` of a table on."""

    title: str
    described: str
    column: int
    series: Mapping[str, dict[str, Any]]
    labels: Sequence[str]
    digits: str
    is_stacked: bool = False
    top: int | None = None  # where the axis ends; None: as far as it needs

    @property
    def bars(self) -> int:
        """How many a label has."""
        return 1 if self.is_stacked else len(self.series)

    @property
    def has_figures(self) -> bool:
        """Numbers at the bars, where there is room for them."""
        return not self.is_stacked and len(self.labels) * self.bars <= MOST_LABELS

    @property
    def has_axis(self) -> bool:
        """An axis with its grid, where figures at the bars do not say it all."""
        return self.bars > 1 or not self.has_figures

    def height(self, width: int, most: int) -> int:
        """As many pixels as its bars ask for, and as there are."""
        wanted = HEAD + self._under(width) + EDGE + len(self.labels) * (PAIR if self.bars > 1 else BAR)
        return min(most, wanted)

    def _under(self, width: int) -> int:
        """Below the plot: the axis, and the lines of the legend."""
        if len(self.series) == 1:
            return FOOT if self.has_axis else 0
        widest = LEGEND_KEY + ceil(max(text_pixels(name, FONT_SIZE) for name in self.series))
        across = max(1, width // widest)
        return FOOT + LEGEND_LINE * ceil(len(self.series) / across)

    def insert(self, book: Book, sheet: Sheet, row: int, table: Table, width: int, height: int) -> None:
        """Draw it from row ``row`` on; its figures stand in ``table``, the labels in its first column."""
        kind = {"type": "bar", "subtype": "stacked"} if self.is_stacked else {"type": "bar"}
        chart = book.workbook.add_chart(kind)
        for number, look in enumerate(self.series.values()):
            chart.add_series(self._series(sheet.name, table, self.column + number, look))
        plot = height - HEAD - self._under(width) - EDGE
        self._dress(chart, width, height, plot)
        chart.set_size({"width": width, "height": height})
        # A little lower, so that its frame does not show on the page before.
        options = {"description": self.described, "object_position": 2, "y_offset": 4}
        sheet.insert_chart(row - 1, 0, chart, options)

    def _series(self, sheet: str, table: Table, column: int, look: dict[str, Any]) -> dict[str, Any]:
        first, last = table.top, table.last - 1
        found = {
            "name": [sheet, table.top - 1, column],
            "categories": [sheet, first, 0, last, 0],
            "values": [sheet, first, column, last, column],
            "gap": 45,
            **look,
        }
        if self.has_figures:
            found["data_labels"] = {"value": True, "num_format": self.digits, "font": font(FONT_SIZE - 1)}
        return found

    def _dress(self, chart: Any, width: int, height: int, plot: int) -> None:
        size = max(SMALLEST, min(FONT_SIZE, int(plot / len(self.labels) * LINE)))
        labels = ceil(max(text_pixels(label, size) for label in self.labels)) + LEFT
        layout = {"x": labels / width, "y": HEAD / height, "width": (width - labels - RIGHT) / width}
        chart.set_plotarea({"layout": {**layout, "height": plot / height}})
        chart.set_title({"name": self.title, "name_font": font(13, bold=True), "overlay": False})
        # The first label on top, and the axis of the figures at the bottom all the same.
        category = {"reverse": True, "crossing": "max", "interval_unit": 1, "major_tick_mark": "none"}
        chart.set_y_axis({**category, "num_font": font(size), "line": {"color": FRAME}})
        grid = {"visible": self.has_axis, "line": {"color": "#D0D0D0"}}
        ends = {"min": 0} if self.top is None else {"min": 0, "max": self.top, "major_unit": STEP}
        figures = {"num_font": font(FONT_SIZE - 1), "num_format": "0", "major_gridlines": grid}
        chart.set_x_axis({**ends, **figures, "visible": self.has_axis})
        legend = {"position": "bottom", "font": font(FONT_SIZE)}
        chart.set_legend(legend if len(self.series) > 1 else {"none": True})


def font(size: int, bold: bool = False) -> dict[str, Any]:
    return {"name": FONT, "size": size, "bold": bold}


def solid(colour: str) -> dict[str, Any]:
    return {"fill": {"color": colour}, "border": {"color": FRAME, "width": 0.5}}


def look(number: int) -> dict[str, Any]:
    """Of the series with this number in a stack: the first four plain, the next four hatched, and so on."""
    at, is_hatched = number % len(SOLID), number // len(SOLID) % 2
    if not is_hatched:
        return solid(SOLID[at])
    pattern = {"pattern": HATCHED[at], "fg_color": (NAVY, BROWN)[at % 2], "bg_color": "#FFFFFF"}
    return {"pattern": pattern, "border": {"color": FRAME, "width": 0.5}}
