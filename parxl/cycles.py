"""Python's search for objects that hold each other, left out where many are made and none does."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_search_for_cycles() -> Iterator[None]:
    """Reading a form and writing a workbook make thousands of objects: looking among them for a cycle takes a
    fifth of the time of the one, a tenth of that of the other.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
