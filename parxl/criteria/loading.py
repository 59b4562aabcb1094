"""TOML -> CriteriaSet: read, shape, check; every mistake of a file at once, each with its place."""

from __future__ import annotations

import tomllib
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
NODE_KEYS = frozenset(["code", "stt", "title", "max", "max_blank", "source", "full_when_zero"])
KINDS = {"group": "group", "entered": "entered"}


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
    try:
        criteria = CriteriaSet.model_validate(_shaped(raw))
    except ValidationError as error:
        details = error.errors(include_url=False)
        raise NothingUsable([_worded(d, raw, file) for d in details]) from error
    found = checks.mistakes(criteria, file)
    if found:
        raise NothingUsable(found)
    return criteria


def _parse_toml(text: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        line, column = _toml_place(str(error), text)
        raise NothingUsable([finding("PX102", file=file, line=line, column=column)]) from error


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
    decimals = raw.get("decimals")
    return raw | {"criterion": [_shaped_node(c, decimals) for c in listed]}


def _shaped_node(raw: Any, decimals: Any) -> Any:
    """A criterion of the file -> a node: its rule's keys move into its one part."""
    if not isinstance(raw, dict):
        return raw
    rule = raw.get("rule")
    node = {k: v for k, v in raw.items() if k in NODE_KEYS}
    rest = {k: v for k, v in raw.items() if k not in NODE_KEYS and k != "rule"}
    if rule in KINDS:
        return {**node, **rest, "kind": KINDS[rule]}
    if rule == "parts":
        parts = rest.pop("parts", [])
        shaped = [_shaped_part(p, decimals) for p in parts] if isinstance(parts, list) else parts
        return {**node, **rest, "kind": "leaf", "parts": shaped}
    rest |= {"decimals": decimals, "max": raw.get("max"), "rule": rule}
    return {**node, "kind": "leaf", "parts": [{"rule": rest}]}


def _shaped_part(raw: Any, decimals: Any) -> Any:
    if not isinstance(raw, dict):
        return raw
    head = {k: v for k, v in raw.items() if k in ("id", "title")}
    rule = {k: v for k, v in raw.items() if k not in ("id", "title")}
    return {**head, "rule": {**rule, "decimals": decimals}}


# pydantic's errors in Vietnamese ------------------------------------------------------------------

EXPECTED = {
    "value_error": "một số",
    "string_type": "một chuỗi trong ngoặc kép",
    "int_type": "một số nguyên",
    "int_parsing": "một số nguyên",
    "bool_type": "true hoặc false",
    "bool_parsing": "true hoặc false",
    "tuple_type": "một danh sách trong ngoặc vuông",
    "list_type": "một danh sách trong ngoặc vuông",
    "date_type": "một ngày dạng 2019-09-24",
    "date_from_datetime_parsing": "một ngày dạng 2019-09-24",
    "string_pattern_mismatch": "đúng dạng mã quy định",
    "too_short": "đủ số phần tử",
    "too_long": "đúng số phần tử",
    "missing_argument": "có giá trị",
    "model_type": "một bảng (các khóa và giá trị)",
    "model_attributes_type": "một bảng (các khóa và giá trị)",
}


def _worded(error: ErrorDetails, raw: dict[str, Any], file: str) -> Finding:
    code, place = _place(error["loc"], raw)
    key = next((str(k) for k in reversed(error["loc"]) if isinstance(k, str)), "")
    where = f" ({place})" if place else ""
    common: dict[str, Any] = {"file": file, "criterion": code, "key": key, "where": where}
    if error["type"] == "missing":
        return finding("PX103", **common)
    if error["type"] == "extra_forbidden":
        return finding("PX104", **common)
    return finding("PX105", **common, value=_shown(error), expected=_expected(error))


def _shown(error: ErrorDetails) -> str:
    if error["type"].startswith("union_tag"):
        return f"“{error.get('ctx', {}).get('tag', 'không có')}”"
    return f"“{error['input']}”"[:80]


def _expected(error: ErrorDetails) -> str:
    context = error.get("ctx", {})
    if error["type"].startswith("union_tag"):
        names = str(context.get("expected_tags", "")).replace("'", "")
        extra = ", group, parts, entered" if "choice" in names else ""
        return f"một trong các loại: {names or ', '.join(RULE_KINDS)}{extra}"
    if error["type"] == "literal_error":
        return "một trong các giá trị: " + str(context["expected"]).replace("'", "").replace(
            " or ", ", "
        )
    limits = {"greater_than_equal": "ge", "greater_than": "gt", "less_than_equal": "le"}
    if error["type"] in limits:
        words = {"ge": "số không nhỏ hơn", "gt": "số lớn hơn", "le": "số không lớn hơn"}
        name = limits[error["type"]]
        return f"{words[name]} {context[name]}"
    return EXPECTED.get(error["type"], "một giá trị đúng kiểu")


def _place(path: tuple[int | str, ...], raw: dict[str, Any]) -> tuple[str | None, str]:
    """(criterion code, path of keys) as the author of the file sees them."""
    if path[:1] != ("criterion",) or len(path) < 2 or not isinstance(path[1], int):
        return None, _path_text(path)
    item = raw["criterion"][path[1]]
    code = str(item.get("code", f"thứ {path[1] + 1}")) if isinstance(item, dict) else None
    # The loader's own wrapping (parts[0].rule of a plain criterion) is not the author's.
    hidden = {"rule", *RULE_KINDS, "text", "option", "none", "input", "band", "term", "tier", "item"}
    flat = [p for p in path[2:-1] if p not in hidden]
    if isinstance(item, dict) and item.get("rule") != "parts" and flat[:1] == ["parts"]:
        flat = flat[2:]
    return code, _path_text((*flat, path[-1]))


def _path_text(path: tuple[int | str, ...]) -> str:
    text = ""
    for step in path:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}"
    return text.lstrip(".")
