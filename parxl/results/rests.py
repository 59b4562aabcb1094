"""What each unit's own workbook and text rest on, as a digest: made again only where it changes.

Figures of the group are taken no further than the workbook shows them, or else every correction of one unit
would change the digests of all others.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import marshal
from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from parxl.appraisal import Answer
from parxl.campaign import Settings
from parxl.comparison import Change
from parxl.findings import Finding
from parxl.frames import UNKNOWN, Array, marked
from parxl.league import index_of
from parxl.league.peers import NOTHING, Held
from parxl.league.spread import INDEX
from parxl.reading.compact import Packed
from parxl.reading.file import FileRead
from parxl.reading.form import FormRead
from parxl.results.model import Results, UnitResult
from parxl.software import build

BY_UNIT = ("units", "exemptions", "survey", "adjustments")
NOT_SHOWN = ("mail", "bands")  # the band that a unit has reached stands in its row
OF_CRITERIA = ["full", "scored", "mean"]  # columns of ``criteria_table`` that a unit's workbook shows
OF_INDEX = ["count", "mean", "highest"]  # of ``spread``
OF_CLOSENESS = ["behind", "unproven"]
AT_ONCE = 1000  # units of a group: what that takes meanwhile grows no further


def rests_on(results: Results) -> dict[str, str]:
    """Unit code -> digest (hex) of all that its workbook, its text, and a form to mend, are made from.

    Equal digests: the same bytes. But for what was typed last year, which only the form to mend shows.
    """
    shared, beside, units = _digest(_shared(results)), _beside_others(results), _Units(results)
    return {
        result.unit.code: _digest([shared, beside.get(result.unit.code), units.own(result)])
        for result in results.units
    }


def league_rests_on(results: Results, units: Mapping[str, str]) -> str:
    """A digest (hex) of what the league workbook is made from, and ``ket-qua.json`` but for the books' hashes.

    ``units``: as ``rests_on`` gives it. Last year's result stands for itself among the sources.
    """
    told = results.appraisal.findings
    return _digest(
        [
            list(units.items()),
            [_plain(getattr(results.settings, name)) for name in (*BY_UNIT[1:], *NOT_SHOWN)],
            _plain(results.provenance),
            [[f.name, f.sha256, f.unit, f.fate, [*map(_finding, f.findings)]] for f in results.intake.files],
            [_finding(found) for found in told],
        ]
    )


def _digest(facts: Any) -> str:
    """Of plain values, and lists and dicts of them."""
    # Version 0 knows no references: equal facts have the same bytes, however they came into memory.
    return hashlib.sha256(marshal.dumps(facts, 0)).hexdigest()


def _plain(value: Any) -> Any:
    """What ``_digest`` takes, of dataclasses, dates, and lists and dicts of them."""
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, dict):
        return {key: _plain(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(member) for member in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    return [_plain(getattr(value, name)) for name in _names(value.__class__)]


@cache
def _names(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass."""
    return tuple(one.name for one in fields(kind))


def _shared(results: Results) -> list[Any]:
    """Programs, criteria, settings, and the names that no other unit's workbook may tell."""
    register, settings = results.register, results.settings
    rest = [one.name for one in fields(Settings) if one.name not in (*BY_UNIT, *NOT_SHOWN)]
    return [
        build(),
        results.criteria.model_dump_json(),
        _plain([getattr(settings, name) for name in rest]),
        [(unit.code, unit.name) for unit in settings.units],
        (register.campaign, register.set, register.edition) if register else None,
    ]


# A unit's own -------------------------------------------------------------------------------------


class _Units:
    """Each unit's own facts, as plain lists."""

    def __init__(self, results: Results):
        self.results, self.settings = results, results.settings
        self.changes = results.comparison.units if results.comparison else {}
        self.answers: dict[str, list[Answer]] = {}
        for answer in results.appraisal.answers.values():
            self.answers.setdefault(answer.unit, []).append(answer)
        self.keys = list(results.criteria.inputs)
        self.digests: dict[int, str] = {}  # by id, of what most forms share

    def own(self, result: UnitResult) -> list[Any]:
        code, settings, results = result.unit.code, self.settings, self.results
        files = results.files_of.get(code, ())
        told = (found for file in files for found in (*file.findings, *_findings_of(file)))
        return [
            _plain(result.unit),
            result.status,
            results.register.serial(code) if results.register else None,
            [self._file(file) for file in files],
            [_finding(found) for found in dict.fromkeys((*result.findings, *told))],
            _plain(settings.exempt(results.criteria, code)),
            [settings.survey.get((code, node.code)) for node in results.criteria.entered],
            _plain(settings.adjustments_of(code)),
            _plain(sorted(self.answers.get(code, ()), key=lambda answer: answer.key)),
            _change(self.changes.get(code)),
            result.standing and dict(result.standing),
        ]

    def _file(self, file: FileRead) -> list[Any]:
        forms = [self._form(form) if form else None for form in (file.form, file.partial)]
        return [file.name, file.sha256, file.fate, file.kind, *forms, _plain(file.explanation)]

    def _form(self, form: FormRead) -> list[Any]:
        keys, typed = list(form.inputs), list(form.inputs.values())
        cleaned = typed if form.sheet_inputs is form.inputs else list(form.sheet_inputs.values())
        return [
            _plain(form.identity),
            [form.submission, form.self_total, form.sheet, self._shared(form.cells)],
            None if keys == self.keys else keys,
            typed,
            None if cleaned == typed else cleaned,
            list(form.self_scores.values()),
            *(self._texts(texts) for texts in (form.evidence, form.typed)),
        ]

    def _shared(self, facts: Any) -> str:
        """The digest of a mapping or a tuple that many forms have in common."""
        if id(facts) not in self.digests:
            self.digests[id(facts)] = _digest(list(facts.items() if isinstance(facts, Mapping) else facts))
        return self.digests[id(facts)]

    def _texts(self, texts: Mapping[str, Any]) -> Any:
        """A compressed block stands for what is in it."""
        if not isinstance(texts, Packed):
            return dict(texts.items())
        keys, at, block = texts.packed
        return [self._shared(keys), at, block]


def _findings_of(file: FileRead) -> Iterator[Finding]:
    """What stands in a file's forms beside what it tells itself."""
    for form in (file.form, file.partial):
        if form and form.findings is not file.findings:
            yield from form.findings


def _finding(found: Finding) -> list[str | None]:
    place = (found.file, found.sheet, found.cell, found.criterion)
    return [found.code, found.severity, found.message, *place]


def _change(change: Change | None) -> list[Any] | None:
    """Without last year's result itself, which stands in no unit's workbook."""
    if change is None:
        return None
    return [change.status, change.reason, change.points, change.places, dict(change.leaves.items())]


# Beside the others --------------------------------------------------------------------------------


def _beside_others(results: Results) -> dict[str, list[str]]:
    """Unit code -> the figures of its group that its workbook shows, and those that its suggestions rest on."""
    table, analysis, own = results.standings, results.analysis, _Own(results)
    ranks = [marked(analysis.closeness[OF_CLOSENESS]), marked(analysis.areas.rank)]
    ranked = np.hstack([*ranks, analysis.areas.tied.to_numpy(dtype="int64")])
    found = {}
    for group, at in _together(table["group"]):
        whole = _of_group(results, group)
        columns = (ranked[at], own.beside(group, at), own.risen(group, at))
        for unit, row in zip(table.index[at], np.hstack(columns), strict=True):
            found[str(unit)] = [whole, hashlib.sha256(row).hexdigest()]
    return found


def _together(groups: pd.Series) -> Iterator[tuple[str, Array]]:
    """(group, places of some of its units)"""
    for group, at in groups.groupby(groups, sort=False).indices.items():
        for start in range(0, len(at), AT_ONCE):
            yield str(group), at[start : start + AT_ONCE]


def _of_group(results: Results, group: str) -> str:
    """The figures that the workbooks of all its units show."""
    areas, spread = results.analysis.areas, results.analysis.spread
    frames = (spread.loc[[(group, INDEX)], OF_INDEX], areas.mean.loc[[group]], areas.best.loc[[group]])
    return _digest([marked(frame).tolist() for frame in frames])


class _Own:
    """The points of all units. A row a unit; a column a leaf, and after them a part of a leaf with several."""

    def __init__(self, results: Results):
        self.results, finals, scores = results, results.finals, results.scores
        parts = [at for at in results.criteria.parts if at.key not in finals.leaves]
        self.leaves, self.keys = list(finals.leaves), [*finals.leaves, *(at.key for at in parts)]
        most = np.array([at.part.rule.max_units for at in parts], dtype="int64")
        points, maxima = marked(finals.leaves), scores.maxima.to_numpy(dtype="int64")
        self.gaps = maxima - np.where(points == UNKNOWN, 0, points)
        self.points = np.hstack([points, marked(scores.parts[[at.key for at in parts]])])
        maxima = np.hstack([maxima, np.broadcast_to(most, (len(maxima), len(most)))])
        self.may_rise = (self.points != UNKNOWN) & (self.points < maxima)
        table = results.standings
        total = (table["scored"] + table["adjustment"] + self.gaps.max(axis=1, initial=0)).clip(lower=0)
        self.index = marked(table[["index"]])[:, 0]
        self.highest = marked(index_of(total, table["maximum"], results.criteria.scale).to_frame())[:, 0]

    def beside(self, group: str, at: Array) -> Array:
        """Of each leaf that is short: how many of the group have it all, out of how many, and the mean."""
        figures = marked(self.results.analysis.criteria.loc[group].loc[self.leaves, OF_CRITERIA])
        return np.hstack([np.where(self.gaps[at] > 0, column, 0) for column in figures.T])

    def risen(self, group: str, at: Array) -> Array:
        """Whatever may decide who holds as much as the unit would, and its rank, after any one suggestion."""
        peers, rises = self.results.analysis.peers, self.may_rise[at]
        held = [_above(peers.held(group, key), self.points[at, n]) for n, key in enumerate(self.keys)]
        given = [peers.surveyed.get((group, key), (0, 0)) for key in self.leaves]
        surveyed = [np.where(rises[:, : len(given)], column, 0) for column in np.array(given, dtype="int64").T]
        return np.hstack([np.where(rises, np.column_stack(held), 0), *surveyed, self._passed(group, at)])

    def _passed(self, group: str, at: Array) -> Array:
        """The units that one suggestion may bring it past, and how many it cannot reach."""
        held = self.results.analysis.peers.indices.get(group, NOTHING)
        passed = _above(held, self.index[at]) - _above(held, self.highest[at])
        beyond = np.searchsorted(held.values, self.highest[at], side="right")
        units = np.array([*held.at_least, 0], dtype="int64")[beyond]
        return np.column_stack([passed, units, len(held.values) - beyond])


def _above(held: Held, values: Array) -> Array:
    """For each value a digest (int64) of what is held above it, and of how many hold anything."""
    known = np.array([held.values, held.at_least], dtype="int64").reshape(2, -1)
    marks = np.append(_mixed(*known), _mixed(np.array([-1]), np.array([held.units])))
    sums = np.cumsum(marks[::-1])[::-1]
    return sums[np.searchsorted(held.values, values, side="right")].view("int64")


def _mixed(values: Array, counts: Array) -> Array:
    """A number of 64 bits for each pair that looks like chance (the finish of splitmix64, twice)."""
    mixed = values.astype("uint64")
    for more in (counts.astype("uint64"), np.zeros(1, dtype="uint64")):
        mixed = (mixed + more) * np.uint64(0x9E3779B97F4A7C15)
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
        mixed ^= mixed >> np.uint64(31)
    return mixed
