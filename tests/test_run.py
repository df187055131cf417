"""run.py without a network: what it starts, when it installs, and what it says when it cannot."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parent.parent


POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has another variable for the home")


@pytest.fixture
def program(tmp_path, monkeypatch):
    """run.py, as a module, with its folder somewhere else: a path with a space and an umlaut."""
    spec = importlib.util.spec_from_file_location("run_py", ROOT / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    here = tmp_path / "a földer"
    here.mkdir()
    for name in ("pyproject.toml", "constraints.txt"):
        (here / name).write_text((ROOT / name).read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(module, "HERE", here)
    monkeypatch.setattr(module, "VENV", here / ".venv")
    return module


@pytest.fixture
def started(program, monkeypatch):
    """Note what would be started, in place of starting it; pip gives the code in ``code``."""
    commands = []
    program.code = 0

    def run(command):
        commands.append([str(part) for part in command])
        return program.code

    monkeypatch.setattr(program, "run", run)
    return commands


def test_an_environment_is_made_once_and_then_left_alone(program, started):
    assert program.main(["lab", "--no-browser"]) == 0
    assert program.main(["lab"]) == 0
    assert [("install" in command, "jupyterlab" in command) for command in started] == [
        (True, False),
        (False, True),
        (False, True),
    ]
    assert started[1][-1] == "--no-browser"
    assert started[1][0] == program.venv_python()
    assert "--constraint" in started[0]
    assert str(program.HERE) in started[0]


def test_the_tests_need_more_and_serve_the_lab_too(program, started):
    assert program.main(["lab"]) == 0
    assert program.main(["test", "-k", "sizes"]) == 0
    assert program.main(["lab"]) == 0
    assert [("install" in command) for command in started] == [True, False, True, False, False]
    assert f"{program.HERE}[test]" in started[2]
    assert started[3][-2:] == ["-k", "sizes"]
    assert "--nbval" in started[3]


def test_slides_need_an_extra_that_later_installations_keep(program, started):
    for command in ("lab", "slides", "lab", "test", "slides", "test"):
        assert program.main([command]) == 0
    installed = [command[-3] for command in started if "install" in command]
    here = str(program.HERE)
    assert installed == [here, f"{here}[present]", f"{here}[test]"]


def test_a_changed_requirement_installs_again(program, started):
    program.main(["lab"])
    with (program.HERE / "constraints.txt").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    program.main(["lab"])
    assert [("install" in command) for command in started] == [True, False, True, False]


def test_a_failed_installation_is_passed_on_and_tried_again(program, started, capsys):
    program.code = 3
    assert program.main(["test"]) == 3
    assert "run the same command again" in " ".join(capsys.readouterr().out.split())
    program.code = 0
    assert program.main(["test"]) == 0
    assert [("install" in command) for command in started] == [True, True, False]


def test_an_interrupted_first_run_can_be_repeated(program, started):
    (program.VENV / "bin").mkdir(parents=True)
    (program.VENV / "bin" / "python").write_text("half of a file", encoding="utf-8")
    assert program.main(["lab"]) == 0
    assert program.works()


def test_a_package_that_was_half_installed_is_forgotten(program, started):
    program.main(["lab"])
    (packages,) = program.VENV.glob("**/site-packages")
    half, whole = packages / "half-1.dist-info", packages / "whole-1.dist-info"
    for folder in (half, whole):
        folder.mkdir()
    (whole / "RECORD").write_text("", encoding="utf-8")
    program.forget_halves()
    assert (half.exists(), whole.exists()) == (False, True)


def test_without_ensurepip_the_pip_of_this_python_is_lent(program, started, monkeypatch):
    real = program.answer

    def no_pip_inside(command):
        return None if command[0] == program.venv_python() and "-m" in command else real(command)

    monkeypatch.setattr(program, "answer", no_pip_inside)
    assert program.main(["lab"]) == 0
    assert started[0][:5] == [sys.executable, "-m", "pip", "--python", program.venv_python()]


def test_without_any_pip_it_says_what_to_install(program, started, monkeypatch, capsys):
    real = program.answer
    monkeypatch.setattr(
        program, "answer", lambda command: None if "-m" in command else real(command)
    )
    assert program.main(["lab"]) == 1
    assert "sudo apt install python3-venv" in capsys.readouterr().out
    assert started == []


def test_windows_keeps_its_python_elsewhere(program):
    assert program.venv_python(Path("v"), "nt") == str(Path("v", "Scripts", "python.exe"))
    assert program.venv_python(Path("v"), "posix") == str(Path("v", "bin", "python"))


def test_other_environments_do_not_lead_astray(program, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setenv("PIP_TARGET", "/elsewhere")
    assert "PYTHONPATH" not in program.surroundings()
    assert "PIP_TARGET" not in program.surroundings()
    assert program.surroundings()["PATH"].startswith(str(Path(program.venv_python()).parent))


def test_exit_codes_are_passed_on(program):
    assert program.run([sys.executable, "-c", "raise SystemExit(7)"]) == 7


def test_an_old_python_is_told_so(program, started, monkeypatch, capsys):
    monkeypatch.setattr(program.sys, "version_info", (3, 8, 0))
    assert program.main(["lab"]) == 1
    assert "This is Python 3.8, and the notebooks need 3.11" in capsys.readouterr().out


def test_without_a_command_it_explains_itself():
    result = subprocess.run(
        [sys.executable, str(ROOT / "run.py")], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0
    assert "python3 run.py lab" in result.stdout
    wrong = [sys.executable, str(ROOT / "run.py"), "nothing"]
    assert subprocess.run(wrong, capture_output=True, check=False).returncode == 2


def test_recording_an_unknown_notebook_names_those_there_are(program, capsys):
    (program.HERE / "notebooks").mkdir()
    assert program.record(["99"]) == 2
    assert "No notebook begins with 99" in capsys.readouterr().out


def test_printed_text_is_joined_but_stays_where_it_was(program):
    def out(text, name="stdout"):
        return {"output_type": "stream", "name": name, "text": text}

    picture = {"output_type": "display_data", "data": {}}
    given = [out("a"), out("b"), picture, out("c"), out("d", "stderr"), out("e"), out("f")]
    wanted = [out("ab"), picture, out("c"), out("d", "stderr"), out("ef")]
    assert program.joined(given) == wanted


@POSIX
def test_a_recorded_traceback_names_no_folder_of_the_author(program, tmp_path):
    """IPython writes ~ for the home folder; recordings are made with the series' own as home."""
    cell = nbformat.v4.new_code_cell("import os, lenet_helpers as lh\nlh.conv_output_size(1, 3)")
    notebook = nbformat.v4.new_notebook(cells=[cell])
    client = NotebookClient(notebook, allow_errors=True, timeout=120)
    client.execute(env={**program.without_the_author(), "HOME": str(ROOT), "PYTHONPATH": str(ROOT)})
    told = "\n".join(notebook.cells[0].outputs[-1].traceback)
    assert "~/lenet_helpers/sizes.py" in re.sub(r"\x1b\[[\d;]*m", "", told)
    assert str(ROOT) not in told


def test_recording_leaves_what_a_home_folder_is_for_where_it_was(program, monkeypatch):
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", "elsewhere")
    variables = program.without_the_author()
    assert variables["HOME"] == str(program.HERE)
    assert variables["XDG_CACHE_HOME"] == str(Path.home() / ".cache")
    assert variables["XDG_CONFIG_HOME"] == "elsewhere"


def test_every_command_has_its_program_and_is_explained(program):
    for command, (needed, path) in program.PROGRAMS.items():
        assert (ROOT / path).is_file()
        assert needed in {None, *program.STAMPS}
        assert f"python3 run.py {command} " in program.__doc__
