"""The league workbook's sheets on criteria, differences, closeness, spread, intake and method.

Every figure is read back out of the written workbook and compared with the frame it comes from; the frames
have tests of their own.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from campaigns import HA_TINH, TTHC, issued_campaign
from provinces import province

from parxl.actions import open_campaign, score_opened
from parxl.books.league.closeness import write_closeness
from parxl.books.league.differences import write_differences
from parxl.books.league.intake import FATES, write_files, write_returns
from parxl.books.league.long import LongBook
from parxl.books.league.matrix import write_matrix
from parxl.books.league.method import write_method
from parxl.books.league.shortfall import CHART, MOST_BARS, write_shortfall
from parxl.books.league.spread import write_spread
from parxl.league.shortfall import EVERYONE
from parxl.league.spread import INDEX
from parxl.previous import SET
from parxl.provenance import Provenance
from parxl.results import Results
from parxl.workshop import Pace

MATRIX, CRITERIA, DIFFERENCES = "Ma trận tiêu chí", "Kết quả theo tiêu chí", "Chênh lệch tự chấm – thẩm định"
CLOSENESS, SPREAD, METHOD = "Khoảng cách thứ hạng", "Thống kê", "Cách tính"
GRADES, SAME = "Xếp loại", "Tiêu chí như nhau"
RETURNS, FILES = "Tình hình nộp phiếu", "Tệp đã nhận"
WRITERS: tuple[Callable[[LongBook, Results], None], ...] = (
    write_matrix,
    write_shortfall,
    write_differences,
    write_closeness,
    write_spread,
    write_returns,
    write_files,
    write_method,
)
# Sheet -> (the row of its headings, the row of its filter).
TABLES = {
    MATRIX: (3, 4),
    CRITERIA: (3, 3),
    DIFFERENCES: (3, 3),
    CLOSENESS: (3, 3),
    SPREAD: (3, 3),
    GRADES: (3, 3),
    SAME: (3, 3),
    RETURNS: (1, 1),
    FILES: (1, 1),
}
SOURCES = {"dot-cham.xlsx": "0a" * 32, "3-tham-dinh/lan-1/linh-vuc-1.xlsx": "1b" * 32}
MADE = Provenance(SOURCES, "", dt.date(2027, 1, 5))
Row = dict[str, Any]


def written(results: Results) -> bytes:
    book = LongBook(results.settings.year, "", "")
    for write in WRITERS:
        write(book, results)
    return book.close()


@dataclass(frozen=True)
class Shelf:
    """A province and its sheets, read back."""

    results: Results
    content: bytes

    @cached_property
    def book(self) -> openpyxl.Workbook:
        return openpyxl.load_workbook(io.BytesIO(self.content))

    def number(self, units: Any) -> float | None:
        """Units of the last decimal as the cell must hold them."""
        decimals = self.results.criteria.decimals
        return None if pd.isna(units) else float(Decimal(int(units)).scaleb(-decimals))

    def numbers(self, units: Any) -> list[float | None]:
        return [self.number(one) for one in units]

    def rows(self, sheet: str, top: int = 0) -> list[Row]:
        """The rows under the headings, up to the first one without a text or number."""
        head, *lines = self.book[sheet].iter_rows(min_row=top or TABLES[sheet][0], values_only=True)
        heads = [str(text) for text in head if text is not None]
        ends = [at for at, line in enumerate(lines) if not any(line)]
        return [dict(zip(heads, line, strict=False)) for line in lines[: ends[0] if ends else None]]

    def row_of(self, sheet: str, text: str) -> int:
        """The row in which a cell says just this."""
        return next(c.row for line in self.book[sheet] for c in line if c.value == text)

    @property
    def grouped(self) -> bool:
        return len(self.results.groups) > 1


@pytest.fixture(scope="module", params=[(HA_TINH, 16, 2), (TTHC, 63, 1), (TTHC, 3, 1)], ids=str)
def shelf(request: pytest.FixtureRequest) -> Shelf:
    set_id, units, groups = request.param
    results = province(set_id, units, groups=groups, appraised=True, last_year=True, adjusted=True)
    results = replace(results, provenance=MADE)
    return Shelf(results, written(results))


# The matrix ---------------------------------------------------------------------------------------


def test_the_matrix_shows_every_final_score(shelf: Shelf) -> None:
    maxima, *rows = shelf.rows(MATRIX)
    finals, leaves = shelf.results.finals.leaves, [leaf.code for leaf in shelf.results.criteria.leaves]
    assert [maxima[code] for code in leaves] == [float(leaf.max) for leaf in shelf.results.criteria.leaves]
    assert [row["Mã đơn vị"] for row in rows] == [unit.code for unit in shelf.results.settings.units]
    for row in rows:
        code = row["Mã đơn vị"]
        wanted = shelf.numbers(finals.loc[code]) if code in finals.index else [None] * len(leaves)
        assert [row[leaf] for leaf in leaves] == wanted
        assert ("Khối" in row) == shelf.grouped


def test_full_marks_are_told_without_colour_too(shelf: Shelf) -> None:
    finals, maxima = shelf.results.finals.leaves, shelf.results.scores.maxima
    first = 4 if shelf.grouped else 3
    for line in shelf.book[MATRIX].iter_rows(min_row=5):
        code = line[0].value
        for cell, leaf in zip(line[first - 1 :], finals.columns, strict=True):
            points = finals.loc[code, leaf] if code in finals.index else pd.NA
            full = not pd.isna(points) and points == maxima.loc[code, leaf]
            assert cell.font.bold == full
            assert (cell.fill.fgColor.rgb == "FFD8EBD5") == full


def test_sorting_the_matrix_leaves_the_maxima_in_place(shelf: Shelf) -> None:
    """The filter's own row is never sorted; it is the row of the maxima."""
    sheet = shelf.book[MATRIX]
    assert sheet["B4"].value == "Điểm tối đa"
    assert sheet.auto_filter.ref.startswith("A4:")
    assert sheet.freeze_panes == "C5"
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$3:$4", "$A:$B")
    assert sheet.page_setup.paperSize == 8
    notes = [cell.comment.text for cell in sheet[3] if cell.comment]
    assert notes == [f"{leaf.stt} {leaf.title}" for leaf in shelf.results.criteria.leaves]


# Criteria -----------------------------------------------------------------------------------------


def test_the_criteria_are_listed_with_their_figures(shelf: Shelf) -> None:
    found = shelf.results.analysis.criteria.loc[EVERYONE]
    counts = {
        "Số đơn vị áp dụng": "units",
        "Số đơn vị đạt tối đa": "full",
        "Số đơn vị 0 điểm": "zero",
        "Chờ": "open",
    }
    points = {"Điểm bình quân": "mean", "Tỷ lệ (%)": "percent", "Tổng điểm còn thiếu": "gap"}
    rows = shelf.rows(CRITERIA)
    assert sorted(row["Mục"] for row in rows) == sorted(found.index)
    for row in rows:
        node, figures = shelf.results.criteria.by_code[row["Mục"]], found.loc[row["Mục"]]
        assert (row["Tiêu chí"], row["Điểm tối đa"]) == (node.title, float(node.max))
        assert row["Lĩnh vực"].startswith(f"{node.code[0]}. ")
        assert {head: row[head] for head in counts} == {h: int(figures[n]) for h, n in counts.items()}
        assert {head: row[head] for head in points} == {h: shelf.number(figures[n]) for h, n in points.items()}


def test_the_largest_gap_stands_first(shelf: Shelf) -> None:
    order = {leaf.code: at for at, leaf in enumerate(shelf.results.criteria.leaves)}
    keys = [(-row["Tổng điểm còn thiếu"], order[row["Mục"]]) for row in shelf.rows(CRITERIA)]
    assert keys == sorted(keys)


def test_each_group_has_its_mean_beside(shelf: Shelf) -> None:
    found = shelf.results.analysis.criteria["mean"]
    for row in shelf.rows(CRITERIA):
        own = {head: value for head, value in row.items() if head.startswith("Bình quân: ")}
        groups = shelf.results.groups if shelf.grouped else []
        assert own == {f"Bình quân: {g}": shelf.number(found.get((g, row["Mục"]))) for g in groups}


def test_criteria_that_all_or_none_pass_are_told(shelf: Shelf) -> None:
    found, seen = shelf.results.analysis.criteria.loc[EVERYONE], set()
    for row in shelf.rows(CRITERIA):
        figures = found.loc[row["Mục"]]
        scored = int(figures["units"]) - int(figures["open"])
        wanted = {
            int(figures["full"]): "Tất cả đạt điểm tối đa",
            int(figures["zero"]): "Không đơn vị nào có điểm",
        }
        said = wanted.get(scored) if scored else "Chưa có điểm" if figures["units"] else None
        assert row["Nhận xét"] == (said or ("Không áp dụng với đơn vị nào" if not figures["units"] else None))
        seen.add(row["Nhận xét"])
    assert len(seen) > 1


def test_the_chart_has_figures_of_its_own(shelf: Shelf) -> None:
    rows = shelf.rows(CHART, shelf.row_of(CHART, "Lĩnh vực"))
    entered = {node.code for node in shelf.results.criteria.entered}
    listed = [row for row in shelf.rows(CRITERIA) if row["Mục"] not in entered and row["Tổng điểm còn thiếu"]]
    assert [row["Tổng điểm còn thiếu"] for row in rows] == [
        row["Tổng điểm còn thiếu"] for row in listed[:MOST_BARS]
    ]
    assert [row["Tiêu chí"].split()[0] for row in rows] == [row["Mục"] for row in listed[:MOST_BARS]]
    with zipfile.ZipFile(io.BytesIO(shelf.content)) as archive:
        charts = [archive.read(name).decode() for name in archive.namelist() if "/charts/chart" in name]
        described = [archive.read(n).decode() for n in archive.namelist() if "/drawings/drawing" in n]
    assert len(charts) == 1
    head = shelf.row_of(CHART, "Lĩnh vực")
    cells = f"$C${head + 1}:$C${head + len(rows)}"
    assert f"<c:f>'{CHART}'!{cells}</c:f>" in charts[0]
    assert re.findall(r'descr="([^"]+)"', "".join(described))[0].count("mục ") == len(rows)


# Differences --------------------------------------------------------------------------------------


def test_the_differences_are_those_of_the_analysis(shelf: Shelf) -> None:
    found = shelf.results.analysis.differences
    rows = shelf.rows(DIFFERENCES)
    assert sorted(row["Mã đơn vị"] for row in rows) == sorted(found.totals.index)
    for row in rows:
        own = found.totals.loc[row["Mã đơn vị"]]
        points = [row[head] for head in ("Điểm tự chấm", "Điểm cuối", "Chênh lệch")]
        assert points == shelf.numbers(own[["self_score", "final", "difference"]])
        areas = [value for head, value in row.items() if re.match(r"\d\. ", head)]
        assert areas == shelf.numbers(found.areas.loc[row["Mã đơn vị"]])
        assert list(row.values())[-3:] == [int(own[name]) for name in ("above", "below", "compared")]


def test_the_largest_difference_stands_first_with_its_sign(shelf: Shelf) -> None:
    shown = [row["Chênh lệch"] for row in shelf.rows(DIFFERENCES) if row["Chênh lệch"] is not None]
    assert shown == sorted(shown, reverse=True)
    column = list(shelf.rows(DIFFERENCES)[0]).index("Chênh lệch")
    assert shelf.book[DIFFERENCES][4][column].number_format == '+0.00;"−"0.00;0.00'


def test_white_means_no_difference(shelf: Shelf) -> None:
    scales = [
        rule.colorScale for rules in shelf.book[DIFFERENCES].conditional_formatting for rule in rules.rules
    ]
    assert len(scales) == 2
    for scale in scales:
        low, middle, high = (float(one.val) for one in scale.cfvo)
        assert (middle, low) == (0, -high)
        assert scale.color[1].rgb == "FFFFFFFF"


# Closeness ----------------------------------------------------------------------------------------


def test_the_ranks_stand_in_order_group_by_group(shelf: Shelf) -> None:
    table, groups = shelf.results.standings, shelf.results.groups
    rows = shelf.rows(CLOSENESS)
    ranked = table[table["rank"].notna()]
    assert sorted(row["Mã đơn vị"] for row in rows) == sorted(ranked.index)
    keys = [(groups.index(table.loc[row["Mã đơn vị"], "group"]), row["Hạng"]) for row in rows]
    assert keys == sorted(keys)
    assert [row["Hạng"] for row in rows] == [int(table.loc[row["Mã đơn vị"], "rank"]) for row in rows]
    if shelf.grouped:
        assert [row["Khối"] for row in rows] == [table.loc[row["Mã đơn vị"], "group"] for row in rows]


def test_how_firm_a_rank_is(shelf: Shelf) -> None:
    found, table = shelf.results.analysis.closeness, shelf.results.standings
    heads = ["Cách hạng trên", "Cách hạng dưới", "Điểm còn chờ", "Điểm chưa có tài liệu kiểm chứng"]
    heads += ["Chỉ số thấp nhất (%)", "Chỉ số cao nhất (%)"]
    names = ["behind", "ahead", "open", "unproven", "index_low", "index_high"]
    for row in shelf.rows(CLOSENESS):
        own = found.loc[row["Mã đơn vị"]]
        assert row["Chỉ số (%)"] == shelf.number(table.loc[row["Mã đơn vị"], "index"])
        assert [row[head] for head in heads] == shelf.numbers(own[names])
        ranks = [row["Hạng tốt nhất có thể"], row["Hạng thấp nhất có thể"]]
        assert ranks == [int(own["best_rank"]), int(own["worst_rank"])]


def test_near_and_equal_ranks_are_marked_in_words(shelf: Shelf) -> None:
    found, table = shelf.results.analysis.closeness, shelf.results.standings
    words = {(True, True): "Đồng hạng, sát nhau", (True, False): "Đồng hạng", (False, True): "Sát nhau"}
    marks = []
    for row in shelf.rows(CLOSENESS):
        code = row["Mã đơn vị"]
        marks.append(row["Đồng hạng, sát nhau"])
        assert marks[-1] == words.get((bool(table.loc[code, "tied"]), bool(found.loc[code, "near"])))
    assert any(marks)
    assert "không quá 0,50" in shelf.book[CLOSENESS]["A2"].value


# Spread -------------------------------------------------------------------------------------------


def test_how_the_results_are_spread(shelf: Shelf) -> None:
    found = shelf.results.analysis.spread
    rows = shelf.rows(SPREAD)
    for row, ((group, measure), figures) in zip(rows, found.iterrows(), strict=True):
        start = "Chỉ số CCHC" if measure == INDEX else f"{measure}. "
        assert row["Nội dung"].startswith(start)
        assert row.get("Khối", group) == (group if shelf.grouped else "")
        assert row["Số đơn vị"] == int(figures["count"])
        shown = [row[head] for head in ("Bình quân", "Trung vị", "Thấp nhất", "Cao nhất", "Độ lệch chuẩn")]
        assert shown == shelf.numbers(figures[["mean", "median", "lowest", "highest", "deviation"]])


def test_how_many_units_have_which_grade(shelf: Shelf) -> None:
    rows = shelf.rows(GRADES)
    shown = {(row.get("Khối", ""), row["Xếp loại"]): (row["Số đơn vị"], row["Tỷ lệ (%)"]) for row in rows}
    wanted = {}
    for (group, band), figures in shelf.results.analysis.grades.iterrows():
        if band or figures["count"]:
            percent = float(Decimal(int(figures["percent"])).scaleb(-1))
            wanted[group, band or "Chưa đạt mức xếp loại nào"] = (int(figures["count"]), percent)
    assert shown == wanted
    assert sum(count for count, _ in shown.values()) == int(shelf.results.standings["rank"].notna().sum())


def test_criteria_with_one_result_for_a_whole_group(shelf: Shelf) -> None:
    shown = [(row.get("Khối", ""), row["Kết quả"], row["Tiêu chí"]) for row in shelf.rows(SAME)]
    found, wanted = shelf.results.analysis.criteria, []
    for group in shelf.results.groups:
        for passed, words in (("all", "Tất cả đạt điểm tối đa"), ("none", "Không đơn vị nào có điểm")):
            codes = [code for (g, code), one in found["passed"].items() if (g, one) == (group, passed)]
            wanted.append((group if shelf.grouped else "", words, ", ".join(codes) or "không có"))
    assert shown == wanted


# What came back -----------------------------------------------------------------------------------


def test_every_unit_is_listed_those_without_a_result_first(shelf: Shelf) -> None:
    rows = shelf.rows(RETURNS)
    by_code = {one.unit.code: one for one in shelf.results.units}
    assert sorted(row["Mã đơn vị"] for row in rows) == sorted(by_code)
    order = ["missing", "rejected", "conflict", "provisional", "scored"]
    keys = [order.index(by_code[row["Mã đơn vị"]].status) for row in rows]
    assert keys == sorted(keys)
    for row in rows:
        one = by_code[row["Mã đơn vị"]]
        severities = [found.severity for found in one.findings]
        shown = [row["Lỗi"], row["Cảnh báo"], row["Ghi chú"]]
        assert shown == [severities.count(name) for name in ("error", "warning", "note")]
        assert row["Lần nộp"] == (one.file.form.submission if one.file and one.file.form else None)


def test_the_groups_are_hidden_where_there_is_one(shelf: Shelf) -> None:
    """Next year's run reads them here all the same."""
    assert [row["Khối"] or "" for row in shelf.rows(RETURNS)] == [
        next(u.group for u in shelf.results.settings.units if u.code == row["Mã đơn vị"])
        for row in shelf.rows(RETURNS)
    ]
    assert shelf.book[RETURNS].column_dimensions["C"].hidden == (not shelf.grouped)


def test_every_file_is_listed(shelf: Shelf) -> None:
    shown = [
        [row[head] or "" for head in ("Tệp", "Mã đơn vị", "Kết quả", "SHA-256")] for row in shelf.rows(FILES)
    ]
    files = shelf.results.intake.files
    assert shown == [[file.name, file.unit, FATES[file.fate], file.sha256] for file in files]


# How it was made ----------------------------------------------------------------------------------


def method_of(shelf: Shelf) -> dict[str, list[str]]:
    """Label -> the texts beside and under it."""
    found: dict[str, list[str]] = {}
    label = ""
    for name, text in shelf.book[METHOD].iter_rows(values_only=True):
        label = name or label
        found.setdefault(label, []).append(text)
    return found


def test_the_method_names_the_set_as_it_is_read_next_year(shelf: Shelf) -> None:
    (said,) = method_of(shelf)["Bộ tiêu chí"]
    found = SET.search(said)
    assert found
    assert found.groups() == (shelf.results.criteria.id, shelf.results.criteria.edition)


def test_the_method_tells_the_campaign(shelf: Shelf) -> None:
    said, settings, criteria = method_of(shelf), shelf.results.settings, shelf.results.criteria
    assert said["Văn bản"] == [criteria.decision]
    assert said["Ngày ban hành"] == [criteria.issued.strftime("%d/%m/%Y")]
    assert said["Hạn nộp phiếu"] == ["15/12/2026"]
    assert said["Đợt chấm"] == [f"{settings.name} (tinh-mau-2026-0a1b2c3d)"]
    assert "(1, 1, 3)" in said["Xếp hạng"][0]
    bands = "Xuất sắc: từ 90,00; Tốt: từ 80,00; Khá: từ 70,00; Trung bình: từ 50,00 (%)."
    assert said["Xếp loại theo Chỉ số"][0] == f"Mọi khối: {bands}"
    assert len(said["Xếp loại theo Chỉ số"]) == len({band.group for band in settings.bands})


def test_the_method_tells_every_decision_of_the_department(shelf: Shelf) -> None:
    said, settings = method_of(shelf), shelf.results.settings
    words = {"full": "đủ điểm", "zero": "0 điểm", "not-applicable": "không áp dụng"}
    rulings = [f"{key}: {words[one.treatment]} ({one.document})" for key, one in settings.rulings.items()]
    assert said["Trường hợp a = 0: xử lý"] == (rulings or ["Không có."])
    exempt = said["Không áp dụng"]
    names = {unit.code: unit.name for unit in settings.units} | {"*": "Mọi đơn vị"}
    assert exempt == (
        [f"{names[e.unit]}: mục {e.code} ({e.reason}; {e.document})" for e in settings.exemptions]
        or ["Không có."]
    )
    given = len({one.unit for one in settings.adjustments})
    caps = f"Điểm cộng tối đa 1,50, điểm trừ tối đa 1,00; áp dụng với {given} đơn vị."
    assert said["Điểm cộng, điểm trừ"] == [caps if given else "Không có."]


def test_the_method_counts_the_appraisal_and_the_survey(shelf: Shelf) -> None:
    said, answers = method_of(shelf), shelf.results.appraisal.answers.values()
    for number in (1, 2):
        own = [(one.unit, one.code) for one in answers if one.number == number]
        words = f"{len(own)} điểm thẩm định của {len({unit for unit, _ in own})} đơn vị."
        assert said[f"Thẩm định lần {number}"] == [words if own else "Không có điểm thẩm định."]
    entered = shelf.results.criteria.entered
    units = len(shelf.results.settings.units)
    survey = [f"Mục {node.code}: đã có điểm của {units}/{units} đơn vị." for node in entered]
    assert said["Điểm do cơ quan chủ trì nhập"] == (survey or ["Không có."])


def test_the_method_tells_what_it_was_made_with_and_from(shelf: Shelf) -> None:
    said = method_of(shelf)
    assert said["Ngày lập"] == ["05/01/2027"]
    for name in ("parxl", "Python", "pandas", "XlsxWriter"):
        assert re.search(rf"\b{name} \d+\.\d+", said["Phần mềm"][0])
    assert said["Tệp nguồn"][1:] == [f"{name}: SHA-256 {digest}" for name, digest in SOURCES.items()]


def test_a_path_of_last_year_is_told_without_its_folders() -> None:
    results = province(TTHC, 3, last_year=True)
    typed = r"C:\Users\ai-do\2025\ket-qua.json"
    results = replace(results, settings=replace(results.settings, last_year=typed))
    results = replace(results, provenance=Provenance({typed: "2c" * 32}))
    said = method_of(Shelf(results, written(results)))
    assert said["Kết quả năm trước"][0].startswith("ket-qua.json: so sánh được ")
    assert said["Tệp nguồn"][1] == f"ket-qua.json: SHA-256 {'2c' * 32}"
    assert "Users" not in str(said)


# All of them --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TABLES)
def test_the_tables_filter_stay_in_sight_and_print(shelf: Shelf, name: str) -> None:
    sheet, (head, buttons) = shelf.book[name], TABLES[name]
    first, last = sheet.auto_filter.ref.split(":")
    assert first == f"A{buttons}"
    assert int(re.sub(r"\D", "", last)) == buttons + len(shelf.rows(name)) - (buttons - head)
    assert int(re.sub(r"\D", "", sheet.freeze_panes)) == buttons + 1
    assert sheet.print_title_rows == f"${head}:${buttons}"
    assert sheet.page_setup.orientation == "landscape"
    if name != MATRIX:
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.page_setup.paperSize == 9
    assert all(merged.max_row < head for merged in sheet.merged_cells.ranges)
    assert not sheet.protection.sheet


def texts(shelf: Shelf) -> Iterator[str]:
    for sheet in shelf.book:
        yield sheet.title
        for cell in (cell for line in sheet for cell in line if cell.value is not None):
            assert cell.data_type in ("s", "n"), (sheet.title, cell.coordinate)
            if cell.data_type == "s":
                yield cell.value


def test_texts_are_official_and_numbers_are_numbers(shelf: Shelf) -> None:
    assert all(len(sheet.title) <= 31 for sheet in shelf.book)
    for text in texts(shelf):
        assert text == unicodedata.normalize("NFC", text)
        assert not re.search(r"mất điểm|khai khống|gian lận|nan|<NA>", text, re.IGNORECASE), text


def test_the_same_results_make_the_same_bytes(shelf: Shelf) -> None:
    assert written(shelf.results) == shelf.content


def test_before_anything_has_come_back(tmp_path: Path) -> None:
    opened = open_campaign(issued_campaign(tmp_path, TTHC))
    with opened.shop(Pace(1)) as shop:
        results = score_opened(opened, shop, None)
    book = openpyxl.load_workbook(io.BytesIO(written(results)))
    for name in (DIFFERENCES, CLOSENESS, FILES):
        assert book[name].cell(TABLES[name][0] + 1, 1).value == "Chưa có số liệu."
        assert book[name].auto_filter.ref is None
    assert {row[11].value for row in book[CRITERIA].iter_rows(min_row=4)} == {"Chưa có điểm"}
    assert CHART not in book.sheetnames
