"""A whole round with a real LibreOffice as the official: the same finals as by any other hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from campaigns import SET_IDS, ket_qua
from office import REQUIRED, Office, what_is_missing
from rounds import (
    APPRAISAL,
    FIRST_ROW,
    RETURNED,
    SHARED,
    Decided,
    Desk,
    Hand,
    Job,
    Plan,
    answers_of,
    begin,
    evidence_of,
    filling,
    oracle_of,
    run,
)

from parxl.criteria import load_set

pytestmark = pytest.mark.skipif(
    not REQUIRED and bool(what_is_missing()), reason=what_is_missing() or "LibreOffice is here"
)


def by_libreoffice(office: Office) -> Hand:
    """Texts are typed into the input line, numbers set free of any locale; then saved as .xlsx."""

    def work(jobs: Iterable[Job]) -> None:
        asked = []
        for job in jobs:
            job.target.parent.mkdir(parents=True, exist_ok=True)
            steps = [*map(_typing, job.cells, job.cells.values()), {"do": "save", "file": str(job.target)}]
            asked.append({"file": str(job.source), "sheet": job.sheet, "read": [], "steps": steps})
        answers = office.ask({"jobs": asked})
        assert False not in [one for answer in answers for one in answer], "LibreOffice refused a cell"

    return work


def _typing(cell: str, value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        return {"do": "EnterString", "at": cell, "text": value}
    return {"do": "set", "at": cell, "values": [value]}


@dataclass(frozen=True)
class Round:
    """A campaign at its end. ``units``: stage -> unit code -> its part of ket-qua.json."""

    root: Path
    plan: Plan
    codes: list[int]
    units: dict[str, dict[str, dict[str, Any]]]
    shared: list[list[Any]]  # the shared area's own workbook, written anew over what LibreOffice saved


@pytest.fixture(scope="module", params=SET_IDS)
def played(request: pytest.FixtureRequest, office: Office, tmp_path_factory: Any) -> Round:
    criteria, folder = load_set(request.param), tmp_path_factory.mktemp("round")
    root, plan = folder / "Đợt chấm", Plan(criteria, oracle_of(criteria))
    hand = by_libreoffice(office)
    desk, codes = Desk(root, plan, hand), begin(root, request.param, folder / "Danh sách.xlsx")
    hand(filling(root, criteria, answers_of(criteria)))
    codes.append(run("appraisal", root).exit_code)
    desk.first_round()
    units = {"disputed": _scored(root, codes)}
    desk.settle()
    # LibreOffice saved these workbooks: what was typed into them is taken over into the ones written anew.
    codes += [run("appraisal", root).exit_code, run("appraisal", root, "--explain").exit_code]
    shared = _typed(desk.area(1, next(iter(plan.other_areas))))
    desk.answer()
    codes.append(run("appraisal", root, "--round", 2).exit_code)
    desk.second_round()
    units["final"] = _scored(root, codes)
    return Round(root, plan, codes, units, shared)


def _scored(root: Path, codes: list[int]) -> dict[str, dict[str, Any]]:
    codes.append(run("score", root).exit_code)
    return {unit["code"]: unit for unit in ket_qua(root)["units"]}


def _typed(path: Path) -> list[list[Any]]:
    """[key, points, reason] of every row in which something is typed."""
    rows = openpyxl.load_workbook(path)[APPRAISAL].iter_rows(min_row=FIRST_ROW, values_only=True)
    return [[row[16], row[13], row[14]] for row in rows if row[13] is not None or row[14]]
