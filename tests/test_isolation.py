"""The reader's own process: whatever ends it, the next file is read by a fresh one."""

from __future__ import annotations

import json
import multiprocessing
import multiprocessing.context
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from campaigns import TTHC, full_answers, issued_campaign, ket_qua, return_form
from readers import DEADLY, obey, read_or_die

from parxl.actions import score_campaign
from parxl.criteria import load_set
from parxl.grid import Unreadable, isolation
from parxl.grid.isolation import Reader, read_file

TESTS = Path(__file__).parent
SECONDS = 20  # for what should take one: a busy machine takes its time


@pytest.fixture
def reader() -> Iterator[Reader]:
    found = Reader(obey, seconds=SECONDS)
    yield found
    found.stop()


def ended(process: int) -> bool:
    """Is there no such process any more, or only its name?"""
    for _ in range(SECONDS * 10):
        try:
            state = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.1)
    return False


def test_one_child_reads_all_files(reader: Reader) -> None:
    answers = [reader.read(name) for name in ("a", "b", "ệ\udce9")]
    assert [name for name, _ in answers] == ["a", "b", "ệ\udce9"]
    assert len({child for _, child in answers}) == 1
    assert answers[0][1] != os.getpid()


@pytest.mark.parametrize("order", ["exit", "crash"])
def test_a_child_that_dies(reader: Reader, order: str) -> None:
    _, first = reader.read("a")
    with pytest.raises(Unreadable) as caught:
        reader.read(order)
    assert (caught.value.code, caught.value.reason) == ("PX318", "chương trình đọc tệp dừng đột ngột")
    name, second = reader.read("b")
    assert (name, second == first) == ("b", False)


@pytest.mark.parametrize("order", ["sleep", "spin"])
def test_a_child_that_never_ends(order: str) -> None:
    reader = Reader(obey, seconds=2)
    _, first = _patient(reader, "a")
    with pytest.raises(Unreadable, match="quá 2 giây") as caught:
        reader.read(order)
    assert caught.value.code == "PX318"
    assert ended(first)
    assert _patient(reader, "b")[0] == "b"
    reader.stop()


def _patient(reader: Reader, order: str) -> tuple[str, int]:
    """An answer, however long the child takes to start."""
    for _ in range(10):
        try:
            answer: tuple[str, int] = reader.read(order)
            return answer
        except Unreadable:
            continue
    raise AssertionError("the child does not start")


def test_a_late_answer_is_nobody_s() -> None:
    reader = Reader(obey, seconds=SECONDS)
    reader.read("a")
    reader._seconds = 0.5
    with pytest.raises(Unreadable):
        reader.read("late")
    reader._seconds = SECONDS
    assert [reader.read(name)[0] for name in ("b", "c")] == ["b", "c"]
    reader.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to its address space")
def test_a_child_that_eats_all_memory(reader: Reader) -> None:
    with pytest.raises(MemoryError):
        reader.read("eat")
    assert reader.read("b")[0] == "b"


def test_a_mistake_of_ours_is_told_as_it_is(reader: Reader) -> None:
    _, first = reader.read("a")
    with pytest.raises(ZeroDivisionError, match="fail"):
        reader.read("fail")
    assert reader.read("b") == ("b", first)


def test_a_mistake_over_one_file_stops_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(isolation, "read_workbook", fail)
    (tmp_path / "a").write_bytes(b"PK")
    _, error = read_file(str(tmp_path / "a"))
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


def test_an_interruption_passes_through_at_once(reader: Reader) -> None:
    _, child = reader.read("a")
    began = time.monotonic()
    main = threading.main_thread().ident
    threading.Timer(0.5, signal.pthread_kill, (main, signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        reader.read("sleep")
    assert time.monotonic() - began < SECONDS / 2
    assert ended(child)
    assert reader.read("b")[0] == "b"


def test_a_child_that_cannot_start_is_no_file_s_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """It must not be taken for a file that cannot be opened: every file would be rejected."""

    def fail(process: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    reader = Reader(obey, seconds=SECONDS)
    with monkeypatch.context() as patched:
        patched.setattr(multiprocessing.context.SpawnProcess, "start", fail)
        with pytest.raises(RuntimeError, match="can be started"):
            reader.read("a")
    assert reader.read("b")[0] == "b"
    reader.stop()


# A whole campaign ---------------------------------------------------------------------------------


def test_a_file_that_kills_its_reader_takes_no_neighbour_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = issued_campaign(tmp_path, TTHC)
    answers = full_answers(load_set(TTHC))
    for name in ("a.xlsx", f"b {DEADLY}.xlsx", f"c {DEADLY}.xlsx"):
        return_form(root, "cuc-thue", answers, name)
    return_form(root, "kbnn", answers, "d.xlsx")
    killed = Reader(read_or_die)
    monkeypatch.setattr(isolation, "READER", killed)
    report = score_campaign(root)
    killed.stop()
    fates = {file["file"].removeprefix("2-nop/"): file["fate"] for file in ket_qua(root)["files"]}
    assert fates == {
        "a.xlsx": "scored",
        f"b {DEADLY}.xlsx": "rejected",
        f"c {DEADLY}.xlsx": "rejected",
        "d.xlsx": "scored",
    }
    assert report.exit_code == 3
    assert [f.code for f in report.results.findings].count("PX318") == 2  # type: ignore[union-attr]


# The parent ---------------------------------------------------------------------------------------

PARENT = """
import sys
from readers import obey
from parxl.grid.isolation import Reader

if __name__ == "__main__":
    reader = Reader(obey, seconds={seconds})
    print(reader.read("a")[1], flush=True)
    reader.read("{order}")
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
