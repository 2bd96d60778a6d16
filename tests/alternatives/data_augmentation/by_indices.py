"""One gather for the whole batch: where does each pixel come from?"""

import numpy as np


def flip_horizontally(images):
    return np.flip(images, axis=2)


def gather(images, rows, columns):
    """Pixels (rows, columns) of each image, 0 outside; both of shape (m, height, width)."""
    m, height, width, _ = images.shape
    inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    found = images[np.arange(m)[:, None, None], rows % height, columns % width]
    return np.where(inside[..., None], found, 0)


def grid(images):
    m, height, width, _ = images.shape
    i, j = np.mgrid[:height, :width]
    return np.array([i] * m), np.array([j] * m)


def shift(images, down, right):
    rows, columns = grid(images)
    return gather(images, rows - down, columns - right)


def rotate(images, quarter_turns):
    rows, columns = grid(images)
    for _ in range(quarter_turns % 4):
        rows, columns = columns, images.shape[1] - 1 - rows
    return gather(images, rows, columns)


def augment(images, max_shift, rng):
    m, _, width, _ = images.shape
    flips = rng.random(m) >= 0.5
    downs, rights = rng.integers(-max_shift, max_shift + 1, (2, m))
    rows, columns = grid(images)
    rows, columns = rows - downs[:, None, None], columns - rights[:, None, None]
    inside = (columns >= 0) & (columns < width)
    columns = np.where(flips[:, None, None] & inside, width - 1 - columns, columns)
    return gather(images, rows, columns)


def enlarge_training_set(images, Y, copies, max_shift, rng):
    copied = np.concatenate([images] * copies) if copies else images[:0]
    changed = augment(copied, max_shift, rng) if copies else copied
    return np.vstack([images, changed]), np.hstack([Y] * (copies + 1))
