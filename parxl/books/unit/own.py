"""What the sheets of a unit's own workbook share: its rows of the round's frames, each taken once; the head."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import pandas as pd

from parxl.appraisal import Answer
from parxl.books.listing import Column
from parxl.books.metrics import row_height
from parxl.books.styles import Book, Sheet, number_format
from parxl.books.unit.rows import Row, row_of, rows_under
from parxl.desk import ROUNDS
from parxl.exact import points_text
from parxl.league.gains import Gain
from parxl.league.spread import INDEX
from parxl.reading.explanation import Reply
from parxl.reading.form import FormRead
from parxl.results import Results, UnitResult

STATUS_WORDS = {
    "scored": "Đã chấm",
    "provisional": "Tạm tính (còn nội dung chờ hướng dẫn hoặc chưa có điểm khảo sát)",
    "conflict": "Chưa chấm: các phiếu mâu thuẫn nhau",
    "rejected": "Chưa chấm: phiếu bị trả lại",
    "missing": "Chưa nộp phiếu",
}
SHEET_SUMMARY, SHEET_TABLE, SHEET_FINDINGS = "Tóm tắt", "Bảng điểm", "Ghi nhận"
SHEET_GAPS, SHEET_GAINS = "Tiêu chí chưa đạt điểm tối đa", "Gợi ý cải thiện điểm số"
SHEET_EXPLANATION = "Giải trình"
AWAITING, NOT_SURVEYED = "chờ hướng dẫn", "chờ điểm khảo sát"
DASH = "–"  # in place of a figure that is not there, or that would say nothing


class Own:
    """A unit with scores. Points in units of the last decimal; null where there is none."""

    def __init__(self, results: Results, result: UnitResult):
        assert result.file is not None
        assert result.file.form is not None
        assert result.standing is not None
        self.results, self.result, self.unit = results, result, result.unit
        self.criteria, self.settings = results.criteria, results.settings
        self.form: FormRead = result.file.form
        self.standing: Mapping[str, Any] = result.standing
        self.decimals, self.scale = self.criteria.decimals, self.criteria.scale
        self.digits = number_format(self.decimals)
        # What the figures of the group are called: a roster without groups ranks all units together.
        self.group = "khối" if self.unit.group else "đợt chấm"

    def row(self, frame: pd.DataFrame) -> Row:
        """The unit's row."""
        return row_of(frame, self.unit.code)

    @cached_property
    def parts(self) -> dict[str, Any]:
        return self.row(self.results.scores.parts)

    @cached_property
    def states(self) -> dict[str, Any]:
        return self.row(self.results.scores.states)

    @cached_property
    def computed(self) -> dict[str, Any]:
        """Code of a leaf, group or area -> points."""
        return {**self.row(self.results.scores.leaves), **self.row(self.results.scores.groups)}

    @cached_property
    def final(self) -> dict[str, Any]:
        return {**self.row(self.results.finals.leaves), **self.row(self.results.finals.groups)}

    @cached_property
    def appraised(self) -> dict[str, Any]:
        return self.row(self.results.finals.appraised)

    @cached_property
    def maxima(self) -> dict[str, Any]:
        return self.row(self.results.scores.maxima)

    @cached_property
    def gaps(self) -> list[tuple[str, Row]]:
        """(leaf code, its row of ``shortfall.gap_table``), the largest gap first."""
        return list(rows_under(self.results.analysis.gaps, self.unit.code).items())

    @cached_property
    def peers(self) -> dict[str, Row]:
        """Leaf code -> its row of ``shortfall.criteria_table`` for the unit's group."""
        return rows_under(self.results.analysis.criteria, self.unit.group)

    @cached_property
    def index_spread(self) -> Row:
        """The group's row of ``spread`` for the index."""
        return rows_under(self.results.analysis.spread, self.unit.group)[INDEX]

    @property
    def has_peers(self) -> bool:
        """Are others ranked beside it, so that a mean says anything?"""
        return bool(self.index_spread["count"] > 1)

    @cached_property
    def closeness(self) -> dict[str, Any]:
        return self.row(self.results.analysis.closeness)

    @cached_property
    def answers(self) -> dict[tuple[int, str], Answer]:
        """(round, leaf code) -> what the appraisal says."""
        given, unit = self.results.appraisal.answers, self.unit.code
        if not given:
            return {}
        keys = [(number, node.code) for number in ROUNDS for node in self.criteria.leaves]
        return {(n, code): given[n, unit, code] for n, code in keys if (n, unit, code) in given}

    @property
    def replies(self) -> Mapping[str, Reply]:
        """Leaf code -> what the unit explained."""
        read = self.results.intake.explanations.get(self.unit.code)
        return read.replies if read else {}

    def suggested(self, gain: Gain) -> str:
        """What there is to do; where the unit has explained already, what it waits for."""
        if gain.kind != "appraisal" or gain.code not in self.replies:
            return gain.words
        points = f"thẩm định lần 1: {self.points(gain.before)}; điểm tính: {self.points(gain.after)}"
        return f"Đã giải trình, chờ thẩm định lần 2 ({points})"

    def column(self, head: str, width: float) -> Column:
        """A column of points or percents."""
        return Column(head, width, self.digits, self.scale)

    def points(self, units: Any) -> str:
        return points_text(int(units), self.decimals)

    def appraisals(self, code: str) -> list[str]:
        """What each round of the appraisal says of a criterion, a line each."""
        return [
            f"Thẩm định lần {number}: {self.answer_text(self.answers[number, code])}"
            for number in ROUNDS
            if (number, code) in self.answers
        ]

    def answer_text(self, answer: Answer) -> str:
        points = "" if answer.points is None else f"{self.points(answer.points)} điểm"
        return ". ".join(text for text in (points, answer.reason) if text)

    def why_open(self, code: str) -> str:
        """What a criterion without a score waits for."""
        return NOT_SURVEYED if self.criteria.by_code[code].kind == "entered" else AWAITING


# Of the title, the unit, the campaign, and what the sheet says.
HEAD_LOOKS: tuple[dict[str, Any], ...] = (
    {"bold": True, "align": "center", "font_size": 14},
    {"bold": True, "align": "center", "font_size": 13},
    {"italic": True, "align": "center", "font_size": 12},
    {"font_size": 12},
)


def head_texts(own: Own, title: str, words: str) -> tuple[str, ...]:
    """One a line of ``HEAD_LOOKS``."""
    where = f"{own.settings.name} – {own.criteria.decision}"
    return (f"{title} NĂM {own.settings.year}", own.unit.name, where, words)


def head_height(text: str, width: float, look: dict[str, Any]) -> float:
    """Of a line over columns that are ``width`` wide together."""
    return row_height([(text, width, float(look["font_size"]), bool(look.get("bold")))]) + 4


def write_title(book: Book, sheet: Sheet, own: Own, width: float, columns: int, title: str, words: str) -> int:
    """Title, unit, campaign and what the sheet says, over all columns; the next free row.

    ``width``: of all columns together.
    """
    lines = zip(head_texts(own, title, words), HEAD_LOOKS, strict=True)
    row = 0
    for row, (text, look) in enumerate((line for line in lines if line[0]), start=1):
        sheet.merge_range(row - 1, 0, row - 1, columns - 1, text, book.style(**look))
        sheet.tall(row, head_height(text, width, look))
    return row + 1
