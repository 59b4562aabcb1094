"""styles.xml, out of what XlsxWriter has written of each format before.

The formats of two workbooks are mostly the same, but for a few, and for their numbers.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.styles import Styles

from parxl.books.pieces import Once, Pieces

MOST_WRITTEN = 16384
# What was written, by the format and all else that it rests on.
_written: dict[tuple[Any, ...], str] = {}


class OwnStyles(Once, Styles):
    """Formats that carry ``base``, the one that they are copies of, are written once."""

    part = "styles"

    def _write_xf(self, xf_format: Format, xf_type: Any) -> None:
        numbers = (
            xf_format.num_format_index,
            xf_format.font_index,
            xf_format.fill_index,
            xf_format.border_index,
            id(xf_type),  # one of an enumeration, whose own hash is slow
        )
        self._of(super()._write_xf, xf_format, numbers, xf_type)

    def _write_font(self, xf_format: Format, is_dxf_format: bool = False) -> None:
        self._of(super()._write_font, xf_format, ("font", is_dxf_format), is_dxf_format)

    def _write_fill(self, xf_format: Format, is_dxf_format: bool = False) -> None:
        self._of(super()._write_fill, xf_format, ("fill", is_dxf_format), is_dxf_format)

    def _write_border(self, xf_format: Format, is_dxf_format: bool = False) -> None:
        self._of(super()._write_border, xf_format, ("border", is_dxf_format), is_dxf_format)

    def _write_num_fmt(self, num_fmt_id: int, format_code: str) -> None:
        self._once("_write_num_fmt", (num_fmt_id, format_code), num_fmt_id, format_code)

    def _write_default_fill(self, pattern_type: str) -> None:
        self._once("_write_default_fill", (pattern_type,), pattern_type)

    def _write_comment_font(self) -> None:
        self._once("_write_comment_font", ())

    def _write_table_styles(self) -> None:
        self._once("_write_table_styles", ())

    def _of(self, write: Callable[..., None], made: Format, rests_on: tuple[Any, ...], *args: Any) -> None:
        base = made.__dict__.get("base")
        if base is None:
            write(made, *args)
            return
        key = (base, rests_on)
        if key not in _written:
            if len(_written) >= MOST_WRITTEN:
                _written.clear()
            kept, self.fh = self.fh, Pieces()
            write(made, *args)
            _written[key], self.fh = self.fh.getvalue(), kept
        self.fh.write(_written[key])


def write_styles(workbook: Any, file: io.StringIO) -> None:
    """``workbook``: its formats made and numbered."""
    styles = OwnStyles()
    names = (
        "xf_formats",
        "palette",
        "font_count",
        "num_formats",
        "border_count",
        "fill_count",
        "custom_colors",
    )
    styles._set_style_properties([getattr(workbook, name) for name in (*names, "dxf_formats", "has_comments")])
    styles._set_xml_writer(file)
    styles._assemble_xml_file()
