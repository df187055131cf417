"""Notebook 7: which mistake leaves which curve."""

from __future__ import annotations

import math

from ..reading import Value
from .question import Question

MISTAKES = ("small", "large", "kept", "softmax")
RATES = {"small": ("small", "low"), "large": ("large", "high", "big")}  # a rate is called so
WORDS: dict[str, str] = {
    **{
        said.format(word): mistake
        for mistake, words in RATES.items()
        for word in words
        for said in ("{}", "too {}", "{} learning rate", "learning rate too {}", "too {} a rate")
    },
    **dict.fromkeys(
        (
            "no zero_grad",
            "zero_grad",
            "optimizer.zero_grad",
            "zero_grad missing",
            "zero_grad forgotten",
            "forgot zero_grad",
            "kept gradients",
            "gradients kept",
            "gradients not zeroed",
            "accumulated gradients",
            "gradients accumulate",
        ),
        "kept",
    ),
    **dict.fromkeys(
        ("second softmax", "two softmaxes", "double softmax", "softmax twice"), "softmax"
    ),
}
FLOOR = -math.log(math.e / (math.e + 9))


def run(name: str, mistake: str, why: str, hint: str, thoughts: dict[Value, str]) -> Question:
    """Return the question for the mistake of run ``name``."""
    return Question(
        key=f"mistake of run {name}",
        notebook=7,
        words=f"Which mistake was made in run {name}? "
        + ", ".join(f'"{choice}"' for choice in MISTAKES[:-1])
        + f' or "{MISTAKES[-1]}"?',
        kind="word",
        answer=mistake,
        why=why,
        hint=hint,
        thoughts=thoughts,
        choices=MISTAKES,
        words_for=WORDS,
    )


QUESTIONS = (
    run(
        "A",
        "large",
        "A spike at the start, far above 2.303: the first steps threw the weights far away, and "
        "after that nothing moves.",
        "Look at its very first points, and compare them with the loss of guessing.",
        {
            "small": "start not looked at",
            "kept": "direction not looked at",
            "softmax": "accuracy not looked at",
        },
    ),
    run(
        "B",
        "softmax",
        f"The accuracy rises, and the loss stays high: it cannot fall below {FLOOR:.3f} when it "
        "takes probabilities for logits.",
        "Compare its loss with its accuracy: do they say the same?",
        {
            "small": "any failure is the rate",
            "large": "any failure is the rate",
            "kept": "direction not looked at",
        },
    ),
    run(
        "C",
        "small",
        "It starts at the loss of guessing and stays there, without a spike: the steps lead "
        "nowhere.",
        "Does it move at all, from its first point to its last?",
        {
            "large": "start not looked at",
            "kept": "direction not looked at",
            "softmax": "accuracy not looked at",
        },
    ),
    run(
        "D",
        "kept",
        "Its loss rises from epoch to epoch: each step follows the sum of all gradients so far.",
        "Follow its loss from epoch to epoch.",
        {
            "large": "a rise is a large step",
            "small": "direction not looked at",
            "softmax": "accuracy not looked at",
        },
    ),
    Question(
        key="pictures right with a second softmax",
        notebook=7,
        words="Twenty pictures are learned by heart, by a network that ends in a softmax too many. "
        "How many of the twenty does it get right?",
        kind="whole",
        answer=None,
        why=f"Most or all: a softmax keeps the order of the classes. But the loss stays at "
        f"{FLOOR:.3f} or above, so the accuracy alone does not show this mistake.",
        hint="Which class is the largest after a softmax, and which was it before?",
        bands=(
            (0, 6, "a wrong loss stops all learning"),
            (21, 1e9, "more than there are"),
            (-1e9, -1, "more than there are"),
        ),
        within=2,
        words_for=dict.fromkeys(("all", "all of them", "all 20", "20 of 20", "every one"), 20),
        usual=(10, 20),
    ),
)
