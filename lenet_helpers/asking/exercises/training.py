"""Exercises of notebook 5: the start, the measure, and one step of the training loop."""

from __future__ import annotations

import torch
from torch import nn

from .exercise import Case, Exercise, Facts, Slip


def init_weights(layer):
    """Draw new weights for a convolution or a dense layer, as Xavier's uniform rule has it.

    layer: any layer; every other kind stays as it is, and so does every bias. Returns nothing.
    It is used as net.apply(init_weights), which calls it for each layer of a network.

    >>> pool = init_weights(nn.AvgPool2d(2))  # nothing happens
    """
    if isinstance(layer, (nn.Linear, nn.Conv2d)):
        nn.init.xavier_uniform_(layer.weight)


def _start(weight, before):
    """Return in words how the values of ``weight`` were drawn."""
    if torch.equal(weight, before):
        return "as it was"
    if weight.std() == 0:
        return "one value everywhere"
    size = weight.abs() / xavier_bound(weight)
    if 0.98 < size.max() <= 1 + 1e-6 and abs(size.mean() - 0.5) < 0.02:
        return "new, uniform in Xavier's range"
    if size.max() > 1.1 and abs(size.square().mean() - 1 / 3) < 0.03:
        return "new, from Xavier's normal distribution"
    return "new, from another range"


def xavier_bound(weight):
    """Return the largest value of Xavier's uniform rule: sqrt(6 / (inputs + outputs))."""
    places = weight[0, 0].numel()
    return (6 / ((weight.shape[0] + weight.shape[1]) * places)) ** 0.5


def weights_and_biases(init_weights, net):
    """Return what became of each weight and bias in ``net``."""
    before = {name: value.clone() for name, value in net.state_dict().items()}
    net.apply(init_weights)
    facts = Facts()
    for name, layer in net.named_modules():
        for kind, values in layer.named_parameters(recurse=False):
            old = before[f"{name}.{kind}" if name else kind]
            told = f"The {kind} of {f'layer {name}, ' if name else ''}{type(layer).__name__}"
            if kind == "weight" and values.ndim > 1:
                facts[told] = _start(values.detach(), old)
            else:
                facts[told] = "as it was" if torch.equal(values, old) else "changed"
    return facts or Facts({"It": "has no weights"})


def _layers():
    chain = nn.Sequential(nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.Flatten(), nn.Linear(400, 120))
    return [
        ("nn.Linear(400, 120)", nn.Linear(400, 120)),
        ("nn.Conv2d(6, 16, 5)", nn.Conv2d(6, 16, 5)),
        ("nn.AvgPool2d(2)", nn.AvgPool2d(2)),
        ("nn.BatchNorm2d(6)", nn.BatchNorm2d(6)),
        ("nn.Embedding(50, 40)", nn.Embedding(50, 40)),
        ("every layer of a chain", chain),
    ]


def _by(rule, kinds=(nn.Linear, nn.Conv2d)):
    """Return a version that gives the weights of some kinds of layer to ``rule``."""

    def wrong(layer):
        if isinstance(layer, kinds):
            rule(layer.weight)

    return wrong


def _bias_too(layer):
    if isinstance(layer, (nn.Linear, nn.Conv2d)):
        nn.init.xavier_uniform_(layer.weight)
        nn.init.zeros_(layer.bias)


def _whatever_has_weights(layer):
    if hasattr(layer, "weight"):
        nn.init.xavier_uniform_(layer.weight)


def _whatever_has_a_matrix(layer):
    if hasattr(layer, "weight") and layer.weight.dim() > 1:
        nn.init.xavier_uniform_(layer.weight)


INIT_WEIGHTS = Exercise(
    notebook=5,
    solution=init_weights,
    cases=lambda: [Case((layer,), f"layer={told}") for told, layer in _layers()],
    slips=(
        Slip("kind of layer forgotten", _by(nn.init.xavier_uniform_, nn.Linear)),
        Slip("kind of layer forgotten", _by(nn.init.xavier_uniform_, nn.Conv2d)),
        Slip("normal for uniform", _by(nn.init.xavier_normal_)),
        Slip("other start", _by(nn.init.kaiming_uniform_)),
        Slip("other start", _by(nn.init.kaiming_normal_)),
        Slip("other start", _by(nn.init.normal_)),
        Slip("other start", _by(nn.init.uniform_)),
        Slip("equal weights", _by(nn.init.zeros_)),
        Slip("bias set too", _bias_too),
        Slip("other layers too", lambda layer: nn.init.xavier_uniform_(layer.weight)),
        Slip("other layers too", _whatever_has_weights),
        Slip("other layers too", _whatever_has_a_matrix),
        Slip("layer never recognised", lambda layer: None),
    ),
    hints=(
        "Ask first what kind of layer it is: `isinstance(layer, nn.Linear)`. There are two kinds "
        "with weights in LeNet.",
        "`nn.init` has a function for each rule; those whose names end in an underscore change "
        "the weights in place.",
    ),
    observe=weights_and_biases,
)  # fmt: skip


def accuracy(y_hat, y):
    """Return how many predictions are right: a count, not a share.

    y_hat: scores of shape (N, classes), the largest is the prediction; y: labels, shape (N,).

    >>> accuracy(torch.tensor([[0.1, 0.9], [0.8, 0.2]]), torch.tensor([1, 1]))
    1.0
    """
    return float((y_hat.argmax(dim=1) == y).sum())


def _scores(pictures, classes):
    """Return scores and labels; about half of the labels have the largest score."""
    place = torch.arange(pictures * classes).reshape(pictures, classes)
    scores = (place * 7 + place * place % 5) % 13 / 4 - 1.5
    labels = (scores.argmax(dim=1) + torch.arange(pictures) % 2) % classes
    return scores, labels


ACCURACY = Exercise(
    notebook=5,
    solution=accuracy,
    cases=lambda: [
        Case(_scores(*shape)) for shape in [(1, 2), (2, 2), (3, 3), (2, 4), (5, 3), (4, 10), (7, 7)]
    ],
    slips=(
        Slip("share for count", lambda y_hat, y: accuracy(y_hat, y) / len(y)),
        Slip("per cent for share", lambda y_hat, y: 100 * accuracy(y_hat, y) / len(y)),
        Slip("axis of the batch", lambda y_hat, y: float((y_hat.argmax(dim=0) == y).sum())),
        Slip("largest of all", lambda y_hat, y: float((y_hat.argmax() == y).sum())),
        Slip("least for largest", lambda y_hat, y: float((y_hat.argmin(dim=1) == y).sum())),
        Slip("errors counted", lambda y_hat, y: float((y_hat.argmax(dim=1) != y).sum())),
        Slip("score for label", lambda y_hat, y: float((y_hat.amax(dim=1) == y).sum())),
        Slip("score for label", lambda y_hat, y: float((y_hat == y).sum())),
        Slip("comparison for count", lambda y_hat, y: y_hat.argmax(dim=1) == y),
        Slip("returned too early", lambda y_hat, y: accuracy(y_hat[:1], y[:1])),
        Slip("all counted", lambda y_hat, y: len(y)),
    ),
    hints=(
        "The prediction is the place of the largest score in each row: look at `argmax`, and at "
        "its `dim`.",
        "`==` between two tensors gives True where they agree; `.sum()` counts them.",
    ),
)


def evaluate(net, data_iter):
    """Return the share of all pictures in data_iter that net labels rightly, from 0 to 1.

    data_iter gives batches (X, y); net(X) gives scores of shape (N, classes). It predicts in
    evaluation mode and without gradients; afterwards net is in training mode.

    >>> batches = [(torch.tensor([[0.1, 0.9], [0.8, 0.2]]), torch.tensor([1, 1]))]
    >>> evaluate(nn.Identity(), batches)
    0.5
    """
    net.eval()
    right, total = 0, 0
    with torch.no_grad():
        for X, y in data_iter:
            right += (net(X).argmax(dim=1) == y).sum().item()
            total += len(y)
    net.train()
    return right / total


class Watched(nn.Module):
    """A network whose scores are its input; it notes in which mode it was asked."""

    def __init__(self):
        super().__init__()
        self.factor = nn.Parameter(torch.ones(()))
        self.modes, self.gradients = [], []

    def forward(self, x):
        """Return ``x`` as the scores."""
        self.modes.append(self.training)
        self.gradients.append(torch.is_grad_enabled())
        return x * self.factor


def share_and_modes(evaluate, batches):
    """Return the share, and in which modes the network was."""
    net = Watched()
    share = evaluate(net, batches)
    return Facts(
        {
            "The share": share,
            "The network, while it predicts": _mode(any(net.modes)),
            "Gradients, while it predicts": "prepared" if any(net.gradients) else "not prepared",
            "The network, afterwards": _mode(net.training),
        }
    )


def _mode(training):
    return "in training mode" if training else "in evaluation mode"


def _evaluation(share, *, mode=True, grad=False, back=True):
    """Return a version of ``evaluate`` that differs in one thing."""

    def wrong(net, data_iter):
        net.train(not mode)
        with torch.set_grad_enabled(grad):
            answers = [(net(X).detach().argmax(dim=1) == y).float() for X, y in data_iter]
        net.train(back)
        return share(answers)

    return wrong


def _all(answers):
    return torch.cat(answers).mean().item()


def _right(answers):
    return torch.cat(answers).sum().item()


def _scores_compared(net, data_iter):
    net.eval()
    with torch.no_grad():
        answers = [(net(X) == y).sum() for X, y in data_iter]
    net.train()
    return sum(answers).item() / sum(len(y) for _, y in data_iter)


EVALUATE = Exercise(
    notebook=5,
    solution=evaluate,
    cases=lambda: [
        Case(([_scores(n, 3) for n in sizes],), f"batches of {', '.join(map(str, sizes))}")
        for sizes in [(1,), (4,), (2, 2), (4, 1), (5, 5, 2)]
    ],
    slips=(
        Slip("mean of means", _evaluation(lambda a: sum(x.mean().item() for x in a) / len(a))),
        Slip("count for share", _evaluation(_right)),
        Slip("per cent for share", _evaluation(lambda a: 100 * _all(a))),
        Slip("count for share", _evaluation(lambda a: _right(a) / len(a))),
        Slip("number written in", _evaluation(lambda a: _right(a) / 10_000)),
        Slip("number written in", _evaluation(lambda a: _right(a) / (256 * len(a)))),
        Slip("score for label", _scores_compared),
        Slip("last batch only", _evaluation(lambda a: a[-1].mean().item())),
        Slip("first batch only", _evaluation(lambda a: a[0].mean().item())),
        Slip("errors counted", _evaluation(lambda a: 1 - _all(a))),
        Slip("evaluation trains", _evaluation(_all, mode=False)),
        Slip("evaluation trains", _evaluation(_all, mode=False, grad=True)),
        Slip("gradients not needed", _evaluation(_all, grad=True)),
        Slip("gradients not needed", _evaluation(_all, grad=True, back=False)),
        Slip("left in evaluation mode", _evaluation(_all, back=False)),
    ),
    hints=(
        "Keep two numbers over all batches: how many are right, and how many there are. Divide "
        "once, at the end.",
        "`net.eval()` before, `net.train()` after; and around the loop `with torch.no_grad():`.",
    ),
    observe=share_and_modes,
)  # fmt: skip


def train_step(net, X, y, loss, optimizer):
    """Take one step of training on the batch (X, y), and return its loss, a number.

    net(X) gives the scores, loss(scores, y) the loss; the optimizer moves the weights of net.
    The loss is that of the weights before the step.

    >>> net, loss = nn.Linear(4, 2), nn.CrossEntropyLoss()
    >>> X, y = torch.rand(3, 4), torch.tensor([0, 1, 1])
    >>> optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    >>> train_step(net, X, y, loss, optimizer) > train_step(net, X, y, loss, optimizer)
    True
    """
    optimizer.zero_grad()
    batch_loss = loss(net(X), y)
    batch_loss.backward()
    optimizer.step()
    return batch_loss.item()


def two_steps(train_step, net, batches):
    """Return the losses and the weights of two steps: old gradients show in the second."""
    loss, optimizer = nn.CrossEntropyLoss(), torch.optim.SGD(net.parameters(), lr=0.5)
    facts = Facts()
    for place, (X, y) in zip(("first", "second"), batches, strict=True):
        facts[f"The loss that the {place} step returns"] = train_step(net, X, y, loss, optimizer)
        facts[f"The weights after the {place} step"] = net.weight.detach().clone()
    return facts


def _dense(features, classes):
    net = nn.Linear(features, classes)
    with torch.no_grad():
        net.weight.copy_(_scores(classes, features)[0] / 2)
        net.bias.zero_()
    return net


def _steps(order):
    """Return a version that does some of the parts in this order."""

    def wrong(net, X, y, loss, optimizer):
        value = None
        for part in order.split():
            if part == "zero":
                optimizer.zero_grad()
            elif part == "loss":
                value = loss(net(X), y)
            elif part == "backward":
                value.backward()
            else:
                optimizer.step()
        return value.item()

    return wrong


def _on(changed):
    """Return a version whose loss gets the scores only after ``changed`` was done to them."""

    def wrong(net, X, y, loss, optimizer):
        return train_step(lambda X: changed(net(X)), X, y, loss, optimizer)

    return wrong


def _whole_batch(net, X, y, loss, optimizer):
    return train_step(net, X, y, loss, optimizer) * len(y)


def _loss_swapped(net, X, y, loss, optimizer):
    return loss(y, net(X)).item()


TRAIN_STEP = Exercise(
    notebook=5,
    solution=train_step,
    cases=lambda: [
        Case(
            (_dense(features, 2 + n // 4), [(_scores(n, features)[0], torch.arange(n) % 2)] * 2),
            f"two steps of nn.Linear({features}, {2 + n // 4}) on {n} picture{'s' * (n > 1)}",
        )
        for features, n in [(2, 1), (2, 2), (3, 5)]
    ],
    slips=(
        Slip("gradients pile up", _steps("loss backward step")),
        Slip("weights never move", _steps("zero loss backward")),
        Slip("weights never move", _steps("loss backward zero step")),
        Slip("weights never move", _steps("zero loss")),
        Slip("step before backward", _steps("loss step backward")),
        Slip("step before backward", _steps("loss step zero backward")),
        Slip("two steps for one", _steps("zero loss backward step step")),
        Slip("loss after the step", _steps("zero loss backward step loss")),
        Slip("arguments swapped", _loss_swapped),
        Slip("softmax before the loss", _on(lambda scores: scores.softmax(dim=1))),
        Slip("classes for scores", _on(lambda scores: scores.argmax(dim=1))),
        Slip("loss of the whole batch", _whole_batch),
    ),
    hints=(
        "Five things happen, each in one line: forget the old gradients, predict, measure the "
        "loss, compute the gradients, take a step.",
        "`optimizer.zero_grad()`, `.backward()` of the loss, `optimizer.step()`; and `.item()` "
        "makes a number of a loss.",
    ),
    observe=two_steps,
)


EXERCISES = (INIT_WEIGHTS, ACCURACY, EVALUATE, TRAIN_STEP)
