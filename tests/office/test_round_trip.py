"""Issued forms filled and saved by a real LibreOffice, then scored: what parxl reads is what was typed."""

from __future__ import annotations

import random
import unicodedata
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from campaigns import HA_TINH, SET_IDS, TTHC, issued_campaign, ket_qua
from fills import SEED, Case, Typed, cleaned, pool, states
from office import REQUIRED, Office, what_is_missing
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from parxl.actions import Report, score_campaign
from parxl.criteria import CriteriaSet, PartAt, load_set
from parxl.layout import SHEET_META, SHEET_TABLE, Layout, input_name
from parxl.reading.form import FormRead, peek_identity, read_table
from parxl.rules import DAMAGED, Input

pytestmark = pytest.mark.skipif(
    not REQUIRED and bool(what_is_missing()), reason=what_is_missing() or "LibreOffice is here"
)

FILLS, COMPLETE = 12, 3  # the last one is left blank
AGAIN = 4  # this many are saved a second and a third time
UNITS = [(f"don-vi-{n:02}", f"Đơn vị số {n}", "Khối") for n in range(1, FILLS + 1)]
STATES = ("scored", "scored", "missing", "contradictory", "awaiting", "zero")
MARKS = ("x", "X", "×", "✓", "х")

# What is typed key by key, and what is set as it is (a text cell, or an apostrophe before it in Excel).
KEYED = [
    "Báo cáo số 12/BC-SNV ngày 05/12/2026; Quyết định số 345/QĐ-UBND",
    "Kế hoạch số 01/KH-UBND\nCông văn số 2/CV-SNV\n– Phụ lục: ưỡng, ệch, ẵm, kỹ, Đà Nẵng, đường",
    "Nghị quyết của Hội đồng nhân dân tỉnh về cải cách hành chính; " * 80,
    '\'=HYPERLINK("http://x")',  # LibreOffice keeps this apostrophe: it stands before no number
    "Tỷ lệ > 95% & < 100% <b>“đạt”</b> 'x' \"y\"",
    unicodedata.normalize("NFD", "Biên bản kiểm tra thực tế"),
]
SET = ['=HYPERLINK("http://x")', "0123", "12/5/2026", "+84 912 345 678", "-", "@SNV", "_x0041_", "TRUE", "📎"]
TEXTS = [*KEYED, *SET]


# What is typed --------------------------------------------------------------------------------------


def typed_fills(criteria: CriteriaSet) -> list[dict[str, Typed]]:
    """Input key -> what one can type: complete forms, forms in every state, a blank one."""
    made: list[dict[str, Typed]] = [{} for _ in range(FILLS)]
    for at in criteria.parts:
        rng, found = random.Random(f"{SEED}/trip/{at.key}"), _by_state(at)
        for number, fill in enumerate(made[:-1]):
            state = "scored" if number < COMPLETE else rng.choice([s for s in STATES if s in found])
            case = rng.choice(found[state])
            fill.update({at.node.input_key(at.part, i): value for i, value in case.items()})
    return [{key: value for key, value in fill.items() if value is not None} for fill in made]


def _by_state(at: PartAt) -> dict[str, list[Case]]:
    known = {found.id: found for found in at.part.rule.inputs}
    cases = [c for c in pool(at.part.rule) if all(_can_be_typed(known[i], v) for i, v in c.items())]
    found: dict[str, list[Case]] = {}
    for case, state in zip(cases, states(at.part.rule, cases), strict=True):
        found.setdefault(state, []).append(case)
    return found


def _can_be_typed(found: Input, value: Typed) -> bool:
    if value is None:
        return True
    if found.kind == "mark":
        return value in MARKS
    return isinstance(value, int | float) and cleaned(found, value) != DAMAGED


def evidence_of(criteria: CriteriaSet, number: int) -> dict[str, str]:
    """Leaf code -> text; every text in turn, and every fourth leaf without one."""
    leaves = [node for node in criteria.leaves if node.parts]
    texts = {node.code: TEXTS[(n + number) % len(TEXTS)] for n, node in enumerate(leaves)}
    return {} if number == FILLS - 1 else {c: t for n, (c, t) in enumerate(texts.items()) if (n + number) % 4}


# A campaign, and what came of it --------------------------------------------------------------------


@dataclass(frozen=True)
class Trip:
    """One set's campaign after LibreOffice and ``parxl score``."""

    root: Path
    layout: Layout
    typed: list[dict[str, Typed]]
    evidence: list[dict[str, str]]
    answers: list[list[Any]]
    report: Report

    @cached_property
    def units(self) -> list[dict[str, Any]]:
        return list(ket_qua(self.root)["units"])

    @cached_property
    def saved(self) -> list[Workbook]:
        """The returned forms as LibreOffice saved them, with its values."""
        return [_values(path) for path in self.files("2-nop")]

    @cached_property
    def issued(self) -> list[Workbook]:
        return [_values(path) for path in self.files("1-phieu")]

    def files(self, folder: str) -> list[Path]:
        return [self.root / folder / f"{code}.xlsx" for code, _, _ in UNITS]

    def shown(self, number: int, name: str) -> Any:
        """The value of a name's cell in a saved form."""
        book = self.saved[number]
        ((sheet, cell),) = book.defined_names[name].destinations
        return book[sheet][cell].value

    def read(self, path: Path) -> FormRead:
        book, identity = peek_identity(path.read_bytes(), "phieu.xlsx")
        return read_table(book, "phieu.xlsx", self.layout, identity)


def _values(path: Path) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # openpyxl knows no data bars with extensions
        return load_workbook(BytesIO(path.read_bytes()), data_only=True)


@pytest.fixture(scope="module", params=SET_IDS)
def trip(request: pytest.FixtureRequest, office: Office, tmp_path_factory: Any) -> Trip:
    """Issue, have LibreOffice fill, save and save again and again, score."""
    root, criteria = tmp_path_factory.mktemp("trip") / "dot", load_set(request.param)
    issued_campaign(root, request.param, UNITS)
    layout, typed = Layout(criteria), typed_fills(criteria)
    evidence = [evidence_of(criteria, number) for number in range(FILLS)]
    (root / "again").mkdir()
    jobs = [job for n in range(FILLS) for job in _jobs(root, layout, n, typed[n], evidence[n])]
    answers = office.ask({"jobs": jobs})
    return Trip(root, layout, typed, evidence, answers, score_campaign(root))


def _jobs(
    root: Path, layout: Layout, number: int, typed: dict[str, Typed], evidence: dict[str, str]
) -> Iterator[dict[str, Any]]:
    """Fill and save into 2-nop; open that and save; open that and save again."""
    name = f"{UNITS[number][0]}.xlsx"
    again = [root / "again" / name, root / "again" / f"2-{name}"] if number < AGAIN else []
    # The first form of a set is looked at closely: the rules of its cells before and after.
    cells = [*map(layout.input_cell, layout.input_rows), layout.submission_cell] if not number else []
    look = [{"do": "look_at"}, {"do": "rules", "cells": cells}]
    steps = [*look, *_typing(layout, typed, evidence)]
    for source, target in pairwise([root / "1-phieu" / name, root / "2-nop" / name, *again]):
        save = {"do": "save", "file": str(target)}
        yield {"file": str(source), "sheet": SHEET_TABLE, "read": [], "steps": [*steps, save]}
        steps = look


def _typing(layout: Layout, typed: dict[str, Typed], evidence: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Whole numbers, marks and most texts through the input line; amounts free of any locale."""
    for key, value in typed.items():
        cell = layout.input_cell(key)
        keyed = {"do": "EnterString", "at": cell, "text": str(value)}
        yield {"do": "set", "at": cell, "values": [value]} if isinstance(value, float) else keyed
    for code, text in evidence.items():
        cell = layout.evidence_cell(code)
        as_it_is = {"do": "write", "cells": {cell: text}}
        yield as_it_is if text in SET else {"do": "EnterString", "at": cell, "text": text}


# The tests ------------------------------------------------------------------------------------------


def test_every_form_is_taken(trip: Trip) -> None:
    """Also shows how much was done, with ``-rA``."""
    criteria = trip.layout.criteria
    assert [unit["status"] in ("scored", "provisional") for unit in trip.units] == [True] * FILLS
    assert {file["fate"] for file in ket_qua(trip.root)["files"]} == {"scored"}
    results = trip.report.results
    assert results is not None
    found = Counter(str(state) for row in results.scores.states.to_numpy() for state in row)
    inputs, texts = sum(map(len, trip.typed)), sum(map(len, trip.evidence))
    print(f"{criteria.id}: {FILLS} forms, {inputs} inputs and {texts} texts typed")
    print(f"{FILLS * (len(criteria.by_code) + 1)} scores and sums compared; states {dict(found)}")
    wanted = {"scored", "missing", "contradictory"} | ({"awaiting"} if criteria.id == HA_TINH else set())
    assert set(found) >= wanted
    assert FILLS >= 12


def test_identity_is_in_three_places(trip: Trip) -> None:
    for issued, saved in zip(trip.issued, trip.saved, strict=True):
        assert identity_places(saved, trip.layout) == identity_places(issued, trip.layout)
        # LibreOffice knows only one kind of hidden.
        assert (issued[SHEET_META].sheet_state, saved[SHEET_META].sheet_state) == ("veryHidden", "hidden")


def identity_places(book: Workbook, layout: Layout) -> tuple[dict[Any, Any], dict[str, Any], Any]:
    """Metadata sheet, document properties, locked cell; none of them empty."""
    meta = {row[0].value: str(row[1].value or "") for row in book[SHEET_META].iter_rows() if row[0].value}
    own = {prop.name: prop.value for prop in book.custom_doc_props.props if prop.name.startswith("parxl_")}
    line = book[SHEET_TABLE][layout.identity_cell].value
    assert meta
    assert own
    assert line
    return meta, own, line


def test_inputs_are_what_was_typed(trip: Trip) -> None:
    known = trip.layout.criteria.inputs
    for typed, unit in zip(trip.typed, trip.units, strict=True):
        assert unit["inputs"] == {k: "x" if known[k].kind == "mark" else value for k, value in typed.items()}


def test_evidence_is_what_was_typed(trip: Trip) -> None:
    """Letters composed (NFC), no space around; nothing else changes, and nothing is computed."""
    for typed, unit in zip(trip.evidence, trip.units, strict=True):
        wanted = {code: unicodedata.normalize("NFC", text).strip() for code, text in typed.items()}
        assert unit["evidence"] == wanted
    assert {text for typed in trip.evidence for text in typed.values()} == set(TEXTS)


def test_self_scores_are_the_scores(trip: Trip) -> None:
    """Blank in the sheet: 0 in the engine, or null where it awaits guidance."""
    for number, unit in enumerate(trip.units):
        assert unit["self_scores"].keys() == unit["scores"].keys()
        assert wrong_scores(trip, number, set(unit["scores"])) == []
    surveyed = {node.code for node in trip.layout.criteria.leaves if not node.parts}
    for unit in trip.units[:COMPLETE]:
        assert {code for code, points in unit["self_scores"].items() if points is None} == surveyed


def test_sums_in_the_sheet_are_the_engines(trip: Trip) -> None:
    """What LibreOffice saved in score_<code> and score_total; blank: nothing scored, so 0."""
    for number, unit in enumerate(trip.units):
        assert wrong_sums(trip, number, sums(trip)) == []
        assert unit["group_scores"].keys() == sums(trip) - {"total"}


def test_some_leaves_await_with_one_part_only(trip: Trip) -> None:
    """The fills hold the hard case: one part awaits guidance, and another one is in a worse state."""
    found = [half_awaiting(trip, number) for number in range(FILLS)]
    assert any(found) == (trip.layout.criteria.id == TTHC)


def half_awaiting(trip: Trip, number: int) -> set[str]:
    """Leaves of one form with a part that awaits guidance and another one missing or contradictory."""
    results = trip.report.results
    assert results is not None
    row = results.scores.states.loc[UNITS[number][0]]
    found = {n.code: {str(row[n.key(p)]) for p in n.parts} for n in trip.layout.criteria.leaves}
    return {code for code, own in found.items() if "awaiting" in own and own & {"missing", "contradictory"}}


def sums(trip: Trip) -> set[str]:
    return {node.code for node in trip.layout.criteria.groups} | {"total"}


def wrong_scores(trip: Trip, number: int, codes: set[str]) -> list[str]:
    unit = trip.units[number]
    pairs = {code: (unit["self_scores"][code], unit["scores"][code]) for code in sorted(codes)}
    right = {
        code: shown == points or (shown is None and points == 0) for code, (shown, points) in pairs.items()
    }
    return [f"{unit['code']} {code}: {pairs[code]}" for code in pairs if not right[code]]


def wrong_sums(trip: Trip, number: int, codes: set[str]) -> list[str]:
    unit = trip.units[number]
    points = {**unit["group_scores"], "total": unit["total"]}
    shown = {code: trip.shown(number, f"score_{code.replace('.', '_')}") for code in sorted(codes)}
    return [
        f"{unit['code']} {code}: LibreOffice {value}, parxl {points[code]}"
        for code, value in shown.items()
        if (value or 0) != (points[code] or 0)
    ]


def test_checksum_in_the_sheet_is_the_engines(trip: Trip) -> None:
    cell = trip.layout.checksum_cell
    shown = [book[SHEET_TABLE][cell].value for book in trip.saved]
    assert shown == [unit["checksum"] for unit in trip.units]
    assert len(set(shown)) == FILLS


def test_saving_again_and_again_changes_nothing(trip: Trip) -> None:
    """Every field that parxl reads: after the first, the second and the third saving."""
    for path in trip.files("2-nop")[:AGAIN]:
        first = trip.read(path)
        for name in (path.name, f"2-{path.name}"):
            assert trip.read(trip.root / "again" / name) == first


def test_rules_and_protection_survive(trip: Trip) -> None:
    """Validations as LibreOffice sees them, before and after its own saving; protection in the file."""
    (before, rules, *_), (after, kept, *_), (_, still, *_) = trip.answers[:3]
    assert len(rules) == len(trip.layout.input_rows) + 1
    assert {rule[0] for cell, rule in rules.items() if cell != trip.layout.submission_cell} == {"CUSTOM"}
    assert rules == kept == still
    assert before["protected"] == after["protected"]
    assert before["errors"] == after["errors"] == []
    for issued, saved in zip(trip.issued, trip.saved, strict=True):
        protected = {sheet.title for sheet in issued if sheet.protection.sheet}
        assert SHEET_TABLE in protected
        assert {sheet.title for sheet in saved if sheet.protection.sheet} == protected
        assert unlocked(saved) == unlocked(issued)


def unlocked(book: Workbook) -> set[str]:
    return {cell.coordinate for row in book[SHEET_TABLE] for cell in row if not cell.protection.locked}


def test_names_lead_to_the_same_cells(trip: Trip) -> None:
    for book in trip.saved:
        for key in trip.layout.input_rows:
            ((sheet, cell),) = book.defined_names[input_name(key)].destinations
            assert (sheet, cell.replace("$", "")) == (SHEET_TABLE, trip.layout.input_cell(key))
