"""A whole round with a real LibreOffice as the official: the same finals as by any other hand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from campaigns import SET_IDS, ket_qua
from office import REQUIRED, Office, what_is_missing
from rounds import (
    APPRAISAL,
    FIRST_ROW,
    OTHER,
    RETURNED,
    SHARED,
    Desk,
    Hand,
    Job,
    Plan,
    answers_of,
    begin,
    by_openpyxl,
    evidence_of,
    explanation_text,
    filling,
    number,
    oracle_of,
    run,
    wanted_of,
)

from parxl.criteria import load_set

pytestmark = pytest.mark.skipif(
    not REQUIRED and bool(what_is_missing()), reason=what_is_missing() or "LibreOffice is here"
)


def by_libreoffice(office: Office) -> Hand:
    """Texts are typed into the input line, numbers set free of any locale; then saved as .xlsx.

    Nobody can type into a locked cell: what does not apply to a unit is left out.
    """

    def work(jobs: Iterable[Job]) -> None:
        asked = []
        for job in jobs:
            job.target.parent.mkdir(parents=True, exist_ok=True)
            steps = [_typing(cell, job.cells[cell]) for cell in _open_cells(job)]
            steps.append({"do": "save", "file": str(job.target)})
            asked.append({"file": str(job.source), "sheet": job.sheet, "read": [], "steps": steps})
        answers = office.ask({"jobs": asked})
        assert False not in [one for answer in answers for one in answer], "LibreOffice refused a cell"

    return work


def _open_cells(job: Job) -> list[str]:
    sheet = openpyxl.load_workbook(job.source)[job.sheet]
    return [cell for cell in job.cells if not sheet[cell].protection.locked]


def _typing(cell: str, value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        return {"do": "EnterString", "at": cell, "text": value}
    return {"do": "set", "at": cell, "values": [value]}


Units = dict[str, dict[str, Any]]  # unit code -> its part of ket-qua.json


@dataclass
class Round:
    """A campaign at its end."""

    root: Path
    plan: Plan
    told: list[tuple[str, int, str]] = field(default_factory=list)  # command, exit code, what it told
    units: dict[str, Units] = field(default_factory=dict)
    carried: list[tuple[Any, ...]] = field(default_factory=list)

    def do(self, command: str, *options: object) -> None:
        done = run(command, self.root, *options)
        told = sorted(set(re.findall(r"\[(PX\d+)\] Lỗi", done.stderr)))
        self.told.append((" ".join(map(str, (command, *options))), done.exit_code, " ".join(told)))

    def score(self, name: str) -> None:
        self.do("score")
        self.units[name] = {unit["code"]: unit for unit in ket_qua(self.root)["units"]}


def play(made: Round, hand: Hand) -> Round:
    plan, desk = made.plan, Desk(made.root, made.plan, hand)
    hand(filling(made.root, plan.criteria, answers_of(plan.criteria)))
    made.do("appraisal")
    desk.first_round()
    made.score("disputed")
    desk.settle()
    # What LibreOffice saved is read, and written anew with what was typed in it.
    made.do("appraisal")
    made.carried.extend(typed_rows(desk.area(1, OTHER[plan.criteria.id])))
    made.do("appraisal", "--explain")
    desk.answer()
    made.do("appraisal", "--round", 2)
    desk.second_round()
    made.score("final")
    return made


def typed_rows(path: Path) -> Iterator[tuple[Any, ...]]:
    """(key, points, reason) of every row in which something is typed."""
    for row in openpyxl.load_workbook(path)[APPRAISAL].iter_rows(min_row=FIRST_ROW, values_only=True):
        if row[13] is not None or row[14]:
            yield row[16], row[13], row[14]


@pytest.fixture(scope="module", params=SET_IDS)
def played(request: pytest.FixtureRequest, office: Office, tmp_path_factory: pytest.TempPathFactory) -> Round:
    criteria, folder = load_set(request.param), tmp_path_factory.mktemp("round")
    root = folder / "Đợt chấm"
    assert begin(root, request.param, folder / "Danh sách.xlsx") == [0, 0]
    return play(Round(root, Plan(criteria, oracle_of(criteria))), by_libreoffice(office))


def test_what_each_command_tells(played: Round) -> None:
    """Nothing is refused and nothing is wrong but what people did: two differ, no reason, no score."""
    assert played.told == [
        ("appraisal", 0, ""),
        ("score", 3, "PX701 PX702 PX705"),
        ("appraisal", 0, ""),
        ("appraisal --explain", 0, ""),
        ("appraisal --round 2", 0, ""),
        ("score", 0, ""),
    ]


@pytest.mark.parametrize("code", RETURNED)
@pytest.mark.parametrize("name", ["disputed", "final"])
def test_the_same_results_as_by_any_other_hand(played: Round, name: str, code: str) -> None:
    plan = played.plan
    counted = plan.finally_decided() if name == "final" else plan.before_settling()
    wanted = wanted_of(plan.oracle, code, counted)
    found = played.units[name][code]
    assert {key: found[key] for key in wanted} == wanted
    assert found["evidence"] == evidence_of(plan.criteria, code)


def test_what_libreoffice_saved_is_carried_over(played: Round) -> None:
    """The workbook of an area, typed into in its place, then written anew by parxl."""
    area = OTHER[played.plan.criteria.id]
    wanted = [one for one in played.plan.first if one.unit == "qs" and one.code.startswith(f"{area}.")]
    assert played.carried == [
        (f"{one.unit}|{one.code}", number(one.points), one.reason)
        for one in sorted(wanted, key=lambda one: played.plan.elsewhere.index(one.code))
    ]


def test_the_second_round_shows_what_the_unit_answered(played: Round) -> None:
    path = Desk(played.root, played.plan, by_openpyxl).area(2, SHARED[played.plan.criteria.id])
    rows = list(openpyxl.load_workbook(path)[APPRAISAL].iter_rows(min_row=FIRST_ROW, values_only=True))
    shown = {row[2]: row[12] for row in rows if row[0] == "cuc-thue" and row[12]}
    assert shown == {code: explanation_text(reply) for code, reply in played.plan.replies.items()}
