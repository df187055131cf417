"""LeNet twice: as the textbook's chain of layers, and as a class of its own.

Both are modern relatives of LeNet-5 (LeCun, Bottou, Bengio, Haffner, "Gradient-based learning
applied to document recognition", 1998). Notebook 2 builds them line by line, and says what differs.
"""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor, nn

SIDE = 28  # pixels a side of a Fashion-MNIST picture


class Reshape(nn.Module):
    """Give pictures of 28x28 pixels the shape (N, 1, 28, 28) that a convolution wants.

    Takes (28, 28), (N, 28, 28), (N, 784) and (N, 1, 28, 28).
    """

    def forward(self, x: Tensor) -> Tensor:
        """Return ``x`` as (N, 1, 28, 28).

        Raises:
            ValueError: ``x`` does not hold whole pictures of 28x28 pixels.
        """
        # A bare view(-1, 1, 28, 28) would take 49 pictures of 32x32 for 64 of 28x28, and a picture
        # of 3 channels for 3 pictures.
        shape = tuple(x.shape)
        pixels, whole = (SIDE, SIDE), (SIDE * SIDE,)
        if shape != pixels and shape[1:] not in (pixels, whole, (1, *pixels)):
            raise ValueError(
                f"x has shape {tuple(x.shape)}: Reshape takes pictures of 28x28 pixels, "
                "(N, 1, 28, 28), (N, 28, 28) or (N, 784). Resize them, or leave Reshape out."
            )
        return x.reshape(-1, 1, SIDE, SIDE)


def sequential_lenet(
    *,
    activation: Callable[[], nn.Module] = nn.Sigmoid,
    pooling: Callable[[int, int], nn.Module] = nn.AvgPool2d,
) -> nn.Sequential:
    """Return the textbook's LeNet: 61,706 parameters, padding 2, sigmoid, average pooling.

    Args:
        activation: Makes an activation layer, for example ``nn.ReLU``.
        pooling: Makes a pooling layer from window and stride, for example ``nn.MaxPool2d``.
    """
    return nn.Sequential(
        Reshape(),
        nn.Conv2d(1, 6, kernel_size=5, padding=2),  # (N, 6, 28, 28)
        activation(),
        pooling(2, 2),  # (N, 6, 14, 14)
        nn.Conv2d(6, 16, kernel_size=5),  # (N, 16, 10, 10)
        activation(),
        pooling(2, 2),  # (N, 16, 5, 5)
        nn.Flatten(),  # (N, 400)
        nn.Linear(16 * 5 * 5, 120),
        activation(),
        nn.Linear(120, 84),
        activation(),
        nn.Linear(84, 10),
    )


class LeNet(nn.Module):
    """LeNet as a class: no padding, max pooling, 44,426 parameters."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv2d(1, 6, kernel_size=5),  # (N, 6, 24, 24)
            nn.Sigmoid(),
            nn.MaxPool2d(2, 2),  # (N, 6, 12, 12)
            nn.Conv2d(6, 16, kernel_size=5),  # (N, 16, 8, 8)
            nn.Sigmoid(),
            nn.MaxPool2d(2, 2),  # (N, 16, 4, 4)
        )
        self.fc = nn.Sequential(
            nn.Linear(16 * 4 * 4, 120),
            nn.Sigmoid(),
            nn.Linear(120, 84),
            nn.Sigmoid(),
            nn.Linear(84, 10),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return logits of shape (N, 10) for pictures of shape (N, 1, 28, 28)."""
        maps = self.conv(x)
        scores: Tensor = self.fc(maps.flatten(start_dim=1))
        return scores


def xavier_init(module: nn.Module) -> None:
    """Give a dense layer or a convolution Xavier weights; use it as ``net.apply(xavier_init)``.

    The weights are drawn from the uniform distribution that keeps the size of signals and
    gradients alike from layer to layer. Biases stay as PyTorch made them.

    Source: Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural
    networks", 2010.
    """
    if isinstance(module, nn.Linear | nn.Conv2d):
        nn.init.xavier_uniform_(module.weight)


def count_parameters(net: nn.Module) -> int:
    """Return how many numbers ``net`` learns.

    >>> count_parameters(sequential_lenet()), count_parameters(LeNet())
    (61706, 44426)
    """
    return sum(parameter.numel() for parameter in net.parameters() if parameter.requires_grad)
