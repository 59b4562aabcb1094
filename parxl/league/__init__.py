"""Scores -> what a round says: totals, index and ranks (``standings``), and all the rest (``analysis``)."""

from parxl.league.analysis import Analysis, Basis, League, analyse
from parxl.league.standings import adjustment_of, band_of, index_of, ranks, standings
from parxl.league.told import Told

__all__ = [
    "Analysis",
    "Basis",
    "League",
    "Told",
    "adjustment_of",
    "analyse",
    "band_of",
    "index_of",
    "ranks",
    "standings",
]
