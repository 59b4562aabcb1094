"""Measure parxl beside other programs: ``make bench N=300 JOBS=1,2``, in ``tests``: ``python -m bench 300``."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from campaigns import HA_TINH, SET_IDS

from bench.national import national
from bench.report import one_table, report
from bench.rounds import Bench


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=300, help="forms (N); also measured at 4N")
    parser.add_argument("--jobs", default="1,2", help="numbers of processes, e.g. 1,2")
    parser.add_argument("--rounds", type=int, default=3, help="how often each case is run")
    parser.add_argument("--set", dest="set_id", choices=SET_IDS, default=HA_TINH)
    parser.add_argument("--large", type=int, help="only this: one campaign of so many forms, e.g. 14000")
    parser.add_argument("--markdown", action="store_true", help="tables for docs/performance.md")
    return parser.parse_args(given)


def main(given: Sequence[str] | None = None) -> str:
    """The report, as it is printed."""
    wanted = _arguments(given)
    jobs = [int(number) for number in wanted.jobs.split(",")]
    # On Linux ``/tmp`` may be memory: TMPDIR says where else.
    with tempfile.TemporaryDirectory(prefix="parxl-bench-") as folder:
        root = Path(folder)
        if wanted.large:
            table = national(wanted.set_id, wanted.large, jobs[-1], root / "large", _tell)
            title = f"{wanted.large} forms of {wanted.set_id}, {jobs[-1]} processes"
            return one_table(title, table, wanted.markdown)
        bench = Bench(wanted.set_id, wanted.count, jobs, root, _tell)
        rounds = [bench.round() for _ in range(wanted.rounds)]
        return report(rounds, wanted.count, wanted.set_id, wanted.markdown)


def _tell(text: str) -> None:
    print(f"bench: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    print(main(), end="")
