"""Files at the rim: atomic writes, the folder's lock, content hashes."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import stat
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from parxl.findings import ParxlError, finding

LOCK_NAME = ".parxl.lock"
# A fixed short prefix: the target's own name may already be as long as a name may be.
PREFIX, SUFFIX = ".parxl-", ".tmp"
LEFTOVER = re.compile(re.escape(PREFIX) + r"[a-z0-9_]{8}" + re.escape(SUFFIX))  # what mkstemp puts between
# Also where a plain file stands in place of the folder.
NOTHING_THERE = (FileNotFoundError, NotADirectoryError)

REASONS = {
    errno.EACCES: "tệp đang mở ở chương trình khác, tệp chỉ đọc hoặc không có quyền ghi",
    errno.ENOSPC: "đĩa đầy",
    errno.EDQUOT: "hết dung lượng được cấp trên ổ đĩa",
    errno.EFBIG: "tệp lớn hơn mức hệ thống cho phép",
    errno.ENAMETOOLONG: "tên tệp quá dài",
    errno.EISDIR: "đã có một thư mục mang tên này",
    errno.EEXIST: "nơi cần có thư mục lại là một tệp",
    errno.ENOTDIR: "nơi cần có thư mục lại là một tệp",
    errno.EROFS: "ổ đĩa chỉ cho đọc",
    errno.EIO: "ổ đĩa hoặc đường mạng gặp trục trặc",
}


def write_atomically(path: Path, content: bytes) -> None:
    """Old file or new file, never half of one. ParxlError PX601 if it cannot be written.

    A file that already holds this content is left alone.
    """
    try:
        if path.is_file() and path.read_bytes() == content:
            return
    except OSError as error:
        raise unwritable(path.name, error) from error
    write_pieces(path, [content])


def write_pieces(path: Path, pieces: Iterable[bytes]) -> None:
    """The same for a content that is too large to be held: it is compared once it is written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _refuse_read_only(path)
        _replace(path, pieces)
    except OSError as error:
        raise unwritable(path.name, error) from error
    _fsync_folder(path.parent)


def read_existing(path: Path) -> bytes | None:
    """What an output holds now; None where there is none. ParxlError PX601 if that cannot be told."""
    try:
        return path.read_bytes()
    except NOTHING_THERE:
        return None
    except OSError as error:
        raise unwritable(path.name, error) from error


def remove(path: Path) -> None:
    """Delete an output that is no longer needed; ParxlError PX601 if it cannot be."""
    try:
        _refuse_read_only(path)
        with contextlib.suppress(*NOTHING_THERE):
            path.unlink()
    except OSError as error:
        raise unwritable(path.name, error) from error


def make_folder(path: Path) -> None:
    """A folder and those above it; ParxlError PX601 if it cannot be made."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(str(path), error) from error


def unwritable(file: str, error: OSError) -> ParxlError:
    """PX601 with the reason in Vietnamese: the system's own words are English."""
    code = errno.EACCES if isinstance(error, PermissionError) else error.errno
    reason = REASONS.get(code or 0, f"lỗi của hệ điều hành số {code}")
    return ParxlError([finding("PX601", file=file, reason=reason)])


def _refuse_read_only(path: Path) -> None:
    """A file marked read-only stays: Windows refuses to replace one, Unix would not even ask."""
    if path.is_file() and not path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        raise PermissionError(errno.EACCES, "read-only")


def _replace(path: Path, pieces: Iterable[bytes]) -> None:
    handle, temporary = tempfile.mkstemp(prefix=PREFIX, suffix=SUFFIX, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            for piece in pieces:
                stream.write(piece)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, 0o666 & ~_umask())
        if _is_same(Path(temporary), path):
            os.unlink(temporary)
        else:
            os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _is_same(new: Path, old: Path) -> bool:
    """OSError also where the old file must not be read: then it is not ours to replace."""
    return old.is_file() and file_sha256(old) == file_sha256(new)


def _fsync_folder(folder: Path) -> None:
    """Make the new name last through a power cut, where the system lets a folder be opened for that."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def sweep(folders: Iterable[Path]) -> None:
    """Delete the temporary files that a killed parxl left in these folders; hold the lock for it.

    Only plain files under exactly the names that parxl gives them; links are not followed.
    """
    for folder in folders:
        with contextlib.suppress(OSError):
            if not folder.is_symlink():
                _sweep(folder)


def _sweep(folder: Path) -> None:
    with os.scandir(folder) as entries:
        found = [e for e in entries if LEFTOVER.fullmatch(e.name) and e.is_file(follow_symlinks=False)]
    for entry in found:
        with contextlib.suppress(OSError):
            os.unlink(entry.path)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the operating system's lock on a folder; ParxlError PX214 if another parxl holds it."""
    lock = FileLock(folder / LOCK_NAME)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise ParxlError([finding("PX214", file=str(folder))]) from error
    except OSError as error:
        raise unwritable(str(folder), error) from error
    try:
        yield
    finally:
        lock.release()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def file_sha256(path: Path) -> str:
    """Of a file's content, which is never held as a whole. OSError if it cannot be read."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
