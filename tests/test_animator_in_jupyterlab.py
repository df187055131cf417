"""The live plot in a real JupyterLab: it does not flicker, jump, or save more than one picture."""

import base64
import hashlib

import nbformat
import pytest
from jupyterlab_server import opened, run, serving
from playwright.sync_api import expect

LIVE = """
import time
import lenet_helpers as lh
animator = lh.Animator(xlabel="epoch", legend=["loss"], xlim=[0, 60], max_fps=20)
for i in range(60):
    animator.add(i, (3 - i / 20,))
    time.sleep(0.1)
time.sleep(1)
print("done")
"""
ENDLESS = LIVE.replace("range(60)", "range(100_000)")
DIGEST = """
import hashlib
from lenet_helpers.show.encoding import png
print(hashlib.sha256(png(animator.picture().figure)).hexdigest())
"""
# Look at every frame that the browser draws: is a picture there, and has anything moved?
WATCH = """() => {
    window.frames_seen = [];
    const look = () => {
        const image = document.querySelector('.jp-OutputArea-output img');
        const output = document.querySelector('.jp-Cell-outputArea');
        const cells = document.querySelectorAll('.jp-Notebook .jp-Cell');
        const pane = document.querySelector('.jp-WindowedPanel-outer');
        window.frames_seen.push({
            picture: Boolean(image && image.complete && image.naturalWidth),
            source: image ? image.src.length + image.src.slice(-60) : '',
            done: Boolean(output && output.innerText.includes('done')),
            height: output ? output.getBoundingClientRect().height : 0,
            next: cells[1].getBoundingClientRect().top + pane.scrollTop,
            scrolled: pane.scrollTop,
        });
        requestAnimationFrame(look);
    };
    look();
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("live")
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    for name, source in {"live": LIVE, "endless": ENDLESS}.items():
        cells = [
            nbformat.v4.new_code_cell(source),
            nbformat.v4.new_markdown_cell("a line\n\n" * 60),
            nbformat.v4.new_code_cell(DIGEST),
        ]
        notebook = nbformat.v4.new_notebook(cells=cells, metadata=kernel)
        nbformat.write(notebook, made / f"{name}.ipynb")
    return made


@pytest.fixture(scope="module")
def lab(folder, tmp_path_factory):
    with serving(folder, tmp_path_factory.mktemp("home")) as address:
        yield address


def saved(page, path):
    """Save the notebook and return what the file has: outputs of the first cell, the digest."""
    page.evaluate("jupyterapp.commands.execute('docmanager:save')")
    cells = nbformat.read(path, as_version=4).cells
    return cells[0].outputs, cells[2].outputs[0].text.strip()


def digest(output):
    return hashlib.sha256(base64.b64decode(output["data"]["image/png"])).hexdigest()


def test_it_neither_flickers_nor_jumps_and_saves_one_picture(browser, lab, folder):
    page = opened(browser, f"{lab}/live.ipynb")
    page.evaluate(WATCH)
    run(page, "notebook:run-cell", wait=False)
    expect(page.locator(".jp-OutputArea-output img")).to_have_count(1, timeout=60_000)
    page.wait_for_timeout(300)
    page.evaluate("document.querySelector('.jp-WindowedPanel-outer').scrollTop = 120")
    page.wait_for_function("window.ran", timeout=60_000)
    frames = page.evaluate("frames_seen")
    first = next(i for i, frame in enumerate(frames) if frame["picture"])
    shown = frames[first:]
    assert len({frame["source"] for frame in shown}) >= 4  # it moved
    assert all(frame["picture"] for frame in shown)  # never a frame without a decoded picture
    running = [frame for frame in shown if not frame["done"]]
    assert len(running) > 30
    for place in ("height", "next"):
        values = [frame[place] for frame in running]
        assert max(values) - min(values) <= 2, place
    scrolled = [frame["scrolled"] for frame in shown]
    moved = next(i for i, y in enumerate(scrolled) if y == 120)
    assert set(scrolled[moved:]) == {120}  # the reader stays where she was
    # Run again: the second picture takes the place of the first.
    run(page)
    outputs, full = saved(page, folder / "live.ipynb")
    assert [output.output_type for output in outputs] == ["display_data", "stream"]
    assert digest(outputs[0]) == full
    page.close()


def test_an_interrupt_keeps_the_picture_with_all_its_points(browser, lab, folder):
    page = opened(browser, f"{lab}/endless.ipynb")
    run(page, wait=False)
    expect(page.locator(".jp-OutputArea-output img")).to_have_count(1, timeout=60_000)
    page.wait_for_timeout(1000)
    page.evaluate("jupyterapp.commands.execute('notebook:interrupt-kernel')")
    page.wait_for_function("window.ran", timeout=60_000)
    page.evaluate("""async () => {
        const app = window.jupyterapp;
        await app.commands.execute('notebook:move-cursor-down');
        await app.commands.execute('notebook:move-cursor-down');
        await app.commands.execute('notebook:run-cell');
    }""")
    outputs, full = saved(page, folder / "endless.ipynb")
    assert [output.output_type for output in outputs] == ["display_data", "error"]
    assert outputs[1].ename == "KeyboardInterrupt"
    assert digest(outputs[0]) == full
    page.close()
