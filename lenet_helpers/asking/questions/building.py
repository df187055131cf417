"""Notebook 2: what a convolution computes, and where a network's parameters are."""

from __future__ import annotations

from ...sizes.arithmetic import conv_parameters, linear_parameters
from .question import Question, wrong_answers

PATCH, KERNEL = (1, 0, 3, 1), (1, -1, 0, 2)  # row by row
PRODUCTS = [pixel * weight for pixel, weight in zip(PATCH, KERNEL, strict=True)]
COUNTS = {
    "conv1": conv_parameters(1, 6, 5),
    "conv2": conv_parameters(6, 16, 5),
    "dense1": linear_parameters(400, 120),
    "dense2": linear_parameters(120, 84),
    "dense3": linear_parameters(84, 10),
}
TOTAL = sum(COUNTS.values())
IN, OUT = 16 * 5 * 5, 120  # of the first dense layer
LESS = 16 * 4 * 4  # what reaches it without padding
SMALLER = TOTAL - (IN - LESS) * OUT
BIASES = 6 + 16 + 120 + 84 + 10

QUESTIONS = (
    Question(
        key="first number of the output",
        notebook=2,
        words="The kernel [[1, −1], [0, 2]] lies on the pixels 1, 0, 3 and 1 (row by row). What is "
        "the first number of the output?",
        kind="number",
        answer=sum(PRODUCTS),
        why=f"1·1 + 0·(−1) + 3·0 + 1·2 = {sum(PRODUCTS)}.",
        hint="Write each weight under its pixel, multiply, and add up the products.",
        thoughts=wrong_answers(
            sum(PRODUCTS),
            {
                "kernel flipped": sum(
                    pixel * weight for pixel, weight in zip(PATCH, KERNEL[::-1], strict=True)
                ),
                "sum of corners only": [sum(PRODUCTS[:2]), sum(PRODUCTS[2:])],
                "weights left out": [sum(PATCH), sum(PATCH) + sum(KERNEL)],
            },
        ),
    ),
    Question(
        key="layer with the most parameters",
        notebook=2,
        words="Which layer has the most parameters: the first convolution, the second, or the "
        'first dense layer? "conv1", "conv2" or "dense1"?',
        kind="word",
        answer=max(COUNTS, key=lambda layer: COUNTS[layer]),
        why=f"{COUNTS['dense1']:,} of {TOTAL:,} are in the first dense layer, "
        f"{100 * COUNTS['dense1'] / TOTAL:.0f} %: 400·120 weights and 120 biases. The convolutions "
        f"have {COUNTS['conv1']:,} and {COUNTS['conv2']:,}.",
        hint="Compute the three numbers: weights, and biases.",
        thoughts={
            "conv1": "weights live in convolutions",
            "conv2": "weights live in convolutions",
            "dense2": "last layers largest",
            "dense3": "last layers largest",
        },
        choices=("conv1", "conv2", "dense1"),
        words_for={
            **dict.fromkeys(("convolution 1", "first convolution", "C1"), "conv1"),
            **dict.fromkeys(("convolution 2", "second convolution", "C3"), "conv2"),
            **dict.fromkeys(
                (
                    "first dense layer",
                    "first dense",
                    "dense",
                    "dense layer",
                    "linear",
                    "linear layer",
                    "linear 1",
                    "fc",
                    "fc1",
                ),
                "dense1",
            ),
            **dict.fromkeys(("dense2", "second dense layer", "linear 2", "fc2"), "dense2"),
            **dict.fromkeys(("dense3", "third dense layer", "last layer", "fc3"), "dense3"),
        },
    ),
    Question(
        key="parameters without padding",
        notebook=2,
        words=f"The textbook's LeNet has {TOTAL:,} parameters. Without padding, 256 numbers "
        "reach the first dense layer, in place of 400. How many parameters has it then?",
        kind="whole",
        answer=SMALLER,
        why=f"{TOTAL:,} − (400 − 256)·120 = {SMALLER:,}: each number that is gone had a weight for "
        "each of the 120 units.",
        hint="Only one layer differs. Compute it for 400 and for 256 numbers, and compare.",
        thoughts=wrong_answers(
            SMALLER,
            {
                "dense layer like a kernel": TOTAL,
                "one weight per input": TOTAL - (IN - LESS),
                "part for whole": [(IN - LESS) * OUT, linear_parameters(LESS, OUT), LESS * OUT],
                "bias per weight": [TOTAL - (IN - LESS) * (OUT + 1), SMALLER - OUT],
                "bias forgotten": SMALLER - BIASES,
                "side for area": TOTAL - (5 - 4) * OUT,
            },
        ),
    ),
)
