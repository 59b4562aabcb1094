"""What a command works with: processes, the memory of earlier runs, and somebody who is told how far it is."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from parxl.cache import NAME, Cache
from parxl.campaign import Folder, Register, Settings
from parxl.crew import CREW, Batch, Maker
from parxl.layout import Layout
from parxl.progress import Track, untold

LEAST, MOST = 8, 128  # tasks that one process is given at once
MANY = 2000  # tasks after which the processes are not kept for the next command
Share = Callable[[Sequence[Any]], Any]  # the tasks of a batch -> what they need together


def all_cores() -> int:
    """How many processes to work with where nobody says."""
    return os.cpu_count() or 1


@dataclass(frozen=True)
class Pace:
    """How a command is to work: ``jobs`` processes at most; ``track``: how progress is told."""

    jobs: int = field(default_factory=all_cores)
    track: Track = untold


@dataclass(frozen=True)
class Campaign:
    """What each process is told once."""

    folder: Folder
    layout: Layout
    settings: Settings
    register: Register | None


@dataclass(frozen=True)
class Workshop:
    """Open for one command on one campaign."""

    campaign: Campaign
    cache: Cache
    pace: Pace

    def each(
        self, maker: Maker, tasks: Sequence[Any], words: str, share: Share | None = None, few: int = 0
    ) -> Iterable[tuple[Any, Any]]:
        """(task, its answer or ``crew.Lost``) as they come, told of under these words.

        ``maker``: of the campaign, makes the work. ``share`` is asked only when a process gets the batch.
        ``few``: so many tasks are done here, sooner than a process could be started; where any are, so are all
        of them if no two would be done at once anyhow.
        """
        batches = (Batch(some, share(some) if share else None) for some in self._batches(tasks))
        here = len(tasks) <= few or (few > 0 and self.pace.jobs == 1)
        found = self._here(maker, batches) if here else self._apart(maker, batches)
        return self.pace.track(found, words, len(tasks))

    def dismiss(self, tasks: int) -> None:
        """End the processes where they did so many tasks that they hold much that nobody asks for any more."""
        if tasks > MANY:
            CREW.stop()

    def _here(self, maker: Maker, batches: Iterable[Batch]) -> Iterator[tuple[Any, Any]]:
        work = maker(self.campaign)
        return ((task, work(batch.shared, task)) for batch in batches for task in batch.tasks)

    def _apart(self, maker: Maker, batches: Iterable[Batch]) -> Iterator[tuple[Any, Any]]:
        return CREW.each(maker, batches, self.campaign, self.pace.jobs)

    def _batches(self, tasks: Sequence[Any]) -> Iterator[Sequence[Any]]:
        """Large ones first: what the tasks of a batch need together is made once. Then smaller ones: no process
        is left alone with a long one.
        """
        start, jobs = 0, self.pace.jobs
        while rest := len(tasks) - start:
            size = min(max(rest // (2 * jobs) if jobs > 1 else rest, LEAST), MOST, rest)
            yield tasks[start : start + size]
            start += size


@contextmanager
def workshop(campaign: Campaign, pace: Pace) -> Iterator[Workshop]:
    """The workshop of one command on a campaign folder, which must be locked."""
    with Cache(campaign.folder.root / NAME) as cache:
        yield Workshop(campaign, cache, pace)
