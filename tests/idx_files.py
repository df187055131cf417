"""Small data sets as IDX files, and a server of this machine's that stands for torchvision's."""

import functools
import gzip
import hashlib
import http.server
import socketserver
import struct
import threading
from contextlib import contextmanager

import torch

from lenet_helpers.data.sets import NAMES

TRAIN = (torch.arange(20 * 784) % 251).to(torch.uint8).reshape(20, 28, 28)
TEST = TRAIN[:10].flip(0)
TRAIN_LABELS = torch.arange(20) % 10
TEST_LABELS = torch.arange(10)
TENSORS = (TRAIN, TRAIN_LABELS, TEST, TEST_LABELS)


def idx(tensor):
    header = bytes([0, 0, 8, tensor.ndim]) + struct.pack(f">{tensor.ndim}i", *tensor.shape)
    return header + tensor.to(torch.uint8).numpy().tobytes()


def md5(content):
    return hashlib.md5(content).hexdigest()


def sums(tensors=TENSORS):
    """What lenet_helpers knows of a set that it can recognise."""
    return tuple(md5(idx(tensor)) for tensor in tensors)


def resources(folder):
    """What torchvision knows of the packed files in ``folder``."""
    return [(f"{name}.gz", md5((folder / f"{name}.gz").read_bytes())) for name in NAMES]


def write(folder, *, names=NAMES, tensors=TENSORS, packed=True):
    """Write the four files of a set; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, tensor in zip(names, tensors, strict=True):
        if packed:
            (folder / f"{name}.gz").write_bytes(gzip.compress(idx(tensor), mtime=0))
        else:
            (folder / name).write_bytes(idx(tensor))
    return folder


class Handler(http.server.SimpleHTTPRequestHandler):
    cut = False  # whether to hang up in the middle of a file

    def log_message(self, *_):
        pass

    def copyfile(self, source, outputfile):
        content = source.read()
        outputfile.write(content[: len(content) // 2] if self.cut else content)


@contextmanager
def served(folder, *, cut=False):
    """Serve a folder on 127.0.0.1; the address ends with a stroke."""
    handler = functools.partial(type("Handler", (Handler,), {"cut": cut}), directory=str(folder))
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
