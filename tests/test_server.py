"""Sessions with a real mail server on loopback: every answer, every break, no password in the clear."""

from __future__ import annotations

import base64
import logging
import socket
import ssl
import time
import traceback

import pytest
from mail_server import (
    ACCOUNT,
    DROP,
    SENDER,
    SILENCE,
    MailServer,
    always,
    certificates,
    in_turn,
    self_signed,
)

import parxl.mail.server
from parxl.mail.connecting import LONGEST_TEXT, ServerSettings, Trouble, own_name
from parxl.mail.server import Answer, Session

UNIT = "so-tai-chinh@hatinh.gov.vn"
DATA = b"Subject: Phieu\r\n\r\n.mot dong bat dau bang dau cham\r\n.\r\nhet\r\n"
CANARY = "Chim-hoàng-yến-7391"
# What a password looks like on the line, in whatever way it might be sent or quoted.
TRACES = [
    CANARY,
    base64.b64encode(CANARY.encode()).decode(),
    base64.b64encode(f"\0{ACCOUNT}\0{CANARY}".encode()).decode(),
]
# How long to wait, in seconds, for what must not come: more than a busy computer needs for an answer.
SOON = 1.0

TRUSTED = certificates()
OTHER_HOST = certificates("mail.noi-khac.vn")


def begun() -> None:
    """Nothing to write down."""


def deliver(server: MailServer, *, timeout: float = 10.0) -> Answer:
    with Session(server.settings(), timeout=timeout) as session:
        return session.deliver(UNIT, DATA, begun)


def trouble(server: MailServer, security: str = "không", **options: object) -> Trouble:
    """Why no session comes about."""
    options = {"timeout": 10.0, **options}
    account = ACCOUNT if "password" in options else ""
    with pytest.raises(Trouble) as caught:
        Session(server.settings(security, account), **options)
    return caught.value


# All well -----------------------------------------------------------------------------------------


def test_a_message_arrives_as_it_is() -> None:
    with MailServer() as server:
        answer = deliver(server)
    assert answer == Answer("sent", 250, "2.0.0 taken", True)
    [mail] = server.mails
    assert (mail.sender, mail.recipients, mail.content) == (SENDER, (UNIT,), DATA)


def test_dots_and_long_messages_arrive_whole() -> None:
    long = b"".join(b"." * (n % 5) + b"%d\r\n" % n for n in range(40_000))
    with MailServer() as server, Session(server.settings()) as session:
        session.deliver(UNIT, long, begun)
    assert server.mails[0].content == long


def test_a_last_line_is_ended() -> None:
    with MailServer() as server, Session(server.settings()) as session:
        session.deliver(UNIT, DATA.rstrip(), begun)
    assert server.mails[0].content == DATA


def test_many_messages_go_through_one_session() -> None:
    with MailServer() as server, Session(server.settings()) as session:
        answers = [session.deliver(f"a{n}@x.vn", DATA, begun) for n in range(5)]
    assert [answer.state for answer in answers] == ["sent"] * 5
    assert [mail.recipients for mail in server.mails] == [(f"a{n}@x.vn",) for n in range(5)]
    assert (len(server.visits), server.count("QUIT")) == (1, 1)


def test_it_is_written_down_between_the_address_and_the_content() -> None:
    seen: list[tuple[int, int]] = []
    with MailServer() as server, Session(server.settings()) as session:
        session.deliver(UNIT, DATA, lambda: seen.append((server.count("RCPT"), server.count("DATA"))))
    assert seen == [(1, 0)]


def test_nothing_goes_out_that_could_not_be_written_down() -> None:
    with MailServer() as server, pytest.raises(ZeroDivisionError), Session(server.settings()) as session:
        session.deliver(UNIT, DATA, lambda: 1 // 0)
    assert (server.count("DATA"), server.mails) == (0, [])


def test_the_computer_gives_its_address_not_its_name() -> None:
    with MailServer() as server:
        deliver(server)
    assert server.count("EHLO [127.0.0.1]") == 1
    assert own_name("fe80::1%eth0") == "[IPv6:fe80::1]"


def test_an_old_server_without_ehlo_is_served() -> None:
    with MailServer(always(EHLO="502 what")) as server:
        assert deliver(server).state == "sent"
    assert server.count("HELO") == 1


# A no of the server -------------------------------------------------------------------------------

NO = {
    "450": "deferred",
    "452": "deferred",
    "451": "deferred",
    "550": "refused",
    "552": "refused",
    "554": "refused",
}


@pytest.mark.parametrize("code", NO)
@pytest.mark.parametrize("stage", ["RCPT", "DATA", "end"])
def test_a_no_is_for_this_message_only(stage: str, code: str) -> None:
    with (
        MailServer(in_turn(stage, f"{code} 4.2.2 khong nhan")) as server,
        Session(server.settings()) as session,
    ):
        answers = [session.deliver(UNIT, DATA, begun) for _ in range(2)]
    assert answers[0] == Answer(NO[code], int(code), "4.2.2 khong nhan", True)
    assert answers[1].state == "sent"
    assert len(server.mails) == len(server.visits) == 1


@pytest.mark.parametrize("code", ["450", "452", "552"])
def test_a_no_to_the_size_or_for_now_is_for_this_message_only(code: str) -> None:
    with MailServer(in_turn("MAIL", f"{code} no")) as server, Session(server.settings()) as session:
        answers = [session.deliver(UNIT, DATA, begun).state for _ in range(2)]
    assert answers == [NO[code], "sent"]


@pytest.mark.parametrize(
    "fault", [{"MAIL": "550 no"}, {"MAIL": "530 no"}, {"RCPT": "530 no"}, {"DATA": "530 no"}]
)
def test_a_final_no_to_the_sender_is_for_all_messages(fault: dict[str, str]) -> None:
    with (
        MailServer(always(**fault)) as server,
        pytest.raises(Trouble) as caught,
        Session(server.settings()) as session,
    ):
        session.deliver(UNIT, DATA, begun)
    assert (caught.value.reason, caught.value.lasting, server.mails) == ("sender", True, [])
    assert caught.value.code in (530, 550)


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA", "end"])
def test_421_ends_the_session(stage: str) -> None:
    with MailServer(always(**{stage: "421 4.3.2 closing"})) as server:
        assert deliver(server) == Answer("deferred", 421, "4.3.2 closing", False)
    assert (server.mails, server.count("QUIT")) == ([], 0)


@pytest.mark.parametrize("stage", ["greeting", "EHLO"])
@pytest.mark.parametrize(("code", "lasting"), [(421, False), (554, True)])
def test_a_server_that_turns_us_away(stage: str, code: int, lasting: bool) -> None:
    behave = always(**{stage: f"{code} no service"}, HELO=f"{code} no")
    with MailServer(behave) as server:
        found = trouble(server)
    assert (found.reason, found.code, found.lasting) == ("turned-away", code, lasting)


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("reply", ["299 perhaps", "120 soon", "nonsense", "999 x"])
def test_an_answer_outside_the_rules_before_the_content(stage: str, reply: str) -> None:
    with MailServer(always(**{stage: reply})) as server:
        answer = deliver(server)
    assert (answer.state, answer.alive, server.mails) == ("deferred", False, [])


@pytest.mark.parametrize("reply", ["354 more", "nonsense", "999 x"])
def test_an_answer_outside_the_rules_after_the_content(reply: str) -> None:
    with MailServer(always(end=reply)) as server:
        answer = deliver(server)
    assert (answer.state, answer.alive) == ("unknown", False)


def test_a_server_that_cannot_forget_is_left() -> None:
    behave = in_turn("RCPT", "550 no")
    with MailServer(behave) as server, Session(server.settings()) as session:
        server.visits[0]._smtp_methods.pop("RSET")
        answer = session.deliver(UNIT, DATA, begun)
    assert (answer.state, answer.alive) == ("refused", False)


def test_the_servers_words_are_data() -> None:
    words = "550 \x1b[31mred\u202e \x07" + "dài " * 200
    with MailServer(always(RCPT=words)) as server:
        answer = deliver(server)
    assert answer.text.startswith("\\x1b[31mred\\u202e \\x07dài dài")
    assert answer.text.isprintable()
    assert len(answer.text) <= LONGEST_TEXT


# Sizes and addresses ------------------------------------------------------------------------------


def test_the_size_is_announced() -> None:
    with MailServer(size=100_000) as server:
        deliver(server)
    assert server.count(f"MAIL FROM:<{SENDER}> SIZE={len(DATA)}") == 1


def test_a_message_beyond_the_servers_size_is_not_offered() -> None:
    with MailServer(size=len(DATA) - 1) as server:
        answer = deliver(server)
    assert (answer.state, answer.code, answer.alive) == ("refused", 552, True)
    assert (server.count("MAIL"), server.mails) == (0, [])


def test_a_message_of_exactly_the_servers_size_is_offered() -> None:
    with MailServer(size=len(DATA)) as server:
        deliver(server)
    assert server.count("MAIL") == 1


@pytest.mark.parametrize("limit", ["", "0", "many", "9" * 5000, "-1"])
def test_a_size_that_says_nothing_is_no_limit(limit: str) -> None:
    behave = in_turn("EHLO", f"250-localhost\r\n250 SIZE {limit}")
    with MailServer(behave) as server, Session(server.settings()) as session:
        assert session._refusal(UNIT, 10**9) is None


@pytest.mark.parametrize(
    "address", ["", "a@x.vn, b@x.vn", "a@x.vn;b@x.vn", "a@x.vn\r\nDATA", "Sở <a@x.vn>", "sở@x.vn"]
)
def test_one_plain_address_or_none(address: str) -> None:
    with MailServer() as server, Session(server.settings()) as session:
        answer = session.deliver(address, DATA, begun)
        assert session.deliver(UNIT, DATA, begun).state == "sent"
    assert (answer.state, answer.code, answer.alive) == ("refused", 553, True)
    assert server.count("MAIL") == 1


# Breaks -------------------------------------------------------------------------------------------

BREAKS = {"MAIL": "deferred", "RCPT": "deferred", "DATA": "deferred", "content": "unknown", "end": "unknown"}


@pytest.mark.parametrize(("stage", "state"), BREAKS.items())
def test_a_dropped_connection(stage: str, state: str) -> None:
    with MailServer(always(**{stage: DROP})) as server:
        assert deliver(server) == Answer(state, 0, "máy chủ đóng kết nối", False)
    assert len(server.mails) == (stage == "end")


@pytest.mark.parametrize(("stage", "state"), BREAKS.items())
def test_silence(stage: str, state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parxl.mail.server, "PATIENCE", 1)
    with MailServer(always(**{stage: SILENCE})) as server:
        assert deliver(server, timeout=SOON) == Answer(state, 0, "máy chủ không trả lời", False)
    assert len(server.mails) == (stage == "end")


def test_a_connection_that_breaks_in_the_middle_of_much_content() -> None:
    with MailServer(always(content=DROP)) as server, Session(server.settings()) as session:
        answer = session.deliver(UNIT, b"x" * 70 + b"\r\n" * 5_000_000, begun)
    assert (answer.state, answer.alive, server.mails) == ("unknown", False, [])


def test_a_server_may_take_its_time_over_a_whole_message() -> None:
    with MailServer(lambda stage: time.sleep(SOON * 1.5) if stage == "end" else None) as server:
        assert deliver(server, timeout=SOON).state == "sent"


@pytest.mark.parametrize("stage", ["greeting", "EHLO"])
@pytest.mark.parametrize(("fault", "words"), [(DROP, "đóng kết nối"), (SILENCE, "không trả lời")])
def test_no_session_comes_about(stage: str, fault: str, words: str) -> None:
    with MailServer(always(**{stage: fault})) as server:
        found = trouble(server, timeout=SOON)
    assert (found.reason, found.text, found.lasting) == ("unreachable", f"máy chủ {words}", False)


def test_nobody_listens() -> None:
    with MailServer() as server:
        settings = server.settings()
    with pytest.raises(Trouble) as caught:
        Session(settings)
    assert (caught.value.reason, caught.value.lasting) == ("unreachable", False)
    assert caught.value.text == "máy chủ không nhận kết nối ở cổng này"


@pytest.mark.parametrize("host", ["mail..vn", "x" * 70 + ".vn"])
def test_no_server_can_have_this_name(host: str) -> None:
    with MailServer() as server, pytest.raises(Trouble) as caught:
        Session(server.settings(host=host))
    assert (caught.value.reason, caught.value.text) == ("unreachable", "không tìm thấy máy chủ mang tên này")


ERRORS = [
    (socket.gaierror(-2, "Name or service not known"), "không tìm thấy máy chủ mang tên này"),
    (TimeoutError("timed out"), "máy chủ không trả lời"),
    (ConnectionResetError(104, "reset"), "máy chủ đóng kết nối"),
    (OSError(101, "Network is unreachable"), "lỗi mạng số 101"),
]


@pytest.mark.parametrize(("error", "words"), ERRORS)
def test_why_no_connection_comes_about(error: OSError, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(socket, "create_connection", fail)
    with pytest.raises(Trouble) as caught:
        Session(ServerSettings("mail.x.vn", 25, "không", "", SENDER))
    assert (caught.value.reason, caught.value.text, caught.value.lasting) == ("unreachable", words, False)


def test_a_session_that_breaks_off_says_no_goodbye() -> None:
    with MailServer() as server, pytest.raises(KeyboardInterrupt), Session(server.settings()):
        raise KeyboardInterrupt
    assert server.count("QUIT") == 0


# TLS ----------------------------------------------------------------------------------------------


def secure(security: str, context: ssl.SSLContext, **options: object) -> MailServer:
    return MailServer(**{"tls" if security == "TLS" else "starttls": context}, password=CANARY, **options)


both = pytest.mark.parametrize("security", ["TLS", "STARTTLS"])


@both
@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
def test_signed_in_under_a_trusted_certificate(security: str, mechanism: str) -> None:
    others = {"PLAIN", "LOGIN"} - {mechanism}
    with secure(security, TRUSTED.server, auth_exclude_mechanism=others) as server:
        settings = server.settings(security, ACCOUNT)
        with Session(settings, CANARY, context=TRUSTED.client) as session:
            assert session.deliver(UNIT, DATA, begun).state == "sent"
    assert (server.mails[0].signed_in, server.count("AUTH")) == (True, 1)


@both
def test_without_an_account_nobody_signs_in(security: str) -> None:
    with secure(security, TRUSTED.server) as server:
        session = Session(server.settings(security), context=TRUSTED.client)
        with session:
            assert session.deliver(UNIT, DATA, begun).state == "sent"
    assert server.count("AUTH") == 0


@both
@pytest.mark.parametrize(
    ("server", "trusting", "words"),
    [
        (self_signed(), None, "chứng thư tự ký"),
        (TRUSTED.server, None, "chứng thư do nơi cấp mà máy tính này không tin cậy"),
        (OTHER_HOST.server, OTHER_HOST.client, "chứng thư không cấp cho địa chỉ máy chủ này"),
    ],
)
def test_a_certificate_that_does_not_do(
    security: str, server: ssl.SSLContext, trusting: ssl.SSLContext | None, words: str
) -> None:
    with secure(security, server) as listening:
        found = trouble(listening, security, password=CANARY, context=trusting)
    assert (found.reason, found.text, found.lasting) == ("certificate", words, True)
    assert_no_sign_in(listening)


def test_a_certificate_for_another_name() -> None:
    with secure("TLS", OTHER_HOST.server) as server, pytest.raises(Trouble) as caught:
        Session(server.settings("TLS", host="localhost"), context=OTHER_HOST.client)
    assert caught.value.text == "chứng thư không cấp cho tên máy chủ này"


def assert_no_sign_in(server: MailServer) -> None:
    assert b"AUTH" not in server.received.upper()
    assert all(trace.encode() not in server.received for trace in TRACES)


@pytest.mark.parametrize("auth_in_clear", [False, True])
def test_starttls_taken_out_on_the_way(auth_in_clear: bool) -> None:
    """Somebody in between hides the offer, and would love to see a password."""
    with MailServer(password=CANARY, auth_require_tls=not auth_in_clear) as server:
        found = trouble(server, "STARTTLS", password=CANARY, context=TRUSTED.client)
    assert (found.reason, found.lasting) == ("no-starttls", True)
    assert_no_sign_in(server)
    assert server.received.splitlines() == [b"ehlo [127.0.0.1]"]


FAILING = {
    "454 not now": "turned-away",
    "501 no": "turned-away",
    "220 but no handshake": "tls",
    DROP: "unreachable",
}


@pytest.mark.parametrize(("fault", "reason"), FAILING.items())
def test_starttls_that_fails(fault: str, reason: str) -> None:
    options = {"auth_require_tls": False, "starttls": TRUSTED.server, "password": CANARY}
    with MailServer(always(STARTTLS=fault), **options) as server:
        found = trouble(server, "STARTTLS", password=CANARY, context=TRUSTED.client, timeout=SOON)
    assert found.reason == reason
    assert_no_sign_in(server)


def test_answers_slipped_in_before_the_encryption_do_not_count() -> None:
    with secure("STARTTLS", TRUSTED.server, injected=b"550 go away\r\n") as server:
        settings = server.settings("STARTTLS", ACCOUNT)
        with Session(settings, CANARY, context=TRUSTED.client) as session:
            assert session.deliver(UNIT, DATA, begun).state == "sent"
    assert server.count("EHLO") == 2


def test_tls_on_a_port_without() -> None:
    with MailServer(password=CANARY) as server:
        found = trouble(server, "TLS", password=CANARY)
    assert (found.reason, found.lasting) == ("tls", True)
    assert_no_sign_in(server)


def test_tls_with_a_server_that_is_silent() -> None:
    with MailServer(always(greeting=SILENCE)) as server:
        found = trouble(server, "TLS", timeout=SOON)
    assert (found.reason, found.text, found.lasting) == ("unreachable", "máy chủ không trả lời", False)


def test_no_tls_on_a_port_with() -> None:
    with MailServer(tls=TRUSTED.server) as server:
        assert trouble(server, timeout=SOON).reason == "unreachable"


def test_an_account_without_encryption_is_refused_before_connecting() -> None:
    with MailServer(password=CANARY, auth_require_tls=False) as server:
        assert trouble(server, "không", password=CANARY).reason == "clear-text"
    assert (server.visits, server.received) == ([], b"")


# The password -------------------------------------------------------------------------------------


@both
@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
def test_a_wrong_password_is_tried_once(security: str, mechanism: str) -> None:
    others = {"PLAIN", "LOGIN"} - {mechanism}
    with secure(security, TRUSTED.server, auth_exclude_mechanism=others) as server:
        found = trouble(server, security, password="sai", context=TRUSTED.client)
    assert (found.reason, found.code, found.text, found.lasting) == ("sign-in", 535, "", True)
    assert (server.count("AUTH"), server.count("MAIL"), len(server.visits)) == (1, 0, 1)


def test_wrong_passwords_are_not_tried_in_every_way() -> None:
    with secure("TLS", TRUSTED.server) as server:
        assert trouble(server, "TLS", password="sai", context=TRUSTED.client).code == 535
    assert server.count("AUTH") == 1


def test_a_sign_in_that_fails_for_now() -> None:
    with secure("TLS", TRUSTED.server, behave=always(AUTH="454 try later")) as server:
        found = trouble(server, "TLS", password=CANARY, context=TRUSTED.client)
    assert (found.reason, found.code, found.lasting) == ("sign-in", 454, False)


def test_no_way_to_sign_in() -> None:
    with secure("TLS", TRUSTED.server, auth_exclude_mechanism={"PLAIN", "LOGIN"}) as server:
        found = trouble(server, "TLS", password=CANARY, context=TRUSTED.client)
    assert (found.reason, found.lasting) == ("no-sign-in", True)
    assert_no_sign_in(server)


QUOTING = [f"535 5.7.8 {{arg}} {' '.join(TRACES)}", DROP, "999 {arg}", "535 " + "{arg} " * 900, "334 {arg}"]


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
@pytest.mark.parametrize("fault", QUOTING)
def test_a_server_that_quotes_the_password_is_not_quoted(
    fault: str, mechanism: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    others = {"PLAIN", "LOGIN"} - {mechanism}
    with secure("TLS", TRUSTED.server, behave=always(AUTH=fault), auth_exclude_mechanism=others) as server:
        found = trouble(server, "TLS", password=CANARY, context=TRUSTED.client)
    assert found.__cause__ is None, "nor is what it was raised from"
    told = "".join(traceback.format_exception(found)) + repr(vars(found))
    records = "".join(r.getMessage() for r in caplog.records if r.name != "mail.log")  # aiosmtpd's own
    assert_clean(told + records + "".join(capfd.readouterr()))


def assert_clean(text: str) -> None:
    assert [trace for trace in TRACES if trace in text] == []


def test_a_session_does_not_keep_the_password() -> None:
    with secure("TLS", TRUSTED.server) as server:
        settings = server.settings("TLS", ACCOUNT)
        with Session(settings, CANARY, context=TRUSTED.client) as session:
            kept = repr(session) + repr(vars(session)) + repr(vars(session._client)) + repr(settings)
    assert_clean(kept)


def test_bytes_of_a_password_that_are_no_text() -> None:
    """An environment variable may hold any bytes; Python shows them as lone surrogates."""
    with secure("TLS", TRUSTED.server) as server:
        found = trouble(server, "TLS", password="\udcff", context=TRUSTED.client)
    assert (found.reason, found.code) == ("sign-in", 535)
    assert base64.b64encode(f"\0{ACCOUNT}\0".encode() + b"\xff") in server.received
