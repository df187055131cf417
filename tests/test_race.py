"""The race: what its command measures, and what it refuses. The entries here have a few lines."""

import re
import sys
from pathlib import Path

import pytest
import torch
from idx_files import idx

from benchmark import race

ROOT = Path(__file__).resolve().parent.parent
TRUE = torch.arange(10_000) % 10
HEAD = "import os, sys, time, pathlib\nseed, out = int(sys.argv[1]), pathlib.Path(sys.argv[2])\n"


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    folder = tmp_path / "data"
    folder.mkdir()
    pictures = torch.zeros(10_000, 2, 2, dtype=torch.uint8)
    for name, content in zip(race.NAMES, (pictures, TRUE, pictures, TRUE), strict=True):
        (folder / name).write_bytes(idx(content.to(torch.uint8)))
    monkeypatch.setenv("LENET_DATA_DIR", str(folder))
    return folder


@pytest.fixture
def verify(tmp_path, capsys):
    def run(code, *more):
        entry = tmp_path / "mine.py"
        entry.write_text(HEAD + code, encoding="utf-8")
        code = race.main([str(entry), "--cores", "1", "--seeds", "2", *more])
        return code, capsys.readouterr().out

    return run


def writes(share):
    """An entry that gets ``share`` of the labels right, and 20 less with the second seed."""
    return f"""
labels = [i % 10 for i in range(10_000)]
for i in range(round(10_000 * (1 - {share})) + 20 * seed):
    labels[i] = (labels[i] + 1) % 10
out.write_text("\\n".join(map(str, labels)))
"""


def test_it_measures_the_seconds_and_counts_what_is_right(verify):
    code, told = verify("time.sleep(0.3)" + writes(0.95))
    assert code == 0
    seconds = [float(found) for found in re.findall(r"seed \d: ([\d.]+) s", told)]
    assert len(seconds) == 2
    assert min(seconds) >= 0.3
    assert "0.9500 right" in told
    assert "0.9480 right" in told
    assert "| mine | 1 cores, " in told
    assert "| 0.9490 ± 0.0014 | 2 | " in told  # a sample of two that are 0.002 apart
    assert "needs 10 seeds" in told


def test_the_mean_must_reach_the_target(verify):
    code, told = verify(writes(0.9))  # with the second seed 20 less
    assert code == 1
    assert "the target 0.90 is not reached" in told


def test_an_entry_does_not_get_the_labels_of_the_test_set(verify):
    look = """
there = sorted(os.listdir(os.environ["LENET_DATA_DIR"]))
assert there == ["t10k-images-idx3-ubyte", "train-images-idx3-ubyte", "train-labels-idx1-ubyte"]
assert os.environ["CUDA_VISIBLE_DEVICES"] == "" and os.environ["OMP_NUM_THREADS"] == "1"
"""
    assert verify(look + writes(0.95))[0] == 0


@pytest.mark.skipif(not hasattr(__import__("os"), "sched_setaffinity"), reason="Linux alone")
def test_an_entry_has_as_many_cores_as_its_class(verify):
    assert verify("assert len(os.sched_getaffinity(0)) == 1" + writes(0.95))[0] == 0


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("sys.exit(3)", "failed with exit code 3"),
        ("", "wrote 0 labels"),
        ("out.write_text('1\\n' * 9_999)", "wrote 9,999 labels"),
        ("out.write_text('10\\n' * 10_000)", "whole numbers from 0 to 9"),
    ],
)
def test_what_is_no_answer_is_refused_in_words(verify, code, words):
    with pytest.raises(SystemExit, match=words):
        verify(code)


def test_it_needs_the_files(verify, data):
    (data / race.NAMES[3]).unlink()
    code, told = verify(writes(1))
    assert code == 2
    assert "needs the real Fashion-MNIST" in told


@pytest.mark.parametrize("wrong", [["--cores", "0"], ["--cores", "9999"], ["--seeds", "0"]])
def test_wrong_arguments_are_named(wrong, capsys):
    with pytest.raises(SystemExit):
        race.parsed(["benchmark/entries/lenet.py", *wrong])
    assert wrong[0] in capsys.readouterr().err


def test_our_entry_trains_and_writes(tmp_path, data, monkeypatch):
    """On a few pictures of full size, and without what makes it good."""
    pictures = torch.randint(256, (300, 28, 28), dtype=torch.uint8)
    for name in race.NAMES[:3]:
        content = pictures if "images" in name else TRUE[:300].to(torch.uint8)
        (data / name).write_bytes(idx(content))
    entry = (ROOT / "benchmark" / "entries" / "lenet.py").read_text(encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["lenet.py", "0", str(tmp_path / "out.txt")])
    state = torch.get_rng_state()
    exec(compile(entry, "lenet.py", "exec"), {"__name__": "__main__"})
    torch.set_rng_state(state)
    labels = (tmp_path / "out.txt").read_text().split()
    assert len(labels) == 300
    assert set(labels) <= set("0123456789")


def test_the_table_has_our_entry_with_all_its_seeds():
    text = (ROOT / "docs" / "race.md").read_text(encoding="utf-8")
    table = text.split("## Table")[1].splitlines()
    head, _, *lines = [line for line in table if "|" in line]
    assert head == f"| {' | '.join(race.HEADINGS)} |"
    assert lines
    for entry in lines:
        cells = [cell.strip() for cell in entry.strip("|").split("|")]
        assert len(cells) == len(race.HEADINGS)
        assert (ROOT / "benchmark" / "entries" / f"{cells[0]}.py").is_file()
        assert float(cells[3].split(" ± ")[0]) >= race.TARGET
        assert int(cells[4]) >= race.SEEDS
