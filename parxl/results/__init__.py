"""One run of ``parxl score``, put together; and ``ket-qua.json``."""

from parxl.results.as_json import final_from, inputs_json, not_applicable, to_json
from parxl.results.run import Results, Status, UnitResult, score_intake

__all__ = [
    "Results",
    "Status",
    "UnitResult",
    "final_from",
    "inputs_json",
    "not_applicable",
    "score_intake",
    "to_json",
]
