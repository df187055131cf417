"""Exercises of notebook 1: how large an output is, and what a convolution costs."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from .exercise import Case, Exercise, Slip


def output_size(n, k, s=1, p=0, d=1):
    """Return the side of a convolution's output, a whole number.

    n pixels, k taps of the kernel, stride s, padding p at each end, dilation d; all whole.

    >>> output_size(28, 5), output_size(28, 5, p=2), output_size(6, 3, s=2)
    (24, 28, 2)
    """
    return (n + 2 * p - d * (k - 1) - 1) // s + 1


def size_cases() -> Sequence[Case]:
    """Return n, k, s, p, d in every combination with an output; the easy ones first."""
    grid = itertools.product((1, 2, 3), (0, 1, 2), (1, 2, 3), (3, 5, 2, 1), (5, 6, 7, 10, 28))
    return [Case((n, k, s, p, d)) for d, p, s, k, n in grid if n + 2 * p >= d * (k - 1) + 1]


OUTPUT_SIZE = Exercise(
    notebook=1,
    solution=output_size,
    cases=size_cases,
    slips=(
        Slip("no plus one", lambda n, k, s, p, d: (n + 2 * p - d * (k - 1) - 1) // s),
        Slip("padding forgotten", lambda n, k, s, p, d: (n - d * (k - 1) - 1) // s + 1),
        Slip("padding once", lambda n, k, s, p, d: (n + p - d * (k - 1) - 1) // s + 1),
        Slip("ceil for floor", lambda n, k, s, p, d: -((d * (k - 1) + 1 - n - 2 * p) // s) + 1),
        Slip("nearest place", lambda n, k, s, p, d: round((n + 2 * p - d * (k - 1) - 1) / s) + 1),
        Slip("stride ignored", lambda n, k, s, p, d: n + 2 * p - d * (k - 1)),
        Slip("dilation adds taps", lambda n, k, s, p, d: (n + 2 * p - k) // s + 1),
        Slip("dilation adds taps", lambda n, k, s, p, d: (n + 2 * p - (k + d - 1)) // s + 1),
        Slip("gap after the last tap", lambda n, k, s, p, d: (n + 2 * p - d * k) // s + 1),
        Slip("gap after the last tap", lambda n, k, s, p, d: (n + 2 * p - d * k - 1) // s + 1),
        Slip("brackets misplaced", lambda n, k, s, p, d: (n + 2 * p - d * k - 1 - 1) // s + 1),
        Slip("brackets misplaced", lambda n, k, s, p, d: n + 2 * p - d * (k - 1) - 1 // s + 1),
        Slip("brackets misplaced", lambda n, k, s, p, d: n + (2 * p - d * (k - 1) - 1) // s + 1),
        Slip("brackets misplaced", lambda n, k, s, p, d: (n + 2 * p - d * (k - 1) - 1) // (s + 1)),
        Slip("brackets misplaced", lambda n, k, s, p, d: (n + 2 * p - d * (k - 1)) // s + 1),
        Slip("arguments swapped", lambda n, k, s, p, d: (k + 2 * p - d * (n - 1) - 1) // s + 1),
        Slip("kernel for map", lambda n, k, s, p, d: k),
        Slip("size never changes", lambda n, k, s, p, d: n),
        Slip("division with a rest", lambda n, k, s, p, d: (n + 2 * p - d * (k - 1) - 1) / s + 1),
    ),
    hints=(
        "The kernel reaches over `d * (k - 1) + 1` pixels, and the padded picture has `n + 2 * p`. "
        "How many pixels can the kernel be moved?",
        "Divide that room by the stride, and round down: these are the steps. Then count the "
        "first place, where the kernel has not moved yet.",
    ),
    also="nn.Conv2d gives the same.",
)


def padding_that_keeps(k, d=1):
    """Return the padding at each end that keeps the size, at stride 1; a whole number.

    k taps of the kernel, dilation d. Where no padding does it, raise ValueError("no padding").

    >>> padding_that_keeps(5), padding_that_keeps(3, d=2)
    (2, 2)
    """
    lost = d * (k - 1)
    if lost % 2 == 1:
        raise ValueError("no padding")
    return lost // 2


def _refused(refuse, padding):
    """Return a version that refuses some kernels and gives a padding for the others."""

    def wrong(k, d):
        if refuse(k, d):
            raise ValueError("no padding")
        return padding(k, d)

    return wrong


def _odd(k, d):
    return d * (k - 1) % 2 == 1


PADDING_THAT_KEEPS = Exercise(
    notebook=1,
    solution=padding_that_keeps,
    cases=lambda: [
        Case(kd)
        for kd in [
            (1, 1), (3, 1), (5, 1), (2, 1), (4, 1), (7, 1), (3, 2), (3, 3), (5, 2), (2, 2), (4, 2),
            (2, 3), (4, 3), (11, 1),
        ]
    ],
    slips=(
        Slip("even kernel kept", lambda k, d: d * (k - 1) // 2),
        Slip("even kernel kept", lambda k, d: d * k // 2),
        Slip("even kernel kept", lambda k, d: d * (k // 2)),
        Slip("even kernel kept", lambda k, d: (k - 1) // 2),
        Slip("even kernel kept", lambda k, d: k // 2),
        Slip("dilation adds taps", _refused(lambda k, d: k % 2 == 0, lambda k, d: k // 2)),
        Slip("dilation adds taps", _refused(_odd, lambda k, d: k // 2)),
        Slip("even kernel refused", _refused(lambda k, d: k % 2 == 0, lambda k, d: d * (k // 2))),
        Slip("padding once", _refused(_odd, lambda k, d: d * (k - 1))),
        Slip("padding once", _refused(lambda k, d: k % 2 == 0, lambda k, d: d * (k - 1))),
        Slip("padding once", lambda k, d: d * (k - 1)),
        Slip("padding once", lambda k, d: k - 1),
        Slip("gap after the last tap", _refused(_odd, lambda k, d: d * k // 2)),
        Slip("division with a rest", _refused(_odd, lambda k, d: d * (k - 1) / 2)),
        Slip("division with a rest", lambda k, d: d * (k - 1) / 2),
    ),
    hints=(
        "Without padding the side loses `d * (k - 1)` pixels. A padding of `p` adds `p` pixels at "
        "each end. How many is that together?",
        "What if the number of lost pixels is odd? Look at that number, not at `k` alone: try "
        "`k=2` with `d=2`.",
    ),
    also="With it, the output of nn.Conv2d is as large as its input.",
)  # fmt: skip


def pool_size(n, k, s=None):
    """Return the side of a pooling's output, a whole number.

    n pixels, a window of k pixels, stride s; without s the stride is the window.

    >>> pool_size(28, 2), pool_size(5, 2), pool_size(5, 3, s=1)
    (14, 2, 3)
    """
    if s is None:
        s = k
    return (n - k) // s + 1


POOL_SIZE = Exercise(
    notebook=1,
    solution=pool_size,
    cases=lambda: [
        Case((n, k, s))
        for s in (None, 1, 2, 3)
        for n, k in [(2, 2), (4, 2), (5, 2), (6, 3), (7, 3), (8, 3), (10, 4), (28, 2)]
    ],
    slips=(
        Slip("stride without a value", lambda n, k, s: (n - k) // s + 1),
        Slip("stride without a value", lambda n, k, s: (n - k) / s + 1),
        Slip("pooling stride one", lambda n, k, s: (n - k) // (s or 1) + 1),
        Slip("pooling stride one", lambda n, k, s: n - k + 1),
        Slip("windows side by side", lambda n, k, s: n // k),
        Slip("windows side by side", lambda n, k, s: n // (s or k)),
        Slip("ceil for floor", lambda n, k, s: -(-(n - k) // (s or k)) + 1),
        Slip("no plus one", lambda n, k, s: (n - k) // (s or k)),
        Slip("brackets misplaced", lambda n, k, s: n - k // (s or k) + 1),
        Slip("brackets misplaced", lambda n, k, s: (n - k) // ((s or k) + 1)),
        Slip("size never changes", lambda n, k, s: n),
        Slip("kernel for map", lambda n, k, s: k),
        Slip("division with a rest", lambda n, k, s: (n - k) / (s or k) + 1),
        Slip("division with a rest", lambda n, k, s: n / k),
    ),
    hints=(
        "A window slides like a kernel: it is the formula that you have, without padding and "
        "dilation.",
        "First see to the stride: if `s` is None, it is `k`.",
    ),
    also="nn.AvgPool2d gives the same.",
)


def conv_parameters_by_hand(c_in, c_out, k):
    """Return how many numbers a convolution learns, a whole number.

    c_in channels in, c_out channels out, a kernel of k×k, with biases.

    >>> conv_parameters_by_hand(1, 6, 5)
    156
    """
    return c_out * (c_in * k * k) + c_out


CONV_PARAMETERS_BY_HAND = Exercise(
    notebook=1,
    solution=conv_parameters_by_hand,
    cases=lambda: [
        Case(case)
        for case in [(1, 1, 1), (1, 1, 2), (1, 2, 2), (2, 1, 2), (3, 4, 2), (1, 6, 5), (6, 16, 5)]
    ],
    slips=(
        Slip("bias forgotten", lambda c_in, c_out, k: c_out * c_in * k * k),
        Slip("bias per weight", lambda c_in, c_out, k: c_out * c_in * (k * k + 1)),
        Slip("bias per weight", lambda c_in, c_out, k: 2 * c_out * c_in * k * k),
        Slip("bias per layer", lambda c_in, c_out, k: c_out * c_in * k * k + 1),
        Slip("bias per input", lambda c_in, c_out, k: c_out * c_in * k * k + c_in),
        Slip("kernel of one channel", lambda c_in, c_out, k: c_out * k * k + c_out),
        Slip("kernel has one side", lambda c_in, c_out, k: c_out * c_in * k + c_out),
        Slip("kernel has one side", lambda c_in, c_out, k: c_out * c_in * 2 * k + c_out),
        Slip("one output channel", lambda c_in, c_out, k: c_in * k * k + 1),
        Slip("one output channel", lambda c_in, c_out, k: c_in * k * k + c_out),
        Slip("channels added", lambda c_in, c_out, k: (c_in + c_out) * k * k + c_out),
    ),
    hints=(
        "One output channel has a kernel as deep as the input. How many weights is that?",
        "All output channels have such a kernel each, and one bias each.",
    ),
    also="nn.Conv2d has as many.",
)

EXERCISES = (OUTPUT_SIZE, PADDING_THAT_KEEPS, POOL_SIZE, CONV_PARAMETERS_BY_HAND)
