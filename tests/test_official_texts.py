"""The wording of the shipped sets against the official texts in tests/official, whole and in order.

The sets are read as plain TOML, without parxl's own code.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
SETS = ROOT / "parxl" / "sets"
SOURCES = Path(__file__).resolve().parent / "official"

SET_IDS = ["par-index-tthc-2022", "ha-tinh-2019-iv"]

# The text layer of the Hà Tĩnh PDF gives the letter Ư/ư as the Latin letter OI.
MEND_UPPER_U_HORN = ("\u01a2", "Ư")
MEND_LOWER_U_HORN = ("\u01a3", "ư")
# The same text layer gives "HÀI LÒNG" with a tilde for the grave accent, once.
MEND_LONG = ("LÕNG", "LÒNG")
# The place of a formula that was a picture.
MEND_IMAGE = ("[image: ]", "")
MENDS = [MEND_UPPER_U_HORN, MEND_LOWER_U_HORN, MEND_LONG, MEND_IMAGE]
# The one printed page number, alone on its line (page 12 of the Hà Tĩnh annex).
PAGE_NUMBER_LINE = re.compile(r"^[ \t]*12[ \t]*$", re.MULTILINE)

# How often each mend is met, so that none hides more than the damage it is named for.
MEND_COUNTS = {
    "par-index-tthc-2022": [0, 0, 0, 5, 0],
    "ha-tinh-2019-iv": [3, 5, 1, 0, 1],
}

# set id: scored criteria, their points, points entered by the department (the survey)
TOTALS = {
    "par-index-tthc-2022": (28, Decimal("20.25"), Decimal(0)),
    "ha-tinh-2019-iv": (52, Decimal(40), Decimal(20)),
}

Piece = tuple[str, str]  # where it stands in the set, what is printed

every_set = pytest.mark.parametrize("set_id", SET_IDS)


def read_set(set_id: str) -> dict[str, Any]:
    """The set as plain TOML; decimals keep their printed digits."""
    text = (SETS / f"{set_id}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text, parse_float=Decimal)


def read_source(set_id: str) -> str:
    """The official text as it was extracted."""
    return (SOURCES / f"{set_id}.txt").read_text(encoding="utf-8")


def mended(source: str) -> str:
    """The official text in NFC, without the named extraction damage."""
    text = PAGE_NUMBER_LINE.sub("", unicodedata.normalize("NFC", source))
    for damage, mend in MENDS:
        text = text.replace(damage, mend)
    return text


def squeeze(text: str) -> str:
    """The text in NFC, without white space."""
    return "".join(unicodedata.normalize("NFC", text).split())


def word_starts(text: str) -> set[int]:
    """The offsets in squeeze(text) at which a word begins, and the end."""
    return {0, *accumulate(len(word) for word in text.split())}


def line_pieces(where: str, lines: list[dict[str, Any]]) -> Iterator[Piece]:
    """The official lines: the text of each, and its maximum where one is printed."""
    for number, line in enumerate(lines, start=1):
        if line.get("added", False):
            continue
        yield f"{where} line {number}", line["text"]
        if "max" in line:
            yield f"{where} line {number} max", str(line["max"])


def criterion_pieces(criterion: dict[str, Any]) -> Iterator[Piece]:
    """Everything the decision prints for one area, group or criterion."""
    code = criterion["code"]
    yield f"{code} stt", criterion["stt"]
    yield f"{code} title", criterion["title"]
    if not criterion.get("max_blank", False):
        yield f"{code} max", str(criterion["max"])
    yield from line_pieces(code, criterion.get("lines", []))
    for part in criterion.get("parts", []):
        yield from line_pieces(f"{code} part {part['id']}", part["lines"])


def pieces(data: dict[str, Any]) -> Iterator[Piece]:
    """Every official string of the set, in printed order."""
    for line in data["preamble"]:
        yield f"preamble {line['role']}", line["text"]
    for heading in data["headings"]:
        yield "headings", heading
    for criterion in data["criterion"]:
        yield from criterion_pieces(criterion)
    if not data["total"]["added"]:
        yield "total", data["total"]["text"]
        yield "total max", str(data["total"]["max"])


def strings(value: Any, where: str = "") -> Iterator[Piece]:
    """Every string of a TOML value, with its path."""
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from strings(item, f"{where}/{key}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from strings(item, f"{where}/{number}")


def all_lines(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every line of every criterion and part, ours included."""
    for criterion in data["criterion"]:
        yield from criterion.get("lines", [])
        for part in criterion.get("parts", []):
            yield from part["lines"]


def points_of(data: dict[str, Any], rules: set[str]) -> list[Decimal]:
    """The maxima of the criteria with one of these rules."""
    return [Decimal(c["max"]) for c in data["criterion"] if c["rule"] in rules]


@every_set
def test_the_set_prints_the_whole_official_text_in_order(set_id: str) -> None:
    source = mended(read_source(set_id))
    text, starts = squeeze(source), word_starts(source)
    position = 0
    for where, printed in pieces(read_set(set_id)):
        wanted = squeeze(printed)
        found = text[position : position + len(wanted)]
        assert wanted, f"{where}: an official string is empty"
        assert found == wanted, f"{where}: the source goes on {text[position : position + 80]!r}"
        assert position in starts, f"{where}: begins in the middle of a word of the source"
        position += len(wanted)
    assert text[position:] == "", "the source goes on after the last official string"


@every_set
def test_each_mend_meets_only_its_damage(set_id: str) -> None:
    source = unicodedata.normalize("NFC", read_source(set_id))
    counts = [source.count(damage) for damage, _ in MENDS]
    counts.append(len(PAGE_NUMBER_LINE.findall(source)))
    assert counts == MEND_COUNTS[set_id]


@every_set
def test_every_text_is_clean(set_id: str) -> None:
    for where, text in strings(read_set(set_id)):
        assert unicodedata.is_normalized("NFC", text), f"{where}: not NFC: {text!r}"
        for line in text.split("\n"):
            assert line == " ".join(line.split()), f"{where}: white space: {text!r}"
        assert text == text.strip(), f"{where}: an empty line at an end: {text!r}"
        assert not {"\u01a2", "\u01a3"} & set(text), f"{where}: letter OI: {text!r}"


@every_set
def test_the_points_stand_off_the_colon(set_id: str) -> None:
    """The source runs some points into the colon before them ("Text:0.25")."""
    for where, printed in pieces(read_set(set_id)):
        assert not re.search(r":[\d.]+$", printed), f"{where}: {printed!r}"


@every_set
def test_an_empty_line_is_an_added_zero_band(set_id: str) -> None:
    for line in all_lines(read_set(set_id)):
        if line["text"] == "":
            assert line.get("added", False), line
            assert line["kind"] == "band", line
            assert (line["from"], line["points"]) == (0, 0), line


@every_set
def test_each_slip_is_printed(set_id: str) -> None:
    data = read_set(set_id)
    printed = [text for _, text in pieces(data)]
    for slip in data["slips"]:
        assert any(slip in text for text in printed), slip


@every_set
def test_the_number_of_criteria_and_their_points(set_id: str) -> None:
    data = read_set(set_id)
    rules = {c["rule"] for c in data["criterion"]}
    scored = points_of(data, rules - {"group", "entered"})
    entered = points_of(data, {"entered"})
    assert (len(scored), sum(scored), sum(entered)) == TOTALS[set_id]
    assert Decimal(data["total"]["max"]) == sum(scored) + sum(entered)
