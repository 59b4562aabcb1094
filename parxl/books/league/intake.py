"""The league workbook's sheets on what came back: a row a unit, and a row a file."""

from __future__ import annotations

from parxl.books.form.returned import to_mend
from parxl.books.league.long import LongBook
from parxl.books.league.sheets import LINK, PLAIN, LongTable, Look, close_sheet, has_groups
from parxl.books.listing import Column
from parxl.books.unit.own import STATUS_WORDS
from parxl.identity import FORM
from parxl.results import Results, UnitResult

FATES = {
    "scored": "Được chấm",
    "superseded": "Đã được thay",
    "duplicate": "Trùng",
    "conflict": "Mâu thuẫn",
    "rejected": "Trả lại",
    "skipped": "Bỏ qua",
}


ORDER = ("missing", "rejected", "conflict", "provisional", "scored")
RETURNS = (
    Column("Mã đơn vị", 16),
    Column("Đơn vị", 40),
    Column("Khối", 24),
    Column("Tình trạng", 40),
    Column("Tệp", 36),
    Column("Lần nộp", 8, "0"),
    Column("Lỗi", 8, "0"),
    Column("Cảnh báo", 9, "0"),
    Column("Ghi chú", 8, "0"),
    Column("Phiếu trả lại", 20),
)
GROUP = 2  # its column: ``previous`` reads the groups here, whether they are shown or not
FILES = (
    Column("Tệp", 42),
    Column("Mã đơn vị", 16),
    Column("Kết quả", 14),
    Column("Lý do", 66),
    Column("SHA-256", 62),
)
SMALL = 10.0
RETURNED: Look = {"align": "center", **LINK}
MOST_TEXT = 32_000  # characters of a cell: a little below Excel's limit


def write_returns(book: LongBook, results: Results) -> None:
    """*Tình hình nộp phiếu*: a row a unit; missing and rejected ones first."""
    table = LongTable(book, book.sheet("Tình hình nộp phiếu"), RETURNS, 1)
    if not has_groups(results):
        table.sheet.set_column(GROUP, GROUP, RETURNS[GROUP].width, None, {"hidden": True})
    files = _file_names(results)
    for result in sorted(results.units, key=lambda one: ORDER.index(one.status)):
        _unit(table, results, result, files.get(result.unit.code, []))
    close_sheet(table, results, 2)


def _file_names(results: Results) -> dict[str, list[str]]:
    """Unit -> the forms that it has sent."""
    found: dict[str, list[str]] = {}
    for file in results.intake.files:
        if file.kind == FORM:
            found.setdefault(file.unit, []).append(file.name)
    return found


def _unit(table: LongTable, results: Results, result: UnitResult, files: list[str]) -> None:
    form, unit = result.file.form if result.file else None, result.unit
    severities = [found.severity for found in result.findings]
    counts = [severities.count(severity) for severity in ("error", "warning", "note")]
    file = result.file.name if result.file else "; ".join(files)
    texts = [unit.code, unit.name, unit.group, STATUS_WORDS[result.status], file]
    mended = unit.code if to_mend(results, result) else ""
    look = RETURNED if mended else PLAIN
    table.row([*texts, form and form.submission, *counts, mended], [*[PLAIN] * (len(RETURNS) - 1), look])
    if mended:
        table.link(len(RETURNS) - 1, "tra-lai", mended)


def write_files(book: LongBook, results: Results) -> None:
    """*Tệp đã nhận*: every file of 2-nop with its one fate."""
    table = LongTable(book, book.sheet("Tệp đã nhận"), FILES, 1)
    looks = [*[PLAIN] * (len(FILES) - 1), {"font_size": SMALL}]
    for file in results.intake.files:
        why = [f for f in file.findings if file.fate != "scored" or f.severity == "error"]
        reasons = "\n".join(f"[{f.code}] {f.message}" for f in why)
        table.row([file.name, file.unit, FATES[file.fate], reasons[:MOST_TEXT], file.sha256], looks)
    close_sheet(table, results, 1)
