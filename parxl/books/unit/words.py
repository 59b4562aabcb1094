"""What *Tóm tắt* says in words: which file was scored, what is open or unproven, and where to begin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from parxl.books.form.returned import to_mend
from parxl.books.tables import area_name
from parxl.books.unit.own import (
    AWAITING,
    NOT_SURVEYED,
    SHEET_FINDINGS,
    SHEET_GAINS,
    SHEET_GAPS,
    STATUS_WORDS,
    Own,
)
from parxl.checksum import checksum
from parxl.criteria import Node
from parxl.findings import Finding
from parxl.league.gains import Gain
from parxl.results import UnitResult

MOST_CODES = 20  # criteria that one line lists
BEGINNINGS = 3  # gaps and suggestions that the page shows
SHORT, LONG = 52, 160  # characters of a criterion's title there, and of a suggestion
Remark = tuple[str, str, str]


def remarks(own: Own, file: str, findings: list[Finding]) -> Iterator[Remark]:
    """(label, text, sheet that the label leads to or ""). ``file``: as the unit may read it."""
    yield "Tình trạng", f"{STATUS_WORDS[own.result.status]}.", ""
    yield "Phiếu được chấm", _file(own, file), ""
    if waiting := _waiting(own):
        yield "Nội dung còn chờ", waiting, ""
    if unproven := _unproven(own):
        yield "Chưa có tài liệu kiểm chứng", unproven, ""
    yield "Lỗi, cảnh báo", counted(findings), SHEET_FINDINGS
    if to_mend(own.results, own.result):
        yield "Phiếu gửi lại để sửa", mending(own.result), ""
    if own.gaps:
        yield "Chênh lệch lớn nhất", "\n".join(_gap(own, *gap) for gap in own.gaps[:BEGINNINGS]), SHEET_GAPS
    if gains := _first_gains(own):
        yield "Việc nên làm trước", "\n".join(_gain(own, gain) for gain in gains), SHEET_GAINS


def counted(findings: list[Finding]) -> str:
    """How many findings of each severity, in words."""
    severities = [found.severity for found in findings]
    errors, warnings, notes = (severities.count(one) for one in ("error", "warning", "note"))
    return f"{errors} lỗi, {warnings} cảnh báo, {notes} ghi chú: xem trang {SHEET_FINDINGS}."


def mending(result: UnitResult) -> str:
    """Where the form is that goes back to the unit."""
    return (
        f"Cơ quan chủ trì gửi lại phiếu “{result.unit.code}.xlsx” (thư mục tra-lai): mở trang “Cần sửa”, "
        "sửa ngay trong phiếu đó rồi gửi lại."
    )


def _file(own: Own, file: str) -> str:
    facts = [f"Tệp “{file}”", f"Lần nộp {own.form.submission}"]
    if own.unit.submitted:
        facts.append(f"ngày nộp {own.unit.submitted:%d/%m/%Y}")
    return f"{'; '.join(facts)}; Mã đối chiếu {checksum(own.criteria, own.form.sheet_inputs)}."


def _waiting(own: Own) -> str:
    if not own.standing["open"]:
        return ""
    still_open = own.row(own.results.finals.open_points)
    codes = [code for code, points in still_open.items() if points > 0]
    kinds = [(words, [c for c in codes if own.why_open(c) == words]) for words in (AWAITING, NOT_SURVEYED)]
    told = [f"{words}: {_listed(own_codes)}" for words, own_codes in kinds if own_codes]
    low, high = (own.points(own.standing[name]) for name in ("total_low", "total_high"))
    named = "; ".join(told)
    return f"{named[:1].upper()}{named[1:]}. Khi có đủ kết quả, tổng điểm từ {low} đến {high}."


def _unproven(own: Own) -> str:
    points = own.row(own.results.analysis.unproven)
    codes = [code for code, units in points.items() if units > 0]
    if not codes:
        return ""
    return f"{own.points(own.closeness['unproven'])} điểm chưa ghi tài liệu kiểm chứng: {_listed(codes)}."


def _listed(codes: Sequence[str]) -> str:
    rest = len(codes) - MOST_CODES
    return f"mục {', '.join(codes[:MOST_CODES])}" + (f" và {rest} tiêu chí khác" if rest > 0 else "")


def _gap(own: Own, code: str, gap: dict[str, Any]) -> str:
    title, maximum = _shortened(_title(own.criteria.by_code[code]), SHORT), own.points(gap["maximum"])
    if pd.isna(gap["points"]):
        return f"{code} {title}: {own.why_open(code)} (tối đa {maximum} điểm)"
    return f"{code} {title}: {own.points(gap['points'])}/{maximum} điểm"


def _title(node: Node) -> str:
    """Without the capitals of an area that is scored as a whole."""
    return node.title if "." in node.code else area_name(node).partition(" ")[2]


def _first_gains(own: Own) -> list[Gain]:
    """One of each criterion or part: two steps of one are no two beginnings."""
    gains: dict[str, Gain] = {}
    for gain in own.results.analysis.gains[own.unit.code]:
        gains.setdefault(gain.key, gain)
    return list(gains.values())[:BEGINNINGS]


def _gain(own: Own, gain: Gain) -> str:
    rank = f", hạng {gain.rank}" if own.has_peers else ""
    given = f"+{own.points(gain.gain)} điểm, Chỉ số {own.points(gain.index)}%{rank}"
    words = own.suggested(gain) + (" (năm sau)" if gain.kind == "deadline" else "")
    return f"{gain.code}: {_shortened(words, LONG)} → {given}"


def _shortened(text: str, most: int) -> str:
    """A text cut between two words."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[:most].rpartition(' ')[0].rstrip(',;')}…"
