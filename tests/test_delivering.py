"""Only what changed is done again, in however many processes, and the outcome is always that of a fresh run."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from campaigns import TTHC, full_answers, issued_campaign, ket_qua, return_form, set_items, set_rows
from readers import SECONDS, ended

from parxl import actions, delivering
from parxl.actions import issue_forms, score_campaign
from parxl.cache import NAME
from parxl.criteria import load_set
from parxl.reading import many
from parxl.workshop import Pace, Workshop

ANSWERS = full_answers(load_set(TTHC))
UNITS = [(f"dv-{n:02}", f"Đơn vị số {n}", "Khối A" if n % 2 else "Khối B") for n in range(1, 9)]
CODES = [code for code, _, _ in UNITS]


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A round that has been scored once: full marks, something to mend, something rejected, nothing."""
    root = issued_campaign(tmp_path_factory.mktemp("đợt"), TTHC, UNITS)
    for code in CODES[:6]:
        return_form(root, code, ANSWERS, evidence={"1.6": f"Báo cáo của {code}"})
    return_form(root, CODES[2], {**ANSWERS, "1.6/a": "1O"}, evidence={})
    (root / "2-nop" / f"{CODES[6]}.xlsx").write_bytes(b"not a form")
    score_campaign(root)
    return root


@pytest.fixture
def root(scored: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(scored, tmp_path / "đợt", dirs_exist_ok=True))


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is read or written anew, as it happens: everything in this very process."""
    done: list[str] = []
    each = Workshop.each

    def told(shop: Workshop, maker: Any, tasks: Any, words: str, *more: Any) -> Iterator[Any]:
        tasks = list(tasks)
        done.extend(f"{words} {task if isinstance(task, str) else task[0]}" for task in tasks)
        return iter(each(shop, maker, tasks, words, *more))

    monkeypatch.setattr(Workshop, "each", told)
    return done


def tree(root: Path) -> dict[str, bytes]:
    """Every file but the cache and the lock."""
    files = (path for path in root.rglob("*") if path.is_file())
    return {str(p.relative_to(root)): p.read_bytes() for p in files if not p.name.startswith(".parxl")}


def stamps(root: Path) -> dict[str, tuple[int, int]]:
    """Each output's inode and time: whether it was touched."""
    files = (path for path in (root / "4-ket-qua").rglob("*.xlsx"))
    return {str(p.relative_to(root)): (p.stat().st_ino, p.stat().st_mtime_ns) for p in files}


def from_nothing(root: Path) -> dict[str, bytes]:
    """What a first run on the same folder writes."""
    fresh = root.parent / "fresh"
    shutil.copytree(root, fresh)
    (fresh / NAME).unlink(missing_ok=True)
    shutil.rmtree(fresh / "4-ket-qua")
    score_campaign(fresh)
    return tree(fresh)


# Nothing changed ----------------------------------------------------------------------------------


def test_a_second_run_does_nothing_again(root: Path, work: list[str]) -> None:
    before, touched = tree(root), stamps(root)
    report = score_campaign(root)
    assert (tree(root), stamps(root)) == (before, touched)
    # What belongs to no unit, or was rejected, is looked at every time.
    assert work == [f"{many.WORDS} 2-nop/{CODES[6]}.xlsx"]
    assert (
        len(report.written) == len(CODES) + 1 + 2
    )  # with what went back, the league workbook and the JSON file


def test_the_outputs_of_the_whole_round_are_not_made_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def told(name: str, make: Any) -> Any:
        return lambda *facts: (made.append(name), make(*facts))[1]

    for name in ("write_league", "json_pieces"):
        monkeypatch.setattr(actions, name, told(name, getattr(actions, name)))
    before, league = tree(root), root / "4-ket-qua" / "bang-xep-hang.xlsx"
    score_campaign(root)
    assert made == []
    league.write_bytes(league.read_bytes() + b" ")
    score_campaign(root)
    assert made == ["write_league"]
    (root / "4-ket-qua" / "ket-qua.json").unlink()
    score_campaign(root)
    assert made == ["write_league", "json_pieces"]
    assert tree(root) == before


def test_forms_are_not_written_again(root: Path, work: list[str]) -> None:
    issue_forms(root)
    work.clear()
    report = issue_forms(root)
    assert work == []
    assert [path.name for path in report.written] == [f"{code}.xlsx" for code in CODES]


@pytest.mark.parametrize("name", ["dot-cham.xlsx", NAME])
def test_the_cache_may_be_gone(root: Path, work: list[str], name: str) -> None:
    before = tree(root)
    if name == NAME:
        (root / NAME).unlink()
    score_campaign(root)
    assert tree(root) == before
    assert (len(work) > len(CODES)) == (name == NAME)


# Something changed --------------------------------------------------------------------------------


def test_a_word_of_evidence_is_one_unit_s_business(root: Path, work: list[str]) -> None:
    code, touched = CODES[1], stamps(root)
    return_form(root, code, ANSWERS, evidence={"1.6": "Báo cáo khác"})
    score_campaign(root)
    assert f"{many.WORDS} 2-nop/{code}.xlsx" in work
    assert [done for done in work if done.startswith(delivering.WRITE_RESULTS)] == [
        f"{delivering.WRITE_RESULTS} {code}"
    ]
    changed = {name for name, stamp in stamps(root).items() if touched[name] != stamp}
    # The league workbook names the hash of every file.
    assert changed == {f"4-ket-qua/don-vi/{code}.xlsx", "4-ket-qua/bang-xep-hang.xlsx"}
    assert tree(root) == from_nothing(root)


def test_a_figure_is_the_business_of_its_group(root: Path, work: list[str]) -> None:
    code = CODES[1]
    return_form(root, code, changed_answers())
    score_campaign(root)
    anew = {done.split()[-1] for done in work if done.startswith(delivering.WRITE_RESULTS)}
    group = {c for c, _, name in UNITS if name == "Khối B"}
    assert code in anew
    assert anew <= group
    assert tree(root) == from_nothing(root)


def changed_answers() -> dict[str, object]:
    """One count less."""
    key = next(
        key for key, value in ANSWERS.items() if isinstance(value, int) and value > 1 and key.endswith("/b")
    )
    return {**ANSWERS, key: 1}


@pytest.mark.parametrize(
    "change",
    [
        lambda root: set_rows(root, "Đơn vị", [("dv-01", "Tên mới của đơn vị", "Khối A")]),
        lambda root: set_rows(root, "Không áp dụng", [("dv-02", "1.6", "không có", "CV 1")]),
        lambda root: set_items(root, {"Tên đợt chấm": "Đợt chấm khác"}),
        lambda root: (root / "2-nop" / "dv-03.xlsx").unlink(),
        lambda root: (root / "2-nop" / "dv-04.xlsx").rename(root / "2-nop" / "đổi tên.xlsx"),
        lambda root: shutil.copy(root / "1-phieu" / "dv-08.xlsx", root / "2-nop" / "dv-08.xlsx"),
        lambda root: (root / "4-ket-qua" / "don-vi" / "dv-05.xlsx").write_bytes(b"somebody else's"),
        lambda root: (root / "4-ket-qua" / "don-vi" / "dv-05.xlsx").unlink(),
        lambda root: (root / "4-ket-qua" / "tra-lai" / "dv-03.xlsx").unlink(),
        lambda root: (root / "4-ket-qua" / "ket-qua.json").unlink(),
    ],
)
def test_whatever_changes_the_outcome_is_that_of_a_first_run(
    root: Path, change: Callable[[Path], object]
) -> None:
    change(root)
    score_campaign(root)
    assert tree(root) == from_nothing(root)


def test_a_form_is_written_again_when_what_it_shows_changes(root: Path, work: list[str]) -> None:
    issue_forms(root)
    work.clear()
    set_rows(root, "Đơn vị", [("dv-01", "Tên mới của đơn vị", "Khối A")])
    issue_forms(root)
    assert work == [f"{delivering.WRITE_FORMS} dv-01"]
    (root / "1-phieu" / "dv-02.xlsx").unlink()
    work.clear()
    issue_forms(root)
    assert work == [f"{delivering.WRITE_FORMS} dv-02"]
    assert (root / "1-phieu" / "dv-02.xlsx").exists()


def test_a_form_that_somebody_filled_in_is_told_every_time(root: Path) -> None:
    shutil.copy(root / "2-nop" / "dv-01.xlsx", root / "1-phieu" / "dv-01.xlsx")
    filled = (root / "1-phieu" / "dv-01.xlsx").read_bytes()
    for _ in range(2):
        report = issue_forms(root)
        assert [(f.code, f.file) for f in report.findings] == [("PX602", "1-phieu/dv-01.xlsx")]
        assert len(report.written) == len(CODES) - 1
    assert (root / "1-phieu" / "dv-01.xlsx").read_bytes() == filled


# Processes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_the_outcome_does_not_depend_on_the_processes(
    root: Path, jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = tree(root)
    (root / NAME).unlink()
    shutil.rmtree(root / "4-ket-qua")
    monkeypatch.setattr(delivering, "FEW", 0)
    score_campaign(root, Pace(jobs))
    issue_forms(root, Pace(jobs))
    assert tree(root) == expected


def test_one_process_writes_what_it_scored(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no two units are written at once, a process for it would only have to load everything again."""
    expected = tree(root)
    (root / NAME).unlink()
    shutil.rmtree(root / "4-ket-qua")
    apart, sent = Workshop._apart, []

    def told(shop: Workshop, maker: Any, batches: Any) -> Any:
        sent.append(maker)
        return apart(shop, maker, batches)

    monkeypatch.setattr(Workshop, "_apart", told)
    monkeypatch.setattr(delivering, "FEW", 1)
    score_campaign(root, Pace(1))
    issue_forms(root, Pace(1))
    assert sent == [many.reader]
    assert tree(root) == expected


class Deadly(delivering.ResultWriter):
    """Dies of one unit."""

    def __call__(self, share: Any, code: str) -> Any:
        if code == "dv-04":
            os._exit(1)
        return super().__call__(share, code)


class DeadlyForms(delivering.FormWriter):
    def __call__(self, share: Any, code: str) -> Any:
        if code in ("dv-02", "dv-05"):
            os._exit(1)
        return super().__call__(share, code)


def test_a_process_that_dies_loses_its_unit_only(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = tree(root)
    (root / NAME).unlink()
    shutil.rmtree(root / "4-ket-qua")
    monkeypatch.setattr(delivering, "FEW", 0)
    monkeypatch.setattr(delivering, "ResultWriter", Deadly)
    report = score_campaign(root, Pace(2))
    assert [(f.code, f.file) for f in report.findings] == [("PX603", "dv-04")]
    assert report.exit_code == 1
    lost = "4-ket-qua/don-vi/dv-04.xlsx"
    assert set(expected) - set(tree(root)) == {lost}
    assert lost not in ket_qua(root)["books"]
    # Its result is there all the same, and the next run writes the workbook.
    monkeypatch.undo()
    assert score_campaign(root).exit_code == 3
    assert tree(root) == expected


def test_forms_survive_a_process_that_dies(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in (root / "1-phieu").glob("*.xlsx"):
        path.unlink()
    monkeypatch.setattr(delivering, "FEW", 0)
    monkeypatch.setattr(delivering, "FormWriter", DeadlyForms)
    report = issue_forms(root, Pace(2))
    assert [(f.code, f.file) for f in report.findings] == [("PX603", "dv-02"), ("PX603", "dv-05")]
    assert [path.stem for path in report.written] == [c for c in CODES if c not in ("dv-02", "dv-05")]


SLOW = """
import sys, time
from pathlib import Path
from parxl import actions, delivering
from parxl.actions import score_campaign
from parxl.workshop import Pace

delivering.FEW = 0

def track(things, words, total):
    for thing in things:
        yield thing
        if words == delivering.WRITE_RESULTS:
            print("written", flush=True)
            time.sleep(0.5)

score_campaign(Path(sys.argv[1]), Pace(2, track))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal")
def test_ctrl_c_stops_at_once_and_leaves_whole_files(root: Path) -> None:
    expected = tree(root)
    (root / NAME).unlink()
    shutil.rmtree(root / "4-ket-qua")
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, str(root)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    process.stdout.readline()
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=SECONDS)
    assert time.monotonic() - began < SECONDS / 2
    assert ended(process.pid)
    found = tree(root)
    whole = {name: content for name, content in found.items() if not name.endswith(".tmp")}
    assert all(expected[name] == content for name, content in whole.items())
    assert len(whole) < len(expected)
    score_campaign(root)
    assert tree(root) == expected
