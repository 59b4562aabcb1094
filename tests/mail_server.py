"""A mail server on loopback for the tests: aiosmtpd in a thread, with a fault at any stage.

It keeps every byte that it was sent (as it reads them: decrypted) and every message that it took.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword
from aiosmtpd.smtp import Session as Visit

from parxl.mail.connecting import Security, ServerSettings

# The stages in their order; "content" is in the middle of it, "end" after all of it.
STAGES = ("greeting", "EHLO", "HELO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "content", "end")
DROP, SILENCE = "drop", "silence"
# Stage -> what the server does there instead of its duty: a reply ({arg}: what came), DROP, SILENCE.
Behaviour = Callable[[str], str | None]

ACCOUNT, SENDER = "cchc@sonoivu.vn", "cchc@sonoivu.vn"


@dataclass(frozen=True)
class Mail:
    """A message that the server took into its hands."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    signed_in: bool


def always(**faults: str) -> Behaviour:
    """The same fault every time; EHLO="421 …"."""
    return faults.get


def in_turn(stage: str, *faults: str | None) -> Behaviour:
    """At one stage: each fault once, one visit after the other; then none."""
    left = list(faults)
    return lambda at: left.pop(0) if at == stage and left else None


WELL_BEHAVED = always()


class MailServer:
    """Listens while in ``with``. ``tls``: from the first byte; ``starttls``: offered; neither: in the clear."""

    def __init__(
        self,
        behave: Behaviour = WELL_BEHAVED,
        *,
        tls: ssl.SSLContext | None = None,
        starttls: ssl.SSLContext | None = None,
        password: str = "",
        size: int | None = None,
        injected: bytes = b"",
        **options: Any,
    ):
        self.behave, self.tls, self.starttls, self.password = behave, tls, starttls, password
        self.injected = injected  # what somebody in between slips in behind the answer to STARTTLS
        self.options = {"data_size_limit": size, "hostname": "localhost", **options}
        self.received = bytearray()
        self.mails: list[Mail] = []
        self.visits: list[_Smtp] = []

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        listening = self._loop.create_server(self._visit, "127.0.0.1", 0, ssl=self.tls)
        self._listener = asyncio.run_coroutine_threadsafe(listening, self._loop).result()
        self.port: int = self._listener.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def settings(
        self, security: Security = "không", account: str = "", host: str = "127.0.0.1"
    ) -> ServerSettings:
        return ServerSettings(host, self.port, security, account, SENDER)

    def count(self, command: str) -> int:
        """How often a command has come."""
        return sum(line.upper().startswith(command.upper().encode()) for line in self.received.splitlines())

    # Run in the server's thread ---------------------------------------------------------------

    def _visit(self) -> _Smtp:
        clear = {} if self.tls is None else {"auth_require_tls": False}  # aiosmtpd knows STARTTLS only
        options = {"tls_context": self.starttls, "authenticator": self._authenticate, **clear, **self.options}
        self.visits.append(_Smtp(self, loop=self._loop, **options))
        return self.visits[-1]

    def _authenticate(
        self, smtp: SMTP, visit: Visit, envelope: Envelope, mechanism: str, given: LoginPassword
    ) -> AuthResult:
        right = given == LoginPassword(ACCOUNT.encode(), self.password.encode())
        return AuthResult(success=right, handled=False)

    async def handle_DATA(self, smtp: _Smtp, visit: Visit, envelope: Envelope) -> str:
        """The whole message is here. It is taken, even if nobody hears of it, unless the reply says no."""
        reply = self.behave("end") or "250 2.0.0 taken"
        if reply[0] == "2" or reply in (DROP, SILENCE):
            signed_in = bool(visit.authenticated)
            self.mails.append(Mail(envelope.mail_from, tuple(envelope.rcpt_tos), envelope.content, signed_in))
        if reply in (DROP, SILENCE):
            await smtp.do(reply)
        return reply

    async def _close(self) -> None:
        self._listener.close()
        for visit in self.visits:
            if visit.transport is not None:
                visit.transport.abort()
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)


class _Smtp(SMTP):
    """One connection."""

    def __init__(self, server: MailServer, **options: Any):
        self.mail_server = server
        super().__init__(server, **options)

    def data_received(self, data: bytes) -> None:
        self.mail_server.received += data
        super().data_received(data)

    async def _at(self, stage: str, arg: str | None = None) -> bool:
        """Is there a fault at this stage? Then it is done."""
        fault = self.mail_server.behave(stage)
        if fault is not None:
            await self.do(fault, arg)
        return fault is not None

    async def do(self, fault: str, arg: str | None = None) -> None:
        assert self.transport is not None
        if fault == DROP:
            self.transport.abort()
        if fault in (DROP, SILENCE):
            await asyncio.Event().wait()  # until the connection is gone, which cancels this
        await self.push(fault.format(arg=arg))
        if fault.startswith("421"):
            self.transport.close()

    async def push(self, status: str | bytes) -> None:
        reply = status.encode() if isinstance(status, str) else status
        if reply.startswith(b"220 Ready to start TLS") and self.mail_server.injected:
            reply += b"\r\n" + self.mail_server.injected
        await super().push(reply)

    async def _handle_client(self) -> None:
        if await self._at("greeting"):
            self.transport.close()
        else:
            await super()._handle_client()

    async def smtp_EHLO(self, hostname: str) -> None:
        if not await self._at("EHLO", hostname):
            await super().smtp_EHLO(hostname)

    async def smtp_HELO(self, hostname: str) -> None:
        if not await self._at("HELO"):
            await super().smtp_HELO(hostname)

    async def smtp_STARTTLS(self, arg: str) -> None:
        if not await self._at("STARTTLS"):
            await super().smtp_STARTTLS(arg)

    async def smtp_AUTH(self, arg: str) -> None:
        if not await self._at("AUTH", arg):
            await super().smtp_AUTH(arg)

    async def smtp_MAIL(self, arg: str | None) -> None:
        if not await self._at("MAIL"):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:
        if not await self._at("RCPT"):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:
        if await self._at("DATA"):
            return
        middle = self.mail_server.behave("content")
        if middle is None:
            await super().smtp_DATA(arg)
            return
        await self.push("354 go on")
        await self._reader.read(20)
        await self.do(middle)


# Certificates -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Certificates:
    """A test authority: ``server`` for what listens, ``client`` trusts this authority besides the system's."""

    server: ssl.SSLContext
    client: ssl.SSLContext


def certificates(host: str = "127.0.0.1") -> Certificates:
    authority = trustme.CA()
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert(host).configure_cert(server)
    authority.configure_trust(client)
    return Certificates(server, client)


def self_signed() -> ssl.SSLContext:
    """A server that vouches for itself."""
    authority, server = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with authority.private_key_pem.tempfile() as key, authority.cert_pem.tempfile() as certificate:
        server.load_cert_chain(certificate, key)
    return server
