"""The folders of data that people have: found, or said what was seen. The content counts."""

import gzip
import re
import shutil

import pytest
import torch
from idx_files import TENSORS, TEST, TRAIN, TRAIN_LABELS, idx, md5, resources, sums, write
from torchvision.datasets import KMNIST, FashionMNIST

import lenet_helpers as lh
from lenet_helpers.data import fashion_mnist, sets
from lenet_helpers.data.idx import DataFileError
from lenet_helpers.data.sets import NAMES

DOTTED = [name.replace("-idx", ".idx") for name in NAMES]
DIGITS = tuple(tensor.flip(0) for tensor in TENSORS)  # another set of the same names and sizes


@pytest.fixture(autouse=True)
def small_sets(monkeypatch):
    """The small files are Fashion-MNIST; turned round they are MNIST. No mirror answers."""
    monkeypatch.setitem(sets.CONTENT, "Fashion-MNIST", sums())
    monkeypatch.setitem(sets.CONTENT, "MNIST", sums(DIGITS))
    monkeypatch.setattr(FashionMNIST, "mirrors", ["http://127.0.0.1:9/"])
    monkeypatch.setattr(fashion_mnist, "_warned", set())


def load(root):
    options = {"source": "Fashion-MNIST", "device": "cpu", "download": False}
    return lh.load_data_fashion_mnist(4, root=root, **options)


def check(root):
    train, test = load(root)
    for served, wanted in ((train.images[:, 0], TRAIN), (test.images[:, 0], TEST)):
        assert torch.equal(served, wanted)
    assert torch.equal(train.labels, TRAIN_LABELS)


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("place", ["FashionMNIST/raw", "FashionMNIST", "raw", "."])
def test_the_folder_or_one_around_it(tmp_path, place, packed):
    write(tmp_path / place, packed=packed)
    check(tmp_path)


@pytest.mark.parametrize("packed", [True, False])
def test_names_with_dots(tmp_path, packed):
    check(write(tmp_path, names=DOTTED, packed=packed))


@pytest.mark.parametrize("names", [NAMES, DOTTED])
def test_a_folder_for_each_file(tmp_path, names):
    for name, inside, tensor in zip(NAMES, names, TENSORS, strict=True):
        (tmp_path / name).mkdir()
        (tmp_path / name / inside).write_bytes(idx(tensor))
    check(tmp_path)


def test_an_ending_that_is_not_true_does_not_matter(tmp_path):
    for name, tensor in zip(NAMES[:2], TENSORS[:2], strict=True):
        (tmp_path / f"{name}.gz").write_bytes(idx(tensor))  # a browser has unpacked it
    for name, tensor in zip(NAMES[2:], TENSORS[2:], strict=True):
        (tmp_path / name).write_bytes(gzip.compress(idx(tensor)))
    check(tmp_path)


def test_files_packed_again_are_the_same_files(tmp_path):
    for level, (name, tensor) in enumerate(zip(NAMES, TENSORS, strict=True)):
        with gzip.open(tmp_path / f"{name}.gz", "wb", compresslevel=level + 1) as file:
            file.write(idx(tensor))
    check(tmp_path)


@pytest.mark.parametrize("number", range(4))
def test_three_files_of_four(tmp_path, number):
    write(tmp_path)
    (tmp_path / f"{NAMES[number]}.gz").unlink()
    others = ", ".join(str(tmp_path / f"{name}.gz") for name in NAMES if name != NAMES[number])
    told = re.escape(f"Looked in {tmp_path}: found {others}; missing: {NAMES[number]}.gz (or")
    with pytest.raises(FileNotFoundError, match=told):
        load(tmp_path)


def test_what_else_is_in_the_folder(tmp_path):
    for number in range(10):
        (tmp_path / f"archive{number}.zip").write_bytes(b"")
    with pytest.raises(FileNotFoundError) as error:
        load(tmp_path)
    listed = ", ".join(f"archive{number}.zip" for number in range(8))
    assert f"it holds {listed} and 2 more; missing" in str(error.value)
    assert all(f"{name}.gz" in str(error.value) for name in NAMES)


def test_no_folder_an_empty_folder_and_a_file(tmp_path):
    with pytest.raises(FileNotFoundError, match="nothing: there is no such folder"):
        load(tmp_path / "nothing")
    with pytest.raises(FileNotFoundError, match="it is empty; missing: train-images-idx3-ubyte"):
        load(tmp_path)
    file = write(tmp_path) / f"{NAMES[0]}.gz"
    with pytest.raises(FileNotFoundError, match="it is a file: give the folder that it is in"):
        load(file)


def test_the_stand_in_comes_with_what_was_seen(tmp_path, monkeypatch, capsys):
    draw = fashion_mnist.draw_garments
    monkeypatch.setattr(fashion_mnist, "draw_garments", lambda n, seed: draw(n // 1000, seed=seed))
    write(tmp_path)
    (tmp_path / f"{NAMES[3]}.gz").unlink()
    train, _ = lh.load_data_fashion_mnist(4, root=tmp_path, device="cpu", download=False)
    assert train.source == "drawn stand-in"
    assert f"missing: {NAMES[3]}.gz" in capsys.readouterr().err


def test_a_folder_that_may_not_be_written_and_lacks_a_file(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("lenet_helpers.data.downloading.tempfile.mkdtemp", refuse)
    write(tmp_path)
    (tmp_path / f"{NAMES[1]}.gz").unlink()
    with pytest.raises(PermissionError, match=f"root=.* cannot be used.*missing: {NAMES[1]}.gz"):
        lh.load_data_fashion_mnist(4, root=tmp_path, device="cpu")


# ---------------------------------------------------------------- what the files hold


def refused(root):
    with pytest.raises(DataFileError) as error:
        load(root)
    assert "elete" not in str(error.value)  # the file is whole
    return str(error.value)


@pytest.mark.parametrize("packed", [True, False])
def test_files_of_another_known_set_are_named(tmp_path, packed):
    told = refused(write(tmp_path, tensors=DIGITS, packed=packed))
    assert "holds train-images-idx3-ubyte of MNIST: it should hold" in told
    assert 'load_data("MNIST", ...) loads it. For Fashion-MNIST name another folder' in told


def test_packed_files_that_torchvision_knows_are_named(tmp_path, monkeypatch):
    signs = tuple(tensor.roll(1, 0) for tensor in TENSORS)
    monkeypatch.setattr(KMNIST, "resources", resources(write(tmp_path, tensors=signs)))
    assert "holds train-images-idx3-ubyte of KMNIST" in refused(tmp_path)


def test_one_pixel_that_is_changed_is_noticed(tmp_path):
    write(tmp_path, packed=False)
    changed = TRAIN.clone()
    changed[3, 14, 14] += 1
    (tmp_path / NAMES[0]).write_bytes(idx(changed))
    told = refused(tmp_path)
    assert f"{NAMES[0]} is whole, but it is not {NAMES[0]} of Fashion-MNIST" in told
    assert f"its content has the MD5 sum {md5(idx(changed))}" in told


def test_names_that_are_mixed_up_are_noticed(tmp_path):
    write(tmp_path)
    shutil.copy(tmp_path / f"{NAMES[2]}.gz", tmp_path / f"{NAMES[0]}.gz")
    told = refused(tmp_path)
    assert f"holds {NAMES[2]} of Fashion-MNIST: it should hold {NAMES[0]}" in told
    assert "The names are mixed up" in told


def test_another_set_in_torchvisions_layout_is_no_hindrance(tmp_path):
    write(tmp_path / "MNIST" / "raw", tensors=DIGITS)
    write(tmp_path / "FashionMNIST" / "raw")
    check(tmp_path)
