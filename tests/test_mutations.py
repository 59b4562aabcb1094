"""Real filled forms, changed in all the ways in which people change them: each change with exactly the
findings it must give, its fate, and the same scores to the last unit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import pandas as pd
import pytest
from mutations import (
    NS,
    PART,
    PROPERTIES,
    UNITS,
    WORKBOOK,
    Change,
    Desk,
    Form,
    Mutation,
    all_of,
    attribute,
    column,
    delete,
    drop,
    forge_score,
    forged,
    insert,
    make_desk,
    meta,
    on_sheet,
    put,
    resaved,
    rewritten,
    row_names,
    told,
)
from openpyxl.chart import BarChart
from openpyxl.comments import Comment

from parxl.layout import SHEET_CHECK, SHEET_GUIDE, SHEET_META, SHEET_TABLE, Layout
from parxl.scoring import score

SEVERITY = {
    **dict.fromkeys(("PX302", "PX303", "PX304", "PX305", "PX306", "PX307", "PX310", "PX311", "PX326"), "error"),
    **dict.fromkeys(("PX339", "PX345", "PX349"), "error"),
    **dict.fromkeys(("PX329", "PX330", "PX331", "PX332", "PX333", "PX334", "PX335", "PX336"), "warning"),
    **dict.fromkeys(("PX337", "PX341", "PX346", "PX347", "PX348", "PX320", "PX408"), "warning"),
    **dict.fromkeys(("PX401", "PX407"), "error"),
    **dict.fromkeys(
        ("PX325", "PX338", "PX340", "PX342", "PX343", "PX344", "PX350", "PX352", "PX411", "PX412"), "note"
    ),
}


@pytest.fixture(scope="module", params=list(UNITS))
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return make_desk(request.param, tmp_path_factory.mktemp("desk"))


# Locked cells -------------------------------------------------------------------------------------

WORDING = [
    Mutation("wording of an area", put("B{area}", "LĨNH VỰC KHÁC"), ("PX330 B{area}",)),
    Mutation("wording of a group", put("B{group}", "Nhóm khác"), ("PX330 B{group}",)),
    Mutation("wording of a leaf", put("B{leaf}", "Tiêu chí khác"), ("PX330 B{leaf}",)),
    Mutation("wording of an option", put("B{option}", "Đạt: 100 điểm"), ("PX330 B{option}",)),
    Mutation("label of an input", put("B{a}", "a – Số khác"), ("PX330 B{a}",)),
    Mutation("wording of a band", put("B{band}", "Từ 1% trở lên: 10"), ("PX330 B{band}",)),
    Mutation("wording of a text line", put("B{text}", None), ("PX330 B{text}",)),
    Mutation("wording of a leaf cleared", put("B{leaf}", None), ("PX330 B{leaf}",)),
    Mutation("wording made a number", put("B{leaf}", 5), ("PX330 B{leaf}",)),
    Mutation("wording made a formula", put("B{leaf}", '="Tiêu chí"'), ("PX330 B{leaf}",)),
    Mutation("maximum raised", put("C{leaf}", "99"), ("PX330 C{leaf}",)),
    Mutation("maximum cleared", put("C{leaf}", None), ("PX330 C{leaf}",)),
    Mutation("maximum made a number", put("C{leaf}", 99), ("PX330 C{leaf}",)),
    Mutation("STT of a leaf", put("A{leaf}", "9.9.9"), ("PX330 A{leaf}",)),
    Mutation("STT of an area cleared", put("A{area}", None), ("PX330 A{area}",)),
    Mutation("maximum of the total", put("C{total}", "100"), ("PX330 C{total}",)),
    Mutation("wording of the total", put("B{total}", "TỔNG"), ("PX330 B{total}",)),
    Mutation("a mark on a band", put("D{band}", "x"), ("PX330 D{band}",)),
    Mutation(
        "three texts at once",
        all_of(put("B{area}", "x"), put("B{leaf}", "y"), put("C{total}", "100")),
        ("PX330 B{area}", "PX330 B{leaf}", "PX330 C{total}"),
    ),
]
FRAME = [
    Mutation("a heading", put("C{header}", "Điểm"), ("PX347 C{header}",)),
    Mutation("a heading of a hidden column", put("H{header}", "key"), ("PX347 H{header}",)),
    Mutation("the row of numbers", put("B{number}", "(b)"), ("PX347 B{number}",)),
    Mutation("the unit's name", put("A2", "ĐƠN VỊ KHÁC"), ("PX347 A2",)),
    Mutation("the authority", put("A1", None), ("PX347 A1",)),
    Mutation("the national header", put("C1", "VIỆT NAM"), ("PX347 C1",)),
    Mutation("place and date", put("C3", "Hà Tĩnh, ngày 05 tháng 12 năm 2026"), ("PX347 C3",)),
    Mutation("the decision", put("A{preamble}", "Quyết định khác"), ("PX347 A{preamble}",)),
    Mutation("the form's title", put("A{title}", "PHIẾU NĂM 2030"), ("PX347 A{title}",)),
    Mutation("the status line", put("A{status}", "ĐÃ NHẬP ĐỦ SỐ LIỆU"), ("PX347 A{status}",)),
    Mutation("the label of Lần nộp", put("D{status}", "Lần:"), ("PX347 D{status}",)),
    Mutation("the guide", put("A1", "Hướng dẫn khác", SHEET_GUIDE), (f"PX347 {SHEET_GUIDE}!A1",)),
    Mutation("a line added to the guide", put("A90", "Ghi chú", SHEET_GUIDE)),
    Mutation("a heading of the check sheet", put("A1", "Đã xong", SHEET_CHECK), (f"PX347 {SHEET_CHECK}!A1",)),
    Mutation("the status overtyped", put("A3", "ĐÃ XONG", SHEET_CHECK), (f"PX347 {SHEET_CHECK}!A3",)),
    Mutation("the checksum overtyped", put("F{checksum}", "123-456-789"), ("PX347 F{checksum}",)),
    Mutation("the checksum cleared", put("F{checksum}", None), ("PX347 F{checksum}",)),
]
LIVE = [
    Mutation("a score made a number", put("E{head}", 100), ("PX331 E{head}",)),
    Mutation("a score made another formula", put("E{head}", "=1+1"), ("PX331 E{head}",)),
    Mutation(
        "a score's formula kept as text", lambda f: f.put_text("E{head}", f.text("E{head}")), ("PX331 E{head}",)
    ),
    Mutation("a score deleted", put("E{head}", None), ("PX331 E{head}",)),
    Mutation("a sum of an area overtyped", put("E{area}", 60), ("PX331 E{area}",)),
    Mutation("the total overtyped", put("E{total}", 60), ("PX331 E{total}",)),
    Mutation("the check column overtyped", put("G{head}", "Đủ"), ("PX331 G{head}",)),
    Mutation("a score typed into a text line", put("E{text}", 1), ("PX332 E{text}",)),
    Mutation("a hidden value overtyped", put("I{a}", 1), ("PX331 I{a}",)),
    Mutation("a hidden state overtyped", put("J{head}", "scored"), ("PX331 J{head}",)),
    Mutation("a hidden checksum overtyped", put("K{a}", 1), ("PX331 K{a}",)),
    Mutation("a note in a hidden column", put("J{text}", "ghi chú"), ("PX332 J{text}",)),
]


CACHED = [
    Mutation("the total's cached value forged", forge_score),
    Mutation("no cached values", lambda form: [cell.remove(v) for cell, v in cached(form)] and None),
]


def cached(form: Form) -> list[tuple[ET.Element, ET.Element]]:
    cells = [cell for row in form.rows() for cell in row if cell.find(f"{NS}f") is not None]
    return [(cell, v) for cell in cells if (v := cell.find(f"{NS}v")) is not None]


# Row keys -----------------------------------------------------------------------------------------

KEYS = [
    Mutation("the key of an input made nonsense", put("H{a}", "???"), ("PX307 {table}!",), "rejected"),
    Mutation("the key of an input cleared", put("H{a}", None), ("PX307 {table}!",), "rejected"),
    Mutation(
        "the key of another input",
        lambda form: form.put("H{a}", form.text("H{b}")),
        ("PX307 {table}!", "PX310 {table}!"),
        "rejected",
    ),
    Mutation("the key of a leaf cleared", put("H{leaf}", None), ("PX307 {table}!",), "rejected"),
    Mutation("the key of the total cleared", put("H{total}", None), ("PX307 {table}!",), "rejected"),
    Mutation("the key of a band cleared", put("H{band}", None), ("PX333 {table}!", "PX334 {table}!", "*PX332")),
]


# Identity -----------------------------------------------------------------------------------------


def seal_row(form: Form, change: Callable[[str], str]) -> None:
    cell = form.meta_cell(f"seal:{SHEET_TABLE}")
    form.put(cell, change(form.text(cell, SHEET_META)), SHEET_META)


def drop_seals(form: Form) -> None:
    for row in form.rows(SHEET_META):
        if form.text(f"A{row.get('r')}", SHEET_META).startswith("seal:"):
            form.put(f"A{row.get('r')}", None, SHEET_META)
            form.put(f"B{row.get('r')}", None, SHEET_META)


IDENTITY = [
    Mutation("the identity cell edited", put("B{identity}", "parxl|form|a|b|c|d|e"), ("PX311",), "rejected"),
    Mutation("the identity cell made plain text", put("B{identity}", "?"), ("PX329", "PX347 B{identity}")),
    Mutation("the hidden sheet's unit edited", meta("unit", "so-khac"), ("PX311",), "rejected"),
    Mutation("the hidden sheet's serial edited", meta("serial", "0" * 12), ("PX311",), "rejected"),
    Mutation("a property edited", lambda form: form.set_property("unit", "so-khac"), ("PX311",), "rejected"),
    Mutation("the properties lost", lambda form: form.parts.pop(PROPERTIES) and None, ("PX329",)),
    Mutation("a seal edited", lambda form: seal_row(form, lambda s: s.replace("A1=", "A1=0")), ("PX347 A1",)),
    Mutation("a seal's cell renamed to nonsense", lambda form: seal_row(form, lambda s: "ZZZZ9=1 " + s)),
    Mutation("the seals deleted", drop_seals, ("PX352 _parxl!",)),
    Mutation("last year's campaign", forged(campaign="x-2025-00000000"), ("PX304",), "rejected"),
    Mutation("another set", forged(set="bo-khac"), ("PX303",), "rejected"),
    Mutation("another edition", forged(edition="0" * 12), ("PX303",), "rejected"),
    Mutation("another wording", meta("wording", "0" * 12), ("PX325",)),
    Mutation("an unknown unit", forged(unit="so-khac"), ("PX305",), "rejected"),
    Mutation("another serial", forged(serial="0" * 12), ("PX306",), "rejected"),
    Mutation("an unknown kind", forged(kind="appraisal"), ("PX302",), "rejected"),
    Mutation(
        "a blank template", forged(kind="template", unit="", serial="", campaign=""), ("PX326",), "rejected"
    ),
]


# Guards -------------------------------------------------------------------------------------------


def lock_style(form: Form) -> None:
    """An evidence cell gets the look of a locked one."""
    form.cell("F{leaf}").set("s", form.cell("F{area}").get("s", "0"))


def drop_validation(form: Form) -> None:
    address = "D{a}".format_map(form.places)
    assert form.drop(PART[SHEET_TABLE], "dataValidation", lambda e: e.get("sqref") == address)


def drop_name(form: Form) -> None:
    assert form.drop(WORKBOOK, "definedName", lambda e: e.get("name") == "score_total")


def mislead_names(form: Form) -> None:
    for element in form.tree(WORKBOOK).iter(f"{NS}definedName"):
        if str(element.get("name")).startswith("in_"):
            element.text = f"'{SHEET_TABLE}'!$A$1"


def lock_structure(form: Form) -> None:
    form.tree(WORKBOOK).insert(2, ET.Element(f"{NS}workbookProtection", {"lockStructure": "1"}))


GUARDS = [
    Mutation("the table unprotected", drop("sheetProtection"), ("PX336 {table}!",)),
    Mutation("the guide unprotected", drop("sheetProtection", SHEET_GUIDE), (f"PX336 {SHEET_GUIDE}!",)),
    Mutation("the check sheet unprotected", drop("sheetProtection", SHEET_CHECK), (f"PX336 {SHEET_CHECK}!",)),
    Mutation("the hidden sheet unprotected", drop("sheetProtection", SHEET_META)),
    Mutation("one validation lost", drop_validation, ("PX344 D{a}",)),
    Mutation("all validations lost", drop("dataValidations"), ("PX344 D{one}",)),
    Mutation("one name lost", drop_name, ("PX343",)),
    Mutation("all names lost", lambda form: form.drop(WORKBOOK, "definedName") and None, ("PX343",)),
    Mutation("names that point elsewhere", mislead_names),
    Mutation("hidden columns shown", attribute(PART[SHEET_TABLE], "col", "hidden", None)),
    Mutation("the hidden sheet shown", lambda f: f.sheet_entry(SHEET_META).attrib.pop("state") and None),
    Mutation("an evidence cell locked", lock_style),
    Mutation("the workbook's structure locked", lock_structure),
]

# Rows ---------------------------------------------------------------------------------------------

ROWS = [
    Mutation("a row above everything", insert("1"), ("PX333 {table}!",)),
    Mutation("three rows above everything", insert("1", 3), ("PX333 {table}!",)),
    Mutation("a row under the titles", insert("{status}"), ("PX333 {table}!",)),
    Mutation("a row over the headings", insert("{header}"), ("PX333 {table}!",)),
    Mutation("a row between head and table", insert("{first}"), ("PX333 {table}!",)),
    Mutation("a row in the table", insert("{a}"), ("PX333 {table}!",)),
    Mutation("five rows in the table", insert("{total}", 5), ("PX333 {table}!",)),
    Mutation("rows in two places", all_of(insert("{total}", 2), insert("{leaf}")), ("PX333 {table}!",)),
    Mutation(
        "a row with content",
        all_of(insert("{a}"), put("B{a}", "c – Số khác"), put("D{a}", 7)),
        ("PX333 {table}!", "PX332 B{a}", "PX332 D{a}"),
    ),
    Mutation("a row under the total", insert("{note}")),
    Mutation("a row over the checksum", insert("{checksum}")),
    Mutation(
        "a row under everything", all_of(insert("{under}"), put("B{under}", "Ghi chú")), ("PX332 B{under}",)
    ),
    Mutation("a row over the titles deleted", delete("4")),
    Mutation("the row of place and date deleted", delete("3"), ("PX347 C3",)),
    Mutation("a row in the guide", on_sheet(SHEET_GUIDE, lambda sheet: sheet.insert_rows(3))),
    Mutation("rows in the check sheet", on_sheet(SHEET_CHECK, lambda sheet: sheet.insert_rows(6, 2))),
    Mutation("a band deleted", delete("{band}"), ("PX334 {table}!",)),
    Mutation("a text line deleted", delete("{text}"), ("PX334 {table}!",)),
    Mutation("an input deleted", delete("{a}"), ("PX307 {table}!",), "rejected"),
    Mutation("an option deleted", delete("{option}"), ("PX307 {table}!",), "rejected"),
    Mutation("a leaf deleted", delete("{leaf}"), ("PX307 {table}!",), "rejected"),
    Mutation("the total deleted", delete("{total}"), ("PX307 {table}!",), "rejected"),
]


# Rows that change places --------------------------------------------------------------------------


def turn_over(columns: str) -> Change:
    """The table's rows sorted the other way round, in these columns only; validation stays where it is."""

    def change(form: Form) -> None:
        numbers = range(form.layout.rows[0].number, form.layout.total_row + 1)
        cells = [[c for c in form.row(n) if c.get("r", " ")[0] in columns] for n in numbers]
        for number, own, other in zip(numbers, cells, reversed(cells), strict=True):
            row = form.row(number)
            for cell in own:
                row.remove(cell)
            for at, cell in enumerate(other):
                row.insert(at, _renamed(cell, number))

    return change


def _renamed(cell: ET.Element, row: int) -> ET.Element:
    moved = deepcopy(cell)
    moved.set("r", f"{cell.get('r', '')[0]}{row}")
    return moved


def move_down(name: str) -> Change:
    """Cut a row and insert it one row further down, its key with it."""

    def change(form: Form) -> None:
        row = int(form.places[name])
        upper, lower = form.row(row), form.row(row + 1)
        form.put(f"H{row}", form.text(f"H{row}"))
        for element, number in ((upper, row + 1), (lower, row)):
            element.set("r", str(number))
            for cell in element:
                cell.set("r", re.sub("[0-9]+", str(number), cell.get("r", "")))
        data = form.sheet().find(f"{NS}sheetData")
        assert data is not None
        data.remove(lower)
        data.insert(list(data).index(upper), lower)

    return change


def duplicate(name: str) -> Change:
    """Copy a row and insert the copy under it."""

    def change(form: Form) -> None:
        row = int(form.places[name])
        form.insert(row + 1)
        for letter in "ABCDEFGH":
            form.put(f"{letter}{row + 1}", form.text(f"{letter}{row}") or None)

    return change


def swap(first: str, second: str) -> Change:
    def change(form: Form) -> None:
        one, two = form.text(first), form.text(second)
        form.put(first, two)
        form.put(second, one)

    return change


ORDER = [
    Mutation("two lines change places with their keys", move_down("band"), ("PX335 A{band}",)),
    Mutation("a row duplicated with its key", duplicate("a"), ("PX310 {table}!",), "rejected"),
    Mutation("a leaf duplicated with its key", duplicate("leaf"), ("PX310 {table}!",), "rejected"),
    Mutation("columns A to F turned over", turn_over("ABCDEF"), ("*PX345",), "rejected"),
    Mutation("the whole table turned over", turn_over("ABCDEFGHIJK"), ("PX335 A{first}", "*PX344")),
    Mutation("the wording of two inputs swapped", swap("B{a}", "B{b}"), ("*PX345",), "rejected"),
    Mutation("one wording over another", lambda f: f.put("B{a}", f.text("B{b}")), ("PX330 B{a}",)),
    Mutation("the wording of two leaves swapped", swap("B{leaf}", "B{leaf2}"), ("*PX345",), "rejected"),
]


# Columns ------------------------------------------------------------------------------------------


COLUMNS = [
    Mutation("a column before everything", column(1), ("PX349",), "rejected"),
    Mutation("a column before the inputs", column(4), ("PX349",), "rejected"),
    Mutation("a column after the evidence", column(7), ("PX349",), "rejected"),
    Mutation("a column before the keys", column(8), ("PX349",), "rejected"),
    Mutation("the column STT deleted", column(1, insert=False), ("PX349",), "rejected"),
    Mutation("the column of inputs deleted", column(4, insert=False), ("PX349",), "rejected"),
    Mutation("the check column deleted", column(7, insert=False), ("PX349",), "rejected"),
    Mutation("the column of keys deleted", column(8, insert=False), ("PX349",), "rejected"),
    Mutation("a column outside", column(13)),
]


# Sheets -------------------------------------------------------------------------------------------


def renamed(old: str, new: str) -> Change:
    return lambda form: form.rename(old, new)


def removed(sheet: str) -> Change:
    return lambda form: form.remove(sheet)


def added(name: str) -> Change:
    def change(book: Any) -> None:
        book.create_sheet(name)["A1"].value = "=1+1"

    return resaved(change)


def hidden(sheet: str) -> Change:
    return lambda form: form.sheet_entry(sheet).set("state", "hidden")


def moved_first(form: Form) -> None:
    sheets = form.tree(WORKBOOK).find(f"{NS}sheets")
    entry = form.sheet_entry(SHEET_CHECK)
    assert sheets is not None
    sheets.remove(entry)
    sheets.insert(0, entry)


def copied(change: Callable[[Form, Any], None] = lambda form, sheet: None) -> Change:
    """The table copied inside its workbook, and the copy changed."""

    def copy(form: Form) -> None:
        def make(book: Any) -> None:
            sheet = book.copy_worksheet(book[SHEET_TABLE])
            sheet.title = "Bản sao"
            change(form, sheet)

        rewritten(form, make)

    return copy


def other_figure(form: Form, sheet: Any) -> None:
    sheet["D{a}".format_map(form.places)].value = 987


def other_owner(form: Form, sheet: Any) -> None:
    cell = sheet["B{identity}".format_map(form.places)]
    cell.value = cell.value.replace(UNITS["tinh-mau-2022"], "x").replace(UNITS["ha-tinh-2019"], "x")


def alone(form: Form) -> None:
    """The table moved into a new workbook: no hidden sheet, no properties, a link back to the old file."""
    for sheet in (SHEET_GUIDE, SHEET_CHECK, SHEET_META):
        form.remove(sheet)
    form.parts.pop(PROPERTIES)
    form.put("A{status}", f"=[1]{SHEET_CHECK}!$A$3".replace(SHEET_CHECK, f"'{SHEET_CHECK}'"))
    form.parts["xl/externalLinks/externalLink1.xml"] = b"<externalLink/>"


def chart_sheet(book: Any) -> None:
    book.create_chartsheet("Biểu đồ").add_chart(BarChart())


def merged(book: Any) -> None:
    book[SHEET_TABLE].merge_cells("B12:C12")


SHEETS = [
    Mutation("the table renamed", renamed(SHEET_TABLE, "Bảng 1"), ("PX337 Bảng 1!",)),
    Mutation("the table renamed like a formula", renamed(SHEET_TABLE, "=1+1"), ("PX337 =1+1!",)),
    Mutation("the table renamed to one word", renamed(SHEET_TABLE, "Phieu"), ("PX337 Phieu!",)),
    Mutation("the table renamed with an apostrophe", renamed(SHEET_TABLE, "Bảng 'A'"), ("PX337 Bảng 'A'!",)),
    Mutation("the guide renamed", renamed(SHEET_GUIDE, "Đọc trước"), ("PX337 Đọc trước!",)),
    Mutation("the check sheet renamed", renamed(SHEET_CHECK, "Xem"), ("PX337 Xem!",)),
    Mutation("the check sheet moved to the front", moved_first, ("PX350",)),
    Mutation("a sheet added", added("Minh chứng"), ("PX340",)),
    Mutation("a sheet named like a formula", added("=1+1"), ("PX340",)),
    Mutation("the guide deleted", removed(SHEET_GUIDE), ("PX341",)),
    Mutation("the check sheet deleted", removed(SHEET_CHECK), ("PX341",)),
    Mutation("the hidden sheet deleted", removed(SHEET_META), ("PX329",)),
    Mutation("the table deleted", removed(SHEET_TABLE), ("PX349",), "rejected"),
    Mutation("the table hidden", hidden(SHEET_TABLE), ("PX342 {table}!",)),
    Mutation("the guide hidden", hidden(SHEET_GUIDE), (f"PX342 {SHEET_GUIDE}!",)),
    Mutation("the table copied", copied(), ("PX338 Bản sao!",)),
    Mutation("the table copied with another figure", copied(other_figure), ("PX339 {table}!",), "rejected"),
    Mutation("another unit's table beside it", copied(other_owner), ("PX311",), "rejected"),
    Mutation("the table alone in a new workbook", alone, ("PX329", "PX341", "PX341", "PX346")),
    Mutation("a chart sheet added", resaved(chart_sheet), ("PX340",)),
]

# What is nobody's business, and what is ----------------------------------------------------------


def as_strings(kind: str) -> Change:
    """Every text of the table kept in another way: inline, as rich text, or shared."""

    def change(form: Form) -> None:
        texts = [(c, form.text(c.get("r", ""))) for row in form.rows() for c in row if c.get("t") == "s"]
        for cell, text in texts:
            form.put(cell.get("r", ""), text)
            if kind == "rich":
                inline = cell[0]
                inline.remove(inline[0])
                for piece in (text[:3], text[3:]):
                    ET.SubElement(ET.SubElement(inline, f"{NS}r"), f"{NS}t").text = piece

    return change


def dress(book: Any) -> None:
    sheet = book[SHEET_TABLE]
    sheet.column_dimensions["B"].width = 90
    sheet.row_dimensions[20].height = 200
    sheet["B20"].font = openpyxl.styles.Font(bold=True, color="FF0000")
    sheet.conditional_formatting = type(sheet.conditional_formatting)()


def comment(book: Any) -> None:
    book[SHEET_TABLE]["B20"].comment = Comment("Xem lại", "vp")


LOOKS = [
    Mutation("nothing", lambda form: None),
    Mutation("saved by openpyxl", resaved()),
    Mutation("other widths, fonts and no colours", resaved(dress)),
    Mutation("a comment", resaved(comment)),
    Mutation("conditional formats removed", drop("conditionalFormatting")),
    Mutation("texts kept in their cells", as_strings("inline")),
    Mutation("texts as rich texts", as_strings("rich")),
    Mutation("two cells merged", resaved(merged), ("PX330 C{first}",)),
    Mutation("a maximum that is the same as a number", lambda f: f.put("C{whole}", int(f.text("C{whole}")))),
    Mutation("more spaces in a wording", lambda f: f.put("B{leaf}", f.text("B{leaf}").replace(" ", "  "))),
    Mutation("text beside the table", put("N{leaf}", "Ghi chú"), ("PX332 N{leaf}",)),
    Mutation("text beside an input", put("E{a}", "xem phụ lục"), ("PX332 E{a}",)),
    Mutation("evidence on the line of an input", put("F{a}", "Báo cáo 5"), ("PX332 F{a}",)),
    Mutation("a figure on the line of a leaf", put("D{leaf}", 5), ("PX332 D{leaf}",)),
    Mutation("a name under the signature", put("A{names}", "Nguyễn Văn A"), ("PX332 A{names}",)),
    Mutation("a text far below", put("B5000", "x"), ("PX332 B5000",)),
]
MUTATIONS = [
    *WORDING,
    *FRAME,
    *LIVE,
    *CACHED,
    *KEYS,
    *IDENTITY,
    *GUARDS,
    *ROWS,
    *ORDER,
    *COLUMNS,
    *SHEETS,
    *LOOKS,
]


# The tests ----------------------------------------------------------------------------------------


def wanted(mutation: Mutation, layout: Layout) -> Iterator[str]:
    names = row_names(layout) | {"table": SHEET_TABLE}
    yield from (text.format_map(names) for text in mutation.expected)


def test_the_table_of_mutations_is_long_and_has_no_twins() -> None:
    assert len({mutation.name for mutation in MUTATIONS}) == len(MUTATIONS) >= 80


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_a_mutation(desk: Desk, mutation: Mutation) -> None:
    file = desk.read(mutation)
    expected = list(wanted(mutation, desk.layout))
    any_number = {text[1:] for text in expected if text.startswith("*")}
    found = [told(one) for one in file.findings]
    others = [text for text in found if text.split()[0] not in any_number]
    assert sorted(others) == sorted(text for text in expected if not text.startswith("*"))
    assert any_number <= {one.code for one in file.findings}
    assert file.fate == mutation.fate
    assert all(one.severity == SEVERITY[one.code] for one in file.findings)
    assert all(one.file == "2-nop/phiếu.xlsx" for one in file.findings)


def test_no_mutation_changes_a_score(desk: Desk) -> None:
    """All scored mutations in one frame: each row must be the clean form's, to the last unit."""
    clean = desk.intake(desk.clean).files[0].form
    read = {one.name: desk.read(one).form for one in MUTATIONS if one.fate == "scored"}
    assert clean is not None
    rows = {name: form.inputs if form else {} for name, form in read.items()} | {"clean": clean.inputs}
    frame = pd.DataFrame.from_dict(rows, orient="index", dtype="int64")
    scores = score(desk.layout.criteria, frame, desk.settings)
    for part in (scores.states, scores.parts, scores.leaves, scores.groups, scores.maxima):
        differing = (part != part.loc["clean"]).fillna(False).any(axis=1)
        assert list(part.index[differing]) == []
    assert all(form and form.evidence == clean.evidence for form in read.values())
