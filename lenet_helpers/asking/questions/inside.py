"""Notebook 6: what a unit sees, and what pooling promises."""

from __future__ import annotations

from .question import Question, wrong_answers

KERNEL, POOL = 5, 2
# Taps of the second convolution lie two pixels apart; each looks at a window of the pooling, and
# each pixel of that at a kernel of the first convolution.
FIELD = (KERNEL - 1) * POOL + (POOL - 1) + KERNEL

QUESTIONS = (
    Question(
        key="pixels seen by the second convolution",
        notebook=6,
        words="A unit of the first convolution sees 5×5 pixels. After a pooling of 2×2 comes the "
        "second convolution, with a kernel of 5. How many pixels a side does one of its units see?",
        kind="side",
        answer=FIELD,
        why=f"4·2 + 1 + 5 = {FIELD}: four steps of 2 between its taps, one pixel more for the "
        "window of the pooling, and the kernel of the first convolution.",
        hint="Go backwards: which pooled pixels does it see, which pixels before the pooling, and "
        "which of the picture?",
        thoughts=wrong_answers(
            FIELD,
            {
                "pooling forgotten": [2 * KERNEL, 2 * KERNEL - 1],
                "field is the kernel": KERNEL,
                "pooling window forgotten": (KERNEL - 1) * POOL + KERNEL,
                "fields multiplied": [
                    KERNEL * KERNEL,
                    KERNEL * KERNEL * POOL,
                    KERNEL * POOL + 2,
                    2 * KERNEL * POOL,
                ],
                "area for side": FIELD**2,
                "whole picture seen": [28, 14 * 2 + 4],
                "went too far": FIELD + (POOL - 1) * POOL,
                "stopped early": KERNEL + POOL - 1,
            },
        ),
    ),
    Question(
        key="layer that changes least",
        notebook=6,
        words="The garment moves by two pixels. After which of these layers does the pattern "
        'change least: "conv1", "pool1", "conv2" or "pool2"?',
        kind="word",
        answer=None,
        why="Each pooling makes the maps before and after the move more alike, and the second "
        "works on what the first has done.",
        hint="A move by two pixels: how far is it in the map of each layer?",
        thoughts={
            "conv1": "a map does not move",
            "conv2": "a map does not move",
            "pool1": "one pooling is enough",
        },
        choices=("conv1", "pool1", "conv2", "pool2"),
        words_for={
            **{"first convolution": "conv1", "second convolution": "conv2"},
            **{"first pooling": "pool1", "second pooling": "pool2"},
            **{"pooling 1": "pool1", "pooling 2": "pool2"},
            **{"convolution 1": "conv1", "convolution 2": "conv2"},
        },
    ),
    Question(
        key="equal answers after a move",
        notebook=6,
        words="After a move by two pixels, which share of the pictures gets the same answer as "
        "before? A number from 0 to 1.",
        kind="share",
        answer=None,
        why="Pooling makes small moves matter less. It does not make them vanish: no garment of "
        "the data set stood anywhere but in the middle.",
        hint="Pooling forgives a little. Are two pixels little?",
        bands=((0.95, 1.0, "pooling makes invariant"), (0.0, 0.2, "fixed places only")),
        within=0.1,
        usual=(0.4, 0.9),
    ),
)
