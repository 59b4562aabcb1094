"""What the council decided, merged from many hands, and the final scores."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from campaigns import HA_TINH, TTHC, full_answers
from hypothesis import given
from hypothesis import strategies as st

from parxl.appraisal import FIRST, SECOND, Answer, Appraisal, as_typed, checked, finals, merge, typed_units
from parxl.campaign import Exemption, Settings
from parxl.criteria import load_set
from parxl.desk import appraised, appraised_areas, parse_key, row_key
from parxl.scoring import Scores, blank_inputs, blank_row, score

CRITERIA = load_set(TTHC)
LEAVES = [node.code for node in CRITERIA.leaves]
UNITS = ["a", "b", "c"]
CODE = LEAVES[0]
TOP = CRITERIA.units(CRITERIA.leaves[0].max)


def answer(points: int | None = 10, reason: str = "vì", **more: Any) -> Answer:
    values = {
        "number": FIRST,
        "unit": "a",
        "code": CODE,
        "computed": TOP,
        "file": "t.xlsx",
        "cell": "N7",
    } | more
    return Answer(points=points, reason=reason, sheet="Thẩm định", **values)


def scores(settings: Settings | None = None) -> Scores:
    """Full marks for every unit."""
    row = blank_row(CRITERIA)
    for key, value in full_answers(CRITERIA).items():
        row[key] = 1 if value == "x" else row[key] if value is None else int(str(value))
    return score(CRITERIA, pd.DataFrame([row] * len(UNITS), index=UNITS, dtype="int64"), settings)


SCORES = scores()

# One answer a question ----------------------------------------------------------------------------


def test_the_same_score_by_two_hands_keeps_both_reasons() -> None:
    hands = [
        answer(reason="thiếu kế hoạch", file="1.xlsx"),
        answer(reason="chậm", file="2.xlsx"),
        answer(None, "x"),
    ]
    found = merge(hands, 2)
    assert found.findings == ()
    (one,) = found.answers.values()
    assert (one.points, one.reason, one.file) == (10, "thiếu kế hoạch; chậm; x", "1.xlsx")


def test_two_different_scores_are_a_conflict_named_at_both_places() -> None:
    found = merge([answer(10, file="1.xlsx"), answer(20, file="2.xlsx", cell="N9"), answer(5, unit="b")], 2)
    assert list(found.answers) == [(1, "b", CODE)]
    assert [(f.code, f.file, f.cell, f.criterion) for f in found.findings] == [
        ("PX705", "1.xlsx", "N7", CODE),
        ("PX705", "2.xlsx", "N9", CODE),
    ]
    assert "1.xlsx ô N7: 0,10; 2.xlsx ô N9: 0,20" in found.findings[0].message


def test_two_rounds_are_two_questions() -> None:
    found = merge([answer(10), answer(20, number=SECOND)], 2)
    assert found.findings == ()
    assert len(found.answers) == 2


answers = st.builds(
    answer,
    points=st.none() | st.integers(0, 3),
    reason=st.sampled_from(["", "vì", "thiếu"]),
    number=st.sampled_from([FIRST, SECOND]),
    unit=st.sampled_from(UNITS),
    code=st.sampled_from(LEAVES[:3]),
    file=st.sampled_from(["1.xlsx", "2.xlsx"]),
)


@given(st.lists(answers, max_size=12))
def test_every_answer_is_taken_or_told(given_answers: list[Answer]) -> None:
    found = merge(given_answers, 2)
    told = {(f.file, f.cell, f.criterion) for f in found.findings}
    for one in given_answers:
        others = {o.points for o in given_answers if o.key == one.key and o.points is not None}
        taken = found.answers.get(one.key)
        if len(others) > 1:
            assert taken is None
            assert one.points is None or (one.file, one.cell, one.code) in told
        else:
            assert taken is not None
            assert taken.points == next(iter(others), None)
            assert one.reason in taken.reason


# Final scores -------------------------------------------------------------------------------------


@given(st.lists(answers, max_size=12))
def test_final_is_second_else_first_else_computed(given_answers: list[Answer]) -> None:
    appraisal = merge(given_answers, 2)
    found = finals(CRITERIA, SCORES, appraisal)
    for unit in UNITS:
        for code in LEAVES[:4]:
            second, first = (appraisal.answers.get((number, unit, code)) for number in (SECOND, FIRST))
            given_points = [
                (one.points, one.number) for one in (second, first) if one and one.points is not None
            ]
            wanted = given_points[0] if given_points else (SCORES.leaves.loc[unit, code], 0)
            assert (found.leaves.loc[unit, code], found.rounds.loc[unit, code]) == wanted
            assert pd.isna(found.appraised.loc[unit, code]) == (not given_points)


def test_groups_and_areas_sum_the_final_scores() -> None:
    found = finals(CRITERIA, SCORES, merge([answer(0)], 2))
    for group in CRITERIA.groups:
        own = [node.code for node in CRITERIA.under(group.code)]
        assert found.groups.loc["a", group.code] == sum(found.leaves.loc["a", code] for code in own)
    area = CRITERIA.areas[0].code
    assert SCORES.groups.loc["a", area] - found.groups.loc["a", area] == TOP


def test_what_awaits_guidance_awaits_nothing_once_it_is_appraised() -> None:
    code = next(n.code for n in CRITERIA.leaves if any(p.rule.zero_case == "guidance" for p in n.parts))
    node = CRITERIA.by_code[code]
    row = {k: 0 if k.startswith(f"{code}/") else v for k, v in blank_row(CRITERIA).items()}
    waits = score(CRITERIA, pd.DataFrame([row], index=["a"], dtype="int64"))
    assert pd.isna(waits.leaves.loc["a", code])
    found = finals(CRITERIA, waits, merge([answer(7, code=code)], 2))
    assert (found.leaves.loc["a", code], found.open_points.loc["a", code]) == (7, 0)
    assert waits.open_points.loc["a", code] == CRITERIA.units(node.max)


def test_what_does_not_apply_has_no_final_score() -> None:
    exempt = scores(Settings("đợt", 2026, exemptions=(Exemption("a", CODE),)))
    found = finals(CRITERIA, exempt, merge([answer(7)], 2))
    assert pd.isna(found.leaves.loc["a", CODE])
    assert found.leaves.loc["b", CODE] == TOP


def test_nothing_appraised_changes_nothing() -> None:
    found = finals(CRITERIA, SCORES, Appraisal())
    assert found.leaves.equals(SCORES.leaves)
    assert found.groups.equals(SCORES.groups)


@pytest.mark.parametrize("units", [UNITS, []])
def test_no_answer_is_as_good_as_a_remark(units: list[str]) -> None:
    """Without any answer frames are shared: they must say what those say that are made anew."""
    of = score(CRITERIA, blank_inputs(CRITERIA, units))
    none, remark = finals(CRITERIA, of, Appraisal()), finals(CRITERIA, of, merge([answer(None)], 2))
    for one in fields(none):
        pd.testing.assert_frame_equal(getattr(none, one.name), getattr(remark, one.name))


# Answers and today's scores -----------------------------------------------------------------------


def told(one: Answer, now: Scores = SCORES) -> tuple[bool, list[str]]:
    """(is it kept?, codes of what is told)."""
    kept, findings = checked([one], now, 2)
    return kept == (one,), [found.code for found in findings]


def test_answers_against_today_s_scores() -> None:
    exempt = scores(Settings("đợt", 2026, exemptions=(Exemption("a", CODE),)))
    assert told(answer()) == (True, [])
    assert told(answer(computed=None)) == (True, ["PX706"])
    assert told(answer(computed=TOP - 1)) == (True, ["PX706"])
    assert told(answer(None, computed=TOP - 1)) == (True, [])
    assert told(answer(unit="x")) == (True, ["PX707"])
    assert told(answer(), exempt) == (True, ["PX710"])


def test_more_than_the_unit_s_own_maximum_is_not_taken() -> None:
    node = next(n for n in CRITERIA.leaves if len(n.parts) > 1)
    one = answer(CRITERIA.units(node.max), code=node.code, computed=CRITERIA.units(node.max))
    assert told(one) == (True, [])
    less = scores(Settings("đợt", 2026, exemptions=(Exemption("a", node.key(node.parts[0])),)))
    assert told(one, less) == (False, ["PX709"])


# What a score is ----------------------------------------------------------------------------------


@given(st.integers(0, 10**6), st.integers(0, 4), st.integers(-3, 3))
def test_typed_units_against_whole_numbers(units: int, decimals: int, noise: int) -> None:
    number = float(Decimal(units).scaleb(-decimals))
    # The last bits of a double, which no sheet shows.
    number += noise * number * 2.0**-53
    assert typed_units(as_typed(number), 10**6, decimals) == units


@pytest.mark.parametrize("text", ["-0.01", "1.01", "0.005", "0.999", "1e9"])
def test_what_is_no_score(text: str) -> None:
    assert typed_units(Decimal(text), 100, 2) is None


@given(st.text("abc-._9", min_size=1), st.sampled_from(LEAVES))
def test_a_row_key_comes_back(unit: str, code: str) -> None:
    assert parse_key(row_key(unit, code)) == (unit, code)


def test_only_what_agencies_answer_for_is_appraised() -> None:
    ha_tinh = load_set(HA_TINH)
    assert [area.code for area in appraised_areas(ha_tinh)] == ["1", "2", "3", "4"]
    listed = [node.code for area in appraised_areas(ha_tinh) for node in appraised(ha_tinh, area)]
    assert listed == [node.code for node in ha_tinh.leaves if node.kind == "leaf"]
