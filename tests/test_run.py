"""run.py: its table of commands, and a set-up that never takes away what worked before.

A tiny series is really set up here, offline, by the real uv and the real pip: see tiny.py.
"""

import ast
import os
import re
import runpy
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import uv
from tiny import ROOT, Series, put_wheel

import run
from tools import environment, files, installers, programs

POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows knows neither such scripts nor signals")
# A uv that does the first step and then hangs, as on a slow network.
HANGS = """#!/bin/sh
"exec" "{python}" "$0" "$@"  # a folder's name may have a space
import pathlib, subprocess, sys, time
if sys.argv[1] == "pip":
    pathlib.Path({here!r}, "hangs").touch()
    time.sleep(600)
sys.exit(subprocess.run([{uv!r}, *sys.argv[1:]]).returncode)
"""


@pytest.fixture
def series(tmp_path):
    made = Series(tmp_path)
    yield made
    made.end()


@pytest.fixture
def hanging(series, tmp_path):
    """The folder of a uv that hangs."""
    folder = tmp_path / "bin"
    folder.mkdir()
    text = HANGS.format(python=sys.executable, here=str(series.here), uv=uv.find_uv_bin())
    (folder / "uv").write_text(text, encoding="utf-8")
    (folder / "uv").chmod(0o755)
    return folder


# ---------------------------------------------------------------- it is set up


@pytest.mark.parametrize("with_uv", [True, False], ids=["uv", "pip"])
def test_the_lab_is_set_up_once_and_then_started_at_once(series, with_uv):
    variables = series.with_uv() if with_uv else {}
    code, told = series.run("lab", "--no-browser", **variables)
    assert code == 0, told
    assert "Setting up" in told
    assert ("Now with pip" in told) != with_uv
    assert "'--no-browser'] tiny 1" in told
    made = (series.here / ".venv").stat().st_ctime_ns
    assert "Setting up" not in series.works(**variables)
    assert (series.here / ".venv").stat().st_ctime_ns == made
    assert sorted(path.name for path in (series.here / ".setup").iterdir()) == ["lock", "log.txt"]


@pytest.mark.parametrize("with_uv", [True, False], ids=["uv", "pip"])
def test_its_scripts_name_the_folder_that_it_ends_in(series, with_uv):
    series.works(**series.with_uv() if with_uv else {})
    scripts = Path(files.python(series.here / ".venv")).parent
    assert any(script.name.startswith("tiny-tool") for script in scripts.iterdir())
    for script in scripts.iterdir():
        assert b".setup" not in script.read_bytes(), script


def test_what_is_not_told_to_the_screen_is_in_the_log(series):
    told = series.works(**series.with_uv())
    assert "tiny==1" not in told
    assert "tiny==1" in (series.here / ".setup" / "log.txt").read_text(encoding="utf-8")
    assert len(told.splitlines()) < 10


def test_the_tests_and_the_slides_need_more_and_what_is_there_stays(series):
    variables = series.with_uv()
    for command, setting_up in (
        ("lab", True), ("slides", True), ("lab", False), ("test", True), ("slides", False),
    ):  # fmt: skip
        code, told = series.run(command, **variables)
        assert code == 0, told
        assert ("Setting up" in told) == setting_up, command
    packages = programs.answer(
        [files.python(series.here / ".venv"), "-c", "import tiny, extra, checks; print('all')"]
    )
    assert packages == "all"


def test_a_command_that_needs_nothing_is_run_by_this_python(series):
    (series.here / "tools" / "update.py").write_text("import sys; print(sys.executable)")
    code, told = series.run("update")
    assert code == 0
    assert Path(told.strip()) == Path(sys.executable)
    assert not (series.here / ".venv").exists()


def test_the_package_is_found_from_anywhere_and_after_a_move(series, tmp_path):
    series.works(**series.with_uv())
    moved = tmp_path / "elsewhere"
    series.here.rename(moved)
    ask = "import lenet_helpers; print(lenet_helpers.__file__)"
    told = subprocess.run(
        [files.python(moved / ".venv"), "-c", ask],
        cwd=tmp_path, env=series.variables, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert Path(told.strip()) == moved / "lenet_helpers" / "__init__.py"
    series.here = moved
    assert "Setting up" not in series.works()


def test_uv_is_fetched_where_there_is_none(series):
    """By pip, into a folder of the series; here it is a wheel that hands on to the real one."""
    if os.name == "nt":
        pytest.skip("the wheel that is made here is a script, which Windows does not start")
    script = f'#!/bin/sh\necho "The fetched uv"\nexec "{uv.find_uv_bin()}" "$@"\n'
    put_wheel(series.wheels, "uv", 1, {}, {"uv": script})
    told = series.works()
    assert "Now with pip" not in told
    assert "The fetched uv" in (series.here / ".setup" / "log.txt").read_text(encoding="utf-8")
    assert (series.here / ".setup" / "uv" / "bin" / "uv").is_file()


def test_where_uv_fails_pip_does_it(series):
    broken = series.with_uv() | {"UV_CACHE_DIR": str(series.here / "run.py")}  # it is no folder
    told = series.works(**broken)
    assert "Now with pip" in told
    assert "tiny 1" in told


def test_changed_versions_are_installed(series):
    series.works(**series.with_uv())
    series.put_tiny(2)
    series.pin(2)
    assert "tiny 2" in series.works(**series.with_uv())
    assert not (series.here / ".setup" / "old").exists()


# ---------------------------------------------------------------- it fails


def test_a_failed_first_set_up_says_why_and_can_be_repeated(series):
    wheel = next(series.wheels.glob("tiny-*"))
    wheel.rename(series.here / wheel.name)
    code, told = series.run("lab", **series.with_uv())
    assert code == 1
    assert "tiny" in told.split("uv said:")[1]
    assert "pip said:" in told
    assert "run the same command again" in " ".join(told.split())
    assert "delete" not in told
    assert not (series.here / ".venv").exists()
    assert not (series.here / ".setup" / "new").exists()
    (series.here / wheel.name).rename(wheel)
    series.works(**series.with_uv())


def test_a_failed_set_up_for_one_command_leaves_the_others(series):
    series.works(**series.with_uv())
    next(series.wheels.glob("checks-*")).unlink()
    code, told = series.run("test", **series.with_uv())
    assert code == 1
    assert f"Check whether {series.wheels} has all packages" in told
    assert "Setting up" not in series.works(**series.with_uv())


def test_without_new_versions_a_command_uses_those_that_are_there(series):
    series.works(**series.with_uv())
    series.pin(2)
    told = series.works(**series.with_uv())
    assert "Going on with the packages that are here" in told
    assert "tiny 1" in told
    assert series.run("slides", **series.with_uv())[0] == 1  # that needs one that is not there
    series.pin(1)
    assert "Setting up" not in series.works(**series.with_uv())


def test_an_environment_of_an_older_version_serves_without_internet(series):
    """Made by pip, before there was a note of what it is whole for."""
    series.works(**series.with_uv())
    (series.here / ".venv" / "lenet.json").unlink()
    series.pin(2)
    assert "tiny 1" in series.works(**series.with_uv())


def test_an_environment_without_its_python_is_made_anew(series):
    series.works(**series.with_uv())
    interpreter = Path(files.python(series.here / ".venv"))
    interpreter.unlink()
    interpreter.write_text("not a program", encoding="utf-8")
    assert "Setting up" in series.works(**series.with_uv())


# ---------------------------------------------------------------- it is interrupted


def wait_for(path):
    for _ in range(300):
        if path.exists():
            return
        time.sleep(0.1)
    raise AssertionError(f"no {path} within half a minute")


@POSIX
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=["Ctrl-C", "killed"])
def test_an_interrupt_leaves_what_worked_and_the_same_command_goes_on(series, hanging, how):
    series.works(**series.with_uv())
    process = series.start("slides", **series.with_uv(hanging))
    wait_for(series.here / "hangs")
    os.killpg(process.pid, how)
    told, _ = process.communicate(timeout=60)  # a half-built environment goes, from a slow disk
    assert process.returncode == (130 if how == signal.SIGINT else -how)
    assert ("What worked before works still" in told) == (how == signal.SIGINT)
    assert "pip" not in told
    assert "Setting up" not in series.works("lab", **series.with_uv())
    assert "Setting up" in series.works("slides", **series.with_uv())


@POSIX
def test_a_second_run_waits_for_the_first(series, hanging):
    first = series.start("lab", **series.with_uv(hanging))
    wait_for(series.here / "hangs")
    second = series.start("lab", **series.with_uv())
    assert second.stdout.readline().startswith("Another run is setting up .venv")
    first.kill()  # run.py alone: what it started holds the lock
    time.sleep(2)
    assert second.poll() is None
    os.killpg(first.pid, signal.SIGKILL)
    told, _ = second.communicate(timeout=60)
    assert "Started lab" in told


def test_a_stop_between_out_and_in_is_made_good(series):
    series.works(**series.with_uv())
    (series.here / ".venv").rename(series.here / ".setup" / "old")
    for wheel in series.wheels.glob("*.whl"):
        wheel.unlink()
    assert "Setting up" not in series.works(**series.with_uv())


def test_an_environment_in_use_stays_and_the_new_one_waits(tmp_path, monkeypatch):
    """On Windows a folder whose programs run cannot be renamed."""
    for name in ("VENV", "NEW", "OLD", "WORK"):
        monkeypatch.setattr(environment, name, tmp_path / name)
    for name in ("VENV", "NEW"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "which.txt").write_text(name, encoding="utf-8")
    monkeypatch.setattr(environment, "is_ready", lambda folder, _: folder == environment.NEW)
    rename = Path.rename

    def in_use(path, target):
        if path == tmp_path / in_use.what:
            raise PermissionError("in use")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", in_use)
    for in_use.what in ("VENV", "NEW"):
        with pytest.raises(environment.SetUpError, match="Close every JupyterLab"):
            environment.renew({"lab"})
        assert (tmp_path / "VENV" / "which.txt").read_text(encoding="utf-8") == "VENV"
        assert (tmp_path / "NEW").is_dir()
    in_use.what = "nothing"
    environment.renew({"lab"})
    assert (tmp_path / "VENV" / "which.txt").read_text(encoding="utf-8") == "NEW"
    assert not (tmp_path / "OLD").exists()


# ---------------------------------------------------------------- pip, where there is one


def test_without_pip_that_of_an_environment_serves_else_it_says_what_to_install(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(installers, "WORK", tmp_path)
    monkeypatch.setattr(installers, "answer", lambda command: can.get(command[2]))
    can = {"venv": ""}
    assert installers.pip(None)[0] == files.python(tmp_path / "pip")
    can = {}
    with pytest.raises(installers.SetUpError, match="sudo apt install python3-venv"):
        installers.pip(None)
    wheel = tmp_path / "pip-99-py3-none-any.whl"
    wheel.write_bytes(b"")
    monkeypatch.setattr(installers, "answer", lambda c: "" if c[1] == str(wheel / "pip") else None)
    assert installers.pip(tmp_path)[1] == str(wheel / "pip")


# ---------------------------------------------------------------- the table of commands


def told_by(*arguments):
    done = subprocess.run(
        [sys.executable, str(ROOT / "run.py"), *arguments],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout


def test_every_command_has_its_program_and_a_line():
    code, told = told_by()
    assert code == 0
    for command, (needed, program, line) in run.COMMANDS.items():
        assert needed in {None, *environment.SETS}
        assert re.search(rf"^ +python3 run\.py {command} +{re.escape(line)}$", told, re.MULTILINE)
        if program is not run.LAB:
            place = ROOT.joinpath(*program[0].split("."))
            assert place.with_suffix(".py").is_file() or (place / "__main__.py").is_file()
    assert told_by("--help") == (0, told)


def test_every_command_explains_itself_with_nothing_installed():
    for command in run.COMMANDS:
        told = run.explained(command)
        assert f"python3 run.py {command}" in told
        for option in (["--help"], ["-h"]):
            assert told_by(command, *option) == (0, f"{told}\n")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("tset", "test"), ("Lab", "lab"), ("slide", "slides"), ("recrod", "record")],
)
def test_a_typo_gets_the_nearest_command(typed, meant):
    code, told = told_by(typed)
    assert code == 2
    assert told.startswith(f"There is no command '{typed}'. Did you mean: python3 run.py {meant}\n")


def test_a_word_that_is_near_to_none_gets_none():
    code, told = told_by("xyz")
    assert (code, "Did you mean" in told) == (2, False)


def test_an_old_python_is_told_so(monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", (3, 8, 0))
    monkeypatch.setattr(sys, "argv", ["run.py", "lab"])
    with pytest.raises(SystemExit, match="1"):
        runpy.run_path(str(ROOT / "run.py"), run_name="__main__")
    assert "This is Python 3.8, and the notebooks need 3.11" in capsys.readouterr().out


def test_an_old_python_can_read_it():
    """What it reads first, of the language of Python 3.6: it gets as far as saying so."""
    text = (ROOT / "run.py").read_text(encoding="utf-8")
    ast.parse(text, feature_version=(3, 6))
    assert "from __future__" not in text  # that of annotations is of Python 3.7
    assert not [node for node in ast.parse(text).body if "tools" in ast.unparse(node)[:30]]


# ---------------------------------------------------------------- other programs


@POSIX
def test_who_ends_a_command_ends_its_program():
    sleeps = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
    script = (
        "import sys; from tools.programs import run; "
        f"sys.exit(run([sys.executable, '-c', {sleeps!r}]))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as command:
        program = int(command.stdout.readline())
        command.terminate()
        assert command.wait(10) == 128 + signal.SIGTERM
    with pytest.raises(ProcessLookupError):
        os.kill(program, 0)


def test_other_environments_do_not_lead_astray(monkeypatch):
    for name in ("PYTHONPATH", "PIP_TARGET", "UV_SYSTEM_PYTHON"):
        monkeypatch.setenv(name, "/elsewhere")
    variables = programs.surroundings()
    assert not programs.FOREIGN & set(variables)
    assert variables["PATH"].startswith(str(Path(files.python()).parent))


def test_threads_wait_a_short_time_unless_the_user_has_said_how(monkeypatch):
    monkeypatch.delenv("GOMP_SPINCOUNT", raising=False)
    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)
    assert int(programs.surroundings()["GOMP_SPINCOUNT"]) < 300_000  # what is usual
    monkeypatch.setenv("GOMP_SPINCOUNT", "7")
    assert programs.surroundings()["GOMP_SPINCOUNT"] == "7"
    monkeypatch.delenv("GOMP_SPINCOUNT")
    monkeypatch.setenv("OMP_WAIT_POLICY", "ACTIVE")
    assert "GOMP_SPINCOUNT" not in programs.surroundings()


PRODUCTS = """
import time
import numpy as np
a, b = np.ones((2000, 3), np.float32), np.ones((3, 224), np.float32)
a @ b
before = time.process_time()
for _ in range(5):
    a @ b
    time.sleep(0.1)
print(time.process_time() - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a setting of Linux's libraries")
def test_numpys_threads_do_not_wait_for_more_work_either(monkeypatch):
    monkeypatch.delenv("OPENBLAS_THREAD_TIMEOUT", raising=False)
    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)
    used = float(programs.answer([sys.executable, "-c", PRODUCTS]))
    assert used < 0.25  # seconds of processor time in 0.5; each waiting thread would use all of it


def test_exit_codes_are_passed_on():
    assert programs.run([sys.executable, "-c", "raise SystemExit(7)"]) == 7
    assert programs.run(
        [sys.executable, "-c", "import os; raise SystemExit(int(os.environ['CODE']))"], CODE="8"
    ) == 8  # fmt: skip


def test_a_long_step_shows_that_it_lives(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(programs, "STEP", 0.2)
    program = "import time; print('Downloading torch', flush=True); time.sleep(1)"
    assert programs.watch([sys.executable, "-c", program], tmp_path / "log") == 0
    assert "  0:00  Downloading torch\n" in capsys.readouterr().out


def test_windows_keeps_its_python_elsewhere():
    assert files.python(Path("v"), "nt") == str(Path("v", "Scripts", "python.exe"))
    assert files.python(Path("v"), "posix") == str(Path("v", "bin", "python"))


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "new" / "file"
    files.write_whole(path, b"old")
    path.chmod(0o600)
    monkeypatch.setattr(Path, "write_bytes", lambda *_: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        files.write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    monkeypatch.undo()
    files.write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o600 or os.name == "nt"
    assert [file.name for file in path.parent.iterdir()] == ["file"]


def test_an_option_of_ones_own_takes_the_place_of_ours():
    program = ["jupyterlab", "notebooks", "--A.b=1", "--c"]
    assert run.without(program, ["--A.b=2", "--d"]) == ["jupyterlab", "notebooks", "--c"]
    assert run.without(program, ["--no-browser"]) == program
