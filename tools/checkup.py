"""Look whether everything is ready for a class: in seconds, changing nothing, without a browser.

    python3 run.py check

It says which Python runs, whether there is room on the disk, whether the packages are there and of
the tested versions, where the arithmetic runs, and whether the data are Fashion-MNIST or a drawn
stand-in. Before anything is set up it says what is missing. Its exit code is 1 if the notebooks
would not run. The standard library is enough.
"""

from __future__ import annotations

import json
import platform
import re
import shutil
import sys
import tomllib
from pathlib import Path

from tools.arguments import parser
from tools.environment import NEEDED_GB, VENV, is_ready
from tools.files import CONSTRAINTS, ROOT, python
from tools.programs import answer

ROOM_GB = 1  # what the data, the weights and the answers may take once everything is set up
Line = tuple[str, str, str]  # "ok", "look" or "MISSING"; what; what is known of it

PACKAGES = """
import json
from importlib.metadata import distributions
print(json.dumps({str(d.metadata["Name"]): d.version for d in distributions()}))
"""
# One program for both: importing PyTorch takes most of the time.
DEVICE_AND_DATA = """
from lenet_helpers.devices import describe_device, try_gpu
print(describe_device(try_gpu()))
from lenet_helpers.data.fashion_mnist import FASHION
from lenet_helpers.data.finding import data_folder
from lenet_helpers.data.sets import read_set
try:
    read_set(FASHION, None, may_download=False)
    print("real", data_folder())
except Exception as error:
    print(type(error).__name__, " ".join(str(error).split()))
"""


def main(arguments: list[str]) -> int:
    """Print what was looked at and return the exit code."""
    parser("check", __doc__).parse_args(arguments)
    lines = [python_line(), *packages_lines()]
    lines.insert(1, disk_line(has_packages=lines[-1][1] == "data"))
    for state, what, told in lines:
        print(f"{state:<8}{what:<11}{told}", flush=True)
    missing = [what for state, what, _ in lines if state == "MISSING"]
    print(f"\nNot ready: {', '.join(missing)}." if missing else "\nReady.")
    return 1 if missing else 0


def python_line() -> Line:
    """Say which Python this is; run.py lets no older one than it needs come so far."""
    return "ok", "Python", f"{platform.python_version()}, {sys.executable}"


def disk_line(has_packages: bool) -> Line:
    """Say how much room there is, and whether that is enough for what is still to come."""
    needed = ROOM_GB if has_packages else NEEDED_GB
    free = shutil.disk_usage(ROOT).free / 1e9
    told = f"{free:.0f} GB free, {needed} needed"
    return ("ok" if free >= needed else "look"), "disk space", told


def packages_lines() -> list[Line]:
    """Say what is known of the packages, and with their help of the device and the data."""
    program, where = environment()
    told = answer([program, "-c", PACKAGES])
    installed = {normal(name): version for name, version in json.loads(told or "{}").items()}
    absent = [name for name in requirements() if name not in installed]
    if absent:
        asked = "they come with: python3 run.py lab"
        return [("MISSING", "packages", f"{', '.join(absent)} ({where}); {asked}")]
    told = (answer([program, "-c", DEVICE_AND_DATA]) or "").splitlines()
    if len(told) < 2:
        broken = "PyTorch cannot be used. Delete .venv, then: python3 run.py lab"
        return [versions_line(installed, where), ("MISSING", "device", broken)]
    return [versions_line(installed, where), ("ok", "device", told[-2]), data_line(told[-1])]


def environment() -> tuple[str, str]:
    """Return the Python that has the packages, and where that is, in words."""
    if Path(python()).exists():
        whole = "" if is_ready(VENV, {"lab"}) else ", to be renewed by the next command"
        return python(), f"in .venv{whole}"
    return sys.executable, "in this Python; there is no .venv yet"


def requirements() -> list[str]:
    """Return the names of the packages that the notebooks need."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [normal(re.split(r"[^\w.-]", line)[0]) for line in project["dependencies"]]


def versions_line(installed: dict[str, str], where: str) -> Line:
    """Say which packages are not of the versions that the tests ran with."""
    pins = re.findall(r"^([\w.-]+)==([^\s;]+)", CONSTRAINTS.read_text(encoding="utf-8"), re.M)
    others = [
        f"{name} {installed[normal(name)]} for {pin}"
        for name, pin in pins
        if normal(name) in installed and installed[normal(name)].split("+")[0] != pin.split("+")[0]
    ]
    if not others:
        return "ok", "packages", f"of the tested versions ({where})"
    more = f" and {len(others) - 3} more" if len(others) > 3 else ""
    return "look", "packages", f"not as tested: {', '.join(others[:3])}{more} ({where})"


def data_line(told: str) -> Line:
    """Say whether the pictures are the real ones."""
    kind, _, rest = told.partition(" ")
    if kind == "real":
        return "ok", "data", f"Fashion-MNIST, in {rest}"
    if kind == "MissingDataError":
        return "look", "data", "not here: downloaded when needed (30 MB), else a drawn stand-in"
    return "look", "data", rest


def normal(name: str) -> str:
    """Return the name of a package as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
