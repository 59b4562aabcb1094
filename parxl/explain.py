"""The sentence that explains each score, and the decision's line that it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from parxl.campaign import Exemption, Ruling, Settings
from parxl.criteria import CriteriaSet, Node, PartAt
from parxl.exact import points_text
from parxl.rules import State
from parxl.rules.base import Values
from parxl.scoring import Scores

ZERO_WORDS = {"full": "đạt điểm tối đa", "zero": "0 điểm", "not-applicable": "không áp dụng"}
BY_STATE = {
    State.MISSING: "Chưa nhập đủ số liệu → 0 điểm",
    State.CONTRADICTORY: "Số liệu mâu thuẫn → 0 điểm",
    State.DAMAGED: "Số liệu không hợp lệ → 0 điểm",
}


@dataclass(frozen=True)
class Explanation:
    """``sentence``: how the score came about. ``line``: the decision's printed line, "" for none."""

    sentence: str
    line: str = ""

    @property
    def text(self) -> str:
        return f"{self.sentence}\nCăn cứ: “{self.line}”" if self.line else self.sentence


def explain_unit(
    criteria: CriteriaSet, settings: Settings, scores: Scores, inputs: Mapping[str, int], unit: str
) -> dict[str, Explanation]:
    """Leaf code -> explanation, for one unit. ``inputs``: the form's values, plain ints."""
    exempt, earned = settings.exempt(criteria, unit), scores.parts_of(unit)
    points = scores.leaf_rows.of(unit)
    found: dict[str, Explanation] = {}
    for node in criteria.leaves:
        if node.kind == "entered":
            found[node.code] = _entered(criteria, node, points[node.code], exempt)
            continue
        parts = [PartAt(node.key(part), node, part) for part in node.parts]
        explained = [_part(criteria, settings, at, inputs, *earned[at.key], exempt) for at in parts]
        found[node.code] = _joined(parts, explained)
    return found


def _joined(parts: list[PartAt], explained: list[Explanation]) -> Explanation:
    if len(parts) == 1:
        return explained[0]
    sentences = [f"{at.part.title}: {e.sentence}" for at, e in zip(parts, explained, strict=True)]
    lines = dict.fromkeys(e.line for e in explained if e.line)
    return Explanation("\n".join(sentences), "; ".join(lines))


def _part(
    criteria: CriteriaSet,
    settings: Settings,
    at: PartAt,
    inputs: Mapping[str, int],
    state: State,
    points: int | None,
    exempt: Mapping[str, Exemption],
) -> Explanation:
    rule = at.part.rule
    if at.key in exempt:
        return Explanation(_not_applicable(exempt[at.key]))
    if state in BY_STATE:
        return Explanation(BY_STATE[state])
    if state == State.WAIVED:
        source = criteria.waivers[at.key]
        group = criteria.by_code[criteria.parent(at.node.code)]
        words = f"Mục {source.split('/')[0]} có a = 0 (không được giao): đạt điểm tối đa"
        return Explanation(f"{words} → {rule.earned(rule.max_units)}", group.title)
    values: Values = {i.id: inputs[at.node.input_key(at.part, i.id)] for i in rule.inputs}
    if state == State.SCORED:
        assert points is not None
        return Explanation(rule.explain(values, int(points)), rule.resting_line(values))
    return _zero(settings.rulings.get(at.key), at, values)


def _zero(ruling: Ruling | None, at: PartAt, values: Values) -> Explanation:
    """a = 0, or "Không phát sinh": by the decision, by a ruling, or not decided yet."""
    rule = at.part.rule
    case = zero_words(values)
    if rule.zero_case != "guidance":
        earned = rule.earned(rule.max_units if rule.zero_case == "full" else 0)
        by_text = ZERO_WORDS[rule.zero_case or "zero"]
        return Explanation(f"{case}: {by_text} theo quyết định → {earned}", at.node.title)
    if ruling is None:
        return Explanation(f"{case}: chờ hướng dẫn của cơ quan chủ trì")
    basis = f" ({ruling.document})" if ruling.document else ""
    return Explanation(f"{case}: {ZERO_WORDS[ruling.treatment]} theo hướng dẫn{basis}")


def zero_words(values: Values) -> str:
    """What happened that the decision may be silent about."""
    return "Không phát sinh" if values.get("none") == 1 else "a = 0"


def _not_applicable(exemption: Exemption) -> str:
    basis = f" ({exemption.document})" if exemption.document else ""
    return f"Không áp dụng: {exemption.reason}{basis}"


def _entered(
    criteria: CriteriaSet, node: Node, points: int | None, exempt: Mapping[str, Exemption]
) -> Explanation:
    if node.code in exempt:
        return Explanation(_not_applicable(exempt[node.code]))
    if points is None:
        return Explanation("Chưa có điểm do cơ quan chủ trì nhập")
    return Explanation(f"Điểm do cơ quan chủ trì nhập: {points_text(points, criteria.decimals)} điểm")


def adjustments_text(settings: Settings, unit: str, decimals: int) -> str:
    """What is added to a unit's total or taken away, a line each, then the caps; "" for nothing."""
    given = settings.adjustments_of(unit)
    lines = [
        f"Điểm {'cộng' if one.points > 0 else 'trừ'} {points_text(abs(one.points), decimals)}: "
        f"{one.reason} ({one.document})"
        for one in given
    ]
    caps = {"cộng": settings.bonus_cap, "trừ": settings.penalty_cap}
    words = [
        f"điểm {kind} tối đa {points_text(cap, decimals)}" for kind, cap in caps.items() if cap is not None
    ]
    return "\n".join([*lines, f"Theo quy định: {', '.join(words)}"] if given and words else lines)
