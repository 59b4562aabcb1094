"""What the rounds of a run say together: medians, ratios round by round, and whether a ratio is reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

Figures = dict[str, float]  # of one round: name -> seconds a form, or bytes


@dataclass(frozen=True)
class Ratio:
    """``above`` over ``below``, names of figures. ``floor``: what must be, where ``target`` is not reached.

    ``at_least``: the larger the better.
    """

    text: str
    above: str
    below: str
    target: float
    floor: float | None = None
    at_least: bool = False

    def found(self, rounds: Sequence[Figures]) -> float | None:
        """The median of the rounds' own ratios, because a machine is slower in one round than in another."""
        both = [one for one in rounds if self.above in one and self.below in one]
        return median(one[self.above] / one[self.below] for one in both) if both else None

    def verdict(self, found: float) -> str:
        if self._reaches(found, self.target):
            return "reached"
        return "floor" if self.floor is not None and self._reaches(found, self.floor) else "NOT reached"

    def _reaches(self, found: float, wanted: float) -> bool:
        return found >= wanted if self.at_least else found <= wanted

    @property
    def sign(self) -> str:
        return "≥" if self.at_least else "≤"


RATIOS = (
    Ratio("calamine + XlsxWriter / parxl score, CPU", "calamine 1.cpu", "score 1.cpu", 5, 3, at_least=True),
    Ratio("openpyxl, shared styles / parxl score, CPU", "shared 1.cpu", "score 1.cpu", 18, 10, at_least=True),
    Ratio("parxl score / bound (read + write), CPU", "score 1.cpu", "bound.cpu", 1.6, 2.5),
    Ratio("parxl score / bound by zlib-ng, CPU", "score 1.cpu", "bound own.cpu", 1.6, 2.5),
    Ratio("parxl read, preflight included / calamine, one sheet, CPU", "read.cpu", "calamine one.cpu", 1),
    Ratio("parxl write / stamping bound, CPU", "write.cpu", "bound write.cpu", 2),
    Ratio("parxl write / stamping bound by zlib-ng, CPU", "write.cpu", "bound own write.cpu", 2),
    Ratio("1 process / 2 processes, 4N, wall", "score 4N 1.wall", "score 4N 2.wall", 1.7, at_least=True),
    Ratio("re-run, one count changed / full run, 4N, CPU", "count 4N.cpu", "score 4N 1.cpu", 0.05),
    Ratio("re-run, one evidence changed / full run, 4N, CPU", "evidence 4N.cpu", "score 4N 1.cpu", 0.05),
    Ratio("time a form at 4N / at N, CPU", "score 4N 1.cpu", "score 1.cpu", 1.1),
    Ratio("parxl --help / import pandas, CPU", "help.cpu", "pandas.cpu", 0.2),
)


def middle(rounds: Sequence[Figures], name: str) -> float | None:
    """The median of one figure; None where no round has it."""
    found = [one[name] for one in rounds if name in one]
    return median(found) if found else None
