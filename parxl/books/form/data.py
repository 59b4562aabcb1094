"""What a form is made from: its layout, whose it is, and what is typed in it already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from parxl.campaign import Exemption, Register, Settings, Unit
from parxl.checksum import typed_digest
from parxl.criteria import CriteriaSet
from parxl.findings.model import Severity
from parxl.identity import Identity
from parxl.layout import Layout, Row
from parxl.previous import Typed

# Why a form goes back: figures to mend; files that contradict each other; a damaged form of which this
# much could be read; a file of which nothing can be used. Or its parts were merged, and do not all agree.
Cause = Literal["figures", "conflict", "damaged", "unusable", "merged"]


@dataclass(frozen=True)
class Remark:
    """One thing to mend. ``cells``: of the form, the one to go to first; () where it stands at none."""

    severity: Severity
    criterion: str
    cells: tuple[str, ...]
    typed: str  # what stood in the first cell
    message: str


@dataclass(frozen=True)
class Mending:
    """Why a form goes back to its unit. ``files``: what it answers; ``submission``: theirs, if known."""

    cause: Cause
    files: tuple[str, ...]
    submission: int | None
    remarks: tuple[Remark, ...]


@dataclass(frozen=True)
class Common:
    """What one form has in common with others of its campaign: all that is drawn once for them (``book``).

    Hashable, so that the drawing can be kept for it. What draws sees nothing else: nothing of one unit can
    come into the form of another.
    """

    layout: Layout
    year: int
    campaign_name: str
    lead: str
    place: str
    deadline: dt.date | None
    formula_checked: bool
    is_signed: bool  # is the signer's name known?
    has_last_year: bool
    is_resubmission: bool  # does it go back to be mended and sent once more?


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
    mending: Mending | None = None  # of a form that goes back

    @property
    def common(self) -> Common:
        return Common(
            layout=self.layout,
            year=self.year,
            campaign_name=self.campaign_name,
            lead=self.lead,
            place=self.place,
            deadline=self.deadline,
            formula_checked=self.formula_checked,
            is_signed=bool(self.signer),
            has_last_year=bool(self.last_year),
            is_resubmission=self.mending is not None and self.mending.cause != "merged",
        )

    @property
    def footer(self) -> str:
        return self.unit_name or self.layout.criteria.title

    @property
    def is_blank(self) -> bool:
        """Are its live cells those of every blank form?"""
        return not (self.exempt or self.typed or self.inputs or self.evidence)

    @property
    def filled(self) -> Typed:
        """What stands in the input cells: those of exempt parts stay blank, whatever was typed there."""
        rows = self.layout.input_rows
        return {key: value for key, value in self.typed.items() if not self.is_exempt(rows[key])}

    def is_exempt(self, row: Row) -> bool:
        return bool(row.node and row.part and row.node.key(row.part) in self.exempt)

    @property
    def digest(self) -> str:
        return typed_digest(self.filled, self.evidence, self.submission)

    @cached_property
    def notes(self) -> dict[str, str]:
        """Cell to mend -> what is to be mended there."""
        found: dict[str, str] = {}
        for remark in self.mending.remarks if self.mending else ():
            for cell in remark.cells:
                found[cell] = f"{found[cell]}\n\n{remark.message}" if cell in found else remark.message
        return found


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
