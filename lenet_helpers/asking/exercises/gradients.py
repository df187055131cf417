"""The exercise of notebook 9: the gradients of a convolution, by hand."""

from __future__ import annotations

import torch

from .building import numbers
from .exercise import Case, Exercise, Slip


def correlate_gradients(picture, kernel, output_grad):
    """Return the gradients of a loss for the kernel and for the picture, in this order.

    picture, kernel: what correlate took; output_grad: the gradient of the loss for each number
    of its output. The gradients have the shapes of kernel and picture.

    >>> picture, kernel = torch.tensor([[1.0, 2.0, 3.0]]), torch.tensor([[5.0, 7.0]])
    >>> correlate_gradients(picture, kernel, torch.tensor([[1.0, 10.0]]))
    (tensor([[21., 32.]]), tensor([[ 5., 57., 70.]]))
    """
    height, width = kernel.shape
    kernel_grad, picture_grad = torch.zeros_like(kernel), torch.zeros_like(picture)
    for row in range(output_grad.shape[0]):
        for column in range(output_grad.shape[1]):
            grad = output_grad[row, column]
            kernel_grad += grad * picture[row : row + height, column : column + width]
            picture_grad[row : row + height, column : column + width] += grad * kernel
    return kernel_grad, picture_grad


def _case(picture, kernel):
    output = tuple(p - k + 1 for p, k in zip(picture, kernel, strict=True))
    return Case((numbers(*picture), numbers(*kernel, first=4), numbers(*output, first=6)))


def _last_only(picture, kernel, output_grad):
    only = torch.zeros_like(output_grad)
    only[-1, -1] = output_grad[-1, -1]
    kernel_grad, _ = correlate_gradients(picture, kernel, only)
    return kernel_grad, correlate_gradients(picture, kernel, output_grad)[1]


def _first_only(picture, kernel, output_grad):
    only = torch.zeros_like(output_grad)
    only[0, 0] = output_grad[0, 0]
    return correlate_gradients(picture, kernel, only)


def _overwritten(picture, kernel, output_grad):
    kernel_grad, _ = _last_only(picture, kernel, output_grad)
    picture_grad = torch.zeros_like(picture)
    for row in range(output_grad.shape[0]):
        for column in range(output_grad.shape[1]):
            under_it = picture_grad[row : row + kernel.shape[0], column : column + kernel.shape[1]]
            under_it[:] = output_grad[row, column] * kernel
    return kernel_grad, picture_grad


def _overwritten_picture(picture, kernel, output_grad):
    picture_grad = _overwritten(picture, kernel, output_grad)[1]
    return correlate_gradients(picture, kernel, output_grad)[0], picture_grad


def _flipped(picture, kernel, output_grad):
    kernel_grad, _ = correlate_gradients(picture, kernel, output_grad)
    return kernel_grad, correlate_gradients(picture, kernel.flip(0, 1), output_grad)[1]


def _flipped_grad(picture, kernel, output_grad):
    kernel_grad, picture_grad = correlate_gradients(picture, kernel, output_grad)
    return kernel_grad.flip(0, 1), picture_grad


def _averaged(picture, kernel, output_grad):
    kernel_grad, picture_grad = correlate_gradients(picture, kernel, output_grad)
    return kernel_grad / output_grad.numel(), picture_grad


def _without_grad(picture, kernel, output_grad):
    return correlate_gradients(picture, kernel, torch.ones_like(output_grad))


def _half_without_grad(picture, kernel, output_grad):
    kernel_grad = correlate_gradients(picture, kernel, torch.ones_like(output_grad))[0]
    return kernel_grad, correlate_gradients(picture, kernel, output_grad)[1]


def _half_without_grad_too(picture, kernel, output_grad):
    picture_grad = correlate_gradients(picture, kernel, torch.ones_like(output_grad))[1]
    return correlate_gradients(picture, kernel, output_grad)[0], picture_grad


def _own_windows(picture, kernel, output_grad):
    kernel_grad, picture_grad = torch.zeros_like(kernel), torch.zeros_like(picture)
    height, width = kernel.shape
    for row in range(output_grad.shape[0]):
        for column in range(output_grad.shape[1]):
            under_it = slice(row, row + height), slice(column, column + width)
            kernel_grad += output_grad[row, column] * kernel
            picture_grad[under_it] += output_grad[row, column] * picture[under_it]
    return kernel_grad, picture_grad


def _step_taken(picture, kernel, output_grad):
    kernel_grad, picture_grad = correlate_gradients(picture, kernel, output_grad)
    return kernel - kernel_grad, picture - picture_grad


CORRELATE_GRADIENTS = Exercise(
    notebook=9,
    solution=correlate_gradients,
    cases=lambda: [
        _case(picture, kernel)
        for picture, kernel in [
            ((1, 1), (1, 1)), ((1, 2), (1, 1)), ((1, 3), (1, 2)), ((2, 2), (2, 2)),
            ((3, 3), (2, 2)), ((3, 4), (2, 3)), ((5, 4), (3, 2)), ((7, 6), (3, 3)),
        ]
    ],
    slips=(
        Slip("results swapped", lambda *given: correlate_gradients(*given)[::-1]),
        Slip("incoming gradient left out", _without_grad),
        Slip("incoming gradient left out", _half_without_grad),
        Slip("incoming gradient left out", _half_without_grad_too),
        Slip("returned too early", _first_only),
        Slip("overwritten sum", _overwritten),
        Slip("overwritten sum", _last_only),
        Slip("overwritten sum", _overwritten_picture),
        Slip("own number multiplied", lambda p, k, grad: (k * grad, p * grad)),
        Slip("own number multiplied", lambda p, k, grad: (grad * k, grad * p)),
        Slip("own number multiplied", _own_windows),
        Slip("kernel flipped", _flipped),
        Slip("kernel flipped", _flipped_grad),
        Slip("mean for sum", _averaged),
        Slip("step for gradient", _step_taken),
        Slip("only one of two", lambda *given: correlate_gradients(*given)[0]),
        Slip("only one of two", lambda *given: correlate_gradients(*given)[1]),
    ),
    hints=(
        "Write down one number of the output as a sum of products. How much does it grow if one "
        "weight grows by 1, and how much if one pixel does?",
        "A weight is used at every place, and a pixel lies under the kernel at several: at each "
        "place add to both gradients, with `+=`.",
    ),
    also="autograd gives the same.",
)  # fmt: skip

EXERCISES = (CORRELATE_GRADIENTS,)
