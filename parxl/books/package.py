"""XlsxWriter's workbook and packager, which write no part anew that they have written before."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Mapping, Sequence
from copy import copy
from functools import lru_cache
from typing import Any, NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.custom import Custom
from xlsxwriter.format import Format
from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings
from xlsxwriter.utility import _preserve_whitespace

from parxl.books.archive import Packed, Same, archive
from parxl.books.looks import DEFAULTS, Look
from parxl.books.notes import Notes, NoteShapes
from parxl.books.pieces import Once, Pieces
from parxl.books.sheet import Sheet, escaped
from parxl.books.stylesheet import write_styles

MOST_PARTS = 256
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_format_properties": DEFAULTS,
}
# Name of a part, and all that it rests on -> the part; the last used at the end.
_parts: dict[tuple[Any, ...], Packed] = {}


class Texts(NamedTuple):
    """Shared texts of a plate: by text its number, and all of them as XML."""

    numbers: Mapping[str, int]
    xml: Same


class OwnWorkbook(Workbook):
    """``looks``: the formats that are not made in full. ``drawn``: those of a plate that are, to be copied.
    ``texts``: those of a plate, which come first.
    """

    def __init__(self) -> None:
        # A copy: XlsxWriter writes into it.
        super().__init__(io.BytesIO(), OPTIONS | {"default_format_properties": dict(DEFAULTS)})
        self.looks: dict[str, Look] = {}
        self.drawn: Sequence[Format] = ()
        self.texts = Texts({}, Same())
        self.str_table.rich = set()
        self.parts: list[tuple[Pieces | Packed, str, bool]] = []  # when it is closed; none is binary

    def archive(self) -> bytes:
        """The whole file, when the workbook is closed."""
        return archive((name, _packed(part)) for part, name, _ in self.parts)

    def define_names(self, names: tuple[tuple[str, str], ...]) -> None:
        """(name, cells) each: names of the whole workbook."""
        self.defined_names += [[name, -1, cells, False] for name, cells in _checked(names)]

    def _sort_defined_names(self, names: list[list[Any]]) -> list[list[Any]]:
        return [list(name) for name in _sorted(tuple(map(tuple, names)))]

    def _extract_named_ranges(self, names: list[list[Any]]) -> list[str]:
        return list(_ranges(tuple(map(tuple, names))))

    def take_texts(self, texts: Texts) -> None:
        """Those of a plate: its pieces hold their numbers."""
        self.texts, table = texts, self.str_table
        table.string_table, table.unique_count = dict(texts.numbers), len(texts.numbers)

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
    """Keeps the parts for ``OwnWorkbook.archive``; those that are the same in many workbooks deflated."""

    def _create_package(self) -> tuple[()]:
        self.workbook.parts = super()._create_package()
        return ()

    def _filename(self, xml_filename: str) -> Pieces:
        file = Pieces()
        self.filenames.append((file, xml_filename, False))
        return file

    def _write_workbook_file(self) -> None:
        self._remembered("xl/workbook.xml", self.workbook.outline_key(), super()._write_workbook_file)

    def _write_app_file(self) -> None:
        self._remembered("docProps/app.xml", self.workbook.outline_key(), super()._write_app_file)

    def _write_styles_file(self) -> None:
        self._remembered("xl/styles.xml", self.workbook.styles_key(), self._make_styles_file)

    def _make_styles_file(self) -> None:
        self.workbook.make_formats()
        write_styles(self.workbook, self._filename("xl/styles.xml"))

    def _write_theme_file(self) -> None:
        self._remembered("xl/theme/theme1.xml", (), super()._write_theme_file)

    def _write_root_rels_file(self) -> None:
        rests_on = (bool(self.workbook.custom_properties),)
        self._remembered("_rels/.rels", rests_on, super()._write_root_rels_file)

    def _write_content_types_file(self) -> None:
        self._remembered("[Content_Types].xml", self._contents(), super()._write_content_types_file)

    def _write_workbook_rels_file(self) -> None:
        part = "xl/_rels/workbook.xml.rels"
        self._remembered(part, self._contents(), super()._write_workbook_rels_file)

    def _contents(self) -> tuple[int, ...]:
        """How many parts there are of each kind that our workbooks have."""
        counts = self.worksheet_count, self.chart_count, self.drawing_count, self.num_comment_files
        known = self.workbook.str_table.count > 0, bool(self.workbook.custom_properties)
        return *counts, self.num_vml_files, *known

    def _write_vml_files(self) -> None:
        with_notes = [sheet for sheet in self.workbook.worksheets() if sheet.has_vml]
        for number, sheet in enumerate(with_notes, start=1):
            shapes = NoteShapes()
            shapes._set_xml_writer(self._filename(f"xl/drawings/vmlDrawing{number}.vml"))
            shapes._assemble_xml_file(sheet.vml_data_id, sheet.vml_shape_id, sheet.comments_list)

    def _write_comment_files(self) -> None:
        with_notes = [sheet for sheet in self.workbook.worksheets() if sheet.has_comments]
        for number, sheet in enumerate(with_notes, start=1):
            notes = Notes()
            notes._set_xml_writer(self._filename(f"xl/comments{number}.xml"))
            notes._assemble_xml_file(sheet.comments_list)

    def _write_custom_file(self) -> None:
        if properties := self.workbook.custom_properties:
            custom = OwnProperties()
            custom._set_properties(properties)
            custom._set_xml_writer(self._filename("docProps/custom.xml"))
            custom._assemble_xml_file()

    def _remembered(self, part: str, rests_on: tuple[Any, ...], write: Callable[[], None]) -> None:
        key = (part, rests_on)
        known = _parts.pop(key, None)
        if known is None:
            write()
            known = _packed(self.filenames.pop()[0])
        self.filenames.append((known, part, False))
        _parts[key] = known
        if len(_parts) > MOST_PARTS:
            del _parts[next(iter(_parts))]

    def _write_shared_strings_file(self) -> None:
        if self.workbook.str_table.count:
            texts = _Texts(self.workbook.texts, self.workbook.str_table.rich)
            texts.string_table = self.workbook.str_table
            texts._set_xml_writer(self._filename("xl/sharedStrings.xml"))
            texts._assemble_xml_file()


class OwnProperties(Once, Custom):
    """Document properties: all but one or two of a workbook's are its campaign's."""

    part = "properties"
    pid: int

    def _write_property(self, custom_property: tuple[str, str, str]) -> None:
        before = self.pid
        self._once("_write_property", (before, *custom_property), custom_property)
        self.pid = before + 1


def _packed(file: Pieces | Packed) -> Packed:
    return file if isinstance(file, Packed) else file.packed()


class _Texts(SharedStrings):
    """``known``: those at the beginning; ``rich``: those that are XML themselves."""

    fh: Any

    def __init__(self, known: Texts, rich: Collection[str] = ()):
        super().__init__()
        self.known, self.rich = known, rich

    def _write_sst_strings(self) -> None:
        numbers, xml = self.known
        if xml:
            self.fh.write(xml)
        self.fh.write("".join(self.items(self.string_table.string_array[len(numbers) :])))

    def items(self, texts: Sequence[str]) -> list[str]:
        """Texts as XML, escaped all at once; those that need more care, as XlsxWriter writes them."""
        whole = "\0".join(texts)
        written = escaped(whole).split("\0")
        if "_x" in whole or len(written) != len(texts) or not _is_printable(whole):
            return [self._item(texts[0])] if len(texts) == 1 else [self.items([one])[0] for one in texts]
        return [
            f"<si><t>{xml}</t></si>" if text == text.strip() and text not in self.rich else self._item(text)
            for text, xml in zip(texts, written, strict=True)
        ]

    def _item(self, text: str) -> str:
        kept, self.fh = self.fh, Pieces()
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


def texts_of(numbers: Mapping[str, int]) -> Texts:
    """``numbers``: from 0, in their order."""
    return Texts(numbers, Same("".join(_Texts(Texts({}, Same())).items(list(numbers)))))


def _is_printable(whole: str) -> bool:
    return whole.replace("\n", "").replace("\0", "").isprintable()
