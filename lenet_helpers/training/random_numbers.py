"""Random numbers of its own for a run: nothing beside it disturbs it, and it disturbs nothing.

PyTorch's layers draw from random numbers that the whole process shares: a ``torch.rand`` in another
cell would change what a run in a thread draws next. Inside this block, every random operation of
this thread draws from the run's own generators instead.

Source: the documentation of ``torch.utils._python_dispatch.TorchDispatchMode`` and of
``torch.Tag.nondeterministic_seeded``, the mark that PyTorch's random operations have.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

# The names of an operation's forms -> of those that take a generator.
WITH_GENERATOR = {
    "default": "generator",
    "low": "low_generator",
}
# Operations that have no such form in all versions of PyTorch -> what fills a tensor as they do.
LIKE = {"rand_like": "uniform_", "randn_like": "normal_", "randint_like": "random_"}


class OwnRandomNumbers(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """A block of code whose random numbers come from ``seed`` alone; it can be entered again.

    The numbers are those that ``torch.manual_seed(seed)`` would give, on each device.

    Args:
        seed: The seed, a whole number of at least 0.
    """

    def __init__(self, seed: int) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.seed = seed
        self.generators: dict[torch.device, torch.Generator] = {}
        self.draws = 0  # how many random operations there have been

    def __torch_dispatch__(
        self,
        func: Any,  # noqa: ANN401 # an operation; PyTorch has no public type for it
        types: object,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401
        """Call ``func``, with the run's own generator if it draws random numbers."""
        named = dict(kwargs or {})
        if torch.Tag.nondeterministic_seeded not in func.tags:
            return func(*args, **named)
        self.draws += 1
        device = _device_of(args, named)
        if func is torch.ops.aten.native_dropout.default:  # it takes no generator
            return self._dropout(*args, device=device)
        if named.get("generator") is not None:  # somebody's own
            return func(*args, **named)
        named.pop("generator", None)
        fill = LIKE.get(func.overloadpacket.__name__)
        if fill is not None:
            like, *limits = args
            empty = torch.empty_like(like, **named)
            return getattr(empty, fill)(*map(int, limits), generator=self.generator(device))
        takes = _with_generator(func)
        if takes is not None:
            return takes(*args, **named, generator=self.generator(device))
        return func(*args, **named)

    def generator(self, device: torch.device) -> torch.Generator:
        """Return the run's own generator on ``device``."""
        if device not in self.generators:
            self.generators[device] = torch.Generator(device).manual_seed(self.seed)
        return self.generators[device]

    def state(self) -> dict[torch.device, Tensor]:
        """Return where the random numbers are, for :meth:`go_back`."""
        return {device: made.get_state() for device, made in self.generators.items()}

    def go_back(self, state: Mapping[torch.device, Tensor]) -> None:
        """Draw again what was drawn since ``state``."""
        for device in list(self.generators):
            if device in state:
                self.generators[device].set_state(state[device])
            else:
                del self.generators[device]

    def _dropout(
        self, x: Tensor, p: float, train: bool | None, *, device: torch.device
    ) -> tuple[Tensor, Tensor]:
        if train is False or p == 0:
            return x.clone(), torch.ones_like(x, dtype=torch.bool)
        kept = torch.empty_like(x, dtype=torch.bool)
        kept.bernoulli_(1 - p, generator=self.generator(device))
        return x * kept * (1 / (1 - p) if p < 1 else 0.0), kept


def _device_of(args: tuple[Any, ...], named: Mapping[str, Any]) -> torch.device:
    """Return where the operation draws: where it was told to, else where its tensors are."""
    told = named.get("device")
    if told is not None:
        return torch.empty(0, device=told).device  # "cuda" and "cuda:0" are one device
    return next((a.device for a in args if isinstance(a, Tensor)), torch.device("cpu"))


def _with_generator(func: Any) -> Any:  # noqa: ANN401
    """Return ``func``, or its form that takes a generator; None if there is none."""
    if any(argument.name == "generator" for argument in func._schema.arguments):
        return func
    form = WITH_GENERATOR.get(func._overloadname, "")
    packet = func.overloadpacket
    return getattr(packet, form) if form in packet.overloads() else None
