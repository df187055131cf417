"""What the panels of sliders and buttons share: a picture beside the controls, and a still of it.

A saved notebook that is opened without a kernel shows the still and a sentence, where ipywidgets
alone would show "model not found".
"""

from __future__ import annotations

import html
from typing import Any

import ipywidgets as widgets

from .encoding import image_tag, width_of

WIDGET = "application/vnd.jupyter.widget-view+json"  # as which a page knows a widget


class PanelImage(widgets.Image):  # type: ignore[misc] # ipywidgets has no types
    """The picture in a panel."""

    def __init__(self) -> None:
        # without its margin the picture has room in a box of its own width
        layout = {"max_width": "100%", "height": "auto", "margin": "0"}
        super().__init__(format="png", layout=layout)

    def put(self, picture: bytes) -> None:
        """Show a PNG file, as wide as it is meant to be."""
        self.width, self.value = str(width_of(picture)), picture


class PicturePanel(widgets.VBox):  # type: ignore[misc] # ipywidgets has no types
    """A panel; its ``repr`` is the sentence.

    Args:
        controls: The widget on the left.
        shown: What stands beside it, or below it where there is no room.
        image: The picture in it, of which the still is taken.
        below: What stands below both.
    """

    def __init__(
        self,
        controls: widgets.Widget,
        shown: list[widgets.Widget],
        image: PanelImage,
        *below: widgets.Widget,
    ) -> None:
        self.image, self.alt = image, ""
        super().__init__([widgets.HBox(layout={"flex_flow": "row wrap"}), *below])
        self.put(controls, shown)

    def put(self, controls: widgets.Widget, shown: list[widgets.Widget]) -> None:
        """Show ``shown`` beside ``controls``."""
        # the picture gives way before it moves below the controls
        right = widgets.VBox(shown, layout={"flex": "1 1 400px", "max_width": "800px"})
        self.children[0].children = [controls, right]

    _ipython_display_ = None  # ipywidgets 7, Colab's, would show itself in place of what follows

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        model = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        words = repr(self)  # whole: ipywidgets cuts a long one off
        still = (
            f'<figure style="margin:0">{image_tag(self.image.value, self.alt)}'
            f"<figcaption>{html.escape(words)}</figcaption></figure>"
        )
        return {WIDGET: model, "text/plain": words, "text/html": still}
