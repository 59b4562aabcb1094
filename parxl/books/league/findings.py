"""*Ghi nhận* of the league workbook: every finding of the round; of too many, every one of the rarer kinds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from parxl.books.findings_sheet import COLOUR, NOTHING, WIDTHS
from parxl.books.league.long import LongBook
from parxl.books.league.sheets import PLAIN, WORDS_SIZE, LongTable, Look
from parxl.books.listing import Column
from parxl.books.metrics import row_height
from parxl.books.styles import COLOURS, landscape
from parxl.exact import count_text
from parxl.findings import REGISTER, SEVERITY_NAMES, Finding
from parxl.results import Results

SHEET = "Ghi nhận"
MOST_FINDINGS = 30_000
COLUMNS = tuple(Column(head, width, align="") for head, width in WIDTHS.items())
SEVERITIES = tuple(SEVERITY_NAMES)
# Severity -> the looks of a row.
LOOKS: Mapping[str, list[Look]] = {
    severity: [PLAIN, {"align": "center", "bg_color": COLOURS[COLOUR[severity]]}, *[PLAIN] * (len(COLUMNS) - 2)]
    for severity in SEVERITIES
}
NOT_LISTED = (
    "Có {count} dòng ghi nhận; trang này liệt kê nhiều nhất {most} dòng, lỗi trước, rồi cảnh báo, ghi chú; mỗi "
    "loại được liệt kê đủ hoặc chỉ được đếm. Chỉ được đếm: {kinds}. Từng dòng của các loại này: xem tệp "
    "ket-qua.json và trang “Ghi nhận” trong tệp kết quả riêng của từng đơn vị."
)


def write_league_findings(book: LongBook, results: Results) -> None:
    """A row a finding. The sheet says so where there is nothing, and which kinds it does not list."""
    findings, sheet = results.findings, book.sheet(SHEET)
    # Findings on the appraisal stand nowhere else.
    listed, counted = divided(findings, {found.code for found in results.appraisal.findings})
    top = 1
    if counted:
        words, top = _words(len(findings), counted), 2
        style = book.style(italic=True, font_size=WORDS_SIZE, valign="top")
        sheet.merge_range(0, 0, 0, len(COLUMNS) - 1, words, style)
        sheet.tall(1, row_height([(words, sum(WIDTHS.values()), float(WORDS_SIZE), False)]))
        book.left_out.append((SHEET, words))
    table = LongTable(book, sheet, COLUMNS, top)
    for found in listed:
        place = (found.file, found.sheet, found.cell, found.criterion)
        row = (found.code, SEVERITY_NAMES[found.severity], *place, found.message)
        table.row(row, LOOKS[found.severity])
    if listed:
        table.can_filter()
    if not findings:
        sheet.write_string(top, 0, NOTHING, book.style(text_wrap=False, italic=True))
    sheet.freeze_panes(top, 0)
    sheet.repeat_rows(top - 1)
    landscape(sheet, SHEET)
    sheet.fit_to_pages(1, 0)


def divided(findings: list[Finding], always: Collection[str]) -> tuple[list[Finding], dict[str, int]]:
    """(those to list, code -> how many are only counted). A kind is listed whole or not at all.

    Up to ``MOST_FINDINGS`` all of them as they are. Of more, the kinds ``always`` listed, whatever there is of
    them; then errors, warnings, notes, and among these the rarer kinds first, each where there is room for it.
    """
    if len(findings) <= MOST_FINDINGS:
        return findings, {}
    counts = Counter(found.code for found in findings)
    kept, room = set(always), MOST_FINDINGS - sum(counts[code] for code in always)
    for code in sorted(counts.keys() - kept, key=lambda code: (_place(code), counts[code], code)):
        if counts[code] <= room:
            kept.add(code)
            room -= counts[code]
    listed = [found for found in findings if found.code in kept]
    left = sorted(counts.keys() - kept, key=lambda code: (_place(code), code))
    return sorted(listed, key=lambda found: _place(found.code)), {code: counts[code] for code in left}


def _place(code: str) -> int:
    """Of a kind: errors first."""
    return SEVERITIES.index(REGISTER[code].severity)


def _words(count: int, counted: Mapping[str, int]) -> str:
    kinds = (f"{code} ({REGISTER[code].name}): {count_text(n)} dòng" for code, n in counted.items())
    return NOT_LISTED.format(count=count_text(count), most=count_text(MOST_FINDINGS), kinds="; ".join(kinds))
