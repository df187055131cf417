"""Make two builds of the notebooks: one for the instructor, one to hand out.

    python -m tools.build --solutions FOLDER    every exercise solved, every known answer filled in;
                                                below each: wrong answers, and what to say;
                                                the notes of the slides to read
    python -m tools.build --student FOLDER      without outputs, worked solutions and notes
    python -m tools.build --student FOLDER 01 05    only those whose file names begin so

The folder must be new or empty. Predictions that can only be measured stay open.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from lenet_helpers.asking.exercises.catalogue import EXERCISES
from lenet_helpers.asking.exercises.cells import as_cells, solution_source
from lenet_helpers.asking.questions import of_notebook
from lenet_helpers.asking.questions.question import Question
from tools.arguments import parser
from tools.notebooks import UnknownNotebookError, chosen
from tools.series import number
from tools.thoughts import in_full, table

if TYPE_CHECKING:
    from nbformat import NotebookNode

ASKED = re.compile(r"^answer = \.\.\.\nguess\.predict\(\"([^\"]+)\", answer\)$", re.MULTILINE)
SOLUTION = re.compile(
    r"\n*<details><summary>[^<]*[Ss]olution</summary>.*?</details>\n*", flags=re.DOTALL
)
STUBS = {as_cells(key).stub: key for key in EXERCISES}
CHECKS = {as_cells(key).check: key for key in EXERCISES}


def main(arguments: list[str]) -> int:
    """Make the build that ``arguments`` ask for and return the exit code."""
    asked = parser("tools.build", __doc__)
    kind = asked.add_mutually_exclusive_group(required=True)
    kind.add_argument("--solutions", type=Path, metavar="FOLDER", help="for the instructor")
    kind.add_argument("--student", type=Path, metavar="FOLDER", help="to hand out")
    asked.add_argument("names", nargs="*", metavar="NN", help="how a notebook's name begins")
    options = asked.parse_args(arguments)
    try:
        paths = chosen(options.names)
    except UnknownNotebookError as error:
        asked.error(str(error))
    folder = options.solutions or options.student
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        asked.error(f"{folder} is there already and not empty: name a new or an empty folder.")
    build(paths, folder, solved if options.solutions else handed_out)
    print(f"{len(paths)} notebooks in {folder}")
    return 0


def build(
    paths: list[Path], folder: Path, change: Callable[[NotebookNode, dict[str, Question]], None]
) -> None:
    """Write the notebooks to ``folder``: no outputs; ``change`` gets each with its questions."""
    import nbformat

    folder.mkdir(parents=True, exist_ok=True)
    for path in paths:
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        change(notebook, of_notebook(number(path.name)))
        nbformat.write(notebook, folder / path.name)


def handed_out(notebook: NotebookNode, _: dict[str, Question]) -> None:
    """Take the worked solutions and the speaker's notes out; hints stay."""
    for cell in notebook.cells:
        cell.metadata.get("slideshow", {}).pop("notes", None)
        if cell.cell_type == "markdown":
            cell.source = SOLUTION.sub("\n\n", cell.source).strip()
    notebook.cells = [cell for cell in notebook.cells if cell.source]


def solved(notebook: NotebookNode, questions: dict[str, Question]) -> None:
    """Fill in solutions and answers; show the speaker's notes, and wrong answers to expect."""
    cells = []
    for cell in notebook.cells:
        cells.append(cell)
        said = cell.metadata.get("slideshow", {}).pop("notes", [])
        told = ""
        if cell.source in STUBS:
            cell.source = solution_source(EXERCISES[STUBS[cell.source]])
        elif cell.source in CHECKS:
            told = expected_attempts(CHECKS[cell.source])
        elif cell.cell_type == "code":
            told = "\n\n".join(in_full(questions[key]) for key in _asked(cell, questions))
            cell.source = ASKED.sub(lambda found: _answered(found, questions), cell.source)
        for n, words in enumerate(filter(None, [said] if isinstance(said, str) else said)):
            cells.append(_note(f"**To say:** {words}", f"{cell.id}-notes-{n}"))
        if told:
            cells.append(_note(told, f"{cell.id}-expected"))
    notebook.cells = cells


def _note(words: str, name: str) -> NotebookNode:
    """Return a cell for the speaker: on slides it is among the notes."""
    import nbformat

    note: NotebookNode = nbformat.v4.new_markdown_cell(words, id=name[-64:])
    note.metadata["slideshow"] = {"slide_type": "notes"}
    return note


def expected_attempts(key: str) -> str:
    """Return in Markdown what goes wrong in an exercise, and what to say."""
    thoughts = dict.fromkeys(slip.key for slip in EXERCISES[key].slips)
    return f"**{key}: what goes wrong**" + table("", [("", thought) for thought in thoughts])


def _asked(cell: NotebookNode, questions: dict[str, Question]) -> list[str]:
    return [key for key in ASKED.findall(cell.source) if key in questions]


def _answered(found: re.Match[str], questions: dict[str, Question]) -> str:
    question = questions.get(found[1])
    if question is None or question.answer is None:
        return found[0]
    return found[0].replace("answer = ...", f"answer = {literal(question.answer)}", 1)


def literal(answer: object) -> str:
    """Return ``answer`` as the notebooks' style has it in code."""
    return json.dumps(answer) if isinstance(answer, str) else repr(answer)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
