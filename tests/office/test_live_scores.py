"""The form's live cells in a real LibreOffice against what parxl computes for the same inputs."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from fills import COMPLETE, FILLS, Typed, cleaned, fills, pool
from office import REQUIRED, Office, what_is_missing
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook

from parxl.books.form.book import write_form
from parxl.books.form.data import template_data
from parxl.criteria import Node, load_set
from parxl.layout import INPUT, SHEET_CHECK, SHEET_TABLE, STT, Layout, input_name
from parxl.live import Live, formulas, live_of
from parxl.rules import DAMAGED
from parxl.scoring import score

pytestmark = pytest.mark.skipif(
    not REQUIRED and bool(what_is_missing()), reason=what_is_missing() or "LibreOffice is here"
)

SET_IDS = ["par-index-tthc-2022", "ha-tinh-2019-iv"]
Place = tuple[str, str]  # sheet, cell
Values = dict[Place, Any]
Grid = list[list[Any]]

STATUS_WORDS = {
    "damaged": "Sai số liệu",
    "contradictory": "Mâu thuẫn",
    "missing": "Còn thiếu",
    "awaiting": "Chờ hướng dẫn",
}
POINT_TOLERANCE = 0.5  # LibreOffice keeps heights in hundredths of a millimetre


# A set's form, and what LibreOffice made of it ------------------------------------------------------


@dataclass(frozen=True)
class Session:
    """A blank form, the fills typed into it, and all that LibreOffice answered."""

    layout: Layout
    file: Path
    pdf: Path
    typed: list[dict[str, Typed]]
    answer: dict[str, Any]

    @cached_property
    def formulas(self) -> Workbook:
        return load_workbook(self.file)

    @cached_property
    def cached(self) -> Workbook:
        return load_workbook(self.file, data_only=True)

    @property
    def formula_places(self) -> list[Place]:
        """Every cell of the workbook that holds a formula."""
        cells = ((sheet.title, cell) for sheet in self.formulas for row in sheet for cell in row)
        return [(title, cell.coordinate) for title, cell in cells if cell.data_type == "f"]

    def values(self, grids: list[Grid]) -> Values:
        """Place -> value, from the ranges that were read."""
        found: Values = {}
        for (sheet, _), grid in zip(_read(self.formulas), grids, strict=True):
            for number, row in enumerate(grid, start=1):
                found |= {(sheet, f"{_column(k)}{number}"): value for k, value in enumerate(row, start=1)}
        return found

    @cached_property
    def inputs(self) -> list[dict[str, int]]:
        """For every fill what the sheet must see in its input cells."""
        known = self.layout.criteria.inputs
        return [{key: cleaned(i, typed[key]) for key, i in known.items()} for typed in self.typed]

    @cached_property
    def lives(self) -> list[Live]:
        """parxl's live values for every fill: ``live_of``, but scored in one go."""
        scores = score(self.layout.criteria, pd.DataFrame(self.inputs, dtype="int64"))
        return [Live(self.layout, row, scores, unit) for unit, row in enumerate(self.inputs)]  # type: ignore[arg-type]


_column = cache(get_column_letter)


def _read(book: Workbook) -> list[tuple[str, str]]:
    """The used range of every sheet with formulas."""
    return [(name, f"A1:{book[name].dimensions.split(':')[1]}") for name in (SHEET_TABLE, SHEET_CHECK)]


@pytest.fixture(scope="module", params=SET_IDS)
def session(request: pytest.FixtureRequest, office: Office, tmp_path_factory: Any) -> Session:
    """One visit to LibreOffice for each set."""
    folder = tmp_path_factory.mktemp(request.param)
    criteria = load_set(request.param)
    content = write_form(template_data(criteria))
    layout, file, pdf = Layout(criteria), folder / "phieu.xlsx", folder / "phieu.pdf"
    file.write_bytes(content)
    typed = fills(criteria)
    broken = {key: {"formula": "=NA()"} for key in criteria.inputs}
    answer = office.ask(
        {
            "file": str(file),
            "pdf": str(pdf),
            "read": _read(load_workbook(BytesIO(content))),
            "sheet": SHEET_TABLE,
            "rows": layout.last_row,
            "fills": [dict(_runs(layout, fill)) for fill in [*typed, broken]],
        }
    )
    return Session(layout, file, pdf, typed, answer)


def _runs(layout: Layout, fill: dict[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    """Ranges of adjoining input cells with what is typed into them."""
    rows = list(layout.input_rows.values())
    for _, run in groupby(enumerate(rows), key=lambda pair: pair[1].number - pair[0]):
        run_rows = [row for _, row in run]
        area = f"{INPUT}{run_rows[0].number}:{INPUT}{run_rows[-1].number}"
        yield area, [fill[row.input_key] for row in run_rows]


# What parxl says ------------------------------------------------------------------------------------


def expected(live: Live) -> Values:
    """Every formula of the form and the value it must have."""
    table: Values = {(SHEET_TABLE, cell): value for cell, value in live.values().items()}
    check = dict(expected_check(live.layout, live, table))
    words = check[SHEET_CHECK, "A3"]
    words += " – xem trang Kiểm tra" if words.startswith("CÒN") else ""
    status = {(SHEET_TABLE, f"{STT}{live.layout.status_row}"): words}
    return table | check | status


def expected_check(layout: Layout, live: Live, table: Values) -> Iterator[tuple[Place, Any]]:
    """The sheet *Kiểm tra*: rows by area, their total, and a row for each criterion."""
    lines = {n.code: _line(layout, live, table, n) for n in layout.criteria.leaves if n.parts}
    areas = [[n.code for n in layout.criteria.under(a.code) if n.parts] for a in layout.criteria.areas]
    groups = [[lines[code] for code in codes] for codes in areas if codes]
    for number, group in enumerate([*groups, list(lines.values())], start=6):
        yield from (((SHEET_CHECK, f"{c}{number}"), value) for c, value in _summed(group).items())
    for number, line in enumerate(lines.values(), start=6 + len(groups) + 3):
        for column in "CDEFGH":
            yield (SHEET_CHECK, f"{column}{number}"), line[column]
    total = _summed(list(lines.values()))
    open_count = total["J"] + total["K"]
    some = f"CÒN {open_count} TIÊU CHÍ CHƯA NHẬP XONG"
    yield (SHEET_CHECK, "A3"), some if open_count else "ĐÃ NHẬP ĐỦ SỐ LIỆU"


def _line(layout: Layout, live: Live, table: Values, node: Node) -> dict[str, Any]:
    """A criterion's row: score, reachable, maximum, status, evidence (nothing is ever written there)."""
    maxima = {node.key(part): part.rule.max_units for part in node.parts}
    earned = {key: live.points.get(key, 0) for key in maxima}
    reachable = {k: m if str(live.states[k]) in STATUS_WORDS else earned[k] for k, m in maxima.items()}
    if node.parts[0].rule.rule == "checklist" and not earned[node.code]:
        reachable = maxima  # it may still be marked
    keys = [node.input_key(part, i.id) for part in node.parts for i in part.rule.inputs]
    hinted = [key for key in keys if table[SHEET_TABLE, f"G{layout.input_rows[key].number}"]]
    score = table[SHEET_TABLE, f"E{layout.row_of(node.code)}"]
    return {
        "C": layout.input_cell((hinted or keys)[0]),
        "D": score,
        "E": sum(reachable.values()) / 100,
        "F": sum(maxima.values()) / 100,
        "G": STATUS_WORDS.get(str(live.leaf_state(node)), "Đủ"),
        "H": "Chưa có" if score not in ("", 0) else "",
    }


def _summed(lines: list[dict[str, Any]]) -> dict[str, Any]:
    """A row of the table by area: counts of criteria, sums of points, progress."""
    words = [line["G"] for line in lines]
    groups = {"I": ["Đủ", "Không áp dụng"], "J": ["Còn thiếu"], "L": ["Chờ hướng dẫn"]}
    groups["K"] = ["Mâu thuẫn", "Sai số liệu"]
    counts = {column: sum(word in group for word in words) for column, group in groups.items()}
    points = {c: sum(round(100 * (line[c] or 0)) for line in lines) / 100 for c in "DEF"}
    unproven = sum(line["H"] != "" for line in lines)
    return {"C": len(lines), **points, "G": counts["I"] / len(lines), "H": unproven, **counts}


def differences(wanted: Values, found: Values) -> list[str]:
    """One line for each cell that differs; type and value count."""
    return [
        f"{sheet}!{cell}: LibreOffice {found[sheet, cell]!r}, parxl {value!r}"
        for (sheet, cell), value in wanted.items()
        if not _same(value, found[sheet, cell])
    ]


def _same(wanted: Any, found: Any) -> bool:
    """Texts alike, numbers the same double (so the same hundredths); a blank result is ""."""
    if isinstance(wanted, str) or isinstance(found, str):
        return bool(wanted == found)
    return float(wanted) == float(found)


# The tests ------------------------------------------------------------------------------------------


def test_names_lead_to_the_input_cells(session: Session) -> None:
    names = session.answer["names"]
    for key in session.layout.input_rows:
        cell = session.layout.input_cell(key)
        assert names[input_name(key)].replace("$", "") == f"'{SHEET_TABLE}'.{cell}"


def test_every_formula_is_compared(session: Session) -> None:
    assert sorted(expected(session.lives[0])) == sorted(session.formula_places)
    table = [cell for sheet, cell in session.formula_places if sheet == SHEET_TABLE]
    assert set(formulas(session.layout)) == set(table) - {f"{STT}{session.layout.status_row}"}


@pytest.mark.parametrize("moment", ["loaded", "recalculated"])
def test_cached_values_of_a_blank_form(session: Session, moment: str) -> None:
    found = session.values(session.answer[moment])
    cached = {
        (sheet, cell): "" if (value := session.cached[sheet][cell].value) is None else value
        for sheet, cell in session.formula_places
    }
    assert differences(cached, found) == []
    assert session.answer["errors"] == []


def test_live_cells_of_generated_fills(session: Session) -> None:
    answers = session.answer["fills"][:-1]
    assert len(session.lives) == len(answers) == FILLS >= 300
    found, cells = [], 0
    for number, (live, answer) in enumerate(zip(session.lives, answers, strict=True)):
        wanted = expected(live)
        cells += len(wanted)
        lines = differences(wanted, session.values(answer["values"]))
        found += [f"fill {number}: {line}" for line in lines]
    print(f"{session.layout.criteria.id}: {FILLS} fills, {cells} cells compared, {len(found)} differences")
    assert found == []


def test_scored_in_one_go_as_one_by_one(session: Session) -> None:
    for number in range(0, FILLS, 20):
        assert live_of(session.layout, session.inputs[number]).values() == session.lives[number].values()


def test_fills_reach_every_state(session: Session) -> None:
    """The fills are no idle ones: every case of every pool, complete forms, every state."""
    pools = [len(pool(at.part.rule)) for at in session.layout.criteria.parts]
    assert max(pools) <= FILLS - COMPLETE
    states = [set(map(str, live.states.values())) for live in session.lives]
    assert set().union(*states) >= {"scored", "missing", "contradictory", "damaged", "awaiting"}
    assert sum(found == {"scored"} for found in states) >= COMPLETE


def test_no_cell_shows_an_error(session: Session) -> None:
    answers = session.answer["fills"][:-1]
    assert {number: a["errors"] for number, a in enumerate(answers) if a["errors"]} == {}


def test_error_values_in_every_input(session: Session) -> None:
    """Pasted #N/A: every criterion says so, and no error spreads beyond the inputs themselves."""
    answer = session.answer["fills"][-1]
    live = live_of(session.layout, dict.fromkeys(session.layout.criteria.inputs, DAMAGED))
    assert differences(expected(live), session.values(answer["values"])) == []
    columns = re.findall(r"\.([A-Z]+)[0-9]+", " ".join(answer["errors"]))
    assert set(columns) == {INPUT}


def test_true_in_a_count_is_left_to_the_reader(office: Office, session: Session) -> None:
    """LibreOffice has no truth values: its TRUE is the number 1, and saved as the formula =TRUE().

    The sheet cannot tell; the reader refuses the formula (and Excel's TRUE) at its cell.
    """
    key = next(k for k, i in session.layout.criteria.inputs.items() if i.kind == "count")
    fill = {session.layout.input_cell(key): [True]}
    read = [[SHEET_TABLE, session.layout.value_cell(key)]]
    request = {"file": str(session.file), "read": read, "sheet": SHEET_TABLE, "fills": [fill]}
    assert office.ask(request)["fills"][0]["values"] == [[[1.0]]]


def test_no_row_needs_more_height_than_the_file_gives(session: Session) -> None:
    sheet = session.formulas[SHEET_TABLE]
    given, default = sheet.row_dimensions, sheet.sheet_format.defaultRowHeight
    clipped = []
    for row in session.layout.rows:
        needs, has = session.answer["needed"][row.number - 1], given[row.number].height or default
        if needs > has + POINT_TOLERANCE:
            clipped.append(f"row {row.number} ({row.key}): needs {needs:.1f}, has {has:.1f} points")
    assert clipped == []


def test_table_prints_one_page_wide(session: Session) -> None:
    """Every page of the table shows all six columns, so none is continued on a page beside it."""
    numbered = re.compile(r"\(1\) +\(2\) +\(3\) +\(4\) +\(5\) +\(6\)")
    assert [k for k, page in enumerate(_table_pages(session.pdf)) if not numbered.search(page)] == []


def test_table_pages_end_where_the_file_breaks_them(session: Session) -> None:
    """No page runs over, so no criterion is split."""
    breaks = session.formulas[SHEET_TABLE].row_breaks
    assert len(_table_pages(session.pdf)) == len(breaks.brk) + 1


def _table_pages(pdf: Path) -> list[str]:
    pages = _pages(pdf)
    first = next(k for k, page in enumerate(pages) if "PHIẾU CHẤM ĐIỂM NĂM" in page)
    last = next(k for k, page in enumerate(pages) if "KIỂM TRA TRƯỚC KHI NỘP" in page)
    return pages[first:last]


def _pages(pdf: Path) -> list[str]:
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, check=True).stdout
    return text.decode("utf-8").split("\f")[:-1]
