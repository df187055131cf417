"""Students with one wrong thought each: what they would answer, worked out apart from the package.

A thought is a piece of arithmetic here, so that a table of the package cannot agree with itself.
"""

import math

import torch
from torch import nn

import lenet_helpers as lh


def size(n, k, s=1, p=0, d=1, *, pads=2, one=1, ceil=False, moves=True, gaps=True):
    """The size of an output as somebody computes it who has one part of the formula wrong."""
    reach = d * (k - 1) + 1 if gaps else k
    step = s if moves else 1
    room = n + pads * p - reach
    return (-(-room // step) if ceil else room // step) + one


def through_lenet(padding=2, stride=2, layers=4, first=28):
    side = first
    for k, s, p in [(5, 1, padding), (2, stride, 0), (5, 1, 0), (2, stride, 0)][:layers]:
        side = size(side, k, s, p)
    return side


def tensors():
    torch.manual_seed(0)
    picture = torch.tensor([[1.0, 0.0], [3.0, 1.0]])
    kernel = torch.tensor([[1.0, -1.0], [0.0, 2.0]])
    return picture, kernel


def lenet(dense=400):
    return nn.Sequential(
        nn.Conv2d(1, 6, 5), nn.Conv2d(6, 16, 5),
        nn.Linear(dense, 120), nn.Linear(120, 84), nn.Linear(84, 10),
    )  # fmt: skip


def weights(net):
    return sum(layer.weight.numel() for layer in net)


PICTURE, KERNEL = tensors()
CONV = nn.Conv2d(6, 16, 5)
# What lh.LeNet does, step by step, with "flatten" in its forward.
STEPS = ["weights", "sigmoid", "pooling"] * 2 + ["flatten"] + ["weights", "sigmoid"] * 2
STEPS += ["weights"]

# (notebook, question, thought, what somebody with that thought answers)
PLANTED = [
    (1, "width of the output", "no plus one", size(5, 3, one=0)),
    (1, "width of the output", "size kept", 5),
    (1, "width of the output", "area for side", 9),
    (1, "width with padding", "padding forgotten", size(28, 5, p=2, pads=0)),
    (1, "width with padding", "padding once", size(28, 5, p=2, pads=1)),
    (1, "width with padding", "no plus one", size(28, 5, p=2, one=0)),
    (1, "width with padding", "kernel for map", 5),
    (1, "width with padding", "kernel not taken off", 28 + 2 * 2),
    (1, "shape with stride", "ceil for floor", [size(n, 3, 2, ceil=True) for n in (5, 6)]),
    (1, "shape with stride", "stride ignored", [size(n, 3, 2, moves=False) for n in (5, 6)]),
    (1, "shape with stride", "no plus one", [size(n, 3, 2, one=0) for n in (5, 6)]),
    (1, "reach with dilation", "first pixel not counted", 2 * (3 - 1)),
    (1, "reach with dilation", "gap after the last tap", 2 * 3),
    (1, "reach with dilation", "dilation adds taps", 3),
    (1, "side after pooling", "pooling stride one", size(28, 2)),
    (1, "side after pooling", "no plus one", size(28, 2, 2, one=0)),
    (1, "side after pooling", "size kept", 28),
    (1, "side after the second pooling", "padding forgotten", through_lenet(padding=0)),
    (1, "side after the second pooling", "stopped early", through_lenet(layers=3)),
    (1, "side after the second pooling", "pooling stride one", through_lenet(stride=1)),
    (1, "side after the second pooling", "area for side", 25),
    (1, "side after the second pooling", "area for side", 400),
    (1, "parameters of the second convolution", "bias forgotten", CONV.weight.numel()),
    (1, "parameters of the second convolution", "kernel of one channel",
     sum(p.numel() for p in nn.Conv2d(1, 16, 5).parameters())),
    (1, "parameters of the second convolution", "parameters grow with picture",
     CONV.weight.numel() * 10 * 10),
    (1, "parameters of the second convolution", "bias per weight", 16 * 6 * (5 * 5 + 1)),
    (2, "first number of the output", "kernel flipped", int((PICTURE * KERNEL.flip(0, 1)).sum())),
    (2, "first number of the output", "sum of corners only", int((PICTURE * KERNEL)[0].sum())),
    (2, "first number of the output", "weights left out", int(PICTURE.sum())),
    (2, "layer with the most parameters", "weights live in convolutions", "conv1"),
    (2, "layer with the most parameters", "weights live in convolutions", "the second convolution"),
    (2, "layer with the most parameters", "last layers largest", "dense3"),
    (2, "parameters without padding", "dense layer like a kernel", 61_706),
    (2, "parameters without padding", "one weight per input", 61_706 - 144),
    (2, "parameters without padding", "bias forgotten", weights(lenet(256))),
    (2, "parameters without padding", "part for whole", 144 * 120),
    (3, "shape after the second pooling", "padding forgotten", (1, 16, 4, 4)),
    (3, "shape after the second pooling", "stopped early", (1, 16, 10, 10)),
    (3, "shape after the second pooling", "batch axis forgotten", "16x5x5"),
    (3, "shape after the second pooling", "axes swapped", (1, 5, 5, 16)),
    (3, "layer with the most multiply-adds", "work is where weights are", 8),
    (3, "layer with the most multiply-adds", "larger map, more work", 1),
    (3, "layer with the most multiply-adds", "other numbering", 5),
    (3, "jump after the second pooling", "strides forgotten", 1),
    (3, "jump after the second pooling", "only the stride before", 2),
    (3, "jump after the second pooling", "field for jump", 1 + 4 + 1 + 2 * 4 + 2),
    (3, "jump after the second pooling", "went too far", 2 * 2 * 2),
    (3, "layers that a hook sees", "function taken for a layer", len(STEPS)),
    (3, "layers that a hook sees", "containers counted", len(list(lh.LeNet().modules()))),
    (3, "layers that a hook sees", "only weights are layers", STEPS.count("weights")),
    (3, "features without padding", "padding added", 400),
    (3, "features without padding", "flatten keeps channels", 16),
    (3, "features without padding", "stopped early", 16 * through_lenet(padding=0, layers=3) ** 2),
    (3, "what the 256 is taken for", "batch for channels", "pictures"),
    (3, "mat1 when nobody flattened", "flatten taken for granted", (1, 6 * 12 * 12)),
    (3, "mat1 when nobody flattened", "maps for rows", "6x144"),
    (3, "mat1 when nobody flattened", "mat1 turned around", (12, 6 * 12)),
    (3, "mat1 when nobody flattened", "mat2 for mat1", (864, 10)),
    (3, "mat1 when nobody flattened", "maps for a matrix", (1, 6, 12, 12)),
    (4, "training pictures of each class", "test set mixed in", 7000),
    (4, "training pictures of each class", "part for whole", 60_000),
    (4, "share of black pixels", "background not counted", "a tenth"),
    (4, "share of black pixels", "garment not counted", "nearly all"),
    (4, "batches of 256", "rounded down", 234),
    (4, "batches of 256", "not rounded", 234.375),
    (4, "batches of 256", "test set mixed in", math.ceil(70_000 / 256)),
    (4, "megabytes of all pictures", "unit mistaken", 54_880_000),
    (4, "megabytes of all pictures", "unit mistaken", "54880 KB"),
    (4, "megabytes of all pictures", "bytes per float", 219.5),
    (4, "megabytes of all pictures", "test set left out", 47),
    (5, "layers with new weights", "class name misread", 5),
    (5, "layers with new weights", "a wrong name stops it", 0),
    (5, "loss of guessing", "guessing loses nothing", 0.9),
    (5, "loss of guessing", "logarithm of another number", 4.6),
    (5, "loss of guessing", "another logarithm", 1),
    (5, "loss of guessing", "minus forgotten", -2.3),
    (5, "loss of the first epoch", "sigmoid learns at once", 0.5),
    (5, "loss of the first epoch", "worse than guessing", 10),
    (5, "test accuracy after ten epochs", "plateau for ever", 0.1),
    (5, "test accuracy after ten epochs", "nearly perfect", "99 %"),
    (5, "plateau with Adam", "adaptive means careful", "longer"),
    (5, "plateau with Adam", "same step for all", "the same"),
    (5, "hardest class", "a shape of its own", 8),
    (6, "pixels seen by the second convolution", "pooling forgotten", 10),
    (6, "pixels seen by the second convolution", "pooling window forgotten", 13),
    (6, "pixels seen by the second convolution", "field is the kernel", "5x5"),
    (6, "pixels seen by the second convolution", "fields multiplied", 25),
    (6, "layer that changes least", "a map does not move", "conv1"),
    (6, "layer that changes least", "one pooling is enough", "pool 1"),
    (6, "equal answers after a move", "pooling makes invariant", 1.0),
    (6, "equal answers after a move", "fixed places only", 0.1),
    (7, "mistake of run A", "start not looked at", "small"),
    (7, "mistake of run B", "any failure is the rate", "large"),
    (7, "mistake of run C", "accuracy not looked at", "second softmax"),
    (7, "mistake of run D", "a rise is a large step", "too big"),
    (7, "mistake of run D", "direction not looked at", "small"),
    (7, "pictures right with a second softmax", "a wrong loss stops all learning", 2),
    (7, "pictures right with a second softmax", "more than there are", 100),
    (8, "operation that takes most time", "going back is free", "forward"),
    (8, "operation that takes most time", "activation costs most", "sigmoids"),
    (8, "DataLoader's share of a step", "loading is free", 0.01),
    (8, "DataLoader's share of a step", "arithmetic is free", "all"),
    (8, "gain of a faster part", "gain of the part", 10),
    (8, "gain of a faster part", "gain times share", 7.5),
    (8, "gain of a faster part", "part costs nothing", 100 / 25),
    (8, "gain of a faster part", "time for gain", "32.5 ms"),
    (8, "gain of a faster part", "other part faster", 100 / (75 + 2.5)),
    (8, "share of the ideal with all threads", "everything is divided", 1),
    (8, "share of the ideal with all threads", "threads do nothing", "0 %"),
    (8, "two programs at once", "programs do not meet", 1),
    (8, "two programs at once", "cores are only shared", "2 times"),
    (8, "two programs at once", "cores are only shared", "twice as long"),
    (8, "two programs at once", "speed for time", 0.5),
    (8, "a batch of 256 against one of 16", "only pictures cost time", 256 / 16),
    (8, "a batch of 256 against one of 16", "a batch costs the same", 1),
    (8, "a batch of 256 against one of 16", "speed for time", 16 / 256),
    (9, "better with as many parameters", "more parameters, better", "equal"),
    (9, "accuracy of the dense network", "dense sees nothing", 0.3),
    (9, "accuracy of the dense network", "nearly perfect", 0.99),
    (9, "class where it loses most", "a shape of its own", "bag"),
    (9, "dense network, permuted", "order matters to all", "slightly worse"),
    (9, "accuracy of LeNet, permuted", "permuted is noise", 0.1),
    (9, "accuracy of LeNet, permuted", "order matters to none", 0.9),
    (9, "accuracy after a move by 6 pixels", "convolution ignores moves", 0.88),
    (9, "accuracy with random kernels", "untrained is guessing", 0.1),
    (9, "accuracy with random kernels", "untrained is as good", 0.91),
    (9, "gradient of a bias", "one picture counted", 9),
    (9, "gradient of a bias", "map has one side", 2 * 3),
    (9, "gradient of a bias", "one place counted", 1),
    (9, "loops against autograd", "rounding is nothing", "yes"),
    (9, "loops against autograd", "rounding is a mistake", "not"),
    (9, "smallest gradients", "tanh is the sigmoid", "tanh"),
    (9, "smallest gradients", "zeros weaken all", "ReLU"),
    (10, "parameters of C3", "every link counted", 2_416),
    (10, "parameters of C3", "bias forgotten", 1_500),
    (10, "parameters of C3", "links share a kernel", 416),
    (10, "accuracy of 1998", "old is useless", 0.2),
    (10, "accuracy of 1998", "old is as good", 0.95),
    (10, "step that helps most", "newest helps most", "dropout"),
    (10, "step that helps most", "small change, large gain", "links"),
    (10, "parameters of C3", "every link counted", 96 * 25),
    (10, "steps that do not help", "every step helps", 0),
    (10, "steps that do not help", "no step helps", 14),
    (10, "steps that do not help", "more than there are", 15),
    (10, "best epoch with 2,000 pictures", "longer is better", 60),
    (10, "best epoch with 2,000 pictures", "learned at once", 1),
    (10, "test accuracy of today", "LeNet's sizes are too small", 0.85),
    (10, "test accuracy of today", "nearly perfect", 0.99),
]  # fmt: skip
