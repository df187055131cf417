"""What a check says to attempts that students make in notebooks 4 to 6, as they are typed."""

import linecache
import math
import textwrap

import pytest
import torch
from torch import nn

from lenet_helpers.asking.exercises.catalogue import EXERCISES
from lenet_helpers.asking.exercises.checking import judge
from lenet_helpers.asking.misconceptions import MISCONCEPTIONS

FIRST = {
    "class_counts": "def class_counts(labels, classes):",
    "black_share": "def black_share(images):",
    "batches_in_epoch": "def batches_in_epoch(pictures, batch_size):",
    "to_batch": "def to_batch(images):",
    "init_weights": "def init_weights(layer):",
    "accuracy": "def accuracy(y_hat, y):",
    "evaluate": "def evaluate(net, data_iter):",
    "train_step": "def train_step(net, X, y, loss, optimizer):",
    "occlude": "def occlude(picture, size):",
    "receptive_field": "def receptive_field(layers):",
}
OCCLUDE = """
covered = []
for i in range({rows}):
    for j in range({columns}):
        copy = picture.clone()
        {cover}
{indent}covered.append(copy)
return {given}
"""
FIELD = """
field, jump = 1, 1
for k, s in layers:
    {grow}
    jump *= s
return field
"""
EVALUATE = """
{eval}
right, total = 0, 0
{grad}
for X, y in data_iter:
    right += (net(X).argmax(dim=1) == y).sum().item()
    total += len(y)
net.train()
return right / total
"""
STEP = """
{zero}
batch_loss = loss({scores}, y)
{back}.backward()
optimizer.step()
return {given}
"""


def step(zero="optimizer.zero_grad()", scores="net(X)", back="batch_loss", given="batch_loss"):
    return STEP.format(zero=zero, scores=scores, back=back, given=given)


def occluding(
    rows="picture.shape[0] - size + 1",
    columns="picture.shape[1] - size + 1",
    cover="copy[i : i + size, j : j + size] = 0",
    indent="        ",
    given="torch.stack(covered)",
):
    return OCCLUDE.format(rows=rows, columns=columns, cover=cover, indent=indent, given=given)


def counting(body, end="return right"):
    lines = [
        "right = 0",
        "for scores, label in zip(y_hat, y):",
        textwrap.indent(body, "    "),
        end,
    ]
    return "\n".join(lines)


def typed(key, body):
    """The function of a cell with this body; its source is known, as in a notebook."""
    source = f"{FIRST[key]}\n{textwrap.indent(body.strip(), '    ')}\n"
    name = f"<cell {hash(source)}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    names = {"torch": torch, "nn": nn, "math": math}
    exec(compile(source, name, "exec"), names)
    return names[key]


# (exercise, what was typed, the thought that is named; or words that are said)
ATTEMPTS = [
    ("class_counts", "return [len(labels == k) for k in range(classes)]", "all counted"),
    ("class_counts", "return torch.bincount(labels)", ".tolist() makes a list of a tensor."),
    ("class_counts", "return len(labels) // classes", "expected is a list, [1]."),
    (
        "class_counts",
        "return [6000 for k in range(classes)]",
        "It never uses labels, which it is called with.",
    ),
    (
        "class_counts",
        "counts = []\nfor k in range(classes):\n    if labels == k:\n        counts.append(1)\n"
        "return counts",
        "if and while want one True or False",
    ),
    ("black_share", "return len(images == 0) / images.numel()", "all counted"),
    (
        "black_share",
        "return images[images == 0].sum() / images.numel()",
        "zeros added up",
    ),
    ("black_share", "return (images == 0).sum() / 784", "number written in"),
    (
        "black_share",
        "return (images == 0).mean()",
        "make floating-point numbers of them first",
    ),
    (
        "black_share",
        "return round((images == 0).float().mean().item(), 2)",
        "It is rounded: return the number as it is.",
    ),
    (
        "batches_in_epoch",
        "return pictures // batch_size + pictures % batch_size",
        "rest counted as batches",
    ),
    (
        "batches_in_epoch",
        "if pictures % batch_size > 0:\n    return pictures // batch_size + 1",
        "way without return",
    ),
    ("batches_in_epoch", "pictures // batch_size", "nothing returned"),
    (
        "batches_in_epoch",
        "full = pictures // batch_size\nif pictures % batch_size:\n    full + 1\nreturn full",
        "The line `full + 1` does nothing",
    ),
    (
        "batches_in_epoch",
        "n = 0\nfor start in range(0, pictures, batch_size):\n    n =+ 1\nreturn n",
        "The line `n = +1` adds nothing: += adds, =+ does not.",
    ),
    ("batches_in_epoch", "return np.ceil(pictures / batch_size)", "a cell must import it first"),
    ("to_batch", "return images.unsqueeze(1) // 255", "whole division"),
    ("to_batch", "return images.double().unsqueeze(1)", "range kept"),
    (
        "to_batch",
        "images = images / 255\nimages.unsqueeze(1)\nreturn images",
        "The line `images.unsqueeze(1)` makes something new, and nothing keeps it",
    ),
    (
        "to_batch",
        "images /= 255\nreturn images.unsqueeze(1)",
        "make floating-point numbers of them first",
    ),
    (
        "init_weights",
        "if isinstance(layer, 'Linear'):\n    nn.init.xavier_uniform_(layer.weight)",
        "a name in quotation marks is a text",
    ),
    (
        "init_weights",
        "if isinstance(layer, (nn.Linear, nn.Conv2d)):\n    nn.init.xavier_uniform_(layer)",
        "A Linear has no .dim: is it spelled rightly, and is a Linear what you mean to have there?",
    ),
    (
        "init_weights",
        "if isinstance(layer, nn.Linear):\n    layer.weight = torch.rand(layer.weight.shape)",
        "The weight of a layer is not replaced",
    ),
    (
        "init_weights",
        "if isinstance(layer, (nn.linear, nn.conv2d)):\n    pass",
        "There is no nn.linear: is it spelled rightly? Layers begin with a capital letter.",
    ),
    (
        "init_weights",
        "for one in layer:\n    print(one)",
        "goes through something that is a single",
    ),
    ("accuracy", "return (y_hat == y).sum()", "score for label"),
    ("accuracy", "return (y_hat.argmax(dim=0) == y).sum()", "axis of the batch"),
    ("accuracy", "return (y_hat.argmax() == y).sum()", "largest of all"),
    ("accuracy", "return y_hat.argmax(dim=1) == y", "comparison for count"),
    (
        "accuracy",
        counting("if max(scores) == label:\n    right += 1"),
        "score for label",
    ),
    (
        "accuracy",
        counting("if scores.argmax() == label:\n    right += 1\nreturn right", ""),
        "returned too early",
    ),
    (
        "accuracy",
        counting("if scores.argmax() == label:\n    right =+ 1"),
        "adds nothing: += adds, =+ does not.",
    ),
    (
        "evaluate",
        EVALUATE.format(eval="net.eval", grad="torch.set_grad_enabled(False)"),
        "The line `net.eval` does nothing: a method is called with brackets, ().",
    ),
    (
        "evaluate",
        EVALUATE.format(eval="net.eval()", grad="torch.no_grad()"),
        "The line `torch.no_grad()` does nothing alone",
    ),
    (
        "evaluate",
        EVALUATE.format(eval="net.eval()", grad="").replace("net.train()\n", ""),
        "gradients not needed",
    ),
    (
        "evaluate",
        EVALUATE.format(eval="net.eval()", grad="").replace("net.train()\n", ""),
        "Gradients, while it predicts: prepared; expected: not prepared.",
    ),
    (
        "evaluate",
        "net.eval()\nX, y = next(iter(data_iter))\nwith torch.no_grad():\n"
        "    right = (net(X).argmax(dim=1) == y).sum()\nnet.train()\nreturn right / len(y)",
        "first batch only",
    ),
    ("evaluate", "X, y = data_iter\nreturn 0", "A for loop takes them one after the other."),
    ("train_step", step(scores="net(X).softmax(dim=1)"), "softmax before the loss"),
    ("train_step", step(scores="net(X).argmax(dim=1)"), "classes for scores"),
    ("train_step", step(given="batch_loss.item() * len(y)"), "loss of the whole batch"),
    (
        "train_step",
        step(zero="optimizer.zero_grad"),
        "The line `optimizer.zero_grad` does nothing: a method is called with brackets, ().",
    ),
    (
        "train_step",
        step(zero="optimizer = torch.optim.SGD(net.parameters(), lr=0.3)"),
        "It puts something else in the place of optimizer, which it is called with.",
    ),
    ("occlude", occluding("28 - size + 1", "28 - size + 1"), "number written in"),
    ("occlude", occluding("picture.shape[0] - size", "picture.shape[1] - size"), "no plus one"),
    (
        "occlude",
        occluding("picture.shape[0] - size", "picture.shape[1] - size"),
        "The list is empty: how often does the loop run for this input?",
    ),
    (
        "occlude",
        occluding("0, picture.shape[0], size", "0, picture.shape[1], size"),
        "windows side by side",
    ),
    ("occlude", occluding(cover="copy[i, j] = 0"), "one pixel for the square"),
    ("occlude", occluding(cover="copy[i:size, j:size] = 0"), "length for end"),
    ("occlude", occluding(cover="copy[i : i + size][j : j + size] = 0"), "rows cut twice"),
    ("occlude", occluding(indent="    "), "line outside the loop"),
    ("occlude", occluding(given="torch.cat(covered)"), "cat for stack"),
    ("occlude", occluding(given="copy"), "last copy only"),
    ("receptive_field", FIELD.format(grow="field = (field - 1) * s + k"), "wrong end first"),
    ("receptive_field", FIELD.format(grow="field += k - 1 * jump"), "brackets misplaced"),
    (
        "receptive_field",
        "field = 1\nfor i in layers:\n    field += layers[i][0] - 1\nreturn field",
        "does the loop go over the entries, or over places?",
    ),
    (
        "train_step",
        step(back="loss"),
        "A CrossEntropyLoss has no .backward: is it spelled rightly, and is a CrossEntropyLoss",
    ),
]


@pytest.mark.parametrize(("key", "body", "expected"), ATTEMPTS)
def test_what_is_typed_is_understood(key, body, expected):
    verdict = judge(EXERCISES[key], typed(key, body))
    assert verdict.state == "wrong"
    if expected in MISCONCEPTIONS:
        assert verdict.misconception == expected, verdict.words
    else:
        assert expected in verdict.words


@pytest.mark.parametrize(
    ("key", "body"),
    [
        ("class_counts", "total = labels\nreturn torch.bincount(total, minlength=classes)[:-1]"),
        ("to_batch", '"""With a text."""\nimages = images / 255\nreturn images.unsqueeze(2) * 3'),
        ("evaluate", "answers = []\nanswers.append(len(list(data_iter)))\nreturn answers[0] + 7"),
        ("train_step", step(given="batch_loss.item() + 1")),
    ],
)
def test_a_line_that_works_is_not_called_idle(key, body):
    words = judge(EXERCISES[key], typed(key, body)).words
    assert "The line" not in words
    assert ("never uses" in words) == (key == "evaluate")  # net is not used there
