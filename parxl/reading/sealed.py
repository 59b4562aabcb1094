"""The seals that a form carries of its own locked cells, and the digests of what stands there now."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any

from parxl import seal
from parxl.grid import Cell, Content, Memory, Place, Workbook, cell_place, column_texts
from parxl.layout import SHEET_CHECK, SHEET_GUIDE, SHEET_META, SHEET_TABLE


class Sealed:
    """The seals of a form. ``cells``: sheet as issued -> (row, column) -> digest, as the hidden sheet says."""

    def __init__(self, book: Workbook, sheets: Collection[str] = (SHEET_GUIDE, SHEET_TABLE, SHEET_CHECK)):
        self.book = book
        meta = book.sheets.get(SHEET_META, {})
        rows, lines = {text: row for row, text in column_texts(meta, 1).items()}, column_texts(meta, 2)
        self.cells = {
            name: _readable(lines.get(rows[seal.FIELD + name], ""))
            for name in sheets
            if seal.FIELD + name in rows
        }

    def like(self, issued: str, sheets: Collection[str]) -> str:
        """The sheet that holds most of what was issued under another name; "" where none does."""
        texts = {cell: digest for cell, digest in self.cells.get(issued, {}).items() if digest[:1] != "="}
        for sheet in sheets:
            held = [seal.digest(content_as_text(self.book.cell(sheet, *c))) == d for c, d in texts.items()]
            if 2 * sum(held) > len(held):
                return sheet
        return ""


class Seals(dict[Place, str]):
    """The seals of a sheet by place. ``same``: what stood there when it was last found to be as issued."""

    same: list[Content | None] | None = None

    def hold(self, contents: Mapping[Place, Content]) -> bool:
        """Does every sealed cell stand in its place, as it was issued?"""
        found = list(map(contents.get, self))
        if found != self.same:
            digests = {content: DIGESTS[content] for content in set(found)}  # a long text costs, but once
            if list(map(digests.__getitem__, found)) != list(self.values()):
                return False
            self.same = found
        return True


@lru_cache(maxsize=16)
def _readable(line: str) -> Seals:
    """By place, without what names no cell: the hidden sheet too may have been typed into."""
    found = Seals()
    for cell, digest in seal.unpack(line).items():
        with suppress(ValueError):
            found[cell_place(cell)] = digest
    return found


def content_as_text(cell: Cell) -> Any:
    """What a cell holds, a formula as its text."""
    return cell.source if cell.formula else ("" if cell.value is None else cell.value)


def _digest_of(content: Content | None) -> str:
    held: Any = "" if content is None else content
    if isinstance(held, tuple):
        held = held[0] if len(held) == 1 else held[1].value
    return seal.digest(seal.same(held))


DIGESTS = Memory[Content | None, str](_digest_of)
