"""The choice of a device, on a machine that is told what it has."""

import sys
import types

import pytest
import torch

import lenet_helpers as lh
from lenet_helpers import devices


@pytest.fixture
def machine(monkeypatch):
    """Return a function that says which kind of GPU there is, and how many."""

    def has(kind=None, number=1):
        device = None if kind is None else torch.device(kind)

        def current():
            if device is None:  # so torch 2.6; later ones return None
                raise RuntimeError("Cannot access accelerator device when none is available.")
            return device

        monkeypatch.setattr(torch.accelerator, "current_accelerator", current)
        monkeypatch.setattr(torch.accelerator, "is_available", lambda: device is not None)
        monkeypatch.setattr(torch.accelerator, "device_count", lambda: number)

    return has


def test_every_gpu_then_the_cpu(machine):
    machine("cuda", 2)
    assert lh.available_devices() == ["cuda:0", "cuda:1", "cpu"]
    assert lh.try_gpu() == torch.device("cuda:0")
    assert lh.try_gpu(1) == torch.device("cuda:1")
    assert lh.try_gpu(2) == torch.device("cpu")
    machine("mps")
    assert lh.try_gpu() == torch.device("mps")
    assert lh.try_gpu(1) == torch.device("cpu")
    machine("xpu")
    assert lh.try_gpu() == torch.device("xpu:0")
    machine()
    assert lh.available_devices() == ["cpu"]
    assert lh.try_gpu() == torch.device("cpu")


def test_a_gpu_has_a_whole_number_from_zero():
    with pytest.raises(ValueError, match=r"i=-1: it must be at least 0"):
        lh.try_gpu(-1)


def test_an_absent_device_is_an_error_that_lists_those_present(machine):
    machine("cuda")
    assert devices.find_device("cuda") == torch.device("cuda")
    assert devices.find_device(torch.device("cpu")) == torch.device("cpu")
    assert devices.find_device() == torch.device("cuda:0")
    with pytest.raises(
        ValueError, match=r"device='cuda:1' is not present. Present here: cuda:0, cpu"
    ):
        devices.find_device("cuda:1")
    with pytest.raises(ValueError, match=r"device='mps' is not present"):
        devices.find_device("mps")
    machine()
    with pytest.raises(ValueError, match=r"device='cuda' is not present. Present here: cpu"):
        devices.find_device("cuda")


def test_a_device_that_pytorch_does_not_know():
    with pytest.raises(ValueError, match=r"device='gpu' is no device that PyTorch knows"):
        devices.find_device("gpu")


@pytest.mark.parametrize("kind", ["cuda", "xpu"])
def test_a_gpu_is_called_by_its_own_name(kind, monkeypatch):
    own = types.SimpleNamespace(get_device_name=lambda device: f"the {device.type} in slot 1")
    monkeypatch.setattr(torch, "get_device_module", lambda device: own)
    assert devices.device_name(torch.device(kind)) == f"the {kind} in slot 1"


def test_on_colab_without_a_gpu_it_says_how_to_get_one(monkeypatch):
    monkeypatch.delitem(sys.modules, "google.colab", raising=False)
    cpu, gpu = torch.device("cpu"), torch.device("cuda:0")
    assert [lh.describe_device(device) for device in (cpu, gpu)] == ["cpu", "cuda:0"]
    monkeypatch.setitem(sys.modules, "google.colab", types.ModuleType("google.colab"))
    told = lh.describe_device(cpu)
    assert told.startswith("cpu. ")
    assert "Runtime > Change runtime type > GPU" in told
    assert lh.describe_device(gpu) == "cuda:0"
