"""The commands of the series. What each needs is installed first, into the folder .venv here.

The system's Python stays as it is; only the standard library is needed here. What follows a command
goes on to its program: ``python3 run.py lab --no-browser``.
"""

import ast
import difflib
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
OLDEST = (3, 11)
LAB = ["jupyterlab", "notebooks", "--MappingKernelManager.transport_encryption=auto"]
LAB.append("--LabApp.app_settings_dir=tools/lab")  # there: the first start asks nothing
if hasattr(os, "geteuid") and os.geteuid() == 0:
    LAB.append("--allow-root")

# Command: what is to be installed for it, the program behind it, what it does.
COMMANDS = {
    "lab": ("lab", LAB, "open JupyterLab on the notebooks"),
    "test": ("test", ["tools.suite"], "run every test and every notebook"),
    "check": (None, ["tools.checkup"], "look whether all is ready for a class: takes seconds"),
    "update": (None, ["tools.update"], "fetch a newer version of the series; yours is kept"),
    "slides": ("present", ["tools.slides"], "make slides of the notebooks, for a lecture"),
    "site": ("present", ["tools.site"], "make a site of the notebooks, for any web server"),
    "portrait": ("test", ["tools.portrait"], "take the picture of the viewer for the README"),
    "room": ("lab", ["tools.room"], "make a folder that sets up without internet, for a class"),
    "measure": ("lab", ["benchmark.measure"], "measure what a class needs: memory, cores, time"),
    "record": ("lab", ["tools.record"], "run the notebooks and save what they print"),
    "recordings": ("lab", ["tools.recordings"], "train, and keep the runs that are replayed"),
    "benchmark": ("lab", ["benchmark"], "measure how fast the training is"),
    "race": ("lab", ["benchmark.race"], "verify an entry of the Fashion-MNIST race"),
    "stamp": (None, ["tools.stamp"], "write the address in pyproject.toml into the notebooks"),
    "colab": ("lab", ["tools.colab"], "run the notebooks on Colab's package versions"),
    "test-versions": (None, ["tools.versions"], "run the tests on the oldest, newest packages"),
    "pins": (None, ["tools.pins"], "choose the exact versions in constraints.txt anew"),
}


def main(arguments: "list[str]") -> int:
    """Run the command named first in ``arguments`` and return its exit code."""
    if sys.version_info < OLDEST:
        print(
            "This is Python {}.{}, and the notebooks need {}.{} or newer. Start run.py with a "
            "newer Python, for example: python3.12 run.py lab".format(
                *sys.version_info[:2], *OLDEST
            )
        )
        return 1
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(usage())
        return 0
    command, rest = arguments[0], arguments[1:]
    if command not in COMMANDS:
        near = difflib.get_close_matches(command, COMMANDS, n=1, cutoff=0.4)
        meant = f" Did you mean: python3 run.py {near[0]}" if near else ""
        print(f"There is no command {command!r}.{meant}\nAll commands: python3 run.py")
        return 2
    if rest[:1] in (["-h"], ["--help"]):
        print(explained(command))
        return 0
    return start(command, rest[1:] if rest[:1] == ["--"] else rest)


def start(command: str, rest: "list[str]") -> int:
    """Set up what ``command`` needs, run it with the arguments ``rest``, return its exit code."""
    # Not at the top: an old Python does not understand these files.
    from tools.environment import set_up
    from tools.files import python
    from tools.programs import forgive_consoles, run
    from tools.wheelhouse import SetUpError

    forgive_consoles()
    needed, program, _ = COMMANDS[command]
    try:
        if needed:
            set_up(needed)
    except SetUpError as error:
        print(error)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. What worked before works still; the same command goes on.")
        return 130
    return run([python() if needed else sys.executable, "-m", *without(program, rest), *rest])


def without(program: "list[str]", rest: "list[str]") -> "list[str]":
    """Return ``program`` without the options that ``rest`` has too: JupyterLab takes each once."""
    given = {option.partition("=")[0] for option in rest}
    return [part for part in program if part.partition("=")[0] not in given]


def usage() -> str:
    """Return what the commands are."""
    lines = [f"    python3 run.py {name:14} {line}" for name, (_, _, line) in COMMANDS.items()]
    return "\n".join([*__doc__.splitlines()[:1], "", *lines, "", *__doc__.splitlines()[2:]])


def explained(command: str) -> str:
    """Return what the program of ``command`` says of itself; nothing need be installed for it."""
    _, program, line = COMMANDS[command]
    place = HERE.joinpath(*program[0].split("."))
    for file in (place.with_suffix(".py"), place / "__main__.py"):
        if file.is_file():
            return ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or line
    return f"{line[0].upper()}{line[1:]}. Its own options: python3 run.py {command} -- --help"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
