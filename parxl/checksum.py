"""Two checksums of a form: *Mã đối chiếu* of its inputs, and the digest of everything typed in it.

*Mã đối chiếu* is the same here and in the form's live cell. For each input in printed order: digest =
(digest * 31 + code) mod 999999937, where the code is 1 for a blank, 2 for something that is no valid
value, and value + 3 otherwise. Small enough for a double.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from parxl.criteria import CriteriaSet
from parxl.rules import BLANK, DAMAGED

START, FACTOR, MODULUS = 7, 31, 999_999_937


def running_digests(criteria: CriteriaSet, inputs: Mapping[str, int]) -> list[int]:
    """The checksum after each input in printed order."""
    digests, digest = [], START
    for key in criteria.inputs:
        code = {BLANK: 1, DAMAGED: 2}.get(inputs[key], inputs[key] + 3)
        digest = (digest * FACTOR + code) % MODULUS
        digests.append(digest)
    return digests


def checksum(criteria: CriteriaSet, inputs: Mapping[str, int]) -> str:
    """*Mã đối chiếu*, ``123-456-789``: of the values as the sheet cleans them."""
    digits = f"{running_digests(criteria, inputs)[-1]:09d}"
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"


def typed_digest(typed: Mapping[str, int | float | str], evidence: Mapping[str, str], submission: int) -> str:
    """All that a person may type into a form, in 16 digits: inputs, evidence and *Lần nộp*.

    A form carries the digest of what parxl wrote into it: where it still fits, nobody has typed since.
    """
    inputs = {key: _canonical(value) for key, value in typed.items()}
    text = json.dumps([inputs, dict(evidence), submission], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _canonical(value: int | float | str) -> list[str]:
    """20 and 20.0 are one number; fifteen digits are what every spreadsheet program keeps."""
    return ["text", value] if isinstance(value, str) else ["number", f"{value:.15g}"]
