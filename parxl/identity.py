"""Who a workbook belongs to: written three times into it, and compared when it comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

FORMAT = "1"
FORM, TEMPLATE, EXPLANATION = "form", "template", "explanation"  # kinds of workbooks that parxl issues
RESULT, LEAGUE = "result", "league"  # and of those that only go out
LINE_PREFIX = "parxl"
PROPERTY_PREFIX = "parxl_"
NOTHING = "-"  # document properties cannot be empty


@dataclass(frozen=True)
class Identity:
    """What ties a workbook to its campaign and unit. All plain strings."""

    kind: str
    set: str
    edition: str
    wording: str
    campaign: str
    unit: str
    serial: str

    @property
    def line(self) -> str:
        """The locked cell on the table: everything but the wording."""
        body = (self.kind, self.set, self.edition, self.campaign, self.unit, self.serial)
        return "|".join((LINE_PREFIX, *body))

    def fields(self) -> dict[str, str]:
        """What the metadata sheet and the document properties hold."""
        return {"format": FORMAT, **asdict(self)}


def from_fields(found: Mapping[str, str]) -> Identity | None:
    """The identity in a metadata sheet or in document properties; None if one is incomplete."""
    names = [f.name for f in fields(Identity)]
    if any(name not in found for name in names):
        return None
    return Identity(**{name: found[name] for name in names})


def from_properties(properties: Mapping[str, str]) -> Identity | None:
    """The identity in a workbook's custom document properties."""
    own = {
        key.removeprefix(PROPERTY_PREFIX): "" if value == NOTHING else value
        for key, value in properties.items()
        if key.startswith(PROPERTY_PREFIX)
    }
    return from_fields(own)


def from_line(line: str) -> Identity | None:
    """The identity in the locked cell; it says nothing of the wording."""
    prefix, *body = line.split("|")
    if prefix != LINE_PREFIX or len(body) != 6:
        return None
    kind, set_id, edition, campaign, unit, serial = body
    return Identity(kind, set_id, edition, "", campaign, unit, serial)
