"""How results are spread, and grades: against loops over random rounds, and written out."""

from __future__ import annotations

from fractions import Fraction
from statistics import median, pstdev

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from leagues import Round, Row, every_round, half_up, has_counted, in_order, mean, plain
from test_league_figures import nullable

from parxl.campaign import Band, Settings
from parxl.league.areas import Areas
from parxl.league.spread import grades, spread

properties = settings(max_examples=300, deadline=None, database=None)


# Random rounds ------------------------------------------------------------------------------------


def spread_row(values: list[int]) -> Row:
    if not values:
        return {"count": 0} | dict.fromkeys(["mean", "median", "lowest", "highest"])
    middle = half_up(Fraction(median(values)))
    return {
        "count": len(values),
        "mean": mean(values),
        "median": middle,
        "lowest": min(values),
        "highest": max(values),
    }


def percents(made: Round, group: str, measure: str) -> list[int]:
    own = [made.index(u) if measure == "index" else made.area_percent(u, measure) for u in made.members(group)]
    return [one for one in own if one is not None]


@every_round
def test_spread(made: Round) -> None:
    found = spread(made.table, made.found_areas)
    measures = [(group, measure) for group in made.groups for measure in ("index", *made.areas)]
    in_order(found.drop(columns="deviation"), {key: spread_row(percents(made, *key)) for key in measures})
    for key, deviation in found["deviation"].items():
        values = percents(made, *key)
        assert (deviation is pd.NA) == (not values)
        assert not values or abs(deviation - pstdev(values)) <= 0.5 + 1e-6


def grade_rows(made: Round, group: str) -> dict[tuple[str, str], Row]:
    own = [band for band in made.settings.bands if band.group == group]
    bands = own or [band for band in made.settings.bands if band.group == "*"]
    rest, rows = [i for unit in made.members(group) if (i := made.index(unit)) is not None], {}
    ranked = len(rest)
    for name, start in [*sorted(((b.name, b.start) for b in bands), key=lambda b: -b[1]), ("", 0)]:
        count = sum(index >= start for index in rest)
        rest = [index for index in rest if index < start]
        percent = half_up(Fraction(1000 * count, ranked)) if ranked else None
        rows[group, name] = {"count": count, "percent": percent}
    return rows if bands else {}


@every_round
def test_grades(made: Round) -> None:
    found = [item for group in made.groups for item in grade_rows(made, group).items()]
    in_order(grades(made.settings, made.table), dict(found))


@every_round
def test_the_types_of_spread_and_grades(made: Round) -> None:
    has_counted(spread(made.table, made.found_areas), {"count"})
    has_counted(grades(made.settings, made.table), {"count"})


# Written out --------------------------------------------------------------------------------------


def spread_of(values: list[int | None]) -> dict[str, int | None]:
    table = pd.DataFrame({"index": nullable(values), "group": "X"})
    nothing = pd.DataFrame(index=table.index)
    found: dict[str, int | None] = plain(spread(table, Areas(*[nothing] * 7)))["X", "index"]
    return found


def test_spread_written_out() -> None:
    found = spread_of([200, 400, 400, None, 400, 500, 500, 700, 900])
    assert found == {"count": 8, "mean": 500, "median": 450, "lowest": 200, "highest": 900, "deviation": 200}
    assert spread_of([1, 2]) == {"count": 2, "mean": 2, "median": 2, "lowest": 1, "highest": 2, "deviation": 1}
    assert spread_of([7])["deviation"] == 0
    assert spread_of([None]) == {"count": 0} | dict.fromkeys(
        ["mean", "median", "lowest", "highest", "deviation"]
    )


@pytest.mark.parametrize(
    ("values", "deviation"),
    [
        ([0, 1], 1),  # 0,5
        ([0, 3], 2),  # 1,5
        ([0, 5], 3),  # 2,5: half to even would be 2
        ([0, 0, 1], 0),  # 0,471
        ([0, 0, 0, 3, 3, 3], 2),
        ([0, 2 * 10**9 + 1], 10**9 + 1),
        ([0, 345, 6539], 3004),  # 3004,499999995
    ],
)
def test_the_deviation_at_exact_halves(values: list[int], deviation: int) -> None:
    assert spread_of(list(values))["deviation"] == deviation


@properties
@given(st.lists(st.integers(0, 12_000), min_size=1, max_size=40))
@example([0, 1, 1, 0])
def test_the_deviation_is_the_nearest_whole_number(values: list[int]) -> None:
    """d is half up of √v/n just where (2d − 1)² n² ≤ 4v < (2d + 1)² n²: no root is taken here."""
    found, n = spread_of(list(values))["deviation"], len(values)
    assert found is not None
    v = sum((x - y) ** 2 for x in values for y in values) // 2  # n² times the variance
    assert 4 * v < (2 * found + 1) ** 2 * n**2
    assert found == 0 or (2 * found - 1) ** 2 * n**2 <= 4 * v
    assert abs(found - pstdev(values)) <= 0.5 + 1e-6


BANDS = (Band("*", "Khá", 7000), Band("*", "Tốt", 9000), Band("Y", "Đạt", 5000))


def test_grades_written_out() -> None:
    bands = ["Tốt", "Tốt", "", "", "Đạt"]
    table = pd.DataFrame(
        {"index": nullable([9500, 9000, 10, None, 6000]), "group": list("XXXXY"), "band": bands}
    )
    assert plain(grades(Settings("Đợt", 2026, bands=BANDS), table)) == {
        ("X", "Tốt"): {"count": 2, "percent": 667},
        ("X", "Khá"): {"count": 0, "percent": 0},
        ("X", ""): {"count": 1, "percent": 333},
        ("Y", "Đạt"): {"count": 1, "percent": 1000},
        ("Y", ""): {"count": 0, "percent": 0},
    }


def test_a_grade_s_share_is_half_up() -> None:
    table = pd.DataFrame({"index": nullable([9500] + [0] * 15), "group": "X", "band": ["Tốt"] + [""] * 15})
    found = grades(Settings("Đợt", 2026, bands=BANDS), table)
    assert found["percent"].to_list() == [63, 0, 938]  # 6,25% and 93,75%


def test_groups_without_bands_have_no_grades() -> None:
    table = pd.DataFrame({"index": nullable([9500, 10]), "group": ["X", "Y"], "band": ["", "Đạt"]})
    assert {g for g, _ in grades(Settings("Đợt", 2026, bands=BANDS[2:]), table).index} == {"Y"}
    assert grades(Settings("Đợt", 2026), table).empty
