"""A whole round for both sets, openpyxl as the official: from ``new`` to the final scores and next year."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from campaigns import HA_TINH, SET_IDS, set_items
from openpyxl.comments import Comment
from rounds import (
    ADJUSTMENTS,
    APPRAISAL,
    ARMED,
    BEFORE,
    DOCUMENT,
    EXPLANATION,
    FIRST_ROW,
    FOR_ALL,
    FOR_ONE,
    NAMES,
    OTHER,
    REASON_FOR_ONE,
    RETURNED,
    RULED,
    SAME_GROUP,
    SHARED,
    UNITS,
    UNRULED,
    VERTICAL,
    Decided,
    Desk,
    Job,
    Oracle,
    Plan,
    Standing,
    answers_of,
    band,
    begin,
    begin_next_year,
    by_openpyxl,
    decided,
    evidence_of,
    explanation_text,
    filling,
    next_answers,
    next_oracle,
    number,
    oracle_of,
    renew_roster,
    run,
    wanted_of,
)

from parxl.cache import NAME as CACHE_NAME
from parxl.criteria import load_set
from parxl.layout import SHEET_TABLE, Layout

STAGES = ("filled", "disputed", "settled", "explained", "final")


@dataclass(frozen=True)
class Stage:
    """What ``parxl score`` made of the folder at one time: a copy of its results."""

    folder: Path
    exit_code: int
    decided: Decided

    @cached_property
    def units(self) -> dict[str, dict[str, Any]]:
        body = json.loads((self.folder / "ket-qua.json").read_text(encoding="utf-8"))
        return {unit["code"]: unit for unit in body["units"]}

    @cached_property
    def league(self) -> Any:
        return openpyxl.load_workbook(self.folder / "bang-xep-hang.xlsx")

    def findings(self) -> list[tuple[str, str, str, str]]:
        """(code, file, cell, criterion) as the league workbook lists them."""
        rows = self.league["Ghi nhận"].iter_rows(min_row=2, values_only=True)
        return [(row[0], row[2], row[4], row[5]) for row in rows if row[2]]

    def errors(self) -> set[str]:
        rows = self.league["Ghi nhận"].iter_rows(min_row=2, values_only=True)
        return {row[0] for row in rows if row[1] == "Lỗi"}


@dataclass
class Round:
    """This year's campaign, stage by stage."""

    root: Path
    plan: Plan
    copies: Path
    stages: dict[str, Stage] = field(default_factory=dict)
    codes: dict[str, list[int]] = field(default_factory=dict)  # command -> exit codes

    @property
    def oracle(self) -> Oracle:
        return self.plan.oracle

    @property
    def set_id(self) -> str:
        return self.plan.criteria.id

    def do(self, *arguments: object) -> None:
        name = " ".join(str(argument) for argument in arguments)
        self.codes.setdefault(name, []).append(run(arguments[0], self.root, *arguments[1:]).exit_code)

    def score(self, name: str, decided: Decided) -> None:
        done = run("score", self.root)
        folder = self.copies / name
        shutil.copytree(self.root / "4-ket-qua", folder)
        self.stages[name] = Stage(folder, done.exit_code, decided)

    def standing(self, name: str, unit: str) -> Standing:
        return self.oracle.standing(unit, self.stages[name].decided)


def play(made: Round) -> Round:
    """Everybody's work in its order."""
    plan, desk = made.plan, Desk(made.root, made.plan, by_openpyxl)
    by_openpyxl(filling(made.root, plan.criteria, answers_of(plan.criteria)))
    made.score("filled", {})
    made.do("appraisal")
    desk.first_round()
    made.score("disputed", plan.before_settling())
    desk.settle()
    made.score("settled", decided(plan.first))
    made.do("appraisal", "--explain")
    desk.answer()
    made.score("explained", decided(plan.first))
    made.do("appraisal", "--round", 2)
    shutil.copytree(made.root / "3-tham-dinh" / "lan-2", made.copies / "lan-2")
    desk.second_round()
    made.score("final", plan.finally_decided())
    return made


@pytest.fixture(scope="module", params=SET_IDS)
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Round:
    criteria, folder = load_set(request.param), tmp_path_factory.mktemp("round")
    root = folder / "Đợt chấm 2026"
    begun = begin(root, request.param, folder / "Danh sách.xlsx")
    made = Round(root, Plan(criteria, oracle_of(criteria)), folder / "copies")
    made.codes["new, forms"] = begun
    return play(made)


def words(units: int) -> str:
    """Points as an official reads them."""
    return f"{units // 100},{units % 100:02d}"


# Every number at every stage ----------------------------------------------------------------------


def test_exit_codes(played: Round) -> None:
    """Only the stage at which people differ, and one score is no score, has errors."""
    assert played.codes == {
        "new, forms": [0, 0],
        "appraisal": [0],
        "appraisal --explain": [0],
        "appraisal --round 2": [0],
    }
    assert {name: stage.exit_code for name, stage in played.stages.items()} == {
        name: 3 if name == "disputed" else 0 for name in STAGES
    }


@pytest.mark.parametrize("code", RETURNED)
@pytest.mark.parametrize("name", STAGES)
def test_every_score_and_what_it_makes(played: Round, name: str, code: str) -> None:
    """Final = second, else first, else computed; each says where it comes from; totals, index, rank, band."""
    stage = played.stages[name]
    wanted = wanted_of(played.oracle, code, stage.decided)
    assert {key: stage.units[code][key] for key in wanted} == wanted


@pytest.mark.parametrize("name", STAGES)
def test_groups_and_areas_are_sums_of_the_finals(played: Round, name: str) -> None:
    for code in RETURNED:
        final = played.standing(name, code).final
        for group, shown in played.stages[name].units[code]["group_scores"].items():
            under = [
                score for leaf, score in final.items() if leaf.startswith(group + ".") and score is not None
            ]
            assert shown == (number(sum(under)) if under else None)


@pytest.mark.parametrize("name", STAGES)
def test_a_form_that_never_came_back_stays_missing(played: Round, name: str) -> None:
    unit = played.stages[name].units["bp"]
    assert (unit["status"], unit["final"], unit["total"], unit["rank"]) == ("missing", {}, None, None)


def test_the_round_holds_the_hard_cases(played: Round) -> None:
    """A tie with somebody below it, a bonus and a penalty over their caps, and what is open at first."""
    ranks = played.oracle.ranks(played.plan.finally_decided())
    assert ranks["kbnn"] == ranks["bhxh"]
    below = 3 if played.set_id == HA_TINH else 2
    assert ranks["cuc-thue"] == ranks["kbnn"] + below - 1
    assert [played.oracle.adjustment(unit) for unit in ("cuc-thue", "ca", "qs")] == [250, -100, 0]
    assert played.standing("disputed", "qs").is_open is False
    assert played.standing("filled", "qs").is_open is True
    assert played.standing("final", "ca").is_open is (played.set_id == HA_TINH)


def test_evidence_and_inputs_are_what_was_typed(played: Round) -> None:
    criteria, typed = played.plan.criteria, answers_of(played.plan.criteria)
    for code, unit in played.stages["final"].units.items():
        if code in typed:
            assert unit["inputs"] == {key: value for key, value in typed[code].items() if value is not None}
            assert unit["evidence"] == evidence_of(criteria, code)


# What is told -------------------------------------------------------------------------------------


def cell_of(path: Path, unit: str, code: str) -> str:
    sheet = openpyxl.load_workbook(path)[APPRAISAL]
    row = next(c.row for c in sheet["Q"] if c.value == f"{unit}|{code}")
    return f"N{row}"


def test_each_mistake_of_the_council_is_told_at_its_place(played: Round) -> None:
    desk, plan = Desk(played.root, played.plan, by_openpyxl), played.plan
    _, _, disputed, _, unreasoned, _ = plan.own
    one, another = desk.copies
    area = desk.area(1, OTHER[played.set_id])
    wanted = [
        ("PX705", one, "cuc-thue", disputed),
        ("PX705", another, "cuc-thue", disputed),
        ("PX702", one, "cuc-thue", unreasoned),
        ("PX701", area, "qs", plan.elsewhere[1]),
    ]
    places = {
        (code, path.relative_to(played.root).as_posix(), cell_of(path, unit, leaf), leaf)
        for code, path, unit, leaf in wanted
    }
    told = {found for found in played.stages["disputed"].findings() if found[0].startswith("PX7")}
    assert told == places
    assert played.stages["disputed"].errors() == {"PX701", "PX702", "PX705"}


@pytest.mark.parametrize("name", [name for name in STAGES if name != "disputed"])
def test_nothing_is_wrong_at_any_other_stage(played: Round, name: str) -> None:
    stage = played.stages[name]
    assert stage.errors() == set()
    assert [found for found in stage.findings() if found[0].startswith("PX7")] == []
    answered = any(found[0] == "PX327" for found in stage.findings())
    assert answered is (name in ("explained", "final"))


# The workbooks ------------------------------------------------------------------------------------


def result_sheet(stage: Stage, unit: str) -> Any:
    return openpyxl.load_workbook(stage.folder / "don-vi" / f"{unit}.xlsx")["Bảng điểm"]


def shift_of(sheet: Any, layout: Layout) -> int:
    """From a row of the form to the same row of the result."""
    return int(next(r for r in range(1, 40) if sheet.cell(r, 1).value == "STT")) + 1 - layout.rows[0].number


@pytest.mark.parametrize("name", ["disputed", "final"])
def test_the_unit_workbook_shows_both_scores_and_why(played: Round, name: str) -> None:
    stage, layout = played.stages[name], Layout(played.plan.criteria)
    for unit in RETURNED:
        sheet, wanted = result_sheet(stage, unit), played.standing(name, unit)
        shift = shift_of(sheet, layout)
        for leaf, score in wanted.final.items():
            row = layout.row_of(leaf) + shift
            given = stage.decided.get((unit, leaf), (None,))[0]
            assert [sheet.cell(row, column).value for column in (7, 8)] == [number(given), number(score)]
            explained = sheet.cell(row, 9).value
            assert [text for text in said_of(played, name, unit, leaf) if text not in explained] == []
            assert ("Thẩm định" in explained) == bool(said_of(played, name, unit, leaf))
        assert sheet.cell(layout.total_row + shift, 8).value == number(wanted.total)


def said_of(played: Round, name: str, unit: str, leaf: str) -> list[str]:
    """What the appraisal says of a score, as the unit reads it."""
    plan, rounds = played.plan, {1: played.plan.first}
    if name == "final":
        rounds[2] = [one for own in plan.second.values() for one in own]
    if name == "disputed":
        counted = plan.before_settling()
        rounds[1] = [one for one in plan.first if one.points is None or (one.unit, one.code) in counted]
    found = []
    for round_, given in rounds.items():
        for one in given:
            if (one.unit, one.code) == (unit, leaf):
                score = "" if one.points is None else f"{words(one.points)} điểm"
                found.append(f"Thẩm định lần {round_}: " + ". ".join(t for t in (score, one.reason) if t))
    return found


def test_rulings_exemptions_and_adjustments_are_quoted(played: Round) -> None:
    stage, layout, set_id = played.stages["final"], Layout(played.plan.criteria), played.set_id

    def text(unit: str, row: int) -> str:
        sheet = result_sheet(stage, unit)
        return str(sheet.cell(row + shift_of(sheet, layout), 9).value)

    assert f"đạt điểm tối đa theo hướng dẫn ({DOCUMENT})" in text("cuc-thue", layout.row_of(RULED[set_id]))
    out = [leaf for leaf in played.oracle.computed("ca").leaves if leaf.startswith(FOR_ONE[set_id] + ".")]
    for leaf in out:
        assert text("ca", layout.row_of(leaf)) == f"Không áp dụng: {REASON_FOR_ONE} ({DOCUMENT})"
    assert out
    assert f"({DOCUMENT})" in text("kbnn", layout.row_of(FOR_ALL[set_id].split("/")[0]))
    added = text("cuc-thue", layout.total_row)
    for unit, points, why, document in ADJUSTMENTS:
        said = f"Điểm {'cộng' if points > 0 else 'trừ'} {words(abs(points))}: {why} ({document})"
        assert (said in added) == (unit == "cuc-thue")
    assert "điểm cộng tối đa 3,00, điểm trừ tối đa 1,00" in added


@pytest.mark.parametrize("name", STAGES)
def test_the_league_tables(played: Round, name: str) -> None:
    stage = played.stages[name]
    ranks = played.oracle.ranks(stage.decided)
    for sheet, group in (("Xếp hạng 1", VERTICAL), ("Xếp hạng 2", ARMED)):
        lines = league_lines(stage, sheet)
        assert {line["Mã đơn vị"] for line in lines} == {code for code, _, own in UNITS if own == group}
        assert [line["Hạng"] or 99 for line in lines] == sorted(line["Hạng"] or 99 for line in lines)
        for line in lines:
            code = line["Mã đơn vị"]
            if code == "bp":
                assert (line["Hạng"], line["Tổng điểm"], line["Tình trạng"]) == (None, None, "Chưa nộp")
                continue
            own = played.standing(name, code)
            shown = [
                line[head] for head in ("Hạng", "Điểm cộng, trừ", "Tổng điểm", "Điểm tối đa", "Chỉ số (%)")
            ]
            points = (own.adjustment, own.total, own.maximum, own.index)
            assert shown == [ranks[code], *(number(one) for one in points)]
            assert line["Xếp loại"] == band(group, own.index)


def league_lines(stage: Stage, sheet: str) -> list[dict[str, Any]]:
    rows = stage.league[sheet].iter_rows(min_row=5, values_only=True)
    heads = [str(head) for head in next(rows)]
    return [dict(zip(heads, row, strict=True)) for row in rows if row[1]]


# What the council and the units are given ---------------------------------------------------------


def listed(path: Path, sheet: str) -> list[dict[str, Any]]:
    """The rows of a list under their headings."""
    rows = openpyxl.load_workbook(path)[sheet].iter_rows(min_row=FIRST_ROW - 1, values_only=True)
    heads = [str(head) for head in next(rows)]
    return [dict(zip(heads, row, strict=True)) for row in rows if row[heads.index("khóa")]]


def area_lists(folder: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """(area, rows) of the workbooks that parxl wrote."""
    for path in sorted(folder.glob("linh-vuc-*.xlsx")):
        yield path.stem.rpartition("-")[2], listed(path, APPRAISAL)


def test_every_score_is_listed_once_for_the_council(played: Round) -> None:
    """Whatever applies to a unit, and nothing of the survey or of a unit without a form."""
    for folder in (played.root / "3-tham-dinh" / "lan-1", played.copies / "lan-2"):
        seen = []
        for area, lines in area_lists(folder):
            assert {line["Mục"].split(".")[0] for line in lines} == {area}
            seen += [(line["Mã đơn vị"], line["Mục"]) for line in lines]
        wanted = {
            (unit, leaf)
            for unit in RETURNED
            for leaf, top in played.oracle.computed(unit).maxima.items()
            if top and leaf != "5"
        }
        assert len(seen) == len(set(seen))
        assert set(seen) == wanted


def test_the_council_sees_scores_evidence_and_explanations(played: Round) -> None:
    plan = played.plan
    first = {(one.unit, one.code): one for one in plan.first}
    for _, lines in area_lists(played.copies / "lan-2"):
        for line in lines:
            unit, leaf = line["Mã đơn vị"], line["Mục"]
            computed, given = played.oracle.computed(unit), first.get((unit, leaf))
            assert line["Đơn vị"] == NAMES[unit]
            assert line["Điểm tối đa"] == number(computed.maxima[leaf])
            assert line["Điểm tính"] == (
                "chờ" if computed.leaves[leaf] is None else number(computed.leaves[leaf])
            )
            assert line["Tài liệu kiểm chứng"] == evidence_of(plan.criteria, unit)[leaf]
            assert line["Thẩm định lần 1"] == number(given.points if given else None)
            assert (line["Lý do lần 1"] or "") == (given.reason if given else "")
            answered = plan.replies.get(leaf) if unit == "cuc-thue" else None
            assert (line["Giải trình của đơn vị"] or "") == explanation_text(answered)
            assert (line["Điểm thẩm định"], line["Lý do"]) == (None, None)


def test_only_what_was_cut_is_to_be_explained(played: Round) -> None:
    folder, cuts = played.root / "1-phieu" / "giai-trinh", played.plan.cuts
    assert {path.stem for path in folder.iterdir()} == set(cuts) == {"cuc-thue", "qs"}
    for unit, own in cuts.items():
        lines = listed(folder / f"{unit}.xlsx", EXPLANATION)
        assert {line["Mục"] for line in lines} == set(own)
        for line in lines:
            cut = own[line["Mục"]]
            computed = played.oracle.computed(unit).leaves[cut.code]
            scores = (line["Điểm tính"], line["Điểm thẩm định"], line["Lý do của hội đồng"])
            assert scores == (number(computed), number(cut.points), cut.reason)


def test_what_waited_waits_no_more_once_it_is_appraised(played: Round) -> None:
    leaf = UNRULED[played.set_id]
    before, after = (played.stages[name].units["qs"] for name in ("filled", "final"))
    assert (before["final"][leaf], before["status"]) == (None, "provisional")
    assert (after["scores"][leaf], after["final"][leaf]) == (None, after["maxima"][leaf])
    assert after["status"] == "scored"


def test_the_shared_area_is_done_by_two(played: Round) -> None:
    """The workbook that parxl wrote stays blank: both worked on copies of it."""
    desk = Desk(played.root, played.plan, by_openpyxl)
    lines = listed(desk.area(1, SHARED[played.set_id]), APPRAISAL)
    assert {(line["Điểm thẩm định"], line["Lý do"]) for line in lines} == {(None, None)}
    assert all(path.exists() for path in desk.copies)


# The next year ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NextYear:
    """Scored twice: beside this year's ``ket-qua.json``, and beside its league workbook."""

    root: Path
    oracle: Oracle
    roster: list[tuple[Any, ...]]  # as ``parxl new`` took it over
    codes: list[int]
    stages: dict[str, Stage]


@pytest.fixture(scope="module")
def next_year(played: Round) -> NextYear:
    criteria, this_year = played.plan.criteria, played.root
    root = this_year.parent / "Đợt chấm 2027"
    codes = begin_next_year(root, this_year, criteria.id)
    control = openpyxl.load_workbook(root / "dot-cham.xlsx")["Đơn vị"]
    roster = [row[:3] for row in control.iter_rows(min_row=2, values_only=True) if row[0]]
    renew_roster(root, criteria.id)
    codes.append(run("forms", root).exit_code)
    by_openpyxl(filling(root, criteria, next_answers(criteria)))
    stages = {}
    for name in ("ket-qua.json", "bang-xep-hang.xlsx"):
        set_items(root, {"Kết quả năm trước": f"../{this_year.name}/4-ket-qua/{name}"})
        done, folder = run("score", root), root.parent / f"copies-{name}"
        shutil.copytree(root / "4-ket-qua", folder)
        stages[name] = Stage(folder, done.exit_code, {})
    return NextYear(root, next_oracle(criteria), roster, codes, stages)


PREVIOUS = ("ket-qua.json", "bang-xep-hang.xlsx")


def test_the_roster_is_taken_over(next_year: NextYear) -> None:
    assert next_year.roster == UNITS
    assert next_year.codes == [0, 0]
    assert {stage.exit_code for stage in next_year.stages.values()} == {0}


@pytest.mark.parametrize("name", PREVIOUS)
def test_change_of_points_and_of_places(played: Round, next_year: NextYear, name: str) -> None:
    """Next year less this year for the index; the place now before the place then, only in the same group."""
    stage, then = next_year.stages[name], played.plan.finally_decided()
    ranks, ranks_then = next_year.oracle.ranks({}), played.oracle.ranks(then)
    for unit, before in BEFORE.items():
        change = stage.units[unit]["change"]
        points = next_year.oracle.standing(unit, {}).index - played.oracle.standing(before, then).index
        places = ranks_then[before] - ranks[unit] if unit in SAME_GROUP else None
        found = (change["status"], change["reason"], change["points"], change["places"])
        assert found == ("compared", "", number(points), places)


@pytest.mark.parametrize("name", PREVIOUS)
def test_who_cannot_be_compared(next_year: NextYear, name: str) -> None:
    units = next_year.stages[name].units
    found = {code: unit["change"] for code, unit in units.items() if code not in BEFORE}
    assert {code: change["status"] for code, change in found.items()} == {
        "kbnn": "not-comparable",
        "bp": "not-comparable",
        "so-moi": "new",
    }
    assert "Kho bạc Nhà nước tỉnh" in found["kbnn"]["reason"]
    assert found["bp"]["reason"] == "năm trước đơn vị không có kết quả"
    assert {(change["points"], change["places"]) for change in found.values()} == {(None, None)}
    assert all(change["criteria"] == {} for change in found.values())


def test_change_of_each_criterion(played: Round, next_year: NextYear) -> None:
    """Where both years have a final score out of the same own maximum; a league workbook has none of them."""
    then = played.plan.finally_decided()
    for unit, before in BEFORE.items():
        old, new = played.oracle.standing(before, then).final, next_year.oracle.standing(unit, {}).final
        tops, tops_then = next_year.oracle.computed(unit).maxima, played.oracle.computed(before).maxima
        wanted = {
            leaf: number(score - was)
            for leaf, score in new.items()
            if score is not None and (was := old[leaf]) is not None and tops[leaf] == tops_then[leaf]
        }
        assert wanted
        assert next_year.stages["ket-qua.json"].units[unit]["change"]["criteria"] == wanted
        assert next_year.stages["bang-xep-hang.xlsx"].units[unit]["change"]["criteria"] == {}


@pytest.mark.parametrize("name", PREVIOUS)
def test_the_league_tables_show_the_change(next_year: NextYear, name: str) -> None:
    stage = next_year.stages[name]
    lines = [line for sheet in ("Xếp hạng 1", "Xếp hạng 2") for line in league_lines(stage, sheet)]
    assert len(lines) == len(stage.units)
    for line in lines:
        change = stage.units[line["Mã đơn vị"]]["change"]
        assert line["Thay đổi hạng"] == change["places"]
        if change["status"] == "compared":
            assert line["Thay đổi Chỉ số"] == change["points"]
        else:
            said = {"new": "không có kết quả năm trước", "not-comparable": "không so sánh được"}
            assert line["Thay đổi Chỉ số"].startswith(said[change["status"]])


def test_forms_and_appraisals_show_last_year(played: Round, next_year: NextYear, tmp_path: Path) -> None:
    """What a unit typed then, under its code of then; the council sees its final scores."""
    root = tmp_path / "Đợt chấm 2027"
    shutil.copytree(next_year.root, root)
    shutil.copytree(played.root / "4-ket-qua", tmp_path / played.root.name / "4-ket-qua")
    set_items(root, {"Kết quả năm trước": f"../{played.root.name}/4-ket-qua/ket-qua.json"})
    layout, typed = Layout(played.plan.criteria), answers_of(played.plan.criteria)["bhxh"]
    sheet = openpyxl.load_workbook(root / "1-phieu" / "bhxh-kv.xlsx")[SHEET_TABLE]
    shown = {key: sheet[f"L{layout.input_cell(key)[1:]}"].value for key in typed}
    assert {key: value for key, value in shown.items() if value is not None} == {
        key: value for key, value in typed.items() if value is not None
    }
    assert run("appraisal", root).exit_code == 0
    then = played.plan.finally_decided()
    for _, lines in area_lists(root / "3-tham-dinh" / "lan-1"):
        for line in lines:
            before = BEFORE.get(line["Mã đơn vị"])
            score = played.oracle.standing(before, then).final[line["Mục"]] if before else None
            assert line["Năm trước"] == number(score)


# Again and again ----------------------------------------------------------------------------------

COMMANDS = [
    ("forms",),
    ("score",),
    ("appraisal",),
    ("appraisal", "--explain"),
    ("appraisal", "--round", 2),
]


def every_file(root: Path) -> dict[str, tuple[bytes, int]]:
    """Bytes and time of every file but the cache."""
    files = [path for path in root.rglob("*") if path.is_file() and path.name != CACHE_NAME]
    return {path.relative_to(root).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def changed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return sorted(name for name in before | after if before.get(name) != after.get(name))


def test_every_command_twice_changes_nothing(played: Round, tmp_path: Path) -> None:
    """The second time no byte and no time of any file; forms and scores have been written by now."""
    root = tmp_path / "dot"
    shutil.copytree(played.root, root)
    for command, *options in COMMANDS:
        if command == "appraisal":
            assert run(command, root, *options).exit_code == 0
        before = every_file(root)
        assert run(command, root, *options).exit_code == 0
        assert changed(before, every_file(root)) == []


# What a person typed ------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Typed:
    """What somebody put into a workbook: cells of a sheet (or notes on them), or a sheet of their own."""

    file: str
    sheet: str
    cells: dict[str, Any]
    is_note: bool = False

    def put(self, root: Path) -> bytes:
        """Type it; the file as it was saved."""
        book = openpyxl.load_workbook(root / self.file)
        sheet = book[self.sheet] if self.sheet in book.sheetnames else book.create_sheet(self.sheet)
        for cell, value in self.cells.items():
            if self.is_note:
                sheet[cell].comment = Comment(value, "Bà Hà")
            else:
                sheet[cell].value = value
        book.save(root / self.file)
        return (root / self.file).read_bytes()

    def is_in(self, path: Path) -> bool:
        book = openpyxl.load_workbook(path)
        if self.sheet not in book.sheetnames:
            return False
        found = {cell: book[self.sheet][cell] for cell in self.cells}
        if self.is_note:
            return all(at.comment and self.cells[cell] in at.comment.text for cell, at in found.items())
        return all(at.value == self.cells[cell] for cell, at in found.items())

    def is_kept(self, root: Path, saved: bytes) -> bool:
        """At the same place, in its own file or in another one beside it."""
        own = root / self.file
        if own.exists() and own.read_bytes() == saved:
            return True
        others = (path for path in own.parent.glob("*.xlsx") if path != own)
        return any(self.is_in(path) for path in (own, *others) if path.exists())


def typed_by_people(played: Round) -> list[Typed]:
    """Valid, junk, notes and own sheets, in every workbook that parxl writes and people may type into."""
    layout, set_id = Layout(played.plan.criteria), played.set_id
    keys = list(layout.input_rows)
    one, other = layout.input_cell(keys[0]), layout.evidence_cell(played.plan.criteria.leaves[0].code)
    first, second = (f"3-tham-dinh/lan-{n}" for n in (1, 2))
    shared, own = f"linh-vuc-{SHARED[set_id]}.xlsx", f"linh-vuc-{OTHER[set_id]}.xlsx"
    return [
        Typed("1-phieu/cuc-thue.xlsx", SHEET_TABLE, {one: "x", other: "Số 7/BC"}),
        Typed("1-phieu/kbnn.xlsx", "Nháp", {"B2": "Nháp 1"}),
        Typed("1-phieu/bhxh.xlsx", SHEET_TABLE, {one: "hỏi lại Sở Nội vụ"}, is_note=True),
        Typed("1-phieu/ca.xlsx", SHEET_TABLE, {"M9": "ghi chú riêng", "A1": "CÔNG AN"}),
        Typed("1-phieu/qs.xlsx", SHEET_TABLE, {one: "#N/A?", layout.submission_cell: "hai"}),
        Typed("1-phieu/giai-trinh/cuc-thue.xlsx", EXPLANATION, {"I7": "Đã có văn bản", "J7": "=1+"}),
        Typed("1-phieu/giai-trinh/qs.xlsx", "Nháp", {"B2": "Nháp 2"}),
        Typed("4-ket-qua/tra-lai/qs.xlsx", SHEET_TABLE, {other: "Số 8/BC"}),
        Typed("4-ket-qua/tra-lai/ca.xlsx", "Nháp", {"B2": "Nháp 3"}),
        Typed(f"{first}/{shared}", APPRAISAL, {"N8": "abc", "O8": "sẽ xem lại", "N9": 999}),
        Typed(f"{first}/{own}", APPRAISAL, {"N7": "chưa chấm"}, is_note=True),
        Typed(f"{first}/Bà Hà.xlsx", "Nháp", {"B2": "Nháp 4"}),
        Typed(f"{second}/{shared}", "Nháp", {"B2": "Nháp 5"}),
        Typed(f"{second}/{own}", APPRAISAL, {"N8": -1, "O9": "=x", "S12": "cộng 5"}),
    ]


def spoil(played: Round, root: Path) -> None:
    """Two units send a form with a figure missing, so that there are forms to mend."""
    layout = Layout(played.plan.criteria)
    key = next(k for k, one in played.plan.criteria.inputs.items() if one.kind == "count")
    cells = {layout.input_cell(key): "abc", layout.submission_cell: 2}
    names = {unit: root / "2-nop" / f"Phiếu {unit}.xlsx" for unit in ("qs", "ca")}
    by_openpyxl(Job(path, path.with_stem(f"{unit} lần 2"), SHEET_TABLE, cells) for unit, path in names.items())
    run("score", root)


@dataclass(frozen=True)
class Used:
    """A folder that people have typed into everywhere, after every command was run on it twice."""

    lost: dict[str, str]  # file -> the command after which something typed was gone
    gone: list[str]  # files that a command took away
    restless: dict[str, list[str]]  # command -> what its second run changed


@pytest.fixture(scope="module")
def used(played: Round, tmp_path_factory: pytest.TempPathFactory) -> Used:
    root = tmp_path_factory.mktemp("used") / "dot"
    shutil.copytree(played.root, root)
    spoil(played, root)
    people = {typed: typed.put(root) for typed in typed_by_people(played)}
    (root / "2-nop" / "đọc tôi.txt").write_text("junk", encoding="utf-8")
    found, files = Used({}, [], {}), set(every_file(root))
    for command in COMMANDS:
        run(command[0], root, *command[1:])
        before = every_file(root)
        run(command[0], root, *command[1:])
        found.restless[" ".join(map(str, command))] = changed(before, every_file(root))
        note_losses(found, people, root, " ".join(map(str, command)))
    found.gone.extend(sorted(files - set(every_file(root))))
    # The sound forms count again: nothing is to be mended any more.
    for path in root.glob("2-nop/* lần 2.xlsx"):
        path.unlink()
    run("score", root)
    note_losses(found, people, root, "score without forms to mend")
    return found


def note_losses(found: Used, people: dict[Typed, bytes], root: Path, command: str) -> None:
    for typed, saved in people.items():
        if not typed.is_kept(root, saved):
            found.lost.setdefault(typed.file, command)


one_set = pytest.mark.parametrize("played", [SET_IDS[0]], indirect=True)  # no command asks which set it is
PLACES = ("1-phieu", "1-phieu/giai-trinh", "4-ket-qua/tra-lai", "3-tham-dinh/lan-1", "3-tham-dinh/lan-2")


@one_set
@pytest.mark.parametrize("place", PLACES)
def test_nothing_that_a_person_typed_is_lost(used: Used, place: str) -> None:
    """Valid or junk, in open cells and locked ones, notes, sheets of their own."""
    assert {file: why for file, why in used.lost.items() if file.rpartition("/")[0] == place} == {}


@one_set
def test_no_file_is_taken_away(used: Used) -> None:
    assert used.gone == []


@one_set
def test_a_second_run_changes_nothing_there_either(used: Used) -> None:
    assert used.restless == {" ".join(map(str, command)): [] for command in COMMANDS}
