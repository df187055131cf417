"""run.py test: what the tests and the notebooks keep goes into a folder of their own."""

from pathlib import Path

import pytest

from tools import suite

TEST = """
import os
from pathlib import Path

def test_a_cache_of_its_own():
    cache = Path(os.environ["LENET_CACHE_DIR"])
    assert list(cache.iterdir()) == []
    (cache / "lenet.pt").write_text("trained")
    Path(__file__).with_name("seen.txt").write_text(f"{cache}\\n{os.environ['LENET_DATA_DIR']}")
"""


@pytest.mark.parametrize("mine", ["LENET_CACHE_DIR", "LENET_DATA_DIR"])
def test_the_students_folders_are_left_alone_and_the_data_used(mine, tmp_path, monkeypatch):
    """The student's weights lie in the one, the data in the same or in the other."""
    students = tmp_path / "students"
    students.mkdir()
    (students / "lenet.pt").write_text("hours of training", encoding="utf-8")
    (students / "train-images-idx3-ubyte.gz").touch()
    monkeypatch.setenv(mine, str(students))
    monkeypatch.setattr(suite, "data_folder", lambda: students)
    (tmp_path / "test_it.py").write_text(TEST, encoding="utf-8")
    assert suite.main([str(tmp_path / "test_it.py"), "-q", "-p", "no:cacheprovider"]) == 0
    cache, data = (tmp_path / "seen.txt").read_text(encoding="utf-8").splitlines()
    assert not Path(cache).exists()
    assert Path(data) == students
    assert (students / "lenet.pt").read_text(encoding="utf-8") == "hours of training"


def test_without_data_their_folder_is_not_named(tmp_path, monkeypatch):
    monkeypatch.setattr(suite, "data_folder", lambda: tmp_path / "not there")
    assert suite.data() == {}


def test_everything_is_done_two_at_a_time_and_a_part_plainly(monkeypatch, capsys):
    calls = []
    monkeypatch.setattr(suite, "run", lambda command, **how: calls.append((command, how)) or 5)
    assert suite.main([]) == 5
    assert "about 15 minutes" in capsys.readouterr().out
    assert suite.main(["-k", "sizes"]) == 5
    assert capsys.readouterr().out == ""
    (everything, how), (part, plainly) = calls
    assert everything[-2:] == ["--numprocesses=2", "--dist=loadfile"]
    assert how["OMP_NUM_THREADS"] == "1"
    assert part[-2:] == ["-k", "sizes"]
    assert "OMP_NUM_THREADS" not in plainly
