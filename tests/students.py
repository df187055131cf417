"""What students write: right answers in several styles, and plausible mistakes.

A mistake stands with what the check must make of it: the key of a thought, or words that it says.
"""

import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import lenet_helpers as lh

RIGHT, WRONG = {}, {}


def right(key):
    def note(attempt):
        RIGHT.setdefault(key, []).append(attempt)
        return attempt

    return note


def wrong(key, expected):
    def note(attempt):
        WRONG.setdefault(key, []).append((expected, attempt))
        return attempt

    return note


# ================================================================ 1. output_size

right("output_size")(lambda n, k, s=1, p=0, d=1: math.floor((n + 2 * p - d * (k - 1) - 1) / s + 1))
right("output_size")(lambda n, k, s=1, p=0, d=1: lh.Window(n, k, s, p, d).output)
right("output_size")(lambda n, k, s=1, p=0, d=1: int((n + 2 * p - d * (k - 1) - 1) / s) + 1)
right("output_size")(lambda n, k, s=1, p=0, d=1: np.int64((n + 2 * p - d * (k - 1) - 1) // s + 1))
right("output_size")(
    lambda n, k, s=1, p=0, d=1: torch.tensor((n + 2 * p - d * (k - 1) - 1) // s + 1)
)


@right("output_size")
def count_places(n, k, s=1, p=0, d=1):
    reach = d * (k - 1) + 1
    places = 0
    left = -p
    while left + reach <= n + p:
        places += 1
        left += s
    return places


@right("output_size")
def length_of_a_range(n, k, s=1, p=0, d=1):
    return len(range(0, n + 2 * p - d * (k - 1), s))


for thought, attempt in {
    "no plus one": lambda n, k, s=1, p=0, d=1: (n + 2 * p - d * (k - 1) - 1) // s,
    "padding forgotten": lambda n, k, s=1, p=0, d=1: (n - d * (k - 1) - 1) // s + 1,
    "padding once": lambda n, k, s=1, p=0, d=1: (n + p - d * (k - 1) - 1) // s + 1,
    "ceil for floor": lambda n, k, s=1, p=0, d=1: math.ceil((n + 2 * p - d * (k - 1) - 1) / s) + 1,
    "dilation adds taps": lambda n, k, s=1, p=0, d=1: (n + 2 * p - k) // s + 1,
    "stride ignored": lambda n, k, s=1, p=0, d=1: n + 2 * p - d * (k - 1) - 1 + 1,
    "gap after the last tap": lambda n, k, s=1, p=0, d=1: (n + 2 * p - d * k - 1) // s + 1,
    "brackets misplaced": lambda n, k, s=1, p=0, d=1: n + 2 * p - d * (k - 1) - 1 // s + 1,
    "arguments swapped": lambda n, k, s=1, p=0, d=1: (k + 2 * p - d * (n - 1) - 1) // s + 1,
    "text for number": lambda n, k, s=1, p=0, d=1: str((n + 2 * p - d * (k - 1) - 1) // s + 1),
    "division with a rest": lambda n, k, s=1, p=0, d=1: (n + 2 * p - d * (k - 1) - 1) / s + 1,
    "print for return": lambda n, k, s=1, p=0, d=1: print((n + 2 * p - d * (k - 1) - 1) // s + 1),
    "is a * missing": lambda n, k, s=1, p=0, d=1: (n + 2 * p - d(k - 1) - 1) // s + 1,
    "// divides and rounds": lambda n, k, s=1, p=0, d=1: 1.0 * length_of_a_range(n, k, s, p, d),
    "ZeroDivisionError": lambda n, k, s=1, p=0, d=1: n // 0,
    "Keep the first line": lambda n, k, stride=1, p=0, d=1: n - k + 1,
    "cannot be: too many": lambda n: n,
    "Nothing has the name stride": lambda n, k, s=1, p=0, d=1: (n - k) // stride + 1,  # noqa: F821
    "It gives 6; expected is 3": lambda n, k, s=1, p=0, d=1: 2 * length_of_a_range(n, k, s, p, d),
}.items():  # fmt: skip
    wrong("output_size", thought)(attempt)
wrong("output_size", "brackets misplaced")(
    lambda n, k, s=1, p=0, d=1: (n + 2 * p - d * (k - 1) - 1) // (s + 1)
)
wrong("output_size", "brackets misplaced")(
    lambda n, k, s=1, p=0, d=1: n + (2 * p - d * (k - 1) - 1) // s + 1
)
wrong("output_size", "gap after the last tap")(
    lambda n, k, s=1, p=0, d=1: (n + 2 * p - d * k) // s + 1
)
wrong("output_size", "arguments swapped")(
    lambda k, n, s=1, p=0, d=1: (n + 2 * p - d * (k - 1) - 1) // s + 1
)


@wrong("output_size", "calls itself without an end")
def endless(n, k, s=1, p=0, d=1):
    return endless(n, k, s, p, d)


# ================================================================ 1. padding_that_keeps


@right("padding_that_keeps")
def by_trial(k, d=1):
    for p in range(100):
        if 100 + 2 * p - d * (k - 1) == 100:
            return p
    raise ValueError("none")


@right("padding_that_keeps")
def by_divmod(k, d=1):
    half, odd = divmod(d * (k - 1), 2)
    if odd:
        raise ValueError(f"k={k} and d={d}: no padding")
    return half


right("padding_that_keeps")(lambda k, d=1: lh.same_padding(k, dilation=d))


@wrong("padding_that_keeps", "It returns nothing")
def none_for_even(k, d=1):
    return None if d * (k - 1) % 2 else d * (k - 1) // 2


@wrong("padding_that_keeps", "even kernel refused")
def even_refused(k, d=1):
    if k % 2 == 0:
        raise ValueError("even")
    return d * (k - 1) // 2


@wrong("padding_that_keeps", "padding once")
def all_at_one_end(k, d=1):
    if (k - 1) * d % 2 != 0:
        raise ValueError("odd")
    return (k - 1) * d


@wrong("padding_that_keeps", "dilation adds taps")
def without_dilation(k, d=1):
    if k % 2 == 0:
        raise ValueError("even")
    return (k - 1) // 2


@wrong("padding_that_keeps", "Expected is that it raises a ValueError")
def other_error(k, d=1):
    assert d * (k - 1) % 2 == 0
    return d * (k - 1) // 2


@wrong("padding_that_keeps", "division with a rest")
def with_a_fraction(k, d=1):
    if d * (k - 1) % 2:
        raise ValueError("no padding")
    return d * (k - 1) / 2


wrong("padding_that_keeps", "even kernel kept")(lambda k, d=1: d * (k - 1) // 2)
wrong("padding_that_keeps", "even kernel kept")(lambda k, d=1: k // 2)
wrong("padding_that_keeps", "It gives 1; expected is 0")(lambda k, d=1: (k + 1) // 2)

# ================================================================ 1. pool_size

right("pool_size")(lambda n, k, s=None: (n - k) // (s or k) + 1)
right("pool_size")(lambda n, k, s=None: lh.pool_output_size(n, k, stride=s))
right("pool_size")(lambda n, k, s=None: len(range(0, n - k + 1, k if s is None else s)))

for thought, attempt in {
    "pooling stride one": lambda n, k, s=None: n - k + 1,
    "windows side by side": lambda n, k, s=None: n // k,
    "ceil for floor": lambda n, k, s=None: math.ceil((n - k) / (s or k)) + 1,
    "no plus one": lambda n, k, s=None: (n - k) // (s or k),
    "division with a rest": lambda n, k, s=None: (n - k) / (s or k) + 1,
    "size never changes": lambda n, k, s=None: n,
    "stride without a value": lambda n, k, s=None: (n - k) // s + 1,
    "Something on that line is None": lambda n, k, s=None: s * 0 + (n - k) // (s or k) + 1,
    "brackets misplaced": lambda n, k, s=None: n - k // (s or k) + 1,
    "yours has no s=None": lambda n, k, s=2: (n - k) // s + 1,
    "None on the way": lambda n, k, s=None: [(n - k) // (s or k) + 1].clear(),
}.items():
    wrong("pool_size", thought)(attempt)
wrong("pool_size", "windows side by side")(lambda n, k, s=None: n // (s or k))

# ================================================================ 1. conv_parameters_by_hand

right("conv_parameters_by_hand")(lambda c_in, c_out, k: (c_in * k**2 + 1) * c_out)
right("conv_parameters_by_hand")(
    lambda a, b, k: sum(p.numel() for p in nn.Conv2d(a, b, k).parameters())
)


@right("conv_parameters_by_hand")
def one_by_one(c_in, c_out, k):
    total = 0
    for _ in range(c_out):
        for _ in range(c_in):
            total += k * k
        total += 1
    return total


for thought, attempt in {
    "bias forgotten": lambda c_in, c_out, k: c_in * c_out * k**2,
    "bias per weight": lambda c_in, c_out, k: c_in * c_out * (k**2 + 1),
    "bias per layer": lambda c_in, c_out, k: c_in * c_out * k**2 + 1,
    "bias per input": lambda c_in, c_out, k: c_in * c_out * k**2 + c_in,
    "kernel of one channel": lambda c_in, c_out, k: c_out * (k**2 + 1),
    "kernel has one side": lambda c_in, c_out, k: c_out * (c_in * k + 1),
    "one output channel": lambda c_in, c_out, k: c_in * k**2 + 1,
    "channels added": lambda c_in, c_out, k: (c_in + c_out) * k**2 + c_out,
    "not a whole one": lambda c_in, c_out, k: c_out * c_in * k**2.0 + c_out,
}.items():
    wrong("conv_parameters_by_hand", thought)(attempt)

# ================================================================ 2. correlate


@right("correlate")
def four_loops(picture, kernel):
    (h, w), (kh, kw) = picture.shape, kernel.shape
    output = torch.zeros(h - kh + 1, w - kw + 1)
    for i in range(h - kh + 1):
        for j in range(w - kw + 1):
            for a in range(kh):
                for b in range(kw):
                    output[i, j] += picture[i + a, j + b] * kernel[a, b]
    return output


@right("correlate")
def loops_over_the_kernel(picture, kernel):
    (h, w), (kh, kw) = picture.shape, kernel.shape
    rows, columns = h - kh + 1, w - kw + 1
    return sum(
        kernel[a, b] * picture[a : a + rows, b : b + columns] for a in range(kh) for b in range(kw)
    )


right("correlate")(lambda p, k: F.conv2d(p[None, None], k[None, None])[0, 0])
right("correlate")(
    lambda p, k: torch.einsum("ijab,ab->ij", p.unfold(0, len(k), 1).unfold(1, len(k[0]), 1), k)
)
right("correlate")(
    lambda p, k: torch.tensor(
        [
            [
                float((p[i : i + len(k), j : j + len(k[0])] * k).sum())
                for j in range(len(p[0]) - len(k[0]) + 1)
            ]
            for i in range(len(p) - len(k) + 1)
        ]
    )
)  # fmt: skip


@wrong("correlate", "no plus one")
def without_the_last_places(picture, kernel):
    (h, w), (kh, kw) = picture.shape, kernel.shape
    output = torch.zeros(h - kh, w - kw)
    for i in range(h - kh):
        for j in range(w - kw):
            output[i, j] = (picture[i : i + kh, j : j + kw] * kernel).sum()
    return output


@wrong("correlate", "last place left out")
def right_shape_and_short_loops(picture, kernel):
    (h, w), (kh, kw) = picture.shape, kernel.shape
    output = torch.zeros(h - kh + 1, w - kw + 1)
    for i in range(h - kh):
        for j in range(w - kw):
            output[i, j] = (picture[i : i + kh, j : j + kw] * kernel).sum()
    return output


@wrong("correlate", "overwritten sum")
def assigned(picture, kernel):
    (h, w), (kh, kw) = picture.shape, kernel.shape
    output = torch.zeros(h - kh + 1, w - kw + 1)
    for i in range(h - kh + 1):
        for j in range(w - kw + 1):
            for a in range(kh):
                for b in range(kw):
                    output[i, j] = picture[i + a, j + b] * kernel[a, b]
    return output


@wrong("correlate", "sum carried over")
def never_reset(picture, kernel):
    (h, w), (kh, kw) = picture.shape, kernel.shape
    output = torch.zeros(h - kh + 1, w - kw + 1)
    total = 0
    for i in range(h - kh + 1):
        for j in range(w - kw + 1):
            total += (picture[i : i + kh, j : j + kw] * kernel).sum()
            output[i, j] = total
    return output


@wrong("correlate", "argument changed")
def multiplied_in_place(picture, kernel):
    (h, w), (kh, kw) = picture.shape, kernel.shape
    output = torch.zeros(h - kh + 1, w - kw + 1)
    for i in range(h - kh + 1):
        for j in range(w - kw + 1):
            under_it = picture[i : i + kh, j : j + kw]
            under_it *= kernel
            output[i, j] = under_it.sum()
    return output


@wrong("correlate", "argument changed")
def right_but_the_kernel_is_turned_and_back(picture, kernel):
    output = F.conv2d(picture[None, None], kernel[None, None])[0, 0]
    kernel.zero_()
    return output


@wrong("correlate", "whose sides are 3 and 2")
def patches_too_large(picture, kernel):
    (h, w), (kh, kw) = picture.shape, kernel.shape
    output = torch.zeros(h - kh + 1, w - kw + 1)
    for i in range(h - kh + 1):
        for j in range(w - kw + 1):
            output[i, j] = (picture[i : i + kh + 1, j : j + kw + 1] * kernel).sum()
    return output


@wrong("correlate", "one axis for both")
def square_pictures(picture, kernel):
    n = picture.shape[0] - kernel.shape[0] + 1
    output = torch.zeros(n, n)
    for i in range(n):
        for j in range(n):
            patch = picture[i : i + kernel.shape[0], j : j + kernel.shape[1]]
            output[i, j] = (patch * kernel).sum()
    return output


@wrong("correlate", "kernel taken for square")
def square_kernels(picture, kernel):
    k = kernel.shape[0]
    output = torch.zeros(picture.shape[0] - k + 1, picture.shape[1] - k + 1)
    for i in range(output.shape[0]):
        for j in range(output.shape[1]):
            output[i, j] = (picture[i : i + k, j : j + k] * kernel).sum()
    return output


@wrong("correlate", "returned too early")
def return_in_the_inner_loop(picture, kernel):
    (h, w), (kh, kw) = picture.shape, kernel.shape
    output = torch.zeros(h - kh + 1, w - kw + 1)
    for i in range(h - kh + 1):
        for j in range(w - kw + 1):
            output[i, j] = (picture[i : i + kh, j : j + kw] * kernel).sum()
            return output


wrong("correlate", "kernel flipped")(lambda p, k: four_loops(p, k.flip((0, 1))))
wrong("correlate", "rows for columns")(lambda p, k: four_loops(p.T, k.T))
wrong("correlate", "mean for sum")(lambda p, k: four_loops(p, k) / k.numel())
wrong("correlate", "size never changes")(
    lambda p, k: F.conv2d(p[None, None], k[None, None], padding="same")[0, 0]
)
wrong("correlate", "of type torch.float64")(lambda p, k: four_loops(p, k).double())
wrong("correlate", "of type torch.int64")(lambda p, k: four_loops(p, k).long())
wrong("correlate", "a list, [[")(lambda p, k: four_loops(p, k).tolist())
wrong("correlate", "It gives a ndarray, array([[40.]]")(lambda p, k: four_loops(p, k).numpy())
wrong("correlate", "It gives shape (1, 1, 1, 1)")(lambda p, k: four_loops(p, k)[None, None])
wrong("correlate", "expected is a tensor of shape (1, 1)")(
    lambda p, k: float(four_loops(p, k)[0, 0])
)
wrong("correlate", "a generator")(lambda p, k: (row for row in four_loops(p, k)))
wrong("correlate", "windows side by side")(
    lambda p, k: F.conv2d(p[None, None], k[None, None], stride=tuple(k.shape))[0, 0]
)

# ================================================================ 2. average_pool

right("average_pool")(lambda maps, window=2: F.avg_pool2d(maps[None, None], window)[0, 0])
right("average_pool")(
    lambda maps, window=2: maps.unfold(0, window, window).unfold(1, window, window).mean((-1, -2))
)


@right("average_pool")
def by_reshaping(maps, window=2):
    rows, columns = maps.shape[0] // window, maps.shape[1] // window
    cut = maps[: rows * window, : columns * window]
    return cut.reshape(rows, window, columns, window).mean(dim=(1, 3))


@right("average_pool")
def by_adding(maps, window=2):
    rows, columns = maps.shape[0] // window, maps.shape[1] // window
    pooled = torch.zeros(rows, columns)
    for i in range(rows * window):
        for j in range(columns * window):
            pooled[i // window, j // window] += maps[i, j] / window**2
    return pooled


@wrong("average_pool", "one axis for both")
def square_maps(maps, window=2):
    n = maps.shape[0] // window
    pooled = torch.zeros(n, n)
    for i in range(n):
        for j in range(n):
            top, left = i * window, j * window
            pooled[i, j] = maps[top : top + window, left : left + window].mean()
    return pooled


@wrong("average_pool", "pooling stride one")
def windows_that_move_by_one(maps, window=2):
    rows, columns = maps.shape[0] // window, maps.shape[1] // window
    pooled = torch.zeros(rows, columns)
    for i in range(rows):
        for j in range(columns):
            pooled[i, j] = maps[i : i + window, j : j + window].mean()
    return pooled


@wrong("average_pool", "number written in")
def always_two(maps, window=2):
    return F.avg_pool2d(maps[None, None], 2)[0, 0]


@wrong("average_pool", "argument changed")
def written_into_the_map(maps, window=2):
    rows, columns = maps.shape[0] // window, maps.shape[1] // window
    for i in range(rows):
        for j in range(columns):
            top, left = i * window, j * window
            maps[i, j] = maps[top : top + window, left : left + window].mean()
    return maps[:rows, :columns]


wrong("average_pool", "maximum for average")(
    lambda maps, window=2: F.max_pool2d(maps[None, None], window)[0, 0]
)
wrong("average_pool", "sum for mean")(
    lambda maps, window=2: F.avg_pool2d(maps[None, None], window, divisor_override=1)[0, 0]
)
wrong("average_pool", "number written in")(
    lambda maps, window=2: F.avg_pool2d(maps[None, None], window, divisor_override=4)[0, 0]
)
wrong("average_pool", "pooling stride one")(
    lambda maps, window=2: F.avg_pool2d(maps[None, None], window, stride=1)[0, 0]
)
wrong("average_pool", "ceil for floor")(
    lambda maps, window=2: F.avg_pool2d(maps[None, None], window, ceil_mode=True)[0, 0]
)
wrong("average_pool", "one pixel for the window")(lambda maps, window=2: maps[::window, ::window])
wrong("average_pool", "rows for columns")(lambda maps, window=2: by_adding(maps, window).T)
wrong("average_pool", "of type torch.float64")(
    lambda maps, window=2: by_adding(maps.double(), window).double()
)
wrong("average_pool", "It gives shape (1, 1, 1, 1)")(
    lambda maps, window=2: F.avg_pool2d(maps[None, None], window)
)
wrong("average_pool", "rounded mean")(lambda maps, window=2: by_adding(maps, window).int().float())
wrong("average_pool", "too many positional arguments")(
    lambda maps: F.avg_pool2d(maps[None, None], 2)[0, 0]
)
wrong("average_pool", "It gives [[2.0]]; expected is [[1.5]]")(
    lambda maps, window=2: (
        maps.unfold(0, window, window).unfold(1, window, window).flatten(2).sort(2)[0][..., 2]
    )
)

# ================================================================ 2. LeNet


@right("LeNet")
class Attributes(nn.Module):
    def __init__(self):
        super(Attributes, self).__init__()  # noqa: UP008 (an older style)
        self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.pool = nn.AvgPool2d(2, 2)
        self.act = nn.Sigmoid()
        self.fc1, self.fc2, self.fc3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)

    def forward(self, x):
        x = self.pool(self.act(self.conv1(x)))
        x = self.pool(self.act(self.conv2(x)))
        x = x.view(x.size(0), -1)
        return self.fc3(self.act(self.fc2(self.act(self.fc1(x)))))


@right("LeNet")
class Functional(nn.Module):
    def __init__(self):
        super().__init__()
        self.last = nn.Linear(84, 10)  # made in another order than it is used
        self.b = nn.Linear(120, 84)
        self.a = nn.Linear(16 * 5 * 5, 120)
        self.c2 = nn.Conv2d(6, 16, 5)
        self.c1 = nn.Conv2d(1, 6, 5, padding="same")

    def forward(self, pictures):
        x = F.avg_pool2d(torch.sigmoid(self.c1(pictures)), 2)
        x = F.avg_pool2d(F.sigmoid(self.c2(x)), kernel_size=2)
        return self.last(torch.sigmoid(self.b(torch.sigmoid(self.a(torch.flatten(x, 1))))))


@right("LeNet")
class AllInOne(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = lh.sequential_lenet()

    def forward(self, x):
        return self.net(x)


@right("LeNet")
class DenseAsConvolution(nn.Module):
    """The first dense layer as LeNet-5's C5."""

    def __init__(self):
        super().__init__()
        self.maps = nn.Sequential(
            nn.Conv2d(1, 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2),
            nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2),
            nn.Conv2d(16, 120, 5), nn.Sigmoid(), nn.Flatten(),
        )  # fmt: skip
        self.dense = nn.Sequential(nn.Linear(120, 84), nn.Sigmoid(), nn.Linear(84, 10))

    def forward(self, x):
        return self.dense(self.maps(x))


@right("LeNet")
class Inherits(Attributes):
    pass


def lenet(change):
    """A class like Attributes, whose parts are changed after they are made."""

    class LeNet(Attributes):
        def __init__(self):
            super().__init__()
            change(self)

    return LeNet


def no_padding(net):
    net.conv1 = nn.Conv2d(1, 6, 5)


def no_padding_but_it_fits(net):
    net.conv1, net.fc1 = nn.Conv2d(1, 6, 5), nn.Linear(16 * 4 * 4, 120)


def softmax(net):
    net.fc3 = nn.Sequential(net.fc3, nn.Softmax(dim=1))


def sigmoid_at_the_end(net):
    net.fc3 = nn.Sequential(net.fc3, nn.Sigmoid())


def maximum(net):
    net.pool = nn.MaxPool2d(2)


def relu(net):
    net.act = nn.ReLU()


def linear(net):
    net.act = nn.Identity()


def eight_channels(net):
    net.conv1, net.conv2 = nn.Conv2d(1, 8, 5, padding=2), nn.Conv2d(8, 16, 5)


def stride_one(net):
    net.pool = nn.AvgPool2d(2, stride=1)


for change, expected in {
    no_padding: "padding forgotten",
    no_padding_but_it_fits: "padding forgotten",
    softmax: "softmax in the network",
    sigmoid_at_the_end: "activation at the end",
    maximum: "maximum for average",
    relu: "other activation",
    linear: "no activation",
    eight_channels: "entry 0, counted from 0: it gives 200; expected is 150",
    stride_one: "A dense layer was made for 400 numbers",
}.items():
    wrong("LeNet", expected)(lenet(change))


@wrong("LeNet", "must be super().__init__()")
class WithoutSuper(nn.Module):
    def __init__(self):
        self.conv = nn.Conv2d(1, 6, 5)

    def forward(self, x):
        return self.conv(x)


@wrong("LeNet", "nothing returned")
class WithoutReturn(Attributes):
    def forward(self, x):
        super().forward(x)


@wrong("LeNet", "there is none, or its name is misspelled")
class Misspelled(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = lh.sequential_lenet()

    def foward(self, x):
        return self.net(x)


@wrong("LeNet", "The shape of its scores: (1, 10, 1); expected: (1, 10)")
class OneAxisMore(Attributes):
    def forward(self, x):
        return super().forward(x)[..., None]


@wrong("LeNet", "batch flattened")
class FlattensTheBatch(Attributes):
    def forward(self, x):
        x = self.pool(self.act(self.conv1(x)))
        x = self.pool(self.act(self.conv2(x))).flatten()
        return self.fc3(self.act(self.fc2(self.act(self.fc1(x)))))


@wrong("LeNet", "3 pictures of 28×28")
class OnlyOnePicture(Attributes):
    def forward(self, x):
        x = self.pool(self.act(self.conv1(x)))
        x = self.pool(self.act(self.conv2(x))).view(1, 400)
        return self.fc3(self.act(self.fc2(self.act(self.fc1(x)))))


@wrong("LeNet", "Its scores with our weights")
class FlattenedTheOtherWay(Attributes):
    def forward(self, x):
        x = self.pool(self.act(self.conv1(x)))
        x = self.pool(self.act(self.conv2(x))).permute(0, 2, 3, 1).flatten(1)
        return self.fc3(self.act(self.fc2(self.act(self.fc1(x)))))


@wrong("LeNet", "Its parameters: it gives 61755")
class OneLayerTooMany(Attributes):
    def __init__(self):
        super().__init__()
        self.never_used = nn.Linear(48, 1)


@wrong("LeNet", "Its parameters: it gives 61707")
class OneNumberTooMany(Attributes):
    def __init__(self):
        super().__init__()
        self.never_used = nn.Parameter(torch.zeros(1))


@wrong("LeNet", "its first line must be class LeNet(nn.Module)")
class NoModule:
    def forward(self, x):
        return x


# ================================================================ 3. shapes_of


@right("shapes_of")
def by_slices(net, shape):
    return [tuple(net[: i + 1](torch.rand(shape)).shape) for i in range(len(net))]


@right("shapes_of")
def by_hooks(net, shape):
    found = []
    hooks = [
        layer.register_forward_hook(lambda layer, inputs, output: found.append(output.shape))
        for layer in net
    ]
    net(torch.zeros(shape))
    for hook in hooks:
        hook.remove()
    return found


@right("shapes_of")
def lists_without_gradients(net, shape):
    with torch.no_grad():
        x, shapes = torch.ones(*shape), []
        for i in range(len(net)):
            x = net[i](x)
            shapes += [list(x.shape)]
        return shapes


@wrong("shapes_of", "Hooks that are left in the net: it gives 1; expected is 0")
def hooks_stay(net, shape):
    found = []
    for layer in net:
        layer.register_forward_hook(lambda layer, inputs, output: found.append(tuple(output.shape)))
    net(torch.zeros(shape))
    return found


@wrong("shapes_of", "input counted as a layer")
def before_the_layer(net, shape):
    x, shapes = torch.zeros(shape), []
    for layer in net:
        shapes.append(tuple(x.shape))
        x = layer(x)
    return shapes


@wrong("shapes_of", "returned too early")
def return_in_the_loop(net, shape):
    x, shapes = torch.zeros(shape), []
    for layer in net:
        x = layer(x)
        shapes.append(tuple(x.shape))
        return shapes


@wrong("shapes_of", "only the last")
def returned_in_the_end(net, shape):
    x = torch.zeros(shape)
    for layer in net:
        x = layer(x)
    return tuple(x.shape)


@wrong("shapes_of", "layers not chained")
def forgot_to_keep(net, shape):
    x = torch.zeros(shape)
    return [tuple(layer(x).shape) for layer in net]


@wrong("shapes_of", "print for return")
def printed(net, shape):
    x = torch.zeros(shape)
    for layer in net:
        x = layer(x)
        print(tuple(x.shape))


wrong("shapes_of", "batch left out")(lambda net, shape: [s[1:] for s in by_slices(net, shape)])
wrong("shapes_of", "number for shape")(
    lambda net, shape: [math.prod(s) for s in by_slices(net, shape)]
)
wrong("shapes_of", "stopped early")(lambda net, shape: by_slices(net, shape)[:-1])
wrong("shapes_of", "a dict")(lambda net, shape: dict(enumerate(by_slices(net, shape))))
wrong("shapes_of", "a str")(lambda net, shape: [str(s) for s in by_slices(net, shape)])

# ================================================================ 3. mend_padding, mend_maps


@right("mend_padding")
def padded_in_place(net):
    side = net[0].kernel_size[0]
    net[0].padding = ((side - 1) // 2, (side - 1) // 2)
    return net


@right("mend_padding")
def layer_replaced(net):
    old = net[0]
    net[0] = nn.Conv2d(old.in_channels, old.out_channels, old.kernel_size, padding="same")
    return net


@right("mend_padding")
def built_up(net):
    side, outputs = net[0].kernel_size[0], net[0].weight.shape[0]
    mended = nn.Sequential()
    mended.append(nn.Conv2d(net[0].weight.shape[1], outputs, side, 1, side // 2))
    for layer in net[1:]:
        mended.append(layer)
    return mended


right("mend_padding")(lambda net: nn.Sequential(padded_in_place(net)[0], net[1:]))


def padded(net, padding, **more):
    old = net[0]
    new = nn.Conv2d(old.in_channels, old.out_channels, old.kernel_size, padding=padding, **more)
    return nn.Sequential(new, *net[1:])


def first_layer(net):
    return net[0].in_channels, net[0].out_channels


def frame_as_a_layer(net):
    return nn.Sequential(nn.ZeroPad2d(net[0].kernel_size[0] // 2), *net)


for expected, attempt in [
    ("padding forgotten", lambda net: net),
    ("number written in", lambda net: padded(net, 2)),
    ("padding for both sides", lambda net: padded(net, net[0].kernel_size[0] - 1)),
    ("padding is the kernel", lambda net: padded(net, net[0].kernel_size[0])),
    ("another layer changed", lambda net: nn.Sequential(nn.Conv2d(*first_layer(net), 1), *net[1:])),
    ("stopped early", lambda net: nn.Sequential(padded_in_place(net)[0])),
    ("went too far", lambda net: nn.Sequential(*padded_in_place(net), nn.Flatten())),
    ("The number of its layers: it gives 3", frame_as_a_layer),
    ("nothing returned", lambda net: padded_in_place(net) and None),
    ("What it returns: a tensor of shape", lambda net: layer_replaced(net)[0].weight),
    ("has no .kernel here", lambda net: padded(net, net[0].kernel // 2)),
    ("The layers that stayed as they were", lambda net: padded(net, "same", bias=False)),
]:  # fmt: skip
    wrong("mend_padding", expected)(attempt)


@right("mend_maps")
def flatten_inserted(net):
    net.insert(len(net) - 1, nn.Flatten())
    return net


@right("mend_maps")
def flatten_in_a_list(net):
    layers = [*net]
    dense = layers.pop()
    return nn.Sequential(*layers, nn.Flatten(1), dense)


@right("mend_maps")
def flatten_in_a_chain_of_chains(net):
    return nn.Sequential(net[:-1], nn.Sequential(nn.Flatten(start_dim=1, end_dim=-1), net[-1]))


def with_flatten(net, at, **how):
    layers = [*net]
    return nn.Sequential(*layers[:at], nn.Flatten(**how), *layers[at:])


def dense_layer_that_fits_the_rows(net):
    width = {8: 2, 60: 5, 864: 12}[net[-1].in_features]
    return nn.Sequential(*net[:-1], nn.Linear(width, net[-1].out_features))


class FlatInForward(nn.Module):
    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, x):
        return self.net[-1](self.net[:-1](x).flatten(1))


def flattened_in_forward(net):
    return FlatInForward(net)


def pooled_to_one(net):
    return nn.Sequential(*net[:-1], nn.AdaptiveAvgPool2d(1), nn.Flatten(), net[-1])


for expected, attempt in [
    ("batch flattened", lambda net: with_flatten(net, -1, start_dim=0)),
    ("flatten keeps channels", lambda net: with_flatten(net, -1, start_dim=2)),
    ("nothing changed", lambda net: net),
    ("flatten misplaced", lambda net: with_flatten(net, 0)),
    ("flatten misplaced", lambda net: with_flatten(net, len(net))),
    ("stopped early", lambda net: with_flatten(net[:-1], len(net) - 1)),
    ("Its scores: of shape (1, 2, 2, 5); expected: of", dense_layer_that_fits_the_rows),
    ("Its scores: none, it stops with", pooled_to_one),
    ("nothing returned", lambda net: net.insert(len(net) - 1, nn.Flatten()) and None),
    ("The number of its layers", flattened_in_forward),
    ("What it returns: [a Conv2d, ", lambda net: [*net[:-1], nn.Flatten(), net[-1]]),
]:  # fmt: skip
    wrong("mend_maps", expected)(attempt)

# ================================================================ 3. flat_features

right("flat_features")(lambda n: 16 * (n // 4 - 2) ** 2)
right("flat_features")(
    lambda n: nn.Sequential(*list(lh.sequential_lenet())[1:8])(torch.zeros(1, 1, n, n)).numel()
)
right("flat_features")(
    lambda n: lh.pool_output_size(lh.conv_output_size(lh.pool_output_size(n, 2), 5), 2) ** 2 * 16
)

for thought, attempt in {
    "number written in": lambda n: 16 * 5 * 5,
    "padding forgotten": lambda n: 16 * (((n - 4) // 2 - 4) // 2) ** 2,
    "flatten keeps channels": lambda n: (n // 4 - 2) ** 2,
    "stopped early": lambda n: 16 * (n // 2 - 4) ** 2,
    "other channels": lambda n: 6 * (n // 4 - 2) ** 2,
    "size never changes": lambda n: 16 * (n // 4) ** 2,
    "division with a rest": lambda n: 16 * ((n / 2 - 4) / 2) ** 2,
    "It gives 256; expected is 16": lambda n: 16 * 16 * (n // 4 - 2) ** 2,
    "None on the way": lambda n: [16 * (n // 4 - 2) ** 2].reverse(),
}.items():
    wrong("flat_features", thought)(attempt)

# ================================================================ 4. class_counts, black_share

right("class_counts")(lambda labels, classes: torch.bincount(labels, minlength=classes).tolist())
right("class_counts")(lambda labels, classes: [labels.tolist().count(c) for c in range(classes)])
right("class_counts")(
    lambda labels, classes: tuple((labels[:, None] == torch.arange(classes)).sum(0))
)
right("class_counts")(lambda labels, classes: list(np.bincount(labels, minlength=classes)))


@right("class_counts")
def counted_one_by_one(labels, classes):
    counts = [0] * classes
    for label in labels:
        counts[label] += 1
    return counts


@wrong("class_counts", "returned too early")
def return_after_the_first(labels, classes):
    counts = []
    for c in range(classes):
        counts.append(int((labels == c).sum()))
        return counts


@wrong("class_counts", "argument changed")
def sorted_in_place(labels, classes):
    labels[:] = labels.sort().values
    labels[0] += 1
    return counted_one_by_one(labels - 0, classes + 1)[:classes]


def how_often(labels, numbers):
    return [labels.tolist().count(number) for number in numbers]


def shares_of(labels, classes):
    return (labels[:, None] == torch.arange(classes)).float().mean(0).tolist()


for expected, attempt in [
    ("empty class left out", lambda y, classes: how_often(y, sorted(set(y.tolist())))),
    ("empty class left out", lambda y, classes: torch.bincount(y).tolist()),
    ("labels added up", lambda y, classes: [c * how_often(y, [c])[0] for c in range(classes)]),
    ("classes counted from one", lambda y, classes: how_often(y, range(1, classes + 1))),
    ("number written in", lambda y, classes: how_often(y, range(10))),
    ("share for count", shares_of),
    ("present for count", lambda y, classes: [int(c in y.tolist()) for c in range(classes)]),
    ("labels for counts", lambda y, classes: sorted(set(y.tolist()))),
    ("It gives a tensor", lambda y, classes: y.bincount(minlength=classes)),
    ("It gives a dict", lambda y, classes: dict(enumerate(counted_one_by_one(y, classes)))),
    ("An index reaches past the end", lambda y, classes: [[][label] for label in y]),
]:
    wrong("class_counts", expected)(lambda labels, classes, f=attempt: f(labels, classes))

right("black_share")(lambda images: 1 - float((images > 0).float().mean()))
right("black_share")(lambda images: (images == 0).sum() / images.numel())
right("black_share")(lambda images: (images.numpy() == 0).mean())
right("black_share")(lambda images: 1 - images.count_nonzero().item() / images.numel())


@right("black_share")
def pixel_by_pixel(images):
    pixels = images.flatten().tolist()
    return pixels.count(0) / len(pixels)


for expected, attempt in [
    ("count for share", lambda images: images.numel() - int(images.count_nonzero())),
    ("per cent for share", lambda images: 100 * pixel_by_pixel(images)),
    ("others counted", lambda images: (images != 0).float().mean()),
    ("brightness for share", lambda images: images.float().mean() / 255),
    ("dark for black", lambda images: (images <= 1).float().mean().item()),
    ("number written in", lambda images: pixel_by_pixel(images) * images[0].numel() / (28 * 28)),
    ("divided by part", lambda images: int((images == 0).sum()) / len(images)),
    ("first picture only", lambda images: pixel_by_pixel(images[0])),
    ("print for return", lambda images: print(pixel_by_pixel(images))),
    ("text for number", lambda images: f"{pixel_by_pixel(images):.0%}"),
    ("a tensor of shape", lambda images: (images == 0).float().mean((0, 1))[None].repeat(2, 1)),
    ("argument changed", lambda images: (1 - images.clamp_(max=1).float()).mean()),
]:  # fmt: skip
    wrong("black_share", expected)(attempt)

# ================================================================ 4. batches_in_epoch

right("batches_in_epoch")(lambda pictures, batch_size: math.ceil(pictures / batch_size))
right("batches_in_epoch")(lambda pictures, batch_size: -(-pictures // batch_size))
right("batches_in_epoch")(lambda pictures, batch_size: len(range(0, pictures, batch_size)))


@right("batches_in_epoch")
def full_and_rest(pictures, batch_size):
    batches = pictures // batch_size
    if pictures % batch_size > 0:
        batches += 1
    return batches


for thought, attempt in {
    "rounded down": lambda pictures, batch_size: pictures // batch_size,
    "one batch too many": lambda pictures, batch_size: pictures // batch_size + 1,
    "rounded to the nearest": lambda pictures, batch_size: round(pictures / batch_size),
    "division with a rest": lambda pictures, batch_size: pictures / batch_size,
    "arguments swapped": lambda batch_size, pictures: math.ceil(pictures / batch_size),
    "rest for number": lambda pictures, batch_size: pictures % batch_size,
    "not a whole one": lambda pictures, batch_size: np.ceil(pictures / batch_size),
    "missing a required argument": lambda pictures, size, rest: pictures // size,
    "a truth value": lambda pictures, batch_size: pictures > batch_size,
}.items():
    wrong("batches_in_epoch", thought)(attempt)

# ================================================================ 4. to_batch

right("to_batch")(lambda images: images[:, None] / 255)
right("to_batch")(lambda images: images.to(torch.float32).div(255).reshape(-1, 1, 28, 28))
right("to_batch")(lambda images: torch.stack([(picture / 255.0)[None] for picture in images]))
right("to_batch")(
    lambda images: torch.from_numpy(images.numpy().astype("float32") / 255).unsqueeze(1)
)

for thought, attempt in {
    "range kept": lambda images: images.float().unsqueeze(1),
    "number of greys for the largest": lambda images: images.unsqueeze(1) / 256,
    "whole division": lambda images: (images.unsqueeze(1) // 255).float(),
    "divided by the brightest": lambda images: images.unsqueeze(1) / images.max(),
    "channel axis left out": lambda images: images.float() / 255,
    "channel axis misplaced": lambda images: images.unsqueeze(-1) / 255,
    "of type torch.float64": lambda images: images.double().unsqueeze(1) / 255,
    "rows for columns": lambda images: images.transpose(1, 2).unsqueeze(1) / 255,
    "picture flattened": lambda images: images.reshape(len(images), -1) / 255,
    "a list": lambda images: [images[:, None] / 255],
}.items():
    wrong("to_batch", thought)(attempt)
wrong("to_batch", "channel axis misplaced")(lambda images: images.unsqueeze(0) / 255)


@wrong("to_batch", "result type")
def divided_in_place(images):
    images /= 255
    return images.unsqueeze(1)


@wrong("to_batch", "argument changed")
def right_and_then_cleared(images):
    batch = images.unsqueeze(1) / 255
    images.fill_(0)
    return batch


# ================================================================ 5. init_weights


@right("init_weights")
def by_type(layer):
    if type(layer) in (nn.Linear, nn.Conv2d):
        torch.nn.init.xavier_uniform_(layer.weight)


@right("init_weights")
def by_hand(layer):
    if isinstance(layer, (nn.Conv2d, nn.Linear)):
        places = layer.weight[0, 0].numel()
        outputs, inputs = layer.weight.shape[0] * places, layer.weight.shape[1] * places
        a = math.sqrt(6 / (inputs + outputs))
        with torch.no_grad():
            layer.weight.uniform_(-a, a)


@right("init_weights")
def by_data(layer):
    if isinstance(layer, nn.Linear) or isinstance(layer, nn.Conv2d):  # noqa: SIM101
        layer.weight.data = nn.init.xavier_uniform_(torch.empty_like(layer.weight))
    return layer


def drawn(rule, kinds=(nn.Linear, nn.Conv2d)):
    def init_weights(layer):
        if isinstance(layer, kinds):
            rule(layer.weight)

    return init_weights


for expected, attempt in [
    ("kind of layer forgotten", drawn(nn.init.xavier_uniform_, (nn.Linear, nn.ConstantPad2d))),
    ("kind of layer forgotten", drawn(nn.init.xavier_uniform_, nn.Conv2d)),
    ("normal for uniform", drawn(nn.init.xavier_normal_)),
    ("other start", drawn(nn.init.kaiming_uniform_)),
    ("equal weights", drawn(nn.init.ones_)),
    ("other layers too", lambda layer: nn.init.xavier_uniform_(layer.weight)),
    ("new, from another range", drawn(lambda weight: nn.init.xavier_uniform_(weight, gain=2.0))),
    ("new, from another range", drawn(lambda weight: nn.init.uniform_(weight, 0, 0.1))),
]:
    wrong("init_weights", expected)(attempt)


@wrong("init_weights", "bias set too")
def biases_too(layer):
    if isinstance(layer, (nn.Linear, nn.Conv2d)):
        nn.init.xavier_uniform_(layer.weight)
        layer.bias.data.fill_(0)


@wrong("init_weights", "layer never recognised")
def compared_with_a_text(layer):
    if type(layer) == "Linear":  # noqa: E721
        nn.init.xavier_uniform_(layer.weight)


@wrong("init_weights", "other layers too")
def everything_of_two_axes(layer):
    if hasattr(layer, "weight") and layer.weight.ndim >= 2:
        nn.init.xavier_uniform_(layer.weight)


# ================================================================ 5. accuracy

right("accuracy")(lh.accuracy)
right("accuracy")(lambda y_hat, y: (torch.max(y_hat, 1).indices == y).sum().item())
right("accuracy")(
    lambda y_hat, y: sum(int(row.argmax()) == int(t) for row, t in zip(y_hat, y, strict=True))
)
right("accuracy")(lambda y_hat, y: (y_hat.argmax(-1).type(y.dtype) == y).float().sum())

for thought, attempt in {
    "share for count": lambda y_hat, y: (y_hat.argmax(1) == y).float().mean(),
    "axis of the batch": lambda y_hat, y: float((y_hat.argmax(0) == y).sum()),
    "largest of all": lambda y_hat, y: float((y_hat.argmax() == y).sum()),
    "least for largest": lambda y_hat, y: float((y_hat.argmin(1) == y).sum()),
    "errors counted": lambda y_hat, y: float((y_hat.argmax(1) != y).sum()),
    "score for label": lambda y_hat, y: float((y_hat.max(1).values == y).sum()),
    "per cent for share": lambda y_hat, y: 100 * (y_hat.argmax(1) == y).float().mean(),
    "a truth value": lambda y_hat, y: bool((y_hat.argmax(1) == y).all()),
    "comparison for count": lambda y_hat, y: y_hat.argmax(1) == y,
}.items():
    wrong("accuracy", thought)(attempt)

# ================================================================ 5. evaluate


@right("evaluate")
def textbook(net, data_iter):
    net.eval()
    metric = lh.Accumulator(2)
    with torch.no_grad():
        for X, y in data_iter:
            metric.add(lh.accuracy(net(X), y), y.numel())
    net.train()
    return metric[0] / metric[1]


right("evaluate")(lh.evaluate_accuracy_gpu)


@right("evaluate")
@torch.no_grad()
def all_at_once(net, data_iter):
    was = net.training
    net.train(False)
    answers = torch.cat([net(X).argmax(1) == y for X, y in data_iter])
    net.train(was)
    return answers.float().mean()


@right("evaluate")
def in_inference_mode(net, data_iter):
    net.eval()
    with torch.inference_mode():
        pairs = [(net(X).argmax(dim=1), y) for X, y in data_iter]
    net.train()
    right_ones = sum((predicted == y).sum().item() for predicted, y in pairs)
    return right_ones / sum(len(y) for _, y in pairs)


def evaluation(net, data_iter, count, *, train=False, grad=False, back=True):
    net.train(train)
    with torch.set_grad_enabled(grad):
        found = count([(net(X).detach(), y) for X, y in data_iter])
    net.train(back)
    return found


def count(pairs):
    return sum(lh.accuracy(a, y) for a, y in pairs)


def share(pairs):
    return count(pairs) / sum(len(y) for _, y in pairs)


def mean_of_means(pairs):
    return sum(lh.accuracy(a, y) / len(y) for a, y in pairs) / len(pairs)


for expected, attempt in [
    ("mean of means", lambda net, it: evaluation(net, it, mean_of_means)),
    ("count for share", lambda net, it: evaluation(net, it, count)),
    ("count for share", lambda net, it: evaluation(net, it, lambda p: count(p) / len(p))),
    ("per cent for share", lambda net, it: evaluation(net, it, lambda p: 100 * share(p))),
    ("last batch only", lambda net, it: evaluation(net, it, lambda p: share(p[-1:]))),
    ("first batch only", lambda net, it: evaluation(net, it, lambda p: share(p[:1]))),
    ("evaluation trains", lambda net, it: evaluation(net, it, share, train=True)),
    ("gradients not needed", lambda net, it: evaluation(net, it, share, grad=True)),
    ("left in evaluation mode", lambda net, it: evaluation(net, it, share, back=False)),
    ("The share: it gives 2.0", lambda net, it: evaluation(net, it, lambda p: 2 * share(p))),
    ("has no .len() here", lambda net, it: it.len()),
]:  # fmt: skip
    wrong("evaluate", expected)(attempt)

# ================================================================ 5. train_step


@right("train_step")
def textbook_step(net, X, y, loss, optimizer):
    optimizer.zero_grad()
    y_hat = net(X)
    l = loss(y_hat, y)  # noqa: E741
    l.backward()
    optimizer.step()
    return l


@right("train_step")
def cleared_at_the_end(net, X, y, loss, optimizer):
    batch_loss = loss(net(X), y)
    batch_loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    return float(batch_loss)


@right("train_step")
def cleared_before_backward(net, X, y, loss, optimizer):
    net.train()
    batch_loss = loss(net(X), y)
    net.zero_grad()
    batch_loss.backward()
    optimizer.step()
    return batch_loss.detach().item()


@wrong("train_step", "gradients pile up")
def never_cleared(net, X, y, loss, optimizer):
    batch_loss = loss(net(X), y)
    batch_loss.backward()
    optimizer.step()
    return batch_loss.item()


@wrong("train_step", "weights never move")
def cleared_too_late(net, X, y, loss, optimizer):
    batch_loss = loss(net(X), y)
    batch_loss.backward()
    optimizer.zero_grad()
    optimizer.step()
    return batch_loss.item()


@wrong("train_step", "weights never move")
def no_step(net, X, y, loss, optimizer):
    optimizer.zero_grad()
    batch_loss = loss(net(X), y)
    batch_loss.backward()
    return batch_loss.item()


@wrong("train_step", "step before backward")
def too_early(net, X, y, loss, optimizer):
    batch_loss = loss(net(X), y)
    optimizer.step()
    optimizer.zero_grad()
    batch_loss.backward()
    return batch_loss.item()


@wrong("train_step", "two steps for one")
def twice(net, X, y, loss, optimizer):
    optimizer.zero_grad()
    batch_loss = loss(net(X), y)
    batch_loss.backward()
    optimizer.step()
    optimizer.step()
    return batch_loss.item()


@wrong("train_step", "loss after the step")
def measured_again(net, X, y, loss, optimizer):
    optimizer.zero_grad()
    loss(net(X), y).backward()
    optimizer.step()
    return loss(net(X), y).item()


@wrong("train_step", "nothing returned")
def without_a_loss(net, X, y, loss, optimizer):
    optimizer.zero_grad()
    loss(net(X), y).backward()
    optimizer.step()


@wrong("train_step", "backward() needs a loss that was computed from the weights")
def without_gradients(net, X, y, loss, optimizer):
    with torch.no_grad():
        batch_loss = loss(net(X), y)
    batch_loss.backward()
    optimizer.step()
    return batch_loss.item()


wrong("train_step", "arguments swapped")(lambda net, X, y, loss, optimizer: loss(y, net(X)).item())

# ================================================================ 6. occlude


@right("occlude")
def by_repeating(picture, size):
    h, w = picture.shape
    rows, columns = h - size + 1, w - size + 1
    covered = picture.repeat(rows * columns, 1, 1)
    for i in range(rows):
        for j in range(columns):
            covered[columns * i + j, i : i + size, j : j + size] = 0
    return covered


@right("occlude")
def by_masks(picture, size):
    h, w = picture.shape
    masks = []
    for i in range(h - size + 1):
        for j in range(w - size + 1):
            mask = torch.ones(h, w)
            mask[i : i + size, j : j + size] = 0
            masks.append(mask)
    return picture * torch.stack(masks)


@right("occlude")
def by_comparing(picture, size):
    (h, w), rows, columns = (
        picture.shape,
        torch.arange(picture.shape[0]),
        torch.arange(picture.shape[1]),
    )
    top, left = (
        torch.arange(h - size + 1)[:, None, None, None],
        torch.arange(w - size + 1)[:, None, None],
    )
    under = (rows[:, None] >= top) & (rows[:, None] < top + size)
    under = under & (columns >= left) & (columns < left + size)
    return torch.where(under, 0.0, picture).flatten(0, 1)


def places(picture, size, step=1):
    rows, columns = picture.shape[0] - size + 1, picture.shape[1] - size + 1
    return [(i, j) for i in range(0, rows, step) for j in range(0, columns, step)]


def covering(picture, size, *, clone=True, value=0.0, at=None):
    copies, copy = [], picture.clone()
    for i, j in at or places(picture, size):
        copy = picture.clone() if clone else copy
        copy[i : i + size, j : j + size] = value
        copies.append(copy)
    return torch.stack(copies)


def columns_first(picture, size):
    return covering(picture, size, at=sorted(places(picture, size), key=lambda place: place[1]))


def as_if_square(picture, size):
    n = picture.shape[0] - size + 1
    return covering(picture, size, at=[(i, j) for i in range(n) for j in range(n)])


for expected, attempt in [
    ("one copy for all", lambda picture, size: covering(picture, size, clone=False)),
    ("other filling", lambda picture, size: covering(picture, size, value=1.0)),
    ("inside out", lambda picture, size: picture - by_masks(picture, size)),
    ("rows for columns", columns_first),
    ("one axis for both", as_if_square),
    ("window hangs over", lambda picture, size: covering(picture, size, at=places(picture, 1))),
    (
        "windows side by side",
        lambda picture, size: covering(picture, size, at=places(picture, size, size)),
    ),
    (
        "places kept as a table",
        lambda picture, size: by_masks(picture, size).unflatten(0, (len(picture) - size + 1, -1)),
    ),
    ("a list", lambda picture, size: list(by_masks(picture, size))),
    ("of type torch.float64", lambda picture, size: by_masks(picture, size).double()),
    ("It gives shape (0,", lambda picture, size: by_masks(picture, size)[:-1]),
]:  # fmt: skip
    wrong("occlude", expected)(attempt)


@wrong("occlude", "argument changed")
def without_a_copy(picture, size):
    copies = []
    for i in range(picture.shape[0] - size + 1):
        for j in range(picture.shape[1] - size + 1):
            picture[i : i + size, j : j + size] = 0
            copies.append(picture)
    return torch.stack(copies)


# ================================================================ 6. receptive_field


@right("receptive_field")
def from_the_end(layers):
    field = 1
    for kernel, stride in reversed(layers):
        field = (field - 1) * stride + kernel
    return field


@right("receptive_field")
def by_products(layers):
    strides = [stride for _, stride in layers]
    return 1 + sum((k - 1) * math.prod(strides[:i]) for i, (k, _) in enumerate(layers))


@right("receptive_field")
def called_again(layers):
    if not layers:
        return 1
    (kernel, stride), rest = layers[0], layers[1:]
    return (called_again(rest) - 1) * stride + kernel


@wrong("receptive_field", "own stride counted")
def jump_too_early(layers):
    field, jump = 1, 1
    for kernel, stride in layers:
        jump *= stride
        field += (kernel - 1) * jump
    return field


@wrong("receptive_field", "returned too early")
def only_one_layer(layers):
    field, jump = 1, 1
    for kernel, stride in layers:
        field += (kernel - 1) * jump
        jump *= stride
        return field


@wrong("receptive_field", "argument changed")
def emptied(layers):
    field = 1
    while layers:
        kernel, stride = layers.pop()
        field = (field - 1) * stride + kernel
    return field


for thought, attempt in {
    "strides forgotten": lambda layers: 1 + sum(k - 1 for k, _ in layers),
    "kernels do not overlap": lambda layers: sum(k for k, _ in layers),
    "kernels multiplied": lambda layers: math.prod(k for k, _ in layers),
    "no plus one": lambda layers: from_the_end(layers) - 1,
    "only the last": lambda layers: layers[-1][0],
    "stopped early": lambda layers: from_the_end(layers[:-1]),
    "pooling forgotten": lambda layers: from_the_end([x for x in layers if x[1] == 1]),
    "An index reaches past the end": lambda layers: layers[1][0],
    "It gives 3; expected is 5": lambda layers: max(k for k, _ in layers),
}.items():
    wrong("receptive_field", thought)(attempt)

# ================================================================ 7. correlate_gradients


@right("correlate_gradients")
def by_autograd(picture, kernel, output_grad):
    picture, kernel = picture.clone().requires_grad_(), kernel.clone().requires_grad_()
    F.conv2d(picture[None, None], kernel[None, None])[0, 0].backward(output_grad)
    return kernel.grad, picture.grad


@right("correlate_gradients")
def by_correlations(picture, kernel, output_grad):
    h, w = kernel.shape
    padded = F.pad(output_grad, (w - 1, w - 1, h - 1, h - 1))
    return four_loops(picture, output_grad), four_loops(padded, kernel.flip(0, 1))


@right("correlate_gradients")
def by_four_loops(picture, kernel, output_grad):
    kernel_grad, picture_grad = torch.zeros(kernel.shape), torch.zeros(picture.shape)
    for i in range(output_grad.shape[0]):
        for j in range(output_grad.shape[1]):
            for a in range(kernel.shape[0]):
                for b in range(kernel.shape[1]):
                    kernel_grad[a, b] += output_grad[i, j] * picture[i + a, j + b]
                    picture_grad[i + a, j + b] += output_grad[i, j] * kernel[a, b]
    return [kernel_grad, picture_grad]


@wrong("correlate_gradients", "overwritten sum")
def gradients_assigned(picture, kernel, output_grad):
    kernel_grad, picture_grad = torch.zeros(kernel.shape), torch.zeros(picture.shape)
    h, w = kernel.shape
    for i in range(output_grad.shape[0]):
        for j in range(output_grad.shape[1]):
            kernel_grad = output_grad[i, j] * picture[i : i + h, j : j + w]
            picture_grad[i : i + h, j : j + w] = output_grad[i, j] * kernel
    return kernel_grad, picture_grad


@wrong("correlate_gradients", "kernel flipped")
def picture_by_the_kernel_as_it_is(picture, kernel, output_grad):
    h, w = kernel.shape
    padded = F.pad(output_grad, (w - 1, w - 1, h - 1, h - 1))
    return four_loops(picture, output_grad), four_loops(padded, kernel)


@wrong("correlate_gradients", "own number multiplied")
def picture_in_the_pictures_gradient(picture, kernel, output_grad):
    kernel_grad, picture_grad = torch.zeros(kernel.shape), torch.zeros(picture.shape)
    h, w = kernel.shape
    for i in range(output_grad.shape[0]):
        for j in range(output_grad.shape[1]):
            kernel_grad += output_grad[i, j] * kernel
            picture_grad[i : i + h, j : j + w] += output_grad[i, j] * picture[i : i + h, j : j + w]
    return kernel_grad, picture_grad


@wrong("correlate_gradients", "it gives shape (1, 1), [[8.0]]; expected is shape (1, 2)")
def picture_without_a_frame(picture, kernel, output_grad):
    return four_loops(picture, output_grad), four_loops(kernel, output_grad[:1, :1])


def kernel_gradient_averaged(picture, kernel, output_grad):
    kernel_grad, picture_grad = by_autograd(picture, kernel, output_grad)
    return kernel_grad / output_grad.numel(), picture_grad


def one_step_down(picture, kernel, output_grad):
    kernel_grad, picture_grad = by_autograd(picture, kernel, output_grad)
    return kernel - kernel_grad, picture - picture_grad


for expected, attempt in [
    ("results swapped", lambda p, k, g: by_autograd(p, k, g)[::-1]),
    ("own number multiplied", lambda p, k, g: (g * k, g * p)),
    ("incoming gradient left out", lambda p, k, g: by_autograd(p, k, torch.ones_like(g))),
    ("only one of two", lambda p, k, g: by_autograd(p, k, g)[0]),
    ("mean for sum", kernel_gradient_averaged),
    ("step for gradient", one_step_down),
    ("of type torch.float64", lambda p, k, g: tuple(x.double() for x in by_autograd(p, k, g))),
    ("It gives 3 results where 2 are expected", lambda p, k, g: (*by_autograd(p, k, g), g)),
    ("None on the way", lambda p, k, g: [*by_autograd(p, k, g)].reverse()),
]:  # fmt: skip
    wrong("correlate_gradients", expected)(attempt)


@wrong("correlate_gradients", "nothing returned")
def gradients_kept(picture, kernel, output_grad):
    by_autograd(picture, kernel, output_grad)


@wrong("correlate_gradients", "argument changed")
def turned_in_place(picture, kernel, output_grad):
    grads = by_autograd(picture, kernel, output_grad)
    picture -= grads[1]
    return grads


# ================================================================ notebook 7


@right("least_loss_after_softmax")
def asked_of_torch(classes):
    best = torch.zeros(1, classes)
    best[0, 0] = 1
    return nn.CrossEntropyLoss()(best, torch.tensor([0])).item()


@right("least_loss_after_softmax")
def difference_of_logarithms(classes):
    return math.log(math.e + (classes - 1)) - 1


right("least_loss_after_softmax")(lambda classes: math.log1p((classes - 1) / math.e))

for expected, attempt in [
    ("loss of guessing", lambda classes: -math.log(1 / classes)),
    ("e to the power of 0 is 0", lambda classes: 0.0),
    ("one class too many", lambda classes: math.log(math.e + classes) - 1),
    ("right class not counted", lambda classes: -math.log(math.e / (classes - 1))),
    ("minus sign forgotten", lambda classes: 1 - math.log(math.e + classes - 1)),
    ("logarithm forgotten", lambda classes: math.e / (math.e + classes - 1)),
    ("number written in", lambda classes: math.log(math.e + 9) - 1),
    ("another logarithm", lambda classes: -math.log10(math.e / (math.e + classes - 1))),
    ("number written in", lambda classes: 1.461),
    ("Is math.log meant?", lambda classes: -log(1 / classes)),  # noqa: F821
    ("print for return", lambda classes: print(math.log(math.e + classes - 1) - 1)),
]:  # fmt: skip
    wrong("least_loss_after_softmax", expected)(attempt)


@right("dead_maps")
def map_by_map(maps):
    dead = 0
    for channel in range(maps.shape[1]):
        if maps[:, channel].max() == 0:
            dead += 1
    return dead


@right("dead_maps")
def by_any(maps):
    return maps.shape[1] - maps.transpose(0, 1).flatten(1).any(dim=1).sum().item()


right("dead_maps")(lambda maps: (maps.amax(dim=(0, 2, 3)) <= 0).sum().item())

for expected, attempt in [
    ("alive for dead", lambda maps: (maps.amax(dim=(0, 2, 3)) > 0).sum().item()),
    ("numbers for maps", lambda maps: maps.numel() - torch.count_nonzero(maps).item()),
    ("each picture by itself", lambda maps: (maps.amax(dim=(2, 3)) == 0).sum().item()),
    ("only one picture", lambda maps: (maps[0].amax(dim=(1, 2)) == 0).sum().item()),
    ("places for maps", lambda maps: (maps.amax(dim=0) == 0).sum().item()),
    ("axes mistaken", lambda maps: (maps.amax(dim=(1, 2, 3)) == 0).sum().item()),
    ("only whether", lambda maps: int((maps.amax(dim=(0, 2, 3)) == 0).any())),
    ("truth values not counted", lambda maps: maps.amax(dim=(0, 2, 3)) == 0),
    (".all() or .any()", lambda maps: sum(1 for c in range(maps.shape[1]) if maps[:, c] == 0)),
    ("It gives", lambda maps: (maps.mean(dim=(0, 2, 3)) < 0.5).sum().item()),
]:
    wrong("dead_maps", expected)(attempt)

# ================================================================ 8. best_time, speed_up


@right("best_time")
def least_so_far(work, repeats, clock):
    work()
    least = math.inf
    for _ in range(repeats):
        start = clock()
        work()
        least = min(least, clock() - start)
    return least


@right("best_time")
def first_thrown_away(work, repeats, clock):
    times = []
    for _ in range(repeats + 1):
        before = clock()
        work()
        after = clock()
        times.append(after - before)
    return min(times[1:])


@right("best_time")
def sorted_marks(work, repeats, clock):
    work()
    marks = [clock()]
    while len(marks) <= repeats:
        work()
        marks.append(clock())
    return sorted(b - a for a, b in zip(marks, marks[1:], strict=False))[0]  # noqa: RUF007


def timing(work, repeats, clock, choose, *, warm_up=True):
    if warm_up:
        work()
    times = []
    for _ in range(repeats):
        start = clock()
        work()
        times.append(clock() - start)
    return choose(times)


@wrong("best_time", "clock started once")
def start_before_the_loop(work, repeats, clock):
    work()
    start, times = clock(), []
    for _ in range(repeats):
        work()
        times.append(clock() - start)
    return min(times)


@wrong("best_time", "work never called")
def without_brackets(work, repeats, clock):
    times = []
    for _ in range(repeats):
        start = clock()
        work  # noqa: B018
        times.append(clock() - start)
    return min(times)


@wrong("best_time", "The calls of work")
def called_once_more(work, repeats, clock):
    least = least_so_far(work, repeats, clock)
    work()
    return least


for expected, attempt in [
    ("first call counted", lambda *given: timing(*given, min, warm_up=False)),
    ("mean for least", lambda *given: timing(*given, lambda times: sum(times) / len(times))),
    ("sum for least", lambda *given: timing(*given, sum)),
    ("largest for least", lambda *given: timing(*given, max)),
    ("last time only", lambda *given: timing(*given, lambda times: times.pop())),
    ("milliseconds for seconds", lambda *given: timing(*given, min) * 1e3),
    ("None on the way", lambda *given: timing(*given, lambda times: times.sort())),
    ("The time: it gives a list", lambda *given: timing(*given, sorted)),
    ("The time: it gives -2", lambda *given: timing(*given, lambda times: -min(times))),
    ("least starts at zero", lambda *given: timing(*given, lambda times: min([0.0, *times]))),
    ("range(...) makes numbers", lambda w, n, clock: min(clock() - clock() for _ in n)),
    ("without its brackets", lambda work, n, clock: min(clock - clock for _ in range(n))),
]:
    wrong("best_time", expected)(lambda work, repeats, clock, f=attempt: f(work, repeats, clock))

right("speed_up")(lambda share, factor: factor / (factor * (1 - share) + share))
right("speed_up")(lambda share, factor: (1 - share + share * factor**-1) ** -1)


@right("speed_up")
def of_a_hundred_seconds(share, factor):
    part = 100 * share
    rest = 100 - part
    return torch.tensor(100 / (rest + part / factor))


@wrong("best_time", "difference turned around")
def later_from_earlier(work, repeats, clock):
    work()
    times = []
    for _ in range(repeats):
        start = clock()
        work()
        times.append(start - clock())
    return min(times)


for expected, attempt in [
    ("share as per cent", lambda share, factor: 100 / (100 - share + share / factor)),
    ("gain of the part", lambda share, factor: 1 * factor),
    ("gain times share", lambda share, factor: factor * share),
    ("gain times share", lambda share, factor: (1 - share) + factor * share),
    ("time for gain", lambda share, factor: share / factor + (1 - share)),
    ("part costs nothing", lambda share, factor: 1.0 / (1 - share)),
    ("other part faster", lambda share, factor: 1 / (share + (1 - share) / factor)),
    ("slower for faster", lambda share, factor: 1 / (1 + share * (factor - 1))),
    ("rest left out", lambda share, factor: factor / share if share else 1 / share),
    ("print for return", lambda share, factor: print(1 / (1 - share + share / factor))),
    ("It gives", lambda share, factor: 1 + share * (1 - 1 / factor)),
    ("is a * missing", lambda share, factor: 1 / (1 - share(1 - 1 / factor))),
]:  # fmt: skip
    wrong("speed_up", expected)(attempt)


# ================================================================ 9. dense_parameters

right("dense_parameters")(lambda sizes: sum(a * b + b for a, b in zip(sizes, sizes[1:])))  # noqa: B905, RUF007
right("dense_parameters")(
    lambda sizes: sum(sizes[i] * sizes[i - 1] + sizes[i] for i in range(1, len(sizes)))
)


@right("dense_parameters")
def counted_by_torch(sizes):
    layers = [nn.Linear(sizes[i], sizes[i + 1]) for i in range(len(sizes) - 1)]
    return sum(p.numel() for layer in layers for p in layer.parameters())


for expected, attempt in [
    ("bias forgotten", lambda s: sum(s[i] * s[i + 1] for i in range(len(s) - 1))),
    ("bias per layer", lambda s: sum(s[i] * s[i + 1] + 1 for i in range(len(s) - 1))),
    ("bias per input", lambda s: sum(s[i] * (s[i + 1] + 1) for i in range(len(s) - 1))),
    ("only the last", lambda s: s[-2] * s[-1] + s[-1]),
    ("only the last", lambda s: s[0] * s[1] + s[1]),
    ("number written in", lambda s: 9),
    ("It gives", math.prod),
    ("It returns nothing", lambda s: print(sum(s)) if s[0] < 0 else None),
]:
    wrong("dense_parameters", expected)(attempt)

# ================================================================ 9. permute_pixels

right("permute_pixels")(lambda images, order: images.flatten(1)[:, order].view_as(images))
right("permute_pixels")(
    lambda images, order: (
        images.reshape(len(images), -1).index_select(1, order).reshape(images.shape)
    )
)


@right("permute_pixels")
def one_after_the_other(images, order):
    rows = [image.flatten() for image in images]
    rows = [torch.stack([row[place] for place in order]) for row in rows]
    return torch.stack(rows).reshape(images.shape)


@wrong("permute_pixels", "order read backwards")
def put_where_it_says(images, order):
    rows = torch.zeros_like(images.flatten(1))
    rows[:, order] = images.flatten(1)
    return rows.reshape(images.shape)


for expected, attempt in [
    ("order read backwards", lambda x, order: x.flatten(1)[:, order.argsort()].view_as(x)),
    ("picture flattened", lambda x, order: x.flatten(1)[:, order]),
    ("channel axis left out", lambda x, order: x.flatten(1)[:, order].view_as(x)[:, 0]),
    ("each row alike", lambda x, order: x[:, :, :, order % x.shape[3]][..., : x.shape[3]]),
    ("size never changes", lambda x, order: x),
    ("pictures reordered", lambda x, order: x.flatten(1)[order]),
    ("one picture for all", lambda x, order: x.flatten()[order].reshape(x.shape)),
    ("There are 2 numbers: they do not fill that shape", lambda x, order: x.reshape(-1, 784)),
]:
    wrong("permute_pixels", expected)(attempt)

# ================================================================ 10. linked_parameters

right("linked_parameters")(lambda links, k: sum(len(seen) * k * k + 1 for seen in links))
right("linked_parameters")(
    lambda links, k: len([m for seen in links for m in seen]) * k**2 + len(links)
)


@right("linked_parameters")
def by_layers(links, k):
    maps = [nn.Conv2d(len(seen), 1, k) for seen in links]
    return sum(p.numel() for layer in maps for p in layer.parameters())


for expected, attempt in [
    ("bias forgotten", lambda links, k: sum(len(seen) * k**2 for seen in links)),
    ("bias per layer", lambda links, k: sum(len(seen) for seen in links) * k**2 + 1),
    ("bias per weight", lambda links, k: sum(len(seen) for seen in links) * (k**2 + 1)),
    ("links share a kernel", lambda links, k: len(links) * (k * k + 1)),
    ("numbers for links", lambda links, k: sum(n * k**2 for s in links for n in s) + len(links)),
    ("number written in", lambda links, k: 16 + 60 * k * k),
    ("^ for a power", lambda links, k: sum(len(seen) * k ^ 2 + 1 for seen in links)),
    ("kernel has one side", lambda links, k: sum(len(seen) for seen in links) * k + len(links)),
    ("number written in", lambda links, k: sum(len(seen) for seen in links) * 25 + len(links)),
    ("It gives", lambda links, k: len(links) * k**2),
]:
    wrong("linked_parameters", expected)(attempt)

# ================================================================ 10. code_scores

right("code_scores")(lambda f, codes: -((f.unsqueeze(1) - codes) ** 2).sum(-1))
right("code_scores")(
    lambda f, codes: 2 * f @ codes.T - (f**2).sum(1, keepdim=True) - (codes**2).sum(1)
)


@right("code_scores")
def class_by_class(f, codes):
    return torch.stack([-(f - code).square().sum(dim=1) for code in codes], dim=1)


for expected, attempt in [
    ("distance for score", lambda f, codes: ((f.unsqueeze(1) - codes) ** 2).sum(-1)),
    ("root taken", lambda f, codes: -((f.unsqueeze(1) - codes) ** 2).sum(-1).sqrt()),
    ("absolute for squared", lambda f, codes: -(f.unsqueeze(1) - codes).abs().sum(-1)),
    ("mean of the squares", lambda f, codes: -((f.unsqueeze(1) - codes) ** 2).mean(-1)),
    ("product for distance", lambda f, codes: f @ codes.T),
    ("rows for columns", lambda f, codes: -((codes.unsqueeze(1) - f) ** 2).sum(-1)),
    ("squares not added", lambda f, codes: -((f.unsqueeze(1) - codes) ** 2)),
    ("one code for each picture", lambda f, codes: -(f - codes).pow(2).sum(1)),
    ("unsupported operand type(s) for ^", lambda f, codes: -((f[:, None] - codes) ^ 2).sum(2)),
]:
    wrong("code_scores", expected)(attempt)

# ================================================================ 10. early_stop


@right("early_stop")
def with_a_counter(accuracies, patience):
    best, waited = 0, 0
    for i, accuracy in enumerate(accuracies):
        if i == 0 or accuracy > accuracies[best]:
            best, waited = i, 0
        else:
            waited += 1
        if waited == patience:
            return best + 1, i + 1
    return best + 1, len(accuracies)


@right("early_stop")
def with_a_record(accuracies, patience):
    record, best = -1.0, 0
    for epoch, accuracy in enumerate(accuracies, start=1):
        if accuracy > record:
            record, best = accuracy, epoch
        elif epoch - best == patience:
            return [best, epoch]
    return [best, len(accuracies)]


@right("early_stop")
def with_lists(accuracies, patience):
    for last in range(1, len(accuracies) + 1):
        best = accuracies.index(max(accuracies[:last])) + 1
        if last - best >= patience:
            return best, last
    return best, last


@wrong("early_stop", "counted from zero")
def first_one_waits(accuracies, patience):
    best, since = 0, 0
    for epoch, accuracy in enumerate(accuracies):
        if accuracy > accuracies[best]:
            best, since = epoch, 0
        else:
            since += 1
        if since == patience:
            return best, epoch
    return best, epoch


@wrong("early_stop", "later epochs known")
def best_of_all_first(accuracies, patience):
    best = int(np.argmax(accuracies)) + 1
    return best, min(best + patience, len(accuracies))


@wrong("early_stop", "compared with the one before")
def one_before(accuracies, patience):
    best, waited = 1, 0
    for epoch in range(2, len(accuracies) + 1):
        waited = 0 if accuracies[epoch - 1] > accuracies[epoch - 2] else waited + 1
        best = epoch if accuracies[epoch - 1] > accuracies[best - 1] else best
        if waited == patience:
            return best, epoch
    return best, len(accuracies)


for expected, attempt in [
    ("counted from zero", lambda a, p: tuple(n - 1 for n in with_a_counter(a, p))),
    ("results swapped", lambda a, p: with_a_counter(a, p)[::-1]),
    ("only one of two", lambda a, p: with_a_counter(a, p)[0]),
    ("never stopped", lambda a, p: (a.index(max(a)) + 1, len(a))),
    ("stopped one late", lambda a, p: with_a_counter(a, p + 1)),
    ("best for last", lambda a, p: (with_a_counter(a, p)[0], with_a_counter(a, p)[0])),
    ("accuracy for epoch", lambda a, p: (a[with_a_counter(a, p)[0] - 1], with_a_counter(a, p)[1])),
    ("expected is", lambda a, p: (max(a), len(a))),
]:
    wrong("early_stop", expected)(attempt)
