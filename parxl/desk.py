"""Where things stand in the workbooks of the appraisal and in the explanation forms; their kinds and keys.

Both are lists with a hidden row key and two columns to write in; the writer and the reader ask this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from parxl.criteria import CriteriaSet, Node

KIND_APPRAISAL = "appraisal"  # in a workbook's identity
SHEET_APPRAISAL = "Thẩm định"
SHEET_EXPLANATION = "Giải trình"
HEADER_ROW, FIRST_ROW = 6, 7
SUBMISSION_CELL = "I4"  # of an explanation form
SEPARATOR = "|"


@dataclass(frozen=True)
class Column:
    """One column of a list. ``width`` in characters; ``second``: filled in only from the second round on."""

    letter: str
    heading: str
    width: float
    typed: bool = False
    second: bool = False


APPRAISAL: dict[str, Column] = {
    "unit": Column("A", "Mã đơn vị", 11),
    "name": Column("B", "Đơn vị", 18),
    "code": Column("C", "Mục", 8),
    "title": Column("D", "Tiêu chí", 28),
    "maximum": Column("E", "Điểm tối đa", 7.5),
    "self": Column("F", "Điểm tự chấm", 7.5),
    "computed": Column("G", "Điểm tính", 7.5),
    "sentence": Column("H", "Diễn giải", 27),
    "evidence": Column("I", "Tài liệu kiểm chứng", 27),
    "last_year": Column("J", "Năm trước", 7.5),
    "first": Column("K", "Thẩm định lần 1", 8, second=True),
    "first_reason": Column("L", "Lý do lần 1", 20, second=True),
    "explanation": Column("M", "Giải trình của đơn vị", 28, second=True),
    "points": Column("N", "Điểm thẩm định", 9.5, typed=True),
    "reason": Column("O", "Lý do", 26, typed=True),
    "check": Column("P", "Kiểm tra", 13),
    "key": Column("Q", "khóa", 12),
}

EXPLANATION: dict[str, Column] = {
    "number": Column("A", "STT", 6),
    "code": Column("B", "Mục", 8),
    "title": Column("C", "Tiêu chí", 36),
    "maximum": Column("D", "Điểm tối đa", 8),
    "self": Column("E", "Điểm tự chấm", 8),
    "computed": Column("F", "Điểm tính", 8),
    "appraised": Column("G", "Điểm thẩm định", 10),
    "reason": Column("H", "Lý do của hội đồng", 34),
    "answer": Column("I", "Ý kiến giải trình của đơn vị", 40, typed=True),
    "documents": Column("J", "Tài liệu bổ sung (số, ký hiệu, trích yếu)", 34, typed=True),
    "key": Column("K", "khóa", 12),
}


def row_key(unit: str, code: str) -> str:
    """What the hidden column of an appraisal list says of a row."""
    return f"{unit}{SEPARATOR}{code}"


def parse_key(text: str) -> tuple[str, str] | None:
    """(unit, leaf code); None where it is no row key."""
    unit, separator, code = text.partition(SEPARATOR)
    return (unit, code) if separator and unit and code else None


class Typed(NamedTuple):
    """What stands in the two columns of an appraisal list, as a person typed it; None and "": nothing."""

    points: int | float | str | None
    reason: str


# What is appraised --------------------------------------------------------------------------------


def appraised(criteria: CriteriaSet, area: Node) -> tuple[Node, ...]:
    """The leaves of an area that agencies answer for: not those whose points the department enters."""
    return tuple(node for node in criteria.under(area.code) if node.parts)


def appraised_areas(criteria: CriteriaSet) -> tuple[Node, ...]:
    """The areas that have a workbook of their own in each round."""
    return tuple(area for area in criteria.areas if appraised(criteria, area))


ROUNDS = (1, 2)


def round_folder(number: int) -> str:
    """The folder of one round, below ``3-tham-dinh``."""
    return f"lan-{number}"


def area_file(area: Node) -> str:
    """The name under which parxl writes an area's workbook; copies may have any."""
    return f"linh-vuc-{area.code}.xlsx"
