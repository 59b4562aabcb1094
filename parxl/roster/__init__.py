"""A roster from somebody's own list, .xlsx or .csv: columns found by their headings, rows as units.

A list may have a title above its headings, more columns than these, in any order. Every mistake is
told at once; nothing is guessed but a missing code, which is made from the unit's name and told.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace

from parxl.campaign import Unit
from parxl.findings import Finding, NothingUsable, finding
from parxl.grid import Unreadable
from parxl.roster.rows import RowsReader
from parxl.roster.tables import Table, head_rows, read_tables


@dataclass(frozen=True)
class Roster:
    """The units of a list, and what there is to tell of them."""

    units: tuple[Unit, ...] = ()
    notes: tuple[Finding, ...] = ()


def read_roster(content: bytes, file: str) -> Roster:
    """The units of a list. NothingUsable with every mistake in it."""
    try:
        tables = read_tables(content, file)
    except (Unreadable, ValueError, csv.Error) as error:
        raise NothingUsable([finding("PX223", file=file, reason=_reason(error))]) from error
    headed = [replace(table, head=row) for table in tables for row in head_rows(table)]
    if not headed:
        raise NothingUsable([finding("PX224", file=file)])
    reader = RowsReader(file, headed[0], [t.head for t in headed[1:] if t.sheet == headed[0].sheet])
    units = reader.units()
    reader.findings += [_second_head(file, headed[0], table) for table in headed[1:]]
    if reader.findings:
        raise NothingUsable(reader.findings)
    return Roster(units, tuple(reader.notes))


def _reason(error: Exception) -> str:
    if isinstance(error, Unreadable):
        return error.reason
    if isinstance(error, csv.Error):
        return "có dấu ngoặc kép không khép, hoặc ô quá dài"
    return "không rõ bảng mã của tệp"


def _second_head(file: str, first: Table, table: Table) -> Finding:
    sheet = f"trang “{first.sheet}”, " if first.sheet != table.sheet else ""
    place = {"file": file, "sheet": table.sheet, "cell": f"{table.head}:{table.head}"}
    return finding("PX225", **place, where=f"{sheet}dòng {first.head}")


__all__ = ["Roster", "read_roster"]
