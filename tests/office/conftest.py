"""Fixtures of the tests that need a real LibreOffice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from office import Office, what_is_missing


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One soffice for the session; a failure, not a skip, where it is required but missing."""
    if missing := what_is_missing():
        pytest.fail(missing)
    running = Office(tmp_path_factory.mktemp("office"))
    yield running
    running.close()
