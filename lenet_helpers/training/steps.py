"""The steps of a run: with its own random numbers, in the fast way, and with a way back.

The fast way (the order in memory, and how few maps are computed) is an addition of ours: where it
is what fails, the step is done again without it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from ..data.batches import TensorBatches
from ..network.evaluation import Inputs, batches_of
from ..network.table import name_cause
from .convolving import convolve_fast
from .fresh import Snapshot
from .graph import CudaRecorder, Recorder
from .memory_order import lay_back, lay_channels_last
from .pooling import pool_fast
from .random_numbers import OwnRandomNumbers
from .replayable import may_be_recorded
from .ways import give_back

T = TypeVar("T")

KEPT = 31 * 2**20  # bytes


class Steps:
    """How a network is computed in a run.

    Args:
        net: The network.
        device: Where it is computed.
        seed: Of the run's own random numbers; None: those of the process, as they come.
    """

    def __init__(self, net: nn.Module, device: torch.device, seed: int | None) -> None:
        self.net, self.device = net, device
        self.numbers = None if seed is None else OwnRandomNumbers(seed)
        self._before = Snapshot(net)
        self._moved: list[Tensor] = []  # weights that lie channels last
        self._changed: list[nn.Module] = []  # layers that compute in another way
        self._draws: dict[str, bool] = {}  # kind of step -> whether it draws random numbers
        self._drawn: dict[nn.Parameter, int] = {}  # each to learn -> how often it has changed

    def own_numbers(self) -> AbstractContextManager[object]:
        """Return a block in which the run's own random numbers are drawn."""
        return self.numbers or nullcontext()

    def one_pass(self, name: str, data_iter: Iterable[Any]) -> Iterator[tuple[Inputs, Tensor]]:
        """Yield the batches of ``data_iter``; what draws their order has the run's own numbers.

        Raises:
            ValueError: a batch has no examples.
        """
        with self.own_numbers():
            batches = iter(batches_of(name, data_iter, self.device))
        ours = isinstance(data_iter, TensorBatches)  # they draw once, before the first batch
        own = self.own_numbers()
        while True:
            with own:
                batch = next(batches, None)
            if batch is None:
                return
            if len(batch[1]) == 0:
                raise ValueError(
                    f"{name} yields a batch without examples, which has no mean loss: leave it out."
                )
            yield batch
            own = nullcontext() if ours else own

    def lay_fast(self) -> None:
        """Lay the weights in memory in the fast order, and compute few maps in the fast ways."""
        _keep_memory()
        self._moved = lay_channels_last(self.net, self.device)
        self._changed = pool_fast(self.net, self.device) + convolve_fast(self.net, self.device)
        self._drawn = {p: p._version for p in self.net.parameters() if p.requires_grad}

    def _is_fast(self) -> bool:
        return bool(self._moved or self._changed)

    def without_gradient(self) -> list[str]:
        """Return the layers with weights to learn that no step has changed since then."""
        return [
            name
            for name, module in self.net.named_modules()
            if any(
                p.grad is None and p._version == self._drawn.get(p)
                for p in module.parameters(recurse=False)
            )
        ]

    def recorder(self, optimizer: torch.optim.Optimizer, batches: object) -> Recorder | None:
        """Return what records a training step; None where it has to be done plainly."""
        if not may_be_recorded(self.net, optimizer, batches, self.device):
            return None
        return CudaRecorder(self.device, self._generators)

    def _generators(self) -> list[torch.Generator]:
        """Return the run's own generators on its device."""
        made = {} if self.numbers is None else self.numbers.generators
        return [made[device] for device in made if device.type == self.device.type]

    def end(self) -> None:
        """Lay the weights in memory as they lay before, and compute as before."""
        lay_back(self._moved)
        give_back(self._changed)
        self._moved, self._changed = [], []

    def undo(self) -> None:
        """Give the network the values that it had before the run."""
        self.end()
        self._before.restore()

    def first(self, step: Callable[[], T], X: Inputs) -> T:
        """Do the first step of all; again from the start, in the usual order, if it fails.

        Raises:
            LayerShapeError: a layer does not fit what reaches it.
        """
        start, rewind = Snapshot(self.net), self.rewinder()
        try:
            return self._compute("step", step)
        except (RuntimeError, ValueError, IndexError, TypeError, AttributeError) as error:
            failure: Exception = error
        if self._is_fast() and not isinstance(failure, TypeError | AttributeError):
            self.end()
            start.restore()
            rewind()
            try:
                return self._compute("step", step)
            except (RuntimeError, ValueError, IndexError) as error:
                failure = error
        name_cause(self.net, X, failure)
        raise failure

    def later(self, kind: str, step: Callable[[], T]) -> T:
        """Do a later step of a kind, such as "step"; again, in the usual order, if it fails."""
        try:
            return self._compute(kind, step)
        except RuntimeError:
            if not self._is_fast():
                raise
        self.end()  # a path through the network that wants the usual way
        return self._compute(kind, step)

    def measured(self, name: str, measure: Callable[[], T]) -> T:
        """Return what ``measure`` finds; an error says that it was about the argument ``name``."""
        try:
            return self.later(name, measure)
        except Exception as error:
            error.add_note(f"It came when {name} was measured.")
            raise

    def _compute(self, kind: str, step: Callable[[], T]) -> T:
        if self.numbers is None or not self._draws.get(kind, True):
            return step()
        before = self.numbers.draws
        with self.numbers:
            result = step()
        self._draws[kind] = self.numbers.draws > before  # watching costs time: not for nothing
        return result

    def rewinder(self) -> Callable[[], None]:
        """Return what brings the random numbers back to where they are now."""
        if self.numbers is None:
            return functools.partial(torch.set_rng_state, torch.get_rng_state())
        return functools.partial(self.numbers.go_back, self.numbers.state())


def _keep_memory() -> None:
    """Let Linux's C library keep the memory of tensors that are gone, for those of the next step.

    It hands blocks of some MB back to the system as soon as they are free, and is given new ones,
    page by page, in each step: a fifth of its time. Once it has seen a larger one become
    free, it keeps them, if they are of less than 32 MB. This one is never written to.

    Source: the manual page mallopt(3), M_MMAP_THRESHOLD and M_TRIM_THRESHOLD.
    """
    torch.empty(KEPT, dtype=torch.uint8, device="cpu")
