"""Randomly damaged forms: whatever happens to a file, it gets one fate, and parxl goes on.

    python tests/fuzz.py [NUMBER [SEED]]

Mutates a real filled form at three levels (its bytes, the XML of its parts, its cells), puts the results into
``2-nop`` in batches, and reads them as ``parxl score`` does. A traceback, a file that kills its reader or
hangs, or one without a fate is a failure: the file is kept, and how to repeat it is said.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from campaigns import TTHC, full_answers, intake_of, issued_campaign
from hostile import TABLE, Parts, typed, unzipped, zipped

from parxl.books.control.reading import read_control
from parxl.campaign import Folder, Register, Settings, load_register
from parxl.criteria import load_set
from parxl.layout import Layout
from parxl.reading.file import FileRead

LAYOUT = Layout(load_set(TTHC))
BATCH = 50
SECONDS = 5.0  # for one file
DIED = "PX318"

HOSTILE = (
    *("", " ", "0", "-1", "1e400", "NaN", "9" * 400, "1_000", "1,5", "95%", "99999999999999999999", "0x10"),
    *("=1+1", "=" * 300, "#REF!", "#N/A", "TRUE", "x", "X", "không", "\u202e12", "a\u0301" * 200, "😀" * 50),
    *("_x000D_", "_xD800_", "&#10;", "A1:XFD1048576", "XFD1048576", "A0", "ZZZZ9", "../../x", "/etc/passwd"),
    *(
        "s",
        "str",
        "b",
        "e",
        "d",
        "n",
        "inlineStr",
        "shared",
        "array",
        "true",
        "hidden",
        "rId1",
        "parxl|a|b|c|d|e|f",
    ),
    *(
        "2025-12-31",
        "2025-12-31T25:61:61",
        "44561",
        "0.5",
        "-0",
        "1" * 5000,
        "\u00a0\u200b",
        "𝟙𝟚",
        "٣",
        "\ufeff",
    ),
)
FIELDS = re.compile(rb"PK\x01\x02|PK\x03\x04|PK\x05\x06")
ELEMENT = re.compile(r"<([A-Za-z:]+)(?: [^<>]*)?(?:/>|>[^<>]*</\1>)")
ATTRIBUTE = re.compile(r'([A-Za-z:]+)="([^"]*)"')
TEXT = re.compile(r">([^<>]+)<")
CELL = re.compile(r'<c r="([A-Z]+\d+)"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
ROW = re.compile(r"<row [^>]*?(?:/>|>.*?</row>)", re.DOTALL)


# Bytes --------------------------------------------------------------------------------------------


def in_bytes(form: bytes, chance: random.Random) -> bytes:
    content = bytearray(form)
    for _ in range(chance.choice((1, 1, 2, 5, 40))):
        change = chance.choice((_flip, _cut, _insert, _copy, _field, _truncate))
        change(content, chance)
    return bytes(content)


def _span(content: bytearray, chance: random.Random, longest: int) -> slice:
    start = chance.randrange(len(content) + 1)
    return slice(start, start + chance.randint(1, longest))


def _flip(content: bytearray, chance: random.Random) -> None:
    if content:
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)


def _cut(content: bytearray, chance: random.Random) -> None:
    del content[_span(content, chance, 2000)]


def _insert(content: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(content) + 1)
    content[start:start] = chance.randbytes(chance.randint(1, 500))


def _copy(content: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(content) + 1)
    content[start:start] = content[_span(content, chance, 5000)]


def _field(content: bytearray, chance: random.Random) -> None:
    """Something in the heads that zip archives are made of."""
    places = [found.start() for found in FIELDS.finditer(content)]
    if places:
        at = chance.choice(places) + chance.randrange(46)
        number = chance.choice((0, 1, 255, 0x7FFFFFFF, 0xFFFFFFFF, chance.randrange(2**32)))
        width = chance.choice((1, 2, 4))
        content[at : at + width] = (number % 256**width).to_bytes(width, "little")


def _truncate(content: bytearray, chance: random.Random) -> None:
    del content[chance.randrange(len(content) + 1) :]


# XML ----------------------------------------------------------------------------------------------


def in_xml(form: bytes, chance: random.Random) -> bytes:
    parts = unzipped(form)
    for _ in range(chance.choice((1, 1, 2, 4, 15))):
        name = chance.choice((*parts, TABLE, TABLE, "xl/workbook.xml")) if parts else ""
        change = chance.choice((_element, _element, _attribute, _attribute, _text, _text, _text, _part))
        if name in parts:
            change(parts, name, chance)
    return zipped(parts, chance.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED)))


def _one(pattern: re.Pattern[str], text: str, chance: random.Random) -> re.Match[str] | None:
    """A match behind a random place, found without looking at all of them."""
    return pattern.search(text, chance.randrange(len(text) + 1)) or pattern.search(text)


def _element(parts: Parts, name: str, chance: random.Random) -> None:
    """Delete, double, empty or move one."""
    text = parts[name].decode("utf-8", "replace")
    if not (found := _one(ELEMENT, text, chance)):
        return
    rest = text[: found.start()] + text[found.end() :]
    other = _one(ELEMENT, rest, chance)
    place = other.start() if other else 0
    moved = rest[:place] + found[0] + rest[place:]
    emptied = text[: found.start()] + f"<{found[1]}/>" + text[found.end() :]
    doubled = text[: found.end()] + found[0] * chance.choice((1, 2, 500)) + text[found.end() :]
    parts[name] = chance.choice((rest, moved, doubled, emptied)).encode("utf-8", "replace")


def _attribute(parts: Parts, name: str, chance: random.Random) -> None:
    text = parts[name].decode("utf-8", "replace")
    if found := _one(ATTRIBUTE, text, chance):
        other = _one(ATTRIBUTE, text, chance)
        value = chance.choice((_escaped(chance.choice(HOSTILE)), other[2] if other else "", ""))
        new = chance.choice((f'{found[1]}="{value}"', "", f"x{found[0]}"))
        parts[name] = (text[: found.start()] + new + text[found.end() :]).encode("utf-8", "replace")


def _text(parts: Parts, name: str, chance: random.Random) -> None:
    text = parts[name].decode("utf-8", "replace")
    if found := _one(TEXT, text, chance):
        new = _escaped(chance.choice(HOSTILE))
        parts[name] = (text[: found.start(1)] + new + text[found.end(1) :]).encode("utf-8", "replace")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def _part(parts: Parts, name: str, chance: random.Random) -> None:
    """Lose a part, rename it, exchange two, or cut one."""
    other = chance.choice(list(parts))
    kind = chance.randrange(4)
    if kind == 0:
        del parts[name]
    elif kind == 1:
        parts[chance.choice((f"{name}x", name.upper(), f"x/{name}", "xl/externalLinks/a.xml"))] = parts.pop(
            name
        )
    elif kind == 2:
        parts[name], parts[other] = parts[other], parts[name]
    else:
        parts[name] = parts[name][: chance.randrange(len(parts[name]) + 1)]


# Cells --------------------------------------------------------------------------------------------


def in_cells(form: bytes, chance: random.Random) -> bytes:
    parts = unzipped(form)
    for _ in range(chance.choice((1, 2, 5, 30))):
        sheets = [name for name in parts if "worksheets/" in name]
        name = chance.choice((TABLE, TABLE, TABLE, *sheets))
        text = parts[name].decode()
        parts[name] = chance.choice((_retype, _retype, _retype, _exchange, _rows))(text, chance).encode()
    return zipped(parts)


def _retype(text: str, chance: random.Random) -> str:
    """Another content in one cell."""
    if not (found := _one(CELL, text, chance)):
        return text
    value = _escaped(chance.choice(HOSTILE))
    style = re.search(r's="\d+"', found[2])
    kind = chance.choice(("n", "str", "b", "e", "d", "s", "inlineStr", "zz"))
    inner = chance.choice(
        (
            f"<v>{value}</v>",
            f"<f>{value}</f><v>{_escaped(chance.choice(HOSTILE))}</v>",
            f'<f t="shared" si="{chance.randrange(3)}" ref="A1:XFD9">{value}</f>',
            f"<is><t>{value}</t></is>",
            f"<is><r><t>{value}</t></r><rPh><t>a</t></rPh></is>",
            f"<v>{chance.choice((0, 7, 57.0, 11.999999999999998, 10**9, -3, 44561, 1e300))}</v>",
            "",
        )
    )
    head = f'<c r="{found[1]}" {style[0] if style else ""} t="{kind}">'
    return text[: found.start()] + f"{head}{inner}</c>" + text[found.end() :]


def _exchange(text: str, chance: random.Random) -> str:
    """Two cells change places, or one goes where another is."""
    one, other = _one(CELL, text, chance), _one(CELL, text, chance)
    if not one or not other:
        return text
    moved = one[0].replace(f'"{one[1]}"', f'"{other[1]}"')
    kept = other[0].replace(f'"{other[1]}"', f'"{one[1]}"')
    return text.replace(one[0], "\0").replace(other[0], moved).replace("\0", chance.choice((kept, "")))


def _rows(text: str, chance: random.Random) -> str:
    """A row is lost, doubled, emptied, or moved to another number."""
    if not (found := _one(ROW, text, chance)):
        return text
    number = re.search(r'r="(\d+)"', found[0])
    other = str(chance.choice((1, 5, 20, 100, 207, 300, 1_048_576)))
    moved = re.sub(rf'(r="[A-Z]*){number[1]}"', rf'\g<1>{other}"', found[0]) if number else ""
    new = chance.choice(("", found[0] * 2, moved, found[0] + moved, re.sub(r' r="[^"]*"', "", found[0])))
    return text[: found.start()] + new + text[found.end() :]


# Running ------------------------------------------------------------------------------------------

LEVELS: Sequence[Callable[[bytes, random.Random], bytes]] = (in_bytes, in_xml, in_cells)


def mutated(form: bytes, seed: int, number: int) -> bytes:
    """The file of this number: always the same."""
    chance = random.Random(f"{seed}/{number}")
    return LEVELS[number % len(LEVELS)](form, chance)


@dataclass
class Desk:
    """A campaign and one of its forms, filled."""

    root: Path
    settings: Settings
    register: Register | None
    form: bytes

    @classmethod
    def at(cls, root: Path) -> Desk:
        issued_campaign(root, TTHC)
        folder, answers = Folder(root), full_answers(LAYOUT.criteria)
        values = {LAYOUT.input_cell(key): value for key, value in answers.items() if value is not None}
        form = typed(folder.form("cuc-thue").read_bytes(), {**values, "F13": "Báo cáo số 1"})
        settings = read_control(folder.control, LAYOUT.criteria)
        return cls(root, settings, load_register(folder.register), form)

    def read(self, files: dict[str, bytes]) -> list[FileRead]:
        """Their fates, as ``parxl score`` would find them."""
        folder = Folder(self.root)
        for old in folder.returned.iterdir():
            old.unlink()
        for name, content in files.items():
            (folder.returned / name).write_bytes(content)
        return list(intake_of(folder, LAYOUT, self.settings, self.register).files)


@dataclass
class Report:
    """What became of them. ``failures``: number of a file -> what happened."""

    fates: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    failures: dict[int, str] = field(default_factory=dict)
    slowest: tuple[float, int] = (0.0, 0)

    def text(self) -> str:
        fates = ", ".join(f"{number} {fate}" for fate, number in self.fates.most_common())
        codes = ", ".join(f"{code} {number}" for code, number in sorted(self.codes.items()))
        slowest = f"slowest file: number {self.slowest[1]}, {self.slowest[0]:.2f} s"
        return f"fates: {fates}\ncodes: {codes}\n{slowest}\nfailures: {len(self.failures)}"


def fuzz(root: Path, count: int, seed: int, keep: Path | None = None) -> Report:
    """Read so many mutated forms. ``keep``: where the files that fail are put."""
    desk, report = Desk.at(root), Report()
    for start in range(0, count, BATCH):
        batch = {n: mutated(desk.form, seed, n) for n in range(start, min(start + BATCH, count))}
        _run(desk, batch, report)
    for number in report.failures if keep else ():
        (keep / f"{seed}-{number}.xlsx").write_bytes(mutated(desk.form, seed, number))  # type: ignore[operator]
    return report


def _run(desk: Desk, batch: dict[int, bytes], report: Report) -> None:
    """A batch together, as it would lie in 2-nop; one that fails or takes long, file by file."""
    began = time.monotonic()
    try:
        files = desk.read({f"{number:06}.xlsx": content for number, content in batch.items()})
    except Exception:
        files = []
    spent = time.monotonic() - began
    if files and spent < max(SECONDS, len(batch) * report.slowest[0]):
        _note(batch, files, report)
        report.slowest = max(report.slowest, (spent / len(batch), min(batch)))
        return
    for number, content in batch.items():
        _run_alone(desk, number, content, report)


def _run_alone(desk: Desk, number: int, content: bytes, report: Report) -> None:
    began = time.monotonic()
    try:
        _note({number: content}, desk.read({f"{number:06}.xlsx": content}), report)
    except Exception:
        report.failures[number] = traceback.format_exc()
    spent = time.monotonic() - began
    report.slowest = max(report.slowest, (spent, number))
    if spent > SECONDS:
        report.failures.setdefault(number, f"took {spent:.1f} s")


def _note(batch: dict[int, bytes], files: list[FileRead], report: Report) -> None:
    fates = {int(file.name.removeprefix("2-nop/").removesuffix(".xlsx")): file for file in files}
    for number in batch:
        file = fates.get(number)
        codes = {found.code for found in file.findings} if file else set()
        report.fates[file.fate if file else "none"] += 1
        report.codes.update(codes)
        if file is None or len(fates) != len(files):
            report.failures[number] = "not exactly one fate"
        elif DIED in codes:
            report.failures[number] = file.findings[0].message


def main(arguments: Sequence[str]) -> int:
    count, seed = (int(text) for text in (*arguments, *("10000", "1")[len(arguments) :]))
    keep = Path(tempfile.mkdtemp(prefix="parxl-fuzz-"))
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as root:
        report = fuzz(Path(root), count, seed, keep)
    print(f"{count} files, seed {seed}, {time.monotonic() - began:.0f} s\n{report.text()}")
    for number, what in report.failures.items():
        print(f"\n{keep / f'{seed}-{number}.xlsx'} (number {number} of seed {seed}):\n{what}")
    if not report.failures:
        keep.rmdir()
    return bool(report.failures)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
