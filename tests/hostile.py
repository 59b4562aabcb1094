"""Builders of workbooks that nobody should have to open."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping

Parts = dict[str, bytes]

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
STRINGS_TYPE = SHEET_TYPE.replace("sheet.main", "sharedStrings")
MACRO_TYPE = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"

# A whole workbook out of a few texts -------------------------------------------------------------


def types(main: str = SHEET_TYPE) -> str:
    return (
        f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{main}"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{STRINGS_TYPE}"/>'
        "</Types>"
    )


def rels(*rows: tuple[str, str, str], more: str = "") -> str:
    """(id, type, target) of everything that a part refers to."""
    found = "".join(
        f'<Relationship Id="{i}" Type="{OFFICE}/{kind}" Target="{target}"/>' for i, kind, target in rows
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{found}{more}</Relationships>'


def workbook(sheets: str = '<sheet name="A" sheetId="1" r:id="s1"/>', more: str = "") -> str:
    return f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{sheets}</sheets>{more}</workbook>'


def sheet(data: str = "", before: str = "", after: str = "", namespaces: str = "") -> str:
    return (
        f'{HEAD}<worksheet xmlns="{MAIN}" {namespaces}>{before}<sheetData>{data}</sheetData>{after}</worksheet>'
    )


def strings(items: str, attributes: str = "") -> str:
    return f'{HEAD}<sst xmlns="{MAIN}" {attributes}>{items}</sst>'


def styles(formats: str = "", cells: str = "<xf/>") -> str:
    return (
        f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts><cellXfs>{cells}</cellXfs></styleSheet>'
    )


ROOT_RELS = rels(
    ("r1", "officeDocument", "xl/workbook.xml"), ("r2", "custom-properties", "docProps/custom.xml")
)
BOOK_RELS = rels(
    ("s1", "worksheet", "worksheets/sheet1.xml"),
    ("s2", "sharedStrings", "sharedStrings.xml"),
    ("s3", "styles", "styles.xml"),
)
CUSTOM = (
    f'{HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
    'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"><property fmtid="{1}" '
    'pid="2" name="a"><vt:lpwstr>b</vt:lpwstr></property></Properties>'
)
PLAIN: dict[str, str] = {
    "[Content_Types].xml": types(),
    "_rels/.rels": ROOT_RELS,
    "docProps/custom.xml": CUSTOM,
    "xl/workbook.xml": workbook(),
    "xl/_rels/workbook.xml.rels": BOOK_RELS,
    "xl/sharedStrings.xml": strings("<si><t>một</t></si>"),
    "xl/styles.xml": styles(),
    "xl/worksheets/sheet1.xml": sheet('<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>7</v></c></row>'),
}


def zipped(parts: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=method)
    return buffer.getvalue()


def unzipped(content: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


SHORT = {
    "sheet": "xl/worksheets/sheet1.xml",
    "strings": "xl/sharedStrings.xml",
    "styles": "xl/styles.xml",
    "workbook": "xl/workbook.xml",
    "rels": "xl/_rels/workbook.xml.rels",
    "root": "_rels/.rels",
    "custom": "docProps/custom.xml",
    "types": "[Content_Types].xml",
}


def book(method: int = zipfile.ZIP_DEFLATED, **parts: str | bytes) -> bytes:
    """A small workbook with these parts instead of the plain ones."""
    return zipped({**PLAIN, **{SHORT[key]: content for key, content in parts.items()}}, method)


# A real form with something in it that nobody put there -------------------------------------------

TABLE = "xl/worksheets/sheet2.xml"  # of a form as XlsxWriter writes it


def typed(form: bytes, values: Mapping[str, object]) -> bytes:
    """A form with these values in cells of its table, as a spreadsheet program would have saved it."""
    parts = unzipped(form)
    text = parts[TABLE].decode()
    for cell, value in values.items():
        kind, inner = (
            ("inlineStr", f"<is><t>{value}</t></is>") if isinstance(value, str) else ("n", f"<v>{value}</v>")
        )
        text, count = re.subn(
            rf'<c r="{cell}"( s="\d+")[^>]*?(/>|>.*?</c>)', rf'<c r="{cell}"\1 t="{kind}">{inner}</c>', text
        )
        assert count == 1, cell
    return zipped({**parts, TABLE: text})


def changed(form: bytes, part: str, old: str, new: str) -> bytes:
    """A form with one place of one part replaced: ``old`` is a pattern."""
    parts = unzipped(form)
    text, count = re.subn(
        old, lambda found: found.expand(new) if "\\1" in new else new, parts[part].decode(), count=1
    )
    assert count == 1, (part, old)
    return zipped({**parts, part: text})


def extended(form: bytes, more: Mapping[str, bytes | str]) -> bytes:
    """A form with more parts, or other ones."""
    return zipped({**unzipped(form), **more})


def without(form: bytes, part: str) -> bytes:
    parts = unzipped(form)
    del parts[part]
    return zipped(parts)


def after_data(form: bytes, xml: str) -> bytes:
    return changed(form, TABLE, "</sheetData>", f"</sheetData>{xml}")


def row_behind(form: bytes, xml: str) -> bytes:
    return changed(form, TABLE, "</sheetData>", f"{xml}</sheetData>")


# Archives that zipfile does not write --------------------------------------------------------------


def patched(content: bytes, old: bytes, new: bytes) -> bytes:
    """The bytes with every ``old`` replaced by a ``new`` of the same length."""
    assert old in content
    assert len(old) == len(new)
    return content.replace(old, new)


def renamed(form: bytes, old: str, new: str) -> bytes:
    """An archive in which a part has a name that zipfile refuses to write."""
    stand_in = "x" * len(new.encode())
    parts = {stand_in if name == old else name: content for name, content in unzipped(form).items()}
    return patched(zipped(parts), stand_in.encode(), new.encode())


def doubled(form: bytes, name: str, content: bytes) -> bytes:
    """An archive with a second part of a name that is there already, written in any letters."""
    stand_in = "x" * len(name)
    return patched(extended(form, {stand_in: content}), stand_in.encode(), name.encode())


def stating(content: bytes, name: str, field: str, value: int) -> bytes:
    """An archive whose list and local header state another size, method or flag of one part."""
    local, central = {
        "flags": (6, 8),
        "method": (8, 10),
        "crc": (14, 16),
        "packed": (18, 20),
        "size": (22, 24),
    }[field]
    width = 2 if field in ("flags", "method") else 4
    found = bytearray(content)
    for signature, offset, head in ((b"PK\x03\x04", local, 30), (b"PK\x01\x02", central, 46)):
        for at in _all(content, signature):
            if content[at + head :].startswith(name.encode()):
                found[at + offset : at + offset + width] = value.to_bytes(width, "little")
    assert found != content
    return bytes(found)


def _all(content: bytes, signature: bytes) -> list[int]:
    return [found.start() for found in re.finditer(re.escape(signature), content)]


def overlapping(form: bytes, copies: int) -> bytes:
    """Entries that all point to the same bytes."""
    with zipfile.ZipFile(io.BytesIO(form)) as archive:
        infos, start = archive.infolist(), archive.start_dir
    entry = next(info for info in infos if info.filename == TABLE)
    names = [f"xl/worksheets/x{k:05}.xml"[: len(TABLE)] for k in range(copies)]
    body = form[:start]
    listed = b"".join(_central(entry, name) for name in (*names, TABLE))
    others = b"".join(_central(info, info.filename) for info in infos if info is not entry)
    end = struct.pack(
        "<4s4H2LH",
        b"PK\x05\x06",
        0,
        0,
        copies + len(infos),
        copies + len(infos),
        len(listed + others),
        start,
        0,
    )
    return body + listed + others + end


def _central(info: zipfile.ZipInfo, name: str) -> bytes:
    sizes = info.CRC, info.compress_size, info.file_size, len(name.encode())
    head = (b"PK\x01\x02", 20, 20, info.flag_bits, info.compress_type, 0, 0)
    return struct.pack("<4s6H3L5H2L", *head, *sizes, 0, 0, 0, 0, 0, info.header_offset) + name.encode()


def compound(stream: str) -> bytes:
    """A plausible compound file (OLE) with one stream: header, FAT, directory."""
    free, end, fat = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<5H6x9L", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0)
    )
    header = header[:76].ljust(76, b"\0") + struct.pack("<L", 0) + struct.pack("<L", free) * 108
    table = struct.pack("<128L", fat, end, end, *[free] * 125)
    root = _entry("Root Entry", 5, 1)
    return header + table + root + _entry(stream, 2, free) + bytes(256) + bytes(4096)


def _entry(name: str, kind: int, child: int) -> bytes:
    text = name.encode("utf-16-le")
    head = text.ljust(64, b"\0") + struct.pack("<HBB3L", len(text) + 2, kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
    return head.ljust(116, b"\0") + struct.pack("<LQ", 2, 4096)


def gzipped(content: bytes) -> bytes:
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + zlib.compress(content)[2:-4] + bytes(8)


DTD = {
    "laughs": '<!DOCTYPE a [<!ENTITY b "ha">'
    + "".join(f'<!ENTITY b{k} "{("&b" + str(k - 1) + ";") * 10 if k else "&b;" * 10}">' for k in range(12))
    + "]>",
    "blow-up": f'<!DOCTYPE a [<!ENTITY b "{"x" * 100_000}">]>',
    "file": '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
    "http": '<!DOCTYPE a [<!ENTITY b SYSTEM "http://127.0.0.1:9/x">]>',
    "external": '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd">',
    "public": '<!DOCTYPE a PUBLIC "-//x//y" "file:///etc/passwd">',
    "parameter": '<!DOCTYPE a [<!ENTITY % p SYSTEM "file:///etc/passwd">%p;]>',
    "attributes": '<!DOCTYPE a [<!ATTLIST c a CDATA "x" b CDATA "y">]>',
    "empty": "<!DOCTYPE a>",
}


def with_dtd(form: bytes, part: str, kind: str) -> bytes:
    return changed(form, part, r"(<(?![?!]))", DTD[kind].replace("\\", "\\\\") + "\\1")


def utf16(form: bytes, part: str) -> bytes:
    text = unzipped(form)[part].decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    return extended(form, {part: text.encode("utf-16")})


def strict(form: bytes) -> bytes:
    """Saved as *Strict Open XML*: the same parts in other namespaces."""
    namespaces = {
        MAIN: "http://purl.oclc.org/ooxml/spreadsheetml/main",
        OFFICE: "http://purl.oclc.org/ooxml/officeDocument/relationships",
    }
    found = {}
    for name, content in unzipped(form).items():
        for old, new in namespaces.items():
            content = content.replace(old.encode(), new.encode())
        found[name] = content
    return zipped(found)


def repeated(count: int, text: str, sign: str = "#") -> str:
    """The text so many times, numbered from 0 where its sign stands."""
    return "".join(text.replace(sign, str(number)) for number in range(count))


def grid(rows: int, cell: str) -> str:
    """A sheet of rows of a hundred cells: ``#`` is the number of the row, ``@`` of the column."""
    return sheet(repeated(rows, f"<row>{repeated(100, cell, '@')}</row>"))


def shared(formula: str, count: int) -> str:
    """A column of cells that share the formula of the first."""
    first = f'<row><c r="A1"><f t="shared" si="0">{formula}</f></c></row>'
    return first + repeated(count, '<row><c><f t="shared" si="0"/></c></row>')
