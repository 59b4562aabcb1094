"""A sheet of XlsxWriter's: the few places where it needs a firm hand, and a shorter way to write its cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import chain
from math import isfinite
from typing import Any

from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name, xl_range, xl_rowcol_to_cell_fast
from xlsxwriter.worksheet import (
    CellBlankTuple,
    CellFormulaTuple,
    CellNumberTuple,
    CellStringTuple,
    RowInfo,
)

from parxl.books.around import Around

MAX_VALIDATION_FORMULA = 255
MAX_ROW_HEIGHT = 409.5  # points; Excel's own limit
PIXELS = 4.0 / 3.0  # a point
SPAN = 16  # rows that share one hint of their columns
ERRORS = frozenset(["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"])

place = lru_cache(maxsize=16384)(xl_cell_to_rowcol)  # "B3" -> (2, 1)
area = lru_cache(maxsize=4096)(xl_range)  # (0, 0, 0, 2) -> "A1:C1"
_info = lru_cache(maxsize=1024)(RowInfo)  # pixels -> what is known of a row of this height
_new = tuple.__new__  # of a named tuple; its own way takes twice as long


class _Letters(dict[int, str]):
    def __missing__(self, col: int) -> str:
        self[col] = name = str(xl_col_to_name(col))
        return name


LETTERS = _Letters()  # 2 -> "C"


class Sheet(Around):
    """A worksheet whose computed row heights may still grow, and whose blank results are text."""

    def __init__(self) -> None:
        super().__init__()
        self.heights: dict[int, float] = {}
        self.is_sealed = False
        self.locked_cells: dict[str, Any] = {}  # of a sealed sheet: cell -> text, number or formula

    # What is written --------------------------------------------------------------------------

    def write_string(self, *args: Any) -> Any:
        return self._write_string(*(_placed(args) if args[0].__class__ is str else args))

    def write_number(self, *args: Any) -> Any:
        return self._write_number(*(_placed(args) if args[0].__class__ is str else args))

    def write_blank(self, *args: Any) -> Any:
        return self._write_blank(*(_placed(args) if args[0].__class__ is str else args))

    def write_formula(self, *args: Any) -> Any:
        return self._write_formula(*(_placed(args) if args[0].__class__ is str else args))

    def _write_string(self, row: int, col: int, string: str, cell_format: Any = None) -> Any:
        if self.is_sealed:
            self._keep(row, col, string, cell_format)
        if len(string) > self.xls_strmax // 2:
            return super()._write_string(row, col, string, cell_format)
        number = self.str_table._get_shared_string_index(string)
        return self._store(row, col, _new(CellStringTuple, (number, cell_format)))

    def _write_rich_string(self, row: int, col: int, *args: Any) -> Any:
        done = super()._write_rich_string(row, col, *args)
        number, texts = self.table[row][col].string, self.str_table.string_table
        self.str_table.rich.update(text for text, own in texts.items() if own == number)
        return done

    def _write_number(self, row: int, col: int, number: Any, cell_format: Any = None) -> Any:
        if self.is_sealed:
            self._keep(row, col, number, cell_format)
        if not isfinite(number) or number.__class__ not in (int, float):
            return super()._write_number(row, col, number, cell_format)
        return self._store(row, col, _new(CellNumberTuple, (number, cell_format)))

    def _write_blank(self, row: int, col: int, blank: Any, cell_format: Any = None) -> Any:
        return 0 if cell_format is None else self._store(row, col, _new(CellBlankTuple, (cell_format,)))

    def merge_range(self, *args: Any) -> Any:
        """Of cells of a row at once; else, and where something is wrong, as XlsxWriter does it."""
        if len(args) != 6 or args[0] != args[2] or args[1] >= args[3] or self.table_cells:
            return super().merge_range(*args)
        row, first, _, last, data, look = args
        cells = [(row, col) for col in range(first, last + 1)]
        if look is None or not self.merged_cells.keys().isdisjoint(cells):
            return super().merge_range(*args)
        self.merged_cells.update(dict.fromkeys(cells, area(row, first, row, last)))
        self.merge.append([row, first, row, last])
        self._write(row, first, data, look)
        for col in range(first + 1, last + 1):
            self._write_blank(row, col, "", look)
        return 0

    def _store(self, row: int, col: int, cell: Any) -> int:
        cells = self.table.get(row)
        if not cells or not self.dim_colmin <= col <= self.dim_colmax:
            if self._check_dimensions(row, col):
                return -1
            cells = self.table[row]
        cells[col] = cell
        return 0

    def _write_formula(self, row: int, col: int, formula: str, cell_format: Any = None, value: Any = 0) -> Any:
        if self.is_sealed:
            self._keep(row, col, formula, cell_format)
        return super()._write_formula(row, col, formula, cell_format, value)

    def _keep(self, row: int, col: int, content: Any, cell_format: Any) -> None:
        if cell_format is None or cell_format.locked:
            self.locked_cells[xl_rowcol_to_cell_fast(row, col)] = content

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        # XlsxWriter looks for functions newer than Excel 2010, a hundred searches a formula; we use none.
        return formula.removeprefix("=")

    def validate(self, first: str, options: dict[str, Any]) -> None:
        """``data_validation`` that fails loudly: XlsxWriter only warns and leaves it out."""
        formula = options.get("value", "")
        if isinstance(formula, str) and len(formula) > MAX_VALIDATION_FORMULA:
            raise ValueError(f"{first}: validation formula of {len(formula)} characters")
        if self.data_validation(first, {**options, "ignore_blank": True}) != 0:
            raise ValueError(f"{first}: XlsxWriter refused the validation {options}")

    def tall(self, number: int, points: float, **options: Any) -> None:
        """Height of a row, numbered from 1; kept for the page breaks."""
        self.heights[number] = points = min(points, MAX_ROW_HEIGHT)
        row, pixels = number - 1, int(points * PIXELS + 0.5)
        if options or not pixels or not self._is_within(row):
            self.set_row(row, points, None, options)
            return
        self.row_info[row] = _info(pixels)
        self.row_sizes[row] = [pixels, False]

    def _is_within(self, row: int) -> bool:
        has_cells = self.dim_rowmin is not None and self.dim_colmin is not None
        return has_cells and self.dim_rowmin <= row <= self.dim_rowmax

    # The same as XML, as XlsxWriter writes it -----------------------------------------------------

    def _write_rows(self) -> None:
        self._calculate_spans()
        self.fh.write("".join(chain.from_iterable(self._row_texts())))

    def _row_texts(self) -> Iterator[list[str]]:
        """Each row: its start tag, its cells, its end tag."""
        for row in range(self.dim_rowmin, self.dim_rowmax + 1):
            cells, info = self.table.get(row), self.row_info.get(row)
            if cells:
                yield [self._row_text(row, info, is_empty=False), *self._cell_texts(row, cells), "</row>"]
            elif info or row in self.comments:
                yield [self._row_text(row, info, is_empty=True)]

    def _row_text(self, row: int, info: RowInfo | None, is_empty: bool) -> str:
        if info and (info.row_format or info.hidden or info.level or info.collapsed):
            return self._as_written("_write_row", row, self.row_spans.get(row // SPAN), info, is_empty)
        height = info.height if info else self.default_row_height
        spans = self.row_spans.get(row // SPAN)
        text = f'<row r="{row + 1}" spans="{spans}"' if spans else f'<row r="{row + 1}"'
        # No customHeight: it would freeze the row, which could not grow with a long evidence text.
        if not height == self.original_row_height == self.default_row_height:
            text += f' ht="{height * 0.75:.16g}"'
        return text + ("/>" if is_empty else ">")

    def _cell_texts(self, row: int, cells: Mapping[int, Any]) -> list[str]:
        number, texts = row + 1, []
        for col in sorted(cells):
            cell = cells[col]
            look, kind = cell.format, cell.__class__
            if look is None:
                texts.append(self._as_written("_write_cell", row, col, cell))  # the look of its row or column
                continue
            opening = f'<c r="{LETTERS[col]}{number}" s="{look.xf_index or look._get_xf_index()}"'
            if kind is CellStringTuple:
                texts.append(f'{opening} t="s"><v>{cell.string}</v></c>')
            elif kind is CellBlankTuple:
                texts.append(f"{opening}/>")
            elif kind is CellNumberTuple:
                texts.append(f"{opening}><v>{cell.number:.16G}</v></c>")
            else:
                texts.append(self._other_text(row, col, cell, opening))
        return texts

    def _other_text(self, row: int, col: int, cell: Any, opening: str) -> str:
        if cell.__class__ is CellFormulaTuple and is_plain(cell.value):
            return formula_text(opening, escaped(cell.formula), cell.value)
        return self._as_written("_write_cell", row, col, cell)

    def _calculate_spans(self) -> None:
        found: dict[int, list[int]] = {}
        for row, cells in chain(self.table.items(), self.comments.items()):
            if cells:
                found.setdefault(row // SPAN, []).extend((min(cells), max(cells)))
        self.row_spans = {block: f"{min(cols) + 1}:{max(cols) + 1}" for block, cols in found.items()}

    def _xml_start_tag_unencoded(self, tag: str, attributes: Any = ()) -> None:
        super()._xml_start_tag_unencoded(tag, _without_custom_height(tag, attributes))

    def _xml_empty_tag_unencoded(self, tag: str, attributes: Any = ()) -> None:
        super()._xml_empty_tag_unencoded(tag, _without_custom_height(tag, attributes))

    def _xml_formula_element(self, formula: Any, result: Any, attributes: Any = ()) -> None:
        # XlsxWriter writes an empty result as a number without digits; it is an empty string.
        if result == "" and isinstance(result, str):
            attributes = [*attributes, ("t", "str")]
        super()._xml_formula_element(formula, result, attributes)

    def number_texts(self) -> None:
        """Give every text its number, before the texts are written. Here they have it from the start."""


def _placed(args: tuple[Any, ...]) -> tuple[Any, ...]:
    """``("B3", …)`` -> ``(2, 1, …)``."""
    return (*place(args[0]), *args[1:])


def _without_custom_height(tag: str, attributes: Any) -> Any:
    if tag != "row":
        return attributes
    return [pair for pair in attributes if pair[0] != "customHeight"]


def is_plain(value: Any) -> bool:
    """Is a formula's result a number or a text, no truth value and no error?"""
    kind = value.__class__
    return kind in (int, float) or (kind is str and value not in ERRORS)


def before_result(opening: str, formula: str) -> tuple[str, str]:
    """A cell with a formula, which is escaped already, as far as its result: of a text, of a number."""
    return f'{opening} t="str"><f>{formula}</f><v>', f"{opening}><f>{formula}</f><v>"


def formula_text(opening: str, formula: str, value: str | float) -> str:
    """A cell with a formula, which is escaped already, and its plain result."""
    before_text, before_number = before_result(opening, formula)
    return f"{before_text if value.__class__ is str else before_number}{escaped(value)}</v></c>"


def escaped(text: Any) -> str:
    """As XlsxWriter escapes a formula and its result."""
    text = str(text)
    if "&" in text or "<" in text or ">" in text:
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text
