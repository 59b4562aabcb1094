"""Hostile and foreign files: each is named by its code, and costs little; what is harmless changes nothing.

Every file is read in a fresh process (``measure.py``) within one second of processor time and 100 MB of memory.
"""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from campaigns import TTHC, full_answers, issued_campaign
from hostile import (
    CUSTOM,
    DTD,
    MACRO_TYPE,
    MAIN,
    PLAIN,
    TABLE,
    after_data,
    book,
    changed,
    compound,
    doubled,
    extended,
    grid,
    gzipped,
    overlapping,
    rels,
    renamed,
    repeated,
    row_behind,
    shared,
    sheet,
    stating,
    strict,
    strings,
    styles,
    typed,
    types,
    unzipped,
    utf16,
    with_dtd,
    without,
    workbook,
    zipped,
)

from parxl.criteria import load_set
from parxl.grid import read_workbook
from parxl.layout import Layout
from parxl.reading.form import FormRead, read_table
from parxl.reading.owner import read_identity

SECONDS, MEMORY = 1.0, 100 * 10**6  # the bound of one file
LAYOUT = Layout(load_set(TTHC))
STORED = zipfile.ZIP_STORED
Make = Callable[[bytes], bytes]


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A filled form as a spreadsheet program saves it, with shared texts."""
    root = issued_campaign(tmp_path_factory.mktemp("hostile"), TTHC)
    answers = full_answers(LAYOUT.criteria)
    values = {LAYOUT.input_cell(key): value for key, value in answers.items() if value is not None}
    return typed((root / "1-phieu" / "cuc-thue.xlsx").read_bytes(), values)


@dataclass
class Measured:
    """What a file cost in a process of its own."""

    code: str
    reason: str
    seconds: float
    memory: int
    answer: int


@pytest.fixture(scope="module")
def server() -> Iterator[subprocess.Popen[str]]:
    script = Path(__file__).with_name("measure.py")
    with subprocess.Popen(
        [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.stdin.close()  # type: ignore[union-attr]


Measure = Callable[[bytes], Measured]


@pytest.fixture
def measure(server: subprocess.Popen[str], tmp_path: Path) -> Measure:
    def ask(content: bytes) -> Measured:
        path = tmp_path / "a.xlsx"
        path.write_bytes(content)
        server.stdin.write(json.dumps(str(path)) + "\n")  # type: ignore[union-attr]
        server.stdin.flush()  # type: ignore[union-attr]
        answer: dict[str, Any] = json.loads(server.stdout.readline())  # type: ignore[union-attr]
        found = Measured(**answer)
        assert found.seconds < SECONDS
        assert found.memory < MEMORY
        return found

    return ask


# What it is: refused by name ----------------------------------------------------------------------

VNI = "Phiếu chấm điểm;1;2\nCục Thuế;3;4\n"
FOREIGN: dict[str, tuple[Make, str, str]] = {
    "nothing": (lambda form: b"", "PX301", "0 byte"),
    "one byte": (lambda form: b"\0", "PX301", "không phải .xlsx"),
    "zero bytes": (lambda form: bytes(100_000), "PX301", "không phải .xlsx"),
    "noise": (lambda form: bytes(k * k % 251 for k in range(1, 9999)), "PX301", "không phải .xlsx"),
    "encrypted": (lambda form: compound("EncryptedPackage"), "PX313", "mật khẩu"),
    "xls": (lambda form: compound("Workbook"), "PX314", "kiểu cũ"),
    "msg": (lambda form: compound("__substg1.0_001A001E"), "PX314", "kiểu cũ"),
    "ods": (
        lambda form: zipped(
            {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"}
        ),
        "PX314",
        "OpenDocument",
    ),
    "xlsb": (
        lambda form: zipped({"[Content_Types].xml": types(), "xl/workbook.bin": b"\x83\1"}),
        "PX314",
        ".xlsb",
    ),
    "docx": (
        lambda form: zipped({"[Content_Types].xml": types(), "word/document.xml": "<a/>"}),
        "PX314",
        "Word",
    ),
    "pptx": (
        lambda form: zipped({"[Content_Types].xml": types(), "ppt/presentation.xml": "<a/>"}),
        "PX314",
        "PowerPoint",
    ),
    "zip of forms": (lambda form: zipped({"a/b.xlsx": form, "c.XLSX": form}), "PX314", ".zip"),
    "zip of scans": (lambda form: zipped({"a.pdf": b"%PDF", "b.jpg": b"\xff"}), "PX314", "không chứa sổ tính"),
    "empty zip": (lambda form: zipped({}), "PX314", "không chứa sổ tính"),
    "html": (lambda form: b"\n <html><body><table><tr><td>1", "PX314", "HTML"),
    "html by Excel": (lambda form: b'<html xmlns:x="urn:schemas-microsoft-com:office:excel">', "PX314", "HTML"),
    "html with a BOM": (lambda form: b"\xef\xbb\xbf<!DOCTYPE html>", "PX314", "HTML"),
    "csv": (lambda form: VNI.encode(), "PX314", ".csv"),
    "csv with a BOM": (lambda form: b"\xef\xbb\xbf" + VNI.encode(), "PX314", ".csv"),
    "csv in UTF-16": (lambda form: VNI.encode("utf-16"), "PX314", ".csv"),
    "csv in an old code page": (
        lambda form: b"Phi\xea\xec u;1;2\r\nC\xf9c Thu\xea\xec ;3\r\n",
        "PX314",
        ".csv",
    ),
    "xml of 2003": (
        lambda form: b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?><Workbook/>',
        "PX314",
        "2003",
    ),
    "xml": (lambda form: b'<?xml version="1.0"?><hoadon/>', "PX314", "XML"),
    "mht": (lambda form: b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "PX314", "thư điện tử"),
    "eml": (lambda form: b"Received: from mail.example\r\nSubject: a", "PX314", "thư điện tử"),
    "pdf": (lambda form: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "PX314", "PDF"),
    "rtf": (lambda form: b"{\\rtf1\\ansi", "PX314", "RTF"),
    "png": (lambda form: b"\x89PNG\r\n\x1a\n\0\0", "PX314", "ảnh"),
    "jpeg": (lambda form: b"\xff\xd8\xff\xe0\0\x10JFIF", "PX314", "ảnh"),
    "gif": (lambda form: b"GIF89a\1\0", "PX314", "ảnh"),
    "rar": (lambda form: b"Rar!\x1a\7\1\0", "PX314", "RAR"),
    "7z": (lambda form: b"7z\xbc\xaf\x27\x1c\0\4", "PX314", "7z"),
    "gzip": (gzipped, "PX314", "gzip"),
    "program": (lambda form: b"MZ\x90\0\3\0\0\0", "PX314", "chương trình"),
    "xlsm": (lambda form: extended(form, {"xl/vbaProject.bin": compound("VBA")}), "PX312", "có macro"),
    "macros elsewhere": (lambda form: extended(form, {"XL/a/VBAPROJECT.BIN": b"\0"}), "PX312", "có macro"),
    "macro sheet": (lambda form: extended(form, {"xl/macrosheets/sheet1.xml": "<a/>"}), "PX312", "có macro"),
    "xlsm without macros": (
        lambda form: changed(form, "[Content_Types].xml", r"application/vnd[^\"]*sheet\.main\+xml", MACRO_TYPE),
        "PX312",
        "cho phép macro",
    ),
    "strict": (strict, "PX315", "Strict"),
    "strict in namespaces alone": (
        lambda form: book(workbook=workbook().replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")),
        "PX315",
        "Strict",
    ),
}

# Archives -----------------------------------------------------------------------------------------

ARCHIVES: dict[str, tuple[Make, str, str]] = {
    "encrypted entries": (lambda form: stating(form, TABLE, "flags", 1), "PX313", "mật khẩu"),
    "bz2": (lambda form: zipped(PLAIN, zipfile.ZIP_BZIP2), "PX317", "kiểu nén"),
    "lzma": (lambda form: zipped(PLAIN, zipfile.ZIP_LZMA), "PX317", "kiểu nén"),
    "unknown method": (lambda form: stating(form, TABLE, "method", 99), "PX317", "kiểu nén"),
    "patched data": (lambda form: stating(form, TABLE, "flags", 32), "PX301", "hỏng"),
    "strong encryption": (lambda form: stating(form, TABLE, "flags", 64), "PX301", "hỏng"),
    "wrong checksum": (lambda form: stating(form, TABLE, "crc", 1), "PX301", "hỏng"),
    "bomb of one part": (lambda form: extended(form, {TABLE: bytes(100_000_000)}), "PX316", "nén quá mức"),
    "bomb that says it is small": (
        lambda form: stating(extended(form, {TABLE: bytes(100_000_000)}), TABLE, "size", 1000),
        "PX301",
        "hỏng",
    ),
    "part that says it is smaller": (lambda form: stating(form, TABLE, "size", 1000), "PX301", "hỏng"),
    "part that says it is huge": (lambda form: stating(form, TABLE, "size", 2**32 - 2), "PX316", "nén quá mức"),
    "bomb of modest ratio": (
        lambda form: extended(form, {TABLE: b"".join(b"%d<!--x-->" % k for k in range(2_000_000))}),
        "PX316",
        "lớn bất thường",
    ),
    "nested bomb": (
        lambda form: zipped({"a.zip": zipped({"b.zip": zipped({"c": bytes(10**7)})})}),
        "PX314",
        "không chứa sổ tính",
    ),
    "many entries": (
        lambda form: extended(form, {f"x{k}": b"" for k in range(6000)}),
        "PX316",
        "số phần bên trong",
    ),
    "overlapping entries by the thousand": (lambda form: overlapping(form, 5000), "PX316", "số phần bên trong"),
    "too large": (lambda form: form + bytes(20 * 2**20), "PX316", "20 MB"),
    "up and away": (
        lambda form: renamed(form, "xl/theme/theme1.xml", "../../../etc/cron"),
        "PX317",
        "trỏ ra ngoài",
    ),
    "absolute": (
        lambda form: renamed(form, "xl/theme/theme1.xml", "/etc/cron.d/theme1"),
        "PX317",
        "trỏ ra ngoài",
    ),
    "drive letter": (
        lambda form: renamed(form, "xl/theme/theme1.xml", "C:/Windows/theme1"),
        "PX317",
        "trỏ ra ngoài",
    ),
    "backslashes": (
        lambda form: renamed(form, "xl/theme/theme1.xml", "..\\..\\x\\theme1.xml"),
        "PX317",
        "trỏ ra ngoài",
    ),
    "the same part twice": (lambda form: doubled(form, TABLE, b"<a/>"), "PX317", "trùng tên"),
    "the same part in capitals": (lambda form: doubled(form, TABLE.upper(), b"<a/>"), "PX317", "trùng tên"),
    "the same part behind NUL": (lambda form: doubled(form, TABLE + "\0x", b"<a/>"), "PX317", "trùng tên"),
    "no list of types": (lambda form: without(form, "[Content_Types].xml"), "PX301", "hỏng"),
    "no workbook": (lambda form: without(form, "xl/workbook.xml"), "PX301", "không chứa sổ tính"),
    "nothing but a list of types": (
        lambda form: zipped({"[Content_Types].xml": types()}),
        "PX301",
        "không chứa",
    ),
    "more than 4 GB by its own word": (
        lambda form: form[:-22] + b"PK\x06\x07" + bytes(16) + form[-22:],
        "PX316",
        "số phần bên trong",
    ),
}

# XML ----------------------------------------------------------------------------------------------

PARTS_OF_A_FORM = (
    "[Content_Types].xml",
    "_rels/.rels",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "docProps/custom.xml",
    TABLE,
)
DTDS: dict[str, tuple[Make, str, str]] = {
    f"{kind} in {part}": (
        lambda form, part=part, kind=kind: with_dtd(form, part, kind),  # type: ignore[misc]
        "PX317",
        "DTD",
    )
    for part, kind in [(TABLE, k) for k in DTD] + [(p, "laughs") for p in PARTS_OF_A_FORM]
}
BROKEN = "hỏng"
MARKUP: dict[str, tuple[Make, str, str]] = {
    "invalid UTF-8": (lambda form: book(sheet=sheet().encode() + b"\xff"), "PX301", BROKEN),
    "surrogates in UTF-8": (
        lambda form: book(strings=strings("<si><t>#</t></si>").encode().replace(b"#", b"\xed\xa0\x80")),
        "PX301",
        BROKEN,
    ),
    "an invalid character": (lambda form: book(strings=strings("<si><t>\x01</t></si>")), "PX301", BROKEN),
    "a reference to an invalid character": (
        lambda form: book(strings=strings("<si><t>&#0;</t></si>")),
        "PX301",
        BROKEN,
    ),
    "an entity nobody declared": (lambda form: book(strings=strings("<si><t>&b;</t></si>")), "PX301", BROKEN),
    "an open element": (lambda form: book(sheet=sheet()[:-3]), "PX301", BROKEN),
    "two roots": (lambda form: book(sheet=sheet() + "<a/>"), "PX301", BROKEN),
    "an attribute twice": (lambda form: book(sheet=sheet('<row r="1" r="2"/>')), "PX301", BROKEN),
    "a prefix nobody declared": (lambda form: book(sheet=sheet("<z:row/>")), "PX301", BROKEN),
    **{
        f"encoding {name}": (
            lambda form, name=name: book(sheet=sheet().replace("UTF-8", name)),  # type: ignore[misc]
            "PX301",
            "bảng mã lạ",
        )
        for name in ("zlib", "utf-7", "idna", "big5", "windows-1258", "undefined", "rot13", "none-such")
    },
    "row 0": (lambda form: row_behind(form, '<row r="0"/>'), "PX301", "số thứ tự dòng"),
    "row -1": (lambda form: row_behind(form, '<row r="-1"/>'), "PX301", "số thứ tự dòng"),
    "row 10^20": (lambda form: row_behind(form, f'<row r="1{"0" * 20}"/>'), "PX301", "số thứ tự dòng"),
    "row 1048577": (lambda form: row_behind(form, '<row r="1048577"/>'), "PX301", "số thứ tự dòng"),
    "column XFE": (lambda form: row_behind(form, '<row r="999"><c r="XFE999"/></row>'), "PX301", "địa chỉ ô"),
    "column ZZZZ": (lambda form: row_behind(form, '<row r="999"><c r="ZZZZ999"/></row>'), "PX301", "địa chỉ ô"),
    "cell A10^20": (lambda form: row_behind(form, f'<row><c r="A1{"0" * 20}"/></row>'), "PX301", "địa chỉ ô"),
    "cell without a column": (lambda form: row_behind(form, '<row><c r="999"/></row>'), "PX301", "địa chỉ ô"),
    "cells behind the last column": (
        lambda form: book(sheet=sheet(f"<row>{'<c/>' * 16385}</row>")),
        "PX301",
        "địa chỉ ô",
    ),
    "cells below the last row": (
        lambda form: book(sheet=sheet('<row r="1048576"/><row><c/></row>')),
        "PX301",
        "địa chỉ ô",
    ),
    "one cell twice": (
        lambda form: book(sheet=sheet('<row><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>')),
        "PX301",
        "hai nội dung",
    ),
    "shared text out of range": (
        lambda form: book(sheet=sheet('<row><c t="s"><v>1</v></c></row>')),
        "PX301",
        "chuỗi chữ",
    ),
    "shared text -1": (
        lambda form: book(sheet=sheet('<row><c t="s"><v>-1</v></c></row>')),
        "PX301",
        "chuỗi chữ",
    ),
    "shared text 10^400": (
        lambda form: book(sheet=sheet(f'<row><c t="s"><v>{"9" * 400}</v></c></row>')),
        "PX301",
        "chuỗi chữ",
    ),
    "two sheets of one name": (
        lambda form: book(workbook=workbook('<sheet name="A" r:id="s1"/><sheet name="a" r:id="s1"/>')),
        "PX301",
        "hai trang tính trùng tên",
    ),
}

# Too much -----------------------------------------------------------------------------------------

MANY, LARGE, LONG = "nhiều bất thường", "lớn bất thường", "dài bất thường"
ATTRIBUTE, NAMESPACES = 'a#="" ', '<b xmlns:a#="u" xmlns:b#="u" xmlns:c#="u"/>'
LIMITS: dict[str, tuple[Make, str, str]] = {
    "a million cells": (
        lambda form: book(STORED, sheet=sheet(f"<row>{'<c><v>1</v></c>' * 600}</row>" * 800)),
        "PX316",
        MANY,
    ),
    "a million cells, packed": (
        lambda form: book(sheet=sheet(f"<row>{'<c><v>1</v></c>' * 1000}</row>" * 1000)),
        "PX316",
        "nén quá mức",
    ),
    "shared strings of 16 MB": (
        lambda form: book(STORED, strings=strings(f"<si><t>{'a' * 2**14}</t></si>" * 1024)),
        "PX316",
        LARGE,
    ),
    "100,000 styles": (
        lambda form: book(STORED, styles=styles("", '<xf numFmtId="0"/>' * 100_000)),
        "PX316",
        MANY,
    ),
    "a million number formats": (
        lambda form: book(STORED, styles=styles(repeated(200_000, '<numFmt numFmtId="#" formatCode="0"/>'))),
        "PX316",
        MANY,
    ),
    "a million levels": (lambda form: book(STORED, sheet="<a>" * 1_000_000), "PX316", MANY),
    "10,000 sheets": (
        lambda form: book(workbook=workbook(repeated(10_000, '<sheet name="A#" r:id="s1"/>'))),
        "PX316",
        "số trang tính",
    ),
    "100,000 names": (
        lambda form: book(
            STORED, workbook=workbook(more=repeated(100_000, '<definedName name="n#">A!$A$1</definedName>'))
        ),
        "PX316",
        MANY,
    ),
    "a huge attribute": (lambda form: book(STORED, sheet=f'<a b="{"x" * 5_000_000}"/>'), "PX316", LONG),
    "a million attributes": (
        lambda form: book(STORED, sheet="<a " + repeated(700_000, ATTRIBUTE) + "/>"),
        "PX316",
        LONG,
    ),
    "attributes everywhere": (
        lambda form: book(STORED, sheet="<a>" + f"<b {repeated(9000, ATTRIBUTE)}/>" * 30 + "</a>"),
        "PX316",
        MANY,
    ),
    "a million namespaces": (
        lambda form: book(STORED, sheet=f"<a>{repeated(60_000, NAMESPACES)}</a>"),
        "PX316",
        MANY,
    ),
    "a namespace that is copied with every name": (
        lambda form: book(STORED, sheet=f'<a xmlns="{"u" * 300_000}">{"<c/>" * 100_000}</a>'),
        "PX316",
        "tên bên trong tệp dài",
    ),
    "a huge comment": (lambda form: book(STORED, sheet=f"<a><!--{'x' * 7_000_000}--></a>"), "PX316", LONG),
    "50,000 shared formulas": (
        lambda form: book(STORED, sheet=sheet(shared("A1+" * 600 + "1", 50_000))),
        "PX316",
        MANY,
    ),
}
REFUSED = {**FOREIGN, **ARCHIVES, **DTDS, **MARKUP, **LIMITS}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_by_name_and_at_little_cost(name: str, form: bytes, measure: Measure) -> None:
    make, code, reason = REFUSED[name]
    found = measure(make(form))
    assert (found.code, reason in found.reason) == (code, True), found


def test_there_are_enough_of_them() -> None:
    assert len(REFUSED) >= 40


@pytest.mark.parametrize("share", range(1, 100, 7))
def test_cut_off(share: int, form: bytes, measure: Measure) -> None:
    found = measure(form[: len(form) * share // 100])
    assert (found.code, found.reason) == ("PX301", "tệp bị hỏng hoặc bị cắt cụt")


@pytest.mark.parametrize("size", [1, 3, 4, 21, 22, 23, 46, 512])
def test_cut_at_its_ends(size: int, form: bytes, measure: Measure) -> None:
    assert measure(form[:-size]).code == "PX301"
    assert measure(form[size:]).code in ("PX301", "PX314")
    assert measure(form[:size]).code in ("PX301", "PX314")


# The worst that passes every limit ----------------------------------------------------------------

EMOJI = ("😀" + "a" * 4000) * 8  # one letter makes four bytes of every other
WORST: dict[str, Callable[[], bytes]] = {
    "cells": lambda: book(STORED, sheet=grid(390, "<c><v>#@.5</v></c>")),
    "formulas": lambda: book(STORED, sheet=grid(260, "<c><f>A#+@</f><v>@</v></c>")),
    "empty formulas": lambda: book(STORED, sheet=grid(390, "<c><f/></c>")),
    "truth values": lambda: book(STORED, sheet=grid(310, '<c t="b"><v>1</v></c>')),
    "dates": lambda: book(
        STORED, styles=styles("", '<xf numFmtId="14"/>'), sheet=grid(390, "<c><v>4#.@</v></c>")
    ),
    "texts": lambda: book(STORED, strings=strings(repeated(39_000, "<si><t>#</t></si>"))),
    "long texts": lambda: book(STORED, strings=strings(f"<si><t>{EMOJI}</t></si>" * 255)),
    "one text": lambda: book(STORED, strings=strings(f"<si><t>{EMOJI * 255}</t></si>")),
    "long texts in cells": lambda: book(STORED, sheet=sheet(f'<row><c t="str"><v>{EMOJI}</v></c></row>' * 255)),
    "escaped texts": lambda: book(STORED, strings=strings(f"<si><t>{'_x000D_' * 4600}</t></si>" * 250)),
    "runs of one letter": lambda: book(STORED, strings=strings(f"<si>{'<t>a</t>' * 78_000}</si>")),
    "long shared formulas": lambda: book(STORED, sheet=sheet(shared("(A1+1)*" * 4000 + "1", 15_000))),
    "short shared formulas": lambda: book(STORED, sheet=sheet(shared("A1+B2+C3", 15_000))),
    "formulas of quotes": lambda: book(STORED, sheet=sheet(shared("&quot;" * 5001, 15_000))),
    "formulas of brackets": lambda: book(STORED, sheet=sheet(shared("[" * 5000, 15_000))),
    "formulas of parentheses": lambda: book(STORED, sheet=sheet(shared("(" * 5000, 15_000))),
    "number formats": lambda: book(
        STORED,
        styles=styles(
            repeated(2000, f'<numFmt numFmtId="1#" formatCode="{"[" * 250}#"/>'),
            repeated(2000, '<xf numFmtId="1#"/>'),
        ),
        sheet=sheet(("<row>" + repeated(2000, '<c s="#"><v>1</v></c>') + "</row>") * 10),
    ),
    "names": lambda: book(STORED, workbook=workbook(more=repeated(52_000, '<definedName name="n#"/>'))),
    "properties": lambda: book(STORED, custom=CUSTOM.replace("b</vt", "b&#10;" * 1_200_000 + "</vt")),
    "validations": lambda: book(STORED, sheet=sheet(after=f'<dataValidation sqref="{"A1 " * 100_000}"/>' * 26)),
    "levels": lambda: book(STORED, sheet="<a>" * 79_000 + "</a>" * 79_000),
    "names of elements": lambda: book(STORED, sheet="<a>" + repeated(79_000, "<b#" + "é" * 20 + "/>") + "</a>"),
    "long attributes": lambda: book(STORED, sheet="<a>" + f'<b c="{"😀" * 100_000}"/>' * 20 + "</a>"),
    "sheets": lambda: book(
        workbook=workbook(repeated(250, '<sheet name="A#" r:id="s1"/>')),
        sheet=sheet("<row><c><v>1</v></c></row>" * 70),
    ),
    "relations": lambda: book(
        STORED, rels=rels(*((f"s{k}", "worksheet", "../" * 9 + "a") for k in range(31_000)))
    ),
    "parts": lambda: zipped({**PLAIN, **{f"x{k}": b"" for k in range(4500)}}),
    "comments": lambda: book(STORED, sheet=f"<a>{'<!--x-->' * 1_000_000}</a>"),
    "instructions": lambda: book(STORED, sheet=f"<a>{'<?a b?>' * 1_100_000}</a>"),
    "references": lambda: book(STORED, strings=strings(f"<si><t>{'&#97;' * 1_600_000}</t></si>")),
    "sections": lambda: book(STORED, strings=strings(f"<si><t>{'<![CDATA[a]]>' * 600_000}</t></si>")),
    "line ends": lambda: book(STORED, strings=strings("<si><t>" + "\n" * 8_000_000 + "</t></si>")),
    "spaces in a number": lambda: book(STORED, sheet=sheet(f"<row><c><v>{' ' * 8_000_000}1</v></c></row>")),
    "digits": lambda: book(STORED, sheet=sheet(f"<row><c><v>{'9' * 30_000}</v></c></row>" * 270)),
    "accents": lambda: book(STORED, strings=strings(f"<si><t>{'a' + chr(0x301) * 16_000}</t></si>" * 250)),
    "spaces in UTF-16": lambda: book(STORED, sheet=f"<a>{' ' * 4_000_000}</a>".encode("utf-16")),
}


@pytest.mark.parametrize("name", WORST)
def test_the_worst_that_is_read(name: str, measure: Measure) -> None:
    """Just below every limit: read, and still within the bound; the next one more is refused."""
    found = measure(WORST[name]())
    assert found.code == "", found


# What does not concern the table ------------------------------------------------------------------

WHOLE = "A1:XFD1048576"
HARMLESS: dict[str, Make] = {
    "untouched": lambda form: form,
    "merge over the whole grid": lambda form: after_data(
        form, f'<mergeCells><mergeCell ref="{WHOLE}"/></mergeCells>'
    ),
    "links over the whole grid": lambda form: after_data(
        form, f'<hyperlinks><hyperlink ref="{WHOLE}" location="A!A1"/></hyperlinks>'
    ),
    "formats over the whole grid": lambda form: after_data(
        form,
        f'<conditionalFormatting sqref="{WHOLE}"><cfRule type="expression"><formula>TRUE</formula>'
        "</cfRule></conditionalFormatting>",
    ),
    "validation over the whole grid": lambda form: after_data(
        form, f'<dataValidations><dataValidation sqref="{WHOLE}"/></dataValidations>'
    ),
    "filter over the whole grid": lambda form: after_data(form, f'<autoFilter ref="{WHOLE}"/>'),
    "false dimension": lambda form: changed(
        form, TABLE, r'<dimension ref="[^"]*"', '<dimension ref="A1:XFD1048576"'
    ),
    "nonsense dimension": lambda form: changed(
        form, TABLE, r'<dimension ref="[^"]*"', '<dimension ref="ZZZZ0:-1"'
    ),
    "false spans": lambda form: changed(form, TABLE, r'spans="1:11"', 'spans="1:99999999999"'),
    "false uniqueCount": lambda form: changed(
        form,
        "xl/sharedStrings.xml",
        r'count="\d+" uniqueCount="\d+"',
        'count="4294967295" uniqueCount="99999999999999999999"',
    ),
    "a blank cell at XFD1048576": lambda form: row_behind(
        form, '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    ),
    "a cell at XFD1048576": lambda form: row_behind(
        form, '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    ),
    "columns without end": lambda form: changed(
        form, TABLE, "<cols>", '<cols><col min="1" max="4294967295" width="1e9"/>'
    ),
    "page breaks without end": lambda form: changed(
        form, TABLE, '<brk id="11"', '<brk id="99999999999999999999"'
    ),
    "a style out of range": lambda form: row_behind(
        form, '<row r="900"><c r="A900" s="999999999999"/><c r="B900" s="-1"/></row>'
    ),
    "a style that names no format": lambda form: changed(
        form, "xl/styles.xml", r'<xf numFmtId="0"', '<xf numFmtId="99999999999999999999"'
    ),
    "elements of another namespace": lambda form: row_behind(
        form, '<z:row xmlns:z="urn:z" r="0"><z:c r="D13"><z:v>999</z:v></z:c></z:row>'
    ),
    "an extension at the end": lambda form: after_data(
        form, '<extLst><ext uri="{1}"><z:c xmlns:z="urn:z" r="D13"><z:v>9</z:v></z:c></ext></extLst>'
    ),
    "a text of 10 MB that no cell uses": lambda form: changed(
        form, "xl/sharedStrings.xml", "</sst>", f"<si><t>{repeated(900_000, '# ')}</t></si></sst>"
    ),
    "a nested comment": lambda form: changed(
        form, TABLE, "<sheetData>", "<sheetData><!-- <c r='D13'><v>9</v></c> -->"
    ),
    "an instruction": lambda form: changed(form, TABLE, "<sheetData>", "<sheetData><?php exit ?>"),
    "a part nobody asks for": lambda form: extended(
        form, {"xl/media/a.bin": bytes(10**6), "x/y/z.xml": "<!DOCTYPE a><a>"}
    ),
    "a sheet that points nowhere": lambda form: changed(
        form, "xl/workbook.xml", "</sheets>", '<sheet name="Z" sheetId="9" r:id="none"/></sheets>'
    ),
    "a sheet without a relation": lambda form: changed(
        form, "xl/workbook.xml", "</sheets>", '<sheet name="Z" sheetId="9"/></sheets>'
    ),
    "a sheet that points outside": lambda form: _sheet_at(form, "../../../../../etc/passwd"),
    "a sheet that points to the workbook": lambda form: _sheet_at(form, "workbook.xml"),
    "a sheet that points to its own list": lambda form: _sheet_at(form, "_rels/workbook.xml.rels"),
    "a sheet in the net": lambda form: _sheet_at(form, "http://127.0.0.1:9/a.xml"),
    "a sheet in the net, said so": lambda form: _sheet_at(
        form, 'http://127.0.0.1:9/a.xml" TargetMode="External'
    ),
    "a picture as a sheet": lambda form: _sheet_at(form, "media/none.png"),
    "parts in UTF-16": lambda form: utf16(utf16(form, TABLE), "xl/sharedStrings.xml"),
    "a comment behind the archive": lambda form: form[:-2] + (9).to_bytes(2, "little") + b"Kinh gui.",
    "a part said to be packed beyond the end": lambda form: stating(form, TABLE, "packed", 2**31),
    "entries over one another": lambda form: overlapping(form, 50),
    "stored, not packed": lambda form: zipped(unzipped(form), STORED),
    "other order of parts": lambda form: zipped(dict(reversed(unzipped(form).items()))),
}


def _sheet_at(form: bytes, target: str) -> bytes:
    """A form with one sheet more, whose part is said to stand there."""
    listed = changed(form, "xl/workbook.xml", "</sheets>", '<sheet name="Z" sheetId="9" r:id="z"/></sheets>')
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    row = f'<Relationship Id="z" Type="{kind}" Target="{target}"/></Relationships>'
    return changed(listed, "xl/_rels/workbook.xml.rels", "</Relationships>", row)


def read(content: bytes) -> FormRead:
    book = read_workbook(content)
    return read_table(book, "a.xlsx", LAYOUT, read_identity(book, "a.xlsx"))


@pytest.mark.parametrize("name", HARMLESS)
def test_harmless_to_the_table(name: str, form: bytes, measure: Measure) -> None:
    content = HARMLESS[name](form)
    found, untouched = read(content), read(form)
    assert (found.inputs, found.evidence, found.self_scores) == (
        untouched.inputs,
        untouched.evidence,
        untouched.self_scores,
    )
    assert measure(content).code == ""
