"""Fashion-MNIST: find its files, or download them, or draw a stand-in and say so.

70,000 grey pictures of 28x28 pixels, ten classes of clothing: 60,000 to train, 10,000 to test.
The files, their checksums and their download address are ``torchvision.datasets.FashionMNIST``'s.

Source of the data: Xiao, Rasul, Vollgraf, "Fashion-MNIST", 2017 (arXiv:1708.07747), MIT licence.
"""

from __future__ import annotations

import gzip
import http.client
import math
import os
import shutil
import socket
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from ..checks import pair, whole_number
from ..devices import find_device
from ..prose import say
from ..storage import cache_folder
from .batches import TensorBatches, check_labels
from .source import FASHION_MNIST, STAND_IN
from .stand_in import draw_garments

LABELS = (
    "t-shirt",
    "trouser",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
)
DATA_DIR_VARIABLE = "LENET_DATA_DIR"
NAMES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
SILENCE = 20.0  # seconds without a byte after which a download counts as cut off
STALE = 3600.0  # seconds after which another process's unfinished download counts as abandoned

Split = tuple[Tensor, Tensor]  # images uint8 (N, 28, 28), labels int64 (N,)
_warned: set[str] = set()


class DataFileError(ValueError):
    """A data file is damaged, or is not what its name says."""


def get_fashion_mnist_labels(labels: Tensor | Sequence[int]) -> list[str]:
    """Return the class name of each label: 0 is "t-shirt", 9 is "ankle boot".

    Raises:
        TypeError, ValueError: a label that is no whole number from 0 to 9.
    """
    numbers = torch.as_tensor(labels)
    check_labels(numbers)
    return [LABELS[int(number)] for number in numbers]


def load_data_fashion_mnist(
    batch_size: int,
    resize: int | tuple[int, int] | None = None,
    *,
    root: str | Path | None = None,
    device: torch.device | str | None = None,
    source: Literal["auto", "Fashion-MNIST", "drawn stand-in"] = "auto",
    download: bool = True,
) -> tuple[TensorBatches, TensorBatches]:
    """Return the training batches (shuffled) and the test batches (in order).

    The whole set is loaded into memory on ``device`` once, as bytes; a batch is X float32
    (N, 1, 28, 28) in [0, 1] and y int64 (N,).

    Args:
        batch_size: Examples a batch, at least 1.
        resize: Side, or (height, width), to resize the pictures to.
        root: The folder of the files: torchvision's layout (``FashionMNIST/raw`` in it), or a
            plain folder with the four ``.gz`` files. None: the environment variable
            LENET_DATA_DIR, else the user's cache folder. A read-only folder will do.
        device: Where the data lives. None: the best device present.
        source: "Fashion-MNIST" or "drawn stand-in" by name, or "auto": the real files, from
            ``root`` or downloaded, and only where neither can be had the stand-in, with a warning.
        download: Whether the files may be downloaded (30 MB) when they are not there.

    Raises:
        DataFileError: a file is damaged; the message names it and says what to do.
        OSError: ``root`` cannot be read or written.
        FileNotFoundError: source="Fashion-MNIST", and no files, and no download.
        TypeError, ValueError: another argument that names itself.
    """
    batch_size = whole_number("batch_size", batch_size, minimum=1, fix="256 is the textbook's.")
    resize = None if resize is None else pair("resize", resize, minimum=1)
    where = find_device(device)
    if source not in ("auto", FASHION_MNIST, STAND_IN):
        raise ValueError(
            f"source={source!r}: it must be 'auto', {FASHION_MNIST!r} or {STAND_IN!r}."
        )
    found = None
    if source != STAND_IN:
        found = _real(root, download=download, required=source == FASHION_MNIST)
    train, test = found or _drawn()
    name = FASHION_MNIST if found else STAND_IN
    return (
        TensorBatches(*train, batch_size, shuffle=True, resize=resize, device=where, source=name),
        TensorBatches(*test, batch_size, resize=resize, device=where, source=name),
    )


def data_folder(root: str | Path | None = None) -> Path:
    """Return the folder that holds the data: ``root``, else LENET_DATA_DIR, else the cache."""
    if root is not None:
        return Path(root).expanduser().absolute()
    named = os.environ.get(DATA_DIR_VARIABLE)
    if named:
        return Path(named).expanduser().absolute()
    return cache_folder()


def _drawn() -> tuple[Split, Split]:
    return draw_garments(60_000, seed=0), draw_garments(10_000, seed=1)


def _real(root: str | Path | None, *, download: bool, required: bool) -> tuple[Split, Split] | None:
    """Return the real data; None, after a warning, where it cannot be had and is not required."""
    folder = data_folder(root)
    setting = "root" if root is not None else DATA_DIR_VARIABLE
    reason = "downloading is switched off (download=False)"
    try:
        files = _find(folder)
        if files is None and download:
            reason = _download(folder)
            files = _find(folder)
    except OSError as error:
        reason = f"the folder cannot be used ({_last_line(error)})"
        files = None
        if folder != cache_folder():  # somebody chose it: tell them, rather than pass it over
            raise type(error)(
                f"{setting}={str(folder)!r} cannot be used: {_last_line(error)}. Give a folder "
                "that you may read, and write to if the files are still to be downloaded."
            ) from error
    if files is not None:
        with ThreadPoolExecutor() as pool:  # unpacking lets other threads run
            images, labels, test_images, test_labels = pool.map(read_idx, files)
        return _checked(images, labels, files[0]), _checked(test_images, test_labels, files[2])
    advice = (
        f"Looked for the files in {folder}; {reason}. To use the real Fashion-MNIST, download its "
        f"four .gz files on any machine, put them in one folder, and set {DATA_DIR_VARIABLE} (or "
        "root=...) to that folder."
    )
    if required:
        raise FileNotFoundError(f"source={FASHION_MNIST!r} is not to be had. {advice}")
    _warn_once(advice)
    return None


def _warn_once(advice: str) -> None:
    if advice in _warned:
        return
    _warned.add(advice)
    rule = "=" * 88
    print(
        f"{rule}\nTHIS IS NOT FASHION-MNIST. The pictures are a {STAND_IN}: generated "
        "shapes, no photographs.\nNumbers made with them say nothing about real clothes.\n"
        f"{advice}\n{rule}",
        file=sys.stderr,
        flush=True,
    )


def _last_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1].rstrip(".") if lines else type(error).__name__


def _find(folder: Path) -> list[Path] | None:
    """Return the four files in ``folder``, unpacked or packed, or None if they are not all there.

    Raises:
        OSError: ``folder`` is there, but may not be read.
    """
    for place in (folder / "FashionMNIST" / "raw", folder):
        if not place.is_dir():
            continue
        present = {path.name for path in place.iterdir()}
        files = [
            place / next((n for n in (name, f"{name}.gz") if n in present), "") for name in NAMES
        ]
        if all(path != place for path in files):
            return files
    return None


def read_idx(path: Path) -> Tensor:
    """Return the bytes of an IDX file, plain or ``.gz``, as a uint8 tensor of the shape it states.

    A ``.gz`` file of Fashion-MNIST is held against torchvision's checksum first.

    Raises:
        DataFileError: the file is damaged, cut short, or not IDX.
    """
    from torchvision.datasets import FashionMNIST
    from torchvision.datasets.utils import check_integrity

    fix = f"Delete {path} and load again, or copy it anew."
    if path.suffix == ".gz":
        checksum = dict(FashionMNIST.resources).get(path.name)
        if checksum is not None and not check_integrity(str(path), checksum):
            raise DataFileError(
                f"{path} is damaged or cut short: its MD5 sum is not {checksum}. {fix}"
            )
    try:
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataFileError(f"{path} is damaged or cut short: {error}. {fix}") from error
    # IDX: two zero bytes, the type (8: unsigned byte), the number of sides, then each side.
    sides = raw[3] if len(raw) > 3 else 0
    start = 4 + 4 * sides
    if raw[:3] != b"\x00\x00\x08" or not 1 <= sides <= 3 or len(raw) < start:
        raise DataFileError(f"{path} is not an IDX file of bytes: it begins {raw[:4]!r}. {fix}")
    shape = [int(side) for side in np.frombuffer(raw, ">i4", count=sides, offset=4)]
    if len(raw) - start != math.prod(shape):
        raise DataFileError(
            f"{path} is damaged or cut short: it states {shape} = {math.prod(shape):,} bytes and "
            f"holds {len(raw) - start:,}. {fix}"
        )
    return torch.from_numpy(np.frombuffer(raw, np.uint8, offset=start).copy()).reshape(shape)


def _checked(images: Tensor, labels: Tensor, path: Path) -> Split:
    if images.ndim != 3 or tuple(images.shape[1:]) != (28, 28) or len(images) != len(labels):
        raise DataFileError(
            f"{path} holds pictures of shape {tuple(images.shape)} with labels of shape "
            f"{tuple(labels.shape)}: Fashion-MNIST has (N, 28, 28) with (N,). Copy the files anew."
        )
    try:
        check_labels(labels)
    except ValueError as error:
        raise DataFileError(f"The labels beside {path} are damaged: {error}") from error
    return images, labels.long()


def _download(folder: Path) -> str:
    """Download the files with torchvision, and move them into place when they are whole.

    Each process downloads into a folder of its own; the move of a file is one step. So a download
    cut off leaves nothing behind that looks like data, and two at once do not meet.

    Returns:
        Why the download failed, or "" if it did not.

    Raises:
        OSError: ``folder`` may not be written.
    """
    from torchvision.datasets import FashionMNIST

    raw = folder / "FashionMNIST" / "raw"
    raw.mkdir(parents=True, exist_ok=True)
    for old in folder.glob(".unfinished-*"):
        if time.time() - old.stat().st_mtime > STALE:
            shutil.rmtree(old, ignore_errors=True)
    private = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=folder))
    say(f"Downloading Fashion-MNIST (30 MB) to {folder} ...")
    try:
        with _silence_limit(SILENCE):
            FashionMNIST(str(private), download=True)
        for file in (*NAMES, *(f"{name}.gz" for name in NAMES)):
            (private / "FashionMNIST" / "raw" / file).replace(raw / file)
    except (OSError, RuntimeError, http.client.HTTPException) as error:
        return f"the download failed ({_last_line(error)})"
    finally:
        shutil.rmtree(private, ignore_errors=True)
    return ""


@contextmanager
def _silence_limit(seconds: float) -> Iterator[None]:
    # torchvision gives its connections no time limit: one that is silent would wait for ever.
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)
