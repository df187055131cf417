"""Questions from earlier notebooks, with other numbers each time: what is recalled stays.

A template draws its numbers, computes the answer, and computes what each known thought would give.

Source: Latimier and others (2021) find 0.74 standard deviations for retrieval that is spaced over
retrieval in one go.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import replace

from ...sizes.arithmetic import conv_parameters, linear_parameters
from ...sizes.window import Window
from ..reading import Kind, Value
from .question import Question, Wrong, wrong_answers
from .sizes import slips

SEED = 1
ASKED = 2  # questions at the opening of a notebook
Template = Callable[[random.Random], Question]


def made(
    notebook: int,
    words: str,
    answer: Value,
    why: str,
    hint: str,
    thoughts: Wrong,
    kind: Kind = "whole",
    within: float = 0.0,
) -> Question:
    """Return a question that a template has made; it gets its key when it is asked."""
    wrong = wrong_answers(answer, thoughts)
    return Question("", notebook, words, kind, answer, why, hint, wrong, within=within)


def width_with_padding(draw: random.Random) -> Question:
    """Notebook 1: one axis of a padded convolution."""
    window = Window(draw.randrange(20, 65, 4), draw.choice((3, 5, 7)), p=draw.choice((1, 2)))
    words = (
        f"A picture of {window.n}, a kernel of {window.k}, a padding of {window.p}: how wide is "
        "the output?"
    )
    hint = "Two steps: how wide is the picture with its frame, and how many places are there?"
    return made(1, words, window.output, f"{window.short_formula()}.", hint, slips(window), "side")


def width_with_stride(draw: random.Random) -> Question:
    """Notebook 1: one axis of a convolution with a stride that leaves pixels out."""
    kernel, stride = draw.choice((3, 5)), draw.choice((2, 3))
    window = Window(kernel + stride * draw.randint(5, 12) + 1, kernel, stride)
    words = (
        f"A picture of {window.n}, a kernel of {kernel}, a stride of {stride}, no padding: how "
        "wide is the output?"
    )
    hint = "How many steps fit between the first place and the last?"
    return made(1, words, window.output, f"{window.short_formula()}.", hint, slips(window), "side")


def shape_of_a_rectangle(draw: random.Random) -> Question:
    """Notebook 1: two axes that differ."""
    high, wide = sorted(draw.sample(range(9, 30, 2), 2))
    kernel = draw.choice((3, 5))
    rows, columns = Window(high, kernel, 2), Window(wide, kernel, 2)
    answer = (rows.output, columns.output)
    words = (
        f"A picture of height {high} and width {wide}, a kernel of {kernel}, a stride of 2: what "
        "is the shape (height, width) of the output?"
    )
    thoughts: Wrong = {
        "axes swapped": (columns.output, rows.output),
        "one axis for both": [(rows.output,) * 2, (columns.output,) * 2],
        "no plus one": (rows.output - 1, columns.output - 1),
        "stride ignored": (Window(high, kernel).output, Window(wide, kernel).output),
        "size kept": (high, wide),
    }
    why = f"Height {rows.short_formula()}, width {columns.short_formula()}."
    return made(1, words, answer, why, "One sum for each axis.", thoughts, "shape")


def reach_with_dilation(draw: random.Random) -> Question:
    """Notebook 1: the reach of a kernel with gaps."""
    taps, dilation = draw.choice((3, 5, 7)), draw.choice((2, 3, 4))
    answer = Window(99, taps, d=dilation).reach
    thoughts: Wrong = {
        "first pixel not counted": dilation * (taps - 1),
        "gap after the last tap": taps * dilation,
        "dilation adds taps": [taps, taps + dilation, taps + dilation * taps],
        "area for side": answer**2,
    }
    return made(
        1,
        f"A kernel of {taps} taps with a dilation of {dilation}: over how many pixels does it "
        "reach?",
        answer,
        f"{dilation}·({taps} − 1) + 1 = {answer}.",
        "Draw the taps in a row, and count the pixels from the first to the last.",
        thoughts,
        "side",
    )


def side_after_pooling(draw: random.Random) -> Question:
    """Notebook 1: a pooling, where nothing is said of its stride."""
    window, side = draw.choice((2, 3, 4)), draw.randint(20, 60)
    pooled = Window(side, window, window)
    thoughts: Wrong = {
        "ceil for floor": -(-side // window),
        "pooling stride one": Window(side, window).output,
        "no plus one": (side - window) // window,
        "size kept": side,
        "kernel for map": window,
        "pooling divides twice": side // window**2,
        "area for side": pooled.output**2,
        "part of a step": side / window,
    }
    return made(
        1,
        f"nn.MaxPool2d({window}) on a map of {side}: which side comes out?",
        pooled.output,
        f"{pooled.short_formula()}.",
        "Lay the windows side by side along one row: how many are whole?",
        thoughts,
        "side",
    )


def parameters_of_a_convolution(draw: random.Random) -> Question:
    """Notebook 1: what a convolution stores."""
    c, m, k = draw.choice((3, 4, 8)), draw.choice((10, 12, 20, 32)), draw.choice((3, 5))
    answer = conv_parameters(c, m, k)
    thoughts: Wrong = {
        "bias forgotten": m * c * k * k,
        "bias per weight": [m * c * (k * k + 1), m * c * k * k + c],
        "kernel of one channel": [m * k * k + m, m * k * k],
        "kernel has one side": [m * c * k + m, m * c * k],
        "part for whole": [c * k * k, c * k * k + 1],
    }
    return made(
        1,
        f"nn.Conv2d({c}, {m}, {k}): how many parameters has it?",
        answer,
        f"{m}·({c}·{k}·{k}) + {m} = {answer:,}.",
        "What does one output channel store?",
        thoughts,
    )


def parameters_of_a_dense_layer(draw: random.Random) -> Question:
    """Notebook 2: what a dense layer stores."""
    here, there = draw.choice((50, 84, 200)), draw.choice((10, 20, 30))
    answer = linear_parameters(here, there)
    thoughts: Wrong = {
        "bias forgotten": here * there,
        "bias per weight": [here * there + here, 2 * here * there, (here + 1) * (there + 1)],
        "one weight per input": [here + there, here, here + 1],
    }
    return made(
        2,
        f"nn.Linear({here}, {there}): how many parameters has it?",
        answer,
        f"{here}·{there} + {there} = {answer:,}.",
        "What does one of its units store?",
        thoughts,
    )


def one_number_of_a_convolution(draw: random.Random) -> Question:
    """Notebook 2: a sum of products."""
    pixels = [draw.randint(1, 4) for _ in range(4)]
    weights = draw.sample((-2, -1, 1, 2, 3), 4)
    products = [pixel * weight for pixel, weight in zip(pixels, weights, strict=True)]
    turned = [pixel * weight for pixel, weight in zip(pixels, weights[::-1], strict=True)]
    thoughts: Wrong = {
        "kernel flipped": sum(turned),
        "sum of corners only": [sum(products[:2]), sum(products[2:]), products[0] + products[3]],
        "weights left out": sum(pixels),
    }
    terms = [
        f"{pixel}·({weight})" if weight < 0 else f"{pixel}·{weight}"
        for pixel, weight in zip(pixels, weights, strict=True)
    ]
    why = f"{' + '.join(terms)} = {sum(products)}.".replace("-", "−")
    return made(
        2,
        f"The kernel [[{weights[0]}, {weights[1]}], [{weights[2]}, {weights[3]}]] lies on the "
        f"pixels [[{pixels[0]}, {pixels[1]}], [{pixels[2]}, {pixels[3]}]]: which number comes out?",
        sum(products),
        why,
        "Write each weight under its pixel, multiply, and add up.",
        thoughts,
        "number",
    )


def features_after_flattening(draw: random.Random) -> Question:
    """Notebook 3: what reaches the first dense layer."""
    batch, channels, side = draw.choice((2, 8, 64)), draw.choice((6, 12, 16)), draw.randint(3, 7)
    answer = channels * side**2
    thoughts: Wrong = {
        "batch multiplied": batch * answer,
        "flatten keeps channels": [channels, side**2, channels * side],
    }
    return made(
        3,
        f"Maps of shape ({batch}, {channels}, {side}, {side}) are flattened: how many numbers has "
        "each picture then?",
        answer,
        f"{channels}·{side}·{side} = {answer}.",
        "All values of one picture, in one row.",
        thoughts,
    )


def batches_of_a_set(draw: random.Random) -> Question:
    """Notebook 4: a last batch that is smaller."""
    pictures, batch = draw.choice((1000, 5000, 50_000)), draw.choice((64, 128, 300))
    thoughts: Wrong = {
        "rounded down": pictures // batch,
        "not rounded": [pictures / batch, round(pictures / batch, 1)],
        "batches for pictures": [batch, pictures * batch, pictures % batch],
    }
    answer = -(-pictures // batch)
    return made(
        4,
        f"{pictures:,} pictures in batches of {batch}: how many batches are there?",
        answer,
        f"{pictures // batch} full ones, and a last one of {pictures % batch} pictures: {answer}.",
        "How many full batches are there, and what is left over?",
        thoughts,
    )


def loss_of_guessing(draw: random.Random) -> Question:
    """Notebook 5: the loss of a network that knows nothing."""
    classes = draw.choice((2, 4, 5, 20, 26, 100))
    answer = math.log(classes)
    thoughts: Wrong = {
        "minus forgotten": -answer,
        "guessing loses nothing": [0, 1 / classes, 1 - 1 / classes],
        "another logarithm": [math.log2(classes), math.log10(classes)],
        "logarithm of another number": math.log(10),
        "part for whole": classes,
    }
    return made(
        5,
        f"A network guesses among {classes} classes. What is its cross-entropy loss?",
        answer,
        f"−ln(1/{classes}) = ln {classes} = {answer:.3f}.",
        "Put the probability of the right class into the formula.",
        thoughts,
        "number",
        0.02,
    )


def field_behind_a_pooling(draw: random.Random) -> Question:
    """Notebook 6: what a unit sees through a pooling."""
    first, second = draw.sample((3, 5, 7), 2)
    answer = (second - 1) * 2 + 1 + first
    thoughts: Wrong = {
        "pooling forgotten": [first + second, first + second - 1],
        "field is the kernel": second,
        "pooling window forgotten": (second - 1) * 2 + first,
        "fields multiplied": [first * second, 2 * first * second, first + 2 * second],
        "area for side": answer**2,
    }
    return made(
        6,
        f"A convolution with a kernel of {first}, a pooling of 2×2 with stride 2, a convolution "
        f"with a kernel of {second}: how many pixels a side does a unit at the end see?",
        answer,
        f"{second - 1}·2 + 1 + {first} = {answer}.",
        "Go backwards, layer by layer.",
        thoughts,
        "side",
    )


def loss_behind_two_softmaxes(draw: random.Random) -> Question:
    """Notebook 7: the level that a second softmax leaves."""
    classes = draw.choice((2, 3, 4, 5, 20, 100))
    best = math.e / (math.e + classes - 1)  # 1 for the true class, 0 for the others
    answer = -math.log(best)
    thoughts: Wrong = {
        "minus forgotten": -answer,
        "guessing loses nothing": 0,
        "one softmax counted": math.log(classes),
        "logarithm of another number": -math.log(math.e / (math.e + 9)),
        "part for whole": best,
    }
    return made(
        7,
        f"A network for {classes} classes ends in a softmax, and the loss takes another one. "
        "Which is the smallest loss that it can reach?",
        answer,
        f"The best that the loss can be given is 1 for the true class and 0 for the others: "
        f"−ln(e / (e + {classes - 1})) = {answer:.3f}.",
        "What are the best numbers that the first softmax can give? Put them into the second.",
        thoughts,
        "number",
        0.02,
    )


def gain_of_a_faster_part(draw: random.Random) -> Question:
    """Notebook 8: what a step gains when one of its parts becomes faster."""
    slow, factor = draw.choice((20, 40, 50, 60, 80, 90)), draw.choice((2, 3, 4, 5, 20))
    answer = 100 / (100 - slow + slow / factor)
    thoughts: Wrong = {
        "gain of the part": factor,
        "gain times share": [slow / 100 * factor, 1 + slow / 100 * (factor - 1)],
        "part costs nothing": 100 / (100 - slow),
        "time for gain": [1 / answer, 100 / answer],
    }
    return made(
        8,
        f"Of the 100 ms of a step, one part takes {slow}. It becomes {factor} times as fast. How "
        "many times as fast is the step?",
        answer,
        f"{100 - slow} ms stay and {slow} become {slow / factor:.3g}: "
        f"100 / {100 / answer:.3g} = {answer:.2f}.",
        "How many milliseconds are left of each part?",
        thoughts,
        "number",
        0.006,
    )


def gradient_of_a_bias(draw: random.Random) -> Question:
    """Notebook 9: a bias is used at every place of its map, in every picture."""
    pictures, side = draw.choice((2, 4, 8, 32)), draw.choice((3, 4, 5, 10))
    answer = pictures * side**2
    return made(
        9,
        f"A convolution gives maps of {side}×{side} numbers for {pictures} pictures. The loss has "
        "the gradient 1 for each of these numbers. What is the gradient of a bias?",
        answer,
        f"{pictures}·{side}·{side} = {answer}: at each place of its map, in each picture.",
        "If the bias grows by 1, how many numbers of the output grow by 1?",
        {
            "one picture counted": side**2,
            "one place counted": [1, pictures],
            "map has one side": [side, side * pictures],
        },
    )


TEMPLATES: dict[int, tuple[Template, ...]] = {
    1: (
        width_with_padding, width_with_stride, shape_of_a_rectangle, reach_with_dilation,
        side_after_pooling, parameters_of_a_convolution,
    ),
    2: (parameters_of_a_dense_layer, one_number_of_a_convolution),
    3: (features_after_flattening,),
    4: (batches_of_a_set,),
    5: (loss_of_guessing,),
    6: (field_behind_a_pooling,),
    7: (loss_behind_two_softmaxes,),
    8: (gain_of_a_faster_part,),
    9: (gradient_of_a_bias,),
}  # fmt: skip


def drawn(notebook: int, seed: int = SEED) -> dict[str, Question]:
    """Return the questions that open ``notebook``, by their keys "recall 1", "recall 2".

    The first is from the notebook before, the second from any earlier one. The same ``seed`` gives
    the same numbers.

    Raises:
        ValueError: nothing comes before notebook 1.
    """
    if notebook - 1 not in TEMPLATES:
        raise ValueError(
            f"notebook={notebook}: recall asks about earlier notebooks. Open notebook 2 or a later "
            "one."
        )
    draw = random.Random(f"{notebook}, {seed}")
    chosen = [draw.choice(TEMPLATES[notebook - 1])]
    earlier = [make for lesson in range(1, notebook) for make in TEMPLATES[lesson]]
    chosen.append(draw.choice([make for make in earlier if make not in chosen]))
    ready = (make(draw) for make in chosen)
    return {
        f"recall {number}": replace(asked, key=f"recall {number}")
        for number, asked in enumerate(ready, 1)
    }
