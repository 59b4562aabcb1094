"""Findings on what a unit typed, seen as a whole: missing, contradictory, awaiting, at odds."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from sys import intern
from typing import Any

from parxl.campaign import Settings
from parxl.criteria import CriteriaSet, PartAt
from parxl.criteria.model import BelowTest, CrossTest, MarkedTest
from parxl.exact import count_text, points_text
from parxl.explain import zero_words
from parxl.findings import Finding, finding
from parxl.frames import nones
from parxl.layout import EVIDENCE, SCORE, Layout
from parxl.reading.form import FormRead
from parxl.rules import BLANK, State
from parxl.rules.lines import short_label
from parxl.scoring import Scores


def diagnose(
    criteria: CriteriaSet, settings: Settings, scores: Scores, form: FormRead, file: str, unit: str
) -> list[Finding]:
    """Every finding on one unit's scored form, in the order of the table; cross-checks last."""
    return Diagnosis(criteria, settings, scores).of(form, file, unit)


class Diagnosis:
    """The same of many units, one after the other."""

    def __init__(self, criteria: CriteriaSet, settings: Settings, scores: Scores):
        self.criteria, self.settings = criteria, settings
        columns: list[Any] = [scores.states.to_numpy(dtype=object).tolist(), nones(scores.leaves)]
        self.rows = dict(zip(scores.leaves.index, zip(*columns, strict=True), strict=True))
        self.part_of = {
            node.input_key(part, i.id): key for key, node, part in criteria.parts for i in part.rule.inputs
        }

    def of(self, form: FormRead, file: str, unit: str) -> list[Finding]:
        """As ``diagnose`` gives them."""
        doctor = _Doctor(self.criteria, self.settings, form, file, unit)
        states, points = self.rows[unit]
        # Of a part that is scored, and whose every input is there, nothing is told.
        blank = {self.part_of[key] for key, value in form.inputs.items() if value == BLANK}
        unsound = [
            (at, state)
            for at, state in zip(self.criteria.parts, states, strict=True)
            if state != State.SCORED or at.key in blank
        ]
        found = [f for at, state in unsound for f in doctor.part(at, State(state))]
        return [
            *doctor.blank(),
            *found,
            *doctor.unproven(points),
            *doctor.survey(points),
            *doctor.cross_checks(),
        ]


def compare_shown(
    layout: Layout, form: FormRead, sheet: Mapping[str, int | None], file: str, exempt: Collection[str]
) -> list[Finding]:
    """Scores that the form showed and its own formulas do not give: overtyped, or never calculated anew.

    ``sheet``: code of the tree, or "total" -> what the sheet makes of the same inputs, None for a blank.
    Nothing is said of what did not apply, then or now, nor of a formula typed into an input, which counts in
    the sheet.
    """
    criteria, found = layout.criteria, []
    shown = {**form.self_scores, "total": form.self_total}
    odd = [code for code, points in shown.items() if points is not None and points != sheet[code]]
    apart = _apart(criteria, form, exempt) if odd else set()
    for code in odd:
        if (code == "total" and apart) or any(one == code or one.startswith(f"{code}.") for one in apart):
            continue
        place = {"file": file, "sheet": form.sheet, "cell": form.cells[code]}
        texts = [points_text(p or 0, criteria.decimals) for p in (shown[code], sheet[code])]
        facts = {"shown": texts[0], "points": texts[1]}
        found.append(finding("PX511", **place, criterion=None if code == "total" else code, **facts))
    return found


def _apart(criteria: CriteriaSet, form: FormRead, exempt: Collection[str]) -> set[str]:
    """The leaves of which nothing is said."""
    apart = {at.node.code for at in criteria.parts if at.key in exempt}
    return apart | {key.split("/")[0] for key, typed in form.typed.items() if str(typed).startswith("=")}


class _Doctor:
    def __init__(self, criteria: CriteriaSet, settings: Settings, form: FormRead, file: str, unit: str):
        self.criteria, self.form, self.file, self.unit = criteria, form, file, unit
        self.inputs = form.inputs
        self.exempt = settings.exempt(criteria, unit)

    def part(self, at: PartAt, state: State) -> Iterator[Finding]:
        if at.key in self.exempt:
            yield from self._exempt(at)
            return
        tellers = {
            State.MISSING: self._missing,
            State.CONTRADICTORY: self._contradictory,
            State.AWAITING: self._awaiting,
            State.SCORED: self._scored,
            State.WAIVED: self._waived,
        }
        if state in tellers:
            yield from tellers[state](at)

    def _values(self, at: PartAt) -> dict[str, int]:
        rule = at.part.rule
        return {i.id: self.inputs[at.node.input_key(at.part, i.id)] for i in rule.inputs}

    def _missing(self, at: PartAt) -> Iterator[Finding]:
        inputs = {i.id: i for i in at.part.rule.inputs}
        needed = at.part.rule.needed(self._values(at))
        counts = [i for i in needed if inputs[i].kind == "count"]
        if len(counts) < len(needed):
            marks = [i for i in needed if inputs[i].kind == "mark"]
            yield self._tell("PX509", at, marks[0])
        if counts:
            labels = "; ".join(f"“{short_label(inputs[i].text)}”" for i in counts)
            yield self._tell("PX501", at, counts[0], labels=labels)

    def _contradictory(self, at: PartAt) -> Iterator[Finding]:
        rule, values = at.part.rule, self._values(at)
        marks = [i for i in rule.inputs if i.kind == "mark" and values[i.id] == 1]
        counts = [i for i in rule.inputs if i.kind == "count" and values[i.id] >= 0]
        at_fault = marks[-1].id if len(marks) > 1 else counts[-1].id
        facts = f"đánh dấu {len(marks)} dòng" if len(marks) > 1 else _counts(counts, values)
        words = rule.validation(at_fault, str)[1]
        yield self._tell("PX502", at, at_fault, facts=facts, rule=words)

    def _awaiting(self, at: PartAt) -> Iterator[Finding]:
        values = self._values(at)
        zero = next((i for i, value in values.items() if i == "none" and value == 1), None)
        zero = zero or next(i for i, value in values.items() if value == 0)
        yield self._tell("PX504", at, zero, case=zero_words(values))

    def _scored(self, at: PartAt) -> Iterator[Finding]:
        inputs = {i.id: i for i in at.part.rule.inputs}
        for assumed in at.part.rule.assumed(self._values(at)):
            yield self._tell("PX503", at, assumed, label=short_label(inputs[assumed].text))

    def _waived(self, at: PartAt) -> Iterator[Finding]:
        """Typed figures that say the opposite of "nothing was assigned"."""
        rule, values = at.part.rule, self._values(at)
        against = [i.id for i in rule.inputs if i.kind == "count" and values[i.id] > 0]
        marked = [i.id for i in rule.inputs if i.kind == "mark" and values[i.id] == 1]
        against += [i for i in marked if not self._is_best(at, i)]
        if against:
            code = self.criteria.waivers[at.key].split("/")[0]
            yield self._tell("PX505", at, against[0], code=code)

    def _is_best(self, at: PartAt, option: str) -> bool:
        lines = at.part.rule.of_kind("option")
        return option == "none" or lines[int(option) - 1].points == at.part.rule.max

    def _exempt(self, at: PartAt) -> Iterator[Finding]:
        typed = [i for i, value in self._values(at).items() if value not in (0, BLANK)]
        if typed:
            yield self._tell("PX507", at, typed[0], reason=self.exempt[at.key].reason)

    def blank(self) -> Iterator[Finding]:
        if all(value in (0, BLANK) for value in self.inputs.values()) and not self.form.typed:
            yield finding("PX512", file=self.file, sheet=self.form.sheet)

    def unproven(self, points: Sequence[int | None]) -> Iterator[Finding]:
        """Points that nothing written supports. ``points``: of the leaves, as printed."""
        written = set(self.form.evidence)
        for node, units in zip(self.criteria.leaves, points, strict=True):
            if node.parts and units and units > 0 and node.code not in written:
                score = self.form.cells.get(node.code, "")
                cell = intern(score.replace(SCORE, EVIDENCE)) or None  # thousands of forms, the same cells
                place = {"file": self.file, "sheet": self.form.sheet, "cell": cell}
                text = points_text(units, self.criteria.decimals)
                yield finding("PX510", **place, criterion=node.code, points=text)

    def survey(self, points: Sequence[int | None]) -> Iterator[Finding]:
        for node, units in zip(self.criteria.leaves, points, strict=True):
            if node.kind == "entered" and node.code not in self.exempt and units is None:
                yield finding("PX508", file="dot-cham.xlsx", sheet="Khảo sát", criterion=node.code)

    def cross_checks(self) -> Iterator[Finding]:
        for check in self.criteria.cross_check:
            if all(self._holds(test) for test in check.when):
                first = check.when[0].input
                place = self._place(first) | {"criterion": first.split("/")[0]}
                yield finding("PX506", **place, text=check.text, remedy=check.remedy)

    def _holds(self, test: CrossTest) -> bool:
        value = self.inputs[test.input]
        if isinstance(test, BelowTest):
            return 0 <= value < self.inputs[test.than]
        return value == (1 if isinstance(test, MarkedTest) else 0)

    def _tell(self, code: str, at: PartAt, input_id: str, /, **facts: Any) -> Finding:
        place = self._place(at.node.input_key(at.part, input_id)) | {"criterion": at.key}
        return finding(code, **place, **facts)

    def _place(self, input_key: str) -> dict[str, Any]:
        return {"file": self.file, "sheet": self.form.sheet, "cell": self.form.cells[input_key]}


def _counts(counts: list[Any], values: Mapping[str, int]) -> str:
    return ", ".join(f"{i.id} = {count_text(values[i.id], i.decimals)}" for i in counts)
