"""Exercises of notebook 2: a convolution and a pooling by hand, and LeNet as a class."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F

from .exercise import Case, Exercise, Facts, Slip


def numbers(height, width, first=1):
    """Return whole numbers as floats, no two rows or columns alike: sums of them are exact."""
    row, column = torch.arange(height)[:, None], torch.arange(width)[None, :]
    return ((3 * row * row + 5 * column * (row + 1) + first) % 11).float() - 2


def correlate(picture, kernel):
    """Slide the kernel over the picture; at each place multiply, and add the products up.

    picture: tensor of shape (height, width); kernel: (kernel height, kernel width).
    Returns a tensor of shape (height - kernel height + 1, width - kernel width + 1).

    >>> correlate(torch.tensor([[1.0, 0.0, 2.0], [3.0, 1.0, 0.0]]), torch.tensor([[1.0, -1.0]]))
    tensor([[ 1., -2.],
            [ 2.,  1.]])
    """
    height, width = kernel.shape
    rows, columns = picture.shape[0] - height + 1, picture.shape[1] - width + 1
    output = torch.zeros(rows, columns)
    for row in range(rows):
        for column in range(columns):
            under_it = picture[row : row + height, column : column + width]
            output[row, column] = (under_it * kernel).sum()
    return output


def _windows(picture, kernel):
    """Return what lies under the kernel: (rows, columns, kernel height, kernel width)."""
    return picture.unfold(0, kernel.shape[0], 1).unfold(1, kernel.shape[1], 1)


def _of_products(how):
    """Return a version that takes ``how`` of the products at each place."""

    def wrong(picture, kernel):
        return how(_windows(picture, kernel) * kernel)

    return wrong


def _added(picture, kernel):
    return (_windows(picture, kernel) + kernel).sum((2, 3))


def _side_by_side(picture, kernel):
    return correlate(picture, kernel)[:: kernel.shape[0], :: kernel.shape[1]]


def _carried_over(picture, kernel):
    sums = correlate(picture, kernel)
    return sums.flatten().cumsum(0).reshape(sums.shape)


def _of_rows(picture, kernel):
    rows = picture.shape[0] - kernel.shape[0] + 1
    output = torch.zeros(rows, rows)
    for row in range(rows):
        for column in range(rows):
            under_it = picture[row : row + kernel.shape[0], column : column + kernel.shape[1]]
            output[row, column] = (under_it * kernel).sum()
    return output


def _square_kernel(picture, kernel):
    side = kernel.shape[0]
    rows, columns = picture.shape[0] - side + 1, picture.shape[1] - side + 1
    output = torch.zeros(rows, columns)
    for row in range(rows):
        for column in range(columns):
            output[row, column] = (picture[row : row + side, column : column + side] * kernel).sum()
    return output


def _left_out(picture, kernel):
    output = correlate(picture, kernel)
    output[-1, :], output[:, -1] = 0, 0
    return output


def _one_place(picture, kernel):
    return (picture * kernel).sum()


def _window_of_two(picture, kernel):
    output = torch.zeros_like(correlate(picture, kernel))
    for row in range(output.shape[0]):
        for column in range(output.shape[1]):
            output[row, column] = (picture[row : row + 2, column : column + 2] * kernel).sum()
    return output


def _turned_places(output):
    """Return what comes of writing to [column, row] where [row, column] is meant."""
    turned = torch.zeros_like(output)
    for row in range(output.shape[0]):
        for column in range(output.shape[1]):
            turned[column, row] = output[row, column]
    return turned


def _first_only(picture, kernel):
    output = torch.zeros_like(correlate(picture, kernel))
    output[0, 0] = correlate(picture, kernel)[0, 0]
    return output


def _same_size(picture, kernel):
    height, width = kernel.shape
    frame = ((width - 1) // 2, width // 2, (height - 1) // 2, height // 2)
    return correlate(F.pad(picture, frame), kernel)


CORRELATE = Exercise(
    notebook=2,
    solution=correlate,
    cases=lambda: [
        Case((numbers(*picture), numbers(*kernel, first=4)))
        for picture, kernel in [
            ((2, 2), (2, 2)), ((2, 3), (2, 2)), ((3, 2), (2, 2)), ((3, 3), (2, 2)),
            ((2, 3), (1, 2)), ((3, 2), (2, 1)), ((4, 3), (3, 2)), ((3, 3), (3, 3)),
            ((4, 6), (3, 3)), ((6, 5), (2, 4)), ((7, 8), (5, 5)),
        ]
    ],
    slips=(
        Slip("kernel flipped", lambda picture, kernel: correlate(picture, kernel.flip(0, 1))),
        Slip("rows for columns", lambda picture, kernel: correlate(picture, kernel.T)),
        Slip("rows for columns", lambda picture, kernel: correlate(picture, kernel).T),
        Slip("rows for columns", lambda *given: _turned_places(correlate(*given))),
        Slip("kernel does not slide", _one_place),
        Slip("number written in", _window_of_two),
        Slip("mean for sum", _of_products(lambda products: products.mean((2, 3)))),
        Slip("no sum", _of_products(lambda products: products)),
        Slip("overwritten sum", _of_products(lambda products: products[..., -1, -1])),
        Slip("sum of corners only", _of_products(lambda products: products[..., 0, 0])),
        Slip("kernel not used", lambda picture, kernel: _windows(picture, kernel).sum((2, 3))),
        Slip("sum for product", _added),
        Slip("sum carried over", _carried_over),
        Slip("one axis for both", _of_rows),
        Slip("kernel taken for square", _square_kernel),
        Slip("last place left out", _left_out),
        Slip("returned too early", _first_only),
        Slip("returned too early", lambda picture, kernel: correlate(picture, kernel)[0, 0]),
        Slip("no plus one", lambda picture, kernel: correlate(picture, kernel)[:-1, :-1]),
        Slip("size never changes", _same_size),
        Slip("windows side by side", _side_by_side),
    ),
    hints=(
        "Two loops, one over the rows of the output and one over its columns. How many of each "
        "are there?",
        "The pixels under the kernel are `picture[row : row + height, column : column + width]`. "
        "Multiply them with the kernel, and add up with `.sum()`.",
    ),
    also="nn.Conv2d gives the same.",
)  # fmt: skip


def average_pool(maps, window=2):
    """Replace each window by its mean; the windows lie side by side.

    maps: tensor of shape (height, width). Rows and columns that fill no window are left out.
    Returns a tensor of shape (height // window, width // window).

    >>> average_pool(torch.tensor([[1.0, 3.0, 0.0, 2.0], [5.0, 7.0, 4.0, 2.0]]))
    tensor([[4., 2.]])
    """
    rows, columns = maps.shape[0] // window, maps.shape[1] // window
    pooled = torch.zeros(rows, columns)
    for row in range(rows):
        for column in range(columns):
            top, left = row * window, column * window
            pooled[row, column] = maps[top : top + window, left : left + window].mean()
    return pooled


def _pool(how):
    """Return a pooling that takes ``how`` of a window, with the windows side by side."""

    def wrong(maps, window):
        return how(maps.unfold(0, window, window).unfold(1, window, window).flatten(2))

    return wrong


def _ceil(maps, window):
    return F.avg_pool2d(maps[None, None], window, ceil_mode=True)[0, 0]


def _first_window_only(maps, window):
    pooled = torch.zeros_like(average_pool(maps, window))
    pooled[0, 0] = average_pool(maps, window)[0, 0]
    return pooled


def _square_pool(maps, window):
    rows = maps.shape[0] // window
    pooled = torch.zeros(rows, rows)
    for row in range(rows):
        for column in range(rows):
            top, left = row * window, column * window
            pooled[row, column] = maps[top : top + window, left : left + window].mean()
    return pooled


def _step_of_one(maps, window):
    return F.avg_pool2d(maps[None, None], window, stride=1)[0, 0]


def _fewer_steps_of_one(maps, window):
    return _step_of_one(maps, window)[: maps.shape[0] // window, : maps.shape[1] // window]


AVERAGE_POOL = Exercise(
    notebook=2,
    solution=average_pool,
    cases=lambda: [
        Case((numbers(*side), window))
        for side, window in [
            ((2, 2), 2), ((2, 4), 2), ((4, 2), 2), ((4, 4), 2), ((3, 3), 2), ((5, 4), 2),
            ((3, 3), 3), ((6, 9), 3), ((7, 8), 3), ((10, 10), 2), ((5, 3), 1),
        ]
    ],
    slips=(
        Slip("maximum for average", _pool(lambda values: values.amax(2))),
        Slip("sum for mean", _pool(lambda values: values.sum(2))),
        Slip("number written in", _pool(lambda values: values.sum(2) / 4)),
        Slip("number written in", lambda maps, window: average_pool(maps, 2)),
        Slip("divided by the side", lambda maps, window: average_pool(maps, window) * window),
        Slip("one pixel for the window", _pool(lambda values: values[..., 0])),
        Slip("one pixel for the window", lambda maps, window: maps[::window, ::window]),
        Slip("one pixel for the window", _pool(lambda values: values[..., -1])),
        Slip("pooling stride one", _step_of_one),
        Slip("pooling stride one", _fewer_steps_of_one),
        Slip("ceil for floor", _ceil),
        Slip("returned too early", _first_window_only),
        Slip("one axis for both", _square_pool),
        Slip("rows for columns", lambda maps, window: average_pool(maps, window).T),
        Slip("rows for columns", lambda maps, window: _turned_places(average_pool(maps, window))),
        Slip("last place left out", lambda maps, window: average_pool(maps, window)[:-1, :-1]),
        Slip("rounded mean", lambda maps, window: average_pool(maps, window).floor()),
        Slip("rounded mean", lambda maps, window: average_pool(maps, window).trunc()),
        Slip("rounded mean", lambda maps, window: average_pool(maps, window).round()),
    ),
    hints=(
        "As in `correlate`, two loops over the output. What differs is where a window begins.",
        "The window of output (row, column) begins at `row * window` and `column * window`; "
        "`.mean()` averages it.",
    ),
    also="nn.AvgPool2d gives the same.",
)  # fmt: skip


class LeNet(nn.Module):
    """LeNet as the textbook has it: padding 2, sigmoid, average pooling.

    Takes pictures of shape (N, 1, 28, 28), gives scores of shape (N, 10). Two convolutions (1 to
    6 channels with padding 2, then 6 to 16; kernel 5), each with a sigmoid and a pooling of 2;
    then dense layers to 120, 84 and 10 numbers, with sigmoids between them.

    >>> LeNet()(torch.zeros(3, 1, 28, 28)).shape
    torch.Size([3, 10])
    """

    def __init__(self):
        """Make the layers."""
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv2d(1, 6, kernel_size=5, padding=2),
            nn.Sigmoid(),
            nn.AvgPool2d(2),
            nn.Conv2d(6, 16, kernel_size=5),
            nn.Sigmoid(),
            nn.AvgPool2d(2),
        )
        self.fc = nn.Sequential(
            nn.Linear(16 * 5 * 5, 120),
            nn.Sigmoid(),
            nn.Linear(120, 84),
            nn.Sigmoid(),
            nn.Linear(84, 10),
        )

    def forward(self, x):
        """Return the scores of the pictures x."""
        return self.fc(self.conv(x).flatten(start_dim=1))


def _layers_in_use(net, x):
    """Return what ``net`` gives for ``x``, and its layers with weights as they were used."""
    used = []

    def note(layer, inputs, output):
        if layer not in used and isinstance(getattr(layer, "weight", None), nn.Parameter):
            used.append(layer)

    hooks = [layer.register_forward_hook(note) for layer in net.modules()]
    try:
        return net(x), used
    finally:
        for hook in hooks:
            hook.remove()


def facts_of_lenet(make, pictures):
    """Return what a LeNet is recognised by, the plainest facts first.

    Its weights are replaced by ours, layer by layer in the order of use; so its scores must be
    ours, however it is written.
    """
    net = make()
    if not isinstance(net, nn.Module):
        raise TypeError("it makes no nn.Module: its first line must be class LeNet(nn.Module)")
    x = numbers(28 * pictures, 28).reshape(pictures, 1, 28, 28) / 11
    scores, used = _layers_in_use(net, x)
    facts = Facts()
    told = tuple(scores.shape) if isinstance(scores, torch.Tensor) else scores
    facts["The shape of its scores"] = str(told) if told is not scores else scores
    sizes = [layer.weight.numel() for layer in used]
    facts["The weights of its layers, in the order of use"] = sizes
    facts["Its parameters"] = sum(parameter.numel() for parameter in net.parameters())
    ours = LeNet()
    layers = [layer for layer in ours.modules() if list(layer.parameters(recurse=False))]
    generator = torch.Generator().manual_seed(0)
    if sizes == [layer.weight.numel() for layer in layers]:
        with torch.no_grad():
            for layer, known in zip(used, layers, strict=True):
                # large enough for the order and the kind of every layer to be seen in the scores
                weight = torch.randn(known.weight.numel(), generator=generator)
                scale = 5 / known.weight[0].numel() ** 0.5
                layer.weight.copy_((scale * weight).view_as(layer.weight))
                if getattr(layer, "bias", None) is not None:
                    layer.bias.copy_(torch.randn(layer.bias.numel(), generator=generator))
            facts["Its scores with our weights"] = net(x)
    return facts


def _variant(
    padding=2, pooling=nn.AvgPool2d, activation=nn.Sigmoid, last=nn.Identity, features=400,
    start_dim=1, bias=True, order=0,
):  # fmt: skip
    """Return a class like LeNet that differs in one thing."""

    class Wrong(nn.Module):
        def __init__(self):
            super().__init__()
            after = [activation(), pooling(2)] if order == 0 else [pooling(2), activation()]
            self.conv = nn.Sequential(
                nn.Conv2d(1, 6, 5, padding=padding, bias=bias), *after,
                nn.Conv2d(6, 16, 5, bias=bias), *after,
            )  # fmt: skip
            self.fc = nn.Sequential(
                nn.Linear(features, 120), activation(), nn.Linear(120, 84), activation(),
                nn.Linear(84, 10), last(),
            )  # fmt: skip

        def forward(self, x):
            return self.fc(self.conv(x).flatten(start_dim))

    return Wrong


LENET = Exercise(
    notebook=2,
    solution=LeNet,
    cases=lambda: [Case((n,), f"{n} picture{'s' if n > 1 else ''} of 28×28") for n in (1, 3)],
    slips=(
        Slip("padding forgotten", _variant(padding=0)),
        Slip("padding forgotten", _variant(padding=0, features=256)),
        Slip("stopped early", _variant(features=16 * 10 * 10)),
        Slip("flatten keeps channels", _variant(features=16)),
        Slip("flatten keeps channels", _variant(features=5 * 5)),
        Slip("maximum for average", _variant(pooling=nn.MaxPool2d)),
        Slip("softmax in the network", _variant(last=lambda: nn.Softmax(dim=1))),
        Slip("softmax in the network", _variant(last=lambda: nn.LogSoftmax(dim=1))),
        Slip("activation at the end", _variant(last=nn.Sigmoid)),
        Slip("activation at the end", _variant(last=nn.ReLU)),
        Slip("other activation", _variant(activation=nn.ReLU)),
        Slip("other activation", _variant(activation=nn.Tanh)),
        Slip("no activation", _variant(activation=nn.Identity)),
        Slip("pooling before activation", _variant(order=1)),
        Slip("batch flattened", _variant(start_dim=0)),
        Slip("bias forgotten", _variant(bias=False)),
    ),
    hints=(
        "Make the layers in `__init__`, after `super().__init__()`, and use them in `forward`.",
        "The picture goes 28, 28, 14, 10, 5; so the first dense layer takes `16 * 5 * 5` numbers. "
        "`x.flatten(start_dim=1)` keeps the axis of the pictures.",
    ),
    observe=facts_of_lenet,
    also="With our weights in it, it gives our scores.",
)

EXERCISES = (CORRELATE, AVERAGE_POOL, LENET)
