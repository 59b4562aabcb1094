"""Reading the control workbook: every mistake at its sheet and cell, all at once."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from parxl.books.control_spec import (
    BANDS,
    EXEMPT,
    ITEM,
    ITEMS,
    MAIL,
    RULINGS,
    SETTINGS,
    SURVEY,
    TABLES,
    UNITS,
    VALUE,
)
from parxl.campaign import (
    TIES,
    TREATMENTS,
    Band,
    Exemption,
    Ruling,
    Settings,
    Unit,
    is_unit_code,
    keys_under,
)
from parxl.criteria import CriteriaSet
from parxl.exact import to_units
from parxl.findings import Finding, NothingUsable, finding
from parxl.grid import Cell, Unreadable, Workbook, read_workbook, tidy

COLUMN_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def read_control(path: Path, criteria: CriteriaSet) -> Settings:
    """Settings from the control workbook. NothingUsable with every mistake in it."""
    try:
        book = read_workbook(path.read_bytes())
    except Unreadable as error:
        raise NothingUsable([finding("PX203", file=path.name, reason=str(error))]) from error
    except OSError as error:
        raise NothingUsable([finding("PX203", file=path.name, reason="không có quyền đọc tệp")]) from error
    reader = _Reader(book, path.name, criteria)
    settings = reader.settings()
    if reader.findings:
        raise NothingUsable(reader.findings)
    return settings


class _Line:
    """One row of a table: cells by column name."""

    def __init__(self, reader: _Reader, sheet: str, row: int, columns: dict[str, int]):
        self.reader, self.sheet, self.row, self.columns = reader, sheet, row, columns

    def cell(self, name: str) -> Cell:
        column = self.columns.get(name)
        return self.reader.book.cell(self.sheet, self.row, column) if column else Cell(None)

    def text(self, name: str) -> str:
        cell = self.cell(name)
        if cell.formula or cell.is_error:
            self.wrong("PX213", name)
            return ""
        return cell.text

    def wrong(self, code: str, at: str, /, **facts: Any) -> None:
        column = COLUMN_LETTERS[self.columns.get(at, 1) - 1]
        place = {"file": self.reader.file, "sheet": self.sheet, "cell": f"{column}{self.row}"}
        self.reader.findings.append(finding(code, **place, **facts))

    def needed(self, name: str) -> str:
        text, cell = self.text(name), self.cell(name)
        if not text and name in self.columns and not (cell.formula or cell.is_error):
            self.wrong("PX209", name, name=name)
        return text

    def date(self, name: str) -> dt.date | None:
        text, value = self.text(name), self.cell(name).value
        if text and isinstance(value, dt.date):
            return value.date() if isinstance(value, dt.datetime) else value
        if not text:
            return None
        found = _date(text)
        if found is None:
            expected = "ngày dạng ngày/tháng/năm"
            self.wrong("PX210", name, name=name, value=text, expected=expected)
        return found

    def units(self, name: str, decimals: int, top: int, what: str) -> int | None:
        """A number of points or percents as whole units; None with a finding where it is not one."""
        text = self.needed(name)
        number = _decimal(text)
        try:
            units = None if number is None else to_units(number, decimals)
        except ValueError:
            units = None
        if text and (units is None or not 0 <= units <= top):
            self.wrong("PX210", name, name=name, value=text, expected=what)
            return None
        return units


class _Reader:
    def __init__(self, book: Workbook, file: str, criteria: CriteriaSet):
        self.book, self.file, self.criteria = book, file, criteria
        self.findings: list[Finding] = []

    # The sheets -------------------------------------------------------------------------------

    def settings(self) -> Settings:
        items = self._items(SETTINGS)
        units = self._units()
        codes = {unit.code.lower(): unit.code for unit in units}
        return Settings(
            name=items["Tên đợt chấm"].needed(VALUE) if "Tên đợt chấm" in items else "",
            year=self._year(items),
            authority=self._item(items, "Cơ quan chủ quản"),
            lead=self._item(items, "Cơ quan chủ trì"),
            place=self._item(items, "Địa danh"),
            deadline=items["Hạn nộp"].date(VALUE) if "Hạn nộp" in items else None,
            ties=self._ties(items),
            formula_checked=self._item(items, "Công thức đã đối chiếu"),
            last_year=self._item(items, "Kết quả năm trước"),
            units=units,
            rulings=self._rulings(),
            exemptions=tuple(self._exemptions(codes)),
            survey=self._survey(codes),
            bands=tuple(self._bands({unit.group for unit in units})),
            mail={name: line.text(VALUE) for name, line in self._items(MAIL).items()},
        )

    def _year(self, items: dict[str, _Line]) -> int:
        line = items.get("Năm")
        text = line.needed(VALUE) if line else ""
        if re.fullmatch(r"20\d\d", text):
            return int(text)
        if line and text:
            line.wrong("PX210", VALUE, name="Năm", value=text, expected="năm có bốn chữ số, ví dụ 2026")
        return 2000

    def _ties(self, items: dict[str, _Line]) -> str:
        text = self._item(items, "Kiểu đồng hạng") or next(iter(TIES))
        if text not in TIES:
            facts = {"value": text, "expected": " hoặc ".join(TIES)}
            items["Kiểu đồng hạng"].wrong("PX210", VALUE, name="Kiểu đồng hạng", **facts)
        return text

    def _item(self, items: dict[str, _Line], name: str) -> str:
        return items[name].text(VALUE) if name in items else ""

    def _units(self) -> tuple[Unit, ...]:
        units: list[Unit] = []
        seen: dict[str, int] = {}
        lines = list(self._lines(UNITS))
        for line in lines:
            code = line.needed("Mã đơn vị")
            if code and not is_unit_code(code):
                line.wrong("PX207", "Mã đơn vị", value=code)
            elif code and code.lower() in seen:
                line.wrong("PX208", "Mã đơn vị", value=code, row=seen[code.lower()])
            seen.setdefault(code.lower(), line.row)
            units.append(_unit(line, code))
        if not lines and UNITS in self.book.sheets:
            self.findings.append(finding("PX206", file=self.file, sheet=UNITS, cell="A2"))
        return tuple(units)

    def _rulings(self) -> dict[str, Ruling]:
        found: dict[str, Ruling] = {}
        rows: dict[str, int] = {}
        for line in self._lines(RULINGS):
            code, words = line.needed("Mã tiêu chí"), line.needed("Xử lý").lower()
            keys = [k for k in keys_under(self.criteria, code) if self._awaits(k)]
            if code and (not keys or code in {g.code for g in self.criteria.groups}):
                facts = {"what": "mã tiêu chí có trường hợp chờ hướng dẫn", "where": "trang Danh mục"}
                line.wrong("PX211", "Mã tiêu chí", value=code, **facts)
                keys = []
            if words and words not in TREATMENTS:
                facts = {"value": words, "expected": ", ".join(TREATMENTS)}
                line.wrong("PX210", "Xử lý", name="Xử lý", **facts)
            document = line.text("Văn bản căn cứ")
            earlier = next((rows[key] for key in keys if key in rows), None)
            if earlier:
                line.wrong("PX212", "Mã tiêu chí", row=earlier)
            for key in keys:
                rows.setdefault(key, line.row)
                found[key] = Ruling(TREATMENTS.get(words, "zero"), document)
        return found

    def _awaits(self, key: str) -> bool:
        return any(at.key == key and at.part.rule.zero_case == "guidance" for at in self.criteria.parts)

    def _exemptions(self, codes: dict[str, str]) -> Iterator[Exemption]:
        for line in self._lines(EXEMPT):
            unit, code = line.needed("Mã đơn vị"), line.needed("Mã tiêu chí")
            if unit and unit != "*" and unit.lower() not in codes:
                line.wrong("PX211", "Mã đơn vị", value=unit, what="mã đơn vị", where="trang Đơn vị")
            if code and not keys_under(self.criteria, code):
                facts = {"value": code, "what": "mã tiêu chí", "where": "trang Danh mục"}
                line.wrong("PX211", "Mã tiêu chí", **facts)
            reason = line.needed("Lý do")
            yield Exemption(codes.get(unit.lower(), unit), code, reason, line.text("Văn bản căn cứ"))

    def _survey(self, codes: dict[str, str]) -> dict[str, int]:
        found: dict[str, int] = {}
        top = sum(self.criteria.units(n.max) for n in self.criteria.entered)
        what = f"số từ 0 đến {top // self.criteria.scale}, tối đa {self.criteria.decimals} chữ số thập phân"
        for line in self._lines(SURVEY):
            unit = line.needed("Mã đơn vị")
            points = line.units("Điểm", self.criteria.decimals, top, what)
            if unit and unit.lower() not in codes:
                line.wrong("PX211", "Mã đơn vị", value=unit, what="mã đơn vị", where="trang Đơn vị")
            elif codes.get(unit.lower()) in found:
                line.wrong("PX212", "Mã đơn vị", row="trước")
            elif unit and points is not None:
                found[codes[unit.lower()]] = points
        return found

    def _bands(self, groups: set[str]) -> Iterator[Band]:
        top = 100 * self.criteria.scale
        for line in self._lines(BANDS):
            group, name = line.needed("Khối"), line.needed("Xếp loại")
            what = f"số từ 0 đến 100, tối đa {self.criteria.decimals} chữ số thập phân"
            start = line.units("Từ", self.criteria.decimals, top, what)
            if group and group != "*" and group not in groups:
                line.wrong("PX211", "Khối", value=group, what="tên khối", where="trang Đơn vị")
            if start is not None:
                yield Band(group, name, start)

    # Rows and columns -------------------------------------------------------------------------

    def _items(self, sheet: str) -> dict[str, _Line]:
        """Item name -> its line, for a Mục/Giá trị sheet; unknown items are left alone."""
        columns = self._columns(sheet, (ITEM, VALUE))
        names = {item.name for item in ITEMS[sheet]}
        found = {}
        for row in self._row_numbers(sheet):
            name = self.book.cell(sheet, row, columns.get(ITEM, 1)).text
            if name in names:
                found[name] = _Line(self, sheet, row, columns)
        if sheet == SETTINGS and columns:
            for name in ("Tên đợt chấm", "Năm"):
                if name not in found:
                    self.findings.append(finding("PX209", file=self.file, sheet=sheet, name=name))
        return found

    def _lines(self, sheet: str) -> Iterator[_Line]:
        """The rows of a table in which something is typed."""
        columns = self._columns(sheet, tuple(c.name for c in TABLES[sheet]))
        for row in self._row_numbers(sheet):
            if any(self.book.cell(sheet, row, c).text for c in columns.values()):
                yield _Line(self, sheet, row, columns)

    def _row_numbers(self, sheet: str) -> list[int]:
        return sorted({row for row, _ in self.book.sheets.get(sheet, {}) if row > 1})

    def _columns(self, sheet: str, names: tuple[str, ...]) -> dict[str, int]:
        """Column name -> number; a missing sheet or column is a finding."""
        if sheet not in self.book.sheets:
            if not any(f.sheet == sheet and f.code == "PX204" for f in self.findings):
                self.findings.append(finding("PX204", file=self.file, sheet=sheet, name=sheet))
            return {}
        heads = {
            cell.text: column
            for (row, column), cell in sorted(self.book.sheets[sheet].items(), reverse=True)
            if row == 1 and column <= len(COLUMN_LETTERS)
        }
        for name in names:
            if name not in heads:
                facts = {"file": self.file, "sheet": sheet, "cell": "1:1"}
                self.findings.append(finding("PX205", **facts, name=name))
        return {name: heads[name] for name in names if name in heads}


def _unit(line: _Line, code: str) -> Unit:
    text: Callable[[str], str] = line.text
    return Unit(
        code=code,
        name=line.needed("Tên đơn vị"),
        group=text("Khối"),
        email=text("Email"),
        submitted=line.date("Ngày nộp"),
        official_file=text("Tệp chính thức"),
        last_year_code=text("Mã năm trước"),
        parent=text("Cơ quan chủ quản"),
        post=text("Chức vụ người ký"),
        signer=text("Người ký"),
    )


def _date(text: str) -> dt.date | None:
    for pattern in ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"):
        try:
            return dt.datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    return None


def _decimal(text: str) -> Decimal | None:
    """``17,5``, ``17.5``: a number as typed in a Vietnamese or an English Excel."""
    plain = unicodedata.normalize("NFKC", tidy(text)).replace(",", ".")
    try:
        return Decimal(plain) if re.fullmatch(r"\d+(\.\d+)?", plain) else None
    except InvalidOperation:
        return None
