"""What a result rests on: its source files with their hashes, the software, and the day it was made.

A result is a pure function of the campaign folder. The day is the one part that is not, so it is kept as long
as the sources and the software are the same: running again changes no byte.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from mmap import ACCESS_READ, mmap
from pathlib import Path
from types import MappingProxyType

from parxl.campaign import Folder, Settings
from parxl.desk import ROUNDS, round_folder
from parxl.files import file_sha256, sha256
from parxl.reading.intake import Intake
from parxl.reading.listing import files_below, is_owner_file, not_a_file
from parxl.software import software


@dataclass(frozen=True)
class Provenance:
    """``sources``: file name below the campaign folder -> SHA-256, of all but the forms that came back.

    ``fingerprint``: of sources, forms and software together. ``made``: the day of the first run on them.
    """

    sources: Mapping[str, str] = field(default_factory=dict)
    fingerprint: str = ""
    made: dt.date | None = None


UNKNOWN = Provenance()
MADE = b'\n "made": '  # a member of the whole result: nothing else stands so far to the left


def provenance(folder: Folder, settings: Settings, intake: Intake, today: dt.date) -> Provenance:
    """Made ``today``, unless the result in place was made of the very same before.

    ``intake``: what has been read of ``2-nop`` already; its files are not read again.
    """
    known = {file.name: file.sha256 for file in intake.files}
    sources, forms = _sources(folder, settings), _below(folder, folder.returned, known)
    fingerprint = _fingerprint(sources, forms)
    return Provenance(sources, fingerprint, _made_before(folder.json, fingerprint) or today)


def is_current(folder: Folder, settings: Settings, fingerprint: str) -> bool:
    """Would scoring today rest on the very files, and the software, that this result rests on?"""
    return fingerprint == _fingerprint(_sources(folder, settings), _below(folder, folder.returned))


def _fingerprint(sources: Mapping[str, str], forms: Mapping[str, str]) -> str:
    known = json.dumps([software(), dict(sources), dict(forms)], sort_keys=True, ensure_ascii=False)
    return sha256(known.encode())


def _sources(folder: Folder, settings: Settings) -> dict[str, str]:
    """The department's own files that are there, and those of the appraisal: name -> SHA-256."""
    named = [folder.control, folder.criteria, folder.register]
    found = {folder.name(path): _hash(path) for path in named}
    if settings.last_year:
        found[settings.last_year] = _hash(folder.root / settings.last_year)
    found = {name: digest for name, digest in found.items() if digest}
    for number in ROUNDS:
        found |= _below(folder, folder.appraisal / round_folder(number))
    return found


def _below(folder: Folder, root: Path, known: Mapping[str, str] = MappingProxyType({})) -> dict[str, str]:
    """Every file that people have put there: name -> SHA-256, of what must not be opened "".

    ``known``: what has been found out already; of a file that was never read, "".
    """
    paths = [path for path in files_below(root) if not is_owner_file(path.name)]
    names = {folder.name(path): path for path in paths}
    return {name: known.get(name) or ("" if not_a_file(path) else _hash(path)) for name, path in names.items()}


def _hash(path: Path) -> str:
    """Empty where there is no such file, or it cannot be read: whoever reads it has told so."""
    try:
        return file_sha256(path)
    except OSError:
        return ""


def _made_before(path: Path, fingerprint: str) -> dt.date | None:
    """The day in the result in place, if that has this fingerprint.

    Looked for near the end, in parxl's own writing: the whole may be hundreds of megabytes.
    """
    try:
        with path.open("rb") as stream, mmap(stream.fileno(), 0, access=ACCESS_READ) as content:
            tail = content[max(content.rfind(MADE), 0) :]
        body = json.loads(b"{" + tail)
        return dt.date.fromisoformat(body["made"]) if body["fingerprint"] == fingerprint else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
