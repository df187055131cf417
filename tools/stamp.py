"""Write the series' public address into the set-up cells of the notebooks, and into the README.

    python3 run.py stamp

The address is that of the table [tool.lenet] in pyproject.toml. The set-up cell of a notebook
installs the helpers from it where they are missing; the README has a badge for each notebook that
opens it in Colab. Nothing else changes. It needs the standard library only.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from tools.arguments import parser
from tools.files import ROOT
from tools.series import notebooks, number

BADGE = "https://colab.research.google.com/assets/colab-badge.svg"
INSTALL = """\
from importlib.util import find_spec

if not find_spec("lenet_helpers"):  # not installed yet, as in Colab
    %pip install --quiet --no-input --no-deps "git+{address.repository}@{address.branch}"
assert find_spec("lenet_helpers"), "No network? Or is the address above wrong, or not public?"
"""
NO_ADDRESS = """\
from importlib.util import find_spec

assert find_spec("lenet_helpers"), (
    "Start with 'python3 run.py lab'. For Colab, ask for a copy of this notebook with an address."
)
"""


class StampError(Exception):
    """The address will not do; the message says what to write instead."""


@dataclass(frozen=True)
class Address:
    """Where the series is to be had.

    Args:
        repository: Its address, for example "https://github.com/OWNER/NAME"; "" until it is set.
        branch: The branch, or the tag of a release, that others get.

    Raises:
        StampError: one of them is not of that form.
    """

    repository: str
    branch: str

    def __post_init__(self) -> None:
        github = r"https://github\.com/[\w.-]+/[\w.-]+"
        other = r"https://(?!github\.com/)[\w.-]+(:\d+)?(/[\w.~-]+)+"
        if not re.fullmatch(f"({github}|{other})?", self.repository, re.ASCII | re.IGNORECASE):
            raise StampError(
                f"repository = {self.repository!r} in pyproject.toml is no address that anybody "
                'can install from. Write "https://github.com/OWNER/NAME" or that of another host, '
                'without a slash at the end; or "" for none.'
            )
        if not re.fullmatch(r"\w[\w./-]*", self.branch, flags=re.ASCII):
            raise StampError(
                f"branch = {self.branch!r} in pyproject.toml is no name of a branch or a tag. "
                'Write the one that others are to get, such as "main".'
            )

    def colab(self, name: str) -> str:
        """Return the address that opens notebook ``name`` in Colab, "" where Colab cannot.

        Colab opens repositories of GitHub only.
        """
        host, _, path = self.repository.removeprefix("https://").partition("/")
        if host.lower() != "github.com":
            return ""
        place = f"{path.removesuffix('.git')}/blob/{self.branch}/notebooks/{name}"
        return f"https://colab.research.google.com/github/{place}"

    def badge(self, name: str) -> str:
        """Return the Markdown that opens notebook ``name`` in Colab, "" where Colab cannot."""
        link = self.colab(name)
        return f"[![Open notebook {number(name)} in Colab]({BADGE})]({link})" if link else ""


def main(arguments: list[str]) -> int:
    """Stamp the address and return the exit code."""
    parser("stamp", __doc__).parse_args(arguments)
    try:
        address = read_address(ROOT)
    except StampError as error:
        print(f"Nothing was changed: {error}")
        return 1
    changed = stale(ROOT, address)
    for path, content in changed.items():
        path.write_bytes(content)
        print(f"Stamped {path.relative_to(ROOT).as_posix()}")
    if not changed:
        print("All notebooks and the README have the address of pyproject.toml already.")
    if not address.badge("01"):
        print("There are no badges: Colab opens an address on GitHub only.")
    return 0


def read_address(root: Path) -> Address:
    """Return the address in the pyproject.toml of the folder ``root``.

    Raises:
        StampError: it will not do.
    """
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    return Address(**project["tool"]["lenet"])


def stale(root: Path, address: Address) -> dict[Path, bytes]:
    """Return the files in ``root`` that do not have ``address``, each with its right content."""
    right = {path: stamped_notebook(path, address) for path in notebooks(root / "notebooks")}
    right[root / "README.md"] = stamped_readme(root / "README.md", address)
    return {
        path: text.encode()
        for path, text in right.items()
        if text != path.read_text(encoding="utf-8")
    }


def stamped_notebook(path: Path, address: Address) -> str:
    """Return the notebook at ``path`` with ``address`` in its set-up cell."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cell = (INSTALL if address.repository else NO_ADDRESS).format(address=address).strip()
    for one in notebook["cells"]:
        if "setup" in one["metadata"].get("tags", []):
            one["source"] = cell.splitlines(keepends=True)
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"  # as nbformat writes it


def stamped_readme(path: Path, address: Address) -> str:
    """Return the README at ``path`` with a badge after each notebook in its table."""
    link = r"^(\| \[[^\]]+\]\(notebooks/(\d\d-[^)]+)\))( \[!\[[^|]*)?(?= \|)"
    return re.sub(
        link,
        lambda row: f"{row[1]} {address.badge(row[2])}".rstrip(),
        path.read_text(encoding="utf-8"),
        flags=re.MULTILINE,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
