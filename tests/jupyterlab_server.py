"""A JupyterLab of its own for tests in a browser: nobody's settings, no news, no token."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

SETTINGS = "notification.jupyterlab-settings"


def without_news(home):
    """Answer what JupyterLab asks on its first start, in the settings under ``home``."""
    news = home / "settings" / "@jupyterlab" / "apputils-extension" / SETTINGS
    news.parent.mkdir(parents=True, exist_ok=True)
    news.write_text('{"fetchNews": "false", "checkForUpdates": false}')


def private(home):
    """Return the environment variables of a JupyterLab that keeps everything under ``home``."""
    names = ("CONFIG", "DATA", "RUNTIME")
    return {
        **os.environ,
        **{f"JUPYTER_{name}_DIR": str(home / name.lower()) for name in names},
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
    }


@contextmanager
def serving(folder, home, options=None):
    """Serve ``folder``; give the address of its pages, one document each.

    With ``options`` of its command line it starts as new as it is for a student.
    """
    if options is None:
        without_news(home)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}",
        "--ServerApp.port_retries=0", "--IdentityProvider.token=", f"--notebook-dir={folder}",
        "--LabApp.expose_app_in_browser=True", *(options or []),
    ]  # fmt: skip
    with (home / "log").open("w") as log:
        server = subprocess.Popen(command, env=private(home), stdout=log, stderr=log)
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(240):
            try:
                urllib.request.urlopen(f"{address}/api", timeout=2).close()
                break
            except (urllib.error.URLError, TimeoutError, ConnectionError):
                time.sleep(0.25)
        else:
            raise AssertionError((home / "log").read_text())
        yield f"{address}/doc/tree"  # one document, without the tabs of the test before
    finally:
        server.terminate()
        server.wait(20)


READY = """async () => {
    const app = window.jupyterapp, panel = app?.shell.currentWidget;
    if (!panel?.sessionContext?.session?.kernel) return false;
    await app.restored; await panel.context.ready; await panel.sessionContext.ready;
    await panel.sessionContext.session.kernel.info;
    return true;
}"""
RUN = """(command) => {
    window.ran = false;
    jupyterapp.commands.execute(command).finally(() => { window.ran = true; });
}"""


def opened(browser, address, scale=1, **size):
    """Return a page with the notebook at ``address`` open and its kernel ready.

    ``scale`` is how many pixels the screen has for each of the page.
    """
    viewport = {"width": 1200, "height": 900} | size
    page = browser.new_page(viewport=viewport, device_scale_factor=scale)
    page.goto(address)
    for _ in range(600):
        if page.evaluate(READY):
            return page
        page.wait_for_timeout(100)
    raise AssertionError(f"no kernel for {address} within a minute")


def run(page, command="notebook:run-all-cells", wait=True):
    """Run all cells from the top, or what else ``command`` of JupyterLab runs."""
    page.evaluate(RUN, command)
    if wait:
        page.wait_for_function("window.ran", timeout=120_000)
