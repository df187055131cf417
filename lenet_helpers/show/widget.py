"""A demo as a widget that tells Python what the student drew or chose.

It needs anywidget (https://anywidget.dev), an optional extra, and a running kernel. The module in
``lenet_helpers/web`` is the one that the page of the demo holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..web import bundle

HOST = """
// ---- the widget around it: the page's theme is the notebook's
export default {
  render({ model, el }) {
    render({ model, el });
    const themed = () => {
      const dark = document.body.dataset.jpThemeLight === "false";
      el.lastElementChild.dataset.theme = dark ? "dark" : "light";
    };
    themed();
    const watch = new MutationObserver(themed);
    watch.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
    return () => watch.disconnect();
  },
};
"""


def demo_widget(module: str, title: str, data: Mapping[str, object], tells: Sequence[str]) -> Any:  # noqa: ANN401
    """Return a widget that runs ``web/<module>.js`` and has the traits ``tells``, None at first.

    Raises:
        ImportError: anywidget is not installed; the message says how to get it.
    """
    try:
        import anywidget
        import traitlets
    except ImportError as error:
        raise ImportError(
            "A live widget needs the package anywidget, which is not installed. Install it with: "
            'pip install "anywidget>=0.9". Without it, show the demo itself: it does the same, '
            "but tells Python nothing."
        ) from error
    traits = {name: traitlets.Any(data.get(name)).tag(sync=True) for name in {*data, *tells}}
    attributes = {
        "_esm": bundle(f"{module}.js") + HOST,
        "__doc__": title,
        # constant, so that saved notebooks can be compared
        "__repr__": lambda self: f"{title}. Run this cell to use it.",
        **traits,
    }
    return type("DemoWidget", (anywidget.AnyWidget,), attributes)()
