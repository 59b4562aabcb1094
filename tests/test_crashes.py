"""Writing that fails, and runs that are killed: old file or new file, told by name, ended by the next run."""

from __future__ import annotations

import errno
import functools
import io
import json
import os
import pickle
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, cycle
from pathlib import Path
from types import ModuleType
from typing import IO, Any

import pytest
from campaigns import ROSTER, TTHC, YEAR, full_answers, make_campaign, return_form, set_rows

import parxl.actions
import parxl.campaign
import parxl.delivering
import parxl.writing
from parxl.actions import issue_forms, new_campaign, score_campaign
from parxl.cache import NAME as CACHE_NAME
from parxl.criteria import load_set
from parxl.files import LOCK_NAME, PREFIX
from parxl.findings import Finding, ParxlError
from parxl.workshop import Workshop

on_unix = pytest.mark.skipif(os.name == "nt", reason="signals, forks and limits of Unix")

CONTROL, REGISTER = "dot-cham.xlsx", "1-phieu/phat-hanh.json"
UNITS = ROSTER[:2]
KILLS, SEED = 50, 20261121
ERRORS = [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EDQUOT, errno.EFBIG, errno.EIO]


def new(root: Path) -> parxl.writing.Report:
    return new_campaign(root, TTHC, YEAR)


COMMANDS: dict[str, Callable[[Path], parxl.writing.Report]] = {
    "new": new,
    "forms": issue_forms,
    "score": score_campaign,
}

# What a run reads and makes -----------------------------------------------------------------------

Tree = dict[str, bytes]


def tree(root: Path) -> Tree:
    """Every file with its bytes, but for the lock and the cache."""
    files = (path for path in sorted(root.rglob("*")) if path.is_file())
    paths = (path for path in files if path.name != LOCK_NAME and not path.name.startswith(CACHE_NAME))
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def run(command: str, root: Path) -> tuple[int, list[Finding]]:
    """Exit code and what is told, as the command line would."""
    try:
        report = COMMANDS[command](root)
    except ParxlError as error:
        return error.exit_code, list(error.findings)
    return report.exit_code, report.findings


@dataclass(frozen=True)
class Case:
    """A folder before a run, and what an undisturbed run makes of it."""

    command: str
    folder: Path
    code: int
    clean: Tree

    @property
    def before(self) -> Tree:
        return tree(self.folder)

    @property
    def outputs(self) -> list[str]:
        """The files that the run writes."""
        return [name for name, content in self.clean.items() if content != self.before.get(name)]

    def copy(self, target: Path) -> Path:
        return Path(shutil.copytree(self.folder, target))


def case_of(command: str, folder: Path) -> Case:
    scratch = folder.with_name(folder.name + "-clean")
    shutil.copytree(folder, scratch)
    code, found = run(command, scratch)
    assert "PX601" not in [one.code for one in found]
    return Case(command, folder, code, tree(scratch))


def remembered(work: Callable[..., Any], facts: Callable[..., object]) -> Callable[..., Any]:
    """The same answer to the same facts, without the work: these tests are about the disk."""
    known: dict[bytes, Any] = {}

    def recall(*args: object) -> Any:
        key = pickle.dumps(facts(*args))
        if key not in known:
            known[key] = work(*args)
        return known[key]

    return recall


def itself(*args: object) -> object:
    return args


def of_intake(shop: Workshop) -> object:
    campaign = shop.campaign
    return tree(campaign.folder.returned), campaign.settings, campaign.register


def of_scores(
    layout: object, settings: object, register: object, intake: object, appraise: object, previous: object
) -> object:
    return settings, intake, previous


WORK: dict[tuple[ModuleType, str], Callable[..., object]] = {
    (parxl.actions, "read_control"): lambda path, criteria: (path.read_bytes(), criteria),
    (parxl.actions, "read_intake"): of_intake,
    (parxl.actions, "score_intake"): of_scores,
    (parxl.actions, "write_control"): itself,
    (parxl.actions, "write_league"): itself,
    (parxl.delivering, "write_form"): itself,
    (parxl.delivering, "write_result"): itself,
    (parxl.delivering, "unit_text"): itself,
    (parxl.delivering, "rests_on"): itself,
    (parxl.writing, "is_untouched"): itself,
}


def remember(patch: pytest.MonkeyPatch) -> None:
    for (module, name), facts in WORK.items():
        patch.setattr(module, name, remembered(getattr(module, name), facts))


@pytest.fixture(scope="module", autouse=True)
def _quick() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        remember(patch)
        # Serials and ids are random: the same in every run, so that runs can be compared.
        patch.setattr(parxl.campaign.secrets, "token_hex", lambda size: "ab" * size)
        yield


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folders by what happens in them next; in "… again" the outputs are there, and all will change."""
    top = tmp_path_factory.mktemp("crashes")
    found = {name: top / name for name in ("new", "forms", "score", "forms again", "score again")}
    found["new"].mkdir()
    (found["new"] / "ghi chú.txt").write_text("của phòng", encoding="utf-8")
    make_campaign(found["forms"], TTHC, UNITS)
    shutil.copytree(found["forms"], found["score"])
    issue_forms(found["score"])
    answers = full_answers(load_set(TTHC))
    return_form(found["score"], UNITS[0][0], answers)
    return_form(found["score"], UNITS[1][0], {**answers, next(iter(answers)): "không rõ"})
    for name in ("forms again", "score again"):
        shutil.copytree(found["score"], found[name])
    score_campaign(found["score again"])
    for name, roster in (("forms again", ROSTER), ("score again", UNITS)):
        set_rows(found[name], "Đơn vị", [[code, f"{title} (mới)", group] for code, title, group in roster])
    return found


@pytest.fixture(scope="module")
def cases(folders: dict[str, Path]) -> dict[str, Case]:
    return {name: case_of(name.split()[0], folder) for name, folder in folders.items()}


every_case = pytest.mark.parametrize("name", ["new", "forms", "score", "forms again", "score again"])
results_change = pytest.mark.parametrize("name", ["forms again", "score again"])


@every_case
def test_cases_write_what_they_should(cases: dict[str, Case], name: str) -> None:
    case = cases[name]
    assert len(case.outputs) >= 3
    assert set(case.clean) >= set(case.before)
    assert all(map(whole, case.outputs, map(case.clean.get, case.outputs)))
    if "again" in name:
        ours = "4-ket-qua" if case.command == "score" else "1-phieu"
        assert set(case.outputs) == {path for path in case.clean if path.startswith(ours)}


def whole(name: str, content: bytes) -> bool:
    """Not half a file: an archive without a bad part, a JSON text that ends."""
    if name.endswith(".xlsx"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.testzip() is None
    return bool(json.loads(content)) if name.endswith(".json") else content.endswith(b"\n")


# Every n-th write fails ---------------------------------------------------------------------------


class Struck:
    """Stands for one operation of the system; its n-th call is struck: by an error, or by death."""

    def __init__(self, operation: Callable[..., Any], n: int, blow: Callable[[], None]):
        self.operation, self.n, self.blow = operation, n, blow
        self.calls = 0

    def __call__(self, *args: Any, **more: Any) -> Any:
        self.calls += 1
        if self.calls == self.n:
            self.blow()
        return self.operation(*args, **more)


class HalfWritten(Struck):
    """Stands for ``os.fdopen``: the n-th stream is struck when half of the file is written."""

    def __call__(self, handle: int, mode: str) -> IO[bytes]:
        self.calls += 1
        stream: Any = self.operation(handle, mode, buffering=0)
        return _Half(stream, self.blow) if self.calls == self.n else stream


class _Half:
    def __init__(self, stream: IO[bytes], blow: Callable[[], None]):
        self.stream, self.blow = stream, blow

    def __enter__(self) -> _Half:
        return self

    def __exit__(self, *error: object) -> None:
        self.stream.close()

    def write(self, content: bytes) -> None:
        self.stream.write(content[: len(content) // 2])
        self.blow()


OPERATIONS = {
    "make": (tempfile, "mkstemp", Struck),
    "write": (os, "fdopen", HalfWritten),
    "fsync": (os, "fsync", Struck),
    "chmod": (os, "chmod", Struck),
    "replace": (os, "replace", Struck),
}
every_operation = pytest.mark.parametrize("operation", OPERATIONS)


def strike(patch: pytest.MonkeyPatch, operation: str, n: int, blow: Callable[[], None]) -> Struck:
    module, name, kind = OPERATIONS[operation]
    struck = kind(getattr(module, name), n, blow)
    patch.setattr(module, name, struck)
    return struck


def fail(n: int) -> None:
    code = ERRORS[n % len(ERRORS)]
    raise OSError(code, os.strerror(code))


@every_operation
@every_case
def test_every_nth_write_fails(
    cases: dict[str, Case], name: str, operation: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = cases[name]
    for n in count(1):
        root = case.copy(tmp_path / str(n))
        with monkeypatch.context() as patch:
            struck = strike(patch, operation, n, functools.partial(fail, n))
            code, found = run(case.command, root)
        if struck.calls < n:
            break
        check_failure(case, root, code, found, operation)
        if code != case.code:
            assert run(case.command, root)[0] == case.code
        assert tree(root) == case.clean
    assert n > len(case.outputs)


def check_failure(case: Case, root: Path, code: int, found: list[Finding], operation: str) -> None:
    """One output was struck: it is told by name and as it was; the rest is written."""
    told, left = names_told(found), left_old(case, root)
    if told:
        assert (code, len(told)) == (1, 1)
        assert told == left or (stops(case, told) and told <= left)
    else:  # the folder's own fsync, when the new file is already in its place
        assert (operation, left, code) == ("fsync", set(), case.code)


def stops(case: Case, told: set[str | None]) -> bool:
    """Does the command end with this failure? ``new`` always does; no form goes out without its serial."""
    return case.command == "new" or told == {Path(REGISTER).name}


def names_told(found: list[Finding]) -> set[str | None]:
    return {(one.file or "").rpartition("/")[2] for one in found if one.code == "PX601"}


def left_old(case: Case, root: Path) -> set[str | None]:
    """Names of the outputs that are as before the run; every other one is as after a clean run."""
    before, after = case.before, tree(root)
    assert leftovers(after) == []
    assert set(after) <= set(case.clean)
    old = {name for name in case.outputs if after.get(name) == before.get(name)}
    assert [name for name in set(after) - old if after[name] != case.clean[name]] == []
    return {Path(name).name for name in old}


def leftovers(found: Tree) -> list[str]:
    return [name for name in found if Path(name).name.startswith(PREFIX)]


# What stands in the way ---------------------------------------------------------------------------


def mark_read_only(path: Path, patch: pytest.MonkeyPatch) -> None:
    path.chmod(0o444)


def put_a_folder(path: Path, patch: pytest.MonkeyPatch) -> None:
    path.unlink()
    (path / "của ai đó").mkdir(parents=True)


def forbid_reading(path: Path, patch: pytest.MonkeyPatch) -> None:
    opened = Path.open

    def refuse(self: Path, mode: str = "r", *args: Any, **more: Any) -> Any:
        if self == path and mode == "rb":
            raise PermissionError(errno.EACCES, "Permission denied")
        return opened(self, mode, *args, **more)

    patch.setattr(Path, "open", refuse)


def open_elsewhere(path: Path, patch: pytest.MonkeyPatch) -> None:
    """What Windows says when a workbook is open in Excel."""
    replace = os.replace

    def refuse(source: str, target: Path) -> None:
        if Path(target) == path:
            raise PermissionError(errno.EACCES, "The process cannot access the file")
        replace(source, target)

    patch.setattr(os, "replace", refuse)


@pytest.mark.parametrize("block", [mark_read_only, put_a_folder, forbid_reading, open_elsewhere])
@results_change
def test_every_output_blocked(
    cases: dict[str, Case], name: str, block: Callable[..., None], tmp_path: Path
) -> None:
    case = cases[name]
    for number, output in enumerate(set(case.outputs) & set(case.before) - {REGISTER}):
        root = case.copy(tmp_path / str(number))
        with pytest.MonkeyPatch.context() as patch:
            block(root / output, patch)
            code, found = run(case.command, root)
        assert (code, names_told(found)) == (1, {Path(output).name})
        wanted = {**case.clean, output: case.before[output]}
        if block is put_a_folder:
            del wanted[output]
            assert (root / output / "của ai đó").is_dir()
        assert tree(root) == wanted


@pytest.mark.parametrize("block", [mark_read_only, forbid_reading, open_elsewhere])
def test_no_form_goes_out_without_the_register(
    cases: dict[str, Case], block: Callable[..., None], tmp_path: Path
) -> None:
    case = cases["forms again"]
    root = case.copy(tmp_path / "dot")
    with pytest.MonkeyPatch.context() as patch:
        block(root / REGISTER, patch)
        code, found = run("forms", root)
    assert (code, [(one.code, one.file) for one in found]) == (1, [("PX601", "phat-hanh.json")])
    assert tree(root) == case.before


def test_a_folder_in_place_of_the_register(cases: dict[str, Case], tmp_path: Path) -> None:
    case = cases["forms again"]
    root = case.copy(tmp_path / "dot")
    with pytest.MonkeyPatch.context() as patch:
        put_a_folder(root / REGISTER, patch)
    before = tree(root)
    code, found = run("forms", root)
    assert (code, [(one.code, one.file) for one in found]) == (4, [("PX217", "phat-hanh.json")])
    assert tree(root) == before


@pytest.mark.parametrize("place", ["4-ket-qua", "4-ket-qua/don-vi", "4-ket-qua/tra-lai"])
def test_a_file_in_place_of_a_results_folder(cases: dict[str, Case], place: str, tmp_path: Path) -> None:
    """Every output below it is told, and nothing else is disturbed."""
    case = cases["score"]
    root = case.copy(tmp_path / "dot")
    shutil.rmtree(root / place, ignore_errors=True)
    (root / place).write_bytes(b"x")
    code, found = run("score", root)
    below = [name for name in case.outputs if name.startswith(place + "/")]
    told = [one.file or "" for one in found if one.code == "PX601"]
    assert code == 1
    assert sorted(told) == sorted("/".join(Path(name).parts[-2:]) for name in below)
    wanted = {name: content for name, content in case.clean.items() if name not in below}
    assert tree(root) == {**wanted, place: b"x"}


@pytest.mark.parametrize("place", ["4-ket-qua", "4-ket-qua/don-vi", "4-ket-qua/tra-lai"])
def test_a_results_folder_that_must_not_be_entered(
    cases: dict[str, Case], place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = cases["score again"]
    root = case.copy(tmp_path / "dot")
    look = os.stat

    def refuse(path: Any, *args: Any, **more: Any) -> Any:
        if not isinstance(path, int) and (root / place) in Path(os.fsdecode(path)).parents:
            raise PermissionError(errno.EACCES, "Permission denied")
        return look(path, *args, **more)

    with monkeypatch.context() as patch:
        patch.setattr(os, "stat", refuse)
        code, found = run("score", root)
    below = [name for name in case.outputs if name.startswith(place + "/")]
    assert code == 1
    assert names_told(found) >= {Path(name).name for name in below}
    assert tree(root) == {**case.clean, **{name: case.before[name] for name in below}}


@pytest.mark.parametrize(
    ("place", "code", "told"),
    [("2-nop", "PX601", 1), ("bo-tieu-chi.toml", "PX601", 1), ("dot-cham.xlsx", "PX202", 2)],
)
def test_new_where_something_stands(
    cases: dict[str, Case], place: str, code: str, told: int, tmp_path: Path
) -> None:
    root = cases["new"].copy(tmp_path / "dot")
    if place == "2-nop":
        (root / place).write_bytes(b"x")
    else:
        (root / place).mkdir()
    before = tree(root)
    done, found = run("new", root)
    assert (done, [one.code for one in found]) == (told, [code])
    assert place in str(found[0])
    assert tree(root) == before


def test_new_ends_only_what_it_began_itself(cases: dict[str, Case], tmp_path: Path) -> None:
    """What somebody else left there, or what is already in use, is never taken for a run cut short."""
    text = cases["new"].clean["bo-tieu-chi.toml"]
    for number, (changed, name) in enumerate([(b"#", "forms"), (b"", "forms again"), (b"", "score")]):
        root = cases[name].copy(tmp_path / str(number))
        (root / "bo-tieu-chi.toml").write_bytes(text + changed)
        (root / "dot-cham.xlsx").unlink()
        before = tree(root)
        assert [one.code for one in run("new", root)[1]] == ["PX202"]
        assert tree(root) == before


LIMITED = """
import resource, signal, sys
from parxl.cli import main
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
limit = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
main()
"""
TOLD = re.compile(r"^\[PX601\] Lỗi – (.+?): ", re.MULTILINE)


@on_unix
@results_change
@pytest.mark.parametrize("place", [0, 0.5, 1])
def test_the_system_refuses_to_write_more(
    cases: dict[str, Case], name: str, place: float, tmp_path: Path
) -> None:
    """A real failure, halfway through a file: what fits the limit is written, what does not is told."""
    case = cases[name]
    root = case.copy(tmp_path / "dot")
    sizes = sorted(len(case.clean[output]) for output in case.outputs)
    limit = sizes[int(place * (len(sizes) - 1))] - 1
    command = [sys.executable, "-c", LIMITED, str(limit), case.command, str(root)]
    done = subprocess.run(command, capture_output=True, timeout=120, check=False)
    told = {name.rpartition("/")[2] for name in TOLD.findall(done.stderr.decode())}
    assert (done.returncode, b"PX9" in done.stderr) == (1, False), done.stderr.decode()
    too_large = {Path(one).name for one in case.outputs if len(case.clean[one]) > limit}
    assert told == ({"phat-hanh.json"} if "phat-hanh.json" in too_large else too_large)
    unchanged = {one for one in case.outputs if tree(root).get(one) == case.before.get(one)}
    everything = {Path(one).name for one in case.outputs}
    assert {Path(one).name for one in unchanged} == (everything if "phat-hanh.json" in told else told)
    assert all(whole(one, content) for one, content in tree(root).items() if one in case.outputs)
    assert leftovers(tree(root)) == []


# Killed -------------------------------------------------------------------------------------------


def serve() -> None:
    """Child process: knows every workbook beforehand, then forks one victim a line of its input."""
    patch = pytest.MonkeyPatch()
    remember(patch)
    command, *folders = sys.argv[1:]
    for folder in folders * 3:  # what is worked out once more and kept changes the keys at first
        COMMANDS[command](Path(folder))
    for line in sys.stdin:
        victim = os.fork()
        if not victim:
            work(patch, *json.loads(line))
        sys.stdin.readline()
        print(os.waitstatus_to_exitcode(os.waitpid(victim, 0)[1]), flush=True)


def work(patch: pytest.MonkeyPatch, command: str, root: str, operation: str, n: int) -> None:
    """The victim: tells its id at its first temporary file. Dies in the n-th operation, if one is named."""
    tell = functools.cache(lambda: print(os.getpid(), flush=True))
    if operation:
        strike(patch, operation, n, lambda: os.kill(os.getpid(), signal.SIGKILL))
    make = tempfile.mkstemp
    patch.setattr(tempfile, "mkstemp", lambda *args, **more: (tell(), make(*args, **more))[1])
    try:
        code = COMMANDS[command](Path(root)).exit_code
    except BaseException:
        traceback.print_exc()
        code = 99
    tell()
    os._exit(code)


class Killer:
    """Runs a command in a victim, and kills it."""

    def __init__(self, command: str, folders: list[Path]):
        self.command = command
        arguments = [sys.executable, __file__, command, *map(str, folders)]
        self.server = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def start(self, root: Path, operation: str = "", n: int = 0) -> int:
        """The victim's id; it has begun to write."""
        self._send(json.dumps([self.command, str(root), operation, n]))
        return int(self._receive())

    def end(self) -> int:
        """How the victim ended: its exit code, or -9."""
        self._send("")
        return int(self._receive())

    def close(self) -> None:
        self.server.communicate()

    def _send(self, line: str) -> None:
        assert self.server.stdin is not None
        self.server.stdin.write(line + "\n")
        self.server.stdin.flush()

    def _receive(self) -> str:
        assert self.server.stdout is not None
        return self.server.stdout.readline()


def clean_runs(case: Case, root: Path, other: bytes) -> list[Tree]:
    """What clean runs leave by turns with the case's own control workbook and with the other one."""
    controls = [(case.folder / CONTROL).read_bytes(), other]
    found = []
    for content in [*controls, *controls]:
        (root / CONTROL).write_bytes(content)
        assert run(case.command, root)[0] == case.code
        found.append(tree(root))
    return found[2:]


@pytest.fixture(scope="module", params=["forms again", "score again"])
def deadly(
    request: pytest.FixtureRequest, cases: dict[str, Case], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Case, list[Tree], Killer]]:
    """A case, what its clean runs leave by turns, and a killer that knows all their workbooks."""
    case, top = cases[request.param], tmp_path_factory.mktemp("killed")
    wanted = clean_runs(case, case.copy(top / "clean"), (cases["score"].folder / CONTROL).read_bytes())
    known = [case.copy(top / str(number)) for number in range(2)]
    for folder, found in zip(known, wanted, strict=True):
        (folder / CONTROL).write_bytes(found[CONTROL])
        (folder / REGISTER).write_bytes(found[REGISTER])
    killer = Killer(case.command, known)
    yield case, wanted, killer
    killer.close()


@on_unix
@every_operation
def test_killed_at_every_step(deadly: tuple[Case, list[Tree], Killer], operation: str, tmp_path: Path) -> None:
    case, (wanted, _), killer = deadly
    for n in count(1):
        root = case.copy(tmp_path / str(n))
        (root / REGISTER).write_bytes(wanted[REGISTER])  # the victims' new serials would be random
        before = tree(root)
        killer.start(root, operation, n)
        code = killer.end()
        check_killed(case, root, before, wanted)
        if code != -signal.SIGKILL:
            break
    assert code == case.code
    assert n > len(case.outputs) - 1


def check_killed(case: Case, root: Path, before: Tree, wanted: Tree) -> None:
    """Every file is the old one or the new one; a clean run on what is left ends as if nothing had happened."""
    after = tree(root)
    files = {name: content for name, content in after.items() if name not in leftovers(after)}
    assert set(files) <= set(wanted)
    assert [name for name in files if files[name] not in (before.get(name), wanted[name])] == []
    scratch = root.with_name("scratch")
    shutil.copytree(root, scratch)
    assert run(case.command, scratch)[0] == case.code
    assert tree(scratch) == wanted
    shutil.rmtree(scratch)


@on_unix
def test_killed_at_random_moments(deadly: tuple[Case, list[Tree], Killer], tmp_path: Path) -> None:
    """The settings change before every run: each writes all files, over what the killed ones left."""
    case, turns, killer = deadly
    root, moments = case.copy(tmp_path / "dot"), random.Random(SEED)
    (root / REGISTER).write_bytes(turns[0][REGISTER])  # the victims' new serials would be random
    kills, longest = 0, 0.0
    for wanted in cycle(turns):
        (root / CONTROL).write_bytes(wanted[CONTROL])
        before, victim, start = tree(root), killer.start(root), time.monotonic()
        if longest:
            time.sleep(moments.uniform(0, longest))
            os.kill(victim, signal.SIGKILL)  # not waited for yet: the id is still its own
        kills += killer.end() == -signal.SIGKILL
        longest = longest or time.monotonic() - start
        check_killed(case, root, before, wanted)
        if kills == KILLS:
            break
    assert run(case.command, root)[0] == case.code
    assert tree(root) == wanted


# Two at once --------------------------------------------------------------------------------------

BUSY = """
import sys
import parxl.actions
from parxl.cli import main
def wait(folders):
    print("inside", flush=True)
    sys.stdin.readline()
parxl.actions.sweep = wait
main()
"""


@pytest.mark.parametrize("name", ["new", "forms", "score"])
def test_the_second_of_two_runs_stops_at_once(cases: dict[str, Case], name: str, tmp_path: Path) -> None:
    case = cases[name]
    root = case.copy(tmp_path / "dot")
    arguments = [name, str(root), *(["--set", TTHC, "--year", str(YEAR)] if name == "new" else [])]
    pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen([sys.executable, "-c", BUSY, *arguments], **pipes) as first:
        assert first.stdout is not None
        assert first.stdout.readline().strip() == b"inside"
        command = [sys.executable, "-c", "from parxl.cli import main; main()", *arguments]
        second = subprocess.run(command, capture_output=True, timeout=60, check=False)
        assert tree(root) == case.before
        first.communicate(b"\n")
    assert (second.returncode, second.stdout) == (1, b"")
    assert second.stderr.decode().startswith(f"[PX214] Lỗi – {root}: ")
    assert first.returncode == case.code
    assert set(tree(root)) == set(case.clean)


if __name__ == "__main__":
    serve()
