"""Sums, counts, seconds and accuracies, against answers worked by hand."""

import pytest
import torch
from torch import nn

import lenet_helpers as lh


def test_size_is_the_number_of_elements():
    assert lh.size(torch.zeros(3, 4)) == 12


def test_accumulator_adds_and_resets():
    metric = lh.Accumulator(3)
    metric.add(1, 2.5, torch.tensor(3))
    metric.add(1, 2.5, 3)
    assert [metric[i] for i in range(3)] == [2.0, 5.0, 6.0]
    metric.reset()
    assert metric.data == [0.0, 0.0, 0.0]
    assert repr(metric) == "Accumulator(0, 0, 0)"


def test_accumulator_keeps_its_number_of_sums():
    metric = lh.Accumulator(3)
    with pytest.raises(ValueError, match="got 1 numbers for 3 sums"):
        metric.add(1)
    assert len(metric) == 3
    with pytest.raises(ValueError, match=r"n=0: it must be at least 1"):
        lh.Accumulator(0)
    with pytest.raises(TypeError, match=r"n=2\.5 is a float"):
        lh.Accumulator(2.5)


def test_timer_sums_its_laps(monkeypatch):
    clock = iter([0.0, 10.0, 12.0, 20.0, 24.0])
    monkeypatch.setattr("lenet_helpers.training.metrics.time.perf_counter", lambda: next(clock))
    timer = lh.Timer()
    assert timer.avg() == 0.0
    timer.start()
    assert timer.stop() == 2.0
    timer.start()
    timer.stop()
    assert (timer.sum(), timer.avg(), timer.cumsum()) == (6.0, 3.0, [2.0, 6.0])


SCORES = torch.tensor([[0.1, 0.9], [0.8, 0.2], [0.3, 0.7]])  # says 1, 0, 1


@pytest.mark.parametrize(
    ("y_hat", "y", "right"),
    [
        (SCORES, torch.tensor([1, 0, 0]), 2.0),
        (torch.tensor([1, 0, 1]), torch.tensor([1, 0, 0]), 2.0),
        (torch.tensor([1.0, 0.0, 1.0]), torch.tensor([1, 0, 0]), 2.0),
        (SCORES, torch.tensor([0, 1, 0]), 0.0),
    ],
)
def test_accuracy_is_a_count(y_hat, y, right):
    assert lh.accuracy(y_hat, y) == right


def test_accuracy_does_not_broadcast():
    with pytest.raises(ValueError, match=r"y_hat has shape \(3, 2\) and y has shape \(1,\)"):
        lh.accuracy(SCORES, torch.tensor([1]))


class Remembering(nn.Module):
    """Scores that are the input, and a note of how it was called."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(()))
        self.drop = nn.Dropout(0.5)
        self.seen = []

    def forward(self, X):
        self.seen.append((self.training, self.drop.training, torch.is_grad_enabled()))
        return self.drop(X[0] if isinstance(X, list) else X) * self.weight


def test_evaluation_has_no_gradients_and_restores_every_mode():
    net = Remembering().train()
    net.drop.eval()
    batches = [(SCORES, torch.tensor([1, 0, 0])), (SCORES[:1], torch.tensor([1]))]
    assert lh.evaluate_accuracy_gpu(net, batches) == 3 / 4
    assert net.seen == [(False, False, False)] * 2
    assert net.training
    assert not net.drop.training


def test_evaluation_restores_the_mode_after_an_error():
    net = Remembering().train()
    with pytest.raises(ValueError, match="A batch has 3 inputs and 1 label"):
        lh.evaluate_accuracy_gpu(net, [(SCORES, torch.tensor([1]))])
    assert net.training
    assert net.drop.training


def test_evaluation_takes_lists_of_inputs_and_plain_functions():
    y = torch.tensor([1, 0, 0])
    assert lh.evaluate_accuracy_gpu(Remembering(), [([SCORES, SCORES], y)]) == 2 / 3
    assert lh.evaluate_accuracy_gpu(lambda X: X, [(SCORES, y)]) == 2 / 3
    assert lh.evaluate_accuracy_gpu(lambda X: X, [(SCORES, y)], "cpu") == 2 / 3


class Sized(nn.Module):
    """Its forward has the batch's size in it, as ``view(5, -1)`` has."""

    def __init__(self, size):
        super().__init__()
        self.dense, self.size, self.seen = nn.Linear(4, 3), size, []

    def forward(self, X):
        self.seen.append(len(X))
        return self.dense(X.view(self.size or len(X), -1))


@pytest.mark.parametrize(("size", "last"), [(None, [20]), (5, [5, 5, 5, 5])])
def test_what_is_in_memory_is_evaluated_in_larger_batches_where_the_network_takes_them(size, last):
    images = torch.randint(256, (20, 2, 2), dtype=torch.uint8)
    batches = lh.TensorBatches(images, torch.arange(20) % 3, 5, device="cpu")
    net = Sized(size)
    with torch.no_grad():
        chosen = net.dense(images.float().flatten(1) / 255).argmax(dim=1)
    assert lh.evaluate_accuracy_gpu(net, batches) == int((chosen == batches.labels).sum()) / 20
    assert net.seen[0] == 20
    assert net.seen[-len(last) :] == last


def test_evaluating_where_there_is_nothing_is_an_error():
    batches = [(torch.rand(2, 4), torch.tensor([0, 1]))]
    with pytest.raises(ValueError, match=r"device='gpu' is no device that PyTorch knows\. Present"):
        lh.evaluate_accuracy_gpu(nn.Linear(4, 2), batches, "gpu")


def test_evaluating_nothing_is_an_error():
    with pytest.raises(ValueError, match="data_iter has no examples"):
        lh.evaluate_accuracy_gpu(lambda X: X, [])
