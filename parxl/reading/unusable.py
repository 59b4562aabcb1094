"""What makes a form's table unusable: lost rows, and doubt about which figure belongs where."""

from __future__ import annotations

from collections.abc import Iterator

from parxl.findings import Finding, finding
from parxl.grid import tidy
from parxl.layout import EVIDENCE, INPUT, INPUT_HEADING, TITLE, Layout
from parxl.reading.places import COLUMN, OWN_COLUMNS, Places, find_table, standing

MOST_LOST = 20  # lost rows that are told one by one, and cells that one message lists
MOST_MIXED = 5  # mixed rows that a message names
LABEL = 60  # characters of a row's wording in a message


def lost_rows(places: Places, file: str) -> list[Finding]:
    """Every row that is read must be there, once (PX307, PX310)."""
    place = {"file": file, "sheet": places.sheet}
    wanted = [*places.layout.input_rows, *places.layout.criteria.by_code, "total"]
    lost = [_label(places.layout, key) for key in wanted if not places.counts[key]]
    if len(lost) > MOST_LOST:
        lost = [f"{'; '.join(lost[:MOST_LOST])} … ({len(lost)} dòng)"]
    twice = [_label(places.layout, key) for key, n in places.counts.items() if n > 1]
    found = [finding("PX307", **place, label=label) for label in lost]
    return found + [finding("PX310", **place, label=label) for label in twice]


def _label(layout: Layout, key: str) -> str:
    """A row as an official knows it: its wording, and the number of its criterion."""
    row = layout.by_key[key]
    text = " ".join(layout.text(row).split())
    short = text if len(text) <= LABEL else text[: LABEL - 1] + "…"
    return f"mục {row.node.code}: {short}" if row.node else short


def doubtful_places(places: Places, file: str) -> list[Finding]:
    """Reasons why nobody knows which figure belongs to which row."""
    return [*_moved_columns(places, file), *_mixed_rows(places, file), *_rival_copies(places, file)]


def _moved_columns(places: Places, file: str) -> Iterator[Finding]:
    """The headings of what is typed stand in other columns: a column was inserted or deleted (PX351)."""
    row = places.layout.header_row + places.shift_above
    wanted_heads = ((INPUT, INPUT_HEADING), (EVIDENCE, places.layout.criteria.headings[-1]))
    if all(places.contents.at.get((row, COLUMN[column])) == heading for column, heading in wanted_heads):
        return  # letter for letter
    heads = {column: " ".join(places.cell(column, row).text.split()) for column in OWN_COLUMNS}
    for column, heading in wanted_heads:
        wanted = " ".join(heading.split())
        if heads[column] != wanted and wanted in heads.values():
            cell = f"{next(c for c, text in heads.items() if text == wanted)}{row}"
            yield finding("PX351", file=file, sheet=places.sheet, cell=cell, heading=wanted)


def _mixed_rows(places: Places, file: str) -> Iterator[Finding]:
    """Rows whose wording stands beside another row's key: sorted or pasted, so figures changed places too."""
    layout = places.layout
    if places.is_as_issued and standing(layout).titles.items() <= places.contents.column(COLUMN[TITLE]).items():
        return  # letter for letter
    wording = {row.key: " ".join(tidy(layout.text(row)).split()) for row, _ in places.kept()}
    owner = {text: key for key, text in wording.items()}
    found = {row.key: " ".join(places.cell(TITLE, number).text.split()) for row, number in places.kept()}
    others = {key: owner[text] for key, text in found.items() if text in owner and text != wording[key]}
    mixed = {key: other for key, other in others.items() if found[other] != wording[other]}
    if mixed:
        rows = [f"dòng {places.rows[k]} ghi “{_label(layout, o)}”" for k, o in list(mixed.items())[:MOST_MIXED]]
        more = f" … ({len(mixed)} dòng)" if len(mixed) > MOST_MIXED else ""
        cell = f"{TITLE}{places.rows[next(iter(mixed))]}"
        yield finding("PX345", file=file, sheet=places.sheet, cell=cell, rows="; ".join(rows) + more)


def _rival_copies(places: Places, file: str) -> Iterator[Finding]:
    """Copies of the table in which something else is typed: nobody knows which one is meant (PX339)."""
    own = _typed_cells(places) if places.copies else {}
    for sheet in places.copies:
        other = _typed_cells(find_table(places.book, places.layout, sheet))
        differing = [cell for key, (cell, text) in own.items() if other.get(key, ("", ""))[1] != text]
        if differing:
            facts = {"copy": sheet, "cells": ", ".join(differing[:MOST_LOST])}
            yield finding("PX339", file=file, sheet=places.sheet, **facts)


def _typed_cells(places: Places) -> dict[str, tuple[str, str]]:
    """Input key or leaf code -> (cell, what stands in it)."""
    layout, rows = places.layout, places.rows
    inputs = {key: (INPUT, rows[key]) for key in layout.input_rows if key in rows}
    leaves = [node.code for node in layout.criteria.leaves if node.parts and node.code in rows]
    cells = inputs | {code: (EVIDENCE, rows[code]) for code in leaves}
    return {key: (f"{column}{row}", places.cell(column, row).text) for key, (column, row) in cells.items()}
