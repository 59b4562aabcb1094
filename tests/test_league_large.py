"""The league workbook of very large campaigns: long rows, what is not listed, and how the work grows."""

from __future__ import annotations

import io
import sys
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from types import FrameType
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from campaigns import HA_TINH, TTHC
from hypothesis import given, settings
from hypothesis import strategies as st
from provinces import province

from parxl.books.league import findings as findings_sheet
from parxl.books.league import limits, method, sheets
from parxl.books.league.book import write_league
from parxl.books.league.findings import divided
from parxl.books.league.long import LongBook
from parxl.books.league.publication import write_publication
from parxl.books.league.sheets import LongTable
from parxl.books.listing import Column, Table
from parxl.books.styles import Book
from parxl.campaign import Exemption
from parxl.findings import REGISTER, Finding
from parxl.previous import _read_league
from parxl.results import Results

properties = settings(max_examples=60, deadline=None, database=None)
LARGE = ("Lĩnh vực", "So với năm trước", "Ma trận tiêu chí")
FINDINGS, METHOD = "Ghi nhận", "Cách tính"
Values = dict[str, list[tuple[Any, ...]]]  # sheet -> its rows


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def values(content: bytes) -> Values:
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in opened(content)}


@pytest.fixture(scope="module")
def results() -> Results:
    return province(HA_TINH, 24, 5, groups=2, appraised=True, last_year=True)


@pytest.fixture(scope="module")
def whole(results: Results) -> Values:
    return values(write_league(results))


# Long rows are what any table writes --------------------------------------------------------------

texts = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["", " a ", "=1+1", "a\nb", "<!--rows-->", "</c></row>", "_x0041_", "\x01", "12", "x " * 90]
    ),
)
units = st.one_of(st.none(), st.integers(-10_000, 10_000), st.integers(0, 10**12))
looks = st.sampled_from(
    [{}, {"bold": True}, {"num_format": '0"="'}, {"bg_color": "#F8C9C4", "bold": True}, {"font_size": 10.0}]
)
COLUMNS = (
    Column("Chữ", 20),
    Column("Giữa", 9, align="center"),
    Column("Điểm", 10, "0.00", 100),
    Column("Hạng", 8, "0"),
)
a_row = st.tuples(texts, texts, units, units)
rows_of = st.lists(st.tuples(a_row, st.tuples(*[looks] * len(COLUMNS))), max_size=6)


def drawn(book: Book, make: Callable[..., Table], rows: list[Any]) -> openpyxl.worksheet.worksheet.Worksheet:
    """A title, a table of these rows, and a line below it, as they are read back."""
    sheet = book.sheet("Trang")
    sheet.write_string(0, 0, "Trên", book.style(bold=True))
    table = make(book, sheet, COLUMNS)
    for row, look in rows:
        table.row(row, look)
    sheet.write_string(table.last + 1, 0, "Dưới", book.style(italic=True))
    sheet.tall(table.last + 2, 40)
    return opened(book.close())["Trang"]


def look_of(cell: Any) -> tuple[Any, ...]:
    font, align = cell.font, cell.alignment
    fill = cell.fill.fgColor.rgb if cell.fill.fill_type else None
    drawn_as = (font.b, font.sz, font.name, fill, cell.border.left.style)
    return (*drawn_as, align.horizontal, align.vertical, align.wrap_text, cell.number_format)


@properties
@given(rows_of)
def test_long_rows_are_those_of_any_table(rows: list[Any]) -> None:
    long = drawn(LongBook(2026, "Thử", "parxl"), LongTable, rows)
    plain = drawn(Book(2026, "Thử", "parxl"), Table, rows)
    assert long.dimensions == plain.dimensions
    for ours, theirs in zip(long.iter_rows(), plain.iter_rows(), strict=True):
        for one, other in zip(ours, theirs, strict=True):
            assert one.value == other.value
            assert one.data_type == other.data_type
            if other.has_style or one.has_style:
                assert look_of(one) == look_of(other)
    heights = [{n: row.height for n, row in sheet.row_dimensions.items()} for sheet in (long, plain)]
    assert heights[0] == heights[1]


def test_it_says_how_many_cells_show_a_text() -> None:
    """As any table does, also of texts that stand in many rows."""
    found = []
    for book, kind in ((LongBook(2026, "Thử", "parxl"), LongTable), (Book(2026, "Thử", "parxl"), Table)):
        table = kind(book, book.sheet("Trang"), COLUMNS)
        for text in ("Hà", "Hà", "Nam", "Hà", ""):
            table.row([text, "Nam", 1, None], [{}, {"bold": text == "Hà"}, {}, {}])
        with zipfile.ZipFile(io.BytesIO(book.close())) as parts:
            found.append(parts.read("xl/sharedStrings.xml"))
    assert found[0] == found[1]


def long_sheet(write: Callable[[LongTable], None]) -> openpyxl.worksheet.worksheet.Worksheet:
    book = LongBook(2026, "Thử", "parxl")
    write(LongTable(book, book.sheet("Trang"), [Column("Chữ", 20)]))
    return opened(book.close())["Trang"]


@pytest.mark.parametrize("text", ["ă" * 40_000, "😀" * 20_000])
def test_a_text_is_cut_where_excel_would_refuse_it(text: str) -> None:
    found = long_sheet(lambda table: table.row([text]))["A4"].value
    assert text.startswith(found)
    assert 32_766 <= len(found.encode("utf-16-le")) / 2 <= 32_767


def test_words_may_stand_in_a_column_of_figures() -> None:
    book = LongBook(2026, "Thử", "parxl")
    table = LongTable(book, book.sheet("Trang"), [Column("Thay đổi", 20, "0.00", 100)])
    table.row(["không có kết quả năm trước"], [{"font_size": 10.0}])
    table.row([150])
    words, number = (row[0] for row in opened(book.close())["Trang"].iter_rows(min_row=4))
    assert (words.value, words.number_format, words.data_type) == ("không có kết quả năm trước", "General", "s")
    assert (number.value, number.number_format) == (1.5, "0.00")


def test_rows_come_one_after_the_other() -> None:
    sheet = LongBook(2026, "Thử", "parxl").sheet("Trang")
    sheet.line(4, ['<c r="A4"/>'], 15)
    for number in (4, 6, 3):
        with pytest.raises(ValueError, match=f"row {number} after row 4"):
            sheet.line(number, [f'<c r="A{number}"/>'], 15)


# What is not listed -------------------------------------------------------------------------------


@pytest.fixture
def limited(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if 24 units were far too many."""
    monkeypatch.setattr(limits, "MOST_CELLS", 24 * 17)


def told_in_method(found: Values) -> list[str]:
    lines = [(label or "", text) for label, text in found[METHOD]]
    start = next(at for at, (label, _) in enumerate(lines) if label == method.LEFT_OUT)
    after = next(at for at, (label, _) in enumerate(lines[start + 1 :], start + 1) if label)
    return [text for _, text in lines[start:after]]


@pytest.mark.usefixtures("limited")
def test_a_table_that_is_too_large_is_left_out_and_said_so(results: Results, whole: Values) -> None:
    found = values(write_league(results))
    assert list(found) == list(whole)
    codes = {unit.code for unit in results.settings.units}
    for name in LARGE:
        width = sum(head is not None for head in whole[name][2])
        (title, *_), (words, *_) = found[name][:2]
        assert title.endswith(f" – {results.settings.name}")
        cells = f"{24 * width:,}".replace(",", ".")
        assert words.startswith(f"Không lập bảng này vì quá lớn: 24 đơn vị × {width} cột = {cells} ô, vượt")
        assert "ket-qua.json" in words
        assert words == unicodedata.normalize("NFC", words)
        assert not codes & {value for row in found[name] for value in row}
        assert f"Trang “{name}”: {words}" in told_in_method(found)
    assert len(told_in_method(found)) == len(LARGE)


@pytest.mark.usefixtures("limited")
def test_nothing_else_is_lost(results: Results, whole: Values) -> None:
    found = values(write_league(results))
    for name in whole.keys() - {*LARGE, METHOD}:
        assert found[name] == whole[name], name
    more = [line for line in found[METHOD] if line not in whole[METHOD]]
    assert [line for line in whole[METHOD] if line not in found[METHOD]] == []
    assert len(more) == len(LARGE)


@pytest.mark.usefixtures("limited")
def test_the_means_of_the_groups_are_never_left_out(results: Results, whole: Values) -> None:
    found = values(write_league(results))

    def means(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        return rows[next(at for at, row in enumerate(rows) if "Tỷ lệ của khối" in row) :]

    assert means(found["Lĩnh vực"]) == means(whole["Lĩnh vực"])
    assert len(means(found["Lĩnh vực"])) == 1 + 2 * len(results.groups)


@pytest.mark.usefixtures("limited")
def test_next_year_reads_it_all_the_same(results: Results) -> None:
    limited = _read_league(write_league(results), results.criteria)
    assert (limited.set, limited.edition) == (results.criteria.id, results.criteria.edition)
    groups = {unit.code.lower(): unit.group for unit in results.settings.units}
    assert {code: before.group for code, before in limited.units.items()} == groups
    ranks = {str(code).lower(): int(rank) for code, rank in results.standings["rank"].dropna().items()}
    assert {code: before.rank for code, before in limited.units.items() if before.rank} == ranks


def test_a_table_just_small_enough_is_there(
    results: Results, whole: Values, monkeypatch: pytest.MonkeyPatch
) -> None:
    width = len(whole["Ma trận tiêu chí"][2])
    monkeypatch.setattr(limits, "MOST_CELLS", 24 * width)
    assert values(write_league(results)) == whole
    monkeypatch.setattr(limits, "MOST_CELLS", 24 * width - 1)
    assert len(values(write_league(results))["Ma trận tiêu chí"]) == 2


def test_the_exemptions_beyond_a_thousand_are_counted(
    results: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(method, "MOST_LINES", 3)
    unit = results.settings.units[0].code
    given = tuple(Exemption(unit, leaf.code, f"Lý do {leaf.code}", "") for leaf in results.criteria.leaves[:5])
    for count in (3, 5):
        some = replace(results, settings=replace(results.settings, exemptions=given[:count]))
        lines = method.method_lines(some)
        start = next(at for at, (label, _) in enumerate(lines) if label == "Không áp dụng")
        own = [lines[start][1]]
        own += [text for label, text in lines[start + 1 : start + 6] if not label]
        assert [text for text in own if "Lý do" in text] == own[:3]
        assert own[3:] == (
            [] if count == 3 else ["… và 2 dòng nữa, xem trang “Không áp dụng” của dot-cham.xlsx."]
        )


def links(content: bytes) -> Counter[str]:
    return Counter(s.title for s in opened(content) for row in s.iter_rows() for c in row if c.hyperlink)


def test_many_units_are_linked_in_the_rankings_alone(results: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = links(write_league(results))
    assert {"Lĩnh vực", "So với năm trước", "Xếp hạng 1", "Tình hình nộp phiếu"} <= whole.keys()
    monkeypatch.setattr(sheets, "MOST_LINKED", 23)
    content = write_league(results)
    assert links(content) == {
        name: count for name, count in whole.items() if name not in ("Lĩnh vực", "So với năm trước")
    }
    # Nothing that is no link looks like one.
    sheet = opened(content)["Lĩnh vực"]
    assert not any(cell.font.u for row in sheet.iter_rows() for cell in row)


# Findings -----------------------------------------------------------------------------------------

CODES = ("PX401", "PX407", "PX502", "PX510", "PX504", "PX411", "PX507", "PX705")
some_findings = st.lists(
    st.builds(
        lambda code, n: Finding(code, REGISTER[code].severity, str(n)), st.sampled_from(CODES), st.integers()
    ),
    max_size=40,
)
ORDER = ("error", "warning", "note")


@properties
@given(some_findings, st.integers(0, 40), st.sets(st.sampled_from(CODES), max_size=2))
def test_a_kind_is_listed_whole_or_counted(found: list[Finding], most: int, always: set[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(findings_sheet, "MOST_FINDINGS", most)
        listed, counted = divided(found, always)
    counts, shown = Counter(one.code for one in found), Counter(one.code for one in listed)
    assert shown.keys() & counted.keys() == set()
    assert {**shown, **counted} == counts
    assert not always & counted.keys()
    if len(found) <= most:
        assert (listed, counted) == (found, {})
        return
    free = most - sum(counts[code] for code in always)
    assert sum(shown[code] for code in shown.keys() - always) <= max(0, free)
    severities = [ORDER.index(one.severity) for one in listed]
    assert severities == sorted(severities)
    for severity in ORDER:
        # Among themselves in the order in which they were found.
        own = [one for one in found if one.severity == severity and one.code in shown]
        assert [one for one in listed if one.severity == severity] == own
    for code in counted:
        # It did not fit beside those that come before it.
        place = (ORDER.index(REGISTER[code].severity), counts[code], code)
        others = shown.keys() - always
        before = [one for one in others if (ORDER.index(REGISTER[one].severity), counts[one], one) < place]
        assert counts[code] > free - sum(counts[one] for one in before)


def test_the_sheet_says_which_findings_it_only_counts(
    results: Results, whole: Values, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(findings_sheet, "MOST_FINDINGS", 60)
    content = write_league(results)
    found = values(content)
    (words, *_), head, *rows = found[FINDINGS]
    assert head == whole[FINDINGS][0]
    counts = Counter(one.code for one in results.findings)
    shown = Counter(code for code, *_ in rows)
    assert 0 < sum(shown.values()) <= 60 < sum(counts.values())
    for code in counts.keys() - shown.keys():
        assert f"{code} ({REGISTER[code].name}): {counts[code]} dòng" in words
    assert all(counts[code] == count and code not in words for code, count in shown.items())
    assert words.startswith(f"Có {sum(counts.values())} dòng ghi nhận; trang này liệt kê nhiều nhất 60 dòng")
    assert told_in_method(found) == [f"Trang “{FINDINGS}”: {words}"]
    assert set(rows) <= set(whole[FINDINGS])
    sheet = opened(content)[FINDINGS]
    assert sheet.auto_filter.ref == f"A2:G{2 + len(rows)}"
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("A3", "$2:$2")
    for name in whole.keys() - {FINDINGS, METHOD}:
        assert found[name] == whole[name]


# Thousands of units -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def thousands() -> Results:
    return province(TTHC, 2800, 2, groups=5, last_year=True)


@pytest.fixture(scope="module")
def content(thousands: Results) -> bytes:
    return write_league(thousands)


def test_thousands_of_rows_are_all_there(thousands: Results, content: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    known = [unit.code for unit in thousands.settings.units]
    scored = [unit.unit.code for unit in thousands.units if unit.has_scores]
    ranked = [str(code) for code, rank in thousands.standings["rank"].items() if rank > 0]
    ranking: list[str] = []
    for number, group in enumerate(thousands.groups, start=1):
        own = listed(book[f"Xếp hạng {number}"], known)
        assert sorted(own) == sorted(unit.code for unit in thousands.settings.units if unit.group == group)
        ranking += own
    assert len(ranking) == 2800
    wanted = {
        "Lĩnh vực": scored,
        "So với năm trước": scored,
        "Ma trận tiêu chí": known,
        "Chênh lệch tự chấm – thẩm định": scored,
        "Khoảng cách thứ hạng": ranked,
        "Tình hình nộp phiếu": known,
    }
    for name, codes in wanted.items():
        assert sorted(listed(book[name], known)) == sorted(codes), name
    assert sum(1 for _ in book["Tệp đã nhận"].iter_rows()) == 1 + len(thousands.intake.files)
    book.close()


def listed(sheet: Any, known: list[str]) -> list[str]:
    """The codes that stand in the sheet's column of codes."""
    codes, found, at = set(known), [], None
    for row in sheet.iter_rows(values_only=True):
        if at is None:
            at = row.index("Mã đơn vị") if "Mã đơn vị" in row else None
        elif row[at] in codes:
            found.append(row[at])
    return found


def test_every_part_is_sound_and_its_rows_are_in_order(content: bytes) -> None:
    main = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert len(set(archive.namelist())) == len(archive.namelist())
        for name in archive.namelist():
            if name.startswith("xl/worksheets/sheet"):
                text = archive.read(name)
                numbers = [int(row.get("r", "0")) for row in ElementTree.fromstring(text).iter(f"{main}row")]
                assert numbers == sorted(set(numbers))


def test_the_publication_table_has_every_ranked_unit(thousands: Results) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_publication(thousands)), read_only=True)
    for number, group in enumerate(thousands.groups, start=1):
        table = thousands.standings
        own = table[(table["group"] == group) & table["rank"].notna()]
        ranks = [
            row[0] for row in book[f"Công bố {number}"].iter_rows(values_only=True) if isinstance(row[0], int)
        ]
        assert ranks == sorted(int(rank) for rank in own["rank"])


# How the work grows -------------------------------------------------------------------------------

KEPT = ("metrics.py", "exact.py")  # whose answers are kept: they work the less, the more they were asked before


def steps(work: Callable[[], Any]) -> Counter[tuple[str, str]]:
    """(file, function) of parxl -> how many lines of it are run, each turn of a loop being one."""
    found: Counter[tuple[str, str]] = Counter()

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        path = frame.f_code.co_filename
        if "parxl" not in path or path.endswith(KEPT):
            return None
        found[path, frame.f_code.co_name] += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return found


@pytest.mark.parametrize("write", [write_league, write_publication])
def test_no_work_grows_faster_than_the_units(write: Callable[[Results], bytes]) -> None:
    """Twice the units are twice the steps of every function, or fewer; four times them is what must not be."""
    few, many = (
        steps(partial(write, province(TTHC, units, 3, groups=2, last_year=True))) for units in (200, 400)
    )
    grown = {function: count / max(few[function], 1) for function, count in many.items() if count > 400}
    assert len(grown) > 10
    assert {function: growth for function, growth in grown.items() if growth > 3} == {}
