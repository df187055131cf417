"""Every network of the gallery through the whole package, held against PyTorch itself."""

import copy
import functools
import itertools
import re

import pytest
import torch
from by_torch import (
    WEIGHTED,
    calls,
    ends,
    is_layer,
    left_alone,
    multiply_adds,
    numbered,
    plain_loop,
    seen_by_gradient,
    seen_by_nan,
    tried,
)
from peoples_networks import ZOO
from torch import nn
from torch.utils.data import (
    BatchSampler,
    DataLoader,
    IterableDataset,
    RandomSampler,
    Subset,
    SubsetRandomSampler,
    TensorDataset,
    WeightedRandomSampler,
)
from viewer_arithmetic import values_in_page

import lenet_helpers as lh
from lenet_helpers.network.table import LayerShapeError

pytestmark = [
    pytest.mark.filterwarnings("ignore:Lazy modules"),
    pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel"),
]
every_network = pytest.mark.parametrize("entry", ZOO.values(), ids=ZOO)

# float32 sums in another order: a few steps of training spread the last digits this far.
CLOSE = {"rtol": 1e-4, "atol": 1e-5}
LR = 0.05


def made(entry, seed=1):
    """Return the network of ``entry``, with the sizes of lazy layers known."""
    torch.manual_seed(seed)
    net = entry.make()
    if any(isinstance(p, nn.UninitializedParameter) for p in net.parameters()):
        with torch.no_grad():
            net.eval()(torch.zeros(1, *entry.shape))
    return net.train()


def batches_of(entry, sizes=(6, 6, 4)):
    numbers = torch.Generator().manual_seed(7)
    return [
        (
            torch.rand(n, *entry.shape, generator=numbers),
            torch.randint(entry.classes, (n,), generator=numbers),
        )
        for n in sizes
    ]


def same(one, other):
    """Return whether two states are equal to the last bit."""
    return list(one) == list(other) and all(torch.equal(one[name], other[name]) for name in one)


# ---------------------------------------------------------------- training


def without_chance(net):
    """Switch off every dropout of ``net``, and return it."""
    for module in net.modules():
        for name in ("p", "dropout"):
            if isinstance(getattr(module, name, None), float):
                setattr(module, name, 0.0)
    return net


LOOPED = {name: entry for name, entry in ZOO.items() if name != "StochasticDepth"}


@pytest.mark.parametrize("entry", LOOPED.values(), ids=LOOPED)
def test_it_trains_as_in_a_plain_loop(entry):
    net = without_chance(made(entry))
    twin, before = copy.deepcopy(net), copy.deepcopy(net.state_dict())
    train, test = batches_of(entry), batches_of(entry, (8,))
    expected = plain_loop(twin, train, test, 2, LR)
    result = lh.train_ch6(net, train, test, 2, LR, "cpu", seed=0, keep_weights=True, plot=False)
    assert result.examples == 32
    assert [row[1:] for row in result.by_epoch()] == [
        (pytest.approx(loss, rel=1e-4), train_acc, test_acc)
        for loss, train_acc, test_acc in expected
    ]
    theirs = twin.state_dict()
    for name, value in net.state_dict().items():
        torch.testing.assert_close(value, theirs[name], msg=lambda m, n=name: f"{n}: {m}", **CLOSE)
    assert any((theirs[name] - value).abs().max() > 1e-3 for name, value in before.items())


@every_network
def test_the_same_seed_gives_the_same_run(entry):
    train, test = batches_of(entry), batches_of(entry, (8,))

    def run(net, before):
        torch.manual_seed(before)  # the numbers that come otherwise: they must not matter
        result = lh.train_ch6(net, train, test, 1, LR, "cpu", seed=0, plot=False)
        rows = [(p.epoch, p.train_loss, p.train_acc, p.test_acc) for p in result.history]
        return rows, copy.deepcopy(net.state_dict())

    torch.manual_seed(1)
    net = entry.make()
    rows, state = run(net, 11)
    torch.manual_seed(2 if entry.reseeds else 1)
    fresh_rows, fresh_state = run(entry.make(), 12)
    assert fresh_rows == rows
    assert same(fresh_state, state)
    again_rows, again_state = run(net, 13)
    assert again_rows == rows
    assert same(again_state, state)


def test_another_seed_gives_another_run():
    entry = ZOO["lenet5_style"]
    losses = {
        lh.train_ch6(
            made(entry), batches_of(entry), batches_of(entry), 1, LR, "cpu", seed=seed, plot=False
        ).train_loss
        for seed in (0, 1, 2)
    }
    assert len(losses) == 3


# ---------------------------------------------------------------- batches of any kind

SMALL = ZOO["batch_norm"]
X, Y = torch.rand(22, 1, 28, 28, generator=torch.Generator().manual_seed(3)), torch.arange(22) % 10
PAIRS = TensorDataset(X, Y)


class Stream(IterableDataset):
    def __iter__(self):
        return iter(zip(X, Y, strict=True))


class Generating:
    """Batches that are made while they are asked for."""

    def __iter__(self):
        for i in range(0, 22, 6):
            yield X[i : i + 6], Y[i : i + 6]


def numbers():
    return torch.Generator().manual_seed(5)


def dicts_to_pairs(examples):
    return torch.stack([x for x, _ in examples]), torch.stack([y for _, y in examples])


LOADERS = {
    "a list": lambda: list(Generating()),
    "a tuple": lambda: tuple(Generating()),
    "an object that generates": Generating,
    "a loader": lambda: DataLoader(PAIRS, batch_size=6),
    "shuffled by the global numbers": lambda: DataLoader(PAIRS, batch_size=6, shuffle=True),
    "shuffled by its own numbers": lambda: DataLoader(
        PAIRS, batch_size=6, shuffle=True, generator=numbers()
    ),
    "a last batch dropped": lambda: DataLoader(PAIRS, batch_size=5, drop_last=True),
    "an iterable set": lambda: DataLoader(Stream(), batch_size=6),
    "a subset": lambda: DataLoader(Subset(PAIRS, range(3, 15)), batch_size=4),
    "a sampler of a part": lambda: DataLoader(
        PAIRS, batch_size=4, sampler=SubsetRandomSampler(range(12), generator=numbers())
    ),
    "a weighted sampler": lambda: DataLoader(
        PAIRS,
        batch_size=8,
        sampler=WeightedRandomSampler(torch.linspace(1, 2, 22), 16, generator=numbers()),
    ),
    "a sampler of batches": lambda: DataLoader(
        PAIRS, batch_sampler=BatchSampler(RandomSampler(PAIRS, generator=numbers()), 6, True)
    ),
    "a loader without batching of its own": lambda: DataLoader(
        PAIRS, batch_size=None, sampler=BatchSampler(range(22), 6, False)
    ),
    "a way to collate": lambda: DataLoader(PAIRS, batch_size=6, collate_fn=dicts_to_pairs),
}  # fmt: skip


@pytest.mark.parametrize("loader", LOADERS.values(), ids=LOADERS)
def test_batches_of_any_kind_train_as_in_a_plain_loop(loader):
    net = made(SMALL)
    twin = copy.deepcopy(net)
    torch.manual_seed(4)
    expected = plain_loop(twin, loader(), [(X, Y)], 2, LR)
    torch.manual_seed(4)
    result = lh.train_ch6(net, loader(), [(X, Y)], 2, LR, "cpu", keep_weights=True, plot=False)
    assert [row[1] for row in result.by_epoch()] == pytest.approx(
        [e[0] for e in expected], rel=1e-4
    )
    for ours, theirs in zip(net.parameters(), twin.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs, **CLOSE)


@pytest.mark.parametrize("used_up", [iter, lambda b: (pair for pair in b), lambda b: map(tuple, b)])
def test_what_can_be_gone_through_once_serves_for_one_epoch(used_up):
    net = made(SMALL)
    twin = copy.deepcopy(net)
    expected = plain_loop(twin, list(Generating()), [(X, Y)], 1, LR)
    result = lh.train_ch6(
        net, used_up(list(Generating())), [(X, Y)], 1, LR, "cpu", keep_weights=True, plot=False
    )
    assert result.examples == 22  # no batch was lost by looking at it first
    assert result.train_loss == pytest.approx(expected[0][0], rel=1e-4)


def test_a_loader_is_gone_through_once_an_epoch():
    class Counting(Generating):
        times = 0

        def __iter__(self):
            Counting.times += 1
            return super().__iter__()

    lh.train_ch6(made(SMALL), Counting(), [(X, Y)], 3, LR, "cpu", seed=0, plot=False)
    assert Counting.times == 3


@pytest.mark.parametrize("name", ["lenet5_style", "FlattenedByCount", "other_norms", "PlainSkip"])
def test_batches_of_one_train_as_in_a_plain_loop(name):
    entry = ZOO[name]
    net = made(entry)
    twin = copy.deepcopy(net)
    ones = batches_of(entry, (1,) * 6)
    expected = plain_loop(twin, ones, ones, 2, LR)
    result = lh.train_ch6(net, ones, ones, 2, LR, "cpu", keep_weights=True, plot=False)
    assert [row[1] for row in result.by_epoch()] == pytest.approx(
        [e[0] for e in expected], rel=1e-4
    )


def test_without_a_test_set():
    net = made(SMALL)
    twin = copy.deepcopy(net)
    expected = plain_loop(twin, list(Generating()), [(X, Y)], 2, LR)
    result = lh.train_ch6(
        net, list(Generating()), None, 2, LR, "cpu", keep_weights=True, plot=False
    )
    assert result.train_loss == pytest.approx(expected[-1][0], rel=1e-4)
    assert result.epochs == 2


# ---------------------------------------------------------------- accuracy and predictions


@every_network
def test_accuracy_and_predictions_are_torchs_own(entry):
    net, test = made(entry), batches_of(entry, (7, 5))
    next(iter(net.children()), net).eval()  # one part of it in another mode
    with torch.no_grad():
        twin = copy.deepcopy(net).eval()
        expected = torch.cat([twin(X).argmax(1) for X, _ in test])
    true = torch.cat([y for _, y in test])
    with left_alone(net):
        predicted, labels = lh.predict(net, test)
        rate = lh.evaluate_accuracy_gpu(net, test)
    assert torch.equal(predicted, expected)
    assert torch.equal(labels, true)
    assert rate == pytest.approx((expected == true).double().mean().item(), abs=1e-12)


# ---------------------------------------------------------------- the table


@every_network
def test_the_table_states_no_wrong_total(entry):
    net = made(entry)
    with left_alone(net):
        table = lh.layer_table(net, (2, *entry.shape))
    numbers = {p: p.numel() for p in net.parameters()}
    assert table.parameters == sum(numbers.values())
    assert table.trainable == sum(n for p, n in numbers.items() if p.requires_grad)
    assert table.frozen == table.parameters - table.trainable
    counted = multiply_adds(net, (2, *entry.shape))
    said = [str(table), table._repr_html_()]
    if table.multiply_adds_complete:
        assert entry.work != "unknown"
        assert table.multiply_adds == counted
        assert not any("at least" in text for text in said)
    else:
        assert entry.work != "layers"
        assert 0 <= table.multiply_adds <= counted
        assert all("at least" in text for text in said)
    for text in said:
        assert f"{table.parameters:,}" in text
        assert f"{table.multiply_adds:,}" in text


@every_network
def test_the_table_names_what_no_row_shows(entry):
    net = made(entry)
    table = lh.layer_table(net, (2, *entry.shape))
    notes = "\n".join(table.notes)
    for name in (*entry.own, *entry.unused):
        assert re.search(rf"\b{name}\b", notes), f"{name} is not named in {notes!r}"
    for note in table.notes:
        assert note in str(table)
    if not entry.unused:
        assert not re.search(r"unused|never (called|used)|not (called|used)", notes)
    if entry.folds:
        assert re.search(r"\bbatch\b", notes)
    if entry.kind != "chain":  # a step that is no layer, or a layer that takes not the last output
        assert "outside" in str(table) or "takes" in str(table)
    elif not (entry.own or entry.unused or table.frozen) and entry.work == "layers":
        names = [row.name for row in table.rows]
        assert table.notes == () or len(set(names)) < len(names)
        assert "outside" not in str(table)


@every_network
def test_the_table_has_a_row_for_every_layer_with_weights(entry):
    """A layer is in a row of its own, or inside one (as those of an attention may be)."""
    net = made(entry).eval()
    table = lh.layer_table(net, (2, *entry.shape))
    rows = [row.name for row in table.rows]
    for name, _, out in calls(net, torch.rand(2, *entry.shape), WEIGHTED):
        inside = [row for row in table.rows if row.name == name or name.startswith(f"{row.name}.")]
        assert inside, f"{name} is in none of {rows}"
        assert tuple(out.shape) in [row.output_shape for row in inside] or name not in rows


# Layers whose units see a window, and layers that leave every place by itself.
WINDOWS = (nn.Conv2d, nn.MaxPool2d, nn.AvgPool2d)
PLACE_BY_PLACE = (nn.BatchNorm2d, nn.Dropout, nn.Dropout2d, nn.ReLU, nn.ReLU6, nn.Sigmoid, nn.Tanh,
                  nn.LeakyReLU, nn.SiLU)  # fmt: skip


def agrees(sees, jump, here, before, side):
    """Assert that a receptive field and a jump are, along one axis, what was measured.

    Args:
        sees: The receptive field that is stated.
        jump: The jump that is stated.
        here: The first and last place in the picture that reach the unit in the middle.
        before: The same of the unit before it, or None.
        side: How many places the picture has.
    """
    first, last = here
    assert sees >= last - first + 1
    if first > 0 and last < side - 1:  # the field lies whole in the picture
        assert sees == last - first + 1
        if before is not None and before[0] > 0:
            assert jump == first - before[0]


@every_network
def test_receptive_fields_and_jumps_are_true(entry):
    net = made(entry).eval()
    table = lh.layer_table(net, (1, *entry.shape))
    keys = list(numbered(row.name for row in table.rows))
    by_nan = seen_by_nan(net, entry.shape) if entry.smooth else {}
    by_gradient = seen_by_gradient(net, entry.shape)
    sides = entry.shape[1:]
    for key, row in zip(keys, table.rows, strict=True):
        assert (row.receptive_field is None) == (row.jump is None)
        if row.receptive_field is None:
            continue
        if key in by_gradient and by_gradient[key].any():
            for axis in range(2):
                first, last = ends(by_gradient[key].any(dim=1 - axis))
                assert row.receptive_field[axis] >= last - first + 1
        for axis, reach in enumerate(by_nan.get(key, ())):
            unit = reach.shape[1] // 2
            here, before = ends(reach[:, unit]), ends(reach[:, unit - 1]) if unit else None
            if here is not None:
                agrees(row.receptive_field[axis], row.jump[axis], here, before, sides[axis])
    if entry.kind == "chain":  # there they are known, and so must be stated
        for row in itertools.takewhile(
            lambda row: isinstance(row.module, WINDOWS + PLACE_BY_PLACE), table.rows
        ):
            if isinstance(row.module, WINDOWS):
                assert row.receptive_field is not None


# ---------------------------------------------------------------- the drawing

BRANCHES = r"\b(branch|skip|join|add(s|ed)?\b|sum\b|concat|split|beside|outside)"
UNUSUAL = (nn.Conv1d, nn.Conv3d, nn.ConvTranspose2d)  # drawn, or refused by name
WHOLE = (nn.RNNBase, nn.MultiheadAttention)  # named in the drawing, or refused by name


def words_for(out):
    """Return a pattern that finds, in a sentence, the size of what a layer gives."""
    sizes = list(out.shape[1:])
    if len(sizes) == 1:
        return rf"\b{sizes[0]} features?\b"
    if len(sizes) == 3:
        return rf"\b{sizes[0]} maps? of {sizes[1]}×{sizes[2]}\b"
    return r"\b.{1,12}\b".join(str(size) for size in sizes)


@every_network
def test_the_drawing_shows_what_is_there_or_refuses_in_words(entry):
    net = made(entry)
    called = calls(copy.deepcopy(net).eval(), torch.rand(2, *entry.shape), WEIGHTED + WHOLE)
    layers = [call for call in called if isinstance(call[1], WEIGHTED)]
    whole = [type(module).__name__ for _, module, _ in called if isinstance(module, WHOLE)]
    unusual = [type(m).__name__ for _, m, _ in layers if isinstance(m, UNUSUAL)] + whole
    with left_alone(net):
        picture = tried(lh.draw_network, net, (2, *entry.shape))
    if isinstance(picture, ValueError):
        assert not isinstance(picture, LayerShapeError)
        assert entry.kind != "chain" or unusual or not layers, picture
        assert re.search("|".join([*unusual, BRANCHES, "nothing to draw"]), str(picture))
        return
    alt = picture.alt
    assert f"{sum(p.numel() for p in net.parameters()):,} parameters" in alt
    patterns = [words_for(out) for _, _, out in layers]
    for pattern in set(patterns):
        assert len(re.findall(pattern, alt)) >= patterns.count(pattern), f"{pattern}: {alt}"
    for name in whole:
        assert name.lower() in alt.lower()
    if entry.kind == "chain":
        assert "outside" not in alt
    elif entry.kind == "steps":
        assert "outside" in alt
    else:
        assert re.search(BRANCHES, alt)


# ---------------------------------------------------------------- the viewer


@functools.cache
def viewed(name):
    """Return the network, its demo or the refusal, and the pictures."""
    entry = ZOO[name]
    net, images = made(entry), batches_of(entry)[0][0][:2]
    for module in net.modules():  # as after training: not 0 and 1
        if isinstance(module, nn.modules.batchnorm._BatchNorm):
            module.running_mean.uniform_(-0.2, 0.2)
            module.running_var.uniform_(0.5, 2)
    classes = [f"class {i}" for i in range(entry.classes)]
    with left_alone(net):
        demo = tried(lh.lenet_viewer, net, images, torch.arange(2), classes=classes)
    return net, demo, images


@every_network
def test_the_viewer_takes_it_or_says_what_it_cannot_show(entry):
    net, demo, _ = viewed(entry.name)
    if isinstance(demo, ValueError):
        assert entry.viewer is not True, demo
        assert re.search(entry.viewer, str(demo))
        named = {name for name, _ in net.named_modules() if name}
        named |= {"outside", "no layers", "images", type(net).__name__}
        assert any(re.search(rf"\b{re.escape(name)}\b", str(demo)) for name in named)
    else:
        assert demo.data["nets"]


@every_network
def test_what_the_viewer_shows_is_what_torch_computes(entry, blank_page):
    net, demo, images = viewed(entry.name)
    if isinstance(demo, ValueError):
        assert entry.viewer is not True, demo
        return
    values = values_in_page(blank_page, demo, images)
    with torch.no_grad():
        expected = net.eval()(images)
    torch.testing.assert_close(values[-1], expected, rtol=0, atol=1e-5)
    called = [out for name, module, out in calls(net, images) if is_layer(name, module)]
    for ours, theirs in zip(values[1:], called, strict=True):
        torch.testing.assert_close(ours, theirs.flatten(1), rtol=0, atol=1e-5)
