"""XML of a workbook's parts, event by event, within fixed limits and without any document type.

Hostile markup costs little here: no entity is ever declared or fetched, nesting builds no tree, elements and
attributes are counted, and neither a tag nor a namespace may be long, for both are copied again and again.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Protocol, TypeVar
from xml.parsers import expat

from parxl.grid.container import DAMAGED, LIMIT, MAX_WEIGHT, UNSAFE
from parxl.grid.model import Unreadable

PIECE, MAX_TAG = 64 * 2**10, 512 * 2**10  # bytes
MAX_NAMESPACE = 255  # characters
ENCODINGS = ("utf-8", "utf-16", "us-ascii", "iso-8859-1")  # which expat knows itself; Excel writes the first
OPEN = "http://schemas.openxmlformats.org"
# Elements of other namespaces are extensions, which hold nothing that is read.
NAMESPACES = (
    f"{OPEN}/spreadsheetml/2006/main",
    f"{OPEN}/package/2006/relationships",
    f"{OPEN}/package/2006/content-types",
    f"{OPEN}/officeDocument/2006/custom-properties",
)
STRICT = "http://purl.oclc.org/ooxml/"
STRICT_CODE = "PX315"


LEARNED, LARGEST_LEARNED = 64, 192 * 2**10  # parts that are remembered, and bytes of one
NO_END = 2**60


class Handler(Protocol):
    """Told of each element by its local name ("" where it is an extension), and of all text."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def text(self, data: str) -> None: ...


Kind = TypeVar("Kind", bound=Handler)


class Markup:
    """Parses the parts of one workbook, which are counted together."""

    def __init__(self, weight: int = MAX_WEIGHT) -> None:
        self.left = weight
        self._local: dict[str, str] = {}

    def parse(self, content: bytes, handler: Handler) -> None:
        """Tell the handler everything in one part. Unreadable if it is malformed or hostile."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.XmlDeclHandler = _check_encoding
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartNamespaceDeclHandler = self._check_namespace
        parser.StartElementHandler = self._starter(handler)
        local = self._local
        parser.EndElementHandler = lambda name: handler.end(local[name])
        parser.CharacterDataHandler = handler.text
        try:
            _feed(parser, content)
        except expat.ExpatError as error:
            raise Unreadable(DAMAGED, "nội dung XML bên trong tệp bị hỏng") from error

    def learn(self, content: bytes, kind: type[Kind]) -> Kind:
        """A handler of this kind that was told everything in one part; it must not be told anything more.

        The same part is parsed once a process, and counted every time. Unreadable as ``parse`` is.
        """
        try:
            if 0 < len(content) <= LARGEST_LEARNED:
                heard, weight = _learned(content, kind)
                self.count(weight)
                return heard  # type: ignore[return-value]
        except Unreadable:
            pass  # of several reasons, the one that comes first in the part is told
        heard = kind()
        self.parse(content, heard)
        return heard

    def _starter(self, handler: Handler):  # type: ignore[no-untyped-def]
        local = self._local

        def start(name: str, attributes: dict[str, str]) -> None:
            self.count(2 + len(attributes))
            if name not in local:
                local[name] = _local_name(name)
            handler.start(local[name], attributes)

        return start

    def _check_namespace(self, prefix: str | None, namespace: str | None) -> None:
        self.count(1)
        if namespace and len(namespace) > MAX_NAMESPACE:
            raise Unreadable(LIMIT, "tên bên trong tệp dài bất thường")

    def count(self, weight: int) -> None:
        """Elements (2 each) and attributes (1 each). Unreadable where they are too many."""
        self.left -= weight
        if self.left < 0:
            raise Unreadable(LIMIT, "số ô và định dạng bên trong tệp nhiều bất thường")


@lru_cache(maxsize=LEARNED)
def _learned(content: bytes, kind: type[Handler]) -> tuple[Handler, int]:
    """(what was heard, its weight)."""
    markup, heard = Markup(NO_END), kind()
    markup.parse(content, heard)
    return heard, NO_END - markup.left


def _feed(parser: expat.XMLParserType, content: bytes) -> None:
    """The part piece by piece: a tag that does not come to its end is noticed before it is a whole."""
    for end in range(PIECE, len(content) + PIECE, PIECE):
        parser.Parse(content[end - PIECE : end], end >= len(content))
        if end - parser.CurrentByteIndex > MAX_TAG:
            raise Unreadable(LIMIT, "nội dung XML bên trong tệp dài bất thường")


def _check_encoding(version: str, encoding: str | None, standalone: int) -> None:
    if encoding and encoding.lower() not in ENCODINGS:
        raise Unreadable(DAMAGED, "nội dung XML bên trong tệp dùng bảng mã lạ")


def _local_name(name: str) -> str:
    namespace, _, local = name.rpartition(" ")
    if namespace.startswith(STRICT):
        raise Unreadable(STRICT_CODE, "tệp lưu dạng “Strict Open XML”")
    return local if namespace in NAMESPACES else ""


def _refuse_doctype(*declaration: object) -> None:
    raise Unreadable(UNSAFE, "nội dung XML có khai báo kiểu tài liệu (DTD)")
