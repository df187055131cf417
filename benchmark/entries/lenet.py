"""Our entry in the Fashion-MNIST race: LeNet's sizes, three epochs, a rate that rises and falls.

Started as ``python lenet.py SEED OUT``; docs/race.md has the rules. Three epochs were chosen by the
accuracy on 10,000 training pictures that were held back.
"""

import os
import sys
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

from lenet_helpers.data.idx import parse_idx, read_content

EPOCHS, BATCH, RATE = 3, 128, 0.008
seed, out = int(sys.argv[1]), Path(sys.argv[2])
folder = Path(os.environ["LENET_DATA_DIR"])
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")


def read(name: str) -> torch.Tensor:
    """Return what a file of the data set holds."""
    return parse_idx(read_content(folder / name), folder / name)


def pictures(name: str) -> torch.Tensor:
    """Return the pictures of a file, normalised: float32, shape (N, 1, 28, 28)."""
    return ((read(name).float() / 255 - 0.286) / 0.353).unsqueeze(1).to(device)


torch.manual_seed(seed)
net = nn.Sequential(
    nn.Conv2d(1, 6, 5, padding=2), nn.BatchNorm2d(6), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(6, 16, 5), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
    nn.Linear(400, 120), nn.BatchNorm1d(120), nn.ReLU(),
    nn.Linear(120, 84), nn.BatchNorm1d(84), nn.ReLU(), nn.Linear(84, 10),
).to(device, memory_format=torch.channels_last)  # fmt: skip
X, y = pictures("train-images-idx3-ubyte"), read("train-labels-idx1-ubyte").long().to(device)
steps = EPOCHS * (len(y) // BATCH)
optimizer = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=0.05)
schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps)
for _ in range(EPOCHS):
    order = torch.randperm(len(y)).to(device)
    for chosen in order[: len(y) // BATCH * BATCH].split(BATCH):
        optimizer.zero_grad()
        F.cross_entropy(net(X[chosen]), y[chosen]).backward()
        optimizer.step()
        schedule.step()
net.eval()
with torch.no_grad():
    test = pictures("t10k-images-idx3-ubyte")
    labels = torch.cat([net(batch).argmax(1) for batch in test.split(1_000)])
out.write_text("\n".join(str(label) for label in labels.tolist()))
