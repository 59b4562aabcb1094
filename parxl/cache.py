"""What earlier runs have read and written, so that only what changed is done again.

One SQLite file in the campaign folder, hidden, which may be deleted at any time: then everything is done once
more, with the same outcome. Nothing in it is believed unless it was kept for the very same sources, and is
whole. It is only ever open while the folder is locked.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Collection
from pathlib import Path

NAME = ".parxl-cache"
OFTEN = 500  # things after which they are on the disk: a killed run has not worked for nothing
TABLE = """
CREATE TABLE IF NOT EXISTS kept (
    kind TEXT, name TEXT, key TEXT, seal TEXT, content BLOB, PRIMARY KEY (kind, name)
) WITHOUT ROWID
"""


class Cache:
    """Contents by kind and name, each with the key of the sources that it was made from.

    ``path``: None keeps nothing beyond this run, and so does a folder in which no such file can be made.
    """

    def __init__(self, path: Path | None = None):
        self._path, self._new, self._damaged = path, 0, False
        self._base = _opened(path) if path else _in_memory()

    def __enter__(self) -> Cache:
        return self

    def __exit__(self, *error: object) -> None:
        with contextlib.suppress(sqlite3.Error):
            self._base.commit()
        self._base.close()
        if self._damaged and self._path:
            with contextlib.suppress(OSError):
                self._path.unlink()

    def get(self, kind: str, name: str, key: str) -> bytes | None:
        """What was kept under this name, if it was made from the sources of this key."""
        query = "SELECT seal, content FROM kept WHERE kind = ? AND name = ? AND key = ?"
        try:
            found = self._base.execute(query, (kind, name, key)).fetchone()
        except sqlite3.Error:
            self._damaged = True
            return None
        if found is None:
            return None
        if not isinstance(found[1], bytes) or found[0] != _seal(kind, name, key, found[1]):
            self._damaged = True
            return None
        return found[1]

    def put(self, kind: str, name: str, key: str, content: bytes) -> None:
        """Keep it in place of what was kept under this name."""
        row = (kind, name, key, _seal(kind, name, key, content), content)
        try:
            self._base.execute("INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?, ?)", row)
            self._new += 1
            if self._new % OFTEN == 0:
                self._base.commit()
        except sqlite3.Error:
            self._start_again(row)

    def forget_others(self, kind: str, names: Collection[str]) -> None:
        """Of this kind, keep these names only."""
        with contextlib.suppress(sqlite3.Error):
            known = self._base.execute("SELECT name FROM kept WHERE kind = ?", (kind,)).fetchall()
            gone = [(kind, name) for (name,) in known if name not in names]
            self._base.executemany("DELETE FROM kept WHERE kind = ? AND name = ?", gone)

    def _start_again(self, row: tuple[str, str, str, str, bytes]) -> None:
        """The file cannot be written any more (damaged, disk full): what this run needs is kept in memory."""
        self._damaged = True
        self._base.close()
        self._base = _in_memory()
        self._base.execute("INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?, ?)", row)


def _seal(kind: str, name: str, key: str, content: bytes) -> str:
    """A digest of a row: one that a broken disk or a killed run has damaged is not believed."""
    digest = hashlib.sha256("\0".join((kind, name, key)).encode("utf-8", "surrogatepass"))
    digest.update(content)
    return digest.hexdigest()[:32]


def _opened(path: Path) -> sqlite3.Connection:
    """The file, made anew where it is none of ours; a base in memory where it cannot be had."""
    for _ in range(2):
        with contextlib.suppress(sqlite3.Error, OSError):
            return _ready(sqlite3.connect(path))
        with contextlib.suppress(OSError):
            path.unlink()
    return _in_memory()


def _in_memory() -> sqlite3.Connection:
    return _ready(sqlite3.connect(":memory:"))


def _ready(base: sqlite3.Connection) -> sqlite3.Connection:
    try:
        # After a power cut it may be damaged: every row is sealed, and the whole may be lost.
        base.execute("PRAGMA synchronous = OFF")
        base.execute("PRAGMA cache_size = -8000")
        base.execute(TABLE)
        base.execute("SELECT kind, name, key, seal, content FROM kept LIMIT 1").fetchone()
    except sqlite3.Error:
        base.close()
        raise
    return base
