"""The few places where XlsxWriter needs a firm hand: refused validations, heights, empty results."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pytest

from parxl.books.styles import MAX_ROW_HEIGHT, Book


def book() -> Book:
    return Book(2026, "Thử", "parxl")


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize(
    "options",
    [
        {"validate": "list", "source": ["x" * 200, "y" * 100]},
        {"validate": "custom", "value": "=TRUE", "input_title": "t" * 33},
        {"validate": "custom", "value": "=TRUE", "error_title": "t" * 33},
        {"validate": "custom", "value": "=TRUE", "input_message": "m" * 256},
        {"validate": "custom", "value": "=" + "A1+" * 90 + "1"},
        {"validate": "no such kind"},
    ],
)
def test_a_refused_validation_is_an_error(options: dict[str, Any]) -> None:
    """XlsxWriter itself only warns and leaves the validation out."""
    with pytest.raises(ValueError, match="A1"):
        book().sheet("Trang").validate("A1", options)


def test_a_sound_validation_is_written() -> None:
    made = book()
    made.sheet("Trang").validate("A1", {"validate": "list", "source": ["đủ điểm", "0 điểm"]})
    assert "đủ điểm,0 điểm" in part(made.close(), "xl/worksheets/sheet1.xml")


def test_heights_may_grow_and_empty_results_are_text() -> None:
    made = book()
    sheet = made.sheet("Trang")
    sheet.tall(1, 40)
    sheet.tall(2, 5000)
    sheet.write_formula("A1", '=""', None, "")
    xml = part(made.close(), "xl/worksheets/sheet1.xml")
    assert "customHeight" not in xml
    assert re.search(r'<row r="1"[^>]* ht="(39\.75|40|40\.5)"', xml)  # whole pixels of 0.75 points
    assert sheet.heights[2] == MAX_ROW_HEIGHT
    assert '<c r="A1" t="str"><f>""</f><v></v></c>' in xml


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as container:
        return container.read(name).decode()
