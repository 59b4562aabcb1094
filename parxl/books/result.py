"""The unit's own workbook: the official table with self score, computed score, and why."""

from __future__ import annotations

from typing import Any

import pandas as pd

from parxl.appraisal import FIRST, SECOND
from parxl.books.findings_sheet import write_findings
from parxl.books.form_frame import restored_note
from parxl.books.form_table import line_look, row_look
from parxl.books.metrics import row_height
from parxl.books.paging import Page, page_breaks, table_blocks
from parxl.books.styles import COLOURS, SIZE, Book, Sheet, count_format, landscape, number_format
from parxl.comparison import Change
from parxl.exact import points_number, points_text
from parxl.explain import adjustments_text
from parxl.layout import Row
from parxl.reading.form import FormRead, shown, typed_value
from parxl.results import Results, UnitResult
from parxl.rules import DAMAGED, State

SHEET = "Bảng điểm"
INDENT = 2  # characters that an indented line loses
WIDTHS = dict(zip("ABCDEFGHIJ", (9.0, 46.0, 8.0, 11.0, 9.0, 9.0, 9.0, 9.0, 40.0, 27.0), strict=True))
LAST = "J"
STATUS_WORDS = {
    "scored": "Đã chấm",
    "provisional": "Tạm tính (còn nội dung chờ hướng dẫn hoặc chưa có điểm khảo sát)",
    "conflict": "Chưa chấm: các phiếu mâu thuẫn nhau",
    "rejected": "Chưa chấm: phiếu bị trả lại",
    "missing": "Chưa nộp phiếu",
}
HEAD_ROW = 12
SCALE = 69  # percent at which the columns fill A4 landscape; Excel ignores page breaks with fit-to-page


def write_result(results: Results, result: UnitResult) -> bytes:
    """The workbook of one unit as bytes; without scores it says why and lists the findings."""
    settings = results.settings
    title = f"Kết quả chấm điểm – {result.unit.name}"
    book = Book(settings.year, title, settings.lead or "parxl")
    sheet = book.sheet(SHEET)
    for column, width in WIDTHS.items():
        sheet.set_column(f"{column}:{column}", width)
    _head(book, sheet, results, result)
    landscape(sheet, result.unit.name)
    if result.has_scores:
        _Table(book, sheet, results, result).write()
    else:
        sheet.fit_to_pages(1, 0)
    if result.has_scores or result.findings:
        write_findings(book, list(result.findings), "Ghi nhận", by_unit=True)
    return book.close()


def _head(book: Book, sheet: Sheet, results: Results, result: UnitResult) -> None:
    settings, criteria = results.settings, results.criteria
    bold, centre = book.style(bold=True), book.style(bold=True, align="center", font_size=14)
    sheet.merge_range("A1:C1", settings.authority.upper(), book.style(align="center"))
    sheet.merge_range("A2:C2", settings.lead.upper(), book.style(bold=True, align="center"))
    sheet.merge_range(
        f"A4:{LAST}4", f"KẾT QUẢ CHẤM ĐIỂM CHỈ SỐ CẢI CÁCH HÀNH CHÍNH NĂM {settings.year}", centre
    )
    sheet.merge_range(f"A5:{LAST}5", result.unit.name, book.style(bold=True, align="center", font_size=13))
    where = f"{settings.name} – {criteria.decision}"
    sheet.merge_range(f"A6:{LAST}6", where, book.style(italic=True, align="center"))
    for row, (label, text) in enumerate(_facts(results, result), start=7):
        sheet.merge_range(f"A{row}:B{row}", label, book.style(align="right"))
        sheet.merge_range(f"C{row}:{LAST}{row}", text, bold)
        sheet.tall(row, 18)
    note = restored_note(criteria, settings.formula_checked)
    if result.has_scores and note:
        sheet.merge_range(f"A11:{LAST}11", note, book.style(italic=True, font_size=11))


def _facts(results: Results, result: UnitResult) -> list[tuple[str, str]]:
    status = STATUS_WORDS[result.status]
    if result.standing is None:
        return [("Tình trạng:", status)]
    standing, decimals = result.standing, results.criteria.decimals
    total, maximum = (points_text(int(standing[k]), decimals) for k in ("total", "maximum"))
    tie = " (đồng hạng)" if standing["tied"] else ""
    group = f" khối {result.unit.group}" if result.unit.group else ""
    size = int((results.standings["group"] == result.unit.group).sum())
    band = f"; xếp loại: {standing['band']}" if standing["band"] else ""
    index = _index_text(results, standing)
    rank = f"{standing['rank']}/{size}{group}{tie}" if not pd.isna(standing["rank"]) else "–"
    return [
        ("Tổng điểm / điểm tối đa của đơn vị:", f"{total} / {maximum}{_apart(standing, decimals)}"),
        ("Chỉ số CCHC:", f"{index}{band}{_points_changed(results, result)}"),
        ("Xếp hạng:", rank + _places_changed(results, result)),
        ("Tình trạng:", status),
    ]


def _changed(results: Results, result: UnitResult) -> Change | None:
    return results.comparison.units.get(result.unit.code) if results.comparison else None


def _points_changed(results: Results, result: UnitResult) -> str:
    change = _changed(results, result)
    if change is None:
        return ""
    if change.points is None:
        return f"; so với năm trước: {change.words}" if change.words else ""
    sign = "+" if change.points > 0 else "−" if change.points < 0 else ""
    return f"; so với năm trước: {sign}{points_text(abs(change.points), results.criteria.decimals)}"


def _places_changed(results: Results, result: UnitResult) -> str:
    change = _changed(results, result)
    if change is None or change.places is None:
        return ""
    if not change.places:
        return "; giữ nguyên thứ hạng so với năm trước"
    return f"; {'tăng' if change.places > 0 else 'giảm'} {abs(change.places)} bậc so với năm trước"


def _index_text(results: Results, standing: dict[str, Any]) -> str:
    if pd.isna(standing["index"]):
        return "–"
    return points_text(int(standing["index"]), results.criteria.decimals) + "%"


def _apart(standing: dict[str, Any], decimals: int) -> str:
    """What the department added or took away, and the range while something is still open."""
    words = []
    if adjustment := int(standing["adjustment"]):
        scored, added = points_text(int(standing["scored"]), decimals), points_text(abs(adjustment), decimals)
        words.append(f"điểm chấm {scored}, {'cộng' if adjustment > 0 else 'trừ'} {added}")
    if standing["open"]:
        low, high = (points_text(int(standing[k]), decimals) for k in ("total_low", "total_high"))
        words.append(f"khi xong các nội dung còn chờ: từ {low} đến {high}")
    return f" ({'; '.join(words)})" if words else ""


def _tree(leaves: pd.DataFrame, groups: pd.DataFrame, unit: str) -> dict[str, Any]:
    """Code of a leaf, group or area -> units, for one unit."""
    return {**leaves.loc[unit].to_dict(), **groups.loc[unit].to_dict()}


class _Table:
    """The official table; row for row the form's, so that both can be read side by side."""

    def __init__(self, book: Book, sheet: Sheet, results: Results, result: UnitResult):
        assert result.file is not None
        assert result.file.form is not None
        self.book, self.sheet, self.results, self.result = book, sheet, results, result
        self.form: FormRead = result.file.form
        self.criteria = results.criteria
        code = result.unit.code
        scores = results.scores
        self.parts = scores.parts.loc[code]
        self.states = scores.states.loc[code]
        self.computed = _tree(scores.leaves, scores.groups, code)
        self.final = _tree(results.finals.leaves, results.finals.groups, code)
        self.appraised = results.finals.appraised.loc[code]
        self.shift = HEAD_ROW + 1 - results.layout.rows[0].number
        self.part_keys = {number: key for key, number in results.layout.part_rows.items()}

    def write(self) -> None:
        self._headings()
        for row in self.results.layout.rows:
            self._row(row, row.number + self.shift)
        self._comments()
        self.sheet.freeze_panes(HEAD_ROW, 2)
        self.sheet.repeat_rows(HEAD_ROW - 1)
        self.sheet.set_print_scale(SCALE)
        blocks = [[row + self.shift for row in block] for block in table_blocks(self.results.layout)]
        self.sheet.set_h_pagebreaks(page_breaks(self.sheet, blocks, Page(HEAD_ROW, 1, SCALE / 100)))
        self.sheet.ignore_errors({"number_stored_as_text": f"A{HEAD_ROW}:C{self._last}"})

    @property
    def _last(self) -> int:
        return self.results.layout.total_row + self.shift

    def _headings(self) -> None:
        stt, title, maximum, self_score, evidence = self.criteria.headings
        texts = [stt, title, maximum, "Số liệu", self_score, "Điểm tính"]
        texts += ["Điểm thẩm định", "Điểm cuối", "Giải thích", evidence]
        style = self.book.cell(bold=True, align="center", bg_color=COLOURS["area"])
        for column, text in zip(WIDTHS, texts, strict=True):
            self.sheet.write_string(f"{column}{HEAD_ROW}", text, style)
        cells = [(t, w, float(SIZE), True) for t, w in zip(texts, WIDTHS.values(), strict=True)]
        self.sheet.tall(HEAD_ROW, row_height(cells))

    def _row(self, row: Row, at: int) -> None:
        look, book = row_look(row), self.book
        text, printed = self.results.layout.text(row), self.results.layout.maximum(row)
        code = row.node.code if row.node and row.is_heading else ""
        explanation = self._explanation(code) if row.kind != "total" else self._adjustments()
        evidence = self.form.evidence.get(code, "")
        centre = book.cell(align="center", **look)
        self.sheet.write_string(f"A{at}", row.stt, centre)
        self.sheet.write_string(f"B{at}", text, book.cell(**line_look(row)))
        self.sheet.write_string(f"C{at}", printed, centre)
        self._input(row, at, look)
        self._score(f"E{at}", self._self_score(row), look)
        self._score(f"F{at}", self._computed(row), look)
        self._score(f"G{at}", self.appraised.get(code), look)
        self._score(f"H{at}", self._final(row), look)
        plain = {**look, "bold": False, "font_size": 11}
        self.sheet.write_string(f"I{at}", explanation, book.cell(**plain))
        self.sheet.write_string(f"J{at}", evidence, book.cell(**plain))
        title = WIDTHS["B"] - (INDENT if row.line is not None else 0)
        cells = [(text, title, float(SIZE), bool(look.get("bold")))]
        cells += [(explanation, WIDTHS["I"], 11.0, False), (evidence, WIDTHS["J"], 11.0, False)]
        self.sheet.tall(at, row_height(cells))

    def _input(self, row: Row, at: int, look: dict[str, Any]) -> None:
        cell = f"D{at}"
        wanted = row.input
        if wanted is None:
            self.sheet.write_blank(cell, None, self.book.cell(**look))
            return
        style = self.book.cell(align="center", num_format=count_format(wanted), **look)
        value = self.form.inputs[row.input_key]
        if value == DAMAGED:
            wrong = self.book.cell(align="center", bg_color=COLOURS["wrong"])
            self.sheet.write_string(cell, shown(self.form.typed[row.input_key]), wrong)
            return
        typed = typed_value(value, wanted.decimals, wanted.kind)
        if isinstance(typed, (int, float)):
            self.sheet.write_number(cell, typed, style)
        else:
            self.sheet.write_string(cell, typed or "", style)

    def _score(self, cell: str, units: Any, look: dict[str, Any]) -> None:
        style = self.book.cell(align="center", num_format=number_format(self.criteria.decimals), **look)
        if isinstance(units, str):
            self.sheet.write_string(cell, units, style)
        elif units is None or pd.isna(units):
            self.sheet.write_blank(cell, None, style)
        else:
            self.sheet.write_number(cell, points_number(int(units), self.criteria.decimals), style)

    def _self_score(self, row: Row) -> int | None:
        if row.kind == "total":
            return self.form.self_total
        return self.form.self_scores.get(row.node.code) if row.node and row.is_heading else None

    def _computed(self, row: Row) -> Any:
        """Units of a heading or of a part's own line; words where the score is null."""
        if row.kind == "total":
            return self.results.scores.leaves.loc[self.result.unit.code].sum()
        if row.is_heading and row.node:
            points = self.computed[row.node.code]
            return self._why_null(row.node.code) if pd.isna(points) else points
        key = self.part_keys.get(row.number)
        return self.parts[key] if key else None

    def _final(self, row: Row) -> Any:
        """Units of a heading: what counts. A part's own line has no final score of its own."""
        if row.kind == "total":
            assert self.result.standing is not None
            return self.result.standing["total"]
        return self.final[row.node.code] if row.is_heading and row.node else None

    def _explanation(self, code: str) -> str:
        """How the score came about, and what the appraisal said of it."""
        if code not in self.result.explanations:
            return ""
        texts = [self.result.explanations[code].text]
        answers = self.results.appraisal.answers
        for number in (FIRST, SECOND):
            answer = answers.get((number, self.result.unit.code, code))
            if answer:
                points = (
                    ""
                    if answer.points is None
                    else f"{points_text(answer.points, self.criteria.decimals)} điểm"
                )
                words = ". ".join(text for text in (points, answer.reason) if text)
                texts.append(f"Thẩm định lần {number}: {words}")
        return "\n".join(texts)

    def _adjustments(self) -> str:
        return adjustments_text(self.results.settings, self.result.unit.code, self.criteria.decimals)

    def _why_null(self, code: str) -> str | None:
        node = self.criteria.by_code[code]
        if node.kind == "group":
            return None
        states = {self.states[node.key(part)] for part in node.parts}
        if State.AWAITING in states:
            return "chờ"
        return "không áp dụng" if states == {State.NOT_APPLICABLE} else None

    def _comments(self) -> None:
        """The findings of each criterion as one note on its score."""
        notes: dict[str, list[str]] = {}
        for found in self.result.findings:
            if found.criterion:
                notes.setdefault(found.criterion.split("/")[0], []).append(found.message)
        for code, messages in notes.items():
            at = self.results.layout.row_of(code) + self.shift
            options = {"x_scale": 2.5, "y_scale": 1.5, "author": "parxl"}
            self.sheet.write_comment(f"F{at}", "\n".join(messages), options)
