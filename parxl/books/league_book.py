"""The league workbook ``bang-xep-hang.xlsx``: rankings, matrix, what came back, how it was made."""

from __future__ import annotations

from typing import Any

import pandas as pd

from parxl import __version__
from parxl.books.findings_sheet import write_findings
from parxl.books.form_table import RESTORED_NOTE
from parxl.books.metrics import row_height
from parxl.books.result import STATUS_WORDS
from parxl.books.styles import COLOURS, PAPER_A3, SIZE, Book, Sheet, landscape, number_format
from parxl.exact import points_number, short_text
from parxl.results import Results, UnitResult

FATES = {
    "scored": "Được chấm",
    "superseded": "Đã được thay",
    "duplicate": "Trùng",
    "conflict": "Mâu thuẫn",
    "rejected": "Trả lại",
    "skipped": "Bỏ qua",
}
TIE_WORDS = {
    "1-1-3": "các đơn vị bằng Chỉ số cùng hạng, hạng sau bỏ cách (1, 1, 3)",
    "1-1-2": "các đơn vị bằng Chỉ số cùng hạng, hạng sau liền kề (1, 1, 2)",
}
SHORT_STATUS = {
    "scored": "Đã chấm",
    "provisional": "Tạm tính",
    "conflict": "Mâu thuẫn",
    "rejected": "Trả lại",
    "missing": "Chưa nộp",
}


def write_league(results: Results) -> bytes:
    """The whole workbook as bytes."""
    settings = results.settings
    book = Book(settings.year, f"Bảng xếp hạng – {settings.name}", settings.lead or "parxl")
    for number, group in enumerate(results.groups, start=1):
        name = "Xếp hạng" if len(results.groups) == 1 else f"Xếp hạng {number}"
        _Ranking(book, book.sheet(name), results, group).write()
    _Matrix(book, results).write()
    _returns(book, results)
    _files(book, results)
    write_findings(book, results.findings, "Ghi nhận")
    _method(book, results)
    return book.close()


def ranked_units(results: Results, group: str) -> list[UnitResult]:
    """The units of a group, best first; those without scores at the end in roster order."""

    def place(unit: UnitResult) -> tuple[int, int]:
        rank = unit.standing["rank"] if unit.standing else None
        return (1, 0) if rank is None or pd.isna(rank) else (0, int(rank))

    return sorted((u for u in results.units if u.unit.group == group), key=place)


class _Ranking:
    """One group's league table: unlocked, filterable, numbers as numbers."""

    TOP = 5

    def __init__(self, book: Book, sheet: Sheet, results: Results, group: str):
        self.book, self.sheet, self.results, self.group = book, sheet, results, group
        self.criteria = results.criteria
        self.digits = number_format(self.criteria.decimals)

    def write(self) -> None:
        heads, widths = self._heads()
        _title(self.book, self.sheet, self.results, len(heads), self.group)
        _headings(self.book, self.sheet, self.TOP, heads, widths)
        units = ranked_units(self.results, self.group)
        for row, unit in enumerate(units, start=self.TOP + 1):
            self._row(row, unit)
        last = self.TOP + len(units)
        self.sheet.autofilter(self.TOP - 1, 0, last - 1, len(heads) - 1)
        self.sheet.freeze_panes(self.TOP, 3)
        self.sheet.repeat_rows(self.TOP - 1)
        self._notes(last + 2, len(heads))
        landscape(self.sheet, self.results.settings.name)
        self.sheet.fit_to_pages(1, 0)

    def _heads(self) -> tuple[list[str], list[float]]:
        areas = [
            f"{area.stt.rstrip('.')}. {_sentence(area.title)} ({short_text(area.max)})"
            for area in self.criteria.areas
        ]
        heads = ["Hạng", "Mã đơn vị", "Đơn vị", *areas, "Tổng điểm", "Điểm tối đa", "Chỉ số (%)"]
        heads += ["Xếp loại", "Tự chấm", "Tình trạng"]
        widths = [7, 15, 38, *[15.0] * len(areas), 10, 10, 10, 13, 10, 14]
        return heads, widths

    def _row(self, row: int, result: UnitResult) -> None:
        code, standing = result.unit.code, result.standing or {}
        scores, written = self.results.scores, self.sheet
        text, number = self.book.cell(), self.book.cell(align="center", num_format=self.digits)
        tie = '0"="' if standing.get("tied") else "0"
        rank = self.book.cell(align="center", bold=True, num_format=tie)
        _number(written, row, 0, standing.get("rank"), rank, scale=1)
        if result.has_scores:
            # On the code, not on the name: LibreOffice does not wrap a cell that holds a link.
            link = self.book.cell(font_color="#0563C1", underline=1)
            written.write_url(row - 1, 1, f"external:don-vi/{code}.xlsx", link, code)
        else:
            written.write_string(row - 1, 1, code, text)
        written.write_string(row - 1, 2, result.unit.name, text)
        column = 3
        for area in self.criteria.areas:
            frame = scores.groups if area.code in scores.groups else scores.leaves
            value = frame.loc[code, area.code] if result.has_scores else None
            _number(written, row, column, value, number, self.criteria.scale)
            column += 1
        for name in ("total", "maximum", "index"):
            bold = self.book.cell(align="center", num_format=self.digits, bold=name == "index")
            _number(written, row, column, standing.get(name), bold, self.criteria.scale)
            column += 1
        form = result.file.form if result.file else None
        written.write_string(row - 1, column, standing.get("band", ""), self.book.cell(align="center"))
        _number(written, row, column + 1, form and form.self_total, number, self.criteria.scale)
        self._status(row, column + 2, result)
        written.tall(row, row_height([(result.unit.name, 38, float(SIZE), False)]))

    def _status(self, row: int, column: int, result: UnitResult) -> None:
        colours = {"scored": "done", "provisional": "missing", "missing": "computed"}
        colour = COLOURS[colours.get(result.status, "wrong")]
        style = self.book.cell(align="center", bg_color=colour)
        self.sheet.write_string(row - 1, column, SHORT_STATUS[result.status], style)

    def _notes(self, row: int, columns: int) -> None:
        notes = ["Dấu “=” sau thứ hạng: đồng hạng. Chỉ số = 100 × Tổng điểm / Điểm tối đa của đơn vị."]
        own = [u for u in self.results.units if u.unit.group == self.group]
        if any(u.status == "provisional" for u in own):
            notes.append(
                "Tạm tính: nội dung chờ hướng dẫn và điểm khảo sát chưa có được tính 0 điểm, vẫn nằm "
                "trong điểm tối đa."
            )
        if self.criteria.restored and not self.results.settings.formula_checked:
            notes.append(RESTORED_NOTE.format(codes=", ".join(self.criteria.restored)))
        style = self.book.style(italic=True, font_size=11, text_wrap=False)
        for number, note in enumerate(notes):
            self.sheet.write_string(row - 1 + number, 0, note, style)


def _sentence(title: str) -> str:
    """An area's capitals as a heading: the first line in sentence case, acronyms left to the title."""
    words = title.split("\n")[0].split(" (")[0]
    kept = {"CCHC": "CCHC", "QPPL": "QPPL", "TTHC": "TTHC"}
    lowered = words.capitalize()
    for word, shown in kept.items():
        lowered = lowered.replace(word.lower(), shown)
    return lowered


def _title(book: Book, sheet: Sheet, results: Results, columns: int, group: str = "") -> None:
    settings = results.settings
    text = f"BẢNG XẾP HẠNG CHỈ SỐ CẢI CÁCH HÀNH CHÍNH NĂM {settings.year}"
    sheet.merge_range(0, 0, 0, 2, settings.lead.upper(), book.style(bold=True, align="center"))
    centre = book.style(bold=True, align="center", font_size=14)
    sheet.merge_range(1, 0, 1, columns - 1, text, centre)
    words = f"Khối: {group} – {settings.name}" if group else settings.name
    italic = book.style(italic=True, align="center")
    sheet.merge_range(2, 0, 2, columns - 1, f"{words} – {results.criteria.decision}", italic)
    sheet.tall(1, 20)
    sheet.tall(2, 26)
    sheet.tall(3, 20)


def _headings(book: Book, sheet: Sheet, row: int, heads: list[str], widths: list[float]) -> None:
    style = book.cell(bold=True, align="center", bg_color=COLOURS["area"])
    for column, (text, width) in enumerate(zip(heads, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(row - 1, column, text, style)
    cells = [(t, w - 2, float(SIZE), True) for t, w in zip(heads, widths, strict=True)]
    sheet.tall(row, row_height(cells))


def _number(sheet: Sheet, row: int, column: int, units: Any, style: Any, scale: int) -> None:
    if units is None or pd.isna(units):
        sheet.write_blank(row - 1, column, None, style)
    else:
        value = int(units) if scale == 1 else points_number(int(units), len(str(scale)) - 1)
        sheet.write_number(row - 1, column, value, style)


class _Matrix:
    """*Ma trận tiêu chí*: a row a unit, a column a leaf; blank where a score is null."""

    TOP = 3

    def __init__(self, book: Book, results: Results):
        self.book, self.results = book, results
        self.sheet = book.sheet("Ma trận tiêu chí")
        self.leaves = results.criteria.leaves

    def write(self) -> None:
        text = f"ĐIỂM TỪNG TIÊU CHÍ – {self.results.settings.name}"
        self.sheet.write_string(0, 0, text, self.book.style(bold=True, font_size=14, text_wrap=False))
        _headings(
            self.book,
            self.sheet,
            self.TOP,
            ["Mã đơn vị", "Đơn vị", "Khối", *[leaf.code for leaf in self.leaves]],
            [15, 36, 16, *[7.5] * len(self.leaves)],
        )
        for column, leaf in enumerate(self.leaves, start=3):
            comment = f"{leaf.stt} {leaf.title}"
            self.sheet.write_comment(self.TOP - 1, column, comment, {"x_scale": 2, "author": "parxl"})
        self._maxima(self.TOP + 1)
        for row, result in enumerate(self.results.units, start=self.TOP + 2):
            self._row(row, result)
        last = self.TOP + 1 + len(self.results.units)
        self.sheet.freeze_panes(self.TOP + 1, 2)
        self.sheet.autofilter(self.TOP - 1, 0, last - 1, len(self.leaves) + 2)
        self.sheet.repeat_rows(self.TOP - 1)
        self.sheet.repeat_columns(0, 1)
        landscape(self.sheet, self.results.settings.name)
        # Fifty criteria on one page would be too small to read: A3, as many pages as it takes.
        self.sheet.set_paper(PAPER_A3)
        self.sheet.set_print_scale(80)

    def _maxima(self, row: int) -> None:
        style = self.book.cell(bold=True, align="center", bg_color=COLOURS["group"], num_format="0.00")
        for column, text in enumerate(("", "Điểm tối đa", "")):
            self.sheet.write_string(row - 1, column, text, style)
        for column, leaf in enumerate(self.leaves, start=3):
            units = self.results.criteria.units(leaf.max)
            _number(self.sheet, row, column, units, style, self.results.criteria.scale)

    def _row(self, row: int, result: UnitResult) -> None:
        unit = result.unit
        for column, text in enumerate((unit.code, unit.name, unit.group)):
            self.sheet.write_string(row - 1, column, text, self.book.cell())
        digits = {"align": "center", "num_format": number_format(self.results.criteria.decimals)}
        maxima = self.results.scores.maxima
        for column, leaf in enumerate(self.leaves, start=3):
            has = result.has_scores
            units = self.results.scores.leaves.loc[unit.code, leaf.code] if has else None
            full = has and not pd.isna(units) and units == maxima.loc[unit.code, leaf.code]
            zero = has and not pd.isna(units) and units == 0
            colour = "done" if full else "wrong" if zero else None
            look = {**digits, "bg_color": COLOURS[colour]} if colour else digits
            _number(self.sheet, row, column, units, self.book.cell(**look), self.results.criteria.scale)
        self.sheet.tall(row, row_height([(unit.name, 36, float(SIZE), False)]))


def _returns(book: Book, results: Results) -> None:
    """*Tình hình nộp phiếu*: a row a unit; missing and rejected ones first."""
    sheet = book.sheet("Tình hình nộp phiếu")
    heads = ["Mã đơn vị", "Đơn vị", "Khối", "Tình trạng", "Tệp", "Lần nộp", "Lỗi", "Cảnh báo", "Ghi chú"]
    _headings(book, sheet, 1, heads, [16, 40, 18, 40, 40, 10, 8, 11, 10])
    order = {"missing": 0, "rejected": 1, "conflict": 2, "provisional": 3, "scored": 4}
    units = sorted(results.units, key=lambda u: order[u.status])
    for row, result in enumerate(units, start=2):
        form = result.file.form if result.file else None
        severities = [found.severity for found in result.findings]
        counts = [severities.count(s) for s in ("error", "warning", "note")]
        unit = result.unit
        file = result.file.name if result.file else _file_names(results, result)
        texts = (unit.code, unit.name, unit.group, STATUS_WORDS[result.status], file)
        for column, text in enumerate(texts):
            sheet.write_string(row - 1, column, text, book.cell())
        for column, value in enumerate((form and form.submission, *counts), start=5):
            _number(sheet, row, column, value, book.cell(align="center"), scale=1)
        widths = (16.0, 40.0, 18.0, 40.0, 40.0)
        sheet.tall(row, row_height([(t, w, float(SIZE), False) for t, w in zip(texts, widths, strict=True)]))
    _finish(sheet, len(units), len(heads), results)


def _file_names(results: Results, result: UnitResult) -> str:
    own = [f.name for f in results.intake.files if f.unit == result.unit.code]
    return "; ".join(own)


def _files(book: Book, results: Results) -> None:
    """*Tệp đã nhận*: every file of 2-nop with its one fate."""
    sheet = book.sheet("Tệp đã nhận")
    heads = ["Tệp", "Mã đơn vị", "Kết quả", "Lý do", "SHA-256"]
    _headings(book, sheet, 1, heads, [46, 16, 16, 80, 68])
    for row, file in enumerate(results.intake.files, start=2):
        why = [f for f in file.findings if file.fate != "scored" or f.severity == "error"]
        reasons = "\n".join(f"[{f.code}] {f.message}" for f in why)
        texts = (file.name, file.unit, FATES[file.fate], reasons, file.sha256)
        for column, text in enumerate(texts):
            sheet.write_string(row - 1, column, text[:32_000], book.cell())
        cells = [(file.name, 46.0, float(SIZE), False), (reasons, 80.0, float(SIZE), False)]
        sheet.tall(row, row_height(cells))
    _finish(sheet, len(results.intake.files), len(heads), results)


def _finish(sheet: Sheet, rows: int, columns: int, results: Results) -> None:
    sheet.freeze_panes(1, 0)
    if rows:
        sheet.autofilter(0, 0, rows, columns - 1)
    sheet.repeat_rows(0)
    landscape(sheet, results.settings.name)
    sheet.fit_to_pages(1, 0)


def _method(book: Book, results: Results) -> None:
    """*Cách tính*: what the figures rest on."""
    settings, criteria = results.settings, results.criteria
    sheet = book.sheet("Cách tính")
    sheet.set_column("A:A", 34)
    sheet.set_column("B:B", 100)
    lines = [
        ("Bộ tiêu chí", f"{criteria.title} ({criteria.id}, phiên bản {criteria.edition})"),
        ("Văn bản", criteria.decision),
        ("Đợt chấm", f"{settings.name} ({results.register.campaign if results.register else '–'})"),
        ("Tổng điểm", "Cộng điểm các tiêu chí đã làm tròn (làm tròn nửa lên)."),
        ("Chỉ số", "100 × Tổng điểm / Điểm tối đa của đơn vị, không tính nội dung không áp dụng."),
        ("Xếp hạng", f"Theo Chỉ số đã làm tròn, riêng từng khối; {TIE_WORDS[settings.ties]}."),
        ("Công thức khôi phục", _restored(results)),
        ("Phần mềm", f"parxl {__version__}"),
    ]
    for row, (label, text) in enumerate(lines, start=1):
        sheet.write_string(f"A{row}", label, book.cell(bold=True))
        sheet.write_string(f"B{row}", text, book.cell())
        sheet.tall(row, row_height([(text, 100, float(SIZE), False)]))
    landscape(sheet, settings.name)
    sheet.fit_to_pages(1, 0)


def _restored(results: Results) -> str:
    codes = ", ".join(results.criteria.restored)
    if not codes:
        return "Không có."
    checked = results.settings.formula_checked
    return f"Mục {codes}: đã đối chiếu ({checked})." if checked else RESTORED_NOTE.format(codes=codes)
