"""Fixtures of the tests that need a real LibreOffice."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from office import Office, what_is_missing

sys.path.append(str(Path(__file__).parent.parent))  # campaigns.py, where these tests run alone


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One soffice for the session; a failure, not a skip, where it is required but missing."""
    if missing := what_is_missing():
        pytest.fail(missing)
    running = Office(tmp_path_factory.mktemp("office"))
    yield running
    running.close()
