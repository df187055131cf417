"""run.py test-versions asks for the right versions, and leaves out only what it must."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def versions(monkeypatch):
    spec = importlib.util.spec_from_file_location("versions", ROOT / "tools" / "versions.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "uv", lambda: "uv")
    monkeypatch.setattr(module.shutil, "which", lambda _: None)
    return module


@pytest.fixture
def started(versions, monkeypatch):
    commands = []

    def run(command):
        commands.append(" ".join(map(str, command)))
        return 3 if any(word in commands[-1] for word in versions.fails) else 0

    versions.fails = []
    monkeypatch.setattr(versions.run_py, "run", run)
    return commands


def test_the_oldest_versions_are_the_bounds(versions, started):
    assert versions.main(["oldest", "-k", "sizes"]) == 0
    made, bounds, tools, tests = started
    assert made.startswith("uv venv")
    assert made.endswith(".venv-oldest")
    assert "--resolution lowest-direct" in bounds
    assert bounds.endswith(str(ROOT))
    assert "--resolution" not in tools
    assert "--upgrade" not in tools
    assert tools.endswith("[test]")
    assert tests.startswith(versions.run_py.venv_python(ROOT / ".venv-oldest"))
    assert "--nbval" in tests
    assert tests.endswith("-k sizes")


def test_without_a_name_both_are_tested_and_one_failure_counts(versions, started, capsys):
    versions.fails = [".venv-oldest -m", "--resolution lowest-direct"]
    assert versions.main([]) == 3
    told = capsys.readouterr().out
    assert "oldest: failed (exit code 3)" in told
    assert "newest: passed" in told
    assert any("--resolution highest" in command for command in started)


def test_what_is_left_out_is_there(versions):
    for path in versions.NOT_FOR_OTHERS:
        assert (ROOT / path).is_file()


def test_its_environments_are_not_in_git():
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert {".venv-oldest/", ".venv-newest/"} <= set(ignored)
