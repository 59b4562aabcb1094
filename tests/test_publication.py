"""``bang-cong-bo.xlsx``: the official table says what the results say, and nobody's work on it is lost."""

from __future__ import annotations

import io
import shutil
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from campaigns import HA_TINH, TTHC, full_answers, issued_campaign, return_form, set_items, set_rows, unit_of
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet
from provinces import province

import parxl.cli
from parxl.actions import score_campaign
from parxl.books.imprint import carried_imprint, imprint, is_as_written
from parxl.books.league.publication import NO_RESULT, NOTHING_APPLIES, STAR_NOTE, TIE_NOTE, write_publication
from parxl.criteria import load_set
from parxl.exact import points_number
from parxl.findings import Finding
from parxl.league.means import MEASURES, means
from parxl.results import Results

properties = settings(max_examples=200, deadline=None, database=None)
MEASURE = {
    "Điểm thẩm định": "appraised",
    "Điểm khảo sát": "entered",
    "Điểm cộng, trừ": "adjustment",
    "Tổng điểm": "total",
    "Điểm tối đa": "maximum",
    "Chỉ số (%)": "index",
}
PRINTED_PIXELS = (210 - 30 - 15) / 25.4 * 96
WIDER = 1.06  # columns in LibreOffice
STAR, MEAN = "\u00a0*", "Trung bình"
HOSTILE = ("=1+1", "{=1+1}", "+cmd|' /C calc'!A0", "http://example.org/x", "123")


# Means --------------------------------------------------------------------------------------------

figures = st.one_of(st.none(), st.integers(-300, 9000))
a_unit = st.tuples(
    st.sampled_from(["", "a", "b"]), st.one_of(st.none(), st.integers(0, 10_000)), *[figures] * len(MEASURES)
)


def naive_mean(values: list[int]) -> int | None:
    """Half up away from 0, of exact fractions."""
    if not values:
        return None
    mean = Fraction(sum(values), len(values))
    size = floor(abs(mean) + Fraction(1, 2))
    return size if mean >= 0 else -size


@properties
@given(st.lists(a_unit, min_size=1, max_size=12))
def test_means_are_of_the_ranked_units_that_have_a_figure(units: list[tuple[Any, ...]]) -> None:
    table = pd.DataFrame(units, columns=["group", "index", *MEASURES]).astype(
        dict.fromkeys(["index", *MEASURES], "Int64")
    )
    found = means(table)
    ranked = [unit for unit in units if unit[1] is not None]
    assert list(found.index) == list(dict.fromkeys(group for group, *_ in ranked))
    for group in found.index:
        for at, name in enumerate(MEASURES, start=2):
            own = [unit[at] for unit in ranked if unit[0] == group and unit[at] is not None]
            value = found.loc[group, name]
            assert (None if pd.isna(value) else int(value)) == naive_mean(own)


def test_the_mean_of_deductions_is_half_up_too() -> None:
    table = pd.DataFrame({"group": [""] * 2, "index": [1, 2], **{name: [-1, -2] for name in MEASURES}})
    assert means(table.astype({"index": "Int64"})).loc["", "adjustment"] == -2


# Reading a publication back -----------------------------------------------------------------------


class Published:
    """One sheet as a reader sees it: headings -> values, a row a unit."""

    def __init__(self, sheet: Worksheet):
        self.sheet = sheet
        self.head = next(row for row in range(1, 30) if sheet.cell(row, 1).value == "Xếp hạng")
        self.headings = [cell.value for cell in sheet[self.head] if cell.value]
        rows = self._numbered()
        self.last = rows[-1] if rows else self.head
        self.rows = [dict(zip(self.headings, self._values(row), strict=True)) for row in rows]
        named = [(row, self._values(row)[1]) for row in (self.last + 1,) if len(self.headings) > 1]
        self.mean = self._values(named[0][0]) if named[0][1] == MEAN else None

    def _numbered(self) -> list[int]:
        found, row = [], self.head + 1
        while self.sheet.cell(row, 1).value is not None and self.sheet.cell(row, 3).value is not None:
            found.append(row)
            row += 1
        return found

    def _values(self, row: int) -> list[Any]:
        return [self.sheet.cell(row, column).value for column in range(1, len(self.headings) + 1)]

    @property
    def above(self) -> list[str]:
        return self._texts(1, self.head - 1)

    @property
    def below(self) -> list[str]:
        return self._texts(self.last + 1, self.sheet.max_row)

    def _texts(self, first: int, last: int) -> list[str]:
        cells = (cell for row in self.sheet.iter_rows(min_row=first, max_row=last) for cell in row)
        return [str(cell.value) for cell in cells if isinstance(cell.value, str) and cell.value]


def published(content: bytes) -> dict[str, Published]:
    book = openpyxl.load_workbook(io.BytesIO(content), rich_text=False)
    return {sheet.title: Published(sheet) for sheet in book}


def by_group(results: Results) -> Iterator[tuple[str, Published, pd.DataFrame]]:
    """Each group with its sheet and its ranked units, best first."""
    sheets = list(published(write_publication(results)).values())
    for group, sheet in zip(results.groups, sheets, strict=True):
        table = results.standings
        own = table[(table["group"] == group) & table["rank"].notna()]
        order = sorted(range(len(own)), key=lambda at: int(own["rank"].iloc[at]))
        yield group, sheet, own.iloc[order]


def shown(units: Any) -> float | None:
    return None if pd.isna(units) else points_number(int(units), 2)


@pytest.fixture(scope="module")
def mixed() -> Results:
    """Three groups, ties, provisional units, units without a result, bonus points, survey."""
    return province(HA_TINH, 40, groups=3, adjusted=True, appraised=True)


# The table ----------------------------------------------------------------------------------------


def test_every_figure_is_that_of_the_results(mixed: Results) -> None:
    names = {unit.code: unit.name for unit in mixed.settings.units}
    for _, sheet, own in by_group(mixed):
        assert len(sheet.rows) == len(own) > 5
        for row, (code, standing) in zip(sheet.rows, own.iterrows(), strict=True):
            assert row["Xếp hạng"] == standing["rank"]
            assert row["Đơn vị"].removesuffix(STAR) == names[str(code)]
            assert {h: row[h] for h in MEASURE} == {h: shown(standing[name]) for h, name in MEASURE.items()}
            assert (row["Xếp loại"] or "") == standing["band"]


def test_the_last_row_is_the_mean_of_the_printed_column(mixed: Results) -> None:
    for _, sheet, _ in by_group(mixed):
        assert sheet.mean is not None
        for heading, found in zip(sheet.headings, sheet.mean, strict=True):
            if heading not in MEASURE:
                assert found == (MEAN if heading == "Đơn vị" else None)
                continue
            column = [Decimal(str(row[heading])) for row in sheet.rows if row[heading] is not None]
            wanted = (sum(column) / len(column)).quantize(Decimal("0.01"), ROUND_HALF_UP)
            assert Decimal(str(found)) == wanted


def test_points_add_up_to_the_total(mixed: Results) -> None:
    for _, sheet, _ in by_group(mixed):
        for row in sheet.rows:
            parts = [Decimal(str(row[h] or 0)) for h in ("Điểm thẩm định", "Điểm khảo sát", "Điểm cộng, trừ")]
            assert max(sum(parts), Decimal(0)) == Decimal(str(row["Tổng điểm"]))


def test_ties_are_marked_by_a_sign_and_a_note(mixed: Results) -> None:
    for _, sheet, own in by_group(mixed):
        formats = [sheet.sheet.cell(row, 1).number_format for row in range(sheet.head + 1, sheet.last + 1)]
        assert formats == ['0"="' if tied else "0" for tied in own["tied"]]
        assert (TIE_NOTE in sheet.below) == own["tied"].any()
    assert mixed.standings["tied"].any()


def test_provisional_units_are_marked_by_a_sign_and_a_note(mixed: Results) -> None:
    for _, sheet, own in by_group(mixed):
        starred = [row["Đơn vị"].endswith(STAR) for row in sheet.rows]
        assert starred == own["open"].to_list()
        assert (STAR_NOTE in sheet.below) == any(starred)
    assert mixed.standings["open"].any()


def test_without_ties_and_open_items_there_is_no_note() -> None:
    results = province(HA_TINH, 3)
    plain = results.standings.assign(tied=False, open=False)
    (sheet,) = published(write_publication(replace(results, standings=plain))).values()
    assert TIE_NOTE not in sheet.below
    assert STAR_NOTE not in sheet.below


def test_units_without_a_result_stand_under_the_table_by_name(mixed: Results) -> None:
    listed = [text for _, sheet, _ in by_group(mixed) for text in sheet.below if text.startswith("- ")]
    without = [unit for group in mixed.groups for unit in mixed.units if unit.unit.group == group]
    without = [unit for unit in without if not unit.has_scores]
    assert listed == [f"- {unit.unit.name}: {NO_RESULT[unit.status]}" for unit in without]
    assert {unit.status for unit in without} == set(NO_RESULT)
    for group, sheet, _ in by_group(mixed):
        count = sum(unit.unit.group == group for unit in without)
        assert (f"Chưa có kết quả: {count} đơn vị" in sheet.below) == (count > 0)


def test_a_unit_to_which_nothing_applies_is_not_in_the_table() -> None:
    results = province(TTHC, 3)
    code = results.standings.index[0]
    table = results.standings.copy()
    table.loc[code, ["index", "rank"]] = pd.NA
    (sheet,) = published(write_publication(replace(results, standings=table))).values()
    name = results.settings.unit_by_code[code.lower()].name
    assert name not in [row["Đơn vị"].removesuffix(STAR) for row in sheet.rows]
    assert f"- {name}: {NOTHING_APPLIES}" in sheet.below


def test_a_group_without_any_result_has_headings_and_a_list() -> None:
    results = province(TTHC, 12)
    units = tuple(unit for unit in results.units if not unit.has_scores)
    nobody = replace(results, standings=results.standings.iloc[:0], units=units)
    (sheet,) = published(write_publication(nobody)).values()
    assert (sheet.rows, sheet.mean) == ([], None)
    assert f"Chưa có kết quả: {len(units)} đơn vị" in sheet.below


# Which columns, which sheets ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("set_id", "adjusted", "bands", "extra"),
    [
        (TTHC, False, False, []),
        (TTHC, True, False, ["Điểm cộng, trừ"]),
        (HA_TINH, False, True, ["Điểm khảo sát", "Xếp loại"]),
        (HA_TINH, True, True, ["Điểm khảo sát", "Điểm cộng, trừ", "Xếp loại"]),
    ],
)
def test_only_the_columns_that_this_round_has(
    set_id: str, adjusted: bool, bands: bool, extra: list[str]
) -> None:
    results = province(set_id, 16, adjusted=adjusted)
    if not bands:
        results = replace(results, settings=replace(results.settings, bands=()))
    (sheet,) = published(write_publication(results)).values()
    # Nothing is appraised in this round.
    measures = ["Điểm tính" if heading == "Điểm thẩm định" else heading for heading in MEASURE]
    every = ["Xếp hạng", "Đơn vị", *measures, "Xếp loại"]
    optional = {"Điểm khảo sát", "Điểm cộng, trừ", "Xếp loại"}
    assert sheet.headings == [heading for heading in every if heading not in optional - set(extra)]


def test_one_sheet_a_group_and_nothing_else(mixed: Results) -> None:
    sheets = published(write_publication(mixed))
    assert list(sheets) == ["Công bố 1", "Công bố 2", "Công bố 3"]
    for group, sheet in zip(mixed.groups, sheets.values(), strict=True):
        assert f"Khối: {group}" in sheet.above
    (alone,) = published(write_publication(province(TTHC, 3))).items()
    assert alone[0] == "Công bố"
    assert not any(text.startswith("Khối") for text in alone[1].above)


# The document -------------------------------------------------------------------------------------


def test_head_and_foot_of_an_official_document() -> None:
    results = province(HA_TINH, 3)
    chosen = replace(results.settings, authority="UBND tỉnh Hà Tĩnh", lead="Sở Nội vụ", place="Hà Tĩnh")
    (sheet,) = published(write_publication(replace(results, settings=chosen))).values()
    assert sheet.above == [
        "UBND TỈNH HÀ TĨNH",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "SỞ NỘI VỤ",
        "Độc lập - Tự do - Hạnh phúc",
        "Hà Tĩnh, ngày …… tháng …… năm ………",
        f"KẾT QUẢ CHỈ SỐ CẢI CÁCH HÀNH CHÍNH NĂM {chosen.year}",
        f"(Căn cứ {results.criteria.decision})",
    ]
    assert sheet.below[-1] == "THỦ TRƯỞNG CƠ QUAN\n(Ký tên, đóng dấu)"


@pytest.mark.parametrize(("checked", "noted"), [("", True), ("CV 12/SNV", False)])
def test_restored_formulas_are_told_until_they_are_checked(checked: str, noted: bool) -> None:
    results = province(HA_TINH, 3)
    chosen = replace(results.settings, formula_checked=checked)
    (sheet,) = published(write_publication(replace(results, settings=chosen))).values()
    assert any("công thức tạm khôi phục" in text for text in sheet.below) is noted


def test_printed_on_a4_with_repeated_headings_and_no_merged_data(mixed: Results) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_publication(mixed)))
    assert book.properties.title == f"Kết quả Chỉ số cải cách hành chính năm 2026 – {mixed.settings.name}"
    for sheet in map(Published, book):
        page = sheet.sheet.page_setup
        assert (page.orientation, page.paperSize) == ("portrait", 9)
        # One page wide without fitting, by which Excel would ignore the page breaks.
        columns = sheet.sheet.column_dimensions.values()
        pixels = sum(column.width * 7 * (column.max - column.min + 1) for column in columns)
        assert PRINTED_PIXELS * 0.9 < pixels * page.scale / 100 <= PRINTED_PIXELS / WIDER
        assert sheet.sheet.print_title_rows == f"${sheet.head}:${sheet.head}"
        assert sheet.sheet.oddFooter.right.text == "Trang &P/&N"
        rows = range(sheet.head, sheet.last + 2)
        assert not [m for m in sheet.sheet.merged_cells.ranges if {*range(m.min_row, m.max_row + 1)} & {*rows}]


@pytest.mark.parametrize("units", [3, 16, 63, 200])
def test_the_signature_is_never_alone_on_a_page(units: int) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_publication(province(HA_TINH, units))))
    for sheet in map(Published, book):
        breaks = [one.id for one in sheet.sheet.row_breaks.brk]
        assert all(sheet.head < row < sheet.last for row in breaks)
        assert (len(breaks) > 0) == (units > 30)


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_agencies_is_never_a_formula(text: str) -> None:
    results = province(TTHC, 3)
    units = tuple(replace(unit, name=text) for unit in results.settings.units)
    chosen = replace(results.settings, units=units, authority=text, lead=text)
    (sheet,) = published(write_publication(replace(results, settings=chosen))).values()
    cells = [cell for row in sheet.sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert all(cell.hyperlink is None for cell in cells)
    assert [row["Đơn vị"].removesuffix(STAR) for row in sheet.rows] == [text] * 3
    assert sheet.above.count(text.upper()) == 2


def test_same_results_same_bytes(mixed: Results) -> None:
    assert write_publication(mixed) == write_publication(mixed)


# The imprint --------------------------------------------------------------------------------------


def saved_again(content: bytes, change: Callable[[Any], None] = lambda book: None) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_part(content: bytes, name: str) -> bytes:
    """The same archive, part by part, and one more in it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for one in old.infolist():
            new.writestr(one, old.read(one))
        if name:
            new.writestr(name, b"x")
    return stream.getvalue()


def test_a_publication_knows_itself_again() -> None:
    content = write_publication(province(TTHC, 3))
    assert carried_imprint(content) == imprint(content)
    assert is_as_written(content)
    assert is_as_written(with_part(content, ""))  # packed anew, nothing changed
    assert not is_as_written(with_part(content, "xl/media/con-dau.png"))


def test_saved_by_another_program_it_still_says_what_it_was_made_from() -> None:
    content = write_publication(province(TTHC, 3))
    again = saved_again(content)
    assert carried_imprint(again) == carried_imprint(content)
    assert not is_as_written(again)


@pytest.mark.parametrize("content", [b"", b"x", b"PK\x03\x04", b"%PDF-1.4"])
def test_what_is_no_workbook_is_not_parxls(content: bytes) -> None:
    assert carried_imprint(content) is None
    assert not is_as_written(content)


def test_a_workbook_of_somebody_else_is_not_parxls() -> None:
    stream = io.BytesIO()
    openpyxl.Workbook().save(stream)
    assert not is_as_written(stream.getvalue())


# In the campaign folder ---------------------------------------------------------------------------

UNITS = [("thue", "Cục Thuế", ""), ("kho-bac", "Kho bạc", ""), ("ca", "Công an", "")]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything sent in, nothing left open."""
    root = issued_campaign(tmp_path_factory.mktemp("published") / "dot", TTHC, UNITS)
    answers = full_answers(load_set(TTHC))
    return_form(root, "thue", answers)
    return_form(root, "kho-bac", answers)
    return_form(root, "ca", {**answers, "1.6/b": 0})
    return root


@pytest.fixture
def root(finished: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(finished, tmp_path / "dot"))


def place(root: Path) -> Path:
    return root / "4-ket-qua" / "bang-cong-bo.xlsx"


def about_publication(found: list[Finding]) -> list[tuple[str, str | None]]:
    return [(f.code, f.file) for f in found if f.code in ("PX601", "PX620", "PX621", "PX622")]


def with_other_results(root: Path) -> None:
    set_rows(root, "Xếp loại", [["*", "Tốt", 80]])


TOLD = "4-ket-qua/bang-cong-bo.xlsx"


def test_written_only_where_it_is_asked_for(root: Path) -> None:
    report = score_campaign(root)
    assert not place(root).exists()
    report = score_campaign(root, publish=True)
    assert (report.exit_code, about_publication(report.findings)) == (0, [])
    assert place(root) in report.written
    (sheet,) = published(place(root).read_bytes()).values()
    assert [row["Đơn vị"] for row in sheet.rows] == ["Cục Thuế", "Kho bạc", "Công an"]
    assert [row["Chỉ số (%)"] for row in sheet.rows] == [unit_of(root, code)["index"] for code, *_ in UNITS]


def test_a_second_run_changes_no_byte(root: Path) -> None:
    score_campaign(root, publish=True)
    before = place(root).read_bytes(), place(root).stat().st_mtime_ns
    report = score_campaign(root, publish=True)
    assert (report.exit_code, about_publication(report.findings)) == (0, [])
    assert score_campaign(root).findings == []
    assert (place(root).read_bytes(), place(root).stat().st_mtime_ns) == before


def test_made_from_other_results_it_stays_and_is_told(root: Path) -> None:
    score_campaign(root, publish=True)
    before = place(root).read_bytes()
    with_other_results(root)
    report = score_campaign(root)
    assert (report.exit_code, about_publication(report.findings)) == (0, [("PX621", TOLD)])
    assert place(root).read_bytes() == before


def test_one_that_nobody_touched_is_made_anew(root: Path) -> None:
    score_campaign(root, publish=True)
    with_other_results(root)
    report = score_campaign(root, publish=True)
    assert (report.exit_code, about_publication(report.findings)) == (0, [])
    (sheet,) = published(place(root).read_bytes()).values()
    assert sheet.headings[-1] == "Xếp loại"
    assert score_campaign(root).findings == []


def dated(book: Any) -> None:
    cell = next(cell for row in book.active.iter_rows(max_row=5) for cell in row if "ngày" in str(cell.value))
    cell.value = "Tỉnh Mẫu, ngày 20 tháng 12 năm 2026"


@pytest.mark.parametrize("change", [dated, lambda book: None], ids=["dated", "only saved"])
@pytest.mark.parametrize("stale", [False, True])
def test_one_that_somebody_completed_is_kept(root: Path, change: Callable[[Any], None], stale: bool) -> None:
    score_campaign(root, publish=True)
    completed = saved_again(place(root).read_bytes(), change)
    place(root).write_bytes(completed)
    if stale:
        with_other_results(root)
    report = score_campaign(root, publish=True)
    assert (report.exit_code, about_publication(report.findings)) == (1, [("PX620", TOLD)])
    assert place(root).read_bytes() == completed
    # A date typed in does not make it a table of other results.
    report = score_campaign(root)
    assert (report.exit_code, about_publication(report.findings)) == (0, [("PX621", TOLD)] if stale else [])
    assert place(root).read_bytes() == completed


def test_renamed_it_makes_room(root: Path) -> None:
    score_campaign(root, publish=True)
    completed = saved_again(place(root).read_bytes(), dated)
    (root / "4-ket-qua" / "bang-cong-bo da ky.xlsx").write_bytes(completed)
    place(root).unlink()
    assert score_campaign(root, publish=True).exit_code == 0
    assert is_as_written(place(root).read_bytes())
    assert (root / "4-ket-qua" / "bang-cong-bo da ky.xlsx").read_bytes() == completed


@pytest.mark.parametrize("content", [b"", b"ghi ch\xc3\xba"])
def test_any_other_file_of_that_name_is_kept(root: Path, content: bytes) -> None:
    place(root).parent.mkdir(exist_ok=True)
    place(root).write_bytes(content)
    report = score_campaign(root, publish=True)
    assert (report.exit_code, about_publication(report.findings)) == (1, [("PX620", TOLD)])
    assert about_publication(score_campaign(root).findings) == [("PX621", TOLD)]
    assert place(root).read_bytes() == content


def test_a_folder_of_that_name(root: Path) -> None:
    place(root).mkdir(parents=True)
    report = score_campaign(root, publish=True)
    assert (report.exit_code, [f.code for f in report.findings]) == (1, ["PX601"])
    assert score_campaign(root).exit_code == 0


def test_what_is_not_final_is_told_and_published_all_the_same(root: Path) -> None:
    (root / "2-nop" / "ca.xlsx").unlink()
    answers = {**full_answers(load_set(TTHC)), "1.6/a": 0, "1.6/b": 0}
    return_form(root, "kho-bac", answers)
    report = score_campaign(root, publish=True)
    assert unit_of(root, "kho-bac")["status"] == "provisional"
    assert (report.exit_code, about_publication(report.findings)) == (0, [("PX622", TOLD)])
    assert "có 1 đơn vị tạm tính và 1 đơn vị chưa có kết quả" in report.findings[-1].message
    (sheet,) = published(place(root).read_bytes()).values()
    assert sorted(row["Đơn vị"] for row in sheet.rows) == ["Cục Thuế", f"Kho bạc{STAR}"]
    assert f"- Công an: {NO_RESULT['missing']}" in sheet.below


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> object:
    monkeypatch.setattr(sys, "argv", ["parxl", *map(str, arguments)])
    with pytest.raises(SystemExit) as caught:
        parxl.cli.main()
    return caught.value.code


def test_the_command(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "score", root, "--publish") == 0
    assert is_as_written(place(root).read_bytes())
    set_items(root, {"Cơ quan chủ trì": "Sở Nội vụ tỉnh"})
    assert run(monkeypatch, "score", root) == 0
    assert "[PX621] Cảnh báo – 4-ket-qua/bang-cong-bo.xlsx" in capsys.readouterr().err
    place(root).write_bytes(b"x")
    assert run(monkeypatch, "score", root, "--publish") == 1
    assert "[PX620] Lỗi – 4-ket-qua/bang-cong-bo.xlsx" in capsys.readouterr().err
