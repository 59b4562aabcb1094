"""Checks of a whole set beyond the types of its keys: sums, references, codes, wording."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from parxl.criteria.model import BelowTest, CriteriaSet, CrossTest, MarkedTest, Node
from parxl.exact import short_text
from parxl.findings import Finding, finding
from parxl.rules import Mistake
from parxl.rules.lines import Line
from parxl.rules.tiers import Tiers


def mistakes(criteria: CriteriaSet, file: str) -> list[Finding]:
    """Every mistake of a parsed set, in the order of the table."""
    checks = (_codes, _tree, _rules, _decimals, _sums, _references, _wording)
    return [found for check in checks for found in check(criteria, file)]


def _codes(criteria: CriteriaSet, file: str) -> Iterator[Finding]:
    names = [node.code for node in criteria.criterion]
    names += [key for key, node, part in criteria.parts if part.id]
    # Other rules tell of their own doubled inputs: PX115, PX118.
    lists = [(n, p) for _, n, p in criteria.parts if p.rule.rule == "checklist"]
    names += [n.input_key(p, i.id) for n, p in lists for i in p.rule.inputs]
    twice = {name for name in names if names.count(name) > 1}
    for name in sorted(twice):
        # What stands in something doubled is doubled with it.
        if not any(name.startswith(f"{other}/") for other in twice):
            yield finding("PX106", file=file, criterion=name.split("/")[0], name=name)


def _tree(criteria: CriteriaSet, file: str) -> Iterator[Finding]:
    seen: set[str] = set()
    for node in criteria.criterion:
        above = criteria.parent(node.code)
        if node.depth > 1 and (above not in seen or criteria.by_code[above].kind != "group"):
            yield finding("PX107", file=file, criterion=node.code, code=node.code)
        if node.kind == "group" and node.code not in criteria.children:
            yield finding("PX109", file=file, criterion=node.code)
        seen.add(node.code)


def _rules(criteria: CriteriaSet, file: str) -> Iterator[Finding]:
    for _key, node, part in criteria.parts:
        own = list(part.rule.mistakes())
        if not own and isinstance(part.rule, Tiers) and not part.rule.pairs:
            # Without a rate there is no a whose 0 could be ruled on; such a rule is a choice.
            own = [Mistake(code="PX115", facts={"wanted": "a, b", "found": "không có"})]
        yield from (_placed(mistake, node, part.id, file) for mistake in own)


def _placed(mistake: Mistake, node: Node, part_id: str, file: str) -> Finding:
    place = [f"parts[{part_id}]"] if part_id else []
    place += [f"lines[{mistake.line}]"] if mistake.line else []
    return finding(mistake.code, file=file, criterion=node.code, cell=".".join(place) or None, **mistake.facts)


def _decimals(criteria: CriteriaSet, file: str) -> Iterator[Finding]:
    """Points with more decimals than the set has; the place is the path of keys."""
    for node in criteria.criterion:
        for path, points in _points_in(node):
            if points.normalize().as_tuple().exponent < -criteria.decimals:  # type: ignore[operator]
                facts: dict[str, Any] = {"points": short_text(points), "decimals": criteria.decimals}
                yield finding("PX110", file=file, criterion=node.code, cell=path, **facts)


def _points_in(node: Node) -> Iterator[tuple[str, Decimal]]:
    """Every number of points of a criterion, each once, with its path of keys in the file."""
    yield "max", node.max
    yield from _line_points("", node.lines)
    for part in node.parts:
        head = f"parts[{part.id}]." if part.id else ""
        if part.id:
            yield f"{head}max", part.rule.max
        yield from _line_points(head, part.rule.lines)


def _line_points(head: str, lines: Sequence[Line]) -> Iterator[tuple[str, Decimal]]:
    for number, line in enumerate(lines, start=1):
        for key in ("points", "max"):
            value = getattr(line, key, None)
            if value is not None:
                yield f"{head}lines[{number}].{key}", value


def _sums(criteria: CriteriaSet, file: str) -> Iterator[Finding]:
    """Maxima upward: best line -> part, parts -> leaf, children -> group, areas -> set."""
    for _key, node, part in criteria.parts:
        # Where no line earns points, the rule itself has said so.
        if any(hasattr(line, "points") for line in part.rule.lines):
            at = {"criterion": node.code, "cell": f"parts[{part.id}].max" if part.id else None}
            yield from _sum("PX114", part.rule.max, part.rule.best(), file=file, **at)
    for node in criteria.criterion:
        if node.kind == "leaf":
            parts = sum((p.rule.max for p in node.parts), start=Decimal(0))
            yield from _sum("PX108", node.max, parts, file=file, criterion=node.code)
        elif node.kind == "group" and node.code in criteria.children:
            below = sum((c.max for c in criteria.children[node.code]), start=Decimal(0))
            yield from _sum("PX108", node.max, below, file=file, criterion=node.code)
    areas = sum((area.max for area in criteria.areas), start=Decimal(0))
    yield from _sum("PX108", criteria.total.max, areas, file=file, cell="total.max")


def _sum(code: str, found: Decimal, wanted: Decimal, **place: str | None) -> Iterator[Finding]:
    if found != wanted:
        yield finding(code, **place, found=short_text(found), wanted=short_text(wanted))


def _references(criteria: CriteriaSet, file: str) -> Iterator[Finding]:
    for node in criteria.groups:
        if node.full_when_zero and not _is_count(criteria, node.full_when_zero):
            facts = {"name": node.full_when_zero, "where": " (full_when_zero)"}
            yield finding("PX119", file=file, criterion=node.code, **facts)
    for check in criteria.cross_check:
        where = f" (cross_check {check.id})"
        for name in (n for test in check.when for n in _unknown(criteria, test)):
            yield finding("PX119", file=file, name=name, where=where)
        for code in (c for c in check.criteria if c not in criteria.by_code):
            facts = {"value": f"“{code}”", "expected": "mã của một tiêu chí có trong tệp"}
            yield finding("PX105", file=file, key="criteria", where=where, **facts)


def _unknown(criteria: CriteriaSet, test: CrossTest) -> Iterator[str]:
    """The inputs of a test that are not there, or are no count (no mark) where it needs one."""
    if isinstance(test, MarkedTest):
        if test.input not in criteria.inputs or _is_count(criteria, test.input):
            yield test.input
        return
    names = [test.input, test.than] if isinstance(test, BelowTest) else [test.input]
    yield from (name for name in names if not _is_count(criteria, name))


def _is_count(criteria: CriteriaSet, key: str) -> bool:
    return key in criteria.inputs and criteria.inputs[key].kind == "count"


def _wording(criteria: CriteriaSet, file: str) -> Iterator[Finding]:
    for text, code in (*printed_texts(criteria), *_other_texts(criteria)):
        tidy = unicodedata.normalize("NFC", text) == text and text == text.strip()
        if not tidy or "  " in text or "\t" in text:
            yield finding("PX127", file=file, criterion=code, text=f"“{text[:60]}”")


def _other_texts(criteria: CriteriaSet) -> Iterator[tuple[str, str | None]]:
    """Texts that stand outside the table or only in messages."""
    yield from ((text, None) for text in (criteria.decision, criteria.place, criteria.total.text))
    for check in criteria.cross_check:
        yield from ((text, None) for text in (check.text, check.remedy))
    for node in criteria.criterion:
        yield from ((text, node.code) for text in (node.stt, node.source))
        yield from ((part.title, node.code) for part in node.parts)


def printed_texts(criteria: CriteriaSet) -> Iterator[tuple[str, str | None]]:
    """Every text of the table with the code it belongs to (None above the table)."""
    yield from ((text, None) for text in (criteria.title, *criteria.headings))
    yield from ((line.text, None) for line in criteria.preamble)
    for node in criteria.criterion:
        yield node.title, node.code
        yield from ((line.text, node.code) for line in node.lines)
        for part in node.parts:
            yield from ((line.text, node.code) for line in part.rule.lines)
