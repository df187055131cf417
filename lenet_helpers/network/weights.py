"""Carry a trained network from one notebook to the next: its weights, in the user's cache folder.

The weights know what they were trained on and how well, so that nobody takes them for others. The
notebook folder is left alone: it may be read-only, and a later update brings its own files.
"""

from __future__ import annotations

import io
import math
import pickle
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy

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

    @property
    def recorded(self) -> str | None:
        """Where and when it was recorded; None: it was computed here and now."""


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
        TypeError: ``net`` is no network.
        ValueError: ``name`` is no such word; or the weights are not worth it: of a run that was
            stopped, not all numbers, or of unknown sizes; or ``result`` is a recording. Older
            weights stay.
        OSError: the cache folder cannot be written; older weights stay.
    """
    _check_net(net)
    path = _path(name)
    if result is not None and result.stopped:
        raise ValueError(
            f"result is a run that was stopped in epoch {int(result.epochs) + 1}: its weights are "
            "half-trained and were not saved. Train again to the end, or leave result out to save "
            "them all the same."
        )
    if result is not None and result.recorded is not None:
        raise ValueError(
            "result is a recording: that run has not trained this network. Leave result out, or "
            "give what train_ch6 returned for it."
        )
    for key, value in net.state_dict().items():
        if is_lazy(value):
            raise ValueError(
                f"net has a lazy layer: {key!r} has no numbers before the first batch. Send one "
                "through, net(X), and save it then."
            )
        if isinstance(value, Tensor) and not bool(value.isfinite().all()):
            raise ValueError(
                f"net has weights that are NaN or infinite, {key!r}: they were not saved. Train "
                "again with a lower learning rate."
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
        TypeError: ``net`` is no network.
        ValueError: the file is damaged, or holds something else than weights of such a network;
            ``net`` is left as it was.
        OSError: the file cannot be read.
    """
    _check_net(net)
    path = _path(name)
    if not path.is_file():
        return None
    known, weights = _read(path, name)
    if source is not None and known.source is not None and known.source != source:
        say(f"The saved weights are not used: they were {known}, and here is {source}.")
        return None
    other = next(_differences(net.state_dict(), weights), None)
    if other is not None:
        raise ValueError(
            f"name={name!r}: {path} holds the weights of another network: {other}. Save this one's "
            f"with save_weights(net, {name!r}), or load into a network of the same layers."
        )
    net.load_state_dict(dict(weights))
    return known


def _check_net(net: object) -> None:
    if not isinstance(net, nn.Module):
        raise TypeError(f"net={net!r} is no network: give one that is made, such as LeNet().")


def _differences(wanted: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the weights ``found`` have, and those ``wanted`` have not, or the other way."""
    for key in [*wanted, *found]:
        if key not in found:
            yield f"there is no {key!r} in it"
        elif key not in wanted:
            yield f"its {key!r} is not in this one"
        elif not isinstance(wanted[key], Tensor):
            continue  # a module's get_extra_state: its own matter
        elif not isinstance(found[key], Tensor):
            yield f"its {key!r} is a {type(found[key]).__name__}, and no tensor"
        elif found[key].is_floating_point() != wanted[key].is_floating_point():
            yield f"its {key!r} has type {found[key].dtype}, and this one's {wanted[key].dtype}"
        elif not is_lazy(wanted[key]) and found[key].shape != wanted[key].shape:
            has, wants = tuple(found[key].shape), tuple(wanted[key].shape)
            yield f"its {key!r} has shape {has}, and this one's {wants}"


def _read(path: Path, name: str) -> tuple[Kept, Mapping[str, Any]]:
    fix = f"Save the weights anew, with save_weights(net, {name!r}), or delete the file."
    damaged = f"name={name!r}: {path} is damaged, or no file of weights (a whole model, perhaps)."
    content = path.read_bytes()  # one that may not be read is not damaged
    try:
        with warnings.catch_warnings(action="ignore"):  # what is wrong is said below
            # weights_only: a file from elsewhere may hold programs, which a plain load would run
            saved = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except (RuntimeError, ValueError, EOFError, OSError, pickle.UnpicklingError) as error:
        raise ValueError(f"{damaged} {fix}") from error
    if not isinstance(saved, Mapping):
        raise ValueError(f"name={name!r}: {path} holds a {type(saved).__name__}. {fix}")
    told = saved.get("format")
    if told == FORMAT:
        try:
            return Kept(**saved["known"]), {**saved["weights"]}
        except (KeyError, TypeError) as error:
            raise ValueError(f"{damaged} {fix}") from error
    if isinstance(told, str) and told.startswith(FORMAT.rpartition(" ")[0]):
        raise ValueError(
            f"name={name!r}: {path} has the format {told!r}, and this version of lenet_helpers "
            f"reads {FORMAT!r}. Update the series, or save the weights anew."
        )
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
