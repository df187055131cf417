"""Every kind of layer that the viewer takes: what of it the page needs, and its words.

A kind is an entry in ``KINDS`` here, and one of the same name in ``web/viewer/kinds.js``, which has
its arithmetic. A layer that has no entry is refused by its name, unless trying it shows that it
leaves all numbers as they are (a reshape of one's own, or a dropout after training) or that it
scales and shifts each channel (a ``Normalize``).
"""

from __future__ import annotations

import base64
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from ..prose import counted
from .layers import times, two, windows_of
from .models import Reshape

Entry = dict[str, Any]
TAKEN = (
    "Conv2d, Linear, pooling (also adaptive), BatchNorm, LayerNorm, GroupNorm, InstanceNorm2d, "
    "Dropout, Flatten, Reshape, Identity, what scales and shifts each channel, the activations "
    "Sigmoid, Tanh, ReLU, ReLU6, LeakyReLU, PReLU, ELU, SELU, GELU, SiLU, Mish, Hardswish, "
    "Softplus, Hardtanh, and Softmax or LogSoftmax"
)


@dataclass(frozen=True)
class LayerCall:
    """A layer at work.

    Args:
        name: Its name in the network.
        module: The layer.
        x: What it took, shape (N, ...), as it was before.
        out: What it gave, shape (N, ...).
    """

    name: str
    module: Any
    x: Tensor
    out: Tensor

    @property
    def type(self) -> type[nn.Module]:
        """The layer's class, as it was written: weight_norm and the like make another of it."""
        return parametrize.type_before_parametrizations(self.module)

    @property
    def label(self) -> str:
        """The layer in a sentence: its name and its type."""
        return f"{self.name} ({self.type.__name__})"

    def cannot(self, what: str, fix: str) -> ValueError:
        """Return the error that says what of the layer the viewer does not take."""
        return ValueError(f"The viewer cannot show {self.label}: {what}. Instead, {fix}.")

    def needs(self, option: str, *values: object) -> None:
        """Raise a ValueError unless an option of the layer has one of ``values``."""
        value = getattr(self.module, option)
        if not any(value == taken for taken in values):
            raise self.cannot(f"{option}={value!r}", f"use {option}={values[0]!r}")

    def needs_vectors(self) -> None:
        """Raise a ValueError unless the layer takes a vector of each example."""
        if self.x.ndim != 2:
            raise self.cannot(f"an input of shape {tuple(self.x.shape)}", "flatten it first")


def entry_of(call: LayerCall) -> Entry:
    """Return a layer as the page takes it; its shape leaves the batch out.

    Raises:
        ValueError: the viewer does not take the layer, or an option of it.
    """
    entry: Entry = {
        "name": call.name,
        "kind": call.type.__name__,
        "shape": list(call.out.shape[1:]),
    }
    if call.out.is_complex():
        raise call.cannot("complex numbers", "use real ones")
    if call.type in KINDS:
        entry |= KINDS[call.type](call)
        usual = call.type.forward(call.module, call.x.clone())
        if not _alike(usual, call.out):
            raise call.cannot(
                f"something else than a {call.type.__name__} computes, by a hook or a forward put "
                "into it",
                "write that as a layer of its own",
            )
    elif _leaves_numbers_alone(call):
        entry |= unchanged("the same values, in the same order")(call)
    elif (scaled := _scale_of_each_channel(call)) is not None:
        entry |= scaled
    else:
        raise call.cannot("a layer of a type that it does not know", f"use {TAKEN}")
    if call.out.ndim not in (2, 4):
        raise call.cannot(f"an output of shape {tuple(call.out.shape)}", "use maps or vectors")
    return entry


def _leaves_numbers_alone(call: LayerCall) -> bool:
    """Return whether a layer of an unknown type gives what it takes, tried on other numbers too."""
    if any(True for _ in call.module.parameters()) or not same_numbers(call.x, call.out):
        return False
    x = _any_numbers(call.x)
    try:
        return same_numbers(x, call.module.forward(x.clone()))
    except Exception:  # it does not take any numbers: then it is none that only reshapes
        return False


def _any_numbers(x: Tensor) -> Tensor:
    """Return numbers of the shape of ``x`` as no data set has them: large ones, of both signs."""
    chance = torch.Generator().manual_seed(0)
    return (10 * torch.randn(x.shape, generator=chance)).to(x)


def same_numbers(x: Tensor, out: Tensor) -> bool:
    """Return whether two tensors have the same numbers in the same order, whatever their type."""
    kind = torch.promote_types(x.dtype, out.dtype)
    return x.numel() == out.numel() and torch.allclose(
        x.flatten().to(kind), out.flatten().to(kind), rtol=0, atol=0, equal_nan=True
    )


def _scale_of_each_channel(call: LayerCall) -> Entry | None:
    """Return the entry of a layer of an unknown type that scales and shifts each channel.

    What it makes of zeros and of ones tells scale and shift; whether that is all is tried.
    """
    if call.out.shape != call.x.shape or call.x.ndim not in (2, 4):
        return None
    x = _any_numbers(call.x)
    try:
        shift, one, tried = (
            call.module.forward(y) for y in (torch.zeros_like(x), torch.ones_like(x), x.clone())
        )
        scale = (one.double() - shift.double()).float()
        pairs = [(x, tried), (call.x, call.out)]
        same = all(torch.allclose(y * scale + shift, out, 1e-5, 1e-5) for y, out in pairs)
    except Exception:  # it does not take any numbers, or gives none of their shape
        return None
    channels = [y[0].flatten(1) if y.ndim == 4 else y[0, :, None] for y in (scale, shift)]
    if not same or any((y != y[:, :1]).any() for y in channels):
        return None
    learned = sum(parameter.numel() for parameter in call.module.parameters())
    counted = f"{learned:,} parameters" if learned else "no parameters"
    formula = f"a scale and a shift of each {'map' if call.x.ndim == 4 else 'unit'}: {counted}"
    return {"scaled": True, **_numbers(*(y[:, 0] for y in channels)), "formula": formula}


# ---------------------------------------------------------------- kinds


def unchanged(why: str) -> Callable[[LayerCall], Entry]:
    """Return the entry of layers that give the values that they take."""
    return lambda call: {"unchanged": True, "formula": f"no parameters: {why}"}


def each_value(**options: str) -> Callable[[LayerCall], Entry]:
    """Return the entry of layers that change each value by itself.

    Args:
        options: What the page calls an option, and what the layer calls it.
    """

    def entry(call: LayerCall) -> Entry:
        values = {ours: getattr(call.module, theirs) for ours, theirs in options.items()}
        for ours, value in values.items():
            if isinstance(value, float) and not math.isfinite(value):
                raise call.cannot(f"{options[ours]}={value}", "use a finite number")
        return {**values, "formula": "no parameters: each value by itself"}

    return entry


def convolution(call: LayerCall) -> Entry:
    """Return the weights and the windows of a convolution."""
    conv = call.module
    call.needs("padding_mode", "zeros")
    windows = _windows(call)
    each = f"each map has {conv.in_channels // conv.groups}·{times(windows['kernel'])} weights"
    told = {"groups": conv.groups, "formula": _learned(each, conv, "maps")}
    return {**windows, **_numbers(conv.weight, conv.bias), **told}


def dense(call: LayerCall) -> Entry:
    """Return the weights of a dense layer."""
    call.needs_vectors()
    linear = call.module
    formula = _learned(f"each unit has {linear.in_features} weights", linear, "units")
    return _numbers(linear.weight, linear.bias) | {"formula": formula}


def normalization(call: LayerCall) -> Entry:
    """Return what a batch norm does after training: one scale and one shift a channel.

    (x - mean) / sqrt(variance + eps) * weight + bias, with the mean and the variance that it has
    kept of training, is x * scale + shift.
    """
    norm = call.module
    if norm.running_mean is None:
        raise call.cannot(
            f"track_running_stats={norm.track_running_stats!r}: its values depend on the batch",
            "use track_running_stats=True",
        )
    mean, variance = norm.running_mean.double(), norm.running_var.double()
    scale = (variance + norm.eps).rsqrt()
    if norm.weight is not None:
        scale = scale * norm.weight.double()
    shift = -mean * scale
    if norm.bias is not None:
        shift = shift + norm.bias.double()
    channels = "maps" if call.out.ndim == 4 else "units"
    learned = sum(parameter.numel() for parameter in norm.parameters())
    counted = f"{norm.num_features} {channels} · 2 = {learned:,} parameters" if learned else ""
    formula = "a scale and a shift, with the mean and variance of training"
    return _numbers(scale, shift) | {"formula": f"{formula}: {counted or 'no parameters'}"}


def standardization(call: LayerCall) -> Entry:
    """Return what a layer norm, group norm or instance norm does to the values of an example.

    Each group of values gets mean 0 and variance 1, and is then scaled and shifted: the groups are
    as long as ``group`` says, and ``each`` values in a row have one scale and one shift.
    """
    norm, shape = call.module, call.out.shape[1:]
    if isinstance(norm, nn.LayerNorm):
        if norm.normalized_shape != tuple(shape):
            raise call.cannot(
                f"normalized_shape={norm.normalized_shape}, a part of an example",
                f"normalize all of it, nn.LayerNorm({list(shape)})",
            )
        group, each = shape.numel(), 1
    else:
        each = shape.numel() // shape[0]
        group = shape.numel() // getattr(norm, "num_groups", shape[0])
    weight = torch.ones(1) if norm.weight is None else norm.weight
    bias = torch.zeros(weight.shape) if norm.bias is None else norm.bias
    learned = sum(parameter.numel() for parameter in norm.parameters())
    counted = f"{learned:,} parameters" if learned else "no parameters"
    formula = f"mean 0 and variance 1 in {group:,} values, then a scale and a shift: {counted}"
    options = {"group": group, "each": each, "eps": norm.eps, "formula": formula}
    return _numbers(weight, bias) | options


def instance_norm(call: LayerCall) -> Entry:
    """Return what an instance norm does: by the values of each map, or as training has it kept."""
    if call.module.running_mean is None:
        return standardization(call)
    return {"scaled": True, **normalization(call)}


def learned_slope(call: LayerCall) -> Entry:
    """Return the slopes of a PReLU: one, or one for each map or unit."""
    slopes = call.module.weight
    formula = f"a slope below 0: {counted(slopes.numel(), 'parameter')}"
    return _numbers(slopes, None) | {"formula": formula}


def mean_of_window(call: LayerCall) -> Entry:
    """Return the windows of an average pooling."""
    call.needs("divisor_override", None)
    counted = {"count_padding": call.module.count_include_pad}
    return _windows(call) | counted | {"formula": "no parameters: the mean of the window"}


def largest_of_window(call: LayerCall) -> Entry:
    """Return the windows of a max pooling."""
    call.needs("return_indices", False)
    return _windows(call) | {"formula": "no parameters: the largest of the window"}


def mean_of_part(call: LayerCall) -> Entry:
    """Return an average pooling that is told the size of its output."""
    return {"adaptive": True, "formula": "no parameters: the mean of a part of the map"}


def largest_of_part(call: LayerCall) -> Entry:
    """Return a max pooling that is told the size of its output."""
    call.needs("return_indices", False)
    return {"adaptive": True, "formula": "no parameters: the largest of a part of the map"}


def over_all_values(words: str) -> Callable[[LayerCall], Entry]:
    """Return the entry of layers that hold each value of a vector against all of them."""

    def entry(call: LayerCall) -> Entry:
        call.needs_vectors()
        call.needs("dim", 1, -1, None)
        return {"formula": f"no parameters: {words}"}

    return entry


DROPPING = unchanged("it drops values only while the network trains")
RESHAPING = unchanged("the same values in another shape")
KINDS: dict[type[nn.Module], Callable[[LayerCall], Entry]] = {
    nn.Conv2d: convolution,
    nn.Linear: dense,
    nn.BatchNorm1d: normalization,
    nn.BatchNorm2d: normalization,
    nn.LayerNorm: standardization,
    nn.GroupNorm: standardization,
    nn.InstanceNorm2d: instance_norm,
    nn.AvgPool2d: mean_of_window,
    nn.MaxPool2d: largest_of_window,
    nn.AdaptiveAvgPool2d: mean_of_part,
    nn.AdaptiveMaxPool2d: largest_of_part,
    nn.Sigmoid: each_value(),
    nn.Tanh: each_value(),
    nn.ReLU: each_value(),
    nn.ReLU6: each_value(),
    nn.SiLU: each_value(),
    nn.Mish: each_value(),
    nn.Hardswish: each_value(),
    nn.SELU: each_value(),
    nn.Softplus: each_value(beta="beta", threshold="threshold"),
    nn.PReLU: learned_slope,
    nn.LeakyReLU: each_value(slope="negative_slope"),
    nn.ELU: each_value(alpha="alpha"),
    nn.GELU: each_value(approximate="approximate"),
    nn.Hardtanh: each_value(low="min_val", high="max_val"),
    nn.Softmax: over_all_values("exp of the value, as a share of the sum of all"),
    nn.LogSoftmax: over_all_values("the logarithm of the softmax"),
    nn.Dropout: DROPPING,
    nn.Dropout1d: DROPPING,
    nn.Dropout2d: DROPPING,
    nn.AlphaDropout: DROPPING,
    nn.FeatureAlphaDropout: DROPPING,
    nn.Flatten: RESHAPING,
    nn.Unflatten: RESHAPING,
    Reshape: RESHAPING,
    nn.Identity: unchanged("the same values"),
}


# ---------------------------------------------------------------- what of them is packed


def _windows(call: LayerCall) -> dict[str, list[int]]:
    """Return a layer's windows, (height, width) each; ``extra`` is padding at the end alone."""
    if call.x.ndim != 4:
        raise call.cannot(
            f"an input of shape {tuple(call.x.shape)}", "give it maps of each example"
        )
    found = windows_of(call.module, two(call.x.shape[2:]))
    assert found is not None, call.label  # each layer that asks has windows
    names = {"kernel": "k", "stride": "s", "padding": "p", "dilation": "d", "extra": "extra"}
    return {ours: [getattr(window, n) for window in found] for ours, n in names.items()}


def _numbers(weight: Tensor, bias: Tensor | None) -> dict[str, str | None]:
    return {"weight": in_base64(weight), "bias": None if bias is None else in_base64(bias)}


def in_base64(values: Tensor) -> str:
    """Return ``values`` as little-endian float32, row by row, in base64."""
    flat = values.detach().cpu().float().contiguous().numpy()
    return base64.b64encode(flat.astype("<f4").tobytes()).decode("ascii")


def _learned(each: str, module: nn.Conv2d | nn.Linear, what: str) -> str:
    """Return how many parameters a layer has, and why."""
    outputs, weights = len(module.weight), module.weight[0].numel()
    bias = module.bias is not None
    one = f"({weights} + 1)" if bias else f"{weights}"
    return (
        f"{each}{' and a bias' if bias else ''}: {outputs} {what} · {one} = "
        f"{outputs * (weights + bias):,} parameters"
    )


def _alike(one: Tensor, other: Tensor) -> bool:
    """Return whether two tensors are equal but for rounding, which goes with their large values."""
    size = one.abs().nan_to_num(0.0, 0.0).sum() / max(1, one.numel())
    return torch.allclose(one, other, atol=1e-5 * float(size), equal_nan=True)
