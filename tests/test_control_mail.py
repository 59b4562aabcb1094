"""The sheet *Thư* of the control workbook: what a new campaign begins with, line breaks kept, mistakes told."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from campaigns import HA_TINH, make_campaign, set_items

from parxl.books.control.book import write_control
from parxl.books.control.reading import read_control
from parxl.criteria import load_set
from parxl.findings import Finding, NothingUsable
from parxl.letters import LETTERS, Letter, fill, letter

SHEET = "Thư"
# Written out here again, because the promise is to officials.
SERVER = ["Máy chủ SMTP", "Cổng", "Bảo mật", "Tài khoản", "Người gửi"]
ADDED = ["Tên người gửi", "Nơi nhận bảng xếp hạng", "Nghỉ giữa hai thư (giây)"]
TEXTS = [
    f"{part} thư {kind}"
    for kind in ("gửi phiếu", "nhắc", "kết quả", "bảng xếp hạng")
    for part in ("Tiêu đề", "Nội dung")
]
ITEMS = SERVER + ADDED + TEXTS
FORMS, REMINDERS, RESULTS, LEAGUE = LETTERS.values()
LINES = "Kính gửi: {Tên đơn vị}\n\nDòng một.\n  – Dòng hai.\n\nTrân trọng."

every_letter = pytest.mark.parametrize("own", LETTERS.values(), ids=lambda own: own.kind)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_campaign(tmp_path / "dot", HA_TINH)


def read(root: Path) -> dict[str, str]:
    return dict(read_control(root / "dot-cham.xlsx", load_set(HA_TINH)).mail)


def mistakes(root: Path) -> list[Finding]:
    with pytest.raises(NothingUsable) as caught:
        read(root)
    return list(caught.value.findings)


def cell_of(item: str) -> str:
    return f"B{ITEMS.index(item) + 2}"


def rewrite(path: Path, part: str, change: Callable[[str], str]) -> None:
    """Change one part of a workbook as another program might have written it."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts[part].decode("utf-8")).encode("utf-8")
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


# As written ---------------------------------------------------------------------------------------


def test_a_new_workbook_has_the_promised_items(root: Path) -> None:
    sheet = openpyxl.load_workbook(root / "dot-cham.xlsx")[SHEET]
    assert [cell.value for cell in sheet["A"][1:]] == ITEMS


@every_letter
def test_a_new_campaign_begins_with_our_letters(root: Path, own: Letter) -> None:
    mail = read(root)
    assert (mail[own.subject_item], mail[own.body_item]) == (own.subject, own.body.strip())
    assert {mail[item] for item in SERVER + ADDED} == {""}


@every_letter
def test_a_letter_has_room_and_its_comment_says_what_may_stand_in_braces(root: Path, own: Letter) -> None:
    sheet = openpyxl.load_workbook(root / "dot-cham.xlsx")[SHEET]
    for item in (own.subject_item, own.body_item):
        cell = sheet[cell_of(item)]
        points = sheet.row_dimensions[cell.row].height
        assert (cell.value.count("\n") + 1) * cell.font.size * 1.2 <= points < 409
        assert cell.comment is not None
        assert re.findall(r"\{(.+?)\}", cell.comment.text) == list(own.placeholders)


# Line breaks --------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_breaks_are_kept(root: Path, end: str) -> None:
    """Alt+Enter is a line feed; what is pasted from other programs may bring both signs."""
    set_items(root, {FORMS.body_item: f"{LINES}\n\n".replace("\n", end)}, SHEET)
    body = letter(read(root), "forms")[1]
    assert fill(body, {"Tên đơn vị": "A"}) == LINES.replace("{Tên đơn vị}", "A")


def test_line_breaks_as_other_programs_write_them(tmp_path: Path) -> None:
    """Excel escapes a carriage return; several looks in one cell part its text into runs."""
    settings = {"Tên đợt chấm": "Đợt", "Năm": 2026, FORMS.body_item: "MỘT", REMINDERS.body_item: "HAI"}
    rows = {"Đơn vị": [["a", "Đơn vị A", *[""] * 8]]}
    path = tmp_path / "dot-cham.xlsx"
    path.write_bytes(write_control(load_set(HA_TINH), settings, 2026, rows))
    one = "<t>MỘT</t>", '<t xml:space="preserve">a_x000D_\nb\n\n c</t>'
    two = "<t>HAI</t>", '<r><t xml:space="preserve">a\nb</t></r><r><t xml:space="preserve">\n\n c</t></r>'
    rewrite(path, "xl/sharedStrings.xml", lambda text: text.replace(*one).replace(*two))
    mail = read(tmp_path)
    assert {fill(letter(mail, kind)[1], {}) for kind in ("forms", "reminders")} == {"a\nb\n\n c"}


# What may be blank --------------------------------------------------------------------------------


def test_an_older_workbook_sends_our_letters(root: Path) -> None:
    path = root / "dot-cham.xlsx"
    book = openpyxl.load_workbook(path)
    book[SHEET].delete_rows(len(SERVER) + 2, 99)
    book.save(path)
    mail = read(root)
    assert list(mail) == SERVER
    assert [letter(mail, own.kind) for own in LETTERS.values()] == [
        (own.subject, own.body) for own in LETTERS.values()
    ]


def test_a_blank_sheet_is_fine(root: Path) -> None:
    set_items(root, dict.fromkeys(ITEMS), SHEET)
    assert read(root) == dict.fromkeys(ITEMS, "")


@pytest.mark.parametrize(
    ("item", "value", "text"),
    [
        ("Tên người gửi", "Sở Nội vụ, tỉnh Hà Tĩnh", "Sở Nội vụ, tỉnh Hà Tĩnh"),
        ("Nơi nhận bảng xếp hạng", "a@b.vn; c@d.vn", "a@b.vn; c@d.vn"),
        ("Nghỉ giữa hai thư (giây)", 0, "0"),
        ("Nghỉ giữa hai thư (giây)", "600", "600"),
        (RESULTS.subject_item, "{ TÊN ĐƠN VỊ }: hạng {xếp  hạng}", "{ TÊN ĐƠN VỊ }: hạng {xếp  hạng}"),
    ],
)
def test_good_values(root: Path, item: str, value: object, text: str) -> None:
    set_items(root, {item: value}, SHEET)
    assert read(root)[item] == text


# Mistakes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "value"),
    [
        ("Cổng", "9" * 5000),
        ("Tên người gửi", "Sở Nội vụ\nBcc: a@b.vn"),
        ("Nơi nhận bảng xếp hạng", "a@b.vn; phòng CCHC"),
        ("Nghỉ giữa hai thư (giây)", 601),
        ("Nghỉ giữa hai thư (giây)", -1),
        ("Nghỉ giữa hai thư (giây)", 1.5),
        ("Nghỉ giữa hai thư (giây)", "một"),
        (LEAGUE.subject_item, "Bảng xếp hạng\nBcc: a@b.vn"),
    ],
)
def test_bad_values(root: Path, item: str, value: object) -> None:
    set_items(root, {item: value}, SHEET)
    (found,) = mistakes(root)
    assert (found.code, found.sheet, found.cell) == ("PX210", SHEET, cell_of(item))
    assert f"“{item}”" in found.message


def test_unknown_placeholders_are_told_all_at_once(root: Path) -> None:
    """{Xếp hạng} is known, but not yet when a form goes out."""
    typed = {
        FORMS.subject_item: "{Ten don vi}: {Xếp hạng}",
        RESULTS.body_item: "Kính gửi: {Tên đơn vị}\nĐiểm: {điểm}",
        LEAGUE.body_item: "{Tên đơn vị}",
    }
    set_items(root, typed, SHEET)
    found = mistakes(root)
    assert [(f.code, f.sheet, f.cell) for f in found] == [("PX232", SHEET, cell_of(item)) for item in typed]
    assert [re.findall(r"\{(.+?)\}", f.message) for f in found] == [
        ["Ten don vi", "Xếp hạng", *FORMS.placeholders],
        ["điểm", *RESULTS.placeholders],
        ["Tên đơn vị", *LEAGUE.placeholders],
    ]


@pytest.mark.parametrize(("account", "told"), [("cchc", ["PX233"]), (None, [])])
def test_a_password_never_goes_unencrypted(root: Path, account: str | None, told: list[str]) -> None:
    set_items(root, {"Bảo mật": "không", "Tài khoản": account}, SHEET)
    if told:
        assert [(f.code, f.cell) for f in mistakes(root)] == [(code, cell_of("Bảo mật")) for code in told]
    else:
        assert read(root)["Bảo mật"] == "không"
