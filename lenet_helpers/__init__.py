"""Helpers that keep the LeNet notebooks short.

The names of the d2l textbook are here, so its LeNet code runs with
``import lenet_helpers as d2l``; beside them the size arithmetic, the LeNet models, the layer
table and the pictures.
"""

from .animator import Animator
from .calculator import size_calculator
from .confusion import confusion_matrix, draw_confusion_matrix, predict
from .conv_explorer import conv_explorer
from .curves import draw_runs
from .data import DataFileError, get_fashion_mnist_labels, load_data_fashion_mnist
from .devices import available_devices, describe_device, try_gpu
from .expected import expect_error
from .gallery import draw_images, show_images
from .layers import LayerShapeError, layer_table
from .lenet_viewer import lenet_viewer
from .metrics import Accumulator, Timer, accuracy, evaluate_accuracy_gpu, size
from .models import LeNet, Reshape, count_parameters, sequential_lenet, xavier_init
from .network_drawing import draw_network
from .predictions import Predictions
from .recordings import (
    Recording,
    RecordingError,
    load_recording,
    recordings,
    replay,
    save_recording,
)
from .results import TrainingResult
from .size_check import check_size_function
from .size_pictures import draw_convolution
from .sizes import (
    conv_multiply_adds,
    conv_output_size,
    conv_parameters,
    linear_multiply_adds,
    linear_parameters,
    pool_output_size,
    same_padding,
    size_formula,
    size_slips,
)
from .training import train_ch6
from .training_panel import training_panel
from .weights import load_weights, save_weights

__all__ = [
    "Accumulator",
    "Animator",
    "DataFileError",
    "LayerShapeError",
    "LeNet",
    "Predictions",
    "Recording",
    "RecordingError",
    "Reshape",
    "Timer",
    "TrainingResult",
    "accuracy",
    "available_devices",
    "check_size_function",
    "confusion_matrix",
    "conv_explorer",
    "conv_multiply_adds",
    "conv_output_size",
    "conv_parameters",
    "count_parameters",
    "describe_device",
    "draw_confusion_matrix",
    "draw_convolution",
    "draw_images",
    "draw_network",
    "draw_runs",
    "evaluate_accuracy_gpu",
    "expect_error",
    "get_fashion_mnist_labels",
    "layer_table",
    "lenet_viewer",
    "linear_multiply_adds",
    "linear_parameters",
    "load_data_fashion_mnist",
    "load_recording",
    "load_weights",
    "pool_output_size",
    "predict",
    "recordings",
    "replay",
    "same_padding",
    "save_recording",
    "save_weights",
    "sequential_lenet",
    "show_images",
    "size",
    "size_calculator",
    "size_formula",
    "size_slips",
    "train_ch6",
    "training_panel",
    "try_gpu",
    "xavier_init",
]
