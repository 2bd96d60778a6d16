"""Submissions that cannot be read, or not as a whole: the rest of them counts."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import cycle, islice

from tests.benchmarks.classroom.handed_in import LINK, HandedIn, packed
from tests.benchmarks.classroom.honest import files_of
from tests.benchmarks.classroom.ingredients import Ingredients, Solution, checks_alone_of, checks_of

Breaking = Callable[[Ingredients, HandedIn, Solution], HandedIn]

NOTHING = frozenset({"not_started"})


def broken(ingredients: Ingredients, count: int) -> Iterator[HandedIn]:
    """All ways in turn, each with another exercise."""
    ways = islice(cycle(WAYS.items()), count)
    for number, (what, way) in enumerate(ways):
        solutions = ingredients.right()
        chosen = ingredients.chance.choice(list(solutions.values()))
        whole = HandedIn(f"broken-{number:03}", "broken", what, files_of(solutions))
        yield way(ingredients, whole, chosen)


def _without(whole: HandedIn, chosen: Solution, content: bytes | None) -> HandedIn:
    """One file is gone, or holds something else: what it answers is not started."""
    name = f"{chosen.exercise.name}.py"
    files = {other: text for other, text in whole.files.items() if other != name}
    files |= {} if content is None else {name: content}
    return replace(whole, files=files, lost=checks_of(chosen.exercise), ends=NOTHING)


def _syntax_error(_: Ingredients, whole: HandedIn, chosen: Solution) -> HandedIn:
    """It costs one function; what else there is in the file is found, if it can do without."""
    written = (name for name in chosen.exercise.functions if f"def {name}(" in chosen.text)
    function = next(written)  # the others are bound by assignment
    text = chosen.text.replace(f"def {function}(", f"def {function}((", 1)
    made = _without(whole, chosen, text.encode())
    lost = checks_alone_of(chosen.exercise, function)
    return replace(made, lost=lost, perhaps=made.lost, ends=NOTHING | {"error"})


def _missing(_: Ingredients, whole: HandedIn, chosen: Solution) -> HandedIn:
    return _without(whole, chosen, None)


def _stub(ingredients: Ingredients, whole: HandedIn, chosen: Solution) -> HandedIn:
    stub = ingredients.root / f"exercises/{chosen.exercise.name}.py"
    made = _without(whole, chosen, stub.read_bytes())
    return replace(made, ends=NOTHING | {"failed"})  # a stub may hold planted mistakes


def _link(ingredients: Ingredients, whole: HandedIn, chosen: Solution) -> HandedIn:
    """To what would be full marks, if it were followed."""
    reference = ingredients.root / f"reference/{chosen.exercise.name}.py"
    return _without(whole, chosen, LINK + str(reference).encode())


def _wrong_names(_: Ingredients, whole: HandedIn, __: Solution) -> HandedIn:
    """Functions are found by their own names."""
    files = {f"week 1/final (2) {n.upper()}": text for n, text in whole.files.items()}
    return replace(whole, files={n.replace(".PY", ".py"): text for n, text in files.items()})


def _empty(_: Ingredients, whole: HandedIn, __: Solution) -> HandedIn:
    return replace(whole, files={}, trouble="holds no .py or .ipynb file")


def _other_files(_: Ingredients, whole: HandedIn, __: Solution) -> HandedIn:
    files = {"answers.pdf": b"%PDF-1.4", "notes.txt": b"later"}
    return replace(whole, files=files, trouble="holds no .py or .ipynb file")


def _binary(_: Ingredients, whole: HandedIn, chosen: Solution) -> HandedIn:
    return _without(whole, chosen, bytes(range(256)) * 10)


def _zip_in_folder(_: Ingredients, whole: HandedIn, __: Solution) -> HandedIn:
    files = {"submission.zip": packed(whole.files)}
    return replace(whole, files=files, trouble="archives inside a submission are not opened")


WAYS: dict[str, Breaking] = {
    "a syntax error": _syntax_error,
    "an empty folder": _empty,
    "wrong names": _wrong_names,
    "a file is missing": _missing,
    "a stub": _stub,
    "a link to the reference": _link,
    "other files": _other_files,
    "a binary file": _binary,
    "a zip in the folder": _zip_in_folder,
}
