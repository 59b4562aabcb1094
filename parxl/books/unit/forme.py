"""The sheets that are drawn once for all units of a campaign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from parxl.books.plate import Plate
from parxl.books.styles import Book, Sheet
from parxl.books.unit.ground import Ground
from parxl.books.unit.own import SHEET_TABLE
from parxl.books.unit.table import draw_table
from parxl.books.unit.whatif_drawing import draw_whatif
from parxl.books.unit.whatif_formulas import Overlay, overlays
from parxl.books.unit.whatif_page import SHEET as SHEET_WHATIF
from parxl.books.unit.whatif_places import Places


@dataclass(frozen=True)
class Forme:
    """``overlays``: of the formulas of *Tính thử*, by input key."""

    plate: Plate
    overlays: Mapping[str, Overlay]


@lru_cache(maxsize=4)
def forme_of(ground: Ground) -> Forme:
    """Of one table under the same rulings."""

    def table(book: Book, sheet: Sheet) -> None:
        draw_table(book, sheet, ground)

    def whatif(book: Book, sheet: Sheet) -> None:
        draw_whatif(book, sheet, ground)

    plate = Plate({SHEET_TABLE: table, SHEET_WHATIF: whatif})
    return Forme(plate, overlays(Places(ground.layout, ground.zero_cases)))
