"""A training step on a GPU, recorded once and replayed: Python starts it with one call.

LeNet's step is some sixty small kernels. A GPU is done with each sooner than Python has started the
next, so it waits for Python most of the time. A CUDA graph is the list of these kernels with their
addresses in memory; a replay starts them all. It runs no Python: what may be recorded, and what is
better not, ``replayable.py`` says.

Source: PyTorch's documentation, "CUDA semantics", section "CUDA Graphs".
"""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

import torch
from torch import Tensor, nn

from ..network.evaluation import Inputs
from .replayable import Watch

WARM_UP = 3  # steps before the recording: libraries and optimisers set themselves up in these

_one_at_a_time = threading.Lock()  # for whoever queues work on the stream of recordings

Step = Callable[[Inputs, Tensor], tuple[Tensor, Tensor]]


class Recorder(Protocol):
    """What records a step and replays it."""

    def aside(self) -> AbstractContextManager[None]:
        """Return a block whose work is queued where the recording will be made."""

    def record(self, step: Callable[[], tuple[Tensor, Tensor]]) -> tuple[Tensor, Tensor]:
        """Record ``step`` without computing anything; return where its results will lie."""

    def replay(self) -> None:
        """Compute the recorded step."""


class CudaRecorder:
    """Records on a GPU with ``torch.cuda.CUDAGraph``.

    Args:
        device: The GPU.
        generators: Gives the run's own random number generators there; the GPU's default one is
            taken care of in any case.
    """

    def __init__(
        self, device: torch.device, generators: Callable[[], Iterable[torch.Generator]]
    ) -> None:
        self._device, self._generators = device, generators
        self._stream = _stream(device)
        self._graph = torch.cuda.CUDAGraph()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Queue the block's work on the stream of the recording."""
        usual = torch.cuda.current_stream(self._device)
        with _one_at_a_time:
            self._stream.wait_stream(usual)
            try:
                with torch.cuda.stream(self._stream):
                    yield
            finally:
                usual.wait_stream(self._stream)

    def record(self, step: Callable[[], tuple[Tensor, Tensor]]) -> tuple[Tensor, Tensor]:
        """Record ``step``; after an error, GPU memory and random numbers can be used as before."""
        index = self._stream.device.index
        own = list(self._generators())
        spare = [(g, g.clone_state()) for g in (*own, torch.cuda.default_generators[index])]
        for generator in own:
            self._graph.register_generator_state(generator)
        torch.cuda.synchronize(self._device)
        try:
            with _one_at_a_time, torch.cuda.stream(self._stream):
                # thread_local: another thread of the kernel may use the GPU meanwhile.
                self._graph.capture_begin(capture_error_mode="thread_local")
                try:
                    return step()
                finally:
                    self._graph.capture_end()
        except BaseException:
            # PyTorch leaves generators and memory in the state of a recording that goes on.
            for generator, state in spare:
                generator.graphsafe_set_state(state)
            with contextlib.suppress(Exception):
                torch._C._cuda_endAllocateToPool(index, self._graph.pool())
            raise

    def replay(self) -> None:
        """Queue the recorded kernels on the current stream."""
        self._graph.replay()


@functools.cache
def _stream(device: torch.device) -> torch.cuda.Stream:
    """Return the stream of recordings: one for all runs, as libraries keep memory for each."""
    return torch.cuda.Stream(device)  # type: ignore[no-untyped-call]


class Replayed:
    """A training step that does itself plainly at first, and then as a replay where it can.

    The first steps of a run are its warm-up, and count like all others. Then comes a recording,
    which computes nothing, so that there is nothing to put back if it fails: the steps go on
    plainly. Batches of another shape, such as the last of an epoch, are done plainly.

    Args:
        step: Does a step on a batch (X, y); returns its mean loss and its scores, both detached.
        net: The network that the step trains.
        recorder: Records and replays; None: every step is done plainly.
    """

    def __init__(self, step: Step, net: nn.Module, recorder: Recorder | None) -> None:
        self._step, self._net, self._recorder = step, net, recorder
        self._shape: torch.Size | None = None  # of the batches that are replayed
        self._warm = 0  # steps of that shape so far, up to the recording
        self._recorded: tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]] | None = None
        self._gradients: list[tuple[nn.Parameter, Tensor | None]] = []  # where replays write them
        self._theirs = False  # whether the parameters' gradients are those of the replays

    def __call__(self, X: Inputs, y: Tensor) -> tuple[Tensor, Tensor]:
        """Do a step on the batch (X, y)."""
        if self._recorder is None or not isinstance(X, Tensor):
            return self._step(X, y)
        self._shape = X.shape if self._shape is None else self._shape
        if X.shape != self._shape:
            self._theirs = False
            return self._step(X, y)
        if self._warm < WARM_UP:
            return self._warm_up(X, y, self._recorder)
        if self._recorded is None:
            self._recorded = self._record(X, y, self._recorder)
        if self._recorded is None:
            self._recorder = None
            return self._step(X, y)
        return self._replay(X, y, self._recorder, *self._recorded)

    def end(self) -> None:
        """Give up the recording and its memory; gradients stay."""
        for parameter in self._net.parameters():
            if self._recorded is not None and parameter.grad is not None:
                parameter.grad = parameter.grad.clone()
        self._recorder = self._recorded = None
        self._gradients = []

    def _warm_up(self, X: Tensor, y: Tensor, recorder: Recorder) -> tuple[Tensor, Tensor]:
        self._warm += 1
        if self._warm == 1:  # the run's first step: it may fail, and be done again
            return self._step(X, y)
        with recorder.aside():
            if self._warm < WARM_UP:
                return self._step(X, y)
            with Watch(X.device) as watch:
                done = self._step(X, y)
        if not watch.replayable:
            self._recorder = None
        return done

    def _record(
        self, X: Tensor, y: Tensor, recorder: Recorder
    ) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]] | None:
        """Return the tensors that replays read and those they write; None: it cannot be done."""
        inputs = X.clone(), y.clone()
        # The step begins with gradients set to None: it makes them in the memory of the recording.
        try:
            results = recorder.record(lambda: self._step(*inputs))
        except Exception:
            return None
        self._gradients = [(p, p.grad) for p in self._net.parameters()]
        self._theirs = True
        return inputs, results

    def _replay(
        self,
        X: Tensor,
        y: Tensor,
        recorder: Recorder,
        inputs: tuple[Tensor, Tensor],
        results: tuple[Tensor, Tensor],
    ) -> tuple[Tensor, Tensor]:
        inputs[0].copy_(X)
        inputs[1].copy_(y)
        recorder.replay()
        if not self._theirs:
            for parameter, gradient in self._gradients:
                parameter.grad = gradient
            self._theirs = True
        return results
