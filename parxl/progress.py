"""How far a long piece of work has come: a bar for a person at a terminal, nothing for anybody else."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

T = TypeVar("T")
# (things, what is being done, how many) -> the same things, told of as they pass.
Track = Callable[[Iterable[Any], str, int], Iterable[Any]]
DELAY = 2  # seconds that nobody needs to be told about
FORM = "{desc}: {percentage:3.0f}% |{bar}| {n_fmt}/{total_fmt}, {speed}, còn khoảng {remaining}"
BLOCKS = " ▏▎▍▌▋▊▉█"


def untold(things: Iterable[T], words: str, total: int) -> Iterable[T]:
    """No bar at all."""
    return things


def bar(things: Iterable[T], words: str, total: int) -> Iterator[T]:
    """A bar on stderr with rate and time left, after two seconds; silent where that is no terminal."""
    if not sys.stderr.isatty():
        yield from things
        return
    from tqdm import tqdm

    class Bar(tqdm):  # type: ignore[type-arg]
        @property
        def format_dict(self) -> dict[str, Any]:
            facts = super().format_dict
            rate = facts["rate"] or (facts["n"] / facts["elapsed"] if facts["elapsed"] else 0)
            return {**facts, "speed": f"{rate:.1f}".replace(".", ",") + "/giây"}

    options: dict[str, Any] = {"desc": words, "total": total, "delay": DELAY, "leave": False}
    yield from Bar(things, **options, bar_format=FORM, ascii=BLOCKS, dynamic_ncols=True, file=sys.stderr)
