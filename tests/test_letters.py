"""Letters: the department's texts or parxl's own, filled with what is known of each unit."""

from __future__ import annotations

import re
import unicodedata
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parxl.layout import SHEET_CHECK, SHEET_GUIDE, SHEET_MENDING
from parxl.letters import LETTERS, STATUS_WORDS, Kind, as_list, fill, letter, unknown_placeholders
from parxl.results import Status

FACTS = {
    "Tên đơn vị": "Sở Nội vụ",
    "Mã đơn vị": "snv",
    "Khối": "Các sở",
    "Năm": "2026",
    "Tên đợt chấm": "Chấm điểm CCHC năm 2026",
    "Cơ quan chủ trì": "Sở Nội vụ tỉnh Hà Tĩnh",
    "Hạn nộp": "30/11/2026",
    "Tên tệp": "Phiếu – Sở Nội vụ.xlsx",
    "Tình trạng": "phiếu đã nhận được, còn nội dung cần sửa, bổ sung",
    "Nội dung cần sửa": "– Mục 1.6: b lớn hơn a.\n– Mục 2.1: chưa nhập.",
    "Tổng điểm": "81,25",
    "Điểm tối đa": "95",
    "Chỉ số": "85,53",
    "Xếp hạng": "3/21",
    "Xếp loại": "Tốt",
}
# What nobody may count on: the letters must read well without it.
OPTIONAL = (
    "Khối",
    "Cơ quan chủ trì",
    "Hạn nộp",
    "Nội dung cần sửa",
    "Chỉ số",
    "Tổng điểm",
    "Xếp hạng",
    "Xếp loại",
)

every_kind = pytest.mark.parametrize("kind", get_args(Kind))
each_optional = pytest.mark.parametrize("missing", OPTIONAL)


def filled(kind: Kind, **changes: str) -> tuple[str, str]:
    facts = FACTS | changes
    subject, body = letter({}, kind)
    return fill(subject, facts), fill(body, facts)


def without(*missing: str) -> dict[str, str]:
    return FACTS | dict.fromkeys(missing, "")


# parxl's own texts --------------------------------------------------------------------------------


@every_kind
def test_own_texts_name_only_what_is_known(kind: Kind) -> None:
    own = LETTERS[kind]
    assert own.kind == kind
    assert unknown_placeholders(own.subject, kind) == unknown_placeholders(own.body, kind) == []
    assert set(own.placeholders) <= set(FACTS)


@every_kind
def test_own_texts_are_plain_composed_and_polite(kind: Kind) -> None:
    for text in (LETTERS[kind].subject, LETTERS[kind].body):
        assert unicodedata.normalize("NFC", text) == text
        assert not re.search(r"[<>!\t]|  | $|\n\n\n|gian lận|khai khống|mất điểm|vi phạm", text, re.MULTILINE)
    assert "\n" not in LETTERS[kind].subject


def test_items_of_the_sheet_are_all_different() -> None:
    items = [item for one in LETTERS.values() for item in (one.subject_item, one.body_item)]
    assert len(set(items)) == 2 * len(get_args(Kind))


def test_sheets_are_called_what_they_are_called() -> None:
    assert f"trang “{SHEET_CHECK}”" in LETTERS["forms"].body
    assert f"trang “{SHEET_GUIDE}”" in LETTERS["forms"].body
    assert f"trang “{SHEET_MENDING}”" in LETTERS["reminders"].body


def test_how_to_fill_a_form_is_told() -> None:
    subject, body = filled("forms")
    assert subject == "Chấm điểm CCHC năm 2026: phiếu chấm điểm của Sở Nội vụ"
    assert "Hạn nộp: ngày 30/11/2026." in body
    assert "“Phiếu – Sở Nội vụ.xlsx”" in body
    for step in ("Enable Editing", "không mở khóa", "giữ nguyên tên tệp", ".xlsx", "trả lời thư này"):
        assert step in body


def test_a_reminder_lists_what_is_to_be_mended() -> None:
    body = filled("reminders")[1]
    listed = "Nội dung cần sửa, bổ sung:\n– Mục 1.6: b lớn hơn a.\n– Mục 2.1: chưa nhập.\n\nGửi kèm"
    assert listed in body
    assert "Tình trạng phiếu chấm điểm của đơn vị: phiếu đã nhận được, còn nội dung" in body


def test_a_result_says_how_the_unit_stands() -> None:
    body = filled("results")[1]
    assert "Khối: Các sở\nTổng điểm: 81,25/95\nChỉ số: 85,53%\nXếp hạng: 3/21\nXếp loại: Tốt\n" in body


def test_the_league_names_no_unit() -> None:
    assert not set(LETTERS["league"].placeholders) & {"Tên đơn vị", "Mã đơn vị", "Khối", "Chỉ số"}


def test_every_status_has_its_words() -> None:
    assert set(STATUS_WORDS) == set(get_args(Status))


@every_kind
@each_optional
def test_no_sentence_has_a_hole(kind: Kind, missing: str) -> None:
    """Each line that is there is there in full: as it would be if everything were known."""
    subject, body = letter({}, kind)
    whole = fill(body, FACTS).split("\n")
    rest = fill(body, without(missing)).split("\n")
    assert [line for line in rest if line not in whole] == []
    assert "\n\n\n" not in "\n".join(rest)
    assert f"{{{missing}}}" not in subject
    lost = len([line for line in whole if line]) - len([line for line in rest if line])
    assert lost <= 3


@every_kind
def test_nothing_optional_known(kind: Kind) -> None:
    body = fill(letter({}, kind)[1], without(*OPTIONAL))
    assert "Phiếu – Sở Nội vụ.xlsx" in body
    assert not re.search(r"\{|: *$|\n\n\n", body.replace("Cách điền phiếu:\n", ""), re.MULTILINE)


# The department's texts ---------------------------------------------------------------------------


@every_kind
def test_the_control_workbook_goes_first(kind: Kind) -> None:
    own = LETTERS[kind]
    assert letter({own.subject_item: "Gửi {Năm}"}, kind) == ("Gửi {Năm}", own.body)
    assert letter({own.body_item: "Kính gửi"}, kind) == (own.subject, "Kính gửi")
    assert letter({own.subject_item: " \n", own.body_item: ""}, kind) == (own.subject, own.body)


@pytest.mark.parametrize(
    "written",
    [
        "{Tên đơn vị}",
        "{ tên ĐƠN vị }",
        "{TÊN ĐƠN VỊ}",
        "{Tên\u00a0 đơn\nvị}",
        unicodedata.normalize("NFD", "{Tên đơn vị}"),
    ],
)
def test_case_and_blanks_do_not_count(written: str) -> None:
    assert unknown_placeholders(f"Gửi {written}", "forms") == []
    assert fill(f"Gửi {written}.", FACTS) == "Gửi Sở Nội vụ."


def test_unknown_placeholders_are_named_once_in_order() -> None:
    text = "{Tên đơn vi} {Chỉ số} {} {Năm}\n{ Tên  đơn vi } {Tên đơn vị"
    assert unknown_placeholders(text, "forms") == ["Tên đơn vi", "Chỉ số", ""]
    assert unknown_placeholders(text, "results") == ["Tên đơn vi", ""]


@pytest.mark.parametrize("text", ["{", "}", "a } b { c", "{Năm", "Năm}", "", "\n\n", "Kính gửi\n\n\nB\n"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert unknown_placeholders(text, "forms") == []
    assert fill(text, FACTS) == text


def test_a_fact_that_is_not_given_is_noticed() -> None:
    with pytest.raises(KeyError):
        fill("{Năm}", {})


def test_facts_are_never_read_as_placeholders() -> None:
    facts = FACTS | {"Tên đơn vị": "{Năm} {", "Năm": r"\1 \g<0>"}
    assert fill("{Tên đơn vị} – {Năm}", facts) == r"{Năm} { – \1 \g<0>"


def test_a_fact_stays_on_its_line() -> None:
    assert fill("A {Tên đơn vị} B", FACTS | {"Tên đơn vị": " Sở\r\nNội vụ\n"}) == "A Sở Nội vụ B"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A\n\nHạn: {Hạn nộp}\n\nB", "A\n\nB"),
        ("A\nHạn: {Hạn nộp}\nB", "A\nB"),
        ("A\n\n{Hạn nộp}\n\n{Khối}\n\nB", "A\n\nB"),
        ("{Hạn nộp}\n\nA", "A"),
        ("A\n\n\nHạn: {Hạn nộp}\nB", "A\n\n\nB"),
        ("A\r\nHạn: {Hạn nộp} {Năm}\r\nB", "A\nB"),
        ("A\n{Khối} và\n\n\nB", "A\n\n\nB"),
    ],
)
def test_a_line_without_its_fact_is_left_out(text: str, expected: str) -> None:
    assert fill(text, without("Hạn nộp", "Khối")) == expected
    assert fill(text, FACTS | {"Hạn nộp": " ", "Khối": "\n"}) == expected


def test_a_subject_is_never_left_out() -> None:
    assert fill("Nộp phiếu trước {Hạn nộp}", without("Hạn nộp")).strip() == "Nộp phiếu trước"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{Nội dung cần sửa}", "– a\n– b"),
        ("Cần sửa: {Nội dung cần sửa} Hết.", "Cần sửa:\n– a\n– b\nHết."),
        ("Một\n{nội dung cần sửa}\nHai {Năm}", "Một\n– a\n– b\nHai 2026"),
    ],
)
def test_a_list_has_its_lines_to_itself(text: str, expected: str) -> None:
    assert fill(text, FACTS | {"Nội dung cần sửa": as_list(["a", " b\n"])}) == expected


def test_a_list_of_nothing_is_empty() -> None:
    assert as_list([]) == ""
    assert as_list(["một\nhai"]) == "– một hai"


@given(st.text(st.sampled_from("{}aN \nă")), st.text(max_size=5))
def test_filling_never_fails_on_a_text_that_was_checked(text: str, fact: str) -> None:
    if not unknown_placeholders(text, "forms"):
        assert "{Năm}" not in fill(text + "{Năm}" * text.count("a"), FACTS | {"Năm": fact.strip("{}")})
