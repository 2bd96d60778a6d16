"""What there is to an exercise: its texts, and the variants of them that prove it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from grader.course import HIDDEN, Course
from grader.mistakes import Equivalent, Mistake, file_of_mistakes, read_equivalents, read_mistakes
from grader.model import Check, Exercise
from grader.reading import read_text
from grader.verify.functions import reaching
from grader.verify.mutants import Mutant, mutants_of

ALTERNATIVES = Path("tests/alternatives")


@dataclass(frozen=True, slots=True)
class Material:
    """One exercise with all that proves it.

    Attributes:
        source: text of the reference.
        alternatives: texts of right solutions of another kind, by file below the course.
    """

    exercise: Exercise
    source: str
    mistakes: tuple[Mistake, ...]
    equivalents: tuple[Equivalent, ...]
    mutants: tuple[Mutant, ...]
    alternatives: dict[str, str]

    @property
    def name(self) -> str:
        """Of the exercise."""
        return self.exercise.name

    @property
    def file(self) -> str:
        """Of the reference, below the course."""
        return f"reference/{self.name}.py"

    @property
    def file_of_checks(self) -> str:
        """Of the hidden checks, below the course."""
        return (HIDDEN / f"test_{self.name}.py").as_posix()

    @property
    def file_of_mistakes(self) -> str:
        """Of the mistakes and equivalents, below the course."""
        return file_of_mistakes(self.name)

    def checks(self, wanted: Callable[[Check], bool] = lambda _: True) -> list[str]:
        """The names of its checks."""
        return [check.name for check in self.exercise.checks if wanted(check)]

    def checks_of(self, function: str) -> list[str]:
        """The checks that call the function, or one that needs it."""
        callers = reaching(self.source, function)
        return self.checks(lambda check: not callers.isdisjoint(check.functions))


def read_material(course: Course, exercise: Exercise) -> Material:
    """Read what there is; raises CourseError where a file is not as it must be."""
    root, name = course.root, exercise.name
    source = read_text(root / f"reference/{name}.py", "Write it.")
    return Material(
        exercise=exercise,
        source=source,
        mistakes=read_mistakes(root, name),
        equivalents=read_equivalents(root, name),
        mutants=tuple(mutants_of(name, source, exercise.functions)),
        alternatives={
            path.relative_to(root).as_posix(): read_text(path, "Write it.")
            for path in sorted((root / ALTERNATIVES / name).glob("*.py"))
        },
    )
