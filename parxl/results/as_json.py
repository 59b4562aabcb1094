"""``ket-qua.json``: the fixed machine-readable result."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import pandas as pd

from parxl.campaign import Unit
from parxl.checksum import checksum
from parxl.criteria import CriteriaSet, Node
from parxl.exact import points_number
from parxl.league import adjustment_of
from parxl.provenance import Provenance
from parxl.reading.form import typed_value
from parxl.reading.intake import FileRead
from parxl.results.run import Results, UnitResult
from parxl.rules import State


def to_json(results: Results, books: Mapping[str, str] | None = None) -> str:
    """The fixed machine-readable result, numbers in points.

    ``books``: the result workbooks of this run, file name -> SHA-256.
    """
    body = {
        "set": results.criteria.id,
        "edition": results.criteria.edition,
        "campaign": results.register.campaign if results.register else "",
        "decimals": results.criteria.decimals,
        "units": [_unit_json(results, unit) for unit in results.units],
        "files": [_file_json(file) for file in results.intake.files],
        "criteria": {node.code: _criterion_json(results, node) for node in results.criteria.leaves},
        **_provenance_json(results.provenance),
        "books": dict(books or {}),
    }
    return json.dumps(body, ensure_ascii=False, indent=1) + "\n"


def _provenance_json(provenance: Provenance) -> dict[str, Any]:
    """The day of the first run on these very sources, and what they are."""
    made = provenance.made.isoformat() if provenance.made else None
    return {"made": made, "fingerprint": provenance.fingerprint, "sources": dict(provenance.sources)}


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
