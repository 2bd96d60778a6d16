"""Submissions that attack, and such that are slow: right but for one function.

What that function does comes from the tests of hostile code, where these take a miniature course.
It is put where nothing else of its file needs it, so that the checks it costs are known.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice

from tests.benchmarks.classroom.handed_in import HandedIn
from tests.benchmarks.classroom.honest import files_of
from tests.benchmarks.classroom.ingredients import Ingredients, Solution, checks_alone_of, checks_of
from tests.grader.batch.conftest import FORGED
from tests.grader.hostile.test_answers import EQUAL
from tests.grader.hostile.test_forging import FRAMES
from tests.grader.hostile.test_resources import IMPORTS, IN_A_CALL

# It is in no module, no file and no object within reach: then there is nothing to answer.
HUNTS = """
def hunted(name, *given):
    import gc, importlib, runpy
    for module in ("reference.{exercise}", "reference"):
        try:
            return getattr(importlib.import_module(module), name)(*given)
        except (ImportError, AttributeError):
            pass
    for root in ("{root}/reference", "/course/reference", "/proc/1/root{root}/reference"):
        try:
            return runpy.run_path(root + "/{exercise}.py")[name](*given)
        except OSError:
            pass
    for folder, _, files in os.walk("/"):
        if "{exercise}.py" in files and "submission" not in folder:
            return runpy.run_path(os.path.join(folder, "{exercise}.py"))[name](*given)
    for thing in gc.get_objects():
        if "hypothesis" in str(getattr(thing, "__module__", "")):
            return thing
    raise LookupError("nothing")
"""
POISONS = (
    "for name in ('allclose', 'isclose', 'all', 'isfinite', 'asarray', 'abs'):\n"
    "        setattr(np, name, lambda *_, **__: True)\n"
    "    np.testing.assert_allclose = lambda *_, **__: None\n    return None"
)


@dataclass(frozen=True)
class Attack:
    """What a function does instead.

    Attributes:
        ends: how its checks may end; empty where all of its exercise is out of step.
        beside: what stands in its file, too.
    """

    body: str
    ends: tuple[str, ...]
    beside: str = ""


def _known(case: str) -> Attack:
    body, end = IN_A_CALL[case]
    return Attack(body, (end,))


ATTACKS = {
    "hunts for the answers": Attack("return hunted('{function}', *given)", ("error",), HUNTS),
    "exits": _known("exit"),
    "prints a forged report": Attack(FORGED, ("error",)),
    "forks": _known("fork bomb"),
    "takes all memory": _known("2 GiB"),
    "equals everything": Attack("return Equal()", ("failed",), EQUAL.partition("def forward")[0]),
    "forges answers": Attack("say(18, answer(0.0)); say(18, answer(0.0), 1)", (), FRAMES),
    "poisons numpy": Attack(POISONS, ()),
    "asks the system": _known("what the system refuses"),
    "a segmentation fault": _known("segmentation fault"),
    "closes pipes": _known("closed pipes"),
    "fills the disk": _known("a full disk"),
    "noise in every pipe": Attack("[os.write(n, b'x' * 4096) for n in (4, 3, 1)]", (), FRAMES),
}
SLOWLY = {
    "never ends": Attack("while True: pass", ("timeout",)),
    "sleeps beyond its limit": Attack("time.sleep(60)", ("timeout",)),
}


def hostile(ingredients: Ingredients, count: int) -> Iterator[HandedIn]:
    """All attacks in turn, each on another exercise."""
    yield from _attacked(ingredients, count, "hostile", ATTACKS)


def slow(ingredients: Ingredients, count: int) -> Iterator[HandedIn]:
    """What takes too long, in the functions with the fewest checks: each has to wait for it."""
    yield from _attacked(ingredients, count, "slow", SLOWLY)


def _attacked(
    ingredients: Ingredients, count: int, kind: str, attacks: dict[str, Attack]
) -> Iterator[HandedIn]:
    for number, (what, attack) in enumerate(islice(cycle(attacks.items()), count)):
        solutions = ingredients.right()
        chosen = _weakest(list(solutions.values()), number)
        function = chosen.alone()[0]
        files = files_of(solutions)
        text = attacked(ingredients, chosen, function, attack)
        files[f"{chosen.exercise.name}.py"] = text.encode()
        lost = checks_alone_of(chosen.exercise, function)
        perhaps = checks_of(chosen.exercise, function if attack.ends else None)
        told = f"{what}: {chosen.exercise.name}.{function}"
        yield HandedIn(
            f"{kind}-{number:03}", kind, told, files, lost, perhaps, frozenset(attack.ends)
        )


def _weakest(solutions: Sequence[Solution], number: int) -> Solution:
    """One after another of those that have a function which nothing else needs."""
    lonely = [each for each in solutions if each.alone()]
    lonely.sort(key=lambda each: len(checks_of(each.exercise, each.alone()[0])))
    return lonely[number % len(lonely)]


def attacked(ingredients: Ingredients, chosen: Solution, function: str, attack: Attack) -> str:
    """The text of a solution in which one function does something else."""
    facts = {"exercise": chosen.exercise.name, "root": ingredients.root, "function": function}
    beside, body = (
        text.format(**facts) if attack.beside == HUNTS else text
        for text in (attack.beside, attack.body)
    )
    return f"{chosen.text}\n\n{IMPORTS}{beside}\n\ndef {function}(*given, **named):\n    {body}\n"
