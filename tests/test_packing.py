"""A file read, packed and unpacked, is the same file; anything else is refused; and it is small."""

from __future__ import annotations

import json
import random
import tracemalloc
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutations import UNITS, Desk, make_desk
from test_mutations import MUTATIONS

from parxl.findings import finding
from parxl.identity import EXPLANATION, FORM, Identity
from parxl.layout import Layout
from parxl.reading.compact import InPlace, Numbers, Packed, block_of, usual
from parxl.reading.explanation import ExplanationRead, Reply
from parxl.reading.file import FileRead, FileReader
from parxl.reading.form import FormRead
from parxl.reading.packing import pack, unpack

MOST_BYTES = 6 * 1024  # of a form that is kept in memory
TEXTS = st.text(st.characters(exclude_categories=()), max_size=30)
NUMBERS = st.integers(-2, 10**13)
TYPED = st.one_of(st.integers(-(10**20), 10**20), st.floats(allow_nan=False, allow_infinity=False), TEXTS)


@pytest.fixture(scope="module", params=list(UNITS))
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return make_desk(request.param, tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    return make_desk("tinh-mau-2022", tmp_path_factory.mktemp("layout")).layout


def read(desk: Desk, content: bytes) -> FileRead:
    path = desk.place / "a.xlsx"
    path.write_bytes(content)
    return FileReader(desk.layout, desk.settings, desk.register).read(path, "2-nop/phiếu.xlsx")


def exactly(found: Any) -> Any:
    """With the types of all numbers, and the order of all keys."""
    if is_dataclass(found) and not isinstance(found, type):
        return [(f.name, exactly(getattr(found, f.name))) for f in fields(found)]
    if hasattr(found, "items"):
        return [(key, exactly(value)) for key, value in found.items()]
    if isinstance(found, (list, tuple)):
        return [exactly(one) for one in found]
    return type(found), found


def assert_same(file: FileRead, layout: Layout) -> None:
    packed = pack(file)
    again = unpack(packed, layout)
    assert again == file
    assert exactly(again) == exactly(file)
    assert pack(again) == packed


def test_every_form_that_was_read(desk: Desk) -> None:
    for one in MUTATIONS:
        assert_same(read(desk, desk.changed(one.change)), desk.layout)


def test_a_clean_form_is_small(desk: Desk) -> None:
    packed = pack(read(desk, desk.clean))
    unpack(packed, desk.layout)
    tracemalloc.start()
    kept = [unpack(packed, desk.layout) for _ in range(50)]
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held / len(kept) < MOST_BYTES
    assert len(packed) < MOST_BYTES


def test_what_is_no_form(layout: Layout) -> None:
    note = finding("PX319", file="2-nop/a\udce9.xlsx", reason="một thư mục không mở được")
    assert_same(FileRead("2-nop/a\udce9.xlsx", "", "rejected", findings=(note,)), layout)
    assert_same(FileRead("~$a.xlsx", "", "skipped"), layout)


def test_an_explanation_form(layout: Layout) -> None:
    identity = Identity(EXPLANATION, "a", "b", "c", "d", "e", "1")
    told = finding("PX362", file="a", sheet="b")
    replies = {"1.6": Reply("Đã giải trình\n“a”", ""), "3.1.1": Reply("", "CV số 1")}
    explained = ExplanationRead(identity, 2, replies, {"1.6": 9, "3.1.1": 10, "3.3": 11}, (told,))
    note = finding("PX327", file="a", submission=2)
    file = FileRead("a", "0" * 64, "skipped", "x", None, (note, told), None, EXPLANATION, explained)
    assert_same(file, layout)


@st.composite
def forms(draw: st.DrawFn, layout: Layout) -> FormRead:
    common, whole = usual(layout), draw(st.booleans())
    keys = common.inputs if whole else tuple(key for key in common.inputs if draw(st.booleans()))
    leaves = [node.code for node in layout.criteria.leaves if node.parts]
    chosen = draw(st.lists(st.sampled_from(leaves), unique=True, max_size=5))
    typed = draw(st.lists(st.sampled_from(keys), unique=True, max_size=5)) if keys else []
    inputs = {key: draw(NUMBERS) for key in keys}
    return FormRead(
        identity=Identity(FORM, *(draw(TEXTS) for _ in range(6))),
        submission=draw(st.integers(1, 99)),
        inputs=inputs,
        sheet_inputs=inputs if draw(st.booleans()) else {key: draw(NUMBERS) for key in keys},
        evidence={code: draw(TEXTS) for code in chosen},
        self_scores={code: draw(st.none() | st.integers(0, 10**13)) for code in common.codes},
        self_total=draw(st.none() | st.integers(0, 10**13)),
        sheet=draw(TEXTS),
        cells=common.cells if whole else {key: f"D{draw(st.integers(1, 10**6))}" for key in keys},
        findings=tuple(finding("PX323", file=draw(TEXTS)) for _ in range(draw(st.integers(0, 2)))),
        typed={key: draw(TYPED) for key in typed},
    )


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_form(layout: Layout, data: st.DataObject) -> None:
    form = data.draw(forms(layout))
    notes = form.findings if data.draw(st.booleans()) else (finding("PX321", file="a", name="b", submission=2),)
    file = FileRead(data.draw(TEXTS), "ab" * 32, "scored", data.draw(TEXTS), form, notes)
    assert_same(file, layout)
    assert_same(replace(file, fate="rejected", form=None, partial=form), layout)


# Damage -------------------------------------------------------------------------------------------


def test_damaged_bytes_are_refused_or_still_a_file(desk: Desk) -> None:
    packed, chance = pack(read(desk, desk.clean)), random.Random(1)
    refused = 0
    for _ in range(1500):
        damaged = bytearray(packed)
        for _ in range(chance.choice((1, 1, 3))):
            at = chance.randrange(len(damaged))
            damaged[at : at + chance.choice((1, 1, 40))] = chance.randbytes(chance.choice((0, 1, 1, 9)))
        try:
            assert isinstance(unpack(bytes(damaged), desk.layout), FileRead)
        except ValueError:
            refused += 1
    assert refused > 1000


def test_every_cut_is_refused(desk: Desk) -> None:
    packed = pack(read(desk, desk.clean))
    for end in range(0, len(packed), 97):
        with pytest.raises(ValueError, match="not a packed file"):
            unpack(packed[:end], desk.layout)


def wrong(packed: list[Any]) -> list[Any]:
    """The same with one value of another type or shape somewhere."""
    found = []
    for at, value in enumerate(packed):
        others = [None, 1, "x", [], {}, True, 2.5, [value], 2**70]
        found += [
            [*packed[:at], other, *packed[at + 1 :]] for other in others if type(other) is not type(value)
        ]
        if isinstance(value, list):
            found += [[*packed[:at], other, *packed[at + 1 :]] for other in wrong(value)[:400]]
    return [*found, packed[:-1], [*packed, None]]


def test_another_shape_is_refused_or_a_file_of_its_own(desk: Desk) -> None:
    packed = json.loads(pack(read(desk, desk.clean)))
    refused = 0
    for other in wrong(packed):
        try:
            file = unpack(json.dumps(other).encode(), desk.layout)
        except ValueError:
            refused += 1
        else:
            assert exactly(unpack(pack(file), desk.layout)) == exactly(file)
    assert refused > 400


def test_another_number_of_the_shape_is_refused(layout: Layout) -> None:
    packed = json.loads(pack(FileRead("a", "", "skipped")))
    packed[0] += 1
    with pytest.raises(ValueError, match="not a packed file"):
        unpack(json.dumps(packed).encode(), layout)


def test_a_block_that_would_fill_the_memory_is_refused() -> None:
    block = block_of(["0" * 9_000_000])
    assert len(block) < 100_000
    with pytest.raises(ValueError, match="Unterminated"):
        Packed(("a",), [0], block)["a"]


# The mappings -------------------------------------------------------------------------------------


def test_numbers_are_a_mapping() -> None:
    numbers = Numbers(("a", "b"), [1, None])
    assert dict(numbers) == numbers == {"a": 1, "b": None}
    assert (numbers["a"], numbers["b"], numbers.get("c"), "c" in numbers) == (1, None, None, False)
    with pytest.raises(ValueError, match="as many"):
        Numbers(("a",), [1, 2])
    with pytest.raises(OverflowError):
        Numbers(("a",), [2**63])


@given(
    st.lists(
        st.none()
        | st.sampled_from([b + d for b in (-(2**31), -(2**15), 0, 2**15, 2**31, 2**62) for d in (-1, 0, 1)]),
        max_size=6,
    )
)
def test_numbers_of_every_size_come_back(values: list[int | None]) -> None:
    """None is none of them, however small the array is that keeps them."""
    keys = tuple(map(str, range(len(values))))
    assert list(Numbers(keys, values).values()) == values
    assert [Numbers(keys, values)[key] for key in keys] == values


def test_packed_values_are_a_mapping() -> None:
    some = Packed(("a", "b", "c"), [2, 0], block_of(["ệ", 0.5]))
    assert dict(some) == some == {"c": "ệ", "a": 0.5}
    assert (list(some), list(some.values()), "b" in some, "x" in some, len(some)) == (
        ["c", "a"],
        ["ệ", 0.5],
        False,
        False,
        2,
    )
    with pytest.raises(KeyError):
        some["b"]


def test_forms_in_place_share_their_cells(desk: Desk) -> None:
    form = read(desk, desk.clean).form
    assert form
    assert isinstance(form.cells, InPlace)
    assert form.cells is usual(desk.layout).cells
    assert form.cells == {
        key: form.cells[key] for key in (*form.inputs, *desk.layout.criteria.by_code, "total")
    }
