"""What ``parxl appraisal`` does: the council's workbooks of a round, and the units' explanation forms."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from parxl.actions import Opened, score_opened, working_on
from parxl.appraisal import FIRST
from parxl.books.appraisal.book import write_appraisal
from parxl.books.appraisal.explanation import Cut, cut_criteria, write_explanation
from parxl.books.appraisal.lines import Sources
from parxl.books.form.returned import MOST_SUBMISSIONS
from parxl.campaign import Unit
from parxl.desk import Typed, appraised_areas, area_file, round_folder
from parxl.files import remove
from parxl.findings import NothingUsable, finding
from parxl.grid import OWN, Unreadable
from parxl.grid.isolation import read_apart
from parxl.previous import load_previous
from parxl.reading.appraisal import why_foreign
from parxl.reading.appraisal_rows import beyond_typed, typed_of
from parxl.results import Results
from parxl.workshop import Pace
from parxl.writing import Report, may_replace, told, write, write_form_file

WORDS = "Ghi tệp thẩm định"
EXPLAIN = "Tạo phiếu giải trình"
Answers = dict[tuple[str, str], Typed]


def appraise_campaign(root: Path, number: int = FIRST, pace: Pace | None = None) -> Report:
    """Write one workbook an area into ``3-tham-dinh/lan-N``; what is typed in them already stays in them."""
    with working_on(root) as opened, opened.shop(pace) as shop:
        previous, found = load_previous(root, opened.settings, opened.criteria)
        results = score_opened(opened, shop, previous)
        report = Report(findings=[*opened.findings, *found, *results.appraisal.findings])
        sources = Sources(explained=_explained(results), previous=_last_year(results))
        areas = appraised_areas(opened.criteria)
        for area in shop.pace.track(areas, WORDS, len(areas)):
            path = opened.folder.appraisal / round_folder(number) / area_file(area)
            typed = _typed(opened, path, number, report)
            if typed is not None:
                write(report, path, write_appraisal(results, area, number, replace(sources, typed=typed)))
    return report


def _typed(opened: Opened, path: Path, number: int, report: Report) -> Answers | None:
    """What people have typed into the workbook in place; None where it must not be written over."""
    if not path.exists():
        return {}
    name = opened.folder.name(path)
    with told(report):
        _, book = read_apart(path, OWN)
        if isinstance(book, Unreadable):
            report.findings.append(finding(book.code, file=name, reason=book.reason))
        elif reason := why_foreign(book, number, opened.criteria, opened.register):
            report.findings.append(finding("PX703", file=name, reason=reason))
        elif beyond := [*beyond_typed(book), *(["ghi chú của ô"] if book.notes else [])]:
            report.findings.append(finding("PX711", file=name, places=", ".join(beyond[:20])))
        else:
            return dict(typed_of(book))
    return None


def _explained(results: Results) -> dict[str, dict[str, str]]:
    """Unit -> leaf code -> what the unit answered to the first appraisal."""
    read = results.intake.explanations
    return {unit: {code: reply.text for code, reply in one.replies.items()} for unit, one in read.items()}


def _last_year(results: Results) -> dict[str, dict[str, int | None]]:
    """Unit -> leaf code -> last year's final score, of the criteria that are still the same."""
    if results.comparison is None:
        return {}
    found: dict[str, dict[str, int | None]] = {}
    for code, change in results.comparison.units.items():
        if change.before:
            found[code] = {leaf: change.before.final.get(leaf) for leaf in results.comparison.leaves}
    return found


# Explanations -------------------------------------------------------------------------------------


def explain_campaign(root: Path, pace: Pace | None = None) -> Report:
    """Write a form of what the first appraisal cut for each unit concerned, into ``1-phieu/giai-trinh``."""
    with working_on(root) as opened:
        if opened.register is None:  # explanation forms carry their units' serials
            name = opened.folder.name(opened.folder.register)
            raise NothingUsable([finding("PX219", file=name, name=name)])
        with opened.shop(pace) as shop:
            results = score_opened(opened, shop, None)
        report = Report(findings=[*opened.findings, *results.appraisal.findings])
        units, cuts = opened.settings.units, cut_criteria(results, results.appraisal)
        for unit in shop.pace.track(units, EXPLAIN, len(units)):
            _explain(opened, results, unit, cuts.get(unit.code, []), report)
    return report


def _explain(opened: Opened, results: Results, unit: Unit, cuts: list[Cut], report: Report) -> None:
    """The unit's form; one that was cut nowhere loses its old one."""
    path, layout = opened.folder.explanation(unit.code), results.layout
    if cuts:
        read = results.intake.explanations.get(unit.code)
        submission = min(read.submission + 1, MOST_SUBMISSIONS) if read else 1
        content = write_explanation(results, unit, cuts, read.replies if read else {}, submission)
        write_form_file(opened.folder, path, content, layout, report)
    elif path.exists() and may_replace(opened.folder, path, None, layout, report):
        with told(report):
            remove(path)
