"""Where everything stands: keys, names and cells of both tables."""

from __future__ import annotations

import re

import pytest
from campaigns import SET_IDS

from parxl.criteria import load_set
from parxl.layout import Layout, input_name

LAYOUTS = {set_id: Layout(load_set(set_id)) for set_id in SET_IDS}
# Excel takes these for cells (A1, R1C1) rather than names.
CELL_LIKE = re.compile(r"[A-Za-z]{1,3}[0-9]+|[rRcC][0-9]*([cC][0-9]*)?")
VALID_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,254}")


@pytest.fixture(params=SET_IDS)
def layout(request: pytest.FixtureRequest) -> Layout:
    return LAYOUTS[request.param]


def test_row_keys_are_unique_and_rows_run_on(layout: Layout) -> None:
    keys = [row.key for row in layout.rows]
    assert len(set(keys)) == len(keys)
    numbers = [row.number for row in layout.rows]
    assert numbers == list(range(layout.number_row + 1, layout.total_row + 1))
    assert layout.by_key["total"].number == layout.total_row


def test_names_are_unique_and_valid(layout: Layout) -> None:
    names = [name for name, _ in layout.names()]
    assert len({name.lower() for name in names}) == len(names)
    assert all(VALID_NAME.fullmatch(name) and not CELL_LIKE.fullmatch(name) for name in names)


def test_cells_of_names_are_unique(layout: Layout) -> None:
    cells = [cell for _, cell in layout.names()]
    assert len(set(cells)) == len(cells)


def test_inputs_stand_in_the_order_of_the_criteria(layout: Layout) -> None:
    """The checksum runs over criteria.inputs in the engine and down the rows in the sheet."""
    assert list(layout.input_rows) == list(layout.criteria.inputs)
    numbers = [row.number for row in layout.input_rows.values()]
    assert numbers == sorted(set(numbers))


def test_every_input_knows_its_own_line(layout: Layout) -> None:
    for key, row in layout.input_rows.items():
        assert row.input == layout.criteria.inputs[key]
        assert row.node is not None
        assert row.part is not None
        assert row.key == row.input_key == row.node.input_key(row.part, row.input.id)
        assert layout.input_cell(key) == f"D{row.number}"
        assert layout.value_cell(key) == f"I{row.number}"
        assert row.text == row.input.text


def test_every_criterion_has_its_row_evidence_and_score(layout: Layout) -> None:
    names = dict(layout.names())
    for node in layout.criteria.criterion:
        flat = node.code.replace(".", "_")
        row = layout.row_of(node.code)
        assert names[f"score_{flat}"] == f"E{row}"
        assert (f"ev_{flat}" in names) == bool(node.parts)
        if node.parts:
            assert names[f"ev_{flat}"] == layout.evidence_cell(node.code) == f"F{row}"
    assert names["score_total"] == f"E{layout.total_row}"


def test_parts_have_live_rows_of_their_own(layout: Layout) -> None:
    rows = list(layout.part_rows.values())
    assert list(layout.part_rows) == [at.key for at in layout.criteria.parts]
    assert len(set(rows)) == len(rows)
    for key, node, part in layout.criteria.parts:
        assert (layout.part_rows[key] == layout.row_of(node.code)) == (not part.id)


def test_every_printed_line_has_a_row_in_order(layout: Layout) -> None:
    printed = []
    for node in layout.criteria.criterion:
        printed += [node.title, *(line.text for line in node.lines)]
        printed += [line.text for part in node.parts for line in part.rule.lines if line.text]
    assert [row.text for row in layout.rows[:-1]] == printed


def test_blocks_above_and_below_do_not_touch_the_table(layout: Layout) -> None:
    above = [layout.preamble_row, layout.title_row, layout.status_row, layout.header_row, layout.number_row]
    below = [layout.note_row, layout.sign_row, layout.checksum_row, layout.identity_row]
    rows = [*above, layout.rows[0].number, layout.total_row, *below]
    assert rows == sorted(set(rows))
    assert layout.last_row == below[-1]


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("1.6/a", "in_1_6_a"),
        ("3.2.3/tinh/a", "in_3_2_3_tinh_a"),
        ("3.4.4/1", "in_3_4_4_1"),
        ("1.3/q1", "in_1_3_q1"),
    ],
)
def test_names_are_the_fixed_ones(key: str, name: str) -> None:
    assert input_name(key) == name
    assert any(key in layout.input_rows for layout in LAYOUTS.values())
    assert any(name in dict(layout.names()) for layout in LAYOUTS.values())
