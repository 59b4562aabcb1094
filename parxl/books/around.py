"""What stands around the cells of a sheet: mostly the same on many sheets, and written by XlsxWriter once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any

from xlsxwriter.url import Url
from xlsxwriter.worksheet import Worksheet

from parxl.books.pieces import Once

VIEW = attrgetter(
    *("screen_gridlines", "row_col_headers", "show_zeros", "is_right_to_left", "selected", "outline_on"),
    *("page_view", "top_left_cell", "zoom", "zoom_scale_normal", "is_chartsheet", "zoom_to_fit"),
)
SHEET = attrgetter(
    *("filter_on", "tab_color", "vba_codename", "outline_style", "outline_below", "outline_right"),
    *("outline_on", "outline_changed"),
)
ROWS = attrgetter(
    *("default_row_height", "original_row_height", "default_row_zeroed", "excel_version"),
    *("outline_row_level", "outline_col_level"),
)
COLUMN = attrgetter("width", "hidden", "level", "collapsed", "autofit")
COLUMNS = attrgetter("default_col_width", "max_digit_width")
MARGINS = attrgetter(
    *("margin_left", "margin_right", "margin_top", "margin_bottom", "margin_header", "margin_footer")
)
PAGE = attrgetter(
    *("page_setup_changed", "paper_size", "print_scale", "fit_page", "fit_width", "fit_height", "page_order"),
    *("page_start", "orientation", "black_white", "is_chartsheet", "vertical_dpi", "horizontal_dpi"),
)
FOOTER = attrgetter(
    *("header", "footer", "header_footer_scales", "header_footer_aligns", "header_footer_changed"),
    "excel2003_style",
)


@lru_cache(maxsize=1)
def _blank() -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]]]:
    """The attributes of a new worksheet: those that stay as they are, and what copies each of the others."""
    made = vars(Worksheet())
    filled = {name: value.copy for name, value in made.items() if isinstance(value, list | dict)}
    return {name: value for name, value in made.items() if name not in filled}, list(filled.items())


class Around(Once, Worksheet):
    """A worksheet, but for its cells."""

    part = "sheet"

    def __init__(self) -> None:
        # Not Worksheet's own: it sets two hundred attributes, one by one.
        plain, filled = _blank()
        self.__dict__.update(plain)
        self.__dict__.update({name: copied() for name, copied in filled})

    def _write_worksheet(self) -> None:
        self._once("_write_worksheet", (self.excel_version,))

    def _write_sheet_pr(self) -> None:
        self._once("_write_sheet_pr", (*SHEET(self), *PAGE(self)))

    def _write_sheet_views(self) -> None:
        panes, selections = tuple(self.panes), tuple(map(tuple, self.selections))
        self._once("_write_sheet_views", (*VIEW(self), *panes, *selections))

    def _write_sheet_format_pr(self) -> None:
        self._once("_write_sheet_format_pr", ROWS(self))

    def _write_cols(self) -> None:
        columns = self.col_info
        if any(one.column_format for one in columns.values()):
            super()._write_cols()
            return
        widths = [(number, *COLUMN(one)) for number, one in columns.items()]
        self._once("_write_cols", (*COLUMNS(self), *widths))

    def _write_merge_cell(self, merged_range: Sequence[int]) -> None:
        self._once("_write_merge_cell", tuple(merged_range), merged_range)

    def _write_hyperlink_internal(self, row: int, col: int, url: Url) -> None:
        rests_on = (row, col, url._link, url._tip, url._text)
        self._once("_write_hyperlink_internal", rests_on, row, col, url)

    def _write_page_margins(self) -> None:
        self._once("_write_page_margins", MARGINS(self))

    def _write_page_setup(self) -> None:
        self._once("_write_page_setup", PAGE(self))

    def _write_header_footer(self) -> None:
        self._once("_write_header_footer", FOOTER(self))

    def _write_brk(self, brk_id: int, brk_max: int) -> None:
        self._once("_write_brk", (brk_id, brk_max), brk_id, brk_max)
