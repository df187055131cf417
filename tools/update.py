"""Fetch a newer version of the series, and keep what you changed.

    python3 run.py update             in a clone made with git: the newest version of the repository
    python3 run.py update SOURCE      from a folder, or a .zip file, with a newer version

A file that the new version does not change stays as it is, with your changes. A file that you and
the new version have both changed becomes the new one, and yours is kept under a dated name:
notebooks/05-training.ipynb as notebooks/05-training.mine-2026-11-24.ipynb, a file elsewhere in the
folder kept-2026-11-24. A file of your own is left alone. Close JupyterLab first.

Interrupted, or called twice, the command does no harm. It needs the standard library only.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent
NOTE = ".series.json"  # of an update without git: the checksum of every file as it was delivered
SIGNS = ("run.py", "notebooks", "lenet_helpers")  # what a version of the series has at its top
NOT_OURS = {".git", ".venv", "__pycache__", ".ipynb_checkpoints", "wheelhouse", "fashion-mnist"}

Read = Callable[[str], bytes | None]  # a file's content by its path; None if there is none
Sum = Callable[[str], str | None]  # the checksum of a file's content, likewise


class UpdateError(Exception):
    """The update cannot be made; the message says what to do."""


def main(arguments: list[str]) -> int:
    """Update the series from git, or from the source in ``arguments``; return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    if arguments[:1] in (["-h"], ["--help"]) or len(arguments) > 1:
        print(__doc__)
        return 0 if len(arguments) == 1 else 2
    try:
        if arguments:
            kept = from_source(ROOT, Path(arguments[0]).expanduser().absolute())
        else:
            kept = from_git(ROOT)
    except (UpdateError, OSError, zipfile.BadZipFile) as error:
        print(f"Not updated: {error}")
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. Run the same command again: it goes on with what is there.")
        return 130
    if kept is None:
        print("This is the newest version already.")
        return 0
    for path, copy in kept.items():
        print(f"You and the new version have both changed {path}. Yours is now {copy}.")
    print("Updated." if kept else "Updated. Nothing of yours was in the way.")
    return 0


# ---------------------------------------------------------------- one file after the other


def merge(root: Path, paths: Iterable[str], before: Sum, after: Read) -> dict[str, str]:
    """Bring each of ``paths`` in ``root`` from the old version to the new one.

    Args:
        root: The series' folder.
        paths: The files that differ, with "/" between folder and file.
        before: Knows the old version: what was delivered, before you changed it.
        after: Reads the new version.

    Returns:
        For each file that both have changed: where your version is kept.
    """
    kept = {}
    for path in sorted(paths):
        place = root / path
        mine = place.read_bytes() if place.is_file() else None
        new = after(path)
        if mine == new:
            continue
        yours = mine is not None and checksum(mine) != before(path)
        if new is None:  # the series no longer has it
            if not yours:
                place.unlink()
            continue
        if mine is not None and yours:
            kept[path] = keep(root, path, mine)
        write(place, new)
    return kept


def keep(root: Path, path: str, content: bytes) -> str:
    """Write ``content``, your version of ``path``, under a dated name and return that."""
    today = datetime.date.today().isoformat()
    pure = PurePosixPath(path)
    for again in ("", *(f"-{number}" for number in range(2, 1000))):
        if pure.parts[0] == "notebooks":
            name = str(pure.with_name(f"{pure.stem}.mine-{today}{again}{pure.suffix}"))
        else:
            name = f"kept-{today}{again}/{path}"
        if not (root / name).exists():
            write(root / name, content)
            return name
        if (root / name).read_bytes() == content:  # kept by a run that was interrupted
            return name
    raise UpdateError(f"{path} was kept a thousand times today: delete some copies.")


def write(place: Path, content: bytes) -> None:
    """Write a file in one step: an interrupt leaves the old one or the new one."""
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.with_name(place.name + ".part")
    draft.write_bytes(content)
    if place.is_file():
        draft.chmod(place.stat().st_mode)
    draft.replace(place)


# ---------------------------------------------------------------- from git


def from_git(root: Path) -> dict[str, str] | None:
    """Update a clone to its upstream branch; return what was kept, None if there is nothing new.

    Raises:
        UpdateError: there is no clone, no git, no network, or there are commits of your own.
    """
    if not (root / ".git").exists():
        raise UpdateError(
            "this folder is no git clone. Get the newer version as a folder or a .zip file, and "
            "run: python3 run.py update SOURCE"
        )
    git(root, "fetch", "--quiet")
    try:
        new = git(root, "rev-parse", "--verify", "--quiet", "@{upstream}").decode().strip()
    except UpdateError as error:
        raise UpdateError(
            "this branch follows no branch of another repository. Switch to one that does, for "
            "example: git switch main"
        ) from error
    old = git(root, "rev-parse", "HEAD").decode().strip()
    common = git(root, "merge-base", old, new).decode().strip()
    if common == new:
        return None
    if common != old:
        raise UpdateError("you have commits of your own. Join both with: git pull")
    listed = git(root, "diff", "--name-only", "--no-renames", "-z", old, new)
    paths = [os.fsdecode(name) for name in listed.split(b"\0") if name]
    kept = merge(root, paths, git_sums(root, old), git_reader(root, new))
    # Git's own books follow; the files stay as they are now.
    git(root, "reset", "--mixed", "--quiet", new)
    return kept


def git_reader(root: Path, revision: str) -> Read:
    """Return a function that reads a file of ``revision`` as a checkout here would write it."""

    def read(path: str) -> bytes | None:
        if not git(root, "ls-tree", revision, "--", path):
            return None
        return git(root, "cat-file", "--filters", f"{revision}:{path}")

    return read


def git_sums(root: Path, revision: str) -> Sum:
    """Return a function that knows the checksums of the files of ``revision``."""
    read = git_reader(root, revision)

    def checksum_of(path: str) -> str | None:
        content = read(path)
        return None if content is None else checksum(content)

    return checksum_of


def git(root: Path, *arguments: str) -> bytes:
    """Return what a git command prints.

    Raises:
        UpdateError: git is not there, or the command failed.
    """
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments], check=False, capture_output=True
        )
    except OSError as error:
        raise UpdateError("this is a git clone, and there is no git here: install it.") from error
    if done.returncode:
        told = done.stderr.decode(errors="replace").strip()
        raise UpdateError(f"git {arguments[0]} failed: {told or 'it gave no reason'}")
    return done.stdout


# ---------------------------------------------------------------- from a folder or a .zip file


def from_source(root: Path, source: Path) -> dict[str, str] | None:
    """Update from ``source``; return what was kept, None if there is nothing new.

    What was delivered before is known by the note of the last such update, else by git. Where
    neither is there, every file that differs counts as changed by you.

    Raises:
        UpdateError: ``source`` is not a version of the series.
    """
    files = read_zip(source) if source.is_file() else read_folder(source)
    tops = {PurePosixPath(path).parts[0] for path in files}
    if not set(SIGNS) <= tops:
        raise UpdateError(
            f"{source} is not a version of this series: it has no {', no '.join(SIGNS)}. Give its "
            "folder, or the .zip file of it."
        )
    note = root / NOTE
    sums = json.loads(note.read_text(encoding="utf-8")) if note.is_file() else {}

    def before(path: str) -> str | None:
        if sums or not (root / ".git").exists():
            return sums.get(path)
        return git_sums(root, "HEAD")(path)

    gone = {path for path in sums if path not in files and (root / path).is_file()}
    new_sums = {path: checksum(content) for path, content in files.items()}
    differing = {path for path in files if not is_file_with(root / path, files[path])}
    changed = gone | {path for path in differing if before(path) != new_sums[path]}
    kept = merge(root, changed, before, files.get)
    write(note, json.dumps(new_sums, indent=1).encode())
    return kept if changed else None


def is_file_with(place: Path, content: bytes) -> bool:
    """Return True if there is a file at ``place`` with this content."""
    return place.is_file() and place.read_bytes() == content


def checksum(content: bytes) -> str:
    """Return a short text that is another one for other content."""
    return hashlib.sha256(content).hexdigest()


def read_folder(folder: Path) -> dict[str, bytes]:
    """Return the files of the series in ``folder`` by their paths, without what was made there.

    Raises:
        UpdateError: there is no such folder.
    """
    if not folder.is_dir():
        raise UpdateError(f"{folder} is not there.")
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ours(path.relative_to(folder).parts)
    }


def read_zip(file: Path) -> dict[str, bytes]:
    """Return the files in a .zip file by their paths; one folder around all of them is left out.

    Raises:
        UpdateError: a path in it leads out of the folder.
    """
    with zipfile.ZipFile(file) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        tops = {name.split("/")[0] for name in names}
        around = f"{tops.pop()}/" if len(tops) == 1 and all("/" in name for name in names) else ""
        files = {name.removeprefix(around): archive.read(name) for name in names}
    for name in files:
        if ".." in PurePosixPath(name).parts or PurePosixPath(name).is_absolute() or "\\" in name:
            raise UpdateError(f"{file} holds the path {name!r}, which leads elsewhere.")
    return {name: files[name] for name in files if ours(PurePosixPath(name).parts)}


def ours(parts: tuple[str, ...]) -> bool:
    """Return True if the file with these folders and name belongs to the series."""
    made = any(part in NOT_OURS or part.endswith((".egg-info", ".part")) for part in parts)
    return not made and not parts[0].startswith("kept-") and ".mine-" not in parts[-1]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
