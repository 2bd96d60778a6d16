"""So many submissions of each kind, written as a class hands them in."""

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.benchmarks.classroom.broken import broken
from tests.benchmarks.classroom.handed_in import HandedIn, write
from tests.benchmarks.classroom.honest import mistaken, notebooks, right
from tests.benchmarks.classroom.hostile import hostile, slow
from tests.benchmarks.classroom.ingredients import gather

# Of 300; two mistakes in each submission are then all that are known.
SHARES = {"right": 60, "mistaken": 174, "notebook": 24, "broken": 18, "hostile": 20, "slow": 4}
EACH = 2  # mistakes in a submission that has any


def generate(
    root: Path, count: int, *, names: Sequence[str] = (), seed: int = 0, each: int = EACH
) -> list[HandedIn]:
    """A class of `count`, of these exercises or of all; the same seed makes the same."""
    chance = random.Random(seed)
    ingredients = gather(root, names, chance, bits=False)
    counts = shares(count)
    made = [
        *right(ingredients, counts["right"]),
        *mistaken(ingredients, counts["mistaken"], each),
        *notebooks(ingredients, counts["notebook"]),
        *broken(ingredients, counts["broken"]),
        *hostile(ingredients, counts["hostile"]),
        *slow(ingredients, counts["slow"]),
    ]
    chance.shuffle(made)  # a class is graded by the alphabet, and kinds come in any order
    return [replace(one, student=f"{place:03}-{one.student}") for place, one in enumerate(made)]


def of_one_kind(
    root: Path, kind: str, count: int, *, names: Sequence[str] = (), bits: bool = True
) -> list[HandedIn]:
    """Right ones, or `mistaken` ones with a mistake each: for measuring.

    Args:
        bits: no answer is the same to the bit as one that was given before.
    """
    ingredients = gather(root, names, random.Random(0), bits=bits)
    if kind == "right":
        return list(right(ingredients, count))
    return list(mistaken(ingredients, count, each=1))


def shares(count: int) -> dict[str, int]:
    """How many of each kind; at least one of each, and mistakes have what is left."""
    whole = sum(SHARES.values())
    found = {kind: max(1, round(count * share / whole)) for kind, share in SHARES.items()}
    found["mistaken"] = max(1, count - sum(found.values()) + found["mistaken"])
    return found


def write_class(submissions: Sequence[HandedIn], folder: Path) -> Path:
    """Write them into a new folder."""
    folder.mkdir(parents=True)
    for each in submissions:
        write(each, folder)
    return folder
