"""Digests of what a workbook rests on: whatever changes its bytes changes its digest, and little else does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from random import Random
from typing import Any

import pytest
from campaigns import HA_TINH, TTHC
from provinces import province

from parxl.appraisal import Answer, Appraisal
from parxl.books.unit.book import write_result
from parxl.campaign import Adjustment, Band, Exemption, Ruling, Settings
from parxl.provenance import Provenance
from parxl.reading.file import FileRead
from parxl.reading.intake import Intake
from parxl.results import Results, league_rests_on, rests_on, score_intake, unit_text
from parxl.rules import BLANK, DAMAGED

PROVINCES: dict[str, tuple[str, int, int, dict[str, Any]]] = {
    "ha-tinh": (HA_TINH, 24, 9, {"groups": 2, "appraised": True, "adjusted": True}),
    "tthc": (TTHC, 24, 9, {"groups": 3, "ties": "1-1-2"}),
}
both = pytest.mark.parametrize("name", PROVINCES)
Change = Callable[[Results, Random, str], Results]


@cache
def made(name: str) -> Results:
    set_id, units, seed, more = PROVINCES[name]
    return province(set_id, units, seed, **more)


@cache
def outputs(name: str) -> dict[str, bytes]:
    return of(made(name))


def of(results: Results) -> dict[str, bytes]:
    texts = {result.unit.code: unit_text(results, result).encode() for result in results.units}
    return {
        result.unit.code: write_result(results, result) + texts[result.unit.code] for result in results.units
    }


def again(
    results: Results,
    settings: Settings | None = None,
    intake: Intake | None = None,
    appraisal: Appraisal | None = None,
) -> Results:
    """The same round with something else instead."""
    return score_intake(
        results.layout,
        settings or results.settings,
        results.register,
        intake or results.intake,
        lambda scores: appraisal or results.appraisal,
    )


def with_form(results: Results, code: str, **change: Any) -> Results:
    """The same file with other contents: even its hash is the old one."""
    file = results.intake.chosen[code]
    assert file.form is not None
    new: FileRead = replace(file, form=replace(file.form, **change))
    files = tuple(new if one.name == file.name else one for one in results.intake.files)
    return again(
        results, intake=replace(results.intake, files=files, chosen={**results.intake.chosen, code: new})
    )


def other_input(results: Results, rng: Random, code: str) -> Results:
    form = results.intake.chosen[code].form
    assert form is not None
    key = rng.choice(list(results.criteria.inputs))
    choices = [0, 1] if results.criteria.inputs[key].kind == "mark" else [0, 1, 7, 10**6, BLANK]
    new = {**form.inputs, key: rng.choice([c for c in choices if c != form.inputs[key]])}
    return with_form(results, code, inputs=new, sheet_inputs=new)


def damaged_for_the_sheet(results: Results, rng: Random, code: str) -> Results:
    form = results.intake.chosen[code].form
    assert form is not None
    key = rng.choice([key for key, value in form.sheet_inputs.items() if value != DAMAGED])
    return with_form(results, code, sheet_inputs={**form.sheet_inputs, key: DAMAGED})


def other_evidence(results: Results, rng: Random, code: str) -> Results:
    form = results.intake.chosen[code].form
    assert form is not None
    leaf = rng.choice([node.code for node in results.criteria.leaves if node.parts])
    return with_form(results, code, evidence={**form.evidence, leaf: f"Báo cáo {rng.random()}"})


def other_submission(results: Results, rng: Random, code: str) -> Results:
    return with_form(results, code, submission=rng.randrange(3, 90))


def other_self_score(results: Results, rng: Random, code: str) -> Results:
    form = results.intake.chosen[code].form
    assert form is not None
    shown = {**form.self_scores, rng.choice(list(form.self_scores)): rng.randrange(400)}
    return with_form(results, code, self_scores=shown)


def other_answer(results: Results, rng: Random, code: str) -> Results:
    leaf = rng.choice(results.criteria.leaves)
    most = int(results.scores.maxima.loc[code, leaf.code])
    answer = Answer(1, code, leaf.code, rng.randint(0, most), "Thiếu tài liệu", None, "t.xlsx", "T", "F9")
    answers = {**results.appraisal.answers, answer.key: answer}
    return again(results, appraisal=replace(results.appraisal, answers=answers))


def exempted(results: Results, rng: Random, code: str) -> Results:
    one = Exemption(code, rng.choice(results.criteria.parts).key, "Không có chức năng", "QĐ 1")
    return again(results, replace(results.settings, exemptions=(*results.settings.exemptions, one)))


def adjusted(results: Results, rng: Random, code: str) -> Results:
    one = Adjustment(code, rng.choice([-50, 25, 100]), "Sáng kiến", "QĐ 2")
    return again(results, replace(results.settings, adjustments=(*results.settings.adjustments, one)))


def surveyed(results: Results, rng: Random, code: str) -> Results:
    entered = results.criteria.entered
    if not entered:
        return adjusted(results, rng, code)
    given = {**results.settings.survey, (code, entered[0].code): rng.randrange(500)}
    return again(results, replace(results.settings, survey=given))


def submitted_on_another_day(results: Results, rng: Random, code: str) -> Results:
    units = [replace(u, submitted=None) if u.code == code else u for u in results.settings.units]
    return again(results, replace(results.settings, units=tuple(units)))


OF_ONE_UNIT: list[Change] = [
    other_input,
    other_input,
    other_input,
    damaged_for_the_sheet,
    other_evidence,
    other_submission,
    other_self_score,
    other_answer,
    exempted,
    adjusted,
    surveyed,
    submitted_on_another_day,
]


@both
@pytest.mark.parametrize("number", range(len(OF_ONE_UNIT)), ids=[one.__name__ for one in OF_ONE_UNIT])
def test_whatever_changes_the_bytes_changes_the_digest(name: str, number: int) -> None:
    whole, rng = made(name), Random(f"{name} {number}")
    code = rng.choice(list(whole.intake.chosen))
    changed = OF_ONE_UNIT[number](whole, rng, code)
    now, then = rests_on(changed), rests_on(whole)
    told = {unit for unit in then if now[unit] != then[unit]}
    differ = {unit for unit, content in of(changed).items() if content != outputs(name)[unit]}
    assert differ <= told
    assert code in told
    group = whole.by_code[code].unit.group
    assert {whole.by_code[unit].unit.group for unit in told} == {group}


@both
def test_most_others_keep_their_digests(name: str) -> None:
    """Over many changes hardly any workbook would be made again for nothing."""
    whole, rng = made(name), Random(name)
    told = differ = 0
    for _ in range(5):
        changed = other_input(whole, rng, rng.choice(list(whole.intake.chosen)))
        now, then = rests_on(changed), rests_on(whole)
        told += sum(now[unit] != then[unit] for unit in then)
        differ += sum(content != outputs(name)[unit] for unit, content in of(changed).items())
    assert 0 < told <= 1.2 * differ + 2


def renamed(settings: Settings) -> Settings:
    return replace(settings, name="Đợt khác")


def ruled(settings: Settings) -> Settings:
    return replace(settings, rulings={**settings.rulings, "1.1": Ruling("zero", "CV 9")})


def with_a_new_neighbour(settings: Settings) -> Settings:
    units = (*settings.units, replace(settings.units[0], code="moi", name="Đơn vị mới"))
    return replace(settings, units=units)


@both
@pytest.mark.parametrize("change", [renamed, ruled, with_a_new_neighbour])
def test_what_concerns_all_changes_all(name: str, change: Callable[[Settings], Settings]) -> None:
    whole = made(name)
    now, then = rests_on(again(whole, change(whole.settings))), rests_on(whole)
    assert all(now[unit] != then[unit] for unit in then)


@both
def test_addresses_and_grades_change_nothing(name: str) -> None:
    """Mail goes its own way; a grade stands in the unit's own row."""
    whole = made(name)
    settings = replace(whole.settings, mail={"Máy chủ SMTP": "thu.vn"})
    assert rests_on(again(whole, settings)) == rests_on(again(whole))


@both
def test_it_rests_on_the_round_alone(name: str) -> None:
    """Not on what has been asked of it before, nor on where its parts stand in memory."""
    whole = made(name)
    fresh = province(*PROVINCES[name][:3], **PROVINCES[name][3])
    before = rests_on(fresh)
    assert rests_on(whole) == before == rests_on(fresh)
    assert all(len(digest) == 64 for digest in before.values())


# The league workbook ------------------------------------------------------------------------------


def league(results: Results) -> str:
    return league_rests_on(results, rests_on(results))


def a_stray_file(results: Results, rng: Random, code: str) -> Results:
    stray = FileRead(f"2-nop/{rng.random()}.xlsx", "0" * 64, "rejected")
    return again(results, intake=replace(results.intake, files=(*results.intake.files, stray)))


def another_note_on_a_file(results: Results, rng: Random, code: str) -> Results:
    """The same bytes: nobody could read them this time."""
    first, *others = results.intake.files
    note = replace(results.findings[0], message="Không đọc được.")
    return again(results, intake=replace(results.intake, files=(replace(first, findings=(note,)), *others)))


def a_note_on_the_appraisal(results: Results, rng: Random, code: str) -> Results:
    return again(results, appraisal=replace(results.appraisal, findings=(results.findings[0],)))


def other_bands(results: Results, rng: Random, code: str) -> Results:
    return again(results, replace(results.settings, bands=(Band("*", "Khá", rng.randrange(9000)),)))


def exempted_one_by_one(results: Results, rng: Random, code: str) -> Results:
    part = results.criteria.parts[0].key
    own = tuple(Exemption(unit.code, part, "Không có", "QĐ 1") for unit in results.settings.units)
    return again(results, replace(results.settings, exemptions=own))


def other_sources(results: Results, rng: Random, code: str) -> Results:
    return replace(again(results), provenance=Provenance({"dot-cham.xlsx": "0" * 64}, "f"))


OF_THE_ROUND = [
    *dict.fromkeys(OF_ONE_UNIT),
    a_stray_file,
    another_note_on_a_file,
    a_note_on_the_appraisal,
    other_bands,
    exempted_one_by_one,
    other_sources,
]


@both
@pytest.mark.parametrize("change", OF_THE_ROUND)
def test_whatever_changes_changes_the_digest_of_the_league(name: str, change: Change) -> None:
    whole = made(name)
    code = next(iter(whole.intake.chosen))
    assert league(change(whole, Random(name), code)) != league(whole)


@both
def test_the_league_rests_on_the_round_alone(name: str) -> None:
    whole = made(name)
    assert league(whole) == league(again(whole)) == league(province(*PROVINCES[name][:3], **PROVINCES[name][3]))
