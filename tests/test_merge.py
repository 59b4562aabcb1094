"""``parxl merge``: parts of one form become one form; nothing that anybody typed is lost on the way."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import hostile
import openpyxl
import pytest
from campaigns import SET_IDS, TTHC, fill_form, full_answers, issued_campaign, set_rows, unit_of
from hypothesis import given, settings
from hypothesis import strategies as st

import parxl.cli
from parxl.actions import score_campaign
from parxl.books.form.book import write_form
from parxl.books.form.data import template_data
from parxl.books.form.merging import Content, joined, parts, rivals
from parxl.books.form.remarks import Places
from parxl.criteria import load_set
from parxl.files import sha256
from parxl.findings import NothingUsable, ParxlError, WrongUsage
from parxl.grid import Cell
from parxl.identity import Identity
from parxl.issuing import is_untouched
from parxl.layout import SHEET_GUIDE, SHEET_MENDING, SHEET_TABLE, Layout, input_name
from parxl.merging import Merged, merge_forms
from parxl.reading.form import MAX_EVIDENCE, FormRead, peek_identity, read_table
from parxl.reading.values import read_input

UNIT, OTHER = "ca", "kb"
UNITS = [(UNIT, "Công an tỉnh", ""), (OTHER, "Kho bạc Nhà nước", "")]
Typed = dict[str, Any]


@cache
def layout(set_id: str = TTHC) -> Layout:
    return Layout(load_set(set_id))


@cache
def answers(set_id: str = TTHC) -> Typed:
    """Full answers; what is not marked is left out."""
    return {key: value for key, value in full_answers(layout(set_id).criteria).items() if value is not None}


def leaves(set_id: str = TTHC) -> list[str]:
    return [node.code for node in layout(set_id).criteria.leaves if node.parts]


def evidence(set_id: str = TTHC) -> dict[str, str]:
    return {code: f"- Kế hoạch số {n}\n- Biên bản" for n, code in enumerate(leaves(set_id))}


def area(key: str) -> str:
    return key.split(".")[0]


@pytest.fixture(scope="module", params=SET_IDS)
def issued(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    return request.param, issued_campaign(tmp_path_factory.mktemp("m") / "c", request.param, UNITS)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return issued_campaign(tmp_path_factory.mktemp("p") / "c", TTHC, UNITS)


@pytest.fixture
def root(plain: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(plain, tmp_path / "c"))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "gop.xlsx"


def part(
    root: Path, name: str, inputs: Mapping[str, object], *texts: Any, unit: str = UNIT, **more: Any
) -> Path:
    """A copy of the unit's form in which one colleague has typed this, beside the campaign's folder."""
    source = root / "1-phieu" / f"{unit}.xlsx"
    return fill_form(source, root.parent / "phan" / name, inputs, *texts, **more)


def read(path: Path, set_id: str = TTHC) -> FormRead:
    book, identity = peek_identity(path.read_bytes(), path.name)
    return read_table(book, path.name, layout(set_id), identity)


def content(path: Path, set_id: str = TTHC) -> tuple[Typed, dict[str, str], int]:
    form = read(path, set_id)
    return form.typed, form.evidence, form.submission


def codes(found: Merged | ParxlError) -> list[str]:
    return [one.code for one in found.findings]


def refused(kind: type[ParxlError], *arguments: Any) -> ParxlError:
    with pytest.raises(kind) as caught:
        merge_forms(*arguments)
    return caught.value


def listed(path: Path) -> list[tuple[Any, ...]]:
    """The table of the sheet *Cần sửa*: number, criterion, cell, severity, what was typed, what to do."""
    sheet = openpyxl.load_workbook(path)[SHEET_MENDING]
    return [tuple(cell or "" for cell in row) for row in sheet.iter_rows(min_row=8, values_only=True)]


# By area ------------------------------------------------------------------------------------------


def split(set_id: str, number: int) -> list[tuple[Typed, dict[str, str]]]:
    """The full form among colleagues, area by area."""
    areas = sorted({area(key) for key in answers(set_id)})
    hands = {one: n % number for n, one in enumerate(areas)}
    return [
        (
            {key: value for key, value in answers(set_id).items() if hands[area(key)] == n},
            {code: text for code, text in evidence(set_id).items() if hands[area(code)] == n},
        )
        for n in range(number)
    ]


@pytest.mark.parametrize("number", [2, 3, 4])
def test_areas_filled_in_apart_are_the_whole_form(
    issued: tuple[str, Path], tmp_path: Path, number: int
) -> None:
    set_id, root = issued
    source = root / "1-phieu" / f"{UNIT}.xlsx"
    files = [
        fill_form(source, tmp_path / f"{n}.xlsx", typed, texts)
        for n, (typed, texts) in enumerate(split(set_id, number))
    ]
    before = [sha256(path.read_bytes()) for path in files]
    merged = merge_forms(root, files, tmp_path / "gop.xlsx")
    assert (merged.exit_code, merged.findings) == (0, ())
    assert content(merged.path, set_id) == (answers(set_id), evidence(set_id), 1)
    assert SHEET_MENDING not in openpyxl.load_workbook(merged.path).sheetnames
    assert [sha256(path.read_bytes()) for path in files] == before


def test_it_scores_as_the_whole_form_does(issued: tuple[str, Path], tmp_path: Path) -> None:
    set_id, issued_root = issued
    root = Path(shutil.copytree(issued_root, tmp_path / "c"))
    source = root / "1-phieu" / f"{UNIT}.xlsx"
    fill_form(source, root / "2-nop" / "a.xlsx", answers(set_id), evidence(set_id))
    score_campaign(root)
    whole = unit_of(root, UNIT)
    (root / "2-nop" / "a.xlsx").unlink()
    files = [fill_form(source, tmp_path / f"{n}.xlsx", *typed) for n, typed in enumerate(split(set_id, 3))]
    merge_forms(root, files, root / "2-nop" / "a.xlsx")
    score_campaign(root)
    # But for the file's bytes; and its own scores: openpyxl has calculated none.
    apart = {"sha256", "self_scores", "self_total"}
    merged = unit_of(root, UNIT)
    assert {k: v for k, v in merged.items() if k not in apart} == {
        k: v for k, v in whole.items() if k not in apart
    }
    assert merged["total"] == whole["total"] > 0
    shown = {k: v for k, v in merged["self_scores"].items() if v is not None}
    assert shown == {k: v for k, v in merged["scores"].items() if v is not None}


def test_it_is_the_units_form_as_it_was_issued(root: Path, out: Path) -> None:
    files = [part(root, "a.xlsx", {"1.6/a": 20}), part(root, "b.xlsx", {"1.6/b": 20})]
    merge_forms(root, files, out)
    assert read(out).identity == read(root / "1-phieu" / f"{UNIT}.xlsx").identity
    assert is_untouched(out.read_bytes(), layout())


def test_the_highest_submission_is_kept_not_raised(root: Path, out: Path) -> None:
    files = [part(root, f"{n}.xlsx", {"1.6/a": 20}, submission=n) for n in (2, 5, 3)]
    merge_forms(root, files, out)
    assert read(out).submission == 5


def test_one_file_alone_is_written_again(root: Path, out: Path) -> None:
    path = part(root, "a.xlsx", {"1.6/a": 20}, evidence={"1.6": "Báo cáo"}, submission=2)
    merged = merge_forms(root, [path], out)
    assert merged.exit_code == 0
    assert "chỉ có một tệp, không có gì để gộp" in merged.text
    assert content(out) == content(path)


def test_the_same_file_twice_is_one_file(root: Path, out: Path) -> None:
    path = part(root, "a.xlsx", {"1.6/a": 20})
    merged = merge_forms(root, [path, path.parent / ".." / "phan" / "a.xlsx"], out)
    assert "chỉ có một tệp" in merged.text


# Where the files differ ---------------------------------------------------------------------------


def test_different_figures_are_a_conflict_at_their_cell(root: Path, out: Path) -> None:
    files = [part(root, f"{n}.xlsx", {"1.6/a": n, "1.6/b": 7}) for n in (20, 21)]
    merged = merge_forms(root, files, out)
    assert (merged.exit_code, codes(merged)) == (3, ["PX611"])
    cell = layout().input_cell("1.6/a")
    words = "20.xlsx ghi “20”; 21.xlsx ghi “21”"
    assert str(merged.findings[0]).startswith(f"[PX611] Lỗi – gop.xlsx › {SHEET_TABLE}!{cell} › mục 1.6: ")
    assert words in merged.findings[0].message
    assert read(out).typed == {"1.6/b": 7}
    assert [(row[1], row[2], row[3]) for row in listed(out)] == [("1.6", cell, "Lỗi")]
    assert words in listed(out)[0][5]
    sheet = openpyxl.load_workbook(out)[SHEET_TABLE]
    assert sheet[cell].border.left.color.rgb == "FFC00000"
    assert words in sheet[cell].comment.text


def test_a_conflict_that_is_mended_is_scored_as_any_form(root: Path) -> None:
    files = [part(root, f"{n}.xlsx", {**answers(), "1.6/a": n}, evidence()) for n in (20, 21)]
    out = root / "2-nop" / "gop.xlsx"
    assert merge_forms(root, files, out).exit_code == 3
    type_into(out, 20)
    score_campaign(root)
    found = unit_of(root, UNIT)
    assert (found["status"], found["findings"]) == ("scored", [])
    assert found["inputs"]["1.6/a"] == 20


def test_the_first_sheet_says_that_it_was_merged(root: Path, out: Path) -> None:
    files = [part(root, f"{n}.xlsx", {"1.6/a": n}, submission=2) for n in (20, 21)]
    merge_forms(root, files, out)
    book = openpyxl.load_workbook(out)
    assert book.sheetnames[0] == book.active.title == SHEET_MENDING
    text = " ".join(str(cell.value or "") for row in book[SHEET_MENDING].iter_rows(max_row=6) for cell in row)
    assert "Gộp từ tệp: 20.xlsx, 21.xlsx" in text
    assert "Phiếu này gộp từ các tệp trên" in text
    assert "Ô Lần nộp đã ghi sẵn 2" in text
    guide = " ".join(str(cell.value or "") for row in book[SHEET_GUIDE].iter_rows() for cell in row)
    assert "Lần nộp đã tăng sẵn" not in guide  # it was not


def test_files_of_one_name_are_told_apart_by_their_folders(root: Path, out: Path) -> None:
    files = [part(root, f"{who}/phieu.xlsx", {"1.6/a": n}) for n, who in enumerate(("an", "bình"), start=20)]
    merged = merge_forms(root, [*files, part(root, "c.xlsx", {})], out)
    assert "an/phieu.xlsx ghi “20”; bình/phieu.xlsx ghi “21”" in merged.findings[0].message
    assert str(root.parent) not in " ".join(map(str, listed(out)))


def test_two_options_of_two_people_are_both_kept(root: Path, out: Path) -> None:
    files = [part(root, "a.xlsx", {"3.2.1/1": "x"}), part(root, "b.xlsx", {"3.2.1/2": "X"})]
    merged = merge_forms(root, files, out)
    assert (merged.exit_code, codes(merged)) == (3, ["PX502"])
    assert read(out).typed == {"3.2.1/1": "x", "3.2.1/2": "x"}
    assert "đánh dấu 2 dòng" in listed(out)[0][5]
    cells = {layout().input_cell("3.2.1/1"), layout().input_cell("3.2.1/2")}
    assert cells <= {c.coordinate for row in openpyxl.load_workbook(out)[SHEET_TABLE] for c in row if c.comment}


def test_a_mark_in_other_letters_is_the_same_mark(root: Path, out: Path) -> None:
    files = [part(root, f"{n}.xlsx", {"3.2.1/1": mark}) for n, mark in enumerate(("x", "X", "✓"))]
    assert merge_forms(root, files, out).exit_code == 0


def test_a_figure_of_another_type_is_the_same_figure(root: Path, out: Path) -> None:
    files = [part(root, f"{n}.xlsx", {"1.6/a": value}) for n, value in enumerate((20, "20 ", 20.0))]
    assert merge_forms(root, files, out).exit_code == 0
    assert read(out).typed == {"1.6/a": 20}


def test_zero_is_an_answer_and_no_blank(root: Path, out: Path) -> None:
    files = [part(root, f"{n}.xlsx", {"1.6/a": n}) for n in (0, 5)]
    assert codes(merge_forms(root, files, out)) == ["PX611"]


@pytest.mark.parametrize("typed", ["không rõ", "95%", "=1+1", -3, 2.5, True])
def test_what_was_refused_is_kept_as_it_was_typed(root: Path, out: Path, typed: object) -> None:
    files = [part(root, "a.xlsx", {"3.1.1/n": typed}), part(root, "b.xlsx", {"1.6/a": 20})]
    merged = merge_forms(root, files, out)
    assert merged.exit_code == 3
    kept = read(out).typed["3.1.1/n"]
    assert str(kept) in (str(typed), str(typed).upper())
    assert read_input(Cell(kept), layout().criteria.inputs["3.1.1/n"]).value == -2
    assert [row[2] for row in listed(out)] == [layout().input_cell("3.1.1/n")]


def test_a_refused_value_against_a_figure_is_a_conflict(root: Path, out: Path) -> None:
    files = [part(root, f"{n}.xlsx", {"3.1.1/n": value}) for n, value in enumerate(("không rõ", 20))]
    merged = merge_forms(root, files, out)
    assert codes(merged) == ["PX401", "PX611"]
    assert "0.xlsx ghi “không rõ”; 1.xlsx ghi “20”" in merged.findings[1].message
    assert read(out).typed == {}
    assert len(listed(out)) == 1


# Evidence -----------------------------------------------------------------------------------------


def test_texts_that_differ_are_joined_and_noted(root: Path, out: Path) -> None:
    texts = {"a.xlsx": "- Kế hoạch 1\n- Biên bản", "b.xlsx": "- Biên bản\n- Báo cáo 2"}
    files = [part(root, name, {}, evidence={"1.6": text}) for name, text in texts.items()]
    merged = merge_forms(root, files, out)
    assert (merged.exit_code, codes(merged)) == (0, ["PX613"])
    assert read(out).evidence == {"1.6": "- Kế hoạch 1\n- Biên bản\n- Báo cáo 2"}
    cell = layout().evidence_cell("1.6")
    assert [row[1:4] for row in listed(out)] == [("1.6", cell, "Cảnh báo")]
    assert "a.xlsx ghi" in openpyxl.load_workbook(out)[SHEET_TABLE][cell].comment.text


def test_a_text_that_holds_the_others_needs_no_note(root: Path, out: Path) -> None:
    texts = ("Báo cáo 2", "Kế hoạch 1\nBáo cáo 2")
    files = [part(root, f"{n}.xlsx", {}, evidence={"1.6": text}) for n, text in enumerate(texts)]
    merged = merge_forms(root, files, out)
    assert (merged.exit_code, codes(merged)) == (0, ["PX613"])  # another order of lines than in either
    again = merge_forms(root, [out, *files], out.with_name("2.xlsx"))
    assert codes(again) == []
    merged = merge_forms(root, files[::-1], out)
    assert codes(merged) == []


def test_texts_too_long_for_one_cell_are_never_cut(root: Path, out: Path) -> None:
    texts = {"a.xlsx": "a" * (MAX_EVIDENCE - 1), "b.xlsx": "b"}
    files = [part(root, name, {}, evidence={"1.6": text}) for name, text in texts.items()]
    assert codes(refused(NothingUsable, root, files, out)) == ["PX614"]
    assert not out.exists()
    assert merge_forms(root, files[:1], out).exit_code == 0


@given(st.lists(st.lists(st.sampled_from(["a", "b", "c", " d", ""]), min_size=1, max_size=5), max_size=4))
def test_joined_texts_keep_every_line(texts: list[list[str]]) -> None:
    written = ["\n".join(lines).strip() for lines in texts]
    whole = joined(written)
    for text in written:
        lines = Counter(line.strip() for line in text.split("\n") if line.strip())
        assert lines <= Counter(line.strip() for line in whole.split("\n"))
    assert joined([whole, *written]) == whole
    assert joined([*written, whole]) == whole


# Properties of the merging itself -----------------------------------------------------------------

ALL_BUT_WORDS = st.sampled_from(["dòng 1", "dòng 2", "dòng 1\ndòng 2", "dòng 3\n\ndòng 1", ""])


def a_form(set_id: str, typed: Typed, texts: Mapping[str, str]) -> FormRead:
    """A form as if it had been read."""
    criteria = layout(set_id).criteria
    inputs = {key: read_input(Cell(typed.get(key)), wanted).value for key, wanted in criteria.inputs.items()}
    cells = {key: layout(set_id).input_cell(key) for key in inputs}
    identity = Identity("form", set_id, "", "", "", UNIT, "")
    texts = {code: text for code, text in texts.items() if text}
    return FormRead(identity, 1, inputs, inputs, texts, {}, None, SHEET_TABLE, cells, typed=typed)


def merged_reads(set_id: str, forms: list[FormRead]) -> Content:
    reads = [(f"{n}.xlsx", form) for n, form in enumerate(forms)]
    return parts(layout(set_id), Places(layout(set_id), ()), reads)


def canonical(found: Content) -> tuple[Typed, dict[str, int], dict[str, list[str]], set[str | None]]:
    """What does not depend on the order of the files."""
    lines = {code: sorted(filter(None, text.split("\n"))) for code, text in found.evidence.items()}
    cells = {one.cell for one in found.differences if one.code == "PX611"}
    return found.typed, found.inputs, lines, cells


@st.composite
def scattered(draw: st.DrawFn) -> tuple[str, Typed, dict[str, str], list[FormRead]]:
    """A form and its cells among 2 to 4 people, some of them typed by several."""
    set_id = draw(st.sampled_from(SET_IDS))
    number = draw(st.integers(2, 4))
    typed = {k: draw(st.sampled_from([v, v, "không rõ", None])) for k, v in answers(set_id).items()}
    typed = {key: value for key, value in typed.items() if value is not None}
    texts = evidence(set_id)
    seed = draw(st.randoms(use_true_random=False))
    hands = {key: seed.sample(range(number), seed.randint(1, number)) for key in (*typed, *texts)}
    forms = [
        a_form(
            set_id,
            {key: value for key, value in typed.items() if n in hands[key]},
            {code: text for code, text in texts.items() if n in hands[code]},
        )
        for n in range(number)
    ]
    return set_id, typed, texts, forms


@given(scattered())
@settings(max_examples=40, deadline=None)
def test_a_form_in_pieces_is_that_form_again(found: tuple[str, Typed, dict[str, str], list[FormRead]]) -> None:
    set_id, typed, texts, forms = found
    whole = merged_reads(set_id, forms)
    assert (whole.typed, whole.evidence, whole.differences) == (typed, texts, [])
    assert whole.inputs == a_form(set_id, typed, {}).inputs


@st.composite
def quarrels(draw: st.DrawFn) -> list[FormRead]:
    """Forms of people who do not agree."""
    keys = ["1.6/a", "1.6/b", "3.1.1/n", "3.2.1/1"]
    value = st.sampled_from([None, 0, 5, 6, "abc", -3, 2.5, "x"])
    number = draw(st.integers(1, 4))
    return [
        a_form(
            TTHC,
            {key: found for key in keys if (found := draw(value)) is not None},
            {code: draw(ALL_BUT_WORDS) for code in ("1.6", "3.1.1")},
        )
        for _ in range(number)
    ]


@given(quarrels(), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_the_order_of_the_files_orders_only_lines(forms: list[FormRead], chance: Any) -> None:
    shuffled = chance.sample(forms, len(forms))
    assert canonical(merged_reads(TTHC, shuffled)) == canonical(merged_reads(TTHC, forms))


@given(quarrels(), st.integers(0, 4))
@settings(max_examples=150, deadline=None)
def test_merging_again_with_its_parts_changes_nothing(forms: list[FormRead], place: int) -> None:
    once = merged_reads(TTHC, forms)
    again = merged_reads(TTHC, [*forms[:place], a_form(TTHC, once.typed, once.evidence), *forms[place:]])
    assert canonical(again) == canonical(once)
    first = merged_reads(TTHC, [a_form(TTHC, once.typed, once.evidence), *forms])
    assert (first.typed, first.evidence) == (once.typed, once.evidence)


@given(quarrels())
@settings(max_examples=150, deadline=None)
def test_everything_typed_stands_in_the_form_or_in_what_is_told(forms: list[FormRead]) -> None:
    whole = merged_reads(TTHC, forms)
    told = {one.cell: one.message for one in whole.differences}
    for n, form in enumerate(forms):
        for key, value in form.typed.items():
            cell = layout().input_cell(key)
            in_place = whole.typed.get(key) == value
            assert in_place or f"{n}.xlsx ghi “{str(value).replace('.', ',')}”" in told[cell]
        for code, text in form.evidence.items():
            assert set(text.split("\n")) <= {*whole.evidence[code].split("\n"), ""}


def test_rivals_of_one_name_are_still_two_files() -> None:
    """In two folders of ``2-nop``: what goes back must not hold the figure of one of them."""
    forms = [a_form(TTHC, {"1.6/a": n}, {"1.6": str(n)}) for n in (20, 21)]
    found = rivals(layout(), Places(layout(), ()), [("phieu.xlsx", form) for form in forms])
    assert [one.code for one in found.differences] == ["PX611", "PX612"]
    assert (found.typed, found.evidence) == ({}, {"1.6": "20"})


# What cannot be merged ----------------------------------------------------------------------------


def spoil_zip(root: Path) -> Path:
    path = part(root, "hong.xlsx", {})
    path.write_bytes(path.read_bytes()[:2000])
    return path


def bomb(root: Path) -> Path:
    path = part(root, "bom.xlsx", {})
    path.write_bytes(hostile.extended(path.read_bytes(), {hostile.TABLE: bytes(100_000_000)}))
    return path


def template(root: Path) -> Path:
    path = root.parent / "phan" / "mau.xlsx"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(write_form(template_data(layout().criteria)))
    return path


def owner_file(root: Path) -> Path:
    path = root.parent / "phan" / "~$a.xlsx"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"x")
    return path


def other_serial(root: Path) -> Path:
    """A form of the same unit, out of another copy of the campaign."""
    path = part(root, "khac.xlsx", {})
    parts = hostile.unzipped(path.read_bytes())
    serial = read(path).identity.serial.encode()
    path.write_bytes(hostile.zipped({name: text.replace(serial, b"0" * 12) for name, text in parts.items()}))
    return path


UNUSABLE: list[tuple[Callable[[Path], Path], str]] = [
    (spoil_zip, "PX301"),
    (bomb, "PX316"),
    (template, "PX326"),
    (owner_file, "PX616"),
    (other_serial, "PX306"),
]


@pytest.mark.parametrize(("make", "code"), UNUSABLE)
def test_a_file_that_cannot_be_used_stops_it(
    root: Path, out: Path, make: Callable[[Path], Path], code: str
) -> None:
    bad = make(root)
    error = refused(NothingUsable, root, [part(root, "a.xlsx", {"1.6/a": 20}), bad], out)
    assert [(found.code, found.file) for found in error.findings] == [(code, bad.name)]
    assert error.exit_code == 4
    assert not out.exists()


def test_all_that_stands_against_it_is_told_at_once(root: Path, out: Path) -> None:
    files = [spoil_zip(root), template(root), part(root, "a.xlsx", {}), part(root, "b.xlsx", {}, unit=OTHER)]
    error = refused(NothingUsable, root, files, out)
    assert codes(error) == ["PX301", "PX326", "PX615"]
    assert f"a.xlsx (đơn vị {UNIT}); b.xlsx (đơn vị {OTHER})" in error.findings[2].message


def test_a_link_is_not_followed(root: Path, out: Path) -> None:
    link = root.parent / "link.xlsx"
    try:
        link.symlink_to(part(root, "a.xlsx", {}))
    except OSError:
        pytest.skip("no links here")
    assert codes(refused(NothingUsable, root, [link], out)) == ["PX319"]


def test_explanation_forms_are_not_merged(root: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from parxl import merging

    reads = merging.read_many

    def as_explanation(*arguments: Any) -> list[Any]:
        return [replace(file, fate="skipped", form=None, findings=()) for file in reads(*arguments)]

    monkeypatch.setattr(merging, "read_many", as_explanation)
    assert codes(refused(NothingUsable, root, [part(root, "a.xlsx", {})], out)) == ["PX616"]


def test_files_that_are_not_there_are_all_named(root: Path, out: Path) -> None:
    wanted = [root / "x.xlsx", root, part(root, "a.xlsx", {})]
    error = refused(WrongUsage, root, wanted, out)
    assert codes(error) == ["PX617", "PX617"]
    assert "x.xlsx" in error.findings[0].message


# The campaign folder ------------------------------------------------------------------------------


def folder_now(root: Path) -> dict[str, str]:
    return {p.relative_to(root).as_posix(): sha256(p.read_bytes()) for p in root.rglob("*") if p.is_file()}


def test_the_campaign_folder_is_only_read(root: Path, out: Path) -> None:
    before = folder_now(root)
    merge_forms(root, [part(root, f"{n}.xlsx", {"1.6/a": n}) for n in (1, 2)], out)
    assert folder_now(root) == before


def test_without_the_register_the_forms_say_whose_they_are(root: Path, out: Path) -> None:
    files = [part(root, "a.xlsx", {"1.6/a": 20}), part(root, "b.xlsx", {"1.6/b": 20})]
    (root / "1-phieu" / "phat-hanh.json").unlink()
    merged = merge_forms(root, files, out)
    assert codes(merged) == ["PX323", "PX323"]
    assert read(out).identity == read(files[0]).identity
    assert read(out).typed == {"1.6/a": 20, "1.6/b": 20}
    error = refused(NothingUsable, root, [files[0], other_serial(root)], out)
    assert codes(error) == ["PX615"]


def test_what_does_not_apply_stays_blank_and_is_told(root: Path, out: Path) -> None:
    files = [part(root, "a.xlsx", {"3.1.1/n": "abc", "1.6/a": 20}), part(root, "b.xlsx", {"3.1.1/n": 3})]
    set_rows(root, "Không áp dụng", [[UNIT, "3.1.1", "Không được giao"]])
    merged = merge_forms(root, files, out)
    ignored = [(found.code, found.file) for found in merged.findings if found.code == "PX507"]
    assert ignored == [("PX507", "a.xlsx"), ("PX507", "b.xlsx")]
    assert merged.exit_code == 0
    assert read(out).typed == {"1.6/a": 20}
    cell = openpyxl.load_workbook(out)[SHEET_TABLE][layout().input_cell("3.1.1/n")]
    assert (cell.value, cell.protection.locked) == (None, True)


# Writing ------------------------------------------------------------------------------------------


def type_into(path: Path, value: object) -> None:
    book = openpyxl.load_workbook(path)
    ((sheet, cell),) = book.defined_names[input_name("1.6/a")].destinations
    book[sheet][cell].value = value
    book.save(path)


def test_its_own_untouched_output_is_replaced(root: Path, out: Path) -> None:
    first, second = part(root, "a.xlsx", {"1.6/a": 20}), part(root, "b.xlsx", {"1.6/b": 20})
    merge_forms(root, [first], out)
    merge_forms(root, [first, second], out)
    assert read(out).typed == {"1.6/a": 20, "1.6/b": 20}
    stamp = out.stat().st_mtime_ns
    merge_forms(root, [first, second], out)
    assert out.stat().st_mtime_ns == stamp


@pytest.mark.parametrize("make", [lambda path: type_into(path, 5), lambda path: path.write_bytes(b"thu")])
def test_what_somebody_else_wrote_is_never_written_over(
    root: Path, out: Path, make: Callable[[Path], object]
) -> None:
    file = part(root, "a.xlsx", {"1.6/a": 20})
    merge_forms(root, [file], out)
    make(out)
    before = out.read_bytes()
    error = refused(ParxlError, root, [file], out)
    assert (codes(error), error.exit_code) == (["PX618"], 1)
    assert out.read_bytes() == before


def test_a_file_that_is_merged_is_never_written_over(root: Path, out: Path) -> None:
    """Not even where it is parxl's own untouched output."""
    file = part(root, "a.xlsx", {"1.6/a": 20})
    merge_forms(root, [file], out)
    before = out.read_bytes()
    other = part(root, "b.xlsx", {"1.6/b": 20})
    assert codes(refused(ParxlError, root, [other, out], out)) == ["PX619"]
    assert out.read_bytes() == before


def test_an_output_that_cannot_be_written_is_told(root: Path, tmp_path: Path) -> None:
    error = refused(ParxlError, root, [part(root, "a.xlsx", {})], tmp_path)
    assert (codes(error), error.exit_code) == (["PX601"], 1)


# The command --------------------------------------------------------------------------------------


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    def _call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", ["parxl", "merge", *map(str, arguments)])
        with pytest.raises(SystemExit) as caught:
            parxl.cli.main()
        return caught.value.code or 0, *capsys.readouterr()  # type: ignore[return-value]

    return _call


def test_the_command_says_what_came_from_where_and_what_is_blank(call: Any, root: Path, tmp_path: Path) -> None:
    some = {key: value for key, value in answers().items() if key not in ("1.6/b", "3.1.1/n")}
    mine = {key: value for key, value in some.items() if area(key) == "1"}
    files = [part(root, "a.xlsx", mine), part(root, "b.xlsx", some)]
    code, told, messages = call(root, *files)
    assert (code, messages) == (0, "")
    assert (tmp_path / f"{UNIT}-gop.xlsx").is_file()
    rows = {line.split()[0]: line.split()[1:] for line in told.splitlines() if ".xlsx  " in line}
    counts = Counter(map(area, some))
    assert rows["a.xlsx"] == [str(counts["1"]), *["0"] * (len(counts) - 1), str(counts["1"])]
    assert rows["b.xlsx"] == [*(str(counts[one]) for one in sorted(counts)), str(len(some))]
    cells = {key: layout().input_cell(key) for key in ("1.6/b", "3.1.1/n")}
    assert f"Còn trống ở lĩnh vực 1: mục 1.6 ({cells['1.6/b']})." in told
    assert f"Còn trống ở lĩnh vực 3: mục 3.1.1 ({cells['3.1.1/n']})." in told


def test_a_full_form_lacks_nothing(call: Any, root: Path, out: Path) -> None:
    code, told, _ = call(root, part(root, "a.xlsx", answers()), "--out", out)
    assert code == 0
    assert "Không còn mục nào thiếu số liệu." in told


def test_conflicts_are_messages_and_exit_code_3(call: Any, root: Path) -> None:
    code, told, messages = call(root, *(part(root, f"{n}.xlsx", {"1.6/a": n}) for n in (20, 21)))
    assert code == 3
    assert f"{SHEET_TABLE}!{layout().input_cell('1.6/a')}" in messages
    assert "PX611" in messages
    assert "PX611" not in told


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["DIR"], "Thiếu tham số TỆP"), (["DIR", "a.xlsx", "--out", "gop"], "tùy chọn --out không hợp lệ")],
)
def test_wrong_calls(call: Any, root: Path, arguments: list[str], words: str) -> None:
    code, told, messages = call(*(word.replace("DIR", str(root)) for word in arguments))
    assert (code, told) == (2, "")
    assert words in messages


def test_texts_of_the_form_come_out_as_text(root: Path, out: Path) -> None:
    texts = ['=HYPERLINK("http://x","y")', "@SUM(A1)", "http://x.example"]
    typed = {f"{n}.xlsx": ({"3.1.1/n": f"={n}+1"}, {"1.6": text}) for n, text in enumerate(texts)}
    merge_forms(root, [part(root, name, *both) for name, both in typed.items()], out)
    book = openpyxl.load_workbook(out)
    assert read(out).evidence["1.6"] == "\n".join(texts)
    assert book[SHEET_TABLE][layout().evidence_cell("1.6")].data_type == "s"
    cells = [cell for name in (SHEET_TABLE, SHEET_MENDING) for row in book[name] for cell in row]
    links = [cell.hyperlink for cell in cells if cell.hyperlink]
    assert links
    assert not any(link.target for link in links)
