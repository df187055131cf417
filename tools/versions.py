"""Test the series on the oldest versions that pyproject.toml admits, and on the newest there are.

    python3 run.py test-versions               both, one after the other
    python3 run.py test-versions oldest        one of them
    python3 run.py test-versions oldest -k sizes      what follows goes on to pytest

Each has an environment of its own, .venv-oldest and .venv-newest: several gigabytes each on Linux;
delete them as you like. The packages that the series asks for get their lowest versions, what those
packages need in turn the newest that goes with them.
"""

from __future__ import annotations

import sys

from tools.files import ROOT, python
from tools.installers import uv
from tools.programs import run
from tools.wheelhouse import SetUpError

RESOLUTIONS = {"oldest": "lowest-direct", "newest": "highest"}
# These hold the code to one version of the linters, and the environment to the pinned versions.
NOT_FOR_OTHERS = ("tests/test_style.py", "tests/test_environment.py")


def main(arguments: list[str]) -> int:
    """Test on the versions that ``arguments`` name and return the worst exit code."""
    if arguments[:1] in (["-h"], ["--help"]):
        print(__doc__)
        return 0
    try:
        program = uv()
    except SetUpError as error:
        print(error)
        return 1
    named = [name for name in arguments[:1] if name in RESOLUTIONS]
    rest = arguments[len(named) :]
    codes = {name: test_on(name, program, rest) for name in named or RESOLUTIONS}
    for name, code in codes.items():
        print(f"{name}: {'passed' if code == 0 else f'failed (exit code {code})'}")
    return max(codes.values())


def test_on(name: str, uv: str, rest: list[str]) -> int:
    """Install the versions ``name``, run the tests on them and return the exit code."""
    folder = ROOT / f".venv-{name}"
    made = [uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable]
    install = [uv, "pip", "install", "--quiet", "--python", python(folder)]
    chosen = ["--resolution", RESOLUTIONS[name], "--upgrade", "--editable", str(ROOT)]
    # Old packages warn of what newer ones no longer want: that is not ours to mend.
    options = ["-o", "filterwarnings=default", *(f"--ignore={path}" for path in NOT_FOR_OTHERS)]
    print(f"Installing the {name} versions into {folder.name} ...", flush=True)
    steps = [
        [*made, str(folder)],
        # In two steps: what only the tests need, such as the browser's driver, is always new.
        [*install, *chosen],
        [*install, "--editable", f"{ROOT}[test]", "pip"],
        [python(folder), "-m", "tools.suite", *options, *rest],
    ]
    return next(filter(None, map(run, steps)), 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
