"""The formulas of *Tính thử*: what a unit would have if its form had held other inputs.

Only the inputs change: rulings, exemptions, appraisal, adjustments and what the department entered stay. A
cell to type into that is blank means "as submitted".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from parxl.books.unit.whatif_places import (
    CHANGE,
    COUNTED,
    HEAD_ROW,
    INDEX_ROW,
    MAX,
    MAXIMUM_ROW,
    NOTE,
    NOW,
    STATE,
    TITLE,
    TOTAL_ROW,
    TRIED,
    TRY,
    TYPED,
    VALUE,
    Line,
    Places,
    WhatIf,
    is_independent,
)
from parxl.criteria import Node, Part
from parxl.live.pieces import (
    clean_count,
    clean_mark,
    hint_formula,
    parts_sum_formula,
    score_formula,
    status_formula,
    sum_formula,
    waived_formula,
    worst_formula,
)
from parxl.rules import BLANK, DAMAGED, State

KEPT, NOT_ENTERED = "Tính theo điểm thẩm định", "Chưa có điểm"
NULL = (State.AWAITING, State.NOT_APPLICABLE)
MARK = "\0"  # in place of what was submitted


def formulas(sheet: Places) -> dict[str, str]:
    """Cell -> formula, for every live cell of a unit's sheet, or of that of all units."""
    found = {cell: formula for line in sheet.lines for cell, formula in _line_formulas(sheet, line)}
    found |= dict(_top_formulas(sheet))
    return {cell: f"={formula}" for cell, formula in found.items()}


def own_formulas(sheet: WhatIf, overlays: Mapping[str, Overlay]) -> dict[str, str]:
    """Those of one unit that may differ from those of all units. ``overlays``: of the sheet of all units."""
    inputs = sheet.inputs
    found = {one.cell: one.with_sent(inputs[key]) for key, one in overlays.items()}
    own = {node.code for node in sheet.criteria.entered} | set(sheet.exempt)
    own |= {code for code, points in sheet.appraised.items() if points}
    for line in sheet.lines:
        if line.part_key in own:
            found.update((cell, f"={formula}") for cell, formula in _line_formulas(sheet, line))
    return found | {cell: f"={formula}" for cell, formula in _top_formulas(sheet)}


class Overlay(NamedTuple):
    """The formula of what counts of an input, without what was submitted, which stands once in it."""

    cell: str
    before: str
    after: str

    def with_sent(self, value: int) -> str:
        return f"={self.before}{_literal(value)}{self.after}"


def overlays(sheet: Places) -> dict[str, Overlay]:
    """By input key."""
    found = {}
    for line in sheet.lines:
        if line.input:
            before, after = _overlaid(sheet, line, MARK).split(MARK)
            found[line.key] = Overlay(sheet.at(VALUE, line.key), before, after)
    return found


def _line_formulas(sheet: Places, line: Line) -> Iterator[tuple[str, str]]:
    node, part = line.node, line.part
    if line.input:
        yield from _input_formulas(sheet, line)
    elif part:
        yield from _part_formulas(sheet, node, part)
    elif node.kind == "group":
        yield from _group_formulas(sheet, node)
    else:
        yield from _leaf_formulas(sheet, line)


def _input_formulas(sheet: Places, line: Line) -> Iterator[tuple[str, str]]:
    value, sent = sheet.at(VALUE, line.key), _literal(sheet.inputs[line.key])
    if not sheet.is_open(line):
        yield value, sent
        return
    yield sheet.at(TYPED, line.key), _cleaned(sheet, line)
    yield value, _overlaid(sheet, line, sent)
    yield sheet.at(NOTE, line.key), hint_formula(value, sheet.at(STATE, line.part_key))


def _typed(sheet: Places, key: str) -> str:
    """What is typed, by a fixed block and the label's row: no cut cell or new row misleads the formula."""
    block = f"${TRY}${HEAD_ROW}:${TRY}${sheet.last_row}"
    return f"INDEX({block},ROW(${TITLE}${sheet.rows[key]})-ROW(${TITLE}${HEAD_ROW})+1)"


def _cleaned(sheet: Places, line: Line) -> str:
    assert line.part is not None
    assert line.input is not None
    typed = _typed(sheet, line.key)
    if line.input.kind == "count":
        return clean_count(typed, line.input.decimals)
    mark = clean_mark(typed, blank='""')
    if not is_independent(line.part, line.input):
        return mark
    # Nothing else can say that an item which was marked would not be.
    return f'IF(ISERROR({typed}),"!",IF(TRIM({typed})="0",0,{mark}))'


def _overlaid(sheet: Places, line: Line, sent: str) -> str:
    """What was submitted, until something is typed: here, or beside another option of the same choice."""
    assert line.part is not None
    assert line.input is not None
    typed = sheet.at(TYPED, line.key)
    if is_independent(line.part, line.input):
        return f'IF({typed}="",{sent},{typed})'
    marks = [i.id for i in line.part.rule.inputs if i.kind == "mark"]
    cells = [sheet.at(TYPED, line.node.input_key(line.part, i)) for i in marks]
    untouched = ",".join(f'{cell}=""' for cell in cells)
    return f'IF(AND({untouched}),{sent},IF({typed}="",0,{typed}))'


def _literal(value: int) -> str:
    """A value of an inputs frame as a formula writes it."""
    return {BLANK: '""', DAMAGED: '"!"'}.get(value, str(value))


def _part_formulas(sheet: Places, node: Node, part: Part) -> Iterator[tuple[str, str]]:
    key, rule = node.key(part), part.rule
    state, case, waiver = sheet.at(STATE, key), sheet.cases[key], sheet.criteria.waivers.get(key)

    def ref(input_id: str) -> str:
        return sheet.at(VALUE, node.input_key(part, input_id))

    formula = rule.state_formula(ref, case)
    formula = waived_formula(sheet.at(VALUE, waiver), formula) if waiver else formula
    yield state, f'"{State.NOT_APPLICABLE}"' if key in sheet.exempt else formula
    earned = score_formula(rule, rule.points_formula(ref), state, case, bool(waiver), broken="0")
    yield sheet.at(TRIED, key), _unless_null(state, earned)
    yield sheet.at(MAX, key), _own_maximum(sheet, state, rule.max_units)
    yield sheet.at(NOTE, key), status_formula(state, fine="")


def _unless_null(state: str, points: str) -> str:
    null = ",".join(f'{state}="{one}"' for one in NULL)
    return f'IF(OR({null}),"",{points})'


def _own_maximum(sheet: Places, state: str, whole: int) -> str:
    return f'IF({state}="{State.NOT_APPLICABLE}",0,{sheet.literal(whole)})'


def _leaf_formulas(sheet: Places, line: Line) -> Iterator[tuple[str, str]]:
    node = line.node
    if node.kind == "entered":
        yield from _entered_formulas(sheet, line)
    elif node.parts[0].id:
        yield from _parted_formulas(sheet, node)
    else:
        yield from _part_formulas(sheet, node, node.parts[0])
    yield from _final_formulas(sheet, node)


def _entered_formulas(sheet: Places, line: Line) -> Iterator[tuple[str, str]]:
    """A leaf whose points the department enters: here somebody tries other points."""
    code, whole = line.key, sheet.criteria.units(line.node.max)
    typed, value, state = (sheet.at(column, code) for column in (TYPED, VALUE, STATE))
    sent = _literal(sheet.entered(code))
    if sheet.is_open(line):
        yield typed, clean_count(_typed(sheet, code), sheet.decimals, top=sheet.literal(whole))
        yield value, f'IF({typed}="",{sent},{typed})'
        some = f'IF({value}="","{State.AWAITING}","{State.SCORED}")'
        yield state, f'IF({value}="!","{State.DAMAGED}",{some})'
    else:
        yield value, sent
        yield state, f'"{State.NOT_APPLICABLE}"'
    earned = f'IF({state}="{State.SCORED}",{value}/{sheet.scale},0)'
    yield sheet.at(TRIED, code), _unless_null(state, earned)
    yield sheet.at(MAX, code), _own_maximum(sheet, state, whole)
    words = status_formula(state, fine="")
    yield sheet.at(NOTE, code), f'IF({state}="{State.AWAITING}","{NOT_ENTERED}",{words})'


def _parted_formulas(sheet: Places, node: Node) -> Iterator[tuple[str, str]]:
    keys = [node.key(part) for part in node.parts]
    states, scores, maxima = ([sheet.at(column, key) for key in keys] for column in (STATE, TRIED, MAX))
    yield sheet.at(STATE, node.code), worst_formula(states)
    yield sheet.at(TRIED, node.code), parts_sum_formula(states, scores, sheet.decimals)
    yield sheet.at(MAX, node.code), sum_formula(maxima, sheet.decimals)
    yield sheet.at(NOTE, node.code), status_formula(sheet.at(STATE, node.code), fine="")


def _final_formulas(sheet: Places, node: Node) -> Iterator[tuple[str, str]]:
    """What counts of a leaf: the council's score, where it has given one, whatever is typed."""
    counted, tried, maximum = (sheet.at(column, node.code) for column in (COUNTED, TRIED, MAX))
    appraised = sheet.appraised[node.code]
    yield sheet.at(CHANGE, node.code), _change(sheet, counted, sheet.at(NOW, node.code))
    if not appraised:
        yield counted, tried
        return
    # A score above the unit's own maximum is refused, and nothing is appraised where nothing applies.
    holds = {points: f"AND({maximum}>0,ROUND({maximum}*{sheet.scale},0)>={points})" for points in appraised}
    formula = tried
    for points in reversed(appraised):
        formula = f"IF({holds[points]},{sheet.literal(points)},{formula})"
    yield counted, formula
    words = status_formula(sheet.at(STATE, node.code), fine="")
    yield sheet.at(NOTE, node.code), f'IF({holds[min(appraised)]},"{KEPT}"&IF({words}="","","; "),"")&{words}'


def _group_formulas(sheet: Places, node: Node) -> Iterator[tuple[str, str]]:
    children = sheet.criteria.children[node.code]
    tried = sheet.at(TRIED, node.code)
    yield sheet.at(MAX, node.code), sum_formula([sheet.at(MAX, c.code) for c in children], sheet.decimals)
    yield tried, sum_formula([_counted(sheet, child) for child in children], sheet.decimals)
    yield sheet.at(CHANGE, node.code), _change(sheet, tried, sheet.at(NOW, node.code))


def _counted(sheet: Places, node: Node) -> str:
    """The cell of the points that count upwards."""
    return sheet.at(TRIED if node.kind == "group" else COUNTED, node.code)


def _change(sheet: Places, tried: str, now: str) -> str:
    rounded = f"ROUND((N({tried})-N({now}))*{sheet.scale},0)/{sheet.scale}"
    return f'IF(AND({tried}="",{now}=""),"",{rounded})'


def _top_formulas(sheet: Places) -> Iterator[tuple[str, str]]:
    areas, scale = sheet.criteria.areas, sheet.scale
    total, maximum, index = (f"{TRIED}{row}" for row in (TOTAL_ROW, MAXIMUM_ROW, INDEX_ROW))
    points = ",".join(_counted(sheet, area) for area in areas)
    yield total, f"MAX(0,ROUND(SUM({points})*{scale},0)+({sheet.standing['adjustment']}))/{scale}"
    yield maximum, sum_formula([sheet.at(MAX, area.code) for area in areas], sheet.decimals)
    # One division of whole numbers, as in a proportional score.
    rate = f"{100 * scale}*ROUND({total}*{scale},0)/ROUND({maximum}*{scale},0)"
    yield index, f'IF({maximum}>0,ROUND({rate},0)/{scale},"")'
    for row in (TOTAL_ROW, MAXIMUM_ROW, INDEX_ROW):
        yield f"{CHANGE}{row}", _change(sheet, f"{TRIED}{row}", f"{NOW}{row}")
