"""What people do to a filled form, done to the parts of its .xlsx file, so that nothing else changes.

openpyxl would drop every cached value; here only what a change touches is written anew. Rows are
inserted and deleted as Excel does it: every reference in formulas, names, merges and validations moves along.

Places are written with names of rows: ``B{leaf}`` is the wording of the first leaf.
"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
from campaigns import intake_of

from parxl.books.control.reading import read_control
from parxl.books.form.book import write_form
from parxl.books.form.data import form_data
from parxl.campaign import Folder, Register, Settings, load_register
from parxl.findings import Finding
from parxl.identity import NOTHING, Identity, from_line
from parxl.layout import SHEET_CHECK, SHEET_GUIDE, SHEET_META, SHEET_TABLE, Layout
from parxl.reading.file import FileRead
from parxl.reading.intake import Intake
from parxl.results import Results, score_intake

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
UNITS = {"tinh-mau-2022": "tinh-mau", "ha-tinh-2019": "kho-bac"}
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
NS = f"{{{MAIN}}}"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ET.register_namespace("", MAIN)
ET.register_namespace("r", REL)
WORKBOOK, STRINGS, PROPERTIES = "xl/workbook.xml", "xl/sharedStrings.xml", "docProps/custom.xml"
SHEETS = (SHEET_GUIDE, SHEET_TABLE, SHEET_CHECK, SHEET_META)
PART = {name: f"xl/worksheets/sheet{number}.xml" for number, name in enumerate(SHEETS, start=1)}
REFERENCE = re.compile(r"('[^']+'!)?(?<![A-Za-z0-9_.])(\$?[A-Z]{1,2}\$?)([0-9]{1,4})(?![0-9A-Za-z_(.])")

Value = str | int | float | bool | None


class Form:
    """A form's parts, changed in place. Cells are named as they stand when a change begins."""

    def __init__(self, content: bytes, layout: Layout):
        self.layout = layout
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        self._trees: dict[str, ET.Element] = {}

    @cached_property
    def places(self) -> dict[str, int | str]:
        return row_names(self.layout)

    def tree(self, part: str) -> ET.Element:
        if part not in self._trees:
            self._trees[part] = ET.fromstring(self.parts[part])
        return self._trees[part]

    def sheet(self, name: str = SHEET_TABLE) -> ET.Element:
        return self.tree(PART[name])

    def content(self) -> bytes:
        for part, tree in self._trees.items():
            self.parts[part] = ET.tostring(tree, "utf-8", xml_declaration=True)
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, body in self.parts.items():
                archive.writestr(name, body)
        return made.getvalue()

    # Cells ----------------------------------------------------------------------------------------

    def cell(self, place: str, sheet: str = SHEET_TABLE) -> ET.Element:
        """The cell of this name, made where there is none."""
        address = place.format_map(self.places)
        row = self.row(int(re.sub("[A-Z]", "", address)), sheet)
        found = next((c for c in row if c.get("r") == address), None)
        if found is None:
            before = sum(_order(c.get("r", "")) < _order(address) for c in row)
            found = ET.Element(f"{NS}c", {"r": address})
            row.insert(before, found)
        return found

    def row(self, number: int, sheet: str = SHEET_TABLE) -> ET.Element:
        data = self.sheet(sheet).find(f"{NS}sheetData")
        assert data is not None
        found = next((row for row in data if row.get("r") == str(number)), None)
        if found is None:
            before = sum(int(row.get("r", "0")) < number for row in data)
            found = ET.Element(f"{NS}row", {"r": str(number)})
            data.insert(before, found)
        return found

    def rows(self, sheet: str = SHEET_TABLE) -> list[ET.Element]:
        return list(self.sheet(sheet).iter(f"{NS}row"))

    def put(self, place: str, value: Value, sheet: str = SHEET_TABLE) -> None:
        """Type a value into a cell, or a formula where it begins with "="; None clears it."""
        if isinstance(value, str) and not value.startswith("="):
            return self.put_text(place, value, sheet)
        cell = self._cleared(place, sheet)
        if isinstance(value, str):
            ET.SubElement(cell, f"{NS}f").text = value[1:]
        elif value is not None:
            cell.attrib |= {"t": "b"} if isinstance(value, bool) else {}
            ET.SubElement(cell, f"{NS}v").text = str(int(value) if isinstance(value, bool) else value)

    def put_text(self, place: str, text: str, sheet: str = SHEET_TABLE) -> None:
        """The same of a text, whatever it begins with: as with an apostrophe before it."""
        cell = self._cleared(place, sheet)
        cell.set("t", "inlineStr")
        ET.SubElement(ET.SubElement(cell, f"{NS}is"), f"{NS}t").text = text

    def _cleared(self, place: str, sheet: str) -> ET.Element:
        cell = self.cell(place, sheet)
        for child in list(cell):
            cell.remove(child)
        cell.attrib.pop("t", None)
        return cell

    def text(self, place: str, sheet: str = SHEET_TABLE) -> str:
        """What stands in a cell; of a formula its text."""
        cell = self.cell(place, sheet)
        formula, value = cell.find(f"{NS}f"), cell.findtext(f"{NS}v", "")
        if formula is not None:
            return f"={formula.text}"
        return self.strings[int(value)] if cell.get("t") == "s" else value or "".join(cell.itertext())

    @cached_property
    def strings(self) -> list[str]:
        return ["".join(item.itertext()) for item in self.tree(STRINGS)]

    def formulas(self) -> Iterator[ET.Element]:
        """Every element that holds a formula or a reference, of all sheets."""
        for name in SHEETS:
            for tag in ("f", "formula", "formula1", "formula2"):
                yield from self.sheet(name).iter(f"{NS}{tag}")
        yield from self.tree(WORKBOOK).iter(f"{NS}definedName")

    # Rows -----------------------------------------------------------------------------------------

    def insert(self, before: int, count: int = 1) -> None:
        self._move(before, count)

    def delete(self, number: int) -> None:
        data = self.sheet().find(f"{NS}sheetData")
        assert data is not None
        data.remove(self.row(number))
        self._move(number + 1, -1)

    def _move(self, first: int, by: int) -> None:
        """All rows from ``first`` move; what referred to a row that is gone becomes #REF!."""
        gone = range(first + by, first) if by < 0 else range(0)

        def moved(found: re.Match[str]) -> str:
            number = int(found[3])
            if found[1] not in (None, f"'{SHEET_TABLE}'!"):
                return found[0]
            if number in gone:
                return "#REF!"
            return f"{found[1] or ''}{found[2]}{number + by if number >= first else number}"

        self._rename_rows(first, by)
        check = set(self.sheet(SHEET_CHECK).iter())
        for element in self.formulas():
            if element.text and (element not in check or SHEET_TABLE in element.text):
                element.text = REFERENCE.sub(moved, element.text)
        self._move_areas(moved)

    def _rename_rows(self, first: int, by: int) -> None:
        for row in self.rows():
            if (number := int(row.get("r", "0"))) >= first:
                row.set("r", str(number + by))
                for cell in row:
                    cell.set("r", cell.get("r", "").replace(str(number), str(number + by)))

    def _move_areas(self, moved: Callable[[re.Match[str]], str]) -> None:
        for parent in list(self.sheet().iter()):
            for element in list(parent):
                for name in ("sqref", "ref"):
                    if old := element.get(name):
                        new = REFERENCE.sub(moved, old)
                        element.set(name, new)
                        if "#REF!" in new:
                            parent.remove(element)

    # Sheets ---------------------------------------------------------------------------------------

    def sheet_entry(self, name: str) -> ET.Element:
        return next(s for s in self.tree(WORKBOOK).iter(f"{NS}sheet") if s.get("name") == name)

    def rename(self, old: str, new: str) -> None:
        """As Excel does it: formulas and names follow, quotes where the name needs them."""
        self.sheet_entry(old).set("name", new)
        quoted = new if re.fullmatch(r"[A-Za-z_]+", new) else "'" + new.replace("'", "''") + "'"
        for element in self.formulas():
            element.text = (element.text or "").replace(f"'{old}'!", f"{quoted}!")

    def remove(self, name: str) -> None:
        """As Excel does it: what referred to the sheet becomes #REF!."""
        sheets = self.tree(WORKBOOK).find(f"{NS}sheets")
        assert sheets is not None
        sheets.remove(self.sheet_entry(name))
        self.drop(WORKBOOK, "definedName", lambda e: (e.text or "").startswith(f"'{name}'!"))
        for element in self.formulas():
            element.text = re.sub(rf"'{name}'!\$?[A-Z]+\$?[0-9]+", "#REF!", element.text or "")

    def drop(self, part: str, tag: str, test: Callable[[ET.Element], bool] = lambda element: True) -> int:
        """Remove these elements from a part; how many."""
        found = [
            (parent, child)
            for parent in self.tree(part).iter()
            for child in parent
            if child.tag == f"{NS}{tag}" and test(child)
        ]
        for parent, child in found:
            parent.remove(child)
        return len(found)

    # Identity -------------------------------------------------------------------------------------

    def meta_cell(self, field: str) -> str:
        rows = range(1, len(self.rows(SHEET_META)) + 1)
        return next(f"B{row}" for row in rows if self.text(f"A{row}", SHEET_META) == field)

    def set_property(self, field: str, value: str) -> None:
        pattern = rf'(name="parxl_{field}"><vt:lpwstr>)[^<]*'
        text, count = re.subn(pattern, rf"\g<1>{value}", self.parts[PROPERTIES].decode())
        assert count == 1
        self.parts[PROPERTIES] = text.encode()

    def forge(self, **fields: str) -> None:
        """Another identity, in all its three places."""
        line = from_line(self.text("B{identity}"))
        assert line is not None
        known = {key: fields.get(key, value) for key, value in line.fields().items() if key != "format"}
        self.put("B{identity}", Identity(**known).line)
        for name, value in fields.items():
            self.put(self.meta_cell(name), value, SHEET_META)
            self.set_property(name, value or NOTHING)


def _order(address: str) -> tuple[int, str]:
    letters = re.sub("[0-9]", "", address)
    return len(letters), letters


def row_names(layout: Layout) -> dict[str, int | str]:
    """Name -> number of a row; of each kind of row the first."""
    found: dict[str, int | str] = {}
    for row in layout.rows:
        found.setdefault(row.kind, row.number)
    found["a"], found["b"] = _ratio(layout)
    found["under"] = layout.last_row + 1
    found["one"] = next(iter(layout.input_rows.values())).number
    found["leaf2"] = [row.number for row in layout.rows if row.kind == "leaf"][1]
    found["whole"] = next(row.number for row in layout.rows if layout.maximum(row).isdecimal())
    found["names"] = layout.sign_row + 4
    found["first"] = layout.rows[0].number
    for name in ("preamble", "title", "status", "header", "number", "note", "sign", "checksum", "identity"):
        found[name] = int(getattr(layout, f"{name}_row"))
    found["head"] = _part_head(layout)
    return found


def _ratio(layout: Layout) -> tuple[int, int]:
    """The rows of the first pair of inputs a, b."""
    rows = layout.input_rows
    first = next(key for key in rows if key.endswith("/a") and f"{key[:-1]}b" in rows)
    return rows[first].number, rows[f"{first[:-1]}b"].number


def _part_head(layout: Layout) -> int:
    """The first row with a part's live score."""
    return min(layout.part_rows.values())


def through_openpyxl(content: bytes, change: Callable[[openpyxl.Workbook], None]) -> bytes:
    """A change by a program that writes the whole workbook anew."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    change(book)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def rewritten(form: Form, change: Callable[[openpyxl.Workbook], None]) -> None:
    """The same on a form whose parts then are the other program's."""
    form.__init__(through_openpyxl(form.content(), change), form.layout)  # type: ignore[misc]


# What a table of mutations is made of ---------------------------------------------------------------

Change = Callable[[Form], None]


@dataclass(frozen=True)
class Mutation:
    """``expected``: "CODE", "CODE cell" of the table, "CODE sheet!cell" or "CODE sheet!"."""

    name: str
    change: Change
    expected: tuple[str, ...] = ()
    fate: str = "scored"


def told(found: Finding) -> str:
    """A finding as a table entry names it."""
    if found.sheet == SHEET_TABLE and found.cell:
        return f"{found.code} {found.cell}"
    place = f"{found.sheet}!{found.cell or ''}" if found.sheet else ""
    return f"{found.code} {place}".strip()


# Changes ------------------------------------------------------------------------------------------


def put(place: str, value: Value, sheet: str = SHEET_TABLE) -> Change:
    return lambda form: form.put(place, value, sheet)


def all_of(*changes: Change) -> Change:
    def change(form: Form) -> None:
        for one in changes:
            one(form)

    return change


def insert(before: str, count: int = 1) -> Change:
    return lambda form: form.insert(int(before.format_map(form.places)), count)


def delete(row: str) -> Change:
    return lambda form: form.delete(int(row.format_map(form.places)))


def drop(tag: str, sheet: str = SHEET_TABLE) -> Change:
    def change(form: Form) -> None:
        assert form.drop(PART[sheet], tag)

    return change


def meta(name: str, value: str) -> Change:
    return lambda form: form.put(form.meta_cell(name), value, SHEET_META)


def forged(**fields: str) -> Change:
    return lambda form: form.forge(**fields)


def resaved(change: Callable[[Any], None] = lambda book: None) -> Change:
    return lambda form: rewritten(form, change)


def on_sheet(sheet: str, change: Callable[[Any], None]) -> Change:
    return resaved(lambda book: change(book[sheet]))


def attribute(part: str, tag: str, name: str, value: str | None) -> Change:
    """Set an attribute of every such element, or remove it."""

    def change(form: Form) -> None:
        for element in form.tree(part).iter(f"{NS}{tag}"):
            element.attrib.pop(name, None)
            element.attrib |= {} if value is None else {name: value}

    return change


def column(number: int, insert: bool = True) -> Change:
    def change(sheet: Any) -> None:
        sheet.insert_cols(number) if insert else sheet.delete_cols(number)

    return on_sheet(SHEET_TABLE, change)


def forge_score(form: Form) -> None:
    """Another cached value behind the same formula."""
    value = form.cell("E{total}").find(f"{NS}v")
    assert value is not None
    value.text = "19.75"


# Whose form ---------------------------------------------------------------------------------------


@dataclass
class Desk:
    """One unit's campaign, and the form that it sent."""

    layout: Layout
    settings: Settings
    register: Register
    unit: str
    clean: bytes
    place: Path
    known: dict[str, FileRead] = field(default_factory=dict)

    def intake(self, content: bytes, register: Register | None = None) -> Intake:
        target = self.place / "2-nop" / "phiếu.xlsx"
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(content)
        return intake_of(Folder(self.place), self.layout, self.settings, register or self.register)

    def read(self, mutation: Mutation) -> FileRead:
        if mutation.name not in self.known:
            self.known[mutation.name] = self.intake(self.changed(mutation.change)).files[0]
        return self.known[mutation.name]

    def changed(self, change: Change) -> bytes:
        form = Form(self.clean, self.layout)
        change(form)
        return form.content()

    @cached_property
    def clean_results(self) -> Results:
        return self.results(self.clean)

    def blank(self) -> bytes:
        unit = self.settings.units[0]
        return write_form(form_data(self.layout, self.settings, unit, self.register))

    def results(self, content: bytes) -> Results:
        intake = self.intake(content)
        return score_intake(self.layout, self.settings, self.register, intake)


def make_desk(name: str, place: Path) -> Desk:
    """The sample campaign's unit, its form filled as the samples' generator fills it."""
    sys.path.insert(0, str(SAMPLES))
    try:
        import ha_tinh
        import make_samples as samples
        import tinh_mau
    finally:
        sys.path.remove(str(SAMPLES))
    folder, code = Folder(SAMPLES / name), UNITS[name]
    criteria = folder.load_criteria()
    layout, settings = Layout(criteria), read_control(folder.control, criteria)
    register = load_register(folder.register)
    assert register is not None
    if code == "tinh-mau":
        texts = samples.TINH_MAU
        filled = samples.Filled(code, tinh_mau.FILE, tinh_mau.SHORT, tinh_mau.FIGURES, texts)
    else:
        agency = next(agency for agency in ha_tinh.AGENCIES if agency.code == code)
        filled = list(samples._agency_forms(agency))[-1]
    content = samples.fill(layout, settings, register, filled)
    settings = replace(settings, units=(settings.unit_by_code[code],))
    return Desk(layout, settings, register, code, content, place)
