"""*Lĩnh vực* of the league workbook: how far each unit gets in each area, as a heat map."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd
from xlsxwriter.utility import xl_range

from parxl.books.listing import Column, Table, close_sheet, has_groups, open_sheet
from parxl.books.styles import PAPER_A3, Book, number_format
from parxl.books.tables import area_name, code_width, ranked_units, unit_cell
from parxl.criteria import Node
from parxl.exact import short_text
from parxl.results import Results, UnitResult

SHEET = "Lĩnh vực"
TITLE = "ĐIỂM THEO LĨNH VỰC"
WORDS = (
    "Tỷ lệ = 100 × điểm của lĩnh vực / điểm tối đa của lĩnh vực đối với đơn vị; nội dung còn chờ tính 0 điểm. "
    "Hạng: theo tỷ lệ, trong từng khối; dấu “=”: đồng hạng. Màu của các cột tỷ lệ: một thang chung cho mọi "
    "lĩnh vực, tỷ lệ càng cao, màu càng đậm."
)
# Ever darker in grey too, and yellow against blue for every kind of colour-blindness.
LOWEST, MIDDLE, HIGHEST = "#FFF6D5", "#C6DBEF", "#6BAED6"
A4_WIDTH = 210  # characters that A4 landscape holds in a legible size
RANK = "0"


def write_areas(book: Book, results: Results) -> None:
    """A row a unit with scores, group by group, best first; the means of the groups below."""
    _Areas(book, results).write()


class _Areas:
    def __init__(self, book: Book, results: Results):
        self.book, self.results = book, results
        self.areas, self.figures = results.criteria.areas, results.analysis.areas
        self.digits, self.scale = number_format(results.criteria.decimals), results.criteria.scale
        self.grouped = has_groups(results)
        self.left = list(self._left())

    def write(self) -> None:
        columns = [*self.left, *(column for area in self.areas for column in self._columns(area))]
        table = open_sheet(self.book, self.results, SHEET, TITLE, WORDS, columns)
        for group in self.results.groups:
            for unit in ranked_units(self.results, group):
                if unit.has_scores:
                    self._row(table, unit)
        close_sheet(table, self.results, len(self.left))
        if sum(column.width for column in columns) > A4_WIDTH:
            table.sheet.set_paper(PAPER_A3)
        if table.last > table.top:
            self._heat(table)
            self._means(table)

    # Units ----------------------------------------------------------------------------------------

    def _left(self) -> Iterator[Column]:
        if self.grouped:
            yield Column("Khối", 24)
        yield Column("Hạng", 7, RANK)
        yield Column("Mã đơn vị", code_width(self.results))
        yield Column("Đơn vị", 36)

    def _columns(self, area: Node) -> Iterator[Column]:
        number, maximum = area.stt.rstrip("."), short_text(area.max)
        yield Column(f"{area_name(area)} – điểm ({maximum})", 15, self.digits, self.scale)
        yield Column(f"Lĩnh vực {number} – tỷ lệ (%)", 9.5, self.digits, self.scale)
        yield Column(f"Lĩnh vực {number} – hạng", 9.5, RANK)

    def _row(self, table: Table, result: UnitResult) -> None:
        unit, standing = result.unit, result.standing or {}
        left = [unit.group] if self.grouped else []
        values: list[Any] = [*left, standing.get("rank"), unit.code, unit.name]
        looks: list[dict[str, Any]] = [{} for _ in values]
        looks[len(left)] = {"bold": True, **_tie(bool(standing.get("tied")))}
        for area in self.areas:
            figures = (self.figures.points, self.figures.percent, self.figures.rank)
            values += [frame.loc[unit.code, area.code] for frame in figures]
            looks += [{}, {}, _tie(bool(self.figures.tied.loc[unit.code, area.code]))]
        table.row(values, looks)
        unit_cell(self.book, table.sheet, table.last, len(left) + 1, result)

    def _heat(self, table: Table) -> None:
        """One scale over all areas, so that a pale column is a weak area and a pale cell a weak unit."""
        ranges = [xl_range(table.top, at, table.last - 1, at) for at in self._percent_columns()]
        scale = {"type": "3_color_scale", "min_color": LOWEST, "mid_color": MIDDLE, "max_color": HIGHEST}
        table.sheet.conditional_format(ranges[0], {**scale, "multi_range": " ".join(ranges)})

    def _percent_columns(self) -> list[int]:
        return [len(self.left) + 3 * number + 1 for number in range(len(self.areas))]

    # Groups ---------------------------------------------------------------------------------------

    def _means(self, units: Table) -> None:
        """A table of its own, a row apart: sorting the units does not touch it."""
        name, kept = len(self.left) - 1, {*self._percent_columns(), *([0] if self.grouped else [])}
        columns = [replace(one, head=one.head if at in kept else "") for at, one in enumerate(units.columns)]
        columns[name] = replace(
            columns[name], head="Tỷ lệ của khối" if self.grouped else "Tỷ lệ của các đơn vị"
        )
        table = Table(self.book, units.sheet, columns, units.last + 2)
        for group in self.results.groups:
            if group in self.figures.mean.index:
                self._of_group(table, group, "Trung bình", self.figures.mean)
                self._of_group(table, group, "Cao nhất", self.figures.best)

    def _of_group(self, table: Table, group: str, words: str, percents: pd.DataFrame) -> None:
        values: list[Any] = [*([group] if self.grouped else []), None, "", words]
        for area in self.areas:
            values += [None, percents.loc[group, area.code], None]
        table.row(values)


def _tie(tied: bool) -> dict[str, Any]:
    """The look of a rank that is shared: "=" behind the number."""
    return {"num_format": '0"="'} if tied else {}
