"""A campaign of as many units as wanted, and their filled forms, quickly.

What is typed is that of ``provinces``, mended: clean forms but for one in fifty with a contradiction. Every
tenth form looks as openpyxl saves it. There are at most ``DISTINCT`` fillings; a further unit gets one of them
with its own identity and name, put into the finished workbook of another (``_Model``).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape, unescape
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
from campaigns import full_answers
from provinces import CAMPAIGN, YEAR, province

from bench.archive import deflate, parts_of, zipped
from parxl import seal
from parxl.books.control.book import default_settings, unit_row, write_control
from parxl.books.control.spec import BANDS, EXEMPT, RULINGS, SURVEY, UNITS
from parxl.books.form.book import write_form
from parxl.books.form.data import FormData, form_data
from parxl.campaign import TREATMENTS, Folder, Register, Settings, Unit
from parxl.criteria import CriteriaSet, set_text
from parxl.reading.form import typed_value
from parxl.results import Results
from parxl.rules import State
from parxl.scoring import blank_row, score

DISTINCT = 120
RESAVED, FAULTY = (10, 2), (50, 3)  # of so many fillings the one that stands there
SPOILT = (State.MISSING, State.CONTRADICTORY, State.DAMAGED)
LEAD = "Bộ Nội vụ"  # no name of a unit: where that stands in a form, it is exchanged
TEXT = re.compile(r"<t(?: [^>]*)?>([^<]*)</t>")
SEAL_LINE = re.compile(r"(?<=>)(?:[A-Z]+\d+==?[0-9a-f]{4} ?)+(?=</t>)")
SEAL = re.compile(r"(?<==)[0-9a-f]{4}")

Typed = dict[str, int | float | str]


@dataclass(frozen=True)
class Filling:
    """What one unit typed. ``unit``: whose exemptions go with it; ``evidence``: leaf code -> text."""

    unit: Unit
    typed: Typed
    evidence: Mapping[str, str]
    resaved: bool


class Campaign:
    """A round of ``count`` units with ``distinct`` fillings (at most), and what its folder is made of."""

    def __init__(self, set_id: str, count: int, distinct: int = DISTINCT):
        made = province(set_id, min(count, distinct), groups=3)
        self.text = set_text(set_id)[1]
        self.criteria, self.layout, self._made = made.criteria, made.layout, made
        self.fillings = list(_fillings(made))
        self.units = [self._unit(number) for number in range(count)]
        serials = {unit.code: f"{number:012x}" for number, unit in enumerate(self.units)}
        self.register = Register(CAMPAIGN, set_id, self.criteria.edition, serials)

    def _filling(self, number: int) -> Filling:
        return self.fillings[number % len(self.fillings)]

    def _unit(self, number: int) -> Unit:
        """A unit of its own, like the one that the filling was made for."""
        like, again = self._filling(number).unit, number // len(self.fillings)
        if not again:
            return like
        code = f"{like.code[:34]}.{again}"
        name = f"{like.name}, tỉnh {again}"
        return replace(like, code=code, name=name, email=f"vanthu@{code}.vn", last_year_code="")

    # The department's own files -------------------------------------------------------------------

    @cached_property
    def settings(self) -> Settings:
        """As the forms need them: whose they are, and what does not apply."""
        for_all = tuple(one for one in self._made.settings.exemptions if one.unit == "*")
        told = {one.code for one in for_all}  # nobody need say so once more
        exemptions = tuple(
            replace(one, unit=unit.code)
            for number, unit in enumerate(self.units)
            for one in self._made.settings.exemptions
            if one.unit == self._filling(number).unit.code and one.code not in told
        )
        own = {"units": tuple(self.units), "exemptions": (*for_all, *exemptions), "lead": LEAD}
        return replace(self._made.settings, **own)

    def write_department(self, root: Path) -> None:
        """The folder as it stands when the forms are to be issued; their serials are drawn already."""
        folder = Folder(root)
        for path in folder.folders:
            path.mkdir(parents=True)
        folder.criteria.write_text(self.text, encoding="utf-8", newline="\n")
        items = default_settings(self.criteria, YEAR) | {
            "Cơ quan chủ quản": self.settings.authority,
            "Cơ quan chủ trì": self.settings.lead,
            "Địa danh": self.settings.place,
            "Hạn nộp": self.settings.deadline,
        }
        folder.control.write_bytes(write_control(self.criteria, items, YEAR, self._rows()))
        self.register.save(folder.register)

    def _rows(self) -> dict[str, list[list[Any]]]:
        settings, scale = self.settings, self.criteria.scale
        words = {treatment: word for word, treatment in TREATMENTS.items()}
        return {
            UNITS: [unit_row(unit) for unit in self.units],
            EXEMPT: [[e.unit, e.code, e.reason, e.document] for e in settings.exemptions],
            RULINGS: [[code, words[r.treatment], r.document] for code, r in settings.rulings.items()],
            SURVEY: [
                [unit.code, self._survey(number, node.code) / scale, node.code]
                for number, unit in enumerate(self.units)
                for node in self.criteria.entered
                if node.code not in settings.exempt(self.criteria, unit.code)
            ],
            BANDS: [[band.group, band.name, band.start / scale] for band in settings.bands],
        }

    def _survey(self, number: int, code: str) -> int:
        """A little less for each unit with the same filling: thousands of equal totals would be odd."""
        points = self._made.settings.survey[self._filling(number).unit.code, code]
        return max(0, points - number // len(self.fillings))

    # The filled forms -----------------------------------------------------------------------------

    def write_forms(self, root: Path) -> None:
        """One form a unit into ``2-nop``."""
        models: dict[int, _Model] = {}
        for number, unit in enumerate(self.units):
            at = number % len(self.fillings)
            if at not in models:
                content = _content(self._data(number), self.fillings[at].resaved)
                models[at] = _Model(content, unit, self.register)
            form_path(root, unit).write_bytes(models[at].content_for(unit, self.register))

    def _data(self, number: int) -> FormData:
        filling = self._filling(number)
        return self.filled(self.units[number], filling.typed, filling.evidence)

    def filled(self, unit: Unit, typed: Typed, evidence: Mapping[str, str]) -> FormData:
        blank = form_data(self.layout, self.settings, unit, self.register)
        kept = {key: value for key, value in typed.items() if key.rpartition("/")[0] not in blank.exempt}
        return replace(blank, typed=kept, inputs=as_inputs(self.criteria, kept), evidence=evidence)

    def changed_in_evidence(self) -> tuple[Unit, bytes]:
        """The first unit's form with other words beside one criterion; no score changes."""
        filling, unit = self._filling(0), self.units[0]
        code = next(iter(filling.evidence))
        evidence = {**filling.evidence, code: filling.evidence[code] + " (bổ sung)"}
        return unit, write_form(self.filled(unit, filling.typed, evidence))

    def changed_in_count(self) -> tuple[Unit, bytes]:
        """The first unit's form with one count so that a score changes."""
        filling, unit = self._filling(0), self.units[0]
        before = self.filled(unit, filling.typed, filling.evidence)
        for _, b in _rates(self.criteria):
            data = self.filled(unit, {**filling.typed, b: 0}, filling.evidence)
            if _total(self.criteria, data) != _total(self.criteria, before):
                return unit, write_form(data)
        raise ValueError("no count of the first unit changes its score")


def form_path(root: Path, unit: Unit) -> Path:
    return Folder(root).returned / f"{unit.code}.xlsx"


def _total(criteria: CriteriaSet, data: FormData) -> int:
    frame = pd.DataFrame([blank_row(criteria) | dict(data.inputs)], dtype="int64")
    return int(score(criteria, frame).totals.iloc[0])


# What is typed ------------------------------------------------------------------------------------


def _fillings(made: Results) -> Iterator[Filling]:
    """What the units of a province typed, in roster order, mended; of those whose form is in use."""
    criteria, best = made.criteria, full_answers(made.criteria)
    states = score(criteria, made.inputs).states
    files = [(unit.unit, unit.file.form) for unit in made.units if unit.file and unit.file.form]
    for number, (unit, form) in enumerate(files):
        typed: dict[str, Any] = {}
        for at in criteria.parts:
            spoilt = states.loc[unit.code, at.key] in SPOILT
            for one in at.part.rule.inputs:
                key = at.node.input_key(at.part, one.id)
                typed[key] = best[key] if spoilt else typed_value(form.inputs[key], one.decimals, one.kind)
        if _is(number, FAULTY):
            a, b = next(_rates(criteria))
            typed[b] = (typed[a] or 0) + 1
        kept = {key: value for key, value in typed.items() if value is not None}
        yield Filling(unit, kept, form.evidence, _is(number, RESAVED))


def _is(number: int, which: tuple[int, int]) -> bool:
    return number % which[0] == which[1]


def _rates(criteria: CriteriaSet) -> Iterator[tuple[str, str]]:
    """(input key of a, of b) of every plain rate b/a."""
    for at in criteria.parts:
        if at.part.rule.rule == "ratio":
            yield at.node.input_key(at.part, "a"), at.node.input_key(at.part, "b")


def as_inputs(criteria: CriteriaSet, typed: Typed) -> dict[str, int]:
    """The same as an inputs frame holds it: all values are sound."""
    known = criteria.inputs
    return blank_row(criteria) | {
        key: 1 if known[key].kind == "mark" else int(value * 10 ** known[key].decimals)
        for key, value in typed.items()
    }


# Workbooks ----------------------------------------------------------------------------------------


def _content(data: FormData, resaved: bool) -> bytes:
    content = write_form(data)
    if not resaved:
        return content
    saved = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(content)).save(saved)
    return saved.getvalue()


class _Model:
    """A filled form that other units get with their own identity: code, serial and name exchanged.

    A seal of a locked cell that holds one of them is made anew. That a workbook made so is the one that
    ``write_form`` makes, for a name of the same length, is tested.
    """

    def __init__(self, content: bytes, unit: Unit, register: Register):
        self.content, self.unit, self.register = content, unit, register
        parts = {name: body.decode() for name, body in parts_of(content).items()}
        self.order, words = list(parts), _words(unit, register)
        self.texts = {name: text for name, text in parts.items() if any(word in text for word in words)}
        self.sealed = {
            unescape(found)
            for text in self.texts.values()
            for found in TEXT.findall(text)
            if any(word in found for word in words)
        }
        self.others = {name: deflate(text.encode()) for name, text in parts.items() if name not in self.texts}

    def content_for(self, unit: Unit, register: Register) -> bytes:
        if unit == self.unit:
            return self.content
        pairs = list(zip(_words(self.unit, self.register), _words(unit, register), strict=True))
        seals = {seal.digest(old): seal.digest(_replaced(old, pairs)) for old in self.sealed}
        made = {
            name: deflate(_exchanged(text, pairs, seals).encode()) for name, text in self.texts.items()
        } | self.others
        return zipped((name, made[name]) for name in self.order)


def _words(unit: Unit, register: Register) -> tuple[str, ...]:
    """Where a unit stands in a form's texts; a bare code might be a part of other words."""
    code, serial = unit.code, register.serials[unit.code]
    names = (escape(unit.name, quote=False), escape(unit.name.upper(), quote=False))
    return (*names, f"|{code}|{serial}", f">{code}<", f">{serial}<")


def _exchanged(text: str, pairs: list[tuple[str, str]], seals: Mapping[str, str]) -> str:
    """``seals``: digest of a text -> of what it becomes."""

    def again(line: re.Match[str]) -> str:
        return SEAL.sub(lambda digest: seals.get(digest[0], digest[0]), line[0])

    text = _replaced(text, pairs)
    return SEAL_LINE.sub(again, text) if seal.FIELD in text else text


def _replaced(text: str, pairs: list[tuple[str, str]]) -> str:
    for old, new in pairs:
        text = text.replace(old, new)
    return text
