"""*Lĩnh vực* of the league workbook: how far each unit gets in each area, as a heat map."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd
from xlsxwriter.utility import xl_range

from parxl.books.league.limits import too_large, write_left_out
from parxl.books.league.long import LongBook, LongSheet
from parxl.books.league.sheets import (
    LINK,
    OWN,
    PLAIN,
    LongTable,
    are_linked,
    by_unit,
    close_sheet,
    fit_paper,
    has_groups,
    open_sheet,
    tie_look,
)
from parxl.books.listing import TOP, Column, Table
from parxl.books.styles import number_format
from parxl.books.tables import area_name, code_width, ranked_units
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
RANK = "0"


def write_areas(book: LongBook, results: Results) -> None:
    """A row a unit with scores, group by group, best first; the means of the groups below."""
    _Areas(book, results).write()


class _Areas:
    def __init__(self, book: LongBook, results: Results):
        self.book, self.results = book, results
        self.areas, self.figures = results.criteria.areas, results.analysis.areas
        self.digits, self.scale = number_format(results.criteria.decimals), results.criteria.scale
        self.grouped = has_groups(results)
        self.left = list(self._left())
        self.links = are_linked(results)
        self.columns = [*self.left, *(column for area in self.areas for column in self._columns(area))]

    def write(self) -> None:
        if words := too_large(self.results, len(self.columns)):
            widths = [column.width for column in self.columns]
            sheet = write_left_out(self.book, self.results, SHEET, TITLE, words, widths)
            self._means(sheet, TOP + 1)
            return
        table = open_sheet(self.book, self.results, SHEET, TITLE, WORDS, self.columns)
        self._units(table)
        close_sheet(table, self.results, len(self.left))
        fit_paper(table)
        if table.last > table.top:
            self._heat(table)
            self._means(table.sheet, table.last + 2)

    # Units ----------------------------------------------------------------------------------------

    def _left(self) -> Iterator[Column]:
        if self.grouped:
            yield Column("Khối", 24)
        yield Column("Hạng", 7, RANK)
        yield Column("Mã đơn vị", code_width(self.results), align="")
        yield Column("Đơn vị", 36)

    def _columns(self, area: Node) -> Iterator[Column]:
        number, maximum = area.stt.rstrip("."), short_text(area.max)
        yield Column(f"{area_name(area)} – điểm ({maximum})", 15, self.digits, self.scale)
        yield Column(f"Lĩnh vực {number} – tỷ lệ (%)", 9.5, self.digits, self.scale)
        yield Column(f"Lĩnh vực {number} – hạng", 9.5, RANK)

    def _units(self, table: LongTable) -> None:
        codes, found = [area.code for area in self.areas], self.figures
        frames = (found.points, found.percent, found.rank, found.tied)
        figures = [by_unit(frame[codes]) for frame in frames]
        for group in self.results.groups:
            for result in ranked_units(self.results, group):
                if result.has_scores:
                    self._row(table, result, *(frame[result.unit.code] for frame in figures))

    def _row(self, table: LongTable, result: UnitResult, *areas: list[Any]) -> None:
        """``areas``: points, percents, ranks, are they tied? – each an area after the other."""
        unit, standing = result.unit, result.standing or {}
        left = [unit.group] if self.grouped else []
        values: list[Any] = [*left, standing.get("rank"), unit.code, unit.name]
        rank = {"bold": True, **tie_look(standing.get("tied"))}
        looks = [*(PLAIN for _ in left), rank, LINK if self.links else PLAIN, PLAIN]
        for points, percent, place, tied in zip(*areas, strict=True):
            values += [points, percent, place]
            looks += [PLAIN, PLAIN, tie_look(tied)]
        table.row(values, looks)
        if self.links:
            table.link(len(left) + 1, OWN, unit.code)

    def _heat(self, table: Table) -> None:
        """One scale over all areas, so that a pale column is a weak area and a pale cell a weak unit."""
        ranges = [xl_range(table.top, at, table.last - 1, at) for at in self._percent_columns()]
        scale = {"type": "3_color_scale", "min_color": LOWEST, "mid_color": MIDDLE, "max_color": HIGHEST}
        table.sheet.conditional_format(ranges[0], {**scale, "multi_range": " ".join(ranges)})

    def _percent_columns(self) -> list[int]:
        return [len(self.left) + 3 * number + 1 for number in range(len(self.areas))]

    # Groups ---------------------------------------------------------------------------------------

    def _means(self, sheet: LongSheet, row: int) -> None:
        """A table of its own, a row apart: sorting the units does not touch it."""
        name, kept = len(self.left) - 1, {*self._percent_columns(), *([0] if self.grouped else [])}
        columns = [replace(one, head=one.head if at in kept else "") for at, one in enumerate(self.columns)]
        head = "Tỷ lệ của khối" if self.grouped else "Tỷ lệ của các đơn vị"
        columns[name] = replace(columns[name], head=head)
        table = Table(self.book, sheet, columns, row)
        for group in self.results.groups:
            if group in self.figures.mean.index:
                self._of_group(table, group, "Trung bình", self.figures.mean)
                self._of_group(table, group, "Cao nhất", self.figures.best)

    def _of_group(self, table: Table, group: str, words: str, percents: pd.DataFrame) -> None:
        values: list[Any] = [*([group] if self.grouped else []), None, "", words]
        for area in self.areas:
            values += [None, percents.loc[group, area.code], None]
        table.row(values)
