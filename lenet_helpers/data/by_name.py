"""Other data sets of Fashion-MNIST's format by name: digits, hiragana, letters.

The addresses and their checksums are torchvision's. Sources of the data: LeCun, Cortes and
Burges, "The MNIST database of handwritten digits"; Clanuwat and others, "Deep Learning for
Classical Japanese Literature", 2018 (KMNIST, CC BY-SA 4.0); Cohen and others, "EMNIST: an extension
of MNIST to handwritten letters", 2017.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase, digits

import torch

from .batches import TensorBatches
from .fashion_mnist import FASHION, load_data_fashion_mnist
from .sets import IdxSet, read_set, serving

HIRAGANA = ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo")
MERGED = ascii_uppercase + "abdefghnqrt"  # small letters that do not look like their capitals
EMNIST = {  # split -> its classes
    "letters": ascii_lowercase,
    "balanced": digits + MERGED,
    "bymerge": digits + MERGED,
    "byclass": digits + ascii_uppercase + ascii_lowercase,
    "digits": digits,
    "mnist": digits,
}


@dataclass(frozen=True)
class EmnistSet(IdxSet):
    """One of the sets in EMNIST's archive."""

    def fetch(self, folder: Path) -> None:
        """Download the archive of all sets; it stays packed: unpacked it has 1.8 GB."""
        from torchvision.datasets import EMNIST
        from torchvision.datasets.utils import download_url

        download_url(EMNIST.url, str(folder / self.family / "raw"), "gzip.zip", EMNIST.md5)


def _emnist(split: str) -> EmnistSet:
    return EmnistSet(
        f"EMNIST {split}",
        "EMNIST",
        "560 MB, all EMNIST sets",
        tuple(EMNIST[split]),
        tuple(
            f"emnist-{split}-{part}-{kind}-ubyte"
            for part in ("train", "test")
            for kind in ("images-idx3", "labels-idx1")
        ),
        first_label=1 if split == "letters" else 0,
        transposed=True,
    )


SETS = (
    FASHION,
    IdxSet("MNIST", "MNIST", "12 MB", tuple(digits)),
    IdxSet("KMNIST", "KMNIST", "21 MB", HIRAGANA),
    *(_emnist(split) for split in EMNIST),
)


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
    known = {_plain(one.name): one for one in SETS}
    wanted = known.get(_plain(name))
    if wanted is None:
        names = ", ".join(repr(one.name) for one in SETS)
        raise ValueError(f"name={name!r}: it must be one of {names}.")
    options = serving(batch_size, resize, device)
    if wanted is FASHION:
        return load_data_fashion_mnist(
            batch_size, resize, root=root, device=device, download=download
        )
    train, test = read_set(wanted, root, may_download=download)
    options |= {"source": wanted.name, "classes": wanted.classes}
    return TensorBatches(*train, shuffle=True, **options), TensorBatches(*test, **options)


def _plain(name: str) -> str:
    """Return a name without what spellings differ in: "Fashion-MNIST" is "fashionmnist"."""
    return "".join(sign for sign in str(name).lower() if sign.isalnum())
