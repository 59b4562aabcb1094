"""Last year's figures beside this year's inputs: read, matched by unit, refused with a warning."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
import pytest
from campaigns import HA_TINH, TTHC, make_campaign, set_items

from parxl.actions import issue_forms
from parxl.criteria import load_set
from parxl.layout import LAST_YEAR, SHEET_TABLE, Layout

UNITS = [("moi", "Đơn vị mới tên", ""), ("ca", "Công an tỉnh", "")]


def previous(root: Path, set_id: str, name: str = "truoc.json") -> None:
    inputs = {"3.3/a": 1234, "4.1.3/b": 87.5, "1.1/2": "x", "9.9/a": 5}
    units = [{"code": "CA", "inputs": inputs}, {"code": "cu", "inputs": {"3.3/a": 7}}]
    body = {"set": set_id, "units": units}
    (root / name).write_text(json.dumps(body), encoding="utf-8")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = make_campaign(tmp_path / "dot", HA_TINH, UNITS)
    set_items(folder, {"Kết quả năm trước": "truoc.json"})
    return folder


def shown(root: Path, unit: str) -> dict[str, object]:
    """Input key -> what the form shows of last year."""
    content = (root / "1-phieu" / f"{unit}.xlsx").read_bytes()
    sheet = openpyxl.load_workbook(io.BytesIO(content))[SHEET_TABLE]
    rows = Layout(load_set(HA_TINH)).input_rows
    found = {key: sheet[f"{LAST_YEAR}{row.number}"].value for key, row in rows.items()}
    return {key: value for key, value in found.items() if value is not None}


def test_last_year_stands_beside_the_inputs(root: Path) -> None:
    previous(root, HA_TINH)
    report = issue_forms(root)
    assert report.findings == []
    assert shown(root, "ca") == {"3.3/a": 1234, "4.1.3/b": 87.5, "1.1/2": "x"}
    assert shown(root, "moi") == {}


def test_a_renamed_unit_is_found_by_its_code_of_then(root: Path) -> None:
    previous(root, HA_TINH)
    book = openpyxl.load_workbook(root / "dot-cham.xlsx")
    heads = {cell.value: cell.column for cell in book["Đơn vị"][1]}
    book["Đơn vị"].cell(2, heads["Mã năm trước"]).value = "cu"
    book.save(root / "dot-cham.xlsx")
    issue_forms(root)
    assert shown(root, "moi") == {"3.3/a": 7}


@pytest.mark.parametrize(
    ("text", "code"),
    [(None, "PX220"), ("{", "PX220"), ("[]", "PX220"), ('{"set": "x", "units": [{}]}', "PX220")],
)
def test_an_unreadable_last_year_is_a_warning(root: Path, text: str | None, code: str) -> None:
    if text is not None:
        (root / "truoc.json").write_text(text, encoding="utf-8")
    report = issue_forms(root)
    assert [(found.code, found.severity) for found in report.findings] == [(code, "warning")]
    assert len(report.written) == len(UNITS)


def test_last_year_of_another_set_is_a_warning(root: Path) -> None:
    previous(root, TTHC)
    report = issue_forms(root)
    assert [found.code for found in report.findings] == ["PX221"]
    assert shown(root, "ca") == {}
