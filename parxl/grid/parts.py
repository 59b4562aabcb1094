"""The parts beside the sheets: which sheets there are, shared texts, number formats, properties."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from parxl.grid.container import BROKEN, DAMAGED, LIMIT, MACROS, Parts
from parxl.grid.markup import Markup
from parxl.grid.model import LONGEST_TEXT, Unreadable

WORKBOOK_TYPE, CUSTOM_TYPE, SHEET_TYPE = "/officeDocument", "/custom-properties", "/worksheet"
MOST_SHEETS, MOST_FORMATS, LONGEST_FORMAT = 250, 2_000, 255
TYPES, MACRO_TYPE = "[Content_Types].xml", "macroenabled"
# Number formats that every program knows by their numbers, those of forms; openpyxl knows the others.
USUAL = {"0": "General", "1": "0", "2": "0.00", "3": "#,##0", "4": "#,##0.00", "9": "0%", "49": "@"}
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescape(text: str) -> str:
    """``_x000D_`` -> the character (ECMA-376, ST_Xstring); what no text file may hold is left out."""
    return ESCAPED.sub(lambda found: _character(found[1]), text) if "_x" in text else text


@lru_cache
def _character(code: str) -> str:
    character = chr(int(code, 16))
    return character if character in "\t\n\r" or character.isprintable() else ""


def longer(text: str, data: str) -> str:
    """A text and what comes behind it, up to what a cell can hold."""
    return (text + data)[:LONGEST_TEXT] if len(text) < LONGEST_TEXT else text


class Quiet:
    """A handler that hears nothing; the others hear what they need."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        pass

    def end(self, name: str) -> None:
        pass

    def text(self, data: str) -> None:
        pass


# Relations ----------------------------------------------------------------------------------------


class _Relations(Quiet):
    def __init__(self) -> None:
        self.found: list[tuple[str, str, str]] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            values = (attributes.get(key, "") for key in ("Id", "Type", "Target"))
            self.found.append(tuple(values))  # type: ignore[arg-type]


def relations(parts: Parts, markup: Markup, of: str) -> list[tuple[str, str, str]]:
    """(id, type, name of the part) of everything that a part refers to; "" is the archive itself."""
    folder, file = posixpath.split(of)
    content = parts.read(posixpath.join(folder, "_rels", f"{file}.rels"))
    if not content:
        return []
    found = markup.learn(content, _Relations).found
    return [(i, kind, _target(folder, target)) for i, kind, target in found]


def _target(folder: str, target: str) -> str:
    path = target if target.startswith("/") else posixpath.join("/", folder, target)
    return posixpath.normpath(path).lstrip("/")


# What the archive is ------------------------------------------------------------------------------


class _Types(Quiet):
    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if MACRO_TYPE in attributes.get("ContentType", "").lower():
            raise Unreadable(MACROS, "tệp lưu ở dạng cho phép macro (.xlsm)")


def _check_types(parts: Parts, markup: Markup) -> None:
    """Without its list of types no program opens the file."""
    content = parts.read(TYPES)
    if not content:
        raise Unreadable(DAMAGED, BROKEN)
    markup.learn(content, _Types)


# The workbook -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SheetEntry:
    name: str
    hidden: bool
    part: str  # "" where the sheet holds no table of cells


class _WorkbookPart(Quiet):
    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, str]] = []
        self.names: set[str] = set()
        self.from_1904 = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "sheet":
            relation = next((v for k, v in attributes.items() if k.endswith(" id")), "")
            state = attributes.get("state", "visible")
            self.sheets.append((attributes.get("name", ""), state, relation))
            if len(self.sheets) > MOST_SHEETS:
                raise Unreadable(LIMIT, "số trang tính nhiều bất thường")
        elif name == "definedName":
            self.names.add(attributes.get("name", ""))
        elif name == "workbookPr":
            self.from_1904 = attributes.get("date1904", "0") in ("1", "true")


@dataclass(frozen=True)
class Contents:
    """What the workbook part lists. ``strings``: part of the shared texts; ``styles``: of the styles."""

    sheets: tuple[SheetEntry, ...]
    names: frozenset[str]
    from_1904: bool
    strings: str
    styles: str


def contents(parts: Parts, markup: Markup) -> Contents:
    """Which sheets there are, in order, and where they stand."""
    _check_types(parts, markup)
    part = next((t for _, kind, t in relations(parts, markup, "") if kind.endswith(WORKBOOK_TYPE)), "")
    part = part or "xl/workbook.xml"
    content = parts.read(part)
    if not content:
        raise Unreadable(DAMAGED, "tệp nén không chứa sổ tính Excel .xlsx")
    heard = markup.learn(content, _WorkbookPart)
    found = relations(parts, markup, part)
    targets = {i: target for i, kind, target in found if kind.endswith(SHEET_TYPE)}
    sheets = tuple(SheetEntry(name, state != "visible", targets.get(i, "")) for name, state, i in heard.sheets)
    if len({sheet.name.lower() for sheet in sheets}) < len(sheets):
        raise Unreadable(DAMAGED, "hai trang tính trùng tên")
    others = {kind.rpartition("/")[2]: target for _, kind, target in found}
    strings, styles = others.get("sharedStrings", ""), others.get("styles", "")
    return Contents(sheets, frozenset(heard.names), heard.from_1904, strings, styles)


# Number formats -----------------------------------------------------------------------------------


class _Styles(Quiet):
    def __init__(self) -> None:
        self.codes: dict[str, str] = {}
        self.numbers: list[str] = []
        self._in_cells = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "numFmt":
            self.codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")[:LONGEST_FORMAT]
            if len(self.codes) > MOST_FORMATS:
                raise Unreadable(LIMIT, "số định dạng bên trong tệp nhiều bất thường")
        elif name == "cellXfs":
            self._in_cells = True
        elif name == "xf" and self._in_cells:
            self.numbers.append(attributes.get("numFmtId", "0"))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._in_cells = False

    @cached_property
    def formats(self) -> tuple[str, ...]:
        return tuple(self.codes.get(number) or _builtin(number) for number in self.numbers)


def number_formats(parts: Parts, markup: Markup, part: str) -> Sequence[str]:
    """The number format of each cell style."""
    content = parts.read(part)
    return markup.learn(content, _Styles).formats if content else ()


@lru_cache(maxsize=1024)
def _builtin(number: str) -> str:
    if number in USUAL or not (number.isdecimal() and len(number) < 4):
        return USUAL.get(number, "General")
    from openpyxl.styles.numbers import BUILTIN_FORMATS  # loaded for the few files that need it

    return BUILTIN_FORMATS.get(int(number), "General")


# Document properties ------------------------------------------------------------------------------


class _Properties(Quiet):
    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self._name = self._text = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "property":
            self._name, self._text = attributes.get("name", ""), ""

    def text(self, data: str) -> None:
        self._text = longer(self._text, data)

    def end(self, name: str) -> None:
        if name == "property" and self._text.strip():
            self.found[self._name] = unescape(self._text.strip())


def custom_properties(parts: Parts, markup: Markup) -> dict[str, str]:
    """The custom document properties as texts."""
    part = next((t for _, kind, t in relations(parts, markup, "") if kind.endswith(CUSTOM_TYPE)), "")
    heard = _Properties()
    if part and (content := parts.read(part)):
        markup.parse(content, heard)
    return heard.found
