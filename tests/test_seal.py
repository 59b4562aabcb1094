"""The seal: every locked cell outside the table has its digest, and only a real change alters it."""

from __future__ import annotations

import io
import unicodedata
from typing import Any

import openpyxl
import pytest
from campaigns import SET_IDS
from hypothesis import given
from hypothesis import strategies as st

from parxl import seal
from parxl.books.form.book import write_form
from parxl.books.form.data import template_data
from parxl.criteria import load_set
from parxl.grid import read_workbook
from parxl.layout import SHEET_CHECK, SHEET_GUIDE, SHEET_META, SHEET_TABLE, Layout
from parxl.reading.locked import Sealed

LONGEST_CELL = 32_767  # characters that Excel keeps in one cell
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Z"]), min_size=1, max_size=9)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a  b", "a b"),
        (" a\r\nb ", "a b"),
        ("a\u00a0b", "a b"),
        (unicodedata.normalize("NFD", "Điểm tối đa"), "Điểm tối đa"),
        (1, 1.0),
        (1, "1"),
        (0.1 + 0.2, 0.3),
        ("=A1+B1", "= A1 +\nB1"),
        ("=IF(A1,TRUE,FALSE)", "=IF(A1,TRUE(),false())".replace("false", "FALSE")),
        ("=_xlfn.CONCAT(A1)", "=CONCAT(A1)"),
    ],
)
def test_what_programs_write_differently_is_the_same(one: Any, other: Any) -> None:
    assert seal.same(one) == seal.same(other)
    assert seal.digest(one) == seal.digest(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Điểm", "điểm"),
        ("Điểm", "Diem"),
        ("1.0", 1),
        ("=A1", "A1"),
        ("=A1", "=A2"),
        ("=TRUE", "=FALSE"),
        ("a b", "ab"),
        (True, 1),
        ("x", ""),
    ],
)
def test_what_reads_differently_is_not_the_same(one: Any, other: Any) -> None:
    assert seal.same(one) != seal.same(other)
    assert seal.digest(one) != seal.digest(other)


def test_a_formula_is_marked() -> None:
    assert seal.digest("=A1").startswith("=")
    assert not seal.digest("A1").startswith("=")
    assert {len(seal.digest(text).lstrip("=")) for text in ("", "=A1", "x" * 9999)} == {4}


@given(st.dictionaries(st.from_regex(r"[A-L][1-9][0-9]{0,2}", fullmatch=True), WORDS, max_size=30))
def test_a_packed_seal_is_unpacked_as_it_was(cells: dict[str, str]) -> None:
    assert seal.unpack(seal.pack(cells)) == {cell: seal.digest(text) for cell, text in cells.items()}


def test_blank_cells_are_not_sealed() -> None:
    assert seal.pack({"A1": "", "A2": "  ", "A3": 0}) == f"A3={seal.digest(0)}"


def test_what_is_no_seal_is_left_out() -> None:
    assert seal.unpack("") == {}
    assert seal.unpack("A1=12ab nonsense =7") == {"A1": "12ab", "nonsense": "", "": "7"}


# In a form ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=SET_IDS)
def form(request: pytest.FixtureRequest) -> tuple[Layout, bytes]:
    criteria = load_set(request.param)
    return Layout(criteria), write_form(template_data(criteria))


def test_every_locked_cell_outside_the_table_is_sealed_and_no_other(form: tuple[Layout, bytes]) -> None:
    """Told by another reader, which knows nothing of what was written."""
    layout, content = form
    book, sealed = openpyxl.load_workbook(io.BytesIO(content)), Sealed(read_workbook(content))
    assert set(sealed.cells) == {SHEET_GUIDE, SHEET_TABLE, SHEET_CHECK}
    for name, seals in sealed.cells.items():
        filled = {
            (cell.row, cell.column): cell.value
            for row in book[name].iter_rows()
            for cell in row
            if cell.value not in (None, "") and cell.protection.locked
        }
        if name == SHEET_TABLE:
            first, last = layout.rows[0].number, layout.total_row
            filled = {place: value for place, value in filled.items() if not first <= place[0] <= last}
        assert seals == {place: seal.digest(value) for place, value in filled.items()}


def test_seals_fit_into_a_cell(form: tuple[Layout, bytes]) -> None:
    _, content = form
    sheet = openpyxl.load_workbook(io.BytesIO(content))[SHEET_META]
    assert 0 < max(len(str(row[1].value)) for row in sheet.iter_rows()) < LONGEST_CELL
