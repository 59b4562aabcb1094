"""One cell of a form -> one value, or a finding that says what is wrong with it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from parxl.exact import half_up, short_text
from parxl.grid import Cell
from parxl.reading.texts import bare, meaning, says_nothing, shown, thousands_hint
from parxl.rules import BLANK, DAMAGED, Input
from parxl.rules.base import TOLERANCE, TOP
from parxl.rules.lines import short_label
from parxl.rules.marks import MARKS

Facts = dict[str, Any]

HEAVY_MARK = "✔"  # pasted from elsewhere; the sheet itself does not know it
# What people put into a cell to choose its line; refused, because in another's hand it may mean something else.
LIKE_MARKS = {
    "v",
    "1",
    "có",
    "co",
    "chọn",
    "đúng",
    "true",
    "yes",
    "y",
    "ok",
    "☑",
    "☒",
    "√",
    "✗",
    "✘",
    "ｘ",
    "xx",
    "*",
    "+",
}

DAY_ZERO = dt.date(1899, 12, 30)  # of the sheet's 1900 system, as it counts since March 1900
FIRST_DAY, LAST_DAY = 61, 2_958_465  # 01/03/1900, 31/12/9999
DAYS, FAR = (
    365,
    4000,
)  # of a year, leap days left out; so many days away is another year, whatever the leap days

RETYPE = "Hãy nhập lại số liệu."
COUNTABLE = "Nhập {wanted} từ 0 đến 1.000.000.000; nhập 0 nếu không có."
CHOOSE = "Nếu chọn dòng này, hãy gõ x; nếu không chọn, hãy để trống ô."
LIKE_MARK = "Có lẽ là dấu chọn; nếu chọn dòng này, hãy gõ một chữ x."
NOT_CHOSEN = "Nếu không chọn dòng này, hãy xóa trống ô; nếu chọn, hãy gõ x."


@dataclass(frozen=True)
class Reading:
    """``value``: as in an inputs frame. ``sheet``: the value as the sheet itself cleans it.

    ``code``: a register code to report, "" for none, with its facts.
    """

    value: int
    sheet: int
    code: str = ""
    facts: Facts = field(default_factory=dict)


NO_COUNT, NO_MARK, MARKED = Reading(BLANK, BLANK), Reading(0, 0), Reading(1, 1)


def read_input(cell: Cell, wanted: Input, year: int | None = None) -> Reading:
    """A count or a mark out of one cell. ``year``: the campaign's, to know a date that became a number."""
    if cell.value is None and not cell.formula:
        return NO_COUNT if wanted.kind == "count" else NO_MARK
    return _plain(cell, wanted, year) or _looked_at(cell, wanted, year)


def _plain(cell: Cell, wanted: Input, year: int | None) -> Reading | None:
    """What nearly every cell holds: a whole number, or a mark. None for everything else, which takes longer."""
    value = cell.value
    if cell.formula:
        return None
    if wanted.kind == "mark":
        return MARKED if isinstance(value, str) and value in MARKS else None
    if type(value) is not int or not 0 <= value <= TOP or cell.is_percent or _near_day(value, year):
        return None
    return _taken(value * 10**wanted.decimals)


@lru_cache(maxsize=4096)
def _taken(scaled: int) -> Reading:
    return Reading(scaled, scaled)


def _looked_at(cell: Cell, wanted: Input, year: int | None) -> Reading:
    facts = {"label": short_label(wanted.text)}
    blank = BLANK if wanted.kind == "count" else 0
    if cell.formula:
        return Reading(DAMAGED, DAMAGED, "PX404", facts)
    if cell.is_error:
        return Reading(DAMAGED, DAMAGED, "PX405", facts | {"value": str(cell.value)})
    if isinstance(cell.value, str) and not bare(cell.value):
        # The sheet's TRIM knows only the plain space.
        return Reading(blank, blank if not cell.value.strip(" ") else DAMAGED)
    if wanted.kind == "mark":
        return _mark(cell, facts)
    return _count(cell, wanted.decimals, year, facts | {"wanted": _wanted(wanted.decimals)})


def _wanted(decimals: int) -> str:
    return f"số có tối đa {decimals} chữ số thập phân" if decimals else "số nguyên"


# Marks --------------------------------------------------------------------------------------------


def _mark(cell: Cell, facts: Facts) -> Reading:
    facts = facts | {"value": _shown(cell.value)}
    if not isinstance(cell.value, str):
        return Reading(DAMAGED, DAMAGED, "PX407", facts | {"hint": _mark_hint(facts["value"])})
    typed = cell.value.strip(" ").lower()
    if typed in (*MARKS, HEAVY_MARK):
        return Reading(1, 1 if typed in MARKS else DAMAGED)
    if bare(typed) in (*MARKS, HEAVY_MARK):
        return Reading(1, DAMAGED, "PX415", facts)
    return Reading(DAMAGED, DAMAGED, "PX407", facts | {"hint": _mark_hint(bare(typed))})


def _mark_hint(text: str) -> str:
    if says_nothing(text) or text == "FALSE":
        return NOT_CHOSEN
    inner = text.lower().strip("()[]{}.,;'\" ")
    return LIKE_MARK if inner in LIKE_MARKS or inner in MARKS else CHOOSE


# Counts -------------------------------------------------------------------------------------------


def _count(cell: Cell, decimals: int, year: int | None, facts: Facts) -> Reading:
    facts = facts | {"value": _shown(cell.value)}
    if isinstance(cell.value, str):
        return _text(cell.value, decimals, facts)
    if cell.is_date:
        hint = _date_hint(cell.value, year)
        return Reading(DAMAGED, _sheet_value(cell.number, decimals), "PX406", facts | {"hint": hint})
    if isinstance(cell.value, bool) or not isinstance(cell.value, (int, float)):
        return Reading(DAMAGED, DAMAGED, "PX401", facts | {"hint": COUNTABLE.format(**facts)})
    if cell.is_percent:
        percent = f"{shown(short_text(_exact(cell.value) * 100))}%"
        return Reading(DAMAGED, _sheet_value(cell.value, decimals), "PX414", facts | {"value": percent})
    return _number(cell.value, decimals, year, facts)


def _number(number: int | float, decimals: int, year: int | None, facts: Facts) -> Reading:
    value = _sheet_value(number, decimals)
    if value != DAMAGED and (day := _near_day(number, year)):
        return Reading(value, value, "PX413", facts | {"day": _shown(day), "typed": _typed(day, year)})
    if value != DAMAGED:
        return Reading(value, value)
    if not 0 <= number <= TOP:
        return Reading(DAMAGED, DAMAGED, "PX403", facts)
    return Reading(DAMAGED, DAMAGED, "PX402", facts | {"hint": thousands_hint(facts["value"]) or RETYPE})


def _sheet_value(number: int | float | None, decimals: int) -> int:
    """What the sheet makes of a number, however it is shown."""
    if number is None or not 0 <= number <= TOP:
        return DAMAGED
    scaled = _exact(number).scaleb(decimals)
    whole = half_up(*scaled.as_integer_ratio())
    return whole if abs(scaled - whole) < TOLERANCE else DAMAGED


def _exact(number: int | float) -> Decimal:
    """The shortest digits of a float, without the noise of ×100."""
    return Decimal(number) if isinstance(number, int) else Decimal(repr(number))


def _text(text: str, decimals: int, facts: Facts) -> Reading:
    """A number typed as text: taken with a note where it can mean only one thing."""
    found = meaning(text, decimals)
    if found.number is None:
        default = {"PX401": COUNTABLE, "PX402": RETYPE}.get(found.code, "")
        return Reading(DAMAGED, DAMAGED, found.code, facts | {"hint": found.hint or default.format(**facts)})
    value = int(found.number.scaleb(decimals))
    return Reading(value, DAMAGED, "PX411", facts | {"number": short_text(found.number)})


# Dates --------------------------------------------------------------------------------------------


def _near_day(number: int | float, year: int | None) -> dt.date | None:
    """The day in or beside the campaign's year whose number in the sheet this is exactly."""
    if year is None or not FIRST_DAY <= number <= LAST_DAY or number != int(number):
        return None
    if abs(number - DAYS * (year - 1900)) > FAR:
        return None
    day = DAY_ZERO + dt.timedelta(days=int(number))
    return day if _is_near(day, year) else None


def _is_near(day: dt.date, year: int | None) -> bool:
    return year is None or abs(day.year - year) <= 1


def _typed(day: dt.date, year: int | None) -> str:
    """What may have been typed for a program to make this date of it; "" where it was a date."""
    if _is_near(day, year):
        # Which comes first, day or month, is a setting of the computer.
        one, other = f"“{day.day}/{day.month}”", f"“{day.month}/{day.day}”"
        return one if one == other else f"{one} hoặc {other}"
    return f"“{day.month}/{day.year % 100:02d}”" if day.day == 1 else ""  # 5/60: a month and its year


def _date_hint(value: dt.date | dt.time | dt.timedelta, year: int | None) -> str:
    has_time = isinstance(value, dt.datetime) and value.time() != dt.time()
    typed = _typed(value, year) if isinstance(value, dt.date) and not has_time else ""
    guess = f"Có lẽ đã gõ {typed}. " if typed else ""
    return f"{guess}Excel và LibreOffice tự đổi số gõ kiểu 1/5 hoặc 3:04 thành ngày, giờ."


# What stands in a cell, for a message -------------------------------------------------------------


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (int, float)):
        return shown(short_text(_exact(value)))
    if isinstance(value, dt.date):
        return f"{value.day:02d}/{value.month:02d}/{value.year}"
    if isinstance(value, dt.timedelta):
        hours, rest = divmod(value, dt.timedelta(hours=1))
        return f"{hours}:{rest // dt.timedelta(minutes=1):02d}"
    return shown(str(value))


# Scores -------------------------------------------------------------------------------------------


def read_score(cell: Cell, decimals: int) -> int | None:
    """What a live score cell shows, in units; None where it shows none."""
    return shown_score(cell.value, decimals)


def shown_score(value: Any, decimals: int) -> int | None:
    """The same of the value."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= TOP:
        return None
    return _score_units(value, decimals)


@lru_cache(maxsize=4096)
def _score_units(value: int | float, decimals: int) -> int:
    numerator, denominator = (Decimal(str(value)) * 10**decimals).as_integer_ratio()
    return half_up(numerator, denominator)
