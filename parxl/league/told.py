"""What the forms say, as frames; index: unit, a column a leaf or an input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from parxl.criteria import CriteriaSet
from parxl.frames import UNKNOWN, nullable
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
        found = np.full((len(self.forms), len(leaves)), UNKNOWN)
        for row, form in enumerate(self.forms.values()):
            shown = dict(form.self_scores.items())
            found[row] = [UNKNOWN if (one := shown.get(leaf)) is None else one for leaf in leaves]
        return nullable(found, found != UNKNOWN, list(self.forms), leaves)

    @property
    def evidence(self) -> pd.DataFrame:
        """bool: is anything written beside the criterion?"""
        places = {leaf: at for at, leaf in enumerate(self._leaves)}
        written = np.zeros((len(self.forms), len(places)), dtype=bool)
        for row, form in enumerate(self.forms.values()):
            written[row, [places[code] for code in form.evidence if code in places]] = True
        return pd.DataFrame(written, index=list(self.forms), columns=list(places), copy=False)

    @property
    def _leaves(self) -> list[str]:
        return [node.code for node in self.criteria.leaves]
