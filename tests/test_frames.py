"""Whole numbers with nulls as arrays and as frames, against plain loops."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parxl.frames import Rows, arrays, known_sum, known_sums, marked, nones, nullable, rows

Table = list[list[int | None]]
NUMBERS = st.none() | st.integers(-(2**62), 2**62) | st.integers(-3, 3)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    width = draw(st.integers(0, 5))
    return draw(st.lists(st.lists(NUMBERS, min_size=width, max_size=width), max_size=6))


def frame(table: Table) -> pd.DataFrame:
    width = len(table[0]) if table else 0
    columns = [f"c{number}" for number in range(width)]
    return pd.DataFrame(table, index=[f"u{n}" for n in range(len(table))], columns=columns, dtype="Int64")


@given(tables())
def test_there_and_back(table: Table) -> None:
    whole = frame(table)
    values, known = arrays(whole)
    assert values.tolist() == [[value or 0 for value in row] for row in table]
    assert known.tolist() == [[value is not None for value in row] for row in table]
    pd.testing.assert_frame_equal(nullable(values, known, whole.index, whole.columns), whole)
    assert nones(whole) == table


@given(tables())
def test_one_row_at_a_time(table: Table) -> None:
    whole = frame(table)
    asked = Rows(whole)
    wanted = {code: dict(zip(whole, row, strict=True)) for code, row in zip(whole.index, table, strict=True)}
    assert {code: asked.of(code) for code in whole.index} == wanted
    assert not table or not table[0] or rows(whole) == wanted


@given(tables().filter(lambda table: all(abs(v or 0) < 9 for row in table for v in row)))
def test_sums_are_null_only_where_everything_is(table: Table) -> None:
    values, known = arrays(frame(table))
    sums, some = known_sum(values, known)
    assert sums.tolist() == [sum(value or 0 for value in row) for row in table]
    assert some.tolist() == [any(value is not None for value in row) for row in table]
    every = list(range(values.shape[1]))
    both = known_sums(values, known, [every, [], every[:1]])
    assert both[0].tolist() == [[sum(v or 0 for v in row), 0, sum(v or 0 for v in row[:1])] for row in table]
    assert both[1].tolist() == [
        [any(v is not None for v in row), False, any(v is not None for v in row[:1])] for row in table
    ]


def test_rows_are_plain_values() -> None:
    columns = {"n": pd.array([1, None], dtype="Int64"), "is": [True, False], "text": ["a", ""], "i": [3, 4]}
    found = rows(pd.DataFrame(columns, index=["x", "y"]))
    assert found == {
        "x": {"n": 1, "is": True, "text": "a", "i": 3},
        "y": {"n": None, "is": False, "text": "", "i": 4},
    }
    assert [type(value) for value in found["x"].values()] == [int, bool, str, int]


def test_frames_without_nulls_are_taken_too() -> None:
    values, known = arrays(pd.DataFrame({"a": [1, -2]}))
    assert (values.tolist(), known.all()) == ([[1], [-2]], True)
    assert marked(pd.DataFrame({"a": pd.array([None, 5], dtype="Int64")})).tolist() == [[-(2**63)], [5]]


def test_sums_of_nothing() -> None:
    values, known = arrays(pd.DataFrame(index=["u"]))
    assert [part.tolist() for part in known_sums(values, known, [])] == [[[]], [[]]]


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises((TypeError, ValueError)):
        arrays(pd.DataFrame({"a": ["x"]}))


def test_a_row_is_a_mapping_of_plain_values() -> None:
    columns = {"a": pd.array([1, None], dtype="Int64"), "b": [True, False], "c": [1, 0], "d": ["", "đ"]}
    found = rows(pd.DataFrame(columns, index=["x", "y"]))
    assert [repr(dict(row)) for row in found.values()] == [
        "{'a': 1, 'b': True, 'c': 1, 'd': ''}",
        "{'a': None, 'b': False, 'c': 0, 'd': 'đ'}",
    ]
    assert len(found["x"]) == 4
    assert found["x"].get("e") is None
