"""The unit's own workbook: how it stands, why, what it can do. It goes out by mail and names no other unit."""

from __future__ import annotations

from parxl.books.findings_sheet import write_findings
from parxl.books.stamp import stamp_going_out
from parxl.books.styles import Book
from parxl.books.unit.explanation import to_explain, write_explanations
from parxl.books.unit.findings import own_findings, shown_name
from parxl.books.unit.gains import write_gains
from parxl.books.unit.gaps import write_gaps
from parxl.books.unit.own import (
    SHEET_EXPLANATION,
    SHEET_FINDINGS,
    SHEET_GAINS,
    SHEET_GAPS,
    SHEET_SUMMARY,
    SHEET_TABLE,
    Own,
)
from parxl.books.unit.summary import write_summary
from parxl.books.unit.table import write_table
from parxl.books.unit.unscored import write_unscored
from parxl.books.unit.whatif import SHEET as SHEET_WHATIF
from parxl.books.unit.whatif import write_whatif
from parxl.findings import Finding
from parxl.identity import RESULT
from parxl.results import Results, UnitResult


def write_result(results: Results, result: UnitResult) -> bytes:
    """The workbook of one unit as bytes; without scores it says why, and lists the findings."""
    settings = results.settings
    title = f"Kết quả chấm điểm – {result.unit.name}"
    book = Book(settings.year, title, settings.lead or "parxl")
    stamp_going_out(book, results, RESULT, result.unit.code)
    findings = own_findings(results, result)
    if result.has_scores:
        _write_scored(book, Own(results, result), findings)
    else:
        write_unscored(book, book.sheet(SHEET_SUMMARY), results, result, findings)
    if result.has_scores or findings:
        write_findings(book, findings, SHEET_FINDINGS, by_unit=True)
    return book.close()


def _write_scored(book: Book, own: Own, findings: list[Finding]) -> None:
    assert own.result.file is not None
    file = shown_name(own.result.file.name, own.unit, own.settings.units)
    write_summary(book, book.sheet(SHEET_SUMMARY), own, file, findings)
    write_table(book, book.sheet(SHEET_TABLE), own, findings)
    write_gaps(book, book.sheet(SHEET_GAPS), own)
    gains, whatif = book.sheet(SHEET_GAINS), book.sheet(SHEET_WHATIF)
    # The suggestions link to the cells to type into.
    cells = write_whatif(book, whatif, own.results, own.result)
    write_gains(book, gains, own, cells)
    if codes := to_explain(own):
        write_explanations(book, book.sheet(SHEET_EXPLANATION), own, codes)
