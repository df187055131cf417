"""Take the picture of the viewer that the README shows.

    python3 run.py portrait

The viewer is the one of today; its network and its pictures are those that notebook 6 has saved, so
the picture is the same on every machine with the same fonts. Take it again when the viewer changes.
It needs a Chromium: that of the system, or the one that LENET_BROWSER names.
"""

from __future__ import annotations

import hashlib
import html
import io
import json
import re
import sys

import nbformat
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from lenet_helpers.show.demo import PAGE
from lenet_helpers.web import bundle
from tools.arguments import parser
from tools.browser import FLAGS, HELP, path, sandbox
from tools.files import ROOT, write_whole
from tools.series import notebooks

PORTRAIT = ROOT / "docs" / "viewer.png"
WIDTH, HEIGHT = 1100, 590  # pixels of a page; the file has two for each
CHOSEN = 3  # the picture that the network looks at
OF = "viewer"  # names, in the file, the viewer that it shows


def main(arguments: list[str]) -> int:
    """Take the picture and return the exit code."""
    parser("portrait", __doc__).parse_args(arguments)
    if path() is None:
        print(f"The picture was not taken: {HELP}")
        return 1
    write_whole(PORTRAIT, taken(page()))
    print(f"{PORTRAIT}: {PORTRAIT.stat().st_size:,} bytes.")
    return 0


def mark() -> str:
    """Return what tells the viewer of today from others."""
    return hashlib.sha256(bundle("lenet_viewer.js").encode()).hexdigest()


def page() -> str:
    """Return the page of the viewer with the network and the pictures of notebook 6."""
    notebook = nbformat.read(notebooks()[5], as_version=4)
    shown = "".join(o.get("data", {}).get("text/html", "") for c in notebook.cells
                    for o in c.get("outputs", []))  # fmt: skip
    saved = re.search(r'<iframe title="Looking inside[^>]*srcdoc="([^"]*)"', shown)
    assert saved is not None
    data = re.search(r'id="data">(.*?)</script>', html.unescape(saved[1]), re.DOTALL)
    assert data is not None
    json.loads(data[1])  # whole
    return PAGE.format(title="Viewer", data=data[1], module=bundle("lenet_viewer.js"))


def taken(shown: str) -> bytes:
    """Return the page ``shown`` as a PNG file that says of which viewer it is."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path(), args=[*FLAGS, *sandbox()])
        size = {"width": WIDTH, "height": HEIGHT}
        view = browser.new_page(viewport=size, device_scale_factor=2, color_scheme="light")
        view.set_content(shown)
        view.get_by_role("button", name=f"Picture {CHOSEN}: ").first.click()
        view.mouse.move(0, 0)
        view.evaluate("document.activeElement.blur()")
        view.wait_for_timeout(1000)
        made = view.screenshot(animations="disabled")
        browser.close()
    image = Image.open(io.BytesIO(made)).convert("RGB").quantize(256, dither=Image.Dither.NONE)
    told, buffer = PngInfo(), io.BytesIO()
    told.add_text(OF, mark())
    image.save(buffer, "png", optimize=True, pnginfo=told)
    return buffer.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
