"""The league workbook ``bang-xep-hang.xlsx``: which sheets it has, in which order."""

from __future__ import annotations

from parxl.books.league.areas import write_areas
from parxl.books.league.changes import write_changes
from parxl.books.league.charts import write_charts
from parxl.books.league.closeness import write_closeness
from parxl.books.league.differences import write_differences
from parxl.books.league.findings import write_league_findings
from parxl.books.league.intake import write_files, write_returns
from parxl.books.league.long import LongBook
from parxl.books.league.matrix import write_matrix
from parxl.books.league.method import write_method
from parxl.books.league.ranking import write_rankings
from parxl.books.league.shortfall import write_shortfall
from parxl.books.league.spread import write_spread
from parxl.books.stamp import stamp_going_out
from parxl.identity import LEAGUE
from parxl.results import Results


def write_league(results: Results) -> bytes:
    """The whole workbook as bytes."""
    settings = results.settings
    book = LongBook(settings.year, f"Bảng xếp hạng – {settings.name}", settings.lead or "parxl")
    stamp_going_out(book, results, LEAGUE)
    write_rankings(book, results)
    write_charts(book, results)
    write_areas(book, results)
    write_changes(book, results)
    write_matrix(book, results)
    write_shortfall(book, results)
    write_differences(book, results)
    write_closeness(book, results)
    write_spread(book, results)
    write_returns(book, results)
    write_files(book, results)
    write_league_findings(book, results)
    write_method(book, results)
    return book.close()
