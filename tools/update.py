"""Fetch a newer version of the series into a clone made with git, and keep what you changed.

    python3 run.py update

A file that the new version does not change stays as it is, with your changes. A file that you and
the new version have both changed becomes the new one, and yours lies beside it under a dated name:
05-training.ipynb as 05-training.mine-2026-11-24-1.ipynb. In a notebook, what is written in the
cells counts; that it was opened or run does not. Commits of your own go to a branch. Close
JupyterLab first.

Interrupted, or called twice, the command does no harm. It needs git and the standard library.
"""

# nbgitpuller, made for the same, merges line by line. What comes out is not always a notebook:
# docs/teaching.md has the numbers. Here a file is never mixed from two.

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NO_CLONE = (
    "this folder was not made with git. Unpack the new version into a folder of its own, beside "
    "this one, and run there: python3 run.py lab. Your notebooks stay here."
)


class UpdateError(Exception):
    """The update cannot be made; the message says what to do."""


def main(arguments: list[str]) -> int:
    """Update the series and return the exit code."""
    sys.stdout.reconfigure(errors="replace")  # a console may lack a letter of a file's name
    if arguments:
        print(__doc__)
        return 0 if arguments[0] in ("-h", "--help") else 2
    try:
        print("Updated." if update(ROOT) else "This is the newest version already.")
    except (UpdateError, OSError) as error:
        print(f"Not updated: {error}")
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. Run the same command again: it goes on with what is there.")
        return 130
    return 0


def update(root: Path) -> bool:
    """Bring the clone in ``root`` to its upstream's version; return False if it has it already.

    Git's own record moves last: whatever interrupts this, the next call does the rest.

    Raises:
        UpdateError: there is no clone, no git, no network, or no branch to follow.
    """
    if not (root / ".git").exists():
        raise UpdateError(NO_CLONE)
    git(root, "fetch", "--quiet")
    new = upstream(root)
    head = git(root, "rev-parse", "HEAD").strip()
    old = git(root, "merge-base", head, new).strip()
    if old == new:
        return False
    arriving = []
    for path, was, now in changes(root, old, new):
        yours = is_yours(root, path, (was, now))
        if yours and now:
            kept = set_aside(root / path).name
            print(f"You and the new version have both changed {path}. Yours is now {kept}.")
        elif not yours and not now:
            (root / path).unlink(missing_ok=True)
        if now:
            arriving.append(path)
    if arriving:
        command = ["restore", "--worktree", "--pathspec-from-file=-", "--pathspec-file-nul"]
        git(root, *command, "--source", new, given="\0".join(arriving))
    if head != old:
        git(root, "branch", "--force", f"mine-{head[:7]}", head)
        print(f"Your commits are in the branch mine-{head[:7]}; your files are as they were.")
    git(root, "reset", "--mixed", "--quiet", new)
    return True


def upstream(root: Path) -> str:
    """Return the newest commit of the branch that this one follows.

    Raises:
        UpdateError: it follows none.
    """
    try:
        return git(root, "rev-parse", "--verify", "--quiet", "@{upstream}").strip()
    except UpdateError as error:
        raise UpdateError(
            "this branch follows no branch of another repository. Switch to one that does, for "
            "example: git switch main"
        ) from error


def changes(root: Path, old: str, new: str) -> Iterator[tuple[str, str, str]]:
    """Yield each path that two commits differ in, with its content in both: git's names, or ""."""
    told = git(root, "diff-tree", "-r", "-z", "--no-renames", old, new).split("\0")
    for entry, path in zip(told[:-1:2], told[1::2], strict=True):
        was, now = (name if name.strip("0") else "" for name in entry.split()[2:4])
        yield path, was, now


def is_yours(root: Path, path: str, versions: tuple[str, str]) -> bool:
    """Return True if the file at ``path`` holds what is in neither of the series' ``versions``."""
    place = root / path
    if not place.is_file() or git(root, "hash-object", "--", path).strip() in versions:
        return False
    if place.suffix != ".ipynb":
        return True
    mine = written(place.read_text(encoding="utf-8", errors="surrogateescape"))
    return all(mine != written(git(root, "cat-file", "blob", name)) for name in versions if name)


def written(notebook: str) -> object:
    """Return what people write in a notebook, without what opening or running it leaves there."""
    try:
        return [
            (cell["cell_type"], "".join(cell["source"]), cell["metadata"].get("slideshow"))
            for cell in json.loads(notebook)["cells"]
        ]
    except (ValueError, LookupError, TypeError, AttributeError):  # damaged
        return notebook


def set_aside(place: Path) -> Path:
    """Give the file at ``place`` a dated name that is free, and return that."""
    name = f"{place.stem}.mine-{datetime.date.today().isoformat()}"
    free = (place.with_name(f"{name}-{number}{place.suffix}") for number in count(1))
    return place.rename(next(path for path in free if not path.exists()))


def git(root: Path, *arguments: str, given: str | None = None) -> str:
    """Return what a git command prints; ``given`` is what it reads.

    Raises:
        UpdateError: git is not there, or the command failed.
    """
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments], check=False, capture_output=True, input=given,
            encoding="utf-8", errors="surrogateescape",
        )  # fmt: skip
    except OSError as error:
        raise UpdateError("this is a git clone, and there is no git here: install it.") from error
    if done.returncode:
        told = done.stderr.strip() or "it gave no reason"
        raise UpdateError(f"git {' '.join(arguments)} failed: {told}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
