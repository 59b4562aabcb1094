"""The department's points in the control workbook: entered, added, taken away, and the bands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from parxl.books.control.cells import ControlCells, Line, Wanted
from parxl.books.control.spec import ADJUSTMENTS, BANDS, SURVEY, VALUE
from parxl.campaign import Adjustment, Band, Exemption, Unit, keys_under
from parxl.criteria import CriteriaSet
from parxl.criteria.model import Node
from parxl.exact import short_text


class PointsReader:
    """Reads the sheets that say points; every mistake goes to ``cells.findings``."""

    def __init__(self, cells: ControlCells, criteria: CriteriaSet, units: tuple[Unit, ...]):
        self.cells, self.criteria = cells, criteria
        self.codes = {unit.code.lower(): unit.code for unit in units}
        self.groups = {unit.group for unit in units}

    def unit_code(self, line: Line, or_all: bool = False) -> str:
        """The unit of a line in the roster's own spelling; "" with a finding where there is none."""
        typed = line.needed("Mã đơn vị")
        if or_all and typed == "*":
            return typed
        if typed and typed.lower() not in self.codes:
            line.wrong("PX211", "Mã đơn vị", value=typed, what="mã đơn vị", where="trang Đơn vị")
        return self.codes.get(typed.lower(), "")

    def survey(self, exemptions: tuple[Exemption, ...]) -> dict[tuple[str, str], int]:
        found: dict[tuple[str, str], int] = {}
        rows: dict[tuple[str, str], int] = {}
        several, exempt = len(self.criteria.entered) > 1, self._exempt(exemptions)
        for line in self.cells.lines(SURVEY, ["Mã tiêu chí"] if several else []):
            unit, leaf = self.unit_code(line), self._leaf(line)
            points = line.units("Điểm", self._points(leaf))
            if not unit or not leaf:
                continue
            key = unit, leaf.code
            if key in rows:
                line.wrong("PX212", "Mã đơn vị", row=rows[key])
            elif leaf.code in exempt["*"] | exempt[unit]:
                line.wrong("PX229", "Mã đơn vị", value=unit)
            rows.setdefault(key, line.row)
            if points is not None:
                found[key] = points
        return found

    def _leaf(self, line: Line) -> Node | None:
        """The criterion whose points a line enters: the set's only one, or the one that is named."""
        entered = {node.code: node for node in self.criteria.entered}
        code = line.needed("Mã tiêu chí") if len(entered) > 1 else line.text("Mã tiêu chí")
        if code and code not in entered:
            where = f"số các mã: {', '.join(entered)}" if entered else "trang Danh mục"
            facts = {"what": "mã tiêu chí do cơ quan chủ trì nhập điểm", "where": where}
            line.wrong("PX211", "Mã tiêu chí", value=code, **facts)
        return entered.get(code) if code or len(entered) > 1 else next(iter(entered.values()), None)

    def _exempt(self, exemptions: tuple[Exemption, ...]) -> Mapping[str, set[str]]:
        """Unit, or "*" for all -> what does not apply to it."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for one in exemptions:
            found[one.unit].update(keys_under(self.criteria, one.code))
        return found

    def _points(self, leaf: Node | None) -> Wanted:
        """What the points may be; where it is not known of which criterion, of any."""
        most = max((node.max for node in ([leaf] if leaf else self.criteria.entered)), default=None)
        if most is None:
            return Wanted(0, -1, "bỏ trống trang này (bộ tiêu chí không có điểm khảo sát)")
        words = f"số từ 0 đến {short_text(most)}, tối đa {self.criteria.decimals} chữ số thập phân"
        return Wanted(self.criteria.decimals, self.criteria.units(most), words)

    def adjustments(self) -> Iterator[Adjustment]:
        top, decimals = self.criteria.units(self.criteria.total.max), self.criteria.decimals
        words = f"số khác 0 (số âm là điểm trừ), tối đa {decimals} chữ số thập phân, không quá tổng điểm tối đa"
        rows: dict[Adjustment, int] = {}
        for line in self.cells.lines(ADJUSTMENTS):
            unit = self.unit_code(line)
            points = line.units("Điểm", Wanted(decimals, top, words, -top))
            if points == 0:
                line.wrong("PX210", "Điểm", name="Điểm", value="0", expected=words)
            reason, document = line.needed("Lý do"), line.needed("Văn bản căn cứ")
            made = Adjustment(unit, points or 0, reason, document)
            if unit and points and made in rows:
                line.wrong("PX212", "Mã đơn vị", row=rows[made])
            rows.setdefault(made, line.row)
            yield made

    def cap(self, line: Line | None, name: str) -> int | None:
        """The most that is added or taken away; None where nothing is typed."""
        if line is None or line.is_blank(VALUE):
            return None
        top, decimals = self.criteria.units(self.criteria.total.max), self.criteria.decimals
        most = short_text(self.criteria.total.max)
        words = f"số từ 0 đến {most}, tối đa {decimals} chữ số thập phân, hoặc để trống"
        return line.units(VALUE, Wanted(decimals, top, words), name)

    def bands(self) -> Iterator[Band]:
        words = f"số từ 0 đến 100, tối đa {self.criteria.decimals} chữ số thập phân, không ghi dạng phần trăm"
        wanted = Wanted(self.criteria.decimals, 100 * self.criteria.scale, words)
        rows: dict[tuple[str, str | int], int] = {}
        for line in self.cells.lines(BANDS):
            group, name = line.needed("Khối"), line.needed("Xếp loại")
            start = line.units("Từ", wanted)
            if group and group != "*" and group not in self.groups:
                line.wrong("PX211", "Khối", value=group, what="tên khối", where="trang Đơn vị")
            for column, said in (("Xếp loại", name), ("Từ", start)):
                if said is None or said == "":
                    continue
                if (group, said) in rows:
                    line.wrong("PX212", column, row=rows[group, said])
                rows.setdefault((group, said), line.row)
            if start is not None:
                yield Band(group, name, start)
