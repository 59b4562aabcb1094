"""The tables of a run, as plain text or as Markdown."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Sequence
from importlib.metadata import version

from bench.figures import RATIOS, Figures, middle

MB = 1_000_000
LIBRARIES = ("openpyxl", "XlsxWriter", "python-calamine", "pandas")
Table = list[list[str]]

# Name of the figure -> what it is.
WHOLE = {
    "score 1": "parxl score, 1 process",
    "score 2": "parxl score, 2 processes",
    "score 4N 1": "parxl score, 1 process, 4N forms",
    "score 4N 2": "parxl score, 2 processes, 4N forms",
    "same 4N": "… again at 4N, nothing changed",
    "evidence 4N": "… again at 4N, one evidence text changed",
    "count 4N": "… again at 4N, one count changed",
    "forms": "parxl forms",
    "naive 1": "pandas + openpyxl, a style a cell (b1)",
    "shared 1": "openpyxl, shared styles (b2)",
    "calamine 1": "python-calamine + XlsxWriter (b3)",
    "calamine 2": "the same, 2 processes",
    "bound": "bound: inflate, parse, join, deflate (c)",
    "bound own": "the same, deflated by zlib-ng as parxl does",
}
STAGES = {
    "read": "parxl reads: preflight, inputs, locked cells",
    "calamine one": "python-calamine alone, the table's sheet",
    "calamine all": "python-calamine alone, all sheets",
    "bound read": "bound: inflate and parse the needed parts",
    "engine": "parxl scores, ranks, analyses",
    "write": "parxl writes the unit's workbook",
    "xlsxwriter": "plain XlsxWriter, the same cells",
    "unsearched": "the same, its search of every formula taken out",
    "bound write": "stamping bound: join and deflate",
    "bound own write": "the same by zlib-ng",
    "league": "parxl writes the league workbook",
    "json": "parxl makes ket-qua.json",
}


def report(rounds: Sequence[Figures], count: int, set_id: str, markdown: bool) -> str:
    """Everything about one run over ``count`` forms."""
    title = f"{count} forms (4N: {4 * count}) of {set_id}, medians of {len(rounds)} rounds; {machine()}"
    tables = [
        ("End to end, a form", whole_table(rounds)),
        ("Stage by stage, a form, 1 process", stage_table(rounds)),
        ("Ratios", ratio_table(rounds)),
    ]
    return "\n\n".join([title, *(_titled(name, table, markdown) for name, table in tables)]) + "\n"


def machine() -> str:
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, {libraries}"


def whole_table(rounds: Sequence[Figures]) -> Table:
    table = [["", "CPU ms", "wall ms", "forms/s", "peak MB"]]
    for name, text in WHOLE.items():
        cpu, wall = middle(rounds, f"{name}.cpu"), middle(rounds, f"{name}.wall")
        if cpu is None or wall is None:
            continue
        peak = middle(rounds, f"{name}.peak")
        memory = f"{peak / MB:.0f}" if peak else ""
        table.append([text, _ms(cpu), _ms(wall), f"{1 / wall:.1f}", memory])
    return table


def stage_table(rounds: Sequence[Figures]) -> Table:
    rows = ([text, middle(rounds, f"{name}.cpu")] for name, text in STAGES.items())
    return [["", "CPU ms"], *([str(text), _ms(cpu)] for text, cpu in rows if isinstance(cpu, float))]


def ratio_table(rounds: Sequence[Figures]) -> Table:
    return [["", "found", "target", "floor", ""], *_ratios(rounds)]


def _ratios(rounds: Sequence[Figures]) -> Iterator[list[str]]:
    for one in RATIOS:
        found = one.found(rounds)
        shown, verdict = ("–", "not measured") if found is None else (f"{found:.3g}", one.verdict(found))
        floor = "" if one.floor is None else f"{one.sign} {one.floor:g}"
        yield [one.text, shown, f"{one.sign} {one.target:g}", floor, verdict]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.2f}"


# Layout -------------------------------------------------------------------------------------------


def _titled(title: str, table: Table, markdown: bool) -> str:
    return f"### {title}\n\n{_markdown(table)}" if markdown else f"{title}\n{_plain(table)}"


def _markdown(table: Table) -> str:
    head, *rows = table
    rule = ["---", *("--:" for _ in head[1:])]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rows))


def _plain(table: Table) -> str:
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = [
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip() for row in table
    ]
    return "\n".join(lines)


def one_table(title: str, table: Table, markdown: bool) -> str:
    """A run of another kind."""
    return f"{title}; {machine()}\n\n{_markdown(table) if markdown else _plain(table)}\n"
