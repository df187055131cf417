"""Data sets by name: digits, hiragana, letters, with their own labels, held against torchvision."""

import re
import zipfile

import pytest
import torch
from idx_files import (
    TENSORS,
    TEST,
    TEST_LABELS,
    TRAIN,
    TRAIN_LABELS,
    md5,
    resources,
    served,
    sums,
    write,
)
from torch import nn
from torchvision import datasets

import lenet_helpers as lh
from lenet_helpers.data import by_name, fashion_mnist, sets
from lenet_helpers.data.idx import DataFileError

SPLITS = ("byclass", "bymerge", "balanced", "letters", "digits", "mnist")
LETTERS = by_name._emnist("letters").files
LETTER_LABELS = torch.tensor([1, 26, 13, 2, 25, 5, 8, 10, 20, 22])
LETTER_TENSORS = (TRAIN[:10], LETTER_LABELS, TEST, LETTER_LABELS.flip(0))


@pytest.fixture(autouse=True)
def no_mirror(monkeypatch):
    """No test asks a machine elsewhere: port 9 of this one refuses."""
    for family in (datasets.MNIST, datasets.FashionMNIST, datasets.KMNIST):
        monkeypatch.setattr(family, "mirrors", ["http://127.0.0.1:9/"])
    monkeypatch.setattr(datasets.EMNIST, "url", "http://127.0.0.1:9/gzip.zip")
    monkeypatch.setattr(fashion_mnist, "_warned", set())


def load(name, root, **options):
    return lh.load_data(name, 4, root=root, device="cpu", **options)


def zip_letters(folder):
    """Write EMNIST's archive with one of its sets, as the real one has it; return it."""
    write(folder / "gzip", names=LETTERS, tensors=LETTER_TENSORS)
    with zipfile.ZipFile(folder / "gzip.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in (folder / "gzip").iterdir():
            archive.write(path, f"gzip/{path.name}")
            path.unlink()
    (folder / "gzip").rmdir()
    return folder / "gzip.zip"


def check_letters(train, test):
    assert torch.equal(train.images[:, 0], TRAIN[:10].transpose(1, 2))  # upright
    assert torch.equal(train.labels, LETTER_LABELS - 1)  # "a" is 0
    assert torch.equal(test.images[:, 0], TEST.transpose(1, 2))
    assert torch.equal(test.labels, LETTER_LABELS.flip(0) - 1)
    assert "".join(train.classes) == "".join(test.classes) == "abcdefghijklmnopqrstuvwxyz"
    assert train.source == "EMNIST letters"


def test_each_set_has_the_classes_that_torchvision_says():
    known = {one.name: one for one in by_name.SETS}
    digits = tuple(name[0] for name in datasets.MNIST.classes)  # "0 - zero"
    assert known["MNIST"].classes == digits
    assert known["KMNIST"].classes == tuple(datasets.KMNIST.classes)
    assert known["Fashion-MNIST"].classes == lh.data.fashion_mnist.LABELS
    for split in SPLITS:
        there = tuple(datasets.EMNIST.classes_split_dict[split])
        one = known[f"EMNIST {split}"]
        assert ("N/A",) * one.first_label + one.classes == there
    assert len(known) == 9


@pytest.mark.parametrize("name", ["MNIST", "mnist", "KMNIST"])
def test_a_set_from_a_folder(tmp_path, monkeypatch, name):
    monkeypatch.setitem(sets.CONTENT, "MNIST", sums())
    if name == "KMNIST":
        monkeypatch.delitem(sets.CONTENT, "MNIST")
    train, test = load(name, write(tmp_path), resize=32)
    assert torch.equal(train.images[:, 0], TRAIN)
    assert torch.equal(test.labels, TEST_LABELS)
    assert (train.source, test.source) == (name.upper(), name.upper())
    assert train.classes[2] == {"M": "2", "m": "2", "K": "su"}[name[0]]
    assert train.shuffle
    assert not test.shuffle
    assert next(iter(test))[0].shape == (4, 1, 32, 32)


@pytest.mark.parametrize("name", ["MNIST", "KMNIST"])
def test_a_download_for_real(tmp_path, monkeypatch, capsys, name):
    family = getattr(datasets, name)
    there = write(tmp_path / "server")
    monkeypatch.setattr(family, "resources", resources(there))
    monkeypatch.setattr(sets, "CONTENT", {"MNIST": sums()} if name == "MNIST" else {})
    root = tmp_path / "new"
    with served(there) as address:
        monkeypatch.setattr(family, "mirrors", [address])
        train, _ = load(name, root)
    assert torch.equal(train.labels, TRAIN_LABELS)
    assert f"Downloading {name} (" in capsys.readouterr().out
    assert {path.name for path in root.iterdir()} == {name}
    assert len(family(str(root), download=False)) == 20  # torchvision takes it for its own
    load(name, root, download=False)


def test_letters_are_downloaded_as_one_archive_and_stay_in_it(tmp_path, monkeypatch, capsys):
    archive = zip_letters(tmp_path / "server")
    monkeypatch.setattr(datasets.EMNIST, "md5", md5(archive.read_bytes()))
    root = tmp_path / "new"
    with served(archive.parent) as address:
        monkeypatch.setattr(datasets.EMNIST, "url", f"{address}gzip.zip")
        check_letters(*load("EMNIST letters", root))
    assert "Downloading EMNIST letters (560 MB, all EMNIST sets)" in capsys.readouterr().out
    files = [str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()]
    assert files == [str(root.__class__("EMNIST", "raw", "gzip.zip"))]
    check_letters(*load("EMNIST letters", root, download=False))
    by_torchvision = datasets.EMNIST(str(root), split="letters", download=True)  # unpacks ours
    train, _ = load("EMNIST letters", root)
    assert torch.equal(train.images[:, 0], by_torchvision.data.mT)
    assert torch.equal(train.labels, by_torchvision.targets - 1)
    names = [by_torchvision.classes[label] for label in by_torchvision.targets]
    assert [train.classes[label] for label in train.labels] == names


@pytest.mark.parametrize("place", ["EMNIST/raw", "raw", "."])
def test_letters_from_folders_that_people_have(tmp_path, place):
    folder = tmp_path / place
    archive = zip_letters(folder)
    check_letters(*load("EMNIST letters", tmp_path, download=False))
    archive.unlink()
    write(folder / "gzip", names=LETTERS, tensors=LETTER_TENSORS)
    check_letters(*load("EMNIST letters", tmp_path, download=False))
    for path in (folder / "gzip").iterdir():
        path.unlink()
    write(folder, names=LETTERS, tensors=LETTER_TENSORS, packed=False)
    check_letters(*load("EMNIST letters", tmp_path, download=False))


def test_a_damaged_archive_is_named(tmp_path):
    archive = zip_letters(tmp_path)
    content = archive.read_bytes()
    archive.write_bytes(content[: len(content) // 2])
    with pytest.raises(DataFileError, match=r"gzip\.zip is damaged or cut short.*Delete it"):
        load("EMNIST letters", tmp_path, download=False)
    changed = bytearray(content)
    changed[200] ^= 1  # in the first file of the archive
    archive.write_bytes(changed)
    with pytest.raises(DataFileError, match=r"gzip\.zip.* is damaged or cut short"):
        load("EMNIST letters", tmp_path, download=False)


@pytest.mark.parametrize(("label", "range_"), [(0, "0 to 26"), (27, "1 to 27")])
def test_labels_that_are_no_letters_are_named(tmp_path, label, range_):
    labels = LETTER_LABELS.clone()
    labels[3] = label
    write(tmp_path, names=LETTERS, tensors=(TRAIN[:10], labels, *LETTER_TENSORS[2:]))
    told = f"labels beside .* run from {range_}: those of EMNIST letters run from 1 to 26"
    with pytest.raises(DataFileError, match=told):
        load("EMNIST letters", tmp_path)


@pytest.mark.parametrize(
    ("tensors", "words"),
    [
        ((TRAIN[:, :, :14], *TENSORS[1:]), r"pictures of shape \(20, 28, 14\)"),
        ((TRAIN[:19], *TENSORS[1:]), r"shape \(19, 28, 28\) with labels of shape \(20,\)"),
        ((*TENSORS[:3], TEST_LABELS + 1), "run from 1 to 10: those of KMNIST run from 0 to 9"),
    ],
)
def test_files_that_do_not_fit_each_other_are_named(tmp_path, tensors, words):
    with pytest.raises(DataFileError, match=words):
        load("KMNIST", write(tmp_path, tensors=tensors))


def test_another_known_set_in_its_place_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sets.CONTENT, "Fashion-MNIST", sums())
    write(tmp_path)
    for name in ("MNIST", "KMNIST"):
        told = f"of Fashion-MNIST: it should hold train-images-idx3-ubyte of {name}"
        with pytest.raises(DataFileError, match=told):
            load(name, tmp_path)


@pytest.mark.parametrize("name", ["MNIST", "EMNIST letters"])
def test_only_fashion_mnist_has_a_stand_in(tmp_path, name):
    with pytest.raises(FileNotFoundError, match=f"{name} is not to be had. .* download failed"):
        load(name, tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_fashion_mnist_by_name_is_the_same(tmp_path, monkeypatch):
    monkeypatch.setitem(sets.CONTENT, "Fashion-MNIST", sums())
    write(tmp_path)
    for name in ("FashionMNIST", "Fashion-MNIST", "fashion_mnist"):
        train, _ = load(name, tmp_path)
        assert train.source == "Fashion-MNIST"
        assert lh.get_fashion_mnist_labels([2]) == [train.classes[2]] == ["pullover"]
    draw = fashion_mnist.draw_garments
    monkeypatch.setattr(fashion_mnist, "draw_garments", lambda n, seed: draw(n // 1000, seed=seed))
    _, test = load("FashionMNIST", tmp_path / "nothing", download=False)
    assert test.source == "drawn stand-in"
    assert test.classes == fashion_mnist.LABELS


@pytest.mark.parametrize("name", ["EMNIST", "CIFAR10", "", 7])
def test_a_name_that_is_not_known(name):
    told = re.escape(f"name={name!r}: it must be one of 'Fashion-MNIST', 'MNIST', 'KMNIST', 'EMN")
    with pytest.raises(ValueError, match=told):
        lh.load_data(name, 256)


def test_bad_arguments_are_named_before_anything_is_loaded(monkeypatch):
    monkeypatch.setattr(sets, "find", lambda *_: pytest.fail("looked for files"))
    with pytest.raises(ValueError, match="batch_size=0"):
        lh.load_data("MNIST", 0)


def test_letters_all_the_way(tmp_path):
    """Trained, evaluated, drawn and looked into with 26 classes and their names."""
    write(tmp_path, names=LETTERS, tensors=LETTER_TENSORS)
    train, test = load("EMNIST letters", tmp_path)
    net = nn.Sequential(nn.Conv2d(1, 4, 5), nn.Sigmoid(), nn.Flatten(), nn.Linear(4 * 24 * 24, 26))
    lh.train_ch6(net, train, test, 1, 0.1, "cpu", plot=False)
    predicted, true = lh.predict(net, test)
    assert 0 <= lh.evaluate_accuracy_gpu(net, test) <= 1
    matrix = lh.confusion_matrix(predicted, true, len(test.classes))
    picture = lh.draw_confusion_matrix(matrix, test.classes)
    assert [label.get_text() for label in picture.figure.axes[0].get_yticklabels()][25] == "z"
    X, y = next(iter(test))
    assert lh.lenet_viewer(net, X, y, classes=test.classes).data["classes"] == [*test.classes]
    small = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    for use in (lambda: lh.train_ch6(small, train, None, 1, 0.1, "cpu", plot=False),
                lambda: lh.evaluate_accuracy_gpu(small, test)):  # fmt: skip
        with pytest.raises(ValueError, match="labels contain 25: with 10 classes they run from 0"):
            use()
