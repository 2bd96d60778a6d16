"""Names the known mistakes that give a submission's answers, all of them, and not the right ones.

Alone at first; where none does, two together.
"""

from collections.abc import Sequence
from contextlib import suppress
from itertools import combinations

from grader.diagnosis.alike import FINE, USUAL, Tolerance, alike
from grader.diagnosis.evidence import Seen, answer_in
from grader.diagnosis.running import Gave, effort, run
from grader.diagnosis.suspects import Functions, Made, Suspects
from grader.mistakes import Mistake
from grader.worker import codec

# What functions seed numpy's generator with that set a seed of their own, which is right.
INNER_SEEDS = (1, 3, 0, 2, 42)
MOST_BYTES = 100_000  # of a call and its answer that pairs are tried on
TRIED = 4  # calls of which a mistake changes an answer alone, or it is in no pair
MOST_STEPS = 10_000  # calls of functions in it


def candidates(suspects: Suspects, check: str, evidence: Sequence[Seen]) -> tuple[Made, ...]:
    """Every set of mistakes that fits the evidence on a failed check, in the order of the file."""
    relevant = tuple(suspects.that_reach({seen.call.function for seen in evidence}))
    if not relevant:
        return ()
    reference = suspects.functions(())
    assert reference is not None
    lineup = _Lineup(suspects, reference, evidence)
    if lineup.wrong is None:  # this check looks closer than most
        lineup = _Lineup(suspects, reference, evidence, tolerance=FINE)
    failing = _failing(suspects, relevant, check)
    if found := lineup.alone(failing) or lineup.together(failing, relevant):
        return found
    for seed in INNER_SEEDS if lineup.draws else ():
        if found := _Lineup(suspects, reference, evidence, seed).alone(failing):
            return found
    return ()


def _failing(suspects: Suspects, mistakes: Sequence[Mistake], check: str) -> list[Mistake]:
    """Those that fail this check; all of them where the course does not say who fails it."""
    told = any(check in mistake.fails for mistake in suspects.mistakes)
    return [mistake for mistake in mistakes if check in mistake.fails or not told]


class _Lineup:
    """Suspects, one after another, before the same evidence.

    Args:
        seed: what the submission seeds numpy's generator with in each call, where it does.

    Attributes:
        wrong: the first wrong answer.
    """

    def __init__(
        self,
        suspects: Suspects,
        reference: Functions,
        evidence: Sequence[Seen],
        seed: int | None = None,
        tolerance: Tolerance = USUAL,
    ) -> None:
        self._suspects = suspects
        self._reference = reference
        self._seed, self._tolerance = seed, tolerance
        self.wrong = next((each for each in evidence if not self._right(each)), None)
        self._others = [each for each in evidence if each is not self.wrong]

    @property
    def draws(self) -> bool:
        """Whether the right answer to the first call that is wrong is a matter of chance."""
        if self.wrong is None:
            return False
        answers = {
            gave.image for seed in (0, 1) if (gave := run(self._reference, self.wrong.call, seed))
        }
        return len(answers) > 1

    def alone(self, mistakes: Sequence[Mistake]) -> tuple[Made, ...]:
        """Those that fit alone; none where no answer is wrong."""
        return tuple((each,) for each in mistakes if self.wrong and self._fits((each,)))

    def together(self, failing: Sequence[Mistake], mistakes: Sequence[Mistake]) -> tuple[Made, ...]:
        """Those that fit two together, at least one of which fails the check.

        A mistake that alone changes none of several answers is not tried.
        """
        if self.wrong is None or not self._cheap(self.wrong):
            return ()
        some = [self.wrong, *self._others][:TRIED]
        right = [run(self._reference, seen.call, self._seed) for seen in some]
        busy = [each for each in mistakes if self._changes(each, some, right)]
        return tuple(
            made
            for made in combinations(busy, 2)
            if not set(failing).isdisjoint(made) and self._fits(made)
        )

    def _changes(
        self, mistake: Mistake, some: Sequence[Seen], right: Sequence[Gave | None]
    ) -> bool:
        """Whether a mistake makes any of these answers another; not so where it comes to no end."""
        functions = self._suspects.functions((mistake,))
        for seen, answer in zip(some, right, strict=True):
            gave = functions and run(functions, seen.call, self._seed)
            if gave is None or gave != answer:
                return gave is not None
        return False

    def _cheap(self, seen: Seen) -> bool:
        """Whether hundreds of pairs can be tried on this call; no matter of time, which varies."""
        size = len(seen.call.arguments) + len(seen.gave.image or b"")
        return size <= MOST_BYTES and effort(self._reference, seen.call) <= MOST_STEPS

    def _fits(self, made: Made) -> bool:
        functions = self._suspects.functions(made)
        # The wrong answer comes first: it turns nearly all suspects away.
        return functions is not None and all(
            self._gives(functions, seen) for seen in (self.wrong, *self._others) if seen
        )

    def _gives(self, functions: Functions, seen: Seen) -> bool:
        gave = run(functions, seen.call, self._seed)
        return gave is not None and self._like(seen, gave)

    def _like(self, seen: Seen, gave: Gave) -> bool:
        return fits(seen, gave, self._tolerance)

    def _right(self, seen: Seen) -> bool:
        gave = run(self._reference, seen.call, self._seed)
        return gave is not None and self._like(seen, gave) and _changed(seen.gave) == _changed(gave)


def fits(seen: Seen, gave: Gave, tolerance: Tolerance = USUAL) -> bool:
    """Whether a submission answered as a function did.

    It may have changed more of its arguments: in a copy of its own, that is no mistake.
    """
    if seen.gave.image is None or gave.image is None:
        return gave.raised is not None and seen.gave.raised == gave.raised
    if seen.gave.image == gave.image:
        return True
    try:
        (value, changed), (wanted, wanted_changed) = seen.answer, answer_in(gave)
    except codec.Malformed:
        return False
    return alike(value, wanted, tolerance) and changed >= wanted_changed


def _changed(gave: Gave) -> frozenset[int | str]:
    with suppress(codec.Malformed):
        return frozenset() if gave.image is None else answer_in(gave)[1]
    return frozenset()
