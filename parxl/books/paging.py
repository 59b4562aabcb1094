"""Page breaks: a criterion with its lines is not split over two pages, a heading not left alone."""

from __future__ import annotations

from dataclasses import dataclass

from parxl.books.styles import Sheet
from parxl.layout import Layout

A4_HEIGHT, MARGINS_HEIGHT = 595.0, 2 * 20 / 25.4 * 72
DEFAULT_HEIGHT = 15.0
# Other programs draw some rows a little taller than was computed here.
USABLE = 0.97


@dataclass(frozen=True)
class Page:
    """Where a table stands on its sheet, and how it is printed."""

    head: int  # last row of the headings that every page repeats
    repeated: int  # how many rows they are
    scale: float = 1.0
    paper: float = A4_HEIGHT  # the paper's height in points


def page_breaks(sheet: Sheet, blocks: list[list[int]], page: Page) -> list[int]:
    """Rows after which a new page begins, from the heights already set on the sheet (points)."""
    whole = (page.paper - MARGINS_HEIGHT) * USABLE / page.scale
    room = whole - _height(sheet, list(range(page.head - page.repeated + 1, page.head + 1)))
    left = whole - _height(sheet, list(range(1, page.head + 1)))
    breaks = []
    for block in blocks:
        height = _height(sheet, block)
        if height > left:
            breaks.append(block[0] - 1)
            left = room
        left -= height
        # A criterion taller than a page has to run over it.
        left = left if left >= 0 else room + left % -room
    return breaks


def _height(sheet: Sheet, rows: list[int]) -> float:
    return sum(sheet.heights.get(row, DEFAULT_HEIGHT) for row in rows)


def table_blocks(layout: Layout) -> list[list[int]]:
    """The table's rows that belong on one page: headings with the first criterion under them.

    The total stays with the last criterion.
    """
    blocks: list[list[int]] = []
    under_heading = False
    for row in layout.rows:
        if under_heading or not row.is_heading:
            blocks[-1].append(row.number)
        else:
            blocks.append([row.number])
        if row.is_heading:
            under_heading = row.kind == "group" or (row.kind == "area" and not _is_entered(row))
    return blocks


def _is_entered(row: object) -> bool:
    node = getattr(row, "node", None)
    return bool(node and node.kind == "entered")
