"""The form: one locked workbook for one unit, or the blank template of a set.

This module holds what a form is made from and puts its sheets together; each sheet has its own module.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from parxl.books.form_check import write_check
from parxl.books.form_guide import write_guide
from parxl.books.form_table import write_table
from parxl.books.live import formulas, live_of
from parxl.books.stamp import stamp
from parxl.books.styles import Book
from parxl.campaign import Exemption, Register, Settings, Unit
from parxl.criteria import CriteriaSet
from parxl.identity import Identity
from parxl.layout import Layout
from parxl.rules import BLANK
from parxl.scoring import Scores

Typed = Mapping[str, int | float | str]


@dataclass(frozen=True)
class FormData:
    """What a form shows besides its table. Empty strings print as dotted room to write on."""

    layout: Layout
    identity: Identity
    year: int
    campaign_name: str = ""
    unit_name: str = ""
    authority: str = ""
    lead: str = ""
    place: str = ""
    post: str = ""
    signer: str = ""
    deadline: dt.date | None = None
    formula_checked: bool = False
    submission: int = 1
    exempt: Mapping[str, Exemption] = field(default_factory=dict)
    typed: Typed = field(default_factory=dict)  # input key -> what stands in the cell
    inputs: Mapping[str, int] = field(default_factory=dict)  # the same as the engine reads it
    evidence: Mapping[str, str] = field(default_factory=dict)  # leaf code -> text


def form_data(layout: Layout, settings: Settings, unit: Unit, register: Register) -> FormData:
    """The data of one unit's blank form."""
    criteria = layout.criteria
    identity = Identity(
        kind="form",
        set=criteria.id,
        edition=criteria.edition,
        wording=criteria.wording,
        campaign=register.campaign,
        unit=unit.code,
        serial=register.serials[unit.code],
    )
    return FormData(
        layout=layout,
        identity=identity,
        year=settings.year,
        campaign_name=settings.name,
        unit_name=unit.name,
        authority=unit.parent or settings.authority,
        lead=settings.lead,
        place=settings.place,
        post=unit.post,
        signer=unit.signer,
        deadline=settings.deadline,
        formula_checked=bool(settings.formula_checked),
        exempt=settings.exempt(criteria, unit.code),
    )


def template_data(criteria: CriteriaSet) -> FormData:
    """The data of a set's blank template: no campaign, no unit."""
    identity = Identity(
        "template", criteria.id, criteria.edition, criteria.wording, campaign="", unit="", serial=""
    )
    return FormData(
        layout=Layout(criteria), identity=identity, year=criteria.valid_from.year, place=criteria.place
    )


def write_form(data: FormData, scores: Scores | None = None) -> bytes:
    """A whole form as the bytes of an .xlsx file; the same data gives the same bytes.

    ``scores``: ``live.form_scores`` of the same inputs, where several forms share them.
    """
    criteria = data.layout.criteria
    live = live_of(data.layout, blank_row(criteria) | dict(data.inputs), frozenset(data.exempt), scores)
    book = Book(data.year, f"Phiếu chấm điểm – {data.unit_name or criteria.title}", data.lead or "parxl")
    guide, table, check = (book.sheet(name) for name in ("Hướng dẫn", "Phiếu chấm điểm", "Kiểm tra"))
    live_formulas = formulas(data.layout, frozenset(data.exempt))
    write_guide(book, guide, data)
    write_table(book, table, data, live_formulas, live)
    write_check(book, check, data, live)
    stamp(book, data.identity)
    for name, cell in data.layout.names():
        column, row = cell[0], cell[1:]
        book.workbook.define_name(name, f"='Phiếu chấm điểm'!${column}${row}")
    table.activate()
    return book.close()


def blank_row(criteria: CriteriaSet) -> dict[str, int]:
    """Nothing typed: counts BLANK, marks 0."""
    return {key: BLANK if i.kind == "count" else 0 for key, i in criteria.inputs.items()}
