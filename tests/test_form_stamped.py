"""Forms are stamped upon sheets that are drawn once: each is what XlsxWriter writes for that unit alone."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell

from parxl.books import package
from parxl.books.form import book as form_book
from parxl.books.form.book import write_form
from parxl.books.form.data import Cause, FormData, Mending, Remark, template_data
from parxl.books.plate import Plate
from parxl.books.styles import Book, Sheet
from parxl.campaign import Exemption
from parxl.criteria import load_set
from parxl.layout import EVIDENCE, INPUT, SHEET_TABLE, Layout
from parxl.rules import BLANK, DAMAGED

LAYOUTS = {name: Layout(load_set(name)) for name in ("ha-tinh-2019-iv", "par-index-tthc-2022")}
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
NAMES = (
    "Sở Nội vụ",
    "Ủy ban nhân dân xã \"Đá & Nước\" <thử> 'một'",
    "Ban Quản lý các dự án đầu tư xây dựng công trình hạ tầng kỹ thuật đô thị và khu kinh tế cửa khẩu; " * 3,
    "x" * 300,
    "  hai  khoảng trắng ",
    "=1+1",
    "&[Page] &&P",
    "Hướng dẫn",
    "_x000D_ dòng\nmới",
    "",
)
TEXTS = ("x", "X", " x ", "không rõ", "=1+1", "<b>&</b>", "http://x.example", "-", "", "a" * 400)
CAUSES: tuple[Cause, ...] = ("figures", "conflict", "damaged", "unusable", "merged")


# Forms of all kinds -------------------------------------------------------------------------------


def random_form(layout: Layout, seed: int) -> FormData:
    random = Random(seed)
    base = replace(template_data(layout.criteria), layout=layout, year=random.choice((2025, 2026)))
    unit = f"u{seed}"
    data = replace(
        base,
        identity=replace(
            base.identity, kind="form", campaign="c-2026-0a1b2c3d", unit=unit, serial=f"{seed:08x}"
        ),
        unit_name=random.choice(NAMES),
        authority=random.choice(NAMES),
        signer=random.choice(("", *NAMES)),
        post=random.choice(NAMES),
        campaign_name=random.choice(("", "Đợt 1 & 2")),
        lead=random.choice(("", "Sở Nội vụ")),
        deadline=random.choice((None, dt.date(2026, 12, 31))),
        formula_checked=random.random() < 0.3,
        submission=random.choice((1, 1, 2, 99)),
    )
    for change in (_exempted, _remembered, _filled, _sent_back):
        if random.random() < 0.5:
            data = change(data, random)
    return data


def _exempted(data: FormData, random: Random) -> FormData:
    criteria = data.layout.criteria
    keys = [*(at.key for at in criteria.parts), *(node.code for node in criteria.entered)]
    return replace(data, exempt={key: Exemption("*", key) for key in random.sample(keys, random.randint(1, 9))})


def _typed(data: FormData, random: Random) -> dict[str, int | float | str]:
    keys = [key for key in data.layout.criteria.inputs if random.random() < 0.6]
    return {
        key: random.choice((random.randint(0, 10**9), random.random(), random.choice(TEXTS))) for key in keys
    }


def _remembered(data: FormData, random: Random) -> FormData:
    return replace(data, last_year=_typed(data, random))


def _filled(data: FormData, random: Random) -> FormData:
    criteria = data.layout.criteria
    some = (BLANK, DAMAGED, 0, 1, 57, 60, 12345)
    inputs = {key: random.choice(some) for key in criteria.inputs if random.random() < 0.8}
    marks = {key for key, wanted in criteria.inputs.items() if wanted.kind == "mark"}
    inputs = {key: random.choice((0, 1, DAMAGED)) if key in marks else value for key, value in inputs.items()}
    leaves = [node.code for node in criteria.leaves if node.parts and random.random() < 0.5]
    evidence = {code: random.choice(TEXTS) * random.choice((1, 30)) for code in leaves}
    return replace(data, typed=_typed(data, random), inputs=inputs, evidence=evidence)


def _sent_back(data: FormData, random: Random) -> FormData:
    layout, rows = data.layout, data.layout.input_rows
    open_keys = [key for key, row in rows.items() if not data.is_exempt(row)]
    cells = [layout.input_cell(key) for key in open_keys]
    cells += [layout.evidence_cell(node.code) for node in layout.criteria.leaves if node.parts]
    remarks = [
        Remark(
            random.choice(("error", "warning")),
            random.choice(("1.1", "")),
            tuple(random.sample(cells, random.choice((0, 1, 2)))),
            random.choice(TEXTS),
            random.choice(NAMES),
        )
        for _ in range(random.choice((0, 1, 12)))
    ]
    mending = Mending(random.choice(CAUSES), (random.choice(NAMES),), random.choice((None, 3)), tuple(remarks))
    return replace(data, mending=mending)


# What a workbook holds, whatever the numbers of its texts and formats -----------------------------


class Held:
    """Every part of a workbook; in the sheets, texts and formats stand for their numbers."""

    def __init__(self, content: bytes):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self.parts = {name: archive.read(name).decode() for name in archive.namelist()}
        self.names = list(self.parts)
        shared = ET.fromstring(self.parts.pop("xl/sharedStrings.xml"))
        self.texts = [ET.tostring(item, "unicode") for item in shared]
        styles = ET.fromstring(self.parts.pop("xl/styles.xml"))
        tables = {table.tag.removeprefix(MAIN): list(table) for table in styles}
        numbers = {one.get("numFmtId"): one.get("formatCode") for one in tables.get("numFmts", [])}
        self.looks = [_look(xf, tables, numbers) for xf in tables["cellXfs"]]
        self.conditional = [ET.tostring(one, "unicode") for one in tables["dxfs"]]
        self.rest = {name: text for name, text in self.parts.items() if "/worksheets/sheet" not in name}
        sheets = {name: ET.fromstring(text) for name, text in self.parts.items() if name not in self.rest}
        self.sheets = {name: self._sheet(tree) for name, tree in sheets.items()}

    def _sheet(self, tree: ET.Element) -> tuple[dict[str, Any], list[str]]:
        """(each cell and row by its address, everything else)."""
        held: dict[str, Any] = {}
        data = tree.find(f"{MAIN}sheetData")
        assert data is not None
        for row in data:
            held[row.attrib["r"]] = dict(row.attrib)
            held.update((cell.attrib["r"], self._cell(cell)) for cell in row)
        tree.remove(data)
        for rule in tree.iter(f"{MAIN}cfRule"):
            if "dxfId" in rule.attrib:
                rule.set("dxfId", self.conditional[int(rule.attrib["dxfId"])])
        return held, [ET.tostring(part, "unicode") for part in tree]

    def _cell(self, cell: ET.Element) -> tuple[Any, ...]:
        kind, value = cell.get("t"), cell.findtext(f"{MAIN}v")
        if kind == "s":
            value = self.texts[int(value or "")]
        return kind, cell.findtext(f"{MAIN}f"), value, self.looks[int(cell.get("s", 0))]


def _look(xf: ET.Element, tables: dict[str, list[ET.Element]], numbers: dict[str | None, str | None]) -> str:
    """A format without the numbers of its font, fill, border and number format."""
    found = {
        "fontId": tables["fonts"],
        "fillId": tables["fills"],
        "borderId": tables["borders"],
    }
    held = [ET.tostring(table[int(xf.attrib[name])], "unicode") for name, table in found.items()]
    number = xf.attrib["numFmtId"]
    rest = {name: value for name, value in xf.attrib.items() if name not in (*found, "numFmtId")}
    inner = [ET.tostring(one, "unicode") for one in xf]
    return repr((held, numbers.get(number, number), rest, inner))


def assert_same(stamped: bytes, plain: bytes) -> None:
    one, other = Held(stamped), Held(plain)
    assert one.names == other.names
    assert one.rest == other.rest
    for name, (cells, rest) in one.sheets.items():
        assert cells == other.sheets[name][0], name
        assert rest == other.sheets[name][1], name


# The same without a plate -------------------------------------------------------------------------


class PlainSheet(Sheet):
    """An ordinary sheet of XlsxWriter's: the drawing, and then the unit's own, by ordinary calls."""

    def put(self, cell: str, value: str | float | None) -> None:
        style = self._there(cell).format
        if value is None:
            self.write_blank(cell, None, style)
        elif isinstance(value, str):
            self.write_string(cell, value, style)
        else:
            self.write_number(cell, value, style)

    def result(self, cell: str, value: str | float) -> None:
        there = self._there(cell)
        self.write_formula(cell, f"={there.formula}", there.format, value)

    def formula(self, cell: str, formula: str, value: str | float) -> None:
        self.write_formula(cell, formula, self._there(cell).format, value)

    def unvalidate(self, cells: set[str]) -> None:
        areas = [(one, one["cells"][0]) for one in self.validations]
        self.validations = [one for one, (row, col, *_) in areas if xl_rowcol_to_cell(row, col) not in cells]

    def _there(self, cell: str) -> Any:
        row, column = xl_cell_to_rowcol(cell)
        return self.table[row][column]


class PlainBook(Book):
    def __init__(self, plate: Plate, *facts: Any):
        super().__init__(*facts)
        self.plate = plate

    def stamped(self, name: str) -> PlainSheet:
        sheet: PlainSheet = self.workbook.add_worksheet(name, PlainSheet)
        self.plate.draws[name](self, sheet)
        return sheet


@pytest.fixture
def plainly(monkeypatch: pytest.MonkeyPatch) -> Callable[[FormData], bytes]:
    """``write_form`` with ordinary sheets, and nothing remembered."""

    def write(data: FormData) -> bytes:
        with monkeypatch.context() as patch:
            patch.setattr(Plate, "book", lambda plate, *facts: PlainBook(plate, *facts))
            forget()
            content = write_form(data)
        forget()
        return content

    return write


def forget() -> None:
    """All that is kept between two forms."""
    form_book._drawn.cache_clear()
    package._parts.clear()


# --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("set_id", LAYOUTS)
def test_every_form_is_what_xlsxwriter_writes_for_it_alone(
    set_id: str, plainly: Callable[[FormData], bytes]
) -> None:
    forms = [random_form(LAYOUTS[set_id], seed) for seed in range(24)]
    stamped = [write_form(data) for data in forms]
    for data, content in zip(forms, stamped, strict=True):
        assert_same(content, plainly(data))


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_what_was_written_before_leaves_no_trace() -> None:
    forms = [random_form(layout, seed) for layout in LAYOUTS.values() for seed in range(12)]
    assert len({data.common for data in forms}) > form_book.MOST_KEPT
    together = [content for data in forms for content in [write_form(data)]]
    forget()
    backwards = [write_form(data) for data in reversed(forms)]
    assert together == backwards[::-1]
    for data, content in list(zip(forms, together, strict=True))[::6]:
        forget()
        assert write_form(replace(data)) == content


def test_a_name_that_excel_would_refuse_is_told() -> None:
    names = (("in_1_1_a", "'Trang'!$D$1"), ("R1C1", "'Trang'!$D$2"))
    with pytest.raises(ValueError, match="R1C1"), pytest.warns(UserWarning, match="R1C1"):
        Book(2026, "", "").workbook.define_names(names)


def test_nothing_of_one_unit_comes_into_the_form_of_another() -> None:
    layout = LAYOUTS["ha-tinh-2019-iv"]
    secret = "Bí mật của đơn vị"
    first = _filled(random_form(layout, 1), Random(1))
    marked = {
        "unit_name": secret,
        "authority": secret,
        "post": secret,
        "signer": secret,
        "typed": dict.fromkeys(layout.criteria.inputs, secret),
        "evidence": {node.code: secret for node in layout.criteria.leaves if node.parts},
        "last_year": dict.fromkeys(layout.criteria.inputs, secret),
        "identity": replace(first.identity, unit=secret, serial=secret, campaign=secret),
    }
    forget()
    assert any(
        secret in text for text in map(bytes.decode, _parts(write_form(replace(first, **marked))).values())
    )
    second = replace(first, unit_name="b", signer="c", last_year={next(iter(layout.criteria.inputs)): 1})
    for part in _parts(write_form(second)).values():
        assert secret.casefold() not in part.decode().casefold()


def test_a_cell_to_mend_keeps_its_frame_over_what_is_typed() -> None:
    """The oracle of the comparison above sees looks: red frames make a difference to it."""
    layout = LAYOUTS["par-index-tthc-2022"]
    data = replace(random_form(layout, 3), exempt={})
    key, code = next(iter(layout.input_rows)), next(n.code for n in layout.criteria.leaves if n.parts)
    cells = (layout.input_cell(key), layout.evidence_cell(code))
    assert [cell[0] for cell in cells] == [INPUT, EVIDENCE]
    remark = Remark("error", "1", cells, "", "Xin xem lại")
    typed = replace(
        data, typed={key: 5}, evidence={code: "Báo cáo"}, mending=Mending("figures", ("a",), 1, (remark,))
    )
    unmarked = replace(typed, mending=Mending("figures", ("a",), 1, ()))
    one, other = (Held(write_form(form)) for form in (typed, unmarked))
    sheet = next(name for name in one.sheets if name.endswith("sheet3.xml"))
    assert SHEET_TABLE in one.parts["xl/workbook.xml"]
    differing = {cell for cell, held in one.sheets[sheet][0].items() if held != other.sheets[sheet][0][cell]}
    assert differing == set(cells)
