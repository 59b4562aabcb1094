"""One measured case in a process of its own: ``python -m bench.cases '{"case": …}'`` answers in JSON.

What is prepared for a case alone (recordings loaded, pieces cut) is timed as ``aside`` and later taken off.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
from collections.abc import Callable
from dataclasses import asdict
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from bench import bound, colleagues, recording
from bench.measuring import Stopwatch
from parxl.actions import Opened, open_campaign
from parxl.books.league.book import write_league
from parxl.books.unit.book import write_result
from parxl.campaign import Folder
from parxl.layout import SHEET_TABLE, Layout
from parxl.reading.file import FileRead, FileReader
from parxl.reading.intake import Intake
from parxl.results import Results, score_intake, to_json

ASIDE = "aside"


def stages(root: str) -> dict[str, Any]:
    """parxl's own stages one after the other, all in one process."""
    opened, watch, files = open_campaign(Path(root)), Stopwatch(), []
    reader = FileReader(Layout(opened.criteria), opened.settings, opened.register)
    for path in forms_of(root):
        with watch.stage("read"):
            files.append(reader.read(path, opened.folder.name(path)))
    with watch.stage("engine"):
        results = scored(opened, files)
    for unit in results.units:
        with watch.stage("write"):
            write_result(results, unit)
    with watch.stage("league"):
        write_league(results)
    with watch.stage("json"):
        to_json(results)
    return asdict(watch)


def forms_of(root: str) -> list[Path]:
    return sorted(Folder(Path(root)).returned.glob("*.xlsx"))


def scored(opened: Opened, files: list[FileRead]) -> Results:
    """One file a unit: there is nothing to settle, and nothing of an appraisal."""
    intake = Intake(tuple(files), {file.unit: file for file in files}, {}, {})
    return score_intake(Layout(opened.criteria), opened.settings, opened.register, intake)


# A colleague's program ----------------------------------------------------------------------------


def colleague(program: str, root: str, recordings: str, out: str, jobs: int) -> dict[str, Any]:
    """Read all forms, score them, write a workbook a unit; the scores, and what to take off."""
    watch = Stopwatch()
    opened = open_campaign(Path(root))
    with _Hands(jobs) as hands:
        results = scored(opened, hands.map(partial(_read, program, root), forms_of(root)))
        units = [unit.unit.code for unit in results.units]
        for aside in hands.map(partial(_write, program, recordings, out), units):
            _add(watch, aside)
    with watch.stage(ASIDE):
        scores = _scores(results)
    return {**asdict(watch), "scores": scores}


def _scores(results: Results) -> dict[str, dict[str, int | None]]:
    """Unit -> leaf -> units of the last decimal, as computed."""
    leaves = results.scores.leaves
    return {
        str(unit): {str(code): None if value is None else int(value) for code, value in row.items()}
        for unit, row in leaves.astype(object).where(leaves.notna(), None).to_dict("index").items()
    }


class _Hands:
    """One process that does it all, or several that share the work."""

    def __init__(self, jobs: int):
        self.pool = multiprocessing.get_context("spawn").Pool(jobs) if jobs > 1 else None

    def __enter__(self) -> _Hands:
        return self

    def __exit__(self, *_: object) -> None:
        if self.pool:
            self.pool.close()
            self.pool.join()

    def map(self, work: Callable[[Any], Any], items: list[Any]) -> list[Any]:
        return self.pool.map(work, items, chunksize=4) if self.pool else [work(item) for item in items]


@lru_cache(1)
def _reader(program: str, root: str) -> colleagues.Reader:
    layout = Layout(Folder(Path(root)).load_criteria())
    return colleagues.Reader(layout, colleagues.PROGRAMS[program].tables)


def _read(program: str, root: str, path: Path) -> FileRead:
    return _reader(program, root).read(path)


def _write(program: str, recordings: str, out: str, unit: str) -> Stopwatch:
    watch = Stopwatch()
    with watch.stage(ASIDE):
        what = recording.load(Path(recordings) / f"{unit}.pickle")
    colleagues.PROGRAMS[program].write(what, Path(out) / f"{unit}.xlsx")
    return watch


def _add(watch: Stopwatch, more: Stopwatch) -> None:
    for mine, other in ((watch.cpu, more.cpu), (watch.wall, more.wall)):
        for stage, seconds in other.items():
            mine[stage] = mine.get(stage, 0.0) + seconds


# The bound, and single libraries ------------------------------------------------------------------


def least(root: str, results: str) -> dict[str, Any]:
    """Reading and writing at their least. ``results``: a folder that parxl has written its results into."""
    watch = Stopwatch()
    for path in forms_of(root):
        with watch.stage("read"):
            bound.read_needed(path)
    stampers = [bound.Stamper(watch, stage) for stage in bound.WRITE]
    for path in sorted(Folder(Path(results)).unit_results.glob("*.xlsx")):
        for stamper in stampers:
            stamper.write(path.read_bytes())
    return asdict(watch)


def libraries(root: str, recordings: str, out: str) -> dict[str, Any]:
    """python-calamine alone over the forms, plain XlsxWriter alone over the workbooks."""
    from python_calamine import CalamineWorkbook

    watch = Stopwatch()
    for path in forms_of(root):
        with watch.stage("one sheet"):
            CalamineWorkbook.from_path(path).get_sheet_by_name(SHEET_TABLE).to_python()
        with watch.stage("all sheets"):
            book = CalamineWorkbook.from_path(path)
            for name in book.sheet_names:
                book.get_sheet_by_name(name).to_python()
    for path in sorted(Path(recordings).glob("*.pickle")):
        what = recording.load(path)
        with watch.stage("xlsxwriter"):
            colleagues.plain_xlsxwriter(what, Path(out) / f"{path.stem}.xlsx")
        with watch.stage("unsearched"):
            colleagues.plain_xlsxwriter(what, Path(out) / f"{path.stem}.xlsx", colleagues.Unsearched)
    return asdict(watch)


CASES: dict[str, Callable[..., dict[str, Any]]] = {
    "stages": stages,
    "colleague": colleague,
    "least": least,
    "libraries": libraries,
}


def main() -> None:
    arguments = json.loads(sys.argv[1])
    print(json.dumps(CASES[arguments.pop("case")](**arguments)))


if __name__ == "__main__":
    main()
