"""XlsxWriter's workbook and packager, which write no part anew that they have written before."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from copy import copy
from functools import lru_cache
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings
from xlsxwriter.utility import _preserve_whitespace

from parxl.books.looks import DEFAULTS, Look
from parxl.books.sheet import Sheet
from parxl.books.stylesheet import write_styles

MOST_PARTS = 256
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_format_properties": DEFAULTS,
}
# Name of a part, and all that it rests on -> what was written; the last used at the end.
_parts: dict[tuple[Any, ...], str] = {}


class OwnWorkbook(Workbook):
    """``looks``: the formats that are not made in full. ``drawn``: those of a plate that are, to be copied.
    ``known``: texts of a plate, as XML.
    """

    def __init__(self, stream: io.BytesIO):
        # A copy: XlsxWriter writes into it.
        super().__init__(stream, OPTIONS | {"default_format_properties": dict(DEFAULTS)})
        self.looks: dict[str, Look] = {}
        self.drawn: Sequence[Format] = ()
        self.known: Mapping[str, str] = {}
        self.str_table.rich = set()

    def define_names(self, names: tuple[tuple[str, str], ...]) -> None:
        """(name, cells) each: names of the whole workbook."""
        self.defined_names += [[name, -1, cells, False] for name, cells in _checked(names)]

    def _sort_defined_names(self, names: list[list[Any]]) -> list[list[Any]]:
        return [list(name) for name in _sorted(tuple(map(tuple, names)))]

    def _extract_named_ranges(self, names: list[list[Any]]) -> list[str]:
        return list(_ranges(tuple(map(tuple, names))))

    def outline_key(self) -> tuple[Any, ...]:
        """All that workbook.xml and app.xml rest on, as our workbooks differ."""
        sheets = tuple((sheet.name, sheet.hidden) for sheet in self.worksheets())
        return sheets, self.worksheet_meta.activesheet, tuple(map(tuple, self.defined_names))

    def styles_key(self) -> tuple[Any, ...]:
        """All that styles.xml rests on."""
        return tuple(self.xf_format_indices), tuple(self.dxf_format_indices), self.has_comments

    def make_formats(self) -> None:
        """Make every format that is used, for styles.xml."""
        self.formats += [copy(one) for one in self.drawn]
        made = {one.xf_index for one in self.formats}
        used = (self.looks.get(key) for key in self.xf_format_indices)
        self.formats += [look.whole() for look in used if look and look.xf_index not in made]
        super()._prepare_format_properties()

    def _prepare_format_properties(self) -> None:
        """Left to ``make_formats``: mostly nobody needs them."""

    def _prepare_sst_string_data(self) -> None:
        for sheet in self.worksheets():
            if isinstance(sheet, Sheet):
                sheet.number_texts()
        super()._prepare_sst_string_data()

    def _get_packager(self) -> Packager:
        return OwnPackager()


@lru_cache(maxsize=8)
def _checked(names: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Names as XlsxWriter takes them; it only warns of those that it leaves out."""
    scratch = Workbook(io.BytesIO())
    for name, cells in names:
        if scratch.define_name(name, cells) != 0:
            raise ValueError(f"{name}: XlsxWriter refused the name")
    return tuple((name, cells) for name, _, cells, _ in scratch.defined_names)


@lru_cache(maxsize=16)
def _sorted(names: tuple[tuple[Any, ...], ...]) -> tuple[tuple[Any, ...], ...]:
    """As XlsxWriter sorts defined names: (name, sheet, cells, hidden) each."""
    return tuple(map(tuple, Workbook(io.BytesIO())._sort_defined_names([list(name) for name in names])))


@lru_cache(maxsize=16)
def _ranges(names: tuple[tuple[Any, ...], ...]) -> tuple[str, ...]:
    """The ranges that XlsxWriter lists in app.xml."""
    return tuple(Workbook(io.BytesIO())._extract_named_ranges([list(name) for name in names]))


class OwnPackager(Packager):
    """Remembers the parts that are the same in many workbooks."""

    def _write_workbook_file(self) -> None:
        self._remembered("xl/workbook.xml", self.workbook.outline_key(), super()._write_workbook_file)

    def _write_app_file(self) -> None:
        self._remembered("docProps/app.xml", self.workbook.outline_key(), super()._write_app_file)

    def _write_styles_file(self) -> None:
        self._remembered("xl/styles.xml", self.workbook.styles_key(), self._make_styles_file)

    def _make_styles_file(self) -> None:
        self.workbook.make_formats()
        write_styles(self.workbook, self._filename("xl/styles.xml"))

    def _remembered(self, part: str, rests_on: tuple[Any, ...], write: Callable[[], None]) -> None:
        key = (part, rests_on)
        if key in _parts:
            self._filename(part).write(_parts[key])
        else:
            write()
            _parts[key] = self.filenames[-1][0].getvalue()
        _parts[key] = _parts.pop(key)
        if len(_parts) > MOST_PARTS:
            del _parts[next(iter(_parts))]

    def _write_shared_strings_file(self) -> None:
        if self.workbook.str_table.count:
            texts = _Texts(self.workbook.known, self.workbook.str_table.rich)
            texts.string_table = self.workbook.str_table
            texts._set_xml_writer(self._filename("xl/sharedStrings.xml"))
            texts._assemble_xml_file()


class _Texts(SharedStrings):
    """``known``: texts as XML; ``rich``: those that are XML themselves."""

    fh: Any

    def __init__(self, known: Mapping[str, str], rich: Collection[str] = ()):
        super().__init__()
        self.known, self.rich = known, rich

    def _write_sst_strings(self) -> None:
        known = self.known
        texts = self.string_table.string_array
        self.fh.write("".join([known[text] if text in known else self.item(text) for text in texts]))

    def item(self, text: str) -> str:
        """A text as XML; where anything needs care, as XlsxWriter writes it."""
        if _is_simple(text):
            return f"<si><t>{text}</t></si>"
        kept, self.fh = self.fh, io.StringIO()
        self._write_si(text)
        made, self.fh = self.fh.getvalue(), kept
        return str(made)

    def _write_si(self, string: str) -> None:
        if string in self.rich:
            super()._write_si(string)
            return
        # XlsxWriter would take any text that begins with <r> and ends with </r> for a rich one.
        string = self._escape_control_characters(string)
        self._xml_si_element(string, [("xml:space", "preserve")] if _preserve_whitespace(string) else [])


def text_items(texts: Iterable[str]) -> dict[str, str]:
    """Text -> the same as an item of the shared texts."""
    writer = _Texts({})
    return {text: writer.item(text) for text in texts}


def _is_simple(text: str) -> bool:
    """Nothing to escape and no blank to preserve? Some texts that need no care are not simple."""
    if "&" in text or "<" in text or ">" in text or "_x" in text:
        return False
    return text.replace("\n", " ").isprintable() and text == text.strip()
