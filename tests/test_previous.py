"""Last year's result: read from JSON or from the league workbook, matched by unit, refused with a warning."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
import pytest
from campaigns import (
    HA_TINH,
    TTHC,
    full_answers,
    issued_campaign,
    ket_qua,
    make_campaign,
    return_form,
    set_items,
)

from parxl.actions import issue_forms, score_campaign
from parxl.campaign import Settings
from parxl.criteria import load_set
from parxl.findings import Finding
from parxl.layout import LAST_YEAR, SHEET_TABLE, Layout
from parxl.previous import Before, Criterion, Previous, load_previous

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


# What each unit earned ----------------------------------------------------------------------------


def loaded(path: Path, set_id: str = HA_TINH) -> tuple[Previous | None, list[Finding]]:
    settings = Settings("Năm nay", 2027, last_year=path.name)
    return load_previous(path.parent, settings, load_set(set_id))


def read(path: Path) -> Previous:
    previous, findings = loaded(path)
    assert findings == []
    assert previous is not None
    return previous


def told(path: Path, set_id: str = HA_TINH) -> list[str]:
    return [found.code for found in loaded(path, set_id)[1]]


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results folder of a year: two units of one group, one of another, one without a form."""
    units = [("a", "Đơn vị A", "Khối một"), ("b", "Đơn vị B", "Khối một")]
    units += [("C", "Đơn vị C", "Khối hai"), ("d", "Đơn vị D", "Khối hai")]
    root = issued_campaign(tmp_path_factory.mktemp("truoc") / "dot", HA_TINH, units)
    answers = full_answers(load_set(HA_TINH))
    for code, less in {"a": {"3.3/b": 3}, "b": {}, "C": {"1.1/1": None}}.items():
        return_form(root, code, {**answers, **less})
    score_campaign(root)
    return root / "4-ket-qua"


def numbers(before: Before) -> tuple[object, ...]:
    return before.code, before.name, before.group, before.total, before.maximum, before.index, before.rank


def test_json_says_everything(scored: Path) -> None:
    previous, criteria = read(scored / "ket-qua.json"), load_set(HA_TINH)
    assert (previous.set, previous.edition) == (criteria.id, criteria.edition)
    assert list(previous.units) == ["a", "b", "c", "d"]
    for unit in ket_qua(scored.parent)["units"]:
        before = previous.units[unit["code"].lower()]
        own = {code: points for code, points in unit["final"].items() if points is not None}
        assert {code: units / 100 for code, units in before.final.items()} == own
        assert {code: units / 100 for code, units in before.maxima.items()} == unit["maxima"]
        assert before.typed == unit["inputs"]
        assert (before.rank, before.group) == (unit["rank"], unit["group"])
        points = [None if n is None else n / 100 for n in (before.total, before.maximum, before.index)]
        assert points == [unit[name] for name in ("total", "maximum", "index")]


def test_the_league_workbook_says_the_same_totals_and_places(scored: Path) -> None:
    league, whole = read(scored / "bang-xep-hang.xlsx"), read(scored / "ket-qua.json")
    assert (league.set, league.edition, league.criteria) == (whole.set, whole.edition, {})
    assert {code: numbers(one) for code, one in league.units.items()} == {
        code: numbers(one) for code, one in whole.units.items()
    }
    assert all(one.final == one.maxima == one.typed == {} for one in league.units.values())


def test_a_league_workbook_that_somebody_worked_on(scored: Path, tmp_path: Path) -> None:
    """Columns moved, a sheet renamed, a line put on top: found by its headings."""
    book = openpyxl.load_workbook(scored / "bang-xep-hang.xlsx")
    sheet = book["Xếp hạng 2"]
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    sheet.delete_cols(4, 2)
    sheet.insert_rows(1)
    sheet.title = "Khối hai"
    book.save(tmp_path / "bang.XLSX")
    found = read(tmp_path / "bang.XLSX").units
    assert {c: numbers(one) for c, one in found.items()} == {
        c: numbers(one) for c, one in read(scored / "bang-xep-hang.xlsx").units.items()
    }


def test_without_its_other_sheets_the_groups_are_not_known(scored: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(scored / "bang-xep-hang.xlsx")
    for name in set(book.sheetnames) - {"Xếp hạng 1", "Xếp hạng 2", "Cách tính"}:
        del book[name]
    book.save(tmp_path / "bang.xlsx")
    assert {one.group for one in read(tmp_path / "bang.xlsx").units.values()} == {None}


def test_a_league_workbook_that_names_no_set_is_not_read(scored: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(scored / "bang-xep-hang.xlsx")
    del book["Cách tính"]
    book.save(tmp_path / "bang.xlsx")
    assert told(tmp_path / "bang.xlsx") == ["PX220"]


def test_what_is_no_league_workbook_is_not_read(scored: Path, tmp_path: Path) -> None:
    (tmp_path / "rac.xlsx").write_bytes(b"PK rac")
    assert told(tmp_path / "rac.xlsx") == told(tmp_path / "khong-co.xlsx") == ["PX220"]
    assert told(scored.parent / "1-phieu" / "a.xlsx") == ["PX220"]
    assert told(scored) == ["PX220"]  # a folder


@pytest.mark.parametrize("name", ["bang-xep-hang.xlsx", "ket-qua.json"])
def test_a_result_of_another_set_says_nothing(scored: Path, name: str) -> None:
    previous, findings = loaded(scored / name, TTHC)
    assert [(found.code, found.severity) for found in findings] == [("PX221", "warning")]
    assert previous is not None
    assert (previous.set, previous.units) == (HA_TINH, {})


def test_nothing_named_is_nothing_to_tell() -> None:
    assert load_previous(Path(), Settings("Năm nay", 2027), load_set(HA_TINH)) == (None, [])


def test_the_forms_go_out_without_what_a_league_workbook_does_not_say(root: Path, scored: Path) -> None:
    (root / "truoc.xlsx").write_bytes((scored / "bang-xep-hang.xlsx").read_bytes())
    set_items(root, {"Kết quả năm trước": "truoc.xlsx"})
    assert issue_forms(root).findings == []
    assert shown(root, "ca") == {}


def written(folder: Path, **unit: object) -> Path:
    criteria = {"1.1": {"title": "Kế hoạch", "max": 1.5}, "1.2": {"title": "Khác", "max": None}}
    units = [{"code": "a", "inputs": {}, **unit}]
    body = {"set": HA_TINH, "edition": "e1", "criteria": criteria, "units": units}
    (folder / "truoc.json").write_text(json.dumps(body), encoding="utf-8")
    return folder / "truoc.json"


def test_titles_and_maxima_of_the_criteria(tmp_path: Path) -> None:
    found = read(written(tmp_path)).criteria
    assert found == {"1.1": Criterion("Kế hoạch", 150), "1.2": Criterion("Khác", None)}


@pytest.mark.parametrize("value", [88.815, "88.81", True, None, 1e300, float("nan"), [1]])
def test_a_number_that_no_result_could_have_is_not_known(tmp_path: Path, value: object) -> None:
    before = read(written(tmp_path, index=value, rank=value, final={"1.1": value})).units["a"]
    assert (before.index, before.rank, before.final) == (None, None, {})


def test_points_are_exact(tmp_path: Path) -> None:
    before = read(written(tmp_path, index=88.81, total=42.63, maximum=48, rank=1)).units["a"]
    assert (before.index, before.total, before.maximum, before.rank) == (8881, 4263, 4800, 1)
