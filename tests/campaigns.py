"""Campaigns in a temporary folder, for the tests: a roster, filled forms, full marks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd

from parxl.actions import issue_forms, new_campaign
from parxl.cache import Cache
from parxl.campaign import Folder, Register, Settings
from parxl.criteria import CriteriaSet
from parxl.layout import Layout, input_name
from parxl.reading.intake import Intake, read_intake
from parxl.rules import Rule
from parxl.workshop import Campaign, Pace, Workshop

TTHC, HA_TINH = "par-index-tthc-2022", "ha-tinh-2019-iv"
SET_IDS = (TTHC, HA_TINH)
YEAR = 2026
ROSTER = [
    ("cuc-thue", "Cục Thuế tỉnh", "Ngành dọc"),
    ("kbnn", "Kho bạc Nhà nước", "Ngành dọc"),
    ("ca", "Công an tỉnh", "Lực lượng"),
]
WHOLE = 20  # what full marks count out of


def make_campaign(
    root: Path, set_id: str, units: Iterable[tuple[str, str, str]] = ROSTER, **settings: Any
) -> Path:
    """A new campaign with this roster of (code, name, group); the folder.

    ``settings``: ``year``, or items of the sheet *Đợt chấm* by their names (``**{"Năm": 2025}``).
    """
    new_campaign(root, set_id, settings.pop("year", YEAR))
    set_rows(root, "Đơn vị", [list(unit) for unit in units])
    if settings:
        set_items(root, settings)
    return root


def issued_campaign(
    root: Path, set_id: str, units: Iterable[tuple[str, str, str]] = ROSTER, **settings: Any
) -> Path:
    """The same with its forms in ``1-phieu``."""
    make_campaign(root, set_id, units, **settings)
    issue_forms(root)
    return root


# The control workbook -----------------------------------------------------------------------------


def set_rows(root: Path, sheet: str, rows: Iterable[Iterable[Any]]) -> None:
    """Write the rows of one table of the control workbook, from row 2; old rows below stay."""
    book = openpyxl.load_workbook(root / "dot-cham.xlsx")
    for number, row in enumerate(rows, start=2):
        for column, value in enumerate(row, start=1):
            book[sheet].cell(number, column).value = value
    book.save(root / "dot-cham.xlsx")


def set_items(root: Path, items: Mapping[str, Any], sheet: str = "Đợt chấm") -> None:
    """Write values of a Mục/Giá trị sheet by the names of their items; KeyError if unknown."""
    book = openpyxl.load_workbook(root / "dot-cham.xlsx")
    rows = {row[0].value: row[0].row for row in book[sheet].iter_rows(min_row=2)}
    for name, value in items.items():
        book[sheet].cell(rows[name], 2).value = value
    book.save(root / "dot-cham.xlsx")


# Forms --------------------------------------------------------------------------------------------


def fill_form(
    source: Path,
    target: Path,
    inputs: Mapping[str, object],
    evidence: Mapping[str, str] | None = None,
    submission: int | None = None,
) -> Path:
    """Copy a form with these values typed into it, by input key and leaf code; the copy."""
    book = openpyxl.load_workbook(source)
    typed: dict[str, object] = {input_name(key): value for key, value in inputs.items()}
    typed |= {f"ev_{code.replace('.', '_')}": text for code, text in (evidence or {}).items()}
    if submission is not None:
        typed["lan_nop"] = submission
    for name, value in typed.items():
        ((sheet, cell),) = book.defined_names[name].destinations
        book[sheet][cell].value = value
    target.parent.mkdir(parents=True, exist_ok=True)
    book.save(target)
    return target


def return_form(root: Path, unit: str, inputs: Mapping[str, object], name: str = "", **more: Any) -> Path:
    """Fill a unit's form into ``2-nop``."""
    source = root / "1-phieu" / f"{unit}.xlsx"
    return fill_form(source, root / "2-nop" / (name or f"{unit}.xlsx"), inputs, **more)


def full_answers(criteria: CriteriaSet) -> dict[str, object]:
    """Input key -> what to type for full marks in every part: nothing missing or contradictory."""
    found: dict[str, object] = {}
    for _, node, part in criteria.parts:
        best = _best(part.rule)
        for one in part.rule.inputs:
            value: object = best[one.id]
            if one.kind == "mark":
                value = "x" if best[one.id] else None
            elif one.decimals:
                value = best[one.id] // 10**one.decimals
            found[node.input_key(part, one.id)] = value
    return found


def _best(rule: Rule) -> dict[str, int]:
    """The first case with the rule's full points; what ``inputs`` of a frame are made of."""
    cases = list(_cases(rule))
    outcome = rule.outcome(pd.DataFrame(cases, dtype="int64"))
    full = (outcome["points"] == rule.max_units) & (outcome["state"] == "scored")
    assert full.any(), "no case earns full marks"
    return cases[int(full.to_numpy().argmax())]


def _cases(rule: Rule) -> Iterator[dict[str, int]]:
    """Few marks last, large counts first; every denominator is ``WHOLE``."""
    pools = []
    for one in rule.inputs:
        scale = 10**one.decimals
        starts = {int(line.start) for line in rule.of_kind("band") if rule.rule == "count"}
        counts = sorted({0, 1, WHOLE // 2, WHOLE, *starts}, reverse=True)
        whole = one.id.split("/")[-1] == "a"
        pools.append((1, 0) if one.kind == "mark" else [c * scale for c in ([WHOLE] if whole else counts)])
    ids = [one.id for one in rule.inputs]
    yield from (dict(zip(ids, values, strict=True)) for values in product(*pools))


def intake_of(folder: Folder, layout: Layout, settings: Settings, register: Register | None) -> Intake:
    """``2-nop`` as ``parxl score`` reads it for the first time."""
    return read_intake(Workshop(Campaign(folder, layout, settings, register), Cache(), Pace(1)))


# Results ------------------------------------------------------------------------------------------


def ket_qua(root: Path) -> dict[str, Any]:
    """``ket-qua.json`` as it stands."""
    found: dict[str, Any] = json.loads((root / "4-ket-qua" / "ket-qua.json").read_text(encoding="utf-8"))
    return found


def unit_of(root: Path, code: str) -> dict[str, Any]:
    """One unit of ``ket-qua.json``."""
    return next(unit for unit in ket_qua(root)["units"] if unit["code"] == code)
