"""Make the sample campaigns: ``python samples/make_samples.py`` writes them beside this file.

Two campaign folders, made by the library itself: the control workbook, the forms as they were sent out,
and the forms as they came back, typed figures and true live scores in place. Every figure is made up.
Running it again changes nothing: identities are derived from names, never drawn at random.
"""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import ha_tinh
import tinh_mau
from evidence import HA_TINH, NOTHING, TINH_MAU, evidence_text

from parxl.actions import issue_forms
from parxl.books.control.book import default_settings, write_control
from parxl.books.control.reading import read_control
from parxl.books.form.book import write_form
from parxl.books.form.data import form_data
from parxl.campaign import Folder, Register, Settings, load_register
from parxl.criteria import CriteriaSet, PartAt, parse_set, set_text
from parxl.files import write_atomically
from parxl.layout import SHEET_TABLE, Layout
from parxl.rules import DAMAGED
from parxl.scoring import blank_row

HERE = Path(__file__).resolve().parent
TABLE_PART = "xl/worksheets/sheet2.xml"
Typed = dict[str, int | float | str]


# What was typed -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Filled:
    """One form as an agency filled it in. ``slips``: input key -> what was mistyped there."""

    unit: str
    file: str
    short: str
    figures: str
    texts: Mapping[str, str]
    submission: int = 1
    slips: Mapping[str, ha_tinh.Slip] = field(default_factory=dict)


def read_figures(criteria: CriteriaSet, figures: str) -> Typed:
    """``1.2=23/24 1.7=x2 …`` -> input key -> what stands in the cell."""
    words = dict(word.split("=") for word in figures.split())
    unknown = words.keys() - {at.key for at in criteria.parts}
    if unknown:
        raise ValueError(f"unknown criteria: {sorted(unknown)}")
    typed: Typed = {}
    for at in criteria.parts:
        word = words.get(at.key, "x1" if at.part.rule.rule == "choice" else "")
        for input_id, value in _values(at, word):
            typed[at.node.input_key(at.part, input_id)] = value
    return typed


def _values(at: PartAt, word: str) -> Iterator[tuple[str, int | float | str]]:
    marks, _, counts = word.rpartition(":") if ":" in word else ("", "", word)
    if at.part.rule.rule in ("choice", "checklist"):
        marks, counts = word, ""
    for mark in filter(None, marks.removeprefix("x").split("+")):
        yield "none" if mark == "0" else mark, "x"
    texts = [text for pair in counts.split(",") for text in _in_printed_order(pair)]
    ids = [i.id for i in at.part.rule.inputs if i.kind == "count"]
    for input_id, text in zip(ids, texts, strict=False):
        if text and text != "?":
            yield input_id, float(text) if "." in text else int(text)


def _in_printed_order(pair: str) -> list[str]:
    """``b/a`` -> [a, b]; ``b+c/a`` -> [a, b, c]; ``n`` -> [n]."""
    shares, _, whole = pair.partition("/")
    return [whole, *shares.split("+")] if whole else [shares]


def as_the_sheet_reads(criteria: CriteriaSet, typed: Typed) -> dict[str, int]:
    """The same values as the live cells clean them: text where a number belongs is damage."""
    found = blank_row(criteria)
    for key, value in typed.items():
        wanted = criteria.inputs[key]
        if wanted.kind == "mark":
            found[key] = 1
        else:
            found[key] = DAMAGED if isinstance(value, str) else round(value * 10**wanted.decimals)
    return found


def evidence_of(criteria: CriteriaSet, filled: Filled, typed: Typed) -> dict[str, str]:
    """A text for every criterion in which something was done; none where the last option was chosen."""
    found = {}
    for code, template in filled.texts.items():
        node = criteria.by_code[code]
        keys = [node.input_key(part, i.id) for part in node.parts for i in part.rule.inputs]
        values = {key.rpartition("/")[2]: typed[key] for key in keys if key in typed}
        options = sum(line.kind == "option" for part in node.parts for line in part.rule.lines)
        if "none" in values or values.get("a") == 0:
            found[code] = NOTHING
        elif values and (node.parts[0].rule.rule != "choice" or str(options) not in values):
            found[code] = evidence_text(template, filled.short, code)
    return found


# The forms that came back -------------------------------------------------------------------------


def fill(layout: Layout, settings: Settings, register: Register, filled: Filled) -> bytes:
    """A unit's form with everything typed, and the live scores that the sheet shows for it."""
    criteria = layout.criteria
    blank = form_data(layout, settings, settings.unit_by_code[filled.unit], register)
    typed = read_figures(criteria, filled.figures)
    typed |= {key: slip.typed for key, slip in filled.slips.items()}
    typed = {k: v for k, v in typed.items() if k.rpartition("/")[0] not in blank.exempt}
    data = replace(
        blank,
        typed=typed,
        inputs=as_the_sheet_reads(criteria, typed),
        evidence=evidence_of(criteria, filled, typed),
        submission=filled.submission,
    )
    formulas = {layout.input_cell(k): s.formula for k, s in filled.slips.items() if s.formula}
    content = write_form(data)
    return with_formulas(content, formulas) if formulas else content


def with_formulas(content: bytes, formulas: Mapping[str, str]) -> bytes:
    """The same workbook with these formulas behind the values of the table's input cells."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for item in old.infolist():
            body = old.read(item)
            if item.filename == TABLE_PART:
                body = _put_formulas(body.decode(), formulas).encode()
            new.writestr(item, body, compress_type=zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _put_formulas(sheet: str, formulas: Mapping[str, str]) -> str:
    for cell, formula in formulas.items():
        sheet, found = re.subn(rf'(<c r="{cell}"[^>]*>)(<v>)', rf"\1<f>{formula}</f>\2", sheet)
        if found != 1:
            raise ValueError(f"{SHEET_TABLE}!{cell}: no value to put a formula behind")
    return sheet


# The campaign folders -----------------------------------------------------------------------------


def _serial(*words: str) -> str:
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:12]


def make_campaign(
    root: Path, set_id: str, year: int, settings: dict[str, Any], rows: dict[str, list[list[Any]]]
) -> None:
    """A fresh campaign folder up to its issued forms. What is already in 4-ket-qua stays there."""
    text = set_text(set_id)[1]
    criteria = parse_set(text, set_id)
    folder = Folder(root)
    for path in (folder.forms, folder.returned):
        shutil.rmtree(path, ignore_errors=True)
    write_atomically(folder.criteria, text.encode())
    settings = default_settings(criteria, year) | settings
    write_atomically(folder.control, write_control(criteria, settings, year, rows))
    # Known serials, written before any form is issued, are kept: so a second run draws no new ones.
    serials = {row[0]: _serial(set_id, row[0]) for row in rows["Đơn vị"]}
    campaign = f"{set_id}-{year}-{_serial(set_id, str(year))[:8]}"
    folder.forms.mkdir(parents=True)
    Register(campaign, criteria.id, criteria.edition, serials).save(folder.register)
    issue_forms(root)


def return_forms(root: Path, forms: list[Filled]) -> None:
    """Put the filled forms into 2-nop."""
    folder = Folder(root)
    criteria = folder.load_criteria()
    settings, register = read_control(folder.control, criteria), load_register(folder.register)
    assert register is not None
    layout = Layout(criteria)
    for filled in forms:
        write_atomically(folder.returned / filled.file, fill(layout, settings, register, filled))


def _agency_row(agency: ha_tinh.Agency) -> list[Any]:
    email = f"vanthu@{agency.code}.example"
    who = [agency.code, agency.name, agency.group, email, agency.submitted]
    return [*who, "", "", agency.parent, agency.post, agency.signer]


def _agency_forms(agency: ha_tinh.Agency) -> Iterator[Filled]:
    last = 1
    if agency.earlier:
        file, figures = agency.earlier
        yield Filled(agency.code, file, agency.short, figures, HA_TINH)
        last = 2
    yield Filled(agency.code, agency.file, agency.short, agency.figures, HA_TINH, last, agency.slips)


def build_ha_tinh(root: Path) -> None:
    agencies = ha_tinh.AGENCIES
    rows = {
        "Đơn vị": [_agency_row(agency) for agency in agencies],
        "Không áp dụng": ha_tinh.EXEMPTIONS,
        "Trường hợp a = 0": ha_tinh.RULINGS,
        "Khảo sát": [[agency.code, agency.survey, None] for agency in agencies],
        "Xếp loại": ha_tinh.BANDS,
    }
    make_campaign(root, ha_tinh.SET_ID, ha_tinh.YEAR, ha_tinh.SETTINGS, rows)
    return_forms(root, [form for a in agencies if a.file for form in _agency_forms(a)])


def build_tinh_mau(root: Path) -> None:
    rows = {"Đơn vị": [tinh_mau.UNIT], "Xếp loại": tinh_mau.BANDS}
    make_campaign(root, tinh_mau.SET_ID, tinh_mau.YEAR, tinh_mau.SETTINGS, rows)
    province = Filled(tinh_mau.CODE, tinh_mau.FILE, tinh_mau.SHORT, tinh_mau.FIGURES, TINH_MAU)
    return_forms(root, [province])


SAMPLES = {"ha-tinh-2019": build_ha_tinh, "tinh-mau-2022": build_tinh_mau}


def build(target: Path) -> None:
    """Both sample campaigns below ``target``."""
    for name, make in SAMPLES.items():
        make(target / name)


if __name__ == "__main__":
    build(HERE)
    for name in SAMPLES:
        print(name)
