"""How each group's results are spread, its grades, and the criteria that all pass or none does."""

from __future__ import annotations

from parxl.books.league.long import LongBook
from parxl.books.league.sheets import close_sheet, of_group, open_sheet
from parxl.books.league.shortfall import PASSED
from parxl.books.listing import Column
from parxl.books.styles import number_format
from parxl.books.tables import area_name
from parxl.league.spread import INDEX
from parxl.results import Results

SHEET, SHEET_GRADES, SHEET_SAME = "Thống kê", "Xếp loại", "Tiêu chí như nhau"
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
GRADES_WORDS = (
    "Số đơn vị của từng khối đạt từng mức xếp loại, và tỷ lệ trong các đơn vị được xếp hạng của khối."
)
SAME_WORDS = (
    "Mã các tiêu chí mà mọi đơn vị đã có điểm trong khối đều đạt điểm tối đa của mình, hoặc không đơn vị nào "
    "có điểm: các tiêu chí này không phân biệt được các đơn vị."
)
TENTHS = 1  # decimals of a percent of units
GROUP = Column("Khối", 36)
WIDE, COUNT = 62.0, Column("Số đơn vị", 11, "0")


def write_spread(book: LongBook, results: Results) -> None:
    """*Thống kê*, *Xếp loại* where there are grades, *Tiêu chí như nhau*: a table each, that each filters."""
    table = open_sheet(book, results, SHEET, "THỐNG KÊ", WORDS, _columns(results))
    names = {INDEX: "Chỉ số CCHC (%)"} | {a.code: f"{area_name(a)} (%)" for a in results.criteria.areas}
    for (group, measure), figures in results.analysis.spread.iterrows():
        table.row([*of_group(results, group), names[measure], figures["count"], *figures[list(MEASURES)]])
    close_sheet(table, results, 0)
    if not results.analysis.grades.empty:
        _grades(book, results)
    _passed(book, results)


def _columns(results: Results) -> list[Column]:
    points, scale = number_format(results.criteria.decimals), results.criteria.scale
    measures = [Column(head, 11, points, scale) for head in MEASURES.values()]
    return [*of_group(results, GROUP), Column("Nội dung", WIDE), COUNT, *measures]


def _grades(book: LongBook, results: Results) -> None:
    """How many units of each group have reached each grade."""
    percent = Column("Tỷ lệ (%)", 11, number_format(TENTHS), 10**TENTHS)
    columns = [*of_group(results, GROUP), Column("Xếp loại", WIDE), COUNT, percent]
    table = open_sheet(book, results, SHEET_GRADES, "XẾP LOẠI", GRADES_WORDS, columns)
    for (group, band), figures in results.analysis.grades.iterrows():
        if band or figures["count"]:
            table.row([*of_group(results, group), band or BELOW_ALL, figures["count"], figures["percent"]])
    close_sheet(table, results, 0)


def _passed(book: LongBook, results: Results) -> None:
    """The criteria that every unit of a group has passed, or none has, by their codes."""
    columns = [*of_group(results, GROUP), Column("Kết quả", 34), Column("Tiêu chí", WIDE)]
    table = open_sheet(book, results, SHEET_SAME, "TIÊU CHÍ NHƯ NHAU", SAME_WORDS, columns)
    found = results.analysis.criteria
    for group in results.groups:
        for passed, words in PASSED.items():
            own = found.index[(found["passed"] == passed) & (found.index.get_level_values(0) == group)]
            table.row([*of_group(results, group), words, ", ".join(code for _, code in own) or "không có"])
    close_sheet(table, results, 0)
