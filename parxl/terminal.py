"""The league table and the summary as text for a terminal."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd

from parxl.books.form.returned import to_mend
from parxl.books.league.intake import FATES
from parxl.books.tables import SHORT_STATUS, ranked_units
from parxl.exact import points_text
from parxl.findings import printable
from parxl.results import Results, UnitResult

HEADS = ("Hạng", "Đơn vị", "Tổng", "Tối đa", "Chỉ số", "Tình trạng")
NAME_WIDTH = 48


def league_text(results: Results) -> str:
    """One table a group, aligned in columns."""
    tables = []
    for group in results.groups:
        rows = [HEADS, *(_row(results, unit) for unit in ranked_units(results, group))]
        widths = [max(len(row[k]) for row in rows) for k in range(len(HEADS))]
        title = [f"Khối: {printable(group)}"] if group else []
        tables.append("\n".join([*title, *(_aligned(row, widths) for row in rows)]))
    return "\n\n".join(tables) + "\n"


def _aligned(row: tuple[str, ...], widths: list[int]) -> str:
    cells = [
        text.ljust(width) if k in (1, 5) else text.rjust(width)
        for k, (text, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()


def _row(results: Results, result: UnitResult) -> tuple[str, ...]:
    name = printable(result.unit.name)
    name = name if len(name) <= NAME_WIDTH else name[: NAME_WIDTH - 1] + "…"
    status = SHORT_STATUS[result.status]
    standing = result.standing
    if standing is None or pd.isna(standing["rank"]):
        return ("–", name, "–", "–", "–", status)
    points = [_points(results, standing[key]) for key in ("total", "maximum", "index")]
    rank = f"{int(standing['rank'])}{'=' if standing['tied'] else ''}"
    return (rank, name, points[0], points[1], points[2] + "%", status)


def _points(results: Results, units: Any) -> str:
    return points_text(int(units), results.criteria.decimals)


# Those that somebody must look at come first.
FATES_FIRST = ("rejected", "conflict", "superseded", "duplicate", "skipped", "scored")


def files_text(results: Results) -> str:
    """Every file of ``2-nop`` with its fate, its unit, and the codes of what was found in it."""
    files = sorted(results.intake.files, key=lambda file: FATES_FIRST.index(file.fate))
    rows = [
        (FATES[f.fate], f.unit or "–", printable(f.name), ", ".join(dict.fromkeys(x.code for x in f.findings)))
        for f in files
    ]
    widths = [max((len(row[k]) for row in rows), default=0) for k in range(4)]
    return "\n".join("  ".join(t.ljust(w) for t, w in zip(row, widths, strict=True)).rstrip() for row in rows)


def summary_text(results: Results) -> str:
    """How many units and files ended how."""
    units: Counter[str] = Counter(unit.status for unit in results.units)
    files: Counter[str] = Counter(file.fate for file in results.intake.files)
    told = Counter(found.severity for found in results.findings)
    parts = [f"{units[key]} {words.lower()}" for key, words in SHORT_STATUS.items() if units[key]]
    lines = [f"{len(results.units)} đơn vị: {', '.join(parts)}."]
    fates = [f"{files[key]} {words.lower()}" for key, words in FATES.items() if files[key]]
    lines.append(f"{len(results.intake.files)} tệp trong 2-nop: {', '.join(fates) or 'chưa có tệp nào'}.")
    if count := sum(to_mend(results, unit) for unit in results.units):
        lines.append(f"{count} phiếu trả lại đơn vị để sửa, trong 4-ket-qua/tra-lai.")
    lines.append(f"{told['error']} lỗi, {told['warning']} cảnh báo, {told['note']} ghi chú (trang Ghi nhận).")
    return "\n".join(lines)
