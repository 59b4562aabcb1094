"""The cache file: it may be gone, damaged, or somebody's own file; nothing wrong ever comes out of it."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from random import Random

import pytest

from parxl.cache import NAME, Cache


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / NAME


def filled(path: Path, count: int = 50) -> None:
    with Cache(path) as cache:
        for number in range(count):
            cache.put("read", f"phiếu {number}", "key", content(number))


def content(number: int) -> bytes:
    return f"nội dung {number} ".encode() * 200


def test_what_was_kept_comes_back_in_the_next_run(path: Path) -> None:
    filled(path)
    with Cache(path) as cache:
        assert [cache.get("read", f"phiếu {n}", "key") for n in range(50)] == [content(n) for n in range(50)]


def test_another_key_kind_or_name_is_something_else(path: Path) -> None:
    filled(path)
    with Cache(path) as cache:
        assert cache.get("read", "phiếu 1", "other") is None
        assert cache.get("result", "phiếu 1", "key") is None
        assert cache.get("read", "phiếu 1000", "key") is None


def test_one_content_a_name(path: Path) -> None:
    with Cache(path) as cache:
        cache.put("read", "a", "1", b"one")
        cache.put("read", "a", "2", b"two")
        assert (cache.get("read", "a", "1"), cache.get("read", "a", "2")) == (None, b"two")


def test_what_is_gone_is_forgotten(path: Path) -> None:
    filled(path, 5)
    with Cache(path) as cache:
        cache.put("result", "phiếu 1", "key", b"x")
        cache.forget_others("read", {"phiếu 2", "phiếu 3"})
    with Cache(path) as cache:
        assert [n for n in range(5) if cache.get("read", f"phiếu {n}", "key")] == [2, 3]
        assert cache.get("result", "phiếu 1", "key") == b"x"


def test_a_deleted_file_costs_nothing_but_its_content(path: Path) -> None:
    filled(path)
    path.unlink()
    with Cache(path) as cache:
        assert cache.get("read", "phiếu 1", "key") is None
    assert path.exists()


@pytest.mark.parametrize("other", [b"", b"not a base at all" * 500, b"SQLite format 3\0" + b"\xff" * 4000])
def test_a_file_that_is_no_cache_is_made_anew(path: Path, other: bytes) -> None:
    path.write_bytes(other)
    filled(path)
    with Cache(path) as cache:
        assert cache.get("read", "phiếu 7", "key") == content(7)


def test_another_table_of_that_name_is_made_anew(path: Path) -> None:
    base = sqlite3.connect(path)
    base.execute("CREATE TABLE kept (something TEXT)")
    base.commit()
    base.close()
    filled(path)
    with Cache(path) as cache:
        assert cache.get("read", "phiếu 7", "key") == content(7)


@pytest.mark.parametrize("seed", range(20))
def test_damage_is_never_believed(path: Path, seed: int) -> None:
    filled(path)
    random, bytes_ = Random(seed), bytearray(path.read_bytes())
    for _ in range(1 + seed * 10):
        bytes_[random.randrange(len(bytes_))] = random.randrange(256)
    path.write_bytes(bytes_)
    with Cache(path) as cache:
        for number in range(50):
            assert cache.get("read", f"phiếu {number}", "key") in (None, content(number))
            cache.put("read", f"phiếu {number}", "key", content(number))
            assert cache.get("read", f"phiếu {number}", "key") in (None, content(number))
    filled(path)
    with Cache(path) as cache:
        kept = [cache.get("read", f"phiếu {number}", "key") for number in range(50)]
    # Where damage was noticed, the file was made anew; where it was not, it hit nothing that is read.
    assert all(one in (None, content(number)) for number, one in enumerate(kept))


def test_a_changed_row_is_never_believed_and_does_not_stay(path: Path) -> None:
    filled(path, 1)
    base = sqlite3.connect(path)
    base.execute("UPDATE kept SET content = ?", (b"another",))
    base.commit()
    base.close()
    with Cache(path) as cache:
        assert cache.get("read", "phiếu 0", "key") is None
    assert not path.exists()


def test_a_place_where_no_file_can_be(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    with Cache(tmp_path / NAME) as cache:
        cache.put("read", "a", "1", b"one")
        assert cache.get("read", "a", "1") == b"one"


def test_a_base_that_fails_in_the_middle_costs_what_was_kept(path: Path) -> None:
    with Cache(path) as cache:
        cache.put("read", "a", "1", b"one")
        cache._base.execute("DROP TABLE kept")
        assert cache.get("read", "a", "1") is None
        cache.put("read", "b", "1", b"two")
        assert cache.get("read", "b", "1") == b"two"
    assert not path.exists()
