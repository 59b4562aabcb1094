"""The criteria sets as data: every mistake of a file is found and told in plain words, and the two
shipped sets say what the spec's tables say.

A file in ``sets/bad`` begins with one line ``# expect: CODE CRITERION PLACE`` for every finding:
``-`` for no criterion, ``_`` for a space; the place is the path of keys, or LINE:COLUMN (PX102).
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from parxl.criteria import CriteriaSet, Part, known_sets, load_set, parse_set
from parxl.findings import REGISTER, Finding, NothingUsable, WrongUsage
from parxl.rules.lines import BandLine, Condition, MarkCondition, TierLine

SETS = Path(__file__).resolve().parent / "sets"
BAD = sorted((SETS / "bad").glob("*.toml"))
GOOD = sorted((SETS / "good").glob("*.toml"))
TTHC, HA_TINH = "par-index-tthc-2022", "ha-tinh-2019-iv"

# Nobody's file can provoke these: the name of the set, an unreadable file (tested below).
NOT_IN_CORPUS = {"PX101", "PX128"}
MARK = "# expect: "
VIETNAMESE = re.compile("[ăâđêôơưáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ]")
PYDANTIC = re.compile(
    r"\b(Input|should|valid|Field|required|permitted|Extra|Value error|Unable|Decimal|None|True|"
    r"False|datetime|at least|ensure|tag|discriminator|loc|msg)\b"
)

every_bad_file = pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
every_set = pytest.mark.parametrize("set_id", [TTHC, HA_TINH])


def expected(path: Path) -> list[tuple[str, str | None, str]]:
    """(code, criterion, place) of every finding that the file says it provokes."""
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [(*line.removeprefix(MARK).split(), "")[:3] for line in lines if line.startswith(MARK)]
    return [(code, None if at == "-" else at.replace("_", " "), place) for code, at, place in rows]


def findings_of(text: str, file: str = "thu.toml") -> tuple[Finding, ...]:
    """What a set with this text is refused for."""
    with pytest.raises(NothingUsable) as caught:
        parse_set(text, file)
    return caught.value.findings


def findings_in(path: Path) -> tuple[Finding, ...]:
    return findings_of(path.read_text(encoding="utf-8"), path.name)


def stands_at(found: Finding, place: str) -> bool:
    """Does the finding name this path of keys, in its cell or in its words?"""
    if ":" in place:
        line, column = place.split(":")
        return f"dòng {line}, cột {column}" in found.message
    if not place:
        return found.cell is None
    named = f"({place})" in found.message
    return found.cell == place or named or f"khóa “{place}”" in found.message.lower()


# Mistakes in files --------------------------------------------------------------------------------


@every_bad_file
def test_bad_set_is_refused_with_exactly_its_mistakes(path: Path) -> None:
    found = [(f.code, f.criterion) for f in findings_in(path)]
    assert sorted(found, key=str) == sorted(((c, at) for c, at, _ in expected(path)), key=str)


@every_bad_file
def test_mistake_stands_at_its_place(path: Path) -> None:
    found = findings_in(path)
    for code, criterion, place in expected(path):
        same = [f for f in found if (f.code, f.criterion) == (code, criterion)]
        assert any(stands_at(f, place) for f in same), [str(f) for f in same]
    assert {f.file for f in found} == {path.name}


@every_bad_file
def test_message_is_vietnamese_and_says_what_to_do(path: Path) -> None:
    for found in findings_in(path):
        kind = REGISTER[found.code]
        assert found.severity == "error"
        for words in (kind.sentence, kind.remedy):
            assert words.split("{")[0] in found.message
            assert VIETNAMESE.search(words.lower())
        assert not re.search(r"[{}]", found.message)
        assert not PYDANTIC.search(found.message)
        assert "một giá trị đúng kiểu" not in found.message


@every_bad_file
def test_single_mistake_is_one_finding(path: Path) -> None:
    code = path.stem.split("-")[0]
    if code == "several":
        assert len({f.criterion for f in findings_in(path)}) >= 4
    else:
        assert {c for c, _, _ in expected(path)} == {code}
        assert len(expected(path)) == 1 or path.stem in ("PX103-empty-file", "PX110-max")


def test_corpus_covers_every_code_a_file_can_provoke() -> None:
    codes = {code for code in REGISTER if code.startswith("PX1")} - NOT_IN_CORPUS
    assert {code for path in BAD for code, _, _ in expected(path)} == codes


def test_mistakes_of_several_criteria_come_all_at_once() -> None:
    found = findings_in(SETS / "bad" / "several-mistakes.toml")
    assert {f.criterion for f in found} == {None, "2.1", "2.2", "2.3", "2.4", "2.5"}
    assert {f.code for f in found} == {"PX103", "PX104", "PX105"}


def test_empty_text_misses_every_key() -> None:
    found = findings_of("")
    assert {f.code for f in found} == {"PX103"}
    assert len(found) == 11


def test_value_too_long_or_too_deep_is_a_mistake_of_syntax() -> None:
    for value in ("9" * 5000, "[" * 5000):
        assert [f.code for f in findings_of(f"decimals = {value}")] == ["PX102"]


def test_number_beyond_every_decimal_is_no_number() -> None:
    text = (SETS / "good" / "least.toml").read_text(encoding="utf-8")
    endless = text.replace("points = 0,", "points = 1e99999999999999999999,")
    assert [(f.code, f.criterion) for f in findings_of(endless)] == [("PX105", "1")]


def test_unknown_set_names_the_known_ones() -> None:
    for name in ("khong-co", "khong-co.toml", str(SETS), ""):
        with pytest.raises(WrongUsage) as caught:
            load_set(name)
        (found,) = caught.value.findings
        assert found.code == "PX101"
        assert TTHC in found.message
        assert HA_TINH in found.message


def test_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "thu.toml"
    path.write_bytes('title = "Bộ tiêu chí"'.encode("utf-16"))
    with pytest.raises(NothingUsable) as caught:
        load_set(str(path))
    (found,) = caught.value.findings
    assert (found.code, found.file) == ("PX128", "thu.toml")
    assert "UTF-8" in found.message


# Sets that are right ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_good_set_is_read(path: Path, tmp_path: Path) -> None:
    criteria = load_set(str(path))
    assert criteria.total.max == sum(area.max for area in criteria.areas)
    marked = tmp_path / "bom.toml"
    marked.write_text(path.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert load_set(str(marked)) == criteria


def test_good_sets_hold_every_rule_kind() -> None:
    criteria = load_set(str(SETS / "good" / "every-rule.toml"))
    kinds = {part.rule.rule for _, _, part in criteria.parts}
    assert kinds == {"choice", "ratio", "count", "weighted", "tiers", "checklist"}
    assert [node.code for node in criteria.entered] == ["3"]
    assert criteria.waivers == {"2.2/tinh": "2.1/a", "2.2/xa": "2.1/a"}
    assert {"1.1/none", "1.5/1", "1.5/b", "1.6/q2", "2.2/xa/b"} <= set(criteria.inputs)


def test_codes_may_leave_gaps_and_bands_any_order() -> None:
    criteria = load_set(str(SETS / "good" / "gaps-and-order.toml"))
    assert criteria.parent("2.7.3.1") == "2.7"
    assert [node.code for node in criteria.under("2")] == ["2.6", "2.7.3.1"]
    assert criteria.parts[0].part.rule.best() == 1


# The shipped sets and the spec --------------------------------------------------------------------

# code | max | parts | inputs of each part | a = 0 or none | points.
# Points: x of k options "1 0.5 0"; bands "from:points" or "from:points@at" (the band 0:0 is left
# out); terms "input:points"; tiers "points:conditions"; where parts differ, " / " between them.
SPEC_TTHC = """
1.6    | 1.5  | -              | a b c | guidance | b:1.5 c:1
3.1.1  | 0.5  | -              | n     | -        | 1:0 0:0.5
3.1.2  | 0.5  | -              | a b   | guidance | 100:0.5
3.2.1  | 0.25 | -              | 1 2   | -        | 0.25 0
3.2.2  | 0.25 | -              | 1 2   | -        | 0.25 0
3.2.3  | 0.75 | tinh huyen xa  | a b   | guidance | 100:0.25
3.2.4  | 0.75 | -              | a b   | guidance | 100:0.75 85:0.5 70:0.25
3.2.5  | 0.75 | cong cqcm huyen | a b  | guidance | 100:0.25
3.2.6  | 0.75 | cqcm huyen xa  | a b   | guidance | 100:0.25
3.3.1  | 1    | tinh huyen xa  | a b   | guidance | 100:0.25 / 100:0.5 / 100:0.25
3.3.2  | 0.5  | -              | a b   | guidance | 80:0.5 60:0.25
3.3.3  | 0.75 | -              | n     | -        | 50:0.75 40:0.5 30:0.25
3.3.4  | 0.75 | -              | n     | -        | 30:0.75 20:0.5 10:0.25
3.4.1  | 1.5  | -              | a b   | guidance | 95:1.5@100
3.4.2  | 1.5  | -              | a b   | guidance | 95:1.5@100
3.4.3  | 1    | -              | a b   | guidance | 95:1@100
3.4.4  | 0.25 | -              | 1 2 none | guidance | 0.25 0
3.4.5  | 0.75 | cqcm huyen xa  | a b   | guidance | 80:0.25
3.5.1  | 0.75 | -              | a b c | guidance | b:0.75 c:0.25
3.5.2  | 0.25 | -              | a b   | guidance | 100:0.25
7.1.6  | 0.5  | -              | 1 2 3 | -        | 0.5 0.25 0
7.1.7  | 0.75 | -              | so_huyen/a so_huyen/b xa/a xa/b | guidance | \
0.75:so_huyen/b/so_huyen/a=100&xa/b/xa/a=100 0.25:so_huyen/b/so_huyen/a=100 0:
7.1.8  | 0.5  | -              | 1 2 3 | -        | 0.5 0.25 0
7.1.9  | 1    | -              | a b c | guidance | b:1 c:0.5
7.1.10 | 0.5  | -              | 1 2 3 | -        | 0.5 0.25 0
7.1.11 | 0.5  | -              | a b   | guidance | 30:0.5 10:0.25
7.2.1  | 0.5  | -              | a b   | guidance | 50:0.5 0:0.5@50
7.2.2  | 1    | -              | a b   | guidance | 20:1 0:1@20
"""
SPEC_HA_TINH = """
1.1     | 1    | - | 1 2 3      | -        | 1 0.5 0
1.2     | 1    | - | a b        | guidance | 80:1@100
1.3     | 1.5  | - | q1 q3 h1 year | -     | 0.25 0.25 0.5 0.5
1.4.1   | 0.5  | - | 1 2 3      | -        | 0.5 0.25 0
1.4.2   | 1    | - | a b        | guidance | 50:1@100
1.4.3   | 0.5  | - | 1 2 3 none | guidance | 0.5 0.25 0
1.4.4.1 | 0.5  | - | 1 2 none   | guidance | 0.5 0
1.4.4.2 | 0.5  | - | a b        | guidance | 100:0.5
1.5     | 1    | - | 1 2 3 none | guidance | 1 0.5 0
1.6.1   | 0.5  | - | a b        | guidance | 90:0.5 85:0.25
1.6.2.1 | 0.25 | - | 1 2        | -        | 0.25 0
1.6.2.2 | 0.25 | - | 1 2        | -        | 0.25 0
1.7     | 1    | - | 1 2 3      | -        | 1 0.5 0
2.1.1   | 1    | - | a b        | full     | 100:1 90:0.5
2.1.2   | 0.5  | - | 1 2        | -        | 0.5 0
2.1.3   | 0.5  | - | a b        | full     | 100:0.5
2.2     | 0.5  | - | a b        | guidance | 100:0.5 80:0.25
2.3.1   | 1    | - | a b        | guidance | 100:1 80:0.5
2.3.2   | 1    | - | a b        | full     | 100:1 80:0.5
2.4     | 1    | - | a b        | guidance | 100:1 80:0.5
2.5.1   | 0.5  | - | 1 2        | -        | 0.5 0
2.5.2   | 0.5  | - | a b        | full     | 100:0.5 80:0.25
2.5.3   | 0.5  | - | a b        | full     | 100:0.5 80:0.25
2.6.1   | 0.25 | - | 1 2        | -        | 0.25 0
2.6.2   | 0.25 | - | 1 2        | -        | 0.25 0
3.1     | 1    | - | a b        | guidance | 100:1 95:0.5
3.2.1   | 1    | - | 1 2 a b    | guidance | 1:x1&b/a=100 0:
3.2.2   | 1    | - | a b        | full     | 100:1 98:0.5
3.2.3   | 1    | - | 1 2        | -        | 1 0
3.3     | 3    | - | a b        | guidance | 96:3@100
3.4.1   | 0.5  | - | 1 2 3      | -        | 0.5 0.25 0
3.4.2   | 0.5  | - | 1 2 none   | guidance | 0.5 0
3.5.1   | 1    | - | 1 2        | -        | 1 0
3.5.2   | 1    | - | a b        | full     | 100:1 95:0.5
3.6     | 1    | - | 1 2 3      | -        | 1 0.5 0
4.1.1   | 1    | - | a b        | guidance | 100:1 90:0.5
4.1.2   | 1    | - | a b        | guidance | 90:1@100
4.1.3   | 1    | - | a.2 b.2    | guidance | 60:1@100
4.1.4.1 | 0.5  | - | a b        | guidance | 60:0.5 30:0.25
4.1.4.2 | 1    | - | a b        | guidance | 10:1@30
4.1.4.3 | 0.5  | - | a b        | guidance | 20:0.5 10:0.5@20
4.1.5.1 | 0.25 | - | a b        | guidance | 50:0.25
4.1.5.2 | 0.25 | - | a b        | guidance | 10:0.25
4.1.5.3 | 0.5  | - | a b        | guidance | 15:0.5 10:0.25
4.1.6   | 0.5  | - | 1 2        | -        | 0.5 0
4.2.1   | 0.5  | - | 1 2 3      | -        | 0.5 0.25 0
4.2.2   | 1    | - | a b        | guidance | 100:1 85:0.5
4.2.3   | 0.5  | - | 1 2        | -        | 0.5 0
4.2.4   | 0.5  | - | 1 2        | -        | 0.5 0
4.2.5   | 1.5  | - | a b        | guidance | 100:1.5 90:1 70:0.5
4.2.6   | 1    | - | a b        | guidance | 90:1 75:0.5 50:0.25
4.2.7   | 0.5  | - | 1 2        | -        | 0.5 0
5       | 20   | - |            | -        |
"""
SPEC = {TTHC: SPEC_TTHC, HA_TINH: SPEC_HA_TINH}
ROWS = [
    (set_id, [cell.strip() for cell in row.split("|")])
    for set_id, table in SPEC.items()
    for row in table.strip().splitlines()
]

# Areas and groups with the numbers of the spec.
SUMS = {
    TTHC: "1 1.5, 3 13.5, 3.1 1, 3.2 3.5, 3.3 3, 3.4 5, 3.5 1, 7 5.25, 7.1 3.75, 7.2 1.5",
    HA_TINH: "1 9.5, 2 7.5, 3 11, 4 12, 5 20",
}
# Total; leaves, the entered ones among them, parts, inputs.
COUNTS = {TTHC: ("20.25", 28, 0, 38, 82), HA_TINH: ("60", 53, 1, 52, 120)}
BLANK_MAXIMA = {TTHC: {"7"}, HA_TINH: {"1.4.4.1", "1.4.4.2", "1.6.2.1", "1.6.2.2", "5"}}
RESTORED = {
    TTHC: {"3.4.1", "3.4.2", "3.4.3", "7.2.1", "7.2.2"},
    HA_TINH: {"1.2", "1.4.2", "3.3", "4.1.2", "4.1.3", "4.1.4.2", "4.1.4.3"},
}


def short(number: Decimal) -> str:
    return format(number.normalize(), "f")


def points_of(part: Part) -> str:
    """A rule's scoring lines as the tables above write them; bands highest first."""
    rule = part.rule
    if rule.rule in ("ratio", "count"):
        bands = sorted(rule.of_kind("band"), key=lambda band: band.start, reverse=True)
        return " ".join(band_text(band) for band in bands if band.start or band.points)
    if rule.rule == "tiers":
        return " ".join(tier_text(tier) for tier in rule.of_kind("tier"))
    if rule.rule == "weighted":
        return " ".join(f"{term.input}:{short(term.points)}" for term in rule.of_kind("term"))
    return " ".join(short(line.points) for line in rule.lines if line.kind in ("option", "item"))


def band_text(band: BandLine) -> str:
    at = f"@{short(band.at)}" if band.at is not None else ""
    return f"{short(band.start)}:{short(band.points)}{at}"


def tier_text(tier: TierLine) -> str:
    return f"{short(tier.points)}:{'&'.join(condition_text(c) for c in tier.when)}"


def condition_text(condition: Condition) -> str:
    if isinstance(condition, MarkCondition):
        return f"x{condition.option}"
    return f"{condition.b}/{condition.a}={short(condition.start)}"


def inputs_of(part: Part) -> str:
    """Ids; ``.2`` behind one that is typed with two decimals."""
    inputs = part.rule.inputs
    return " ".join(f"{i.id}.{i.decimals}" if i.decimals else i.id for i in inputs)


def test_tables_have_every_row_of_the_spec() -> None:
    assert [len(table.strip().splitlines()) for table in SPEC.values()] == [28, 53]


@pytest.mark.parametrize(("set_id", "row"), ROWS, ids=[f"{s[:2]}-{row[0]}" for s, row in ROWS])
def test_criterion_is_as_the_spec_says(set_id: str, row: list[str]) -> None:
    code, maximum, parts, inputs, zero, points = row
    node = load_set(set_id).by_code[code]
    ids = [part.id for part in node.parts]
    wanted = points.split(" / ")
    wanted *= len(ids) // len(wanted) if points else 0
    assert node.max == Decimal(maximum)
    assert ids == ([""] if parts == "-" and points else parts.split() if points else [])
    assert {inputs_of(part) for part in node.parts} <= {inputs}
    assert {part.rule.zero_case or "-" for part in node.parts} <= {zero}
    assert [points_of(part) for part in node.parts] == wanted


@every_set
def test_leaves_are_those_of_the_spec_in_its_order(set_id: str) -> None:
    leaves = [node.code for node in load_set(set_id).leaves]
    assert leaves == [row[0] for name, row in ROWS if name == set_id]


@every_set
def test_numbers_of_leaves_parts_and_inputs(set_id: str) -> None:
    criteria = load_set(set_id)
    lists = (criteria.leaves, criteria.entered, criteria.parts, criteria.inputs)
    assert (str(criteria.total.max), *map(len, lists)) == COUNTS[set_id]


@every_set
def test_areas_and_groups_have_the_points_of_the_spec(set_id: str) -> None:
    criteria = load_set(set_id)
    for row in SUMS[set_id].split(", "):
        code, points = row.split()
        assert criteria.by_code[code].max == Decimal(points), code
        assert sum(leaf.max for leaf in criteria.under(code)) == Decimal(points), code
    areas = {row.split()[0] for row in SUMS[set_id].split(", ") if "." not in row.split()[0]}
    assert {area.code for area in criteria.areas} == areas


@every_set
def test_points_add_up_at_every_level(set_id: str) -> None:
    criteria = load_set(set_id)
    for group in criteria.groups:
        assert group.max == sum(below.max for below in criteria.children[group.code]), group.code
    for key, _, part in criteria.parts:
        assert part.rule.max == part.rule.best(), key
    for leaf in criteria.leaves:
        assert leaf.kind == "entered" or leaf.max == sum(p.rule.max for p in leaf.parts)
    assert criteria.total.max == sum(area.max for area in criteria.areas)


@every_set
def test_blank_maxima_and_restored_formulas(set_id: str) -> None:
    criteria = load_set(set_id)
    blank = {node.code for node in criteria.criterion if not node.printed_max}
    assert blank == BLANK_MAXIMA[set_id]
    assert set(criteria.restored) == RESTORED[set_id]


def test_waivers() -> None:
    assert load_set(HA_TINH).waivers == {"2.1.2": "2.1.1/a", "2.1.3": "2.1.1/a"}
    assert load_set(TTHC).waivers == {}


@pytest.mark.parametrize(
    ("set_id", "keys"),
    [
        (TTHC, "1.6/a 1.6/c 3.1.1/n 3.2.3/tinh/a 3.4.4/1 3.4.4/none 7.1.7/so_huyen/a 7.1.7/xa/b"),
        (HA_TINH, "1.3/q1 1.3/year 2.1.1/a 3.2.1/1 3.2.1/b 1.4.3/none 4.1.3/b"),
    ],
)
def test_input_keys(set_id: str, keys: str) -> None:
    inputs = load_set(set_id).inputs
    assert set(keys.split()) <= set(inputs)
    marks = {key for key, i in inputs.items() if i.kind == "mark"}
    local = {key.rpartition("/")[2] for key in marks}
    assert local == {"1", "2", "3", "none"} | ({"q1", "q3", "h1", "year"} if set_id == HA_TINH else set())


@every_set
def test_shipped_set_is_tidy_and_known(set_id: str) -> None:
    text = known_sets()[set_id]
    assert load_set(set_id).id == set_id
    assert unicodedata.normalize("NFC", text) == text
    assert "\r" not in text


# Editions -----------------------------------------------------------------------------------------


# Two items of 1.3: points move from one to the other, the maximum stays.
Q1_AND_Q3 = "\n".join(
    line for line in known_sets()[HA_TINH].splitlines() if 'id = "q1"' in line or 'id = "q3"' in line
)


def changed(set_id: str, old: str, new: str) -> CriteriaSet:
    """The set with the first ``old`` of its file changed."""
    text = known_sets()[set_id]
    assert old in text
    return parse_set(text.replace(old, new, 1), "thu.toml")


@every_set
def test_layout_of_the_file_is_no_other_edition(set_id: str) -> None:
    criteria, text = load_set(set_id), known_sets()[set_id]
    without = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)
    assert without != text
    for other in (f"# Ghi chú\n{text}", without, text.replace("\n", "\r\n")):
        again = parse_set(other, "thu.toml")
        assert (again.edition, again.wording) == (criteria.edition, criteria.wording)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('title = "Kế hoạch Cải cách hành chính năm"', 'title = "Kế hoạch CCHC"'),
        ('text = "Kế hoạch đảm bảo thời gian, chất lượng: 1.0"', 'text = "Tốt: 1.0"'),
        ("points = 1.0,", "points = 1,"),
        ("max = 1.0\n", "max = 1\n"),
        ('"STT"', '"Số TT"'),
        ('place = "Hà Tĩnh"', 'place = ""'),
        ("max_blank = true\n", ""),
        (", restored = true", ""),
        ("valid_from = 2019-09-24", "valid_from = 2020-01-01"),
    ],
)
def test_changed_wording_keeps_the_edition(old: str, new: str) -> None:
    criteria, other = load_set(HA_TINH), changed(HA_TINH, old, new)
    assert other.edition == criteria.edition
    assert other.wording != criteria.wording


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("from = 80,", "from = 75,"),
        (Q1_AND_Q3, Q1_AND_Q3.replace("0.25,", "0.2,", 1).replace("0.25,", "0.3,", 1)),
        ("at = 100", "at = 90"),
        ('if_zero = "guidance"', 'if_zero = "zero"'),
        ('none = "guidance"', 'none = "full"'),
        ('id = "q1"', 'id = "quy1"'),
        ('full_when_zero = "2.1.1/a"\n', ""),
        ('id = "ha-tinh-2019-iv"', 'id = "ha-tinh-2020-iv"'),
        ('{ kind = "zero", input = "3.2.2/a" }, ', ""),
    ],
)
def test_changed_scoring_is_another_edition(old: str, new: str) -> None:
    criteria, other = load_set(HA_TINH), changed(HA_TINH, old, new)
    assert other.edition != criteria.edition
    assert other.wording != criteria.wording


def test_model_is_frozen() -> None:
    criteria = load_set(TTHC)
    node = criteria.by_code["3.4.1"]
    for thing, name in (
        (criteria, "decimals"),
        (node, "max"),
        (node.parts[0], "id"),
        (node.parts[0].rule, "max"),
        (node.parts[0].rule.lines[0], "text"),
    ):
        with pytest.raises(ValidationError, match="frozen"):
            setattr(thing, name, None)
