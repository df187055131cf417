"""Notebook 10: LeNet-5 of 1998, and the way to today."""

from __future__ import annotations

from ...sizes.arithmetic import conv_parameters
from .question import Question, wrong_answers

LINKS, MAPS, INPUTS = 60, 16, 6
C3 = LINKS * 25 + MAPS
STEPS = (
    "every link in C3", "softmax", "max pooling", "Xavier weights", "ReLU", "AdamW", "batch norm",
    "one-cycle rate", "mirrored pictures", "label smoothing", "more weight decay",
    "two cycles", "moved pictures", "dropout",
)  # fmt: skip
MEANT = {
    **{"links": "every link in C3", "dense C3": "every link in C3", "pooling": "max pooling"},
    **{"Xavier": "Xavier weights", "Adam": "AdamW", "batchnorm": "batch norm"},
    **{"one cycle": "one-cycle rate", "schedule": "one-cycle rate", "flips": "mirrored pictures"},
    **{"smoothing": "label smoothing", "weight decay": "more weight decay"},
    **dict.fromkeys(("batch normalization", "batch normalisation"), "batch norm"),
    **dict.fromkeys(("one-cycle learning rate", "one cycle schedule"), "one-cycle rate"),
    **{"cross-entropy": "softmax", "mirroring": "mirrored pictures"},
    **{"restart": "two cycles", "rate restarted": "two cycles", "shifts": "moved pictures"},
}

QUESTIONS = (
    Question(
        key="parameters of C3",
        notebook=10,
        words="C3 makes 16 maps of 6, with kernels of 5×5. A map sees some of the six only: there "
        "are 60 links, not 96. How many parameters has C3, biases included?",
        kind="whole",
        answer=C3,
        why=f"60·25 weights and 16 biases are {C3:,}.",
        hint="A link is one kernel. Then come the biases, one for each map.",
        thoughts=wrong_answers(
            C3,
            {
                "every link counted": [conv_parameters(INPUTS, MAPS, 5), MAPS * INPUTS * 25],
                "bias forgotten": LINKS * 25,
                "bias per weight": LINKS * 26,
                "bias per input": LINKS * 25 + INPUTS,
                "bias per layer": LINKS * 25 + 1,
                "links share a kernel": [MAPS * 26, MAPS * 25],
                "kernel has one side": [LINKS * 5, LINKS * 5 + MAPS],
            },
        ),
    ),
    Question(
        key="accuracy of 1998",
        notebook=10,
        words="LeNet-5 of 1998, with its own weights, activation, output and loss, learns clothes "
        "for ten epochs. What is its accuracy on the pictures held back? A number from 0 to 1.",
        kind="share",
        answer=None,
        why="It learns faster than the textbook's LeNet with sigmoids: its activation is steep at "
        "0, and its pixels are shifted to a mean near 0.",
        hint="The textbook's LeNet, with sigmoids and plain SGD, has reached about 0.8.",
        bands=((0.0, 0.6, "old is useless"), (0.91, 1.0, "old is as good")),
        within=0.02,
        usual=(0.85, 0.9),
    ),
    Question(
        key="step that helps most",
        notebook=10,
        words="Which of the steps raises the validation accuracy most?",
        kind="word",
        answer=None,
        why="A rate that is high at first and falls to 0 takes large steps, and careful ones at "
        "the end. In ten epochs nothing else gives as much.",
        hint="Ten epochs are few. What makes each of them count for more?",
        thoughts={
            "dropout": "newest helps most",
            "moved pictures": "newest helps most",
            "every link in C3": "small change, large gain",
        },
        choices=STEPS,
        words_for=MEANT,
    ),
    Question(
        key="steps that do not help",
        notebook=10,
        words="How many of the 14 steps lower the mean validation accuracy?",
        kind="whole",
        answer=None,
        why="What keeps a network from learning by heart, such as dropout, costs a small network "
        "more than it gives in ten epochs. And a difference smaller than the spread of three "
        "seeds says little.",
        hint="Would you expect every invention to help every network?",
        bands=(
            (0, 0, "every step helps"),
            (13, 14, "no step helps"),
            (15, 1e9, "more than there are"),
        ),
        within=1,
    ),
    Question(
        key="best epoch with 2,000 pictures",
        notebook=10,
        words="2,000 pictures, 60 epochs. After which epoch is the validation loss at its least?",
        kind="whole",
        answer=None,
        why="From then on what it learns is about these 2,000 pictures alone.",
        hint="When does it know them nearly by heart?",
        bands=(
            (40, 60, "longer is better"),
            (0, 1, "learned at once"),
            (61, 1e9, "more than there are"),
        ),
        within=3,
    ),
    Question(
        key="test accuracy of today",
        notebook=10,
        words="The best recipe, on all 60,000 training pictures, ten epochs, three seeds. What is "
        "the mean test accuracy? A number from 0 to 1.",
        kind="share",
        answer=None,
        why="LeNet's sizes are not what held it back in 1998. The way it was trained was.",
        hint="The validation accuracy of the best step is a good guess. Trained on more pictures, "
        "measured on others.",
        bands=((0.0, 0.88, "LeNet's sizes are too small"), (0.96, 1.0, "nearly perfect")),
        within=0.005,
        usual=(0.91, 0.93),
    ),
)
