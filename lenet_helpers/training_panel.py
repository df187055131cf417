"""A panel that trains at the press of a button: optimiser, learning rate, epochs, start and stop.

The training runs in a thread of its own, so that the kernel hears the stop button. The live plot is
drawn into an image widget, which can be updated from a thread.
"""

from __future__ import annotations

import html
import math
import threading
import weakref
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import ipywidgets as widgets
import torch
from torch import nn

from . import provenance
from .animator import Animator, Number
from .devices import find_device
from .metrics import Batch
from .pictures import png
from .results import TrainingResult
from .training import MakeOptimizer, fit


def sgd_with_momentum(parameters: Iterator[nn.Parameter], lr: float) -> torch.optim.Optimizer:
    """Return SGD with momentum 0.9."""
    return torch.optim.SGD(parameters, lr=lr, momentum=0.9)


# name -> how to make it, and the learning rate to begin with
OPTIMIZERS: dict[str, tuple[MakeOptimizer, float]] = {
    "SGD": (torch.optim.SGD, 0.9),
    "SGD with momentum 0.9": (sgd_with_momentum, 0.1),
    "Adam": (torch.optim.Adam, 0.001),
}
READY = "Choose, and press Start."

# One panel trains at a time: two would share the processor, and perhaps the network.
_training = threading.Lock()
_panels: weakref.WeakSet[TrainingPanel] = weakref.WeakSet()


class PanelPlot(Animator):
    """The live plot inside a panel; it ends the run once ``stop`` is set."""

    def __init__(
        self,
        image: widgets.Image,
        words: widgets.HTML,
        stop: threading.Event,
        epochs: int,
        title: str,
    ) -> None:
        super().__init__(
            xlabel="epoch",
            ylabel="loss (nats), accuracy (share)",
            legend=["train loss", "train acc", "test acc"],
            xlim=[0, epochs],
            title=title,
        )
        self._image, self._words, self._stop = image, words, stop

    def add(self, x: Number | Sequence[Number], y: Number | Sequence[Number]) -> None:
        """Add a point to each curve, as ``Animator.add`` does.

        Raises:
            KeyboardInterrupt: ``stop`` was set; the point has been added.
        """
        super().add(x, y)
        if self._stop.is_set():
            self._stop.clear()
            raise KeyboardInterrupt

    def _shown_here(self) -> bool:
        return True

    def _show(self, picture: bytes) -> None:
        self._image.value = picture
        self._words.value = _paragraph(html.escape(self._alt()), 680)

    def _watch_cell(self) -> None:
        """Do nothing: the plot belongs to the panel, whatever cell is running."""


class TrainingPanel(widgets.VBox):  # type: ignore[misc] # ipywidgets has no types
    """Controls, a live plot and a table of the runs; made by :func:`training_panel`.

    ``results`` has the result of every run, in order; ``net`` has the weights of the last one.
    """

    def __init__(
        self,
        net: nn.Module,
        train_iter: Iterable[Batch],
        test_iter: Iterable[Batch],
        device: torch.device | str | None,
        seed: int | None,
    ) -> None:
        self.net = net
        self.results: list[TrainingResult] = []
        self._data = (train_iter, test_iter)
        self._device, self._seed = find_device(device), seed
        self._settings: list[str] = []
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        wide = {"style": {"description_width": "110px"}, "layout": {"width": "330px"}}
        self.optimizer = widgets.Dropdown(options=list(OPTIMIZERS), description="optimiser", **wide)
        self.lr = widgets.FloatText(
            value=OPTIMIZERS["SGD"][1], step=None, description="learning rate", **wide
        )
        self.epochs = widgets.IntSlider(value=3, min=1, max=20, description="epochs", **wide)
        self.keep = widgets.Checkbox(
            value=False, description="train on from the weights so far", indent=False
        )
        self.start = widgets.Button(description="Start", button_style="primary", icon="play")
        self.stop = widgets.Button(description="Stop", icon="stop", disabled=True)
        self.status = widgets.HTML()
        self.image = widgets.Image(format="png", layout={"max_width": "100%"})
        self.words = widgets.HTML()  # the picture in words: image widgets have no such text
        self.table = widgets.HTML()
        controls = widgets.VBox(
            [
                self.optimizer, self.lr, self.epochs, self.keep,
                widgets.HBox([self.start, self.stop]), self.status,
            ]
        )  # fmt: skip
        shown = widgets.VBox([self.image, self.words], layout={"max_width": "680px"})
        row = widgets.HBox([controls, shown], layout={"flex_flow": "row wrap"})
        super().__init__([row, self.table])
        self.optimizer.observe(self._usual_rate, names="value")
        self.start.on_click(lambda _: self.run())
        self.stop.on_click(lambda _: self.halt())
        self._say(READY)
        _halt_all()  # a panel whose cell is run again must not train on where nobody sees it
        _panels.add(self)
        self.image.value = png(self._new_plot(self.epochs.value, "Training").fig)

    def __repr__(self) -> str:
        return (
            "Training panel: optimiser, learning rate, number of epochs, Start and Stop, and a "
            "live plot. Run this cell to use it."
        )

    def run(self) -> None:
        """Begin a run with what the controls say, unless one is running: what Start does."""
        if self.is_running():
            return
        lr, epochs = self.lr.value, self.epochs.value
        if not 0 < lr < math.inf:
            self._say(f"The learning rate is {lr:g}: it must be above 0, such as 0.9 for SGD.")
            return
        settings = f"{self.optimizer.value}, learning rate {lr:g}, {epochs} epochs"
        if self.keep.value:
            settings += ", from the weights so far"
        if not _training.acquire(blocking=False):
            _halt_all()
            self._say("Another panel was training and is stopping now. Press Start once more.")
            return
        self._stop.clear()
        self.start.disabled, self.stop.disabled = True, False
        self._say(f"Training on {self._device}: {settings} ...")
        made = OPTIMIZERS[self.optimizer.value][0]
        self._thread = threading.Thread(
            target=self._train,
            args=(settings, made, lr, epochs, self.keep.value),
            name="training panel",
            daemon=True,
        )
        self._thread.start()

    def halt(self) -> None:
        """End the run at its next point, if one is running: what Stop does."""
        if self.is_running():
            self._stop.set()
            self._say("Stopping at the next point of the plot ...")

    def is_running(self) -> bool:
        """Return True while a run of this panel is going on."""
        return self._thread is not None and self._thread.is_alive()

    def wait(self, timeout: float | None = None) -> None:
        """Return when the run has ended, or after ``timeout`` seconds."""
        if self._thread is not None:
            self._thread.join(timeout)

    def _train(
        self, settings: str, optimizer: MakeOptimizer, lr: float, epochs: int, keep: bool
    ) -> None:
        plot = self._new_plot(epochs, f"Run {len(self.results) + 1}: {settings}")
        try:
            result = fit(
                self.net, *self._data, epochs, lr, self._device,
                optimizer=optimizer, seed=self._seed, keep_weights=keep, animator=plot,
            )  # fmt: skip
        except Exception as error:  # in a thread nobody else would show it
            self._say(f"The run failed. {type(error).__name__}: {error}")
        else:
            self.results.append(result)
            self._settings.append(settings)
            self._tell()
            self._say(f"Run {len(self.results)} has ended. {' '.join(result.notes)}")
        finally:
            _training.release()
            self.start.disabled, self.stop.disabled = False, True

    def _new_plot(self, epochs: int, title: str) -> PanelPlot:
        plot = PanelPlot(self.image, self.words, self._stop, epochs, title)
        plot.source = provenance.source_of(self._data[0])
        return plot

    def _usual_rate(self, change: dict[str, Any]) -> None:
        self.lr.value = OPTIMIZERS[change["new"]][1]

    def _say(self, words: str) -> None:
        # role="status": a screen reader reads it out when it changes
        self.status.value = f'<div role="status">{_paragraph(html.escape(words), 330)}</div>'

    def _tell(self) -> None:
        heads = ("run", "settings", "epochs", "loss", "train acc", "test acc", "seconds")
        rows = "".join(
            f"<tr><td>{i}</td><td>{html.escape(settings)}</td>"
            f"<td>{run.epochs:.3g}</td><td>{run.train_loss:.3f}</td><td>{run.train_acc:.3f}</td>"
            f"<td>{_known(run.test_acc)}</td><td>{run.seconds:.1f}</td></tr>"
            for i, (settings, run) in enumerate(
                zip(self._settings, self.results, strict=True), start=1
            )
        )
        self.table.value = (
            "<style>.lenet-runs :is(td,th){padding:2px 10px;text-align:right;line-height:1.4}"
            ".lenet-runs caption,.lenet-runs :nth-child(2){text-align:left}</style>"
            f'<table class="lenet-runs"><caption>{self._caption()}</caption><tr>'
            + "".join(f'<th scope="col">{head}</th>' for head in heads)
            + f"</tr>{rows}</table>"
        )

    def _caption(self) -> str:
        return provenance.marked("Runs of this panel", provenance.source_of(self._data[0]))


def _halt_all() -> None:
    for panel in list(_panels):
        panel.halt()


def _paragraph(words: str, width: int) -> str:
    """Return HTML for ``words``, with the lines nearer than widgets have them."""
    return f'<p style="max-width:{width}px;margin:4px 0;line-height:1.4">{words}</p>'


def _known(rate: float) -> str:
    return "not measured" if math.isnan(rate) else f"{rate:.3f}"


def training_panel(
    net: nn.Module,
    train_iter: Iterable[Batch],
    test_iter: Iterable[Batch],
    device: torch.device | str | None = None,
    *,
    seed: int | None = 0,
) -> TrainingPanel:
    """Return a panel that trains ``net``: choose, start, watch, stop, and compare the runs.

    Each run is one of ``train_ch6``: ``net`` gets fresh weights first, unless the box "train on"
    is ticked. Meanwhile other cells can run, but should leave ``net`` alone. One panel trains at
    a time. The panel keeps the results of all its runs in ``results``.

    Args:
        net: The network; it gives scores (logits) of shape (N, classes).
        train_iter: Batches (X, y), to be gone through once an epoch.
        test_iter: Batches (X, y) to measure the accuracy on after each epoch.
        device: Where to compute. None: the best device present.
        seed: Makes runs repeatable: the same settings give the same curve. None: each run differs.

    Raises:
        ValueError: ``device`` is not present.
    """
    return TrainingPanel(net, train_iter, test_iter, device, seed)
