"""Show a JavaScript module in a notebook so that it works live, reopened, exported and offline.

The output is one piece of HTML: a picture, a table in words, and a frame that holds the module
and its data. Where the frame may run, it hides the picture and grows to its own height. Where it
may not (a code host, an untrusted notebook) it has no height, and the picture and the words stay.
Nothing is loaded from elsewhere, and no kernel is needed.

A module exports ``render({model, el})``, the contract of anywidget (https://anywidget.dev).
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..prose import readable, say
from ..web import bundle
from .pictures import Picture, in_notebook
from .widget import demo_widget

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:">
<title>{title}</title>
<style>html,body{{margin:0}}</style></head><body><main id="demo"></main>
<script type="application/json" id="data">{data}</script>
<script type="module">
{module}
// ---- the page around it
const data = JSON.parse(document.getElementById("data").textContent);
const el = document.getElementById("demo");
const model = {{ get: (name) => data[name], set() {{}}, save_changes() {{}}, on() {{}} }};
let frame = null; // stays null where the notebook forbids the frame to look outside
try {{ frame = window.frameElement; }} catch {{}}
render({{ model, el }});
const themed = () => {{
  const outside = frame?.ownerDocument.body.dataset.jpThemeLight;
  const dark = outside ? outside === "false" : matchMedia("(prefers-color-scheme: dark)").matches;
  el.lastElementChild.dataset.theme = dark ? "dark" : "light";
  document.body.style.background = getComputedStyle(el.lastElementChild).backgroundColor;
}};
themed();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", themed);
if (frame) {{
  const grow = () => {{
    frame.style.height = `${{Math.ceil(el.getBoundingClientRect().height) + 4}}px`;
  }};
  new ResizeObserver(grow).observe(el);
  new MutationObserver(themed).observe(frame.ownerDocument.body,
    {{ attributes: true, attributeFilter: ["data-jp-theme-light"] }});
  grow();
  frame.previousElementSibling.style.display = "none";
}}
</script></body></html>
"""


@dataclass(frozen=True)
class Demo:
    """A demo, ready to be shown as the last value of a cell or saved as a page.

    Args:
        module: The JavaScript file in ``lenet_helpers/web``, without its ending.
        title: What the demo is: its name for a screen reader.
        data: What the module gets from ``model.get``: anything that JSON can hold.
        poster: The picture that stands where the module cannot run.
        rows: The same in words, for the same place: (heading, words) a line.
        tells: What the module tells Python, where Python listens: see :meth:`widget`.
    """

    module: str
    title: str
    data: Mapping[str, object]
    poster: Picture
    rows: tuple[tuple[str, str], ...] = ()
    tells: tuple[str, ...] = ()

    def page(self) -> str:
        """Return the demo as a complete HTML page."""
        # A browser cannot read a NaN: the page would be empty without a word.
        text = json.dumps(self.data, separators=(",", ":"), allow_nan=False)
        # "</script" inside the data would end the element; "<" as \\u003c cannot.
        data = text.replace("<", "\\u003c")
        module = bundle(f"{self.module}.js")
        return PAGE.format(title=html.escape(self.title), data=data, module=module)

    def save(self, path: str | Path) -> None:
        """Write the demo to ``path`` as a page that any browser opens, offline too."""
        Path(path).write_text(self.page(), encoding="utf-8")

    def widget(self) -> Any:  # noqa: ANN401 # anywidget is optional
        """Return the demo as a widget with an attribute for each name in ``tells``.

        It follows what the student does, while the kernel runs; reopened without one it is empty,
        where the demo itself still works. Until it is shown the attributes are None.

        Raises:
            ImportError: anywidget is not installed; the message says how to get it.
        """
        return demo_widget(self.module, self.title, self.data, self.tells)

    def __repr__(self) -> str:
        return readable(f"{self.title}. {self.poster.alt}")

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<tr><th scope="row" style="text-align:left">{html.escape(heading)}</th>'
            f'<td style="text-align:left">{html.escape(words)}</td></tr>'
            for heading, words in self.rows
        )
        return (
            f"<div>{self.poster.as_html()}<table>{rows}</table></div>"
            f'<iframe title="{html.escape(self.title)}" srcdoc="{html.escape(self.page())}" '
            'style="width:100%;height:0;border:0;display:block"></iframe>'
        )

    def _ipython_display_(self) -> None:
        if not in_notebook():
            say(repr(self))
            return
        from IPython.display import display

        # The plain text is constant, so that saved notebooks can be compared.
        display({"text/html": self._repr_html_(), "text/plain": f"{self.title}."}, raw=True)
