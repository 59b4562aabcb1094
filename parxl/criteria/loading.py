"""TOML -> CriteriaSet: read, shape, check; every mistake of a file at once, each with its place."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from parxl.criteria import checks
from parxl.criteria.model import CriteriaSet
from parxl.findings import Finding, NothingUsable, WrongUsage, finding
from parxl.rules import RULE_KINDS

# A criterion's own keys; the others belong to its rule.
NODE_KEYS = frozenset(["code", "stt", "title", "max", "max_blank", "source", "full_when_zero", "deadline"])
KINDS = {"group": "group", "entered": "entered"}
# Keys that the loader itself sets: the author of a file may not.
OWN_KEYS = frozenset(("kind", "decimals"))


def known_sets() -> dict[str, str]:
    """Id -> TOML text of the sets that travel in the package."""
    folder = resources.files("parxl.sets")
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return {f.name.removesuffix(".toml"): f.read_text(encoding="utf-8") for f in files}


def set_text(name: str) -> tuple[str, str]:
    """(file name, TOML text) of a set by its id or by a path; WrongUsage if there is none."""
    known = known_sets()
    if name in known:
        return f"{name}.toml", known[name]
    path = Path(name)
    if not name.endswith(".toml") or not path.is_file():
        raise WrongUsage([finding("PX101", name=name, known=", ".join(known))])
    return str(path), read_text(path)


def read_text(path: Path) -> str:
    """A TOML file's text; NothingUsable if it cannot be read as UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = "không phải bảng mã UTF-8" if isinstance(error, ValueError) else "không mở được"
        raise NothingUsable([finding("PX128", file=path.name, reason=reason)]) from error


def load_set(name: str) -> CriteriaSet:
    """The set with this id, or in this file. WrongUsage if unknown, NothingUsable with all mistakes."""
    file, text = set_text(name)
    return parse_set(text, file)


def parse_set(text: str, file: str) -> CriteriaSet:
    """TOML text -> a checked set. NothingUsable with every mistake found."""
    raw = _parse_toml(text, file)
    moved = list(_moved_keys(raw, file))
    try:
        criteria = CriteriaSet.model_validate(_shaped(raw))
    except ValidationError as error:
        details = [d for d in error.errors(include_url=False) if not _only_thinned(d)]
        worded = [_worded(d, raw, file) for d in details]
        # A plain criterion's max stands twice in the model, but once in the file.
        raise NothingUsable(dict.fromkeys([*worded, *moved])) from error
    found = moved or checks.mistakes(criteria, file)
    if found:
        raise NothingUsable(found)
    return criteria


def _parse_toml(text: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text, parse_float=_decimal)
    except (ValueError, RecursionError) as error:
        # Beside TOMLDecodeError: whole numbers too long, tables too deep.
        line, column = _toml_place(str(error), text)
        raise NothingUsable([finding("PX102", file=file, line=line, column=column)]) from error


def _decimal(text: str) -> Decimal | str:
    """The number as written; what no Decimal can hold stays a text, and is found as no number."""
    try:
        return Decimal(text)
    except ArithmeticError:
        return text


def _toml_place(message: str, text: str) -> tuple[int, int]:
    """The place that tomllib gives in words (its attributes came only with Python 3.14)."""
    numbers = [int(w.strip("(),")) for w in message.split() if w.strip("(),").isdigit()]
    if "line" in message and len(numbers) >= 2:
        return numbers[-2], numbers[-1]
    return text.count("\n") + 1, 1


# From the file's flat criteria to nodes with parts ------------------------------------------------


def _shaped(raw: dict[str, Any]) -> dict[str, Any]:
    listed = raw.get("criterion")
    if not isinstance(listed, list):
        return raw
    # Wrong or missing decimals are one mistake of the set, not one of every criterion.
    decimals = raw["decimals"] if isinstance(raw.get("decimals"), int) else 0
    return raw | {"criterion": [_shaped_node(c, decimals) for c in listed]}


def _shaped_node(raw: Any, decimals: int) -> Any:
    """A criterion of the file -> a node: its rule's keys move into its one part."""
    if not isinstance(raw, dict):
        return raw
    rule = raw.get("rule")
    node = {k: v for k, v in raw.items() if k in NODE_KEYS}
    rest = {k: v for k, v in raw.items() if k not in NODE_KEYS | OWN_KEYS}
    if rule in list(KINDS):
        rest = {k: v for k, v in rest.items() if k not in ("rule", "parts")}
        return {**node, **rest, "kind": KINDS[rule]}
    if rule == "parts":
        parts, _ = rest.pop("parts", []), rest.pop("rule")
        shaped = [_shaped_part(p, decimals) for p in parts] if isinstance(parts, list) else parts
        return {**node, **rest, "kind": "leaf", "parts": shaped}
    rest |= {k: raw[k] for k in ("max",) if k in raw}
    return {**node, "kind": "leaf", "parts": [{"rule": {**rest, "decimals": decimals}}]}


def _shaped_part(raw: Any, decimals: int) -> Any:
    if not isinstance(raw, dict):
        return raw
    head = {k: v for k, v in raw.items() if k in ("id", "title")}
    rule = {k: v for k, v in raw.items() if k not in ("id", "title")}
    return {**head, "rule": {**rule, "decimals": decimals}}


def _moved_keys(raw: dict[str, Any], file: str) -> Iterator[Finding]:
    """Mistakes that the model cannot see, since the loader sets or moves these keys."""
    listed = raw.get("criterion")
    for number, item in enumerate(listed if isinstance(listed, list) else []):
        if not isinstance(item, dict):
            continue
        for code, key, place in (*_stray_keys(item), *_part_keys(item)):
            facts = {"key": key, "where": _where(place, key)}
            yield finding(code, file=file, criterion=_code_of(item, number), **facts)


def _stray_keys(item: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    stray = set(OWN_KEYS)
    stray |= {"parts"} if item.get("rule") in list(KINDS) else set()
    stray |= {"full_when_zero"} if item.get("rule") != "group" else {"deadline"}
    yield from (("PX104", key, key) for key in item if key in stray)


def _part_keys(item: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    if item.get("rule") != "parts":
        return
    parts = item.get("parts", [])
    if parts == []:
        yield "PX103", "parts", "parts"
    for number, part in enumerate(parts if isinstance(parts, list) else [], start=1):
        if isinstance(part, dict) and part.get("id", "") == "":
            yield "PX103", "id", f"parts[{number}].id"
        if isinstance(part, dict) and "decimals" in part:
            yield "PX104", "decimals", f"parts[{number}].decimals"


# pydantic's errors in Vietnamese ------------------------------------------------------------------

EXPECTED = {
    "value_error": "một số",
    "string_type": "một chuỗi trong ngoặc kép",
    "int_type": "một số nguyên",
    "int_parsing": "một số nguyên",
    "int_from_float": "một số nguyên",
    "finite_number": "một số",
    "bool_type": "true hoặc false",
    "bool_parsing": "true hoặc false",
    "tuple_type": "một danh sách trong ngoặc vuông",
    "list_type": "một danh sách trong ngoặc vuông",
    "date_type": "một ngày dạng 2019-09-24",
    "date_from_datetime_parsing": "một ngày dạng 2019-09-24",
    "date_from_datetime_inexact": "một ngày dạng 2019-09-24",
    "model_type": "một bảng (các khóa và giá trị)",
    "model_attributes_type": "một bảng (các khóa và giá trị)",
}


# Error type -> (words, the limit's name in the error's context).
LIMITS = {
    "greater_than_equal": ("số không nhỏ hơn {}", "ge"),
    "greater_than": ("số lớn hơn {}", "gt"),
    "less_than_equal": ("số không lớn hơn {}", "le"),
    "too_short": ("ít nhất {} phần tử", "min_length"),
    "too_long": ("nhiều nhất {} phần tử", "max_length"),
}
# Tags by which the model tells its unions apart; no keys of the file.
LINE_TAGS = ("text", "option", "none", "input", "band", "term", "tier", "item")
TAGS = frozenset(
    ("rule", *RULE_KINDS, *LINE_TAGS, "rate", "mark", "zero", "below", "marked"),
)


def _only_thinned(error: ErrorDetails) -> bool:
    """pydantic also calls a list too short if only its faulty items make it so."""
    limit = error.get("ctx", {}).get("min_length", 0)
    return error["type"] == "too_short" and len(error["input"]) >= limit


def _worded(error: ErrorDetails, raw: dict[str, Any], file: str) -> Finding:
    path = _full_path(error)
    code, place = _place(path, raw)
    key = next((str(k) for k in reversed(path) if isinstance(k, str)), "")
    where = _where(place, key)
    common: dict[str, Any] = {"file": file, "criterion": code, "key": key, "where": where}
    if error["type"] in ("missing", "union_tag_not_found"):
        return finding("PX103", **common)
    if error["type"] == "extra_forbidden":
        return finding("PX104", **common)
    expected = _expected(error, in_part=place.startswith("parts["))
    return finding("PX105", **common, value=_shown(error), expected=expected)


def _full_path(error: ErrorDetails) -> tuple[int | str, ...]:
    """The error's path of keys, down to the ``kind`` or ``rule`` that tells a table apart."""
    path = error["loc"]
    if error["type"].startswith("union_tag"):
        tag = str(error["ctx"]["discriminator"]).strip("'")
        return path if path[-1] == tag else (*path, tag)
    return path


def _where(place: str, key: str) -> str:
    return f" ({place})" if place not in ("", key) else ""


def _shown(error: ErrorDetails) -> str:
    value = error["input"]
    if error["type"] == "union_tag_invalid":
        value = value.get(_full_path(error)[-1], error["ctx"]["tag"])
    if isinstance(value, dict):
        return "một bảng"
    if isinstance(value, list):
        return f"danh sách {len(value)} phần tử"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"“{text[:80]}”"


def _expected(error: ErrorDetails, in_part: bool) -> str:
    context = error.get("ctx", {})
    if error["type"] == "union_tag_invalid":
        names = str(context["expected_tags"]).replace("'", "")
        if error["loc"][-1] == "rule" and not in_part:
            names += ", group, parts, entered"
        return f"một trong các loại: {names}"
    if error["type"] == "literal_error":
        names = str(context["expected"]).replace("'", "").replace(" or ", ", ")
        return f"một trong các giá trị: {names}"
    if error["type"] == "string_pattern_mismatch":
        return _pattern_words(context["pattern"])
    if error["type"] in LIMITS:
        words, name = LIMITS[error["type"]]
        return words.format(context[name])
    return EXPECTED.get(error["type"], "một giá trị đúng kiểu")


def _pattern_words(pattern: str) -> str:
    if pattern.startswith("^[1-9]"):
        return "mã tiêu chí gồm các số cách nhau bằng dấu chấm, ví dụ 3.2.1"
    if pattern.startswith("^[a-z0-9]"):
        return "mã gồm chữ thường không dấu, số và gạch nối"
    return "mã gồm chữ thường không dấu, số và gạch dưới, bắt đầu bằng chữ"


def _place(path: tuple[int | str, ...], raw: dict[str, Any]) -> tuple[str | None, str]:
    """(criterion code, path of keys) as the author of the file sees them."""
    *above, last = path
    flat = [*(p for p in above if p not in TAGS), last]
    if path[0] != "criterion" or len(path) < 2 or not isinstance(path[1], int):
        return None, _path_text(flat)
    item = raw["criterion"][path[1]]
    if not isinstance(item, dict):
        return None, _path_text(flat)
    flat = flat[2:]
    # The loader's own wrapping (parts[0].rule of a plain criterion) is not the author's.
    if item.get("rule") != "parts" and flat[0] == "parts" and len(flat) > 1:
        flat = flat[2:]
    return _code_of(item, path[1]), _path_text(flat)


def _code_of(item: dict[str, Any], number: int) -> str:
    """A criterion's code, or where it stands in the file as long as it has none."""
    code = item.get("code")
    return code if isinstance(code, str) and code else f"thứ {number + 1}"


def _path_text(path: list[int | str]) -> str:
    text = ""
    for step in path:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}"
    return text.lstrip(".")
