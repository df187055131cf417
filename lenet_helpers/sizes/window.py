"""A window that slides along one axis: the kernel of a convolution, or the window of a pooling.

``k`` taps with dilation ``d`` reach over ``d(k - 1) + 1`` pixels. On ``n`` pixels with ``p`` more
at both ends the window can stand at ``n + 2p - d(k - 1)`` places; with stride ``s`` it takes every
``s``-th of them, the first included:

    floor((n + 2p - d(k - 1) - 1) / s) + 1

Height and width have a window each. Everything in this package that asks how large an output is,
where the taps lie, or why nothing comes out, asks here. The demos have the same in JavaScript,
``web/geometry.js``; a test holds the two equal.

Source of the formula: the documentation of ``torch.nn.Conv2d`` and ``torch.nn.MaxPool2d``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..checks import pair

Side = int | tuple[int, int]
AXES = ("height", "width")


@dataclass(frozen=True)
class Window:
    """A window on one axis; all numbers are whole.

    Args:
        n: Pixels of the input.
        k: Taps of the kernel.
        s: Stride: pixels from one place of the kernel to the next.
        p: Padding: pixels added at each end.
        d: Dilation: pixels from one tap to the next.
        extra: Pixels added at the far end alone, as ``padding="same"`` does where it has an odd
            number to add.
        ceil: Round up: keep a last window that reaches over the end, if it starts before it.
    """

    n: int
    k: int
    s: int = 1
    p: int = 0
    d: int = 1
    extra: int = 0
    ceil: bool = False

    @property
    def reach(self) -> int:
        """How many pixels the kernel spans, from its first tap to its last."""
        return self.d * (self.k - 1) + 1

    @property
    def padded(self) -> int:
        """The pixels of the input with its padding."""
        return self.n + 2 * self.p + self.extra

    @property
    def output(self) -> int:
        """How many places the kernel takes: the size of the output; 0 where it does not fit."""
        steps = -(-self._room // self.s) if self.ceil else self._room // self.s
        if self.ceil and steps * self.s >= self.n + self.p:
            steps -= 1  # the last window would start in the padding at the end
        return max(0, steps + 1)

    @property
    def _room(self) -> int:
        """How many pixels the kernel can be moved; negative where it does not fit."""
        return self.padded - self.reach

    @property
    def is_exact(self) -> bool:
        """Whether the last window ends where the padded input ends: nothing is rounded."""
        return self._room % self.s == 0

    def same(self) -> Window:
        """Return the window with the padding that keeps the size at stride 1: ``padding="same"``.

        >>> Window(28, 4).same().output
        28
        """
        lost = self.reach - 1
        return replace(self, p=lost // 2, extra=lost % 2)

    def taps(self, place: int) -> list[int]:
        """Return the pixels of the padded input, from 0, under the kernel at ``place``."""
        return [place * self.s + tap * self.d for tap in range(self.k)]

    def visited(self) -> set[int]:
        """Return the pixels of the padded input that lie under a tap at some place."""
        return {pixel for place in range(self.output) for pixel in self.taps(place)}

    def formula(self) -> str:
        """Return the formula with all of its numbers, and the result.

        >>> Window(28, 5, p=2).formula()
        '⌊(28 + 2·2 − 1·(5 − 1) − 1) / 1⌋ + 1 = 28'
        """
        top = f"{self.n} + 2·{self.p} − {self.d}·({self.k} − 1) − 1"
        return f"⌊({top}) / {self.s}⌋ + 1 = {self.output}"

    def short_formula(self) -> str:
        """Return the formula without the terms that change nothing, and the result.

        >>> Window(28, 5, p=2).short_formula(), Window(5, 2, s=2).short_formula()
        ('28 + 2·2 − 5 + 1 = 28', '⌊(5 − 2)/2⌋ + 1 = 2')
        """
        padding = f" + {2 * self.p + self.extra}" if self.extra else f" + 2·{self.p}"
        reach = f"{self.k}" if self.d == 1 else f"({self.d}·({self.k} − 1) + 1)"
        top = f"{self.n}{padding if self.p or self.extra else ''} − {reach}"
        if self.s == 1:
            return f"{top} + 1 = {self.output}"
        if self.is_exact:
            return f"({top})/{self.s} + 1 = {self.output}"
        rounded_up = self.ceil and self.output > self._room // self.s + 1
        left, right = ("⌈", "⌉") if rounded_up else ("⌊", "⌋")
        return f"{left}({top})/{self.s}{right} + 1 = {self.output}"

    def slips(self) -> dict[int, str]:
        """Return the wrong outputs that well-known slips give, each with the name of the slip.

        >>> Window(28, 5, p=2).slips()
        {24: '2p is forgotten', 26: 'p is counted once: it is added at both ends', 27: ...}
        """
        n, k, s, p, room = self.n, self.k, self.s, self.p, self._room
        wrong = [
            ((room - 2 * p) // s + 1, "2p is forgotten"),
            ((room - p) // s + 1, "p is counted once: it is added at both ends"),
            (room // s, "the + 1 at the end is missing"),
            (-(-room // s) + 1, "rounded up: the last place that does not fit is left out"),
            ((self.padded - k) // s + 1, "the dilation is forgotten"),
            (room + 1, "the stride is forgotten"),
            (self.padded // s, "the kernel's own reach is forgotten"),
            (n, "the size does not stay the same here"),
        ]
        slips: dict[int, str] = {}
        for value, slip in wrong:
            if value != self.output:
                slips.setdefault(value, slip)
        return slips

    def why_none(self) -> str:
        """Return why there is no output, with the numbers; "" where there is one.

        >>> Window(5, 4, d=2).why_none()
        'the kernel reaches 7, the padded input is 5'
        """
        if self.output:
            return ""
        return f"the kernel reaches {self.reach}, the padded input is {self.padded}"


def on_both_axes(
    input_size: Side,
    kernel_size: Side,
    *,
    stride: Side = 1,
    padding: Side = 0,
    dilation: Side = 1,
    ceil_mode: bool = False,
) -> tuple[Window, Window]:
    """Return the windows along height and width; a single number counts for both.

    Raises:
        TypeError: an argument is no whole number, nor a pair of them.
        ValueError: an argument is out of its range.
    """
    sides = zip(
        pair("input_size", input_size, minimum=1),
        pair("kernel_size", kernel_size, minimum=1),
        pair("stride", stride, minimum=1, fix="1 visits every place."),
        pair("padding", padding, minimum=0, fix="0 adds no padding."),
        pair("dilation", dilation, minimum=1, fix="1 leaves no gaps between the taps."),
        strict=True,
    )
    height, width = (Window(n, k, s, p, d, ceil=ceil_mode) for n, k, s, p, d in sides)
    return height, width
