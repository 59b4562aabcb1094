"""The way to a mail server: connected, encrypted, its certificate verified, signed in; or the trouble with it.

No byte of a password leaves without TLS and a certificate that this computer trusts. The password passes
through here and is kept nowhere; no text of the sign-in goes on, not even the server's own, which may quote it.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from parxl.findings import printable

Security = Literal["TLS", "STARTTLS", "không"]
Reason = Literal[
    "clear-text",  # an account, and a connection that anybody may read along: refused before connecting
    "unreachable",  # no connection, or broken off, or silent
    "turned-away",  # the greeting, EHLO or STARTTLS answered with a no
    "no-starttls",  # not offered, or somebody in between has taken the offer away
    "tls",  # no encryption agreed on; most often the port of another kind of connection
    "certificate",
    "no-sign-in",  # no way to sign in that parxl knows
    "sign-in",  # account or password not accepted
    "sender",  # nothing is taken from this sender
]

LONGEST_TEXT = 200
DROPPED, SILENT = "máy chủ đóng kết nối", "máy chủ không trả lời"
# Why a certificate does not do: OpenSSL's number -> our words.
CERTIFICATE = {
    10: "chứng thư đã hết hạn",
    18: "chứng thư tự ký",
    19: "chứng thư do nơi cấp mà máy tính này không tin cậy",
    20: "chứng thư do nơi cấp mà máy tính này không tin cậy",
    62: "chứng thư không cấp cho tên máy chủ này",
    64: "chứng thư không cấp cho địa chỉ máy chủ này",
}


class Trouble(Exception):
    """No message can be sent as things stand, whoever it is for.

    ``lasting``: asking again changes nothing before somebody has changed the settings, or the server.
    ``code``, ``text``: the server's answer; 0 where it gave none, then the text is ours.
    """

    def __init__(self, reason: Reason, code: int = 0, text: str = "", *, lasting: bool = True):
        super().__init__(reason, code, text)
        self.reason, self.code, self.text, self.lasting = reason, code, text, lasting


@dataclass(frozen=True)
class ServerSettings:
    """What the control workbook says about the server; ``account`` "": none. No password in here."""

    host: str
    port: int
    security: Security
    account: str
    sender: str


def connected(
    settings: ServerSettings, password: str, timeout: float, context: ssl.SSLContext | None
) -> smtplib.SMTP:
    """A session ready for messages, or Trouble. ``context``: whom to trust; None: whom the system trusts."""
    if settings.account and settings.security == "không":
        raise Trouble("clear-text")
    trusted = context or ssl.create_default_context()
    with _in_our_words():
        client = _greeted(settings, timeout, trusted)
    try:
        with _in_our_words():
            _introduce(client, settings, trusted)
            if settings.account:
                _sign_in(client, settings.account, password)
    except BaseException:
        client.close()
        raise
    return client


def _greeted(settings: ServerSettings, timeout: float, context: ssl.SSLContext) -> smtplib.SMTP:
    """A name is given, or smtplib would ask the network for one, which may take long."""
    host, port, name = settings.host, settings.port, "[127.0.0.1]"
    if settings.security == "TLS":
        return smtplib.SMTP_SSL(host, port, local_hostname=name, timeout=timeout, context=context)
    return smtplib.SMTP(host, port, local_hostname=name, timeout=timeout)


def _introduce(client: smtplib.SMTP, settings: ServerSettings, context: ssl.SSLContext) -> None:
    """EHLO, under TLS once more: what was offered before counts no more, anybody may have said it."""
    assert client.sock is not None
    client.local_hostname = own_name(client.sock.getsockname()[0])
    _hello(client)
    if settings.security == "STARTTLS":
        client.starttls(context=context)
        _hello(client)


def own_name(address: str) -> str:
    """A computer calls itself by its address, as mail programs do: its name may hold any letters."""
    bare = address.partition("%")[0]
    return f"[IPv6:{bare}]" if ":" in bare else f"[{bare}]"


def _hello(client: smtplib.SMTP) -> None:
    """EHLO; a server too old for it says 5xx and is asked again in its way."""
    code, text = client.ehlo()
    if code // 100 == 5:
        code, text = client.helo()
    if code // 100 != 2:
        raise smtplib.SMTPHeloError(code, text)


def _sign_in(client: smtplib.SMTP, account: str, password: str) -> None:
    """One attempt in one way: servers count wrong passwords, and smtplib's ``login`` would try every way."""
    offered = client.esmtp_features.get("auth", "").upper().split()
    if "PLAIN" in offered:
        code = client.docmd("AUTH", "PLAIN " + _coded(f"\0{account}\0{password}"))[0]
    elif "LOGIN" in offered:
        code = _sign_in_by_steps(client, account, password)
    else:
        raise Trouble("no-sign-in")
    if code != 235:
        raise Trouble("sign-in", max(code, 0), lasting=code // 100 != 4)


def _sign_in_by_steps(client: smtplib.SMTP, account: str, password: str) -> int:
    code = client.docmd("AUTH", "LOGIN")[0]
    for secret in (account, password):
        if code != 334:
            break
        code = client.docmd(_coded(secret))[0]
    return code


def _coded(text: str) -> str:
    """UTF-8, or the very bytes where the environment held others: an exception here would quote them."""
    return b64encode(text.encode("utf-8", "surrogateescape")).decode("ascii")


# In our words -------------------------------------------------------------------------------------


def words(text: bytes) -> str:
    """A server's text on one line: any bytes, any length, any letters may come."""
    line = printable(" ".join(text.decode("utf-8", "replace").split()))
    return line if len(line) <= LONGEST_TEXT else line[: LONGEST_TEXT - 1] + "…"


def why_lost(error: BaseException) -> str:
    """smtplib says "closed" for a time limit too, but keeps what happened."""
    return SILENT if isinstance(error.__context__, TimeoutError) else DROPPED


@contextmanager
def _in_our_words() -> Iterator[None]:
    """What goes wrong on the way becomes Trouble; ``from None``: no text of others goes on with it."""
    try:
        yield
    except (OSError, UnicodeError) as error:
        raise _trouble(error) from None


def _trouble(error: OSError | UnicodeError) -> Trouble:
    """smtplib's errors and those of ssl are OSErrors: the narrow ones first."""
    match error:
        case ssl.SSLCertVerificationError():
            return Trouble("certificate", text=CERTIFICATE.get(error.verify_code, "chứng thư không hợp lệ"))
        case smtplib.SMTPNotSupportedError():
            return Trouble("no-starttls")
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=text):
            said = words(text) if isinstance(text, bytes) else ""
            return Trouble("turned-away", max(code, 0), said, lasting=code // 100 == 5)
        case ssl.SSLError() if not isinstance(error, ssl.SSLEOFError):
            return Trouble("tls")
    return Trouble("unreachable", text=_why_unreachable(error), lasting=False)


def _why_unreachable(error: OSError | UnicodeError) -> str:
    match error:
        case smtplib.SMTPServerDisconnected():
            return why_lost(error)
        case TimeoutError():
            return SILENT
        case socket.gaierror() | UnicodeError():
            return "không tìm thấy máy chủ mang tên này"
        case ConnectionRefusedError():
            return "máy chủ không nhận kết nối ở cổng này"
        case ConnectionError() | ssl.SSLEOFError():
            return DROPPED
    return f"lỗi mạng số {error.errno}"
