"""How long a student waits for JupyterLab: from ``run.py lab`` to a notebook that can be used."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.connect import find_connection_file

from tools.files import ROOT


def seconds_to_a_notebook() -> float:
    """Return the seconds from ``run.py lab`` until its page is there and a kernel has answered."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        began = time.perf_counter()
        command = [sys.executable, str(ROOT / "run.py"), "lab"]
        with served(command, Path(home)) as (address, _):
            urllib.request.urlopen(f"{address}/lab", timeout=60).read()
            ask = urllib.request.Request(f"{address}/api/kernels", data=b"{}", method="POST")
            urllib.request.urlopen(ask, timeout=60).close()
            client = BlockingKernelClient()
            client.load_connection_file(find_connection_file(path=str(Path(home, "runtime"))))
            client.start_channels()
            try:
                client.wait_for_ready(timeout=60)
            finally:
                client.stop_channels()
            return time.perf_counter() - began


@contextmanager
def served(command: list[str], home: Path) -> Iterator[tuple[str, psutil.Process]]:
    """Serve notebooks with ``command`` and nobody's settings; give the address and the program.

    Raises:
        RuntimeError: the server ended, or does not answer within two minutes.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    places = {f"JUPYTER_{n.upper()}_DIR": str(home / n) for n in ("config", "data", "runtime")}
    options = ["--no-browser", "--allow-root", f"--port={port}", "--ServerApp.port_retries=0"]
    options += ["--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True"]
    server = subprocess.Popen(
        [*command, *options], env=os.environ | places, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(f"http://127.0.0.1:{port}/api", server)
        yield f"http://127.0.0.1:{port}", psutil.Process(server.pid)
    finally:
        with contextlib.suppress(psutil.NoSuchProcess):  # it has ended by itself
            for program in [*psutil.Process(server.pid).children(recursive=True), server]:
                program.terminate()
        server.wait(20)


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until ``address`` answers.

    Raises:
        RuntimeError: the server ended, or two minutes went by.
    """
    for _ in range(1200):
        if server.poll() is not None:
            break
        try:
            urllib.request.urlopen(address, timeout=2).close()
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("JupyterLab did not start: try python3 run.py lab.")
