"""What augmentation must do: move pixels, keep shapes and labels, and leave the originals alone."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from grader.kit import Submission, expect, generator, statistics
from grader.kit import strategies as some
from reference import data_augmentation as reference

Array = NDArray[np.float64]

SEEDS = st.integers(0, 10_000)
SHIFTS = st.integers(-4, 4)
TURNS = st.integers(-3, 5)


def numbered(m: int, height: int, width: int, channels: int) -> Array:
    """Images in which every pixel has a brightness of its own, above 0."""
    shape = (m, height, width, channels)
    return np.arange(1.0, math.prod(shape) + 1).reshape(shape)


def batches() -> st.SearchStrategy[Array]:
    """Small images, square or not."""
    return st.builds(
        numbered, some.sizes(1, 3), some.sizes(1, 4), some.sizes(1, 4), some.sizes(1, 3)
    )


def square_batches() -> st.SearchStrategy[Array]:
    return st.builds(
        lambda m, side, channels: numbered(m, side, side, channels),
        some.sizes(1, 3),
        some.sizes(1, 4),
        some.sizes(1, 3),
    )


def roomy_batches() -> st.SearchStrategy[Array]:
    """Images of which something is left after a shift of 2, and of 4 too."""
    return some.sizes(1, 3).map(lambda m: numbered(m, 5, 6, 1))


def labels_of(m: int) -> Array:
    """Labels of which neighbours differ, and so do copies of an odd number of them."""
    Y: Array = (np.arange(m) % 3 == 1)[None, :].astype(np.float64)
    return Y


def shifted(images: Array, down: int, right: int) -> Array:
    """Cut a window out of a large black frame."""
    frame = max(images.shape) + 8
    edges = ((0, 0), (frame, frame), (frame, frame), (0, 0))
    _, height, width, _ = images.shape
    top, left = frame - down, frame - right
    window: Array = np.pad(images, edges)[:, top : top + height, left : left + width]
    return window


def variants(images: Array, max_shift: int) -> Array:
    """All that augment may make of images of m, shape (variants, m, height, width, channels).

    Of variant v, the flip is v % 2 and the shifts are the rest in base 2 * max_shift + 1.
    """
    steps = range(-max_shift, max_shift + 1)
    flips = (images, images[:, :, ::-1])
    return np.array([shifted(A, down, right) for down in steps for right in steps for A in flips])


def require_variants(augmented: Array, images: Array, max_shift: int, what: str) -> None:
    """Each image is one of the variants of the image at its place."""
    same = np.all(variants(images, max_shift) == augmented, axis=(2, 3, 4)).any(axis=0)
    wrong = np.flatnonzero(~same)
    if wrong.size:
        expect.holds(
            False,
            f"{what}[{wrong[0]}] is not its original, flipped or not and shifted by at most "
            f"{max_shift} pixels; {wrong.size} of {len(same)} are not.",
        )


def drawn(submission: Submission, seed: int) -> tuple[Array, Array, Array]:
    """What was drawn for each of many equal images: flip, down and right, with shifts up to 1."""
    images = np.repeat(numbered(1, 3, 3, 1), 2000, axis=0)
    answer = submission.augment(images, 1, generator(seed))
    augmented = expect.array(answer, images.shape, "the augmented images")
    found = np.all(variants(images[:1], 1) == augmented, axis=(2, 3, 4))
    expect.holds(bool(found.any(axis=0).all()), "Some images are no variants of the original.")
    number = np.argmax(found, axis=0)
    return number % 2, number // 6 - 1, number // 2 % 3 - 1


@given(batches())
def test_a_flip_swaps_left_and_right(submission: Submission, images: Array) -> None:
    """The last column comes first; rows, channels and the order of the images stay.

    The width is axis 2 of the batch.
    """
    width = images.shape[2]
    flipped = expect.array(submission.flip_horizontally(images), images.shape, "the flipped images")
    for j in range(width):
        expect.close(flipped[:, :, j], images[:, :, width - 1 - j], f"column {j}")


@given(batches(), SHIFTS, SHIFTS)
def test_a_shift_moves_every_pixel(
    submission: Submission, images: Array, down: int, right: int
) -> None:
    """Pixel (i, j) moves to (i + down, j + right), if that is inside the image.

    Rows count downwards: axis 1 is the height. Shifts may be negative, or larger than the image.
    """
    answer = submission.shift(images, down, right)
    found = expect.array(answer, images.shape, "the shifted images")
    _, height, width, _ = images.shape
    for i in range(max(0, -down), min(height, height - down)):
        for j in range(max(0, -right), min(width, width - right)):
            what = f"pixel {(i + down, j + right)}"
            expect.close(found[:, i + down, j + right], images[:, i, j], what)


@given(batches(), SHIFTS, SHIFTS)
def test_a_shift_brings_in_black(
    submission: Submission, images: Array, down: int, right: int
) -> None:
    """What comes in at the edge is 0; nothing comes back from the other side.

    np.roll lets the sky come back below the grass.
    """
    answer = submission.shift(images, down, right)
    found = expect.array(answer, images.shape, "the shifted images")
    black = shifted(np.ones_like(images), down, right) == 0
    expect.close(np.where(black, found, 0), np.zeros_like(found), "what comes in")


@given(square_batches(), TURNS)
def test_turns_are_to_the_left(submission: Submission, images: Array, quarter_turns: int) -> None:
    """After one quarter turn the right column is the upper row, from its top to the left.

    Turn in the plane of height and width, axes 1 and 2, counterclockwise.
    """
    answer = submission.rotate(images, quarter_turns)
    rotated = expect.array(answer, images.shape, "the rotated images")
    side = images.shape[1]
    for i in range(side):
        for j in range(side):
            row, column = i, j
            for _ in range(quarter_turns % 4):
                row, column = side - 1 - column, row
            expect.close(rotated[:, row, column], images[:, i, j], f"pixel {(row, column)}")


@settings(max_examples=50)
@given(square_batches(), TURNS)
def test_turned_back_is_not_turned(
    submission: Submission, images: Array, quarter_turns: int
) -> None:
    """Turned by some right angles and then by as many back, the images are what they were.

    Negative turns are to the right.
    """
    turned = submission.rotate(images, quarter_turns)
    turned = expect.array(turned, images.shape, "the rotated images")
    if images.shape[1] > 1 and quarter_turns % 4:
        expect.holds(bool(np.any(turned != images)), "The rotated images are the images.")
    expect.close(submission.rotate(turned, -quarter_turns), images, "the images turned back")


@settings(max_examples=25)
@given(square_batches(), SHIFTS, SHIFTS, TURNS)
def test_the_originals_are_never_changed(
    submission: Submission, images: Array, down: int, right: int, quarter_turns: int
) -> None:
    """Flips, shifts and turns leave the images that they get alone.

    Make a new array; do not write into the one that was given.
    """
    submission.flip_horizontally(images)
    expect.unchanged(submission)
    submission.shift(images, down, right)
    expect.unchanged(submission)
    submission.rotate(images, quarter_turns)
    expect.unchanged(submission)


@pytest.mark.points(2)
@settings(max_examples=50)
@given(roomy_batches(), st.integers(0, 2), SEEDS)
def test_an_augmented_image_shows_the_same(
    submission: Submission, images: Array, max_shift: int, seed: int
) -> None:
    """Image i of the new batch is image i of the old one, flipped or not, and shifted.

    No pixel changes its brightness, and no shift is longer than max_shift.
    """
    answer = submission.augment(images, max_shift, generator(seed))
    augmented = expect.array(answer, images.shape, "the augmented images")
    require_variants(augmented, images, max_shift, "augmented")


@pytest.mark.points(2)
@settings(max_examples=3)
@given(SEEDS)
def test_half_of_the_images_are_flipped(submission: Submission, seed: int) -> None:
    """Of many equal images, half are flipped, whatever their shift is.

    Draw once for each image: a batch that is flipped as a whole has no new variety.

    False-failure rate: 2.1e-11, seven comparisons in each of three examples, 1e-12 each by
    Chernoff's bound. Of 2000 images about 670 have each shift.
    """
    flip, down, right = drawn(submission, seed)
    # That an image's flip tells nothing of its shift is a share too.
    statistics.proportion(int(flip.sum()), flip.size, 0.5, "flipped images")
    for name, steps in (("down", down), ("right", right)):
        for step in (-1, 0, 1):
            chosen = flip[steps == step]
            statistics.proportion(
                int(chosen.sum()), max(1, chosen.size), 0.5, f"flipped images with {name} = {step}"
            )


@pytest.mark.points(2)
@settings(max_examples=3)
@given(SEEDS)
def test_all_shifts_are_equally_likely(submission: Submission, seed: int) -> None:
    """Of many equal images, a third is shifted up, a third down, a third stays; so left and right.

    Both ends count, -max_shift and max_shift. Draw rows and columns apart, for each image.

    False-failure rate: 4.5e-11, fifteen comparisons of 2000 images in each of three examples, 1e-12
    each by Chernoff's bound.
    """
    _, down, right = drawn(submission, seed)
    for name, steps in (("down", down), ("right", right)):
        for step in (-1, 0, 1):
            count = int(np.sum(steps == step))
            statistics.proportion(count, steps.size, 1 / 3, f"images with {name} = {step}")
    for a in (-1, 0, 1):
        for b in (-1, 0, 1):
            count = int(np.sum((down == a) & (right == b)))
            what = f"images with down = {a} and right = {b}"
            statistics.proportion(count, down.size, 1 / 9, what)


@settings(max_examples=10)
@given(SEEDS)
def test_the_generator_decides(submission: Submission, seed: int) -> None:
    """The same state of rng gives the same images, another one gives others.

    Draw from rng alone, not from np.random and not from a generator with a seed of your own.
    """
    images = numbered(20, 3, 3, 1)
    first, again, other = (
        expect.array(submission.augment(images, 1, generator(s)), images.shape, "the images")
        for s in (seed, seed, seed + 1)
    )
    same = bool(np.all(first == again))
    expect.holds(same, "The same state of rng gave other images the second time.")
    # Each of 20 images has 18 variants: two draws agree with probability 18^-20 = 8e-26.
    expect.holds(bool(np.any(first != other)), "Another state of rng gave the same images.")


@pytest.mark.points(2)
@settings(max_examples=50)
@given(roomy_batches(), st.integers(0, 3), st.integers(0, 2), SEEDS)
def test_a_larger_set_begins_with_the_originals(
    submission: Submission, images: Array, copies: int, max_shift: int, seed: int
) -> None:
    """First the images as they are, then whole augmented batches, as many as asked for.

    Image k of the larger set is made of image k % m.
    """
    m = len(images)
    answer = submission.enlarge_training_set(
        images, labels_of(m), copies, max_shift, generator(seed)
    )
    larger, _ = expect.sequence(answer, 2, "the answer (more_images, more_Y)")
    larger = expect.array(larger, ((copies + 1) * m, *images.shape[1:]), "more_images")
    expect.close(larger[:m], images, "the first images")
    sources = np.concatenate([images] * (copies + 1))
    require_variants(larger, sources, max_shift, "more_images")


@settings(max_examples=50)
@given(batches(), st.integers(0, 3), SEEDS)
def test_labels_stay_with_their_images(
    submission: Submission, images: Array, copies: int, seed: int
) -> None:
    """Each copy has the label of its original, and the labels are a row.

    The images are repeated batch by batch, so the labels are as well.
    """
    Y = labels_of(len(images))
    answer = submission.enlarge_training_set(images, Y, copies, 1, generator(seed))
    _, more_Y = expect.sequence(answer, 2, "the answer (more_images, more_Y)")
    expect.close(more_Y, np.concatenate([Y] * (copies + 1), axis=1), "more_Y")
    expect.unchanged(submission)


@settings(max_examples=5)
@given(SEEDS)
def test_no_two_copies_come_from_the_same_draws(submission: Submission, seed: int) -> None:
    """The second copy of the images is another one than the first.

    Let the generator go on from copy to copy; starting it anew repeats everything.
    """
    images = numbered(20, 3, 3, 1)
    answer = submission.enlarge_training_set(images, labels_of(20), 2, 1, generator(seed))
    larger, _ = expect.sequence(answer, 2, "the answer (more_images, more_Y)")
    larger = expect.array(larger, (60, 3, 3, 1), "more_images")
    # 18^-20 = 8e-26, as above.
    expect.holds(bool(np.any(larger[20:40] != larger[40:])), "Both copies are the same.")


@given(batches(), SHIFTS, SHIFTS)
def test_shifts_agree_with_the_reference(
    submission: Submission, images: Array, down: int, right: int
) -> None:
    """Shifted images are those of the reference.

    What moves and what comes in, for every channel.
    """
    expected = reference.shift(images, down, right)
    expect.close(submission.shift(images, down, right), expected, "the shifted images")
