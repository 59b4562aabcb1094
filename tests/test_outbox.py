"""The send log after a kill at any byte, and the outbox: written before anything is sent, its bytes kept."""

from __future__ import annotations

import errno
import json
import os
import tracemalloc
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parxl.findings import ParxlError
from parxl.mail import log as log_module
from parxl.mail import outbox
from parxl.mail.log import LOG_NAME, STATES, DamagedLog, Entry, SendLog, State, is_due, key_of
from parxl.mail.message import Attachment, Message, content_digest, message_id, to_eml
from parxl.mail.outbox import Changed, Prepared, prepare, withdraw

NOW = datetime(2026, 11, 30, 8, 0, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
SENDER = "cchc@noivu.vn"


def entry(state: State, unit: str = "snv", **changes: Any) -> Entry:
    key = f"<parxl.forms.{unit}.0123456789abcdef@noivu.vn>|vp@{unit}.vn"
    found = Entry(
        "2026-11-30T08:00:00+07:00", key, "forms", unit, f"vp@{unit}.vn", state, 250, "Nhận rồi", "phieu/a"
    )
    return replace(found, **changes)


def log_at(folder: Path) -> SendLog:
    return SendLog(folder / LOG_NAME)


def written(folder: Path, *entries: Entry) -> Path:
    log = log_at(folder)
    for one in entries:
        log.write(one)
    return log.path


# The log ------------------------------------------------------------------------------------------


def test_a_log_of_nothing(tmp_path: Path) -> None:
    log = log_at(tmp_path / "5-thu")
    assert (log.entries, log.torn, log.delivered) == ([], False, set())
    assert log.state("x") is log.last("x") is None
    assert list(tmp_path.iterdir()) == [], "opening writes nothing"


def test_one_line_an_entry_readable_by_anybody(tmp_path: Path) -> None:
    one, two = entry("intended"), entry("sent", text='“Đã nhận”\r\n"a"\u2028', resend=True)
    path = written(tmp_path / "5-thu", one, two)
    lines = path.read_bytes().split(b"\n")
    assert lines.pop() == b""
    assert [json.loads(line) for line in lines] == [asdict(one), asdict(two)]
    assert "“Đã nhận”".encode() in lines[1]
    assert SendLog(path).entries == [one, two]


def test_the_last_line_says_how_it_stands(tmp_path: Path) -> None:
    path = written(tmp_path, entry("intended"), entry("deferred"), entry("intended"), entry("sent"))
    assert SendLog(path).state(entry("sent").key) == "sent"
    assert SendLog(path).last(entry("sent").key) == entry("sent")


@pytest.mark.parametrize("state", STATES)
def test_each_state_is_read_back(tmp_path: Path, state: State) -> None:
    log = SendLog(written(tmp_path, entry(state)))
    assert log.state(entry(state).key) == ("unknown" if state == "intended" else state)


def test_intended_is_unknown_only_once_somebody_else_has_opened_the_log(tmp_path: Path) -> None:
    log = log_at(tmp_path)
    log.write(entry("intended"))
    assert log.state(entry("sent").key) == "intended"
    before = log.path.read_bytes()
    assert log_at(tmp_path).state(entry("sent").key) == "unknown"
    assert log.path.read_bytes() == before


def test_addresses_codes_and_domains_of_the_sender_do_not_make_another_message(tmp_path: Path) -> None:
    key = key_of("<parxl.forms.SNV.0123456789abcdef@noivu.vn>", "VP@snv.vn")
    assert key == key_of("<parxl.forms.snv.0123456789abcdef@hatinh.gov.vn>", "vp@SNV.vn")
    log = SendLog(written(tmp_path, entry("sent", key=key.upper())))
    assert log.state(key) == log.state(key.upper()) == "sent"


def test_what_has_gone_out(tmp_path: Path) -> None:
    log = log_at(tmp_path)
    for number, states in enumerate(
        [
            ["intended", "sent", "intended", "deferred"],
            ["intended", "refused"],
            ["deferred"],
            ["unknown"],
            ["intended"],
        ]
    ):
        for state in states:
            log.write(entry(state, unit=f"u{number}", eml=f"phieu/{number}"))  # type: ignore[arg-type]
    assert log.delivered == log_at(tmp_path).delivered == {"phieu/0", "phieu/3", "phieu/4"}


@pytest.mark.parametrize("state", ["intended", "sent"])
def test_killed_at_any_byte_of_a_line(tmp_path: Path, state: State) -> None:
    """A torn ``intended`` never left; a torn ``sent`` may have arrived. The log stays whole lines."""
    before = [entry("sent", "a"), *([entry("intended")] if state == "sent" else [])]
    path = written(tmp_path, *before)
    start = path.read_bytes()
    path = written(tmp_path, entry(state))
    line = path.read_bytes()[len(start) :]
    for length in range(len(line)):
        path.write_bytes(start + line[:length])
        log = SendLog(path)
        assert (log.torn, log.entries) == (length > 0, before)
        assert log.state(entry(state).key) == ("unknown" if state == "sent" else None)
        log.write(entry("deferred", "z"))
        assert not log.torn
        assert SendLog(path).entries == [*before, entry("deferred", "z")]


def test_a_torn_first_line(tmp_path: Path) -> None:
    (tmp_path / LOG_NAME).write_bytes(b'{"time": "20')
    log = log_at(tmp_path)
    assert log.torn
    log.write(entry("sent"))
    assert log_at(tmp_path).entries == [entry("sent")]


LINE = json.dumps(asdict(entry("sent")))


@pytest.mark.parametrize(
    "damage",
    [
        "", " ", "{}", "[]", "null", "x", LINE[:-1], LINE + "x", LINE.replace('"sent"', '"send"'),
        LINE.replace("250", '"250"'), LINE.replace("250", "true"), LINE.replace("false", "0"),
        LINE.replace('"unit"', '"đơn vị"'), LINE.replace("{", '{"more": "", ', 1), "\ufeff" + LINE, "9" * 5000,
    ],
)  # fmt: skip
@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_damaged_line_is_never_passed_over(tmp_path: Path, damage: str, at: int) -> None:
    lines = [LINE, LINE]
    lines.insert(at, damage)
    (tmp_path / LOG_NAME).write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(DamagedLog) as raised:
        log_at(tmp_path)
    assert (raised.value.path, raised.value.line) == (tmp_path / LOG_NAME, at + 1)


def test_bytes_that_are_no_text_are_damage(tmp_path: Path) -> None:
    (tmp_path / LOG_NAME).write_bytes(LINE.encode() + b"\n\xff\xfe\n" + LINE.encode() + b"\n")
    with pytest.raises(DamagedLog):
        log_at(tmp_path)


@given(st.lists(st.text(st.characters(), max_size=20), min_size=1, max_size=5))
@settings(max_examples=50)
def test_whatever_a_server_says_is_one_line(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    path = written(tmp_path_factory.mktemp("log"), *(entry("refused", text=text) for text in texts))
    assert path.read_bytes().count(b"\n") == len(texts)
    assert [one.text for one in SendLog(path).entries] == texts


def test_on_the_disk_before_it_returns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole line is in the file when it is synced, and the folder that has got a new name is synced too."""
    synced: list[bytes | None] = []
    path = tmp_path / LOG_NAME
    real = os.fsync

    def fsync(handle: int) -> None:
        real(handle)
        is_folder = os.path.samestat(os.fstat(handle), tmp_path.stat())
        synced.append(None if is_folder else path.read_bytes() if path.exists() else b"")

    monkeypatch.setattr(os, "fsync", fsync)
    log = log_at(tmp_path)
    log.write(entry("intended"))
    assert synced == [b"", None, path.read_bytes()]
    log.write(entry("sent"))
    assert synced[3:] == [path.read_bytes()]


def test_a_full_disk_leaves_no_half_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = log_at(tmp_path)
    log.write(entry("intended"))

    def half(path: Path, line: bytes) -> None:
        with path.open("ab") as stream:
            stream.write(line[: len(line) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(log_module, "_append", half)
        with pytest.raises(ParxlError) as raised:
            log.write(entry("sent"))
    assert [one.code for one in raised.value.findings] == ["PX601"]
    assert "đĩa đầy" in str(raised.value)
    assert log.state(entry("sent").key) == "intended"
    assert log_at(tmp_path).state(entry("sent").key) == "unknown"
    log.write(entry("sent"))
    assert log_at(tmp_path).entries == log.entries == [entry("intended"), entry("sent")]


# The outbox ---------------------------------------------------------------------------------------


def message(unit: str = "snv", content: bytes = b"PK 1", **changes: Any) -> Message:
    digest = content_digest("forms", unit, "c1", content)
    found = Message(
        kind="forms",
        unit=unit,
        message_id=message_id("forms", unit, digest, SENDER),
        sender=SENDER,
        sender_name="Sở Nội vụ",
        recipients=(f"vp@{unit or 'snv'}.vn",),
        subject=f"Phiếu của {unit}",
        body="Kính gửi",
        attachments=(Attachment(f"Phiếu {unit}.xlsx", content),),
    )
    return replace(found, **changes)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "5-thu" / "phieu"


@pytest.fixture
def log(tmp_path: Path) -> SendLog:
    return log_at(tmp_path / "5-thu")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def send(log: SendLog, prepared: Prepared, state: State = "sent", *recipients: str) -> None:
    """What the log says once this message has been dealt with."""
    sent = prepared.message
    for recipient in recipients or sent.recipients:
        facts = {"key": key_of(sent.message_id, recipient), "recipient": recipient, "eml": prepared.name}
        log.write(entry("intended", sent.unit, **facts))
        log.write(entry(state, sent.unit, **facts))


def test_a_message_is_a_file(folder: Path, log: SendLog) -> None:
    (one,) = prepare(folder, [message()], log, NOW)
    digest = content_digest("forms", "snv", "c1", b"PK 1")
    assert one.path == folder / f"snv-{digest[:8]}.eml"
    assert one.name == f"phieu/snv-{digest[:8]}.eml"
    assert one.path.read_bytes() == one.eml == to_eml(message(), NOW)
    assert one.message == message(attachments=())
    assert not log.path.exists()


def test_all_are_there_and_whole(folder: Path, log: SendLog) -> None:
    units = ["snv", "so-noi-vu", "A.B", "x" * 40, ""]
    made = prepare(folder, [message(unit) for unit in units], log, NOW)
    assert [one.message.unit for one in made] == units
    assert set(contents(folder)) == {one.path.name for one in made}
    for one in made:
        (part,) = BytesParser(policy=policy.default).parsebytes(one.eml).iter_attachments()  # type: ignore[attr-defined]
        assert part.get_filename() == f"Phiếu {one.message.unit}".strip() + ".xlsx"
        assert one.path.name == one.path.name.lower(), "one file on Windows and elsewhere"
    assert made[-1].path.name.startswith("bang-xep-hang-")


def test_the_same_message_keeps_its_bytes_and_date(folder: Path, log: SendLog) -> None:
    prepare(folder, [message()], log, NOW)
    before, (path,) = contents(folder), folder.iterdir()
    os.utime(path, (1, 1))
    prepare(folder, [message()], log, LATER)
    assert contents(folder) == before
    assert path.stat().st_mtime == 1


CHANGES = [
    {"body": "Kính gửi quý đơn vị"},
    {"subject": "Phiếu"},
    {"recipients": ("khac@snv.vn",)},
    {"sender_name": "Sở"},
    {"sender": "khac@hatinh.gov.vn", "message_id": message().message_id.replace("noivu.vn", "hatinh.gov.vn")},
]
each_change = pytest.mark.parametrize("change", CHANGES)


@each_change
def test_another_text_or_address_is_written_anew_while_unsent(folder: Path, log: SendLog, change: Any) -> None:
    (one,) = prepare(folder, [message()], log, NOW)
    (two,) = prepare(folder, [message(**change)], log, LATER)
    assert one.path == two.path
    assert contents(folder) == {two.path.name: to_eml(message(**change), LATER)}
    assert two.eml == two.path.read_bytes()


@pytest.mark.parametrize("state", ["sent", "unknown", "intended"])
@each_change
def test_what_has_gone_out_keeps_its_bytes(folder: Path, log: SendLog, change: Any, state: State) -> None:
    first = message(recipients=("vp@snv.vn", "khac@snv.vn"))
    (one,) = prepare(folder, [first], log, NOW)
    send(log, one, state)
    before = contents(folder)
    (two,) = prepare(folder, [replace(first, **change)], log, LATER)
    assert contents(folder) == before
    assert (two.path, two.eml) == (one.path, one.eml)


def test_who_still_waits_gets_the_words_of_today_and_the_sent_file_stays(folder: Path, log: SendLog) -> None:
    first = message(recipients=("a@snv.vn", "b@snv.vn"))
    (one,) = prepare(folder, [first], log, NOW)
    send(log, one, "sent", "a@snv.vn")
    send(log, one, "refused", "b@snv.vn")
    mended = replace(first, recipients=("a@snv.vn", "c@snv.vn"))
    (two,) = prepare(folder, [mended], log, LATER)
    assert two.path.name == one.path.name.replace(".eml", "-2.eml")
    assert contents(folder) == {one.path.name: one.eml, two.path.name: to_eml(mended, LATER)}
    assert prepare(folder, [mended], log, LATER + timedelta(1)) == [two]
    send(log, two, "sent", "c@snv.vn")
    (three,) = prepare(folder, [replace(mended, recipients=("d@snv.vn",))], log, LATER)
    assert three.path.name.endswith("-3.eml")
    assert len(contents(folder)) == 3


def test_an_unsent_second_version_is_written_anew(folder: Path, log: SendLog) -> None:
    (one,) = prepare(folder, [message()], log, NOW)
    send(log, one)
    (two,) = prepare(folder, [message(recipients=("b@snv.vn",))], log, NOW)
    (three,) = prepare(folder, [message(recipients=("c@snv.vn",))], log, NOW)
    assert two.path == three.path
    assert set(contents(folder)) == {one.path.name, three.path.name}
    assert prepare(folder, [message()], log, LATER) == [one]
    assert set(contents(folder)) == {one.path.name}


def test_sending_again_takes_the_words_of_today(folder: Path, log: SendLog) -> None:
    (one,) = prepare(folder, [message()], log, NOW)
    send(log, one, "unknown")
    mended = message(body="Sửa lại")
    assert prepare(folder, [message()], log, LATER, resend=["SNV"]) == [one]
    assert prepare(folder, [mended], log, LATER, resend=["khac"])[0].eml == one.eml
    (two,) = prepare(folder, [mended], log, LATER, resend=["SNV"])
    assert contents(folder) == {one.path.name: one.eml, two.path.name: to_eml(mended, LATER)}


def test_what_has_certainly_arrived_is_not_written_again(folder: Path, log: SendLog) -> None:
    (one,) = prepare(folder, [message()], log, NOW)
    send(log, one)
    (two,) = prepare(folder, [message(body="Sửa lại")], log, LATER, resend=["SNV"])
    assert (two.path, two.eml) == (one.path, one.eml)
    assert contents(folder) == {one.path.name: one.eml}


@pytest.mark.parametrize("state", [None, *STATES])
def test_what_is_still_to_be_sent(state: State | None) -> None:
    assert is_due(state, resend=False) is (state in (None, "deferred"))
    assert is_due(state, resend=True) is (state in (None, "deferred", "refused", "unknown"))


def test_a_new_message_replaces_an_unsent_one(folder: Path, log: SendLog) -> None:
    other = message("so-noi-vu")
    prepare(folder, [message(), other], log, NOW)
    (folder / "ghi-chu.eml").write_bytes(b"")
    (folder / "snv.txt").write_bytes(b"")
    made = prepare(folder, [message(content=b"PK 2")], log, LATER)
    (kept,) = prepare(folder, [other], log, LATER)
    assert set(contents(folder)) == {made[0].path.name, kept.path.name, "ghi-chu.eml", "snv.txt"}


def test_a_new_message_leaves_a_sent_one(folder: Path, log: SendLog) -> None:
    (one,) = prepare(folder, [message()], log, NOW)
    send(log, one)
    (two,) = prepare(folder, [message(content=b"PK 2")], log, LATER)
    assert contents(folder) == {one.path.name: one.eml, two.path.name: two.eml}


@pytest.mark.parametrize("other", ["snv-01234567", "snv-0123456", "a-snv", "snv2", "snv-01234567-2"])
def test_units_with_like_names_keep_their_files(folder: Path, log: SendLog, other: str) -> None:
    prepare(folder, [message(), message(other)], log, NOW)
    prepare(folder, [message(content=b"PK 2")], log, NOW)
    prepare(folder, [message(other, content=b"PK 2")], log, NOW)
    expected = prepare(folder, [message(content=b"PK 2"), message(other, content=b"PK 2")], log, NOW)
    assert set(contents(folder)) == {one.path.name for one in expected}
    assert len(expected) == 2


def test_a_file_of_another_folder_is_another_file(folder: Path, log: SendLog) -> None:
    """A trial to one address, under the same name, leaves the real message as unsent as it was."""
    (trial,) = prepare(folder.parent / outbox.TRIAL_FOLDER, [message(recipients=("toi@noivu.vn",))], log, NOW)
    send(log, trial)
    (one,) = prepare(folder, [message()], log, NOW)
    assert one.path.name == trial.path.name
    (two,) = prepare(folder, [message(body="Sửa")], log, NOW)
    assert two.path == one.path
    assert trial.eml


def test_withdrawn_what_nobody_needs_any_more(folder: Path, log: SendLog) -> None:
    one, two, three = prepare(folder, [message("a"), message("b"), message("c")], log, NOW)
    send(log, two)
    withdraw(folder, [one], log)
    assert set(contents(folder)) == {one.path.name, two.path.name}
    assert not three.path.exists()
    withdraw(folder.parent / "nhac", [], log)


@pytest.mark.parametrize(
    "damage", [b"", b"x", b"\r\n\r\nDate: x", b"Date: Mon, 99 Nov 2026 08:00:00 +9999\r\n"]
)
def test_a_file_that_somebody_else_has_written(folder: Path, log: SendLog, damage: bytes) -> None:
    (one,) = prepare(folder, [message()], log, NOW)
    one.path.write_bytes(damage)
    with pytest.raises(Changed) as raised:
        _ = one.eml
    assert raised.value.path == one.path
    (two,) = prepare(folder, [message()], log, LATER)
    assert two.eml == to_eml(message(), LATER)


def test_a_file_that_is_gone(folder: Path, log: SendLog) -> None:
    (one,) = prepare(folder, [message()], log, NOW)
    send(log, one)
    one.path.unlink()
    with pytest.raises(Changed):
        _ = one.eml
    assert prepare(folder, [message()], log, NOW) == [one]


def test_one_that_cannot_be_written_stops_before_anything_is_removed(
    folder: Path, log: SendLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(folder, [message("a"), message("b")], log, NOW)
    before = contents(folder)
    replace_file = os.replace

    def refuse(source: str, target: Path) -> None:
        if target.name.startswith("b-"):
            raise PermissionError(errno.EACCES, "open in Outlook")
        replace_file(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(ParxlError) as raised:
        prepare(folder, [message("a", content=b"PK 2"), message("b", content=b"PK 2")], log, NOW)
    assert raised.value.findings[0].code == "PX601"
    assert before.items() < contents(folder).items()


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_any_history_keeps_what_has_gone_out(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Whatever is prepared and sent in whatever order: no file that went out ever changes or goes."""
    root = tmp_path_factory.mktemp("5-thu")
    gone: dict[str, bytes] = {}
    for step in range(data.draw(st.integers(1, 8))):
        log = log_at(root)
        wanted = message(
            data.draw(st.sampled_from(["a", "b"])),
            data.draw(st.sampled_from([b"1", b"2"])),
            body=data.draw(st.sampled_from(["x", "y"])),
            recipients=tuple(data.draw(st.sampled_from([["p@a.vn"], ["p@a.vn", "q@a.vn"], ["r@a.vn"]]))),
        )
        (one,) = prepare(root / "phieu", [wanted], log, NOW + timedelta(step))
        waiting = [
            r for r in wanted.recipients if log.state(key_of(wanted.message_id, r)) in (None, "deferred")
        ]
        assert not waiting or one.eml.endswith(to_eml(wanted, NOW).partition(b"From: ")[2])
        for recipient in waiting[: data.draw(st.integers(0, 2))]:
            state: State = data.draw(st.sampled_from(["sent", "refused", "deferred", "unknown", "intended"]))
            send(log, one, state, recipient)
            if state in ("sent", "unknown", "intended"):
                gone[one.path.name] = one.eml
        assert gone.items() <= contents(root / "phieu").items()


def test_thousands_of_messages_one_at_a_time(
    folder: Path, log: SendLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """14,000 attachments never lie in memory together: here 300 of 200 KB, within 10 MB."""
    size, number = 200_000, 300

    def many() -> Iterator[Message]:
        for count in range(number):
            yield message(f"u{count}", content=count.to_bytes(4, "big") * (size // 4))

    monkeypatch.setattr(outbox, "write_atomically", lambda path, content: None)
    tracemalloc.start()
    try:
        made = prepare(folder, many(), log, NOW)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(made) == number
    assert peak < 10_000_000
