"""Files at the rim: atomic writes, the folder's lock, content hashes."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from parxl.findings import ParxlError, finding

LOCK_NAME = ".parxl.lock"


def write_atomically(path: Path, content: bytes) -> None:
    """Old file or new file, never half of one. ParxlError PX601 if it cannot be written.

    A file that already holds this content is left alone.
    """
    try:
        if path.is_file() and path.read_bytes() == content:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, content)
    except OSError as error:
        raise _unwritable(path.name, error) from error


def _unwritable(file: str, error: OSError) -> ParxlError:
    """PX601 with the reason in Vietnamese: the system's own words are English."""
    reasons = {
        errno.EACCES: "tệp đang mở ở chương trình khác hoặc không có quyền ghi",
        errno.ENOSPC: "đĩa đầy",
        errno.ENAMETOOLONG: "tên tệp quá dài",
        errno.EISDIR: "đã có một thư mục mang tên này",
        errno.EROFS: "ổ đĩa chỉ cho đọc",
    }
    code = errno.EACCES if isinstance(error, PermissionError) else error.errno
    reason = reasons.get(code or 0, f"lỗi của hệ điều hành số {code}")
    return ParxlError([finding("PX601", file=file, reason=reason)])


def _replace(path: Path, content: bytes) -> None:
    # A fixed short prefix: the target's own name may already be as long as a name may be.
    handle, temporary = tempfile.mkstemp(prefix=".parxl-", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


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
        raise _unwritable(str(folder), error) from error
    try:
        yield
    finally:
        lock.release()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
