"""What the forms' own sheets show, for all units at once: what ``live.Live`` says of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from parxl.campaign import Settings
from parxl.criteria import CriteriaSet
from parxl.frames import known_sums
from parxl.live.table import EARNING
from parxl.reading.form import FormRead
from parxl.rules import PLACES, State
from parxl.scoring import Outcomes, decided, exempt_parts, inputs_frame, outcomes

Sheet = dict[str, int | None]  # code of the tree, or "total" -> units, None where the sheet shows a blank


def shown_by_sheets(
    criteria: CriteriaSet, settings: Settings, forms: Mapping[str, FormRead], read: Outcomes
) -> Iterator[Sheet]:
    """What each form shows of what is typed in it, in the order of ``forms``. ``read``: of their inputs.

    A sheet knows what does not apply, but no rulings and no survey; what is wrong or missing earns nothing
    there, not even 0.
    """
    found = _in_the_cells(criteria, forms, read)
    states, points = decided(criteria, found, exempt_parts(criteria, found.index, settings), {})
    numbers = {at.key: number for number, at in enumerate(criteria.parts)}
    own = [[numbers[node.key(part)] for part in node.parts] for node in criteria.leaves]
    leaves, known = known_sums(points, np.isin(states, [PLACES[state] for state in EARNING]), own)
    _, waits = known_sums(points, states == PLACES[State.AWAITING], own)
    places = {node.code: place for place, node in enumerate(criteria.leaves)}
    below = {
        node.code: [places[leaf.code] for leaf in criteria.under(node.code)] for node in criteria.criterion
    }
    below["total"] = list(places.values())
    sums, some = known_sums(leaves, known & ~waits, below.values())
    for row, is_shown in zip(sums.tolist(), some.tolist(), strict=True):
        yield {code: units if shown else None for code, units, shown in zip(below, row, is_shown, strict=True)}


def _in_the_cells(criteria: CriteriaSet, forms: Mapping[str, FormRead], read: Outcomes) -> Outcomes:
    """As the sheets clean it: mostly what was read."""
    other = [row for row, form in enumerate(forms.values()) if _is_cleaned(form)]
    if not other:
        return read
    every = list(forms)
    cells = {every[row]: forms[every[row]].sheet_inputs for row in other}
    found = outcomes(criteria, inputs_frame(criteria, cells))
    states, points = read.states.copy(order="F"), read.points.copy(order="F")
    states[other], points[other] = found.states, found.points
    return Outcomes(read.index, states, points)


def _is_cleaned(form: FormRead) -> bool:
    """Does the sheet see anything in a cell otherwise than it was read?"""
    return form.sheet_inputs is not form.inputs and [*form.sheet_inputs.values()] != [*form.inputs.values()]
