"""The demos in JupyterLab itself, and in a page exported from a notebook."""

import subprocess
import sys

import nbconvert
import nbformat
import pytest
from jupyterlab_server import private, serving
from nbclient import NotebookClient
from playwright.sync_api import expect

CELLS = (
    "import torch\nimport lenet_helpers as lh",
    "lh.conv_explorer()",
    "lh.lenet_viewer(lh.sequential_lenet(), torch.rand(3, 1, 28, 28), [0, 1, 2])",
)
TRUST = "from nbformat.sign import TrustNotebookApp; TrustNotebookApp.launch_instance()"


@pytest.fixture(scope="module")
def executed():
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, timeout=120).execute()
    return notebook


@pytest.fixture(scope="module")
def lab(tmp_path_factory, executed):
    """JupyterLab with a trusted and an untrusted copy of the notebook; the address of its pages."""
    folder = tmp_path_factory.mktemp("lab")
    home = tmp_path_factory.mktemp("home")
    for name in ("trusted", "untrusted"):
        executed.metadata["name"] = name  # signatures are of the content: the two must differ
        nbformat.write(executed, folder / f"{name}.ipynb")
    trusted = str(folder / "trusted.ipynb")
    subprocess.run([sys.executable, "-c", TRUST, trusted], env=private(home), check=True)
    with serving(folder, home) as address:
        yield address


def demo_answers(page):
    """Both demos are in their frames, as high as they need, and react; the posters are away."""
    explorer = page.frame_locator('iframe[title="Convolution explorer"]')
    explorer.get_by_role("button", name="Step ▶").click()
    expect(explorer.locator(".sum")).to_contain_text("output row 0, column 1: ")
    viewer = page.frame_locator('iframe[title="Looking inside the network"]')
    viewer.get_by_role("button", name="Picture 2: ").click()
    expect(viewer.locator(".lv")).to_contain_text("Picture 2, labelled trouser")
    for title in ("Convolution explorer", "Looking inside the network"):
        frame = page.locator(f'iframe[title="{title}"]')
        box = frame.bounding_box()
        assert box["height"] > 300, title
        inside = frame.content_frame.locator("html")
        assert inside.evaluate("e => e.scrollHeight <= innerHeight + 1"), title  # no scroll bar
        assert inside.evaluate("e => e.scrollWidth <= innerWidth"), title
    assert "model not found" not in page.inner_text("body").lower()


def test_reopened_without_running_anything(browser, lab):
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.goto(f"{lab}/trusted.ipynb")
    expect(page.locator(".jp-OutputArea-output iframe")).to_have_count(2, timeout=60_000)
    demo_answers(page)
    expect(page.locator(".jp-OutputArea-output img")).to_have_count(2)
    for poster in page.locator(".jp-OutputArea-output img").all():
        expect(poster).to_be_hidden()
    page.close()


def test_untrusted_the_poster_and_the_words_are_there(browser, lab):
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.goto(f"{lab}/untrusted.ipynb")
    posters = page.locator(".jp-OutputArea-output img")
    expect(posters).to_have_count(2, timeout=60_000)
    for poster in posters.all():
        expect(poster).to_be_visible()
        assert poster.evaluate("e => e.naturalWidth") > 300
        assert len(poster.get_attribute("alt")) > 20
    expect(page.locator(".jp-OutputArea-output iframe")).to_have_count(0)
    expect(page.locator(".jp-OutputArea-output").first).to_contain_text("height")
    page.set_viewport_size({"width": 600, "height": 720})  # and in a narrow pane nothing is cut
    page.wait_for_timeout(500)
    beyond = """e => { const room = e.closest('.jp-OutputArea-output').getBoundingClientRect();
        const shape = e.height / e.width * e.naturalWidth / e.naturalHeight;
        return [e.getBoundingClientRect().right <= room.right, Math.abs(shape - 1) < 0.01]; }"""
    for poster in posters.all():
        assert poster.evaluate(beyond) == [True, True]
    page.close()


def test_the_theme_of_jupyterlab_is_followed(browser, lab):
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.goto(f"{lab}/trusted.ipynb")
    root = page.frame_locator('iframe[title="Convolution explorer"]').locator(".ce")
    expect(root).to_have_attribute("data-theme", "light", timeout=60_000)
    page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    expect(root).to_have_attribute("data-theme", "dark")
    page.close()


def test_an_exported_page_works_offline(browser, executed, tmp_path):
    html, _ = nbconvert.HTMLExporter().from_notebook_node(executed)
    (tmp_path / "exported.html").write_text(html, encoding="utf-8")
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.route("**/*", lambda r: r.continue_() if r.request.url.startswith("file:") else r.abort())
    page.goto((tmp_path / "exported.html").as_uri(), wait_until="domcontentloaded")
    demo_answers(page)
    page.close()
