"""Reading quickly gives the very same answers as reading with care, and forms are read quickly."""

from __future__ import annotations

import gc
import io
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import fuzz
import hostile
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutations import UNITS, Desk, make_desk, resaved
from other_hands import by_excel, by_libreoffice
from test_hostile import HARMLESS, LIMITS, MARKUP
from test_mutations import MUTATIONS

from parxl.grid import Unreadable, around, container, markup, memory, pieces, read_workbook, strings, sweep
from parxl.grid.memory import Declined, Memory
from parxl.grid.sweep import SweptCells
from parxl.layout import SHEET_TABLE
from parxl.reading import sealed, structure
from parxl.reading.file import FileReader
from parxl.reading.issued import issued_content
from parxl.reading.places import Places
from parxl.reading.sealed import DIGESTS

HANDS: dict[str, Callable[[Desk], bytes]] = {
    "parxl": lambda desk: desk.clean,
    "openpyxl": lambda desk: desk.changed(resaved),
    "Excel": lambda desk: by_excel(desk.clean),
    "LibreOffice": lambda desk: by_libreoffice(desk.clean),
}
FUZZED, SEED = 60, 8


@pytest.fixture(scope="module", params=list(UNITS))
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return make_desk(request.param, tmp_path_factory.mktemp("desk"))


# Both ways ----------------------------------------------------------------------------------------


@contextmanager
def with_care() -> Iterator[None]:
    """Every part is parsed, every part's bytes come from zipfile, and every locked cell is looked at."""

    def decline(*arguments: object) -> None:
        raise Declined

    def parsed(own: markup.Markup, content: bytes, kind: type[Any]) -> Any:
        heard = kind()
        own.parse(content, heard)
        return heard

    with ExitStack() as stack:
        for room in (sweep, strings):
            stack.enter_context(patch.object(room, "_swept", decline))
        stack.enter_context(patch.object(container.Parts, "_whole", lambda *arguments: None))
        stack.enter_context(patch.object(markup.Markup, "learn", parsed))
        stack.enter_context(patch.object(Places, "is_as_issued", False))
        yield


def forget() -> None:
    """Everything that was remembered of earlier files."""
    for known in (*pieces.KNOWN.values(), around.PIECES, strings._ITEMS, sweep._INLINE, DIGESTS):
        known.clear()
    for remembered in (markup._learned, pieces.edge, issued_content, sealed._readable, structure._covered):
        remembered.cache_clear()


def exactly(found: Any) -> Any:
    """With the types of all numbers: 1, 1.0 and True are equal; and with the order of all keys."""
    if is_dataclass(found) and not isinstance(found, type):
        return [(f.name, exactly(getattr(found, f.name))) for f in fields(found)]
    if hasattr(found, "items"):
        return [(key, exactly(value)) for key, value in found.items()]
    if isinstance(found, (list, tuple)):
        return [exactly(one) for one in found]
    return type(found), found


def gate(content: bytes) -> Any:
    try:
        return exactly(read_workbook(content))
    except Unreadable as error:
        return error.code, error.reason


class Both:
    """Reads a form quickly and with care."""

    def __init__(self, desk: Desk):
        self.reader = FileReader(desk.layout, desk.settings, desk.register)
        self.path = desk.place / "both.xlsx"

    def answer(self, content: bytes) -> Any:
        self.path.write_bytes(content)
        return exactly(self.reader.read(self.path, "phiếu.xlsx"))

    def same(self, content: bytes) -> bool:
        quick = self.answer(content)
        with with_care():
            return quick == self.answer(content)


@pytest.mark.parametrize("hand", HANDS)
def test_forms_of_all_hands_are_read_quickly(desk: Desk, hand: str) -> None:
    content = HANDS[hand](desk)
    sheets = read_workbook(content).sheets
    assert [name for name, cells in sheets.items() if not isinstance(cells, SweptCells)] == []
    assert gate(content) == _carefully(content)
    assert Both(desk).same(content)


def _carefully(content: bytes) -> Any:
    with with_care():
        return gate(content)


def test_what_other_hands_write_is_the_same_form(desk: Desk) -> None:
    """Else they would be no test of reading forms."""
    both = Both(desk)
    own = both.reader
    both.path.write_bytes(desk.clean)
    wanted = own.read(both.path, "a")
    for hand in ("Excel", "LibreOffice"):
        content = HANDS[hand](desk)
        assert content != desk.clean
        both.path.write_bytes(content)
        found = own.read(both.path, "a")
        assert (found.fate, found.form, found.findings) == ("scored", wanted.form, wanted.findings)


def test_every_change_that_people_make(desk: Desk) -> None:
    both = Both(desk)
    differing = [one.name for one in MUTATIONS if not both.same(desk.changed(one.change))]
    assert differing == []


@pytest.mark.parametrize("hand", HANDS)
def test_damaged_forms(desk: Desk, hand: str) -> None:
    both, content = Both(desk), HANDS[hand](desk)
    damaged = (fuzz.mutated(content, SEED, number) for number in range(FUZZED))
    assert [number for number, one in enumerate(damaged) if not both.same(one)] == []


def test_hostile_forms(tmp_path: Path) -> None:
    desk = make_desk("tinh-mau-2022", tmp_path)
    both = Both(desk)
    made = {**{name: make for name, (make, *_) in (MARKUP | LIMITS).items()}, **HARMLESS}
    assert [name for name, make in made.items() if not both.same(make(desk.clean))] == []


def test_no_answer_depends_on_what_was_read_before(desk: Desk) -> None:
    both = Both(desk)
    contents = [desk.changed(one.change) for one in MUTATIONS[::7]]
    contents += [make(desk) for make in HANDS.values()]
    forward = [both.answer(content) for content in contents]
    backward = [both.answer(content) for content in reversed(contents)]
    alone = []
    for content in contents:
        forget()
        alone.append(both.answer(content))
    assert forward == backward[::-1] == alone


def test_a_copy_of_most_of_the_table_is_noticed(desk: Desk) -> None:
    """Sheets with too few keys are not looked at: this one has just enough, the other just too few."""

    def told(share: float) -> set[str]:
        book = openpyxl.load_workbook(io.BytesIO(desk.clean))
        copy, rows = book.copy_worksheet(book[SHEET_TABLE]), desk.layout.rows
        copy.delete_rows(rows[int(len(rows) * share)].number, len(rows))
        book.save(made := io.BytesIO())
        both.path.write_bytes(made.getvalue())
        return {found.code for found in both.reader.read(both.path, "a").findings}

    both = Both(desk)
    assert "PX339" in told(0.55)
    assert "PX340" in told(0.45)
    assert "PX339" not in told(0.45)


# Markup of all kinds ------------------------------------------------------------------------------

# Of a cell in row N. What programs write, where texts are shared, or stand in the cells:
PLAIN = (
    '<c r="C#" s="1"><v>7</v></c>',
    '<c r="D#" t="str"><f>A1&amp;"x"</f><v>ax &lt;</v></c>',
    '<c r="E#" s="1"/>',
    '<c r="F#"><v></v></c>',
    '<c r="G#"><f>1+#</f></c>',
    '<c r="H#"><f aca="false">1+1</f><v /></c>',
    '<c r="J#" t="b"><v>1</v></c>',
    '<c r="K#" t="e"><v>#REF!</v></c>',
    '<c r="L#" s="2"><v>45000</v></c>',
    '<c r="M#" s="3"><v>0.95</v></c>',
    '<c r="N#" t="n"><v>1e400</v></c>',
    '<c r="O#" t="str"><v>a_x0041_&amp;_x000D_</v></c>',
    '<c r="P#"><f t="array" ref="P#">SUM(A1:A2)</f><v>4</v></c>',
)
SHARED = (
    '<c r="A#" s="1" t="s"><v>0</v></c>',
    '<c r="B#" t="s"><v>1</v></c>',
    '<c r="I#"><f t="shared" ref="I1:I9" si="0">A#*2</f><v>2</v></c>',
    '<c r="Q#"><f t="shared" si="0"/><v>4</v></c>',
)
INLINE = (
    '<c r="A#" s="1" t="inlineStr"><is><t>chữ &lt;b&gt;</t></is></c>',
    '<c r="B#" t="inlineStr"><is><t xml:space="preserve"> x </t></is></c>',
    '<c r="I#" t="inlineStr"/>',
    '<c r="Q#" t="inlineStr"><is><t></t></is></c>',
)
# And what they do not.
ODD = (
    '<c r="X#" s="9999999"><v>7</v></c>',
    '<c r="X#" s="1"></c>',
    '<c r="X#"><v/></c>',
    '<c r="X#" t="s"><f>1+1</f><v>0</v></c>',
    '<c r="X#" t="s"><f>1+1</f><v>99</v></c>',
    '<c r="X#"><f si="0" t="shared"></f></c>',
    '<c r="X#"><f ca="1" ca="2">NOW()</f><v>4</v></c>',
    '<c r="X#" t="inlineStr"><is><t>a</t></is></c>',
    '<c r="X#" t="inlineStr"><v>5</v></c>',
    '<c r="X#" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c>',
    '<c r="X#" t="n"><is><t>5</t></is></c>',
    '<c r="X#" t="inlineStr"><f>A1</f><is><t>5</t></is></c>',
    '<c r="X#" t="inlineStr"><f>A1</f><v>5</v></c>',
    '<c r="X#"><v>5</t></is></c>',
    '<c r="X#" t="inlineStr"><is><t>5</v></c>',
    '<c r="X#" t="d"><v>2026-01-01</v></c>',
    '<c r="X#" t="z"><v>1</v></c>',
    '<c r="X#" t="s"><v>1</v></c>',
    '<c r="X#" t="s"><v>01</v></c>',
    '<c r="X#" t="s"><v> 1 </v></c>',
    '<c r="X#" t="s"><v>99</v></c>',
    '<c r="X#" t="s"><v>-1</v></c>',
    '<c r="X#"><v>NaN</v></c>',
    '<c r="X#"><v> 7 </v></c>',
    '<c r="X#" t="str"><v>a&#10;b&#13;c&#9;</v></c>',
    '<c r="X#" t="str"><v>a&#x41;</v></c>',
    '<c r="X#" t="str"><v>&nbsp;</v></c>',
    '<c r="X#" t="str"><v>a & b</v></c>',
    '<c r="X#" t="str"><f>1</f><v>&nbsp;</v></c>',
    '<c r="X#" t="str"><v>a]]>b</v></c>',
    '<c r="X#" t="str"><f>1</f><v>a]]>b</v></c>',
    '<c r="X#" t="str"><f>a]]>b</f><v>1</v></c>',
    '<c r="X#" t="str"><v>a\rb</v></c>',
    '<c r="X#" t="str"><v>a\x01b</v></c>',
    '<c r="X#" t="str"><f>1</f><v>a\x01b</v></c>',
    '<c r="X#" t="str"><v>\ufffe</v></c>',
    '<c r="X#" t="str"><v>\ud800</v></c>',
    '<c r="X#" t="str"><v><![CDATA[x]]></v></c>',
    '<c r="X#"><!-- <v>5</v> --><v>6</v></c>',
    '<c r="X#"><?a <v>5</v> ?><v>6</v></c>',
    '<c r="X#"><v>5</v><v>6</v></c>',
    '<c r="X#"><v>5</v><f>1</f></c>',
    '<c r="X#"><v>5</f></c>',
    '<c r="X#"><v/><v>5</v></c>',
    '<c r="X#"><v>5</v></x></c>',
    '<c r="X#"><v>5</v>',
    '<c r="X#"><v>5</v></x>',
    '<c r="X#"><v>5</v></v>',
    "<c r='X#'><v>5</v></c>",
    '<c s="1" r="X#"><v>5</v></c>',
    '<c r="X#" r="Y#"><v>5</v></c>',
    '<c  r="X#"><v>5</v></c>',
    '<c r="X#" ><v>5</v></c>',
    "<c><v>5</v></c>",
    '<c r="A#"><v>5</v></c>',
    '<c r="A#"/>',
    '<c r="E#"><v>5</v></c>',
    '<c r="XFE1"/>',
    '<c r="XFD1048576"><v>1</v></c>',
    '<c r="A1048577"><v>1</v></c>',
    '<c r="A0"><v>1</v></c>',
    '<c r="a1"><v>1</v></c>',
    '<x:c r="X#"><x:v>1</x:v></x:c>',
    '<c r="X#" cm="1"><v>1</v></c>',
    '<c r="X#" xmlns="urn:x"><v>1</v></c>',
    '<c r="X#" t="str"><v>' + "ệ" * 40_000 + "</v></c>",
    '<row r="8"/>',
    '<row r="8"></row>',
    "</row>",
    "<row>",
    "</row><row>",
    '</row><row r="1" r="2">',
    '</row><row r="0">',
    '</row><row r="1048577">',
    '</row><row r="9" /><row>',
    '</row><row spans="1:9" x14ac:dyDescent="0.25">',
    '</row><row other:dyDescent="0.25">',
    "\n",
    "text",
    "</row></sheetData><sheetData><row>",
    "</row></sheetData><row>",
    "<v>5</v>",
    "<extLst/>",
)
ROOTS = (
    "",
    ' xmlns:x14ac="urn:x14ac"',
    " xmlns:x14ac='urn:x14ac'",
    ' xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"',
    " x=' xmlns:x14ac=\"'",
)
AROUND = (
    "",
    '<sheetProtection sheet="1"/>',
    '<dataValidations count="1"><dataValidation sqref="A1 B2:C3"/></dataValidations>',
    "<!-- <sheetData> -->",
    "<?x <sheetData> ?>",
    '<c r="Z9"><v>1</v></c>',
    '<row r="3"><c r="Z9"><v>1</v></c></row>',
    "<sheetData/>",
    "<x></y>",
    "&amp;",
)
ITEMS = (
    "<si><t>một</t></si>",
    '<si><t xml:space="preserve"> hai </t></si>',
    "<si><t/></si>",
    "<si><t></t></si>",
    "<si/>",
    "<si></si>",
    "<si><r><t>a</t></r><r><rPr><b/></rPr><t>b</t></r></si>",
    '<si><t>a</t><rPh sb="0" eb="1"><t>b</t></rPh></si>',
    '<si><t>a</t><phoneticPr fontId="1"/></si>',
    "<si><t>a&lt;&#10;&amp;lt;</t></si>",
    "<si><t>a&nbsp;</t></si>",
    "<si><t>a<!-- b --></t></si>",
    "<si><t>a_x0041_b</t></si>",
    "<si><t>a\rb</t></si>",
    "<si><t>a</t></si><!-- </si> -->",
    '<si><t x="1">a</t></si>',
    "<si><si><t>a</t></si></si>",
    "<x><si><t>a</t></si></x>",
    '<x:si xmlns:x="urn:x"><t>a</t></x:si>',
    " ",
    "</sst><sst>",
)


# What stands below the cells, as programs write it, and otherwise.
FORMAT = '<conditionalFormatting sqref="A1"><cfRule type="expression"><formula>A1="&lt;"</formula></cfRule>'
FORMATS_BELOW = (
    f"{FORMAT}</conditionalFormatting>",
    '<conditionalFormatting sqref="B1"/>',
    f'{FORMAT}<sheetProtection sheet="0"/></conditionalFormatting>',
    f"{FORMAT}<row/></conditionalFormatting>",
    f"{FORMAT}<!-- </conditionalFormatting> --></conditionalFormatting>",
    f"{FORMAT}",
    f"{FORMAT}</conditionalFormatting></conditionalFormatting>",
    "text",
)
VALIDATIONS_BELOW = (
    '<dataValidation sqref="A1:A9 B2"><formula1>1</formula1></dataValidation>',
    '<dataValidation type="custom" sqref="C3" prompt="a &gt; b"><formula1>A1&gt;1</formula1></dataValidation>',
    '<dataValidation sqref="D4"/>',
    '<dataValidation sqref="E5"><x></y></dataValidation>',
    '<dataValidation sqref="E5"><sheetData/></dataValidation>',
    '<dataValidation sqref="F6">&nbsp;</dataValidation>',
    '<dataValidation sqref="F6"><![CDATA[</dataValidation>]]></dataValidation>',
)
OPENINGS = (
    ' count="2"',
    "",
    ' count="2" count="3"',
    ' xmlns="urn:x"',
    ' prompt=">"',
    "/",
)
PRINTED_BELOW = (
    "<headerFooter><oddFooter>&amp;LSở A&amp;RTrang &amp;P</oddFooter></headerFooter>",
    "<headerFooter><oddHeader></oddHeader><oddFooter>b</oddFooter></headerFooter>",
    "<headerFooter><oddFooter>a & b</oddFooter></headerFooter>",
    "<headerFooter><oddHeader>&</oddHeader><oddFooter>amp;</oddFooter></headerFooter>",
    "<headerFooter><oddFooter>a]]>b</oddFooter></headerFooter>",
    "<headerFooter><oddFooter>a\x01</oddFooter></headerFooter>",
    '<x a="oddFooter>b"/>',
    "<!-- <oddFooter>--</oddFooter> -->",
    '<rowBreaks count="1"><brk id="16" max="16383" man="1"/></rowBreaks>',
    "</worksheet>",
    "<mergeCells/>",
)


@st.composite
def feet(draw: st.DrawFn) -> str:
    """Mostly as programs write it: one in three takes something from the others."""
    plain = draw(st.sampled_from((True, True, False)))

    def some(of: tuple[str, ...], usual: int) -> str:
        return draw(many(of[:usual] if plain else of, 4))

    formats, validations = some(FORMATS_BELOW, 2), some(VALIDATIONS_BELOW, 3)
    opening = draw(st.sampled_from(OPENINGS[:2] if plain else OPENINGS))
    between = f"<dataValidations{opening}>{validations}</dataValidations>"
    protection = draw(st.sampled_from(("", '<sheetProtection sheet="1"/>')))
    last = "" if plain else draw(st.sampled_from(("", protection)))
    return protection + formats + between + some(PRINTED_BELOW, 2) + last


def test_what_stands_below_the_cells() -> None:
    quickly_read = Counter[bool]()

    @settings(max_examples=1200, deadline=None)
    @given(feet(), st.sampled_from(ROOTS[:2]))
    def check(foot: str, root: str) -> None:
        written = hostile.sheet('<row><c r="A1"><v>1</v></c></row>', "", foot, root)
        content = hostile.book(sheet=written)
        assert gate(content) == _carefully(content)
        quickly_read[_weighs_the_same(written.encode())] += 1

    check()
    assert quickly_read[True] > 0.3 * quickly_read.total()


def _weighs_the_same(content: bytes) -> bool:
    """False where it is not read quickly."""
    quick, careful = markup.Markup(), markup.Markup()
    values = sweep.Values(["không", "một"], ["General"], False)
    try:
        sweep._swept(content, quick, values)
    except (Declined, Unreadable):
        return False
    careful.parse(content, sweep.SheetPart(values))
    assert quick.left == careful.left
    return True


def many(of: tuple[str, ...], most: int) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(of), max_size=most).map("".join)


FORMATS = hostile.styles("", '<xf/><xf numFmtId="1"/><xf numFmtId="14"/><xf numFmtId="9"/>')
ROW = ('<row r="#">', '<row r="#" spans="1:9" ht="15.75" customHeight="1" x14ac:dyDescent="0.25">', "<row>")


@st.composite
def rows(draw: st.DrawFn, cells: tuple[str, ...], is_odd: bool) -> str:
    """Rows as a program might write them, perhaps with one thing that no program writes."""
    made = []
    for number in range(1, draw(st.integers(2, 4))):
        some = draw(st.lists(st.sampled_from(cells), unique=True, max_size=6))
        made.append([part.replace("#", str(number)) for part in (draw(st.sampled_from(ROW)), *some, "</row>")])
    if is_odd:
        row = draw(st.sampled_from(made))
        row.insert(draw(st.integers(1, len(row) - 1)), draw(st.sampled_from(ODD)).replace("#", "1"))
    return "".join(part for row in made for part in row)


def test_sheets_of_any_markup() -> None:
    quickly_read = Counter[bool]()

    @settings(max_examples=2500, deadline=None)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        content = data.draw(books())
        quick = gate(content)
        assert quick == _carefully(content)
        quickly_read[len(quick) > 2 and isinstance(read_workbook(content).sheets["A"], SweptCells)] += 1

    check()
    assert quickly_read[True] > 0.15 * quickly_read.total()


@st.composite
def books(draw: st.DrawFn) -> bytes:
    has_strings, odd = draw(st.booleans()), draw(st.sampled_from(("", "around", "root", *("cell",) * 7)))
    texts = hostile.strings("<si><t>không</t></si><si><t>một</t></si>" if has_strings else "")
    body = draw(rows((*PLAIN, *(SHARED if has_strings else INLINE)), odd == "cell"))
    before, after = (draw(st.sampled_from(AROUND)) if odd == "around" else "" for _ in range(2))
    root = draw(st.sampled_from(ROOTS if odd == "root" else ROOTS[:2]))
    written = hostile.sheet(body, before, after, root).encode("utf-8", "surrogatepass")
    return hostile.book(strings=texts, styles=FORMATS, sheet=written)


@settings(max_examples=600, deadline=None)
@given(many(ITEMS, 6), st.sampled_from(("", ' count="3"', ' count="3" uniqueCount="2"', ' a="1"')))
def test_shared_texts_of_any_markup(items: str, attributes: str) -> None:
    row = "".join(f'<c r="A{n + 1}" t="s"><v>{n}</v></c>' for n in range(2))
    content = hostile.book(strings=hostile.strings(items, attributes), sheet=hostile.sheet(f"<row>{row}</row>"))
    assert gate(content) == _carefully(content)


@settings(max_examples=300, deadline=None)
@given(rows((*PLAIN, *SHARED), False), st.sampled_from(ROOTS))
def test_the_weight_is_the_same(body: str, root: str) -> None:
    """One cell more or less in the limit must not depend on the way of reading."""
    content = hostile.sheet(body, '<sheetPr a="1"/>', '<sheetProtection sheet="1"/>', root)
    _weighs_the_same(content.encode("utf-8", "surrogatepass"))


# What is remembered -------------------------------------------------------------------------------


def test_a_memory_forgets_before_it_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MOST", 10_000)
    made: list[bytes] = []
    known = Memory[bytes, int](lambda key: made.append(key) or len(key))
    for number in range(1000):
        key = b"%04d" % number * 10
        assert known[key] == known[key] == 40
    assert len(known) * (40 + memory.EACH) <= 10_000
    assert len(made) == 1000


def test_a_memory_keeps_nothing_long() -> None:
    known = Memory[bytes, int](len)
    assert known[b"x" * (memory.LONGEST + 1)] == memory.LONGEST + 1
    assert not known


def test_what_was_declined_is_not_kept() -> None:
    def decline(key: bytes) -> int:
        raise Declined

    known = Memory[bytes, int](decline)
    for _ in range(2):
        with pytest.raises(Declined):
            known[b"a"]
    assert not known


def test_reading_leaves_the_search_for_cycles_as_it_was(desk: Desk) -> None:
    both = Both(desk)
    for enabled in (True, False):
        (gc.enable if enabled else gc.disable)()
        try:
            both.answer(desk.clean)
            both.answer(b"PK")
            assert gc.isenabled() is enabled
        finally:
            gc.enable()


def test_reading_makes_no_cycles(desk: Desk) -> None:
    """For which nobody looks meanwhile."""
    both = Both(desk)
    both.answer(desk.clean)
    gc.collect()
    gc.disable()
    try:
        both.reader.read(both.path, "a")
        assert gc.collect() == 0
    finally:
        gc.enable()
