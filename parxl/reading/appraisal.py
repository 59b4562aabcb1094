"""The workbooks of one round of the appraisal, ``3-tham-dinh/lan-N``: who wrote what about which criterion.

Any number of files under any names, each holding any rows: copies made so that several people may work at
once. Rows are found by their hidden keys, columns by their headings; only the two columns to type in are
taken, and what stands beside them is compared with the key, so that no score goes to another row.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from parxl.appraisal import Answer, as_typed, standing, typed_units
from parxl.campaign import Folder, Register, Settings
from parxl.criteria import CriteriaSet, Node
from parxl.desk import KIND_APPRAISAL, appraised, parse_key, round_folder
from parxl.exact import points_text, short_text
from parxl.findings import Finding, finding
from parxl.grid import OWN, Unreadable, Workbook
from parxl.grid.isolation import read_apart
from parxl.identity import EXPLANATION, FORM, TEMPLATE
from parxl.reading.appraisal_rows import Line, tables, typed_lines
from parxl.reading.listing import files_below, is_owner_file, not_a_file
from parxl.reading.owner import read_identity
from parxl.reading.rejection import Rejected
from parxl.reading.texts import meaning, shown

NOT_OPENED = "không có quyền mở, hoặc đang mở ở chương trình khác"
KINDS = {FORM: "là phiếu chấm điểm", TEMPLATE: "là mẫu phiếu chấm điểm", EXPLANATION: "là phiếu giải trình"}
NO_IDENTITY = {
    "PX302": "không có thông tin nhận dạng của parxl",
    "PX311": "thông tin nhận dạng ở các nơi trong tệp không khớp nhau",
}


@dataclass(frozen=True)
class AppraisalFile:
    """One file of a round. ``usable``: are its answers taken?"""

    name: str
    sha256: str
    usable: bool = False
    answers: tuple[Answer, ...] = ()
    findings: tuple[Finding, ...] = field(default=())


class Appraisals(NamedTuple):
    """All that a round's folder holds, in order of file name."""

    answers: tuple[Answer, ...]
    findings: tuple[Finding, ...]
    files: tuple[AppraisalFile, ...]


def read_appraisals(
    folder: Folder, number: int, criteria: CriteriaSet, settings: Settings, register: Register | None
) -> Appraisals:
    """Read every file of one round; one bad file never stops the others."""
    reader = _FileReader(folder, number, criteria, settings, register)
    paths = files_below(folder.appraisal / round_folder(number))
    files = tuple(reader.read(path) for path in paths if not is_owner_file(path.name))
    return Appraisals(
        tuple(answer for file in files for answer in file.answers),
        tuple(found for file in files for found in file.findings),
        files,
    )


# One file -----------------------------------------------------------------------------------------


class _FileReader:
    def __init__(
        self,
        folder: Folder,
        number: int,
        criteria: CriteriaSet,
        settings: Settings,
        register: Register | None,
    ):
        self.folder, self.number, self.criteria, self.register = folder, number, criteria, register
        self.units = settings.unit_by_code
        self.leaves = {node.code: node for area in criteria.areas for node in appraised(criteria, area)}

    def read(self, path: Path) -> AppraisalFile:
        name = self.folder.name(path)
        if reason := not_a_file(path):
            return AppraisalFile(name, "", findings=(finding("PX319", file=name, reason=reason),))
        try:
            digest, book = read_apart(path, OWN)
        except OSError:
            return AppraisalFile(name, "", findings=(finding("PX301", file=name, reason=NOT_OPENED),))
        if isinstance(book, Unreadable):
            found = finding(book.code, file=name, reason=book.reason)
            return AppraisalFile(name, digest, findings=(found,))
        if reason := why_foreign(book, self.number, self.criteria, self.register):
            return AppraisalFile(name, digest, findings=(finding("PX703", file=name, reason=reason),))
        told = [self._line(line, name) for line in typed_lines(book)]
        answers = tuple(one for one in told if isinstance(one, Answer) and one.says_anything)
        return AppraisalFile(name, digest, True, answers, tuple(f for f in told if isinstance(f, Finding)))

    def _line(self, line: Line, file: str) -> Answer | Finding:
        """What a row says, or why it cannot be taken."""
        unit, code = parse_key(line.key) or ("", "")
        known, node = self.units.get(unit.lower()), self.leaves.get(code)
        place = {"file": file, "sheet": line.sheet, "cell": line.place}
        if known is None or node is None:
            return finding("PX704", **place, key=shown(line.key) or "không có khóa")
        place["criterion"] = code
        if (beside := (line.text("unit"), line.text("code"))) != (unit, code):
            return finding("PX708", **place, key=line.key, unit=shown(beside[0]), code=shown(beside[1]))
        return self._answer(line, known.code, node, place)

    def _answer(self, line: Line, unit: str, node: Node, place: dict[str, str]) -> Answer | Finding:
        decimals, maximum = self.criteria.decimals, self.criteria.units(node.max)
        points = None if line.typed.points is None else _points(line.typed.points, maximum, decimals)
        if line.typed.points is not None and points is None:
            top, value = points_text(maximum, decimals), _shown(line.typed.points)
            return finding("PX701", **place, unit=unit, value=value, maximum=top, decimals=decimals)
        computed, first = line.score("computed", decimals), line.score("first", decimals)
        agreed = computed if first is None else first
        if points is not None and points != agreed and not line.reason:
            text, against = points_text(points, decimals), standing(first, computed, decimals)
            return finding("PX702", **place, unit=unit, points=text, standing=against)
        where = place["file"], place["sheet"], place["cell"]
        return Answer(self.number, unit, node.code, points, line.reason, computed, *where)


def _points(raw: int | float | str, maximum: int, decimals: int) -> int | None:
    """What stands in *Điểm thẩm định* as units; None where it is no valid score."""
    if isinstance(raw, str):
        number = meaning(raw, decimals).number
        return None if number is None else typed_units(number, maximum, decimals)
    return typed_units(as_typed(raw), maximum, decimals)


def _shown(raw: int | float | str) -> str:
    return shown(raw if isinstance(raw, str) else short_text(as_typed(raw)))


def why_foreign(book: Workbook, number: int, criteria: CriteriaSet, register: Register | None) -> str:
    """Why a workbook is none of this round's appraisal; "" where it is one."""
    try:
        identity = read_identity(book, "")
    except Rejected as rejected:
        return NO_IDENTITY[rejected.findings[0].code]
    if identity.kind != KIND_APPRAISAL:
        return KINDS.get(identity.kind, "là tệp loại khác của parxl")
    if (identity.set, identity.edition) != (criteria.id, criteria.edition):
        return "thuộc bộ tiêu chí hoặc phiên bản khác"
    if register and identity.campaign != register.campaign:
        return "thuộc đợt chấm khác"
    if identity.serial != str(number):
        return f"thuộc lần thẩm định {shown(identity.serial)}, không phải lần {number}"
    if not any(tables(book)):
        return "không còn bảng thẩm định với đủ các cột đã phát hành"
    return ""
