"""``parxl mail`` from end to end: who gets what, once, and what is told where somebody gets nothing."""

from __future__ import annotations

import base64
import datetime as dt
import email
import email.policy
import hashlib
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Self, get_args

import openpyxl
import pytest
import trustme
from campaigns import (
    TTHC,
    fill_form,
    full_answers,
    issued_campaign,
    ket_qua,
    return_form,
    set_items,
    set_rows,
    unit_of,
)
from mail_server import ACCOUNT, DROP, SENDER, MailServer, always, in_turn

import parxl.mail.sending
from parxl.actions import issue_forms, score_campaign
from parxl.appraising import appraise_campaign
from parxl.criteria import load_set
from parxl.findings import REGISTER, NothingUsable, ParxlError, WrongUsage
from parxl.grid import OWN, read_workbook
from parxl.identity import Identity, from_properties
from parxl.layout import SHEET_MENDING, SHEET_TABLE, Layout
from parxl.mail.connecting import Reason, ServerSettings, Trouble
from parxl.mail.log import LOG_NAME
from parxl.mail.message import for_sending
from parxl.mail.server import Answer, Session
from parxl.mailing import STATES, TROUBLES, Mailed, Wanted, mail_campaign

LAYOUT = Layout(load_set(TTHC))
FULL = full_answers(LAYOUT.criteria)
# What each has sent: a full form, nothing, a form without a row, two different forms, one with a mistake.
SCORED, MISSING, REJECTED, CONFLICT, MENDING = "cuc-thue", "kho-bac", "cong-an", "bao-hiem", "ngan-hang"
UNITS = [
    (SCORED, "Cục Thuế tỉnh", "Ngành dọc"),
    (MISSING, "Kho bạc Nhà nước", "Ngành dọc"),
    (REJECTED, "Công an tỉnh", "Lực lượng"),
    (CONFLICT, "Bảo hiểm xã hội", "Ngành dọc"),
    (MENDING, "Ngân hàng Nhà nước", "Ngành dọc"),
]
CODES = [code for code, _, _ in UNITS]
NAMES = {code: name for code, name, _ in UNITS}
NAGGED = [MISSING, REJECTED, CONFLICT, MENDING]
LIST = ["truong-phong@sonoivu.vn", "cchc2@sonoivu.vn"]
SERVER = {"Máy chủ SMTP": "thu.sonoivu.vn", "Cổng": 25, "Bảo mật": "không"}
LETTERS = {"Người gửi": SENDER, "Nơi nhận bảng xếp hạng": "; ".join(LIST), "Nghỉ giữa hai thư (giây)": 0}
DAY = dt.datetime(2026, 11, 22, 8, 30, tzinfo=dt.UTC)
CANARY = "Chim-hoàng-yến-7391"

every_mailing = pytest.mark.parametrize("mailing", ["forms", "reminders", "results"])


def address_of(unit: str) -> str:
    return f"{unit}@hatinh.gov.vn"


# The campaign -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    units = [(*unit, address_of(unit[0])) for unit in UNITS]
    root = issued_campaign(tmp_path_factory.mktemp("issued") / "dot", TTHC, units)
    set_items(root, {**LETTERS, **SERVER}, sheet="Thư")
    set_items(root, {"Hạn nộp": dt.date(2026, 12, 15), "Cơ quan chủ trì": "Sở Nội vụ"})
    issue_forms(root)
    return root


@pytest.fixture(scope="module")
def finished(issued: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forms back, one of every fate, and scored."""
    root = Path(shutil.copytree(issued, tmp_path_factory.mktemp("scored") / "dot"))
    return_form(root, SCORED, FULL)
    lose_a_row(return_form(root, REJECTED, FULL))
    return_form(root, CONFLICT, FULL)
    return_form(root, CONFLICT, FULL | {"1.6/a": 40}, "ban-khac.xlsx")
    return_form(root, MENDING, FULL | {"1.6/b": "rất nhiều"})
    score_campaign(root)
    return root


@pytest.fixture
def root(issued: Path, tmp_path: Path) -> Path:
    """A campaign whose forms are out."""
    return Path(shutil.copytree(issued, tmp_path / "dot"))


@pytest.fixture
def scored(finished: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(finished, tmp_path / "dot"))


def lose_a_row(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    book[SHEET_TABLE].delete_rows(LAYOUT.input_rows["3.1.1/n"].number)
    book.save(path)


def swap(one: Path, other: Path) -> None:
    """Two files change places."""
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def form(root: Path, unit: str) -> Path:
    return root / "1-phieu" / f"{unit}.xlsx"


def result_of(root: Path, unit: str) -> Path:
    return root / "4-ket-qua" / "don-vi" / f"{unit}.xlsx"


def edit(path: Path, cell: str = "A1") -> None:
    book = openpyxl.load_workbook(path)
    book.worksheets[0][cell].value = "đã sửa"
    book.save(path)


# The post -----------------------------------------------------------------------------------------

TAKEN = Answer("sent", 250, "taken", True)
Deliver = Callable[[str], Answer]


class Post:
    """In place of the server: what was handed over to it, and what it answers to each address."""

    def __init__(self, answers: dict[str, Answer | Trouble] | None = None):
        self.answers = answers or {}
        self.taken: list[tuple[str, bytes]] = []
        self.asked: list[tuple[ServerSettings, str]] = []
        self.before: Callable[[], object] = lambda: None

    def connect(self, settings: ServerSettings, password: str) -> Any:
        self.asked.append((settings, password))
        self.before()
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def deliver(self, recipient: str, data: bytes, before_data: Callable[[], None]) -> Answer:
        before_data()
        answer = self.answers.get(recipient, TAKEN)
        if isinstance(answer, Trouble):
            raise answer
        if answer.state == "sent":
            self.taken.append((recipient, data))
        return answer

    @property
    def recipients(self) -> list[str]:
        return [recipient for recipient, _ in self.taken]

    @property
    def letters(self) -> dict[str, EmailMessage]:
        """Address -> what arrived there: one at most."""
        assert len(set(self.recipients)) == len(self.taken)
        return {recipient: parsed(data) for recipient, data in self.taken}


def parsed(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def body_of(message: EmailMessage) -> str:
    part = message.get_body()
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def attached(message: EmailMessage) -> bytes:
    [part] = message.iter_attachments()
    content = part.get_content()
    assert isinstance(content, bytes)
    return content


def identity_of(message: EmailMessage) -> Identity:
    found = from_properties(read_workbook(attached(message), OWN).properties)
    assert found is not None
    return found


def all_text(message: EmailMessage) -> str:
    """Everything a reader meets: headers, body, the attachment's name and every cell of it."""
    [part] = message.iter_attachments()
    book = read_workbook(attached(message), OWN)
    texts = [cell.text for cells in book.sheets.values() for cell in cells.values()]
    return "\n".join([*map(str, message.values()), body_of(message), str(part.get_filename()), *texts])


def nobody(settings: ServerSettings, password: str) -> Session:
    raise AssertionError("nothing to send: nobody to talk to")


def mail(root: Path, mailing: str, connect: Any = nobody, day: int = 0, **wanted: Any) -> Mailed:
    now = DAY + dt.timedelta(days=day)
    return mail_campaign(root, Wanted(mailing, **wanted), connect=connect, now=lambda: now)  # type: ignore[arg-type]


def sent(root: Path, mailing: str, **more: Any) -> Post:
    post = Post()
    mail(root, mailing, post.connect, **more)
    return post


def codes(mailed: Mailed) -> list[str]:
    return [found.code for found in mailed.findings]


def the(mailed: Mailed, code: str) -> Any:
    """The one finding of this code: whole sentences, in Vietnamese."""
    [found] = [found for found in mailed.findings if found.code == code]
    assert_whole(found.message)
    return found


def refused(error: type[ParxlError], call: Callable[[], object]) -> list[str]:
    """The codes with which a run ends before anything is sent."""
    with pytest.raises(error) as caught:
        call()
    for found in caught.value.findings:
        assert_whole(found.message)
    return [found.code for found in caught.value.findings]


def assert_whole(message: str) -> None:
    assert message.endswith(".")
    assert not set("{}") & set(message)
    assert not message.isascii()


def files(root: Path) -> dict[str, bytes]:
    found = sorted(path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


def outbox(root: Path) -> list[str]:
    return [name for name in files(root) if name.startswith("5-thu/") and name.endswith(".eml")]


def log_lines(root: Path) -> list[dict[str, Any]]:
    path = root / "5-thu" / LOG_NAME
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


# Forms --------------------------------------------------------------------------------------------


def test_every_unit_gets_its_own_form(root: Path) -> None:
    letters = sent(root, "forms").letters
    assert list(letters) == [address_of(code) for code in CODES]
    for code in CODES:
        letter = letters[address_of(code)]
        assert attached(letter) == form(root, code).read_bytes()
        assert (identity_of(letter).kind, identity_of(letter).unit) == ("form", code)
        assert NAMES[code] in body_of(letter)
        assert NAMES[code] in letter["Subject"]


def test_a_form_names_nobody_else(root: Path) -> None:
    assert_names_only_its_own(sent(root, "forms"))


def assert_names_only_its_own(post: Post) -> None:
    assert post.taken
    for recipient, letter in post.letters.items():
        text = all_text(letter)
        others = [code for code in CODES if address_of(code) != recipient]
        assert [name for code in others for name in (code, NAMES[code]) if name in text] == [], recipient


def test_the_server_and_nothing_else_is_asked(root: Path) -> None:
    post = sent(root, "forms")
    assert post.asked == [(ServerSettings("thu.sonoivu.vn", 25, "không", "", SENDER), "")]


def test_what_is_sent_is_what_lies_in_the_outbox(root: Path) -> None:
    post = sent(root, "forms")
    kept = [files(root)[name] for name in outbox(root)]
    assert sorted(for_sending(eml) for eml in kept) == sorted(data for _, data in post.taken)


def test_mail_changes_nothing_but_the_outbox(scored: Path) -> None:
    before = files(scored)
    for mailing in ("forms", "reminders", "results"):
        sent(scored, mailing)
    after = {name: content for name, content in files(scored).items() if not name.startswith("5-thu/")}
    assert after == before


def test_a_second_run_sends_nothing(root: Path) -> None:
    first = mail(root, "forms", Post().connect)
    before = files(root)
    second = mail(root, "forms", nobody, day=1)
    assert (first.prepared, first.sent, second.prepared, second.sent) == (5, 5, 5, 0)
    assert all(line.endswith("đã gửi từ trước") for line in second.lines)
    assert files(root) == before


def test_a_changed_text_or_address_alone_is_no_new_message(root: Path) -> None:
    sent(root, "forms")
    set_items(root, {"Nội dung thư gửi phiếu": "Kính gửi {Tên đơn vị}."}, sheet="Thư")
    assert mail(root, "forms").sent == 0


def test_a_new_deadline_is_a_new_message(root: Path) -> None:
    sent(root, "forms")
    set_items(root, {"Hạn nộp": dt.date(2026, 12, 31)})
    issue_forms(root)
    post = sent(root, "forms")
    assert len(post.taken) == 5
    assert all("31/12/2026" in body_of(letter) for letter in post.letters.values())


def test_a_unit_of_several_addresses_gets_it_at_each_once(root: Path) -> None:
    set_rows(root, "Đơn vị", [[*UNITS[0], "a@x.vn; b@x.vn; A@x.vn"]])
    post = sent(root, "forms", only=[SCORED])
    assert [recipient.lower() for recipient in post.recipients] == ["a@x.vn", "b@x.vn"]


def test_a_unit_without_an_address_px801(root: Path) -> None:
    set_rows(root, "Đơn vị", [[*UNITS[0], None]])
    post = Post()
    mailed = mail(root, "forms", post.connect)
    assert codes(mailed) == ["PX801"]
    assert the(mailed, "PX801").place == "dot-cham.xlsx › Đơn vị"
    assert SCORED in the(mailed, "PX801").message
    assert post.recipients == [address_of(code) for code in CODES[1:]]
    assert mailed.exit_code == 0


def test_a_form_that_is_not_there_px802(root: Path) -> None:
    form(root, MISSING).unlink()
    assert_withheld(root, "PX802", [MISSING])


def assert_withheld(root: Path, code: str, units: list[str], reason: str = "") -> None:
    """These units get no form, each with a finding; all the others do."""
    post = Post()
    mailed = mail(root, "forms", post.connect)
    assert codes(mailed) == [code] * len(units)
    assert [found.file for found in mailed.findings] == [f"1-phieu/{unit}.xlsx" for unit in units]
    assert all(reason in found.message and assert_whole(found.message) is None for found in mailed.findings)
    assert post.recipients == [address_of(one) for one in CODES if one not in units]
    assert mailed.exit_code == 3


def test_swapped_forms_are_not_sent_px803(root: Path) -> None:
    swap(form(root, MISSING), form(root, SCORED))
    assert_withheld(root, "PX803", [SCORED, MISSING], "tệp của đơn vị khác")


def test_a_form_of_another_campaign_is_not_sent_px803(root: Path, tmp_path: Path) -> None:
    other = issued_campaign(tmp_path / "khac", TTHC, UNITS)
    shutil.copy(form(other, REJECTED), form(root, REJECTED))
    assert_withheld(root, "PX803", [REJECTED], "đợt chấm khác")


def test_a_form_of_another_issue_is_not_sent_px803(root: Path) -> None:
    path = root / "1-phieu" / "phat-hanh.json"
    register = json.loads(path.read_text(encoding="utf-8"))
    register["serials"][CONFLICT] = "0123456789ab"
    path.write_text(json.dumps(register), encoding="utf-8")
    assert_withheld(root, "PX803", [CONFLICT], "số sê-ri")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"Xin ch\xc3\xa0o"])
def test_what_is_no_form_is_not_sent_px803(root: Path, content: bytes) -> None:
    form(root, SCORED).write_bytes(content)
    assert_withheld(root, "PX803", [SCORED], "không phải phiếu")


def test_a_result_in_place_of_a_form_is_not_sent_px803(scored: Path) -> None:
    shutil.copy(result_of(scored, SCORED), form(scored, SCORED))
    assert_withheld(scored, "PX803", [SCORED])


def test_a_form_that_somebody_typed_into_is_not_sent_px804(root: Path) -> None:
    fill_form(form(root, MENDING), form(root, MENDING), {"1.6/a": 3})
    assert_withheld(root, "PX804", [MENDING])


# Reminders ----------------------------------------------------------------------------------------


def test_reminders_go_where_something_is_to_be_done(scored: Path) -> None:
    post = Post()
    mailed = mail(scored, "reminders", post.connect)
    assert post.recipients == [address_of(code) for code in NAGGED]
    assert (mailed.findings, mailed.exit_code) == ([], 0)


def test_reminders_carry_the_form_to_fill_or_to_mend(scored: Path) -> None:
    letters = sent(scored, "reminders").letters
    for code in NAGGED:
        mending = scored / "4-ket-qua" / "tra-lai" / f"{code}.xlsx"
        wanted = form(scored, code) if code == MISSING else mending
        letter = letters[address_of(code)]
        assert attached(letter) == wanted.read_bytes()
        assert identity_of(letter).unit == code
        sheets = read_workbook(attached(letter), OWN).sheets
        assert (SHEET_MENDING in sheets) is (code != MISSING)


def test_reminders_say_what_is_the_matter(scored: Path) -> None:
    bodies = {unit: body_of(letter) for unit, letter in sent(scored, "reminders").letters.items()}
    assert "chưa nhận được phiếu." in bodies[address_of(MISSING)]
    assert "Nội dung cần sửa" not in bodies[address_of(MISSING)]
    assert "chưa chấm điểm được" in bodies[address_of(REJECTED)]
    assert "nhiều phiếu có nội dung khác nhau" in bodies[address_of(CONFLICT)]
    assert "rất nhiều" in bodies[address_of(MENDING)]
    assert all("15/12/2026" in body for body in bodies.values())


@pytest.mark.parametrize("code", [REJECTED, CONFLICT, MENDING])
def test_reminders_list_the_findings(scored: Path, code: str) -> None:
    body = body_of(sent(scored, "reminders").letters[address_of(code)])
    found = [one for one in unit_of(scored, code)["findings"] if one["severity"] == "error"]
    assert found
    for one in found:
        message = one["message"].replace("2-nop/", "")
        line = next(line for line in body.splitlines() if line.endswith(message))
        assert line.startswith("– ")
        assert f"{one['cell']}" in line or not one["cell"]


def test_a_reminder_names_nobody_else(scored: Path) -> None:
    assert_names_only_its_own(sent(scored, "reminders"))


def test_nobody_is_reminded_twice_of_the_same(scored: Path) -> None:
    sent(scored, "reminders")
    assert mail(scored, "reminders", nobody, day=1).sent == 0


def test_again_reminds_on_another_day(scored: Path) -> None:
    assert len(sent(scored, "reminders", again=True).taken) == 4
    assert mail(scored, "reminders", nobody, again=True).sent == 0
    assert len(sent(scored, "reminders", again=True, day=1).taken) == 4


def test_a_form_that_has_come_is_not_asked_for(scored: Path) -> None:
    sent(scored, "reminders")
    return_form(scored, MISSING, FULL)
    score_campaign(scored)
    assert mail(scored, "reminders").prepared == 3


# Results ------------------------------------------------------------------------------------------


def test_results_go_to_each_its_own_and_the_league_to_the_list(scored: Path) -> None:
    letters = sent(scored, "results").letters
    assert list(letters) == [address_of(SCORED), address_of(MENDING), *LIST]
    for code in (SCORED, MENDING):
        letter = letters[address_of(code)]
        assert attached(letter) == result_of(scored, code).read_bytes()
        assert (identity_of(letter).kind, identity_of(letter).unit) == ("result", code)
    for address in LIST:
        assert attached(letters[address]) == (scored / "4-ket-qua" / "bang-xep-hang.xlsx").read_bytes()
        assert identity_of(letters[address]).kind == "league"


def test_a_result_letter_gives_the_figures(scored: Path) -> None:
    one = unit_of(scored, SCORED)
    body = body_of(sent(scored, "results").letters[address_of(SCORED)])
    points = {name: f"{one[name]:.2f}".replace(".", ",") for name in ("total", "maximum", "index")}
    assert f"Tổng điểm: {points['total']}/{points['maximum']}\n" in body
    assert f"Chỉ số: {points['index']}%\n" in body
    ranked = [u for u in ket_qua(scored)["units"] if u["group"] == one["group"] and u["rank"]]
    assert f"Xếp hạng: {one['rank']}/{len(ranked)}\n" in body
    assert ("Xếp loại" in body) is bool(one["band"])


def test_a_result_letter_says_that_a_rank_is_shared(scored: Path) -> None:
    return_form(scored, MISSING, FULL)
    score_campaign(scored)
    body = body_of(sent(scored, "results").letters[address_of(SCORED)])
    assert "Xếp hạng: 1/3 (đồng hạng)\n" in body


def test_no_list_no_league(scored: Path) -> None:
    set_items(scored, {"Nơi nhận bảng xếp hạng": None}, sheet="Thư")
    score_campaign(scored)
    assert sent(scored, "results").recipients == [address_of(SCORED), address_of(MENDING)]


def test_only_one_unit_leaves_the_league_at_home(scored: Path) -> None:
    assert sent(scored, "results", only=[MENDING.upper()]).recipients == [address_of(MENDING)]


def test_unchanged_results_are_not_sent_twice(scored: Path) -> None:
    sent(scored, "results")
    score_campaign(scored)
    assert mail(scored, "results").sent == 0


def test_changed_results_are_a_new_message_for_whom_they_change(scored: Path) -> None:
    sent(scored, "results", only=[SCORED, MENDING])
    book = openpyxl.load_workbook(scored / "2-nop" / f"{SCORED}.xlsx")
    [(sheet, cell)] = book.defined_names["lan_nop"].destinations
    book[sheet][cell].value = 2
    book.save(scored / "2-nop" / f"{SCORED}.xlsx")
    fill_form(scored / "2-nop" / f"{SCORED}.xlsx", scored / "2-nop" / f"{SCORED}.xlsx", {"1.6/b": 1})
    score_campaign(scored)
    assert address_of(SCORED) in sent(scored, "results").recipients


def another_form(root: Path) -> None:
    return_form(root, MISSING, FULL)


def no_form(root: Path) -> None:
    (root / "2-nop" / f"{SCORED}.xlsx").unlink()


def edited_form(root: Path) -> None:
    fill_form(root / "2-nop" / f"{SCORED}.xlsx", root / "2-nop" / f"{SCORED}.xlsx", {"1.6/a": 3})


def edited_settings(root: Path) -> None:
    set_items(root, {"Hạn nộp": dt.date(2027, 1, 1)})


def no_result(root: Path) -> None:
    (root / "4-ket-qua" / "ket-qua.json").unlink()


def damaged_result(root: Path) -> None:
    path = root / "4-ket-qua" / "ket-qua.json"
    path.write_bytes(path.read_bytes()[:500])


def older_result(root: Path) -> None:
    """As an earlier parxl wrote it: without the hashes of the workbooks."""
    body = ket_qua(root)
    del body["books"]
    (root / "4-ket-qua" / "ket-qua.json").write_text(json.dumps(body), encoding="utf-8")


def empty_result(root: Path) -> None:
    (root / "4-ket-qua" / "ket-qua.json").write_text("[]", encoding="utf-8")


STALE = [
    another_form,
    no_form,
    edited_form,
    edited_settings,
    no_result,
    damaged_result,
    older_result,
    empty_result,
]


@pytest.mark.parametrize("mailing", ["reminders", "results"])
@pytest.mark.parametrize("change", STALE)
def test_nothing_goes_out_on_a_score_of_yesterday_px805(
    scored: Path, mailing: str, change: Callable[[Path], None]
) -> None:
    change(scored)
    assert refused(NothingUsable, lambda: mail(scored, mailing)) == ["PX805"]
    assert outbox(scored) == []


def test_after_scoring_anew_the_results_go_out(scored: Path) -> None:
    another_form(scored)
    score_campaign(scored)
    assert address_of(MISSING) in sent(scored, "results").recipients


def assert_not_sent(root: Path, units: list[str], reason: str) -> None:
    """These result workbooks stay here, PX803; "" is the league workbook."""
    post = Post()
    mailed = mail(root, "results", post.connect)
    assert codes(mailed) == ["PX803"] * len(units)
    assert all(reason in found.message for found in mailed.findings)
    left = [address_of(code) for code in (SCORED, MENDING) if code not in units]
    assert post.recipients == left + ([] if "" in units else LIST)
    assert mailed.exit_code == 3


def test_swapped_results_are_not_sent_px803(scored: Path) -> None:
    swap(result_of(scored, SCORED), result_of(scored, MENDING))
    assert_not_sent(scored, [SCORED, MENDING], "lần chấm gần nhất")


def test_results_swapped_with_their_hashes_are_not_sent_px803(scored: Path) -> None:
    """The workbook itself says whose it is, whatever ``ket-qua.json`` says of its bytes."""
    swap(result_of(scored, SCORED), result_of(scored, MENDING))
    as_listed(scored)
    assert_not_sent(scored, [SCORED, MENDING], "tệp của đơn vị khác")


def as_listed(root: Path) -> None:
    """``ket-qua.json`` made to agree with the workbooks as they lie there."""
    body = ket_qua(root)
    body["books"] = {name: hashlib.sha256((root / name).read_bytes()).hexdigest() for name in body["books"]}
    (root / "4-ket-qua" / "ket-qua.json").write_text(json.dumps(body), encoding="utf-8")


def test_the_league_workbook_never_goes_to_a_unit_px803(scored: Path) -> None:
    shutil.copy(scored / "4-ket-qua" / "bang-xep-hang.xlsx", result_of(scored, SCORED))
    as_listed(scored)
    assert_not_sent(scored, [SCORED], "không phải loại tệp cần gửi")


def test_an_edited_result_is_not_sent_px803(scored: Path) -> None:
    edit(result_of(scored, MENDING))
    assert_not_sent(scored, [MENDING], "đã sửa")


def test_an_edited_league_workbook_is_not_sent_px803(scored: Path) -> None:
    edit(scored / "4-ket-qua" / "bang-xep-hang.xlsx")
    assert_not_sent(scored, [""], "đã sửa")


def test_a_result_that_is_gone_is_not_sent_px803(scored: Path) -> None:
    result_of(scored, SCORED).unlink()
    assert_not_sent(scored, [SCORED], "lần chấm gần nhất")


# Without sending ----------------------------------------------------------------------------------


@every_mailing
def test_a_dry_run_writes_and_sends_nothing(scored: Path, mailing: str) -> None:
    mailed = mail(scored, mailing, nobody, dry_run=True)
    assert (mailed.sent, mailed.findings, mailed.exit_code) == (0, [], 0)
    assert len(outbox(scored)) == mailed.prepared > 0
    assert not (scored / "5-thu" / LOG_NAME).exists()
    assert all(files(scored)[name].startswith(b"X-Unsent: 1\r\n") for name in outbox(scored))


def test_a_dry_run_says_who_gets_what(root: Path) -> None:
    rows = [line.split("\t") for line in mail(root, "forms", nobody, dry_run=True).lines]
    assert [(row[0], row[1], row[3]) for row in rows] == [(c, address_of(c), "chưa gửi") for c in CODES]
    for code, address, name, _ in rows:
        letter = parsed(files(root)[name])
        assert (letter["To"], identity_of(letter).unit) == (address, code)


def test_after_a_dry_run_the_same_files_are_sent(root: Path) -> None:
    mail(root, "forms", nobody, dry_run=True)
    before = {name: files(root)[name] for name in outbox(root)}
    sent(root, "forms", day=1)
    assert {name: files(root)[name] for name in outbox(root)} == before


def test_without_a_server_there_are_files_to_send_by_hand_px817(root: Path) -> None:
    set_items(root, dict.fromkeys(SERVER), sheet="Thư")
    mailed = mail(root, "forms")
    assert codes(mailed) == ["PX817"]
    assert the(mailed, "PX817").place == "dot-cham.xlsx › Thư"
    assert (len(outbox(root)), len(mailed.lines), mailed.sent, mailed.exit_code) == (5, 5, 0, 0)


# Settings -----------------------------------------------------------------------------------------


@every_mailing
def test_without_a_sender_px807(scored: Path, mailing: str) -> None:
    set_items(scored, {"Người gửi": None}, sheet="Thư")
    with pytest.raises(NothingUsable, match="Người gửi"):
        mail(scored, mailing)
    assert refused(NothingUsable, lambda: mail(scored, mailing)) == ["PX807"]
    assert outbox(scored) == []


@pytest.mark.parametrize("item", ["Cổng", "Bảo mật"])
def test_half_a_server_px807(root: Path, item: str) -> None:
    set_items(root, {item: None}, sheet="Thư")
    with pytest.raises(NothingUsable, match=f"còn thiếu: {item}[.]"):
        mail(root, "forms")
    assert refused(NothingUsable, lambda: mail(root, "forms")) == ["PX807"]


def test_an_account_without_a_password_px808(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PARXL_SMTP_PASSWORD", raising=False)
    monkeypatch.setitem(sys.modules, "keyring", None)
    set_items(root, {"Tài khoản": ACCOUNT, "Bảo mật": "TLS"}, sheet="Thư")
    assert refused(NothingUsable, lambda: mail(root, "forms")) == ["PX808"]


def test_the_password_comes_from_the_environment(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARXL_SMTP_PASSWORD", CANARY)
    set_items(root, {"Tài khoản": ACCOUNT, "Bảo mật": "TLS"}, sheet="Thư")
    assert sent(root, "forms").asked == [(ServerSettings("thu.sonoivu.vn", 25, "TLS", ACCOUNT, SENDER), CANARY)]


def test_without_an_account_no_password_is_handed_on(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARXL_SMTP_PASSWORD", CANARY)
    assert [password for _, password in sent(root, "forms").asked] == [""]


class Keyring:
    """In place of the library: one password, or a failure."""

    def __init__(self, found: str | Exception | None):
        self.found = found

    def get_password(self, service: str, account: str) -> str | None:
        assert (service, account) == ("parxl", ACCOUNT)
        if isinstance(self.found, Exception):
            raise self.found
        return self.found


def test_the_password_comes_from_the_keyring(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PARXL_SMTP_PASSWORD", raising=False)
    monkeypatch.setitem(sys.modules, "keyring", Keyring(CANARY))
    set_items(root, {"Tài khoản": ACCOUNT, "Bảo mật": "TLS"}, sheet="Thư")
    assert [password for _, password in sent(root, "forms").asked] == [CANARY]


@pytest.mark.parametrize("found", [None, RuntimeError(CANARY)])
def test_a_keyring_without_it_px808(root: Path, found: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PARXL_SMTP_PASSWORD", raising=False)
    monkeypatch.setitem(sys.modules, "keyring", Keyring(found))
    set_items(root, {"Tài khoản": ACCOUNT, "Bảo mật": "TLS"}, sheet="Thư")
    assert refused(NothingUsable, lambda: mail(root, "forms")) == ["PX808"]


# What the command line asks for -------------------------------------------------------------------


def test_only_some_units(root: Path) -> None:
    assert sent(root, "forms", only=[REJECTED.upper(), SCORED]).recipients == [
        address_of(SCORED),
        address_of(REJECTED),
    ]


@pytest.mark.parametrize("option", ["only", "resend"])
def test_a_code_that_is_not_there_px809(root: Path, option: str) -> None:
    asked = {option: [SCORED, "so-la", "so-khac"]}
    assert refused(WrongUsage, lambda: mail(root, "forms", **asked)) == ["PX809", "PX809"]
    assert outbox(root) == []


BAD = ["toi", "toi@", "a@x.vn;b@x.vn", "a@x.vn,", "a@x.vn b@x.vn", "Tôi <a@x.vn>", "a@x.vn\nBcc: b@x.vn", " "]


@pytest.mark.parametrize("address", BAD)
def test_a_trial_address_that_is_none_px810(root: Path, address: str) -> None:
    assert refused(WrongUsage, lambda: mail(root, "forms", trial=address)) == ["PX810"]
    assert outbox(root) == []


def test_a_trial_goes_to_one_address_and_counts_for_nothing(root: Path) -> None:
    trial = sent(root, "forms", trial="toi@sonoivu.vn")
    assert trial.recipients == ["toi@sonoivu.vn"] * 5
    assert all(parsed(data)["Subject"].startswith("[Thử] ") for _, data in trial.taken)
    assert {name.split("/")[1] for name in outbox(root)} == {"thu-nghiem"}
    assert sent(root, "forms").recipients == [address_of(code) for code in CODES]


def test_a_trial_sends_the_league_to_the_one_address_too(scored: Path) -> None:
    post = sent(scored, "results", trial="toi@sonoivu.vn")
    kinds = [identity_of(parsed(data)).kind for _, data in post.taken]
    assert kinds == ["result", "result", "league"]
    assert set(post.recipients) == {"toi@sonoivu.vn"}


def test_a_trial_of_new_words_is_sent_again(root: Path) -> None:
    sent(root, "forms", trial="toi@sonoivu.vn", only=[SCORED])
    assert mail(root, "forms", trial="toi@sonoivu.vn", only=[SCORED]).sent == 0
    set_items(root, {"Nội dung thư gửi phiếu": "Kính gửi {Tên đơn vị}."}, sheet="Thư")
    assert len(sent(root, "forms", trial="toi@sonoivu.vn", only=[SCORED]).taken) == 1


# The log and the outbox ---------------------------------------------------------------------------


@pytest.mark.parametrize("trial", ["", "toi@sonoivu.vn"])
def test_a_log_that_somebody_edited_px811(root: Path, trial: str) -> None:
    sent(root, "forms", trial=trial)
    folder = "5-thu/thu-nghiem" if trial else "5-thu"
    log = root / folder / LOG_NAME
    log.write_bytes(log.read_bytes().replace(b'"sent"', b'"xong"', 1))
    with pytest.raises(NothingUsable, match="Dòng 2 ") as caught:
        mail(root, "forms", trial=trial)
    assert [(one.code, one.file) for one in caught.value.findings] == [("PX811", f"{folder}/{LOG_NAME}")]


def test_a_line_that_a_kill_has_torn_px818(root: Path) -> None:
    sent(root, "forms", only=[SCORED])
    with (root / "5-thu" / LOG_NAME).open("ab") as stream:
        stream.write(b'{"time": "2026-')
    post = Post()
    mailed = mail(root, "forms", post.connect)
    assert codes(mailed) == ["PX818"]
    assert the(mailed, "PX818").file == f"5-thu/{LOG_NAME}"
    assert post.recipients == [address_of(code) for code in CODES[1:]]
    assert mail(root, "forms").findings == []


def test_a_changed_message_is_not_sent_px812(root: Path) -> None:
    """Changed while the run was under way: before it, the file would be written anew."""
    post = Post()
    names = [line.split("\t")[2] for line in mail(root, "forms", dry_run=True).lines]
    post.before = lambda: (root / names[1]).write_bytes(b"X-Unsent: 1\r\nTo: ai@do.vn\r\n\r\n")
    mailed = mail(root, "forms", post.connect)
    assert (codes(mailed), the(mailed, "PX812").file) == (["PX812"], names[1])
    assert post.recipients == [address_of(code) for code in CODES if code != CODES[1]]
    assert mailed.exit_code == 3
    assert sent(root, "forms").recipients == [address_of(CODES[1])]


def test_a_message_changed_before_the_run_is_written_anew(root: Path) -> None:
    [line] = mail(root, "forms", dry_run=True, only=[SCORED]).lines
    path = root / line.split("\t")[2]
    path.write_bytes(path.read_bytes().replace(SCORED.encode(), b"ai-do-khac"))
    letters = sent(root, "forms", only=[SCORED]).letters
    assert letters[address_of(SCORED)]["To"] == address_of(SCORED)


# What the server says -----------------------------------------------------------------------------


def answered(root: Path, answer: Answer | Trouble, unit: str = MISSING) -> Mailed:
    return mail(root, "forms", Post({address_of(unit): answer}).connect)


def test_a_refused_message_px813(root: Path) -> None:
    mailed = answered(root, Answer("refused", 550, "5.1.1 no such user", True))
    told = the(mailed, "PX813")
    assert (codes(mailed), mailed.sent, mailed.exit_code) == (["PX813"], 4, 3)
    assert all(text in told.message for text in (address_of(MISSING), MISSING, "550 5.1.1 no such user"))
    assert mail(root, "forms").sent == 0
    assert sent(root, "forms", resend=[MISSING.upper()]).recipients == [address_of(MISSING)]


def test_a_refused_message_goes_to_another_address_by_itself(root: Path) -> None:
    answered(root, Answer("refused", 550, "no", True))
    set_rows(root, "Đơn vị", [[*unit, f"moi-{unit[0]}@x.vn" if unit[0] == MISSING else None] for unit in UNITS])
    assert sent(root, "forms").recipients == [f"moi-{MISSING}@x.vn"]


def test_a_deferred_message_px815(root: Path) -> None:
    mailed = answered(root, Answer("deferred", 450, "busy", True))
    assert (codes(mailed), mailed.sent, mailed.exit_code) == (["PX815"], 4, 0)
    assert "450 busy" in the(mailed, "PX815").message
    assert sent(root, "forms").recipients == [address_of(MISSING)]


def test_an_unknown_message_px816(root: Path) -> None:
    mailed = answered(root, Answer("unknown", 0, "máy chủ đóng kết nối", True))
    assert codes(mailed) == ["PX816"]
    assert all(text in the(mailed, "PX816").message for text in (address_of(MISSING), MISSING))
    assert codes(mail(root, "forms")) == ["PX816"]
    assert sent(root, "forms", resend=[MISSING]).recipients == [address_of(MISSING)]


def test_a_run_killed_within_a_message_leaves_it_unknown_px816(root: Path) -> None:
    post = Post({address_of(CODES[1]): Trouble("sender")})
    post.deliver = interrupted(post.deliver)  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        mail(root, "forms", post.connect)
    rest = Post()
    assert codes(mail(root, "forms", rest.connect)) == ["PX816"]
    assert rest.recipients == [address_of(code) for code in CODES[1:]]


def interrupted(deliver: Callable[..., Answer]) -> Callable[..., Answer]:
    def _deliver(*arguments: Any) -> Answer:
        deliver(*arguments)
        raise KeyboardInterrupt

    return _deliver


def test_the_league_message_is_sent_again_by_its_own_name(scored: Path) -> None:
    mail(scored, "results", Post({LIST[0]: Answer("refused", 550, "no", True)}).connect)
    assert sent(scored, "results", resend=["bang-xep-hang"]).recipients == [LIST[0]]


def test_every_reason_has_its_words() -> None:
    assert set(TROUBLES) == set(get_args(Reason))
    for reason, remedy in TROUBLES.values():
        assert (reason[-1] not in ".:", remedy[-1]) == (True, ".")


@pytest.mark.parametrize("reason", get_args(Reason))
def test_sending_that_has_to_stop_px814(root: Path, reason: Reason) -> None:
    def connect(settings: ServerSettings, password: str) -> Session:
        raise Trouble(reason, 535, "words of the server")

    mailed = mail(root, "forms", connect)
    told = the(mailed, "PX814")
    assert (codes(mailed), mailed.sent, mailed.exit_code) == (["PX814"], 0, 1)
    assert f"{TROUBLES[reason][0]} (535 words of the server). Còn 5 thư" in told.message
    assert told.message.endswith(TROUBLES[reason][1])
    assert [line.split("\t")[2] for line in mailed.lines] == ["chưa gửi"] * 5
    assert len(sent(root, "forms").taken) == 5


def test_trouble_on_the_way_stops_there_and_is_told_once_px814(root: Path) -> None:
    mailed = answered(root, Trouble("sender", 550, "not you"), unit=CODES[2])
    assert codes(mailed) == ["PX814"]
    assert "Còn 3 thư" in the(mailed, "PX814").message
    assert (mailed.sent, mailed.exit_code) == (2, 1)
    assert sent(root, "forms").recipients == [address_of(code) for code in CODES[2:]]


def test_nobody_home_px814(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parxl.mail.sending, "RECONNECT_PAUSE", 0.0)
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    set_items(root, {"Máy chủ SMTP": "127.0.0.1", "Cổng": port}, sheet="Thư")
    mailed = mail(root, "forms", Session)
    assert codes(mailed) == ["PX814"]
    assert (
        "không kết nối được với máy chủ (máy chủ không nhận kết nối ở cổng này)" in mailed.findings[0].message
    )
    assert mailed.exit_code == 1


def test_the_words_of_every_state_are_different() -> None:
    assert len(set(STATES.values())) == len(STATES)


def test_every_code_of_mail_is_named_here() -> None:
    text = Path(__file__).read_text(encoding="utf-8").upper()
    assert [code for code in REGISTER if code.startswith("PX8") and code not in text] == []


# A real server ------------------------------------------------------------------------------------


def at(server: MailServer, root: Path, rescore: bool = False, **items: Any) -> Path:
    set_items(root, {"Máy chủ SMTP": "127.0.0.1", "Cổng": server.port, **items}, sheet="Thư")
    if rescore:
        score_campaign(root)
    return root


@every_mailing
def test_one_trip_of_each_mailing(scored: Path, mailing: str) -> None:
    with MailServer() as server:
        mailed = mail(at(server, scored, rescore=True), mailing, Session)
        again = mail(scored, mailing, Session)
    to = {"forms": CODES, "reminders": NAGGED, "results": [SCORED, MENDING]}[mailing]
    wanted = [address_of(code) for code in to] + (LIST if mailing == "results" else [])
    assert [one.recipients for one in server.mails] == [(address,) for address in wanted]
    assert {one.sender for one in server.mails} == {SENDER}
    assert (mailed.sent, mailed.findings, again.sent, len(server.visits)) == (len(wanted), [], 0, 1)
    for one in server.mails:
        unit = identity_of(parsed(one.content)).unit
        assert one.recipients[0] in ([address_of(unit)] if unit else LIST)


def test_a_server_that_drops_the_line_is_followed_up(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parxl.mail.sending, "RECONNECT_PAUSE", 0.0)
    with MailServer(in_turn("end", None, DROP)) as server:
        mailed = mail(at(server, root), "forms", Session)
    assert codes(mailed) == ["PX816"]
    assert (mailed.sent, len(server.mails)) == (4, 5)


# The command --------------------------------------------------------------------------------------


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """``parxl`` in a process of its own."""
    command = [sys.executable, "-c", "from parxl.cli import main; main()", *map(str, arguments)]
    return subprocess.run(
        command,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        env={**os.environ, **environment},
    )


def told(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [line[1:6] for line in done.stderr.splitlines() if line.startswith("[PX")]


def test_the_command_says_what_it_did_0(root: Path) -> None:
    with MailServer() as server:
        done = run("mail", at(server, root), "forms")
    assert (done.returncode, len(server.mails)) == (0, 5)
    assert done.stdout.splitlines() == [f"{code}\t{address_of(code)}\tđã gửi" for code in CODES]
    assert "5 thư trong" in done.stderr
    assert done.stderr.endswith("đã gửi 5 lượt.\n")


def test_a_server_that_turns_everybody_away_1(root: Path) -> None:
    with MailServer(always(MAIL="550 5.7.1 not you")) as server:
        done = run("mail", at(server, root), "forms")
    assert (done.returncode, told(done), server.mails) == (1, ["PX814"], [])


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("forms", "--only", "so-la"), "PX809"),
        (("forms", "--to", "toi"), "PX810"),
        (("forms", "--to", ""), "PX810"),  # an empty variable of a script must not mail everybody
        (("forms", "--again"), "PX902"),
        (("letters",), "PX902"),
    ],
)
def test_wrong_usage_2(root: Path, options: tuple[str, ...], code: str) -> None:
    done = run("mail", root, *options)
    assert (done.returncode, told(done), done.stdout) == (2, [code], "")


def test_a_refusal_3(root: Path) -> None:
    with MailServer(in_turn("RCPT", "550 5.1.1 nobody")) as server:
        done = run("mail", at(server, root), "forms")
    assert (done.returncode, told(done), len(server.mails)) == (3, ["PX813"], 4)


def test_results_of_nothing_4(root: Path) -> None:
    done = run("mail", root, "results")
    assert (done.returncode, told(done), done.stdout) == (4, ["PX805"], "")


def test_a_dry_run_on_the_command_line(root: Path) -> None:
    done = run("mail", root, "forms", "--dry-run", "--only", SCORED, "--only", MISSING)
    assert (done.returncode, len(done.stdout.splitlines()), len(outbox(root))) == (0, 2, 2)


# The password -------------------------------------------------------------------------------------


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's side; processes started in this test trust it as they trust what the system trusts."""
    authority, server = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(server)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return server


def secrets() -> Iterator[bytes]:
    """The canary in every dress it wears on the line."""
    yield CANARY.encode()
    for text in (CANARY, f"\0{ACCOUNT}\0{CANARY}"):
        yield base64.b64encode(text.encode())
    yield json.dumps(CANARY).strip('"').encode()


def assert_silent(root: Path, done: subprocess.CompletedProcess[str]) -> None:
    """No secret anywhere; outside the outbox nothing has been written at all."""
    places = {"output": (done.stdout + done.stderr).encode(), **files(root)}
    assert [(name, s) for name, text in places.items() for s in secrets() if s in text] == []


def test_a_canary_password_is_nowhere(root: Path, trusted: ssl.SSLContext) -> None:
    with MailServer(in_turn("RCPT", None, "550 no"), tls=trusted, password=CANARY) as server:
        at(server, root, **{"Tài khoản": ACCOUNT, "Bảo mật": "TLS"})
        before = files(root)
        done = run("mail", root, "forms", PARXL_SMTP_PASSWORD=CANARY)
    assert (done.returncode, len(server.mails)) == (3, 4)
    assert {one.signed_in for one in server.mails} == {True}
    assert_silent(root, done)
    assert before.items() <= files(root).items()


@pytest.mark.parametrize("answer", ["535 5.7.8 no: {arg}", "454 4.7.0 later: {arg}", "235 2.7.0 {arg}", DROP])
def test_a_server_that_repeats_the_password_is_not_quoted(
    root: Path, trusted: ssl.SSLContext, answer: str
) -> None:
    with MailServer(always(AUTH=answer, MAIL="530 5.7.0 first"), tls=trusted, password=CANARY) as server:
        at(server, root, **{"Tài khoản": ACCOUNT, "Bảo mật": "TLS"})
        done = run("mail", root, "forms", PARXL_SMTP_PASSWORD=CANARY, PARXL_DEBUG="1")
    assert (done.returncode, told(done)) == (1, ["PX814"])
    assert next(secrets()) not in server.received
    assert list(secrets())[2] in server.received, "it has been sent, and repeated"
    assert_silent(root, done)


# Nothing else opens a socket ----------------------------------------------------------------------


def test_nothing_but_mail_opens_a_socket(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = Path(shutil.copytree(finished, tmp_path / "dot"))

    def alarm(*_: object, **__: object) -> None:
        raise AssertionError("a socket")

    for name in ("connect", "connect_ex", "sendto", "bind"):
        monkeypatch.setattr(socket.socket, name, alarm)
    monkeypatch.setattr(socket, "getaddrinfo", alarm)
    issue_forms(root)
    score_campaign(root, publish=True)
    appraise_campaign(root, 1)
    for mailing in ("forms", "reminders", "results"):
        score_campaign(root)
        assert mail(root, mailing, Session, dry_run=True).prepared
    with pytest.raises(AssertionError, match="a socket"):
        mail(root, "forms", Session)
