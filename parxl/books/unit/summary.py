"""*Tóm tắt*: one printed page on how a unit with scores stands, beside its group, and what to look at first."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any, NamedTuple

import pandas as pd

from parxl.books.form.frame import restored_note
from parxl.books.metrics import row_height
from parxl.books.styles import COLOURS, SIZE, Book, Sheet, signed
from parxl.books.tables import area_name
from parxl.books.unit.chart import insert_chart
from parxl.books.unit.own import DASH, Own
from parxl.books.unit.page import COLUMNS, FIGURES, LAST, TEXT_SIZE, Page
from parxl.books.unit.rows import row_of
from parxl.books.unit.words import remarks
from parxl.comparison import WORDS as COMPARED
from parxl.comparison import Change
from parxl.exact import points_number
from parxl.findings import Finding

OPEN, NOT_APPLICABLE = "chờ", "–"
PLACES = '"tăng "0" bậc";"giảm "0" bậc";"giữ nguyên"'
# Columns of a key figure's label and of its value.
LEFT, RIGHT = ((0, 1), (2, 2)), ((3, LAST - 2), (LAST - 1, LAST))
RIGHT_WIDTH = sum(COLUMNS[-2:])
BOLD = FIGURES + 2  # the column of the unit's own percents


class Fact(NamedTuple):
    """One key figure. ``digits``: its number format, "" for words."""

    label: str
    value: float | str
    digits: str = ""


def write_summary(book: Book, sheet: Sheet, own: Own, file: str, findings: list[Finding]) -> None:
    """Write the whole page. ``file``: the scored file, as the unit may read it."""
    page = Page(book, sheet, own.results, own.result)
    page.head()
    page.heading("1. Kết quả chung")
    _write_facts(page, own)
    page.heading("2. Kết quả theo lĩnh vực")
    _write_areas(page, own)
    page.heading("3. Những điều cần biết")
    for label, text, link in remarks(own, file, findings):
        page.line(label, text, link)
    if note := restored_note(own.criteria, own.settings.formula_checked):
        page.note(note)
    page.close()


# Key figures --------------------------------------------------------------------------------------


def _write_facts(page: Page, own: Own) -> None:
    """The unit's own figures on the left, its place among the others on the right."""
    for left, right in zip_longest(_own_facts(own), _facts_beside(own)):
        row = page.next_row(row_height([(str(right.value), RIGHT_WIDTH, float(SIZE), True)] if right else []))
        if left:
            _write_fact(page, row, left, *LEFT)
        if right:
            _write_fact(page, row, right, *RIGHT)


def _write_fact(page: Page, row: int, fact: Fact, label: tuple[int, int], value: tuple[int, int]) -> None:
    page.merged(row, *label, fact.label, page.book.cell(bg_color=COLOURS["group"]))
    style = page.book.cell(bold=True, align="center", **({"num_format": fact.digits} if fact.digits else {}))
    page.merged(row, *value, fact.value, style)


def _points(own: Own, label: str, units: Any, digits: str = "") -> Fact:
    if units is None or pd.isna(units):
        return Fact(label, DASH)
    return Fact(label, points_number(int(units), own.decimals), digits or own.digits)


def _own_facts(own: Own) -> Iterator[Fact]:
    standing = own.standing
    yield _points(own, "Chỉ số CCHC (%)", standing["index"])
    yield _points(own, "Tổng điểm", standing["total"])
    if standing["adjustment"]:
        yield _points(own, "Trong đó: điểm chấm", standing["scored"])
        yield _points(own, "Trong đó: điểm cộng, điểm trừ", standing["adjustment"], signed(own.digits))
    yield _points(own, "Điểm tối đa của đơn vị", standing["maximum"])
    if (change := _change(own)) and change.status == "compared":
        yield _points(own, "Chỉ số so với năm trước", change.points, signed(own.digits))


def _facts_beside(own: Own) -> Iterator[Fact]:
    yield _rank(own)
    yield Fact("Xếp loại", own.standing["band"] or DASH)
    if own.has_peers:
        yield _points(own, f"Chỉ số bình quân của {own.group} (%)", own.index_spread["mean"])
        yield _points(own, f"Chỉ số cao nhất của {own.group} (%)", own.index_spread["highest"])
        yield _points(own, "Khoảng cách tới hạng trên (%)", own.closeness["behind"])
    change = _change(own)
    if change and change.status != "compared":
        # Never its reason: that may name another unit.
        yield Fact("So với năm trước", COMPARED[change.status])
    elif change:
        places = Fact("Thứ hạng so với năm trước", DASH)
        yield places if change.places is None else Fact(places.label, change.places, PLACES)


def _change(own: Own) -> Change | None:
    return own.results.comparison.units.get(own.unit.code) if own.results.comparison else None


def _rank(own: Own) -> Fact:
    label, rank = f"Thứ hạng trong {own.group}", own.standing["rank"]
    if pd.isna(rank):
        return Fact(label, DASH)
    tied = " (đồng hạng)" if own.standing["tied"] else ""
    return Fact(label, int(rank), f'0"/{own.index_spread["count"]}{tied}"')


# Areas --------------------------------------------------------------------------------------------


def _write_areas(page: Page, own: Own) -> None:
    """The table, and the chart that is drawn from it."""
    heads = ["Lĩnh vực", "Điểm đạt được", "Điểm tối đa", "Đạt (%)"]
    if own.has_peers:
        heads += [f"Bình quân {own.group} (%)", f"Cao nhất {own.group} (%)", f"Hạng trong {own.group}"]
    first = page.headings(heads) + 1
    for node in own.criteria.areas:
        _write_area(page, own, page.named_row(area_name(node)), node.code)
    insert_chart(page, own, first, page.row)


def _write_area(page: Page, own: Own, row: int, code: str) -> None:
    areas, group = own.results.analysis.areas, own.unit.group
    points, maximum = own.row(areas.points)[code], own.row(areas.maxima)[code]
    # While the whole area is open, a share of 0 % and its rank would say nothing.
    is_open = points is None and maximum > 0
    figures = [points, maximum, None if is_open else own.row(areas.percent)[code]]
    if own.has_peers:
        figures += [row_of(areas.mean, group)[code], row_of(areas.best, group)[code]]
        tie = '0"="' if own.row(areas.tied)[code] else "0"
        page.number(row, LAST, None if is_open else own.row(areas.rank)[code], tie, scale=1)
    for column, units in enumerate(figures, start=FIGURES):
        page.number(row, column, units, own.digits, own.scale, bold=column == BOLD)
    if points is None:
        words = page.book.cell(align="center", font_size=TEXT_SIZE)
        page.merged(row, FIGURES, FIGURES, OPEN if is_open else NOT_APPLICABLE, words)
