"""Mistakes that beginners make: the error names the true cause, or a note after the run does."""

import copy
import re

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

import lenet_helpers as lh
from lenet_helpers.network.table import LayerShapeError

S = nn.Sequential
NUMBERS = torch.Generator().manual_seed(0)
X = torch.rand(32, 1, 28, 28, generator=NUMBERS)
Y = torch.arange(32) % 10
IT = [(X[:20], Y[:20]), (X[20:], Y[20:])]


def train(net, train_iter=IT, test_iter=IT, **options):
    options = {"seed": 0, "plot": False, **options}
    return lh.train_ch6(net, train_iter, test_iter, 1, 0.1, "cpu", **options)


def dense(*last):
    return S(nn.Flatten(), nn.Linear(784, 10), *last)


class Net(nn.Module):
    """A convolution and a dense layer, put together by a function."""

    def __init__(self, forward, **more):
        super().__init__()
        self.conv, self.fc, self.rule = nn.Conv2d(1, 6, 5), nn.Linear(3456, 10), forward
        for name, value in more.items():
            setattr(self, name, value)

    def forward(self, x):
        return self.rule(self, x)


def told(error):
    """Return an error with its notes, on one line."""
    return " ".join(" ".join([str(error), *getattr(error, "__notes__", ())]).split())


DOORS = {
    "train": train,
    "accuracy": lambda net: lh.evaluate_accuracy_gpu(net, IT),
    "predict": lambda net: lh.predict(net, IT),
}
each_door = pytest.mark.parametrize("enter", DOORS.values(), ids=DOORS)

# ---------------------------------------------------------------- forward

OUTPUTS = {
    "no return": (lambda net, x: None, "net gives None: its forward returns nothing"),
    "a tuple": (lambda net, x: (net.fc(net.conv(x).flatten(1)), x), "net gives a tuple"),
    "one score": (lambda net, x: net.fc(net.conv(x).flatten(1))[:, :1], "one score an example"),
    "maps": (lambda net, x: net.conv(x), "Flatten the maps before the last layer"),
    "twice the batch": (
        lambda net, x: net.fc(net.conv(x).flatten(1)).repeat(2, 1),
        "40 rows of scores of 20 examples: its forward changes the size of the batch",
    ),
}


@pytest.mark.parametrize(("forward", "words"), OUTPUTS.values(), ids=OUTPUTS)
@each_door
def test_what_a_network_gives(forward, words, enter):
    with pytest.raises((TypeError, ValueError), match=re.escape(words)):
        enter(Net(forward))


def test_the_viewer_makes_no_shares_of_one_score():
    with pytest.raises(ValueError, match=r"one score an example: .* let the last layer give two"):
        lh.lenet_viewer(S(nn.Flatten(), nn.Linear(784, 1), nn.Sigmoid()), X[:2], [0, 0])


def test_a_second_result_that_is_there_only_in_training():
    """GoogLeNet's style: it works in ``predict``, and in ``train_ch6`` the error says why not."""

    def forward(net, x):
        scores = net.fc(net.conv(x).flatten(1))
        return (scores, scores) if net.training else scores

    assert len(lh.predict(Net(forward), IT)[0]) == 32
    with pytest.raises(TypeError, match="return the scores alone, also while it trains"):
        train(Net(forward))


@pytest.mark.filterwarnings("ignore:Lazy modules")
@each_door
def test_a_lazy_layer_hides_no_other_that_does_not_fit(enter):
    """The sizes of lazy layers are found before the first step: what fails there is named too."""
    with pytest.raises(LayerShapeError, match=r"Layer '0'.* expected 3 channels"):
        enter(S(nn.Conv2d(3, 6, 5), nn.Flatten(), nn.LazyLinear(10)))


def test_labels_in_place_of_scores():
    with pytest.raises(ValueError, match=r"type torch.int64.* Leave argmax out"):
        train(Net(lambda net, x: net.fc(net.conv(x).flatten(1)).argmax(1)))


@each_door
def test_complex_numbers_have_no_largest(enter):
    net = Net(lambda net, x: torch.view_as_complex(net.fc(net.conv(x).flatten(1)).view(-1, 5, 2)))
    with pytest.raises(ValueError, match=r"type torch\.complex64.*y\.abs\(\)"):
        enter(net)


WORDS = torch.zeros(4, 3, dtype=torch.long)


@pytest.mark.parametrize("enter", [train, lh.evaluate_accuracy_gpu, lh.predict])
def test_words_that_reach_a_dense_layer_of_another_size(enter):
    net = S(nn.Embedding(9, 4), nn.Flatten(), nn.Linear(10, 3))
    with pytest.raises(LayerShapeError, match=r"Write nn\.Linear\(12, 3\)"):
        enter(net, [(WORDS, torch.arange(4) % 3)])


@pytest.mark.parametrize("enter", [train, lh.evaluate_accuracy_gpu, lh.predict])
def test_words_that_are_fractions(enter):
    net = S(nn.Embedding(9, 4), nn.Flatten(), nn.Linear(12, 3))
    with pytest.raises(RuntimeError, match="Long") as raised:
        enter(net, [(WORDS.float(), torch.arange(4) % 3)])
    assert raised.value.__notes__ == [
        "The inputs are torch.float32, and a layer wants whole numbers. Convert them, X.long()."
    ]


class TwoInputs(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2)

    def forward(self, first, second):
        return self.fc(first + second)


@pytest.mark.parametrize("enter", [train, lh.evaluate_accuracy_gpu, lh.predict])
def test_two_inputs_reach_a_network_as_one_list(enter):
    batches = [([torch.rand(4, 4), torch.rand(4, 4)], torch.arange(4) % 2)]
    with pytest.raises(TypeError, match="missing 1 required") as raised:
        enter(TwoInputs(), batches)
    assert "A batch has 2 inputs, and they reach net as one list" in told(raised.value)


def squeezing():
    return Net(
        lambda net, x: net.out(net.pool(net.conv(x)).squeeze()),
        pool=nn.AdaptiveAvgPool2d(1), out=nn.Linear(6, 10),
    )  # fmt: skip


def test_a_squeeze_that_takes_the_batch_away():
    """It works until a batch has one example: the last one, and each picture of the viewer."""
    with pytest.raises(ValueError, match=r"shape \(10,\).*squeeze\(\) takes it away"):
        train(squeezing(), [*IT, (X[:1], Y[:1])])
    with pytest.raises(ValueError, match=r"shape \(10,\) and y has shape \(1,\)"):
        lh.evaluate_accuracy_gpu(squeezing(), [(X[:1], Y[:1])])
    chain = S(nn.Conv2d(1, 10, 28), Squeeze())
    with pytest.raises(ValueError, match=r"squeeze\(\) takes it away"):
        lh.lenet_viewer(chain, X[:2], Y[:2])


class Squeeze(nn.Module):
    def forward(self, x):
        return x.squeeze()


@each_door
def test_a_block_without_a_return(enter):
    net = S(nn.Conv2d(1, 6, 5), Net(lambda net, x: None), nn.Flatten(), nn.Linear(3456, 10))
    with pytest.raises(AttributeError) as raised:
        enter(net)
    assert "'1' (Net) gave None: its forward returns nothing. Is a return missing?" in told(
        raised.value
    )


def test_a_recurrent_layer_gives_a_tuple():
    net = S(nn.Flatten(2), nn.LSTM(784, 8, batch_first=True), nn.Linear(8, 10))
    with pytest.raises(TypeError) as raised:
        train(net)
    assert "'1' (LSTM) gave a tuple, and no tensor" in told(raised.value)


@pytest.mark.parametrize("enter", [*DOORS.values(), lambda net: lh.lenet_viewer(net, X[:2], Y[:2])])
def test_a_class_is_no_network(enter):
    with pytest.raises(TypeError, match=r"net=LeNet is a class: make a network of it, LeNet\(\)"):
        enter(lh.LeNet)


@pytest.mark.parametrize(
    ("flatten", "got"),
    [
        (lambda x: x.view(40, -1), "(40, 1728): of (20, 6, 24, 24), 20 in the batch, forward has "
         "made 40 rows"),
        (lambda x: x.flatten(), "(69120,): of (20, 6, 24, 24), 20 in the batch, forward has made "
         "one row"),
    ],
)  # fmt: skip
def test_a_batch_that_forward_has_torn_apart(flatten, got):
    """Another number of features is no cure for it."""
    with pytest.raises(LayerShapeError) as raised:
        train(Net(lambda net, x: net.fc(flatten(net.conv(x)))))
    assert got in told(raised.value)
    assert "x.flatten(1), which keeps the batch: 3456 features, which fits." in told(raised.value)
    assert "Write nn.Linear" not in told(raised.value)


def test_norms_say_the_number_that_fits():
    after = S(nn.Conv2d(1, 6, 5), nn.BatchNorm2d(16), nn.Flatten(), nn.Linear(3456, 10))
    with pytest.raises(LayerShapeError, match=r"expected 16 channels.* Write nn.BatchNorm2d\(6\)"):
        train(after)
    after[1] = nn.BatchNorm2d(6)
    train(after)
    flat = S(nn.Flatten(), nn.Linear(784, 20), nn.BatchNorm2d(20), nn.Linear(20, 10))
    with pytest.raises(LayerShapeError, match=r"For features there is nn.BatchNorm1d"):
        train(flat)
    flat[2] = nn.BatchNorm1d(20)
    train(flat)


def test_no_advice_on_groups_that_would_not_fit():
    net = S(nn.Conv2d(1, 6, 5), nn.Conv2d(8, 8, 3, groups=8), nn.Flatten(), nn.Linear(8, 10))
    with pytest.raises(LayerShapeError, match="It expected 8 channels") as raised:
        train(net)
    assert "nn.Conv2d(6, 8" not in str(raised.value)  # torch would refuse it with groups=8


# ---------------------------------------------------------------- pictures and labels


def test_fewer_labels_than_pictures():
    with pytest.raises(ValueError, match="A batch has 32 inputs and 5 labels"):
        train(dense(), [(X, Y[:5])])


@pytest.mark.parametrize("kind", ["labels", "inputs"])
def test_words_for_numbers(kind):
    words = [f"{i}" for i in range(32)]
    batch = (X, words) if kind == "labels" else (words, Y)
    with pytest.raises(TypeError, match=rf"train_iter yields {kind} that are no numbers \(a str\)"):
        train(dense(), [batch])


@pytest.mark.parametrize(
    ("pictures", "kind"), [((X * 255).to(torch.uint8), "uint8"), (X.double().numpy(), "float64")]
)
@each_door
def test_pictures_of_another_type(pictures, kind, enter, monkeypatch):
    monkeypatch.setattr("test_common_mistakes.IT", [(pictures, Y)])
    net = S(nn.Conv2d(1, 6, 5), nn.Flatten(), nn.Linear(3456, 10))
    calls = {train: lambda: train(net, [(pictures, Y)])}
    with pytest.raises(RuntimeError) as raised:
        calls.get(enter, lambda: enter(net))()
    words = f"The inputs are torch.{kind}, and the network computes in torch.float32"
    assert words in told(raised.value)
    assert ("X / 255" in told(raised.value)) == (kind == "uint8")


def test_what_failed_was_the_test_set():
    wrong = [(torch.rand(4, 1, 32, 32), Y[:4])]
    with pytest.raises(LayerShapeError, match="got 1024") as raised:
        train(dense(), IT, wrong)
    assert "It came when test_iter was measured. It came after 32 examples, in epoch 1." in told(
        raised.value
    )
    assert any("test_iter was measured" in line for line in raised.value._render_traceback_())


def test_evaluation_names_the_layer_too():
    net = S(nn.Conv2d(1, 6, 5), nn.Flatten(), nn.Linear(400, 10))
    for enter in (lh.evaluate_accuracy_gpu, lh.predict):
        with pytest.raises(LayerShapeError, match=r"Write nn.Linear\(3456, 10\)"):
            enter(net, IT)


# ---------------------------------------------------------------- losses

LOSSES = {
    "number by number": (nn.MSELoss(), "loss=MSELoss fails on scores of shape (20, 10)"),
    "yes or no": (nn.BCEWithLogitsLoss(), "loss=BCEWithLogitsLoss fails on scores"),
    "a class": (nn.CrossEntropyLoss, "loss=CrossEntropyLoss is a class: make one of it"),
    "a sum": (nn.CrossEntropyLoss(reduction="sum"), "loss has reduction='sum'"),
    "one for each": (lambda s, y: F.cross_entropy(s, y, reduction="none"), "gives shape (20,)"),
    "a float": (lambda s, y: F.cross_entropy(s, y).item(), "Leave .item() and float() out"),
}


@pytest.mark.parametrize(("loss", "words"), LOSSES.values(), ids=LOSSES)
def test_losses_that_do_not_fit_are_named(loss, words):
    net = dense()
    before = copy.deepcopy(net.state_dict())
    with pytest.raises((TypeError, ValueError), match=re.escape(words)):
        train(net, loss=loss)
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())


@pytest.mark.parametrize("loss", [nn.MSELoss(), nn.L1Loss(), F.smooth_l1_loss])
def test_ten_pictures_and_ten_classes_do_not_hide_it(loss):
    """Torch would stretch the labels over the classes, and it would train on nonsense."""
    with pytest.raises(ValueError, match=r"scores of shape \(10, 10\) and class numbers of shape"):
        train(dense(), [(X[:10], Y[:10])], loss=loss)


def test_the_advice_on_such_a_loss_works():
    def loss(scores, labels):
        return F.mse_loss(scores, F.one_hot(labels, 10).float())

    dark = [(X / 20, Y)]  # on lighter ones the steps would be too large for this loss
    first = train(dense(), dark, loss=loss).train_loss
    assert 0 < train(dense(), dark * 200, loss=loss).train_loss < first


def test_scores_are_no_log_probabilities():
    assert "NLLLoss goes by log-probabilities" in told(train(dense(), IT * 9, loss=nn.NLLLoss()))
    right = train(dense(nn.LogSoftmax(1)), IT * 9, loss=nn.NLLLoss())
    assert right.notes == ()


# ---------------------------------------------------------------- what a run could not learn


def notes(net, **options):
    return told(" ".join(train(net, **options).notes))


@pytest.mark.parametrize(
    ("last", "words"),
    [
        (nn.Softmax(1), "The outputs sum to 1: "),
        (nn.Softmax(0), "sum to 1 over the batch, and not over the classes"),
        (nn.Sigmoid(), "as after a sigmoid: "),
    ],
)
def test_outputs_that_cannot_grow(last, words):
    said = notes(dense(last))
    assert words in said
    assert "learning rate" not in said
    assert "more epochs" not in said


def test_the_least_loss_behind_a_sigmoid():
    assert "cannot fall below 1.461" in notes(dense(nn.Sigmoid()))
    best = F.cross_entropy(torch.eye(10), torch.arange(10)).item()  # 1 for the class, 0 for others
    assert round(best, 3) == 1.461


def test_pictures_that_are_too_bright():
    net = S(nn.Conv2d(1, 6, 5), nn.ReLU(), nn.Flatten(), nn.Linear(3456, 10))
    said = told(train(net, [(255 * X, Y)] * 20))
    assert "the inputs go up to 255" in said or "nan" in said
    assert "the steps were too large" not in said


def test_pictures_that_are_no_numbers():
    said = told(train(dense(), [(X * torch.nan, Y)]))
    assert "The inputs have values that are infinite or NaN: look there." in said
    assert "Lower the learning rate" not in said


def by_numpy(x):
    return torch.from_numpy(np.abs(x.detach().numpy()))


CUT = {
    "detached": lambda net, x: net.fc(net.conv(x).flatten(1).detach()),
    "by NumPy": lambda net, x: net.fc(by_numpy(net.conv(x)).flatten(1)),
}


@pytest.mark.parametrize("forward", CUT.values(), ids=CUT)
def test_a_layer_that_no_gradient_reached(forward):
    net = Net(forward)
    said = notes(net)
    assert "Not trained: 'conv'." in said
    assert "'fc'" not in said
    assert "Not trained" not in notes(Net(lambda net, x: net.fc(net.conv(x).flatten(1))))


def test_nothing_with_a_gradient():
    def forward(net, x):
        with torch.no_grad():
            return net.fc(net.conv(x).flatten(1))

    with pytest.raises(ValueError, match=r"has no gradient.*torch.no_grad\(\)"):
        train(Net(forward))


@pytest.mark.parametrize("held", ["list", "dict"])
def test_layers_in_a_plain_list_are_not_seen(held):
    layers = [nn.Linear(784, 5), nn.Linear(5, 3456)]
    plain = layers if held == "list" else dict(enumerate(layers))
    net = Net(lambda net, x: net.fc(layers[1](layers[0](x.flatten(1)))), parts=plain)
    first = copy.deepcopy(layers[0].weight)
    for said in (notes(net), told(" ".join(lh.layer_table(net, (1, 1, 28, 28)).notes))):
        assert f"'parts' is a plain {held} of layers: PyTorch does not see them" in said
        assert f"nn.Module{held.capitalize()}(...)" in said
    assert torch.equal(layers[0].weight, first)  # it is true


def test_layers_in_lists_of_a_list_are_not_seen():
    layers = [nn.Linear(784, 5), nn.Linear(5, 3456)]
    net = Net(lambda net, x: net.fc(layers[1](layers[0](x.flatten(1)))), parts=[layers])
    for said in (notes(net), told(" ".join(lh.layer_table(net, (1, 1, 28, 28)).notes))):
        assert "'parts' is a plain list of layers" in said
        assert "Write nn.ModuleList(...) around it, and around each list or dict in it." in said


def test_a_layer_made_in_forward_is_not_seen():
    net = Net(lambda net, x: net.fc(nn.Linear(784, 3456)(x.flatten(1))))
    said = told(" ".join(lh.layer_table(net, (1, 1, 28, 28)).notes))
    number = 784 * 3456 + 3456
    assert f"forward uses {number:,} parameters that the network does not have" in said
    usual = Net(lambda net, x: net.fc(net.conv(x).flatten(1)))
    assert "does not have" not in str(lh.layer_table(usual, (1, 1, 28, 28)))


def test_a_list_of_layers_that_are_known_is_no_mistake():
    net = Net(lambda net, x: net.fc(net.conv(x).flatten(1)))
    net.order = [net.conv, net.fc, nn.ReLU()]
    assert "plain list" not in notes(net)


def test_a_network_of_such_a_list_alone():
    class Hidden(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = [nn.Linear(784, 10)]

        def forward(self, x):
            return self.layers[0](x.flatten(1))

    with pytest.raises(TypeError, match=r"without parameters.*'layers' is a plain list"):
        train(Hidden())


def test_fresh_weights_are_not_told_to_be_made_fresh():
    net = S(nn.Flatten(), nn.Linear(784, 4), nn.ReLU(), nn.Linear(4, 10))
    rate = {"lr": 1e-9}
    for kept in (True, False):
        for parameter in net[3].parameters():
            nn.init.zeros_(parameter)
        said = told(lh.train_ch6(net, IT, None, 1, rate["lr"], "cpu", plot=False, seed=0,
                                 keep_weights=kept))  # fmt: skip
        assert ("Xavier" in said) <= kept
