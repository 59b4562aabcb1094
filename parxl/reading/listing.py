"""What lies below a folder into which people put files."""

from __future__ import annotations

import os
import stat
import unicodedata
from pathlib import Path


def files_below(root: Path) -> list[Path]:
    """Everything below a folder that is no folder, in an order that does not depend on the file system.

    Links are never followed; a folder that cannot be opened stands for what is in it.
    """
    # os.path, not Path: a folder that may be listed but not entered makes Path's questions errors.
    if not os.path.exists(root):
        return []
    found: list[Path] = []
    closed: list[OSError] = []
    for folder, folders, files in os.walk(root, onerror=closed.append):
        linked = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        found += [Path(folder, name) for name in (*linked, *files)]
    found += [Path(error.filename) for error in closed]
    return sorted(found, key=lambda p: (unicodedata.normalize("NFC", p.as_posix()), p.as_posix()))


def not_a_file(path: Path) -> str:
    """What something in the folder is that must not even be opened; "" for an ordinary file."""
    try:
        mode = os.lstat(path).st_mode
    except OSError:
        return ""  # opening it will tell why
    if stat.S_ISLNK(mode):
        return "một liên kết tới nơi khác"
    if stat.S_ISDIR(mode):
        return "một thư mục không mở được"
    return "" if stat.S_ISREG(mode) else "một tệp đặc biệt của hệ điều hành"


def is_owner_file(name: str) -> bool:
    """Office programs keep these beside an open file; other dot files are the system's own."""
    return name.startswith(("~$", ".")) or name.lower() in ("thumbs.db", "desktop.ini")
