"""The send log: a line an event, on the disk before the next byte goes out; after a kill it says what is known.

``intended`` is written before any content of a message leaves. So a message whose line was torn has certainly
not left, and one that stands as ``intended`` when the log is opened may have: it is ``unknown`` from then on.
Whoever writes holds the lock on the campaign folder: two never write at once.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal, get_args

from parxl.files import read_existing, unwritable, write_atomically

LOG_NAME = "so-gui-thu.jsonl"
State = Literal["intended", "sent", "deferred", "refused", "unknown"]
STATES: tuple[State, ...] = get_args(State)
MAYBE_DELIVERED: tuple[State, ...] = ("intended", "sent", "unknown")


@dataclass(frozen=True)
class Entry:
    """One event. ``eml`` is folder and file in the outbox; ``code`` the server's, 0 if it gave none."""

    time: str
    key: str
    kind: str
    unit: str
    recipient: str
    state: State
    code: int
    text: str
    eml: str
    resend: bool = False


TYPES = {**dict.fromkeys((field.name for field in fields(Entry)), str), "code": int, "resend": bool}


class DamagedLog(Exception):
    """A line of the log is none of parxl's: somebody has edited it, so nobody knows what has been sent."""

    def __init__(self, path: Path, line: int):
        super().__init__(path, line)
        self.path, self.line = path, line


def key_of(message_id: str, recipient: str) -> str:
    """One message to one address: what is sent once, also when the department sends from another domain."""
    return f"{message_id.strip('<>').partition('@')[0]}|{recipient}".casefold()


def is_due(state: State | None, resend: bool) -> bool:
    """Is a message still to be sent? What is certainly with its addressee never is."""
    return state in (None, "deferred") or (resend and state in ("refused", "unknown"))


class SendLog:
    """The log as it was found, and what has been written since. DamagedLog if it cannot be trusted.

    Opening changes nothing on the disk. ``torn``: a line that was being written when parxl was cut short
    was left out; it is taken away before the next one is written.
    """

    def __init__(self, path: Path):
        self.path = path
        content = read_existing(path) or b""
        self._whole = content.rfind(b"\n") + 1  # how far the log is made of whole lines
        self.torn = self._whole < len(content)
        self.entries = list(_entries(path, content[: self._whole]))
        self._last = {entry.key.casefold(): entry for entry in self.entries}
        for key, entry in self._last.items():
            if entry.state == "intended":
                self._last[key] = replace(entry, state="unknown")

    def state(self, key: str) -> State | None:
        """How it stands with one message to one address; None: nothing is known of it."""
        entry = self._last.get(key.casefold())
        return entry.state if entry else None

    def last(self, key: str) -> Entry | None:
        """The last event of one message to one address."""
        return self._last.get(key.casefold())

    @property
    def delivered(self) -> set[str]:
        """The files of the outbox that have been sent to somebody, or may have been: ``Entry.eml``."""
        certain = {entry.eml for entry in self.entries if entry.state in ("sent", "unknown")}
        return certain | {entry.eml for entry in self._last.values() if entry.state in MAYBE_DELIVERED}

    def write(self, entry: Entry) -> None:
        """Add a line; it is on the disk when this returns. ParxlError PX601 if it cannot be."""
        line = _line(entry)
        self._mend()
        try:
            _append(self.path, line)
        except OSError as error:
            self.torn = True
            raise unwritable(self.path.name, error) from error
        self._whole += len(line)
        self.entries.append(entry)
        self._last[entry.key.casefold()] = entry

    def _mend(self) -> None:
        """The file is there, its name on the disk too, and ends in a whole line."""
        if self.torn or not self.path.exists():
            write_atomically(self.path, (read_existing(self.path) or b"")[: self._whole])
            self.torn = False


def _append(path: Path, line: bytes) -> None:
    with path.open("ab") as stream:
        stream.write(line)
        stream.flush()
        os.fsync(stream.fileno())


# Lines --------------------------------------------------------------------------------------------


def _line(entry: Entry) -> bytes:
    """Whatever a server said fits on the line: a lone surrogate becomes JSON's own escape for it."""
    return (json.dumps(asdict(entry), ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")


def _entries(path: Path, content: bytes) -> Iterator[Entry]:
    for number, line in enumerate(content.split(b"\n")[:-1], start=1):
        try:
            yield _entry(json.loads(line.decode("utf-8")))
        except ValueError as error:
            raise DamagedLog(path, number) from error


def _entry(found: Any) -> Entry:
    """An entry as parxl writes it; ValueError if anything is missing, added or of another type."""
    if not isinstance(found, dict) or {name: type(value) for name, value in found.items()} != TYPES:
        raise ValueError("other fields")
    if found["state"] not in STATES:
        raise ValueError("no such state")
    return Entry(**found)
