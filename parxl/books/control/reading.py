"""Reading the control workbook: every mistake at its sheet and cell, all at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from parxl.books.control.cells import ControlCells, Line
from parxl.books.control.mail import read_mail
from parxl.books.control.points import PointsReader
from parxl.books.control.spec import EXEMPT, RULINGS, SETTINGS, UNITS, VALUE
from parxl.campaign import (
    ADDRESS_WORDS,
    TIES,
    TREATMENTS,
    Exemption,
    Ruling,
    Settings,
    Unit,
    are_addresses,
    is_unit_code,
    keys_under,
)
from parxl.criteria import CriteriaSet
from parxl.findings import NothingUsable, finding
from parxl.grid import OWN, Unreadable, read_workbook


def read_control(path: Path, criteria: CriteriaSet) -> Settings:
    """Settings from the control workbook. NothingUsable with every mistake in it."""
    try:
        book = read_workbook(path.read_bytes(), OWN)
    except Unreadable as error:
        raise NothingUsable([finding("PX203", file=path.name, reason=error.reason)]) from error
    except OSError as error:
        raise NothingUsable([finding("PX203", file=path.name, reason="không có quyền đọc tệp")]) from error
    cells = ControlCells(book, path.name)
    settings = _Reader(cells, criteria).settings()
    if cells.findings:
        raise NothingUsable(cells.findings)
    return settings


class _Reader:
    def __init__(self, cells: ControlCells, criteria: CriteriaSet):
        self.cells, self.criteria = cells, criteria

    # The sheets -------------------------------------------------------------------------------

    def settings(self) -> Settings:
        items = self.cells.items(SETTINGS)
        units = self._units()
        points = PointsReader(self.cells, self.criteria, units)
        exemptions = tuple(self._exemptions(points))
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
            exemptions=exemptions,
            survey=points.survey(exemptions),
            adjustments=tuple(points.adjustments()),
            bonus_cap=points.cap(items.get("Trần điểm cộng"), "Trần điểm cộng"),
            penalty_cap=points.cap(items.get("Trần điểm trừ"), "Trần điểm trừ"),
            bands=tuple(points.bands()),
            mail=read_mail(self.cells),
        )

    def _year(self, items: dict[str, Line]) -> int:
        line = items.get("Năm")
        text = line.needed(VALUE) if line else ""
        if re.fullmatch(r"20\d\d", text):
            return int(text)
        if line and text:
            line.wrong("PX210", VALUE, name="Năm", value=text, expected="năm có bốn chữ số, ví dụ 2026")
        return 2000

    def _ties(self, items: dict[str, Line]) -> str:
        text = self._item(items, "Kiểu đồng hạng") or next(iter(TIES))
        if text not in TIES:
            facts = {"value": text, "expected": " hoặc ".join(TIES)}
            items["Kiểu đồng hạng"].wrong("PX210", VALUE, name="Kiểu đồng hạng", **facts)
        return text

    def _item(self, items: dict[str, Line], name: str) -> str:
        return items[name].text(VALUE) if name in items else ""

    def _units(self) -> tuple[Unit, ...]:
        units: list[Unit] = []
        seen: dict[str, int] = {}
        lines = list(self.cells.lines(UNITS))
        for line in lines:
            code = line.needed("Mã đơn vị")
            if code and not is_unit_code(code):
                line.wrong("PX207", "Mã đơn vị", value=code)
            elif code and code.lower() in seen:
                line.wrong("PX208", "Mã đơn vị", value=code, row=seen[code.lower()])
            seen.setdefault(code.lower(), line.row)
            units.append(_unit(line, code))
        if not lines and UNITS in self.cells.book.sheets:
            self.cells.findings.append(finding("PX206", file=self.cells.file, sheet=UNITS, cell="A2"))
        return tuple(units)

    def _rulings(self) -> dict[str, Ruling]:
        found: dict[str, Ruling] = {}
        rows: dict[str, int] = {}
        for line in self.cells.lines(RULINGS):
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

    def _exemptions(self, points: PointsReader) -> Iterator[Exemption]:
        rows: dict[str, dict[str, int]] = {}  # code -> unit -> row
        for line in self.cells.lines(EXEMPT):
            unit, code = points.unit_code(line, or_all=True), line.needed("Mã tiêu chí")
            if code and not keys_under(self.criteria, code):
                facts = {"value": code, "what": "mã tiêu chí", "where": "trang Danh mục"}
                line.wrong("PX211", "Mã tiêu chí", **facts)
            # What is declared for all is declared for each.
            own = rows.setdefault(code, {})
            same = [*own] if unit == "*" else [one for one in ("*", unit) if one in own]
            if same and unit and code:
                line.wrong("PX212", "Mã tiêu chí", row=own[same[0]])
            own[unit] = line.row
            yield Exemption(unit, code, line.needed("Lý do"), line.text("Văn bản căn cứ"))


def _unit(line: Line, code: str) -> Unit:
    text: Callable[[str], str] = line.text
    return Unit(
        code=code,
        name=line.needed("Tên đơn vị"),
        group=text("Khối"),
        email=_email(line),
        submitted=line.date("Ngày nộp"),
        official_file=text("Tệp chính thức"),
        last_year_code=text("Mã năm trước"),
        parent=text("Cơ quan chủ quản"),
        post=text("Chức vụ người ký"),
        signer=text("Người ký"),
    )


def _email(line: Line) -> str:
    text = line.text("Email")
    if not are_addresses(text):
        line.wrong("PX210", "Email", name="Email", value=text, expected=ADDRESS_WORDS)
    return text
