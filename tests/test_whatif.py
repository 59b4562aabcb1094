"""The sheet *Tính thử*: both faces of every live cell, what it asks for, and exactness of the index."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import numpy as np
import openpyxl
import pandas as pd
import pytest
from campaigns import HA_TINH, SET_IDS, TTHC
from openpyxl.worksheet.worksheet import Worksheet
from provinces import province

from parxl.books.unit.forme import forme_of
from parxl.books.unit.ground import ground_of
from parxl.books.unit.whatif import SHEET, fill_whatif
from parxl.books.unit.whatif_formulas import KEPT, formulas
from parxl.books.unit.whatif_places import (
    CHANGE,
    COUNTED,
    INDEX_ROW,
    MAX,
    MAXIMUM_ROW,
    NOTE,
    NOW,
    SENT,
    STATE,
    TOTAL_ROW,
    TRIED,
    TRY,
    TYPED,
    VALUE,
    WhatIf,
)
from parxl.books.unit.whatif_values import values
from parxl.exact import half_up
from parxl.results import Results, UnitResult
from parxl.rules import BLANK, DAMAGED

# In Excel 2010, LibreOffice and WPS alike.
FUNCTIONS = {"ABS", "AND", "COUNT", "IF", "INDEX", "ISERROR", "ISNUMBER", "LOWER", "MAX", "N", "OR"}
FUNCTIONS |= {"ROUND", "ROW", "SUM", "TRIM"}
MOST_CHARACTERS, DEEPEST = 8192, 64


@cache
def round_of(set_id: str) -> Results:
    """Rulings, exemptions, both rounds of the appraisal, adjustments and survey points."""
    return province(set_id, 14, 5, groups=2, appraised=True, adjusted=True)


def scored(results: Results) -> list[UnitResult]:
    return [unit for unit in results.units if unit.has_scores]


def every_unit() -> list[tuple[Results, UnitResult]]:
    rounds = [round_of(set_id) for set_id in SET_IDS]
    return [(results, unit) for results in rounds for unit in scored(results)]


def written(results: Results, unit: UnitResult) -> tuple[bytes, dict[str, str]]:
    ground = ground_of(results)
    forme = forme_of(ground)
    book = forme.plate.book(2026, "Thử", "parxl")
    places = WhatIf(results, unit.unit.code, ground)
    cells = fill_whatif(book, book.stamped(SHEET), places, unit, forme.overlays)
    return book.close(), cells


def opened(results: Results, unit: UnitResult, cached: bool = False) -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(written(results, unit)[0]), data_only=cached)[SHEET]


def units_of(points: object) -> int | None:
    """What a cell shows, in hundredths."""
    return None if points in (None, "") else round(100 * float(points))  # type: ignore[arg-type]


def wanted(points: object) -> int | None:
    return None if pd.isna(points) else int(points)  # type: ignore[call-overload]


# Both faces ---------------------------------------------------------------------------------------


def test_every_live_cell_has_both_faces() -> None:
    for results, unit in every_unit():
        sheet = WhatIf(results, unit.unit.code)
        assert formulas(sheet).keys() == values(sheet).keys()


@pytest.mark.parametrize("set_id", SET_IDS)
def test_the_workbook_holds_both(set_id: str) -> None:
    results = round_of(set_id)
    unit = scored(results)[1]
    sheet = WhatIf(results, unit.unit.code)
    made, cached = opened(results, unit), opened(results, unit, cached=True)
    live = {c.coordinate: c.value for row in made for c in row if c.data_type == "f"}
    assert live == formulas(sheet)
    assert {cell: cached[cell].value or 0 for cell in live} == {
        cell: value or 0 for cell, value in values(sheet).items()
    }


def test_while_nothing_is_typed_it_says_what_the_round_says() -> None:
    """Computed, final and own maximum of each leaf; groups; total, maximum and index; no change at all."""
    for results, unit in every_unit():
        code, sheet = unit.unit.code, WhatIf(results, unit.unit.code)
        shown = values(sheet)
        for leaf in results.scores.leaves:
            said = [units_of(shown[sheet.at(column, leaf)]) for column in (TRIED, COUNTED, MAX)]
            tables = (results.scores.leaves, results.finals.leaves, results.scores.maxima)
            assert said == [wanted(table.loc[code, leaf]) for table in tables]
        for group in results.finals.groups:
            assert units_of(shown[sheet.at(TRIED, group)]) == wanted(results.finals.groups.loc[code, group])
        for row, name in ((TOTAL_ROW, "total"), (MAXIMUM_ROW, "maximum"), (INDEX_ROW, "index")):
            assert units_of(shown[f"{TRIED}{row}"]) == wanted(results.standings.loc[code, name])
        assert {shown[cell] for cell in shown if cell[0] == CHANGE} <= {0, ""}


@pytest.mark.parametrize("set_id", SET_IDS)
def test_what_stands_beside_it_today_are_the_final_scores(set_id: str) -> None:
    results = round_of(set_id)
    for unit in scored(results):
        made, sheet = opened(results, unit), WhatIf(results, unit.unit.code)
        final = results.finals.leaves.loc[unit.unit.code]
        assert {leaf: units_of(made[sheet.at(NOW, leaf)].value) for leaf in final.index} == {
            leaf: wanted(points) for leaf, points in final.items()
        }
        today = [units_of(made[f"{NOW}{row}"].value) for row in (TOTAL_ROW, MAXIMUM_ROW, INDEX_ROW)]
        assert unit.standing is not None
        assert today == [wanted(unit.standing[name]) for name in ("total", "maximum", "index")]


# What is asked for --------------------------------------------------------------------------------


def rows_to_type_into(sheet: WhatIf) -> Iterator[int]:
    for line in sheet.lines:
        if (line.input or line.node.kind == "entered") and line.part_key not in sheet.exempt:
            yield line.number


def test_every_cell_to_type_into_is_blank_yellow_and_validated() -> None:
    for results, unit in every_unit()[::3]:
        made, sheet = opened(results, unit), WhatIf(results, unit.unit.code)
        cells = {f"{TRY}{row}" for row in rows_to_type_into(sheet)}
        yellow = {f"{TRY}{line.number}" for line in sheet.lines if _is_yellow(made, line.number)}
        checked = {str(area) for check in made.data_validations.dataValidation for area in check.sqref.ranges}
        assert cells == yellow == checked
        assert {made[cell].value for cell in cells} == {None}


def _is_yellow(made: Worksheet, row: int) -> bool:
    return bool(made[f"{TRY}{row}"].fill.fgColor.rgb == "FFFFF9DB")


def test_what_does_not_apply_asks_for_nothing() -> None:
    """Every part but the exempt ones has a first cell: that of its first input."""
    exempt = 0
    for results, unit in every_unit():
        cells, sheet = written(results, unit)[1], WhatIf(results, unit.unit.code)
        first = {
            at.key: sheet.at(TRY, at.node.input_key(at.part, at.part.rule.inputs[0].id))
            for at in results.criteria.parts
        }
        first |= {node.code: sheet.at(TRY, node.code) for node in results.criteria.entered}
        assert cells == {key: cell for key, cell in first.items() if key not in sheet.exempt}
        exempt += len(first) - len(cells)
    assert exempt > 5


def test_what_was_submitted_stands_beside() -> None:
    """A number as a number, a mark as x, nothing as nothing, and what could not be read as it was typed."""
    seen = set()
    for results, unit in every_unit():
        made, sheet = opened(results, unit), WhatIf(results, unit.unit.code)
        assert unit.file is not None
        assert unit.file.form is not None
        for key, value in sheet.inputs.items():
            shown, one = made[sheet.at(SENT, key)].value, results.criteria.inputs[key]
            if value == DAMAGED:
                assert shown == unit.file.form.typed[key]
            elif one.kind == "mark":
                assert shown == ("x" if value else None)
            else:
                assert shown == (None if value == BLANK else value / 10**one.decimals)
            seen.add(value if value < 0 else one.kind)
    assert seen == {BLANK, DAMAGED, "count", "mark"}


def test_text_of_an_agency_is_never_a_formula() -> None:
    results = round_of(HA_TINH)
    unit = scored(results)[0]
    assert unit.file is not None
    assert unit.file.form is not None
    key = next(iter(results.criteria.inputs))
    form = replace(
        unit.file.form,
        inputs=unit.file.form.inputs | {key: DAMAGED},
        typed=unit.file.form.typed | {key: '=HYPERLINK("http://x","y")'},
    )
    made = opened(results, replace(unit, file=replace(unit.file, form=form)))
    cell = made[WhatIf(results, unit.unit.code).at(SENT, key)]
    assert (cell.data_type, cell.value) == ("s", '=HYPERLINK("http://x","y")')


def test_no_other_unit_is_named() -> None:
    for results, unit in every_unit():
        texts = [str(c.value) for row in opened(results, unit) for c in row if c.data_type == "s"]
        others = {x for u in results.units if u is not unit for x in (u.unit.name, u.unit.code)}
        others = {name for name in others if name not in unit.unit.name}
        assert [text for text in texts if any(name in text for name in others)] == []


# What the formulas are made of --------------------------------------------------------------------


def test_formulas_need_no_new_program() -> None:
    for results, unit in every_unit():
        for formula in formulas(WhatIf(results, unit.unit.code)).values():
            bare = re.sub(r'"[^"]*"', "", formula)
            assert set(re.findall(r"([A-Z.]+)\(", bare)) <= FUNCTIONS
            assert len(formula) <= MOST_CHARACTERS
            assert deepest(bare) <= DEEPEST


def deepest(formula: str) -> int:
    depths = np.cumsum([{"(": 1, ")": -1}.get(char, 0) for char in formula])
    assert depths[-1] == 0
    return int(depths.max())


def test_only_the_column_of_what_is_typed_reaches_a_cell_to_type_into() -> None:
    """So cutting one of them onto another rewrites no formula but by the fixed block."""
    for results, unit in every_unit()[:4]:
        for cell, formula in formulas(WhatIf(results, unit.unit.code)).items():
            reached = set(re.findall(rf"\$?{TRY}\$?\d+", formula))
            assert len(reached) == (2 if cell[0] == TYPED else 0), (cell, formula)


def test_a_ruling_decides_the_state_of_a_zero() -> None:
    results = round_of(TTHC)
    sheet = WhatIf(results, scored(results)[1].unit.code)
    made, treatments = formulas(sheet), set()
    for at in results.criteria.parts:
        ruling = results.settings.rulings.get(at.key)
        if at.part.rule.zero_case == "guidance" and at.key not in sheet.exempt:
            said = {"full": "zero", None: "awaiting"}.get(
                ruling and ruling.treatment, ruling and ruling.treatment
            )
            assert (
                f'=0,"{said}"' in made[sheet.at(STATE, at.key)]
                or f'=1,"{said}"' in made[sheet.at(STATE, at.key)]
            )
            treatments.add(said)
    assert treatments == {"zero", "awaiting", "not-applicable"}


def test_an_appraised_leaf_says_so() -> None:
    results, kept = round_of(HA_TINH), 0
    for unit in scored(results):
        sheet = WhatIf(results, unit.unit.code)
        shown, appraised = values(sheet), results.finals.appraised.loc[unit.unit.code]
        said = {leaf for leaf in appraised.index if shown.get(sheet.at(NOTE, leaf), "").startswith(KEPT)}
        assert said == set(appraised.dropna().index)
        kept += len(said)
    assert kept > 20


def test_a_damaged_input_is_neither_blank_nor_a_number() -> None:
    found = 0
    for results, unit in every_unit():
        sheet = WhatIf(results, unit.unit.code)
        for key in (key for key, value in sheet.inputs.items() if value == DAMAGED):
            assert values(sheet)[sheet.at(VALUE, key)] == "!"
            assert '"!"' in formulas(sheet)[sheet.at(VALUE, key)]
            found += 1
    assert found


# Exactness ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("scale", [1, 100, 10_000])
def test_the_index_of_the_sheet_is_exact_at_every_half(scale: int) -> None:
    """One double division of whole numbers never crosses a half: half up as in the engine."""
    rng, halves = np.random.default_rng(2026), 0
    for maximum in [*range(1, 400), *rng.integers(400, 60 * scale + 400, 400)]:
        totals = np.arange(0, 2 * maximum) if maximum < 2000 else rng.integers(0, 2 * maximum, 2000)
        divided = (100 * scale * totals).astype("float64") / float(maximum)
        wanted = half_up(100 * scale * totals, np.full_like(totals, maximum))
        assert (np.floor(divided + 0.5).astype("int64") == wanted).all()
        halves += int((200 * scale * totals % (2 * maximum) == maximum).sum())
    assert halves > 100
