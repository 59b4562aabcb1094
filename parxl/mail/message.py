"""A message as bytes: the same for the same message and date, whatever the version of Python.

Written out by hand, for two reasons. Python's own writer folds headers otherwise from version to version; and
it cannot give an attachment's name both ways, as Thunderbird does: in RFC 2231 for all who keep to it, and in
``name=`` as an RFC 2047 word for Outlook. Everything else is plain: ASCII, wrapped base64, short lines.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from base64 import b64encode, encodebytes
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from parxl.campaign import ADDRESS
from parxl.letters import Kind

UNSENT = b"X-Unsent: 1\r\n"  # the first line: Outlook opens such a file for sending, not for reading
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

MESSAGE_ID = re.compile(r"<[a-z0-9._-]+@[a-z0-9.-]+>", re.ASCII | re.IGNORECASE)
LONGEST_NAME = 120
FORBIDDEN = re.compile(r'[<>:"/\\|?*]')  # in file names, by Windows
LINE = 76
WORD = 39  # bytes in one encoded word: with the longest beginning of a line before it, it fits
SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._")
UNPRINTED = ("Cc", "Cs", "Zl", "Zp")  # what ends a line somewhere, or is no letter at all
ENDING = ".xlsx"


@dataclass(frozen=True)
class Attachment:
    """A workbook; its name goes out as ``file_name`` gives it."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Message:
    """One letter to one unit, or to the department (``unit`` ""): as it will be read by all recipients."""

    kind: Kind
    unit: str
    message_id: str
    sender: str
    sender_name: str
    recipients: tuple[str, ...]
    subject: str
    body: str
    attachments: tuple[Attachment, ...]


# Which message it is ------------------------------------------------------------------------------


def content_digest(kind: Kind, unit: str, campaign: str, essence: bytes) -> str:
    """What makes a message a new one; not its texts nor addresses: a mended text sends nothing again."""
    whose = json.dumps([kind, unit.casefold(), campaign]).encode("ascii")
    return hashlib.sha256(whose + b"\n" + essence).hexdigest()[:16]


def message_id(kind: Kind, unit: str, digest: str, sender: str) -> str:
    """``<parxl.forms.snv.0123456789abcdef@example.vn>``: two dots in a row are not allowed, so one does."""
    local = re.sub(r"\.+", ".", f"parxl.{kind}.{unit}.{digest}")
    return f"<{local}@{sender.rpartition('@')[2]}>"


def digest_in(identifier: str) -> str:
    """The digest that a message id was made with."""
    return identifier.partition("@")[0].rpartition(".")[2]


def file_name(text: str) -> str:
    """A name for an attached workbook that Windows takes: at most 120 characters."""
    stem = FORBIDDEN.sub("-", _one_line(text)).strip(" .")
    if stem.lower().endswith(ENDING):
        stem = stem[: -len(ENDING)]
    return stem[: LONGEST_NAME - len(ENDING)].rstrip(" .") + ENDING


# The bytes ----------------------------------------------------------------------------------------


def to_eml(message: Message, date: datetime) -> bytes:
    """The message as it is sent and kept. ValueError for an address or id that is none."""
    boundary = "=_parxl_" + hashlib.sha256(message.message_id.encode()).hexdigest()[:24]
    lines = [
        *_head(message, date, boundary),
        "",
        *_text_part(message.body, boundary),
    ]
    parts = (_attachment(attachment, boundary) for attachment in message.attachments)
    return b"".join([UNSENT, _joined(lines), *parts, f"--{boundary}--\r\n".encode("ascii")])


def for_sending(eml: bytes) -> bytes:
    """The same bytes without the mark that is only for those who send by hand."""
    return eml.removeprefix(UNSENT)


def _joined(lines: list[str]) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def _head(message: Message, date: datetime, boundary: str) -> list[str]:
    if not MESSAGE_ID.fullmatch(message.message_id):
        raise ValueError(f"no message id: {message.message_id!r}")
    return [
        f"Date: {format_datetime(date)}",
        f"From: {_mailbox(message.sender_name, message.sender)}",
        "To: " + ",\r\n ".join(_address(one) for one in message.recipients),
        f"Subject: {_unstructured(_one_line(message.subject), len('Subject: '))}",
        f"Message-ID: {message.message_id}",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/mixed; boundary="{boundary}"',
    ]


def _address(text: str) -> str:
    if not ADDRESS.fullmatch(text):
        raise ValueError(f"no address: {text!r}")
    return text


def _mailbox(name: str, address: str) -> str:
    """``"So Noi vu" <snv@example.vn>``: quoted or encoded, so that a comma in it parts nothing."""
    shown = _one_line(name)
    if not shown:
        return _address(address)
    room = LINE - len("From: ")
    quoted = '"' + re.sub(r'(["\\])', r"\\\1", shown) + '"'
    phrase = quoted if _is_plain(quoted, room) else _words(shown)
    one_line = f"{phrase} <{_address(address)}>"
    return one_line if len(one_line) <= room else f"{phrase}\r\n <{address}>"


def _unstructured(text: str, before: int) -> str:
    return text if _is_plain(text, LINE - before) else _words(text)


def _is_plain(text: str, room: int) -> bool:
    """May it stand as it is, and be read as it is?"""
    return text.isascii() and len(text) <= room and "=?" not in text


def _words(text: str) -> str:
    """RFC 2047: whole letters in base64 words, a line each."""
    return "\r\n ".join(f"=?utf-8?B?{b64encode(piece).decode('ascii')}?=" for piece in _pieces(text))


def _pieces(text: str) -> Iterator[bytes]:
    """The text in UTF-8, in pieces of at most WORD bytes; no letter is parted."""
    piece = b""
    for letter in text:
        coded = letter.encode("utf-8")
        if len(piece) + len(coded) > WORD:
            yield piece
            piece = b""
        piece += coded
    if piece:
        yield piece


def _text_part(body: str, boundary: str) -> list[str]:
    lines = body.replace("\r\n", "\n").replace("\r", "\n").strip().split("\n")
    text = "".join(f"{_printed(line).rstrip()}\r\n" for line in lines)
    return [
        f"--{boundary}",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: base64",
        "",
        *encodebytes(text.encode("utf-8")).decode("ascii").split(),
    ]


def _attachment(attachment: Attachment, boundary: str) -> bytes:
    name = file_name(attachment.name)
    head = [
        f"--{boundary}",
        f"Content-Type: {XLSX};",
        f' name="{_unstructured(name, len(" name=") + 2)}"',
        "Content-Disposition: attachment;",
        *_disposition(name),
        "Content-Transfer-Encoding: base64",
        "",
    ]
    return _joined(head) + encodebytes(attachment.content).replace(b"\n", b"\r\n")


def _disposition(name: str) -> list[str]:
    """RFC 2231: ``filename*=utf-8''Phi%E1%BA%BFu.xlsx``, in numbered pieces where one line is too short."""
    plain = f' filename="{name}"'
    if _is_plain(plain, LINE):
        return [plain]
    pieces = list(_percent_pieces(name))
    if len(pieces) == 1:
        return [f" filename*=utf-8''{pieces[0]}"]
    starts = [f" filename*{number}*=" for number in range(len(pieces))]
    lines = [start + piece for start, piece in zip(starts, [f"utf-8''{pieces[0]}", *pieces[1:]], strict=True)]
    return [f"{line};" for line in lines[:-1]] + lines[-1:]


def _percent_pieces(name: str) -> Iterator[str]:
    """Letter by letter, so that a program that decodes each piece by itself reads it too."""
    piece = ""
    for letter in name:
        coded = "".join(chr(byte) if byte in SAFE else f"%{byte:02X}" for byte in letter.encode("utf-8"))
        if len(piece) + len(coded) > LINE - len(" filename*99*=utf-8'';"):
            yield piece
            piece = ""
        piece += coded
    yield piece


# Text from others ---------------------------------------------------------------------------------


def _one_line(text: str) -> str:
    """A name or a subject: nothing in it can end a line or a header, or turn the order of letters."""
    return " ".join(_printed("".join(c for c in text if unicodedata.category(c) != "Cf")).split())


def _printed(text: str) -> str:
    """NFC, and a blank for what cannot be printed."""
    seen = "".join(" " if unicodedata.category(c) in UNPRINTED else c for c in text)
    return unicodedata.normalize("NFC", seen)
