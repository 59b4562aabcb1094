"""What the workbooks of all units of a campaign have in common."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from parxl.books.form.frame import restored_note
from parxl.layout import Layout
from parxl.results import Results
from parxl.rules import IfZero
from parxl.scoring import settled_case


@dataclass(frozen=True)
class Ground:
    """``wording``: of the set, which stands for its whole table; ``cases``: what a = 0 earns in each part;
    ``note``: on restored formulas, "" for none.
    """

    wording: str
    cases: tuple[IfZero | None, ...]
    note: str
    layout: Layout = field(compare=False)

    @cached_property
    def zero_cases(self) -> dict[str, IfZero | None]:
        """By part key."""
        keys = (at.key for at in self.layout.criteria.parts)
        return dict(zip(keys, self.cases, strict=True))


def ground_of(results: Results) -> Ground:
    criteria, rulings = results.criteria, results.settings.rulings
    cases = tuple(settled_case(at.part.rule, rulings.get(at.key)) for at in criteria.parts)
    note = restored_note(criteria, results.settings.formula_checked)
    return Ground(criteria.wording, cases, note, results.layout)
