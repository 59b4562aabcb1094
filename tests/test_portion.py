"""A portion of a round, in another process: the workbooks and texts of its units are those of the whole."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from campaigns import HA_TINH, TTHC
from hypothesis import given
from hypothesis import strategies as st
from provinces import province

from parxl.books.form.returned import to_mend
from parxl.books.unit.book import write_result
from parxl.reading.intake import Intake
from parxl.results import Portion, Results, json_pieces, rests_on, score_intake, to_json, unit_text
from parxl.results.indented import indented

PROVINCES: dict[str, tuple[str, int, int, dict[str, Any]]] = {
    "all": (HA_TINH, 23, 3, {"groups": 3, "appraised": True, "last_year": True, "adjusted": True}),
    "plain": (TTHC, 13, 4, {"groups": 2, "ties": "1-1-2"}),
    "unsurveyed": (HA_TINH, 10, 5, {"survey": False, "ties": "1-1-2"}),
    "settled": (TTHC, 18, 6, {"awaiting": False, "appraised": True, "last_year": True, "groups": 4}),
}
MOST = 15_000  # bytes of one of 50 units, with everything that is typed in its form


@cache
def made(name: str) -> Results:
    set_id, units, seed, more = PROVINCES[name]
    return province(set_id, units, seed, **more)


def sent(results: Results, codes: list[str]) -> Results:
    """As another process has them; layout, settings and register went there before."""
    portion: Portion = pickle.loads(pickle.dumps(results.portion(codes)))
    layout, settings, register = pickle.loads(
        pickle.dumps((results.layout, results.settings, results.register))
    )
    return portion.results(layout, settings, register)


def portions(results: Results) -> Iterator[list[str]]:
    """Some together, out of order too, and some alone."""
    codes = [result.unit.code for result in results.units]
    yield codes[len(codes) // 2 :: -1]
    yield from ([code] for code in codes[len(codes) // 2 + 1 : -3])
    yield codes[-3:]


@pytest.mark.parametrize("name", PROVINCES)
def test_the_very_same_bytes(name: str) -> None:
    whole, seen = made(name), set()
    for codes in portions(whole):
        part = sent(whole, codes)
        assert [result.unit.code for result in part.units] == codes
        for result in part.units:
            own = whole.by_code[result.unit.code]
            assert unit_text(part, result) == unit_text(whole, own)
            assert to_mend(part, result) == to_mend(whole, own)
            assert write_result(part, result) == write_result(whole, own)
            seen.add(result.status)
        names = [file.name for code in codes for file in whole.files_of.get(code, ())]
        assert [file.name for file in part.intake.files] == names
    assert seen >= {"conflict", "rejected", "missing"}


def test_all_of_a_round_is_the_round() -> None:
    whole = made("all")
    part = whole.restricted([result.unit.code for result in whole.units])
    for name in ("leaves", "groups", "appraised", "rounds", "open_points"):
        assert getattr(part.finals, name).equals(getattr(whole.finals, name)), name
    assert part.standings.equals(whole.standings)
    assert part.analysis.gains == whole.analysis.gains
    assert [one.explanations for one in part.units] == [one.explanations for one in whole.units]
    assert [one.findings for one in part.units] == [one.findings for one in whole.units]


def test_it_is_small() -> None:
    """Nothing of the other units, and nothing that the process knows already."""
    whole = province(TTHC, 60, 8, groups=2, appraised=True, last_year=True)
    portion = whole.portion([result.unit.code for result in whole.units[:50]])
    content = pickle.dumps(portion)
    assert len(content) < 50 * MOST
    assert not any(result.unit.name.encode() in content for result in whole.units[50:])
    assert whole.criteria.leaves[0].title.encode() not in content
    assert not any(f"{result.unit.code}.xlsx".encode() in content for result in whole.units[50:])


def test_nobody_at_all() -> None:
    part = sent(made("all"), [])
    assert (part.units, part.standings.empty, dict(part.analysis.gains)) == ((), True, {})


# The text -----------------------------------------------------------------------------------------

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
    ['"', "\\\n", "\u2028é"]
)
PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS
VALUES = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4)
)


@given(VALUES, st.integers(0, 3))
def test_the_text_is_what_json_writes(value: Any, depth: int) -> None:
    wrapped, wanted = value, json.dumps(value, ensure_ascii=False, indent=1)
    for _ in range(depth):
        wrapped = [wrapped]
    assert indented(wrapped) == json.dumps(wrapped, ensure_ascii=False, indent=1)
    assert indented(value, depth) == wanted.replace("\n", "\n" + " " * depth)


@pytest.mark.parametrize("name", PROVINCES)
def test_the_pieces_make_the_whole(name: str) -> None:
    whole, books = made(name), {"4-ket-qua/don-vi/a.xlsx": "0" * 64}
    texts = [unit_text(whole, result) for result in whole.units]
    text = "".join(json_pieces(whole, texts, books))
    assert text == to_json(whole, books)
    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=1) + "\n"
    assert [json.loads(one) for one in texts] == json.loads(text)["units"]


def test_a_round_of_nobody_is_json_too() -> None:
    whole = made("plain")
    nobody = score_intake(whole.layout, replace(whole.settings, units=()), None, Intake((), {}, {}, {}))
    text = to_json(nobody)
    assert (json.loads(text)["units"], json.loads(text)["files"]) == ([], [])
    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=1) + "\n"


# So many together as there is room for ------------------------------------------------------------


def told(results: Results) -> list[Any]:
    return [
        to_json(results),
        rests_on(results),
        results.analysis.basis.told.evidence.to_dict(),
        results.analysis.basis.told.self_scores.to_dict("list"),
    ]


@pytest.mark.parametrize("name", PROVINCES)
def test_nothing_depends_on_how_many_are_asked_about_together(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for of_scores, of_digests in ((4, 3), (10**6, 10**6)):
        monkeypatch.setattr("parxl.results.run.AT_ONCE", of_scores)
        monkeypatch.setattr("parxl.results.rests.AT_ONCE", of_digests)
        found.append(told(again(made(name))))
    assert found[0] == found[1]


def again(whole: Results) -> Results:
    return score_intake(
        whole.layout, whole.settings, whole.register, whole.intake, lambda scores: whole.appraisal
    )
