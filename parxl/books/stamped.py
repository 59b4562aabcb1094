"""A drawn sheet of one unit: ordinary calls replace what stands in its cells; it has no others (``plate``)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from copy import copy
from math import isfinite
from typing import Any

from xlsxwriter.utility import _utf16_len, _utf16_truncate, xl_rowcol_to_cell_fast

from parxl.books.press import Drawn
from parxl.books.sheet import MAX_ROW_HEIGHT, PIXELS, Sheet, escaped, formula_text, is_plain


class Stamped(Sheet):
    """Charts, notes, breaks and the page are set by ordinary calls; so are columns, merges and formats."""

    cond_formats: dict[str, list[Any]]
    hyperlinks: defaultdict[int, dict[int, Any]]
    validations: list[dict[str, Any]]

    def __init__(self, drawn: Drawn):
        super().__init__()
        self._drawn, self._pieces = drawn, drawn.pieces.copy()
        self._known: dict[int, str] = {}  # id of a validation's options -> XML, mostly of a whole run
        self._texts: dict[int, tuple[str, str]] = {}  # piece -> opening, text: those that are not drawn
        for name, value in drawn.kept.items():
            setattr(self, name, copy(value))
        # Lists and dictionaries that a call may add to.
        self.cond_formats = {area: list(formats) for area, formats in self.cond_formats.items()}
        self.hyperlinks = defaultdict(dict, {row: dict(links) for row, links in self.hyperlinks.items()})

    # What is the unit's own -------------------------------------------------------------------

    def put(self, cell: str, value: str | float | None) -> None:
        """A text, a number, or None for nothing, in the look that is drawn there."""
        self._set(cell, self._drawn.openings[cell], value)
        if self.is_sealed:
            self._seal(cell, value, cell not in self._drawn.unlocked)

    def results(self, values: Mapping[str, str | float]) -> None:
        """What drawn formulas come to, by cell: plain texts and numbers."""
        pieces, known = self._pieces, self._drawn.results
        for cell, value in values.items():
            at, before_text, before_number = known[cell]
            if value.__class__ is float or value.__class__ is int:
                pieces[at] = f"{before_number}{value}</v></c>"
            else:
                pieces[at] = f"{before_text}{escaped(_plain(cell, value))}</v></c>"

    def result(self, cell: str, value: str | float) -> None:
        """The same of one cell."""
        self.results({cell: value})

    def formula(self, cell: str, formula: str, value: str | float) -> None:
        """Another formula, and its result, in the look that is drawn there."""
        drawn, written = self._drawn, escaped(self._prepare_formula(formula))
        text = formula_text(drawn.openings[cell], written, _plain(cell, value))
        self._pieces[drawn.cells[cell]] = text
        if self.is_sealed:
            self._seal(cell, formula, cell not in drawn.unlocked)

    def erase(self, cell: str) -> None:
        """The unit does not have this cell at all."""
        at = self._drawn.cells[cell]
        self._pieces[at] = ""
        self._texts.pop(at, None)
        self.locked_cells.pop(cell, None)

    def unvalidate(self, cells: Collection[str]) -> None:
        """Nothing is asked for in these cells; each has a validation to itself."""
        self.validations = [
            one for one in self.validations if xl_rowcol_to_cell_fast(*one["cells"][0][:2]) not in cells
        ]

    def tall(self, number: int, points: float, **options: Any) -> None:
        if options:
            raise ValueError(f"row {number}: {options} must be drawn")
        self.heights[number] = points = min(points, MAX_ROW_HEIGHT)
        pixels = int(points * PIXELS + 0.5)
        self.row_sizes[number - 1] = [pixels, False]
        at, before, after = self._drawn.rows[number]
        is_usual = pixels == self.original_row_height
        self._pieces[at] = before + after if is_usual else f'{before} ht="{pixels * 0.75:.16g}"{after}'

    # Ordinary calls -----------------------------------------------------------------------------

    def _write_string(self, row: int, col: int, string: str, cell_format: Any = None) -> int:
        return self._replace(row, col, string, cell_format)

    def _write_number(self, row: int, col: int, number: Any, cell_format: Any = None) -> int:
        return self._replace(row, col, number, cell_format)

    def _write_blank(self, row: int, col: int, blank: Any, cell_format: Any = None) -> int:
        return self._replace(row, col, None, cell_format)

    def _write_formula(self, row: int, col: int, formula: str, cell_format: Any = None, value: Any = 0) -> int:
        cell = xl_rowcol_to_cell_fast(row, col)
        at, written = self._drawn.cells[cell], escaped(self._prepare_formula(formula))
        self._texts.pop(at, None)
        self._pieces[at] = formula_text(_opening(cell, cell_format), written, _plain(cell, value))
        if self.is_sealed:
            self._seal(cell, formula, cell_format.locked)
        return 0

    def _replace(self, row: int, col: int, value: str | float | None, look: Any) -> int:
        cell = xl_rowcol_to_cell_fast(row, col)
        self._set(cell, _opening(cell, look), value)
        if self.is_sealed:
            self._seal(cell, value, look.locked)
        return 0

    def _set(self, cell: str, opening: str, value: str | float | None) -> None:
        at = self._drawn.cells[cell]
        if isinstance(value, str):
            self._texts[at] = (opening, self._cut(value))
            return
        self._texts.pop(at, None)
        if value is not None and not isfinite(value):
            raise TypeError(f"{cell}: {value} is no number that a cell can hold")
        self._pieces[at] = f"{opening}/>" if value is None else f"{opening}><v>{value:.16G}</v></c>"

    def _cut(self, text: str) -> str:
        """As XlsxWriter cuts what is longer than a cell can hold."""
        most: int = self.xls_strmax
        if len(text) > most // 2 and _utf16_len(text) > most:
            return str(_utf16_truncate(text, most))
        return text

    def _seal(self, cell: str, content: str | float | None, is_locked: bool) -> None:
        """As ``Sheet`` does: the last content of a locked cell."""
        if is_locked and content is not None:
            self.locked_cells[cell] = content

    # The same as XML ----------------------------------------------------------------------------

    def number_texts(self) -> None:
        """After the texts of the plate, whose pieces hold their numbers, and those of the ordinary sheets."""
        table, pieces, drawn = self.str_table.string_table, self._pieces, self._drawn
        for at, (opening, text) in self._texts.items():
            number = table.get(text)
            if number is None:
                number = table[text] = len(table)
            pieces[at] = f'{opening} t="s"><v>{number}</v></c>'
        self.str_table.count += len(self._texts) + sum(pieces[at] is drawn.pieces[at] for at in drawn.texts)
        self.str_table.unique_count = len(table)

    def _write_rows(self) -> None:
        self.fh.write("".join(self._pieces))

    def _write_data_validations(self) -> None:
        left, self._known = set(map(id, self.validations)), self._drawn.validations.copy()
        for some, text in self._drawn.runs:
            if left.issuperset(some):
                self._known.update({**dict.fromkeys(some, ""), some[0]: text})
        super()._write_data_validations()

    def _write_data_validation(self, options: dict[str, Any]) -> None:
        known = self._known.get(id(options))
        if known is None:
            super()._write_data_validation(options)
        elif known:
            self.fh.write(known)

    def _write_conditional_formatting(self, cond_range: str, params: list[Any]) -> None:
        count, known = self._drawn.conditions.get(cond_range, (0, ""))
        self.fh.write(known) if count == len(params) else super()._write_conditional_formatting(
            cond_range, params
        )


def _opening(cell: str, look: Any) -> str:
    return f'<c r="{cell}" s="{look._get_xf_index()}"'


def _plain(cell: str, value: str | float) -> str | float:
    if not is_plain(value):
        raise ValueError(f"{cell}: {value!r} is no plain result")
    return value
