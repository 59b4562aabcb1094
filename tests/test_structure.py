"""What is said of a changed form, what its scores become, and that an untouched form raises no alarm."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from campaigns import intake_of
from mutations import (
    NS,
    STRINGS,
    UNITS,
    WORKBOOK,
    Change,
    Desk,
    Form,
    Value,
    all_of,
    column,
    drop,
    forge_score,
    insert,
    make_desk,
    put,
    resaved,
    rewritten,
    row_names,
    through_openpyxl,
    told,
)

from parxl.books.form.book import write_form
from parxl.books.form.data import form_data
from parxl.books.form.returned import form_to_mend
from parxl.campaign import Exemption, Folder, Settings
from parxl.layout import SHEET_GUIDE, SHEET_META, SHEET_TABLE
from parxl.rules import BLANK


@pytest.fixture(scope="module", params=list(UNITS))
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return make_desk(request.param, tmp_path_factory.mktemp("desk"))


WAYS: dict[str, tuple[Change, set[str]]] = {
    "nothing": (lambda form: None, set()),
    "a row in the table": (insert("{a}"), {"PX333"}),
    "the total overtyped": (put("E{total}", 60), {"PX331"}),
    "the table renamed": (lambda form: form.rename(SHEET_TABLE, "=1+1"), {"PX337"}),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_whole_way_to_the_results(desk: Desk, way: str) -> None:
    """Totals and sentences too, and the findings arrive where a reader sees them."""
    change, codes = WAYS[way]
    clean, changed = desk.clean_results, desk.results(desk.changed(change))
    assert changed.standings.equals(clean.standings)
    assert changed.units[0].explanations == clean.units[0].explanations
    assert codes <= {one.code for one in changed.units[0].findings}


def test_what_the_messages_say(desk: Desk) -> None:
    change = all_of(put("B{leaf}", "Chữ khác\n" * 20), put("E{head}", 77))
    label, score_cell = desk.intake(desk.changed(change)).files[0].findings
    row = next(row for row in desk.layout.rows if row.kind == "leaf")
    assert "ghi “Chữ khác Chữ khác" in label.message
    assert f"phiếu gốc ghi “{row.text[:40]}" in label.message
    assert "Điểm không bị ảnh hưởng" in label.message
    assert label.criterion == row.node.code  # type: ignore[union-attr]
    assert "nay ghi “77”" in score_cell.message
    assert max(len(one.message) for one in (label, score_cell)) < 400


def test_many_changes_are_listed_in_one(desk: Desk) -> None:
    def overtype(form: Form) -> None:
        for row in list(desk.layout.part_rows.values()):
            form.put(f"E{row}", 1)

    found = desk.intake(desk.changed(overtype)).files[0].findings
    number = len(desk.layout.part_rows)
    assert [one.code for one in found] == ["PX331"] * 30 + (["PX348"] if number > 30 else [])
    if number > 30:
        assert f"{number - 30} ô đã khóa" in found[-1].message
        assert all(f"E{row}" in found[-1].message for row in sorted(desk.layout.part_rows.values())[30:])


# Scores that the form showed ----------------------------------------------------------------------


@pytest.mark.parametrize("how", ["the cached value forged", "the total overtyped"])
def test_a_forged_score_is_told_and_never_taken(desk: Desk, how: str) -> None:
    change = forge_score if how == "the cached value forged" else put("E{total}", 19.75)
    clean, results = desk.clean_results, desk.results(desk.changed(change))
    assert results.standings.equals(clean.standings)
    own = [one for one in results.units[0].findings if one.code == "PX511"]
    total = f"E{desk.layout.total_row}"
    assert [(one.severity, one.sheet, one.cell) for one in own] == [("warning", SHEET_TABLE, total)]
    assert "19,75" in own[0].message
    assert not [one for one in clean.units[0].findings if one.code == "PX511"]


# What was typed, through a whole form -------------------------------------------------------------

TYPED: dict[str, tuple[Value, str | None, bool]] = {  # typed -> code, is it the same value?
    "as text": ("{value}", "PX411", True),
    "with a unit behind it": ("{value} hồ sơ", "PX411", True),
    "with spaces": ("  {value}\u00a0", "PX411", True),
    "full-width": ("wide", "PX411", True),
    "cleared": (None, None, False),
    "a percentage": ("95%", "PX414", False),
    "a decimal": ("1,5", "PX402", False),
    "negative": (-3, "PX403", False),
    "too large": (10**10, "PX403", False),
    "a formula": ("=1+1", "PX404", False),
    "an error": ("#REF!", "PX405", False),
    "a truth": (True, "PX401", False),
    "a word": ("không", "PX401", False),
}
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.mark.parametrize("name", TYPED)
def test_what_is_typed_changes_its_own_part_and_no_other(desk: Desk, name: str) -> None:
    typed, code, is_same = TYPED[name]
    key = next(row.input_key for row in desk.layout.rows if row.number == row_names(desk.layout)["a"])
    clean = desk.clean_results
    value = str(clean.inputs.loc[desk.unit, key])
    text = value.translate(WIDE) if typed == "wide" else typed
    text = text.format(value=value) if isinstance(text, str) else text
    results = desk.results(desk.changed(put("D{a}", text)))
    found = results.intake.files[0].findings
    address = "D{a}".format_map(row_names(desk.layout))
    assert [(one.code, one.cell) for one in found] == ([(code, address)] if code else [])
    before, after = clean.scores.parts.loc[desk.unit], results.scores.parts.loc[desk.unit]
    changed = before.index[(before != after).fillna(True)]
    assert list(changed) == ([] if is_same else [key.rpartition("/")[0]])
    assert is_same or after[key.rpartition("/")[0]] == 0


# Whose form ---------------------------------------------------------------------------------------


def test_without_the_register_forms_are_read_with_a_warning(desk: Desk) -> None:
    target = desk.place / "2-nop" / "phiếu.xlsx"
    target.write_bytes(desk.changed(lambda form: form.forge(serial="0" * 12)))
    file = intake_of(Folder(desk.place), desk.layout, desk.settings, None).files[0]
    codes = [(one.code, one.severity) for one in file.findings]
    # The identity cell is a locked cell too, and was forged.
    assert (file.fate, codes) == ("scored", [("PX323", "warning"), ("PX347", "warning")])


def test_a_blank_form_sent_back(desk: Desk) -> None:
    results = desk.results(desk.blank())
    assert results.intake.files[0].fate == "scored"
    assert results.intake.files[0].findings == ()
    assert "PX512" in {one.code for one in results.units[0].findings}


# No false alarms ----------------------------------------------------------------------------------


def exempted(desk: Desk) -> Settings:
    """Settings under which the first group, and one leaf of several parts where there is one, do not apply."""
    criteria = desk.layout.criteria
    several = [node.code for node in criteria.leaves if len(node.parts) > 1]
    codes = [criteria.leaves[0].code, *several[:1]]
    return replace(desk.settings, exemptions=tuple(Exemption("*", code, "Lý do") for code in codes))


def written(desk: Desk, settings: Settings, last_year: dict[str, int | float | str]) -> bytes:
    """The same filled form as these settings would issue it."""
    form = desk.intake(desk.clean).files[0].form
    assert form is not None
    blank = form_data(desk.layout, settings, settings.units[0], desk.register, last_year)
    data = replace(blank, typed=form.typed, inputs=form.inputs, evidence=form.evidence)
    exempt = [key for key in form.inputs if key.rpartition("/")[0] in blank.exempt]
    blanked = {key: BLANK if desk.layout.criteria.inputs[key].kind == "count" else 0 for key in exempt}
    return write_form(replace(data, inputs={**form.inputs, **blanked}))


CASES = {  # (exempt when issued, exempt when read, last year's column)
    "as it is": (False, False, False),
    "last year": (False, False, True),
    "exempt now": (False, True, True),
    "exempt at both times": (True, True, False),
    "exempt at both times, last year": (True, True, True),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("saved", [False, True], ids=["as written", "saved by openpyxl"])
def test_an_untouched_form_raises_no_alarm(desk: Desk, case: str, saved: bool) -> None:
    before, now, has_last = CASES[case]
    last = {key: 7 for key in desk.layout.input_rows} if has_last else {}
    content = written(desk, exempted(desk) if before else desk.settings, last)
    content = through_openpyxl(content, lambda book: None) if saved else content
    settings = exempted(desk) if now else desk.settings
    file = replace(desk, settings=settings).intake(content).files[0]
    assert (file.fate, file.findings) == ("scored", ())


def test_rows_inserted_beside_last_years_column(desk: Desk) -> None:
    form = Form(written(desk, desk.settings, {key: 7 for key in desk.layout.input_rows}), desk.layout)
    form.insert(int(form.places["b"]), 2)
    assert [told(one) for one in desk.intake(form.content()).files[0].findings] == [f"PX333 {SHEET_TABLE}!"]


def test_last_years_column_changed(desk: Desk) -> None:
    form = Form(written(desk, desk.settings, {key: 7 for key in desk.layout.input_rows}), desk.layout)
    form.put("L{a}", 8)
    address = "L{a}".format_map(form.places)
    assert [told(one) for one in desk.intake(form.content()).files[0].findings] == [f"PX347 {address}"]


def test_a_form_sent_back_to_be_mended_raises_no_alarm(desk: Desk) -> None:
    results = desk.results(desk.changed(put("D{a}", "không rõ")))
    data = form_to_mend(results, results.units[0], {})
    assert data
    for content in (write_form(data), through_openpyxl(write_form(data), lambda book: None)):
        file = desk.intake(content).files[0]
        assert [one.code for one in file.findings] == ["PX401"]


def test_columns_that_moved_are_never_taken_in_silence(desk: Desk) -> None:
    """A column put in before the inputs and another taken out behind them: the keys stay where they are."""
    change = all_of(column(4), column(8, insert=False))
    file = desk.intake(desk.changed(change)).files[0]
    places = [text.format_map(row_names(desk.layout)) for text in ("PX351 E{header}", "PX351 G{header}")]
    assert (file.fate, [told(one) for one in file.findings]) == ("rejected", places)


# What else is said --------------------------------------------------------------------------------


def only_message(desk: Desk, change: Change) -> str:
    (found,) = desk.intake(desk.changed(change)).files[0].findings
    return found.message


def test_inserted_rows_are_named(desk: Desk) -> None:
    row = int(row_names(desk.layout)["total"])
    change = all_of(insert("{total}", 2), insert("1", 3))
    assert f"phía trên bảng (3 dòng), {row + 3}, {row + 4}." in only_message(desk, change)
    many = only_message(desk, insert("{total}", 25))
    assert f"{row + 19} … (25)." in many
    assert f"{row + 20}" not in many


def test_a_lost_line_is_quoted(desk: Desk) -> None:
    line = next(row for row in desk.layout.rows if row.kind == "band")
    assert f"“{line.text[:80]}”" in only_message(desk, lambda form: form.delete(line.number))


def test_lost_names_are_counted_and_added_sheets_named(desk: Desk) -> None:
    number = len(list(desk.layout.names()))
    message = only_message(desk, lambda form: form.drop(WORKBOOK, "definedName") and None)
    assert f"mất {number} tên" in message
    change = resaved(lambda book: [book.create_sheet(name) for name in ("Ảnh", "=1+1")])
    assert "“Ảnh”, “=1+1”" in only_message(desk, change)


def test_cells_without_validation_are_listed_once(desk: Desk) -> None:
    inputs = [f"D{row.number}" for row in desk.layout.input_rows.values()]
    message = only_message(desk, drop("dataValidations"))
    assert f"{', '.join(inputs[:20])} … ({len(inputs)})" in message


def test_of_differing_copies_the_cells_are_named(desk: Desk) -> None:
    """In an input and in a text."""

    def copy(form: Form) -> None:
        def make(book: Any) -> None:
            sheet = book.copy_worksheet(book[SHEET_TABLE])
            sheet.title = "Bản sao"
            for place in ("D{a}", "F{leaf}"):
                sheet[place.format_map(form.places)].value = 987

        rewritten(form, make)

    file = desk.intake(desk.changed(copy)).files[0]
    places = sorted(place.format_map(row_names(desk.layout)) for place in ("D{a}", "F{leaf}"))
    assert (file.fate, [one.code for one in file.findings]) == ("rejected", ["PX339"])
    assert "“Bản sao”" in file.findings[0].message
    assert all(place in file.findings[0].message for place in places)
    assert file.partial is not None


def test_mixed_rows_name_both(desk: Desk) -> None:
    names = row_names(desk.layout)
    keys = {row.number: row.key for row in desk.layout.rows}
    a, b = keys[int(names["a"])], keys[int(names["b"])]

    def swap(form: Form) -> None:
        one, two = form.text("B{a}"), form.text("B{b}")
        form.put("B{a}", two)
        form.put("B{b}", one)

    found = desk.intake(desk.changed(swap)).files[0].findings
    assert [(one.code, one.cell) for one in found] == [("PX345", f"B{names['a']}")]
    for row, other in ((names["a"], b), (names["b"], a)):
        assert f"dòng {row} ghi “mục {desk.layout.by_key[other].node.code}: " in found[0].message


def test_hostile_seals_cost_little(desk: Desk) -> None:
    """Cells far apart, thousands of them, all with one long text behind."""
    form = Form(desk.clean, desk.layout)
    cells = [f"A{row}" for row in range(1, 1_800)]
    for row in range(1, 1_800):
        form.cell(f"A{row}", SHEET_GUIDE).attrib |= {"t": "s"}
    long = form.tree(STRINGS)[0]
    for child in list(long):
        long.remove(child)
    ET.SubElement(long, f"{NS}t").text = "ấ " * 16_000
    for cell in cells:
        for child in list(form.cell(cell, SHEET_GUIDE)):
            form.cell(cell, SHEET_GUIDE).remove(child)
        ET.SubElement(form.cell(cell, SHEET_GUIDE), f"{NS}v").text = "0"
    line = " ".join(f"{cell}=0000" for cell in reversed(cells))
    form.put(form.meta_cell(f"seal:{SHEET_GUIDE}"), f"{line} XFD1048576=0000 A0=1 ÿ=", SHEET_META)
    content = form.content()
    start = time.process_time()
    file = desk.intake(content).files[0]
    assert time.process_time() - start < 5
    assert {"PX347", "PX348"} <= {one.code for one in file.findings}


def test_one_long_text_in_every_locked_cell_costs_little(desk: Desk) -> None:
    form = Form(desk.clean, desk.layout)
    shared = form.tree(STRINGS)[0]
    for child in list(shared):
        shared.remove(child)
    ET.SubElement(shared, f"{NS}t").text = "ấ\u0301 " * 10_900
    for row in desk.layout.rows:
        for letter in "ACEGIJK":
            form.put(f"{letter}{row.number}", 0)
            form.cell(f"{letter}{row.number}").set("t", "s")
    content = form.content()
    start = time.process_time()
    file = desk.intake(content).files[0]
    assert time.process_time() - start < 5
    assert (file.fate, len([one for one in file.findings if one.code == "PX348"])) == ("scored", 1)
