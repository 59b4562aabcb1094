"""Everything that one run of ``parxl score`` found, put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

import pandas as pd

from parxl.appraisal import NOTHING_APPRAISED, Appraisal, Finals, finals
from parxl.campaign import Register, Settings, Unit
from parxl.comparison import Comparison, compare
from parxl.criteria import CriteriaSet
from parxl.diagnosis import compare_shown, diagnose
from parxl.explain import Explanation, explain_unit
from parxl.findings import Finding
from parxl.layout import Layout
from parxl.league import Analysis, analyse, standings
from parxl.live import Live
from parxl.previous import Previous
from parxl.provenance import UNKNOWN, Provenance
from parxl.reading.form import FormRead
from parxl.reading.intake import FileRead, Intake
from parxl.scoring import Scores, blank_inputs, score

Appraise = Callable[[Scores], Appraisal]
Status = Literal["scored", "provisional", "conflict", "rejected", "missing"]


@dataclass(frozen=True)
class UnitResult:
    """One unit's result. ``standing``: its row of ``league.standings``, None where it has no scores."""

    unit: Unit
    status: Status
    file: FileRead | None
    findings: tuple[Finding, ...]
    explanations: dict[str, Explanation]
    standing: dict[str, Any] | None

    @property
    def has_scores(self) -> bool:
        return self.standing is not None


@dataclass(frozen=True)
class Results:
    """The whole round. Frames have rows only for units with scores, in roster order.

    ``scores``: computed; ``finals``: with the appraisal. ``standings`` rest on the finals.
    """

    criteria: CriteriaSet
    layout: Layout
    settings: Settings
    register: Register | None
    intake: Intake
    inputs: pd.DataFrame
    scores: Scores
    shown: Scores  # what the forms themselves make of what was typed
    appraisal: Appraisal
    finals: Finals
    standings: pd.DataFrame
    comparison: Comparison | None  # with last year, where its result is known
    analysis: Analysis
    units: tuple[UnitResult, ...]
    provenance: Provenance = UNKNOWN

    @property
    def findings(self) -> list[Finding]:
        """Every finding once: on the units, on files that belong to no unit, on the appraisal."""
        own = [found for unit in self.units for found in unit.findings]
        told = {f.file for f in own}
        rest = [x for f in self.intake.files if f.name not in told for x in f.findings]
        return [*own, *rest, *self.appraisal.findings]

    @property
    def groups(self) -> list[str]:
        """The groups in the order of the roster."""
        return list(dict.fromkeys(unit.group for unit in self.settings.units))


def score_intake(
    layout: Layout,
    settings: Settings,
    register: Register | None,
    intake: Intake,
    appraise: Appraise = lambda scores: NOTHING_APPRAISED,
    previous: Previous | None = None,
) -> Results:
    """Score every chosen form at once. Pure: the same intake gives the same results.

    ``appraise``: the computed scores -> what the appraisal makes of them.
    """
    criteria = layout.criteria
    chosen = {unit.code: intake.chosen[unit.code] for unit in settings.units if unit.code in intake.chosen}
    forms = {code: file.form for code, file in chosen.items() if file.form}
    inputs = _frame(criteria, {code: form.inputs for code, form in forms.items()})
    shown = score(criteria, _frame(criteria, {code: form.sheet_inputs for code, form in forms.items()}))
    scores = score(criteria, inputs, settings)
    appraisal = appraise(scores)
    decided = finals(criteria, scores, appraisal)
    table = standings(criteria, settings, decided.applied_to(scores))
    compared = compare(criteria, settings, table, decided.leaves, scores.maxima, previous) if previous else None
    self_scores, evidence = _told_by_forms(criteria, forms)
    analysis = analyse(criteria, settings, inputs, scores, decided, table, self_scores, evidence)
    frames = (inputs, scores, shown, appraisal, decided, table, compared, analysis)
    draft = Results(criteria, layout, settings, register, intake, *frames, ())
    units = tuple(_unit_result(draft, unit) for unit in settings.units)
    return replace(draft, units=units)


def _frame(criteria: CriteriaSet, rows: dict[str, dict[str, int]]) -> pd.DataFrame:
    """The inputs frame of these rows; index: unit."""
    if not rows:
        return blank_inputs(criteria, [])
    return pd.DataFrame.from_dict(rows, orient="index", dtype="int64")[list(criteria.inputs)]


def _told_by_forms(criteria: CriteriaSet, forms: dict[str, FormRead]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(self scores, is there evidence?); index: unit, a column a leaf."""
    leaves = [node.code for node in criteria.leaves]
    scores = [[form.self_scores.get(leaf) for leaf in leaves] for form in forms.values()]
    evidence = [[leaf in form.evidence for leaf in leaves] for form in forms.values()]
    return (
        pd.DataFrame(scores, index=list(forms), columns=leaves, dtype="Int64"),
        pd.DataFrame(evidence, index=list(forms), columns=leaves, dtype=bool),
    )


def _unit_result(results: Results, unit: Unit) -> UnitResult:
    intake, code = results.intake, unit.code
    if code in intake.chosen:
        return _scored(results, unit, intake.chosen[code])
    files = intake.conflicts.get(code) or intake.rejected.get(code) or ()
    status: Status = "conflict" if code in intake.conflicts else "rejected" if files else "missing"
    findings = tuple(found for file in files for found in file.findings)
    return UnitResult(unit, status, None, findings, {}, None)


def _scored(results: Results, unit: Unit, file: FileRead) -> UnitResult:
    assert file.form is not None
    criteria, settings, scores = results.criteria, results.settings, results.scores
    standing = results.standings.loc[unit.code].to_dict()
    exempt = settings.exempt(criteria, unit.code)
    live = Live(results.layout, file.form.sheet_inputs, results.shown, unit.code, exempt)
    found = diagnose(criteria, settings, scores, file.form, file.name, unit.code)
    found += compare_shown(results.layout, file.form, live, file.name, exempt)
    explained = explain_unit(criteria, settings, scores, file.form.inputs, unit.code)
    status: Status = "provisional" if standing["open"] else "scored"
    return UnitResult(unit, status, file, (*file.findings, *found), explained, standing)
