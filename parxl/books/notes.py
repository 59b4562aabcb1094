"""Notes on cells, most of which XlsxWriter writes once: they differ in little but their place and text."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from xlsxwriter.color import Color
from xlsxwriter.comments import Comments, CommentType
from xlsxwriter.vml import Vml

from parxl.books.pieces import Once, Pieces

# Of a note that stands for all: number, place in the order, cell, corners, position and size.
NUMBER, ORDER, ROW, COLUMN = 70001, 70002, 70003, 70004
CORNERS, FRAME = range(70011, 70019), range(80000, 80016, 4)


class NoteShapes(Once, Vml):
    part = "vml"

    def _write_xml_namespace(self) -> None:
        self._once("_write_xml_namespace", ())

    def _write_shapelayout(self, data_id: Any) -> None:
        self._once("_write_shapelayout", (data_id,), data_id)

    def _write_comment_shapetype(self) -> None:
        self._once("_write_comment_shapetype", ())

    def _write_comment_shape(self, shape_id: int, z_index: int, comment: CommentType) -> None:
        text = _shape(comment.color._vml_rgb_hex_value(), bool(comment.is_visible))
        corners, frame = comment.vertices[:8], self._pixels_to_points(comment.vertices)
        points = [f"{one:.15g}" for one in frame]
        self.fh.write(text.format(shape_id, z_index, comment.row, comment.col, *corners, *points))


@lru_cache(maxsize=16)
def _shape(colour: str, is_visible: bool) -> str:
    """A note's shape, with a field for each value that is its own."""
    writer, note = Vml(), CommentType(ROW, COLUMN, "")
    writer.fh, note.color, note.is_visible = Pieces(), Color(colour), is_visible
    note.vertices = [*CORNERS, *FRAME]
    writer._write_comment_shape(NUMBER, ORDER, note)
    text = writer.fh.getvalue()
    points = [f"{one:.15g}" for one in writer._pixels_to_points(note.vertices)]
    for at, value in enumerate([NUMBER, ORDER, ROW, COLUMN, *CORNERS, *points]):
        before, after = text.split(str(value))
        text = f"{before}{{{at}}}{after}"
    return text


class Notes(Once, Comments):
    part = "notes"

    def _write_r_pr(self, comment: CommentType) -> None:
        rests_on = (comment.font_size, comment.font_name, comment.font_family)
        self._once("_write_r_pr", rests_on, comment)
