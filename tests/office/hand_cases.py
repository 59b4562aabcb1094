"""What people do to a filled form, step by step, and what the sheet and the reader must make of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import openpyxl
from campaigns import full_answers
from fills import cleaned
from openpyxl.styles import Border, Font, PatternFill, Side

from parxl.criteria import PartAt
from parxl.layout import EVIDENCE, INPUT, SCORE, TITLE, Layout
from parxl.rules import BLANK, DAMAGED

Step = dict[str, Any]
SOURCE, SOURCE_SHEET = "nguon.xlsx", "Nguồn"
TEXTS = {"1.234": 1234, "1 234": 1234, "12 ": 12, "1,5": DAMAGED, "12 hồ sơ": 12, "x": DAMAGED}


@dataclass(frozen=True)
class Case:
    """``sheet``: input key -> its new cleaned value; ``read``: where the reader says something else.

    ``undo``: the cell is locked afterwards, so that only *Undo* brings the old value back.
    """

    steps: list[Step]
    sheet: dict[str, int] = field(default_factory=dict)
    read: dict[str, int] = field(default_factory=dict)
    undo: bool = False


@dataclass(frozen=True)
class Filled:
    """A complete form, with counts that differ between neighbours."""

    layout: Layout

    @cached_property
    def typed(self) -> dict[str, Any]:
        found = full_answers(self.layout.criteria)
        for number, at in enumerate(self._of("ratio")):
            for key in self.keys(at):
                found[key] = int(found[key]) * (number % 5 + 1)  # type: ignore[call-overload]
        return found

    @cached_property
    def inputs(self) -> dict[str, int]:
        """As in an inputs frame."""
        known = self.layout.criteria.inputs
        return {key: cleaned(found, self.typed[key]) for key, found in known.items()}

    @cached_property
    def evidence(self) -> dict[str, str]:
        leaves = [node for node in self.layout.criteria.leaves if node.parts]
        return {node.code: f"Báo cáo số {n}/BC-SNV" for n, node in enumerate(leaves, start=1)}

    def keys(self, at: PartAt) -> list[str]:
        return [at.node.input_key(at.part, one.id) for one in at.part.rule.inputs]

    def _of(self, rule: str) -> list[PartAt]:
        return [at for at in self.layout.criteria.parts if at.part.rule.rule == rule]

    def ratio(self, number: int) -> tuple[str, str]:
        """Input keys a and b of a criterion in whole numbers, one under the other; it waives nothing."""
        apart = {key.split("/")[0] for pair in self.layout.criteria.waivers.items() for key in pair}
        found = [
            at for at in self._of("ratio") if at.node.code not in apart and not at.part.rule.inputs[0].decimals
        ]
        a, b = self.keys(found[number])
        return a, b

    @cached_property
    def options(self) -> list[str]:
        """Input keys of the options of the first criterion with three of them; the first one is marked."""
        keys = next(self.keys(at) for at in self._of("choice") if len(at.part.rule.inputs) >= 3)
        assert self.typed[keys[0]] == "x"
        return keys

    def cell(self, key: str) -> str:
        return self.layout.input_cell(key)

    def beside(self, column: str, key: str) -> str:
        """The cell of another column in an input's row."""
        return f"{column}{self.layout.input_rows[key].number}"

    def area(self, first: str, last: str) -> str:
        return f"{self.cell(first)}:{self.cell(last)}"


def write_source(path: Any) -> None:
    """Somebody's own workbook: bold, framed, coloured cells, locked as every cell is at first."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = SOURCE_SHEET
    rows = [(7, " 57", 7, 9), (7, "1.234", "abc", "=1/0"), (7, "#N/A", "x", "=NA()"), (7, 8, "x", "=D1*2")]
    side = Side("thick")
    for row in rows:
        sheet.append(row)
    for cell in (cell for row in sheet for cell in row):
        cell.fill, cell.font = PatternFill("solid", "FF0000"), Font("Arial", 16, bold=True)
        cell.border, cell.number_format = Border(side, side, side, side), "0.00%"
    book.save(path)


# Steps ----------------------------------------------------------------------------------------------


def move(source: str, target: str, how: str = "Cut") -> list[Step]:
    return [{"do": how, "at": source}, {"do": "Paste", "at": target}]


def foreign(source: str, target: str) -> list[Step]:
    copied = {"do": "copy_from", "file": SOURCE, "on": SOURCE_SHEET, "at": source}
    return [copied, {"do": "Paste", "at": target}]


def entered(cell: str, text: str) -> list[Step]:
    return [{"do": "EnterString", "at": cell, "text": text}]


def pasted(cell: str, *values: Any) -> list[Step]:
    return [{"do": "set", "at": cell, "values": list(values)}]


# Cases ----------------------------------------------------------------------------------------------

Named = Iterator[tuple[str, Case]]


def cases(form: Filled) -> dict[str, Case]:
    """Name -> case; every case starts from the same filled form."""
    makers = (_cuts, _copies, _blocks, _refused, _deletions, _texts, _values, _formulas, _waivers)
    return {name: case for maker in makers for name, case in maker(form)}


def _cuts(form: Filled) -> Named:
    (a, b), (c, d), was = form.ratio(0), form.ratio(1), form.inputs
    x, other, *_ = form.options
    cell = form.cell
    yield "cut b onto a", Case(move(cell(b), cell(a)), {a: was[b], b: BLANK})
    yield "cut a onto b", Case(move(cell(a), cell(b)), {b: was[a], a: BLANK})
    yield "cut b onto another's b", Case(move(cell(b), cell(d)), {d: was[b], b: BLANK})
    yield "cut a larger b onto b", Case(move(cell(d), cell(b)), {b: was[d], d: BLANK})
    pair = {c: was[a], d: was[b], a: BLANK, b: BLANK}
    yield "cut a and b onto another's", Case(move(form.area(a, b), cell(c)), pair)
    yield "cut x onto a count", Case(move(cell(x), cell(b)), {b: DAMAGED, x: 0})
    yield "cut a count onto an option", Case(move(cell(b), cell(other)), {other: DAMAGED, b: BLANK})
    yield "cut x onto the next option", Case(move(cell(x), cell(other)), {other: 1, x: 0})
    # The cut empties the cell at once; only the paste is refused.
    yield "cut b onto a locked label", Case(move(cell(b), form.beside(TITLE, b)), {b: BLANK})
    there_and_back = move(cell(b), cell(d)) + move(cell(d), cell(b))
    yield "cut b away and back", Case(there_and_back, {d: BLANK})


def _copies(form: Filled) -> Named:
    (a, b), (_, d), was = form.ratio(0), form.ratio(1), form.inputs
    x, other, *_ = form.options
    cell = form.cell
    evidence = form.layout.evidence_cell(a.split("/")[0])
    yield "copy b onto another's b", Case(move(cell(b), cell(d), "Copy"), {d: was[b]})
    yield "copy a count over two", Case(move(cell(d), form.area(a, b), "Copy"), {a: was[d], b: was[d]})
    yield "copy x beside x", Case(move(cell(x), cell(other), "Copy"), {other: 1})
    yield "copy evidence onto a count", Case(move(evidence, cell(b), "Copy"), {b: DAMAGED})
    label = form.beside(TITLE, b)
    yield "copy a locked label onto a count", Case(move(label, cell(b), "Copy"), {b: DAMAGED})


def _blocks(form: Filled) -> Named:
    """Formatted cells out of another workbook. One cell alone brings its lock along, several do not."""
    (a, b), (first, second, third, *_) = form.ratio(0), form.options
    top, option = form.cell(a), form.cell(first)
    counts, options = {a: DAMAGED, b: DAMAGED}, {first: DAMAGED, second: DAMAGED}
    yield "paste two formatted numbers", Case(foreign("A1:A2", top), {a: 7, b: 7}, {a: DAMAGED, b: DAMAGED})
    yield "paste two formatted texts", Case(foreign("B1:B2", top), counts, {a: 57, b: 1234})
    yield "paste two error formulas", Case(foreign("D2:D3", top), counts)
    yield "paste a block over options", Case(foreign("C1:C3", option), options | {third: 1})
    yield "paste error texts over options", Case(foreign("B3:B4", option), options)
    yield "paste one formatted number", Case(foreign("D1", form.cell(b)), {b: 9}, {b: DAMAGED}, undo=True)
    yield "paste one error formula", Case(foreign("D3", form.cell(b)), {b: DAMAGED}, undo=True)


def _refused(form: Filled) -> Named:
    """One locked cell in the range, and nothing of it is done."""
    a, b = form.ratio(0)
    top, bottom = form.cell(a), form.cell(b)
    score, beyond = form.beside(SCORE, a), f"{INPUT}{form.layout.input_rows[b].number + 1}"
    wide = f"{top}:{form.beside(EVIDENCE, b)}"
    steps = {
        "paste a wide block": foreign("A1:C2", top),
        "paste a long block": foreign("A1:A4", top),
        "paste onto a label": foreign("A1", form.beside(TITLE, a)),
        "copy a label and its input": move(f"{form.beside(TITLE, a)}:{top}", bottom, "Copy"),
        "cut a locked score": move(score, bottom)[:1],
        "cut an input with locked cells": move(wide, bottom)[:1],
        "delete a range with locked cells": [{"do": "ClearContents", "at": wide}],
        "delete the whole column": [{"do": "ClearContents", "at": f"{INPUT}1:{INPUT}{form.layout.last_row}"}],
        "fill down over locked cells": [{"do": "FillDown", "at": f"{top}:{beyond}"}],
        "type over a score": entered(score, "3"),
        "set a range with locked cells": pasted(f"{bottom}:{beyond}", 1, 2),
        "delete a row": [{"do": "DeleteRows", "at": top}],
        "insert a row": [{"do": "InsertRowsBefore", "at": top}],
    }
    yield from ((f"refused: {name}", Case(found)) for name, found in steps.items())


def _deletions(form: Filled) -> Named:
    (a, b), (x, second, *_) = form.ratio(0), form.options
    yield "delete b", Case([{"do": "ClearContents", "at": form.cell(b)}], {b: BLANK})
    yield "delete a and b", Case([{"do": "ClearContents", "at": form.area(a, b)}], {a: BLANK, b: BLANK})
    yield "delete x", Case([{"do": "ClearContents", "at": form.cell(x)}], {x: 0})
    down = [*pasted(form.cell(a), 33), {"do": "FillDown", "at": form.area(a, b)}]
    yield "fill a down", Case(down, {a: 33, b: 33})
    yield "fill x down", Case([{"do": "FillDown", "at": form.area(x, second)}], {second: 1})


def _texts(form: Filled) -> Named:
    (a, b), (x, second, *_) = form.ratio(0), form.options
    for text, read in TEXTS.items():
        steps = pasted(form.area(a, b), 5000, text)
        yield f"text {text!r} in a count", Case(steps, {a: 5000, b: DAMAGED}, {b: read})
    yield "apostrophe before a count", Case(entered(form.cell(b), "'12"), {b: DAMAGED}, {b: 12})
    yield "text in an option", Case(pasted(form.cell(second), "có"), {second: DAMAGED})
    yield "a space in a count", Case(pasted(form.cell(b), " "), {b: BLANK})
    yield "a space in an option", Case(pasted(form.cell(x), " "), {x: 0})
    yield "a no-break space in a count", Case(pasted(form.cell(b), "\u00a0"), {b: DAMAGED}, {b: BLANK})


def _values(form: Filled) -> Named:
    """LibreOffice has no truth values: its TRUE is 1, which a count cannot tell apart; the reader can."""
    (_, b), (_, second, *_) = form.ratio(0), form.options
    yield "TRUE in a count", Case(entered(form.cell(b), "TRUE"), {b: 1}, {b: DAMAGED})
    yield "TRUE in an option", Case(entered(form.cell(second), "TRUE"), {second: DAMAGED})
    yield "a negative count", Case(entered(form.cell(b), "-1"), {b: DAMAGED})
    yield "a fraction", Case(entered(form.cell(b), "1.5"), {b: DAMAGED})
    yield "a rate with %", Case(entered(form.cell(b), "95%"), {b: DAMAGED})
    # A cell with a number format keeps it: a date is its day number, more than any a here.
    yield "a date", Case(entered(form.cell(b), "2026-12-31"), {b: 46387})
    for error in ("=NA()", "=1/0", "#N/A"):
        yield f"{error} in a count", Case(entered(form.cell(b), error), {b: DAMAGED})
    yield "an error in an option", Case(entered(form.cell(second), "=NA()"), {second: DAMAGED})


def _formulas(form: Filled) -> Named:
    """The sheet takes a formula's number; the reader refuses the formula."""
    (a, b), (c, _), was = form.ratio(0), form.ratio(1), form.inputs
    own, value = form.cell(b), form.layout.value_cell(b)
    other = Case(entered(own, f"={form.cell(c)}"), {b: was[c]}, {b: DAMAGED})
    yield "a formula", Case(entered(own, "=10+3"), {b: 13}, {b: DAMAGED})
    yield "a formula to another input", other
    yield "a sum over itself", Case(entered(own, f"=SUM({form.area(a, b)})"), {b: DAMAGED})
    yield "a formula to its own value", Case(entered(own, f"={value}"), {b: DAMAGED})


def _waivers(form: Filled) -> Named:
    """Ha Tinh's 2.1: one input that decides on all of it."""
    for key in dict.fromkeys(form.layout.criteria.waivers.values()):
        _, b = form.ratio(0)
        cell = form.cell(key)
        yield f"delete {key}", Case([{"do": "ClearContents", "at": cell}], {key: BLANK})
        yield f"0 in {key}", Case(entered(cell, "0"), {key: 0})
        yield f"error in {key}", Case(entered(cell, "=NA()"), {key: DAMAGED})
        yield f"cut {key}", Case(move(cell, form.cell(b)), {key: BLANK, b: form.inputs[key]})
