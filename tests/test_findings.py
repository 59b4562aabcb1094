"""The register of coded messages: complete, in use, tested, and worded for officials."""

from __future__ import annotations

import ast
import importlib.util
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import parxl
from parxl.findings import (
    REGISTER,
    SEVERITY_NAMES,
    NothingUsable,
    ParxlError,
    WrongUsage,
    appraisal,
    campaign,
    changes,
    files,
    finding,
    mail,
    output,
    scoring,
    sets,
    values,
)

PACKAGE = Path(parxl.__file__).parent
TESTS = Path(__file__).parent
SOURCES = [path for path in sorted(PACKAGE.rglob("*.py")) if path.parent.name != "findings"]
PLACE = {"file", "sheet", "cell", "criterion"}
RANGES = {
    "1": sets.KINDS,
    "2": campaign.KINDS,
    "3": {**files.KINDS, **changes.KINDS},
    "4": values.KINDS,
    "5": scoring.KINDS,
    "6": output.KINDS,
    "7": appraisal.KINDS,
    "8": mail.KINDS,
    "9": output.KINDS,
}
CODE = re.compile(r"PX\d{3}")
ENGLISH = re.compile(
    r"\b(the|is|are|not|file|files|error|errors|invalid|missing|must|should|expected|found|row|sheet|"
    r"cell|value|unknown|line|column|unit|form|score|permission|denied|warning|please|check|input)\b",
    re.IGNORECASE,
)
# What may stand in a message in Latin letters: the words of a criteria file, for its author.
TOML_WORDS = re.compile(r"\b(input|count|weighted|checklist|tiers|tier|option|item|band|term|choice|none)\b")

every_code = pytest.mark.parametrize("code", sorted(REGISTER))


def template(code: str) -> str:
    return f"{REGISTER[code].sentence} {REGISTER[code].remedy}"


def fields(code: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template(code)) if name is not None}


# Codes --------------------------------------------------------------------------------------------


def test_codes_are_unique_and_in_their_range() -> None:
    modules = (appraisal, sets, campaign, files, changes, values, scoring, output, mail)
    assert sum(len(module.KINDS) for module in modules) == len(REGISTER)
    for code in REGISTER:
        assert re.fullmatch(r"PX[1-9]\d\d", code)
        assert code in RANGES[code[2]], code


def test_no_code_is_written_twice() -> None:
    """A second entry in a dict literal would silently replace the first."""
    texts = [path.read_text(encoding="utf-8") for path in (PACKAGE / "findings").glob("*.py")]
    written = [code for text in texts for code in re.findall(r'^\s+"(PX\d{3})": \(', text, re.MULTILINE)]
    assert sorted(written) == sorted(REGISTER)


def test_every_code_is_used() -> None:
    used = {code for path in SOURCES for code in CODE.findall(path.read_text(encoding="utf-8"))}
    assert set(REGISTER) - used == set()
    assert used - set(REGISTER) == set()


def test_every_code_is_tested() -> None:
    """Named in a test module, or in the name of one of the bad criteria sets."""
    paths = [path for path in TESTS.rglob("*.py") if path.name != Path(__file__).name]
    named = {code for path in paths for code in CODE.findall(path.read_text(encoding="utf-8"))}
    named |= {code for path in (TESTS / "sets" / "bad").iterdir() for code in CODE.findall(path.name)}
    assert set(REGISTER) - named == set()


def test_the_page_of_all_messages_is_current() -> None:
    """``docs/findings.md`` is what ``python docs/make_findings.py`` writes."""
    path = TESTS.parent / "docs" / "make_findings.py"
    spec = importlib.util.spec_from_file_location("make_findings", path)
    assert spec is not None
    assert spec.loader is not None
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    text = maker.PAGE.read_text(encoding="utf-8")
    assert text == maker.page()
    assert set(CODE.findall(text)) == set(REGISTER)


# Words --------------------------------------------------------------------------------------------


@every_code
def test_sentences_are_whole(code: str) -> None:
    kind = REGISTER[code]
    assert kind.severity in SEVERITY_NAMES
    for text in (kind.sentence, kind.remedy):
        # A sentence that is one whole fact (PX506) or ends in one brings its own full stop.
        assert text.endswith(".") or re.search(r"\{(text|remedy|rule)\}$", text), text
        assert text[0].isupper() or text[0] in "{“" or text.startswith("parxl"), text
    assert kind.name
    assert kind.name[-1] not in ".:!"
    assert len(kind.name) <= 60


@every_code
def test_words_are_composed_vietnamese(code: str) -> None:
    kind = REGISTER[code]
    for text in (kind.name, kind.sentence, kind.remedy):
        assert unicodedata.normalize("NFC", text) == text
        assert text == " ".join(text.split())
        bare = re.sub(r"\{\w+\}|\bparxl [a-z]+\b", " ", text)  # facts, and the commands by their names
        bare = TOML_WORDS.sub(" ", bare) if code.startswith("PX1") else bare
        assert ENGLISH.findall(bare) == [], text


@every_code
def test_words_never_accuse_and_never_shout(code: str) -> None:
    text = template(code).lower()
    assert not re.search("gian lận|khai khống|mất điểm|cố tình|giả mạo|!|vi phạm", text)


@every_code
def test_nothing_is_left_unfilled(code: str) -> None:
    assert fields(code).isdisjoint(PLACE), "a place is not a fact"
    message = finding(code, **dict.fromkeys(fields(code), "Số liệu.")).message
    assert not set("{}") & set(message)
    awkward = finding(code, **dict.fromkeys(fields(code), "{x} {0} %s {")).message
    assert ("{x} {0} %s {" in awkward) is bool(fields(code))


@every_code
def test_missing_facts_are_noticed(code: str) -> None:
    for name in fields(code):
        others = dict.fromkeys(fields(code) - {name}, "x")
        with pytest.raises(KeyError):
            finding(code, **others)


# The facts that the code passes -------------------------------------------------------------------


def calls() -> Iterator[tuple[str, str, ast.Call, dict[str, set[str]]]]:
    """Every call with a code as its first argument: (place, code, call, dict literals in reach)."""
    for path in SOURCES:
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef):
                known = dict(_literals(function))
                for node in ast.walk(function):
                    code = _code(node)
                    if code and isinstance(node, ast.Call):
                        yield f"{path.name}:{node.lineno}", code, node, known


def _code(node: ast.AST) -> str:
    if not (isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)):
        return ""
    value = node.args[0].value
    return value if isinstance(value, str) and CODE.fullmatch(value) else ""


def _literals(function: ast.FunctionDef) -> Iterator[tuple[str, set[str]]]:
    """Local names that are one dict of known keys: names given twice, or merged, are left out."""
    found: dict[str, list[set[str]]] = {}
    for node in ast.walk(function):
        targets = node.targets if isinstance(node, ast.Assign) else []
        targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
        for target in targets:
            if isinstance(target, ast.Name) and isinstance(node.value, ast.Dict):
                keys = {key.value for key in node.value.keys if isinstance(key, ast.Constant)}
                found.setdefault(target.id, []).append(keys)
    yield from ((name, keys[0]) for name, keys in found.items() if len(keys) == 1)


def _facts(call: ast.Call, known: dict[str, set[str]]) -> set[str] | None:
    """The names of the facts a call passes; None where they come from elsewhere."""
    facts: set[str] = set()
    for keyword in call.keywords:
        if keyword.arg is not None:
            facts.add(keyword.arg)
        elif isinstance(keyword.value, ast.Name) and keyword.value.id in known:
            facts |= known[keyword.value.id]
        else:
            return None
    return facts


def test_every_call_passes_the_facts_of_its_code() -> None:
    seen, wrong = 0, []
    for place, code, call, known in calls():
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        facts = _facts(call, known) if name in ("finding", "wrong", "_report") else None
        if facts is None:
            continue
        seen += 1
        if not fields(code) <= facts or not facts - PLACE <= fields(code):
            wrong.append((place, code, sorted(facts ^ fields(code))))
    assert seen > 40
    assert wrong == []


# Findings and exceptions --------------------------------------------------------------------------


def test_unknown_code() -> None:
    with pytest.raises(KeyError):
        finding("PX000")


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ({}, "[PX324] Ghi chú: Đây"),
        ({"file": "a.xlsx"}, "[PX324] Ghi chú – a.xlsx: Đây"),
        ({"file": "a.xlsx", "sheet": "S"}, "[PX324] Ghi chú – a.xlsx › S: Đây"),
        ({"file": "a.xlsx", "sheet": "S", "cell": "D9"}, "[PX324] Ghi chú – a.xlsx › S!D9: Đây"),
        ({"cell": "D9"}, "[PX324] Ghi chú – D9: Đây"),
        ({"file": "a.xlsx", "criterion": "1.6"}, "[PX324] Ghi chú – a.xlsx › mục 1.6: Đây"),
    ],
)
def test_place(place: dict[str, str], text: str) -> None:
    assert str(finding("PX324", **place)).startswith(text)


def test_severity_is_the_register_s() -> None:
    assert {code: finding(code, **dict.fromkeys(fields(code), "x")).severity for code in REGISTER} == {
        code: kind.severity for code, kind in REGISTER.items()
    }


def test_exceptions_carry_every_finding() -> None:
    found = [finding("PX903"), finding("PX324", file="a")]
    for kind, code in ((ParxlError, 1), (WrongUsage, 2), (NothingUsable, 4)):
        error = kind(iter(found))
        assert (error.findings, error.exit_code) == (tuple(found), code)
        assert str(error).splitlines() == [str(one) for one in found]
