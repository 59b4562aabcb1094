"""Writing at the rim: the old file or the new one, never half of one; one parxl per folder."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from parxl.files import LOCK_NAME, locked, sha256, write_atomically
from parxl.findings import ParxlError

NOBODY = 65534
LONG_AGO = 1_000_000_000


class Stop(BaseException):
    """What a killed run looks like from inside."""


def _raiser(error: BaseException) -> Callable[..., object]:
    def fail(*args: object, **kwargs: object) -> object:
        raise error

    return fail


def leftovers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# Content ------------------------------------------------------------------------------------------


def test_new_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "một" / "hai" / "tệp.xlsx"
    for content in (b"old", b"", b"\x00\xff" * 100_000):
        write_atomically(path, content)
        assert path.read_bytes() == content
        assert leftovers(path.parent) == ["tệp.xlsx"]


def test_same_content_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"same")
    os.utime(path, (LONG_AGO, LONG_AGO))
    before = path.stat()
    write_atomically(path, b"same")
    assert (path.stat().st_mtime, path.stat().st_ino) == (LONG_AGO, before.st_ino)
    write_atomically(path, b"other")
    assert path.stat().st_mtime != LONG_AGO


def test_ordinary_permissions(tmp_path: Path) -> None:
    """mkstemp makes files that nobody else may read; ours are like any other file."""
    (tmp_path / "other").write_bytes(b"")
    write_atomically(tmp_path / "a", b"1")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "other").stat().st_mode


@pytest.mark.parametrize("name", ["a" * 255, "ệ" * 85, "b" * 250 + ".xlsx"])
def test_names_as_long_as_a_name_may_be(tmp_path: Path, name: str) -> None:
    assert len(name.encode()) == 255
    write_atomically(tmp_path / name, b"1")
    write_atomically(tmp_path / name, b"2")
    assert leftovers(tmp_path) == [name]
    assert (tmp_path / name).read_bytes() == b"2"


def test_name_too_long(tmp_path: Path) -> None:
    with pytest.raises(ParxlError) as caught:
        write_atomically(tmp_path / ("a" * 256), b"1")
    assert [f.code for f in caught.value.findings] == ["PX601"]
    assert leftovers(tmp_path) == []


# Failures -----------------------------------------------------------------------------------------

FAILURES = [PermissionError(13, "Permission denied"), OSError(28, "No space left on device"), Stop()]


@pytest.mark.parametrize("step", ["replace", "fsync", "fdopen", "chmod"])
@pytest.mark.parametrize("error", FAILURES, ids=["denied", "full", "killed"])
def test_old_file_stays_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, error: BaseException
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, step, _raiser(error))
    with pytest.raises((ParxlError, Stop)) as caught:
        write_atomically(path, b"new")
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert leftovers(tmp_path) == ["a.xlsx"]
    if isinstance(caught.value, ParxlError):
        assert [(f.code, f.file) for f in caught.value.findings] == [("PX601", "a.xlsx")]


class _FullDisk:
    """A stream that takes half and then says that the disk is full."""

    def __init__(self, handle: int, mode: str):
        self.stream = open(handle, mode)  # noqa: SIM115 - closed by the context manager

    def __enter__(self) -> _FullDisk:
        return self

    def __exit__(self, *error: object) -> None:
        self.stream.close()

    def write(self, content: bytes) -> None:
        self.stream.write(content[: len(content) // 2])
        raise OSError(28, "No space left on device")


def test_disk_full_halfway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fdopen", _FullDisk)
    with pytest.raises(ParxlError) as caught:
        write_atomically(path, b"new content")
    monkeypatch.undo()
    assert (path.read_bytes(), leftovers(tmp_path)) == (b"old", ["a.xlsx"])
    assert caught.value.exit_code == 1


def test_reason_is_vietnamese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for error in FAILURES[:2]:
        monkeypatch.setattr(os, "replace", _raiser(error))
        with pytest.raises(ParxlError) as caught:
            write_atomically(tmp_path / "a.xlsx", b"new")
        message = caught.value.findings[0].message
        assert "Permission" not in message
        assert "space" not in message


def test_target_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").mkdir()
    with pytest.raises(ParxlError) as caught:
        write_atomically(tmp_path / "a.xlsx", b"new")
    assert [f.code for f in caught.value.findings] == ["PX601"]
    assert leftovers(tmp_path) == ["a.xlsx"]


@pytest.fixture
def read_only() -> object:
    """A folder that this process may read but not write; root gives up its rights for it."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o555)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    yield folder
    if is_root:
        os.seteuid(0)
    folder.chmod(0o755)
    folder.rmdir()


@pytest.mark.skipif(os.name == "nt", reason="folders have no write permission on Windows")
def test_read_only_folder(read_only: Path) -> None:
    for name in ("a.xlsx", "new/a.xlsx"):
        with pytest.raises(ParxlError) as caught:
            write_atomically(read_only / name, b"new")
        assert [(f.code, f.file) for f in caught.value.findings] == [("PX601", "a.xlsx")]


@pytest.mark.skipif(os.name == "nt", reason="folders have no write permission on Windows")
def test_lock_in_a_read_only_folder(read_only: Path) -> None:
    with pytest.raises(ParxlError) as caught, locked(read_only):
        raise AssertionError("locked a folder that cannot be written")
    assert [f.code for f in caught.value.findings] == ["PX601"]


# The lock -----------------------------------------------------------------------------------------


def test_second_lock_stops_at_once(tmp_path: Path) -> None:
    with locked(tmp_path):
        with pytest.raises(ParxlError) as caught, locked(tmp_path):
            raise AssertionError("two locks on one folder")
        assert [(f.code, f.file) for f in caught.value.findings] == [("PX214", str(tmp_path))]
    assert caught.value.exit_code == 1


@pytest.mark.parametrize("error", [ValueError("x"), KeyboardInterrupt(), Stop(), OSError(5, "x")])
def test_lock_is_released_and_errors_pass(tmp_path: Path, error: BaseException) -> None:
    with pytest.raises(type(error)) as caught, locked(tmp_path):
        raise error
    assert caught.value is error
    with locked(tmp_path):
        pass


def test_lock_file_left_behind_locks_nothing(tmp_path: Path) -> None:
    (tmp_path / LOCK_NAME).write_text("1234")
    with locked(tmp_path):
        pass


HOLD = """
import sys
from pathlib import Path
from parxl.files import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_lock_of_a_killed_process_is_gone(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(ParxlError), locked(tmp_path):
            raise AssertionError("locked beside another process")
        other.kill()
        other.wait()
    with locked(tmp_path):
        pass


def test_sha256() -> None:
    assert sha256(b"").startswith("e3b0c44298fc1c14")
