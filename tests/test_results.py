"""``ket-qua.json``: exactly the promised shape, true to the forms, and the same whatever the order."""

from __future__ import annotations

import datetime as dt
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from campaigns import TTHC, intake_of, issued_campaign, ket_qua, return_form, set_rows
from test_scoring import campaign as settings_of
from test_scoring import expected
from test_trip import frame_row, random_answers

from parxl.actions import Report, open_campaign, score_campaign
from parxl.campaign import Ruling
from parxl.criteria import load_set
from parxl.files import sha256
from parxl.layout import Layout
from parxl.results import score_intake, to_json

CRITERIA = load_set(TTHC)
LAYOUT = Layout(CRITERIA)
CODES = [f"dv{n:02d}" for n in range(1, 21)]
GROUPS = ("Sở, ngành", "Huyện", "Trung ương")
CONFLICT, REJECTED, MISSING, SPOILED = "dv17", "dv18", "dv19", "dv03"
SCORED = [code for code in CODES if code not in (CONFLICT, REJECTED, MISSING)]
EXEMPT = [("dv04", "3.4.5/xa"), ("dv05", "1"), ("dv05", "3.2.3")]
RULED = "3.2.3/huyen"

TOP_KEYS = [
    "set", "edition", "campaign", "decimals", "units", "files", "criteria", "made", "fingerprint", "sources",
    "books",
]  # fmt: skip
UNIT_KEYS = {
    "code", "name", "group", "status", "file", "sha256", "checksum", "submitted", "inputs", "evidence",
    "scores", "self_scores", "appraised", "final", "maxima", "part_scores", "group_scores",
    "not_applicable", "total", "total_low", "total_high", "maximum", "index", "rank", "band", "findings",
    "final_from", "adjustment", "adjustments", "change",
}  # fmt: skip
FINDING_KEYS = {"code", "severity", "file", "sheet", "cell", "criterion", "message"}
BY_LEAF = ("scores", "self_scores", "appraised", "final", "maxima")
TABLES = (*BY_LEAF, "part_scores", "group_scores")
NUMBERS = ("total", "total_low", "total_high", "maximum", "index", "rank", "band")
FATES = {"scored", "superseded", "duplicate", "conflict", "rejected", "skipped"}


@dataclass(frozen=True)
class Round:
    root: Path
    answers: dict[str, dict[str, object]]
    report: Report

    @property
    def units(self) -> dict[str, dict[str, Any]]:
        return {unit["code"]: unit for unit in ket_qua(self.root)["units"]}

    @property
    def scored(self) -> Iterator[tuple[str, dict[str, Any]]]:
        units = self.units
        yield from ((code, units[code]) for code in SCORED)


def control(root: Path) -> None:
    set_rows(root, "Không áp dụng", [[unit, code, "không có", "CV 3"] for unit, code in EXEMPT])
    set_rows(root, "Trường hợp a = 0", [[RULED, "0 điểm", "CV 9"]])
    set_rows(root, "Xếp loại", [["*", "Tốt", 80], ["*", "Khá", 50], ["Huyện", "Đạt", 0]])
    book = openpyxl.load_workbook(root / "dot-cham.xlsx")
    book["Đơn vị"].cell(2, 5).value = dt.datetime(2026, 12, 15)
    book.save(root / "dot-cham.xlsx")


def answers_of(number: int) -> dict[str, object]:
    found = random_answers(CRITERIA, random.Random(number), zeros=0 if number % 3 else 0.1)
    if CODES[number] == SPOILED:
        found |= {"1.6/a": None, "3.2.4/b": 999, "3.5.2/a": "abc", "7.2.1/a": " 40 ", "7.2.1/b": 20}
    return found


def send(root: Path) -> dict[str, dict[str, object]]:
    """Twenty forms come back: seventeen good ones, two that contradict each other, one forged."""
    answers = {code: answers_of(number) for number, code in enumerate(CODES)}
    for code in SCORED:
        evidence = {"1.6": f"Báo cáo số {code}"}
        return_form(root, code, answers[code], f"khối {code[-1]}/{code} đã ký.xlsx", evidence=evidence)
    return_form(root, CONFLICT, answers[CONFLICT], "dv17 a.xlsx")
    return_form(root, CONFLICT, answers["dv01"], "dv17 b.xlsx")
    forged = return_form(root, REJECTED, {})
    book = openpyxl.load_workbook(forged)
    cell = book[book.sheetnames[1]][LAYOUT.identity_cell]
    cell.value = cell.value.replace(REJECTED, "dv01")
    book.save(forged)
    (root / "2-nop" / "~$dv01.xlsx").write_bytes(b"x")
    (root / "2-nop" / "quét.pdf").write_bytes(b"%PDF-1.4")
    return answers


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Round:
    units = [(code, f"Đơn vị {code}", GROUPS[n % 3]) for n, code in enumerate(CODES)]
    root = issued_campaign(tmp_path_factory.mktemp("results") / "c", TTHC, units)
    control(root)
    answers = send(root)
    return Round(root, answers, score_campaign(root))


def hundredths(points: float) -> int:
    return int(Decimal(str(points)) * 100)


# The shape ----------------------------------------------------------------------------------------


def test_the_result_workbooks_are_named_with_their_hashes(finished: Round) -> None:
    books = ket_qua(finished.root)["books"]
    assert list(books) == [*(f"4-ket-qua/don-vi/{code}.xlsx" for code in CODES), "4-ket-qua/bang-xep-hang.xlsx"]
    assert all(sha256((finished.root / name).read_bytes()) == digest for name, digest in books.items())


def test_the_head(finished: Round) -> None:
    body = ket_qua(finished.root)
    assert list(body) == TOP_KEYS
    assert (body["set"], body["edition"], body["decimals"]) == (TTHC, CRITERIA.edition, 2)
    register = json.loads((finished.root / "1-phieu" / "phat-hanh.json").read_text(encoding="utf-8"))
    assert body["campaign"] == register["campaign"]
    assert [unit["code"] for unit in body["units"]] == CODES


def test_every_unit_has_every_key_and_no_other(finished: Round) -> None:
    for code, unit in finished.units.items():
        assert set(unit) == UNIT_KEYS, code
        assert (unit["name"], unit["group"]) == (f"Đơn vị {code}", GROUPS[CODES.index(code) % 3])
        assert all(isinstance(unit[name], dict) for name in (*TABLES, "inputs", "evidence"))
        for found in unit["findings"]:
            assert set(found) == FINDING_KEYS
            assert found["severity"] in ("error", "warning", "note")
            assert re.fullmatch(r"PX\d{3}", found["code"])


def test_tables_of_scored_units_name_every_code(finished: Round) -> None:
    leaves = {leaf.code for leaf in CRITERIA.leaves}
    for _, unit in finished.scored:
        assert all(set(unit[name]) == leaves for name in BY_LEAF)
        assert set(unit["part_scores"]) == {at.key for at in CRITERIA.parts}
        assert set(unit["group_scores"]) == {group.code for group in CRITERIA.groups}
        for name in TABLES:
            assert all(value is None or type(value) is float for value in unit[name].values())
        assert type(unit["rank"]) is int
        assert all(type(unit[name]) is float for name in NUMBERS[:5])


def test_the_text_is_readable_and_ends_in_a_line(finished: Round) -> None:
    text = (finished.root / "4-ket-qua" / "ket-qua.json").read_text(encoding="utf-8")
    assert "Sở, ngành" in text
    assert "NaN" not in text
    assert text.endswith("}\n")


# Status -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "status"), [(CONFLICT, "conflict"), (REJECTED, "rejected"), (MISSING, "missing")]
)
def test_units_without_scores(finished: Round, code: str, status: str) -> None:
    unit = finished.units[code]
    assert unit["status"] == status
    assert all(unit[name] == {} for name in (*TABLES, "inputs", "evidence"))
    assert all(unit[name] is None for name in (*NUMBERS, "file", "sha256", "checksum", "submitted"))
    assert unit["not_applicable"] == []
    codes = {found["code"] for found in unit["findings"]}
    assert codes == {"conflict": {"PX308"}, "rejected": {"PX311"}, "missing": set()}[status]


def test_provisional_is_what_something_is_awaited_for(finished: Round) -> None:
    statuses = set()
    for code, unit in finished.scored:
        gone = set(unit["not_applicable"])
        waiting = [leaf for leaf, value in unit["final"].items() if value is None and leaf not in gone]
        assert unit["status"] == ("provisional" if waiting else "scored"), code
        assert (unit["total_high"] > unit["total"]) == bool(waiting)
        statuses.add(unit["status"])
    assert statuses == {"provisional", "scored"}


# Values -------------------------------------------------------------------------------------------


def test_every_score_is_the_oracles(finished: Round) -> None:
    settings = settings_of(CODES, {RULED: Ruling("zero")}, EXEMPT)
    for code, unit in finished.scored:
        if code == SPOILED:
            continue
        wanted = expected(TTHC, code, frame_row(CRITERIA, finished.answers[code]), settings)
        shown = {leaf: None if value is None else hundredths(value) for leaf, value in unit["scores"].items()}
        assert shown == wanted.leaves, code
        assert {leaf: hundredths(value) for leaf, value in unit["maxima"].items()} == wanted.maxima


def test_totals_index_and_groups_add_up(finished: Round) -> None:
    for _, unit in finished.scored:
        final = {leaf: hundredths(value) for leaf, value in unit["final"].items() if value is not None}
        assert hundredths(unit["total"]) == hundredths(unit["total_low"]) == sum(final.values())
        assert hundredths(unit["maximum"]) == sum(hundredths(value) for value in unit["maxima"].values())
        index = Decimal(100) * hundredths(unit["total"]) / hundredths(unit["maximum"])
        assert Decimal(str(unit["index"])) == index.quantize(Decimal("0.01"), ROUND_HALF_UP)
        for group, points in unit["group_scores"].items():
            own = [value for leaf, value in final.items() if leaf.startswith(group + ".")]
            assert points == (sum(own) / 100 if own else None)


def test_ranks_and_bands(finished: Round) -> None:
    units = finished.units
    for code, unit in finished.scored:
        rivals = [units[c]["index"] for c in SCORED if units[c]["group"] == unit["group"]]
        assert unit["rank"] == 1 + sum(index > unit["index"] for index in rivals)
        band = "Tốt" if unit["index"] >= 80 else "Khá" if unit["index"] >= 50 else None
        assert unit["band"] == ("Đạt" if unit["group"] == "Huyện" else band), code


def test_inputs_and_evidence_are_what_was_typed(finished: Round) -> None:
    for code, unit in finished.scored:
        typed = {key: value for key, value in finished.answers[code].items() if value is not None}
        if code == SPOILED:
            del typed["3.5.2/a"]
            typed["7.2.1/a"] = 40
        assert unit["inputs"] == typed
        assert list(unit["inputs"]) == [key for key in CRITERIA.inputs if key in typed]
        assert all(type(value) in (int, str) for value in unit["inputs"].values())
        assert unit["evidence"] == {"1.6": f"Báo cáo số {code}"}
        assert set(unit["self_scores"].values()) == {None}
        assert set(unit["appraised"].values()) == {None}
        assert unit["final"] == unit["scores"]


def test_what_does_not_apply(finished: Round) -> None:
    units = finished.units
    assert "3.4.5/xa" in units["dv04"]["not_applicable"]
    assert {"1.6", "3.2.3"} <= set(units["dv05"]["not_applicable"])
    assert units["dv05"]["maxima"]["1.6"] == units["dv05"]["maxima"]["3.2.3"] == 0.0
    assert units["dv05"]["scores"]["1.6"] is units["dv05"]["group_scores"]["1"] is None
    assert units["dv05"]["maximum"] == 20.25 - 1.5 - 0.75
    assert units["dv04"]["maximum"] == 20.0


def test_files_and_hashes(finished: Round) -> None:
    for code, unit in finished.scored:
        assert unit["file"] == f"2-nop/khối {code[-1]}/{code} đã ký.xlsx"
        assert unit["sha256"] == sha256((finished.root / unit["file"]).read_bytes())
    submitted = {code: unit["submitted"] for code, unit in finished.units.items()}
    assert submitted == {**dict.fromkeys(CODES), "dv01": "2026-12-15"}


def test_every_file_has_one_fate(finished: Round) -> None:
    listed = {file["file"]: file for file in ket_qua(finished.root)["files"]}
    returned = finished.root / "2-nop"
    assert set(listed) == {
        path.relative_to(finished.root).as_posix() for path in returned.rglob("*") if path.is_file()
    }
    assert len(listed) == 22
    assert {file["fate"] for file in listed.values()} <= FATES
    fates = [file["fate"] for file in listed.values()]
    assert {fate: fates.count(fate) for fate in set(fates)} == {
        "scored": 17,
        "conflict": 2,
        "rejected": 2,
        "skipped": 1,
    }
    assert listed["2-nop/quét.pdf"]["unit"] == ""


def own_checksum(row: dict[str, int]) -> str:
    """The sheet's own running sum, written out again."""
    digest = 7
    for value in row.values():
        digest = (digest * 31 + {-1: 1, -2: 2}.get(value, value + 3)) % 999_999_937
    return "-".join(re.findall("...", f"{digest:09d}"))


def test_the_checksum_ties_the_paper_to_the_workbook(finished: Round) -> None:
    for code, unit in finished.scored:
        if code != SPOILED:
            assert unit["checksum"] == own_checksum(frame_row(CRITERIA, finished.answers[code])), code
    assert len({unit["checksum"] for _, unit in finished.scored}) == len(SCORED)


def test_findings_stand_at_their_cells(finished: Round) -> None:
    unit = finished.units[SPOILED]
    apart = ("PX504", "PX506", "PX510")
    found = {(f["code"], f["criterion"]): f for f in unit["findings"] if f["code"] not in apart}
    wanted = {
        ("PX401", "3.5.2"): "3.5.2/a",
        ("PX411", "7.2.1"): "7.2.1/a",
        ("PX501", "1.6"): "1.6/a",
        ("PX502", "3.2.4"): "3.2.4/b",
    }
    assert set(found) == set(wanted)
    for key, cell in wanted.items():
        assert found[key]["cell"] == LAYOUT.input_cell(cell)
        assert found[key]["file"] == unit["file"]
        assert found[key]["sheet"] == "Phiếu chấm điểm"
    assert [unit["scores"][code] for code in ("1.6", "3.2.4", "3.5.2")] == [0, 0, 0]
    assert unit["scores"]["7.2.1"] == 0.5


def test_points_without_evidence_are_named(finished: Round) -> None:
    for _, unit in finished.scored:
        found = {f["criterion"]: f["cell"] for f in unit["findings"] if f["code"] == "PX510"}
        earning = {code for code, points in unit["scores"].items() if points and code != "5"}
        wanted = earning - set(unit["evidence"])
        assert found == {code: LAYOUT.evidence_cell(code) for code in wanted}


def test_the_exit_code_tells_of_errors(finished: Round) -> None:
    assert finished.report.exit_code == 3


# Order --------------------------------------------------------------------------------------------


def test_the_order_of_the_files_changes_nothing(finished: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty forms as the file system happens to list them."""
    listed = Path.rglob

    def shuffled(self: Path, pattern: str) -> Iterator[Path]:
        found = list(listed(self, pattern))
        random.Random(5).shuffle(found)
        yield from found

    monkeypatch.setattr(Path, "rglob", shuffled)
    opened = open_campaign(finished.root)
    intake = intake_of(opened.folder, LAYOUT, opened.settings, opened.register)
    results = score_intake(LAYOUT, opened.settings, opened.register, intake)
    assert finished.report.results is not None
    results = replace(results, provenance=finished.report.results.provenance)
    text = (finished.root / "4-ket-qua" / "ket-qua.json").read_text(encoding="utf-8")
    assert to_json(results, json.loads(text)["books"]) == text
