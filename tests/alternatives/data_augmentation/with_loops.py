"""Pixel by pixel."""

import numpy as np


def flip_horizontally(images):
    flipped = np.zeros(images.shape)
    width = images.shape[2]
    for j in range(width):
        flipped[:, :, width - 1 - j] = images[:, :, j]
    return flipped


def shift(images, down, right):
    m, height, width, channels = images.shape
    shifted = np.zeros((m, height, width, channels))
    for i in range(height):
        for j in range(width):
            if 0 <= i + down < height and 0 <= j + right < width:
                shifted[:, i + down, j + right, :] = images[:, i, j, :]
    return shifted


def rotate(images, quarter_turns):
    side = images.shape[1]
    rotated = images.copy()
    for _ in range(quarter_turns % 4):
        before = rotated.copy()
        for i in range(side):
            rotated[:, side - 1 - i, :] = before[:, :, i]
    return rotated


def augment(images, max_shift, rng):
    new = []
    for image in images:
        image = image[np.newaxis]
        down = rng.integers(-max_shift, max_shift + 1)
        right = rng.integers(-max_shift, max_shift + 1)
        image = shift(image, down, right)
        if rng.integers(2):
            image = flip_horizontally(image)
        new.append(image[0])
    return np.array(new)


def enlarge_training_set(images, Y, copies, max_shift, rng):
    more_images, more_Y = images, Y
    for _ in range(copies):
        more_images = np.append(more_images, augment(images, max_shift, rng), axis=0)
        more_Y = np.append(more_Y, Y, axis=1)
    return [more_images, more_Y]
