"""The least that reading and writing these very files can cost in this language, with these libraries' C code.

Reading: each part that a reader of forms must look at, inflated, and parsed by expat without anybody listening.
Writing: pre-cut pieces joined, deflated, put into an archive: by Python's own zlib at its usual level, and by
the library that parxl uses. A part that is the same in another workbook is deflated once. Whatever is prepared
for that is not counted.
"""

from __future__ import annotations

import re
import zipfile
from functools import partial
from pathlib import Path
from xml.parsers import expat

from zlib_ng import zlib_ng

from bench.archive import Deflated, deflate, parts_of, zipped
from bench.measuring import Stopwatch
from parxl.books.archive import LEVEL

# Locked cells are checked on every sheet, so every sheet is needed; the look of the cells is not, but for
# their number formats, which stand in the same part.
NEEDLESS = re.compile(r"docProps/(app|core)|xl/(theme|drawings|charts|media|printerSettings|comments|calc)")
SMALL = 20_000  # bytes of a part that may well be the same in another workbook
PIECE = re.compile(rb"(?=<c |<si>)")
WRITE = {  # stage -> how it deflates
    "write": deflate,
    "own write": partial(deflate, level=LEVEL, library=zlib_ng),
}


def read_needed(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            if not NEEDLESS.match(info.filename):
                expat.ParserCreate().Parse(archive.read(info), True)


class Stamper:
    """Puts finished workbooks together again, and times only what stamping could not be without."""

    def __init__(self, watch: Stopwatch, stage: str):
        self.watch, self.stage, self.deflate = watch, stage, WRITE[stage]
        self.known: dict[tuple[str, bytes], Deflated] = {}

    def write(self, content: bytes) -> None:
        """``content``: the workbook to come to."""
        pieces = {name: (body, PIECE.split(body)) for name, body in parts_of(content).items()}
        static = {name: self.known.get((name, body)) for name, (body, _) in pieces.items()}
        with self.watch.stage(self.stage):
            made = {name: static[name] or self.deflate(b"".join(cut)) for name, (_, cut) in pieces.items()}
            zipped(made.items())
        small = {name: body for name, (body, _) in pieces.items() if len(body) < SMALL}
        self.known |= {(name, body): made[name] for name, body in small.items()}
