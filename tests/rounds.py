"""A whole round of a campaign, for the tests: what everybody types, by whatever hand, and what must come of it.

The expected results are plain whole numbers and dicts. Computed scores come from the oracle of
``test_scoring``; nothing of parxl makes a final score, a total, an index or a rank in here.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
from campaigns import HA_TINH, TTHC, full_answers, set_items, set_rows
from click.testing import CliRunner, Result
from test_scoring import Expected, covers, expected
from test_trip import frame_row, random_answers

from parxl.campaign import Exemption, Ruling, Settings, Unit
from parxl.cli import parxl
from parxl.criteria import CriteriaSet
from parxl.layout import SHEET_TABLE, Layout

VERTICAL, ARMED = "Ngành dọc", "Lực lượng vũ trang"
UNITS = [
    ("cuc-thue", "Cục Thuế tỉnh", VERTICAL),
    ("kbnn", "Kho bạc Nhà nước tỉnh", VERTICAL),
    ("bhxh", "Bảo hiểm xã hội tỉnh", VERTICAL),
    ("ca", "Công an tỉnh", ARMED),
    ("qs", "Bộ Chỉ huy Quân sự tỉnh", ARMED),
    ("bp", "Bộ đội Biên phòng tỉnh", ARMED),  # never sends its form
]
NAMES = {code: name for code, name, _ in UNITS}
RETURNED = ["cuc-thue", "kbnn", "bhxh", "ca", "qs"]
YEAR = 2026

TIES = {TTHC: "1-1-2", HA_TINH: "1-1-3"}
FOR_ALL = {TTHC: "3.2.3/huyen", HA_TINH: "1.2"}  # does not apply to anybody
FOR_ONE = {TTHC: "7.2", HA_TINH: "4.2"}  # does not apply to "ca"
RULED = {TTHC: "3.2.4", HA_TINH: "3.3"}  # a = 0 at "cuc-thue", ruled: full points
UNRULED = {TTHC: "3.3.2", HA_TINH: "2.2"}  # a = 0 at "qs": waits, until it is appraised
SHARED = {TTHC: "3", HA_TINH: "1"}  # the area that two people appraise
OTHER = {TTHC: "7", HA_TINH: "4"}
SURVEY = {"cuc-thue": 1800, "kbnn": 1725, "bhxh": 1725, "qs": 1650}  # of "ca" there is none
DOCUMENT, REASON_FOR_ALL, REASON_FOR_ONE = "CV 15/SNV", "Không còn cấp này", "Không được giao"
ADJUSTMENTS = [
    ("cuc-thue", 200, "Sáng kiến cấp tỉnh", "QĐ 1/QĐ-UBND"),
    ("cuc-thue", 150, "Mô hình mới", "QĐ 2/QĐ-UBND"),
    ("cuc-thue", -50, "Báo cáo chậm", "CV 3/SNV"),
    ("ca", -75, "Báo cáo chậm", "CV 4/SNV"),
    ("ca", -60, "Thiếu số liệu", "CV 5/SNV"),
]
CAPS = {1: 300, -1: 100}
BANDS = [
    ("*", "Tốt", 9000),
    ("*", "Khá", 7000),
    ("*", "Trung bình", 0),
    (ARMED, "Hoàn thành", 5000),
    (ARMED, "Chưa hoàn thành", 0),
]

# Hands --------------------------------------------------------------------------------------------


class Job(NamedTuple):
    """Open a workbook, type into cells of one sheet (None: clear the cell), save as ``target``."""

    source: Path
    target: Path
    sheet: str
    cells: Mapping[str, Any]


Hand = Callable[[Iterable[Job]], None]


def by_openpyxl(jobs: Iterable[Job]) -> None:
    for job in jobs:
        book = openpyxl.load_workbook(job.source)
        for cell, value in job.cells.items():
            book[job.sheet][cell].value = value
        job.target.parent.mkdir(parents=True, exist_ok=True)
        book.save(job.target)


def run(*arguments: object) -> Result:
    """One command of parxl, as it is typed; what is no exit code goes on as the exception it is."""
    return CliRunner().invoke(parxl, [str(argument) for argument in arguments], catch_exceptions=False)


# The department's decisions -----------------------------------------------------------------------


def begin(root: Path, set_id: str, roster: Path) -> list[int]:
    """``parxl new`` with a list of units, the control workbook filled in, the forms issued; the exit codes."""
    book = openpyxl.Workbook()
    for row in [("Mã đơn vị", "Tên đơn vị", "Khối"), *UNITS]:
        book.active.append(row)
    book.save(roster)
    made = run("new", root, "--set", set_id, "--year", YEAR, "--units", roster)
    decide(root, set_id)
    return [made.exit_code, run("forms", root).exit_code]


def decide(root: Path, set_id: str) -> None:
    items = {
        "Kiểu đồng hạng": TIES[set_id],
        "Trần điểm cộng": number(CAPS[1]),
        "Trần điểm trừ": number(CAPS[-1]),
    }
    set_items(root, items)
    exempt = [
        ["*", FOR_ALL[set_id], REASON_FOR_ALL, DOCUMENT],
        ["ca", FOR_ONE[set_id], REASON_FOR_ONE, DOCUMENT],
    ]
    set_rows(root, "Không áp dụng", exempt)
    set_rows(root, "Trường hợp a = 0", [[RULED[set_id], "đủ điểm", DOCUMENT]])
    if set_id == HA_TINH:
        set_rows(root, "Khảo sát", [[unit, number(units)] for unit, units in SURVEY.items()])
    set_rows(root, "Điểm cộng, điểm trừ", [[u, number(p), why, doc] for u, p, why, doc in ADJUSTMENTS])
    set_rows(root, "Xếp loại", [[group, name, number(start)] for group, name, start in BANDS])


# What the units type ------------------------------------------------------------------------------


def answers_of(criteria: CriteriaSet) -> dict[str, dict[str, object]]:
    """Unit -> input key -> what it types. Two have the same full marks; two have a rate with a = 0."""
    full = full_answers(criteria)
    typed = {code: random_answers(criteria, random.Random(f"{criteria.id}/{code}"), 0) for code in RETURNED}
    typed |= {"kbnn": full, "bhxh": full}
    for unit, key in (("cuc-thue", RULED[criteria.id]), ("qs", UNRULED[criteria.id])):
        typed[unit] |= {f"{key}/a": 0, f"{key}/b": 0}
    return typed


def evidence_of(criteria: CriteriaSet, unit: str) -> dict[str, str]:
    return {node.code: f"Báo cáo số {n}/BC-{unit}" for n, node in enumerate(criteria.leaves) if node.parts}


def filling(root: Path, criteria: CriteriaSet, typed: Mapping[str, Mapping[str, object]]) -> Iterator[Job]:
    """The units' forms filled into 2-nop."""
    layout = Layout(criteria)
    for unit, own in typed.items():
        cells = {layout.input_cell(key): value for key, value in own.items() if value is not None}
        cells |= {layout.evidence_cell(code): text for code, text in evidence_of(criteria, unit).items()}
        name = f"{unit}.xlsx"
        yield Job(root / "1-phieu" / name, root / "2-nop" / f"Phiếu {name}", SHEET_TABLE, cells)


# What must come of it -----------------------------------------------------------------------------


class Score(NamedTuple):
    """What an appraisal says of one criterion of one unit."""

    unit: str
    code: str
    points: int | None  # hundredths
    reason: str


Decided = dict[tuple[str, str], tuple[int, int]]  # (unit, leaf) -> (points, round)


@dataclass(frozen=True)
class Standing:
    """One unit's result, in hundredths."""

    final: dict[str, int | None]
    total: int
    high: int
    maximum: int
    index: int
    adjustment: int
    is_open: bool


@dataclass(frozen=True)
class Oracle:
    """The campaign as it ought to come out. ``rows``: unit -> input key -> whole number."""

    set_id: str
    rows: Mapping[str, Mapping[str, int]]
    settings: Settings
    groups: Mapping[str, str]
    adjustments: Iterable[tuple[str, int, str, str]] = ()
    ties: str = "1-1-3"
    _cache: dict[str, Expected] = field(default_factory=dict)

    def computed(self, unit: str) -> Expected:
        if unit not in self._cache:
            self._cache[unit] = expected(self.set_id, unit, self.rows[unit], self.settings)
        return self._cache[unit]

    def standing(self, unit: str, decided: Decided) -> Standing:
        known, own = self.computed(unit), {code: p for (u, code), p in decided.items() if u == unit}
        final = {c: own[c][0] if c in own else score for c, score in known.leaves.items()}
        added = self.adjustment(unit)
        scored = sum(score for score in final.values() if score is not None)
        still_open = sum(left for code, left in known.open_points.items() if code not in own)
        total, maximum = max(scored + added, 0), sum(known.maxima.values())
        index = (2 * total * 10_000 + maximum) // (2 * maximum)
        return Standing(
            final, total, max(scored + still_open + added, 0), maximum, index, added, still_open > 0
        )

    def adjustment(self, unit: str) -> int:
        own = [given for code, given, _, _ in self.adjustments if code == unit]
        more, less = sum(g for g in own if g > 0), -sum(g for g in own if g < 0)
        return min(more, CAPS[1]) - min(less, CAPS[-1])

    def ranks(self, decided: Decided) -> dict[str, int]:
        """By the index, each group apart; how a tie counts is the campaign's choice."""
        index = {unit: self.standing(unit, decided).index for unit in self.rows}
        found = {}
        for unit, own in index.items():
            above = [index[o] for o in index if self.groups[o] == self.groups[unit] and index[o] > own]
            found[unit] = 1 + (len(above) if self.ties == "1-1-3" else len(set(above)))
        return found


def band(group: str, index: int) -> str:
    own = [one for one in BANDS if one[0] == group] or [one for one in BANDS if one[0] == "*"]
    return next(name for _, name, start in own if index >= start)  # listed from the top


def number(units: int | None) -> float | None:
    return None if units is None else units / 100


def wanted_of(oracle: Oracle, unit: str, decided: Decided) -> dict[str, Any]:
    """What ``ket-qua.json`` ought to say of a unit: every score, where it came from, and what it makes."""
    known, standing = oracle.computed(unit), oracle.standing(unit, decided)
    own = {leaf: given for (code, leaf), given in decided.items() if code == unit}
    return {
        "status": "provisional" if standing.is_open else "scored",
        "scores": {leaf: number(score) for leaf, score in known.leaves.items()},
        "maxima": {leaf: number(top) for leaf, top in known.maxima.items()},
        "appraised": {leaf: number(own[leaf][0]) if leaf in own else None for leaf in known.leaves},
        "final": {leaf: number(score) for leaf, score in standing.final.items()},
        "final_from": {leaf: _origin(leaf, score, own) for leaf, score in standing.final.items()},
        "adjustment": number(standing.adjustment),
        "total": number(standing.total),
        "total_low": number(standing.total),
        "total_high": number(standing.high),
        "maximum": number(standing.maximum),
        "index": number(standing.index),
        "rank": oracle.ranks(decided)[unit],
        "band": band(oracle.groups[unit], standing.index),
    }


def _origin(leaf: str, score: int | None, own: Mapping[str, tuple[int, int]]) -> str | None:
    if score is None:
        return None
    if leaf in own:
        return f"appraised-{own[leaf][1]}"
    return "entered" if leaf == "5" else "computed"


def oracle_of(criteria: CriteriaSet) -> Oracle:
    """This year's."""
    ruling = {RULED[criteria.id]: Ruling("full", DOCUMENT)}
    exempt = (Exemption("*", FOR_ALL[criteria.id]), Exemption("ca", FOR_ONE[criteria.id]))
    survey = SURVEY if criteria.id == HA_TINH else {}
    settings = Settings(
        "Đợt",
        YEAR,
        units=tuple(Unit(code, code) for code, _, _ in UNITS),
        rulings=ruling,
        exemptions=exempt,
        survey={(unit, "5"): units for unit, units in survey.items()},
    )
    rows = {unit: frame_row(criteria, own) for unit, own in answers_of(criteria).items()}
    groups = {code: group for code, _, group in UNITS}
    return Oracle(criteria.id, rows, settings, groups, ADJUSTMENTS, TIES[criteria.id])


# What the council decides -------------------------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    """Who gives which score to what. Criteria are picked by their computed scores."""

    criteria: CriteriaSet
    oracle: Oracle

    def _leaves(self, unit: str, area: str) -> list[str]:
        """The criteria of an area in which a unit has something to lose."""
        scores = self.oracle.computed(unit).leaves
        return [
            node.code
            for node in self.criteria.leaves
            if covers(area, node.code)
            and (scores[node.code] or 0) >= 25
            and node.code != RULED[self.criteria.id]
        ]

    @cached_property
    def own(self) -> list[str]:
        """Criteria of "cuc-thue" in the shared area: restored, cut, disputed, agreed, unreasoned, remarked."""
        found = self._leaves("cuc-thue", SHARED[self.criteria.id])
        assert len(found) >= 6
        return found[:6]

    @cached_property
    def raised(self) -> str:
        """A criterion of "ca" in the shared area with less than its maximum."""
        known, area = self.oracle.computed("ca"), SHARED[self.criteria.id]
        low = [c for c, score in known.leaves.items() if score is not None and score < known.maxima[c]]
        return next(code for code in low if covers(area, code))

    @cached_property
    def elsewhere(self) -> list[str]:
        """Criteria of "qs" in another area: cut; and invalid at first."""
        return self._leaves("qs", OTHER[self.criteria.id])[:2]

    @cached_property
    def late(self) -> str:
        """A criterion of "cuc-thue" that only the second round looks at."""
        return self._leaves("cuc-thue", OTHER[self.criteria.id])[0]

    def of(self, unit: str, code: str) -> int:
        score = self.oracle.computed(unit).leaves[code]
        assert score is not None
        return score

    # The first round ------------------------------------------------------------------------------

    @property
    def one_person(self) -> list[Score]:
        restored, cut, disputed, agreed, unreasoned, remarked = self.own
        return [
            Score("cuc-thue", restored, 0, "Chưa có văn bản kiểm chứng"),
            Score("cuc-thue", cut, self.of("cuc-thue", cut) - 15, "Thiếu phụ lục 2"),
            Score("cuc-thue", disputed, 10, "Ban hành chậm"),
            Score("cuc-thue", agreed, self.of("cuc-thue", agreed), ""),
            Score("cuc-thue", unreasoned, 5, ""),
            Score("cuc-thue", remarked, None, "Đã kiểm tra đủ văn bản"),
        ]

    @property
    def another_person(self) -> list[Score]:
        maximum = self.oracle.computed("ca").maxima[self.raised]
        return [
            Score("cuc-thue", self.own[2], 20, "Ban hành đúng hạn một phần"),
            Score("ca", self.raised, maximum, "Văn bản bổ sung đã đủ"),
        ]

    @property
    def other_areas(self) -> dict[str, list[Score]]:
        """Area -> what is typed into its own workbook."""
        cut, invalid = self.elsewhere
        waiting = UNRULED[self.criteria.id]
        found = {
            OTHER[self.criteria.id]: [
                Score("qs", cut, 0, "Không có tài liệu"),
                Score("qs", invalid, 9900, "Nhầm dòng"),
            ]
        }
        area = waiting.split(".")[0]
        top = self.oracle.computed("qs").maxima[waiting]
        found.setdefault(area, []).append(Score("qs", waiting, top, "Không phát sinh hồ sơ"))
        return found

    @property
    def first(self) -> list[Score]:
        """What counts of the first round once everything is settled."""
        _, _, disputed, _, unreasoned, _ = self.own
        invalid = self.elsewhere[1]
        settled = [one for one in self.one_person if one.code not in (unreasoned, disputed)]
        settled += self.another_person
        settled += [score for own in self.other_areas.values() for score in own if score.code != invalid]
        return [*settled, self.reasoned, self.corrected]

    @property
    def reasoned(self) -> Score:
        return Score("cuc-thue", self.own[4], 5, "Không có báo cáo quý")

    @property
    def corrected(self) -> Score:
        return Score("qs", self.elsewhere[1], 5, "Nhầm dòng, đã sửa")

    def before_settling(self) -> Decided:
        """What counts while two people differ, one score has no reason, and one is no score."""
        _, _, disputed, _, unreasoned, _ = self.own
        left_out = {("cuc-thue", disputed), ("cuc-thue", unreasoned), ("qs", self.elsewhere[1])}
        return decided(one for one in self.first if (one.unit, one.code) not in left_out)

    # The second round -----------------------------------------------------------------------------

    @property
    def second(self) -> dict[str, list[Score]]:
        """Area -> what is typed. The first cut is taken back, another one lowered still, one is new."""
        restored, _, disputed, *_ = self.own
        return {
            SHARED[self.criteria.id]: [
                Score("cuc-thue", restored, self.of("cuc-thue", restored), "Chấp nhận giải trình"),
                Score("cuc-thue", disputed, 5, "Giải trình chưa rõ"),
            ],
            OTHER[self.criteria.id]: [Score("cuc-thue", self.late, 0, "Không có kết quả kiểm tra")],
        }

    def finally_decided(self) -> Decided:
        late = decided((one for own in self.second.values() for one in own), 2)
        return decided(self.first) | late

    # The explanations -----------------------------------------------------------------------------

    @property
    def cuts(self) -> dict[str, dict[str, Score]]:
        """Unit -> criterion -> the score that is lower than computed."""
        found: dict[str, dict[str, Score]] = {}
        for one in self.first:
            computed = self.oracle.computed(one.unit).leaves[one.code]
            if one.points is not None and computed is not None and one.points < computed:
                found.setdefault(one.unit, {})[one.code] = one
        return found

    @property
    def replies(self) -> dict[str, tuple[str, str]]:
        """Criterion -> what "cuc-thue" answers, and the documents it adds."""
        restored, _, disputed, *_ = self.own
        return {
            restored: ("Văn bản đã ban hành đúng hạn", "Số 5/KH-CT"),
            disputed: ("Chậm do lỗi hệ thống", ""),
        }


def decided(scores: Iterable[Score], number: int = 1) -> Decided:
    return {(one.unit, one.code): (one.points, number) for one in scores if one.points is not None}


# Typing into the appraisal ------------------------------------------------------------------------

APPRAISAL, EXPLANATION = "Thẩm định", "Giải trình"
FIRST_ROW = 7


def rows_of(path: Path, sheet: str, column: str) -> dict[str, int]:
    """What the key column of a list says -> its row."""
    cells = openpyxl.load_workbook(path)[sheet][column]
    return {cell.value: cell.row for cell in cells if cell.row >= FIRST_ROW and cell.value}


def appraising(path: Path, scores: Iterable[Score], target: Path | None = None) -> Job:
    rows, cells = rows_of(path, APPRAISAL, "Q"), dict[str, Any]()
    for one in scores:
        row = rows[f"{one.unit}|{one.code}"]
        cells[f"N{row}"] = None if one.points is None else number(one.points)
        cells[f"O{row}"] = one.reason or None
    return Job(path, target or path, APPRAISAL, cells)


def explaining(path: Path, replies: Mapping[str, tuple[str, str]], target: Path) -> Job:
    rows, cells = rows_of(path, EXPLANATION, "K"), dict[str, Any]()
    for code, (answer, documents) in replies.items():
        cells[f"I{rows[code]}"] = answer
        cells[f"J{rows[code]}"] = documents or None
    return Job(path, target, EXPLANATION, cells)


def explanation_text(reply: tuple[str, str] | None) -> str:
    """What the council reads of a unit's answer."""
    if reply is None:
        return ""
    answer, documents = reply
    return f"{answer}\nTài liệu bổ sung: {documents}" if documents else answer


@dataclass(frozen=True)
class Desk:
    """The folder of the appraisals, and the hand that types into it."""

    root: Path
    plan: Plan
    hand: Hand

    def area(self, number: int, area: str) -> Path:
        return self.root / "3-tham-dinh" / f"lan-{number}" / f"linh-vuc-{area}.xlsx"

    @property
    def copies(self) -> tuple[Path, Path]:
        """The shared area's workbook as two people work on it, each at home."""
        folder = self.root / "3-tham-dinh" / "lan-1"
        return folder / "Bà Hà.xlsx", folder / "Tổ 2" / "linh-vuc (bản 2).xlsx"

    def first_round(self) -> None:
        shared, (one, another) = self.area(1, SHARED[self.plan.criteria.id]), self.copies
        others = self.plan.other_areas
        mine = others.get(SHARED[self.plan.criteria.id], [])
        jobs = [
            appraising(shared, [*self.plan.one_person, *mine], one),
            appraising(shared, self.plan.another_person, another),
        ]
        own = {area: scores for area, scores in others.items() if area != SHARED[self.plan.criteria.id]}
        self.hand([*jobs, *(appraising(self.area(1, area), scores) for area, scores in own.items())])

    def settle(self) -> None:
        """One person gives way, a reason is added, a score is corrected."""
        one, _ = self.copies
        given_way = Score("cuc-thue", self.plan.own[2], None, "")
        other = self.area(1, OTHER[self.plan.criteria.id])
        self.hand([appraising(one, [given_way, self.plan.reasoned]), appraising(other, [self.plan.corrected])])

    def answer(self) -> None:
        form = self.root / "1-phieu" / "giai-trinh" / "cuc-thue.xlsx"
        target = self.root / "2-nop" / "Cục Thuế" / "Giải trình.xlsx"
        self.hand([explaining(form, self.plan.replies, target)])

    def second_round(self) -> None:
        self.hand([appraising(self.area(2, area), own) for area, own in self.plan.second.items()])


# The next year ------------------------------------------------------------------------------------

NEXT_YEAR = YEAR + 1
NEXT_UNITS = [  # code, name, group, code of last year
    ("cuc-thue", "Cục Thuế tỉnh", VERTICAL, None),
    ("kbnn", "Kho bạc Nhà nước khu vực XI", VERTICAL, None),  # merged, and nobody said so
    ("bhxh-kv", "Bảo hiểm xã hội khu vực", VERTICAL, "bhxh"),  # renamed
    ("ca", "Công an tỉnh", VERTICAL, None),  # in another group now
    ("qs", "Bộ Chỉ huy Quân sự tỉnh", ARMED, None),
    ("bp", "Bộ đội Biên phòng tỉnh", ARMED, None),  # no form last year
    ("so-moi", "Sở mới thành lập", ARMED, None),
]
BEFORE = {"cuc-thue": "cuc-thue", "bhxh-kv": "bhxh", "ca": "ca", "qs": "qs"}  # whom one can compare
SAME_GROUP = ("cuc-thue", "bhxh-kv", "qs")


def begin_next_year(root: Path, this_year: Path, set_id: str) -> list[int]:
    """``parxl new`` with this year's control workbook as the roster, which is then brought up to date."""
    options = ("--set", set_id, "--year", NEXT_YEAR, "--units", this_year / "dot-cham.xlsx")
    made = run("new", root, *options)
    set_items(root, {"Kết quả năm trước": f"../{this_year.name}/4-ket-qua/ket-qua.json"})
    return [made.exit_code]


def renew_roster(root: Path, set_id: str) -> None:
    rows = [[code, name, group, None, None, None, then] for code, name, group, then in NEXT_UNITS]
    set_rows(root, "Đơn vị", rows)
    if set_id == HA_TINH:
        set_rows(root, "Khảo sát", [[code, number(1700 + 25 * n)] for n, (code, *_) in enumerate(NEXT_UNITS)])


def next_answers(criteria: CriteriaSet) -> dict[str, dict[str, object]]:
    return {
        code: random_answers(criteria, random.Random(f"{criteria.id}/{NEXT_YEAR}/{code}"), 0)
        for code, *_ in NEXT_UNITS
    }


def next_oracle(criteria: CriteriaSet) -> Oracle:
    codes = [code for code, *_ in NEXT_UNITS]
    survey = {(c, "5"): 1700 + 25 * n for n, c in enumerate(codes)} if criteria.id == HA_TINH else {}
    settings = Settings("Đợt", NEXT_YEAR, units=tuple(Unit(code, code) for code in codes), survey=survey)
    rows = {unit: frame_row(criteria, own) for unit, own in next_answers(criteria).items()}
    return Oracle(criteria.id, rows, settings, {code: group for code, _, group, _ in NEXT_UNITS})
