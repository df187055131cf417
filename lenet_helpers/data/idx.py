"""IDX: the file format of MNIST, and of the sets that were made in its likeness.

Two zero bytes, the type (8: unsigned bytes), the number of sides, each side in four bytes with the
highest first, then the bytes themselves. Mostly the file is packed with gzip.
"""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from importlib.resources.abc import Traversable
from zipfile import BadZipFile

import torch
from torch import Tensor

MOST_ROOM = 1 << 26  # bytes: a damaged file may state any size
GZIP = b"\x1f\x8b"  # how a packed file begins, whatever its name: browsers unpack and keep ".gz"
DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile, BadZipFile)


class DataFileError(ValueError):
    """A data file is damaged, or is not what its name says."""


def read_content(path: Traversable) -> bytes:
    """Return the bytes of a file, unpacked; gzip keeps a checksum, so they are whole.

    Raises:
        DataFileError: the file is packed, and damaged or cut short.
    """
    try:
        content = path.read_bytes()
        return _unpacked(content) if content.startswith(GZIP) else content
    except DAMAGED as error:
        raise DataFileError(f"{path} is damaged or cut short: {error}. {_anew(path)}") from error


def parse_idx(content: bytes, path: Traversable) -> Tensor:
    """Return the content of an IDX file as a uint8 tensor of the shape that it states.

    Args:
        content: What the file holds, unpacked.
        path: The file, for errors.

    Raises:
        DataFileError: it is cut short, or not IDX.
    """
    sides = content[3] if len(content) > 3 else 0
    start = 4 + 4 * sides
    if content[:3] != b"\x00\x00\x08" or not 1 <= sides <= 3 or len(content) < start:
        raise DataFileError(
            f"{path} is not an IDX file of bytes: it begins {content[:4]!r}. Put the file of that "
            "name from the data set in its place."
        )
    shape = list(struct.unpack_from(f">{sides}i", content, 4))
    if len(content) - start != math.prod(shape):
        raise DataFileError(
            f"{path} is damaged or cut short: it states {shape} = {math.prod(shape):,} bytes and "
            f"holds {len(content) - start:,}. {_anew(path)}"
        )
    # Of a bytearray: a tensor may be written to.
    return torch.frombuffer(bytearray(content), dtype=torch.uint8)[start:].reshape(shape)


def _unpacked(packed: bytes) -> bytes:
    """Return what the gzip file ``packed`` holds.

    The file ends with the size of its content. With room for that from the start, nothing is moved
    while it grows, and threads that load something else are not waited for so often.
    """
    size = int.from_bytes(packed[-4:], "little")
    content = zlib.decompress(packed, 16 + zlib.MAX_WBITS, min(size, MOST_ROOM))
    return content if len(content) == size else gzip.decompress(packed)  # packed in several parts


def _anew(path: Traversable) -> str:
    return f"Delete {path} and load again, or copy it anew."
