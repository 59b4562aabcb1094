"""What a form is made from: its layout, whose it is, and what is typed in it already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from parxl.campaign import Exemption, Register, Settings, Unit
from parxl.criteria import CriteriaSet
from parxl.identity import Identity
from parxl.layout import Layout
from parxl.previous import Typed


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
    last_year: Typed = field(default_factory=dict)  # input key -> what was typed last year


def form_data(
    layout: Layout, settings: Settings, unit: Unit, register: Register, last_year: Typed | None = None
) -> FormData:
    """The data of one unit's blank form. ``last_year``: input key -> what the unit typed then."""
    criteria = layout.criteria
    identity = Identity(
        kind="form",
        set=criteria.id,
        edition=criteria.edition,
        wording=criteria.wording,
        campaign=register.campaign,
        unit=unit.code,
        serial=register.serial(unit.code) or "",
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
        last_year=last_year or {},
    )


def template_data(criteria: CriteriaSet) -> FormData:
    """The data of a set's blank template: no campaign, no unit."""
    identity = Identity(
        "template", criteria.id, criteria.edition, criteria.wording, campaign="", unit="", serial=""
    )
    return FormData(
        layout=Layout(criteria), identity=identity, year=criteria.valid_from.year, place=criteria.place
    )
