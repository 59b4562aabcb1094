"""The tables of a file, a workbook or text, and the headings by which their columns are known."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass

from parxl.grid import OWN, Cell, read_workbook

# Field of a unit -> its headings: first the control workbook's own, then what other lists say.
HEADINGS = {
    "code": ("Mã đơn vị", "Mã", "Mã số", "Mã cơ quan", "Mã cơ quan, đơn vị", "Mã định danh"),
    "name": ("Tên đơn vị", "Tên cơ quan", "Tên cơ quan, đơn vị", "Cơ quan, đơn vị", "Đơn vị", "Cơ quan"),
    "group": ("Khối", "Nhóm", "Khối/Nhóm", "Khối thi đua", "Khối đơn vị", "Nhóm đơn vị"),
    "email": ("Email", "E-mail", "Thư điện tử", "Địa chỉ email", "Địa chỉ thư điện tử", "Hộp thư điện tử"),
    "last_year_code": ("Mã năm trước",),
    "parent": ("Cơ quan chủ quản",),
    "post": ("Chức vụ người ký", "Chức vụ"),
    "signer": ("Người ký", "Họ tên người ký", "Họ và tên người ký"),
}
# Of one round only; and last year's code, where the list is an earlier round's control workbook.
PAST = ("Ngày nộp", "Tệp chính thức")
LAST_YEAR = "Mã năm trước"
ROSTER_SHEET, CONTROL_SHEET = "Đơn vị", "Đợt chấm"
TEXT_FILES = (".csv", ".tsv", ".txt")
BINARY = (b"PK", b"\xd0\xcf")  # how .xlsx and .xls begin, whatever their names say
Rows = dict[int, dict[int, Cell]]
DELIMITERS = "\t;,"  # those that a name hardly ever holds come first


@dataclass(frozen=True)
class Table:
    """Row number -> column number -> cell; blank cells are left out. ``head``: the row of its headings.

    ``sheet`` is None in a text file. ``past``: headings whose content belongs to an earlier round.
    """

    sheet: str | None
    rows: Rows
    past: tuple[str, ...] = PAST
    head: int = 0


def read_tables(content: bytes, file: str) -> list[Table]:
    """Unreadable, csv.Error or ValueError where the file is neither a workbook nor text."""
    is_text = file.lower().endswith(TEXT_FILES) and not content.startswith(BINARY)
    return [_text_table(content)] if is_text else _sheets(content)


def _sheets(content: bytes) -> list[Table]:
    """The sheets that are shown; only *Đơn vị* where it holds a list."""
    book = read_workbook(content, OWN)
    past = (*PAST, LAST_YEAR) if CONTROL_SHEET in book.sheets else PAST
    tables = []
    for name, cells in book.sheets.items():
        rows: Rows = {}
        for (row, column), cell in sorted(cells.items()):
            if cell.text or cell.formula:
                rows.setdefault(row, {})[column] = cell
        tables.append(Table(name, rows, past))
    shown = [table for table in tables if not book.facts[table.sheet or ""].hidden]
    return [table for table in shown if table.sheet == ROSTER_SHEET and head_rows(table)] or shown


def _text_table(content: bytes) -> Table:
    """A text file, parted by that delimiter under which the most headings are known."""
    text = decoded(content)
    said = re.match(r"sep=(.)\r?\n", text)  # Excel's own way to say it
    made, failures = [], []
    for delimiter in said[1] if said else DELIMITERS:
        try:
            made.append(Table(None, _text_rows(text, delimiter)))
        except csv.Error as error:
            failures.append(error)
    best = max(made, key=_known_headings, default=None)
    if best is None or (failures and not head_rows(best)):
        raise failures[0]
    return best


def _known_headings(table: Table) -> int:
    return max((len(columns_of(table, row)) for row in head_rows(table)), default=0)


def decoded(content: bytes) -> str:
    """Text in UTF-8, UTF-16 or Windows-1258. ValueError where it is none of them."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    if b"\0" in content:
        # Most letters are Latin, whose high byte is 0.
        first_is_high = content[::2].count(0) > content[1::2].count(0)
        return content.decode("utf-16-be" if first_is_high else "utf-16-le")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1258")


def _text_rows(text: str, delimiter: str) -> Rows:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    made = [{column: Cell(text) for column, text in enumerate(row, start=1) if text.strip()} for row in rows]
    return {number: row for number, row in enumerate(made, start=1) if row}


# Headings -----------------------------------------------------------------------------------------


def plain(text: str) -> str:
    """Lower case letters and digits without accents, parted by spaces: ``Khối/Nhóm`` -> ``khoi nhom``."""
    bare = unicodedata.normalize("NFKD", text).lower().replace("đ", "d")
    letters = "".join(sign for sign in bare if not unicodedata.combining(sign))
    return " ".join(re.findall(r"[a-z0-9]+", letters))


def heading(cell: Cell) -> str:
    """A heading without what it says in brackets: ``Email (nếu có)``."""
    return plain(re.sub(r"\([^)]*\)", " ", cell.text))


KNOWN = {field: [plain(heading) for heading in headings] for field, headings in HEADINGS.items()}


def head_rows(table: Table) -> list[int]:
    """The rows in which the column of names is headed.

    Where one of them heads other columns too, a row with that one word is a title, or a unit of the group
    *Cơ quan*.
    """
    named = [n for n, row in table.rows.items() if any(heading(c) in KNOWN["name"] for c in row.values())]
    known = {number: len(columns_of(table, number)) for number in named}
    return [number for number in named if known[number] > 1 or max(known.values()) == 1]


def columns_of(table: Table, head: int) -> dict[str, list[int]]:
    """Field -> the columns headed by it; the control workbook's own headings come before others."""
    heads = {column: heading(cell) for column, cell in table.rows[head].items()}
    past = [plain(heading) for heading in table.past]
    found: dict[str, list[int]] = {}
    for name, known in KNOWN.items():
        own = [column for column, head in heads.items() if head == known[0] and head not in past]
        found[name] = own or [column for column, head in heads.items() if head in known[1:]]
    return {name: columns for name, columns in found.items() if columns}
