"""Checks of a whole set beyond the types of its keys: sums, references, codes, wording."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from parxl.criteria.model import BelowTest, CriteriaSet, Node
from parxl.exact import short_text
from parxl.findings import Finding, finding
from parxl.rules import Mistake


def mistakes(criteria: CriteriaSet, file: str) -> list[Finding]:
    """Every mistake of a parsed set, in the order of the table."""
    checks = (_codes, _tree, _rules, _decimals, _sums, _references, _wording)
    return [found for check in checks for found in check(criteria, file)]


def _codes(criteria: CriteriaSet, file: str) -> Iterator[Finding]:
    names = [node.code for node in criteria.criterion]
    names += [key for key, node, part in criteria.parts if part.id]
    names += [n.input_key(p, i.id) for _, n, p in criteria.parts for i in p.rule.inputs]
    for name in sorted({n for n in names if names.count(n) > 1}):
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
        for mistake in part.rule.mistakes():
            yield _placed(mistake, node, part.id, file)


def _placed(mistake: Mistake, node: Node, part_id: str, file: str) -> Finding:
    place = [f"parts[{part_id}]"] if part_id else []
    place += [f"lines[{mistake.line}]"] if mistake.line else []
    return finding(
        mistake.code, file=file, criterion=node.code, cell=".".join(place) or None, **mistake.facts
    )


def _decimals(criteria: CriteriaSet, file: str) -> Iterator[Finding]:
    """Points with more decimals than the set has; the place is the path of keys."""
    for node in criteria.criterion:
        for path, points in _points_in(node.model_dump()):
            if points.normalize().as_tuple().exponent < -criteria.decimals:  # type: ignore[operator]
                facts = {"points": short_text(points), "decimals": criteria.decimals}
                yield finding("PX110", file=file, criterion=node.code, cell=path, **facts)


def _points_in(value: Any, path: str = "") -> Iterator[tuple[str, Decimal]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in ("points", "max") and isinstance(inner, Decimal):
                yield f"{path}{key}", inner
            else:
                yield from _points_in(inner, f"{path}{key}.")
    elif isinstance(value, (list, tuple)):
        for number, inner in enumerate(value, start=1):
            yield from _points_in(inner, f"{path.rstrip('.')}[{number}].")


def _sums(criteria: CriteriaSet, file: str) -> Iterator[Finding]:
    """Maxima upward: best line -> part, parts -> leaf, children -> group, areas -> set."""
    for key, _node, part in criteria.parts:
        yield from _sum("PX114", key, part.rule.max, part.rule.best(), file)
    for node in criteria.criterion:
        if node.kind == "leaf":
            parts = sum((p.rule.max for p in node.parts), start=Decimal(0))
            yield from _sum("PX108", node.code, node.max, parts, file)
        elif node.kind == "group" and node.code in criteria.children:
            below = sum((c.max for c in criteria.children[node.code]), start=Decimal(0))
            yield from _sum("PX108", node.code, node.max, below, file)
    areas = sum((area.max for area in criteria.areas), start=Decimal(0))
    yield from _sum("PX108", criteria.total.text, criteria.total.max, areas, file)


def _sum(code: str, at: str, found: Decimal, wanted: Decimal, file: str) -> Iterator[Finding]:
    if found != wanted:
        facts = {"found": short_text(found), "wanted": short_text(wanted)}
        yield finding(code, file=file, criterion=at, **facts)


def _references(criteria: CriteriaSet, file: str) -> Iterator[Finding]:
    for node in criteria.groups:
        if node.full_when_zero and not _is_count(criteria, node.full_when_zero):
            facts = {"name": node.full_when_zero, "where": " (full_when_zero)"}
            yield finding("PX119", file=file, criterion=node.code, **facts)
    for check in criteria.cross_check:
        names = [t.input for t in check.when]
        names += [t.than for t in check.when if isinstance(t, BelowTest)]
        for name in names:
            if name not in criteria.inputs:
                facts = {"name": name, "where": f" (cross_check {check.id})"}
                yield finding("PX119", file=file, **facts)


def _is_count(criteria: CriteriaSet, key: str) -> bool:
    return key in criteria.inputs and criteria.inputs[key].kind == "count"


def _wording(criteria: CriteriaSet, file: str) -> Iterator[Finding]:
    for text, code in printed_texts(criteria):
        tidy = unicodedata.normalize("NFC", text) == text and text == text.strip()
        if not tidy or "  " in text or "\t" in text:
            yield finding("PX127", file=file, criterion=code, text=text[:60])


def printed_texts(criteria: CriteriaSet) -> Iterator[tuple[str, str | None]]:
    """Every text of the table with the code it belongs to (None above the table)."""
    yield from ((text, None) for text in (criteria.title, *criteria.headings))
    yield from ((line.text, None) for line in criteria.preamble)
    for node in criteria.criterion:
        yield node.title, node.code
        yield from ((line.text, node.code) for line in node.lines)
        for part in node.parts:
            yield from ((line.text, node.code) for line in part.rule.lines)
