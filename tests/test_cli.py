"""The command line: Vietnamese help and errors, exit codes, and what goes to which stream."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from campaigns import (
    HA_TINH,
    TTHC,
    full_answers,
    issued_campaign,
    ket_qua,
    make_campaign,
    return_form,
    set_rows,
)

import parxl.actions
import parxl.cli
from parxl.criteria import known_sets, load_set
from parxl.findings import REGISTER

COMMANDS = ["sets", "check", "new", "forms", "merge", "score", "appraisal", "mail"]
ENGLISH = re.compile(
    r"\b(usage|options?|commands?|show|message|exit|error|missing|invalid|argument|required|default|"
    r"range|no such|unexpected|extra|directory|file|path|help text|try|does not|is not|traceback|"
    r"DIR|NAME|TEXT|INTEGER)\b",
    re.IGNORECASE,
)
VIETNAMESE = re.compile("[ăâđêôơưáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ]")
CODED = re.compile(r"^\[(PX\d{3})\] (Lỗi|Cảnh báo|Ghi chú)( – .+?)?: .+[.]$")


@dataclass(frozen=True)
class Done:
    """One run: exit code and the two streams, decoded as UTF-8."""

    code: int
    out: str
    err: str

    @property
    def codes(self) -> list[str]:
        return [match[1] for line in self.err.splitlines() if (match := CODED.match(line))]


def run(*arguments: object, **environment: str) -> Done:
    """``parxl`` in a process of its own."""
    command = [sys.executable, "-c", "from parxl.cli import main; main()", *map(str, arguments)]
    done = subprocess.run(
        command, capture_output=True, timeout=120, check=False, env={**os.environ, **environment}
    )
    return Done(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> object:
    """``parxl`` in this process: the same way in, much faster."""

    def _call(*arguments: object) -> Done:
        monkeypatch.setattr(sys, "argv", ["parxl", *map(str, arguments)])
        with pytest.raises(SystemExit) as caught:
            parxl.cli.main()
        captured = capsys.readouterr()
        return Done(caught.value.code or 0, captured.out, captured.err)  # type: ignore[arg-type]

    return _call


def is_english(text: str) -> list[str]:
    """English words, without what the caller typed and the names of options, commands and files."""
    bare = re.sub(r"--[a-z]+|“[^”]*”|[\w./-]*/[\w./-]*|\S+\.(xlsx|toml|json)", " ", text)
    return ENGLISH.findall(bare)


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return issued_campaign(tmp_path_factory.mktemp("issued") / "dot", TTHC)


@pytest.fixture
def root(issued: Path, tmp_path: Path) -> Path:
    """A campaign whose forms are out."""
    return Path(shutil.copytree(issued, tmp_path / "dot"))


# Help ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("flag", ["--help", "-h"])
@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_vietnamese(call, command: str, flag: str) -> None:
    done = call(*filter(None, [command, flag]))
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Cách dùng: parxl")
    assert is_english(done.out) == []
    assert not re.search(r"\[required\]|<=|\[OPTIONS\]|\bSET\b", done.out)


def test_help_names_every_command_with_a_sentence(call) -> None:
    listed = re.findall(r"^  ([a-z]+) +(\S.*)$", call("--help").out.split("Các lệnh:")[1], re.MULTILINE)
    assert [name for name, _ in listed] == COMMANDS
    assert all(VIETNAMESE.search(text) and text.endswith(".") and "..." not in text for _, text in listed)


def test_every_option_is_explained(call) -> None:
    for command in COMMANDS:
        rows = call(command, "--help").out.split("Tùy chọn:")[1].strip("\n").splitlines()
        assert all(re.match(r"  -\S.*  \S.*[.]$", row) for row in rows), command


def test_version(call) -> None:
    assert call("--version") == Done(0, f"parxl {parxl.__version__}\n", "")


def test_help_answers_without_the_heavy_libraries() -> None:
    code = (
        "import sys, atexit\n"
        "heavy = ('pandas', 'numpy', 'openpyxl', 'xlsxwriter', 'pydantic')\n"
        "atexit.register(lambda: sys.stderr.write(','.join(m for m in heavy if m in sys.modules)))\n"
        "from parxl.cli import main\n"
        "main()\n"
    )
    for arguments in (["--help"], ["score", "--help"], ["--version"], ["nope"]):
        done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, check=False)
        assert not re.search("pandas|numpy|openpyxl|xlsxwriter|pydantic", done.stderr.decode()), arguments


# Wrong usage: 2 -----------------------------------------------------------------------------------

WRONG = [
    ([], "Chưa ghi lệnh"),
    (["nope"], "Không có lệnh “nope”."),
    (["--nope"], "Không có tùy chọn “--nope”."),
    (["score", "--nope", "x"], "Không có tùy chọn “--nope”."),
    (["score", "-x"], "Không có tùy chọn “-x”."),
    (["score"], "Thiếu tham số THƯ_MỤC."),
    (["check"], "Thiếu tham số BỘ_TIÊU_CHÍ."),
    (["score", "a", "b", "c"], "Thừa tham số: b c."),
    (["sets", "x"], "Thừa tham số: x."),
    (["new", "a"], "Thiếu tùy chọn --set."),
    (["new", "a", "--set"], "Tùy chọn “--set” dùng chưa đúng."),
    (["new", "a", "--set", "x", "--year", "abc"], "Giá trị của tùy chọn --year không hợp lệ."),
    (["new", "a", "--set", "x", "--year", "1999"], "Giá trị của tùy chọn --year không hợp lệ."),
    (["sets", "--json=1"], "Tùy chọn “--json” dùng chưa đúng."),
]


@pytest.mark.parametrize(("arguments", "words"), WRONG, ids=lambda value: " ".join(value) or "none")
def test_wrong_usage(call, arguments: list[str], words: str) -> None:
    done = call(*arguments)
    assert (done.code, done.out, done.codes) == (2, "", ["PX902"])
    assert words in done.err
    assert "--help." in done.err
    assert is_english(done.err) == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["new", "DIR", "--set", "khong-co"], "PX101"),
        (["check", "khong-co"], "PX101"),
        (["check", "khong/co.toml"], "PX101"),
        (["forms", "DIR"], "PX201"),
        (["score", "DIR"], "PX201"),
        (["score", "DIR/none", "--json"], "PX201"),
    ],
)
def test_what_does_not_exist(call, tmp_path: Path, arguments: list[str], code: str) -> None:
    done = call(*(word.replace("DIR", str(tmp_path)) for word in arguments))
    assert (done.code, done.out, done.codes) == (2, "", [code])
    assert list(tmp_path.iterdir()) == []


def test_new_over_a_campaign(call, root: Path) -> None:
    done = call("new", root, "--set", TTHC)
    assert (done.code, done.out, done.codes) == (2, "", ["PX202"])


# A whole round: 0 ---------------------------------------------------------------------------------


def test_whole_round(call, tmp_path: Path) -> None:
    root = tmp_path / "đợt 1"
    made = call("new", root, "--set", HA_TINH, "--year", 2026)
    assert (made.code, made.err) == (0, "")
    assert "đợt 1" in made.out
    set_rows(root, "Đơn vị", [["a", "Đơn vị A"], ["b", "Đơn vị B"]])
    issued = call("forms", root)
    assert (issued.code, issued.err) == (0, "")
    assert "2 phiếu" in issued.out
    return_form(root, "a", full_answers(load_set(HA_TINH)))
    done = call("score", root)
    assert done.code == 0  # a missing form is no mistake of parxl's
    assert "Đơn vị A" in done.out
    assert is_english(made.out + issued.out + done.out + done.err) == []


def test_score_with_nothing_returned(call, root: Path) -> None:
    done = call("score", root)
    assert (done.code, done.codes) == (0, [])
    assert {unit["status"] for unit in ket_qua(root)["units"]} == {"missing"}


def test_sets_and_check(call) -> None:
    assert all(name in call("sets").out for name in known_sets())
    for name in known_sets():
        done = call("check", name)
        assert (done.code, done.err) == (0, "")
        assert load_set(name).edition in done.out


# Results and messages -----------------------------------------------------------------------------


def test_json_is_alone_on_stdout(call, root: Path) -> None:
    return_form(root, "ca", full_answers(load_set(TTHC)))
    (root / "2-nop" / "hỏng.xlsx").write_bytes(b"PK\x03\x04")
    (root / "~$dot-cham.xlsx").write_bytes(b"")
    done = call("score", root, "--json")
    assert json.loads(done.out) == ket_qua(root)
    assert done.out == (root / "4-ket-qua" / "ket-qua.json").read_text(encoding="utf-8")
    assert done.codes[0] == "PX216"
    assert "PX301" in done.codes


def test_json_of_sets_and_check(call) -> None:
    rows = json.loads(call("sets", "--json").out)
    assert [row["id"] for row in rows] == list(known_sets())
    facts = json.loads(call("check", HA_TINH, "--json").out)
    assert (facts["id"], facts["edition"]) == (HA_TINH, load_set(HA_TINH).edition)


def test_messages_go_to_stderr_only(call, root: Path) -> None:
    (root / "2-nop" / "hỏng.xlsx").write_bytes(b"PK\x03\x04")
    done = call("score", root)
    assert not re.search(r"\[PX\d", done.out)
    assert "[PX301] Lỗi – 2-nop/hỏng.xlsx: " in done.err


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "cp1252:strict"},
        {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LANG": "C.UTF-8"},
    ],
    ids=["ascii", "cp1252", "C", "utf8"],
)
def test_utf8_on_every_console(root: Path, environment: dict[str, str]) -> None:
    (root / "2-nop" / "hỏng.xlsx").write_bytes(b"PK\x03\x04")
    assert "Cách dùng" in run("--help", **environment).out
    done = run("score", root, "--json", **environment)
    assert "Cục Thuế tỉnh" in [unit["name"] for unit in json.loads(done.out)["units"]]
    assert "Không đọc được tệp" in done.err


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_file_names_that_are_not_utf8_never_stop_the_batch(call, root: Path) -> None:
    """Out of an archive packed with an old code page; two of them must not become one."""
    return_form(root, "ca", full_answers(load_set(TTHC)))
    for name in (b"h\xe1.xlsx", b"h\xe2.xlsx"):
        (root / "2-nop" / os.fsdecode(name)).write_bytes(b"PK\x03\x04")
    done = call("score", root)
    assert (done.code, done.codes) == (3, ["PX301", "PX301"])
    names = [file["name"] if "name" in file else file["file"] for file in ket_qua(root)["files"]]
    assert names == ["2-nop/ca.xlsx", r"2-nop/h\xe1.xlsx", r"2-nop/h\xe2.xlsx"]


# Exit codes 3, 4 and 1 ----------------------------------------------------------------------------


def test_rejected_beside_a_good_form_is_3(call, root: Path) -> None:
    return_form(root, "ca", full_answers(load_set(TTHC)))
    (root / "2-nop" / "hỏng.xlsx").write_bytes(b"PK\x03\x04")
    done = call("score", root)
    assert (done.code, done.codes) == (3, ["PX301"])
    assert len(list((root / "4-ket-qua" / "don-vi").iterdir())) == 3


def test_conflict_beside_a_good_form_is_3(call, root: Path) -> None:
    full = full_answers(load_set(TTHC))
    return_form(root, "ca", full)
    return_form(root, "kbnn", full)
    return_form(root, "kbnn", full | {"1.6/a": 40}, "khác.xlsx")
    assert call("score", root).code == 3


def test_error_finding_is_3(call, root: Path) -> None:
    full = full_answers(load_set(TTHC))
    return_form(root, "ca", full | {"1.6/b": "rất nhiều"})
    done = call("score", root)
    assert (done.code, done.codes) == (3, ["PX401"])
    assert "Phiếu chấm điểm!D" in done.err


def test_missing_value_alone_is_0(call, root: Path) -> None:
    return_form(root, "ca", full_answers(load_set(TTHC)) | {"1.6/b": None})
    assert call("score", root).code == 0


def test_only_rejected_files_is_4(call, root: Path) -> None:
    (root / "2-nop" / "hỏng.xlsx").write_bytes(b"PK\x03\x04")
    assert call("score", root).code == 4


@pytest.mark.parametrize(
    ("rows", "code"),
    [([], "PX206"), ([["a", "A"], ["A", "B"]], "PX208"), ([["CON", "A"]], "PX207")],
)
@pytest.mark.parametrize("command", ["forms", "score"])
def test_unusable_roster_is_4(call, tmp_path: Path, rows: list[list[str]], code: str, command: str) -> None:
    root = make_campaign(tmp_path / "dot", TTHC, [])
    set_rows(root, "Đơn vị", rows)
    done = call(command, root)
    assert (done.code, done.out, done.codes) == (4, "", [code])


def test_bad_toml_is_4(call, root: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text("id = \n", encoding="utf-8")
    (root / "bo-tieu-chi.toml").write_text("id = \n", encoding="utf-8")
    for arguments in (
        ["check", bad],
        ["new", tmp_path / "x", "--set", bad],
        ["forms", root],
        ["score", root],
    ):
        done = call(*arguments)
        assert (done.code, done.out, done.codes) == (4, "", ["PX102"])
    assert not (tmp_path / "x").exists()


def test_unwritable_output_is_1(call, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace = os.replace

    def refuse(source: str, target: Path) -> None:
        if Path(target).name == "bang-xep-hang.xlsx":
            raise PermissionError(13, "Permission denied")
        replace(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    done = call("score", root)
    assert (done.code, done.codes) == (1, ["PX601"])
    assert "bang-xep-hang.xlsx" in done.err
    assert (root / "4-ket-qua" / "ket-qua.json").exists()  # the rest is still written


def test_unwritable_new_is_1(call, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = call("new", tmp_path / "file" / "dot", "--set", TTHC)
    assert (done.code, done.out, done.codes) == (1, "", ["PX601"])


def test_new_that_wrote_only_half_does_not_say_it_is_done(
    call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = os.replace

    def refuse(source: str, target: Path) -> None:
        if Path(target).name == "dot-cham.xlsx":
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    done = call("new", tmp_path / "dot", "--set", TTHC)
    assert (done.code, done.codes) == (1, ["PX601"])
    assert "Đã tạo" not in done.out


# What nobody foresaw ------------------------------------------------------------------------------


def test_unexpected_error_is_coded_without_traceback(call, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> None:
        raise ZeroDivisionError("a secret of the code")

    monkeypatch.setattr(parxl.actions, "score_campaign", fail)
    monkeypatch.delenv("PARXL_DEBUG", raising=False)
    done = call("score", root)
    assert (done.code, done.out, done.codes) == (1, "", ["PX901"])
    assert "Traceback" not in done.err
    assert "ZeroDivisionError" in done.err
    monkeypatch.setenv("PARXL_DEBUG", "1")
    assert "Traceback" in call("score", root).err


def test_interrupted(call, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(parxl.actions, "score_campaign", interrupt)
    done = call("score", root)
    assert (done.code, done.out, done.codes) == (1, "", ["PX903"])


def test_closed_pipe_is_no_traceback() -> None:
    """``parxl sets | head -0``."""
    code = "from parxl.cli import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", code, "sets"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as done:
        assert done.stdout is not None
        assert done.stderr is not None
        done.stdout.close()
        assert b"Traceback" not in done.stderr.read()


def test_every_message_has_a_known_code(call, root: Path) -> None:
    (root / "2-nop" / "hỏng.xlsx").write_bytes(b"PK\x03\x04")
    found = [call("nope"), call("score", root), call("check", "x"), call("new", root, "--set", TTHC)]
    codes = [code for done in found for code in done.codes]
    assert len(codes) == len(found)
    assert set(codes) <= set(REGISTER)
