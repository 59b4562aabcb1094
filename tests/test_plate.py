"""Sheets that are drawn once and stamped: nothing tells them from those that plain XlsxWriter writes."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from campaigns import HA_TINH, TTHC
from hypothesis import given
from hypothesis import strategies as st
from plain_books import PlainBook, parts_of, said, write_plainly
from provinces import province
from xlsxwriter.sharedstrings import SharedStrings

from parxl.books import drawn_chart, notes, package, pieces, stylesheet
from parxl.books.package import texts_of
from parxl.books.plate import Plate
from parxl.books.sheet import Sheet, escaped
from parxl.books.styles import Book
from parxl.books.unit.book import write_result
from parxl.books.unit.forme import forme_of
from parxl.results import Results, UnitResult
from parxl.rules import DAMAGED

WHOLE = {"groups": 2, "appraised": True, "last_year": True, "adjusted": True}
ROUNDS: list[tuple[tuple[str, int, int], dict[str, Any]]] = [
    ((HA_TINH, 10, 3), WHOLE | {"survey": False}),
    ((HA_TINH, 3, 4), {"awaiting": False}),
    ((HA_TINH, 1, 1), {}),
    ((TTHC, 10, 5), WHOLE),
    ((TTHC, 3, 8), {"adjusted": True}),
]
ODD = "=1+1 & <b> \x0b _x0041_ \u202e “a”\nhai  "
ALONE = "import sys; sys.path.insert(0, sys.argv[1]); import test_plate; print(test_plate.digest(4))"


@cache
def round_of(number: int) -> Results:
    arguments, options = ROUNDS[number]
    return province(*arguments, **options)


def spoiled(results: Results) -> list[UnitResult]:
    """Its units; the first with scores has written odd texts, and something odd into its first cell."""
    units = list(results.units)
    at = next(number for number, unit in enumerate(units) if unit.has_scores)
    file = units[at].file
    assert file is not None
    assert file.form is not None
    key = next(iter(results.criteria.inputs))
    leaves = results.criteria.leaves
    form = replace(
        file.form,
        evidence={leaf.code: f"{ODD}{number}" for number, leaf in enumerate(leaves)},
        inputs={**file.form.inputs, key: DAMAGED},
        typed={**file.form.typed, key: ODD},
    )
    units[at] = replace(units[at], file=replace(file, form=form))
    return units


# The workbooks of units ---------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(len(ROUNDS)))
def test_every_cell_and_all_around_it_is_as_plain_xlsxwriter_writes_it(number: int) -> None:
    results = round_of(number)
    for unit in spoiled(results):
        with pytest.MonkeyPatch.context() as patch:
            write_plainly(patch)
            plain = said(write_result(results, unit))
        stamped = said(write_result(results, unit))
        assert list(stamped) == list(plain)
        for name, text in plain.items():
            assert stamped[name] == text, (unit.unit.code, name)


def test_no_text_is_kept_twice_and_all_are_counted() -> None:
    results = round_of(0)
    for unit in results.units:
        parts = parts_of(write_result(results, unit))
        items = parts["xl/sharedStrings.xml"].split("<si>")[1:]
        cells = sum(text.count(' t="s"') for name, text in parts.items() if "/worksheets/" in name)
        assert len(items) == len(set(items))
        assert f'count="{cells}" uniqueCount="{len(items)}"' in parts["xl/sharedStrings.xml"]


def digest(at: int) -> str:
    results = round_of(3)
    return hashlib.sha256(write_result(results, results.units[at])).hexdigest()


def test_a_workbook_is_the_same_alone_and_after_all_others() -> None:
    """In another order, after another set, with and without what was remembered, in a fresh process."""
    results, other = round_of(3), round_of(0)
    forwards = [write_result(results, unit) for unit in results.units]
    for unit in other.units:
        write_result(other, unit)
    assert [write_result(results, unit) for unit in reversed(results.units)] == forwards[::-1]
    for remembered in (package._parts, pieces._written, stylesheet._written):
        remembered.clear()
    for kept in (forme_of, drawn_chart.drawn_chart, notes._shape):
        kept.cache_clear()
    assert [write_result(results, unit) for unit in results.units] == forwards
    command = [sys.executable, "-c", ALONE, str(Path(__file__).parent)]
    alone = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    assert alone == hashlib.sha256(forwards[4]).hexdigest()


# Plates -------------------------------------------------------------------------------------------


def draw(book: Book, sheet: Sheet) -> None:
    sheet.is_sealed = True
    sheet.set_column("A:C", 12)
    sheet.write_string("A1", "Điểm", book.cell(bold=True))
    sheet.write_blank("B1", None, book.cell(num_format="0.00", locked=False))
    sheet.write_formula("C1", '=IF(B1<2,"&",B1*2)', book.cell(), 0)
    sheet.merge_range("A2:C2", "…", book.style(italic=True))
    sheet.write_url("A3", "internal:'Trang'!A1", book.cell(underline=1), "Về đầu")
    sheet.write_blank("B3", None, book.cell())
    sheet.tall(1, 22)
    sheet.tall(4, 10, hidden=True)
    sheet.validate("B1", {"validate": "list", "source": ["một", "hai & ba"]})
    colour = book.workbook.add_format({"bg_color": "#FFE8A3"})
    sheet.conditional_format("B1:B3", {"type": "cell", "criteria": "==", "value": '"x"', "format": colour})
    sheet.freeze_panes(1, 1)
    sheet.protect()


PLATE = Plate({"Trang": draw})


def fill(book: Any, sheet: Any, number: int) -> None:
    sheet.put("A2", f"{ODD} {number}")
    sheet.put("B1", number / 8)
    sheet.results({"C1": "&" if number < 16 else number / 4})
    sheet.tall(2, 15 + number)
    if number % 2:
        sheet.write_string("A1", "Khác", book.cell(italic=True, font_color="#C00000"))
        sheet.formula("C1", "=B1>1", number)
        sheet.write_url("B3", "internal:'Trang'!C1", book.cell(underline=1), "Ô khác")
        sheet.unvalidate({"B1"})
        colour = book.workbook.add_format({"bg_color": "#D8EBD5"})
        sheet.conditional_format("B1:B3", {"type": "cell", "criteria": ">", "value": 1, "format": colour})
    if number % 3 == 0:
        sheet.erase("C1")
        sheet.put("B1", None)
        sheet.write_comment("A1", "Ghi chú")
        sheet.set_footer("&LChân trang")


def test_a_stamped_sheet_is_a_drawn_one_with_the_same_calls() -> None:
    """And no stamping leaves anything on the plate."""
    for number in (0, 1, 2, 3, 4, 1, 0):
        made = []
        for book in (PLATE.book(2026, "Thử", "parxl"), PlainBook(2026, "Thử", "parxl", PLATE)):
            fill(book, book.stamped("Trang"), number)
            other = book.sheet("Trang khác")
            other.write_string("A1", "Điểm", book.cell(bold=True, align="center"))  # type: ignore[attr-defined]
            other.write_number(1, 0, 0.1, book.style(num_format="0.0"))  # type: ignore[attr-defined]
            made.append(said(book.close()))
        assert made[0] == made[1]


def test_the_content_of_locked_cells_is_kept() -> None:
    sheet = PLATE.book(2026, "Thử", "parxl").stamped("Trang")
    drawn = {"A1": "Điểm", "C1": '=IF(B1<2,"&",B1*2)', "A2": "…", "A3": "Về đầu"}
    assert sheet.locked_cells == drawn
    sheet.put("A2", "Tên")
    sheet.put("B1", 5)
    sheet.formula("C1", "=B1", 5)
    assert sheet.locked_cells == drawn | {"A2": "Tên", "C1": "=B1"}
    sheet.erase("C1")
    assert "C1" not in sheet.locked_cells
    assert PLATE.book(2026, "Thử", "parxl").stamped("Trang").locked_cells == drawn


def test_only_what_is_drawn_can_be_filled() -> None:
    sheet = PLATE.book(2026, "Thử", "parxl").stamped("Trang")
    for call in (lambda: sheet.put("D9", 1), lambda: sheet.results({"A1": 1}), lambda: sheet.tall(9, 20)):
        with pytest.raises(KeyError):
            call()
    for value in (True, "#N/A", None):
        with pytest.raises(ValueError, match="C1"):
            sheet.results({"C1": value})  # type: ignore[dict-item]
    with pytest.raises(TypeError, match="B1"):
        sheet.put("B1", float("nan"))
    with pytest.raises(ValueError, match="row 1"):
        sheet.tall(1, 20, hidden=True)


@pytest.mark.parametrize(
    "call",
    [
        lambda book, sheet: sheet.write_comment("A1", "Ghi chú"),
        lambda book, sheet: sheet.insert_chart("A1", book.workbook.add_chart({"type": "bar"})),
        lambda book, sheet: sheet.write_url("A1", "https://a.vn", book.cell(), "a"),
        lambda book, sheet: sheet.write_rich_string("A1", "a ", book.style(bold=True), "b", " c"),
    ],
)
def test_what_binds_a_sheet_to_its_workbook_is_not_drawn(call: Any) -> None:
    def bound(book: Book, sheet: Sheet) -> None:
        sheet.write_string("A2", "a", book.cell())
        call(book, sheet)

    with pytest.raises(ValueError, match="cannot be drawn"):
        Plate({"Trang": bound})


# Texts and formats --------------------------------------------------------------------------------

ANY = st.text(st.characters(min_codepoint=0, max_codepoint=0x10FFFF), max_size=12)
TRICKY = st.sampled_from(
    ["_x0041_", "_x00", "<r>a</r>", " a", "a\n", "\ufffe", "\ud800", "a & b", "x\x1fy", "\u00a0"]
)


@given(st.lists(ANY | TRICKY, max_size=4).map("".join))
def test_texts_are_escaped_as_xlsxwriter_does(text: str) -> None:
    writer = SharedStrings()
    writer._set_xml_writer(io.StringIO())
    if text.startswith("<r>") and text.endswith("</r>"):
        # XlsxWriter would take it for the markup of a rich text, and spoil the file.
        writer._xml_si_element(writer._escape_control_characters(text), [])
    else:
        writer._write_si(text)
    assert texts_of({text: 0}).xml == writer.fh.getvalue()
    assert escaped(text) == writer._escape_data(text)


LOOKS = [
    {"bold": True},
    {"bold": 1, "num_format": '0"/7"'},
    {"font_size": 11, "border": 2, "border_color": "#C00000"},
    {"font_size": 11.0, "bg_color": "#FFE8A3", "locked": False},
    {"italic": False, "indent": 2, "align": "center"},
    {"underline": 1, "font_color": "#0563C1", "num_format": "#,##0"},
    {"bold": True, "italic": False},
]


@given(st.lists(st.sampled_from(range(len(LOOKS))), min_size=1, max_size=9))
def test_styles_are_written_as_xlsxwriter_does(order: list[int]) -> None:
    """Whatever was written before: the same formats in the same order are the same part, byte for byte."""
    made = []
    for book in (Book(2026, "Thử", "parxl"), PlainBook(2026, "Thử", "parxl")):
        sheet: Any = book.sheet("Trang")
        for row, number in enumerate(order):
            sheet.write_number(row, 0, number, book.style(**LOOKS[number]))
        made.append(parts_of(book.close())["xl/styles.xml"])
    assert made[0] == made[1]


def test_a_look_is_a_format_of_xlsxwriter() -> None:
    """Every property, wherever XlsxWriter asks for one."""
    for properties in LOOKS:
        look, plain = Book(2026, "", "").style(**properties), PlainBook(2026, "", "").style(**properties)
        assert isinstance(look, xlsxwriter.format.Format)
        assert look.locked == plain.locked
        for name, value in vars(plain).items():
            if name not in ("xf_format_indices", "dxf_format_indices", "_format_key"):
                assert str(getattr(look, name)) == str(value), name
        with pytest.raises(AttributeError):
            look.no_such_property  # noqa: B018


def test_it_opens_elsewhere() -> None:
    results = round_of(0)
    unit = next(one for one in results.units if one.has_scores)
    book = openpyxl.load_workbook(io.BytesIO(write_result(results, unit)))
    assert book["Bảng điểm"]["A2"].value == unit.unit.name
