"""Several processes at once: every task gets its own answer, whatever becomes of the others."""

from __future__ import annotations

import multiprocessing
import multiprocessing.context
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from readers import SECONDS, ended, obeying

from parxl import workshop
from parxl.crew import Batch, Crew, Lost
from parxl.workshop import MANY


def counting(context: list[int]) -> Callable[[Any, int], Any]:
    """Made once a process; what it shares, and what it was told at its start."""
    made = list(context)

    def work(shared: Any, task: int) -> tuple[Any, int, int, int]:
        made.append(task)
        return shared, made[0], len(made), os.getpid()

    return work


@pytest.fixture
def crew() -> Iterator[Crew]:
    with Crew(SECONDS) as found:
        yield found


def batches(*orders: list[str]) -> Iterator[Batch]:
    return (Batch(order) for order in orders)


def test_every_task_has_its_answer(crew: Crew) -> None:
    tasks = [[str(10 * k + i) for i in range(10)] for k in range(10)]
    found = dict(crew.each(obeying, batches(*tasks), jobs=2))
    assert {task: answer[0] for task, answer in found.items()} == {t: t for some in tasks for t in some}
    assert len({child for _, child in found.values()}) == 2


def test_what_is_shared_and_what_is_made_once(crew: Crew) -> None:
    found = list(crew.each(counting, (Batch([k, -k], shared=k * k) for k in range(1, 6)), [7], 2))
    assert [(task, answer[0]) for task, answer in sorted(found)] == sorted(
        (task, k * k) for k in range(1, 6) for task in (k, -k)
    )
    assert {answer[1] for _, answer in found} == {7}
    # Two processes at most have counted on, each for itself.
    assert sum(max(a[2] for _, a in found if a[3] == child) - 1 for child in {a[3] for _, a in found}) == 10


def test_the_same_processes_do_another_work(crew: Crew) -> None:
    first = {answer[1] for _, answer in crew.each(obeying, batches(["a"], ["b"]), jobs=2)}
    second = {answer[3] for _, answer in crew.each(counting, [Batch([1]), Batch([2])], [7], 2)}
    assert len(first) == 2
    assert first == second


def test_another_context_is_told_to_the_same_process(crew: Crew) -> None:
    found = [next(iter(crew.each(counting, [Batch([1])], [number])))[1] for number in (7, 8, 9)]
    assert [answer[1:3] for answer in found] == [(7, 2), (8, 2), (9, 2)]
    assert len({answer[3] for answer in found}) == 1


def test_one_job_is_one_process(crew: Crew) -> None:
    assert len({answer[1] for _, answer in crew.each(obeying, batches(["a"], ["b"], ["c"]))}) == 1


@pytest.mark.parametrize("order", ["exit", "crash"])
def test_a_lost_process_costs_its_task_only(crew: Crew, order: str) -> None:
    tasks = [["a", "b", order, "c", "d"], ["e", "f"], [order, "g"], ["h"]]
    found = list(crew.each(obeying, batches(*tasks), jobs=2))
    assert sorted(task for task, _ in found) == sorted(t for some in tasks for t in some)
    assert [task for task, answer in found if answer == Lost()] == [order, order]
    assert {answer[0] for task, answer in found if task != order} == set("abcdefgh")


@pytest.mark.parametrize("order", ["sleep", "spin"])
def test_a_task_without_end(order: str) -> None:
    with Crew(seconds=6) as crew:
        began = time.monotonic()
        found = dict(crew.each(obeying, batches(["a", order, "b"], ["c"]), jobs=2))
        assert found[order] == Lost(6)
        assert [found[name][0] for name in "abc"] == ["a", "b", "c"]
        assert time.monotonic() - began < 6 * 4


def test_a_slow_consumer_is_no_slow_task() -> None:
    with Crew(seconds=6) as crew:
        found = []
        for task, answer in crew.each(obeying, batches(["a", "b"], ["c", "d"]), jobs=2):
            time.sleep(7 if not found else 0)
            found.append((task, answer[0]))
    assert sorted(found) == [(name, name) for name in "abcd"]


def test_the_work_s_own_mistake_is_raised_and_leaves_nothing_behind(crew: Crew) -> None:
    with pytest.raises(ZeroDivisionError, match="fail"):
        list(crew.each(obeying, batches(["a", "fail", "b"], ["late", "late"]), jobs=2))
    assert [answer[0] for _, answer in crew.each(obeying, batches(["c"], ["d"]), jobs=2)] in (
        ["c", "d"],
        ["d", "c"],
    )


def test_who_stops_asking_gets_no_late_answer(crew: Crew) -> None:
    for _ in crew.each(obeying, batches(["a", "late"], ["b", "late"]), jobs=2):
        break
    found = dict(crew.each(obeying, batches(["c"], ["d"]), jobs=2))
    assert set(found) == {"c", "d"}


def test_batches_are_made_only_when_they_are_wanted(crew: Crew) -> None:
    made: list[int] = []

    def making() -> Iterator[Batch]:
        for number in range(20):
            made.append(number)
            yield Batch([str(number)])

    running = iter(crew.each(obeying, making(), jobs=2))
    next(running)
    assert len(made) <= 4
    assert len(list(running)) == 19


def test_an_interruption_stops_all_at_once(crew: Crew) -> None:
    children = [answer[1] for _, answer in crew.each(obeying, batches(["a"], ["b"]), jobs=2)]
    began = time.monotonic()
    main = threading.main_thread().ident
    threading.Timer(0.5, signal.pthread_kill, (main, signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        list(crew.each(obeying, batches(["sleep"], ["sleep"]), jobs=2))
    assert time.monotonic() - began < SECONDS / 2
    assert all(ended(child) for child in children)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to its address space")
def test_a_process_that_eats_all_memory(crew: Crew) -> None:
    with pytest.raises(MemoryError):
        list(crew.each(obeying, batches(["eat"])))
    assert next(iter(crew.each(obeying, batches(["b"]))))[1][0] == "b"


def test_a_process_that_cannot_start_is_no_task_s_fault(monkeypatch: pytest.MonkeyPatch, crew: Crew) -> None:
    """It must not be taken for a file that cannot be opened: every file would be rejected."""

    def fail(process: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    with monkeypatch.context() as patched:
        patched.setattr(multiprocessing.context.SpawnProcess, "start", fail)
        with pytest.raises(RuntimeError, match="can be started"):
            list(crew.each(obeying, batches(["a"])))
    assert next(iter(crew.each(obeying, batches(["b"]))))[1][0] == "b"


def test_no_work_starts_no_process() -> None:
    with Crew() as crew:
        assert list(crew.each(obeying, [])) == []
        assert list(crew.each(obeying, [Batch([])])) == []
        assert (crew._idle, crew._busy) == ([], [])


# A workshop that is done with them ----------------------------------------------------------------


@pytest.mark.parametrize(("tasks", "kept"), [(MANY, True), (MANY + 1, False)])
def test_after_very_many_tasks_the_processes_are_not_kept(
    tasks: int, kept: bool, crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workshop, "CREW", crew)
    first = next(iter(crew.each(obeying, batches(["a"]))))[1][1]
    workshop.Workshop(None, None, workshop.Pace(1)).dismiss(tasks)  # type: ignore[arg-type]
    again = next(iter(crew.each(obeying, batches(["b"]))))[1]
    assert again[0] == "b"
    assert (again[1] == first) == kept
