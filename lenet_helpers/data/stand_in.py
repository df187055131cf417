"""A drawn stand-in for Fashion-MNIST: ten classes of garments made of geometry, no photographs.

For a room without a network: the pictures have the size, the classes, the grey values and the kind
of confusions that the real ones have (a shirt may look like a coat), so a network learns on them
much as it does on the real set. What it then scores says nothing about real clothes.

A garment is drawn as a soft-edged shape: a signed distance to its outline, negative inside, turned
into a grey value. Every measure (width, length, sleeves, ...) is drawn at random for each picture,
and the ranges of related classes overlap on purpose.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from ..checks import whole_number

SIDE = 28
CHUNK = 2000  # pictures drawn at once: keeps the memory small


class _Canvas:
    """A chunk of ``n`` pictures: pixel coordinates, random measures and basic shapes.

    x runs from -1 (left) to 1 (right), y from -1 (top) to 1 (bottom); each picture sees them
    through its own small turn, shift and scale. Shapes are distances of shape (n, 28, 28),
    negative inside.
    """

    def __init__(self, n: int, generator: torch.Generator) -> None:
        self.n, self.generator = n, generator
        at = (torch.arange(SIDE) + 0.5) / SIDE * 2 - 1
        y, x = torch.meshgrid(at, at, indexing="ij")
        turn, scale = self.normal(0.0, 0.05), self.range(0.98, 1.12)
        shift_x, shift_y = self.normal(0.0, 0.03), self.normal(0.0, 0.03)
        cos, sin = torch.cos(turn), torch.sin(turn)
        x, y = x[None] - shift_x, y[None] - shift_y
        self.x, self.y = (x * cos + y * sin) * scale, (y * cos - x * sin) * scale

    def range(self, low: float, high: float) -> Tensor:
        """Return a number between ``low`` and ``high`` a picture, shape (n, 1, 1)."""
        return low + (high - low) * torch.rand(self.n, 1, 1, generator=self.generator)

    def normal(self, mean: float, spread: float) -> Tensor:
        """Return a normally distributed number a picture, shape (n, 1, 1)."""
        return mean + spread * torch.randn(self.n, 1, 1, generator=self.generator)

    def coin(self, chance: float) -> Tensor:
        """Return 1.0 with ``chance``, else 0.0, a picture, shape (n, 1, 1)."""
        return (torch.rand(self.n, 1, 1, generator=self.generator) < chance).float()

    def trunk(self, top: Tensor, bottom: Tensor, width_top: Tensor, width_bottom: Tensor) -> Tensor:
        """Return an upright trapezium, symmetric about x = 0."""
        along = ((self.y - top) / (bottom - top)).clamp(0, 1)
        half = width_top + (width_bottom - width_top) * along
        return torch.maximum(self.x.abs() - half, torch.maximum(top - self.y, self.y - bottom))

    def bar(self, x0: Tensor, y0: Tensor, x1: Tensor, y1: Tensor, half: Tensor) -> Tensor:
        """Return a bar of half width ``half`` from (x0, y0) to (x1, y1), and its mirror image."""
        return self.stroke(self.x.abs(), x0, y0, x1, y1, half)

    def stroke(
        self, x: Tensor, x0: Tensor, y0: Tensor, x1: Tensor, y1: Tensor, half: Tensor
    ) -> Tensor:
        """Return a bar of half width ``half`` from (x0, y0) to (x1, y1)."""
        dx, dy = x1 - x0, y1 - y0
        length = dx * dx + dy * dy + 1e-6
        along = (((x - x0) * dx + (self.y - y0) * dy) / length).clamp(0, 1)
        return torch.hypot(x - x0 - along * dx, self.y - y0 - along * dy) - half

    def disc(self, x: Tensor, y: Tensor, width: Tensor, height: Tensor) -> Tensor:
        """Return an ellipse about (x, y) with half axes ``width`` and ``height``."""
        radius = torch.hypot((self.x - x) / width, (self.y - y) / height)
        return (radius - 1) * torch.minimum(width, height)


def _top(
    c: _Canvas, length: tuple[float, float], sleeve: tuple[float, float], width: tuple[float, float]
) -> Tensor:
    """A garment for the upper body: trunk, two sleeves, a neck."""
    top, bottom = c.range(-0.92, -0.8), c.range(*length)
    half = c.range(*width)
    body = c.trunk(top, bottom, half, half * c.range(0.92, 1.12))
    reach, spread = c.range(*sleeve), c.range(0.12, 0.3)
    shoulder = half - 0.06
    elbow = half + spread * reach.clamp(0.35, 1.0)
    sleeves = c.bar(shoulder, top + 0.16, elbow, top + 0.16 + reach * 1.35, c.range(0.11, 0.16))
    neck = c.disc(torch.zeros(1), top - 0.02, c.range(0.14, 0.26), c.range(0.06, 0.26))
    return torch.maximum(torch.minimum(body, sleeves), -neck)


def _t_shirt(c: _Canvas) -> Tensor:
    return _top(c, (0.6, 0.92), (0.08, 0.42), (0.4, 0.56))


def _shirt(c: _Canvas) -> Tensor:
    garment = _top(c, (0.68, 0.95), (0.2, 1.0), (0.36, 0.52))
    placket = c.stroke(
        c.x,
        c.normal(0, 0.02),
        c.range(-0.9, -0.7),
        c.normal(0, 0.02),
        c.range(0.2, 0.9),
        c.range(0.012, 0.035),
    )
    return torch.maximum(garment, -placket - 2 * (1 - c.coin(0.6)))


def _pullover(c: _Canvas) -> Tensor:
    return _top(c, (0.66, 0.92), (0.72, 1.08), (0.4, 0.54))


def _coat(c: _Canvas) -> Tensor:
    garment = _top(c, (0.78, 0.98), (0.75, 1.12), (0.38, 0.52))
    opening = c.stroke(
        c.x,
        c.normal(0, 0.03),
        c.range(-0.9, -0.7),
        c.normal(0, 0.04),
        c.range(0.8, 1.1),
        c.range(0.015, 0.05),
    )
    return torch.maximum(garment, -opening - 2 * (1 - c.coin(0.75)))


def _dress(c: _Canvas) -> Tensor:
    top, waist, bottom = c.range(-0.95, -0.85), c.range(-0.25, 0.1), c.range(0.82, 0.98)
    shoulder, middle, hem = c.range(0.2, 0.36), c.range(0.15, 0.3), c.range(0.22, 0.52)
    body = torch.minimum(
        c.trunk(top, waist + 0.04, shoulder, middle), c.trunk(waist, bottom, middle, hem)
    )
    reach = c.range(0.05, 0.9)
    sleeves = c.bar(
        shoulder - 0.05, top + 0.12, shoulder + 0.2 * reach, top + 0.12 + reach, c.range(0.05, 0.1)
    )
    dressed = torch.minimum(body, sleeves + 2 * (1 - c.coin(0.55)))
    neck = c.disc(torch.zeros(1), top - 0.02, c.range(0.08, 0.18), c.range(0.08, 0.3))
    return torch.maximum(dressed, -neck)


def _trouser(c: _Canvas) -> Tensor:
    top, crotch, bottom = c.range(-0.97, -0.88), c.range(-0.6, -0.25), c.range(0.86, 0.98)
    hip, hem, gap = c.range(0.2, 0.36), c.range(0.16, 0.4), c.range(0.0, 0.12)
    whole = c.trunk(top, bottom, hip, hem)
    between = c.trunk(crotch, bottom + 0.3, gap * 0.1, gap)
    return torch.maximum(whole, -between)


def _shoe(c: _Canvas, height: Tensor, sole: Tensor, back: Tensor) -> Tensor:
    """A shoe from the side, toe to the left: a wedge that rises to ``height`` above the sole."""
    ground = c.range(0.35, 0.6)
    rise = ((c.x + 0.95) / (back + 0.95)).clamp(0, 1) ** c.range(0.9, 1.7)
    upper = ground - 0.16 - height * rise
    ends = torch.maximum(-0.92 - c.x, c.x - 0.9)
    return torch.maximum(ends, torch.maximum(upper - c.y, c.y - ground - sole))


def _sneaker(c: _Canvas) -> Tensor:
    shoe = _shoe(c, c.range(0.22, 0.52), c.range(0.02, 0.12), c.range(0.3, 0.9))
    collar = c.disc(c.range(0.3, 0.6), c.range(-0.2, 0.1), c.range(0.12, 0.3), c.range(0.06, 0.16))
    return torch.maximum(shoe, -collar)


def _boot(c: _Canvas) -> Tensor:
    low = _shoe(c, c.range(0.3, 0.6), c.range(0.03, 0.16), c.range(0.1, 0.7))
    front, top = c.range(-0.15, 0.2), c.range(-0.95, -0.35)
    shaft = torch.maximum(
        torch.maximum(front - c.x + 0.15 * c.y, c.x - c.range(0.74, 0.9)),
        torch.maximum(top - c.y, c.y - 0.4),
    )
    heel = torch.maximum(
        torch.maximum(0.5 - c.x, c.x - 0.88), torch.maximum(0.3 - c.y, c.y - c.range(0.5, 0.85))
    )
    return torch.minimum(torch.minimum(low, shaft), heel)


def _sandal(c: _Canvas) -> Tensor:
    shoe = _shoe(c, c.range(0.12, 0.75), c.range(0.02, 0.1), c.range(0.4, 0.9))
    straps = torch.sin(c.range(6.0, 13.0) * (c.x + c.range(0.2, 0.9) * c.y) + c.range(0.0, 6.3))
    sole = c.y - c.range(0.2, 0.42)
    open_work = torch.maximum(straps - c.range(-0.5, 0.5), sole + 0.06) * 0.2
    heel = c.stroke(
        c.x,
        c.range(0.55, 0.8),
        c.range(0.2, 0.4),
        c.range(0.65, 0.85),
        c.range(0.4, 0.9),
        c.range(0.03, 0.12),
    )
    return torch.minimum(torch.maximum(shoe, -open_work), heel)


def _bag(c: _Canvas) -> Tensor:
    top, bottom = c.range(-0.45, 0.05), c.range(0.55, 0.92)
    width = c.range(0.5, 0.9)
    body = c.trunk(top, bottom, width * c.range(0.75, 1.05), width)
    middle = top + c.range(-0.02, 0.12)
    wide, high, strap = c.range(0.2, 0.55), c.range(0.2, 0.55), c.range(0.03, 0.08)
    ring = c.disc(torch.zeros(1), middle, wide, high).abs() - strap
    handle = torch.maximum(ring, c.y - middle)
    return torch.minimum(body, handle + 2 * (1 - c.coin(0.8)))


GARMENTS: tuple[Callable[[_Canvas], Tensor], ...] = (
    _t_shirt, _trouser, _pullover, _dress, _coat, _sandal, _shirt, _sneaker, _bag, _boot,
)  # fmt: skip


def _shade(c: _Canvas, distance: Tensor) -> Tensor:
    """Turn distances into grey values in [0, 1]: cloth with folds, prints, stripes and noise."""
    inside = torch.sigmoid(-distance * c.range(18.0, 40.0))
    bright = c.range(0.25, 1.0).sqrt()
    folds = torch.sin(c.range(2.0, 9.0) * c.x + c.range(-3.0, 3.0) * c.y + c.range(0.0, 6.3))
    slope = c.normal(0.0, 0.15) * c.y + c.normal(0.0, 0.12) * c.x
    across = torch.sin(c.range(8.0, 22.0) * (c.y + c.range(-0.2, 0.2) * c.x) + c.range(0.0, 6.3))
    stripes = c.coin(0.3) * c.range(0.05, 0.4) * across
    print_ = c.disc(c.normal(0, 0.08), c.range(-0.3, 0.3), c.range(0.1, 0.3), c.range(0.08, 0.3))
    printed = c.coin(0.25) * c.normal(0.0, 0.35) * torch.sigmoid(-print_ * 20)
    grain = torch.randn(c.n, SIDE, SIDE, generator=c.generator) * c.range(0.01, 0.14)
    rim = 0.15 * c.range(0.0, 1.0) * torch.exp(-((distance * 12) ** 2))
    cloth = bright * (1 + 0.12 * folds + slope + stripes + printed) + rim + grain
    return (inside * cloth).clamp(0, 1)


def draw_garments(num_examples: int, *, seed: int) -> tuple[Tensor, Tensor]:
    """Draw a labelled set of garments.

    Args:
        num_examples: How many pictures, at least 1; the classes are as even as it allows.
        seed: Whole number of at least 0: the same seed draws the same pictures, with the same
            version of PyTorch on the same kind of machine.

    Returns:
        Images, uint8, shape (N, 28, 28), and labels, int64, shape (N,), in a random order.
        PyTorch's global random numbers are not touched.

    Raises:
        TypeError, ValueError: an argument is no whole number, or is out of range.
    """
    total = whole_number("num_examples", num_examples, minimum=1)
    generator = torch.Generator().manual_seed(whole_number("seed", seed, minimum=0))
    labels = torch.arange(total) % len(GARMENTS)
    labels = labels[torch.randperm(total, generator=generator)]
    images = torch.empty(total, SIDE, SIDE, dtype=torch.uint8)
    for label, garment in enumerate(GARMENTS):
        places = (labels == label).nonzero()[:, 0]
        for chunk in torch.split(places, CHUNK):
            canvas = _Canvas(len(chunk), generator)
            grey = _shade(canvas, garment(canvas))
            images[chunk] = (grey * 255).round().to(torch.uint8)
    return images, labels
