"""The diagnoses of an exercise fit together, and no check that passed speaks against them."""

from grader.diagnosis.reconciling import reconcile
from grader.model import Diagnosis, Explanation, KnownMistake, Status, Suite

SUMS = KnownMistake("sums", "A sum.", ("a", "b"))
SIGNS = KnownMistake("signs", "A sign.", ("a",))
ROOT = KnownMistake("root", "A root.", ("b", "c"))


def names(**found: Explanation | Status) -> dict[str, tuple[str, ...]]:
    """The mistakes named for each check, of those that failed with an explanation."""
    made = reconcile(
        {
            (Suite.HIDDEN, name): (each, Explanation())
            if isinstance(each, Status)
            else (Status.FAILED, each)
            for name, each in found.items()
        }
    )
    return {name: diagnosis.mistakes for (_, name), diagnosis in made.items()}


def either(*candidates: tuple[KnownMistake, ...]) -> Explanation:
    return Explanation(candidates)


def test_what_explains_most_checks_is_named() -> None:
    found = names(a=either((SIGNS,), (SUMS,)), b=either((SUMS,)), c=Status.ERROR)
    assert found == {"a": ("sums",), "b": ("sums",)}


def test_a_check_that_passed_speaks_against_what_would_have_failed_it() -> None:
    assert names(a=either((SUMS,), (SIGNS,)), b=Status.PASSED) == {"a": ("signs",)}
    assert names(a=either((SUMS,)), b=Status.PASSED) == {}
    assert names(a=either((SUMS,)), b=Status.TIMEOUT) == {"a": ("sums",)}


def test_of_two_mistakes_one_may_hide_what_the_other_fails() -> None:
    pairs = either((SUMS, ROOT), (SIGNS, ROOT))
    assert names(a=pairs, c=Status.PASSED, b=either((ROOT,))) == {"a": ("sums", "root")}
    assert names(a=pairs, b=Status.PASSED) == {"a": ("signs", "root")}
    assert names(a=either((SUMS, ROOT)), b=Status.PASSED) == {}


def test_a_pair_goes_with_each_of_its_mistakes() -> None:
    found = names(a=either((SIGNS,), (SUMS,)), b=either((SUMS, ROOT)), c=either((ROOT,)))
    assert found == {"a": ("sums",), "b": ("sums", "root"), "c": ("root",)}


def test_a_tie_goes_to_the_first_of_the_file() -> None:
    assert names(a=either((SUMS,), (SIGNS,))) == {"a": ("sums",)}


def test_a_likeness_is_kept_with_or_without_a_name() -> None:
    alone = Explanation((), "Your dW is negated.", reveals=True)
    both = Explanation(((SUMS,),), "Your db is one too large.")
    found = reconcile(
        {
            (Suite.HIDDEN, "a"): (Status.FAILED, alone),
            (Suite.HIDDEN, "b"): (Status.FAILED, both),
            (Suite.HIDDEN, "c"): (Status.FAILED, Explanation()),
        }
    )
    assert found == {
        (Suite.HIDDEN, "a"): Diagnosis((), (), "Your dW is negated.", reveals=True),
        (Suite.HIDDEN, "b"): Diagnosis(("sums",), ("A sum.",), "Your db is one too large."),
    }
