"""What runs Python in a real JupyterLab: the training panel, and a demo that tells it things."""

import ipywidgets
import nbformat
import pytest
from jupyterlab_server import opened, run, serving
from playwright.sync_api import expect

PANEL = (
    "import torch\nimport lenet_helpers as lh",
    "X, y = torch.rand(40, 1, 28, 28), torch.arange(40) % 10\n"
    "panel = lh.training_panel(lh.sequential_lenet(), [(X, y)] * 30, [(X, y)], 'cpu')\npanel",
)
WIDGET = (
    "import torch\nimport lenet_helpers as lh",
    "images = torch.rand(3, 1, 28, 28)\n"
    "widget = lh.lenet_viewer(lh.sequential_lenet(), images, [0, 1, 2]).widget()\nwidget",
)


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    folder = tmp_path_factory.mktemp("widgets")
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    for name, sources in {"panel": PANEL, "widget": WIDGET}.items():
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        notebook = nbformat.v4.new_notebook(cells=cells, metadata=kernel)
        nbformat.write(notebook, folder / f"{name}.ipynb")
    with serving(folder, tmp_path_factory.mktemp("home")) as address:
        yield address


def in_kernel(page, source):
    """Run ``source`` in the notebook's kernel and return what it prints."""
    return page.evaluate(
        """async (code) => {
            const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
            const run = kernel.requestExecute({code}), told = [];
            run.onIOPub = (m) => {
                if (m.header.msg_type === 'stream') told.push(m.content.text);
                if (m.header.msg_type === 'error') told.push(m.content.evalue);
            };
            await run.done;
            return told.join('').trim();
        }""",
        source,
    )


@pytest.mark.skipif(
    int(ipywidgets.__version__.split(".")[0]) < 8,
    reason="JupyterLab 4 shows the widgets of ipywidgets 8 only",
)
def test_the_panel_trains_and_stops_by_its_buttons(browser, lab):
    page = opened(browser, f"{lab}/panel.ipynb")
    run(page)
    start_button, stop = (page.locator(f"button[title={name}]") for name in ("Start", "Stop"))
    picture = page.locator(".jp-OutputArea-output .widget-image")
    empty = picture.get_attribute("src")
    expect(stop).to_be_disabled()
    page.locator(".jp-OutputArea-output .noUi-handle").focus()
    page.keyboard.press("ArrowLeft")  # two epochs
    start_button.focus()
    page.keyboard.press("Enter")
    told = page.get_by_role("status").filter(has_text="Run 1 has ended.")
    expect(told).to_be_visible(timeout=60_000)
    expect(page.locator(".lenet-runs")).to_contain_text("SGD, learning rate 0.9, 2 epochs")
    assert picture.get_attribute("src") != empty
    assert in_kernel(page, "print(panel.results[0].epochs)") == "2.0"
    # A long run: the kernel hears the stop button, and another cell, while it trains.
    assert in_kernel(page, "panel.controls.epochs.value = 20") == ""
    start_button.click()
    expect(stop).to_be_enabled()
    assert in_kernel(page, "print(panel.is_running())") == "True"
    stop.click()
    told = page.get_by_role("status").filter(has_text="Run 2 has ended. Stopped by you after")
    expect(told).to_be_visible(timeout=60_000)
    assert 0 < float(in_kernel(page, "print(panel.results[1].epochs)")) < 20
    page.close()


def test_python_reads_the_drawing_and_the_chosen_unit(browser, lab):
    page = opened(browser, f"{lab}/widget.ipynb")
    run(page)
    expect(page.locator(".lv .pad")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Picture 2: ").click()
    page.locator(".lv .pad").scroll_into_view_if_needed()
    page.get_by_role("button", name="Clear").click()
    box = page.locator(".lv .pad").bounding_box()
    row_of_five = box["y"] + 5.5 / 28 * box["height"]
    page.mouse.move(box["x"] + 40, row_of_five)
    page.mouse.down()
    page.mouse.move(box["x"] + 180, row_of_five, steps=6)
    page.mouse.up()
    page.get_by_label("layer", exact=True).select_option("3")
    for _ in range(50):  # it is told once the hand rests
        row = in_kernel(page, "print(torch.tensor(widget.picture).sum(dim=1).argmax().item())")
        if row == "5":
            break
        page.wait_for_timeout(100)
    assert row == "5"
    assert in_kernel(page, "print(torch.tensor(widget.picture).shape)") == "torch.Size([28, 28])"
    unit = in_kernel(
        page, "print(widget.unit['network'], widget.unit['layer'], widget.unit['place'])"
    )
    assert unit == "the network 3 [0, 7, 7]"  # the middle of a map
    page.close()
