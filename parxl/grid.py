"""Cells of somebody's workbook as plain values: the one place that knows the reading library."""

from __future__ import annotations

import datetime as dt
import io
import unicodedata
import warnings
import zipfile
from dataclasses import dataclass
from typing import Any

import openpyxl

MAGIC = {
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "tệp .xls kiểu cũ hoặc tệp được đặt mật khẩu mở",
    b"%PDF": "tệp PDF",
    b"<htm": "tệp HTML",
    b"<!DO": "tệp HTML",
    b"{\\rt": "tệp RTF",
}


class Unreadable(Exception):
    """The bytes are not a workbook that can be read; the text says what they are, in Vietnamese."""


class HasMacros(Unreadable):
    """The workbook carries a vbaProject."""


@dataclass(frozen=True)
class Cell:
    """One cell. With a formula, ``value`` is what the file keeps as its result, ``source`` its text."""

    value: Any
    formula: bool = False
    source: str = ""
    number_format: str = "General"

    @property
    def is_percent(self) -> bool:
        """A number that is shown as a percentage: 0.95 shown as 95%."""
        return isinstance(self.value, (int, float)) and "%" in self.number_format

    @property
    def is_error(self) -> bool:
        return isinstance(self.value, str) and self.value in openpyxl.cell.cell.ERROR_CODES

    @property
    def is_date(self) -> bool:
        return isinstance(self.value, (dt.date, dt.time, dt.timedelta))

    @property
    def text(self) -> str:
        """The value as text: NFC, no-break spaces as spaces, trimmed; whole floats without ".0"."""
        if self.value is None:
            return ""
        if isinstance(self.value, float) and self.value.is_integer():
            return str(int(self.value))
        return tidy(str(self.value))


EMPTY = Cell(None)
Grid = dict[str, dict[tuple[int, int], Cell]]


def tidy(text: str) -> str:
    """NFC, no-break spaces as spaces, trimmed."""
    return unicodedata.normalize("NFC", text).replace("\u00a0", " ").strip()


@dataclass(frozen=True)
class Workbook:
    """Sheet name -> (row, column) from 1 -> cell; and the custom document properties."""

    sheets: Grid
    properties: dict[str, str]

    def cell(self, sheet: str, row: int, column: int) -> Cell:
        return self.sheets.get(sheet, {}).get((row, column), EMPTY)


def read_workbook(content: bytes) -> Workbook:
    """All cells of an .xlsx. Unreadable with a reason in Vietnamese where it is not one."""
    _check_container(content)
    try:
        with warnings.catch_warnings():
            # openpyxl tells in English what it leaves aside when it saves; nothing is saved here.
            warnings.simplefilter("ignore")
            formulas = openpyxl.load_workbook(io.BytesIO(content))
            results = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    except Exception as error:  # whatever a damaged file makes the library raise
        raise Unreadable("nội dung tệp bị hỏng hoặc không đúng định dạng .xlsx") from error
    sheets = {sheet.title: _cells(sheet, results[sheet.title]) for sheet in formulas.worksheets}
    properties = {p.name: str(p.value) for p in formulas.custom_doc_props.props}  # type: ignore[attr-defined]
    return Workbook(sheets, properties)


def _check_container(content: bytes) -> None:
    if not content:
        raise Unreadable("tệp rỗng (0 byte)")
    for magic, what in MAGIC.items():
        if content.startswith(magic):
            raise Unreadable(f"đây là {what}")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as container:
            names = container.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Unreadable("tệp bị hỏng, bị cắt cụt hoặc không phải .xlsx") from error
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise HasMacros("tệp có macro")
    if "xl/workbook.xml" not in names:
        raise Unreadable("tệp nén không chứa sổ tính Excel .xlsx")


def _cells(formulas: Any, results: Any) -> dict[tuple[int, int], Cell]:
    found = {}
    for row in formulas.iter_rows():
        for cell in row:
            if cell.value is not None:
                is_formula = cell.data_type == "f"
                value = results.cell(cell.row, cell.column).value if is_formula else cell.value
                source = str(getattr(cell.value, "text", cell.value)) if is_formula else ""
                found[cell.row, cell.column] = Cell(value, is_formula, source, cell.number_format)
    return found
