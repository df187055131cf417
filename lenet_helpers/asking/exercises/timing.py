"""Exercises of notebook 8: measure a time, and know what a faster part is worth."""

from __future__ import annotations

from .exercise import Case, Exercise, Facts, Slip


def best_time(work, repeats, clock):
    """Return the least time of one call of work(), in seconds, out of `repeats` calls.

    One call before them is not counted: the first is often slower than the others.
    clock() gives the time in seconds.

    >>> best_time(lambda: None, 2, lambda: 5.0)  # a clock that stands still
    0.0
    """
    work()
    times = []
    for _ in range(repeats):
        start = clock()
        work()
        times.append(clock() - start)
    return min(times)


def with_a_clock_of_ours(best_time, durations, repeats):
    """Return what ``best_time`` says of a work whose calls take ``durations``."""
    now, calls = 0.0, 0

    def work():
        nonlocal now, calls
        now += durations[min(calls, len(durations) - 1)]
        calls += 1

    time = best_time(work, repeats, lambda: now)
    return Facts({"The time": time, "The calls of work": calls})


def _timed(choose, warm_up=True, one_start=False):
    """Return a version that differs in what is taken of the times, or in how they are taken."""

    def wrong(work, repeats, clock):
        if warm_up:
            work()
        times, start = [], clock()
        for _ in range(repeats):
            start = start if one_start else clock()
            work()
            times.append(clock() - start)
        return choose(times)

    return wrong


def _first_timed_too(work, repeats, clock):
    return _timed(min, warm_up=False)(work, repeats + 1, clock)


def _never_called(work, repeats, clock):
    start = clock()
    return clock() - start


def _mean(times):
    return sum(times) / len(times)


BEST_TIME = Exercise(
    notebook=8,
    solution=best_time,
    cases=lambda: [
        Case((durations, len(durations) - 1), f"calls that take {told} seconds, in this order")
        for durations, told in [
            ([2.0, 2.0], "2 and 2"),
            ([9.0, 2.0], "9 and 2"),
            ([1.0, 4.0, 3.0], "1, 4 and 3"),
            ([9.0, 3.0, 1.5, 2.0], "9, 3, 1.5 and 2"),
            ([8.0, 2.0, 4.0, 6.0, 5.0], "8, 2, 4, 6 and 5"),
        ]
    ],
    slips=(
        Slip("first call counted", _timed(min, warm_up=False)),
        Slip("first call counted", _first_timed_too),
        Slip("mean for least", _timed(_mean)),
        Slip("mean for least", _timed(_mean, warm_up=False)),
        Slip("sum for least", _timed(sum)),
        Slip("largest for least", _timed(max)),
        Slip("last time only", _timed(lambda times: times[-1])),
        Slip("clock started once", _timed(min, one_start=True)),
        Slip("milliseconds for seconds", _timed(lambda times: 1000 * min(times))),
        Slip("work never called", _never_called),
        Slip("difference turned around", _timed(lambda times: -max(times))),
        Slip("least starts at zero", _timed(lambda times: min(0, *times))),
        Slip("least starts at zero", _timed(lambda times: min(0.0, *times))),
    ),
    hints=(
        "Each call has a time of its own: ask the clock before it and after it, and keep the "
        "difference.",
        "Call `work()` once first. Then a loop of `repeats` turns with `start = clock()`, `work()` "
        "and the difference, put into a list. `min` finds the least.",
    ),
    observe=with_a_clock_of_ours,
)


def speed_up(share, factor):
    """Return how many times as fast the whole is, when a part becomes `factor` times as fast.

    share: what the part takes of the time before, from 0 to 1. The rest stays as it was.

    >>> speed_up(0.5, 1)  # nothing has changed
    1.0
    """
    return 1 / (1 - share + share / factor)


SPEED_UP = Exercise(
    notebook=8,
    solution=speed_up,
    cases=lambda: [
        Case(given)
        for given in [
            (0.0, 5.0), (1.0, 4.0), (0.5, 2.0), (0.75, 10.0), (0.25, 10.0), (0.2, 1000.0),
            (0.5, 0.5),
        ]
    ],
    slips=(
        Slip("gain of the part", lambda share, factor: factor),
        Slip("gain times share", lambda share, factor: share * factor),
        Slip("gain times share", lambda share, factor: 1 - share + share * factor),
        Slip("gain times share", lambda share, factor: 1 + share * factor),
        Slip("time for gain", lambda share, factor: 1 - share + share / factor),
        Slip("time for gain", lambda share, factor: share / factor),
        Slip("part costs nothing", lambda share, factor: 1 / (1 - share)),
        Slip("other part faster", lambda share, factor: 1 / (share + (1 - share) / factor)),
        Slip("slower for faster", lambda share, factor: 1 / (1 - share + share * factor)),
        Slip("rest left out", lambda share, factor: factor / share),
        Slip("share as per cent", lambda share, factor: 100 / (100 - share + share / factor)),
    ),
    hints=(
        "Say that the whole took 1 second. How many seconds does the rest take, and how many does "
        "the part take now?",
        "The new time is (1 − share) + share / factor. How many times as fast is that, compared "
        "with 1 second?",
    ),
    also="It is called Amdahl's law.",
)  # fmt: skip

EXERCISES = (BEST_TIME, SPEED_UP)
