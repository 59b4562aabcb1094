"""What the commands do, as functions: the campaign folder in, the campaign folder out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from parxl.books.control import default_settings, write_control
from parxl.books.control_reading import read_control
from parxl.books.form import write_form
from parxl.books.form_data import form_data
from parxl.books.league_book import write_league
from parxl.books.result import write_result
from parxl.campaign import Folder, Register, Settings, Unit, load_register, new_campaign_id
from parxl.criteria import CriteriaSet, parse_set, set_text
from parxl.files import locked, sha256, write_atomically
from parxl.findings import Finding, NothingUsable, ParxlError, WrongUsage, finding
from parxl.layout import Layout
from parxl.live import form_scores
from parxl.previous import of_unit, read_previous
from parxl.reading.intake import read_intake
from parxl.results import Results, score_intake, to_json
from parxl.scoring import blank_row


@dataclass
class Report:
    """What a command wrote and what it has to tell."""

    written: list[Path] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    results: Results | None = None

    @property
    def exit_code(self) -> int:
        """0 all well, 1 something could not be written, 3 error findings, 4 nothing usable."""
        if any(found.code in ("PX601", "PX602") for found in self.findings):
            return 1
        if self.results is None:
            return 0
        bad = any(f.fate in ("rejected", "conflict") for f in self.results.intake.files)
        if bad and not self.results.intake.chosen:
            return 4
        errors = any(found.severity == "error" for found in self.results.findings)
        return 3 if bad or errors else 0


@dataclass(frozen=True)
class Opened:
    """A campaign folder that has been read and checked."""

    folder: Folder
    criteria: CriteriaSet
    settings: Settings
    register: Register | None
    findings: list[Finding]


# parxl new ----------------------------------------------------------------------------------------


def new_campaign(root: Path, set_name: str, year: int | None = None) -> Report:
    """Make a campaign folder. WrongUsage if there is one already, or the set is unknown."""
    file, text = set_text(set_name)
    criteria = parse_set(text, file)
    folder = Folder(root)
    for path in (folder.control, folder.criteria, folder.register):
        if path.exists():
            raise WrongUsage([finding("PX202", name=str(path))])
    year = year or dt.date.today().year
    report = Report()
    _make_folder(root)
    with locked(root):
        for path in folder.folders:
            path.mkdir(exist_ok=True)
        _write(report, folder.criteria, text.encode())
        register = Register(new_campaign_id(criteria, year), criteria.id, criteria.edition)
        register.save(folder.register)
        control = write_control(criteria, default_settings(criteria, year), year)
        _write(report, folder.control, control)
    return report


def _make_folder(root: Path) -> None:
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = "không tạo được thư mục"
        raise ParxlError([finding("PX601", file=str(root), reason=reason)]) from error


def _write(report: Report, path: Path, content: bytes) -> bool:
    """Write one output; a failure is told and the others are still written. Is it written?"""
    try:
        write_atomically(path, content)
    except ParxlError as error:
        report.findings.extend(error.findings)
        return False
    report.written.append(path)
    return True


def open_campaign(root: Path) -> Opened:
    """Read and check a campaign folder's own files. Every mistake of one file at once."""
    folder = Folder(root)
    folder.check()
    criteria = folder.load_criteria()
    settings = read_control(folder.control, criteria)
    register = load_register(folder.register)
    if register and register.serials and register.edition != criteria.edition:
        facts = {"old": register.edition, "new": criteria.edition}
        raise NothingUsable([finding("PX215", file=folder.criteria.name, **facts)])
    owner = root / f"~${folder.control.name}"
    findings = [finding("PX216", file=folder.control.name, name=owner.name)] if owner.exists() else []
    return Opened(folder, criteria, settings, register, findings)


# parxl forms --------------------------------------------------------------------------------------


def issue_forms(root: Path, tell: Callable[[str], None] = lambda text: None) -> Report:
    """Write one locked form per unit into ``1-phieu``; a form that somebody changed is left alone."""
    Folder(root).check()
    with locked(root):
        opened = open_campaign(root)
        register = _issued(opened)
        # Serials first: a form must never be out without the register knowing it.
        register.save(opened.folder.register)
        report = Report(findings=list(opened.findings))
        layout, hashes = Layout(opened.criteria), dict(register.hashes)
        previous, found = read_previous(root, opened.settings, opened.criteria)
        report.findings += found
        blank = form_scores(layout, blank_row(opened.criteria))
        for unit in opened.settings.units:
            data = form_data(layout, opened.settings, unit, register, of_unit(previous, unit))
            content = write_form(data, blank)
            path = opened.folder.form(unit.code)
            # The hash of what really lies there: a form that could not be replaced is still parxl's.
            if _may_write(opened.folder, unit, hashes, content, report) and _write(report, path, content):
                hashes[unit.code] = sha256(content)
                tell(opened.folder.name(path))
        replace(register, hashes=hashes).save(opened.folder.register)
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


def _may_write(folder: Folder, unit: Unit, hashes: dict[str, str], content: bytes, report: Report) -> bool:
    """Is the file in place the one that parxl wrote (or none)?"""
    path = folder.form(unit.code)
    if not path.exists():
        return True
    found = sha256(path.read_bytes())
    if found in (hashes.get(unit.code), sha256(content)):
        return True
    report.findings.append(finding("PX602", file=folder.name(path)))
    return False


def _withdrawn(settings: Settings, register: Register) -> list[Finding]:
    units = settings.unit_by_code
    return [finding("PX218", value=code) for code in register.serials if code.lower() not in units]


# parxl score --------------------------------------------------------------------------------------


def score_campaign(root: Path, tell: Callable[[str], None] = lambda text: None) -> Report:
    """Score everything in ``2-nop`` and write ``4-ket-qua``."""
    Folder(root).check()
    with locked(root):
        opened = open_campaign(root)
        layout = Layout(opened.criteria)
        intake = read_intake(opened.folder, layout, opened.settings, opened.register)
        results = score_intake(layout, opened.settings, opened.register, intake)
        report = Report(findings=list(opened.findings), results=results)
        for result in results.units:
            path = opened.folder.unit_result(result.unit.code)
            _write(report, path, write_result(results, result))
            tell(opened.folder.name(path))
        _write(report, opened.folder.league, write_league(results))
        _write(report, opened.folder.json, to_json(results).encode())
    return report
