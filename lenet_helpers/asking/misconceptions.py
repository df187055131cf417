"""The thoughts behind wrong answers: each with what to say, and where to read again.

Predictions and checks of exercises recognise a wrong answer and name its thought by its key here;
``docs/misconceptions.md`` is made from this list. A hint points at the place to look and never
holds the answer.

Source: no inventory of misconceptions about convolutional networks has been published, as far as
we know. These are ours: from the slips that the formulas allow, from mistakes in public questions
about PyTorch, and from errors that PyTorch's own documentation warns of.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Misconception:
    """A plausible wrong thought.

    Args:
        thought: What was probably thought, as the end of "It looks as if ...".
        hint: What to look at or to try next; without the answer.
        notebook: The notebook that has it, by its number.
        section: The heading to read again, without its number.
    """

    thought: str
    hint: str
    notebook: int
    section: str


MISCONCEPTIONS: dict[str, Misconception] = {
    # sizes
    "no plus one": Misconception(
        "the first place of the kernel is not counted",
        "Put the kernel at the left edge: that is one place already. Then count its steps.",
        1, "A kernel slides over a picture",
    ),
    "padding forgotten": Misconception(
        "the padding is left out",
        "Draw the frame of zeros around the picture first, and slide over all of it.",
        1, "Padding: a frame of zeros",
    ),
    "padding once": Misconception(
        "the padding is added at one side only",
        "The frame runs around the picture. How many sides of an axis does it touch?",
        1, "Padding: a frame of zeros",
    ),
    "stride ignored": Misconception(
        "the kernel takes every place, one pixel after the other",
        "The stride says how far the kernel jumps from one place to the next.",
        1, "Stride: larger steps, and a floor",
    ),
    "ceil for floor": Misconception(
        "the division is rounded up",
        "Would the last place still lie inside the picture?",
        1, "Stride: larger steps, and a floor",
    ),
    "one axis for both": Misconception(
        "one axis is computed and written down for both",
        "Height and width have a sum each. Are the two sides of this picture equal?",
        1, "Stride: larger steps, and a floor",
    ),
    "axes swapped": Misconception(
        "the order of the axes is turned around",
        "PyTorch writes channels, height, width, in this order.",
        1, "Stride: larger steps, and a floor",
    ),
    "dilation adds taps": Misconception(
        "dilation is taken for a larger kernel, or left out",
        "Mark the taps in the picture, with the gaps between them, and measure from the first "
        "to the last.",
        1, "Dilation: a kernel with gaps",
    ),
    "kernel for map": Misconception(
        "the size of the kernel is taken for the size of what comes out",
        "The kernel is what slides. How many places does it take?",
        1, "A kernel slides over a picture",
    ),
    "area for side": Misconception(
        "all pixels are counted where one side is asked for",
        "Read the question again: one number along one axis.",
        1, "The whole formula",
    ),
    "side for area": Misconception(
        "one side is given where all values are asked for",
        "Count the values of all rows and all channels.",
        1, "LeNet, layer by layer",
    ),
    "pooling stride one": Misconception(
        "the pooling window moves by one pixel",
        "Where nothing is said, a pooling window moves by its own size.",
        1, "Pooling is the same arithmetic",
    ),
    "pooling merges channels": Misconception(
        "pooling is thought to change the number of channels",
        "The window lies in one channel. Does anything add channels up?",
        1, "Pooling is the same arithmetic",
    ),
    "stopped early": Misconception(
        "the chain is left one layer too early",
        "Go through the layers one by one, and count the pooling layers.",
        1, "LeNet, layer by layer",
    ),
    "bias forgotten": Misconception(
        "the bias is left out",
        "Each output channel, and each dense unit, adds one number of its own.",
        1, "What a layer costs",
    ),
    "bias per weight": Misconception(
        "the bias is counted, or added, more than once for an output",
        "How many biases does one output channel have?",
        1, "What a layer costs",
    ),
    "kernel of one channel": Misconception(
        "a kernel is thought to lie in one input channel only",
        "Each output channel looks at all input channels: its kernel is as deep as the input.",
        1, "What a layer costs",
    ),
    "parameters grow with picture": Misconception(
        "the parameters are multiplied by the number of places",
        "The same kernel is used at every place. What is stored?",
        1, "What a layer costs",
    ),
    # building
    "kernel flipped": Misconception(
        "the kernel is turned around before it is used",
        "Deep learning slides the kernel as it is; the mathematician's convolution turns it.",
        2, "What one convolution computes",
    ),
    "sum of corners only": Misconception(
        "some of the products are left out",
        "Each number of the kernel meets one pixel. How many products are there?",
        2, "What one convolution computes",
    ),
    "weights live in convolutions": Misconception(
        "most parameters are thought to be where most of the work is",
        "A dense layer stores a weight for each pair of input and output; a kernel is shared.",
        2, "Where are the parameters?",
    ),
    "softmax in the network": Misconception(
        "the network is thought to end with a softmax",
        "What does nn.CrossEntropyLoss do with the scores that it is given?",
        2, "Why is there no activation at the end?",
    ),
    # shapes
    "batch multiplied": Misconception(
        "the number of pictures in the batch is multiplied in",
        "The first axis counts pictures; a layer does the same to each of them.",
        3, "Layer by layer",
    ),
    "flatten keeps channels": Misconception(
        "the channels, or one side, are left out of the flattening",
        "Flattening puts all channels, rows and columns of one picture into one row.",
        3, "First error: the wrong number after flattening",
    ),
    "work is where weights are": Misconception(
        "the layer with the most parameters is thought to compute most",
        "A shared weight is used at every place: multiply by the places.",
        3, "The same as one table",
    ),
    "batch for channels": Misconception(
        "an axis is taken for another one",
        "With three axes PyTorch reads (channels, height, width); nobody said which is missing.",
        3, "Second error: no channel dimension",
    ),
    # data
    "rounded down": Misconception(
        "the last, smaller batch is left out",
        "What happens to the pictures that do not fill a batch?",
        4, "Batches",
    ),
    "unit mistaken": Misconception(
        "the number is right in another unit",
        "Read the unit that the question asks for.",
        4, "Why there are no worker processes",
    ),
    "bytes per float": Misconception(
        "a pixel is thought to take four bytes",
        "How are the pixels kept: as bytes, or as floating-point numbers?",
        4, "Why there are no worker processes",
    ),
    # training
    "per cent for share": Misconception(
        "a share is given in per cent",
        "A share lies between 0 and 1.",
        5, "How good is it? Evaluation",
    ),
    "guessing loses nothing": Misconception(
        "the loss of guessing is taken for the share of errors, or for nothing",
        "The loss is the negative logarithm of the probability of the right class.",
        5, "The loss of guessing",
    ),
    "mean of means": Misconception(
        "the batches are averaged although the last one is smaller",
        "Weigh each batch by its pictures: sum first, divide once.",
        5, "How good is it? Evaluation",
    ),
    "gradients pile up": Misconception(
        "the gradients of earlier batches are kept",
        "backward() adds to the gradients that are there.",
        5, "The training loop",
    ),
    "step before backward": Misconception(
        "the weights are moved before the gradients are there",
        "The order is: clear, forward, loss, backward, step.",
        5, "The training loop",
    ),
    "evaluation trains": Misconception(
        "the network is measured in training mode",
        "Dropout and batch normalisation do something else while training: net.eval().",
        5, "How good is it? Evaluation",
    ),
    "sigmoid learns at once": Misconception(
        "LeNet with sigmoids is thought to learn from the first batch on",
        "Its gradients are small at first: look at the loss of guessing.",
        5, "The training loop",
    ),
    # inside, and when it goes wrong
    "pooling forgotten": Misconception(
        "the pooling before the layer is left out",
        "One step in a pooled map is two pixels of the picture.",
        6, "One picture, every layer",
    ),
    "pooling makes invariant": Misconception(
        "pooling is thought to make a network indifferent to moves",
        "A pooling window of two forgives less than two pixels. Measure it.",
        6, "What pooling promises",
    ),
    "any failure is the rate": Misconception(
        "the learning rate is thought to explain every curve",
        "Compare the level that the curve settles at with the loss of guessing, and with 0.",
        7, "Four mistakes, four curves",
    ),
}  # fmt: skip
