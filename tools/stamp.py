"""Write the series' public address into the notebooks and the README.

    python3 run.py stamp

The address is that of the table [tool.lenet] in pyproject.toml. From it come the set-up cell of
every notebook, which installs the helpers where they are missing, and the badges that open a
notebook in Colab. Until an address is set there are no badges, and the set-up cell says what to do.
Everything else in the files stays as it is. It needs the standard library only.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BADGE = "https://colab.research.google.com/assets/colab-badge.svg"
SKIP = {"slide_type": "skip"}  # neither cell is part of a slide show

NO_ADDRESS = """\
# Set-up. Where lenet_helpers is installed, this cell does nothing.
import importlib.util

if importlib.util.find_spec("lenet_helpers") is None:
    raise RuntimeError(
        "lenet_helpers is not installed, and this copy does not know where to get it. On your own "
        "computer: open the notebook with 'python3 run.py lab', as README.md says. To let this "
        "cell install it, in Colab for example: enter the repository's address in pyproject.toml "
        "and run 'python3 run.py stamp'."
    )"""
INSTALL = """\
# Set-up. Where lenet_helpers is installed, this cell does nothing. Elsewhere, as in Colab, it
# installs lenet_helpers from this address, and leaves all other packages as they are.
import importlib.util
import subprocess
import sys

address = "git+{repository}@{branch}"
if importlib.util.find_spec("lenet_helpers") is None:
    pip = [sys.executable, "-m", "pip", "install", "--no-deps", address]
    done = subprocess.run(pip, check=False, capture_output=True, text=True, errors="replace")
    if done.returncode != 0:
        raise RuntimeError(
            f"lenet_helpers could not be installed from {{address}}. Check that there is a network,"
            f" and git, and run this cell again. pip says:\\n{{done.stderr[-700:]}}"
        )
    importlib.invalidate_caches()  # so that Python sees the new package without a restart"""


class StampError(Exception):
    """The address will not do; the message says what to write instead."""


@dataclass(frozen=True)
class Address:
    """Where the series is to be had.

    Args:
        repository: Its address, for example "https://github.com/OWNER/NAME"; "" until it is set.
        branch: The branch that Colab opens and that the helpers are installed from.

    Raises:
        StampError: one of them is not of that form.
    """

    repository: str
    branch: str

    def __post_init__(self) -> None:
        form = r"(https://[\w.-]+(:\d+)?(/[\w.~-]+)+)?"
        if not re.fullmatch(form, self.repository, flags=re.ASCII):
            raise StampError(
                f"repository = {self.repository!r} in pyproject.toml is no address that anybody "
                'can install from. Write it like "https://github.com/OWNER/NAME", without a slash '
                'at the end; or "" for none.'
            )
        if "//github.com" in self.repository.lower() and self.repository.count("/") != 4:
            raise StampError(
                f"repository = {self.repository!r} in pyproject.toml: on GitHub a repository's "
                "address is https://github.com/OWNER/NAME, and nothing after it."
            )
        if not re.fullmatch(r"\w[\w./-]*", self.branch, flags=re.ASCII):
            raise StampError(
                f"branch = {self.branch!r} in pyproject.toml is no name of a branch. Write the one "
                'that Colab is to open, such as "main".'
            )

    def setup_cell(self) -> str:
        """Return the code of the set-up cell."""
        if not self.repository:
            return NO_ADDRESS
        return INSTALL.format(repository=self.repository, branch=self.branch)

    def badge(self, name: str) -> str:
        """Return the Markdown that opens notebook ``name`` in Colab, "" where Colab cannot.

        Colab opens repositories of GitHub only.
        """
        host, _, path = self.repository.removeprefix("https://").partition("/")
        if host.lower() != "github.com":
            return ""
        place = f"{path.removesuffix('.git')}/blob/{self.branch}/notebooks/{name}"
        words = f"Open notebook {int(name[:2])} in Colab"
        return f"[![{words}]({BADGE})](https://colab.research.google.com/github/{place})"


def main(arguments: list[str]) -> int:
    """Stamp the address and return the exit code."""
    if arguments:
        print(__doc__)
        return 0 if arguments[0] in ("-h", "--help") else 2
    try:
        address = read_address(ROOT)
    except StampError as error:
        print(f"Nothing was changed: {error}")
        return 1
    changed = stale(ROOT, address)
    for path, text in changed.items():
        draft = path.with_name(path.name + ".part")
        draft.write_bytes(text)
        draft.replace(path)  # in one step: an interrupt leaves the old file or the new one
        print(f"Stamped {path.relative_to(ROOT).as_posix()}")
    if not changed:
        print("All notebooks and the README have the address of pyproject.toml already.")
    if not address.repository:
        print("No address is set: there are no badges, and each set-up cell says what to do.")
    elif not address.badge("01"):
        print("No badges: Colab opens repositories of GitHub only. The set-up cells work.")
    if any(needs_a_run(text) for path, text in changed.items() if path.suffix == ".ipynb"):
        print("New cells have not been run yet: python3 run.py record runs the notebooks.")
    return 0


def read_address(root: Path) -> Address:
    """Return the address in the pyproject.toml of the folder ``root``.

    Raises:
        StampError: it will not do.
    """
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    setting = project["tool"]["lenet"]
    return Address(setting["repository"], setting["branch"])


def stale(root: Path, address: Address) -> dict[Path, bytes]:
    """Return the files in ``root`` that do not have ``address``, each with its right content."""
    notebooks = [p for p in sorted((root / "notebooks").glob("*.ipynb")) if ".mine-" not in p.name]
    readme = root / "README.md"
    right = {path: stamped_notebook(path, address) for path in notebooks}
    right[readme] = stamped_readme(readme, [path.name for path in notebooks], address)
    return {path: content for path, content in right.items() if content != path.read_bytes()}


def stamped_notebook(path: Path, address: Address) -> bytes:
    """Return the notebook at ``path`` with its badge and its set-up cell, else as it is."""
    raw = path.read_bytes()
    notebook = json.loads(raw)
    cells = [cell for cell in notebook["cells"] if "badge" not in tags(cell)]
    if not any("setup" in tags(cell) for cell in cells):
        # Before the first code, after what the notebook says of itself.
        at = next((i for i, cell in enumerate(cells) if cell["cell_type"] == "code"), len(cells))
        cells.insert(at, new_cell("code", "set-up", "setup", execution_count=None, outputs=[]))
    for cell in cells:
        if "setup" in tags(cell):
            cell["source"] = address.setup_cell().splitlines(keepends=True)
    badge = address.badge(path.name)
    if badge:
        cells.insert(1, new_cell("markdown", "open-in-colab", "badge", source=[badge]))
    notebook["cells"] = cells
    # As nbformat writes it, so that nothing else changes.
    text = json.dumps(
        notebook, indent=1, sort_keys=True, ensure_ascii=False, separators=(",", ": ")
    )
    return with_ends_of(raw, text + "\n")


def stamped_readme(path: Path, names: list[str], address: Address) -> bytes:
    """Return the README at ``path`` with a badge after each notebook in its table."""
    raw = path.read_bytes()
    text = raw.decode("utf-8").replace("\r\n", "\n")
    for name in names:
        link = re.escape(f"](notebooks/{name})")
        badge = f" {address.badge(name)}".rstrip()
        row = rf"^(\| \[[^\]]+{link})(?: \[!\[[^\]]*\]\([^)]*\)\]\([^)]*\))? \|"
        text = re.sub(row, lambda m, badge=badge: f"{m[1]}{badge} |", text, flags=re.MULTILINE)
    return with_ends_of(raw, text)


def with_ends_of(raw: bytes, text: str) -> bytes:
    """Return ``text`` with the line ends that the file ``raw`` has."""
    return (text.replace("\n", "\r\n") if b"\r\n" in raw else text).encode("utf-8")


def new_cell(kind: str, name: str, tag: str, **rest: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a notebook cell called ``name`` with a tag that it is found again by."""
    metadata = {"slideshow": SKIP, "tags": [tag]}
    return {"cell_type": kind, "id": name, "metadata": metadata, "source": [], **rest}


def tags(cell: dict[str, Any]) -> list[str]:
    """Return the tags of a cell."""
    return list(cell["metadata"].get("tags", []))


def needs_a_run(notebook: bytes) -> bool:
    """Return True if a code cell of the notebook has never been run."""
    cells = json.loads(notebook)["cells"]
    return any(cell["cell_type"] == "code" and not cell["execution_count"] for cell in cells)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
