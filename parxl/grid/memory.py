"""What was made of some bytes before: files of one campaign are alike, and most of their pieces the same.

Only what follows from the bytes alone is kept, so that no answer depends on what was read before.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Made = TypeVar("Made")
MOST = 16 * 2**20  # bytes, roughly, that one memory may hold
EACH = 500  # bytes, roughly, that an entry costs beside its key
LONGEST = 16 * 2**10  # a longer key is not kept


class Declined(Exception):
    """Not the plain markup that is read quickly. Whatever it is, the careful way finds out."""


_MADE: list[Memory[Any, Any]] = []


class Memory(dict[Key, Made], Generic[Key, Made]):
    """Key -> what ``make`` makes of it, forgotten all at once when it gets too much.

    Keys are bytes, texts, or small tuples with one text. Every memory lasts as long as its process.
    """

    def __init__(self, make: Callable[[Key], Made]):
        super().__init__()
        self._make, self._held = make, 0
        _MADE.append(self)

    def __missing__(self, key: Key) -> Made:
        made, size = self._make(key), _size(key)
        if size <= LONGEST:
            self._held += size + EACH
            if self._held > MOST:
                self.clear()
                self._held = size + EACH
            self[key] = made
        return made


def forget() -> None:
    """Everything, where no more files are read in this process."""
    for one in _MADE:
        one.clear()
        one._held = 0


def _size(key: Hashable) -> int:
    text = key[0] if isinstance(key, tuple) else key
    return len(text) if isinstance(text, (str, bytes)) else 0
