"""One run of ``parxl score``: what came back, scored, ranked and diagnosed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from itertools import islice

import numpy as np
import pandas as pd

from parxl.appraisal import NOTHING_APPRAISED, Appraisal, finals
from parxl.campaign import Register, Settings
from parxl.comparison import compare
from parxl.diagnosis import Diagnosis, compare_shown
from parxl.findings import Finding
from parxl.layout import Layout
from parxl.league import Basis, Told, analyse, standings
from parxl.previous import Previous
from parxl.reading.form import FormRead
from parxl.reading.intake import Intake
from parxl.results.model import Results, forms_of, unit_results
from parxl.results.sheets import shown_by_sheets
from parxl.scoring import Outcomes, Scores, inputs_frame, outcomes, scores_of

Appraise = Callable[[Scores], Appraisal]
AT_ONCE = 500  # units that are asked about together: what that takes meanwhile grows no further


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
    read = _outcomes(told)
    scores = scores_of(criteria, read, settings)
    appraisal = appraise(scores)
    decided = finals(criteria, scores, appraisal)
    table = standings(criteria, settings, decided.applied_to(scores))
    compared = compare(criteria, settings, table, decided.leaves, scores.maxima, previous) if previous else None
    analysis = analyse(Basis(criteria, settings, scores, decided, table, told))
    frames = (scores, appraisal, decided, table, compared, analysis)
    draft = Results(criteria, layout, settings, register, intake, *frames, ())
    return replace(draft, units=unit_results(draft, settings.units, dict(_findings(draft, read))))


def _outcomes(told: Told) -> Outcomes:
    """What the rules make of all inputs, which never stand in one frame."""
    criteria, shape = told.criteria, (len(told.forms), len(told.criteria.parts))
    states, points = np.empty(shape, dtype="int8", order="F"), np.empty(shape, dtype="int64", order="F")
    for rows, some in _together(told):
        found = outcomes(criteria, inputs_frame(criteria, {code: form.inputs for code, form in some.items()}))
        states[rows], points[rows] = found.states, found.points
    return Outcomes(pd.Index(list(told.forms)), states, points)


def _together(told: Told) -> Iterator[tuple[slice, dict[str, FormRead]]]:
    """(places of some units, their forms)"""
    forms = iter(told.forms.items())
    for start in range(0, len(told.forms), AT_ONCE):
        yield slice(start, start + AT_ONCE), dict(islice(forms, AT_ONCE))


def _findings(results: Results, read: Outcomes) -> Iterator[tuple[str, tuple[Finding, ...]]]:
    """Of every unit with scores. ``read``: of their inputs."""
    criteria, settings = results.criteria, results.settings
    for rows, some in _together(results.analysis.basis.told):
        diagnosis = Diagnosis(criteria, settings, _of(results.scores, rows))
        own = Outcomes(read.index[rows], read.states[rows], read.points[rows])
        sheets = shown_by_sheets(criteria, settings, some, own)
        for (code, form), sheet in zip(some.items(), sheets, strict=True):
            file, exempt = results.intake.chosen[code], settings.exempt(criteria, code)
            shown = compare_shown(results.layout, form, sheet, file.name, exempt)
            yield code, (*file.findings, *diagnosis.of(form, file.name, code), *shown)


def _of(scores: Scores, rows: slice) -> Scores:
    """Some units' scores."""
    return Scores(**{one.name: getattr(scores, one.name).iloc[rows] for one in fields(scores)})
