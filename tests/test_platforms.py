"""The conditions of other computers: their paths, rights, consoles and GPUs."""

import ast
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
import psutil
import pytest
import torch
from tiny import Series
from torch.overrides import TorchFunctionMode

import lenet_helpers as lh
from lenet_helpers.data import sets
from lenet_helpers.data.batches import TensorBatches
from lenet_helpers.data.sets import NAMES
from tools import files, room, series, wheelhouse

ROOT = Path(__file__).resolve().parent.parent
POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no such users and rights")


def batches(n=40):
    images = (torch.arange(n * 28 * 28) % 251).to(torch.uint8).reshape(n, 28, 28)
    return TensorBatches(images, torch.arange(n) % 10, 16, shuffle=True, device="cpu")


def write_data(folder):
    folder.mkdir(parents=True)
    for name in NAMES:
        shape = (20, 28, 28) if "images" in name else (20,)
        head = b"\0\0\x08" + bytes([len(shape)]) + b"".join(n.to_bytes(4, "big") for n in shape)
        (folder / name).write_bytes(head + bytes(torch.Size(shape).numel()))


# ---------------------------------------------------------------- folders


def test_long_paths_with_spaces_and_letters_of_other_languages(tmp_path, monkeypatch):
    deep = tmp_path / "Übungen für Anfänger" / "学习 (2)" / ("eine sehr lange Mappe " * 6).strip()
    assert len(str(deep)) > 180
    monkeypatch.delitem(sets.CONTENT, "Fashion-MNIST")  # the files here are small
    write_data(deep / "data")
    monkeypatch.setenv("LENET_DATA_DIR", str(deep / "data"))
    monkeypatch.setenv("LENET_CACHE_DIR", str(deep / "cache"))
    train, _ = lh.load_data_fashion_mnist(8, source="Fashion-MNIST", device="cpu")
    assert train.num_examples == 20
    net = lh.sequential_lenet()
    assert deep in lh.save_weights(net).parents
    assert lh.load_weights(net)
    lh.lenet_viewer(net, torch.rand(2, 1, 28, 28), [0, 1]).save(deep / "Ansicht.html")
    lh.draw_network(net).save(deep / "Bild.png")


def test_the_folder_that_one_works_in_stays_empty(tmp_path, monkeypatch):
    """It may be read-only: nothing is ever written there."""
    monkeypatch.chdir(tmp_path)
    net = lh.sequential_lenet()
    lh.train_ch6(net, batches(), batches(), 1, 0.9, "cpu")
    lh.save_weights(net)
    lh.lenet_viewer(net, torch.rand(2, 1, 28, 28), [0, 1]).page()
    lh.draw_network(net).show()
    assert list(tmp_path.iterdir()) == []


READ_ONLY = """
import os, sys, torch
import lenet_helpers as lh
net = lh.sequential_lenet()
lh.save_weights, lh.load_weights  # loaded now: Python itself may be out of reach below
if os.getuid() == 0:  # root may write everywhere
    os.setuid(65534)
try:
    open("x", "w")
except OSError:
    print("refused")
path = lh.save_weights(net)
print(lh.load_weights(net), path)
path.unlink()
"""


@POSIX
def test_a_read_only_home_is_no_hindrance():
    home = Path(tempfile.mkdtemp())  # not pytest's folder: only its owner may enter that
    try:
        home.chmod(0o555)
        variables = {**os.environ, "HOME": str(home), "PYTHONPATH": str(ROOT)}
        for name in ("LENET_CACHE_DIR", "XDG_CACHE_HOME"):
            variables.pop(name, None)
        done = subprocess.run(
            [sys.executable, "-c", READ_ONLY],
            cwd=home, env=variables, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.stdout.startswith("refused\ntrained on unknown data"), done.stderr
        assert str(home) not in done.stdout
    finally:
        home.chmod(0o755)
        shutil.rmtree(home)


# ---------------------------------------------------------------- consoles


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437"])
def test_printing_on_a_console_that_lacks_signs(encoding, monkeypatch):
    console = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", console)
    net = lh.sequential_lenet()
    print(lh.layer_table(net, (1, 1, 28, 28)))
    print(batches(), lh.draw_network(net), lh.conv_explorer(), lh.Animator(ylabel="Größe"))
    guess = lh.Predictions(1)
    guess.predict("shape with stride", "2 × 3")
    guess.reveal("shape with stride", (2, 2), "⌊n/2⌋ ≥ 1")
    guess.tally()
    lh.draw_convolution(5, 3).show()
    lh.train_ch6(net, batches(), batches(), 1, 0.9, "cpu")
    console.flush()
    told = console.buffer.getvalue().decode(encoding)
    assert "examples/sec on cpu" in told
    assert "10x10" in told or encoding == "cp1252"
    assert "28 + 2" in told


@POSIX
def test_run_py_where_only_ascii_is_known(tmp_path):
    """The folder's umlaut is no hindrance, and a question mark where it cannot be printed."""
    series = Series(tmp_path)
    plain = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    assert "Started lab" in series.works(**plain, **series.with_uv())
    series.pin(2)
    next(series.wheels.glob("tiny-*")).unlink()
    (series.here / ".venv" / "lenet.json").unlink()
    code, told = series.run("slides", **plain, **series.with_uv())
    assert code == 1
    assert re.search(r"whether \S+/a f\?+lder/wheelhouse has all packages", told), told


# ---------------------------------------------------------------- other systems


@pytest.mark.parametrize(
    ("system", "machine", "words"),
    [
        ("win-amd64", "AMD64", "win amd64"),
        ("macosx-14.0-arm64", "arm64", "macosx arm64"),
        ("macosx-10.13-universal2", "arm64", "macosx arm64"),
        ("linux-x86_64", "x86_64", "linux x86_64"),
    ],
)
def test_a_room_for_another_system_is_recognised_there(system, machine, words, monkeypatch):
    monkeypatch.setattr(wheelhouse.sysconfig, "get_platform", lambda: system)
    monkeypatch.setattr(wheelhouse.platform, "machine", lambda: machine)
    assert wheelhouse.this_computer().endswith(f" on {words}")
    assert words in {known[0] for known in room.PLATFORMS.values()}


def test_every_file_has_a_name_that_windows_takes():
    names = [str(path) for path in files.series_files()]
    assert len(names) > 50
    assert [name for name in names if re.search(r'[<>:"|?*\s]', name) or not name.isascii()] == []
    assert len({name.lower() for name in names}) == len(names)
    assert max(map(len, names)) < 80  # a path of 260 letters leaves 180 for the folder


class AppleGPU(TorchFunctionMode):
    """A stand-in for Apple's GPU: computes on the CPU and, as it does, refuses float64."""

    def __torch_function__(self, function, types, args=(), kwargs=None):
        kwargs = {name: cpu(value) for name, value in (kwargs or {}).items()}
        result = function(*map(cpu, args), **kwargs)
        if isinstance(result, torch.Tensor) and result.dtype == torch.float64:
            raise TypeError("Cannot convert a MPS Tensor to float64 dtype")
        return result


def cpu(value):
    on_gpu = isinstance(value, torch.device) and value.type == "mps"
    return torch.device("cpu") if on_gpu else value


def test_apples_gpu_gets_no_float64(monkeypatch):
    apple = torch.device("mps")
    for module in ("training.loop", "data.batches"):
        monkeypatch.setattr(f"lenet_helpers.{module}.find_device", lambda _: apple)
    monkeypatch.setattr(torch.accelerator, "synchronize", lambda device: None)
    move = torch.nn.Module.to
    monkeypatch.setattr(torch.nn.Module, "to", lambda net, device: move(net, cpu(device)))
    images = torch.zeros(40, 28, 28, dtype=torch.uint8)
    with AppleGPU():
        both = TensorBatches(images, torch.arange(40) % 10, 16)
        net = lh.sequential_lenet()
        result = lh.train_ch6(net, both, both, 1, 0.9, apple, plot=False)
        predicted, true = lh.predict(net, both)
        lh.confusion_matrix(predicted, true)
        with pytest.raises(TypeError, match="float64"):
            torch.zeros(1, dtype=torch.float64)
    assert result.device == apple
    assert result.train_loss > 0


# ---------------------------------------------------------------- processes


def test_nothing_starts_a_process(monkeypatch):
    """Worker processes hang or crash on Windows, and need memory for each."""
    here = psutil.Process()
    before = {child.pid for child in here.children(recursive=True)}
    seen = set()
    batch = TensorBatches._pictures

    def watched(self, pixels):
        seen.update(child.pid for child in here.children(recursive=True))
        return batch(self, pixels)

    monkeypatch.setattr(TensorBatches, "_pictures", watched)
    lh.train_ch6(lh.sequential_lenet(), batches(), batches(), 1, 0.9, "cpu", plot=False)
    assert seen <= before


def test_no_shell_and_no_workers_in_any_source():
    sources = {
        path: path.read_text(encoding="utf-8")
        for folder in ("lenet_helpers", "tools", "benchmark")
        for path in (ROOT / folder).rglob("*.py")
        if ".textbook" not in path.parts
    }
    sources[ROOT / "run.py"] = (ROOT / "run.py").read_text(encoding="utf-8")
    for path in series.notebooks():
        cells = [c.source for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]
        # Two magics are known. "!ls" or "%%bash" is no Python: ast says so.
        sources[path] = re.sub(r"(?m)^( *)%(xmode|pip) .*", r"\1pass", "\n".join(cells))
    found = []
    for path, text in sources.items():
        for node in ast.walk(ast.parse(text)):
            words = ast.unparse(node) if isinstance(node, ast.keyword | ast.Attribute) else ""
            if words in ("shell=True", "os.system", "os.popen", "os.fork", "os.startfile"):
                found.append((path.name, words))
            if isinstance(node, ast.keyword) and node.arg == "num_workers":
                found.append((path.name, words))
            if isinstance(node, ast.Import | ast.ImportFrom):
                named = [alias.name for alias in node.names] + [getattr(node, "module", None) or ""]
                if any("multiprocessing" in name for name in named):
                    found.append((path.name, "multiprocessing"))
    assert len(sources) > 30
    assert found == []
