"""The measured runs: what is prepared once, and what each round runs, one case after the other."""

from __future__ import annotations

import json
import os
import shutil
import sys
import sysconfig
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

from bench.figures import Figures
from bench.fillings import DISTINCT, Campaign, form_path
from bench.measuring import Failed, Measured, measure, measure_case
from bench.recording import record
from parxl.campaign import Folder

PARXL = str(Path(sysconfig.get_path("scripts")) / "parxl")
STARTS = 7  # of a program that takes less than a tenth of a second
DONE = (0, 3)  # 3: done, and a form has an error: the few contradictions are meant
GROWTH = 4
Tell = Callable[[str], None]


class Bench:
    """One benchmark over ``count`` forms in a temporary folder. ``jobs``: numbers of processes."""

    def __init__(self, set_id: str, count: int, jobs: Sequence[int], folder: Path, tell: Tell):
        self.count, self.folder, self.tell = count, folder, tell
        self.jobs = jobs
        distinct = min(count, DISTINCT)
        tell(f"{count} forms")
        self.small = self._campaign("n", set_id, count, distinct)
        tell(f"{GROWTH * count} forms")
        self.large = self._campaign("4n", set_id, GROWTH * count, distinct)
        self.recordings = folder / "recordings"
        self.recordings.mkdir()
        self.out = folder / "out"
        self.out.mkdir()
        tell("recording")
        self.scored = self._copy("n", "scored")
        measure([PARXL, "score", str(self.scored)], DONE)
        self.expected = scores_of(self.scored, self.small.criteria.scale)
        for path in Folder(self.scored).unit_results.glob("*.xlsx"):
            record(path.read_bytes()).save(self.recordings / f"{path.stem}.pickle")

    def _campaign(self, name: str, set_id: str, count: int, distinct: int) -> Campaign:
        campaign = Campaign(set_id, count, distinct)
        campaign.write_department(self.folder / name)
        campaign.write_forms(self.folder / name)
        return campaign

    def _copy(self, name: str, copy: str = "run") -> Path:
        """A folder to run in, as if nothing had been run yet."""
        return fresh_copy(self.folder / name, self.folder / copy)

    # A round ----------------------------------------------------------------------------------

    def round(self) -> Figures:
        """Every case once. Figures of time are seconds a form."""
        return {
            **self._starting(),
            **self._forms(),
            **self._scored(),
            **self._colleague("calamine", 1),
            **self._stages(),
            **self._libraries(),
            **self._least(),
            **self._grown(),
            **self._colleague("shared", 1),
            **self._colleague("naive", 1),
            **(self._colleague("calamine", 2) if 2 in self.jobs else {}),
        }

    def _starting(self) -> Figures:
        self.tell("parxl --help")
        commands = {"help.cpu": [PARXL, "--help"], "pandas.cpu": [sys.executable, "-c", "import pandas"]}
        times = [{name: measure(command).cpu for name, command in commands.items()} for _ in range(STARTS)]
        return {name: median(one[name] for one in times) for name in commands}

    def _forms(self) -> Figures:
        self.tell("parxl forms")
        command = [PARXL, "forms", str(self._copy("n")), "--jobs", "1"]
        return self._each("forms", measure(command, peak=True), self.count)

    def _scored(self) -> Figures:
        figures: Figures = {}
        for jobs in self.jobs:
            self.tell(f"parxl score, {jobs} processes")
            run = self._copy("n")
            figures |= self._each(f"score {jobs}", self._score(run, jobs), self.count)
            self._agree(scores_of(run, self.small.criteria.scale), f"parxl, {jobs} processes")
        return figures

    def _score(self, run: Path, jobs: int) -> Measured:
        return measure([PARXL, "score", str(run), "--jobs", str(jobs)], DONE, peak=True)

    def _grown(self) -> Figures:
        """Four times as many, and again after small changes."""
        figures, count = {}, GROWTH * self.count
        # One process last: what follows begins where it ended.
        for jobs in sorted({1, *self.jobs}, reverse=True):
            self.tell(f"parxl score at 4N, {jobs} processes")
            run = self._copy("4n")
            figures |= self._each(f"score 4N {jobs}", self._score(run, jobs), count)
        self.tell("again, nothing changed")
        figures |= self._each("same 4N", self._score(run, 1), count)
        for name, change in (
            ("evidence", self.large.changed_in_evidence),
            ("count", self.large.changed_in_count),
        ):
            self.tell(f"again, one {name} changed")
            replace_form(run, *change())
            figures |= self._each(f"{name} 4N", self._score(run, 1), count)
        return figures

    def _colleague(self, program: str, jobs: int) -> Figures:
        self.tell(f"{program}, {jobs} processes")
        folders = {"root": str(self.folder / "n"), "recordings": str(self.recordings), "out": str(self.out)}
        measured, told = measure_case("colleague", peak=True, program=program, jobs=jobs, **folders)
        self._agree(told["scores"], program)
        # Loaded by all processes at the same time.
        aside, waited = told["cpu"]["aside"], told["wall"]["aside"] / jobs
        net = Measured(measured.cpu - aside, measured.wall - waited, measured.peak, "")
        return self._each(f"{program} {jobs}", net, self.count)

    def _stages(self) -> Figures:
        self.tell("stages")
        _, told = measure_case("stages", root=str(self._copy("n")))
        return self._cpu(told["cpu"])

    def _libraries(self) -> Figures:
        self.tell("single libraries")
        folders = {"root": str(self.folder / "n"), "recordings": str(self.recordings), "out": str(self.out)}
        _, told = measure_case("libraries", **folders)
        named = {"one sheet": "calamine one", "all sheets": "calamine all"}
        return self._cpu({named.get(stage, stage): seconds for stage, seconds in told["cpu"].items()})

    def _least(self) -> Figures:
        self.tell("the bound")
        _, told = measure_case("least", root=str(self.folder / "n"), results=str(self.scored))
        cpu = told["cpu"]
        total = {
            f"{bound}.{clock}": (told[clock]["read"] + told[clock][write]) / self.count
            for clock in ("cpu", "wall")
            for bound, write in (("bound", "write"), ("bound own", "own write"))
        }
        return self._cpu({f"bound {stage}": seconds for stage, seconds in cpu.items()}) | total

    # Figures ----------------------------------------------------------------------------------

    def _each(self, name: str, measured: Measured, count: int) -> Figures:
        found = {f"{name}.cpu": measured.cpu / count, f"{name}.wall": measured.wall / count}
        return found | ({f"{name}.peak": float(measured.peak)} if measured.peak else {})

    def _cpu(self, seconds: dict[str, float]) -> Figures:
        return {f"{name}.cpu": found / self.count for name, found in seconds.items()}

    def _agree(self, scores: Any, who: str) -> None:
        if scores != self.expected:
            wrong = [unit for unit in self.expected if scores.get(unit) != self.expected[unit]]
            raise Failed(f"{who}: other scores of {wrong[:5]}")


# The folder ---------------------------------------------------------------------------------------


def fresh_copy(source: Path, target: Path) -> Path:
    """The same files under another folder. Linked: nobody writes into a file, everybody replaces whole ones."""
    shutil.rmtree(target, ignore_errors=True)
    return Path(shutil.copytree(source, target, copy_function=os.link))


def replace_form(root: Path, unit: Any, content: bytes) -> None:
    path = form_path(root, unit)
    path.unlink()  # it may be linked
    path.write_bytes(content)


def scores_of(root: Path, scale: int) -> dict[str, dict[str, int | None]]:
    """Unit -> leaf -> units of the last decimal, out of ``ket-qua.json``."""
    body = json.loads(Folder(root).json.read_text(encoding="utf-8"), parse_float=Decimal)
    return {
        unit["code"]: {c: None if p is None else int(p * scale) for c, p in unit["scores"].items()}
        for unit in body["units"]
    }
