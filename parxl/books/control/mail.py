"""The sheet *Thư* of the control workbook: the server, the senders, and the texts of the letters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from parxl.books.control.cells import ControlCells, Line
from parxl.books.control.spec import (
    ACCOUNT,
    CLEAR_TEXT,
    LEAGUE_TO,
    LONGEST_PAUSE,
    MAIL,
    PAUSE,
    PORT,
    SECURITIES,
    SECURITY,
    SENDER,
    SENDER_NAME,
    VALUE,
)
from parxl.campaign import ADDRESS, ADDRESS_WORDS, are_addresses
from parxl.letters import LETTERS, unknown_placeholders

HIGHEST_PORT = 65535


def _is_whole(text: str, least: int, most: int) -> bool:
    return bool(re.fullmatch(r"[0-9]{1,5}", text)) and least <= int(text) <= most


def _is_one_line(text: str) -> bool:
    return len(text.splitlines()) == 1


# Item -> (is it right?, what is right in words).
RULES: dict[str, tuple[Callable[[str], bool], str]] = {
    PORT: (lambda text: _is_whole(text, 1, HIGHEST_PORT), f"số từ 1 đến {HIGHEST_PORT}"),
    SECURITY: (lambda text: text in SECURITIES, f"một trong: {', '.join(SECURITIES)}"),
    SENDER: (lambda text: bool(ADDRESS.fullmatch(text)), "một địa chỉ thư điện tử"),
    SENDER_NAME: (_is_one_line, "tên ghi trên một dòng"),
    LEAGUE_TO: (are_addresses, ADDRESS_WORDS),
    PAUSE: (lambda text: _is_whole(text, 0, LONGEST_PAUSE), f"số nguyên từ 0 đến {LONGEST_PAUSE}"),
    **{one.subject_item: (_is_one_line, "tiêu đề ghi trên một dòng") for one in LETTERS.values()},
}


def read_mail(cells: ControlCells) -> dict[str, str]:
    """Item -> what is typed, line breaks and all; every mistake goes to ``cells.findings``."""
    items = cells.items(MAIL)
    found = {name: line.text(VALUE) for name, line in items.items()}
    for name, (is_right, words) in RULES.items():
        if found.get(name) and not is_right(found[name]):
            items[name].wrong("PX210", VALUE, name=name, value=found[name], expected=words)
    if found.get(ACCOUNT) and found.get(SECURITY) == CLEAR_TEXT:
        items[SECURITY].wrong("PX233", VALUE)
    _check_placeholders(items, found)
    return found


def _check_placeholders(items: dict[str, Line], found: dict[str, str]) -> None:
    for letter in LETTERS.values():
        for name in (letter.subject_item, letter.body_item):
            if unknown := unknown_placeholders(found.get(name, ""), letter.kind):
                facts = {"names": _in_braces(unknown), "usable": _in_braces(letter.placeholders)}
                items[name].wrong("PX232", VALUE, name=name, **facts)


def _in_braces(names: Iterable[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)
