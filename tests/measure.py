"""What reading one file costs: a small server that forks a fresh process for each file.

    python tests/measure.py < paths

prints a line of JSON for each path: the code and reason, the processor time, and the growth of memory.
"""

from __future__ import annotations

import json
import os
import pickle
import re
import sys
import time
from pathlib import Path
from typing import Any

# What the gate loads when the first file asks for it, once a process: no file's own cost.
import openpyxl.formula.translate
import openpyxl.styles.numbers
import openpyxl.utils.datetime  # noqa: F401

from parxl.grid import Unreadable
from parxl.grid.isolation import read_file


def peak() -> int:
    """The most memory this process has held so far, in bytes."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    assert found
    return int(found[1]) * 1024


def measured(path: str) -> dict[str, Any]:
    """The answer as the child of ``isolation`` makes and packs it, and what it cost."""
    memory, seconds = peak(), time.process_time()
    digest, book = read_file(Path(path))
    size = len(pickle.dumps((digest, book)))
    seconds, memory = time.process_time() - seconds, peak() - memory
    is_read = not isinstance(book, Unreadable)
    code, reason = ("", "") if is_read else (book.code, book.reason)  # type: ignore[union-attr]
    return {"code": code, "reason": reason, "seconds": seconds, "memory": memory, "answer": size}


def main() -> None:
    for line in sys.stdin:
        if not (child := os.fork()):
            try:
                print(json.dumps(measured(json.loads(line))), flush=True)
                os._exit(0)
            finally:
                os._exit(1)
        _, status = os.waitpid(child, 0)
        if status:
            print(json.dumps({"died": status}), flush=True)


if __name__ == "__main__":
    main()
