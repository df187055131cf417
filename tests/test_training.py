"""train_ch6 against a plain loop, and everything that can go wrong with a run."""

import copy
import math
import time

import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

import lenet_helpers as lh
from lenet_helpers.data.batches import TensorBatches
from lenet_helpers.network.table import LayerShapeError
from lenet_helpers.training import loop as training
from lenet_helpers.training.advice import advice_on

torch.manual_seed(1)
LABELS = torch.arange(90) % 10
PIXELS = (torch.rand(90, 28, 28) * 60 + 19 * LABELS[:, None, None]).to(torch.uint8)


def batches(batch_size=16, **options):
    return TensorBatches(PIXELS, LABELS, batch_size, device="cpu", **options)


def plain_loop(net, train_iter, test_iter, num_epochs, optimizer):
    """The textbook's arithmetic, with Python's own sums: (loss, train acc, test acc) an epoch."""
    loss, rows = nn.CrossEntropyLoss(), []
    for _ in range(num_epochs):
        total = right = count = 0
        for X, y in train_iter:
            optimizer.zero_grad()
            y_hat = net(X)
            step = loss(y_hat, y)
            step.backward()
            optimizer.step()
            total += step.item() * len(y)
            right += int((y_hat.argmax(1) == y).sum())
            count += len(y)
        with torch.no_grad():
            test = [(int((net(X).argmax(1) == y).sum()), len(y)) for X, y in test_iter]
        rows.append(
            (total / count, right / count, sum(r for r, _ in test) / sum(n for _, n in test))
        )
    return rows


def rows_of(result):
    return [row[1:] for row in result.by_epoch()]


def test_its_numbers_are_those_of_a_plain_loop(capsys):
    torch.manual_seed(0)
    net = lh.sequential_lenet(activation=nn.ReLU)
    twin = copy.deepcopy(net)
    torch.manual_seed(3)
    result = lh.train_ch6(
        net, batches(shuffle=True), batches(), 3, 0.05, "cpu", keep_weights=True, plot=False
    )
    torch.manual_seed(3)
    optimizer = torch.optim.SGD(twin.parameters(), lr=0.05)
    expected = plain_loop(twin, batches(shuffle=True), batches(), 3, optimizer)
    assert rows_of(result) == [pytest.approx(row, abs=1e-6) for row in expected]
    for ours, theirs in zip(net.parameters(), twin.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-6)  # the order of sums differs
        assert ours.is_contiguous()
    assert len({round(row[0], 5) for row in expected}) == 3  # it moved: the test can fail


class Overwriting(nn.Module):
    """A loss that writes each value over the one before it."""

    def __init__(self):
        super().__init__()
        self.value = None

    def forward(self, scores, labels):
        new = nn.functional.cross_entropy(scores, labels)
        if self.value is not None:
            self.value.data.copy_(new)
        self.value = new
        return new


class OfUnknownLength(TensorBatches):
    """Batches without a point among them."""

    def __len__(self):
        raise TypeError


def one_by_one():
    return OfUnknownLength(PIXELS, LABELS, 1, device="cpu")


def overwritten():
    """Yield all batches in the same two tensors."""
    here = torch.empty(1, 1, 28, 28), torch.empty(1, dtype=torch.int64)
    for batch in batches(1):
        for tensor, values in zip(here, batch, strict=True):
            tensor.copy_(values)
        yield here


@pytest.mark.parametrize(
    ("data_iter", "loss"),
    [
        (one_by_one, nn.CrossEntropyLoss()),
        (one_by_one, Overwriting()),
        (overwritten, nn.CrossEntropyLoss()),
    ],
)
def test_sums_of_many_batches_are_those_of_a_plain_loop(data_iter, loss):
    """Also of more than are summed at once, and where a loss or a batch does not last that long."""
    torch.manual_seed(0)
    net = lh.sequential_lenet(activation=nn.ReLU)
    twin = copy.deepcopy(net)
    optimizer = torch.optim.SGD(twin.parameters(), lr=0.05)
    (expected,) = plain_loop(twin, batches(1), batches(), 1, optimizer)
    result = lh.train_ch6(
        net, data_iter(), batches(), 1, 0.05, "cpu", keep_weights=True, plot=False, loss=loss
    )
    assert rows_of(result) == [pytest.approx(expected, abs=1e-6)]


def test_fresh_weights_are_xavier_from_the_seed_unless_kept():
    net = lh.sequential_lenet()
    result = lh.train_ch6(net, batches(), batches(), 1, 0.1, "cpu", seed=5, plot=False)
    torch.manual_seed(5)
    twin = lh.sequential_lenet()
    twin.apply(lh.xavier_init)
    optimizer = torch.optim.SGD(twin.parameters(), lr=0.1)
    expected = plain_loop(twin, batches(), batches(), 1, optimizer)
    assert rows_of(result) == [pytest.approx(row, abs=1e-6) for row in expected]


def test_a_seed_repeats_the_run_and_leaves_the_random_numbers_alone():
    state = torch.get_rng_state()
    runs = [
        lh.train_ch6(
            lh.sequential_lenet(), batches(shuffle=True), batches(), 1, 0.5, "cpu",
            seed=seed, plot=False,
        )
        for seed in (7, 7, 8)
    ]  # fmt: skip
    losses = [run.train_loss for run in runs]
    assert losses[0] == losses[1] != losses[2]
    torch.set_rng_state(state)
    expected = torch.rand(3)
    torch.set_rng_state(state)
    net = lh.sequential_lenet()
    torch.set_rng_state(state)
    lh.train_ch6(net, batches(), batches(), 1, 0.5, "cpu", seed=7, plot=False)
    assert torch.equal(torch.rand(3), expected)


def test_adam_and_any_other_optimiser():
    net = lh.LeNet()
    twin = copy.deepcopy(net)
    result = lh.train_ch6(
        net, batches(), batches(), 2, 0.001, "cpu",
        optimizer=torch.optim.Adam, keep_weights=True, plot=False,
    )  # fmt: skip
    optimizer = torch.optim.Adam(twin.parameters(), lr=0.001)
    expected = plain_loop(twin, batches(), batches(), 2, optimizer)
    assert rows_of(result) == [pytest.approx(row, abs=1e-6) for row in expected]


@pytest.mark.parametrize("kind", ["list", "loader", "unsized", "moved"])
def test_any_iterable_of_batches_serves(kind):
    class Unsized:
        def __iter__(self):
            return iter(batches())

    X = torch.cat([X for X, _ in batches()])
    given = {
        "list": list(batches()),
        "loader": DataLoader(TensorDataset(X, LABELS), batch_size=16),
        "unsized": Unsized(),
        "moved": batches(),
    }[kind]
    net = lh.LeNet()
    twin = copy.deepcopy(net)
    one = lh.train_ch6(net, given, given, 2, 0.1, "cpu", keep_weights=True, plot=False)
    optimizer = torch.optim.SGD(twin.parameters(), lr=0.1)
    expected = plain_loop(twin, batches(), batches(), 2, optimizer)
    assert rows_of(one) == [pytest.approx(row, abs=1e-6) for row in expected]


def test_a_generator_serves_for_one_epoch_only():
    def generator():
        yield from batches()

    result = lh.train_ch6(lh.LeNet(), generator(), batches(), 1, 0.1, "cpu", plot=False)
    assert result.epochs == 1
    with pytest.raises(ValueError, match="train_iter is an iterator, used up after one epoch"):
        lh.train_ch6(lh.LeNet(), generator(), batches(), 2, 0.1, "cpu", plot=False)


def test_few_batches_and_one_batch_serve():
    for size in (30, 90):  # three batches, then one: fewer than the reports of an epoch
        result = lh.train_ch6(
            lh.LeNet(), batches(size), batches(size), 1, 0.1, "cpu", seed=0, plot=False
        )
        assert result.examples == 90


def test_it_reports_within_an_epoch():
    animator = lh.Animator()
    lh.train_ch6(
        lh.LeNet(), batches(1), batches(), 2, 0.1, "cpu", seed=0, animator=animator
    )  # 90 batches
    assert len(animator.X[0]) == 20
    assert animator.X[0][:3] == [0.1, 0.2, pytest.approx(0.3)]
    assert animator.X[2] == [1.0, 2.0]


def test_the_result_shows_the_textbooks_two_lines(capsys):
    result = lh.train_ch6(lh.LeNet(), batches(), batches(), 1, 0.1, "cpu", seed=0, plot=False)
    first, second = capsys.readouterr().out.splitlines()[:2]
    assert first == (
        f"loss {result.train_loss:.3f}, train acc {result.train_acc:.3f}, "
        f"test acc {result.test_acc:.3f}"
    )
    assert second == f"{result.examples_per_sec:.1f} examples/sec on cpu"
    assert str(result).splitlines()[:2] == [first, second]
    assert result.examples == 90
    assert result.seconds >= result.training_seconds > 0
    assert result.examples_per_sec == pytest.approx(90 / result.training_seconds)


def test_a_result_of_the_stand_in_says_so(capsys):
    result = lh.train_ch6(
        lh.LeNet(), batches(source="drawn stand-in"), batches(), 1, 0.1, "cpu", plot=False
    )
    assert "drawn stand-in" in repr(result)
    assert "drawn stand-in" in capsys.readouterr().out
    assert "drawn stand-in" in lh.draw_runs({"a": result}).alt


class Interrupting:
    """Batches with a stop button pressed at a certain one."""

    def __init__(self, at):
        self.at, self.served = at, 0

    def __len__(self):
        return len(batches())

    def __iter__(self):
        for batch in batches():
            self.served += 1
            if self.served > self.at:
                raise KeyboardInterrupt
            yield batch


@pytest.mark.parametrize(("at", "examples"), [(0, 0), (3, 48), (6, 90), (8, 122)])
def test_an_interrupt_keeps_what_there_is(at, examples):
    net = lh.LeNet()
    result = lh.train_ch6(net, Interrupting(at), batches(), 3, 0.1, "cpu", seed=0, plot=False)
    assert result.examples == examples
    if examples:
        assert f"Stopped by you after {examples} examples" in str(result)
    assert math.isnan(result.train_loss) == (examples == 0)
    assert len(result.by_epoch()) == examples // 90
    assert result.epochs == pytest.approx(at / 6)


def test_a_run_stopped_before_its_first_batch_has_words_and_no_numbers(capsys):
    result = lh.train_ch6(lh.LeNet(), Interrupting(0), batches(), 3, 0.1, "cpu", plot=False)
    words = "Stopped by you before the first batch was done: nothing was trained."
    assert str(result) == words
    assert capsys.readouterr().out.strip() == words
    alt = lh.draw_runs({"first": result}).alt
    assert "first: nothing was trained" in alt
    assert "nan" not in alt


def test_an_infinite_loss_stops_the_run_and_says_so():
    net = lh.sequential_lenet(activation=nn.ReLU)
    result = lh.train_ch6(net, batches(), batches(), 5, 1e9, "cpu", seed=0, plot=False)
    said = " ".join(str(result).split())
    assert "cannot come back: training stopped. Lower the learning rate" in said
    assert result.epochs < 5


def test_a_loss_that_does_not_move_is_named():
    def frozen(parameters, lr):
        return torch.optim.SGD(parameters, lr=lr * 1e-12)

    for epochs, activation, words in (
        (1, nn.Sigmoid, "A sigmoid network starts so"),
        (3, nn.Sigmoid, "It does not move"),
        (1, nn.ReLU, "It does not move"),
    ):
        net = lh.sequential_lenet(activation=activation)
        nn.init.normal_(net[-1].weight, std=1e-4)
        nn.init.zeros_(net[-1].bias)
        result = lh.train_ch6(
            net, batches(), batches(), epochs, 0.1, "cpu",
            optimizer=frozen, keep_weights=True, plot=False,
        )  # fmt: skip
        assert "that of guessing" in str(result)
        assert "2.303" in str(result)
        assert words in " ".join(str(result).split())


def test_a_loss_that_moves_is_not_called_stuck():
    net = lh.sequential_lenet(activation=nn.ReLU)
    result = lh.train_ch6(
        net, batches(), batches(), 8, 0.002, "cpu",
        optimizer=torch.optim.Adam, seed=0, plot=False,
    )  # fmt: skip
    assert result.notes == ()
    assert result.train_loss < 2.2


def test_an_interrupt_between_two_epochs_names_the_one_that_was_done():
    class Interrupted(nn.Module):
        def forward(self, X):
            if not self.training:
                raise KeyboardInterrupt
            return X

    net = nn.Sequential(Interrupted(), nn.Flatten(), nn.Linear(784, 10))
    result = lh.train_ch6(net, batches(), batches(), 3, 0.1, "cpu", plot=False)
    assert result.notes == ("Stopped by you after 90 examples, in epoch 1 of 3.",)


def test_more_batches_than_the_loader_has_told():
    class Growing:
        passes = 0

        def __iter__(self):
            self.passes += 1
            return iter(list(batches()) * self.passes)

    net = lh.LeNet()
    result = lh.train_ch6(net, Growing(), None, 2, 0.1, "cpu", plot=False)
    epochs = [point.epoch for point in result.history]
    assert epochs == sorted(epochs)  # the second epoch has 12 batches, the first had 6
    assert max(epochs) == 2.0
    assert result.examples == 3 * 90


@pytest.mark.parametrize("place", [0, 3])
def test_a_batch_without_examples_is_named(place):
    served = list(batches())
    served.insert(place, (torch.zeros(0, 1, 28, 28), torch.zeros(0, dtype=torch.int64)))
    with pytest.raises(ValueError, match="train_iter yields a batch without examples"):
        lh.train_ch6(lh.LeNet(), served, None, 1, 0.1, "cpu", plot=False)


@pytest.mark.parametrize("kind", [torch.uint8, torch.int16, torch.int32, torch.uint16])
def test_labels_of_any_whole_kind(kind):
    losses = []
    for served in (list(batches()), [(X, y.to(kind)) for X, y in batches()]):
        run = lh.train_ch6(lh.LeNet(), served, served, 1, 0.1, "cpu", seed=0, plot=False)
        losses.append((run.train_loss, run.test_acc))
    assert losses[0] == losses[1]


def test_the_mode_of_the_loop():
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.dense = nn.Linear(784, 10)
            self.modes = []

        def forward(self, X):
            self.modes.append((self.training, torch.is_grad_enabled()))
            return self.dense(X.flatten(1))

    net = Net()
    lh.train_ch6(net, batches(45), batches(45), 1, 0.1, "cpu", plot=False)
    assert net.modes[:3] == [(True, True)] * 2 + [(False, False)]
    assert net.training


def test_a_network_that_does_not_fit_is_named_and_keeps_its_weights():
    net = nn.Sequential(nn.Conv2d(1, 6, 5), nn.Flatten(), nn.Linear(400, 10))
    net[0].eval()
    before = copy.deepcopy(net.state_dict())
    with pytest.raises(LayerShapeError, match="3456"):
        lh.train_ch6(net, batches(), batches(), 1, 0.1, "cpu", plot=False)
    for name, value in net.state_dict().items():
        assert torch.equal(value, before[name])
    assert [layer.training for layer in net] == [False, True, True]


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"net": lambda X: X}, TypeError, "net is a function without parameters"),
        ({"net": nn.Sigmoid()}, TypeError, "net is a Sigmoid without parameters"),
        ({"train_iter": []}, ValueError, "train_iter has no batches"),
        ({"test_iter": []}, ValueError, "test_iter has no batches"),
        ({"train_iter": 5}, TypeError, "train_iter is a int"),
        ({"num_epochs": 0}, ValueError, "num_epochs=0: it must be at least 1"),
        ({"num_epochs": 1.5}, TypeError, r"num_epochs=1\.5"),
        ({"lr": 0}, ValueError, "lr=0: the learning rate must be a number above 0"),
        ({"lr": "0.9"}, ValueError, "lr='0.9'"),
        ({"lr": float("nan")}, ValueError, "lr=nan"),
        ({"device": "cuda:99"}, ValueError, "device='cuda:99' is not present"),
        ({"seed": -1}, ValueError, "seed=-1"),
    ],
)
def test_bad_arguments_are_named_and_the_network_is_left_alone(changes, error, words):
    net = lh.LeNet()
    before = copy.deepcopy(net.state_dict())
    arguments = {
        "net": net,
        "train_iter": batches(),
        "test_iter": batches(),
        "num_epochs": 1,
        "lr": 0.1,
        "device": "cpu",
        "plot": False,
    }
    with pytest.raises(error, match=words):
        lh.train_ch6(**{**arguments, **changes})
    for name, value in net.state_dict().items():
        assert torch.equal(value, before[name])


def test_labels_out_of_range_are_named():
    X = torch.rand(4, 1, 28, 28)
    wrong = [(X, torch.tensor([0, 1, 2, 10]))]
    with pytest.raises(ValueError, match="labels contain 10: with 10 classes"):
        lh.train_ch6(lh.LeNet(), wrong, batches(), 1, 0.1, "cpu", plot=False)
    right = [(X, torch.tensor([0, 1, 2, 3]))]
    with pytest.raises(ValueError, match="labels contain 10: with 10 classes"):
        lh.train_ch6(lh.LeNet(), right + wrong, batches(), 1, 0.1, "cpu", plot=False)


def test_a_loader_that_turns_out_empty_is_named():
    class Empty:
        def __iter__(self):
            return iter(())

    with pytest.raises(ValueError, match="train_iter has no batches"):
        lh.train_ch6(lh.LeNet(), Empty(), batches(), 1, 0.1, "cpu", plot=False)
    with pytest.raises(ValueError, match="data_iter has no examples"):
        lh.train_ch6(lh.LeNet(), batches(), Empty(), 1, 0.1, "cpu", plot=False)


def test_the_live_plot_of_a_run_has_title_labels_and_source():
    animator = training.run_plot(3, "drawn stand-in")
    animator.add(1, (2, 0.5, 0.5))
    axes = animator.picture().figure.axes[0]
    assert "drawn stand-in" in axes.get_title()
    assert axes.get_xlabel() == "epoch"
    assert "loss" in axes.get_ylabel()
    assert axes.get_xlim() == (0.0, 3.0)
    assert list(axes.get_xticks()) == [0, 1, 2, 3]  # whole epochs


class Slow(nn.Module):
    """A network that takes 10 ms to train on a batch, and none to be evaluated."""

    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(784, 10)

    def forward(self, X):
        if self.training:
            time.sleep(0.01)
        return self.dense(X.flatten(1))


class SlowBatches(list):
    """Batches to test on: each takes 50 ms."""

    def __iter__(self):
        for batch in super().__iter__():
            time.sleep(0.05)
            yield batch


def test_the_seconds_of_training_are_those_of_training_alone():
    test = SlowBatches(batches())
    result = lh.train_ch6(Slow(), batches(), test, 1, 0.1, "cpu", seed=0, plot=False)
    assert 6 * 0.01 <= result.training_seconds <= result.seconds - 6 * 0.05
    twice = lh.train_ch6(Slow(), batches(), None, 2, 0.1, "cpu", seed=0, plot=False)
    seconds = [point.training_seconds for point in twice.history]
    assert seconds == sorted(seconds)
    assert seconds[-1] >= 12 * 0.01


@pytest.mark.parametrize("at", [1, 3, 7])
def test_a_rate_after_a_stop_is_of_the_examples_that_the_seconds_belong_to(at):
    result = lh.train_ch6(Slow(), Interrupting(at), None, 2, 0.1, "cpu", seed=0, plot=False)
    assert result.stopped
    assert result.training_seconds >= at * 0.01
    assert result.examples_per_sec <= 16 / 0.01


def advice_of(loss, net=None, y_hat=None, epochs=5, lr=0.1):
    net = net or lh.sequential_lenet()
    y_hat = torch.randn(8, 10) if y_hat is None else y_hat
    return " ".join(advice_on(net, torch.rand(8, 1, 28, 28), y_hat, loss, epochs, lr))


def test_advice_looks_at_the_loss():
    guessing = math.log(10)
    assert advice_of(guessing - 0.1) == ""  # it has begun to learn
    assert "that of guessing" in advice_of(guessing - 0.015)
    assert "lr=100" in advice_of(699.0, lr=100)
    assert "Lower the learning rate" in advice_of(699.0, lr=100)
    assert "26 classes" in advice_of(99.0, y_hat=torch.randn(8, 26))


def test_advice_looks_at_the_outputs():
    assert "second one" in advice_of(1.6, y_hat=torch.randn(8, 10).softmax(1))
    assert advice_of(1.6, y_hat=torch.randn(8, 10).log_softmax(1)) == ""  # it changes nothing


def test_advice_looks_at_the_activations():
    net = lh.sequential_lenet(activation=nn.ReLU)
    with torch.no_grad():
        net[4].bias.fill_(-1e6)  # the second convolution: its ReLUs are dead
    told = advice_of(math.log(10), net)
    assert "layer '5' (ReLU) is the same for every picture" in told
    assert "sigmoid" not in advice_of(math.log(10), lh.sequential_lenet(activation=nn.ReLU))
    assert "very slowly" in advice_of(math.log(10), lr=0.01)
    assert "starts so" in advice_of(math.log(10), epochs=1, lr=0.9)


def test_one_picture_is_not_taken_for_the_same_picture_everywhere():
    X = torch.rand(1, 1, 28, 28)
    told = advice_on(lh.LeNet(), X, torch.randn(1, 10), math.log(10), 9, 0.9)
    assert "It does not move: try another learning rate" in " ".join(told)


def test_the_advice_draws_no_numbers_but_the_runs():
    class Noisy(nn.Linear):
        def forward(self, X):
            return super().forward(nn.functional.dropout(X.flatten(1))) * 1e-6

    net, before = Noisy(784, 10), torch.get_rng_state()
    result = lh.train_ch6(net, batches(), batches(), 1, 0.001, "cpu", seed=0, plot=False)
    assert "that of guessing" in result.notes[0]
    assert torch.equal(torch.get_rng_state(), before)


def test_weights_that_are_computed_from_others_train_from_their_first_values():
    class Upper(nn.Module):
        def forward(self, weight):  # there is no way back: no right_inverse
            return weight.triu()

    def made():
        net = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
        nn.utils.parametrize.register_parametrization(net[1], "weight", Upper())
        return net

    torch.manual_seed(0)
    net = made()
    twin = copy.deepcopy(net)
    result = lh.train_ch6(net, batches(), batches(), 2, 0.05, "cpu", seed=5, plot=False)
    torch.manual_seed(5)
    twin[1].reset_parameters()
    optimizer = torch.optim.SGD(twin.parameters(), lr=0.05)
    expected = plain_loop(twin, batches(), batches(), 2, optimizer)
    assert rows_of(result) == [pytest.approx(row, abs=1e-6) for row in expected]


def test_without_a_test_set_it_says_so():
    result = lh.train_ch6(lh.LeNet(), batches(), None, 1, 0.1, "cpu", seed=0, plot=False)
    assert math.isnan(result.test_acc)
    assert "test acc not measured" in str(result)
    assert "No test_iter was given" in str(result)


@pytest.mark.parametrize(
    ("optimizer", "words"),
    [
        ("sgd", "optimizer is a str: give what makes"),
        (torch.optim.SGD([torch.zeros(1, requires_grad=True)], 0.1), "is a SGD: give what makes"),
    ],
)
def test_an_optimiser_that_is_made_already_is_named(optimizer, words):
    with pytest.raises(TypeError, match=f"(?s){words}"):
        lh.train_ch6(lh.LeNet(), batches(), None, 1, 0.1, "cpu", optimizer=optimizer, plot=False)


def test_an_error_that_is_no_misfit_passes_as_it_is():
    class Typo(Slow):
        def forward(self, X):
            return self.dens(X.flatten(1))

    class Memory(Slow):
        def forward(self, X):
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB")

    for net, error in ((Typo(), AttributeError), (Memory(), torch.OutOfMemoryError)):
        before = copy.deepcopy(net.state_dict())
        with pytest.raises(error):
            lh.train_ch6(net, batches(), None, 1, 0.1, "cpu", plot=False)
        assert all(torch.equal(v, before[k]) for k, v in net.state_dict().items())


def test_an_error_later_says_how_far_it_came():
    class Breaking(list):
        def __iter__(self):
            yield from super().__iter__()
            raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone") as raised:
        lh.train_ch6(lh.LeNet(), Breaking(batches()), None, 1, 0.1, "cpu", plot=False)
    assert "after 90 examples, in epoch 1" in raised.value.__notes__[0]


def test_a_last_batch_of_one_with_batch_norm_is_left_out_and_named():
    net = nn.Sequential(nn.Flatten(), nn.Linear(784, 8), nn.BatchNorm1d(8), nn.Linear(8, 10))
    result = lh.train_ch6(net, batches(89), batches(), 2, 0.1, "cpu", seed=0, plot=False)
    assert result.examples == 2 * 89
    assert len(result.by_epoch()) == 2
    assert " ".join(str(result).split()).count("BatchNorm1d cannot train on one") == 1


def test_it_trains_where_only_the_usual_memory_order_serves():
    class Flattened(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv, self.dense = nn.Conv2d(1, 4, 5), nn.Linear(4 * 24 * 24, 10)

        def forward(self, X):
            return self.dense(self.conv(X).view(-1, 4 * 24 * 24))

    net = Flattened()
    twin = copy.deepcopy(net)
    result = lh.train_ch6(net, batches(), batches(), 2, 0.01, "cpu", keep_weights=True, plot=False)
    optimizer = torch.optim.SGD(twin.parameters(), lr=0.01)
    expected = plain_loop(twin, batches(), batches(), 2, optimizer)
    assert rows_of(result) == [pytest.approx(row, abs=1e-6) for row in expected]
