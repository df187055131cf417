"""A demo as a widget: what Python can read, and what it says where anywidget is missing.

That it follows the student is tested in a browser, in test_demos_in_jupyterlab.py.
"""

import sys

import pytest
import torch

import lenet_helpers as lh


def demos():
    torch.manual_seed(0)
    images = torch.rand(2, 1, 28, 28)
    return [lh.conv_explorer(), lh.lenet_viewer(lh.sequential_lenet(), images, [0, 1])]


@pytest.mark.parametrize("demo", demos(), ids=lambda demo: demo.module)
def test_the_widget_has_the_module_and_its_data(demo):
    widget = demo.widget()
    state = widget.get_state()
    assert (
        demo.page().split('<script type="module">')[1].split("// ---- the page")[0].strip()
        in (state["_esm"])
    )
    for name, value in demo.data.items():
        assert state[name] == value
    for name in demo.tells:
        assert getattr(widget, name) == demo.data.get(name)
    assert repr(widget) == f"{demo.title}. Run this cell to use it."
    widget.close()


def test_two_widgets_keep_to_themselves():
    first, second = (lh.conv_explorer().widget() for _ in range(2))
    first.cell = [1, 2]
    assert second.cell is None
    first.close()
    second.close()


def test_without_anywidget_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "anywidget", None)
    with pytest.raises(ImportError, match=r'pip install "anywidget>=0.9"'):
        lh.conv_explorer().widget()
