"""All exercises, by their keys, in the order of the notebooks."""

from __future__ import annotations

from . import building, data, gradients, inside, mistakes, shapes, sizes, timing, training
from .exercise import Exercise

EXERCISES: dict[str, Exercise] = {
    exercise.key: exercise
    for lesson in (sizes, building, shapes, data, training, inside, mistakes, gradients, timing)
    for exercise in lesson.EXERCISES
}
