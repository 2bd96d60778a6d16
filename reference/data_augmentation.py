"""Data Augmentation

More examples from those there are: images mirrored, shifted and turned still show what they showed,
so their labels stay. A batch of images is an array (m, height, width, channels).
"""

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "augment",
    "enlarge_training_set",
    "flip_horizontally",
    "rotate",
    "shift",
]

Array = NDArray[np.float64]


def flip_horizontally(images: Array) -> Array:
    """Mirror each image, so that left becomes right. A cat stays a cat, and stays on its feet.

    Args:
        images: shape (m, height, width, channels). Never modified.

    Returns:
        flipped: shape of images.

    Source:
        Lecture "Other Regularization Methods", part "data augmentation".
    """
    return images[:, :, ::-1, :].copy()


def shift(images: Array, down: int, right: int) -> Array:
    """Move each image by whole pixels. What leaves it is lost; what comes in is black, 0.

    Args:
        images: shape (m, height, width, channels). Never modified.
        down: how many rows; up where negative.
        right: how many columns; to the left where negative.

    Returns:
        shifted: shape of images.

    Source:
        Lecture "Other Regularization Methods", part "data augmentation".
    """
    _, height, width, _ = images.shape
    shifted = np.zeros_like(images)
    # Pixel (i, j) moves to (i + down, j + right); only what stays inside is copied.
    i = slice(max(0, -down), max(0, min(height, height - down)))
    j = slice(max(0, -right), max(0, min(width, width - right)))
    i_new = slice(max(0, down), max(0, min(height, height + down)))
    j_new = slice(max(0, right), max(0, min(width, width + right)))
    shifted[:, i_new, j_new, :] = images[:, i, j, :]
    return shifted


def rotate(images: Array, quarter_turns: int) -> Array:
    """Turn each image to the left by right angles, so that the right edge becomes the upper one.

    Args:
        images: square ones, shape (m, side, side, channels). Never modified.
        quarter_turns: how often by 90 degrees; to the right where negative.

    Returns:
        rotated: shape of images.

    Source:
        Lecture "Other Regularization Methods", part "data augmentation".
    """
    # Axis 1 points down and axis 2 to the right, so from axis 1 to axis 2 is to the left.
    return np.rot90(images, quarter_turns, axes=(1, 2)).copy()


def augment(images: Array, max_shift: int, rng: np.random.Generator) -> Array:
    """Make a new image of each: flipped or not, then shifted, by chance and each image alone.

    An image is flipped horizontally with probability 1/2. It is shifted by `down` rows and `right`
    columns, each drawn from -max_shift, ..., max_shift with equal chance.

    Args:
        images: shape (m, height, width, channels). Never modified.
        max_shift: at least 0.
        rng: the only source of randomness; the same state gives the same images.

    Returns:
        augmented: shape of images; number i is made of number i.

    Source:
        Lecture "Other Regularization Methods", part "data augmentation".
    """
    augmented = np.empty_like(images)
    for i in range(images.shape[0]):
        image = images[i : i + 1]
        if rng.random() < 0.5:
            image = flip_horizontally(image)
        down, right = rng.integers(-max_shift, max_shift, size=2, endpoint=True)
        augmented[i] = shift(image, int(down), int(right))[0]
    return augmented


def enlarge_training_set(
    images: Array, Y: Array, copies: int, max_shift: int, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Put augmented copies behind the images of a training set, with the labels they show.

    Args:
        images: shape (m, height, width, channels). Never modified.
        Y: labels, shape (1, m). Never modified.
        copies: how often each image is augmented, at least 0.
        max_shift: as for augment.
        rng: the only source of randomness; no two copies of an image come from the same draws.

    Returns:
        more_images: shape ((copies + 1) * m, height, width, channels): first the images as they
            are, then an augmented copy of all of them in their order, then the next one.
        more_Y: their labels, shape (1, (copies + 1) * m).

    Source:
        Lecture "Other Regularization Methods", part "data augmentation".
    """
    batches = [images, *(augment(images, max_shift, rng) for _ in range(copies))]
    return np.concatenate(batches), np.tile(Y, copies + 1)
