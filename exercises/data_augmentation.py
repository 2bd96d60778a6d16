# For authors: derived from reference/data_augmentation.py by "grader stubs"; make changes there.
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
    raise NotImplementedError("Write flip_horizontally here.")


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
    raise NotImplementedError("Write shift here.")


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
    raise NotImplementedError("Write rotate here.")


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
    raise NotImplementedError("Write augment here.")


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
    raise NotImplementedError("Write enlarge_training_set here.")
