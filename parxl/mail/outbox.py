"""The outbox: every message is a file before any is sent, and the file holds the very bytes that go out.

A message that is made again in the same words keeps its file, and so its date. What has gone out to anybody, or
may have, is never written over nor removed. What has not is written anew where its words or addresses change,
and removed once another message takes its place: somebody might send it by hand.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from itertools import count
from pathlib import Path

from parxl.files import make_folder, read_existing, remove, sha256, write_atomically
from parxl.letters import Kind
from parxl.mail.log import SendLog, is_due, key_of
from parxl.mail.message import Message, digest_in, to_eml

FOLDERS: dict[Kind, str] = {
    "forms": "phieu",
    "reminders": "nhac",
    "results": "ket-qua",
    "league": "bang-xep-hang",
}
TRIAL_FOLDER = "thu-nghiem"  # what goes to one address for a trial
TO_ALL = "bang-xep-hang"  # in place of a unit's code

# <unit>-<digest8>.eml, in lower case; numbered where one that has gone out keeps the name.
EML = re.compile(r"(?P<unit>.+)-[0-9a-f]{8}(-[0-9]{1,3})?\.eml", re.IGNORECASE)
DATE = re.compile(rb"^Date: ([\w,: ]{25} [+-][0-9]{4})\r\n", re.MULTILINE)


class Changed(Exception):
    """A file of the outbox is not, or no longer, as it was written."""

    def __init__(self, path: Path):
        super().__init__(path)
        self.path = path


@dataclass(frozen=True)
class Prepared:
    """A message in the outbox. Its attachments are in the file only: there may be thousands of messages."""

    message: Message
    path: Path
    sha256: str

    @property
    def name(self) -> str:
        """As the send log names the file: ``phieu/snv-01234567.eml``."""
        return name_in_log(self.path)

    @property
    def eml(self) -> bytes:
        """The file's bytes. Changed if they are not those that were prepared."""
        content = read_existing(self.path)
        if content is None or sha256(content) != self.sha256:
            raise Changed(self.path)
        return content


def name_in_log(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def prepare(
    folder: Path,
    messages: Iterable[Message],
    log: SendLog,
    now: datetime,
    resend: Collection[str] = (),
) -> list[Prepared]:
    """Write messages of one kind into their folder, one at a time. ParxlError PX601 if one cannot be written.

    ``resend``: codes of units whose unclear and refused messages go out once more, in the words of today.
    """
    make_folder(folder)
    gone_out = log.delivered
    codes = {code.casefold() for code in resend}
    made = []
    for message in messages:
        due = _is_due(message, log, message.unit.casefold() in codes)
        path, content = _placed(folder, message, gone_out, due, now)
        write_atomically(path, content)
        made.append(Prepared(replace(message, attachments=()), path, sha256(content)))
    _remove(folder, made, gone_out, {_whose(one.message) for one in made})
    return made


def withdraw(folder: Path, prepared: Iterable[Prepared], log: SendLog) -> None:
    """Remove every unsent file that is none of these: a reminder that nobody needs any more."""
    _remove(folder, prepared, log.delivered, None)


def _is_due(message: Message, log: SendLog, resend: bool) -> bool:
    """Is it still to be sent to anybody?"""
    keys = (key_of(message.message_id, recipient) for recipient in message.recipients)
    return any(is_due(log.state(key), resend) for key in keys)


def _whose(message: Message) -> str:
    return (message.unit or TO_ALL).lower()


def _placed(
    folder: Path, message: Message, gone_out: AbstractSet[str], due: bool, now: datetime
) -> tuple[Path, bytes]:
    """The file that a message has, or is to have, and its bytes."""
    stem = f"{_whose(message)}-{digest_in(message.message_id)[:8]}"
    kept: tuple[Path, bytes] | None = None
    for number in count(1):
        path = folder / (f"{stem}-{number}.eml" if number > 1 else f"{stem}.eml")
        content = read_existing(path)
        if content is not None and content == _as_dated(message, content):
            return path, content
        if content is None or name_in_log(path) not in gone_out:
            break
        kept = path, content
    return kept if kept and not due else (path, to_eml(message, now))


def _as_dated(message: Message, content: bytes) -> bytes | None:
    """The message as it would be with the date of this file; None if the file has no such date."""
    found = DATE.search(content)
    try:
        return to_eml(message, parsedate_to_datetime(found[1].decode("ascii"))) if found else None
    except ValueError:
        return None


def _remove(
    folder: Path, prepared: Iterable[Prepared], gone_out: AbstractSet[str], units: AbstractSet[str] | None
) -> None:
    """Delete what has not gone out and is not to: of these units, or of all."""
    kept = {one.path for one in prepared}
    for path in sorted(folder.glob("*.eml")):
        found = EML.fullmatch(path.name)
        replaced = found and (units is None or found["unit"].lower() in units)
        if replaced and path not in kept and name_in_log(path) not in gone_out:
            remove(path)
