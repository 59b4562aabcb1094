"""What the league workbook's tables share: headings, cells, the order of the units, the names of the areas."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pandas as pd

from parxl.books.metrics import CELL_PADDING, column_pixels, row_height, text_pixels
from parxl.books.styles import COLOURS, SIZE, Book, Sheet
from parxl.criteria import Node
from parxl.exact import points_number
from parxl.results import Results, UnitResult

SHORT_STATUS = {
    "scored": "Đã chấm",
    "provisional": "Tạm tính",
    "conflict": "Mâu thuẫn",
    "rejected": "Trả lại",
    "missing": "Chưa nộp",
}
FILTER_BUTTON = 3  # characters
MOST_NUMBERS = 32768  # that are remembered
CODE_WIDTHS = range(14, 27, 2)
ACRONYMS = frozenset(["CCHC", "QPPL", "TTHC", "CNTT", "UBND", "HĐND", "CBCCVC"])


def is_appraised(results: Results) -> bool:
    """Has the council appraised anything at all in this round?"""
    return bool(results.finals.appraised.notna().to_numpy().any())


def appraised_name(results: Results) -> str:
    """What the final points of the criteria that agencies answer for are called in this round."""
    return "Điểm thẩm định" if is_appraised(results) else "Điểm tính"


def headings(book: Book, sheet: Sheet, row: int, heads: list[str], widths: list[float]) -> None:
    style = book.cell(bold=True, align="center", bg_color=COLOURS["area"])
    for column, (text, width) in enumerate(zip(heads, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(row - 1, column, text, style)
    # LibreOffice keeps room for the filter's button beside a heading.
    cells = [(t, w - FILTER_BUTTON, float(SIZE), True) for t, w in zip(heads, widths, strict=True)]
    sheet.tall(row, row_height(cells))


def number_cell(sheet: Sheet, row: int, column: int, units: Any, style: Any, scale: int) -> None:
    if units is None or units is pd.NA or units != units:
        sheet.write_blank(row - 1, column, None, style)
    else:
        sheet.write_number(row - 1, column, shown_number(int(units), scale), style)


@lru_cache(maxsize=MOST_NUMBERS)
def shown_number(units: int, scale: int) -> float:
    """Units as a cell shows them; ``scale``: how many make 1."""
    return units if scale == 1 else points_number(units, len(str(scale)) - 1)


def code_width(results: Results) -> float:
    """Room for the units' codes: a cell that holds a link is not wrapped by every program."""
    longest = max((text_pixels(unit.code, SIZE) for unit in results.settings.units), default=0)
    return next(
        (float(width) for width in CODE_WIDTHS if column_pixels(width) > longest + CELL_PADDING),
        CODE_WIDTHS[-1],
    )


def ranked_units(results: Results, group: str) -> list[UnitResult]:
    """The units of a group, best first; those without scores at the end in roster order."""

    def place(unit: UnitResult) -> tuple[int, int]:
        rank = unit.standing["rank"] if unit.standing else None
        return (1, 0) if rank is None or pd.isna(rank) else (0, int(rank))

    return sorted((u for u in results.units if u.unit.group == group), key=place)


def area_name(area: Node) -> str:
    """``1. Công tác chỉ đạo, điều hành CCHC``: capitals in sentence case, what stands in brackets left out."""
    return _area_name(area.stt, area.title)


@lru_cache(maxsize=64)
def _area_name(stt: str, title: str) -> str:
    title = title.split("\n")[0].split(" (")[0]
    if title.isupper():
        title = " ".join(word if word.strip(",;") in ACRONYMS else word.lower() for word in title.split(" "))
    return f"{stt.rstrip('.')}. {title[:1].upper()}{title[1:]}"
