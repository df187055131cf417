"""Two builds: the instructor's has every answer and runs, the students' has none."""

import json
import re

import nbformat
import pytest

from lenet_helpers.asking.exercises.catalogue import EXERCISES
from lenet_helpers.asking.exercises.cells import as_cells, solution_source
from lenet_helpers.asking.misconceptions import MISCONCEPTIONS
from lenet_helpers.asking.questions import QUESTIONS
from tools import build, notebooks, series
from tools.notebooks import client
from tools.slides import notes_of

PATHS = series.notebooks()
# What a cell leaves undone: a test of solutions runs the cells without the long trainings.
QUICK = [path for path in PATHS if path.name[:2] in ("01", "02", "03", "04", "07")]


@pytest.fixture(scope="module")
def builds(tmp_path_factory):
    made = {}
    for kind in ("solutions", "student"):
        folder = tmp_path_factory.mktemp("builds") / kind
        assert build.main([f"--{kind}", str(folder)]) == 0
        assert [path.name for path in sorted(folder.iterdir())] == [p.name for p in PATHS]
        made[kind] = {p.name: nbformat.read(p, as_version=4) for p in folder.iterdir()}
    return made


def sources(notebook, kind="code"):
    return [cell.source for cell in notebook.cells if cell.cell_type == kind]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_instructors_build_has_every_answer_and_what_to_say(builds, path):
    ours = nbformat.read(path, as_version=4)
    built = builds["solutions"][path.name]
    nbformat.validate(built)
    code, words = "\n".join(sources(built)), "\n".join(sources(built, "markdown"))
    for source in sources(ours):
        if source in build.STUBS:
            exercise = EXERCISES[build.STUBS[source]]
            assert source not in sources(built)
            assert solution_source(exercise) in sources(built)
            for slip in exercise.slips:
                assert MISCONCEPTIONS[slip.key].hint in words
    number = int(path.name[:2])
    for question in QUESTIONS:
        if question.notebook != number:
            continue
        assert f"**{question.key}: " in words
        known = (
            f'answer = {build.literal(question.answer)}\nguess.predict("{question.key}", answer)'
        )
        assert (known in code) == (question.answer is not None)
        for key in question.thoughts.values():
            assert MISCONCEPTIONS[key].hint in words


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_students_build_has_neither_outputs_nor_solutions(builds, path):
    ours = nbformat.read(path, as_version=4)
    built = builds["student"][path.name]
    nbformat.validate(built)
    assert all(cell.outputs == [] for cell in built.cells if cell.cell_type == "code")
    assert sources(built) == sources(ours)
    words = "\n".join(sources(built, "markdown"))
    assert "olution</summary>" not in words
    assert words.count("hint</summary>") == "\n".join(sources(ours, "markdown")).count(
        "hint</summary>"
    )
    for source in sources(ours):
        if source in build.STUBS:
            assert solution_source(EXERCISES[build.STUBS[source]]) not in words


@pytest.mark.parametrize("path", QUICK, ids=lambda path: path.stem)
def test_the_instructors_build_runs_and_everything_in_it_is_right(builds, path, tmp_path):
    built = builds["solutions"][path.name]
    client(built, tmp_path).execute()
    said = [
        output.get("text", "")
        for cell in built.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "stream"
    ]
    told = "\n".join(said)
    keys = [build.CHECKS[s] for s in sources(built) if s in build.CHECKS]
    for key in keys:
        assert re.search(rf"^{key}: .*right", told, re.MULTILINE), f"{key} is not right"
    for question in QUESTIONS:
        if question.notebook == int(path.name[:2]) and question.answer is not None:
            assert re.search(rf"{re.escape(question.key)}: .* is right\.", told)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_instructors_build_shows_the_notes_and_the_students_has_none(builds, path):
    ours = nbformat.read(path, as_version=4)
    said = [words for cell in ours.cells for words in notes_of(cell)]
    assert len(said) > 10
    for built in (builds["solutions"][path.name], builds["student"][path.name]):
        assert [cell for cell in built.cells if "notes" in cell.metadata.slideshow] == []
    shown = [c for c in builds["solutions"][path.name].cells if c.source.startswith("**To say:**")]
    assert [cell.source for cell in shown] == [f"**To say:** {words}" for words in said]
    assert {cell.metadata.slideshow.slide_type for cell in shown} == {"notes"}
    students = json.dumps(builds["student"][path.name])
    assert [words for words in said if json.dumps(words) in students] == []


def test_a_folder_that_holds_something_is_left_alone(tmp_path, capsys):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(SystemExit):
        build.main(["--student", str(tmp_path)])
    assert "not empty: name a new or an empty folder" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_unknown_notebook_is_named(tmp_path, capsys):
    with pytest.raises(SystemExit):
        build.main(["--student", str(tmp_path / "new"), "99"])
    assert "No notebook begins with 99" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_one_notebook_alone(tmp_path):
    assert build.main(["--student", str(tmp_path / "new"), "02"]) == 0
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["02-building-lenet.ipynb"]


def test_every_exercise_is_met_in_a_notebook():
    met = {
        build.STUBS[source]
        for path in PATHS
        for source in sources(nbformat.read(path, as_version=4))
        if source in build.STUBS
    }
    assert met == set(EXERCISES)
    assert as_cells("correlate").stub in build.STUBS
    assert notebooks.FOLDER.name == "notebooks"
