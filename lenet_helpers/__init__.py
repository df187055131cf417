"""Helpers that keep the LeNet notebooks short: what they use, in the order of the lessons.

The names of the d2l textbook ("Dive into Deep Learning") are here, so that its LeNet code runs with
``import lenet_helpers as d2l``. A name's module is loaded when the name is first used. What is not
in this list serves the package itself and may change.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from .loading import collection_paused

if TYPE_CHECKING:  # the same as CONTENTS, for editors and type checkers
    from .asking.errors import expect_error as expect_error
    from .asking.exercises.checking import check as check
    from .asking.handing_in import hand_in as hand_in
    from .asking.predictions import Predictions as Predictions
    from .asking.progress import forget_answers as forget_answers
    from .data.batches import TensorBatches as TensorBatches
    from .data.by_name import load_data as load_data
    from .data.drawing import draw_images as draw_images
    from .data.drawing import show_images as show_images
    from .data.fashion_mnist import get_fashion_mnist_labels as get_fashion_mnist_labels
    from .data.fashion_mnist import load_data_fashion_mnist as load_data_fashion_mnist
    from .devices import available_devices as available_devices
    from .devices import describe_device as describe_device
    from .devices import try_gpu as try_gpu
    from .network.drawing import draw_network as draw_network
    from .network.evaluation import accuracy as accuracy
    from .network.evaluation import evaluate_accuracy_gpu as evaluate_accuracy_gpu
    from .network.evaluation import predict as predict
    from .network.models import LeNet as LeNet
    from .network.models import Reshape as Reshape
    from .network.models import sequential_lenet as sequential_lenet
    from .network.models import xavier_init as xavier_init
    from .network.table import layer_table as layer_table
    from .network.viewer import lenet_viewer as lenet_viewer
    from .network.weights import load_weights as load_weights
    from .network.weights import save_weights as save_weights
    from .show.animator import Animator as Animator
    from .show.pictures import Picture as Picture
    from .sizes.arithmetic import conv_multiply_adds as conv_multiply_adds
    from .sizes.arithmetic import conv_output_size as conv_output_size
    from .sizes.arithmetic import conv_parameters as conv_parameters
    from .sizes.arithmetic import conv_transpose_output_size as conv_transpose_output_size
    from .sizes.arithmetic import pool_output_size as pool_output_size
    from .sizes.arithmetic import same_padding as same_padding
    from .sizes.calculator import size_calculator as size_calculator
    from .sizes.drawing import draw_convolution as draw_convolution
    from .sizes.explorer import conv_explorer as conv_explorer
    from .sizes.window import Window as Window
    from .training.confusion import confusion_matrix as confusion_matrix
    from .training.confusion import draw_confusion_matrix as draw_confusion_matrix
    from .training.drawing import draw_runs as draw_runs
    from .training.loop import train_ch6 as train_ch6
    from .training.metrics import Accumulator as Accumulator
    from .training.metrics import Timer as Timer
    from .training.metrics import size as size
    from .training.panel import training_panel as training_panel
    from .training.recording import load_recording as load_recording
    from .training.recording import recordings as recordings
    from .training.recording import replay as replay
    from .training.recording import save_recording as save_recording

# Module -> the names that it gives. A line a module, in the order of the lessons.
CONTENTS = {
    # asking: a prediction before the answer, an error on purpose, a function to write
    "asking.predictions": "Predictions",
    "asking.progress": "forget_answers",
    "asking.handing_in": "hand_in",
    "asking.errors": "expect_error",
    "asking.exercises.checking": "check",
    # 1. sizes: how large an output is, and what it costs
    "sizes.window": "Window",
    "sizes.arithmetic": "conv_output_size conv_transpose_output_size pool_output_size same_padding "
    "conv_parameters conv_multiply_adds",
    "sizes.calculator": "size_calculator",
    "sizes.drawing": "draw_convolution",
    "sizes.explorer": "conv_explorer",
    # 2, 3 and 6. a network: made, looked at from outside and from inside, used
    "network.models": "LeNet Reshape sequential_lenet xavier_init",
    "network.table": "layer_table",
    "network.drawing": "draw_network",
    "network.viewer": "lenet_viewer",
    "network.evaluation": "accuracy evaluate_accuracy_gpu predict",
    "network.weights": "load_weights save_weights",
    # 4. the data
    "data.fashion_mnist": "load_data_fashion_mnist get_fashion_mnist_labels",
    "data.by_name": "load_data",
    "data.batches": "TensorBatches",
    "data.drawing": "draw_images show_images",
    # 5 and 7. training: watched, recorded, played back
    "devices": "available_devices describe_device try_gpu",
    "training.loop": "train_ch6",
    "training.panel": "training_panel",
    "training.metrics": "Accumulator Timer size",
    "training.drawing": "draw_runs",
    "training.confusion": "confusion_matrix draw_confusion_matrix",
    "training.recording": "load_recording recordings replay save_recording",
    "show.animator": "Animator",
    "show.pictures": "Picture",
}
_HOME = {name: module for module, names in CONTENTS.items() for name in names.split()}
__all__ = sorted(_HOME)  # noqa: PLE0605 (a list of names, from the table)


def __getattr__(name: str) -> Any:  # noqa: ANN401 (whatever the name is)
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    with collection_paused():
        value = getattr(importlib.import_module(f".{home}", __name__), name)
    globals()[name] = value  # the next time it is here
    return value


def __dir__() -> list[str]:
    return list(__all__)
