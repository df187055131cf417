"""Notebook 8: what takes the time of a training, and what makes it shorter."""

from __future__ import annotations

from .question import Question, wrong_answers

SHARE, FACTOR = 0.75, 10  # of a step's time, and how many times as fast that part becomes
WHOLE = 1 / (1 - SHARE + SHARE / FACTOR)

TIMES = {
    **dict.fromkeys(("the same", "same", "equal", "as long"), 1),
    **dict.fromkeys(("twice", "twice as long", "double"), 2),
    **dict.fromkeys(("half", "half as long"), 0.5),
}

QUESTIONS = (
    Question(
        key="operation that takes most time",
        notebook=8,
        words='Which operation takes most time: the convolutions going "forward", the convolutions '
        'going "backward", or the "sigmoid"s?',
        kind="word",
        answer=None,
        why="Going backward, a convolution computes two gradients: that of its weights and that of "
        "its input.",
        hint="For each of the three: how many multiplications is it?",
        thoughts={"forward": "going back is free", "sigmoid": "activation costs most"},
        choices=("forward", "backward", "sigmoid"),
        words_for={
            **dict.fromkeys(
                ("convolution", "conv", "conv forward", "convolution forward", "forward pass"),
                "forward",
            ),
            **dict.fromkeys(
                (
                    "convolution backward",
                    "conv backward",
                    "backward convolution",
                    "backward pass",
                    "gradients",
                    "backwards",
                ),
                "backward",
            ),
            **dict.fromkeys(("sigmoids", "activation", "activations"), "sigmoid"),
        },
    ),
    Question(
        key="DataLoader's share of a step",
        notebook=8,
        words="A DataLoader fetches 256 pictures one at a time. Which share of the whole time of a "
        "step does it take? A number from 0 to 1.",
        kind="share",
        answer=None,
        why="Each picture is fetched, converted and copied alone. The faster the arithmetic, the "
        "larger is the share of the loading.",
        hint="256 times Python fetches one picture. How long is the arithmetic in comparison?",
        bands=((0.0, 0.15, "loading is free"), (0.99, 1.0, "arithmetic is free")),
        within=0.1,
        usual=(0.2, 0.97),
    ),
    Question(
        key="gain of a faster part",
        notebook=8,
        words=f"The loading takes {SHARE} of the time of a step. Now it becomes {FACTOR} times as "
        "fast. How many times as fast is the step?",
        kind="number",
        answer=WHOLE,
        why=f"Of 100 ms, {100 * (1 - SHARE):g} stay and {100 * SHARE:g} become "
        f"{100 * SHARE / FACTOR:g}: 100 / {100 / WHOLE:g} = {WHOLE:.2f}. However fast the loading "
        f"becomes, the step is never more than {1 / (1 - SHARE):g} times as fast.",
        hint="Take a step of 100 ms. How many milliseconds are left of each part?",
        thoughts=wrong_answers(
            WHOLE,
            {
                "gain of the part": FACTOR,
                "gain times share": [SHARE * FACTOR, 1 + SHARE * (FACTOR - 1)],
                "part costs nothing": 1 / (1 - SHARE),
                "time for gain": [1 / WHOLE, 100 / WHOLE],
                "other part faster": 1 / (SHARE + (1 - SHARE) / FACTOR),
            },
        ),
        within=0.06,
    ),
    Question(
        key="share of the ideal with all threads",
        notebook=8,
        words="With N threads a step could be N times as fast as with one. Which share of this "
        "ideal does it reach? A number from 0 to 1.",
        kind="share",
        answer=None,
        why="The threads divide each operation, and meet at its end. Small operations are hardly "
        "worth it, and what Python does is not divided at all.",
        hint="Can everything that a step does be divided among threads?",
        bands=((0.98, 1.0, "everything is divided"), (0.0, 0.05, "threads do nothing")),
        within=0.1,
    ),
    Question(
        key="two programs at once",
        notebook=8,
        words="A program trains with a thread for each core. Now two such programs run at once. "
        "How many times as long does a step of each take?",
        kind="number",
        answer=None,
        why="Twice is what fair sharing would cost. The rest is waiting: the threads of a program "
        "meet after every operation, and one that has no core just then keeps the others waiting, "
        "and they use their cores while they wait. With fewer threads each program has cores of "
        "its own.",
        hint="How many threads want a core now, and who waits for whom at the end of an operation?",
        bands=(
            (0.0, 0.9, "speed for time"),
            (0.9, 1.3, "programs do not meet"),
            (1.9, 2.1, "cores are only shared"),
        ),
        within=0.3,
        words_for=TIMES,
        usual=(1.5, 10),
    ),
    Question(
        key="a batch of 256 against one of 16",
        notebook=8,
        words="How many times as long does a step on the CPU take with 256 pictures as with 16?",
        kind="number",
        answer=None,
        why="Part of a step does not depend on the number of pictures: the calls of Python and "
        "PyTorch, and moving all weights. A large batch pays for it once.",
        hint="What does a step do that it would also do for a single picture?",
        bands=(
            (15.8, 1e6, "only pictures cost time"),
            (0.0, 0.9, "speed for time"),
            (0.9, 1.5, "a batch costs the same"),
        ),
        within=1.5,
        words_for=TIMES,
        usual=(2, 15),
    ),
)
