"""Fashion-MNIST's files: found, downloaded for real from this machine, damaged, or missing."""

import contextlib
import gzip
import os
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import platformdirs
import pytest
import torch
from idx_files import (
    TEST,
    TEST_LABELS,
    TRAIN,
    TRAIN_LABELS,
    idx,
    resources,
    served,
    sums,
    write,
)
from torchvision.datasets import FashionMNIST

import lenet_helpers as lh
from lenet_helpers.data import downloading, fashion_mnist, finding, sets
from lenet_helpers.data import idx as reading
from lenet_helpers.data.idx import DataFileError
from lenet_helpers.data.sets import NAMES

# The folder that the person who runs the tests named, before the tests are kept from it.
REAL = os.environ.get("LENET_DATA_DIR")


@pytest.fixture
def files(monkeypatch, tmp_path):
    """A plain folder with four small .gz files, which are taken for Fashion-MNIST's."""
    folder = write(tmp_path / "plain")
    monkeypatch.setattr(FashionMNIST, "resources", resources(folder))
    monkeypatch.setitem(sets.CONTENT, "Fashion-MNIST", sums())
    return folder


@pytest.fixture
def serve(monkeypatch):
    """Return a function that serves a folder on 127.0.0.1 as torchvision's only mirror."""
    with contextlib.ExitStack() as servers:

        def start(folder, *, cut=False):
            address = servers.enter_context(served(folder, cut=cut))
            monkeypatch.setattr(FashionMNIST, "mirrors", [address])
            return address

        yield start


@pytest.fixture(autouse=True)
def no_mirror(monkeypatch):
    """No test asks a machine elsewhere: port 9 of this one refuses."""
    monkeypatch.setattr(FashionMNIST, "mirrors", ["http://127.0.0.1:9/"])
    monkeypatch.delenv("LENET_DATA_DIR", raising=False)
    monkeypatch.setattr(fashion_mnist, "_warned", set())


@pytest.fixture
def small_stand_in(monkeypatch):
    """The stand-in with 20 and 10 pictures: the whole one takes seconds."""
    draw = fashion_mnist.draw_garments
    monkeypatch.setattr(
        fashion_mnist, "draw_garments", lambda n, *, seed: draw(n // 1000, seed=seed)
    )


def load(**options):
    return lh.load_data_fashion_mnist(4, device="cpu", **options)


def check(train, test):
    assert torch.equal(train.images[:, 0], TRAIN)
    assert torch.equal(train.labels, TRAIN_LABELS)
    assert torch.equal(test.images[:, 0], TEST)
    assert torch.equal(test.labels, TEST_LABELS)
    assert train.source == test.source == "Fashion-MNIST"
    assert train.shuffle
    assert not test.shuffle


def test_a_plain_folder_serves_by_argument_and_by_variable(files, monkeypatch):
    check(*load(root=files))
    check(*load(root=str(files)))
    monkeypatch.setenv("LENET_DATA_DIR", str(files))
    check(*load())


def test_the_argument_comes_before_the_variable(files, monkeypatch, tmp_path):
    monkeypatch.setenv("LENET_DATA_DIR", str(tmp_path / "nothing"))
    check(*load(root=files))


def test_torchvisions_layout_serves_packed_and_unpacked(files, tmp_path):
    raw = tmp_path / "root" / "FashionMNIST" / "raw"
    shutil.copytree(files, raw)
    check(*load(root=tmp_path / "root"))
    FashionMNIST(str(tmp_path / "root"), download=True)  # unpacks
    for packed in raw.glob("*.gz"):
        packed.unlink()
    check(*load(root=tmp_path / "root"))


def test_a_read_only_folder_serves(files, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError("read-only")

    for name in ("mkdir", "write_bytes", "replace", "touch"):
        monkeypatch.setattr(Path, name, refuse)
    monkeypatch.setattr(downloading.tempfile, "mkdtemp", refuse)
    files.chmod(0o555)
    before = sorted(path.name for path in files.iterdir())
    check(*load(root=files))
    assert sorted(path.name for path in files.iterdir()) == before
    files.chmod(0o755)


def test_the_cache_is_never_relative_to_the_current_folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for platform in ("linux", "darwin", "win32"):
        monkeypatch.setattr(sys, "platform", platform)
        assert finding.data_folder().is_absolute()
        assert tmp_path not in [finding.data_folder(), *finding.data_folder().parents] or (
            "XDG_CACHE_HOME" in os.environ
        )


def test_the_cache_is_where_the_system_keeps_caches(monkeypatch, tmp_path):
    assert finding.data_folder() == Path(os.environ["LENET_CACHE_DIR"])
    monkeypatch.delenv("LENET_CACHE_DIR")
    assert finding.data_folder() == platformdirs.user_cache_path("lenet_helpers", False)
    if sys.platform == "linux":
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
        assert finding.data_folder() == tmp_path / "xdg" / "lenet_helpers"


def test_downloading_for_real(files, serve, tmp_path, capsys):
    serve(files)
    root = tmp_path / "new"
    check(*load(root=root))
    captured = capsys.readouterr()
    assert f"Downloading Fashion-MNIST (30 MB) to {root}" in " ".join(captured.out.split())
    assert "100" in captured.err  # torchvision's progress
    assert {path.name for path in root.iterdir()} == {"FashionMNIST"}
    FashionMNIST(str(root), download=False)  # torchvision takes it for its own
    serve(tmp_path)  # a second time nothing is asked for: this server has no such files
    check(*load(root=root))


def test_a_download_cut_off_leaves_nothing_behind(files, serve, tmp_path, capsys, small_stand_in):
    serve(files, cut=True)
    root = tmp_path / "new"
    train, _ = load(root=root)
    assert train.source == "drawn stand-in"
    assert "The download failed" in capsys.readouterr().err
    assert [path for path in root.rglob("*") if path.is_file()] == []
    with pytest.raises(
        FileNotFoundError, match=r"Fashion-MNIST is not to be had\..* The download failed"
    ):
        load(root=root, source="Fashion-MNIST")
    serve(files)
    check(*load(root=root))


def test_an_interrupted_download_leaves_nothing_behind(files, serve, tmp_path, monkeypatch):
    serve(files)

    def interrupt(*_, **__):
        raise KeyboardInterrupt

    real = Path.replace
    monkeypatch.setattr(Path, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        load(root=tmp_path / "new")
    assert [path for path in (tmp_path / "new").rglob("*") if path.is_file()] == []
    monkeypatch.setattr(Path, "replace", real)
    check(*load(root=tmp_path / "new"))


def test_an_abandoned_download_is_cleared_away_and_a_running_one_is_not(files, serve, tmp_path):
    serve(files)
    root = tmp_path / "new"
    old, running = root / ".unfinished-old", root / ".unfinished-running"
    for folder in (old, running):
        folder.mkdir(parents=True)
    long_ago = old.stat().st_mtime - 2 * downloading.STALE
    os.utime(old, (long_ago, long_ago))
    check(*load(root=root))
    assert not old.exists()
    assert running.exists()


def test_two_processes_at_once(files, serve, tmp_path):
    address = serve(files)
    program = f"""
import torch
from torchvision.datasets import FashionMNIST
import lenet_helpers as lh
from lenet_helpers.data import sets
FashionMNIST.mirrors = [{address!r}]
FashionMNIST.resources = {FashionMNIST.resources!r}
sets.CONTENT["Fashion-MNIST"] = {sums()!r}
train, test = lh.load_data_fashion_mnist(4, root={str(tmp_path / "new")!r}, device="cpu")
assert train.source == "Fashion-MNIST" and train.num_examples == 20
"""
    both = [
        subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for process in both:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
    check(*load(root=tmp_path / "new"))
    assert {path.name for path in (tmp_path / "new").iterdir()} == {"FashionMNIST"}


@pytest.mark.skipif(not REAL, reason="LENET_DATA_DIR does not name a folder with the real files")
def test_the_real_files_by_the_real_download_path(serve, tmp_path):
    if not all((Path(REAL) / f"{name}.gz").is_file() for name in NAMES):
        pytest.skip("LENET_DATA_DIR has no packed files to serve")
    serve(REAL)
    train, test = lh.load_data_fashion_mnist(256, root=tmp_path, device="cpu")
    assert (train.num_examples, test.num_examples) == (60_000, 10_000)
    assert train.labels.bincount().tolist() == [6000] * 10
    assert test.labels.bincount().tolist() == [1000] * 10
    by_torchvision = FashionMNIST(str(tmp_path), train=False)
    assert torch.equal(test.images[:, 0], by_torchvision.data)
    assert torch.equal(test.labels, by_torchvision.targets)
    assert lh.get_fashion_mnist_labels(train.labels[:1]) == ["ankle boot"]


@pytest.mark.parametrize("part", [1, 100, 1 << 18])
@pytest.mark.parametrize("cuts", [(300,), (16, 4000), (15_696,)])
def test_a_file_packed_in_several_parts_is_read_whole(files, cuts, part, monkeypatch):
    monkeypatch.setattr(reading, "PART", part)
    content, path = idx(TRAIN), files / f"{NAMES[0]}.gz"
    places = [0, *cuts, len(content)]
    path.write_bytes(b"".join(gzip.compress(content[a:b]) for a, b in pairwise(places)))
    check(*load(root=files))
    path.write_bytes(gzip.compress(content) + bytes(8))  # filled up, as on a tape
    check(*load(root=files))


@pytest.mark.parametrize("stated", [0, 1, 15_695, 15_697, 2**32 - 1])
def test_a_packed_file_that_states_a_wrong_size_is_damaged(files, stated):
    path = files / f"{NAMES[0]}.gz"
    path.write_bytes(path.read_bytes()[:-4] + stated.to_bytes(4, "little"))
    with pytest.raises(DataFileError, match=f"{path.name} is damaged or cut short"):
        load(root=files)


@pytest.mark.parametrize("packed", [True, False])
def test_what_was_read_may_be_written_to(files, tmp_path, packed):
    train, _ = load(root=files if packed else write(tmp_path / "unpacked", packed=False))
    train.images[0] = 7
    assert train.images.float().mean((1, 2, 3))[0] == 7


@pytest.mark.parametrize("number", range(4))
def test_a_damaged_file_is_named(files, number):
    path = files / f"{NAMES[number]}.gz"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(DataFileError, match=rf"{path.name} is damaged.*Delete .*load again"):
        load(root=files)


@pytest.mark.parametrize("missing", [20, 4])  # of the last 8, the checksum and the size
def test_a_packed_file_cut_short_is_named(files, missing):
    path = files / f"{NAMES[0]}.gz"
    path.write_bytes(path.read_bytes()[:-missing])
    with pytest.raises(DataFileError, match=f"{path.name} is damaged or cut short"):
        load(root=files)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is not an IDX file"),
        (b"<html>not here</html>", "is not an IDX file"),
        (idx(TRAIN)[:-1], r"states \[20, 28, 28\] = 15,680 bytes and holds 15,679"),
        (idx(TRAIN) + b"x", "holds 15,681"),
        (idx(TRAIN[:19]), "is not train-images-idx3-ubyte of Fashion-MNIST"),
    ],
)
def test_an_unpacked_file_that_is_wrong_is_named(files, content, words):
    (files / NAMES[0]).write_bytes(content)
    with pytest.raises(DataFileError, match=words):
        load(root=files)


def test_a_chosen_folder_that_cannot_be_used_is_an_error(tmp_path, monkeypatch):
    a_file = tmp_path / "file"
    a_file.write_text("")
    with pytest.raises(OSError, match=r"root='.*file' cannot be used"):
        load(root=a_file)
    monkeypatch.setenv("LENET_DATA_DIR", str(a_file))
    with pytest.raises(OSError, match=r"LENET_DATA_DIR='.*file' cannot be used"):
        load()


def test_a_folder_without_rights_is_an_error_and_the_cache_is_not(
    tmp_path, monkeypatch, capsys, small_stand_in
):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(downloading.tempfile, "mkdtemp", refuse)  # the tests may run as root
    with pytest.raises(PermissionError, match=r"root=.* cannot be used: .*Permission denied"):
        load(root=tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    train, _ = load()
    assert train.source == "drawn stand-in"
    assert "Permission denied" in " ".join(capsys.readouterr().err.split())


def test_the_stand_in_says_so_once_with_where_it_looked(tmp_path, capsys, small_stand_in):
    train, test = load(root=tmp_path, download=False)
    assert train.source == test.source == "drawn stand-in"
    said = capsys.readouterr().err
    for words in ("NOT FASHION-MNIST", "drawn stand-in", str(tmp_path), "LENET_DATA_DIR"):
        assert words in said
    load(root=tmp_path, download=False)
    assert capsys.readouterr().err == ""


def test_the_stand_in_by_name_touches_neither_folder_nor_network(
    monkeypatch, capsys, small_stand_in
):
    monkeypatch.setattr(fashion_mnist, "read_set", lambda *_, **__: pytest.fail("looked for files"))
    train, test = load(source="drawn stand-in")
    assert (train.num_examples, test.num_examples) == (60, 10)
    assert not torch.equal(train.images[:10], test.images)
    assert capsys.readouterr().err == ""


def test_the_real_set_by_name_is_never_replaced(tmp_path):
    with pytest.raises(FileNotFoundError, match="Downloading is switched off"):
        load(root=tmp_path, source="Fashion-MNIST", download=False)


def test_everything_made_with_the_stand_in_says_so(small_stand_in):
    train, test = load(source="drawn stand-in")
    X, y = next(iter(test))
    assert "drawn stand-in" in repr(train)
    shown = lh.draw_images(X, 2, 2, source=test.source)
    assert "drawn stand-in" in shown.alt
    assert "drawn stand-in" in shown.figure.get_suptitle()
    matrix = lh.confusion_matrix(y, y)
    assert "drawn stand-in" in lh.draw_confusion_matrix(matrix, source=test.source).alt


def test_a_stand_in_that_was_loaded_once_marks_nothing_else(small_stand_in, files):
    load(source="drawn stand-in")
    train, _ = load(root=files)
    X, y = next(iter(train))
    assert "stand-in" not in lh.draw_images(X, 2, 2, source=train.source).alt
    assert "stand-in" not in lh.draw_confusion_matrix(lh.confusion_matrix(y, y)).alt
    assert "stand-in" not in lh.Animator().summary()


def test_what_is_made_with_the_real_set_does_not_say_stand_in(files):
    train, _ = load(root=files)
    assert "stand-in" not in repr(train)
    assert "stand-in" not in lh.draw_images(next(iter(train))[0], 2, 2).alt


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"batch_size": 0}, ValueError, "batch_size=0"),
        ({"batch_size": "256"}, TypeError, "batch_size='256' is a str"),
        ({"batch_size": 4, "resize": -1}, ValueError, "resize=-1"),
        ({"batch_size": 4, "device": "tpu9"}, ValueError, "device='tpu9'"),
        ({"batch_size": 4, "source": "mnist"}, ValueError, "source='mnist': it must be 'auto'"),
    ],
)
def test_bad_arguments_are_named_before_anything_is_loaded(arguments, error, words, monkeypatch):
    monkeypatch.setattr(sets, "find", lambda *_: pytest.fail("looked for files"))
    with pytest.raises(error, match=words):
        lh.load_data_fashion_mnist(**arguments)


def test_labels_have_names():
    assert lh.get_fashion_mnist_labels(torch.tensor([0, 9])) == ["t-shirt", "ankle boot"]
    assert lh.get_fashion_mnist_labels([2]) == ["pullover"]
    with pytest.raises(ValueError, match="labels contain 10"):
        lh.get_fashion_mnist_labels([10])
    with pytest.raises(TypeError, match=r"labels have dtype torch\.float32"):
        lh.get_fashion_mnist_labels([0.5])
