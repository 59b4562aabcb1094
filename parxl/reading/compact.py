"""What a form says, small: a campaign keeps thousands of forms in memory at once.

The keys of a set stand once for all forms; a form adds an array of numbers, or its texts as one compressed
block, which is unpacked when it is asked for.
"""

from __future__ import annotations

import json
import zlib
from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any

from parxl.layout import INPUT, SCORE, Layout

UNKNOWN = {"h": -(2**15), "i": -(2**31), "q": -(2**63)}  # kind of array -> what stands there for None
LEVEL = 1  # of compression: texts are as good as written once and read twice
LARGEST = 8 * 2**20  # characters of one block: more than a form may hold


@lru_cache(maxsize=64)
def positions(keys: tuple[str, ...]) -> dict[str, int]:
    """Key -> its place among these keys."""
    return {key: at for at, key in enumerate(keys)}


class Usual:
    """What the forms of a layout have in common, so that each row of it stands where it was issued."""

    def __init__(self, layout: Layout):
        rows = (*layout.criteria.by_code, "total")
        self.inputs = tuple(layout.input_rows)
        self.codes = tuple(node.code for node in layout.criteria.criterion)
        self.cells = InPlace({key: f"{INPUT}{row.number}" for key, row in layout.input_rows.items()})
        self.cells |= {key: f"{SCORE}{layout.by_key[key].number}" for key in rows}


class InPlace(dict[str, str]):
    """The cells of a form whose rows all stand in place: one for all of them, never changed."""


@lru_cache(maxsize=8)
def usual(layout: Layout) -> Usual:
    return Usual(layout)


class Numbers(Mapping[str, Any]):
    """Key -> whole number or None. ``values``: as many as keys; OverflowError beyond 64 bits."""

    __slots__ = ("_places", "_values")

    def __init__(self, keys: tuple[str, ...], values: Sequence[int | None]):
        self._places = positions(keys)
        self._values = _smallest(values)
        if len(self._values) != len(keys):
            raise ValueError("not as many numbers as keys")

    def __getitem__(self, key: str) -> int | None:
        value = self._values[self._places[key]]
        return None if value == UNKNOWN[self._values.typecode] else value

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def values(self) -> Any:
        """All at once."""
        values, unknown = self._values.tolist(), UNKNOWN[self._values.typecode]
        return [None if value == unknown else value for value in values] if unknown in values else values

    def items(self) -> Any:
        return dict(zip(self._places, self.values(), strict=True)).items()

    def __repr__(self) -> str:
        return repr(dict(self))


def _smallest(values: Sequence[int | None]) -> array[int]:
    """The smallest kind of array that holds them: mostly counts and points are small."""
    for kind in "hi":
        with suppress(OverflowError):
            if UNKNOWN[kind] not in values:
                return _numbers(kind, values)
    return _numbers("q", values)


def _numbers(kind: str, values: Sequence[int | None]) -> array[int]:
    unknown = UNKNOWN[kind]
    return array(kind, [unknown if value is None else value for value in values])


class Packed(Mapping[str, Any]):
    """Some of the keys -> texts or numbers. ``block``: the values as ``block_of`` packs them."""

    __slots__ = ("_at", "_block", "_keys", "_places")

    def __init__(self, keys: tuple[str, ...], at: Sequence[int], block: bytes):
        self._keys, self._places = keys, positions(keys)
        self._at, self._block = _shared(array("H", at).tobytes()), block

    def __getitem__(self, key: str) -> Any:
        try:
            place = self._at.index(self._places[key])
        except ValueError as error:
            raise KeyError(key) from error
        return _kept_values(self._block)[place]

    def __contains__(self, key: object) -> bool:
        return self._places.get(key, -1) in self._at  # type: ignore[call-overload]

    def __iter__(self) -> Iterator[str]:
        return (self._keys[at] for at in self._at)

    def __len__(self) -> int:
        return len(self._at)

    @property
    def packed(self) -> tuple[tuple[str, ...], bytes, bytes]:
        """(the keys, places among them, the values as one block): all that it says."""
        return self._keys, self._at.tobytes(), self._block

    def items(self) -> Any:
        """All at once: the block is unpacked a single time."""
        return dict(zip(self, values_of(self._block), strict=True)).items()

    def values(self) -> Any:
        return dict(self.items()).values()

    def __eq__(self, other: object) -> bool:
        return dict(self.items()) == dict(other.items()) if isinstance(other, Mapping) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(dict(self.items()))


@lru_cache(maxsize=1024)
def _shared(at: bytes) -> array[int]:
    """These places, the same array for all forms in which the same is filled in."""
    return array("H", at)


def block_of(values: Sequence[int | float | str]) -> bytes:
    """Values as one compressed block."""
    text = json.dumps(list(values), ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode("utf-8", "surrogatepass"), LEVEL)


def values_of(block: bytes) -> list[Any]:
    """The values of a block. ValueError, zlib.error where it is none."""
    content = zlib.decompressobj().decompress(block, LARGEST)
    found = json.loads(content.decode("utf-8", "surrogatepass"))
    if not isinstance(found, list):
        raise ValueError("a block holds a list")
    return found


@lru_cache(maxsize=16)  # whoever asks for one text of a form asks for the others next
def _kept_values(block: bytes) -> list[Any]:
    return values_of(block)
