"""What a unit could change: for each gap the smallest change that earns more, before it is weighed.

Only what the unit itself, its next survey or an explanation can move. Nothing is proposed where the score
awaits guidance, where the decision or a ruling gives 0 for a = 0, and where the council's score is not below
the computed one, or has been given in the second round.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from parxl.appraisal import FIRST, Finals
from parxl.criteria import CriteriaSet, Node, PartAt
from parxl.exact import points_text
from parxl.frames import Array, arrays
from parxl.league.peers import Peers
from parxl.rules import DAMAGED, State
from parxl.rules.base import Values
from parxl.rules.lines import short_label
from parxl.scoring import Scores

Kind = Literal["cases", "document", "deadline", "figures", "survey", "appraisal"]
Step = Literal["next", "full"]
IN_NEED = {
    State.MISSING: "Nhập đủ số liệu còn thiếu",
    State.CONTRADICTORY: "Sửa số liệu mâu thuẫn",
    State.DAMAGED: "Nhập lại số liệu không hợp lệ",
}
MOVABLE = (State.SCORED, *IN_NEED)


@dataclass(frozen=True)
class Proposal:
    """One change. Points in units of the last decimal; see ``gains.Gain`` for the fields."""

    unit: str
    code: str
    key: str
    kind: Kind
    step: Step
    changes: Mapping[str, int]
    words: str
    before: int
    after: int


class _Draft(NamedTuple):
    """A proposal whose points are not certain yet; ``values``: input id -> value after it."""

    unit: str
    kind: Kind
    step: Step
    changes: Mapping[str, int]
    words: str
    before: int
    values: Values


def proposals(
    criteria: CriteriaSet,
    inputs: pd.DataFrame,
    computed: Scores,
    finals: Finals,
    groups: Mapping[str, str],
    peers: Peers,
) -> list[Proposal]:
    """Every proposal for every unit, in printed order. Index of every frame: unit. ``groups``: of the units."""
    found: list[Proposal] = []
    rows = dict(zip(inputs, inputs.to_numpy().T.tolist(), strict=True))
    standing = _Standing(criteria, computed, finals)
    for node in criteria.leaves:
        for part in node.parts:
            at = PartAt(node.key(part), node, part)
            found += _of_part(at, rows, computed.states[at.key].to_numpy(), standing)
        if node.kind == "entered":
            found += _of_survey(criteria, node, standing, groups, peers)
        found += _of_appraisal(criteria, node, standing)
    return found


class _Standing:
    """The points of all units; a row a unit."""

    def __init__(self, criteria: CriteriaSet, computed: Scores, finals: Finals):
        self.units = [str(unit) for unit in computed.leaves.index]
        self.leaf = {node.code: at for at, node in enumerate(criteria.leaves)}
        self.part = {at.key: number for number, at in enumerate(criteria.parts)}
        self.parts, _ = arrays(computed.parts)
        self.computed, self.is_computed = arrays(computed.leaves)
        self.finals, self.is_known = arrays(finals.leaves)
        self.maxima, self.rounds = computed.maxima.to_numpy(), finals.rounds.to_numpy()


# What the unit itself can change ------------------------------------------------------------------


def _of_part(
    at: PartAt, rows: Mapping[str, list[int]], states: Array, standing: _Standing
) -> Iterator[Proposal]:
    """The steps of one part, for every unit that has them; their points by the rule itself."""
    rule, leaf = at.part.rule, standing.leaf[at.node.code]
    columns = {i.id: rows[at.node.input_key(at.part, i.id)] for i in rule.inputs}
    points = standing.parts[:, standing.part[at.key]]
    movable = standing.is_known[:, leaf] & (standing.rounds[:, leaf] == 0) & (points < rule.max_units)
    drafts: list[_Draft] = []
    for row in np.flatnonzero(movable).tolist():
        if (state := State(states[row])) in MOVABLE:
            values = {i: column[row] for i, column in columns.items()}
            drafts += _steps(at, standing.units[row], values, state, int(points[row]))
    yield from _without_doubles(at, list(_with_points(at, drafts)))


def _steps(at: PartAt, unit: str, values: Values, state: State, points: int) -> Iterator[_Draft]:
    """The next step and the one to the maximum; of figures that cannot be scored only the latter."""
    rule = at.part.rule
    targets: list[tuple[Step, int]] = [("full", rule.max_units)]
    if state == State.SCORED:
        targets.insert(0, ("next", points + 1))
    for step, target in targets:
        changes = rule.reach(values, target)
        if changes is None:
            continue
        kind = _kind(at, changes) if state == State.SCORED else "figures"
        words = rule.change_words(values, changes) if state == State.SCORED else _mending(at, values, state)
        keyed = {at.node.input_key(at.part, i): value for i, value in changes.items()}
        yield _Draft(unit, kind, step, keyed, words, points, {**values, **changes})


def _kind(at: PartAt, changes: Mapping[str, int]) -> Kind:
    counts = {i.id for i in at.part.rule.inputs if i.kind == "count"}
    if counts & set(changes):
        return "cases"
    return "deadline" if at.node.deadline else "document"


def _mending(at: PartAt, values: Values, state: State) -> str:
    """What is to be typed; the points beside it are the most that it can earn."""
    rule = at.part.rule
    named = rule.needed(values) if state == State.MISSING else list(values)
    if state == State.DAMAGED:
        named = [i for i, value in values.items() if value == DAMAGED]
    labels = [f"“{short_label(i.text)}”" for i in rule.inputs if i.id in named and i.kind == "count"]
    which = f": {'; '.join(labels)}" if labels else " (đánh dấu x)"
    return f"{IN_NEED[state]}{which}"


def _with_points(at: PartAt, drafts: list[_Draft]) -> Iterator[tuple[_Draft, int]]:
    """The drafts with what the changed inputs really earn."""
    if drafts:
        ids = [i.id for i in at.part.rule.inputs]
        columns = {i: np.array([draft.values[i] for draft in drafts], dtype="int64") for i in ids}
        yield from zip(drafts, at.part.rule.found(columns)[1].tolist(), strict=True)


def _without_doubles(at: PartAt, found: list[tuple[_Draft, int]]) -> Iterator[Proposal]:
    """A next step that earns the maximum is the full one."""
    maximum = at.part.rule.max_units
    full = {one.unit for one, after in found if one.step == "next" and after == maximum}
    for one, after in found:
        if one.step == "next" or one.unit not in full:
            step: Step = "full" if after == maximum else one.step
            facts = (one.changes, one.words, one.before, after)
            yield Proposal(one.unit, at.node.code, at.key, one.kind, step, *facts)


# What others can change ---------------------------------------------------------------------------


def _of_survey(
    criteria: CriteriaSet, node: Node, standing: _Standing, groups: Mapping[str, str], peers: Peers
) -> Iterator[Proposal]:
    """Up to the group's mean, or from there to its best; and to the maximum."""
    leaf = standing.leaf[node.code]
    points, maxima = standing.finals[:, leaf], standing.maxima[:, leaf]
    for row in np.flatnonzero(standing.is_known[:, leaf] & (standing.rounds[:, leaf] == 0)):
        unit, own, top = standing.units[row], int(points[row]), int(maxima[row])
        mean, best = peers.surveyed[groups[unit], node.code]
        nearest = next(((w, t) for w, t in (("bình quân", mean), ("cao nhất", best)) if own < t < top), None)
        base = Proposal(unit, node.code, node.code, "survey", "next", {}, "", own, top)
        if nearest:
            words, target = nearest
            text = f"Đạt mức {words} của khối ({points_text(target, criteria.decimals)} điểm)"
            yield replace(base, words=text, after=target)
        if own < top:
            text = f"Đạt điểm tối đa ({points_text(top, criteria.decimals)} điểm)"
            yield replace(base, step="full", words=text)


def _of_appraisal(criteria: CriteriaSet, node: Node, standing: _Standing) -> Iterator[Proposal]:
    """Where the first round lies below the computed score, and the second has not spoken."""
    leaf = standing.leaf[node.code]
    scores, own = standing.computed[:, leaf], standing.finals[:, leaf]
    cut = (standing.rounds[:, leaf] == FIRST) & standing.is_computed[:, leaf] & (own < scores)
    for row in np.flatnonzero(cut):
        before, after = int(own[row]), int(scores[row])
        texts = [points_text(points, criteria.decimals) for points in (before, after)]
        words = f"Giải trình, bổ sung tài liệu kiểm chứng (thẩm định lần 1: {texts[0]}; điểm tính: {texts[1]})"
        step: Step = "full" if after == standing.maxima[row, leaf] else "next"
        yield Proposal(standing.units[row], node.code, node.code, "appraisal", step, {}, words, before, after)
