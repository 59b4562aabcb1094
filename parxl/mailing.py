"""``parxl mail``: forms, reminders or results, each to the right unit, exactly once.

First every message is a file in ``5-thu``; only then is any sent. With ``--dry-run``, or without a server in
the control workbook, that is all.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from parxl.actions import Opened, working_on
from parxl.books.control.spec import ACCOUNT, PAUSE, PORT, SECURITY, SENDER, SERVER
from parxl.campaign import ADDRESS, Folder
from parxl.findings import Finding, NothingUsable, WrongUsage, finding
from parxl.layout import Layout
from parxl.letters import Kind
from parxl.mail.addressing import Mailroom
from parxl.mail.connecting import ServerSettings, Trouble
from parxl.mail.log import LOG_NAME, DamagedLog, SendLog, key_of
from parxl.mail.message import Message
from parxl.mail.outbox import FOLDERS, TO_ALL, TRIAL_FOLDER, Prepared, prepare, withdraw
from parxl.mail.password import password_of
from parxl.mail.sending import Outcome, send_all
from parxl.mail.server import Session
from parxl.progress import Track, untold
from parxl.provenance import is_current

Mailing = Literal["forms", "reminders", "results"]
Connect = Callable[[ServerSettings, str], Session]

DEFAULT_PAUSE = 1.0  # seconds
STATES = {
    "sent": "đã gửi",
    "deferred": "máy chủ tạm chưa nhận",
    "refused": "máy chủ từ chối",
    "unknown": "chưa rõ đã đến hay chưa",
    None: "chưa gửi",
}
CHECK_SETTINGS = "Kiểm tra Máy chủ SMTP, Cổng, Bảo mật, Tài khoản tại trang Thư, rồi chạy lại."
LATER = "Chạy lại lệnh này sau; những thư đã gửi không bị gửi lần nữa."
NOT_NOW = ("máy chủ tạm thời chưa cho đăng nhập", LATER)
TROUBLES = {
    "clear-text": (
        "Bảo mật là “không”: không đăng nhập khi đường truyền chưa mã hóa",
        CHECK_SETTINGS,
    ),
    "unreachable": ("không kết nối được với máy chủ", f"Kiểm tra đường mạng, Máy chủ SMTP và Cổng. {LATER}"),
    "turned-away": ("máy chủ không tiếp nhận", LATER),
    "no-starttls": ("máy chủ không có STARTTLS, nên không có mật khẩu nào được gửi", CHECK_SETTINGS),
    "tls": ("không thiết lập được kết nối mã hóa", CHECK_SETTINGS),
    "certificate": ("chứng thư của máy chủ không dùng được", "Hỏi nơi quản lý máy chủ thư, rồi chạy lại."),
    "no-sign-in": ("máy chủ không có cách đăng nhập mà parxl dùng được", CHECK_SETTINGS),
    "sign-in": ("tài khoản hoặc mật khẩu không đúng", "Kiểm tra Tài khoản và mật khẩu, rồi chạy lại."),
    "sender": ("máy chủ không nhận thư của Người gửi này", "Kiểm tra Người gửi và Tài khoản, rồi chạy lại."),
}


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for. ``trial``: one address for all; ``only``, ``resend``: unit codes."""

    mailing: Mailing
    dry_run: bool = False
    trial: str = ""
    only: Sequence[str] = ()
    resend: Sequence[str] = ()
    again: bool = False


@dataclass
class Mailed:
    """What was prepared and what became of it; ``lines`` to show, one an envelope."""

    lines: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    prepared: int = 0
    sent: int = 0
    stopped: bool = False

    @property
    def exit_code(self) -> int:
        """0 all well, 1 sending had to stop, 3 somebody's message has an error."""
        if self.stopped:
            return 1
        return 3 if any(found.severity == "error" for found in self.findings) else 0


def mail_campaign(
    root: Path,
    wanted: Wanted,
    track: Track = untold,
    connect: Connect = Session,
    now: Callable[[], dt.datetime] = lambda: dt.datetime.now().astimezone(),
) -> Mailed:
    """Write the messages into ``5-thu`` and send them. WrongUsage, NothingUsable before anything is sent."""
    with working_on(root) as opened:
        _check(opened, wanted)
        mailed = Mailed(findings=list(opened.findings))
        outbox = opened.folder.mail / TRIAL_FOLDER if wanted.trial else opened.folder.mail
        log = _log(opened.folder, outbox / LOG_NAME)
        if log.torn:
            mailed.findings.append(finding("PX818", file=opened.folder.name(log.path)))
        room = _room(opened, wanted, now().date())
        prepared = list(_prepare(opened, wanted, room, outbox, log, now()))
        mailed.findings += room.findings
        mailed.prepared = len(prepared)
        if wanted.dry_run or not opened.settings.mail.get(SERVER):
            mailed.lines = [line for one in prepared for line in _to_send(one, log)]
            if not wanted.dry_run:
                mailed.findings.append(finding("PX817", file="dot-cham.xlsx", sheet="Thư"))
            return mailed
        _send(opened, wanted, prepared, log, mailed, track, connect)
    return mailed


# Before anything is written -----------------------------------------------------------------------


def _check(opened: Opened, wanted: Wanted) -> None:
    mail = opened.settings.mail
    if not mail.get(SENDER):
        raise NothingUsable([finding("PX807", file="dot-cham.xlsx", sheet="Thư", names=SENDER)])
    if wanted.trial and not ADDRESS.fullmatch(wanted.trial):
        raise WrongUsage([finding("PX810", address=wanted.trial)])
    known = {*opened.settings.unit_by_code, TO_ALL}
    if unknown := [code for code in (*wanted.only, *wanted.resend) if code.lower() not in known]:
        raise WrongUsage([finding("PX809", unit=code) for code in unknown])


def _log(folder: Folder, path: Path) -> SendLog:
    try:
        return SendLog(path)
    except DamagedLog as damaged:
        raise NothingUsable([finding("PX811", file=folder.name(path), line=damaged.line)]) from damaged


def _server(mail: Mapping[str, Any]) -> ServerSettings:
    missing = [name for name in (PORT, SECURITY) if not mail.get(name)]
    if missing:
        raise NothingUsable([finding("PX807", file="dot-cham.xlsx", sheet="Thư", names=", ".join(missing))])
    return ServerSettings(mail[SERVER], int(mail[PORT]), mail[SECURITY], mail.get(ACCOUNT, ""), mail[SENDER])


# The outbox ---------------------------------------------------------------------------------------


def _room(opened: Opened, wanted: Wanted, today: dt.date) -> Mailroom:
    return Mailroom(
        folder=opened.folder,
        layout=Layout(opened.criteria),
        settings=opened.settings,
        register=opened.register,
        trial=wanted.trial,
        only=frozenset(code.lower() for code in wanted.only),
        again=today.isoformat() if wanted.again else "",
    )


def _prepare(
    opened: Opened, wanted: Wanted, room: Mailroom, outbox: Path, log: SendLog, now: dt.datetime
) -> Iterator[Prepared]:
    """Every message as a file; those of this mailing that nobody needs any more are removed."""
    for kind, messages in _mailings(opened, wanted, room):
        folder = outbox if wanted.trial else outbox / FOLDERS[kind]
        made = prepare(folder, messages, log, now, _codes(wanted.resend))
        if not wanted.only and not wanted.trial:
            withdraw(folder, made, log)
        yield from made


def _mailings(opened: Opened, wanted: Wanted, room: Mailroom) -> Iterator[tuple[Kind, Iterator[Message]]]:
    if wanted.mailing == "forms":
        yield "forms", room.forms()
        return
    body = _current_result(opened)
    if wanted.mailing == "reminders":
        yield "reminders", room.reminders(body)
        return
    yield "results", room.results(body)
    yield "league", room.league(body)


def _current_result(opened: Opened) -> dict[str, Any]:
    """``ket-qua.json``, if scoring today would rest on the very same files. NothingUsable else."""
    place = opened.folder.name(opened.folder.json)
    try:
        body: dict[str, Any] = json.loads(opened.folder.json.read_bytes())
        if is_current(opened.folder, opened.settings, body["fingerprint"]) and "books" in body:
            return body
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise NothingUsable([finding("PX805", file=place)])


def _codes(codes: Collection[str]) -> list[str]:
    """Unit codes as messages have them: the league workbook has none."""
    return ["" if code.lower() == TO_ALL else code for code in codes]


def _to_send(one: Prepared, log: SendLog) -> Iterator[str]:
    message = one.message
    for recipient in message.recipients:
        state = STATES[log.state(key_of(message.message_id, recipient))]
        yield f"{message.unit or TO_ALL}\t{recipient}\t5-thu/{one.name}\t{state}"


# Sending ------------------------------------------------------------------------------------------


def _send(
    opened: Opened,
    wanted: Wanted,
    prepared: list[Prepared],
    log: SendLog,
    mailed: Mailed,
    track: Track,
    connect: Connect,
) -> None:
    mail = opened.settings.mail
    server = _server(mail)
    password = password_of(server.account) if server.account else ""
    if server.account and not password:
        raise NothingUsable([finding("PX808")])
    outcomes = send_all(
        prepared,
        log,
        lambda: connect(server, password),
        track=track,
        resend=_codes(wanted.resend),
        pause=float(mail.get(PAUSE) or DEFAULT_PAUSE),
    )
    mailed.sent = sum(outcome.tried and outcome.state == "sent" for outcome in outcomes)
    mailed.lines = [_line(outcome) for outcome in outcomes]
    mailed.findings += _told(outcomes)
    mailed.stopped = any(outcome.trouble for outcome in outcomes)


def _line(outcome: Outcome) -> str:
    message = outcome.envelope.prepared.message
    before = "" if outcome.tried or outcome.state != "sent" else " từ trước"
    return f"{message.unit or TO_ALL}\t{outcome.envelope.recipient}\t{STATES[outcome.state]}{before}"


def _told(outcomes: list[Outcome]) -> Iterator[Finding]:
    """What is to be done about messages that are not with their addressees."""
    for outcome in outcomes:
        envelope = outcome.envelope
        unit, file = envelope.prepared.message.unit or TO_ALL, f"5-thu/{envelope.prepared.name}"
        answer = " ".join(str(part) for part in (outcome.code or "", outcome.text) if part) or "không trả lời"
        facts = {"unit": unit, "recipient": envelope.recipient}
        if outcome.changed:
            yield finding("PX812", file=file)
        elif outcome.trouble:
            continue
        elif outcome.state == "refused":
            yield finding("PX813", file=file, answer=answer, **facts)
        elif outcome.state == "deferred":
            yield finding("PX815", file=file, answer=answer, **facts)
        elif outcome.state == "unknown":
            yield finding("PX816", file=file, **facts)
    if stopped := [outcome.trouble for outcome in outcomes if outcome.trouble]:
        yield _stopped(stopped[0], len(stopped))


def _stopped(trouble: Trouble, rest: int) -> Finding:
    is_passing = trouble.reason == "sign-in" and not trouble.lasting
    reason, remedy = NOT_NOW if is_passing else TROUBLES[trouble.reason]
    said = " ".join(str(part) for part in (trouble.code or "", trouble.text) if part)
    return finding("PX814", reason=f"{reason} ({said})" if said else reason, rest=rest, remedy=remedy)
