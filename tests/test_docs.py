"""README and the officials' guide: what they name exists, and what exists is named."""

from __future__ import annotations

import importlib
import re
import unicodedata
from decimal import Decimal
from pathlib import Path

import click
import pytest
from campaigns import TTHC
from test_architecture import DATA_ONLY, RANK

from parxl.books.appraisal.check import FINE, NO_REASON, NOT_COUNTED, WRONG
from parxl.books.control.spec import ITEM, ITEMS, LISTS, MAIL, SETTINGS, TABLES, VALUE
from parxl.books.league.intake import FATES
from parxl.books.tables import SHORT_STATUS
from parxl.campaign import TIES, TREATMENTS, keys_under
from parxl.cli import parxl
from parxl.comparison import WORDS
from parxl.criteria import known_sets, load_set
from parxl.desk import APPRAISAL, EXPLANATION
from parxl.findings import REGISTER
from parxl.layout import SHEET_CHECK, SHEET_GUIDE, SHEET_TABLE
from parxl.letters import LETTERS
from parxl.live import CONTRADICTORY, DAMAGE, DONE, MISSING, NOT_VALID, OUT, TYPE_HERE, WAITING

ROOT = Path(__file__).resolve().parent.parent
README, GUIDE = ROOT / "README.md", ROOT / "docs" / "huong-dan.md"
DESIGN = ROOT / "docs" / "design.md"
BOTH = [README, GUIDE]
PAGES = [README, *sorted((ROOT / "docs").glob("*.md"))]
PICTURES = ROOT / "docs" / "pictures"
SIZE_LIMIT = 120_000
LINK = re.compile(r"\]\(([^)\s]+)\)")
CALL = re.compile(r"(?:`|^ {4,})parxl ([a-z]+)", re.MULTILINE)
OPTION = re.compile(r"(?<![\w-])-{1,2}[a-z][a-z-]*")


# Helpers ------------------------------------------------------------------------------------------


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def both() -> str:
    return "\n".join(text_of(page) for page in BOTH)


def options() -> list[tuple[str, str]]:
    """(command path, option) for every option that some --help shows."""
    found = []
    top = click.Context(parxl, info_name="parxl", **parxl.context_settings)
    contexts = [top]
    contexts += [click.Context(command, parent=top, info_name=name) for name, command in parxl.commands.items()]
    for context in contexts:
        for param in context.command.get_params(context):
            if isinstance(param, click.Option):
                found += [(context.command_path, name) for name in param.opts]
    return found


def links(page: Path) -> list[str]:
    return [link for link in LINK.findall(text_of(page)) if "://" not in link]


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives a page's headings."""
    heads = re.findall(r"^#+ (.+)$", text_of(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def section(sheet: str) -> str:
    """The guide's part on one sheet of the control workbook: from its heading to the next."""
    pieces = re.split(r"^#{2,4} ", text_of(GUIDE), flags=re.MULTILINE)
    found = [piece for piece in pieces if f"“{sheet}”" in piece.split("\n")[0]]
    assert len(found) == 1, sheet
    return found[0]


# Commands -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(parxl.commands))
def test_every_command_is_named(name: str) -> None:
    for page in BOTH:
        assert f"parxl {name}" in text_of(page), f"{page.name}: {name}"


@pytest.mark.parametrize(("command", "option"), options())
def test_every_option_is_named(command: str, option: str) -> None:
    assert option in OPTION.findall(both()), f"{command} {option}"


@pytest.mark.parametrize("page", BOTH, ids=lambda page: page.name)
def test_every_named_command_exists(page: Path) -> None:
    called = CALL.findall(text_of(page))
    assert called
    assert set(called) <= set(parxl.commands)


def test_every_named_option_exists() -> None:
    known = {option for _, option in options()}
    calls = re.findall(r"(?:`|^ {4,})(parxl [^`\n#]*)", both(), re.MULTILINE)
    assert calls
    for call in calls:
        assert set(OPTION.findall(re.sub(r" [\w.]+-[\w.-]+", " ", call))) <= known, call


def test_every_set_is_named() -> None:
    for name in known_sets():
        assert name in both()


# Files --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_every_picture_is_made_used_and_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    made = {f"{name}.png" for name in importlib.import_module("make_pictures").PAGES}
    stored = {path.name for path in PICTURES.glob("*")}
    used = {Path(link).name for page in BOTH for link in links(page) if link.endswith(".png")}
    assert made == stored == used
    for path in PICTURES.glob("*.png"):
        assert path.stat().st_size <= SIZE_LIMIT, path.name


# The control workbook -----------------------------------------------------------------------------


@pytest.mark.parametrize("sheet", TABLES)
def test_every_column_of_a_control_table_has_its_row(sheet: str) -> None:
    for column in TABLES[sheet]:
        assert f"\n| {column.name} | " in section(sheet), column.name


def test_every_setting_has_its_row() -> None:
    part = section(SETTINGS)
    assert f"\n| {ITEM} | {VALUE} | " in part
    for item in ITEMS[SETTINGS]:
        assert f"\n| {item.name} | " in part, item.name
    for tie in TIES:
        assert f"`{tie}`" in part


def test_the_other_control_sheets_are_named() -> None:
    for name in (MAIL, LISTS, "Hướng dẫn"):
        assert f"“{name}”" in text_of(GUIDE)
    for item in ITEMS[MAIL]:
        assert item.name in section(MAIL), item.name
    for name in {name for letter in LETTERS.values() for name in letter.placeholders}:
        assert f"`{{{name}}}`" in section(MAIL), name
    for words in TREATMENTS:
        assert f"`{words}`" in section("Trường hợp a = 0")


def test_the_parts_on_districts_are_ruled_out_by_the_codes_of_the_guide() -> None:
    """Since 1 July 2025 there are none: 3.0 of 20.25 points leave the table of 2022."""
    codes = re.findall(
        r"^\| [^|]+ \| `\*` \| `([^`]+)` \| ([\d,]+) \|$", section("Không áp dụng"), re.MULTILINE
    )
    criteria = load_set(TTHC)
    maxima = {key: part.rule.max_units for key, _, part in criteria.parts}
    points = {code: criteria.units(Decimal(text.replace(",", "."))) for code, text in codes}
    assert points == {code: sum(maxima[key] for key in keys_under(criteria, code)) for code in points}
    assert set(maxima) & set(points) >= {key for key in maxima if key.endswith("/huyen")}
    assert (sum(maxima.values()), sum(maxima.values()) - sum(points.values())) == (2025, 1725)
    assert "20,25 còn **17,25**" in section("Không áp dụng")


# Words that users meet ----------------------------------------------------------------------------


def test_every_status_and_fate_has_its_row() -> None:
    for words in (*SHORT_STATUS.values(), *FATES.values()):
        assert f"\n| {words} | " in text_of(GUIDE), words


def test_every_word_of_the_form_is_explained() -> None:
    for words in (DONE, MISSING, CONTRADICTORY, DAMAGE, WAITING, OUT, TYPE_HERE, NOT_VALID):
        assert f"\n| {words} | " in text_of(GUIDE), words
    for sheet in (SHEET_GUIDE, SHEET_TABLE, SHEET_CHECK):
        assert f"\n| {sheet} | " in text_of(GUIDE), sheet


def test_every_column_of_the_appraisal_is_explained() -> None:
    page = text_of(GUIDE)
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \|$", page, re.MULTILINE)
    told = {name.strip(" *") for row in rows for name in row.split(", ")}
    shown = {column.heading for name, column in APPRAISAL.items() if name != "key"}
    assert shown <= told
    for words in (FINE, NO_REASON, WRONG, NOT_COUNTED):
        assert f"{words}: " in page, words
    for name, column in EXPLANATION.items():
        assert not column.typed or f"**{column.heading.split(' (')[0]}**" in page, name


def test_every_origin_of_a_final_score_and_every_comparison_has_its_row() -> None:
    for words in ("computed", "appraised-1", "appraised-2", "entered"):
        assert f"| `{words}` |\n" in text_of(GUIDE), words
    for words in (WORDS["new"], WORDS["not-comparable"]):
        assert f"\n| {words} | " in text_of(GUIDE), words


@pytest.mark.parametrize("page", BOTH, ids=lambda page: page.name)
def test_every_exit_code_has_its_row(page: Path) -> None:
    assert re.findall(r"^\| (\d) \| ", text_of(page), re.MULTILINE) == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_code_is_in_the_register(page: Path) -> None:
    assert set(re.findall(r"PX\d{3}", text_of(page))) <= set(REGISTER)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_are_nfc(page: Path) -> None:
    assert unicodedata.is_normalized("NFC", text_of(page))


# The design ---------------------------------------------------------------------------------------


def test_every_room_is_in_the_table_in_the_order_of_the_flow() -> None:
    table = text_of(DESIGN).split("| room | what it knows |\n|---|---|\n")[1].split("\n\n")[0]
    cells = [row.split(" | ")[0] for row in table.split("\n")]
    rooms = [re.findall(r"`(\w+)(?:/|\.py)`", cell) for cell in cells]
    named = [room for row in rooms for room in row if room not in DATA_ONLY]
    assert sorted(named) == sorted(RANK)
    assert [RANK[room] for room in named] == sorted(RANK.values())
