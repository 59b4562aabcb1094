"""What became of a form's sheets, rows, names, protection and validation: read all the same, and told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache

from parxl.findings import Finding, finding
from parxl.grid import Workbook, cell_place
from parxl.layout import (
    INPUT,
    SHEET_CHECK,
    SHEET_GUIDE,
    SHEET_MENDING,
    SHEET_META,
    SHEET_TABLE,
    STATE,
    Layout,
    Row,
)
from parxl.reading.locked import OUT
from parxl.reading.places import COLUMN, Places
from parxl.reading.sealed import Sealed

ISSUED = (SHEET_MENDING, SHEET_GUIDE, SHEET_TABLE, SHEET_CHECK, SHEET_META)
LONGEST_AREA = len("$XFD$1048576:$XFD$1048576")
MOST_NAMED = 20  # rows, cells or sheets that one message lists


def renamed_sheets(places: Places, sealed: Sealed) -> dict[str, str]:
    """Sheet as issued -> its name now, for the sheets that have another name."""
    book = places.book
    found = {SHEET_TABLE: places.sheet} if places.sheet != SHEET_TABLE else {}
    strangers = [name for name in book.sheets if name not in (*ISSUED, places.sheet, *places.copies)]
    for issued in (SHEET_GUIDE, SHEET_CHECK):
        if issued not in book.sheets and (now := sealed.like(issued, strangers)):
            found[issued] = now
    return found


def structure_findings(
    places: Places, sealed: Sealed, exempt: Collection[str], renamed: Mapping[str, str], file: str
) -> list[Finding]:
    """Every change of the workbook's build, none of which touches a score."""
    book = places.book
    return [
        *_sheets(places, renamed, file),
        *_guards(book, places, renamed, file),
        *_rows(places, file),
        *_lost_names(places, file),
        *_lost_validation(places, exempt, file),
        *_lost_seals(sealed, file),
    ]


def _listed(things: Iterable[object]) -> str:
    texts = [str(thing) for thing in things]
    return ", ".join(texts[:MOST_NAMED]) + (f" … ({len(texts)})" if len(texts) > MOST_NAMED else "")


# Sheets -------------------------------------------------------------------------------------------


def _sheets(places: Places, renamed: Mapping[str, str], file: str) -> Iterator[Finding]:
    book = places.book
    names = list(book.sheets)
    for issued, now in renamed.items():
        yield finding("PX337", file=file, sheet=now, issued=issued)
    for copy in places.copies:
        yield finding("PX338", file=file, sheet=copy)
    for issued in (SHEET_GUIDE, SHEET_CHECK):
        if issued not in names and issued not in renamed:
            yield finding("PX341", file=file, issued=issued)
    known = (*ISSUED, *places.copies, *renamed.values())
    if added := [name for name in names if name not in known]:
        yield finding("PX340", file=file, names=_listed(f"“{name[:40]}”" for name in added))
    before = {now: issued for issued, now in renamed.items()}
    order = [before.get(name, name) for name in names]
    own = [name for name in order if name in ISSUED]
    if own != [name for name in ISSUED if name in own]:
        yield finding("PX350", file=file)
    if book.links:
        yield finding("PX346", file=file)


def _guards(book: Workbook, places: Places, renamed: Mapping[str, str], file: str) -> Iterator[Finding]:
    for issued in (SHEET_GUIDE, SHEET_TABLE, SHEET_CHECK):
        name = renamed.get(issued, issued)
        if name in book.facts:
            if book.facts[name].hidden:
                yield finding("PX342", file=file, sheet=name)
            if not book.facts[name].protected:
                yield finding("PX336", file=file, sheet=name)


# Rows ---------------------------------------------------------------------------------------------


def _rows(places: Places, file: str) -> Iterator[Finding]:
    if places.is_as_issued:
        return
    place = {"file": file, "sheet": places.sheet}
    numbers = sorted(places.rows.values())
    above = [f"phía trên bảng ({places.shift_above} dòng)"] if places.shift_above > 0 else []
    inserted = sorted(set(range(numbers[0], numbers[-1])) - set(numbers))
    if above or inserted:
        yield finding("PX333", **place, rows=_listed([*above, *inserted]))
    for row in places.layout.rows:
        if row.key not in places.rows and not _is_read(row):
            code = row.node.code if row.node else None
            yield finding("PX334", **place, text=places.layout.text(row)[:80], criterion=code)
    order = [key for _, key in places.found]
    issued = [row.key for row in places.layout.rows if row.key in places.rows]
    if order != issued:
        first = next(key for key, wanted in zip(order, issued, strict=False) if key != wanted)
        yield finding("PX335", **place, cell=f"A{places.rows[first]}")


def _is_read(row: Row) -> bool:
    """A lost row of this kind rejects the form."""
    return bool(row.input_key) or row.is_heading or row.kind == "total"


# Names and validation -----------------------------------------------------------------------------


def _lost_names(places: Places, file: str) -> Iterator[Finding]:
    if lost := _names(places.layout) - places.book.names:
        yield finding("PX343", file=file, number=len(lost))


@lru_cache(maxsize=8)
def _names(layout: Layout) -> frozenset[str]:
    return frozenset(name for name, _ in layout.names())


def _lost_validation(places: Places, exempt: Collection[str], file: str) -> Iterator[Finding]:
    """Input cells that anything may be typed into: somebody pasted over them."""
    covered, now = _covered(places.book.facts[places.sheet].validated), places.rows
    bare = [row for row in places.layout.input_rows.values() if now.get(row.key, 0) not in covered]
    bare = [row for row in bare if row.key in now and _part_key(row) not in exempt]
    out = set(_locked_at_issue(places)) if bare else ()
    if lost := [f"{INPUT}{places.rows[row.key]}" for row in bare if _part_key(row) not in out]:
        yield finding("PX344", file=file, sheet=places.sheet, cell=lost[0], cells=_listed(lost))


def _locked_at_issue(places: Places) -> Iterator[str]:
    """Parts that did not apply when the form was issued."""
    now = {row.number: number for row, number in places.kept()}
    for key, number in places.layout.part_rows.items():
        if places.contents.at.get((now.get(number, 0), COLUMN[STATE])) == (OUT,):
            yield key


def _part_key(row: Row) -> str:
    return row.node.key(row.part) if row.node and row.part else ""


def _lost_seals(sealed: Sealed, file: str) -> Iterator[Finding]:
    if SHEET_META in sealed.book.sheets and not sealed.cells:
        yield finding("PX352", file=file, sheet=SHEET_META)


@lru_cache(maxsize=64)
def _covered(areas: tuple[str, ...]) -> frozenset[int]:
    """The rows of the input column that data validation covers."""
    return frozenset().union(*(_rows_of(area) for area in areas if len(area) <= LONGEST_AREA))


@lru_cache(maxsize=1024)  # the forms of a set have the same areas
def _rows_of(area: str) -> range:
    """The rows of an area, none where the input column is not in it."""
    first, _, last = area.replace("$", "").partition(":")
    try:
        (top, left), (bottom, right) = cell_place(first), cell_place(last or first)
    except ValueError:
        return range(0)
    return range(top, min(bottom, top + 5_000) + 1) if left <= COLUMN[INPUT] <= right else range(0)
