"""Texts that XlsxWriter writes in many pieces, and pieces that it need not write twice."""

from __future__ import annotations

import io
from typing import Any

from xlsxwriter.xmlwriter import XMLwriter

from parxl.books.archive import Packed, packed

MOST_WRITTEN = 8192
# What was written, by the kind of part, the method, and all that it rests on.
_written: dict[tuple[Any, ...], str] = {}


class Pieces(io.StringIO):
    """A text that is put together only when it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[Any] = []  # texts, and runs of a sheet that are deflated already
        self.write = self._pieces.append  # type: ignore[method-assign, assignment]

    def getvalue(self) -> str:
        return "".join(self._pieces)

    def packed(self) -> Packed:
        return packed(self._pieces)


class Once(XMLwriter):
    """Stands before one of XlsxWriter's writers: some of its methods are called once for all parts to come."""

    part = ""  # the kind of part
    fh: Any

    def _once(self, method: str, rests_on: tuple[Any, ...], *args: Any) -> None:
        # The types: True and 1 are equal, and so are 1 and 1.0, but not in what XlsxWriter writes.
        key = (self.part, method, rests_on, *map(type, rests_on))
        text = _written.get(key)
        if text is None:
            if len(_written) >= MOST_WRITTEN:
                _written.clear()
            text = _written[key] = self._as_written(method, *args)
        self.fh.write(text)

    def _escape_control_characters(self, data: Any) -> Any:
        # Two regular expressions for nothing, mostly.
        if isinstance(data, str) and "_x" not in data and data.replace("\n", "").isprintable():
            return data
        return XMLwriter._escape_control_characters(data)

    def _as_written(self, method: str, *args: Any) -> str:
        """What one of XlsxWriter's own methods writes."""
        kept, self.fh = self.fh, Pieces()
        try:
            getattr(super(), method)(*args)
            return str(self.fh.getvalue())
        finally:
            self.fh = kept
