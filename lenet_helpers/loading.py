"""Loading libraries, without Python's garbage collection in between."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collection_paused() -> Iterator[None]:
    """A block that loads libraries: what they make stays, so no garbage is looked for meanwhile.

    Where much is new, Python looks through all objects that there are. With PyTorch's, that was a
    third of the time that Matplotlib took to load.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            if gc.get_freeze_count() == 0:  # nobody has frozen anything: then these two
                gc.freeze()
                gc.unfreeze()  # make all that there is old, which is not looked through soon
            gc.enable()
