"""One file of ``2-nop``, read, as bytes: how a process hands it over, and how it is kept until the next run.

JSON, never pickle: what is kept lies in a folder into which anybody may write. What all forms whose rows stand
in place have in common (keys, cells) is left out, and what was typed is one compressed block.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping
from sys import intern
from types import NoneType
from typing import Any, get_args

from parxl.findings import SEVERITY_NAMES, Finding
from parxl.identity import Identity
from parxl.layout import Layout
from parxl.reading.compact import InPlace, Numbers, Packed, Usual, block_of, positions, usual, values_of
from parxl.reading.explanation import ExplanationRead, Reply
from parxl.reading.file import Fate, FileRead
from parxl.reading.form import FormRead

SHAPE = 1  # another number once anything below is packed otherwise
FATES = get_args(Fate)
Findings = tuple[Finding, ...]
# What taking damaged bytes apart may raise; all of it becomes a ValueError.
TORN = (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError, zlib.error)


def pack(file: FileRead) -> bytes:
    """``unpack`` makes an equal one of it."""
    form = _packed(file.form, file.findings) if file.form else None
    partial = _packed(file.partial, file.findings) if file.partial else None
    explanation = _packed_explanation(file.explanation) if file.explanation else None
    plain = [SHAPE, file.name, file.sha256, file.fate, file.unit, file.kind, _told(file.findings)]
    return json.dumps([*plain, form, partial, explanation], separators=(",", ":")).encode("ascii")


def unpack(content: bytes, layout: Layout) -> FileRead:
    """What was packed, of a file read with the same set. ValueError for anything else, damaged or cut off."""
    try:
        shape, name, sha256, fate, unit, kind, told, form, partial, explanation = json.loads(content)
        if _whole(shape) != SHAPE or fate not in FATES:
            raise ValueError("of another shape")
        findings = _findings(told, ())
        return FileRead(
            name=_text(name),
            sha256=_text(sha256),
            fate=fate,
            unit=intern(_text(unit)),
            form=None if form is None else _form(form, usual(layout), findings),
            findings=findings,
            partial=None if partial is None else _form(partial, usual(layout), findings),
            kind=intern(_text(kind)),
            explanation=None if explanation is None else _explanation(explanation),
        )
    except TORN as error:
        raise ValueError("not a packed file") from error


# A form -------------------------------------------------------------------------------------------


def _packed(form: FormRead, findings: Findings) -> list[Any]:
    """``findings``: of the file; mostly they are the form's own."""
    inputs, codes = tuple(form.inputs), tuple(form.self_scores)
    sheet = list(form.sheet_inputs.values())
    values = list(form.inputs.values())
    return [
        None if isinstance(form.cells, InPlace) else [inputs, codes, dict(form.cells)],
        _line(form.identity),
        form.submission,
        values,
        None if sheet == values else sheet,
        _some(form.typed, inputs),
        _some(form.evidence, codes),
        list(form.self_scores.values()),
        form.self_total,
        form.sheet,
        None if form.findings == findings else _told(form.findings),
    ]


def _some(values: Mapping[str, Any], keys: tuple[str, ...]) -> list[Any]:
    """[the places of some of the keys, one block of what stands there]."""
    at = positions(keys)
    return [[at[key] for key in values], base64.b64encode(block_of(list(values.values()))).decode("ascii")]


def _form(packed: list[Any], common: Usual, findings: Findings) -> FormRead:
    own, identity, submission, values, sheet, typed, evidence, scores, total, name, told = packed
    inputs, codes, cells = (common.inputs, common.codes, common.cells) if own is None else _own(*own)
    read = Numbers(inputs, _wholes(values))
    return FormRead(
        identity=_identity(identity),
        submission=_whole(submission),
        inputs=read,
        sheet_inputs=read if sheet is None else Numbers(inputs, _wholes(sheet)),
        evidence=_packed_texts(codes, *evidence),
        self_scores=Numbers(codes, _wholes(scores, NoneType)),
        self_total=None if total is None else _whole(total),
        sheet=intern(_text(name)),
        cells=cells,
        findings=_findings(told, findings),
        typed=_packed_texts(inputs, *typed),
    )


def _own(inputs: list[str], codes: list[str], cells: Mapping[str, str]) -> tuple[Any, ...]:
    """The keys and cells of a form whose rows moved or are lost."""
    found = {_text(key): _text(cell) for key, cell in cells.items()}
    return tuple(map(_text, inputs)), tuple(map(_text, codes)), found


def _packed_texts(keys: tuple[str, ...], at: list[int], block: str) -> Packed:
    content = base64.b64decode(block, validate=True)
    if len(values_of(content)) != len(at) or not all(0 <= place < len(keys) for place in at):
        raise ValueError("values of no key")
    return Packed(keys, at, content)


# What stands beside it ----------------------------------------------------------------------------


def _told(findings: Findings) -> list[Any]:
    return [[f.code, f.severity, f.message, f.file, f.sheet, f.cell, f.criterion] for f in findings]


def _findings(told: list[Any] | None, same: Findings) -> Findings:
    """``same``: those meant where nothing is told."""
    return same if told is None else tuple(_finding(*one) for one in told)


def _finding(code: str, severity: Any, message: str, *place: str | None) -> Finding:
    if severity not in SEVERITY_NAMES or len(place) != 4 or not all(p is None or _text(p) == p for p in place):
        raise ValueError("no finding")
    return Finding(intern(_text(code)), severity, _text(message), *place)


def _packed_explanation(read: ExplanationRead) -> list[Any]:
    replies = [[code, reply.answer, reply.documents] for code, reply in read.replies.items()]
    return [_line(read.identity), read.submission, replies, read.rows, _told(read.findings)]


def _explanation(packed: list[Any]) -> ExplanationRead:
    identity, submission, replies, rows, told = packed
    return ExplanationRead(
        identity=_identity(identity),
        submission=_whole(submission),
        replies={_text(code): Reply(_text(answer), _text(added)) for code, answer, added in replies},
        rows={_text(code): _whole(row) for code, row in rows.items()},
        findings=_findings(told, ()),
    )


def _line(identity: Identity) -> list[str]:
    return [*vars(identity).values()]


def _identity(packed: list[Any]) -> Identity:
    return Identity(*(intern(_text(text)) for text in packed))


def _text(found: Any) -> str:
    if not isinstance(found, str):
        raise ValueError("no text")
    return found


def _whole(found: Any) -> int:
    if not isinstance(found, int) or isinstance(found, bool):
        raise ValueError("no whole number")
    return found


def _wholes(found: list[Any], *others: type) -> list[Any]:
    """Many at once; ``others``: what may stand there instead."""
    if not {int, *others}.issuperset(map(type, found)):
        raise ValueError("no whole numbers")
    return found
