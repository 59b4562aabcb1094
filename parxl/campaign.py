"""A campaign: one folder, its settings, its roster, and the department's decisions.

Pure data and paths; the control workbook itself is written and read by ``books.control``.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import secrets
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from parxl.criteria import CriteriaSet, parse_set
from parxl.criteria.loading import read_text
from parxl.desk import ROUNDS, round_folder
from parxl.files import write_atomically
from parxl.findings import NothingUsable, WrongUsage, finding

Treatment = Literal["full", "zero", "not-applicable"]
TREATMENTS: dict[str, Treatment] = {
    "đủ điểm": "full",
    "0 điểm": "zero",
    "không áp dụng": "not-applicable",
}
TIES = {"1-1-3": "min", "1-1-2": "dense"}

UNIT_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
WINDOWS_NAMES = {"con", "prn", "aux", "nul"} | {f"{d}{n}" for d in ("com", "lpt") for n in range(10)}

# Plain ASCII, and no dot at an edge or beside another: what every mail server takes.
ADDRESS = re.compile(r"[\w+'-]+(\.[\w+'-]+)*@[a-z0-9-]+(\.[a-z0-9-]+)+", re.ASCII | re.IGNORECASE)

ADDRESS_WORDS = "địa chỉ thư điện tử, nhiều địa chỉ thì cách nhau bằng dấu chấm phẩy"


def is_unit_code(code: str) -> bool:
    """Unit codes are file names, on Windows too."""
    stem = code.split(".")[0].lower()
    return bool(UNIT_CODE.fullmatch(code)) and code[-1] != "." and stem not in WINDOWS_NAMES


def addresses(text: str) -> list[str]:
    """The e-mail addresses of a cell, however they are parted."""
    return re.findall(r"[^\s;,]+", text)


def are_addresses(text: str) -> bool:
    """Is every one of them an address that mail can be sent to? True where there is none."""
    return all(ADDRESS.fullmatch(one) for one in addresses(text))


@dataclass(frozen=True)
class Unit:
    """One line of the roster. ``group`` ranks apart; "" is the one group of a roster without groups."""

    code: str
    name: str
    group: str = ""
    email: str = ""
    submitted: dt.date | None = None
    official_file: str = ""
    last_year_code: str = ""
    parent: str = ""
    post: str = ""
    signer: str = ""


@dataclass(frozen=True)
class Ruling:
    """What a = 0 earns in one part, by the department, and the document it rests on."""

    treatment: Treatment
    document: str = ""


@dataclass(frozen=True)
class Exemption:
    """What does not apply: ``unit`` is a code or "*", ``code`` an area, group, criterion or part."""

    unit: str
    code: str
    reason: str = ""
    document: str = ""


@dataclass(frozen=True)
class Adjustment:
    """Points that the department adds to a unit's total, or takes away (below 0)."""

    unit: str
    points: int
    reason: str
    document: str


@dataclass(frozen=True)
class Band:
    """A grade: from this index up (units of the last decimal), in one group or in all ("*")."""

    group: str
    name: str
    start: int


@dataclass(frozen=True)
class Settings:
    """Everything the control workbook says. Points are units of the set's last decimal."""

    name: str
    year: int
    authority: str = ""  # Cơ quan chủ quản
    lead: str = ""  # Cơ quan chủ trì
    place: str = ""
    deadline: dt.date | None = None
    ties: str = "1-1-3"
    formula_checked: str = ""
    last_year: str = ""
    units: tuple[Unit, ...] = ()
    rulings: Mapping[str, Ruling] = field(default_factory=dict)
    exemptions: tuple[Exemption, ...] = ()
    survey: Mapping[tuple[str, str], int] = field(default_factory=dict)  # (unit, entered leaf) -> points
    adjustments: tuple[Adjustment, ...] = ()
    bonus_cap: int | None = None  # the most that all additions to one unit count; None: no cap
    penalty_cap: int | None = None
    bands: tuple[Band, ...] = ()
    mail: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def unit_by_code(self) -> dict[str, Unit]:
        """Keyed by the lower-cased code: codes are unique ignoring case."""
        return {unit.code.lower(): unit for unit in self.units}

    @cached_property
    def names(self) -> dict[str, set[str]]:
        """Name or code of a unit, as ``plain_words`` -> the codes of all units that are called so."""
        found: dict[str, set[str]] = {}
        for unit in self.units:
            for label in (unit.name, unit.code):
                found.setdefault(plain_words(label), set()).add(unit.code)
        return found

    def exempt(self, criteria: CriteriaSet, unit: str) -> dict[str, Exemption]:
        """Part key, or code of an entered leaf -> the exemption that takes it from this unit."""
        given = self._exemptions.get(unit) or self._exemptions.get("*", [])
        return {key: e for e in given for key in criteria.keys_under.get(e.code, ())}

    @cached_property
    def _exemptions(self) -> dict[str, list[Exemption]]:
        """Unit code -> what is exempted of it or of all, in the order given; "*" -> of all."""
        found: dict[str, list[Exemption]] = {one.unit: [] for one in self.exemptions}
        for one in self.exemptions:
            for own in found.values() if one.unit == "*" else [found[one.unit]]:
                own.append(one)
        return found

    def adjustments_of(self, unit: str) -> tuple[Adjustment, ...]:
        """What is added to this unit's total and taken away from it, as typed: before the caps."""
        return self._adjustments.get(unit, ())

    @cached_property
    def _adjustments(self) -> dict[str, tuple[Adjustment, ...]]:
        found: dict[str, list[Adjustment]] = {}
        for one in self.adjustments:
            found.setdefault(one.unit, []).append(one)
        return {unit: tuple(own) for unit, own in found.items()}

    def bands_of(self, group: str) -> tuple[Band, ...]:
        """The grades of a group: its own, or else those of all."""
        own = tuple(band for band in self.bands if band.group == group)
        return own or tuple(band for band in self.bands if band.group == "*")


def plain_words(text: str) -> str:
    """The words of a text, without case and marks: file names are often written so."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", plain))


def keys_under(criteria: CriteriaSet, code: str) -> list[str]:
    """The part keys (and entered leaves) that a code or a part key covers; [] if unknown."""
    return list(criteria.keys_under.get(code, ()))


class Folder:
    """The fixed paths of one campaign folder."""

    def __init__(self, root: Path):
        self.root = root
        self.control = root / "dot-cham.xlsx"
        self.criteria = root / "bo-tieu-chi.toml"
        self.forms = root / "1-phieu"
        self.register = self.forms / "phat-hanh.json"
        self.explanations = self.forms / "giai-trinh"
        self.returned = root / "2-nop"
        self.appraisal = root / "3-tham-dinh"
        self.results = root / "4-ket-qua"
        self.unit_results = self.results / "don-vi"
        self.to_mend = self.results / "tra-lai"
        self.league = self.results / "bang-xep-hang.xlsx"
        self.publication = self.results / "bang-cong-bo.xlsx"
        self.json = self.results / "ket-qua.json"
        self.mail = root / "5-thu"

    @property
    def folders(self) -> tuple[Path, ...]:
        return (self.forms, self.returned, self.appraisal, self.results, self.mail)

    @property
    def written(self) -> tuple[Path, ...]:
        """The folders that parxl writes files into: never the one where the agencies' own files lie."""
        forms = (self.forms, self.explanations)
        rounds = (self.appraisal / round_folder(number) for number in ROUNDS)
        outbox = [self.mail, *sorted(self.mail.glob("*/"))]
        return (self.root.resolve(), *forms, *rounds, self.results, self.unit_results, self.to_mend, *outbox)

    def form(self, unit: str) -> Path:
        return self.forms / f"{unit}.xlsx"

    def explanation(self, unit: str) -> Path:
        return self.explanations / f"{unit}.xlsx"

    def unit_result(self, unit: str) -> Path:
        return self.unit_results / f"{unit}.xlsx"

    def form_to_mend(self, unit: str) -> Path:
        return self.to_mend / f"{unit}.xlsx"

    def name(self, path: Path) -> str:
        """A path as messages and JSON give it: below the folder, with forward slashes.

        Bytes that are not UTF-8 (names out of an old archive, a console without UTF-8) stay apart as \\xNN.
        """
        return os.fsencode(path.relative_to(self.root).as_posix()).decode("utf-8", "backslashreplace")

    def check(self) -> None:
        """WrongUsage unless this is a campaign folder."""
        for path in (self.control, self.criteria):
            if not path.is_file():
                facts = {"name": str(self.root), "missing": path.name}
                raise WrongUsage([finding("PX201", **facts)])

    def load_criteria(self) -> CriteriaSet:
        """The campaign's own copy of its set. NothingUsable with all its mistakes."""
        return parse_set(read_text(self.criteria), self.criteria.name)


@dataclass(frozen=True)
class Register:
    """What was issued: the campaign's id, the edition, and each unit's serial."""

    campaign: str
    set: str
    edition: str
    serials: Mapping[str, str] = field(default_factory=dict)

    def serial(self, unit: str) -> str | None:
        """The serial of a unit's form; codes are the same whatever their case, as file names are."""
        return self._by_lower_code.get(unit.lower())

    @cached_property
    def _by_lower_code(self) -> dict[str, str]:
        return {code.lower(): serial for code, serial in self.serials.items()}

    def with_units(self, units: Iterable[Unit]) -> Register:
        """The same register with a random serial for every unit that has none yet."""
        known = {code.lower() for code in self.serials}
        added = {u.code: secrets.token_hex(6) for u in units if u.code.lower() not in known}
        return replace(self, serials={**self.serials, **added})

    def save(self, path: Path) -> None:
        body = {
            "campaign": self.campaign,
            "set": self.set,
            "edition": self.edition,
            "serials": dict(sorted(self.serials.items())),
        }
        text = json.dumps(body, ensure_ascii=False, indent=2) + "\n"
        write_atomically(path, text.encode())


def new_campaign_id(criteria: CriteriaSet, year: int) -> str:
    """Readable, and different for every campaign ever made."""
    return f"{criteria.id}-{year}-{secrets.token_hex(4)}"


def load_register(path: Path) -> Register | None:
    """The register; None where there is none. NothingUsable if it is damaged."""
    if not path.exists():
        return None
    try:
        body: Any = json.loads(path.read_text(encoding="utf-8"))
        serials = {str(code): str(serial) for code, serial in body["serials"].items()}
        return Register(str(body["campaign"]), str(body["set"]), str(body["edition"]), serials)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NothingUsable([finding("PX217", file=path.name, name=path.name)]) from error
