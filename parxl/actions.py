"""What the commands do, as functions: the campaign folder in, the campaign folder out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from parxl.appraisal import Appraisal, checked, merge
from parxl.books.control.book import default_settings, unit_row, write_control
from parxl.books.control.reading import read_control
from parxl.books.control.spec import UNITS
from parxl.books.imprint import carried_imprint, is_as_written
from parxl.books.league.book import write_league
from parxl.books.league.publication import write_publication
from parxl.campaign import Folder, Register, Settings, load_register, new_campaign_id
from parxl.criteria import CriteriaSet, parse_set, set_text
from parxl.delivering import Delivered, deliver_forms, deliver_results, deliver_whole
from parxl.desk import ROUNDS
from parxl.files import locked, make_folder, read_existing, sweep, write_atomically
from parxl.findings import Finding, NothingUsable, ParxlError, WrongUsage, finding
from parxl.grid import forget
from parxl.layout import Layout
from parxl.previous import Previous, load_previous, typed_then
from parxl.provenance import provenance
from parxl.reading.appraisal import read_appraisals
from parxl.reading.intake import read_intake
from parxl.results import Results, json_pieces, score_intake
from parxl.roster import Roster, read_roster
from parxl.scoring import Scores
from parxl.workshop import Campaign, Pace, Workshop, workshop
from parxl.writing import Report, told, write


@dataclass(frozen=True)
class Opened:
    """A campaign folder that has been read and checked."""

    folder: Folder
    criteria: CriteriaSet
    settings: Settings
    register: Register | None
    findings: list[Finding]

    def shop(self, pace: Pace | None, register: Register | None = None) -> AbstractContextManager[Workshop]:
        """The workshop of a command on it. ``register``: the one that was made just now."""
        campaign = Campaign(self.folder, Layout(self.criteria), self.settings, register or self.register)
        return workshop(campaign, pace or Pace())


# parxl new ----------------------------------------------------------------------------------------


def new_campaign(root: Path, set_name: str, year: int | None = None, units: Path | None = None) -> Report:
    """Make a campaign folder, its roster out of the list ``units``.

    WrongUsage if there is a campaign already, or the set or the list is not there; NothingUsable with
    every mistake of the list. Nothing is written then.
    """
    file, text = set_text(set_name)
    criteria = parse_set(text, file)
    roster = _roster(units) if units else Roster()
    year = year or dt.date.today().year
    folder = Folder(root)
    make_folder(root)
    with locked(root):
        sweep(folder.written)
        begun = _begun(folder, criteria, text.encode())
        for path in folder.folders:
            make_folder(path)
        write_atomically(folder.criteria, text.encode())
        register = begun or Register(new_campaign_id(criteria, year), criteria.id, criteria.edition)
        register.save(folder.register)
        # Last: until the control workbook is there, the same ``parxl new`` may be run again.
        rows = {UNITS: [unit_row(unit) for unit in roster.units]}
        write_atomically(folder.control, write_control(criteria, default_settings(criteria, year), year, rows))
    return Report([folder.criteria, folder.register, folder.control], list(roster.notes))


def _roster(path: Path) -> Roster:
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = "không có tệp này, hoặc không có quyền đọc"
        raise WrongUsage([finding("PX223", file=str(path), reason=reason)]) from error
    return read_roster(content, path.name)


def _begun(folder: Folder, criteria: CriteriaSet, text: bytes) -> Register | None:
    """The register of a ``parxl new`` of this set that was cut short. WrongUsage if anything else is there."""
    issued = folder.control.exists() or any(folder.forms.glob("*.xlsx"))
    if not issued and read_existing(folder.criteria) == text:
        register = load_register(folder.register)
        if register is None or (not register.serials and register.edition == criteria.edition):
            return register
    for path in (folder.control, folder.criteria, folder.register):
        if path.exists():
            raise WrongUsage([finding("PX202", name=str(path))])
    return None


@contextmanager
def working_on(root: Path) -> Iterator[Opened]:
    """The campaign, read and checked, with its folder locked and rid of what a killed run left behind."""
    folder = Folder(root)
    folder.check()
    with locked(root):
        sweep(folder.written)
        yield open_campaign(root)


def open_campaign(root: Path) -> Opened:
    """Read and check a campaign folder's own files. Every mistake of one file at once."""
    folder = Folder(root)
    folder.check()
    criteria = folder.load_criteria()
    settings = read_control(folder.control, criteria)
    forget()  # of thousands of units much was remembered; all other files are read in other processes
    register = load_register(folder.register)
    if register and register.serials and register.edition != criteria.edition:
        facts = {"old": register.edition, "new": criteria.edition}
        raise NothingUsable([finding("PX215", file=folder.criteria.name, **facts)])
    owner = root / f"~${folder.control.name}"
    findings = [finding("PX216", file=folder.control.name, name=owner.name)] if owner.exists() else []
    return Opened(folder, criteria, settings, register, findings)


# parxl forms --------------------------------------------------------------------------------------


def issue_forms(root: Path, pace: Pace | None = None) -> Report:
    """Write one locked form per unit into ``1-phieu``; a form that somebody changed is left alone."""
    with working_on(root) as opened:
        register = _issued(opened)
        # Serials first: a form must never be out without the register knowing it.
        register.save(opened.folder.register)
        previous, found = load_previous(root, opened.settings, opened.criteria)
        report = Report(findings=[*opened.findings, *found])
        with opened.shop(pace, register) as shop:
            deliver_forms(typed_then(previous), shop, report)
    report.findings += _withdrawn(opened.settings, register)
    return report


def _issued(opened: Opened) -> Register:
    criteria, register = opened.criteria, opened.register
    if register is None and any(opened.folder.forms.glob("*.xlsx")):
        name = opened.folder.name(opened.folder.register)
        raise NothingUsable([finding("PX219", file=name, name=name)])
    if register is None:
        register = Register(new_campaign_id(criteria, opened.settings.year), criteria.id, criteria.edition)
    register = replace(register, set=criteria.id, edition=criteria.edition)
    return register.with_units(opened.settings.units)


def _withdrawn(settings: Settings, register: Register) -> list[Finding]:
    units = settings.unit_by_code
    return [finding("PX218", value=code) for code in register.serials if code.lower() not in units]


# parxl score --------------------------------------------------------------------------------------


def score_campaign(root: Path, pace: Pace | None = None, publish: bool = False) -> Report:
    """Score everything in ``2-nop`` and write ``4-ket-qua``; the publication table only if asked for."""
    with working_on(root) as opened, opened.shop(pace) as shop:
        previous, found = load_previous(root, opened.settings, opened.criteria)
        results = score_opened(opened, shop, previous)
        shop.dismiss(len(results.intake.files))
        made_of = provenance(opened.folder, opened.settings, results.intake, dt.date.today())
        results = replace(results, provenance=made_of)
        report = Report(findings=[*opened.findings, *found], results=results)
        _write_whole(results, deliver_results(results, typed_then(previous), shop, report), shop, report)
        if publish:
            _publish(opened.folder, results, report)
        else:
            _compare_published(opened.folder, results, report)
    return report


def _write_whole(results: Results, units: Delivered, shop: Workshop, report: Report) -> None:
    """The league workbook and ``ket-qua.json``, only where something changed."""
    folder = shop.campaign.folder
    shop.dismiss(len(results.units))
    digest = deliver_whole(folder.league, units.rests_on, lambda: write_league(results), shop, report)
    report.books[folder.name(folder.league)] = digest

    def pieces() -> Iterator[bytes]:
        return (piece.encode() for piece in json_pieces(results, units.texts(), report.books))

    deliver_whole(folder.json, [units.rests_on, sorted(report.books.items())], pieces, shop, report)


def score_opened(opened: Opened, shop: Workshop, previous: Previous | None) -> Results:
    """Everything in ``2-nop`` and ``3-tham-dinh``, scored and compared with last year; nothing is written."""
    intake = read_intake(shop)
    layout = shop.campaign.layout
    return score_intake(
        layout, opened.settings, opened.register, intake, lambda scores: _appraisal(opened, scores), previous
    )


def _appraisal(opened: Opened, scores: Scores) -> Appraisal:
    """What both rounds say, as far as today's scores leave room for it."""
    criteria = opened.criteria
    rounds = [
        read_appraisals(opened.folder, number, criteria, opened.settings, opened.register) for number in ROUNDS
    ]
    answers, told = checked((a for one in rounds for a in one.answers), scores, criteria.decimals)
    found = [f for one in rounds for f in one.findings]
    return merge(answers, criteria.decimals, [*found, *told])


def _publish(folder: Folder, results: Results, report: Report) -> None:
    """Write the publication table, unless the one in place has been completed by somebody."""
    path, content = folder.publication, write_publication(results)
    with told(report):
        found = read_existing(path)
        if found is not None and found != content and not is_as_written(found):
            report.findings.append(finding("PX620", file=folder.name(path)))
        elif write(report, path, content):
            report.findings += _not_final(results, folder.name(path))


def _not_final(results: Results, file: str) -> list[Finding]:
    counts: dict[str, Any] = {
        "provisional": sum(unit.status == "provisional" for unit in results.units),
        "without": sum(not unit.has_scores for unit in results.units),
    }
    return [finding("PX622", file=file, **counts)] if any(counts.values()) else []


def _compare_published(folder: Folder, results: Results, report: Report) -> None:
    """Tell where the publication table in place, completed by hand or not, was made from other results."""
    # Nothing is written here: a table that cannot be read is no failure of this run.
    with suppress(ParxlError):
        found = read_existing(folder.publication)
        if found is not None and carried_imprint(found) != carried_imprint(write_publication(results)):
            report.findings.append(finding("PX621", file=folder.name(folder.publication)))
