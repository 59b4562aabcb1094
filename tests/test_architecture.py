"""The shape of the package: imports go one way, each library has its room, functions stay small."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

import parxl

PACKAGE = Path(parxl.__file__).parent
SOURCES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}

# The rooms in the order the data flows; rooms on one line do not know each other.
FLOW = [
    ["findings", "late"],
    ["exact"],
    ["rules"],
    ["criteria"],
    ["layout"],
    ["desk"],
    ["files"],
    ["software", "cycles", "crew", "cache", "progress", "frames"],
    ["campaign"],
    ["letters"],
    ["workshop"],
    ["grid", "identity", "checksum"],
    ["seal", "roster"],
    ["previous"],
    ["scoring"],
    ["live", "appraisal"],
    ["reading"],
    ["explain", "provenance"],
    ["diagnosis"],
    ["league"],
    ["comparison"],
    ["results"],
    ["books"],
    ["issuing"],
    ["writing"],
    ["delivering"],
    ["mail"],
    ["actions"],
    ["merging", "appraising", "mailing"],
    ["terminal"],
    ["console"],
    ["cli"],
]
RANK = {room: rank for rank, rooms in enumerate(FLOW) for room in rooms}
DATA_ONLY = {"sets"}  # TOML files: no code

# Library -> the only rooms that may import it.
LIBRARIES = {
    "xlsxwriter": {"books"},
    "openpyxl": {"grid"},
    "pandas": {
        "late",
        "appraisal",
        "league",
        "comparison",
        "results",
        "books",
        "terminal",
    },
    "click": {"console", "cli"},
    "pydantic": {"rules", "criteria"},
    "filelock": {"files"},
    "tomllib": {"criteria"},
    "smtplib": {"mail"},
    "ssl": {"mail"},
    "socket": {"mail"},
    "keyring": {"mail"},
    "multiprocessing": {"crew"},
    "sqlite3": {"cache"},
    "tqdm": {"progress"},
    "zlib_ng": {"books"},
}
LONGEST_FUNCTION, MEDIAN_FUNCTION, LONGEST_MODULE = 40, 12, 310


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def room(path: Path) -> str:
    """``books/form.py`` and ``books/__init__.py`` stand in ``books``; ``parxl/__init__`` in none."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every imported module, wherever the import stands, as (dotted name, line)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"relative import in line {node.lineno}"
            yield node.module or "", node.lineno
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def rooms_imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Rooms of parxl that a module imports; ``from parxl import __version__`` is everybody's."""
    for name, line in imports(tree):
        parts = name.split(".")
        if parts[0] == "parxl" and len(parts) > 1 and parts[1] != "__version__":
            yield parts[1], line


def functions() -> Iterator[tuple[Path, ast.FunctionDef]]:
    for path, tree in SOURCES.items():
        yield from ((path, node) for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def length(node: ast.FunctionDef) -> int:
    """Lines from ``def`` to the end, without the docstring."""
    assert node.end_lineno is not None
    lines = node.end_lineno - node.lineno + 1
    first = node.body[0]
    if ast.get_docstring(node) is not None:
        assert first.end_lineno is not None
        lines -= first.end_lineno - first.lineno + 1
    return lines


def test_every_module_has_its_room() -> None:
    found = {room(path) for path in SOURCES} - {"__init__"} - DATA_ONLY
    assert found == set(RANK)
    code = [p for p in SOURCES if room(p) in DATA_ONLY and p.read_text(encoding="utf-8").strip()]
    assert code == []


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_imports_go_one_way(path: Path) -> None:
    own = room(path)
    if own == "__init__":
        assert list(rooms_imported(SOURCES[path])) == []
        return
    wrong = [
        f"{name_of(path)}:{line} imports {other}"
        for other, line in rooms_imported(SOURCES[path])
        if other not in (own, "sets") and RANK[other] >= RANK[own]
    ]
    assert wrong == []


def test_no_module_imports_itself_in_a_circle() -> None:
    """Inside one room too: what runs at import time has an order (TYPE_CHECKING does not run)."""
    graph = {_dotted(path): _runtime_imports(path, tree) for path, tree in SOURCES.items()}
    done: set[str] = set()
    while ready := {m for m, needs in graph.items() if m not in done and needs & set(graph) <= done | {m}}:
        done |= ready
    assert set(graph) - done == set()


def _dotted(path: Path) -> str:
    name = path.relative_to(PACKAGE.parent).with_suffix("").as_posix().replace("/", ".")
    return name.removesuffix(".__init__")


def _runtime_imports(path: Path, tree: ast.Module) -> set[str]:
    """What a module imports while it is being imported; the packages that it stands in apart."""
    nodes = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
    names = {name for node in nodes for name, _ in imports(node)}
    return {name for name in names if not f"{_dotted(path)}.".startswith(f"{name}.")}


@pytest.mark.parametrize("library", LIBRARIES)
def test_each_library_has_its_room(library: str) -> None:
    users = {
        room(path) for path, tree in SOURCES.items() for n, _ in imports(tree) if n.split(".")[0] == library
    }
    assert users <= LIBRARIES[library]
    assert users, f"nobody uses {library}: take it out of the list"


def test_only_what_reading_needs_takes_its_libraries_late() -> None:
    users = {room(path) for path, tree in SOURCES.items() for n, _ in imports(tree) if n == "parxl.late"}
    assert users == {"rules", "frames", "scoring", "live"}


def test_no_function_is_long() -> None:
    lengths = {f"{name_of(path)}:{node.name}": length(node) for path, node in functions()}
    assert {name: n for name, n in lengths.items() if n > LONGEST_FUNCTION} == {}
    assert median(lengths.values()) < MEDIAN_FUNCTION


def test_no_module_is_long() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert {name: n for name, n in lengths.items() if n > LONGEST_MODULE} == {}


def test_no_room_for_everything() -> None:
    names = {path.stem for path in SOURCES}
    assert not names & {"utils", "util", "helpers", "common", "misc"}


def test_every_module_says_what_it_is() -> None:
    silent = [name_of(p) for p, tree in SOURCES.items() if tree.body and not ast.get_docstring(tree)]
    assert silent == []


def calls(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Calls by a bare name: builtins, unless something shadows them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id, node.lineno


def called(names: set[str], rooms: set[str] | None = None) -> list[str]:
    return [
        f"{name_of(path)}:{line} {name}("
        for path, tree in SOURCES.items()
        for name, line in calls(tree)
        if name in names and (rooms is None or room(path) in rooms)
    ]


def test_nothing_is_evaluated() -> None:
    assert called({"eval", "exec", "compile", "__import__"}) == []


def test_one_rounding_function() -> None:
    """``round`` is half to even and works on floats; parxl rounds whole numbers half up (exact)."""
    assert called({"round"}) == []
    wrong = [
        f"{name_of(path)}:{node.lineno}"
        for path, tree in SOURCES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("round", "around", "rint")
    ]
    assert wrong == []


EXACT_ROOMS = {"rules", "scoring", "league"}
# How far a typed number may be from a whole one and still be it: about reading, not about points.
NOISE = 0.0001


def test_no_float_decides_a_score() -> None:
    assert called({"float"}, EXACT_ROOMS) == []
    wrong = [
        f"{name_of(path)}:{node.lineno}"
        for path, tree in SOURCES.items()
        if room(path) in EXACT_ROOMS
        for node in ast.walk(tree)
        if _is_float(node) or _divides(node)
    ]
    assert wrong == []


def _is_float(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, float) and node.value != NOISE


def _divides(node: ast.AST) -> bool:
    """A true division that is not one of fractions."""
    if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)):
        return False
    sides = (node.left, node.right)
    return not any(ast.unparse(side).startswith("Fraction(") for side in sides)


def test_the_console_prints_only_through_click() -> None:
    assert called({"print", "input"}) == []


def test_no_network_and_no_shell() -> None:
    forbidden = {"socket", "subprocess", "urllib", "http", "requests", "pickle", "shelve", "marshal"}
    used = {(name_of(p), n) for p, t in SOURCES.items() for n, _ in imports(t) if n.split(".")[0] in forbidden}
    # The errors of a connection are put into our words there; only ``parxl mail`` ever makes one.
    # marshal only writes, and what it writes only goes into a digest.
    assert used == {("mail/connecting.py", "socket"), ("results/rests.py", "marshal")}
