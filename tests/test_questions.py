"""The questions: right answers, thoughts behind wrong ones, hints that give nothing away."""

import json
import math
import random
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
import torch
from planted import CONV, KERNEL, PICTURE, PLANTED, lenet
from torch import nn

import lenet_helpers as lh
from lenet_helpers.asking import places, questions
from lenet_helpers.asking.misconceptions import KINDS, MISCONCEPTIONS
from lenet_helpers.asking.questions import QUESTIONS, of_notebook, recalled
from lenet_helpers.asking.questions.question import same, wrong_answers
from lenet_helpers.asking.reading import COUNTED, UnreadableError
from lenet_helpers.network.lenet1998 import linked_convolution
from tools import series

SEEDS = range(40)
BY_KEY = {(question.notebook, question.key): question for question in QUESTIONS}


def drawn_questions():
    """Questions of all templates, with many numbers."""
    for templates in recalled.TEMPLATES.values():
        for template in templates:
            for seed in SEEDS:
                yield template(random.Random(seed))


DRAWN = list(drawn_questions())
EVERY = [*QUESTIONS, *DRAWN]


def sources():
    for path in series.notebooks():
        cells = nbformat.read(path, as_version=4).cells
        yield int(path.name[:2]), [cell.source for cell in cells if cell.cell_type == "code"]


# ---------------------------------------------------------------- the tables


def test_the_notebooks_ask_all_of_them_in_this_order_and_reveal_each():
    for notebook, cells in sources():
        code = "\n".join(cells)
        asked = re.findall(r'guess\.predict\(\s*"([^"]*)", answer', code)
        shown = re.findall(r'guess\.reveal\(\s*"([^"]*)"', code)
        recall = ["recall 1", "recall 2"] if notebook > 1 else []
        assert asked == [*recall, *of_notebook(notebook)]
        assert sorted(shown) == sorted(asked)
        assert f"guess = lh.Predictions({notebook})" in code
    assert len(QUESTIONS) == len(BY_KEY) == 57


def test_an_answer_stands_on_a_line_of_its_own_and_a_reveal_is_short():
    for _, cells in sources():
        for cell in cells:
            lines = cell.splitlines()
            for before, line in pairwise(lines):
                if line.startswith("guess.predict("):
                    assert before == "answer = ..."
            if "guess.reveal(" in cell:
                assert len(lines) <= 15, cell


def test_every_thought_is_known_and_leads_to_a_section():
    for question in EVERY:
        named = {*question.thoughts.values(), *(thought for _, _, thought in question.bands)}
        assert named <= set(MISCONCEPTIONS), question.key
    for known in MISCONCEPTIONS.values():
        assert places.place(known.notebook, known.section).heading


def test_every_thought_has_a_kind_and_no_kind_is_empty_or_holds_too_many():
    counts = Counter(known.kind for known in MISCONCEPTIONS.values())
    assert set(counts) == set(KINDS)
    assert len(KINDS) == len(set(KINDS)) <= 30
    assert max(counts.values()) <= 20


def test_the_sections_are_those_of_the_notebooks():
    for path, (notebook, (file, headings)) in zip(
        series.notebooks(), places.NOTEBOOKS.items(), strict=True
    ):
        cells = nbformat.read(path, as_version=4).cells
        prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
        assert (int(path.name[:2]), path.name) == (notebook, file)
        assert tuple(re.findall(r"^## (\d+\.\d+ .*)$", prose, flags=re.MULTILINE)) == headings
    assert places.place(1, "1.2 Padding: a frame of zeros") == places.place(
        1, "Padding: a frame of zeros"
    )
    link = places.place(1, "Padding: a frame of zeros").link
    assert link == "01-size-arithmetic.ipynb#1.2-Padding:-a-frame-of-zeros"
    with pytest.raises(KeyError, match=r"notebook 1 has 1\.1 A kernel"):
        places.place(1, "Nowhere")


def test_every_question_recognises_at_least_three_wrong_answers_or_all_there_are():
    for question in QUESTIONS:
        known = len(question.thoughts) + len(question.bands) + (question.kind == "share")
        others = len(question.choices) - 1 if question.choices else 99
        assert known >= min(3, others), question.key
    for template in (t for some in recalled.TEMPLATES.values() for t in some):
        fewest = min(len(template(random.Random(seed)).thoughts) for seed in SEEDS)
        assert fewest >= 3, template.__name__
    assert sum(map(len, recalled.TEMPLATES.values())) >= 8


def test_no_wrong_answer_is_right():
    for question in EVERY:
        for wrong in question.thoughts:
            assert question.answer is None or question.judge(wrong).verdict == "wrong"
        if question.usual:
            lowest, highest = question.usual
            middle = (lowest + highest) / 2
            assert question.thought_behind(middle) is None


def test_they_can_be_written_as_json_and_read_again():
    kept = json.loads(json.dumps(questions.as_data()))
    assert [entry["key"] for entry in kept] == [question.key for question in QUESTIONS]
    for entry, question in zip(kept, QUESTIONS, strict=True):
        assert len(entry["thoughts"]) == len(question.thoughts)
        for wrong in entry["thoughts"]:
            assert question.judge(wrong["answer"]).thought == wrong["thought"]


# ---------------------------------------------------------------- right answers


def test_the_answers_are_pytorchs():
    zeros = torch.zeros(1, 1, 28, 28)
    net = lh.sequential_lenet()
    table = lh.layer_table(net, (1, 1, 28, 28))
    busiest = max(table.rows, key=lambda row: row.multiply_adds)
    unpadded = nn.Sequential(nn.Conv2d(1, 6, 5), *net[2:8])
    seen = zeros.clone().requires_grad_()
    net[:5](seen)[0, 0, 5, 5].backward()
    rows = seen.grad[0, 0].nonzero()[:, 0]
    edges = []  # of what two neighbours after the second pooling see
    for column in (2, 3):
        picture = zeros.clone().requires_grad_()
        net[:7](picture)[0, 0, 2, column].backward()
        edges.append(int(picture.grad[0, 0].nonzero()[:, 1].min()))
    calls, hooked = [], lh.LeNet()
    for module in hooked.modules():
        if not list(module.children()):
            module.register_forward_hook(lambda *_: calls.append(1))
    hooked(zeros)
    with pytest.raises(RuntimeError) as unflattened:
        nn.Linear(864, 10)(torch.zeros(1, 6, 12, 12))
    mat1 = re.search(r"\((\d+)x(\d+) and", str(unflattened.value)).groups()
    bias = torch.zeros(4, requires_grad=True)
    nn.functional.conv2d(torch.rand(2, 1, 5, 5), torch.rand(4, 1, 3, 3), bias).sum().backward()
    order, some = torch.randperm(784), torch.rand(5, 784)
    weight = torch.rand(7, 784)
    alike = torch.allclose(some @ weight.T, some[:, order] @ weight[:, order].T, atol=1e-3)
    terms = torch.rand(1000, generator=torch.Generator().manual_seed(0))
    rounded = float(sum(terms)) != float(sum(terms.flip(0)))
    measured = {
        "width of the output": nn.Conv2d(1, 1, 3)(torch.zeros(1, 1, 5, 5)).shape[-1],
        "width with padding": nn.Conv2d(1, 1, 5, padding=2)(zeros).shape[-1],
        "shape with stride": nn.Conv2d(1, 1, 3, 2)(torch.zeros(1, 1, 5, 6)).shape[-2:],
        "reach with dilation": 8 - nn.Conv2d(1, 1, 3, dilation=2)(torch.zeros(1, 7, 7)).shape[-1],
        "side after pooling": nn.AvgPool2d(2)(zeros).shape[-1],
        "side after the second pooling": net[:7](zeros).shape[-1],
        "parameters of the second convolution": sum(p.numel() for p in CONV.parameters()),
        "first number of the output": int((PICTURE * KERNEL).sum()),
        "parameters without padding": sum(p.numel() for p in lh.LeNet().parameters()),
        "shape after the second pooling": tuple(net[:7](zeros).shape),
        "layer with the most multiply-adds": int(busiest.name),
        "features without padding": unpadded(zeros).shape[1],
        "loss of guessing": nn.CrossEntropyLoss()(torch.zeros(1, 10), torch.tensor([3])).item(),
        "batches of 256": len(torch.arange(60_000).split(256)),
        "megabytes of all pictures": 70_000 * 28 * 28 / 1e6,
        "training pictures of each class": 6000,
        "pixels seen by the second convolution": int(rows.max() - rows.min()) + 1,
        "jump after the second pooling": edges[1] - edges[0],
        "layers that a hook sees": len(calls),
        "mat1 when nobody flattened": tuple(map(int, mat1)),
        "gain of a faster part": 1000 / (250 + 750 / 10),
        "gradient of a bias": int(bias.grad[0]),
        "parameters of C3": sum(p.numel() for p in linked_convolution().parameters()),
    }
    words = {
        "dense network, permuted": "equal" if alike else "worse",
        "loops against autograd": "approximately" if rounded else "exactly",
        "layer with the most parameters": "dense1",
        "what the 256 is taken for": "channels",
        "layers with new weights": 3,
        **{f"mistake of run {run}": None for run in "ABCD"},
    }
    for question in QUESTIONS:
        if question.answer is not None:
            expected = measured.get(question.key, words.get(question.key))
            assert expected is None or question.judge(expected).verdict == "right", question.key
            assert question.key in measured | words
    assert max(table.rows, key=lambda row: row.parameters).module is net[8]
    assert sum(p.numel() for p in lenet().parameters()) == 61_706


def test_what_a_run_was_recorded_with_is_its_mistake():
    """The recordings say themselves what was wrong."""
    signs = {"small": "lr 0.01", "large": "ReLU", "kept": "no zero_grad", "softmax": "a softmax"}
    for run in "ABCD":
        title = lh.load_recording(f"mistake_{run.lower()}").title
        found = [mistake for mistake, sign in signs.items() if sign in title]
        assert found == [BY_KEY[7, f"mistake of run {run}"].answer]


# ---------------------------------------------------------------- the thoughts


@pytest.mark.parametrize(("notebook", "key", "thought", "answer"), PLANTED)
def test_a_planted_thought_is_recognised(notebook, key, thought, answer):
    judged = BY_KEY[notebook, key].judge(answer)
    assert judged.thought == thought
    assert judged.verdict == ("noted" if BY_KEY[notebook, key].answer is None else "wrong")


def test_every_question_has_a_planted_student():
    assert {(notebook, key) for notebook, key, _, _ in PLANTED} == set(BY_KEY)


def test_the_same_wrong_answer_shows_the_first_thought_and_a_right_one_none():
    found = wrong_answers(28, {"a": [24, 28], "b": [24, 26], "c": 28})
    assert found == {24: "a", 26: "b"}


# ---------------------------------------------------------------- hints


def forms(question):
    """All ways of saying the answer that a hint must not have."""
    answer = question.answer
    if isinstance(answer, str):
        return {answer, *(word for word, meant in question.vocabulary.items() if meant == answer)}
    if isinstance(answer, tuple):
        return {", ".join(map(str, answer)), "x".join(map(str, answer))}
    if isinstance(answer, float):
        whole = {str(round(answer))} if answer > 5 else set()
        return whole | {f"{answer:.{digits}f}" for digits in (1, 2, 3)}
    number = {str(answer), f"{answer:,}"}
    # "one" and "zero" stand for much else.
    return number | ({COUNTED[answer]} if 2 <= answer < len(COUNTED) else set())


def gives_away(question, words):
    """Which form of the answer stands in ``words``, if one does."""
    if question.answer is None:
        return set()
    return {
        form
        for form in forms(question)
        if re.search(rf"(?<![\w.,]){re.escape(form.casefold())}(?!\w|[.,]\d)", words.casefold())
    }


def test_no_hint_gives_the_answer_away():
    for question in EVERY:
        assert gives_away(question, question.hint) == set(), question.hint
        for thought in {*question.thoughts.values(), *(band[2] for band in question.bands)}:
            known = MISCONCEPTIONS[thought]
            assert gives_away(question, f"{known.thought}. {known.hint}") == set(), question.key


def test_the_test_of_hints_can_fail():
    question = BY_KEY[1, "parameters of the second convolution"]
    for words in ("It is 2,416.", "it is 2416", "2,416!"):
        assert gives_away(question, words)
    assert not gives_away(question, "It is 12,416 or 24160 or 2,416,000.")
    assert gives_away(BY_KEY[1, "width of the output"], "There are three places.")
    assert gives_away(BY_KEY[2, "layer with the most parameters"], "the first dense layer!")


def test_every_question_says_why_with_the_answer_in_it():
    for question in EVERY:
        assert question.why.endswith("."), question.key
        assert len(question.hint) > 15
        if question.kind in ("whole", "side") and question.answer is not None:
            assert gives_away(question, question.why), question.why


# ---------------------------------------------------------------- recall


def test_the_same_seed_gives_the_same_questions_and_another_one_others():
    for notebook in range(2, 9):
        assert recalled.drawn(notebook) == recalled.drawn(notebook, recalled.SEED)
        drawn = {tuple(q.words for q in recalled.drawn(notebook, seed).values()) for seed in SEEDS}
        assert len(drawn) > 20
        for seed in SEEDS:
            first, second = recalled.drawn(notebook, seed).values()
            assert first.notebook == notebook - 1
            assert second.notebook < notebook
            assert first.words != second.words
            assert (first.key, second.key) == ("recall 1", "recall 2")


def test_before_the_first_notebook_there_is_nothing():
    for notebook in (1, 0, 11):
        with pytest.raises(ValueError, match="Open notebook 2 or a later"):
            recalled.drawn(notebook)
    with pytest.raises(ValueError, match="notebook=1: recall asks about earlier notebooks"):
        lh.Predictions(1).recall()


@pytest.mark.parametrize("template", [t for some in recalled.TEMPLATES.values() for t in some])
def test_a_templates_answers_are_pytorchs(template):
    for seed in SEEDS:
        question = template(random.Random(seed))
        numbers = [int(n) for n in re.findall(r"-?\d+", question.words.replace(",", ""))]
        assert same(question.answer, by_torch(template.__name__, question, numbers), 1e-6)


def by_torch(name, question, numbers):
    """The answer to a recalled question, from its words, by PyTorch."""
    if name == "width_with_padding":
        n, k, p = numbers
        return nn.Conv2d(1, 1, k, padding=p)(torch.zeros(1, 1, n, n)).shape[-1]
    if name == "width_with_stride":
        n, k, s = numbers
        return nn.Conv2d(1, 1, k, s)(torch.zeros(1, 1, n, n)).shape[-1]
    if name == "shape_of_a_rectangle":
        high, wide, k, s = numbers
        return tuple(nn.Conv2d(1, 1, k, s)(torch.zeros(1, 1, high, wide)).shape[-2:])
    if name == "reach_with_dilation":
        taps, d = numbers
        return 100 - nn.Conv1d(1, 1, taps, dilation=d)(torch.zeros(1, 1, 99)).shape[-1]
    if name == "side_after_pooling":
        window, side = numbers[-2:]
        return nn.MaxPool2d(window)(torch.zeros(1, side, side)).shape[-1]
    if name == "parameters_of_a_convolution":
        return sum(p.numel() for p in nn.Conv2d(*numbers[-3:]).parameters())
    if name == "parameters_of_a_dense_layer":
        return sum(p.numel() for p in nn.Linear(*numbers).parameters())
    if name == "one_number_of_a_convolution":
        weights, pixels = (
            torch.tensor(some).reshape(1, 1, 2, 2) for some in (numbers[:4], numbers[4:])
        )
        return int(nn.functional.conv2d(pixels, weights))
    if name == "features_after_flattening":
        return nn.Flatten()(torch.zeros(*numbers)).shape[1]
    if name == "batches_of_a_set":
        pictures, batch = numbers
        return len(torch.arange(pictures).split(batch))
    if name == "loss_of_guessing":
        scores = torch.zeros(1, numbers[0], dtype=torch.float64)
        return nn.CrossEntropyLoss()(scores, torch.tensor([0])).item()
    if name == "loss_behind_two_softmaxes":
        best = torch.eye(numbers[0], dtype=torch.float64)[:1]
        return nn.CrossEntropyLoss()(best, torch.tensor([0])).item()
    if name == "gain_of_a_faster_part":
        whole, slow, factor = numbers
        return whole / torch.tensor([whole - slow, slow / factor]).double().sum().item()
    if name == "gradient_of_a_bias":
        side, _, pictures, _ = numbers
        bias = torch.zeros(2, requires_grad=True)
        maps = nn.functional.conv2d(
            torch.rand(pictures, 1, side, side), torch.rand(2, 1, 1, 1), bias
        )
        maps.sum().backward()
        return int(bias.grad[0])
    assert name == "field_behind_a_pooling"
    first, _, _, _, second = numbers
    net = nn.Sequential(nn.Conv2d(1, 1, first), nn.AvgPool2d(2), nn.Conv2d(1, 1, second))
    seen = torch.zeros(1, 1, 60, 60, requires_grad=True)
    net(seen)[0, 0, 5, 5].backward()
    rows = seen.grad[0, 0].nonzero()[:, 0]
    return int(rows.max() - rows.min()) + 1


def test_a_question_that_cannot_be_read_raises_only_that():
    for question in QUESTIONS:
        with pytest.raises(UnreadableError):
            question.judge({3})


def test_the_series_has_the_files_that_links_lead_to():
    folder = Path(series.notebooks()[0]).parent
    assert all((folder / file).is_file() for file, _ in places.NOTEBOOKS.values())


@pytest.mark.parametrize("template", [recalled.width_with_stride, recalled.side_after_pooling])
def test_a_size_with_a_fraction_is_understood(template):
    """It is recognised, in two decimals too, and no whole number is taken for one."""
    unrounded = set()
    for question in (template(random.Random(seed)) for seed in SEEDS):
        thoughts = question.thoughts.items()
        unrounded |= {wrong for wrong, thought in thoughts if thought == "part of a step"}
        for size in (wrong for wrong, thought in thoughts if thought == "part of a step"):
            assert math.floor(size) == question.answer
            assert question.judge(round(size, 2)).thought == "part of a step"
            assert question.thought_behind(math.ceil(size)) == "ceil for floor"
    assert len(unrounded) > 10


def test_who_gives_all_four_axes_has_forgotten_none_of_them():
    for question in [*QUESTIONS, *drawn_questions()]:
        for wrong, thought in question.thoughts.items():
            if thought == "batch axis forgotten":
                assert len(wrong) < 4, (question.key, wrong)


@pytest.mark.parametrize(
    ("notebook", "key", "said", "meant"),
    [
        (7, "mistake of run A", "learning rate too high", "large"),
        (7, "mistake of run A", "lr too high", "large"),
        (7, "mistake of run C", "too low", "small"),
        (7, "mistake of run D", "forgot zero_grad", "kept"),
        (7, "mistake of run D", "optimizer.zero_grad()", "kept"),
        (7, "mistake of run B", "softmax twice", "softmax"),
        (7, "pictures right with a second softmax", "20 of 20", 20),
        (9, "dense network, permuted", "about the same", "equal"),
        (9, "better with as many parameters", "neither", "equal"),
        (9, "loops against autograd", "approximately equal", "approximately"),
        (9, "loops against autograd", "exactly equal", "exactly"),
    ],
)
def test_other_words_for_an_answer_are_understood(notebook, key, said, meant):
    assert BY_KEY[notebook, key].judge(said).reading.value == meant
