"""A loop for ever in a student's exercise ends: it is told in words, and the notebook goes on."""

import contextlib
import itertools
import signal
import threading
import time

import pytest
import torch
from torch import nn

import lenet_helpers as lh
from lenet_helpers.asking.exercises import checking
from lenet_helpers.asking.exercises.attempts import KEPT, outcomes
from lenet_helpers.asking.exercises.catalogue import EXERCISES
from lenet_helpers.asking.exercises.checking import judge
from lenet_helpers.asking.exercises.time_limit import StillRunningError, within


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(checking, "_last", {})
    monkeypatch.setattr(checking, "PATIENCE", 1.0)
    monkeypatch.setattr(checking, "SLOWER", 0)


def for_ever():
    while True:
        pass


def left_stays(n, k, s=1, p=0, d=1):
    places, left = 0, -p
    while left + d * (k - 1) < n + p:
        places += 1
    return places


def list_grows(net, shape):
    x, shapes = torch.zeros(shape), [shape]
    for _ in shapes:
        shapes.append(tuple(x.shape))
    return shapes


class InForward(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(784, 10)

    def forward(self, x):
        while x.ndim > 2:
            scores = self.fc(x.flatten(1))
        return scores


class InInit(nn.Module):
    def __init__(self):
        super().__init__()
        layers = []
        while len(layers) < 5:
            self.fc = nn.Identity()

    def forward(self, x):
        return x


LOOPS = [
    ("output_size", left_stays, "n=5, k=3, s=1, p=0, d=1."),
    ("shapes_of", list_grows, "net=nn.Sequential(nn.Flatten()), shape=(1, 2, 3)."),
    ("LeNet", InForward, "1 picture of 28×28."),
    ("LeNet", InInit, "1 picture of 28×28."),
]


@pytest.mark.parametrize(("key", "attempt", "told"), LOOPS)
def test_it_is_stopped_and_told_and_ours_goes_on(key, attempt, told, capsys, monkeypatch):
    notes = []
    monkeypatch.setattr(checking, "note_exercise", lambda *told: notes.append(told))
    started = time.monotonic()
    assert lh.check(key, attempt) is EXERCISES[key].solution
    assert 1 <= time.monotonic() - started < 4
    words = " ".join(capsys.readouterr().out.split())
    assert f"The smallest input where it fails: {told} It was still running after 1 sec" in words
    assert "has been stopped, in the line `" in words
    assert "It looks as if a loop goes round without an end" in words
    assert "Until then the notebook goes on with ours." in words
    assert notes == [(key, False, "loop without end")]


def test_all_inputs_together_have_that_time():
    def output_size(n, k, s=1, p=0, d=1):
        time.sleep(0.05)
        return (n + 2 * p - d * (k - 1) - 1) // s + 1

    started = time.monotonic()
    assert judge(EXERCISES["output_size"], output_size).misconception == "loop without end"
    assert time.monotonic() - started < 3


def test_where_ours_takes_long_others_may_take_longer(monkeypatch):
    """On a computer that is busy with something else, say."""
    monkeypatch.setattr(checking, "PATIENCE", 0.05)

    def output_size(n, k, s=1, p=0, d=1):
        time.sleep(0.002)
        return (n + 2 * p - d * (k - 1) - 1) // s + 1

    assert judge(EXERCISES["output_size"], output_size).state == "wrong"
    monkeypatch.setattr(checking, "SLOWER", 10_000)
    assert judge(EXERCISES["output_size"], output_size).state == "right"


def test_a_smaller_input_that_is_wrong_is_told_first():
    def output_size(n, k, s=1, p=0, d=1):
        return n - k if n < 10 else for_ever()

    verdict = judge(EXERCISES["output_size"], output_size)
    assert "n=5, k=3, s=1, p=0, d=1. It gives 2; expected is 3." in verdict.words


def test_an_interrupt_meanwhile_is_an_interrupt():
    """As by the square button: the kernel gets it as a signal, and Python as KeyboardInterrupt."""

    def output_size(n, k, s=1, p=0, d=1):
        signal.raise_signal(signal.SIGINT)
        for_ever()

    started = time.monotonic()
    verdict = judge(EXERCISES["output_size"], output_size)
    assert (verdict.state, verdict.misconception) == ("stopped", None)
    assert time.monotonic() - started < 1
    with pytest.raises(KeyboardInterrupt):
        within(0.2, signal.raise_signal, signal.SIGINT)
    time.sleep(0.4)  # and nothing comes after it


def test_what_a_loop_prints_is_not_kept_for_ever():
    lines = itertools.count()

    def output_size(n, k, s=1, p=0, d=1):
        while True:
            print("line", next(lines))

    exercise = EXERCISES["output_size"]
    (outcome,) = outcomes(exercise, output_size, exercise.cases(), 0.5)
    assert outcome.printed.startswith("line 0\nline 1\n")
    assert len(outcome.printed) == KEPT < next(lines)


def takes_it_in_the_loop():
    number = 0
    while True:
        try:
            number += 1
        except:  # noqa: E722
            number = 0


def takes_it_around_the_loop():
    while True:
        try:
            while True:
                pass
        except:  # noqa: E722
            pass


def takes_it_twice():
    while True:
        try:
            while True:
                try:
                    torch.zeros(100_000).sum()
                except:  # noqa: E722
                    print("again")
        except BaseException:
            time.sleep(0)


def takes_it_and_calls_itself():
    try:
        for_ever()
    except:  # noqa: E722
        takes_it_and_calls_itself()


@pytest.mark.parametrize(
    "stubborn",
    [takes_it_in_the_loop, takes_it_around_the_loop, takes_it_twice, takes_it_and_calls_itself],
)
def test_a_bare_except_does_not_save_it(stubborn, capsys):
    started = time.monotonic()
    with pytest.raises(StillRunningError) as stopped:
        within(0.2, stubborn)
    assert time.monotonic() - started < 5
    assert stubborn.__code__ in [entry.frame.code.raw for entry in stopped.traceback]
    sum(range(1000))  # what comes after it is left alone
    assert within(5, divmod, 7, 2) == (3, 1)


def test_a_loop_that_is_stopped_leaves_its_with():
    """What a with does at its end is done: the notebook's mode is what it was."""

    def output_size(n, k, s=1, p=0, d=1):
        with torch.no_grad():
            for_ever()

    with pytest.raises(StillRunningError):
        within(0.2, output_size, 5, 3)
    assert torch.is_grad_enabled()


def test_who_takes_the_error_and_returns_ran_too_long_all_the_same():
    def gives_up():
        try:
            for_ever()
        except:  # noqa: E722
            return 3

    with pytest.raises(StillRunningError):
        within(0.2, gives_up)


def test_it_works_in_another_thread_too():
    """There no signal arrives; nor has Windows a timer that sends one."""
    caught = []

    def run():
        try:
            within(0.2, for_ever)
        except StillRunningError as error:
            caught.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(10)
    assert len(caught) == 1


def test_who_is_done_in_time_is_left_alone():
    threads = threading.active_count()
    for _ in range(300):  # some end in the very moment at which they would be stopped
        with contextlib.suppress(StillRunningError):
            assert within(0.002, time.sleep, 0.00195) is None
        sum(range(1000))  # an error that came late would come out here
    time.sleep(0.3)
    assert threading.active_count() == threads
    assert within(5, divmod, 7, 2) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        within(5, divmod, 1, 0)
