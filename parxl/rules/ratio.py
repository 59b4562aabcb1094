"""ratio: bands of the rate b/a, each constant or proportional to the rate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Literal

from parxl.exact import count_text, half_up, rate_text, short_text
from parxl.late import np
from parxl.rules import bands, words
from parxl.rules.base import (
    Array,
    Columns,
    IfZero,
    Mistake,
    Ref,
    Rule,
    Rung,
    Values,
    changed,
    input_mistakes,
    pair_rungs,
    whole,
)
from parxl.rules.lines import BandLine


class Ratio(Rule):
    """Points of the band that 100·b/a reaches; with ``at``: points × rate / at, up to ``at``."""

    allowed = ("input", "band", "text")
    rule: Literal["ratio"]
    if_zero: IfZero

    def best(self) -> Decimal:
        return max((band.points for band in self.bands), default=Decimal(0))

    def mistakes(self) -> Iterator[Mistake]:
        yield from super().mistakes()
        yield from input_mistakes(self, {"a", "b"})
        yield from bands.mistakes(self.bands)
        for number, line in enumerate(self.lines, start=1):
            if isinstance(line, BandLine) and line.start > 100:
                yield Mistake(code="PX121", line=number)

    @cached_property
    def bands(self) -> list[BandLine]:
        return bands.descending(self.of_kind("band"))

    def rungs(self) -> list[Rung]:
        return pair_rungs("a", "b")

    def points(self, columns: Columns) -> Array:
        a, b = columns["a"], np.maximum(columns["b"], 0)
        return np.select(
            [self._reached(a, b, band.start) for band in self.bands],
            [self._band_points(a, b, band) for band in self.bands],
            default=0,
        )

    def _reached(self, a: Array, b: Array, start: Decimal) -> Array:
        p, q = bands.reach_numbers(start)
        return p * b >= q * a

    def _band_points(self, a: Array, b: Array, band: BandLine) -> Array:
        if band.at is None:
            return np.full(len(a), self.units(band.points))
        p, q = self._slope(band)
        rising = half_up(p * b, q * np.maximum(a, 1))
        return np.where(self._reached(a, b, band.at), self.units(band.points), rising)

    def _slope(self, band: BandLine) -> tuple[int, int]:
        """(p, q): the units of points are p·b / (q·a), in lowest terms."""
        assert band.at is not None
        slope = Fraction(self.units(band.points) * 100) / Fraction(band.at)
        return slope.numerator, slope.denominator

    def points_formula(self, ref: Ref) -> str:
        a, b = ref("a"), ref("b")
        formula = "0"
        for band in reversed(self.bands):
            if band.start == 0:
                formula = self._band_formula(a, b, band)
            else:
                reached = _reached_formula(a, b, band.start)
                formula = f"IF({reached},{self._band_formula(a, b, band)},{formula})"
        return formula

    def _band_formula(self, a: str, b: str, band: BandLine) -> str:
        if band.at is None:
            return self.literal(band.points)
        p, q = self._slope(band)
        below = f"{q}*{a}" if q > 1 else a
        below = f"({below})" if q > 1 else below
        rising = f"ROUND({p}*{b}/{below},0)/{10**self.decimals}"
        if not self._may_pass(band):
            return rising
        return f"IF({_reached_formula(a, b, band.at)},{self.literal(band.points)},{rising})"

    def _may_pass(self, band: BandLine) -> bool:
        """Can a rate in this band lie above ``at``? (b <= a is sure here.)"""
        assert band.at is not None
        higher = [other.start for other in self.bands if other.start > band.start]
        return band.at < min([Decimal(100), *higher])

    def reach(self, values: Values, target: int) -> dict[str, int] | None:
        a, old = whole(values, "a", ["b"], self.inputs[0].decimals), max(values["b"], 0)
        if a == 0:
            return None
        found = [(abs(b - old), -earned, -b) for b, earned in self._enough(a, old, target)]
        return changed(values, {"a": a, "b": -min(found)[2]}) if found else None

    def _enough(self, a: int, old: int, target: int) -> Iterator[tuple[int, int]]:
        """In each band that can earn ``target``: the b nearest to the old one, and what it earns."""
        lows = [bands.least(band.start, a) for band in self.bands]
        for band, (low, high) in zip(self.bands, bands.ranges(lows, a), strict=True):
            low = max(low, self._least(a, band, target))
            if low <= high:
                b = bands.nearest(old, low, high)
                yield b, self._earned_at(a, b, band)

    def _least(self, a: int, band: BandLine, target: int) -> int:
        """The smallest b that earns ``target`` by this band's formula; more than a where none does."""
        if target > self.units(band.points):
            return a + 1
        if band.at is None or target <= 0:
            return 0
        p, q = self._slope(band)
        return -(-(2 * target - 1) * q * a // (2 * p))  # half up: p·b / (q·a) >= target - 1/2

    def _earned_at(self, a: int, b: int, band: BandLine) -> int:
        most = self.units(band.points)
        if band.at is None:
            return most
        p, q = self._slope(band)
        return min(most, half_up(p * b, q * a))

    def change_words(self, values: Values, changes: Mapping[str, int]) -> str:
        new = {**values, **changes}
        old_share, new_share = ((v["b"], v["a"]) for v in (values, new))
        rate = words.rate_change(old_share, new_share, self._thresholds)
        return words.sentence(words.count_changes(self.inputs, values, new)) + rate

    @cached_property
    def _thresholds(self) -> tuple[Decimal, ...]:
        return tuple(x for line in self.bands for x in (line.start, line.at) if x)

    def band_of(self, values: Values) -> BandLine:
        """The band that these counts fall into."""
        reached = (
            bands.reach_numbers(band.start)[0] * values["b"] >= bands.reach_numbers(band.start)[1] * values["a"]
            for band in self.bands
        )
        return next(band for band, ok in zip(self.bands, reached, strict=True) if ok)

    def explain(self, values: Values, points: int) -> str:
        a, b, decimals = values["a"], values["b"], self.inputs[0].decimals
        band = self.band_of(values)
        rate = rate_text(b, a, self._thresholds)
        facts = f"b/a = {count_text(b, decimals)}/{count_text(a, decimals)} = {rate}%"
        where = bands.between(band, self.bands)
        return f"{facts} {where} → ".replace("  ", " ") + self._working(band, rate, values, points)

    def _working(self, band: BandLine, rate: str, values: Values, points: int) -> str:
        if band.at is None:
            return self.earned(points)
        p, q = bands.reach_numbers(band.at)
        if band.at < 100 and p * values["b"] >= q * values["a"]:
            return f"{short_text(band.points)} (đạt mức tối đa từ {short_text(band.at)}%) = " + (
                self.earned(points)
            )
        share = f"{rate}%" if band.at == 100 else f"{rate}% / {short_text(band.at)}%"
        return f"{short_text(band.points)} × {share} = {self.earned(points)}"

    def resting_line(self, values: Values) -> str:
        return self.band_of(values).text

    def validation(self, input_id: str, cell: Ref) -> tuple[str, str]:
        a, b = cell("a"), cell("b")
        condition = f"OR(NOT(ISNUMBER({a})),NOT(ISNUMBER({b})),{b}<={a})"
        return condition, "b không được lớn hơn a."


def _reached_formula(a: str, b: str, start: Decimal) -> str:
    p, q = bands.reach_numbers(start)
    if p == q:
        return f"{b}>={a}"
    return f"{p}*{b}>={q}*{a}"
