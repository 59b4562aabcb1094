"""What is typed into a form: for every scored part a pool of cases, and fills that use them all.

A case is a mapping from local input id to what is typed: a number, a text, True or None (nothing).
Every fill types one case into every part at once; each part goes through its own pool in its own order.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pandas as pd

from parxl.criteria import CriteriaSet, PartAt
from parxl.rules import BLANK, DAMAGED, Input, Rule
from parxl.rules.lines import RateCondition

Typed = int | float | str | bool | None
Case = dict[str, Typed]

SCORED = "scored"
SEED = 20191230
FILLS = 320  # for each set
COMPLETE = 60  # of these: nothing missing or wrong anywhere
TOP = 10**9
WHOLES = (3, 20, 999, 1000, TOP)
X_MARKS = ("x", "X", "×", "✓", "х", "Х", " x ")  # the fifth and the sixth are Cyrillic
BAD_MARKS: tuple[Typed, ...] = ("abc", "xx", "1", 1, 0, -1, 1.5, True, "?", "Có", "\u00a0")
BAD_COUNTS: tuple[Typed, ...] = ("abc", "57 ", "57", "1,5", "95%", "x", -1, 1.5, 0.001, TOP + 1, "\u00a0")
# TRUE in a count stands apart: see test_true_in_a_count_is_left_to_the_reader.
BLANKS: tuple[Typed, ...] = (None, " ", "   ")


# What the sheet must make of it ---------------------------------------------------------------------


def cleaned(found: Input, typed: Typed) -> int:
    """The whole number, BLANK or DAMAGED that stands for what is typed into this input's cell."""
    if typed is None or (isinstance(typed, str) and not typed.strip(" ")):
        return BLANK if found.kind == "count" else 0
    if found.kind == "mark":
        return 1 if isinstance(typed, str) and typed.strip(" ").lower() in ("x", "×", "✓", "х") else DAMAGED
    if isinstance(typed, bool | str) or not 0 <= typed <= TOP:
        return DAMAGED
    scaled = Decimal(str(typed)).scaleb(found.decimals)
    return int(scaled) if scaled == scaled.to_integral_value() else DAMAGED


# The pools ------------------------------------------------------------------------------------------


def pool(rule: Rule) -> list[Case]:
    """Every systematic case of one part, in a fixed order."""
    makers: dict[str, Callable[[Rule], Iterator[Case]]] = {
        "choice": _marks,
        "checklist": _marks,
        "ratio": _ratio,
        "count": _count,
        "weighted": _weighted,
        "tiers": _tiers,
    }
    return list(makers[rule.rule](rule))


def _marks(rule: Rule) -> Iterator[Case]:
    """Every combination of marks; every spelling and every damage in each place."""
    ids = [i.id for i in rule.inputs]
    for marks in product((None, "x"), repeat=len(ids)):
        yield dict(zip(ids, marks, strict=True))
    empty: Case = dict.fromkeys(ids)
    for i in ids:
        yield from (empty | {i: mark} for mark in (*X_MARKS, *BAD_MARKS, *BLANKS))
    yield from (empty | {ids[0]: "x", ids[-1]: bad} for bad in BAD_MARKS)
    yield empty | {ids[0]: "X", ids[1]: "✓"}


def _count(rule: Rule) -> Iterator[Case]:
    starts = [int(line.start) for line in rule.of_kind("band")]
    near = {max(start + step, 0) for start in starts for step in (-1, 0, 1)}
    yield from ({"n": n} for n in (*sorted(near), TOP - 1, TOP, 7.0, *BAD_COUNTS, *BLANKS))


def _ratio(rule: Rule) -> Iterator[Case]:
    decimals = rule.inputs[0].decimals
    for a, b in [*_edges(), *_near(_thresholds(rule)), *_halves(rule)]:
        yield {"a": a, "b": b}
    yield from _decimal_cases() if decimals else ()


def _edges() -> Iterator[tuple[Typed, Typed]]:
    """Zeros, blanks, contradictions, and damage on either side."""
    yield from product((None, " ", 0, 5), (None, "  ", 0, 5, 6))
    yield from ((TOP, TOP), (TOP, TOP - 1), (TOP - 1, TOP), (1, TOP), (1, 1), (1, 0))
    for bad in BAD_COUNTS:
        yield from ((bad, 5), (5, bad), (0, bad), (bad, None), (None, bad))


def _near(thresholds: set[Fraction]) -> Iterator[tuple[Typed, Typed]]:
    """For several a: the b at every threshold and the ones beside it."""
    for a in WHOLES:
        marks = [int(threshold * a / 100) for threshold in sorted(thresholds)]
        yield from ((a, b) for b in sorted({max(m + step, 0) for m in marks for step in (-1, 0, 1)}))


def _thresholds(rule: Rule) -> set[Fraction]:
    found = [x for line in rule.of_kind("band") for x in (line.start, line.at) if x is not None]
    return {Fraction(x) for x in found}


def _halves(rule: Rule) -> Iterator[tuple[Typed, Typed]]:
    """Counts whose proportional points are exactly k + 1/2 units, and the ones beside them."""
    for line in rule.of_kind("band"):
        if line.at is None:
            continue
        slope = Fraction(rule.units(line.points) * 100) / Fraction(line.at)
        found = [
            (a, b)
            for a in (40, 200, 1200, 36_000)
            for b in range(a)
            if (slope * b / a) % 1 == Fraction(1, 2) and line.start * a <= 100 * b <= line.at * a
        ]
        for a, b in random.Random(SEED).sample(found, min(8, len(found))):
            for times in (1, TOP // a):
                yield from ((times * a, times * b + step) for step in (-1, 0, 1))


def _decimal_cases() -> Iterator[Case]:
    """Amounts of money: two decimals are taken, a third one is not."""
    good = [(10.5, 6.3), (10.5, 6.29), (0.29, 0.29), (0.29, 0.28), (0.01, 0.01), (1.1, 0.66), (4.35, 2.61)]
    good += [(100.01, 60.0), (100.01, 60.01), (123456789.12, 74074073.47), (123456789.12, 74074073.48)]
    good += [(TOP, 600000000.01), (TOP, 599999999.99), (999999999.99, 999999999.99), (0.28, 0.29)]
    # Doubles whose hundredfold is not whole: 150000000.07 * 100 and the like.
    good += [(169457021.92, 169457021.92), (272612712.22, 200000000.01), (572297450.57, 572297450.56)]
    odd = [(1.005, 1), (1, 0.005), (TOP + 0.01, 1), (0.001, 0), (12.345, 1.2), (5, -0.01), (1000.001, 1)]
    yield from ({"a": a, "b": b} for a, b in good + odd)


def _weighted(rule: Rule) -> Iterator[Case]:
    rest: tuple[Typed, ...] = (None, " ", 0, 1, 10, 11, "abc")
    for a, b, c in product((None, 0, 20, "57 "), (None, 0, 10, 19, 20, 21, TOP), rest):
        yield {"a": a, "b": b, "c": c}
    for bad in BAD_COUNTS:
        yield from ({"a": 5, "b": 2, "c": 1} | {i: bad} for i in "abc")
    large = [
        (TOP, TOP, None),
        (TOP, TOP - 1, 1),
        (TOP, 1, TOP - 1),
        (TOP, TOP, 1),
        (7, 3, 2),
        (999, 500, 499),
    ]
    for a, b, c in large + _weighted_halves(rule):
        yield {"a": a, "b": b, "c": c}


def _weighted_halves(rule: Rule) -> list[tuple[int, int, int | None]]:
    first, second = (rule.units(line.points) for line in rule.of_kind("term"))
    found = [
        (a, b, c)
        for a in (40, 200)
        for b in range(a)
        for c in range(a - b)
        if 2 * (first * b + second * c) % (2 * a) == a
    ]
    return list(random.Random(SEED).sample(found, min(24, len(found))))


def _tiers(rule: Rule) -> Iterator[Case]:
    """Every choice for the marks with every choice for each of the rates."""
    conditions = [c for tier in rule.of_kind("tier") for c in tier.when]
    pairs = list(dict.fromkeys((c.a, c.b) for c in conditions if isinstance(c, RateCondition)))
    marks = [i.id for i in rule.inputs if i.kind == "mark"]
    counts = [(None, None), (0, None), (0, 3), (20, 20), (20, 19), (20, 21), (20, " "), (20, 0), (TOP, TOP)]
    counts += [("abc", 1), (20, -1), (0, "57 "), (None, 5), (1.5, 1)]
    columns = [*([(m,) for m in (None, "x", "×", "abc")] for _ in marks), *(counts for _ in pairs)]
    ids = [*marks, *(i for pair in pairs for i in pair)]
    for chosen in product(*columns):
        yield dict(zip(ids, (one for group in chosen for one in group), strict=True))


# The fills ------------------------------------------------------------------------------------------


def fills(criteria: CriteriaSet) -> list[dict[str, Typed]]:
    """Input key -> typed, for every input, ``FILLS`` times or as long as the longest pool lasts."""
    made: list[dict[str, Typed]] = [{} for _ in range(FILLS)]
    for at in criteria.parts:
        rng = random.Random(f"{SEED}/{at.key}")
        every = pool(at.part.rule)
        for fill, case in zip(made, _in_turn(at, every, rng), strict=True):
            fill.update({at.node.input_key(at.part, i): typed for i, typed in case.items()})
    return made


def _in_turn(at: PartAt, every: list[Case], rng: random.Random) -> list[Case]:
    """First cases that leave nothing open, then the whole pool in a shuffled order, again and again."""
    sound = [case for case, state in zip(every, states(at.part.rule, every), strict=True) if state == SCORED]
    turns = [rng.choice(sound) for _ in range(COMPLETE)]
    while len(turns) < FILLS:
        turns += rng.sample(every, len(every))
    return turns[:FILLS]


def states(rule: Rule, cases: list[Case]) -> list[str]:
    """The state of each case. (Only to choose fills; the tests compare whatever comes out.)"""
    rows = [{i.id: cleaned(i, case[i.id]) for i in rule.inputs} for case in cases]
    return list(rule.outcome(pd.DataFrame(rows, dtype="int64"))["state"])
