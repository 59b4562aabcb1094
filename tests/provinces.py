"""Whole provinces out of nothing: a round of many units, without a file, for tests of what comes after.

All is random but plausible, and the same for the same arguments: most units do well, some poorly; some figures
are missing, contradictory or damaged; some units are equal to the last point; some sent nothing in.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd

from parxl.appraisal import NOTHING_APPRAISED, Answer, Appraisal, merge
from parxl.campaign import Adjustment, Band, Exemption, Register, Ruling, Settings, Treatment, Unit
from parxl.criteria import load_set
from parxl.findings import Finding, finding
from parxl.identity import FORM, Identity
from parxl.layout import INPUT, SCORE, SHEET_TABLE, Layout
from parxl.live import Live
from parxl.previous import Before, Criterion, Previous
from parxl.reading.file import FileRead
from parxl.reading.form import FormRead, typed_value
from parxl.reading.intake import Intake
from parxl.reading.settling import settle_unit
from parxl.results import Results, score_intake
from parxl.rules import BLANK, DAMAGED, Rule
from parxl.rules.lines import short_label
from parxl.scoring import Scores, score

YEAR = 2026
CAMPAIGN = "tinh-mau-2026-0a1b2c3d"
TREATED: tuple[Treatment, ...] = ("full", "zero", "not-applicable")
FATES = ("scored", "conflict", "rejected")
NO_VALUE = "không rõ"
LONG = "; các văn bản chỉ đạo, đôn đốc, kiểm tra kèm theo" * 8
REASON = "Tài liệu kiểm chứng chưa thể hiện đủ nội dung theo hướng dẫn chấm điểm"
Inputs = dict[str, int]


@dataclass(frozen=True)
class _Typed:
    """What one unit typed: as read, and as the sheet cleans it; ``evidence``: leaf code -> text."""

    inputs: Inputs
    sheet: Inputs
    evidence: dict[str, str]


def province(
    set_id: str,
    units: int,
    seed: int = 1,
    *,
    groups: int = 1,
    appraised: bool = False,
    last_year: bool = False,
    awaiting: bool = True,
    survey: bool = True,
    adjusted: bool = False,
    ties: str = "1-1-3",
) -> Results:
    """A whole round, scored. With one group the roster names none.

    ``appraised``: both rounds of the appraisal; ``last_year``: a result to compare with; ``awaiting``: some
    a = 0 have no ruling yet; ``survey``: the points that the department enters are there; ``adjusted``: bonus
    and penalty points, with caps.
    """
    made = _Province(set_id, units, seed, groups)
    settings = made.settings(ties, awaiting, survey, adjusted)
    intake = made.intake(settings)
    before = made.previous(settings) if last_year else None

    def appraise(scores: Scores) -> Appraisal:
        return made.appraisal(scores) if appraised else NOTHING_APPRAISED

    return score_intake(made.layout, settings, made.register, intake, appraise, before)


def write_to(results: Results, folder: Path) -> None:
    """The workbooks of this round as files, for looking at: the league's, and every unit's."""
    # Here, so that a province can be made while the writers are being worked on.
    from parxl.books.league.book import write_league
    from parxl.books.unit.book import write_result

    (folder / "don-vi").mkdir(parents=True, exist_ok=True)
    (folder / "bang-xep-hang.xlsx").write_bytes(write_league(results))
    for unit in results.units:
        (folder / "don-vi" / f"{unit.unit.code}.xlsx").write_bytes(write_result(results, unit))


# Names --------------------------------------------------------------------------------------------

DEPARTMENTS = (
    "Sở Nội vụ",
    "Sở Tài chính",
    "Sở Tư pháp",
    "Văn phòng Ủy ban nhân dân tỉnh",
    "Sở Nông nghiệp và Môi trường",
    "Sở Xây dựng",
    "Sở Công Thương",
    "Sở Khoa học và Công nghệ",
    "Sở Giáo dục và Đào tạo",
    "Sở Y tế",
    "Sở Văn hóa, Thể thao và Du lịch",
    "Sở Dân tộc và Tôn giáo",
    "Thanh tra tỉnh",
    "Ban Quản lý Khu kinh tế, các khu công nghiệp và khu công nghệ cao tỉnh",
    "Sở Ngoại vụ",
    "Ban Dân tộc tỉnh",
    "Ban Quản lý Khu bảo tồn thiên nhiên, Di tích lịch sử – văn hóa và Du lịch sinh thái Hồ Bắc Sơn",
    "Đài Phát thanh và Truyền hình tỉnh",
)
CENTRAL = (
    "Cục Thuế tỉnh",
    "Kho bạc Nhà nước khu vực",
    "Công an tỉnh",
    "Bộ Chỉ huy Quân sự tỉnh",
    "Bảo hiểm xã hội tỉnh",
    "Cục Hải quan khu vực",
    "Ngân hàng Nhà nước chi nhánh khu vực",
    "Cục Thống kê tỉnh",
    "Cục Thi hành án dân sự tỉnh",
    "Tòa án nhân dân tỉnh",
    "Viện Kiểm sát nhân dân tỉnh",
)
FIRST = (
    "Cẩm, Thạch, Hương, Đức, Sơn, Xuân, Tân, Vĩnh, Bình, Phú, An, Hòa, Long, Yên, Thanh, "
    "Quang, Trung, Nghĩa, Hồng, Mỹ, Đông, Tây, Nam, Bắc, Việt, Tiên, Lâm, Gia, Ngọc, Đại"
)
LAST = (
    "Xuyên, Lạc, Khê, Giang, Thọ, Thịnh, Lộc, Điền, Bảng, Trạch, Lĩnh, Hà, Mai, Phong, Châu, "
    "Thủy, Ninh, Cường, Hải, Liên, Quý, Tiến, Thành, Hưng, Phúc, Diệu, Trường, Kim, Dương, Duệ"
)
COMMUNES = "Ủy ban nhân dân xã"
WARDS = "Ủy ban nhân dân phường"
GROUPS = (
    "Sở, ban, ngành cấp tỉnh",
    "Ủy ban nhân dân cấp xã",
    "Cơ quan trung ương đóng trên địa bàn",
    "Ủy ban nhân dân phường",
    "Đơn vị sự nghiệp công lập thuộc Ủy ban nhân dân tỉnh",
)


def _names(group: int) -> Iterator[str]:
    """As many names as anybody may need for units of this group; none is given in another."""
    own = {0: DEPARTMENTS, 2: CENTRAL}.get(group, ())
    yield from own
    kind = (COMMUNES, COMMUNES, COMMUNES, WARDS, "Trung tâm Dịch vụ công")[group]
    pairs = list(product(FIRST.split(", "), LAST.split(", ")))
    # Far apart in the list, so that neighbours do not all begin alike.
    yield from (f"{kind} {' '.join(pairs[at * 7 % len(pairs)])}" for at in range(group, len(pairs), 3))
    yield from (f"{kind} {' '.join(pairs[at * 7 % len(pairs)])} Thượng" for at in range(group, len(pairs), 3))


def _code(name: str) -> str:
    """A unit code out of a name: its initials, and its own last two words; three where the last is *Thượng*."""
    plain = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D")).encode("ascii", "ignore")
    words = plain.decode().lower().replace(",", "").split()
    own = 3 if name.endswith(" Thượng") else 2
    return ("".join(word[0] for word in words[:-own]) + "-" + "-".join(words[-own:])).strip("-")[:40]


# Settings -----------------------------------------------------------------------------------------


class _Province:
    def __init__(self, set_id: str, units: int, seed: int, groups: int):
        self.random = Random(f"{set_id} {units} {seed} {groups}")
        self.criteria = load_set(set_id)
        self.layout = Layout(self.criteria)
        self.units = tuple(self._units(units, groups))
        serials = {unit.code: f"{number:012x}" for number, unit in enumerate(self.units)}
        self.register = Register(CAMPAIGN, set_id, self.criteria.edition, serials)
        self.twins = dict(self._twins())  # unit -> the unit that it equals in everything
        self.alike = {*self.twins, *self.twins.values()}
        self.absent = dict(self._absent())

    def _units(self, count: int, groups: int) -> Iterator[Unit]:
        names = {group: _names(group) for group in range(groups)}
        for number in range(count):
            group = number * groups // count
            name = next(names[group])
            code = _code(name)
            yield Unit(
                code=code,
                name=name,
                group=GROUPS[group] if groups > 1 else "",
                email=f"vanthu@{code}.tinhmau.vn",
                submitted=dt.date(YEAR, 12, 1) + dt.timedelta(days=self.random.randrange(14)),
                last_year_code=f"{code[:37]}-cu" if self.may(0.03) else "",
            )

    def _twins(self) -> Iterator[tuple[str, str]]:
        """In every group of two or more the last unit equals the first; in larger ones some more do."""
        by_group: dict[str, list[str]] = {}
        for unit in self.units:
            by_group.setdefault(unit.group, []).append(unit.code)
        for codes in by_group.values():
            yield from ((codes[-1 - at], codes[at]) for at in range(0, len(codes) // 2, 10))

    def _absent(self) -> Iterator[tuple[str, str]]:
        """Unit code -> why it has no scores; one of each from ten units on."""
        free = [unit.code for unit in self.units if unit.code not in self.alike]
        number = max(3, len(free) // 25) if len(self.units) >= 10 else 0
        for at, code in enumerate(self.random.sample(free, number)):
            yield code, ("missing", "rejected", "conflict")[at % 3]

    def may(self, chance: float) -> bool:
        return self.random.random() < chance

    def document(self) -> int:
        return self.random.randrange(10, 4000)

    def points(self, points: float) -> int:
        return int(points * self.criteria.scale)

    def settings(self, ties: str, awaiting: bool, survey: bool, adjusted: bool) -> Settings:
        return Settings(
            name=f"Đánh giá, xếp hạng Chỉ số CCHC năm {YEAR}",
            year=YEAR,
            authority="Ủy ban nhân dân tỉnh Mẫu",
            lead="Sở Nội vụ",
            place="Tỉnh Mẫu",
            deadline=dt.date(YEAR, 12, 15),
            ties=ties,
            units=self.units,
            rulings=dict(self._rulings(awaiting)),
            exemptions=tuple(self._exemptions()),
            survey=self._survey() if survey else {},
            adjustments=tuple(self._adjustments()) if adjusted else (),
            bonus_cap=self.points(1.5) if adjusted else None,
            penalty_cap=self.points(1) if adjusted else None,
            bands=tuple(self._bands()),
        )

    def _rulings(self, awaiting: bool) -> Iterator[tuple[str, Ruling]]:
        for at in self.criteria.parts:
            is_open = self.may(0.5)
            if at.part.rule.zero_case == "guidance" and not (awaiting and is_open):
                treatment = self.random.choice(TREATED)
                yield at.key, Ruling(treatment, f"Công văn số {self.document()}/SNV-CCHC")

    def _exemptions(self) -> Iterator[Exemption]:
        codes = [node.code for node in self.criteria.criterion if node.depth > 1]
        codes += [at.key for at in self.criteria.parts] + [node.code for node in self.criteria.entered]
        why = ("Không có chức năng, nhiệm vụ liên quan", f"Quyết định số {self.document()}/QĐ-UBND")
        if self.may(0.5):
            yield Exemption("*", self.random.choice(self.criteria.parts).key, *why)
        for unit in self.units:
            if unit.code not in self.alike and self.may(0.2):
                yield Exemption(unit.code, self.random.choice(codes), *why)

    def _survey(self) -> dict[tuple[str, str], int]:
        shares = {unit.code: min(1, self.random.uniform(0.6, 1.05)) for unit in self.units}
        return {
            (unit.code, node.code): int(self.criteria.units(node.max) * shares[self._model(unit.code)])
            for unit, node in product(self.units, self.criteria.entered)
        }

    def _model(self, unit: str) -> str:
        """The unit that this one equals: another, or itself."""
        return self.twins.get(unit, unit)

    def _adjustments(self) -> Iterator[Adjustment]:
        for unit in self.units:
            for _ in range(self.random.choice([0, 0, 0, 1, 1, 3]) if unit.code not in self.alike else 0):
                points = self.random.choice([2, 1, 0.5, 0.25, -0.25, -0.5, -1])
                reason = "Có sáng kiến được công nhận" if points > 0 else "Nộp báo cáo chậm thời hạn"
                document = f"Quyết định số {self.document()}/QĐ-UBND"
                yield Adjustment(unit.code, self.points(points), reason, document)

    def _bands(self) -> Iterator[Band]:
        names = {"Xuất sắc": 90, "Tốt": 80, "Khá": 70, "Trung bình": 50}
        yield from (Band("*", name, self.points(start)) for name, start in names.items())
        if last := self.units[-1].group:
            yield from (Band(last, "Hoàn thành", self.points(60)), Band(last, "Chưa hoàn thành", 0))

    # What was typed -------------------------------------------------------------------------------

    def intake(self, settings: Settings) -> Intake:
        forms = {unit.code: self._typed(unit.code) for unit in self.units if unit.code not in self.twins}
        sheets = pd.DataFrame({code: made.sheet for code, made in forms.items()}, dtype="int64").T
        shown = score(self.criteria, sheets)
        exempt = {unit.code: settings.exempt(self.criteria, unit.code) for unit in self.units}
        files: list[FileRead] = []
        for unit in self.units:
            model = self._model(unit.code)
            made = forms[model]
            live = Live(self.layout, made.sheet, shown, model, exempt[unit.code])
            files += self._files(unit, self._form(unit.code, made, live))
        return _settled(files, self.units)

    def _typed(self, unit: str) -> _Typed:
        good = self.random.choice([0.97, 0.93, 0.88, 0.8, 0.8, 0.7, 0.5])
        size = self.random.choice([3, 20, 57, 400, 12_345])
        inputs: Inputs = {}
        for _, node, part in self.criteria.parts:
            answers = _Answers(self.random, good, size).of(part.rule)
            inputs |= {node.input_key(part, name): value for name, value in answers.items()}
        evidence = {
            node.code: self._evidence() for node in self.criteria.leaves if node.parts and self.may(0.85)
        }
        as_text = [key for key, value in inputs.items() if value > 1 and self.may(0.01)]
        return _Typed(inputs, inputs | dict.fromkeys(as_text, DAMAGED), evidence)

    def _evidence(self) -> str:
        number, day = self.document(), self.random.randrange(1, 29)
        text = f"Báo cáo số {number}/BC-ĐV ngày {day:02}/11/{YEAR}"
        return self.random.choice(
            [text] * 6 + [f"{text}{LONG}", f'=HYPERLINK("{number}")', f"{text}\n+ phụ lục"]
        )

    def _form(self, unit: str, made: _Typed, live: Live) -> FormRead:
        found = [self._finding(unit, made, key) for key in made.inputs if made.sheet[key] == DAMAGED]
        cells = {key: f"{INPUT}{row.number}" for key, row in self.layout.input_rows.items()}
        codes = [node.code for node in self.criteria.criterion]
        scores = {code: f"{SCORE}{self.layout.row_of(code)}" for code in codes}
        return FormRead(
            identity=Identity(
                kind=FORM,
                set=self.criteria.id,
                edition=self.criteria.edition,
                wording=self.criteria.wording,
                campaign=CAMPAIGN,
                unit=unit,
                serial=self.register.serials[unit],
            ),
            submission=1,
            inputs=made.inputs,
            sheet_inputs=made.sheet,
            evidence=made.evidence,
            self_scores={code: live.shown(code) for code in codes},
            self_total=live.shown(""),
            sheet=SHEET_TABLE,
            cells=cells | scores | {"total": f"{SCORE}{self.layout.total_row}"},
            findings=tuple(found),
            typed=dict(self._raw(made)),
        )

    def _raw(self, made: _Typed) -> Iterator[tuple[str, int | float | str]]:
        for key, value in made.inputs.items():
            one = self.criteria.inputs[key]
            raw = typed_value(value, one.decimals, one.kind)
            if made.sheet[key] == DAMAGED:
                yield key, NO_VALUE if value == DAMAGED else f"{raw} hồ sơ"
            elif raw is not None:
                yield key, raw

    def _finding(self, unit: str, made: _Typed, key: str) -> Finding:
        one, cell = self.criteria.inputs[key], f"{INPUT}{self.layout.input_rows[key].number}"
        place = {"file": f"2-nop/{unit}.xlsx", "sheet": SHEET_TABLE, "cell": cell}
        place |= {"criterion": key.split("/")[0]}
        label = short_label(one.text)
        if made.inputs[key] != DAMAGED:
            value = typed_value(made.inputs[key], one.decimals, one.kind)
            return finding("PX411", **place, label=label, value=f"{value} hồ sơ", number=value)
        code = "PX401" if one.kind == "count" else "PX407"
        return finding(code, **place, label=label, value=NO_VALUE, hint="Hãy nhập lại.")

    # What came back -------------------------------------------------------------------------------

    def _files(self, unit: Unit, form: FormRead) -> list[FileRead]:
        name, fate = f"2-nop/{unit.code}.xlsx", self.absent.get(unit.code)
        read = self._file(name, unit, form)
        if fate == "missing":
            return []
        if fate == "rejected":
            facts = {"found": f"{self.criteria.id} 000000000000", "wanted": self.criteria.edition}
            told = (finding("PX303", file=name, **facts),)
            return [replace(read, fate="rejected", form=None, findings=told, partial=form)]
        if fate == "conflict":
            other = replace(form, evidence={}, self_total=None)
            return [read, self._file(f"2-nop/{unit.code} (sửa).xlsx", unit, other)]
        if unit.code not in self.alike and self.may(0.05):
            return [read, self._file(f"2-nop/{unit.code}-bs.xlsx", unit, replace(form, submission=2))]
        return [read]

    def _file(self, name: str, unit: Unit, form: FormRead) -> FileRead:
        digest = f"{self.random.getrandbits(256):064x}"
        return FileRead(name, digest, "scored", unit.code, form, form.findings)

    # The appraisal, and last year -----------------------------------------------------------------

    def appraisal(self, scores: Scores) -> Appraisal:
        answers = [
            answer
            for unit in scores.leaves.index
            if unit not in self.alike and self.may(0.8)
            for code in scores.leaves
            if scores.maxima.loc[unit, code] and self.may(0.12)
            for answer in self._answers(scores, str(unit), code)
        ]
        return merge(answers, self.criteria.decimals)

    def _answers(self, scores: Scores, unit: str, code: str) -> Iterator[Answer]:
        """Mostly less than computed, at times more; the second round gives some of it back."""
        maximum, found = int(scores.maxima.loc[unit, code]), scores.leaves.loc[unit, code]
        computed = None if pd.isna(found) else int(found)
        choices = (0, maximum // 2, maximum, (computed or 0) // 2, computed or 0)
        place = (f"3-tham-dinh/lan-{{}}/linh-vuc-{code[0]}.xlsx", f"Lĩnh vực {code[0]}", f"F{self.document()}")
        for number, chance in ((1, 1.0), (2, 0.3)):
            if self.may(chance):
                points = self.random.choice(choices)
                file, *rest = place
                yield Answer(number, unit, code, points, REASON, computed, file.format(number), *rest)

    def previous(self, settings: Settings) -> Previous:
        """Most of this year's units, some of them under other codes; one had another name."""
        known = [unit for unit in settings.units if not self.may(0.06)]
        indices = {unit.code: self.random.randrange(self.points(55), self.points(98)) for unit in known}
        before = [self._before(unit, indices, known) for unit in known]
        if len(before) > 3:
            before[1] = replace(before[1], name=f"{before[1].name} (cũ)")
        criteria = {
            node.code: Criterion(node.title, self.criteria.units(node.max)) for node in self.criteria.leaves
        }
        units = {one.code.lower(): one for one in before}
        return Previous(self.criteria.id, self.criteria.edition, units, criteria)

    def _before(self, unit: Unit, indices: Mapping[str, int], known: list[Unit]) -> Before:
        index = indices[unit.code]
        better = [u for u in known if u.group == unit.group and indices[u.code] > index]
        maxima = {node.code: self.criteria.units(node.max) for node in self.criteria.leaves}
        maximum = sum(maxima.values())
        return Before(
            code=unit.last_year_code or unit.code,
            name=unit.name,
            group=unit.group,
            total=index * maximum // (100 * self.criteria.scale),
            maximum=maximum,
            index=index,
            rank=1 + len(better),
            final={code: most * index // (100 * self.criteria.scale) for code, most in maxima.items()},
            maxima=maxima,
        )


# One unit's answers -------------------------------------------------------------------------------


class _Answers:
    """What one unit types for a rule: input id -> value, as in an inputs frame.

    ``good``: how often it does as well as can be; ``size``: what its counts are counts of.
    """

    def __init__(self, random: Random, good: float, size: int):
        self.random, self.good, self.size = random, good, size

    def of(self, rule: Rule) -> Inputs:
        makers = {
            "choice": self._choice,
            "count": self._count,
            "checklist": self._checklist,
            "ratio": self._rates,
            "weighted": self._weighted,
            "tiers": self._tiers,
        }
        found = makers[rule.rule](rule)
        # One in a hundred or so has no valid answer.
        wrong = self.random.choice(list(found))
        if self.random.random() < 0.012:
            found[wrong] = self.random.choice([DAMAGED, DAMAGED, BLANK, found[wrong]])
            if found[wrong] == BLANK and rule.inputs[list(found).index(wrong)].kind == "mark":
                found[wrong] = 1 - int(self.random.random() < 0.5)
        return found

    def does_well(self) -> bool:
        return self.random.random() < self.good

    def _choice(self, rule: Any) -> Inputs:
        points = [line.points for line in rule.of_kind("option")]
        best = points.index(max(points))
        chosen = str(1 + (best if self.does_well() else self.random.randrange(len(points))))
        if rule.none and self.random.random() < 0.05:
            chosen = "none"
        if self.random.random() < 0.01:
            chosen = ""
        return {name: int(name == chosen) for name in rule.ids}

    def _count(self, rule: Any) -> Inputs:
        best = max(rule.bands, key=lambda band: band.points)
        start = int((best if self.does_well() else self.random.choice(rule.bands)).start)
        return {"n": start}

    def _checklist(self, rule: Any) -> Inputs:
        return {item.id: int(self.does_well()) for item in rule.items}

    def _rates(self, rule: Rule) -> Inputs:
        scale = 10 ** rule.inputs[0].decimals
        return dict(zip(("a", "b"), self._rate(scale), strict=True))

    def _rate(self, scale: int = 1) -> tuple[int, int]:
        a = max(1, int(self.size * self.random.uniform(0.3, 1.7))) * scale
        chance = self.random.random()
        if chance < 0.03:
            a = 0
        if chance > 0.99:
            return a, BLANK if chance > 0.995 else a + 1
        return a, a if self.does_well() else int(a * self.random.uniform(self.good / 2, 1))

    def _weighted(self, rule: Rule) -> Inputs:
        a, b = self._rate()
        late = self.random.randint(0, max(a - b, 0))
        return {"a": a, "b": b, "c": BLANK if self.random.random() < 0.05 else late}

    def _tiers(self, rule: Any) -> Inputs:
        found: Inputs = {}
        for a, b in rule.pairs:
            found[a], found[b] = self._rate()
        chosen = "1" if self.does_well() else self.random.choice([*rule.options, "1"])
        return found | {name: int(name == chosen) for name in rule.options}


def _settled(files: list[FileRead], units: tuple[Unit, ...]) -> Intake:
    """The intake of these files, each with its fate; as ``read_intake`` makes it out of a folder."""
    by_unit: dict[str, list[FileRead]] = {unit.code: [] for unit in units}
    for file in files:
        by_unit[file.unit].append(file)
    every: dict[str, FileRead] = {file.name: file for file in files}
    for unit in units:
        every |= {file.name: file for file in settle_unit(unit, [f for f in by_unit[unit.code] if f.form])}
    settled = {code: tuple(every[file.name] for file in own) for code, own in by_unit.items()}
    fates = {fate: {c: tuple(f for f in own if f.fate == fate) for c, own in settled.items()} for fate in FATES}
    found = {fate: {code: own for code, own in some.items() if own} for fate, some in fates.items()}
    chosen = {code: own[0] for code, own in found["scored"].items()}
    in_order = sorted(every.values(), key=lambda file: file.name)
    return Intake(tuple(in_order), chosen, found["conflict"], found["rejected"])
