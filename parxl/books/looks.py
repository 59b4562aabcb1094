"""Formats that are made in full only where XlsxWriter has to write them down.

A workbook has some eighty formats, and making one of XlsxWriter's costs more than writing twenty cells. What a
sheet needs of a format is its number alone, and that rests on its key; ``styles.xml`` is written from whole
ones, and rarely (``package``).
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import Any

from xlsxwriter.format import Format

FONT = "Times New Roman"
DEFAULTS = {"font_name": FONT, "font_size": 11}
MOST_LOOKS = 4096
Properties = tuple[tuple[str, Any], ...]


class Look(Format):
    """A format of one workbook. All but its key and number is made when it is first asked for."""

    def __init__(self, properties: Properties, xf_indices: dict[str, int], dxf_indices: dict[str, int]):
        # Not Format's own: it sets sixty attributes.
        self.properties = properties
        self.xf_format_indices, self.dxf_format_indices = xf_indices, dxf_indices
        self.xf_index = self.dxf_index = None
        self.base = _whole(properties, _types(properties))
        self._format_key, self.locked = self.base._format_key, self.base.locked

    @property
    def key(self) -> str:
        """XlsxWriter's own: formats with the same key are one."""
        return str(self._format_key)

    def __getattr__(self, name: str) -> Any:
        if "font_name" in self.__dict__:
            raise AttributeError(name)
        known = {one: self.__dict__[one] for one in ("xf_index", "dxf_index", "_format_key")}
        super().__init__(dict(self.properties), self.xf_format_indices, self.dxf_format_indices)
        self.__dict__.update(known)
        return getattr(self, name)

    def whole(self) -> Format:
        """The same as XlsxWriter makes it, with its number."""
        made = _Whole.__new__(_Whole)
        made.__dict__ = self.base.__dict__.copy()
        made.base, made.xf_index, made.dxf_index = self.base, self.xf_index, self.dxf_index
        return made


class _Whole(Format):
    """Its keys are asked for in every workbook that it is copied into."""

    settled_fill: str | None = None

    @cached_property
    def _keys(self) -> tuple[str, str]:
        return super()._get_font_key(), super()._get_border_key()

    def _get_font_key(self) -> str:
        return self._keys[0]

    def _get_border_key(self) -> str:
        return self._keys[1]

    def _get_fill_key(self) -> str:
        base = self.__dict__.get("base")
        if base is None:
            return str(super()._get_fill_key())
        # Of a copy it is asked for once, when XlsxWriter has settled its pattern: always in the same way.
        if base.settled_fill is None:
            base.settled_fill = super()._get_fill_key()
        return str(base.settled_fill)


def _types(properties: Properties) -> tuple[type, ...]:
    """True and 1 are equal, and so are 11 and 11.0, but not in what XlsxWriter writes."""
    return tuple([type(value) for _, value in properties])


@lru_cache(maxsize=MOST_LOOKS)
def _whole(properties: Properties, types: tuple[type, ...]) -> _Whole:
    made = _Whole(dict(properties))
    made._get_format_key()
    return made
