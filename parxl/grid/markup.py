"""XML of a workbook's parts, event by event, within fixed limits and without any document type.

Hostile markup costs nothing here: no entity is ever declared or fetched, nesting builds no tree, and the number
of elements is counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol
from xml.parsers import expat

from parxl.grid.container import DAMAGED, LIMIT, UNSAFE
from parxl.grid.model import Unreadable

MAX_ELEMENTS = 250_000  # of one workbook; a form has about 7,000
STRICT = "http://purl.oclc.org/ooxml/"
STRICT_CODE = "PX315"


class Handler(Protocol):
    """Told of each element by its local name, and of all text."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def text(self, data: str) -> None: ...


class Markup:
    """Parses the parts of one workbook, whose elements are counted together."""

    def __init__(self) -> None:
        self._left = MAX_ELEMENTS
        self._local: dict[str, str] = {}

    def parse(self, content: bytes, handler: Handler) -> None:
        """Tell the handler everything in one part. Unreadable if it is malformed or hostile."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler = self._starter(handler)
        local = self._local
        parser.EndElementHandler = lambda name: handler.end(local[name])
        parser.CharacterDataHandler = handler.text
        try:
            parser.Parse(content, True)
        except expat.ExpatError as error:
            raise Unreadable(DAMAGED, "nội dung XML bên trong tệp bị hỏng") from error

    def _starter(self, handler: Handler):  # type: ignore[no-untyped-def]
        local = self._local

        def start(name: str, attributes: dict[str, str]) -> None:
            self._left -= 1
            if self._left < 0:
                raise Unreadable(LIMIT, "số ô và định dạng bên trong tệp nhiều bất thường")
            if name not in local:
                local[name] = _local_name(name)
            handler.start(local[name], attributes)

        return start


def _local_name(name: str) -> str:
    namespace, _, local = name.rpartition(" ")
    if namespace.startswith(STRICT):
        raise Unreadable(STRICT_CODE, "tệp lưu dạng “Strict Open XML”")
    return local


def _refuse_doctype(*declaration: object) -> None:
    raise Unreadable(UNSAFE, "nội dung XML có khai báo kiểu tài liệu (DTD)")
