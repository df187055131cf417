"""Size arithmetic: how large the output of a convolution or a pooling is, and what it costs.

The arithmetic of one axis is :class:`~lenet_helpers.sizes.window.Window`'s; height and width are
worked out apart. The names are those of ``torch.nn``.
"""

from __future__ import annotations

from ..checks import pair, whole_number
from .window import AXES, Side, Window, on_both_axes


def conv_output_size(
    input_size: Side,
    kernel_size: Side,
    *,
    stride: Side = 1,
    padding: Side | str = 0,
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
        padding: Pixels added at each end of a side; at least 0. "same" keeps the size, at stride 1,
            with one more at the far end if the number is odd; "valid" is 0.
        dilation: Pixels from one tap to the next; at least 1.

    Returns:
        Pixels a side if every argument was one number, else (height, width).

    Raises:
        TypeError: an argument is no whole number, nor a pair of them.
        ValueError: an argument is out of its range, or no output is left.
    """
    pixels: Side = 0 if isinstance(padding, str) else padding
    windows = on_both_axes(
        input_size, kernel_size, stride=stride, padding=pixels, dilation=dilation
    )
    if isinstance(padding, str):
        windows = _padded_by_name(padding, windows)
    return _outputs(windows, (input_size, kernel_size, stride, pixels, dilation))


def _padded_by_name(padding: str, windows: tuple[Window, Window]) -> tuple[Window, Window]:
    if padding not in ("same", "valid"):
        raise ValueError(f"padding={padding!r}: write a number of pixels, 'same' or 'valid'.")
    if padding == "valid":
        return windows
    height, width = windows
    if (height.s, width.s) != (1, 1):
        raise ValueError(
            f"padding='same' with stride={max(height.s, width.s)}: PyTorch has it for stride=1 "
            "alone. Write a number of pixels."
        )
    return height.same(), width.same()


def _outputs(
    windows: tuple[Window, Window], arguments: tuple[Side, ...], *, pooling: bool = False
) -> Side:
    """Return what the windows give: one number if every argument was one, else a pair.

    Raises:
        ValueError: no output is left.
    """
    for axis, window in zip(AXES, windows, strict=True):
        if window.output == 0:
            padding = -((window.n - window.reach) // 2)
            fix = f"input larger, the kernel smaller, or the padding at least {padding}."
            if pooling and padding > window.k // 2:  # no pooling takes it
                fix = "input larger, or the kernel smaller."
            raise ValueError(
                f"No output along the {axis}: {window.why_none()} (input_size={window.n}, "
                f"kernel_size={window.k}, padding={window.p}, dilation={window.d}). Make the {fix}"
            )
    height, width = (window.output for window in windows)
    return (height, width) if any(isinstance(a, tuple | list) for a in arguments) else height


def conv_transpose_output_size(
    input_size: Side,
    kernel_size: Side,
    *,
    stride: Side = 1,
    padding: Side = 0,
    output_padding: Side = 0,
    dilation: Side = 1,
) -> Side:
    """Return the size of a transposed convolution's output: ``nn.ConvTranspose2d``.

    It undoes a convolution's change of size: it gives the smallest input from which the convolution
    with the same numbers makes ``input_size``, and ``output_padding`` more.

    >>> conv_transpose_output_size(14, 2, stride=2)
    28

    Args:
        input_size: Pixels a side, or (height, width); at least 1.
        kernel_size: Taps a side, or (height, width); at least 1.
        stride: Pixels of the output from one pixel of the input to the next; at least 1.
        padding: Pixels taken away at each end of the output; at least 0.
        output_padding: Pixels added at the far end; less than the stride or the dilation.
        dilation: Pixels from one tap to the next; at least 1.

    Returns:
        Pixels a side if every argument was one number, else (height, width).

    Raises:
        TypeError: an argument is no whole number, nor a pair of them.
        ValueError: an argument is out of its range, or no output is left.
    """
    windows = on_both_axes(
        input_size, kernel_size, stride=stride, padding=padding, dilation=dilation
    )
    more = pair("output_padding", output_padding, minimum=0)
    sides = []
    for axis, window, extra in zip(AXES, windows, more, strict=True):
        if extra >= max(window.s, window.d):
            raise ValueError(
                f"output_padding={extra} along the {axis}: it must be less than the stride "
                f"({window.s}) or the dilation ({window.d})."
            )
        side = (window.n - 1) * window.s + window.reach - 2 * window.p + extra
        if side < 1:
            raise ValueError(
                f"No output along the {axis}: padding={window.p} takes away {2 * window.p} pixels "
                f"of {side + 2 * window.p}. Make the padding smaller, or the kernel larger."
            )
        sides.append(side)
    arguments = (input_size, kernel_size, stride, padding, output_padding, dilation)
    height, width = sides
    return (height, width) if any(isinstance(a, tuple | list) for a in arguments) else height


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
    windows = on_both_axes(
        input_size,
        kernel_size,
        stride=stride,
        padding=padding,
        dilation=dilation,
        ceil_mode=ceil_mode,
    )
    for window in windows:
        if window.p > window.k // 2:
            raise ValueError(
                f"padding={window.p}: pooling takes at most half of kernel_size={window.k}, "
                f"{window.k // 2} here, so that no window lies in the padding alone."
            )
    return _outputs(windows, (input_size, kernel_size, stride, padding, dilation), pooling=True)


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
