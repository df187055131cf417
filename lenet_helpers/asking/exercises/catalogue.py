"""All exercises, by their keys, in the order of the notebooks."""

from __future__ import annotations

from . import building, sizes

EXERCISES = {
    exercise.key: exercise for lesson in (sizes, building) for exercise in lesson.EXERCISES
}
