"""Notebook 1: how large an output is, and what it costs."""

from __future__ import annotations

from ...sizes.arithmetic import conv_multiply_adds, conv_parameters
from ...sizes.window import Window
from ..reading import Value
from .question import Question, wrong_answers


def slips(window: Window) -> dict[str, Value | list[Value]]:
    """Return the wrong sizes that well-known thoughts give for ``window``."""
    n, k, s, p, room = window.n, window.k, window.s, window.p, window.padded - window.reach
    padding: dict[str, Value | list[Value]] = {
        "padding forgotten": [(room - 2 * p) // s + 1, (room - 2 * p) // s],
        "padding once": (room - p) // s + 1,
    }
    any_window: dict[str, Value | list[Value]] = {
        "no plus one": room // s,
        "ceil for floor": -(-room // s) + 1,
        "stride ignored": room + 1,
        "dilation adds taps": (window.padded - k) // s + 1,
        "size kept": n,
        "kernel for map": k,
        "kernel not taken off": [window.padded, window.padded // s],
        "windows side by side": n // k,
        "area for side": window.output**2,
        "part of a step": room / s + 1,
    }
    return (padding if p else {}) | any_window


def lenet_sides(padding: int = 2, stride: int = 2) -> list[int]:
    """Return the sides of LeNet's maps, the picture's first; ``stride`` is the poolings'."""
    sides = [28]
    for k, s, p in [(5, 1, padding), (2, stride, 0), (5, 1, 0), (2, stride, 0)]:
        sides.append(Window(sides[-1], k, s, p).output)
    return sides


FIRST = Window(5, 3)
PADDED = Window(28, 5, p=2)
HEIGHT, WIDTH = Window(5, 3, s=2), Window(6, 3, s=2)
DILATED = Window(7, 3, d=2)
POOLED = Window(28, 2, s=2)
SIDES = lenet_sides()
C, M, K = 6, 16, 5  # channels in and out of LeNet's second convolution, and its kernel
PARAMETERS = conv_parameters(C, M, K)

QUESTIONS = (
    Question(
        key="width of the output",
        notebook=1,
        words="A kernel of 3 slides over a picture of 5. How wide is the output?",
        kind="side",
        answer=FIRST.output,
        why=f"{FIRST.short_formula()}: the left edge of the kernel stands at the columns 0 to "
        f"{FIRST.output - 1}.",
        hint="Mark each column where the left edge of the kernel can stand, and count the marks.",
        thoughts=wrong_answers(FIRST.output, slips(FIRST)),
    ),
    Question(
        key="width with padding",
        notebook=1,
        words="A picture of 28, a kernel of 5, a padding of 2. How wide is the output?",
        kind="side",
        answer=PADDED.output,
        why=f"{PADDED.short_formula()}: the frame adds 2 at each end, the kernel takes off 4.",
        hint="Two steps: how wide is the picture with its frame, and how many places are there?",
        thoughts=wrong_answers(PADDED.output, slips(PADDED)),
    ),
    Question(
        key="shape with stride",
        notebook=1,
        words="A picture of height 5 and width 6, a kernel of 3, a stride of 2. What is the shape "
        "(height, width) of the output?",
        kind="shape",
        answer=(HEIGHT.output, WIDTH.output),
        why=f"Height {HEIGHT.short_formula()}, width {WIDTH.short_formula()}. Half a step is no "
        "step, so the division is rounded down: that is the floor, ⌊ ⌋. The last column is never "
        "visited, and nothing warns you.",
        hint="Put the kernel at the left edge and let it jump, first to the right, then down.",
        thoughts=wrong_answers(
            (HEIGHT.output, WIDTH.output),
            {
                name: (high, wide)
                for name, high, wide in [
                    ("ceil for floor", 2, -(-3 // 2) + 1),
                    ("stride ignored", Window(5, 3).output, Window(6, 3).output),
                    ("no plus one", 2 // 2, 3 // 2),
                    ("kernel not taken off", 5 // 2, 6 // 2),
                    ("size kept", 5, 6),
                    ("kernel for map", 3, 3),
                    ("windows side by side", 5 // 3, 6 // 3),
                ]
            },
        ),
    ),
    Question(
        key="reach with dilation",
        notebook=1,
        words="A kernel of 3 taps with a dilation of 2: over how many pixels does it reach?",
        kind="side",
        answer=DILATED.reach,
        why="2·(3 − 1) + 1 = 5: two steps of 2 from the first tap to the last, and the first "
        "pixel itself. In letters: d·(k − 1) + 1.",
        hint="Draw the taps in a row, and count the pixels from the first to the last.",
        thoughts=wrong_answers(
            DILATED.reach,
            {
                "dilation adds taps": [3, 3 + 2 * (3 - 1)],
                "gap after the last tap": 3 * 2,
                "first pixel not counted": 2 * (3 - 1),
                "area for side": DILATED.reach**2,
            },
        ),
    ),
    Question(
        key="side after pooling",
        notebook=1,
        words="A pooling with a window of 2 on a map of 28: which side comes out?",
        kind="side",
        answer=POOLED.output,
        why=f"{POOLED.short_formula()}: the windows lie side by side.",
        hint="Lay windows of 2 side by side along one row: how many are there?",
        thoughts=wrong_answers(
            POOLED.output,
            {
                "pooling stride one": Window(28, 2).output,
                "no plus one": (28 - 2) // 2,
                "size kept": 28,
                "kernel for map": 2,
                "area for side": POOLED.output**2,
                "pooling divides twice": 28 // 4,
            },
        ),
    ),
    Question(
        key="side after the second pooling",
        notebook=1,
        words="A picture of 28 goes through LeNet: convolution (kernel 5, padding 2), pooling "
        "(window 2), convolution (kernel 5), pooling (window 2). Which side comes out?",
        kind="side",
        answer=SIDES[-1],
        why=" → ".join(map(str, SIDES)) + ".",
        hint="Write down the side after each of the four layers.",
        thoughts=wrong_answers(
            SIDES[-1],
            {
                "padding forgotten": lenet_sides(padding=0)[-1],
                "stopped early": [SIDES[-2], SIDES[-3]],
                "pooling stride one": lenet_sides(stride=1)[-1],
                "size kept": 28 // 2 // 2,
                "area for side": [SIDES[-1] ** 2, 16 * SIDES[-1] ** 2],
            },
        ),
    ),
    Question(
        key="parameters of the second convolution",
        notebook=1,
        words="6 channels in, 16 out, a kernel of 5: how many parameters has the convolution?",
        kind="whole",
        answer=PARAMETERS,
        why=f"16·(6·5·5) + 16 = {PARAMETERS:,}: a kernel for each pair of channels, and a bias "
        "for each output channel.",
        hint="Count the weights that one output channel needs, then its bias, then all channels.",
        thoughts=wrong_answers(
            PARAMETERS,
            {
                "bias forgotten": M * C * K * K,
                "bias per weight": [M * C * (K * K + 1), M * C * K * K + C, 2 * M * C * K * K],
                "kernel of one channel": [M * K * K + M, M * K * K, C * K * K + C, C * K * K],
                "parameters grow with picture": [
                    conv_multiply_adds(C, M, K, output_size=10),
                    PARAMETERS * 10 * 10,
                    PARAMETERS * 14 * 14,
                ],
                "kernel has one side": [M * C * K + M, M * C * K],
            },
        ),
    ),
)
