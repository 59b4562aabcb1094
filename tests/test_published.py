"""Tables that were published, from their own points: totals, index, ranks and mean as printed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pandas as pd

from parxl.campaign import Exemption, Settings, Unit
from parxl.criteria import CriteriaSet, load_set, parse_set
from parxl.exact import half_up, points_text, to_units
from parxl.league import standings
from parxl.scoring import blank_inputs, score

SETS = Path(__file__).parent / "sets" / "good"

# Bình Dương 2017, the nine districts: appraisal (of 65), survey (of 35), and their sum.
BINH_DUONG_2017 = {
    "a": ("51,75", "32,83", "84,58"),
    "b": ("48,75", "33,25", "82,00"),
    "c": ("47,45", "32,82", "80,27"),
    "d": ("46,8", "32,24", "79,04"),
    "e": ("46,5", "31,56", "78,06"),
    "f": ("45,75", "32,08", "77,83"),
    "g": ("44", "32,22", "76,22"),
    "h": ("46", "30,03", "76,03"),
    "i": ("40,45", "31,01", "71,46"),
}
MEAN = "78,39"
ORDERS = ["abcdefghi", "ihgfedcba", "eagicbhdf"]  # of the roster: it never decides a rank


def points(text: str) -> int:
    return to_units(Decimal(text.replace(",", ".")), 2)


def entered_table(
    criteria: CriteriaSet, given: dict[tuple[str, str], int], codes: str, out: tuple[Exemption, ...] = ()
) -> pd.DataFrame:
    """The league of units that have only points that the department enters."""
    units = tuple(Unit(code, code) for code in codes)
    chosen = Settings("Đợt", 2017, units=units, survey=given, exemptions=out)
    return standings(criteria, chosen, score(criteria, blank_inputs(criteria, list(codes)), chosen))


def printed(column: pd.Series) -> dict[str, str]:
    return {str(code): points_text(int(units), 2) for code, units in column.items()}


def test_binh_duong_2017() -> None:
    criteria = load_set(str(SETS / "two-entered.toml"))
    given = {(code, "1"): points(own) for code, (own, _, _) in BINH_DUONG_2017.items()}
    given |= {(code, "2"): points(survey) for code, (_, survey, _) in BINH_DUONG_2017.items()}
    for codes in ORDERS:
        table = entered_table(criteria, given, codes)
        wanted = {code: total for code, (_, _, total) in BINH_DUONG_2017.items()}
        assert printed(table["total"]) == printed(table["index"]) == wanted
        assert table["rank"].to_dict() == {code: place for place, code in enumerate(BINH_DUONG_2017, start=1)}
        assert not table["open"].any()
        assert not table["tied"].any()


def test_the_mean_of_binh_duong_2017() -> None:
    totals = [points(total) for _, _, total in BINH_DUONG_2017.values()]
    assert points_text(half_up(sum(totals), len(totals)), 2) == MEAN


def test_a_unit_is_measured_by_its_own_maximum() -> None:
    """42,63 of 48 points is 88,81, and stands above 43,51 of 50."""
    text = (SETS / "two-entered.toml").read_text(encoding="utf-8")
    for old, new in (("max = 100", "max = 50"), ("max = 65", "max = 48"), ("max = 35", "max = 2")):
        assert text.count(old) == 1
        text = text.replace(old, new)
    given = {("u", "1"): points("42,63"), ("v", "1"): points("41,51"), ("v", "2"): points("2")}
    out = (Exemption("u", "2", "Không phát sinh"),)
    table = entered_table(parse_set(text, "thu.toml"), given, "vu", out)
    assert printed(table["total"]) == {"v": "43,51", "u": "42,63"}
    assert printed(table["maximum"]) == {"v": "50,00", "u": "48,00"}
    assert printed(table["index"]) == {"v": "87,02", "u": "88,81"}
    assert table["rank"].to_dict() == {"v": 2, "u": 1}
