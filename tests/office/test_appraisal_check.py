"""The live check of an appraisal list in a real LibreOffice against what parxl writes beside each row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from campaigns import SET_IDS, full_answers, intake_of, issued_campaign, return_form
from office import REQUIRED, Office, what_is_missing

from parxl.actions import open_campaign
from parxl.books.appraisal.book import write_appraisal
from parxl.books.appraisal.check import check_value
from parxl.books.appraisal.lines import Sources
from parxl.desk import FIRST_ROW, SHEET_APPRAISAL, Typed, appraised, appraised_areas
from parxl.layout import Layout
from parxl.results import Results, score_intake

pytestmark = pytest.mark.skipif(
    not REQUIRED and bool(what_is_missing()), reason=what_is_missing() or "LibreOffice is here"
)

POINTS: list[Any] = [
    "",
    0,
    0.1,
    0.25,
    0.5,
    0.75,
    1,
    1.5,
    0.1 + 0.2,
    0.255,
    0.251,
    3.01,
    99,
    -0.25,
    "0,5",
    "abc",
    " ",
]
REASONS = ["", "thiếu văn bản", "  "]


def full_marks(root: Path) -> Results:
    opened = open_campaign(root)
    return_form(root, "kbnn", full_answers(opened.criteria))
    layout = Layout(opened.criteria)
    intake = intake_of(opened.folder, layout, opened.settings, opened.register)
    return score_intake(layout, opened.settings, opened.register, intake)


@pytest.mark.parametrize("set_id", SET_IDS)
def test_the_check_in_libreoffice(set_id: str, tmp_path: Path, office: Office) -> None:
    results = full_marks(issued_campaign(tmp_path / "c", set_id))
    area = appraised_areas(results.criteria)[-1]
    nodes = appraised(results.criteria, area)
    path = tmp_path / "a.xlsx"
    path.write_bytes(write_appraisal(results, area, 1, Sources()))
    cases = [(points, reason) for points in POINTS for reason in REASONS]
    last = FIRST_ROW + len(nodes) - 1
    columns = (f"N{FIRST_ROW}:N{last}", f"O{FIRST_ROW}:O{last}")
    fills = [dict(zip(columns, ([p] * len(nodes), [r] * len(nodes)), strict=True)) for p, r in cases]
    checks = [[SHEET_APPRAISAL, f"P{FIRST_ROW}:P{last}"]]
    answer = office.ask({"file": str(path), "sheet": SHEET_APPRAISAL, "read": checks, "fills": fills})
    for (points, reason), found in zip(cases, answer["fills"], strict=True):
        typed = Typed(None if points == "" else points, reason)
        tops = [int(results.scores.maxima.loc["kbnn", node.code]) for node in nodes]
        wanted = [check_value(typed, top, top, results.criteria.decimals) for top in tops]
        assert [row[0] for row in found["values"][0]] == wanted, (points, reason)
    assert answer["errors"] == []
