"""The whole way for both sets: new → forms → fill by defined name → score → read what came out."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from campaigns import HA_TINH, SET_IDS, TTHC, full_answers, issued_campaign, ket_qua, return_form, set_rows
from test_scoring import campaign, expected

from parxl.actions import Report, score_campaign
from parxl.criteria import CriteriaSet, load_set
from parxl.layout import Layout
from parxl.rules import BLANK

ROSTER = [
    ("cuc-thue", "Cục Thuế tỉnh", ""),
    ("kbnn", "Kho bạc Nhà nước", ""),
    ("bhxh", "Bảo hiểm xã hội", ""),
]
SURVEY = {"cuc-thue": 20, "kbnn": 17.25}
MAXIMUM = {TTHC: 20.25, HA_TINH: 60.0}
EVIDENCE = "Báo cáo số 12/BC-CT ngày 01/12/2026"


def random_answers(criteria: CriteriaSet, rng: random.Random, zeros: float = 0.1) -> dict[str, object]:
    """A form filled in good sense: nothing missing, nothing contradictory. ``zeros``: how often a = 0."""
    found: dict[str, object] = {}
    for _, node, part in criteria.parts:
        marks = [one.id for one in part.rule.inputs if one.kind == "mark"]
        options = [mark for mark in marks if zeros or mark != "none"] or [""]
        several = part.rule.rule == "checklist"
        chosen = [mark for mark in marks if rng.random() < 0.6] if several else [rng.choice(options)]
        whole = left = 0
        for one in part.rule.inputs:
            value: object = "x" if one.id in chosen else None
            if one.kind == "count" and (one.id.endswith("a") or one.id == "n"):
                value = whole = left = 0 if rng.random() < zeros else rng.randint(1, 40)
            elif one.kind == "count":
                value = rng.choice([left, left, left // 2, max(left - 1, 0)])
                left -= int(str(value))
            found[node.input_key(part, one.id)] = value
        assert left <= whole
    return found


def frame_row(criteria: CriteriaSet, answers: dict[str, object]) -> dict[str, int]:
    """The same as the engine has it: hundredths where an input has decimals, marks 1 and 0."""
    row = {}
    for key, one in criteria.inputs.items():
        value = answers[key]
        if one.kind == "mark":
            row[key] = 1 if value == "x" else 0
        else:
            row[key] = BLANK if value is None else int(str(value)) * 10**one.decimals
    return row


@dataclass(frozen=True)
class Trip:
    """A scored campaign: full marks, a random fill, and a form that never came back."""

    root: Path
    criteria: CriteriaSet
    random: dict[str, object]
    report: Report

    def unit(self, code: str) -> dict[str, Any]:
        return next(unit for unit in ket_qua(self.root)["units"] if unit["code"] == code)


@pytest.fixture(scope="module", params=SET_IDS)
def trip(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Trip:
    criteria = load_set(request.param)
    root = issued_campaign(tmp_path_factory.mktemp("trip") / "Đợt chấm 2026", request.param, ROSTER)
    if criteria.entered:
        set_rows(root, "Khảo sát", [list(pair) for pair in SURVEY.items()])
    filled = random_answers(criteria, random.Random(7))
    evidence = {node.code: EVIDENCE for node in criteria.leaves if node.parts}
    return_form(root, "cuc-thue", full_answers(criteria), evidence=evidence)
    return_form(root, "kbnn", filled, "Kho bạc/phiếu nộp.xlsx", submission=2)
    return Trip(root, criteria, filled, score_campaign(root))


def test_every_output_is_written(trip: Trip) -> None:
    results = trip.root / "4-ket-qua"
    wanted = {results / "don-vi" / f"{code}.xlsx" for code, _, _ in ROSTER}
    wanted |= {results / "bang-xep-hang.xlsx", results / "ket-qua.json"}
    assert set(trip.report.written) == wanted
    assert all(path.stat().st_size for path in wanted)
    assert trip.report.exit_code == 0


def test_full_marks_are_the_maximum(trip: Trip) -> None:
    unit, maximum = trip.unit("cuc-thue"), MAXIMUM[trip.criteria.id]
    assert unit["total"] == unit["total_low"] == unit["total_high"] == unit["maximum"] == maximum
    assert (unit["index"], unit["rank"], unit["status"]) == (100.0, 1, "scored")
    assert unit["scores"] == unit["final"] == unit["maxima"]
    assert unit["findings"] == []
    assert unit["evidence"] == {node.code: EVIDENCE for node in trip.criteria.leaves if node.parts}
    counts = {k: v for k, v in full_answers(trip.criteria).items() if v is not None}
    assert unit["inputs"] == counts


def test_every_score_is_the_oracles(trip: Trip) -> None:
    unit = trip.unit("kbnn")
    row = frame_row(trip.criteria, trip.random)
    survey = {"kbnn": 1725} if trip.criteria.entered else {}
    wanted = expected(trip.criteria.id, "kbnn", row, campaign(["kbnn"], survey=survey))

    def points(units: dict[str, Any]) -> dict[str, Any]:
        return {key: None if value is None else value / 100 for key, value in units.items()}

    assert unit["scores"] == points(wanted.leaves)
    assert unit["maxima"] == points(wanted.maxima)
    assert unit["group_scores"] == points(wanted.groups)
    assert unit["part_scores"] == points({key: value for key, (_, value) in wanted.parts.items()})
    total = sum(value for value in wanted.leaves.values() if value is not None)
    assert unit["total"] == total / 100
    assert unit["total_high"] == (total + sum(wanted.open_points.values())) / 100
    assert unit["status"] == ("provisional" if any(wanted.open_points.values()) else "scored")
    assert unit["file"] == "2-nop/Kho bạc/phiếu nộp.xlsx"
    assert unit["inputs"] == {key: value for key, value in trip.random.items() if value is not None}


def test_a_form_that_never_came_back(trip: Trip) -> None:
    unit = trip.unit("bhxh")
    assert (unit["status"], unit["file"], unit["total"], unit["rank"]) == ("missing", None, None, None)
    book = openpyxl.load_workbook(trip.root / "4-ket-qua" / "don-vi" / "bhxh.xlsx")
    texts = [cell.value for row in book.worksheets[0].iter_rows() for cell in row if cell.value]
    assert "Chưa nộp phiếu." in texts


def test_the_unit_workbook_shows_the_scores(trip: Trip) -> None:
    layout = Layout(trip.criteria)
    for code in ("cuc-thue", "kbnn"):
        unit = trip.unit(code)
        sheet = openpyxl.load_workbook(trip.root / "4-ket-qua" / "don-vi" / f"{code}.xlsx")["Bảng điểm"]
        shift = next(r for r in range(1, 40) if sheet.cell(r, 1).value == "STT") + 1 - layout.rows[0].number
        shown = {c: sheet.cell(layout.row_of(c) + shift, 6).value for c in unit["scores"]}
        numbers = {c: value if not isinstance(value, str) else None for c, value in shown.items()}
        assert numbers == unit["scores"]
        assert sheet.cell(layout.total_row + shift, 6).value == unit["total"]


def test_the_league_workbook_ranks_them(trip: Trip) -> None:
    sheet = openpyxl.load_workbook(trip.root / "4-ket-qua" / "bang-xep-hang.xlsx").worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=6, max_row=8)]
    assert [row[:3] for row in rows] == [
        [1, "cuc-thue", "Cục Thuế tỉnh"],
        [2, "kbnn", "Kho bạc Nhà nước"],
        [None, "bhxh", "Bảo hiểm xã hội"],
    ]
    heads = [cell.value for cell in sheet[5]]
    for row, code in zip(rows, ("cuc-thue", "kbnn", "bhxh"), strict=True):
        unit = trip.unit(code)
        shown = [row[heads.index(name)] for name in ("Tổng điểm", "Điểm tối đa", "Chỉ số (%)")]
        assert shown == [unit["total"], unit["maximum"], unit["index"]]
