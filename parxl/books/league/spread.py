"""*Thống kê* of the league workbook: how each group's results are spread, its grades, what all or none pass."""

from __future__ import annotations

from parxl.books.league.shortfall import PASSED
from parxl.books.listing import Column, Table, close_sheet, of_group, open_sheet
from parxl.books.styles import Book, Sheet, number_format
from parxl.books.tables import area_name
from parxl.league.spread import INDEX
from parxl.results import Results

SHEET = "Thống kê"
WORDS = (
    "Tính trên các đơn vị có Chỉ số, riêng từng khối; lĩnh vực: tỷ lệ điểm đạt được so với điểm tối đa của "
    "đơn vị (%). Độ lệch chuẩn tính trên toàn bộ đơn vị của khối: càng nhỏ, kết quả các đơn vị càng gần nhau."
)
MEASURES = {
    "mean": "Bình quân",
    "median": "Trung vị",
    "lowest": "Thấp nhất",
    "highest": "Cao nhất",
    "deviation": "Độ lệch chuẩn",
}
BELOW_ALL = "Chưa đạt mức xếp loại nào"
SAME = "Tiêu chí có kết quả như nhau ở mọi đơn vị đã chấm"
TENTHS = 1  # decimals of a percent of units
GROUP = Column("Khối", 36)
WIDE, COUNT = 62.0, Column("Số đơn vị", 11, "0")


def write_spread(book: Book, results: Results) -> None:
    """The measures, which filter; below them the grades, and the criteria that do not part the units."""
    table = open_sheet(book, results, SHEET, "THỐNG KÊ", WORDS, _columns(results))
    names = {INDEX: "Chỉ số CCHC (%)"} | {a.code: f"{area_name(a)} (%)" for a in results.criteria.areas}
    for (group, measure), figures in results.analysis.spread.iterrows():
        table.row([*of_group(results, group), names[measure], figures["count"], *figures[list(MEASURES)]])
    close_sheet(table, results, 0)
    last = _grades(book, table.sheet, results, table.last + 2)
    _passed(book, table.sheet, results, last + 2)


def _columns(results: Results) -> list[Column]:
    points, scale = number_format(results.criteria.decimals), results.criteria.scale
    measures = [Column(head, 11, points, scale) for head in MEASURES.values()]
    return [*of_group(results, GROUP), Column("Nội dung", WIDE), COUNT, *measures]


def _grades(book: Book, sheet: Sheet, results: Results, top: int) -> int:
    """The grades of the groups that have bands; the last row."""
    grades = results.analysis.grades
    if grades.empty:
        return top - 2
    percent = Column("Tỷ lệ (%)", 11, number_format(TENTHS), 10**TENTHS)
    columns = [*of_group(results, GROUP), Column("Xếp loại", WIDE), COUNT, percent]
    table = Table(book, sheet, columns, top)
    for (group, band), figures in grades.iterrows():
        if band or figures["count"]:
            table.row([*of_group(results, group), band or BELOW_ALL, figures["count"], figures["percent"]])
    return table.last


def _passed(book: Book, sheet: Sheet, results: Results, top: int) -> None:
    """The criteria that every unit of a group has passed, or none has, by their codes."""
    table = Table(book, sheet, [*of_group(results, GROUP), Column(SAME, WIDE)], top)
    found = results.analysis.criteria
    for group in results.groups:
        for passed, words in PASSED.items():
            own = found.index[(found["passed"] == passed) & (found.index.get_level_values(0) == group)]
            codes = ", ".join(code for _, code in own)
            table.row([*of_group(results, group), f"{words}: {codes or 'không có'}."])
