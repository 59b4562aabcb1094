"""A process that only reads loads neither NumPy nor pandas: it would take longer than the reading."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

# A script of its own: nothing that pytest has loaded may count.
SCRIPT = """
import sys
from pathlib import Path

def loaded(context):
    return lambda shared, task: sorted({"numpy", "pandas", "xlsxwriter", "openpyxl"} & set(sys.modules))

if __name__ == "__main__":
    sys.modules["answers"] = sys.modules["__main__"]
    loaded.__module__ = "answers"  # a child finds it in this very file, under another name
    from parxl.actions import open_campaign
    from parxl.crew import CREW, Batch
    from parxl.reading.intake import read_intake
    from parxl.workshop import Pace

    opened = open_campaign(Path(sys.argv[1]))
    with opened.shop(Pace(1)) as shop:
        print(len(read_intake(shop).files))
    print(*(answer for _, answer in CREW.each(loaded, [Batch([None])])))
"""


def test_reading_loads_no_library_that_computes(tmp_path: Path) -> None:
    samples = Path(__file__).parent.parent / "samples"
    root = shutil.copytree(samples / "ha-tinh-2019", tmp_path / "đợt")
    script = tmp_path / "answers.py"
    script.write_text(SCRIPT, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script), str(root)],
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    files, found = done.stdout.splitlines()
    assert int(files) > 2
    assert found == "[]"
