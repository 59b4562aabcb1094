"""One run of ``parxl score``: what came back, scored, ranked and diagnosed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from parxl.appraisal import NOTHING_APPRAISED, Appraisal, finals
from parxl.campaign import Register, Settings
from parxl.comparison import compare
from parxl.diagnosis import Diagnosis, compare_shown
from parxl.findings import Finding
from parxl.layout import Layout
from parxl.league import Basis, Told, analyse, standings
from parxl.previous import Previous
from parxl.reading.intake import Intake
from parxl.results.model import Results, forms_of, unit_results
from parxl.results.sheets import Sheet, shown_by_sheets
from parxl.scoring import Scores, outcomes, scores_of

Appraise = Callable[[Scores], Appraisal]


def score_intake(
    layout: Layout,
    settings: Settings,
    register: Register | None,
    intake: Intake,
    appraise: Appraise = lambda scores: NOTHING_APPRAISED,
    previous: Previous | None = None,
) -> Results:
    """Score every chosen form at once. Pure: the same intake gives the same results.

    ``appraise``: the computed scores -> what the appraisal makes of them.
    """
    criteria = layout.criteria
    forms = forms_of(settings.units, intake)
    told = Told(criteria, forms)
    read = outcomes(criteria, told.inputs)
    scores = scores_of(criteria, read, settings)
    appraisal = appraise(scores)
    decided = finals(criteria, scores, appraisal)
    table = standings(criteria, settings, decided.applied_to(scores))
    compared = compare(criteria, settings, table, decided.leaves, scores.maxima, previous) if previous else None
    analysis = analyse(Basis(criteria, settings, scores, decided, table, told))
    frames = (scores, appraisal, decided, table, compared, analysis)
    draft = Results(criteria, layout, settings, register, intake, *frames, ())
    sheets = zip(forms, shown_by_sheets(criteria, settings, forms, read), strict=True)
    return replace(draft, units=unit_results(draft, settings.units, dict(_findings(draft, sheets))))


def _findings(
    results: Results, sheets: Iterable[tuple[str, Sheet]]
) -> Iterator[tuple[str, tuple[Finding, ...]]]:
    """Of every unit with scores. ``sheets``: unit code, and what its form shows of what is typed in it."""
    diagnosis = Diagnosis(results.criteria, results.settings, results.scores)
    for code, sheet in sheets:
        file = results.intake.chosen[code]
        assert file.form is not None
        exempt = results.settings.exempt(results.criteria, code)
        shown = compare_shown(results.layout, file.form, sheet, file.name, exempt)
        yield code, (*file.findings, *diagnosis.of(file.form, file.name, code), *shown)
