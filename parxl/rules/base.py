"""What every rule kind shares: states, inputs, rungs, and the faces a rule shows.

A rule kind's faces stand side by side in its own module: the inputs it asks for, its points over a
frame of many units (pandas), its live formulas in the sheet, and its sentence of explanation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from functools import cache, cached_property
from typing import Any, ClassVar, Literal, NamedTuple, TypeAlias

from pydantic import BaseModel, ConfigDict

from parxl.exact import points_literal, points_text, to_units
from parxl.late import np, pd
from parxl.rules.lines import InputLine, Line, Number

# In an inputs frame (int64) a count is a whole number >= 0, scaled by 10**decimals where the input
# allows decimals; a mark is 1 or 0. Two values below zero stand for what is not a number. The
# sheet's hidden column of cleaned values says the same with "" and "!".
BLANK = -1
DAMAGED = -2
TOP = 10**9  # the largest count
# Binary noise, here and in the sheet: 11.999999999999998 is 12, and 100 × 169457021.92 is whole.
TOLERANCE = 0.0001

Array: TypeAlias = "np.ndarray"
Columns = Mapping[str, Array]  # input id -> its values, int64, one a unit
Ref = Callable[[str], str]
Values = Mapping[str, int]
IfZero = Literal["full", "zero", "not-applicable", "guidance"]


class State(StrEnum):
    """How a part stands; the sheet's hidden state column holds the same words."""

    SCORED = "scored"
    MISSING = "missing"
    CONTRADICTORY = "contradictory"
    DAMAGED = "damaged"
    ZERO = "zero"  # a = 0, or "Không phát sinh": the decision or a ruling says what it earns
    AWAITING = "awaiting"  # the same, where neither says anything yet: null, not 0
    WAIVED = "waived"  # nothing was assigned to the whole group: full points
    NOT_APPLICABLE = "not-applicable"


# Many units' states are kept as places in this row (int8).
STATES = tuple(State)
PLACES = {state: place for place, state in enumerate(STATES)}


@cache
def state_names() -> Array:
    """The names of all states in their places: one object each, however many units."""
    return np.array([str(state) for state in STATES], dtype=object)


def zero_state(case: IfZero | None) -> State:
    """What the state ZERO becomes by a decision or a ruling."""
    resolved = {"guidance": State.AWAITING, "not-applicable": State.NOT_APPLICABLE}
    return resolved.get(case or "", State.ZERO)


class Input(BaseModel):
    """One input of a rule: ``id`` is local to the part; a count, or a mark (x)."""

    model_config = ConfigDict(frozen=True)
    id: str
    kind: Literal["count", "mark"]
    text: str
    decimals: int = 0


class Mistake(BaseModel):
    """A mistake in a rule's data: a register code, the line (from 1) or None, and its facts."""

    model_config = ConfigDict(frozen=True)
    code: str
    line: int | None = None
    facts: dict[str, Any] = {}


class Rung(NamedTuple):
    """One step of the ladder that finds a state: the same condition for pandas and for the sheet."""

    state: State
    mask: Callable[[Columns], Array]
    sheet: Callable[[Ref], str]


class Rule(BaseModel):
    """A rule of one scored part. Points are in units of the set's last decimal."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    allowed: ClassVar[tuple[str, ...]] = ()

    rule: str
    decimals: int
    max: Number
    lines: tuple[Line, ...] = ()

    # What the rule asks for -----------------------------------------------------------------

    @cached_property
    def max_units(self) -> int:
        return self.units(self.max)

    @property
    def zero_case(self) -> IfZero | None:
        """What a = 0 (or "Không phát sinh") earns by the decision; None where it cannot happen."""
        return getattr(self, "if_zero", None)

    @cached_property
    def inputs(self) -> tuple[Input, ...]:
        """Every input in printed order."""
        return tuple(count_of(line) for line in self.of_kind("input"))

    @property
    def restored(self) -> bool:
        """Does a formula of this rule stand in for a picture that the source lost?"""
        return any(line.restored for line in self.of_kind("band"))

    def of_kind(self, kind: str) -> list[Any]:
        return self._by_kind.get(kind, [])

    @cached_property
    def _by_kind(self) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        for line in self.lines:
            found.setdefault(line.kind, []).append(line)
        return found

    def units(self, points: Decimal) -> int:
        return to_units(points, self.decimals)

    # Checks on the rule's own data ----------------------------------------------------------

    def best(self) -> Decimal:
        """The most points that the options, bands or items can give."""
        raise NotImplementedError

    def mistakes(self) -> Iterator[Mistake]:
        """Mistakes in the rule's own data, beyond the types of its keys."""
        for number, line in enumerate(self.lines, start=1):
            if line.kind not in self.allowed:
                yield Mistake(code="PX113", line=number, facts={"kind": line.kind, "rule": self.rule})
        kinds = {i.decimals for i in self.inputs if i.kind == "count"}
        if len(kinds) > 1:
            yield Mistake(code="PX120")

    # Points over a frame of units, and the same in the sheet --------------------------------

    def rungs(self) -> list[Rung]:
        """The ladder of states: the first true rung counts, none means SCORED."""
        raise NotImplementedError

    def points(self, columns: Columns) -> Array:
        """Units of points (int64), right where the state is SCORED."""
        raise NotImplementedError

    def points_formula(self, ref: Ref) -> str:
        """The live points where the state is SCORED: an expression (no "=") in points."""
        raise NotImplementedError

    def outcome(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Index: unit; columns: input ids (int64) -> columns ``points`` (units), ``state``.

        Points are 0 wherever the state is not SCORED.
        """
        states, points = self.found({i: frame[i].to_numpy(dtype="int64") for i in frame})
        return pd.DataFrame({"points": points, "state": state_names()[states]}, index=frame.index)

    def found(self, columns: Columns) -> tuple[Array, Array]:
        """The same, as (places in ``STATES``, units of points)."""
        states = np.full(size(columns), PLACES[State.SCORED], dtype="int8")
        for rung in reversed(self.rungs()):
            states[rung.mask(columns)] = PLACES[rung.state]
        points = np.where(states == PLACES[State.SCORED], self.points(columns), 0)
        return states, points.astype("int64", copy=False)

    def state_formula(self, ref: Ref, case: IfZero | None = None) -> str:
        """``IF(c1,"s1",IF(c2,"s2",… "scored"))`` over the cleaned values that ``ref`` addresses.

        The case ZERO stands as what the decision makes of it, or a ruling (``case``): "zero", "awaiting" …
        """
        zero = zero_state(case or self.zero_case)
        formula = f'"{State.SCORED}"'
        for rung in reversed(self.rungs()):
            state = zero if rung.state == State.ZERO else rung.state
            formula = f'IF({rung.sheet(ref)},"{state}",{formula})'
        return formula

    # The next step up -----------------------------------------------------------------------

    def reach(self, values: Values, target: int) -> dict[str, int] | None:
        """The smallest change after which the part is SCORED and earns at least ``target`` units.

        Input id -> new value, of the changed inputs alone; {} where nothing need change, None where no
        change is enough. Smallest: fewest cases moved and marks changed; a count that cannot be read
        counts from 0. A total a that can be read stays as it is: None also where it is 0.
        """
        raise NotImplementedError

    def change_words(self, values: Values, changes: Mapping[str, int]) -> str:
        """A change that ``reach`` found, in Vietnamese; a count that could not be read is just stated."""
        raise NotImplementedError

    # Words ----------------------------------------------------------------------------------

    def explain(self, values: Values, points: int) -> str:
        """The Vietnamese sentence for a SCORED part that earned ``points`` units."""
        raise NotImplementedError

    def resting_line(self, values: Values) -> str:
        """The decision's printed line that a SCORED part rests on; "" where none is printed."""
        raise NotImplementedError

    def needed(self, values: Values) -> list[str]:
        """The ids of the blank inputs that keep a MISSING part from being scored."""
        return [i.id for i in self.inputs if i.kind == "count" and values[i.id] == BLANK]

    def assumed(self, values: Values) -> list[str]:
        """The ids of blank inputs that count as 0 in a SCORED part."""
        return []

    def validation(self, input_id: str, cell: Ref) -> tuple[str, str]:
        """What Excel shall check on typing, beyond the input's own type: (condition, words).

        ``cell`` gives the address of an input's own cell; ("", "") where there is nothing.
        """
        return "", ""

    def earned(self, points: int) -> str:
        return f"{points_text(points, self.decimals)} điểm"

    def literal(self, points: Decimal) -> str:
        return points_literal(self.units(points), self.decimals)


def whole(values: Values, a: str, parts: Sequence[str], decimals: int) -> int:
    """The total as typed; where it cannot be read, all that is typed of it, or else a single case."""
    if values[a] >= 0:
        return values[a]
    typed = sum(max(values[i], 0) for i in parts)
    return min(typed, TOP * 10**decimals) or 10**decimals


def changed(values: Values, new: Values) -> dict[str, int]:
    """Those of the new values that are not the old ones."""
    return {i: value for i, value in new.items() if value != values[i]}


def size(columns: Columns) -> int:
    """How many units."""
    return len(next(iter(columns.values())))


def count_of(line: InputLine) -> Input:
    """The count that a line asks for."""
    return Input(id=line.id, kind="count", text=line.text, decimals=line.decimals)


def is_value(input_id: str, value: int, state: State) -> Rung:
    """The rung "this input is 0 / blank / damaged"."""
    sheet = {BLANK: '""', DAMAGED: '"!"'}.get(value, str(value))
    return Rung(
        state,
        lambda columns: columns[input_id] == value,
        lambda ref: f"{ref(input_id)}={sheet}",
    )


def readable(input_id: str) -> list[Rung]:
    """The two rungs every count begins with."""
    return [
        is_value(input_id, DAMAGED, State.DAMAGED),
        is_value(input_id, BLANK, State.MISSING),
    ]


def exceeds(part: str, whole: str) -> Rung:
    """The rung "b > a"."""
    return Rung(
        State.CONTRADICTORY,
        lambda columns: columns[part] > columns[whole],
        lambda ref: f"{ref(part)}>{ref(whole)}",
    )


def pair_rungs(a: str, b: str) -> list[Rung]:
    """The ladder of a rate b/a: a = 0 counts whatever else is typed."""
    return [*readable(a), is_value(a, 0, State.ZERO), *readable(b), exceeds(b, a)]


def input_mistakes(rule: Rule, wanted: set[str]) -> Iterator[Mistake]:
    """Are the input lines exactly the wanted ones?"""
    ids = [line.id for line in rule.lines if isinstance(line, InputLine)]
    if sorted(ids) != sorted(wanted):
        yield Mistake(
            code="PX115",
            facts={"wanted": ", ".join(sorted(wanted)), "found": ", ".join(ids) or "không có"},
        )
