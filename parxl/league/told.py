"""What the forms say, as frames; index: unit, a column a leaf or an input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from parxl.criteria import CriteriaSet
from parxl.reading.form import FormRead
from parxl.scoring import inputs_frame


@dataclass(frozen=True)
class Told:
    """``forms``: unit code -> the form that counts. The frames are made when asked for, and not kept."""

    criteria: CriteriaSet
    forms: Mapping[str, FormRead]

    @property
    def inputs(self) -> pd.DataFrame:
        """The inputs frame."""
        return inputs_frame(self.criteria, {unit: form.inputs for unit, form in self.forms.items()})

    @property
    def self_scores(self) -> pd.DataFrame:
        """Int64; null where the form showed none."""
        leaves = self._leaves
        shown = (dict(form.self_scores.items()) for form in self.forms.values())
        scores = [[own.get(leaf) for leaf in leaves] for own in shown]
        return pd.DataFrame(scores, index=list(self.forms), columns=leaves, dtype="Int64")

    @property
    def evidence(self) -> pd.DataFrame:
        """bool: is anything written beside the criterion?"""
        leaves = self._leaves
        told = (set(form.evidence) for form in self.forms.values())
        written = [[leaf in own for leaf in leaves] for own in told]
        return pd.DataFrame(written, index=list(self.forms), columns=leaves, dtype=bool)

    @property
    def _leaves(self) -> list[str]:
        return [node.code for node in self.criteria.leaves]
