"""``parxl appraisal``: workbooks written anew keep what is typed; what they cannot keep stops the writing."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from campaigns import TTHC, full_answers, issued_campaign, return_form
from openpyxl.comments import Comment

from parxl.actions import score_campaign
from parxl.appraising import appraise_campaign, explain_campaign
from parxl.criteria import load_set
from parxl.findings import NothingUsable

POINTS, REASON = "N7", "O7"  # of the first row


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = issued_campaign(tmp_path / "c", TTHC)
    return_form(root, "cuc-thue", full_answers(load_set(TTHC)))
    assert appraise_campaign(root).exit_code == 0
    return root


def area(root: Path) -> Path:
    return root / "3-tham-dinh" / "lan-1" / "linh-vuc-1.xlsx"


def type_in(path: Path, points: object, reason: str = "", note: str = "") -> bytes:
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    sheet[POINTS].value, sheet[REASON].value = points, reason or None
    if note:
        sheet["D7"].comment = Comment(note, "ai đó")
    book.save(path)
    return path.read_bytes()


def test_one_workbook_an_area(root: Path) -> None:
    names = sorted(path.name for path in area(root).parent.iterdir())
    assert names == ["linh-vuc-1.xlsx", "linh-vuc-3.xlsx", "linh-vuc-7.xlsx"]


def test_written_anew_it_keeps_what_is_typed(root: Path) -> None:
    type_in(area(root), 0.5, "thiếu văn bản")
    assert appraise_campaign(root).exit_code == 0
    sheet = openpyxl.load_workbook(area(root)).worksheets[0]
    assert (sheet[POINTS].value, sheet[REASON].value) == (0.5, "thiếu văn bản")


def test_what_could_not_be_kept_is_not_written_over(root: Path) -> None:
    content = type_in(area(root), 0.5, "thiếu văn bản", note="hỏi lại đơn vị")
    report = appraise_campaign(root)
    assert [(one.code, one.file) for one in report.findings] == [("PX711", "3-tham-dinh/lan-1/linh-vuc-1.xlsx")]
    assert (report.exit_code, area(root).read_bytes()) == (1, content)
    assert score_campaign(root).exit_code == 0  # it is read all the same


def test_a_score_that_agreed_counts_the_same_before_and_after_writing_anew(root: Path) -> None:
    """Typed without a reason as the computed score was then; the computed score has changed since."""
    type_in(area(root), 1.5)
    return_form(root, "cuc-thue", {**full_answers(load_set(TTHC)), "1.6/b": 0, "1.6/c": 0}, submission=2)
    for _ in range(2):
        report = score_campaign(root)
        assert report.results is not None
        assert [one.code for one in report.results.appraisal.findings] == ["PX702"]
        assert report.exit_code == 3
        assert appraise_campaign(root).exit_code == 3


def test_without_the_register_no_explanation_form_is_issued(root: Path) -> None:
    (root / "1-phieu" / "phat-hanh.json").unlink()
    with pytest.raises(NothingUsable) as caught:
        explain_campaign(root)
    assert [one.code for one in caught.value.findings] == ["PX219"]
