"""What stands in the rows of an appraisal list: what the council sees of each unit's criteria."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from parxl.appraisal import FIRST, Answer
from parxl.criteria import Node
from parxl.desk import Typed, appraised
from parxl.results import Results, UnitResult

Key = tuple[str, str]  # unit code, leaf code
NOTHING = Typed(None, "")
WAITING = "chờ"


@dataclass(frozen=True)
class Line:
    """One row. ``contents``: column -> text or units, of the locked columns; ``maximum`` None: not counted."""

    unit: str
    code: str
    contents: Mapping[str, Any]
    typed: Typed
    standing: int | None = None  # the score that a blank agrees with
    maximum: int | None = None


@dataclass(frozen=True)
class Sources:
    """What a list shows besides the results: typed already, explained by the units, final last year."""

    typed: Mapping[Key, Typed] = field(default_factory=dict)
    explained: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    previous: Mapping[str, Mapping[str, int | None]] = field(default_factory=dict)


def lines_of(results: Results, area: Node, number: int, sources: Sources) -> Iterator[Line]:
    """The area's own rows, then whatever else is typed already: of other areas, then what is not counted."""
    scored = {result.unit.code: result for result in results.units if result.has_scores}
    maker = _Maker(results, number, sources)
    own = [
        (result, node)
        for result in scored.values()
        for node in appraised(results.criteria, area)
        if maker.maximum(result, node)
    ]
    listed = {(result.unit.code, node.code) for result, node in own}
    others = [key for key in sources.typed if key not in listed]
    leaves = {n.code: n for a in results.criteria.areas for n in appraised(results.criteria, a)}
    pairs = {(u, c): (scored[u], leaves[c]) for u, c in others if u in scored and c in leaves}
    counted = {key: pair for key, pair in pairs.items() if maker.maximum(*pair)}
    yield from (maker.line(result, node) for result, node in (*own, *counted.values()))
    yield from (maker.leftover(*key) for key in others if key not in counted)


class _Maker:
    def __init__(self, results: Results, number: int, sources: Sources):
        self.results, self.number, self.sources = results, number, sources
        self.names = {unit.code: unit.name for unit in results.settings.units}

    def maximum(self, result: UnitResult, node: Node) -> int:
        return int(self.results.scores.maxima.loc[result.unit.code, node.code])

    def line(self, result: UnitResult, node: Node) -> Line:
        assert result.file is not None
        assert result.file.form is not None
        unit, code, form = result.unit.code, node.code, result.file.form
        score = self.results.scores.leaves.loc[unit, code]
        computed = None if pd.isna(score) else int(score)
        first = self._first(unit, code)
        contents = {
            **self._known(unit, code),
            "maximum": self.maximum(result, node),
            "self": form.self_scores.get(code),
            "computed": WAITING if computed is None else computed,
            "sentence": result.explanations[code].sentence,
            "evidence": form.evidence.get(code, ""),
            "last_year": self.sources.previous.get(unit, {}).get(code),
            "first": first.points if first else None,
            "first_reason": first.reason if first else "",
            "explanation": self.sources.explained.get(unit, {}).get(code, "") if self.number != FIRST else "",
        }
        standing = first.points if first and first.points is not None else computed
        typed = self.sources.typed.get((unit, code), NOTHING)
        return Line(unit, code, contents, typed, standing, self.maximum(result, node))

    def leftover(self, unit: str, code: str) -> Line:
        """What is typed on a unit or criterion that is no longer listed: kept with what is known of it."""
        return Line(unit, code, self._known(unit, code), self.sources.typed[unit, code])

    def _known(self, unit: str, code: str) -> dict[str, str]:
        node = self.results.criteria.by_code.get(code)
        title = node.title if node else ""
        return {"unit": unit, "name": self.names.get(unit, ""), "code": code, "title": title}

    def _first(self, unit: str, code: str) -> Answer | None:
        """The first round's answer; the first round itself does not show it."""
        return None if self.number == FIRST else self.results.appraisal.answers.get((FIRST, unit, code))
