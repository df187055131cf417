"""Exercises: right answers pass, mistakes are told in words, and nothing comes out of a check."""

import ast
import doctest
import inspect
import json
import math
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
import students
import torch
from torch import nn
from torch.nn import functional as F

import lenet_helpers as lh
from lenet_helpers.asking.exercises import checking
from lenet_helpers.asking.exercises.building import numbers
from lenet_helpers.asking.exercises.catalogue import EXERCISES
from lenet_helpers.asking.exercises.cells import as_cells
from lenet_helpers.asking.exercises.checking import judge
from lenet_helpers.asking.misconceptions import MISCONCEPTIONS
from lenet_helpers.asking.questions import QUESTIONS
from lenet_helpers.prose import COLUMNS
from lenet_helpers.sizes.calculator import torch_size

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
MISTAKES = [
    pytest.param(key, expected, attempt, id=f"{key}-{place}-{expected}")
    for key, mistakes in students.WRONG.items()
    for place, (expected, attempt) in enumerate(mistakes)
]
ANSWERS = [
    pytest.param(key, attempt, id=f"{key}-{place}")
    for key, attempts in students.RIGHT.items()
    for place, attempt in enumerate(attempts)
]


@pytest.fixture(autouse=True, scope="module")
def optimisers_are_loaded():
    """The first step of torch.optim loads some seconds' worth of modules, in any program."""
    torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1).step()


@pytest.fixture(autouse=True)
def nothing_before(monkeypatch):
    monkeypatch.setattr(checking, "_last", {})


@pytest.fixture
def notes(monkeypatch):
    """What the check has reported for a tally."""
    found = []
    monkeypatch.setattr(checking, "note_exercise", lambda *told: found.append(told))
    return found


def said(capsys):
    return " ".join(capsys.readouterr().out.split())


def solution(key):
    """The worked solution as the notebook shows it, run."""
    names = {"math": math, "torch": torch, "nn": nn}
    exec(as_cells(key).help.split("```python\n")[1].split("\n```")[0], names)
    return names[key]


def stub(key):
    names = {"math": math, "torch": torch, "nn": nn}
    exec(as_cells(key).stub, names)
    return names[key]


def as_written(exercise, wrong):
    """A wrong version with the first line that the exercise asks for."""
    if isinstance(wrong, type):
        return wrong
    signature = inspect.signature(exercise.solution)

    def attempt(*given, **named):
        bound = signature.bind(*given, **named)
        bound.apply_defaults()
        return wrong(*bound.args)

    attempt.__signature__ = signature
    return attempt


# ================================================================ right and wrong


@pytest.mark.parametrize(("key", "expected", "attempt"), MISTAKES)
def test_a_mistake_is_told(key, expected, attempt):
    started = time.process_time()
    verdict = judge(EXERCISES[key], attempt)
    seconds = time.process_time() - started
    assert verdict.state == "wrong"
    if expected in MISCONCEPTIONS:
        assert verdict.misconception == expected, verdict.words
        assert MISCONCEPTIONS[expected].hint in verdict.words
    else:
        assert expected in verdict.words
    assert seconds < 1


@pytest.mark.parametrize(("key", "attempt"), ANSWERS)
def test_a_right_answer_in_another_style_is_right(key, attempt, notes):
    assert lh.check(key, attempt) is attempt
    assert notes == [(key, True, None)]


def test_each_exercise_has_mistakes_and_styles_enough():
    for key in EXERCISES:
        assert len(students.WRONG[key]) >= 6
        assert len(students.RIGHT[key]) >= 3


@pytest.mark.parametrize("key", EXERCISES)
def test_the_worked_solution_is_right_and_quick(key, notes):
    attempt = solution(key)
    judge(EXERCISES[key], attempt)  # torch.optim loads much when it is first used
    started = time.process_time()
    assert lh.check(key, attempt) is attempt
    assert time.process_time() - started < 1
    assert notes == [(key, True, None)]


@pytest.mark.parametrize("key", EXERCISES)
def test_each_slip_is_wrong_and_named_by_its_own_thought(key):
    """So no two thoughts have the same answers: the second would go by the first one's name."""
    exercise = EXERCISES[key]
    assert {slip.key for slip in exercise.slips} <= set(MISCONCEPTIONS)
    for slip in exercise.slips:
        verdict = judge(exercise, as_written(exercise, slip.wrong))
        assert (verdict.state, verdict.misconception) == ("wrong", slip.key), verdict.words


def test_a_mix_of_two_mistakes_is_no_known_thought():
    def output_size(n, k, s=1, p=0, d=1):
        return (n - k) // s  # no padding, no dilation, no + 1

    verdict = judge(EXERCISES["output_size"], output_size)
    assert (verdict.state, verdict.misconception) == ("wrong", None)
    assert "n=5, k=3, s=1, p=0, d=1. It gives 2; expected is 3." in verdict.words
    assert "looks as if" not in verdict.words


def test_the_smallest_failing_input_is_told():
    def output_size(n, k, s=1, p=0, d=1):
        return (n + 2 * p - d * (k - 1) - 1) // min(s, 2) + 1

    words = judge(EXERCISES["output_size"], output_size).words
    assert "The smallest input where it fails: n=5, k=3, s=3, p=0, d=1." in words


# ================================================================ not attempted


@pytest.mark.parametrize("key", EXERCISES)
def test_the_stub_is_not_attempted_and_hands_back_ours(key, notes, capsys):
    given = lh.check(key, stub(key))
    assert given is EXERCISES[key].solution
    assert said(capsys).startswith(f"{key}: not attempted yet.")
    assert notes == []


def test_what_counts_as_not_attempted():
    def only_pass(n, k, s=1, p=0, d=1):
        pass

    def only_a_docstring(n, k, s=1, p=0, d=1):
        """Nothing yet."""

    def ellipsis_returned(n, k, s=1, p=0, d=1):
        return ...

    def ellipsis_kept(n, k, s=1, p=0, d=1):
        size = ...
        return size

    def put_off(n, k, s=1, p=0, d=1):
        raise NotImplementedError

    def put_off_with_words(n, k, s=1, p=0, d=1):
        raise NotImplementedError("later")

    for attempt in (
        only_pass, only_a_docstring, ellipsis_returned, ellipsis_kept, put_off,
        put_off_with_words, None, ...,
    ):  # fmt: skip
        assert judge(EXERCISES["output_size"], attempt).state == "not attempted", attempt

    class Empty(nn.Module):
        pass

    class Stub(nn.Module):
        def __init__(self): ...

        def forward(self, x): ...

    assert judge(EXERCISES["LeNet"], Empty).state == "not attempted"
    assert judge(EXERCISES["LeNet"], Stub).state == "not attempted"


def test_what_was_begun_counts_as_attempted():
    def constant(n, k, s=1, p=0, d=1):
        return 3

    class HalfWritten(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(1, 6, 5, padding=2)

        def forward(self, x): ...

    assert judge(EXERCISES["output_size"], constant).state == "wrong"
    half = judge(EXERCISES["LeNet"], HalfWritten)
    assert (half.state, half.misconception) == ("wrong", "nothing returned")


# ================================================================ nothing comes out


class Unprintable:
    def __repr__(self):
        raise RuntimeError("no")


class Odd:
    def __eq__(self, other):
        raise RuntimeError("no")

    __hash__ = None


VALUES = [
    None, True, -3, 3.0, float("nan"), float("inf"), 10**400, 1j, "3", b"3", "x" * 10_000,
    [], (), {}, {3}, [3], [[1.0]], [None], [[]], {"The shapes": 1}, (i for i in range(3)),
    object(), Unprintable(), Odd(), int, len, torch, nn.Linear, nn.Linear(2, 2),
    torch.tensor(3), torch.tensor(3.5), torch.tensor([]), torch.zeros(40, 40),
    torch.zeros(3, 3, dtype=torch.bool), torch.zeros(2, 2, dtype=torch.complex64),
    torch.eye(2).to_sparse(), torch.zeros(1, 1, device="meta"), torch.zeros((), device="meta"),
    torch.full((1, 1), float("nan")), torch.zeros(1, 1, requires_grad=True),
    [torch.zeros(1, 1), "x"], (torch.zeros(1, 1), torch.zeros(1, 1)),
]  # fmt: skip


@pytest.mark.parametrize("key", EXERCISES)
def test_no_value_makes_a_check_fail(key, capsys):
    exercise = EXERCISES[key]
    for value in VALUES:
        if isinstance(exercise.solution, type):
            attempt = type("LeNet", (nn.Module,), {"forward": lambda self, x, value=value: value})
        else:
            attempt = as_written(exercise, lambda *_, value=value: value)
        given = lh.check(key, attempt)
        if given is attempt:  # init_weights may return what it likes, but must do something
            raise AssertionError(f"{key} takes {value!r}")
        told = capsys.readouterr().out
        assert len(told) < 2000
        assert max(map(len, told.splitlines())) <= COLUMNS


@pytest.mark.parametrize("key", EXERCISES)
@pytest.mark.parametrize(
    "attempt", [3, "text", torch.zeros(2, 2), [1], nn.Linear, nn.Linear(1, 1), len, max, print]
)
def test_nothing_that_is_handed_over_makes_a_check_fail(key, attempt, capsys):
    assert lh.check(key, attempt) is EXERCISES[key].solution
    assert said(capsys).startswith(f"{key}: ")


@pytest.mark.parametrize(
    "error",
    [
        ValueError("x"), KeyError("k"), StopIteration(), AssertionError(), RecursionError("deep"),
        MemoryError(), SystemExit(1), torch.OutOfMemoryError("CUDA"), Exception(), OSError(2, "x"),
        UnicodeDecodeError("utf-8", b"x", 0, 1, "bad"),
    ],
)  # fmt: skip
def test_no_error_comes_out(error, capsys):
    def correlate(picture, kernel):
        raise error

    assert lh.check("correlate", correlate) is EXERCISES["correlate"].solution
    told = said(capsys)
    assert "It stops with" in told or "It calls" in told


def test_an_error_is_told_with_its_line():
    def correlate(picture, kernel):
        rows = picture.shape[0]
        return picture[rows + 5]

    words = judge(EXERCISES["correlate"], correlate).words
    assert "in the line `return picture[rows + 5]`" in words
    assert "An index reaches past the end" in words


def test_a_call_in_place_of_a_name_is_told():
    assert "Give the name alone" in judge(EXERCISES["correlate"], torch.zeros(2, 2)).words
    assert "must be a class" in judge(EXERCISES["LeNet"], students.Attributes()).words
    assert "must be a function" in judge(EXERCISES["correlate"], nn.Linear).words


def test_an_interrupt_is_told_and_the_rest_is_not_tried(capsys, notes):
    calls = []

    def output_size(n, k, s=1, p=0, d=1):
        calls.append(n)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return students.length_of_a_range(n, k, s, p, d)

    assert lh.check("output_size", output_size) is EXERCISES["output_size"].solution
    assert "you stopped it at n=7, k=3" in said(capsys)
    assert len(calls) == 3
    assert notes == []


def test_an_unknown_key_is_an_error():
    with pytest.raises(ValueError, match="'corelate' is no exercise"):
        lh.check("corelate", print)
    with pytest.raises(ValueError, match="These are: LeNet, accuracy, "):
        as_cells("corelate")


def test_what_is_printed_on_the_way_is_told(capsys):
    def output_size(n, k, s=1, p=0, d=1):
        print("room:", n - k)
        return n - k

    lh.check("output_size", output_size)
    told = said(capsys)
    assert 'It printed "room: 2".' in told
    assert told.count("room:") == 1  # of one case, not of all


def test_the_notebooks_own_random_numbers_and_modes_stay():
    torch.manual_seed(3)
    expected = torch.rand(3)
    torch.manual_seed(3)
    with torch.no_grad():
        for key in ("init_weights", "train_step", "evaluate"):
            assert lh.check(key, given := solution(key)) is given
        assert not torch.is_grad_enabled()
    assert torch.equal(torch.rand(3), expected)


def test_a_right_function_still_passes_after_a_seed_was_set():
    """The draws of an attempt are its own; another seed is another draw of the same rule."""

    def init_weights(layer):
        torch.manual_seed(11)
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            nn.init.xavier_uniform_(layer.weight)

    state = torch.get_rng_state()
    assert judge(EXERCISES["init_weights"], init_weights).state == "right"
    assert torch.equal(torch.get_rng_state(), state)


# ================================================================ the line in a notebook


def test_until_it_is_right_the_notebook_goes_on_with_ours(capsys, notes):
    names = {"lh": lh, "torch": torch, "nn": nn}
    cells = as_cells("correlate")
    exec(cells.stub, names)
    exec(cells.check, names)
    assert names["correlate"](torch.ones(3, 3), torch.ones(2, 2)).tolist() == [[4, 4], [4, 4]]
    exec("def correlate(picture, kernel):\n    return picture * 0", names)
    exec(cells.check, names)
    first = said(capsys)
    assert names["correlate"] is EXERCISES["correlate"].solution
    exec(cells.check, names)  # the line alone, once more: ours is bound by now
    assert said(capsys) == first[first.index("correlate: not right") :]
    assert notes == [("correlate", False, None)]
    names["correlate"] = mine = students.four_loops
    exec(cells.check, names)
    exec(cells.check, names)
    assert names["correlate"] is mine
    assert notes[1:] == [("correlate", True, None)] * 2


def test_a_function_that_calls_itself_is_not_saved_by_ours(capsys):
    """After the first check its name is ours: the line alone must not call ours through it."""
    names = {"lh": lh}
    code = "def output_size(n, k, s=1, p=0, d=1):\n    return output_size(n, k, s, p, d)"
    exec(code, names)
    for _ in range(3):
        exec(as_cells("output_size").check, names)
        assert "calls itself without an end" in said(capsys)
    assert names["output_size"] is EXERCISES["output_size"].solution


@pytest.fixture
def shell(monkeypatch):
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell()
    monkeypatch.setattr(checking, "running_shell", lambda: shell)
    shell.run_cell("import lenet_helpers as lh, torch", store_history=True)
    return shell


RIGHT_SIZE = (
    "def output_size(n, k, s=1, p=0, d=1):\n    return (n + 2 * p - d * (k - 1) - 1) // s + 1"
)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_syntax_error_before_is_told(shell, capsys):
    check = as_cells("output_size").check
    for cell in (RIGHT_SIZE, check):
        shell.run_cell(cell, store_history=True)
    assert "SyntaxError" not in said(capsys)
    # The first is no Python at all, the second is found only when it is compiled.
    for wrong in (RIGHT_SIZE.replace("// s + 1", "// s + ("), RIGHT_SIZE + "\n    n =* 2"):
        shell.run_cell(wrong, store_history=True)
        capsys.readouterr()
        shell.run_cell(check, store_history=True)
        told = said(capsys)
        line = len(wrong.splitlines())
        assert f"The newest cell with output_size has a SyntaxError in its line {line}" in told
        assert "This is about the version before it: output_size: right" in told
    shell.run_cell(RIGHT_SIZE, store_history=True)
    capsys.readouterr()
    shell.run_cell(check, store_history=True)
    assert said(capsys).startswith("output_size: right")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_line_of_a_cell_is_told_in_ipython(shell, capsys):
    code = "def output_size(n, k, s=1, p=0, d=1):\n    return (n - d(k - 1) - 1) // s + 1"
    shell.run_cell(code, store_history=True)
    shell.run_cell(as_cells("output_size").check, store_history=True)
    told = said(capsys)
    assert "in the line `return (n - d(k - 1) - 1) // s + 1`" in told
    assert "is a * missing there" in told


# ================================================================ what beginners' errors mean


def bias_by_a_caret(c_in, c_out, k):
    return c_out * (c_in * k ^ 2) + c_out


def refused_by_return(k, d=1):
    if d * (k - 1) % 2:
        return ValueError("no padding")
    return d * (k - 1) // 2


def appended_and_assigned(net, shape):
    x, shapes = torch.zeros(shape), []
    for layer in net:
        x = layer(x)
        shapes = shapes.append(tuple(x.shape))
    return shapes


def written_turned(picture, kernel):
    height, width = kernel.shape
    output = torch.zeros(picture.shape[0] - height + 1, picture.shape[1] - width + 1)
    for row in range(output.shape[0]):
        for column in range(output.shape[1]):
            under_it = picture[row : row + height, column : column + width]
            output[column, row] = (under_it * kernel).sum()
    return output


class OneUnderscore(nn.Module):
    def _init_(self):
        self.net = nn.Linear(784, 10)

    def forward(self, x):
        return self.net(x.flatten(1))


class WithoutSelf(nn.Module):
    def __init__(self):
        super().__init__()
        self.chain = nn.Linear(784, 10)

    def forward(self, x):
        return chain(x.flatten(1))  # noqa: F821


# Each on a line without what is told: the line is quoted.
a_shape_for_a_tensor = lambda net, shape: [net[0](shape)]  # noqa: E731
once = lambda picture, kernel: (picture * kernel).sum()  # noqa: E731
without_axes = lambda picture, kernel: F.conv2d(picture, kernel + 0)  # noqa: E731
divided_sides = lambda maps, window=2: torch.zeros(1 / window, 1)  # noqa: E731
a_tuple_divided = lambda maps, window=2: torch.ones((1 / window, 1))  # noqa: E731
reshaped_to_a_half = lambda maps, window=2: maps.reshape(1 / window, 1)  # noqa: E731
viewed_as_a_half = lambda maps, window=2: maps.view(1, 1 / window)  # noqa: E731
a_list_of_layers = lambda net: nn.Sequential([*net])  # noqa: E731
a_pair_divided = lambda net: net[0].kernel_size // 2  # noqa: E731

BEGINNERS = [
    ("conv_parameters_by_hand", bias_by_a_caret, "^ is taken for a power"),
    ("padding_that_keeps", refused_by_return, "the error is returned like a value"),
    ("padding_that_keeps", refused_by_return, "Expected is that it raises a ValueError."),
    ("shapes_of", appended_and_assigned, "a value has become None on the way"),
    ("shapes_of", a_shape_for_a_tensor, "A tensor is wanted here, and this is a tup"),
    ("correlate", written_turned, "rows and columns are exchanged"),
    ("correlate", once, "and does not slide"),
    ("correlate", without_axes, "A tensor has fewer axes"),
    ("average_pool", divided_sides, "must be whole numbers"),
    ("average_pool", a_tuple_divided, "must be whole numbers"),
    ("average_pool", reshaped_to_a_half, "must be whole numbers"),
    ("average_pool", viewed_as_a_half, "must be whole numbers"),
    ("LeNet", OneUnderscore, "two underscores stand on each side of the name"),
    ("LeNet", WithoutSelf, "It is made as self.chain: write self. here too."),
    ("mend_maps", a_list_of_layers, "a * before the list hands them over"),
    ("mend_padding", a_pair_divided, "take one of them by its place"),
]


@pytest.mark.parametrize(("key", "attempt", "told"), BEGINNERS)
def test_what_beginners_write_is_explained(key, attempt, told):
    verdict = judge(EXERCISES[key], attempt)
    assert verdict.state == "wrong"
    assert told in verdict.words


def test_what_was_seen_and_what_was_thought_have_a_line_each(capsys):
    lh.check("output_size", lambda n, k, s=1, p=0, d=1: print("room", n - k))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("output_size: not right yet.")
    assert "It looks as if the result is printed" in lines[3]
    assert [lines[2], lines[-1]] == [
        'It printed "room 2".',
        "Until then the notebook goes on with ours.",
    ]


def test_no_thought_leads_to_a_notebook_that_comes_later():
    for exercise in EXERCISES.values():
        for slip in exercise.slips:
            assert MISCONCEPTIONS[slip.key].notebook <= exercise.notebook, slip.key
    for question in QUESTIONS:
        found = [*question.thoughts.values(), *(thought for *_, thought in question.bands)]
        for thought in found:
            assert MISCONCEPTIONS[thought].notebook <= question.notebook, thought


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_name_like_the_exercises_is_told(shell, capsys):
    check = as_cells("output_size").check
    for cell in (as_cells("output_size").stub, check):
        shell.run_cell(cell, store_history=True)
    assert "is called" not in said(capsys)
    for cell in (RIGHT_SIZE.replace("output_size", "out_size"), check):
        shell.run_cell(cell, store_history=True)
    assert (
        "The cell before writes out_size, and this exercise is called output_size. This is about "
        "what has that name: output_size: not attempted yet." in said(capsys)
    )
    for cell in (RIGHT_SIZE, check):
        shell.run_cell(cell, store_history=True)
    assert said(capsys).startswith("output_size: right")


# ================================================================ the record and the cells


@pytest.mark.parametrize("key", EXERCISES)
def test_the_record_is_whole(key):
    exercise = EXERCISES[key]
    assert inspect.getdoc(exercise.solution).count(">>>") >= 1
    assert all(hint.endswith((".", "?")) for hint in exercise.hints)
    assert len(set(exercise.hints)) == 2
    cases = exercise.cases()
    assert len(cases) >= 2
    examples = doctest.DocTestFinder().find(
        exercise.solution, key, globs={"torch": torch, "nn": nn, key: exercise.solution}
    )
    runner = doctest.DocTestRunner()
    assert runner.run(examples[0]).failed == 0
    assert runner.tries >= 1


@pytest.mark.parametrize("key", EXERCISES)
def test_the_cells_are_python_and_markdown_as_they_should_be(key):
    cells = as_cells(key)
    assert cells.check == f'{key} = lh.check("{key}", {key})'
    (tree,) = ast.parse(cells.stub).body
    assert tree.name == key
    assert ast.get_docstring(tree) == inspect.getdoc(EXERCISES[key].solution)
    assert ">>>" not in cells.help  # the task stands in the stub alone
    assert cells.help.count("<details><summary>") == cells.help.count("</details>") == 3
    assert all(hint in cells.help for hint in EXERCISES[key].hints)
    assert not re.search(r"</summary>\n(?!\n)", cells.help)  # Markdown inside needs an empty line


def test_the_cells_keep_the_notebooks_style(tmp_path):
    """They are linted and formatted like the notebooks that they are put into."""
    cells = ["import math\n\nimport torch\nfrom torch import nn\n\nimport lenet_helpers as lh"]
    for key in EXERCISES:
        cells += [as_cells(key).stub, as_cells(key).check]
        cells += [as_cells(key).help.split("```python\n")[1].split("\n```")[0]]
    notebook = {
        "cells": [
            {"cell_type": "code", "metadata": {}, "source": cell, "outputs": [], "id": f"c{i}",
             "execution_count": None}
            for i, cell in enumerate([*cells, "print(torch.ones(1), nn.Linear)"])
        ],
        "metadata": {"language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 5,
    }  # fmt: skip
    path = tmp_path / "cells.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    config = str(NOTEBOOKS.parent / "pyproject.toml")
    for command in (["format", "--diff"], ["check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--config", config, str(path)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("[0-9]*.ipynb")), ids=lambda path: path.stem)
def test_a_notebooks_exercises_are_those_of_the_record(path):
    """Once a notebook has an exercise's check line, its stub and its help are the record's."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells]
    for key, exercise in EXERCISES.items():
        made = as_cells(key)
        if made.check in sources:
            assert made.stub in sources
            assert any(made.help in source for source in sources)
            assert path.name.startswith(f"{exercise.notebook:02}-")


def test_a_misconceptions_section_is_in_its_notebook():
    headings = {}
    for path in NOTEBOOKS.glob("[0-9]*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for line in "".join(cell["source"]).splitlines():
                if line.startswith("## "):
                    headings.setdefault(int(path.name[:2]), set()).add(line)
    for key in {slip.key for exercise in EXERCISES.values() for slip in exercise.slips}:
        thought = MISCONCEPTIONS[key]
        assert any(
            heading.endswith(f" {thought.section}") for heading in headings[thought.notebook]
        ), key


# ================================================================ our solutions are PyTorch's


def test_our_sizes_are_torchs():
    for case in EXERCISES["output_size"].cases():
        assert EXERCISES["output_size"].solution(*case.arguments) == torch_size(*case.arguments)
    assert len(EXERCISES["output_size"].cases()) > 400
    for case in EXERCISES["pool_size"].cases():
        n, k, s = case.arguments
        pooled = nn.AvgPool2d(k, s)(torch.zeros(1, 1, n, n))
        assert EXERCISES["pool_size"].solution(n, k, s) == pooled.shape[-1]
    refused = 0
    for case in EXERCISES["padding_that_keeps"].cases():
        k, d = case.arguments
        sizes = [torch_size(60, k, 1, p, d) for p in range(20)]
        if 60 in sizes:
            assert EXERCISES["padding_that_keeps"].solution(k, d) == sizes.index(60)
        else:
            refused += 1
            with pytest.raises(ValueError, match="no padding"):
                EXERCISES["padding_that_keeps"].solution(k, d)
    assert refused >= 3
    for case in EXERCISES["conv_parameters_by_hand"].cases():
        layer = nn.Conv2d(*case.arguments)
        counted = sum(p.numel() for p in layer.parameters())
        assert EXERCISES["conv_parameters_by_hand"].solution(*case.arguments) == counted


def test_our_sums_are_torchs():
    for case in EXERCISES["correlate"].cases():
        picture, kernel = case.arguments
        theirs = F.conv2d(picture[None, None], kernel[None, None])[0, 0]
        assert torch.equal(EXERCISES["correlate"].solution(picture, kernel), theirs)
    for case in EXERCISES["average_pool"].cases():
        maps, window = case.arguments
        theirs = F.avg_pool2d(maps[None, None], window)[0, 0]
        assert torch.allclose(EXERCISES["average_pool"].solution(maps, window), theirs)
    for case in EXERCISES["correlate_gradients"].cases():
        ours = EXERCISES["correlate_gradients"].solution(*case.arguments)
        theirs = students.by_autograd(*case.arguments)
        assert all(torch.equal(a, b) for a, b in zip(ours, theirs, strict=True))


def test_our_fields_are_seen_by_gradients():
    for case in EXERCISES["receptive_field"].cases():
        (layers,) = case.arguments
        field = EXERCISES["receptive_field"].solution(layers)
        x = torch.ones(1, 1, 300, requires_grad=True)
        y = x
        for kernel, stride in layers:
            y = F.conv1d(y, torch.ones(1, 1, kernel), stride=stride)
        y[0, 0, 0].backward()
        assert int((x.grad > 0).sum()) == field


def test_our_lenet_is_the_textbooks():
    ours, theirs = EXERCISES["LeNet"].solution(), lh.sequential_lenet()
    with torch.no_grad():
        for p, q in zip(ours.parameters(), theirs.parameters(), strict=True):
            p.copy_(q)
    x = torch.rand(2, 1, 28, 28)
    assert torch.allclose(ours(x), theirs(x))
    assert sum(p.numel() for p in ours.parameters()) == 61_706
    for n in (28, 32, 12, 30):
        flat = nn.Sequential(*list(theirs)[1:8])(torch.zeros(1, 1, n, n))
        assert EXERCISES["flat_features"].solution(n) == flat.numel()


def test_the_pictures_of_the_cases_tell_rows_columns_and_turns_apart():
    for height, width in [(2, 2), (3, 3), (2, 3), (5, 4), (5, 5)]:
        grid = numbers(height, width, first=4)
        assert not torch.equal(grid, grid.flip(0, 1))
        assert height != width or not torch.equal(grid, grid.T)
        assert grid.unique().numel() > 2
