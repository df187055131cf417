"""Carry a trained network from one notebook to the next: its weights, in the user's cache folder.

The weights know what they were trained on and how well, so that nobody takes them for others. The
notebook folder is left alone: it may be read-only, and a later update brings its own files.
"""

from __future__ import annotations

import io
import math
import pickle
import warnings
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import nn

from ..prose import readable, say
from ..storage import cache_folder, write_whole

FORMAT = "lenet_helpers weights 1"


class Trained(Protocol):
    """What is asked of the record of a run: ``TrainingResult`` has it."""

    @property
    def source(self) -> str | None:
        """Where the pictures came from."""

    @property
    def epochs(self) -> float:
        """How many epochs were computed."""

    @property
    def test_acc(self) -> float:
        """The last test accuracy, a rate; NaN if there is none."""

    @property
    def stopped(self) -> bool:
        """Whether somebody stopped the run before its end."""


@dataclass(frozen=True)
class Kept:
    """What saved weights say of themselves; it shows itself as a line of words.

    Args:
        source: What they were trained on; None: not known.
        epochs: For how many epochs; None: not known.
        test_acc: The share of the test set that was right then; None: not measured.
        saved: The day on which they were saved.
    """

    source: str | None
    epochs: float | None
    test_acc: float | None
    saved: str

    def __str__(self) -> str:
        told = [f"trained on {self.source}" if self.source else "trained on unknown data"]
        if self.epochs is not None:
            told.append(f"for {self.epochs:g} epoch{'' if self.epochs == 1 else 's'}")
        measured = "" if self.test_acc is None else f", test accuracy {self.test_acc:.3f}"
        return readable(f"{' '.join(told)}{measured}, saved on {self.saved}")

    __repr__ = __str__


def save_weights(net: nn.Module, name: str = "lenet", result: Trained | None = None) -> Path:
    """Write the weights of ``net`` under ``name`` and return the file's path.

    Args:
        net: The network.
        name: A word of letters, digits and underscores.
        result: The record of the run that trained it: kept beside the weights.

    Raises:
        ValueError: ``name`` is no such word, or the run was stopped; older weights stay.
        OSError: the cache folder cannot be written; older weights stay.
    """
    path = _path(name)
    if result is not None and result.stopped:
        raise ValueError(
            f"result is a run that was stopped in epoch {int(result.epochs) + 1}: its weights are "
            "half-trained and were not saved. Train again to the end, or leave result out to save "
            "them all the same."
        )
    known = Kept(None, None, None, date.today().isoformat())
    if result is not None:
        test_acc = None if math.isnan(result.test_acc) else result.test_acc
        known = Kept(result.source, result.epochs, test_acc, known.saved)
    written = io.BytesIO()
    torch.save({"format": FORMAT, "known": asdict(known), "weights": net.state_dict()}, written)
    write_whole(path, written.getvalue())
    return path


def load_weights(net: nn.Module, name: str = "lenet", *, source: str | None = None) -> Kept | None:
    """Give ``net`` the weights saved under ``name``, and return what is known of them.

    Returns None, and leaves ``net`` as it was, if there are none, or none for ``source``.

    Args:
        net: A network of the same layers as the one that was saved.
        name: The name that they were saved under.
        source: The data that they are wanted for, ``train_iter.source``; None: any.

    Raises:
        ValueError: the file is damaged, or holds something else than weights of such a network;
            ``net`` is left as it was.
    """
    path = _path(name)
    if not path.is_file():
        return None
    known, weights = _read(path, name)
    if source is not None and known.source is not None and known.source != source:
        say(f"The saved weights are not used: they were {known}, and here is {source}.")
        return None
    wanted = {key: tuple(value.shape) for key, value in net.state_dict().items()}
    found = {key: tuple(getattr(value, "shape", ())) for key, value in weights.items()}
    if found != wanted:
        raise ValueError(
            f"name={name!r}: {path} holds the weights of another network. Save this one's with "
            f"save_weights(net, {name!r}), or load into a network of the same layers."
        )
    net.load_state_dict(dict(weights))
    return known


def _read(path: Path, name: str) -> tuple[Kept, Mapping[str, Any]]:
    fix = f"Save the weights anew, with save_weights(net, {name!r}), or delete the file."
    try:
        with warnings.catch_warnings(action="ignore"):  # what is wrong is said below
            # weights_only: a file from elsewhere may hold programs, which a plain load would run
            saved = torch.load(path, map_location="cpu", weights_only=True)
    except (RuntimeError, ValueError, EOFError, OSError, pickle.UnpicklingError) as error:
        raise ValueError(
            f"name={name!r}: {path} is damaged, or no file of weights (a whole model, perhaps). "
            f"{fix}"
        ) from error
    if not isinstance(saved, Mapping):
        raise ValueError(f"name={name!r}: {path} holds a {type(saved).__name__}. {fix}")
    if saved.get("format") == FORMAT:
        return Kept(**saved["known"]), saved["weights"]
    for key in ("state_dict", "model_state_dict", "model", "weights"):  # a checkpoint of others
        if isinstance(saved.get(key), Mapping):
            saved = saved[key]
            break
    day = date.fromtimestamp(path.stat().st_mtime).isoformat()
    return Kept(None, None, None, day), saved


def _path(name: str) -> Path:
    if not name.isidentifier():
        raise ValueError(f"name={name!r}: give a word of letters, digits and underscores.")
    return cache_folder() / f"{name}.pt"
