"""IDX: the file format of MNIST, and of the sets that were made in its likeness.

Two zero bytes, the type (8: unsigned bytes), the number of sides, each side in four bytes with the
highest first, then the bytes themselves. Mostly the file is packed with gzip.
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.resources.abc import Traversable
from zipfile import BadZipFile

import torch
from torch import Tensor

MOST_ROOM = 1 << 26  # bytes: a damaged file may state any size
PART = 1 << 18  # bytes of a packed file that are unpacked at a time
WHOLE = 16 + zlib.MAX_WBITS  # tells zlib to expect gzip's head and checksum
GZIP = b"\x1f\x8b"  # how a packed file begins, whatever its name: browsers unpack and keep ".gz"
DAMAGED = (EOFError, zlib.error, BadZipFile)


class DataFileError(ValueError):
    """A data file is damaged, or is not what its name says."""


def read_content(
    path: Traversable, see: Callable[[bytes], object] = lambda part: None
) -> bytearray:
    """Return the bytes of a file, unpacked; gzip keeps a checksum, so they are whole.

    Args:
        path: The file.
        see: Is called with each part of the content, in order, beside the unpacking of the next.

    Raises:
        DataFileError: the file is packed, and damaged or cut short.
    """
    try:
        content = path.read_bytes()
        if content.startswith(GZIP):
            return _unpacked(content, see)
    except DAMAGED as error:
        raise DataFileError(f"{path} is damaged or cut short: {error}. {_anew(path)}") from error
    see(content)
    return bytearray(content)


def parse_idx(content: bytearray, path: Traversable) -> Tensor:
    """Return the content of an IDX file as a uint8 tensor of the shape that it states.

    Args:
        content: What the file holds, unpacked; the tensor lies in its memory.
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
    return torch.frombuffer(content, dtype=torch.uint8)[start:].reshape(shape)


def _unpacked(packed: bytes, see: Callable[[bytes], object]) -> bytearray:
    """Return what the gzip file ``packed`` holds.

    The file ends with the size of its content. With room for that from the start, nothing is moved
    while it grows, and threads that load something else are not waited for so often.
    """
    content = bytearray(min(int.from_bytes(packed[-4:], "little"), MOST_ROOM))
    filled = 0
    with ThreadPoolExecutor(1) as beside:
        for part in _parts(packed):
            content[filled : filled + len(part)] = part
            filled += len(part)
            beside.submit(see, part)
    del content[filled:]
    return content


def _parts(packed: bytes) -> Iterator[bytes]:
    """Yield the content of a gzip file, part by part.

    Raises:
        EOFError, zlib.error: the file is cut short, or damaged.
    """
    unpacker = zlib.decompressobj(WHOLE)
    for start in range(0, len(packed), PART):
        more = packed[start : start + PART]
        # Files packed one by one may be joined, and filled up with zeros.
        while more := more.lstrip(b"\0") if unpacker.eof else more:
            unpacker = zlib.decompressobj(WHOLE) if unpacker.eof else unpacker
            yield unpacker.decompress(more)
            more = unpacker.unused_data
    if not unpacker.eof:
        raise EOFError("the file ends before its content does")


def _anew(path: Traversable) -> str:
    return f"Delete {path} and load again, or copy it anew."
