"""Shifts cut a window out of a padded image, turns are transposed mirrors."""

import numpy as np


def flip_horizontally(images):
    return np.array([np.fliplr(image) for image in images])


def shift(images, down, right):
    _, height, width, _ = images.shape
    a, b = abs(down), abs(right)
    padded = np.pad(images, ((0, 0), (a, a), (b, b), (0, 0)))
    return padded[:, a - down : a - down + height, b - right : b - right + width]


def rotate(images, quarter_turns):
    if quarter_turns % 4 == 0:
        return images
    turned = np.flip(np.transpose(images, (0, 2, 1, 3)), axis=1)
    return rotate(turned, quarter_turns - 1)


def augment(images, max_shift, rng):
    m, height, width, _ = images.shape
    s = max_shift
    padded = np.pad(images, ((0, 0), (s, s), (s, s), (0, 0)))
    starts = rng.choice(2 * s + 1, size=(m, 2))
    flipped = rng.choice([True, False], size=m)
    result = np.stack(
        [A[i : i + height, j : j + width] for A, (i, j) in zip(padded, starts, strict=True)]
    )
    result[flipped] = result[flipped, :, ::-1]
    return result


def enlarge_training_set(images, Y, copies, max_shift, rng):
    m = Y.size
    more = np.empty((m * (copies + 1), *images.shape[1:]))
    more[:m] = images
    for k in range(1, copies + 1):
        more[k * m : (k + 1) * m] = augment(images, max_shift, rng)
    return more, Y[:, np.arange(m * (copies + 1)) % m]
