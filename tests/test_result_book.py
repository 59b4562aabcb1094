"""The unit's own workbook: every sheet shows what the league computed, and none names another unit."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from shutil import copytree
from typing import Any

import openpyxl
import pandas as pd
import pytest
from campaigns import HA_TINH, TTHC, fill_form, full_answers, issued_campaign, set_rows
from provinces import province

from parxl.actions import open_campaign, score_opened
from parxl.appraisal import FIRST, SECOND, Answer, Appraisal
from parxl.books.form.book import write_form
from parxl.books.form.data import form_data
from parxl.books.unit.book import write_result
from parxl.books.unit.findings import UNNAMED, shown_name
from parxl.books.unit.gains import KINDS, STEPS
from parxl.books.unit.own import SHEET_EXPLANATION, SHEET_FINDINGS, SHEET_GAINS, SHEET_GAPS, SHEET_SUMMARY
from parxl.books.unit.own import SHEET_TABLE as SHEET_POINTS
from parxl.books.unit.whatif import SHEET as SHEET_WHATIF
from parxl.campaign import Settings, Unit
from parxl.checksum import checksum
from parxl.criteria import load_set
from parxl.exact import points_text
from parxl.layout import SHEET_TABLE, Layout
from parxl.previous import Before, Previous
from parxl.reading.explanation import ExplanationRead, Reply
from parxl.results import Results, UnitResult
from parxl.workshop import Pace

SAMPLES = Path(__file__).parent.parent / "samples"
ORDER = [SHEET_SUMMARY, SHEET_POINTS, SHEET_GAPS, SHEET_GAINS, SHEET_WHATIF, SHEET_EXPLANATION, SHEET_FINDINGS]
OPEN = {"chờ hướng dẫn", "chờ điểm khảo sát"}


@dataclass(frozen=True)
class Made:
    """A round and the workbooks of its units, as bytes and as they are read."""

    results: Results
    contents: dict[str, bytes]

    @cached_property
    def books(self) -> dict[str, Any]:
        return {code: openpyxl.load_workbook(io.BytesIO(one)) for code, one in self.contents.items()}

    @property
    def scored(self) -> list[UnitResult]:
        return [unit for unit in self.results.units if unit.has_scores]

    def points(self, units: Any) -> float | None:
        return None if units is None or pd.isna(units) else int(units) / self.results.criteria.scale


def made_of(results: Results) -> Made:
    return Made(results, {unit.unit.code: write_result(results, unit) for unit in results.units})


def scored_again(root: Path, previous: Previous | None = None) -> Results:
    opened = open_campaign(root)
    with opened.shop(Pace(1)) as shop:
        return score_opened(opened, shop, previous)


def rounds() -> Iterator[Any]:
    """Three provinces: everything there is; most of it; a unit alone, without any group."""
    whole = {"groups": 2, "appraised": True, "last_year": True, "adjusted": True}
    yield pytest.param((HA_TINH, 10, 3), whole | {"survey": False}, id="ha-tinh")
    yield pytest.param((TTHC, 5, 5), {"groups": 2, "last_year": True}, id="tthc")
    yield pytest.param((HA_TINH, 1, 1), {}, id="alone")


@pytest.fixture(scope="module", params=[pytest.param(p.values, id=p.id) for p in rounds()])
def made(request: pytest.FixtureRequest) -> Made:
    (set_id, units, seed), options = request.param
    return made_of(province(set_id, units, seed, **options))


def rows_of(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def under(sheet: Any, head: str) -> list[list[Any]]:
    """The rows under the headings of a table, down to the first blank one."""
    rows = rows_of(sheet)
    first = next(at for at, row in enumerate(rows) if row[0] == head)
    found = []
    for row in rows[first + 1 :]:
        if all(value is None for value in row):
            break
        found.append(row)
    return found


# The book -----------------------------------------------------------------------------------------


def test_the_sheets_stand_in_their_order(made: Made) -> None:
    for unit in made.results.units:
        names = made.books[unit.unit.code].sheetnames
        assert names == [name for name in ORDER if name in names]
        if unit.has_scores:
            assert set(ORDER) - set(names) <= {SHEET_EXPLANATION}
        else:
            assert set(names) == {SHEET_SUMMARY} | ({SHEET_FINDINGS} if unit.findings else set())


def test_the_same_round_gives_the_same_bytes(made: Made) -> None:
    for unit in made.results.units[:2]:
        assert write_result(made.results, unit) == made.contents[unit.unit.code]


def test_every_sheet_is_one_page_of_a4_wide(made: Made) -> None:
    """The official table has a scale of its own, because Excel ignores page breaks with "fit to page"."""
    for book in made.books.values():
        for sheet in book:
            if sheet.title == SHEET_POINTS:
                assert (sheet.page_setup.scale, sheet.sheet_properties.pageSetUpPr.fitToPage) == (69, None)
                assert sheet.row_breaks.brk
            elif sheet.title != SHEET_WHATIF:
                assert sheet.sheet_properties.pageSetUpPr.fitToPage
                assert sheet.page_setup.fitToWidth in (None, 1)
            assert sheet.page_setup.paperSize == 9


# Tóm tắt ------------------------------------------------------------------------------------------


def summary(made: Made, unit: UnitResult) -> list[list[Any]]:
    """The rows, each without its blanks."""
    rows = rows_of(made.books[unit.unit.code][SHEET_SUMMARY])
    return [[value for value in row if value is not None] for row in rows]


def facts(made: Made, unit: UnitResult) -> dict[str, Any]:
    """Label -> key figure."""
    rows = summary(made, unit)
    first, last = (rows.index([text]) for text in ("1. Kết quả chung", "2. Kết quả theo lĩnh vực"))
    cells = [value for row in rows[first + 1 : last] for value in row]
    return dict(zip(cells[::2], cells[1::2], strict=True))


def lines(made: Made, unit: UnitResult) -> dict[str, str]:
    """Label -> what is said, of the page's last part."""
    return {row[0]: row[1] for row in summary(made, unit) if len(row) == 2 and isinstance(row[1], str)}


def test_the_key_figures(made: Made) -> None:
    for unit in made.scored:
        found, own = facts(made, unit), unit.standing or {}
        group = "khối" if unit.unit.group else "đợt chấm"
        assert found["Chỉ số CCHC (%)"] == made.points(own["index"])
        assert found["Tổng điểm"] == made.points(own["total"])
        assert found["Điểm tối đa của đơn vị"] == made.points(own["maximum"])
        assert found["Xếp loại"] == (own["band"] or "–")
        assert found[f"Thứ hạng trong {group}"] == own["rank"]
        apart = [found.get(f"Trong đó: {name}") for name in ("điểm chấm", "điểm cộng, điểm trừ")]
        wanted = [made.points(own[name]) for name in ("scored", "adjustment")]
        assert apart == (wanted if own["adjustment"] else [None, None])


def test_the_place_is_shown_out_of_how_many(made: Made) -> None:
    for unit in made.scored:
        sheet, own = made.books[unit.unit.code][SHEET_SUMMARY], unit.standing or {}
        cell = next(c for row in sheet.iter_rows() for c in row if str(c.value).startswith("Thứ hạng trong"))
        size = sum(other.unit.group == unit.unit.group for other in made.scored)
        digits = sheet.cell(cell.row, cell.column + 3).number_format
        assert digits == f'0"/{size}{" (đồng hạng)" if own["tied"] else ""}"'


def test_the_figures_of_the_group(made: Made) -> None:
    analysis = made.results.analysis
    for unit in made.scored:
        found, group = facts(made, unit), unit.unit.group
        spread = analysis.spread.loc[(group, "index")]
        if spread["count"] == 1:
            assert not [label for label in found if "bình quân" in label or "cao nhất" in label]
            continue
        named = "khối" if group else "đợt chấm"
        assert found[f"Chỉ số bình quân của {named} (%)"] == made.points(spread["mean"])
        assert found[f"Chỉ số cao nhất của {named} (%)"] == made.points(spread["highest"])
        behind = made.points(analysis.closeness.loc[unit.unit.code, "behind"])
        assert found["Khoảng cách tới hạng trên (%)"] == ("–" if behind is None else behind)


def test_the_change_from_last_year(made: Made) -> None:
    for unit in made.scored:
        found, compared = facts(made, unit), made.results.comparison
        change = compared.units[unit.unit.code] if compared else None
        labels = ["Chỉ số so với năm trước", "Thứ hạng so với năm trước", "So với năm trước"]
        shown = [found.get(label) for label in labels]
        if change is None:
            assert shown == [None, None, None]
        elif change.status == "compared":
            assert shown == [made.points(change.points), "–" if change.places is None else change.places, None]
        else:
            assert shown[:2] == [None, None]
            assert shown[2] in ("không có kết quả năm trước", "không so sánh được")


def areas(made: Made, unit: UnitResult) -> dict[str, list[Any]]:
    """Number of an area -> its row, the name and the merged cell beside it left out."""
    rows = rows_of(made.books[unit.unit.code][SHEET_SUMMARY])
    first = next(at for at, row in enumerate(rows) if row[0] == "Lĩnh vực")
    count = len(made.results.criteria.areas)
    return {row[0].split(".")[0]: row[2:] for row in rows[first + 1 : first + 1 + count]}


def test_the_areas(made: Made) -> None:
    found = made.results.analysis.areas
    for unit in made.scored:
        code, group = unit.unit.code, unit.unit.group
        for area, row in areas(made, unit).items():
            points, maximum = found.points.at[code, area], found.maxima.at[code, area]
            is_open = pd.isna(points) and maximum > 0
            own = made.points(points) if not pd.isna(points) else "chờ" if is_open else "–"
            percent = None if is_open else made.points(found.percent.at[code, area])
            assert row[:3] == [own, made.points(maximum), percent]
            if (made.results.standings["group"] == group).sum() == 1:
                assert row[3:] == [None, None, None]
                continue
            beside = [made.points(frame.at[group, area]) for frame in (found.mean, found.best)]
            rank = None if is_open or pd.isna(found.rank.at[code, area]) else found.rank.at[code, area]
            assert row[3:] == [*beside, rank]


def parts_of(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


def test_the_chart_is_drawn_from_the_table(made: Made) -> None:
    for unit in made.scored:
        parts = parts_of(made.contents[unit.unit.code])
        chart, drawing = parts["xl/charts/chart1.xml"], parts["xl/drawings/drawing1.xml"]
        assert "xl/charts/chart2.xml" not in parts
        references = re.findall(r"<c:f>'Tóm tắt'!\$([A-Z])\$(\d+):\$\1\$(\d+)</c:f>", chart)
        is_alone = (made.results.standings["group"] == unit.unit.group).sum() == 1
        columns = ["A", "E"] if is_alone else ["A", "E", "A", "F", "A", "G"]
        assert [letter for letter, _, _ in references] == columns
        assert {int(last) - int(first) + 1 for _, first, last in references} == {
            len(made.results.criteria.areas)
        }
        assert 'descr="Biểu đồ thanh' in drawing
        assert set(re.findall(r'typeface="([^"]*)"', chart)) == {"Times New Roman"}


def test_the_summary_is_one_page(made: Made) -> None:
    for book in made.books.values():
        sheet = book[SHEET_SUMMARY]
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("portrait", None)
        heights = sum(sheet.row_dimensions[row].height or 15 for row in range(1, sheet.max_row + 1))
        assert heights < 1020  # so that nothing is printed smaller than 70 percent


def test_which_file_was_scored(made: Made) -> None:
    for unit in made.scored:
        assert unit.file is not None
        assert unit.file.form is not None
        said, form = lines(made, unit)["Phiếu được chấm"], unit.file.form
        assert f"“{unit.file.name.rpartition('/')[2]}”" in said
        assert f"Lần nộp {form.submission};" in said
        assert checksum(made.results.criteria, form.sheet_inputs) in said
        assert f"{unit.unit.submitted:%d/%m/%Y}" in said


def test_what_is_open_and_what_is_unproven(made: Made) -> None:
    results = made.results
    for unit in made.scored:
        said, own, code = lines(made, unit), unit.standing or {}, unit.unit.code
        still_open = results.finals.open_points.loc[code]
        waiting = said.get("Nội dung còn chờ", "")
        assert bool(waiting) == own["open"]
        assert {c for c in still_open.index if still_open[c] > 0} <= set(
            re.findall(r"[\d.]*\d", waiting)
        ) | set()
        if own["open"]:
            low, high = (points_text(int(own[k]), 2) for k in ("total_low", "total_high"))
            assert waiting.endswith(f"tổng điểm từ {low} đến {high}.")
        unproven = results.analysis.unproven.loc[code]
        codes = [c for c in unproven.index if unproven[c] > 0]
        told = said.get("Chưa có tài liệu kiểm chứng", "")
        assert (", ".join(codes) + ".").endswith(told.partition("mục ")[2])
        assert bool(told) == bool(codes)


def test_findings_are_counted_and_linked(made: Made) -> None:
    for unit in made.scored:
        errors = sum(found.severity == "error" for found in unit.findings)
        assert lines(made, unit)["Lỗi, cảnh báo"].startswith(f"{errors} lỗi, ")
        sheet = made.books[unit.unit.code][SHEET_SUMMARY]
        links = {
            cell.value: cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink
        }
        assert links["Lỗi, cảnh báo"] == f"'{SHEET_FINDINGS}'!A1"
        assert set(links.values()) <= {f"'{name}'!A1" for name in (SHEET_FINDINGS, SHEET_GAPS, SHEET_GAINS)}


# Tiêu chí chưa đạt điểm tối đa --------------------------------------------------------------------


def test_the_gaps_largest_first(made: Made) -> None:
    for unit in made.scored:
        gaps = made.results.analysis.gaps.loc[unit.unit.code]
        rows = under(made.books[unit.unit.code][SHEET_GAPS], "Mã")
        assert [row[0] for row in rows] == list(gaps.index)
        assert [row[5] for row in rows] == sorted((row[5] for row in rows), reverse=True)
        for row, (code, gap) in zip(rows, gaps.iterrows(), strict=True):
            got = row[4] in OPEN if pd.isna(gap["points"]) else row[4] == made.points(gap["points"])
            assert got, code
            assert [row[3], row[5]] == [made.points(gap["maximum"]), made.points(gap["gap"])]
            assert row[6].startswith(unit.explanations[code].sentence)


def test_how_many_of_the_group_have_it_all(made: Made) -> None:
    for unit in made.scored:
        sheet = made.books[unit.unit.code][SHEET_GAPS]
        for row in under(sheet, "Mã"):
            peers = made.results.analysis.criteria.loc[(unit.unit.group, row[0])]
            wanted = [peers["full"], made.points(peers["mean"])] if peers["scored"] > 1 else ["–", "–"]
            assert row[7:9] == wanted
        shares = {
            c.number_format for r in sheet.iter_rows(min_col=8, max_col=8) for c in r if c.data_type == "n"
        }
        assert all(re.fullmatch(r'0"/\d+"|General', digits) for digits in shares)


def test_the_gaps_add_up(made: Made) -> None:
    for unit in made.scored:
        own = unit.standing or {}
        rows = under(made.books[unit.unit.code][SHEET_GAPS], "Mã")
        total = rows_of(made.books[unit.unit.code][SHEET_GAPS])[-1]
        assert total[3:6] == [made.points(own[name]) for name in ("maximum", "scored", "short")]
        assert own["short"] == own["maximum"] - own["scored"] == sum(int(row[5] * 100 + 0.5) for row in rows)


def test_what_the_appraisal_says_stands_beside_the_gap(made: Made) -> None:
    answers = made.results.appraisal.answers
    for unit in made.scored:
        for row in under(made.books[unit.unit.code][SHEET_GAPS], "Mã"):
            given = [answers.get((number, unit.unit.code, row[0])) for number in (FIRST, SECOND)]
            assert [one.reason for one in given if one and one.reason not in row[6]] == []
            assert row[6].count("Thẩm định lần") == sum(one is not None for one in given)


# Gợi ý cải thiện điểm số --------------------------------------------------------------------------


def test_the_suggestions_in_their_order(made: Made) -> None:
    for unit in made.scored:
        rows = under(made.books[unit.unit.code][SHEET_GAINS], "Mã")
        gains = made.results.analysis.gains[unit.unit.code]
        assert gains
        peers = (made.results.standings["group"] == unit.unit.group).sum()
        for row, gain in zip(rows, gains, strict=True):
            assert [row[0], row[2], row[3], row[4]] == [
                gain.code,
                KINDS[gain.kind],
                gain.words,
                STEPS[gain.step],
            ]
            points = (gain.before, gain.after, gain.after - gain.before)
            assert row[5:8] == [made.points(units) for units in points]
            assert row[8] == (gain.holders if peers > 1 else "–")
            assert row[9:12] == [made.points(gain.total), made.points(gain.index), gain.rank]


def test_suggestions_lead_to_the_cell_to_type_into(made: Made) -> None:
    for unit in made.scored[:3]:
        book = made.books[unit.unit.code]
        gains = made.results.analysis.gains[unit.unit.code]
        cells = [
            row[12] for row in book[SHEET_GAINS].iter_rows(min_row=2) if row[0].value in {g.code for g in gains}
        ]
        assert sum(cell.hyperlink is not None for cell in cells) >= sum(bool(gain.changes) for gain in gains)
        for cell in (cell for cell in cells if cell.hyperlink):
            assert cell.hyperlink.location == f"'{SHEET_WHATIF}'!{cell.value}"
            assert not book[SHEET_WHATIF][cell.value].protection.locked


# Giải trình ---------------------------------------------------------------------------------------


class Explained:
    """Of one unit: a criterion that is cut and answered, one cut only, one answered only, one agreed with."""

    def __init__(self) -> None:
        plain = province(TTHC, 2, 4)
        self.unit, self.other = plain.units
        code = self.unit.unit.code
        points = plain.scores.leaves.loc[code]
        whole = [leaf for leaf in points.index if points[leaf] == plain.scores.maxima.loc[code, leaf]]
        self.cut, self.lone, self.told, self.agreed = whole[:4]
        given = [
            Answer(FIRST, code, self.cut, 0, "Thiếu văn bản", None, "", "", ""),
            Answer(SECOND, code, self.cut, 10, "Chấp nhận một phần", None, "", "", ""),
            Answer(FIRST, code, self.lone, 5, "Chưa đủ", None, "", "", ""),
            Answer(FIRST, code, self.agreed, int(points[self.agreed]), "Đạt", None, "", "", ""),
        ]
        assert self.unit.file is not None
        assert self.unit.file.form is not None
        replies = {self.cut: Reply("=Đã ban hành", "Văn bản 7"), self.told: Reply("Đủ")}
        read = ExplanationRead(self.unit.file.form.identity, 2, replies, {})
        intake = replace(plain.intake, explanations={code: read})
        self.results = replace(plain, appraisal=Appraisal({one.key: one for one in given}), intake=intake)

    def book(self, unit: UnitResult) -> Any:
        return openpyxl.load_workbook(io.BytesIO(write_result(self.results, unit)))


def test_what_was_cut_or_answered_is_explained() -> None:
    made = Explained()
    sheet = made.book(made.unit)[SHEET_EXPLANATION]
    rows = {row[0]: row for row in under(sheet, "Mã")}
    printed = [node.code for node in made.results.criteria.leaves]
    assert list(rows) == sorted([made.cut, made.lone, made.told], key=printed.index)
    assert rows[made.cut][4:10] == [0, "Thiếu văn bản", "=Đã ban hành", "Văn bản 7", 0.1, "Chấp nhận một phần"]
    assert rows[made.lone][4:10] == [0.05, "Chưa đủ", None, None, None, None]
    assert rows[made.told][4:10] == [None, None, "Đủ", None, None, None]
    assert any("(Lần nộp 2)" in str(value) for row in rows_of(sheet) for value in row)


def test_nothing_to_explain_makes_no_sheet() -> None:
    made = Explained()
    assert SHEET_EXPLANATION not in made.book(made.other).sheetnames


# A unit with nothing short, one with nothing typed ------------------------------------------------


@pytest.fixture(scope="module")
def extremes(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Full marks with evidence for everything; a form as it was issued; a unit to which nothing applies."""
    root = issued_campaign(tmp_path_factory.mktemp("extremes") / "c", TTHC)
    criteria = load_set(TTHC)
    set_rows(root, "Không áp dụng", [["ca", area.code, "Lý do", "CV 1"] for area in criteria.areas])
    evidence = {node.code: "Báo cáo 1" for node in criteria.leaves}
    forms = root / "1-phieu"
    fill_form(forms / "kbnn.xlsx", root / "2-nop" / "kbnn.xlsx", full_answers(criteria), evidence)
    for code in ("cuc-thue", "ca"):
        fill_form(forms / f"{code}.xlsx", root / "2-nop" / f"{code}.xlsx", {})
    return made_of(scored_again(root))


def said_on(made: Made, unit: str, sheet: str) -> set[Any]:
    return {value for row in rows_of(made.books[unit][sheet]) for value in row}


def test_a_perfect_unit_reads_that_nothing_is_short(extremes: Made) -> None:
    assert "Đơn vị đạt điểm tối đa ở tất cả tiêu chí." in said_on(extremes, "kbnn", SHEET_GAPS)
    texts = said_on(extremes, "kbnn", SHEET_GAINS)
    assert "Đơn vị đạt điểm tối đa ở tất cả tiêu chí, nên không có gợi ý." in texts
    best = next(unit for unit in extremes.scored if unit.unit.code == "kbnn")
    assert facts(extremes, best)["Khoảng cách tới hạng trên (%)"] == "–"
    assert not {"Chênh lệch lớn nhất", "Việc nên làm trước", "Nội dung còn chờ"} & set(lines(extremes, best))


def test_a_form_without_figures_lacks_every_criterion(extremes: Made) -> None:
    rows = under(extremes.books["cuc-thue"][SHEET_GAPS], "Mã")
    assert len(rows) == len(extremes.results.criteria.leaves)
    own = next(unit for unit in extremes.scored if unit.unit.code == "cuc-thue")
    assert facts(extremes, own)["Chỉ số CCHC (%)"] == 0
    assert "cuc-thue.xlsx" in lines(extremes, own)["Phiếu gửi lại để sửa"]


def test_a_unit_to_which_nothing_applies_has_no_figures(extremes: Made) -> None:
    own = next(unit for unit in extremes.scored if unit.unit.code == "ca")
    found = facts(extremes, own)
    assert (found["Chỉ số CCHC (%)"], found["Thứ hạng trong khối"]) == ("–", "–")
    assert {tuple(row[:3]) for row in areas(extremes, own).values()} == {("–", 0, None)}


# No scores ----------------------------------------------------------------------------------------


def test_a_unit_without_scores_reads_why_and_what_to_do(made: Made) -> None:
    wanted = {
        "missing": "Điền phiếu",
        "rejected": "Cơ quan chủ trì gửi lại",
        "conflict": "Cơ quan chủ trì gửi lại",
    }
    for unit in made.results.units:
        if not unit.has_scores:
            said = lines(made, unit)
            assert said["Việc cần làm"].startswith(wanted[unit.status])
            assert f"“{unit.unit.code}.xlsx”" in said["Việc cần làm"]
            deadline = made.results.settings.deadline
            assert deadline is not None
            assert said["Hạn nộp"] == f"{deadline:%d/%m/%Y}"


# No other unit ------------------------------------------------------------------------------------


def words(text: str) -> str:
    return re.sub(r"\s+", " ", text).casefold()


def typed_by(unit: UnitResult) -> list[str]:
    """What the unit itself wrote."""
    form = unit.file.form if unit.file else None
    return [*form.evidence.values(), *map(str, form.typed.values())] if form else []


def others_named(results: Results, unit: UnitResult, content: bytes) -> list[str]:
    """Names and codes of other units that stand in any part of the workbook."""
    settings = results.settings
    own = [unit.unit.name, unit.unit.code, unit.unit.group, settings.authority, settings.lead, settings.name]
    text = " ".join(words(re.sub(r"&(amp|lt|gt|quot);", " ", part)) for part in parts_of(content).values())
    for mine in sorted([*own, *typed_by(unit), results.criteria.decision], key=len, reverse=True):
        text = text.replace(words(mine), " ") if mine else text
    labels = {label for one in settings.units for label in (one.name, one.code)} - {
        unit.unit.name,
        unit.unit.code,
    }
    found = [label for label in labels if re.search(rf"(?<![\w-]){re.escape(words(label))}(?![\w-])", text)]
    return [label for label in found if label not in own]


def test_no_workbook_names_another_unit(made: Made) -> None:
    for unit in made.results.units:
        assert others_named(made.results, unit, made.contents[unit.unit.code]) == []


def test_the_search_for_other_names_finds_one(made: Made) -> None:
    """So that the test above is not about nothing."""
    if len(made.results.units) < 2:
        return
    first, second = made.results.units[:2]
    leaky = replace(made.results, settings=replace(made.results.settings, name=f"Như {second.unit.name} nhé"))
    assert second.unit.name in others_named(made.results, first, write_result(leaky, first))


@pytest.mark.parametrize("name", ["ha-tinh-2019", "tinh-mau-2022"])
def test_no_workbook_of_a_sample_names_another_unit(name: str, tmp_path: Path) -> None:
    copytree(SAMPLES / name, tmp_path / name)
    made = made_of(scored_again(tmp_path / name))
    for unit in made.results.units:
        assert others_named(made.results, unit, made.contents[unit.unit.code]) == []


NASTY: list[tuple[Any, ...]] = [  # code, name, group, e-mail, submitted, official file
    ("zq-mot", "Cơ quan Ổi", "Khối một"),
    ("zq-hai", "Cơ quan Xoài", "Khối một"),
    ("zq-ba", "Cơ quan Mít", "Khối một"),
    ("zq-bon", "Cơ quan Chuối", "Khối hai"),
    ("zq-nam", "Cơ quan Đào", "Khối hai", None, None, "zq-sau.xlsx"),
    ("zq-sau", "Cơ quan Bưởi", "Khối hai"),
    ("zq-bay", "Cơ quan Lê", "Khối hai"),
]


def forged(root: Path, owner: str, **changes: str) -> bytes:
    """A unit's blank form with another identity, in all its three places."""
    opened = open_campaign(root)
    assert opened.register is not None
    unit = opened.settings.unit_by_code[owner]
    data = form_data(Layout(opened.criteria), opened.settings, unit, opened.register)
    return write_form(replace(data, identity=replace(data.identity, **changes)))


def identity_line(root: Path, owner: str) -> str:
    layout = Layout(load_set(TTHC))
    sheet = openpyxl.load_workbook(root / "1-phieu" / f"{owner}.xlsx")[SHEET_TABLE]
    return str(sheet[layout.identity_cell].value)


def send_nasty(root: Path) -> None:
    """Mixed-up files: under other units' names, in their folders, with their identities."""
    forms, back, full = root / "1-phieu", root / "2-nop", full_answers(load_set(TTHC))
    fill_form(forms / "zq-mot.xlsx", back / "Cơ quan Xoài" / "zq-mot.xlsx", full)
    fill_form(forms / "zq-mot.xlsx", back / "zq-hai.xlsx", {**full, "1.6/b": 3})
    fill_form(forms / "zq-hai.xlsx", back / "Phieu co quan Oi.xlsx", {**full, "1.6/b": 3})
    pasted = fill_form(forms / "zq-ba.xlsx", back / "zq-mot (2).xlsx", full)
    book = openpyxl.load_workbook(pasted)
    book[SHEET_TABLE][Layout(load_set(TTHC)).identity_cell].value = identity_line(root, "zq-hai")
    book.save(pasted)
    (back / "zq_nam.xlsx").write_bytes(forged(root, "zq-nam", unit="zq-bon"))
    fill_form(forms / "zq-nam.xlsx", back / "zq-nam.xlsx", full)
    fill_form(forms / "zq-sau.xlsx", back / "Cơ quan Đào, Cơ quan Bưởi.xlsx", full, {"1.6": "Báo cáo 1"})


@pytest.fixture(scope="module")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> Made:
    root = issued_campaign(tmp_path_factory.mktemp("nasty") / "c", TTHC, NASTY)
    send_nasty(root)
    criteria = load_set(TTHC)
    before = {"zq-sau": Before("zq-sau", "Cơ quan Lê", index=5000), "zq-cu": Before("zq-cu", "Cơ quan Xoài")}
    previous = Previous(criteria.id, criteria.edition, before)
    return made_of(scored_again(root, previous))


def test_the_round_is_as_nasty_as_it_ought_to_be(nasty: Made) -> None:
    found = {unit.unit.code: (unit.status, {f.code for f in unit.findings}) for unit in nasty.results.units}
    assert {code: status for code, (status, _) in found.items()} == {
        "zq-mot": "conflict",
        "zq-hai": "scored",
        "zq-ba": "rejected",
        "zq-bon": "rejected",
        "zq-nam": "conflict",
        "zq-sau": "scored",
        "zq-bay": "missing",
    }
    wanted = {"zq-mot": "PX308", "zq-ba": "PX311", "zq-bon": "PX306", "zq-nam": "PX309"}
    assert all(code in found[unit][1] for unit, code in wanted.items())
    comparison = nasty.results.comparison
    assert comparison is not None
    assert "Cơ quan Lê" in comparison.units["zq-sau"].reason


@pytest.mark.parametrize("code", [row[0] for row in NASTY])
def test_no_mixed_up_file_names_another_unit(nasty: Made, code: str) -> None:
    unit = next(one for one in nasty.results.units if one.unit.code == code)
    assert others_named(nasty.results, unit, nasty.contents[code]) == []
    bare = re.sub(r"\W+", " ", " ".join(parts_of(nasty.contents[code]).values())).casefold()
    others = {"Ổi", "Xoài", "Mít", "Chuối", "Đào", "Bưởi", "Lê"} - {unit.unit.name.split()[-1]}
    assert [name for name in others if f" {name.casefold()} " in bare] == []


def test_what_only_the_department_can_mend_stays_with_it(nasty: Made) -> None:
    assert nasty.books["zq-nam"].sheetnames == [SHEET_SUMMARY]
    unit = next(one for one in nasty.results.units if one.unit.code == "zq-nam")
    assert lines(nasty, unit)["Việc cần làm"].startswith("Cơ quan chủ trì đang xác định")


def test_a_conflict_is_told_without_folders_and_foreign_names(nasty: Made) -> None:
    rows = rows_of(nasty.books["zq-mot"][SHEET_FINDINGS])[1:]
    assert {row[2] for row in rows if row[0] == "PX308"} == {"zq-mot.xlsx", UNNAMED}
    assert all(f"(zq-mot.xlsx, {UNNAMED})" in row[6] for row in rows if row[0] == "PX308")


OWN = Unit("cuc-thue-tp", "Cục Thuế thành phố")
OTHERS = (Unit("cuc-thue", "Cục Thuế"), Unit("ca", "Công an tỉnh"), Unit("12", "Sở Đo đạc"))


@pytest.mark.parametrize(
    ("file", "shown"),
    [
        ("2-nop/Công an tỉnh/cuc-thue-tp.xlsx", "cuc-thue-tp.xlsx"),
        ("2-nop/Phiếu Cục Thuế thành phố (1).xlsx", "Phiếu Cục Thuế thành phố (1).xlsx"),
        ("2-nop/PHIEU_CUC_THUE_THANH_PHO.xlsx", "PHIEU_CUC_THUE_THANH_PHO.xlsx"),
        ("2-nop/lần 12.xlsx", "lần 12.xlsx"),
        ("2-nop/camau.xlsx", "camau.xlsx"),
        ("2-nop/cuc-thue.xlsx", UNNAMED),
        ("2-nop/ca.xlsx", UNNAMED),
        ("2-nop/Phieu CONG AN TINH.xlsx", UNNAMED),
        ("2-nop/so do dac.xlsx", UNNAMED),
        ("2-nop/Cục Thuế thành phố và Cục Thuế.xlsx", UNNAMED),
    ],
)
def test_the_name_of_a_file(file: str, shown: str) -> None:
    assert shown_name(file, OWN, Settings("", 2026, units=(OWN, *OTHERS))) == shown
