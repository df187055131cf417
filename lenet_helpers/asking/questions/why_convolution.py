"""Notebook 9: what a convolution knows about pictures before it has learned anything."""

from __future__ import annotations

from itertools import pairwise

from ...sizes.arithmetic import linear_parameters
from .question import Question, wrong_answers
from .training import CLOTHES

DENSE = (784, 75, 33, 10)
PARAMETERS = sum(linear_parameters(a, b) for a, b in pairwise(DENSE))
PICTURES, PLACES = 2, 9  # of the little convolution whose bias is asked about
NETWORKS = {
    **dict.fromkeys(
        (
            "convolution",
            "convolutions",
            "conv",
            "cnn",
            "convolutional network",
            "lenet is better",
        ),
        "lenet",
    ),
    **dict.fromkeys(("dense network", "dense is better", "mlp", "linear"), "dense"),
}

QUESTIONS = (
    Question(
        key="better with as many parameters",
        notebook=9,
        words=f"LeNet has 61,706 parameters, a dense network {PARAMETERS:,}. Both train on the "
        'same pictures for ten epochs. Which is better on the test set: "lenet", "dense" or '
        '"equal"?',
        kind="word",
        answer=None,
        why="A kernel is used at every place. So LeNet has to learn an edge once, and the dense "
        "network at each place anew.",
        hint="What has each of the two to learn about an edge that may be anywhere?",
        thoughts={"dense": "more parameters, better", "equal": "more parameters, better"},
        choices=("lenet", "dense", "equal"),
        words_for={
            **NETWORKS,
            **dict.fromkeys(("same", "the same", "both", "equally good", "neither"), "equal"),
        },
    ),
    Question(
        key="accuracy of the dense network",
        notebook=9,
        words="What is the test accuracy of the dense network after ten epochs? A number from 0 to "
        "1.",
        kind="share",
        answer=None,
        why="The garments stand in the middle of every picture, so each pixel has a meaning of its "
        "own. That is easy for a dense network.",
        hint="Each garment fills the same frame. How much does a single pixel say then?",
        bands=((0.0, 0.6, "dense sees nothing"), (0.96, 1.0, "nearly perfect")),
        within=0.02,
        usual=(0.86, 0.9),
    ),
    Question(
        key="class where it loses most",
        notebook=9,
        words="In which class does the dense network lose most against LeNet?",
        kind="word",
        answer=None,
        why="Classes with the same outline differ in small things, such as a collar or sleeves. "
        "Kernels see them wherever they are. Which of two look-alikes gains is partly chance.",
        hint="Which classes differ in details only?",
        thoughts=dict.fromkeys(("trouser", "bag", "sandal", "ankle boot"), "a shape of its own"),
        choices=CLOTHES,
        words_for={
            **dict.fromkeys(("t-shirt/top", "top", "tee"), "t-shirt"),
            **dict.fromkeys(("trousers", "pants"), "trouser"),
            **{"sweater": "pullover", "boot": "ankle boot", "jacket": "coat"},
        },
    ),
    Question(
        key="dense network, permuted",
        notebook=9,
        words="The pixels of all pictures are put in another order, the same one for all. Compared "
        'with before, is the dense network then "better", "equal" or "worse"?',
        kind="word",
        answer="equal",
        why="A unit adds up all pixels, each with a weight of its own. In another order the same "
        "weights stand at other places: nothing else changes. What differs is chance.",
        hint="Take a unit of the first layer, and its weights. Where would they have to stand, for "
        "permuted pixels?",
        thoughts={"worse": "order matters to all", "better": "order matters to all"},
        choices=("better", "equal", "worse"),
        words_for={
            **dict.fromkeys(
                (
                    "same",
                    "the same",
                    "about the same",
                    "as good",
                    "equally good",
                    "unchanged",
                    "no change",
                    "no difference",
                    "stays equal",
                ),
                "equal",
            ),
            **dict.fromkeys(("slightly worse", "a bit worse", "much worse"), "worse"),
            **dict.fromkeys(("slightly better", "a bit better"), "better"),
        },
    ),
    Question(
        key="accuracy of LeNet, permuted",
        notebook=9,
        words="What is LeNet's test accuracy after ten epochs on pictures with permuted pixels? A "
        "number from 0 to 1.",
        kind="share",
        answer=None,
        why="Pixels that lie side by side have nothing to do with each other any more, so kernels "
        "find little. The dense layers at its end still learn something.",
        hint="What is left for the kernels to find, and what for the dense layers behind them?",
        bands=((0.0, 0.4, "permuted is noise"), (0.89, 1.0, "order matters to none")),
        within=0.02,
        usual=(0.75, 0.88),
    ),
    Question(
        key="accuracy after a move by 6 pixels",
        notebook=9,
        words="The test pictures move by 6 pixels to the right; the networks have never seen that. "
        "What is LeNet's accuracy then? A number from 0 to 1.",
        kind="share",
        answer=None,
        why="The maps move along with the picture, but the dense layers after them have a weight "
        "for each place, and have only seen garments in the middle.",
        hint="Notebook 6 moved a garment by two pixels. What happened to the answers?",
        bands=((0.8, 1.0, "convolution ignores moves"), (0.0, 0.1, "fixed places only")),
        within=0.1,
        usual=(0.1, 0.5),
    ),
    Question(
        key="accuracy with random kernels",
        notebook=9,
        words="LeNet's kernels stay as they were drawn; only its dense layers are trained. What "
        "is the test accuracy after ten epochs? A number from 0 to 1.",
        kind="share",
        answer=None,
        why="Random kernels are blurs and edges too, only not the best ones. Most of the work is "
        "done by what is built in: neighbours together, the same everywhere, pooling.",
        hint="What does a random kernel of 5×5 still do with a picture?",
        bands=((0.0, 0.5, "untrained is guessing"), (0.9, 1.0, "untrained is as good")),
        within=0.02,
        usual=(0.8, 0.9),
    ),
    Question(
        key="gradient of a bias",
        notebook=9,
        words="A convolution gives maps of 3×3 numbers for 2 pictures. The loss has the gradient 1 "
        "for each of these numbers. What is the gradient of a bias?",
        kind="whole",
        answer=PICTURES * PLACES,
        why=f"The bias of a map is added at each of its 9 places in both pictures: {PICTURES}·9 = "
        f"{PICTURES * PLACES}.",
        hint="If the bias grows by 1, how many numbers of the output grow by 1?",
        thoughts=wrong_answers(
            PICTURES * PLACES,
            {
                "one picture counted": PLACES,
                "one place counted": [1, PICTURES],
                "map has one side": [3, 3 * PICTURES],
            },
        ),
    ),
    Question(
        key="loops against autograd",
        notebook=9,
        words="Our loops and autograd compute the same gradients in float32. Are their numbers "
        'equal "exactly", "approximately" or "not"?',
        kind="word",
        answer="approximately",
        why="Both add the same products, in another order. A float32 is rounded after each "
        "addition, so the last digits differ. With small whole numbers nothing is rounded, and "
        "they are equal to the last digit.",
        hint="Is (a + b) + c always the same float as a + (b + c)?",
        thoughts={"exactly": "rounding is nothing", "not": "rounding is a mistake"},
        choices=("exactly", "approximately", "not"),
        words_for={
            **dict.fromkeys(
                ("exact", "exactly equal", "equal", "identical", "bit by bit", "yes"), "exactly"
            ),
            **dict.fromkeys(
                (
                    "approx",
                    "approximate",
                    "nearly",
                    "nearly equal",
                    "almost",
                    "almost equal",
                    "roughly",
                    "approximately equal",
                    "close",
                    "up to rounding",
                ),
                "approximately",
            ),
            **dict.fromkeys(("no", "different", "not at all"), "not"),
        },
    ),
    Question(
        key="smallest gradients",
        notebook=9,
        words="Before training, which activation leaves the first convolution the smallest "
        'gradients: "sigmoid", "tanh" or "relu"?',
        kind="word",
        answer=None,
        why="Going backward, each layer multiplies by the slope of its activation. The sigmoid's "
        "slope is never above 0.25, and there are four of them on the way. So the first layers "
        "move least, and the loss stays where it is: that is the plateau.",
        hint="How steep is each of them, at its steepest?",
        thoughts={
            "tanh": "tanh is the sigmoid",
            "relu": "zeros weaken all",
        },
        choices=("sigmoid", "tanh", "relu"),
        words_for=dict.fromkeys(("sigmoids", "logistic"), "sigmoid"),
    ),
)
