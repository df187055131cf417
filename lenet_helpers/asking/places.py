"""Where the notebooks say what: their files and numbered headings, for links that lead there.

The package does not have the notebooks; a test holds this table to them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A section of a notebook.

    Args:
        notebook: The notebook's number.
        file: The notebook's file name.
        heading: The section's heading, with its number; "" for the notebook as a whole.
    """

    notebook: int
    file: str
    heading: str

    def __str__(self) -> str:
        return f"notebook {self.notebook}, {self.heading}" if self.heading else self.file

    @property
    def link(self) -> str:
        """The relative address, as JupyterLab makes it from the heading."""
        return f"{self.file}#{self.heading.replace(' ', '-')}" if self.heading else self.file


def place(notebook: int, section: str) -> Place:
    """Return the section with the heading ``section``, which need not have its number.

    Raises:
        KeyError: there is no such notebook, or it has no such section.
    """
    file, headings = NOTEBOOKS[notebook]
    for heading in headings:
        if heading == section or heading.split(" ", 1)[1] == section:
            return Place(notebook, file, heading)
    raise KeyError(f"section={section!r}: notebook {notebook} has {', '.join(headings)}.")


NOTEBOOKS: dict[int, tuple[str, tuple[str, ...]]] = {
    1: (
        "01-size-arithmetic.ipynb",
        (
            "1.1 A kernel slides over a picture",
            "1.2 Padding: a frame of zeros",
            "1.3 Stride: larger steps, and a floor",
            "1.4 Dilation: a kernel with gaps",
            "1.5 The whole formula",
            "1.6 Pooling is the same arithmetic",
            "1.7 LeNet, layer by layer",
            "1.8 What a layer costs",
        ),
    ),
    2: (
        "02-building-lenet.ipynb",
        (
            "2.1 What one convolution computes",
            "2.2 Two kinds of block",
            "2.3 LeNet as a class",
            "2.4 Where are the parameters?",
            "2.5 Why is there no activation at the end?",
            "2.6 LeNet in 1998, and here",
        ),
    ),
    3: (
        "03-checking-layer-shapes.ipynb",
        (
            "3.1 Layer by layer",
            "3.2 The same as one table",
            "3.3 Hooks: looking into any network",
            "3.4 First error: the wrong number after flattening",
            "3.5 Second error: no channel dimension",
            "3.6 Third error: nobody flattened",
        ),
    ),
    4: (
        "04-fashion-mnist.ipynb",
        (
            "4.1 Load it",
            "4.2 Look at it",
            "4.3 Is it balanced?",
            "4.4 The range of the pixels",
            "4.5 Batches",
            "4.6 How much memory?",
        ),
    ),
    5: (
        "05-training.ipynb",
        (
            "5.1 The start: Xavier initialisation",
            "5.2 The loss of guessing",
            "5.3 How good is it? Evaluation",
            "5.4 The training loop",
            "5.5 Ten epochs with the helper",
            "5.6 Another optimiser: Adam",
            "5.7 Look at the mistakes",
        ),
    ),
    6: (
        "06-looking-inside.ipynb",
        (
            "6.1 One picture, every layer",
            "6.2 One number by hand",
            "6.3 What do the first six kernels look for?",
            "6.4 What pooling promises",
            "6.5 Where does it look when it takes a shirt for a coat?",
            "6.6 Before and after training",
        ),
    ),
    7: (
        "07-when-training-goes-wrong.ipynb",
        (
            "7.1 A healthy run",
            "7.2 Four mistakes, four curves",
            "7.3 Run A",
            "7.4 Run B",
            "7.5 Run C, and the plateau",
            "7.6 Run D",
            "7.7 Twenty pictures by heart",
            "7.8 A list for the next time",
        ),
    ),
    8: (
        "08-where-the-time-goes.ipynb",
        (
            "8.1 How to measure",
            "8.2 Which operation takes most?",
            "8.3 Fetching the pictures",
            "8.4 When one part becomes faster",
            "8.5 More threads",
            "8.6 Two trainings at once",
            "8.7 Small batches, and a GPU",
        ),
    ),
    9: (
        "09-why-convolution.ipynb",
        (
            "9.1 As many parameters, another shape",
            "9.2 The same pixels in another order",
            "9.3 Pictures that move",
            "9.4 Kernels that nobody trains",
            "9.5 Backward, by hand",
            "9.6 Where the plateau comes from",
        ),
    ),
    10: (
        "10-then-and-now.ipynb",
        (
            "10.1 LeNet-5 as it was",
            "10.2 Its output: codes",
            "10.3 How good is it?",
            "10.4 One change at a time",
            "10.5 Two thousand pictures by heart",
            "10.6 How far it goes",
            "10.7 A race",
        ),
    ),
}
