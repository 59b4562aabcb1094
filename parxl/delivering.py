"""What each unit gets, made in processes of their own, and only where something changed.

``parxl forms``: its form. ``parxl score``: its result workbook, its part of ``ket-qua.json``, and the form that
goes back to it, if there is anything to mend.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, NamedTuple

from parxl.books.form.book import write_form
from parxl.books.form.data import FormData, form_data
from parxl.books.form.returned import form_to_mend
from parxl.books.unit.book import write_result
from parxl.campaign import Folder, Unit
from parxl.crew import Maker
from parxl.files import file_sha256, remove, sha256
from parxl.findings import Finding, finding
from parxl.previous import Typed, of_unit
from parxl.results import Portion, Results, UnitResult, league_rests_on, rests_on, unit_text
from parxl.software import build
from parxl.workshop import Campaign, Share, Workshop
from parxl.writing import Report, may_replace, told, write, write_form_file

FEW = 24  # units whose workbooks are written sooner than a process has started
FORM, RESULT, TEXT, WHOLE = "form", "result", "text", "whole"  # in the cache
WRITE_FORMS, WRITE_RESULTS = "Tạo phiếu", "Ghi kết quả"


@dataclass(frozen=True)
class Done:
    """One unit's outputs.

    ``files``: name below the folder -> SHA-256 of what stands there now, "" where nothing is to stand;
    ``written``: those that were written, or stand already as they would be. ``text``: its part of
    ``ket-qua.json``, deflated.
    """

    files: Mapping[str, str]
    written: Sequence[str] = ()
    findings: Sequence[Finding] = ()
    text: bytes = field(default=b"", repr=False)


def _deliver(
    kind: str, words: str, keys: Mapping[str, str], maker: Maker, share: Share, shop: Workshop
) -> Iterator[tuple[str, Done]]:
    """(unit code, what came of it): as it stands where nothing changed, else made anew.

    ``keys``: unit code -> a digest of all that its outputs are made from.
    """
    todo = []
    for code, key in keys.items():
        if (files := _standing(shop, kind, code, key)) is None:
            todo.append(code)
        else:
            yield code, Done(files, [name for name, digest in files.items() if digest])
    for code, answer in shop.each(maker, todo, words, share, FEW):
        done = answer if isinstance(answer, Done) else _lost(code, answer.reason("ghi"))
        if not done.findings:
            shop.cache.put(kind, code, keys[code], json.dumps(dict(done.files)).encode())
        yield code, done
    shop.cache.forget_others(kind, keys.keys())


def _standing(shop: Workshop, kind: str, code: str, key: str) -> dict[str, str] | None:
    """The unit's outputs, if they were made from the same and stand as they were written."""
    found = shop.cache.get(kind, code, key)
    files: dict[str, str] = json.loads(found) if found else {}
    root = shop.campaign.folder.root
    return files if files and all(_hash(root / name) == digest for name, digest in files.items()) else None


def _hash(path: Path) -> str:
    try:
        return file_sha256(path) if path.exists() else ""
    except OSError:
        return "?"


def _lost(code: str, reason: str) -> Done:
    return Done({}, findings=(finding("PX603", file=code, reason=reason),))


def _done(folder: Folder, report: Report, files: Mapping[str, str], text: bytes = b"") -> Done:
    return Done(files, [folder.name(path) for path in report.written], report.findings, text)


# parxl forms --------------------------------------------------------------------------------------


def deliver_forms(then: Mapping[str, Typed], shop: Workshop, report: Report) -> None:
    """Write one locked form a unit, told in the order of the roster.

    ``then``: lower-cased code of last year -> what was typed then.
    """
    campaign = shop.campaign
    typed = {unit.code: of_unit(then, unit) for unit in campaign.settings.units}
    forms = (_form(campaign, unit, typed[unit.code]) for unit in campaign.settings.units)
    keys = {form.identity.unit: _form_key(form) for form in forms}

    def share(codes: Sequence[str]) -> dict[str, Typed]:
        return {code: typed[code] for code in codes}

    done = dict(_deliver(FORM, WRITE_FORMS, keys, FormWriter, share, shop))
    for code in keys:
        _tell(report, campaign.folder, done[code])


class FormWriter:
    """The work of a process: a unit's form in its place."""

    def __init__(self, campaign: Campaign):
        self.campaign = campaign
        self.units = {unit.code: unit for unit in campaign.settings.units}

    def __call__(self, typed: Mapping[str, Typed], code: str) -> Done:
        folder, report = self.campaign.folder, Report()
        content = write_form(_form(self.campaign, self.units[code], typed[code]))
        write_form_file(folder, folder.form(code), content, self.campaign.layout, report)
        return _done(folder, report, {folder.name(folder.form(code)): sha256(content)})


def _form(campaign: Campaign, unit: Unit, last_year: Typed) -> FormData:
    assert campaign.register is not None
    return form_data(campaign.layout, campaign.settings, unit, campaign.register, last_year)


def _form_key(data: FormData) -> str:
    """A digest of all that a form is made from."""
    facts = [(one.name, getattr(data, one.name)) for one in fields(data) if one.name != "layout"]
    criteria = data.layout.criteria
    return _digest([build(), criteria.edition, criteria.wording, facts])


# parxl score --------------------------------------------------------------------------------------


class Delivered(NamedTuple):
    """For the outputs of the whole round: the units' parts of ``ket-qua.json``, in the order of the roster; and
    a digest of all that those outputs are made from.
    """

    texts: Callable[[], Iterator[str]]
    rests_on: str


def deliver_results(results: Results, then: Mapping[str, Typed], shop: Workshop, report: Report) -> Delivered:
    """Write every unit's outputs, told in the order of the roster. ``then``: as in ``deliver_forms``."""
    folder, rested = shop.campaign.folder, rests_on(results)
    typed = {result.unit.code: of_unit(then, result.unit) for result in results.units}
    keys = {code: _result_key(digest, typed[code]) for code, digest in rested.items()}

    def share(codes: Sequence[str]) -> tuple[Portion, dict[str, Typed]]:
        return results.portion(codes), {code: typed[code] for code in codes}

    done = {}
    for code, one in _deliver(RESULT, WRITE_RESULTS, keys, ResultWriter, share, shop):
        if one.text:
            shop.cache.put(TEXT, code, keys[code], one.text)
        done[code] = replace(one, text=b"")
    shop.cache.forget_others(TEXT, keys.keys())
    for result in results.units:
        code, name = result.unit.code, folder.name(folder.unit_result(result.unit.code))
        _tell(report, folder, done[code])
        if digest := done[code].files.get(name):
            report.books[name] = digest

    def texts() -> Iterator[str]:
        return (_text(results, result, keys[result.unit.code], shop) for result in results.units)

    return Delivered(texts, _digest([build(), league_rests_on(results, rested)]))


def deliver_whole(
    path: Path, facts: Any, make: Callable[[], bytes | Iterable[bytes]], shop: Workshop, report: Report
) -> str:
    """Write an output of the whole round, unless it stands as it was made from the same.

    Its SHA-256, as it should stand; "" of pieces that could not be written. ``facts``: what it is made from.
    """
    key = _digest(facts)
    kept = shop.cache.get(WHOLE, path.name, key)
    if kept and _hash(path) == kept.decode():
        report.written.append(path)
        return kept.decode()
    content = make()
    digest = sha256(content) if isinstance(content, bytes) else ""
    if write(report, path, content):
        digest = digest or _hash(path)
        shop.cache.put(WHOLE, path.name, key, digest.encode())
    return digest


def _result_key(digest: str, last_year: Typed) -> str:
    """A digest of all that a unit's outputs are made from."""
    return _digest([build(), digest, sorted(last_year.items())])


def _digest(facts: Any) -> str:
    """Of plain facts."""
    return sha256(repr(facts).encode("utf-8", "surrogatepass"))


def _text(results: Results, result: UnitResult, key: str, shop: Workshop) -> str:
    """A unit's part of ``ket-qua.json``; made here where it could not be kept."""
    found = shop.cache.get(TEXT, result.unit.code, key)
    return zlib.decompress(found).decode() if found else unit_text(results, result)


class ResultWriter:
    """The work of a process: what a unit gets, in its place."""

    def __init__(self, campaign: Campaign):
        self.campaign, self.folder = campaign, campaign.folder
        self._portion: Portion | None = None
        self._results: Results | None = None

    def __call__(self, share: tuple[Portion, Mapping[str, Typed]], code: str) -> Done:
        portion, typed = share
        results = self._results_of(portion)
        result, report = results.by_code[code], Report()
        files = self._book(results, result, report) | self._mending(results, result, typed[code], report)
        text = zlib.compress(unit_text(results, result).encode("utf-8", "surrogatepass"), 1)
        return _done(self.folder, report, files, text)

    def _results_of(self, portion: Portion) -> Results:
        """Made once for the units that came together."""
        if self._results is None or self._portion is not portion:
            campaign = self.campaign
            self._portion = portion
            self._results = portion.results(campaign.layout, campaign.settings, campaign.register)
        return self._results

    def _book(self, results: Results, result: UnitResult, report: Report) -> dict[str, str]:
        path, content = self.folder.unit_result(result.unit.code), write_result(results, result)
        write(report, path, content)
        return {self.folder.name(path): sha256(content)}

    def _mending(
        self, results: Results, result: UnitResult, last_year: Typed, report: Report
    ) -> dict[str, str]:
        """The form that goes back; a unit that needs none any more loses its old one."""
        path = self.folder.form_to_mend(result.unit.code)
        data = form_to_mend(results, result, last_year)
        if data:
            content = write_form(data)
            write_form_file(self.folder, path, content, results.layout, report)
        elif may_replace(self.folder, path, None, results.layout, report):
            with told(report):
                remove(path)
        return {self.folder.name(path): sha256(content) if data else ""}


# What is told -------------------------------------------------------------------------------------


def _tell(report: Report, folder: Folder, done: Done) -> None:
    report.findings += done.findings
    report.written += [folder.root / name for name in done.written]
