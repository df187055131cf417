"""Notebook 5: training, and how good its result is."""

from __future__ import annotations

import math

from .question import Question, wrong_answers

CLASSES = 10
GUESSING = math.log(CLASSES)
CLOTHES = (
    "t-shirt", "trouser", "pullover", "dress", "coat",
    "sandal", "shirt", "sneaker", "bag", "ankle boot",
)  # fmt: skip

QUESTIONS = (
    Question(
        key="layers with new weights",
        notebook=5,
        words="LeNet has two convolutions and three dense layers. How many of the five get new "
        "weights from this function?",
        kind="whole",
        answer=3,
        why="The three dense layers. nn.ConstantPad2d only adds a frame of pixels and has no "
        "weights; nn.Conv2d was meant. PyTorch reports no error: isinstance only answers no.",
        hint="Go through the five layers, and ask of each: is it of one of the two named classes?",
        thoughts={
            5: "class name misread",
            2: "class name misread",
            0: "a wrong name stops it",
            1: "applied to one layer",
        },
        words_for={"all": 5, "all five": 5, "all of them": 5},
    ),
    Question(
        key="loss of guessing",
        notebook=5,
        words="A network gives each of ten classes the probability 0.1. What is its cross-entropy "
        "loss?",
        kind="number",
        answer=GUESSING,
        why=f"−ln 0.1 = ln 10 = {GUESSING:.3f}. A network that shows this loss is guessing.",
        hint="Put the probability of the right class into the formula.",
        thoughts=wrong_answers(
            GUESSING,
            {
                "guessing loses nothing": [0, 0.1, 0.9, 90],
                "minus forgotten": -GUESSING,
                "another logarithm": [1, math.log2(CLASSES)],
                "logarithm of another number": [math.log(100), math.log(9), math.log(256)],
                "part for whole": [10, 256 * GUESSING],
            },
        ),
        within=0.05,
    ),
    Question(
        key="loss of the first epoch",
        notebook=5,
        words="LeNet with sigmoids, SGD, a learning rate of 0.9. What will the mean loss of the "
        "first epoch be?",
        kind="number",
        answer=None,
        why="It begins near ln 10, the loss of guessing, and stays there for a while: the plateau. "
        "Behind two layers of sigmoids and pooling the gradients are small, until the first "
        "weights have found something that helps. Then the loss falls quickly. So a flat start is "
        "no mistake: give it another epoch before you change anything.",
        hint="What is the loss before the first step, and how soon does it change?",
        bands=(
            (0.0, 1.9, "sigmoid learns at once"),
            (2.7, 1e6, "worse than guessing"),
            (-1e6, -1e-6, "minus forgotten"),
        ),
        within=0.15,
        usual=(2.0, 2.4),
    ),
    Question(
        key="test accuracy after ten epochs",
        notebook=5,
        words="What will the test accuracy be after ten epochs? A number from 0 to 1.",
        kind="share",
        answer=None,
        why="Single runs differ: a difference of 0.02 between two of them means little.",
        hint="Between guessing and never being wrong: where would people be?",
        bands=((0.0, 0.2, "plateau for ever"), (0.96, 1.0, "nearly perfect")),
        within=0.03,
        usual=(0.70, 0.85),
    ),
    Question(
        key="plateau with Adam",
        notebook=5,
        words='With Adam in place of SGD, is the plateau "longer", "equal" or "shorter"?',
        kind="word",
        answer=None,
        why="Adam divides by the size of recent gradients: small gradients no longer mean small "
        "steps.",
        hint="How large is Adam's step where the gradients are small?",
        thoughts={"longer": "adaptive means careful", "equal": "same step for all"},
        choices=("longer", "equal", "shorter"),
        words_for={
            **dict.fromkeys(("equally long", "same", "the same", "unchanged"), "equal"),
            **dict.fromkeys(("gone", "no plateau", "disappears", "vanishes", "none"), "shorter"),
            **dict.fromkeys(("short", "smaller", "less", "less long"), "shorter"),
            **dict.fromkeys(("long", "larger", "more"), "longer"),
        },
    ),
    Question(
        key="hardest class",
        notebook=5,
        words="Which class will be right least often?",
        kind="word",
        answer=None,
        why="A class is hard when another one has nearly the same outline: look along its row.",
        hint="Which garments have the same outline at 28×28 pixels?",
        thoughts={
            "trouser": "a shape of its own",
            "bag": "a shape of its own",
            "ankle boot": "a shape of its own",
        },
        choices=CLOTHES,
        words_for={
            **{str(number): name for number, name in enumerate(CLOTHES)},
            **dict.fromkeys(("t-shirt/top", "top", "tee", "tshirts"), "t-shirt"),
            **dict.fromkeys(("trousers", "pants"), "trouser"),
            **dict.fromkeys(("sweater", "jumper"), "pullover"),
            **{"dresses": "dress", "handbag": "bag", "jacket": "coat"},
            **dict.fromkeys(("boot", "boots"), "ankle boot"),
        },
    ),
)
