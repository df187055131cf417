"""Read the files that a class has handed in, and make one page of them.

    python -m tools.class_summary FOLDER              class.html in FOLDER
    python -m tools.class_summary FOLDER --out PAGE   somewhere else

Students make their files with lh.hand_in("name"). The page says who is where, which thoughts lead
most of them astray, with words to say, and what to talk about next time. A file that is broken or
was edited is named and left out. The page is complete in itself, and nothing leaves the computer.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from html import escape
from pathlib import Path

from lenet_helpers.asking.handing_in import HandInError, handed_in
from lenet_helpers.asking.misconceptions import MISCONCEPTIONS
from lenet_helpers.asking.places import NOTEBOOKS, place
from lenet_helpers.asking.progress import Progress, Record
from lenet_helpers.asking.questions import of_notebook
from lenet_helpers.asking.reading import shown
from lenet_helpers.prose import counted
from tools.arguments import parser
from tools.files import write_whole

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem;
  color: #1a1a1a; background: #fff; }
table { border-collapse: collapse; margin: 1rem 0; }
caption { text-align: left; font-weight: 600; padding-bottom: .4rem; }
th, td { border: 1px solid #767676; padding: .3rem .6rem; text-align: left; vertical-align: top; }
thead th { background: #f0f0f0; }
"""
TALKED_ABOUT = 3  # questions that are named for the next time


@dataclass(frozen=True)
class Student:
    """One file that was handed in."""

    name: str
    written: str
    package: str
    progress: Progress

    @property
    def records(self) -> dict[tuple[int, str], Record]:
        """The student's answers, by notebook and question."""
        answers = self.progress.answers
        return {(n, key): r for n, records in answers.items() for key, r in records.items()}

    @property
    def thoughts(self) -> set[str]:
        """The keys of the thoughts that the student has met, in predictions and exercises."""
        met = {thought for record in self.records.values() for thought in record.thoughts}
        return met | {t for done in self.progress.exercises.values() for t in done.thoughts}


def main(arguments: list[str]) -> int:
    """Make the page that ``arguments`` ask for and return the exit code."""
    asked = parser("tools.class_summary", __doc__)
    asked.add_argument("folder", type=Path, metavar="FOLDER")
    asked.add_argument("--out", type=Path, metavar="PAGE")
    options = asked.parse_args(arguments)
    if not options.folder.is_dir():
        print(f"{options.folder} is no folder: give the one with your class's files.")
        return 2
    students, left_out = read_all(options.folder)
    if not students and not left_out:
        print(f"{options.folder} has no .json files: students make them with lh.hand_in.")
        return 2
    target = options.out or options.folder / "class.html"
    write_whole(target, page(students, left_out).encode("utf-8"))
    for name, why in left_out.items():
        print(f"Left out: {name}: {why}.")
    print(f"{target}: {counted(len(students), 'student')}")
    return 0


def read_all(folder: Path) -> tuple[list[Student], dict[str, str]]:
    """Return the students of ``folder``, and why files were left out: file name -> reason.

    Of two files with one name the newer counts.
    """
    found: dict[str, tuple[str, Student]] = {}
    left_out: dict[str, str] = {}
    for path in sorted(folder.glob("*.json")):
        try:
            content, progress = handed_in(path)
        except (HandInError, OSError) as error:
            left_out[path.name] = str(error)
            continue
        student = Student(content["name"], content["written"], str(content["package"]), progress)
        mark = student.name.casefold()
        if mark in found:
            older, newer = sorted([found[mark], (path.name, student)], key=lambda f: f[1].written)
            left_out[older[0]] = f"{newer[0]} of the same name is newer"
            found[mark] = newer
        else:
            found[mark] = (path.name, student)
    return sorted((s for _, s in found.values()), key=lambda s: s.name.casefold()), left_out


# ---------------------------------------------------------------- the page


def page(students: list[Student], left_out: dict[str, str]) -> str:
    """Return the page of a class."""
    parts = [
        f"<h1>A class of {len(students)}</h1>",
        where_they_are(students),
        common_thoughts(students),
        next_time(students),
    ]
    if left_out:
        files = "".join(f"<li>{escape(n)}: {escape(why)}.</li>" for n, why in left_out.items())
        parts.append(f"<h2>Files that were left out</h2><ul>{files}</ul>")
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>A class</title>'
        f"<style>{STYLE}</style></head><body><main>\n"
        + "\n".join(parts)
        + "\n</main></body></html>\n"
    )


def where_they_are(students: list[Student]) -> str:
    """Return the table of who has answered what."""
    rows = []
    for student in students:
        cells = []
        for notebook in NOTEBOOKS:
            asked = of_notebook(notebook)
            answers = student.progress.answers.get(notebook, {})
            mine = [answers[key].outcome for key in asked if key in answers]
            right = sum(outcome != "open" for outcome in mine)
            cells.append(f"{right} of {len(asked)}" if mine else "—")
        outcomes = Counter(record.outcome for record in student.records.values())
        passed = sum(bool(done.passed) for done in student.progress.exercises.values())
        cells += [
            *(str(outcomes[kind]) for kind in ("at once", "after a hint", "open")),
            f"{passed} of {len(student.progress.exercises)}",
            escape(student.written[:10]),
        ]
        rows.append([escape(student.name), *cells])
    heads = ["name", *(f"notebook {n}" for n in NOTEBOOKS), "at once", "after a hint", "open"]
    return "<h2>Who is where</h2>" + table(
        "Predictions that were right at once or after a hint, for each notebook",
        [*heads, "exercises passed", "handed in"],
        rows,
    )


def common_thoughts(students: list[Student]) -> str:
    """Return the table of the thoughts that most students met, with words to say.

    The kind that most students met comes first, and in it the thought that most met.
    """
    met = [student.thoughts & set(MISCONCEPTIONS) for student in students]  # no other version's
    thoughts = Counter(key for keys in met for key in keys)
    kinds = Counter(kind for keys in met for kind in {MISCONCEPTIONS[key].kind for key in keys})

    def rank(key: str) -> tuple[int, str, int, str]:
        kind = MISCONCEPTIONS[key].kind
        return -kinds[kind], kind, -thoughts[key], key

    rows = []
    for key in sorted(thoughts, key=rank):
        known = MISCONCEPTIONS[key]
        where = place(known.notebook, known.section)
        told = (f"It looks as if {known.thought}.", known.hint, str(where))
        rows.append([f"{known.kind}: {kinds[known.kind]}", str(thoughts[key]), *map(escape, told)])
    if not rows:
        return "<h2>The commonest thoughts</h2><p>None was recognised.</p>"
    heads = ["kind: students", "students", "the thought", "words to say", "where to read again"]
    return "<h2>The commonest thoughts</h2>" + table("By how many met them", heads, rows)


def next_time(students: list[Student]) -> str:
    """Return what to talk about: the questions that fewest had right at first, with the answers."""
    hardest = []
    for notebook in NOTEBOOKS:
        for key, question in of_notebook(notebook).items():
            records = [s.records[notebook, key] for s in students if (notebook, key) in s.records]
            wrong = [record for record in records if record.outcome != "at once"]
            if wrong:
                hardest.append((len(wrong) / len(records), len(wrong), question, records))
    hardest.sort(key=lambda entry: (-entry[0], -entry[1]))
    items = []
    for _, wrong_count, question, records in hardest[:TALKED_ABOUT]:
        first = Counter(shown(record.tries[0].answer) for record in records)
        said = ", ".join(f"{escape(answer)} ({count})" for answer, count in first.most_common(5))
        items.append(
            f"<li><strong>Notebook {question.notebook}: {escape(question.words)}</strong><br>"
            f"{wrong_count} of {len(records)} were not right at first. First answers: {said}.<br>"
            f"{escape(question.why)}</li>"
        )
    body = f"<ol>{''.join(items)}</ol>" if items else "<p>Nothing stands out.</p>"
    return f"<h2>What to talk about next time</h2>{body}"


def table(caption: str, heads: list[str], rows: list[list[str]]) -> str:
    """Return a table in HTML; the cells of ``rows`` are HTML already, the first is a heading."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    body = "".join(
        f'<tr><th scope="row">{row[0]}</th>{"".join(f"<td>{cell}</td>" for cell in row[1:])}</tr>'
        for row in rows
    )
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
