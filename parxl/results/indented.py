"""JSON text a piece at a time: what ``json.dumps(…, ensure_ascii=False, indent=1)`` writes, and much faster.

With an indent ``json`` writes member by member in Python; without one it is compiled. A container of plain
members has the same text either way but for what stands between the members.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

Encode = Any  # value -> text


def indented(value: Any, depth: int = 0) -> str:
    """The text of a value that stands ``depth`` containers deep; dicts (of str), lists and plain values."""
    if not isinstance(value, (dict, list)) or not value:
        return _encoder(0).encode(value)
    members = value.values() if isinstance(value, dict) else value
    if not any(isinstance(member, (dict, list)) and member for member in members):
        text = _encoder(depth + 1).encode(value)
        return f"{text[0]}\n{' ' * (depth + 1)}{text[1:-1]}\n{' ' * depth}{text[-1]}"
    if isinstance(value, dict):
        texts = [f"{_encoder(0).encode(key)}: {indented(member, depth + 1)}" for key, member in value.items()]
        return joined(texts, depth, "{}")
    return joined([indented(member, depth + 1) for member in value], depth, "[]")


def joined(texts: list[str], depth: int, brackets: str) -> str:
    """The container of these members."""
    if not texts:
        return brackets
    between = f",\n{' ' * (depth + 1)}"
    return f"{brackets[0]}{between[1:]}{between.join(texts)}\n{' ' * depth}{brackets[1]}"


@cache
def _encoder(depth: int) -> json.JSONEncoder:
    """``depth``: at which the members stand."""
    return json.JSONEncoder(ensure_ascii=False, separators=(f",\n{' ' * depth}", ": "))
