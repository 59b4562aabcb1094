"""One campaign of the whole country's size: time and memory, and again after small changes."""

from __future__ import annotations

import time
from pathlib import Path

from bench.fillings import Campaign
from bench.measuring import Measured, measure
from bench.report import MB, Table
from bench.rounds import DONE, PARXL, Tell, replace_form

MOST_MEMORY = 400 * MB


def national(set_id: str, count: int, jobs: int, root: Path, tell: Tell) -> Table:
    """Build it below ``root``, score it with ``jobs`` processes, and again."""
    began = time.perf_counter()
    tell(f"{count} forms")
    campaign = Campaign(set_id, count)
    campaign.write_department(root)
    campaign.write_forms(root)
    tell(f"made in {time.perf_counter() - began:.0f} s; parxl score")
    command = [PARXL, "score", str(root), "--jobs", str(jobs)]
    runs = {"parxl score": measure(command, DONE, peak=True)}
    tell("again, nothing changed")
    runs["… again, nothing changed"] = measure(command, DONE, peak=True)
    for name, change in (("evidence text", campaign.changed_in_evidence), ("count", campaign.changed_in_count)):
        tell(f"again, one {name} changed")
        replace_form(root, *change())
        runs[f"… again, one {name} changed"] = measure(command, DONE, peak=True)
    return [_HEAD, *(_row(name, run, runs["parxl score"], count) for name, run in runs.items())]


_HEAD = ["", "wall s", "CPU s", "forms/s", "of the full run, CPU", "peak MB", f"≤ {MOST_MEMORY // MB} MB"]


def _row(name: str, run: Measured, full: Measured, count: int) -> list[str]:
    memory = "reached" if run.peak <= MOST_MEMORY else "NOT reached"
    rate, share = f"{count / run.wall:.0f}", f"{run.cpu / full.cpu:.1%}"
    return [name, f"{run.wall:.1f}", f"{run.cpu:.1f}", rate, share, f"{run.peak / MB:.0f}", memory]
