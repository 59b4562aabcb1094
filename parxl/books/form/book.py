"""The form: one locked workbook for one unit, or the blank template of a set."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from parxl import seal
from parxl.books.form.check import draw_check, fill_check
from parxl.books.form.checked import Checked, CheckPlaces
from parxl.books.form.data import Common, FormData
from parxl.books.form.frame import fill_status
from parxl.books.form.guide import draw_guide
from parxl.books.form.mending import write_mending
from parxl.books.form.table import draw_table, fill_table, outside
from parxl.books.plate import Plate
from parxl.books.stamp import DIGEST_FIELD, draw_stamp, fill_stamp
from parxl.books.stamped import Stamped
from parxl.layout import SHEET_CHECK, SHEET_GUIDE, SHEET_MENDING, SHEET_META, SHEET_TABLE, Layout
from parxl.live import Live, form_scores, live_of
from parxl.scoring import Scores, blank_row

SEALED = (SHEET_GUIDE, SHEET_TABLE, SHEET_CHECK)
SEALS = tuple(seal.FIELD + name for name in SEALED)
MOST_KEPT = 8  # drawings: of a campaign there are those with and without a signer, last year, a resubmission


def write_form(data: FormData) -> bytes:
    """A whole form as the bytes of an .xlsx file; the same data gives the same bytes."""
    common = data.common
    drawn = _drawn(common)
    book = drawn.plate.book(common.year, f"Phiếu chấm điểm – {data.footer}", common.lead or "parxl")
    mending = book.sheet(SHEET_MENDING) if data.mending else None
    sheets = {name: book.stamped(name) for name in drawn.plate.draws}
    if not data.is_blank:
        _fill_results(sheets, data.layout, drawn.blank, _shown(data, drawn.scores))
    fill_table(book, sheets[SHEET_TABLE], data)
    fill_check(sheets[SHEET_CHECK], data.footer)
    if mending:
        write_mending(book, mending, data)
    seals = drawn.seals | {seal.FIELD + SHEET_TABLE: seal.pack(outside(data.layout, sheets[SHEET_TABLE]))}
    fill_stamp(book, sheets[SHEET_META], data.identity, {DIGEST_FIELD: data.digest, **seals})
    book.workbook.define_names(drawn.names)
    (mending or sheets[SHEET_TABLE]).activate()
    return book.close()


# What is drawn once -------------------------------------------------------------------------------


class _Drawn:
    """The sheets as they are in every blank form, and the seals of those that never differ."""

    def __init__(self, common: Common):
        layout, inputs = common.layout, blank_row(common.layout.criteria)
        self.scores = form_scores(layout, inputs)
        self.blank = blank = _Shown(layout, live_of(layout, inputs, scores=self.scores), {})
        self.plate = Plate(
            {
                SHEET_GUIDE: lambda book, sheet: draw_guide(book, sheet, common),
                SHEET_TABLE: lambda book, sheet: draw_table(book, sheet, common, blank.table, blank.status),
                SHEET_CHECK: lambda book, sheet: draw_check(book, sheet, layout, blank.check),
                SHEET_META: lambda book, sheet: draw_stamp(sheet, (DIGEST_FIELD, *SEALS)),
            }
        )
        table = f"'{SHEET_TABLE}'!"
        self.names = tuple((name, f"{table}${cell[0]}${cell[1:]}") for name, cell in layout.names())
        book = self.plate.book(common.year, "", "")
        self.seals = {seal.FIELD + name: seal.pack(book.stamped(name).locked_cells) for name in SEALED}


@lru_cache(maxsize=MOST_KEPT)
def _drawn(common: Common) -> _Drawn:
    return _Drawn(common)


# What formulas show -------------------------------------------------------------------------------


class _Shown:
    """The results of a form's formulas: of the table, of the check sheet, and the status line of both."""

    def __init__(self, layout: Layout, live: Live, evidence: Mapping[str, str]):
        checked = Checked(CheckPlaces(layout), live, evidence)
        self.table = live.values()
        self.check = checked.values(self.table)
        self.status = checked.status()


def _shown(data: FormData, blank: Scores) -> _Shown:
    inputs = blank_row(data.layout.criteria) | dict(data.inputs)
    known = None if data.inputs else blank
    return _Shown(data.layout, live_of(data.layout, inputs, frozenset(data.exempt), known), data.evidence)


def _fill_results(sheets: Mapping[str, Stamped], layout: Layout, blank: _Shown, shown: _Shown) -> None:
    """Where they are not those of a blank form; before the formulas of exempt parts are replaced."""
    for name, then, now in ((SHEET_TABLE, blank.table, shown.table), (SHEET_CHECK, blank.check, shown.check)):
        for cell, value in now.items():
            if value != then[cell]:
                sheets[name].result(cell, value)
    fill_status(sheets[SHEET_TABLE], layout, shown.status)
