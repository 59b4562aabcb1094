"""The sentence beside each score, and the decision's line that it quotes."""

from __future__ import annotations

from typing import Any

import pytest
from campaigns import HA_TINH, SET_IDS, TTHC
from test_scoring import CRITERIA, FRAMES, campaign, every_ruling, full_frame

from parxl.campaign import Exemption, Ruling, Settings
from parxl.explain import Explanation, explain_unit
from parxl.rules import BLANK, DAMAGED
from parxl.scoring import score

Frame = Any


def row_of(frame: Frame, unit: str) -> dict[str, int]:
    return {str(key): int(value) for key, value in frame.loc[unit].items()}


def explained(set_id: str, frame: Frame, settings: Settings | None = None) -> dict[str, Explanation]:
    settings = settings or campaign()
    scores = score(CRITERIA[set_id], frame, settings)
    return explain_unit(CRITERIA[set_id], settings, scores, row_of(frame, "u"), "u")


def told(set_id: str, code: str, settings: Settings | None = None, **typed: int) -> Explanation:
    return explained(set_id, full_frame(set_id, **typed), settings)[code]


# Every state --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("set_id", "code", "typed", "sentence"),
    [
        (HA_TINH, "1.2", {"1.2/a": BLANK}, "Chưa nhập đủ số liệu → 0 điểm"),
        (HA_TINH, "1.2", {"1.2/b": 21}, "Số liệu mâu thuẫn → 0 điểm"),
        (HA_TINH, "1.2", {"1.2/b": DAMAGED}, "Số liệu không hợp lệ → 0 điểm"),
        (HA_TINH, "1.2", {"1.2/a": 0}, "a = 0: chờ hướng dẫn của cơ quan chủ trì"),
        (
            TTHC,
            "3.4.4",
            {"3.4.4/1": 0, "3.4.4/none": 1},
            "Không phát sinh: chờ hướng dẫn của cơ quan chủ trì",
        ),
        (HA_TINH, "3.2.2", {"3.2.2/a": 0}, "a = 0: đạt điểm tối đa theo quyết định → 1,00 điểm"),
        (
            HA_TINH,
            "2.1.2",
            {"2.1.1/a": 0},
            "Mục 2.1.1 có a = 0 (không được giao): đạt điểm tối đa → 0,50 điểm",
        ),
        (HA_TINH, "5", {}, "Chưa có điểm do cơ quan chủ trì nhập"),
    ],
)
def test_the_sentence_of_each_state(set_id: str, code: str, typed: dict[str, int], sentence: str) -> None:
    assert told(set_id, code, **typed).sentence == sentence


def test_a_proportional_score_shows_its_working() -> None:
    found = told(HA_TINH, "1.2", **{"1.2/a": 60, "1.2/b": 57})
    assert found.sentence == "b/a = 57/60 = 95,00% ≥ 80% → 1 × 95,00% = 0,95 điểm"
    assert found.line.startswith("Hoàn thành từ 80% -100% kế hoạch")
    assert found.text == f"{found.sentence}\nCăn cứ: “{found.line}”"


def test_a_rate_never_lies_about_its_side() -> None:
    found = told(TTHC, "3.4.1", **{"3.4.1/a": 20_000, "3.4.1/b": 18_999})
    assert "94,995%" in found.sentence
    assert "95,00%" not in found.sentence
    assert found.sentence.endswith("0,00 điểm")


def test_the_survey_is_named_as_entered() -> None:
    found = told(HA_TINH, "5", campaign(survey={"u": 1875}))
    assert found.sentence == "Điểm do cơ quan chủ trì nhập: 18,75 điểm"


# Rulings and exemptions ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("treatment", "words"),
    [("full", "đạt điểm tối đa"), ("zero", "0 điểm"), ("not-applicable", "không áp dụng")],
)
@pytest.mark.parametrize(("document", "quoted"), [("Công văn 15/SNV", " (Công văn 15/SNV)"), ("", "")])
def test_a_ruling_quotes_its_document(treatment: Any, words: str, document: str, quoted: str) -> None:
    settings = campaign(rulings={"1.2": Ruling(treatment, document), "1.4.3": Ruling(treatment, document)})
    found = told(HA_TINH, "1.2", settings, **{"1.2/a": 0})
    assert found.sentence == f"a = 0: {words} theo hướng dẫn{quoted}"
    none = told(HA_TINH, "1.4.3", settings, **{"1.4.3/1": 0, "1.4.3/none": 1})
    assert none.sentence == f"Không phát sinh: {words} theo hướng dẫn{quoted}"
    assert (found.line, none.line) == ("", "")


@pytest.mark.parametrize("code", ["1.2", "5", "1"])
def test_an_exemption_gives_its_reason_and_document(code: str) -> None:
    out = Exemption("u", code, "không được giao", "Văn bản 7")
    found = told(HA_TINH, "1.2" if code == "1" else code, Settings("Đợt", 2026, exemptions=(out,)))
    assert found.sentence == "Không áp dụng: không được giao (Văn bản 7)"
    assert found.line == ""


# Criteria of several parts ------------------------------------------------------------------------


def test_every_part_speaks_under_its_title() -> None:
    settings = campaign(exempt=[("u", "3.2.3/xa")], rulings={"3.2.3/huyen": Ruling("zero", "CV 9")})
    found = told(TTHC, "3.2.3", settings, **{"3.2.3/huyen/a": 0})
    assert found.sentence.split("\n") == [
        "Cấp tỉnh: b/a = 20/20 = 100,00% ≥ 100% → 0,25 điểm",
        "Cấp huyện: a = 0: 0 điểm theo hướng dẫn (CV 9)",
        "Cấp xã: Không áp dụng: không có",
    ]
    assert found.line.startswith("100% TTHC thuộc thẩm quyền giải quyết của CQCM cấp tỉnh")


def test_parts_awaiting_or_spoiled_say_so() -> None:
    found = told(TTHC, "3.2.3", **{"3.2.3/huyen/a": 0, "3.2.3/xa/b": BLANK})
    assert "Cấp huyện: a = 0: chờ hướng dẫn" in found.sentence
    assert "Cấp xã: Chưa nhập đủ số liệu → 0 điểm" in found.sentence


# On every kind of unit ----------------------------------------------------------------------------


def printed_lines(set_id: str) -> dict[str, set[str]]:
    """Leaf -> what the table prints for it: its own lines, its title and its group's title."""
    criteria = CRITERIA[set_id]
    found = {}
    for node in criteria.leaves:
        texts = {line.text for part in node.parts for line in part.rule.lines if line.text}
        found[node.code] = texts | {
            node.title,
            criteria.by_code[criteria.parent(node.code) or node.code].title,
        }
    return found


@pytest.mark.parametrize("ruled", [False, True])
@pytest.mark.parametrize("set_id", SET_IDS)
def test_the_line_is_one_that_the_decision_prints(set_id: str, ruled: bool) -> None:
    frame, printed = FRAMES[set_id].iloc[:40], printed_lines(set_id)
    settings = campaign(frame.index, every_ruling(set_id) if ruled else None)
    scores = score(CRITERIA[set_id], frame, settings)
    for unit in frame.index:
        found = explain_unit(CRITERIA[set_id], settings, scores, row_of(frame, unit), unit)
        assert list(found) == [leaf.code for leaf in CRITERIA[set_id].leaves]
        for code, one in found.items():
            assert one.sentence
            rests = one.line in printed[code] or all(line in printed[code] for line in one.line.split("; "))
            assert rests or not one.line, (code, one.line)


@pytest.mark.parametrize("set_id", SET_IDS)
def test_the_sentence_ends_with_the_score(set_id: str) -> None:
    frame = FRAMES[set_id].iloc[:40]
    settings = campaign(frame.index)
    scores = score(CRITERIA[set_id], frame, settings)
    single = {at.key for at in CRITERIA[set_id].parts if not at.part.id}
    for unit in frame.index:
        found = explain_unit(CRITERIA[set_id], settings, scores, row_of(frame, unit), unit)
        for code in single:
            points = scores.leaves.loc[unit, code]
            if scores.states.loc[unit, code] in ("scored", "zero", "waived"):
                shown = f"{int(points) // 100},{int(points) % 100:02d} điểm"
                assert found[code].sentence.endswith(shown), (code, found[code])
