"""One run of ``parxl score``, put together; and ``ket-qua.json``."""

from parxl.results.as_json import inputs_json, json_pieces, not_applicable, to_json, unit_text
from parxl.results.model import Portion, Results, Status, UnitResult
from parxl.results.rests import league_rests_on, rests_on
from parxl.results.run import score_intake

__all__ = [
    "Portion",
    "Results",
    "Status",
    "UnitResult",
    "inputs_json",
    "json_pieces",
    "league_rests_on",
    "not_applicable",
    "rests_on",
    "score_intake",
    "to_json",
    "unit_text",
]
