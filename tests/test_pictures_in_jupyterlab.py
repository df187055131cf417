"""Saved pictures in JupyterLab: sharp on every screen, and as wide on one as on another."""

import shutil

import jupyterlab_server
import pytest

from tools import series

NOTEBOOK = series.notebooks()[0]  # its outputs are pictures alone, none in a demo

# The pictures of all outputs: [pixels of the file, pixels of the page], once they are there.
PICTURES = """async () => {
    const { content } = jupyterapp.shell.currentWidget, found = [];
    for (const [i, cell] of content.widgets.entries()) {
        await content.scrollToItem(i);
        for (const picture of cell.node.querySelectorAll(".jp-OutputArea img")) {
            for (const fold of cell.node.querySelectorAll("details")) fold.open = true;
            await picture.decode();
            found.push([picture.naturalWidth, picture.getBoundingClientRect().width]);
        }
    }
    return found;
}"""


@pytest.fixture(scope="module")
def seen(browser, tmp_path_factory):
    """Return what PICTURES finds on screens with one and with two pixels for each of the page."""
    folder, home = (tmp_path_factory.mktemp(name) for name in ("shown", "home"))
    shutil.copy(NOTEBOOK, folder)
    found = {}
    with jupyterlab_server.serving(folder, home) as tree:
        for scale in (1, 2):
            page = jupyterlab_server.opened(browser, f"{tree}/{NOTEBOOK.name}", scale)
            found[scale] = page.evaluate(PICTURES)
            page.close()
    return found


@pytest.mark.parametrize("scale", [1, 2])
def test_a_picture_has_a_pixel_for_each_of_the_screen(seen, scale):
    assert len(seen[scale]) >= 5
    for pixels, width in seen[scale]:
        assert 0 < width * scale <= pixels


def test_a_picture_is_as_wide_on_every_screen(seen):
    assert [width for _, width in seen[1]] == [width for _, width in seen[2]]
