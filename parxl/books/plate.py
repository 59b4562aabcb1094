"""Sheets that are drawn once, and stamped for every unit with what is the unit's own.

    def draw(book: Book, sheet: Sheet) -> None:      # ordinary calls: all that every unit has
        sheet.write_string("A1", "Điểm", book.cell(bold=True))
        sheet.write_blank("B1", None, book.cell(num_format="0.00"))
        sheet.write_formula("C1", "=B1*2", book.cell(), 0)

    plate = Plate({"Trang": draw})                   # slow, once
    book = plate.book(2026, "Tiêu đề", "parxl")      # fast, for every unit
    sheet = book.stamped("Trang")
    sheet.put("B1", 1.5)                             # into the look that is drawn there
    sheet.result("C1", 3.0)                          # the value of a drawn formula
    content = book.close()

XlsxWriter writes the drawn sheets in pieces, one a cell and one a row (``press``). Stamping copies the list,
replaces what differs, and joins (``stamped``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from parxl.books.looks import Look, Properties
from parxl.books.package import texts_of
from parxl.books.press import Press
from parxl.books.sheet import Sheet
from parxl.books.stamped import Stamped
from parxl.books.styles import Book

Draw = Callable[[Book, Sheet], None]


class Plate:
    """Drawn sheets, with the formats and texts on them."""

    def __init__(self, draws: Mapping[str, Draw]):
        """``draws``: name -> who draws that sheet, in the order of the workbook."""
        self.draws = draws
        book, self.sheets = Book(1900, "", ""), {}
        blank = vars(book.sheet(" ")).copy()
        for name, draw in draws.items():
            sheet = book.workbook.add_worksheet(name, Press)
            draw(book, sheet)
            self.sheets[name] = sheet.press(blank)
        drawn = book.workbook
        self.texts = texts_of(drawn.str_table.string_table)
        self.numbers = drawn.xf_format_indices, drawn.dxf_format_indices
        self.formats = [made for made in drawn.formats if made.xf_index or made.dxf_index is not None]
        self.looks = {key: look for key, look in drawn.looks.items() if look.xf_index}
        self.asked, self.known = _numbered(book.asked), _numbered(book.known)

    def book(self, year: int, title: str, author: str) -> PlateBook:
        """A new workbook, whose ``stamped`` sheets are those of the plate."""
        return PlateBook(self, year, title, author)


class PlateBook(Book):
    """Its formats begin with those of the plate: the pieces hold their numbers."""

    def __init__(self, plate: Plate, year: int, title: str, author: str):
        super().__init__(year, title, author)
        self._plate = plate
        own, (formats, conditional) = self.workbook, plate.numbers
        own.xf_format_indices.update(formats)
        own.dxf_format_indices.update(conditional)
        own.drawn = plate.formats
        own.take_texts(plate.texts)
        own.looks.update(plate.looks)
        self.asked.update(plate.asked)
        self.known.update(plate.known)

    def stamped(self, name: str) -> Stamped:
        """A sheet of the plate, as it is drawn."""
        sheet: Stamped = self.workbook.add_worksheet(name, partial(Stamped, self._plate.sheets[name]))
        return sheet


def _numbered(looks: Mapping[Properties, Look]) -> dict[Properties, Look]:
    """Those that are used: the others would get their numbers in the plate's own book."""
    return {properties: look for properties, look in looks.items() if look.xf_index}
