"""``parxl merge``: parts of one unit's form, filled in by several people, into one form.

The campaign folder is only read, the files are never changed: one new form is written, or nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from parxl.actions import Opened, open_campaign
from parxl.books.form.book import write_form
from parxl.books.form.data import FormData, Mending, Remark, form_data
from parxl.books.form.merging import as_it_stands, diagnosed, in_the_table, parts, register_of
from parxl.books.form.remarks import Places, is_told
from parxl.cache import Cache
from parxl.campaign import Unit
from parxl.criteria import Node
from parxl.files import read_existing, write_atomically
from parxl.findings import Finding, NothingUsable, ParxlError, WrongUsage, finding, printable
from parxl.issuing import is_untouched
from parxl.layout import Layout
from parxl.previous import load_previous, of_unit, typed_then
from parxl.reading.file import FileRead
from parxl.reading.form import FormRead
from parxl.reading.many import read_many
from parxl.workshop import Campaign, Pace, Workshop

MISSING = ("PX501", "PX509")
TOO_LONG = "PX614"


@dataclass(frozen=True)
class Merged:
    """What was written, and what there is to tell of it."""

    path: Path
    text: str
    findings: tuple[Finding, ...]
    to_mend: bool

    @property
    def exit_code(self) -> int:
        """0 merged, 3 merged with something that must be mended."""
        return 3 if self.to_mend else 0


def merge_forms(root: Path, paths: Sequence[Path], out: Path | None = None) -> Merged:
    """Merge filled copies of one form and write the result, by default into the current folder.

    WrongUsage if a file is not there; NothingUsable with everything that stands against merging them;
    ParxlError if the form cannot be written. Nothing is written then.
    """
    opened = open_campaign(root)
    if absent := [path for path in paths if not os.path.isfile(path)]:
        raise WrongUsage([finding("PX617", name=_decoded(path.as_posix())) for path in absent])
    named = _named(paths)
    layout = Layout(opened.criteria)
    campaign = Campaign(opened.folder, layout, opened.settings, opened.register)
    # Nothing is kept: the folder is not locked.
    files = read_many(named, Workshop(campaign, Cache(), Pace(1)))
    if against := [*_unusable(files), *_mixed(files)]:
        raise NothingUsable(against)
    merge = _Merge(opened, layout, files)
    content = write_form(merge.data)
    path = out or Path(f"{merge.unit.code}-gop.xlsx")
    _write(path, content, named.values(), layout)
    return Merged(path, merge.text(path), tuple(merge.findings(path)), merge.has_errors)


def _named(paths: Sequence[Path]) -> dict[str, Path]:
    """Each file once, by its name, with as many of the folders above it as tell it from the others."""
    whole = list(dict.fromkeys(Path(os.path.abspath(path)) for path in paths))
    return {_shortest(path, whole): path for path in whole}


def _shortest(path: Path, others: Sequence[Path]) -> str:
    lengths = range(1, len(path.parts) + 1)
    alone = (n for n in lengths if sum(o.parts[-n:] == path.parts[-n:] for o in others) == 1)
    return _decoded("/".join(path.parts[-next(alone) :]))


def _decoded(name: str) -> str:
    """Bytes that are not UTF-8 as backslash escapes, as everywhere in parxl."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


# What stands against merging ----------------------------------------------------------------------


def _unusable(files: Iterable[FileRead]) -> Iterator[Finding]:
    """Why a file is no form that can be read for certain."""
    for file in files:
        if file.fate == "skipped":
            yield finding("PX616", file=file.name)
        elif not file.form:
            yield from file.findings


def _mixed(files: Iterable[FileRead]) -> Iterator[Finding]:
    """Forms of several units; or, where the register is lost, of several campaigns."""
    owners: dict[tuple[str, str, str], list[str]] = {}
    for file in files:
        if file.form:
            identity = file.form.identity
            owner = (identity.campaign, file.unit, identity.serial)
            owners.setdefault(owner, []).append(file.name)
    if len(owners) > 1:
        values = "; ".join(f"{', '.join(names)} (đơn vị {unit})" for (_, unit, _), names in owners.items())
        yield finding("PX615", values=values)


# The merged form ----------------------------------------------------------------------------------


class _Merge:
    """The files of one unit, all of them usable."""

    def __init__(self, opened: Opened, layout: Layout, files: Sequence[FileRead]):
        self.opened, self.layout, self.files = opened, layout, files
        self.settings, self.criteria = opened.settings, opened.criteria
        self.reads = [(file.name, file.form) for file in files if file.form]
        self.unit: Unit = self.settings.unit_by_code[files[0].unit.lower()]
        self.exempt = self.settings.exempt(self.criteria, self.unit.code)
        self.places = Places(layout, self.exempt)
        self.content = parts(layout, self.places, self.reads)
        self.form = as_it_stands(layout, self.reads[0][1], self.content)
        self.diagnosed = diagnosed(layout, self.settings, self.form, self.unit.code)
        self._refuse_too_long()

    def _refuse_too_long(self) -> None:
        if found := [one for one in self.content.differences if one.code == TOO_LONG]:
            raise NothingUsable(found)

    @cached_property
    def data(self) -> FormData:
        previous, _ = load_previous(self.opened.folder.root, self.settings, self.criteria)
        register = self.opened.register or register_of(self.reads[0][1].identity, self.unit.code)
        blank = form_data(
            self.layout, self.settings, self.unit, register, of_unit(typed_then(previous), self.unit)
        )
        return replace(
            blank,
            typed=self.content.typed,
            inputs=self.content.inputs,
            evidence=self.content.evidence,
            submission=self.submission,
            mending=self._mending(),
        )

    @property
    def submission(self) -> int:
        """The highest of the files, not one more: together they are one submission."""
        return max(form.submission for _, form in self.reads)

    # What is to mend --------------------------------------------------------------------------

    def _mending(self) -> Mending | None:
        names = tuple(name for name, _ in self.reads)
        remarks = tuple(sorted(self.remarks, key=in_the_table))
        return Mending("merged", names, None, remarks) if remarks else None

    @cached_property
    def remarks(self) -> list[Remark]:
        """Where the files differ; then what was refused in one of them; then what contradicts itself."""
        remarks = self.content.remarks
        forms = [form for _, form in self.reads]
        for form, listed in (*((form, form.findings) for form in forms), (self.form, self.diagnosed)):
            taken = {cell for remark in remarks for cell in remark.cells}
            told = [self.places.remark(found, form) for found in listed if _is_error(found)]
            remarks += [r for r in told if r.cells and not taken & set(r.cells)]
        return remarks

    @property
    def has_errors(self) -> bool:
        return any(remark.severity == "error" for remark in self.remarks)

    # What is told -----------------------------------------------------------------------------

    def findings(self, path: Path) -> Iterator[Finding]:
        """On the folder and the files; then on the merged form."""
        yield from self.opened.findings
        for name, form in self.reads:
            yield from (found for found in form.findings if found.severity != "note")
            yield from self._ignored(name, form)
        contradictions = [found for found in self.diagnosed if _is_error(found)]
        for found in (*self.content.differences, *contradictions):
            yield replace(found, file=_decoded(path.name))

    def _ignored(self, name: str, form: FormRead) -> Iterator[Finding]:
        """What was typed before the department ruled that it does not apply."""
        for at in self.criteria.parts:
            keys = [at.node.input_key(at.part, one.id) for one in at.part.rule.inputs]
            typed = [key for key in keys if key in form.typed]
            if at.key in self.exempt and typed:
                place = {"file": name, "sheet": form.sheet, "cell": form.cells[typed[0]], "criterion": at.key}
                yield finding("PX507", **place, reason=self.exempt[at.key].reason)

    def text(self, path: Path) -> str:
        """What was taken from which file, and what is still blank."""
        many = f"đã gộp {len(self.reads)} tệp" if len(self.reads) > 1 else "chỉ có một tệp, không có gì để gộp"
        whose = f"Phiếu của {self.unit.name} ({self.unit.code}), Lần nộp {self.submission}: {many}."
        heads = ("Số ô lấy từ", *(f"Lĩnh vực {area.code}" for area in self.areas), "Cộng")
        rows = [(printable(name), *self._counts(name)) for name, _ in self.reads]
        table = _table([heads, *rows, ("Phiếu gộp", *self._counts(None))])
        lines = [whose, "", *table, "", *self._blank(), f"Phiếu gộp: {_decoded(str(path))}"]
        return "\n".join(map(printable, lines)) + "\n"

    @property
    def areas(self) -> list[Node]:
        """Those that agencies fill in."""
        keys = list(self.layout.input_rows)
        return [area for area in self.criteria.areas if any(_is_under(key, area) for key in keys)]

    def _counts(self, name: str | None) -> list[str]:
        """Cells that this file filled, area by area and in all; those of the whole form for None."""
        filled = [key for key, names in self.content.sources.items() if name is None or name in names]
        counts = [sum(_is_under(key, area) for key in filled) for area in self.areas]
        return [str(count) for count in (*counts, sum(counts))]

    def _blank(self) -> Iterator[str]:
        """The inputs that are still missing, one line an area; those in conflict are told as such."""
        conflicts = {cell for remark in self.content.remarks for cell in remark.cells}
        missing = [found for found in self.diagnosed if found.code in MISSING]
        for area in self.areas:
            open_cells = [
                f"{found.criterion} ({', '.join(cells)})"
                for found in missing
                if _is_under(found.criterion or "", area)
                and (cells := [c for c in self.places.cells(found, self.form) if c not in conflicts])
            ]
            if open_cells:
                yield f"Còn trống ở lĩnh vực {area.code}: mục {'; '.join(open_cells)}."
        if not missing:
            yield "Không còn mục nào thiếu số liệu."


def _is_error(found: Finding) -> bool:
    return found.severity == "error" and is_told(found)


def _is_under(key: str, area: Node) -> bool:
    return f"{key.split('/')[0]}.".startswith(f"{area.code}.")


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    """Columns aligned: names to the left, counts to the right."""
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    return [
        "  ".join([row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))])
        for row in rows
    ]


# Writing ------------------------------------------------------------------------------------------


def _write(path: Path, content: bytes, inputs: Iterable[Path], layout: Layout) -> None:
    """Write the form, unless something else that parxl did not write stands in its place."""
    name = _decoded(path.name)
    if os.path.exists(path) and any(os.path.samefile(path, one) for one in inputs):
        raise ParxlError([finding("PX619", file=name)])
    existing = read_existing(path)
    if existing is not None and existing != content and not is_untouched(existing, layout):
        raise ParxlError([finding("PX618", file=name)])
    write_atomically(path, content)
