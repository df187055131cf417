"""Notebook 8: its exercises tell right from wrong, and its questions know the thoughts behind."""

import math

import pytest
import torch

from lenet_helpers.asking.exercises.catalogue import EXERCISES
from lenet_helpers.asking.exercises.checking import judge
from lenet_helpers.asking.exercises.timing import best_time, speed_up
from lenet_helpers.asking.questions import QUESTIONS, of_notebook
from lenet_helpers.asking.questions.recalled import drawn


def loop(choose, warm=1):
    """Return a student's loop: ``warm`` calls that are not counted, then what is chosen."""

    def best_time(work, repeats, clock):
        for _ in range(warm):
            work()
        times = []
        for _ in range(repeats):
            before = clock()
            work()
            after = clock()
            times += [after - before]
        return choose(times)

    return best_time


def started_once(work, repeats, clock):
    work()
    began, best = clock(), float("inf")
    for _ in range(repeats):
        work()
        best = min(best, clock() - began)
    return best


def prints(work, repeats, clock):
    print(best_time(work, repeats, clock))


def with_a_loop_of_its_own(work, repeats, clock):
    work()
    least = None
    while repeats > 0:
        before = clock()
        work()
        spent = clock() - before
        least = spent if least is None or spent < least else least
        repeats -= 1
    return least


WRONG = [
    ("best_time", loop(min, warm=0), "first call counted"),
    ("best_time", loop(lambda t: sum(t) / len(t)), "mean for least"),
    ("best_time", loop(sum), "sum for least"),
    ("best_time", loop(max), "largest for least"),
    ("best_time", loop(lambda t: t[-1]), "last time only"),
    ("best_time", started_once, "clock started once"),
    ("best_time", loop(lambda t: min(t) * 1000), "milliseconds for seconds"),
    ("best_time", lambda work, repeats, clock: clock() - clock(), "work never called"),
    ("best_time", prints, "print for return"),
    ("best_time", loop(min, warm=2), None),
    ("speed_up", lambda share, factor: factor, "gain of the part"),
    ("speed_up", lambda share, factor: factor * share, "gain times share"),
    ("speed_up", lambda share, factor: (1 - share) + share / factor, "time for gain"),
    ("speed_up", lambda share, factor: 1 / (1 - share), "part costs nothing"),
    ("speed_up", lambda share, factor: factor / (factor * share + 1 - share), "other part faster"),
    ("speed_up", lambda share, factor: 1 / (1 + share * (factor - 1)), "slower for faster"),
    ("speed_up", lambda share, factor: factor / share, "rest left out"),
    ("speed_up", lambda share, factor: str(speed_up(share, factor)), "text for number"),
    ("speed_up", lambda share, factor: round(speed_up(share, factor), 1), None),
]


@pytest.mark.parametrize(("key", "attempt", "thought"), WRONG)
def test_a_wrong_version_is_told_and_its_thought_is_named(key, attempt, thought):
    verdict = judge(EXERCISES[key], attempt)
    assert (verdict.state, verdict.misconception) == ("wrong", thought), verdict.words


@pytest.mark.parametrize(
    ("key", "attempt"),
    [
        ("best_time", best_time),
        ("best_time", loop(min)),
        ("best_time", loop(lambda times: sorted(times)[0])),
        ("best_time", with_a_loop_of_its_own),
        ("speed_up", speed_up),
        ("speed_up", lambda share, factor: factor / (factor * (1 - share) + share)),
        ("speed_up", lambda share, factor: 1 / (1 - share * (1 - 1 / factor))),
    ],
)
def test_a_right_version_is_right(key, attempt):
    assert judge(EXERCISES[key], attempt).state == "right"


def test_the_questions_of_notebook_8_are_those_about_time():
    asked = of_notebook(8)
    assert len(asked) == 6
    gain = asked["gain of a faster part"]
    assert gain.answer == pytest.approx(speed_up(0.75, 10))
    assert gain.judge(10).thought == "gain of the part"
    assert gain.judge(4).thought == "part costs nothing"
    assert gain.judge(3.1).verdict == "right"
    assert gain.judge(7.5).thought == "gain times share"
    assert asked["two programs at once"].judge(1).thought == "programs do not meet"
    assert asked["two programs at once"].judge(2).thought == "cores are only shared"
    assert asked["a batch of 256 against one of 16"].judge(16).thought == "only pictures cost time"
    assert not any("time" in question.key for question in QUESTIONS if question.notebook == 5)


def test_notebook_8_recalls_the_level_of_two_softmaxes():
    """Held against torch: the loss of the best output that a softmax allows."""
    for seed in range(1, 6):
        question = drawn(8, seed)["recall 1"]
        assert question.notebook == 7
        classes = int(question.words.split(" classes")[0].split()[-1])
        best = torch.eye(classes)[:1]
        floor = torch.nn.functional.cross_entropy(best, torch.tensor([0])).item()
        assert question.answer == pytest.approx(floor, abs=1e-5)
        assert question.judge(math.log(classes)).thought == "one softmax counted"
