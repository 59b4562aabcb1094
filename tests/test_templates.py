"""The committed blank forms: what the code writes now, locked, named and blank as DESIGN §5 fixes it."""

from __future__ import annotations

import importlib.util
import zipfile
from pathlib import Path
from types import ModuleType

import openpyxl
import pytest
from openpyxl import Workbook

from parxl.criteria import CriteriaSet, known_sets, load_set
from parxl.layout import SHEET_TABLE

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
SET_IDS = ["ha-tinh-2019-iv", "par-index-tthc-2022"]
LEAVES = {"ha-tinh-2019-iv": 52, "par-index-tthc-2022": 28}
KEY_COLUMN = "H"


def _generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_templates", TEMPLATES / "make_templates.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _parts(path: Path) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(path) as archive:
        return [(item.filename, archive.read(item)) for item in archive.infolist()]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("templates")
    _generator().build(target)
    return target


@pytest.fixture(scope="module", params=SET_IDS)
def criteria(request: pytest.FixtureRequest) -> CriteriaSet:
    return load_set(request.param)


@pytest.fixture(scope="module")
def book(criteria: CriteriaSet) -> Workbook:
    return openpyxl.load_workbook(TEMPLATES / f"{criteria.id}.xlsx")


def _named(book: Workbook) -> dict[str, str]:
    """Defined name -> its cell on the table; print areas and titles are not among them."""
    found = {}
    for name, defined in book.defined_names.items():
        ((sheet, cell),) = defined.destinations
        assert sheet == SHEET_TABLE
        found[name] = cell.replace("$", "")
    return found


def _expected(criteria: CriteriaSet) -> dict[str, tuple[str, str]]:
    """Defined name -> (column, row key), spelled out from DESIGN §5."""
    flat = str.maketrans("./", "__")
    found = {f"in_{key.translate(flat)}": ("D", key) for key in criteria.inputs}
    for node in criteria.criterion:
        found[f"score_{node.code.translate(flat)}"] = ("E", node.code)
        if node.parts:
            found[f"ev_{node.code.translate(flat)}"] = ("F", node.code)
    return found | {"score_total": ("E", "total")}


# The files ----------------------------------------------------------------------------------------


def test_there_is_one_template_a_set() -> None:
    assert sorted(known_sets()) == SET_IDS
    assert sorted(path.stem for path in TEMPLATES.glob("*.xlsx")) == SET_IDS


@pytest.mark.parametrize("set_id", SET_IDS)
def test_committed_template_is_what_the_code_writes(set_id: str, made: Path) -> None:
    committed, fresh = (_parts(folder / f"{set_id}.xlsx") for folder in (TEMPLATES, made))
    assert [name for name, _ in committed] == [name for name, _ in fresh]
    differing = [name for (name, old), (_, new) in zip(committed, fresh, strict=True) if old != new]
    assert differing == [], "run: python templates/make_templates.py"


# What may be touched ------------------------------------------------------------------------------


def test_every_sheet_is_protected_without_a_password(book: Workbook) -> None:
    for sheet in book.worksheets:
        assert sheet.protection.sheet, sheet.title
        assert not sheet.protection.password, sheet.title


def test_rows_may_be_made_higher(book: Workbook) -> None:
    assert book[SHEET_TABLE].protection.formatRows is False  # False: not forbidden


def test_only_inputs_evidence_and_submission_are_unlocked(book: Workbook) -> None:
    unlocked = {
        (sheet.title, cell.coordinate)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if not cell.protection.locked
    }
    names = _named(book)
    open_names = [name for name in names if name.startswith(("in_", "ev_")) or name == "lan_nop"]
    assert unlocked == {(SHEET_TABLE, names[name]) for name in open_names}


def test_every_input_cell_has_a_validation(book: Workbook) -> None:
    checked = {
        str(area) for rule in book[SHEET_TABLE].data_validations.dataValidation for area in rule.sqref.ranges
    }
    inputs = {cell for name, cell in _named(book).items() if name.startswith("in_")}
    assert inputs <= checked


# Names --------------------------------------------------------------------------------------------


def test_every_defined_name_points_at_its_row(book: Workbook, criteria: CriteriaSet) -> None:
    names, sheet = _named(book), book[SHEET_TABLE]
    found = {
        name: (cell[0], sheet[f"{KEY_COLUMN}{cell[1:]}"].value)
        for name, cell in names.items()
        if name != "lan_nop"
    }
    assert found == _expected(criteria)


@pytest.mark.parametrize(
    ("set_id", "names"),
    [
        (
            "ha-tinh-2019-iv",
            ("in_1_3_q1", "in_1_4_3_none", "in_3_2_1_1", "in_4_1_4_2_b", "ev_3_3", "score_5"),
        ),
        (
            "par-index-tthc-2022",
            ("in_1_6_c", "in_3_2_3_tinh_a", "in_7_1_7_so_huyen_a", "score_7", "ev_7_1_10"),
        ),
    ],
)
def test_names_are_spelled_as_promised(set_id: str, names: tuple[str, ...]) -> None:
    book = openpyxl.load_workbook(TEMPLATES / f"{set_id}.xlsx")
    assert set(names) <= set(book.defined_names)


# Blank --------------------------------------------------------------------------------------------


def test_cached_values_are_those_of_a_blank_form(criteria: CriteriaSet) -> None:
    book = openpyxl.load_workbook(TEMPLATES / f"{criteria.id}.xlsx", data_only=True)
    sheet, names = book[SHEET_TABLE], _named(book)
    shown = {name: sheet[cell].value for name, cell in names.items() if name != "lan_nop"}
    # Only a checklist earns a number (0) with nothing typed, and what stands above it shows that.
    zeros = ("score_1_3", "score_1", "score_total") if criteria.id == "ha-tinh-2019-iv" else ()
    assert {name: value for name, value in shown.items() if value not in (None, "")} == dict.fromkeys(zeros, 0)
    assert sheet[names["lan_nop"]].value == 1


def test_status_line_counts_every_criterion_as_open(criteria: CriteriaSet) -> None:
    book = openpyxl.load_workbook(TEMPLATES / f"{criteria.id}.xlsx", data_only=True)
    texts = [str(cell.value) for row in book[SHEET_TABLE]["A1:A12"] for cell in row]
    # A checklist without a mark is 0 points, not missing: Hà Tĩnh has one.
    unfinished = LEAVES[criteria.id] - (criteria.id == "ha-tinh-2019-iv")
    assert f"CÒN {unfinished} TIÊU CHÍ CHƯA NHẬP XONG – xem trang Kiểm tra" in texts


def test_every_score_is_live(book: Workbook) -> None:
    sheet = book[SHEET_TABLE]
    cells = {name: sheet[cell] for name, cell in _named(book).items() if name.startswith("score_")}
    plain = [name for name, cell in cells.items() if not str(cell.value or "").startswith("=")]
    assert plain in ([], ["score_5"])  # the survey is entered by the department, not in the form
