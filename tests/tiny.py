"""A tiny series to set up for real, offline: run.py and its tools, and packages made here."""

import base64
import contextlib
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import uv

from tools.wheelhouse import this_computer

ROOT = Path(__file__).resolve().parent.parent
NEEDED = ("environment", "files", "installers", "programs", "wheelhouse", "__init__")
PYPROJECT = """
[project]
name = "series"
version = "1"
dependencies = ["tiny"]
[project.optional-dependencies]
present = ["extra"]
test = ["checks"]
"""
# What stands in for JupyterLab, and for the tools: it says how it was started.
TELL = """
import os, sys, tiny
print("Started", "{name}", sys.argv[1:], "tiny", tiny.VERSION)
print("data", os.environ.get("LENET_DATA_DIR"))
"""


class Series:
    """A tiny series in a path with a space and an umlaut, with a wheelhouse beside run.py."""

    def __init__(self, folder):
        self.here = folder / "a földer"
        self.wheels = self.here / "wheelhouse"
        self.started = []
        self.wheels.mkdir(parents=True)
        (folder / "empty").mkdir()
        (self.here / "tools").mkdir()
        (self.here / "lenet_helpers").mkdir()
        (self.here / "lenet_helpers" / "__init__.py").write_text("", encoding="utf-8")
        shutil.copy(ROOT / "run.py", self.here)
        for name in NEEDED:
            shutil.copy(ROOT / "tools" / f"{name}.py", self.here / "tools")
        for command, name in {"slides": "slides", "test": "suite"}.items():
            text = TELL.replace("{name}", command)
            (self.here / "tools" / f"{name}.py").write_text(text, encoding="utf-8")
        (self.here / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
        (self.here / ".gitignore").write_text(".venv/\n.setup/\n__pycache__/\n", encoding="utf-8")
        self.pin(1)
        self.put_tiny(1)
        for name in ("pip", "extra", "checks"):
            self.put_wheel(name, 1, {f"{name}.py": ""})
        self.fits([this_computer()])
        self.variables = {
            **os.environ,
            "PATH": str(folder / "empty"),
            "UV_CACHE_DIR": str(folder / "cache"),
            # Whoever asks an index all the same is told no at once.
            **dict.fromkeys(("PIP_INDEX_URL", "UV_DEFAULT_INDEX"), "http://127.0.0.1:9/nothing"),
            **{"PIP_RETRIES": "0", "UV_HTTP_RETRIES": "0"},
        }
        for name in ("LENET_ROOM", "LENET_DATA_DIR", "PIP_FIND_LINKS", "PYTHONPATH"):
            self.variables.pop(name, None)

    def pin(self, version):
        """Ask for this version of the package tiny."""
        (self.here / "constraints.txt").write_text(f"tiny=={version}\n", encoding="utf-8")

    def put_tiny(self, version):
        modules = {
            "tiny.py": f"VERSION = {version}",
            "jupyterlab/__init__.py": "",
            "jupyterlab/__main__.py": TELL.replace("{name}", "lab"),
        }
        self.put_wheel("tiny", version, modules)

    def put_wheel(self, name, version, modules):
        put_wheel(self.wheels, name, version, modules)

    def fits(self, computers):
        """Let the wheelhouse be whole for these computers."""
        (self.wheels / "fits.json").write_text(json.dumps(computers), encoding="utf-8")

    def with_uv(self, path=None):
        """Return the variables for a computer that has uv: the real one, or that in ``path``."""
        return {"PATH": str(path or Path(uv.find_uv_bin()).parent)}

    def start(self, *arguments, **variables):
        """Start run.py in a process group of its own, and return at once."""
        process = subprocess.Popen(
            [sys.executable, str(self.here / "run.py"), *arguments],
            env=self.variables | variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, encoding="utf-8", start_new_session=True,
        )  # fmt: skip
        self.started.append(process)
        return process

    def end(self):
        """End what was started and still runs."""
        for process in self.started:
            if os.name != "nt":
                with contextlib.suppress(ProcessLookupError):  # none is left of its group
                    os.killpg(process.pid, signal.SIGKILL)
            process.kill()
            process.communicate()

    def run(self, *arguments, **variables):
        """Run run.py; return its exit code and what was printed."""
        process = self.start(*arguments, **variables)
        told, _ = process.communicate(timeout=120)
        return process.returncode, told

    def works(self, command="lab", **variables):
        """Run ``command`` and return what its program said, after checking that it was started."""
        code, told = self.run(command, **variables)
        assert code == 0, told
        assert f"Started {command}" in told, told
        return told


def put_wheel(folder, name, version, modules, scripts=()):
    """Write the wheel of a package ``name`` with ``modules`` (path: text) into ``folder``."""
    info = f"{name}-{version}.dist-info"
    files = {
        **modules,
        **{f"{name}-{version}.data/scripts/{path}": text for path, text in dict(scripts).items()},
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": f"[console_scripts]\n{name}-tool = {name}:main\n",
    }
    lines = []
    for path, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode()
        lines.append(f"{path},sha256={digest.rstrip('=')},{len(text.encode())}")
    files[f"{info}/RECORD"] = "\n".join([*lines, f"{info}/RECORD,,", ""])
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
        for path, text in files.items():
            entry = zipfile.ZipInfo(path)
            entry.external_attr = (0o100755 if "/scripts/" in path else 0o100644) << 16
            wheel.writestr(entry, text)
