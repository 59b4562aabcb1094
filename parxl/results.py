"""Everything that one run of ``parxl score`` found, put together; and ``ket-qua.json``."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import pandas as pd

from parxl.appraisal import NOTHING_APPRAISED, Appraisal, Finals, finals
from parxl.campaign import Register, Settings, Unit
from parxl.checksum import checksum
from parxl.comparison import Comparison, compare
from parxl.criteria import CriteriaSet, Node
from parxl.diagnosis import compare_shown, diagnose
from parxl.exact import points_number
from parxl.explain import Explanation, explain_unit
from parxl.findings import Finding
from parxl.layout import Layout
from parxl.league import adjustment_of, standings
from parxl.live import Live
from parxl.previous import Previous
from parxl.reading.form import typed_value
from parxl.reading.intake import FileRead, Intake
from parxl.rules import State
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
    units: tuple[UnitResult, ...]

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
    frames = (inputs, scores, shown, appraisal, decided, table, compared)
    draft = Results(criteria, layout, settings, register, intake, *frames, ())
    units = tuple(_unit_result(draft, unit) for unit in settings.units)
    return replace(draft, units=units)


def _frame(criteria: CriteriaSet, rows: dict[str, dict[str, int]]) -> pd.DataFrame:
    """The inputs frame of these rows; index: unit."""
    if not rows:
        return blank_inputs(criteria, [])
    return pd.DataFrame.from_dict(rows, orient="index", dtype="int64")[list(criteria.inputs)]


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


# ket-qua.json -------------------------------------------------------------------------------------


def to_json(results: Results) -> str:
    """The fixed machine-readable result, numbers in points."""
    body = {
        "set": results.criteria.id,
        "edition": results.criteria.edition,
        "campaign": results.register.campaign if results.register else "",
        "decimals": results.criteria.decimals,
        "units": [_unit_json(results, unit) for unit in results.units],
        "files": [_file_json(file) for file in results.intake.files],
        "criteria": {node.code: _criterion_json(results, node) for node in results.criteria.leaves},
    }
    return json.dumps(body, ensure_ascii=False, indent=1) + "\n"


def _criterion_json(results: Results, node: Node) -> dict[str, Any]:
    """What next year must know to compare a criterion with its own."""
    maximum = results.criteria.units(node.max)
    return {"title": node.title, "max": points_number(maximum, results.criteria.decimals)}


def _file_json(file: FileRead) -> dict[str, Any]:
    findings = [asdict(found) for found in file.findings]
    return {
        "file": file.name,
        "sha256": file.sha256,
        "unit": file.unit,
        "fate": file.fate,
        "findings": findings,
    }


def _unit_json(results: Results, result: UnitResult) -> dict[str, Any]:
    unit, file = result.unit, result.file
    form = file.form if file else None
    submitted = unit.submitted.isoformat() if unit.submitted else None
    body: dict[str, Any] = {
        "code": unit.code,
        "name": unit.name,
        "group": unit.group,
        "status": result.status,
        "file": file.name if file else None,
        "sha256": file.sha256 if file else None,
        "checksum": checksum(results.criteria, form.sheet_inputs) if form else None,
        "submitted": submitted,
        "inputs": inputs_json(results.criteria, form.inputs) if form else {},
        "evidence": dict(form.evidence) if form else {},
    }
    body |= _scores_json(results, result) if result.has_scores else _no_scores()
    body |= _adjustments_json(results, unit)
    body["change"] = _change_json(results, unit)
    body["findings"] = [asdict(found) for found in result.findings]
    return body


def _change_json(results: Results, unit: Unit) -> dict[str, Any] | None:
    """From last year: ``points`` of the index, ``places``; None where nothing is known of last year."""
    found = results.comparison.units.get(unit.code) if results.comparison else None
    if found is None:
        return None
    points = _points(results, {"points": found.points, **found.leaves})
    return {
        "status": found.status,
        "reason": found.reason,
        "points": points.pop("points"),
        "places": found.places,
        "criteria": points,
    }


def _adjustments_json(results: Results, unit: Unit) -> dict[str, Any]:
    """Bonus and penalty points, apart: ``adjustment`` is what of them counts."""
    settings, decimals = results.settings, results.criteria.decimals
    given = settings.adjustments_of(unit.code)
    return {
        "adjustment": points_number(adjustment_of(settings, unit.code), decimals),
        "adjustments": [
            {"points": points_number(one.points, decimals), "reason": one.reason, "document": one.document}
            for one in given
        ],
    }


def inputs_json(criteria: CriteriaSet, inputs: dict[str, int]) -> dict[str, Any]:
    """Input key -> what was typed; blanks, and what could not be read, are left out."""
    typed = {
        key: typed_value(value, criteria.inputs[key].decimals, criteria.inputs[key].kind)
        for key, value in inputs.items()
    }
    return {key: value for key, value in typed.items() if value is not None}


TABLES = ("scores", "self_scores", "appraised", "final", "final_from", "maxima", "part_scores", "group_scores")
TOTALS = ("total", "total_low", "total_high", "maximum", "index")


def _no_scores() -> dict[str, Any]:
    empty: dict[str, Any] = {name: {} for name in TABLES}
    return {**empty, "not_applicable": [], **dict.fromkeys((*TOTALS, "rank", "band"))}


def _scores_json(results: Results, result: UnitResult) -> dict[str, Any]:
    assert result.standing is not None
    assert result.file is not None
    assert result.file.form is not None
    scores, code, standing = results.scores, result.unit.code, result.standing
    decided, shown = results.finals, result.file.form.self_scores
    return {
        "scores": _points(results, scores.leaves.loc[code].to_dict()),
        "self_scores": _points(results, {leaf: shown.get(leaf) for leaf in scores.leaves}),
        "appraised": _points(results, decided.appraised.loc[code].to_dict()),
        "final": _points(results, decided.leaves.loc[code].to_dict()),
        "final_from": {leaf: final_from(results, code, leaf) for leaf in scores.leaves},
        "maxima": _points(results, scores.maxima.loc[code].to_dict()),
        "part_scores": _points(results, scores.parts.loc[code].to_dict()),
        "group_scores": _points(results, decided.groups.loc[code].to_dict()),
        "not_applicable": not_applicable(results, code),
        **_points(results, {name: standing[name] for name in TOTALS}),
        "rank": None if pd.isna(standing["rank"]) else int(standing["rank"]),
        "band": standing["band"] or None,
    }


def final_from(results: Results, unit: str, code: str) -> str | None:
    """Where a final score came from: entered | computed | appraised-1 | appraised-2; None without one."""
    if pd.isna(results.finals.leaves.loc[unit, code]):
        return None
    if number := int(results.finals.rounds.loc[unit, code]):
        return f"appraised-{number}"
    return "entered" if results.criteria.by_code[code].kind == "entered" else "computed"


def _points(results: Results, units: dict[str, Any]) -> dict[str, float | None]:
    decimals = results.criteria.decimals
    return {
        key: None if value is None or pd.isna(value) else points_number(int(value), decimals)
        for key, value in units.items()
    }


def not_applicable(results: Results, unit: str) -> list[str]:
    """Codes that do not apply to a unit: a whole leaf by its code, else its parts."""
    states = results.scores.states.loc[unit]
    exempt = results.settings.exempt(results.criteria, unit)
    found: list[str] = []
    for node in results.criteria.leaves:
        keys = [node.key(part) for part in node.parts]
        out = [key for key in keys if states[key] == State.NOT_APPLICABLE]
        found += [node.code] if node.code in exempt or (keys and out == keys) else out
    return found
