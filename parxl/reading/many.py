"""The files of ``2-nop``, each in a process of its own kind, and only those that changed since the last run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from parxl.files import file_sha256
from parxl.findings import finding
from parxl.grid import ARRIVED
from parxl.reading.file import FileRead, FileReader
from parxl.reading.listing import is_owner_file, not_a_file
from parxl.reading.packing import pack, unpack
from parxl.software import build
from parxl.workshop import Campaign, Workshop

KIND = "read"  # in the cache
WORDS = "Đọc phiếu"


def read_many(paths: Mapping[str, Path], shop: Workshop) -> list[FileRead]:
    """Each file for itself, told under these names and in their order; one bad file never stops the others."""
    known = _Known(shop)
    found = {name: file for name, path in paths.items() if (file := known.find(name, path))}
    tasks = [(name, path) for name, path in paths.items() if name not in found]
    for (name, path), answer in shop.each(reader, tasks, WORDS):
        if isinstance(answer, bytes):
            found[name] = unpack(answer, shop.campaign.layout)
            known.keep(found[name], answer)
        else:
            reason = answer.reason("đọc")
            found[name] = FileRead(
                name, _sha256(path), "rejected", findings=(finding("PX318", file=name, reason=reason),)
            )
    shop.cache.forget_others(KIND, paths.keys())
    return [found[name] for name in paths]


def reader(campaign: Campaign) -> Callable[[None, tuple[str, Path]], bytes]:
    """The work of a process: (name, path) -> the packed ``FileRead``."""
    read = FileReader(campaign.layout, campaign.settings, campaign.register)
    return lambda shared, task: pack(read.read(task[1], task[0]))


class _Known:
    """What was read before: the same bytes, the same name, and the same facts about the unit."""

    def __init__(self, shop: Workshop):
        self.shop, self.campaign = shop, shop.campaign
        criteria, settings, register = (
            self.campaign.layout.criteria,
            self.campaign.settings,
            self.campaign.register,
        )
        issued = register.campaign if register else None
        self.units = settings.unit_by_code
        self.general = [build(), criteria.edition, criteria.wording, settings.year, issued]

    def find(self, name: str, path: Path) -> FileRead | None:
        if is_owner_file(path.name) or not_a_file(path) or not (digest := _sha256(path)):
            return None
        content = self.shop.cache.get(KIND, name, self._key(digest))
        facts, _, packed = (content or b"").partition(b"\n")
        try:
            file = unpack(packed, self.campaign.layout) if packed else None
        except ValueError:
            return None
        return file if file and facts == self._facts(file.unit) else None

    def keep(self, file: FileRead, packed: bytes) -> None:
        """A file that belongs to no unit may belong to one after the next change of the roster."""
        if file.unit and file.fate != "rejected":
            content = self._facts(file.unit) + b"\n" + packed
            self.shop.cache.put(KIND, file.name, self._key(file.sha256), content)

    def _key(self, digest: str) -> str:
        return _digest([digest, *self.general])

    def _facts(self, unit: str) -> bytes:
        """What the control workbook and the register say of this unit, as far as reading asks for it."""
        campaign, own = self.campaign, self.units.get(unit.lower())
        serial = campaign.register.serial(unit) if campaign.register else None
        exempt = sorted(campaign.settings.exempt(campaign.layout.criteria, unit))
        return _digest([unit, own.code if own else None, serial, exempt]).encode()


def _digest(facts: list[Any]) -> str:
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def _sha256(path: Path) -> str:
    """ "" of a file that cannot be read, or is too large to be a form."""
    try:
        return file_sha256(path) if path.stat().st_size <= ARRIVED.file else ""
    except OSError:
        return ""
