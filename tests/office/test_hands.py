"""What people do to a protected sheet, done in a real LibreOffice: at most the touched criteria change."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from campaigns import SET_IDS
from hand_cases import SOURCE, Case, Filled, cases, entered, pasted, write_source
from office import REQUIRED, Office, what_is_missing
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import rows_from_range

from parxl.books.form.book import write_form
from parxl.books.form.data import FormData, template_data
from parxl.criteria import Node, load_set
from parxl.layout import CHECK, INPUT, SCORE, SHEET_CHECK, SHEET_TABLE, STATE, VALUE, Layout
from parxl.live import DAMAGE, Live
from parxl.reading.form import FormRead, peek_identity, read_table
from parxl.rules import DAMAGED
from parxl.scoring import Scores, score

pytestmark = pytest.mark.skipif(
    not REQUIRED and bool(what_is_missing()), reason=what_is_missing() or "LibreOffice is here"
)

FORMS = {set_id: Filled(Layout(load_set(set_id))) for set_id in SET_IDS}
CASES = {(set_id, name): case for set_id, form in FORMS.items() for name, case in cases(form).items()}
letter = cache(get_column_letter)
UNTOUCHED = "untouched"
LOOK = {"do": "look_at", "formulas": True}
Look = dict[str, Any]
Cells = dict[str, Any]


# What LibreOffice made of it ------------------------------------------------------------------------


@dataclass(frozen=True)
class Session:
    """One set's filled form, and by case what it showed after the steps and after restoring."""

    form: Filled
    read: list[list[str]]
    folder: Path
    answers: dict[str, list[Any]]

    @cached_property
    def before(self) -> Look:
        """The form as parxl wrote it, recalculated."""
        return self.answers[UNTOUCHED][0]

    def looks(self, name: str) -> tuple[Look, Look]:
        """After the steps; after restoring, which is the same where nothing changed."""
        looks = [answer for answer in self.answers[name] if isinstance(answer, dict)]
        return looks[0], looks[-1]

    def cells(self, look: Look, what: str = "values") -> dict[tuple[str, str], Any]:
        """(sheet, cell) -> value or formula."""
        return {
            (sheet, f"{letter(column)}{number}"): value
            for (sheet, _), grid in zip(self.read, look[what], strict=True)
            for number, row in enumerate(grid, start=1)
            for column, value in enumerate(row, start=1)
        }

    @cached_property
    def formulas(self) -> dict[tuple[str, str], str]:
        """Every formula of the two sheets before anything was done."""
        found = self.cells(self.before, "formulas")
        return {place: text for place, text in found.items() if text.startswith("=")}

    def inputs(self, name: str) -> dict[str, int]:
        """What the sheet must see after a case."""
        case = CASES.get((self.form.layout.criteria.id, name))
        return self.form.inputs | (case.sheet if case else {})

    @cached_property
    def scores(self) -> Scores:
        """Of all cases in one go."""
        rows = [self.inputs(name) for name in self.answers]
        return score(self.form.layout.criteria, pd.DataFrame(rows, index=list(self.answers), dtype="int64"))

    def wanted(self, name: str) -> Cells:
        """The live cells of the table after a case, as parxl computes them."""
        return Live(self.form.layout, self.inputs(name), self.scores, name).values()

    def table(self, look: Look) -> Cells:
        return {cell: value for (sheet, cell), value in self.cells(look).items() if sheet == SHEET_TABLE}

    def reread(self, name: str) -> FormRead:
        file = _saved(self.folder, name)
        book, identity = peek_identity(file.read_bytes(), file.name)
        return read_table(book, file.name, self.form.layout, identity)


def _saved(folder: Path, name: str) -> Path:
    return folder / f"{name.encode().hex()}.xlsx"


@pytest.fixture(scope="module")
def sessions(office: Office, tmp_path_factory: Any) -> dict[str, Session]:
    return {set_id: _session(office, tmp_path_factory.mktemp(set_id), form) for set_id, form in FORMS.items()}


def _session(office: Office, folder: Path, form: Filled) -> Session:
    """One visit to LibreOffice for each set; a document for each case."""
    file = folder / "phieu.xlsx"
    file.write_bytes(write_form(_filled(form)))
    write_source(folder / SOURCE)
    book = load_workbook(file)
    read = [[name, f"A1:{book[name].dimensions.split(':')[1]}"] for name in (SHEET_TABLE, SHEET_CHECK)]
    own = {name: case for (set_id, name), case in CASES.items() if FORMS[set_id] is form}
    steps = {UNTOUCHED: [LOOK]}
    steps |= {name: _steps(form, folder, name, case) for name, case in own.items()}
    common = {"file": str(file), "sheet": SHEET_TABLE, "read": read}
    jobs = [common | {"steps": found, "cells": _own(form, name)} for name, found in steps.items()]
    answers = office.ask({"jobs": jobs})
    return Session(form, read, folder, dict(zip(steps, answers, strict=True)))


def _own(form: Filled, name: str) -> list[str]:
    """The cells that a case touches; of the untouched form all inputs."""
    case = next((case for (set_id, one), case in CASES.items() if one == name and FORMS[set_id] is form), None)
    return [form.cell(key) for key in (case.sheet if case else form.typed)]


def _filled(form: Filled) -> FormData:
    data = template_data(form.layout.criteria)
    typed = {key: value for key, value in form.typed.items() if value is not None}
    facts = {"layout": form.layout, "typed": typed, "inputs": form.inputs, "evidence": form.evidence}
    return FormData(**{**vars(data), **facts})


def _steps(form: Filled, folder: Path, name: str, case: Case) -> list[dict[str, Any]]:
    """Do it, look, save; type the old values again (or undo), look. Nothing to restore if it was refused."""
    own = [step | ({"file": str(folder / SOURCE)} if "file" in step else {}) for step in case.steps]
    back = [step for key in case.sheet for step in pasted(form.cell(key), form.typed[key])]
    save = {"do": "save", "file": str(_saved(folder, name))}
    restore = [{"do": "Undo"}] if case.undo else back
    return [*own, LOOK, *([save, *restore, {"do": "look_at"}] if case.sheet else [])]


# The tests ------------------------------------------------------------------------------------------

every_case = pytest.mark.parametrize(("set_id", "name"), list(CASES))


@pytest.mark.parametrize("set_id", SET_IDS)
def test_filled_form_is_complete(sessions: dict[str, Session], set_id: str) -> None:
    session = sessions[set_id]
    assert differences(session, session.before, UNTOUCHED) == []
    assert session.before["errors"] == []
    assert session.before["locked"] == []
    states = {session.table(session.before)[f"{STATE}{row}"] for row in session.form.layout.part_rows.values()}
    assert states == {"scored"}


@every_case
def test_no_formula_breaks(sessions: dict[str, Session], set_id: str, name: str) -> None:
    """Locked formulas are the same texts as before, and only the typed cells themselves show an error."""
    session, case = sessions[set_id], CASES[set_id, name]
    own = {session.form.cell(key) for key in case.sheet}
    after, restored = session.looks(name)
    assert broken(session, after) == []
    assert set(shown_errors(after)) <= {(SHEET_TABLE, cell) for cell in own}
    assert restored["errors"] == []


@every_case
def test_sheet_scores_what_is_left(sessions: dict[str, Session], set_id: str, name: str) -> None:
    """Every live cell of the table is what parxl computes for the inputs that stand there now."""
    session = sessions[set_id]
    assert differences(session, session.looks(name)[0], name) == []


@every_case
def test_only_the_touched_criteria_change(sessions: dict[str, Session], set_id: str, name: str) -> None:
    session, case = sessions[set_id], CASES[set_id, name]
    before, after = session.table(session.before), session.table(session.looks(name)[0])
    kept = [cell for node in untouched(session.form, case) for cell in cells_of(session.form.layout, node)]
    assert len(kept) > 100
    assert {cell: after[cell] for cell in kept} == {cell: before[cell] for cell in kept}


@every_case
def test_check_column_says_what_is_wrong(sessions: dict[str, Session], set_id: str, name: str) -> None:
    """A damaged input: the criterion says so, shows no score, and the arrow points at the cell."""
    session, case = sessions[set_id], CASES[set_id, name]
    after, layout = session.table(session.looks(name)[0]), session.form.layout
    for key in (key for key, value in case.sheet.items() if value == DAMAGED):
        row = layout.input_rows[key]
        head = layout.part_rows[row.node.key(row.part)]  # type: ignore[union-attr, arg-type]
        assert after[f"{CHECK}{head}"] == DAMAGE
        assert after[f"{SCORE}{head}"] == ""
        assert after[f"{CHECK}{row.number}"] == ("◄ sai" if row.number != head else DAMAGE)


@every_case
def test_restored_values_restore_everything(sessions: dict[str, Session], set_id: str, name: str) -> None:
    session, case = sessions[set_id], CASES[set_id, name]
    after, restored = session.looks(name)
    assert session.cells(restored) == session.cells(session.before)
    assert restored["locked"] == []
    assert after["locked"] == ([session.form.cell(key) for key in case.sheet] if case.undo else [])
    assert restored["protected"] == after["protected"] == session.before["protected"]
    assert SHEET_TABLE in after["protected"]


@pytest.mark.parametrize(("set_id", "name"), [place for place, case in CASES.items() if case.sheet])
def test_reader_agrees_with_the_sheet(sessions: dict[str, Session], set_id: str, name: str) -> None:
    session, case = sessions[set_id], CASES[set_id, name]
    form, found = session.form, session.reread(name)
    assert found.inputs == form.inputs | case.sheet | case.read
    assert found.evidence == form.evidence
    table = session.table(session.looks(name)[0])
    for code, units in found.self_scores.items():
        shown = table[f"{SCORE}{form.layout.row_of(code)}"]
        assert units == (None if shown == "" else round(shown * 10**form.layout.criteria.decimals)), code


def test_counts(sessions: dict[str, Session], capsys: pytest.CaptureFixture[str]) -> None:
    """How much was done; see it with ``-rA``."""
    for set_id, session in sessions.items():
        own = [case for (one, _), case in CASES.items() if one == set_id]
        refused = sum(not case.sheet for case in own)
        formulas = len(session.formulas)
        print(f"{set_id}: {len(own)} cases ({refused} refused), {formulas} formulas compared after each")
        assert len(own) >= 60
        assert formulas > 500


@pytest.mark.parametrize("set_id", SET_IDS)
def test_formula_to_its_own_score(office: Office, sessions: dict[str, Session], set_id: str) -> None:
    """A circle typed on purpose errs along the circle, in its own criterion and the sums, until deleted.

    No formula can prevent that (Excel warns of it, and the reader refuses a formula in an input).
    """
    session = sessions[set_id]
    layout, (_, b) = session.form.layout, session.form.ratio(0)
    code = b.split("/")[0]
    cell = layout.input_cell(b)
    steps = [*entered(cell, f"={SCORE}{layout.row_of(code)}"), {"do": "look_at"}]
    steps += [{"do": "ClearContents", "at": cell}, {"do": "look_at"}]
    job = {"file": str(session.folder / "phieu.xlsx"), "sheet": SHEET_TABLE, "read": session.read}
    during, after = (look for look in office.ask({"jobs": [job | {"steps": steps}]})[0] if look)
    above = {code} | {node.code for node in layout.criteria.groups if code.startswith(node.code + ".")}
    sums = {f"{SCORE}{layout.row_of(one)}" for one in above} | {f"{SCORE}{layout.total_row}", cell}
    assert {place for sheet, place in shown_errors(during) if sheet == SHEET_TABLE} <= sums
    assert list(shown_errors(after)) == []


# Comparing ------------------------------------------------------------------------------------------


def differences(session: Session, look: Look, name: str) -> list[str]:
    """One line for each live cell of the table that is not what parxl computes."""
    table = session.table(look)
    wanted = session.wanted(name)
    return [
        f"{cell}: LibreOffice {table[cell]!r}, parxl {value!r}"
        for cell, value in wanted.items()
        if table[cell] != value
    ]


def broken(session: Session, look: Look) -> list[str]:
    """Formulas of the two sheets that are another text now.

    LibreOffice names the sheet a second time, at the end of a range on another sheet, once a cut touched it.
    """
    now = session.cells(look, "formulas")
    return [
        f"{sheet}!{cell}: {formula} -> {now[sheet, cell]}"
        for (sheet, cell), formula in session.formulas.items()
        if now[sheet, cell].replace(f":$'{SHEET_TABLE}'.", ":") != formula
    ]


def shown_errors(look: Look) -> Iterator[tuple[str, str]]:
    """(sheet, cell) of every error value."""
    for sheet, area in re.findall(r"'?([^'.,;]+)'?\.([A-Z]+\d+(?::[A-Z]+\d+)?)", ";".join(look["errors"])):
        yield from ((sheet, cell) for row in rows_from_range(area) for cell in row)


def untouched(form: Filled, case: Case) -> list[Node]:
    """The leaves that have no changed input, nor are waived by one."""
    criteria = form.layout.criteria
    touched = {key.split("/")[0] for key in case.sheet}
    touched |= {part.split("/")[0] for part, key in criteria.waivers.items() if key in case.sheet}
    return [node for node in criteria.leaves if node.parts and node.code not in touched]


def cells_of(layout: Layout, node: Node) -> list[str]:
    """Value, state, score and check cells in all rows of a leaf."""
    rows = [row.number for row in layout.rows if row.node is node]
    return [f"{column}{row}" for row in rows for column in (INPUT, VALUE, STATE, SCORE, CHECK)]
