"""The values that the formulas of *Tính thử* have while nothing is typed: what the round itself says."""

from __future__ import annotations

from collections.abc import Iterator

from parxl.books.unit.whatif_formulas import KEPT, NOT_ENTERED
from parxl.books.unit.whatif_places import (
    CHANGE,
    COUNTED,
    INDEX_ROW,
    MAX,
    MAXIMUM_ROW,
    NOTE,
    STATE,
    TOTAL_ROW,
    TRIED,
    TYPED,
    VALUE,
    Line,
    WhatIf,
)
from parxl.criteria import Node, Part
from parxl.exact import points_number
from parxl.live.pieces import STATUS, Value, cleaned_value, hint, worst_state
from parxl.rules import BLANK, State


def values(sheet: WhatIf) -> dict[str, Value]:
    """Cell -> value; keyed by the same cells as ``formulas``."""
    found = dict(_top_values(sheet))
    for line in sheet.lines:
        found.update(_line_values(sheet, line))
    return found


def _top_values(sheet: WhatIf) -> Iterator[tuple[str, Value]]:
    for row, name in ((TOTAL_ROW, "total"), (MAXIMUM_ROW, "maximum"), (INDEX_ROW, "index")):
        yield f"{TRIED}{row}", number(sheet, sheet.standing[name])
        yield f"{CHANGE}{row}", _unchanged(sheet.standing[name])


def _unchanged(units: int | None) -> Value:
    return "" if units is None else 0


def number(sheet: WhatIf, units: int | None) -> Value:
    """Points as a cell shows them; blank for null."""
    return "" if units is None else points_number(units, sheet.decimals)


def _line_values(sheet: WhatIf, line: Line) -> Iterator[tuple[str, Value]]:
    if line.input:
        yield from _input_values(sheet, line)
    elif line.part:
        yield from _part_values(sheet, line.part_key, line.part)
    else:
        yield from _node_values(sheet, line)


def _input_values(sheet: WhatIf, line: Line) -> Iterator[tuple[str, Value]]:
    value = sheet.inputs[line.key]
    yield sheet.at(VALUE, line.key), cleaned_value(value)
    if sheet.is_open(line):
        yield sheet.at(TYPED, line.key), ""
        yield sheet.at(NOTE, line.key), hint(value, State(sheet.states[line.part_key]))


def _part_values(sheet: WhatIf, key: str, part: Part) -> Iterator[tuple[str, Value]]:
    state = State(sheet.states[key])
    yield sheet.at(STATE, key), str(state)
    yield sheet.at(TRIED, key), number(sheet, sheet.parts[key])
    yield sheet.at(MAX, key), number(sheet, 0 if state == State.NOT_APPLICABLE else part.rule.max_units)
    yield sheet.at(NOTE, key), STATUS.get(state, "")


def _node_values(sheet: WhatIf, line: Line) -> Iterator[tuple[str, Value]]:
    node, code = line.node, line.key
    final = sheet.finals[code]
    maximum = sum(sheet.maxima[leaf.code] for leaf in sheet.criteria.under(code))
    yield sheet.at(MAX, code), number(sheet, maximum)
    yield sheet.at(CHANGE, code), _unchanged(final)
    if node.kind == "group":
        yield sheet.at(TRIED, code), number(sheet, final)
        return
    yield sheet.at(TRIED, code), number(sheet, sheet.computed[code])
    yield sheet.at(COUNTED, code), number(sheet, final)
    state = _leaf_state(sheet, line)
    yield sheet.at(STATE, code), str(state)
    yield sheet.at(NOTE, code), _leaf_note(sheet, node, state)
    if node.kind == "entered":
        yield sheet.at(VALUE, code), cleaned_value(sheet.entered(code))
        yield from [(sheet.at(TYPED, code), "")] if sheet.is_open(line) else []


def _leaf_state(sheet: WhatIf, line: Line) -> State:
    node = line.node
    if node.kind == "leaf":
        return worst_state([State(sheet.states[node.key(part)]) for part in node.parts])
    if not sheet.is_open(line):
        return State.NOT_APPLICABLE
    return State.AWAITING if sheet.entered(node.code) == BLANK else State.SCORED


def _leaf_note(sheet: WhatIf, node: Node, state: State) -> str:
    words, maximum = STATUS.get(state, ""), sheet.maxima[node.code]
    if maximum and any(points <= maximum for points in sheet.appraised[node.code]):
        return "; ".join(filter(None, (KEPT, words)))
    return NOT_ENTERED if node.kind == "entered" and state == State.AWAITING else words
