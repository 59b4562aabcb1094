"""A sheet that XlsxWriter writes in pieces, to be stamped (``plate``)."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell_fast
from xlsxwriter.worksheet import CellFormulaTuple, CellRichStringTuple, CellStringTuple

from parxl.books.archive import Same
from parxl.books.sheet import SPAN, Sheet, before_result, escaped

OPENING = re.compile(r'<c r="[A-Z]+\d+"(?: s="\d+")?')
ROW = re.compile(r'(<row r="\d+"(?: spans="[^"]*")?(?: s="\d+" customFormat="1")?)(?: ht="[^"]*")?(.*)')
RUN = 30  # validations that are deflated together: few units lack one of them
# What a sheet has of its own, not by its drawing.
OWN = frozenset(["name", "index", "fh", "internal_fh", "table", "row_info", "selected", "active", "drawn"])
BOUND = ("charts", "images", "shapes", "tables", "comments", "sparklines", "external_hyper_links")


@dataclass
class Drawn:
    """One sheet. Cells by address; ``rows`` numbered from 1."""

    kept: dict[str, Any]  # attribute of a worksheet -> what calls have left there
    pieces: list[str] = field(default_factory=list)  # start tags of rows, cells, end tags
    cells: dict[str, int] = field(default_factory=dict)  # which piece
    openings: dict[str, str] = field(default_factory=dict)  # the cell's tag as far as its look
    results: dict[str, tuple[int, str, str]] = field(default_factory=dict)  # piece; before a text, a number
    unlocked: set[str] = field(default_factory=set)
    rows: dict[int, tuple[int, str, str]] = field(default_factory=dict)  # piece, before and after the height
    texts: set[int] = field(default_factory=set)  # pieces that hold a text, by its number on the plate
    validations: dict[int, str] = field(default_factory=dict)  # id of the options in ``kept`` -> XML
    runs: list[tuple[list[int], Same]] = field(default_factory=list)  # some of those ids, their XML
    conditions: dict[str, tuple[int, str]] = field(default_factory=dict)  # range -> number of formats, XML


class Press(Sheet):
    """Takes every ordinary call but those that bind it to a workbook: charts, notes, links to the outside."""

    def press(self, blank: Mapping[str, Any]) -> Drawn:
        """``blank``: the attributes of a sheet on which nothing is drawn."""
        self.drawn = Drawn({name: v for name, v in vars(self).items() if name not in OWN and v != blank[name]})
        self._set_xml_writer(io.StringIO())
        self._assemble_xml_file()
        if bound := [name for name in BOUND if getattr(self, name)]:
            raise ValueError(f"{self.name}: {bound} cannot be drawn")
        return self.drawn

    def _write_rows(self) -> None:
        self._calculate_spans()
        for row in range(self.dim_rowmin, self.dim_rowmax + 1):
            cells, info = self.table.get(row), self.row_info.get(row)
            if not cells and not info:
                continue
            tag = self._as_written("_write_row", row, self.row_spans.get(row // SPAN), info, not cells)
            before, after = ROW.fullmatch(tag).groups()  # type: ignore[union-attr]
            self.drawn.rows[row + 1] = (len(self.drawn.pieces), before, after)
            self.drawn.pieces.append(tag)
            for col, cell in sorted((cells or {}).items()):
                self._cell(row, col, cell)
            self.drawn.pieces += ["</row>"] if cells else []

    def _cell(self, row: int, col: int, cell: Any) -> None:
        name, drawn, at = xl_rowcol_to_cell_fast(row, col), self.drawn, len(self.drawn.pieces)
        if isinstance(cell, CellRichStringTuple):
            raise ValueError(f"{name}: a text in several formats cannot be drawn")
        text = self._as_written("_write_cell", row, col, cell)
        opening = OPENING.match(text)[0]  # type: ignore[index]
        drawn.pieces.append(text)
        drawn.cells[name], drawn.openings[name] = at, opening
        if cell.format and not cell.format.locked:
            drawn.unlocked.add(name)
        if isinstance(cell, CellFormulaTuple):
            drawn.results[name] = (at, *before_result(opening, escaped(cell.formula)))
        if isinstance(cell, CellStringTuple):
            drawn.texts.add(at)

    def _write_data_validations(self) -> None:
        super()._write_data_validations()
        known = self.drawn.validations
        for start in range(0, len(known), RUN):
            some = list(known)[start : start + RUN]
            self.drawn.runs.append((some, Same("".join([known[one] for one in some]))))

    def _write_data_validation(self, options: dict[str, Any]) -> None:
        self.drawn.validations[id(options)] = self._as_written("_write_data_validation", options)

    def _write_conditional_formatting(self, cond_range: str, params: list[Any]) -> None:
        text = self._as_written("_write_conditional_formatting", cond_range, params)
        self.drawn.conditions[cond_range] = (len(params), text)
