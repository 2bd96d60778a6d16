"""One seed for every source of chance that numpy and `random` have.

The global generators are seeded before each call. What a student leaves unseeded
(`default_rng()`, `RandomState()`, `seed(None)`, `random.Random()`) would ask the system for
entropy; here it gets numbers that follow from the call's seed and from how many came before.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.random import bit_generator

_original_seed = random.Random.seed


class _Entropy:
    """Stands where the system's entropy would be asked for."""

    def __init__(self) -> None:
        self.seed = 0
        self.drawn = 0
        self.random_is_out_of_reach = False

    def bits(self, count: int) -> int:
        self.drawn += 1
        text = f"{self.seed} {self.drawn}".encode()
        size = min((count + 7) // 8, blake2b.MAX_DIGEST_SIZE)
        return int.from_bytes(blake2b(text, digest_size=size).digest()) >> (size * 8 - count)


_entropy = _Entropy()


def _seed(self: random.Random, a: Any = None, version: int = 2) -> None:
    _original_seed(self, _entropy.bits(64) if a is None else a, version)


def install() -> None:
    """Take the system's entropy away; once for a process, and only in a worker.

    From now on `random` is seeded only once `reach_random` was called: that takes twice as long
    as numpy's generator, and few functions use it.
    """
    _take_over(_entropy.bits, _seed)
    _entropy.random_is_out_of_reach = True


@contextmanager
def borrowed() -> Iterator[None]:
    """Do for a while what `install` does for good: where trusted code runs like a student's."""
    bits, method, function = vars(bit_generator)["randbits"], random.Random.seed, random.seed
    _take_over(_entropy.bits, _seed)
    try:
        yield
    finally:
        _take_over(bits, method)
        random.seed = function


def _take_over(bits: Any, method: Any) -> None:
    # Every unseeded generator of numpy goes through SeedSequence, which asks this for bits.
    bit_generator.randbits = bits  # type: ignore[attr-defined]
    random.Random.seed = method  # type: ignore[method-assign]
    random.seed = random._inst.seed


def reach_random() -> None:
    """Student code may use `random` from here on, in the call that runs and in all to come."""
    if _entropy.random_is_out_of_reach:
        _entropy.random_is_out_of_reach = False
        _seed_random()


def seed(value: int) -> None:
    """Make everything random follow from `value`."""
    _entropy.seed = value
    _entropy.drawn = 0
    np.random.seed(value % 2**32)
    if not _entropy.random_is_out_of_reach:
        _seed_random()


def _seed_random() -> None:
    _original_seed(random._inst, _entropy.seed % 2**64)  # it would take -2 for 2
