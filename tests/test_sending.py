"""Sending from the outbox: each message to each address once, whatever breaks off, refuses, or is killed."""

from __future__ import annotations

import base64
import email
import email.policy
import random
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from mail_server import (
    ACCOUNT,
    DROP,
    SENDER,
    MailServer,
    always,
    certificates,
    in_turn,
)

from parxl.findings import ParxlError
from parxl.mail.connecting import ServerSettings, Trouble
from parxl.mail.log import LOG_NAME, Entry, SendLog, key_of
from parxl.mail.message import Attachment, Message, content_digest, for_sending, message_id
from parxl.mail.outbox import Prepared, prepare
from parxl.mail.sending import FAILURES, RECONNECT_PAUSE, Outcome, is_due, send_all
from parxl.mail.server import Session

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
CANARY = "Chim-hoàng-yến-7391"


# What is sent -------------------------------------------------------------------------------------


def code_of(number: int) -> str:
    return f"dv{number:04}"


def address_of(unit: str) -> str:
    return f"{unit}@hatinh.gov.vn"


def letter(unit: str, *recipients: str) -> Message:
    form = Attachment(f"Phiếu {unit}.xlsx", f"Phiếu của {unit}".encode())
    digest = content_digest("forms", unit, "dot-2026", form.content)
    identifier = message_id("forms", unit, digest, SENDER)
    to = recipients or (address_of(unit),)
    return Message("forms", unit, identifier, SENDER, "Sở Nội vụ", to, f"Phiếu {unit}", "Kính gửi", (form,))


def outbox(root: Path, count: int) -> list[Prepared]:
    letters = [letter(code_of(number)) for number in range(count)]
    return prepare(root / "phieu", letters, log_of(root), NOW)


def log_of(root: Path) -> SendLog:
    return SendLog(root / LOG_NAME)


def no_session() -> Session:
    raise AssertionError("nothing to send: nobody to talk to")


class Post:
    """A folder, a server, and what runs over them did."""

    def __init__(self, root: Path, server: MailServer):
        self.root, self.server = root, server
        self.told: list[tuple[int, int]] = []
        self.slept: list[float] = []

    def connect(self) -> Session:
        return Session(self.server.settings(), timeout=10.0)

    def send(
        self,
        prepared: list[Prepared],
        *,
        connect: Callable[[], Session] | None = None,
        resend: Collection[str] = (),
        pause: float = 0.0,
    ) -> list[Outcome]:
        return send_all(
            prepared,
            log_of(self.root),
            connect or self.connect,
            track=self.track,
            resend=resend,
            pause=pause,
            sleep=self.slept.append,
        )

    def track(self, envelopes: Iterable[Any], words: str, total: int) -> Iterator[Any]:
        for number, envelope in enumerate(envelopes, start=1):
            yield envelope
            self.told.append((number, total))

    @property
    def arrived(self) -> Counter[str]:
        """Message and address -> how often the server has taken it."""
        return Counter(
            key_of(str(parsed(mail.content)["Message-ID"]), mail.recipients[0]) for mail in self.server.mails
        )

    @property
    def lines(self) -> list[tuple[str, str, int, bool]]:
        return [(e.unit, e.state, e.code, e.resend) for e in log_of(self.root).entries]


def parsed(content: bytes) -> email.message.EmailMessage:
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, email.message.EmailMessage)
    return message


def states(outcomes: list[Outcome]) -> list[str | None]:
    return [outcome.state for outcome in outcomes]


def key(prepared: Prepared) -> str:
    return key_of(prepared.message.message_id, prepared.message.recipients[0])


# All well -----------------------------------------------------------------------------------------


def test_each_message_goes_out_once(tmp_path: Path) -> None:
    prepared = outbox(tmp_path, 3)
    with MailServer() as server:
        outcomes = Post(tmp_path, server).send(prepared)
    assert states(outcomes) == ["sent"] * 3
    assert [mail.recipients for mail in server.mails] == [one.message.recipients for one in prepared]
    assert [mail.content for mail in server.mails] == [for_sending(one.eml) for one in prepared]
    assert all(b"X-Unsent" not in mail.content for mail in server.mails)
    assert (len(server.visits), server.count("QUIT")) == (1, 1)


def test_a_second_run_sends_nothing_and_talks_to_nobody(tmp_path: Path) -> None:
    prepared = outbox(tmp_path, 3)
    with MailServer() as server:
        post = Post(tmp_path, server)
        post.send(prepared)
        again = post.send(outbox(tmp_path, 3), connect=no_session, resend={code_of(0)})
    assert [(o.state, o.code, o.text, o.tried) for o in again] == [("sent", 250, "2.0.0 taken", False)] * 3
    assert len(server.mails) == 3


def test_a_new_message_goes_out_beside_the_old_ones(tmp_path: Path) -> None:
    with MailServer() as server:
        post = Post(tmp_path, server)
        post.send(outbox(tmp_path, 2))
        outcomes = post.send(outbox(tmp_path, 3))
    assert [outcome.tried for outcome in outcomes] == [False, False, True]
    assert set(post.arrived.values()) == {1}


def test_every_address_gets_an_envelope_of_its_own(tmp_path: Path) -> None:
    prepared = prepare(tmp_path / "phieu", [letter("snv", "a@x.vn", "b@x.vn")], log_of(tmp_path), NOW)
    with MailServer(in_turn("RCPT", "550 5.1.1 nobody")) as server:
        outcomes = Post(tmp_path, server).send(prepared)
    assert states(outcomes) == ["refused", "sent"]
    assert [mail.recipients for mail in server.mails] == [("b@x.vn",)]


def test_the_log_says_so_before_the_content_leaves(tmp_path: Path) -> None:
    path = tmp_path / LOG_NAME
    found: dict[str, bool] = {}

    def look(stage: str) -> None:
        found[stage] = path.exists() and b'"intended"' in path.read_bytes()

    with MailServer(look) as server:
        Post(tmp_path, server).send(outbox(tmp_path, 1))
    assert (found["RCPT"], found["DATA"], found["end"]) == (False, True, True)


def test_the_log_holds_both_lines_of_a_message(tmp_path: Path) -> None:
    [one] = outbox(tmp_path, 1)
    with MailServer() as server:
        Post(tmp_path, server).send([one])
    entries = log_of(tmp_path).entries
    assert [(e.state, e.code, e.text) for e in entries] == [("intended", 0, ""), ("sent", 250, "2.0.0 taken")]
    for e in entries:
        assert (e.key, e.kind, e.unit, e.recipient, e.eml) == (
            key(one),
            "forms",
            "dv0000",
            "dv0000@hatinh.gov.vn",
            one.name,
        )
        assert abs(datetime.fromisoformat(e.time) - datetime.now(UTC)).total_seconds() < 60


def test_progress_and_pauses(tmp_path: Path) -> None:
    with MailServer() as server:
        post = Post(tmp_path, server)
        post.send(outbox(tmp_path, 2), pause=1.5)
        post.send(outbox(tmp_path, 4), pause=2.5)
    assert post.told == [(1, 2), (2, 2), (1, 4), (2, 4), (3, 4), (4, 4)]
    assert post.slept == [1.5, 2.5], "between two messages only: not for those sent before"


# A no, and the next run ---------------------------------------------------------------------------


def test_deferred_is_tried_again_by_the_next_run(tmp_path: Path) -> None:
    prepared = outbox(tmp_path, 2)
    with MailServer(in_turn("RCPT", "450 4.2.2 full")) as server:
        post = Post(tmp_path, server)
        first, second = post.send(prepared), post.send(prepared)
    assert [states(first), states(second)] == [["deferred", "sent"], ["sent", "sent"]]
    assert (first[0].code, first[0].text, first[0].tried) == (450, "4.2.2 full", True)
    assert set(post.arrived.values()) == {1}


def test_refused_waits_for_somebody_to_ask(tmp_path: Path) -> None:
    [one] = outbox(tmp_path, 1)
    with MailServer(in_turn("end", "552 5.3.4 too big")) as server:
        post = Post(tmp_path, server)
        found = [states(post.send([one], resend=codes)) for codes in ((), (), ("khac",), ("DV0000",))]
    assert found == [["refused"], ["refused"], ["refused"], ["sent"]]
    assert [(state, resend) for _, state, _, resend in post.lines] == [
        ("intended", False),
        ("refused", False),
        ("intended", True),
        ("sent", True),
    ]


def test_unknown_is_never_sent_again_unless_asked(tmp_path: Path) -> None:
    [one] = outbox(tmp_path, 1)
    with MailServer(in_turn("end", DROP)) as server:
        post = Post(tmp_path, server)
        found = [states(post.send([one], resend=codes)) for codes in ((), (), ("dv0000",), ("dv0000",))]
    assert found == [["unknown"], ["unknown"], ["sent"], ["sent"]]
    assert len(server.mails) == 2, "once before the line broke, once because somebody asked"


def test_what_a_killed_run_intended_is_unknown(tmp_path: Path) -> None:
    [one] = outbox(tmp_path, 1)
    time = NOW.isoformat()
    log_of(tmp_path).write(
        Entry(time, key(one), "forms", "dv0000", "dv0000@hatinh.gov.vn", "intended", 0, "", one.name)
    )
    [outcome] = send_all([one], log_of(tmp_path), no_session)
    assert (outcome.state, outcome.tried) == ("unknown", False)


@pytest.mark.parametrize(
    ("state", "due", "asked"),
    [
        (None, True, True),
        ("deferred", True, True),
        ("refused", False, True),
        ("unknown", False, True),
        ("intended", False, False),
        ("sent", False, False),
    ],
)
def test_what_is_due(state: str | None, due: bool, asked: bool) -> None:
    assert (is_due(state, resend=False), is_due(state, resend=True)) == (due, asked)


# Sessions that break off --------------------------------------------------------------------------


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("fault", [DROP, "421 4.7.0 too many messages"])
def test_a_session_that_the_server_ends_costs_no_message(tmp_path: Path, stage: str, fault: str) -> None:
    with MailServer(in_turn(stage, None, fault)) as server:
        post = Post(tmp_path, server)
        outcomes = post.send(outbox(tmp_path, 3))
    assert states(outcomes) == ["sent"] * 3
    assert (len(server.visits), post.slept) == (2, [0.0, RECONNECT_PAUSE, 0.0])
    assert set(post.arrived.values()) == {1}


def test_a_server_that_takes_two_messages_a_session_gets_all(tmp_path: Path) -> None:
    """Only failures in a row end a run: more than that in all do not."""
    sessions = FAILURES + 2
    with MailServer(in_turn("MAIL", None, *[None, DROP] * (sessions - 1))) as server:
        outcomes = Post(tmp_path, server).send(outbox(tmp_path, sessions + 2))
    assert set(states(outcomes)) == {"sent"}
    assert len(server.visits) == sessions


def test_a_message_that_ends_a_new_session_waits_and_the_rest_goes_on(tmp_path: Path) -> None:
    with MailServer(in_turn("RCPT", "421 4.7.0 not this one")) as server:
        outcomes = Post(tmp_path, server).send(outbox(tmp_path, 3))
    assert states(outcomes) == ["deferred", "sent", "sent"]
    assert len(server.visits) == 2


def test_an_unclear_message_is_left_and_the_rest_goes_on(tmp_path: Path) -> None:
    with MailServer(in_turn("end", None, DROP)) as server:
        post = Post(tmp_path, server)
        outcomes = post.send(outbox(tmp_path, 4))
    assert states(outcomes) == ["sent", "unknown", "sent", "sent"]
    assert set(post.arrived.values()) == {1}


@pytest.mark.parametrize(("stage", "state"), [("RCPT", "deferred"), ("end", "unknown")])
def test_sessions_that_break_off_one_after_the_other_end_the_run(
    tmp_path: Path, stage: str, state: str
) -> None:
    """Or a server that dies of every message would leave all of them unclear."""
    with MailServer(always(**{stage: DROP})) as server:
        outcomes = Post(tmp_path, server).send(outbox(tmp_path, 6))
    assert states(outcomes) == [state] * FAILURES + [None] * (6 - FAILURES)
    assert [outcome.tried for outcome in outcomes] == [True] * FAILURES + [False] * (6 - FAILURES)
    troubles = [outcome.trouble.reason if outcome.trouble else None for outcome in outcomes]
    assert troubles == [None] * FAILURES + ["unreachable"] * (6 - FAILURES)
    assert len(server.visits) == FAILURES


def test_a_server_that_is_not_there_ends_the_run(tmp_path: Path) -> None:
    with MailServer() as server:
        post = Post(tmp_path, server)
    asked: list[int] = []
    outcomes = post.send(outbox(tmp_path, 5), connect=lambda: asked.append(1) or post.connect())
    assert states(outcomes) == [None] * 5
    assert {outcome.trouble.reason for outcome in outcomes} == {"unreachable"}
    assert (len(asked), post.slept, post.lines) == (FAILURES, [RECONNECT_PAUSE] * (FAILURES - 1), [])
    assert post.told == [(number, 5) for number in range(1, 6)]


def test_a_server_that_comes_back_is_used(tmp_path: Path) -> None:
    with MailServer(in_turn("greeting", "421 4.3.2 restarting", DROP)) as server:
        outcomes = Post(tmp_path, server).send(outbox(tmp_path, 2))
    assert states(outcomes) == ["sent", "sent"]


def test_lasting_trouble_is_not_tried_twice(tmp_path: Path) -> None:
    asked: list[int] = []

    def connect() -> Session:
        asked.append(1)
        raise Trouble("sign-in", 535)

    outcomes = send_all(outbox(tmp_path, 3), log_of(tmp_path), connect)
    assert (states(outcomes), len(asked)) == ([None] * 3, 1)
    assert {(outcome.trouble.reason, outcome.trouble.code) for outcome in outcomes} == {("sign-in", 535)}


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
def test_a_sender_that_is_not_let_in_refuses_nobody(tmp_path: Path, stage: str) -> None:
    """When the settings have been mended, all goes out."""
    with MailServer(in_turn(stage, "530 5.7.0 sign in first")) as server:
        post = Post(tmp_path, server)
        first, second = post.send(outbox(tmp_path, 3)), post.send(outbox(tmp_path, 3))
    assert states(first) == ["deferred", None, None]
    assert {outcome.trouble.reason for outcome in first} == {"sender"}
    assert states(second) == ["sent"] * 3
    assert set(post.arrived.values()) == {1}


# Disturbed runs -----------------------------------------------------------------------------------


def test_ctrl_c_between_two_messages(tmp_path: Path) -> None:
    def track(envelopes: Iterable[Any], words: str, total: int) -> Iterator[Any]:
        yield from list(envelopes)[:2]
        raise KeyboardInterrupt

    with MailServer() as server:
        post = Post(tmp_path, server)
        with pytest.raises(KeyboardInterrupt):
            send_all(outbox(tmp_path, 4), log_of(tmp_path), post.connect, track=track)
        assert len(server.mails) == 2
        assert states(post.send(outbox(tmp_path, 4))) == ["sent"] * 4
    assert set(post.arrived.values()) == {1}


def test_ctrl_c_within_a_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The content is out, the answer has not been heard."""
    content = Session._content

    def interrupted(session: Session, data: bytes) -> None:
        content(session, data)
        raise KeyboardInterrupt

    with MailServer() as server:
        post = Post(tmp_path, server)
        monkeypatch.setattr(Session, "_content", interrupted)
        with pytest.raises(KeyboardInterrupt):
            post.send(outbox(tmp_path, 2))
        monkeypatch.undo()
        assert states(post.send(outbox(tmp_path, 2))) == ["unknown", "sent"]
    assert set(post.arrived.values()) == {1}


@pytest.mark.parametrize(("failing", "arrived", "then"), [(1, 0, "sent"), (2, 1, "unknown")])
def test_a_log_that_cannot_be_written_ends_the_run(
    tmp_path: Path, failing: int, arrived: int, then: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, writes = SendLog.write, []

    def full(log: SendLog, entry: Entry) -> None:
        writes.append(entry)
        if len(writes) == failing:
            raise ParxlError([])
        write(log, entry)

    with MailServer() as server:
        post = Post(tmp_path, server)
        monkeypatch.setattr(SendLog, "write", full)
        with pytest.raises(ParxlError):
            post.send(outbox(tmp_path, 2))
        monkeypatch.undo()
        assert len(server.mails) == arrived
        assert states(post.send(outbox(tmp_path, 2))) == [then, "sent"]
    assert set(post.arrived.values()) == {1}


def test_a_file_that_somebody_has_changed_is_not_sent(tmp_path: Path) -> None:
    prepared = outbox(tmp_path, 3)
    prepared[1].path.write_bytes(prepared[0].eml)
    with MailServer() as server:
        outcomes = Post(tmp_path, server).send(prepared)
    assert [(o.state, o.changed) for o in outcomes] == [("sent", False), (None, True), ("sent", False)]
    assert len(server.mails) == 2


FAULTS = ["450 4.2.0 busy", "550 5.1.1 nobody", "421 4.3.2 closing", "552 5.3.4 big", DROP, None, None, None]
PLACES = ["greeting", "EHLO", "RCPT", "DATA", "content", "end"]


@pytest.mark.parametrize("seed", range(12))
def test_whatever_goes_wrong_nothing_is_sent_twice_and_nothing_gets_lost(tmp_path: Path, seed: int) -> None:
    """Faults anywhere, run after run: what the log says is what the server has."""
    draw = random.Random(seed)
    plan = {place: draw.choices(FAULTS, k=40) for place in PLACES}
    plan["content"] = [DROP if fault else None for fault in plan["content"]]
    with MailServer(lambda stage: plan[stage].pop() if plan.get(stage) else None) as server:
        post = Post(tmp_path, server)
        for _ in range(12):
            found = {o.envelope.key: o.state for o in post.send(outbox(tmp_path, 8))}
            assert_the_log_is_right(post, found)
        plan.clear()
        assert set(states(post.send(outbox(tmp_path, 8)))) <= {"sent", "refused", "unknown"}


def assert_the_log_is_right(post: Post, found: dict[str, str | None]) -> None:
    arrived = post.arrived
    assert set(arrived) <= set(found)
    for one, state in found.items():
        assert state == log_of(post.root).state(one)
        allowed = {"sent": {1}, "unknown": {0, 1}}.get(str(state), {0})
        assert arrived[one] in allowed, (one, state)


# The password -------------------------------------------------------------------------------------


def test_the_password_is_in_no_file_and_no_output(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    trusted = certificates()
    with MailServer(in_turn("RCPT", None, DROP, "550 no"), tls=trusted.server, password=CANARY) as server:
        settings = server.settings("TLS", ACCOUNT)
        post = Post(tmp_path, server)
        outcomes = post.send(
            outbox(tmp_path, 4), connect=lambda: Session(settings, CANARY, context=trusted.client)
        )
    files = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    told = repr(outcomes) + "".join(capfd.readouterr()) + files.decode("utf-8")
    secrets = [CANARY, *(base64.b64encode(s.encode()).decode() for s in (CANARY, f"\0{ACCOUNT}\0{CANARY}"))]
    assert [secret for secret in secrets if secret in told] == []
    assert {mail.signed_in for mail in server.mails} == {True}


# Killed -------------------------------------------------------------------------------------------

KILLS, MESSAGES = 12, 300


class Killer:
    """Kills the sending process at a random moment: some time after the server has reached a random stage."""

    def __init__(self, seed: int):
        self.draw = random.Random(seed)
        self.victim: subprocess.Popen[bytes] | None = None
        self.stages_left = 0

    def aim(self, victim: subprocess.Popen[bytes]) -> None:
        self.stages_left = self.draw.randrange(3, 5 * MESSAGES // KILLS)
        self.victim = victim

    def __call__(self, stage: str) -> None:
        self.stages_left -= 1
        if self.victim and self.stages_left == 0:
            threading.Timer(self.draw.choice([0, 0.001, 0.003, 0.01]), self.victim.kill).start()


def test_killed_at_random_moments_nothing_is_lost_and_nothing_double(tmp_path: Path) -> None:
    prepared, killer = outbox(tmp_path, MESSAGES), Killer(seed=7)
    with MailServer(killer) as server:
        codes = [run_child(tmp_path, server.port, killer.aim) for _ in range(KILLS)]
        assert run_child(tmp_path, server.port, lambda child: None) == 0
    assert 0 not in codes
    post = Post(tmp_path, server)
    found = {key(one): log_of(tmp_path).state(key(one)) for one in prepared}
    assert set(found.values()) <= {"sent", "unknown"}, "every one is told of"
    assert_the_log_is_right(post, found)
    assert list(found.values()).count("unknown") <= KILLS


def run_child(root: Path, port: int, started: Callable[[subprocess.Popen[bytes]], None]) -> int:
    child = subprocess.Popen([sys.executable, __file__, str(root), str(port)])
    started(child)
    return child.wait(timeout=60)


def be_child(root: Path, port: int) -> None:
    settings = ServerSettings("127.0.0.1", port, "không", "", SENDER)
    send_all(outbox(root, MESSAGES), log_of(root), lambda: Session(settings))


# The right file -----------------------------------------------------------------------------------


def test_a_thousand_shuffled_units_get_their_own_file(tmp_path: Path) -> None:
    prepared = outbox(tmp_path, 1000)
    random.Random(1000).shuffle(prepared)
    with MailServer() as server:
        outcomes = Post(tmp_path, server).send(prepared)
    assert set(states(outcomes)) == {"sent"}
    assert {mail.recipients[0] for mail in server.mails} == {address_of(code_of(n)) for n in range(1000)}
    wrong = [mail.recipients for mail in server.mails if not belongs(mail.content, mail.recipients)]
    assert wrong == []


def belongs(content: bytes, recipients: tuple[str, ...]) -> bool:
    """What the server took is addressed to whom it went to, and so is the file in it."""
    message = parsed(content)
    [form] = message.iter_attachments()
    unit = recipients[0].partition("@")[0]
    return (
        recipients == (address_of(unit),)
        and message["To"] == recipients[0]
        and form.get_content() == f"Phiếu của {unit}".encode()
        and form.get_filename() == f"Phiếu {unit}.xlsx"
    )


if __name__ == "__main__":
    be_child(Path(sys.argv[1]), int(sys.argv[2]))
