"""The rule kinds against the oracle in ``tests/oracle.py``, their properties and their words.

Every scored part of both sets is fed systematic grids (each threshold, one below and one above it,
exact halves, zeros, blanks, damaged cells, contradictions, the largest counts) and random counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from fractions import Fraction
from itertools import product
from math import gcd
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import oracle
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parxl.criteria import load_set
from parxl.exact import points_text
from parxl.rules import BLANK, DAMAGED, RULE_KINDS, Rule, State

SETS = Path(__file__).resolve().parent.parent / "parxl" / "sets"
SET_IDS = ["par-index-tthc-2022", "ha-tinh-2019-iv"]
SEED = 20220106
CASES = 100_000  # at least, for each rule kind
SAMPLED = 60  # explained cases a part
TOP = 10**9
WHOLES = [*range(1, 13), 19, 20, 21, 40, 60, 99, 100, 101, 200, 999, 1000, 1001, 20_000]
LARGE = [99_999, 1_000_001, 123_456_789, TOP - 1, TOP]
AS_GIVEN: dict[int, oracle.Given] = {BLANK: None, DAMAGED: oracle.BROKEN}

Raw = dict[str, Any]
Array = np.ndarray
Rng = np.random.Generator

properties = settings(max_examples=150, deadline=None, database=None)


class Scored(NamedTuple):
    """A scored part: the data as plain TOML for the oracle, and parxl's rule."""

    name: str
    raw: Raw
    rule: Rule


def _scored_parts() -> list[Scored]:
    found = []
    for set_id in SET_IDS:
        raws = oracle.parts(SETS / f"{set_id}.toml")
        rules = {at.key: at.part.rule for at in load_set(set_id).parts}
        assert list(raws) == list(rules)
        found += [Scored(f"{set_id}:{key}", raws[key], rules[key]) for key in raws]
    return found


PARTS = _scored_parts()
BY_NAME = {part.name: part for part in PARTS}


def of_kind(kind: str) -> list[Scored]:
    return [part for part in PARTS if part.rule.rule == kind]


def lines(raw: Raw, kind: str) -> list[Raw]:
    return [line for line in raw["lines"] if line["kind"] == kind]


# Generated inputs ---------------------------------------------------------------------------------


def frame_of(columns: list[str], rows: Iterable[Iterable[int]] | Array) -> pd.DataFrame:
    table = np.array(rows if isinstance(rows, np.ndarray) else list(rows), dtype="int64")
    return pd.DataFrame(table.reshape(-1, len(columns)), columns=columns)


def spread(rng: Rng, size: int, top: int) -> Array:
    """Whole numbers from 1 to ``top``, small ones as often as large ones."""
    return np.exp(rng.uniform(0, np.log(top), size)).astype("int64")


def spoil(rng: Rng, counts: Array, share: float) -> Array:
    """Some of these counts replaced by blank, damaged or 0."""
    odd = rng.choice([BLANK, DAMAGED, 0], len(counts))
    return np.where(rng.random(len(counts)) < share, odd, counts)


def shares(rng: Rng, a: Array, thresholds: list[Fraction]) -> Array:
    """For every a one b: anywhere, at a threshold or one beside it, all of a, or more than a."""
    at = rng.integers(0, len(thresholds), len(a))
    tops = np.array([t.numerator for t in thresholds], dtype="int64")[at]
    bottoms = np.array([100 * t.denominator for t in thresholds], dtype="int64")[at]
    near = np.maximum(tops * a // bottoms + rng.integers(-1, 3, len(a)), 0)
    anywhere = rng.integers(0, np.maximum(a, 0) + 1)
    more = a + spread(rng, len(a), TOP)
    mode = rng.choice(4, len(a), p=[0.45, 0.4, 0.1, 0.05])
    return spoil(rng, np.choose(mode, [anywhere, near, a, more]), 0.06)


def thresholds_of(raw: Raw) -> list[Fraction]:
    """Every percent at which this rule's points change or stop rising."""
    found = {Fraction(band[key]) for band in lines(raw, "band") for key in ("from", "at") if key in band}
    rates = [c for t in lines(raw, "tier") for c in t["when"] if c["kind"] == "rate"]
    return sorted(found | {Fraction(rate["from"]) for rate in rates})


def pair_grid(raw: Raw, wholes: list[int]) -> list[tuple[int, int]]:
    """Every threshold and its neighbours for many a; zeros, blanks, damage, contradictions."""
    rows = [(a, b) for a in (0, BLANK, DAMAGED) for b in (BLANK, DAMAGED, 0, 1, 7, TOP)]
    for a in wholes:
        marks = [int(t * a // 100) for t in thresholds_of(raw)]
        near = {max(mark + step, 0) for mark in marks for step in (-1, 0, 1, 2)}
        rows += [(a, b) for b in sorted(near | {0, 1, a - 1, a, a + 1, TOP, BLANK, DAMAGED})]
    return rows


def exact_halves(band: Raw, top: int) -> list[tuple[int, int]]:
    """(a, b) where hundredths of a proportional band are k + 1/2, and b one to either side."""
    slope = Fraction(band["points"]) * 10_000 / Fraction(band["at"])
    p, q = slope.numerator, slope.denominator
    units = int(Fraction(band["points"]) * 100)
    rows = []
    for times in (1, 7, top // (2 * p)):
        for k in range(units):
            a, b = 2 * p * times, (2 * k + 1) * q * times
            rows += [(a, b + step) for step in (-1, 0, 1)]
    return rows


def ratio_frame(raw: Raw, rng: Rng, size: int) -> pd.DataFrame:
    scale = 10 ** lines(raw, "input")[0].get("decimals", 0)
    top = TOP * scale
    rows = pair_grid(raw, [*WHOLES, *LARGE, *(a * scale for a in LARGE)])
    for band in lines(raw, "band"):
        rows += exact_halves(band, top) if "at" in band else []
    a = spoil(rng, spread(rng, size, top), 0.03)
    random = np.column_stack([a, shares(rng, a, thresholds_of(raw))])
    return frame_of(["a", "b"], np.concatenate([np.array(rows), random]))


def count_frame(raw: Raw, rng: Rng, size: int) -> pd.DataFrame:
    systematic = [BLANK, DAMAGED, *range(size // 4), *LARGE]
    random = spoil(rng, spread(rng, size, TOP), 0.02)
    return frame_of(["n"], np.concatenate([systematic, random]))


def choice_frame(raw: Raw, rng: Rng, size: int) -> pd.DataFrame:
    ids = [str(k) for k, _ in enumerate(lines(raw, "option"), start=1)]
    return marks_frame(ids + ["none" for _ in lines(raw, "none")], rng, size)


def checklist_frame(raw: Raw, rng: Rng, size: int) -> pd.DataFrame:
    return marks_frame([item["id"] for item in lines(raw, "item")], rng, size)


def marks_frame(ids: list[str], rng: Rng, size: int) -> pd.DataFrame:
    """Every combination of marks, and random ones."""
    systematic = list(product((0, 1, DAMAGED), repeat=len(ids)))
    random = rng.choice([0, 1, DAMAGED], (size, len(ids)), p=[0.6, 0.35, 0.05])
    return frame_of(ids, np.concatenate([np.array(systematic), random]))


def weighted_frame(raw: Raw, rng: Rng, size: int) -> pd.DataFrame:
    systematic = list(product(range(DAMAGED, 13), repeat=3))
    a = spoil(rng, spread(rng, size, TOP), 0.03)
    b = shares(rng, a, [Fraction(0), Fraction(50), Fraction(100)])
    left = np.maximum(a - b, 0)
    c = shares(rng, left, [Fraction(0), Fraction(100)])
    random = np.column_stack([a, b, c])
    halves = weighted_halves(raw, rng)
    return frame_of(["a", "b", "c"], np.concatenate([np.array(systematic), random, halves]))


def weighted_halves(raw: Raw, rng: Rng) -> Array:
    """Rows where (w₁·b + w₂·c)/a is exactly k + 1/2 hundredths, small and enlarged."""
    first, second = (int(100 * term["points"]) for term in lines(raw, "term"))
    found = []
    for a in (2 * gcd(first, second), 100, 200, 360, 1000):
        b, c = rng.integers(0, a + 1, (2, 200_000 // a))
        units = (2 * (first * b + second * c)) % (2 * a) == a
        kept = units & (b + c <= a)
        found.append(np.column_stack([np.full(kept.sum(), a), b[kept], c[kept]]))
    small = np.concatenate(found)
    return np.concatenate([small, 7 * small, small * (TOP // 1000)])


def tiers_frame(raw: Raw, rng: Rng, size: int) -> pd.DataFrame:
    marks = [str(k) for k, _ in enumerate(lines(raw, "option"), start=1)]
    counts = [line["id"] for line in lines(raw, "input")]
    wholes = [DAMAGED, BLANK, 0, 1, 2, 3, 19, 20]
    grid = product(*[(0, 1, DAMAGED)] * len(marks), *[wholes] * len(counts))
    columns = [rng.choice([0, 1, DAMAGED], size, p=[0.5, 0.45, 0.05]) for _ in marks]
    for _ in counts[::2]:
        a = spoil(rng, spread(rng, size, TOP), 0.15)
        columns += [a, np.where(rng.random(size) < 0.6, a, shares(rng, a, thresholds_of(raw)))]
    random = np.column_stack(columns)
    return frame_of([*marks, *counts], np.concatenate([np.array(list(grid)), random]))


FRAMES: dict[str, Callable[[Raw, Rng, int], pd.DataFrame]] = {
    "choice": choice_frame,
    "ratio": ratio_frame,
    "count": count_frame,
    "weighted": weighted_frame,
    "tiers": tiers_frame,
    "checklist": checklist_frame,
}


def generated(part: Scored, size: int) -> pd.DataFrame:
    """The grid and ``size`` random rows for this part; the same on every run."""
    rng = np.random.default_rng([SEED, PARTS.index(part)])
    return FRAMES[part.rule.rule](part.raw, rng, size)


# Against the oracle -------------------------------------------------------------------------------


def expected(raw: Raw, frame: pd.DataFrame) -> list[oracle.Outcome]:
    columns = [[AS_GIVEN.get(v, v) for v in frame[name].tolist()] for name in frame]
    names = list(frame)
    return [oracle.outcome(raw, dict(zip(names, row, strict=True))) for row in zip(*columns, strict=True)]


def differences(part: Scored, frame: pd.DataFrame) -> list[str]:
    got = part.rule.outcome(frame)
    found = zip(got["state"].tolist(), got["points"].tolist(), strict=True)
    return [
        f"{part.name} {frame.iloc[row].to_dict()}: {ours}, oracle {theirs}"
        for row, (ours, theirs) in enumerate(zip(found, expected(part.raw, frame), strict=True))
        if ours != theirs
    ]


def test_all_six_kinds_are_in_use() -> None:
    assert sorted(oracle.KINDS) == sorted(FRAMES) == sorted(RULE_KINDS)
    assert {part.rule.rule for part in PARTS} == set(RULE_KINDS)
    assert len(PARTS) == 90


@pytest.mark.parametrize("kind", RULE_KINDS)
def test_points_and_states_are_the_oracles(kind: str) -> None:
    parts = of_kind(kind)
    cases, wrong = 0, []
    for part in parts:
        frame = generated(part, -(-CASES // len(parts)))
        cases += len(frame)
        wrong += differences(part, frame)
    assert wrong[:5] == []
    assert cases >= CASES


@pytest.mark.parametrize("kind", RULE_KINDS)
def test_generated_inputs_reach_every_state(kind: str) -> None:
    """The comparison above would prove little if no case stood in some state."""
    part = next((p for p in of_kind(kind) if p.rule.zero_case), of_kind(kind)[0])
    wanted = {State.SCORED, State.DAMAGED} if kind == "checklist" else set(oracle_states(kind))
    assert set(part.rule.outcome(generated(part, 2000))["state"]) == {str(s) for s in wanted}


def oracle_states(kind: str) -> list[State]:
    states = [State.SCORED, State.DAMAGED, State.MISSING]
    return states if kind == "count" else [*states, State.CONTRADICTORY, State.ZERO]


def test_exact_halves_are_rounded_up() -> None:
    rule = BY_NAME["par-index-tthc-2022:3.4.1"].rule
    frame = frame_of(["a", "b"], [(60, 57), (20 * 10**7, 19 * 10**7), (300, 286), (300, 285)])
    # 150 × 57/60 = 142,5; the same enlarged; 150 × 286/300 = 143 exactly; 142,5 once more.
    assert rule.outcome(frame)["points"].tolist() == [143, 143, 143, 143]


def test_no_units_give_no_rows() -> None:
    for part in PARTS:
        empty = generated(part, 1).iloc[:0]
        assert list(part.rule.outcome(empty)) == ["points", "state"]
        assert len(part.rule.outcome(empty)) == 0


# Properties ---------------------------------------------------------------------------------------


def outcomes(rule: Rule, rows: list[dict[str, int]]) -> list[tuple[str, int]]:
    frame = pd.DataFrame(rows, dtype="int64")
    got = rule.outcome(frame)
    return list(zip(got["state"].tolist(), got["points"].tolist(), strict=True))


def points(rule: Rule, *rows: dict[str, int]) -> list[int]:
    found = outcomes(rule, list(rows))
    assert {state for state, _ in found} == {str(State.SCORED)}
    return [earned for _, earned in found]


def any_row(rule: Rule) -> st.SearchStrategy[dict[str, int]]:
    """Anything that may stand in an inputs frame, small counts as often as large ones."""
    counts = st.integers(DAMAGED, 6) | st.integers(DAMAGED, 200) | st.integers(DAMAGED, TOP)
    mark = st.sampled_from([0, 0, 1, 1, DAMAGED])
    return st.fixed_dictionaries({i.id: mark if i.kind == "mark" else counts for i in rule.inputs})


any_part = st.sampled_from(PARTS)
any_ratio = st.sampled_from(of_kind("ratio"))


@properties
@given(data=st.data(), part=any_part)
def test_points_stay_between_zero_and_the_maximum(data: st.DataObject, part: Scored) -> None:
    row = data.draw(any_row(part.rule))
    ((state, earned),) = outcomes(part.rule, [row])
    assert 0 <= earned <= part.rule.max_units
    assert state == State.SCORED or earned == 0


@properties
@given(data=st.data(), part=any_part)
def test_a_row_does_not_depend_on_its_neighbours(data: st.DataObject, part: Scored) -> None:
    rows = data.draw(st.lists(any_row(part.rule), min_size=2, max_size=8))
    order = data.draw(st.permutations(range(len(rows))))
    together = outcomes(part.rule, rows)
    assert together == [outcomes(part.rule, [row])[0] for row in rows]
    assert outcomes(part.rule, [rows[i] for i in order]) == [together[i] for i in order]


@pytest.mark.parametrize("kind", RULE_KINDS)
def test_the_index_is_the_units(kind: str) -> None:
    part = of_kind(kind)[0]
    frame = generated(part, 1).iloc[-3:].set_axis(["so-y-te", "SKHDT", "01"])
    assert list(part.rule.outcome(frame).index) == ["so-y-te", "SKHDT", "01"]


@properties
@given(part=any_ratio, a=st.integers(1, TOP), data=st.data())
def test_a_larger_share_never_earns_less(part: Scored, a: int, data: st.DataObject) -> None:
    mark = int(data.draw(st.sampled_from(thresholds_of(part.raw))) * a // 100)
    low = data.draw(st.integers(0, a) | st.integers(max(mark - 2, 0), min(mark + 2, a)))
    high = data.draw(st.integers(low, a) | st.integers(low, min(low + 2, a)))
    less, more = points(part.rule, {"a": a, "b": low}, {"a": a, "b": high})
    assert less <= more


@properties
@given(part=any_ratio, a=st.integers(1, 10**6), times=st.integers(1, 1000), data=st.data())
def test_only_the_rate_counts(part: Scored, a: int, times: int, data: st.DataObject) -> None:
    b = data.draw(st.integers(0, a))
    once, enlarged = points(part.rule, {"a": a, "b": b}, {"a": times * a, "b": times * b})
    assert once == enlarged


@pytest.mark.parametrize("part", of_kind("ratio"), ids=lambda part: part.name)
def test_everything_done_earns_the_maximum(part: Scored) -> None:
    assert points(part.rule, *[{"a": a, "b": a} for a in (1, 3, TOP)]) == [part.rule.max_units] * 3


@pytest.mark.parametrize("part", of_kind("choice"), ids=lambda part: part.name)
def test_options_are_ordered_from_the_maximum_down_to_nothing(part: Scored) -> None:
    ids = [i.id for i in part.rule.inputs]
    options = [i for i in ids if i != "none"]
    earned = points(part.rule, *[{i: int(i == marked) for i in ids} for marked in options])
    assert earned == sorted(set(earned), reverse=True)
    assert (earned[0], earned[-1]) == (part.rule.max_units, 0)


# Words --------------------------------------------------------------------------------------------

SENTENCES = [
    ("par-index-tthc-2022:3.4.1", {"a": 60, "b": 57},
     "b/a = 57/60 = 95,00% ≥ 95% → 1,5 × 95,00% = 1,43 điểm"),
    ("par-index-tthc-2022:3.4.1", {"a": 20_000, "b": 18_999},
     "b/a = 18.999/20.000 = 94,995% < 95% → 0,00 điểm"),
    ("par-index-tthc-2022:1.6", {"a": 20, "b": 15, "c": 3},
     "(b/a) × 1,5 + (c/a) × 1 = (15/20) × 1,5 + (3/20) × 1 = 1,28 điểm"),
    ("par-index-tthc-2022:1.6", {"a": 20, "b": 20, "c": BLANK},
     "(b/a) × 1,5 + (c/a) × 1 = (20/20) × 1,5 + (0/20) × 1 = 1,50 điểm"),
    ("par-index-tthc-2022:3.1.1", {"n": 0}, "n = 0 (< 1) → 0,50 điểm"),
    ("par-index-tthc-2022:3.3.3", {"n": 49}, "n = 49 (≥ 40 và < 50) → 0,50 điểm"),
    ("par-index-tthc-2022:3.3.3", {"n": 1234}, "n = 1.234 (≥ 50) → 0,75 điểm"),
    ("par-index-tthc-2022:7.2.1", {"a": 200, "b": 50},
     "b/a = 50/200 = 25,00% < 50% → 0,5 × 25,00% / 50% = 0,25 điểm"),
    ("ha-tinh-2019-iv:1.1", {"1": 0, "2": 1, "3": 0}, "Đã chọn mức 2 → 0,50 điểm"),
    ("ha-tinh-2019-iv:1.3", {"q1": 1, "q3": 0, "h1": 1, "year": 0},
     "Đạt 2/4 nội dung: 0,25 + 0,5 = 0,75 điểm"),
    ("ha-tinh-2019-iv:1.3", {"q1": 0, "q3": 0, "h1": 0, "year": 0},
     "Không có nội dung nào được đánh dấu → 0,00 điểm"),
    ("ha-tinh-2019-iv:3.2.1", {"1": 1, "2": 0, "a": 12, "b": 12},
     "“Đã tổ chức thực hiện TTHC theo cơ chế một cửa, một cửa liên thông”; "
     "b/a = 12/12 = 100,00% → 1,00 điểm"),
    ("ha-tinh-2019-iv:3.2.2", {"a": 50, "b": 49},
     "b/a = 49/50 = 98,00% ≥ 98% và < 100% → 0,50 điểm"),
    ("ha-tinh-2019-iv:4.1.3", {"a": 100_00, "b": 85_50},
     "b/a = 85,50/100,00 = 85,50% ≥ 60% → 1 × 85,50% = 0,86 điểm"),
    ("ha-tinh-2019-iv:4.1.4.2", {"a": 100, "b": 45},
     "b/a = 45/100 = 45,00% ≥ 10% → 1 (đạt mức tối đa từ 30%) = 1,00 điểm"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "values", "sentence"), SENTENCES)
def test_a_score_is_explained(name: str, values: dict[str, int], sentence: str) -> None:
    rule = BY_NAME[name].rule
    assert rule.explain(values, *points(rule, values)) == sentence


def explained(part: Scored) -> list[tuple[dict[str, int], int, str]]:
    """(values, units, sentence) of some scored cases: some of the grid, some of the random ones."""
    frame = generated(part, 300)
    got = part.rule.outcome(frame)
    kept = frame[got["state"] == str(State.SCORED)]
    kept = kept.sample(min(SAMPLED, len(kept)), random_state=SEED)
    rows = [{str(k): int(v) for k, v in row.items()} for row in kept.to_dict("records")]
    units = got.loc[kept.index, "points"].tolist()
    return [(r, u, part.rule.explain(r, u)) for r, u in zip(rows, units, strict=True)]


@pytest.mark.parametrize("kind", RULE_KINDS)
def test_every_scored_case_can_be_explained(kind: str) -> None:
    for part in of_kind(kind):
        printed = {line["text"] for line in part.raw["lines"] if line["kind"] != "input"}
        for values, units, sentence in explained(part):
            assert sentence.endswith(f" {points_text(units, 2)} điểm"), sentence
            assert "  " not in sentence
            assert part.rule.resting_line(values) in printed


def side(rate: Fraction, threshold: Fraction) -> int:
    return (rate > threshold) - (rate < threshold)


def test_a_printed_rate_stands_on_its_true_side() -> None:
    for part in of_kind("ratio"):
        for values, _, sentence in explained(part):
            shown = re.search(r" = ([0-9.,]+)% ", sentence)
            assert shown, sentence
            printed = Fraction(shown[1].replace(",", "."))
            true = Fraction(100 * values["b"], values["a"])
            for threshold in thresholds_of(part.raw)[1:]:
                assert side(printed, threshold) == side(true, threshold), sentence


@pytest.mark.parametrize(
    ("name", "values", "line"),
    [
        ("ha-tinh-2019-iv:3.2.2", {"a": 50, "b": 49}, "Từ 98% - 100% số TTHC bị trễ hẹn"),
        ("ha-tinh-2019-iv:3.2.1", {"1": 0, "2": 1, "a": 9, "b": 9}, "Chưa tổ chức thực hiện"),
        ("par-index-tthc-2022:1.6", {"a": 2, "b": 1, "c": 1}, "Điểm đánh giá được tính theo"),
        ("par-index-tthc-2022:3.3.4", {"n": 19}, "Từ 10- 19 TTHC"),
        ("par-index-tthc-2022:7.1.6", {"1": 0, "2": 1, "3": 0}, "Chưa đầy đủ chức năng"),
    ],
)
def test_a_score_rests_on_a_line(name: str, values: dict[str, int], line: str) -> None:
    assert BY_NAME[name].rule.resting_line(values).startswith(line)
