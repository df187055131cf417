"""How many threads a run computes with: as many as other programs leave cores for.

The threads of a layer wait for each other, and they wait actively: they take a core for it. Where
two trainings have two threads each on two cores, much of the time goes into waiting for a thread
that has no core at the moment, and together they do less than one alone. With one thread each they
do more. ``python3 run.py benchmark crowd`` measures it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence

import torch

from .cores import Limit, limits, wanted_by_others

PAUSE = 0.25  # seconds between two looks while there are as many threads as there can be ...
LONG_PAUSE = 1.0  # ... and while there are fewer: a short rest of the others is no free core
TOO_FEW = 0.5  # a thread that gets less of a core than this makes the others wait
ENOUGH = 0.8  # of a core has to be left for one more thread


class Threads:
    """The threads of a run on the CPU; :meth:`look` is called between steps, and costs nothing.

    PyTorch's number of threads at the start, which the user may have set, is the most there are.

    Args:
        shared: The limits of this process; none: the number of threads stays.
        clock: Tells the time, in seconds.
        own: Tells the processor time that this process has used, in seconds.
        others: Tells what share of the cores others want at this moment.
    """

    def __init__(
        self,
        shared: Sequence[Limit] | None = None,
        clock: Callable[[], float] = time.monotonic,
        own: Callable[[], float] = time.process_time,
        others: Callable[[], float] = wanted_by_others,
    ) -> None:
        self._limits = limits() if shared is None else list(shared)
        self._clock, self._own = clock, own
        self._before = self._now = torch.get_num_threads()
        there = [limit.cores for limit in self._limits]
        self._most = max(1, math.floor(min([self._before, *there])))
        self._next = math.inf  # when to look again
        self._use(self._most)
        if self._most > 1 and there:  # before the first look, a guess
            self._use(self._fitting(there[0] * (1 - others())))
            self._begin(PAUSE, self._used())

    def look(self) -> None:
        """Take as many threads as the others left cores for since the last look, if it is time."""
        if self._clock() < self._next:
            return
        try:
            used = self._used()
            left = self._left(used)
            if left < self._now - TOO_FEW or left >= self._now + ENOUGH:
                self._use(self._fitting(left))
            self._begin(PAUSE if self._now == self._most else LONG_PAUSE, used)
        except OSError:  # the system tells no more
            self._next = math.inf

    def end(self) -> None:
        """Put PyTorch's number of threads back to what it was."""
        self._use(self._before)
        self._next = math.inf

    def _used(self) -> list[float]:
        """Return what of each limit has been used so far; the system takes its time to tell."""
        return [limit.used() for limit in self._limits]

    def _left(self, used: Sequence[float]) -> float:
        """Return how many cores the others left since :meth:`_begin`; ``used``: by all, now."""
        seconds = self._clock() - self._began
        own = self._own() - self._own_then
        return min(
            limit.cores - max(0.0, now - then - own) / seconds
            for limit, then, now in zip(self._limits, self._then, used, strict=True)
        )

    def _fitting(self, left: float) -> int:
        """Return how many threads fit to ``left`` cores."""
        return max(1, min(self._most, math.floor(left + TOO_FEW)))

    def _begin(self, pause: float, used: Sequence[float]) -> None:
        self._began, self._own_then, self._then = self._clock(), self._own(), used
        self._next = self._began + pause

    def _use(self, threads: int) -> None:
        if threads != self._now:
            torch.set_num_threads(threads)
            self._now = threads
