"""All exercises, by their keys, in the order of the notebooks."""

from __future__ import annotations

from . import (
    building,
    data,
    gradients,
    inside,
    mistakes,
    shapes,
    sizes,
    then_and_now,
    timing,
    training,
    why_convolution,
)  # fmt: skip
from .exercise import Exercise

LESSONS = (
    sizes, building, shapes, data, training, inside, mistakes, timing, why_convolution, gradients,
    then_and_now,
)  # fmt: skip
EXERCISES: dict[str, Exercise] = {
    exercise.key: exercise for lesson in LESSONS for exercise in lesson.EXERCISES
}
