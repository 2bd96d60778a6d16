"""A class in numbers: what a policy made of points is what counts."""

from dataclasses import replace

from grader.batch.row import Row, tally
from grader.gradebook.attempt import Attempt
from grader.gradebook.grade import Mark, grade
from grader.gradebook.policy import Policy

THIRD = 10 / 3
ATTEMPT = Attempt("al", "c", "e", "v", "hidden", earned=THIRD, possible=THIRD, bonus_earned=1.0)
FULL = Row("al", "al", (THIRD,), THIRD, THIRD, 0.0)


def graded(row: Row, policy: Policy) -> Row:
    attempt = replace(ATTEMPT, earned=row.earned)
    mark = Mark("relu", row.earned or 0.0, THIRD)
    return replace(row, grade=grade("al", [attempt], [mark], [], policy))


def test_full_marks_are_full_whatever_their_digits() -> None:
    assert tally([FULL]).full == 1
    assert tally([graded(FULL, Policy())]).full == 1
    assert tally([graded(FULL, Policy(bonus=True))]).full == 1
    assert tally([graded(replace(FULL, earned=3.0), Policy())]).full == 0
    assert tally([Row("al", trouble="No.")]).full == 0
