"""The lines of the official table: one small model a kind, told apart by ``kind``."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise ValueError("not a number")
    return Decimal(value)


Number = Annotated[Decimal, BeforeValidator(_number), Field(ge=0, le=1_000_000)]
InputId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(/[a-z][a-z0-9_]*)?$")]

# What stands in an input's text beside the thing counted: its letter, its bond to a, how to fill it in.
BESIDE = re.compile(r"^[a-z] (?:–|là) | \((?:thuộc|không quá) a\)| trong số đó| \([^()]*thì ghi 0\)")
PRICE = re.compile(r"\s*:\s*\d+(?:[.,]\d+)?\.?$")


def short_label(text: str) -> str:
    """An input's label for a message: its first line, at most 80 characters."""
    line = text.split("\n")[0].rstrip(".")
    return line if len(line) <= 80 else line[:79].rstrip() + "…"


def counted(text: str) -> str:
    """What an input counts: ``b là số nhiệm vụ đã hoàn thành.`` -> ``Số nhiệm vụ đã hoàn thành``."""
    name = BESIDE.sub("", text.split("\n")[0]).rstrip(".")
    return name[:1].upper() + name[1:]


def unpriced(text: str) -> str:
    """A line without the points printed at its end: ``Đúng quy định: 0.25`` -> ``Đúng quy định``."""
    return PRICE.sub("", " ".join(text.split()))


class Printed(BaseModel):
    """A line of the table. ``added``: the line is parxl's, not the decision's."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    text: str
    added: bool = False


class TextLine(Printed):
    """An official line that scores nothing by itself; ``max`` where it prints a maximum."""

    kind: Literal["text"]
    max: Number | None = None


class OptionLine(Printed):
    """One line to choose by an x; numbered from 1 in printed order."""

    kind: Literal["option"]
    points: Number


class NoneLine(Printed):
    """The added line "Không phát sinh": the official options do not fit this unit."""

    kind: Literal["none"]


class InputLine(Printed):
    """A count that the agency types."""

    kind: Literal["input"]
    id: InputId
    decimals: Annotated[int, Field(ge=0, le=4)] = 0


class BandLine(Printed):
    """From this rate (percent) or count up: ``points``, or points × rate / ``at`` up to ``at``."""

    model_config = ConfigDict(populate_by_name=True)
    kind: Literal["band"]
    start: Number = Field(alias="from")
    points: Number
    at: Annotated[Number, Field(gt=0)] | None = None
    restored: bool = False


class TermLine(Printed):
    """One term of a weighted sum: (input / a) × points."""

    kind: Literal["term"]
    input: InputId
    points: Number


class RateCondition(BaseModel):
    """100·b ≥ from·a."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    kind: Literal["rate"]
    a: InputId
    b: InputId
    start: Annotated[Number, Field(gt=0)] = Field(alias="from")


class MarkCondition(BaseModel):
    """The option with this number is marked."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["mark"]
    option: Annotated[int, Field(ge=1)]


Condition = Annotated[RateCondition | MarkCondition, Field(discriminator="kind")]


class TierLine(Printed):
    """The first tier whose conditions all hold gives its points."""

    kind: Literal["tier"]
    points: Number
    when: tuple[Condition, ...] = ()


class ItemLine(Printed):
    """An independent item of a checklist, marked by an x."""

    kind: Literal["item"]
    id: InputId
    points: Number


Line = Annotated[
    TextLine | OptionLine | NoneLine | InputLine | BandLine | TermLine | TierLine | ItemLine,
    Field(discriminator="kind"),
]
