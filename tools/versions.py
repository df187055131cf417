"""Test the series on the oldest versions that pyproject.toml admits, and on the newest there are.

    python3 run.py test-versions               both, one after the other
    python3 run.py test-versions oldest        one of them
    python3 run.py test-versions oldest -k sizes      what follows goes on to pytest

Each has an environment of its own, .venv-oldest and .venv-newest: several gigabytes each on Linux;
delete them as you like. The packages that the series asks for get their lowest versions, what those
packages need in turn the newest that goes with them.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import run as run_py  # noqa: E402 (the folder of run.py is not where this program lies)
from tools.uv import UvError, uv  # noqa: E402

RESOLUTIONS = {"oldest": "lowest-direct", "newest": "highest"}
# These hold the code to one version of the linters, and the environment to the pinned versions.
NOT_FOR_OTHERS = ("tests/test_style.py", "tests/test_environment.py")


def main(arguments: list[str]) -> int:
    """Test on the versions that ``arguments`` name and return the worst exit code."""
    run_py.forgive_consoles()
    if arguments[:1] in (["-h"], ["--help"]):
        print(__doc__)
        return 0
    named = arguments[:1] if arguments[:1] and arguments[0] in RESOLUTIONS else []
    rest = arguments[len(named) :]
    try:
        codes = {name: test_on(name, rest) for name in named or RESOLUTIONS}
    except UvError as error:
        print(error)
        return 1
    for name, code in codes.items():
        print(f"{name}: {'passed' if code == 0 else f'failed (exit code {code})'}")
    return max(codes.values())


def test_on(name: str, rest: list[str]) -> int:
    """Install the versions ``name``, run the tests on them and return the exit code."""
    folder = ROOT / f".venv-{name}"
    python = run_py.venv_python(folder)
    if shutil.which(python) is None:
        code = run_py.run(
            [uv(), "venv", "--seed", "--clear", "--python", sys.executable, str(folder)]
        )
        if code:
            return code
    # In two steps: what only the tests need, such as the browser's driver, is always the newest.
    install = [uv(), "pip", "install", "--quiet", "--python", python]
    chosen = ["--resolution", RESOLUTIONS[name], "--upgrade"]
    print(f"Installing the {name} versions into {folder.name} ...", flush=True)
    for wanted in ([*chosen, "--editable", str(ROOT)], ["--editable", f"{ROOT}[test]"]):
        code = run_py.run([*install, *wanted])
        if code:
            return code
    # Old packages warn of what newer ones no longer want: that is not ours to mend.
    options = ["-o", "filterwarnings=default", *(f"--ignore={path}" for path in NOT_FOR_OTHERS)]
    return run_py.run([python, *run_py.pytest([*options, *rest])[1:]])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
