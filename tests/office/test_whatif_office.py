"""The sheet *Tính thử* in a real LibreOffice against what parxl makes of forms with the same inputs."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pytest
from fills import Case, Typed, cleaned, fills
from office import REQUIRED, Office, what_is_missing
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from provinces import province

from parxl.appraisal import Appraisal, finals
from parxl.books.unit.book import write_result
from parxl.books.unit.whatif import SHEET
from parxl.books.unit.whatif_formulas import KEPT, formulas
from parxl.books.unit.whatif_places import (
    CHANGE,
    COUNTED,
    INDEX_ROW,
    MAXIMUM_ROW,
    NOTE,
    STATE,
    TOTAL_ROW,
    TRIED,
    TRY,
    TYPED,
    VALUE,
    Line,
    WhatIf,
)
from parxl.books.unit.whatif_values import number, values
from parxl.campaign import Adjustment, Settings
from parxl.criteria import CriteriaSet, load_set
from parxl.exact import points_number
from parxl.league import Told, standings
from parxl.live import DAMAGE
from parxl.reading.intake import Intake
from parxl.results import Results, score_intake
from parxl.rules import BLANK, DAMAGED, State
from parxl.scoring import score

pytestmark = pytest.mark.skipif(
    not REQUIRED and bool(what_is_missing()), reason=what_is_missing() or "LibreOffice is here"
)

SET_IDS = ["par-index-tthc-2022", "ha-tinh-2019-iv"]
SEED = 6_2026
UNITS, FILLS = 3, 60  # of each campaign; for each unit
ENTERED: list[Typed] = [None, None, 0, 0.01, 12.34, 19.995, 20, 20.01, -1, "abc", "12", " "]

Values = dict[str, Any]
Tried = dict[str, Typed]  # input key, or code of an entered leaf -> typed


# Campaigns ------------------------------------------------------------------------------------------


def campaigns(set_id: str) -> Iterator[Results]:
    """One with everything decided, one in which much is open; each with extreme adjustments."""
    for seed, is_open in ((5, False), (8, True)):
        made = province(set_id, 9, seed, appraised=True, awaiting=is_open, survey=not is_open)
        yield adjusted(made)


def adjusted(made: Results) -> Results:
    """The first unit gets more than any cap, the second loses so much that some tries end at 0."""
    whole = made.criteria.units(made.criteria.total.max)
    first, second = [unit.unit.code for unit in made.units if unit.has_scores][:2]
    reason = ("Có sáng kiến được công nhận", "Quyết định số 1/QĐ-UBND")
    points = ((first, whole), (first, -75), (second, -whole // 2), (second, -whole // 3))
    given = tuple(Adjustment(unit, one, *reason) for unit, one in points)
    settings = replace(made.settings, adjustments=given, bonus_cap=whole // 2)
    intake = with_gaps(made, [unit.unit.code for unit in made.units if unit.has_scores][UNITS - 1])
    return score_intake(made.layout, settings, made.register, intake, lambda scores: made.appraisal)


def with_gaps(made: Results, unit: str) -> Intake:
    """The same forms, but in this unit's a fifth of the cells is blank, and a fifth not to be read."""
    file = made.intake.chosen[unit]
    assert file.form is not None
    inputs, known, rng = dict(file.form.inputs), made.criteria.inputs, random.Random(SEED)
    keys = rng.sample(sorted(inputs), len(inputs) * 2 // 5)
    blank, damaged = keys[::2], keys[1::2]
    inputs |= {key: BLANK if known[key].kind == "count" else 0 for key in blank}
    inputs |= dict.fromkeys(damaged, DAMAGED)
    typed = {key: value for key, value in file.form.typed.items() if key not in blank}
    form = replace(file.form, inputs=inputs, typed=typed | dict.fromkeys(damaged, "1O"))
    return replace(made.intake, chosen=made.intake.chosen | {unit: replace(file, form=form)})


# What is typed --------------------------------------------------------------------------------------


def tries(criteria: CriteriaSet, rng: random.Random) -> list[Tried]:
    """Nothing; then whole cases, single inputs, an x beside another option, and much left blank."""
    wholes = rng.sample(pools(criteria.id), FILLS - 1)
    return [{}, *(_some(criteria, one, rng) for one in wholes)]


@cache
def pools(set_id: str) -> list[Case]:
    return fills(load_set(set_id))


def _some(criteria: CriteriaSet, whole: Case, rng: random.Random) -> Tried:
    share = rng.choice([0.03, 0.3, 0.7, 1.0])
    typed: Tried = {}
    for _, node, part in criteria.parts:
        if rng.random() > share:
            continue
        keys = [node.input_key(part, i.id) for i in part.rule.inputs]
        kept = keys if rng.random() < 0.6 else rng.sample(keys, rng.randint(1, len(keys)))
        typed |= {key: whole[key] for key in kept}
        if part.rule.rule == "checklist" and rng.random() < 0.5:
            typed[rng.choice(keys)] = rng.choice([0, "0", " 0"])
    return typed | {node.code: rng.choice(ENTERED) for node in criteria.entered}


def is_blank(typed: Typed) -> bool:
    return typed is None or (isinstance(typed, str) and not typed.strip(" "))


def tried_inputs(places: WhatIf, typed: Tried) -> dict[str, int]:
    """The inputs of a form that would hold what is typed, and else what was submitted."""
    found = dict(places.inputs)
    for key, node, part in places.criteria.parts:
        if key in places.exempt:
            continue
        own = {node.input_key(part, i.id): i for i in part.rule.inputs}
        marks = [k for k, i in own.items() if i.kind == "mark" and part.rule.rule != "checklist"]
        if not all(is_blank(typed.get(k)) for k in marks):
            # An x beside another option takes the place of the one that was submitted.
            found |= dict.fromkeys(marks, 0)
        for k, i in own.items():
            if not is_blank(typed.get(k)):
                found[k] = 0 if is_unmarked(part.rule.rule, typed[k]) else cleaned(i, typed[k])
    return found


def is_unmarked(rule: str, typed: Typed) -> bool:
    return rule == "checklist" and not isinstance(typed, bool) and str(typed).strip(" ") == "0"


def tried_points(places: WhatIf, code: str, typed: Typed) -> int:
    """Units of an entered leaf, BLANK or DAMAGED."""
    if is_blank(typed) or code in places.exempt:
        return places.entered(code)
    whole = places.criteria.units(places.criteria.by_code[code].max)
    if isinstance(typed, bool | str) or not 0 <= typed <= whole / places.scale:  # type: ignore[operator]
        return DAMAGED
    units = typed * places.scale  # type: ignore[operator]
    return round(units) if abs(units - round(units)) < 1e-6 else DAMAGED


# What the engine makes of it ------------------------------------------------------------------------


def scored_again(results: Results, places: WhatIf, typed: list[Tried]) -> Results:
    """The round of this unit, had its form held what is typed, and all else stayed: a unit "0", "1" … a try."""
    criteria, unit, names = results.criteria, places.unit, [str(k) for k, _ in enumerate(typed)]
    told = told_by(results, places, dict(zip(names, typed, strict=True)))
    settings = settings_of(results, places, dict(zip(names, typed, strict=True)))
    scores = score(criteria, told.inputs, settings)
    answers = {
        (number_, name, code): replace(answer, unit=name)
        for (number_, its_unit, code), answer in results.appraisal.answers.items()
        for name in names
        # What is above the unit's own maximum is refused before it counts.
        if its_unit == unit and (answer.points or 0) <= scores.maxima.loc[name, code]
    }
    appraisal = Appraisal(answers)
    decided = finals(criteria, scores, appraisal)
    table = standings(criteria, settings, decided.applied_to(scores))
    made = {"settings": settings, "scores": scores, "finals": decided, "standings": table}
    analysis = replace(results.analysis, basis=replace(results.analysis.basis, told=told))
    return replace(results, appraisal=appraisal, analysis=analysis, **made)


def told_by(results: Results, places: WhatIf, typed: dict[str, Tried]) -> Told:
    """What the unit's form would say with each try."""
    form = results.by_code[places.unit].file.form
    return Told(
        results.criteria, {k: replace(form, inputs=tried_inputs(places, one)) for k, one in typed.items()}
    )


def settings_of(results: Results, places: WhatIf, typed: dict[str, Tried]) -> Settings:
    """What the department says of this unit, said of each of its tries; with the points that are tried."""
    settings, codes = results.settings, [node.code for node in results.criteria.entered]
    points = {
        (k, code): tried_points(places, code, one.get(code)) for k, one in typed.items() for code in codes
    }
    own = [x for x in settings.exemptions if x.unit == places.unit]
    return replace(
        settings,
        exemptions=(*settings.exemptions, *(replace(x, unit=k) for x in own for k in typed)),
        adjustments=tuple(replace(x, unit=k) for x in settings.adjustments_of(places.unit) for k in typed),
        survey={key: max(units, 0) for key, units in points.items() if units != BLANK},
    )


def expected(results: Results, places: WhatIf, every: list[Tried]) -> list[Values]:
    """For each try: cell of the sheet -> the value it must have."""
    again = scored_again(results, places, every)
    return [_expected(places, WhatIf(again, str(k)), typed) for k, typed in enumerate(every)]


def _expected(places: WhatIf, tried: WhatIf, typed: Tried) -> Values:
    found: Values = dict(values(tried))
    found |= dict(_changes(places, tried))
    for line in places.lines:
        if places.is_open(line):
            found[f"{TYPED}{line.number}"] = _shown_clean(line, typed.get(line.key), places)
        if line.node.kind == "entered" and not line.part:
            found |= _damaged_points(tried, line, tried_points(places, line.key, typed.get(line.key)))
    return found


def _changes(places: WhatIf, tried: WhatIf) -> Iterator[tuple[str, Any]]:
    rows = {TOTAL_ROW: "total", MAXIMUM_ROW: "maximum", INDEX_ROW: "index"}
    pairs = {f"{CHANGE}{row}": (places.standing[k], tried.standing[k]) for row, k in rows.items()}
    pairs |= {places.at(CHANGE, code): (now, tried.finals[code]) for code, now in places.finals.items()}
    for cell, (now, then) in pairs.items():
        both = now is None and then is None
        yield cell, "" if both else points_number((then or 0) - (now or 0), places.decimals)


def _shown_clean(line: Line, typed: Typed, places: WhatIf) -> Any:
    if is_blank(typed):
        return ""
    if line.input is None:
        value = tried_points(places, line.key, typed)
    elif is_unmarked(line.part.rule.rule if line.part else "", typed):
        value = 0
    else:
        value = cleaned(line.input, typed)
    return "!" if value == DAMAGED else value


def _damaged_points(tried: WhatIf, line: Line, points: int) -> Values:
    """Points that are no points earn 0, and say so; the engine knows no such case."""
    if points != DAMAGED:
        return {}
    row, appraised = line.number, tried.appraised[line.key]
    words = f"{KEPT}; {DAMAGE}" if appraised else DAMAGE
    return {f"{VALUE}{row}": "!", f"{STATE}{row}": str(State.DAMAGED), f"{NOTE}{row}": words}


# What LibreOffice made of it ------------------------------------------------------------------------


@dataclass(frozen=True)
class Session:
    """A unit's workbook, what was typed into its what-if sheet, and all that LibreOffice answered."""

    results: Results
    places: WhatIf
    file: Path
    typed: list[Tried]
    answer: dict[str, Any]

    @cached_property
    def book(self) -> Workbook:
        return load_workbook(self.file)


def request_of(file: Path, places: WhatIf, typed: list[Tried]) -> dict[str, Any]:
    first, last = places.lines[0].number, places.last_row
    area = f"{TRY}{first}:{TRY}{last}"
    opened = {line.number: line.key for line in places.lines if places.is_open(line)}
    rows = range(first, last + 1)
    return {
        "file": str(file),
        "read": [[SHEET, f"A1:{COUNTED}{last}"]],
        "sheet": SHEET,
        "fills": [{area: [one.get(opened.get(row, "")) for row in rows]} for one in typed],
    }


@pytest.fixture(scope="module", params=SET_IDS)
def sessions(request: pytest.FixtureRequest, office: Office, tmp_path_factory: Any) -> list[Session]:
    folder, made = tmp_path_factory.mktemp(request.param), []
    for number_, results in enumerate(campaigns(request.param)):
        for unit in [unit for unit in results.units if unit.has_scores][:UNITS]:
            code = unit.unit.code
            places, file = WhatIf(results, code), folder / f"{number_}-{code}.xlsx"
            file.write_bytes(write_result(results, unit))
            typed = tries(results.criteria, random.Random(f"{SEED}/{file.name}"))
            answer = office.ask(request_of(file, places, typed))
            made.append(Session(results, places, file, typed, answer))
    return made


def at(grids: list[list[list[Any]]]) -> Values:
    """Cell -> value, from the one range that was read."""
    return {
        f"{get_column_letter(column)}{row}": value
        for row, cells in enumerate(grids[0], start=1)
        for column, value in enumerate(cells, start=1)
    }


def differences(wanted: Values, found: Values) -> list[str]:
    return [
        f"{cell}: LibreOffice {found[cell]!r}, parxl {value!r}"
        for cell, value in wanted.items()
        if not same(value, found[cell])
    ]


def same(wanted: Any, found: Any) -> bool:
    """Texts alike, numbers the same double; a blank result is ""."""
    if isinstance(wanted, str) or isinstance(found, str):
        return bool(wanted == found)
    return float(wanted) == float(found)


# The tests ------------------------------------------------------------------------------------------


def test_live_cells_of_generated_tries(sessions: list[Session]) -> None:
    found, cells = [], 0
    for session in sessions:
        for number_, wanted in enumerate(expected(session.results, session.places, session.typed)):
            assert wanted.keys() == formulas(session.places).keys()
            shown = at(session.answer["fills"][number_]["values"])
            cells += len(wanted)
            found += [f"{session.file.name} {number_}: {line}" for line in differences(wanted, shown)]
    print(f"{len(sessions) * FILLS} tries, {cells} cells compared, {len(found)} differences")
    assert found == []


def test_no_error_outside_the_cells_typed_into(sessions: list[Session]) -> None:
    assert {
        error for session in sessions for fill in session.answer["fills"] for error in fill["errors"]
    } == set()


def test_tries_reach_what_matters(sessions: list[Session]) -> None:
    """Totals at 0, more than the maximum, other maxima, every state, scores of the council that stay."""
    seen: set[str] = set()
    for session in sessions:
        now = session.places
        for fill in session.answer["fills"]:
            shown = at(fill["values"])
            total, maximum = (shown[f"{TRIED}{row}"] for row in (TOTAL_ROW, MAXIMUM_ROW))
            seen |= {"clipped"} if total == 0 else {"above"} if total > maximum else set()
            seen |= {"other maximum"} if maximum != number(now, now.standing["maximum"]) else set()
            seen |= {str(shown[now.at(STATE, key)]) for key in now.states}
            kept = [code for code, points in now.appraised.items() if points]
            seen |= (
                {"kept"} if any(shown[now.at(COUNTED, c)] != shown[now.at(TRIED, c)] for c in kept) else set()
            )
    states = set(State) if session.results.criteria.waivers else set(State) - {State.WAIVED}
    assert seen == {"clipped", "above", "other maximum", "kept", *states}


@pytest.mark.parametrize("moment", ["loaded", "recalculated"])
def test_cached_values_of_the_whole_workbook(sessions: list[Session], office: Office, moment: str) -> None:
    """Every formula of every sheet: what the file says, what is loaded, what a hard recalculation finds."""
    for session in sessions[::2]:
        cached = load_workbook(session.file, data_only=True)
        places = formula_places(session.book)
        read = [[name, f"{cell}:{cell}"] for name, cell in places]
        answer = office.ask({"file": str(session.file), "read": read})
        assert answer["errors"] == []
        wanted = {place: cached[place[0]][place[1]].value for place in places}
        found = {place: grid[0][0] for place, grid in zip(places, answer[moment], strict=True)}
        assert [p for p in places if not same("" if wanted[p] is None else wanted[p], found[p])] == []


def formula_places(book: Workbook) -> list[tuple[str, str]]:
    cells = ((sheet.title, cell) for sheet in book for row in sheet for cell in row)
    return [(title, cell.coordinate) for title, cell in cells if cell.data_type == "f"]


def test_pasted_errors_spoil_only_their_own_part(sessions: list[Session], office: Office) -> None:
    """#N/A in every cell: each part says so, no error spreads, and nothing is earned but what is waived."""
    session = sessions[0]
    first, last = session.places.lines[0].number, session.places.last_row
    opened = {line.number for line in session.places.lines if session.places.is_open(line)}
    broken = [{"formula": "=NA()"} if row in opened else None for row in range(first, last + 1)]
    request = request_of(session.file, session.places, [])
    answer = office.ask(request | {"fills": [{f"{TRY}{first}:{TRY}{last}": broken}]})["fills"][0]
    shown = at(answer["values"])
    every = {key: "#N/A" for key in session.places.inputs} | {"5": "#N/A"}
    (wanted,) = expected(session.results, session.places, [every])
    assert differences(wanted, shown) == []
    assert {area.split(".")[-1][0] for area in ";".join(answer["errors"]).split(";")} == {TRY}


def test_cut_cells_and_new_rows_mislead_nothing(sessions: list[Session], office: Office) -> None:
    """A try cut onto another counts where it lies; rows put in over and in the table move all alike."""
    session = sessions[0]
    places, count = session.places, session.results.criteria.inputs
    keys = [line.key for line in places.lines if line.input and places.is_open(line)]
    first, second = [key for key in keys if count[key].kind == "count"][1:3]
    steps: list[dict[str, Any]] = [{"do": "set", "at": places.at(TRY, first), "values": [3]}]
    steps += [{"do": "Cut", "at": places.at(TRY, first)}, {"do": "Paste", "at": places.at(TRY, second)}]
    middle = places.lines[-1].number - 3
    steps += [{"do": "InsertRows", "at": f"A{middle}:A{middle}"}, {"do": "InsertRows", "at": "A2:A3"}]
    steps.append({"do": "look_at"})
    job = {"file": str(session.file), "sheet": SHEET, "read": [[SHEET, f"A1:{COUNTED}{places.last_row + 3}"]]}
    shown = at(office.ask({"jobs": [job | {"steps": steps}]})[0][-1]["values"])
    (wanted,) = expected(session.results, places, [{second: 3}])
    assert differences({_moved(cell, middle): value for cell, value in wanted.items()}, shown) == []


def _moved(cell: str, middle: int) -> str:
    row = int(cell[1:])
    return f"{cell[0]}{row + 2 + (row >= middle)}"
