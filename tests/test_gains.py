"""The cheapest way up, checked by doing it: every suggestion in whole provinces is carried out and scored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import oracle
import pandas as pd
import pytest
from campaigns import HA_TINH, TTHC
from provinces import province

import parxl.sets
from parxl.appraisal import FIRST, SECOND, Appraisal, finals
from parxl.campaign import Adjustment, Settings
from parxl.criteria import CriteriaSet
from parxl.criteria.model import PartAt
from parxl.league import standings
from parxl.league.gains import Gain
from parxl.results import Results, score_intake
from parxl.rules import BLANK, DAMAGED
from parxl.scoring import score

KINDS = {"cases", "document", "deadline", "figures", "survey", "appraisal"}
PROVINCES: dict[str, tuple[str, int, int, dict[str, Any]]] = {
    "open": (TTHC, 10, 26, {}),
    "groups": (TTHC, 18, 2, {"groups": 3, "ties": "1-1-2", "appraised": True, "adjusted": True}),
    "ruled": (TTHC, 14, 5, {"appraised": True, "awaiting": False}),
    "plain": (HA_TINH, 12, 3, {"groups": 2, "appraised": True}),
    "dense": (HA_TINH, 14, 4, {"ties": "1-1-2", "adjusted": True, "awaiting": False}),
    "all": (HA_TINH, 16, 6, {"groups": 3, "ties": "1-1-2", "appraised": True, "adjusted": True}),
    "unsurveyed": (HA_TINH, 7, 7, {"survey": False, "appraised": True}),
}
MOST_TRIED = 3000  # other ways that are tried out for one suggestion


@cache
def made(name: str) -> Results:
    set_id, units, seed, more = PROVINCES[name]
    return province(set_id, units, seed, **more)


@pytest.fixture(params=PROVINCES)
def results(request: pytest.FixtureRequest) -> Results:
    return made(request.param)


def promised(results: Results) -> list[Gain]:
    return [gain for own in results.analysis.gains.values() for gain in own]


# Every promise is kept ----------------------------------------------------------------------------
#
# Each suggestion gets a world of its own: the whole province over again, in groups of its own, with this one
# change. All worlds are scored at once, from scratch.


def at(world: int, name: str) -> str:
    return f"{name}@{world}"


def settings_of(settings: Settings, gains: list[Gain]) -> Settings:
    worlds = range(len(gains))
    survey = {(at(n, unit), leaf): p for n in worlds for (unit, leaf), p in settings.survey.items()}
    risen = {(at(n, g.unit), g.code): g.after for n, g in enumerate(gains) if g.kind == "survey"}
    general = [one for one in settings.exemptions if one.unit == "*"]
    own = [one for one in settings.exemptions if one.unit != "*"]
    return replace(
        settings,
        units=tuple(
            replace(u, code=at(n, u.code), group=at(n, u.group)) for n in worlds for u in settings.units
        ),
        survey=survey | risen,
        exemptions=(*general, *(replace(one, unit=at(n, one.unit)) for n in worlds for one in own)),
        adjustments=tuple(replace(o, unit=at(n, o.unit)) for n in worlds for o in settings.adjustments),
    )


def inputs_of(inputs: pd.DataFrame, gains: list[Gain]) -> pd.DataFrame:
    frames = []
    for n, gain in enumerate(gains):
        frame = inputs.set_axis([at(n, str(unit)) for unit in inputs.index])
        for key, value in gain.changes.items():
            frame.loc[at(n, gain.unit), key] = value
        frames.append(frame)
    return pd.concat(frames)


def appraisal_of(appraisal: Appraisal, gains: list[Gain]) -> Appraisal:
    """Where a suggestion is to explain, the council's answer is taken away."""
    return Appraisal(
        {
            (number, at(n, unit), code): replace(answer, unit=at(n, unit))
            for n, gain in enumerate(gains)
            for (number, unit, code), answer in appraisal.answers.items()
            if gain.kind != "appraisal" or (unit, code) != (gain.unit, gain.code)
        }
    )


@dataclass(frozen=True)
class Life:
    """Unit -> column -> value, in plain Python."""

    states: Mapping[str, Mapping[str, Any]]
    parts: Mapping[str, Mapping[str, Any]]
    leaves: Mapping[str, Mapping[str, Any]]
    table: Mapping[str, Mapping[str, Any]]


def plain(frame: pd.DataFrame) -> Any:
    """Nulls as None."""
    return frame.astype(object).where(frame.notna(), None).to_dict("index")


def lived(criteria: CriteriaSet, settings: Settings, inputs: pd.DataFrame, appraisal: Appraisal) -> Life:
    computed = score(criteria, inputs, settings)
    decided = finals(criteria, computed, appraisal)
    table = standings(criteria, settings, decided.applied_to(computed))
    return Life(plain(computed.states), plain(computed.parts), plain(decided.leaves), plain(table))


def old_life(results: Results) -> Life:
    return lived(results.criteria, results.settings, results.inputs, results.appraisal)


def new_life(results: Results, gains: list[Gain]) -> Life:
    """Every suggestion carried out; see ``at``."""
    return lived(
        results.criteria,
        settings_of(results.settings, gains),
        inputs_of(results.inputs, gains),
        appraisal_of(results.appraisal, gains),
    )


def check_promises(results: Results) -> None:
    gains = promised(results)
    assert gains
    old, new = old_life(results), new_life(results, gains)
    for n, gain in enumerate(gains):
        check_points(gain, old, new, at(n, gain.unit))
        standing = new.table[at(n, gain.unit)]
        assert (standing["total"], standing["index"], standing["rank"]) == (
            gain.total,
            gain.index,
            gain.rank,
        ), gain


def check_points(gain: Gain, old: Life, new: Life, unit: str) -> None:
    """Its own part and leaf rise as promised, and no other moves."""
    place = "parts" if gain.changes else "leaves"
    assert getattr(old, place)[gain.unit][gain.key] == gain.before
    assert getattr(new, place)[unit][gain.key] == gain.after
    assert not gain.changes or new.states[unit][gain.key] == "scored"
    then, now = old.leaves[gain.unit], new.leaves[unit]
    assert now == {**then, gain.code: then[gain.code] + gain.gain}
    assert gain.gain > 0


def test_every_promise_is_kept(results: Results) -> None:
    check_promises(results)


def test_promises_hold_where_more_is_deducted_than_scored() -> None:
    """The total stays at 0 until the deduction is made up for."""
    results = made("dense")
    poor = list(results.standings.index[:4])
    scored = [int(results.standings.loc[unit, "scored"]) for unit in poor]
    taken = [-points + more for points, more in zip(scored, (1, -20, -80, -400), strict=True)]
    given = tuple(Adjustment(u, p, "Vi phạm", "QĐ 1") for u, p in zip(poor, taken, strict=True))
    settings = replace(results.settings, adjustments=given, bonus_cap=None, penalty_cap=None)
    again = score_intake(results.layout, settings, results.register, results.intake)
    assert {int(again.standings.loc[unit, "total"]) for unit in poor} == {0, 1}
    assert any(g.total == 0 for unit in poor for g in again.analysis.gains[unit])
    check_promises(again)


def test_the_provinces_try_everything() -> None:
    gains = [gain for name in PROVINCES for gain in promised(made(name))]
    assert {gain.kind for gain in gains} == KINDS
    assert {gain.step for gain in gains} == {"next", "full"}
    before = {(name, u): r for name in PROVINCES for u, r in made(name).standings["rank"].items()}
    twice = [(name, g.unit, g.key) for name in PROVINCES for g in promised(made(name)) if g.changes]
    assert len(set(twice)) < len(twice)
    risen = [gain.rank < before[name, gain.unit] for name in PROVINCES for gain in promised(made(name))]
    assert {True, False} == set(risen)
    for ties in ("1-1-3", "1-1-2"):
        tables = [
            made(name).standings for name, (*_, more) in PROVINCES.items() if more.get("ties", "1-1-3") == ties
        ]
        assert any(table["tied"].any() for table in tables)


def is_half_open(results: Results, unit: str, at: PartAt) -> bool:
    """Is a part short, while another one of its criterion awaits guidance?"""
    points = results.scores.parts.loc[unit, at.key]
    is_short = results.scores.states.loc[unit, at.key] == "scored" and points < at.part.rule.max_units
    return bool(is_short and pd.isna(results.finals.leaves.loc[unit, at.node.code]))


def test_a_criterion_that_is_half_open_is_among_them() -> None:
    results = made("open")
    every = product(results.standings.index, results.criteria.parts)
    half = [(unit, at) for unit, at in every if is_half_open(results, unit, at)]
    assert half
    proposed = {(gain.unit, gain.code) for gain in promised(results)}
    assert proposed.isdisjoint((unit, at.node.code) for unit, at in half)


# No smaller change would do -----------------------------------------------------------------------


@cache
def printed_parts(set_id: str) -> dict[str, oracle.Raw]:
    return oracle.parts(Path(parxl.sets.__file__).parent / f"{set_id}.toml")


def local(results: Results, gain: Gain) -> dict[str, int]:
    """The part's inputs as the unit typed them, by their ids."""
    prefix = f"{gain.key}/"
    row: Mapping[str, int] = results.inputs.loc[gain.unit].to_dict()
    return {key.removeprefix(prefix): int(v) for key, v in row.items() if key.startswith(prefix)}


def earned(raw: oracle.Raw, values: Mapping[str, int]) -> int | None:
    """What the independent oracle gives; None unless the part is scored."""
    given: oracle.Values = {i: {BLANK: None, DAMAGED: oracle.BROKEN}.get(v, v) for i, v in values.items()}
    state, points = oracle.outcome(raw, given)
    return points if state == oracle.SCORED else None


def cost(raw: oracle.Raw, old: Mapping[str, int], new: Mapping[str, int]) -> int:
    """How many cases move, and how many marks change."""
    moved = {i: new[i] - max(old[i], 0) for i in old}
    if raw["rule"] == "weighted":  # a case that moves from one term to the other is one case
        neither = -moved["b"] - moved["c"]
        return sum(abs(step) for step in (moved["b"], moved["c"], neither)) // 2
    return sum(abs(step) for step in moved.values())


def lines(raw: oracle.Raw, kind: str) -> list[oracle.Raw]:
    return [line for line in raw["lines"] if line["kind"] == kind]


def totals(raw: oracle.Raw) -> set[str]:
    """The inputs that are what others are counted out of: they stay."""
    return {line["id"] for line in lines(raw, "input") if line["id"].split("/")[-1] == "a"}


def other_ways(raw: oracle.Raw, old: Mapping[str, int], reach: int) -> Iterator[dict[str, int]]:
    """Every other answer that moves at most so many cases up or down; none where they are too many."""
    counts = {line["id"] for line in lines(raw, "input")}
    pools = []
    for name, value in old.items():
        base = max(value, 0)
        window = range(max(base - reach, 0), base + reach + 1) if name in counts else range(2)
        pools.append([value] if name in totals(raw) else list(window))
    size = 1
    for pool in pools:
        size *= len(pool)
    if size <= MOST_TRIED:
        yield from (dict(zip(old, values, strict=True)) for values in product(*pools))


def by_figures(results: Results) -> Iterator[tuple[Gain, oracle.Raw, dict[str, int], dict[str, int]]]:
    """(gain, the printed rule, what was typed, what is proposed)"""
    parts = printed_parts(results.criteria.id)
    for gain in promised(results):
        if gain.changes:
            old = local(results, gain)
            ids = {key.removeprefix(f"{gain.key}/"): value for key, value in gain.changes.items()}
            yield gain, parts[gain.key], old, {**old, **ids}


def test_the_oracle_gives_the_same_points(results: Results) -> None:
    for gain, raw, old, new in by_figures(results):
        assert (earned(raw, old) or 0) == gain.before
        assert earned(raw, new) == gain.after
        assert {new[i] == old[i] for i in totals(raw) if old[i] >= 0} <= {True}


def test_no_smaller_change_would_do(results: Results) -> None:
    """Nothing earns anything for less than the first step, nor the maximum for less than the full one."""
    tried = 0
    stepped = {(gain.unit, gain.key) for gain in promised(results) if gain.step == "next"}
    for gain, raw, old, new in by_figures(results):
        if gain.kind == "figures":
            continue
        is_first = gain.step == "next" or (gain.unit, gain.key) not in stepped
        target = gain.before + 1 if is_first else gain.after
        price = cost(raw, old, new)
        for other in other_ways(raw, old, price):
            tried += 1
            if cost(raw, old, other) < price:
                assert (earned(raw, other) or 0) < target, (gain, other)
    assert tried > 1000


def test_a_choice_goes_up_level_by_level(results: Results) -> None:
    """Every level costs the same one x: the first step is the next one printed."""
    first: dict[tuple[str, str], Gain] = {}
    for gain in sorted(promised(results), key=lambda gain: gain.after):
        first.setdefault((gain.unit, gain.key), gain)
    for gain in first.values():
        raw = printed_parts(results.criteria.id).get(gain.key)
        if raw and raw["rule"] == "choice" and gain.kind in ("document", "deadline"):
            levels = [int(100 * line["points"]) for line in lines(raw, "option")]
            assert gain.after == min(level for level in levels if level > gain.before)


def test_full_is_full_and_next_comes_before_it(results: Results) -> None:
    most = {at.key: at.part.rule.max_units for at in results.criteria.parts}
    steps: dict[tuple[str, str, bool], list[Gain]] = {}
    for gain in promised(results):
        if gain.kind != "appraisal":
            top = (
                most[gain.key]
                if gain.changes
                else results.criteria.units(results.criteria.by_code[gain.code].max)
            )
            assert (gain.after == top) == (gain.step == "full")
        steps.setdefault((gain.unit, gain.key, gain.kind == "appraisal"), []).append(gain)
    for own in steps.values():
        assert [g.step for g in sorted(own, key=lambda g: g.after)] in (["next", "full"], ["full"], ["next"])


def test_the_full_step_is_never_left_out(results: Results) -> None:
    """Where a next step by figures exists, so does a way to full marks: every rule can be met in full."""
    keys = {(g.unit, g.key) for g in promised(results) if g.changes and g.step == "full"}
    assert {(g.unit, g.key) for g in promised(results) if g.changes} == keys


# Who holds as much, and the order -----------------------------------------------------------------


def test_holders_are_counted_in_the_group(results: Results) -> None:
    group = {unit.code: unit.group for unit in results.settings.units}
    life = old_life(results)
    for gain in promised(results):
        place = life.leaves if gain.key in results.criteria.by_code else life.parts
        peers = [unit for unit in place if group[unit] == group[gain.unit]]
        held = [points for unit in peers if (points := place[unit][gain.key]) is not None]
        assert gain.peers == len(held)
        assert gain.holders == sum(points >= gain.after for points in held)


def test_what_most_peers_hold_comes_first(results: Results) -> None:
    printed = {node.code: number for number, node in enumerate(results.criteria.criterion)}
    for own in results.analysis.gains.values():
        keys = [(-gain.holders / gain.peers, -gain.gain, printed[gain.code]) for gain in own]
        assert keys == sorted(keys)


# What gets a suggestion, and what gets none -------------------------------------------------------


def to_explain(results: Results) -> Iterator[tuple[str, str, str]]:
    """Where the first round took away, and the second has not spoken."""
    for (number, unit, code), answer in results.appraisal.answers.items():
        second = results.appraisal.answers.get((SECOND, unit, code))
        computed = results.scores.leaves.loc[unit, code] if unit in results.scores.leaves.index else pd.NA
        if number == FIRST and second is None and not pd.isna(computed) and answer.points < computed:
            yield unit, code, "appraisal"


def to_survey(results: Results) -> Iterator[tuple[str, str, str]]:
    for (unit, code), points in results.settings.survey.items():
        is_open = unit in results.standings.index and not is_decided(results, unit, code)
        if is_open and 0 < results.scores.maxima.loc[unit, code] != points:
            yield unit, code, "survey"


def to_do(results: Results) -> Iterator[tuple[str, str, str]]:
    """Parts short of their maximum which the unit can mend: not what awaits, nor what a = 0 gives 0 for."""
    for at, unit in product(results.criteria.parts, results.standings.index):
        state, points = results.scores.states.loc[unit, at.key], results.scores.parts.loc[unit, at.key]
        if is_decided(results, unit, at.node.code) or pd.isna(results.finals.leaves.loc[unit, at.node.code]):
            continue
        is_short = state not in ("zero", "not-applicable") and points < at.part.rule.max_units
        if is_short and not (at.part.rule.rule == "tiers" and has_empty_total(results, unit, at.key)):
            yield unit, at.key, "figures"


def is_decided(results: Results, unit: str, code: str) -> bool:
    given = (results.appraisal.answers.get((number, unit, code)) for number in (FIRST, SECOND))
    return any(answer and answer.points is not None for answer in given)


def has_empty_total(results: Results, unit: str, key: str) -> bool:
    """A tier then hinges on a total of 0, which nobody has ruled on yet."""
    row = results.inputs.loc[unit]
    return any(row[i] == 0 for i in row.index if i.startswith(f"{key}/") and i.endswith("/a"))


def test_every_gap_has_a_suggestion_or_a_reason_for_none(results: Results) -> None:
    kinds = {"survey": "survey", "appraisal": "appraisal"}
    proposed = {(gain.unit, gain.key, kinds.get(gain.kind, "figures")) for gain in promised(results)}
    assert proposed == {*to_explain(results), *to_survey(results), *to_do(results)}


def test_no_other_gap_is_left(results: Results) -> None:
    """What is short and gets nothing: decided by the council, awaiting, or 0 for a = 0."""
    proposed = {(gain.unit, gain.code) for gain in promised(results)}
    for unit, code in product(results.standings.index, results.scores.leaves):
        points, maximum = results.finals.leaves.loc[unit, code], results.scores.maxima.loc[unit, code]
        is_short = not pd.isna(points) and points < maximum
        if not is_short:
            assert (unit, code) not in proposed
        elif (unit, code) not in proposed:
            keys = [node.key(p) for node in results.criteria.under(code) for p in node.parts]
            states = {results.scores.states.loc[unit, key] for key in keys}
            empty = any(has_empty_total(results, unit, key) for key in keys)
            assert is_decided(results, unit, code) or "zero" in states or empty


def test_only_units_with_scores_are_spoken_of(results: Results) -> None:
    assert list(results.analysis.gains) == list(results.standings.index)
    without = {unit.unit.code for unit in results.units if not unit.has_scores}
    assert without.isdisjoint(results.analysis.gains)
    assert all(gain.unit == unit for unit, own in results.analysis.gains.items() for gain in own)


def test_units_that_are_equal_are_told_the_same() -> None:
    """What one unit is told rests on figures alone, not on its place in the roster."""
    results = made("all")
    same = results.inputs.astype(str).agg(" ".join, axis=1)
    pairs = [
        (one, two)
        for one, two in product(same.index, repeat=2)
        if one < two
        and same[one] == same[two]
        and results.standings.loc[one, "group"] == results.standings.loc[two, "group"]
    ]
    assert pairs
    for one, two in pairs:
        told = [[replace(gain, unit="") for gain in results.analysis.gains[unit]] for unit in (one, two)]
        assert told[0] == told[1] != []


# The words, and the survey ------------------------------------------------------------------------


def test_a_survey_is_measured_by_the_group(results: Results) -> None:
    """First to the mean of the group's own scores, above that to its best; then to the maximum."""
    gains = [gain for gain in promised(results) if gain.kind == "survey" and gain.step == "next"]
    group = {unit.code: unit.group for unit in results.settings.units}
    for gain in gains:
        own = results.finals.leaves[gain.code]
        held = [
            int(own[u])
            for u in own.index
            if group[u] == group[gain.unit]
            and not pd.isna(own[u])
            and pd.isna(results.finals.appraised.loc[u, gain.code])
        ]
        mean = (2 * sum(held) + len(held)) // (2 * len(held))
        assert gain.after == (mean if mean > gain.before else max(held))


def test_every_suggestion_says_what_to_do(results: Results) -> None:
    for gain in promised(results):
        assert gain.words[0].isupper()
        assert gain.words == gain.words.strip()
        assert "\n" not in gain.words
