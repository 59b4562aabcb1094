"""Where a result comes from: the hashes of all its sources, and the day of the first run on them."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from campaigns import HA_TINH, issued_campaign, ket_qua, return_form, set_items

from parxl import actions, provenance
from parxl.actions import score_campaign
from parxl.files import sha256
from parxl.software import software

FIRST_DAY, NEXT_DAY = dt.date(2026, 3, 4), dt.date(2026, 3, 5)


def score_on(monkeypatch: pytest.MonkeyPatch, root: Path, day: dt.date) -> dict[str, Any]:
    class Clock(dt.date):
        @classmethod
        def today(cls) -> dt.date:
            return day

    # Not in the module ``datetime``: what goes to another process must find its own classes there.
    monkeypatch.setattr(actions, "dt", SimpleNamespace(date=Clock))
    score_campaign(root)
    return ket_qua(root)


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = issued_campaign(tmp_path_factory.mktemp("nguon"), HA_TINH)
    return_form(root, "cuc-thue", {"1.1/1": "x"})
    return root


def test_every_source_but_the_forms_with_its_hash(campaign: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = score_on(monkeypatch, campaign, FIRST_DAY)["sources"]
    assert list(sources) == ["dot-cham.xlsx", "bo-tieu-chi.toml", "1-phieu/phat-hanh.json"]
    for name, digest in sources.items():
        assert digest == sha256((campaign / name).read_bytes())


def test_the_day_stays_while_nothing_changes(campaign: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = score_on(monkeypatch, campaign, FIRST_DAY)
    books = {path: path.read_bytes() for path in (campaign / "4-ket-qua").rglob("*.xlsx")}
    again = score_on(monkeypatch, campaign, NEXT_DAY)
    assert first["made"] == again["made"] == "2026-03-04"
    assert books == {path: path.read_bytes() for path in (campaign / "4-ket-qua").rglob("*.xlsx")}


@pytest.mark.parametrize("change", ["form", "control", "software", "result"])
def test_another_source_is_another_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    root = issued_campaign(tmp_path, HA_TINH)
    return_form(root, "cuc-thue", {"1.1/1": "x"})
    before = score_on(monkeypatch, root, FIRST_DAY)
    if change == "form":
        return_form(root, "kbnn", {"1.1/1": "x"})
    elif change == "control":
        set_items(root, {"Địa danh": "Hà Tĩnh"})
    elif change == "software":
        monkeypatch.setattr(provenance, "software", lambda: {**software(), "parxl": "99.0"})
    else:
        (root / "4-ket-qua" / "ket-qua.json").write_text("{", encoding="utf-8")
    after = score_on(monkeypatch, root, NEXT_DAY)
    assert (before["made"], after["made"]) == ("2026-03-04", "2026-03-05")
    assert (before["fingerprint"] == after["fingerprint"]) == (change == "result")


def test_last_year_and_the_appraisal_are_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = issued_campaign(tmp_path, HA_TINH)
    return_form(root, "cuc-thue", {"1.1/1": "x"})
    (root / "nam-truoc.json").write_text(json.dumps({}), encoding="utf-8")
    set_items(root, {"Kết quả năm trước": "nam-truoc.json"})
    (root / "3-tham-dinh" / "lan-1").mkdir(parents=True)
    (root / "3-tham-dinh" / "lan-1" / "la.xlsx").write_bytes(b"khong phai bang tinh")
    sources = score_on(monkeypatch, root, FIRST_DAY)["sources"]
    assert sources["nam-truoc.json"] == sha256((root / "nam-truoc.json").read_bytes())
    assert sources["3-tham-dinh/lan-1/la.xlsx"] == sha256(b"khong phai bang tinh")


def test_the_software_is_named_with_its_versions() -> None:
    assert list(software()) == ["parxl", "Python", "pandas", "XlsxWriter", "openpyxl"]
