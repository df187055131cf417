"""Write docs/misconceptions.md: the thoughts behind wrong answers, and what to say to them.

    python -m tools.misconceptions

The page is made from the tables that recognise the thoughts; do not edit it by hand.
"""

from __future__ import annotations

import random
import sys
from collections import Counter

from lenet_helpers.asking.exercises.catalogue import EXERCISES
from lenet_helpers.asking.misconceptions import KINDS, MISCONCEPTIONS
from lenet_helpers.asking.places import place
from lenet_helpers.asking.questions import QUESTIONS
from lenet_helpers.asking.questions.recalled import TEMPLATES
from lenet_helpers.asking.reading import shown
from tools.arguments import parser
from tools.files import ROOT, write_whole

PAGE = ROOT / "docs" / "misconceptions.md"
SEEDS = range(20)  # draws of a template's numbers, to see all thoughts that it recognises
OPENING = """\
# Misconceptions

What the series recognises in a wrong answer or a wrong program, and what it says. Nobody has
published an inventory of misconceptions about convolutional networks, as far as we know: this one
is ours. It has {count} entries, and is made from the code by `python -m tools.misconceptions`.

That is too many to read: they are of {kinds} kinds. Begin with the kind that your class meets most:
`python -m tools.class_summary` says which.

*Shows* names the predictions, each with the wrong answers that tell, and the exercises. A hint
never holds the answer.

| kind | thoughts |
| --- | --- |
"""


def main(arguments: list[str]) -> int:
    """Write the page and return the exit code."""
    parser("tools.misconceptions", __doc__).parse_args(arguments)
    write_whole(PAGE, page().encode("utf-8"))
    print(f"{PAGE.relative_to(ROOT)}: {len(MISCONCEPTIONS)} thoughts")
    return 0


def page() -> str:
    """Return the page's text."""
    opening = OPENING.format(count=len(MISCONCEPTIONS), kinds=len(KINDS))
    counts = Counter(known.kind for known in MISCONCEPTIONS.values())
    rows = [f"| [{kind}](#{kind.replace(' ', '-')}) | {counts[kind]} |\n" for kind in KINDS]
    parts = [opening + "".join(rows)]
    shows = shown_in()
    for kind in KINDS:
        parts.append(f"## {kind.capitalize()}\n")
        for key, known in MISCONCEPTIONS.items():
            if known.kind != kind:
                continue
            where = place(known.notebook, known.section)
            seen = shows.get(key, ["in a reading or a value as such"])
            parts.append(
                f"### {key}\n\n- **The thought:** {known.thought}.\n- **Say:** {known.hint}\n"
                f"- **Read again:** {where}.\n- **Shows:** {'; '.join(seen)}.\n"
            )
    return "\n".join(parts)


def shown_in() -> dict[str, list[str]]:
    """Return where each thought shows itself, in words."""
    found: dict[str, list[str]] = {}
    for question in QUESTIONS:
        answers: dict[str, list[str]] = {}
        for wrong, thought in question.thoughts.items():
            answers.setdefault(thought, []).append(shown(wrong))
        for lowest, highest, thought in question.bands:
            answers.setdefault(thought, []).append(span(lowest, highest))
        for thought, wrong in answers.items():
            asked = f'notebook {question.notebook}, "{question.key}": {", ".join(wrong)}'
            found.setdefault(thought, []).append(asked)
    for templates in TEMPLATES.values():
        for template in templates:
            drawn = [template(random.Random(seed)).thoughts.values() for seed in SEEDS]
            for thought in sorted({thought for thoughts in drawn for thought in thoughts}):
                name = template.__name__.replace("_", " ")
                found.setdefault(thought, []).append(f"recall, {name}")
    for key, exercise in EXERCISES.items():
        for thought in dict.fromkeys(slip.key for slip in exercise.slips):
            met = f"notebook {exercise.notebook}, exercise `{key}`"
            found.setdefault(thought, []).append(met)
    return found


def span(lowest: float, highest: float) -> str:
    """Return a band of wrong answers in words."""
    if lowest < -1e5:
        return "negative"
    return f"{lowest:g} and more" if highest > 1e5 else f"{lowest:g} to {highest:g}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
