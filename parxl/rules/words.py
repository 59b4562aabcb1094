"""Phrases of a smallest change, for the people who would bring it about."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from parxl.exact import count_text, rate_text
from parxl.rules.base import Input, Values
from parxl.rules.lines import counted, unpriced

Share = tuple[int, int]  # (b, a)


def count_change(item: Input, old: int, new: int) -> str:
    """``tăng “Số hồ sơ …” thêm 3 (57 → 60)``; where the old count cannot be read, the new one alone."""
    name, after = f"“{counted(item.text)}”", count_text(new, item.decimals)
    if old < 0:
        return f"nhập {name}: {after}"
    verb, by = ("tăng", "thêm") if new > old else ("giảm", "đi")
    step = count_text(abs(new - old), item.decimals)
    return f"{verb} {name} {by} {step} ({count_text(old, item.decimals)} → {after})"


def count_changes(inputs: Iterable[Input], old: Values, new: Values) -> list[str]:
    """One phrase for each of these counts that changes."""
    return [count_change(i, old[i.id], new[i.id]) for i in inputs if old[i.id] != new[i.id]]


def rate_change(old: Share, new: Share, thresholds: tuple[Decimal, ...]) -> str:
    """``: tỷ lệ 94,70% → 95,12%``; "" where there was no rate, or no digit of it moves."""
    if old[1] != new[1] or not 0 <= old[0] <= old[1] or old[0] == new[0]:
        return ""
    before, after = (rate_text(*share, thresholds) for share in (old, new))
    return f": tỷ lệ {before}% → {after}%" if before != after else ""


def lines(lead: str, texts: Iterable[str]) -> str:
    """``đạt thêm: “…”; “…”``, lines of the table without their points; "" for none."""
    quoted = "; ".join(f"“{unpriced(text)}”" for text in texts)
    return f"{lead}: {quoted}" if quoted else ""


def sentence(phrases: Iterable[str]) -> str:
    """The phrases, without the empty ones, in one line that begins with a capital."""
    text = "; ".join(phrase for phrase in phrases if phrase)
    return text[:1].upper() + text[1:]
