"""The league workbook ``bang-xep-hang.xlsx``: rankings, matrix, what came back, how it was made."""

from __future__ import annotations

import pandas as pd

from parxl.books.findings_sheet import write_findings
from parxl.books.form_frame import restored_note
from parxl.books.league_intake import write_files, write_method, write_returns
from parxl.books.metrics import row_height
from parxl.books.styles import COLOURS, PAPER_A3, SIZE, Book, Sheet, landscape, number_format
from parxl.books.tables import headings, number_cell
from parxl.exact import short_text
from parxl.results import Results, UnitResult

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
    write_returns(book, results)
    write_files(book, results)
    write_findings(book, results.findings, "Ghi nhận")
    write_method(book, results)
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
        headings(self.book, self.sheet, self.TOP, heads, widths)
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
        apart = ["Điểm cộng, trừ"] if self.results.settings.adjustments else []
        heads = ["Hạng", "Mã đơn vị", "Đơn vị", *areas, *apart, "Tổng điểm", "Điểm tối đa", "Chỉ số (%)"]
        change = ["Thay đổi Chỉ số", "Thay đổi hạng"] if self.results.comparison else []
        heads += ["Xếp loại", "Tự chấm", *change, "Tình trạng"]
        widths = [7, 15, 38, *[17.0] * len(areas), *[11.5] * len(apart), 11.5, 11.5, 11.5, 13, 10]
        return heads, [*widths, *[16.0, 10.0][: len(change)], 14]

    def _row(self, row: int, result: UnitResult) -> None:
        code, standing = result.unit.code, result.standing or {}
        finals, written = self.results.finals, self.sheet
        text, number = self.book.cell(), self.book.cell(align="center", num_format=self.digits)
        tie = '0"="' if standing.get("tied") else "0"
        rank = self.book.cell(align="center", bold=True, num_format=tie)
        number_cell(written, row, 0, standing.get("rank"), rank, scale=1)
        if result.has_scores:
            # On the code, not on the name: LibreOffice does not wrap a cell that holds a link.
            link = self.book.cell(font_color="#0563C1", underline=1)
            written.write_url(row - 1, 1, f"external:don-vi/{code}.xlsx", link, code)
        else:
            written.write_string(row - 1, 1, code, text)
        written.write_string(row - 1, 2, result.unit.name, text)
        column = 3
        for area in self.criteria.areas:
            frame = finals.groups if area.code in finals.groups else finals.leaves
            value = frame.loc[code, area.code] if result.has_scores else None
            number_cell(written, row, column, value, number, self.criteria.scale)
            column += 1
        apart = ["adjustment"] if self.results.settings.adjustments else []
        for name in (*apart, "total", "maximum", "index"):
            bold = self.book.cell(align="center", num_format=self.digits, bold=name == "index")
            number_cell(written, row, column, standing.get(name), bold, self.criteria.scale)
            column += 1
        form = result.file.form if result.file else None
        written.write_string(row - 1, column, standing.get("band", ""), self.book.cell(align="center"))
        number_cell(written, row, column + 1, form and form.self_total, number, self.criteria.scale)
        changed = self._change(row, column + 2, result)
        self._status(row, column + 2 + (2 if self.results.comparison else 0), result)
        cells = [(result.unit.name, 38.0, float(SIZE), False), (changed, 16.0, 10.0, False)]
        written.tall(row, row_height(cells))

    def _change(self, row: int, column: int, result: UnitResult) -> str:
        """From last year, in points and in places apart; words where the two cannot be compared."""
        if self.results.comparison is None:
            return ""
        change = self.results.comparison.units.get(result.unit.code)
        signed = "+{0};-{0};{0}"
        for at, units, digits, scale in (
            (column, change and change.points, self.digits, self.criteria.scale),
            (column + 1, change and change.places, "0", 1),
        ):
            style = self.book.cell(align="center", num_format=signed.format(digits))
            number_cell(self.sheet, row, at, units, style, scale)
        words = change.words if change else ""
        if words:
            self.sheet.write_string(row - 1, column, words, self.book.cell(align="center", font_size=10))
        return words

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
        if note := restored_note(self.criteria, self.results.settings.formula_checked):
            notes.append(note)
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
        headings(
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
            number_cell(self.sheet, row, column, units, style, self.results.criteria.scale)

    def _row(self, row: int, result: UnitResult) -> None:
        unit = result.unit
        for column, text in enumerate((unit.code, unit.name, unit.group)):
            self.sheet.write_string(row - 1, column, text, self.book.cell())
        digits = {"align": "center", "num_format": number_format(self.results.criteria.decimals)}
        maxima = self.results.scores.maxima
        for column, leaf in enumerate(self.leaves, start=3):
            has = result.has_scores
            units = self.results.finals.leaves.loc[unit.code, leaf.code] if has else None
            full = has and not pd.isna(units) and units == maxima.loc[unit.code, leaf.code]
            zero = has and not pd.isna(units) and units == 0
            colour = "done" if full else "wrong" if zero else None
            look = {**digits, "bg_color": COLOURS[colour]} if colour else digits
            number_cell(self.sheet, row, column, units, self.book.cell(**look), self.results.criteria.scale)
        texts = ((unit.name, 36.0), (unit.group, 16.0))
        self.sheet.tall(row, row_height([(text, width, float(SIZE), False) for text, width in texts]))
