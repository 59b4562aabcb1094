"""One sheet's part -> its cells and facts. Blank cells are left out; sizes that a file states are ignored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parxl.grid.container import DAMAGED
from parxl.grid.model import LAST_COLUMN, LAST_ROW, Cell, Place, Unreadable, cell_place
from parxl.grid.parts import Quiet, longer
from parxl.grid.values import Formulas, Values

MOST_AREAS = 10_000
TEXTS = ("v", "f", "t")


class Frame(Quiet):
    """Hears of a sheet what it has besides cells. ``tables``: how often its data began; ``rows``: and a row."""

    def __init__(self) -> None:
        self.protected = False
        self.validated: list[str] = []
        self.tables = self.rows = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "sheetProtection":
            self.protected = attributes.get("sheet", "0") in ("1", "true")
        elif name == "dataValidation":
            room = MOST_AREAS - len(self.validated)
            self.validated.extend(attributes.get("sqref", "").split()[:room])
        elif name == "sheetData":
            self.tables += 1
        elif name in ("row", "c"):
            self.rows += 1


class SheetPart(Frame):
    """Hears one sheet, cells and all."""

    def __init__(self, values: Values):
        super().__init__()
        self.cells: dict[Place, Cell] = {}
        self._values, self._formulas = values, Formulas()
        self._row = self._column = 0
        self._cell: dict[str, Any] | None = None
        self._inside = ""
        self._phonetic = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._cell is not None:
            self._start_inside(name, attributes)
        elif name == "c":
            self._start_cell(attributes)
        elif name == "row":
            self._row, self._column = _row_number(attributes.get("r"), self._row + 1), 0
        else:
            super().start(name, attributes)

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            self._row, self._column = _checked(max(self._row, 1), self._column + 1)
        else:
            self._row, self._column = _place(reference)
        style = attributes.get("s", "0")
        number = int(style) if style.isdecimal() and len(style) < 7 else 0
        self._cell = {"type": attributes.get("t", "n"), "style": number, "v": "", "f": "", "t": ""}

    def _start_inside(self, name: str, attributes: Mapping[str, str]) -> None:
        assert self._cell is not None
        if name == "rPh":
            self._phonetic = True
        elif name == "f":
            self._cell["formula"] = attributes
        self._inside = name if name in TEXTS and not self._phonetic else ""

    def text(self, data: str) -> None:
        if self._inside and self._cell is not None:
            self._cell[self._inside] = longer(self._cell[self._inside], data)

    def end(self, name: str) -> None:
        self._inside = ""
        if name == "rPh":
            self._phonetic = False
        elif name == "c" and self._cell is not None:
            found, self._cell = self._made(self._cell), None
            if found.formula or found.value not in (None, ""):
                self._keep(found)

    def _keep(self, found: Cell) -> None:
        place = self._row, self._column
        if place in self.cells:
            raise Unreadable(DAMAGED, "tệp ghi hai nội dung cho cùng một ô")
        self.cells[place] = found

    def _made(self, cell: dict[str, Any]) -> Cell:
        kind, source = cell["type"], None
        if "formula" in cell:
            source = self._formulas.source(cell["f"], cell["formula"], (self._row, self._column))
        return self._values.cell(kind, cell["style"], cell["t" if kind == "inlineStr" else "v"], source)


def _row_number(text: str | None, following: int) -> int:
    if text is None:
        return following
    if not (text.isdecimal() and len(text) < 8 and 1 <= int(text) <= LAST_ROW):
        raise Unreadable(DAMAGED, "tệp có số thứ tự dòng không hợp lệ")
    return int(text)


def _place(reference: str) -> tuple[int, int]:
    try:
        return cell_place(reference)
    except ValueError as error:
        raise Unreadable(DAMAGED, "tệp có địa chỉ ô không hợp lệ") from error


def _checked(row: int, column: int) -> tuple[int, int]:
    if row > LAST_ROW or column > LAST_COLUMN:
        raise Unreadable(DAMAGED, "tệp có địa chỉ ô không hợp lệ")
    return row, column
