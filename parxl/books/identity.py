"""Who a workbook belongs to, written three times: metadata sheet, document properties, locked cell."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from parxl.books.styles import Book
from parxl.layout import SHEET_META

FORMAT = "1"


@dataclass(frozen=True)
class Identity:
    """What ties a workbook to its campaign and unit. All plain strings."""

    kind: str
    set: str
    edition: str
    wording: str
    campaign: str
    unit: str
    serial: str

    @property
    def line(self) -> str:
        """The locked cell on the table."""
        return "parxl|" + "|".join((self.kind, self.set, self.edition, self.campaign, self.unit, self.serial))


def stamp(book: Book, identity: Identity) -> None:
    """Write the metadata sheet and the document properties."""
    fields = {"format": FORMAT, **asdict(identity)}
    sheet = book.sheet(SHEET_META)
    for row, (key, value) in enumerate(fields.items()):
        sheet.write_string(row, 0, key)
        sheet.write_string(row, 1, value)
        book.workbook.set_custom_property(f"parxl_{key}", value or "-", "text")
    sheet.protect()
    sheet.very_hidden()
