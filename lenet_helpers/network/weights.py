"""Carry a trained network from one notebook to the next: its weights, in the user's cache folder.

The notebook folder is left alone: it may be read-only, and a later update brings its own files.
"""

from __future__ import annotations

import io
from pathlib import Path

import torch
from torch import nn

from ..storage import cache_folder, write_whole


def save_weights(net: nn.Module, name: str = "lenet") -> Path:
    """Write the weights of ``net`` under ``name`` and return the file's path.

    Raises:
        ValueError: ``name`` is no plain file name.
        OSError: the cache folder cannot be written.
    """
    path = _path(name)
    written = io.BytesIO()
    torch.save(net.state_dict(), written)
    write_whole(path, written.getvalue())
    return path


def load_weights(net: nn.Module, name: str = "lenet") -> bool:
    """Give ``net`` the weights saved under ``name``; return False if there are none.

    Raises:
        ValueError: the saved weights are those of another network; ``net`` is left as it was.
    """
    path = _path(name)
    if not path.is_file():
        return False
    saved = torch.load(path, map_location="cpu", weights_only=True)
    wanted = {key: tuple(value.shape) for key, value in net.state_dict().items()}
    if {key: tuple(value.shape) for key, value in saved.items()} != wanted:
        raise ValueError(
            f"name={name!r}: {path} holds the weights of another network. Save this one's with "
            f"save_weights(net, {name!r}), or load into a network of the same layers."
        )
    net.load_state_dict(saved)
    return True


def _path(name: str) -> Path:
    if not name.isidentifier():
        raise ValueError(f"name={name!r}: give a word of letters, digits and underscores.")
    return cache_folder() / f"{name}.pt"
