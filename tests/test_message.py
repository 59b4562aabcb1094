"""Messages as bytes: read back by Python's own parser and by hand, whatever names and subjects hold."""

from __future__ import annotations

import base64
import re
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email import policy
from email.header import decode_header, make_header
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.utils import parseaddr
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from parxl.mail.message import (
    XLSX,
    Attachment,
    Message,
    content_digest,
    digest_in,
    file_name,
    for_sending,
    message_id,
    to_eml,
)

NOW = datetime(2026, 11, 30, 8, 5, 9, tzinfo=timezone(timedelta(hours=7)))
NAME = "Phiếu chấm điểm 2026 – Cục Thuế tỉnh Hà Tĩnh.xlsx"
MESSAGE = Message(
    kind="forms",
    unit="cuc-thue",
    message_id="<parxl.forms.cuc-thue.0123456789abcdef@noivu.hatinh.gov.vn>",
    sender="cchc@noivu.hatinh.gov.vn",
    sender_name="Sở Nội vụ tỉnh Hà Tĩnh",
    recipients=("vp@cucthue.hatinh.gov.vn", "cchc.hti@gdt.gov.vn"),
    subject="Chấm điểm Chỉ số CCHC các cơ quan Trung ương năm 2026: phiếu chấm điểm của Cục Thuế tỉnh Hà Tĩnh",
    body="Kính gửi: Cục Thuế tỉnh Hà Tĩnh\n\nGửi kèm phiếu.\n",
    attachments=(Attachment(NAME, bytes(range(256)) * 50),),
)
HEAD = b"""\
X-Unsent: 1
Date: Mon, 30 Nov 2026 08:05:09 +0700
From: "So Noi vu" <cchc@noivu.hatinh.gov.vn>
To: vp@cucthue.hatinh.gov.vn,
 cchc.hti@gdt.gov.vn
Subject: =?utf-8?B?UGhp4bq/dSBjaOG6pW0gxJFp4buDbQ==?=
Message-ID: <parxl.forms.cuc-thue.0123456789abcdef@noivu.hatinh.gov.vn>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="=_parxl_BOUNDARY"

--=_parxl_BOUNDARY
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: base64

S8OtbmggZ+G7rWkNCg==
--=_parxl_BOUNDARY
Content-Type: application/vnd.openxmlformats-officedocument.spreadsheetml.sheet;
 name="=?utf-8?B?UGhp4bq/dS54bHN4?="
Content-Disposition: attachment;
 filename*=utf-8''Phi%E1%BA%BFu.xlsx
Content-Transfer-Encoding: base64

UEs=
--=_parxl_BOUNDARY--
"""
HEADERS = [
    "X-Unsent", "Date", "From", "To", "Subject", "Message-ID", "MIME-Version", "Content-Type",
]  # fmt: skip

NASTY = (
    "\r\nBcc: ai@example.vn", "\n\n", "\r", "\x00", "\x0b\x0c\x1c\x1d\x1e\x85", "\u2028\u2029", "\t", "\u00a0",
    ",", ";", '"', "\\", "<a@b.vn>", "(", ")", ":", "=?utf-8?B?QQ==?=", "=?", "?=", "%0d%0a", "'", "''", "*",
    "/", "|", "..", " . ", ".xlsx", "ế", "Ề", "đ", "e\u0302\u0301", "\u0301", "😀", "\u200b", "\u202e",
    "\ufeff", "\ud800", "x" * 90, "Sở Nội vụ",
)  # fmt: skip
nasty = st.lists(st.sampled_from(NASTY) | st.text(st.characters(), max_size=8), max_size=12).map("".join)
# Text in which nothing has to give way: it must arrive as it is.
plain = st.lists(
    st.sampled_from(
        [",", ";", '"', "\\", "<a@b.vn>", "()", "@", "=?utf-8?Q?A?=", "ế", "Sở Nội vụ", "😀", "x" * 70, "."]
    ),
    min_size=1,
    max_size=9,
).map(" ".join)


def parsed(eml: bytes) -> EmailMessage:
    found = BytesParser(policy=policy.default).parsebytes(eml)
    assert isinstance(found, EmailMessage)
    assert not any(part.defects for part in found.walk())
    return found


def the_attachment(eml: bytes) -> MIMEPart:
    (found,) = parsed(eml).iter_attachments()
    return found


def head_of(eml: bytes) -> list[tuple[str, str]]:
    """The headers by hand: unfolded, as (name, value)."""
    head = eml.partition(b"\r\n\r\n")[0].decode("ascii")
    lines = head.replace("\r\n ", "\n ").split("\r\n")
    return [(name, value) for name, _, value in (line.partition(": ") for line in lines)]


def words_in(value: str) -> str:
    """RFC 2047 by hand: the words of a header value, joined as they must be."""
    words = re.findall(r"=\?utf-8\?B\?([A-Za-z0-9+/=]+)\?=", value)
    return "".join(base64.b64decode(word).decode("utf-8") for word in words)


def sender_of(eml: bytes) -> tuple[str, str]:
    """By Python's older parser: the newer one puts blanks between the encoded words of a name."""
    name, address = parseaddr(BytesParser(policy=policy.compat32).parsebytes(eml)["From"])
    return str(make_header(decode_header(name))) if name.startswith("=?utf-8?B?") else name, address


def disposition_name(part: bytes) -> str:
    """RFC 2231 by hand: ``filename*0*=utf-8''…; filename*1*=…``."""
    pieces = re.findall(rb"filename(?:\*(\d+))?\*=(?:utf-8'')?([^;\s]+)", part)
    assert [int(number or 0) for number, _ in pieces] == list(range(len(pieces)))
    return "".join(unquote_to_bytes(piece).decode("utf-8") for _, piece in pieces)


def clean(text: str) -> bool:
    return not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in text)


# Exact bytes --------------------------------------------------------------------------------------


def test_exact_bytes() -> None:
    """A later version of Python must not change them: they are kept, and compared."""
    small = replace(
        MESSAGE,
        sender_name="So Noi vu",
        subject="Phiếu chấm điểm",
        body="Kính gửi",
        attachments=(Attachment("Phiếu.xlsx", b"PK"),),
    )
    eml = to_eml(small, NOW)
    boundary = re.search(rb"=_parxl_([0-9a-f]{24})", eml)
    assert boundary
    assert eml == HEAD.replace(b"BOUNDARY", boundary[1]).replace(b"\n", b"\r\n")


def test_same_message_same_bytes() -> None:
    assert to_eml(MESSAGE, NOW) == to_eml(replace(MESSAGE), NOW)
    other = replace(MESSAGE, message_id="<parxl.forms.b.0123456789abcdee@a.vn>")
    assert parsed(to_eml(MESSAGE, NOW)).get_boundary() != parsed(to_eml(other, NOW)).get_boundary()


def test_only_the_mark_is_taken_off() -> None:
    eml = to_eml(MESSAGE, NOW)
    sent = for_sending(eml)
    assert eml == b"X-Unsent: 1\r\n" + sent
    assert for_sending(sent) == sent
    assert b"X-Unsent" not in sent


def test_dates_are_english_with_their_zone() -> None:
    assert dict(head_of(to_eml(MESSAGE, NOW)))["Date"] == "Mon, 30 Nov 2026 08:05:09 +0700"
    assert dict(head_of(to_eml(MESSAGE, NOW.astimezone(UTC))))["Date"] == "Mon, 30 Nov 2026 01:05:09 +0000"


# Read back ----------------------------------------------------------------------------------------


def test_read_back_by_the_parser() -> None:
    found = parsed(to_eml(MESSAGE, NOW))
    assert found["From"].addresses[0].display_name == MESSAGE.sender_name
    assert found["From"].addresses[0].addr_spec == MESSAGE.sender
    assert tuple(one.addr_spec for one in found["To"].addresses) == MESSAGE.recipients
    assert found["Subject"] == MESSAGE.subject
    assert found["Message-ID"] == MESSAGE.message_id
    assert found["Date"].datetime == NOW
    body = found.get_body()
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == MESSAGE.body


def test_the_attachment_is_the_very_file() -> None:
    part = the_attachment(to_eml(MESSAGE, NOW))
    assert part.get_content_type() == XLSX
    assert part.get_filename() == NAME
    assert part.get_content() == MESSAGE.attachments[0].content


def test_both_ways_to_write_a_name_say_the_same() -> None:
    """By hand: Outlook goes by ``name=``, others by ``filename*``."""
    part = to_eml(MESSAGE, NOW).split(b"\r\n--=_")[2]
    name = re.search(rb' name="([^"]*)"', part)
    assert name
    assert words_in(name[1].decode("ascii")) == disposition_name(part) == NAME
    assert b"filename*0*=utf-8''Phi%E1%BA%BFu" in part


def test_a_plain_name_stays_plain() -> None:
    eml = to_eml(replace(MESSAGE, attachments=(Attachment("snv-2026.xlsx", b"PK"),)), NOW)
    assert b'\r\n name="snv-2026.xlsx"\r\n' in eml
    assert b'\r\n filename="snv-2026.xlsx"\r\n' in eml


def test_several_attachments_and_none() -> None:
    two = (Attachment("a.xlsx", b"1"), Attachment("b.xlsx", b""))
    found = parsed(to_eml(replace(MESSAGE, attachments=two), NOW))
    assert [(p.get_filename(), p.get_content()) for p in found.iter_attachments()] == [
        ("a.xlsx", b"1"),
        ("b.xlsx", b""),
    ]
    none = parsed(to_eml(replace(MESSAGE, attachments=()), NOW))
    assert list(none.iter_attachments()) == []
    assert none.get_body() is not None


def test_a_message_of_one_recipient_and_no_name() -> None:
    eml = to_eml(replace(MESSAGE, recipients=("a@b.vn",), sender_name=" \n"), NOW)
    assert dict(head_of(eml))["To"] == "a@b.vn"
    assert dict(head_of(eml))["From"] == MESSAGE.sender


# Whatever is in the names -------------------------------------------------------------------------


@given(plain, plain)
def test_subjects_and_names_arrive_as_they_are(subject: str, name: str) -> None:
    eml = to_eml(replace(MESSAGE, subject=subject, sender_name=name), NOW)
    found = parsed(eml)
    assert found["Subject"] == subject
    assert [one.addr_spec for one in found["From"].addresses] == [MESSAGE.sender]
    assert sender_of(eml) == (name, MESSAGE.sender)


@given(plain)
def test_subjects_by_hand(subject: str) -> None:
    value = dict(head_of(to_eml(replace(MESSAGE, subject=subject), NOW)))["Subject"]
    if value.startswith("=?utf-8?B?"):
        assert words_in(value) == subject
    else:
        assert value == subject
        assert subject.isascii()
        assert "=?" not in subject


@given(nasty, nasty, nasty, nasty)
@example("a\r\nBcc: ai@example.vn\r\n\r\nb", 'Sở, "Nội" <vụ@b.vn>', "\r\n--=_parxl\r\n", '"; filename="b.exe')
def test_no_name_makes_a_header(subject: str, name: str, body: str, file: str) -> None:
    message = replace(
        MESSAGE, subject=subject, sender_name=name, body=body, attachments=(Attachment(f"a{file}", b"PK"),)
    )
    eml = to_eml(message, NOW)
    assert [header for header, _ in head_of(eml)] == HEADERS
    found = parsed(eml)
    assert [part.get_content_type() for part in found.walk()] == ["multipart/mixed", "text/plain", XLSX]
    assert [one.addr_spec for one in found["From"].addresses] == [MESSAGE.sender]
    assert found["Bcc"] is None
    assert clean(found["Subject"])


@given(nasty, nasty, nasty)
def test_lines_are_short_ascii_and_end_alike(subject: str, name: str, file: str) -> None:
    message = replace(
        MESSAGE, subject=subject, sender_name=name, attachments=(Attachment(file + "a", b"PK" * 99),)
    )
    eml = to_eml(message, NOW)
    assert eml.isascii()
    assert eml.endswith(b"--\r\n")
    lines = eml.split(b"\r\n")
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    assert [line for line in lines if len(line) > 76 and XLSX.encode() not in line] == []


@given(nasty)
@example(".xlsx.xlsx")
@example("\u3000.xlsx")
@example("ế" * 130 + ".XLSX")
@example("a" * 114 + " .b.xlsx")
def test_names_that_windows_takes(text: str) -> None:
    name = file_name("P" + text)
    assert clean(name)
    assert not set(name) & set('<>:"/\\|?*')
    assert name == unicodedata.normalize("NFC", name) == " ".join(name.split())
    assert name.endswith(".xlsx")
    assert name[-6] not in " ."
    assert len(name) <= 120
    assert file_name(name) == name


@given(nasty)
def test_names_of_attachments_arrive(text: str) -> None:
    eml = to_eml(replace(MESSAGE, attachments=(Attachment("P" + text, b"PK"),)), NOW)
    assert the_attachment(eml).get_filename() == file_name("P" + text)
    part = eml.split(b"\r\n--=_")[2]
    if b"filename*" in part:
        assert disposition_name(part) == file_name("P" + text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (NAME, NAME),
        ("Phiếu 2026/2027: Sở “Nội vụ” <A>.xlsx", "Phiếu 2026-2027- Sở “Nội vụ” -A-.xlsx"),
        ("  Phiếu\tchấm \r\n điểm .XLSX", "Phiếu chấm điểm.xlsx"),
        ("Phiê\u0301u\u200b chấm", "Phiếu chấm.xlsx"),
        ("a" * 200 + ".xlsx", "a" * 115 + ".xlsx"),
        ("../../etc", "-..-etc.xlsx"),
    ],
)
def test_file_names(text: str, name: str) -> None:
    assert file_name(text) == name


@given(st.lists(plain | st.just(""), max_size=6).map("\n".join))
def test_bodies_arrive(text: str) -> None:
    body = parsed(to_eml(replace(MESSAGE, body=text), NOW)).get_body()
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == text.strip() + "\n"


def test_bodies_are_composed_and_printed() -> None:
    text = "Kính gu\u031b\u0309i\r\nA\rB\x00C\x1b[31m\ud800 \n\tD  \n\n"
    body = parsed(to_eml(replace(MESSAGE, body=text), NOW)).get_body()
    assert body is not None
    assert body.get_content().split("\r\n") == ["Kính gửi", "A", "B C [31m", " D", ""]


# Addresses ----------------------------------------------------------------------------------------


BAD_ADDRESSES = [
    "", "a", "a@b", "a@b.vn\r\nBcc: c@d.vn", "a@b.vn, c@d.vn", "<a@b.vn>", "A <a@b.vn>", "a b@c.vn", "a@b.vn ",
    "\na@b.vn", "a@bộ.vn", "a@b..vn", '"a"@b.vn', "a@b.vn\n",
]  # fmt: skip


@pytest.mark.parametrize("address", BAD_ADDRESSES)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        to_eml(replace(MESSAGE, recipients=("x@y.vn", address)), NOW)
    with pytest.raises(ValueError, match="no address"):
        to_eml(replace(MESSAGE, sender=address), NOW)


@pytest.mark.parametrize("identifier", ["", "<a>", "a@b.vn", "<a@b.vn>\r\nX: 1", "<a b@c.vn>", "<a@b.vn>\n"])
def test_what_is_no_message_id_is_refused(identifier: str) -> None:
    with pytest.raises(ValueError, match="no message id"):
        to_eml(replace(MESSAGE, message_id=identifier), NOW)


# Which message it is ------------------------------------------------------------------------------


def test_a_digest_knows_what_makes_a_message_new() -> None:
    first = content_digest("forms", "SNV", "c1", b"PK")
    assert re.fullmatch("[0-9a-f]{16}", first)
    assert content_digest("forms", "snv", "c1", b"PK") == first
    others = {
        content_digest("results", "snv", "c1", b"PK"),
        content_digest("forms", "snv2", "c1", b"PK"),
        content_digest("forms", "snv", "c2", b"PK"),
        content_digest("forms", "snv", "c1", b"PL"),
        content_digest("forms", "", 'snv", "c1', b"PK"),
    }
    assert len(others - {first}) == 5


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("snv", "<parxl.forms.snv.0123456789abcdef@b.gov.vn>"),
        ("A..b.C", "<parxl.forms.A.b.C.0123456789abcdef@b.gov.vn>"),
        ("", "<parxl.forms.0123456789abcdef@b.gov.vn>"),
    ],
)
def test_message_ids(unit: str, expected: str) -> None:
    found = message_id("forms", unit, "0123456789abcdef", "a@b.gov.vn")
    assert found == expected
    assert digest_in(found) == "0123456789abcdef"
    assert parsed(to_eml(replace(MESSAGE, message_id=found), NOW))["Message-ID"] == expected
