"""The unit's own workbook: how it stands, why, what it can do. It goes out by mail and names no other unit."""

from __future__ import annotations

from parxl.books.findings_sheet import write_findings
from parxl.books.stamp import stamp_going_out
from parxl.books.styles import Book
from parxl.books.unit.explanation import to_explain, write_explanations
from parxl.books.unit.findings import own_findings, shown_name
from parxl.books.unit.forme import forme_of
from parxl.books.unit.gains import write_gains
from parxl.books.unit.gaps import write_gaps
from parxl.books.unit.ground import ground_of
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
from parxl.books.unit.table import fill_table
from parxl.books.unit.unscored import write_unscored
from parxl.books.unit.whatif import SHEET as SHEET_WHATIF
from parxl.books.unit.whatif import fill_whatif
from parxl.books.unit.whatif_places import WhatIf
from parxl.cycles import no_search_for_cycles
from parxl.findings import Finding
from parxl.identity import RESULT
from parxl.results import Results, UnitResult


@no_search_for_cycles()
def write_result(results: Results, result: UnitResult) -> bytes:
    """The workbook of one unit as bytes; without scores it says why, and lists the findings."""
    settings = results.settings
    facts = settings.year, f"Kết quả chấm điểm – {result.unit.name}", settings.lead or "parxl"
    findings = own_findings(results, result)
    if result.has_scores:
        book = _scored(Own(results, result), facts, findings)
    else:
        book = Book(*facts)
        write_unscored(book, book.sheet(SHEET_SUMMARY), results, result, findings)
    stamp_going_out(book, results, RESULT, result.unit.code)
    if result.has_scores or findings:
        write_findings(book, findings, SHEET_FINDINGS, by_unit=True)
    return book.close()


def _scored(own: Own, facts: tuple[int, str, str], findings: list[Finding]) -> Book:
    assert own.result.file is not None
    ground = ground_of(own.results)
    forme = forme_of(ground)
    book = forme.plate.book(*facts)
    file = shown_name(own.result.file.name, own.unit, own.settings)
    write_summary(book, book.sheet(SHEET_SUMMARY), own, file, findings)
    fill_table(book, book.stamped(SHEET_TABLE), ground, own, findings)
    write_gaps(book, book.sheet(SHEET_GAPS), own)
    gains, whatif = book.sheet(SHEET_GAINS), book.stamped(SHEET_WHATIF)
    # The suggestions link to the cells to type into.
    places = WhatIf(own.results, own.unit.code, ground)
    cells = fill_whatif(book, whatif, places, own.result, forme.overlays)
    write_gains(book, gains, own, cells)
    if codes := to_explain(own):
        write_explanations(book, book.sheet(SHEET_EXPLANATION), own, codes)
    return book
