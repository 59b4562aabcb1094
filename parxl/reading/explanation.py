"""One explanation form that came back -> what the unit answered on each criterion.

Rows are found by their hidden keys. Only the two columns to write in are taken; nothing here touches a score.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from parxl import seal
from parxl.checksum import typed_digest
from parxl.criteria import CriteriaSet
from parxl.desk import EXPLANATION, SHEET_EXPLANATION, SUBMISSION_CELL
from parxl.findings import Finding, finding
from parxl.grid import EMPTY, Cell, Workbook, cell_name, cell_place, tidy
from parxl.identity import Identity
from parxl.layout import SUBMISSION_LABEL
from parxl.reading.form import MAX_EVIDENCE, read_submission
from parxl.reading.rejection import Rejected
from parxl.reading.sealed import Sealed, Seals

PLACE = {name: cell_place(f"{column.letter}1")[1] for name, column in EXPLANATION.items()}
TYPED = ("answer", "documents")
MOST_NAMED = 20  # cells that one message lists


@dataclass(frozen=True)
class Reply:
    """What a unit wrote about one criterion: its answer, and the documents it adds."""

    answer: str = ""
    documents: str = ""

    @property
    def text(self) -> str:
        """Both as one text, for those who only read it."""
        added = f"Tài liệu bổ sung: {self.documents}" if self.documents else ""
        return "\n".join(part for part in (self.answer, added) if part)


@dataclass(frozen=True)
class ExplanationRead:
    """What one explanation form says. ``replies``: by leaf code, blank ones left out."""

    identity: Identity
    submission: int
    replies: dict[str, Reply]
    rows: dict[str, int]  # leaf code -> its row
    findings: tuple[Finding, ...] = field(default=())

    @property
    def digest(self) -> str:
        return replies_digest(self.replies, self.submission)

    def differences(self, other: ExplanationRead) -> list[str]:
        """The cells in which another form of the unit says something else, as this one names them."""
        found = []
        for code, row in self.rows.items():
            own, others = self.replies.get(code, Reply()), other.replies.get(code, Reply())
            for name in TYPED:
                if getattr(own, name) != getattr(others, name):
                    found.append(f"{EXPLANATION[name].letter}{row} (mục {code})")
        return found + [f"mục {code}" for code in other.replies if code not in self.rows]


def replies_digest(replies: Mapping[str, Reply], submission: int) -> str:
    """All that a person may type into an explanation form."""
    answers = {code: text for code, reply in replies.items() if (text := tidy(reply.answer))}
    documents = {code: text for code, reply in replies.items() if (text := tidy(reply.documents))}
    return typed_digest(answers, documents, submission)


def read_explanation(book: Workbook, file: str, criteria: CriteriaSet, identity: Identity) -> ExplanationRead:
    """The answers in a workbook whose identity has been accepted.

    Rejected where it is not certain which criterion an answer belongs to.
    """
    tables = [_Table(book, name, file, criteria) for name in book.sheets]
    tables = [table for table in tables if table.found]
    tables.sort(key=lambda table: (table.sheet != SHEET_EXPLANATION, -len(table.found)))
    if not tables:
        reason = "không tìm thấy bảng, hoặc cột ẩn của bảng đã bị mất"
        raise Rejected([finding("PX361", file=file, reason=reason)], identity)
    table = tables[0]
    if doubts := [*table.doubts(), *_rival_copies(table, tables[1:])]:
        raise Rejected(doubts, identity)
    return table.read(identity)


def _rival_copies(table: _Table, copies: list[_Table]) -> Iterator[Finding]:
    """Copies of the table in which something else is written."""
    for copy in copies:
        if copy.replies() != table.replies():
            reason = f"trang “{copy.sheet}” là bản sao của bảng nhưng ghi khác"
            yield finding("PX361", file=table.file, sheet=table.sheet, reason=reason)


class _Table:
    def __init__(self, book: Workbook, sheet: str, file: str, criteria: CriteriaSet):
        self.book, self.sheet, self.file, self.criteria = book, sheet, file, criteria
        self.cells = book.sheets[sheet]
        known = {node.code for node in criteria.leaves}
        keys = ((row, cell.text) for (row, column), cell in self.cells.items() if column == PLACE["key"])
        self.found = sorted((row, key) for row, key in keys if key in known)
        self.findings: list[Finding] = []

    @cached_property
    def rows(self) -> dict[str, int]:
        return {code: row for row, code in self.found}

    @cached_property
    def submission(self) -> tuple[int, int]:
        """The place of *Lần nộp*: beside its label, for lines may have been inserted above it."""
        row, column = cell_place(SUBMISSION_CELL)
        above = range(1, min(self.rows.values()))
        own = (r for r in above if self.cells.get((r, column - 1), EMPTY).text == SUBMISSION_LABEL)
        return next(own, row), column

    def _cell(self, row: int, name: str) -> Cell:
        return self.cells.get((row, PLACE[name]), EMPTY)

    def doubts(self) -> Iterator[Finding]:
        """Rows of which it is not certain what they answer: lost their order, or stand twice."""
        for row, code in self.found:
            place = {"file": self.file, "sheet": self.sheet, "cell": f"{EXPLANATION['code'].letter}{row}"}
            shown = self._cell(row, "code").text
            if self.rows[code] != row:
                reason = f"dòng của mục {code} có mặt nhiều lần"
                yield finding("PX361", **place, criterion=code, reason=reason)
            elif shown != code and shown in self.rows:
                reason = f"dòng của mục {code} lại mang số mục {shown}"
                yield finding("PX361", **place, criterion=code, reason=reason)

    def replies(self) -> dict[str, Reply]:
        """Leaf code -> what is written in its row, blank ones left out."""
        found = {code: Reply(*map(self._text, self._typed_cells(row))) for code, row in self.rows.items()}
        return {code: reply for code, reply in found.items() if reply != Reply()}

    def _typed_cells(self, row: int) -> tuple[Cell, Cell]:
        return self._cell(row, "answer"), self._cell(row, "documents")

    @staticmethod
    def _text(cell: Cell) -> str:
        """As a person sees it; a formula as its own text, never what it makes."""
        return (tidy(cell.source) if cell.formula else cell.text)[:MAX_EVIDENCE]

    def read(self, identity: Identity) -> ExplanationRead:
        replies, submission = self.replies(), self._submission()
        told = [*submission[1], *self._formulas(), *self._changes()]
        if not replies:
            told.append(finding("PX362", file=self.file, sheet=self.sheet))
        return ExplanationRead(identity, submission[0], replies, self.rows, tuple(told))

    def _submission(self) -> tuple[int, list[Finding]]:
        cell = self.cells.get(self.submission, EMPTY)
        number = read_submission(cell)
        if number is not None:
            return number, []
        place = {"file": self.file, "sheet": self.sheet, "cell": cell_name(*self.submission)}
        return 1, [finding("PX320", **place, value=cell.text[:20])]

    def _formulas(self) -> Iterator[Finding]:
        for code, row in self.rows.items():
            for name in TYPED:
                if self._cell(row, name).formula:
                    place = {"cell": f"{EXPLANATION[name].letter}{row}", "criterion": code}
                    yield finding("PX408", file=self.file, sheet=self.sheet, **place)

    def _changes(self) -> Iterator[Finding]:
        """One warning on all locked cells that are not as issued, inserted lines included."""
        sealed = Sealed(self.book, [SHEET_EXPLANATION]).cells.get(SHEET_EXPLANATION, Seals())
        typed = {(row, PLACE[name]) for row in self.rows.values() for name in TYPED}
        places = sorted({*sealed, *self.cells} - typed - {self.submission}) if sealed else []
        changed = [place for place in places if self._digest(place) != sealed.get(place, "")]
        if changed:
            names = [cell_name(*place) for place in changed]
            cells = ", ".join(names[:MOST_NAMED]) + (f" … ({len(names)})" if len(names) > MOST_NAMED else "")
            place = {"file": self.file, "sheet": self.sheet, "cell": names[0]}
            yield finding("PX363", **place, cells=cells)

    def _digest(self, place: tuple[int, int]) -> str:
        cell = self.cells.get(place, EMPTY)
        text = cell.source if cell.formula else cell.value
        return seal.digest(text) if text is not None and seal.same(text) else ""
