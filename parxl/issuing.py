"""Forms that lie where people may type into them: nothing that a person typed is ever written over."""

from __future__ import annotations

from parxl.books.stamp import DIGEST_FIELD
from parxl.checksum import typed_digest
from parxl.desk import SHEET_EXPLANATION
from parxl.grid import Workbook
from parxl.identity import EXPLANATION, Identity
from parxl.layout import SHEET_MENDING, SHEET_META, Layout
from parxl.reading.explanation import ExplanationRead, read_explanation
from parxl.reading.form import FormRead, peek_identity, read_places
from parxl.reading.locked import locked_findings
from parxl.reading.places import Places, find_table
from parxl.reading.rejection import Rejected
from parxl.reading.sealed import Sealed
from parxl.reading.structure import renamed_sheets, structure_findings

MOST_FIELDS = 20  # rows of the metadata sheet that are looked at
# Sheets, rows or cells added, and locked cells written over: what somebody typed besides.
ADDED = ("PX331", "PX332", "PX334", "PX338", "PX340", "PX347", "PX348")
REWORDED = "PX330"  # also where the set itself is worded otherwise since


def is_untouched(content: bytes, layout: Layout) -> bool:
    """Is this a form in which nothing has been typed since parxl wrote it, saved again or not?

    A form of either kind: to score, or to explain.
    """
    try:
        book, identity = peek_identity(content, "")
        if identity.kind == EXPLANATION:
            read = read_explanation(book, "", layout.criteria, identity)
            is_same = _digest_now(read, read.digest) == _digest_then(book)
            return is_same and not _added_to_explanation(book, read)
        places = find_table(book, layout)
        form = read_places(places, "", identity)
    except Rejected:
        return False
    typed = typed_digest(form.typed, form.evidence, form.submission)
    return _digest_now(form, typed) == _digest_then(book) and not _added(places, identity)


def _added_to_explanation(book: Workbook, read: ExplanationRead) -> bool:
    is_changed = any(found.code == "PX363" for found in read.findings)
    return is_changed or book.notes or not set(book.sheets) <= {SHEET_EXPLANATION, SHEET_META}


def _added(places: Places, identity: Identity) -> bool:
    """Is anything there that parxl did not write, outside the cells to type in?"""
    if places.book.notes and SHEET_MENDING not in places.book.sheets:
        return True
    sealed = Sealed(places.book)
    renamed = renamed_sheets(places, sealed)
    told = structure_findings(places, sealed, (), renamed, "")
    told += locked_findings(places, sealed, renamed, "")
    codes = {*ADDED, *((REWORDED,) if identity.wording == places.layout.criteria.wording else ())}
    return any(found.code in codes for found in told)


def _digest_now(form: FormRead | ExplanationRead, digest: str) -> str:
    """No digest at all where *Lần nộp* holds something that is no number: somebody typed it."""
    return "" if any(found.code == "PX320" for found in form.findings) else digest


def _digest_then(book: Workbook) -> str | None:
    rows = [row for row in range(1, MOST_FIELDS) if book.cell(SHEET_META, row, 1).text == DIGEST_FIELD]
    return book.cell(SHEET_META, rows[0], 2).text if rows else None
