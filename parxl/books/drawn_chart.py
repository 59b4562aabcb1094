"""A native bar chart that is drawn once, by ordinary calls, and written with the figures of many workbooks."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from copy import deepcopy
from functools import lru_cache
from typing import Any

from xlsxwriter.chart_bar import ChartBar

from parxl.books.pieces import Pieces

MOST_CHARTS, MOST_LABELS = 16, 64
Figures = Sequence[str | None]
Draw = Callable[..., None]


class DrawnChart(ChartBar):
    """Of one workbook. ``pieces``, which all share: its XML between the figures, by what that rests on."""

    fh: Any
    formula_data: list[Any]
    pieces: dict[Hashable, list[str]]

    def of_another(self) -> DrawnChart:
        """The same for another workbook."""
        made = DrawnChart.__new__(DrawnChart)
        made.__dict__.update(self.__dict__, formula_data=self.formula_data.copy())
        return made

    def _assemble_xml_file(self) -> None:
        drawn, data = self._between(), self.formula_data
        self.fh.write(drawn[0])
        for series, piece in zip(self.series, drawn[1:], strict=True):
            self.fh.write(_cache(data[series["val_data_id"]]) + piece)

    def _between(self) -> list[str]:
        figures = {series["val_data_id"] for series in self.series}
        texts = [tuple(one) for number, one in enumerate(self.formula_data) if one and number not in figures]
        key = (self.id, *texts)
        if key not in self.pieces:
            if len(self.pieces) >= MOST_LABELS:
                self.pieces.clear()
            self.pieces[key] = _Drawing.of(self)
        return self.pieces[key]


class _Drawing(ChartBar):
    """What XlsxWriter writes of a chart, in pieces: between them, the figures of a series each."""

    fh: Pieces

    @classmethod
    def of(cls, chart: DrawnChart) -> list[str]:
        # A copy all through: what XlsxWriter writes, it also changes.
        made = cls.__new__(cls)
        made.__dict__ = deepcopy({**chart.__dict__, "fh": None, "pieces": None})
        made.fh, made.written = Pieces(), []
        made._assemble_xml_file()
        return [*made.written, made.fh.getvalue()]

    def _write_val(self, series: dict[str, Any]) -> None:
        self.is_figures = True
        super()._write_val(series)
        self.is_figures = False

    def _write_num_cache(self, data: Figures) -> None:
        if not self.__dict__.get("is_figures"):
            super()._write_num_cache(data)
            return
        self.written.append(self.fh.getvalue())
        self.fh = Pieces()


def _cache(data: Figures) -> str:
    """As XlsxWriter keeps a series' figures in a chart."""
    shown = [(at, _figure(one)) for at, one in enumerate(data) if one is not None]
    points = "".join([f'<c:pt idx="{at}"><c:v>{one}</c:v></c:pt>' for at, one in shown])
    count = f'<c:formatCode>General</c:formatCode><c:ptCount val="{len(data)}"/>'
    return f"<c:numCache>{count}{points}</c:numCache>"


def _figure(shown: str) -> str:
    try:
        float(shown)
    except ValueError:
        return "0"  # a cell without a number
    return shown


@lru_cache(maxsize=MOST_CHARTS)
def drawn_chart(draw: Draw, *rests_on: Hashable) -> DrawnChart:
    """``draw`` gets the new chart, and all that the chart rests on but the content of its cells."""
    chart = DrawnChart()
    chart.embedded, chart.pieces = True, {}
    draw(chart, *rests_on)
    return chart
