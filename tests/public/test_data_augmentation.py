"""Checks of augmentation that students may see; the hidden ones go further."""

import numpy as np

from grader.kit import Submission, expect, generator

IMAGES = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]])[None, :, :, None]


def test_a_flip(submission: Submission) -> None:
    """The rows 1 2 3, 4 5 6, 7 8 9 become 3 2 1, 6 5 4, 9 8 7.

    Left becomes right.
    """
    flipped = expect.array(submission.flip_horizontally(IMAGES), (1, 3, 3, 1), "the flipped image")
    expected = np.array([[3.0, 2.0, 1.0], [6.0, 5.0, 4.0], [9.0, 8.0, 7.0]])
    expect.close(flipped[0, :, :, 0], expected, "the flipped image")


def test_a_shift(submission: Submission) -> None:
    """One down and one to the left, the rows become 0 0 0, 2 3 0, 5 6 0.

    What comes in is black.
    """
    shifted = expect.array(submission.shift(IMAGES, 1, -1), (1, 3, 3, 1), "the shifted image")
    expected = np.array([[0.0, 0.0, 0.0], [2.0, 3.0, 0.0], [5.0, 6.0, 0.0]])
    expect.close(shifted[0, :, :, 0], expected, "the shifted image")


def test_a_quarter_turn(submission: Submission) -> None:
    """Turned once, the rows become 3 6 9, 2 5 8, 1 4 7.

    To the left, against the clock.
    """
    rotated = expect.array(submission.rotate(IMAGES, 1), (1, 3, 3, 1), "the rotated image")
    expected = np.array([[3.0, 6.0, 9.0], [2.0, 5.0, 8.0], [1.0, 4.0, 7.0]])
    expect.close(rotated[0, :, :, 0], expected, "the rotated image")


def test_without_shifts_there_are_two_images(submission: Submission) -> None:
    """With max_shift = 0, the new image is the old one or its mirror image.

    Which one is a matter of chance.
    """
    answer = submission.augment(IMAGES, 0, generator(0))
    augmented = expect.array(answer, (1, 3, 3, 1), "the augmented image")
    known = [np.array_equal(augmented, image) for image in (IMAGES, IMAGES[:, :, ::-1])]
    expect.holds(any(known), "The augmented image is another one.")


def test_a_set_with_two_copies(submission: Submission) -> None:
    """With two copies, one image and its label become three of each, the first as it was.

    Images are stacked along axis 0, labels along axis 1.
    """
    answer = submission.enlarge_training_set(IMAGES, np.array([[1.0]]), 2, 1, generator(0))
    images, Y = expect.sequence(answer, 2, "the answer (more_images, more_Y)")
    images = expect.array(images, (3, 3, 3, 1), "more_images")
    expect.close(images[:1], IMAGES, "the first image")
    expect.close(Y, np.ones((1, 3)), "more_Y")
