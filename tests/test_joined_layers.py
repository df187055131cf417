"""Layers joined on a GPU, without a GPU: their kernels are computed on the CPU."""

import copy
import math
from pathlib import Path

import cuda_on_cpu
import pytest
import torch
from torch import Tensor, nn

import lenet_helpers as lh
from benchmark.joined import kernels, layers
from benchmark.joined.layers import _joined, join_layers
from lenet_helpers.training.replayable import only_computes
from lenet_helpers.training.ways import give_back, take_way

pytestmark = pytest.mark.skipif(cuda_on_cpu.COMPILER is None, reason="it needs a C++ compiler")


@pytest.fixture(autouse=True)
def on_the_cpu(monkeypatch):
    """Compute the kernels on the CPU; what else is asked of numbers is asked still."""

    def serves(x):
        good = isinstance(x, Tensor) and x.dtype == torch.float32
        return good and x.numel() > 0 and x.is_contiguous()

    monkeypatch.setattr(layers, "_serves", serves)
    monkeypatch.setattr(kernels, "compiled", cuda_on_cpu.compiled)
    for cached in (layers._dense_kernels, layers._compiled_maps):
        cached.cache_clear()
    yield
    for cached in (layers._dense_kernels, layers._compiled_maps):
        cached.cache_clear()


def joined(net):
    """Let ``net`` compute with joined layers, as ``join_layers`` does on a GPU."""
    assert take_way([m for m in net.modules() if type(m) is nn.Sequential], _joined, net)
    return net


def steps_of(y):
    """Return the names of what was computed on the way to ``y``."""
    found, to_see = [], [y.grad_fn]
    while to_see:
        step = to_see.pop()
        if step is not None and "AccumulateGrad" not in type(step).__name__:
            found.append(type(step).__name__.removesuffix("Backward").removesuffix("Backward0"))
            to_see += [before for before, _ in step.next_functions]
    return found[::-1]


def small(function=nn.Sigmoid, pooling=nn.AvgPool2d, kernel=3, padding=1):
    sides = [(side + 2 * padding - kernel + 1) // 2 for side in (12, 8)]
    return nn.Sequential(
        nn.Conv2d(2, 5, kernel, padding=padding), function(), pooling(2), nn.Flatten(),
        nn.Linear(5 * sides[0] * sides[1], 17), function(), nn.Linear(17, 3),
    )  # fmt: skip


PICTURES = torch.randn(3, 2, 12, 8, generator=torch.Generator().manual_seed(0))


def check_alike(net, x):
    """Compare scores and all gradients with PyTorch's in float64."""
    torch.manual_seed(0)
    twin = copy.deepcopy(net).double()
    ours, theirs = x.clone().requires_grad_(), x.double().requires_grad_()
    y, expected = joined(net)(ours), twin(theirs)
    assert steps_of(y).count("_Maps") == sum(type(m) is nn.Conv2d for m in net)
    assert steps_of(y).count("_Dense") == sum(type(m) is nn.Linear for m in net)
    assert {*steps_of(y)} <= {"_Maps", "_Dense", "View"}
    weights = torch.randn_like(expected)
    (y * weights.float()).sum().backward()
    (expected * weights).sum().backward()
    pairs = [(y.detach(), expected.detach()), (ours.grad, theirs.grad)]
    pairs += [(p.grad, q.grad) for p, q in zip(net.parameters(), twin.parameters(), strict=True)]
    for value, right in pairs:
        assert value.shape == right.shape
        assert ((value - right).norm() / right.norm()).item() < 2e-6


def test_lenet_is_computed_in_five_kernels_with_the_numbers_of_pytorch():
    check_alike(lh.sequential_lenet(), torch.rand(5, 1, 28, 28))


@pytest.mark.parametrize("function", [nn.Sigmoid, nn.Tanh, nn.ReLU])
@pytest.mark.parametrize("pooling", [nn.AvgPool2d, nn.MaxPool2d])
def test_functions_and_poolings(function, pooling):
    check_alike(small(function, pooling), PICTURES)


@pytest.mark.parametrize(("kernel", "padding"), [(1, 0), (3, 0), (5, 0), (5, 4), (7, 3)])
def test_kernels_and_paddings(kernel, padding):
    check_alike(small(kernel=kernel, padding=padding), PICTURES)


def test_more_pictures_than_blocks(monkeypatch):
    monkeypatch.setattr(layers, "BLOCKS", 2)
    check_alike(small(), torch.randn(7, 2, 12, 8))


def test_sums_longer_and_matrices_larger_than_a_tile():
    check_alike(
        nn.Sequential(nn.Flatten(), nn.Linear(150, 40), nn.Tanh(), nn.Linear(40, 33)),
        torch.randn(70, 2, 5, 15),
    )


def test_of_equal_largest_numbers_the_first_gets_the_gradient():
    net = small(nn.Tanh, nn.MaxPool2d, kernel=1, padding=0)
    check_alike(net, torch.ones(2, 2, 12, 8))


def test_what_is_no_number_is_seen():
    x = PICTURES.clone()
    x[1, 0, 3, 3] = math.nan
    for function, pooling in ((nn.ReLU, nn.MaxPool2d), (nn.Sigmoid, nn.AvgPool2d)):
        y = joined(small(function, pooling, kernel=1, padding=0))(x)
        assert y.isnan().any(1).tolist() == [False, True, False]


def test_a_frozen_layer_gets_no_gradient_and_a_network_without_gradients_keeps_no_maps():
    net = joined(small())
    net[0].requires_grad_(False)
    net(PICTURES).sum().backward()
    assert net[0].weight.grad is None is net[0].bias.grad
    assert net[4].weight.grad is not None
    with torch.no_grad():
        assert net(PICTURES).grad_fn is None


@pytest.mark.parametrize(
    "net",
    [
        nn.Sequential(nn.Conv2d(2, 4, 3, stride=2), nn.Sigmoid(), nn.AvgPool2d(2)),
        nn.Sequential(nn.Conv2d(2, 4, 3, bias=False), nn.Sigmoid(), nn.AvgPool2d(2)),
        nn.Sequential(nn.Conv2d(2, 4, 3, groups=2), nn.Sigmoid(), nn.AvgPool2d(2)),
        nn.Sequential(nn.Conv2d(2, 4, 3, padding="same"), nn.Sigmoid(), nn.AvgPool2d(2)),
        nn.Sequential(nn.Conv2d(2, 4, 3, 1, 1, padding_mode="reflect"), nn.ReLU(), nn.AvgPool2d(2)),
        nn.Sequential(nn.Conv2d(2, 4, (3, 1)), nn.Sigmoid(), nn.AvgPool2d(2)),
        nn.Sequential(nn.Conv2d(2, 4, 2), nn.Sigmoid(), nn.AvgPool2d(2)),  # maps of 11x7
        nn.Sequential(nn.Conv2d(2, 4, 3), nn.Sigmoid(), nn.AvgPool2d(3)),
        nn.Sequential(nn.Conv2d(2, 4, 3), nn.Sigmoid(), nn.AvgPool2d(2, stride=1)),
        nn.Sequential(nn.Conv2d(2, 4, 3), nn.Sigmoid(), nn.AvgPool2d(2, padding=1)),
        nn.Sequential(nn.Conv2d(2, 4, 3), nn.Sigmoid(), nn.AvgPool2d(2, divisor_override=3)),
        nn.Sequential(nn.Conv2d(2, 4, 3), nn.GELU(), nn.AvgPool2d(2)),
        nn.Sequential(nn.Conv2d(2, 4, 3), nn.AvgPool2d(2)),
        nn.Sequential(nn.Conv2d(2, 4, 3), nn.Sigmoid()),
        nn.Sequential(nn.Linear(8, 4), nn.Sigmoid()),  # of four dimensions
        nn.Sequential(nn.Flatten(), nn.Linear(192, 4, bias=False)),
        nn.Sequential(nn.Flatten(), nn.Linear(192, 1025)),
    ],
)  # fmt: skip
def test_other_layers_are_left_to_pytorch(net):
    expected = net(PICTURES)
    y = joined(net)(PICTURES)
    assert torch.equal(y, expected)
    assert not {"_Maps", "_Dense"} & {*steps_of(y)}


@pytest.mark.parametrize("at", [0, 1, 2, 4])
def test_a_layer_that_somebody_looks_at_is_computed_by_itself(at):
    net, seen = joined(small()), []
    before = net(PICTURES)
    handle = net[at].register_forward_hook(lambda *_: seen.append(1))
    y = net(PICTURES)
    assert seen == [1]
    assert steps_of(y) != steps_of(before)
    handle.remove()
    net[at].forward = type(net[at]).forward.__get__(net[at])  # somebody's own
    assert steps_of(net(PICTURES)) != steps_of(before)


def test_wrong_sizes_are_errors_of_pytorch():
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):
        joined(small())(torch.randn(3, 2, 12, 12))
    with pytest.raises(RuntimeError, match="to have 2 channels"):
        joined(small())(torch.randn(3, 1, 12, 8))


def test_a_layer_that_cannot_be_compiled_is_left_to_pytorch(monkeypatch):
    def fails(*_):
        raise RuntimeError("NVRTC_ERROR_COMPILATION")

    monkeypatch.setattr(kernels, "compiled", fails)
    net = small()
    assert torch.equal(joined(net)(PICTURES), net(PICTURES))


def test_only_on_a_gpu_and_given_back():
    net = small()
    assert join_layers(net, torch.device("cpu")) == []
    changed = join_layers(net, torch.device("cuda"))
    assert changed == [net]
    assert only_computes(net)  # so the step can be recorded
    give_back(changed)
    assert "forward" not in vars(net)
    assert join_layers(nn.Sequential(nn.Flatten()), torch.device("cuda")) == []


def test_double_gradients_are_refused():
    x = PICTURES.clone().requires_grad_()
    y = joined(small())(x)
    (gradient,) = torch.autograd.grad((y**2).sum(), x, create_graph=True)
    with pytest.raises(RuntimeError, match="once_differentiable"):
        gradient.sum().backward()


def test_the_kernels_compile_for_gpus_from_the_t4_on():
    pytest.importorskip("cuda.bindings.nvrtc")
    folder = Path(kernels.__file__).parent
    told = layers._written(layers.FUNCTIONS[nn.Sigmoid])
    sizes = {
        "IN": 6, "OUT": 16, "HEIGHT": 14, "WIDTH": 14, "KERNEL": 5, "PADDING": 0, "TOGETHER": 4,
        "BACK": 2, "SHARES": 2, "THREADS": 192, "LARGEST": 0,
    }  # fmt: skip
    for name, definitions in (("maps.cu", sizes | told), ("dense.cu", told)):
        lines = "".join(f"#define {what} {value}\n" for what, value in definitions.items())
        source = lines + (folder / name).read_text(encoding="utf-8")
        for architecture in (75, 80, 90, 100):
            options = [f"--gpu-architecture=sm_{architecture}".encode(), b"--std=c++17"]
            assert kernels._compile(source.encode(), options).startswith(b"\x7fELF")
