"""What people who learn and teach this have reported elsewhere, each as a small case of our own.

Every test names the public thread that the report is from. Each case stands for its kind.
"""

import copy
import gzip
import hashlib
import math
import os
import re
import shutil
import struct
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from by_torch import plain_loop, tried
from peoples_networks import ZOO
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, IterableDataset
from torchvision.datasets import FashionMNIST

import lenet_helpers as lh
from lenet_helpers.data import sets
from lenet_helpers.network.table import LayerShapeError

# The folder that the person who runs the tests named, before the tests are kept from it.
REAL = os.environ.get("LENET_DATA_DIR")
needs_real_data = pytest.mark.skipif(
    not REAL, reason="LENET_DATA_DIR does not name a folder with the real files"
)
S = nn.Sequential
NUMBERS = torch.Generator().manual_seed(0)
X = torch.rand(8, 1, 28, 28, generator=NUMBERS)
Y = torch.arange(8)
IT = [(X, Y)]


def train(net, train_iter=IT, test_iter=IT, epochs=1, lr=0.1, **options):
    options = {"seed": 0, "plot": False, **options}
    return lh.train_ch6(net, train_iter, test_iter, epochs, lr, "cpu", **options)


def dense(classes=10):
    return S(nn.Flatten(), nn.Linear(784, classes))


def words(text):
    """Return ``text`` on one line: lines are broken anywhere."""
    return " ".join(str(text).split())


# ================================================================ correct networks


def flattened_by_view():
    torch.manual_seed(0)
    return ZOO["FlattenedByCount"].make()


def test_a_view_trains():
    """pytorch/tutorials; viton-gan #12, cp-vton #30: conv, then x.view(-1, 3456)."""
    net = flattened_by_view()
    twin = copy.deepcopy(net)
    expected = plain_loop(twin, IT, IT, 2, 0.1)
    result = train(net, epochs=2, keep_weights=True)
    assert result.train_loss == pytest.approx(expected[-1][0], rel=1e-4)


def test_a_view_trains_in_the_panel():
    """The same, at the press of a button."""
    panel = lh.training_panel(flattened_by_view(), IT, IT, "cpu")
    panel.controls.epochs.value = 1
    panel.controls.start.click()
    panel.wait(60)
    assert "Run 1 has ended" in panel.controls.status.value
    assert [result.examples for result in panel.results] == [8]


def test_a_view_serves_everywhere():
    """The same, in the table, the accuracy, the predictions and the drawing."""
    net = flattened_by_view()
    assert lh.layer_table(net, (8, 1, 28, 28)).parameters == 156 + 34570
    with torch.no_grad():
        predicted = net(X).argmax(1)
    assert lh.evaluate_accuracy_gpu(net, IT) == (predicted == Y).double().mean().item()
    assert torch.equal(lh.predict(net, IT)[0], predicted)
    assert "6 maps of 24×24" in lh.draw_network(net).alt


SHORTCUT = """
import torch
from torch import nn
import lenet_helpers as lh
torch.manual_seed(0)
net = nn.Sequential(
    nn.Conv2d(1, 4, 5, stride=2), nn.Conv2d(4, 6, 1, stride=2), nn.Flatten(), nn.Linear(216, 10)
)
it = [(torch.rand(8, 1, 28, 28), torch.arange(8))]
lh.train_ch6(net, it * 20, it, 1, 0.01, "cpu", seed=0, keep_weights=True, plot=False)
print("trained", flush=True)
"""


def test_a_strided_shortcut_does_not_end_the_process():
    """Seen in oneDNN #6035: a 1x1 convolution, stride 2, channels last, writes where it must not.

    In a process of its own, because Python itself breaks off.
    """
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run(
        [sys.executable, "-c", SHORTCUT], cwd=root, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.splitlines()[-1:]) == (0, ["trained"]), done.stderr


def test_classes_are_counted_at_the_output():
    """Seen in vision #2630: EMNIST's 26 letters, and no dense layer in the network."""
    it = [(torch.rand(26, 1, 28, 28, generator=NUMBERS), torch.arange(26))]
    result = train(S(nn.Conv2d(1, 26, 28), nn.Flatten()), it, it)
    assert result.examples == 26
    wrong = [(X, Y + 19)]  # up to 26
    with pytest.raises(ValueError, match="labels contain 26: with 26 classes"):
        train(S(nn.Conv2d(1, 26, 28), nn.Flatten()), wrong, wrong)


def test_the_order_of_definition_says_nothing():
    """The dense layers are defined in another order than used."""

    class Backwards(nn.Module):
        def __init__(self):
            super().__init__()
            self.out = nn.Linear(4, 10)
            self.hidden = nn.Linear(784, 4)

        def forward(self, x):
            return self.out(torch.relu(self.hidden(x.flatten(1))))

    assert train(Backwards()).examples == 8
    with pytest.raises(ValueError, match="labels contain 10: with 10 classes"):
        train(Backwards(), [(X, Y + 3)])


def lazy():
    return S(nn.LazyConv2d(4, 5), nn.ReLU(), nn.Flatten(), nn.LazyLinear(10))


@pytest.mark.filterwarnings("ignore:Lazy modules")
def test_lazy_layers_train():
    """d2l-en #2112."""
    net = lazy()
    result = train(net, epochs=2)
    assert math.isfinite(result.train_loss)
    assert net[3].in_features == 4 * 24 * 24


@pytest.mark.filterwarnings("ignore:Lazy modules")
def test_lazy_layers_may_be_evaluated_first():
    """d2l-en #2112: "Inference tensors cannot be saved for backward"."""
    net = lazy()
    lh.evaluate_accuracy_gpu(net, IT)
    assert math.isfinite(train(net, keep_weights=True).train_loss)
    net = lazy()
    lh.predict(net, IT)
    F.cross_entropy(net(X), Y).backward()
    assert net[0].weight.grad is not None


def test_an_iterable_dataset_trains():
    """Seen in xla #2866, transformers #5990: "object of type 'It' has no len()"."""

    class It(IterableDataset):
        def __iter__(self):
            return iter([(x, y) for x, y in zip(X, Y, strict=True)] * 5)

    animator = lh.Animator()
    result = train(dense(), DataLoader(It(), batch_size=2), epochs=2, plot=True, animator=animator)
    assert result.examples == 80
    epochs = [point.epoch for point in result.history]
    assert epochs == sorted(epochs)
    assert {1.0, 2.0} <= set(epochs)
    assert any(1 < epoch < 2 for epoch in epochs)  # the length is known after the first
    assert max(animator.X[0]) == 2.0


def test_without_a_test_set():
    """The textbook's loops have none: no test accuracy, and it says so."""
    result = train(dense(), IT, None, epochs=2)
    assert result.epochs == 2
    assert math.isfinite(result.train_loss)
    assert math.isnan(result.test_acc)
    assert "nan" not in str(result)
    assert re.search(
        r"no test|without a test|not measured|test acc\w* (is )?unknown", words(result)
    )


def test_without_a_test_set_in_the_panel():
    panel = lh.training_panel(dense(), IT, None, "cpu")
    panel.controls.epochs.value = 1
    panel.controls.start.click()
    panel.wait(60)
    assert len(panel.results) == 1
    assert "nan" not in panel.table.value + panel.controls.status.value + panel.screen.words.value


def test_the_viewer_takes_a_relu_in_place():
    """Seen in pytorch #95617, captum #156: the layer's input has changed when one looks at it."""
    net = S(nn.Conv2d(1, 4, 5), nn.ReLU(inplace=True), nn.Flatten(), nn.Linear(2304, 10))
    kinds = [layer["kind"] for layer in lh.lenet_viewer(net, X, Y).data["nets"][0]["layers"]]
    assert kinds == ["Conv2d", "ReLU", "Flatten", "Linear"]


def test_the_same_seed_resets_a_batch_norm_too():
    """Batch-norm chapters; fastai #2206."""
    net = S(nn.Conv2d(1, 4, 5), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(2304, 10))
    first, second = train(net, epochs=2), train(net, epochs=2)
    assert first.train_loss == second.train_loss
    assert first.test_acc == second.test_acc


# ================================================================ numbers


class WithAParameter(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(3, 2)
        self.shift = nn.Parameter(torch.zeros(7))

    def forward(self, x):
        return self.layer(x).sum() + self.shift


def test_a_parameter_beside_the_layers_is_counted():
    """pytorch-summary #148, torchinfo #54 #84 #137."""
    table = lh.layer_table(WithAParameter(), (1, 3))
    assert table.parameters == 15
    assert sum(row.parameters for row in table.rows) == 8
    (note,) = [note for note in table.notes if "shift" in note]
    assert re.search(r"\b7\b", note)
    assert note in str(table)
    assert "15" in str(table)


def test_a_transformer_layer_is_counted_whole():
    """Seen in torchinfo #226."""
    net = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
    table = lh.layer_table(net, (1, 7, 8))
    # queries, keys, values and the way out; two dense layers; two norms
    assert table.parameters == (4 * 8 * 8 + 4 * 8) + (8 * 16 + 16 + 16 * 8 + 8) + 2 * 16 == 600
    assert table.multiply_adds == 7 * (4 * 8 * 8 + 2 * 8 * 16) + 2 * 7 * 7 * 8
    assert table.multiply_adds_complete


def test_a_frozen_convolution_does_not_learn():
    """Seen in torchinfo #115."""
    net = S(nn.Conv2d(1, 6, 5), nn.Flatten(), nn.Linear(3456, 10))
    net[0].requires_grad_(False)
    table = lh.layer_table(net, (1, 1, 28, 28))
    assert (table.parameters, table.trainable, table.frozen) == (34_726, 34_570, 156)
    for text in (str(table), table._repr_html_()):
        assert "34,726" in text
        assert "34,570" in text
        assert "trainable" in text


@pytest.mark.parametrize(
    ("layer", "shape", "right"),
    [
        (nn.ConvTranspose2d(3, 1, 2, stride=2), (1, 3, 2, 2), 48),
        (nn.Conv1d(1, 6, 5), (1, 1, 28), 720),
    ],
)
def test_other_convolutions_are_counted(layer, shape, right):
    """flops-counter #149, OpCounter #20."""
    table = lh.layer_table(S(layer), shape)
    assert table.multiply_adds == table.rows[0].multiply_adds == right
    assert table.multiply_adds_complete


def test_what_cannot_be_counted_is_not_counted_as_nothing():
    """The same threads: neither torch's counter nor ours knows a bilinear layer."""

    class Two(nn.Module):
        def __init__(self):
            super().__init__()
            self.dense, self.both = nn.Linear(4, 3), nn.Bilinear(3, 3, 2)

        def forward(self, x):
            x = self.dense(x)
            return self.both(x, x)

    table = lh.layer_table(Two(), (1, 4))
    assert not table.multiply_adds_complete
    assert table.multiply_adds == 12
    for text in (str(table), table._repr_html_()):
        assert "not counted" in text
        assert "at least" in text


def test_a_confusion_matrix_of_bytes():
    """One's own Dataset, EMNIST: labels as uint8, which overflow at 256."""
    labels = torch.arange(26, dtype=torch.uint8)
    matrix = lh.confusion_matrix(labels.long(), labels, 26)
    assert torch.equal(matrix, torch.eye(26, dtype=torch.int64))
    assert torch.equal(lh.confusion_matrix(labels, labels, 26), matrix)


@pytest.mark.parametrize("sized", [False, True])
def test_a_stopped_run_states_no_impossible_speed(sized):
    """Interrupts: the examples that the seconds belong to."""

    class Stopped:
        def __iter__(self):
            began = time.perf_counter()
            for i in range(50):
                if i == 9:
                    self.seconds = time.perf_counter() - began
                    raise KeyboardInterrupt
                time.sleep(0.02)
                yield X, Y

    if sized:  # then the plot moves after every fifth batch: the last four come after it
        Stopped.__len__ = lambda self: 50
    batches = Stopped()
    result = train(dense(), batches)
    assert result.examples == 72
    assert result.examples_per_sec == pytest.approx(72 / batches.seconds, rel=0.4)


def test_accuracy_wants_several_scores():
    """Seen in captum #1122: one sigmoid output has no largest score."""
    scores = torch.sigmoid(torch.tensor([[2.0], [-1.0], [0.5], [3.0]]))
    with pytest.raises(ValueError, match="largest of several scores"):
        lh.accuracy(scores, torch.tensor([1, 0, 1, 1]))
    with pytest.raises(ValueError, match=r"one score an example: .* let the last layer give two"):
        lh.evaluate_accuracy_gpu(dense(1), [(X, torch.zeros(8, dtype=torch.long))])


def test_a_test_label_out_of_range_is_named():
    """Test accuracy 0.000, silently."""
    wrong = [(X, torch.tensor([0, 1, 2, 3, 4, 5, 6, 57]))]
    with pytest.raises(ValueError, match="labels contain 57: with 10 classes"):
        train(dense(), IT, wrong)
    with pytest.raises(ValueError, match="labels contain 57: with 10 classes"):
        lh.evaluate_accuracy_gpu(dense(), wrong)


# ================================================================ pictures and sentences


def test_functions_between_layers_are_marked():
    """pytorch-summary #120: F.max_pool2d and F.relu in forward."""
    net = ZOO["FunctionalLeNet"].make()
    alt = lh.draw_network(net).alt
    places = [alt.index(size) for size in ("6 maps of 24×24", "8 maps of 8×8", "20 features")]
    for start, end in pairwise(places):  # 24 to 12; ReLU and 8 to 4
        assert "outside of any layer" in alt[start:end]
    lines = str(lh.layer_table(net, (1, 1, 28, 28))).splitlines()
    second = next(i for i, line in enumerate(lines) if line.startswith("conv2"))
    assert "outside of any layer" in "\n".join(lines[second - 1 : second + 1] + lines[-6:])


class SkipAndBranch(nn.Module):
    def __init__(self):
        super().__init__()
        self.before = nn.Conv2d(1, 4, 3, padding=1)
        self.inside = nn.Conv2d(4, 4, 3, padding=1)
        self.after = nn.Linear(3136, 10)

    def forward(self, x):
        x = self.before(x)
        return self.after((x + self.inside(x)).flatten(1))


class Sides(nn.Module):
    def __init__(self):
        super().__init__()
        self.one, self.five = nn.Conv2d(1, 2, 1), nn.Conv2d(1, 3, 5, padding=2)
        self.after = nn.Linear(5 * 784, 10)

    def forward(self, x):
        return self.after(torch.cat([self.one(x), self.five(x)], 1).flatten(1))


@pytest.mark.parametrize("make", [SkipAndBranch, Sides])
def test_branches_are_not_drawn_as_a_chain(make):
    """Seen in visualtorch #79, NN-SVG #56."""
    picture = tried(lh.draw_network, make())
    told = str(picture) if isinstance(picture, ValueError) else picture.alt
    assert re.search(r"\b(branch|skip|join|add(s|ed)?\b|sum\b|concat|split|beside)", told)


def test_a_decoder_is_drawn_or_named():
    """Seen in visualtorch #80: the decoder was missing, its activation stood at another layer."""
    back = nn.ConvTranspose2d(4, 1, 4, stride=4)
    net = S(nn.Conv2d(1, 4, 4, stride=4), nn.ReLU(), back, nn.Sigmoid())
    picture = tried(lh.draw_network, net)
    if isinstance(picture, ValueError):
        assert "ConvTranspose2d" in str(picture)
    else:
        code = picture.alt.index("4 maps of 7×7")
        assert "relu" in picture.alt[code:]
        last = picture.alt.rindex("1 map of 28×28")
        assert last > code
        assert "sigmoid" in picture.alt[last:]
        assert "sigmoid" not in picture.alt[:last]


def test_sizes_compare_in_the_drawing():
    """d2l with resize=224: maps of 224, 112, 56, 28 were drawn equally large."""
    blocks = [nn.Conv2d(1, 1, 3, padding=1)]
    for _ in range(3):
        blocks += [nn.MaxPool2d(2), nn.Conv2d(1, 1, 3, padding=1)]
    figure = lh.draw_network(S(*blocks), (1, 1, 224, 224)).figure
    squares = [
        patch.get_width()
        for axes in figure.axes
        for patch in axes.patches
        if hasattr(patch, "get_width")
        and patch.get_width() == pytest.approx(patch.get_height(), rel=0.01)
    ]
    sides = sorted({round(side, 3) for side in squares}, reverse=True)
    assert len(sides) == 4
    assert sides[0] >= 2 * sides[-1]


def test_one_picture_without_a_batch():
    """It was drawn as "784 features"."""
    net = S(nn.Conv2d(1, 6, 5), nn.ReLU(), nn.MaxPool2d(2))
    alt = lh.draw_network(net, (1, 28, 28)).alt
    assert "1 map of 28×28" in alt
    assert "6 maps of 24×24" in alt
    assert "6 maps of 12×12" in alt
    assert "features" not in alt


def test_a_class_without_examples():
    """scikit-plot #42: "least often: eel, 0 %"."""
    matrix = torch.tensor([[3, 1, 0], [0, 2, 2], [0, 0, 0]])
    alt = lh.draw_confusion_matrix(matrix, ["cat", "dog", "eel"]).alt
    assert "least often: dog, 50 %" in alt
    assert "eel, 0 %" not in alt
    assert "Without examples: eel." in alt


def test_a_perfect_matrix():
    """The same: "cat taken for cat"."""
    alt = lh.draw_confusion_matrix(torch.eye(3).long(), ["cat", "dog", "eel"]).alt
    assert "taken for" not in alt.removeprefix("What was taken for what")
    assert "least often" not in alt
    assert re.search(r"no mistake|never|always|all .*right|every", alt)


def stuck(*layers, epochs=4):
    """Return what is said of a network that guesses and cannot leave that."""
    net = S(nn.Flatten(), *layers)
    for module in net:
        if isinstance(module, nn.Linear) and module.out_features == 10:
            nn.init.zeros_(module.weight)
            nn.init.zeros_(module.bias)
    told = words(train(net, epochs=epochs, lr=1e-9, keep_weights=True))
    assert "2.303" in told
    return told


def test_a_second_softmax_is_named():
    """Seen in federated-learning #9: the loss has its own."""
    told = stuck(nn.Linear(784, 10), nn.Softmax(dim=1))
    assert "softmax" in told.lower()
    assert re.search(r"sum to 1|add up to 1", told)
    assert "another learning rate" not in told


def test_a_log_softmax_does_no_harm():
    """Its outputs do not sum to 1, and the second changes nothing."""
    assert "softmax" not in stuck(nn.Linear(784, 10), nn.LogSoftmax(dim=1)).lower()


@pytest.mark.parametrize(("activation", "sigmoid"), [(nn.ReLU, False), (nn.Sigmoid, True)])
def test_the_note_on_a_plateau_is_about_this_network(activation, sigmoid):
    """It said "A sigmoid network starts so" of a network of ReLUs."""
    told = stuck(nn.Linear(784, 8), activation(), nn.Linear(8, 10), epochs=1)
    assert ("sigmoid" in told.lower()) == sigmoid


@pytest.mark.parametrize(
    "size",
    [
        lambda n, k, s=1, p=0, d=1: np.floor_divide(n + 2 * p - d * (k - 1) - 1, s) + 1,
        lambda n, k, s=1, p=0, d=1: np.int64((n + 2 * p - d * (k - 1) - 1) // s + 1),
        lambda n, k, s=1, p=0, d=1: torch.tensor((n + 2 * p - d * (k - 1) - 1) // s + 1),
    ],
)
def test_whole_numbers_of_any_kind_are_right(size, capsys):
    """np.floor_divide in the student's size function."""
    assert lh.check("output_size", size) is size
    assert "right, on all" in words(capsys.readouterr().out)


# ================================================================ errors


class Failing(nn.Module):
    """A network whose forward raises what it is given."""

    def __init__(self, error):
        super().__init__()
        self.layer, self.error = nn.Linear(784, 10), error

    def forward(self, x):
        if isinstance(self.error, BaseException):
            raise self.error
        return self.error(self, self.layer(x.flatten(1)))


WRONG = {
    "out of memory": (
        torch.OutOfMemoryError("CUDA out of memory."),
        torch.OutOfMemoryError,
        "CUDA",
    ),
    "a typo": (lambda net, x: net.layer2(x), AttributeError, "layer2"),
    "a name that is not there": (lambda net, x: activaton(x), NameError, "activaton"),  # noqa: F821
    "a missing argument": (lambda net, x: net.layer(), TypeError, "input"),
    "the student's own": (RuntimeError("boom"), RuntimeError, "boom"),
    "a test of the student's": (AssertionError("not yet"), AssertionError, "not yet"),
}
DOORS = {
    "train": train,
    "table": lambda net: lh.layer_table(net, (1, 1, 28, 28)),
}
each_door = pytest.mark.parametrize("enter", DOORS.values(), ids=DOORS)


@pytest.mark.parametrize(("error", "kind", "said"), WRONG.values(), ids=WRONG)
@each_door
def test_what_is_no_misfit_passes_as_it_was(error, kind, said, enter):
    """Any exception in a first batch became "Layer ... does not fit"."""
    with pytest.raises(kind, match=said) as raised:
        enter(Failing(error))
    assert raised.type is kind


@each_door
def test_a_misfit_keeps_torchs_own_error(enter):
    """Only what can be explained becomes a LayerShapeError, and it is chained."""
    net = S(nn.Conv2d(1, 6, 5), nn.Flatten(), nn.Linear(400, 10))
    with pytest.raises(LayerShapeError, match="3456") as raised:
        enter(net)
    assert isinstance(raised.value.__cause__, RuntimeError)
    assert "mat1 and mat2" in str(raised.value.__cause__)


def test_a_last_batch_of_one_with_batch_norm():
    """In words after the epoch, and the result is kept."""
    net = S(nn.Flatten(), nn.Linear(784, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 10))
    result = train(net, [(X, Y), (X[:1], Y[:1])], epochs=2)
    assert result.examples == 2 * 8
    assert math.isfinite(result.train_loss)
    told = words(result)
    assert "BatchNorm1d" in told
    assert re.search(r"batch of one|one example", told)


LABELS = {
    "int32": Y.int(),
    "uint8": Y.to(torch.uint8),
    "a list": Y.tolist(),
    "NumPy": Y.numpy(),
    "NumPy bytes": Y.numpy().astype(np.uint8),
}


@pytest.mark.parametrize("labels", LABELS.values(), ids=LABELS)
def test_labels_of_any_kind_are_converted(labels):
    """int32, list, NumPy: converted where that loses nothing."""
    torch.manual_seed(0)
    net = dense()
    expected, rate = train(copy.deepcopy(net)), lh.evaluate_accuracy_gpu(net, IT)
    assert lh.evaluate_accuracy_gpu(net, [(X, labels)]) == rate
    predicted, true = lh.predict(net, [(X, labels)])
    assert true.dtype == torch.int64
    assert torch.equal(true, Y)
    assert torch.equal(lh.confusion_matrix(predicted, labels), lh.confusion_matrix(predicted, Y))
    result = train(net, [(X, labels)], [(X, labels)])
    assert result.train_loss == expected.train_loss
    assert result.test_acc == expected.test_acc


def test_labels_that_would_lose_something_are_refused():
    """0.5 is no class."""
    with pytest.raises((TypeError, ValueError), match="labels"):
        train(dense(), [(X, Y + 0.5)])


@pytest.mark.parametrize(
    ("batch", "seen"),
    [
        ({"image": X, "label": Y}, "dict"),
        ((X, Y, torch.ones(8)), r"3|three"),
        (X, "Tensor"),
        ([X], r"1|one"),
    ],
)
@pytest.mark.parametrize("enter", [train, lh.evaluate_accuracy_gpu, lh.predict])
def test_batches_that_are_no_pairs_are_named(batch, seen, enter):
    """In words, not a traceback from unpacking."""
    with pytest.raises((TypeError, ValueError), match=seen) as raised:
        enter(dense(), [batch])
    assert "(X, y)" in str(raised.value)
    assert ("train_iter" if enter is train else "data_iter") in str(raised.value)


@pytest.mark.parametrize("kind", ["an instance", "a string", "a module"])
def test_an_optimizer_that_is_none(kind):
    """optimizer= an instance or a string."""
    net = dense()
    optimizer = {
        "an instance": torch.optim.Adam(net.parameters()),
        "a string": "adam",
        "a module": torch.optim,
    }[kind]
    with pytest.raises((TypeError, ValueError), match=r"^optimizer.*torch\.optim\.") as raised:
        train(net, optimizer=optimizer)
    assert "not callable" not in str(raised.value)


def test_a_tuple_as_output():
    """Networks with a second output, such as GoogLeNet's while it trains."""

    class Two(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = dense()

        def forward(self, x):
            return self.layer(x), x

    for call in (
        lambda: train(Two()),
        lambda: lh.evaluate_accuracy_gpu(Two(), IT),
        lambda: lh.predict(Two(), IT),
    ):
        with pytest.raises((TypeError, ValueError), match=r"tuple"):
            call()


def test_a_batch_size_that_changes_inside_forward():
    """The view takes half the features, and so twice the examples."""

    class Halves(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(392, 10)

        def forward(self, x):
            return self.layer(x.view(-1, 392))

    with pytest.raises(ValueError, match=r"forward") as raised:
        train(Halves())
    assert re.search(r"\b16\b", str(raised.value))
    assert re.search(r"\b8\b", str(raised.value))


@pytest.mark.parametrize("number", [2, 26])
def test_class_names_that_do_not_fit_the_outputs(number):
    """classes= for another set."""
    names = [f"class {i}" for i in range(number)]
    with pytest.raises(ValueError, match=rf"classes.*\b{number}\b.*\b10\b"):
        lh.lenet_viewer(dense(), X[:2], Y[:2], classes=names)


@pytest.mark.parametrize("kind", ["whole model", "damaged", "cut short", "empty"])
def test_a_file_that_holds_no_weights(kind):
    """load_weights on a whole model, a damaged file; a checkpoint's dict is in test_weights.py."""
    net = dense()
    before = copy.deepcopy(net.state_dict())
    path = lh.save_weights(net, "mine")
    content = path.read_bytes()
    if kind == "whole model":
        torch.save(dense(), path)
    else:
        damaged = {"damaged": b"\x80\x02garbage", "cut short": content[:-200], "empty": b""}
        path.write_bytes(damaged[kind])
    said = {"whole model": "whole (model|network)"}
    with pytest.raises(ValueError, match=said.get(kind, "damaged|cut short")) as raised:
        lh.load_weights(net, "mine")
    assert str(path) in str(raised.value)
    assert all(torch.equal(net.state_dict()[name], value) for name, value in before.items())


# ================================================================ data folders

NAMES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
PICTURES = (torch.arange(20 * 784) % 251).to(torch.uint8).reshape(20, 28, 28)
SMALL = (PICTURES, torch.arange(20) % 10, PICTURES[:10].flip(0), torch.arange(10))


def idx(tensor):
    header = bytes([0, 0, 8, tensor.ndim]) + struct.pack(f">{tensor.ndim}i", *tensor.shape)
    return header + tensor.to(torch.uint8).numpy().tobytes()


@pytest.fixture
def packed(monkeypatch, tmp_path):
    """A plain folder with four small .gz files, which torchvision takes for Fashion-MNIST's."""
    folder = tmp_path / "packed"
    folder.mkdir()
    sums = []
    for name, tensor in zip(NAMES, SMALL, strict=True):
        content = gzip.compress(idx(tensor), mtime=0)
        (folder / f"{name}.gz").write_bytes(content)
        sums.append((f"{name}.gz", hashlib.md5(content).hexdigest()))
    monkeypatch.setattr(FashionMNIST, "resources", sums)
    return folder


def load(root, **options):
    options = {"download": False, "source": "Fashion-MNIST", **options}
    return lh.load_data_fashion_mnist(4, root=root, device="cpu", **options)


def is_the_small_set(loaded):
    train_iter, test_iter = loaded
    assert torch.equal(train_iter.images[:, 0], SMALL[0])
    assert torch.equal(train_iter.labels, SMALL[1])
    assert torch.equal(test_iter.images[:, 0], SMALL[2])
    assert torch.equal(test_iter.labels, SMALL[3])
    assert train_iter.source == "Fashion-MNIST"


def test_the_parent_of_raw_serves(packed, tmp_path):
    """Seen in vision #777: root is the folder FashionMNIST itself, or one of those around it."""
    shutil.copytree(packed, tmp_path / "data" / "FashionMNIST" / "raw")
    is_the_small_set(load(tmp_path / "data" / "FashionMNIST"))
    is_the_small_set(load(tmp_path / "data" / "FashionMNIST" / "raw"))
    is_the_small_set(load(tmp_path / "data"))


def test_names_with_dots_serve(packed):
    """python-mnist #19: train-images.idx3-ubyte."""
    for name in NAMES:
        dotted = name.replace("-idx", ".idx")
        (packed / f"{name}.gz").rename(packed / f"{dotted}.gz")
    is_the_small_set(load(packed))


def test_a_folder_for_each_file_serves(packed, tmp_path):
    """fashion-mnist #107: what an unpacking program makes of four archives."""
    for name in NAMES:
        (tmp_path / "each" / name).mkdir(parents=True)
        shutil.copy(packed / f"{name}.gz", tmp_path / "each" / name / f"{name}.gz")
    is_the_small_set(load(tmp_path / "each"))


@needs_real_data
def test_a_folder_for_each_unpacked_file_serves(tmp_path):
    """The same with the real files: a folder train-labels-idx1-ubyte with the file in it."""
    for name in NAMES:
        (tmp_path / name).mkdir()
        content = gzip.decompress((Path(REAL) / f"{name}.gz").read_bytes())
        (tmp_path / name / name).write_bytes(content)
    train_iter, test_iter = load(tmp_path)
    assert (train_iter.num_examples, test_iter.num_examples) == (60_000, 10_000)
    assert train_iter.source == "Fashion-MNIST"


@pytest.fixture(autouse=True)
def small_sets_pass(request, monkeypatch):
    """Let the small files of these tests pass for real ones, but where that is the question."""
    if not re.search("another_data_set|never_to_be_deleted|unpacked|again", request.node.name):
        monkeypatch.setattr(sets, "CONTENT", {})


@pytest.mark.parametrize("source", ["Fashion-MNIST", "auto"])
def test_three_files_of_four(packed, source, monkeypatch, capsys):
    """The message says what was seen and what is missing, and so does that of the stand-in."""
    for name, module in list(sys.modules.items()):  # a small stand-in: the whole one takes seconds
        if name.startswith("lenet_helpers") and hasattr(module, "draw_garments"):
            monkeypatch.setattr(module, "draw_garments", lambda n, *, seed: SMALL[2:])
    (packed / "t10k-labels-idx1-ubyte.gz").unlink()
    loaded = tried_to_load(packed, source)
    told = words(f"{loaded} {capsys.readouterr().err}")
    assert re.search(r"(missing|lacks|not there|no)\b[^.]*t10k-labels-idx1-ubyte", told)
    assert "train-images-idx3-ubyte" in told


def tried_to_load(root, source):
    try:
        return load(root, source=source)
    except FileNotFoundError as error:
        return error


def test_another_data_set_under_these_names(tmp_path):
    """fashion-mnist #131: MNIST's unpacked files have the same names and sizes."""
    for name, count in zip(NAMES, (60_000, 60_000, 10_000, 10_000), strict=True):
        shape = (count, 28, 28) if "images" in name else (count,)
        (tmp_path / name).write_bytes(idx(torch.zeros(shape, dtype=torch.uint8)))
    with pytest.raises(ValueError, match=r"not Fashion-MNIST|another data set") as raised:
        load(tmp_path)
    assert not re.search("delete", str(raised.value), re.IGNORECASE)


@needs_real_data
def test_intact_files_packed_again_serve(tmp_path):
    """The content counts, not how it was packed."""
    for name in NAMES:
        content = gzip.decompress((Path(REAL) / f"{name}.gz").read_bytes())
        again = gzip.compress(content, compresslevel=1, mtime=0)
        (tmp_path / f"{name}.gz").write_bytes(again)
    train_iter, _ = load(tmp_path)
    assert train_iter.num_examples == 60_000
    assert train_iter.source == "Fashion-MNIST"


def test_a_whole_file_is_never_to_be_deleted(packed):
    """A file that is whole, but not Fashion-MNIST's: it may be all that somebody has of it."""
    path = packed / f"{NAMES[1]}.gz"
    path.write_bytes(gzip.compress(idx(SMALL[1].flip(0))))
    with pytest.raises(ValueError, match="is whole, but it is not") as raised:
        load(packed)
    assert not re.search("delete|damaged", str(raised.value), re.IGNORECASE)


# ================================================================ wishes


def test_the_table_says_what_learns():
    """A trainable column."""
    net = S(nn.Flatten(), nn.Linear(784, 8), nn.Linear(8, 10))
    net[1].requires_grad_(False)
    table = lh.layer_table(net, (1, 1, 28, 28))
    assert [row.trainable for row in table.rows] == [0, 0, 90]
    assert "trainable" in str(table).splitlines()[2]
    assert "trainable" in table._repr_html_()


def test_a_table_of_several_inputs():
    """Several inputs and dtypes in layer_table."""

    class Both(nn.Module):
        def __init__(self):
            super().__init__()
            self.look = nn.Linear(784, 4)
            self.read = nn.Embedding(5, 4)
            self.out = nn.Linear(8, 10)

        def forward(self, picture, word):
            return self.out(torch.cat([self.look(picture.flatten(1)), self.read(word)], 1))

    table = lh.layer_table(Both(), ((1, 1, 28, 28), (1,)), dtype=(torch.float32, torch.int64))
    assert [row.output_shape for row in table.rows] == [(1, 4), (1, 4), (1, 10)]
    assert table.parameters == 3140 + 20 + 90


def test_a_table_of_another_dtype():
    """Words are whole numbers."""
    net = S(nn.Embedding(50, 4), nn.Flatten(), nn.Linear(12, 3))
    table = lh.layer_table(net, (1, 3), dtype=torch.int64)
    assert table.rows[0].output_shape == (1, 3, 4)


@pytest.mark.parametrize(("kernel", "dilation"), [(5, 1), (3, 2), (4, 1), (1, 1), ((5, 4), 1)])
@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
def test_same_padding_in_the_size_functions(kernel, dilation):
    """padding="same" and "valid" as nn.Conv2d takes them."""
    for padding in ("same", "valid"):
        conv = nn.Conv2d(1, 1, kernel, padding=padding, dilation=dilation)
        right = tuple(conv(torch.zeros(1, 1, 28, 20)).shape[2:])
        ours = lh.conv_output_size((28, 20), kernel, padding=padding, dilation=dilation)
        assert ours == right
    with pytest.raises(ValueError, match="stride"):
        lh.conv_output_size(28, kernel, padding="same", stride=2)


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", [0, 1])
@pytest.mark.parametrize("dilation", [1, 2])
def test_a_transposed_convolution_in_the_size_functions(stride, padding, dilation):
    """ConvTranspose in the size functions."""
    for kernel in (2, 3, 4):
        for extra in range(max(stride, dilation)):
            conv = nn.ConvTranspose2d(
                1, 1, kernel, stride, padding, output_padding=extra, dilation=dilation
            )
            ours = lh.conv_transpose_output_size(
                7, kernel, stride=stride, padding=padding, output_padding=extra, dilation=dilation
            )
            assert ours == conv(torch.zeros(1, 1, 7, 7)).shape[-1]


VIEWED = {
    "dropout": [nn.Dropout(0.5)],
    "dropout of maps": [nn.Dropout2d(0.5)],
    "batch norm": [nn.BatchNorm2d(4)],
    "leaky": [nn.LeakyReLU(0.2)],
    "gelu": [nn.GELU()],
    "same padding": [nn.Conv2d(4, 4, 3, padding="same")],
    "adaptive pooling": [nn.AdaptiveAvgPool2d(12)],
}


@pytest.mark.parametrize("layers", VIEWED.values(), ids=VIEWED)
def test_the_viewer_takes_what_networks_have(layers):
    """Dropout, BatchNorm and others in the viewer."""
    net = S(nn.Conv2d(1, 4, 5, stride=2), *layers, nn.Flatten(), nn.Linear(4 * 144, 10))
    assert lh.lenet_viewer(net, X[:2], Y[:2]).data["nets"]


@pytest.mark.parametrize("last", [nn.Softmax(dim=1), nn.LogSoftmax(dim=1)])
def test_the_viewer_takes_a_softmax_at_the_end(last):
    demo = lh.lenet_viewer(S(nn.Flatten(), nn.Linear(784, 10), last), X[:2], Y[:2])
    assert demo.data["nets"]


def test_the_viewers_poster_has_one_softmax_only():
    """What a network with its own softmax says is what the poster shows."""
    net = S(nn.Flatten(), nn.Linear(784, 10), nn.Softmax(dim=1))
    with torch.no_grad():
        share = net(X[:1]).max().item()
    assert f"with {share:.2f}" in lh.lenet_viewer(net, X[:2], Y[:2]).poster.alt


def test_the_viewer_takes_colour_and_normalised_pictures():
    net = S(nn.Conv2d(3, 4, 5), nn.ReLU(), nn.MaxPool2d(4), nn.Flatten(), nn.Linear(196, 10))
    images = torch.rand(2, 3, 32, 32, generator=NUMBERS)
    assert lh.lenet_viewer(net, images, Y[:2]).data["nets"][0]["input"] == [3, 32, 32]
    assert lh.lenet_viewer(dense(), (X[:2] - 0.286) / 0.353, Y[:2]).data["nets"]


@pytest.mark.parametrize("channels_first", [True, False])
def test_images_in_colour(channels_first):
    """show_images in colour."""
    images = torch.rand(2, 3, 8, 9, generator=NUMBERS)
    given = images if channels_first else images.permute(0, 2, 3, 1).numpy()
    picture = lh.draw_images(given, 1, 2)
    for axes, image in zip(picture.figure.axes, images, strict=False):
        shown = axes.images[0].get_array()
        assert np.allclose(shown, image.permute(1, 2, 0).numpy())
    assert "grey" not in picture.alt


@pytest.mark.parametrize(
    ("name", "first", "last"), [("MNIST", "0", "9"), ("KMNIST", "o", "wo"), ("EMNIST", "a", "z")]
)
def test_other_sets_by_name(name, first, last, tmp_path):
    """MNIST, KMNIST, EMNIST through torchvision: small files in its layout."""
    raw = tmp_path / name / "raw"
    raw.mkdir(parents=True)
    letters = name == "EMNIST"  # stored on their side, and counted from 1
    prefix, second = ("emnist-letters-", "test") if letters else ("", "t10k")
    chosen = "EMNIST letters" if letters else name
    for kind, pictures, labels in (("train", *SMALL[:2]), (second, *SMALL[2:])):
        stored = pictures.transpose(1, 2) if letters else pictures
        (raw / f"{prefix}{kind}-images-idx3-ubyte").write_bytes(idx(stored))
        (raw / f"{prefix}{kind}-labels-idx1-ubyte").write_bytes(idx(labels + letters))
    train_iter, test_iter = lh.load_data(chosen, 4, root=tmp_path, device="cpu", download=False)
    assert torch.equal(train_iter.images[:, 0], SMALL[0])
    assert torch.equal(train_iter.labels, SMALL[1])
    assert torch.equal(test_iter.images[:, 0], SMALL[2])
    assert torch.equal(test_iter.labels, SMALL[3])
    assert len(train_iter.classes) == (26 if letters else 10)
    names = [str(train_iter.classes[i]).lower().split()[0] for i in (0, -1)]
    assert names == [first, last]
    assert train_iter.shuffle
    assert not test_iter.shuffle
    assert name in str(train_iter.source)


def test_fashion_mnist_by_name(packed):
    """The same door; the class names are ours."""
    train_iter, _ = lh.load_data("FashionMNIST", 4, root=packed, device="cpu", download=False)
    assert torch.equal(train_iter.images[:, 0], SMALL[0])
    assert list(train_iter.classes) == lh.get_fashion_mnist_labels(range(10))


def test_a_set_of_another_name_is_refused():
    with pytest.raises(ValueError, match=r"name='CIFAR10'.*Fashion-MNIST.*KMNIST"):
        lh.load_data("CIFAR10", 4)


def test_a_learning_rate_schedule():
    """Learning-rate schedules: stepped once an epoch, as in torch's documentation."""

    def halved(optimizer):
        return torch.optim.lr_scheduler.StepLR(optimizer, step_size=1, gamma=0.5)

    torch.manual_seed(0)
    net = dense()
    twin = copy.deepcopy(net)
    optimizer = torch.optim.SGD(twin.parameters(), lr=0.2)
    scheduler = halved(optimizer)
    for _ in range(3):
        for images, labels in IT * 2:
            optimizer.zero_grad()
            F.cross_entropy(twin(images), labels).backward()
            optimizer.step()
        scheduler.step()
    train(net, IT * 2, epochs=3, lr=0.2, keep_weights=True, scheduler=halved)
    for ours, theirs in zip(net.parameters(), twin.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-5, atol=1e-6)


def test_receptive_field_and_jump_are_columns():
    """LeNet's: 5, 6, 14, 16 pixels; 1, 2, 2, 4 apart."""
    table = lh.layer_table(lh.LeNet(), (1, 1, 28, 28))
    windows = [row for row in table.rows if isinstance(row.module, nn.Conv2d | nn.MaxPool2d)]
    assert [row.receptive_field for row in windows] == [(5, 5), (6, 6), (14, 14), (16, 16)]
    assert [row.jump for row in windows] == [(1, 1), (2, 2), (2, 2), (4, 4)]
    heads = " ".join(str(table).splitlines()[1:3])
    for text in (heads, table._repr_html_()):
        for word in ("receptive", "field", "jump"):
            assert word in text
