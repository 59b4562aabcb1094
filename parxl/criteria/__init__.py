"""Criteria sets: one decision's table as data. TOML -> a checked, frozen model."""

from parxl.criteria.loading import known_sets, load_set, parse_set, set_text
from parxl.criteria.model import CriteriaSet, Node, Part, PartAt

__all__ = [
    "CriteriaSet",
    "Node",
    "Part",
    "PartAt",
    "known_sets",
    "load_set",
    "parse_set",
    "set_text",
]
