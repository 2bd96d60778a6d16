"""A class as data: forty reports of one course, in which everything is that a class page tells."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from grader.classpage.gather import Gathered, Listed, gather
from grader.model import (
    SCHEMA,
    CheckResult,
    Comparing,
    Comparison,
    Diagnosis,
    ExerciseResult,
    Isolation,
    Report,
    Status,
    Suite,
)
from grader.report.files import write_report

MakeCheck = Callable[..., CheckResult]
MakeReport = Callable[..., Report]

SIZE = 40
STUDENTS = tuple(f"student {number:02}" for number in range(SIZE))
COPIES = ("student 11", "student 23", "student 35")
NOT_SURE = "student 05"  # runs into limits


def make_check(name: str, status: Status = Status.PASSED, **values: object) -> CheckResult:
    plain = CheckResult(
        name=f"test_{name}",
        title=name.replace("_", " ").capitalize(),
        functions=("f",),
        points=1.0,
        bonus=False,
        earned=0.0,
        status=status,
        message="" if status is Status.PASSED else f"{name} is not as it must be.",
        example=None,
        hint="",
        suite=Suite.HIDDEN,
    )
    made = replace(plain, **values)  # type: ignore[arg-type]
    return replace(made, earned=made.points if status is Status.PASSED else 0.0)


def compared(*yours: float, name: str = "dW1") -> tuple[Comparison, ...]:
    """What a check saw that expected ones."""
    expected = (1.0,) * len(yours)
    return (Comparison(Comparing.ENTRIES, name, (len(yours),), yours, expected, 0, 0.5),)


def wrong(name: str, *yours: float, **values: object) -> CheckResult:
    return make_check(name, Status.FAILED, comparisons=compared(*yours), **values)


def make_exercise(name: str, *checks: CheckResult) -> ExerciseResult:
    counting = [check for check in checks if not check.bonus]
    return ExerciseResult(
        name=name,
        title=f"{name.capitalize()}: how it is done",
        file=f"{name}.py",
        earned=sum(check.earned for check in counting),
        possible=sum(check.points for check in counting),
        checks=checks,
    )


def make_report(student: str, *exercises: ExerciseResult, **values: object) -> Report:
    plain = Report(
        schema=SCHEMA,
        submission=student,
        course="Practical aspects of deep learning",
        course_version="1+ab",
        suite=Suite.HIDDEN,
        files={"dropout.py": "9f" * 32},
        isolation=Isolation.ZYGOTE,
        earned=sum(exercise.earned for exercise in exercises),
        possible=sum(exercise.possible for exercise in exercises),
        bonus_earned=0.0,
        exercises=exercises,
    )
    return replace(plain, **values)  # type: ignore[arg-type]


def _dropout(student: str, place: int) -> ExerciseResult:
    """The stronger half passes the first check; three share an oddity in the second."""
    rescaled = make_check("rescaled")
    if student in COPIES:
        unnamed = Diagnosis(likeness="Every element is a quarter too small.")
        rescaled = wrong("rescaled", 0.25 * (1 + 1e-13 * place), 0.75, diagnosis=unnamed)
    elif place % 4 == 1:
        told = Diagnosis(("forgets_to_rescale",), ("Divide by `keep_prob`.",))
        rescaled = wrong("rescaled", 2.0, 2.0, diagnosis=told)
    slow = Status.TIMEOUT if student == NOT_SURE else Status.PASSED
    return make_exercise(
        "dropout",
        make_check(
            "strong_pass", Status.PASSED if place < SIZE / 2 else Status.FAILED, functions=("g",)
        ),
        rescaled,
        make_check("large_batches", slow, functions=("g",)),
    )


def _initialization(place: int) -> ExerciseResult:
    """The second check fails for the strong alone, the last is a bonus."""
    begun = Status.PASSED if place < SIZE - 4 else Status.NOT_STARTED
    upside_down = Status.FAILED if place < 12 else begun
    return make_exercise(
        "initialization",
        make_check("drawn", begun),
        make_check("upside_down", upside_down),
        make_check("shapes", begun),
        make_check("planted", Status.FAILED, bonus=True),
    )


def class_report(student: str) -> Report:
    place = STUDENTS.index(student)
    ladder = [make_check(f"step_{i}", _step(place, i), points=2.0) for i in range(8)]
    exercises = (_dropout(student, place), _initialization(place), make_exercise("ladder", *ladder))
    return make_report(student, *exercises)


def _step(place: int, height: int) -> Status:
    return Status.PASSED if place < 5 * (9 - height) - 3 else Status.ERROR


@pytest.fixture(scope="session")
def gathered() -> Gathered:
    listed = [Listed(student) for student in STUDENTS]
    listed.append(Listed("zz is empty", "zz is empty holds no file that could be graded."))
    return gather(listed, class_report)


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """A folder as `grader batch` leaves it, of a few of the class."""
    for student in (*COPIES, "student 00", "student 05"):
        write_report(class_report(student), tmp_path / "out" / student)
    return tmp_path / "out"
