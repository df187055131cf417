"""The layers of a small network on an NVIDIA GPU: several in one kernel, the same numbers.

LeNet's layers are so small that a GPU spends its time in starting kernels and in waiting for
memory, and what PyTorch has for convolutions was made for hundreds of maps. In an
``nn.Sequential``, a convolution, the function after it and the pooling after that are computed in
one kernel forward and one back (``maps.cu``), and so are a dense layer and the function after it
(``dense.cu``).
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any, TypeGuard

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

from benchmark.joined import kernels as made
from lenet_helpers.training.replayable import has_hooks
from lenet_helpers.training.ways import take_way

# Kind of layer -> its function of a number x, and its derivative where its value is y.
FUNCTIONS = {
    nn.Sigmoid: ("(1 / (1 + expf(-(x))))", "((y) * (1 - (y)))"),
    nn.Tanh: ("tanhf(x)", "(1 - (y) * (y))"),
    nn.ReLU: ("((x) < 0 ? 0 : (x))", "((y) > 0 ? 1 : 0)"),
}
WIDEST = 1024  # inputs or outputs of a dense layer: with more, the libraries' products are faster
BLOCKS = 512  # at most, of a kernel that goes through pictures
THREADS = 192  # of a block, about: enough to keep a processor of the GPU busy with two blocks
MOST = 2**31  # numbers of a tensor
TILE = 16  # the side of a tile in dense.cu

Kernels = tuple[made.Start, made.Start]


def join_layers(net: nn.Module, device: torch.device) -> list[nn.Module]:
    """Let the sequences of layers in ``net`` be computed in few kernels, on an NVIDIA GPU.

    Returns:
        The sequences that are.
    """
    if device.type != "cuda" or torch.version.hip is not None:
        return []
    sequences = [
        m
        for m in net.modules()
        if type(m) is nn.Sequential and any(_is_dense(a) or _is_convolution(a) for a in m)
    ]
    return take_way(sequences, _joined, net)


def _joined(module: nn.Sequential, x: Any) -> Any:  # noqa: ANN401 # what its layers take and make
    """Return what ``module`` makes of ``x``: what can be, several layers at once."""
    layers = list(module)
    while layers:
        done = _in_one(layers, x) if _serves(x) else None
        x, count = (layers[0](x), 1) if done is None else done
        layers = layers[count:]
    return x


def _serves(x: object) -> bool:
    """Return True if the kernels take such numbers."""
    return (
        isinstance(x, Tensor)
        and x.is_cuda
        and x.dtype == torch.float32
        and 0 < x.numel() < MOST
        and x.is_contiguous()
        and not torch.is_autocast_enabled("cuda")
    )


def _in_one(layers: Sequence[nn.Module], x: Tensor) -> tuple[Tensor, int] | None:
    """Return what the first of ``layers`` make of ``x``, and how many; None: it cannot be done."""
    first, *after = layers
    function = after[0] if after and type(after[0]) in FUNCTIONS else None
    if _is_dense(first) and x.ndim == 2 and x.shape[1] == first.in_features:
        joined = [first] if function is None else [first, function]
        kernels = _dense_kernels(FUNCTIONS[type(function or nn.Sigmoid())], x.device)
        if kernels is not None and _are_plain(joined, x):
            learns, active = torch.is_grad_enabled(), function is not None
            y = _Dense.apply(x, first.weight, first.bias, kernels, active, learns)
            return y, len(joined)
    if _is_convolution(first) and function is not None and len(after) > 1:
        joined = [first, function, after[1]]
        kernels = _kernels_of_maps(first, function, after[1], x)
        if kernels is not None and _are_plain(joined, x):
            shape = _convolved(first, x)
            y = _Maps.apply(x, first.weight, first.bias, kernels, shape, torch.is_grad_enabled())
            return y, len(joined)
    return None


def _are_plain(layers: Sequence[nn.Module], x: Tensor) -> bool:
    """Return True if nobody has changed ``layers`` or looks between them, and they are beside x."""
    parameters = [parameter for layer in layers for parameter in layer.parameters()]
    return all("forward" not in vars(layer) and not has_hooks(layer) for layer in layers) and all(
        p.device == x.device and p.dtype == x.dtype and p.is_contiguous() for p in parameters
    )


def _is_dense(layer: nn.Module) -> TypeGuard[nn.Linear]:
    return (
        type(layer) is nn.Linear
        and layer.bias is not None
        and max(layer.in_features, layer.out_features) <= WIDEST
    )


def _is_convolution(layer: nn.Module) -> TypeGuard[nn.Conv2d]:
    return (
        type(layer) is nn.Conv2d
        and layer.bias is not None
        and {*layer.stride, *layer.dilation, layer.groups} == {1}
        and layer.padding_mode == "zeros"
        and len({*layer.kernel_size}) == 1
        and not isinstance(layer.padding, str)
        and len({*layer.padding}) == 1
        and layer.padding[0] < layer.kernel_size[0]
    )


def _is_pooling(layer: nn.Module) -> TypeGuard[nn.AvgPool2d | nn.MaxPool2d]:
    """Return True if ``layer`` pools over squares of 2x2 that lie side by side."""
    if type(layer) is not nn.AvgPool2d and type(layer) is not nn.MaxPool2d:
        return False
    sizes = [layer.kernel_size, layer.stride, layer.padding, getattr(layer, "dilation", 1)]
    pairs = [(size, size) if isinstance(size, int) else tuple(size) for size in sizes]
    special = ("ceil_mode", "return_indices", "divisor_override")
    return not any(getattr(layer, name, None) for name in special) and pairs == [
        (2, 2),
        (2, 2),
        (0, 0),
        (1, 1),
    ]


# ---------------------------------------------------------------- the kernels of a layer


@functools.cache
def _dense_kernels(function: tuple[str, str], device: torch.device) -> Kernels | None:
    return _compiled("dense.cu", _written(function), device)


def _kernels_of_maps(
    conv: nn.Conv2d, function: nn.Module, pooling: nn.Module, x: Tensor
) -> Kernels | None:
    """Return the kernels for these layers and pictures like ``x``; None: there are none."""
    if not _is_pooling(pooling) or x.ndim != 4 or x.shape[1] != conv.in_channels:
        return None
    sides = *x.shape[2:], *_convolved(conv, x)
    numbers = len(x) * conv.out_channels * sides[2] * sides[3]  # counted by the kernels in 32 bits
    if any(side % 2 or side < 1 for side in sides) or numbers >= MOST:
        return None
    padding, kernel = int(conv.padding[0]), conv.kernel_size[0]
    sizes = (conv.in_channels, conv.out_channels, *sides, kernel, padding)
    largest = type(pooling) is nn.MaxPool2d
    return _compiled_maps(sizes, FUNCTIONS[type(function)], largest, x.device)


def _convolved(conv: nn.Conv2d, x: Tensor) -> tuple[int, int]:
    """Return how many rows and columns the maps of ``conv`` have."""
    more = 2 * int(conv.padding[0]) - conv.kernel_size[0] + 1
    return x.shape[2] + more, x.shape[3] + more


@functools.cache
def _compiled_maps(
    sizes: tuple[int, ...], function: tuple[str, str], largest: bool, device: torch.device
) -> Kernels | None:
    inputs, outputs, height, width, rows, columns, kernel, padding = sizes
    pairs = inputs * outputs
    shares = max(1, min(rows, THREADS // pairs))
    together = _divisor(outputs, 6)
    threads = _whole_warps(pairs * shares)
    definitions = {
        "IN": inputs, "OUT": outputs, "HEIGHT": height, "WIDTH": width,
        "KERNEL": kernel, "PADDING": padding, "TOGETHER": together, "BACK": _divisor(inputs, 2),
        "SHARES": shares, "THREADS": threads, "LARGEST": int(largest),
    }  # fmt: skip
    kernels = _compiled("maps.cu", definitions | _written(function), device)
    if kernels is None:
        return None
    jobs = rows * columns // 4 * (outputs // together)
    forward, backward = kernels
    return (
        lambda blocks, *arguments: forward(blocks, min(256, _whole_warps(jobs)), *arguments),
        lambda blocks, *arguments: backward(blocks, threads, *arguments),
    )


def _compiled(name: str, definitions: dict[str, Any], device: torch.device) -> Kernels | None:
    try:
        return made.compiled(name, definitions, device)
    except Exception:  # no compiler, a GPU it does not know, a layer too large: PyTorch's own way
        return None


def _written(function: tuple[str, str]) -> dict[str, Any]:
    return dict(zip(("ACTIVATION(x)", "SLOPE(y)"), function, strict=True))


def _divisor(number: int, most: int) -> int:
    """Return the largest divisor of ``number`` up to ``most``."""
    return max(i for i in range(1, most + 1) if number % i == 0)


def _whole_warps(threads: int) -> int:
    return -(-threads // 32) * 32


# ---------------------------------------------------------------- in the chain of gradients


class _Maps(torch.autograd.Function):
    """(N, IN, H, W) to (N, OUT, rows / 2, columns / 2), of maps with so many rows and columns."""

    @staticmethod
    def forward(
        ctx: Any,  # noqa: ANN401
        x: Tensor,
        weight: Tensor,
        bias: Tensor,
        kernels: Kernels,
        shape: tuple[int, int],
        learns: bool,
    ) -> Tensor:
        examples, outputs = len(x), len(weight)
        maps = x.new_empty((examples, outputs, *shape) if learns else ())
        pooled = x.new_empty(examples, outputs, shape[0] // 2, shape[1] // 2)
        blocks = min(examples, BLOCKS)
        kernels[0](blocks, x, weight, bias, maps, pooled, examples, int(learns))
        if learns:
            ctx.save_for_backward(x, weight, maps)
            ctx.backward_kernel = kernels[1]
        return pooled

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:  # noqa: ANN401
        x, weight, maps = ctx.saved_tensors
        outputs, goes_back = len(weight), ctx.needs_input_grad[0]
        blocks = min(len(x), BLOCKS)
        parts = x.new_empty(blocks, weight.numel() + outputs)
        back = torch.empty_like(x) if goes_back else None
        given = gradients[0].contiguous()
        ctx.backward_kernel(
            blocks, x, weight, maps, given, parts, x if back is None else back, len(x),
            int(goes_back),
        )  # fmt: skip
        of_weight, of_bias = parts.sum(0).split([weight.numel(), outputs])
        return back, of_weight.view_as(weight), of_bias, None, None, None


class _Dense(torch.autograd.Function):
    """(N, inputs) to (N, outputs)."""

    @staticmethod
    def forward(
        ctx: Any,  # noqa: ANN401
        x: Tensor,
        weight: Tensor,
        bias: Tensor,
        kernels: Kernels,
        active: bool,
        learns: bool,
    ) -> Tensor:
        examples, (outputs, inputs) = len(x), weight.shape
        y = x.new_empty(examples, outputs)
        blocks = _tiles(examples, outputs)
        kernels[0](blocks, TILE**2, x, weight, bias, y, examples, inputs, outputs, int(active))
        if learns:
            ctx.save_for_backward(x, weight, y)
            ctx.backward_kernel, ctx.active = kernels[1], active
        return y

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:  # noqa: ANN401
        x, weight, y = ctx.saved_tensors
        examples, (outputs, inputs) = len(x), weight.shape
        of_weight, of_bias = torch.empty_like(weight), x.new_empty(outputs)
        back = torch.empty_like(x) if ctx.needs_input_grad[0] else None
        blocks = _tiles(outputs, inputs) + (0 if back is None else _tiles(examples, inputs))
        given = gradients[0].contiguous()
        ctx.backward_kernel(
            blocks, TILE**2, x, weight, y, given, of_weight, of_bias, x if back is None else back,
            examples, inputs, outputs, int(ctx.active),
        )  # fmt: skip
        return back, of_weight, of_bias, None, None, None


def _tiles(rows: int, columns: int) -> int:
    """Return how many tiles cover a matrix."""
    return -(-rows // TILE) * -(-columns // TILE)
