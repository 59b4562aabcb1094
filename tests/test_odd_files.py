"""What may lie in 2-nop besides forms: every file has one fate on every run; nothing is moved or deleted."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from campaigns import TTHC, full_answers, issued_campaign, ket_qua, return_form
from click.testing import CliRunner

from parxl.actions import score_campaign
from parxl.cli import parxl
from parxl.criteria import load_set
from parxl.findings import finding, printable
from parxl.workshop import Workshop

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows takes few of these names and kinds")

NOBODY = 65534
STEERING = (
    "\x1b[31mđỏ\x1b[0m\x1b]0;tên\x07.xlsx",
    "hai\ndòng.xlsx",
    "về\rđầu.xlsx",
    "x\u202excod.exe",
    "\x9b2Ja.xlsx",
)


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = issued_campaign(tmp_path_factory.mktemp("odd") / "c", TTHC)
    return_form(root, "kbnn", full_answers(load_set(TTHC)), "đúng.xlsx")
    return root


@pytest.fixture
def root(issued: Path, tmp_path: Path) -> Path:
    """A campaign in which one form came back."""
    shutil.copytree(issued, tmp_path / "c")
    return tmp_path / "c"


def fates(root: Path) -> dict[str, tuple[str, str]]:
    """Name below 2-nop -> fate and first code, after two runs that say the same; the good form is scored."""
    before = listing(root)
    score_campaign(root)
    first = ket_qua(root)
    score_campaign(root)
    assert ket_qua(root) == first
    assert listing(root) == before
    names = [file["file"].removeprefix("2-nop/") for file in first["files"]]
    assert len(set(names)) == len(names)
    assert next(unit for unit in first["units"] if unit["code"] == "kbnn")["status"] == "scored"
    found = {name: (file["fate"], _code(first, file)) for name, file in zip(names, first["files"], strict=True)}
    assert found.pop("đúng.xlsx")[0] == "scored"
    return found


def _code(result: dict[str, Any], file: dict[str, Any]) -> str:
    codes = [found["code"] for found in file.get("findings", [])]
    return codes[0] if codes else ""


def listing(root: Path) -> list[tuple[str, int]]:
    paths = [Path(folder, name) for folder, _, files in os.walk(root / "2-nop") for name in files]
    return sorted((str(path), path.lstat().st_mtime_ns) for path in paths if os.path.lexists(path))


# Kinds --------------------------------------------------------------------------------------------


def test_links(root: Path) -> None:
    folder = root / "2-nop"
    (folder / "tệp.xlsx").symlink_to(folder / "đúng.xlsx")
    (folder / "thư mục").symlink_to("/etc", target_is_directory=True)
    (folder / "không.xlsx").symlink_to("/dev/zero")
    (folder / "mất.xlsx").symlink_to("nowhere")
    (folder / "vòng.xlsx").symlink_to("vòng.xlsx")
    (folder / "lên").symlink_to("..", target_is_directory=True)
    (folder / "mật.xlsx").symlink_to("/etc/passwd")
    names = ("tệp.xlsx", "thư mục", "không.xlsx", "mất.xlsx", "vòng.xlsx", "lên", "mật.xlsx")
    assert fates(root) == dict.fromkeys(names, ("rejected", "PX319"))


def test_pipes_and_sockets(root: Path, tmp_path: Path) -> None:
    os.mkfifo(root / "2-nop" / "ống.xlsx")
    with socket.socket(socket.AF_UNIX) as made:
        here = Path.cwd()
        os.chdir(root / "2-nop")  # the name of a socket is short
        made.bind("ổ.xlsx")
        os.chdir(here)
        assert fates(root) == dict.fromkeys(("ống.xlsx", "ổ.xlsx"), ("rejected", "PX319"))


@contextmanager
def as_nobody(root: Path) -> Iterator[None]:
    """Permissions count for everybody but root."""
    if os.geteuid():
        yield
        return
    for path in [root, *root.rglob("*")]:
        os.lchown(path, NOBODY, NOBODY)
    os.chmod(root.parent, 0o755)
    for parent in root.parents[:-2]:
        os.chmod(parent, os.stat(parent).st_mode | 0o055)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_closed_files_and_folders(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Nobody may not start a Python that is root's own.
    monkeypatch.setattr(Workshop, "_apart", Workshop._here)
    folder = root / "2-nop"
    (folder / "đóng.xlsx").write_bytes(b"x")
    for name in ("không đọc", "không vào"):
        (folder / name).mkdir()
        (folder / name / "a.xlsx").write_bytes(b"x")
    modes = {"đóng.xlsx": 0, "không đọc": 0, "không vào": 0o444}
    with as_nobody(root):
        for name, mode in modes.items():
            (folder / name).chmod(mode)
        found = fates(root)
    for name in modes:
        (folder / name).chmod(0o755)
    assert found == {
        "đóng.xlsx": ("rejected", "PX301"),
        "không đọc": ("rejected", "PX319"),
        "không vào/a.xlsx": ("rejected", "PX301"),
    }


# Names --------------------------------------------------------------------------------------------

NAMES = {
    **dict.fromkeys(STEERING, "rejected"),
    unicodedata.normalize("NFC", "Phiếu của Cục Thuế.xlsx"): "rejected",
    unicodedata.normalize("NFD", "Phiếu của Cục Thuế.xlsx"): "rejected",
    "ệ" * 83 + "a.xlsx": "rejected",
    "n" * 255: "rejected",
    "-rf.xlsx": "rejected",
    "--help": "rejected",
    "=1+1.xlsx": "rejected",
    '=HYPERLINK("http:||x","a").xlsx': "rejected",
    "@SUM(A1).xlsx": "rejected",
    "{file} %s {0}.xlsx": "rejected",
    "chấm cuối.xlsx.": "rejected",
    "cách cuối.xlsx ": "rejected",
    " ": "rejected",
    "a\\b.xlsx": "rejected",
    "CON": "rejected",
    "\u200b": "rejected",
    "<b>&amp;.xlsx": "rejected",
    "~$phiếu.xlsx": "skipped",
    ".~lock.a.xlsx#": "skipped",
    "._phiếu.xlsx": "skipped",
}


def test_names_of_every_kind(root: Path) -> None:
    for name in NAMES:
        (root / "2-nop" / name).write_bytes(name.encode())
    assert {name: fate for name, (fate, _) in fates(root).items()} == NAMES


def test_a_form_may_have_any_name(root: Path) -> None:
    content = (root / "2-nop" / "đúng.xlsx").read_bytes()
    names = [name for name, fate in NAMES.items() if fate == "rejected"]
    for name in names:
        (root / "2-nop" / name).write_bytes(content)
    (root / "2-nop" / "đúng.xlsx").unlink()
    score_campaign(root)
    found = [file["fate"] for file in ket_qua(root)["files"]]
    assert sorted(found) == ["duplicate"] * (len(names) - 1) + ["scored"]


def test_deep_folders(root: Path) -> None:
    here, made = Path.cwd(), root / "2-nop"
    os.chdir(made)
    for _ in range(30):
        os.mkdir("d" * 200)
        os.chdir("d" * 200)
    os.chdir(here)
    found = fates(root)
    shutil.rmtree(made / ("d" * 200))
    assert len(found) <= 1


# What the terminal gets ---------------------------------------------------------------------------


def steers(text: str) -> set[str]:
    """Characters that a terminal obeys instead of showing them."""
    return {c for c in text if unicodedata.category(c) in ("Cc", "Cf") and c != "\n"}


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_no_name_steers_the_terminal(root: Path, more: list[str]) -> None:
    for name in STEERING:
        (root / "2-nop" / name).write_bytes(b"x")
    done = CliRunner().invoke(parxl, ["score", str(root), *more])
    assert done.exit_code == 3, done.output
    assert steers(done.stderr) == set()
    for line in done.stderr.splitlines():
        assert not line.startswith(("dòng", "đầu"))
    assert "\\x1b[31mđỏ" in done.stderr
    names = {file["file"].removeprefix("2-nop/") for file in ket_qua(root)["files"]}
    assert set(STEERING) < names


def test_a_name_that_is_no_utf_8_reaches_no_console(root: Path) -> None:
    try:
        (root / "2-nop" / os.fsdecode(b"phi\xe9u\x1b.xlsx")).write_bytes(b"x")
    except (OSError, UnicodeError):
        pytest.skip("this file system takes only UTF-8 names")
    command = [sys.executable, "-c", "from parxl.cli import main; main()", "score", str(root)]
    done = subprocess.run(command, capture_output=True, check=False)
    assert b"phi\\xe9u\\x1b.xlsx" in done.stderr
    assert steers(done.stderr.decode("utf-8")) == set()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Phiếu chấm điểm “a” – 1…", "Phiếu chấm điểm “a” – 1…"),
        ("a\u00a0b", "a\u00a0b"),
        ("\x1b[2J", "\\x1b[2J"),
        ("a\nb\r\t", "a\\nb\\r\\t"),
        ("\u202e\u2028\x85\x9b", "\\u202e\\u2028\\x85\\x9b"),
        ("\udce9\ufeff", "\\udce9\\ufeff"),
        ("", ""),
    ],
)
def test_printable(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_a_finding_is_one_line() -> None:
    found = finding("PX302", file="a\nb\x1b.xlsx", sheet="\u202e", cell="D9")
    assert str(found).startswith("[PX302] Lỗi – a\\nb\\x1b.xlsx › \\u202e!D9: Tệp")
    assert found.file == "a\nb\x1b.xlsx"
