"""Exact numbers: the one rounding function, and points and rates put into Vietnamese text.

Scores are whole numbers of the set's last decimal ("hundredths" when ``decimals`` is 2). Nothing
in here, or anywhere else in parxl, lets a float decide a score, a band or a rank.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import ceil, floor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import numpy as np

Whole = TypeVar("Whole", int, "np.ndarray")

# A rate is printed with two decimals, and with up to eight where fewer would lie about its side.
RATE_DECIMALS = range(2, 9)


def half_up(numerator: Whole, denominator: Whole) -> Whole:
    """Divide whole numbers >= 0 (or int64 arrays of them) and round half up: the only rounding."""
    return (2 * numerator + denominator) // (2 * denominator)


def to_units(points: Decimal, decimals: int) -> int:
    """Points as written in a criteria set -> whole units of the last decimal; exact or ValueError."""
    scaled = points.scaleb(decimals)
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{points} has more than {decimals} decimals")
    return int(scaled)


def points_literal(units: int, decimals: int) -> str:
    """Units -> the number as an Excel formula writes it: ``25`` -> ``0.25``."""
    return format(Decimal(units).scaleb(-decimals).normalize(), "f")


def points_number(units: int, decimals: int) -> float:
    """Units -> the double nearest to the points, for a workbook's cell or JSON."""
    return units / 10**decimals  # of whole numbers Python's division gives the nearest double


def points_text(units: int, decimals: int) -> str:
    """Units -> points as an official reads them: ``143`` -> ``1,43``."""
    sign, (whole, rest) = "-" * (units < 0), divmod(abs(units), 10**decimals)
    return f"{sign}{whole},{rest:0{decimals}d}" if decimals else f"{sign}{whole}"


def short_text(number: Decimal) -> str:
    """A number of the decision without needless zeros, with a decimal comma: ``1.50`` -> ``1,5``."""
    return format(number.normalize(), "f").replace(".", ",")


def count_text(count: int, decimals: int = 0) -> str:
    """A count as typed: scaled by ``decimals``, thousands parted by dots: ``12345`` -> ``12.345``."""
    whole, rest = divmod(count, 10**decimals)
    text = f"{whole:,}".replace(",", ".")
    return f"{text},{rest:0{decimals}d}" if decimals else text


def rate_text(b: int, a: int, thresholds: tuple[Decimal, ...]) -> str:
    """The rate b/a in percent, with as many decimals (2 to 8) as keep it on its true side.

    ``thresholds`` are percents; 0 and 100 always count. 18999/20000 against 95 is ``94,995``, never
    ``95,00``. Where eight decimals still fall on a threshold, the last one goes down or up to its side.
    """
    marks = _marks(thresholds)
    sides = [_sign(100 * b * below - above * a) for above, below in marks]
    for places in RATE_DECIMALS:
        scale = 10**places
        shown = half_up(100 * b * scale, a)
        if all(
            _sign(shown * below - above * scale) == side
            for (above, below), side in zip(marks, sides, strict=True)
        ):
            return points_text(shown, places)
    return _percent(_on_true_side(Fraction(100 * b, a), thresholds), RATE_DECIMALS[-1])


@cache
def _marks(thresholds: tuple[Decimal, ...]) -> tuple[tuple[int, int], ...]:
    """The percents that count, each once, as (numerator, denominator)."""
    marks = dict.fromkeys([*map(Fraction, thresholds), Fraction(0), Fraction(100)])
    return tuple((mark.numerator, mark.denominator) for mark in marks)


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def _side(rate: Fraction, mark: Fraction) -> int:
    return (rate > mark) - (rate < mark)


def _on_true_side(rate: Fraction, thresholds: tuple[Decimal, ...]) -> Fraction:
    marks = [Fraction(*mark) for mark in _marks(thresholds)]
    scale = 10 ** RATE_DECIMALS[-1]
    down, up = Fraction(floor(rate * scale), scale), Fraction(ceil(rate * scale), scale)
    return next(s for s in (down, up, rate) if all(_side(s, m) == _side(rate, m) for m in marks))


def _percent(rate: Fraction, places: int) -> str:
    units = half_up(rate.numerator * 10**places, rate.denominator)
    return points_text(units, places)
