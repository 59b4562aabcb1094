"""The folder 2-nop: every file one fate, every unit at most one form, and no file stops another."""

from __future__ import annotations

import io
import os
import re
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from campaigns import HA_TINH, TTHC, fill_form, full_answers, intake_of, issued_campaign

from parxl.books.control.reading import read_control
from parxl.books.form.book import write_form
from parxl.books.form.data import form_data
from parxl.books.league.book import write_league
from parxl.campaign import Folder, Register, Settings, load_register
from parxl.criteria import load_set
from parxl.files import sha256
from parxl.identity import Identity
from parxl.layout import SHEET_CHECK, Layout
from parxl.reading.file import FileRead
from parxl.reading.intake import Intake
from parxl.results import score_intake, to_json

LAYOUT = Layout(load_set(TTHC))
ANSWERS = full_answers(LAYOUT.criteria)


@dataclass(frozen=True)
class Desk:
    """An issued campaign and forms that came back from it, as bytes."""

    settings: Settings
    register: Register
    forms: dict[str, bytes]

    def identity(self, owner: str = "cuc-thue", /, **changes: str) -> Identity:
        found = next(u for u in self.settings.units if u.code == owner)
        return replace(form_data(LAYOUT, self.settings, found, self.register).identity, **changes)

    def forged(self, owner: str = "cuc-thue", /, **changes: str) -> bytes:
        """A unit's blank form with another identity, in all its three places."""
        found = next(u for u in self.settings.units if u.code == owner)
        data = form_data(LAYOUT, self.settings, found, self.register)
        return write_form(replace(data, identity=self.identity(owner, **changes)))

    def official(self, name: str) -> Settings:
        """The settings with *Tệp chính thức* of cuc-thue."""
        units = [replace(u, official_file=name if u.code == "cuc-thue" else "") for u in self.settings.units]
        return replace(self.settings, units=tuple(units))


FILLED: dict[str, tuple[str, dict[str, object], dict[str, str], int]] = {
    "first": ("cuc-thue", {}, {}, 1),
    "second": ("cuc-thue", {"1.6/b": 19}, {"1.6": "Báo cáo 1"}, 2),
    "rival": ("cuc-thue", {"1.6/b": 18, "7.2.1/b": 3}, {"1.6": "Báo cáo 2"}, 2),
    "other": ("kbnn", {}, {}, 1),
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    root = issued_campaign(tmp_path_factory.mktemp("intake") / "c", TTHC)
    folder = Folder(root)
    register = load_register(folder.register)
    assert register is not None
    forms = {}
    for name, (unit, changes, evidence, submission) in FILLED.items():
        made = fill_form(folder.form(unit), root / name, {**ANSWERS, **changes}, evidence, submission)
        forms[name] = made.read_bytes()
    return Desk(read_control(folder.control, LAYOUT.criteria), register, forms)


Receive = Callable[..., Intake]


@pytest.fixture
def receive(desk: Desk, tmp_path: Path) -> Receive:
    """Put these files into 2-nop and read them."""

    def put(files: dict[str, bytes], settings: Settings | None = None, **register: Any) -> Intake:
        for name, content in files.items():
            path = tmp_path / "2-nop" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        known = register.get("register", desk.register)
        return intake_of(Folder(tmp_path), LAYOUT, settings or desk.settings, known)

    return put


def fates(intake: Intake) -> dict[str, str]:
    """Name below 2-nop -> fate; every file once."""
    names = [file.name for file in intake.files]
    assert len(set(names)) == len(names)
    assert all(name.startswith("2-nop/") for name in names)
    return {file.name.removeprefix("2-nop/"): file.fate for file in intake.files}


def codes(file: FileRead) -> list[str]:
    return [found.code for found in file.findings]


def named(intake: Intake, name: str) -> FileRead:
    return next(file for file in intake.files if file.name == f"2-nop/{name}")


# Several files of one unit ------------------------------------------------------------------------


def test_the_highest_submission_wins(desk: Desk, receive: Receive) -> None:
    intake = receive({"a.xlsx": desk.forms["second"], "z.xlsx": desk.forms["first"]})
    assert fates(intake) == {"a.xlsx": "scored", "z.xlsx": "superseded"}
    assert intake.chosen["cuc-thue"].name == "2-nop/a.xlsx"
    assert codes(named(intake, "z.xlsx")) == ["PX321"]
    message = named(intake, "z.xlsx").findings[0].message
    assert "2-nop/a.xlsx" in message
    assert "Lần nộp 2" in message
    assert intake.conflicts == intake.rejected == {}


def test_the_same_bytes_are_a_duplicate(desk: Desk, receive: Receive) -> None:
    intake = receive({"a.xlsx": desk.forms["first"], "b (1).xlsx": desk.forms["first"]})
    assert fates(intake) == {"a.xlsx": "scored", "b (1).xlsx": "duplicate"}
    assert intake.files[0].sha256 == intake.files[1].sha256 == sha256(desk.forms["first"])
    assert codes(intake.files[1]) == ["PX322"]


def test_a_duplicate_of_the_older_submission(desk: Desk, receive: Receive) -> None:
    files = {"a.xlsx": desk.forms["first"], "b.xlsx": desk.forms["first"], "c.xlsx": desk.forms["second"]}
    assert fates(receive(files)) == {"a.xlsx": "superseded", "b.xlsx": "duplicate", "c.xlsx": "scored"}


def resaved(content: bytes) -> bytes:
    """The same inputs in other bytes."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    book[SHEET_CHECK]["Z99"].value = "đã mở và lưu lại"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_the_same_content_in_other_bytes_is_no_conflict(desk: Desk, receive: Receive) -> None:
    again = resaved(desk.forms["first"])
    intake = receive({"a.xlsx": desk.forms["first"], "b.xlsx": again})
    assert intake.files[0].sha256 != intake.files[1].sha256
    assert fates(intake) == {"a.xlsx": "scored", "b.xlsx": "duplicate"}


def test_the_same_number_with_other_content_is_a_conflict(desk: Desk, receive: Receive) -> None:
    names = {"a.xlsx": "second", "b.xlsx": "rival", "c.xlsx": "first", "d.xlsx": "other"}
    intake = receive({name: desk.forms[form] for name, form in names.items()})
    assert fates(intake) == {
        "a.xlsx": "conflict",
        "b.xlsx": "conflict",
        "c.xlsx": "superseded",
        "d.xlsx": "scored",
    }
    assert set(intake.chosen) == {"kbnn"}
    assert [file.name for file in intake.conflicts["cuc-thue"]] == ["2-nop/a.xlsx", "2-nop/b.xlsx"]
    for file in intake.conflicts["cuc-thue"]:
        message = file.findings[0].message
        assert file.findings[0].code == "PX308"
        for key in ("1.6/b", "7.2.1/b"):
            assert f"{LAYOUT.input_cell(key)} ({key})" in message
        assert "tài liệu kiểm chứng mục 1.6" in message
        assert "1.6/a" not in message
        assert "2-nop/a.xlsx, 2-nop/b.xlsx" in message


# Tệp chính thức -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["b.xlsx", "B.XLSX", "2-nop/b.xlsx", "2-nop\\b.xlsx"])
def test_the_official_file_settles_a_conflict(desk: Desk, receive: Receive, name: str) -> None:
    files = {"a.xlsx": desk.forms["second"], "b.xlsx": desk.forms["rival"]}
    intake = receive(files, desk.official(name))
    assert fates(intake) == {"a.xlsx": "superseded", "b.xlsx": "scored"}
    assert intake.conflicts == {}
    form = intake.chosen["cuc-thue"].form
    assert form is not None
    assert form.inputs["1.6/b"] == 18


def test_the_official_file_may_be_the_older_one(desk: Desk, receive: Receive) -> None:
    files = {"a.xlsx": desk.forms["second"], "b.xlsx": desk.forms["first"]}
    assert fates(receive(files, desk.official("b.xlsx"))) == {"a.xlsx": "superseded", "b.xlsx": "scored"}


def test_an_official_file_that_is_not_there(desk: Desk, receive: Receive) -> None:
    files = {"a.xlsx": desk.forms["second"], "b.xlsx": b"", "d.xlsx": desk.forms["other"]}
    for name in ("c.xlsx", "b.xlsx", "d.xlsx"):
        intake = receive(files, desk.official(name))
        assert fates(intake) == {"a.xlsx": "conflict", "b.xlsx": "rejected", "d.xlsx": "scored"}
        assert codes(named(intake, "a.xlsx")) == ["PX309"]
        assert f"“{name}”" in named(intake, "a.xlsx").findings[0].message


def test_names_are_compared_in_one_unicode_form(desk: Desk, receive: Receive) -> None:
    name = "Khối đô thị/Cục Thuế – lần hai.xlsx"
    files = {unicodedata.normalize("NFD", name): desk.forms["rival"], "a.xlsx": desk.forms["second"]}
    for official in (name, "Cục Thuế – lần hai.xlsx", name.replace("/", "\\")):
        intake = receive(files, desk.official(official))
        assert intake.chosen["cuc-thue"].name == f"2-nop/{unicodedata.normalize('NFD', name)}"
        assert sorted(fates(intake).values()) == ["scored", "superseded"]


def test_an_official_name_that_two_files_have(desk: Desk, receive: Receive) -> None:
    files = {"a/p.xlsx": desk.forms["second"], "b/p.xlsx": desk.forms["rival"]}
    assert set(fates(receive(files, desk.official("p.xlsx"))).values()) == {"conflict"}
    assert fates(receive(files, desk.official("b/p.xlsx"))) == {
        "a/p.xlsx": "superseded",
        "b/p.xlsx": "scored",
    }


# Whose form it is ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code", "unit"),
    [
        ({"set": HA_TINH}, "PX303", "cuc-thue"),
        ({"edition": "0" * 12}, "PX303", "cuc-thue"),
        ({"campaign": "par-index-tthc-2022-2025-ffffffff"}, "PX304", "cuc-thue"),
        ({"unit": "so-la"}, "PX305", ""),
        ({"unit": "kbnn"}, "PX306", "kbnn"),
        ({"serial": "0" * 12}, "PX306", "cuc-thue"),
        ({"kind": "template", "unit": "", "serial": "", "campaign": ""}, "PX326", ""),
        ({"kind": "appraisal"}, "PX302", "cuc-thue"),
    ],
)
def test_a_form_that_does_not_belong_here(
    desk: Desk, receive: Receive, changes: dict[str, str], code: str, unit: str
) -> None:
    intake = receive({"a.xlsx": desk.forged(**changes)})
    assert fates(intake) == {"a.xlsx": "rejected"}
    assert codes(intake.files[0]) == [code]
    assert intake.files[0].unit == unit
    assert set(intake.rejected) == ({unit} if unit else set())


def test_all_reasons_at_once(desk: Desk, receive: Receive) -> None:
    form = desk.forged(edition="0" * 12, unit="so-la")
    assert codes(receive({"a.xlsx": form}).files[0]) == ["PX303", "PX305"]


def test_the_serial_belongs_to_the_unit(desk: Desk, receive: Receive) -> None:
    """Cục Thuế's own form with the Treasury's code and serial is the Treasury's; half of it is nobody's."""
    whole = desk.identity("kbnn")
    swapped = desk.forged(serial=whole.serial)
    assert codes(receive({"a.xlsx": swapped}).files[0]) == ["PX306"]


def test_another_wording_is_only_a_note(desk: Desk, receive: Receive) -> None:
    intake = receive({"a.xlsx": desk.forged(wording="0" * 12)})
    assert fates(intake) == {"a.xlsx": "scored"}
    assert codes(intake.files[0]) == ["PX325"]


def test_a_lost_register_is_a_warning(desk: Desk, receive: Receive) -> None:
    forged = desk.forged("kbnn", serial="0" * 12)
    intake = receive({"a.xlsx": desk.forms["first"], "b.xlsx": forged}, register=None)
    assert fates(intake) == {"a.xlsx": "scored", "b.xlsx": "scored"}
    assert [codes(file) for file in intake.files] == [["PX323"], ["PX323"]]
    assert {found.severity for file in intake.files for found in file.findings} == {"warning"}


def test_a_rejected_file_does_not_hide_a_good_one(desk: Desk, receive: Receive) -> None:
    intake = receive({"a.xlsx": desk.forged(serial="0" * 12), "b.xlsx": desk.forms["first"]})
    assert fates(intake) == {"a.xlsx": "rejected", "b.xlsx": "scored"}
    assert intake.rejected == {}


# Files that are no forms --------------------------------------------------------------------------


def zipped(**members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as container:
        for name, text in members.items():
            container.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return buffer.getvalue()


def with_macros(content: bytes) -> bytes:
    buffer = io.BytesIO(content)
    with zipfile.ZipFile(buffer, "a") as container:
        container.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")
    return buffer.getvalue()


def plain_workbook() -> bytes:
    buffer = io.BytesIO()
    openpyxl.Workbook().save(buffer)
    return buffer.getvalue()


def strangers(form: bytes) -> dict[str, tuple[bytes, str, str]]:
    """Name -> content, code and a word of the reason."""
    return {
        "rỗng.xlsx": (b"", "PX301", "0 byte"),
        "cụt.xlsx": (form[: len(form) // 2], "PX301", "cắt cụt"),
        "lẫn.xlsx": (b"\x00\x01abc" * 99, "PX301", "không phải .xlsx"),
        "quét.pdf": (b"%PDF-1.7 ...", "PX314", "PDF"),
        "quét.xlsx": (b"%PDF-1.7 ...", "PX314", "PDF"),
        "web.xlsx": (b"<html><table>", "PX314", "HTML"),
        "web2.xls": (b"<!DOCTYPE html>", "PX314", "HTML"),
        "cũ.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "PX314", ".xls"),
        "văn bản.docx": (zipped(word__document_xml="<a/>"), "PX314", "Word"),
        "trống.xlsx": (zipped(), "PX314", "không chứa sổ tính"),
        "giả.xlsx": (zipped(xl__workbook_xml="<workbook"), "PX301", "hỏng"),
        "macro.xlsm": (with_macros(form), "PX312", "macro"),
        "bảng khác.xlsx": (plain_workbook(), "PX302", ""),
        "ghi chú.txt": ("Kính gửi".encode(), "PX314", ".txt"),
    }


def test_every_stranger_is_named_and_none_stops_the_others(desk: Desk, receive: Receive) -> None:
    unknown = strangers(desk.forms["first"])
    files = {name: content for name, (content, _, _) in unknown.items()}
    intake = receive({**files, "đúng.xlsx": desk.forms["other"]})
    assert fates(intake) == {**dict.fromkeys(files, "rejected"), "đúng.xlsx": "scored"}
    for name, (content, code, reason) in unknown.items():
        file = named(intake, name)
        assert (codes(file), file.unit, file.sha256) == ([code], "", sha256(content)), name
        assert reason in file.findings[0].message, name
        assert file.findings[0].file == f"2-nop/{name}"
    assert (set(intake.chosen), intake.rejected) == ({"kbnn"}, {})


def test_owner_files_are_skipped_unread(desk: Desk, receive: Receive) -> None:
    names = ["~$a.xlsx", ".~lock.a.xlsx#", ".DS_Store", "Thumbs.db", "x/desktop.ini", "x/~$b.xlsx"]
    intake = receive({**dict.fromkeys(names, b"..."), "a.xlsx": desk.forms["first"]})
    assert fates(intake) == {**dict.fromkeys(names, "skipped"), "a.xlsx": "scored"}
    skipped = [file for file in intake.files if file.fate == "skipped"]
    assert {(file.sha256, *codes(file)) for file in skipped} == {("", "PX324")}


def test_a_link_is_never_followed(desk: Desk, receive: Receive, tmp_path: Path) -> None:
    folder = tmp_path / "2-nop"
    (folder / "thư mục.xlsx").mkdir(parents=True)
    (folder / "mất.xlsx").symlink_to(tmp_path / "nowhere")
    intake = receive({"a.xlsx": desk.forms["first"]})
    assert fates(intake) == {"a.xlsx": "scored", "mất.xlsx": "rejected"}
    assert codes(named(intake, "mất.xlsx")) == ["PX319"]


def test_a_name_in_an_old_encoding_stops_nobody(desk: Desk, receive: Receive, tmp_path: Path) -> None:
    """Unpacked archives leave names that are no UTF-8; the results must still be writable."""
    folder = tmp_path / "2-nop"
    folder.mkdir()
    try:
        (folder / os.fsdecode(b"phi\xe9u.xlsx")).write_bytes(desk.forms["other"])
    except (OSError, UnicodeError):
        pytest.skip("this file system takes only UTF-8 names")
    intake = receive({"a.xlsx": desk.forms["first"]})
    assert [file.fate for file in intake.files] == ["scored", "scored"]
    assert all(file.name.encode() for file in intake.files)
    results = score_intake(LAYOUT, desk.settings, desk.register, intake)
    assert to_json(results).encode()
    assert write_league(results)


def retyped(content: bytes, cell: str, value: str) -> bytes:
    """A form whose raw XML holds this text as the number of one cell."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name.startswith("xl/worksheets/sheet2"):
                pattern = rf'(<c r="{cell}"[^>]*><v>)[^<]*(</v>)'.encode()
                text, count = re.subn(pattern, rb"\g<1>" + value.encode() + rb"\g<2>", text)
                assert count == 1
            new.writestr(name, text)
    return target.getvalue()


@pytest.mark.parametrize(
    ("digits", "fate", "code"), [(400, "scored", "PX403"), (5000, "scored", "PX403")], ids=["400", "5000"]
)
def test_an_endless_number_costs_only_its_own_cell(
    desk: Desk, receive: Receive, digits: int, fate: str, code: str
) -> None:
    hostile = retyped(desk.forms["first"], LAYOUT.input_cell("1.6/a"), "9" * digits)
    intake = receive({"a.xlsx": hostile, "b.xlsx": desk.forms["other"]})
    assert fates(intake) == {"a.xlsx": fate, "b.xlsx": "scored"}
    assert codes(intake.files[0]) == [code]


def test_nothing_came_back(desk: Desk, receive: Receive, tmp_path: Path) -> None:
    assert receive({}) == Intake((), {}, {}, {})
    (tmp_path / "2-nop").mkdir()
    assert receive({}).files == ()


def test_the_order_of_files_is_that_of_their_names(desk: Desk, receive: Receive) -> None:
    names = ["b.xlsx", "a/z.xlsx", "é.xlsx", "e\u0301a.xlsx", "a.xlsx"]
    intake = receive(dict.fromkeys(names, b""))
    shown = [unicodedata.normalize("NFC", file.name) for file in intake.files]
    assert shown == sorted(shown)
