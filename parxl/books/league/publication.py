"""The publication table ``bang-cong-bo.xlsx``: an official document, one table a sheet, and nothing else.

The place for date and signature is left to be filled in by hand. No cell of the table is merged, and nothing
is said by colour alone.
"""

from __future__ import annotations

from typing import Any

from parxl.books.form.frame import COUNTRY, DOTS, MOTTO, restored_note
from parxl.books.imprint import imprint, put_imprint
from parxl.books.league.long import LongBook, LongSheet
from parxl.books.league.sheets import PLAIN, LongTable, Look, tie_look
from parxl.books.listing import Column
from parxl.books.metrics import column_pixels, row_height
from parxl.books.paging import DEFAULT_HEIGHT, Page, page_breaks
from parxl.books.styles import FONT, MARGINS, PAPER_A4, SIZE, number_format
from parxl.books.tables import appraised_name
from parxl.identity import NOTHING
from parxl.league.means import means
from parxl.league.spread import INDEX
from parxl.results import Results

STAR = "\u00a0*"  # behind the name of a unit whose result is provisional, and on the same line
NAME = 1  # the column of the names, the last of the left half
RANK_WIDTH, NAME_WIDTH, BAND_WIDTH, NARROWEST = 7.0, 33.0, 13.0, 9.0
FIGURES_WIDTH = 50.0  # all columns right of the names together, at least: the country's name stands over them
PORTRAIT_HEIGHT, PORTRAIT_PIXELS = 842.0, 623.0  # A4; how much of its width is between the margins
SPARE = 1.08  # LibreOffice draws columns wider than Excel
SIGN_HEIGHT, MOST_KEPT = 110.0, 600.0  # points
BOLD: Look = {"bold": True}
NO_RESULT = {
    "missing": "chưa nộp phiếu",
    "rejected": "phiếu bị trả lại",
    "conflict": "các phiếu mâu thuẫn nhau",
}
NOTHING_APPLIES = "không có tiêu chí áp dụng"
TIE_NOTE = "Dấu “=” sau thứ hạng: các đơn vị đồng hạng."
STAR_NOTE = (
    "Dấu * sau tên đơn vị: kết quả tạm tính; nội dung chờ hướng dẫn và điểm khảo sát chưa có được tính 0 điểm, "
    "vẫn nằm trong điểm tối đa."
)
SIGNER, SIGNED = "THỦ TRƯỞNG CƠ QUAN", "(Ký tên, đóng dấu)"


def write_publication(results: Results) -> bytes:
    """The whole workbook as bytes; it carries the imprint by which ``is_as_written`` knows it again."""
    return _workbook(results, imprint(_workbook(results, NOTHING)))


def _workbook(results: Results, found: str) -> bytes:
    settings = results.settings
    title = f"Kết quả Chỉ số cải cách hành chính năm {settings.year} – {settings.name}"
    book = LongBook(settings.year, title, settings.lead or "parxl")
    for number, group in enumerate(results.groups, start=1):
        name = "Công bố" if len(results.groups) == 1 else f"Công bố {number}"
        _Publication(book, book.sheet(name), results, group).write()
    put_imprint(book, found)
    return book.close()


class _Publication:
    """One group's sheet, from the top down. ``row``: the last one written, ``head``: that of the headings."""

    def __init__(self, book: LongBook, sheet: LongSheet, results: Results, group: str):
        self.book, self.sheet, self.results, self.group = book, sheet, results, group
        self.criteria, self.settings = results.criteria, results.settings
        table = results.standings
        own = table[(table["group"] == group) & table["rank"].notna()]
        self.ranked = own.sort_values("rank", kind="stable")
        self.figures = self._figures()
        self.has_bands = any(band.group in ("*", group) for band in self.settings.bands)
        self.widths = self._widths()
        self.row = self.head = 0

    def write(self) -> None:
        self._national_head()
        self._titles()
        self._table()
        self._notes()
        self._without_result()
        self._signature()
        self._page()

    def _figures(self) -> dict[str, str]:
        """A column of ``standings`` -> its heading; only what this set and this group have."""
        units = {unit.code for unit in self.settings.units if unit.group == self.group}
        adjusted = any(one.unit in units for one in self.settings.adjustments)
        return {
            "appraised": appraised_name(self.results),
            **({"entered": "Điểm khảo sát"} if self.criteria.entered else {}),
            **({"adjustment": "Điểm cộng, trừ"} if adjusted else {}),
            "total": "Tổng điểm",
            "maximum": "Điểm tối đa",
            "index": "Chỉ số (%)",
        }

    def _widths(self) -> list[float]:
        bands = [BAND_WIDTH] if self.has_bands else []
        each = max(NARROWEST, (FIGURES_WIDTH - sum(bands)) / len(self.figures))
        return [RANK_WIDTH, NAME_WIDTH, *[each] * len(self.figures), *bands]

    # Over the table -------------------------------------------------------------------------------

    def _lines(self, *texts: tuple[str, int, int, dict[str, Any]]) -> None:
        """The next row: (text, first column, last column, look) each, wrapped."""
        self.row += 1
        heights = []
        for text, first, last, look in texts:
            style = self.book.style(**{"align": "center", "valign": "top", **look})
            self.sheet.merge_range(self.row - 1, first, self.row - 1, last, text, style)
            bold, size = look.get("bold", False), float(look.get("font_size", SIZE))
            heights.append((text, self._across(first, last), size, bold))
        self.sheet.tall(self.row, row_height(heights))

    def _across(self, first: int, last: int) -> float:
        """The width of some columns together, in characters."""
        pixels = sum(column_pixels(width) for width in self.widths[first : last + 1])
        return (pixels - column_pixels(0)) / (column_pixels(1) - column_pixels(0))

    @property
    def last(self) -> int:
        return len(self.widths) - 1

    def _national_head(self) -> None:
        authority, lead = ((text or DOTS).upper() for text in (self.settings.authority, self.settings.lead))
        bold, right = {"bold": True}, NAME + 1
        where = f"{self.settings.place or '…………'}, ngày …… tháng …… năm ………"
        self._lines((authority, 0, NAME, {}), (COUNTRY, right, self.last, bold))
        self._lines((lead, 0, NAME, bold), (MOTTO, right, self.last, {**bold, "underline": 1}))
        self._lines((where, right, self.last, {"italic": True}))

    def _titles(self) -> None:
        self.row += 1
        title = f"KẾT QUẢ CHỈ SỐ CẢI CÁCH HÀNH CHÍNH NĂM {self.settings.year}"
        self._lines((title, 0, self.last, {"bold": True, "font_size": 14}))
        if self.group:
            self._lines((f"Khối: {self.group}", 0, self.last, {"bold": True, "font_size": 13}))
        self._lines((f"(Căn cứ {self.criteria.decision})", 0, self.last, {"italic": True}))
        self.row += 1

    # The table ------------------------------------------------------------------------------------

    def _table(self) -> None:
        self.row += 1
        self.head = self.row
        self.sheet.is_paged = True
        table = LongTable(self.book, self.sheet, self._columns(), self.head)
        self.sheet.repeat_rows(self.head - 1)
        names = {unit.code: unit.name for unit in self.settings.units}
        for record in self.ranked.reset_index(names="unit").to_dict("records"):
            standing = {str(key): value for key, value in record.items()}
            self._unit(table, names[standing["unit"]], standing)
        if len(self.ranked):
            self._mean(table)
        self.row = table.last

    def _columns(self) -> list[Column]:
        rank, name, *widths = self.widths
        plain, scale = number_format(self.criteria.decimals), self.criteria.scale
        digits = {"adjustment": f"+{plain};-{plain};{plain}"}
        figures = [
            Column(head, width, digits.get(figure, plain), scale)
            for (figure, head), width in zip(self.figures.items(), widths, strict=False)
        ]
        bands = [Column("Xếp loại", BAND_WIDTH, align="center")] if self.has_bands else []
        return [Column("Xếp hạng", rank, "0"), Column("Đơn vị", name, align=""), *figures, *bands]

    def _unit(self, table: LongTable, name: str, standing: dict[str, Any]) -> None:
        star = STAR if standing["open"] else ""
        band = [standing["band"]] if self.has_bands else []
        figures = [standing[figure] for figure in self.figures]
        looks = [BOLD if figure == "index" else PLAIN for figure in self.figures]
        rank = {**BOLD, **tie_look(standing["tied"])}
        table.row(
            [standing["rank"], name + star, *figures, *band], [rank, PLAIN, *looks, *(PLAIN for _ in band)]
        )

    def _mean(self, table: LongTable) -> None:
        figures = means(self.results.standings).loc[self.group].to_dict()
        figures["index"] = self.results.analysis.spread.loc[(self.group, INDEX), "mean"]
        own = [figures[figure] for figure in self.figures]
        values = [None, "Trung bình", *own, *([None] if self.has_bands else [])]
        table.row(values, [BOLD] * len(values))

    # Under the table ------------------------------------------------------------------------------

    def _notes(self) -> None:
        decimals = self.criteria.decimals
        notes = [
            f"Chỉ số = 100 × Tổng điểm / Điểm tối đa của đơn vị, lấy {decimals} chữ số thập phân.",
            TIE_NOTE if self.ranked["tied"].any() else "",
            STAR_NOTE if self.ranked["open"].any() else "",
            restored_note(self.criteria, self.settings.formula_checked),
        ]
        self.row += 1
        for note in filter(None, notes):
            self._lines((note, 0, self.last, {"align": "left", "italic": True, "font_size": 11}))

    def _without_result(self) -> None:
        own = [result for result in self.results.units if result.unit.group == self.group]
        without = [result for result in own if result.unit.code not in self.ranked.index]
        if not without:
            return
        self.row += 1
        left = {"align": "left", "font_size": 11}
        self._lines((f"Chưa có kết quả: {len(without)} đơn vị", 0, self.last, {**left, "bold": True}))
        for result in without:
            words = NO_RESULT.get(result.status, NOTHING_APPLIES)
            self._lines((f"- {result.unit.name}: {words}", 0, self.last, left))

    def _signature(self) -> None:
        """In one row: a page break cannot part it from the room to sign in."""
        self.row += 2
        bold, italic = self.book.style(bold=True), self.book.style(italic=True)
        style = self.book.style(align="center", valign="top")
        self.sheet.merge_range(self.row - 1, NAME + 1, self.row - 1, self.last, "", style)
        texts = (bold, f"{SIGNER}\n", italic, SIGNED)
        self.sheet.write_rich_string(self.row - 1, NAME + 1, *texts, style)
        self.sheet.tall(self.row, SIGN_HEIGHT)

    def _page(self) -> None:
        """A4 portrait, one page wide, every page numbered. Not fitted: Excel would ignore the page breaks."""
        scale = min(100, int(100 * PORTRAIT_PIXELS / (SPARE * sum(map(column_pixels, self.widths)))))
        self.sheet.set_portrait()
        self.sheet.set_paper(PAPER_A4)
        self.sheet.set_margins(**MARGINS)
        self.sheet.set_print_scale(scale)
        self.sheet.set_footer(f'&R&"{FONT}"&9Trang &P/&N')
        page = Page(self.head, 1, scale / 100, PORTRAIT_HEIGHT)
        self.sheet.set_h_pagebreaks(page_breaks(self.sheet, self._blocks(), page))

    def _blocks(self) -> list[list[int]]:
        """Rows that stay on one page: each alone, but the signature with the last units or the last lines."""
        start = self.head + max(1, len(self.ranked) - 1)
        rows = range(start, self.row + 1)
        if sum(self.sheet.heights.get(row, DEFAULT_HEIGHT) for row in rows) > MOST_KEPT:
            start = self.row - 4
        return [*([row] for row in range(self.head + 1, start)), list(range(start, self.row + 1))]
