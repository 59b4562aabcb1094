"""Bands shared by ratio and count: the highest start that is reached gives the points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache

from parxl.exact import short_text
from parxl.rules.base import Mistake
from parxl.rules.lines import BandLine


def descending(bands: list[BandLine]) -> list[BandLine]:
    """Highest start first, whatever order they are printed in."""
    return sorted(bands, key=lambda band: band.start, reverse=True)


def mistakes(bands: list[BandLine]) -> Iterator[Mistake]:
    """Every rate or count must fall into exactly one band."""
    starts = [band.start for band in bands]
    if Decimal(0) not in starts:
        yield Mistake(code="PX111")
    for start in sorted({s for s in starts if starts.count(s) > 1}):
        yield Mistake(code="PX112", facts={"start": short_text(start)})


@cache
def reach_numbers(start: Decimal) -> tuple[int, int]:
    """(p, q) such that a rate b/a reaches ``start`` percent exactly when p·b >= q·a."""
    fraction = Fraction(start) / 100
    if fraction.denominator == 1:
        return 1, fraction.numerator
    # Kept as percents (100·b >= 95·a), the way an official reads them, unless decimals forbid it.
    scale = Fraction(start).denominator
    return 100 * scale, int(Fraction(start) * scale)


def least(start: Decimal, a: int) -> int:
    """The smallest b such that b/a reaches ``start`` percent."""
    p, q = reach_numbers(start)
    return -(-q * a // p)


def ranges(lows: Sequence[int], top: int) -> list[tuple[int, int]]:
    """For each start, highest first: the values from it up to the start before; empty where low > high."""
    highs = [top, *(min(low - 1, top) for low in lows)]
    return list(zip(lows, highs, strict=False))


def nearest(value: int, low: int, high: int) -> int:
    """The value itself, or the end of the range that it is nearer to."""
    return max(low, min(value, high))


def between(band: BandLine, bands: list[BandLine], unit: str = "%") -> str:
    """Where a value stands: ``≥ 85% và < 100%``; one side only for the first and last band."""
    ordered = descending(bands)
    above = ordered[: ordered.index(band)]
    parts = [f"≥ {short_text(band.start)}{unit}"] if band.start else []
    parts += [f"< {short_text(above[-1].start)}{unit}"] if above else []
    return " và ".join(parts)
