"""The plain markup that spreadsheet programs write, read without a parser: what every quick way has in common.

Each checks that it understands every byte. What is written otherwise is declined, and then parsed.
"""

from __future__ import annotations

import re

from parxl.grid.memory import Declined
from parxl.grid.model import LONGEST_TEXT

# What may stand before the root: nothing, or that the part is XML in UTF-8.
PROLOG = (
    rb"(?:\xef\xbb\xbf)?"
    rb"(?:<\?xml version=\"1\.0\" encoding=\"[Uu][Tt][Ff]-8\"(?: standalone=\"(?:yes|no)\")?\s*\?>\s*)?"
)
CONTROLS = bytes([*range(9), *range(11, 32)])  # no text of XML, or a line end that a parser would change
ODD_ENTITY = re.compile("&(?!(?:amp|lt|gt|quot|apos|#10|#13|#9);)")
ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&#10;": "\n", "&#13;": "\r", "&#9;": "\t"}


def checked(raw: bytes) -> str:
    """Text between two tags, its entities as they are. Declined where a parser would not take it so."""
    if b"]]>" in raw or raw.translate(None, CONTROLS) != raw:
        raise Declined
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Declined from error
    if "&" in text and ODD_ENTITY.search(text):
        raise Declined
    if not raw.isascii() and ("\ufffe" in text or "\uffff" in text):
        raise Declined
    return text


def meant(raw: bytes) -> str:
    """What such a text means, up to what a cell can hold. Declined as ``checked`` does."""
    return entities_meant(checked(raw))


def known_meaning(raw: bytes) -> str:
    """The same of bytes that were checked before."""
    return entities_meant(raw.decode("utf-8"))


def entities_meant(text: str) -> str:
    if "&" in text:
        for entity, sign in ENTITIES.items():
            text = text.replace(entity, sign)
        text = text.replace("&amp;", "&")
    return text[:LONGEST_TEXT]
