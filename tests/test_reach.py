"""The smallest change that earns more: every rule kind against all changes there are, and its words.

For small totals every allowed change is tried and scored by the oracle in ``tests/oracle.py``; large
totals are held by their neighbours. Rules: those of both sets, and made-up ones that no decision would
print (points that fall while the rate rises, formulas that stop rising below their own band).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import oracle
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from parxl.criteria import load_set
from parxl.rules import BLANK, DAMAGED, RULE_KINDS, AnyRule, Rule, State
from parxl.rules.lines import counted, unpriced

SETS = Path(__file__).resolve().parent.parent / "parxl" / "sets"
TOP = 10**9
AS_GIVEN: dict[int, oracle.Given] = {BLANK: None, DAMAGED: oracle.BROKEN}
MOST = {"count": 60, "ratio": 40, "weighted": 12, "tiers": 7}  # the largest totals that are tried through
RULES: TypeAdapter[Any] = TypeAdapter(AnyRule)

Raw = dict[str, Any]
Row = dict[str, int]

properties = settings(max_examples=200, deadline=None, database=None)


class Case(NamedTuple):
    """A rule, and the same as plain data for the oracle."""

    name: str
    raw: Raw
    rule: Rule


def real_cases() -> list[Case]:
    found = []
    for set_id in ("par-index-tthc-2022", "ha-tinh-2019-iv"):
        raws = oracle.parts(SETS / f"{set_id}.toml")
        found += [Case(f"{set_id}:{at.key}", raws[at.key], at.part.rule) for at in load_set(set_id).parts]
    return found


REAL = real_cases()
BY_NAME = {case.name: case for case in REAL}


def lines(raw: Raw, kind: str) -> list[Raw]:
    return [line for line in raw["lines"] if line["kind"] == kind]


# Made-up rules ------------------------------------------------------------------------------------

POINTS = st.sampled_from([Decimal(p) for p in ("0", "0.25", "0.33", "0.5", "1", "1.5")])
STARTS = st.sampled_from([Decimal(s) for s in ("10", "33.3", "50", "62.5", "80", "95", "100")])


def made(rule: str, wanted: list[Raw], **more: str) -> Case:
    printed = [{"text": f"{line['kind']} {k}", **line} for k, line in enumerate(wanted)]
    raw = {"rule": rule, "lines": printed, **more}
    return Case(f"made-up {rule}", raw, RULES.validate_python({**raw, "decimals": 2, "max": 9}))


def inputs_of(*ids: str, decimals: int = 0) -> list[Raw]:
    return [{"kind": "input", "id": i, "decimals": decimals} for i in ids]


@st.composite
def made_ratio(draw: st.DrawFn) -> Case:
    bands = []
    for start in [*draw(st.lists(STARTS, max_size=4, unique=True)), Decimal(0)]:
        at = draw(st.none() | STARTS)
        bands.append({"kind": "band", "from": start, "points": draw(POINTS)} | ({"at": at} if at else {}))
    decimals = draw(st.integers(0, 1))
    return made("ratio", [*inputs_of("a", "b", decimals=decimals), *bands], if_zero="full")


@st.composite
def made_count(draw: st.DrawFn) -> Case:
    starts = [0, *draw(st.lists(st.integers(1, MOST["count"] - 1), max_size=4, unique=True))]
    bands = [{"kind": "band", "from": start, "points": draw(POINTS)} for start in starts]
    return made("count", [*inputs_of("n"), *bands])


@st.composite
def made_weighted(draw: st.DrawFn) -> Case:
    terms = [{"kind": "term", "input": i, "points": draw(POINTS)} for i in ("b", "c")]
    return made("weighted", [*inputs_of("a", "b", "c"), *terms], if_zero="full")


@st.composite
def made_choice(draw: st.DrawFn) -> Case:
    options = [{"kind": "option", "points": p} for p in draw(st.lists(POINTS, min_size=2, max_size=4))]
    none = draw(st.booleans())
    more = {"none": "full"} if none else {}
    return made("choice", [*options, *([{"kind": "none"}] if none else [])], **more)


@st.composite
def made_checklist(draw: st.DrawFn) -> Case:
    points = draw(st.lists(POINTS, min_size=1, max_size=5))
    return made("checklist", [{"kind": "item", "id": f"i{k}", "points": p} for k, p in enumerate(points)])


@st.composite
def made_tiers(draw: st.DrawFn) -> Case:
    options = draw(st.sampled_from([0, 2]))
    rate = st.builds(
        lambda pair, start: {"kind": "rate", "a": f"{pair}/a", "b": f"{pair}/b", "from": start},
        st.sampled_from("xy"),
        STARTS,
    )
    mark = st.builds(lambda k: {"kind": "mark", "option": k}, st.integers(1, 2))
    first = [draw(rate), *draw(st.lists(rate | mark if options else rate, max_size=2))]
    later = draw(st.lists(st.lists(rate | mark if options else rate, min_size=1, max_size=2), max_size=2))
    # Points apart: for the oracle nothing hinges on which of two equal tiers holds.
    points = draw(st.permutations(["0", "0.25", "0.33", "1"]))
    tiers = [
        {"kind": "tier", "points": Decimal(p), "when": when}
        for p, when in zip(points, [first, *later, []], strict=False)
    ]
    named = {c["a"][0] for tier in tiers for c in tier["when"] if c["kind"] == "rate"}
    counts = inputs_of(*(f"{pair}/{i}" for pair in sorted(named) for i in "ab"))
    return made("tiers", [{"kind": "option", "points": 0}] * options + counts + tiers, if_zero="full")


MADE = {
    "choice": made_choice(),
    "ratio": made_ratio(),
    "count": made_count(),
    "weighted": made_weighted(),
    "tiers": made_tiers(),
    "checklist": made_checklist(),
}


def any_case(kind: str) -> st.SearchStrategy[Case]:
    return MADE[kind] | st.sampled_from([case for case in REAL if case.rule.rule == kind])


any_kind = st.sampled_from(RULE_KINDS)
any_rule = any_kind.flatmap(any_case)
any_target = st.integers(0, 160) | st.sampled_from([1, 25, 50, 100, 150])
any_mark = st.sampled_from([0, 0, 1, 1, DAMAGED])


@st.composite
def rows(draw: st.DrawFn, rule: Rule, totals: st.SearchStrategy[int]) -> Row:
    """Anything typed beside these totals: blanks, damage, too much."""
    row: Row = {}
    for i in rule.inputs:
        if i.kind == "mark":
            row[i.id] = draw(any_mark)
        elif i.id[-1] == "a":
            row[i.id] = draw(totals)
        else:
            row[i.id] = draw(st.integers(DAMAGED, MOST[rule.rule] + 3))
    return row


# Every change there is ----------------------------------------------------------------------------


def single_marks(ids: list[str]) -> list[Row]:
    return [{i: int(i == marked) for i in ids} for marked in ids]


def shares_of(raw: Raw, row: Row) -> list[list[Row]]:
    pairs = [(i["id"], f"{i['id'][:-1]}b") for i in lines(raw, "input") if i["id"][-1] == "a"]
    return [[{b: n} for n in range(row[a] + 1)] if row[a] else [{b: row[b]}] for a, b in pairs]


def spaces(raw: Raw, row: Row) -> list[list[Row]]:
    """What each input, or each group of them, may become."""
    options = [str(k) for k, _ in enumerate(lines(raw, "option"), start=1)]
    if raw["rule"] == "choice":
        return [[{"none": 0} if "none" in row else {}], single_marks(options)]
    if raw["rule"] == "checklist":
        return [[{item["id"]: 0}, {item["id"]: 1}] for item in lines(raw, "item")]
    if raw["rule"] == "count":
        return [[{"n": n} for n in range(MOST["count"] + 9)]]
    if raw["rule"] == "weighted":
        return [[{i: n} for n in range(row["a"] + 1)] for i in ("b", "c")]
    return [*([single_marks(options)] if options else []), *shares_of(raw, row)]


def allowed(raw: Raw, row: Row) -> Iterator[Row]:
    """Every way to fill in the part with the totals that it has."""
    for chosen in product(*spaces(raw, row)):
        yield {**row, **{i: value for part in chosen for i, value in part.items()}}


def outcome(raw: Raw, row: Row) -> oracle.Outcome:
    return oracle.outcome(raw, {i: AS_GIVEN.get(value, value) for i, value in row.items()})


def moved(row: Row, new: Row) -> int:
    """Cases and marks that are not where they were."""
    counts = [i for i in row if i[-1] in "bcn" and i != "none"]
    steps = [new[i] - max(row[i], 0) for i in counts if new[i] >= 0]
    marks = sum(row[i] != new[i] for i in row if i not in counts and i[-1] != "a")
    return marks + sum(abs(step) for step in steps)


def moved_cases(row: Row, new: Row) -> int:
    """Of a weighted sum: a case that goes from c to b is one case."""
    old, now = ({i: max(v[i], 0) for i in "bc"} for v in (row, new))
    steps = [now[i] - old[i] for i in "bc"]
    return sum(max(step, 0) for step in [*steps, -sum(steps)])


def order(raw: Raw, row: Row, new: Row) -> tuple[int, ...]:
    """The smaller, the better: cost first."""
    state, units = outcome(raw, new)
    assert state == oracle.SCORED
    if raw["rule"] == "choice":
        return moved(row, new), units
    if raw["rule"] == "checklist":
        return moved(row, new), sum(new.values()), units
    return (moved_cases if raw["rule"] == "weighted" else moved)(row, new), -units


def best_order(raw: Raw, row: Row, target: int) -> tuple[int, ...] | None:
    scored = [(new, *outcome(raw, new)) for new in allowed(raw, row)]
    enough = [new for new, state, units in scored if state == oracle.SCORED and units >= target]
    return min((order(raw, row, new) for new in enough), default=None)


def ours(rule: Rule, row: Row) -> tuple[str, int]:
    got = rule.outcome(pd.DataFrame([row], dtype="int64"))
    return str(got["state"].iloc[0]), int(got["points"].iloc[0])


@pytest.mark.parametrize("kind", RULE_KINDS)
def test_no_change_is_smaller(kind: str) -> None:
    @properties
    @given(data=st.data(), case=any_case(kind), target=any_target)
    def check(data: st.DataObject, case: Case, target: int) -> None:
        row = data.draw(rows(case.rule, st.integers(1, MOST.get(kind, 1))))
        changes = case.rule.reach(row, target)
        expected = best_order(case.raw, row, target)
        if changes is None:
            assert expected is None
        else:
            assert order(case.raw, row, {**row, **changes}) == expected

    check()


@properties
@given(data=st.data(), case=MADE["tiers"], target=any_target)
def test_no_change_is_smaller_where_a_later_total_is_zero(data: st.DataObject, case: Case, target: int) -> None:
    row = data.draw(rows(case.rule, st.integers(0, MOST["tiers"])))
    first = next(c["a"] for tier in lines(case.raw, "tier") for c in tier["when"] if c["kind"] == "rate")
    changes = case.rule.reach(row, target)
    expected = best_order(case.raw, row, target) if row[first] else None
    assert (changes is None) == (expected is None)
    if changes is not None:
        assert order(case.raw, row, {**row, **changes}) == expected


@properties
@given(data=st.data(), case=any_rule, target=any_target)
def test_whatever_was_typed_the_change_keeps_its_promise(data: st.DataObject, case: Case, target: int) -> None:
    row = data.draw(rows(case.rule, st.integers(DAMAGED, 20) | st.integers(1, TOP)))
    changes = case.rule.reach(row, target)
    if changes is None:
        return
    state, units = ours(case.rule, {**row, **changes})
    assert (state, units) == outcome(case.raw, {**row, **changes})
    assert state == State.SCORED
    assert units >= target
    assert all(row[i] != value for i, value in changes.items())
    assert all(row[i] < 0 for i in changes if i[-1] == "a"), "a total that can be read stays"


@properties
@given(data=st.data(), case=st.sampled_from(REAL))
def test_every_real_rule_can_be_brought_to_its_maximum(data: st.DataObject, case: Case) -> None:
    row = data.draw(rows(case.rule, st.sampled_from([BLANK, DAMAGED]) | st.integers(1, TOP)))
    changes = case.rule.reach(row, case.rule.max_units)
    assert changes is not None
    assert ours(case.rule, {**row, **changes}) == (State.SCORED, case.rule.max_units)


@properties
@given(data=st.data(), case=any_rule)
def test_what_is_earned_already_needs_no_change(data: st.DataObject, case: Case) -> None:
    row = data.draw(rows(case.rule, st.integers(1, 20)))
    state, units = ours(case.rule, row)
    if state == State.SCORED:
        assert case.rule.reach(row, units) == {}
        assert case.rule.reach(row, case.rule.units(case.rule.best()) + 1) is None


# Large totals -------------------------------------------------------------------------------------


@properties
@given(
    case=st.sampled_from([case for case in REAL if case.rule.rule == "ratio"]),
    a=st.integers(1, TOP) | st.integers(1, 10_000),
    data=st.data(),
)
def test_one_case_fewer_is_not_enough(case: Case, a: int, data: st.DataObject) -> None:
    b = data.draw(st.integers(0, a))
    earned = outcome(case.raw, {"a": a, "b": b})[1]
    changes = case.rule.reach({"a": a, "b": b}, earned + 1)
    if earned == case.rule.max_units:
        assert changes is None
        return
    assert changes is not None
    assert outcome(case.raw, {"a": a, **changes})[1] > earned
    assert outcome(case.raw, {"a": a, "b": changes["b"] - 1})[1] <= earned


@properties
@given(
    case=st.sampled_from([case for case in REAL if case.rule.rule == "weighted"]),
    a=st.integers(1, TOP),
    data=st.data(),
)
def test_one_moved_case_fewer_is_not_enough(case: Case, a: int, data: st.DataObject) -> None:
    b = data.draw(st.integers(0, a))
    c = data.draw(st.integers(0, a - b))
    target = data.draw(st.integers(1, case.rule.max_units))
    row = {"a": a, "b": b, "c": c}
    new = row | (case.rule.reach(row, target) or {})
    assert outcome(case.raw, new)[1] >= target
    if new["b"] > b:
        fewer = {"a": a, "b": new["b"] - 1, "c": new["c"] + (new["c"] < c)}
        assert outcome(case.raw, fewer)[1] < target


@pytest.mark.parametrize("n", [0, 29, 30, 49, TOP])
def test_a_count_goes_to_the_next_start(n: int) -> None:
    rule = BY_NAME["par-index-tthc-2022:3.3.3"].rule
    earned = ours(rule, {"n": n})[1]
    expected = {0: {"n": 30}, 29: {"n": 30}, 30: {"n": 40}, 49: {"n": 50}, TOP: None}
    assert rule.reach({"n": n}, earned + 1) == expected[n]


# By hand ------------------------------------------------------------------------------------------

P, H = "par-index-tthc-2022", "ha-tinh-2019-iv"
XA = {"so_huyen/a": 20, "so_huyen/b": 18, "xa/a": 100, "xa/b": 97}
QUARTERS = {"q1": 0, "q3": 0, "h1": 0, "year": 0}
STEPS: list[tuple[str, Row, int, Row | None]] = [
    (f"{P}:3.4.1", {"a": 60, "b": 56}, 1, {"b": 57}),  # 95% of 60 is 57 exactly
    (f"{P}:3.4.1", {"a": 60, "b": 57}, 144, {"b": 58}),
    (f"{P}:3.4.1", {"a": 60, "b": 57}, 143, {}),  # 142,5 hundredths are 143
    (f"{P}:3.4.1", {"a": 20_000, "b": 18_999}, 1, {"b": 19_000}),
    (f"{P}:3.4.1", {"a": 60, "b": 70}, 150, {"b": 60}),  # contradictory: down to the nearest
    (f"{P}:3.4.1", {"a": 60, "b": BLANK}, 1, {"b": 57}),
    (f"{P}:3.4.1", {"a": 60, "b": DAMAGED}, 150, {"b": 60}),
    (f"{P}:3.4.1", {"a": 0, "b": BLANK}, 1, None),
    (f"{P}:3.4.1", {"a": BLANK, "b": BLANK}, 150, {"a": 1, "b": 1}),
    (f"{P}:3.4.1", {"a": BLANK, "b": 57}, 150, {"a": 57}),
    (f"{H}:4.1.3", {"a": BLANK, "b": DAMAGED}, 100, {"a": 100, "b": 100}),  # 1,00 each
    (f"{H}:4.1.4.2", {"a": 100, "b": 5}, 1, {"b": 10}),
    (f"{H}:4.1.4.2", {"a": 100, "b": 10}, 34, {"b": 11}),
    (f"{H}:4.1.4.2", {"a": 100, "b": 12}, 100, {"b": 30}),
    (f"{H}:4.1.4.2", {"a": 100, "b": 30}, 101, None),
    (f"{P}:7.2.1", {"a": 200, "b": 0}, 1, {"b": 1}),  # half a hundredth counts as one
    (f"{P}:7.2.1", {"a": 200, "b": 50}, 50, {"b": 99}),  # 49,5 hundredths too
    (f"{P}:7.1.7", XA, 1, {"so_huyen/b": 20}),
    (f"{P}:7.1.7", XA, 26, {"so_huyen/b": 20, "xa/b": 100}),
    (f"{P}:7.1.7", {**XA, "xa/a": 0}, 1, None),  # the first tier then hinges on a = 0
    (f"{H}:3.2.1", {"1": 0, "2": 1, "a": 12, "b": 12}, 1, {"1": 1, "2": 0}),
    (f"{H}:3.2.1", {"1": 1, "2": 0, "a": 12, "b": 9}, 1, {"b": 12}),
    (f"{H}:1.3", QUARTERS, 1, {"q1": 1}),
    (f"{H}:1.3", QUARTERS, 26, {"h1": 1}),
    (f"{H}:1.3", {**QUARTERS, "h1": 1}, 75, {"q1": 1}),
    (f"{H}:1.3", QUARTERS, 125, {"q1": 1, "h1": 1, "year": 1}),
    (f"{H}:1.3", {**QUARTERS, "q3": DAMAGED}, 25, {"q3": 1}),
    (f"{P}:3.1.1", {"n": 2}, 1, {"n": 0}),
    (f"{P}:3.1.1", {"n": BLANK}, 1, {"n": 0}),
    (f"{H}:1.1", {"1": 0, "2": 0, "3": 1}, 1, {"2": 1, "3": 0}),
    (f"{H}:1.1", {"1": 0, "2": 0, "3": 1}, 51, {"1": 1, "3": 0}),
    (f"{H}:1.1", {"1": 1, "2": 0, "3": 1}, 1, {"3": 0}),
    (f"{H}:1.4.3", {"1": 0, "2": 0, "3": 0, "none": 1}, 50, {"1": 1, "none": 0}),
    (f"{P}:1.6", {"a": 20, "b": 15, "c": 3}, 150, {"b": 20, "c": 0}),
    (f"{P}:1.6", {"a": 20, "b": 15, "c": 3}, 129, {"b": 16}),
    (f"{P}:1.6", {"a": 20, "b": 15, "c": BLANK}, 1, {"c": 0}),
    (f"{P}:1.6", {"a": 20, "b": 20, "c": BLANK}, 150, {}),
    (f"{P}:1.6", {"a": 20, "b": 18, "c": 5}, 1, {"c": 2}),
    (f"{P}:1.6", {"a": BLANK, "b": TOP, "c": TOP}, 150, {"a": TOP, "c": 0}),  # no count is larger
]  # fmt: skip


@pytest.mark.parametrize(("name", "row", "target", "changes"), STEPS)
def test_a_step(name: str, row: Row, target: int, changes: Row | None) -> None:
    assert BY_NAME[name].rule.reach(row, target) == changes


@pytest.mark.parametrize(("low", "high", "expected"), [("0.5", "1", 7), ("1", "0.5", 5), ("1", "1", 7)])
def test_of_equally_near_counts_more_points_win_then_the_larger(low: str, high: str, expected: int) -> None:
    starts = {0: "0", 4: low, 6: "0", 7: high, 8: "0"}
    bands = [{"kind": "band", "from": Decimal(s), "points": Decimal(p)} for s, p in starts.items()]
    count = made("count", [*inputs_of("n"), *bands]).rule
    assert count.reach({"n": 6}, 25) == {"n": expected}
    rates = [{**band, "from": 10 * band["from"]} for band in bands]
    ratio = made("ratio", [*inputs_of("a", "b"), *rates], if_zero="full").rule
    assert ratio.reach({"a": 10, "b": 6}, 25) == {"b": expected}


def test_points_stop_rising_at_their_mark() -> None:
    bands: list[Raw] = [
        {"kind": "band", "from": Decimal(start), "points": Decimal(points)}
        for start, points in [(0, "0"), (40, "0.5"), (60, "0"), (70, "0.55"), (80, "0")]
    ]
    bands[1]["at"] = Decimal(45)  # 50% would be 0,56 points if they went on rising
    rule = made("ratio", [*inputs_of("a", "b"), *bands], if_zero="full").rule
    assert rule.reach({"a": 10, "b": 6}, 25) == {"b": 7}


def test_of_damaged_items_the_fewest_are_marked() -> None:
    items = [{"kind": "item", "id": f"i{k}", "points": Decimal(p)} for k, p in enumerate(("0.25", "0.25", "1"))]
    rule = made("checklist", items).rule
    assert rule.reach({"i0": DAMAGED, "i1": DAMAGED, "i2": DAMAGED}, 50) == {"i0": 0, "i1": 0, "i2": 1}


# Words --------------------------------------------------------------------------------------------

WORDS: list[tuple[str, Row, Row, str]] = [
    (f"{P}:3.4.1", {"a": 20_000, "b": 18_999}, {"b": 19_000},
     "Tăng “Số hồ sơ TTHC được giải quyết đúng hạn” thêm 1 (18.999 → 19.000): tỷ lệ 94,995% → 95,00%"),
    (f"{H}:4.1.3", {"a": 100_00, "b": 55_50}, {"b": 60_00},
     "Tăng “Số điểm cổng TTĐT của đơn vị đạt được theo thang điểm đó” thêm 4,50 (55,50 → 60,00): "
     "tỷ lệ 55,50% → 60,00%"),
    (f"{P}:3.4.1", {"a": 60, "b": BLANK}, {"b": 57},
     "Nhập “Số hồ sơ TTHC được giải quyết đúng hạn”: 57"),
    (f"{P}:3.3.3", {"n": 25}, {"n": 30},
     "Tăng “Số TTHC hoặc nhóm TTHC được giải quyết theo hình thức liên thông cùng cấp” thêm 5 (25 → 30)"),
    (f"{P}:3.1.1", {"n": 2}, {"n": 0}, "Giảm “Số TTHC ban hành trái thẩm quyền” đi 2 (2 → 0)"),
    (f"{P}:1.6", {"a": 20, "b": 15, "c": 3}, {"b": 20, "c": 0},
     "Tăng “Số nhiệm vụ đã hoàn thành đúng tiến độ” thêm 5 (15 → 20); "
     "giảm “Số nhiệm vụ đã hoàn thành nhưng muộn so với tiến độ” đi 3 (3 → 0)"),
    (f"{H}:1.1", {"1": 0, "2": 0, "3": 1}, {"2": 1, "3": 0},
     "Đạt mức 2: “Kế hoạch đảm bảo thời gian nhưng chất lượng hạn chế”"),
    (f"{H}:1.3", QUARTERS, {"q1": 1, "h1": 1},
     "Đạt thêm: “Báo cáo quý I đảm bảo quy định (thời gian và nội dung)”; "
     "“Báo cáo 6 tháng đảm bảo quy định (thời gian và nội dung)”"),
    (f"{H}:1.3", {**QUARTERS, "q3": DAMAGED}, {"q3": 0},
     "Bỏ dấu chọn: “Báo cáo quý III đảm bảo quy định (thời gian và nội dung)”"),
    (f"{H}:3.2.1", {"1": 1, "2": 1, "a": 12, "b": 12}, {"2": 0},
     "Bỏ dấu chọn: “Chưa tổ chức thực hiện TTHC theo cơ chế một cửa, một cửa liên thông”"),
    (f"{H}:3.2.1", {"1": 0, "2": 1, "a": 12, "b": 9}, {"1": 1, "2": 0, "b": 12},
     "Đạt nội dung: “Đã tổ chức thực hiện TTHC theo cơ chế một cửa, một cửa liên thông”; "
     "tăng “Số TTHC được tiếp nhận hồ sơ, trả kết quả tại Bộ phận một cửa, một cửa liên thông” "
     "thêm 3 (9 → 12): tỷ lệ 75,00% → 100,00%"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "row", "changes", "words"), WORDS)
def test_a_change_in_words(name: str, row: Row, changes: Row, words: str) -> None:
    assert BY_NAME[name].rule.change_words(row, changes) == words


def test_a_rate_that_moves_by_no_shown_digit_is_not_shown() -> None:
    rule = BY_NAME[f"{P}:3.4.1"].rule
    words = rule.change_words({"a": TOP, "b": 960_000_001}, {"b": 960_000_002})
    assert words.endswith("thêm 1 (960.000.001 → 960.000.002)")


def test_what_an_input_counts() -> None:
    assert counted("b là số nhiệm vụ đã hoàn thành đúng tiến độ.") == "Số nhiệm vụ đã hoàn thành đúng tiến độ"
    assert counted("b – Số văn bản (thuộc a) đúng hạn\nGhi chú") == "Số văn bản đúng hạn"
    assert counted("n – Số TTHC (không có thì ghi 0)") == "Số TTHC"
    assert unpriced("Đúng quy định: 0.25") == unpriced("Đúng\nquy định : 1.") == "Đúng quy định"
    assert unpriced("Từ 10- 19 TTHC: thêm") == "Từ 10- 19 TTHC: thêm"


@properties
@given(data=st.data(), case=st.sampled_from(REAL))
def test_every_change_has_its_words(data: st.DataObject, case: Case) -> None:
    row = data.draw(rows(case.rule, st.integers(DAMAGED, 20) | st.integers(1, TOP)))
    changes = case.rule.reach(row, case.rule.max_units)
    if not changes:
        return
    words = case.rule.change_words(row, changes)
    assert words[0].isupper()
    assert "  " not in words
    assert words == unicodedata.normalize("NFC", words)
    for i in case.rule.inputs:
        if changes.get(i.id, 0) > 0:
            assert (counted(i.text) if i.kind == "count" else unpriced(i.text)) in words


def side(rate: Fraction, start: Fraction) -> int:
    return (rate > start) - (rate < start)


@properties
@given(
    case=st.sampled_from([case for case in REAL if case.rule.rule == "ratio"]),
    a=st.integers(1, TOP) | st.integers(1, 300),
    data=st.data(),
)
def test_the_rates_in_words_stand_on_their_true_side(case: Case, a: int, data: st.DataObject) -> None:
    b = data.draw(st.integers(0, a))
    changes = case.rule.reach({"a": a, "b": b}, outcome(case.raw, {"a": a, "b": b})[1] + 1)
    if not changes:
        return
    found = re.search(r": tỷ lệ ([\d,]+)% → ([\d,]+)%$", case.rule.change_words({"a": a, "b": b}, changes))
    if not found:
        return
    shown = [Fraction(text.replace(",", ".")) for text in found.groups()]
    true = [Fraction(100 * n, a) for n in (b, changes["b"])]
    for start in (Fraction(band["from"]) for band in lines(case.raw, "band")):
        assert [side(r, start) for r in shown] == [side(r, start) for r in true]
