"""The values that the formulas of *Tính thử* have while nothing is typed: what the round itself says."""

from __future__ import annotations

from collections.abc import Iterator

from parxl.books.tables import shown_number
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
from parxl.live.pieces import STATUS, Value, cleaned_value, hint, worst_state
from parxl.rules import BLANK, DAMAGED, State

WORDS = {str(state): words for state, words in STATUS.items()}


def values(sheet: WhatIf) -> dict[str, Value]:
    """Cell -> value; keyed by the same cells as ``formulas``."""
    found = dict(_top_values(sheet))
    for line in sheet.lines:
        if line.input:
            _input_values(found, sheet, line)
        elif line.part:
            _part_values(found, sheet, line, line.part)
        else:
            _node_values(found, sheet, line)
    return found


def _top_values(sheet: WhatIf) -> Iterator[tuple[str, Value]]:
    for row, name in ((TOTAL_ROW, "total"), (MAXIMUM_ROW, "maximum"), (INDEX_ROW, "index")):
        yield f"{TRIED}{row}", number(sheet, sheet.standing[name])
        yield f"{CHANGE}{row}", _unchanged(sheet.standing[name])


def _unchanged(units: int | None) -> Value:
    return "" if units is None else 0


def number(sheet: WhatIf, units: int | None) -> Value:
    """Points as a cell shows them; blank for null."""
    return "" if units is None else shown_number(units, sheet.scale)


def _input_values(found: dict[str, Value], sheet: WhatIf, line: Line) -> None:
    value = sheet.inputs[line.key]
    found[line.at(VALUE)] = "" if value == BLANK else cleaned_value(value)
    if sheet.is_open(line):
        found[line.at(TYPED)] = ""
        is_sound = value not in (BLANK, DAMAGED)
        found[line.at(NOTE)] = "" if is_sound else hint(value, State(sheet.states[line.part_key]))


def _part_values(found: dict[str, Value], sheet: WhatIf, line: Line, part: Part) -> None:
    state = sheet.states[line.key]
    found[line.at(STATE)] = state
    found[line.at(TRIED)] = number(sheet, sheet.parts[line.key])
    found[line.at(MAX)] = number(sheet, 0 if state == State.NOT_APPLICABLE else part.rule.max_units)
    found[line.at(NOTE)] = WORDS.get(state, "")


def _node_values(found: dict[str, Value], sheet: WhatIf, line: Line) -> None:
    node, code = line.node, line.key
    final = sheet.finals[code]
    found[line.at(MAX)] = number(sheet, sheet.own_maximum(code))
    found[line.at(CHANGE)] = _unchanged(final)
    if node.kind == "group":
        found[line.at(TRIED)] = number(sheet, final)
        return
    found[line.at(TRIED)] = number(sheet, sheet.computed[code])
    found[line.at(COUNTED)] = number(sheet, final)
    state = _leaf_state(sheet, line)
    found[line.at(STATE)] = state
    found[line.at(NOTE)] = _leaf_note(sheet, node, state)
    if node.kind == "entered":
        found[line.at(VALUE)] = cleaned_value(sheet.entered(code))
        if sheet.is_open(line):
            found[line.at(TYPED)] = ""


def _leaf_state(sheet: WhatIf, line: Line) -> str:
    node = line.node
    if node.kind == "leaf":
        states = [sheet.states[node.key(part)] for part in node.parts]
        return states[0] if len(states) == 1 else str(worst_state([State(one) for one in states]))
    if not sheet.is_open(line):
        return str(State.NOT_APPLICABLE)
    return str(State.AWAITING if sheet.entered(node.code) == BLANK else State.SCORED)


def _leaf_note(sheet: WhatIf, node: Node, state: str) -> str:
    words, maximum = WORDS.get(state, ""), sheet.maxima[node.code]
    if maximum and any(points <= maximum for points in sheet.appraised[node.code]):
        return "; ".join(filter(None, (KEPT, words)))
    return NOT_ENTERED if node.kind == "entered" and state == State.AWAITING else words
