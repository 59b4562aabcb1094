"""tiers: the first line whose conditions all hold, over rates and marks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from itertools import product
from typing import Literal

from parxl.exact import count_text, rate_text
from parxl.late import np
from parxl.rules import bands, marks, words
from parxl.rules.base import (
    Array,
    Columns,
    IfZero,
    Input,
    Mistake,
    Ref,
    Rule,
    Rung,
    State,
    Values,
    changed,
    count_of,
    exceeds,
    input_mistakes,
    is_value,
    pair_rungs,
    readable,
    size,
    whole,
)
from parxl.rules.lines import Condition, MarkCondition, RateCondition, TierLine

Pair = tuple[str, str]


class Tiers(Rule):
    """Points of the first tier that holds.

    The first rate's a = 0 is the case ZERO whatever else is typed; a later rate's a = 0 only where
    a tier hinges on it: where that tier's other conditions hold and no earlier tier's do.
    """

    allowed = ("input", "option", "tier", "text")
    rule: Literal["tiers"]
    if_zero: IfZero

    @property
    def tiers(self) -> list[TierLine]:
        return self.of_kind("tier")

    @cached_property
    def pairs(self) -> list[Pair]:
        """The rates (a, b) in the order in which the tiers name them."""
        rates = [c for t in self.tiers for c in t.when if isinstance(c, RateCondition)]
        return list(dict.fromkeys((c.a, c.b) for c in rates))

    @cached_property
    def options(self) -> list[str]:
        return [str(k) for k, _ in enumerate(self.of_kind("option"), start=1)]

    @cached_property
    def inputs(self) -> tuple[Input, ...]:
        found: list[Input] = []
        k = 0
        for line in self.lines:
            if line.kind == "option":
                k += 1
                found.append(Input(id=str(k), kind="mark", text=line.text))
            elif line.kind == "input":
                found.append(count_of(line))
        return tuple(found)

    def best(self) -> Decimal:
        return max((tier.points for tier in self.tiers), default=Decimal(0))

    def mistakes(self) -> Iterator[Mistake]:
        yield from super().mistakes()
        yield from input_mistakes(self, {i for pair in self.pairs for i in pair})
        if not self.tiers or self.tiers[-1].when:
            yield Mistake(code="PX125")
        for number, line in enumerate(self.lines, start=1):
            if isinstance(line, TierLine) and any(self._unknown(c) for c in line.when):
                yield Mistake(code="PX126", line=number)

    def _unknown(self, condition: Condition) -> bool:
        return isinstance(condition, MarkCondition) and str(condition.option) not in self.options

    # The ladder -------------------------------------------------------------------------------

    def rungs(self) -> list[Rung]:
        (first_a, first_b), later = self.pairs[0], self.pairs[1:]
        ladder = [*readable(first_a), is_value(first_a, 0, State.ZERO)]
        ladder += marks.exclusive(self.options) if self.options else []
        ladder += [*readable(first_b), exceeds(first_b, first_a)]
        for pair in later:
            ladder += self._later_rungs(pair)
        return ladder

    def _later_rungs(self, pair: Pair) -> list[Rung]:
        damaged, blank, _, *rest = pair_rungs(*pair)
        undecided = Rung(
            State.ZERO,
            lambda columns: (columns[pair[0]] == 0) & self._hinges(columns, pair),
            lambda ref: f"IF({ref(pair[0])}=0,{self._hinges_formula(ref, pair)},FALSE)",
        )
        return [damaged, blank, undecided, is_value(pair[0], 0, State.SCORED), *rest]

    def _hinges(self, columns: Columns, pair: Pair) -> Array:
        held = [_all_hold(columns, _others(tier, pair)) for tier in self.tiers]
        return np.select(held, [_names(tier, pair) for tier in self.tiers], default=False)

    def _hinges_formula(self, ref: Ref, pair: Pair) -> str:
        formula = "FALSE"
        for tier in reversed(self.tiers):
            answer = "TRUE" if _names(tier, pair) else "FALSE"
            formula = f"IF({_all_formula(ref, _others(tier, pair))},{answer},{formula})"
        return formula

    # Points -----------------------------------------------------------------------------------

    def points(self, columns: Columns) -> Array:
        return np.select(
            [_all_hold(columns, tier.when) for tier in self.tiers],
            [self.units(tier.points) for tier in self.tiers],
            default=0,
        )

    def points_formula(self, ref: Ref) -> str:
        formula = "0"
        for tier in reversed(self.tiers):
            formula = f"IF({_all_formula(ref, tier.when)},{self.literal(tier.points)},{formula})"
        return formula

    # The next step up -------------------------------------------------------------------------

    def reach(self, values: Values, target: int) -> dict[str, int] | None:
        shares = [self._nearest(values, pair) for pair in self.pairs]
        if shares[0][0][self.pairs[0][0]] == 0:
            return None
        marked = [{i: int(i == k) for i in self.options} for k in self.options] or [{}]
        found = []
        for choices in product(marked, *shares):
            new = {i: value for choice in choices for i, value in choice.items()}
            earned = self.units(self._tier(new).points)
            if earned >= target and not self._undecided(new):
                found.append((self._cost(values, new), -earned, new))
        return changed(values, min(found, key=lambda one: one[:2])[2]) if found else None

    def _nearest(self, values: Values, pair: Pair) -> list[dict[str, int]]:
        """The b nearest to the typed one on each side of each threshold; any b where a = 0."""
        a, b = pair
        total = whole(values, a, [b], next(i.decimals for i in self.inputs if i.id == a))
        if total == 0:
            return [{a: 0, b: values[b]}]
        lows = sorted({0, *(bands.least(s, total) for s in self._starts(pair))}, reverse=True)
        kept = [(low, high) for low, high in bands.ranges(lows, total) if low <= high]
        return [{a: total, b: bands.nearest(max(values[b], 0), low, high)} for low, high in kept]

    def _starts(self, pair: Pair) -> tuple[Decimal, ...]:
        rates = (c for tier in self.tiers for c in tier.when if isinstance(c, RateCondition))
        return tuple(c.start for c in rates if (c.a, c.b) == pair)

    def _undecided(self, values: Values) -> bool:
        """Does a tier hinge on a later rate whose a = 0?"""
        for pair in self.pairs[1:]:
            held = next(t for t in self.tiers if _all_met(values, _others(t, pair)))
            if values[pair[0]] == 0 and _names(held, pair):
                return True
        return False

    def _cost(self, values: Values, new: Values) -> int:
        moved = sum(abs(new[b] - max(values[b], 0)) for a, b in self.pairs if new[a] > 0)
        return moved + sum(new[i] != values[i] for i in self.options)

    def _tier(self, values: Values) -> TierLine:
        return next(tier for tier in self.tiers if _all_met(values, tier.when))

    def change_words(self, values: Values, changes: Mapping[str, int]) -> str:
        marked, cleared = (
            [i.text for i in self.inputs if i.kind == "mark" and changes.get(i.id) == mark] for mark in (1, 0)
        )
        phrases = [words.lines("đạt nội dung", marked) or words.lines("bỏ dấu chọn", cleared)]
        for pair in self.pairs:
            phrases += self._share_words(values, {**values, **changes}, pair)
        return words.sentence(phrases)

    def _share_words(self, values: Values, new: Values, pair: Pair) -> list[str]:
        asked = [i for i in self.inputs if i.id in pair]
        old_share, new_share = ((v[pair[1]], v[pair[0]]) for v in (values, new))
        rate = words.rate_change(old_share, new_share, self._starts(pair))
        phrases = words.count_changes(asked, values, new)
        return [*phrases[:-1], phrases[-1] + rate] if phrases else []

    # Words ------------------------------------------------------------------------------------

    def explain(self, values: Values, points: int) -> str:
        marked = [i for i in self.inputs if i.kind == "mark" and values[i.id] == 1]
        facts = [f"“{i.text}”" for i in marked]
        facts += [self._rate(values, pair) for pair in self.pairs if values[pair[0]] > 0]
        return "; ".join(facts) + f" → {self.earned(points)}"

    def _rate(self, values: Values, pair: Pair) -> str:
        a, b = (values[i] for i in pair)
        asked = next(i for i in self.inputs if i.id == pair[1])
        name = f"“{asked.text}”: b/a" if "/" in pair[1] else "b/a"
        counts = "/".join(count_text(n, asked.decimals) for n in (b, a))
        return f"{name} = {counts} = {rate_text(b, a, self._starts(pair))}%"

    def resting_line(self, values: Values) -> str:
        return self._tier(values).text

    def needed(self, values: Values) -> list[str]:
        unmarked = not any(values[i] == 1 for i in self.options)
        return [*(self.options if unmarked else []), *self._needed_counts(values)]

    def _needed_counts(self, values: Values) -> list[str]:
        zero = {b for a, b in self.pairs if values[a] == 0}
        return [i for i in super().needed(values) if i not in zero]

    def validation(self, input_id: str, cell: Ref) -> tuple[str, str]:
        if input_id in self.options:
            return marks.only_one(self.options, cell)
        a, b = next((cell(a), cell(b)) for a, b in self.pairs if input_id in (a, b))
        condition = f"OR(NOT(ISNUMBER({a})),NOT(ISNUMBER({b})),{b}<={a})"
        return condition, "b không được lớn hơn a."


def _names(tier: TierLine, pair: Pair) -> bool:
    return any(isinstance(c, RateCondition) and (c.a, c.b) == pair for c in tier.when)


def _others(tier: TierLine, pair: Pair) -> tuple[Condition, ...]:
    return tuple(c for c in tier.when if not (isinstance(c, RateCondition) and (c.a, c.b) == pair))


def _all_hold(columns: Columns, conditions: tuple[Condition, ...]) -> Array:
    held = np.ones(size(columns), dtype=bool)
    for condition in conditions:
        held &= _holds(columns, condition)
    return held


def _holds(columns: Columns, condition: Condition) -> Array:
    if isinstance(condition, MarkCondition):
        return columns[str(condition.option)] == 1
    a, b = columns[condition.a], columns[condition.b]
    p, q = bands.reach_numbers(condition.start)
    return (a > 0) & (p * b >= q * a)


def _all_met(values: Values, conditions: tuple[Condition, ...]) -> bool:
    return all(_is_met(values, condition) for condition in conditions)


def _is_met(values: Values, condition: Condition) -> bool:
    if isinstance(condition, MarkCondition):
        return values[str(condition.option)] == 1
    a, b = values[condition.a], values[condition.b]
    return a > 0 and b >= bands.least(condition.start, a)


def _all_formula(ref: Ref, conditions: tuple[Condition, ...]) -> str:
    # Nested IF, not AND: a rate must not be looked at where an earlier condition has failed.
    formula = "TRUE"
    for condition in reversed(conditions):
        formula = f"IF({_formula(ref, condition)},{formula},FALSE)"
    return formula


def _formula(ref: Ref, condition: Condition) -> str:
    if isinstance(condition, MarkCondition):
        return f"{ref(str(condition.option))}=1"
    a, b = ref(condition.a), ref(condition.b)
    p, q = bands.reach_numbers(condition.start)
    return f"IF({a}=0,FALSE,{p}*{b}>={q}*{a})"
