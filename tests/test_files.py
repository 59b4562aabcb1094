"""Writing at the rim: the old file or the new one, never half of one; one parxl per folder."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from parxl.files import (
    LOCK_NAME,
    REASONS,
    locked,
    make_folder,
    read_existing,
    remove,
    sha256,
    sweep,
    write_atomically,
    write_pieces,
)
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


@pytest.mark.parametrize("code", [*REASONS, errno.EMFILE])
def test_reason_is_vietnamese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    monkeypatch.setattr(os, "replace", _raiser(OSError(code, os.strerror(code))))
    with pytest.raises(ParxlError) as caught:
        write_atomically(tmp_path / "a.xlsx", b"new")
    message = caught.value.findings[0].message
    assert os.strerror(code) not in message
    assert REASONS.get(code, f"lỗi của hệ điều hành số {code}") in message


def test_folder_is_synced_after_the_file_is_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[bool, bool]] = []
    path = tmp_path / "a.xlsx"

    def fsync(handle: int) -> None:
        seen.append((stat.S_ISDIR(os.fstat(handle).st_mode), path.exists()))

    monkeypatch.setattr(os, "fsync", fsync)
    write_atomically(path, b"new")
    folder = [] if os.name == "nt" else [(True, True)]
    assert seen == [(False, False), *folder]


def test_folder_that_cannot_be_synced_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows does not open folders; some network drives do not sync them."""
    opened = os.open

    def refuse(path: str, *args: int) -> int:
        return opened(path, *args) if not Path(path).is_dir() else opened(path / Path("none"), *args)

    monkeypatch.setattr(os, "open", refuse)
    write_atomically(tmp_path / "a.xlsx", b"new")
    assert leftovers(tmp_path) == ["a.xlsx"]


def test_read_only_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")
    path.chmod(0o444)
    write_atomically(path, b"old")  # nothing to write
    for change in (lambda: write_atomically(path, b"new"), lambda: remove(path)):
        with pytest.raises(ParxlError) as caught:
            change()
        assert [(f.code, f.file) for f in caught.value.findings] == [("PX601", "a.xlsx")]
    assert (path.read_bytes(), leftovers(tmp_path)) == (b"old", ["a.xlsx"])
    path.chmod(0o644)
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"


def test_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    assert read_existing(path) is None
    path.write_bytes(b"old")
    assert read_existing(path) == b"old"
    assert read_existing(path / "below") is None
    with pytest.raises(ParxlError) as caught:
        read_existing(tmp_path)
    assert [(f.code, f.file) for f in caught.value.findings] == [("PX601", tmp_path.name)]


def test_remove(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")
    for target in (path, path, tmp_path / "none" / "a.xlsx"):
        remove(target)
    path.write_bytes(b"old")
    remove(path / "below")
    assert leftovers(tmp_path) == ["a.xlsx"]


def test_make_folder(tmp_path: Path) -> None:
    for _ in range(2):
        make_folder(tmp_path / "a" / "b")
    (tmp_path / "file").write_bytes(b"x")
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(ParxlError) as caught:
            make_folder(place)
        assert [(f.code, f.file) for f in caught.value.findings] == [("PX601", str(place))]


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


# What a killed run leaves ---------------------------------------------------------------------------

NOT_OURS = [
    ".parxl.lock",
    ".parxl-.tmp",
    ".parxl-abcdefg.tmp",
    ".parxl-abcdefghi.tmp",
    ".parxl-ABCDEFGH.tmp",
    ".parxl-abcdefgh.tmp.xlsx",
    ".parxl-abcdefgh.tmp\n",
    "a.parxl-abcdefgh.tmp",
    "a.tmp",
    "ca.xlsx",
]
OURS = ".parxl-ab_d3fgh.tmp"


@pytest.mark.skipif(os.name == "nt", reason="names and links that Windows does not have")
def test_sweep_takes_only_what_is_parxls(tmp_path: Path) -> None:
    for name in (*NOT_OURS, OURS):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / ".parxl-afolder1.tmp").mkdir()
    (tmp_path / ".parxl-afolder1.tmp" / OURS).write_bytes(b"x")
    (tmp_path / ".parxl-alink__1.tmp").symlink_to(tmp_path / "ca.xlsx")
    sweep([tmp_path])
    assert set(leftovers(tmp_path)) == {*NOT_OURS, ".parxl-afolder1.tmp", ".parxl-alink__1.tmp"}
    assert leftovers(tmp_path / ".parxl-afolder1.tmp") == [OURS]


def test_sweep_knows_every_name_that_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``tempfile`` makes the names: if it ever makes others, leftovers would stay for ever."""
    monkeypatch.setattr(os, "replace", _raiser(Stop()))
    monkeypatch.setattr(os, "unlink", _raiser(OSError(13, "x")))
    for _ in range(20):
        with pytest.raises(Stop):
            write_atomically(tmp_path / "a.xlsx", b"new")
    monkeypatch.undo()
    assert len(leftovers(tmp_path)) == 20
    sweep([tmp_path])
    assert leftovers(tmp_path) == []


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_sweep_goes_on_and_follows_no_link(tmp_path: Path) -> None:
    for name in ("elsewhere", "last"):
        (tmp_path / name).mkdir()
        (tmp_path / name / OURS).write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "file").write_bytes(b"x")
    sweep([tmp_path / name for name in ("none", "link", "file", "last")])
    assert leftovers(tmp_path / "elsewhere") == [OURS]
    assert leftovers(tmp_path / "last") == []


def test_sweep_is_no_reason_to_stop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / OURS).write_bytes(b"x")
    monkeypatch.setattr(os, "unlink", _raiser(PermissionError(13, "x")))
    sweep([tmp_path])
    assert leftovers(tmp_path) == [OURS]


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


PIECES = [b"one\n", b"", b"two " * 100_000, b"three"]


def test_content_in_pieces(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.json"
    for pieces in (PIECES, PIECES[::-1], []):
        write_pieces(path, iter(pieces))
        assert path.read_bytes() == b"".join(pieces)
    assert [p.name for p in path.parent.iterdir()] == ["a.json"]


def test_the_same_content_in_pieces_is_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_pieces(path, PIECES)
    before = path.stat()
    write_pieces(path, [b"".join(PIECES)])
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]


def test_pieces_that_break_off_leave_the_old_file(tmp_path: Path) -> None:
    def breaking() -> Iterator[bytes]:
        yield b"half"
        raise ZeroDivisionError

    path = tmp_path / "a.json"
    path.write_bytes(b"old")
    with pytest.raises(ZeroDivisionError):
        write_pieces(path, breaking())
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("a.json", b"old")]
