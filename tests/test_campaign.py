"""A campaign's folder: what ``new`` and ``forms`` write, what they never overwrite, and what stops them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from campaigns import (
    HA_TINH,
    ROSTER,
    SET_IDS,
    TTHC,
    fill_form,
    full_answers,
    issued_campaign,
    ket_qua,
    make_campaign,
    return_form,
    set_items,
    set_rows,
    unit_of,
)

from parxl.actions import issue_forms, new_campaign, open_campaign, score_campaign
from parxl.cache import NAME as CACHE_NAME
from parxl.campaign import Folder, Settings, is_unit_code, keys_under, load_register
from parxl.criteria import load_set
from parxl.files import LOCK_NAME, locked, write_atomically
from parxl.findings import Finding, NothingUsable, ParxlError, WrongUsage, finding
from parxl.layout import Layout
from parxl.workshop import Pace

CODES = [code for code, _, _ in ROSTER]


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return issued_campaign(tmp_path_factory.mktemp("issued") / "dot", TTHC)


@pytest.fixture
def root(issued: Path, tmp_path: Path) -> Path:
    """A campaign of its own whose forms are out."""
    return Path(shutil.copytree(issued, tmp_path / "dot"))


def tree(root: Path) -> dict[str, bytes]:
    """Every file with its bytes, but for the lock and the cache."""
    files = (path for path in sorted(root.rglob("*")) if path.is_file())
    paths = (path for path in files if path.name not in (LOCK_NAME, CACHE_NAME))
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def told(found: list[Finding]) -> list[tuple[str, str | None]]:
    return [(f.code, f.file) for f in found]


def serials(root: Path) -> dict[str, str]:
    register = load_register(Folder(root).register)
    assert register is not None
    return dict(register.serials)


def stopped(kind: type[ParxlError], command: Callable[..., object], *args: object) -> list[str]:
    with pytest.raises(kind) as caught:
        command(*args)
    assert type(caught.value) is kind
    return [f.code for f in caught.value.findings]


# parxl new ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("set_id", SET_IDS)
def test_new_makes_the_whole_folder(tmp_path: Path, set_id: str) -> None:
    report = new_campaign(tmp_path / "a" / "đợt 2026", set_id, 2026)
    root = tmp_path / "a" / "đợt 2026"
    assert (report.exit_code, report.findings) == (0, [])
    folders = sorted(path.name for path in root.iterdir() if path.is_dir())
    assert folders == ["1-phieu", "2-nop", "3-tham-dinh", "4-ket-qua", "5-thu"]
    assert sorted(tree(root)) == ["1-phieu/phat-hanh.json", "bo-tieu-chi.toml", "dot-cham.xlsx"]
    assert Folder(root).load_criteria() == load_set(set_id)
    assert serials(root) == {}


def test_every_campaign_has_its_own_id(tmp_path: Path) -> None:
    for name in "ab":
        new_campaign(tmp_path / name, TTHC, 2026)
    ids = {json.loads((tmp_path / n / "1-phieu/phat-hanh.json").read_text())["campaign"] for n in "ab"}
    assert len(ids) == 2
    assert all(one.startswith(f"{TTHC}-2026-") for one in ids)


@pytest.mark.parametrize("left", ["dot-cham.xlsx", "bo-tieu-chi.toml", "1-phieu/phat-hanh.json"])
def test_new_never_writes_over_a_campaign(tmp_path: Path, left: str) -> None:
    root = make_campaign(tmp_path / "dot", TTHC)
    for name in set(tree(root)) - {left}:
        (root / name).unlink()
    before = tree(root)
    assert stopped(WrongUsage, new_campaign, root, HA_TINH, 2026) == ["PX202"]
    assert tree(root) == before


def test_new_of_an_unknown_set_writes_nothing(tmp_path: Path) -> None:
    assert stopped(WrongUsage, new_campaign, tmp_path / "dot", "khong-co") == ["PX101"]
    assert not (tmp_path / "dot").exists()


def test_new_where_a_file_stands(tmp_path: Path) -> None:
    (tmp_path / "dot").write_text("x")
    assert stopped(ParxlError, new_campaign, tmp_path / "dot", TTHC) == ["PX601"]


def test_new_in_a_folder_with_other_things(tmp_path: Path) -> None:
    (tmp_path / "2-nop").mkdir()
    (tmp_path / "2-nop" / "ghi chú.txt").write_text("giữ nguyên")
    assert new_campaign(tmp_path, TTHC).exit_code == 0
    assert (tmp_path / "2-nop" / "ghi chú.txt").read_text() == "giữ nguyên"


def test_new_keeps_the_set_s_own_text(tmp_path: Path) -> None:
    own = tmp_path / "của tôi.toml"
    text = "# ghi chú của tôi\n" + _toml(TTHC)
    own.write_text(text, encoding="utf-8")
    new_campaign(tmp_path / "dot", str(own))
    assert (tmp_path / "dot" / "bo-tieu-chi.toml").read_text(encoding="utf-8") == text


def _toml(set_id: str) -> str:
    import parxl.sets

    return (Path(parxl.sets.__path__[0]) / f"{set_id}.toml").read_text(encoding="utf-8")


def test_not_a_campaign(tmp_path: Path) -> None:
    for command in (issue_forms, score_campaign):
        assert stopped(WrongUsage, command, tmp_path) == ["PX201"]
        assert stopped(WrongUsage, command, tmp_path / "none") == ["PX201"]
    assert list(tmp_path.iterdir()) == []


# parxl forms --------------------------------------------------------------------------------------


@pytest.mark.parametrize("set_id", SET_IDS)
def test_one_form_a_unit(tmp_path: Path, set_id: str) -> None:
    root = make_campaign(tmp_path / "dot", set_id)
    seen: list[str] = []

    def track(forms: Iterable[Any], words: str, total: int) -> Iterator[Any]:
        assert (words, total) == ("Tạo phiếu", len(CODES))
        for form in forms:
            seen.append(form[0])
            yield form

    report = issue_forms(root, Pace(1, track))
    assert (report.exit_code, report.findings) == (0, [])
    assert [path.name for path in report.written] == [f"{code}.xlsx" for code in CODES]
    assert seen == CODES
    assert sorted(path.stem for path in (root / "1-phieu").glob("*.xlsx")) == sorted(CODES)
    assert sorted(serials(root)) == sorted(CODES)
    assert len(set(serials(root).values())) == len(CODES)


def test_forms_twice_are_the_same_bytes(root: Path) -> None:
    before, times = tree(root), {p: p.stat().st_mtime_ns for p in (root / "1-phieu").iterdir()}
    report = issue_forms(root)
    assert report.exit_code == 0
    assert tree(root) == before
    assert {p: p.stat().st_mtime_ns for p in (root / "1-phieu").iterdir()} == times


def test_lost_form_comes_back_the_same(root: Path) -> None:
    before = tree(root)
    (root / "1-phieu" / "ca.xlsx").unlink()
    issue_forms(root)
    assert tree(root) == before


def test_serials_stay_when_the_roster_grows_and_is_reworded(root: Path) -> None:
    before = serials(root)
    set_rows(root, "Đơn vị", [["moi", "Đơn vị mới"], *ROSTER[1:], ["cuc-thue", "Thuế tỉnh", "Ngành dọc"]])
    report = issue_forms(root)
    after = serials(root)
    assert report.exit_code == 0
    assert {code: after[code] for code in before} == before
    assert set(after) == {*before, "moi"}
    assert _head(root / "1-phieu" / "cuc-thue.xlsx") == "THUẾ TỈNH"  # written afresh: still as issued


def _head(path: Path) -> object:
    return openpyxl.load_workbook(path)["Phiếu chấm điểm"]["A2"].value


def test_form_that_somebody_filled_is_left_alone(root: Path) -> None:
    form = root / "1-phieu" / "ca.xlsx"
    fill_form(form, form, full_answers(load_set(TTHC)))
    filled = form.read_bytes()
    set_items(root, {"Tên đợt chấm": "Tên khác"})
    report = issue_forms(root)
    assert told(report.findings) == [("PX602", "1-phieu/ca.xlsx")]
    assert report.exit_code == 1
    assert form.read_bytes() == filled
    assert len(report.written) == 2  # the others are written nevertheless
    assert issue_forms(root).exit_code == 1  # and it is told again


def test_foreign_file_under_a_new_unit_s_name_is_left_alone(root: Path) -> None:
    set_rows(root, "Đơn vị", [*ROSTER, ["moi", "Mới"]])
    (root / "1-phieu" / "moi.xlsx").write_bytes(b"something else")
    assert told(issue_forms(root).findings) == [("PX602", "1-phieu/moi.xlsx")]
    assert (root / "1-phieu" / "moi.xlsx").read_bytes() == b"something else"


def test_one_unwritable_form_does_not_stop_the_others(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace = os.replace

    def refuse(source: str, target: Path) -> None:
        if Path(target).name == "kbnn.xlsx":
            raise PermissionError(13, "Permission denied")
        replace(source, target)

    for path in (root / "1-phieu").glob("*.xlsx"):
        path.unlink()
    monkeypatch.setattr(os, "replace", refuse)
    report = issue_forms(root)
    assert (told(report.findings), report.exit_code) == ([("PX601", "1-phieu/kbnn.xlsx")], 1)
    assert sorted(p.name for p in (root / "1-phieu").glob("*.xlsx")) == ["ca.xlsx", "cuc-thue.xlsx"]
    monkeypatch.undo()
    assert issue_forms(root).exit_code == 0


def test_withdrawn_unit_is_told(root: Path) -> None:
    set_rows(root, "Đơn vị", [*ROSTER[:2], [None, None, None]])
    report = issue_forms(root)
    (found,) = report.findings
    assert (found.code, found.severity, "“ca”" in found.message) == ("PX218", "warning", True)
    assert report.exit_code == 0
    assert "ca" in serials(root)
    assert (root / "1-phieu" / "ca.xlsx").exists()


# Exempt parts in the form -------------------------------------------------------------------------


def test_exempt_parts_are_locked_in_the_form(tmp_path: Path) -> None:
    root = make_campaign(tmp_path / "dot", TTHC)
    set_rows(root, "Không áp dụng", [["*", "3.2.3/huyen", "Không còn cấp huyện"], ["CA", "3.1", "Lý do"]])
    issue_forms(root)
    criteria = load_set(TTHC)
    everywhere = _inputs_of(keys_under(criteria, "3.2.3/huyen"))
    only_ca = everywhere | _inputs_of(keys_under(criteria, "3.1"))
    assert len(everywhere) < len(only_ca)
    assert _locked_inputs(root / "1-phieu" / "kbnn.xlsx") == everywhere
    assert _locked_inputs(root / "1-phieu" / "ca.xlsx") == only_ca


def _inputs_of(keys: list[str]) -> set[str]:
    return {key for key in load_set(TTHC).inputs if key.rpartition("/")[0] in keys}


def _locked_inputs(path: Path) -> set[str]:
    layout, sheet = Layout(load_set(TTHC)), openpyxl.load_workbook(path)["Phiếu chấm điểm"]
    assert sheet.protection.sheet
    return {key for key in layout.input_rows if sheet[layout.input_cell(key)].protection.locked}


def test_exemption_of_one_unit_or_all() -> None:
    root_settings = Settings(name="", year=2026)
    assert root_settings.exempt(load_set(TTHC), "ca") == {}
    assert keys_under(load_set(HA_TINH), "5") == ["5"]
    assert keys_under(load_set(TTHC), "3.2.3") == ["3.2.3/tinh", "3.2.3/huyen", "3.2.3/xa"]
    assert keys_under(load_set(HA_TINH), "1.4.4.1") == ["1.4.4.1"]
    assert keys_under(load_set(HA_TINH), "1.4.4.11") == []
    assert keys_under(load_set(HA_TINH), "") == []


# The register -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"campaign": "x"}',
        b"\xff\xfe\x00",
        b'{"campaign":"x","set":"s","edition":"e","serials":[]}',
    ],
)
def test_damaged_register_is_refused(root: Path, content: bytes) -> None:
    (root / "1-phieu" / "phat-hanh.json").write_bytes(content)
    before = tree(root)
    for command in (issue_forms, score_campaign):
        assert stopped(NothingUsable, command, root) == ["PX217"]
    assert tree(root) == before


def test_register_is_readable_and_sorted(root: Path) -> None:
    text = (root / "1-phieu" / "phat-hanh.json").read_text(encoding="utf-8")
    body = json.loads(text)
    assert list(body) == ["campaign", "set", "edition", "serials"]
    assert list(body["serials"]) == sorted(CODES)
    assert body["edition"] == load_set(TTHC).edition


def test_register_with_the_hashes_of_an_older_parxl_is_read(root: Path) -> None:
    path = root / "1-phieu" / "phat-hanh.json"
    body = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**body, "hashes": {"ca": "0" * 64}}), encoding="utf-8")
    assert issue_forms(root).exit_code == 0
    assert json.loads(path.read_text(encoding="utf-8")) == body


def test_lost_register_never_makes_forms_that_are_out_worthless(root: Path) -> None:
    """Serials cannot be guessed back: what is out must still count once the register is restored."""
    return_form(root, "ca", full_answers(load_set(TTHC)))
    saved = (root / "1-phieu" / "phat-hanh.json").read_bytes()
    (root / "1-phieu" / "phat-hanh.json").unlink()
    report = score_campaign(root)
    assert report.exit_code == 0
    assert unit_of(root, "ca")["status"] == "scored"
    assert "PX323" in [f["code"] for f in unit_of(root, "ca")["findings"]]
    (root / "1-phieu" / "phat-hanh.json").write_bytes(saved)
    assert score_campaign(root).exit_code == 0


def test_forms_without_the_register_do_not_disown_what_is_out(root: Path) -> None:
    return_form(root, "ca", full_answers(load_set(TTHC)))
    (root / "1-phieu" / "phat-hanh.json").unlink()
    assert stopped(NothingUsable, issue_forms, root) == ["PX219"]
    score_campaign(root)
    assert unit_of(root, "ca")["status"] == "scored"


# The criteria set of a campaign -------------------------------------------------------------------


def change_criteria(root: Path, old: str, new: str) -> None:
    path = root / "bo-tieu-chi.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_changed_scoring_after_issue_is_refused(root: Path) -> None:
    change_criteria(root, 'if_zero = "guidance"', 'if_zero = "full"')
    before = tree(root)
    for command in (issue_forms, score_campaign):
        assert stopped(NothingUsable, command, root) == ["PX215"]
    assert tree(root) == before


def test_changed_scoring_before_issue_is_taken(tmp_path: Path) -> None:
    root = make_campaign(tmp_path / "dot", TTHC)
    change_criteria(root, 'if_zero = "guidance"', 'if_zero = "full"')
    assert issue_forms(root).exit_code == 0
    register = load_register(Folder(root).register)
    assert register is not None
    assert register.edition == Folder(root).load_criteria().edition != load_set(TTHC).edition
    assert score_campaign(root).exit_code == 0


def test_changed_wording_after_issue_is_taken(root: Path) -> None:
    return_form(root, "ca", full_answers(load_set(TTHC)))
    leaf = load_set(TTHC).leaves[0]
    change_criteria(root, f'title = "{leaf.title}', f'title = "{leaf.title} (sửa)')
    before = serials(root)
    assert score_campaign(root).exit_code == 0
    assert unit_of(root, "ca")["status"] == "scored"
    assert "PX325" in [f["code"] for f in unit_of(root, "ca")["findings"]]
    assert issue_forms(root).exit_code == 0  # nobody has touched the forms: they are written afresh
    assert serials(root) == before


def test_comments_and_line_ends_are_nothing(root: Path) -> None:
    path = root / "bo-tieu-chi.toml"
    path.write_bytes(b"# x\r\n" + path.read_bytes().replace(b"\n", b"\r\n"))
    before = {k: v for k, v in tree(root).items() if k.startswith("1-phieu")}
    assert issue_forms(root).exit_code == 0
    assert {k: v for k, v in tree(root).items() if k.startswith("1-phieu")} == before


def test_bad_criteria_file_is_told_with_its_name(root: Path) -> None:
    (root / "bo-tieu-chi.toml").write_text("id = ", encoding="utf-8")
    with pytest.raises(NothingUsable) as caught:
        score_campaign(root)
    assert {f.file for f in caught.value.findings} == {"bo-tieu-chi.toml"}


# One at a time ------------------------------------------------------------------------------------


def test_second_parxl_on_the_folder_stops_at_once(root: Path) -> None:
    before = tree(root)
    with locked(root):
        for command in (issue_forms, score_campaign):
            assert stopped(ParxlError, command, root) == ["PX214"]
        command_line = [sys.executable, "-c", "from parxl.cli import main; main()", "forms", str(root)]
        done = subprocess.run(command_line, capture_output=True, timeout=60, check=False)
        assert (done.returncode, done.stdout) == (1, b"")
        assert b"[PX214]" in done.stderr
    assert tree(root) == before
    assert issue_forms(root).exit_code == 0


def test_other_folders_are_free(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root, tmp_path / "copy")
    with locked(root):
        assert score_campaign(tmp_path / "copy").exit_code == 0


def test_lock_is_given_back_after_a_failure(root: Path) -> None:
    set_items(root, {"Năm": "x"})
    for _ in range(2):
        assert stopped(NothingUsable, issue_forms, root) == ["PX210"]


def test_open_control_workbook_is_a_warning(root: Path) -> None:
    (root / "~$dot-cham.xlsx").write_bytes(b"\x05Someone")
    for command in (issue_forms, score_campaign):
        report = command(root)
        assert report.exit_code == 0
        assert told(report.findings) == [("PX216", "dot-cham.xlsx")]
        assert report.findings[0].severity == "warning"


# The rest -----------------------------------------------------------------------------------------


def test_settings_reach_the_results(tmp_path: Path) -> None:
    root = issued_campaign(tmp_path / "dot", HA_TINH)
    return_form(root, "ca", full_answers(load_set(HA_TINH)))
    set_rows(root, "Khảo sát", [["CA", "17,5"]])
    set_rows(root, "Xếp loại", [["*", "Tốt", 80]])
    assert score_campaign(root).exit_code == 0
    unit = unit_of(root, "ca")
    assert (unit["status"], unit["total"], unit["band"]) == ("scored", 57.5, "Tốt")
    assert [u["status"] for u in ket_qua(root)["units"]] == ["missing", "missing", "scored"]


def test_paths_are_the_promised_ones(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    found = [
        folder.control,
        folder.criteria,
        folder.register,
        folder.form("a"),
        folder.returned,
        folder.unit_result("a"),
        folder.form_to_mend("a"),
        folder.league,
        folder.json,
        folder.mail,
    ]
    assert [folder.name(path) for path in found] == [
        "dot-cham.xlsx",
        "bo-tieu-chi.toml",
        "1-phieu/phat-hanh.json",
        "1-phieu/a.xlsx",
        "2-nop",
        "4-ket-qua/don-vi/a.xlsx",
        "4-ket-qua/tra-lai/a.xlsx",
        "4-ket-qua/bang-xep-hang.xlsx",
        "4-ket-qua/ket-qua.json",
        "5-thu",
    ]


def test_unit_codes() -> None:
    assert all(map(is_unit_code, ["a", "0", "A.b-c_d", "a" * 40, "con-1", "aux1"]))
    assert not any(map(is_unit_code, ["", "a\n", "con", "CON.b", "lpt0", "a.", "ă", "a b", "~a", "a" * 41]))


def test_opened_campaign(root: Path) -> None:
    opened = open_campaign(root)
    assert [unit.code for unit in opened.settings.units] == CODES
    assert opened.findings == []
    assert opened.register is not None


def test_a_form_that_could_not_be_replaced_is_still_parxls(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Open in Excel while the forms are made anew: told, and replaced by the next run."""
    path = root / "1-phieu" / "ca.xlsx"

    def busy(target: Path, content: bytes) -> None:
        if target.name == path.name:
            raise ParxlError([finding("PX601", file=target.name, reason="tệp đang mở")])
        write_atomically(target, content)

    set_items(root, {"Cơ quan chủ trì": "Ban Chỉ đạo"})
    monkeypatch.setattr("parxl.writing.write_atomically", busy)
    assert [found.code for found in issue_forms(root).findings] == ["PX601"]
    monkeypatch.undo()
    before = path.read_bytes()
    assert [found.code for found in issue_forms(root).findings] == []
    assert path.read_bytes() != before
