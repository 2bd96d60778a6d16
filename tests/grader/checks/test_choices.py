"""What Hypothesis drew can be drawn again, and simple examples can be drawn without it.

Hypothesis has no public way to either: where it changes, these tests fail.
"""

from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from grader.checks.choices import Choices, choices_made, draw_again, draw_simple
from grader.checks.profile import load_profile
from grader.kit import strategies as some

load_profile()

EVERY_KIND = (
    st.booleans(),
    st.integers(),
    st.integers(3, 9),
    st.floats(),
    st.floats(-4, -1),
    st.text(),
    st.binary(max_size=3),
    st.sampled_from("abc"),
    st.lists(some.probabilities(), max_size=4),
    some.matrices(),
    st.integers(1, 3).flatmap(lambda n: st.lists(st.floats(0, 1), min_size=n, max_size=n)),
)


def observed(check: Any, run: Any) -> list[tuple[Choices | None, str]]:
    """What was drawn for each example while `run()` runs, and the arguments."""
    body, seen = check.hypothesis.inner_test, []

    def inner(**values: Any) -> None:
        seen.append((choices_made(), repr(values)))
        body(**values)

    check.hypothesis.inner_test = inner
    try:
        run()
    finally:
        check.hypothesis.inner_test = body
    return seen


@given(st.tuples(*EVERY_KIND))
def takes_everything(value: object) -> None:
    pass


def test_what_was_drawn_can_be_drawn_again() -> None:
    before = observed(takes_everything, takes_everything)
    assert len(before) == 100
    for known, values in before:
        assert known is not None

        def again(known: Choices = known) -> None:
            assert draw_again(takes_everything, {}, known) is None

        assert observed(takes_everything, again) == [(known, values)]


def simple(check: Any, ran: int = 100, known: tuple[Choices, ...] = ()) -> list[tuple[Any, str]]:
    return observed(check, lambda: draw_simple(check, {}, ran, known))


def test_simple_examples_are_the_same_every_time_and_all_different() -> None:
    first = simple(takes_everything)
    assert simple(takes_everything) == first
    assert len({known for known, _ in first}) == len(first) > 30
    assert len(simple(takes_everything, 10)) == 5


def test_simple_examples_are_simpler_than_those_of_hypothesis() -> None:
    @given(some.matrices(), some.probabilities())
    def check(A: Any, keep_prob: float) -> None:
        pass

    made = sorted(known for known, _ in simple(check))
    usual = sorted(known for known, _ in observed(check, check))
    assert made[len(made) // 2] < usual[len(usual) // 4]
    assert made[0].indices == (0, 0, 0, 0)
    assert {known.values[:2] for known in made} >= {(1, 1), (1, 2), (2, 1), (2, 2)}


def test_simple_examples_that_are_known_do_not_run_again() -> None:
    @given(st.integers(0, 5))
    def check(x: int) -> None:
        pass

    made = simple(check)
    assert len(made) > 3
    assert simple(check, known=tuple(each for each, _ in made[:2])) == made[2:]


@settings(max_examples=20)
@given(st.data())
def interactive(data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(0, 3))):
        data.draw(some.matrices())


def test_interactive_draws_are_drawn_again_too() -> None:
    seen: list[tuple[Choices | None, list[str]]] = []

    @settings(max_examples=20)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        values = [repr(data.draw(some.matrices())) for _ in range(data.draw(st.integers(0, 3)))]
        seen.append((choices_made(), values))

    check()
    before = list(seen)
    for known, _ in before:
        assert known is not None
        assert draw_again(check, {}, known) is None
    assert seen[len(before) :] == before
    draw_simple(check, {}, 20, ())
    assert len(seen) == 2 * len(before) + 10


def test_a_draw_that_wants_more_than_is_known_is_rejected() -> None:
    longer = []

    @given(st.data())
    def check(data: st.DataObject) -> None:
        data.draw(st.integers())
        for _ in longer:
            data.draw(st.integers())
        seen.append(choices_made())

    seen: list[Choices | None] = []
    draw_simple(check, {}, 2, ())
    longer.append(1)
    assert seen[0] is not None
    assert draw_again(check, {}, seen[0]) is not None
    assert len(seen) == 1


def test_rejected_and_failing_examples_are_no_obstacle() -> None:
    ran = []

    @given(st.integers(0, 50).filter(lambda x: x % 3), st.integers(0, 50))
    def check(x: int, y: int) -> None:
        ran.append(x)
        assume(y % 2)
        assert x < 5

    draw_simple(check, {}, 100, ())
    assert len(ran) > 10
    assert max(ran) >= 5


def test_an_example_that_the_author_wrote_was_not_drawn() -> None:
    @settings(max_examples=3)
    @example(x=7)
    @given(st.integers(0, 3))
    def check(x: int) -> None:
        pass

    (first, values), *others = observed(check, check)
    assert (first, values) == (None, "{'x': 7}")
    assert None not in [known for known, _ in others]


def test_the_order_is_by_cost_and_then_by_choices() -> None:
    @given(st.integers(-9, 9), st.integers(-9, 9))
    def check(x: int, y: int) -> None:
        pass

    order = [known.values for known, _ in sorted(simple(check, 500))]
    assert order[:3] == [(0, 0), (0, 1), (1, 0)]
    assert order.index((1, -1)) < order.index((3, 0))
    assert order.index((0, 3)) < order.index((3, 0))


def test_an_interrupt_is_not_swallowed() -> None:
    @given(st.integers())
    def check(x: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        draw_simple(check, {}, 100, ())
