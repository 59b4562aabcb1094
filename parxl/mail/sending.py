"""Sending what lies in the outbox: an envelope an address, each at most once, whatever breaks off or is killed.

The log says ``intended`` before any content of a message leaves, and afterwards what the server answered. So a
line that was never written, because parxl was killed, can only keep a message from being sent twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self

from parxl.mail.connecting import Trouble
from parxl.mail.log import Entry, SendLog, State, is_due, key_of
from parxl.mail.message import for_sending
from parxl.mail.outbox import Changed, Prepared
from parxl.mail.server import Answer, Session
from parxl.progress import Track, untold

FAILURES = 3  # connections in a row that do not come about or break off: then the rest waits for another day
RECONNECT_PAUSE = 5.0  # seconds

Connect = Callable[[], Session]
Sleep = Callable[[float], None]


@dataclass(frozen=True)
class Envelope:
    """One message to one of its addresses. ``resend``: somebody asked for it by the unit's code."""

    prepared: Prepared
    recipient: str
    resend: bool

    @property
    def key(self) -> str:
        return key_of(self.prepared.message.message_id, self.recipient)


@dataclass(frozen=True)
class Outcome:
    """How it stands with one envelope after the run; ``state`` None: the log knows nothing of it.

    ``tried``: in this run. ``trouble``: it is still to be sent, and the run stopped for this. ``changed``: it
    is still to be sent, and its file in the outbox is not as it was written.
    """

    envelope: Envelope
    state: State | None
    code: int = 0
    text: str = ""
    tried: bool = False
    trouble: Trouble | None = None
    changed: bool = False


WORDS = "Gửi thư"


def send_all(
    prepared: Iterable[Prepared],
    log: SendLog,
    connect: Connect,
    *,
    track: Track = untold,
    resend: Collection[str] = (),
    pause: float = 0.0,
    sleep: Sleep = time.sleep,
) -> list[Outcome]:
    """Send what is still to be sent; one outcome an envelope.

    ``resend``: codes of units whose unclear and refused messages go out once more. ``pause``: seconds between
    two messages. Connects only where there is something to send. ParxlError if the log cannot be written: then
    nothing more is sent.
    """
    codes = {code.casefold() for code in resend}
    envelopes = [
        Envelope(one, recipient, one.message.unit.casefold() in codes)
        for one in prepared
        for recipient in one.message.recipients
    ]
    outcomes = []
    with _Run(log, connect, pause, sleep) as run:
        for envelope in track(envelopes, WORDS, len(envelopes)):
            outcomes.append(run.outcome(envelope))
    return outcomes


class _Run:
    """One run: the session it has open, what has failed in a row, and what has stopped it."""

    def __init__(self, log: SendLog, connect: Connect, pause: float, sleep: Sleep):
        self.log, self.connect, self.pause, self.sleep = log, connect, pause, sleep
        self.session: Session | None = None
        self.failures = 0
        self.begun = False
        self.trouble: Trouble | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.session is not None:
            self.session.__exit__(kind, error, trace)

    def outcome(self, envelope: Envelope) -> Outcome:
        """Send it if it is due and nothing has stopped the run."""
        last = self.log.last(envelope.key)
        state = self.log.state(envelope.key)
        if not is_due(state, envelope.resend):
            return Outcome(envelope, state, last.code if last else 0, last.text if last else "")
        if self.trouble is None:
            try:
                answer = self._sent(envelope, for_sending(envelope.prepared.eml))
                return Outcome(envelope, answer.state, answer.code, answer.text, tried=True)
            except Trouble as trouble:
                self.trouble = trouble
            except Changed:
                return Outcome(envelope, state, changed=True)
        return Outcome(envelope, self.log.state(envelope.key), trouble=self.trouble)

    def _sent(self, envelope: Envelope, data: bytes) -> Answer:
        if self.begun:
            self.sleep(self.pause)
        self.begun = True
        used = self.session is not None
        answer = self._attempt(envelope, data)
        if used and answer.state == "deferred" and not answer.alive:
            # A server may end a session after so many messages, or minutes: not this message's fault.
            answer = self._attempt(envelope, data)
        if self.failures >= FAILURES:
            self.trouble = Trouble("unreachable", answer.code, answer.text, lasting=False)
        return answer

    def _attempt(self, envelope: Envelope, data: bytes) -> Answer:
        session = self._open()
        try:
            answer = session.deliver(envelope.recipient, data, lambda: self._note(envelope, "intended"))
        except Trouble as trouble:
            self._note(envelope, "deferred", trouble.code, trouble.text)
            raise
        self._note(envelope, answer.state, answer.code, answer.text)
        self.failures = 0 if answer.alive else self.failures + 1
        self.session = session if answer.alive else None
        return answer

    def _open(self) -> Session:
        """The session, or a new one; Trouble if it lasts, or has come too often in a row."""
        while self.session is None:
            if self.failures:
                self.sleep(RECONNECT_PAUSE)
            try:
                self.session = self.connect()
            except Trouble as trouble:
                self.failures += 1
                if trouble.lasting or self.failures >= FAILURES:
                    raise
        return self.session

    def _note(self, envelope: Envelope, state: State, code: int = 0, text: str = "") -> None:
        message = envelope.prepared.message
        self.log.write(
            Entry(
                time=datetime.now().astimezone().isoformat(timespec="seconds"),
                key=envelope.key,
                kind=message.kind,
                unit=message.unit,
                recipient=envelope.recipient,
                state=state,
                code=code,
                text=text,
                eml=envelope.prepared.name,
                resend=envelope.resend,
            )
        )
