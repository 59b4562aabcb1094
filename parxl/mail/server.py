"""One session with a mail server, and what became of each message: every answer judged and in our words.

What decides is whether a message may be with its addressee. Until the first byte of its content goes out it
certainly is not; from then on nobody knows, unless the server says so. A server's words are data: shortened,
printable, never obeyed.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import NamedTuple, Self

from parxl.campaign import ADDRESS
from parxl.mail.connecting import ServerSettings, Trouble, connected, why_lost, words
from parxl.mail.log import State

Reply = tuple[int, bytes]

TIMEOUT = 60.0  # seconds that a server may be silent
# A server may take ten minutes over a whole message (RFC 5321, 4.5.3.2.6); who gives up early never learns.
PATIENCE = 10
PIECE = 65_536  # bytes sent in one go: the time limit holds for each of them

# The first digit of a clear no -> what became of the message.
NO: dict[int, State] = {4: "deferred", 5: "refused"}
NUMBER = re.compile(r"[0-9]{1,18}")
GOODBYE, SIGN_IN_FIRST, TOO_LARGE, BAD_ADDRESS = 421, 530, 552, 553


class Answer(NamedTuple):
    """What became of one message; ``code`` 0: the server gave none. ``alive``: the session is not closed."""

    state: State
    code: int
    text: str
    alive: bool


class Session:
    """Opened by its constructor, which raises Trouble; closed at the end of ``with``."""

    def __init__(
        self,
        settings: ServerSettings,
        password: str = "",
        *,
        timeout: float = TIMEOUT,
        context: ssl.SSLContext | None = None,
    ):
        self._sender, self._timeout = settings.sender, timeout
        self._client = connected(settings, password, timeout, context)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Say goodbye, unless something broke off: then the server may still wait for content."""
        if kind is None:
            with suppress(smtplib.SMTPException):
                self._client.quit()
        self._client.close()

    def deliver(self, recipient: str, data: bytes, before_data: Callable[[], None]) -> Answer:
        """Hand over one message to one address. Trouble if the server takes none from this sender.

        ``before_data`` is called when the address has been accepted and nothing of the content has gone out.
        """
        refusal = self._refusal(recipient, len(data))
        if refusal:
            return refusal
        try:
            answer = self._envelope(recipient, len(data), before_data)
        except smtplib.SMTPException as error:
            return self._lost("deferred", error)
        return answer or self._content(data)

    def _refusal(self, recipient: str, size: int) -> Answer | None:
        """What need not be asked: smtplib would send to the first of several addresses, and drop the others."""
        if not ADDRESS.fullmatch(recipient):
            return Answer("refused", BAD_ADDRESS, "địa chỉ không đúng dạng", True)
        limit = self._client.esmtp_features.get("size", "")
        if NUMBER.fullmatch(limit) and 0 < int(limit) < size:
            return Answer("refused", TOO_LARGE, f"thư dài {size} byte, máy chủ nhận tối đa {limit} byte", True)
        return None

    def _envelope(self, recipient: str, size: int, before_data: Callable[[], None]) -> Answer | None:
        """Everything before the content; None when the server waits for that."""
        options = [f"SIZE={size}"] if self._client.has_extn("size") else []
        reply = self._client.mail(self._sender, options)
        if reply[0] != 250:
            return self._turned_down(reply, sender=reply[0] != TOO_LARGE)
        reply = self._client.rcpt(recipient)
        if reply[0] not in (250, 251):
            return self._turned_down(reply)
        before_data()
        reply = self._client.docmd("DATA")
        return None if reply[0] == 354 else self._turned_down(reply)

    def _turned_down(self, reply: Reply, *, sender: bool = False) -> Answer:
        """``sender``: a final no would be about who sends, so the next message would fare no better."""
        code, text = reply
        if code == SIGN_IN_FIRST or (sender and NO.get(code // 100) == "refused"):
            raise Trouble("sender", code, words(text))
        return self._judged(reply, "deferred")

    def _content(self, data: bytes) -> Answer:
        """The message itself: whatever breaks off from here on leaves open whether it has arrived."""
        stuffed = re.sub(rb"(?m)^\.", b"..", data)
        stuffed += b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n"
        try:
            for start in range(0, len(stuffed), PIECE):
                self._client.send(stuffed[start : start + PIECE])
            self._wait(self._timeout * PATIENCE)
            reply = self._client.getreply()
            self._wait(self._timeout)
        except smtplib.SMTPException as error:
            return self._lost("unknown", error)
        if reply[0] // 100 == 2:
            return Answer("sent", reply[0], words(reply[1]), True)
        return self._judged(reply, "unknown")

    def _wait(self, seconds: float) -> None:
        assert self._client.sock is not None
        self._client.sock.settimeout(seconds)

    def _judged(self, reply: Reply, unclear: State) -> Answer:
        """A no of the server; ``unclear`` is what an answer outside the rules amounts to."""
        code, text = reply
        alive = code // 100 in NO and code != GOODBYE and self._forgets()
        if not alive:
            self._client.close()
        return Answer(NO.get(code // 100, unclear), max(code, 0), words(text), alive)

    def _forgets(self) -> bool:
        """Does the server forget the message that it has turned down?"""
        with suppress(smtplib.SMTPException):
            return self._client.rset()[0] == 250
        return False

    def _lost(self, state: State, error: smtplib.SMTPException) -> Answer:
        self._client.close()
        return Answer(state, 0, why_lost(error), False)
