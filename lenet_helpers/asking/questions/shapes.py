"""Notebook 3: shapes, layer by layer."""

from __future__ import annotations

import math

from ...sizes.arithmetic import conv_multiply_adds
from ...sizes.window import Window
from .question import Question, wrong_answers
from .sizes import lenet_sides

SIDES, UNPADDED = lenet_sides(), lenet_sides(padding=0)
SIDE, SMALL = SIDES[-1], UNPADDED[-1]
CONV1 = conv_multiply_adds(1, 6, 5, output_size=SIDES[1])
CONV2 = conv_multiply_adds(6, 16, 5, output_size=SIDES[3])
JUMP = math.prod((1, 2, 1, 2))  # the strides up to the second pooling
MAP = Window(28, 5).output // 2  # the side of the maps that nobody flattens

QUESTIONS = (
    Question(
        key="shape after the second pooling",
        notebook=3,
        words="One picture of 28×28 goes through LeNet. What is the shape (pictures, channels, "
        "height, width) after the second pooling?",
        kind="shape",
        answer=(1, 16, SIDE, SIDE),
        why="One picture, 16 channels from the second convolution, and for the sides "
        + " → ".join(map(str, SIDES))
        + ".",
        hint="Four numbers: which of them does a pooling change, and which a convolution?",
        thoughts=wrong_answers(
            (1, 16, SIDE, SIDE),
            {
                "padding forgotten": (1, 16, SMALL, SMALL),
                "stopped early": [(1, 16, SIDES[3], SIDES[3]), (1, 6, SIDES[2], SIDES[2])],
                "batch axis forgotten": [(16, side, side) for side in (SIDE, SMALL, SIDES[3])],
                "axes swapped": [(1, SIDE, SIDE, 16), (16, 1, SIDE, SIDE), (SIDE, SIDE, 16, 1)],
                "channels kept": (1, 6, SIDE, SIDE),
                "pooling merges channels": [(1, 1, SIDE, SIDE), (1, 8, SIDE, SIDE)],
                "went too far": [(1, 16 * SIDE * SIDE), (1, 120)],
            },
        ),
    ),
    Question(
        key="layer with the most multiply-adds",
        notebook=3,
        words="Which layer of LeNet does the most work, counted in multiply-adds? Give its number "
        "in the chain, from 0 to 12.",
        kind="whole",
        answer=4,
        why=f"Layer 4, the second convolution: 16·6·5·5·10·10 = {CONV2:,} multiply-adds. The first "
        f"has {CONV1:,}, the first dense layer 48,000.",
        hint="Parameters times places, for each convolution; a dense layer has one place.",
        thoughts={
            8: "work is where weights are",
            1: "larger map, more work",
            2: "other numbering",
            5: "other numbering",
            10: "work is where weights are",
        },
        words_for={
            **dict.fromkeys(("conv2", "second convolution", "layer 4"), 4),
            **dict.fromkeys(("conv1", "first convolution", "layer 1"), 1),
            **dict.fromkeys(("dense1", "first dense layer", "layer 8"), 8),
        },
    ),
    Question(
        key="jump after the second pooling",
        notebook=3,
        words="Two numbers lie side by side in a map of the second pooling. How many pixels of the "
        "picture lie between what the one sees and what the next sees, from left edge to left "
        "edge?",
        kind="side",
        answer=JUMP,
        why="A convolution moves on by one number of its input, a pooling by two. There are two "
        f"poolings: 1·2·1·2 = {JUMP}.",
        hint="Go back layer by layer: one step after a pooling, how many steps before it?",
        thoughts=wrong_answers(
            JUMP,
            {
                "strides forgotten": 1,
                "only the stride before": 2,
                "field for jump": [16, 14, 5, 6],
                "kernels multiplied": [25, 100],
                "went too far": 8,
            },
        ),
    ),
    Question(
        key="layers that a hook sees",
        notebook=3,
        words="lh.LeNet() has a hook on each module that has no modules inside. One picture goes "
        "through. How many times is the hook called?",
        kind="whole",
        answer=11,
        why="Six modules in the first chain and five in the second: 6 + 5 = 11. The flattening "
        "between them is a line of forward and no module, so no hook sees it.",
        hint="Count what stands in the two chains, activations too. What is in neither?",
        thoughts={
            12: "function taken for a layer",
            13: "function taken for a layer",
            14: "containers counted",
            2: "containers counted",
            3: "containers counted",
            5: "only weights are layers",
            7: "only weights are layers",
        },
    ),
    Question(
        key="features without padding",
        notebook=3,
        words="LeNet without the padding in its first convolution: how many numbers reach the "
        "first dense layer?",
        kind="whole",
        answer=16 * SMALL**2,
        why=f"{' → '.join(map(str, UNPADDED))}, and 16·{SMALL}·{SMALL} = {16 * SMALL**2}.",
        hint="Follow the side through the four layers; then count all values of all maps.",
        thoughts=wrong_answers(
            16 * SMALL**2,
            {
                "padding added": 16 * SIDE**2,
                "flatten keeps channels": [16, SMALL**2, 16 * SMALL],
                "stopped early": [16 * UNPADDED[3] ** 2, 6 * UNPADDED[2] ** 2],
                "channels kept": 6 * SMALL**2,
                "went too far": 120,
            },
        ),
    ),
    Question(
        key="what the 256 is taken for",
        notebook=3,
        words="A batch of shape (256, 28, 28) reaches a convolution. What does it take the 256 "
        'for: "pictures" or "channels"?',
        kind="word",
        answer="channels",
        why="With three axes PyTorch reads one picture: (channels, height, width).",
        hint="A convolution wants four axes. Here are three: which one does PyTorch add itself?",
        thoughts={
            "pictures": "batch for channels",
            "height": "batch for channels",
            "width": "batch for channels",
        },
        choices=("pictures", "channels"),
        words_for={
            **dict.fromkeys(("batch", "images", "examples", "batch size", "N"), "pictures"),
            **dict.fromkeys(("colours", "colors", "maps", "C"), "channels"),
            **{"height": "height", "rows": "height", "width": "width", "columns": "width"},
        },
    ),
    Question(
        key="mat1 when nobody flattened",
        notebook=3,
        words="One picture gives maps of shape (1, 6, 12, 12), and nobody flattens them. What does "
        "the error message name as mat1, (first number, second number)?",
        kind="shape",
        answer=(6 * MAP, MAP),
        why=f"A dense layer works on the last axis: {MAP} numbers, one row of a map. All other "
        f"axes are put together: 1·6·{MAP} = {6 * MAP} rows. So a first number that is larger than "
        "the batch is the sign of a missing flatten.",
        hint="A dense layer works on the last axis only. What becomes of the three others?",
        thoughts=wrong_answers(
            (6 * MAP, MAP),
            {
                "flatten taken for granted": [(1, 6 * MAP * MAP), (6 * MAP * MAP, 1)],
                "maps for rows": [(6, MAP * MAP), (6, MAP), (1, MAP), (MAP, MAP)],
                "mat1 turned around": (MAP, 6 * MAP),
                "mat2 for mat1": (6 * MAP * MAP, 10),
                "maps for a matrix": [(1, 6, MAP, MAP), (6, MAP, MAP)],
            },
        ),
    ),
)
