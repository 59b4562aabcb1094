"""``ket-qua.json``: the fixed machine-readable result, a piece at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any

import pandas as pd

from parxl.campaign import Unit
from parxl.checksum import checksum
from parxl.criteria import CriteriaSet, Node
from parxl.exact import points_number
from parxl.findings import Finding
from parxl.league import adjustment_of
from parxl.provenance import Provenance
from parxl.reading.file import FileRead
from parxl.reading.form import typed_value
from parxl.results.indented import indented
from parxl.results.model import Results, UnitResult
from parxl.rules import State

UNIT = 2  # how deep a unit or a file stands
FINDING = tuple(one.name for one in fields(Finding))


def to_json(results: Results, books: Mapping[str, str] | None = None) -> str:
    """The fixed machine-readable result, numbers in points.

    ``books``: the result workbooks of this run, file name -> SHA-256.
    """
    texts = (unit_text(results, unit) for unit in results.units)
    return "".join(json_pieces(results, texts, books or {}))


def json_pieces(results: Results, units: Iterable[str], books: Mapping[str, str]) -> Iterator[str]:
    """The same, to be written one after the other. ``units``: their texts, in roster order."""
    criteria = results.criteria
    head = {
        "set": criteria.id,
        "edition": criteria.edition,
        "campaign": results.register.campaign if results.register else "",
        "decimals": criteria.decimals,
    }
    tail = {
        "criteria": {node.code: _criterion_json(results, node) for node in criteria.leaves},
        **_provenance_json(results.provenance),
        "books": dict(books),
    }
    yield indented(head)[:-2] + ",\n"
    yield from _listed("units", units)
    yield from _listed("files", (indented(_file_json(file), UNIT) for file in results.intake.files))
    yield indented(tail)[2:] + "\n"


def _listed(name: str, texts: Iterable[str]) -> Iterator[str]:
    """A member of the whole that is a list."""
    yield f' "{name}": ['
    last = "]"
    for number, text in enumerate(texts):
        yield f"{',' if number else ''}\n  {text}"
        last = "\n ]"
    yield f"{last},\n"


def unit_text(results: Results, result: UnitResult) -> str:
    """What stands in the list of units for one of them."""
    return indented(_unit_json(results, result), UNIT)


def _provenance_json(provenance: Provenance) -> dict[str, Any]:
    """The day of the first run on these very sources, and what they are."""
    made = provenance.made.isoformat() if provenance.made else None
    return {"made": made, "fingerprint": provenance.fingerprint, "sources": dict(provenance.sources)}


def _criterion_json(results: Results, node: Node) -> dict[str, Any]:
    """What next year must know to compare a criterion with its own."""
    maximum = results.criteria.units(node.max)
    return {"title": node.title, "max": points_number(maximum, results.criteria.decimals)}


def _file_json(file: FileRead) -> dict[str, Any]:
    return {
        "file": file.name,
        "sha256": file.sha256,
        "unit": file.unit,
        "fate": file.fate,
        "findings": _findings_json(file.findings),
    }


def _findings_json(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    return [{name: getattr(found, name) for name in FINDING} for found in findings]


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
        "evidence": dict(form.evidence.items()) if form else {},
    }
    body |= _scores_json(results, result) if result.has_scores else _no_scores()
    body |= _adjustments_json(results, unit)
    body["change"] = _change_json(results, unit)
    body["findings"] = _findings_json(result.findings)
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


def inputs_json(criteria: CriteriaSet, inputs: Mapping[str, int]) -> dict[str, Any]:
    """Input key -> what was typed; blanks, and what could not be read, are left out."""
    asked = criteria.inputs
    typed = {key: typed_value(value, asked[key].decimals, asked[key].kind) for key, value in inputs.items()}
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
    code, standing, own = result.unit.code, result.standing, results.own
    final, shown = own.final.of(code), dict(result.file.form.self_scores.items())
    return {
        "scores": _points(results, own.computed.of(code)),
        "self_scores": _points(results, {leaf: shown.get(leaf) for leaf in final}),
        "appraised": _points(results, own.appraised.of(code)),
        "final": _points(results, final),
        "final_from": _final_from(results, final, own.rounds.of(code)),
        "maxima": _points(results, own.maxima.of(code)),
        "part_scores": _points(results, own.parts.of(code)),
        "group_scores": _points(results, own.groups.of(code)),
        "not_applicable": not_applicable(results, code),
        **_points(results, {name: standing[name] for name in TOTALS}),
        "rank": None if pd.isna(standing["rank"]) else int(standing["rank"]),
        "band": standing["band"] or None,
    }


def _final_from(
    results: Results, final: Mapping[str, int | None], rounds: Mapping[str, int | None]
) -> dict[str, str | None]:
    """Where each final score came from: entered | computed | appraised-1 | appraised-2; None without one."""
    kinds = {node.code: "entered" if node.kind == "entered" else "computed" for node in results.criteria.leaves}
    return {
        leaf: None if units is None else f"appraised-{rounds[leaf]}" if rounds[leaf] else kinds[leaf]
        for leaf, units in final.items()
    }


def _points(results: Results, units: Mapping[str, Any]) -> dict[str, float | None]:
    decimals = results.criteria.decimals
    return {
        key: None if value is None or value is pd.NA else points_number(value, decimals)
        for key, value in units.items()
    }


def not_applicable(results: Results, unit: str) -> list[str]:
    """Codes that do not apply to a unit: a whole leaf by its code, else its parts."""
    parts = results.scores.parts_of(unit)
    exempt = results.settings.exempt(results.criteria, unit)
    found: list[str] = []
    for node in results.criteria.leaves:
        keys = [node.key(part) for part in node.parts]
        out = [key for key in keys if parts[key][0] == State.NOT_APPLICABLE]
        found += [node.code] if node.code in exempt or (keys and out == keys) else out
    return found
