"""One cell of a form -> one value, or a finding that says what is wrong with it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from parxl.exact import half_up
from parxl.grid import Cell, tidy
from parxl.rules import BLANK, DAMAGED, Input
from parxl.rules.base import TOLERANCE, TOP
from parxl.rules.marks import MARKS

HEAVY_MARK = "✔"  # pasted from elsewhere; the sheet itself does not know it

PLAIN = re.compile(r"\d{1,15}")
THOUSANDS = re.compile(r"[1-9]\d{0,2}([. ])\d{3}(\1\d{3}){0,3}")
DECIMAL = re.compile(r"\d{1,15}[.,]\d+")
TWO_WAYS = re.compile(r"\d+[.,]\d{3}")  # 87.555, 57,000: decimals, or thousands?


@dataclass(frozen=True)
class Reading:
    """``value``: as in an inputs frame. ``sheet``: the value as the sheet itself cleans it.

    ``code``: a register code to report, "" for none, with its facts.
    """

    value: int
    sheet: int
    code: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def read_input(cell: Cell, wanted: Input) -> Reading:
    """A count or a mark out of one cell."""
    facts = {"label": short_label(wanted.text)}
    blank = BLANK if wanted.kind == "count" else 0
    if cell.formula:
        return Reading(DAMAGED, DAMAGED, "PX404", facts)
    if cell.value is None:
        return Reading(blank, blank)
    if cell.is_error:
        return Reading(DAMAGED, DAMAGED, "PX405", facts | {"value": str(cell.value)})
    if isinstance(cell.value, str) and not tidy(cell.value):
        # The sheet's TRIM knows only the plain space.
        return Reading(blank, blank if not cell.value.strip(" ") else DAMAGED)
    if wanted.kind == "mark":
        return _mark(cell, facts)
    return _count(cell, wanted.decimals, facts)


def short_label(text: str) -> str:
    """An input's label for a message: its first line, at most 80 characters."""
    line = text.split("\n")[0].rstrip(".")
    return line if len(line) <= 80 else line[:79].rstrip() + "…"


def _mark(cell: Cell, facts: dict[str, Any]) -> Reading:
    text = cell.text.lower()
    if text in (*MARKS, HEAVY_MARK) and not isinstance(cell.value, bool):
        return Reading(1, 1 if cell.value.strip(" ").lower() in MARKS else DAMAGED)
    return Reading(DAMAGED, DAMAGED, "PX407", facts | {"value": cell.text[:40]})


def _count(cell: Cell, decimals: int, facts: dict[str, Any]) -> Reading:
    if cell.is_date:
        return Reading(DAMAGED, DAMAGED, "PX406", facts | {"value": cell.text[:10]})
    if isinstance(cell.value, bool):
        return Reading(DAMAGED, DAMAGED, "PX401", facts | {"value": str(cell.value).upper()})
    if isinstance(cell.value, (int, float)):
        return _number(cell.value, decimals, facts)
    if isinstance(cell.value, str):
        return _text(tidy(cell.value), decimals, facts)
    return Reading(DAMAGED, DAMAGED, "PX401", facts | {"value": cell.text[:40]})


def _number(number: int | float, decimals: int, facts: dict[str, Any]) -> Reading:
    facts = facts | {"value": _shown(number), "decimals": decimals}
    if not 0 <= number <= TOP:
        return Reading(DAMAGED, DAMAGED, "PX403", facts)
    scaled = Decimal(str(number)).scaleb(decimals)  # str: the shortest digits, without the noise of ×100
    whole = half_up(*scaled.as_integer_ratio())
    if abs(scaled - whole) >= TOLERANCE:
        return Reading(DAMAGED, DAMAGED, "PX402", facts)
    return Reading(whole, whole)


def _shown(number: int | float) -> str:
    whole = isinstance(number, float) and number.is_integer()
    return str(int(number) if whole else number).replace(".", ",")[:40]


def _text(text: str, decimals: int, facts: dict[str, Any]) -> Reading:
    """A number typed as text: taken with a note where it can mean only one thing."""
    plain = unicodedata.normalize("NFKC", text)
    facts = facts | {"value": text[:40], "decimals": decimals}
    if re.fullmatch(r"[-–]\s*\d[\d.,]*", plain):
        return Reading(DAMAGED, DAMAGED, "PX403", facts)
    two_ways = TWO_WAYS.fullmatch(plain)
    if PLAIN.fullmatch(plain):
        return _noted(Decimal(plain), decimals, facts)
    if THOUSANDS.fullmatch(plain) and not (decimals and two_ways):
        return _noted(Decimal(re.sub(r"[. ]", "", plain)), decimals, facts)
    if DECIMAL.fullmatch(plain):
        number = Decimal(plain.replace(",", "."))
        if not two_ways and number == number.quantize(Decimal(1).scaleb(-decimals)):
            return _noted(number, decimals, facts)
        return Reading(DAMAGED, DAMAGED, "PX402", facts)
    return Reading(DAMAGED, DAMAGED, "PX401", facts)


def _noted(number: Decimal, decimals: int, facts: dict[str, Any]) -> Reading:
    if number > TOP:
        return Reading(DAMAGED, DAMAGED, "PX403", facts)
    value = int(number.scaleb(decimals))
    shown = format(number.normalize(), "f").replace(".", ",")
    return Reading(value, DAMAGED, "PX411", facts | {"number": shown})


def read_score(cell: Cell, decimals: int) -> int | None:
    """What a live score cell shows, in units; None where it shows none."""
    value = cell.value
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= TOP:
        return None
    numerator, denominator = (Decimal(str(value)) * 10**decimals).as_integer_ratio()
    return half_up(numerator, denominator)
