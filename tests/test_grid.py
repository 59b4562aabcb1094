"""The gate answers as openpyxl does on every sound workbook; where it does not, this module says why.

- Blank cells are left out, and so are cells with an empty text.
- ``_x000D_`` in a text is the character that it stands for; openpyxl leaves it as it is.
- A number too large for a float is the largest one, and "1_000", which openpyxl takes for 1000, is no number.
- A serial outside the calendar stays a number; openpyxl makes "#VALUE!" of it.
- Names of print areas and titles are names too; openpyxl makes settings of its sheets of them.
- Array formulas are told as their text, like every other formula.
- Texts longer than a cell of Excel can hold are cut.
"""

from __future__ import annotations

import datetime as dt
import io
import math
import re
import subprocess
import sys
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hostile import (
    CUSTOM,
    MAIN,
    PLAIN,
    book,
    extended,
    repeated,
    sheet,
    strings,
    styles,
    types,
    utf16,
    workbook,
    zipped,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import numbers
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from parxl.grid import Cell, Workbook, cell_name, cell_place, parts, read_workbook
from parxl.grid.values import Values, is_date

ROOT = Path(__file__).parent.parent
SOUND = sorted([*ROOT.glob("samples/**/*.xlsx"), *ROOT.glob("templates/*.xlsx")])
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
Place = tuple[str, int, int]


# What openpyxl says -------------------------------------------------------------------------------


def unescaped(text: str) -> str:
    """By ECMA-376, 22.9.2.19; characters that no line of text shows are left out."""
    return ESCAPED.sub(lambda found: _shown(chr(int(found[1], 16))), text)


def _shown(character: str) -> str:
    return character if character in "\t\n\r" or character.isprintable() else ""


def plain(value: Any) -> Any:
    """A value of openpyxl as the gate gives it."""
    if isinstance(value, (ArrayFormula, DataTableFormula)):
        return str(getattr(value, "text", None) or "=")
    return unescaped(value) if isinstance(value, str) else value


def by_openpyxl(content: bytes, data_only: bool) -> dict[Place, Any]:
    """(sheet, row, column) -> cell of openpyxl, of all that are not blank."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = openpyxl.load_workbook(io.BytesIO(content), data_only=data_only)
    return {
        (name, cell.row, cell.column): cell
        for name in found.sheetnames
        for row in found[name].iter_rows()
        for cell in row
        if cell.value not in (None, "")
    }


def by_gate(content: bytes) -> dict[Place, Cell]:
    sheets = read_workbook(content).sheets
    return {(name, *place): cell for name, cells in sheets.items() for place, cell in cells.items()}


def same_value(one: Any, other: Any) -> bool:
    return type(one) is type(other) and one == other


def compare(content: bytes) -> int:
    """Assert that both say the same of every cell; how many there are."""
    own, values, sources = by_gate(content), by_openpyxl(content, True), by_openpyxl(content, False)
    assert set(own) == set(values) | set(sources)
    for place, cell in own.items():
        seen = values[place].value if place in values else None
        outside = cell.number is not None and not cell.is_date and seen == "#VALUE!"
        blank = cell.value in (None, "") and seen is None
        assert same_value(cell.value, plain(seen)) or blank or outside, place
        other = sources[place]
        assert cell.formula is (other.data_type == "f"), place
        assert cell.number_format == other.number_format, place
        if cell.formula:
            assert cell.source == plain(other.value), place
    compare_facts(content, read_workbook(content))
    return len(own)


def compare_facts(content: bytes, own: Workbook) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        other = openpyxl.load_workbook(io.BytesIO(content))
    assert list(own.sheets) == list(own.facts) == other.sheetnames
    names = {name for name in own.names if not name.startswith("_xlnm.")}
    assert names == set(other.defined_names) | {name for one in other for name in one.defined_names}
    assert own.properties == {p.name: str(p.value) for p in other.custom_doc_props.props if p.value}
    for name, facts in own.facts.items():
        found = other[name]
        assert facts.hidden is (found.sheet_state != "visible")
        assert facts.protected is bool(found.protection.sheet)
        areas = [str(area) for one in found.data_validations.dataValidation for area in one.sqref.ranges]
        assert sorted(facts.validated) == sorted(areas)


@pytest.mark.parametrize("path", SOUND, ids=lambda path: path.name)
def test_samples_and_templates(path: Path) -> None:
    assert compare(path.read_bytes()) > 200


def test_there_are_samples() -> None:
    assert len(SOUND) > 30


# Workbooks of every kind of cell ------------------------------------------------------------------

DAYS = st.datetimes(dt.datetime(1905, 1, 1), dt.datetime(9999, 12, 30)).map(lambda d: d.replace(microsecond=0))
LETTERS = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
TEXTS = st.text(LETTERS | st.sampled_from(" \t\n_x<&>\"'"), min_size=1, max_size=40)
NUMBERS = st.integers(-(10**15), 10**15) | st.floats(-1e300, 1e300)
PLACES = st.tuples(st.integers(1, 60), st.integers(1, 30))
VALUES = st.one_of(
    NUMBERS, st.booleans(), TEXTS, DAYS, DAYS.map(lambda d: d.date()), DAYS.map(lambda d: d.time())
)
ERRORS = st.sampled_from(["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"])
FORMATS = [
    "General",
    "0.00",
    "0%",
    "0.0%",
    "#,##0",
    "dd/mm/yyyy",
    "h:mm",
    "[h]:mm",
    "@",
    '"d"0',
    "[Red]0",
    "mmm-yy",
]
LIMIT = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def is_sound(value: object) -> bool:
    """openpyxl writes some texts as formulas or errors, and refuses others."""
    return not isinstance(value, str) or not value.startswith("=")


@LIMIT
@given(
    st.dictionaries(
        PLACES, st.tuples((VALUES | ERRORS).filter(is_sound), st.sampled_from(FORMATS)), max_size=30
    ),
    st.booleans(),
    st.booleans(),
)
def test_workbooks_of_openpyxl(cells: Mapping[Any, Any], from_1904: bool, protected: bool) -> None:
    made = openpyxl.Workbook()
    made.epoch = dt.datetime(1904, 1, 1) if from_1904 else made.epoch
    made.create_sheet("Hai").sheet_state = "hidden"
    made.active.protection.sheet = protected
    for (row, column), (value, shown) in cells.items():
        made.active.cell(row, column, value).number_format = shown
    buffer = io.BytesIO()
    made.save(buffer)
    compare(buffer.getvalue())


FORMULAS = st.sampled_from(
    ["=A1+1", '=IF(A1>2,"có","không")', "=SUM(A1:A9)", "='Hai ba'!$A$1&\"<x>\"", "=NA()"]
)


@LIMIT
@given(
    st.dictionaries(
        PLACES,
        st.tuples(
            VALUES | st.tuples(FORMULAS, NUMBERS | TEXTS | ERRORS | st.booleans()), st.sampled_from(FORMATS)
        ),
        max_size=30,
    ),
    st.booleans(),
)
def test_workbooks_of_xlsxwriter(cells: Mapping[Any, Any], from_1904: bool) -> None:
    buffer = io.BytesIO()
    options = {"date_1904": from_1904, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as made:
        first, second = made.add_worksheet("Một"), made.add_worksheet("Hai ba")
        second.protect()
        second.data_validation("B2:C9", {"validate": "integer", "criteria": ">", "value": 1})
        made.define_name("tên_1", "='Hai ba'!$A$1")
        made.set_custom_property("a", "ệ <b>")
        formats = {shown: made.add_format({"num_format": shown}) for shown in FORMATS}
        for (row, column), (value, shown) in cells.items():
            _write(first, row, column, value, formats[shown])
    compare(buffer.getvalue())


def _write(target: Any, row: int, column: int, value: Any, shown: Any) -> None:
    if isinstance(value, tuple):
        target.write_formula(row, column, value[0], shown, value[1])
    elif isinstance(value, str):
        target.write_string(row, column, value, shown)
    elif isinstance(value, (dt.date, dt.time)):
        target.write_datetime(row, column, value, shown)
    elif isinstance(value, bool):
        target.write_boolean(row, column, value, shown)
    else:
        target.write_number(row, column, value, shown)


def test_rich_texts() -> None:
    made = openpyxl.Workbook()
    made.active["A1"] = CellRichText("một ", TextBlock(InlineFont(b=True), "hai"), " ba")
    buffer = io.BytesIO()
    made.save(buffer)
    assert by_gate(buffer.getvalue())["Sheet", 1, 1].value == "một hai ba"
    assert compare(buffer.getvalue()) == 1
    with xlsxwriter.Workbook(buffer := io.BytesIO()) as written:
        bold = written.add_format({"bold": True})
        written.add_worksheet().write_rich_string("B2", "a ", bold, "b", " c")
    assert by_gate(buffer.getvalue())["Sheet1", 2, 2].value == "a b c"
    assert compare(buffer.getvalue()) == 1


# Workbooks of other programs ----------------------------------------------------------------------

CELLS = (
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>7</v></c><c r="C1" t="b"><v>1</v></c></row>'
    '<row r="3"><c r="D3" t="e"><v>#N/A</v></c><c r="E3" t="str"><f>"a"</f><v>a</v></c></row>'
    '<row r="4"><c r="A4" t="inlineStr"><is><t xml:space="preserve"> một </t></is></c></row>'
)
PREFIXED = (
    f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="2"><x:c r="B2"><x:v>5</x:v></x:c>'
    '<x:c r="C2" t="str"><x:f>B2&amp;""</x:f><x:v>5</x:v></x:c></x:row></x:sheetData></x:worksheet>'
)
PHONETIC = '<si><t>東京</t><rPh sb="0" eb="2"><t>とうきょう</t></rPh><phoneticPr fontId="1"/></si>'
SHARED = (
    '<row r="1"><c r="A1"><v>1</v></c>'
    '<c r="B1"><f t="shared" ref="B1:B3" si="0">A1*$A$1+Sheet2!C1</f><v>1</v></c></row>'
    '<row r="2"><c r="B2"><f t="shared" si="0"/><v>2</v></c></row>'
    '<row r="3"><c r="B3"><f t="shared" si="0"/><v>3</v></c><c r="D3"><f t="shared" si="0"/></c></row>'
)
FOREIGN: dict[str, Callable[[], bytes]] = {
    "plain": lambda: zipped(PLAIN),
    "every kind": lambda: book(sheet=sheet(CELLS)),
    "without addresses": lambda: book(
        sheet=sheet('<row><c><v>1</v></c><c/><c><v>2</v></c></row><row r="5"/><row><c><v>3</v></c></row>')
    ),
    "cells without addresses behind one": lambda: book(
        sheet=sheet('<row r="2"><c r="C2"><v>1</v></c><c><v>2</v></c></row>')
    ),
    "rows in any order": lambda: book(
        sheet=sheet('<row r="9"><c r="A9"><v>9</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>')
    ),
    "prefixes": lambda: book(sheet=PREFIXED),
    "parts in UTF-16": lambda: utf16(
        utf16(book(sheet=sheet(CELLS)), "xl/worksheets/sheet1.xml"), "xl/sharedStrings.xml"
    ),
    "phonetics": lambda: book(strings=strings(PHONETIC)),
    "runs": lambda: book(strings=strings("<si><r><t>a</t></r><r><rPr><b/></rPr><t> b</t></r></si>")),
    "escapes": lambda: book(strings=strings("<si><t>một_x000D__x000A_hai__x00g0_</t></si>")),
    "line ends": lambda: book(strings=strings("<si><t>một&#10;hai&#13;\r\nba</t></si>")),
    "shared formulas": lambda: book(sheet=sheet(SHARED)),
    "an array formula": lambda: book(
        sheet=sheet('<row r="1"><c r="A1"><f t="array" ref="A1:B2">SUM(B1:B9*C1:C9)</f><v>1</v></c></row>')
    ),
    "a style and no value": lambda: book(
        styles=styles("", '<xf/><xf numFmtId="14"/>'),
        sheet=sheet('<row r="1"><c r="A1" s="1"/><c r="B1" s="1" t="b"/></row>'),
    ),
    "formats": lambda: book(
        styles=styles(
            '<numFmt numFmtId="164" formatCode="[h]:mm:ss"/>'
            '<numFmt numFmtId="165" formatCode="0&quot;%&quot;"/>',
            '<xf/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="9"/><xf numFmtId="22"/>',
        ),
        sheet=sheet(
            '<row r="1">'
            + "".join(f'<c r="{c}1" s="{k}"><v>1.25</v></c>' for k, c in enumerate("ABCDE"))
            + "</row>"
        ),
    ),
    "epoch of 1904": lambda: book(
        workbook=workbook().replace("<sheets>", '<workbookPr date1904="true"/><sheets>'),
        styles=styles("", '<xf numFmtId="14"/>'),
        sheet=sheet('<row r="1"><c r="A1" s="0"><v>40000</v></c><c r="B1"><v>0.5</v></c></row>'),
    ),
    "numbers": lambda: book(
        sheet=sheet(
            "<row>"
            + "".join(
                f"<c><v>{n}</v></c>"
                for n in (
                    "0",
                    "-0",
                    "1E3",
                    "1.5e-7",
                    "12345678901234567890.5",
                    "123456789012345678",
                    ".5",
                    "5.",
                )
            )
            + "</row>"
        )
    ),
    "ISO dates": lambda: book(
        sheet=sheet('<row><c t="d"><v>2025-12-31T23:59:59</v></c></row>'),
        styles=styles("", '<xf numFmtId="22"/>'),
    ),
    "absolute targets": lambda: book(
        rels=PLAIN["xl/_rels/workbook.xml.rels"].replace('Target="', 'Target="/xl/')
    ),
    "other names of parts": lambda: _moved(),
    "no shared texts, no styles": lambda: _bare(),
    "properties of every kind": lambda: book(
        custom=CUSTOM.replace("<vt:lpwstr>b</vt:lpwstr>", "<vt:i4>7</vt:i4>")
    ),
    "a hidden sheet": lambda: book(
        workbook=workbook(
            '<sheet name="A" sheetId="1" r:id="s1"/>'
            '<sheet name="&lt;B&gt;" sheetId="2" state="veryHidden" r:id="s1"/>'
        )
    ),
}


def _moved() -> bytes:
    """The workbook part need not be called so."""
    moved = {
        name.replace("xl/workbook", "xl/book").replace("rels/workbook", "rels/book"): text
        for name, text in PLAIN.items()
    }
    return zipped({name: text.replace("xl/workbook.xml", "xl/book.xml") for name, text in moved.items()})


def _bare() -> bytes:
    parts = {name: text for name, text in PLAIN.items() if "styles" not in name and "shared" not in name}
    parts["[Content_Types].xml"] = re.sub(r'<Override PartName="/xl/shared[^>]*>', "", types())
    parts["xl/_rels/workbook.xml.rels"] = re.sub(
        r'<Relationship Id="s[23]"[^>]*>', "", parts["xl/_rels/workbook.xml.rels"]
    )
    parts["xl/worksheets/sheet1.xml"] = sheet('<row r="1"><c r="A1"><v>1</v></c></row>')
    return zipped(parts)


@pytest.mark.parametrize("name", FOREIGN)
def test_workbooks_of_other_programs(name: str) -> None:
    compare(FOREIGN[name]())


# What openpyxl cannot judge -----------------------------------------------------------------------


def only(content: bytes) -> dict[str, Any]:
    """Cell -> value of the only sheet."""
    (cells,) = read_workbook(content).sheets.values()
    return {cell_name(*place): cell.value for place, cell in cells.items()}


def values(*texts: str, kind: str = "n") -> list[Any]:
    row = "".join(f'<c t="{kind}"><v>{text}</v></c>' for text in texts)
    return list(only(book(sheet=sheet(f"<row>{row}</row>"))).values())


def test_an_escape_that_is_escaped() -> None:
    """openpyxl takes the escape's own escape out of shared texts, and leaves it in others."""
    content = book(strings=strings("<si><t>một_x005F_x0041_</t></si>"))
    assert only(content)["A1"] == "một_x0041_"
    assert values("a_x005F_x0041_b", kind="str") == ["a_x0041_b"]


def test_numbers_that_are_none() -> None:
    texts = ["1_000", "NaN", "x", "0x10", "1,5", "٣", "--1", "nan(1)"]
    assert values(*texts) == texts


def test_numbers_without_end() -> None:
    largest = 1.7976931348623157e308
    found = values("1e400", "-1e400", "INF", "-inf", "9" * 5000)
    assert found == [largest, -largest, largest, -largest, largest]
    assert all(math.isfinite(number) for number in found)


def test_a_number_that_is_none_is_cut() -> None:
    assert values("z" * 9999) == ["z" * 40]


def test_spaces_around_a_number() -> None:
    assert values(" 7 ", "\n1.5\t") == [7, 1.5]


def test_serials_outside_the_calendar() -> None:
    dates = styles("", '<xf numFmtId="14"/>')
    row = "".join(f'<c s="0"><v>{text}</v></c>' for text in ("1e9", "-1e9", "1e400", "99999999999999"))
    found = read_workbook(book(styles=dates, sheet=sheet(f"<row>{row}</row>"))).sheets["A"]
    assert [cell.value for cell in found.values()] == [1e9, -1e9, 1.7976931348623157e308, 99999999999999]
    assert not any(cell.is_date for cell in found.values())


@pytest.mark.parametrize("from_1904", [False, True])
@pytest.mark.parametrize("shown", ["dd/mm/yyyy", "d/m/yy"])
def test_a_plain_day_is_what_openpyxl_makes_of_it(shown: str, from_1904: bool) -> None:
    """Such days are reckoned without it, but for the first ones, which Excel counts in its own way."""
    epoch = CALENDAR_MAC_1904 if from_1904 else CALENDAR_WINDOWS_1900
    made = Values((), [shown], from_1904)
    for text in ("0", "1", "59", "60", "61", "45658", "45658.0", "45658.5", "2957003", "-1"):
        cell = made.cell("n", 0, text, None)
        assert same_value(cell.value, from_excel(float(text), epoch=epoch)), text
        assert cell.number == float(text)
    assert made.cell("n", 0, "99999999", None).value == 99999999


def test_texts_are_cut_where_a_cell_ends() -> None:
    content = book(strings=strings(f"<si><t>{'aệ' * 40_000}</t></si>"))
    assert only(content)["A1"] == ("aệ" * 40_000)[:32_767]
    (text,) = values("b" * 40_000, kind="str")
    assert text == "b" * 32_767


def test_a_control_character_is_left_out() -> None:
    assert values("a_x0007_b_x001B_[31m_xD800_", kind="str") == ["ab[31m"]


def test_shared_formulas_are_spelled_out_as_long_as_it_costs_little() -> None:
    master = "A1+" * 1000 + "A1"
    others = repeated(99, '<row><c><f t="shared" si="0"/></c></row>')
    content = book(sheet=sheet(f'<row><c r="A1"><f t="shared" si="0">{master}</f></c></row>{others}'))
    sources = [cell.source for cell in read_workbook(content).sheets["A"].values()]
    assert sources[1] == "=" + master.replace("A1", "A2")
    assert sources[-1] == sources[0] == f"={master}"
    assert len(sources) == 100


def test_links_to_other_workbooks() -> None:
    assert not read_workbook(zipped(PLAIN)).links
    linked = extended(zipped(PLAIN), {"xl/externalLinks/externalLink1.xml": "<a/>"})
    assert read_workbook(linked).links


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_hidden_sheets(state: str) -> None:
    content = book(workbook=workbook(f'<sheet name="A" sheetId="1" state="{state}" r:id="s1"/>'))
    assert read_workbook(content).facts["A"].hidden


def test_letters_and_formats_are_those_of_openpyxl() -> None:
    """Which is loaded only for what it alone knows."""
    for column in range(1, 16_385):
        name = f"{get_column_letter(column)}7"
        assert (cell_name(7, column), cell_place(name)) == (name, (7, column))
    codes = [
        *numbers.BUILTIN_FORMATS.values(),
        '0" điểm"',
        "[Red]0.00",
        "#,##0 _s",
        "\\m0",
        "Gen\u017fral",
        "0;yy",
        "",
        "dd/mm/yyyy",
        "d/m/yy",
    ]
    assert [is_date(code) for code in codes] == [numbers.is_date_format(code) for code in codes]
    for number in range(200):
        assert parts._builtin(str(number)) == numbers.BUILTIN_FORMATS.get(number, "General")


@pytest.mark.parametrize("pattern", ["templates/*.xlsx", "samples/*/dot-cham.xlsx"])
def test_reading_a_workbook_loads_no_library_of_workbooks(pattern: str) -> None:
    """Each process would spend a tenth of a second on it."""
    lines = (
        "import sys",
        "from parxl.reading.file import FileReader",
        "from parxl.grid.isolation import read_file",
        "from pathlib import Path",
        f"digest, book = read_file(Path({str(min(ROOT.glob(pattern)))!r}))",
        "assert book.sheets",
        "print(sorted({name.partition('.')[0] for name in sys.modules} & {'openpyxl', 'xlsxwriter'}))",
    )
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_every_address() -> None:
    for row in (1, 9, 10, 1_048_576):
        for column in (1, 26, 27, 702, 703, 16_384):
            assert cell_place(cell_name(row, column)) == (row, column)
    for wrong in ("A", "1", "A0", "XFE1", "A1048577", "a1", "A01", "A1 ", "AAAA1", "A-1", "А1", "A１"):
        with pytest.raises(ValueError, match=re.escape(wrong)):
            cell_place(wrong)
