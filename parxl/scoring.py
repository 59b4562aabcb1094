"""Inputs frame -> scores frames, for all units at once.

Points are whole units of the set's last decimal. Frames have the unit code as index; where a score
may be null (awaiting guidance, not applicable) the columns are pandas' nullable Int64.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from parxl.campaign import Ruling, Settings
from parxl.criteria import CriteriaSet
from parxl.frames import Array, Rows, arrays, known_sum, known_sums, nullable
from parxl.late import np, pd
from parxl.rules import BLANK, PLACES, IfZero, Rule, State, state_names, zero_state


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

    @cached_property
    def totals(self) -> pd.Series:
        """Index: unit; int64: the sum of its leaves, what is null counting 0."""
        return pd.Series(known_sum(*arrays(self.leaves))[0], index=self.leaves.index)

    def parts_of(self, unit: str) -> dict[str, tuple[State, int | None]]:
        """Part key -> (state, points or None) of one unit."""
        states, points = self._plain_states[self.states.index.get_loc(unit)], self.part_rows.of(unit)
        return {key: (State(state), points[key]) for key, state in zip(self.states, states, strict=True)}

    @cached_property
    def part_rows(self) -> Rows:
        """Of ``parts``."""
        return Rows(self.parts)

    @cached_property
    def leaf_rows(self) -> Rows:
        """Of ``leaves``."""
        return Rows(self.leaves)

    @cached_property
    def _plain_states(self) -> Array:
        """The states (str): rows are at hand there."""
        return self.states.to_numpy(dtype=object)


def blank_row(criteria: CriteriaSet) -> dict[str, int]:
    """Input key -> nothing typed: counts BLANK, marks 0."""
    return {key: BLANK if i.kind == "count" else 0 for key, i in criteria.inputs.items()}


def blank_inputs(criteria: CriteriaSet, units: list[str]) -> pd.DataFrame:
    """The inputs frame of forms in which nothing is typed: counts BLANK, marks 0."""
    row = blank_row(criteria)
    return pd.DataFrame([row] * len(units), index=units, columns=list(row), dtype="int64")


def inputs_frame(criteria: CriteriaSet, typed: Mapping[str, Mapping[str, int]]) -> pd.DataFrame:
    """The inputs frame of these units: unit code -> input key -> value."""
    keys = list(criteria.inputs)
    values = np.empty((len(typed), len(keys)), dtype="int64")
    for at, row in enumerate(typed.values()):
        values[at] = _in_order(row, keys)
    return pd.DataFrame(values, index=list(typed), columns=keys, copy=False)


def _in_order(row: Mapping[str, int], keys: list[str]) -> list[int]:
    own = dict(row.items())
    return [own[key] for key in keys]


# What was typed, before any decision --------------------------------------------------------------


@dataclass(frozen=True)
class Outcomes:
    """What the rules make of an inputs frame. A row a unit, a column a part in printed order.

    ``states``: int8, places in ``rules.STATES``; ZERO as it is, whatever it earns. ``points``: int64, 0 where
    the state is not SCORED.
    """

    index: pd.Index
    states: Array
    points: Array


def outcomes(criteria: CriteriaSet, inputs: pd.DataFrame) -> Outcomes:
    """Index: unit; columns: input keys; int64."""
    table = inputs[list(criteria.inputs)].to_numpy(dtype="int64")
    columns = {key: np.ascontiguousarray(table[:, at]) for at, key in enumerate(criteria.inputs)}
    shape = len(inputs), len(criteria.parts)
    states, points = np.empty(shape, dtype="int8", order="F"), np.empty(shape, dtype="int64", order="F")
    for number, (key, node, part) in enumerate(criteria.parts):
        local = {i.id: columns[node.input_key(part, i.id)] for i in part.rule.inputs}
        states[:, number], points[:, number] = part.rule.found(local)
        if key in criteria.waivers:
            states[columns[criteria.waivers[key]] == 0, number] = PLACES[State.WAIVED]
    return Outcomes(inputs.index, states, points)


def exempt_parts(criteria: CriteriaSet, units: pd.Index, settings: Settings | None) -> Array:
    """bool; a row a unit, a column a part, and after them the entered leaves."""
    keys = [*(at.key for at in criteria.parts), *(node.code for node in criteria.entered)]
    places = {key: at for at, key in enumerate(keys)}
    exempt = np.zeros((len(units), len(keys)), dtype=bool)
    if settings and settings.exemptions:
        for row, unit in enumerate(units):
            exempt[row, [places[key] for key in settings.exempt(criteria, str(unit))]] = True
    return exempt


def decided(
    criteria: CriteriaSet, found: Outcomes, exempt: Array, rulings: Mapping[str, Ruling]
) -> tuple[Array, Array]:
    """(states, points) as in ``Outcomes``, but with what a = 0 earns, and without what does not apply."""
    states, points = found.states.copy(order="F"), found.points.copy(order="F")
    for number, at in enumerate(criteria.parts):
        rule, was = at.part.rule, found.states[:, number]
        case = settled_case(rule, rulings.get(at.key))
        zero, waived = was == PLACES[State.ZERO], was == PLACES[State.WAIVED]
        states[zero, number] = PLACES[zero_state(case)]
        points[zero | waived if case == "full" else waived, number] = rule.max_units
    states[exempt[:, : len(criteria.parts)]] = PLACES[State.NOT_APPLICABLE]
    return states, points


def settled_case(rule: Rule, ruling: Ruling | None) -> IfZero | None:
    """What a = 0 earns: by the decision, or by a ruling where the decision is silent."""
    return ruling.treatment if ruling and rule.zero_case == "guidance" else rule.zero_case


# Scores -------------------------------------------------------------------------------------------


def score(criteria: CriteriaSet, inputs: pd.DataFrame, settings: Settings | None = None) -> Scores:
    """Score every unit of an inputs frame (index: unit; columns: input keys; int64).

    Without ``settings`` nothing is ruled, exempt or surveyed: what a form by itself can show.
    """
    return scores_of(criteria, outcomes(criteria, inputs), settings)


def scores_of(criteria: CriteriaSet, found: Outcomes, settings: Settings | None = None) -> Scores:
    """The same, where the rules have been asked already."""
    exempt = exempt_parts(criteria, found.index, settings)
    states, points = decided(criteria, found, exempt, settings.rulings if settings else {})
    leaves, known, maxima, still_open = _leaves(criteria, states, points)
    _enter(criteria, (leaves, known, maxima, still_open), exempt, found.index, settings)
    index, keys, codes = found.index, [at.key for at in criteria.parts], [n.code for n in criteria.leaves]
    names = {key: state_names()[states[:, at]] for at, key in enumerate(keys)}
    return Scores(
        states=pd.DataFrame(names, index=index, columns=keys, dtype="str"),
        parts=nullable(points, _has_points(states), index, keys),
        leaves=nullable(leaves, known, index, codes),
        maxima=pd.DataFrame(maxima, index=index, columns=codes),
        open_points=pd.DataFrame(still_open, index=index, columns=codes),
        groups=group_sums(criteria, leaves, known, index),
    )


def _has_points(states: Array) -> Array:
    """Which parts are not null."""
    return (states != PLACES[State.AWAITING]) & (states != PLACES[State.NOT_APPLICABLE])


def _leaves(criteria: CriteriaSet, states: Array, points: Array) -> tuple[Array, Array, Array, Array]:
    """(points, is known, maxima, open points) of the leaves: one part awaiting makes the whole leaf null.

    A column a leaf; those of the leaves without parts are left to ``_enter``.
    """
    shape = len(states), len(criteria.leaves)
    leaves, maxima, still_open = (np.zeros(shape, dtype="int64", order="F") for _ in range(3))
    known, has_points = np.zeros(shape, dtype=bool, order="F"), _has_points(states)
    first = 0
    for at, node in enumerate(criteria.leaves):
        own = slice(first, first + len(node.parts))
        first = own.stop
        most = np.array([part.rule.max_units for part in node.parts], dtype="int64")
        awaiting = states[:, own] == PLACES[State.AWAITING]
        waits = awaiting.any(axis=1)
        earned, some = known_sum(points[:, own], has_points[:, own])
        leaves[:, at], known[:, at] = np.where(waits, 0, earned), some & ~waits
        maxima[:, at] = (states[:, own] != PLACES[State.NOT_APPLICABLE]) @ most
        still_open[:, at] = np.where(waits, awaiting @ most + earned, 0)
    return leaves, known, maxima, still_open


def _enter(
    criteria: CriteriaSet,
    columns: tuple[Array, Array, Array, Array],
    exempt: Array,
    units: pd.Index,
    settings: Settings | None,
) -> None:
    """Fill in the leaves whose points the department enters. ``columns``: as ``_leaves`` makes them."""
    leaves, known, maxima, still_open = columns
    given = settings.survey if settings else {}
    for number, node in enumerate(criteria.entered, start=len(criteria.parts)):
        at, out = criteria.leaves.index(node), exempt[:, number]
        points = [given.get((str(unit), node.code)) for unit in units]
        has_some = np.array([one is not None for one in points], dtype=bool)
        leaves[:, at] = [one or 0 for one in points]
        known[:, at] = has_some & ~out
        maxima[:, at] = np.where(out, 0, criteria.units(node.max))
        still_open[:, at] = np.where(known[:, at], 0, maxima[:, at])


def group_sums(criteria: CriteriaSet, values: Array, known: Array, index: pd.Index) -> pd.DataFrame:
    """A column a group or area: the sum of its leaves, null only where every leaf is.

    ``values``, ``known``: a row a unit, a column a leaf in printed order.
    """
    places = {node.code: at for at, node in enumerate(criteria.leaves)}
    own = [[places[node.code] for node in criteria.under(group.code)] for group in criteria.groups]
    return nullable(*known_sums(values, known, own), index, [group.code for group in criteria.groups])
