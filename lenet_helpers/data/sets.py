"""A data set of four IDX files: found or downloaded, read, and checked for being what it should."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from ..checks import pair, whole_number
from ..devices import find_device
from ..loading import collection_paused
from ..storage import cache_folder
from .downloading import download, last_line
from .finding import DATA_DIR_VARIABLE, Found, data_folder, find, told
from .idx import DataFileError, parse_idx, read_content

NAMES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
# Set -> the MD5 sums of its files NAMES when they are unpacked: gunzip, then md5sum. torchvision
# has those of the packed files, which are others when somebody has packed them again. Fashion-
# MNIST's were made from the four files that have torchvision's sums; MNIST's from a copy with the
# known class sizes (5,923 zeros among the 60,000). Of the other sets there were no files to sum.
CONTENT = {
    "Fashion-MNIST": (
        "f4a8712d7a061bf5bd6d2ca38dc4d50a",
        "9018921c3c673c538a1fc5bad174d6f9",
        "8181f5470baa50b63fa0f6fddb340f0a",
        "15d484375f8d13e6eb1aabb0c3f46965",
    ),
    "MNIST": (
        "6bbc9ace898e44ae57da46a324031adb",
        "a25bea736e30d166cdddb491f175f624",
        "2646ac647ad5339dbf082846283269ea",
        "27ae3e4e09519cfbb04c329615203637",
    ),
}
Split = tuple[Tensor, Tensor]  # images uint8 (N, 28, 28), labels int64 (N,)


class MissingDataError(FileNotFoundError):
    """The files of a data set are neither there nor to be downloaded."""


@dataclass(frozen=True)
class IdxSet:
    """What is to be known of a data set.

    Attributes:
        name: What messages, batches and results call it, "Fashion-MNIST".
        family: The folder that torchvision makes for it, "FashionMNIST".
        size: How much is downloaded, "30 MB".
        classes: The name of each class.
        files: Training images and labels, test images and labels, all without ".gz".
        first_label: What the files call the first class; in our batches it is 0.
        transposed: Whether the files have the columns of a picture as its rows.
    """

    name: str
    family: str
    size: str
    classes: tuple[str, ...]
    files: tuple[str, ...] = NAMES
    first_label: int = 0
    transposed: bool = False

    def fetch(self, folder: Path) -> None:
        """Download the files to ``family/raw`` in ``folder``, with torchvision."""
        from torchvision import datasets

        getattr(datasets, self.family)(str(folder), download=True)


def serving(
    batch_size: int, resize: int | tuple[int, int] | None, device: torch.device | str | None
) -> dict[str, Any]:
    """Return these arguments of ``TensorBatches``, checked before anything is loaded.

    Raises:
        TypeError, ValueError: an argument that names itself.
    """
    return {
        "batch_size": whole_number(
            "batch_size", batch_size, minimum=1, fix="256 is the textbook's."
        ),
        "resize": None if resize is None else pair("resize", resize, minimum=1),
        "device": find_device(device),
    }


def read_set(wanted: IdxSet, root: str | Path | None, *, may_download: bool) -> tuple[Split, Split]:
    """Return the training set and the test set.

    Raises:
        DataFileError: a file is damaged, or another data set's; the message names it.
        MissingDataError: the files are not to be had; the message says what was seen.
        OSError: ``root`` cannot be read or written.
    """
    found = _files(wanted, root, may_download=may_download)
    files = [found[name] for name in wanted.files]
    with ThreadPoolExecutor() as pool:  # unpacking and summing let other threads run
        read = pool.map(_read, [wanted] * 4, range(4), files)
        # Who loads pictures will draw: what that needs is loaded while this thread would only wait.
        with collection_paused():
            from ..show import animator  # noqa: F401

        images, labels, test_images, test_labels = read
    return (
        _split(wanted, images, labels, files[0]),
        _split(wanted, test_images, test_labels, files[2]),
    )


def _files(wanted: IdxSet, root: str | Path | None, *, may_download: bool) -> Found:
    """Return all files of ``wanted``, downloaded if need be."""
    folder = data_folder(root)
    reason = "downloading is switched off (download=False)"
    seen = ""
    try:
        found = find(folder, wanted.family, wanted.files)
        if len(found) == len(wanted.files):
            return found
        seen = told(folder, found, wanted.files)
        if may_download:
            what = f"{wanted.name} ({wanted.size})"
            reason = download(what, folder, wanted.family, wanted.fetch)
            if not reason:
                return find(folder, wanted.family, wanted.files)
    except OSError as error:
        reason = f"the folder cannot be used ({last_line(error)})"
        if folder != cache_folder():  # somebody chose it: tell them, rather than pass it over
            setting = "root" if root is not None else DATA_DIR_VARIABLE
            looked = f" Looked for {wanted.name} there: {seen}." if seen else ""
            raise type(error)(
                f"{setting}={str(folder)!r} cannot be used: {last_line(error)}.{looked} Give a "
                "folder that you may read, and write to if files are still to be downloaded."
            ) from error
    raise MissingDataError(
        f"{wanted.name} is not to be had. Looked in {folder}: {seen or reason}. "
        f"{reason[0].upper()}{reason[1:]}. Download its files on any machine, "
        f"put them in one folder, and set {DATA_DIR_VARIABLE} (or root=...) to it."
    )


def _read(wanted: IdxSet, number: int, path: Traversable) -> Tensor:
    """Return the file ``wanted.files[number]`` as a tensor, if ``path`` holds what it should."""
    digest = hashlib.md5(usedforsecurity=False)
    tensor = parse_idx(read_content(path, digest.update), path)
    md5 = digest.hexdigest()
    known = {
        summed: (name, file)
        for name, sums in CONTENT.items()
        for file, summed in zip(NAMES, sums, strict=True)
    }
    whose = known.get(md5)
    if whose == (wanted.name, wanted.files[number]) or (not whose and wanted.name not in CONTENT):
        return tensor
    raise DataFileError(_refusal(wanted, wanted.files[number], path, md5, whose or _packed(path)))


def _refusal(
    wanted: IdxSet, name: str, path: Traversable, md5: str, whose: tuple[str, str] | None
) -> str:
    """Return why the whole file ``path`` is not taken for the file ``name`` of ``wanted``."""
    if whose is None:
        return (
            f"{path} is whole, but it is not {name} of {wanted.name}: its content has the MD5 sum "
            f"{md5}. It belongs to another data set, or somebody has changed it. Name the folder "
            "of the right files with root=...; pictures of your own go into TensorBatches(images, "
            "labels, batch_size)."
        )
    other, file = whose
    fix = (
        "The names are mixed up: give each file its own."
        if other == wanted.name
        else f'load_data("{other}", ...) loads it. For {wanted.name} name another folder with '
        "root=..., or move these files to a folder of their own."
    )
    return f"{path} holds {file} of {other}: it should hold {name} of {wanted.name}. {fix}"


def _packed(path: Traversable) -> tuple[str, str] | None:
    """Return whose file ``path`` is, by torchvision's sums of packed files; None: not known."""
    from torchvision.datasets import KMNIST  # of the sets with these names the only one not summed

    md5 = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
    files = {known: file.removesuffix(".gz") for file, known in KMNIST.resources}
    return ("KMNIST", files[md5]) if md5 in files else None


def _split(wanted: IdxSet, images: Tensor, labels: Tensor, path: Traversable) -> Split:
    """Return pictures and labels as our batches have them."""
    number = len(images)
    if images.shape != (number, 28, 28) or labels.shape != (number,) or number == 0:
        raise DataFileError(
            f"{path} holds pictures of shape {tuple(images.shape)} with labels of shape "
            f"{tuple(labels.shape)}: {wanted.name} has (N, 28, 28) with (N,). Copy the files anew."
        )
    first, last = wanted.first_label, wanted.first_label + len(wanted.classes) - 1
    low, high = (int(bound) for bound in torch.aminmax(labels))
    if low < first or high > last:
        raise DataFileError(
            f"The labels beside {path} run from {low} to {high}: those of {wanted.name} run from "
            f"{first} to {last}. Copy the files anew."
        )
    return (images.mT.contiguous() if wanted.transposed else images), labels.long() - first
