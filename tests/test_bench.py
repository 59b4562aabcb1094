"""The benchmark itself: all programs do the same work, and its arithmetic is right. Nothing here is timed."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from bench import colleagues
from bench.archive import deflate, parts_of, zipped
from bench.figures import RATIOS, Figures, Ratio, middle
from bench.fillings import Campaign, form_path
from bench.measuring import Failed, Stopwatch, measure
from bench.recording import Recording, load, record
from bench.report import STAGES, WHOLE, report
from bench.rounds import Bench
from campaigns import HA_TINH, SET_IDS, TTHC

from parxl.books.form.book import write_form

BURN = "import time\nwhile time.process_time() < {seconds}: pass"


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(TTHC, 4, [1, 2], tmp_path_factory.mktemp("bench"), lambda text: None)


@pytest.fixture(scope="module")
def measured(bench: Bench) -> Figures:
    """One whole round; it fails where two programs have different scores."""
    return bench.round()


# A whole round ------------------------------------------------------------------------------------


def test_a_round_measures_everything(measured: Figures) -> None:
    ends = [f"{name}.{unit}" for name in WHOLE for unit in ("cpu", "wall")]
    wanted = {*ends, *(f"{name}.cpu" for name in STAGES)}
    wanted |= {name for ratio in RATIOS for name in (ratio.above, ratio.below)}
    assert wanted <= set(measured)
    assert all(value > 0 for value in measured.values())


@pytest.mark.parametrize("markdown", [False, True])
def test_the_report_shows_all_of_it(markdown: bool) -> None:
    names = [*(f"{name}.{unit}" for name in WHOLE for unit in ("cpu", "wall")), "help.cpu", "pandas.cpu"]
    rounds = [dict.fromkeys([*names, *(f"{name}.cpu" for name in STAGES)], seconds) for seconds in (0.5, 0.25)]
    text = report(rounds, 4, HA_TINH, markdown)
    shown = [*WHOLE.values(), *STAGES.values(), *(ratio.text for ratio in RATIOS)]
    assert [one for one in shown if one not in text] == []
    assert "not measured" not in text
    assert text.count("375.00") == 2 * len(WHOLE) + len(STAGES)  # milliseconds, the middle of both


def test_other_scores_are_an_error(bench: Bench) -> None:
    unit, leaf = next((u, c) for u, scores in bench.expected.items() for c, points in scores.items() if points)
    wrong = {**bench.expected, unit: {**bench.expected[unit], leaf: 0}}
    with pytest.raises(Failed, match=unit):
        bench._agree(wrong, "somebody")


def test_every_unit_has_scores(bench: Bench) -> None:
    assert sorted(bench.expected) == sorted(unit.code for unit in bench.small.units)
    assert all(scores for scores in bench.expected.values())


# The others write the same ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def recording(bench: Bench) -> Recording:
    return load(next(bench.recordings.glob("*.pickle")))


def looks(found: Recording) -> Iterator[tuple[Any, ...]]:
    """(sheet, row, column, value, formula, style) of every cell with a content."""
    for sheet in found.sheets:
        for cell in sheet.cells:
            if cell.value is not None or cell.formula:
                yield sheet.name, cell.row, cell.column, cell.value, cell.formula, found.styles[cell.style]


@pytest.mark.parametrize("kind", [colleagues.Worksheet, colleagues.Unsearched])
def test_xlsxwriter_writes_what_was_recorded(recording: Recording, kind: Any, tmp_path: Path) -> None:
    colleagues.plain_xlsxwriter(recording, tmp_path / "made.xlsx", kind)
    made = record((tmp_path / "made.xlsx").read_bytes())
    assert list(looks(made)) == list(looks(recording))
    for ours, theirs in zip(recording.sheets, made.sheets, strict=True):
        assert (theirs.widths, theirs.heights) == (ours.widths, ours.heights)
        assert set(theirs.merges) == set(ours.merges)


@pytest.mark.parametrize("write", [colleagues.naive_openpyxl, colleagues.shared_openpyxl])
def test_openpyxl_writes_what_was_recorded(recording: Recording, write: Any, tmp_path: Path) -> None:
    """But for the results of formulas, which it cannot keep."""
    write(recording, tmp_path / "made.xlsx")
    made = record((tmp_path / "made.xlsx").read_bytes())
    assert list(without_results(made)) == list(without_results(recording))


def without_results(found: Recording) -> Iterator[tuple[Any, ...]]:
    for sheet, row, column, value, formula, style in looks(found):
        yield sheet, row, column, formula or value, style


# The campaign -------------------------------------------------------------------------------------


@pytest.mark.parametrize("set_id", SET_IDS)
def test_a_form_made_of_another_is_the_form_of_its_unit(set_id: str, tmp_path: Path) -> None:
    campaign = Campaign(set_id, 4, distinct=2)
    first, second = campaign.units[0], campaign.units[2]
    # Of the same length: a longer name may need a higher row.
    campaign.units[2] = replace(second, name="X" * len(first.name))
    campaign.write_department(tmp_path)
    campaign.write_forms(tmp_path)
    made = form_path(tmp_path, second).read_bytes()
    assert parts_of(made) == parts_of(write_form(campaign._data(2)))


def test_the_changes_are_what_they_are_called(bench: Bench) -> None:
    campaign = bench.small
    unit, before = campaign.units[0], campaign._data(0)
    same_unit, evidence = campaign.changed_in_evidence()
    assert same_unit == unit
    assert parts_of(evidence) != parts_of(write_form(before))
    assert parts_of(campaign.changed_in_count()[1]) != parts_of(write_form(before))


def test_one_form_in_ten_is_another_programs(tmp_path: Path) -> None:
    campaign = Campaign(TTHC, 12)
    campaign.fillings[:] = campaign.fillings[:3]
    assert [one.resaved for one in campaign.fillings] == [False, False, True]


# Arithmetic ---------------------------------------------------------------------------------------

ROUNDS = [{"a": 10.0, "b": 2.0}, {"a": 30.0, "b": 3.0}, {"a": 8.0, "b": 1.0, "c": 7.0}]


def test_a_ratio_is_the_median_of_the_rounds_own() -> None:
    assert Ratio("", "a", "b", 1).found(ROUNDS) == 8  # of 5, 10 and 8; the medians alone would give 5
    assert Ratio("", "a", "c", 1).found(ROUNDS) == pytest.approx(8 / 7)
    assert Ratio("", "a", "d", 1).found(ROUNDS) is None
    assert middle(ROUNDS, "a") == 10
    assert middle(ROUNDS, "d") is None


@pytest.mark.parametrize(
    ("found", "at_least", "verdict"),
    [
        (5, True, "reached"),
        (4.99, True, "floor"),
        (3, True, "floor"),
        (2.99, True, "NOT reached"),
        (5, False, "reached"),
        (5.01, False, "NOT reached"),
    ],
)
def test_what_is_said_of_a_ratio(found: float, at_least: bool, verdict: str) -> None:
    assert Ratio("", "a", "b", 5, 3, at_least).verdict(found) == verdict


def test_a_floor_below_a_limit() -> None:
    limit = Ratio("", "a", "b", 1.6, 2.5)
    verdicts = [limit.verdict(found) for found in (1.6, 1.7, 2.5, 2.6)]
    assert verdicts == ["reached", "floor", "floor", "NOT reached"]


def test_archives_are_whole() -> None:
    parts = {"a.xml": b"<a/>" * 3000, "b/c.xml": b"", "d.xml": "đủ điểm".encode()}
    made = zipped((name, deflate(body, 9)) for name, body in parts.items())
    with zipfile.ZipFile(BytesIO(made)) as archive:
        assert archive.testzip() is None
    assert parts_of(made) == parts


# Measuring ----------------------------------------------------------------------------------------


def test_a_process_that_outlives_its_parent_is_counted() -> None:
    child = BURN.format(seconds=0.3)
    parent = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {child!r}])"
    assert measure([sys.executable, "-c", parent]).cpu >= 0.3


def test_the_memory_of_all_processes_counts() -> None:
    hold = "import time; kept = bytearray(b'x' * 40_000_000); time.sleep(1)"
    parent = f"import subprocess, sys; p = subprocess.Popen([sys.executable, '-c', {hold!r}]); {hold}; p.wait()"
    assert measure([sys.executable, "-c", parent], peak=True).peak >= 80_000_000


def test_a_failure_is_told() -> None:
    with pytest.raises(Failed, match="so it is"):
        measure([sys.executable, "-c", "import sys; sys.exit('so it is')"])


def test_stages_add_up() -> None:
    watch, burn = Stopwatch(), [sys.executable, "-c", BURN.format(seconds=0.2)]
    for _ in range(2):
        with watch.stage("waiting"):
            subprocess.run(burn, check=True)
    with watch.stage("working"):
        sum(range(1_000_000))
    assert watch.wall["waiting"] >= 0.4 > watch.cpu["waiting"]
    assert watch.cpu["working"] > 0
