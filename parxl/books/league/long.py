"""A workbook whose long sheets cost little: their rows are rendered and deflated as they come.

XlsxWriter keeps every cell as an object until the end, and then all sheets at once as text: half a gigabyte
for ten thousand units. Here it still writes everything but the long rows: formats, shared strings, what stands
above and below. The rows go between as they are kept, deflated (``archive.Run``).
"""

from __future__ import annotations

from parxl.books.archive import Running
from parxl.books.styles import MAX_ROW_HEIGHT, Book, Sheet

PIECE = 1 << 16  # characters rendered before they are deflated
MOST_TEXT = 32_767  # UTF-16 units of a cell: Excel's own limit


class LongSheet(Sheet):
    """A worksheet with one run of rows that are never held as cells."""

    def __init__(self) -> None:
        super().__init__()
        self.first_line = self.last_line = 0  # numbered from 1; 0: none yet
        self.is_paged = False  # are the heights of the long rows kept, for page breaks?
        self._pending: list[str] = []
        self._pending_size = 0
        self._rows = Running()

    def line(self, number: int, cells: list[str], points: float) -> None:
        """The next row, whole: its cells as XML, from column A on, and its height in points.

        ValueError unless it follows the one before. Numbered from 1.
        """
        if self.last_line and number != self.last_line + 1:
            raise ValueError(f"row {number} after row {self.last_line}")
        self.first_line, self.last_line = self.first_line or number, number
        self._check_dimensions(number - 1, 0)
        self._check_dimensions(number - 1, len(cells) - 1)
        text = f'<row r="{number}"{self._height(points)}>{"".join(cells)}</row>'
        if self.is_paged:
            self.heights[number] = min(points, MAX_ROW_HEIGHT)
        self._pending.append(text)
        self._pending_size += len(text)
        if self._pending_size > PIECE:
            self._pack()

    def _height(self, points: float) -> str:
        """As ``tall`` sets it: in whole pixels, and only where it is not the usual one."""
        pixels = int(min(points, MAX_ROW_HEIGHT) * 4 / 3 + 0.5)
        return "" if pixels == self.original_row_height else f' ht="{pixels * 0.75:.16g}"'

    def _pack(self) -> None:
        self._rows.add("".join(self._pending))
        self._pending, self._pending_size = [], 0

    def text_index(self, text: str) -> int:
        """The number of a text among the workbook's strings; cut where Excel would refuse it."""
        if len(text) > MOST_TEXT // 2:
            text = text.encode("utf-16-le")[: 2 * MOST_TEXT].decode("utf-16-le", "ignore")
        return int(self.str_table._get_shared_string_index(text))

    def count_again(self) -> None:
        """One more cell shows a text that has its number already: the workbook says how many do."""
        self.str_table.count += 1

    def link(self, row: int, column: int, target: str, text: str) -> None:
        """A link on a cell of a long row, which shows this text. ``row`` from 1, ``column`` from 0."""
        self.ignore_write_string = True
        self.write_url(row - 1, column, target, None, text)
        self.ignore_write_string = False

    def _write_rows(self) -> None:
        if not self.last_line:
            super()._write_rows()
            return
        top, bottom = self.dim_rowmin, self.dim_rowmax
        self._write_between(top, self.first_line - 2)
        self._pack()
        self.fh.write(self._rows.run())
        self._write_between(self.last_line, bottom)

    def _write_between(self, first: int, last: int) -> None:
        """The other rows from one to another, numbered from 0."""
        self.dim_rowmin, self.dim_rowmax = first, last
        super()._write_rows()


class LongBook(Book):
    """A workbook of long sheets; any of them may do without a long row.

    ``left_out``: (sheet, words) of each that does not list all, for *Cách tính*.
    """

    def __init__(self, year: int, title: str, author: str):
        super().__init__(year, title, author)
        self.left_out: list[tuple[str, str]] = []

    def sheet(self, name: str) -> LongSheet:
        made: LongSheet = self.workbook.add_worksheet(name, worksheet_class=LongSheet)
        return made
