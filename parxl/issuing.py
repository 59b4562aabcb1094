"""Forms that lie where people may type into them: nothing that a person typed is ever written over."""

from __future__ import annotations

from parxl.books.stamp import DIGEST_FIELD
from parxl.checksum import typed_digest
from parxl.grid import Workbook
from parxl.identity import EXPLANATION
from parxl.layout import SHEET_META, Layout
from parxl.reading.explanation import ExplanationRead, read_explanation
from parxl.reading.form import FormRead, peek_identity, read_table
from parxl.reading.rejection import Rejected

MOST_FIELDS = 20  # rows of the metadata sheet that are looked at


def is_untouched(content: bytes, layout: Layout) -> bool:
    """Is this a form in which nothing has been typed since parxl wrote it, saved again or not?

    A form of either kind: to score, or to explain.
    """
    try:
        book, identity = peek_identity(content, "")
        if identity.kind == EXPLANATION:
            read = read_explanation(book, "", layout.criteria, identity)
            return _digest_now(read, read.digest) == _digest_then(book)
        form = read_table(book, "", layout, identity)
    except Rejected:
        return False
    typed = typed_digest(form.typed, form.evidence, form.submission)
    return _digest_now(form, typed) == _digest_then(book)


def _digest_now(form: FormRead | ExplanationRead, digest: str) -> str:
    """No digest at all where *Lần nộp* holds something that is no number: somebody typed it."""
    return "" if any(found.code == "PX320" for found in form.findings) else digest


def _digest_then(book: Workbook) -> str | None:
    rows = [row for row in range(1, MOST_FIELDS) if book.cell(SHEET_META, row, 1).text == DIGEST_FIELD]
    return book.cell(SHEET_META, rows[0], 2).text if rows else None
