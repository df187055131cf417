"""The passes of a training step on a CPU, noted once and then computed from the notes.

Forward and back, LeNet's step is some 150 operations. The small ones take less time than what
PyTorch does around each: it goes through the layers, and writes down how a gradient will be found.
Step for step it is the same, so the operations of one step are noted, with their order, and done
again on the next batch without anything around them: the same operations, so the same numbers, bit
by bit. On two cores, a batch of 256 takes a tenth less time, one of 16 almost a quarter.

Which networks that may be done with, ``replayable.py`` says. What is in doubt stays as it is.
"""

from __future__ import annotations

import contextlib
import functools
import operator
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.utils import _python_dispatch
from torch.utils._pytree import tree_map
from torch.utils.weak import WeakIdKeyDictionary

from ..network.evaluation import Inputs
from .replayable import Watch, tensors_in

Passes = Callable[[Inputs, Tensor], tuple[Tensor, Tensor]]


class Noted:
    """The passes of a step, plain at first, then from notes where that can be done.

    The first step is plain, the second is noted, the third is done both ways: if loss, scores or
    gradients differ, all others are plain too. So are batches of another shape, such as the last
    of an epoch.

    Args:
        passes: Goes through the network forward and back for a batch (X, y), whose parameters have
            no gradients yet; returns its mean loss and its scores, both detached.
        net: The network.
    """

    def __init__(self, passes: Passes, net: nn.Module) -> None:
        self._passes, self._net = passes, net
        self._way: Callable[[Tensor, Tensor], tuple[Tensor, Tensor]] = self._note  # for the next
        self._kind: object = None  # of the batches that the notes are for

    def __call__(self, X: Inputs, y: Tensor) -> tuple[Tensor, Tensor]:
        """Return loss and scores of the batch; the parameters have their gradients then."""
        watched = _python_dispatch._get_current_dispatch_mode() is not None
        if not isinstance(X, Tensor):
            return self._passes(X, y)
        kind = X.shape, X.stride(), X.dtype, y.shape, y.dtype
        if self._kind is None or kind != self._kind or watched:
            self._kind = self._kind or kind
            return self._passes(X, y)
        return self._way(X, y)

    def _note(self, X: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        with Noting(X, y) as noting:
            done = self._passes(X, y)
        parameters = [p for p in self._net.parameters() if p.grad is not None]
        notes = noting.notes(done, parameters)
        self._way = functools.partial(self._check, notes) if notes else self._passes
        return done

    def _check(self, notes: Notes, X: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        done = self._passes(X, y)
        found = [*done, *[parameter.grad for parameter in notes.parameters]]
        self._way = self._passes
        with contextlib.suppress(Exception):  # an operation that Python calls in another way
            pairs = zip(found, notes.compute(X, y), strict=True)
            if all(one is not None and torch.equal(one, other) for one, other in pairs):
                self._way = functools.partial(self._compute, notes)
        return done

    def _compute(self, notes: Notes, X: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        try:
            loss, y_hat, *gradients = notes.compute(X, y)
        except RuntimeError:  # such as too little memory: what is plain says more about it
            self._way = self._passes
            return self._passes(X, y)
        for parameter, gradient in zip(notes.parameters, gradients, strict=True):
            parameter.grad = gradient
        return loss, y_hat


class Notes:
    """The operations of a step, as a function of its batch.

    Args:
        graph: They, as a function of the batch and of the tensors that stay.
        stay: Tensors that are there before and after a step, such as weights.
        parameters: What gets the gradients.
    """

    def __init__(
        self, graph: fx.Graph, stay: Sequence[Tensor], parameters: Sequence[nn.Parameter]
    ) -> None:
        self.parameters = parameters
        self._stay = stay
        self._operations = fx.GraphModule({}, graph).forward

    @torch.no_grad()
    def compute(self, X: Tensor, y: Tensor) -> list[Tensor]:
        """Return the loss and the scores of the batch, then the gradient of each parameter."""
        results: list[Tensor] = self._operations(X, y, *self._stay)
        return results


class Noting(Watch):  # type: ignore[no-untyped-call]
    """A block whose operations are noted: those of a step for the batch (X, y)."""

    def __init__(self, X: Tensor, y: Tensor) -> None:
        super().__init__(X.device)
        self._graph = fx.Graph()
        # Held weakly: a gradient that somebody holds is copied before a parameter gets it.
        self._nodes = WeakIdKeyDictionary()  # tensor -> where it comes from
        self._stay: list[Tensor] = []
        self._stay_at: set[int] = set()  # places in memory
        self._made_at: set[int] = set()
        for name, tensor in (("X", X), ("y", y)):
            self._nodes[tensor] = self._last_given = self._graph.placeholder(name)
            self._made_at.add(_place(tensor))

    def see(
        self,
        func: Any,  # noqa: ANN401 # an operation; PyTorch has no public type for it
        args: tuple[Any, ...],
        named: dict[str, Any],
        result: Any,  # noqa: ANN401
    ) -> None:
        """Note ``func``, which has given ``result``."""
        super().see(func, args, named, result)
        if torch.Tag.nondeterministic_seeded in func.tags:
            self.replayable = False
        if self.replayable:
            try:
                self._write(func, args, named, result)
            except Exception:  # tensors of a kind that is not known here
                self.replayable = False

    def notes(
        self, done: tuple[Tensor, Tensor], parameters: Sequence[nn.Parameter]
    ) -> Notes | None:
        """Return the notes of the block; None if it cannot be done again by them.

        Args:
            done: What the block has computed: loss and scores.
            parameters: What it has computed the gradients of.
        """
        if not self.replayable:
            return None
        try:
            results = [*done, *[parameter.grad for parameter in parameters]]
            self._graph.output([self._nodes[tensor] for tensor in results])
            return Notes(self._graph, self._stay, parameters)
        except Exception:  # a result that no operation was seen to make
            return None

    def _write(
        self,
        func: Any,  # noqa: ANN401
        args: tuple[Any, ...],
        named: dict[str, Any],
        result: Any,  # noqa: ANN401
    ) -> None:
        node = self._graph.call_function(_direct(func), *tree_map(self._node, (args, named)))
        if any(_place(t) in self._stay_at for t in _written(func, args, named)):
            self.replayable = False  # done twice, it would count twice
        several = isinstance(result, tuple | list)
        for place, made in enumerate(result if several else [result]):
            if isinstance(made, tuple | list):
                self.replayable = False
            if isinstance(made, Tensor) and made not in self._nodes:
                self._nodes[made] = (
                    self._graph.call_function(operator.getitem, (node, place)) if several else node
                )
                self._made_at.add(_place(made))

    def _node(self, value: object) -> object:
        """Return where ``value`` comes from, if it is a tensor."""
        if not isinstance(value, Tensor):
            return value
        if value not in self._nodes:
            if _place(value) in self._made_at:  # made unseen
                self.replayable = False
            with self._graph.inserting_after(self._last_given):
                self._last_given = self._graph.placeholder(f"stays_{len(self._stay)}")
            self._nodes[value] = self._last_given
            self._stay.append(value)
            self._stay_at.add(_place(value))
        return self._nodes[value]


def _direct(func: Any) -> Callable[..., Any]:  # noqa: ANN401
    """Return the operation ``func`` as Python code calls it, if it can: started in half the time.

    PyTorch makes these functions and methods of the same list as the operations.
    """
    name = func._schema.name.removeprefix("aten::")
    function = getattr(torch._C._VariableFunctions, name, None)
    method: Callable[..., Any] | None = getattr(torch._C.TensorBase, name, None)
    return function or method or func


def _place(tensor: Tensor) -> int:
    """Return where the numbers of ``tensor``, or of what it is a view of, lie in memory."""
    return tensor.untyped_storage().data_ptr()


def _written(func: Any, args: tuple[Any, ...], named: dict[str, Any]) -> Iterator[Tensor]:  # noqa: ANN401
    """Yield the tensors that the operation ``func`` writes to."""
    arguments = func._schema.arguments
    given = dict(zip([argument.name for argument in arguments], args, strict=False)) | named
    writes = [a.name for a in arguments if a.alias_info is not None and a.alias_info.is_write]
    return tensors_in([given.get(name) for name in writes])
