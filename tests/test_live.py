"""What the form shows by itself against what the engine scores, over random frames of both sets."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from parxl.criteria import CriteriaSet, load_set
from parxl.layout import Layout
from parxl.live import Live, formulas
from parxl.rules import BLANK, DAMAGED
from parxl.scoring import Scores, score

ROWS = 400


@pytest.fixture(scope="module", params=["par-index-tthc-2022", "ha-tinh-2019-iv"])
def criteria(request: pytest.FixtureRequest) -> CriteriaSet:
    return load_set(request.param)


def random_frame(criteria: CriteriaSet) -> pd.DataFrame:
    """Small counts, so that zeros, equals, contradictions, blanks and damage all meet in one leaf."""
    rng = np.random.default_rng(20261121)
    columns = {
        key: rng.choice([0, 0, 1, 2, 3, 3, BLANK, DAMAGED], ROWS)
        if found.kind == "count"
        else rng.choice([0, 0, 0, 1, DAMAGED], ROWS, p=[0.3, 0.2, 0.15, 0.34, 0.01])
        for key, found in criteria.inputs.items()
    }
    return pd.DataFrame(columns, dtype="int64")


def shown(scores: Scores, table: str, unit: int, code: str) -> int:
    value = getattr(scores, table).loc[unit, code]
    return 0 if pd.isna(value) else int(value)


def test_the_form_shows_what_the_engine_scores(criteria: CriteriaSet) -> None:
    """Leaf, group, area, total: blank where the engine says 0 or null. Awaiting parts are among them."""
    frame, layout = random_frame(criteria), Layout(criteria)
    scores = score(criteria, frame)
    halves = 0
    for unit, inputs in enumerate(frame.to_dict("records")):
        live = Live(layout, inputs, scores, unit)  # type: ignore[arg-type]
        leaves = {node.code: live.shown(node.code) or 0 for node in criteria.leaves}
        assert leaves == {code: shown(scores, "leaves", unit, code) for code in leaves}
        groups = {node.code: live.shown(node.code) or 0 for node in criteria.groups}
        assert groups == {code: shown(scores, "groups", unit, code) for code in groups}
        assert (live.shown("") or 0) == sum(leaves.values())
        halves += sum(_is_half_awaiting(live, node.code) for node in criteria.leaves)
    assert (halves > 50) == (criteria.id == "par-index-tthc-2022")


def _is_half_awaiting(live: Live, code: str) -> bool:
    node = live.criteria.by_code[code]
    states = {str(live.states[node.key(part)]) for part in node.parts}
    return "awaiting" in states and bool(states & {"missing", "contradictory", "damaged"})


def test_every_live_cell_has_both_faces(criteria: CriteriaSet) -> None:
    layout = Layout(criteria)
    frame = random_frame(criteria).head(1)
    live = Live(layout, frame.to_dict("records")[0], score(criteria, frame), 0)  # type: ignore[arg-type]
    assert live.values().keys() == formulas(layout).keys()
