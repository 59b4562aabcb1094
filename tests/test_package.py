"""What of a workbook is written once and remembered, and the archive: as XlsxWriter and zipfile have them.

Every part of a book is compared with that of plain XlsxWriter, whatever was written before in the same process.
"""

from __future__ import annotations

import gc
import io
import zipfile
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_books import PlainBook, parts_of
from provinces import province
from xlsxwriter.exceptions import OverlappingRange
from zlib_ng import zlib_ng

from parxl.books.archive import LEVEL, Run, Running, Same, archive, packed
from parxl.books.metrics import CELL_PADDING, SAFETY, column_pixels, line_count, text_pixels
from parxl.books.pieces import Pieces
from parxl.books.styles import Book, landscape
from parxl.books.unit.book import write_result

ODD = " a & <b> \x0b _x0041_ “Ư”\n"
FACTS = (2026, "Thử", "parxl")


def is_plain(fill: Any) -> None:
    """Does ``fill`` come to the same parts in a book of ours and in a plain one?"""
    made = []
    for book in (Book(*FACTS), PlainBook(*FACTS)):
        fill(book)
        made.append(parts_of(book.close()))
    assert made[0] == made[1]


# The archive ------------------------------------------------------------------------------------------


def zipped(parts: list[tuple[str, bytes]]) -> bytes:
    """As XlsxWriter does it, but for the library that deflates."""
    made = io.BytesIO()
    with (
        patch.object(zipfile, "zlib", zlib_ng),
        zipfile.ZipFile(made, "w") as container,
    ):
        for name, content in parts:
            about = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            container.writestr(about, content, zipfile.ZIP_DEFLATED, LEVEL)
    return made.getvalue()


@given(
    st.dictionaries(
        st.text("abc/[_].", min_size=1, max_size=9),
        st.text(max_size=40) | st.just("<row/>" * 90000),
        max_size=5,
    )
)
def test_the_archive_is_that_of_zipfile(parts: dict[str, bytes]) -> None:
    listed = list(parts.items())
    assert archive((name, packed([content])) for name, content in listed) == zipped(
        [(name, content.encode()) for name, content in listed]
    )


def test_a_workbook_is_the_archive_of_its_parts() -> None:
    for text in ("một", ODD):  # the second one has parts of the first
        book = Book(*FACTS)
        book.sheet("Trang").write_string("A1", text, book.cell())
        content = book.close()
        assert content == zipped([(name, part.encode()) for name, part in parts_of(content).items()])


@given(st.lists(st.text(max_size=5)))
def test_pieces_are_the_text_that_was_written(texts: list[str]) -> None:
    made = Pieces()
    for text in texts:
        made.write(text)
    assert made.getvalue() == "".join(texts)
    assert made.packed() == packed(["".join(texts)])


def a_run(text: str) -> Run:
    """Of a text that comes in two pieces."""
    made = Running()
    for piece in (text[:3], text[3:]):
        made.add(piece)
    return made.run()


@given(
    st.lists(
        st.tuples(
            st.sampled_from([str, Same, a_run]),
            st.text(max_size=9) | st.sampled_from(["<row/>" * 900, "ưu " * 500]),
        )
    )
)
def test_what_is_deflated_apart_is_the_text_all_the_same(texts: list[tuple[Any, str]]) -> None:
    made = archive([("part", packed([kind(text) for kind, text in texts]))])
    with zipfile.ZipFile(io.BytesIO(made)) as container:
        assert container.testzip() is None
        assert container.read("part").decode() == "".join(text for _, text in texts)


def test_nothing_is_left_in_a_cycle() -> None:
    """So nobody need look for cycles while a workbook is written."""
    results = province("ha-tinh-2019-iv", 12, 3, groups=2, appraised=True)
    for unit in results.units:
        write_result(results, unit)
    gc.collect()
    gc.disable()
    try:
        for unit in results.units:
            write_result(results, unit)
            assert gc.collect() == 0
            assert not gc.isenabled()
    finally:
        gc.enable()
    write_result(results, results.units[0])
    assert gc.isenabled()


# Around the cells -------------------------------------------------------------------------------------

NUMBERS = st.integers(0, 6)
AROUND: dict[str, Any] = {
    "columns": lambda book, sheet, n: sheet.set_column(n, n + 2, 8.5 + n),
    "hidden": lambda book, sheet, n: sheet.set_column(n, n, n or None, None, {"hidden": True, "level": n}),
    "styled": lambda book, sheet, n: sheet.set_column(n, n, 10, book.style(bold=True)),
    "panes": lambda book, sheet, n: sheet.freeze_panes(n, n // 2),
    "selection": lambda book, sheet, n: sheet.set_selection(n, n, n + 1, n),
    "page": lambda book, sheet, n: landscape(sheet, f"Đơn vị {n % 2} & “{n}”"),
    "fit": lambda book, sheet, n: sheet.fit_to_pages(n % 2, n),
    "portrait": lambda book, sheet, n: sheet.set_portrait(),
    "margins": lambda book, sheet, n: sheet.set_margins(left=n if n % 2 else n * 1.0),
    "scale": lambda book, sheet, n: sheet.set_print_scale(60 + n),
    "header": lambda book, sheet, n: sheet.set_header(f"&C{n}", {"scale_with_doc": n % 2}),
    "breaks": lambda book, sheet, n: sheet.set_h_pagebreaks([n + 1, n + 9]),
    "link": lambda book, sheet, n: sheet.write_url(n, 1, f"internal:'Trang'!A{n + 1}", book.cell(), f"ô {n}"),
    "tip": lambda book, sheet, n: sheet.write_url(3, 2, "internal:'Trang'!A1", book.cell(), "a", f"{n}"),
    "zoom": lambda book, sheet, n: sheet.set_zoom(90 + 5 * n),
    "zeros": lambda book, sheet, n: sheet.hide_zero(),
    "gridlines": lambda book, sheet, n: sheet.hide_gridlines(n % 3),
    "filter": lambda book, sheet, n: sheet.autofilter(0, 0, n + 1, 3),
    "outline": lambda book, sheet, n: sheet.outline_settings(bool(n % 2), True, n > 2, False),
    "tab": lambda book, sheet, n: sheet.set_tab_color(f"#00000{n}"),
    "row": lambda book, sheet, n: sheet.tall(n + 1, 11.3 * n + 1),
    "folded": lambda book, sheet, n: sheet.tall(n + 1, 30, level=1, hidden=True),
    "text": lambda book, sheet, n: sheet.write_string(n, n, f"{ODD}{n}", book.style(indent=n)),
    "number": lambda book, sheet, n: sheet.write_number(n, 30 * n, n / 7, book.cell()),
    "format": lambda book, sheet, n: sheet.write_number(n, 9, n, book.cell(num_format=f'0"/{n}"')),
    "rich": lambda book, sheet, n: sheet.write_rich_string(n, 7, "a ", book.style(bold=True), f"b{n}", " c"),
    "plain": lambda book, sheet, n: sheet.write_number(n, n, 10**n),
    "formula": lambda book, sheet, n: sheet.write_formula(n, 3, f"=A{n + 1}&{n}", book.cell(), ODD),
    "merged": lambda book, sheet, n: sheet.merge_range(30 + n, 0, 30 + n, n + 1, ODD * (n % 2), book.cell()),
    "blank": lambda book, sheet, n: sheet.write_blank(n, n, None, book.cell()),
}


@given(st.lists(st.tuples(st.sampled_from(sorted(AROUND)), NUMBERS), max_size=12, unique=True))
def test_a_sheet_is_written_as_xlsxwriter_does(calls: list[tuple[str, int]]) -> None:
    def fill(book: Any) -> None:
        for name in ("Trang", "Trang khác"):
            sheet = book.sheet(name)
            for call, number in calls:
                AROUND[call](book, sheet, number)
            calls.reverse()

    is_plain(fill)


def test_an_area_is_merged_once() -> None:
    book = Book(*FACTS)
    sheet, style = book.sheet("Trang"), book.cell()
    sheet.merge_range(0, 0, 0, 2, "a", style)
    sheet.merge_range("A2:B3", "b", style)
    for area in ((0, 2, 0, 3), (2, 1, 2, 5), (0, 0, 1, 0)):
        with pytest.raises(OverlappingRange):
            sheet.merge_range(*area, "c", style)


def test_document_properties_are_written_as_xlsxwriter_does() -> None:
    for value in ("một", "hai", ODD, "một"):

        def fill(book: Any, value: str = value) -> None:
            book.sheet("Trang").write_string("A1", "a", book.cell())
            for name, one in [("tên", value), ("khác", "như cũ")][:: -1 if value == "hai" else 1]:
                book.workbook.set_custom_property(name, one, "text")
            book.workbook.set_custom_property("số", 1, "number_int")
            book.workbook.set_custom_property("đúng", True, "bool")

        is_plain(fill)


# Notes and charts -------------------------------------------------------------------------------------

NOTE = st.fixed_dictionaries(
    {"author": st.sampled_from(["parxl", "B & C"]), "visible": st.booleans()},
    optional={
        "x_scale": st.sampled_from([0.3, 2.5]),
        "y_scale": st.floats(0.5, 9),
        "color": st.sampled_from(["#FFE8A3", "red"]),
        "font_size": st.sampled_from([8, 8.0, 11]),
        "font_name": st.sampled_from(["Tahoma", "Arial"]),
        "x_offset": st.integers(1, 300),
    },
)


@given(
    st.dictionaries(
        st.tuples(st.integers(0, 40), st.integers(0, 5)), st.tuples(st.text(max_size=4), NOTE), min_size=1
    ),
    st.lists(st.tuples(st.integers(1, 40), st.floats(0, 300)), max_size=6),
)
def test_notes_are_written_as_xlsxwriter_does(
    notes: dict[tuple[int, int], tuple[str, dict[str, Any]]], heights: list[tuple[int, float]]
) -> None:
    def fill(book: Any) -> None:
        for name in ("Trang", "Trang khác"):
            sheet = book.sheet(name)
            sheet.write_string("A1", "a")
            sheet.set_column(1, 1, len(notes))
            for row, points in heights:
                sheet.tall(row, points)
            for (row, col), (text, options) in notes.items():
                sheet.write_comment(row, col, f"{text}{ODD if options['visible'] else ''}", options)

    is_plain(fill)


def draw(chart: Any, columns: tuple[int, ...], last: int) -> None:
    for column in columns:
        categories, values = (["Trang", 0, at, last, at] for at in (0, column))
        chart.add_series({"name": f"Cột {column}", "categories": categories, "values": values, "gap": 40})
    chart.set_title({"name": "Biểu đồ", "overlay": False})
    chart.set_y_axis({"reverse": True, "crossing": "max"})


CELL = st.none() | st.floats(-1e9, 1e9) | st.integers() | st.sampled_from(["chờ", "", ODD, "1_1", "7"])


@given(st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=4), st.sampled_from([(1,), (1, 2)]))
def test_a_chart_is_written_as_xlsxwriter_does(rows: list[tuple[Any, ...]], columns: tuple[int, ...]) -> None:
    def fill(book: Any) -> None:
        sheet = book.sheet("Trang")
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                if isinstance(value, str):
                    sheet.write_string(row, column, value, book.cell())
                elif value is not None:
                    sheet.write_number(row, column, value, book.cell())
        for at in (3, 30):
            chart = book.chart(draw, columns, len(rows) - 1)
            chart.set_size({"width": 300 + at, "height": 200})
            sheet.insert_chart(at, 0, chart, {"description": "Biểu đồ thanh"})

    is_plain(fill)


# Heights ----------------------------------------------------------------------------------------------


def lines(text: str, width: float, size: float, bold: bool) -> int:
    """Word by word, as it is said."""
    room, found = (column_pixels(width) - CELL_PADDING) / SAFETY, 0
    for paragraph in text.split("\n"):
        found, used = found + 1, 0.0
        for word in paragraph.split(" "):
            length = text_pixels(word, size, bold)
            if used and used + text_pixels(" ", size, bold) + length > room:
                found, used = found + 1, 0.0
            elif used:
                used += text_pixels(" ", size, bold)
            extra = int(length // room) if length > room else 0
            found, used = found + extra, used + length - extra * room
    return found


WORDS = st.sampled_from(["a", "", "điểm", "Ủy ban", "W" * 40, "ư" * 90, "kiểm\nchứng", "—", "=1+1"])


@settings(max_examples=300)
@given(
    st.lists(WORDS, max_size=60).map(" ".join),
    st.sampled_from([3.0, 8.0, 10.5, 27.0, 84.0]),
    st.sampled_from([8, 11.0, 12.0]),
    st.booleans(),
)
def test_lines_are_counted_word_by_word(text: str, width: float, size: float, bold: bool) -> None:
    assert line_count(text, width, size, bold) == lines(text, width, size, bold)
