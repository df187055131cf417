"""Size arithmetic: how large the output of a convolution or a pooling is, and what it costs.

A kernel of ``k`` taps with dilation ``d`` reaches over ``d(k - 1) + 1`` pixels. On a side of ``n``
pixels with padding ``p`` at both ends it can stand at ``n + 2p - d(k - 1)`` places; with stride
``s`` it takes every ``s``-th of them, the first included:

    floor((n + 2p - d(k - 1) - 1) / s) + 1

Height and width are worked out apart. The names are those of ``torch.nn``.

Source of the formula: the documentation of ``torch.nn.Conv2d`` and ``torch.nn.MaxPool2d``.
"""

from __future__ import annotations

from ._checks import pair, whole_number

Side = int | tuple[int, int]


def kernel_reach(kernel_size: int, dilation: int = 1) -> int:
    """Return how many pixels a kernel spans on one side: d(k - 1) + 1.

    >>> kernel_reach(3), kernel_reach(3, dilation=2)
    (3, 5)
    """
    return dilation * (kernel_size - 1) + 1


def conv_output_size(
    input_size: Side,
    kernel_size: Side,
    *,
    stride: Side = 1,
    padding: Side = 0,
    dilation: Side = 1,
) -> Side:
    """Return the size of a convolution's output.

    >>> conv_output_size(28, 5, padding=2)
    28
    >>> conv_output_size((28, 20), (5, 3), stride=2)
    (12, 9)

    Args:
        input_size: Pixels a side, or (height, width); at least 1.
        kernel_size: Taps a side, or (height, width); at least 1.
        stride: Pixels from one place of the kernel to the next; at least 1.
        padding: Pixels added at each end of a side; at least 0.
        dilation: Pixels from one tap to the next; at least 1.

    Returns:
        Pixels a side if every argument was one number, else (height, width).

    Raises:
        TypeError: an argument is no whole number, nor a pair of them.
        ValueError: an argument is out of its range, or no output is left.
    """
    sizes = pair("input_size", input_size, minimum=1)
    kernels = pair("kernel_size", kernel_size, minimum=1)
    strides = pair("stride", stride, minimum=1, fix="1 visits every place.")
    paddings = pair("padding", padding, minimum=0, fix="0 adds no padding.")
    dilations = pair("dilation", dilation, minimum=1, fix="1 leaves no gaps between the taps.")
    height, width = (
        _side(name, n, k, s, p, d)
        for name, n, k, s, p, d in zip(
            ("height", "width"), sizes, kernels, strides, paddings, dilations, strict=True
        )
    )
    arguments = (input_size, kernel_size, stride, padding, dilation)
    return (height, width) if any(isinstance(a, tuple | list) for a in arguments) else height


def _side(name: str, n: int, k: int, s: int, p: int, d: int) -> int:
    reach = kernel_reach(k, d)
    if n + 2 * p < reach:
        raise ValueError(
            f"No output: along the {name} the kernel reaches {reach} pixels (kernel_size={k}, "
            f"dilation={d}) and the padded input has {n + 2 * p} (input_size={n}, padding={p}). "
            f"Make the input larger, the kernel smaller, or the padding at least "
            f"{-((n - reach) // 2)}."
        )
    return (n + 2 * p - reach) // s + 1


def pool_output_size(
    input_size: Side,
    kernel_size: Side,
    *,
    stride: Side | None = None,
    padding: Side = 0,
    dilation: Side = 1,
    ceil_mode: bool = False,
) -> Side:
    """Return the size of a pooling's output: the same arithmetic, with stride = kernel by default.

    >>> pool_output_size(28, 2)
    14
    >>> pool_output_size(5, 2), pool_output_size(5, 2, ceil_mode=True)
    (2, 3)

    Args:
        input_size: Pixels a side, or (height, width); at least 1.
        kernel_size: Pixels a side of the window, or (height, width); at least 1.
        stride: Pixels from one window to the next; None: ``kernel_size``.
        padding: Pixels added at each end, at most half of ``kernel_size``, as ``torch.nn`` asks.
        dilation: Pixels from one tap to the next.
        ceil_mode: Keep a last window that reaches over the end, if it starts before it.

    Returns:
        Pixels a side if every argument was one number, else (height, width).

    Raises:
        TypeError, ValueError: as :func:`conv_output_size`; or more padding than half of
            ``kernel_size``.
    """
    stride = kernel_size if stride is None else stride
    kernels = pair("kernel_size", kernel_size, minimum=1)
    paddings = pair("padding", padding, minimum=0, fix="0 adds no padding.")
    dilations = pair("dilation", dilation, minimum=1)
    for k, p in zip(kernels, paddings, strict=True):
        if p > k // 2:
            raise ValueError(
                f"padding={p}: pooling takes at most half of kernel_size={k}, {k // 2} here, so "
                "that no window lies in the padding alone."
            )
    options = {"stride": stride, "padding": padding, "dilation": dilation}
    floored = conv_output_size(input_size, kernel_size, **options)
    if not ceil_mode:
        return floored
    sizes, strides = pair("input_size", input_size, minimum=1), pair("stride", stride, minimum=1)
    height, width = (
        out + 1
        # pixels are left over, and the next window starts inside the input or the first padding
        if (n + 2 * p - kernel_reach(k, d)) % s and out * s < n + p
        else out
        for out, n, k, s, p, d in zip(
            pair("", floored, minimum=1), sizes, kernels, strides, paddings, dilations, strict=True
        )
    )
    return (height, width) if isinstance(floored, tuple) else height


def same_padding(kernel_size: int, *, dilation: int = 1) -> int:
    """Return the padding at each end that keeps the size at stride 1: d(k - 1) / 2.

    >>> same_padding(5), same_padding(3, dilation=2)
    (2, 2)

    Raises:
        TypeError, ValueError: an argument out of range; an even reach, which no equal padding at
            both ends can keep.
    """
    k = whole_number("kernel_size", kernel_size, minimum=1)
    d = whole_number("dilation", dilation, minimum=1)
    lost = d * (k - 1)
    if lost % 2:
        raise ValueError(
            f"kernel_size={k}, dilation={d}: the side loses {lost} pixels, an odd number, and "
            "padding adds as many at both ends. Use an odd kernel_size."
        )
    return lost // 2


def conv_parameters(
    in_channels: int, out_channels: int, kernel_size: Side, *, bias: bool = True, groups: int = 1
) -> int:
    """Return how many numbers a convolution learns: its weights, and a bias an output channel.

    >>> conv_parameters(1, 6, 5), conv_parameters(6, 16, 5)
    (156, 2416)
    """
    weights = _weights(in_channels, out_channels, kernel_size, groups)
    return weights + (out_channels if bias else 0)


def conv_multiply_adds(
    in_channels: int,
    out_channels: int,
    kernel_size: Side,
    output_size: Side,
    *,
    groups: int = 1,
) -> int:
    """Return the multiply-adds of a convolution of one image: each weight, at each output place.

    A multiply-add is one multiplication and the addition of its result; biases are not counted.

    >>> conv_multiply_adds(1, 6, 5, 28), conv_multiply_adds(6, 16, 5, 10)
    (117600, 240000)
    """
    height, width = pair("output_size", output_size, minimum=1)
    return _weights(in_channels, out_channels, kernel_size, groups) * height * width


def _weights(in_channels: int, out_channels: int, kernel_size: Side, groups: int) -> int:
    height, width = pair("kernel_size", kernel_size, minimum=1)
    inputs = whole_number("in_channels", in_channels, minimum=1)
    outputs = whole_number("out_channels", out_channels, minimum=1)
    parts = whole_number("groups", groups, minimum=1)
    if inputs % parts or outputs % parts:
        raise ValueError(
            f"groups={parts}: it must divide in_channels={inputs} and out_channels={outputs}."
        )
    return outputs * (inputs // parts) * height * width


def linear_parameters(in_features: int, out_features: int, *, bias: bool = True) -> int:
    """Return how many numbers a dense layer learns.

    >>> linear_parameters(400, 120)
    48120
    """
    return linear_multiply_adds(in_features, out_features) + (out_features if bias else 0)


def linear_multiply_adds(in_features: int, out_features: int) -> int:
    """Return the multiply-adds of a dense layer for one image: one a weight.

    >>> linear_multiply_adds(400, 120)
    48000
    """
    inputs = whole_number("in_features", in_features, minimum=1)
    return inputs * whole_number("out_features", out_features, minimum=1)


def size_formula(
    n: int, kernel_size: int, *, stride: int = 1, padding: int = 0, dilation: int = 1
) -> str:
    """Return the formula of one side with its numbers, and its result.

    >>> size_formula(28, 5, padding=2)
    '⌊(28 + 2·2 − 1·(5 − 1) − 1) / 1⌋ + 1 = 28'
    """
    options = {"stride": stride, "padding": padding, "dilation": dilation}
    out = conv_output_size(n, kernel_size, **options)
    return f"⌊({n} + 2·{padding} − {dilation}·({kernel_size} − 1) − 1) / {stride}⌋ + 1 = {out}"


def size_slips(
    n: int, kernel_size: int, *, stride: int = 1, padding: int = 0, dilation: int = 1
) -> dict[int, str]:
    """Return the wrong sizes that well-known slips give, each with the name of the slip.

    >>> size_slips(28, 5, padding=2)
    {24: '2p is forgotten', 26: 'p is counted once: it is added at both ends', 27: ...}
    """
    k, s, p, d = kernel_size, stride, padding, dilation
    room = n + 2 * p - kernel_reach(k, d)
    wrong = [
        ((room - 2 * p) // s + 1, "2p is forgotten"),
        ((room - p) // s + 1, "p is counted once: it is added at both ends"),
        (room // s, "the + 1 at the end is missing"),
        (-(-room // s) + 1, "rounded up: the last place that does not fit is left out"),
        ((n + 2 * p - k) // s + 1, "the dilation is forgotten"),
        (room + 1, "the stride is forgotten"),
        ((n + 2 * p) // s, "the kernel's own reach is forgotten"),
        (n, "the size does not stay the same here"),
    ]
    right = room // s + 1
    slips: dict[int, str] = {}
    for value, slip in wrong:
        if value != right:
            slips.setdefault(value, slip)
    return slips
