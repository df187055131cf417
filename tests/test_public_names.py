"""The public names and signatures stay: a student's code and the textbook's go on working."""

import inspect

import pytest
import torch
from torch import nn

import lenet_helpers as lh
from lenet_helpers.data.batches import TensorBatches

# name -> its parameters; after "*" keyword-only
SIGNATURES = {
    "size": "y",
    "accuracy": "y_hat y",
    "evaluate_accuracy_gpu": "net data_iter device=None",
    "train_ch6": (
        "net train_iter test_iter num_epochs lr device=None "
        "* optimizer=SGD seed=None keep_weights=False plot=True animator=None loss=None "
        "scheduler=None schedule_each='epoch' valid_iter=None keep_best=False patience=None"
    ),
    "try_gpu": "i=0",
    "describe_device": "device",
    "expect_error": "",
    "load_data_fashion_mnist": (
        "batch_size resize=None * root=None device=None source='auto' download=True"
    ),
    "get_fashion_mnist_labels": "labels",
    "load_data": "name batch_size resize=None * root=None device=None download=True",
    "show_images": "imgs num_rows num_cols titles=None scale=1.5",
    "layer_table": "net input_shape * dtype=None",
    "Accumulator": "n",
    "Timer": "",
    "Animator": (
        "xlabel=None ylabel=None legend=None xlim=None ylim=None xscale='linear' yscale='linear' "
        "fmts=None nrows=1 ncols=1 figsize=(6.4, 3.8) * title=None max_fps=4.0"
    ),
}


def written(function):
    words = []
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and "*" not in words:
            words.append("*")
        default = parameter.default
        if default is inspect.Parameter.empty:
            words.append(parameter.name)
        else:
            value = default.__name__ if inspect.isclass(default) else repr(default)
            words.append(f"{parameter.name}={value}")
    return " ".join(words)


@pytest.mark.parametrize("name", SIGNATURES)
def test_signatures_stay(name):
    assert written(getattr(lh, name)) == SIGNATURES[name]


def test_every_public_name_is_there_and_documented():
    assert sorted(lh.__all__) == list(lh.__all__)
    for name in lh.__all__:
        assert inspect.getdoc(getattr(lh, name)), name
    assert set(SIGNATURES) <= set(lh.__all__)


def test_code_in_the_textbooks_style_runs(capsys):
    """A training function written by hand with the textbook's names, as its readers write it."""
    d2l = lh
    X = torch.rand(40, 28, 28).mul(255).to(torch.uint8)
    train_iter = TensorBatches(X, torch.arange(40) % 10, 16, shuffle=True, device="cpu")
    net = nn.Sequential(
        lh.Reshape(),
        nn.Conv2d(1, 6, kernel_size=5, padding=2), nn.Sigmoid(),
        nn.AvgPool2d(kernel_size=2, stride=2),
        nn.Flatten(), nn.Linear(6 * 14 * 14, 10),
    )  # fmt: skip
    device = d2l.try_gpu()
    net.to(device)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    loss = nn.CrossEntropyLoss()
    animator = d2l.Animator(
        xlabel="epoch", xlim=[1, 2], legend=["train loss", "train acc", "test acc"]
    )
    timer, num_batches = d2l.Timer(), len(train_iter)
    for epoch in range(2):
        metric = d2l.Accumulator(3)
        for i, (X, y) in enumerate(train_iter):
            timer.start()
            X, y = X.to(device), y.to(device)
            optimizer.zero_grad()
            y_hat = net(X)
            l = loss(y_hat, y)  # noqa: E741 (the textbook's name)
            l.backward()
            optimizer.step()
            with torch.no_grad():
                metric.add(l * X.shape[0], d2l.accuracy(y_hat, y), X.shape[0])
            timer.stop()
            animator.add(epoch + (i + 1) / num_batches, (metric[0] / metric[2], 0.5, None))
        animator.add(epoch + 1, (None, None, d2l.evaluate_accuracy_gpu(net, train_iter)))
    assert metric[2] == d2l.size(train_iter.labels) == 40
    assert len(timer.times) == 6
    assert [len(curve) for curve in animator.X] == [6, 6, 2]
    assert "epoch 2: test acc" in capsys.readouterr().out
    d2l.train_ch6(net, train_iter, train_iter, 1, 0.1, device)
    assert "examples/sec on" in capsys.readouterr().out
