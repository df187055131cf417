"""Where the files of the series are, and how one is written. The standard library is enough."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
WORK = ROOT / ".setup"  # of the set-up: uv, its log, and environments on their way in and out
CONSTRAINTS = ROOT / "constraints.txt"


def python(folder: Path = VENV, system: str = os.name) -> str:
    """Return the Python of the environment in ``folder``."""
    parts = ("Scripts", "python.exe") if system == "nt" else ("bin", "python")
    return str(folder.joinpath(*parts))


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in one step: an interrupt leaves the old one or the new one, never a half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".part")
    draft.write_bytes(content)
    if path.is_file():
        draft.chmod(path.stat().st_mode)
    draft.replace(path)


def copy_series(folder: Path) -> None:
    """Copy the files of the series, as they are here, into ``folder``."""
    for name in series_files():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)


def series_files() -> list[Path]:
    """Return the series' own files, relative to its folder: git's, else all but what was made."""
    try:
        command = ["git", "-C", str(ROOT), "ls-files", "-z"]
        done = subprocess.run(command, check=False, capture_output=True)
        names = os.fsdecode(done.stdout).split("\0") if done.returncode == 0 else []
    except OSError:  # no git here
        names = []
    listed = [Path(name) for name in names if name and (ROOT / name).is_file()]
    if listed:
        return listed
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    made = {"wheelhouse", "fashion-mnist", "ROOM.txt", ".git", *(n.strip("/") for n in ignored)}
    files = (path.relative_to(ROOT) for path in sorted(ROOT.rglob("*")) if path.is_file())
    return [
        file
        for file in files
        if not any(part in made or part.endswith(".egg-info") for part in file.parts)
    ]
