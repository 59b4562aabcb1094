"""NumPy and pandas, loaded when something is computed with them for the first time.

A process that only reads forms computes nothing: it would spend longer on loading them than on fifty forms.
What reading needs (the rules, the form's formulas) imports them from here; all else imports them as ever.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

__all__ = ["np", "pd"]


class Late(ModuleType):
    """Stands for a module; loads it at the first question, and from then on answers as fast as it does."""

    def __getattr__(self, name: str) -> Any:
        module = import_module(self.__name__)
        self.__dict__.update(module.__dict__)
        return getattr(module, name)


if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
else:
    np, pd = Late("numpy"), Late("pandas")
