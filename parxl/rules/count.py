"""count: bands of one count n."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Literal

from parxl.exact import count_text
from parxl.late import np
from parxl.rules import bands, words
from parxl.rules.base import (
    TOP,
    Array,
    Columns,
    Mistake,
    Ref,
    Rule,
    Rung,
    Values,
    changed,
    input_mistakes,
    readable,
)
from parxl.rules.lines import BandLine


class Count(Rule):
    """Points of the band with the highest start that n reaches; bands may be printed in any order."""

    allowed = ("input", "band", "text")
    rule: Literal["count"]

    @cached_property
    def bands(self) -> list[BandLine]:
        return bands.descending(self.of_kind("band"))

    def best(self) -> Decimal:
        return max((band.points for band in self.bands), default=Decimal(0))

    def mistakes(self) -> Iterator[Mistake]:
        yield from super().mistakes()
        yield from input_mistakes(self, {"n"})
        yield from bands.mistakes(self.bands)
        for number, line in enumerate(self.lines, start=1):
            if isinstance(line, BandLine) and (line.at or line.start % 1):
                yield Mistake(code="PX122", line=number)
        if any(i.decimals for i in self.inputs):
            yield Mistake(code="PX122")

    def rungs(self) -> list[Rung]:
        return readable("n")

    def points(self, columns: Columns) -> Array:
        n = columns["n"]
        return np.select(
            [n >= int(band.start) for band in self.bands],
            [self.units(band.points) for band in self.bands],
            default=0,
        )

    def points_formula(self, ref: Ref) -> str:
        formula = "0"
        for band in reversed(self.bands):
            formula = f"IF({ref('n')}>={int(band.start)},{self.literal(band.points)},{formula})"
        return formula

    def reach(self, values: Values, target: int) -> dict[str, int] | None:
        old = max(values["n"], 0)
        lows = [int(band.start) for band in self.bands]
        found = []
        for band, (low, high) in zip(self.bands, bands.ranges(lows, TOP), strict=True):
            if self.units(band.points) >= target:
                n = bands.nearest(old, low, high)
                found.append((abs(n - old), -self.units(band.points), -n))
        return changed(values, {"n": -min(found)[2]}) if found else None

    def change_words(self, values: Values, changes: Mapping[str, int]) -> str:
        return words.sentence(words.count_changes(self.inputs, values, {**values, **changes}))

    def band_of(self, values: Values) -> BandLine:
        """The band that this count falls into."""
        return next(band for band in self.bands if values["n"] >= band.start)

    def explain(self, values: Values, points: int) -> str:
        where = bands.between(self.band_of(values), self.bands, unit="")
        return f"n = {count_text(values['n'])} ({where}) → {self.earned(points)}"

    def resting_line(self, values: Values) -> str:
        return self.band_of(values).text
