"""One LibreOffice for the whole test session, driven by ``drive_office.py`` through JSON files."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

DRIVER = Path(__file__).with_name("drive_office.py")
SYSTEM_PYTHON = "/usr/bin/python3"
REQUIRED = os.environ.get("PARXL_REQUIRE_OFFICE") == "1"
TIME_LIMIT = 300

Json = Any


@cache
def what_is_missing() -> str:
    """Why these tests cannot run here; "" where they can."""
    if not shutil.which("soffice"):
        return "LibreOffice (soffice) is not installed"
    if not Path(SYSTEM_PYTHON).exists():
        return f"{SYSTEM_PYTHON} is not installed"
    probe = subprocess.run([SYSTEM_PYTHON, "-c", "import uno"], capture_output=True, check=False)
    return "" if probe.returncode == 0 else f"{SYSTEM_PYTHON} has no module uno (python3-uno)"


class Office:
    """A running soffice with its own user profile, and the way to ask it something."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._pipe = f"parxl{uuid4().hex}"
        profile = (folder / "profile").as_uri()
        options = ["--headless", "--norestore", "--nologo", "--nodefault", "--nofirststartwizard"]
        accept = f"--accept=pipe,name={self._pipe};urp;"
        self._process = subprocess.Popen(
            ["soffice", f"-env:UserInstallation={profile}", *options, accept],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def ask(self, request: Json) -> Json:
        """Have one workbook opened and worked on; see ``drive_office.py``."""
        name = uuid4().hex
        asked, answered = self._folder / f"{name}.request.json", self._folder / f"{name}.answer.json"
        asked.write_text(json.dumps(request), encoding="utf-8")
        command = [SYSTEM_PYTHON, str(DRIVER), self._pipe, str(asked), str(answered)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIME_LIMIT, check=False)
        if done.returncode:
            raise RuntimeError(f"drive_office.py failed:\n{done.stderr}")
        return json.loads(answered.read_text(encoding="utf-8")) if answered.exists() else None

    def close(self) -> None:
        """Ask soffice to end; its process group is ended if it does not."""
        try:
            self.ask({"quit": True})
            self._process.wait(timeout=20)
        except (RuntimeError, subprocess.TimeoutExpired):
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
