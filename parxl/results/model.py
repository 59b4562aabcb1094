"""Everything that one run of ``parxl score`` found; and a portion of it, to be taken to another process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any, Literal, NamedTuple

import pandas as pd

from parxl.appraisal import Answer, Appraisal, Finals, Key, finals
from parxl.campaign import Register, Settings, Unit
from parxl.comparison import Comparison
from parxl.criteria import CriteriaSet
from parxl.desk import ROUNDS
from parxl.explain import Explanation, explain_unit
from parxl.findings import Finding
from parxl.frames import Rows, rows
from parxl.layout import Layout
from parxl.league import Analysis, Basis, League, Told
from parxl.provenance import UNKNOWN, Provenance
from parxl.reading.file import FileRead
from parxl.reading.form import FormRead
from parxl.reading.intake import Intake
from parxl.scoring import Scores, score

Status = Literal["scored", "provisional", "conflict", "rejected", "missing"]


@dataclass(frozen=True)
class UnitResult:
    """One unit's result. ``standing``: its row of ``league.standings``, None where it has no scores.

    ``explain``: what makes its explanations.
    """

    unit: Unit
    status: Status
    file: FileRead | None
    findings: tuple[Finding, ...]
    standing: Mapping[str, Any] | None
    explain: Callable[[], dict[str, Explanation]] = field(default=dict, repr=False, compare=False)

    @property
    def has_scores(self) -> bool:
        return self.standing is not None

    @cached_property
    def explanations(self) -> dict[str, Explanation]:
        """Leaf code -> explanation; made when they are first asked for."""
        return self.explain()


class Own(NamedTuple):
    """Each frame as rows, by unit code."""

    parts: Rows
    computed: Rows
    computed_groups: Rows
    maxima: Rows
    final: Rows
    groups: Rows
    appraised: Rows
    rounds: Rows


@dataclass(frozen=True)
class Results:
    """The whole round. Frames have rows only for units with scores, in roster order.

    ``scores``: computed; ``finals``: with the appraisal. ``standings`` rest on the finals.
    """

    criteria: CriteriaSet
    layout: Layout
    settings: Settings
    register: Register | None
    intake: Intake
    scores: Scores
    appraisal: Appraisal
    finals: Finals
    standings: pd.DataFrame
    comparison: Comparison | None  # with last year, where its result is known
    analysis: Analysis
    units: tuple[UnitResult, ...]
    provenance: Provenance = UNKNOWN

    @property
    def findings(self) -> list[Finding]:
        """Every finding once: on the units, on files that belong to no unit, on the appraisal."""
        own = [found for unit in self.units for found in unit.findings]
        told = {f.file for f in own}
        rest = [x for f in self.intake.files if f.name not in told for x in f.findings]
        return [*own, *rest, *self.appraisal.findings]

    @property
    def groups(self) -> list[str]:
        """The groups in the order of the roster."""
        return list(dict.fromkeys(unit.group for unit in self.settings.units))

    @cached_property
    def inputs(self) -> pd.DataFrame:
        """What the forms that count say: see ``scoring.score``."""
        return self.analysis.basis.told.inputs

    @cached_property
    def by_code(self) -> dict[str, UnitResult]:
        """Unit code -> its result."""
        return {result.unit.code: result for result in self.units}

    @cached_property
    def own(self) -> Own:
        """The units' rows of the round's frames."""
        scores, decided = self.scores, self.finals
        frames = (
            scores.groups,
            scores.maxima,
            decided.leaves,
            decided.groups,
            decided.appraised,
            decided.rounds,
        )
        return Own(scores.part_rows, scores.leaf_rows, *map(Rows, frames))

    @cached_property
    def files_of(self) -> dict[str, tuple[FileRead, ...]]:
        """Unit code -> every file that belongs to it, in order of name."""
        found: dict[str, list[FileRead]] = {}
        for file in self.intake.files:
            found.setdefault(file.unit, []).append(file)
        return {unit: tuple(files) for unit, files in found.items()}

    def portion(self, codes: Iterable[str]) -> Portion:
        """These units, to be sent to another process."""
        own = [self.by_code[code] for code in codes]
        scored = [result.unit.code for result in own if result.has_scores]
        return Portion(
            codes=tuple(result.unit.code for result in own),
            intake=_intake_of(self, own),
            answers=dict(_answers_of(self, scored)),
            findings={code: self.by_code[code].findings for code in scored},
            standings=self.standings.loc[scored],
            comparison=_comparison_of(self.comparison, scored),
            league=self.analysis.of(scored, {result.unit.group for result in own}),
        )

    def restricted(self, codes: Iterable[str]) -> Results:
        """These units alone, as another process has them: see ``Portion``."""
        return self.portion(codes).results(self.layout, self.settings, self.register)


# Some units ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Portion:
    """What some units' own workbooks and texts are made from, beside layout, settings and register.

    It is small: what follows of a unit's own figures is left out, computed anew, and comes out the same.
    """

    codes: tuple[str, ...]
    intake: Intake
    answers: Mapping[Key, Answer]
    findings: Mapping[str, tuple[Finding, ...]]  # of the units with scores
    standings: pd.DataFrame
    comparison: Comparison | None
    league: League

    def results(self, layout: Layout, settings: Settings, register: Register | None) -> Results:
        """The round with these units only: each of their rows as it was, and the figures of their groups.

        Provenance, findings on the appraisal, and what last year's result says beside the changes are left out.
        """
        criteria, known = layout.criteria, settings.unit_by_code
        units = [known[code.lower()] for code in self.codes]
        told = Told(criteria, forms_of(units, self.intake))
        scores, appraisal = score(criteria, told.inputs, settings), Appraisal(self.answers)
        decided = finals(criteria, scores, appraisal)
        basis = Basis(criteria, settings, scores, decided, self.standings, told)
        analysis = Analysis(**vars(self.league), basis=basis)
        frames = (scores, appraisal, decided, self.standings, self.comparison, analysis)
        draft = Results(criteria, layout, settings, register, self.intake, *frames, ())
        return replace(draft, units=unit_results(draft, units, self.findings))


def _intake_of(results: Results, own: Iterable[UnitResult]) -> Intake:
    codes, whole = [result.unit.code for result in own], results.intake
    return Intake(
        files=tuple(file for code in codes for file in results.files_of.get(code, ())),
        chosen={code: whole.chosen[code] for code in codes if code in whole.chosen},
        conflicts={code: whole.conflicts[code] for code in codes if code in whole.conflicts},
        rejected={code: whole.rejected[code] for code in codes if code in whole.rejected},
        explanations={code: whole.explanations[code] for code in codes if code in whole.explanations},
    )


def _answers_of(results: Results, codes: Iterable[str]) -> Iterable[tuple[Key, Answer]]:
    given = results.appraisal.answers
    for code in codes if given else ():
        keys = ((number, code, leaf.code) for number in ROUNDS for leaf in results.criteria.leaves)
        yield from ((key, given[key]) for key in keys if key in given)


def _comparison_of(whole: Comparison | None, codes: Iterable[str]) -> Comparison | None:
    if whole is None:
        return None
    return Comparison({code: replace(whole.units[code], before=None) for code in codes}, whole.leaves)


# Put together -------------------------------------------------------------------------------------


def forms_of(units: Iterable[Unit], intake: Intake) -> dict[str, FormRead]:
    """Unit code -> the form that counts, in the order of the units."""
    chosen = {unit.code: intake.chosen[unit.code] for unit in units if unit.code in intake.chosen}
    return {code: file.form for code, file in chosen.items() if file.form}


def unit_results(
    results: Results, units: Iterable[Unit], findings: Mapping[str, tuple[Finding, ...]]
) -> tuple[UnitResult, ...]:
    """The results of these units, in their order. ``findings``: of those with scores."""
    standing = rows(results.standings)
    return tuple(
        _scored(results, unit, standing[unit.code], findings[unit.code])
        if unit.code in standing
        else _unscored(results, unit)
        for unit in units
    )


def _scored(
    results: Results, unit: Unit, standing: Mapping[str, Any], findings: tuple[Finding, ...]
) -> UnitResult:
    file = results.intake.chosen[unit.code]
    assert file.form is not None
    status: Status = "provisional" if standing["open"] else "scored"
    explain = partial(
        explain_unit, results.criteria, results.settings, results.scores, file.form.inputs, unit.code
    )
    return UnitResult(unit, status, file, findings, standing, explain)


def _unscored(results: Results, unit: Unit) -> UnitResult:
    intake, code = results.intake, unit.code
    files = intake.conflicts.get(code) or intake.rejected.get(code) or ()
    status: Status = "conflict" if code in intake.conflicts else "rejected" if files else "missing"
    findings = tuple(found for file in files for found in file.findings)
    return UnitResult(unit, status, None, findings, None)
