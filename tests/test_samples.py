"""The committed sample campaigns: what their generator makes now, and what scoring them must find.

The totals are worked out a second time by ``tests/oracle.py`` from the cells of the returned workbooks.
"""

from __future__ import annotations

import importlib
import json
import shutil
import sys
import zipfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import oracle
import pytest

from parxl.actions import Report, score_campaign
from parxl.cache import NAME as CACHE_NAME
from parxl.campaign import Folder
from parxl.criteria import load_set
from parxl.files import LOCK_NAME

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "samples"
HA_TINH, PROVINCE = "ha-tinh-2019", "tinh-mau-2022"
SETS = {HA_TINH: "ha-tinh-2019-iv", PROVINCE: "par-index-tthc-2022"}
TABLE = "Phiếu chấm điểm"
SIZE_LIMIT = 4_000_000
QLTT = "2-nop/QLTT Hà Tĩnh.xlsx"
TOA_AN = "2-nop/tand ha tinh/Phieu tu cham diem TAND (ban cuoi).xlsx"

Scored = tuple[Report, dict[str, Any]]
OWN = (LOCK_NAME, CACHE_NAME)

# Helpers ------------------------------------------------------------------------------------------


def _files(folder: Path) -> list[str]:
    """Every file of a campaign folder but its results, the lock and the cache."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(p.as_posix() for p in found if p.parts[0] != "4-ket-qua" and p.name not in OWN)


def _parts(path: Path) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(path) as archive:
        return [(item.filename, archive.read(item)) for item in archive.infolist()]


def _content(path: Path) -> Any:
    """What must be the same: a workbook's inflated parts, anything else's bytes."""
    return _parts(path) if path.suffix == ".xlsx" else path.read_bytes()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both campaigns as the generator makes them now."""
    target = tmp_path_factory.mktemp("samples")
    sys.path.insert(0, str(SAMPLES))
    try:
        importlib.import_module("make_samples").build(target)
    finally:
        sys.path.remove(str(SAMPLES))
    return target


def _score_copy(name: str, target: Path) -> Scored:
    copy = target / name
    shutil.copytree(SAMPLES / name, copy, ignore=shutil.ignore_patterns("4-ket-qua", *OWN))
    report = score_campaign(copy)
    return report, json.loads(Folder(copy).json.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def ha_tinh(tmp_path_factory: pytest.TempPathFactory) -> Scored:
    return _score_copy(HA_TINH, tmp_path_factory.mktemp("scored"))


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Scored:
    return _score_copy(PROVINCE, tmp_path_factory.mktemp("scored"))


def _units(scored: Scored) -> dict[str, dict[str, Any]]:
    return {unit["code"]: unit for unit in scored[1]["units"]}


def _found(unit: dict[str, Any]) -> set[tuple[str, str, str]]:
    return {(found["code"], found["cell"], found["criterion"]) for found in unit["findings"]}


# What is committed --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SETS)
def test_committed_files_are_what_the_generator_makes(name: str, made: Path) -> None:
    committed, fresh = SAMPLES / name, made / name
    assert _files(committed) == _files(fresh)
    differing = [file for file in _files(fresh) if _content(committed / file) != _content(fresh / file)]
    assert differing == [], "run: python samples/make_samples.py"


@pytest.mark.parametrize("name", SETS)
def test_register_knows_the_committed_forms(name: str) -> None:
    folder = Folder(SAMPLES / name)
    serials = json.loads(folder.register.read_text(encoding="utf-8"))["serials"]
    assert {path.stem for path in folder.forms.glob("*.xlsx")} == set(serials)


def test_making_them_again_changes_no_byte(made: Path) -> None:
    before = {file: (made / PROVINCE / file).read_bytes() for file in _files(made / PROVINCE)}
    importlib.import_module("make_samples").build_tinh_mau(made / PROVINCE)
    after = {file: (made / PROVINCE / file).read_bytes() for file in _files(made / PROVINCE)}
    assert after == before


@pytest.mark.parametrize("name", SETS)
def test_criteria_are_those_of_the_package(name: str) -> None:
    assert Folder(SAMPLES / name).load_criteria().wording == load_set(SETS[name]).wording


def test_samples_are_small() -> None:
    files = [SAMPLES / name / file for name in SETS for file in _files(SAMPLES / name)]
    assert sum(path.stat().st_size for path in files) < SIZE_LIMIT


@pytest.mark.parametrize("name", SETS)
def test_everything_says_that_the_figures_are_made_up(name: str) -> None:
    for path in (SAMPLES / name).glob("[12]-*/**/*.xlsx"):
        texts = dict(_parts(path))["xl/sharedStrings.xml"].decode()
        assert "số liệu minh họa" in texts, path.name


# Hà Tĩnh ------------------------------------------------------------------------------------------


def test_ha_tinh_ends_with_exit_code_3(ha_tinh: Scored) -> None:
    assert ha_tinh[0].exit_code == 3


def test_ha_tinh_statuses(ha_tinh: Scored) -> None:
    units = _units(ha_tinh)
    special = {code: unit["status"] for code, unit in units.items() if unit["status"] != "scored"}
    assert len(units) == 16
    assert special == {"bien-phong": "missing", "buu-dien": "provisional", "dien-luc": "provisional"}


def test_ha_tinh_fates(ha_tinh: Scored) -> None:
    fates = {file["file"]: file["fate"] for file in ha_tinh[1]["files"]}
    assert {file for file, fate in fates.items() if fate != "scored"} == {"2-nop/cuc-thong-ke.xlsx"}
    assert fates["2-nop/cuc-thong-ke.xlsx"] == "superseded"
    assert len(fates) == 16


def test_second_submission_counts(ha_tinh: Scored) -> None:
    unit = _units(ha_tinh)["cuc-thong-ke"]
    assert unit["file"] == "2-nop/Bổ sung/Cục Thống kê nộp lại lần 2.xlsx"
    assert unit["inputs"]["1.2/b"] == 15


def test_mistakes_of_qltt_are_named_at_their_cells(ha_tinh: Scored) -> None:
    unit = _units(ha_tinh)["qltt"]
    assert _found(unit) == {
        ("PX501", "D123", "2.5.2"),
        ("PX502", "D191", "3.6"),
        ("PX502", "D275", "4.2.6"),
        ("PX506", "D156", "3.2.2"),
    }
    assert [unit["scores"][code] for code in ("2.5.2", "3.6", "4.2.6")] == [0, 0, 0]
    assert {found["file"] for found in unit["findings"]} == {QLTT}


def test_mistakes_of_toa_an_are_named_at_their_cells(ha_tinh: Scored) -> None:
    unit = _units(ha_tinh)["toa-an"]
    assert _found(unit) == {
        ("PX404", "D197", "4.1.1"),
        ("PX411", "D202", "4.1.2"),
        ("PX414", "D275", "4.2.6"),
    }
    assert [unit["scores"][code] for code in ("4.1.1", "4.1.2", "4.2.6")] == [0, 0.96, 0]
    assert unit["inputs"]["4.1.2/a"] == 1234
    assert {found["file"] for found in unit["findings"]} == {TOA_AN}


def test_only_those_two_have_errors(ha_tinh: Scored) -> None:
    found = [
        (unit["code"], x["code"])
        for unit in ha_tinh[1]["units"]
        for x in unit["findings"]
        if x["severity"] == "error"
    ]
    assert sorted(found) == [("qltt", "PX502"), ("qltt", "PX502"), ("toa-an", "PX404"), ("toa-an", "PX414")]


@pytest.mark.parametrize("code", ["buu-dien", "dien-luc"])
def test_awaiting_units_are_provisional(code: str, ha_tinh: Scored) -> None:
    unit = _units(ha_tinh)[code]
    assert ("PX504", "D100", "2.3.1") in _found(unit)
    assert [key for key, value in unit["final"].items() if value is None and unit["maxima"][key]] == ["2.3.1"]
    assert round(unit["total_high"] - unit["total_low"], 2) == 1.0


def test_what_does_not_apply_leaves_the_maximum(ha_tinh: Scored) -> None:
    units = _units(ha_tinh)
    assert units["vien-kiem-sat"]["not_applicable"] == ["4.1.5.1", "4.1.5.2", "4.1.5.3"]
    assert units["nhnn"]["not_applicable"] == ["1.4.2", "1.4.3", "1.4.4.2", "4.2.2"]
    assert (units["vien-kiem-sat"]["maximum"], units["nhnn"]["maximum"]) == (59, 57)


def test_equal_indexes_share_a_rank(ha_tinh: Scored) -> None:
    units = _units(ha_tinh)
    assert [units[code]["index"] for code in ("nhnn", "cuc-thong-ke")] == [85.72, 85.72]
    ranks = [units[code]["rank"] for code in ("kho-bac", "nhnn", "cuc-thong-ke", "cuc-hai-quan")]
    assert ranks == [3, 4, 4, 6]


def test_indexes_are_spread_believably(ha_tinh: Scored) -> None:
    indexes = [unit["index"] for unit in ha_tinh[1]["units"] if unit["index"] is not None]
    assert 60 < min(indexes) < 70
    assert 90 < max(indexes) < 93
    assert {unit["band"] for unit in ha_tinh[1]["units"]} == {"Xuất sắc", "Tốt", "Khá", "Trung bình", None}


# Self scores and totals ---------------------------------------------------------------------------


def _differences(unit: dict[str, Any]) -> dict[str, tuple[float, float]]:
    """Leaves where the form showed one score and parxl found another."""
    both = {code: (own, unit["scores"][code]) for code, own in unit["self_scores"].items()}
    return {c: pair for c, pair in both.items() if None not in pair and pair[0] != pair[1]}


def test_live_scores_agree_with_the_engine(ha_tinh: Scored, province: Scored) -> None:
    units = [*ha_tinh[1]["units"], *province[1]["units"]]
    found = {unit["code"]: _differences(unit) for unit in units}
    # The one formula typed into an input: the sheet scores its value, parxl refuses it.
    assert {code: pairs for code, pairs in found.items() if pairs} == {"toa-an": {"4.1.1": (0.5, 0)}}


def test_live_scores_are_there_unless_something_is_open(ha_tinh: Scored) -> None:
    """A blank self score only where the input is bad, or where a ruling or the survey decides."""
    ruled = {"1.4.2", "1.4.3", "1.4.4.1", "1.4.4.2", "1.5", "2.2", "3.4.2", "4.1.4.1", "4.1.5.1", "4.2.2"}
    bad = {"qltt": {"2.5.2", "3.6", "4.2.6"}, "toa-an": {"4.1.2", "4.2.6"}}
    for unit in ha_tinh[1]["units"]:
        blank = {code for code, own in unit["self_scores"].items() if own is None and unit["maxima"][code]}
        assert blank - {"5", "2.3.1"} - ruled == bad.get(unit["code"], set())


def _typed(path: Path) -> dict[str, oracle.Given]:
    """Input key -> what stands in the cell, by the hidden row keys; counts with decimals come scaled."""
    sheet = openpyxl.load_workbook(path, data_only=True)[TABLE]
    found: dict[str, oracle.Given] = {}
    for row in sheet.iter_rows(min_row=1):
        key, value = row[7].value, row[3].value
        if isinstance(key, str) and "/" in key and value is not None:
            found[key] = 1 if value == "x" else value
    return found


def _local(raw: oracle.Raw, key: str, typed: dict[str, oracle.Given]) -> oracle.Values:
    values: oracle.Values = {}
    options = 0
    for line in raw["lines"]:
        options += line["kind"] == "option"
        ids = {"option": str(options), "none": "none", "input": line.get("id"), "item": line.get("id")}
        input_id = ids.get(line["kind"])
        if input_id:
            is_count = line["kind"] == "input"
            value = typed.get(f"{key}/{input_id}", None if is_count else 0)
            values[input_id] = value if value is None else round(value * 10 ** line.get("decimals", 0))
    return values


def _oracle_total(name: str, file: str) -> Fraction:
    """The total without the survey, in points, of a form in which nothing awaits a ruling."""
    typed, total = _typed(SAMPLES / name / file), 0
    for key, raw in oracle.parts(SAMPLES / name / "bo-tieu-chi.toml").items():
        state, points = oracle.outcome(raw, _local(raw, key, typed))
        waived = key.startswith("2.1.") and typed.get("2.1.1/a") == 0
        full = waived or (state == oracle.ZERO and raw.get("if_zero") == "full")
        assert full or state == oracle.SCORED, (key, state)
        total += round(100 * raw["max"]) if full else points
    return Fraction(total, 100)


@pytest.mark.parametrize(
    ("code", "survey", "total", "index"),
    [
        ("cuc-thue", 17.4, 55.25, 92.08),
        ("bhxh", 18.35, 54.28, 90.47),
        ("thads", 15.95, 37.04, 61.73),
    ],
)
def test_totals_of_three_agencies(
    code: str, survey: float, total: float, index: float, ha_tinh: Scored
) -> None:
    unit = _units(ha_tinh)[code]
    assert (unit["final"]["5"], unit["total"], unit["maximum"], unit["index"]) == (survey, total, 60, index)
    counted = _oracle_total(HA_TINH, unit["file"]) + Fraction(str(survey))
    assert counted == Fraction(str(total))


# The province -------------------------------------------------------------------------------------


def test_province_is_scored_without_errors(province: Scored) -> None:
    report, results = province
    (unit,) = results["units"]
    assert (report.exit_code, unit["status"], unit["rank"]) == (0, "scored", 1)
    assert _found(unit) == {("PX503", "D145", "3.5.1")}


def test_total_of_the_province(province: Scored) -> None:
    (unit,) = province[1]["units"]
    assert (unit["total"], unit["maximum"], unit["index"], unit["band"]) == (16.73, 20.25, 82.62, "Tốt")
    assert sum(own for own in unit["self_scores"].values()) == pytest.approx(16.73)
    assert _oracle_total(PROVINCE, unit["file"]) == Fraction("16.73")
