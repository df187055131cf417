"""A panel that trains at the press of a button: optimiser, learning rate, epochs, start and stop.

The training runs in a thread of its own, so that the kernel hears the stop button. The live plot is
drawn into an image widget, which can be updated from a thread. The runs are kept with the network:
a panel that is made anew for it shows them all, and goes on showing the one that is under way.
"""

from __future__ import annotations

import functools
import html
import math
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets
import torch
from torch import nn

from ..data.source import marked, source_of
from ..devices import find_device
from ..show.encoding import png
from ..show.panels import PanelImage, PicturePanel
from .learning import MakeOptimizer
from .loop import Run, follow, run_plot
from .result import TrainingResult

# name -> how to make it, and the learning rate to begin with
OPTIMIZERS: dict[str, tuple[MakeOptimizer, float]] = {
    "SGD": (torch.optim.SGD, 0.9),
    "SGD with momentum 0.9": (functools.partial(torch.optim.SGD, momentum=0.9), 0.1),
    "Adam": (torch.optim.Adam, 0.001),
}
READY = "Choose, and press Start."


class _ImageScreen:
    """The place in a panel where its plot is shown."""

    def __init__(self) -> None:
        self.image = PanelImage()
        self.words = widgets.HTML()  # the picture in words: image widgets have no such text

    def is_there(self) -> bool:
        """Return True: a widget may be updated at any time."""
        return True

    def show(self, picture: bytes, plain: str, alt: str) -> None:
        """Show ``picture``, and in words what it shows."""
        self.image.put(picture)
        self.words.value = _paragraph(html.escape(alt), 680)

    def watch(self, flush: Callable[[], None]) -> None:
        """Do nothing: the plot belongs to the panel, whatever cell is running."""


class _Controls(widgets.VBox):  # type: ignore[misc] # ipywidgets has no types
    """What a run is made with, and the two buttons."""

    def __init__(self) -> None:
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
        buttons = widgets.HBox([self.start, self.stop])
        super().__init__([self.optimizer, self.lr, self.epochs, self.keep, buttons, self.status])
        self.optimizer.observe(self._usual_rate, names="value")

    def settings(self) -> str:
        """Return in words what a run would be made with now."""
        told = (
            f"{self.optimizer.value}, learning rate {self.lr.value:g}, {self.epochs.value} epochs"
        )
        return told + (", from the weights so far" if self.keep.value else "")

    def say(self, words: str) -> None:
        """Tell ``words`` under the buttons."""
        # role="status": a screen reader reads it out when it changes
        self.status.value = f'<div role="status">{_paragraph(html.escape(words), 330)}</div>'

    def training(self, *, on: bool) -> None:
        """Let the buttons say whether a run is going on."""
        self.start.disabled, self.stop.disabled = on, not on

    def _usual_rate(self, change: dict[str, Any]) -> None:
        self.lr.value = OPTIMIZERS[change["new"]][1]


class _Training(threading.Thread):
    """The thread of one run; it tells a panel, which may be replaced meanwhile."""

    def __init__(self, panel: TrainingPanel, run: Run, settings: str) -> None:
        super().__init__(name="training panel", daemon=True)
        self.panel, self.training, self.settings = panel, run, settings
        self.stop = threading.Event()

    def run(self) -> None:
        """Train until the end, or until :attr:`stop` is set."""
        run, runs = self.training, runs_of(self.training.net)
        plot = run_plot(run.num_epochs, run.source, f"Run {len(runs) + 1}: {self.settings}")
        plot.screen = self.panel.screen
        try:
            history = follow(run.points(), run.num_epochs, plot, self.stop.is_set)
            plot.flush()
        except Exception as error:  # in a thread nobody else would show it
            self.panel.ended(f"The run failed. {type(error).__name__}: {error}")
        else:
            result = TrainingResult(history, run.device, run.source)
            runs.append((self.settings, result))
            self.panel.ended(f"Run {len(runs)} has ended. {' '.join(result.notes)}")


@dataclass(frozen=True)
class _Data:
    """What every run of a panel is made with."""

    train_iter: Iterable[Any]
    test_iter: Iterable[Any] | None
    device: torch.device
    seed: int | None


class TrainingPanel(PicturePanel):
    """Controls, a live plot and a table of the runs; made by :func:`training_panel`.

    ``results`` has the result of every run, in order; ``net`` has the weights of the last one.
    """

    def __init__(self, net: nn.Module, data: _Data) -> None:
        self.net, self._data = net, data
        self.controls, self.screen, self.table = _Controls(), _ImageScreen(), widgets.HTML()
        self._thread: _Training | None = None
        screen = self.screen
        super().__init__(self.controls, [screen.image, screen.words], screen.image, self.table)
        self.alt = "The live plot: train loss, train accuracy and test accuracy by epoch."
        self.controls.start.on_click(lambda _: self.run())
        self.controls.stop.on_click(lambda _: self.halt())
        self.controls.say(READY)
        title = marked("Training", source_of(data.train_iter))
        self.screen.image.put(png(run_plot(self.controls.epochs.value, title=title).fig))
        self._tell()
        for thread in _under_way():
            if thread.training.net is net:
                self._take_over(thread)
            else:  # a panel whose cell is run again must not train on where nobody sees it
                thread.stop.set()

    def __repr__(self) -> str:
        return (
            "Training panel: optimiser, learning rate, number of epochs, Start and Stop, and a "
            "live plot. Run this cell to use it."
        )

    @property
    def results(self) -> list[TrainingResult]:
        """The result of every run of this network in a panel, in order."""
        return [result for _, result in runs_of(self.net)]

    def run(self) -> None:
        """Begin a run with what the controls say, unless one is running: what Start does."""
        if self.is_running():
            return
        for thread in _under_way():  # two would share the processor
            thread.stop.set()
            self.controls.say(
                "Another panel was training and is stopping now. Press Start once more."
            )
            return
        controls, data = self.controls, self._data
        try:
            run = Run(
                self.net, data.train_iter, data.test_iter, controls.epochs.value,
                controls.lr.value, data.device,
                optimizer=OPTIMIZERS[controls.optimizer.value][0],
                seed=data.seed, keep_weights=controls.keep.value,
            )  # fmt: skip
        except (TypeError, ValueError) as error:
            controls.say(f"The run failed. {type(error).__name__}: {error}")
            return
        settings = controls.settings()
        controls.say(f"Training on {data.device}: {settings} ...")
        controls.training(on=True)
        self._thread = _Training(self, run, settings)
        self._thread.start()

    def halt(self) -> None:
        """End the run at its next point, if one is running: what Stop does."""
        if self._thread is not None and self._thread.is_alive():
            self._thread.stop.set()
            self.controls.say("Stopping at the next point of the plot ...")

    def is_running(self) -> bool:
        """Return True while a run of this panel is going on."""
        return self._thread is not None and self._thread.is_alive()

    def wait(self, timeout: float | None = None) -> None:
        """Return when the run has ended, or after ``timeout`` seconds."""
        if self._thread is not None:
            self._thread.join(timeout)

    def ended(self, words: str) -> None:
        """Show that the run has ended, and ``words`` on how."""
        self._tell()
        self.controls.say(words)
        self.controls.training(on=False)

    def _take_over(self, thread: _Training) -> None:
        """Show the rest of a run that another panel of this network has begun."""
        self.screen, thread.panel = thread.panel.screen, self
        self.image = self.screen.image
        self.put(self.controls, [self.screen.image, self.screen.words])
        self._thread = thread
        self.controls.say(f"Training on {self._data.device}: {thread.settings} ...")
        self.controls.training(on=True)

    def _tell(self) -> None:
        heads = ("run", "settings", "epochs", "loss", "train acc", "test acc", "seconds")
        rows = "".join(
            f"<tr><td>{i}</td><td>{html.escape(settings)}</td>"
            f"<td>{run.epochs:.3g}</td><td>{run.train_loss:.3f}</td><td>{run.train_acc:.3f}</td>"
            f"<td>{_known(run.test_acc)}</td><td>{run.seconds:.1f}</td></tr>"
            for i, (settings, run) in enumerate(runs_of(self.net), start=1)
        )
        if not rows:
            return
        caption = marked("Runs of this panel", source_of(self._data.train_iter))
        self.table.value = (
            "<style>.lenet-runs :is(td,th){padding:2px 10px;text-align:right;line-height:1.4}"
            ".lenet-runs caption,.lenet-runs :nth-child(2){text-align:left}</style>"
            f'<table class="lenet-runs"><caption>{caption}</caption><tr>'
            + "".join(f'<th scope="col">{head}</th>' for head in heads)
            + f"</tr>{rows}</table>"
        )


def runs_of(net: nn.Module) -> list[tuple[str, TrainingResult]]:
    """Return the runs that panels have made of ``net``, each with its settings; it grows."""
    runs: list[tuple[str, TrainingResult]] = net.__dict__.setdefault("_panel_runs", [])
    return runs


def _under_way() -> list[_Training]:
    """Return the runs of all panels that are going on."""
    return [thread for thread in threading.enumerate() if isinstance(thread, _Training)]


def _paragraph(words: str, width: int) -> str:
    """Return HTML for ``words``, with the lines nearer than widgets have them."""
    return f'<p style="max-width:{width}px;margin:4px 0;line-height:1.4">{words}</p>'


def _known(rate: float) -> str:
    return "not measured" if math.isnan(rate) else f"{rate:.3f}"


def training_panel(
    net: nn.Module,
    train_iter: Iterable[Any],
    test_iter: Iterable[Any] | None,
    device: torch.device | str | None = None,
    *,
    seed: int | None = 0,
) -> TrainingPanel:
    """Return a panel that trains ``net``: choose, start, watch, stop, and compare the runs.

    Each run is one of ``train_ch6``: ``net`` gets fresh weights first, unless the box "train on"
    is ticked. Meanwhile other cells can run, but should leave ``net`` alone. One panel trains at
    a time. The results of all runs are kept with ``net``: see ``results``.

    Args:
        net: The network; it gives scores (logits) of shape (N, classes).
        train_iter: Batches (X, y), to be gone through once an epoch.
        test_iter: Batches (X, y) to measure the accuracy on after each epoch; None: no measuring.
        device: Where to compute. None: the best device present.
        seed: Makes runs repeatable: the same settings give the same curve. None: each run differs.

    Raises:
        ValueError: ``device`` is not present.
    """
    return TrainingPanel(net, _Data(train_iter, test_iter, find_device(device), seed))
