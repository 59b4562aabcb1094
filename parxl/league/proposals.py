"""What a unit could change: for each gap the smallest change that earns more, before it is weighed.

Only what the unit itself, its next survey or an explanation can move. Nothing is proposed where the score
awaits guidance, where the decision or a ruling gives 0 for a = 0, and where the council's score is not below
the computed one, or has been given in the second round.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from parxl.appraisal import FIRST, Finals
from parxl.criteria import CriteriaSet, Node, PartAt
from parxl.exact import half_up, points_text
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


def proposals(
    criteria: CriteriaSet, inputs: pd.DataFrame, computed: Scores, finals: Finals, group: pd.Series
) -> list[Proposal]:
    """Every proposal for every unit, in printed order. ``group``: index unit, str."""
    found: list[Proposal] = []
    for node in criteria.leaves:
        for at in (at for at in criteria.parts if at.node is node):
            found += _of_part(criteria, at, inputs, computed, finals)
        if node.kind == "entered":
            found += _of_survey(criteria, node, finals, computed.maxima[node.code], group)
        found += _of_appraisal(criteria, node, computed, finals)
    return found


# What the unit itself can change ------------------------------------------------------------------


def _of_part(
    criteria: CriteriaSet, at: PartAt, inputs: pd.DataFrame, computed: Scores, finals: Finals
) -> Iterator[Proposal]:
    """The steps of one part, for every unit that has them; their points by the rule itself."""
    ids = [i.id for i in at.part.rule.inputs]
    local = inputs[[at.node.input_key(at.part, i) for i in ids]].set_axis(ids, axis=1)
    states, points = computed.states[at.key], computed.parts[at.key]
    is_open = finals.leaves[at.node.code].isna() | finals.appraised[at.node.code].notna()
    movable = states.isin([State.SCORED, *IN_NEED]) & ~is_open & (points < at.part.rule.max_units).fillna(False)
    drafts: list[Proposal] = []
    for unit in local.index[movable]:
        values = {i: int(value) for i, value in local.loc[unit].items()}
        drafts += _steps(at, str(unit), values, State(states[unit]), int(points[unit]))
    yield from _without_doubles(_with_points(at, local, drafts), at.part.rule.max_units)


def _steps(at: PartAt, unit: str, values: Values, state: State, points: int) -> Iterator[Proposal]:
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
        yield Proposal(unit, at.node.code, at.key, kind, step, keyed, words, points, target)


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


def _with_points(at: PartAt, local: pd.DataFrame, drafts: list[Proposal]) -> list[Proposal]:
    """The drafts with what the changed inputs really earn."""
    if not drafts:
        return []
    rows = local.loc[[draft.unit for draft in drafts]].to_numpy(copy=True)
    columns = {at.node.input_key(at.part, i): number for number, i in enumerate(local.columns)}
    for row, draft in zip(rows, drafts, strict=True):
        for key, value in draft.changes.items():
            row[columns[key]] = value
    outcome = at.part.rule.outcome(pd.DataFrame(rows, columns=local.columns))
    points = outcome["points"].tolist()
    return [replace(draft, after=after) for draft, after in zip(drafts, points, strict=True)]


def _without_doubles(found: list[Proposal], maximum: int) -> Iterator[Proposal]:
    """A next step that earns the maximum is the full one."""
    full = {one.unit for one in found if one.step == "next" and one.after == maximum}
    for one in found:
        if one.step == "next" or one.unit not in full:
            yield replace(one, step="full") if one.after == maximum else one


# What others can change ---------------------------------------------------------------------------


def _of_survey(
    criteria: CriteriaSet, node: Node, finals: Finals, maxima: pd.Series, group: pd.Series
) -> Iterator[Proposal]:
    """Up to the group's mean, or from there to its best; and to the maximum."""
    points = finals.leaves[node.code].dropna().astype("int64")
    points = points[finals.appraised[node.code].isna().loc[points.index]]
    for unit, own in points.items():
        top = int(maxima[str(unit)])
        peers = points[group.loc[points.index] == group[str(unit)]]
        mean, best = int(half_up(int(peers.sum()), len(peers))), int(peers.max())
        nearest = next(((w, t) for w, t in (("bình quân", mean), ("cao nhất", best)) if own < t < top), None)
        base = Proposal(str(unit), node.code, node.code, "survey", "next", {}, "", int(own), top)
        if nearest:
            words, target = nearest
            text = f"Đạt mức {words} của khối ({points_text(target, criteria.decimals)} điểm)"
            yield replace(base, words=text, after=target)
        if own < top:
            text = f"Đạt điểm tối đa ({points_text(top, criteria.decimals)} điểm)"
            yield replace(base, step="full", words=text)


def _of_appraisal(criteria: CriteriaSet, node: Node, computed: Scores, finals: Finals) -> Iterator[Proposal]:
    """Where the first round lies below the computed score, and the second has not spoken."""
    first = finals.rounds[node.code] == FIRST
    scores, own = computed.leaves[node.code], finals.leaves[node.code]
    cut = first & (own < scores).fillna(False)
    for unit in cut.index[cut.to_numpy(dtype=bool)]:
        before, after = int(own[unit]), int(scores[unit])
        texts = [points_text(points, criteria.decimals) for points in (before, after)]
        words = f"Giải trình, bổ sung tài liệu kiểm chứng (thẩm định lần 1: {texts[0]}; điểm tính: {texts[1]})"
        step: Step = "full" if after == computed.maxima.loc[unit, node.code] else "next"
        yield Proposal(str(unit), node.code, node.code, "appraisal", step, {}, words, before, after)
