"""Choose the exact versions in constraints.txt anew, for every system and Python at once.

    python3 run.py pins                    those that are there stay; what is new is added
    python3 run.py pins --upgrade          all become the newest
    python3 run.py pins --upgrade-package torch

What follows goes on to "uv pip compile". Then run the tests.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tools.files import CONSTRAINTS, ROOT, write_whole
from tools.installers import uv
from tools.programs import run
from tools.wheelhouse import SetUpError

HEAD = """\
# The exact versions that the tests ran with, for every system: made by "python3 run.py pins" from
# the lower bounds in pyproject.toml. run.py installs under these constraints.
"""


def main(arguments: list[str]) -> int:
    """Write constraints.txt anew and return the exit code."""
    if arguments[:1] in (["-h"], ["--help"]):
        print(__doc__)
        return 0
    try:
        program = uv()
    except SetUpError as error:
        print(error)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        # uv keeps the versions that it finds in the file that it writes.
        draft, pip = Path(folder, "constraints.txt"), Path(folder, "pip.in")
        draft.write_bytes(CONSTRAINTS.read_bytes())
        pip.write_text("pip\n", encoding="utf-8")
        compiling = ["pip", "compile", str(ROOT / "pyproject.toml"), str(pip), "--all-extras"]
        everywhere = ["--universal", "--python-version", "3.11"]
        plain = ["--no-header", "--no-annotate", "--quiet", "--output-file", str(draft)]
        code = run([program, *compiling, *everywhere, *plain, *arguments])
        if code == 0:
            lines = draft.read_text(encoding="utf-8").splitlines()
            write_whole(CONSTRAINTS, (HEAD + names_and_versions(lines)).encode())
    return code


def names_and_versions(lines: list[str]) -> str:
    """Return the pins among ``lines``: uv may add the address of an index that it was told of."""
    return "".join(f"{line}\n" for line in lines if line[:1].isalnum())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
