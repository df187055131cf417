"""Other data sets of Fashion-MNIST's format by name: digits, hiragana, letters.

The addresses, checksums and class names are torchvision's. Sources of the data: LeCun, Cortes and
Burges, "The MNIST database of handwritten digits"; Clanuwat and others, "Deep Learning for
Classical Japanese Literature", 2018 (KMNIST, CC BY-SA 4.0); Cohen and others, "EMNIST: an extension
of MNIST to handwritten letters", 2017.
"""

from __future__ import annotations

from pathlib import Path

import torch

from .batches import TensorBatches
from .fashion_mnist import load_data_fashion_mnist
from .sets import IdxSet, read_set, serving

SPLITS = ("letters", "balanced", "byclass", "bymerge", "digits", "mnist")  # of EMNIST
KNOWN = ("FashionMNIST", "MNIST", "KMNIST", *(f"EMNIST {split}" for split in SPLITS))


def load_data(
    name: str,
    batch_size: int,
    resize: int | tuple[int, int] | None = None,
    *,
    root: str | Path | None = None,
    device: torch.device | str | None = None,
    download: bool = True,
) -> tuple[TensorBatches, TensorBatches]:
    """Return the training batches (shuffled) and the test batches (in order) of a data set.

    They are as those of :func:`load_data_fashion_mnist`; ``train_iter.classes`` has the names of
    the classes, for example for ``lenet_viewer(..., classes=train_iter.classes)``.

    Args:
        name: The data set:

            - "MNIST": digits. 60,000 pictures to train and 10,000 to test, as in the next two.
            - "KMNIST": ten hiragana signs in old handwriting.
            - "FashionMNIST": clothes. It has a drawn stand-in, the others have none.
            - "EMNIST letters" (26 classes, both cases of a letter in one), "EMNIST balanced" and
              "EMNIST bymerge" (47: digits and letters, where the cases look alike in one), "EMNIST
              byclass" (62), "EMNIST digits" and "EMNIST mnist" (10). EMNIST is turned upright, and
              its letters are counted from 0, as in all sets: "a" is 0, not 1 as in its files.
        batch_size: Examples a batch, at least 1.
        resize: Side, or (height, width), to resize the pictures to.
        root: The folder of the four files, packed or not; or torchvision's, for example
            ``MNIST/raw``, or a folder around it; for EMNIST also its ``gzip.zip``. None: the
            environment variable LENET_DATA_DIR, else the user's cache folder.
        device: Where the data lives. None: the best device present.
        download: Whether the files may be downloaded when they are not there: 12 MB (MNIST), 21 MB
            (KMNIST), 30 MB (FashionMNIST), 560 MB (EMNIST, all of its sets in one archive).

    Raises:
        DataFileError: a file is damaged, or another data set's; the message names it. Unpacked
            files of KMNIST and EMNIST cannot be told from others of their size and names.
        OSError: ``root`` cannot be read or written.
        FileNotFoundError: no files, and no download; the message says what was seen.
        TypeError, ValueError: another argument that names itself.
    """
    known = {_plain(one): one for one in KNOWN}
    plain = _plain(name) if isinstance(name, str) else ""
    if plain not in known:
        raise ValueError(f"name={name!r}: it must be one of {', '.join(map(repr, KNOWN))}.")
    options = serving(batch_size, resize, device)
    if known[plain] == "FashionMNIST":
        return load_data_fashion_mnist(
            batch_size, resize, root=root, device=device, download=download
        )
    wanted = _described(known[plain])
    train, test = read_set(wanted, root, may_download=download)
    options |= {"source": wanted.name, "classes": wanted.classes}
    return TensorBatches(*train, shuffle=True, **options), TensorBatches(*test, **options)


def _plain(name: str) -> str:
    return "".join(sign for sign in name.lower() if sign.isalnum())


class _Emnist(IdxSet):
    """One of the sets in EMNIST's archive."""

    def fetch(self, folder: Path) -> None:
        # torchvision's EMNIST would unpack all six sets: 1.8 GB. We read from the archive.
        from torchvision.datasets import EMNIST
        from torchvision.datasets.utils import download_url

        download_url(EMNIST.url, str(folder / self.family / "raw"), "gzip.zip", EMNIST.md5)


def _described(name: str) -> IdxSet:
    from torchvision import datasets

    family, _, split = name.partition(" ")
    if split:
        signs = datasets.EMNIST.classes_split_dict[split]
        kinds = ("images-idx3", "labels-idx1")
        files = [
            f"emnist-{split}-{part}-{kind}-ubyte" for part in ("train", "test") for kind in kinds
        ]
        return _Emnist(
            name,
            family,
            "560 MB",
            tuple(sign for sign in signs if sign != "N/A"),
            tuple(files),
            first_label=signs.count("N/A"),  # letters are 1 to 26 in the files: there is no class 0
            transposed=True,
        )
    classes = tuple(sign.split(" - ")[0] for sign in getattr(datasets, name).classes)  # "0 - zero"
    return IdxSet(name, family, {"MNIST": "12 MB", "KMNIST": "21 MB"}[name], classes)
