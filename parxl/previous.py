"""Last year's result: what each unit typed and earned then, out of ``ket-qua.json`` or ``bang-xep-hang.xlsx``.

The league workbook knows totals, index and places only; what was typed and the criteria stay blank then.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from parxl.campaign import Settings, Unit
from parxl.criteria import CriteriaSet
from parxl.exact import to_units
from parxl.findings import Finding, finding
from parxl.grid import EMPTY, OWN, Cells, Unreadable, Workbook, read_workbook

Typed = Mapping[str, int | float | str]

# The league workbook, by what its tables say: heading -> what it is here.
RANKING = {
    "Hạng": "rank",
    "Mã đơn vị": "code",
    "Đơn vị": "name",
    "Tổng điểm": "total",
    "Điểm tối đa": "maximum",
    "Chỉ số (%)": "index",
}
GROUPS = {"Mã đơn vị": "code", "Khối": "group"}
SET_LABEL, SET = "Bộ tiêu chí", re.compile(r"\(([a-z0-9-]+), phiên bản ([0-9a-f]+)\)$")
MOST_HEAD_ROWS = 20
LARGEST = 10**6  # points; no total of any set comes near it


@dataclass(frozen=True)
class Before:
    """One unit's result of last year. Points in units of the last decimal, None where there were none."""

    code: str
    name: str = ""
    group: str | None = None  # None: not known
    total: int | None = None
    maximum: int | None = None
    index: int | None = None
    rank: int | None = None
    final: Mapping[str, int] = field(default_factory=dict)  # leaf code -> final score, where there was one
    maxima: Mapping[str, int] = field(default_factory=dict)  # leaf code -> the unit's own maximum
    typed: Typed = field(default_factory=dict)  # input key -> what was typed


@dataclass(frozen=True)
class Criterion:
    """A criterion as it was last year. ``maximum``: in units of the last decimal."""

    title: str
    maximum: int | None


@dataclass(frozen=True)
class Previous:
    """Last year's result. ``units``: by lower-cased code; {} where it is of another set.

    ``criteria``: by leaf code; {} where the result does not tell (older ones, and league workbooks).
    """

    set: str
    edition: str
    units: Mapping[str, Before]
    criteria: Mapping[str, Criterion] = field(default_factory=dict)


def typed_then(previous: Previous | None) -> dict[str, Typed]:
    """Lower-cased unit code of last year -> input key -> value, for the forms."""
    return {code: before.typed for code, before in previous.units.items()} if previous else {}


def load_previous(
    root: Path, settings: Settings, criteria: CriteriaSet
) -> tuple[Previous | None, list[Finding]]:
    """Last year's result; None where none is named, or it cannot be read.

    The path in *Kết quả năm trước* counts from the campaign folder. A result of another set, or one
    that cannot be read, is a warning: all goes on without it.
    """
    if not settings.last_year:
        return None, []
    place: dict[str, Any] = {"file": "dot-cham.xlsx", "sheet": "Đợt chấm", "name": settings.last_year}
    path = root / settings.last_year
    read = _read_league if path.suffix.lower() == ".xlsx" else _read_json
    try:
        previous = read(path.read_bytes(), criteria)
    except (Unreadable, OSError, ValueError, KeyError, TypeError, AttributeError):
        return None, [finding("PX220", **place)]
    if previous.set != criteria.id:
        return Previous(previous.set, previous.edition, {}), [finding("PX221", **place)]
    return previous, []


def of_unit(previous: Mapping[str, Typed], unit: Unit) -> Typed:
    """What this unit typed last year, under its code of then."""
    return previous.get((unit.last_year_code or unit.code).lower(), {})


def _points(value: Any, decimals: int) -> int | None:
    """Points as whole units; None where there are none, or none that this set could give."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < LARGEST:
        return None
    try:
        return to_units(Decimal(repr(value)), decimals)
    except ValueError:
        return None


# ket-qua.json -------------------------------------------------------------------------------------


def _read_json(content: bytes, criteria: CriteriaSet) -> Previous:
    body = json.loads(content.decode("utf-8-sig"))
    units = (_unit(unit, criteria) for unit in body["units"])
    known = body.get("criteria", {}).items()
    return Previous(
        set=body["set"],
        edition=str(body.get("edition", "")),
        units={unit.code.lower(): unit for unit in units},
        criteria={
            code: Criterion(str(one["title"]), _points(one["max"], criteria.decimals)) for code, one in known
        },
    )


def _unit(unit: dict[str, Any], criteria: CriteriaSet) -> Before:
    decimals = criteria.decimals
    return Before(
        code=str(unit["code"]),
        name=str(unit.get("name", "")),
        group=str(unit["group"]) if "group" in unit else None,
        total=_points(unit.get("total"), decimals),
        maximum=_points(unit.get("maximum"), decimals),
        index=_points(unit.get("index"), decimals),
        rank=_points(unit.get("rank"), 0),
        final=_leaves(unit.get("final", {}), decimals),
        maxima=_leaves(unit.get("maxima", {}), decimals),
        typed=_known(unit["inputs"], criteria),
    )


def _leaves(scores: dict[str, Any], decimals: int) -> dict[str, int]:
    found = {code: _points(value, decimals) for code, value in scores.items()}
    return {code: units for code, units in found.items() if units is not None}


def _known(inputs: dict[str, Any], criteria: CriteriaSet) -> Typed:
    kept = {key: value for key, value in inputs.items() if key in criteria.inputs}
    return {key: value for key, value in kept.items() if isinstance(value, (int, float, str))}


# bang-xep-hang.xlsx -------------------------------------------------------------------------------


def _read_league(content: bytes, criteria: CriteriaSet) -> Previous:
    """ValueError where it is no league workbook of parxl."""
    book = read_workbook(content, OWN)
    groups = {line["code"].text.lower(): line["group"].text for line in _lines(book, GROUPS)}
    units = {}
    for line in _lines(book, RANKING):
        code = line["code"].text
        units[code.lower()] = Before(
            code=code,
            name=line["name"].text,
            group=groups.get(code.lower()),
            total=_points(line["total"].value, criteria.decimals),
            maximum=_points(line["maximum"].value, criteria.decimals),
            index=_points(line["index"].value, criteria.decimals),
            rank=_points(line["rank"].value, 0),
        )
    return Previous(*_set(book), units)


def _set(book: Workbook) -> tuple[str, str]:
    """(id, edition) as the sheet on the method says."""
    # Places first: of a large workbook few cells are ever asked for.
    firsts = ((cells, place) for cells in book.sheets.values() for place in cells if place[1] == 1)
    for cells, place in firsts:
        if cells[place].text == SET_LABEL and (said := SET.search(cells.get((place[0], 2), EMPTY).text)):
            return said[1], said[2]
    raise ValueError("no set named")


def _lines(book: Workbook, wanted: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Every row with a unit code under these headings, on whatever sheet: what is wanted -> its cell."""
    for cells in book.sheets.values():
        head, columns = _heading(cells, wanted)
        for row in sorted({row for row, _ in cells if columns and row > head}):
            line = {name: cells.get((row, column), EMPTY) for name, column in columns.items()}
            if line["code"].text:
                yield line


def _heading(cells: Cells, wanted: Mapping[str, str]) -> tuple[int, dict[str, int]]:
    """(row of the headings, what is wanted -> its column); no columns where one is missing."""
    heads: dict[int, dict[str, int]] = {}
    for row, column in cells:
        if row <= MOST_HEAD_ROWS:
            heads.setdefault(row, {})[cells[row, column].text] = column
    for row, texts in sorted(heads.items()):
        if texts.keys() >= wanted.keys():
            return row, {name: texts[text] for text, name in wanted.items()}
    return 0, {}
