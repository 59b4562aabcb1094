"""Files of others are read in processes of their own: whatever ends one, the other files are read."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from campaigns import TTHC, full_answers, issued_campaign, ket_qua, return_form
from readers import DEADLY, SECONDS, DeadlyReader, ended

from parxl.actions import score_campaign
from parxl.criteria import load_set
from parxl.grid import Unreadable, isolation
from parxl.reading import many
from parxl.workshop import Pace

TESTS = Path(__file__).parent


def test_a_mistake_over_one_file_stops_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(isolation, "read_workbook", fail)
    (tmp_path / "a").write_bytes(b"PK")
    _, error = isolation.read_file(tmp_path / "a")
    assert isinstance(error, Unreadable)
    assert (error.code, "ZeroDivisionError" in error.reason) == ("PX318", True)


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(OSError, match=r"\[Errno"):
            isolation.read_apart(path)


def test_a_file_too_large_to_be_a_form_is_not_even_read(tmp_path: Path) -> None:
    with (tmp_path / "a").open("wb") as stream:
        stream.truncate(2**40)
    digest, error = isolation.read_apart(tmp_path / "a")
    assert isinstance(error, Unreadable)
    assert (digest, error.code) == ("", "PX316")


# A whole campaign ---------------------------------------------------------------------------------


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_file_that_kills_its_reader_takes_no_neighbour_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    root = issued_campaign(tmp_path, TTHC)
    answers = full_answers(load_set(TTHC))
    for name in ("a.xlsx", f"b {DEADLY}.xlsx", f"c {DEADLY}.xlsx"):
        return_form(root, "cuc-thue", answers, name)
    return_form(root, "kbnn", answers, "d.xlsx")
    monkeypatch.setattr(many, "reader", DeadlyReader)
    report = score_campaign(root, Pace(jobs))
    fates = {file["file"].removeprefix("2-nop/"): file["fate"] for file in ket_qua(root)["files"]}
    assert fates == {
        "a.xlsx": "scored",
        f"b {DEADLY}.xlsx": "rejected",
        f"c {DEADLY}.xlsx": "rejected",
        "d.xlsx": "scored",
    }
    assert report.exit_code == 3
    found = [f for f in report.results.findings if f.code == "PX318"]  # type: ignore[union-attr]
    assert len(found) == 2
    assert all("chương trình đọc tệp dừng đột ngột" in f.message for f in found)
    assert all(file["sha256"] for file in ket_qua(root)["files"])


# The parent ---------------------------------------------------------------------------------------

PARENT = """
import sys
from readers import obeying
from parxl.crew import Batch, Crew

if __name__ == "__main__":
    crew = Crew(seconds={seconds})
    print(next(iter(crew.each(obeying, [Batch(["a", "{order}"])])))[1][1], flush=True)
    list(crew.each(obeying, [Batch(["{order}"])]))
    sys.stdin.read()
"""


def child_of(order: str, seconds: float, tmp_path: Path) -> tuple[subprocess.Popen[str], int]:
    """A program that is busy with this order, and the number of its child."""
    script = tmp_path / "parent.py"
    script.write_text(PARENT.format(order=order, seconds=seconds), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, str(script)],
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, int(process.stdout.readline())


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize(("order", "seconds"), [("b", 60), ("late", 60), ("sleep", 3), ("spin", 3)])
def test_the_child_ends_with_its_killed_parent(order: str, seconds: float, tmp_path: Path) -> None:
    process, child = child_of(order, seconds, tmp_path)
    time.sleep(0.5)
    process.kill()
    process.communicate()
    assert ended(child)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_the_child_ends_with_its_interrupted_parent(tmp_path: Path) -> None:
    process, child = child_of("sleep", 60, tmp_path)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=SECONDS)
    assert ended(child)


UNGUARDED = """
import sys
from pathlib import Path
from parxl.actions import score_campaign

report = score_campaign(Path(sys.argv[1]))
print(report.exit_code, [f.code for f in report.findings])
"""


@pytest.mark.parametrize("how", ["file", "text", "pipe"])
def test_a_script_without_a_guard_may_score(how: str, tmp_path: Path) -> None:
    """Child processes usually import their parent's main module: ours must not run the script again."""
    root = issued_campaign(tmp_path / "c", TTHC)
    return_form(root, "kbnn", full_answers(load_set(TTHC)))
    script = tmp_path / "script.py"
    script.write_text(UNGUARDED, encoding="utf-8")
    arguments = {"file": [str(script)], "text": ["-c", UNGUARDED], "pipe": ["-"]}[how]
    done = subprocess.run(
        [sys.executable, *arguments, str(root)], input=UNGUARDED, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("0 []\n", "")
    assert json.dumps(ket_qua(root)["files"][0]["fate"]) == '"scored"'
