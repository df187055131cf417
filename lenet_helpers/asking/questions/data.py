"""Notebook 4: the data set, its pixels, and batches of it."""

from __future__ import annotations

from .question import Question, wrong_answers

TRAIN, TEST, CLASSES, PIXELS, BATCH = 60_000, 10_000, 10, 28 * 28, 256
BATCHES = -(-TRAIN // BATCH)
MEGABYTES = (TRAIN + TEST) * PIXELS / 1e6

QUESTIONS = (
    Question(
        key="training pictures of each class",
        notebook=4,
        words="60,000 training pictures of ten classes. How many has each class if the set is "
        "balanced?",
        kind="whole",
        answer=TRAIN // CLASSES,
        why=f"{TRAIN:,}/{CLASSES} = {TRAIN // CLASSES:,}, and every class has as many: the set "
        "is balanced. So a network that guesses is right once in ten: an accuracy of 0.1.",
        hint="All training pictures, divided among the classes.",
        thoughts=wrong_answers(
            TRAIN // CLASSES,
            {
                "test set mixed in": [(TRAIN + TEST) // CLASSES, TEST // CLASSES],
                "part for whole": [TRAIN, CLASSES, TRAIN + TEST],
                "batches for pictures": [BATCHES, BATCHES // CLASSES, BATCH],
            },
        ),
    ),
    Question(
        key="share of black pixels",
        notebook=4,
        words="Which share of all pixels is black (exactly 0)? A number from 0 to 1.",
        kind="share",
        answer=None,
        why="What lies around the garment is black, and so is what shows between sleeves or legs.",
        hint="Look at a row of pictures: how much of each is garment?",
        bands=((0.0, 0.25, "background not counted"), (0.8, 1.0, "garment not counted")),
        within=0.1,
        usual=(0.33, 0.75),
    ),
    Question(
        key="batches of 256",
        notebook=4,
        words="With a batch size of 256, how many batches are 60,000 pictures?",
        kind="whole",
        answer=BATCHES,
        why=f"60,000/256 = {TRAIN / BATCH:.1f}: {TRAIN // BATCH} full batches, and a last one of "
        f"{TRAIN % BATCH} pictures, {BATCHES} in all.",
        hint="How many full batches are there, and what is left over?",
        thoughts=wrong_answers(
            BATCHES,
            {
                "rounded down": TRAIN // BATCH,
                "not rounded": [TRAIN / BATCH, round(TRAIN / BATCH, 1)],
                "test set mixed in": [
                    -(-(TRAIN + TEST) // BATCH), (TRAIN + TEST) // BATCH, -(-TEST // BATCH),
                ],
                "batches for pictures": [BATCH, TRAIN, TRAIN * BATCH, TRAIN % BATCH],
            },
        ),
    ),
    Question(
        key="megabytes of all pictures",
        notebook=4,
        words="70,000 pictures of 28×28 pixels, a byte each. How many megabytes are they together?",
        kind="number",
        answer=MEGABYTES,
        why=f"70,000·28·28 = {MEGABYTES * 1e6:,.0f} bytes, {MEGABYTES:.0f} MB: a pixel is a byte. "
        "That has room in the memory of any computer, and of a graphics card.",
        hint="Pictures times pixels of a picture, in bytes; a megabyte is a million of them.",
        thoughts=wrong_answers(
            MEGABYTES,
            {
                "bytes per float": [4 * MEGABYTES, 8 * MEGABYTES],
                "unit mistaken": [MEGABYTES * 10.0**n for n in (6, 3, -3)],
                "test set left out": TRAIN * PIXELS / 1e6,
                "side for area": 0.07 * 28,
            },
        ),
        within=5,
    ),
)  # fmt: skip
