"""Last year's ``ket-qua.json``: what a unit typed then, shown beside this year's inputs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from parxl.campaign import Settings, Unit
from parxl.criteria import CriteriaSet
from parxl.findings import Finding, finding

Typed = Mapping[str, int | float | str]


def read_previous(
    root: Path, settings: Settings, criteria: CriteriaSet
) -> tuple[dict[str, Typed], list[Finding]]:
    """(lower-cased unit code of last year -> input key -> value, findings).

    The path in *Kết quả năm trước* counts from the campaign folder. A result of another set, or one
    that cannot be read, is a warning: the forms go out without it.
    """
    if not settings.last_year:
        return {}, []
    place: dict[str, Any] = {"file": "dot-cham.xlsx", "sheet": "Đợt chấm", "name": settings.last_year}
    try:
        body = json.loads((root / settings.last_year).read_text(encoding="utf-8-sig"))
        units = {str(unit["code"]).lower(): _known(unit["inputs"], criteria) for unit in body["units"]}
        same = body["set"] == criteria.id
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}, [finding("PX220", **place)]
    return (units, []) if same else ({}, [finding("PX221", **place)])


def _known(inputs: dict[str, Any], criteria: CriteriaSet) -> Typed:
    kept = {key: value for key, value in inputs.items() if key in criteria.inputs}
    return {key: value for key, value in kept.items() if isinstance(value, (int, float, str))}


def of_unit(previous: Mapping[str, Typed], unit: Unit) -> Typed:
    """What this unit typed last year, under its code of then."""
    return previous.get((unit.last_year_code or unit.code).lower(), {})
