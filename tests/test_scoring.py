"""Frames of units through the engine, against the oracle and plain sums of whole numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import oracle
import pandas as pd
import pytest
from campaigns import HA_TINH, SET_IDS, TTHC

from parxl.campaign import Exemption, Ruling, Settings, Unit, keys_under
from parxl.criteria import CriteriaSet, load_set
from parxl.diagnosis import diagnose
from parxl.identity import Identity
from parxl.reading.form import FormRead
from parxl.results import not_applicable
from parxl.rules import BLANK, DAMAGED
from parxl.scoring import Scores, blank_inputs, score

SETS = Path(__file__).resolve().parent.parent / "parxl" / "sets"
RAWS = {set_id: oracle.parts(SETS / f"{set_id}.toml") for set_id in SET_IDS}
CRITERIA = {set_id: load_set(set_id) for set_id in SET_IDS}
MAXIMUM = {TTHC: 2025, HA_TINH: 6000}
UNITS = 80
SEED = 52_2019
AWAITING, OUT, WAIVED = "awaiting", "not-applicable", "waived"

Frame = pd.DataFrame


# Frames -------------------------------------------------------------------------------------------


def random_frame(criteria: CriteriaSet, seed: int = SEED) -> Frame:
    """Units that typed mostly sense, and sometimes nothing, nonsense, 0 or contradictions."""
    rng = np.random.default_rng(seed)
    columns: dict[str, Any] = {}
    for _, node, part in criteria.parts:
        whole = np.zeros(UNITS, dtype="int64")
        chosen = rng.integers(0, len(part.rule.inputs), UNITS)
        for place, one in enumerate(part.rule.inputs):
            if one.kind == "mark":
                made = np.where(rng.random(UNITS) < 0.08, 1, chosen == place).astype("int64")
            elif one.id.endswith("a") or one.id == "n":
                whole = made = rng.integers(0, 60, UNITS)
            else:
                made = np.floor(whole * rng.choice([0.1, 0.5, 0.9, 0.96, 1, 1, 1, 1.3], UNITS)).astype("int64")
            odd = rng.choice([BLANK if one.kind == "count" else 0, DAMAGED, 0], UNITS)
            columns[node.input_key(part, one.id)] = np.where(rng.random(UNITS) < 0.07, odd, made)
    return pd.DataFrame(columns, index=[f"u{n:03d}" for n in range(UNITS)])


FRAMES = {set_id: random_frame(CRITERIA[set_id]) for set_id in SET_IDS}


def full_frame(set_id: str, **changes: int) -> Frame:
    """One unit "u" whose every rate is 20/20, first options marked; with changes."""
    criteria = CRITERIA[set_id]
    row = {key: 20 if one.kind == "count" else 0 for key, one in criteria.inputs.items()}
    for _, node, part in criteria.parts:
        for one in part.rule.inputs:
            first = one.id == "1" or part.rule.rule == "checklist"
            if one.kind == "mark" and first:
                row[node.input_key(part, one.id)] = 1
            if one.id == "c":
                row[node.input_key(part, one.id)] = 0
            if one.id == "n":
                row[node.input_key(part, one.id)] = 0 if node.code == "3.1.1" else 100
    assert set(changes) <= set(row)
    return pd.DataFrame([{**row, **changes}], index=["u"])


def campaign(
    units: Iterable[str] = ("u",),
    rulings: Mapping[str, Ruling] | None = None,
    exempt: Iterable[tuple[str, str]] = (),
    survey: Mapping[str, int] | None = None,
) -> Settings:
    return Settings(
        "Đợt",
        2026,
        units=tuple(Unit(code, code) for code in units),
        rulings=dict(rulings or {}),
        exemptions=tuple(Exemption(unit, code, "không có") for unit, code in exempt),
        survey={(unit, "5"): points for unit, points in (survey or {}).items()},
    )


# The same again, naively --------------------------------------------------------------------------


class Expected(NamedTuple):
    """One unit, hundredths: (state, points or None) a part, and what is summed from them."""

    parts: dict[str, tuple[str, int | None]]
    leaves: dict[str, int | None]
    maxima: dict[str, int]
    open_points: dict[str, int]
    groups: dict[str, int | None]


def covers(code: str, key: str) -> bool:
    """Does an exemption of this code take this part key away?"""
    leaf = key.split("/")[0]
    return key == code or leaf == code or leaf.startswith(code + ".")


def expected(set_id: str, unit: str, row: Mapping[str, int], settings: Settings) -> Expected:
    taken = [e.code for e in settings.exemptions if e.unit in ("*", unit)]
    parts = {}
    for key, raw in RAWS[set_id].items():
        state, points = expected_part(set_id, key, raw, row, settings)
        out = any(covers(code, key) for code in taken)
        parts[key] = (OUT, None) if out else (state, points)
    found = Expected(parts, {}, {}, {}, {})
    for node in CRITERIA[set_id].leaves:
        own = {key: value for key, value in parts.items() if key.split("/")[0] == node.code}
        if node.kind == "entered":
            expected_survey(found, node.code, settings, unit, any(covers(code, node.code) for code in taken))
        else:
            expected_leaf(set_id, found, node.code, own)
    for node in CRITERIA[set_id].groups:
        under = [points for code, points in found.leaves.items() if code.startswith(node.code + ".")]
        known = [points for points in under if points is not None]
        found.groups[node.code] = sum(known) if known else None
    return found


def expected_part(
    set_id: str, key: str, raw: dict[str, Any], row: Mapping[str, int], settings: Settings
) -> tuple[str, int | None]:
    full = int(raw["max"] * 100)
    if key in ("2.1.2", "2.1.3") and set_id == HA_TINH and row["2.1.1/a"] == 0:
        return WAIVED, full
    ids = [one.removeprefix(key + "/") for one in row if one.startswith(key + "/")]
    odd: dict[int, oracle.Given] = {BLANK: None, DAMAGED: oracle.BROKEN}
    state, points = oracle.outcome(raw, {i: odd.get(row[f"{key}/{i}"], int(row[f"{key}/{i}"])) for i in ids})
    if state != oracle.ZERO:
        return state, points
    case = raw.get("if_zero", raw.get("none"))
    if case == "guidance" and key in settings.rulings:
        case = settings.rulings[key].treatment
    return {
        "full": (oracle.ZERO, full),
        "zero": (oracle.ZERO, 0),
        "guidance": (AWAITING, None),
        "not-applicable": (OUT, None),
    }[case]


def expected_leaf(set_id: str, found: Expected, code: str, own: dict[str, tuple[str, int | None]]) -> None:
    maxima = {key: int(RAWS[set_id][key]["max"] * 100) for key in own}
    earned = [points for _, points in own.values() if points is not None]
    waiting = [key for key, (state, _) in own.items() if state == AWAITING]
    found.leaves[code] = sum(earned) if earned and not waiting else None
    found.maxima[code] = sum(maxima[key] for key, (state, _) in own.items() if state != OUT)
    found.open_points[code] = sum(maxima[key] for key in waiting) + sum(earned) if waiting else 0


def expected_survey(found: Expected, code: str, settings: Settings, unit: str, out: bool) -> None:
    points = None if out else settings.survey.get((unit, code))
    found.leaves[code] = points
    found.maxima[code] = 0 if out else 2000
    found.open_points[code] = 2000 if points is None and not out else 0


def plain(row: pd.Series) -> dict[str, Any]:
    return {key: None if pd.isna(value) else value for key, value in row.items()}


def compare(set_id: str, frame: Frame, settings: Settings) -> Scores:
    """Score a frame and compare every number of every unit."""
    scores = score(CRITERIA[set_id], frame, settings)
    for unit, row in frame.to_dict("index").items():
        wanted = expected(set_id, str(unit), {str(key): value for key, value in row.items()}, settings)
        assert plain(scores.states.loc[unit]) == {key: state for key, (state, _) in wanted.parts.items()}
        assert plain(scores.parts.loc[unit]) == {key: points for key, (_, points) in wanted.parts.items()}
        assert plain(scores.leaves.loc[unit]) == wanted.leaves
        assert plain(scores.maxima.loc[unit]) == wanted.maxima
        assert plain(scores.open_points.loc[unit]) == wanted.open_points
        assert plain(scores.groups.loc[unit]) == wanted.groups
        assert scores.totals[unit] == sum(points or 0 for points in wanted.leaves.values())
    return scores


def guidance_parts(set_id: str) -> list[str]:
    return [k for k, raw in RAWS[set_id].items() if raw.get("if_zero", raw.get("none")) == "guidance"]


def every_ruling(set_id: str) -> dict[str, Ruling]:
    treatments = ("full", "zero", "not-applicable")
    return {key: Ruling(treatments[n % 3], "CV 1") for n, key in enumerate(guidance_parts(set_id))}


EXEMPT = {
    TTHC: [("*", "3.2.3/huyen"), ("u001", "3"), ("u002", "3.4"), ("u003", "1.6"), ("u003", "3.2.6/xa")],
    HA_TINH: [
        ("*", "1.2"),
        ("u001", "4"),
        ("u002", "2.1"),
        ("u003", "1.4.4.1"),
        ("u004", "5"),
        ("u005", "2.1.1"),
    ],
}
CASES = ["nothing", "rulings", "exempt", "everything"]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("set_id", SET_IDS)
def test_every_score_of_random_units(set_id: str, case: str) -> None:
    frame = FRAMES[set_id]
    settings = campaign(
        frame.index,
        every_ruling(set_id) if case in ("rulings", "everything") else None,
        EXEMPT[set_id] if case in ("exempt", "everything") else (),
        {f"u{n:03d}": n * 10 for n in range(0, UNITS, 2)} if case == "everything" else None,
    )
    scores = compare(set_id, frame, settings)
    if case == "nothing":
        seen = set(scores.states.to_numpy().ravel())
        assert {"scored", "missing", "contradictory", "damaged", AWAITING} <= seen


@pytest.mark.parametrize("set_id", SET_IDS)
def test_blank_forms_earn_nothing_and_keep_their_maximum(set_id: str) -> None:
    scores = compare(set_id, blank_inputs(CRITERIA[set_id], ["u", "v"]), campaign(["u", "v"]))
    assert scores.leaves.drop(columns="5", errors="ignore").fillna(0).to_numpy().sum() == 0
    assert scores.maxima.sum(axis=1).to_list() == [MAXIMUM[set_id]] * 2


@pytest.mark.parametrize("set_id", SET_IDS)
def test_full_marks_are_the_maximum(set_id: str) -> None:
    scores = compare(set_id, full_frame(set_id), campaign(survey={"u": 2000}))
    assert scores.leaves.loc["u"].sum() == scores.maxima.loc["u"].sum() == MAXIMUM[set_id]
    areas = [area.code for area in CRITERIA[set_id].areas if area.code in scores.groups]
    printed = {TTHC: [150, 1350, 525], HA_TINH: [950, 750, 1100, 1200]}[set_id]
    assert scores.groups.loc["u", areas].to_list() == printed


def test_no_units_no_scores() -> None:
    scores = score(CRITERIA[TTHC], blank_inputs(CRITERIA[TTHC], []), campaign([]))
    assert scores.leaves.shape == (0, 28)


# 2.1 of Hà Tĩnh -----------------------------------------------------------------------------------


def waiver_frame() -> Frame:
    """Everything that may stand in 2.1, in all combinations."""
    counts = [BLANK, DAMAGED, 0, 3]
    marks = [DAMAGED, 0, 1]
    rows = [
        {"2.1.1/a": a, "2.1.1/b": b, "2.1.2/1": one, "2.1.2/2": two, "2.1.3/a": c, "2.1.3/b": d}
        for a, b, one, two, c, d in product([BLANK, DAMAGED, 0, 5], counts, marks, marks, counts, counts)
    ]
    base = full_frame(HA_TINH).iloc[0].to_dict()
    return pd.DataFrame([{**base, **row} for row in rows], index=[f"w{n}" for n in range(len(rows))])


def test_nothing_assigned_gives_the_whole_group_its_points() -> None:
    frame = waiver_frame()
    scores = score(CRITERIA[HA_TINH], frame)
    waived = frame["2.1.1/a"] == 0
    assert set(scores.groups.loc[waived, "2.1"]) == {_full_2_1()}
    assert set(scores.states.loc[waived, ["2.1.2", "2.1.3"]].to_numpy().ravel()) == {WAIVED}
    assert WAIVED not in set(scores.states.loc[~waived].to_numpy().ravel())
    sample = frame.sample(120, random_state=1)
    compare(HA_TINH, sample, campaign(sample.index))


def _full_2_1() -> int:
    return sum(int(RAWS[HA_TINH][key]["max"] * 100) for key in ("2.1.1", "2.1.2", "2.1.3"))


def form_of(criteria: CriteriaSet, row: Mapping[str, int]) -> FormRead:
    """A form in which every criterion has its evidence."""
    inputs = {str(key): int(value) for key, value in row.items()}
    return FormRead(
        identity=Identity("form", "", "", "", "", "u", ""),
        submission=1,
        inputs=inputs,
        sheet_inputs=inputs,
        evidence={node.code: "Văn bản số 1" for node in criteria.leaves},
        self_scores={},
        self_total=None,
        sheet="Phiếu",
        typed=inputs,
        cells=dict.fromkeys((*inputs, *criteria.by_code), "D1"),
    )


def found_codes(set_id: str, frame: Frame, settings: Settings | None = None) -> list[tuple[str, str | None]]:
    """(code, criterion) of every finding on every unit of a frame."""
    settings = settings or campaign(frame.index, survey=dict.fromkeys(frame.index, 0))
    scores = score(CRITERIA[set_id], frame, settings)
    found = []
    for unit in frame.index:
        found += diagnose(
            CRITERIA[set_id], settings, scores, form_of(CRITERIA[set_id], frame.loc[unit]), "f.xlsx", unit
        )
    assert all(one.message and "{" not in one.message for one in found)
    return [(one.code, one.criterion) for one in found]


@pytest.mark.parametrize(
    ("typed", "warned"),
    [
        ({"2.1.3/a": 0, "2.1.3/b": 0}, []),
        ({"2.1.3/a": BLANK, "2.1.3/b": BLANK, "2.1.2/1": 0}, []),
        ({"2.1.3/a": 3, "2.1.3/b": 0}, ["2.1.3"]),
        ({"2.1.3/a": 0, "2.1.3/b": 0, "2.1.2/1": 0, "2.1.2/2": 1}, ["2.1.2"]),
        ({"2.1.3/a": 3, "2.1.3/b": 9, "2.1.2/2": 1}, ["2.1.2", "2.1.3"]),
    ],
)
def test_what_contradicts_nothing_assigned_is_warned(typed: dict[str, int], warned: list[str]) -> None:
    frame = full_frame(HA_TINH, **{"2.1.1/a": 0, "2.1.1/b": 0, **typed})
    assert found_codes(HA_TINH, frame) == [("PX505", code) for code in warned]


# Findings of the engine ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("set_id", "typed", "found"),
    [
        (TTHC, {}, []),
        (TTHC, {"1.6/a": BLANK}, [("PX501", "1.6")]),
        (TTHC, {"1.6/c": BLANK}, [("PX503", "1.6")]),
        (TTHC, {"1.6/b": 21}, [("PX502", "1.6")]),
        (TTHC, {"1.6/c": 1}, [("PX502", "1.6")]),
        (TTHC, {"1.6/a": 0}, [("PX504", "1.6")]),
        (TTHC, {"1.6/a": DAMAGED}, []),
        (TTHC, {"3.2.1/1": 0}, [("PX509", "3.2.1")]),
        (TTHC, {"3.2.1/2": 1}, [("PX502", "3.2.1")]),
        (TTHC, {"3.4.4/1": 0, "3.4.4/none": 1}, [("PX504", "3.4.4")]),
        (TTHC, {"3.2.3/huyen/b": 21}, [("PX502", "3.2.3/huyen")]),
        (TTHC, {"3.1.1/n": BLANK}, [("PX501", "3.1.1")]),
        (TTHC, {"3.4.4/1": 0, "3.4.4/none": 1, "3.4.2/b": 19}, [("PX504", "3.4.4"), ("PX506", "3.4.4")]),
        (HA_TINH, {"3.2.2/a": 0, "3.3/b": 19}, [("PX506", "3.2.2")]),
        (HA_TINH, {"2.3.2/a": 0, "2.3.1/b": 0}, [("PX506", "2.3.2")]),
        (HA_TINH, {"1.3/q1": 0}, []),
    ],
)
def test_findings_say_what_is_missing_or_at_odds(
    set_id: str, typed: dict[str, int], found: list[tuple[str, str]]
) -> None:
    assert found_codes(set_id, full_frame(set_id, **typed)) == found


def test_findings_on_random_units_are_always_whole() -> None:
    for set_id, frame in FRAMES.items():
        codes = {code for code, _ in found_codes(set_id, frame)}
        assert {"PX501", "PX502", "PX504", "PX509"} <= codes
        assert codes <= {f"PX50{n}" for n in range(1, 10)}


# Rulings and exemptions ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("treatment", "points", "maximum"), [("full", 75, 75), ("zero", 50, 75), ("not-applicable", 50, 50)]
)
def test_a_ruling_on_one_part(treatment: Any, points: int, maximum: int) -> None:
    frame = full_frame(TTHC, **{"3.2.3/huyen/a": 0})
    scores = compare(TTHC, frame, campaign(rulings={"3.2.3/huyen": Ruling(treatment, "CV 1")}))
    assert scores.leaves.loc["u", "3.2.3"] == points
    assert scores.maxima.loc["u", "3.2.3"] == maximum
    assert scores.open_points.loc["u"].sum() == 0


@pytest.mark.parametrize(
    ("treatment", "points", "maximum"), [("full", 25, 25), ("zero", 0, 25), ("not-applicable", None, 0)]
)
def test_a_ruling_on_nothing_of_the_kind(treatment: Any, points: int | None, maximum: int) -> None:
    frame = full_frame(TTHC, **{"3.4.4/1": 0, "3.4.4/none": 1})
    settings = campaign(rulings={"3.4.4": Ruling(treatment)})
    scores = compare(TTHC, frame, settings)
    assert plain(scores.leaves.loc["u"])["3.4.4"] == points
    assert scores.maxima.loc["u", "3.4.4"] == maximum
    assert found_codes(TTHC, frame, settings) == []


def test_a_ruling_never_touches_what_is_scored() -> None:
    rulings = {key: Ruling("zero") for key in guidance_parts(TTHC)}
    full = score(CRITERIA[TTHC], full_frame(TTHC), campaign(rulings=rulings))
    assert full.leaves.loc["u"].sum() == 2025


DISTRICT = ["3.2.3/huyen", "3.2.5/huyen", "3.2.6/huyen", "3.3.1/huyen", "3.4.2", "3.4.5/huyen"]


def test_a_province_without_districts_has_17_25_points() -> None:
    settings = campaign(exempt=[("u", code) for code in DISTRICT])
    scores = compare(TTHC, full_frame(TTHC), settings)
    assert scores.maxima.loc["u"].sum() == scores.leaves.loc["u"].sum() == 1725
    blank = {key: BLANK for key in FRAMES[TTHC] if any(key.startswith(code + "/") for code in DISTRICT)}
    scores = compare(TTHC, full_frame(TTHC, **blank), settings)
    assert scores.maxima.loc["u"].sum() == scores.leaves.loc["u"].sum() == 1725


@pytest.mark.parametrize(
    ("set_id", "code", "lost"),
    [
        (TTHC, "3", 1350),
        (TTHC, "3.4", 500),
        (TTHC, "3.4.5", 75),
        (TTHC, "3.4.5/xa", 25),
        (TTHC, "7.1.7", 75),
        (TTHC, "7.1", 375),
        (TTHC, "7.1.1", 0),
        (HA_TINH, "4", 1200),
        (HA_TINH, "5", 2000),
        (HA_TINH, "3.3", 300),
    ],
)
@pytest.mark.parametrize("unit", ["u", "*"])
def test_an_exemption_leaves_points_and_maximum(set_id: str, code: str, lost: int, unit: str) -> None:
    settings = campaign("uv", exempt=[(unit, code)], survey={"u": 2000, "v": 2000})
    one = full_frame(set_id)
    scores = compare(set_id, pd.concat([one, one.set_axis(["v"])]), settings)
    left, whole = MAXIMUM[set_id] - lost, MAXIMUM[set_id]
    wanted = [left, whole if unit == "u" else left]
    assert scores.maxima.sum(axis=1).to_list() == scores.leaves.sum(axis=1).to_list() == wanted
    assert bool(keys_under(CRITERIA[set_id], code)) == bool(lost)


def test_typed_figures_of_what_does_not_apply_are_noted() -> None:
    settings = campaign(exempt=[("*", "3.4.5/xa")])
    assert found_codes(TTHC, full_frame(TTHC), settings) == [("PX507", "3.4.5/xa")]
    typed = {"3.4.5/xa/a": BLANK, "3.4.5/xa/b": BLANK}
    assert found_codes(TTHC, full_frame(TTHC, **typed), settings) == []


def test_a_broken_figure_of_what_does_not_apply_costs_nothing() -> None:
    frame = full_frame(TTHC, **{"3.4.5/xa/a": DAMAGED})
    scores = compare(TTHC, frame, campaign(exempt=[("*", "3.4.5/xa")]))
    assert scores.leaves.loc["u", "3.4.5"] == 50


# Null and zero ------------------------------------------------------------------------------------


def test_one_part_awaiting_makes_the_criterion_null() -> None:
    scores = compare(TTHC, full_frame(TTHC, **{"3.2.3/xa/a": 0}), campaign())
    assert plain(scores.leaves.loc["u"])["3.2.3"] is None
    assert scores.maxima.loc["u"].sum() == 2025
    assert scores.leaves.loc["u"].sum() == 1950
    assert scores.open_points.loc["u", "3.2.3"] == 75
    assert scores.groups.loc["u", "3.2"] == 350 - 75


@pytest.mark.parametrize("value", [DAMAGED, BLANK, 21])
def test_one_part_spoiled_costs_that_part(value: int) -> None:
    scores = compare(TTHC, full_frame(TTHC, **{"3.2.3/xa/b": value}), campaign())
    assert scores.leaves.loc["u", "3.2.3"] == 50
    assert scores.leaves.loc["u"].sum() == 2000
    assert scores.open_points.loc["u"].sum() == 0


@pytest.mark.parametrize(
    ("survey", "points"), [({}, None), ({"u": 0}, 0), ({"u": 1875}, 1875), ({"v": 1}, None)]
)
def test_the_survey(survey: dict[str, int], points: int | None) -> None:
    settings = campaign(survey=survey)
    scores = compare(HA_TINH, full_frame(HA_TINH), settings)
    assert plain(scores.leaves.loc["u"])["5"] == points
    assert scores.maxima.loc["u"].sum() == 6000
    wanted = [] if points is not None else [("PX508", "5")]
    assert found_codes(HA_TINH, full_frame(HA_TINH), settings) == wanted


# Units never touch each other ---------------------------------------------------------------------


@pytest.mark.parametrize("set_id", SET_IDS)
def test_neither_order_nor_company_changes_a_score(set_id: str) -> None:
    frame = FRAMES[set_id]
    settings = campaign(frame.index, every_ruling(set_id), EXEMPT[set_id], {"u000": 5})
    whole = score(CRITERIA[set_id], frame, settings)
    shuffled = score(CRITERIA[set_id], frame.sample(frac=1, random_state=7), settings)
    alone = [score(CRITERIA[set_id], frame.loc[[unit]], settings) for unit in frame.index[:4]]
    for name in Scores.__dataclass_fields__:
        table = getattr(whole, name)
        pd.testing.assert_frame_equal(getattr(shuffled, name).loc[table.index], table)
        for part in alone:
            one = getattr(part, name)
            pd.testing.assert_frame_equal(one, table.loc[one.index])


def test_what_does_not_apply_is_named_by_leaf_or_part() -> None:
    class Drawn(NamedTuple):
        criteria: CriteriaSet
        settings: Settings
        scores: Scores

    exempt = [("u", "3.4.5"), ("u", "3.2.3/xa"), ("u", "1")]
    settings = campaign(exempt=exempt, rulings={"3.1.2": Ruling("not-applicable")})
    scores = score(CRITERIA[TTHC], full_frame(TTHC, **{"3.1.2/a": 0}), settings)
    drawn: Any = Drawn(CRITERIA[TTHC], settings, scores)
    assert not_applicable(drawn, "u") == ["1.6", "3.1.2", "3.2.3/xa", "3.4.5"]
