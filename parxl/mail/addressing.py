"""Who gets what: a message a unit, with the right file; the league workbook to the department's own list.

Before a file is attached it is opened, and must say itself that it is this campaign's and this unit's. A form
must be as parxl wrote it, a result workbook the very one of the last ``parxl score``.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from parxl.books.control.spec import LEAGUE_TO, SENDER, SENDER_NAME
from parxl.books.unit.findings import told_to
from parxl.campaign import Folder, Register, Settings, Unit, addresses
from parxl.exact import points_text, to_units
from parxl.files import read_existing, sha256
from parxl.findings import Finding, finding
from parxl.grid import OWN, Unreadable, read_workbook
from parxl.identity import FORM, LEAGUE, RESULT, Identity, from_properties
from parxl.issuing import is_untouched
from parxl.layout import Layout
from parxl.letters import STATUS_WORDS, TO_MEND, Kind, as_list, fill, letter
from parxl.mail.message import Attachment, Message, content_digest, file_name, message_id
from parxl.mail.outbox import TO_ALL
from parxl.reading.form import peek_identity
from parxl.reading.rejection import Rejected

MOST_TOLD = 20  # findings that one reminder lists
WITHOUT_SCORES = ("missing", "rejected", "conflict")
TRIAL = "[Thử] "


@dataclass
class Mailroom:
    """Makes the messages of one campaign; ``findings`` grow while they are made.

    ``trial``: the one address that everything goes to, "" for the real ones. ``only``: lower-cased codes, empty
    for all units. ``again``: a day that makes reminders new ones.
    """

    folder: Folder
    layout: Layout
    settings: Settings
    register: Register | None
    trial: str = ""
    only: frozenset[str] = frozenset()
    again: str = ""
    findings: list[Finding] = field(default_factory=list)

    # The three mailings -----------------------------------------------------------------------

    def forms(self) -> Iterator[Message]:
        """To each unit its own form."""
        for unit in self._addressed():
            path = self.folder.form(unit.code)
            if content := self._form(unit, path):
                name = f"Phiếu chấm điểm {self.settings.year} – {unit.name}"
                yield self._message("forms", unit, name, content, {}, content)

    def reminders(self, body: Mapping[str, Any]) -> Iterator[Message]:
        """To each unit whose form is not here, was not taken, or goes back to be mended."""
        wanted = {str(one["code"]): one for one in body["units"] if self._needs_reminding(one)}
        for unit in self._addressed():
            if one := wanted.get(unit.code):
                mending = self.folder.form_to_mend(unit.code)
                path = mending if mending.exists() else self.folder.form(unit.code)
                if content := self._form(unit, path):
                    told = self._told(unit, one, body)
                    essence = [one["status"], told, str(self.settings.deadline), sha256(content), self.again]
                    facts = {"Tình trạng": STATUS_WORDS[one["status"]], TO_MEND: as_list(told)}
                    name = f"Phiếu chấm điểm {self.settings.year} – {unit.name}"
                    yield self._message(
                        "reminders", unit, name, content, facts, json.dumps(essence).encode("ascii")
                    )

    def results(self, body: Mapping[str, Any]) -> Iterator[Message]:
        """To each unit with scores its own result workbook."""
        scored = {str(one["code"]): one for one in body["units"] if one["status"] not in WITHOUT_SCORES}
        for unit in self._addressed():
            if one := scored.get(unit.code):
                path = self.folder.unit_result(unit.code)
                if content := self._result(unit.code, RESULT, path, body):
                    name = f"Kết quả Chỉ số CCHC {self.settings.year} – {unit.name}"
                    yield self._message("results", unit, name, content, self._figures(one, body), content)

    def league(self, body: Mapping[str, Any]) -> Iterator[Message]:
        """To the department's own list the league workbook, with every unit in it."""
        to = self.settings.mail.get(LEAGUE_TO, "")
        if not addresses(to) or (self.only and TO_ALL not in self.only):
            return
        if content := self._result("", LEAGUE, self.folder.league, body):
            name = f"Bảng xếp hạng {self.settings.year} – {self.settings.name}"
            yield self._message("league", Unit("", "", email=to), name, content, {}, content)

    def _told(self, unit: Unit, one: Mapping[str, Any], body: Mapping[str, Any]) -> list[str]:
        """What is to be mended: the errors and warnings on the unit's forms, each once."""
        files = [file["file"] for file in body["files"] if file["unit"] == unit.code]
        found = [Finding(**raw) for raw in one["findings"] if raw["severity"] != "note"]
        told = told_to(unit, self.settings, files, found)
        messages = list(dict.fromkeys(map(_at_its_place, told)))
        rest = len(messages) - MOST_TOLD
        return messages[:MOST_TOLD] + ([f"và {rest} nội dung khác, xem trong phiếu"] if rest > 0 else [])

    def _needs_reminding(self, one: Mapping[str, Any]) -> bool:
        return one["status"] in WITHOUT_SCORES or self.folder.form_to_mend(str(one["code"])).exists()

    def _addressed(self) -> Iterator[Unit]:
        """The units asked for that have an address."""
        for unit in self.settings.units:
            if self.only and unit.code.lower() not in self.only:
                continue
            if self.trial or addresses(unit.email):
                yield unit
            else:
                self.findings.append(finding("PX801", file="dot-cham.xlsx", sheet="Đơn vị", unit=unit.code))

    # The right file ---------------------------------------------------------------------------

    def _form(self, unit: Unit, path: Path) -> bytes:
        """A form's bytes; empty, with a finding, where it must not go out."""
        place = {"file": self.folder.name(path), "unit": unit.code}
        content = read_existing(path)
        if content is None:
            return self._withhold(finding("PX802", **place))
        try:
            identity = peek_identity(content, path.name)[1]
        except Rejected:
            return self._withhold(finding("PX803", **place, reason="không phải phiếu của parxl"))
        if reason := self._foreign(identity, FORM, unit.code) or self._wrong_serial(identity, unit):
            return self._withhold(finding("PX803", **place, reason=reason))
        if not is_untouched(content, self.layout):
            return self._withhold(finding("PX804", **place))
        return content

    def _result(self, unit: str, kind: str, path: Path, body: Mapping[str, Any]) -> bytes:
        """A result workbook's bytes; empty, with a finding, where it must not go out."""
        place = {"file": self.folder.name(path), "unit": unit or TO_ALL}
        content = read_existing(path) or b""
        if sha256(content) != body["books"].get(self.folder.name(path)):
            reason = "không phải là tệp của lần chấm gần nhất (có thể đang mở, đã sửa hoặc bị thay)"
            return self._withhold(finding("PX803", **place, reason=reason))
        try:
            identity = from_properties(read_workbook(content, OWN).properties)
        except Unreadable:
            identity = None
        if reason := self._foreign(identity, kind, unit):
            return self._withhold(finding("PX803", **place, reason=reason))
        return content

    def _foreign(self, identity: Identity | None, kind: str, unit: str) -> str:
        """Why a workbook is not this campaign's and this unit's; "" where it is."""
        criteria, register = self.layout.criteria, self.register
        if identity is None or identity.kind != kind:
            return "không phải loại tệp cần gửi"
        if identity.unit.casefold() != unit.casefold():
            return "tệp của đơn vị khác"
        same = (identity.set, identity.edition) == (criteria.id, criteria.edition)
        if not same or (register and identity.campaign != register.campaign):
            return "tệp của đợt chấm khác hoặc bộ tiêu chí khác"
        return ""

    def _wrong_serial(self, identity: Identity, unit: Unit) -> str:
        issued = self.register.serial(unit.code) if self.register else None
        return "" if issued == identity.serial else "không đúng số sê-ri đã phát hành cho đơn vị"

    def _withhold(self, found: Finding) -> bytes:
        self.findings.append(found)
        return b""

    # The letter -------------------------------------------------------------------------------

    def _message(
        self, kind: Kind, unit: Unit, name: str, content: bytes, facts: Mapping[str, str], essence: bytes
    ) -> Message:
        attachment, mail = Attachment(file_name(name), content), self.settings.mail
        facts = {**self._facts(unit, attachment.name), **facts}
        subject, body = (fill(text, facts) for text in letter(mail, kind))
        subject = " ".join(subject.split())
        to = tuple({address.casefold(): address for address in addresses(unit.email)}.values())
        if self.trial:
            subject, to = f"{TRIAL}{subject}", (self.trial,)
            essence += "\n".join([subject, body]).encode()
        campaign = self.register.campaign if self.register else ""
        digest = content_digest(kind, unit.code, campaign, essence)
        sender = mail.get(SENDER, "")
        return Message(
            kind=kind,
            unit=unit.code,
            message_id=message_id(kind, unit.code or LEAGUE, digest, sender),
            sender=sender,
            sender_name=mail.get(SENDER_NAME, "") or self.settings.lead,
            recipients=to,
            subject=subject,
            body=body,
            attachments=(attachment,),
        )

    def _facts(self, unit: Unit, name: str) -> dict[str, str]:
        deadline = self.settings.deadline
        return {
            "Tên đơn vị": unit.name,
            "Mã đơn vị": unit.code,
            "Khối": unit.group,
            "Năm": str(self.settings.year),
            "Tên đợt chấm": self.settings.name,
            "Cơ quan chủ trì": self.settings.lead,
            "Hạn nộp": f"{deadline:%d/%m/%Y}" if isinstance(deadline, dt.date) else "",
            "Tên tệp": name,
        }

    def _figures(self, one: Mapping[str, Any], body: Mapping[str, Any]) -> dict[str, str]:
        """What the letter says of the result; the file says the rest."""
        peers = [u["rank"] for u in body["units"] if u["group"] == one["group"] and u["rank"] is not None]
        rank = one["rank"]
        tie = " (đồng hạng)" if peers.count(rank) > 1 else ""
        return {
            "Tổng điểm": self._points(one["total"]),
            "Điểm tối đa": self._points(one["maximum"]),
            "Chỉ số": self._points(one["index"]),
            "Xếp hạng": "" if rank is None else f"{rank}/{len(peers)}{tie}",
            "Xếp loại": one["band"] or "",
        }

    def _points(self, value: float | None) -> str:
        decimals = self.layout.criteria.decimals
        return "" if value is None else points_text(to_units(Decimal(str(value)), decimals), decimals)


def _at_its_place(found: Finding) -> str:
    """The cell first, so that it is found; the unit knows its own file."""
    place = replace(found, file=None).place
    return f"{place}: {found.message}" if place else found.message
