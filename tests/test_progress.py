"""The bar: for a person at a terminal, after two seconds; never in a file, never in a pipe."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from parxl.progress import bar, untold

SLOW = """
import time
from parxl.progress import bar
for number in bar(range(30), "Đọc phiếu", 30):
    time.sleep({pause})
print("xong", flush=True)
"""


def shown(pause: float) -> str:
    """What a person sees at a terminal."""
    pty = pytest.importorskip("pty", reason="a terminal of Unix")
    import fcntl
    import struct
    import termios

    number, terminal = pty.fork()
    if not number:
        os.execv(sys.executable, [sys.executable, "-c", SLOW.format(pause=pause)])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    seen = b""
    while piece := _read(terminal):
        seen += piece
    os.waitpid(number, 0)
    os.close(terminal)
    return seen.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # the other end is closed
        return b""


def test_nothing_is_lost_and_nothing_is_said_without_a_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    assert list(bar(iter(range(5)), "Đọc phiếu", 5)) == list(untold(range(5), "Đọc phiếu", 5)) == list(range(5))
    assert tuple(capfd.readouterr()) == ("", "")


def test_a_pipe_stays_silent_however_long_it_takes() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SLOW.format(pause=0.1)],
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    assert (done.stdout, done.stderr) == ("xong\n", "")


def test_a_terminal_shows_rate_and_time_left() -> None:
    lines = [line.strip() for line in shown(0.15).replace("\r", "\n").split("\n") if line.strip()]
    assert lines[-1] == "xong"
    bars = [line for line in lines if line.startswith("Đọc phiếu:")]
    assert bars
    assert all("|" in line and "/30, " in line and "/giây, còn khoảng 0" in line for line in bars)
    assert not any("it/s" in line for line in lines)


def test_what_is_quick_needs_no_bar() -> None:
    assert shown(0.001).split() == ["xong"]
