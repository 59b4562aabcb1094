"""A short run of the fuzzer; ``make fuzz`` runs more."""

from __future__ import annotations

from pathlib import Path

import fuzz
import pytest
from readers import FailingReader

from parxl.reading import many

COUNT, SEED = 300, 20261121


def test_a_few_hundred_damaged_forms(tmp_path: Path) -> None:
    report = fuzz.fuzz(tmp_path, COUNT, SEED)
    assert report.failures == {}
    assert report.fates.total() == COUNT
    assert report.fates["rejected"] < COUNT * 0.9  # else it damages too much to find anything
    assert len(report.codes) > 10


def test_mutations_are_repeatable_and_differ() -> None:
    form = fuzz.zipped(
        {"a.xml": b"<a b='c'>d</a>", fuzz.TABLE: b'<row r="1"><c r="A1" s="1"><v>1</v></c></row>'}
    )
    made = [fuzz.mutated(form, 1, number) for number in range(90)]
    assert made == [fuzz.mutated(form, 1, number) for number in range(90)]
    assert len(set(made)) > 45
    assert made[:3] != [fuzz.mutated(form, 2, number) for number in range(3)]


def test_the_fuzzer_notices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that kills its reader and one that makes parxl fail are told, kept, and nothing else is."""
    monkeypatch.setattr(many, "reader", FailingReader)
    (tmp_path / "keep").mkdir()
    report = fuzz.fuzz(tmp_path / "c", 6, 1, tmp_path / "keep")
    assert set(report.failures) == {3, 4}
    assert "ZeroDivisionError" in report.failures[4]
    assert {path.name for path in (tmp_path / "keep").iterdir()} == {"1-3.xlsx", "1-4.xlsx"}
    assert "failures: 2" in report.text()
