"""The file around the sheets: what it is, and its parts, each within fixed limits.

Nothing is ever taken out of the archive onto the disk, and nothing is allocated by what a file says of itself.
"""

from __future__ import annotations

import os
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import BinaryIO

from parxl.grid.model import Unreadable

MAX_FILE = 20 * 2**20  # bytes; a filled form has about 60,000
MAX_DIRECTORY = 256 * 2**10  # bytes of the archive's list of parts: some two thousand
MAX_READ = 8 * 2**20  # bytes of all parts that are read, inflated; a form has about 500,000
MAX_WEIGHT = 160_000  # elements (2 each) and attributes (1 each) of all parts; a form has about 50,000
MAX_RATIO = 250  # inflated : deflated, of a part over RATIO_FROM
RATIO_FROM = 2**20
END_RECORD, END_SIZE, LONGEST_COMMENT = b"PK\x05\x06", 22, 0xFFFF
HEAD, HEAD_SIZE = b"PK\x03\x04", 30  # of a part
USUAL = 0x080E  # what else may be said of a part: how hard it was packed, sizes behind it, a name in UTF-8
WIDE_END, WIDE_SIZE = b"PK\x06\x07", 20  # an archive of more than 4 GB
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

DAMAGED, ENCRYPTED, FOREIGN, LIMIT, UNSAFE, MACROS = "PX301", "PX313", "PX314", "PX316", "PX317", "PX312"
BROKEN = "tệp bị hỏng hoặc bị cắt cụt"
# What zipfile raises over an archive that is not whole.
TORN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
    OverflowError,
)

# How a file begins -> what it is.
BEGINNINGS = {
    b"%PDF": "tệp PDF",
    b"{\\rt": "tệp RTF",
    b"\x89PNG": "tệp ảnh",
    b"\xff\xd8\xff": "tệp ảnh",
    b"GIF8": "tệp ảnh",
    b"Rar!": "tệp nén RAR",
    b"7z\xbc\xaf": "tệp nén 7z",
    b"\x1f\x8b": "tệp nén gzip",
    b"MZ": "tệp chương trình",
}
MARKUP = (
    (re.compile(rb"^\s*<(!doctype\s+html|html|table|meta|body)\b", re.I), "tệp HTML (trang web)"),
    (re.compile(rb"^\s*<\?xml.{0,400}Excel\.Sheet", re.I | re.S), "tệp XML của Excel 2003"),
    (re.compile(rb"^\s*<\?xml", re.I), "tệp XML"),
    (re.compile(rb"^(MIME-Version|From|Received|Return-Path|Message-ID):", re.I), "thư điện tử"),
)
# A part of an archive -> what the archive is.
INSIDES = {
    "xl/workbook.bin": "tệp .xlsb (Excel nhị phân)",
    "word/document.xml": "văn bản Word (.docx)",
    "ppt/presentation.xml": "bản trình chiếu PowerPoint (.pptx)",
    "mimetype": "tệp OpenDocument (.ods, .odt)",
}


@dataclass(frozen=True)
class Limits:
    """How much of one workbook is read. ``file``, ``read``: bytes; ``weight``: as ``MAX_WEIGHT`` counts."""

    file: int
    read: int
    weight: int


ARRIVED = Limits(MAX_FILE, MAX_READ, MAX_WEIGHT)  # what comes by mail: a second and 100 MB at most
OWN = Limits(100 * 2**20, 400 * 2**20, 40_000_000)  # what the department itself keeps, for ten thousand units


class Parts:
    """The parts of one .xlsx by their names. Unreadable where they break a limit."""

    def __init__(self, stream: BinaryIO, limits: Limits = ARRIVED):
        self._stream = stream
        _check_beginning(stream, limits.file)
        _check_directory(stream)
        try:
            self._archive = zipfile.ZipFile(stream)
        except TORN as error:
            raise Unreadable(DAMAGED, BROKEN) from error
        self._infos: dict[str, zipfile.ZipInfo] = {}
        for info in self._archive.infolist():
            self._add(info)
        self._left = limits.read
        _check_inside(set(self._infos))

    def _add(self, info: zipfile.ZipInfo) -> None:
        name = info.filename.replace("\\", "/")
        if name.startswith("/") or ".." in name.split("/") or ":" in name:
            raise Unreadable(UNSAFE, "tên một phần bên trong tệp trỏ ra ngoài tệp")
        if name.lower() in self._infos:
            raise Unreadable(UNSAFE, "hai phần bên trong tệp trùng tên")
        self._infos[name.lower()] = info

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._infos

    @property
    def has_links(self) -> bool:
        """Does the workbook refer to other workbooks?"""
        return any(name.startswith("xl/externallinks/") for name in self._infos)

    @property
    def has_notes(self) -> bool:
        """Are there notes or comments on its cells?"""
        beginnings = ("xl/comments", "xl/threadedcomments")
        return any(name.startswith(beginnings) for name in self._infos)

    def read(self, name: str) -> bytes:
        """One part, inflated; b"" where there is none."""
        info = self._infos.get(name.lower())
        if info is None:
            return b""
        _check_part(info)
        content = self._whole(info)
        if content is None:
            content = self._doubtful(info)
        self._left -= len(content)
        if self._left < 0:
            raise Unreadable(LIMIT, "nội dung bên trong lớn bất thường")
        return content

    def _whole(self, info: zipfile.ZipInfo) -> bytes | None:
        """The part where all is as the archive says of it, byte for byte; else None."""
        if info.file_size > self._left or info.flag_bits & ~USUAL:
            return None
        try:
            packed = self._packed(info)
            content = packed if info.compress_type == zipfile.ZIP_STORED else _inflated(packed, info.file_size)
        except TORN:
            return None
        return content if len(content) == info.file_size and zlib.crc32(content) == info.CRC else None

    def _packed(self, info: zipfile.ZipInfo) -> bytes:
        """The bytes of a part as they stand in the file. ValueError where its head says otherwise."""
        self._stream.seek(info.header_offset)
        head, name = self._stream.read(HEAD_SIZE), info.orig_filename.encode("ascii")
        named, extra = int.from_bytes(head[26:28], "little"), int.from_bytes(head[28:30], "little")
        if not head.startswith(HEAD) or self._stream.read(named) != name:
            raise ValueError("another part's head")
        self._stream.seek(extra, os.SEEK_CUR)
        packed = self._stream.read(info.compress_size)
        if len(packed) < info.compress_size:
            raise EOFError
        return packed

    def _doubtful(self, info: zipfile.ZipInfo) -> bytes:
        try:
            with self._archive.open(info) as part:
                # One byte more than allowed: enough to know, whatever the archive says of its size.
                return part.read(self._left + 1)
        except TORN as error:
            raise Unreadable(DAMAGED, BROKEN) from error


def _inflated(packed: bytes, size: int) -> bytes:
    """All of a stream that ends where it is said to. ValueError or zlib.error where it does not."""
    inflating = zlib.decompressobj(-zlib.MAX_WBITS)
    content = inflating.decompress(packed, size + 1)
    if inflating.unused_data or not inflating.eof:
        raise ValueError("another end")
    return content


def _check_part(info: zipfile.ZipInfo) -> None:
    if info.flag_bits & 1:
        raise Unreadable(ENCRYPTED, "tệp nén có mật khẩu")
    if info.compress_type not in METHODS:
        raise Unreadable(UNSAFE, "kiểu nén bên trong tệp không phải của Excel")
    if info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * max(info.compress_size, 1):
        raise Unreadable(LIMIT, "nội dung bên trong được nén quá mức bình thường")


def _check_beginning(stream: BinaryIO, largest: int) -> None:
    size = stream.seek(0, 2)
    if not size:
        raise Unreadable(DAMAGED, "tệp rỗng (0 byte)")
    if size > largest:
        raise Unreadable(LIMIT, f"tệp lớn hơn {largest // 2**20} MB")
    stream.seek(0)
    beginning = stream.read(2048)
    if beginning.startswith(b"PK"):
        return
    if beginning.startswith(COMPOUND):
        stream.seek(0)
        if ENCRYPTED_STREAM in stream.read():
            raise Unreadable(ENCRYPTED, "tệp được đặt mật khẩu mở")
        raise Unreadable(FOREIGN, "tệp Office kiểu cũ (.xls, .doc, .msg)")
    raise Unreadable(*_kind(beginning))


def _kind(beginning: bytes) -> tuple[str, str]:
    """(code, what it is) of something that is no archive."""
    for start, what in BEGINNINGS.items():
        if beginning.startswith(start):
            return FOREIGN, what
    plain = beginning.removeprefix(b"\xef\xbb\xbf")
    for pattern, what in MARKUP:
        if pattern.search(plain):
            return FOREIGN, what
    if _is_text(plain):
        return FOREIGN, "tệp văn bản (.csv, .txt)"
    return DAMAGED, "tệp bị hỏng hoặc không phải .xlsx"


def _is_text(beginning: bytes) -> bool:
    if beginning.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return not re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]", beginning)


def _check_directory(stream: BinaryIO) -> None:
    """The list of parts must be short before it is read: each entry of it costs memory."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - WIDE_SIZE - END_SIZE - LONGEST_COMMENT))
    tail = stream.read()
    at = tail.rfind(END_RECORD)
    if at < 0 or len(tail) - at < END_SIZE:
        raise Unreadable(DAMAGED, BROKEN)
    length = int.from_bytes(tail[at + 12 : at + 16], "little")
    if length > MAX_DIRECTORY or WIDE_END in tail[max(0, at - WIDE_SIZE) : at]:
        raise Unreadable(LIMIT, "số phần bên trong tệp nhiều bất thường")


def _check_inside(names: set[str]) -> None:
    if any(name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/") for name in names):
        raise Unreadable(MACROS, "tệp có macro")
    for part, what in INSIDES.items():
        if part in names and "xl/workbook.xml" not in names:
            raise Unreadable(FOREIGN, what)
    if any(name.endswith((".xlsx", ".xls")) for name in names):
        raise Unreadable(FOREIGN, "tệp nén .zip chứa các tệp khác")
    if "[content_types].xml" not in names and "xl/workbook.xml" not in names:
        raise Unreadable(FOREIGN, "tệp nén không chứa sổ tính Excel .xlsx")
