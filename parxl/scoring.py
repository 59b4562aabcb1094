"""Inputs frame -> scores frames, for all units at once.

Points are whole units of the set's last decimal. Frames have the unit code as index; where a score
may be null (awaiting guidance, not applicable) the columns are pandas' nullable Int64.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from parxl.campaign import Ruling, Settings
from parxl.criteria import CriteriaSet, PartAt
from parxl.rules import BLANK, IfZero, Rule, State, zero_state


@dataclass(frozen=True)
class Scores:
    """Every score of every unit. Index of each frame: unit code.

    ``states``, ``parts``: a column a part key. ``leaves``, ``maxima``, ``open_points``: a column a leaf
    code. ``groups``: a column a group or area code. Points in units of the last decimal.
    """

    states: pd.DataFrame  # str: parxl.rules.State, with rulings and exemptions applied
    parts: pd.DataFrame  # Int64
    leaves: pd.DataFrame  # Int64; null: awaiting, absent or not applicable
    maxima: pd.DataFrame  # int64: the unit's own maximum, without what does not apply
    open_points: pd.DataFrame  # int64: what a null leaf could still earn
    groups: pd.DataFrame  # Int64

    @property
    def totals(self) -> pd.Series:
        """Index: unit; int64: the sum of its leaves, what is null counting 0."""
        return self.leaves.sum(axis=1).astype("int64")


def blank_row(criteria: CriteriaSet) -> dict[str, int]:
    """Input key -> nothing typed: counts BLANK, marks 0."""
    return {key: BLANK if i.kind == "count" else 0 for key, i in criteria.inputs.items()}


def blank_inputs(criteria: CriteriaSet, units: list[str]) -> pd.DataFrame:
    """The inputs frame of forms in which nothing is typed: counts BLANK, marks 0."""
    row = blank_row(criteria)
    return pd.DataFrame([row] * len(units), index=units, columns=list(row), dtype="int64")


def score(criteria: CriteriaSet, inputs: pd.DataFrame, settings: Settings | None = None) -> Scores:
    """Score every unit of an inputs frame (index: unit; columns: input keys; int64).

    Without ``settings`` nothing is ruled, exempt or surveyed: what a form by itself can show.
    """
    rulings: Mapping[str, Ruling] = settings.rulings if settings else {}
    exempt = _exempt(criteria, inputs.index, settings)
    states, points = {}, {}
    for at in criteria.parts:
        state, earned = _part(criteria, at, inputs, rulings.get(at.key))
        states[at.key] = np.where(exempt[at.key], str(State.NOT_APPLICABLE), state)
        points[at.key] = earned
    state_frame = pd.DataFrame(states, index=inputs.index)
    null = state_frame.isin([State.AWAITING, State.NOT_APPLICABLE])
    parts = pd.DataFrame(points, index=inputs.index).astype("Int64").mask(null)
    return _leaves(criteria, state_frame, parts, exempt, settings)


def _exempt(criteria: CriteriaSet, units: pd.Index[str], settings: Settings | None) -> pd.DataFrame:
    """Index: unit; a bool column a part key and entered leaf."""
    keys = [at.key for at in criteria.parts] + [n.code for n in criteria.entered]
    frame = pd.DataFrame(False, index=units, columns=keys)
    for unit in units if settings else []:
        frame.loc[unit, list(settings.exempt(criteria, unit))] = True  # type: ignore[union-attr]
    return frame


def _part(
    criteria: CriteriaSet, at: PartAt, inputs: pd.DataFrame, ruling: Ruling | None
) -> tuple[np.ndarray, np.ndarray]:
    """(states, points) of one part; ZERO is resolved by the decision or by the ruling."""
    rule = at.part.rule
    local = inputs[[at.node.input_key(at.part, i.id) for i in rule.inputs]]
    local = local.set_axis([i.id for i in rule.inputs], axis=1)
    outcome = rule.outcome(local)
    state, points = outcome["state"].to_numpy(dtype=object), outcome["points"].to_numpy()
    if at.key in criteria.waivers:
        waived = inputs[criteria.waivers[at.key]].to_numpy() == 0
        state = np.where(waived, str(State.WAIVED), state)
    case = settled_case(rule, ruling)
    zero = state == str(State.ZERO)
    state = np.where(zero, str(zero_state(case)), state)
    full = (zero & (case == "full")) | (state == str(State.WAIVED))
    return state, np.where(full, rule.max_units, points)


def settled_case(rule: Rule, ruling: Ruling | None) -> IfZero | None:
    """What a = 0 earns: by the decision, or by a ruling where the decision is silent."""
    return ruling.treatment if ruling and rule.zero_case == "guidance" else rule.zero_case


def _leaves(
    criteria: CriteriaSet,
    states: pd.DataFrame,
    parts: pd.DataFrame,
    exempt: pd.DataFrame,
    settings: Settings | None,
) -> Scores:
    leaves, maxima, open_points = {}, {}, {}
    for node in criteria.leaves:
        if node.kind == "entered":
            columns = _entered(criteria, node.code, exempt, settings)
        else:
            keys = {node.key(p): p.rule.max_units for p in node.parts}
            columns = _leaf(states[list(keys)], parts[list(keys)], keys)
        leaves[node.code], maxima[node.code], open_points[node.code] = columns
    index = states.index
    leaf_frame = pd.DataFrame(leaves, index=index)
    return Scores(
        states=states,
        parts=parts,
        leaves=leaf_frame,
        maxima=pd.DataFrame(maxima, index=index).astype("int64"),
        open_points=pd.DataFrame(open_points, index=index).astype("int64"),
        groups=group_sums(criteria, leaf_frame),
    )


def group_sums(criteria: CriteriaSet, leaves: pd.DataFrame) -> pd.DataFrame:
    """Sums of a frame of leaves: a column a group or area, null only where every leaf is."""
    sums = {g.code: _sum(leaves[[n.code for n in criteria.under(g.code)]]) for g in criteria.groups}
    return pd.DataFrame(sums, index=leaves.index)


def _leaf(
    states: pd.DataFrame, parts: pd.DataFrame, maxima: dict[str, int]
) -> tuple[pd.Series, pd.Series, pd.Series]:
    """(points, maximum, open points) of a leaf: one part awaiting makes the whole leaf null."""
    applies = states != State.NOT_APPLICABLE
    own = (applies * pd.Series(maxima)).sum(axis=1)
    awaiting = states == State.AWAITING
    waits = awaiting.any(axis=1)
    earned = _sum(parts)
    still_open = (awaiting * pd.Series(maxima)).sum(axis=1) + earned.fillna(0).astype("int64")
    return earned.mask(waits), own, still_open.where(waits, 0)


def _entered(
    criteria: CriteriaSet, code: str, exempt: pd.DataFrame, settings: Settings | None
) -> tuple[pd.Series, pd.Series, pd.Series]:
    """(points, maximum, open points) of a leaf whose points the department enters."""
    given = settings.survey if settings else {}
    whole = criteria.units(criteria.by_code[code].max)
    index = exempt.index
    points = pd.Series([given.get((str(unit), code)) for unit in index], index=index, dtype="Int64")
    points = points.mask(exempt[code])
    own = pd.Series(whole, index=index).where(~exempt[code], 0)
    return points, own, own.where(points.isna(), 0)


def _sum(frame: pd.DataFrame) -> pd.Series:
    """Row sums that are null only where every column is."""
    return frame.sum(axis=1, min_count=1).astype("Int64")
