"""The networks of torchvision: their totals against torch's counter and the published numbers."""

import pytest
import torch
import torchvision
from by_torch import multiply_adds

import lenet_helpers as lh

# One of most families, the smallest; and the number of pixels a side where it is not 224.
SIDES = {
    "alexnet": 224, "convnext_tiny": 224, "densenet121": 224, "efficientnet_b0": 224,
    "googlenet": 224, "inception_v3": 299,
    "mobilenet_v2": 224, "mobilenet_v3_small": 224, "regnet_y_400mf": 224, "resnet18": 224,
    "resnext50_32x4d": 224, "shufflenet_v2_x0_5": 224, "squeezenet1_0": 224, "swin_t": 224,
    "vgg11": 224, "vit_b_16": 224,
}  # fmt: skip
WITHOUT_AUXILIARY = {"googlenet": {"init_weights": False, "aux_logits": False},
                     "inception_v3": {"init_weights": False}}  # fmt: skip
# Its attention is written with functions, on the weights of layers that are never called.
ATTENTION_OUTSIDE_OF_LAYERS = "swin_t"


def on_meta(name, **options):
    """Return the network without numbers: only its shapes."""
    # RegNet computes its widths with tensors, which on meta have no numbers.
    with torch.device("cpu" if name.startswith("regnet") else "meta"):
        return torchvision.models.get_model(name, weights=None, **options).to("meta")


@pytest.mark.parametrize("name", SIDES)
def test_its_totals_are_true(name):
    net = on_meta(name, **WITHOUT_AUXILIARY.get(name, {}))
    shape = (1, 3, SIDES[name], SIDES[name])
    table = lh.layer_table(net, shape)
    published = torchvision.models.get_model_weights(name).DEFAULT.meta
    assert table.parameters == sum(p.numel() for p in net.parameters()) == published["num_params"]
    counted = multiply_adds(net, shape)
    assert counted / 1e9 == pytest.approx(published["_ops"], abs=0.0006)  # rounded to three places
    if name != ATTENTION_OUTSIDE_OF_LAYERS:
        assert table.multiply_adds_complete
    if table.multiply_adds_complete:
        assert table.multiply_adds == counted
    else:
        assert 0 < table.multiply_adds < counted
        assert "at least" in str(table)


def test_the_layers_that_only_train_are_named():
    net = on_meta("googlenet", init_weights=False)  # with its two auxiliary classifiers
    table = lh.layer_table(net, (1, 3, 224, 224))
    assert table.parameters == sum(p.numel() for p in net.parameters())
    assert "aux1" in "\n".join(table.notes)
    assert "aux2" in "\n".join(table.notes)
