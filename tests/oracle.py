"""An independent oracle: what a part earns, in plain fractions, one function a rule kind.

Written from the reading of the two decisions, criterion by criterion; it imports nothing of parxl
and reads a set's file as plain TOML. Slow and simple on purpose: one unit at a time.

The values of a unit: local input id -> a whole number (scaled by 10**decimals where the input has
decimals), a mark 1 or 0, None for a blank, "!" for something that is not what the cell asks for.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

Raw = dict[str, Any]
Given = int | str | None
Values = dict[str, Given]
Amount = Fraction | str | None
Outcome = tuple[str, int]
Pair = tuple[str, str]

SCORED, MISSING, CONTRADICTORY = "scored", "missing", "contradictory"
DAMAGED, ZERO = "damaged", "zero"
BROKEN = "!"
HALF = Fraction(1, 2)


def parts(file: Path) -> dict[str, Raw]:
    """Every scored part of a set's file by its key: ``1.6``, ``3.2.3/tinh``."""
    with file.open("rb") as stream:
        listed = tomllib.load(stream, parse_float=Decimal)["criterion"]
    return {key: raw for criterion in listed for key, raw in _parts_of(criterion)}


def _parts_of(criterion: Raw) -> Iterator[tuple[str, Raw]]:
    if criterion["rule"] == "parts":
        yield from ((f"{criterion['code']}/{part['id']}", part) for part in criterion["parts"])
    elif criterion["rule"] not in ("group", "entered"):
        yield criterion["code"], criterion


def outcome(raw: Raw, values: Values) -> Outcome:
    """(state, hundredths of a point): hundredths are 0 unless the state is "scored"."""
    return KINDS[raw["rule"]](raw, values)


# The six kinds ------------------------------------------------------------------------------------


def choice(raw: Raw, values: Values) -> Outcome:
    """One x beside one option earns its points; beside the added line: nothing of the kind."""
    options = _lines(raw, "option")
    marks = [values[str(k)] for k in range(1, len(options) + 1)]
    none = [values["none"] for _ in _lines(raw, "none")]
    trouble = _marks_trouble(marks + none)
    if trouble:
        return trouble, 0
    return (ZERO, 0) if 1 in none else _scored(_exact(options[marks.index(1)]["points"]))


def ratio(raw: Raw, values: Values) -> Outcome:
    """The highest band that the rate reaches: its points, or points × rate / ``at`` up to ``at``."""
    given = _amounts(raw, values)
    a, b = given["a"], given["b"]
    trouble = _whole_trouble(a) or _share_trouble(b, a)
    if trouble:
        return trouble, 0
    rate = 100 * b / a
    reached = [band for band in _lines(raw, "band") if rate >= _exact(band["from"])]
    if not reached:
        return SCORED, 0
    band = max(reached, key=lambda band: band["from"])
    points = _exact(band["points"])
    if "at" in band:
        at = _exact(band["at"])
        points = points * min(rate, at) / at
    return _scored(points)


def count(raw: Raw, values: Values) -> Outcome:
    """The points of the band with the highest start that n reaches."""
    n = _amounts(raw, values)["n"]
    trouble = _unread(n)
    if trouble:
        return trouble, 0
    reached = [band for band in _lines(raw, "band") if n >= _exact(band["from"])]
    return _scored(_exact(max(reached, key=lambda band: band["from"])["points"]))


def weighted(raw: Raw, values: Values) -> Outcome:
    """(b/a)·w₁ + (c/a)·w₂; nothing is left for c where b = a, so a blank c is 0 there."""
    given = _amounts(raw, values)
    a, b, c = given["a"], given["b"], given["c"]
    trouble = _whole_trouble(a) or _share_trouble(b, a)
    if trouble:
        return trouble, 0
    c = Fraction(0) if c is None and b == a else c
    trouble = _unread(c) or (CONTRADICTORY if b + c > a else "")
    if trouble:
        return trouble, 0
    weights = {term["input"]: _exact(term["points"]) for term in _lines(raw, "term")}
    return _scored(b / a * weights["b"] + c / a * weights["c"])


def tiers(raw: Raw, values: Values) -> Outcome:
    """The first tier whose conditions all hold; the first a before all, then marks, then shares."""
    given = _amounts(raw, values)
    (a, b), *later = _pairs(raw)
    marks = [values[str(k)] for k, _ in enumerate(_lines(raw, "option"), start=1)]
    trouble = _whole_trouble(given[a])
    trouble = trouble or (_marks_trouble(marks) if marks else "")
    trouble = trouble or _share_trouble(given[b], given[a])
    for pair in later:
        trouble = trouble or _later_trouble(raw, values, given, pair)
    return (trouble, 0) if trouble else _scored(_tier_points(raw, values, given, {}))


def checklist(raw: Raw, values: Values) -> Outcome:
    """Every marked item earns its own points; an unmarked one earns nothing and is no mistake."""
    items = _lines(raw, "item")
    if any(values[item["id"]] == BROKEN for item in items):
        return DAMAGED, 0
    marked = [_exact(item["points"]) for item in items if values[item["id"]] == 1]
    return _scored(sum(marked, start=Fraction(0)))


KINDS: dict[str, Callable[[Raw, Values], Outcome]] = {
    "choice": choice,
    "ratio": ratio,
    "count": count,
    "weighted": weighted,
    "tiers": tiers,
    "checklist": checklist,
}


# Points and amounts -------------------------------------------------------------------------------


@cache
def _exact(number: int | Decimal) -> Fraction:
    return Fraction(number)


def _scored(points: Fraction) -> Outcome:
    """Hundredths, half up."""
    return SCORED, math.floor(points * 100 + HALF)


def _lines(raw: Raw, kind: str) -> list[Raw]:
    return [line for line in raw["lines"] if line["kind"] == kind]


def _amounts(raw: Raw, values: Values) -> dict[str, Amount]:
    """The counts as typed, decimals and all; None and "!" stay."""
    return {line["id"]: _amount(values[line["id"]], line.get("decimals", 0)) for line in _lines(raw, "input")}


def _amount(given: Given, decimals: int) -> Amount:
    return Fraction(given, 10**decimals) if isinstance(given, int) else given


# What keeps a part from being scored; "" where nothing does ---------------------------------------


def _unread(amount: Amount) -> str:
    if amount == BROKEN:
        return DAMAGED
    return MISSING if amount is None else ""


def _whole_trouble(a: Amount) -> str:
    """a = 0 counts, whatever else is typed."""
    return _unread(a) or (ZERO if a == 0 else "")


def _share_trouble(b: Amount, a: Amount) -> str:
    return _unread(b) or (CONTRADICTORY if b > a else "")


def _marks_trouble(marks: list[Given]) -> str:
    if BROKEN in marks:
        return DAMAGED
    return {0: MISSING, 1: ""}.get(marks.count(1), CONTRADICTORY)


def _later_trouble(raw: Raw, values: Values, given: dict[str, Amount], pair: Pair) -> str:
    """A later a = 0 matters only where the points depend on how its rate would have come out."""
    a, b = given[pair[0]], given[pair[1]]
    if _unread(a):
        return _unread(a)
    if a != 0:
        return _share_trouble(b, a)
    hoped, feared = (_tier_points(raw, values, given, {pair: held}) for held in (True, False))
    return ZERO if hoped != feared else ""


# Tiers --------------------------------------------------------------------------------------------


def _pairs(raw: Raw) -> list[Pair]:
    """The rates (a, b) in the order in which the tiers name them."""
    conditions = [c for tier in _lines(raw, "tier") for c in tier["when"]]
    return list(dict.fromkeys((c["a"], c["b"]) for c in conditions if c["kind"] == "rate"))


def _tier_points(raw: Raw, values: Values, given: dict[str, Amount], assumed: dict[Pair, bool]) -> Fraction:
    for tier in _lines(raw, "tier"):
        if all(_holds(condition, values, given, assumed) for condition in tier["when"]):
            return _exact(tier["points"])
    raise ValueError("no tier holds")


def _holds(condition: Raw, values: Values, given: dict[str, Amount], assumed: dict[Pair, bool]) -> bool:
    if condition["kind"] == "mark":
        return values[str(condition["option"])] == 1
    pair = (condition["a"], condition["b"])
    if pair in assumed:
        return assumed[pair]
    a, b = given[pair[0]], given[pair[1]]
    return a != 0 and 100 * b / a >= _exact(condition["from"])
