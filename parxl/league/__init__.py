"""Scores -> what a round says: totals, index and ranks (``standings``), and all the rest (``analysis``)."""

from parxl.league.analysis import Analysis, analyse
from parxl.league.standings import adjustment_of, band_of, index_of, ranks, standings

__all__ = ["Analysis", "adjustment_of", "analyse", "band_of", "index_of", "ranks", "standings"]
